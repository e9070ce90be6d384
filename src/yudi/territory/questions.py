"""Which few answers would make the verdict decisive: the questions worth asking first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yudi.territory.answers import options
from yudi.territory.cells import Cell
from yudi.territory.decisions import Decision, Kinds, decisions_on, kinds_of
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import Judged, verdict_at
from yudi.territory.place import place_key
from yudi.territory.predicates import Leaf, PlaceTest, Quota, TermTest, leaves
from yudi.territory.screening import Screening

__all__ = ["leaf_keys", "questions"]

_EXACT = 4_000  # trials of answers of one size that are made in search of a smallest set

Answers = Mapping[str, int]  # each fact's answer by its place among the options


def questions(screening: Screening) -> tuple[str, ...]:
    """Return the fewest facts whose answers would make the verdict decisive, most decisive first.

    Where the presumed verdict is decisive these are the usual answers to confirm; else the smallest set of facts
    that some answers to would decide, and of equals the one that settles most clauses. No answer helps where part
    of the place is not covered. Found exactly for small sets, else greedily and then thinned.
    """
    if screening.verdict != "undetermined" or not screening.is_covered:
        return ()
    trials = _Trials(screening)
    if screening.presumed_verdict != "undetermined":
        return trials.ordered(trials.confirm(screening.presumed_verdict))
    return trials.ordered(trials.settle())


@dataclass(frozen=True)
class _Trials:
    """The clauses that answers can move, judged again under answers; an answer is told by its place among the options."""

    screening: Screening
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def moving(self) -> list[Judged]:
        return [item for item in self.screening.known if _can_move(item)]

    @cached_property
    def facts(self) -> tuple[str, ...]:
        is_open = [item for item in self.moving if item.cell == Cell.MAY_PROHIBIT]
        return tuple(dict.fromkeys(key for item in is_open for key in item.needs))

    @cached_property
    def decisions(self) -> list[Decision]:
        return [self.screening.decision(item) for item in self.moving]

    @cached_property
    def situations(self) -> list[Situation]:
        return [self.screening.situation(item.edition, item.unit) for item in self.moving]

    @cached_property
    def asked(self) -> list[Mapping[str, Sequence[Leaf]]]:
        """The leaves of each moving clause by the fact that they ask."""
        rows = zip(self.moving, self.decisions, self.situations, strict=True)
        return [{**dict.fromkeys(item.needs, ()), **_asked(decision, here)} for item, decision, here in rows]

    def options(self, key: str) -> tuple[Value, ...]:
        """Return what may be answered to a fact: one answer for everything that the clauses tell apart, or the usual one.

        An answer that nobody expects would make a question look as if it decided, and leave the real one unasked.
        """
        if ("options", key) not in self._memory:
            usual = self.screening.assumed.get(key)
            asking = dict.fromkeys(leaf for row in self.asking.get(key, ()) for leaf in self.asked[row][key])
            found = (usual,) if usual else options(list(asking), key, self.situations[0].vocabulary)
            self._memory["options", key] = found
        return self._memory["options", key]  # type: ignore[no-any-return]

    @cached_property
    def asking(self) -> dict[str, list[int]]:
        """The moving clauses that each fact can move."""
        found: dict[str, list[int]] = {}
        for row, asked in enumerate(self.asked):
            for key in asked:
                found.setdefault(key, []).append(row)
        return found

    @cached_property
    def asking_sets(self) -> Mapping[str, frozenset[int]]:
        return defaultdict(frozenset, {key: frozenset(rows) for key, rows in self.asking.items()})

    @cached_property
    def needing(self) -> Counter[str]:
        """How many clauses that may prohibit need each fact."""
        return Counter(key for item in self.moving if item.cell == Cell.MAY_PROHIBIT for key in item.needs)

    @cached_property
    def at_rest(self) -> Cell:
        """The strictest cell of the clauses that no answer can move."""
        return max((item.cell for item in self.screening.known if not _can_move(item)), default=Cell.NOT_APPLICABLE)

    @cached_property
    def now(self) -> NDArray[np.int64]:
        """How many of the moving clauses are in which cell."""
        return np.bincount([item.cell for item in self.moving], minlength=len(Cell))

    @cached_property
    def undecided(self) -> frozenset[int]:
        """The moving clauses that may prohibit."""
        return frozenset(row for row, item in enumerate(self.moving) if item.cell == Cell.MAY_PROHIBIT)

    def kinds(self, row: int, key: str) -> Kinds:
        """Return which options of a fact are one and the same to a clause."""
        if ("kinds", row, key) not in self._memory:
            values, (edition, here) = self.options(key), (self.moving[row].edition, self.situations[row])
            shelf = decisions_on(self.screening.editions[edition], self.screening.as_of)
            self._memory["kinds", row, key] = kinds_of(
                shelf, self.decisions[row], key, asked=self.asked[row][key], values=values, here=here
            )
        return self._memory["kinds", row, key]  # type: ignore[no-any-return]

    def cell(self, row: int, answers: Answers) -> Cell:
        """Return the cell of a clause under the answers, worked out once for those that it tells apart."""
        own = [(key, int(self.kinds(row, key).first[answers[key]])) for key in self.asked[row] if key in answers]
        known = (row, *own)
        if known not in self._memory:
            told = _told(self.situations[row], {key: self.options(key)[place] for key, place in own})
            self._memory[known] = self.decisions[row].judged(told, {}).cell
        return self._memory[known]  # type: ignore[no-any-return]

    def cells(self, answers: Answers) -> NDArray[np.int64]:
        """Return how many of the moving clauses are in which cell under the answers."""
        found = self.now.copy()
        for row in {row for key in answers for row in self.asking.get(key, ())}:
            found[self.moving[row].cell] -= 1
            found[self.cell(row, answers)] += 1
        return found

    def tried(self, key: str, answers: Answers) -> NDArray[np.int64]:
        """Return, a row for each option of one more fact, how many clauses are in which cell then."""
        found = np.repeat(self.cells(answers)[np.newaxis], len(self.options(key)), axis=0)
        every = np.arange(len(found))
        if len(found) == 1:  # the usual answer
            return self.cells({**answers, key: 0})[np.newaxis]
        for row in self.asking.get(key, ()):
            kinds = self.kinds(row, key)
            cells = np.zeros(len(found), int)
            for place in kinds.different:
                cells[place] = self.cell(row, {**answers, key: place})
            found[:, self.cell(row, answers)] -= 1
            found[every, cells[kinds.first]] += 1
        return found

    def verdict(self, answers: Answers) -> str:
        strictest = max((*np.flatnonzero(self.cells(answers)).tolist(), self.at_rest))
        return verdict_at(Cell(strictest), self.screening.is_covered)

    def can_decide(self, keys: Sequence[str]) -> bool:
        """Tell whether answers to all the keys may decide where answers to fewer of them do not.

        Either a clause that asks them all comes to prohibit, or no clause is left that may.
        """
        asking = [self.asking_sets[key] for key in keys]
        return bool(frozenset.intersection(*asking)) or self.undecided <= frozenset().union(*asking)

    def confirm(self, target: str) -> list[str]:
        """Return a smallest set of the usual answers that gives the target.

        Of equal sets the one that a project can state itself goes before one that a named person must judge, and
        what more clauses need before what fewer do.
        """
        usual = dict.fromkeys(sorted(self._usual, key=self._ease), 0)
        if self.verdict(usual) != target:  # where what follows from an answer decides more than trials can show
            return list(self.facts)
        found = _thinned(usual, lambda answers: self.verdict(answers) == target)
        for size in range(1, len(found)):
            if not _is_small(len(usual), size, 1):
                break
            for keys in filter(self.can_decide, combinations(usual, size)):
                if self.verdict(dict.fromkeys(keys, 0)) == target:
                    return list(keys)
        return list(found)

    @property
    def _usual(self) -> list[str]:
        return [key for key in self.screening.assumed if key in self.asking]

    def _ease(self, key: str) -> tuple[bool, int]:
        fact = self.situations[0].vocabulary.fact(key)
        return fact is None or fact.provider == "person", -self.needing[key]

    def settle(self) -> list[str]:
        """Return a smallest set of facts that some answers to would make the verdict decisive."""
        by_narrowing = self.ordered(self.facts)
        most = max((len(self.options(key)) for key in self.facts), default=1)
        for size in range(1, len(by_narrowing) + 1):
            if not _is_small(len(by_narrowing), size, most):
                break
            for keys in filter(self.can_decide, combinations(by_narrowing, size)):
                *others, last = sorted(keys, key=lambda key: len(self.options(key)))
                for places in product(*(range(len(self.options(key))) for key in others)):
                    if _settled(self.tried(last, dict(zip(others, places, strict=True)))).any():
                        return list(keys)
        found = self._greedy()
        return list(found) if self._is_settled(found) else []

    def _is_settled(self, answers: Answers) -> bool:
        return self.verdict(answers) != "undetermined"

    def _greedy(self) -> dict[str, int]:
        answers: dict[str, int] = {}
        while not self._is_settled(answers):
            left = [row for row in range(len(self.moving)) if self.cell(row, answers) == Cell.MAY_PROHIBIT]
            todo = dict.fromkeys(key for row in left for key in self.moving[row].needs if key not in answers)
            best = [(self._best(self.tried(key, answers)), key) for key in todo]
            if not best:
                break
            (_, place), key = min(best, key=lambda one: one[0][0])
            answers = {**answers, key: place}
        return _thinned(answers, self._is_settled) if self._is_settled(answers) else answers

    @staticmethod
    def _best(tried: NDArray[np.int64]) -> tuple[tuple[int, int], int]:
        """Return the least that prohibit, and may, under an option, and the first option of which that holds."""
        pairs = [(int(row[Cell.PROHIBITS]), int(row[Cell.MAY_PROHIBIT])) for row in tried]
        least = min(pairs)
        return least, pairs.index(least)

    def ordered(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the keys by how many open clauses each settles alone at best, then by how many ask it."""
        left = {key: int(self.tried(key, {})[:, Cell.MAY_PROHIBIT].min()) for key in keys}
        return tuple(sorted(keys, key=lambda key: (left[key], -self.needing[key])))


def _can_move(item: Judged) -> bool:
    return item.cell in (Cell.MAY_CONDITION, Cell.CONDITIONS, Cell.MAY_PROHIBIT)


def _settled(cells: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return of each row of counts whether some clause prohibits, or none may."""
    found: NDArray[np.bool_] = (cells[:, Cell.PROHIBITS] > 0) | (cells[:, Cell.MAY_PROHIBIT] == 0)
    return found


def _asked(decision: Decision, here: Situation) -> Mapping[str, Sequence[Leaf]]:
    """Return the leaves of a clause where it stands by the fact that they ask, worked out once for an edition."""
    if "asked" not in decision.memory:
        here = replace(here, clause_id=decision.bare.asked_as)
        found: dict[str, list[Leaf]] = {}
        for tree in decision.bare.clause.trees:
            for leaf in leaves(tree):
                for key, part in leaf_keys(leaf, here):
                    found.setdefault(key, []).append(part)
        decision.memory["asked"] = found
    return decision.memory["asked"]  # type: ignore[no-any-return]


def leaf_keys(leaf: Leaf, situation: Situation) -> Iterator[tuple[str, Leaf]]:
    """Yield every fact that a leaf asks, with the leaf that asks it; of a term also what its tables ask."""
    if isinstance(leaf, PlaceTest):
        yield place_key(leaf), leaf
    elif isinstance(leaf, Quota):
        yield from ((key, leaf) for key in (leaf.amount, *leaf.headroom))
    elif isinstance(leaf, TermTest):
        yield f"term:{leaf.term}", leaf
        table = situation.terms.get(leaf.term)
        for tree in (table.certain, table.possible) if table is not None else ():
            for part in leaves(tree):
                yield from leaf_keys(part, situation)
    else:
        yield situation.key(leaf.fact), leaf


def _told(situation: Situation, answers: Mapping[str, Value]) -> Situation:
    """Return the situation with the answers stated; what is no fact, such as a layer, is tried as true or false."""
    facts = {key: value for key, value in answers.items() if situation.vocabulary.fact(key) is not None}
    trial = {key: bool(value.value) for key, value in answers.items() if key not in facts}
    return replace(situation, facts={**situation.facts, **facts}, trial=trial)


def _thinned(answers: dict[str, int], is_enough: Callable[[Answers], bool]) -> dict[str, int]:
    kept = dict(answers)
    for key in reversed(list(answers)):
        fewer = {name: value for name, value in kept.items() if name != key}
        if is_enough(fewer):
            kept = fewer
    return kept


def _is_small(count: int, size: int, choices: int) -> bool:
    trials: int = choices**size
    for step in range(size):
        trials = trials * (count - step) // (step + 1)
    return trials <= _EXACT
