"""Polygons and lines in batches: measured by compiled loops, and by GEOS where borders touch or run together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely

from yudi.core.cellgrid.answers import Array, Lengths, Overlaps
from yudi.core.cellgrid.gathering import gather
from yudi.core.cellgrid.layout import IN, OUT, UNSURE, Grid, Paths
from yudi.core.cellgrid.measuring import measure
from yudi.core.cellgrid.paths import lines_of, rings_of
from yudi.core.cellgrid.settling import Shapes, settled_overlaps

__all__ = ["overlay_lines", "overlay_polygons"]

BATCH = 4096  # sites that one thread takes at a time


def overlay_polygons(grid: Grid, shapes: Shapes, sites: Array, threads: int) -> Overlaps:
    """Return which polygons meet which features and how much; see `CellGrid.overlaps`."""
    sites, paths = _finite(sites, rings_of)
    return Overlaps(*_measured(grid, shapes, sites, paths, threads=threads))


def overlay_lines(grid: Grid, shapes: Shapes, lines: Array, threads: int) -> Lengths:
    """Return which lines meet which features and how much; see `CellGrid.lengths`."""
    lines, paths = _finite(lines, lines_of)
    site, feature, _, length, is_within = _measured(grid, shapes, lines, paths, threads=threads, is_closed=False)
    return Lengths(site, feature, length, is_within)


def _finite(sites: Array, paths_of: Callable[[Array], Paths]) -> tuple[Array, Paths]:
    """Return sites and their paths, without those that have coordinates that are not finite."""
    paths = paths_of(sites)
    bad = np.flatnonzero(~np.isfinite(paths.xy)) // 2
    if not len(bad):
        return sites, paths
    sites = sites.copy()
    sites[np.searchsorted(paths.first_vertex[paths.first_path], bad, side="right") - 1] = None
    return sites, paths_of(sites)


def _measured(
    grid: Grid, shapes: Shapes, sites: Array, paths: Paths, *, threads: int, is_closed: bool = True
) -> tuple[Array, ...]:
    def part(begin: int) -> tuple[Array, ...]:
        candidates = gather(grid, paths, begin, min(begin + BATCH, len(sites)))
        state, area, length = measure(grid, paths, candidates, is_closed)
        kept = np.flatnonzero(state != OUT)
        state = state[kept]
        return candidates.site[kept], candidates.feature[kept], area[kept], length[kept], state

    starts = range(0, len(sites), BATCH) if len(sites) else range(1)
    if threads > 1 and len(starts) > 1:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(part, starts))
    else:
        parts = [part(begin) for begin in starts]
    site, feature, area, length, state = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not is_closed:
        # What a line runs through twice GEOS counts once, so a line that meets itself is left to it.
        state[~shapely.is_simple(sites)[site]] = UNSURE
    is_within, is_kept = state == IN + 2, np.ones(len(state), bool)
    unsure = np.flatnonzero(state == UNSURE)
    if len(unsure):
        found = settled_overlaps(shapes, sites[site[unsure]], feature[unsure], is_closed)
        is_kept[unsure], area[unsure], length[unsure], is_within[unsure] = found
    if is_kept.all():
        return site, feature, area, length, is_within
    return site[is_kept], feature[is_kept], area[is_kept], length[is_kept], is_within[is_kept]
