"""Where does the project fare best, and which clauses make the difference? Several screenings side by side.

A clause of a list is written once a unit, so the same requirement has another id at every site. Requirements are
therefore matched by what they say, and what differs between two columns is a difference in law, not in numbering.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import shapely

from yudi.core.errors import InputError
from yudi.core.logic import F
from yudi.core.names import natural
from yudi.territory.cells import Cell
from yudi.territory.clauses import Clause
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.judged import Judged
from yudi.territory.place import Reading, place_key
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, judged_situation
from yudi.territory.verdict import entries

__all__ = ["Column", "Comparison", "Distance", "Mark", "Row", "at_site", "compare"]

_BEST = ("admissible", "conditional", "undetermined", "prohibited")
_CONDITIONS = (Cell.CONDITIONS, Cell.MAY_CONDITION)
_PARTS = ("scope", "subject", "except")
_UNIT = "{unit}"


@dataclass(frozen=True)
class Mark:
    """What one requirement comes to at one site: the strictest of its entries there.

    Parameters
    ----------
    known, presumed : Cell
        As known, and with the usual answers.
    clause : Clause
        The clause of the strictest entry.
    ids, units : tuple of str
        All its entries there, and the units that they speak in.
    needs : tuple of str
        What would settle it.
    part : str
        Of one that is not applicable the part that is false first: ``scope``, ``subject``, ``except``, ``period`` or
        ``units``; else ``""``.
    """

    known: Cell
    presumed: Cell
    clause: Clause
    ids: tuple[str, ...]
    units: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class Row:
    """One requirement, and what it comes to at each site; None where it does not stand in the site's units.

    Parameters
    ----------
    edition : int
        Index among the editions asked.
    marks : tuple of Mark or None
        One a site.
    """

    edition: int
    marks: tuple[Mark | None, ...]

    @cached_property
    def strictest(self) -> Mark:
        """The strictest mark of all sites; of equals the one whose id a reader meets first."""
        found = [mark for mark in self.marks if mark is not None]
        return min(found, key=lambda mark: (-mark.known, -mark.presumed, natural(mark.ids[0])))

    @property
    def clause(self) -> Clause:
        """The clause of the strictest mark."""
        return self.strictest.clause

    @property
    def differs(self) -> bool:
        """Tell whether the sites fare differently; not standing there and not applying are one."""
        return len({_weight(mark) for mark in self.marks}) > 1

    @property
    def bears(self) -> bool:
        """Tell whether it prohibits or conditions, or may, at one site at least."""
        return any(mark is not None and mark.known >= Cell.MAY_CONDITION for mark in self.marks)


@dataclass(frozen=True)
class Distance:
    """How far each site lies from what a clause names, where that decides at one site at least.

    Parameters
    ----------
    key : str
        The measure's name, such as ``distance:banks[grade=main]``.
    limits_m : tuple of float
        The distances that clauses ask.
    readings : tuple of Reading
        One a site; of the whole site, where a clause may ask a part of it.
    """

    edition: int
    key: str
    layer: str
    limits_m: tuple[float, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Column:
    """One site of a comparison.

    Parameters
    ----------
    rank : int
        1 for the best; equal sites have an equal rank.
    prohibits, may_prohibit, conditions : int
        Number of requirements that prohibit or may, as known, and that set or may set conditions, presumed.
    """

    name: str
    screening: Screening
    rank: int
    prohibits: int
    may_prohibit: int
    conditions: int


@dataclass(frozen=True)
class Comparison:
    """Several screenings side by side.

    Parameters
    ----------
    columns : tuple of Column
        The sites, in the order given.
    differing, common : tuple of Row
        Requirements that come to different things, the most decisive first, and those that come to one everywhere.
    distances : tuple of Distance
        Those that decide somewhere, the narrowest first.
    """

    columns: tuple[Column, ...]
    differing: tuple[Row, ...]
    common: tuple[Row, ...]
    distances: tuple[Distance, ...]

    @property
    def screenings(self) -> tuple[Screening, ...]:
        """The screenings, in the order of the columns."""
        return tuple(column.screening for column in self.columns)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All requirements, those that differ first."""
        return (*self.differing, *self.common)

    @property
    def ranking(self) -> tuple[tuple[int, tuple[Column, ...]], ...]:
        """The sites from the best on, those of one rank together, in the order of the columns."""
        ranks = sorted({column.rank for column in self.columns})
        return tuple((rank, tuple(column for column in self.columns if column.rank == rank)) for rank in ranks)

    @cached_property
    def differing_facts(self) -> dict[str, tuple[Value | None, ...]]:
        """The stated facts that are not the same at all sites, by key, one value a site."""
        stated = [screening.project.facts for screening in self.screenings]
        keys = sorted({key for facts in stated for key in facts}, key=natural)
        found = {key: tuple(facts.get(key) for facts in stated) for key in keys}
        return {key: values for key, values in found.items() if len({_said(value) for value in values}) > 1}

    @cached_property
    def shared_facts(self) -> dict[str, Value]:
        """The stated facts that are the same at all sites."""
        facts = self.screenings[0].project.facts
        return {key: facts[key] for key in facts if key not in self.differing_facts}


def compare(screenings: Sequence[Screening], names: Sequence[str] = ()) -> Comparison:
    """Return screenings side by side.

    A requirement of a unit's list is matched by its text and effect, in whatever dimension a list has it; one that a
    template makes from a column by the column; a clause that speaks for the whole place by its id. So every entry of
    a screening stands in exactly one row, also where a site lies in several units. The best site has the mildest
    presumed verdict, then the mildest as known, then lies wholly in units, then has the fewest conditions.

    Parameters
    ----------
    screenings : sequence of Screening
        At least one, all of the same editions on the same day.
    names : sequence of str
        How to call the sites; by default the ids of the projects, with a number where one stands twice.

    Raises
    ------
    InputError
        For none, and where they were asked of different editions or days.
    """
    if not screenings:
        raise InputError("expected sites to compare, got none", hint="give two or more")
    asked = {(tuple(edition.id or id(edition) for edition in item.editions), item.as_of) for item in screenings}
    if len(asked) > 1:
        raise InputError(
            "expected screenings of the same editions on the same day", hint="screen all sites with one edition"
        )
    rows = _rows(screenings)
    called = _distinct(names or [screening.project.id for screening in screenings])
    counts = [_counts(rows, index) for index in range(len(screenings))]
    keys = [
        (
            _BEST.index(screening.presumed_verdict),
            _BEST.index(screening.verdict),
            not screening.is_covered,  # of a place that no list speaks of nothing is known, least of all conditions
            count[2],
        )
        for screening, count in zip(screenings, counts, strict=True)
    ]
    columns = tuple(
        Column(name, screening, 1 + sum(other < key for other in keys), *count)
        for name, screening, key, count in zip(called, screenings, keys, counts, strict=True)
    )
    differing = tuple(row for row in rows if row.differs)
    common = tuple(row for row in rows if not row.differs)
    return Comparison(columns, differing, common, _distances(screenings))


def at_site(site: Project, vocabulary: Vocabulary, facts: Mapping[str, Value], carried: Mapping[str, Any]) -> Project:
    """Return a project at a site; a fact that the site states of itself stands instead of the project's.

    Its ``given`` holds the whole project as it stands there, in the vocabulary's keys and units, and reads back to
    the same.

    Parameters
    ----------
    site : Project
        The place, with the facts that it states.
    facts, carried : mapping
        Of the project, as `yudi.territory.projects.read_facts` returns them.
    """
    known, unknown = {**facts, **site.facts}, {**carried, **site.carried}
    said = {key: _statement(value, vocabulary.fact(key)) for key, value in known.items()}
    given = {"id": site.id, "geometry": json.loads(shapely.to_geojson(site.site)), "facts": {**said, **unknown}}
    return replace(site, facts=known, carried=unknown, given=given)


def _statement(value: Value, fact: Any) -> Any:
    """Return a value as a project states it."""
    plain = value.as_data()
    said = {key: plain[key] for key in ("value", "accuracy", "source", "by", "date") if key in plain}
    if isinstance(value.value, tuple) and (len(value.value) > 1 or (fact is not None and fact.type == "text")):
        said["value"] = list(value.value)
    if fact is not None and fact.provider == "place" and fact.type == "number":
        said.setdefault("accuracy", value.accuracy)
    return said["value"] if len(said) == 1 else said


def _weight(mark: Mark | None) -> tuple[Cell, Cell]:
    return (Cell.NOT_APPLICABLE, Cell.NOT_APPLICABLE) if mark is None else (mark.known, mark.presumed)


def _said(value: Value | None) -> Any:
    return None if value is None else (value.value, value.accuracy)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names, with a number behind one that came before."""
    found: list[str] = []
    for name in names:
        called, number = name, 2
        while called in found:
            called, number = f"{name} ({number})", number + 1
        found.append(called)
    return found


def _counts(rows: Sequence[Row], index: int) -> tuple[int, int, int]:
    marks = [mark for row in rows if (mark := row.marks[index]) is not None]
    return (
        sum(mark.known == Cell.PROHIBITS for mark in marks),
        sum(mark.known == Cell.MAY_PROHIBIT for mark in marks),
        sum(mark.presumed in _CONDITIONS for mark in marks),
    )


def _rows(screenings: Sequence[Screening]) -> list[Row]:
    found: dict[tuple[Any, ...], list[Mark | None]] = {}
    for index, screening in enumerate(screenings):
        for key, mark in _marks(screening):
            found.setdefault(key, [None] * len(screenings))[index] = mark
    rows = [Row(key[0], tuple(marks)) for key, marks in found.items()]
    places = [{name: at for at, name in enumerate(edition.dimensions)} for edition in screenings[0].editions]

    def order(row: Row) -> tuple[Any, ...]:
        first, dimensions = row.strictest, places[row.edition]
        place = dimensions.get(first.clause.dimension, len(dimensions))
        return -first.known, -first.presumed, row.edition, place, natural(first.ids[0])

    return sorted(rows, key=order)


def _marks(screening: Screening) -> Iterator[tuple[tuple[Any, ...], Mark]]:
    """Yield each requirement at a site by what it is matched by."""
    presumed: dict[tuple[int, str], Cell] = {}
    for item in screening.presumed:
        key = item.edition, item.id
        presumed[key] = max(item.cell, presumed.get(key, item.cell))
    together: dict[tuple[Any, ...], list[tuple[Judged, tuple[str, ...]]]] = {}
    for item, codes in entries(screening):
        together.setdefault(_identity(item), []).append((item, codes))
    for identity, group in together.items():
        group.sort(key=lambda pair: (-pair[0].cell, natural(pair[0].id)))
        strictest = group[0][0]
        yield (
            identity,
            Mark(
                strictest.cell,
                max(presumed[item.edition, item.id] for item, _ in group),
                strictest.clause,
                tuple(item.id for item, _ in group),
                tuple(dict.fromkeys(code for _, codes in group for code in codes)),
                tuple(dict.fromkeys(key for item, _ in group for key in item.needs)),
                _false_part(strictest),
            ),
        )


def _identity(item: Judged) -> tuple[Any, ...]:
    """Return what the same requirement has in common wherever it stands."""
    clause = item.clause
    if item.unit is None:
        return item.edition, "place", item.id
    if clause.basis == "template" and item.unit_code and item.unit_code in item.id:
        return item.edition, "column", item.id.replace(item.unit_code, _UNIT)
    texts = tuple("".join(text.split()).rstrip("。.；;") for text in (clause.text.zh, clause.text.en))
    return item.edition, "text", texts if any(texts) else item.id, clause.effect


def _false_part(item: Judged) -> str:
    if item.cell != Cell.NOT_APPLICABLE:
        return ""
    if not item.in_force:
        return "period"
    parts = (name for name in _PARTS if name in item.parts and item.parts[name].state.value == F)
    return "units" if item.touch else next(parts, "units")


def _distances(screenings: Sequence[Screening]) -> tuple[Distance, ...]:
    """Return the distances that clauses ask about this project, where not all sites are beyond the limit."""
    tests: dict[tuple[int, str], dict[PlaceTest, None]] = {}
    near: set[tuple[int, str]] = set()
    for screening in screenings:
        for item, test, reading in _read(screening):
            key = item.edition, place_key(test)
            tests.setdefault(key, {})[test] = None
            if reading.value != F:
                near.add(key)
    rows = []
    for edition, name in sorted(near):
        asked = tests[edition, name]
        limits = sorted({float(test.distance_m or 0.0) for test in asked})
        readings = tuple(_nearest(screening, edition, name, asked) for screening in screenings)
        if any(reading.distance_m is not None for reading in readings):
            rows.append(Distance(edition, name, next(iter(asked)).layer, tuple(limits), readings))
    return tuple(sorted(rows, key=_margin))


def _nearest(screening: Screening, edition: int, key: str, tests: Iterable[PlaceTest]) -> Reading:
    """Return the distance of a site, also of one whose own clauses do not ask it."""
    stated = screening.project.facts.get(key)
    return min((screening.places[edition].read(test, stated) for test in tests), key=_far)


def _read(screening: Screening) -> Iterator[tuple[Judged, PlaceTest, Reading]]:
    """Yield the measures behind the clauses that mean the project, wherever it stood."""
    for item in screening.known:
        if item.parts and item.parts["subject"].state.value != F:
            tests = [
                leaf for leaf in leaves(item.clause.scope) if isinstance(leaf, PlaceTest) and leaf.kind == "within"
            ]
            situation = judged_situation(screening, item) if tests else None
            for test in tests:
                assert situation is not None, "there are tests"
                yield item, test, situation.place(test, situation.facts.get(place_key(test)))


def _far(reading: Reading) -> float:
    return reading.distance_m if reading.distance_m is not None else float("inf")


def _margin(row: Distance) -> tuple[float, str]:
    gaps = [abs(_far(reading) - limit) for reading in row.readings for limit in row.limits_m]
    return min(gaps), row.key
