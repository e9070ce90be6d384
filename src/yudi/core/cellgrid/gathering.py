"""The compiled loop that finds, for paths, the features near them and the feature edges to compare them with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yudi.core.cellgrid.jit import compiled, inlined
from yudi.core.cellgrid.layout import FULL, Array, Grid, Paths

__all__ = ["Candidates", "gather", "sort_values", "with_room"]

NONE = -1


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


@compiled
def gather(grid: Grid, paths: Paths, begin: int, end: int) -> Candidates:
    """Return the candidates of sites from `begin` until before `end`."""
    made = Candidates(
        np.empty(256, np.int64), np.empty(256, np.int32), np.zeros(257, np.int64), np.empty(256, np.int64)
    )
    found = Found(np.empty(256, np.int32), np.empty(256, np.int64))
    rank = np.full(grid.frame.features, NONE, np.int32)
    candidates, runs = 0, 0
    for site in range(begin, end):
        found, count = _look_around(grid, _box(paths, site), found)
        features = _distinct(found.feature[:count], rank)
        while candidates + len(features) > len(made.site):
            made = _more_candidates(made)
        while runs + count > len(made.run):
            made = Candidates(made.site, made.feature, made.first_run, _doubled(made.run))
        firsts = made.first_run[candidates : candidates + len(features) + 1]
        runs = _group(found, count, rank, firsts, made.run, runs)
        for index in range(len(features)):
            made.site[candidates + index], made.feature[candidates + index] = site, features[index]
            rank[features[index]] = NONE
        candidates += len(features)
    return Candidates(
        made.site[:candidates], made.feature[:candidates], made.first_run[: candidates + 1], made.run[:runs]
    )


@inlined
def _doubled(array: Array) -> Array:
    return np.concatenate((array, np.empty_like(array)))


@inlined
def with_room(array: Array, count: int) -> Array:
    """Return an array that begins as the one given and has room for so many."""
    while len(array) < count:
        array = _doubled(array)
    return array


@inlined
def _more_candidates(made: Candidates) -> Candidates:
    longer = np.concatenate((made.first_run, np.empty_like(made.site)))
    return Candidates(_doubled(made.site), _doubled(made.feature), longer, made.run)


@inlined
def _box(paths: Paths, site: int) -> tuple[float, float, float, float]:
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    first, last = paths.first_path[site], paths.first_path[site + 1]
    for vertex in range(paths.first_vertex[first], paths.first_vertex[last]):
        west, east = min(west, paths.x[vertex]), max(east, paths.x[vertex])
        south, north = min(south, paths.y[vertex]), max(north, paths.y[vertex])
    return west, south, east, north


@inlined
def _span(low: float, high: float, step: float, count: int) -> tuple[int, int]:
    """Return first and last of so many cells from 0 on that a stretch meets."""
    return int(max(0.0, min(low / step, float(count)))), int(max(-1.0, min(high / step, count - 1.0)))


@inlined
def _look_around(grid: Grid, box: tuple[float, float, float, float], found: Found) -> tuple[Found, int]:
    """Note every entry of the subcells that a box meets; return how many notes there are."""
    frame, count = grid.frame, 0
    west, south, east, north = box[0] - frame.pad, box[1] - frame.pad, box[2] + frame.pad, box[3] + frame.pad
    first_column, last_column = _span(west - frame.west, east - frame.west, frame.step, frame.columns)
    first_row, last_row = _span(south - frame.south, north - frame.south, frame.step, frame.rows)
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * frame.columns + column
            found, count = _note_full(grid, cell, found, count)
            side = grid.side[cell]
            cell_west, cell_south = frame.west + column * frame.step, frame.south + row * frame.step
            step = frame.step / side
            left, right = _span(west - cell_west, east - cell_west, step, side)
            low, high = _span(south - cell_south, north - cell_south, step, side)
            for subrow in range(low, high + 1):
                first = grid.first_subcell[cell] + subrow * side
                begin, end = grid.first_entry[first + left], grid.first_entry[first + right + 1]
                found, count = _note_entries(grid, begin, end, found, count)
    return found, count


@inlined
def _note_full(grid: Grid, cell: int, found: Found, count: int) -> tuple[Found, int]:
    for index in range(grid.first_full[cell], grid.first_full[cell + 1]):
        if count == len(found.feature):
            found = Found(_doubled(found.feature), _doubled(found.run))
        found.feature[count], found.run[count] = grid.full[index], NONE
        count += 1
    return found, count


@inlined
def _note_entries(grid: Grid, begin: int, end: int, found: Found, count: int) -> tuple[Found, int]:
    for entry in range(begin, end):
        value = grid.entry[entry]
        first, last = grid.first_run[entry], grid.first_run[entry + 1]
        while count + last - first + 1 > len(found.feature):
            found = Found(_doubled(found.feature), _doubled(found.run))
        if value & 3 == FULL:
            found.feature[count], found.run[count] = value >> 2, NONE
            count += 1
        for run in range(first, last):
            start = np.int64(grid.run_start[run])
            found.feature[count], found.run[count] = value >> 2, start << 32 | start + grid.run_count[run]
            count += 1
    return found, count


@inlined
def _distinct(named: Array, rank: Array) -> Array:
    """Return the different features named, sorted, and write the place of each into `rank`."""
    features = np.empty(len(named), np.int32)
    count = 0
    for feature in named:
        if rank[feature] == NONE:
            rank[feature] = 0
            features[count] = feature
            count += 1
    features = features[:count]
    sort_values(features)
    for index in range(count):
        rank[features[index]] = index
    return features


@inlined
def _group(found: Found, count: int, rank: Array, firsts: Array, run: Array, runs: int) -> int:
    """Write the runs of each feature, sorted and joined where they meet, from `runs` on; return where they end."""
    position = np.zeros(len(firsts), np.int64)
    for index in range(count):
        position[rank[found.feature[index]] + 1] += found.run[index] != NONE
    for index in range(1, len(position)):
        position[index] += position[index - 1]
    grouped = np.empty(position[-1], np.int64)
    for index in range(count):
        if found.run[index] != NONE:
            grouped[position[rank[found.feature[index]]]] = found.run[index]
            position[rank[found.feature[index]]] += 1
    begin = 0
    for index in range(len(firsts) - 1):
        firsts[index] = runs
        runs = _join(grouped[begin : position[index]], run, runs)
        begin = position[index]
    firsts[-1] = runs
    return runs


@inlined
def _join(parts: Array, run: Array, runs: int) -> int:
    """Append runs, sorted and joined where they meet, and return where they end."""
    sort_values(parts)
    first = runs
    for part in parts:
        if runs > first and part >> 32 <= run[runs - 1] & 0xFFFFFFFF:
            end = max(run[runs - 1] & 0xFFFFFFFF, part & 0xFFFFFFFF)
            run[runs - 1] = run[runs - 1] >> 32 << 32 | end
        else:
            run[runs] = part
            runs += 1
    return runs


@inlined
def sort_values(values: Array) -> None:
    """Sort in place, by Shell's method with gaps ×2.25: short lists are the rule."""
    gap = 1
    while gap < len(values) // 2:
        gap = gap * 9 // 4 + 1
    while gap > 0:
        for index in range(gap, len(values)):
            value, at = values[index], index
            while at >= gap and values[at - gap] > value:
                values[at] = values[at - gap]
                at -= gap
            values[at] = value
        gap = gap * 4 // 9
