"""Points in batches: room for the answers that grows as needed, and both cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from yudi.core.cellgrid.answers import Array, Pairs
from yudi.core.cellgrid.finding import find_points
from yudi.core.cellgrid.layout import Grid
from yudi.core.cellgrid.settling import Shapes, settled_points

__all__ = ["search_points"]

BATCH = 1 << 19  # points that one thread takes at a time


def search_points(grid: Grid, shapes: Shapes, x: Array, y: Array, threads: int = 1) -> Pairs:
    """Return which points lie in which features, sorted.

    Parameters
    ----------
    grid : Grid
    shapes : see `CellGrid`
    x, y : float64 arrays (points)
    threads : int
    """
    if len(x) <= BATCH:
        return Pairs(*_searched(grid, shapes, x, y, 0))
    cuts = range(0, len(x), BATCH)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda at: _searched(grid, shapes, x[at : at + BATCH], y[at : at + BATCH], at), cuts))
    return Pairs(np.concatenate([site for site, _ in parts]), np.concatenate([feature for _, feature in parts]))


def _searched(grid: Grid, shapes: Shapes, x: Array, y: Array, offset: int) -> tuple[Array, Array]:
    sites, features = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    at, room = 0, 64 + 2 * len(x)
    while at < len(x):
        site, feature = np.empty(room, np.int64), np.empty(room, np.int32)
        found, following = find_points(grid, x, y, at, site, feature)
        room = room if following > at else 2 * room
        at = following
        sites.append(site[:found])
        features.append(feature[:found])
    site, feature = (sites[1], features[1]) if len(sites) == 2 else (np.concatenate(sites), np.concatenate(features))
    open_pairs = np.flatnonzero(feature < 0)
    if len(open_pairs):
        feature[open_pairs] = ~feature[open_pairs]
        at_points = site[open_pairs]
        keep = np.ones(len(site), bool)
        keep[open_pairs] = settled_points(shapes, x[at_points], y[at_points], feature[open_pairs])
        site, feature = site[keep], feature[keep]
    return site + offset if offset else site, feature
