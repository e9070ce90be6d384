"""Where a site lies: units and shares, touches, distances with accuracy, attributes that are missing, extents."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from support.editions import DAY, drawn, edition, layer, line, point, project, square

from yudi.core.logic import F, T, U
from yudi.territory.edition import Tolerance
from yudi.territory.facts import Value
from yudi.territory.place import Place, place_key, uncovered
from yudi.territory.predicates import parse
from yudi.territory.screening import screen

# Two units side by side, the border runs along x = 0.
UNITS = layer("units", [square(-1_000, -1_000, 0, 1_000), square(0, -1_000, 1_000, 1_000)])


def place(site, *layers, units=UNITS, **more) -> Place:
    return Place(edition(units=units, layers=layers, **more), site)


def found(site, **more) -> list[tuple[int, float, bool]]:
    """What of the site lies in which unit: (unit, share, only touches)."""
    return [(touch.index, round(touch.share, 6), touch.is_touch) for touch in place(site, **more).units]


def read(site, layers, asked, stated=None):
    return place(site, *layers).read(parse(asked), stated)


def test_a_polygon_has_area_and_share_in_every_unit():
    """100 m by 200 m, three quarters of it east of the border: 5 000 and 15 000 m2."""
    units = place(square(-25, 0, 75, 200)).units

    assert [touch.share for touch in units] == pytest.approx([0.25, 0.75], abs=1e-6)
    assert [touch.amount for touch in units] == pytest.approx([5_000, 15_000], rel=1e-5)


def test_a_line_has_its_length_in_every_unit():
    """1 000 m across the border, 400 m of it in the west."""
    units = place(line((-400, 0), (600, 0))).units

    assert [touch.amount for touch in units] == pytest.approx([400, 600], rel=1e-5)
    assert [touch.share for touch in units] == pytest.approx([0.4, 0.6], abs=1e-6)


def test_points_are_counted():
    """Of five turbines two stand in the west."""
    turbines = drawn(shapely.MultiPoint([(-300, 0), (-100, 0), (100, 0), (300, 0), (500, 0)]))
    units = place(turbines).units

    assert [(touch.amount, touch.share, touch.is_touch) for touch in units] == [(2, 0.4, False), (3, 0.6, False)]


def test_a_point_on_a_border_lies_in_both_units():
    """Points are closed: on a vertex that two units share, both speak."""
    corner = next(
        shapely.Point(xy) for xy in UNITS.geometry[1].exterior.coords if xy in UNITS.geometry[0].exterior.coords
    )

    assert UNITS.geometry[0].touches(corner)
    assert found(corner) == [(0, 1.0, False), (1, 1.0, False)]


@pytest.mark.parametrize(("depth", "is_touch"), [(0.5, True), (0.95, True), (1.05, False), (3.0, False)])
def test_an_overlap_less_than_a_metre_deep_only_touches(depth, is_touch):
    """A site of 100 m by 100 m that reaches so far over the border; 0.1 % of it would be 0.1 m."""
    assert found(square(-depth, 0, 100 - depth, 100))[0][2] is is_touch


@pytest.mark.parametrize(("depth", "is_touch"), [(4.9, True), (5.1, False)])
def test_an_overlap_of_less_than_a_thousandth_only_touches(depth, is_touch):
    """Of 5 000 m by 100 m a thousandth is 5 m; that it is deeper than 1 m does not matter."""
    wide = layer("units", [square(-9_000, -1_000, 0, 1_000), square(0, -1_000, 9_000, 1_000)])

    assert found(square(-depth, 0, 5_000 - depth, 100), units=wide)[0][2] is is_touch


@pytest.mark.parametrize(("length", "is_touch"), [(0.9, True), (1.1, False)])
def test_a_line_shorter_than_a_metre_in_a_unit_only_touches(length, is_touch):
    """A line of 500 m that reaches so far over the border; a thousandth of it is 0.5 m."""
    assert found(line((-length, 0), (500 - length, 0)))[0][2] is is_touch


def test_a_manifest_can_set_the_tolerance():
    """With 10 m and a fifth, 9 m deep or 15 % only touches."""
    loose = Tolerance(10.0, 0.2)

    assert [row[2] for row in found(square(-9, 0, 21, 30), tolerance=loose)] == [True, False]
    assert [row[2] for row in found(square(-15, 0, 85, 100), tolerance=loose)] == [True, False]
    assert [row[2] for row in found(square(-25, 0, 75, 100), tolerance=loose)] == [False, False]


def test_sites_that_only_share_an_edge_touch_with_no_amount():
    """A site along the border from the east touches the west with 0 m2."""
    units = place(square(0, 100, 50, 200)).units

    assert units[1].share == pytest.approx(1.0, abs=1e-6)
    assert all(touch.is_touch and touch.amount < 1 for touch in units[:1])


@pytest.mark.parametrize(
    "site",
    [
        square(-500, 0, 500, 0.8),  # a strip thinner than the tolerance, half in either unit
        square(-0.75, 0, 0.75, 1.5),  # both halves are thinner than the tolerance
        line((-0.6, 0), (0.6, 0)),
        line((-0.2, 0), (0.2, 0)),
    ],
)
def test_the_tolerance_never_leaves_a_covered_site_in_no_unit(site):
    """Where all overlaps are small because the site is, they count: half in either unit."""
    assert found(site) == [(0, pytest.approx(0.5, abs=1e-3), False), (1, pytest.approx(0.5, abs=1e-3), False)]


def test_a_thin_site_is_not_hidden_from_a_zone_by_its_thinness():
    """A pipeline's strip of 0.8 m by 1 000 m, half in a zone that forbids it, is prohibited."""
    zone = layer("zone", [square(0, -500, 800, 500)])
    ban = {"id": "ban", "effect": "forbid", "scope": {"inside": {"layer": "zone"}}}
    scheme = edition([ban], units=layer("units", [square(-2_000, -2_000, 2_000, 2_000)]), layers=[zone])

    assert screen(project(square(-500, 0, 500, 0.8)), [scheme], as_of=DAY).verdict == "prohibited"


def test_a_touched_unit_asks_nothing_and_is_flagged():
    """What a touched unit forbids is not applicable, said to be touched, and the rest of the site decides."""
    ban = {"id": "ban", "effect": "forbid", "units": {"codes": ["U1"]}}
    result = screen(project(square(-0.5, 0, 100, 100)), [edition([ban], units=UNITS)], as_of=DAY)

    assert (result.verdict, [(item.id, item.touch) for item in result.known]) == ("admissible", [("ban", True)])


def test_uncovered_share_is_what_lies_in_no_unit():
    """Half of a polygon, a fifth of a line, one of four points; an edge of less than a metre is none."""
    shares = [
        uncovered(site, list(UNITS.geometry), Tolerance())[0]
        for site in (
            square(900, 0, 1_100, 100),
            line((800, 0), (1_050, 0)),
            drawn(shapely.MultiPoint([(0, 0), (5, 5), (-5, 5), (2_000, 0)])),
            square(900, 0, 1_000.5, 100),
            square(5_000, 0, 5_100, 100),
        )
    ]

    assert shares == pytest.approx([0.5, 0.2, 0.25, 0.0, 1.0], abs=1e-5)


@pytest.mark.parametrize(
    ("north", "share"),
    [
        (3_000, 576 / 810_576),  # 24 m by 24 m beside 900 m by 900 m: 0.07 % of the site
        (982, 144 / 810_576),  # 6 of its 24 m reach out: 0.02 % of the site, a quarter of that part
        (976.6, 0.0),  # 0.6 m of it do
    ],
)
def test_a_small_part_outside_all_units_is_uncovered(north, share):
    """A part of the site by itself is judged by itself, whatever the others cover."""
    site = shapely.union_all([square(-950, -950, -50, -50), square(500, north, 524, north + 24)])

    assert uncovered(site, list(UNITS.geometry), Tolerance())[0] == pytest.approx(share, rel=1e-3)


def test_a_site_that_nearly_misses_the_edition_is_not_caught_by_a_sliver():
    """With 0.5 m of 100 m in a unit the site is uncovered, and that unit is only touched."""
    assert found(square(999.5, 0, 1_099.5, 100)) == [(1, pytest.approx(0.005, abs=1e-4), True)]


BANK = layer("bank", [line((-2_000, 1_000), (2_000, 1_000))], shape="bank", accuracy_m=50.0)


@pytest.mark.parametrize(
    ("distance", "comes_to"), [(900, T), (949, T), (951, U), (980, U), (1_049, U), (1_051, F), (1_400, F)]
)
def test_a_distance_counts_the_accuracy_of_the_map(distance, comes_to):
    """Within 1 000 m with 50 m: true up to 950, false beyond 1 050, between them measure it."""
    reading = read(point(0, 1_000 - distance), [BANK], {"within": {"layer": "bank", "distance_m": 1_000}})

    assert reading.value == comes_to
    assert reading.distance_m == pytest.approx(distance, abs=0.05)
    assert reading.accuracy_m == 50
    assert reading.needs == (("distance:bank",) if comes_to == U else ())


@pytest.mark.parametrize(
    ("distance", "accuracy", "comes_to"), [(1_012, 1, F), (995, 1, T), (1_000, 1, U), (1_000, 0, T), (1_001, 1, U)]
)
def test_a_measured_distance_replaces_the_maps(distance, accuracy, comes_to):
    """A stated measurement with its own accuracy decides where the map cannot tell."""
    stated = Value(float(distance), float(accuracy), source="survey")
    reading = read(point(0, 20), [BANK], {"within": {"layer": "bank", "distance_m": 1_000}}, stated)

    assert (reading.value, reading.origin, reading.distance_m) == (comes_to, "stated", distance)


def test_distances_are_from_the_nearest_point_of_the_site():
    """Of a polygon that reaches north to y = 300, 700 m from the bank."""
    reading = read(square(-50, 0, 50, 300), [BANK], {"within": {"layer": "bank", "distance_m": 500}})

    assert reading.distance_m == pytest.approx(700, abs=0.05)


def river(width, shape="centreline", accuracy=10.0):
    return layer(
        "river",
        [line((-3_000, 0), (3_000, 0))],
        {"width": [width]},
        shape=shape,
        width_field="width",
        accuracy_m=accuracy,
    )


@pytest.mark.parametrize(
    ("width", "distance", "comes_to", "gap"),
    [
        (200.0, 180, T, 80),  # 180 less half of 200 is 80; 80 + 10 <= 100
        (200.0, 195, U, 95),
        (200.0, 215, F, 115),
        (0.0, 115, F, 115),
        (None, 80, T, 80),
        (None, 95, U, 95),
        (None, 500, U, 500),  # the bank may be much nearer than the middle
    ],
)
def test_half_of_a_known_width_is_taken_off_a_centreline(width, distance, comes_to, gap):
    """With unknown width the test is never false."""
    reading = read(point(0, distance), [river(width)], {"within": {"layer": "river", "distance_m": 100}})

    assert (reading.value, reading.distance_m) == (comes_to, pytest.approx(gap, abs=0.05))


@pytest.mark.parametrize("shape", ["surface", "bank", "edge"])
def test_only_a_centreline_has_a_width_to_take_off(shape):
    """A bank is where the water ends."""
    reading = read(point(0, 180), [river(200.0, shape)], {"within": {"layer": "river", "distance_m": 100}})

    assert (reading.value, reading.distance_m) == (F, pytest.approx(180, abs=0.05))


def test_a_wide_river_beyond_the_box_is_not_missed():
    """The middle of a river 4 000 m wide is 2 050 m away, its bank 50 m."""
    reading = read(point(0, 2_050), [river(4_000.0)], {"within": {"layer": "river", "distance_m": 100}})

    assert (reading.value, reading.distance_m) == (T, pytest.approx(50, abs=0.1))


def test_what_is_far_away_is_still_measured():
    """The answer says how far even where it is far: 9 000 m."""
    far = read(point(0, -8_000), [BANK], {"within": {"layer": "bank", "distance_m": 1_000}})

    assert (far.value, far.distance_m) == (F, pytest.approx(9_000, abs=0.5))


NAMED = layer(
    "lakes",
    [square(0, 0, 100, 100), square(200, 0, 300, 100), square(400, 0, 500, 100)],
    {"kind": ["drinking", None, "other"], "depth": [3.0, None, 9.0], "name": ["甲", "乙", "丙"]},
)


@pytest.mark.parametrize(
    ("east", "where", "comes_to"),
    [
        (50, {"kind": "drinking"}, T),
        (250, {"kind": "drinking"}, U),  # nobody wrote what kind it is
        (450, {"kind": "drinking"}, F),
        (450, {"kind": ["drinking", "other"]}, T),
        (50, {"depth": {"ge": 2, "le": 4}}, T),
        (250, {"depth": {"ge": 2}}, U),
        (450, {"depth": {"le": 4}}, F),
        (50, {"name": "甲", "kind": "drinking"}, T),
        (250, {"name": "甲", "kind": "drinking"}, F),
        (50, {"owner": "x"}, U),  # a field that the layer does not have
        (150, {"kind": "drinking"}, F),
        (50, None, T),
    ],
)
def test_a_feature_is_meant_where_its_attributes_say_so(east, where, comes_to):
    """An attribute that is empty or absent is unknown, never a pass."""
    asked = {"layer": "lakes"} | ({"where": where} if where else {})
    for kind, more in (("inside", {}), ("overlaps", {}), ("within", {"distance_m": 10})):
        reading = read(square(east - 5, 10, east + 5, 20), [NAMED], {kind: asked | more})

        assert reading.value == comes_to


def test_of_two_features_the_certain_one_decides():
    """A place that is certainly near one meant feature is not made unknown by another that may be meant."""
    both = read(square(90, 0, 210, 20), [NAMED], {"inside": {"layer": "lakes", "where": {"kind": "drinking"}}})

    assert both.value == T


@pytest.mark.parametrize(
    ("least", "comes_to"),
    [
        ({"area_m2": 900}, T),
        ({"area_m2": 1_100}, F),
        ({"share": 0.4}, T),
        ({"share": 0.6}, F),
        ({"area_m2": 9_999, "share": 0.4}, T),
    ],
)
def test_an_overlap_can_ask_how_much(least, comes_to):
    """Half of 40 m by 50 m lies in the lake: 1 000 m2."""
    reading = read(
        square(-20, 0, 20, 50), [NAMED], {"overlaps": {"layer": "lakes", "where": {"kind": "drinking"}} | least}
    )

    assert (reading.value, reading.amount) == (comes_to, pytest.approx(1_000, rel=1e-4))


def test_overlaps_add_up_over_features():
    """Two lakes with 500 m2 each are 1 000 m2; the one that may be meant leaves it unknown."""
    site = square(90, 0, 210, 50)  # 10 m of the first and 10 m of the second lake, 50 m high
    all_of_them = read(site, [NAMED], {"overlaps": {"layer": "lakes", "area_m2": 900}})
    maybe = read(site, [NAMED], {"overlaps": {"layer": "lakes", "where": {"kind": "drinking"}, "area_m2": 900}})

    assert (all_of_them.value, maybe.value, maybe.needs) == (T, U, ("inside:lakes[kind=drinking]",))


@pytest.mark.parametrize(("says", "comes_to"), [(True, T), (False, F)])
@pytest.mark.parametrize("least", [{}, {"area_m2": 900}])
def test_stating_whether_it_lies_there_settles_what_the_map_leaves_open(says, comes_to, least):
    """The fact that is needed is one that decides once it is stated."""
    asked = {"overlaps": {"layer": "lakes", "where": {"kind": "drinking"}} | least}
    site = square(210, 10, 260, 60)  # 2 500 m2 in the lake of unknown kind
    before, after = (read(site, [NAMED], asked, stated) for stated in (None, Value(says, source="survey")))

    assert (before.value, before.needs) == (U, (place_key(parse(asked)),))
    assert (after.value, after.origin) == (comes_to, "stated")


@pytest.mark.parametrize("site", [line((10, 10), (90, 10)), point(50, 50)])
def test_an_area_cannot_be_asked_of_what_has_none(site):
    """How many m2 of a lake a line or a point takes is unknown, and never read from metres or counts."""
    asked = {"overlaps": {"layer": "lakes", "where": {"kind": "drinking"}, "area_m2": 50}}
    big = {"overlaps": {"layer": "lakes", "where": {"kind": "drinking"}, "area_m2": 5_000}}

    assert [read(site, [NAMED], data).value for data in (asked, big)] == [U, U]
    assert read(point(5_000, 0), [NAMED], asked).value == F


def test_a_missing_layer_is_unknown_and_named():
    """What the edition lacks is asked for by name."""
    for asked in ({"inside": {"layer": "wells"}}, {"within": {"layer": "wells", "distance_m": 5}}):
        reading = read(point(0, 0), [], asked)

        assert (reading.value, reading.needs) == (U, ("layer:wells",))


def extent(reach):
    return layer("wells", [point(5_000, 0)], extent=square(-reach, -reach, reach, reach))


@pytest.mark.parametrize(
    ("asked", "reach", "comes_to"),
    [
        ({"inside": {"layer": "wells"}}, 100, F),
        ({"inside": {"layer": "wells"}}, 5, U),
        ({"within": {"layer": "wells", "distance_m": 300}}, 1_000, F),
        ({"within": {"layer": "wells", "distance_m": 300}}, 200, U),  # a well may lie outside what was mapped
        ({"within": {"layer": "wells", "distance_m": 6_000}}, 200, T),  # one that is known is near enough
    ],
)
def test_a_buffer_past_a_layers_extent_is_unknown(asked, reach, comes_to):
    """Where a layer is not complete, nothing found is no proof that nothing is there."""
    reading = read(square(-10, -10, 10, 10), [extent(reach)], asked)

    assert (reading.value, reading.needs) == (comes_to, ("layer:wells",) if comes_to == U else ())


def test_every_measure_names_its_method():
    """Areas, lengths and distances say in which plane they were measured."""
    assert read(point(0, 0), [BANK], {"within": {"layer": "bank", "distance_m": 9}}).method == place(point(0, 0)).method
    assert "107.0°E" in place(point(0, 0)).method


def test_a_touched_zone_is_flagged():
    """A site that reaches half a metre into a zone does not lie in it, and the reading says that it touches."""
    reading = read(square(-50, 10, 0.5, 60), [NAMED], {"inside": {"layer": "lakes"}})

    assert (reading.value, reading.touches, reading.feature) == (F, True, "甲")


@pytest.mark.parametrize(
    ("site", "shape"),
    [
        (square(-50, -50, 50, 50), point(0, 0)),
        (square(-50, -50, 50, 50), line((0, -200), (0, 200))),
        (line((-50, 0), (0, 0), (50, 0)), point(0, 0)),
        (line((-50, 0), (50, 0)), line((0, -200), (0, 200))),
    ],
)
def test_what_has_no_size_is_met_and_how_much_of_it_is_unknown(site, shape):
    """A well or a river's line under a site is no mere touch; how much of the site it takes is not drawn."""
    wells = layer("wells", [shape])
    some, much, part = (
        read(site, [wells], {"overlaps": {"layer": "wells"} | least}) for least in ({}, {"area_m2": 5}, {"share": 0.1})
    )

    assert (some.value, some.touches, read(site, [wells], {"inside": {"layer": "wells"}}).value) == (T, False, T)
    assert [(reading.value, reading.needs) for reading in (much, part)] == [(U, ("inside:wells",))] * 2
    assert [touch.is_touch for touch in place(site, wells).touches(wells)] == [False]


TILES = [square(40 * i, 40 * j, 40 * i + 40, 40 * j + 40) for i in range(25) for j in range(50)]
WIDE = square(1_000, 0, 2_000, 2_000)


def test_many_small_features_are_judged_together():
    """Of a site of 2 000 m by 2 000 m each tile is 0.04 %, all 1 250 together are half."""
    site = square(0, 0, 2_000, 2_000)
    tiles = layer("tiles", TILES, {"kind": ["marsh"] * 1_250})
    reading = read(site, [tiles], {"inside": {"layer": "tiles", "where": {"kind": "marsh"}}})
    two = read(site, [layer("tiles", TILES[:2])], {"inside": {"layer": "tiles"}})

    assert (reading.value, reading.share) == (T, pytest.approx(0.5, rel=1e-4))
    assert (two.value, two.touches) == (F, True)


def test_many_small_units_count_together():
    """Units of 0.04 % each that make half of the site are no touches; slivers less than 1 m deep stay touches."""
    units = layer("units", [*TILES, square(1_000, 0, 2_000, 1_999.5), square(1_000, 1_999.5, 2_000, 2_500)])
    met = found(square(0, 0, 2_000, 2_000), units=units)

    assert [row[2] for row in met] == [False] * 1_251 + [True]
    assert [row[2] for row in found(square(0, 0, 2_000, 2_000), units=layer("units", [*TILES[:2], WIDE]))] == [
        True,
        True,
        False,
    ]


def test_a_share_in_a_unit_is_of_what_lies_there():
    """All of the site's western half is in the zone, so the west's clause sees a share of 1, not of one half."""
    zone = layer("zone", [square(-100, -100, 0, 100)])
    ban = {"effect": "forbid", "scope": {"overlaps": {"layer": "zone", "share": 0.6}}}
    west, east = ({"id": code, "units": {"codes": [code]}} | ban for code in ("U1", "U2"))
    scheme = edition([west, east, {"id": "all"} | ban], units=UNITS, layers=[zone])
    here = Place(scheme, square(-100, -100, 100, 100))
    test = parse(ban["scope"])

    assert [here.read(test, None, touch.part).share for touch in here.units] == pytest.approx([1.0, 0.0], abs=1e-5)
    assert here.read(test).value == F
    assert screen(project(here.site), [scheme], as_of=DAY).verdict == "prohibited"


def test_a_small_part_in_a_unit_is_not_hidden_from_what_covers_it():
    """Half of every tile lies in the zone; in a tile's own clause that half is not a touch of the whole site."""
    zone = layer("zone", [square(40 * i, 0, 40 * i + 20, 2_000) for i in range(25)])
    here = place(square(0, 0, 2_000, 2_000), zone, units=layer("units", [*TILES, WIDE]))
    test = parse({"inside": {"layer": "zone"}})

    assert [here.read(test, None, here.units[index].part).value for index in (0, 1_250)] == [T, F]


@pytest.mark.parametrize("short", ["rivers", "basins", "intakes"])
@pytest.mark.parametrize(("reach", "comes_to"), [(9_000, F), (2_500, U)])
def test_along_a_river_no_map_may_end_too_soon(short, reach, comes_to):
    """Beside a river that is mapped for 1 km down from the intake: where a map ends, more may follow."""
    river = {"shape": "centreline", "width_field": "width", "has_flow": True}
    extents = {short: square(-reach, -reach, reach, reach)}
    maps = [
        layer("rivers", [line((0, -4_000), (0, 1_000))], {"width": [10.0]}, extent=extents.get("rivers"), **river),
        layer("basins", [square(-9_000, -9_000, 9_000, 9_000)], extent=extents.get("basins")),
        layer("intakes", [point(0, 0)], extent=extents.get("intakes")),
    ]
    asked = {"layer": "intakes", "upstream_m": 1_000, "downstream_m": 3_000, "side_m": 100}
    reading = read(point(0, 2_000), maps, {"along": asked | {"rivers": "rivers", "catchments": "basins"}})

    assert (reading.value, reading.needs) == (comes_to, (f"layer:{short}",) if comes_to == U else ())


def brooks(*widths):
    """Rivers 3 km east (the first) and 1.5 km west of the place."""
    lines = [line((3_000, -500), (3_000, 500)), line((-1_500, -500), (-1_500, 500))]
    return layer("rivers", lines[: len(widths)], {"width": widths}, shape="centreline", width_field="width")


@pytest.mark.parametrize(
    ("widths", "limit", "comes_to"),
    [
        ((None,), 1_000, U),
        ((None, 10.0), 1_000, U),
        ((20.0, 10.0), 1_000, F),
        ((None, 10.0), 1_600, T),  # the known one is near enough
    ],
)
def test_a_nearer_river_does_not_hide_one_of_unknown_width(widths, limit, comes_to):
    """Adding a brook 10 m wide cannot settle how wide the other river is."""
    reading = read(point(0, 0), [brooks(*widths)], {"within": {"layer": "rivers", "distance_m": limit}})

    assert reading.value == comes_to


@pytest.mark.parametrize("empty", [float("nan"), " ", None])
def test_an_attribute_that_is_not_a_number_or_blank_is_unknown(empty):
    """NaN and blanks are empty cells, neither within a range nor outside it, nor one of the values."""
    zone = layer("zone", [square(-50, -50, 50, 50)], {"grade": [empty]})
    answers = [
        read(point(0, 0), [zone], {"inside": {"layer": "zone", "where": {"grade": grade}}}).value
        for grade in ({"ge": 1}, {"le": 1}, "1", "nan")
    ]

    assert answers == [U] * 4


def geodesic(one, other) -> float:
    return pyproj.Geod(ellps="GRS80").inv(one.x, one.y, other.x, other.y)[2]


@pytest.mark.parametrize("east", [-2.5, -1.31, 0.0, 0.77, 2.9])
@pytest.mark.parametrize("north", [0.009, 0.04, 0.25])
def test_distances_from_a_long_site_agree_with_the_ellipsoid(east, north):
    """A pipeline of 600 km and a well 1, 4 or 28 km north of it, against Karney's geodesics in steps of 1 m."""
    pipeline = shapely.LineString([(104.0, 30.0), (110.0, 30.0)])
    well = shapely.Point(107.0 + east, 30.0 + north)
    reading = read(pipeline, [layer("wells", [well])], {"within": {"layer": "wells", "distance_m": 500}})
    steps = np.linspace(well.x - 0.002, well.x + 0.002, 401)
    nearest = min(geodesic(shapely.Point(x, 30.0), well) for x in steps)

    assert reading.distance_m == pytest.approx(nearest, rel=1e-5)


def test_distances_from_far_apart_points_are_each_good():
    """Beside a point 400 km away the near one keeps its distance: 998 m north of it."""
    wells = shapely.MultiPoint([(107.0, 30.0), (111.0, 30.0)])
    bank = shapely.Point(111.0, 30.009)
    reading = read(wells, [layer("bank", [bank])], {"within": {"layer": "bank", "distance_m": 500}})

    assert reading.distance_m == pytest.approx(geodesic(shapely.Point(111.0, 30.0), bank), rel=1e-5)
    assert "110.9°E" in reading.method  # the middle of the strip that holds it
