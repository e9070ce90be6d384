"""Points in batches: room for the answers that grows as needed, and both cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from yudi.core.cellgrid.answers import Array, Pairs
from yudi.core.cellgrid.finding import find_points, put_back, sort_points
from yudi.core.cellgrid.layout import Grid
from yudi.core.cellgrid.settling import Shapes, settled_points

__all__ = ["search_points"]

BATCH = 1 << 22  # points that are sorted at a time
WORTH_SORTING = 20_000  # fewer are looked up as they come


def search_points(grid: Grid, shapes: Shapes, x: Array, y: Array, threads: int = 1) -> Pairs:
    """Return which points lie in which features, sorted.

    Parameters
    ----------
    grid : Grid
    shapes : see `CellGrid`
    x, y : float64 arrays (points), not writable
    threads : int
    """
    batch = min(BATCH, max(-(-len(x) // threads), WORTH_SORTING))
    if len(x) <= batch:
        return _searched(grid, shapes, x, y)

    def part(begin: int) -> Pairs:
        site, feature = _searched(grid, shapes, x[begin : begin + batch], y[begin : begin + batch])
        return Pairs(site + begin, feature)

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, range(0, len(x), batch)))
    return Pairs(np.concatenate([site for site, _ in parts]), np.concatenate([feature for _, feature in parts]))


def _searched(grid: Grid, shapes: Shapes, x: Array, y: Array) -> Pairs:
    site, feature, unsure = (_found if len(x) < WORTH_SORTING else _found_by_cell)(grid, x, y)
    return _settled(shapes, x, y, site, feature) if unsure else Pairs(site, feature)


def _found_by_cell(grid: Grid, x: Array, y: Array) -> tuple[Array, Array, int]:
    order, sorted_xy = np.empty(len(x), np.int32), np.empty((2, len(x)))
    position = np.zeros(grid.frame.columns * grid.frame.rows, np.int64)
    count = sort_points(grid.frame, x, y, position, order, sorted_xy)
    sorted_xy.flags.writeable = False
    site, feature, unsure = _found(grid, sorted_xy[0, :count], sorted_xy[1, :count])
    put_site, put_feature = np.empty_like(site), np.empty_like(feature)
    put_back(order, site, feature, np.zeros(len(x) + 1, np.int32), put_site, put_feature)
    return put_site, put_feature, unsure


def _found(grid: Grid, x: Array, y: Array) -> tuple[Array, Array, int]:
    """Return points and features, and how many are open; an open feature is written as its complement ``~f``."""
    parts = []
    begin, room, unsure = 0, 64 + 2 * len(x), 0
    while begin < len(x) or not parts:
        site, feature = np.empty(room, np.int64), np.empty(room, np.int32)
        found, following, more = find_points(grid, x, y, begin, site, feature)
        parts.append((site[:found], feature[:found]))
        if following == begin:
            room *= 2
        begin, unsure = following, unsure + more
    if len(parts) == 1:
        return *parts[0], unsure
    return np.concatenate([site for site, _ in parts]), np.concatenate([feature for _, feature in parts]), unsure


def _settled(shapes: Shapes, x: Array, y: Array, site: Array, feature: Array) -> Pairs:
    """Return pairs with those that rounding left open settled by GEOS."""
    unsure = np.flatnonzero(feature < 0)
    feature[unsure] = ~feature[unsure]
    kept = np.ones(len(site), bool)
    kept[unsure] = settled_points(shapes, x[site[unsure]], y[site[unsure]], feature[unsure])
    return Pairs(site[kept], feature[kept])
