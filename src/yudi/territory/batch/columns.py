"""What many projects state, as columns: of each fact the different values once, and which of them each row has.

A value is read by the same reader as that of a single project, once for all rows that have it; plain numbers are
taken as arrays. What the reader refuses rejects the rows, with its own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yudi.core.errors import InputError, Where
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.projects import read_facts

__all__ = ["Column", "FactColumns", "Numbers", "Rejects", "read_columns"]

NOTHING = -1  # the code of a row that states nothing
_PLAIN_NUMBER = r"^[0-9]+(\.[0-9]+)?$"  # of these texts the number is what any reader takes them for
Codes = NDArray[np.int32]


class Numbers(Sequence[Value]):
    """Stated plain numbers, of which a `Value` is only made where one is asked for."""

    def __init__(self, numbers: NDArray[np.float64]) -> None:
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Value]: ...
    def __getitem__(self, index: int | slice) -> Value | Sequence[Value]:
        if isinstance(index, slice):
            return Numbers(self.numbers[index])
        return Value(float(self.numbers[index]))


@dataclass(frozen=True)
class Column:
    """What rows state of one fact.

    Parameters
    ----------
    values : sequence of Value
        The different values; of plain numbers one may stand more than once.
    codes : int32 array (rows)
        Which value each row has, -1 for nothing.
    """

    values: Sequence[Value]
    codes: Codes

    def value(self, row: int) -> Value | None:
        """Return what a row states."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


@dataclass(frozen=True)
class Rejects:
    """Rows that cannot be answered: which, and the error of each; an error names the field, the caller file and row.

    Parameters
    ----------
    rows : int64 array
        Ascending, each once.
    error : int32 array
        Index into `errors`.
    """

    rows: NDArray[np.int64]
    error: NDArray[np.int32]
    errors: tuple[InputError, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[int, InputError]]:
        for row, error in zip(self.rows.tolist(), self.error.tolist(), strict=True):
            yield row, self.errors[error]


@dataclass(frozen=True)
class FactColumns:
    """The facts of many projects.

    Parameters
    ----------
    ids : pyarrow string Array
        Names of the projects; the number of rows.
    columns : mapping of fact key to Column
        Facts that no row states may be left out.
    rejects : Rejects
        Rows whose facts could not be read.
    """

    ids: pa.Array
    columns: Mapping[str, Column] = field(default_factory=dict)
    rejects: Rejects = field(default_factory=lambda: Rejects(np.empty(0, np.int64), np.empty(0, np.int32), ()))

    def __len__(self) -> int:
        return len(self.ids)

    def facts(self, row: int) -> dict[str, Value]:
        """Return the facts of one row as a single project has them."""
        stated = ((key, column.value(row)) for key, column in self.columns.items())
        return {key: value for key, value in stated if value is not None}


def read_columns(
    raw: Mapping[str, Any], vocabulary: Vocabulary, ids: pa.Array | Sequence[str], *, today: date | None = None
) -> FactColumns:
    """Return the facts of a table's columns, each read by what the vocabulary says of it.

    Parameters
    ----------
    raw : mapping of name to pyarrow Array, ChunkedArray or sequence
        One entry a row, as it is written; names are fact keys, labels, heads of families or columns that are no fact.
    ids : sequence of str
        Names of the rows.
    today : date or None
        An answer that was given after it rejects its row.
    """
    reader = _Reader(vocabulary, len(ids), today)
    for name, cells in raw.items():
        reader.add(name, cells)
    named = ids if isinstance(ids, pa.Array | pa.ChunkedArray) else pa.array(list(ids), pa.string())
    return FactColumns(named, reader.columns, reader.rejects())


class _Reader:
    """Reads one column after another; of several errors in a row the first column's stands, as in a single reading."""

    def __init__(self, vocabulary: Vocabulary, count: int, today: date | None) -> None:
        self.vocabulary = vocabulary
        self.columns: dict[str, Column] = {}
        self._today = today
        self._error = np.full(count, NOTHING, np.int32)
        self._errors: list[InputError] = []
        self._late: list[tuple[NDArray[Any], InputError]] = []

    def rejects(self) -> Rejects:
        for rows, error in self._late:  # dates are held against today after all facts were read
            self._reject(rows, error)
        rows = np.flatnonzero(self._error >= 0)
        return Rejects(rows, self._error[rows], tuple(self._errors))

    def add(self, name: str, cells: Any) -> None:
        fact = self._fact(name)
        if fact is None:
            self._refuse_name(name)
        if fact is not None and (numbers := _plain_numbers(cells, fact)) is not None:
            plain, rest = numbers
            self._keep(self._key(name), Column(Numbers(plain), _numbered(~np.isnan(plain))), name, None)
            if rest is None:
                return
            cells, is_left = rest
            found = self._distinct(name, cells, is_left)
            if not found:
                return
        else:
            found = self._distinct(name, cells, None)
        for key, column in found.items():
            self._keep(key, column, name, cells)

    def _refuse_name(self, name: str) -> None:
        """Reject all rows where the column's name is a near miss of a fact's, whatever stands below it."""
        try:
            read_facts({name: None}, self.vocabulary)
        except InputError as error:
            self._reject(np.arange(len(self._error)), error)

    def _distinct(self, name: str, cells: Any, is_left: NDArray[Any] | None) -> dict[str, Column]:
        """Read the different cells of a column; return a column for every fact that they state."""
        items, codes = _apart(cells)
        if is_left is not None:
            codes = np.where(is_left, codes, NOTHING).astype(np.int32)
        values: dict[str, list[Value]] = {}
        places: dict[str, NDArray[np.int32]] = {}
        for number in np.unique(codes[codes >= 0]).tolist():
            try:
                stated, _ = read_facts({name: items[number]}, self.vocabulary)
            except InputError as error:
                self._reject(np.flatnonzero(codes == number), error)
                continue
            self._refuse_later(stated, np.flatnonzero(codes == number) if self._today else None)
            for key, value in stated.items():
                places.setdefault(key, np.full(len(items), NOTHING, np.int32))[number] = len(values.setdefault(key, []))
                values[key].append(value)
        present = codes >= 0
        return {
            key: Column(
                values[key], np.where(present, places[key][np.where(present, codes, 0)], NOTHING).astype(np.int32)
            )
            for key in values
        }

    def _refuse_later(self, stated: Mapping[str, Value], rows: NDArray[Any] | None) -> None:
        for key, value in stated.items():
            if rows is not None and self._today and value.on is not None and value.on > self._today:
                message = f"the date lies in the future, got {value.on}"
                self._late.append((rows, InputError(message, where=Where(field=key), hint="correct the date")))

    def _keep(self, key: str, column: Column, name: str, cells: Any) -> None:
        """Add what a column states of a fact; a row that states it already is rejected, as a single reading does."""
        before = self.columns.get(key)
        if before is None:
            self.columns[key] = column
            return
        twice = np.flatnonzero((before.codes >= 0) & (column.codes >= 0))
        if len(twice):
            written = str(name).strip() if cells is None or self._key(name) == key else f"{str(name).strip()}.{key}"
            hint = "keep its key or its label, not both"
            self._reject(twice, InputError(f"{key!r} is stated twice", where=Where(field=written), hint=hint))
        values = [*before.values, *column.values]
        codes = np.where(
            before.codes >= 0, before.codes, np.where(column.codes >= 0, column.codes + len(before.values), -1)
        )
        self.columns[key] = Column(values, codes.astype(np.int32))

    def _reject(self, rows: NDArray[Any], error: InputError) -> None:
        fresh = rows[self._error[rows] < 0]
        if len(fresh):
            self._error[fresh] = len(self._errors)
            self._errors.append(error)

    def _key(self, name: str) -> str:
        written = str(name).strip()
        head, dot, member = written.partition(".")
        if self.vocabulary.fact(written) is not None:
            return written
        return self.vocabulary.by_label.get(head, head) + dot + member

    def _fact(self, name: str) -> Fact | None:
        return self.vocabulary.fact(self._key(name))


def _plain_numbers(cells: Any, fact: Fact) -> tuple[NDArray[np.float64], tuple[Any, NDArray[Any]] | None] | None:
    """Return the plain numbers of a column of a stated number (NaN where there is none), and the cells that are left.

    None where the column holds no plain numbers or the fact is none that a plain number states.
    """
    if fact.type != "number" or fact.provider != "project" or not isinstance(cells, pa.Array | pa.ChunkedArray):
        return None
    kind = cells.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        numbers = pc.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        numbers = np.array(numbers, np.float64)
        is_bad = np.isinf(numbers) | ((numbers < 0) if fact.unit else False)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        is_plain = pc.fill_null(pc.match_substring_regex(cells, _PLAIN_NUMBER), False)
        taken = pc.if_else(is_plain, cells, pa.scalar(None, kind))
        numbers = np.array(pc.cast(taken, pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        is_bad = np.isinf(numbers) | np.asarray(
            pc.fill_null(pc.invert(is_plain), False).to_numpy(zero_copy_only=False), bool
        )
        is_bad &= np.asarray(pc.is_valid(cells).to_numpy(zero_copy_only=False), bool)
    else:
        return None
    if not is_bad.any():
        return numbers, None
    return np.where(is_bad, np.nan, numbers), (pc.if_else(pa.array(is_bad), cells, pa.scalar(None, kind)), is_bad)


def _numbered(is_there: NDArray[Any]) -> Codes:
    return np.where(is_there, np.arange(len(is_there), dtype=np.int32), np.int32(NOTHING)).astype(np.int32)


def _apart(cells: Any) -> tuple[list[Any], Codes]:
    """Return the different cells as Python has them, and which of them each row has."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if isinstance(cells, pa.Array) and not pa.types.is_nested(cells.type):
        encoded = cells if pa.types.is_dictionary(cells.type) else pc.dictionary_encode(cells, null_encoding="mask")
        codes = pc.fill_null(encoded.indices, NOTHING).to_numpy(zero_copy_only=False)
        return encoded.dictionary.to_pylist(), np.asarray(codes, np.int32)
    items = cells.to_pylist() if isinstance(cells, pa.Array) else list(cells)
    places: dict[Any, int] = {}
    distinct: list[Any] = []
    codes = np.empty(len(items), np.int32)
    for row, item in enumerate(items):
        if item is None:
            codes[row] = NOTHING
            continue
        place = places.setdefault((type(item), repr(item)), len(distinct))
        if place == len(distinct):
            distinct.append(item)
        codes[row] = place
    return distinct, codes
