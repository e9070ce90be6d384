"""Can a predicate be true of any project at any place? Found out from its form, without a project.

Only what is sure is said: a predicate that is called impossible is never true; one that is not may still be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yudi.core.errors import YudiError
from yudi.core.logic import T
from yudi.core.quantities import convert
from yudi.territory.facts import Vocabulary
from yudi.territory.predicates import (
    All,
    Any_,
    FactIn,
    FactIs,
    FactRange,
    Leaf,
    Node,
    Not,
    PlaceTest,
    Quota,
    TermTest,
)

__all__ = ["can_hold"]

_STEPS = 20_000  # branches that are tried; a tree that needs more counts as possible
_PLAIN_ENDS = (-math.inf, math.inf)


@dataclass
class _Search:
    vocabulary: Vocabulary
    is_term_empty: Mapping[str, bool]
    steps: int = field(default=0)


def can_hold(
    claims: list[tuple[Node, bool]], vocabulary: Vocabulary, is_term_empty: Mapping[str, bool] | None = None
) -> bool:
    """Tell whether all claims can come out as they say together: each a tree, and whether it is to be true or false.

    Parameters
    ----------
    is_term_empty : mapping of term to bool
        Terms as which no project can count.

    Examples
    --------
    >>> heavy, light = FactRange("load", low=5.0), FactRange("load", high=3.0)
    >>> can_hold([(heavy, True), (light, True)], Vocabulary()), can_hold([(heavy, True), (light, False)], Vocabulary())
    (False, True)
    """
    return _holds(tuple(claims), (), _Search(vocabulary, is_term_empty or {}))


def _holds(todo: tuple[tuple[Node, bool], ...], said: tuple[tuple[Leaf, bool], ...], search: _Search) -> bool:
    search.steps += 1
    if not todo or search.steps > _STEPS:
        return True
    (node, sign), rest = todo[0], todo[1:]
    if isinstance(node, Not):
        return _holds(((node.part, not sign), *rest), said, search)
    if isinstance(node, All | Any_):
        if isinstance(node, All) is sign:
            return _holds((*((part, sign) for part in node.parts), *rest), said, search)
        return any(_holds((*rest, (part, sign)), said, search) for part in node.parts)
    if not _is_consistent(node, sign, said, search):
        return False
    return _holds(rest, (*said, (node, sign)), search)


def _is_consistent(leaf: Leaf, sign: bool, said: tuple[tuple[Leaf, bool], ...], search: _Search) -> bool:
    """Tell whether a leaf can come out so beside those that were said before."""
    if (leaf, not sign) in said:
        return False
    alike = [(other, value) for other, value in said if type(other) is type(leaf)]
    if isinstance(leaf, TermTest):
        return not (sign and search.is_term_empty.get(leaf.term, False))
    if isinstance(leaf, FactIs):
        return all(
            other.fact != leaf.fact or (other.value is value) is (leaf.value is sign)
            for other, value in alike
            if isinstance(other, FactIs)
        )
    if isinstance(leaf, FactIn):
        values = [(one, value) for one, value in (*alike, (leaf, sign)) if isinstance(one, FactIn)]
        return _has_value([(one, value) for one, value in values if one.fact == leaf.fact], search.vocabulary)
    if isinstance(leaf, FactRange):
        ranges = [(one, value) for one, value in (*alike, (leaf, sign)) if isinstance(one, FactRange)]
        return _has_number([(one, value) for one, value in ranges if one.fact == leaf.fact], search.vocabulary)
    if isinstance(leaf, Quota):
        return True
    if sign and any(part.low is not None and part.high is not None and part.low > part.high for part in leaf.where):
        return False
    places = [(one, value) for one, value in alike if isinstance(one, PlaceTest)]
    if sign:
        return not any(_implies(leaf, other) for other, value in places if not value)
    return not any(_implies(other, leaf) for other, value in places if value)


def _implies(narrow: PlaceTest, wide: PlaceTest) -> bool:
    """Tell whether a site that meets the one test surely meets the other."""
    if narrow.layer != wide.layer or wide.where not in ((), narrow.where) or wide.kind != "within":
        return False
    reach = narrow.distance_m if narrow.kind == "within" else 0.0 if narrow.kind in ("inside", "overlaps") else None
    return reach is not None and reach <= (wide.distance_m or 0.0)


def _has_value(asked: list[tuple[FactIn, bool]], vocabulary: Vocabulary) -> bool:
    """Tell whether values are left: of several each project may have some, so two wants never exclude one another."""
    fact = vocabulary.fact(asked[0][0].fact)
    barred = {value for leaf, sign in asked if not sign for value in leaf.values}

    def is_barred(value: str) -> bool:
        if fact is None or fact.type != "code":
            return value in barred
        system = vocabulary.systems[str(fact.system)]
        try:
            return any(system.covers(wide, value) == T for wide in barred)
        except YudiError:
            return False  # an unknown code is another finding

    if fact is not None and fact.type == "choice" and barred >= set(fact.choices):
        return False
    return not any(sign and all(map(is_barred, leaf.values)) for leaf, sign in asked)


def _has_number(asked: list[tuple[FactRange, bool]], vocabulary: Vocabulary) -> bool:
    """Tell whether the ranges leave a number; what lies outside of a range with two ends is not held against them."""
    fact = vocabulary.fact(asked[0][0].fact)
    low, high, low_open, high_open = (*_PLAIN_ENDS, False, False)
    for leaf, sign in asked:
        try:
            ends = [_plain(end, leaf.unit, fact.unit if fact else None) for end in (leaf.low, leaf.high)]
        except YudiError:
            continue  # a unit that does not fit is another finding
        below, above = ends
        below_open, above_open = leaf.low_open, leaf.high_open
        if not sign:
            if below is not None and above is not None:
                continue
            below, above, below_open, above_open = above, below, not above_open, not below_open
        if below is not None and (below, below_open) > (low, low_open):
            low, low_open = below, below_open
        if above is not None and (above, not above_open) < (high, not high_open):
            high, high_open = above, above_open
    return low < high or (low == high and not (low_open or high_open))


def _plain(end: float | date | None, unit: str | None, fact_unit: str | None) -> float | None:
    if end is None:
        return None
    if isinstance(end, date):
        return float(end.toordinal())
    return convert(end, unit, fact_unit) if unit and fact_unit else float(end)
