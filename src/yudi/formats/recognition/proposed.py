"""From a folder to a proposed scheme: look at every file, judge what it is, and write it down with its ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath

from yudi.core.errors import NotFoundError, Where, YudiError
from yudi.core.words import Words
from yudi.formats.recognition.dialect import Dialect
from yudi.formats.recognition.folders import FoundFile, LookLimits, files_of
from yudi.formats.recognition.head_parts import HeadGrounds, code_form, head_parts
from yudi.formats.recognition.layer_parts import layer_parts
from yudi.formats.recognition.layer_roles import JudgedLayer, judge_layers
from yudi.formats.recognition.list_parts import JudgedSheet, UnitCodes, judge_sheet, list_parts, possible_codes
from yudi.formats.recognition.maps import SeenLayer, look_at_map, settle_systems
from yudi.formats.recognition.proposal import Decision, Part, Proposal, SeenFile, counted
from yudi.formats.recognition.published_parts import is_published, published_part
from yudi.formats.recognition.skeletons import template_parts
from yudi.formats.recognition.status_parts import RuleFiles, is_status, rule_files, status_part
from yudi.formats.recognition.tables import SeenSheet, look_at_map_table, look_at_sheets
from yudi.formats.rule_files import RuleSet, merged, read_packs
from yudi.territory.facts import Fact

__all__ = ["propose_scheme"]

_WORKERS = 4
_NO_HEADER = Words("前 10 行没有表头", "no header in the first 10 rows")
_SHEET_ROLES = ("list", "rival", "status", "published", "formalised", "areas", "notes", "empty")
Tell = Callable[[str, int, int], None]
_DEFAULT_LIMITS = LookLimits()


def propose_scheme(
    folder: Path,
    dialect: Dialect,
    *,
    limits: LookLimits = _DEFAULT_LIMITS,
    tell: Tell | None = None,
) -> Proposal:
    """Return the scheme that a folder of maps and sheets proposes.

    Parameters
    ----------
    dialect : Dialect
        The words to recognise by, see `read_dialect`.
    tell : callable
        Is told each file as it is looked at, how many are done, and of how many.

    Raises
    ------
    NotFoundError
        If there is no folder, or nothing in it is a map or a list that can be read.
    """
    found = files_of(folder, limits)
    layers, sheets = _looked(found, dialect, limits, tell)
    listed = _listed(sheets, dialect)
    sheets += [one for one in (look_at_map_table(layer, dialect, limits) for layer in layers) if one is not None]
    judged = judge_layers(settle_systems(layers), dialect, listed)
    units = _unit_codes(judged, dialect)
    rules = rule_files([item for item in found if item.kind == "rules"])
    facts = [*dialect.status_facts, *_own_facts(rules)]
    lists = [judge_sheet(sheet, dialect, units) for sheet in sheets]
    units = replace(units, area_names=_area_names(sheets, units))
    lists = [_other_table(one, dialect, units, facts) for one in lists]
    _refuse_nothing(folder, found, judged, lists)
    own = [item.name for item in found if item.kind == "pack"]
    used = _used_packs(judged, lists, dialect, units)
    own_rules = _own_rules(folder, own)
    grounds = HeadGrounds(
        folder.resolve().name, [item.name for item in found], judged, lists, own, bool(own_rules.wording), used
    )
    parts = [
        *_top(rules, lists),
        *head_parts(grounds, dialect),
        *_rules_part(rules),
        *layer_parts(judged, dialect),
        *list_parts(lists, dialect, units),
        *(status_part(one.seen, dialect, units, facts) for one in lists if one.kind == "status"),
        *(published_part(one.seen, dialect, units) for one in lists if one.kind == "published"),
        *(template_parts(judged) if not any(one.kind == "list" for one in lists) else ()),
    ]
    told = _told(lists, parts)
    remarks = [*_remarks(judged, told, units), *_undecided(parts)]
    return Proposal(str(folder), tuple(parts), tuple(_files(found, judged, told, rules)), tuple(remarks))


def _told(lists: Sequence[JudgedSheet], parts: Sequence[Part]) -> list[JudgedSheet]:
    """Return the sheets: status tables with the fact that each states, lists that another stands for as rivals."""
    facts = {(part.about, part.value("sheet")): part.value("fact") for part in parts if part.head == "[[status]]"}
    off = {part.about: part.notes[1:2] for part in parts if part.head == "[[lists]]" and part.is_off}
    told = []
    for one in lists:
        if one.kind == "status":
            fact = facts.get((one.seen.file, None if one.seen.alone else one.seen.sheet))
            said = Words(f"说的是 {fact}", f"it states {fact}") if fact else Words("事实待定", "which fact is open")
            told.append(replace(one, grounds=(said,)))
        elif one.kind == "list" and one.seen.file in off:
            told.append(replace(one, kind="rival", grounds=tuple(off[one.seen.file])))
        else:
            told.append(one)
    return told


def _undecided(parts: Sequence[Part]) -> list[Words]:
    """Say which tables are left out for want of a fact."""
    files = [part.about for part in parts if part.head == "[[status]]" and part.is_off]
    if not files:
        return []
    names = ", ".join(files)
    zh = f"{names}：像是状况表，但说的是哪个事实分不清，先未启用"
    return [Words(zh, f"{names}: like status tables, but which fact they state cannot be told; left out")]


def _other_table(one: JudgedSheet, dialect: Dialect, units: UnitCodes, facts: Sequence[Fact]) -> JudgedSheet:
    """Tell printed figures and status tables among the sheets without another role."""
    if not one.kind and _is_areas(one.seen, units):
        said = Words("区域代码与名称", "codes and names of areas")
        return replace(one, kind="areas", grounds=(said,))
    if not one.kind and is_published(one.seen, dialect, units):
        return replace(one, kind="published")
    return replace(one, kind="status") if is_status(one, dialect, units, facts) else one


def _area_names(sheets: Sequence[SeenSheet], units: UnitCodes) -> frozenset[str]:
    """Return the names of areas that a table of theirs gives."""
    tables = [sheet for sheet in sheets if not sheet.problem and _is_areas(sheet, units)]
    columns = [sheet.column(name) for sheet in tables for name in ("name_zh", "name_en")]
    return frozenset(value for column in columns if column is not None for value in column.values)


def _is_areas(sheet: SeenSheet, units: UnitCodes) -> bool:
    """Tell whether a text file has the codes and names of the units' areas, in the form that a scheme takes."""
    code = sheet.column("code")
    if code is None or sheet.column("name_zh") is None or not sheet.file.lower().endswith(".csv"):
        return False
    return bool(units.areas) and len(units.areas & set(code.values)) >= len(units.areas) / 2


def _looked(
    found: Sequence[FoundFile], dialect: Dialect, limits: LookLimits, tell: Tell | None
) -> tuple[list[SeenLayer], list[SeenSheet]]:
    maps = [item for item in found if item.kind == "map"]
    books = [item for item in found if item.kind == "sheet"]
    total, done = len(maps) + len(books), 0
    layers: list[SeenLayer] = []
    sheets: list[SeenSheet] = []
    with ThreadPoolExecutor(_WORKERS) as pool:  # an Excel file is read in a process of its own, so these overlap
        waiting = pool.map(lambda item: look_at_sheets(item, dialect, limits), books)
        for item in maps:
            if tell is not None:
                tell(item.name, done, total)
            layers += look_at_map(item, limits)
            done += 1
        for item, seen in zip(books, waiting, strict=True):
            if tell is not None:
                tell(item.name, done, total)
            sheets += seen
            done += 1
    return layers, sheets


def _listed(sheets: Sequence[SeenSheet], dialect: Dialect) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for sheet in sheets:
        codes = possible_codes(sheet, dialect) if not sheet.problem else frozenset()
        if codes:
            found[sheet.file] = found.get(sheet.file, frozenset()) | codes
    return found


def _unit_codes(judged: Sequence[JudgedLayer], dialect: Dialect) -> UnitCodes:
    units = [one for one in judged if one.role == "units"]
    codes = frozenset(code for one in units for code in one.codes)
    areas: set[str] = set()
    form = code_form(judged, dialect)
    if form is not None:
        from yudi.territory.draft import unit_classes

        areas = {area for area, _ in unit_classes(sorted(codes), form[0].pattern, {}) if area}
    for one in units:
        for column in one.seen.columns:
            if dialect.is_header("map_area", column.name):
                areas |= set(column.values)
    names = frozenset(
        value
        for one in units
        for column in one.seen.columns
        if not column.is_number and column.name != one.code and len(column.kinds) * 2 > column.rows
        for value in column.values
    )
    return UnitCodes(codes, frozenset(areas), names, is_sampled=any(one.seen.is_sampled for one in units))


def _own_rules(folder: Path, packs: Sequence[str]) -> RuleSet:
    """Return the rules of the packs that lie in the folder, none where they cannot be read: the build says why."""
    try:
        return merged(read_packs(packs, folder))
    except YudiError:
        return RuleSet()


def _own_facts(rules: RuleFiles) -> list[Fact]:
    from yudi.core.words import words

    return [
        Fact(str(row["key"]), str(row["type"]), "status", label=words(row.get("label")), system="x", choices=("x",))
        for row in rules.facts
        if row.get("provider") == "status"
    ]


def _refuse_nothing(
    folder: Path, found: Sequence[FoundFile], judged: Sequence[JudgedLayer], lists: Sequence[JudgedSheet]
) -> None:
    if any(one.role != "unusable" for one in judged) or any(one.kind in ("list", "status") for one in lists):
        return
    seen: list[SeenLayer | SeenSheet] = [*(one.seen for one in judged), *(one.seen for one in lists)]
    broken = [f"{one.file} ({one.problem.en})" for one in seen if one.problem]
    kinds = ", ".join(dict.fromkeys(PurePosixPath(item.name).suffix or item.name for item in found)) or "no file"
    message = f"expected maps or lists, got none that can be read: {len(found)} files ({kinds})"
    if broken:
        message += f"; unreadable: {'; '.join(broken[:5])}"
    hint = "give a folder with maps (.shp, .gpkg, .gdb, .geojson, .parquet, .zip) and lists (.xlsx, .xls, .csv)"
    raise NotFoundError(message, where=Where(str(folder)), hint=hint)


def _used_packs(
    judged: Sequence[JudgedLayer], lists: Sequence[JudgedSheet], dialect: Dialect, units: UnitCodes
) -> dict[str, Words]:
    """Return the packs that something in the folder speaks for, each with its ground."""
    if not dialect.names:
        return {}
    used: dict[str, Words] = {}
    form = code_form(judged, dialect)
    if form is not None:
        used[form[0].pack] = Words("单元编码是它的写法", "the unit codes have its form")
    elif any(one.kind == "list" and one.packs for one in lists) or any(
        one.word is not None and not _is_plain_word(one) for one in judged
    ):
        first = next((form.pack for form in dialect.forms("unit")), dialect.names[0])
        used[first] = Words("清单表头或图层名是它的叫法", "headers or names of layers are its words")
    for here in dialect.forms("pack"):
        if units.areas and here.fits(units.areas) >= 0.9:
            used[here.pack] = Words(f"区域代码都是 {here.pattern}", f"all area codes fit {here.pattern}")
    return {dialect.proposed_for(name): why for name, why in used.items()}


def _is_plain_word(one: JudgedLayer) -> bool:
    """Tell whether a layer was only recognised by a word of English, which is nobody's dialect."""
    name = f"{one.seen.file}{one.seen.layer}"
    return name.isascii()


def _top(rules: RuleFiles, lists: Sequence[JudgedSheet]) -> list[Part]:
    names = [*rules.by_kind.get("formalised", ()), *(one.seen.file for one in lists if one.kind == "formalised")]
    if not names:
        return []
    said = Words(
        "按各条的键、各列的表头认出：已结构化的条文",
        "by the keys of their entries or their headers: what the office has formalised",
    )
    return [Part("", (Decision("formalised", list(dict.fromkeys(names)), said),))]


def _rules_part(rules: RuleFiles) -> list[Part]:
    said = Words("按各条的键认出", "by the keys of their entries")
    entries = tuple(
        Decision(kind, names, said) for kind, names in rules.by_kind.items() if kind not in ("formalised", "case_files")
    )
    return [Part("[rules]", entries)] if entries else []


_LIST_WORDS: Mapping[str, tuple[str, str]] = {
    "code": ("按单元", "by unit"),
    "area": ("按区域", "by area"),
    "class": ("按类别", "by class"),
    "all": ("共性要求", "for all units"),
}


def _files(
    found: Sequence[FoundFile], judged: Sequence[JudgedLayer], lists: Sequence[JudgedSheet], rules: RuleFiles
) -> list[SeenFile]:
    """Return every file with what became of it, in the order of the folder."""
    rows: dict[str, list[SeenFile]] = {}
    for one in judged:
        said = _joined([one.seen.problem] if one.seen.problem else list(one.grounds))
        is_problem = bool(one.seen.problem)
        role = "" if one.role == "unusable" else one.role
        rows.setdefault(one.seen.file, []).append(
            SeenFile(one.seen.file, one.seen.layer, role, one.seen.count, said, is_problem)
        )
    for sheet in lists:
        words = Words(*_LIST_WORDS[sheet.key]) if sheet.kind == "list" else Words()
        said = _joined([sheet.seen.problem] if sheet.seen.problem else [one for one in (words, *sheet.grounds) if one])
        role = sheet.kind if sheet.kind in _SHEET_ROLES else ""
        if not role and not said:
            headers = ", ".join(column.name for column in sheet.seen.columns[:6])
            said = Words(f"表头不认得：{headers}", f"unknown headers: {headers}") if headers else _NO_HEADER
        part = "" if sheet.seen.alone else sheet.seen.sheet
        rows.setdefault(sheet.seen.file, []).append(
            SeenFile(sheet.seen.file, part, role, sheet.seen.rows, said, bool(sheet.seen.problem))
        )
    kinds = {name: kind for kind, names in rules.by_kind.items() for name in names}
    for item in found:
        if item.name in rows:
            continue
        problem = rules.problems.get(item.name, item.problem)
        role = {"rules": "rules" if item.name in kinds else ""}.get(item.kind, item.kind)
        rows[item.name] = [SeenFile(item.name, "", role, -1, problem, bool(problem))]
    return [row for item in found for row in rows[item.name]]


def _joined(texts: Sequence[Words]) -> Words:
    return Words("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))


def _doubled(judged: Sequence[JudgedLayer]) -> list[Words]:
    """Say which maps of units have a code twice or none: the build refuses them."""
    found = []
    for one in judged:
        column = one.seen.column(one.code)
        if one.role != "units" or column is None or one.seen.is_sampled or column.is_unique:
            continue
        twice = sorted(code for code in column.kinds if column.values.count(code) > 1)
        shown = ", ".join(twice[:3]) + (" …" if len(twice) > 3 else "")
        empty = column.rows - len(column.values)
        zh = f"{one.seen.file}：{len(twice)} 个编码重复（{shown}），{empty} 行没有编码；一个单元须是一个要素，否则不能建版本"
        en = f"{counted(len(twice), 'code')} doubled ({shown}), {counted(empty, 'row')} without; a unit is one feature, else the build refuses"
        found.append(Words(zh, f"{one.seen.file}: {en}"))
    return found


def _keyless(lists: Sequence[JudgedSheet]) -> list[Words]:
    """Say which lists have rows without a code."""
    found = []
    for one in lists:
        column = one.seen.by_role("code") or one.seen.column(one.columns.get("code", ""))
        if one.kind == "list" and one.key == "code" and column is not None and not column.is_full:
            empty = column.rows - len(column.values)
            zh = f"{one.seen.file} {one.seen.sheet}：{empty} 行没有编码；有条文的行须写编码或合并单元格，否则不能建版本"
            en = f"{counted(empty, 'row')} without a code; where such a row asks something the build refuses it"
            found.append(Words(zh, f"{one.seen.file} {one.seen.sheet}: {en}"))
    return found


def _remarks(judged: Sequence[JudgedLayer], lists: Sequence[JudgedSheet], units: UnitCodes) -> list[Words]:
    remarks = []
    if not any(one.role == "units" for one in judged):
        remarks.append(
            Words(
                '没有认出管控单元的图层：建版本前必须有一个 role = "units" 的图层',
                'no layer of units was recognised: a scheme needs one with role = "units"',
            )
        )
    if any(one.role == "reference" for one in judged):
        remarks.append(
            Words(
                "参考图层在哪个范围内是完整的，数据看不出来：不写 extent，超出图层的距离仍按图上有的算；空图层必须写 extent",
                "where a reference layer is complete, the data do not tell: extent = [west, south, east, north] says it, "
                "and lets an empty layer say that nothing is there",
            )
        )
    if not any(one.kind == "list" for one in lists):
        remarks.append(
            Words(
                "没有认出准入清单：方案要求什么，将处处未知",
                "no list was recognised: what the scheme asks would be unknown everywhere",
            )
        )
    remarks += _doubled(judged) + _keyless(lists)
    apart = [one for one in lists if one.kind == "list" and one.key == "code" and units.codes and 0 <= one.share < 0.5]
    return remarks + [
        Words(
            f"{one.seen.file} 的编码只有 {one.share:.0%} 在单元图层：清单与地图可能不是同一版",
            f"only {one.share:.0%} of the codes of {one.seen.file} are on the map: list and map may be of different editions",
        )
        for one in apart
    ]
