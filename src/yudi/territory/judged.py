"""What one clause comes to at a place, and what all of them come to together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from yudi.core.logic import F, U
from yudi.core.names import natural
from yudi.territory.cells import Cell, Outcome, State, all_states, cell, outcome, reachable
from yudi.territory.clauses import Clause
from yudi.territory.evaluation import Result, Situation, Told, combined, leaf_result
from yudi.territory.predicates import Leaf, Not

__all__ = [
    "SETTLED",
    "TESTED",
    "VERDICTS",
    "Judged",
    "Parts",
    "asked_first",
    "decided",
    "is_out",
    "judge",
    "possible_of",
    "verdict_at",
    "verdict_of",
]

VERDICTS = ("admissible", "conditional", "prohibited")
TESTED = ("require", "quota")  # the effects of clauses that have a test
SETTLED = frozenset({Outcome.NOTHING})
_NO_TEST = Result(State(U), frozenset({State(U)}))


@dataclass(frozen=True)
class Judged:
    """One clause in one place.

    Parameters
    ----------
    id : str
        The clause's id there.
    unit : int or None
        Index of the unit, None for the whole place.
    parts : mapping of name to Result
        ``scope``, ``subject``, ``except`` and ``test`` as evaluated; empty where the clause is out of force.
    outcomes : frozenset of Outcome
        What the unknown leaves open.
    touch : bool
        The unit is only touched.
    asked_as : str
        The clause's name in questions about it: its id, with the edition's where another edition asked has
        another clause of that id, so that an answer to the one is never taken for the other.
    dimension : int
        Where the clause's dimension stands in the edition's order.
    """

    edition: int
    id: str
    clause: Clause
    unit: int | None
    cell: Cell
    outcomes: frozenset[Outcome]
    parts: Mapping[str, Result]
    in_force: bool = True
    touch: bool = False
    unit_code: str = ""
    asked_as: str = ""
    dimension: int = 0

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Facts that would settle the cell."""
        if self.cell not in (Cell.MAY_CONDITION, Cell.MAY_PROHIBIT, Cell.CONDITIONS):
            return ()
        return tuple(dict.fromkeys(key for part in self.parts.values() for key in part.needs))

    @cached_property
    def reading_order(self) -> tuple[Any, ...]:
        """What puts clauses in the order of a reader: by edition, severity, dimension and id."""
        return self.edition, -self.cell, self.dimension, natural(self.id)


Parts: TypeAlias = dict[str, Result]


def judge(item: Clause, situation: Situation) -> tuple[Parts, Cell, frozenset[Outcome]]:
    """Return a clause's parts as evaluated in the situation, its cell, and the outcomes that the unknown leaves open."""

    def told(leaf: Leaf, frees: bool) -> Result:
        return leaf_result(leaf, situation, frees=frees)

    parts = asked_first(item, told)
    return decided(item, parts, told)


def asked_first(item: Clause, told: Told) -> Parts:
    """Return what says whether a clause applies: its scope, its subject and that it is not excepted."""
    parts = {"scope": combined(item.scope, told), "subject": combined(item.subject, told)}
    if item.exceptions is not None:
        parts["except"] = combined(Not(item.exceptions), told)
    return parts


def is_out(parts: Parts) -> bool:
    """Tell whether the parts that are asked first say that the clause does not apply."""
    return any(part.state.value == F for part in parts.values())


def decided(item: Clause, parts: Parts, told: Told) -> tuple[Parts, Cell, frozenset[Outcome]]:
    """Return the parts, with the test where it is asked, the cell, and the outcomes that the unknown leaves open."""
    if is_out(parts):
        return parts, Cell.NOT_APPLICABLE, SETTLED
    applies = all_states(part.state for part in parts.values())
    reach = reachable((part.reach for part in parts.values()), is_conjunction=True)
    test = _NO_TEST
    if item.effect in TESTED:
        test = parts["test"] = combined(item.test, told, frees=True)
    return parts, cell(item.effect, applies, test.state), outcome(item.effect, reach, test.reach)


def verdict_of(judged: Iterable[Judged], is_covered: bool) -> str:
    """Return the verdict that cells come to; an uncovered place leaves it undetermined unless it is prohibited."""
    return verdict_at(max((item.cell for item in judged), default=Cell.NOT_APPLICABLE), is_covered)


def verdict_at(strictest: Cell, is_covered: bool) -> str:
    """Return the verdict of a place whose strictest cell is this."""
    if strictest == Cell.PROHIBITS:
        return "prohibited"
    if strictest == Cell.MAY_PROHIBIT or not is_covered:
        return "undetermined"
    return "conditional" if strictest >= Cell.MAY_CONDITION else "admissible"


def possible_of(judged: Iterable[Judged], is_covered: bool) -> tuple[str, ...]:
    """Return the verdicts that some completion of the unknown may reach, strictest first; none is missed."""
    open_outcomes = [item.outcomes for item in judged] + ([] if is_covered else [frozenset(Outcome)])
    least = max((min(outcomes) for outcomes in open_outcomes), default=Outcome.NOTHING)
    reached = {value for outcomes in open_outcomes for value in outcomes if value >= least} | {least}
    return tuple(VERDICTS[value] for value in sorted(reached, reverse=True))
