"""The clauses and entries of several rule books as flat arrays, and the names and texts that answers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yudi.core.names import natural
from yudi.territory.batch.decision_tables import ColumnKey
from yudi.territory.batch.loops import Assumed, Bound, Rules
from yudi.territory.batch.regularity import CONCERNS
from yudi.territory.batch.rule_book import PRESUMED, RuleBook
from yudi.territory.batch.shared_names import SharedNames
from yudi.territory.clauses import filled
from yudi.territory.edition import WHOLE_PLACE
from yudi.territory.facts import Value
from yudi.territory.tables import said

__all__ = ["BookArrays", "Names", "RuleArrays", "assumed_text"]

_NEVER, _ALWAYS = -2, -1
ALL = -1  # editions own a name


def assumed_text(key: str, value: Value) -> str:
    """Return how a table of verdicts says what is assumed."""
    return f"{key}={said(value.as_data()['value'])}"


class Names:
    """Texts by number; a text that means something else to one edition has a number for that edition alone."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.owners: list[int] = []
        self._numbers: dict[tuple[str, int], int] = {}

    def of(self, text: str, owner: int = ALL) -> int:
        """Return the number of a text."""
        number = self._numbers.setdefault((text, owner), len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
            self.owners.append(owner)
        return number


class BookArrays:
    """One book's bound clauses and entries as arrays; entries and names grow.

    Parameters
    ----------
    number : int
        Place of the book's edition among those in force.
    shared : SharedNames
        Ids that other editions have too.
    """

    def __init__(self, book: RuleBook, needs: Names, number: int, shared: SharedNames) -> None:
        self.book = book
        self._number = number
        self._doubtful = shared.in_doubt
        asked_as = shared.asked_as(number)
        self.needs = needs
        bindings = book.edition.bindings
        self.ids = [bindings.ids[row] for row in range(len(bindings.unit))]
        self._asked_as = [asked_as.get(name, name) for name in self.ids]
        self._patterns: list[str] = []
        self._entries: list[tuple[int, int, list[int]]] = []
        self._filled = np.zeros((len(self.ids), 0), np.int32)
        self._is_inert = np.empty(0, bool)
        self._rules: Rules | None = None
        self._fixed()

    def _fixed(self) -> None:
        """Set what does not grow: order, sharing of ids, kinds of clauses, where a unit's clauses begin."""
        edition, bindings = self.book.edition, self.book.edition.bindings
        places = {name: place for place, name in enumerate(edition.dimensions)}
        clauses = [edition.rules.clauses[number] for number in bindings.clause.tolist()]
        keys = [
            (places.get(item.dimension, len(places)), natural(name), row)
            for row, (item, name) in enumerate(zip(clauses, self.ids, strict=True))
        ]
        self.rank = np.empty(len(keys), np.int64)
        self.rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
        slots: dict[str, int] = {}
        self.slot = np.array([slots.setdefault(name, len(slots)) for name in self.ids], np.int64)
        self.is_shared_slot = np.bincount(self.slot, minlength=len(slots))[self.slot] > 1
        self.defers = np.array([item.effect == "defer" for item in clauses], bool)
        self.is_unverified = np.array([item.is_unverified for item in clauses], bool)
        self.table = np.array([self.book.bound.get(row, -1) for row in range(len(self.ids))], np.int64)
        ranges = [bindings.of(unit) for unit in (*range(len(edition.units.geometry)), WHOLE_PLACE)]
        self.begin = np.array([each.start for each in ranges], np.int64)
        self.end = np.array([each.stop for each in ranges], np.int64)

    def bound(self) -> Bound:
        """Return the bound clauses as compiled loops take them; entries that do nothing are told apart."""
        entries = self.book.judging.entries
        if len(self._is_inert) < len(entries):
            self._is_inert = np.array([does.cell < 3 and does.outcomes == 1 for does in entries], bool)
        return Bound(self.table, self.begin, self.end, self._is_inert)

    def bound_count(self, units: NDArray[np.int32], rows: int) -> int:
        """Return how many clauses speak in so many rows, of which pairs lie in these units."""
        sizes = self.end - self.begin
        return int(sizes[units].sum() + rows * sizes[-1])

    def grow(self) -> None:
        """Number the needs of entries that are new."""
        for does in self.book.judging.entries[len(self._entries) :]:
            self._entries.append((does.cell, does.outcomes, [self._need(name) for name in does.needs]))

    def rules(self) -> Rules:
        """Return entries and bound clauses as compiled loops take them."""
        if self._rules is not None and len(self._entries) == len(self.book.judging.entries):
            return self._rules
        self.grow()
        lengths = [len(needs) for _, _, needs in self._entries]
        count = len(self.ids)
        self._rules = Rules(
            np.array([cell for cell, _, _ in self._entries], np.int64),
            np.array([outcomes for _, outcomes, _ in self._entries], np.int64),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            np.array([need for _, _, needs in self._entries for need in needs], np.int64),
            self._filled,
            np.zeros(count, np.int64),
            self.rank,
            self.slot,
            self.is_shared_slot,
            self.defers,
            self.is_unverified,
        )
        return self._rules

    def _need(self, name: str) -> int:
        """Return the number of a need, or of the pattern that it is made from where it stands."""
        if "{" not in name:
            return self.needs.of(name)
        if name not in self._patterns:
            self._patterns.append(name)
            self._filled = np.column_stack([self._filled, self._fill(name)]).astype(np.int32)
        return ~self._patterns.index(name)

    def _fill(self, pattern: str) -> NDArray[np.int32]:
        edition = self.book.edition
        found = np.full(len(self.ids), -1, np.int32)
        for row, (unit, number) in enumerate(
            zip(edition.bindings.unit.tolist(), edition.bindings.clause.tolist(), strict=True)
        ):
            if row in self.book.bound and pattern in self._own_patterns(number, unit):
                code = edition.unit_code(unit) if unit >= 0 else ""
                owner = self._number if "{id}" in pattern and self.ids[row] in self._doubtful else ALL
                found[row] = self.needs.of(filled(pattern, self._asked_as[row], code), owner)
        return found

    def _own_patterns(self, number: int, unit: int) -> list[str]:
        code = "{unit}" if unit >= 0 else ""
        return [filled(pattern, "{id}", code) for pattern in self.book.asks[number].patterns]

    def answers(self) -> dict[str, ColumnKey | None]:
        """Return what is usually answered to questions about single clauses: by name the column, or None for always no."""
        found: dict[str, ColumnKey | None] = {}
        edition = self.book.edition
        for row, (unit, number) in enumerate(
            zip(edition.bindings.unit.tolist(), edition.bindings.clause.tolist(), strict=True)
        ):
            if unit < WHOLE_PLACE:
                continue
            item = edition.rules.clauses[number]
            code = edition.unit_code(unit) if unit >= 0 else ""
            if item.silent_for:
                found[filled(item.silent_for, self._asked_as[row], code)] = None
            if item.is_in_words:  # also where it is out of force: another edition may ask under its name
                column = ColumnKey(False, "concern", self.book.concern(item), PRESUMED)
                found[filled(CONCERNS, self._asked_as[row], code)] = column
        return found


class RuleArrays:
    """All books' arrays, one behind the other."""

    def __init__(self, books: Sequence[RuleBook], shared: SharedNames) -> None:
        self.needs = Names()
        self.texts = Names()
        self.books = [BookArrays(book, self.needs, number, shared) for number, book in enumerate(books)]
        self._answers = [each.answers() for each in self.books]
        self.ids = [name for each in self.books for name in each.ids]
        self.columns: list[tuple[int, ColumnKey | str]] = []
        self._size: tuple[int, ...] = ()
        self._rules: Rules | None = None
        self._column: NDArray[Any] = np.empty((len(books), 0), np.int64)
        self._base: NDArray[Any] = np.empty((len(books), 0), np.int64)
        self._rank: NDArray[Any] = np.empty(0, np.int64)

    def offsets(self) -> list[tuple[int, int]]:
        """Return where each book's bound clauses and entries begin."""
        bound = np.cumsum([0, *(len(each.ids) for each in self.books)])
        entries = np.cumsum([0, *(len(each.book.judging.entries) for each in self.books)])
        return list(zip(bound[:-1].tolist(), entries[:-1].tolist(), strict=True))

    def rules(self) -> Rules:
        """Return the arrays of all books."""
        size = tuple(len(each.book.judging.entries) for each in self.books)
        if self._rules is None or size != self._size:
            self._size = size
            self._rules = self._joined([each.rules() for each in self.books])
        return self._rules

    def _joined(self, parts: list[Rules]) -> Rules:
        if len(parts) == 1:
            return parts[0]
        patterns = [0, *np.cumsum([part.filled.shape[1] for part in parts]).tolist()]
        ends = np.cumsum([0, *(len(part.need) for part in parts)])
        slots = np.cumsum([0, *(int(part.slot.max(initial=-1)) + 1 for part in parts)])
        table = np.full((sum(len(part.rank) for part in parts), patterns[-1]), -1, np.int32)
        begin = 0
        for number, part in enumerate(parts):
            table[begin : begin + len(part.rank), patterns[number] : patterns[number + 1]] = part.filled
            begin += len(part.rank)

        def together(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(part, name) for part in parts])

        needs = [np.where(part.need < 0, part.need - patterns[number], part.need) for number, part in enumerate(parts)]
        starts = [part.need_start[:-1] + ends[number] for number, part in enumerate(parts)]
        return Rules(
            together("cell"),
            together("outcomes"),
            np.concatenate([*starts, ends[-1:]]).astype(np.int64),
            np.concatenate(needs).astype(np.int64),
            table,
            np.repeat(np.arange(len(parts)), [len(part.rank) for part in parts]),
            together("rank"),
            np.concatenate([part.slot + slots[number] for number, part in enumerate(parts)]),
            together("is_shared_slot"),
            together("defers"),
            together("is_unverified"),
        )

    def assumed(self, rows: NDArray[np.int32]) -> Assumed:
        """Return what is assumed of needs, with the rows' columns as `columns` names them."""
        return Assumed(self._column, self._base, rows, self._rank)

    def grow_assumed(self) -> None:
        """Find where what is assumed of needs that are new stands."""
        known, count = self._column.shape[1], len(self.needs.texts)
        if known == count:
            return
        fresh = list(zip(self.needs.texts[known:], self.needs.owners[known:], strict=True))
        found = [
            [self._where(number, name) if owner in (ALL, number) else (_NEVER, 0) for name, owner in fresh]
            for number in range(len(self.books))
        ]
        pairs = np.array(found, np.int64).reshape(len(self.books), len(fresh), 2)
        self._column = np.concatenate([self._column, pairs[:, :, 0]], axis=1)
        self._base = np.concatenate([self._base, pairs[:, :, 1]], axis=1)
        self._rank = np.empty(count, np.int64)
        self._rank[sorted(range(count), key=self.needs.texts.__getitem__)] = np.arange(count)

    def _where(self, number: int, name: str) -> tuple[int, int]:
        answers = self._answers[number]
        if name in answers:
            column, no = answers[name], Value(False)
            if column is None:
                return _ALWAYS, self.texts.of(assumed_text(name, no))
            base = len(self.texts.texts)
            yes = self.texts.of(assumed_text(name, Value(True)))
            second = self.texts.of(assumed_text(name, no))
            if (yes, second) != (base, base + 1):  # said by another edition already, perhaps apart
                self.texts.texts += [assumed_text(name, Value(True)), assumed_text(name, no)]
                base = len(self.texts.texts) - 2
            return self._place(number, column), base
        if name in self.books[number].book.group_of:
            return self._place(number, name), 0
        return _NEVER, 0

    def _place(self, number: int, column: ColumnKey | str) -> int:
        if (number, column) not in self.columns:
            self.columns.append((number, column))
        return self.columns.index((number, column))
