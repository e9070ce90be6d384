"""Rows of a list become clauses: formalised where the office has formalised the text, in words elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yudi.core.dates import Period
from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.territory.clauses import Citation, Clause, clause, in_words
from yudi.territory.predicates import All, FactIs, Node, PlaceTest
from yudi.territory.prose import Item, Wording, read_cell, text_key

__all__ = ["Bound", "ListRow", "ListSource", "Listed", "formalisations", "list_clauses", "silent_clause"]


@dataclass(frozen=True)
class ListRow:
    """One cell of a list: whose, in which dimension ("" speaks for all), and its text."""

    key: str
    dimension: str
    text: str
    where: Where = Where()


@dataclass(frozen=True)
class ListSource:
    """What all rows of one list share."""

    level: str = "unit"
    citation: Citation = Citation()
    period: Period = Period(None, None)
    zone_layers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """A clause in a unit, an area or a class (`key`), under an id; an empty key is the whole place."""

    key: str
    clause: int
    id: str


@dataclass(frozen=True)
class Listed:
    """Different clauses, once a text, and where each stands."""

    clauses: tuple[Clause, ...] = ()
    bound: tuple[Bound, ...] = ()
    findings: tuple[Finding, ...] = ()
    unused: tuple[str, ...] = ()


def formalisations(entries: Iterable[tuple[Mapping[str, Any], Where]]) -> dict[str, Clause]:
    """Return what an office has formalised, by the key of the text that each entry replaces.

    Raises
    ------
    InputError
        For an entry without text, a text given twice, or a clause that is not well formed.
    """
    found: dict[str, Clause] = {}
    for data, where in entries:
        text = str(data.get("text") or "").strip()
        key = text_key(text)
        if not key:
            raise InputError("expected the text that it replaces", where=where, hint="copy the sentence from the list")
        if key in found:
            raise InputError(
                f"this text is formalised twice: {text!r}", where=where, hint="keep one of the two entries"
            )
        rest = {name: value for name, value in data.items() if name != "text"}
        found[key] = replace(clause({"id": f"text {text[:20]}", **rest}, where), text=Words(text))
    return found


def list_clauses(
    rows: Sequence[ListRow], wording: Wording, formalised: Mapping[str, Clause], source: ListSource
) -> Listed:
    """Return the clauses of a list's rows; a text that stands in many units is read once.

    Notes
    -----
    Ids are ``KEY/DIMENSION/NUMBER`` with the item's number in its cell.
    """
    clauses: dict[Any, int] = {}
    made: list[Clause] = []
    bound: list[Bound] = []
    used: set[str] = set()
    cells: dict[str, tuple[Item, ...]] = {}
    for row in rows:
        if row.text not in cells:
            cells[row.text] = read_cell(row.text, wording)
        for item in cells[row.text]:
            key = text_key(item.text)
            used.add(key)
            formal = formalised.get(key)
            for position, effect in enumerate(item.effects if formal is None else item.effects[:1]):
                shape = (row.dimension, key, effect, item.head, item.zone, item.terms, item.at_large, item.refers)
                if shape not in clauses:
                    clauses[shape] = len(made)
                    made.append(_clause(item, effect, row.dimension, formal=formal, source=source))
                suffix = f".{position + 1}" if position else ""
                name = "/".join(part for part in (row.key, row.dimension, f"{item.number}{suffix}") if part)
                bound.append(Bound(row.key, clauses[shape], name))
    return Listed(tuple(made), tuple(bound), (), tuple(sorted(set(formalised) - used)))


def silent_clause(source: ListSource, dimension: str = "") -> Clause:
    """Return the clause of a unit that the list has no row for, or no column: what it does not say is unknown."""
    question = f"list:{{unit}}/{dimension}" if dimension else "list:{unit}"
    text = Words("清单没有该单元的条目", "the list has no row for this unit")
    return Clause(
        f"silent {dimension}".strip(),
        "silent",
        dimension,
        source.level,
        subject=FactIs(question),
        text=text,
        citation=source.citation,
        period=source.period,
        silent_for=question,
        basis="template",
    )


def _clause(item: Item, effect: str, dimension: str, *, formal: Clause | None, source: ListSource) -> Clause:
    digest = hashlib.sha256(f"{dimension}|{effect}|{item.head}|{item.text}".encode()).hexdigest()[:12]
    text = Words(item.text if not item.head else f"{item.head}{item.text}")
    if formal is not None:
        return replace(
            formal,
            id=digest,
            text=text,
            dimension=dimension,
            level=source.level,
            citation=formal.citation if formal.citation != Citation() else source.citation,
            period=formal.period if formal.period != Period(None, None) else source.period,
        )
    base = Clause(
        digest,
        effect,
        dimension,
        source.level,
        scope=_zone(item.zone, source.zone_layers),
        # A requirement in words has a test in words too, which `in_words` makes.
        test=FactIs("meets:{id}") if effect in ("require", "quota") else All(),
        text=text,
        citation=source.citation,
        period=source.period,
        because=tuple(f"{table}:{row}" for table, row in item.because),
    )
    if effect == "note":
        return base
    if effect in item.refers:
        # What stands elsewhere may ban: no term tells whom it concerns, and no measure is known to meet it.
        return in_words(base, terms=(), is_at_large=False, test_is_changeable=False)
    return in_words(base, terms=item.terms, is_at_large=item.at_large)


def _zone(zone: str | None, layers: Mapping[str, str]) -> Node:
    if not zone:
        return All()
    layer = layers.get(zone)
    return PlaceTest("inside", layer) if layer else FactIs(f"zone:{zone}")
