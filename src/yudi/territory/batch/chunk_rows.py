"""Some rows held against one edition's rule book: their columns of classes, and the situation of any one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yudi.territory.batch.asked import Asks
from yudi.territory.batch.classes import read_as
from yudi.territory.batch.columns import Column, Numbers
from yudi.territory.batch.decision_tables import ColumnKey, Shelf
from yudi.territory.batch.loops import Chunk, look_up
from yudi.territory.batch.places import PlaceTable
from yudi.territory.batch.quotas import Amounts, quota_kinds
from yudi.territory.batch.rule_arrays import Names, assumed_text
from yudi.territory.batch.rule_book import KNOWN, NO, NOT, PRESUMED, Derived, RuleBook
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.place import Reading
from yudi.territory.predicates import PlaceTest, Quota
from yudi.territory.screening import status_in

__all__ = ["ChunkRows", "Stated", "StatusSets"]

Codes = NDArray[np.int32]


class StatusSets:
    """What the status tables say, for every set of units that was met; a set has a number."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self.sets: list[tuple[int, ...]] = []
        self._numbers: dict[tuple[int, ...], int] = {}
        self._values: dict[str, list[Value | None]] = {}
        self._classes: dict[str, Codes] = {}
        self.said: dict[str, Codes] = {}  # of facts that are assumed, by what gives them, the text that says so
        self._of_unit = np.full(len(book.edition.units.geometry), -1, np.int32)

    def of(self, units: tuple[int, ...]) -> int:
        """Return the number of a set of units."""
        number = self._numbers.setdefault(units, len(self.sets))
        if number == len(self.sets):
            self.sets.append(units)
        return number

    def of_units(self, units: NDArray[np.int32]) -> Codes:
        """Return the numbers of the sets of one unit each."""
        found = self._of_unit[units]
        for unit in np.unique(units[found < 0]).tolist():
            self._of_unit[unit] = self.of((unit,))
        return self._of_unit[units]

    def value(self, key: str, number: int) -> Value | None:
        """Return what the tables say of a fact in a set of units."""
        return self.values(key)[number]

    def values(self, key: str) -> list[Value | None]:
        """Return what the tables say of a fact in all sets of units."""
        values = self._values.setdefault(key, [])
        book = self._book
        values += [status_in(book.edition, each, book.day, key) for each in self.sets[len(values) :]]
        return values

    def classes(self, key: str) -> Codes:
        """Return the classes of a fact in all sets of units."""
        found = self._classes.get(key, np.empty(0, np.int32))
        if len(found) < len(self.sets):
            fresh = [self._book.facts[key].of(value) for value in self.values(key)[len(found) :]]
            found = self._classes[key] = np.concatenate([found, np.array(fresh, np.int32)])
        return found


@dataclass(frozen=True)
class Stated:
    """What all rows of a batch state, with the classes of each fact that the book asks."""

    columns: Mapping[str, Column]
    classes: Mapping[str, Codes]


@dataclass
class ChunkRows:
    """Rows ``begin`` to ``end`` of a batch, in one edition.

    Parameters
    ----------
    places : PlaceTable
        Of the whole batch.
    """

    book: RuleBook
    stated: Stated
    places: PlaceTable
    begin: int
    end: int
    sets: StatusSets
    groups: NDArray[np.int32] = field(init=False)
    concerns: NDArray[np.int32] = field(init=False)
    _made: dict[ColumnKey, Codes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = self.places.first[self.begin : self.end + 1]
        self.first = (first - first[0]).astype(np.int64)
        pairs = slice(int(first[0]), int(first[-1]))
        self.unit = self.places.unit[pairs]
        self.is_touch = self.places.is_touch[pairs]
        self.is_whole = self.places.is_whole[pairs]
        self.part_codes = self.places.part_codes[pairs]
        self.codes = self.places.codes[self.begin : self.end]
        empty = np.empty((0, len(self)), np.int32)
        self.groups = self.concerns = empty
        self.book.here = self
        self.groups = self._looked_up(self.book.inferring)
        self.concerns = self._looked_up(self.book.concerning)

    def __len__(self) -> int:
        return self.end - self.begin

    # What may be asked of one row.

    def situation(self, asks: Asks, row: int, pair: int, stage: int) -> Situation:
        """Return the situation of a row, or of a pair (-1: the whole place), for what is asked."""
        keys = (*asks.facts, *asks.amounts)
        stated = {key: self._value(key, row, stage) for key in keys if not self.book.is_status(key)}
        codes = self.codes[row] if pair < 0 else self.part_codes[pair]

        def read(test: PlaceTest, measured: Value | None) -> Reading:
            place = self.book.tests.index(test)
            return read_as(test, measured, self.places.found[place][int(codes[place])])

        def status(key: str) -> Value | None:
            return self.sets.value(key, int(self._sets(is_pair=pair >= 0)[pair if pair >= 0 else row]))

        facts = {key: value for key, value in stated.items() if value is not None}
        return Situation(self.book.vocabulary, facts, self.book.terms, status, read)

    def answer(self, column: ColumnKey, row: int) -> int:
        """Return the class of a row in a column."""
        return int(self.column(column)[row])

    def _value(self, key: str, row: int, stage: int) -> Value | None:
        column = self.stated.columns.get(key)
        value = column.value(self.begin + row) if column is not None else None
        if value is None and stage >= KNOWN and key in self.book.group_of:
            return self._derived_value(key, int(self.groups[self.book.group_of[key], row]), stage)
        return value

    def _derived_value(self, key: str, entry: int, stage: int) -> Value | None:
        derived: Derived = self.book.inferring.entries[entry]
        return derived.value(key, stage)

    # Columns.

    def matrix(self, shelf: Shelf, *, is_pair: bool) -> Codes:
        """Return the columns that the shelf's tables ask, one behind the other."""
        columns = shelf.columns[is_pair]
        found = np.zeros((max(1, len(columns)), len(self.unit) if is_pair else len(self)), np.int32)
        for key, place in columns.items():
            if place in shelf.used(is_pair):
                found[place] = self.column(key)
        return found

    def column(self, key: ColumnKey) -> Codes:
        """Return a column of classes."""
        if key not in self._made:
            self._made[key] = getattr(self, f"_{key.kind}")(key)
        return self._made[key]

    def grow(self, shelf: Shelf) -> bool:
        """Make all columns, so that all classes are known, and room for them; tell whether a table is too wide."""
        for columns in shelf.columns.values():
            for key in columns:
                if key.kind != "fact":
                    self.column(key)
                elif key.stage:
                    self.book.given_classes(str(key.name), key.stage)
        return shelf.grow()

    def chunk(self, shelf: Shelf) -> Chunk:
        """Return the rows as compiled loops take them."""
        rows, pairs = self.matrix(shelf, is_pair=False), self.matrix(shelf, is_pair=True)
        return Chunk(rows, pairs, self.first, self.unit, self.is_touch, self.is_whole)

    def assumed(self, column: ColumnKey | str, texts: Names) -> Codes:
        """Return what is usually answered to a question, or, of a fact by name, the number of the text that says it, and one."""
        if isinstance(column, ColumnKey):
            return self.column(column)
        entries: list[Derived] = self.book.inferring.entries
        codes = self.sets.said.get(column, np.empty(0, np.int32))
        if len(codes) < len(entries):
            values = [dict(entry.usual).get(column) for entry in entries[len(codes) :]]
            fresh = [texts.of(assumed_text(column, value)) + 1 if value is not None else 0 for value in values]
            codes = self.sets.said[column] = np.concatenate([codes, np.array(fresh, np.int32)])
        found: Codes = codes[self.groups[self.book.group_of[column]]]
        return found

    def amounts(self, key: str, stage: int, *, is_pair: bool) -> Amounts:
        """Return the numbers of a fact, of rows or of pairs."""
        if self.book.is_status(key):
            sets = self._sets(is_pair=is_pair)
            return _numbers(self.sets.values(key), sets)
        column = self.stated.columns.get(key)
        codes = column.codes[self.begin : self.end] if column is not None else np.full(len(self), -1, np.int32)
        found = _numbers(column.values if column is not None else [], codes)
        if stage >= KNOWN and key in self.book.group_of:
            entries = self.groups[self.book.group_of[key]]
            known = {entry: self._derived_value(key, entry, stage) for entry in np.unique(entries).tolist()}
            given = _numbers(list(known.values()), np.searchsorted(list(known), entries).astype(np.int32))
            found = Amounts(*(np.where(codes >= 0, mine, other) for mine, other in zip(found, given, strict=True)))
        if is_pair:
            rows = np.repeat(np.arange(len(self)), np.diff(self.first))
            found = Amounts(*(part[rows] for part in found))
        return found

    def _fact(self, key: ColumnKey) -> Codes:
        name = str(key.name)
        own = self.stated.classes.get(name)
        found = own[self.begin : self.end] if own is not None else np.zeros(len(self), np.int32)
        if key.stage == 0:
            return found
        entries = self.groups[self.book.group_of[name]]
        return np.where(found > 0, found, self.book.given_classes(name, key.stage)[entries]).astype(np.int32)

    def _status(self, key: ColumnKey) -> Codes:
        sets = self._sets(is_pair=key.is_pair)
        found: Codes = self.sets.classes(str(key.name))[sets]
        return found

    def _place(self, key: ColumnKey) -> Codes:
        place = int(key.name)  # type: ignore[call-overload]
        classes = self.book.readings[place]
        by_code: Codes = np.array([classes.of(found) for found in self.places.found[place]], np.int32)
        found: Codes = by_code[(self.part_codes if key.is_pair else self.codes)[:, place]]
        return found

    def _quota(self, key: ColumnKey) -> Codes:
        quota = key.name
        assert isinstance(quota, Quota)
        rooms = [self.amounts(room, key.stage, is_pair=key.is_pair) for room in quota.headroom]
        kinds = quota_kinds(self.amounts(quota.amount, key.stage, is_pair=key.is_pair), rooms)
        distinct, inverse = np.unique(kinds, return_inverse=True)
        return np.array([self.book.quotas[quota].of(kind) for kind in distinct.tolist()], np.int32)[inverse]

    def _concern(self, key: ColumnKey) -> Codes:
        if key.stage != PRESUMED:
            return np.full(len(self), NO, np.int32)
        entries = np.array([int(entry) for entry in self.book.concerning.entries], np.int32)
        return entries[self.concerns[int(key.name)]]  # type: ignore[call-overload]

    def _silent(self, key: ColumnKey) -> Codes:
        return np.full(len(self), NOT if key.stage == PRESUMED else NO, np.int32)

    # Sets of units.

    def _sets(self, *, is_pair: bool) -> Codes:
        """Return the numbers of the sets of rows or of pairs; taken first, for only of numbered sets anything is said."""
        return self._pair_sets if is_pair else self._row_sets

    @cached_property
    def _pair_sets(self) -> Codes:
        return self.sets.of_units(self.unit)

    @cached_property
    def _row_sets(self) -> Codes:
        """Return the set of units of every row, touches left out."""
        rows = np.repeat(np.arange(len(self)), np.diff(self.first))[~self.is_touch]
        units = self.unit[~self.is_touch]
        counts = np.bincount(rows, minlength=len(self))
        found = np.empty(len(self), np.int32)
        found[counts == 0] = self.sets.of(()) if (counts == 0).any() else 0
        alone = counts[rows] == 1
        found[rows[alone]] = self.sets.of_units(units[alone])
        ends = np.cumsum(counts)
        for row in np.flatnonzero(counts > 1).tolist():
            found[row] = self.sets.of(tuple(units[ends[row] - counts[row] : ends[row]].tolist()))
        return found

    # Looking up.

    def _looked_up(self, shelf: Shelf) -> NDArray[np.int32]:
        """Return the entry of every table of a shelf for every row."""
        found = np.zeros((len(shelf.tables), len(self)), np.int32)
        if not shelf.tables or not len(self):
            return found
        if self.grow(shelf):
            raise OverflowError("a question of terms or inferences depends on too much")
        rows = self.matrix(shelf, is_pair=False)
        is_done = False
        while not is_done:
            pending = shelf.pending()
            is_done = look_up(shelf.packed(0), rows, pending, found)
            settled = shelf.settle(pending, 0, rows, rows)
        waits = found <= -2
        if waits.any():
            found[waits] = settled[-2 - found[waits]]
        return found


def _numbers(values: Any, codes: Codes) -> Amounts:
    """Return the numbers that codes stand for."""
    if isinstance(values, Numbers):
        numbers = np.append(values.numbers, np.nan)
        return Amounts(numbers[codes], np.zeros(len(codes)))
    known = [(value.value, value.accuracy) if value is not None else (np.nan, 0.0) for value in values]
    pairs = np.array([*known, (np.nan, 0.0)], float)
    return Amounts(pairs[codes, 0], pairs[codes, 1])
