"""The compiled loops that build a grid: edges are listed by cell, then every cell is cut into subcells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yudi.core.cellgrid.growing import with_room
from yudi.core.cellgrid.layout import CORNER_IN, CORNER_OUT, CORNER_UNSURE, FULL, IN, OUT, UNSURE, Array, Frame
from yudi.core.cellgrid.locating import Ends, edge_ends
from yudi.core.cellgrid.polygons import Polygons, Slabs, inside
from yudi.core.jit import allocating, compiled, inlined, uncounted

__all__ = ["CellEdges", "Ground", "cut_cells", "list_cell_edges", "list_full_cells", "weigh_cells"]

NONE = -1


Axis = tuple[float, float, int]  # origin, step and count of cells along x or y


class CellEdges(NamedTuple):
    """The edges that come near each cell, ascending.

    Parameters
    ----------
    first : int64 array (cells + 1)
    edge : int32 array
    """

    first: Array
    edge: Array


class Ground(NamedTuple):
    """What is cut: polygons, their boxes and slabs, and which of their edges come near each cell."""

    frame: Frame
    polygons: Polygons
    box: Array
    slabs: Slabs
    edges: CellEdges


class Chains(NamedTuple):
    """Runs of successive edges, chained by subcell; and the entries made of them.

    Parameters
    ----------
    start, length, following : int32 arrays
        A run, and the next run of its subcell or NONE.
    head, tail : int32 arrays (subcells of one cell)
        First and last run of the feature at hand, or NONE.
    subcell, value, chain : int32 arrays
        Entries in order of features: where, what as in `Grid.entry`, and the first run.
    """

    start: Array
    length: Array
    following: Array
    head: Array
    tail: Array
    subcell: Array
    value: Array
    chain: Array


class Cuts(NamedTuple):
    """What cut cells hold, in order of subcells: the arrays of `Grid` of the same names, with room at their ends."""

    entry: Array
    first_run: Array
    run_start: Array
    run_count: Array


@inlined
def _span(low: float, high: float, axis: Axis) -> tuple[int, int]:
    """Return the first and last cell that a stretch meets; none where the first is greater."""
    origin, step, count = axis
    return max(0, int((low - origin) / step)), min(count - 1, int((high - origin) / step))


@inlined
def _reach(ends: Ends, low: float, high: float) -> tuple[float, float]:
    """Return the least and greatest x of the part of an edge between two heights that it comes near."""
    ax, ay, bx, by = ends
    least, greatest = min(ax, bx), max(ax, bx)
    if ay == by:
        return least, greatest
    bottom, top = min(ay, by), max(ay, by)
    at_low = ax + (min(max(low, bottom), top) - ay) / (by - ay) * (bx - ax)
    at_high = ax + (min(max(high, bottom), top) - ay) / (by - ay) * (bx - ax)
    return max(least, min(at_low, at_high)), min(greatest, max(at_low, at_high))


@uncounted
def list_cell_edges(frame: Frame, polygons: Polygons, position: Array, listed: Array) -> None:
    """Move each cell's position on by the edges that come near it, and write them there where `listed` has room."""
    pad, step = frame.pad, frame.step
    for edge in range(len(polygons.is_last) - 1):
        if polygons.is_last[edge]:
            continue
        ends = edge_ends(polygons.xy, edge)
        low, high = min(ends[1], ends[3]) - pad, max(ends[1], ends[3]) + pad
        first_row, last_row = _span(low, high, (frame.south, step, frame.rows))
        for row in range(first_row, last_row + 1):
            south = frame.south + row * step
            least, greatest = _reach(ends, south - pad, south + step + pad)
            first, last = _span(least - pad, greatest + pad, (frame.west, step, frame.columns))
            for cell in range(row * frame.columns + first, row * frame.columns + last + 1):
                if len(listed):
                    listed[position[cell]] = edge
                position[cell] += 1


@uncounted
def weigh_cells(ground: Ground, covered: Array, spread: Array) -> None:
    """Write what the boxes of the features that have edges near a cell come to there, as shares of the cell.

    Parameters
    ----------
    ground : Ground
    covered, spread : float64 arrays (cells)
        Are filled with the sum of the boxes' areas, and with the area of the box round them all.
    """
    frame, edges = ground.frame, ground.edges
    for cell in range(len(covered)):
        west, south = frame.west + cell % frame.columns * frame.step, frame.south + cell // frame.columns * frame.step
        left, low, right, high = frame.step, frame.step, 0.0, 0.0
        index, end = edges.first[cell], edges.first[cell + 1]
        while index < end:
            box = ground.box[ground.polygons.feature[edges.edge[index]]]
            x0, x1 = max(0.0, box[0] - west), min(frame.step, box[2] - west)
            y0, y1 = max(0.0, box[1] - south), min(frame.step, box[3] - south)
            covered[cell] += max(0.0, x1 - x0) * max(0.0, y1 - y0) / frame.step**2
            left, low, right, high = min(left, x0), min(low, y0), max(right, x1), max(high, y1)
            index = _feature_end(ground.polygons, edges, index, end)
        spread[cell] = max(0.0, right - left) * max(0.0, high - low) / frame.step**2


@compiled
def cut_cells(ground: Ground, side: Array) -> tuple[Array, Cuts, int, int]:
    """Return entries of each subcell (a count), the cuts, and how many entries and runs are in them."""
    polygons, edges = ground.polygons, ground.edges
    counts = np.zeros(int((side.astype(np.int64) ** 2).sum()), np.int32)
    chains = _new_chains(int(side.max()) ** 2, 1024)
    cuts = Cuts(np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int32))
    subcell, entries, runs = 0, 0, 0
    for cell in range(len(side)):
        chained, listed, size = 0, 0, side[cell] ** 2
        index, end = edges.first[cell], edges.first[cell + 1]
        while index < end:
            feature = polygons.feature[edges.edge[index]]
            feature_end = _feature_end(polygons, edges, index, end)
            while index < feature_end:
                at = (cell, side[cell], index, feature_end)
                index, chained = _chain_edges(ground, at, chains, chained)
                if index < feature_end:
                    chains = _with_runs(chains, chained + _most_runs(side[cell]))
            if listed + size > len(chains.value):
                chains = _with_entries(chains, listed + size)
            listed = _list_entries(ground, (cell, side[cell], feature), chains, listed)
        cuts = _with_room(cuts, entries + listed, runs + chained)
        order = np.empty(listed, np.int64)
        _order_entries(chains, counts[subcell : subcell + size], np.zeros(size, np.int64), order)
        runs = _write_entries(chains, order, cuts, (entries, runs))
        entries += listed
        subcell += size
    return counts, cuts, entries, runs


@inlined
def _feature_end(polygons: Polygons, edges: CellEdges, index: int, end: int) -> int:
    """Return where the edges of the feature at an index end."""
    feature = polygons.feature[edges.edge[index]]
    while index < end and polygons.feature[edges.edge[index]] == feature:
        index += 1
    return index


@allocating
def _new_chains(subcells: int, room: int) -> Chains:
    return Chains(
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.full(subcells, NONE, np.int32),
        np.full(subcells, NONE, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
    )


@allocating
def _with_runs(chains: Chains, runs: int) -> Chains:
    start, length = with_room(chains.start, runs), with_room(chains.length, runs)
    following = with_room(chains.following, runs)
    return Chains(start, length, following, chains.head, chains.tail, chains.subcell, chains.value, chains.chain)


@allocating
def _with_entries(chains: Chains, entries: int) -> Chains:
    subcell, value = with_room(chains.subcell, entries), with_room(chains.value, entries)
    chain = with_room(chains.chain, entries)
    return Chains(chains.start, chains.length, chains.following, chains.head, chains.tail, subcell, value, chain)


@allocating
def _with_room(cuts: Cuts, entries: int, runs: int) -> Cuts:
    entry, first_run = with_room(cuts.entry, entries), with_room(cuts.first_run, entries)
    return Cuts(entry, first_run, with_room(cuts.run_start, runs), with_room(cuts.run_count, runs))


@inlined
def _most_runs(side: int) -> int:
    """Return more than the number of subcells that one edge can meet."""
    return 4 * side + 4


@inlined
def _chain_edges(ground: Ground, at: tuple[int, int, int, int], chains: Chains, chained: int) -> tuple[int, int]:
    """Chain edges of one feature to the subcells of a cell that they come near, until there may be no more room.

    `at` is the cell, its side, and the first and end of the feature's edges. Returns the next edge's index and how
    many runs there are now.
    """
    frame, polygons, edges = ground.frame, ground.polygons, ground.edges
    cell, side, begin, end = at
    pad, step = frame.pad, frame.step / side
    cell_west = frame.west + (cell % frame.columns) * frame.step
    cell_south = frame.south + (cell // frame.columns) * frame.step
    for index in range(begin, end):
        if chained + _most_runs(side) > len(chains.start):
            return index, chained
        edge = edges.edge[index]
        ends = edge_ends(polygons.xy, edge)
        low, high = min(ends[1], ends[3]) - pad, max(ends[1], ends[3]) + pad
        first_row, last_row = _span(low, high, (cell_south, step, side))
        for row in range(first_row, last_row + 1):
            least, greatest = min(ends[0], ends[2]), max(ends[0], ends[2])
            if first_row < last_row:
                south = cell_south + row * step
                least, greatest = _reach(ends, south - pad, south + step + pad)
            first, last = _span(least - pad, greatest + pad, (cell_west, step, side))
            for subcell in range(row * side + first, row * side + last + 1):
                chained += _chain_edge(chains, subcell, edge, chained)
    return end, chained


@inlined
def _chain_edge(chains: Chains, subcell: int, edge: int, chained: int) -> int:
    """Lengthen the subcell's last run by an edge, or begin a run; return how many runs were begun."""
    tail = chains.tail[subcell]
    if tail != NONE and chains.start[tail] + chains.length[tail] == edge:
        chains.length[tail] += 1
        return 0
    chains.start[chained], chains.length[chained], chains.following[chained] = edge, 1, NONE
    if tail == NONE:
        chains.head[subcell] = chained
    else:
        chains.following[tail] = chained
    chains.tail[subcell] = chained
    return 1


@inlined
def _list_entries(ground: Ground, at: tuple[int, int, int], chains: Chains, listed: int) -> int:
    """List the entries of one feature in a cell, and free its chains; return how many entries there are now.

    `at` is the cell, its side and the feature.
    """
    frame, polygons, slabs = ground.frame, ground.polygons, ground.slabs
    cell, side, feature = at
    cell_west = frame.west + (cell % frame.columns) * frame.step
    cell_south = frame.south + (cell // frame.columns) * frame.step
    step = frame.step / side
    box, pad = ground.box[feature], frame.pad
    first_column, last_column = _span(box[0] - pad, box[2] + pad, (cell_west, step, side))
    first_row, last_row = _span(box[1] - pad, box[3] + pad, (cell_south, step, side))
    for row in range(first_row, last_row + 1):
        state = UNSURE  # of the subcell to the left at their common border
        for column in range(first_column, last_column + 1):
            subcell = row * side + column
            chain = chains.head[subcell]
            value = FULL
            if chain != NONE:
                # The very sums that `locate` makes: a corner must be the same number there and here.
                corner_x, corner_y = cell_west + (column + 1) * step, cell_south + (row + 1) * step
                state = inside(polygons, slabs, feature, (corner_x, corner_y))
                value = CORNER_UNSURE if state == UNSURE else CORNER_IN if state == IN else CORNER_OUT
            elif state == UNSURE:
                middle = (cell_west + (column + 0.5) * step, cell_south + (row + 0.5) * step)
                state = inside(polygons, slabs, feature, middle)
            if chain == NONE and state == OUT:
                continue
            chains.subcell[listed], chains.chain[listed], chains.value[listed] = subcell, chain, feature << 2 | value
            chains.head[subcell], chains.tail[subcell] = NONE, NONE
            listed += 1
    return listed


@inlined
def _order_entries(chains: Chains, counts: Array, position: Array, order: Array) -> None:
    """Count the entries of each subcell, and put them in order of subcells, features ascending."""
    for index in range(len(order)):
        counts[chains.subcell[index]] += 1
    for subcell in range(1, len(counts)):
        position[subcell] = position[subcell - 1] + counts[subcell - 1]
    for index in range(len(order)):
        order[position[chains.subcell[index]]] = index
        position[chains.subcell[index]] += 1


@inlined
def _write_entries(chains: Chains, order: Array, cuts: Cuts, sizes: tuple[int, int]) -> int:
    """Append a cell's entries and their runs to the cuts; return how many runs there are now."""
    entries, runs = sizes
    for at in range(len(order)):
        index = order[at]
        cuts.entry[entries + at], cuts.first_run[entries + at] = chains.value[index], runs
        run = chains.chain[index]
        while run != NONE:
            cuts.run_start[runs], cuts.run_count[runs] = chains.start[run], chains.length[run]
            runs += 1
            run = chains.following[run]
    return runs


@uncounted
def list_full_cells(ground: Ground, position: Array, listed: Array) -> None:
    """Move each cell's position on by the features that fill it, and write them there where `listed` has room."""
    frame, polygons, slabs, box = ground.frame, ground.polygons, ground.slabs, ground.box
    for feature in range(len(box)):
        first_column, last_column = _span(box[feature, 0], box[feature, 2], (frame.west, frame.step, frame.columns))
        first_row, last_row = _span(box[feature, 1], box[feature, 3], (frame.south, frame.step, frame.rows))
        if last_column - first_column < 2 or last_row - first_row < 2:
            continue
        for row in range(first_row, last_row + 1):
            state = UNSURE
            for column in range(first_column, last_column + 1):
                cell = row * frame.columns + column
                if _has_edges(polygons, ground.edges, cell, feature):
                    state = UNSURE
                    continue
                if state == UNSURE:
                    x, y = frame.west + (column + 0.5) * frame.step, frame.south + (row + 0.5) * frame.step
                    state = inside(polygons, slabs, feature, (x, y))
                if state == IN:
                    if len(listed):
                        listed[position[cell]] = feature
                    position[cell] += 1


@inlined
def _has_edges(polygons: Polygons, edges: CellEdges, cell: int, feature: int) -> bool:
    low, end = edges.first[cell], edges.first[cell + 1]
    high = end
    while low < high:
        middle = (low + high) >> 1
        if polygons.feature[edges.edge[middle]] < feature:
            low = middle + 1
        else:
            high = middle
    return bool(low < end and polygons.feature[edges.edge[low]] == feature)
