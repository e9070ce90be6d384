"""What the lists of an office say, cell by cell: spreadsheets and text files in, tables by role, and files out.

``read_sheets`` forgets the file format, ``read_table`` finds the columns by their headers, ``write_table`` writes.
"""

from __future__ import annotations

from pathlib import Path

from yudi.core.errors import InputError, Where
from yudi.formats.cells import Cell, Sheet, SheetLimits
from yudi.formats.delimited import read_delimited
from yudi.formats.headers import Table, read_table
from yudi.formats.table_files import write_table
from yudi.formats.workbooks import read_workbook

__all__ = ["Cell", "Sheet", "SheetLimits", "Table", "read_sheets", "read_table", "write_table"]

EXCEL = {".xlsx", ".xlsm", ".xls"}
TEXT = {".csv", ".tsv", ".txt"}


def read_sheets(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, limits: SheetLimits | None = None
) -> tuple[Sheet, ...]:
    """Return the sheets of an Excel file, or the one of a text file with separated columns.

    ``sheet`` asks for one sheet of an Excel file by its name, ``encoding`` says what a text file is written in.
    InputError for a file that is missing, empty, cut, protected, of another format than its ending says, or without
    any value; LimitError for more than the limits.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "list.csv"
    ...     _ = path.write_text("编码,名称\\nZH1,甲\\n", encoding="utf-8")
    ...     read_sheets(path)[0].cells
    (('编码', '名称'), ('ZH1', '甲'))
    """
    limits = limits or SheetLimits()
    where, ending = Where(file=path.name), path.suffix.lower()
    if ending not in EXCEL | TEXT:
        message = f"expected a list as {', '.join(sorted(EXCEL | TEXT))}, got {path.name!r}"
        raise InputError(message, where=where, hint="save it as .xlsx or .csv")
    try:
        if not path.is_file():
            raise InputError("expected a file, got none there", where=where, hint="check its name and folder")
        limits.check("file_bytes", path.stat().st_size, path.name)
        data = path.read_bytes()
    except OSError as error:
        message = f"expected a file that can be read, got {error.strerror}"
        raise InputError(message, where=where, hint="check that you may read it") from error
    if not data:
        raise InputError("expected a list, got an empty file", where=where, hint="copy it again from its source")
    if ending in EXCEL:
        return read_workbook(data, path.name, limits, sheet=sheet)
    return (read_delimited(data, path.name, limits, encoding=encoding),)
