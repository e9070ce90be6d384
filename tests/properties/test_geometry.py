"""Laws of shapes, measures and reference systems, held against brute-force twins on random input."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from yudi.core.errors import InputError
from yudi.core.geometry import mend_layer, read_site
from yudi.core.measure import area_m2, distance_m, geodesic_area_m2, geodesic_length_m, length_m, plane_at
from yudi.core.repair import even_odd
from yudi.formats.crs import parse_crs, site_to_lonlat, to_lonlat
from yudi.formats.offsets import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

BELT = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True)
lons, lats = st.floats(106.6, 109.4), st.floats(28.2, 32.2)
small = st.integers(0, 12)
rings = st.lists(st.tuples(small, small), min_size=3, max_size=9, unique=True)
places = st.tuples(st.floats(-179, 179), st.floats(-75, 75))
stars = st.lists(st.floats(0.2, 1.0), min_size=3, max_size=12)


def star(lon: float, lat: float, radii: list[float], reach_m: float) -> shapely.Polygon:
    """Return a star-shaped polygon around a place, its corners at most so far away."""
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    plane = plane_at(lon)
    x, y = plane.to_plane(shapely.Point(lon, lat)).coords[0]
    corners = np.stack([np.cos(angles), np.sin(angles)], 1) * np.array(radii)[:, None] * reach_m + (x, y)
    return plane.to_lonlat(shapely.Polygon(corners))


def goes_around(ring: list[tuple[int, int]], x: float, y: float) -> bool:
    """Ten lines that anyone can check: does a ray to the right cross the ring an odd number of times?"""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def same_as_parity(shape: shapely.Geometry, outlines: list[list[tuple[int, int]]]) -> bool:
    """Whether a shape holds just the points that an odd number of outlines goes around, off their lines."""
    rng = np.random.default_rng(7)
    lines = shapely.MultiLineString([[*outline, outline[0]] for outline in outlines])
    for x, y in rng.uniform(-0.5, 12.5, (60, 2)):
        point = shapely.Point(x, y)
        odd = sum(goes_around(outline, x, y) for outline in outlines) % 2 == 1
        if shapely.distance(point, lines) > 1e-6 and shapely.covers(shape, point) != odd:
            return False
    return True


@given(rings)
def test_even_odd_repair_of_a_ring_is_point_parity(ring):
    """Of any ring, however often it crosses itself, repair keeps just the points of odd parity, and is valid."""
    shape = even_odd(shapely.Polygon(ring))

    assert shape.is_valid
    assert same_as_parity(shape, [ring])


@given(st.lists(rings, min_size=2, max_size=3))
def test_even_odd_repair_of_several_shells_is_point_parity(outlines):
    """Also of shells that overlap, nest, share edges or are drawn twice."""
    shape = even_odd(shapely.MultiPolygon([shapely.Polygon(ring) for ring in outlines]))

    assert shape.is_valid
    assert same_as_parity(shape, outlines)


@given(rings, rings)
def test_a_mended_layer_is_valid_and_mending_again_changes_nothing(one, other):
    """What passes is 2D, valid and not empty; what does not is refused by row."""
    layer = np.array([shapely.Polygon(one), shapely.Polygon(other)], dtype=object)
    if any(even_odd(shape).is_empty for shape in layer):
        with pytest.raises(InputError, match="nothing is left"):
            mend_layer(layer, np.array([1, 2]), "a")
        return
    mended, _ = mend_layer(layer, np.array([1, 2]), "a")
    again, findings = mend_layer(mended, np.array([1, 2]), "a")

    assert shapely.is_valid(mended).all()
    assert not shapely.is_empty(mended).any()
    assert findings == ()
    assert (again == mended).all()


@given(rings)
def test_a_site_is_read_only_where_it_has_one_reading(ring):
    """Whatever read_site lets through has the same area by its signed outline and by parity."""
    try:
        shape, _ = read_site({"type": "Polygon", "coordinates": [[list(position) for position in ring]]})
    except InputError:
        return

    assert shape.is_valid
    assert shape.area == pytest.approx(shapely.Polygon(ring).area)
    assert same_as_parity(shape, [ring])


@given(places, stars, st.floats(10, 20_000))
def test_area_in_the_plane_agrees_with_the_geodesic_one(place, radii, reach_m):
    """Relative error below 1.5e-5 for shapes of up to 20 km on all the world up to 75 degrees; of 1 km, below 1e-6."""
    shape = star(*place, radii, reach_m)
    plane = plane_at(place[0])

    assert area_m2(shape, plane) == pytest.approx(
        geodesic_area_m2(shape), rel=1.5e-5 if reach_m > 1000 else 1e-6, abs=1e-3
    )


@given(places, stars, st.floats(100, 20_000))
def test_length_in_the_plane_agrees_with_the_geodesic_one(place, radii, reach_m):
    """Relative error below 1e-5 for the outline."""
    line = star(*place, radii, reach_m).exterior

    assert length_m(line, plane_at(place[0])) == pytest.approx(geodesic_length_m(line), rel=1e-5, abs=1e-3)


@given(lons, lats, stars)
def test_a_belt_and_back_is_the_same_place(lon, lat, radii):
    """Degrees to EPSG:4545 and back within 1 mm (1e-8 degrees), with the same area to a millionth."""
    shape = star(lon, lat, radii, 5000)
    belt = shapely.transform(shape, BELT.transform, interleaved=False)
    back = to_lonlat(belt, parse_crs("EPSG:4545"))
    plane = plane_at(lon)

    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(shape)).max() < 1e-8
    assert area_m2(back, plane) == pytest.approx(area_m2(shape, plane), rel=1e-6)


@given(lats, st.floats(106.6, 109.0), stars, st.integers(1, 4))
def test_measures_do_not_depend_on_the_meridian_that_they_move_to(lat, lon, radii, tenths):
    """A shape moved east by whole tenths of a degree keeps area and distance."""
    shape, step = star(lon, lat, radii, 2000), tenths / 10
    point = shapely.Point(lon + 0.03, lat)
    moved, moved_point = (shapely.transform(item, lambda xy: xy + np.array([step, 0.0])) for item in (shape, point))
    plane, moved_plane = plane_at(lon), plane_at(round(lon, 1) + step)

    assert area_m2(moved, moved_plane) == pytest.approx(area_m2(shape, plane), rel=1e-6)
    assert distance_m(moved, moved_point, moved_plane) == pytest.approx(distance_m(shape, point, plane), abs=1e-3)


@given(st.floats(73.7, 134.7), st.floats(17, 53.5))
def test_web_map_offsets_are_undone(lon, lat):
    """GCJ-02 and BD-09 there and back within 0.01 m, and the offset is some hundred metres."""
    for there, back in ((wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)):
        moved = np.array(there(lon, lat))
        again = np.array(back(*moved))

        assert np.abs(again - (lon, lat)).max() < 1e-8
        assert np.abs(moved - (lon, lat)).max() < 0.02


@given(st.floats(74, 134), st.floats(17, 53), st.booleans())
def test_degrees_in_china_are_read_in_either_order(lon, lat, swapped):
    """In EPSG:4490 the two orders never meet, so the place comes out right."""
    moved, _ = site_to_lonlat({"type": "Point", "coordinates": [lat, lon] if swapped else [lon, lat]}, "EPSG:4490")

    assert moved["coordinates"] == [lon, lat]


@given(lons, lats, st.booleans(), st.sampled_from(["EPSG:4545", "EPSG:4524"]))
def test_belt_coordinates_are_read_in_either_order(lon, lat, swapped, code):
    """Also northing first, as the standard defines it, with and without zone number."""
    x, y = BELT.transform(lon, lat)
    x += 36e6 if code == "EPSG:4524" else 0
    moved, _ = site_to_lonlat({"type": "Point", "coordinates": [y, x] if swapped else [x, y]}, code)

    assert moved["coordinates"] == pytest.approx([lon, lat], abs=1e-8)
