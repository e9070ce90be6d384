"""The rules of one edition on one day, made ready for many rows: classes, and tables that say what each clause does.

A table's entry is worked out by the judging of single projects, on a row that has its combination of classes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from yudi.core.errors import InputError
from yudi.territory.batch.asked import Asks, asks_of
from yudi.territory.batch.classes import OPPOSED, Classes, FactClasses, KeyedClasses
from yudi.territory.batch.decision_tables import ColumnKey, Input, Shelf, Table
from yudi.territory.batch.inference_groups import InferenceGroup, inference_groups
from yudi.territory.batch.places import codes_of, distinct_tests
from yudi.territory.batch.regularity import CONCERNS, Regularity, regularity
from yudi.territory.cells import Cell
from yudi.territory.clauses import Clause
from yudi.territory.edition import NOWHERE, WHOLE_PLACE, Edition
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import Judged, judge
from yudi.territory.predicates import Quota, TermTest
from yudi.territory.presumption import concern_usually, infer
from yudi.territory.terms import terms_on

__all__ = ["KNOWN", "PRESUMED", "STATED", "Derived", "Does", "Here", "RuleBook"]

STATED, KNOWN, PRESUMED = 0, 1, 2  # stages: as stated, with what rules make of it, with what is usual
NO, YES, NOT = 0, 1, 2  # classes of an answer that is usual: none, true, false
ID, UNIT = "{id}", "{unit}"  # stand for the clause's id and the unit's code until an answer is told


class Here(Protocol):
    """The rows that are being answered: what may be asked of one of them."""

    def situation(self, asks: Asks, row: int, pair: int, stage: int) -> Situation:
        """Return the situation of a row, or of a pair of row and unit (-1: the whole place), for what is asked."""

    def answer(self, column: ColumnKey, row: int) -> int:
        """Return the class of a row in a column."""


class Does(NamedTuple):
    """What a clause does: its cell, the outcomes that stay open as bits, and what it needs, ids and units not filled in."""

    cell: int
    outcomes: int
    needs: tuple[str, ...]


class Derived(NamedTuple):
    """What a group of inference rows gives: facts that are known, facts that are usual, or what is wrong."""

    known: tuple[tuple[str, Value], ...] = ()
    usual: tuple[tuple[str, Value], ...] = ()
    error: str = ""

    def value(self, key: str, stage: int) -> Value | None:
        """Return what is given of a fact in a stage, None for nothing."""
        found = dict(self.known).get(key)
        return dict(self.usual).get(key) if found is None and stage == PRESUMED else found


class RuleBook:
    """An edition's rules on a day.

    Parameters
    ----------
    edition : Edition
        In force on the day.

    Raises
    ------
    InputError
        For an inference row that gives what no vocabulary knows.
    """

    def __init__(self, edition: Edition, day: date) -> None:
        self.edition, self.day = edition, day
        self.vocabulary = edition.rules.vocabulary
        self.terms = terms_on(edition.rules.terms, day)
        self.groups = inference_groups(edition.rules.inferences, self.vocabulary, self.terms, day)
        self.asks = [asks_of(item.trees, self.terms) for item in edition.rules.clauses]
        self.regularity = self._regularity()
        self.tests = distinct_tests(edition)
        self.readings = [KeyedClasses(codes_of(test)) for test in self.tests]
        self.facts = self._fact_classes()
        self.group_of = {key: number for number, group in enumerate(self.groups) for key in group.gives}
        self.quotas: dict[Quota, KeyedClasses] = {}
        self.errors: dict[str, InputError] = {}
        self.here: Here | None = None
        self._given: dict[tuple[str, int], NDArray[np.int32]] = {}
        self._inputs: dict[Hashable, Input] = {}
        self.inferring = self._infer_tables()
        self.concerns: dict[tuple[str, ...], int] = {}
        self.concerning = Shelf()
        self.judging = Shelf()
        self.bound = self._bind()

    def is_status(self, key: str) -> bool:
        """Tell whether the edition's status tables provide a fact."""
        fact = self.vocabulary.fact(key)
        return fact is not None and fact.provider == "status"

    def given_classes(self, key: str, stage: int) -> NDArray[np.int32]:
        """Return, by the entry of the group that gives a fact, the class of what it gives in a stage; 0 for nothing."""
        known = self._given.get((key, stage), np.empty(0, np.int32))
        if len(known) == len(self.inferring.entries):
            return known
        classes = self.facts[key]
        fresh = [classes.of(derived.value(key, stage)) for derived in self.inferring.entries[len(known) :]]
        self._given[key, stage] = np.concatenate([known, np.array(fresh, np.int32)])
        return self._given[key, stage]

    def _regularity(self) -> Regularity:
        rules = self.edition.rules
        elsewhere = asks_of([tree for item in rules.terms for tree in (item.certain, item.possible)], self.terms)
        for group in self.groups:
            elsewhere.add(group.asks)
        return regularity(self.edition, self.asks, elsewhere, self.groups)

    def _fact_classes(self) -> dict[str, FactClasses]:
        """Return the classes of all facts that clauses, terms and inferences ask or give."""
        everything = Asks()
        opposed: dict[str, tuple[Any, ...]] = {}
        named = [TermTest(key) for item in self.edition.rules.clauses if item.is_in_words for key in item.terms]
        for each in (*self.asks, *(group.asks for group in self.groups), asks_of(named, self.terms)):
            everything.add(each)
        for group in self.groups:
            opposed |= {key: values for key, values in group.gives.items() if key in group.ruled}
        keys = dict.fromkeys([*everything.facts, *(key for group in self.groups for key in group.gives)])
        return {
            key: FactClasses(key, tuple(everything.facts.get(key, ())), self.vocabulary, opposed=opposed.get(key, ()))
            for key in keys
        }

    def _infer_tables(self) -> Shelf:
        shelf = Shelf()
        for group in self.groups:
            ends = {key: frozenset({OPPOSED}) if key in group.ruled else frozenset() for key in group.gives}
            inputs = self._asked_inputs(group.asks, stages=(STATED,), is_pair=False, also=ends)
            shelf.add(self._table(inputs, (STATED,), lambda row, _pair, _stage, group=group: self._infer(group, row)))
        return shelf

    def _infer(self, group: InferenceGroup, row: int) -> Derived:
        assert self.here is not None
        asks = Asks({**group.asks.facts, **{key: {} for key in group.gives}}, group.asks.tests, group.asks.quotas)
        here = self.here.situation(asks, row, -1, STATED)
        try:
            known = infer(group.rows, here, self.day, kind="rule")
            usual = infer(group.rows, replace(here, facts=known), self.day, kind="usual")
        except InputError as error:
            self.errors.setdefault(str(error), error)
            return Derived(error=str(error))
        added = ((key, value) for key, value in known.items() if key not in here.facts)
        guessed = ((key, value) for key, value in usual.items() if key not in known)
        return Derived(tuple(added), tuple(guessed))

    def _asked_inputs(
        self,
        asks: Asks,
        *,
        stages: Sequence[int],
        is_pair: bool,
        also: Mapping[str, frozenset[Any]] | None = None,
    ) -> list[tuple[Input, tuple[ColumnKey, ...]]]:
        """Return what a question depends on, each with its columns in the stages."""
        found = []
        seen = {key: frozenset(leaves) for key, leaves in asks.facts.items()}
        for key, leaves in (also or {}).items():
            seen[key] = seen.get(key, frozenset()) | leaves
        for key, leaves in seen.items():
            if self.is_status(key):
                columns = tuple(ColumnKey(is_pair, "status", key) for _ in stages)
            else:
                columns = tuple(ColumnKey(False, "fact", key, self._stage(key, stage)) for stage in stages)
            found.append((self._input(self.facts[key], key, leaves), columns))
        for test in asks.tests:
            number = self.tests.index(test)
            column = ColumnKey(is_pair, "place", number)
            found.append((self._input(self.readings[number], test), tuple(column for _ in stages)))
        for quota in asks.quotas:
            classes = self.quotas.setdefault(quota, KeyedClasses())
            columns = tuple(ColumnKey(is_pair, "quota", quota, stage) for stage in stages)
            found.append((self._input(classes, quota), columns))
        return found

    def _stage(self, key: str, stage: int) -> int:
        return stage if key in self.group_of else STATED

    def _input(self, classes: Classes, name: Hashable, leaves: frozenset[Any] = frozenset()) -> Input:
        return self._inputs.setdefault((name, leaves), Input(classes, leaves))

    def _table(
        self, inputs: Sequence[tuple[Input, tuple[ColumnKey, ...]]], stages: Sequence[int], work_out: Any
    ) -> Table:
        columns = [tuple(each[place] for _, each in inputs) for place in range(len(stages))]
        return Table(tuple(each for each, _ in inputs), columns, work_out)

    def _bind(self) -> dict[int, int]:
        """Make a table of every clause that is in force, in the whole place and in units; return it by bound clause."""
        clauses, bindings = self.edition.rules.clauses, self.edition.bindings
        made: dict[tuple[int, bool], int] = {}
        bound: dict[int, int] = {}
        for row, (unit, number) in enumerate(zip(bindings.unit.tolist(), bindings.clause.tolist(), strict=True)):
            if unit == NOWHERE or not clauses[number].period.contains(self.day):
                continue
            key = number, unit != WHOLE_PLACE
            if key not in made:
                made[key] = self.judging.add(self._clause_table(clauses[number], self.asks[number], key[1]))
            bound[row] = made[key]
        return bound

    def _clause_table(self, item: Clause, asks: Asks, is_pair: bool) -> Table:
        stages = (KNOWN, PRESUMED)
        inputs = self._asked_inputs(asks, stages=stages, is_pair=is_pair)
        answers: dict[str, tuple[ColumnKey, ...]] = {}
        for pattern in asks.patterns:
            if pattern == CONCERNS and item.is_in_words:
                answers[pattern] = tuple(ColumnKey(False, "concern", self.concern(item), stage) for stage in stages)
            elif pattern == item.silent_for:
                answers[pattern] = tuple(ColumnKey(False, "silent", "", stage) for stage in stages)
        plain = KeyedClasses((NO, YES, NOT))
        inputs += [(self._input(plain, "answer"), columns) for columns in answers.values()]

        def work_out(row: int, pair: int, place: int) -> Does:
            return self._judge(
                item, asks, {key: columns[place] for key, columns in answers.items()}, (row, pair, stages[place])
            )

        return self._table(inputs, stages, work_out)

    def _judge(self, item: Clause, asks: Asks, answers: Mapping[str, ColumnKey], at: tuple[int, int, int]) -> Does:
        assert self.here is not None
        row, pair, stage = at
        here = self.here.situation(asks, row, pair, stage)
        said = {key: self.here.answer(column, row) for key, column in answers.items()}
        usual = {key: Value(code == YES, origin="usual") for key, code in said.items() if code != NO}
        here = replace(here, facts={**here.facts, **usual}, clause_id=ID, unit_code=UNIT if pair >= 0 else "")
        parts, cell, outcomes = judge(item, here)
        needs = Judged(0, "", item, None, cell, outcomes, parts).needs
        return Does(int(cell), sum(1 << int(value) for value in outcomes), needs)

    def concern(self, item: Clause) -> int:
        """Return the number of the table that says whether a clause in words usually concerns a project."""
        name = (*item.terms, "") if item.is_at_large else item.terms
        if name not in self.concerns:
            asks = asks_of([TermTest(key) for key in item.terms], self.terms)
            inputs = self._asked_inputs(asks, stages=(PRESUMED,), is_pair=False)

            def work_out(row: int, _pair: int, _place: int) -> int:
                assert self.here is not None
                here = self.here.situation(asks, row, -1, PRESUMED)
                found = concern_usually([(ID, replace(item, silent_for=""), "")], here).get(CONCERNS)
                return NO if found is None else YES if found.value else NOT

            self.concerns[name] = self.concerning.add(self._table(inputs, (PRESUMED,), work_out))
        return self.concerns[name]


assert [int(cell) for cell in Cell] == list(range(7)), "compiled loops count on it"
