"""Points in batches: room for the answers that grows as needed, and both cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from yudi.core.cellgrid.answers import Array, Pairs
from yudi.core.cellgrid.finding import find_points, put_back, sort_points
from yudi.core.cellgrid.layout import Grid
from yudi.core.cellgrid.settling import Shapes, settled_points

__all__ = ["search_points"]

Columns = tuple[Array, Array]
BATCH = 1 << 22  # points that are sorted at a time
WORTH_SORTING = 20_000  # fewer are looked up as they come


def search_points(grid: Grid, shapes: Shapes, points: Columns, *, threads: int) -> Pairs:
    """Return which points lie in which features, sorted.

    Parameters
    ----------
    grid : Grid
    shapes : see `CellGrid`
    points : x and y, float64 arrays (points), not writable
    threads : int
    """
    x, y = points
    batch = min(BATCH, max(-(-len(x) // threads), WORTH_SORTING))
    if len(x) <= batch:
        return _searched(grid, shapes, points)

    def part(begin: int) -> Pairs:
        site, feature = _searched(grid, shapes, (x[begin : begin + batch], y[begin : begin + batch]))
        return Pairs(site + begin, feature)

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, range(0, len(x), batch)))
    return Pairs(np.concatenate([site for site, _ in parts]), np.concatenate([feature for _, feature in parts]))


def _searched(grid: Grid, shapes: Shapes, points: Columns) -> Pairs:
    pairs, unsure = (_found if len(points[0]) < WORTH_SORTING else _found_by_cell)(grid, points)
    return _settled(shapes, points, pairs) if unsure else pairs


def _found_by_cell(grid: Grid, points: Columns) -> tuple[Pairs, int]:
    order, sorted_xy = np.empty(len(points[0]), np.int32), np.empty((2, len(points[0])))
    position = np.zeros(grid.frame.columns * grid.frame.rows, np.int64)
    count = sort_points(grid.frame, points, position, (order, sorted_xy))
    sorted_xy.flags.writeable = False
    found, unsure = _found(grid, (sorted_xy[0, :count], sorted_xy[1, :count]))
    put = Pairs(np.empty_like(found.site), np.empty_like(found.feature))
    put_back(order, (found.site, found.feature), np.zeros(len(order) + 1, np.int32), (put.site, put.feature))
    return put, unsure


def _found(grid: Grid, points: Columns) -> tuple[Pairs, int]:
    """Return points and features, and how many are open; an open feature is written as its complement ``~f``."""
    parts: list[Columns] = []
    begin, room, unsure = 0, 64 + 2 * len(points[0]), 0
    while begin < len(points[0]) or not parts:
        site, feature = np.empty(room, np.int64), np.empty(room, np.int32)
        found, following, more = find_points(grid, points, begin, (site, feature))
        parts.append((site[:found], feature[:found]))
        if following == begin:
            room *= 2
        begin, unsure = following, unsure + more
    if len(parts) == 1:
        return Pairs(*parts[0]), unsure
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True))), unsure


def _settled(shapes: Shapes, points: Columns, pairs: Pairs) -> Pairs:
    """Return pairs with those that rounding left open settled by GEOS."""
    site, feature = pairs
    unsure = np.flatnonzero(feature < 0)
    feature[unsure] = ~feature[unsure]
    kept = np.ones(len(site), bool)
    kept[unsure] = settled_points(shapes, points[0][site[unsure]], points[1][site[unsure]], feature[unsure])
    return Pairs(site[kept], feature[kept])
