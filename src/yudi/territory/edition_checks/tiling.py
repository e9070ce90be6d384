"""Where shapes that should tile do not: gaps and overlaps, without those so thin that they are noise.

Borders are compared in lon/lat degrees, in which edges are straight; areas and widths are measured in metres, in a
plane at each piece. All shapes are handled as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import plane_at

__all__ = [
    "GRID",
    "Pieces",
    "channels",
    "dirty",
    "gaps",
    "measured",
    "neighbours",
    "overlaps",
    "pieces",
    "thin",
    "union_of",
]

_Array = np.ndarray[Any, Any]
GRID = 1e-8
"""Degrees, about 1 mm: what borders differ by less than this falls together."""
_NEAR = 1e-7  # degrees: how far a gap may lie from the shapes that it touches, after snapping
_SQUARE_DEGREE_M2 = 111_700.0**2  # at most, times the cosine of the latitude
_DEGREE_M = 111_000.0  # of latitude
_ARC, _STRAY = 16, 0.002  # segments of a quarter circle, and a bound on how far chords lie off it, of the diameter
_SLENDER, _BANK, _BANKS = 5.0, 0.65, 0.85  # length by width; share of the outline that one and all shapes take
_POINTS_MAX = 200_000  # shapes are measured in blocks of about so many vertices


@dataclass(frozen=True)
class Pieces:
    """Pieces of land that lie wrong; parallel arrays.

    Parameters
    ----------
    geometry : object array of polygons, lon/lat
    group : int array
        What each belongs to: a pair of shapes, a gap.
    area_m2 : float array
    width_m : float array
        Of the rectangle with the same area and perimeter; of several parts the widest.
    is_sliver : bool array
        Nowhere wider than the limit for slivers.
    parts : int array
        Number of parts.
    """

    geometry: _Array
    group: _Array
    area_m2: _Array
    width_m: _Array
    is_sliver: _Array
    parts: _Array


def dirty(shapes: _Array) -> _Array:
    """Return which shapes have an edge that no neighbour shares point by point, or that lies in another shape.

    Where none has, the shapes are a valid coverage: nothing overlaps, and joining them is fast.
    """
    if len(shapes) == 0:
        return np.zeros(0, bool)
    edges = shapely.coverage_invalid_edges(shapes)
    unlike: _Array = ~np.atleast_1d(shapely.is_empty(edges))
    return unlike


def union_of(shapes: _Array, unlike: _Array) -> BaseGeometry:
    """Return what shapes cover together, fast where they share their borders and borders off by a millimetre joined.

    Parameters
    ----------
    shapes : object array of valid polygons, lon/lat
    unlike : bool array
        As `dirty` gives it.
    """
    clean: BaseGeometry = shapely.coverage_union_all(shapes[~unlike]) if not unlike.all() else shapely.Polygon()
    if not unlike.any():
        return clean
    together: BaseGeometry = shapely.union_all(np.array([*shapes[unlike], clean], dtype=object), grid_size=GRID)
    return together


def overlaps(shapes: _Array, unlike: _Array) -> tuple[_Array, _Array, _Array]:
    """Return pairs of shapes that overlap and what they have in common, collections with lines and points among it.

    Returns
    -------
    two int arrays (the lower index first) and an object array of geometries, shape (n,)
    """
    if not unlike.any():
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0, object)
    rows = np.flatnonzero(unlike)
    found = shapely.STRtree(shapes).query(shapes[rows])
    one, other = rows[found[0]], found[1]
    pairs = np.unique(np.sort(np.column_stack([one, other])[one != other], axis=1), axis=0)
    first, second = pairs[:, 0], pairs[:, 1]
    common = shapely.intersection(shapes[first], shapes[second], grid_size=GRID)
    wide = shapely.area(common) > 0
    return first[wide], second[wide], common[wide]


def gaps(union: BaseGeometry, region: BaseGeometry | None = None) -> _Array:
    """Return what is not covered: of a region all that lacks, without one the holes of the union.

    What lies in a hole as an island of the union is no part of it.
    """
    if region is not None:
        lacking: _Array = shapely.get_parts(shapely.difference(region, union, grid_size=GRID))
        return lacking
    parts = shapely.get_parts(union)
    rings = shapely.get_rings(parts)
    is_hole = np.ones(len(rings), bool)
    is_hole[np.cumsum([0, *(shapely.get_num_interior_rings(parts) + 1)])[:-1].astype(int)] = False
    holes: _Array = shapely.polygons(rings[is_hole])
    if len(holes) == 0 or len(parts) == 1:
        return holes
    hole, part = shapely.STRtree(parts).query(holes, predicate="contains_properly")
    for index in np.unique(hole):
        holes[index] = shapely.difference(holes[index], shapely.union_all(parts[part[hole == index]]))
    return holes


def channels(union: BaseGeometry, tree: shapely.STRtree, width_m: float) -> _Array:
    """Return the narrow strips between two shapes that are open to the outside, so that they are no holes.

    A strip is at most so wide, at least five times as long as that, and bordered by several shapes along nearly all of
    its outline: the notch where two shapes meet at a sharp angle is none, nor is a bay of one of them.

    Parameters
    ----------
    union : geometry, lon/lat
        What the shapes cover together.
    tree : STRtree
        Of the shapes.
    """
    shell = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union))))
    west, south, east, north = shell.bounds
    origin = np.array([(west + east) / 2, (south + north) / 2])
    scale = _DEGREE_M * np.array([np.cos(np.radians(origin[1])), 1.0])  # metres, to a few parts in a hundred
    flat = shapely.transform(shell, lambda points: (points - origin) * scale)
    closed = shapely.buffer(shapely.buffer(flat, width_m / 2, quad_segs=_ARC), -width_m / 2, quad_segs=_ARC)
    # Arcs are drawn as chords, so that a closed shape strays from the shape by about a thousandth of the width.
    stray = width_m * _STRAY
    strips = shapely.get_parts(shapely.difference(closed, shapely.buffer(flat, stray)))
    area, around = shapely.area(strips), shapely.length(strips)
    strips = strips[area >= _SLENDER * width_m * _width(area, around)]
    whole = shapely.difference(shapely.intersection(closed, shapely.buffer(strips, 2 * stray)), flat)
    found: _Array = shapely.transform(whole, lambda points: points / scale + origin)
    return found[_has_banks(found, tree)]


def _has_banks(strips: _Array, tree: shapely.STRtree) -> _Array:
    """Return which strips have shapes along nearly all of their outline, and not one shape alone."""
    strip, shape = neighbours(strips, tree)
    near = shapely.buffer(tree.geometries[shape], 3 * _NEAR, quad_segs=1)
    shared = shapely.length(shapely.intersection(shapely.boundary(strips[strip]), near))
    share = shared / shapely.length(strips[strip])
    every, most = np.zeros(len(strips)), np.zeros(len(strips))
    np.add.at(every, strip, share)
    np.maximum.at(most, strip, share)
    banks: _Array = (every > _BANKS) & (most < _BANK)
    return banks


def neighbours(shapes: _Array, tree: shapely.STRtree) -> tuple[_Array, _Array]:
    """Return which shapes of the tree each shape touches, as two int arrays: index of the shape, index in the tree."""
    found = tree.query(shapes, predicate="dwithin", distance=_NEAR)
    return found[0], found[1]


def pieces(shapes: _Array, *, noise_m: float, sliver_m: float) -> Pieces:
    """Return the polygons among shapes that are somewhere wider than noise, those of one shape together.

    Parameters
    ----------
    shapes : object array of geometries, lon/lat
        Their index is the group of what is found of them.
    noise_m : float
        A polygon nowhere wider than this is left out.
    sliver_m : float
        What is nowhere wider than this is marked as a sliver.
    """
    parts, group = _polygons(shapes)
    latitude = shapely.bounds(parts)[:, [1, 3]]
    cosine = np.cos(np.radians(np.abs(latitude).min(axis=1))) if len(parts) else np.zeros(0)
    holds = shapely.area(parts) * _SQUARE_DEGREE_M2 * cosine > np.pi / 4 * noise_m**2  # else no disc fits into it
    parts, group = parts[holds], group[holds]
    area, width, is_thin = measured(parts, (noise_m, sliver_m))
    real = ~is_thin[:, 0]
    parts, group, area, width, is_thin = parts[real], group[real], area[real], width[real], is_thin[real]
    names, index = np.unique(group, return_inverse=True)
    order = np.argsort(index, kind="stable")
    total, widest, count = np.zeros(len(names)), np.zeros(len(names)), np.bincount(index, minlength=len(names))
    np.add.at(total, index, area)
    np.maximum.at(widest, index, width)
    all_thin = np.ones(len(names), bool)
    np.logical_and.at(all_thin, index, is_thin[:, 1])
    made = shapely.multipolygons(parts[order], indices=index[order]) if len(parts) else parts
    single = count == 1
    made[single] = shapely.get_geometry(made[single], 0)
    return Pieces(made, names, total, widest, all_thin, count)


def _polygons(shapes: _Array) -> tuple[_Array, _Array]:
    """Return the polygons among shapes, one by one, and the index of the shape that each is of."""
    parts, group = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) >= 4).any():  # a collection may hold collections and multipolygons
        parts, inner = shapely.get_parts(parts, return_index=True)
        group = group[inner]
    flat = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    return parts[flat], group[flat]


def measured(shapes: _Array, limits_m: tuple[float, ...]) -> tuple[_Array, _Array, _Array]:
    """Return area (m²) and width (m) of polygons, and whether each is nowhere wider than each of the limits.

    Returns
    -------
    float arrays of shape (n,), and a bool array of shape (n, number of limits)
    """
    area, width = np.zeros(len(shapes)), np.zeros(len(shapes))
    is_thin = np.zeros((len(shapes), len(limits_m)), bool)
    middle = shapely.bounds(shapes)[:, [0, 2]].mean(axis=1) if len(shapes) else np.zeros(0)
    meridian = np.round(middle, 1)
    for lon in np.unique(meridian):
        for rows in _blocks(np.flatnonzero(meridian == lon), shapes):
            flat = plane_at(float(lon)).to_plane(shapes[rows])
            area[rows], around = shapely.area(flat), shapely.length(flat)
            width[rows] = _width(area[rows], around)
            for column, limit in enumerate(limits_m):
                is_thin[rows, column] = thin(flat, area[rows], around, limit)
    return area, width, is_thin


def _blocks(rows: _Array, shapes: _Array) -> list[_Array]:
    """Return rows in blocks of so few vertices that a block needs little memory."""
    sizes = np.cumsum(shapely.get_num_coordinates(shapes[rows]))
    return [block for block in np.split(rows, np.flatnonzero(np.diff(sizes // _POINTS_MAX)) + 1) if len(block)]


def _width(area: _Array, around: _Array) -> _Array:
    """Return the shorter side of the rectangle with an area and a perimeter; where none has them, of the square."""
    inside = around**2 - 16 * area
    long_and_thin = (around - np.sqrt(np.maximum(inside, 0))) / 4
    result: _Array = np.where(inside > 0, long_and_thin, np.sqrt(area))
    return result


def thin(shapes: _Array, area: _Array, around: _Array, limit_m: float) -> _Array:
    """Return which polygons (in metres) are nowhere wider than a limit: no disc of that diameter fits into them."""
    # A disc needs its own area; and where area / perimeter is above the limit, one of twice the size fits in.
    small = area <= np.pi / 4 * limit_m**2
    unsure = ~small & (area <= limit_m * around)
    result: _Array = small.copy()
    result[unsure] = shapely.is_empty(shapely.buffer(shapes[unsure], -limit_m / 2, quad_segs=4))
    return result
