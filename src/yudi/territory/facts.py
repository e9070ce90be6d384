"""What may be known of a project: a vocabulary of facts, and the values that a project states.

A fact that is absent is unknown. The vocabulary is data of the packs and the scheme; the engine itself knows
only the families of questions that it asks: ``concerns:``, ``meets:``, ``term:``, ``list:`` (a named person
answers) and ``distance:``, ``inside:`` (a sourced measurement replaces the map's).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from yudi.core.codes import CodeSystem
from yudi.core.errors import InputError
from yudi.core.words import Words

__all__ = ["CHANGEABLE", "PROVIDERS", "TYPES", "Fact", "Value", "Vocabulary", "value_of"]

TYPES = ("truth", "number", "code", "choice", "text", "date")
PROVIDERS = ("project", "place", "status", "person")
CHANGEABLE = ("no", "design", "measure")


@dataclass(frozen=True)
class Fact:
    """One entry of the vocabulary.

    Parameters
    ----------
    key : str
        Name; ``emissions.*`` stands for a family whose members are ``emissions.COD`` and so on.
    type : str
        One of `TYPES`.
    provider : str
        Who knows it, one of `PROVIDERS`.
    changeable : str
        ``no``: what the project is and where; ``design``; ``measure``.
    unit : str or None
        Unit of a number; stated values are converted to it.
    system : str or None
        Code system of a code.
    choices : tuple of str
        Allowed values of a choice.
    counts_as : mapping of choice to tuple of choices
        What a choice counts as too, where a text names only the other: a move is a new building where it moves to.
    """

    key: str
    type: str
    provider: str = "project"
    changeable: str = "no"
    unit: str | None = None
    system: str | None = None
    choices: tuple[str, ...] = ()
    choice_labels: Mapping[str, Words] = field(default_factory=dict)
    label: Words = Words()
    help: Words = Words()
    counts_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, allowed in (("type", TYPES), ("provider", PROVIDERS), ("changeable", CHANGEABLE)):
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"fact {self.key!r}: {name} must be one of {', '.join(allowed)}, got {getattr(self, name)!r}",
                    hint=f"correct {name} in the vocabulary",
                )
        if self.type == "code" and not self.system:
            raise InputError(f"fact {self.key!r}: a code needs a system", hint="add system = the code system's key")
        if self.type == "choice" and not self.choices:
            raise InputError(f"fact {self.key!r}: a choice needs choices", hint="list the allowed values")
        for choice in (*self.counts_as, *(other for others in self.counts_as.values() for other in others)):
            if choice not in self.choices:
                raise InputError(
                    f"fact {self.key!r}: counts_as names {choice!r}, which is no choice",
                    hint=f"choices: {', '.join(self.choices) or 'none'}",
                )

    @property
    def is_changeable(self) -> bool:
        """Tell whether the project can still change it by design or by a measure."""
        return self.changeable != "no"


@dataclass(frozen=True)
class Value:
    """What is known of one fact, and from where.

    Parameters
    ----------
    value : bool, float, str, date or tuple of str
        Codes and choices are always tuples: of several, any one triggers.
    accuracy : float
        Half-width of the interval in which a number lies, in the fact's unit.
    origin : str
        ``stated``, ``inferred`` (a rule of a document), ``usual`` (assumed), ``map`` or ``table``.
    """

    value: Any
    accuracy: float = 0.0
    origin: str = "stated"
    source: str = ""
    by: str = ""
    on: date | None = None

    def as_data(self) -> dict[str, Any]:
        """Return value, accuracy and where it came from as plain data."""
        shown = self.value
        if isinstance(shown, tuple):
            shown = shown[0] if len(shown) == 1 else list(shown)
        elif isinstance(shown, date):
            shown = shown.isoformat()
        data: dict[str, Any] = {"value": shown, "origin": self.origin}
        if self.accuracy:
            data["accuracy"] = self.accuracy
        for name in ("source", "by"):
            if getattr(self, name):
                data[name] = getattr(self, name)
        if self.on:
            data["date"] = self.on.isoformat()
        return data


def value_of(plain: Any) -> Value:
    """Return the value that plain data shows; whether a text was a code, a choice or another cannot be told from it.

    Examples
    --------
    >>> value_of(["C25", "C26"]).value, value_of("C25").value, value_of(4.0).value
    (('C25', 'C26'), ('C25',), 4.0)
    """
    return Value(tuple(plain) if isinstance(plain, list) else (plain,) if isinstance(plain, str) else plain)


# The questions that the engine itself asks. A measure that a clause in words asks for can be met by design;
# whether a clause concerns a project, and where the project lies, cannot.
_FAMILIES = (
    Fact("concerns:*", "truth", "person", "no", label=Words("是否涉及", "is concerned by")),
    Fact("meets:*", "truth", "person", "measure", label=Words("是否满足", "meets")),
    Fact("fulfils:*", "truth", "person", "no", label=Words("是否符合", "fulfils")),
    Fact("excepted:*", "truth", "person", "no", label=Words("是否属例外", "is excepted from")),
    Fact("zone:*", "truth", "person", "no", label=Words("是否位于", "lies in the part named by")),
    Fact("term:*", "truth", "person", "no", label=Words("是否属于", "counts as")),
    Fact("list:*", "truth", "person", "no", label=Words("清单是否另有限制", "is restricted by the list of")),
    Fact("distance:*", "number", "place", "no", unit="m", label=Words("距离", "distance to")),
    Fact("inside:*", "truth", "place", "no", label=Words("位于", "lies in")),
)


@dataclass(frozen=True)
class Vocabulary:
    """The facts that clauses may ask, with the code systems that they use."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    systems: Mapping[str, CodeSystem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.facts.values():
            if fact.system and fact.system not in self.systems:
                raise InputError(
                    f"fact {fact.key!r} uses the code system {fact.system!r}, which is not there",
                    hint=f"known systems: {', '.join(sorted(self.systems)) or 'none'}",
                )

    @cached_property
    def _families(self) -> dict[str, Fact]:
        own = {key[:-1]: fact for key, fact in self.facts.items() if key.endswith("*")}
        return {**{fact.key[:-1]: fact for fact in _FAMILIES}, **own}

    @cached_property
    def by_label(self) -> dict[str, str]:
        """The facts by those of their labels that no other fact has; of a family its name without the star."""
        found: dict[str, set[str]] = {}
        for key, fact in self.facts.items():
            for label in {fact.label.zh.strip(), fact.label.en.strip()} - {""}:
                found.setdefault(label, set()).add(key.removesuffix(".*"))
        return {label: next(iter(keys)) for label, keys in found.items() if len(keys) == 1}

    def fact(self, key: str) -> Fact | None:
        """Return the fact of that key, or of the family that it belongs to; None where it is unknown."""
        found = self.facts.get(key)
        if found is not None:
            return found
        for separator in (":", "."):
            head, mark, _ = key.partition(separator)
            if mark and (family := self._families.get(head + mark)):
                return family
        return None

    def label(self, key: str) -> Words:
        """Return how people call the fact; a member of a family carries its own name behind the family's."""
        fact = self.fact(key)
        if fact is None:
            return Words(key, key)
        if fact.key != key:
            member = key[len(fact.key) - 1 :]
            return Words(
                f"{fact.label.get('zh') or fact.key[:-2]} {member}", f"{fact.label.get('en') or fact.key[:-2]} {member}"
            )
        return Words(fact.label.get("zh") or key, fact.label.get("en") or key)

    def names(self) -> tuple[str, ...]:
        """Return the stated keys and the heads of families, for near-miss checks."""
        return tuple(key.removesuffix(".*") for key in self.facts)
