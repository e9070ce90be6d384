"""Which features lie around a place: all layers at once, and only those measured that can be the nearest."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from support.editions import edition, layer, line, point, square

from yudi.core.measure import gap_m, plane_at, strips
from yudi.territory.nearby import Near, features_met, grown_box, is_inside, meant_by
from yudi.territory.predicates import Condition

SEED = 26


def test_features_met_are_those_of_each_layer_in_order():
    """Two of three ponds, touching counts, and the one unit; a layer that is not met is not named."""
    ponds = layer("ponds", [square(50, 0, 60, 10), square(500, 0, 510, 10), square(-60, 0, -50, 10)])
    parks = layer("parks", [square(700, 0, 800, 10)])
    found = features_met(edition(layers=[ponds, parks]), square(-50, 0, 50, 10))

    assert found == {"units": [0], "ponds": [0, 2]}


def test_prepared_borders_say_what_plain_ones_do():
    """Random squares and lines against random sites, seed 26; the edition's own shapes are left unprepared."""
    chance = np.random.default_rng(SEED)
    corners = chance.integers(-5, 5, (40, 2)) * 100
    shapes = [
        square(x, y, x + 300, y + 200) if row % 2 else line((x, y), (x + 300, y)) for row, (x, y) in enumerate(corners)
    ]
    things = layer("things", shapes)
    asked = edition(layers=[layer("none", []), things])
    sites = [square(x, y, x + 100, y + 100) for x, y in corners.tolist()] + [point(x, y) for x, y in corners.tolist()]
    for site in sites:
        met = features_met(asked, site).get("things", [])

        assert met == [row for row, shape in enumerate(shapes) if shapely.intersects(shape, site)]
        assert all(is_inside(asked, things, row, site) == shapely.covers(shapes[row], site) for row in met)
    assert not shapely.is_prepared(things.geometry).any()


def test_what_is_meant_is_told_of_every_feature():
    """A kind that is not stated may be meant."""
    ponds = layer("ponds", [point(0, 0)] * 3, {"kind": ["deep", "flat", ""]})
    meant = meant_by(ponds, (Condition("kind", ("deep",)),))

    assert [value.name for value in meant.truth] == ["T", "F", "U"]
    assert meant.may.tolist() == [True, False, True]


@pytest.mark.parametrize("far", [300, 3_000, 40_000])
@pytest.mark.parametrize("matters_m", [50.0, 5_000.0, float("inf")])
def test_all_that_matters_is_as_far_as_measuring_every_feature_says(far, matters_m):
    """Random lines and ponds, seed 26: the nearest, and every one within what matters, to the last digit."""
    chance = np.random.default_rng(SEED)
    shapes = [
        square(x, y, x + far / 20, y + far / 50) if row % 2 else line((x, y), (x + far / 3, y - far / 7))
        for row, (x, y) in enumerate(chance.uniform(-far, far, (60, 2)))
    ]
    things = layer("things", shapes)
    site = square(-40, -30, 45, 60)
    [(plane, piece)] = strips(site)
    every = [gap_m(plane.to_plane(site), plane.to_plane(shape), plane) for shape in shapes]
    found = dict(Near(plane, piece, edition(layers=[things])).gaps(things, np.arange(60), matters_m))
    wanted = {row for row, gap in enumerate(every) if gap <= max(matters_m, min(every))}

    assert wanted <= set(found)
    assert all(found[row] == every[row] for row in found)


def test_a_grown_box_holds_what_lies_within():
    """Points 1 000 m away on a circle of 36 directions."""
    site = point(0, 0)
    angles = np.linspace(0, 2 * np.pi, 36)
    around = [point(1_000 * np.cos(angle), 1_000 * np.sin(angle)) for angle in angles]

    assert all(shapely.covers(grown_box(site, 1_000.0), place) for place in around)


def test_a_distance_that_is_known_is_not_measured_again():
    """A gap beyond the belt of the plane is put right all the same."""
    plane = plane_at(107.0)
    one, other = plane.to_plane(point(0, 0)), plane.to_plane(point(60_000, 0))

    assert gap_m(one, other, plane, shapely.distance(one, other)) == gap_m(one, other, plane)
