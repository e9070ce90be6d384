"""What a fact could be instead: one value for everything that the clauses tell apart, the nearest to what it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from yudi.core.quantities import convert
from yudi.territory.evaluation import Situation, evaluate
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.predicates import FactIn, FactRange, Leaf, Quota

__all__ = ["can_change", "changes"]

_TYPES = ("truth", "number", "code", "choice", "text", "date")
_SUBSETS = 6  # of so many values of a fact every part is tried, of more only each without one


def can_change(key: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a project can state the fact otherwise: it is its own, and of its design or a measure."""
    fact = vocabulary.fact(key)
    return fact is not None and fact.provider == "project" and fact.is_changeable and fact.type in _TYPES


def changes(
    key: str,
    asked: Sequence[tuple[Leaf, Situation]],
    vocabulary: Vocabulary,
    *,
    ruled: Sequence[Value] = (),
    stated: Value | None = None,
    presumed: Value | None = None,
    usual: Value | None = None,
) -> tuple[tuple[Value, ...], ...]:
    """Return the values that the fact could be stated to have instead, those together that no clause tells apart.

    Parameters
    ----------
    asked : sequence of (Leaf, Situation)
        Every test of the fact, with where it is made.
    ruled : sequence of Value
        What rules may make of it, which a project must not contradict.
    stated, presumed : Value or None
        What the project says, and what is presumed; of numbers the nearest is tried.
    usual : Value or None
        What would be presumed if the project said nothing; it goes first among those that no clause tells apart.

    Notes
    -----
    No amount is proposed to be nothing, unless it is not stated yet and one of a family, such as that of a pollutant:
    a project without capacity is none, and what it has it does not lose. Numbers and days are those at, between and
    beyond the ends that are compared with. Of choices each is tried, and what is stated without some; of codes those
    that are named. Another word for a process may mean the same, so of
    a text only parts of what is stated are tried.
    """
    fact = vocabulary.fact(key)
    assert fact is not None, "only facts of the vocabulary are changed"
    if fact.type == "truth":
        found: list[Any] = [True, False]
    elif fact.type in ("number", "date"):
        found = _around(key, fact, stated or presumed, asked)
        if fact.type == "number":
            found = _amounts(found, can_be_none=_is_one_of_many(key, vocabulary) and not (stated and stated.value))
    else:
        found = _sets(fact, stated, asked)
    by_rule = [value.value for value in ruled]
    same: dict[Any, list[Value]] = {}
    for item in dict.fromkeys([*found, *by_rule] if asked else by_rule):
        if stated is None or item != stated.value:
            value = Value(item)
            kind = item if fact.type in ("number", "date") else _signature(key, value, asked)
            same.setdefault((kind, by_rule.index(item) if item in by_rule else -1), []).append(value)
    for group in same.values():
        group.sort(key=lambda value: usual is None or value.value != usual.value)
    return tuple(tuple(group) for group in same.values())


def _signature(key: str, value: Value, asked: Sequence[tuple[Leaf, Situation]]) -> tuple[int, ...]:
    """Return what the value comes to in every test of the fact, whether it triggers or frees."""
    heres = ((leaf, replace(here, facts={key: value})) for leaf, here in asked)
    return tuple(int(evaluate(leaf, here, frees=frees).state.value) for leaf, here in heres for frees in (False, True))


def _sets(fact: Fact, now: Value | None, asked: Sequence[tuple[Leaf, Situation]]) -> list[tuple[str, ...]]:
    """Return parts of what is stated, then single choices or codes."""
    stated = tuple(now.value) if now is not None else ()
    least = 1 if len(stated) <= _SUBSETS else len(stated) - 1
    found = [part for size in range(len(stated) - 1, least - 1, -1) for part in combinations(stated, size)]
    if fact.type == "choice":
        found += [(choice,) for choice in fact.choices]
    elif fact.type == "code":
        canonical = asked[0][1].vocabulary.systems[str(fact.system)].canonical
        named = [canonical(value) for leaf, _ in asked if isinstance(leaf, FactIn) for value in leaf.values]
        found += [(code,) for code in named]
    return list(dict.fromkeys(found))


def _around(key: str, fact: Fact, now: Value | None, asked: Sequence[tuple[Leaf, Situation]]) -> list[Any]:
    """Return the ends that the tests compare with, and the value nearest to what is in each stretch between them."""
    ends = sorted({end for leaf, situation in asked for end in _ends(leaf, situation, key, fact)})
    if not ends:
        return []
    at = now.value if now is not None else None
    if isinstance(ends[0], date):
        return _days(ends, at)
    found: dict[float, None] = {}
    for low, high in pairwise([-math.inf, *ends, math.inf]):
        found[_between(low, high, at)] = None
        found[high] = None
    least = 0.0 if fact.unit else -math.inf  # an amount is not negative
    return [value for value in found if math.isfinite(value) and value >= least]


def _amounts(found: Sequence[float], *, can_be_none: bool) -> list[float]:
    """Return the numbers that a project can have; where some are negative they are no amounts, and all are kept."""
    if any(value < 0 for value in found):
        return list(found)
    return [value for value in found if value > 0 or can_be_none]


def _is_one_of_many(key: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a fact is a member of a family (one pollutant of all): a project need not have each of them."""
    return any(name.endswith("*") and key.startswith(name[:-1]) for name in vocabulary.facts)


def _days(ends: Sequence[date], at: date | None) -> list[date]:
    day = timedelta(1)
    found = {*ends, ends[0] - day, ends[-1] + day}
    for low, high in pairwise(ends):
        if high - low > day:
            found.add(low + day if at is not None and at <= low else high - day)
    return sorted(found)


def _between(low: float, high: float, at: float | None) -> float:
    """Return a round number between two ends: that nearest to what is, else near the higher end."""
    if at is not None and low < at < high:
        return at
    is_below = math.isfinite(high) and (not math.isfinite(low) or at is None or at >= high)
    value = high - _step(high) if is_below else low + _step(low)
    return value if low < value < high else low + (high - low) / 2


def _step(end: float) -> float:
    """Return a hundredth to a thousandth of a number, round: of 35 it is 0.1."""
    return 10.0 ** (math.floor(math.log10(abs(end))) - 2) if end else 1.0


def _ends(leaf: Leaf, situation: Situation, key: str, fact: Fact) -> list[Any]:
    if isinstance(leaf, FactRange):
        unit = leaf.unit if leaf.unit and fact.unit else None
        found = [end for end in (leaf.low, leaf.high) if end is not None]
        return [
            convert(float(end), unit, str(fact.unit)) if unit and not isinstance(end, date) else end for end in found
        ]
    if isinstance(leaf, Quota) and leaf.amount == key:
        rooms = [room for name in leaf.headroom if (room := situation.value(name)) is not None]
        least = min((float(room.value) - room.accuracy for room in rooms), default=-1.0)
        return [0.0, least] if least > 0 else [0.0]
    return []
