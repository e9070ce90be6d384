"""Admission lists from Excel and CSV: one wide sheet, one row an item, or one sheet a level."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from yudi.core.dates import Period
from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.formats.cells import plain_cell
from yudi.formats.layers import RawLayer
from yudi.formats.lost_cells import refuse_lost_cells
from yudi.formats.rule_files import RuleSet
from yudi.formats.scheme_file import ListEntry, SchemeFile, Silence
from yudi.formats.sheets import Cell, Sheet, Table, read_sheets, read_table
from yudi.formats.vectors import read_raw
from yudi.territory.clauses import LEVELS, Citation
from yudi.territory.lists import ListRow, ListSource
from yudi.territory.prose import read_cell
from yudi.territory.standing import SchemeList
from yudi.territory.wording import Wording, wording

__all__ = ["is_map", "list_roles", "read_list", "table_sheet"]

_SENTENCE = 6  # letters; what is shorter in a column without a role is a name or a mark
_COMMON = "common"  # role of a column that speaks for all dimensions
_MARKS = " .．、:：()（）【】[]"  # around a printed number
_MAPS = (".shp", ".gpkg", ".gdb", ".geojson", ".json", ".parquet", ".geoparquet", ".zip")
_CUT = 250  # bytes; a Shapefile's texts have at most 254
_KEYS = ("code", "area", "class", "all")


def read_list(entry: ListEntry, folder: Path, rules: RuleSet, scheme: SchemeFile) -> tuple[SchemeList, list[Finding]]:
    """Return a list's rows by unit (or area, class, or for all) and dimension, and what was noticed.

    A sheet with a column ``text`` has one row an item; otherwise every column of a known dimension holds cells.
    """
    path = folder / entry.path
    where = Where("scheme.toml", None, f"lists.{entry.path}")
    if not (path.is_file() or is_map(path)):
        raise NotFoundError(f"no file {entry.path!r}", where=where, hint="paths count from the scheme's folder")
    if entry.key not in _KEYS:
        raise InputError(f"unknown key {entry.key!r}", where=where, hint=f"one of {', '.join(_KEYS)}")
    if entry.level not in LEVELS:
        raise InputError(f"unknown level {entry.level!r}", where=where, hint=f"one of {', '.join(LEVELS)}")
    for name in (entry.dimension, *entry.sheets.values()):
        _refuse_unknown(name, rules.dimensions, "dimension", where)
    roles = list_roles(entry, rules, where)
    sheets = _map_table(path, entry) if is_map(path) else read_sheets(path, sheet=entry.sheet, encoding=entry.encoding)
    if entry.sheets:
        sheets = tuple(sheet for sheet in sheets if sheet.name in entry.sheets)
        if missing := sorted(set(entry.sheets) - {sheet.name for sheet in sheets}):
            raise InputError(
                f"no sheet {missing[0]!r}", where=Where(entry.path), hint="see the names at the foot of the file"
            )
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        refuse_lost_cells(path)
    rows: list[ListRow] = []
    findings: list[Finding] = []
    places: dict[str, None] = {}
    for sheet in sheets:
        found, named, noticed = _sheet_rows(sheet, entry, roles, rules)
        rows += found
        places |= dict.fromkeys(named)
        findings += noticed
    period = Period(entry.in_force, entry.repealed)
    source = ListSource(
        entry.level, Citation(entry.document or scheme.scheme.document or Path(entry.path).name), period
    )
    silence, free = _silence(entry, scheme, rules)
    listed = SchemeList(
        entry.name, tuple(_joined(rows)), source, entry.key, tuple(places), silence=silence, free=free, file=entry.path
    )
    return listed, findings


def is_map(path: Path) -> bool:
    """Tell whether a list stands in the table of a map, by the ending of its name."""
    return path.suffix.lower() in _MAPS and path.exists()


def _map_table(path: Path, entry: ListEntry) -> tuple[Sheet, ...]:
    """Return a map's table as a sheet; texts as long as a Shapefile's columns can be were probably cut."""
    raw, file = read_raw(path, layer=entry.sheet, encoding=entry.encoding)
    return (table_sheet(raw, file),)


def table_sheet(raw: RawLayer, file: str) -> Sheet:
    """Return the table of a map's layer as a sheet: row 1 is its columns."""
    names = raw.columns.column_names
    columns = [raw.columns.column(name).to_pylist() for name in names]
    rows = [tuple(plain_cell(value) for value in row) for row in zip(*columns, strict=True)] if columns else []
    long = sum(isinstance(cell, str) and len(cell.encode("gb18030")) >= _CUT for row in rows for cell in row)
    findings: tuple[Finding, ...] = ()
    if long and file.lower().endswith(".shp"):
        message = (
            f"{long} texts are as long as a Shapefile can hold (254 bytes): they were probably cut when it was saved"
        )
        findings = (
            Finding(
                "texts_cut",
                message,
                Where(file),
                zh=f"有 {long} 处文字恰为 Shapefile 字段的上限（254 字节），保存时可能已被截断",
            ),
        )
    return Sheet(file, PurePath(file).stem, (tuple(names), *rows), (), findings)


def list_roles(entry: ListEntry, rules: RuleSet, where: Where) -> dict[str, list[str]]:
    """Return the headers by which each role of a column of a list is known; of dimensions with ``dimension:`` before."""
    roles = {role: list(names) for role, names in rules.columns.items() if not role.startswith("map_")}
    for key, label in rules.dimensions.items():
        names = [*rules.dimension_names.get(key, ()), label.zh, label.en]
        roles[f"dimension:{key}"] = [name for name in dict.fromkeys(names) if name]
    for role, named in entry.columns.items():
        name = f"dimension:{role}" if role in rules.dimensions else role
        roles[name] = [named] if isinstance(named, str) else list(named)
    if entry.key not in roles and entry.key != "all":
        raise InputError(
            f"expected columns.{entry.key}: which column names it", where=where, hint="set columns in [[lists]]"
        )
    return roles


def _sheet_rows(
    sheet: Sheet, entry: ListEntry, roles: Mapping[str, list[str]], rules: RuleSet
) -> tuple[list[ListRow], list[str], list[Finding]]:
    """Return a sheet's rows, the dimensions that it has a place for, and what was noticed."""
    table = read_table(sheet, roles, required=() if entry.key == "all" else (entry.key,))
    dimension = entry.dimension or entry.sheets.get(sheet.name, "")
    columns = {role.partition(":")[2]: role for role in table.columns if role.startswith("dimension:")}
    if _COMMON in table.columns:
        columns[""] = _COMMON
    is_long = "text" in table.columns
    if not columns and not is_long:
        raise InputError(
            f"sheet {sheet.name!r} has no column of a known dimension and none for text",
            where=Where(entry.path, table.header_row),
            hint=f"headers: {', '.join(str(name) for name in (*table.columns.values(), *table.unknown))}",
        )
    _refuse_near_header(table, roles, entry.path)
    rows: list[ListRow] = []
    findings = [*sheet.findings, *table.findings]
    for number, cells in table.rows:
        key = _key(cells, entry, rules)
        where = Where(entry.path, number, sheet.name)
        if key is None:
            if any(_text(cells.get(role)) for role in (*columns.values(), "text")):
                raise _keyless(entry, where)
            continue
        if is_long:
            label = _text(cells.get("dimension"))
            named = _dimension(label, rules, dimension)
            rows.append(ListRow(key, named, _text(cells.get("text")), where, label, (_number(cells),)))
        rows += [
            ListRow(key, name, _text(cells.get(role)), where, _label(table, role)) for name, role in columns.items()
        ]
    if table.unknown:
        shown = ", ".join(name.replace("\n", " ") for name in table.unknown)
        findings.append(
            Finding(
                "columns_unused",
                f"{len(table.unknown)} columns have no role: {shown}",
                Where(entry.path),
                zh=f"有 {len(table.unknown)} 列未用：{shown.replace(', ', '、')}",
            )
        )
    places = [*(_long_places(table, rules, dimension, findings) if is_long else ()), *columns]
    if any(places):
        places = [place for place in places if place]  # what speaks for all is no column for each of them
    return rows + _strangers(table, entry, rules, findings), places, findings


def _strangers(table: Table, entry: ListEntry, rules: RuleSet, findings: list[Finding]) -> list[ListRow]:
    """Return the cells of columns without a role that say more than a remark: what they ask must not be lost."""
    words = wording(rules.wording)
    rows = []
    for header in table.unknown:
        found = [
            (_key(cells, entry, rules), _text(cells.get(f"*{header}")), Where(entry.path, number, table.sheet))
            for number, cells in table.rows
        ]
        asking = []
        for key, text, where in found:
            if text and _asks(text, words):
                if key is None:
                    raise _keyless(entry, where)
                asking.append(ListRow(key, "", text, where, " ".join(header.split())))
        if asking:
            message = (
                f"the column {header!r} has no role but asks something; it was read as speaking for all dimensions"
            )
            findings.append(
                Finding(
                    "column_asks",
                    message,
                    Where(entry.path, table.header_row, header),
                    zh=f"“{header}”列没有指定用途，但含有要求，已按适用于所有管控维度读取",
                )
            )
        rows += asking
    return rows


def _asks(text: str, words: Wording) -> bool:
    asking = [item for item in read_cell(text, words) if any(effect != "note" for effect in item.effects)]
    has_verb = any(table == "effects" for item in asking for table, _ in item.because)
    return bool(asking) and (has_verb or len(text) >= _SENTENCE)


def _key(cells: Mapping[str, Cell], entry: ListEntry, rules: RuleSet) -> str | None:
    """Return whom a row is for: a code as it is compared, in narrow letters; "" for all; None where it does not say."""
    if entry.key == "all":
        return ""
    key = _text(cells.get(entry.key))
    if (key if any(map(str.isalnum, key)) else _text(cells.get("name"))) in rules.all_units:
        return ""
    if entry.key == "class":
        return rules.class_key(key) or None
    return (unicodedata.normalize("NFKC", key).strip() if entry.key in ("code", "area") else key) or None


def _label(table: Table, role: str) -> str:
    """Return the header of a column in one line; of a grouped one the lower part."""
    return " ".join(table.columns[role].split()).rpartition("/")[2]


def _keyless(entry: ListEntry, where: Where) -> InputError:
    hint = "merge the code's cell over its rows, or write the code in each of them"
    return InputError(f"a row has items but no {entry.key}", where=where, hint=hint)


def _long_places(table: Table, rules: RuleSet, otherwise: str, findings: list[Finding]) -> list[str]:
    """Return the dimensions that the rows of a long list name; a label that nobody knows covers none."""
    places: dict[str, None] = {}
    for number, cells in table.rows:
        label = _text(cells.get("dimension"))
        known = _dimension(label, rules, otherwise)
        if known or not label or label in rules.columns.get(_COMMON, ()):
            places[known] = None
            continue
        names = [
            name for key, title in rules.dimensions.items() for name in (title.zh, *rules.dimension_names.get(key, ()))
        ]
        where = Where(table.file, number, label)
        if close := near(label, names):
            raise InputError(f"unknown dimension {label!r}", where=where, hint=f"did you mean {close[0]}?")
        message = f"{label!r} is no dimension: what stands under it speaks for all, and covers none"
        findings.append(
            Finding(
                "dimension_unknown",
                message,
                where,
                zh=f"“{label}”不是管控维度：其下内容适用于所有维度，但不算任何一个维度已有规定",
            )
        )
    return list(places) or [otherwise]


def _refuse_near_header(table: Table, roles: Mapping[str, list[str]], file: str) -> None:
    """Refuse a header that is nearly a dimension's: read as a stranger, its column's bans would be lost."""
    for role, names in roles.items():
        if role in table.columns or not (role.startswith("dimension:") or role in ("text", _COMMON)):
            continue
        for header in table.unknown:
            plain = "".join(header.split())
            if plain not in names and near(plain, names):
                raise InputError(
                    f"the header {plain!r} is nearly {near(plain, names)[0]!r}",
                    where=Where(file, table.header_row, plain),
                    hint="correct it, or name the column under columns in [[lists]]",
                )


def _number(cells: Mapping[str, Cell]) -> str:
    """Return the number that is printed beside a row, without the marks around it."""
    return _text(cells.get("number")).strip(_MARKS)


def _joined(rows: list[ListRow]) -> list[ListRow]:
    """Put what a list says of one key and dimension in several rows together, so that numbers stay unique there.

    Whole cells become one; rows of which each is an item stay rows, but for those below a head, which it governs. A
    cell merged over several rows says its text once.
    """
    places: dict[tuple[str, str], list[ListRow]] = {}
    for row in rows:
        places.setdefault((row.key, row.dimension), []).append(row)
    found = []
    for members in places.values():
        cells = [row for row in members if not row.numbers]
        if cells:
            texts = dict.fromkeys(row.text for row in cells if row.text)
            found.append(replace(cells[0], text="\n".join(texts)))
        items = list({(row.text, row.numbers): row for row in members if row.numbers and row.text}.values())
        if len(items) == 1 and items[0].numbers == ("",):
            items = [replace(items[0], numbers=())]
        elif not items and not cells:
            items = [replace(members[0], numbers=())]  # a row that is there and asks nothing is no silence
        found += _under_heads(items)
    return found


def _under_heads(rows: list[ListRow]) -> list[ListRow]:
    """Put rows below a row that ends in a colon together with it; of numbered ones those numbered below it (1, 1.1)."""
    found: list[ListRow] = []
    at = 0
    while at < len(rows):
        head, end = rows[at], at + 1
        if head.numbers and head.text.endswith(("：", ":")):
            number = head.numbers[0]
            is_numbered = any(_is_below(row.numbers[0], number) for row in rows[end : end + 1])
            while end < len(rows) and not rows[end].text.endswith(("：", ":")):
                if is_numbered and not _is_below(rows[end].numbers[0], number):
                    break
                end += 1
        below = rows[at + 1 : end]
        text = "\n".join([head.text, *(f"{place}. {row.text}" for place, row in enumerate(below, start=1))])
        found.append(replace(head, text=text, numbers=sum((row.numbers for row in below), head.numbers)))
        at = end
    return found


def _is_below(number: str, head: str) -> bool:
    return bool(head) and number.startswith(head) and number[len(head) : len(head) + 1] in tuple(".-．—(（")


def _dimension(label: str, rules: RuleSet, otherwise: str) -> str:
    for key, title in rules.dimensions.items():
        if label and label in (key, title.zh, title.en, *rules.dimension_names.get(key, ())):
            return key
    return otherwise


def _refuse_unknown(name: str, known: Collection[str], kind: str, where: Where) -> None:
    if name and name not in known:
        close = near(name, known)
        hint = f"did you mean {close[0]}?" if close else f"declared: {', '.join(known) or 'none'}"
        raise InputError(f"unknown {kind} {name!r}", where=where, hint=hint)


def _silence(entry: ListEntry, scheme: SchemeFile, rules: RuleSet) -> tuple[dict[str, str], frozenset[str]]:
    """Return, by class, whether a unit without a row is unknown, and the dimensions in which silence is freedom.

    A unit without a row is free only where every dimension is.
    """
    stated = entry.silence if entry.silence is not None else scheme.scheme.silence
    silence = stated if isinstance(stated, Silence) else Silence(default=stated)
    for value in (silence.default, *silence.classes.values(), *silence.dimensions.values()):
        if value not in ("open", "none"):
            raise InputError(
                f"unknown silence {value!r}", where=Where("scheme.toml", None, "silence"), hint="open or none"
            )
    where = Where("scheme.toml", None, "silence")
    for name in silence.dimensions:
        _refuse_unknown(name, rules.dimensions, "dimension", where)
    for name in silence.classes:
        _refuse_unknown(name, {**rules.classes, **dict.fromkeys(scheme.scheme.codes.classes.values())}, "class", where)
    by_dimension = [silence.dimensions.get(key, silence.default) for key in rules.dimensions] or [silence.default]
    free = frozenset(key for key in rules.dimensions if silence.dimensions.get(key, silence.default) == "none")
    return {"": "open" if "open" in by_dimension else "none", **silence.classes}, free


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
