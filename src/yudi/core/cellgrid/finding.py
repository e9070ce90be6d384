"""The compiled loops over points: sorted by cell, looked up, and the answers put back in the points' order."""

from __future__ import annotations

from yudi.core.cellgrid.jit import uncounted
from yudi.core.cellgrid.layout import IN, OUT, Array, Frame, Grid
from yudi.core.cellgrid.locating import cell_of, entry_state, locate

__all__ = ["find_points", "put_back", "sort_points"]

Columns = tuple[Array, Array]


@uncounted
def find_points(grid: Grid, points: Columns, begin: int, room: Columns) -> tuple[int, int, int]:
    """Write the features of points from `begin` on, until the room given may not hold those of the next.

    Parameters
    ----------
    grid : Grid
    points : x and y, float64 arrays (points)
    begin : int
    room : sites and features, int64 and int32 arrays
        Are filled from their start, sorted. A feature that rounding leaves open is written as its complement ``~f``.

    Returns
    -------
    (pairs written, next point, how many pairs rounding leaves open)
    """
    x, y = points
    site, feature = room
    found, unsure = 0, 0
    for point in range(begin, len(x)):
        cell, subcell, corner = locate(grid, x[point], y[point])
        if cell < 0:
            continue
        full, full_end = grid.first_full[cell], grid.first_full[cell + 1]
        entry, entry_end = grid.first_entry[subcell], grid.first_entry[subcell + 1]
        if found + full_end - full + entry_end - entry > len(site):
            return found, point, unsure
        while full < full_end or entry < entry_end:
            if entry == entry_end or (full < full_end and grid.full[full] < grid.entry[entry] >> 2):
                site[found], feature[found] = point, grid.full[full]
                found += 1
                full += 1
                continue
            state = entry_state(grid, entry, (x[point], y[point]), corner)
            if state != OUT:
                candidate = grid.entry[entry] >> 2
                site[found], feature[found] = point, candidate if state == IN else ~candidate
                found += 1
                unsure += state != IN
            entry += 1
    return found, len(x), unsure


@uncounted
def sort_points(frame: Frame, points: Columns, position: Array, room: Columns) -> int:
    """Sort points by cell, for neighbours ask for the same memory; return how many lie in any cell.

    Parameters
    ----------
    frame : Frame
    points : x and y, float64 arrays (points)
    position : int64 array (cells), zeros
        Scratch.
    room : int32 array (points) and float64 array (2, points)
        Are filled with the points' numbers, and with their coordinates.
    """
    x, y = points
    order, sorted_xy = room
    for point in range(len(x)):
        cell = cell_of(frame, x[point], y[point])
        if cell >= 0:
            position[cell] += 1
    count = 0
    for cell in range(len(position)):
        position[cell], count = count, count + position[cell]
    for point in range(len(x)):
        cell = cell_of(frame, x[point], y[point])
        if cell >= 0:
            at = position[cell]
            position[cell] += 1
            order[at], sorted_xy[0, at], sorted_xy[1, at] = point, x[point], y[point]
    return count


@uncounted
def put_back(order: Array, pairs: Columns, position: Array, room: Columns) -> None:
    """Write pairs of sorted points in the order of the points as they were.

    Parameters
    ----------
    order : int32 array (sorted points)
    pairs : sites and features, int64 and int32 arrays (pairs)
        Sites are places in `order`.
    position : int32 array (points + 1), zeros
        Scratch.
    room : sites and features, int64 and int32 arrays (pairs)
        Are filled.
    """
    site, feature = pairs
    put_site, put_feature = room
    for pair in range(len(site)):
        position[order[site[pair]] + 1] += 1
    for point in range(len(position) - 1):
        position[point + 1] += position[point]
        for pair in range(position[point], position[point + 1]):
            put_site[pair] = point
    for pair in range(len(site)):
        point = order[site[pair]]
        put_feature[position[point]] = feature[pair]
        position[point] += 1
