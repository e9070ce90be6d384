"""Reference systems: what a text names, what is refused, and where coordinates come to lie."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import shapely

from yudi.core.errors import InputError
from yudi.formats.crs import CHINA, area_of_use, datum_of, parse_crs, same_place, site_to_lonlat, to_lonlat
from yudi.formats.offsets import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

GEOGRAPHIC = (
    'GEOGCS["GCS_{name}",DATUM["D_{datum}",SPHEROID["{sphere}",{axis},{flat}]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
CGCS2000 = GEOGRAPHIC.format(
    name="China_Geodetic_Coordinate_System_2000",
    datum="China_2000",
    sphere="CGCS2000",
    axis="6378137.0",
    flat="298.257222101",
)


def belt(meridian: float, easting: float = 500000.0, geographic: str = CGCS2000) -> str:
    """Return the .prj text that Esri's programs write for a Gauss-Krüger belt."""
    return (
        f'PROJCS["local",{geographic},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],'
        f'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EPSG:4545", "EPSG:4545"),
        (" epsg:4545 ", "EPSG:4545"),
        ("4545", "EPSG:4545"),
        ("urn:ogc:def:crs:EPSG::4545", "EPSG:4545"),
        ("http://www.opengis.net/def/crs/EPSG/0/4545", "EPSG:4545"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
        ("CGCS2000", "EPSG:4490"),
        ("WGS 84", "EPSG:4326"),
        ("gcj-02", "GCJ-02"),
        ("GCJ02", "GCJ-02"),
        ("bd09", "BD-09"),
        (CGCS2000, "EPSG:4490"),
    ],
)
def test_a_system_is_known_by_its_many_names(text, name):
    """Codes, URNs, URLs, common names and Esri's WKT."""
    assert parse_crs(text).name == name


def test_force_is_remembered():
    """What stands before the system's name outweighs what a file says."""
    crs = parse_crs("force:EPSG:4490")

    assert (crs.name, crs.forced) == ("EPSG:4490", True)


@pytest.mark.parametrize("text", ["", "  ", "nonsense", "EPSG:999999", "EPSG:5773", "EPSG:4479", "force:", "\0"])
def test_what_names_no_place_on_the_ground_is_refused(text):
    """Nothing, an unknown name, heights, and a geocentric system."""
    with pytest.raises(InputError, match="expected a") as caught:
        parse_crs(text)

    assert caught.value.hint


@pytest.mark.parametrize("code", range(4491, 4555))
def test_every_belt_of_cgcs2000_comes_to_lie_on_its_meridian(code):
    """The false easting is 500 km, with the zone's number in front or without; there x is the central meridian."""
    found = pyproj.CRS.from_epsg(code)
    values = {item.name: item.value for item in found.coordinate_operation.params}
    place = to_lonlat(shapely.Point(values["False easting"], 3_264_000.0), parse_crs(f"EPSG:{code}"))

    assert datum_of(parse_crs(f"EPSG:{code}")) == "global"
    assert place.x == pytest.approx(values["Longitude of natural origin"], abs=1e-12)
    assert place.y == pytest.approx(29.5, abs=0.02)  # 3 264 km of meridian from the equator, 110.6 km a degree


def test_a_belt_with_and_without_zone_number_is_one_place():
    """EPSG:4524 writes zone 36 before the easting of EPSG:4545."""
    plain = to_lonlat(shapely.Point(480_000, 3_264_000), parse_crs("EPSG:4545"))
    zoned = to_lonlat(shapely.Point(36_480_000, 3_264_000), parse_crs("EPSG:4524"))

    assert plain.equals_exact(zoned, 1e-12)


def test_a_belt_of_ones_own_is_read_from_esri_wkt():
    """A central meridian that no code has, with an area of use around it."""
    crs = parse_crs(belt(106.5))

    assert datum_of(crs) == "global"
    assert to_lonlat(shapely.Point(500_000, 3_264_000), crs).x == pytest.approx(106.5)
    assert area_of_use(crs) == (103.5, CHINA[1], 109.5, CHINA[3])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("EPSG:4214", "Beijing 1954"),
        ("EPSG:2433", "Beijing 1954"),
        ("EPSG:4555", "Beijing 1954"),
        (
            GEOGRAPHIC.format(name="b", datum="b", sphere="Krasovsky_1940", axis="6378245.0", flat="298.3"),
            "Beijing 1954",
        ),
        ("EPSG:4610", "Xi'an 1980"),
        ("EPSG:2382", "Xi'an 1980"),
        (
            belt(108, geographic=GEOGRAPHIC.format(name="x", datum="x", sphere="x", axis="6378140.0", flat="298.257")),
            "Xi'an",
        ),
    ],
)
def test_old_chinese_datums_are_refused_with_the_reason(text, label):
    """A null shift would be off by up to 100 m and more, so parameters are asked for."""
    with pytest.raises(InputError, match="up to 100 m and more") as caught:
        to_lonlat(shapely.Point(107, 29), parse_crs(text))

    assert label in caught.value.message
    assert "shift" in caught.value.hint


def test_a_shift_of_three_moves_as_the_formula_says():
    """Geocentric X, Y, Z on Krassowsky, plus dx, dy, dz, back on CGCS2000: worked by the closed formulas."""
    lon, lat, shift = 106.5, 29.5, (15.8, -154.4, -82.3)
    a, f = 6378245.0, 1 / 298.3
    e2 = f * (2 - f)
    n = a / math.sqrt(1 - e2 * math.sin(math.radians(lat)) ** 2)
    x = n * math.cos(math.radians(lat)) * math.cos(math.radians(lon)) + shift[0]
    y = n * math.cos(math.radians(lat)) * math.sin(math.radians(lon)) + shift[1]
    z = n * (1 - e2) * math.sin(math.radians(lat)) + shift[2]
    a, f = 6378137.0, 1 / 298.257222101
    e2, phi = f * (2 - f), math.radians(lat)
    for _ in range(20):
        n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * n * math.sin(phi), math.hypot(x, y))
    moved = to_lonlat(shapely.Point(lon, lat), parse_crs("EPSG:4214"), shift=shift)

    assert moved.x == pytest.approx(math.degrees(math.atan2(y, x)), abs=1e-9)
    assert moved.y == pytest.approx(math.degrees(phi), abs=1e-9)


def test_rotations_follow_the_position_vector_convention():
    """Turning by rz = 1 arc-second about the axis moves every point eastwards by one arc-second."""
    moved = to_lonlat(shapely.Point(106.5, 29.5), parse_crs("EPSG:4610"), shift=(0, 0, 0, 0, 0, 1.0, 0))

    assert (moved.x - 106.5) * 3600 == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("code", "shift"),
    [("EPSG:4490", (1, 2, 3)), ("GCJ-02", (1, 2, 3)), ("EPSG:4214", (1, 2)), ("EPSG:4214", (1, 2, math.nan))],
)
def test_a_shift_that_is_not_due_or_not_whole_is_refused(code, shift):
    """Modern systems need none; old ones need three or seven finite numbers."""
    with pytest.raises(InputError, match="expected"):
        to_lonlat(shapely.Point(107, 29), parse_crs(code), shift=shift)


def test_another_datum_is_brought_to_wgs84():
    """NAD 83 in Vermont's plane: its origin is 72.5°W, 42.5°N at easting 500 km, northing 0."""
    place = to_lonlat(shapely.Point(500_000, 0), parse_crs("EPSG:32145"))

    assert place.x == pytest.approx(-72.5, abs=1e-5)
    assert place.y == pytest.approx(42.5, abs=1e-5)


def test_two_systems_are_compared_by_where_they_put_the_shapes():
    """WGS 84 and CGCS2000 are the same place; another belt, another datum and a web map's offset are not."""
    shapes = np.array([shapely.Point(106.5, 29.5), None])

    assert same_place(shapes, parse_crs("EPSG:4326"), parse_crs("EPSG:4490"))
    assert not same_place(shapes, parse_crs("EPSG:4490"), parse_crs("GCJ-02"))
    assert not same_place(shapes, parse_crs("EPSG:4490"), parse_crs("EPSG:4610"))
    assert not same_place(shapes, parse_crs("EPSG:4545"), parse_crs("EPSG:4546"))


@pytest.mark.parametrize(
    ("lat", "lon", "gcj_lat", "gcj_lon"),
    [
        (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
        (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
        (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
        (39.915, 116.404, 39.91640428150164, 116.41024449916938),
    ],
)
def test_gcj02_agrees_with_published_pairs(lat, lon, gcj_lat, gcj_lon):
    """Test pairs of the eviltransform project, and the example in coordtransform's README."""
    east, north = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
    back_east, back_north = gcj02_to_wgs84(np.array([gcj_lon]), np.array([gcj_lat]))

    assert (east[0], north[0]) == pytest.approx((gcj_lon, gcj_lat), abs=1e-8)
    assert (back_east[0], back_north[0]) == pytest.approx((lon, lat), abs=1e-8)


def test_bd09_agrees_with_published_pairs():
    """The example in coordtransform's README: GCJ-02 116.404, 39.915 is BD-09 116.41036949371029, 39.92133699351021."""
    lon, lat = bd09_to_wgs84(np.array([116.41036949371029]), np.array([39.92133699351021]))
    east, north = wgs84_to_gcj02(lon, lat)

    assert (east[0], north[0]) == pytest.approx((116.404, 39.915), abs=1e-8)


def test_offsets_are_undone_to_a_hundredth_of_a_metre():
    """There and back over a grid of China; 1e-7 degrees are 0.01 m."""
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(74, 134, 61), np.linspace(17, 53, 37)))

    for there, back in ((wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)):
        again = back(*there(lon, lat))
        assert np.abs(np.stack(again) - np.stack([lon, lat])).max() < 1e-8


@pytest.mark.parametrize(
    ("coordinates", "crs", "order"),
    [
        ([29.5, 106.5], "EPSG:4490", "latitude, longitude"),
        ([106.5, 29.5], "EPSG:4490", "longitude, latitude"),
        ([3_264_000.0, 354_600.0], "EPSG:4545", "northing, easting"),
        ([354_600.0, 3_264_000.0], "EPSG:4545", "easting, northing"),
        ([3_264_000.0, 36_354_600.0], "EPSG:4524", "northing, easting"),
        ([106.5, 29.5], "EPSG:4326", "longitude, latitude"),
        ([106.503, 29.497], "GCJ-02", "longitude, latitude"),
    ],
)
def test_a_persons_axis_order_is_decided_by_the_area_of_use(coordinates, crs, order):
    """Either order is taken where only one lies inside, and the note says which; all these are 106.5°E 29.5°N."""
    moved, notes = site_to_lonlat({"type": "Point", "coordinates": coordinates, "crs": crs}, crs)

    assert moved["coordinates"] == pytest.approx([106.5, 29.5], abs=0.02)
    assert order in notes[0].message
    assert "crs" not in moved


def test_without_a_system_nothing_is_changed():
    """No declaration means longitude, latitude."""
    assert site_to_lonlat({"type": "Point", "coordinates": [106.5, 29.5]}, None) == (
        {"type": "Point", "coordinates": [106.5, 29.5]},
        (),
    )


def test_one_order_serves_the_whole_shape():
    """Coordinates in both orders have none that puts all of them inside."""
    line = {"type": "LineString", "coordinates": [[29.5, 106.5], [106.6, 29.5]]}
    with pytest.raises(InputError, match="in either order of axes") as caught:
        site_to_lonlat(line, "EPSG:4490")

    assert caught.value.where.field == "geometry.crs"


@pytest.mark.parametrize(
    ("coordinates", "crs"),
    [([200_000.0, 100.0], "EPSG:4490"), ([36_354_600.0, 3_264_000.0], "EPSG:4545"), ([2.35, 48.85], "EPSG:4490")],
)
def test_coordinates_outside_their_system_are_refused(coordinates, crs):
    """Metres as degrees, another zone's numbering, and a place in another country."""
    with pytest.raises(InputError, match="area of use"):
        site_to_lonlat({"type": "Point", "coordinates": coordinates}, crs)


@pytest.mark.parametrize("coordinates", [None, [], ["a", "b"], [[["x"]]], 7, [math.nan, 1], [True, False]])
def test_what_is_no_position_is_left_for_the_reader_to_refuse(coordinates):
    """Malformed coordinates pass through unchanged and without notes."""
    moved, notes = site_to_lonlat({"type": "Point", "coordinates": coordinates}, "EPSG:4490")

    assert notes == ()
    assert repr(moved["coordinates"]) == repr(coordinates)
