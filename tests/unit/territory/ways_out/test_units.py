"""The nearest units in which a project passes: which, in what order, and where in them."""

from __future__ import annotations

import pytest
from support.editions import DAY, edition, layer, point, project, square

from yudi.territory.screening import screen
from yudi.territory.ways_out.units import no_unit_text, units_nearby

ROW = layer(
    "units",
    [square(west, -2_000, west + 3_000, 2_000) for west in (-1_500, 1_500, 4_500, 7_500)],
    {"code": ["U1", "U2", "U3", "U4"], "name": ["one", "two", "three", "four"]},
)


def bound(code, **more):
    return {"id": f"c{code}", "effect": "forbid", "units": {"codes": [code]}, **more}


def nearby(screening, target="admissible", **more):
    return {way.details["unit"]: way for way in units_nearby(screening, target, **more)}


def screened(scheme, site=None, **facts):
    return screen(project(site or square(0, 0, 100, 100), facts), (scheme,), as_of=DAY)


def test_the_nearest_unit_that_lets_it_pass_comes_first():
    """Of four in a row the first two forbid it: the third begins 4,400 m east of the site, the fourth 3,000 m on."""
    ways = nearby(screened(edition([bound("U1"), bound("U2")], units=ROW)))

    assert list(ways) == ["U3", "U4"]
    assert ways["U3"].details["distance_m"] == pytest.approx(4_500, abs=20)
    assert ways["U4"].details["distance_m"] == pytest.approx(7_500, abs=20)
    assert ways["U3"].details["bearing_deg"] == pytest.approx(90, abs=1)
    assert ways["U3"].text.en == "go to unit U3 three, 4.5 km to the east"
    assert ways["U3"].text.zh == "选址调整至 U3 three（现址东方向 4.5 公里）"


def test_what_lies_in_a_unit_is_gone_round():
    """A zone covers the near half of the second unit, from 1,500 to 3,000 m."""
    zone = layer("zone", [square(1_000, -2_500, 3_000, 2_500)])
    scheme = edition(
        [bound("U1"), {"id": "z", "effect": "forbid", "scope": {"inside": {"layer": "zone"}}}],
        units=ROW,
        layers=[zone],
    )
    way = nearby(screened(scheme))["U2"]

    assert way.details["distance_m"] == pytest.approx(3_000, abs=20)


def test_only_so_many_are_given_as_are_asked():
    """With a limit of one the nearest alone; with none nothing is looked for."""
    screening = screened(edition([bound("U1")], units=ROW))

    assert list(nearby(screening, limit=1)) == ["U2"]
    assert list(nearby(screening, limit=2)) == ["U2", "U3"]
    assert nearby(screening, limit=0) == {}


def test_a_unit_beyond_reach_is_not_given():
    """Ten times as far as a move may go: with 250 m the second unit, with 500 m the third too, which is 4,400 m away."""
    screening = screened(edition([bound("U1")], units=ROW))

    assert list(nearby(screening, reach_m=250)) == ["U2"]
    assert list(nearby(screening, reach_m=500)) == ["U2", "U3"]


def test_none_is_given_where_no_unit_lets_it_pass():
    """What holds everywhere holds in every unit."""
    screening = screened(edition([{"id": "c", "effect": "forbid"}], units=ROW))

    assert nearby(screening) == {}
    assert no_unit_text(screening, "admissible", 5_000).en == "no unit within 50 km where it passes as it is"


def test_a_unit_that_is_too_small_for_the_site_is_left_out():
    """A square of 5,000 m fits into none of the units."""
    screening = screened(edition([bound("U1")], units=ROW), square(-1_000, -1_900, 1_000, 3_100))

    assert nearby(screening, "not_prohibited") == {}


def test_a_site_over_two_units_goes_to_a_third():
    """The units in which it lies now are none to go to."""
    ways = nearby(screened(edition([bound("U1")], units=ROW), square(1_400, 0, 1_600, 100)))

    assert list(ways) == ["U3", "U4"]


def test_of_a_code_that_two_editions_have_one_unit_is_given():
    """A province and a city with the same units; both must let it pass."""
    one, other = edition([bound("U1")], units=ROW), edition([bound("U2")], units=ROW)
    screening = screen(project(point(0, 0)), (one, other), as_of=DAY)

    assert list(nearby(screening)) == ["U3", "U4"]
