"""What a sheet is once its file format is forgotten: a rectangle of plain cells, with limits on its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding

__all__ = ["Cell", "Merged", "Sheet", "SheetLimits", "plain_cell", "rectangle", "tidy"]

Cell = str | float | int | date | bool | None
Merged = tuple[int, int, int, int]

INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060"))
EXACT = 2**53  # above it a float no longer holds every whole number


@dataclass(frozen=True)
class SheetLimits:
    """The largest file, contents and sheet that are read; more is a LimitError.

    Parameters
    ----------
    file_bytes, unpacked_bytes : int
        Size of the file, and of what a packed file holds (also as text of its cells).
    sheets, rows, columns, cells : int
        Number of sheets in a file; of rows and columns up to the last one in use in a sheet; of such cells in a file.
    seconds, memory_bytes : int
        Time and memory for an Excel file, which is read in a process of its own (memory: where the system can hold it).
    """

    file_bytes: int = 200 * 2**20
    unpacked_bytes: int = 2**30
    sheets: int = 500
    rows: int = 1_048_576
    columns: int = 2_000
    cells: int = 10_000_000
    seconds: int = 120
    memory_bytes: int = 4 * 2**30

    def check(self, name: str, got: int, file: str) -> None:
        """Raise LimitError where a count or size is above the limit of that name.

        Examples
        --------
        >>> SheetLimits(rows=10).check("rows", 10, "list.csv")
        """
        allowed: int = getattr(self, name)
        if got > allowed:
            message = f"expected at most {allowed:,} {name.replace('_', ' ')}, got {got:,}"
            raise LimitError(message, where=Where(file=file), hint="split the file, or raise the limit")


@dataclass(frozen=True)
class Sheet:
    """One sheet as a rectangle of cells: row 1 of the spreadsheet is ``cells[0]``.

    Parameters
    ----------
    file, name : str
        File name and sheet name (of a text file its own name without the ending).
    cells : tuple of tuples
        Text without outer blanks (inner line breaks are kept), numbers, days (with a time of day: a datetime, which
        is a date too), truths, None where empty. Of a text file all cells are text or None. Merged ranges are filled
        with their value; empty rows and columns after the last used one are left out.
    merged : tuple
        Merged ranges as indices of the first row, first column, last row and last column, from 0.
    findings : tuple
        What was noticed while reading.
    """

    file: str
    name: str
    cells: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if len({len(row) for row in self.cells}) > 1:
            message = f"expected rows of one length in sheet {self.name!r}"
            raise InputError(message, where=Where(file=self.file), hint="pad the short rows with None")


def tidy(text: str) -> str | None:
    r"""Return a text without outer blanks and invisible marks, its line breaks as ``\n``; None where nothing is left.

    Examples
    --------
    >>> tidy(" 空间布局\r\n约束\n"), tidy("\u3000")
    ('空间布局\n约束', None)
    """
    return text.translate(INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").strip() or None


def plain_cell(value: object) -> Cell:
    """Return a reader's value as a cell: whole floats as int, midnight as a day, times of day as text.

    Examples
    --------
    >>> plain_cell(2614.0), plain_cell(""), plain_cell(datetime(2024, 3, 19)), plain_cell(time(5, 6))
    (2614, None, datetime.date(2024, 3, 19), '05:06:00')
    """
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < EXACT else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    assert value is None or isinstance(value, bool | int | date), value
    return value


def rectangle(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Return rows of one length, without the empty rows and columns after the last used ones.

    Examples
    --------
    >>> rectangle([["a"], [None, None, "b"], [None]])
    (('a', None, None), (None, None, 'b'))
    """
    ends = [next((end for end in range(len(row), 0, -1) if row[end - 1] is not None), 0) for row in rows]
    width = max(ends, default=0)
    height = next((number for number in range(len(ends), 0, -1) if ends[number - 1]), 0)
    return tuple((*row[:width], *[None] * (width - len(row))) for row in rows[:height])
