"""The flat arrays of a compiled grid, as the compiled loops take them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

__all__ = ["CORNER_IN", "CORNER_OUT", "CORNER_UNSURE", "FULL", "IN", "OUT", "UNSURE", "Frame", "Grid", "Paths"]

Array = np.ndarray[Any, Any]

# Where a point lies. What rounding leaves open is not guessed.
OUT, IN, UNSURE = 0, 1, 2
# The two low bits of an entry: where the upper right corner of its subcell lies, or that the feature fills the subcell.
CORNER_OUT, CORNER_IN, CORNER_UNSURE, FULL = 0, 1, 2, 3


class Frame(NamedTuple):
    """Square cells over a plane, row by row from the lower left corner.

    Parameters
    ----------
    west, south : float
        Lower left corner of the first cell.
    step : float
        Side of a cell.
    pad : float
        More than rounding can move a point across a border: an edge is listed in every cell that it nears so much.
    columns, rows : int
    features : int
        How many features there are, those without shape too.
    """

    west: float
    south: float
    step: float
    pad: float
    columns: int
    rows: int
    features: int


class Grid(NamedTuple):
    """Features compiled to two levels of cells.

    A cell is cut into ``side²`` subcells. A subcell has an entry for every feature that fills it or whose edges come
    near it; the entry of the latter has runs of successive edges. The features that fill a whole cell are listed once
    for the cell. Lists are in ascending order of features.

    Parameters
    ----------
    frame : Frame
    xy : float64 array (2 × vertices)
        Vertices, x and y in turn: rings one after the other, each closed; shells run counter-clockwise and holes
        clockwise. Edge i leads from vertex i to the next.
    side : int32 array (cells)
        Subcells along a side, a power of two.
    first_subcell, first_full : int32 arrays (cells + 1)
    first_entry : int32 array (subcells + 1)
    entry : int32 array (entries)
        Feature × 4 + one of the four states.
    first_run : int32 array (entries + 1)
    run_start, run_count : int32 arrays (runs)
        First edge of a run, and how many edges.
    full : int32 array
        Features that fill a whole cell.
    """

    frame: Frame
    xy: Array
    side: Array
    first_subcell: Array
    first_entry: Array
    entry: Array
    first_run: Array
    run_start: Array
    run_count: Array
    first_full: Array
    full: Array


class Paths(NamedTuple):
    """Sites as paths: the closed rings of polygons, or the parts of lines.

    Parameters
    ----------
    xy : float64 array (2 × vertices)
        x and y in turn.
    first_vertex : int64 array (paths + 1)
    first_path : int64 array (sites + 1)
    """

    xy: Array
    first_vertex: Array
    first_path: Array
