"""Which few answers would make the verdict decisive: the questions worth asking first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product

from yudi.core.logic import F
from yudi.territory.cells import Cell, all_states, cell
from yudi.territory.evaluation import Situation, evaluate
from yudi.territory.predicates import Not
from yudi.territory.screening import Judged, Screening, judged_situation, verdict_of

__all__ = ["questions"]

_EXACT = 4_000  # trials of answers that are made in search of a smaller set
_MANY = 60  # open facts above which only the greedy search runs


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
        usual = {key: bool(screening.assumed[key].value) for key in trials.facts if key in screening.assumed}
        return trials.ordered(trials.confirm(usual, screening.presumed_verdict))
    return trials.ordered(trials.settle())


@dataclass(frozen=True)
class _Trials:
    """The clauses that may prohibit, judged again under answers."""

    screening: Screening

    @cached_property
    def fixed(self) -> list[Judged]:
        return [item for item in self.screening.known if item.cell != Cell.MAY_PROHIBIT]

    @cached_property
    def open(self) -> list[Judged]:
        return [item for item in self.screening.known if item.cell == Cell.MAY_PROHIBIT]

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for item in self.open for key in item.needs))

    @cached_property
    def situations(self) -> list[Situation]:
        return [judged_situation(self.screening, item) for item in self.open]

    def cells(self, answers: Mapping[str, bool]) -> list[Cell]:
        """Return the cells of the open clauses under the answers."""
        return [
            _again(item, replace(here, trial=answers))
            if not answers.keys().isdisjoint(item.needs) or item.clause.effect == "defer"
            else item.cell
            for item, here in zip(self.open, self.situations, strict=True)
        ]

    def verdict(self, answers: Mapping[str, bool]) -> str:
        judged = [replace(item, cell=found) for item, found in zip(self.open, self.cells(answers), strict=True)]
        return verdict_of([*self.fixed, *judged], self.screening.is_covered)

    def confirm(self, usual: dict[str, bool], target: str) -> list[str]:
        """Return a smallest set of the usual answers that gives the target."""
        if self.verdict(usual) != target:  # usual facts that are no truth values decide more than trials can show
            return list(self.facts)
        found = _thinned(usual, lambda answers: self.verdict(answers) == target)
        for size in range(1, len(found)):
            if not _is_small(len(usual), size, 1):
                break
            for keys in combinations(usual, size):
                if self.verdict({key: usual[key] for key in keys}) == target:
                    return list(keys)
        return list(found)

    def settle(self) -> list[str]:
        """Return a smallest set of facts that some answers to would make the verdict decisive."""
        found = self._greedy()
        by_narrowing = self.ordered(self.facts)
        for size in range(1, max(2, len(found))):
            if not _is_small(len(by_narrowing), size, 2):
                break
            for keys in combinations(by_narrowing, size):
                for values in product((False, True), repeat=size):
                    if self.verdict(dict(zip(keys, values, strict=True))) != "undetermined":
                        return list(keys)
        return list(found) if self._is_settled(found) else []

    def _is_settled(self, answers: Mapping[str, bool]) -> bool:
        return all(found < Cell.MAY_PROHIBIT for found in self.cells(answers))

    def _greedy(self) -> dict[str, bool]:
        answers: dict[str, bool] = {}
        while True:
            cells = self.cells(answers)
            left = [item for item, found in zip(self.open, cells, strict=True) if found == Cell.MAY_PROHIBIT]
            todo = [key for key in dict.fromkeys(key for item in left for key in item.needs) if key not in answers]
            options = [(self._score({**answers, key: value}), key, value) for key in todo for value in (False, True)]
            if not options:
                break
            _, key, value = min(options, key=lambda option: (option[0], todo.index(option[1])))
            answers[key] = value
        return _thinned(answers, self._is_settled) if self._is_settled(answers) else answers

    def _score(self, answers: Mapping[str, bool]) -> tuple[int, int]:
        cells = self.cells(answers)
        return sum(found == Cell.PROHIBITS for found in cells), sum(found == Cell.MAY_PROHIBIT for found in cells)

    def ordered(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the keys by how many open clauses each settles alone at best, then by how many ask it."""

        def narrowing(key: str) -> tuple[int, int, int]:
            settled = max(
                sum(found != Cell.MAY_PROHIBIT for found in self.cells({key: value})) for value in (False, True)
            )
            asked = sum(key in item.needs for item in self.open)
            return -settled, -asked, self.facts.index(key)

        return tuple(sorted(keys, key=narrowing))


def _again(item: Judged, situation: Situation) -> Cell:
    clause = item.clause
    states = [evaluate(clause.scope, situation).state, evaluate(clause.subject, situation).state]
    if clause.exceptions is not None:
        states.append(evaluate(Not(clause.exceptions), situation).state)
    applies = all_states(states)
    if applies.value == F or clause.effect not in ("require", "quota"):
        return cell(clause.effect, applies, applies)
    return cell(clause.effect, applies, evaluate(clause.test, situation).state)


def _thinned(answers: dict[str, bool], is_enough) -> dict[str, bool]:  # type: ignore[no-untyped-def]
    kept = dict(answers)
    for key in reversed(list(answers)):
        fewer = {name: value for name, value in kept.items() if name != key}
        if is_enough(fewer):
            kept = fewer
    return kept


def _is_small(count: int, size: int, options: int) -> bool:
    trials = options**size
    for step in range(size):
        trials = trials * (count - step) // (step + 1)
    return count <= _MANY and trials <= _EXACT
