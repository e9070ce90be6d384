"""Rows as an Excel or CSV file that opens anywhere, runs nothing, and is the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from yudi.core.errors import InputError, LimitError, Where, YudiError
from yudi.formats.cells import Cell

__all__ = ["ROWS_MAX", "UNWRITABLE", "csv_text", "put_file", "timeless", "write_table"]

ROWS_MAX, COLUMNS_MAX, TEXT_MAX = 1_048_576, 16_384, 32_767  # of Excel
DIGITS_MAX = 10**15  # above it Excel shows a whole number changed
GUARD_STARTS = tuple("=+-@#")  # of text that Excel, or the library, may take for something else
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
CORE_TIME = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
GUARD = re.compile(r"'*[=+\-@\t\r]")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
BAD_IN_NAME = re.compile(r"[\[\]:*?/\\]")


def write_table(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Sheet1",
    widths: Sequence[float | None] = (),
) -> None:
    """Write rows under a header to an .xlsx or .csv file (UTF-8 with a mark, so that Excel shows it right).

    Text that a spreadsheet would run as a formula stays text; in CSV an apostrophe before it says so, which
    ``read_sheets`` takes off again. NaN is written empty, letters that a file cannot hold as a mark. ``widths``
    are column widths in letters, in which text wraps (Excel only; None leaves one as it is). InputError for another ending, rows unlike
    the header, or a value that is no cell; LimitError for more than Excel holds. Nothing is left on disk then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(Path(folder) / "list.csv", ["code", "note"], [["ZH1", "=1+1"]])
    ...     print((Path(folder) / "list.csv").read_text(encoding="utf-8-sig"))
    code,note
    ZH1,'=1+1
    <BLANKLINE>
    """
    writers = {".xlsx": _workbook, ".csv": _text}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        message = f"expected a file name ending in .xlsx or .csv, got {path.name!r}"
        raise InputError(message, where=Where(file=path.name), hint="change the ending")
    put_file(path, writer(path.name, chain([headers], rows), sheet, widths))


def put_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    InputError
        If there is no place to write to.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        message = f"expected a place to write to, got {error.strerror}"
        raise InputError(message, where=Where(file=str(path)), hint="check the folder, and close the file") from error


def csv_text(rows: Iterable[Sequence[Cell]], file: str) -> str:
    """Return rows as the text of a CSV file without a mark; errors as :func:`write_table`.

    Examples
    --------
    >>> csv_text([["ZH1", True]], "list.csv")
    'ZH1,TRUE\\r\\n'
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    width: int | None = None
    for number, row in enumerate(rows, start=1):
        width = len(row) if width is None else width
        writer.writerow([_csv_field(cell) for cell in _checked(row, width, file=file, row_number=number)])
    return lines.getvalue()


def _text(file: str, rows: Iterable[Sequence[Cell]], _sheet: str, _widths: Sequence[float | None]) -> bytes:
    return csv_text(rows, file).encode("utf-8-sig")


def _csv_field(cell: Cell) -> str | int | float | None:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, str) and GUARD.match(cell) and not PLAIN_NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _workbook(file: str, rows: Iterable[Sequence[Cell]], sheet: str, widths: Sequence[float | None]) -> bytes:
    if (
        not 0 < len(sheet) <= 31
        or BAD_IN_NAME.search(sheet)
        or UNWRITABLE.search(sheet)
        or "'" in (sheet[0], sheet[-1])
    ):
        message = f"expected a sheet name of at most 31 letters without []:*?/\\, got {sheet[:80]!r}"
        raise InputError(message, where=Where(file=file), hint="choose another name")
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "A2"
    for column, size in enumerate(widths, start=1):
        if size is not None:
            page.column_dimensions[get_column_letter(column)].width = size
    try:
        for number, cells in _rows_for_excel(rows, file):
            page.append(
                [
                    _written(page, cell, is_header=number == 1, wraps=at < len(widths) and widths[at] is not None)
                    for at, cell in enumerate(cells)
                ]
            )
    except YudiError:
        page.close()  # else the library keeps its file open
        raise
    raw = io.BytesIO()
    book.save(raw)
    return timeless(raw.getvalue())


def _rows_for_excel(rows: Iterable[Sequence[Cell]], file: str) -> Iterator[tuple[int, list[Cell]]]:
    """Yield numbers and cells of rows as Excel can hold them, while they are within its limits."""
    width = 0
    for number, row in enumerate(rows, start=1):
        width = len(row) if number == 1 else width
        if number > ROWS_MAX or width > COLUMNS_MAX:
            message = f"expected at most {ROWS_MAX:,} rows and {COLUMNS_MAX:,} columns, got more"
            raise LimitError(message, where=Where(file=file), hint="write a .csv file")
        yield number, [_for_excel(cell, file, number) for cell in _checked(row, width, file=file, row_number=number)]


def _for_excel(cell: Cell, file: str, row: int) -> Cell:
    """Return what Excel can hold of a cell: numbers of more than 15 digits as text, times without a zone."""
    if isinstance(cell, str) and len(cell) > TEXT_MAX:
        message = f"expected at most {TEXT_MAX:,} letters in a cell, got {len(cell):,}"
        raise LimitError(message, where=Where(file=file, row=row), hint="write a .csv file")
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) > DIGITS_MAX:
        return str(cell)
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _written(page: object, cell: Cell, *, is_header: bool, wraps: bool) -> object:
    """Return a cell for the page; text is marked as text, whatever it looks like."""
    if not isinstance(cell, str) or not (is_header or wraps or cell[:1] in GUARD_STARTS or "\n" in cell):
        return cell
    written = WriteOnlyCell(page, value=cell)
    written.data_type = "s"
    written.alignment = Alignment(wrap_text=True, vertical="top")
    if is_header:
        written.font = Font(bold=True)
    return written


def _checked(row: Sequence[Cell], width: int, *, file: str, row_number: int) -> list[Cell]:
    """Return a row as writable cells; numbers and days of numpy count as those of Python."""
    where = Where(file=file, row=row_number)
    if len(row) != width:
        message = f"expected {width} cells as in the header, got {len(row)}"
        raise InputError(message, where=where, hint="give every row as many cells as there are headers")
    cells: list[Cell] = []
    for value in row:
        item = getattr(value, "item", None)
        cell: Cell = value if item is None else item()
        if isinstance(cell, str):
            cell = UNWRITABLE.sub("\ufffd", cell)
        elif isinstance(cell, float) and not math.isfinite(cell):
            if math.isinf(cell):
                raise InputError(f"expected a finite number, got {cell}", where=where, hint="write it as text")
            cell = None
        elif cell is not None and not isinstance(cell, int | float | date):
            message = f"expected text, a number, a day or a truth, got {type(cell).__name__}"
            raise InputError(message, where=where, hint="join lists to one text first")
        cells.append(cell)
    return cells


def timeless(content: bytes) -> bytes:
    """Return an .xlsx file with all its times set to one, so that equal rows give equal bytes."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in sorted(source.infolist(), key=lambda part: part.filename):
            entry = zipfile.ZipInfo(part.filename, ZIP_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            if part.filename == "docProps/core.xml":
                target.writestr(entry, CORE_TIME.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read(part)))
                continue
            entry.file_size = part.file_size
            with source.open(part) as stream, target.open(entry, "w") as copy:  # a sheet may be large unpacked
                shutil.copyfileobj(stream, copy)
    return fixed.getvalue()
