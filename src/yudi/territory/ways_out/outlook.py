"""What the strictest cell could be at best, where some readings of the place are not known yet: the bound of a search.

A site that may still be shifted lies in one of several sets of units, and each of its place tests may come out one way
or another. Every clause is judged with each of these; the mildest of its cells is what no place can go below.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from itertools import product
from typing import NamedTuple

from yudi.core.errors import InputError
from yudi.core.logic import F, T, Truth, U
from yudi.territory.cells import Cell
from yudi.territory.clauses import Clause
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import judge, verdict_at
from yudi.territory.place import Reading, place_key
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.presumption import concern_usually, infer
from yudi.territory.projects import Project
from yudi.territory.screening import shared_ids, status_in
from yudi.territory.terms import Term, terms_on

__all__ = ["ANY", "Outlook", "Span", "Spans", "Units"]

_TRIED = 243  # ways in which a clause's tests may come out that are judged one by one: five open tests
_WAYS = 81  # ways in which the open tests of a place may come out that are judged one by one
_WORST = {"offset": Cell.CONDITIONS, "consult": Cell.CONDITIONS}


class Span(NamedTuple):
    """Between which truth values a reading lies, both included."""

    low: Truth
    high: Truth


ANY = Span(F, T)
Units = tuple[tuple[int, ...], ...]  # of each edition, the units in which the site really lies
Spans = Callable[
    [int, PlaceTest, int | None], Span
]  # of an edition's test for the whole site, or for its part in a unit
_Told = tuple[Truth, ...]


@dataclass
class _Row:
    """A clause where it stands, with what it comes to for each outcome of its place tests."""

    clause: Clause
    situation: Situation
    tests: tuple[PlaceTest, ...]
    unit: int | None
    cells: dict[_Told, Cell] = field(default_factory=dict)

    @property
    def worst(self) -> Cell:
        return _WORST.get(self.clause.effect, Cell.PROHIBITS)

    def at(self, values: _Told) -> Cell:
        if values not in self.cells:
            readings = {
                test: Reading(value, (place_key(test),) if value == U else ())
                for test, value in zip(self.tests, values, strict=True)
            }
            situation = replace(self.situation, place=lambda test, _: readings[test])
            self.cells[values] = judge(self.clause, situation)[1]
        return self.cells[values]

    def least(self, spans: Sequence[Span]) -> Cell:
        """Return the mildest cell that readings within the spans can give."""
        count = 1
        for low, high in spans:
            count *= high - low + 1
        if count > _TRIED:
            return Cell.NOT_APPLICABLE
        options = [[Truth(value) for value in range(low, high + 1)] for low, high in spans]
        return min(self.at(values) for values in product(*options))


@dataclass
class _Board:
    """The clauses of the whole place, or of a unit, that can matter somewhere."""

    always: Cell  # the strictest of those that do not ask the place
    rows: list[_Row]


@dataclass(frozen=True)
class _Side:
    """An edition that is in force, and what its inferences ask of the place."""

    index: int
    edition: Edition
    terms: dict[str, Term]
    asked: tuple[PlaceTest, ...]


class Outlook:
    """The mildest strictest cell of a project, for sets of units and spans of readings.

    Parameters
    ----------
    project : Project
        Its facts count at every place; those that hold at one place alone are to be left out of it.
    editions : sequence of Edition
        As they are asked; those out of force say nothing.
    """

    def __init__(self, project: Project, editions: Sequence[Edition], as_of: date) -> None:
        self.project, self.day = project, as_of
        self.editions = tuple(editions)
        self._boards: dict[object, _Board] = {}
        self._facts: dict[object, tuple[int, dict[str, Value]] | None] = {}
        self._interned: dict[frozenset[tuple[str, Value]], int] = {}
        self._status: dict[object, tuple[Value | None, ...]] = {}
        self._shared: dict[Units, frozenset[str]] = {}

    @cached_property
    def sides(self) -> tuple[_Side, ...]:
        """The editions that are in force."""
        found = []
        for index, edition in enumerate(self.editions):
            if not edition.period.contains(self.day):
                continue
            rows = (row for row in edition.rules.inferences if row.period.contains(self.day))
            asked = dict.fromkeys(leaf for row in rows for leaf in leaves(row.when) if isinstance(leaf, PlaceTest))
            found.append(_Side(index, edition, terms_on(edition.rules.terms, self.day), tuple(asked)))
        return tuple(found)

    def least(self, units: Units, spans: Spans, *, ceiling: Cell = Cell.PROHIBITS) -> Cell:
        """Return the mildest strictest cell of a site in the units; anything above the ceiling is as good as another.

        Parameters
        ----------
        units : tuple of tuple of int
            One for each edition asked, empty where the site lies in none of its units.
        """
        found = Cell.NOT_APPLICABLE
        shared = self._shared_in(units)
        for side in self.sides:
            here = units[side.index]
            asked = [spans(side.index, test, None) for test in side.asked]
            options = product(*([Truth(value) for value in range(low, high + 1)] for low, high in asked))
            levels = (
                self._side_least(side, here, values, shared=shared, spans=spans, ceiling=ceiling) for values in options
            )
            found = max(found, min(levels))
            if found > ceiling:
                break
        return found

    def best(self, units: Units, spans: Spans) -> str:
        """Return the best verdict of a covered site in the units."""
        return verdict_at(self.least(units, spans), is_covered=True)

    def least_together(self, units: Units, spans: Spans, *, ceiling: Cell = Cell.PROHIBITS) -> Cell:
        """Return the same, where a test that several clauses ask comes out one way for all of them."""
        asked: dict[tuple[int, PlaceTest, int | None], Span] = {}

        def noted(edition: int, test: PlaceTest, unit: int | None) -> Span:
            span = spans(edition, test, unit)
            if span.low < span.high:
                asked[edition, test, unit] = span
            return span

        found = self.least(units, noted, ceiling=Cell.PROHIBITS)
        ways = math.prod(high - low + 1 for low, high in asked.values())
        if found > ceiling or not 1 < ways <= _WAYS:
            return found

        def fixed(values: Sequence[int]) -> Spans:
            known = {key: Span(Truth(value), Truth(value)) for key, value in zip(asked, values, strict=True)}
            return lambda edition, test, unit: known.get((edition, test, unit)) or spans(edition, test, unit)

        options = product(*(range(low, high + 1) for low, high in asked.values()))
        return min(self.least(units, fixed(values), ceiling=ceiling) for values in options)

    def _side_least(
        self, side: _Side, units: tuple[int, ...], values: _Told, *, shared: frozenset[str], spans: Spans, ceiling: Cell
    ) -> Cell:
        facts = self._facts_in(side, units, values)
        if facts is None:
            return Cell.PROHIBITS  # what the project states contradicts a document there
        boards = [self._board(side, None, units, facts=facts, shared=shared)]
        boards += [self._board(side, unit, (unit,), facts=facts, shared=shared) for unit in units]
        found = max(board.always for board in boards)
        for board in boards:
            for position, row in enumerate(board.rows):
                if found > ceiling:
                    return found
                if row.worst <= found or (row.clause.effect == "defer" and len(units) > 1):
                    continue
                part = row.unit if len(units) > 1 else None
                level = row.least([spans(side.index, test, part) for test in row.tests])
                found = max(found, level)
                if level > ceiling and position:  # where it speaks against one place it does so next to it
                    board.rows.insert(0, board.rows.pop(position))
        return found

    def _shared_in(self, units: Units) -> frozenset[str]:
        if len(self.sides) < 2:
            return frozenset()
        if units not in self._shared:
            self._shared[units] = shared_ids([(side.edition, units[side.index]) for side in self.sides])
        return self._shared[units]

    def _status_in(self, side: _Side, units: tuple[int, ...]) -> tuple[Value | None, ...]:
        key = (side.index, units)
        if key not in self._status:
            names = dict.fromkeys(table.fact for table in side.edition.rules.status)
            self._status[key] = tuple(status_in(side.edition, units, self.day, name) for name in names)
        return self._status[key]

    def _facts_in(self, side: _Side, units: tuple[int, ...], values: _Told) -> tuple[int, dict[str, Value]] | None:
        """Return the facts that are presumed in the units, numbered; None where a rule makes them impossible."""
        key = (side.index, self._status_in(side, units), values)
        if key not in self._facts:
            inferences = side.edition.rules.inferences
            situation = self._situation(side, units, self.project.facts, dict(zip(side.asked, values, strict=True)))
            try:
                known = infer(inferences, situation, self.day, kind="rule")
                facts = infer(inferences, replace(situation, facts=known), self.day, kind="usual")
            except InputError:
                self._facts[key] = None
            else:
                same = self._interned.setdefault(frozenset(facts.items()), len(self._interned))
                self._facts[key] = (same, facts)
        return self._facts[key]

    def _situation(
        self, side: _Side, units: tuple[int, ...], facts: dict[str, Value] | object, told: dict[PlaceTest, Truth]
    ) -> Situation:
        def read(test: PlaceTest, _: Value | None) -> Reading:
            value = told.get(test, U)
            return Reading(value, (place_key(test),) if value == U else ())

        status = partial(status_in, side.edition, list(units), self.day)
        return Situation(side.edition.rules.vocabulary, facts, side.terms, status, read)  # type: ignore[arg-type]

    def _board(
        self,
        side: _Side,
        unit: int | None,
        units: tuple[int, ...],
        *,
        facts: tuple[int, dict[str, Value]],
        shared: frozenset[str],
    ) -> _Board:
        key = (side.index, unit, self._status_in(side, units), facts[0], shared)
        if key not in self._boards:
            situation = self._situation(side, units, facts[1], {})
            self._boards[key] = self._made(side, unit, situation, shared)
        return self._boards[key]

    def _made(self, side: _Side, unit: int | None, situation: Situation, shared: frozenset[str]) -> _Board:
        clauses, bindings = side.edition.rules.clauses, side.edition.bindings
        code = "" if unit is None else side.edition.unit_code(unit)
        standing = []
        for row in bindings.of(WHOLE_PLACE if unit is None else unit):
            item, name = clauses[int(bindings.clause[row])], bindings.ids[row]
            if item.effect != "note" and item.period.contains(self.day):
                standing.append((f"{name}@{side.edition.id[:8]}" if name in shared else name, item, code))
        facts = {**situation.facts, **concern_usually(standing, replace(situation, unit_code=code))}
        board = _Board(Cell.NOT_APPLICABLE, [])
        for asked_as, item, _ in standing:
            here = replace(situation, facts=facts, clause_id=asked_as, unit_code=code)
            cell = judge(item, here)[1]  # with every place test open: what is not applicable now is so everywhere
            if cell == Cell.NOT_APPLICABLE:
                continue
            tests = tuple(_tests(item))
            if tests or item.effect == "defer":
                board.rows.append(_Row(item, here, tests, unit))
            else:
                board.always = max(board.always, cell)
        return board


def _tests(item: Clause) -> Iterable[PlaceTest]:
    return dict.fromkeys(leaf for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, PlaceTest))
