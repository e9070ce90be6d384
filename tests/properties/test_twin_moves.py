"""Moves and units held against a grid of shifts, each of them screened: nothing nearer is missed."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from support.editions import DAY
from support.grounds import grid_best, ground, shifts, sure_verdict

from yudi.core.measure import is_shallow, plane_at
from yudi.territory.screening import screen
from yudi.territory.ways_out.candidates import TARGETS, reaches
from yudi.territory.ways_out.ground import shifted
from yudi.territory.ways_out.moves import moves_to
from yudi.territory.ways_out.offsets import Search
from yudi.territory.ways_out.proofs import on_site
from yudi.territory.ways_out.units import units_to

REACH = 100.0
STEP = 10.0
# A way is in whole metres with a tenth to spare: 1.1 m at most are added to what is found.
ROUNDED = 1.1
SHIFTS = shifts(REACH, STEP)
SCHEMES = st.integers(0, 100_000)


def outset(before, after):
    """Return how far the middle of a site went, and how far its parts changed their places to each other."""
    plane = plane_at(before.centroid.x)
    one, other = plane.to_plane(before), plane.to_plane(after)
    east, north = other.centroid.x - one.centroid.x, other.centroid.y - one.centroid.y
    back = shapely.transform(other, lambda places: places - [east, north])
    return math.hypot(east, north), shapely.hausdorff_distance(back, one)


def moved(screening, shift):
    """Return the screening of a project shifted in metres east and north."""
    plane = plane_at(screening.project.site.centroid.x)
    site = plane.to_lonlat(shifted(plane.to_plane(screening.project.site), *shift))
    return screen(on_site(screening.project, site, screening.editions), screening.editions, as_of=DAY)


@settings(max_examples=60)
@given(SCHEMES)
def test_no_shift_of_a_grid_is_shorter_than_the_move_that_is_found(seed):
    """Points, lines, surfaces and several parts; holes, rivers of unknown width, layers that end, units that overlap."""
    scheme, project = ground(seed)
    screening = screen(project, (scheme,), as_of=DAY)
    search = Search(REACH)
    found = moves_to(screening, TARGETS, search=search)
    best = grid_best(screening, SHIFTS)

    assert set(best) <= set(found) or not search.is_whole  # where it stopped early it says so
    for target, length in best.items() if search.is_whole else ():
        assert found[target].details["distance_m"] <= length + ROUNDED


@settings(max_examples=60)
@given(SCHEMES)
def test_a_move_keeps_the_site_as_it_is_and_reaches_its_target(seed):
    """The stated distance and bearing lead there, the shape is the same to a few centimetres, and it passes."""
    scheme, project = ground(seed)
    screening = screen(project, (scheme,), as_of=DAY)
    for target, way in moves_to(screening, TARGETS, search=Search(REACH)).items():
        length, change = outset(project.site, way.project.site)
        again = screen(way.project, (scheme,), as_of=DAY)

        assert length == pytest.approx(way.details["distance_m"], abs=0.03)
        assert length <= REACH
        assert change < 0.03
        assert not reaches(screening.presumed_verdict, target)
        assert reaches(sure_verdict(again), target)


@settings(max_examples=40)
@given(SCHEMES)
def test_a_unit_is_another_one_and_holds_the_whole_site(seed):
    """It passes there, but for a touch all of it lies in the unit; no unit where it lies now is named."""
    scheme, project = ground(seed)
    screening = screen(project, (scheme,), as_of=DAY)
    here = {scheme.unit_code(touch.index) for touch in screening.places[0].units if not touch.is_touch}
    for target, ways in units_to(screening, TARGETS).items():
        codes = [way.details["unit"] for way in ways]

        assert len(codes) == len(set(codes))
        assert not here & set(codes)
        assert [way.cost for way in ways] == sorted(way.cost for way in ways)
        for way in ways:
            site = way.project.site
            again = screen(way.project, (scheme,), as_of=DAY)
            outside = site.difference(scheme.units.geometry[scheme.unit_index[way.details["unit"]]])

            assert reaches(sure_verdict(again), target)
            assert outside.is_empty or is_shallow(outside, site, plane_at(site.centroid.x))
            assert outset(project.site, site)[0] == pytest.approx(way.details["distance_m"], abs=1)


@settings(max_examples=15)
@given(SCHEMES)
def test_a_unit_in_which_the_site_passes_with_room_around_is_found(seed):
    """On a wide grid: where the whole site lies in one other unit and passes, also twelve metres to each side."""
    scheme, project = ground(seed)
    screening = screen(project, (scheme,), as_of=DAY)
    left = [target for target in TARGETS if not reaches(screening.presumed_verdict, target)]
    here = {touch.index for touch in screening.places[0].units if not touch.is_touch}
    found = units_to(screening, left, limit=10)
    for shift in shifts(300.0, 60.0) if left else ():
        around = [(shift[0] + east, shift[1] + north) for east, north in ((0, 0), (12, 0), (-12, 0), (0, 12), (0, -12))]
        units, verdicts = set(), []
        for place in around:
            again = moved(screening, place)
            units |= {touch.index for touch in again.places[0].units}
            verdicts.append(sure_verdict(again))
        if len(units) == 1 and not units & here:
            code = scheme.unit_code(units.pop())
            for target in left:
                if all(reaches(verdict, target) for verdict in verdicts):
                    assert code in [way.details["unit"] for way in found[target]]
