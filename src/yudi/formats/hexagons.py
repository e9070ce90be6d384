"""The hexagons of a region: H3 cells of one resolution as polygons in lon/lat, batch by batch.

H3 cuts the globe into cells that nest by sevens, each with a number that other maps use as well (https://h3geo.org).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import shapely

from yudi.core.errors import InputError, UnavailableError

__all__ = ["FINEST", "Hexagons", "cells_below", "hexagons_below", "parents_of"]

FINEST = 12  # 307 m² on average; finer cells would be smaller than what zoning maps are good to
_STEPS = 4  # levels from a batch's parent to its cells: 7⁴ = 2,401 cells
# Grandchildren stick out of a cell by less than a fifth of its radius; what is kept in vain costs a batch alone.
_GROWN = 1.5


@dataclass(frozen=True)
class Hexagons:
    """A batch of cells.

    Parameters
    ----------
    cell : uint64 array
        H3 indices.
    shape : object array of polygons, lon/lat
    """

    cell: np.ndarray[Any, Any]
    shape: np.ndarray[Any, Any]

    def __len__(self) -> int:
        return len(self.cell)

    def names(self) -> list[str]:
        """Return the cells' indices as H3 writes them, hexadecimal."""
        return [f"{cell:x}" for cell in self.cell.tolist()]


def parents_of(shapes: shapely.STRtree, resolution: int) -> np.ndarray[Any, Any]:
    """Return the coarse cells (uint64, sorted) under which all cells of the resolution that meet a shape are found.

    Raises
    ------
    InputError
        For a resolution that is none of 0 to `FINEST`.
    UnavailableError
        Where the extra ``siting`` is not installed.
    """
    if not 0 <= resolution <= FINEST:
        raise InputError(
            f"expected a resolution of 0 to {FINEST}, got {resolution}",
            hint="9 has cells of 0.1 km², 8 of 0.7 km², 7 of 5 km²",
        )
    h3 = _h3()
    cells = np.asarray(h3.get_res0_cells(), np.uint64)
    for level in range(max(0, resolution - _STEPS) + 1):
        if level:
            cells = np.concatenate([np.asarray(h3.cell_to_children(cell, level), np.uint64) for cell in cells.tolist()])
        cells = cells[np.unique(shapes.query(_grown(_polygons(cells)), predicate="intersects")[0])]
        if not len(cells):
            break
    return np.sort(cells)


def cells_below(resolution: int) -> int:
    """Return how many cells lie below each of `parents_of`; below a pentagon there are fewer."""
    return int(7 ** min(_STEPS, resolution))


def hexagons_below(
    parents: np.ndarray[Any, Any], resolution: int, bounds: tuple[float, float, float, float]
) -> Hexagons:
    """Return the cells of the resolution below parents that meet a box (west, south, east, north; degrees)."""
    h3 = _h3()
    below = [np.sort(np.asarray(h3.cell_to_children(int(parent), resolution), np.uint64)) for parent in parents]
    cells = np.concatenate([np.empty(0, np.uint64), *below])
    shapes = _polygons(cells)
    west, south, east, north = shapely.bounds(shapes).T
    near = (west <= bounds[2]) & (east >= bounds[0]) & (south <= bounds[3]) & (north >= bounds[1])
    return Hexagons(cells[near], shapes[near])


def _polygons(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return cells as polygons; one that crosses the antimeridian goes on past 180°."""
    corners = list(map(_h3().cell_to_boundary, cells.tolist()))
    counts = np.fromiter(map(len, corners), np.int64, len(corners))
    flat = np.fromiter(chain.from_iterable(chain.from_iterable(corners)), np.float64, 2 * int(counts.sum()))
    lonlat = flat.reshape(-1, 2)[:, ::-1]  # H3 says latitude first
    ring = np.repeat(np.arange(len(cells)), counts)
    first = np.repeat(lonlat[np.cumsum(counts) - counts, 0], counts) if len(cells) else lonlat[:, 0]
    east = np.round((first - lonlat[:, 0]) / 360.0) * 360.0
    rings = shapely.linearrings(lonlat + np.column_stack([east, np.zeros_like(east)]), indices=ring)
    return np.asarray(shapely.polygons(rings), object)


def _grown(shapes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    centre = shapely.get_coordinates(shapely.centroid(shapes))[owner]
    return np.asarray(shapely.set_coordinates(shapes.copy(), centre + (corners - centre) * _GROWN), object)


def _h3() -> Any:
    try:
        from h3.api import numpy_int
    except ImportError as error:
        raise UnavailableError(
            "hexagons want the package h3, which is not installed", hint="pip install 'yudi[siting]'"
        ) from error
    return numpy_int
