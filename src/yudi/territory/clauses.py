"""One requirement of a list or a law, as dated data, and the documents that it cites."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError, Where
from yudi.core.names import near
from yudi.core.words import Words, words
from yudi.territory.cells import EFFECTS
from yudi.territory.predicates import All, FactIs, Node, parse, plain

__all__ = [
    "BASES",
    "LEVELS",
    "Citation",
    "Clause",
    "Document",
    "UnitScope",
    "clause",
    "clause_data",
    "filled",
    "in_words",
]

LEVELS = ("law", "national", "basin", "province", "city", "county", "unit")
# How a clause was checked against its article; of the last two kinds nobody claims more than they say themselves.
BASES = ("read", "read in part", "press", "recalled", "words", "template")
_SURE = ("read", "words", "template")


@dataclass(frozen=True)
class Document:
    """A law, plan or list that clauses cite, with the days on which it was in force."""

    id: str
    title: Words
    number: str = ""
    period: Period = Period(None, None)
    issuer: str = ""


@dataclass(frozen=True)
class Citation:
    """Where a clause stands: a document by its id, and the article."""

    document: str = ""
    article: str = ""


@dataclass(frozen=True)
class UnitScope:
    """The units that a clause is bound to: by code, class, subclass or area code; none means not bound."""

    codes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    subclasses: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.named())

    def named(self) -> dict[str, tuple[str, ...]]:
        """Return what is named, by kind."""
        kinds = {"codes": self.codes, "classes": self.classes, "subclasses": self.subclasses, "areas": self.areas}
        return {kind: names for kind, names in kinds.items() if names}


@dataclass(frozen=True)
class Clause:
    """A requirement with its scope, subject, exceptions, effect and test.

    In a clause that stands in many units ``{id}`` in the name of a fact stands for the clause's id in the unit.

    Parameters
    ----------
    id : str
        Name; of a clause from a unit's list the pattern of its ids.
    effect : str
        One of `yudi.territory.cells.EFFECTS`.
    dimension : str
        Canonical key of the list's dimension, or ``""`` where it speaks for all.
    scope, subject, exceptions, test : Node
        What the place must be, whom it means, who is left out, what must hold.
    units : UnitScope
        Units that it is bound to.
    terms, is_at_large
        Of a clause in words: the terms that it names, and whether it speaks of projects at large; they give the
        usual answer to "does this concern the project?".
    silent_for : str
        Of a ``silent`` clause: the question that its subject asks, such as ``list:{unit}``; usually answered no.
    basis : str
        How the clause was checked, one of `BASES`: against its article, against a part of it, from the press or from
        memory; ``words`` and ``template`` are an office's own lists.
    """

    id: str
    effect: str
    dimension: str = ""
    level: str = ""
    scope: Node = All()
    subject: Node = All()
    exceptions: Node | None = None
    test: Node = All()
    units: UnitScope = UnitScope()
    text: Words = Words()
    citation: Citation = Citation()
    period: Period = Period(None, None)
    factor: float | None = None
    body: Words = Words()
    terms: tuple[str, ...] = ()
    is_at_large: bool = False
    silent_for: str = ""
    basis: str = "read"
    because: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            close = near(self.effect, EFFECTS)
            hint = f"did you mean {close[0]}?" if close else f"use one of {', '.join(EFFECTS)}"
            raise InputError(f"clause {self.id!r}: unknown effect {self.effect!r}", hint=hint)
        if self.effect in ("require", "quota") and self.test == All():
            raise InputError(
                f"clause {self.id!r}: {self.effect} needs a test that can fail", hint="add test: {fact: …, …}"
            )

    @cached_property
    def trees(self) -> tuple[Node, ...]:
        """Return what the clause asks: scope, subject, exceptions and test, without those that ask nothing."""
        asked = (self.scope, self.subject, self.exceptions, self.test)
        return tuple(tree for tree in asked if tree is not None and tree != All())

    @property
    def is_in_words(self) -> bool:
        """Tell whether the clause is not formalised: a person says whether it concerns the project."""
        return self.basis == "words"

    @property
    def is_unverified(self) -> bool:
        """Tell whether nobody has held the clause against the whole of its article."""
        return self.basis not in _SURE

    def checked(self) -> dict[str, Any]:
        """Return as plain data that the clause is unverified and what it rests on; nothing where it was read."""
        return {"unverified": True, "basis": self.basis} if self.is_unverified else {}


_KEYS = [
    "id",
    "effect",
    "dimension",
    "level",
    "scope",
    "subject",
    "except",
    "test",
    "units",
    "text",
    "citation",
    "in_force",
    "repealed",
    "factor",
    "body",
    "terms",
    "at_large",
    "basis",
    "silent_for",
    "template",
    "because",
]


def clause(data: Mapping[str, Any], where: Where | None = None) -> Clause:
    """Return the clause that plain data (from YAML, a sheet or an edition) states.

    Raises
    ------
    InputError
        Naming the clause and the field that is not as expected.
    """
    name = str(data.get("id") or "").strip()
    place = where or Where()
    here = Where(place.file, place.row, f"{name}" if name else "id")
    if not name:
        raise InputError("a clause needs an id", where=here, hint="give it a short stable name such as law-26-2")
    for key in data:
        if key not in _KEYS:
            close = near(str(key), _KEYS)
            raise InputError(
                f"a clause has no key {key!r}",
                where=here,
                hint=f"did you mean {close[0]}?" if close else f"keys: {', '.join(_KEYS)}",
            )
    fields: dict[str, Any] = {}
    for key, read in _FIELDS.items():
        if data.get(key) is not None:
            try:
                fields[_NAMES.get(key, key)] = read(data[key])
            except InputError as error:
                raise InputError(
                    error.message, where=Where(here.file, here.row, f"{name}.{key}"), hint=error.hint
                ) from error
    try:
        period = Period(fields.pop("in_force", None), fields.pop("repealed", None))
        return Clause(id=name, period=period, **fields)
    except TypeError as error:
        raise InputError(f"clause {name!r} needs an effect", where=here, hint=f"one of {', '.join(EFFECTS)}") from error
    except InputError as error:
        raise InputError(error.message, where=here, hint=error.hint) from error


def clause_data(item: Clause) -> dict[str, Any]:
    """Return the clause as plain data that `clause` reads back to the same clause; empty fields are left out."""
    data: dict[str, Any] = {"id": item.id, "effect": item.effect}
    data |= {key: getattr(item, key) for key in ("dimension", "level", "factor", "silent_for") if getattr(item, key)}
    trees = {"scope": item.scope, "subject": item.subject, "except": item.exceptions, "test": item.test}
    data |= {key: plain(tree) for key, tree in trees.items() if tree is not None and tree != All()}
    if item.units:
        data["units"] = {key: list(values) for key, values in item.units.named().items()}
    data |= {key: {"zh": text.zh, "en": text.en} for key, text in (("text", item.text), ("body", item.body)) if text}
    if item.citation != Citation():
        data["citation"] = {"document": item.citation.document, "article": item.citation.article}
    dates = {"in_force": item.period.start, "repealed": item.period.end}
    data |= {key: day.isoformat() for key, day in dates.items() if day}
    if item.terms:
        data["terms"] = list(item.terms)
    if item.is_at_large:
        data["at_large"] = True
    if item.basis != "read":
        data["basis"] = item.basis
    if item.because:
        data["because"] = list(item.because)
    return data


def filled(text: str, clause_id: str, unit_code: str) -> str:
    """Return a text of a clause that stands in many units with its id and the unit's code there filled in.

    Examples
    --------
    >>> filled("concerns:{id}", "U1/space/1", "U1"), filled("list:{unit}", "U1/silent", "U1")
    ('concerns:U1/space/1', 'list:U1')
    """
    return text.replace("{id}", clause_id).replace("{unit}", unit_code) if "{" in text else text


def in_words(base: Clause, *, terms: Sequence[str], is_at_large: bool, test_is_changeable: bool = True) -> Clause:
    """Return the clause with a person to say whether it concerns the project and whether it is met.

    The subject of what stands in words is one question; of a requirement in words the test is another, an
    obligation that a measure can meet unless `test_is_changeable` is false.
    """
    concerns = FactIs("concerns:{id}")
    subject = concerns if base.subject == All() else All((base.subject, concerns))
    test = base.test
    if base.effect in ("require", "quota"):
        test = FactIs("meets:{id}" if test_is_changeable and base.effect == "require" else "fulfils:{id}")
    return replace(base, subject=subject, test=test, terms=tuple(terms), is_at_large=is_at_large, basis="words")


def _citation(data: Any) -> Citation:
    if isinstance(data, Mapping):
        return Citation(str(data.get("document") or ""), str(data.get("article") or ""))
    return Citation(str(data))


def _units(data: Any) -> UnitScope:
    if not isinstance(data, Mapping):
        raise InputError(
            f"units: expected {{codes|classes|subclasses|areas: [...]}}, got {data!r}", hint="name the kind"
        )
    scope = {"codes": (), "classes": (), "subclasses": (), "areas": ()}
    for key, values in data.items():
        if key not in scope:
            raise InputError(f"units has no key {key!r}", hint=f"keys: {', '.join(scope)}")
        items = values if isinstance(values, Sequence) and not isinstance(values, str) else [values]
        narrow = [unicodedata.normalize("NFKC", str(item)).strip() for item in items]
        scope[key] = tuple(narrow)  # type: ignore[assignment]
    return UnitScope(**scope)


def _factor(data: Any) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise InputError(f"expected a number, got {data!r}", hint="1.0 is equal replacement, 2.0 is double")
    return float(data)


def _truth(data: Any) -> bool:
    if not isinstance(data, bool):
        raise InputError(f"expected true or false, got {data!r}", hint="write true or false without quotes")
    return data


def _names(data: Any) -> tuple[str, ...]:
    items = data if isinstance(data, Sequence) and not isinstance(data, str) else [data]
    return tuple(str(item) for item in items)


def _basis(data: Any) -> str:
    if data not in BASES:
        close = near(str(data), BASES)
        hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(BASES)}"
        raise InputError(f"unknown basis {data!r}", hint=hint)
    return str(data)


def _level(data: Any) -> str:
    if data not in LEVELS:
        raise InputError(f"unknown level {data!r}", hint=f"one of {', '.join(LEVELS)}")
    return str(data)


_NAMES = {"except": "exceptions", "at_large": "is_at_large"}
_FIELDS: dict[str, Any] = {
    "effect": str,
    "dimension": str,
    "level": _level,
    "scope": parse,
    "subject": parse,
    "except": parse,
    "test": parse,
    "units": _units,
    "text": words,
    "body": words,
    "citation": _citation,
    "in_force": parse_date,
    "repealed": parse_date,
    "factor": _factor,
    "terms": _names,
    "at_large": _truth,
    "basis": _basis,
    "silent_for": str,
    "because": _names,
}
