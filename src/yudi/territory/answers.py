"""Which answers to a fact would make a difference: one for everything that the clauses tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from yudi.core.quantities import convert
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.predicates import FactIn, FactRange, Leaf, PlaceTest, Quota

__all__ = ["options"]

_PLENTY = 1e15  # of any unit: more than every headroom, and more than any headroom allows


def options(asked: Sequence[Leaf], key: str, vocabulary: Vocabulary) -> tuple[Value, ...]:
    """Return one value of the fact for every different set of answers that the leaves can give to it.

    Of numbers and dates those at, between and beyond the ends that are compared with; of codes and choices each
    one that is named, and none of them; else false and true.

    Examples
    --------
    >>> [answer.value for answer in options([FactRange("depth", low=3.0)], "depth", Vocabulary())]
    [2.0, 3.0, 4.0]
    """
    named: dict[tuple[str, ...], None] = {}
    ends: set[Any] = set()
    for leaf in asked:
        if isinstance(leaf, FactIn):
            named |= {(_canonical(value, key, vocabulary),): None for value in leaf.values}
        elif isinstance(leaf, FactRange):
            ends |= {_in_unit(end, leaf, key, vocabulary) for end in (leaf.low, leaf.high) if end is not None}
        elif isinstance(leaf, Quota):
            ends |= {0.0, _PLENTY}
        elif isinstance(leaf, PlaceTest) and leaf.kind == "within":
            ends.add(leaf.distance_m)
    found: list[Any] = [*named, ()] if named else _around(sorted(ends)) if ends else [False, True]
    return tuple(Value(value, origin="tried") for value in found)


def _canonical(value: str, key: str, vocabulary: Vocabulary) -> str:
    fact = vocabulary.fact(key)
    return vocabulary.systems[fact.system].canonical(value) if fact is not None and fact.system else value


def _in_unit(end: float | date, leaf: FactRange, key: str, vocabulary: Vocabulary) -> float | date:
    fact = vocabulary.fact(key)
    if isinstance(end, date) or not leaf.unit or fact is None or not fact.unit:
        return end
    return convert(float(end), leaf.unit, fact.unit)


def _around(ends: list[Any]) -> list[Any]:
    """Return values below, at, between and above the ends; the middle of two neighbouring days may be one of them."""
    step: Any = timedelta(1) if isinstance(ends[0], date) else 1.0
    between = [low + (high - low) / 2 for low, high in pairwise(ends)]
    return sorted({ends[0] - step, *ends, *between, ends[-1] + step})
