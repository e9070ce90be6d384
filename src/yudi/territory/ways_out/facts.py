"""Which few facts of its design or its measures a project would have to change: the fewest, and measures first.

Whatever reaches a target moves every clause that stands in its way, so at each step one such clause is taken and all
changes are tried that can move it. Sets of changes are tried by size: what is found first is smallest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from yudi.core.words import Words
from yudi.territory.facts import Value
from yudi.territory.screening import Screening
from yudi.territory.ways_out.candidates import Candidate
from yudi.territory.ways_out.changes import plain_value, with_facts
from yudi.territory.ways_out.sayings import Change, said_changes
from yudi.territory.ways_out.trials import Outcome, Trials, trials_of

__all__ = ["FactSearch", "FactSet", "facts", "said_facts"]

_SMALL = 3  # sets of so many changes are searched wholly, within the limit of trials
_LARGEST = 40
_TRIALS = 4_000
_GREEDY = 1_000


ChangeSet = Mapping[str, tuple[Value, ...]]


class FactSet(NamedTuple):
    """Changes that reach a target, each with the values that no clause tells from it, and what they cost.

    The cost is how many they are, how many change the design, how many overturn what is stated, and how far numbers
    are moved.
    """

    changed: ChangeSet
    cost: tuple[float, ...]

    @property
    def values(self) -> dict[str, Value]:
        """The new value of each fact."""
        return {key: group[0] for key, group in self.changed.items()}


def facts(screening: Screening, target: str, *, limit: int, reach_m: float) -> list[Candidate]:  # noqa: ARG001 - the form of every finder
    """Return projects with the fewest other facts that may reach the target, best first.

    Only what is of the design or a measure is changed, never what a named person is asked.
    """
    search = FactSearch(trials_of(screening), target)
    return [_candidate(screening, search.trials, found) for found in search.best(limit)]


def said_facts(trials: Trials, found: FactSet) -> tuple[Words, list[dict[str, Any]]]:
    """Return changes in words, and as plain data."""
    project = trials.screening.project
    told: list[Change] = []
    data = []
    for key, group in found.changed.items():
        before = project.facts.get(key)
        told.append(Change(key, before, group, trials.vocabulary(key)))
        row = {"fact": key, "from": plain_value(before), "to": plain_value(group[0])}
        if len(group) > 1:
            row["or"] = [plain_value(value) for value in group[1:]]
        data.append(row)
    return said_changes(told), data


def _candidate(screening: Screening, trials: Trials, found: FactSet) -> Candidate:
    text, data = said_facts(trials, found)
    project = with_facts(screening.project, found.values, screening.editions)
    return Candidate("facts", project, text, found.cost, {"facts": data})


@dataclass
class FactSearch:
    """The search for changes of facts that reach a target."""

    trials: Trials
    target: str
    left: int = _TRIALS
    _seen: set[frozenset[tuple[str, Any]]] = field(default_factory=set)

    @cached_property
    def today(self) -> Outcome:
        """What stands in the way as the project is."""
        return self.trials.today

    @cached_property
    def incurable(self) -> tuple[int, ...]:
        """The clauses in the way that no changeable fact can move."""
        blocking = self.trials.blocking(self.target, self.today)
        return tuple(row for row in blocking if not self._options_of(self.trials.levers(row)))

    def best(self, limit: int) -> list[FactSet]:
        """Return sets of changes that reach the target, the cheapest first, one for each set of facts.

        None of them holds a change that it can do without. Those of the smallest size are all found where that is at
        most three and the limit of trials is not met.
        """
        if not self.trials.blocking(self.target, self.today) or self.incurable:
            return []
        found: dict[frozenset[str], FactSet] = {}
        for size in range(max(1, self._least({}, self.today)), _SMALL + 1):
            self._seen.clear()
            for changed in self._of_size({}, size):
                self._keep(changed, found)
            if len(found) >= limit or (found and size > min(len(keys) for keys in found)):
                break  # those of one change more are the last that are worth a look
        if not found:
            self.left = _GREEDY
            self._keep(self._greedy(), found)
        return sorted(found.values(), key=lambda one: one.cost)[:limit]

    def _keep(self, changed: ChangeSet, found: dict[frozenset[str], FactSet]) -> None:
        if not changed or any(self._reaches(_without(changed, name)) for name in changed):
            return
        item = FactSet(dict(sorted(changed.items(), key=lambda pair: self._order(pair[0]))), self._cost(changed))
        keys = frozenset(changed)
        if keys not in found or item.cost < found[keys].cost:
            found[keys] = item

    def _order(self, key: str) -> tuple[bool, str]:
        return not self.trials.is_measure(key), key

    def _cost(self, changed: ChangeSet) -> tuple[float, ...]:
        stated = self.trials.screening.project.facts
        designs = sum(not self.trials.is_measure(key) for key in changed)
        overturned = sum(key in stated for key in changed)
        return (
            len(changed),
            designs,
            overturned,
            sum(_distance(self.trials.presumed_value(key), group[0]) for key, group in changed.items()),
        )

    def _outcome(self, changed: ChangeSet) -> Outcome:
        self.left -= 1
        return self.trials.outcome({key: group[0] for key, group in changed.items()})

    def _reaches(self, changed: ChangeSet) -> bool:
        outcome = self._outcome(changed)
        return not outcome.broken and not self.trials.blocking(self.target, outcome)

    def _of_size(self, changed: ChangeSet, size: int) -> Iterator[ChangeSet]:
        """Yield the sets of changes of at most a size that reach the target and hold those given."""
        key = frozenset((name, group[0].value) for name, group in changed.items())
        if key in self._seen or self.left <= 0:
            return
        self._seen.add(key)
        outcome = self._outcome(changed)
        if not outcome.broken and not self.trials.blocking(self.target, outcome):
            yield changed
            return
        if len(changed) + self._least(changed, outcome) > size:
            return
        for name, group in self._moves(changed, outcome):
            yield from self._of_size({**changed, name: group}, size)

    def _moves(self, changed: ChangeSet, outcome: Outcome) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Yield every change that can move the clause in the way that fewest can move."""
        if outcome.broken:
            levers: Sequence[str] = self.trials.levers_of_rule(outcome.broken)
        else:
            blocking = self.trials.blocking(self.target, outcome)
            levers = min((self._free(row, changed) for row in blocking), key=lambda keys: len(self._options_of(keys)))
        for name in levers:
            if name not in changed:
                now = None if outcome.broken else self.trials.presumed_value(name, outcome)
                for group in self.trials.options(name):
                    if now is None or now.value != group[0].value:
                        yield name, group

    def _free(self, row: int, changed: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(key for key in self.trials.levers(row) if key not in changed)

    def _options_of(self, keys: Sequence[str]) -> list[tuple[Value, ...]]:
        return [group for key in keys for group in self.trials.options(key)]

    def _least(self, changed: Mapping[str, Any], outcome: Outcome) -> int:
        """Return how many more changes it takes at least: clauses in the way that share no fact need one each."""
        if outcome.broken:
            return 1
        levers = [frozenset(self._free(row, changed)) for row in self.trials.blocking(self.target, outcome)]
        if any(not keys for keys in levers):
            return _LARGEST + 1
        taken: set[str] = set()
        count = 0
        for keys in sorted(levers, key=len):
            if not keys & taken:
                taken |= keys
                count += 1
        return count

    def _greedy(self) -> ChangeSet:
        """Return changes that reach the target, each that which frees most clauses, less what is not needed; or none."""
        changed = self._deeper({}, self.today)
        for name in list(changed):
            if self._reaches(fewer := _without(changed, name)):
                changed = fewer
        return changed

    def _deeper(self, changed: ChangeSet, outcome: Outcome) -> ChangeSet:
        """Return the first set of changes that holds those given and reaches the target, where most is freed first."""
        steps = []
        for name, group in self._moves(changed, outcome):
            tried = {**changed, name: group}
            after = self._outcome(tried)
            left = len(self.trials.blocking(self.target, after))
            if not after.broken and not left:
                return tried
            if len(tried) + self._least(tried, after) <= _LARGEST:
                steps.append(((left, *self._cost(tried)), tried, after))
        for _, tried, after in sorted(steps, key=lambda step: step[0]):
            if self.left > 0 and (found := self._deeper(tried, after)):
                return found
        return {}


def _without(changed: ChangeSet, name: str) -> ChangeSet:
    return {key: group for key, group in changed.items() if key != name}


def _distance(before: Value | None, after: Value) -> float:
    """Return how far a number is moved, from 0 to 1; others are not compared."""
    if before is None or not isinstance(after.value, float) or not isinstance(before.value, float):
        return 0.0
    largest = max(abs(before.value), abs(after.value))
    return abs(after.value - before.value) / largest if largest else 0.0
