"""What rounding leaves open, settled by GEOS on the shapes themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from yudi.core.cellgrid.answers import Array

__all__ = ["Shapes", "settled_overlaps", "settled_points", "shapes_of"]

Shapes = Sequence[Any] | Array | Callable[[Array], Array]


def shapes_of(shapes: Shapes, rows: Array) -> Array:
    """Return the geometries of rows as an object array."""
    if callable(shapes):
        return np.asarray(shapes(rows), object)
    if isinstance(shapes, np.ndarray):
        return shapes[rows]
    made = np.empty(len(rows), object)
    made[:] = [shapes[row] for row in rows.tolist()]
    return made


def settled_points(shapes: Shapes, x: Array, y: Array, feature: Array) -> Array:
    """Return which points GEOS finds in the feature that is given for each, borders included."""
    rows, index = np.unique(feature, return_inverse=True)
    geometries = shapes_of(shapes, rows)
    found: Array = shapely.intersects_xy(geometries[index], x, y)
    return found


def settled_overlaps(shapes: Shapes, sites: Array, feature: Array, is_closed: bool) -> tuple[Array, ...]:
    """Return of each site and feature whether they meet, area and length inside, and whether the feature covers it."""
    rows, index = np.unique(feature, return_inverse=True)
    geometries = shapes_of(shapes, rows)[index]
    is_met = shapely.intersects(geometries, sites)
    inside = shapely.intersection(geometries, sites)
    area = shapely.area(inside) if is_closed else np.zeros(len(sites))
    return is_met, area, shapely.length(inside), shapely.covers(geometries, sites)
