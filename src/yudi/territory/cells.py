"""From what is known to what a clause does: the table of effects, and which outcomes the unknown leaves open.

A part of a clause is in one of a few states: its truth value, whether a fact that is not changeable stands behind
that value ("hard"), and, where it fails by something changeable, whether an unknown that is not changeable stands
beside it ("open"). The same small algebra gives the state of what is known now and, over sets of states, every
state that some completion of the unknown can reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from yudi.core.logic import F, T, Truth, U

__all__ = [
    "EFFECTS",
    "Cell",
    "Outcome",
    "State",
    "all_states",
    "any_states",
    "cell",
    "flip",
    "outcome",
    "reachable",
]

EFFECTS = ("forbid", "require", "quota", "offset", "consult", "silent", "defer", "note")


class State(NamedTuple):
    """The value of a part, and what kind of facts stand behind it."""

    value: Truth
    is_hard: bool = False
    is_open: bool = False


class Cell(IntEnum):
    """What a clause does to a project, from the mildest to the strictest."""

    NOT_APPLICABLE = 0
    NOTE = 1
    SATISFIED = 2
    MAY_CONDITION = 3
    CONDITIONS = 4
    MAY_PROHIBIT = 5
    PROHIBITS = 6


class Outcome(IntEnum):
    """What remains of a clause once everything is known."""

    NOTHING = 0
    CONDITIONS = 1
    PROHIBITS = 2


def all_states(states: Iterable[State]) -> State:
    """Return the state of a conjunction; of nothing it is true and soft.

    Where it fails, the failing parts stand behind it; where it is unknown, the unknown parts; where it is
    true, all parts.
    """
    return _combine(states, F)


def any_states(states: Iterable[State]) -> State:
    """Return the state of a disjunction; of nothing it is false and soft."""
    return _combine(states, T)


def _combine(states: Iterable[State], dominant: Truth) -> State:
    parts = tuple(states)
    decisive = [part for part in parts if part.value == dominant]
    unknown = [part for part in parts if part.value == U]
    if decisive:
        is_hard = any(part.is_hard for part in decisive)
        beside = any(part.is_hard for part in unknown) or any(part.is_open for part in decisive)
        return State(dominant, is_hard, beside and not is_hard)
    if unknown:
        return State(U, any(part.is_hard for part in unknown))
    return State(T if dominant == F else F, any(part.is_hard for part in parts), any(part.is_open for part in parts))


def flip(state: State) -> State:
    """Return the state of a negation: the same facts stand behind it."""
    return State(Truth(2 - state.value), state.is_hard, state.is_open)


def cell(effect: str, applies: State, test: State) -> Cell:
    """Return the cell of the table of effects.

    Parameters
    ----------
    effect : str
        One of `EFFECTS`.
    applies : State
        Of A = scope and subject and not exception.
    test : State
        Of R, the test of a ``require`` or ``quota``; ignored by the others.

    Notes
    -----
    A test that fails by something changeable while an unknown beside it is not changeable may still prohibit:
    the unknown decides whether changing is enough.
    """
    if applies.value == F:
        return Cell.NOT_APPLICABLE
    is_certain = applies.value == T
    if effect == "forbid":
        if is_certain:
            return Cell.PROHIBITS
        return Cell.MAY_PROHIBIT if applies.is_hard else Cell.CONDITIONS
    if effect in ("require", "quota"):
        return _require(is_certain, test)
    if effect in ("offset", "consult"):
        return Cell.CONDITIONS if is_certain else Cell.MAY_CONDITION
    return Cell.NOTE if effect == "note" else Cell.MAY_PROHIBIT


def _require(is_certain: bool, test: State) -> Cell:
    if test.value == T:
        return Cell.SATISFIED
    if not test.is_hard and not test.is_open:
        return Cell.CONDITIONS if is_certain else Cell.MAY_CONDITION
    return Cell.PROHIBITS if is_certain and test.value == F and test.is_hard else Cell.MAY_PROHIBIT


_OUTCOMES = {
    Cell.NOT_APPLICABLE: frozenset({Outcome.NOTHING}),
    Cell.NOTE: frozenset({Outcome.NOTHING}),
    Cell.SATISFIED: frozenset({Outcome.NOTHING}),
    Cell.MAY_CONDITION: frozenset({Outcome.CONDITIONS}),
    Cell.CONDITIONS: frozenset({Outcome.CONDITIONS}),
    Cell.MAY_PROHIBIT: frozenset(),
    Cell.PROHIBITS: frozenset({Outcome.PROHIBITS}),
}


@lru_cache(maxsize=65_536)
def outcome(effect: str, applies: frozenset[State], test: frozenset[State]) -> frozenset[Outcome]:
    """Return the outcomes that the reachable states of a clause lead to.

    What a scheme does not say can turn out to be anything.
    """
    if effect in ("silent", "defer"):
        can_apply = any(state.value != F for state in applies)
        return frozenset(Outcome) if can_apply else frozenset({Outcome.NOTHING})
    found: frozenset[Outcome] = frozenset()
    for pair in product(applies, test):
        found |= _OUTCOMES[cell(effect, *pair)]
    return found


def reachable(parts: Iterable[frozenset[State]], *, is_conjunction: bool) -> frozenset[State]:
    """Return the states that a branch can reach when each part can reach its own; parts are taken as independent.

    Independent parts over-estimate: a state that no completion reaches may be listed, none is missed.
    """
    combine = all_states if is_conjunction else any_states
    found: frozenset[State] | None = None
    for part in parts:
        found = part if found is None else _paired(found, part, is_conjunction)
    return frozenset({combine(())}) if found is None else found


@lru_cache(maxsize=65_536)
def _paired(one: frozenset[State], other: frozenset[State], is_conjunction: bool) -> frozenset[State]:
    combine = all_states if is_conjunction else any_states
    return frozenset(combine(pair) for pair in product(one, other))
