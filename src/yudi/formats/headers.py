"""Which column of a sheet plays which role, however its header is laid out and spelled."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.names import distance, letters
from yudi.formats.cells import Cell, Sheet

__all__ = ["Table", "column_letters", "header_key", "read_table"]

SEARCHED_ROWS = 10  # a header lies within them
EDGES = "*:;,.、。·-_"  # marks that people put around a header


@dataclass(frozen=True)
class Table:
    """A sheet read by roles.

    Parameters
    ----------
    file, sheet : str
        File name and sheet name.
    header_row : int
        Spreadsheet row of the header, of a header of two rows the lower one.
    columns : mapping
        Column header as printed, by role; both parts of a grouped one with ``/`` between.
    rows : tuple
        Spreadsheet row number and values by role (None where empty); values of other columns stand under ``*`` and
        their header.
    unknown : tuple
        Headers without a role; a column without header is named by its letters, as in ``(C)``.
    findings : tuple
        What was noticed: ``header_near``, ``header_missing``, ``header_repeated``, ``column_numbers``.
    """

    file: str
    sheet: str
    header_row: int
    columns: Mapping[str, str]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    unknown: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_table(sheet: Sheet, roles: Mapping[str, Sequence[str]], *, required: Sequence[str] = ()) -> Table:
    """Return the rows of a sheet by roles; each role is given with the headers that may stand for it.

    The header is the row among the first ten that names most roles, or two rows of which the upper groups columns.
    Blanks, line breaks, case, width of letters, and a bracket at the end of a header do not matter. Empty rows and
    repetitions of the header are left out, rows with totals are not. InputError where no header is found, a required
    role has no column, or a role has two.

    Examples
    --------
    >>> sheet = Sheet("list.csv", "list", (("某市清单", None), ("编码\\n", "名 称"), ("ZH1", "甲")))
    >>> table = read_table(sheet, {"code": ["编码"], "name": ["名称"]}, required=["code"])
    >>> table.header_row, table.rows
    (2, ((3, {'code': 'ZH1', 'name': '甲'}),))
    """
    if unknown := [role for role in required if role not in roles]:
        raise InputError(f"expected required roles among the roles, got {', '.join(unknown)}", hint="add their headers")
    names = {role: {header_key(name): None for name in (role, *spellings)} for role, spellings in roles.items()}
    header = _find_header(sheet, names)
    chosen = _columns_by_role(sheet, header, names)
    _check_required(sheet, header, chosen, roles, required=required)
    labels, findings = _labels(sheet, header, chosen, names)
    rows, skipped = _rows(sheet, header, labels, set(chosen.values()))
    printed = {role: header.printed[column] or "" for role, column in chosen.items()}
    unknown = [label.removeprefix("*") for column, label in labels.items() if column not in chosen.values()]
    return Table(sheet.file, sheet.name, header.last + 1, printed, rows, tuple(unknown), (*findings, *skipped))


@dataclass(frozen=True)
class _Header:
    """One or two header rows: their indices, what each column prints, and the keys it answers to, best first."""

    first: int
    last: int
    printed: tuple[str | None, ...]
    keys: tuple[tuple[str, ...], ...]


def header_key(text: str) -> str:
    """Return a header as it is compared: narrow small letters without blanks, line breaks and marks around it.

    Examples
    --------
    >>> header_key("空间布局 约束：\\n"), header_key("＊ＣＯＤＥ"), header_key("面积（ｋｍ²）")
    ('空间布局约束', 'code', '面积(km2)')
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(EDGES)


def column_letters(column: int) -> str:
    """Return the letters by which a spreadsheet names a column, 0 being A.

    Examples
    --------
    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    return letters(column).upper()


def _find_header(sheet: Sheet, names: Mapping[str, Iterable[str]]) -> _Header:
    """Return the one or two rows that name most roles; of equals a pair that shares a cell, then the first row."""
    last = min(len(sheet.cells), SEARCHED_ROWS)
    found = [_one_row(sheet, row) for row in range(last)]
    found += [_two_rows(sheet, row) for row in range(last - 1) if _is_group_row(sheet, row)]
    best = max(found, key=lambda header: (_score(header, names), _spans_rows(sheet, header)), default=None)
    if best is None or not _score(best, names):
        seen = next((_shown(header.printed) for header in found if any(header.printed)), "an empty sheet")
        wanted = ", ".join(next(iter(spellings)) for spellings in names.values())
        message = f"expected a header row with any of {wanted} in the first {SEARCHED_ROWS} rows of {sheet.name!r}"
        raise InputError(f"{message}, got {seen}", where=Where(file=sheet.file), hint="add a header row")
    return best


def _score(header: _Header, names: Mapping[str, Iterable[str]]) -> int:
    present = {key for keys in header.keys for key in keys}
    return sum(any(name in present for name in spellings) for spellings in names.values())


def _spans_rows(sheet: Sheet, header: _Header) -> bool:
    """Return whether a cell reaches over both rows of a header of two."""
    upper, lower = sheet.cells[header.first], sheet.cells[header.last]
    return header.first < header.last and any(a is not None and a == b for a, b in zip(upper, lower, strict=True))


def _one_row(sheet: Sheet, row: int) -> _Header:
    printed = tuple(None if cell is None else str(cell) for cell in sheet.cells[row])
    return _Header(row, row, printed, tuple(_keys(text) for text in printed))


def _two_rows(sheet: Sheet, row: int) -> _Header:
    """Combine a row with group titles and the row below it."""
    upper, lower = _one_row(sheet, row).printed, _one_row(sheet, row + 1).printed
    printed: list[str | None] = []
    keys: list[tuple[str, ...]] = []
    for group, title in zip(upper, lower, strict=True):
        if group is None or title is None or group == title:
            printed.append(group or title)
            keys.append(_keys(group or title))
        else:
            printed.append(f"{group}/{title}")
            keys.append((header_key(group + title), header_key(f"{group}/{title}"), *_keys(title)))
    return _Header(row, row + 1, tuple(printed), tuple(keys))


def _is_group_row(sheet: Sheet, row: int) -> bool:
    """Return whether every title with another one below it spans several columns, or others reach over both rows."""
    upper, lower = sheet.cells[row], sheet.cells[row + 1]
    pairs = list(zip(upper, lower, strict=True))
    if any(group is not None and title in (None, group) for group, title in pairs):
        return True
    for column, (group, title) in enumerate(pairs):
        beside = {*upper[max(column - 1, 0) : column], *upper[column + 1 : column + 2]}
        if None not in (group, title) and not beside & {None, group}:
            return False
    return True


def _keys(text: str | None) -> tuple[str, ...]:
    """Return what a header answers to: itself, then itself without a bracket at its end."""
    if text is None:
        return ()
    key = header_key(text)
    bare = key[: key.rfind("(")].strip(EDGES) if key.endswith(")") and key.rfind("(") > 0 else ""
    return tuple(part for part in (key, bare) if part)


def _columns_by_role(sheet: Sheet, header: _Header, names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return the column of each role that has one; a role with two columns of the same rank is refused."""
    chosen: dict[str, int] = {}
    ranks = max(map(len, header.keys), default=0)
    for role, spellings in names.items():
        for rank in range(ranks):
            found = [
                column for column, keys in enumerate(header.keys) if keys[rank : rank + 1] and keys[rank] in spellings
            ]
            found = _without_copies(sheet, header, found)
            if len(found) > 1:
                both = " and ".join(f"{header.printed[column]!r} ({column_letters(column)})" for column in found)
                where = Where(file=sheet.file, row=header.last + 1, field=role)
                raise InputError(f"expected one column, got {both}", where=where, hint="rename or remove one of them")
            if found and found[0] not in chosen.values():
                chosen[role] = found[0]
                break
    return chosen


def _without_copies(sheet: Sheet, header: _Header, columns: list[int]) -> list[int]:
    """Leave out columns under the same merged header cell as the first, as long as they only repeat it."""
    if len(columns) < 2:
        return columns
    first, last = columns[0], columns[-1]
    is_one_cell = any(
        top <= header.last <= bottom and left <= first and last <= right for top, left, bottom, right in sheet.merged
    )
    below = sheet.cells[header.last + 1 :]
    is_copy = all(row[column] in (None, row[first]) for row in below for column in columns)
    return [first] if is_one_cell and is_copy else columns


def _check_required(
    sheet: Sheet,
    header: _Header,
    chosen: Mapping[str, int],
    roles: Mapping[str, Sequence[str]],
    *,
    required: Sequence[str],
) -> None:
    missing = [role for role in required if role not in chosen]
    if not missing:
        return
    role = missing[0]
    wanted = [role, *roles[role]]
    free = [text for column, text in enumerate(header.printed) if text and column not in chosen.values()]
    near = min(free, key=lambda text: min(_distance(text, name) for name in wanted), default=None)
    where = Where(file=sheet.file, row=header.last + 1, field=role)
    listed = " or ".join(repr(name) for name in wanted[1:6] or wanted)
    hint = f"nearest is {_one_line(near)!r}; rename it, or add its spelling" if near else "add that column"
    message = f"expected a column {listed} in {sheet.name!r}, got the headers {_shown(header.printed)}"
    raise InputError(message, where=where, hint=hint)


def _distance(text: str, name: str) -> float:
    """Return how unlike two headers are, from 0 to 1."""
    a, b = header_key(text)[:60], header_key(name)[:60]
    return distance(a, b, limit=60) / max(len(a), len(b), 1)


def _labels(
    sheet: Sheet, header: _Header, chosen: Mapping[str, int], names: Mapping[str, Iterable[str]]
) -> tuple[dict[int, str], list[Finding]]:
    """Return the key of every column that carries something, and what is odd about the headers."""
    roles = {column: role for role, column in chosen.items()}
    labels: dict[int, str] = {}
    findings: list[Finding] = []
    below = sheet.cells[header.last + 1 :]
    for column, text in enumerate(header.printed):
        where = Where(file=sheet.file, row=header.last + 1, field=text or column_letters(column))
        if column in roles:
            labels[column] = roles[column]
        elif text is not None:
            near = [role for role in names if role not in chosen and any(_is_near(text, name) for name in names[role])]
            if near:
                message = f"the header {_one_line(text)!r} is nearly one of {near[0]!r}; it was not used for it"
                zh = f"表头“{_one_line(text)}”与“{near[0]}”的写法相近，但未按其读取"
                findings.append(Finding("header_near", message, where, zh=zh))
            labels[column] = _unlike(f"*{text}", labels.values())
        elif any(row[column] is not None for row in below):
            labels[column] = _unlike(f"*({column_letters(column)})", labels.values())
            message = "the column has values but no header; it is carried along by its letters"
            findings.append(Finding("header_missing", message, where, zh="该列有内容而无表头，以列号保留"))
    return labels, findings


def _is_near(text: str, key: str) -> bool:
    """Return whether a header misses a known one by one letter, of longer ones by two."""
    mine = header_key(text)
    allowed = 0 if len(key) < 3 else 1 if len(key) < 7 else 2
    return 0 < distance(mine, key, limit=2) <= allowed


def _unlike(label: str, taken: Iterable[str]) -> str:
    """Return a label that none before has, by a number behind it."""
    used, number, result = set(taken), 1, label
    while result in used:
        number += 1
        result = f"{label} ({number})"
    return result


def _rows(
    sheet: Sheet, header: _Header, labels: Mapping[int, str], used: set[int]
) -> tuple[tuple[tuple[int, Mapping[str, Cell]], ...], list[Finding]]:
    """Return the rows with data by label, and a finding for every other row that was not empty."""
    rows: list[tuple[int, Mapping[str, Cell]]] = []
    findings: list[Finding] = []
    heads = [_compared(sheet.cells[row]) for row in range(header.last + 1)]
    heads = [head for head in heads if any(head)]
    titles = _compared(header.printed)
    for index in range(header.last + 1, len(sheet.cells)):
        cells = sheet.cells[index]
        if all(cell is None for cell in cells):
            continue
        where = Where(file=sheet.file, row=index + 1)
        compared = _compared(cells)
        if compared in heads or all(compared[column] == titles[column] for column in used):
            findings.append(
                Finding(
                    "header_repeated",
                    "the row repeats the header or a title; it was left out",
                    where,
                    zh="该行重复表头或标题，已略去",
                )
            )
        elif index == header.last + 1 and _counts_columns(cells):
            findings.append(
                Finding(
                    "column_numbers", "the row numbers the columns; it was left out", where, zh="该行是列号，已略去"
                )
            )
        else:
            rows.append((index + 1, {label: cells[column] for column, label in labels.items()}))
    return tuple(rows), findings


def _compared(cells: Iterable[Cell]) -> tuple[str, ...]:
    return tuple("" if cell is None else header_key(str(cell)) for cell in cells)


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Return whether a row holds just 1, 2, 3, 4 … as forms number their columns."""
    filled = [str(cell).strip("()（）") for cell in cells if cell is not None]
    return len(filled) > 3 and filled == [str(number) for number in range(1, len(filled) + 1)]


def _shown(printed: Iterable[str | None]) -> str:
    texts = [_one_line(text) for text in printed if text]
    return ", ".join(repr(text) for text in texts[:40]) + (" …" if len(texts) > 40 else "")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:60]
