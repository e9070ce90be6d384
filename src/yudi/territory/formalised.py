"""What an office has formalised: texts of lists, and the clauses that stand in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yudi.core.errors import InputError, Where
from yudi.core.words import Words
from yudi.territory.clauses import Clause, clause
from yudi.territory.masks import Mask
from yudi.territory.prose import Item, text_key
from yudi.territory.wording import EFFECTS

__all__ = ["CONDITIONS", "Formal", "Formalised", "formalisations"]

CONDITIONS = ("head", "read")
"""Keys of an entry that say under which head, and read with which effects, the text must stand."""


@dataclass(frozen=True)
class Formal:
    """One entry: the key of the text that it replaces, and what else must be so.

    Parameters
    ----------
    head : str or None
        Key of the head that the text must stand under; None for any, empty for none.
    read : frozenset of str
        Effects that the reader must have found; none means any.
    """

    key: str
    clause: Clause
    where: Where = Where()
    head: str | None = None
    read: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, str | None, tuple[str, ...]]:
        """What tells it from all other entries."""
        return self.key, self.head, tuple(sorted(self.read))


@dataclass(frozen=True)
class Formalised:
    """All entries, to be found by text."""

    entries: tuple[Formal, ...] = ()
    _by_key: Mapping[str, list[Formal]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Formal]] = {}
        for entry in self.entries:
            found.setdefault(entry.key, []).append(entry)
        for rows in found.values():
            rows.sort(key=lambda entry: (entry.head is None, not entry.read))  # what asks more is asked first
        object.__setattr__(self, "_by_key", found)

    def find(self, item: Item, mask: Mask) -> Formal | None:
        """Return the entry for an item: one with its own text before one with names hidden, the narrower before the wider."""
        return next(iter(self.matching(item, mask)), None)

    def matching(self, item: Item, mask: Mask) -> list[Formal]:
        """Return all entries that are for an item, in the order in which they count; only the first stands."""
        if not self._by_key:
            return []
        found: dict[Any, Formal] = {}
        for hide in (str, mask):
            head = text_key(hide(item.head)) if item.head else ""
            for entry in self._by_key.get(text_key(hide(item.text)), ()):
                if entry.head in (None, head) and (not entry.read or entry.read == frozenset(item.effects)):
                    found.setdefault(entry.place, entry)
        return list(found.values())


def formalisations(entries: Iterable[tuple[Mapping[str, Any], Where]]) -> Formalised:
    """Return what an office has formalised, from plain entries with the place where each stands.

    An entry has the ``text`` that it replaces; ``head`` and ``read`` narrow it to where the text stands under a head,
    or was read with these effects. Names of places may be hidden as 〇: then it replaces all texts that mask to it.

    Raises
    ------
    InputError
        For an entry without text, a text given twice, or a clause that is not well formed.
    """
    found: dict[Any, Formal] = {}
    for data, where in entries:
        text = str(data.get("text") or "").strip()
        key = text_key(text)
        if not key:
            raise InputError("expected the text that it replaces", where=where, hint="copy the sentence from the list")
        head = data.get("head")
        rest = {name: value for name, value in data.items() if name not in ("text", *CONDITIONS)}
        made = replace(clause({"id": f"text {text[:20]}", **rest}, where), text=Words(text))
        entry = Formal(key, made, where, None if head is None else text_key(str(head)), _read(data.get("read"), where))
        if entry.place in found:
            raise InputError(
                f"this text is formalised twice: {text!r}", where=where, hint="keep one of the two entries"
            )
        found[entry.place] = entry
    return Formalised(tuple(found.values()))


def _read(data: Any, where: Where) -> frozenset[str]:
    words = [data] if isinstance(data, str) else list(data or ())
    for word in words:
        if word not in EFFECTS:
            message = f"expected effects that the reader knows, got {word!r}"
            raise InputError(message, where=where, hint=f"use {', '.join(EFFECTS)}, or leave read out")
    return frozenset(words)
