"""How large, how long, how far: areas, lengths and distances in metres of shapes given in lon/lat degrees.

Everything is measured in a plane whose name goes into the answer: a transverse Mercator projection of the
CGCS2000 ellipsoid with its central meridian at the place itself, so the scale error stays below 1e-5 within
some 28 km of it. The geodesic functions measure on the ellipsoid instead and serve as the cross-check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

__all__ = [
    "GAP_M",
    "STRIP_DEGREES",
    "Plane",
    "area_m2",
    "distance_m",
    "equal_area_plane",
    "gap_m",
    "geodesic_area_m2",
    "geodesic_length_m",
    "is_shallow",
    "length_m",
    "part_of_dimension",
    "plane_at",
    "strips",
]

# CGCS2000: a = 6 378 137 m, 1/f = 298.257 222 101 (GB 22021-2008), the figures of GRS 1980.
_ELLIPSOID = "+a=6378137 +rf=298.257222101"
# The sagitta of an edge of 0.01 degrees along a parallel, L² tan(latitude) / 8R, is 1 cm at 30° north.
_EDGE_DEGREES = 0.01
# Half a strip and the rounding of its meridian are 0.2° or 22 km, where a distance is 6e-6 too long; a gap of 5 km
# then ends at 27 km (9e-6). Longer gaps are measured again in a plane at their own middle.
STRIP_DEGREES = 0.3
GAP_M = 5_000.0
_GEOD = Geod(a=6378137.0, rf=298.257222101)


@dataclass(frozen=True)
class Plane:
    """A plane to measure in, with the name that results quote.

    Parameters
    ----------
    name : str
        Method in words, such as ``"transverse Mercator, central meridian 107.4°E, CGCS2000"``.
    transformer : pyproj.Transformer
        From lon/lat degrees to metres.
    """

    name: str
    transformer: Transformer = field(repr=False, compare=False)

    def to_plane(self, geometry: Any) -> Any:
        """Return a geometry, or an array of them, in metres (x east, y north); missing ones stay missing.

        An edge is straight in lon/lat, as GeoJSON has it; long ones get vertices first, so that they stay
        where they are to about a centimetre.
        """
        dense = shapely.segmentize(geometry, _EDGE_DEGREES)
        return shapely.transform(dense, self.transformer.transform, interleaved=False)

    def to_lonlat(self, geometry: Any) -> Any:
        """Return a geometry in metres, or an array of them, back in lon/lat degrees."""

        def back(x: Any, y: Any) -> Any:
            return self.transformer.transform(x, y, direction="INVERSE")

        return shapely.transform(geometry, back, interleaved=False)


def plane_at(lon: float) -> Plane:
    """Return the plane for a place at longitude ``lon`` (degrees east), its central meridian rounded to 0.1°.

    Examples
    --------
    >>> plane_at(107.43).name
    'transverse Mercator, central meridian 107.4°E, CGCS2000'
    """
    return _plane(round(float(lon), 1) + 0.0)


@lru_cache(maxsize=1)
def equal_area_plane() -> Plane:
    """Return the plane in which areas of all places are those on the ellipsoid; distances in it mean nothing.

    Examples
    --------
    >>> square = shapely.box(107.0, 30.0, 107.1, 30.1)
    >>> bool(abs(area_m2(square, equal_area_plane()) / geodesic_area_m2(square) - 1) < 1e-6)
    True
    """
    pipeline = f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cea {_ELLIPSOID}"
    return Plane("cylindrical equal-area projection, CGCS2000", Transformer.from_pipeline(pipeline))


@lru_cache(maxsize=4096)
def _plane(meridian: float) -> Plane:
    side = "W" if meridian < 0 else "E"
    pipeline = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=tmerc +lat_0=0 +lon_0={meridian:.1f} +k=1 +x_0=0 +y_0=0 {_ELLIPSOID}"
    )
    name = f"transverse Mercator, central meridian {abs(meridian):.1f}°{side}, CGCS2000"
    return Plane(name, Transformer.from_pipeline(pipeline))


def area_m2(geometry: Any, plane: Plane) -> Any:
    """Return the area in m² of a lon/lat geometry (float) or array of them (float array) in a plane.

    Points and lines have none (0); a missing geometry gives NaN.
    """
    return shapely.area(plane.to_plane(geometry))


def length_m(geometry: Any, plane: Plane) -> Any:
    """Return the length in m of lon/lat lines (float or float array) in a plane; of polygons, the perimeter."""
    return shapely.length(plane.to_plane(geometry))


def distance_m(one: Any, other: Any, plane: Plane) -> Any:
    """Return the least distance in m between lon/lat geometries (broadcast) in a plane; 0 where they touch."""
    return shapely.distance(plane.to_plane(one), plane.to_plane(other))


def strips(geometry: BaseGeometry) -> list[tuple[Plane, BaseGeometry]]:
    """Return a lon/lat geometry cut along meridians, each strip with the plane in which distances from it are good.

    A geometry no wider than 0.3° stays whole; its plane is the one at its centroid.
    """
    west, south, east, north = geometry.bounds
    count = int(np.ceil((east - west) / STRIP_DEGREES))
    if count <= 1:
        return [(plane_at(geometry.centroid.x), geometry)]
    edges = np.linspace(west, east, count + 1)
    cut = [((a + b) / 2, geometry.intersection(shapely.box(a, south, b, north))) for a, b in pairwise(edges)]
    return [(plane_at(middle), piece) for middle, piece in cut if not piece.is_empty]


def gap_m(one: BaseGeometry, other: BaseGeometry, plane: Plane, known: float | None = None) -> float:
    """Return the least distance in m between two geometries that are in the plane, good to 1e-5.

    A long gap leaves the narrow belt in which the plane is that good; its ends are put into a plane between them.

    Parameters
    ----------
    known : float, optional
        Their distance in the plane, where it was measured already.
    """
    gap = float(shapely.distance(one, other)) if known is None else known
    if gap <= GAP_M:
        return gap
    x, y = shapely.get_coordinates(shapely.shortest_line(one, other))[[0, -1]].T
    lon, lat = plane.transformer.transform(x, y, direction="INVERSE")
    x, y = plane_at((lon[0] + lon[1]) / 2).transformer.transform(lon, lat)
    return math.sqrt((x[1] - x[0]) ** 2 + (y[1] - y[0]) ** 2)


def geodesic_area_m2(geometry: BaseGeometry | None) -> float:
    """Return the area in m² of a lon/lat geometry on the CGCS2000 ellipsoid.

    Shells count positive and holes negative whatever their direction; nothing has no area. A ring that crosses
    itself gives the difference of its lobes. Edges are straight in lon/lat, as in :meth:`Plane.to_plane`.

    Notes
    -----
    Source: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013), section 6, by way of PROJ.
    """
    if geometry is None:
        return 0.0
    total = 0.0
    for part in shapely.get_parts(shapely.segmentize(geometry, _EDGE_DEGREES)):
        if part.geom_type == "Polygon" and not part.is_empty:
            total += _ring_area(part.exterior) - sum(_ring_area(hole) for hole in part.interiors)
    return total


def _ring_area(ring: BaseGeometry) -> float:
    x, y = shapely.get_coordinates(ring).T
    return abs(float(_GEOD.polygon_area_perimeter(x, y)[0]))


def geodesic_length_m(geometry: BaseGeometry | None) -> float:
    """Return the length in m of a lon/lat line, or a polygon's perimeter, on the ellipsoid; edges as for the area."""
    if geometry is None or geometry.is_empty:
        return 0.0
    return abs(float(_GEOD.geometry_length(shapely.segmentize(geometry, _EDGE_DEGREES))))


def part_of_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return the points (0), lines (1) or polygons (2) of a geometry and leave out all else.

    Examples
    --------
    >>> mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (0 0, 1 1))")
    >>> part_of_dimension(mixed, 1)
    <LINESTRING (0 0, 1 1)>
    >>> part_of_dimension(mixed, 2).is_empty
    True
    """
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) == 7).any():  # a collection may hold collections
        parts = np.concatenate([shapely.get_parts(part) for part in parts])
    singles = shapely.get_parts(parts)
    singles = singles[(shapely.get_dimensions(singles) == dimension) & ~shapely.is_empty(singles)]
    if len(singles) == 1:
        single: BaseGeometry = singles[0]
        return single
    make = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[dimension]
    result: BaseGeometry = make(singles)
    return result


def is_shallow(
    overlap: BaseGeometry, site: BaseGeometry, plane: Plane, *, depth_m: float = 1.0, share: float = 0.001
) -> bool:
    """Return whether the overlap of a site with a zone is so small that it counts as mere touching.

    Parameters
    ----------
    overlap : geometry, lon/lat
        Intersection of the site with the zone, or with several of them.
    site : geometry, lon/lat
        The whole site; its dimension decides what is compared.
    plane : Plane
        Where to measure.
    depth_m, share : float
        A polygon's overlap is shallow if nothing of it lies deeper than half of ``depth_m`` from its own edge, or
        if it is less than ``share`` of the site's area; a line's if it is shorter than ``depth_m``, or less than
        ``share`` of its length. Points are closed: never shallow. An overlap of lower dimension is shallow.
        A site that is nowhere deeper itself has only its share to be judged by, else it would lie nowhere.
        Of a site in several parts the overlap must be shallow for the site and for every part by itself: a part
        that lies in a zone is not small because another one is large.
    """
    dimension = int(shapely.get_dimensions(site))
    if dimension == 0:
        return False
    inside = part_of_dimension(overlap, dimension)
    if inside.is_empty:
        return True
    parts = shapely.get_parts(site)
    if not _is_shallow(plane.to_plane(inside), plane.to_plane(site), depth_m, share):
        return False
    if len(parts) == 1:
        return True
    for part in parts[shapely.intersects(parts, inside)]:
        within = plane.to_plane(part_of_dimension(shapely.intersection(part, inside), dimension))
        if not within.is_empty and not _is_shallow(within, plane.to_plane(part), depth_m, share):
            return False
    return True


def _is_shallow(inside: BaseGeometry, whole: BaseGeometry, depth_m: float, share: float) -> bool:
    """Return whether what lies inside is small against the whole; both of one dimension and in the plane."""
    if shapely.get_dimensions(whole) == 1:
        return bool(inside.length < share * whole.length or inside.length < depth_m <= whole.length)
    if inside.area < share * whole.area:
        return True
    return bool(shapely.buffer(inside, -depth_m / 2).is_empty and not shapely.buffer(whole, -depth_m / 2).is_empty)
