"""The compiled loops over points: sorted by cell, looked up, and the answers put back in the points' order."""

from __future__ import annotations

from yudi.core.cellgrid.layout import IN, OUT, Array, Frame, Grid
from yudi.core.cellgrid.locating import cell_of, entry_state, locate
from yudi.core.jit import uncounted

__all__ = ["find_points", "put_back", "sort_points"]

Columns = tuple[Array, Array]
Room = tuple[Array, Array, Array]


@uncounted
def find_points(grid: Grid, points: Columns, at: tuple[int, int], room: Room) -> tuple[int, int, int]:
    """Write the features of points, until the room given may not hold those of the next.

    Parameters
    ----------
    grid : Grid
    points : x and y, float64 arrays (points)
    at : (next point, pairs already written)
    room : int32 array (points + 1), and int32 and int64 arrays (pairs)
        Are filled: the first pair of each point; features, sorted for each point, and where rounding leaves a feature
        open its complement ``~f``; the points of the pairs, unless that array is empty.

    Returns
    -------
    (next point, pairs written, how many of those written now rounding leaves open)
    """
    x, y = points
    first, feature, site = room
    found, unsure = at[1], 0
    for point in range(at[0], len(x)):
        first[point] = found
        cell, subcell, corner = locate(grid, x[point], y[point])
        if cell < 0:
            continue
        full, full_end = grid.first_full[cell], grid.first_full[cell + 1]
        entry, entry_end = grid.first_entry[subcell], grid.first_entry[subcell + 1]
        if found + full_end - full + entry_end - entry > len(feature):
            return point, found, unsure
        while full < full_end or entry < entry_end:
            if entry == entry_end or (full < full_end and grid.full[full] < grid.entry[entry] >> 2):
                state, candidate = IN, grid.full[full]
                full += 1
            else:
                state, candidate = entry_state(grid, entry, (x[point], y[point]), corner), grid.entry[entry] >> 2
                entry += 1
            if state == OUT:
                continue
            feature[found] = candidate if state == IN else ~candidate
            if len(site):
                site[found] = point
            found += 1
            unsure += state != IN
    first[len(x)] = found
    return len(x), found, unsure


@uncounted
def sort_points(frame: Frame, points: Columns, position: Array, room: Columns) -> int:
    """Sort points by cell, for neighbours ask for the same memory; return how many lie in any cell.

    Parameters
    ----------
    frame : Frame
    points : x and y, float64 arrays (points)
    position : int32 array (cells), zeros
        Scratch.
    room : int32 array (points) and float64 array (2, points)
        Are filled: the place of each point among the sorted ones, or -1; and the coordinates of the sorted ones.
    """
    x, y = points
    rank, sorted_xy = room
    for point in range(len(x)):
        rank[point] = cell_of(frame, x[point], y[point])
        if rank[point] >= 0:
            position[rank[point]] += 1
    count = 0
    for cell in range(len(position)):
        position[cell], count = count, count + position[cell]
    for point in range(len(x)):
        cell = rank[point]
        if cell >= 0:
            at = position[cell]
            position[cell] += 1
            rank[point], sorted_xy[0, at], sorted_xy[1, at] = at, x[point], y[point]
    return count


@uncounted
def put_back(rank: Array, found: Columns, room: Columns) -> None:
    """Write the pairs of sorted points in the order of the points as they were.

    Parameters
    ----------
    rank : int32 array (points)
        Place of each point among the sorted ones, or -1.
    found : int32 arrays (sorted points + 1) and (pairs)
        First pair of each sorted point, and the features.
    room : sites and features, int64 and int32 arrays (pairs)
        Are filled.
    """
    first, feature = found
    put_site, put_feature = room
    at = 0
    for point in range(len(rank)):
        if rank[point] < 0:
            continue
        for pair in range(first[rank[point]], first[rank[point] + 1]):
            put_site[at], put_feature[at] = point, feature[pair]
            at += 1
