"""The compiled loop that finds, for paths, the features near them and the feature edges to compare them with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yudi.core.cellgrid.growing import with_room
from yudi.core.cellgrid.layout import FULL, Array, Grid, Paths
from yudi.core.jit import allocating, compiled, inlined

__all__ = ["LOW", "NONE", "Candidates", "gather"]

NONE = -1
LOW = 0xFFFFFFFF  # the low half of a run


class Candidates(NamedTuple):
    """Sites and features that may meet, sorted.

    Parameters
    ----------
    site, feature : int64 and int32 arrays (candidates)
    first_run : int64 array (candidates + 1)
    run : int64 array
        Runs of successive edges of the feature near the site: first edge × 2³² + the edge after the last; ascending,
        none meets another. A feature without runs covers the box of the site.
    """

    site: Array
    feature: Array
    first_run: Array
    run: Array


class Found(NamedTuple):
    """Features near one site as the cells name them, many times over.

    Parameters
    ----------
    feature : int32 array
    run : int64 array
        As in `Candidates`, or NONE for a feature that fills a subcell.
    """

    feature: Array
    run: Array


class Scratch(NamedTuple):
    """Room to sort the runs of one site by feature.

    Parameters
    ----------
    rank : int32 array (features of the grid)
        Place of each feature among those of the site.
    position : int64 array (features of the site + 1)
    grouped : int64 array (notes)
    """

    rank: Array
    position: Array
    grouped: Array


@compiled
def gather(grid: Grid, paths: Paths, begin: int, end: int) -> Candidates:
    """Return the candidates of sites from `begin` until before `end`."""
    made = Candidates(
        np.empty(256, np.int64), np.empty(256, np.int32), np.zeros(257, np.int64), np.empty(256, np.int64)
    )
    found = Found(np.empty(256, np.int32), np.empty(256, np.int64))
    # Place of each feature among those of the site at hand, or NONE; and the features themselves.
    rank, features = np.full(grid.frame.features, NONE, np.int32), np.empty(grid.frame.features, np.int32)
    candidates, runs = 0, 0
    for site in range(begin, end):
        box = _box(paths, site)
        notes = _look_around(grid, box, found)
        while notes > len(found.feature):
            found = Found(with_room(found.feature, notes), with_room(found.run, notes))
            notes = _look_around(grid, box, found)
        met = _distinct(found, notes, rank, features)
        made = _with_room(made, candidates + met, runs + notes)
        scratch = Scratch(rank, np.zeros(met + 1, np.int64), np.empty(notes, np.int64))
        runs = _group(found, scratch, made, (notes, met, candidates, runs))
        for index in range(met):
            made.site[candidates + index], made.feature[candidates + index] = site, features[index]
            rank[features[index]] = NONE
        candidates += met
    return Candidates(
        made.site[:candidates], made.feature[:candidates], made.first_run[: candidates + 1], made.run[:runs]
    )


@allocating
def _with_room(made: Candidates, candidates: int, runs: int) -> Candidates:
    site, feature = with_room(made.site, candidates), with_room(made.feature, candidates)
    return Candidates(site, feature, with_room(made.first_run, candidates + 1), with_room(made.run, runs))


@inlined
def _box(paths: Paths, site: int) -> tuple[float, float, float, float]:
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    first, last = paths.first_path[site], paths.first_path[site + 1]
    for vertex in range(paths.first_vertex[first], paths.first_vertex[last]):
        x, y = paths.xy[2 * vertex], paths.xy[2 * vertex + 1]
        west, south, east, north = min(west, x), min(south, y), max(east, x), max(north, y)
    return west, south, east, north


@inlined
def _span(low: float, high: float, step: float, count: int) -> tuple[int, int]:
    """Return first and last of so many cells from 0 on that a stretch meets."""
    return int(max(0.0, min(low / step, float(count)))), int(max(-1.0, min(high / step, count - 1.0)))


@inlined
def _look_around(grid: Grid, box: tuple[float, float, float, float], found: Found) -> int:
    """Note the entries of the subcells that a box meets, as far as there is room; return how many notes there are."""
    frame, notes = grid.frame, 0
    west, south, east, north = box[0] - frame.pad, box[1] - frame.pad, box[2] + frame.pad, box[3] + frame.pad
    first_column, last_column = _span(west - frame.west, east - frame.west, frame.step, frame.columns)
    first_row, last_row = _span(south - frame.south, north - frame.south, frame.step, frame.rows)
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * frame.columns + column
            for index in range(grid.first_full[cell], grid.first_full[cell + 1]):
                notes += _note(found, notes, grid.full[index], NONE)
            side = grid.side[cell]
            cell_west, cell_south = frame.west + column * frame.step, frame.south + row * frame.step
            step = frame.step / side
            left, right = _span(west - cell_west, east - cell_west, step, side)
            low, high = _span(south - cell_south, north - cell_south, step, side)
            for subrow in range(low, high + 1):
                first = grid.first_subcell[cell] + subrow * side
                for entry in range(grid.first_entry[first + left], grid.first_entry[first + right + 1]):
                    notes = _note_entry(grid, entry, found, notes)
    return notes


@inlined
def _note_entry(grid: Grid, entry: int, found: Found, notes: int) -> int:
    """Note an entry's runs, or that its feature fills the subcell; return how many notes there are now."""
    feature, state = grid.entry[entry] >> 2, grid.entry[entry] & 3
    if state == FULL:
        return notes + _note(found, notes, feature, NONE)
    for run in range(grid.first_run[entry], grid.first_run[entry + 1]):
        start = np.int64(grid.run_start[run])
        notes += _note(found, notes, feature, start << 32 | start + grid.run_count[run])
    return notes


@inlined
def _note(found: Found, notes: int, feature: int, run: int) -> int:
    if notes < len(found.feature):
        found.feature[notes], found.run[notes] = feature, run
    return 1


@inlined
def _distinct(found: Found, notes: int, rank: Array, features: Array) -> int:
    """Write the different features noted, sorted, and the place of each into `rank`; return how many there are."""
    count = 0
    for note in range(notes):
        feature = found.feature[note]
        if rank[feature] == NONE:
            rank[feature] = 0
            features[count] = feature
            count += 1
    _sort(features, 0, count)
    for index in range(count):
        rank[features[index]] = index
    return count


@inlined
def _group(found: Found, scratch: Scratch, made: Candidates, sizes: tuple[int, int, int, int]) -> int:
    """Write the runs of each feature, sorted and joined where they meet; return where they end.

    `sizes` are the notes, the features met, and the candidates and runs there are already.
    """
    notes, met, candidates, runs = sizes
    rank, position, grouped = scratch.rank, scratch.position, scratch.grouped
    for note in range(notes):
        if found.run[note] != NONE:
            position[rank[found.feature[note]] + 1] += 1
    for index in range(1, met + 1):
        position[index] += position[index - 1]
    for note in range(notes):
        if found.run[note] != NONE:
            grouped[position[rank[found.feature[note]]]] = found.run[note]
            position[rank[found.feature[note]]] += 1
    begin = 0
    for index in range(met):
        made.first_run[candidates + index] = runs
        runs = _join(grouped, (begin, position[index]), made.run, runs)
        begin = position[index]
    made.first_run[candidates + met] = runs
    return runs


@inlined
def _join(parts: Array, between: tuple[int, int], run: Array, runs: int) -> int:
    """Append some runs, sorted and joined where they meet, and return where they end."""
    begin, end = between
    _sort(parts, begin, end)
    first = runs
    for index in range(begin, end):
        part = parts[index]
        if runs > first and part >> 32 <= run[runs - 1] & LOW:
            run[runs - 1] = run[runs - 1] >> 32 << 32 | max(run[runs - 1] & LOW, part & LOW)
        else:
            run[runs] = part
            runs += 1
    return runs


@inlined
def _sort(values: Array, begin: int, end: int) -> None:
    """Sort values from `begin` until before `end` in place, by Shell's method: short lists are the rule."""
    gap = 1
    while gap < (end - begin) // 2:
        gap = gap * 9 // 4 + 1
    while gap > 0:
        for index in range(begin + gap, end):
            value, at = values[index], index
            while at >= begin + gap and values[at - gap] > value:
                values[at] = values[at - gap]
                at -= gap
            values[at] = value
        gap = gap * 4 // 9
