"""The nearest move: distances worked out by hand on drawings in metres, islands, parks, holes, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from support.editions import DAY, VOCABULARY, drawn, edition, layer, line, point, project, square

from yudi.core.measure import plane_at
from yudi.territory.screening import screen
from yudi.territory.ways_out.moves import moves, no_move_text

BANK = layer("bank", [line((-9_000, 1_000), (9_000, 1_000))], shape="bank", accuracy_m=50.0)
NEAR_BANK = {"id": "near", "effect": "forbid", "scope": {"within": {"layer": "bank", "distance_m": 1_000}}}


def found(scheme, site, target="admissible", facts=None, **more):
    """Return the move of a project, None where there is none."""
    schemes = scheme if isinstance(scheme, tuple) else (scheme,)
    ways = moves(screen(project(site, facts), schemes, as_of=DAY), target, **more)
    return ways[0] if ways else None


def zones(*boxes, name="zone", **columns):
    return layer(name, [square(*box) for box in boxes], columns or None)


def forbid(scope, **more):
    return {"id": f"no-{len(str(scope))}", "effect": "forbid", "scope": scope, **more}


IN_ZONE = {"inside": {"layer": "zone"}}


def test_a_move_goes_beyond_limit_and_accuracy():
    """At 900 m from a bank that is good to 50 m and asks 1,000 m, 150 m are not enough: 1,050 m is not beyond."""
    way = found(edition([NEAR_BANK], layers=[BANK]), square(-50, 0, 50, 100))

    assert way.details["distance_m"] == 151
    assert way.details["bearing_deg"] == 180
    assert way.text.en == "move 151 m to the south, away from B1 (bank)"
    assert way.text.zh == "向南移动 151 米，离开B1（bank）"


def test_the_moved_site_keeps_its_shape_and_its_parts():
    """Two squares 200 m apart are moved as one; the plane in which they are measured shows the same shape."""
    two = shapely.union_all([shapely.box(-50, 0, 0, 50), shapely.box(200, 30, 260, 90)])
    way = found(edition([NEAR_BANK], layers=[BANK]), drawn(two))
    plane = plane_at(107.0)
    before, after = plane.to_plane(drawn(two)), plane.to_plane(way.project.site)
    back = shapely.transform(after, lambda places: places + np.array([0, way.details["distance_m"]]))

    assert shapely.hausdorff_distance(before, back) < 0.02
    assert way.project.given["geometry"]["type"] == "MultiPolygon"


def test_the_nearest_side_of_a_zone_is_taken():
    """A point 30 m from the east side of a square is led out there, a tenth of a metre beyond, in whole metres."""
    way = found(edition([forbid(IN_ZONE)], layers=[zones((-500, -500, 500, 500))]), point(470, 0))

    assert (way.details["distance_m"], way.details["bearing_deg"]) == (31, pytest.approx(90, abs=2))
    assert way.text.en == "move 31 m to the east, away from Z1 (zone)"


def test_what_is_nearer_but_forbidden_by_another_clause_is_passed_over():
    """East of the zone lies another one up to 900 m, so the way out is to the south, 500 m away."""
    scheme = edition(
        [forbid(IN_ZONE), forbid({"inside": {"layer": "other"}})],
        layers=[zones((-500, -500, 500, 500)), zones((500, -2_000, 900, 2_000), name="other")],
    )
    way = found(scheme, point(300, 0))

    assert way.details["distance_m"] == 501
    assert way.text.en.startswith("move 501 m to the south") or way.text.en.startswith("move 501 m to the north")


def test_a_hole_in_a_zone_is_an_island_that_holds_the_site_or_does_not():
    """A square of 40 m fits into a hole of 100 m and not into one of 30 m: then the way leads out of the zone."""
    ring = shapely.box(-600, -600, 600, 600)
    wide = ring.difference(shapely.box(100, -50, 200, 50))
    narrow = ring.difference(shapely.box(100, -15, 130, 15))

    # From -20 … 20 to 100 … 140, but for a touch: less than 1 m deep, and a tenth to spare.
    inside = found(edition([forbid(IN_ZONE)], layers=[layer("zone", [drawn(wide)])]), square(-20, -20, 20, 20))
    outside = found(edition([forbid(IN_ZONE)], layers=[layer("zone", [drawn(narrow)])]), square(-20, -20, 20, 20))

    assert inside.details["distance_m"] in (120, 121)
    assert outside.details["distance_m"] in (620, 621)


def test_a_project_that_must_lie_in_a_park_is_led_into_it():
    """The park begins 800 m to the east; a square of 100 m must lie in it with 99 % of its area."""
    scheme = edition(
        [
            {
                "id": "park",
                "effect": "require",
                "test": {"overlaps": {"layer": "park", "share": 0.99}},
            }
        ],
        layers=[zones((800, -400, 2_000, 400), name="park")],
    )
    way = found(scheme, square(-50, -50, 50, 50))

    # 850 m bring it wholly in; 1 % of 100 m may stay outside.
    assert way.details["distance_m"] == 850
    assert way.text.en == "move 850 m to the east, into P1 (park)"


def test_a_unit_is_left_where_its_own_clause_forbids():
    """Two units share an edge at 0: what only the western one forbids passes in the eastern one."""
    units = layer(
        "units",
        [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000)],
        {"code": ["W", "E"], "name": ["west", "east"]},
    )
    scheme = edition([{"id": "c", "effect": "forbid", "units": {"codes": ["W"]}}], units=units)
    way = found(scheme, square(-140, 0, -40, 60))

    # What is left in the west is less than 1 m deep.
    assert way.details["distance_m"] == 140
    assert way.text.en == "move 140 m to the east, into E east"


def test_a_site_outside_all_units_is_led_in():
    """Half of a square of 100 m lies beyond the edge of the only unit."""
    units = layer("units", [square(0, -5_000, 5_000, 5_000)])
    way = found(edition(units=units), square(-50, 0, 50, 100))

    assert way.details["distance_m"] == 50


def test_every_edition_that_is_asked_must_let_it_pass():
    """A second edition forbids the side that the first one leaves free."""
    first = edition([forbid(IN_ZONE)], layers=[zones((-500, -500, 500, 500))])
    second = edition([forbid(IN_ZONE)], layers=[zones((400, -3_000, 3_000, 3_000))])

    assert found(first, point(300, 0)).details["distance_m"] == 201
    assert found((first, second), point(300, 0)).details["distance_m"] == 501


def test_none_is_given_where_none_is_within_reach():
    """The zone ends 2,000 m away."""
    scheme = edition([forbid(IN_ZONE)], layers=[zones((-2_000, -2_000, 2_000, 2_000))])
    screening = screen(project(point(0, 0)), (scheme,), as_of=DAY)

    assert moves(screening, "admissible", reach_m=1_900) == []
    assert no_move_text(screening, 1_900).en == "no place within 1.9 km to move to"
    assert moves(screening, "admissible", reach_m=2_100)[0].details["distance_m"] == 2_001


def test_none_is_given_where_no_place_matters():
    """A clause that holds everywhere is not escaped by moving; nor is a way asked where the target is met."""
    everywhere = edition([{"id": "c", "effect": "forbid"}])

    assert found(everywhere, point(0, 0)) is None
    assert found(edition(), point(0, 0)) is None
    assert found(edition([NEAR_BANK], layers=[BANK]), point(0, 0), limit=0) is None


def test_each_target_has_its_own_distance():
    """Beyond the zone the bank is still near: prohibited ends after 101 m, the offset that the bank asks after 551 m."""
    offset = {
        "id": "offset",
        "effect": "offset",
        "factor": 1.0,
        "scope": {"within": {"layer": "bank", "distance_m": 1_500}},
    }
    scheme = edition([forbid(IN_ZONE), offset], layers=[zones((-4_000, -100, 4_000, 900)), BANK])
    screening = screen(project(point(0, 0)), (scheme,), as_of=DAY)
    lengths = {target: moves(screening, target)[0].details["distance_m"] for target in ("not_prohibited", "admissible")}

    # 1,000 m from the bank at first, 1,550 m are beyond its limit and accuracy.
    assert lengths == {"not_prohibited": 101, "admissible": 551}


def test_a_place_of_which_the_map_cannot_tell_is_no_way_out():
    """Between 950 and 1,050 m from the bank it is no longer known to be prohibited, and not known not to be."""
    scheme = edition([NEAR_BANK], layers=[BANK])

    assert screen(project(point(0, 0)), (scheme,), as_of=DAY).presumed_verdict == "undetermined"
    assert found(scheme, square(-50, 0, 50, 100), "not_prohibited").details["distance_m"] == 151


def test_what_is_unknown_everywhere_does_not_stand_in_the_way():
    """A layer that the scheme lacks leaves the answer open at every place alike."""
    lacking = forbid({"inside": {"layer": "nowhere"}})
    scheme = edition([NEAR_BANK, lacking], layers=[BANK])
    way = found(scheme, square(-50, 0, 50, 100), "not_prohibited")

    assert way.details["distance_m"] == 151
    assert way.after.presumed_verdict == "undetermined"


def test_a_layer_that_ends_is_not_a_way_out():
    """Where the layer is not complete nobody knows whether the zone goes on."""
    part = layer("zone", [square(-500, -500, 500, 500)], role="reference", extent=square(-700, -700, 520, 700))
    scheme = edition([forbid(IN_ZONE)], layers=[part])
    site = square(460, -20, 500, 20)

    # East of the zone 20 m are known, too few for the site; to the north 200 m are, 520 m away.
    assert found(scheme, site, reach_m=500) is None
    assert found(scheme, site).details["distance_m"] in (519, 520)
    assert found(scheme, site, "not_prohibited").details["distance_m"] in (519, 520)


def test_a_river_of_unknown_width_may_be_near_however_far_it_is():
    """From a centreline without width the distance is never surely enough."""
    river = layer("bank", [line((-9_000, 1_000), (9_000, 1_000))], {"w": [None]}, shape="centreline", width_field="w")

    assert found(edition([NEAR_BANK], layers=[river]), point(0, 500), "not_prohibited") is None


def test_what_was_measured_at_the_old_place_is_left_out():
    """A stated distance of 900 m says nothing of the new place: the map's counts there."""
    scheme = edition([NEAR_BANK], layers=[BANK])
    facts = {"distance:bank": {"value": 900, "accuracy": 1}, "activity": "new"}
    way = found(scheme, point(0, 0), facts=facts)

    assert way.details["distance_m"] == 51
    assert set(way.project.facts) == {"activity"}


def test_no_move_is_given_where_the_map_already_lets_it_pass():
    """Only a measurement forbids it; the map cannot say how far from it is far enough."""
    scheme = edition([NEAR_BANK], layers=[BANK])
    measured = {"distance:bank": {"value": 900, "accuracy": 1}}

    assert found(scheme, point(0, -500), facts=measured) is None
    assert screen(project(point(0, -500), measured, VOCABULARY), (scheme,), as_of=DAY).verdict == "prohibited"


def test_the_proof_is_handed_on():
    """The candidate carries the screening of its project, so that nobody needs to make it again."""
    way = found(edition([NEAR_BANK], layers=[BANK]), point(0, 500))

    assert way.after.project is way.project
    assert way.after.presumed_verdict == "admissible"
