"""The tables `[[layers]]` of a proposal: name, role, file, system and columns of each layer, with grounds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from yudi.core.words import Words
from yudi.formats.recognition.columns import SeenColumn
from yudi.formats.recognition.dialect import Dialect
from yudi.formats.recognition.layer_roles import JudgedLayer
from yudi.formats.recognition.maps import SeenLayer
from yudi.formats.recognition.proposal import Decision, Open, Part, counted

__all__ = ["class_mapping", "layer_parts"]

_FIELDS = 8  # further columns that a layer keeps
_ORDER = {"units": 0, "zones": 1, "reference": 2, "rival": 3, "unusable": 4}
_NAME = re.compile(r"(?:.*[_ ])?(?:name|title)(?:[_ ].*)?|名称?|.*名称|.*MC", re.IGNORECASE)
_CLASS = re.compile(r"(?:.*[_ ])?(?:class|type|category)|.*(?:分类|类别|类型)", re.IGNORECASE)
_SUBCLASS = re.compile(r"sub[_ ]?(?:class|type|category)|.*(?:小类|细类|亚类|子类)", re.IGNORECASE)
_FIELD_NAME = re.compile(r"\w[\w. -]*")
_SHAPES = {
    "polygon": ("面状", "polygon"),
    "line": ("线状", "line"),
    "point": ("点状", "point"),
    "mixed": ("混合", "shape"),
}
Entry = Decision | Open


def layer_parts(judged: Sequence[JudgedLayer], dialect: Dialect) -> list[Part]:
    """Return a table for each layer, the units first; what cannot be built is written as comment."""
    order = sorted(range(len(judged)), key=lambda at: (_ORDER[judged[at].role], at))
    names = _names([judged[at] for at in order])
    parts = []
    for at, name, rival in ((at, *names[place]) for place, at in enumerate(order)):
        if judged[at].role != "unusable":
            parts.append(_part(judged[at], name, rival, dialect))
    return parts


def _names(judged: Sequence[JudgedLayer]) -> list[tuple[str, Words]]:
    """Return a name for each layer, and of one that is older than another of its kind, that it is left out."""
    best: dict[str, JudgedLayer] = {}
    for one in judged:
        if one.role == "reference" and one.word is not None and not one.seen.problem:
            other = best.get(one.word.name)
            if other is None or (one.is_old, -one.year) < (other.is_old, -other.year):
                best[one.word.name] = one
    names: list[tuple[str, Words]] = []
    taken: dict[str, SeenLayer] = {}
    for place, one in enumerate(judged):
        name, rival = _plain_name(one, place), Words()
        newest = best.get(one.word.name) if one.word is not None and one.role == "reference" else None
        if newest is not None and newest is not one and (newest.is_old, newest.year) != (one.is_old, one.year):
            rival = Words(
                f"与 {newest.seen.file} 同类，后者较新", f"of the same kind as {newest.seen.file}, which is newer"
            )
        is_other = name in taken and one.role != "units" and not rival
        if is_other and (taken[name].shape != one.seen.shape or one.role in ("rival", "unusable")):
            name = _free(f"{name}_{one.seen.shape}", taken)
        taken.setdefault(name, one.seen)
        names.append((name, rival))
    return names


def _plain_name(one: JudgedLayer, place: int) -> str:
    if one.role == "units" and place == 0:
        return "units"
    if one.word is not None and one.word.role == ("reference" if one.role == "unusable" else one.role):
        return one.word.name
    slug = re.sub(r"[^\w.-]+", "_", one.stem).strip("_.-") or f"layer{place + 1}"
    return f"{slug}_2" if slug == "units" and one.role != "units" else slug


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number, result = 2, name
    while result in taken:
        result, number = f"{name}_{number}", number + 1
    return result


def _part(one: JudgedLayer, name: str, rival: Words, dialect: Dialect) -> Part:
    seen = one.seen
    role = "units" if one.role == "rival" else one.role
    entries: list[Entry] = [Decision("name", name)]
    if role in ("units", "zones"):
        entries.append(Decision("role", role))
    if one.word is not None and one.word.element and role == "zones":
        entries.append(Decision("element", one.word.element))
    elif role == "zones":
        why = Words("要素看不出来", "nothing tells for which element")
        entries.append(Open("element", why, 'element = "water"'))
    entries.append(Decision("path", seen.file))
    if seen.layer:
        entries.append(Decision("layer", seen.layer))
    entries += _system_entries(seen)
    if one.word is not None and one.word.label and (one.word.role == role):
        entries.append(
            Decision(
                "label",
                one.word.label.as_data(),
                Words("规则包对此类图层的称呼", "what a pack calls this kind"),
                "high",
            )
        )
    entries += _shape_entries(one, dialect)
    entries += _column_entries(one, role, dialect)
    is_off = one.role == "rival" or bool(rival) or (bool(seen.problem) and role != "units")
    return Part(
        "[[layers]]", tuple(entries), _notes(one, rival), seen.file + (f" · {seen.layer}" if seen.layer else ""), is_off
    )


def _notes(one: JudgedLayer, rival: Words) -> tuple[Words, ...]:
    seen = one.seen
    notes = []
    if seen.problem:
        notes.append(Words(f"不能直接使用：{seen.problem.zh}", f"cannot be used as it is: {seen.problem.en}"))
    if rival:
        notes.append(rival)
    if seen.looked:
        zh, en = _SHAPES.get(seen.shape, ("", "feature"))
        sampled = ("", "")
        if seen.is_sampled:
            sampled = (f"，只看了前 {seen.looked} 个", f", the first {seen.looked} looked at")
        elif seen.shapes < seen.looked:
            sampled = (f"，图形只看了前 {seen.shapes} 个", f", the shapes of the first {seen.shapes} looked at")
        zh, en = (f"{seen.count} 个{zh}要素", counted(seen.count, en)) if seen.count >= 0 else (f"{zh}要素", f"{en}s")
        notes.append(Words(f"{zh}{sampled[0]}", f"{en}{sampled[1]}"))
    notes += one.grounds
    return tuple(notes)


def _system_entries(seen: SeenLayer) -> list[Entry]:
    if seen.system is not None:
        rivals = tuple(Words(f"也可能是 {name}", f"or {name}") for name in seen.system.rivals)
        return [Decision("crs", seen.system.value, seen.system.ground, seen.system.confidence, rivals)]
    if seen.needs == "crs":
        why = Words(
            f"{seen.problem.zh}；坐标也看不出是哪一个", f"{seen.problem.en}; its coordinates do not give it away"
        )
        return [Open("crs", why, 'crs = "EPSG:…"', is_required=True)]
    if seen.needs == "shift":
        return [Open("shift", seen.problem, "shift = [dx, dy, dz]", is_required=True)]
    if seen.needs == "extent":
        why = Words(
            "空图层：若确实一处也没有，写明它完整的范围",
            "an empty layer: if there is none, say for which extent that holds",
        )
        return [Open("extent", why, "extent = [west, south, east, north]", is_required=True)]
    return []


def _shape_entries(one: JudgedLayer, dialect: Dialect) -> list[Entry]:
    seen = one.seen
    if seen.shape != "line":
        return []
    entries: list[Entry] = []
    stated = one.word.shape if one.word is not None else ""
    if stated:
        ground = Words("规则包：此类线的含义", "a pack: what lines of this kind are")
        entries.append(Decision("shape", stated, ground, "medium"))
    else:
        why = Words(
            "线代表什么，数据看不出来：bank 岸线、centreline 中心线、edge 边缘",
            "what the lines are, the data do not tell: bank, centreline or edge",
        )
        entries.append(Open("shape", why, 'shape = "centreline"'))
    width = next((column for column in seen.columns if dialect.is_header("width", column.name)), None)
    if width is not None:
        entries.append(
            Decision("width", width.name, Words("列名表示宽度，单位米", "its name says width, in m"), "medium")
        )
    if stated == "centreline":
        why = Words("线是否从源头画向河口，看不出来", "whether lines run from source to mouth cannot be told")
        entries.append(Open("flow", why, "flow = true"))
    return entries


def _column_entries(one: JudgedLayer, role: str, dialect: Dialect) -> list[Entry]:
    entries: list[Entry] = []
    taken: list[str] = []
    if one.code and role in ("units", "zones"):
        taken.append(one.code)
        entries.append(Decision("columns.code", one.code, one.code_ground, one.code_confidence, one.code_rivals))
    elif role == "units":
        names = ", ".join(column.name for column in one.seen.columns[:8])
        why = Words(
            f"没有一列的值每行不同；现有 {names}", f"no column has a value of its own in every row; there are {names}"
        )
        entries.append(Open("columns.code", why, 'columns = { code = "…" }', is_required=True))
    for key, (name, ground, confidence) in _named_columns(one, role, set(taken), dialect):
        taken.append(name)
        entries.append(Decision(f"columns.{key}", name, ground, confidence))
    kept = set(taken) if role != "reference" else set()
    entries += _field_entries(one, kept, dialect)
    return entries


def _named_columns(
    one: JudgedLayer, role: str, taken: set[str], dialect: Dialect
) -> list[tuple[str, tuple[str, Words, str]]]:
    """Return the columns of name, class, subclass and area, each with ground and confidence."""
    columns = [column for column in one.seen.columns if column.name not in taken and column.values]
    found: list[tuple[str, tuple[str, Words, str]]] = []
    picks = [("name", _name_column(columns, role, dialect))]
    if role in ("units", "zones"):
        picks.append(("class", _class_column(columns, role, dialect)))
    if role == "units":
        picks.append(("subclass", _first(columns, dialect, "map_subclass", _SUBCLASS)))
        picks.append(("area", _first(columns, dialect, "map_area", None)))
    used: set[str] = set()
    for key, pick in picks:
        if pick is not None and pick[0] not in used:
            used.add(pick[0])
            found.append((key, pick))
    return found


_KNOWN = Words("规则包认得此列名", "a pack knows this name")


def _first(
    columns: Sequence[SeenColumn], dialect: Dialect, role: str, pattern: re.Pattern[str] | None
) -> tuple[str, Words, str] | None:
    for column in columns:
        if dialect.is_header(role, column.name):
            return column.name, _KNOWN, "high"
    for column in columns:
        if pattern is not None and pattern.fullmatch(column.name):
            return column.name, Words("按列名", "by its name"), "medium"
    return None


def _name_column(columns: Sequence[SeenColumn], role: str, dialect: Dialect) -> tuple[str, Words, str] | None:
    texts = [column for column in columns if not column.is_number]
    known = _first(texts, dialect, {"units": "map_name", "zones": "zone_name"}.get(role, "feature_name"), None)
    known = known or _first(texts, dialect, "feature_name", _NAME)
    if known is not None or role != "units":
        return known
    unlike = [
        column for column in texts if not column.is_prose and column.is_full and len(column.kinds) > column.rows / 2
    ]
    if not unlike:
        return None
    best = max(unlike, key=lambda column: (column.is_unique, column.letters))
    return best.name, Words("值多数不同的文字列", "a text column most of whose values differ"), "low"


def _class_column(columns: Sequence[SeenColumn], role: str, dialect: Dialect) -> tuple[str, Words, str] | None:
    """Return the column whose values are classes that packs know, else one whose name says class."""
    scored = []
    for place, column in enumerate(columns):
        kinds = column.kinds
        known = {
            kind: dialect.rules.class_key(kind)
            for kind in kinds
            if dialect.rules.class_key(kind) in dialect.rules.classes
        }
        if known and len(known) * 2 > len(kinds):
            direct = sum(kind == key for kind, key in known.items())
            scored.append((len(known) / len(kinds), direct, -place, column.name, class_mapping(kinds, dialect)))
    if scored:
        _, _, _, name, ground = max(scored)
        return name, ground, "high"
    if role == "zones":
        return _first([column for column in columns if column.is_kinds], dialect, "zone_class", _CLASS)
    telling = [column for column in columns if column.is_kinds and not column.is_number]
    return _first(telling, dialect, "map_class", _CLASS)


def class_mapping(kinds: Sequence[str], dialect: Dialect) -> Words:
    """Say which class each value of a column stands for, and which values stand for none."""
    keys = {kind: dialect.rules.class_key(kind) for kind in kinds}
    said = "、".join(
        f"{kind}→{key}" if kind != key else kind for kind, key in keys.items() if key in dialect.rules.classes
    )
    rest = [kind for kind, key in keys.items() if key not in dialect.rules.classes]
    zh, en = f"值即类别：{said}", f"its values are classes: {said.replace('、', ', ')}"
    if rest:
        zh += f"；不是类别的值：{'、'.join(rest)}"
        en += f"; no classes: {', '.join(rest)}"
    return Words(zh, en)


def _field_entries(one: JudgedLayer, taken: set[str], dialect: Dialect) -> list[Entry]:
    """Return the further columns under the names by which clauses ask them, and what clauses ask and no column has."""
    columns = [
        column
        for column in one.seen.columns
        if column.name not in taken
        and column.values
        and not column.is_technical
        and not column.is_prose
        and not dialect.is_dimension(column.name)
        and not dialect.is_header("width", column.name)
    ]
    asked = dialect.asked.get(one.word.name, {}) if one.word is not None else {}
    fields: dict[str, str] = {}
    entries: list[Entry] = []
    for name, values in asked.items():
        column = next((item for item in columns if item.name.casefold() == name.casefold()), None)
        column = column or next((item for item in columns if item.kinds and set(item.kinds) <= values), None)
        if column is None and _NAME.fullmatch(name):
            named = _name_column(columns, "reference", dialect)
            column = next((item for item in columns if named is not None and item.name == named[0]), None)
        if column is not None:
            fields[name] = column.name
        if column is None or (not _NAME.fullmatch(name) and not set(column.kinds) & values):
            entries.append(_asked_open(name, values, columns))
    rest = [column for column in columns if column.name not in fields.values() and _FIELD_NAME.fullmatch(column.name)]
    left = []
    for column in sorted(rest, key=lambda column: not column.is_kinds):
        if len(fields) < _FIELDS:
            fields.setdefault(column.name, column.name)
        else:
            left.append(column.name)
    if fields:
        ground = Words("其余列，供条文引用", "the other columns, for clauses to ask")
        if left:
            more = ", ".join(left[:6]) + (" …" if len(left) > 6 else "")
            ground = Words(
                f"{ground.zh}；未列入 {len(left)} 列：{more}", f"{ground.en}; {len(left)} more are not named: {more}"
            )
        entries.insert(0, Decision("fields", fields, ground))
    return entries


def _asked_open(name: str, values: frozenset[str], columns: Sequence[SeenColumn]) -> Open:
    wanted = ", ".join(sorted(values)[:6])
    kinds = [f"{column.name}（{'、'.join(column.kinds[:4])}）" for column in columns if column.is_kinds][:3]
    there = ("；现有 " + "，".join(kinds), "; there are " + ", ".join(kinds)) if kinds else ("", "")
    why = Words(
        f"规则包的条文问 {name}：{wanted}；没有一列是这些值{there[0]}",
        f"clauses of packs ask {name}: {wanted}; no column has these values{there[1]}",
    )
    return Open(f"fields.{name}", why, f'fields = {{ {name} = "…" }}')
