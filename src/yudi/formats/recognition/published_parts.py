"""The tables `[[published]]` of a proposal: printed numbers, areas and shares of units by class, to hold the map against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yudi.core.words import Words
from yudi.formats.headers import header_key
from yudi.formats.recognition.columns import SeenColumn
from yudi.formats.recognition.dialect import Dialect
from yudi.formats.recognition.list_parts import UnitCodes
from yudi.formats.recognition.proposal import Decision, Open, Part, counted
from yudi.formats.recognition.tables import SeenSheet

__all__ = ["is_published", "published_part"]

_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?%?")
_LEAST = 2  # classes that have a column


def is_published(sheet: SeenSheet, dialect: Dialect, units: UnitCodes) -> bool:
    """Tell whether a sheet has numbers for two classes of units at least, or whole areas beside codes of areas."""
    measures = _measures(sheet, dialect)
    if any(len(set(found) - {"total"}) >= _LEAST for found in measures.values()):
        return True
    return "total" in measures["areas"] and _key(sheet, dialect, units)[1] > 0


def published_part(sheet: SeenSheet, dialect: Dialect, units: UnitCodes) -> Part:
    """Return the table for one sheet of printed figures."""
    measures = {name: found for name, found in _measures(sheet, dialect).items() if found}
    entries: list[Decision | Open] = [Decision("path", sheet.file)]
    if not sheet.alone:
        entries.append(Decision("sheet", sheet.sheet))
    key, share = _key(sheet, dialect, units)
    totals = _totals(key, dialect) if key is not None else []
    if key is None:
        entries.append(Decision("by", "all", Words("没有区域列", "no column of areas"), "medium"))
    else:
        known = Words(f"“{key.name}”的值 {share:.0%} 是区域", f"{share:.0%} of the values of {key.name!r} are areas")
        if not share:
            known = Words(
                f"“{key.name}”不是代码；要按名称对，须在 scheme.codes.areas 写明各区域的名称",
                f"{key.name!r} holds no codes; to join by names, say them under scheme.codes.areas",
            )
        entries += [Decision("by", "area"), Decision("key", key.name, known, "high" if share >= 0.9 else "low")]
    said = Words("表头含类别名，值是数", "headers with names of classes over numbers")
    entries += [Decision(name, found, said, "medium") for name, found in measures.items()]
    entries += _unit(sheet, measures, dialect)
    if totals:
        entries.append(Decision("totals", totals, Words("合计行", "rows that sum up others"), "medium"))
    return Part(
        "[[published]]",
        tuple(entries),
        (Words(f"{sheet.rows} 行", counted(sheet.rows, "row")),),
        sheet.file,
    )


def _measures(sheet: SeenSheet, dialect: Dialect) -> dict[str, dict[str, str]]:
    """Return, for numbers, areas and shares, the headers by class."""
    found: dict[str, dict[str, str]] = {"counts": {}, "areas": {}, "shares": {}}
    for column in sheet.columns:
        if not _is_numbers(column):
            continue
        kind = _class_of(column.name, dialect)
        if not kind:
            continue
        if dialect.named("column:share_word", column.name) or any(value.endswith("%") for value in column.values):
            name = "shares"
        elif dialect.named("column:size_word", column.name) or any("." in value for value in column.values):
            name = "areas"
        else:
            name = "counts"
        found[name].setdefault(kind, column.name)
    return found


def _is_numbers(column: SeenColumn) -> bool:
    return all(_NUMBER.fullmatch(value) for value in column.values)  # a table may be empty for now


def _class_of(header: str, dialect: Dialect) -> str:
    """Return the class that a header names by the longest of its names, ``total`` for a sum, else ""."""
    key = header_key(header)
    names = [
        (header_key(name), kind)
        for kind, label in dialect.rules.classes.items()
        for name in (label.zh, label.en)
        if name
    ]
    names += [(header_key(name), kind) for kind, others in dialect.rules.class_names.items() for name in others]
    held = [(len(name), kind) for name, kind in names if name in key]
    if held:
        return max(held)[1]
    is_sum = dialect.named("column:total_word", header) or dialect.is_header("size_word", header)
    return "total" if is_sum else ""


def _key(sheet: SeenSheet, dialect: Dialect, units: UnitCodes) -> tuple[SeenColumn | None, float]:
    joined = [
        (max(len(keys & units.areas), len(keys & units.area_names)) / max(len(keys), 1), -at, column)
        for at, column in enumerate(sheet.columns)
        if (keys := set(column.values) - set(_totals(column, dialect)))
    ]
    best = max(joined, key=lambda one: one[:2], default=None)
    if best is not None and best[0] >= 0.5:
        return best[2], best[0]
    if not sheet.rows:
        named = [one for one in sheet.columns if any(dialect.is_header(role, one.name) for role in ("area", "county"))]
        return (named[0], 1.0) if named else (None, 0.0)
    names = [column for column in sheet.columns if column.values and not _is_numbers(column)]
    return (names[0], 0.0) if names and sheet.rows > 1 else (None, 0.0)


def _totals(key: SeenColumn, dialect: Dialect) -> list[str]:
    return [value for value in key.kinds if dialect.is_header("total_word", value)]


def _unit(sheet: SeenSheet, measures: Mapping[str, Mapping[str, str]], dialect: Dialect) -> list[Decision | Open]:
    if "areas" not in measures:
        return []
    texts: Sequence[str] = [*measures["areas"].values(), *sheet.titles]
    for unit in ("hm2", "km2"):
        if any(dialect.named(f"column:unit_{unit}", text) for text in texts):
            return [Decision("unit", unit, Words("表头或标题写明", "as header or title say"))]
    why = Words("面积的单位没有写明；不写按平方公里", "the unit of areas is not said; without it square kilometres")
    return [Open("unit", why, 'unit = "hm2"')]
