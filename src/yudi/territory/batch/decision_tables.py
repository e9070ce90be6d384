"""Tables from classes to what was worked out for them; what was never met is worked out when it is met first.

A table lists what a question depends on (`Input`). Of each input it only tells apart the classes that the question
can tell apart, so that few combinations are left; and of these only those are worked out that some row has.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yudi.territory.batch.classes import Classes
from yudi.territory.batch.loops import EMPTY, Packed, Pending

__all__ = ["ColumnKey", "Input", "Shelf", "Table"]

_DENSE_MAX = 1 << 14  # combinations for which a table has its places side by side
_KEY_BITS = 62
_PENDING = 1 << 14  # combinations worked out at one time


class ColumnKey(NamedTuple):
    """A column of classes: of the rows, or of the pairs of row and unit; the stage is one of the row's three states."""

    is_pair: bool
    kind: str
    name: Hashable
    stage: int = 0


class Input:
    """The classes of one kind of answer as some leaves see them; what they cannot tell apart has one number here."""

    def __init__(self, classes: Classes, leaves: frozenset[Any]) -> None:
        self._classes = classes
        self._leaves = leaves
        self._numbers: dict[Hashable, int] = {}
        self.numbers: list[int] = []

    def grow(self) -> None:
        """Number the classes that are new."""
        if len(self.numbers) == len(self._classes):
            return
        for place in range(len(self.numbers), len(self._classes)):
            seen = self._classes.seen_by(place, self._leaves)
            self.numbers.append(self._numbers.setdefault(seen, len(self._numbers)))

    @property
    def room(self) -> int:
        """How many numbers there is room for: a power of two, so that it grows seldom."""
        return 1 << max(0, len(self._numbers) - 1).bit_length()


@dataclass
class Table:
    """One question: what it depends on, and how its answer is worked out for a row (and pair) in a stage.

    Parameters
    ----------
    columns : tuple of ColumnKey, one an input, for each stage in which it is asked
    """

    inputs: tuple[Input, ...]
    columns: Sequence[tuple[ColumnKey, ...]]
    work_out: Callable[[int, int, int], Hashable]
    known: dict[tuple[int, ...], int] = field(default_factory=dict)
    rooms: tuple[int, ...] = ()


class Shelf:
    """Tables that are looked up together, in one or several stages."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.entries: list[Any] = []
        self.columns: dict[bool, dict[ColumnKey, int]] = {False: {}, True: {}}
        self._numbers: dict[Hashable, int] = {}
        self._packed: list[Packed] = []
        self._sizes: list[int] = []
        self._used: dict[bool, frozenset[int]] = {False: frozenset(), True: frozenset()}
        self._hashed = 0
        self._inputs: list[Input] = []
        self.worked_out = 0

    def add(self, table: Table) -> int:
        """Put a table on the shelf; return its number."""
        for stage in table.columns:
            for key in stage:
                own = self.columns[key.is_pair]
                own.setdefault(key, len(own))
        self.tables.append(table)
        self._inputs = list({id(each): each for each in (*self._inputs, *table.inputs)}.values())
        return len(self.tables) - 1

    def grow(self) -> bool:
        """Make room for classes that are new; tell whether a table is too wide for its key."""
        for each in self._inputs:
            each.grow()
        sizes = [len(each.numbers) for each in self._inputs]
        if sizes == self._sizes and self._packed:
            return False
        self._sizes = sizes
        rooms = [tuple(each.room for each in table.inputs) for table in self.tables]
        if any(sum(room.bit_length() - 1 for room in each) > _KEY_BITS for each in rooms):
            return True
        is_same = bool(self._packed) and rooms == [table.rooms for table in self.tables]
        for table, room in zip(self.tables, rooms, strict=True):
            table.rooms = room
        self._lay_out(is_same)
        return False

    def packed(self, stage: int) -> Packed:
        """Return the tables as arrays, with the columns of a stage."""
        return self._packed[stage]

    def used(self, is_pair: bool) -> frozenset[int]:
        """Return the places of the columns of which some table tells classes apart."""
        return self._used[is_pair]

    def pending(self) -> Pending:
        """Return room for what has to be worked out."""
        count = np.array([0, self._hashed], np.int64)
        return Pending(count, *(np.empty(_PENDING, np.int64) for _ in range(4)))

    def settle(self, pending: Pending, stage: int, rows: NDArray[Any], pairs: NDArray[Any]) -> NDArray[np.int32]:
        """Work out what is pending; return the entries by the numbers under which they waited."""
        count = int(pending.count[0])
        found = np.empty(count, np.int32)
        packed = self._packed[stage]
        waiting = zip(*(part[:count].tolist() for part in pending[1:]), strict=True)
        for number, (table_number, row, pair, place) in enumerate(waiting):
            table = self.tables[table_number]
            entry = self._entry(table.work_out(row, pair, stage))
            codes = (
                pairs[self.columns[True][key], pair] if key.is_pair else rows[self.columns[False][key], row]
                for key in table.columns[stage]
            )
            table.known[tuple([each.numbers[code] for each, code in zip(table.inputs, codes, strict=True)])] = entry
            packed.store[place] = found[number] = entry
        self.worked_out += count
        self._hashed = int(pending.count[1])
        if 4 * self._hashed >= len(packed.hash_key):
            self._lay_out(False)
        return found

    def _entry(self, made: Hashable) -> int:
        number = self._numbers.setdefault(made, len(self.entries))
        if number == len(self.entries):
            self.entries.append(made)
        return number

    def _lay_out(self, is_same: bool) -> None:
        """Lay the tables out flat; where no table needs more room what is in the store stays as it is."""
        starts, map_starts, maps, bases = [0], [], [], []
        columns: list[list[int]] = [[] for _ in range(max((len(table.columns) for table in self.tables), default=1))]
        size = total = 0
        for table in self.tables:
            radix = 1
            for place, (each, room) in enumerate(zip(table.inputs, table.rooms, strict=True)):
                if room == 1:
                    continue
                map_starts.append(total)
                maps.append(np.array(each.numbers, np.int64) * radix)
                total += len(each.numbers)
                radix *= room
                for stage, found in enumerate(columns):
                    key = table.columns[min(stage, len(table.columns) - 1)][place]
                    column = self.columns[key.is_pair][key]
                    found.append(~column if key.is_pair else column)
            starts.append(len(map_starts))
            bases.append(size if radix <= _DENSE_MAX else -1)
            size += radix if radix <= _DENSE_MAX else 0
        every = {column for part in columns for column in part}
        self._used = {False: frozenset(at for at in every if at >= 0), True: frozenset(~at for at in every if at < 0)}
        joined = np.concatenate(maps) if maps else np.empty(0, np.int64)
        flat = [np.array(part, np.int64) for part in (starts, map_starts, bases)]
        if is_same:
            old = self._packed[0]
            kept = (old.store, old.dense, old.hash_table, old.hash_key)
        else:
            kept = self._stored(flat[2], size)
        self._packed = [
            Packed(flat[0], np.array(column, np.int64), flat[1], joined, flat[2], *kept) for column in columns
        ]

    def _stored(self, bases: NDArray[np.int64], size: int) -> tuple[Any, ...]:
        """Return a store with all that is known."""
        wide = sum(len(table.known) for table, base in zip(self.tables, bases, strict=True) if base < 0)
        slots = 1 << max(16, (8 * wide).bit_length())
        store = np.full(size + slots, EMPTY, np.int32)
        hash_table, hash_key = np.full(slots, -1, np.int64), np.zeros(slots, np.int64)
        self._hashed = wide
        for number, (table, base) in enumerate(zip(self.tables, bases.tolist(), strict=True)):
            radices = np.concatenate([[1], np.cumprod(np.array(table.rooms, np.int64))])[: len(table.rooms)]
            for classes, entry in table.known.items():
                key = int(np.dot(np.array(classes, np.int64), radices)) if classes else 0
                if base >= 0:
                    store[base + key] = entry
                else:
                    place = _slot(hash_table, number, key)
                    hash_table[place], hash_key[place], store[size + place] = number, key, entry
        return store, size, hash_table, hash_key


def _slot(hash_table: NDArray[np.int64], table: int, key: int) -> int:
    """Return the free slot where the compiled loop looks for a key that is new."""
    mask = len(hash_table) - 1
    mixed = (key * 0x9E3779B97F4A7C15 + table * 0xC2B2AE3D27D4EB4F) & 0xFFFFFFFFFFFFFFFF
    place = (mixed >> 20) & mask
    while hash_table[place] >= 0:
        place = (place + 1) & mask
    return place
