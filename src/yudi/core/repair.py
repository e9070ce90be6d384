"""What does a shape mean whose rings cross: the even-odd reading, and the name of the defect."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import part_of_dimension

__all__ = ["even_odd", "name_defect"]


def even_odd(shape: BaseGeometry) -> BaseGeometry:
    """Return the places that an odd number of a polygonal shape's rings goes around, as a valid shape.

    The rings' lines are cut where they meet, and of every face between them one inner point decides; a face that
    two rings or two turns of one ring go around is outside. Empty where nothing is left.

    Examples
    --------
    >>> nested = shapely.from_wkt("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))")
    >>> even_odd(nested).area
    12.0
    """
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    lines = shapely.union_all(shapely.linestrings(np.concatenate(rings), indices=_owners(rings)))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return shapely.Polygon()
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    kept = faces[_turns(inner, rings) % 2 == 1]
    union: BaseGeometry = shapely.union_all(kept)
    return part_of_dimension(union, 2)


def _owners(rings: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    return np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])


def _turns(points: np.ndarray[Any, Any], rings: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Count, for every point, the ring segments that a ray from it eastwards meets."""
    start = np.concatenate([ring[:-1] for ring in rings])
    stop = np.concatenate([ring[1:] for ring in rings])
    x, y = points.T
    end = np.full(len(x), max(start[:, 0].max(), x.max()) + 1.0)
    rays = shapely.linestrings(np.stack([np.stack([x, y], 1), np.stack([end, y], 1)], 1))
    tree = shapely.STRtree(shapely.linestrings(np.stack([start, stop], 1)))
    point, segment = tree.query(rays)
    (x1, y1), (x2, y2) = start[segment].T, stop[segment].T
    spans = (y1 > y[point]) != (y2 > y[point])
    point, x1, y1, x2, y2 = point[spans], x1[spans], y1[spans], x2[spans], y2[spans]
    crossed = x1 + (y[point] - y1) / (y2 - y1) * (x2 - x1) > x[point]
    return np.bincount(point[crossed], minlength=len(x))


def name_defect(shape: BaseGeometry, after: BaseGeometry) -> str:
    """Return the key of what makes a polygonal shape invalid, given its even-odd reading.

    One of ``ring_crosses_itself``, ``ring_touches_itself`` (one reading only, the area is the same),
    ``hole_crosses_shell``, ``shell_inside_shell``, ``shells_overlap``, ``shells_share_edge`` (one reading only).
    """
    parts = shapely.get_parts(shape)
    shells = shapely.polygons(shapely.get_exterior_ring(parts))
    if not shapely.is_valid(shells).all():
        kept = abs(after.area - shape.area) <= 1e-9 * max(after.area, 1e-12)
        touches = "Ring Self-intersection" in shapely.is_valid_reason(shape)
        return "ring_touches_itself" if kept and touches else "ring_crosses_itself"
    if not shapely.is_valid(parts).all():
        return "hole_crosses_shell"
    if "Nested shells" in shapely.is_valid_reason(shape):
        return "shell_inside_shell"
    kept = abs(after.area - float(shapely.area(parts).sum())) <= 1e-9 * max(after.area, 1e-12)
    return "shells_share_edge" if kept else "shells_overlap"
