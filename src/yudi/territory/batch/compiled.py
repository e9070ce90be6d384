"""What of an edition's map is made ready once: its units and the areas of its tests, as grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yudi.core.cellgrid.grid import CellGrid, compile_grid
from yudi.core.cellgrid.twin import Twin
from yudi.territory.batch.contacts import holes_of
from yudi.territory.batch.exact import is_open
from yudi.territory.batch.places import distinct_tests
from yudi.territory.batch.regions import Regions, regions_of
from yudi.territory.edition import Edition, Layer
from yudi.territory.predicates import PlaceTest
from yudi.territory.reaches import reach_m

__all__ = ["Compiled", "compiled_map"]


@dataclass(frozen=True, eq=False, repr=False)
class Compiled:
    """An edition's map made ready for many sites.

    Parameters
    ----------
    tests : tuple of PlaceTest
        Those that are answered.
    regions : Regions
        What the areas of the tests say.
    units, areas : grids
        Of the units, and of the areas.
    unit_holes, area_holes : int32 arrays
        How many holes each has.
    unit_double : float array
        How much of each unit lies in others too, in square degrees.
    reach_m : float array (tests)
        How far around a site a layer must be complete for a test to be false.
    is_open : bool array (tests)
        A feature that may be meant is of unknown width, so that no site is far from it for certain.
    """

    tests: tuple[PlaceTest, ...]
    regions: Regions
    units: CellGrid | Twin
    areas: CellGrid | Twin
    unit_holes: Any
    area_holes: Any
    unit_double: Any
    reach_m: Any
    is_open: Any


def compiled_map(
    edition: Edition, tests: tuple[PlaceTest, ...] | None = None, *, twin: bool = False
) -> Compiled | None:
    """Return an edition's map made ready, or None where its units are no areas.

    Parameters
    ----------
    tests : tuple of PlaceTest or None
        Those of the edition unless given.
    twin : bool
        Whether GEOS alone answers, without compiled loops: the reference, and slow.
    """
    units = edition.units.geometry
    if (shapely.get_dimensions(units) != 2).any():
        return None
    tests = distinct_tests(edition) if tests is None else tests
    grid = Twin if twin else compile_grid
    regions, areas = regions_of(edition, tests)
    return Compiled(
        tests,
        regions,
        grid(units),
        grid(areas),
        holes_of(units),
        holes_of(areas),
        _double(edition.units),
        np.array([reach_m(edition, test) for test in tests], float),
        np.array([is_open(edition, test) for test in tests], bool),
    )


def _double(layer: Layer) -> Any:
    """Return how much of each unit lies in others too; only those with an edge that is not shared are compared."""
    units = layer.geometry
    double = np.zeros(len(units))
    wrong = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(units)))
    one, other = layer.tree.query(units[wrong], predicate="intersects")
    one = wrong[one]
    is_other = one != other
    one, other = one[is_other], other[is_other]
    np.add.at(double, one, shapely.area(shapely.intersection(units[one], units[other])))
    return double
