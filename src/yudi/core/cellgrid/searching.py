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
BATCH = 1 << 22  # points that are sorted at a time; one of them meets at most some hundred features on average
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
    if len(points[0]) < WORTH_SORTING:
        _, feature, site, unsure = _found(grid, points, with_sites=True)
    else:
        site, feature, unsure = _found_by_cell(grid, points)
    return _settled(shapes, points, Pairs(site, feature)) if unsure else Pairs(site, feature)


def _found_by_cell(grid: Grid, points: Columns) -> tuple[Array, Array, int]:
    rank, sorted_xy = np.empty(len(points[0]), np.int32), np.empty((2, len(points[0])))
    cells = np.zeros(grid.frame.columns * grid.frame.rows, np.int32)
    count = sort_points(grid.frame, points, cells, (rank, sorted_xy))
    sorted_xy.flags.writeable = False
    first, feature, _, unsure = _found(grid, (sorted_xy[0, :count], sorted_xy[1, :count]), with_sites=False)
    put = (np.empty(len(feature), np.int64), np.empty(len(feature), np.int32))
    put_back(rank, (first, feature), put)
    return *put, unsure


def _found(grid: Grid, points: Columns, *, with_sites: bool) -> tuple[Array, Array, Array, int]:
    """Return the first pair of each point, features, sites, and how many pairs are open, written as ``~feature``."""
    count = len(points[0])
    room = 64 + 2 * count
    first, feature = np.empty(count + 1, np.int32), np.empty(room, np.int32)
    site = np.empty(room if with_sites else 0, np.int64)
    point, found, unsure = find_points(grid, points, (0, 0), (first, feature, site))
    while point < count:
        feature = np.concatenate((feature, np.empty_like(feature)))
        site = np.concatenate((site, np.empty_like(site)))
        point, found, more = find_points(grid, points, (point, found), (first, feature, site))
        unsure += more
    return first, feature[:found], site[:found], unsure


def _settled(shapes: Shapes, points: Columns, pairs: Pairs) -> Pairs:
    """Return pairs with those that rounding left open settled by GEOS."""
    site, feature = pairs
    unsure = np.flatnonzero(feature < 0)
    feature[unsure] = ~feature[unsure]
    kept = np.ones(len(site), bool)
    kept[unsure] = settled_points(shapes, points[0][site[unsure]], points[1][site[unsure]], feature[unsure])
    return Pairs(site[kept], feature[kept])
