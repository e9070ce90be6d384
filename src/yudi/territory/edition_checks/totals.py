"""Do published numbers fit the map, and themselves? Counts, areas and shares, with the tolerance that each may claim.

A printed number is off by up to half of its last digit. A sum of n printed parts that is printed itself is off by up
to (n + 1) such halves; a computed area may besides differ by a part of it, since no two methods measure alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import Where
from yudi.core.measure import area_m2, equal_area_plane
from yudi.core.words import Words
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.amounts import number
from yudi.territory.edition_checks.code_says import Said, said_by_codes
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.land import Published

__all__ = ["check_totals", "explained_by_codes"]

_Array = np.ndarray[Any, Any]
_SLACK = 1e-9  # of sums of decimal fractions in binary
_M2 = {"m2": 1.0, "hm2": 1e4, "km2": 1e6}
_SIGNS = {
    "m2": Words("平方米", "m²"),
    "hm2": Words("公顷", "ha"),
    "km2": Words("平方千米", "km²"),
    "": Words(),
    "%": Words("%", "%"),
}
_MEASURES = {
    "count": Words("单元数", "number of units"),
    "area": Words("面积", "area"),
    "share": Words("面积占比", "share of the area"),
}
_TRIED = 50  # units whose codes are tried one by one as the cause of a difference
_NAMED = 12  # units of which a finding gives the codes
_RELATIVE = 0.005  # of a unit's own official area


@dataclass(frozen=True)
class _Units:
    """What is counted: which of the areas and which class each unit is of, its area in m², its code, and the method."""

    areas: _Array
    area_of: _Array
    classes: _Array
    size_m2: _Array
    codes: Sequence[str]
    method: str
    labels: Mapping[str, Words]


@dataclass(frozen=True)
class _Cell:
    """A printed number and where it stands."""

    row: int
    key: str
    area: str
    kind: str
    measure: str
    column: str
    value: float
    half: float

    @property
    def decimals(self) -> int:
        """Printed digits behind the point."""
        return max(round(-math.log10(2 * self.half)), 0) if self.half > 0 else 0

    @property
    def printed(self) -> str:
        """The number as printed."""
        return (
            f"{self.value:.{self.decimals}f}"
            if self.value == round(self.value, self.decimals)
            else number(self.value, 9)
        )


def check_totals(edition: Edition, as_of: date) -> Iterator[EditionFinding]:  # noqa: ARG001 - as all checks
    """Find published numbers that the map does not give, and printed totals that are not the sum of their parts.

    Kinds: ``count_off``, ``area_off``, ``share_off`` (a table against the map), ``total_not_sum`` (a table against
    itself), ``published_key_unknown``, and ``unit_area_off`` (a unit's official area against its shape).
    """
    ground = edition.land.ground("units")
    if not edition.land.published and not ground.published_unit:
        return
    units = _units(edition)
    yield from _unit_areas(edition, units)
    for table in edition.land.published:
        cells = [_Cell(*row.values()) for row in table.cells.to_pylist()]
        yield from _unknown(table, cells, units, edition)
        yield from _sums(table, cells, edition)
        yield from _computed(table, cells, units, edition)


def explained_by_codes(edition: Edition) -> Counter[int]:
    """Return of each unit, by its row, how many printed numbers differ from the map only since its code says otherwise.

    With the class and area that its code says they agree, so that they are no findings of their own: mending the unit
    mends them.
    """
    units = _units(edition)
    found: Counter[int] = Counter()
    for table in edition.land.published:
        for cell in _differing(table, [_Cell(*row.values()) for row in table.cells.to_pylist()], units, edition):
            found.update(cell.causes)
    return found


def _units(edition: Edition) -> _Units:
    layer, plane = edition.units, equal_area_plane()
    count = len(layer.geometry)
    areas, area_of = np.unique(
        [str(value or "") for value in layer.column("area") or [""] * count], return_inverse=True
    )
    return _Units(
        areas,
        area_of,
        np.array([str(value or "") for value in layer.column("class") or [""] * count], object),
        np.asarray(area_m2(layer.geometry, plane), float),
        [str(code) for code in layer.column("code") or ()],
        plane.name,
        edition.land.ground("units").form.areas,
    )


def _unit_areas(edition: Edition, units: _Units) -> Iterator[EditionFinding]:
    """Hold the official area of each unit against its shape."""
    ground = edition.land.ground("units")
    if not ground.published_unit:
        return
    official = np.array([np.nan if value is None else value for value in edition.units.column("published_area") or ()])
    computed = units.size_m2 / _M2[ground.published_unit]
    allowed = ground.published_half + _RELATIVE * np.abs(official)
    off = np.abs(computed - official) > allowed
    sign = _SIGNS[ground.published_unit]
    for row in sorted(np.flatnonzero(off).tolist(), key=lambda row: -abs(computed[row] - official[row])):
        printed, got, far = (number(float(value[row]), 6) for value in (official, computed, allowed))
        said = Words(
            f"单元 {units.codes[row]}：公布面积 {printed} {sign.zh}，图上计算为 {got} {sign.zh}（容差 {far}）",
            f"unit {units.codes[row]}: the official area is {printed} {sign.en}, the map gives {got} {sign.en} "
            f"(tolerance {far})",
        )
        cure = Words(
            f"核对边界与公布面积；计算方法：{units.method}",
            f"hold border and official area against each other; computed in a {units.method}",
        )
        numbers: dict[str, float | str] = {
            "published": float(official[row]),
            "computed": float(computed[row]),
            "tolerance": float(allowed[row]),
            "unit": ground.published_unit,
            "method": units.method,
        }
        place = shapely.point_on_surface(edition.units.geometry[row])
        yield EditionFinding("unit_area_off", "error", said, cure, (units.codes[row],), place, numbers=numbers)


def _unknown(table: Published, cells: Sequence[_Cell], units: _Units, edition: Edition) -> Iterator[EditionFinding]:
    """Find rows and columns of a table that speak of no unit."""
    seen = set()
    for cell in cells:
        for key, rows in ((cell.area, _of_area(units, cell.area)), (cell.kind, units.classes == cell.kind)):
            if not key or key in seen or rows.any() or key in edition.classes or not cell.value:
                continue
            seen.add(key)
            said = Words(f"表中的“{key}”在图上没有单元", f"the table speaks of {key!r}, of which the map has no unit")
            cure = Words(
                "更正名称或代码；区划名称由 scheme.codes.areas 对应到代码",
                "mend the name or the code; names of areas are looked up in scheme.codes.areas",
            )
            where = Where(table.file, cell.row, key)
            yield EditionFinding("published_key_unknown", "error", said, cure, where=where)


def _of_area(units: _Units, name: str) -> _Array:
    """Return which units an area means: by its code or its name, else by the beginning of a code."""
    codes = {name} | {code for code, label in units.labels.items() if name in (label.zh, label.en)}
    meant = np.isin(units.areas, sorted(codes))
    if not meant.any() and name.isalnum() and name.isascii():
        meant = np.char.startswith(units.areas, name)
    rows: _Array = meant[units.area_of]
    return rows


def _sums(table: Published, cells: Sequence[_Cell], edition: Edition) -> Iterator[EditionFinding]:
    """Hold each printed total against the sum of its parts: over the classes of a row, and over the rows of a column.

    Shares of all classes sum up to 100 also where nobody prints it.
    """
    classes = set(edition.classes)
    for measure in dict.fromkeys(cell.measure for cell in cells):
        own = [cell for cell in cells if cell.measure == measure]
        by_row: dict[object, list[_Cell]] = {}
        for cell in own:
            by_row.setdefault(cell.row if table.by != "class" else "", []).append(cell)
        for row in by_row.values():
            parts = [cell for cell in row if cell.kind]
            yield from _sum(table, [cell for cell in row if not cell.kind] or _hundred(parts, classes), parts)
        for kind in dict.fromkeys(cell.kind for cell in own) if table.by == "area" and measure != "share" else ():
            column = [cell for cell in own if cell.kind == kind]
            yield from _sum(table, [cell for cell in column if not cell.area], [cell for cell in column if cell.area])


def _hundred(parts: Sequence[_Cell], classes: set[str]) -> list[_Cell]:
    """Return the total that shares of all classes have; none for other numbers, and where a class is left out."""
    if not parts or parts[0].measure != "share" or {part.kind for part in parts} != classes:
        return []
    return [_Cell(parts[0].row, parts[0].key, parts[0].area, "", "share", "", 100.0, 0.0)]


def _sum(table: Published, whole: Sequence[_Cell], parts: Sequence[_Cell]) -> Iterator[EditionFinding]:
    if len(parts) < 2:
        return
    for total in whole:
        summed = sum(part.value for part in parts)
        allowed = total.half + sum(part.half for part in parts)
        if abs(summed - total.value) <= allowed + _SLACK:
            continue
        what, sign = _MEASURES[total.measure], _sign(total, table)
        printed, got, far = total.printed, f"{summed:.{total.decimals or parts[0].decimals}f}", number(allowed, 3)
        said = Words(
            f"{total.key}：{what.zh}公布合计为 {printed}{sign.zh}，其 {len(parts)} 项之和为 {got}{sign.zh}（舍入容差 {far}）",
            f"{total.key}: the printed total of the {what.en} is {printed}{sign.en}, its {len(parts)} parts sum up to "
            f"{got}{sign.en} (rounding allows {far})",
        )
        cure = Words("对照原文更正表中数字", "hold the table against the print and mend it")
        numbers: dict[str, float | str] = {
            "published": total.value,
            "summed": summed,
            "terms": len(parts),
            "tolerance": allowed,
            "unit": table.unit if total.measure == "area" else "%" if total.measure == "share" else "",
        }
        where = Where(table.file, total.row, total.column or parts[0].column)
        yield EditionFinding("total_not_sum", "error", said, cure, where=where, numbers=numbers)


def _computed(table: Published, cells: Sequence[_Cell], units: _Units, edition: Edition) -> Iterator[EditionFinding]:
    """Hold each printed number against the map, the worst first; what a unit's code explains is said of that unit."""
    found = [one for one in _differing(table, cells, units, edition) if not one.causes]
    for one in sorted(found, key=lambda one: -one.far):
        yield _off(table, one.cell, (one.got, one.allowed), units, rows=one.rows, edition=edition)


@dataclass(frozen=True)
class _Differing:
    """A printed number that the map does not give: what it gives, with which units, and the units whose codes explain it."""

    cell: _Cell
    got: float
    allowed: float
    rows: _Array
    causes: tuple[int, ...]

    @property
    def far(self) -> float:
        least = 1.0 if self.cell.measure == "count" else _SLACK
        return abs(self.got - self.cell.value) / max(self.allowed, least)


def _differing(table: Published, cells: Sequence[_Cell], units: _Units, edition: Edition) -> Iterator[_Differing]:
    """Yield the numbers that differ from the map; a total over rows is held against the areas that are listed."""
    names = list(dict.fromkeys(cell.area for cell in cells if cell.area))
    is_known = all(_of_area(units, name).any() for name in names)
    said = said_by_codes(edition)
    otherwise = {rows: _as_said(units, said, rows) for rows in _readings(said)}
    for cell in cells:
        area = _area_of(units, cell.area, names)
        if not area.any() or not (cell.area or is_known):
            continue  # the area is reported as unknown, and a total over it says nothing of the others
        got, allowed = _amount(cell, table, units, area), _allowed(cell, table)
        if abs(got - cell.value) <= allowed + _SLACK:
            continue
        rows = area & (units.classes == cell.kind) if cell.kind else area
        fits = (
            rows
            for rows, other in otherwise.items()
            if abs(_amount(cell, table, other, _area_of(other, cell.area, names)) - cell.value) <= allowed + _SLACK
        )
        yield _Differing(cell, got, allowed, rows if rows.any() else area, next(fits, ()))


def _readings(said: Said) -> list[tuple[int, ...]]:
    """Return the sets of units of which the codes may be right where the map is not: each alone, then all."""
    rows = sorted({*said[0], *said[1]})
    return [*((row,) for row in rows[:_TRIED]), *([tuple(rows)] if len(rows) > 1 else [])]


def _as_said(units: _Units, said: Said, rows: Sequence[int]) -> _Units:
    """Return the units with the class and the area that the codes of some say."""
    classes, areas = units.classes.copy(), units.areas[units.area_of].astype(object)
    for column, values in zip((classes, areas), said, strict=True):
        for row in rows:
            column[row] = values.get(row, column[row])
    names, index = np.unique(areas.astype(str), return_inverse=True)
    return replace(units, classes=classes, areas=names, area_of=index)


def _area_of(units: _Units, name: str, listed: Sequence[str]) -> _Array:
    """Return the units of an area; of none those of all areas that are listed, or all."""
    if name:
        return _of_area(units, name)
    every = np.ones(len(units.codes), bool)
    return np.asarray(np.any([_of_area(units, one) for one in listed], axis=0) if listed else every)


def _amount(cell: _Cell, table: Published, units: _Units, area: _Array) -> float:
    """Return what the units of an area come to, in the unit of the table."""
    rows = area & (units.classes == cell.kind) if cell.kind else area
    if cell.measure == "count":
        return float(rows.sum())
    size = float(units.size_m2[rows].sum())
    if cell.measure == "area":
        return size / _M2[table.unit]
    whole = float(units.size_m2[area].sum())
    return 100 * size / whole if whole else 0.0


def _allowed(cell: _Cell, table: Published) -> float:
    return 0.0 if cell.measure == "count" else cell.half + table.relative * cell.value


def _off(
    table: Published, cell: _Cell, found: tuple[float, float], units: _Units, *, rows: _Array, edition: Edition
) -> EditionFinding:
    got, allowed = found
    what, sign = _MEASURES[cell.measure], _sign(cell, table)
    kind = edition.classes.get(cell.kind, Words(cell.kind, cell.kind)) if cell.kind else Words("全部单元", "all units")
    printed, far = cell.printed, number(allowed, 3)
    computed = f"{got:.{cell.decimals + 1}f}" if cell.measure != "count" else f"{got:.0f}"
    parts = Words("", "")
    if cell.measure != "count":
        parts = Words(
            f"（容差 {far} = 末位一半 {number(cell.half)} + {table.relative:.2%}）",
            f" (tolerance {far}: half of the last digit, {number(cell.half)}, and {table.relative:.2%})",
        )
    said = Words(
        f"{cell.key}，{kind.zh}：{what.zh}公布为 {printed}{sign.zh}，图上为 {computed}{sign.zh}{parts.zh}",
        f"{cell.key}, {kind.en}: the {what.en} was published as {printed}{sign.en}, the map has {computed}{sign.en}{parts.en}",
    )
    cure = Words(
        "核对图与公布的表：缺少或多出单元，或边界不同",
        "hold map and table against each other: units missing, or other borders",
    )
    numbers: dict[str, float | str] = {
        "published": cell.value,
        "computed": got,
        "tolerance": allowed,
        "unit": table.unit if cell.measure == "area" else "%" if cell.measure == "share" else "",
    }
    if cell.measure != "count":
        numbers |= {"relative": table.relative, "method": units.method}
    where = Where(table.file, cell.row, cell.column)
    codes, place = _concerned(units, rows, edition)
    return EditionFinding(f"{cell.measure}_off", "error", said, cure, codes, place, where, numbers)


def _concerned(units: _Units, rows: _Array, edition: Edition) -> tuple[tuple[str, ...], BaseGeometry | None]:
    """Return the codes of the largest units that a number is about, and a point in the largest, where to look."""
    index = np.flatnonzero(rows)
    largest = index[np.argsort(-units.size_m2[index], kind="stable")][:_NAMED].tolist()
    if not largest:
        return (), None
    return tuple(units.codes[row] for row in largest), shapely.point_on_surface(edition.units.geometry[largest[0]])


def _sign(cell: _Cell, table: Published) -> Words:
    """Return the sign behind a printed number, with the blank before it."""
    if cell.measure == "area":
        sign = _SIGNS[table.unit]
        return Words(f" {sign.zh}", f" {sign.en}")
    return Words("%", "%") if cell.measure == "share" else Words()
