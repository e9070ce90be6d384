"""Which values no leaf can tell apart: such values share a class, and a clause is judged once for each class.

A class is the truths of all leaves that ask the fact. The first class, 0, is that of a fact that is not known.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from yudi.core.logic import F, T, Truth, U
from yudi.core.quantities import convert
from yudi.territory.batch.columns import Column, Numbers
from yudi.territory.batch.places import Found
from yudi.territory.batch.ranges import range_truths
from yudi.territory.evaluation import Situation, evaluate
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.place import Reading, with_stated
from yudi.territory.predicates import FactIn, FactRange, Leaf, PlaceTest

__all__ = ["OPPOSED", "Classes", "FactClasses", "KeyedClasses", "no_reading", "read_as"]

_BITS = 62  # of a whole number, to pack truths into
_SMALL = 18  # bits of which every combination is worth a place in an array


class Classes(Protocol):
    """Classes of one kind of answer, which grow as new answers are met."""

    def __len__(self) -> int:
        """Return how many classes there are."""

    def seen_by(self, number: int, leaves: frozenset[Any]) -> Hashable:
        """Return what of a class some leaves can see; classes of which they see the same are one to them."""


class KeyedClasses:
    """Classes of answers that are told apart whole: readings of a place test, what a quota comes to, plain answers."""

    def __init__(self, first: Iterable[Hashable] = ()) -> None:
        self.keys: dict[Hashable, int] = {}
        for key in first:
            self.of(key)

    def __len__(self) -> int:
        return len(self.keys)

    def of(self, key: Hashable) -> int:
        """Return the class of an answer."""
        return self.keys.setdefault(key, len(self.keys))

    def seen_by(self, number: int, leaves: frozenset[Any]) -> Hashable:  # noqa: ARG002 - all see all
        """Return the class itself."""
        return number


class FactClasses:
    """Classes of the values of one fact.

    Parameters
    ----------
    asked : sequence of Leaf
        All leaves that ask the fact.
    opposed : sequence of values
        Values that a rule gives, to which a stated one may be opposed.
    """

    def __init__(self, key: str, asked: Sequence[Leaf], vocabulary: Vocabulary, *, opposed: Sequence[Any] = ()) -> None:
        self.key = key
        self.asked = {leaf: place for place, leaf in enumerate(asked)}
        self._fact = vocabulary.fact(key)
        self._vocabulary = vocabulary
        self._opposed = tuple(opposed)
        self._numbers: dict[Hashable, int] = {None: 0}
        self._signatures: list[Any] = [None]
        self._by_value: dict[Any, int] = {}
        self._singles: dict[Any, bytes] = {}
        is_code = self._fact is not None and self._fact.type == "code"
        self._reaches = [self._reach(leaf) if is_code and isinstance(leaf, FactIn) else None for leaf in asked]

    def __len__(self) -> int:
        return len(self._signatures)

    def of(self, value: Value | None) -> int:
        """Return the class of a value."""
        if value is None:
            return 0
        key = (value.value, value.accuracy, value.value.__class__)
        found = self._by_value.get(key)
        if found is None:
            found = self._by_value[key] = self._numbered(self._signature(value))
        return found

    def of_column(self, column: Column) -> NDArray[np.int32]:
        """Return the class of every row of a column."""
        if isinstance(column.values, Numbers):
            classes = self._of_numbers(column.values.numbers)
        else:
            classes = np.array([self.of(value) for value in column.values], np.int32)
        found = np.append(classes, np.int32(0))[column.codes]  # the code -1 takes the last
        return found.astype(np.int32)

    def seen_by(self, number: int, leaves: frozenset[Any]) -> Hashable:
        """Return what of a class some leaves can see; `OPPOSED` among them sees what a rule may be held against."""
        signature = self._signatures[number]
        if signature is None:
            return None
        truths, opposed = signature
        places = [self.asked[leaf] for leaf in self.asked if leaf in leaves]
        seen = tuple(bytes([single[place] for place in places]) for single in truths)
        return seen, opposed if OPPOSED in leaves else None

    def _numbered(self, signature: Hashable) -> int:
        found = self._numbers.setdefault(signature, len(self._signatures))
        if found == len(self._signatures):
            self._signatures.append(signature)
        return found

    def _signature(self, value: Value) -> Hashable:
        """Return the truths of all leaves for each single value, and what a rule may be held against."""
        if isinstance(value.value, tuple):
            truths = tuple(self._single(one, value) for one in value.value)
        else:
            truths = (bytes([self._truth(leaf, value) for leaf in self.asked]),)
        return truths, self._held(value)

    def _held(self, value: Value) -> Hashable:
        if not self._opposed:
            return None
        if isinstance(value.value, float):
            return next((place for place, other in enumerate(self._opposed) if value.value == other), -1)
        return (value.value,)

    def _single(self, one: Any, value: Value) -> bytes:
        key = (one, value.accuracy)
        if key not in self._singles:
            alone = Value((one,), value.accuracy)
            pairs = zip(self.asked, self._reaches, strict=True)
            self._singles[key] = bytes(
                [
                    self._truth(leaf, alone)
                    if reach is None
                    else int(T if one in reach[0] else U if one in reach[1] else F)
                    for leaf, reach in pairs
                ]
            )
        return self._singles[key]

    def _reach(self, leaf: FactIn) -> tuple[frozenset[str], frozenset[str]]:
        """Return the codes that the leaf's codes cover, and those above, which may mean one of them."""
        assert self._fact is not None
        system = self._vocabulary.systems[str(self._fact.system)]
        below = frozenset(code for wide in leaf.values for code in system.descendants(wide))
        above = frozenset(code for wide in leaf.values for code in system.ancestors(wide))
        return below, above - below

    def _truth(self, leaf: Leaf, value: Value) -> Truth:
        if isinstance(leaf, PlaceTest):
            if leaf.kind == "within":
                return read_as(leaf, value, (U, ())).value
            return T if value.value else F
        here = Situation(self._vocabulary, {self.key: value}, {}, lambda _: None, no_reading)
        return evaluate(leaf, here).state.value

    def _of_numbers(self, numbers: NDArray[np.float64]) -> NDArray[np.int32]:
        """Return the classes of plain numbers by arrays; only one number of each class is looked at by itself."""
        exact = np.zeros(len(numbers))
        kinds = _Kinds(np.isnan(numbers).astype(np.int64), 1)
        for leaf in self.asked:
            if not isinstance(leaf, FactRange):
                continue  # a plain number is no code and no truth, whichever it is
            ends = [end * self._factor(leaf) if isinstance(end, int | float) else None for end in (leaf.low, leaf.high)]
            truths = range_truths(numbers, exact, ends[0], ends[1], low_open=leaf.low_open, high_open=leaf.high_open)
            kinds.add(truths, 2)
        for value in self._opposed:
            if isinstance(value, float):
                kinds.add(numbers == value, 1)
        samples, inverse = kinds.samples()
        there = [None if np.isnan(numbers[row]) else Value(float(numbers[row])) for row in samples.tolist()]
        return np.array([self.of(value) for value in there], np.int32)[inverse]

    def _factor(self, leaf: FactRange) -> float:
        unit = self._fact.unit if self._fact is not None else None
        return convert(1.0, leaf.unit, unit) if leaf.unit and unit else 1.0


class _Kinds:
    """Rows sorted by what was found of them, a few bits at a time."""

    def __init__(self, packed: NDArray[np.int64], bits: int) -> None:
        self._packed = packed
        self._bits = bits

    def add(self, found: NDArray[Any], bits: int) -> None:
        """Tell apart rows of which another thing was found."""
        if self._bits + bits > _BITS:
            self._packed = np.unique(self._packed, return_inverse=True)[1].astype(np.int64)
            self._bits = max(1, int(self._packed.max(initial=0)).bit_length())
        self._packed |= found.astype(np.int64) << self._bits
        self._bits += bits

    def samples(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return one row of each kind, and the kind of each row."""
        if self._bits > _SMALL:
            _, rows, inverse = np.unique(self._packed, return_index=True, return_inverse=True)
            return rows, inverse
        sample = np.full(1 << self._bits, -1, np.intp)
        sample[self._packed] = np.arange(len(self._packed))
        kinds = np.flatnonzero(sample >= 0)
        places = np.empty(len(sample), np.intp)
        places[kinds] = np.arange(len(kinds))
        return sample[kinds], places[self._packed]


OPPOSED = "opposed"
"""Stands among leaves for the rules that a stated value may be opposed to."""


def read_as(test: PlaceTest, stated: Value | None, found: Found) -> Reading:
    """Return what a place test finds where the map says so and a measurement may be stated: as `Place` reads it."""
    reading = Reading(*found)
    return reading if stated is None else with_stated(test, stated, lambda: reading)


def no_reading(test: PlaceTest, stated: Value | None) -> Reading:  # noqa: ARG001 - as `Place.read` is called
    """Stand for the place where a tree asks none."""
    raise AssertionError(f"the place is not asked here: {test}")
