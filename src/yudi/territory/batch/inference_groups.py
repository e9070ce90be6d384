"""Inference rows in groups that have nothing to do with one another, so that each is worked out for few combinations.

Two rows belong together where one gives what the other asks or gives. What a group gives does not hang on the
others: rounds in which only they add something leave it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yudi.territory.batch.asked import Asks, asks_of
from yudi.territory.batch.classes import no_reading
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.presumption import RowReader
from yudi.territory.terms import Inference, Term

__all__ = ["InferenceGroup", "inference_groups"]


@dataclass(frozen=True)
class InferenceGroup:
    """Rows of inference tables that hang together, in their order, with what they ask and give.

    Parameters
    ----------
    gives : mapping of fact key to the values that rows give
    ruled : frozenset of str
        Keys that a rule gives, to which a stated value may be opposed.
    """

    rows: tuple[Inference, ...]
    asks: Asks
    gives: Mapping[str, tuple[Any, ...]]
    ruled: frozenset[str]


def inference_groups(
    rows: Sequence[Inference], vocabulary: Vocabulary, terms: Mapping[str, Term], day: date
) -> tuple[InferenceGroup, ...]:
    """Return the groups of the rows that count on the day.

    Raises
    ------
    InputError
        For a row that gives what no vocabulary knows.
    """
    nowhere = Situation(vocabulary, {}, terms, lambda _: None, no_reading)
    counting = [row for row in rows if row.period.contains(day)]
    given = [RowReader().gives(row, nowhere, row.kind) for row in counting]
    asked = [asks_of([row.when], terms) for row in counting]
    giving: dict[str, list[int]] = {}
    for number, values in enumerate(given):
        for key in values:
            giving.setdefault(key, []).append(number)
    joined = list(range(len(counting)))
    for number, asks in enumerate(asked):
        for key in (*given[number], *asks.facts, *asks.amounts):
            for other in giving.get(key, ()):
                _join(joined, number, other)
    groups: dict[int, list[int]] = {}
    for number in range(len(counting)):
        groups.setdefault(_head(joined, number), []).append(number)
    return tuple(_group(numbers, counting, given, asked) for numbers in groups.values())


def _head(joined: list[int], number: int) -> int:
    while joined[number] != number:
        number = joined[number]
    return number


def _join(joined: list[int], one: int, other: int) -> None:
    heads = sorted((_head(joined, one), _head(joined, other)))
    joined[heads[1]] = heads[0]


def _group(
    numbers: Sequence[int],
    rows: Sequence[Inference],
    given: Sequence[Mapping[str, Value]],
    asked: Sequence[Asks],
) -> InferenceGroup:
    asks = Asks()
    gives: dict[str, dict[Any, None]] = {}
    for number in numbers:
        asks.add(asked[number])
        for key, value in given[number].items():
            gives.setdefault(key, {})[value.value] = None
    ruled = frozenset(key for number in numbers if rows[number].kind == "rule" for key in given[number])
    return InferenceGroup(
        tuple(rows[number] for number in numbers), asks, {key: tuple(values) for key, values in gives.items()}, ruled
    )
