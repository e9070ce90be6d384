"""One district as a grid of cells, and regions grown over it from seeds.

A grid is a rectangle of square cells with a rim of cells that are never inside. Cells are counted row by row, from the
south-west; fields are flat arrays over them.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["Grid", "cells_at", "fill", "grid_over", "grow", "islands"]

_Array = np.ndarray[Any, Any]
_RIM = 5  # cells around, so that lines drawn on the grid reach over the border


@dataclass(frozen=True)
class Grid:
    """Cells over a shape: where they are, which have their middle inside, and which are near enough to be labelled."""

    west: float
    south: float
    cell: float
    columns: int
    rows: int
    inside: _Array  # bool, by cell
    domain: _Array  # bool, by cell: inside, or up to three cells outside

    @property
    def x(self) -> _Array:
        """Metres east of each cell's middle."""
        return np.tile(self.west + (np.arange(self.columns) + 0.5) * self.cell, self.rows)

    @property
    def y(self) -> _Array:
        """Metres north of each cell's middle."""
        return np.repeat(self.south + (np.arange(self.rows) + 0.5) * self.cell, self.columns)


def grid_over(shape: BaseGeometry, cells: int) -> Grid:
    """Return a grid with about so many cells inside the shape (metres)."""
    cell = float(np.sqrt(shape.area / cells))
    west, south, east, north = shape.bounds
    west, south = west - _RIM * cell, south - _RIM * cell
    columns, rows = int((east - west) / cell) + _RIM + 1, int((north - south) / cell) + _RIM + 1
    bare = Grid(west, south, cell, columns, rows, np.zeros(0, bool), np.zeros(0, bool))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, bare.x, bare.y)
    domain = inside.copy()
    for _ in range(3):
        domain = _spread(domain, columns)
    return Grid(west, south, cell, columns, rows, inside, domain)


def _spread(mask: _Array, columns: int) -> _Array:
    wide = mask.copy()
    for step in (1, -1, columns, -columns):
        wide |= np.roll(mask, step)
    return wide


def cells_at(grid: Grid, x: _Array, y: _Array) -> _Array:
    """Return the cell that holds each point; points beyond the grid are moved to its edge."""
    column = np.clip(((x - grid.west) / grid.cell).astype(int), 1, grid.columns - 2)
    row = np.clip(((y - grid.south) / grid.cell).astype(int), 1, grid.rows - 2)
    return row * grid.columns + column


def grow(
    grid: Grid, free: _Array, seeds: Sequence[int], costs: Sequence[list[float]], count: int
) -> tuple[_Array, _Array]:
    """Grow all seeds at once over free cells, cheapest cells first, until so many cells inside are taken.

    Parameters
    ----------
    grid : Grid
    free : bool array, by cell
        Where regions may go.
    seeds : cells, one per region
    costs : one list per region
        What each cell costs that region, > 0.
    count : int
        Cells inside the district to take; more than there are takes all that can be reached.

    Returns
    -------
    owner : int array, by cell
        The region, or -1.
    order : float array, by cell
        At which cost it was taken; infinity where it was not. Its ranks tell any smaller count.
    """
    columns = grid.columns
    steps = [(s, 1.0) for s in (1, -1, columns, -columns)]
    steps += [(s, 1.4142) for s in (columns + 1, columns - 1, -columns + 1, -columns - 1)]
    owner, order = [-1] * free.size, np.full(free.size, np.inf)
    open_, inside = free.tolist(), grid.inside.tolist()
    best = [float("inf")] * free.size
    heap = [(0.0, cell, region) for region, cell in enumerate(seeds)]
    left = count
    while heap and left > 0:
        price, cell, region = heapq.heappop(heap)
        if owner[cell] >= 0:
            continue
        owner[cell], order[cell] = region, price
        left -= inside[cell]
        table = costs[region]
        for step, length in steps:
            beside = cell + step
            if open_[beside] and owner[beside] < 0:
                onward = price + length * table[beside]
                if onward < best[beside]:
                    best[beside] = onward
                    heapq.heappush(heap, (onward, beside, region))
    return np.array(owner), order


def fill(grid: Grid, labels: _Array, free: _Array) -> _Array:
    """Return the labels with free cells without one (-1) given that of the nearest labelled cell, ring by ring."""
    labels = labels.copy()
    while True:
        empty = free & (labels < 0)
        if not empty.any():
            return labels
        found = np.full(labels.size, -1)
        for step in (1, -1, grid.columns, -grid.columns):
            beside = np.roll(labels, step)
            found = np.where((found < 0) & empty, beside, found)
        if not (found >= 0).any():
            return labels
        labels = np.where(empty & (found >= 0), found, labels)


def islands(grid: Grid, mask: _Array) -> _Array:
    """Return for each cell of the mask the number of its connected part (its smallest cell), else -1."""
    cells = np.nonzero(mask)[0]
    place = np.full(mask.size, -1)
    place[cells] = np.arange(cells.size)
    ahead = [place[cells + step] for step in (1, grid.columns)]
    pairs = [(np.nonzero(beside >= 0)[0], beside[beside >= 0]) for beside in ahead]
    one, other = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    part = np.arange(cells.size)
    while True:
        # The smaller number of two neighbours goes to the part of the larger; then every cell looks up its part's own.
        low = np.minimum(part[one], part[other])
        lower = part.copy()
        np.minimum.at(lower, part[one], low)
        np.minimum.at(lower, part[other], low)
        while (lower[lower] != lower).any():
            lower = lower[lower]
        if (lower == part).all():
            break
        part = lower
    found = np.full(mask.size, -1)
    found[cells] = cells[part]
    return found
