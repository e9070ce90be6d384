"""Which rows and clauses name no unit, which units lists leave out, and where else a scheme says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from yudi.core.dates import Period
from yudi.core.errors import Where
from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.clauses import UnitScope
from yudi.territory.edition_checks.amounts import percent
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey, counted, few, shortened
from yudi.territory.lists import ListSource, silent_clause
from yudi.territory.standing import names_of_no_unit

__all__ = ["named_without_unit", "silence"]

_SINGLE = 100  # rows of one file that are told one by one
_COMPARED = 20_000  # pairs of names that are compared to find which was meant
_KEYS = {
    "code": Words("管控单元编码", "unit code"),
    "area": Words("行政区", "area"),
    "class": Words("管控单元类别", "class"),
}
_SCOPES = {
    "codes": Words("单元编码", "unit codes"),
    "classes": Words("类别", "classes"),
    "subclasses": Words("细类", "subclasses"),
    "areas": Words("行政区", "areas"),
}
_TAIL = "/silent"
_WITHOUT_ROW = silent_clause(ListSource()).text


def named_without_unit(survey: Survey) -> Iterator[EditionFinding]:
    """Find rows of lists and clauses that name units which do not exist, and formalised texts that no list has."""
    yield from _rows(survey)
    yield from _clauses(survey)
    if unused := [key for item in survey.edition.findings if item.kind == "formalised_unused" for key in item.keys]:
        shown = few([f"“{shortened(key)}”" for key in unused])
        text = Words(
            f"已结构化的条文有 {len(unused)} 条清单中没有：{shown.zh}",
            f"{counted(len(unused), 'formalised text')} in no list: {shown.en}",
        )
        cure = Words(
            "对照清单改正条文；清单已删去的，删去此条",
            "correct the text by the list, or leave the entry out where the list has dropped it",
        )
        yield survey.finding("formalised_unused", "warning", (text, cure), numbers={"texts": len(unused)})


def _rows(survey: Survey) -> Iterator[EditionFinding]:
    found = [item for item in survey.edition.findings if item.kind == "list_names_no_unit"]
    by_file: dict[str | None, list[tuple[str, Where]]] = {}
    for item in found:
        by_file.setdefault(item.where.file, []).extend((key, item.where) for key in item.keys)
    for file, rows in by_file.items():
        yield from _of_file(survey, file, rows)


def _of_file(survey: Survey, file: str | None, rows: Sequence[tuple[str, Where]]) -> Iterator[EditionFinding]:
    numbers = [at for at, entry in enumerate(survey.lists) if entry["file"] == file]
    kind = survey.lists[numbers[0]]["key"] if numbers else "code"
    items = _items(survey, numbers)
    budget = _COMPARED
    known = _names(survey, kind, _without_row(survey) if kind == "code" else None)
    for key, where in rows[:_SINGLE]:
        close = near(key, known[: max(budget, 0)])
        budget -= len(known)
        meant = close[:1] if len(close) < 4 else []  # of many that are as near none is likelier
        yield _row(survey, key, where, kind=kind, meant=meant, items=items[key])
    if rest := [key for key, _ in rows[_SINGLE:]]:
        text = Words(
            f"另有 {len(rest)} 行的{_KEYS[kind].zh}地图上没有：{few(rest).zh}",
            f"{counted(len(rest), 'more row')} whose {_KEYS[kind].en} no unit has: {few(rest).en}",
        )
        cure = Words(
            "核对该列是否取错，或地图是否缺图斑", "see whether the right column is read, and whether the map is whole"
        )
        numbers_said = {"rows": len(rest), "items": sum(items[key] for key in rest)}
        yield survey.finding("row_without_unit", "error", (text, cure), where=Where(file), numbers=numbers_said)


def _row(survey: Survey, key: str, where: Where, *, kind: str, meant: Sequence[str], items: int) -> EditionFinding:
    text = Words(
        f"清单有{_KEYS[kind].zh} {key} 的条目，地图上没有，其 {items} 条不起作用",
        f"the list has a row for the {_KEYS[kind].en} {key}, which no unit has: what it asks ({counted(items, 'item')}) is heard nowhere",
    )
    cure = Words("改正清单，或在地图中补上该单元", "correct the list, or add the unit to the map")
    if meant:
        cure = Words(f"是否为 {meant[0]}？否则{cure.zh}", f"did you mean {meant[0]}? Else {cure.en}")
    units = _indices(survey, meant)
    numbers: dict[str, float | str] = {"key": key, "items": items}
    return survey.finding("row_without_unit", "error", (text, cure), units=units, where=where, numbers=numbers)


def _clauses(survey: Survey) -> Iterator[EditionFinding]:
    """Find clauses that are bound to units, classes or areas which no unit has: there they speak nowhere."""
    scopes: dict[UnitScope, list[str]] = {}
    for item in survey.clauses:
        if item.units:
            scopes.setdefault(item.units, []).append(item.id)
    for scope, ids in scopes.items():
        for kind, (missing, close) in names_of_no_unit(scope, survey.edition.units).items():
            what, named, bound = _SCOPES[kind], few(missing), few(ids)
            text = Words(
                f"条款 {bound.zh} 所限{what.zh} {named.zh} 地图上没有，在该处不起作用",
                f"no unit has the {what.en} {named.en}, to which {bound.en} is bound: there it speaks nowhere",
            )
            cure = Words(
                "改正条款的 units；规则包为别处而设者不必改",
                "correct units of the clause; of a pack's clause for other places leave it",
            )
            if close:
                cure = Words(f"是否为 {few(close).zh}？否则{cure.zh}", f"did you mean {few(close).en}? Else {cure.en}")
            numbers: dict[str, float | str] = {"clauses": len(ids), "names": len(missing)}
            units = _indices(survey, close[:1])
            yield survey.finding("clause_without_unit", "warning", (text, cure), units=units, numbers=numbers)


def _indices(survey: Survey, codes: Sequence[str]) -> np.ndarray[Any, Any]:
    index = survey.edition.unit_index
    return np.array([index[name] for name in codes if name in index], np.int64)


def _items(survey: Survey, numbers: Sequence[int]) -> Counter[str]:
    """Return how many printed items each key of some lists has."""
    rows = survey.edition.items().rows
    if not numbers:
        return Counter()
    pairs = zip(rows.column("list").to_pylist(), rows.column("key").to_pylist(), strict=True)
    return Counter(key for number, key in pairs if number in numbers)


def _without_row(survey: Survey) -> set[int]:
    """Return the units that some list has no row for."""
    silent = [row for row, item in enumerate(survey.clauses) if item.silent_for == "list:{unit}"]
    return set(survey.units_of_all(silent).tolist())


def _names(survey: Survey, kind: str, units: set[int] | None) -> list[str]:
    """Return the different keys that units have, of those given or of all."""
    column = survey.edition.units.column(kind) or ()
    chosen = column if units is None else [column[unit] for unit in sorted(units)] if column else []
    return list(dict.fromkeys(str(name) for name in chosen if name))


def silence(survey: Survey) -> Iterator[EditionFinding]:
    """Find the units of which a scheme says nothing: in a list without a row, in a dimension, on some days, in a cell."""
    cells: dict[str, list[int]] = {}
    days: dict[Period, list[int]] = {}
    for row, item in enumerate(survey.clauses):
        if item.effect != "silent" or not survey.counts_yet[row] or not len(survey.units_of(row)):
            continue
        if item.text == _WITHOUT_ROW:
            yield from _of_lists(survey, row)
        elif item.silent_for.startswith("list:{unit}"):
            if _is_always(item.period, survey.edition.period):
                yield _of_dimension(survey, row)
            else:
                days.setdefault(item.period, []).append(row)
        else:
            cells.setdefault(item.dimension, []).append(row)
    for period, rows in days.items():
        yield _of_days(survey, period, rows)
    for dimension, rows in cells.items():
        yield _of_cells(survey, dimension, rows)


def _is_always(days: Period, whole: Period) -> bool:
    ends_with = days.end is None or (whole.end is not None and days.end >= whole.end)
    return days.start == whole.start and ends_with


def _of_lists(survey: Survey, clause: int) -> Iterator[EditionFinding]:
    """Say which units a list has no row for; without a list the scheme says nothing at all."""
    units = survey.units_of(clause)
    if not survey.lists:
        text = Words(
            "方案没有清单、模板和自有条款，全部单元均无规定",
            "the scheme has no list, template or clause: it says nothing of any unit",
        )
        cure = Words(
            '加入清单；若不设限制，写 silence = "none"', 'add a list; if this means freedom, write silence = "none"'
        )
        yield survey.finding("scheme_silent", "error", (text, cure), units=units, numbers={"units": len(units)})
        return
    row = int(survey.bindings_of(clause)[0])
    bindings = survey.edition.bindings
    part = bindings.ids[row].removeprefix(survey.edition.unit_code(int(bindings.unit[row]))).removesuffix(_TAIL)
    number = next((at for at, entry in enumerate(survey.lists) if entry["part"] == part), 0)
    entry = survey.lists[number]
    of, share = survey.classes_said(units), survey.area_share(units)
    named = survey.list_named(number)
    text = Words(
        f"{named.zh}缺 {len(units)} 个单元的条目{of.zh}，占面积 {percent(share)}，这些单元的要求未知",
        f"{named.en} has no row for {counted(len(units), 'unit')}{of.en}, {percent(share)} of the area: what it asks there is unknown",
    )
    cure = Words(
        '补上条目（无要求时写“无”）；若不设限制，写 silence = "none"',
        'add a row for each ("无" where it asks nothing); if leaving out means freedom, write silence = "none"',
    )
    numbers: dict[str, float | str] = {"units": len(units), "area_share": round(share, 6)}
    numbers |= {f"class.{name}": count for name, count in survey.classes(units).items() if name}
    yield survey.finding(
        "unit_without_row", "warning", (text, cure), units=units, where=Where(entry["file"] or None), numbers=numbers
    )


def _of_dimension(survey: Survey, clause: int) -> EditionFinding:
    """Say that no list ever speaks of a dimension."""
    item, units = survey.clauses[clause], survey.units_of(clause)
    label, share = _labels(survey, [clause]), survey.area_share(units)
    text = Words(
        f"“{label.zh}”：没有清单作规定，{len(units)} 个单元在此维度的要求未知",
        f"no list speaks of {label.en}: what is asked there is unknown in {counted(len(units), 'unit')}",
    )
    cure = Words(
        '补上该列；若不设限制，写 silence.dimensions = { … = "none" }',
        'add the column; if leaving it out means freedom, write silence.dimensions = { … = "none" }',
    )
    numbers: dict[str, float | str] = {"units": len(units), "area_share": round(share, 6), "dimension": item.dimension}
    where = survey.file(0) if len(survey.lists) == 1 else Where()
    return survey.finding("dimension_silent", "warning", (text, cure), units=units, where=where, numbers=numbers)


def _of_days(survey: Survey, days: Period, clauses: Sequence[int]) -> EditionFinding:
    """Say that on some days no list is in force, in some dimensions or all."""
    units, label = survey.units_of_all(clauses), _labels(survey, clauses)
    text = Words(
        f"{days.start or '…'} 至 {days.end or '…'} 没有施行的清单（{label.zh}），{len(units)} 个单元的要求未知",
        f"no list is in force from {days.start or '…'} to {days.end or '…'} ({label.en}):"
        f" nothing is known of {counted(len(units), 'unit')}",
    )
    cure = Words(
        "改正清单的 in_force 与 repealed，或补上当时的清单",
        "correct in_force and repealed of the list, or add the list of those days",
    )
    severity = "warning" if days.contains(survey.as_of) else "info"
    share = survey.area_share(units)
    numbers: dict[str, float | str] = {"units": len(units), "area_share": round(share, 6)}
    numbers |= {"from": str(days.start or ""), "until": str(days.end or "")}
    where = survey.file(0) if len(survey.lists) == 1 else Where()
    return survey.finding("days_without_list", severity, (text, cure), units=units, where=where, numbers=numbers)


def _labels(survey: Survey, clauses: Sequence[int]) -> Words:
    """Return the dimensions of clauses in words."""
    keys = {survey.clauses[row].dimension for row in clauses}
    if "" in keys or (len(keys) > 1 and keys >= set(survey.edition.dimensions)):
        return Words("各维度", "all dimensions")
    names = [survey.edition.dimensions.get(key) or Words(key, key) for key in sorted(keys)]
    return Words("、".join(name.get("zh") for name in names), ", ".join(name.get("en") for name in names))


def _of_cells(survey: Survey, dimension: str, rows: Sequence[int]) -> EditionFinding:
    """Say in how many units a template finds a cell that says nothing."""
    units = survey.units_of_all(rows)
    label = survey.edition.dimensions.get(dimension) or Words(dimension, dimension)
    of, share = survey.classes_said(units), survey.area_share(units)
    places = sum(len(survey.bindings_of(row)) for row in rows)
    texts = [survey.clauses[row].text for row in rows]
    zh, en = (few([text.get(language) for text in texts]) for language in ("zh", "en"))
    text = Words(
        f"{label.get('zh') or '模板'}：{len(units)} 个单元{of.zh}共 {places} 处未作规定，占面积 {percent(share)}（{zh.zh}）",
        f"{label.get('en') or 'a template'}: {counted(places, 'cell')} in {counted(len(units), 'unit')}{of.en},"
        f" {percent(share)} of the area, saying nothing ({en.en})",
    )
    cure = Words(
        "查明后填入；若不设限制，在模板中把该值写作 {}",
        "find out and fill them in; if it means freedom, give the value {} in the template",
    )
    numbers: dict[str, float | str] = {"units": len(units), "cells": places, "area_share": round(share, 6)}
    return survey.finding(
        "cell_silent", "warning", (text, cure), units=units, numbers=numbers | {"dimension": dimension}
    )
