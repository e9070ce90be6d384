"""Areas, lengths and distances against figures worked out by other ways."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from yudi.core.measure import (
    area_m2,
    distance_m,
    geodesic_area_m2,
    geodesic_length_m,
    is_shallow,
    length_m,
    part_of_dimension,
    plane_at,
)

PLANE = plane_at(107.4)
METRE_NORTH = 1 / 110850.0  # degrees of latitude, by the meridian's radius of curvature at 29.5°: 110 850 m a degree


def square(side_m: float, lon: float = 107.4, lat: float = 29.5) -> shapely.Polygon:
    """Return a square in lon/lat whose lower left corner lies at a place, drawn in the plane of that place."""
    plane = plane_at(lon)
    x, y = plane.to_plane(shapely.Point(lon, lat)).coords[0]
    return plane.to_lonlat(shapely.box(x, y, x + side_m, y + side_m))


def test_a_plane_says_its_meridian_and_ellipsoid():
    """The name quotes projection, meridian to 0.1 degree with its side, and ellipsoid."""
    assert plane_at(-72.56).name == "transverse Mercator, central meridian 72.6°W, CGCS2000"


def test_planes_are_shared():
    """The same rounded meridian gives the same plane, so that it is set up once."""
    assert plane_at(107.41) is plane_at(107.39)


def test_a_degree_of_latitude_has_the_length_that_the_ellipsoid_gives_it():
    """The meridian arc from 29 to 30 degrees is a(1-e²)∫(1-e² sin²φ)^-1.5 dφ, here summed by Simpson's rule."""
    axis, flattening = 6378137.0, 1 / 298.257222101
    e2 = flattening * (2 - flattening)
    angles = np.radians(np.linspace(29, 30, 101))
    radii = axis * (1 - e2) * (1 - e2 * np.sin(angles) ** 2) ** -1.5
    weights = np.array([1, *([4, 2] * 49), 4, 1])
    arc = float((radii * weights).sum() * (angles[1] - angles[0]) / 3)
    line = shapely.LineString([(107.4, 29), (107.4, 30)])

    assert length_m(line, PLANE) == pytest.approx(arc, abs=1e-4)
    assert geodesic_length_m(line) == pytest.approx(arc, abs=1e-4)


def test_area_in_the_plane_and_on_the_ellipsoid_agree():
    """A square of 1 km drawn in the plane has a million m² by both methods."""
    shape = square(1000.0)

    assert area_m2(shape, PLANE) == pytest.approx(1e6, abs=0.01)
    assert geodesic_area_m2(shape) == pytest.approx(1e6, rel=1e-6)


def test_a_hole_is_taken_off_whatever_its_direction():
    """Shell minus hole, also where both run the same way round."""
    shell, hole = square(1000.0), square(100.0, 107.402, 29.502)
    shape = shapely.Polygon(shell.exterior, [hole.exterior])

    assert geodesic_area_m2(shape) == pytest.approx(1e6 - 1e4, rel=1e-5)


def test_arrays_are_measured_at_once_and_missing_shapes_have_no_number():
    """An array gives an array; a missing geometry gives NaN."""
    areas = area_m2(np.array([square(10.0), None]), PLANE)

    assert areas[0] == pytest.approx(100.0, abs=1e-4)
    assert math.isnan(areas[1])


def test_distance_is_between_nearest_points():
    """Two points a hundredth of a degree apart on the meridian; shapes that touch have distance 0."""
    one, other = shapely.Point(107.4, 29.495), shapely.Point(107.4, 29.505)

    assert distance_m(one, other, PLANE) == pytest.approx(0.01 / METRE_NORTH, rel=1e-4)
    assert distance_m(square(10.0), square(10.0), PLANE) == 0


def test_nothing_has_no_size():
    """Missing and empty shapes have area and length 0 on the ellipsoid."""
    assert geodesic_area_m2(None) == 0
    assert geodesic_length_m(shapely.LineString()) == 0


def test_parts_of_a_dimension_are_found_in_nested_collections():
    """Polygons are found however deep, and all else is left out."""
    mixed = shapely.GeometryCollection(
        [shapely.Point(0, 0), shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])]
    )

    assert part_of_dimension(mixed, 2).area == 2
    assert part_of_dimension(mixed, 1).is_empty


def test_a_strip_half_a_metre_wide_is_shallow_and_two_metres_are_not():
    """Depth decides where the share is above its own limit: site of 100 m, strips of 0.5 % and 2 %."""
    site = square(100.0)
    plane_site = PLANE.to_plane(site)
    x, y, *_ = plane_site.bounds
    thin = PLANE.to_lonlat(shapely.box(x, y, x + 100, y + 0.5))
    thick = PLANE.to_lonlat(shapely.box(x, y, x + 100, y + 2.0))

    assert is_shallow(thin, site, PLANE)
    assert not is_shallow(thick, site, PLANE)


def test_a_small_share_is_shallow_however_deep():
    """A corner of 20 m by 20 m is 0.04 % of a site of 1 km, below 0.1 %; of 50 m it is 0.25 %."""
    site = square(1000.0)

    assert is_shallow(square(20.0), site, PLANE)
    assert not is_shallow(square(50.0), site, PLANE)


def test_a_line_is_shallow_where_it_is_short():
    """Of a line of 500 m, 0.9 m inside is touching and 5 m is not; its end point alone is touching."""
    x, y = PLANE.to_plane(shapely.Point(107.4, 29.5)).coords[0]
    line, short, long = (PLANE.to_lonlat(shapely.LineString([(x, y), (x + d, y)])) for d in (500.0, 0.9, 5.0))

    assert is_shallow(short, line, PLANE)
    assert not is_shallow(long, line, PLANE)
    assert is_shallow(shapely.Point(107.4, 29.5), line, PLANE)


def test_points_are_never_shallow():
    """Points are closed: touching counts."""
    point = shapely.Point(107.4, 29.5)

    assert not is_shallow(point, point, PLANE)
