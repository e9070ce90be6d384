"""What does a shape mean whose rings cross: the even-odd reading, and the name of the defect."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import LimitError
from yudi.core.measure import part_of_dimension

__all__ = ["even_odd", "name_defect"]

_MEETINGS_MAX = 300_000  # pairs of segments that may cross, beyond ten for each segment: some seconds of work
_CHUNK = 2000


def even_odd(shape: BaseGeometry) -> BaseGeometry:
    """Return the places that an odd number of a polygonal shape's rings goes around, as a valid shape.

    The rings' lines are cut where they meet, and of every face between them one inner point decides; a face that
    two rings or two turns of one ring go around is outside. Empty where nothing is left.

    Raises
    ------
    LimitError
        If the lines meet in so many places that the repair would take more than seconds.

    Examples
    --------
    >>> nested = shapely.from_wkt("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))")
    >>> even_odd(nested).area
    12.0
    """
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    start = np.concatenate([ring[:-1] for ring in rings])
    stop = np.concatenate([ring[1:] for ring in rings])
    tree = shapely.STRtree(shapely.linestrings(np.stack([start, stop], 1)))
    _refuse_tangle(tree)
    lines = shapely.union_all(tree.geometries)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return shapely.Polygon()
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    kept = faces[_turns(inner, start, stop, tree=tree) % 2 == 1]
    union: BaseGeometry = shapely.coverage_union_all(kept)
    return part_of_dimension(union if union.is_valid else shapely.union_all(kept), 2)


def _refuse_tangle(tree: shapely.STRtree) -> None:
    most = _MEETINGS_MAX + 10 * len(tree)
    count = 0
    for first in range(0, len(tree), _CHUNK):
        count += tree.query(tree.geometries[first : first + _CHUNK]).shape[1]
        if count > most:
            message = f"expected at most {most} meetings of a shape's segments, got more"
            raise LimitError(message, hint="draw the shape again without crossings")


def _turns(
    points: np.ndarray[Any, Any], start: np.ndarray[Any, Any], stop: np.ndarray[Any, Any], *, tree: shapely.STRtree
) -> np.ndarray[Any, Any]:
    """Count, for every point, the ring segments that a ray from it eastwards meets."""
    counts = np.zeros(len(points), int)
    east = max(start[:, 0].max(), points[:, 0].max()) + 1.0
    for first in range(0, len(points), _CHUNK):
        x, y = points[first : first + _CHUNK].T
        ends = np.stack([np.stack([x, y], 1), np.stack([np.full(len(x), east), y], 1)], 1)
        point, segment = tree.query(shapely.linestrings(ends))
        (x1, y1), (x2, y2) = start[segment].T, stop[segment].T
        spans = (y1 > y[point]) != (y2 > y[point])
        point, x1, y1, x2, y2 = point[spans], x1[spans], y1[spans], x2[spans], y2[spans]
        crossed = x1 + (y[point] - y1) / (y2 - y1) * (x2 - x1) > x[point]
        counts[first : first + len(x)] = np.bincount(point[crossed], minlength=len(x))
    return counts


def name_defect(shape: BaseGeometry, after: BaseGeometry) -> str:
    """Return the key of what makes a polygonal shape invalid, given its even-odd reading.

    One of ``ring_crosses_itself``, ``ring_touches_itself`` (one reading only, the area is the same),
    ``hole_crosses_shell``, ``shell_inside_shell``, ``shells_overlap``, ``shells_share_edge`` (one reading only).
    """
    parts = shapely.get_parts(shape)
    shells = shapely.polygons(shapely.get_exterior_ring(parts))
    crossing = ~shapely.is_valid(shells)
    if crossing.any():
        if not all(_only_touches(shell) for shell in shells[crossing]):
            return "ring_crosses_itself"
        if _is_same_area(after, parts):
            return "ring_touches_itself"
        parts = shapely.get_parts(np.array([even_odd(part) for part in parts]))
    if not shapely.is_valid(parts).all():
        return "hole_crosses_shell"
    if "Nested shells" in shapely.is_valid_reason(shapely.multipolygons(parts)):
        return "shell_inside_shell"
    return "shells_share_edge" if _is_same_area(after, parts) else "shells_overlap"


def _only_touches(shell: BaseGeometry) -> bool:
    reading = even_odd(shell)
    return "Ring Self-intersection" in shapely.is_valid_reason(shell) and _is_same_area(reading, np.array([shell]))


def _is_same_area(shape: BaseGeometry, parts: np.ndarray[Any, Any]) -> bool:
    return abs(float(shape.area) - float(shapely.area(parts).sum())) <= 1e-9 * max(float(shape.area), 1e-12)
