"""What the strictest cell could be at best, where some readings of the place are not known yet: the bound of a search.

A site that may still be shifted lies in one of several sets of units, and each of its place tests may come out one way
or another. Every clause is judged with each of these; the mildest of its cells is what no place can go below.

A place of which the map cannot tell whether a clause prohibits is no way out: what is unknown there for want of accuracy,
or beyond the end of a layer, counts as it might turn out at worst. Only where a layer is lacking altogether, so that no
place is better than another, it stays unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from itertools import product
from typing import NamedTuple

from yudi.core.errors import InputError
from yudi.core.logic import F, T, Truth, U
from yudi.territory.cells import Cell
from yudi.territory.clauses import Clause, filled
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import judge, verdict_at
from yudi.territory.place import Reading, place_key
from yudi.territory.predicates import FactIn, FactIs, FactRange, Node, PlaceTest, Quota, TermTest, leaves
from yudi.territory.presumption import concern_usually, infer
from yudi.territory.projects import Project
from yudi.territory.screening import shared_ids, status_in
from yudi.territory.terms import Term, terms_on

__all__ = ["ANY", "Asked", "Outlook", "Span", "Spans", "Units"]

_TRIED = 243  # ways in which a clause's tests may come out that are judged one by one: five open tests
_WAYS = 81  # ways in which the open tests of a place may come out that are judged one by one
_WORST = {"offset": Cell.CONDITIONS, "consult": Cell.CONDITIONS}


class Span(NamedTuple):
    """Between which truth values a reading lies, both included."""

    low: Truth
    high: Truth


class Asked:
    """A place test of an edition, the same for whatever clause asks it; without its layer it is unknown everywhere."""

    __slots__ = ("edition", "is_mapped", "test")

    def __init__(self, edition: int, test: PlaceTest, *, is_mapped: bool) -> None:
        self.edition, self.test, self.is_mapped = edition, test, is_mapped


ANY = Span(F, T)
Units = tuple[tuple[int, ...], ...]  # of each edition, the units in which the site really lies
Spans = Callable[[Asked, int | None], Span]  # of a test for the whole site, or for its part in a unit
_Told = tuple[Truth, ...]


@dataclass
class _Row:
    """A clause where it stands, with what it comes to for each outcome of its place tests."""

    clause: Clause
    situation: Situation
    tests: tuple[Asked, ...]
    is_firm: bool = False  # it prohibits where the project lies now, so that it must not stay open elsewhere
    cells: dict[_Told, Cell] = field(default_factory=dict)
    leasts: dict[tuple[Span, ...], Cell] = field(default_factory=dict)

    @property
    def worst(self) -> Cell:
        return _WORST.get(self.clause.effect, Cell.PROHIBITS)

    def least(self, spans: tuple[Span, ...]) -> Cell:
        """Return the mildest cell that readings within the spans can give."""
        if spans not in self.leasts:
            options = _options(spans)
            is_many = math.prod(len(option) for option in options) > _TRIED
            cells = (self._at(values) for values in product(*options))
            self.leasts[spans] = Cell.NOT_APPLICABLE if is_many else min(cells)
        return self.leasts[spans]

    def _at(self, values: _Told) -> Cell:
        """Return the cell for readings; what the map cannot tell must not turn out to prohibit."""
        if values not in self.cells:
            readings = {
                asked.test: Reading(value, (place_key(asked.test),) if value == U else ())
                for asked, value in zip(self.tests, values, strict=True)
            }
            situation = replace(self.situation, place=lambda test, _: readings[test])
            cell = judge(self.clause, situation)[1]
            if cell == Cell.MAY_PROHIBIT and self.is_firm:
                cell = Cell.PROHIBITS
            if cell == Cell.MAY_PROHIBIT:
                vague = [value == U and asked.is_mapped for asked, value in zip(self.tests, values, strict=True)]
                options = [(F, T) if one else (value,) for one, value in zip(vague, values, strict=True)]
                if any(vague) and max(self._at(told) for told in product(*options)) == Cell.PROHIBITS:
                    cell = Cell.PROHIBITS
            self.cells[values] = cell
        return self.cells[values]


class _Group:
    """Clauses of a board that ask the same place tests."""

    __slots__ = ("_leasts", "_rows", "tests", "worst")

    def __init__(self, tests: tuple[Asked, ...], rows: Sequence[_Row]) -> None:
        self.tests, self._rows = tests, rows
        self.worst = max(row.worst for row in rows)
        self._leasts: dict[tuple[bool, tuple[Span, ...]], Cell] = {}

    def least(self, spans: tuple[Span, ...], *, is_alone: bool) -> Cell:
        """Return the strictest of what each clause comes to at its mildest; one that defers speaks only alone."""
        key = (is_alone, spans)
        found = self._leasts.get(key)
        if found is None:
            rows = [row for row in self._rows if is_alone or row.clause.effect != "defer"]
            found = self._leasts[key] = max((row.least(spans) for row in rows), default=Cell.NOT_APPLICABLE)
        return found


@dataclass
class _Board:
    """The clauses of the whole place, or of a unit, that can matter somewhere."""

    unit: int | None
    constants: list[Cell]  # of each clause what it comes to whatever the place, or nothing
    rows: list[_Row]

    @cached_property
    def groups(self) -> list[_Group]:
        """The clauses by the tests that they ask; who finds one that settles it may put it first."""
        found: dict[tuple[Asked, ...], list[_Row]] = {}
        for row in self.rows:
            found.setdefault(row.tests, []).append(row)
        return [_Group(tests, rows) for tests, rows in found.items()]

    @cached_property
    def always(self) -> Cell:
        """The strictest of those that do not ask the place."""
        return max(self.constants, default=Cell.NOT_APPLICABLE)


class _Side:
    """An edition that is in force, and what its clauses and inferences ask."""

    def __init__(self, index: int, edition: Edition, day: date) -> None:
        self.index, self.edition = index, edition
        self.terms: dict[str, Term] = terms_on(edition.rules.terms, day)
        self._asked: dict[PlaceTest, Asked] = {}
        self._tests: dict[int, tuple[Asked, ...]] = {}
        self._statuses: dict[int, tuple[str, ...]] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._tables = dict.fromkeys(table.fact for table in edition.rules.status)
        whens = [row.when for row in edition.rules.inferences if row.period.contains(day)]
        self.asked = self._places(whens)
        self.inferred_from = self._status(whens)

    def tests_of(self, clause: int) -> tuple[Asked, ...]:
        """Return the place tests of a clause."""
        if clause not in self._tests:
            self._tests[clause] = self._places(self.edition.rules.clauses[clause].trees)
        return self._tests[clause]

    def status_of(self, clause: int) -> tuple[str, ...]:
        """Return the facts of status tables that a clause asks, also by its terms."""
        if clause not in self._statuses:
            item = self.edition.rules.clauses[clause]
            self._statuses[clause] = self._status([*item.trees, *(TermTest(key) for key in item.terms)])
        return self._statuses[clause]

    def named_by(self, clause: int) -> tuple[str, ...]:
        """Return the facts of a clause whose names tell where it stands."""
        if clause not in self._names:
            item = self.edition.rules.clauses[clause]
            asked = [getattr(leaf, "fact", "") for tree in item.trees for leaf in leaves(tree)]
            # Whether a sentence concerns a project, and what silence means, is asked by the clause's own name.
            asked += ["concerns:{id}"] if item.is_in_words else []
            self._names[clause] = tuple(dict.fromkeys(name for name in (*asked, item.silent_for) if "{" in name))
        return self._names[clause]

    def _places(self, trees: Iterable[Node]) -> tuple[Asked, ...]:
        found = dict.fromkeys(leaf for tree in trees for leaf in leaves(tree) if isinstance(leaf, PlaceTest))
        for test in found:
            if test not in self._asked:
                self._asked[test] = Asked(self.index, test, is_mapped=test.layer in self.edition.layers)
        return tuple(self._asked[test] for test in found)

    def _status(self, trees: Iterable[Node]) -> tuple[str, ...]:
        """Return the facts of status tables that trees ask; of a name with gaps to be filled all tables are meant."""
        found: dict[str, None] = {}
        todo, seen = list(trees), set()
        while todo:
            for leaf in leaves(todo.pop()):
                if isinstance(leaf, TermTest):
                    table = self.terms.get(leaf.term)
                    if table is not None and leaf.term not in seen:
                        seen.add(leaf.term)
                        todo += [table.certain, table.possible]
                elif isinstance(leaf, Quota):
                    found |= dict.fromkeys((leaf.amount, *leaf.headroom))
                elif isinstance(leaf, FactIn | FactIs | FactRange):
                    found |= self._tables if "{" in leaf.fact else {leaf.fact: None}
        return tuple(name for name in self._tables if name in found)


class Outlook:
    """The mildest strictest cell of a project, for sets of units and spans of readings.

    Parameters
    ----------
    project : Project
        Its facts count at every place; those that hold at one place alone are to be left out of it.
    editions : sequence of Edition
        As they are asked; those out of force say nothing.
    firm : set of (edition, clause id, unit or None)
        Clauses that prohibit the project where it lies now: who is no longer prohibited must know it of them.
    """

    def __init__(
        self,
        project: Project,
        editions: Sequence[Edition],
        as_of: date,
        *,
        firm: Collection[tuple[int, str, int | None]] = (),
    ) -> None:
        self.project, self.day = project, as_of
        self.editions, self.firm = tuple(editions), frozenset(firm)
        counting = [(index, one) for index, one in enumerate(editions) if one.period.contains(as_of)]
        self.sides = tuple(_Side(index, edition, as_of) for index, edition in counting)
        self._boards: dict[object, _Board] = {}
        self._sets: dict[object, list[_Board] | None] = {}
        self._rows: dict[object, _Row | Cell] = {}
        self._facts: dict[object, tuple[int, dict[str, Value]] | None] = {}
        self._interned: dict[frozenset[tuple[str, Value]], int] = {}
        self._status: dict[object, dict[str, Value | None]] = {}
        self._shared: dict[Units, frozenset[str]] = {}

    @cached_property
    def everywhere(self) -> str:
        """The best verdict that the clauses leave open which are the same at every place."""
        level = Cell.NOT_APPLICABLE
        for side in self.sides:
            if side.inferred_from or side.asked or len(self.sides) > 1:
                continue  # what is presumed may be another thing elsewhere
            boards = self._boards_in(side, (), (), frozenset())
            rows = side.edition.bindings.of(WHOLE_PLACE)
            is_same = [not side.status_of(int(side.edition.bindings.clause[row])) for row in rows]
            for cell, same in zip(boards[0].constants if boards else (), is_same, strict=False):
                level = max(level, cell) if same else level
        return verdict_at(level, is_covered=True)

    def best(self, units: Units, spans: Spans, *, ceiling: Cell = Cell.PROHIBITS) -> str:
        """Return the best verdict of a covered site in the units; beyond the ceiling any that is as bad."""
        return verdict_at(self.least(units, spans, ceiling=ceiling), is_covered=True)

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
            options = product(*_options([spans(asked, None) for asked in side.asked]))
            levels = (
                self._side_least(side, units[side.index], told, shared=shared, spans=spans, ceiling=ceiling)
                for told in options
            )
            found = max(found, min(levels))
            if found > ceiling:
                break
        return found

    def least_together(self, units: Units, spans: Spans, *, ceiling: Cell = Cell.PROHIBITS) -> Cell:
        """Return the same, where a test that several clauses ask comes out one way for all of them."""
        asked: dict[tuple[Asked, int | None], Span] = {}

        def noted(test: Asked, unit: int | None) -> Span:
            span = spans(test, unit)
            if span.low < span.high:
                asked[test, unit] = span
            return span

        found = self.least(units, noted, ceiling=Cell.PROHIBITS)
        options = _options(asked.values())
        if found > ceiling or not 1 < math.prod(len(option) for option in options) <= _WAYS:
            return found

        def fixed(told: _Told) -> Spans:
            known = {key: Span(value, value) for key, value in zip(asked, told, strict=True)}
            return lambda test, unit: known.get((test, unit)) or spans(test, unit)

        return min(self.least(units, fixed(told), ceiling=ceiling) for told in product(*options))

    def _side_least(
        self, side: _Side, units: tuple[int, ...], told: _Told, *, shared: frozenset[str], spans: Spans, ceiling: Cell
    ) -> Cell:
        boards = self._boards_in(side, units, told, shared)
        if boards is None:
            return Cell.PROHIBITS  # what the project states contradicts a document there
        found = max(board.always for board in boards)
        is_alone = len(units) < 2
        for board in boards:
            part, groups = None if is_alone else board.unit, board.groups
            for position, group in enumerate(groups):
                if found > ceiling:
                    return found
                if group.worst <= found:
                    continue
                level = group.least(tuple([spans(asked, part) for asked in group.tests]), is_alone=is_alone)
                found = max(found, level)
                if level > ceiling and position:  # what speaks against one place does so next to it
                    groups.insert(0, groups.pop(position))
        return found

    def _boards_in(
        self, side: _Side, units: tuple[int, ...], told: _Told, shared: frozenset[str]
    ) -> list[_Board] | None:
        key = (side.index, units, told, shared)
        if key not in self._sets:
            facts = self._facts_in(side, units, told)
            self._sets[key] = None
            if facts is not None:
                boards = [self._board(side, None, units, facts=facts, shared=shared)]
                boards += [self._board(side, unit, (unit,), facts=facts, shared=shared) for unit in units]
                self._sets[key] = boards
        return self._sets[key]

    def _shared_in(self, units: Units) -> frozenset[str]:
        if len(self.sides) < 2:
            return frozenset()
        if units not in self._shared:
            self._shared[units] = shared_ids([(side.edition, units[side.index]) for side in self.sides])
        return self._shared[units]

    def _status_in(self, side: _Side, units: tuple[int, ...]) -> dict[str, Value | None]:
        """Return what the status tables say in the units."""
        key = (side.index, units)
        if key not in self._status:
            names = dict.fromkeys(table.fact for table in side.edition.rules.status)
            self._status[key] = {name: status_in(side.edition, units, self.day, name) for name in names}
        return self._status[key]

    def _facts_in(self, side: _Side, units: tuple[int, ...], told: _Told) -> tuple[int, dict[str, Value]] | None:
        """Return the facts that are presumed in the units, numbered; None where a rule makes them impossible."""
        status = self._status_in(side, units)
        key = (side.index, tuple(status[name] for name in side.inferred_from), told)
        if key not in self._facts:
            inferences = side.edition.rules.inferences
            readings = {asked.test: value for asked, value in zip(side.asked, told, strict=True)}
            situation = self._situation(side, units, self.project.facts, readings)
            try:
                known = infer(inferences, situation, self.day, kind="rule")
                facts = infer(inferences, replace(situation, facts=known), self.day, kind="usual")
            except InputError:
                self._facts[key] = None
            else:
                number = self._interned.setdefault(frozenset(facts.items()), len(self._interned))
                self._facts[key] = (number, facts)
        return self._facts[key]

    def _situation(
        self, side: _Side, units: tuple[int, ...], facts: Mapping[str, Value], told: Mapping[PlaceTest, Truth]
    ) -> Situation:
        def read(test: PlaceTest, _: Value | None) -> Reading:
            value = told.get(test, U)
            return Reading(value, (place_key(test),) if value == U else ())

        status = partial(status_in, side.edition, list(units), self.day)
        return Situation(side.edition.rules.vocabulary, facts, side.terms, status, read)

    def _board(
        self,
        side: _Side,
        unit: int | None,
        units: tuple[int, ...],
        *,
        facts: tuple[int, dict[str, Value]],
        shared: frozenset[str],
    ) -> _Board:
        status = self._status_in(side, units)
        key = (side.index, unit, tuple(status.values()), facts[0], shared)
        if key not in self._boards:
            situation, bindings = self._situation(side, units, facts[1], {}), side.edition.bindings
            board = self._boards[key] = _Board(unit, [], [])
            code = "" if unit is None else side.edition.unit_code(unit)
            for row in bindings.of(WHOLE_PLACE if unit is None else unit):
                clause, name = int(bindings.clause[row]), bindings.ids[row]
                asked_as = side.edition.own_name(name) if name in shared else name
                # Where a text stands in many units it comes to the same, unless something is stated of one of them.
                said = [status[fact] for fact in side.status_of(clause)]
                said += [facts[1].get(filled(fact, asked_as, code)) for fact in side.named_by(clause)]
                is_firm = (side.index, name, unit) in self.firm
                known = (side.index, clause, facts[0], is_firm, *said)
                if known not in self._rows:
                    here = replace(situation, clause_id=asked_as, unit_code=code)
                    self._rows[known] = self._row(side, clause, here, is_firm=is_firm)
                found = self._rows[known]
                if isinstance(found, _Row):
                    board.rows.append(found)
                board.constants.append(Cell.NOT_APPLICABLE if isinstance(found, _Row) else found)
        return self._boards[key]

    def _row(self, side: _Side, clause: int, here: Situation, *, is_firm: bool) -> _Row | Cell:
        """Return a clause where it stands, or its cell where that is the same at every place."""
        item = side.edition.rules.clauses[clause]
        if item.effect == "note" or not item.period.contains(self.day):
            return Cell.NOT_APPLICABLE
        usual = concern_usually([(here.clause_id, item, here.unit_code)], here)
        here = replace(here, facts={**here.facts, **usual}) if usual else here
        cell = judge(item, here)[1]  # with every place test open: what is not applicable now is so everywhere
        tests = side.tests_of(clause)
        if cell == Cell.NOT_APPLICABLE or not (tests or item.effect == "defer"):
            return Cell.PROHIBITS if is_firm and cell == Cell.MAY_PROHIBIT else cell
        return _Row(item, here, tests, is_firm)


def _options(spans: Iterable[Span]) -> list[list[Truth]]:
    return [[Truth(value) for value in range(low, high + 1)] for low, high in spans]
