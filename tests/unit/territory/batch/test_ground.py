"""Where many sites lie: what the arrays say of sites whose answers are known by drawing them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from support.editions import drawn, edition, layer, line, point, square
from support.many_sites import assert_same

from yudi.core.logic import F, T, U
from yudi.territory.batch.compiled import compiled_map
from yudi.territory.batch.ground import Ground
from yudi.territory.batch.places import places_one_by_one

UNITS = layer("units", [square(-1_000, -1_000, 0, 1_000), square(0, -1_000, 1_000, 1_000)])


def made(*tests, layers=(), units=UNITS):
    """Return the ground of an edition with one clause a test."""
    scheme = edition(
        [{"id": f"c{n}", "effect": "forbid", "scope": test} for n, test in enumerate(tests)], units=units, layers=layers
    )
    return Ground(scheme, compiled_map(scheme))


def checked(ground, *sites):
    """Return the table of sites, held against the reference."""
    table = ground.places(list(sites))
    assert_same(table, places_one_by_one(ground.edition, list(sites)))
    return table


def test_sites_on_a_shared_border_lie_in_both_units():
    """A point on it is in both; a surface beside it touches; one across it has a part in each."""
    table = checked(made(), point(0, 0), square(-100, 0, 0, 100), square(-100, 0, 100, 100), square(-100, 0, 0.4, 100))

    assert np.diff(table.first).tolist() == [2, 2, 2, 2]
    assert table.is_touch.tolist() == [False, False, False, True, False, False, False, True]
    assert table.is_whole.tolist() == [True, True, True, True, False, False, False, False]
    assert table.uncovered_share.tolist() == [0.0, 0.0, 0.0, 0.0]


def test_what_lies_in_no_unit_is_uncovered():
    """All, half or nothing of it; a point just outside too."""
    table = checked(made(), square(2_000, 0, 2_100, 100), square(900, 0, 1_100, 100), point(1_001, 0), point(999, 0))

    assert table.uncovered_share == pytest.approx([1.0, 0.5, 1.0, 0.0], abs=1e-6)
    assert np.diff(table.first).tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("off", [-0.3, -1e-3, -1e-7, 0.0, 1e-7, 1e-3, 0.3])
def test_at_the_limit_itself_the_answer_is_that_of_a_single_site(off):
    """100 m from a square that is good to 10 m: true up to 90, unknown up to 110; decided to the last digit."""
    well = layer("wells", [square(0, 0, 50, 50)], accuracy_m=10.0)
    ground = made({"within": {"layer": "wells", "distance_m": 100}}, layers=[well])
    ends = [point(east + off, 25) for east in (140, 160)]
    boxes = [square(east + off, 20, east + 300, 40) for east in (140, 160)]
    lines = [line((east + off, 20), (east + 300, 40)) for east in (140, 160)]
    table = checked(ground, *ends, *boxes, *lines, point(120, 25), point(155, 25), point(180, 25))

    assert table.codes[-3:, 0].tolist() == [T, U, F]


def test_a_part_of_a_site_has_codes_of_its_own():
    """A zone that reaches to the units' border is met by the part on its side alone."""
    zone = layer("zones", [square(0, 0, 500, 500)])
    ground = made({"inside": {"layer": "zones"}}, {"overlaps": {"layer": "zones", "share": 0.9}}, layers=[zone])
    table = checked(ground, square(-100, 100, 100, 200))

    assert table.codes.tolist() == [[T, F]]
    assert table.part_codes.tolist() == [[F, F], [T, T]]


def test_beyond_the_end_of_a_layer_nothing_is_sure_and_a_missing_layer_is_asked_for():
    """Further codes are numbered as they appear; what each stands for is said once."""
    zone = layer("zones", [square(0, 0, 50, 50)], extent=square(-500, -500, 500, 500))
    tests = [
        {"inside": {"layer": "zones"}},
        {"within": {"layer": "zones", "distance_m": 100}},
        {"inside": {"layer": "no"}},
    ]
    table = checked(made(*tests, layers=[zone]), point(10, 10), point(300, 300), point(450, 0), point(700, 0))

    assert table.codes.tolist() == [[T, T, 3], [F, F, 3], [F, 3, 3], [3, 3, 3]]
    assert [kinds[3:] for kinds in table.found] == [
        ((U, ("layer:zones",)),),
        ((U, ("layer:zones",)),),
        ((U, ("layer:no",)),),
    ]


def test_land_along_a_river_is_followed_only_where_an_intake_is_near():
    """Above the intake within 500 m and 50 m aside it is true; below it false; far away false without looking."""
    river = layer(
        "river", [line((-900, 0), (900, 0))], {"w": [10.0]}, shape="centreline", width_field="w", has_flow=True
    )
    basin = layer("basin", [square(-1_000, -1_000, 1_000, 1_000)])
    intake = layer("intakes", [point(100, 0)])
    test = {
        "along": {
            "layer": "intakes",
            "upstream_m": 500,
            "downstream_m": 20,
            "side_m": 50,
            "rivers": "river",
            "catchments": "basin",
        }
    }
    ground = made(test, layers=[river, basin, intake])
    sites = [point(-300, 20), point(300, 20), point(-300, 70), square(-350, 30, -300, 200), square(-50, -20, 50, 20)]
    table = checked(ground, *sites, drawn(shapely.Point(40_000, 0)), line((-300, -200), (-300, 200)))

    assert table.codes[:, 0].tolist() == [T, F, F, T, T, F, T]


def test_features_without_an_area_and_unknown_attributes_are_read_as_for_a_single_site():
    """Lines and points that a surface meets have no size there; a feature without its attribute may be meant."""
    marks = layer(
        "marks", [point(10, 10), line((100, 0), (200, 0)), square(300, 0, 400, 100)], {"kind": ["x", "x", None]}
    )
    tests = [{"inside": {"layer": "marks", "where": {"kind": "x"}}}, {"overlaps": {"layer": "marks", "area_m2": 50}}]
    ground = made(*tests, layers=[marks])
    sites = [
        point(10, 10),
        point(150, 0),
        point(350, 50),
        square(0, 0, 50, 50),
        square(90, -10, 150, 30),
        square(310, 10, 390, 90),
    ]
    table = checked(ground, *sites, square(310, 10, 312, 12), line((150, -10), (150, 10)), line((350, 10), (350, 20)))

    assert table.codes[2].tolist() == [U, U]


def test_nothing_and_everything_can_be_asked():
    """No site, sites of all kinds at once, sites of many parts and one wider than any plane."""
    ground = made({"within": {"layer": "units", "distance_m": 10}})
    wide = shapely.box(106.5, 29.9, 107.4, 30.1)
    parts = shapely.union_all([square(-50, 0, -10, 40), square(10, 0, 50, 40)])
    ways = shapely.MultiLineString([line((-50, 0), (-10, 0)), line((10, 0), (50, 0))])
    table = checked(ground, wide, parts, ways, shapely.MultiPoint([point(1, 1), point(-1, 1)]), point(5, 5))

    assert len(table) == 5
    assert len(ground.places([])) == 0


def test_units_that_are_no_areas_are_read_one_by_one():
    """Nothing is compiled of lines."""
    ground = made({"inside": {"layer": "units"}}, units=layer("units", [line((0, 0), (100, 0))]))

    assert ground.compiled is None
    assert len(checked(ground, point(50, 0), square(10, -10, 20, 10))) == 2
    assert len(ground.places([shapely.Point(107.0, 30.0)])) == 1
