"""The tables `[[lists]]` of a proposal: which sheets are admission lists, whom their rows are for, and which say what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yudi.core.names import near
from yudi.core.words import Words
from yudi.formats.headers import header_key
from yudi.formats.recognition.columns import SeenColumn
from yudi.formats.recognition.dialect import Dialect
from yudi.formats.recognition.proposal import Decision, Open, Part, counted
from yudi.formats.recognition.tables import SeenSheet

__all__ = ["JudgedSheet", "UnitCodes", "judge_sheet", "list_parts", "possible_codes"]

_JOINS = 0.5
_YEAR = re.compile(r"(?<!\d)(20\d\d|19\d\d)(?!\d{4,})")


@dataclass(frozen=True)
class UnitCodes:
    """The codes of the units that the maps show, their areas and names."""

    codes: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    area_names: frozenset[str] = frozenset()
    is_sampled: bool = False


@dataclass(frozen=True)
class JudgedSheet:
    """A sheet and what it is: ``list``, ``formalised``, ``notes``, ``empty``, ``problem``, or "" where nothing tells.

    Parameters
    ----------
    key : str
        Whom a list's rows are for: ``code``, ``area``, ``class`` or ``all``.
    columns : mapping
        Header by role, of those that the build would not know by itself.
    share : float
        Share of its codes that the maps have; -1 where it has none.
    """

    seen: SeenSheet
    kind: str = ""
    key: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[Words, ...] = ()
    share: float = -1.0
    confidence: str = "high"
    level: str = ""
    level_word: str = ""
    dimension: str = ""
    packs: bool = False
    missing: int = 0


def possible_codes(sheet: SeenSheet, dialect: Dialect) -> frozenset[str]:
    """Return the values of a sheet that may be codes of units: of the column that a pack knows, else of short ones."""
    known = sheet.by_role("code")
    columns = [known] if known is not None else [column for column in sheet.columns if _may_be_code(column)][:4]
    return frozenset(value for column in columns for value in column.values if value not in dialect.rules.all_units)


def _may_be_code(column: SeenColumn) -> bool:
    return bool(column.values) and column.letters <= 30 and len(column.kinds) * 2 > len(column.values)


def judge_sheet(sheet: SeenSheet, dialect: Dialect, units: UnitCodes) -> JudgedSheet:
    """Return what a sheet is."""
    if sheet.problem:
        return JudgedSheet(sheet, "problem")
    if sheet.kind:
        return JudgedSheet(sheet, sheet.kind)
    said = dialect.named("file:notes", sheet.sheet) if not sheet.alone else ""
    columns = _dimension_guesses(sheet, dialect)
    says = bool(sheet.dimensions or columns or "text" in sheet.roles or "common" in sheet.roles)
    if not says and not (prose := _prose(sheet)):
        kind = "notes" if said or not sheet.columns else ""
        return JudgedSheet(sheet, kind, grounds=(Words(f"名称含“{said}”", f"its name holds {said!r}"),) if said else ())
    if not says:
        return _unknown_list(sheet, dialect, units, prose)
    judged = _keyed(sheet, dialect, units)
    if columns:
        note = "，".join(f"“{header}”近似 {key}" for key, header in columns.items())
        english = ", ".join(f"{header!r} is nearly {key}" for key, header in columns.items())
        judged = replace(
            judged, grounds=(*judged.grounds, Words(f"{note}，请核对", f"{english}: check")), confidence="low"
        )
    columns |= _labels(sheet, judged.key, dialect, units)
    names = _dimension_names(sheet)
    ground = Words(f"列 {names}" if names else "有条文列", f"columns {names}" if names else "a column of text")
    return replace(
        judged, kind="list", columns={**judged.columns, **columns}, grounds=(ground, *judged.grounds), packs=True
    )


def _labels(sheet: SeenSheet, key: str, dialect: Dialect, units: UnitCodes) -> dict[str, str]:
    """Return columns that only name the unit or its county: without a role they might be read as asking something."""
    found: dict[str, str] = {}
    known = set(sheet.roles.values())
    rest = [column for column in sheet.columns if column.name not in known]
    if key != "area" and "area" not in sheet.roles:
        place = next((column.name for column in rest if dialect.is_header("county", column.name)), "")
        found |= {"area": place} if place else {}
    if "name" not in sheet.roles:
        named = _joining([column for column in rest if not column.is_prose], units.names)[0]
        found |= {"name": named.name} if named is not None and named.name not in found.values() else {}
    return found


def _prose(sheet: SeenSheet) -> list[SeenColumn]:
    return sorted((column for column in sheet.columns if column.is_prose), key=lambda column: -column.letters)


def _unknown_list(sheet: SeenSheet, dialect: Dialect, units: UnitCodes, prose: list[SeenColumn]) -> JudgedSheet:
    """Judge a sheet whose headers nobody knows: a list if a column joins the units and another holds sentences."""
    judged = _keyed(sheet, dialect, units)
    if judged.key != "code" or judged.share < _JOINS:
        return JudgedSheet(sheet)
    text = prose[0].name
    ground = Words(f"“{text}”是最长的文字列", f"{text!r} is the column with the longest texts")
    return replace(
        judged,
        kind="list",
        columns={**judged.columns, "text": text},
        grounds=(*judged.grounds, ground),
        confidence="low",
    )


def _dimension_names(sheet: SeenSheet) -> str:
    headers = [header.rpartition("/")[2] for role, header in sheet.roles.items() if role.startswith("dimension:")]
    return "、".join(headers)


def _dimension_guesses(sheet: SeenSheet, dialect: Dialect) -> dict[str, str]:
    """Return the headers that hold a dimension's name or nearly are one: read as strangers, their bans would be lost."""
    known = {*sheet.roles.values()}
    found: dict[str, str] = {}
    for key, label in dialect.rules.dimensions.items():
        if key in sheet.dimensions:
            continue
        names = [name for name in (label.zh, *dialect.rules.dimension_names.get(key, ())) if name]
        for column in sheet.columns:
            text = header_key(column.name.rpartition("/")[2])
            if column.name in known or column.name in found.values() or len(text) > 30:
                continue
            if near(text, names) or any(len(name) > 3 and header_key(name) in text for name in names):
                found[key] = column.name
                break
    return found


def _keyed(sheet: SeenSheet, dialect: Dialect, units: UnitCodes) -> JudgedSheet:
    """Find whom the rows are for."""
    base = JudgedSheet(sheet)
    column = sheet.by_role("code")
    ground = Words("规则包认得此表头", "a pack knows this header")
    columns: dict[str, str] = {}
    if column is None:
        column, share = _joining(sheet.columns, units.codes)
        if column is not None:
            columns = {"code": column.name}
            ground = Words("表头不认得，按值对上", "its header is unknown, its values join")
    if column is not None:
        codes = {value for value in column.values if value not in dialect.rules.all_units}
        if codes:
            share = len(codes & units.codes) / len(codes)
            return _by_code(replace(base, columns=columns), column, codes, share, units=units, ground=ground)
        if column.values:
            said = Words(f"“{column.name}”只写 {column.kinds[0]}", f"{column.name!r} only says {column.kinds[0]}")
            return replace(base, key="code", grounds=(said,), share=-1.0)
    for key, values in (("class", frozenset[str]()), ("area", units.areas)):
        column = sheet.by_role(key) or _joining(sheet.columns, values)[0]
        if column is not None and column.values:
            joined = column.share_in(values) if key == "area" else 1.0
            said = Words(f"没有编码列，有“{column.name}”", f"no column of codes, but {column.name!r}")
            given = {} if sheet.by_role(key) is not None else {key: column.name}
            if key == "class" or joined >= _JOINS:
                return replace(base, key=key, columns=given, grounds=(said,), confidence="medium")
    said = Words(
        "没有编码、类别或区域列，适用于所有单元", "no column of codes, classes or areas: it speaks for all units"
    )
    return replace(base, key="all", grounds=(said,), confidence="medium")


def _by_code(
    base: JudgedSheet, column: SeenColumn, codes: set[str], share: float, *, units: UnitCodes, ground: Words
) -> JudgedSheet:
    here = Words(
        f"“{column.name}”（{ground.zh}）{len(codes)} 个编码，{share:.0%} 在单元图层",
        f"{column.name!r} ({ground.en}) has {counted(len(codes), 'code')}, {share:.0%} of which the units' map has",
    )
    confidence = "high" if share >= 0.9 else "medium" if share >= _JOINS else "low"
    if not units.codes:
        here = Words(f"“{column.name}”（{ground.zh}）", f"{column.name!r} ({ground.en})")
        confidence = "medium"
    missing = len(units.codes - codes)
    return replace(base, key="code", grounds=(here,), share=share, confidence=confidence, missing=missing)


def _joining(columns: Sequence[SeenColumn], values: Iterable[str]) -> tuple[SeenColumn | None, float]:
    """Return the column most of whose values are among others, if at least half of them are."""
    wanted = set(values)
    scored = [(column.share_in(wanted), -at, column) for at, column in enumerate(columns) if column.values]
    best = max(scored, key=lambda one: one[:2], default=None)
    return (best[2], best[0]) if best is not None and best[0] >= _JOINS and wanted else (None, 0.0)


def list_parts(judged: Sequence[JudgedSheet], dialect: Dialect, units: UnitCodes) -> list[Part]:
    """Return a table for each list: sheets of one file that say the same are one, as are files that share the units out."""
    groups: list[list[JudgedSheet]] = []
    for one in judged:
        if one.kind != "list":
            continue
        one = _levelled(one, dialect)
        group = next((group for group in groups if _is_same(group[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    lone = {one.seen.file for one in judged if sum(other.seen.file == one.seen.file for other in judged) == 1}
    rivals = _rivals(groups, dialect)
    names = _list_names(groups, rivals)
    return [
        _part(group, names[place], rivals.get(place), judged, is_lone=group[0].seen.file in lone, units=units)
        for place, group in enumerate(groups)
    ]


def _levelled(one: JudgedSheet, dialect: Dialect) -> JudgedSheet:
    """Find who speaks by the words of sheet, file and titles, and a sheet that is named as a dimension."""
    dimension = _sheet_dimension(one.seen.sheet, dialect) if not one.seen.dimensions else ""
    if one.key == "code":
        return replace(one, level="unit", dimension=dimension)
    for text in (one.seen.sheet, one.seen.stem, *one.seen.titles):
        for use in dialect.words:
            if use.startswith("file:level:") and (word := dialect.named(use, text)):
                return replace(one, level=use.rpartition(":")[2], level_word=word, dimension=dimension)
    return replace(one, dimension=dimension)


def _sheet_dimension(name: str, dialect: Dialect) -> str:
    for key, label in dialect.rules.dimensions.items():
        if name.strip() in (label.zh, label.en, key, *dialect.rules.dimension_names.get(key, ())):
            return key
    return ""


def _is_same(one: JudgedSheet, other: JudgedSheet) -> bool:
    return (
        one.seen.file == other.seen.file
        and (one.key, one.level, dict(one.columns)) == (other.key, other.level, dict(other.columns))
        and bool(one.dimension) == bool(other.dimension)
        and ("text" in one.seen.roles) == ("text" in other.seen.roles)
    )


def _codes(group: Sequence[JudgedSheet]) -> frozenset[str]:
    found: set[str] = set()
    for one in group:
        column = one.seen.by_role("code") or one.seen.column(one.columns.get("code", ""))
        found.update(column.values if column is not None else ())
    return frozenset(found)


def _rivals(groups: Sequence[Sequence[JudgedSheet]], dialect: Dialect) -> dict[int, Words]:
    """Return the lists that an evidently newer one says again, with why; two that nothing ranks both stand."""
    found: dict[int, Words] = {}
    for at, group in enumerate(groups):
        for other_at, other in enumerate(groups):
            if at == other_at or group[0].key != "code" or other[0].key != "code":
                continue
            mine, theirs = _codes(group), _codes(other)
            if len(mine & theirs) * 2 <= min(len(mine), len(theirs)):
                continue
            if _age(group[0], dialect) < _age(other[0], dialect):
                said = Words(
                    f"与 {other[0].seen.file} 说的是同样的单元，后者较新",
                    f"it speaks of the units of {other[0].seen.file}, which is newer",
                )
                found[at] = said
    return found


def _age(one: JudgedSheet, dialect: Dialect) -> tuple[bool, int]:
    years = [int(year) for year in _YEAR.findall(one.seen.file)]
    return not dialect.named("file:old", one.seen.file.replace("/", " ")), max(years, default=0)


def _list_names(groups: Sequence[Sequence[JudgedSheet]], rivals: Collection[int]) -> dict[int, str]:
    """Return short names: of files that share the units out one for all, else file and sheet as far as needed."""
    shared = _shared_out({place: group for place, group in enumerate(groups) if place not in rivals})
    names: dict[int, str] = {}
    for place, group in sorted(enumerate(groups), key=lambda one: one[0] in rivals):
        several = sum(other[0].seen.file == group[0].seen.file for other in groups) > 1
        stem = f"{group[0].seen.stem}-{group[0].seen.sheet}" if several else group[0].seen.stem
        name = "units" if place in shared else stem
        number, base = 2, name
        while name in names.values() and place not in shared:
            name, number = f"{base}-{number}", number + 1
        names[place] = name
    return names


def _shared_out(groups: Mapping[int, Sequence[JudgedSheet]]) -> set[int]:
    """Return the lists by unit, two or more, of which no unit stands in two: one list in several files."""
    mine = {place: _codes(group) for place, group in groups.items() if group[0].key == "code"}
    seen: set[str] = set()
    for codes in mine.values():
        if not codes or seen & codes:
            return set()
        seen |= codes
    return set(mine) if len(mine) > 1 else set()


def _part(
    group: Sequence[JudgedSheet],
    name: str,
    rival: Words | None,
    judged: Sequence[JudgedSheet],
    *,
    is_lone: bool,
    units: UnitCodes,
) -> Part:
    first = group[0]
    entries: list[Decision | Open] = [Decision("path", first.seen.file), Decision("name", name)]
    chosen = None if is_lone else _sheets(group, [one for one in judged if one.seen.file == first.seen.file])
    entries += [chosen] if chosen is not None else []
    if is_lone and first.dimension:
        ground = Words("表名就是维度名", "the sheet has the dimension's name")
        entries.append(Decision("dimension", first.dimension, ground))
    if first.key != "code":
        entries.append(Decision("key", first.key, first.grounds[-1] if first.grounds else Words(), first.confidence))
    if first.level and first.key != "code":
        ground = Words(f"名称或标题含“{first.level_word}”", f"its name or title holds {first.level_word!r}")
        entries.append(Decision("level", first.level, ground, "medium"))
    elif first.key != "code":
        why = Words("由谁发布，文件没有写", "who speaks, the file does not say")
        entries.append(Open("level", why, 'level = "city"'))
    if first.columns:
        ground = Words("表头不在规则包的词表里", "headers that no pack knows")
        entries.append(Decision("columns", dict(first.columns), ground, first.confidence))
    notes = [*([rival] if rival else []), *first.grounds]
    rows = sum(one.seen.rows for one in group)
    notes.insert(
        0,
        Words(
            f"{rows} 行，表头在第 {first.seen.header_row} 行",
            f"{counted(rows, 'row')}, the header in row {first.seen.header_row}",
        ),
    )
    missing = len(units.codes - _codes(group)) if first.key == "code" and units.codes else 0
    if missing and name != "units":
        notes.append(
            Words(
                f"{missing} 个单元在表中没有行：未知，不是放行",
                f"without a row: {counted(missing, 'unit')}, unknown, not free",
            )
        )
    return Part("[[lists]]", tuple(entries), tuple(notes), first.seen.file, bool(rival))


def _sheets(group: Sequence[JudgedSheet], all_sheets: Sequence[JudgedSheet]) -> Decision | None:
    """Return which sheets of a file to read, None for all of them."""
    left = [one.seen.sheet for one in all_sheets if one not in group and one.kind != "list"]
    zh = f"不读：{'、'.join(left)}" if left else "此文件有几张不同的表"
    en = f"not read: {', '.join(left)}" if left else "the file has several sheets"
    ground = Words(zh, en)
    if len(group) == 1 and not group[0].dimension:
        return Decision("sheet", group[0].seen.sheet, ground)
    if len(group) == len(all_sheets) and not any(one.dimension for one in group):
        return None
    return Decision("sheets", {one.seen.sheet: one.dimension for one in group}, ground)
