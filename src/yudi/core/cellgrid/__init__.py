"""Polygons compiled to cells, which many points, polygons and lines are then compared with quickly and exactly."""

from yudi.core.cellgrid.answers import Lengths, Overlaps, Pairs
from yudi.core.cellgrid.grid import CellGrid, compile_grid
from yudi.core.cellgrid.twin import Twin

__all__ = ["CellGrid", "Lengths", "Overlaps", "Pairs", "Twin", "compile_grid"]
