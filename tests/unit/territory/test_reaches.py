"""Land along a river, so far up and down and to each side, against areas worked out by hand."""

from __future__ import annotations

import math

import pytest
import shapely
from support.editions import drawn, edition, layer, line, point, square

from yudi.core.logic import F, T, U
from yudi.core.measure import plane_at
from yudi.territory.place import Place
from yudi.territory.predicates import parse
from yudi.territory.reaches import along_areas

PLANE = plane_at(107.0)
BASIN = [square(-20_000, -20_000, 20_000, 20_000)]


def rivers(*lines, width=0.0, **more):
    widths = list(width) if isinstance(width, tuple) else [width] * len(lines)
    given = {"shape": "centreline", "width_field": "width", "has_flow": True} | more
    return layer("rivers", [line(*places) for places in lines], {"width": widths}, **given)


def area(network, *, up=1_000.0, down=500.0, side=50.0, at=(0.0, 0.0), basin=BASIN):
    test = parse(
        {
            "along": {
                "layer": "intakes",
                "upstream_m": up,
                "downstream_m": down,
                "side_m": side,
                "rivers": "rivers",
                "catchments": "basins",
            }
        }
    )
    return along_areas(point(*at), test, network, catchments=layer("basins", basin), plane=PLANE)


def size(network, **more) -> float:
    return float(area(network, **more).area.area)


def inside(network, east, north, **more) -> bool:
    return bool(area(network, **more).area.intersects(PLANE.to_plane(point(east, north))))


STRAIGHT = rivers(((-5_000, 0), (5_000, 0)))  # flows east


def test_a_straight_river_gives_a_rectangle():
    """1 000 m up and 500 m down, 50 m to each side: 1 500 m by 100 m."""
    assert size(STRAIGHT) == pytest.approx(150_000, rel=1e-3)
    assert [inside(STRAIGHT, east, 0) for east in (-1_010, -990, 490, 510)] == [False, True, True, False]
    assert [inside(STRAIGHT, 0, north) for north in (-51, -49, 49, 51)] == [False, True, True, False]


def test_half_of_the_width_is_added_to_each_side():
    """Of a river 200 m wide the banks are 100 m from the middle: 1 500 m by 2 * 150 m."""
    wide = rivers(((-5_000, 0), (5_000, 0)), width=200.0)

    assert size(wide) == pytest.approx(450_000, rel=1e-3)


def test_up_is_where_the_water_comes_from():
    """The same river drawn the other way round flows west, and 1 000 m upstream lies east."""
    west = rivers(((5_000, 0), (-5_000, 0)))

    assert [inside(west, east, 0) for east in (-510, -490, 990, 1_010)] == [False, True, True, False]


@pytest.mark.parametrize("split", [False, True])
def test_a_bend_is_rounded_outside_and_counted_once_inside(split):
    """Two arms of 300 m at a right angle, one line or two: 2 * 300 * 100 - 50 * 50 + a quarter of a disc of 50 m."""
    bend = rivers(((-5_000, 0), (0, 0)), ((0, 0), (0, 5_000))) if split else rivers(((-5_000, 0), (0, 0), (0, 5_000)))
    by_hand = 60_000 - 2_500 + math.pi * 2_500 / 4

    assert size(bend, up=300.0, down=300.0) == pytest.approx(by_hand, rel=1e-3)
    assert size(bend, up=500.0, down=90.0, at=(-100.0, 0.0)) == pytest.approx(59_000, rel=1e-3)
    assert size(bend, up=100.0, down=500.0, at=(-200.0, 0.0)) == pytest.approx(by_hand, rel=1e-3)


def test_upstream_takes_in_every_tributary():
    """400 m below a confluence of two straight arms: each of them is followed 600 m further."""
    network = rivers(((-5_000, 0), (0, 0)), ((0, 5_000), (0, 0)), ((0, 0), (5_000, 0)))
    got = area(network, up=1_000.0, down=0.0, at=(400.0, 0.0))
    # West to east 1 000 m by 100 m, and from the north 600 m by 100 m of which 50 m lie in the first already.
    assert got.area.area == pytest.approx(100_000 + 60_000 - 5_000, rel=1e-3)
    for east, north, is_in in (
        (-590, 0, True),
        (-610, 0, False),
        (0, 590, True),
        (0, 610, False),
        (390, 0, True),
        (410, 0, False),
    ):
        assert bool(got.area.intersects(PLANE.to_plane(point(east, north)))) is is_in


def test_a_tributary_that_joins_along_the_main_line_counts_too():
    """Main stems are often drawn in one piece; a mouth anywhere on them is a confluence."""
    network = rivers(((-5_000, 0), (5_000, 0)), ((0, 5_000), (0, 0)))

    assert size(network, up=1_000.0, down=0.0, at=(400.0, 0.0)) == pytest.approx(155_000, rel=1e-3)
    assert size(network, up=0.0, down=500.0, at=(0.0, 300.0)) == pytest.approx(
        50_000 - 2_500 + math.pi * 2_500 / 4, rel=1e-3
    )


def test_downstream_follows_both_arms():
    """From 100 m above an island 500 m down: both arms are followed 400 m."""
    network = rivers(((-5_000, 0), (0, 0)), ((0, 0), (0, 4_000)), ((0, 0), (4_000, 0)))
    got = area(network, up=0.0, down=500.0, at=(-100.0, 0.0))
    # East 500 m by 100 m; north 400 m by 100 m, of which 50 m lie in the first already; on the outer side of the
    # bend to the north nothing is added, as the other arm lies there.
    assert got.area.area == pytest.approx(50_000 + 40_000 - 5_000, rel=1e-3)


def test_what_two_arms_lead_to_counts_by_the_shorter():
    """Below an island the shorter arm decides how far the way still goes, in whatever order the lines are drawn."""
    short, detour = ((0, 0), (400, 0)), ((0, 0), (0, 300), (400, 300), (400, 0))
    for arms in ((short, detour), (detour, short)):
        network = rivers(((-5_000, 0), (0, 0)), *arms, ((400, 0), (5_000, 0)))

        assert [inside(network, east, 0, up=0.0, down=1_200.0) for east in (1_190, 1_210)] == [True, False]


def test_no_further_than_the_source_or_the_mouth():
    """A river of 200 m above and 100 m below ends there."""
    assert size(rivers(((-200, 0), (100, 0)))) == pytest.approx(300 * 100, rel=1e-3)


def test_land_beyond_the_catchment_is_left_out():
    """A divide 20 m north of the river cuts the northern side: 1 500 m by 50 + 20 m."""
    basin = [square(-20_000, -20_000, 20_000, 20)]

    assert size(STRAIGHT, basin=basin) == pytest.approx(1_500 * 70, rel=1e-3)


def test_a_place_beside_the_river_counts_from_its_nearest_point():
    """An intake on the bank 80 m off the middle counts from there."""
    assert size(STRAIGHT, at=(0.0, 80.0)) == pytest.approx(150_000, rel=1e-3)


def test_a_place_on_no_river_or_in_no_catchment_is_unknown():
    """More than 500 m from every river, or outside every catchment, nothing can be said."""
    assert area(STRAIGHT, at=(0.0, 600.0)) is None
    assert area(STRAIGHT, basin=[square(5_000, 5_000, 6_000, 6_000)]) is None


ALONG = {
    "along": {
        "layer": "intakes",
        "upstream_m": 1_000,
        "downstream_m": 500,
        "side_m": 50,
        "rivers": "rivers",
        "catchments": "basins",
    }
}


def read(site, *, network=STRAIGHT, basins=BASIN, accuracy=0.0, where=None, columns=None):
    layers = [layer("intakes", [point(0, 0)], columns, accuracy_m=accuracy)]
    layers += [network] if network is not None else []
    layers += [layer("basins", basins)] if basins else []
    asked = {"along": ALONG["along"] | ({"where": where} if where else {})}
    return Place(edition(layers=layers), site).read(parse(asked))


@pytest.mark.parametrize(
    ("east", "north", "accuracy", "comes_to"),
    [
        (-500, 0, 0, T),
        (-500, 60, 0, F),
        (-500, 30, 10, T),
        (-500, 45, 10, U),  # 5 m inside, good to 10 m
        (-500, 55, 10, U),
        (-500, 65, 10, F),
        (-1_100, 0, 0, F),
        (600, 0, 0, F),
    ],
)
def test_a_site_is_held_against_the_area_with_the_maps_accuracy(east, north, accuracy, comes_to):
    """Inside by more than the accuracy is true, outside by more false, between them unknown."""
    reading = read(point(east, north), accuracy=accuracy)

    assert reading.value == comes_to
    assert bool(reading.needs) == (comes_to == U)


@pytest.mark.parametrize(
    ("network", "basins", "needs"),
    [
        (None, BASIN, ("layer:rivers",)),
        (rivers(((-5_000, 0), (5_000, 0)), has_flow=False), BASIN, ("layer:rivers",)),
        (STRAIGHT, [], ("layer:basins",)),
        (None, [], ("layer:rivers", "layer:basins")),
    ],
)
def test_without_flow_or_catchments_it_is_unknown(network, basins, needs):
    """What the edition lacks is named; far from every intake it does not matter."""
    near, far = (read(point(east, 0), network=network, basins=basins) for east in (-500, 9_000))

    assert (near.value, near.needs) == (U, needs)
    assert (far.value, far.needs) == (F, ())


def test_a_river_of_unknown_width_never_rules_out():
    """The banks may lie farther out than is known."""
    unknown = rivers(((-5_000, 0), (5_000, 0)), width=None)

    assert [read(point(-500, north), network=unknown).value for north in (40, 60, 300)] == [T, U, U]


def test_a_feature_that_may_be_meant_leaves_it_unknown():
    """An intake of unknown kind is neither meant nor not."""
    reads = [
        read(point(-500, 0), where={"kind": "drinking"}, columns={"kind": [kind]}).value
        for kind in ("drinking", None, "other")
    ]

    assert reads == [T, U, F]


def test_an_intake_off_the_middle_reaches_as_far_as_its_river_does():
    """400 m north of the river, and the site 480 m down on the southern bank, 50 m south of the middle."""
    layers = [layer("intakes", [point(0, 400)]), STRAIGHT, layer("basins", BASIN)]
    reading = Place(edition(layers=layers), point(490, -49)).read(parse(ALONG))

    assert reading.value == T


def test_a_polygon_counts_where_any_of_it_lies_in_the_area():
    """A site that reaches 10 m into the strip along the river lies in it."""
    assert read(square(-600, 40, -500, 300)).value == T
    assert read(drawn(shapely.box(-600, 60, -500, 300))).value == F
