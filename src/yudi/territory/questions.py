"""Which few answers would make the verdict decisive: the questions worth asking first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product
from typing import Any

from yudi.territory.answers import options
from yudi.territory.cells import Cell
from yudi.territory.decisions import Decision
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import Judged, verdict_at
from yudi.territory.place import place_key
from yudi.territory.predicates import Leaf, PlaceTest, Quota, TermTest, leaves
from yudi.territory.screening import Screening, judged_situation

__all__ = ["leaf_keys", "questions"]

_EXACT = 4_000  # trials of answers of one size that are made in search of a smallest set

Answers = Mapping[str, Value]


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
    """The clauses that answers can move, judged again under answers."""

    screening: Screening
    _memory: dict[Any, Cell] = field(default_factory=dict, repr=False)

    @cached_property
    def moving(self) -> list[Judged]:
        return [item for item in self.screening.known if _can_move(item)]

    @cached_property
    def facts(self) -> tuple[str, ...]:
        is_open = [item for item in self.moving if item.cell == Cell.MAY_PROHIBIT]
        return tuple(dict.fromkeys(key for item in is_open for key in item.needs))

    @cached_property
    def situations(self) -> list[Situation]:
        return [judged_situation(self.screening, item) for item in self.moving]

    @cached_property
    def decisions(self) -> list[Decision]:
        return [self.screening.decision(item) for item in self.moving]

    @cached_property
    def asked(self) -> list[dict[str, list[Leaf]]]:
        """The leaves of each moving clause by the fact that they ask."""
        return [_asked(item, here) for item, here in zip(self.moving, self.situations, strict=True)]

    @cached_property
    def options(self) -> dict[str, tuple[Value, ...]]:
        """What may be answered to a fact: one answer for everything that the clauses tell apart, or the usual one.

        An answer that nobody expects would make a question look as if it decided, and leave the real one unasked.
        """
        asking: dict[str, list[Leaf]] = {}
        for each in self.asked:
            for key, leaves_of_key in each.items():
                asking.setdefault(key, []).extend(leaves_of_key)
        vocabulary = self.situations[0].vocabulary
        usual = self.screening.assumed
        return {
            key: (usual[key],) if key in usual else options(list(dict.fromkeys(asking.get(key, ()))), key, vocabulary)
            for key in self.facts
        }

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
    def counts(self) -> list[int]:
        """How many clauses are in which cell."""
        counts = [0] * len(Cell)
        for item in self.screening.known:
            counts[item.cell] += 1
        return counts

    @cached_property
    def undecided(self) -> frozenset[int]:
        """The moving clauses that may prohibit."""
        return frozenset(row for row, item in enumerate(self.moving) if item.cell == Cell.MAY_PROHIBIT)

    def cell(self, row: int, answers: Answers) -> Cell:
        """Return the cell of a clause under the answers, worked out once for those that it asks."""
        own = [key for key in self.asked[row] if key in answers]
        known = (row, *[(key, answers[key].value) for key in own])
        if known not in self._memory:
            told = _told(self.situations[row], {key: answers[key] for key in own})
            self._memory[known] = self.decisions[row].judged(told, {}).cell
        return self._memory[known]

    def cells(self, answers: Answers) -> list[int]:
        """Return how many clauses are in which cell under the answers."""
        found = self.counts.copy()
        for row in {row for key in answers for row in self.asking.get(key, ())}:
            found[self.moving[row].cell] -= 1
            found[self.cell(row, answers)] += 1
        return found

    def verdict(self, answers: Answers) -> str:
        strictest = max((cell for cell, count in enumerate(self.cells(answers)) if count), default=0)
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
        usual = {key: self.screening.assumed[key] for key in sorted(self._usual, key=self._ease)}
        if self.verdict(usual) != target:  # where what follows from an answer decides more than trials can show
            return list(self.facts)
        found = _thinned(usual, lambda answers: self.verdict(answers) == target)
        for size in range(1, len(found)):
            if not _is_small(len(usual), size, 1):
                break
            for keys in combinations(usual, size):
                if self.can_decide(keys) and self.verdict({key: usual[key] for key in keys}) == target:
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
        most = max((len(answers) for answers in self.options.values()), default=1)
        for size in range(1, len(by_narrowing) + 1):
            if not _is_small(len(by_narrowing), size, most):
                break
            for keys in filter(self.can_decide, combinations(by_narrowing, size)):
                for values in product(*(self.options[key] for key in keys)):
                    if self._is_settled(dict(zip(keys, values, strict=True))):
                        return list(keys)
        found = self._greedy()
        return list(found) if self._is_settled(found) else []

    def _is_settled(self, answers: Answers) -> bool:
        return self.verdict(answers) != "undetermined"

    def _greedy(self) -> dict[str, Value]:
        answers: dict[str, Value] = {}
        while not self._is_settled(answers):
            cells = self.cells(answers)
            left = (row for row in range(len(self.moving)) if self.cell(row, answers) == Cell.MAY_PROHIBIT)
            todo = dict.fromkeys(key for row in left for key in self.moving[row].needs if key not in answers)
            tried = [(key, value) for key in todo for value in self.options[key]]
            if not tried:
                break
            key, value = min(tried, key=lambda one: self._score(one, answers, cells))
            answers = {**answers, key: value}
        return _thinned(answers, self._is_settled) if self._is_settled(answers) else answers

    def _score(self, one: tuple[str, Value], answers: Answers, cells: Sequence[int]) -> tuple[int, int]:
        """Return how many clauses prohibit, and may, under one more answer."""
        found, more = list(cells), {**answers, one[0]: one[1]}
        for row in self.asking.get(one[0], ()):
            found[self.cell(row, answers)] -= 1
            found[self.cell(row, more)] += 1
        return found[Cell.PROHIBITS], found[Cell.MAY_PROHIBIT]

    def ordered(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the keys by how many open clauses each settles alone at best, then by how many ask it."""

        def narrowing(key: str) -> tuple[int, int]:
            answers = self.options.get(key) or (self.screening.assumed[key],)
            left = min(self.cells({key: value})[Cell.MAY_PROHIBIT] for value in answers)
            return left, -self.needing[key]

        return tuple(sorted(keys, key=narrowing))


def _can_move(item: Judged) -> bool:
    return item.cell in (Cell.MAY_CONDITION, Cell.CONDITIONS, Cell.MAY_PROHIBIT)


def _asked(item: Judged, situation: Situation) -> dict[str, list[Leaf]]:
    clause = item.clause
    found: dict[str, list[Leaf]] = {key: [] for key in item.needs}
    for tree in clause.trees:
        for leaf in leaves(tree):
            for key, part in leaf_keys(leaf, situation):
                found.setdefault(key, []).append(part)
    return found


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


def _told(situation: Situation, answers: Answers) -> Situation:
    """Return the situation with the answers stated; what is no fact, such as a layer, is tried as true or false."""
    facts = {key: value for key, value in answers.items() if situation.vocabulary.fact(key) is not None}
    trial = {key: bool(value.value) for key, value in answers.items() if key not in facts}
    return replace(situation, facts={**situation.facts, **facts}, trial=trial)


def _thinned(answers: dict[str, Value], is_enough: Callable[[Answers], bool]) -> dict[str, Value]:
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
