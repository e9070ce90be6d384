"""What the clauses at a place would come to, as presumed, if a project stated some facts otherwise.

Only what the changed facts can move is worked out again, and that once for each of their values; a screening of the
changed project says the same, only later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from yudi.core.errors import InputError
from yudi.core.logic import F
from yudi.territory.cells import Cell
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.judged import Judged, judge
from yudi.territory.predicates import Leaf, Node, Quota, TermTest, leaves
from yudi.territory.presumption import RowReader, concern_usually, infer
from yudi.territory.questions import leaf_keys
from yudi.territory.screening import Screening, judged_situation
from yudi.territory.terms import Inference
from yudi.territory.ways_out.values import can_change, changes

__all__ = ["MOST", "Changes", "Outcome", "Trials", "most_of", "trials_of"]

Changes = Mapping[str, Value]
MOST = {"not_prohibited": Cell.MAY_PROHIBIT, "conditional": Cell.CONDITIONS, "admissible": Cell.SATISFIED}


class Outcome(NamedTuple):
    """What changes come to: the cells that they move, by clause; every fact as presumed, by edition; a broken rule.

    Of changes that contradict a rule only the fact that it gives is known, as `broken`.
    """

    moved: Mapping[int, Cell]
    facts: tuple[Mapping[str, Value], ...]
    broken: str = ""


def most_of(item: Judged, target: str) -> Cell:
    """Return the strictest cell to which a clause as it stands now may come for a target.

    Who is no longer prohibited must know it: what prohibited before and then only may is no way out.
    """
    is_open_to_be = target == "not_prohibited" and item.cell == Cell.PROHIBITS
    return Cell.CONDITIONS if is_open_to_be else MOST[target]


def trials_of(screening: Screening) -> Trials:
    """Return the trials of a screening; every finder asks the same ones."""
    if "trials" not in screening.memory:
        screening.memory["trials"] = Trials(screening)
    return screening.memory["trials"]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Trials:
    """A screening whose project may state changeable facts otherwise."""

    screening: Screening
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def items(self) -> tuple[Judged, ...]:
        """The clauses as presumed; those out of force, or in a unit only touched, move with no fact."""
        return tuple(item for item in self.screening.presumed if item.in_force and not item.touch)

    @cached_property
    def situations(self) -> list[Situation]:
        """Where each clause is judged, as known."""
        return [judged_situation(self.screening, item) for item in self.items]

    @cached_property
    def asked(self) -> list[dict[str, list[Leaf]]]:
        """The leaves of each clause by the fact that they ask."""
        pairs = zip(self.items, self.situations, strict=True)
        return [_leaves_by_key(item.clause.trees, here) for item, here in pairs]

    @cached_property
    def today(self) -> Outcome:
        """The project as it is."""
        return self.outcome({})

    def presumed_value(self, key: str, outcome: Outcome | None = None) -> Value | None:
        """Return what is presumed of a fact, today or under trial changes."""
        found = (facts.get(key) for facts in (outcome or self.today).facts)
        return next((value for value in found if value is not None), None)

    def outcome(self, changed: Changes, *, unsaid: str = "") -> Outcome:
        """Return what the clauses come to if facts are stated otherwise, and one perhaps not at all."""
        if changed or unsaid:
            _ = self.today  # what is moved is held against it
        moved: dict[int, Cell] = {}
        found: list[Mapping[str, Value]] = []
        for index, counts in enumerate(self.screening.in_force):
            stated = {key: value for key, value in self.screening.project.facts.items() if key != unsaid} | dict(
                changed
            )
            if counts:
                try:
                    stated = self._presumed(index, stated)
                except InputError as error:
                    return Outcome({}, (), error.where.field or "?")
                moved |= self._moved(index, stated)
            found.append(stated)
        return Outcome(moved, tuple(found))

    def blocking(self, target: str, outcome: Outcome) -> list[int]:
        """Return the clauses that keep the project from a target."""
        cells = (outcome.moved.get(row, item.cell) for row, item in enumerate(self.items))
        return [row for row, cell in enumerate(cells) if cell > self.most(row, target)]

    def most(self, row: int, target: str) -> Cell:
        """Return the strictest cell that a target allows a clause; one that prohibits now must not be left open."""
        return most_of(self.items[row], target)

    def levers(self, row: int) -> tuple[str, ...]:
        """Return the changeable facts that can move a clause, by themselves or by what follows from them."""
        key = ("levers", row)
        if key not in self._memory:
            self._memory[key] = self._behind({*self.asked[row], *self._named(row)})
        return self._memory[key]  # type: ignore[no-any-return]

    def levers_of_rule(self, key: str) -> tuple[str, ...]:
        """Return the changeable facts on which the inferences of a fact rest, itself among them."""
        return self._behind({key})

    def options(self, key: str) -> tuple[tuple[Value, ...], ...]:
        """Return what the fact could be stated to be instead, those together that no clause tells apart."""
        if ("options", key) not in self._memory:
            stated, presumed = self.screening.project.facts.get(key), self.presumed_value(key)
            usual = self.presumed_value(key, self.outcome({}, unsaid=key)) if stated is not None else presumed
            self._memory["options", key] = changes(
                key,
                self._tests(key),
                self.vocabulary(key),
                ruled=self._ruled(key),
                stated=stated,
                presumed=presumed,
                usual=usual,
            )
        return self._memory["options", key]  # type: ignore[no-any-return]

    def vocabulary(self, key: str) -> Vocabulary:
        """Return the vocabulary of the first edition that knows the fact."""
        found = [edition.rules.vocabulary for edition in self.screening.editions]
        return next((one for one in found if one.fact(key) is not None), found[0])

    def is_measure(self, key: str) -> bool:
        """Tell whether the fact is a measure, which is cheaper than another design."""
        fact = self.vocabulary(key).fact(key)
        return fact is not None and fact.changeable == "measure"

    def _given(self, index: int, row: Inference) -> Mapping[str, Value]:
        return self._readers[index].gives(row, self._bare(index), row.kind)

    def _ruled(self, key: str) -> list[Value]:
        rows = [(index, row) for index, row in self._giving.get(key, ()) if row.kind == "rule"]
        return [self._given(index, row)[key] for index, row in rows]

    @cached_property
    def _asking(self) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = {}
        for row, (item, own) in enumerate(zip(self.items, self.asked, strict=True)):
            for key in own:
                found.setdefault((item.edition, key), []).append(row)
        return found

    @cached_property
    def _readers(self) -> list[_Reader]:
        return [_Reader() for _ in self.screening.editions]

    @cached_property
    def _rows(self) -> list[list[Inference]]:
        """By edition, the inferences that may hold while nothing but changeable facts changes."""
        return [self._living(index) if counts else [] for index, counts in enumerate(self.screening.in_force)]

    @cached_property
    def _giving(self) -> dict[str, list[tuple[int, Inference]]]:
        found: dict[str, list[tuple[int, Inference]]] = {}
        for index, rows in enumerate(self._rows):
            for row in rows:
                for key in self._given(index, row):
                    found.setdefault(key, []).append((index, row))
        return found

    def _bare(self, index: int) -> Situation:
        return self.screening.situation(index, None)

    def _living(self, index: int) -> list[Inference]:
        here, reader = self._bare(index), self._readers[index]
        rows = self.screening.editions[index].rules.inferences
        rows = tuple(row for row in rows if row.period.contains(self.screening.as_of))
        final = replace(here, facts=self._inferred(index, self.screening.project.facts, rows))
        moving: set[str] = set()
        while True:
            count = len(moving)
            for row in rows:
                if any(key in moving or can_change(key, here.vocabulary) for key in reader.asked(row, here)):
                    moving |= set(self._given(index, row))
            if len(moving) == count:
                break
        return [
            row
            for row in rows
            if any(key in moving or can_change(key, here.vocabulary) for key in reader.asked(row, here))
            or reader.holds(row, final)
        ]

    def _inferred(self, index: int, stated: Mapping[str, Value], rows: Sequence[Inference]) -> dict[str, Value]:
        day, reader = self.screening.as_of, self._readers[index]
        here = replace(self._bare(index), facts=stated)
        here = replace(here, facts=infer(rows, here, day, kind="rule", reader=reader))
        return infer(rows, here, day, kind="usual", reader=reader)

    def _presumed(self, index: int, stated: Mapping[str, Value]) -> dict[str, Value]:
        """Return every fact as presumed in an edition; InputError where a rule says the opposite of a change."""
        facts = self._inferred(index, stated, self._rows[index])
        key = ("concerned", index, *(_same(facts.get(name)) for name in self._terms_asked(index)))
        if key not in self._memory:
            clauses = [(item.asked_as, item.clause, item.unit_code) for item in self.items if item.edition == index]
            self._memory[key] = concern_usually(clauses, replace(self._bare(index), facts=facts))
        return {**facts, **self._memory[key]}

    def _terms_asked(self, index: int) -> tuple[str, ...]:
        key = ("terms", index)
        if key not in self._memory:
            rows = (row for row, item in enumerate(self.items) if item.edition == index)
            self._memory[key] = tuple(dict.fromkeys(name for row in rows for name in self._named(row)))
        return self._memory[key]  # type: ignore[no-any-return]

    def _named(self, row: int) -> tuple[str, ...]:
        """Return the facts behind the terms that a clause in words names."""
        here = self.situations[row]
        terms = self.items[row].clause.terms if self.items[row].clause.is_in_words else ()
        return tuple(key for term in terms for key, _ in leaf_keys(TermTest(term), here))

    def _moved(self, index: int, facts: Mapping[str, Value]) -> dict[int, Cell]:
        """Return the cells of the clauses that ask a fact which is presumed otherwise than today."""
        base = self._memory.setdefault(("base", index), facts)  # the first outcome is that of the project as it is
        different = [key for key in {**base, **facts} if _same(base.get(key)) != _same(facts.get(key))]
        rows = {row for key in different for row in self._asking.get((index, key), ())}
        return {row: self._cell(row, facts) for row in rows}

    def _cell(self, row: int, facts: Mapping[str, Value]) -> Cell:
        key = (row, *(_same(facts.get(name)) for name in self.asked[row]))
        if key not in self._memory:
            item = self.items[row]
            _, found, _ = judge(item.clause, replace(self.situations[row], facts=facts))
            if item.clause.effect == "defer" and item.cell == Cell.NOT_APPLICABLE:
                was_answered = all(part.state.value != F for part in item.parts.values())
                found = Cell.NOT_APPLICABLE if was_answered else found
            self._memory[key] = found
        return self._memory[key]  # type: ignore[no-any-return]

    def _behind(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return the changeable facts among some, and those from which the others may follow; measures first."""
        todo, seen = list(keys), set(keys)
        while todo:
            for index, row in self._giving.get(todo.pop(), ()):
                more = [key for key in self._readers[index].asked(row, self._bare(index)) if key not in seen]
                seen.update(more)
                todo += more
        vocabularies = [edition.rules.vocabulary for edition in self.screening.editions]
        found = [key for key in seen if any(can_change(key, one) for one in vocabularies)]
        found = [key for key in found if all(one.fact(key) is None or can_change(key, one) for one in vocabularies)]
        return tuple(sorted(found, key=lambda key: (not self.is_measure(key), key)))

    def _tests(self, key: str) -> list[tuple[Leaf, Situation]]:
        """Return every test of a fact, in clauses, terms and inferences, each once."""
        found: dict[Any, tuple[Leaf, Situation]] = {}
        for own, here in zip(self.asked, self.situations, strict=True):
            for leaf in own.get(key, ()):
                found.setdefault((leaf, here.unit_code if isinstance(leaf, Quota) else ""), (leaf, here))
        for row in range(len(self.items)):
            here = self.situations[row]
            terms = self.items[row].clause.terms if self.items[row].clause.is_in_words else ()
            for name, leaf in (pair for term in terms for pair in leaf_keys(TermTest(term), here)):
                if name == key:
                    found.setdefault((leaf, ""), (leaf, here))
        for index, rows in enumerate(self._rows):
            here = self._bare(index)
            for row_of in rows:
                for leaf in _leaves_by_key((row_of.when,), here).get(key, ()):
                    found.setdefault((leaf, ""), (leaf, here))
        return list(found.values())


class _Reader(RowReader):
    """Reads a row of an inference table once for each of the values that it asks."""

    def __init__(self) -> None:
        self._memory: dict[Any, Any] = {}

    def asked(self, row: Inference, here: Situation) -> tuple[str, ...]:
        """Return the facts that the row asks."""
        key = ("asked", id(row))
        if key not in self._memory:
            self._memory[key] = tuple(_leaves_by_key((row.when,), here))
        return self._memory[key]  # type: ignore[no-any-return]

    def holds(self, row: Inference, here: Situation) -> bool:
        """Tell whether what the row asks is true."""
        key = (id(row), *(_same(here.facts.get(name)) for name in self.asked(row, here)))
        if key not in self._memory:
            self._memory[key] = super().holds(row, here)
        return self._memory[key]  # type: ignore[no-any-return]

    def gives(self, row: Inference, here: Situation, kind: str) -> Mapping[str, Value]:
        """Return the facts that the row gives."""
        key = ("gives", id(row), kind)
        if key not in self._memory:
            self._memory[key] = super().gives(row, here, kind)
        return self._memory[key]  # type: ignore[no-any-return]


def _leaves_by_key(trees: Iterable[Node], here: Situation) -> dict[str, list[Leaf]]:
    found: dict[str, list[Leaf]] = {}
    for tree in trees:
        for leaf in leaves(tree):
            for key, part in leaf_keys(leaf, here):
                found.setdefault(key, []).append(part)
    return found


def _same(value: Value | None) -> Any:
    """Return what a value is, wherever it came from."""
    return None if value is None else (value.value, value.accuracy)
