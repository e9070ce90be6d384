"""What a sheet holds: where its header is, which columns have a known role, and what all columns look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from yudi.core.errors import InputError, Where, YudiError
from yudi.core.words import Words
from yudi.formats.cells import Cell, Sheet, SheetLimits
from yudi.formats.headers import Table, header_key, read_table
from yudi.formats.list_files import list_roles, table_sheet
from yudi.formats.recognition.columns import SeenColumn, seen_column
from yudi.formats.recognition.dialect import Dialect
from yudi.formats.recognition.folders import FoundFile, LookLimits
from yudi.formats.recognition.maps import SeenLayer, broken, problem_of
from yudi.formats.rule_columns import KINDS
from yudi.formats.scheme_file import ListEntry
from yudi.formats.sheets import read_sheets

__all__ = ["SeenSheet", "look_at_map_table", "look_at_sheets"]

_HEADER_ROWS = 10
_DIMENSION = "dimension:"


@dataclass(frozen=True)
class SeenSheet:
    """One sheet of a file.

    Parameters
    ----------
    file, sheet : str
        File name from the folder, and the sheet's name.
    alone : bool
        The file has no other sheet.
    header_row : int
        Row of the header, 0 where there is none.
    titles : tuple of str
        What stands above the header.
    roles : mapping
        Header, in one line, by role; of dimensions ``dimension:KEY``.
    columns : tuple of SeenColumn
        All of them, with their headers.
    kind : str
        ``formalised`` where the columns are those of a sheet of rules, ``empty``, or "".
    encoding : str
        Of a text file, where its bytes do not show it plainly.
    """

    file: str
    sheet: str = ""
    alone: bool = True
    header_row: int = 0
    titles: tuple[str, ...] = ()
    roles: Mapping[str, str] = None  # type: ignore[assignment]
    columns: tuple[SeenColumn, ...] = ()
    rows: int = 0
    kind: str = ""
    notes: tuple[Words, ...] = ()
    problem: Words = Words()

    def column(self, header: str) -> SeenColumn | None:
        """Return the column under a header."""
        return next((column for column in self.columns if column.name == header), None)

    def by_role(self, role: str) -> SeenColumn | None:
        """Return the column of a role, if the dialect knows one."""
        header = self.roles.get(role)
        return self.column(header) if header else None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Keys of the dimensions that have a column."""
        return tuple(role.removeprefix(_DIMENSION) for role in self.roles if role.startswith(_DIMENSION))

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return PurePosixPath(self.file).stem


def look_at_sheets(found: FoundFile, dialect: Dialect, limits: LookLimits) -> list[SeenSheet]:
    """Return the sheets of a file; one that cannot be read is there with its problem."""
    if found.problem:
        return [SeenSheet(found.name, roles={}, problem=found.problem)]
    if found.size > limits.sheet_bytes:
        size, most = found.size // 2**20, limits.sheet_bytes // 2**20
        said = Words(
            f"{size} MB，超过 {most} MB，未打开；请自行填写它的角色",
            f"{size} MB, above {most} MB, so it was not opened: say yourself what it is",
        )
        return [SeenSheet(found.name, roles={}, problem=said)]
    try:
        sheets = read_sheets(found.path, limits=SheetLimits(file_bytes=limits.sheet_bytes, seconds=30))
    except YudiError as error:
        return [SeenSheet(found.name, roles={}, problem=problem_of(error))]
    except Exception as error:
        return [SeenSheet(found.name, roles={}, problem=broken(error))]
    return [_look(found.name, sheet, len(sheets) == 1, dialect, limits=limits) for sheet in sheets]


def look_at_map_table(layer: SeenLayer, dialect: Dialect, limits: LookLimits) -> SeenSheet | None:
    """Return a map's table as a sheet, if it has a column of a dimension: then it is a list too; else None."""
    if layer.raw is None or not dialect.names:
        return None
    if not any(dialect.is_dimension(column.name) for column in layer.columns):
        return None
    sheet = replace(table_sheet(layer.raw, layer.file), name=layer.layer)
    return _look(layer.file, sheet, not layer.layer, dialect, limits=limits)


def _look(file: str, sheet: Sheet, alone: bool, dialect: Dialect, *, limits: LookLimits) -> SeenSheet:
    seen = SeenSheet(file, sheet.name, alone, roles={})
    if not sheet.cells:
        return replace(seen, kind="empty")
    notes = tuple(Words(one.message, one.message) for one in sheet.findings)
    cut = replace(sheet, cells=sheet.cells[: limits.rows], merged=tuple(m for m in sheet.merged if m[2] < limits.rows))
    try:
        table, known = _table(cut, dialect)
    except YudiError as error:
        return replace(seen, problem=problem_of(error), notes=notes)
    if table is None:
        return replace(seen, rows=len(sheet.cells), notes=notes)
    columns = _columns(table)
    first = table.header_row - (2 if any("/" in name for name in table.columns.values()) else 1)
    return replace(
        seen,
        header_row=table.header_row,
        titles=_titles(cut.cells[: max(first, 0)]),
        roles={role: " ".join(header.split()) for role, header in table.columns.items() if known},
        columns=columns,
        rows=len(table.rows) + max(len(sheet.cells) - limits.rows, 0),
        kind="formalised" if _is_formalised([column.name for column in columns]) else "",
        notes=notes,
    )


def _table(sheet: Sheet, dialect: Dialect) -> tuple[Table | None, bool]:
    """Return a sheet by the roles that the dialect knows, else by its own headers, else nothing."""
    roles = list_roles(ListEntry("", key="all"), dialect.rules, Where()) if dialect.names else {}
    plain = _plain_header(sheet)
    if roles:
        try:
            table = read_table(sheet, roles)
        except InputError as error:
            if "expected one column" in error.message:
                raise
        else:
            many = [role for role in table.columns if role != "number"]
            if len(many) > 1 or plain is None or table.header_row == plain + 1:
                return table, True
    if plain is None:
        return None, False
    headers = [str(cell) for cell in sheet.cells[plain] if cell is not None]
    return read_table(replace(sheet, cells=sheet.cells[plain:], merged=()), {text: [text] for text in headers}), False


def _plain_header(sheet: Sheet) -> int | None:
    """Return the first row of several different texts, as a header is, with a row of as many cells below it."""
    for at, row in enumerate(sheet.cells[:_HEADER_ROWS]):
        filled = [cell for cell in row if cell is not None]
        below = sheet.cells[at + 1] if at + 1 < len(sheet.cells) else ()
        texts = [header_key(str(cell)) for cell in filled]
        is_header = len(filled) > 1 and len(set(texts)) == len(texts) and all(isinstance(one, str) for one in filled)
        if is_header and sum(cell is not None for cell in below) * 2 >= len(filled):
            return at
    return None


def _columns(table: Table) -> tuple[SeenColumn, ...]:
    headers = {role: " ".join(header.split()) for role, header in table.columns.items()}
    labels = [*headers, *(f"*{name}" for name in table.unknown)]
    return tuple(
        seen_column(
            headers.get(label, " ".join(label.removeprefix("*").split())), [row.get(label) for _, row in table.rows]
        )
        for label in labels
    )


def _titles(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(str(cell).split()) for row in rows for cell in row if cell is not None))


def _is_formalised(headers: Sequence[str]) -> bool:
    keys = {header_key(header) for header in headers}
    columns = KINDS["clauses"].columns
    marks = [column for column in columns if column.role in ("text_zh", "effect", "status")]
    return all(keys & {header_key(name) for name in (*mark.spellings, mark.role)} for mark in marks)
