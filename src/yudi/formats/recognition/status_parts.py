"""The tables `[[status]]` and the rule files of a proposal: what authorities know, and what an office has written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from yudi.core.errors import YudiError
from yudi.core.words import Words
from yudi.formats.headers import header_key
from yudi.formats.plain_files import read_yaml
from yudi.formats.recognition.columns import SeenColumn
from yudi.formats.recognition.dialect import Dialect
from yudi.formats.recognition.folders import FoundFile
from yudi.formats.recognition.list_parts import JudgedSheet, UnitCodes
from yudi.formats.recognition.maps import problem_of
from yudi.formats.recognition.proposal import Decision, Open, Part, counted
from yudi.formats.recognition.tables import SeenSheet
from yudi.territory.facts import Fact

__all__ = ["RuleFiles", "is_status", "rule_files", "status_part"]

_SURE, _ENOUGH, _MARGIN = 1.4, 0.8, 0.15
_COLUMNS = 8  # a status table has few
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Roles:
    """The columns of a status table."""

    key: SeenColumn | None
    value: SeenColumn
    start: SeenColumn | None
    end: SeenColumn | None


def is_status(one: JudgedSheet, dialect: Dialect, units: UnitCodes, facts: Sequence[Fact]) -> bool:
    """Tell whether a sheet without another role is a table of what authorities know."""
    if one.kind or not one.seen.columns or len(one.seen.columns) > _COLUMNS:
        return False
    roles = _roles(one.seen, dialect, units)
    if roles is None:
        return False
    best = _ranked(one.seen, roles, facts)
    has_days = roles.start is not None or roles.end is not None
    return has_days or bool(best and best[0][0] >= 1.0)


def status_part(sheet: SeenSheet, dialect: Dialect, units: UnitCodes, facts: Sequence[Fact]) -> Part:
    """Return the table for one status sheet; without a plain fact it is written as comment."""
    roles = _roles(sheet, dialect, units)
    assert roles is not None, "is_status looked"
    ranked = _ranked(sheet, roles, facts)
    entries: list[Decision | Open] = [Decision("path", sheet.file)]
    if not sheet.alone:
        entries.append(Decision("sheet", sheet.sheet))
    is_plain = bool(ranked) and ranked[0][0] >= _ENOUGH and (len(ranked) < 2 or ranked[0][0] - ranked[1][0] >= _MARGIN)
    if is_plain:
        points, key, said = ranked[0]
        rivals = tuple(
            Words(f"也可能是 {other}", f"or {other}") for weight, other, _ in ranked[1:2] if weight >= _ENOUGH
        )
        entries.append(Decision("fact", key, said, "high" if points >= _SURE else "medium", rivals))
    else:
        names = ", ".join(key for _, key, _ in ranked[:4]) or "…"
        why = Words(
            f"说的是哪个事实，分不清；候选：{names}", f"which fact it states cannot be told; candidates: {names}"
        )
        entries.append(Open("fact", why, 'fact = "…"', is_required=True))
    entries.append(_by(roles, units))
    columns = {
        role: column.name
        for role, column in (("key", roles.key), ("value", roles.value), ("from", roles.start), ("until", roles.end))
        if column is not None and header_key(column.name) != role
    }
    if columns:
        ground = Words(
            "键列按值对上，起止按表头，余下一列是值",
            "the key joins by its values, days by their headers, the rest is the value",
        )
        entries.append(Decision("columns", columns, ground, "medium"))
    why = Words(
        "表中没有的，是未知还是某个值？不写则为未知", "what holds for a key without a row; without it that is unknown"
    )
    entries.append(Open("otherwise", why, "otherwise = false"))
    notes = (Words(f"{sheet.rows} 行", counted(sheet.rows, "row")),)
    return Part("[[status]]", tuple(entries), notes, sheet.file, is_off=not is_plain)


def _by(roles: _Roles, units: UnitCodes) -> Decision:
    if roles.key is None:
        return Decision("by", "all", Words("没有键列", "no column of keys"), "medium")
    unit, area = roles.key.share_in(units.codes), roles.key.share_in(units.areas)
    share, by = max((unit, "unit"), (area, "area"))
    ground = Words(
        f"“{roles.key.name}”的值 {share:.0%} 对得上", f"{share:.0%} of the values of {roles.key.name!r} join"
    )
    return Decision("by", by, ground, "high" if share >= 0.9 else "medium")


def _roles(sheet: SeenSheet, dialect: Dialect, units: UnitCodes) -> _Roles | None:
    columns = [column for column in sheet.columns if column.values or not sheet.rows]  # a table may be empty for now
    start = next((one for one in columns if _is(one, dialect, "from")), None)
    end = next((one for one in sheet.columns if _is(one, dialect, "until")), None)
    rest = [one for one in columns if one not in (start, end)]
    joins = [(max(one.share_in(units.codes), one.share_in(units.areas)), -at, one) for at, one in enumerate(rest)]
    best = max(joins, key=lambda one: one[:2], default=None)
    key = best[2] if best is not None and best[0] >= 0.3 else None
    key = key or next((one for one in rest if _is(one, dialect, "key") or header_key(one.name) == "key"), None)
    values = [one for one in rest if one is not key and not one.is_prose]
    named = [one for one in values if header_key(one.name) == "value"]
    if not values or (len(values) > 3 and not named):
        return None
    return _Roles(key, (named or values[-1:])[0], start, end)


def _is(column: SeenColumn, dialect: Dialect, role: str) -> bool:
    return header_key(column.name) == role or dialect.is_header(role, column.name)


def _ranked(sheet: SeenSheet, roles: _Roles, facts: Sequence[Fact]) -> list[tuple[float, str, Words]]:
    """Return the facts that a table may state, likeliest first, by its file's name and its header."""
    name = sheet.stem if sheet.alone else sheet.sheet
    found = []
    for fact in facts:
        key, points, why = _by_name(name, fact.key)
        alike = max(_alike(roles.value.name, fact.label.zh), _alike(roles.value.name, fact.label.en))
        if key != fact.key and not points:
            continue
        total = points + alike - (0.5 if not _suits(roles.value, fact) else 0.0)
        zh = "，".join(
            part for part in (why.zh, f"表头“{roles.value.name}”与“{fact.label.zh}”相近" if alike > 0.4 else "") if part
        )
        en = ", ".join(
            part for part in (why.en, f"its header is like {fact.label.en!r}" if alike > 0.4 else "") if part
        )
        if total > 0.3:
            found.append((total, key, Words(zh or "按类型", en or "by its type")))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def _by_name(name: str, key: str) -> tuple[str, float, Words]:
    """Hold a file's name against a fact's key; a member of a family has the rest of the name."""
    plain = header_key(name).replace("-", "_")
    if key.endswith(".*"):
        head = key[:-2]
        tail = name[len(head) + 1 :] if name.casefold().startswith((f"{head}_", f"{head}.", f"{head}-")) else ""
        return (
            (f"{head}.{tail}", 1.5, Words(f"文件名以 {head} 开头", f"the file's name begins with {head}"))
            if tail
            else (key, 0.0, Words())
        )
    if plain == key.casefold().replace("-", "_"):
        return key, 3.0, Words("文件名就是事实名", "the file has the fact's name")
    mine, theirs = _tokens(plain), _tokens(key.casefold())
    share = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    points = 0.9 if key.casefold().startswith(plain) and len(plain) > 3 else share
    said = Words("文件名与事实名相近", "the file's name is like the fact's") if points > 0.3 else Words()
    return key, points, said


def _tokens(name: str) -> frozenset[str]:
    return frozenset(part.rstrip("s") for part in re.split(r"[_.\s]+", name) if part)


def _alike(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1, by the pairs of letters that they share."""
    left, right = ({"".join(pair) for pair in pairwise(header_key(text).replace("是否", ""))} for text in (one, other))
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _suits(column: SeenColumn, fact: Fact) -> bool:
    if not column.values:
        return True
    is_number = all(_NUMBER.fullmatch(value) for value in column.values)
    return is_number == (fact.type == "number") or fact.type in ("text", "code", "date")


@dataclass(frozen=True)
class RuleFiles:
    """The YAML files of a folder by what their entries are, each with what was said of it; and what cannot be read."""

    by_kind: dict[str, list[str]]
    problems: dict[str, Words]
    facts: tuple[dict[str, Any], ...] = ()


_KINDS = {
    "fact_files": ({"key", "type"},),
    "document_files": ({"id", "title"},),
    "clause_files": ({"id", "effect"},),
    "formalised": ({"text", "effect"},),
    "term_files": ({"key", "in"}, {"key", "may"}, {"key", "in_if"}, {"key", "may_if"}),
    "inference_files": ({"key", "then"},),
    "case_files": ({"clause", "cases"},),
}


def rule_files(found: Sequence[FoundFile]) -> RuleFiles:
    """Return what the YAML files of a folder hold, by the keys of their entries."""
    by_kind: dict[str, list[str]] = {}
    problems: dict[str, Words] = {}
    facts: list[dict[str, Any]] = []
    for item in found:
        try:
            rows = [row for row, _ in read_yaml(Path(item.path))]
        except YudiError as error:
            problems[item.name] = problem_of(error)
            continue
        kind = _kind(rows)
        if kind:
            by_kind.setdefault(kind, []).append(item.name)
            facts += rows if kind == "fact_files" else []
        elif rows:
            said = Words("不认得的 YAML", "a YAML file of no known kind")
            problems[item.name] = said
    return RuleFiles(by_kind, problems, tuple(facts))


def _kind(rows: Sequence[dict[str, Any]]) -> str:
    for kind, marks in _KINDS.items():
        if rows and all(any(mark <= set(row) for mark in marks) for row in rows):
            return kind
    return ""
