"""Compiled polygons: which of many features points, polygons and lines meet, told at the speed of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yudi.core.cellgrid.answers import Lengths, Overlaps, Pairs
from yudi.core.cellgrid.layout import Array, Frame, Grid
from yudi.core.cellgrid.settling import Shapes

__all__ = ["CellGrid", "compile_grid"]


@dataclass(frozen=True, eq=False)
class CellGrid:
    """Polygons compiled to cells: most questions are answered by a look-up, the others by few edges.

    Made by `compile_grid`, or by `from_arrays` from what a file keeps. What rounding leaves open is settled by GEOS
    on the shapes, so answers are GEOS's.

    Parameters
    ----------
    grid : Grid
        Read-only arrays.
    shapes : sequence of geometries, or callable from an int array of rows to an object array of geometries
        Is asked only for the few rows that GEOS settles.
    """

    grid: Grid
    shapes: Shapes

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array], shapes: Shapes) -> CellGrid:
        """Return the grid whose `arrays` are given, memory-mapped ones too; nothing is copied."""
        frame = arrays["frame"].tolist()
        fields = [_read_only(arrays[name]) for name in Grid._fields[1:]]
        return cls(Grid(Frame(*frame[:4], *map(int, frame[4:])), *fields), shapes)

    def arrays(self) -> dict[str, Array]:
        """Return the flat named arrays that `from_arrays` takes."""
        return {"frame": np.array(self.grid.frame, float)} | dict(zip(Grid._fields[1:], self.grid[1:], strict=True))

    def points(self, x: Array, y: Array, *, threads: int = 1) -> Pairs:
        """Return which points lie in which features, borders included.

        Parameters
        ----------
        x, y : float arrays (points)
            A point with NaN or infinity lies in none.
        threads : int
            Processor cores to use.
        """
        from yudi.core.cellgrid.searching import search_points

        x, y = _read_only(np.ascontiguousarray(x, float)), _read_only(np.ascontiguousarray(y, float))
        return search_points(self.grid, self.shapes, (x, y), threads=threads)

    def overlaps(self, sites: Array, *, threads: int = 1) -> Overlaps:
        """Return which polygons meet which features, touches included, and how much of each lies inside.

        Parameters
        ----------
        sites : object array of valid polygons and multipolygons
            None, empty ones and those with NaN or infinity meet nothing.
        threads : int
            Processor cores to use.

        Raises
        ------
        InputError
            If a site is no polygon.
        """
        from yudi.core.cellgrid.overlaying import overlay_polygons

        return overlay_polygons(self.grid, self.shapes, np.asarray(sites, object), threads)

    def lengths(self, lines: Array, *, threads: int = 1) -> Lengths:
        """Return which lines meet which features, touches included, and how much of each lies inside.

        Parameters
        ----------
        lines : object array of lines and multilines
            None, empty ones and those with NaN or infinity meet nothing.
        threads : int
            Processor cores to use.

        Raises
        ------
        InputError
            If a site is no line.
        """
        from yudi.core.cellgrid.overlaying import overlay_lines

        return overlay_lines(self.grid, self.shapes, np.asarray(lines, object), threads)


def compile_grid(shapes: Array) -> CellGrid:
    """Return polygons compiled for many questions.

    Parameters
    ----------
    shapes : object array of valid polygons and multipolygons, shape (n,)
        In any plane, lon/lat too; None and empty ones meet nothing.

    Raises
    ------
    InputError
        If a shape is no polygon or has coordinates that are not finite.
    LimitError
        If there is more than int32 arrays can count.
    """
    from yudi.core.cellgrid.build import build

    shapes = np.asarray(shapes, object)
    made = build(shapes)
    return CellGrid(Grid(made.frame, *(_read_only(array) for array in made[1:])), shapes)


def _read_only(array: Array) -> Array:
    # One kind of array, so that the loops are compiled once: not writable, and a plain view of a memory-mapped one.
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view
