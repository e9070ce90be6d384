"""What a clause's parts come to for one project: state, what could still become of it, and what would settle it.

One pass over the tree serves the answer (state), the outcomes that the unknown leaves open (reach) and the
questions (needs), so that the three can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import NamedTuple, TypeAlias

from yudi.core.logic import F, T, Truth, U, all_of, any_of
from yudi.core.quantities import convert
from yudi.territory.cells import State, all_states, any_states, flip, reachable
from yudi.territory.clauses import filled
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.place import Reading, place_key
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
    leaves,
)
from yudi.territory.terms import Term

__all__ = ["Result", "Situation", "Told", "combined", "evaluate", "leaf_result", "range_truth"]

_SAME = 1e-9  # relative; a number converted between units equals the limit that it was converted from


class Result(NamedTuple):
    """The state of a tree, the states that it can reach, and the facts that keep it from being known."""

    state: State
    reach: frozenset[State]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """All that a clause may ask of one project at one place.

    Parameters
    ----------
    facts : mapping of key to Value
        Stated and inferred facts (and, for the presumed answer, usual ones).
    terms : mapping of key to Term
        The tables that count on the day.
    status : callable
        From a fact's key to what the status tables say here.
    place : callable
        From a place test and a stated measurement to what was found.
    clause_id, unit_code : str
        Fill ``{id}`` and ``{unit}`` in the names of facts.
    trial : mapping of key to bool
        Facts whose tests are taken to come out so: what an answer would change.
    """

    vocabulary: Vocabulary
    facts: Mapping[str, Value]
    terms: Mapping[str, Term]
    status: Callable[[str], Value | None]
    place: Callable[[PlaceTest, Value | None], Reading]
    clause_id: str = ""
    unit_code: str = ""
    trial: Mapping[str, bool] = field(default_factory=dict)

    def key(self, fact: str) -> str:
        """Return the fact's key with the clause's id and the unit's code filled in."""
        return filled(fact, self.clause_id, self.unit_code)

    def value(self, key: str) -> Value | None:
        """Return what is known of the fact, None for nothing."""
        found = self.facts.get(key)
        if found is None:
            fact = self.vocabulary.fact(key)
            if fact is not None and fact.provider == "status":
                return self.status(key)
        return found

    def is_hard(self, key: str) -> bool:
        """Tell whether the project cannot change the fact; what no vocabulary knows it cannot."""
        fact = self.vocabulary.fact(key)
        return fact is None or not fact.is_changeable


Told: TypeAlias = Callable[[Leaf, bool], Result]
"""What a leaf comes to; of a leaf that frees (an exception's or a test's) every value must fit."""


def evaluate(node: Node, situation: Situation, *, frees: bool = False) -> Result:
    """Return what the tree comes to in the situation.

    Parameters
    ----------
    frees : bool
        The tree is an exception or a test: where it is true the project is freed. Of several values of a fact any
        one triggers a clause, but all must fit to free from it; a negation turns the one into the other.
    """
    return combined(node, lambda leaf, is_freeing: leaf_result(leaf, situation, frees=is_freeing), frees=frees)


def combined(node: Node, told: Told, *, frees: bool = False) -> Result:
    """Return what the tree comes to if its leaves, asked from left to right, come to what is told of them."""
    if isinstance(node, All | Any_):
        return _branch([combined(part, told, frees=frees) for part in node.parts], isinstance(node, All))
    if isinstance(node, Not):
        inner = combined(node.part, told, frees=not frees)
        return Result(flip(inner.state), frozenset(flip(state) for state in inner.reach), inner.needs)
    return told(node, frees)


def _branch(parts: list[Result], is_conjunction: bool) -> Result:
    combine = all_states if is_conjunction else any_states
    state = combine(part.state for part in parts)
    reach = reachable((part.reach for part in parts), is_conjunction=is_conjunction)
    unsettled = state.value == U or state.is_open
    needs = tuple(
        dict.fromkeys(key for part in parts if part.state.value == U or part.state.is_open for key in part.needs)
    )
    return Result(state, reach, needs if unsettled else ())


def leaf_result(node: Leaf, situation: Situation, *, frees: bool) -> Result:
    """Return what a leaf comes to in the situation."""
    found = _found(node, situation, frees)
    if found.state.value == U:
        for key in found.needs:
            if key in situation.trial:
                # An answer says what the fact is; a test that it is not so comes out the other way.
                holds = situation.trial[key] is (node.value if isinstance(node, FactIs) else True)
                return _known(T if holds else F, found.state.is_hard)
    return found


def _found(node: Leaf, situation: Situation, frees: bool) -> Result:
    if isinstance(node, PlaceTest):
        reading = situation.place(node, situation.facts.get(place_key(node)))
        return _unknown((True,), reading.needs) if reading.value == U else _known(reading.value, True)
    if isinstance(node, TermTest):
        return _term(node.term, situation, frees)
    if isinstance(node, Quota):
        return _quota(node, situation)
    key = situation.key(node.fact)
    known = situation.value(key)
    is_hard = situation.is_hard(key)
    value = U if known is None else _compare(node, known, situation, frees)
    return _unknown((is_hard,), (key,)) if value == U else _known(value, is_hard)


def _known(value: Truth, is_hard: bool) -> Result:
    state = State(value, is_hard)
    return Result(state, frozenset({state}))


def _unknown(is_hard: tuple[bool, ...], needs: tuple[str, ...]) -> Result:
    """Return an unknown leaf; of several kinds of facts that may stand behind its end the first does so now."""
    return Result(State(U, is_hard[0]), frozenset(State(value, kind) for value in Truth for kind in is_hard), needs)


def _compare(node: FactIn | FactIs | FactRange, known: Value, situation: Situation, frees: bool) -> Truth:
    fact = situation.vocabulary.fact(situation.key(node.fact))
    if isinstance(node, FactIs):
        return T if known.value is node.value else F if isinstance(known.value, bool) else U
    if isinstance(node, FactRange):
        if isinstance(known.value, date):
            return _between(known.value, known.value, node)
        factor = convert(1.0, node.unit, fact.unit) if node.unit and fact is not None and fact.unit else 1.0
        return range_truth(float(known.value), known.accuracy, node, factor)
    stated = known.value if isinstance(known.value, tuple) else (known.value,)
    joined = all_of if frees else any_of
    if fact is not None and fact.type == "code":
        system = situation.vocabulary.systems[str(fact.system)]
        return joined(system.covers_any(node.values, (narrow,)) for narrow in stated)
    if fact is not None and fact.type == "text":
        # Other words may mean the same, so what differs is not known to be something else.
        named = {value.casefold() for value in node.values}
        return joined(T if str(value).casefold() in named else U for value in stated)
    return joined(T if value in node.values else F for value in stated)


def range_truth(number: float, accuracy: float, node: FactRange, factor: float = 1.0) -> Truth:
    """Return whether a number known to an accuracy lies in a range whose ends are multiplied by the factor.

    A number within a relative 1e-9 of an end is taken as that end, so that a converted limit equals itself.

    Examples
    --------
    >>> range_truth(1012.0, 1.0, FactRange("x", high=1000.0)).name, range_truth(999.5, 1.0, FactRange("x", high=1000.0)).name
    ('F', 'U')
    """
    ends = [end * factor if isinstance(end, int | float) else None for end in (node.low, node.high)]

    def snapped(value: float) -> float:
        return next((end for end in ends if end is not None and abs(value - end) <= _SAME * abs(end)), value)

    scaled = FactRange(node.fact, ends[0], ends[1], node.low_open, node.high_open)
    return _between(snapped(number - accuracy), snapped(number + accuracy), scaled)


def _between(least: float | date, most: float | date, node: FactRange) -> Truth:
    """Return whether an interval lies in the range: inside T, outside F, across an end U."""
    verdicts = [T]
    if node.low is not None:
        is_out = most < node.low or (most == node.low and node.low_open)  # type: ignore[operator]
        is_in = least > node.low or (least == node.low and not node.low_open)  # type: ignore[operator]
        verdicts.append(F if is_out else T if is_in else U)
    if node.high is not None:
        is_out = least > node.high or (least == node.high and node.high_open)  # type: ignore[operator]
        is_in = most < node.high or (most == node.high and not node.high_open)  # type: ignore[operator]
        verdicts.append(F if is_out else T if is_in else U)
    return all_of(verdicts)


def _term(key: str, situation: Situation, frees: bool) -> Result:
    table = situation.terms.get(key)
    several = _several(table, situation) if frees and table is not None else None
    if several is not None:
        # Freed only if each of the values alone counts as it.
        name, value = several
        alone = [{**situation.facts, name: replace(value, value=(one,))} for one in value.value]
        return _branch([_term(key, replace(situation, facts=facts), frees) for facts in alone], True)
    question = f"term:{key}"
    answer = situation.facts.get(question)
    if table is None:
        return _known(T if answer.value else F, True) if answer is not None else _unknown((True,), (question,))
    certain, possible = evaluate(table.certain, situation), evaluate(table.possible, situation)
    state = _term_state(certain.state, possible.state)
    # Where the stated facts are too coarse for the table, a finer fact settles it; where the table itself
    # leaves it open, only a person does. An answer counts once no fact is missing that could contradict it.
    finer = tuple(dict.fromkeys((*certain.needs, *possible.needs)))
    if state.value == U and answer is not None and all(situation.value(name) is not None for name in finer):
        return _known(T if answer.value else F, True)
    reach = {_term_state(*pair) for pair in product(certain.reach, possible.reach)}
    if state.value == U:
        reach |= {State(value, True) for value in Truth}
        return Result(state, frozenset(reach), finer or (question,))
    return Result(state, frozenset(reach), finer if state.is_open else ())


def _several(table: Term, situation: Situation) -> tuple[str, Value] | None:
    """Return the first fact that a term asks and that has several values."""
    for leaf in (*leaves(table.certain), *leaves(table.possible)):
        value = situation.value(leaf.fact) if isinstance(leaf, FactIn) else None
        if isinstance(leaf, FactIn) and value is not None and isinstance(value.value, tuple) and len(value.value) > 1:
            return situation.key(leaf.fact), value
    return None


def _term_state(certain: State, possible: State) -> State:
    """Return the state of a term: in, else a person's to decide where it may be, else that of "neither"."""
    if certain.value == T:
        return certain
    return State(U, True) if possible.value == T else any_states((certain, possible))


def _quota(node: Quota, situation: Situation) -> Result:
    """Compare an amount with the least headroom; none left, or headroom unknown, no design can change."""
    rooms = {key: situation.value(key) for key in node.headroom}
    unknown = tuple(key for key, room in rooms.items() if room is None)
    least = [float(room.value) - room.accuracy for room in rooms.values() if room is not None]
    most = [float(room.value) + room.accuracy for room in rooms.values() if room is not None]
    if any(room <= 0 for room in most):
        return _known(F, True)
    amount, is_hard = situation.value(node.amount), situation.is_hard(node.amount)
    if amount is not None and not unknown and least:
        number, spread = float(amount.value), amount.accuracy
        if range_truth(number, spread, FactRange(node.amount, high=min(least))) == T and min(least) > 0:
            return _known(T, is_hard)
        if range_truth(number, spread, FactRange(node.amount, high=min(most))) == F:
            return _known(F, is_hard) if min(least) > 0 else _unknown((True, is_hard), tuple(node.headroom))
    vague = tuple(key for key, room in rooms.items() if room is not None and room.accuracy > 0)
    if unknown or vague:
        return _unknown((True, is_hard), (*unknown, *vague, *((node.amount,) if amount is None else ())))
    return _unknown((is_hard,), (node.amount,))
