"""Land within so far of features, as polygons: some that surely lie so near, and some outside of which nothing does."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import Plane, strips

__all__ = ["grown"]

# A distance in the plane of a site differs from one in the plane of a strip by less than 2e-5 of it; edges that are
# straight in lon/lat leave those that are straight in a plane by centimetres.
_SLACK_M, _SLACK = 0.5, 2e-4
# GEOS leaves out corners of the input that bend by less than 1 % of the distance, and tries at most ten of those
# between two that it keeps: pieces of ten corners are therefore true to 1 %.
_SIMPLIFIED, _CORNERS = 1.012, 10
_QUARTER = 8  # facets in a quarter of a circle
_FACETS = 1 / np.cos(np.pi / 4 / _QUARTER)
_EDGE_M = 1_000.0


def grown(shapes: Any, radius_m: Any, *, is_outer: bool) -> np.ndarray[Any, Any]:
    """Return polygons in lon/lat of the land within a radius of shapes.

    Parameters
    ----------
    shapes : object array of geometries, lon/lat
    radius_m : float array, one a shape
        A shape with a negative radius has nothing so near.
    is_outer : bool
        Whether the polygons hold all that may be so near, or only what surely is.

    Returns
    -------
    object array of polygons, in no order; they may overlap
    """
    pieces: dict[Plane, list[tuple[BaseGeometry, float]]] = {}
    for shape, radius in zip(shapes, np.asarray(radius_m, float).tolist(), strict=True):
        if radius >= 0 and not shape.is_empty:
            for plane, piece in strips(shape):
                pieces.setdefault(plane, []).append((piece, radius))
    found = [np.empty(0, object)]
    for plane, there in pieces.items():
        flat = plane.to_plane(np.array([piece for piece, _ in there], object))
        radii = np.array([radius for _, radius in there])
        area = shapely.union_all(_outer(flat, radii) if is_outer else _inner(flat, radii))
        area = plane.to_lonlat(shapely.segmentize(area, _EDGE_M))
        found.append(shapely.get_parts(area if area.is_valid else shapely.make_valid(area)))
    parts = np.concatenate(found)
    areas: np.ndarray[Any, Any] = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return areas


def _outer(flat: Any, radii: Any) -> Any:
    reach = (radii + _SLACK_M + _SLACK * radii) * _FACETS * _SIMPLIFIED
    return shapely.buffer(flat, reach, quad_segs=_QUARTER)


def _inner(flat: Any, radii: Any) -> Any:
    reach = radii - _SLACK_M - _SLACK * radii
    is_shrunk = reach <= 0
    shrunk = shapely.buffer(flat[is_shrunk], reach[is_shrunk])  # of points and lines nothing remains
    lines, of = _pieces(flat[~is_shrunk])
    bands = shapely.buffer(lines, reach[~is_shrunk][of] / _SIMPLIFIED, quad_segs=_QUARTER)
    whole = flat[~is_shrunk]
    return np.concatenate([shrunk, bands, whole[shapely.get_dimensions(whole) == 2]])


def _pieces(flat: Any) -> tuple[Any, Any]:
    """Return points, and lines and borders cut into pieces of few corners; and whose each is."""
    parts, of = shapely.get_parts(flat, return_index=True)
    dimension = shapely.get_dimensions(parts)
    found, whose = [parts[dimension == 0]], [of[dimension == 0]]
    rings, ring_of = shapely.get_rings(parts[dimension == 2], return_index=True)
    lines = np.concatenate([parts[dimension == 1], rings])
    lines_of = np.concatenate([of[dimension == 1], of[dimension == 2][ring_of]])
    xy, line_of = shapely.get_coordinates(lines, return_index=True)
    if len(lines):
        first = np.searchsorted(line_of, np.arange(len(lines)))
        count = np.diff(np.append(first, len(xy)))
        pieces = np.maximum(1, -(-(count - 1) // (_CORNERS - 1)))
        piece_of = np.repeat(np.arange(len(lines)), pieces)
        start = first[piece_of] + (np.arange(len(piece_of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) * (
            _CORNERS - 1
        )
        size = np.minimum(_CORNERS, (first + count)[piece_of] - start)
        rows = np.repeat(start, size) + np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        found.append(shapely.linestrings(xy[rows], indices=np.repeat(np.arange(len(size)), size)))
        whose.append(lines_of[piece_of])
    return np.concatenate(found), np.concatenate(whose)
