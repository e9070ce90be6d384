"""What an edition's clauses come to, each worked out once for all that it was told.

A leaf is a function of the values of the few facts that it asks, or of what was found at the place; a clause is a
function of what its leaves come to. Both are remembered with the opened edition, so that another project only asks
what its leaves come to and looks up the rest. What is remembered is bounded, and begun anew when it is full; two
threads may work the same out twice, never differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from yudi.core.logic import T, U
from yudi.territory.cells import Cell, State
from yudi.territory.clauses import Clause, filled
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.evaluation import Result, Situation, Told, combined, leaf_result
from yudi.territory.facts import Value
from yudi.territory.judged import SETTLED, TESTED, Judged, Parts, asked_first, decided, is_out
from yudi.territory.place import place_key
from yudi.territory.predicates import FactIn, FactIs, FactRange, Leaf, Node, PlaceTest, Quota, leaves
from yudi.territory.presumption import RowReader
from yudi.territory.terms import Inference, Term, terms_on

__all__ = [
    "Asked",
    "Decision",
    "Decisions",
    "Group",
    "Heard",
    "Kinds",
    "Part",
    "Sheet",
    "Where",
    "decisions_on",
    "kinds_of",
    "said_of",
]

_DAYS, _GROUPS, _VALUES, _COMBINATIONS = 64, 2_048, 1_024, 1_024  # remembered of each, then begun anew
_FEW = 8  # values that are not worth comparing
_ANY = Result(State(U), frozenset({State(U)}))  # stands for what leaves come to where only their order is wanted
Numbers: TypeAlias = dict[int, int]  # of leaves by their place on a sheet
Said: TypeAlias = Mapping[str, Any]  # of facts by key what they say, see `said_of`
Key = TypeVar("Key")
Kept = TypeVar("Kept")


def _keep(memory: dict[Key, Kept], key: Key, value: Kept, most: int) -> Kept:
    if len(memory) >= most:
        memory.clear()
    memory[key] = value
    return value


def _said(value: Value | None) -> Any:
    """Return what a value says, wherever it came from."""
    return None if value is None else (value.value, value.accuracy, value.value.__class__)


def said_of(facts: Mapping[str, Value]) -> Said:
    """Return what facts say, for all leaves that will ask them."""
    return {key: _said(value) for key, value in facts.items()}


def _keys(leaf: Leaf, terms: Mapping[str, Term]) -> tuple[str, ...] | None:
    """Return the facts that alone decide a leaf, in order; None where more than facts does."""
    if isinstance(leaf, PlaceTest):
        return None
    if isinstance(leaf, Quota):
        return (leaf.amount, *leaf.headroom)
    if isinstance(leaf, FactIn | FactIs | FactRange):
        return (leaf.fact,)
    found = [f"term:{leaf.term}"]
    table = terms.get(leaf.term)
    for tree in (table.certain, table.possible) if table is not None else ():
        for part in leaves(tree):
            keys = _keys(part, terms)
            if keys is None or any("{" in key for key in keys):
                return None
            found += keys
    return tuple(dict.fromkeys(found))


class Asked:
    """A leaf of an edition's clauses; what it comes to is a small number, the same for the same result.

    Parameters
    ----------
    leaf : Leaf
        With its clause's id and unit filled in; `measured` is the measurement that may be stated of a place test.
    frees : bool
        See `evaluate`.
    clause_id : str
        Of a leaf whose result also depends on the clause that asks it; such a one is worked out every time.
    """

    def __init__(self, leaf: Leaf, frees: bool, shelf: Decisions, *, clause_id: str = "") -> None:
        vocabulary = shelf.edition.rules.vocabulary
        self.leaf = leaf
        self.results: dict[int, Result] = {}
        self._frees = frees
        self._clause_id = clause_id
        self._keys = _keys(leaf, shelf.terms)
        self.measured = place_key(leaf) if isinstance(leaf, PlaceTest) else ""
        self.has_memory = bool(self._keys or self.measured)
        facts = ((key, vocabulary.fact(key)) for key in self._keys or ())
        self._status = frozenset(key for key, fact in facts if fact is not None and fact.provider == "status")
        self._only = self._keys[0] if self._keys and len(self._keys) == 1 and not self._status else None
        self._numbers: dict[Result, int] = {}
        self._fresh = count()
        self._by_said: dict[Any, int] = {}

    @property
    def facts(self) -> tuple[str, ...] | None:
        """The facts, and the measurement, that can move the leaf at a place; None where more can."""
        return (self.measured,) if self.measured else self._keys if self.has_memory else None

    @property
    def is_local(self) -> bool:
        """Tell whether what the leaf comes to also depends on the place or on more."""
        return bool(self.measured or self._status or not self.has_memory)

    def number(self, here: Situation, facts: Said | None = None) -> int:
        """Return the number of what the leaf comes to in the situation; what its facts say may be known already."""
        if not self.has_memory:
            return self._numbered(self._result(here))
        if self._only is not None and facts is not None and not here.trial:
            said = facts.get(self._only)
            found = self._by_said.get(said)
            return (
                found if found is not None else _keep(self._by_said, said, self._numbered(self._result(here)), _VALUES)
            )
        said = self._told(here, facts)
        if here.trial and any(key in here.trial for key in self._keys or said[1]):
            return self._numbered(self._result(here))
        found = self._by_said.get(said)
        return found if found is not None else _keep(self._by_said, said, self._numbered(self._result(here)), _VALUES)

    def result(self, here: Situation) -> Result:
        """Return what the leaf comes to in the situation."""
        return self.results[self.number(here)]

    def _result(self, here: Situation) -> Result:
        here = replace(here, clause_id=self._clause_id) if self._clause_id else here
        return leaf_result(self.leaf, here, frees=self._frees)

    def _told(self, here: Situation, known: Said | None) -> Any:
        """Return all that the result depends on."""
        facts, keys = here.facts, self._keys
        if keys is None:
            assert isinstance(self.leaf, PlaceTest), "nothing else has a memory without facts"
            reading = here.place(self.leaf, facts.get(self.measured))
            return reading.value, reading.needs
        if self._status:
            found = (facts.get(key) or (here.status(key) if key in self._status else None) for key in keys)
            return tuple([_said(value) for value in found])
        if known is not None:
            return tuple(map(known.get, keys))
        return tuple([_said(facts.get(key)) for key in keys])

    def _numbered(self, result: Result) -> int:
        number = self._numbers.get(result)
        if number is None:
            fresh = next(self._fresh)
            self.results[fresh] = result  # before anybody can learn the number
            number = self._numbers.setdefault(result, fresh)
        return number


class Sheet:
    """Leaves that some trees ask, each once; of one project numbers say what those come to that were asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._places: dict[int, int] = {}

    def place(self, asked: Asked) -> int:
        """Return where a leaf stands, putting it at the end where it is new."""
        place = self._places.setdefault(id(asked), len(self.asked))
        if place == len(self.asked):
            self.asked.append(asked)
        return place

    def key(
        self, places: Sequence[int], here: Situation, numbers: Numbers, facts: Said | None = None
    ) -> tuple[int, ...]:
        """Return what the leaves come to, asking those that were not asked yet, in order."""
        for place in places:
            if place not in numbers:
                numbers[place] = self.asked[place].number(here, facts)
        return tuple([numbers[place] for place in places])

    def told(self, places: Sequence[int], numbers: Numbers) -> Told:
        """Return what tells these leaves, if it is asked for them in this order."""
        following = iter(places)

        def told(_leaf: Leaf, _frees: bool) -> Result:
            place = next(following)
            return self.asked[place].results[numbers[place]]

        return told


class Part(NamedTuple):
    """A part of a clause: ``scope``, ``subject``, ``except`` or ``test``; and where its leaves stand on the sheet."""

    name: str
    tree: Node
    places: tuple[int, ...]


class Decision:
    """A clause where it stands, as a function of what its leaves come to.

    Parameters
    ----------
    bare : Judged
        The clause there, not judged yet.
    first, then : tuple of int
        The leaves that say whether it applies, and those of its test, as they stand on the sheet.
    parts : tuple of Part
        What it asks, in the order in which it is said.
    memory : dict
        What was made of the clause once and is wanted again, by key.
    """

    def __init__(self, bare: Judged, sheet: Sheet, first: tuple[int, ...], then: tuple[int, ...]) -> None:
        self.bare = bare
        self.out_of_force = replace(bare, in_force=False)
        self.touched = replace(bare, touch=True)
        self._sheet = sheet
        self._first = first
        self._then = then
        self._by_first: dict[tuple[int, ...], Judged | None] = {}
        self._by_all: dict[tuple[int, ...], Judged] = {}
        self.parts = _parts(bare.clause, iter(first + then))
        self.memory: dict[str, Any] = {}

    @property
    def places(self) -> tuple[int, ...]:
        """Where its leaves stand on the sheet."""
        return self._first + self._then

    def judged(self, here: Situation, numbers: Numbers, facts: Said | None = None) -> Judged:
        """Return the clause judged in the situation; the test is only asked where the clause can apply."""
        key = self._sheet.key(self._first, here, numbers, facts)
        try:
            found = self._by_first[key]
        except KeyError:
            found = _keep(self._by_first, key, self._without_test(numbers), _COMBINATIONS)
        if found is not None:
            return found
        key += self._sheet.key(self._then, here, numbers, facts)
        known = self._by_all.get(key)
        return known if known is not None else _keep(self._by_all, key, self._with_test(numbers), _COMBINATIONS)

    def _without_test(self, numbers: Numbers) -> Judged | None:
        told = self._sheet.told(self._first, numbers)
        parts = asked_first(self.bare.clause, told)
        return self._decided(parts, told) if is_out(parts) or not self._then else None

    def _with_test(self, numbers: Numbers) -> Judged:
        told = self._sheet.told(self._first + self._then, numbers)
        return self._decided(asked_first(self.bare.clause, told), told)

    def _decided(self, parts: Parts, told: Told) -> Judged:
        parts, cell, outcomes = decided(self.bare.clause, parts, told)
        return replace(self.bare, cell=cell, outcomes=outcomes, parts=parts)


def _parts(item: Clause, places: Iterator[int]) -> tuple[Part, ...]:
    trees = {"scope": item.scope, "subject": item.subject, "except": item.exceptions}
    if item.effect in TESTED:
        trees["test"] = item.test
    asked = {name: tree for name, tree in trees.items() if tree is not None}
    return tuple(Part(name, tree, tuple(islice(places, len(list(leaves(tree)))))) for name, tree in asked.items())


@dataclass(frozen=True)
class Where:
    """Where clauses stand: which edition of those asked, which unit (None: the whole place), ids that others have too."""

    edition: int
    unit: int | None
    shared: frozenset[str] = frozenset()


class Heard(NamedTuple):
    """What the clauses of a group came to in a situation, and what their leaves did."""

    judged: tuple[Judged, ...]
    numbers: Numbers


class Group:
    """The clauses that stand at one place, with all leaves that they ask."""

    def __init__(self, sheet: Sheet, decisions: tuple[Decision, ...]) -> None:
        self.sheet = sheet
        self.decisions = decisions
        self._named = {(item.bare.id, id(item.bare.clause)): item for item in decisions}
        self._leaves, self._restless = _by_fact([asked.facts for asked in sheet.asked])
        self._rows: dict[int, list[int]] = {}
        for row, item in enumerate(decisions):
            for place in dict.fromkeys(item.places):
                self._rows.setdefault(place, []).append(row)
        self._in_force: dict[date, tuple[bool, ...]] = {}

    def decision(self, item: Judged) -> Decision:
        """Return the decision that a clause was judged by."""
        return self._named[item.id, id(item.clause)]

    def in_force(self, day: date) -> tuple[bool, ...]:
        """Tell of each clause whether it is in force."""
        found = self._in_force.get(day)
        if found is None:
            counts = tuple(item.bare.clause.period.contains(day) for item in self.decisions)
            found = _keep(self._in_force, day, counts, _DAYS)
        return found

    def heard(self, here: Situation, facts: Said, day: date) -> Heard:
        """Return every clause judged in a situation on a day."""
        numbers: Numbers = {}
        rows = zip(self.decisions, self.in_force(day), strict=True)
        judged = [item.judged(here, numbers, facts) if counts else item.out_of_force for item, counts in rows]
        return Heard(tuple(judged), numbers)

    def touched(self, day: date) -> Heard:
        """Return every clause of a unit that is only touched."""
        rows = zip(self.decisions, self.in_force(day), strict=True)
        return Heard(tuple(item.touched if counts else item.out_of_force for item, counts in rows), {})

    def heard_again(self, before: Heard, here: Situation, facts: Said, *, changed: Iterable[str], day: date) -> Heard:
        """Return every clause judged at the same place once some facts are others; only what asks them is asked again."""
        places = {place for key in changed for place in self._leaves.get(key, ())}.union(self._restless)
        numbers = {place: number for place, number in before.numbers.items() if place not in places}
        judged, in_force = list(before.judged), self.in_force(day)
        for row in sorted({row for place in places for row in self._rows.get(place, ())}):
            if in_force[row]:
                judged[row] = self.decisions[row].judged(here, numbers, facts)
        return Heard(tuple(judged), numbers)


def _by_fact(asked: Sequence[tuple[str, ...] | None]) -> tuple[dict[str, list[int]], tuple[int, ...]]:
    """Return by fact the rows that ask it, and the rows that more than facts can move."""
    rows: dict[str, list[int]] = {}
    for row, keys in enumerate(asked):
        for key in keys or ():
            rows.setdefault(key, []).append(row)
    return rows, tuple(row for row, keys in enumerate(asked) if keys is None)


class _Row:
    """A row of inferences, as a function of what its leaves come to."""

    def __init__(self, row: Inference, shelf: Decisions) -> None:
        self.asked: list[Asked] = []
        self._tree = row.when
        self._known: dict[tuple[int, ...], bool] = {}

        def noted(leaf: Leaf, frees: bool) -> Result:
            self.asked.append(shelf.asked(leaf, frees))
            return _ANY

        combined(row.when, noted, frees=True)

    @property
    def facts(self) -> tuple[str, ...] | None:
        """The facts that alone decide the row, wherever a project lies; None where more does."""
        if any(asked.is_local for asked in self.asked):
            return None
        return tuple(dict.fromkeys(key for asked in self.asked for key in asked.facts or ()))

    def holds(self, here: Situation, facts: Said) -> bool:
        """Tell whether what the row asks is true."""
        key = tuple([leaf.number(here, facts) for leaf in self.asked])
        found = self._known.get(key)
        if found is None:
            results = iter([leaf.results[number] for leaf, number in zip(self.asked, key, strict=True)])
            state = combined(self._tree, lambda _leaf, _frees: next(results), frees=True).state
            found = _keep(self._known, key, state.value == T, _COMBINATIONS)
        return found


class _Table:
    """Rows of inferences by the facts that they ask."""

    def __init__(self, rows: Sequence[_Row], nothing: Situation) -> None:
        self._rows = rows
        self._by_fact, self._restless = _by_fact([row.facts for row in rows])
        self._always = {
            place for place, row in enumerate(rows) if row.facts is not None and row.holds(nothing, {})
        }  # while nothing that they ask is known

    def holding(self, here: Situation) -> list[int]:
        """Return which rows hold in the situation, in order."""
        facts = said_of(here.facts)
        asked = {place for key in facts for place in self._by_fact.get(key, ())}.union(self._restless)
        found = {place for place in asked if self._rows[place].holds(here, facts)}
        return sorted(found | (self._always - asked))


class Decisions(RowReader):
    """What the clauses, terms and inferences of an edition come to on days on which the same terms count."""

    def __init__(self, edition: Edition, terms: Mapping[str, Term]) -> None:
        self.edition = edition
        self.terms = terms
        self._asked: dict[tuple[Leaf, bool], Asked] = {}
        self._groups: dict[Where, Group] = {}
        self._rows: dict[int, _Row] = {}
        self._tables: dict[tuple[int, ...], _Table] = {}
        self.memory: dict[Any, Any] = {}
        self.behind_terms: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {}  # of a few terms: needs no bound
        self._given: dict[tuple[int, str], Mapping[str, Value]] = {}

    def group(self, where: Where) -> Group:
        """Return the clauses that stand there."""
        found = self._groups.get(where)
        return found if found is not None else _keep(self._groups, where, self._group(where), _GROUPS)

    def told(self, here: Situation) -> Told:
        """Return what tells a leaf in the situation; of one with an id in it only where that is filled in."""
        return lambda leaf, frees: self.asked(leaf, frees).result(here)

    def asked(self, leaf: Leaf, frees: bool) -> Asked:
        """Return the leaf as clauses share it."""
        found = self._asked.get((leaf, frees))
        return found if found is not None else self._asked.setdefault((leaf, frees), Asked(leaf, frees, self))

    def holds(self, row: Inference, here: Situation) -> bool:
        """Tell whether what a row of the edition's inferences asks is true."""
        return self._row(row).holds(here, said_of(here.facts))

    def holding(self, rows: Sequence[Inference], here: Situation) -> list[Inference]:
        """Return the rows of which what they ask is true, in order; those that ask nothing known are looked up."""
        key = tuple(map(id, rows))
        table = self._tables.get(key)
        if table is None:
            made = _Table([self._row(row) for row in rows], replace(here, facts={}))
            table = _keep(self._tables, key, made, _DAYS)
        return [rows[place] for place in table.holding(here)]

    def _row(self, row: Inference) -> _Row:
        found = self._rows.get(id(row))
        return found if found is not None else self._rows.setdefault(id(row), _Row(row, self))

    def gives(self, row: Inference, here: Situation, kind: str) -> Mapping[str, Value]:
        """Return the facts that a row of the edition's inferences gives."""
        key = (id(row), kind)
        if key not in self._given:
            self._given[key] = super().gives(row, here, kind)
        return self._given[key]

    def _group(self, where: Where) -> Group:
        edition, bindings, sheet = self.edition, self.edition.bindings, Sheet()
        code = edition.unit_code(where.unit) if where.unit is not None else ""
        dimensions = {name: place for place, name in enumerate(edition.dimensions)}
        made = []
        for row in bindings.of(WHOLE_PLACE if where.unit is None else where.unit):
            name, item = bindings.ids[row], edition.rules.clauses[int(bindings.clause[row])]
            asked_as = edition.own_name(name) if name in where.shared else name
            bare = Judged(
                where.edition,
                name,
                item,
                where.unit,
                Cell.NOT_APPLICABLE,
                SETTLED,
                {},
                unit_code=code,
                asked_as=asked_as,
                dimension=dimensions.get(item.dimension, len(dimensions)),
            )
            first, then = self._leaves(bare, sheet)
            made.append(Decision(bare, sheet, first, then))
        return Group(sheet, tuple(made))

    def _leaves(self, bare: Judged, sheet: Sheet) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Put the leaves of a clause on the sheet; return where those stand that are asked first, and the test's."""
        found: list[int] = []

        def noted(leaf: Leaf, frees: bool) -> Result:
            found.append(sheet.place(self._own(leaf, frees, bare)))
            return _ANY

        parts = asked_first(bare.clause, noted)
        count_first = len(found)
        decided(bare.clause, parts, noted)
        return tuple(found[:count_first]), tuple(found[count_first:])

    def _own(self, leaf: Leaf, frees: bool, bare: Judged) -> Asked:
        """Return a leaf as it is asked where the clause stands."""
        if isinstance(leaf, FactIn | FactIs | FactRange) and "{" in leaf.fact:
            leaf = replace(leaf, fact=filled(leaf.fact, bare.asked_as, bare.unit_code))
            return Asked(leaf, frees, self)
        shared = self.asked(leaf, frees)
        return shared if shared.has_memory else Asked(leaf, frees, self, clause_id=bare.asked_as)


class Kinds(NamedTuple):
    """Values of a fact that are one and the same to a clause.

    Parameters
    ----------
    first : int array
        For each value the first that is the same.
    different : tuple of int
        Those firsts.
    """

    first: NDArray[np.intp]
    different: tuple[int, ...]


def kinds_of(
    shelf: Decisions, decision: Decision, key: str, *, asked: Sequence[Leaf], values: Sequence[Value], here: Situation
) -> Kinds:
    """Return which values of a fact the leaves of a clause that ask it tell apart, worked out once for an edition."""
    if len(values) < _FEW or not all(isinstance(leaf, FactIn | FactIs | FactRange) for leaf in asked):
        return Kinds(np.arange(len(values)), tuple(range(len(values))))
    name = tuple(value.value for value in values)
    token = shelf.memory.get((key, name))
    if token is None:
        token = _keep(shelf.memory, (key, name), object(), _COMBINATIONS)
    kept: dict[Any, Kinds] = decision.memory.setdefault("kinds", {})
    found = kept.get((key, token))
    if found is None:
        leaves_asked = [shelf.asked(leaf, frees) for leaf in dict.fromkeys(asked) for frees in (False, True)]
        seen: dict[tuple[int, ...], int] = {}
        first = []
        for place, value in enumerate(values):
            told = replace(here, facts={key: value})
            first.append(seen.setdefault(tuple([leaf.number(told) for leaf in leaves_asked]), place))
        found = _keep(kept, (key, token), Kinds(np.array(first), tuple(seen.values())), _VALUES)
    return found


def decisions_on(edition: Edition, day: date) -> Decisions:
    """Return what was worked out of the edition's clauses under the terms that count on the day."""
    days: dict[date, Decisions] = edition.memory.setdefault("decisions by day", {})
    found = days.get(day)
    if found is None:
        terms = terms_on(edition.rules.terms, day)
        by_terms: dict[tuple[int, ...], Decisions] = edition.memory.setdefault("decisions by terms", {})
        key = tuple(id(term) for term in terms.values())
        found = _keep(days, day, by_terms.setdefault(key, Decisions(edition, terms)), _DAYS)
    return found
