"""Which status tables clauses ask: tables that are missing, units that they leave out, and values that are out of date."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from yudi.core.dates import Period
from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.edition import StatusTable
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Asked, Survey, counted, few
from yudi.territory.predicates import FactIn, FactIs, FactRange, Quota

__all__ = ["tables_asked"]


def tables_asked(survey: Survey) -> Iterator[EditionFinding]:
    """Find facts that only a status table could give and none does, units that tables leave out, and what is out of date."""
    rules = survey.edition.rules
    asked: dict[str, list[Asked]] = {}
    for one in survey.asked:
        for key in _facts(one):
            fact = rules.vocabulary.fact(key)
            if fact is not None and fact.provider == "status":
                asked.setdefault(key, []).append(one)
    tables: dict[str, StatusTable] = {}
    for table in rules.status:
        tables.setdefault(table.fact, table)  # the first is read, as when a project is screened
    for key, asking in sorted(asked.items(), key=lambda item: (-len(item[1]), item[0])):
        if key not in tables:
            yield _missing(survey, key, asking, tables)
    for key, table in tables.items():
        yield from _strangers(survey, table)
        if key in asked:
            yield from _rows(survey, table)


def _facts(one: Asked) -> tuple[str, ...]:
    if isinstance(one.leaf, FactIn | FactIs | FactRange):
        return (one.leaf.fact,)
    return (one.leaf.amount, *one.leaf.headroom) if isinstance(one.leaf, Quota) else ()


def _missing(survey: Survey, key: str, asking: Sequence[Asked], tables: dict[str, StatusTable]) -> EditionFinding:
    clauses = sorted({one.clause for one in asking if one.clause >= 0})
    ids = few(list(dict.fromkeys(survey.clause_name(row) for row in clauses))) if clauses else Words("–", "–")
    label = survey.edition.rules.vocabulary.label(key)
    text = Words(
        f"{len(clauses)} 条所问“{label.get('zh')}”（{key}）没有状况表：{ids.zh}",
        f"no status table gives {key} ({label.get('en')}), which is asked by {counted(len(clauses), 'clause')}: {ids.en}",
    )
    cure = Words(
        "在 [[status]] 加入状况表；否则此处均为未知",
        "add a table under [[status]]; without one it is unknown everywhere",
    )
    if close := near(key, tables):
        cure = Words(f"是否为 {close[0]}？否则{cure.zh}", f"did you mean {close[0]}? Else {cure.en}")
    units = survey.own_units(clauses)
    numbers: dict[str, float | str] = {"fact": key, "clauses": len(clauses)}
    return survey.finding("table_missing", "warning", (text, cure), units=units, numbers=numbers)


def _keys(survey: Survey, table: StatusTable) -> list[str]:
    """Return the key of each unit in a table."""
    count = len(survey.edition.units.geometry)
    if table.by == "all":
        return [""] * count
    column = survey.edition.units.column("code" if table.by == "unit" else "area") or [""] * count
    return [str(name or "") for name in column]


def _strangers(survey: Survey, table: StatusTable) -> Iterator[EditionFinding]:
    """Find rows whose key no unit has: what they say is read nowhere."""
    known = list(dict.fromkeys(name for name in _keys(survey, table) if name or table.by == "all"))
    strange = sorted(set(table.rows) - set(known))
    if not strange:
        return
    close = {key: near(key, known)[:1] for key in strange[:20]} if len(known) < 2_000 else {}
    pairs = [f"{key} → {meant[0]}" for key, meant in close.items() if meant]
    text = Words(
        f"状况表 {table.fact} 有 {len(strange)} 行的编码地图上没有：{few(strange).zh}",
        f"the status table {table.fact} has {counted(len(strange), 'row')} for what is on no map: {few(strange).en}",
    )
    cure = Words("改正编码，或删去", "correct the codes, or leave the rows out")
    if pairs:
        cure = Words(f"是否为 {few(pairs).zh}？否则{cure.zh}", f"did you mean {few(pairs).en}? Else {cure.en}")
    index = survey.edition.unit_index
    units = np.array([index[meant[0]] for meant in close.values() if meant and meant[0] in index], np.int64)
    numbers: dict[str, float | str] = {"fact": table.fact, "rows": len(strange)}
    yield survey.finding("table_row_without_unit", "warning", (text, cure), units=units, numbers=numbers)


def _rows(survey: Survey, table: StatusTable) -> Iterator[EditionFinding]:
    """Find the units that a table leaves out, and those of which it says nothing any more on the day."""
    keys = _keys(survey, table)
    absent = {key for key in set(keys) if key not in table.rows} if table.otherwise is None else set()
    # A row of the day may say itself that nothing is known.
    absent |= {
        key
        for key in set(keys) & set(table.rows)
        if table.on(key, survey.as_of) is None and _is_dated(survey, table, key)
    }
    dated = {key: [period for period, _ in table.rows[key]] for key in set(keys) & set(table.rows)}
    off = {key for key, periods in dated.items() if not any(period.contains(survey.as_of) for period in periods)}
    if table.otherwise is not None and (len(off) < len(dated) or not dated):
        off = set()  # of a closed list a row that has ended may just say so; all of them together do not
    if absent:
        yield _absent(survey, table, keys, absent)
    if off:
        yield _off(survey, table, keys, {key: dated[key] for key in off})


def _is_dated(survey: Survey, table: StatusTable, key: str) -> bool:
    return any(period.contains(survey.as_of) for period, _ in table.rows[key])


def _absent(survey: Survey, table: StatusTable, keys: Sequence[str], some: set[str]) -> EditionFinding:
    what, named, units = _whose(table), few(sorted(name or "–" for name in some)), _units(keys, some)
    text = Words(
        f"状况表 {table.fact} 缺 {len(some)} 个{what.zh}的数据：{named.zh}",
        f"the status table {table.fact} has no value for {counted(len(some), what.en)}: {named.en}",
    )
    cure = Words(
        "补上各行；不在表中即有定值者写 otherwise", "add the rows, or say under otherwise what holds without one"
    )
    numbers: dict[str, float | str] = {"fact": table.fact, "rows": len(some), "units": len(units)}
    return survey.finding("table_row_missing", "warning", (text, cure), units=units, numbers=numbers)


def _off(survey: Survey, table: StatusTable, keys: Sequence[str], dated: Mapping[str, list[Period]]) -> EditionFinding:
    what, named, units = _whose(table), few(sorted(name or "–" for name in dated)), _units(keys, dated)
    day = survey.as_of
    ends = [period.end for periods in dated.values() for period in periods if period.end is not None]
    over = [end for end in ends if end <= day]
    until = Words(f"，最近的止于 {max(over)}", f", the last rows ended on {max(over)}") if over else Words()
    text = Words(
        f"状况表 {table.fact} 在 {day} 没有 {len(dated)} 个{what.zh}的有效数据{until.zh}：{named.zh}",
        f"the status table {table.fact} says nothing of {counted(len(dated), what.en)} on {day}{until.en}: {named.en}",
    )
    cure = Words("补入当前数据及起止日期", "add the values of now, with their days")
    numbers: dict[str, float | str] = {"fact": table.fact, "rows": len(dated), "units": len(units)}
    return survey.finding("table_out_of_date", "warning", (text, cure), units=units, numbers=numbers)


def _whose(table: StatusTable) -> Words:
    if table.by == "all":
        return Words("全域", "whole place")
    return Words("单元", "unit") if table.by == "unit" else Words("行政区", "area")


def _units(keys: Sequence[str], some: Collection[str]) -> np.ndarray[Any, Any]:
    return np.flatnonzero(np.array([key in some for key in keys], bool))
