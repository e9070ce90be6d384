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
    rings = shapely.get_rings(shapely.get_parts(shape))
    lines = shapely.union_all(shapely.linestrings(shapely.get_coordinates(rings[0]))) if len(rings) == 1 else None
    lines = shapely.union_all(shapely.get_parts(rings)) if lines is None else lines
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return shapely.Polygon()
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    kept = faces[_turns(inner, rings) % 2 == 1]
    union: BaseGeometry = shapely.union_all(kept)
    return part_of_dimension(union, 2)


def _turns(points: np.ndarray[Any, Any], rings: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Count, for every point, the ring segments that a ray from it eastwards meets."""
    ends = [shapely.get_coordinates(ring) for ring in rings]
    start = np.concatenate([ring[:-1] for ring in ends])
    stop = np.concatenate([ring[1:] for ring in ends])
    counts = np.zeros(len(points), int)
    for number, (x, y) in enumerate(points):
        spans = (start[:, 1] > y) != (stop[:, 1] > y)
        (x1, y1), (x2, y2) = start[spans].T, stop[spans].T
        counts[number] = int((x1 + (y - y1) / (y2 - y1) * (x2 - x1) > x).sum())
    return counts


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
