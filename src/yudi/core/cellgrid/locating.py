"""Where a point lies: in which subcell, and on which side of the edges there, told only where rounding cannot err."""

from __future__ import annotations

from yudi.core.cellgrid.layout import CORNER_UNSURE, FULL, IN, OUT, UNSURE, Array, Frame, Grid
from yudi.core.jit import inlined

__all__ = ["Ends", "Point", "cell_of", "edge_ends", "entry_state", "locate", "orientation", "place"]

Point = tuple[float, float]
Ends = tuple[float, float, float, float]  # x and y of both ends of an edge

# Bound of the error of `orientation`, (3 + 16 ε) ε with ε = 2⁻⁵³: Shewchuk, Adaptive Precision Floating-Point
# Arithmetic and Fast Robust Geometric Predicates, Discrete & Computational Geometry 18 (1997), section 4.1.
ERROR = 3.3306690738754716e-16
TINY = 1e-290  # below it products lose digits


@inlined
def edge_ends(xy: Array, edge: int) -> Ends:
    """Return x and y of both ends of an edge."""
    return xy[2 * edge], xy[2 * edge + 1], xy[2 * edge + 2], xy[2 * edge + 3]


@inlined
def orientation(ends: Ends, x: float, y: float) -> int:
    """Return 1 where the point lies left of a → b, -1 right of it, UNSURE where rounding may have decided."""
    ax, ay, bx, by = ends
    left = (ax - x) * (by - y)
    right = (ay - y) * (bx - x)
    difference = left - right
    bound = ERROR * (abs(left) + abs(right)) + TINY
    if difference > bound:
        return 1
    if difference < -bound:
        return -1
    return UNSURE


@inlined
def cell_of(frame: Frame, x: float, y: float) -> int:
    """Return the cell of a point, or -1 where it is in none, as NaN is."""
    across, up = (x - frame.west) / frame.step, (y - frame.south) / frame.step
    if not (across >= 0 and up >= 0 and across < frame.columns and up < frame.rows):
        return -1
    return int(up) * frame.columns + int(across)


@inlined
def locate(grid: Grid, x: float, y: float) -> tuple[int, int, Point]:
    """Return cell, subcell and the subcell's upper right corner; cell -1 where the point is in none."""
    frame = grid.frame
    cell = cell_of(frame, x, y)
    if cell < 0:
        return -1, 0, (0.0, 0.0)
    across, up = (x - frame.west) / frame.step, (y - frame.south) / frame.step
    column, row = int(across), int(up)
    side = grid.side[cell]
    right, above = min(side, int((across - column) * side) + 1), min(side, int((up - row) * side) + 1)
    subcell = grid.first_subcell[cell] + (above - 1) * side + right - 1
    step = frame.step / side
    corner = (frame.west + column * frame.step + right * step, frame.south + row * frame.step + above * step)
    return cell, subcell, corner


@inlined
def entry_state(grid: Grid, entry: int, point: Point, corner: Point) -> int:
    """Return whether a point of the entry's subcell lies IN its feature or OUT of it, or UNSURE.

    The way from the point, first level and then upright, to the corner of known state crosses the feature's border
    once for every change of state. Only edges listed in the subcell can meet that way.
    """
    x, y = point
    corner_x, corner_y = corner
    state = grid.entry[entry] & 3
    if state == FULL:
        return IN
    if state == CORNER_UNSURE:
        return UNSURE
    for run in range(grid.first_run[entry], grid.first_run[entry + 1]):
        start = grid.run_start[run]
        ax, ay = grid.xy[2 * start], grid.xy[2 * start + 1]
        for edge in range(start + 1, start + 1 + grid.run_count[run]):
            bx, by = grid.xy[2 * edge], grid.xy[2 * edge + 1]
            if (ay > y) != (by > y):
                at_point = orientation((ax, ay, bx, by), x, y)
                if at_point == UNSURE:
                    return _at_border((ax, ay, bx, by), x, y)
                at_turn = orientation((ax, ay, bx, by), corner_x, y)
                if at_turn == UNSURE:
                    return UNSURE
                state ^= at_point != at_turn
            elif by == y and _at_border((ax, ay, bx, by), x, y) == IN:
                return IN
            if (ax > corner_x) != (bx > corner_x):
                at_turn = orientation((ax, ay, bx, by), corner_x, y)
                at_corner = orientation((ax, ay, bx, by), corner_x, corner_y)
                if at_turn == UNSURE or at_corner == UNSURE:
                    return UNSURE
                state ^= at_turn != at_corner
            ax, ay = bx, by
    return int(state)


@inlined
def _at_border(ends: Ends, x: float, y: float) -> int:
    """Return IN where a point is an end of the edge, or lies on it and the edge is level or upright; else UNSURE."""
    ax, ay, bx, by = ends
    if (ax == x and ay == y) or (bx == x and by == y):
        return IN
    if ay == y and by == y and min(ax, bx) <= x <= max(ax, bx):
        return IN
    if ax == x and bx == x and min(ay, by) <= y <= max(ay, by):
        return IN
    return UNSURE


@inlined
def place(grid: Grid, feature: int, x: float, y: float) -> int:
    """Return whether a point lies IN one feature or OUT of it, or UNSURE."""
    cell, subcell, corner = locate(grid, x, y)
    if cell < 0:
        return OUT
    full = _search(grid.full, (grid.first_full[cell], grid.first_full[cell + 1]), feature, 0)
    if full >= 0:
        return IN
    entry = _search(grid.entry, (grid.first_entry[subcell], grid.first_entry[subcell + 1]), feature, 2)
    if entry < 0:
        return OUT
    return entry_state(grid, entry, (x, y), corner)


@inlined
def _search(values: Array, between: tuple[int, int], wanted: int, shift: int) -> int:
    """Return where a value, its low bits shifted away, stands between two places of a sorted array, or -1."""
    low, end = between
    high = end
    while low < high:
        middle = (low + high) >> 1
        if values[middle] >> shift < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < end and values[low] >> shift == wanted else -1
