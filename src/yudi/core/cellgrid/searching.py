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
        return Pairs(*_settled(shapes, x, y, *_looked_up(grid, x, y)))

    def part(begin: int) -> tuple[Array, Array]:
        some_x, some_y = x[begin : begin + batch], y[begin : begin + batch]
        site, feature = _settled(shapes, some_x, some_y, *_looked_up(grid, some_x, some_y))
        return site + begin, feature

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, range(0, len(x), batch)))
    return Pairs(np.concatenate([site for site, _ in parts]), np.concatenate([feature for _, feature in parts]))


def _looked_up(grid: Grid, x: Array, y: Array) -> tuple[Array, Array]:
    """Return pairs of points and features; a feature that rounding leaves open is the complement ``~f``."""
    if len(x) < WORTH_SORTING:
        return _found(grid, x, y)
    order, sorted_xy = np.empty(len(x), np.int32), np.empty((2, len(x)))
    position = np.zeros(grid.frame.columns * grid.frame.rows, np.int64)
    count = sort_points(grid.frame, x, y, position, order, sorted_xy)
    sorted_xy.flags.writeable = False
    site, feature = _found(grid, sorted_xy[0, :count], sorted_xy[1, :count])
    put_site, put_feature = np.empty_like(site), np.empty_like(feature)
    put_back(order, site, feature, np.zeros(len(x) + 1, np.int64), put_site, put_feature)
    return put_site, put_feature


def _found(grid: Grid, x: Array, y: Array) -> tuple[Array, Array]:
    sites, features = [], []
    begin, room = 0, 64 + 2 * len(x)
    while True:
        site, feature = np.empty(room, np.int64), np.empty(room, np.int32)
        found, following = find_points(grid, x, y, begin, site, feature)
        sites.append(site[:found])
        features.append(feature[:found])
        if following == len(x):
            break
        if following == begin:
            room *= 2
        begin = following
    return (sites[0], features[0]) if len(sites) == 1 else (np.concatenate(sites), np.concatenate(features))


def _settled(shapes: Shapes, x: Array, y: Array, site: Array, feature: Array) -> tuple[Array, Array]:
    """Return pairs with those that rounding left open settled by GEOS."""
    unsure = np.flatnonzero(feature < 0)
    if not len(unsure):
        return site, feature
    feature[unsure] = ~feature[unsure]
    kept = np.ones(len(site), bool)
    kept[unsure] = settled_points(shapes, x[site[unsure]], y[site[unsure]], feature[unsure])
    return site[kept], feature[kept]
