"""The waters: published lines made rivers with a direction and a width, and invented streams that run into them.

The lines are those of Natural Earth and GSHHG, 0.3 to 1 km off the true ones (SOURCES.md). Widths and streams are
invented. All shapes are in metres of the sample's plane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from .grids import Grid, cells_at, grid_over, grow
from .terrain import elevation, noise

__all__ = ["River", "Waters", "basin_labels", "rivers_of", "streams_of"]

_Array = np.ndarray[Any, Any]
_SPACING_M = 12_000  # between the springs of streams
# grade, invented width in metres, and which river it runs into, of the rivers whose lines are published
_KNOWN = {
    "长江": ("main", 800, ""),
    "嘉陵江": ("important", 320, "长江"),
    "乌江": ("important", 260, "长江"),
    "涪江": ("important", 240, "嘉陵江"),
    "渠江": ("important", 220, "嘉陵江"),
    "州河（含前河）": ("important", 110, "渠江"),
    "酉水": ("important", 110, ""),
    "芙蓉江": ("tributary", 80, "乌江"),
}
_STREAM_M = 30


@dataclass(frozen=True)
class River:
    """A river from its source to its mouth: the line is its middle, the width is invented."""

    name_zh: str
    name_en: str
    grade: str
    width_m: float
    line: BaseGeometry
    into: str = ""

    @property
    def surface(self) -> BaseGeometry:
        """What lies between the invented banks."""
        return self.line.buffer(self.width_m / 2, cap_style="flat")


@dataclass(frozen=True)
class Waters:
    """All rivers, and the coarse grid over the city on which streams and basins were found."""

    rivers: tuple[River, ...]
    grid: Grid
    basin: _Array  # int, by cell: index of the known river that it drains to


def rivers_of(lines: Sequence[tuple[str, str, BaseGeometry]]) -> list[River]:
    """Return the known rivers of lines (name zh, name en, line in metres), joined to the river they run into."""
    rivers: dict[str, River] = {}
    order = list(_KNOWN)
    for name_zh, name_en, line in sorted(lines, key=lambda item: order.index(item[0]) if item[0] in order else 99):
        grade, width, into = _KNOWN.get(name_zh, ("tributary", 60, ""))
        smooth = _smooth(_one_line(line))
        rivers[name_zh] = River(name_zh, name_en, grade, width, _directed(smooth, rivers.get(into)), into)
    return list(rivers.values())


def _one_line(line: BaseGeometry) -> LineString:
    """Return the parts of a line as one, each joined to the nearest end: small gaps of the source are closed."""
    parts = sorted(shapely.get_parts(shapely.line_merge(line)), key=lambda part: -part.length)
    points, left = shapely.get_coordinates(parts[0]), [shapely.get_coordinates(part) for part in parts[1:]]
    while left:
        ways = [(index, front, back) for index in range(len(left)) for front in (True, False) for back in (True, False)]
        index, front, back = min(ways, key=lambda way: _gap(points, left[way[0]], way[1], way[2]))
        add = left.pop(index)
        ordered = [add if back else add[::-1], points] if front else [points, add[::-1] if back else add]
        points = np.concatenate(ordered)
    return LineString(points)


def _gap(points: _Array, add: _Array, front: bool, back: bool) -> float:
    return float(np.hypot(*(points[0 if front else -1] - add[-1 if back else 0])))


def _smooth(line: BaseGeometry, step_m: float = 900.0) -> LineString:
    points = shapely.get_coordinates(shapely.segmentize(line, step_m))
    for _ in range(3):
        inner = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
        points = np.concatenate([points[:1], inner, points[-1:]])
    return LineString(points)


def _directed(line: LineString, receiving: River | None) -> LineString:
    """Return the line so that it ends where it runs into the other river, or in the east."""
    if receiving is None:
        return line if line.coords[0][0] <= line.coords[-1][0] else LineString(line.coords[::-1])
    ends = [shapely.distance(receiving.line, shapely.Point(line.coords[end])) for end in (0, -1)]
    flowing = line if ends[1] <= ends[0] else LineString(line.coords[::-1])
    return _joined(flowing, receiving.line) if min(ends) < 6_000 else flowing


def _joined(line: LineString, receiving: BaseGeometry) -> LineString:
    place = shapely.line_locate_point(receiving, shapely.Point(line.coords[-1]))
    mouth = shapely.line_interpolate_point(receiving, place)
    return LineString([*line.coords, (mouth.x, mouth.y)])


def streams_of(city: BaseGeometry, known: Sequence[River], *, seed: int, cells: int = 30_000) -> Waters:
    """Return the known rivers with invented streams that run down the valleys into them."""
    grid = grid_over(city, cells)
    x, y = grid.x, grid.y
    slow = np.exp(3.5 * elevation(x, y, seed) + 2.5 * noise(x, y, seed + 11, grid.cell * 8, 3))
    starts, owners = _river_cells(grid, known)
    owner, price = grow(grid, grid.domain, starts, [slow.tolist()] * len(starts), int(grid.inside.sum()))
    basin = np.where(owner >= 0, np.array([*owners, -1])[owner], -1)
    rivers = list(known)
    for path in _paths(grid, price, _springs(grid, price, seed)):
        line = _winding(LineString(np.column_stack([x[path], y[path]])), seed)
        away = [river.line.distance(shapely.Point(line.coords[-1])) for river in rivers]
        if line.length < 6_000 or min(away) > 2 * grid.cell:
            continue
        into, number = rivers[int(np.argmin(away))], len(rivers) - len(known) + 1
        names = (f"示意溪流{number:02d}", f"invented stream {number:02d}")
        rivers.append(River(*names, "tributary", _STREAM_M, _joined(line, into.line), into.name_zh))
    return Waters(tuple(rivers), grid, basin)


def _river_cells(grid: Grid, known: Sequence[River]) -> tuple[list[int], list[int]]:
    starts: dict[int, int] = {}
    for index, river in enumerate(known):
        points = shapely.get_coordinates(shapely.segmentize(river.line, grid.cell / 2))
        within = (points > (grid.west, grid.south)).all(axis=1)
        within &= (points < (grid.west + grid.columns * grid.cell, grid.south + grid.rows * grid.cell)).all(axis=1)
        for cell in cells_at(grid, *points[within].T).tolist():
            if grid.domain[cell]:
                starts.setdefault(cell, index)
    return list(starts), list(starts.values())


def _winding(line: LineString, seed: int) -> LineString:
    """Return a line of cells as a stream that winds, with both ends where they were."""
    points = shapely.get_coordinates(shapely.segmentize(_smooth(line, 700.0), 500.0))
    x, y = points.T
    held = np.minimum(np.minimum(np.arange(len(x)), np.arange(len(x))[::-1]) / 6, 1.0)
    x, y = x + held * 1_500 * noise(x, y, seed + 13, 6_000, 3), y + held * 1_500 * noise(x, y, seed + 14, 6_000, 3)
    return _smooth(LineString(np.column_stack([x, y])), 500.0)


def _springs(grid: Grid, price: _Array, seed: int) -> list[int]:
    """Return cells off the rivers, apart from one another."""
    x, y = grid.x, grid.y
    springs: list[int] = []
    high = price > np.quantile(price[grid.inside & np.isfinite(price)], 0.35)
    value = np.where(grid.inside & np.isfinite(price) & high, noise(x, y, seed + 12, 20_000, 3), -np.inf)
    while np.isfinite(value.max()) and len(springs) < 90:
        best = int(value.argmax())
        springs.append(best)
        value[np.hypot(x - x[best], y - y[best]) < _SPACING_M] = -np.inf
    return springs


def _paths(grid: Grid, price: _Array, springs: list[int]) -> list[list[int]]:
    """Return from each spring the cells down to a river, or to an earlier path."""
    columns, used, paths = grid.columns, set[int](), []
    steps = (1, -1, columns, -columns, columns + 1, columns - 1, -columns + 1, -columns - 1)
    for spring in springs:
        path = [spring]
        while price[path[-1]] > 0 and path[-1] not in used:
            path.append(min((path[-1] + step for step in steps), key=lambda cell: float(price[cell])))
        used.update(path)
        if len(path) > 3:
            paths.append(path)
    return paths


def basin_labels(waters: Waters) -> tuple[_Array, list[int]]:
    """Return for each cell of the coarse grid which of the basins it lies in, and the river of each basin."""
    found = np.unique(waters.basin[waters.grid.domain & (waters.basin >= 0)])
    place = np.full(len(waters.rivers) + 1, -1)
    place[found] = np.arange(len(found))
    return np.where(waters.basin >= 0, place[waters.basin], -1), found.tolist()
