"""Which part of a site would have to be left out, on small editions drawn in metres."""

from __future__ import annotations

import pytest
import shapely
from support.editions import DAY, drawn, edition, layer, line, project, square

from yudi.core.measure import area_m2, length_m, plane_at
from yudi.territory.screening import screen
from yudi.territory.ways_out.obstacles import no_way_text
from yudi.territory.ways_out.trims import trims

SITE = square(0, 0, 200, 100)
RED = layer("red", [square(150, -500, 500, 500)], {"name": ["Red"]})
UNITS = layer("units", [square(-900, -900, 50, 900), square(50, -900, 900, 900)])
IN_RED = {"id": "red", "effect": "forbid", "scope": {"inside": {"layer": "red"}}}
PLANE = plane_at(107.0)


def trimmed(*clauses, site=SITE, layers=(RED,), target="not_prohibited", facts=None, **more):
    """Return the candidates, each proved by a screening."""
    held = edition(clauses, layers=layers, **more)
    before = screen(project(site, facts or {}), [held], as_of=DAY)
    found = trims(before, target, limit=3, reach_m=0)
    for one in found:
        assert screen(one.project, [held], as_of=DAY).presumed_verdict != before.presumed_verdict
    return found


def test_what_lies_in_a_zone_is_left_out():
    """50 of 200 m lie in the zone: 5,000 m2, a quarter; the rest is one rectangle."""
    one = trimmed(IN_RED)[0]

    assert one.details["area_m2"] == pytest.approx(5_000, rel=1e-3)
    assert one.details["share"] == pytest.approx(0.25, rel=1e-3)
    assert one.text.en == "leave out 5,000 m² (25%) in red (Red)"
    assert one.text.zh == "让出“red”（Red）内的 5,000 m²（25%）"
    assert float(area_m2(one.project.site, PLANE)) == pytest.approx(15_000, rel=1e-3)
    assert shapely.from_geojson(str(one.project.given["geometry"]).replace("'", '"')).equals(one.project.site)


def test_what_lies_outside_a_park_is_left_out():
    """Nine tenths must lie in a park and one quarter does: what lies outside goes, three quarters."""
    inside = {"id": "park", "effect": "require", "test": {"overlaps": {"layer": "red", "share": 0.9}}}
    one = trimmed(inside)[0]

    assert one.details["share"] == pytest.approx(0.75, rel=1e-3)
    assert one.text.en.endswith("outside red (Red)")


def test_a_distance_is_kept_with_the_accuracy_of_the_map():
    """Within 20 m of a bank that is good to 10 m: what lies nearer than 30 m goes, and 1 m more for rounding."""
    bank = layer("bank", [line((200, -500), (200, 500))], role="reference", shape="bank", accuracy_m=10.0)
    near = {"id": "near", "effect": "forbid", "scope": {"within": {"layer": "bank", "distance_m": 20}}}
    one = trimmed(near, layers=(bank,))[0]

    assert one.details["area_m2"] == pytest.approx(31 * 100, rel=1e-2)
    assert one.text.en.endswith("within 20 m of bank")


def test_a_clause_of_a_unit_may_cost_the_unit_or_the_zone_whichever_is_less():
    """The ban of the eastern unit speaks in the red zone only, which holds less of the site than the unit does."""
    one = trimmed(IN_RED | {"units": {"codes": ["U2"]}}, units=UNITS)[0]

    assert one.details["share"] == pytest.approx(0.25, rel=1e-3)


def test_a_unit_that_forbids_is_left_out():
    """A ban without any place but its unit costs what lies in the unit: 50 of 200 m."""
    one = trimmed({"id": "west", "effect": "forbid", "units": {"codes": ["U1"]}}, units=UNITS)[0]

    assert one.details["share"] == pytest.approx(0.25, rel=1e-3)
    assert one.text.en.endswith("in unit U1")


def test_what_several_layers_forbid_goes_together():
    """Two zones at either end, 40 and 50 m wide."""
    blue = layer("blue", [square(-500, -500, 40, 500)], {"name": ["Blue"]})
    in_blue = {"id": "blue", "effect": "forbid", "scope": {"inside": {"layer": "blue"}}}
    one = trimmed(IN_RED, in_blue, layers=(RED, blue))[0]

    assert one.details["area_m2"] == pytest.approx(9_000, rel=1e-3)
    assert len(one.details["in"]) == 2


def test_of_points_parts_are_counted():
    """Two of five points lie in the zone."""
    site = drawn(shapely.MultiPoint([(0, 0), (50, 0), (100, 0), (160, 0), (200, 0)]))
    one = trimmed(IN_RED, site=site)[0]

    assert (one.details["count"], one.details["of"]) == (2, 5)
    assert one.text.en == "leave out 2 of 5 points, in red (Red)"
    assert shapely.get_num_geometries(one.project.site) == 3


def test_a_line_is_shortened_at_its_end():
    """Of 1,000 m the last 500 lie in the zone."""
    strip = layer("red", [square(500, -500, 1500, 500)])
    one = trimmed(IN_RED, site=line((0, 0), (1000, 0)), layers=(strip,))[0]

    assert one.details["length_m"] == pytest.approx(500, abs=0.1)
    assert "pieces" not in one.details
    assert float(length_m(one.project.site, PLANE)) == pytest.approx(500, abs=0.1)


def test_a_line_is_not_cut_into_pieces():
    """A zone 100 m wide across a line of 1,000 m would leave two pieces: the answer is that it needs another route."""
    strip = layer("red", [square(400, -500, 500, 500)])
    before = screen(project(line((0, 0), (1000, 0))), [edition([IN_RED], layers=(strip,))], as_of=DAY)

    assert not trims(before, "not_prohibited", limit=3, reach_m=0)
    assert no_way_text(before, "not_prohibited", "trim", reach_m=5_000).as_data() == {
        "zh": "让出任何一部分都会截断线路，需调整线路走向",
        "en": "leaving out a part would cut the line in pieces: re-route it",
    }


def test_of_two_lines_one_may_be_left_out():
    """A second line of 300 m lies wholly in the zone; the first stays as it is."""
    both = drawn(shapely.MultiLineString([[(0, 0), (100, 0)], [(600, 0), (900, 0)]]))
    strip = layer("red", [square(500, -500, 1500, 500)])
    one = trimmed(IN_RED, site=both, layers=(strip,))[0]

    assert one.details["length_m"] == pytest.approx(300, abs=0.1)


def test_slivers_are_no_site():
    """Beside a zone that leaves half a metre at the far end, that strip goes with it."""
    middle = layer("red", [square(100, -500, 199.5, 500)])
    one = trimmed(IN_RED, layers=(middle,))[0]

    assert shapely.get_num_geometries(one.project.site) == 1
    assert one.details["area_m2"] == pytest.approx(10_000, rel=1e-3)


@pytest.mark.parametrize("west", [-10, 15])
def test_too_little_is_no_site(west):
    """Where the whole site lies in the zone, or all but 15 of 200 m, leaving it out leaves no project."""
    assert trimmed(IN_RED, layers=(layer("red", [square(west, -500, 500, 500)]),)) == []


def test_a_single_point_cannot_be_trimmed():
    """It is in or it is out."""
    assert trimmed(IN_RED, site=drawn(shapely.Point(160, 0))) == []


def test_what_lies_in_no_unit_is_left_out_to_be_decided():
    """Half of the site beyond the last unit keeps it undetermined; the other half is admissible."""
    held = layer("units", [square(-900, -900, 100, 900)])
    one = trimmed(units=held, layers=(), target="conditional")[0]

    assert one.details["share"] == pytest.approx(0.5, rel=1e-3)
    assert one.text.en.endswith("in no unit")


def test_a_trim_takes_facts_along_where_no_part_is_to_blame():
    """The zone costs a part, coal is banned everywhere: both change, and neither alone is enough."""
    coal = {"id": "coal", "effect": "forbid", "subject": {"fact": "fuel", "in": ["coal"]}}
    one = trimmed(IN_RED, coal, facts={"fuel": "coal"})[0]

    assert one.details["facts"] == [{"fact": "fuel", "from": "coal", "to": "gas"}]
    assert one.details["share"] == pytest.approx(0.25, rel=1e-3)
    assert one.text.en.startswith("leave out 5,000 m² (25%) in red (Red); ")


def test_a_measurement_of_the_whole_site_is_not_kept_for_a_part():
    """A stated distance goes with the part that it was measured for; that the site lies outside of something stays."""
    bank = layer("bank", [line((900, -500), (900, 500))], role="reference", shape="bank", accuracy_m=10.0)
    facts = {
        "distance:bank": {"value": 640, "accuracy": 1, "source": "survey"},
        "inside:blue": {"value": False, "source": "survey"},
    }
    near = {"id": "near", "effect": "require", "test": {"not": {"within": {"layer": "bank", "distance_m": 20}}}}
    one = trimmed(IN_RED, near, layers=(RED, bank), facts=facts)[0]

    assert list(one.project.facts) == ["inside:blue"]
