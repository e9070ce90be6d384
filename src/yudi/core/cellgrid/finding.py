"""The compiled loop over points."""

from __future__ import annotations

from yudi.core.cellgrid.jit import compiled
from yudi.core.cellgrid.layout import IN, OUT, Array, Grid
from yudi.core.cellgrid.locating import entry_state, locate

__all__ = ["find_points"]


@compiled
def find_points(grid: Grid, x: Array, y: Array, begin: int, site: Array, feature: Array) -> tuple[int, int]:
    """Write the features of points from `begin` on, until the room given may not hold those of the next.

    Parameters
    ----------
    grid : Grid
    x, y : float64 arrays (points)
    begin : int
    site, feature : int64 and int32 arrays
        Are filled from their start, sorted. A feature that rounding leaves open is written as its complement ``~f``.

    Returns
    -------
    (pairs written, next point)
    """
    found = 0
    for point in range(begin, len(x)):
        cell, subcell, corner_x, corner_y = locate(grid, x[point], y[point])
        if cell < 0:
            continue
        full, full_end = grid.first_full[cell], grid.first_full[cell + 1]
        entry, entry_end = grid.first_entry[subcell], grid.first_entry[subcell + 1]
        if found + full_end - full + entry_end - entry > len(site):
            return found, point
        while full < full_end or entry < entry_end:
            if entry == entry_end or (full < full_end and grid.full[full] < grid.entry[entry] >> 2):
                site[found], feature[found] = point, grid.full[full]
                found += 1
                full += 1
                continue
            state = entry_state(grid, entry, x[point], y[point], corner_x, corner_y)
            if state != OUT:
                candidate = grid.entry[entry] >> 2
                site[found], feature[found] = point, candidate if state == IN else ~candidate
                found += 1
            entry += 1
    return found, len(x)
