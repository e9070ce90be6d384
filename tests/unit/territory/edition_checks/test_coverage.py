"""What is a gap, an overlap, a sliver or noise, and what is none of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from support.checked_land import METRE_N, SHAPES, box, checked, patch

from yudi.core.measure import geodesic_area_m2
from yudi.territory.land import Ground


def without_region(parts):
    """Let the units' own outline be the land; nothing is published, no zone tiles."""
    parts.land = replace(parts.land, region="", published=(), layers={"water": Ground()})


def kinds(spoil):
    """Return the kinds of what is found."""
    return [finding.kind for finding in checked(spoil)]


def shaken(degrees, seed=1):
    """Move every vertex of every unit by up to so much, each unit by itself, as programs do that draw borders twice."""
    random = np.random.default_rng(seed)

    def spoil(parts):
        for index, shape in enumerate(parts.shapes):
            ring = shapely.get_coordinates(shapely.segmentize(shape, 0.001))
            ring = ring + random.uniform(-degrees, degrees, ring.shape)
            ring[-1] = ring[0]
            parts.shapes[index] = shapely.Polygon(ring)

    return spoil


@pytest.mark.parametrize("degrees", [1e-12, 1e-9, 1e-7, 3e-7])
def test_float_noise_along_borders_is_no_finding(degrees):
    """Borders that differ by up to 3 cm (3e-7 degrees) on either side are one border."""
    assert kinds(shaken(degrees)) == []


def test_noise_is_what_the_scheme_says():
    """The same 3 cm are slivers for a scheme that counts from 1 cm on."""

    def spoil(parts):
        parts.land = replace(parts.land, noise_m=0.01)
        shaken(3e-7)(parts)

    assert set(kinds(spoil)) == {"gap_sliver", "overlap_sliver", "region_edge"}


def test_a_neighbour_may_lack_a_point_of_the_border():
    """A point in the middle of a straight border that only one side has is no gap."""

    def spoil(parts):
        parts.shapes[0] = shapely.segmentize(parts.shapes[0], 0.013)

    assert kinds(spoil) == []


def test_holes_are_gaps_and_bays_are_not_without_a_region():
    """Where no region is declared, what the units enclose must be covered, and their outline is free."""

    def spoil(parts):
        without_region(parts)
        parts.cut(0, patch(0.0, 0.4, 400, 300))
        parts.cut(0, patch(0.5, 0.5, 30, 100))

    assert kinds(spoil) == ["gap"]


def test_an_island_in_a_lake_is_no_part_of_the_gap():
    """A gap round an island of the land is measured without it."""
    lake, island = patch(0.4, 0.4, 900, 900), patch(0.45, 0.45, 200, 200)

    def spoil(parts):
        without_region(parts)
        parts.cut(0, lake)
        parts.join(0, island)

    (found,) = checked(spoil)

    assert found.numbers["area_m2"] == pytest.approx(geodesic_area_m2(lake) - geodesic_area_m2(island), rel=1e-4)


def test_a_gap_is_measured_and_placed():
    """A gap of 30 m by 100 m has that area and width to a part in a hundred, its place, and the units beside it."""
    (found,) = checked(lambda parts: parts.cut(1, patch(1, 0.4, 30, 100)))

    assert found.numbers["area_m2"] == pytest.approx(3000, rel=0.01)
    assert found.numbers["width_m"] == pytest.approx(30, rel=0.01)
    assert found.units == ("ZH99010110001", "ZH99010120002")
    assert found.place.equals_exact(patch(1, 0.4, 30, 100).normalize(), 1e-7, normalize=True)


def test_a_doubled_unit_is_said_to_lie_inside_the_other():
    """Two units over the same land are named as such, the smaller first."""

    def spoil(parts):
        parts.land = replace(parts.land, published=())
        parts.add_unit(box(0.2, 0.2, 0.4, 0.4), code="ZH99010110009", name="甲")

    (found,) = checked(spoil)

    assert found.units == ("ZH99010110009", "ZH99010110001")
    assert "inside the other" in found.text.en


def test_what_lies_over_the_others_does_not_overlap():
    """A unit that the scheme declares to lie over the others is left out of overlaps and gaps."""

    def spoil(parts):
        parts.land = replace(parts.land, published=(), layers={"units": Ground(True, {"subclass": ("over",)})})
        parts.add_unit(box(0.2, 0.2, 1.4, 0.4), code="ZH99010110009", name="甲", subclass="over")

    assert [kind for kind in kinds(spoil) if kind != "subclass_unknown"] == []


def test_units_that_need_not_tile_are_left_alone():
    """Where the scheme says that its units do not tile, they may overlap and leave land free."""

    def spoil(parts):
        parts.land = replace(parts.land, published=(), layers={"units": Ground(tiles=False), "water": Ground()})
        parts.cut(0, patch(0.5, 0.5, 30, 100))
        parts.join(0, patch(1, 0.4, 30, 100))

    assert kinds(spoil) == []


def test_zones_are_held_to_the_units_where_there_is_no_region():
    """Zones that tile must cover what the units cover."""

    def spoil(parts):
        parts.land = replace(parts.land, region="")
        parts.zones[0] = box(0, 0, 1.9, 1)

    (found,) = checked(spoil)

    assert (found.kind, found.numbers["layer"], found.units) == ("gap", "water", ("YS9901011210001", "YS9901022210001"))


def test_slivers_along_the_edge_are_one_finding():
    """Many small differences between the outer border and the region are told once, with their number and sum."""

    def spoil(parts):
        for step in range(20):
            parts.cut(0, patch(0, 0.04 * step + 0.02, 3, 50))

    (found,) = checked(spoil)

    assert (found.kind, found.severity, found.numbers["parts"]) == ("region_edge", "warning", 20)
    assert found.numbers["area_m2"] == pytest.approx(20 * 150, rel=0.01)


def test_the_limit_of_slivers_is_the_accuracy_of_the_map_unless_it_is_declared():
    """A strip of 15 m is a gap on a map good to 10 m, and a sliver on one good to 20 m or where 20 m are declared."""
    strip = patch(1, 0.2, 15, 500)

    def declared(parts):
        parts.cut(1, strip)
        parts.land = replace(parts.land, sliver_m=20.0)

    def rough(parts):
        parts.cut(1, strip)
        parts.accuracy_m = 20.0

    assert kinds(lambda parts: parts.cut(1, strip)) == ["gap"]
    assert kinds(declared) == ["gap_sliver"]
    assert kinds(rough) == ["gap_sliver"]


def test_the_largest_come_first():
    """Of several gaps the largest is listed first, so that a cut list shows what matters."""

    def spoil(parts):
        for step, width in enumerate((20, 80, 40)):
            parts.cut(0, patch(0.5, 0.2 + 0.2 * step, width, 100))

    assert [round(finding.numbers["width_m"], -1) for finding in checked(spoil)] == [80, 40, 20]


def test_nothing_breaks_on_a_layer_without_areas():
    """Zones that are lines, though they should tile, are passed over."""

    def spoil(parts):
        parts.zones = [shapely.LineString([(107.0, 30.0), (107.05, 30.05)])] * 2

    assert kinds(spoil) == []


def test_a_slanting_crack_is_found_on_its_whole_length():
    """A crack between two units that narrows from 4 m to nothing is one sliver of half its base times its length."""
    wedge = shapely.Polygon([(107.05, 30.01), (107.05 + 4 / 96_486, 30.01), (107.05, 30.01 + 2000 * METRE_N)])

    (found,) = checked(lambda parts: parts.cut(1, wedge))

    assert found.kind == "gap_sliver"
    assert found.numbers["area_m2"] == pytest.approx(4000, rel=0.01)
    assert SHAPES[1].contains(found.place.representative_point())


@pytest.mark.parametrize(("width_m", "kind"), [(2, "gap_sliver"), (30, "gap"), (80, "gap")])
def test_a_crack_that_runs_out_at_both_ends_is_a_gap_without_a_region_too(width_m, kind):
    """Two halves of the land that a strip of up to ten times the accuracy parts leave a gap, though it is no hole."""

    def spoil(parts):
        without_region(parts)
        for unit in (1, 3):
            parts.cut(unit, patch(1, 0, width_m, 20_000))

    (found,) = checked(spoil)

    assert found.kind == kind
    assert found.numbers["area_m2"] == pytest.approx(width_m * 0.1 / METRE_N, rel=0.03)


@pytest.mark.parametrize("width_m", [300, 2_000])
def test_a_wide_strip_may_be_somebody_elses_land(width_m):
    """Without a region nothing says that a strip of more than ten times the accuracy belongs to the scheme."""

    def spoil(parts):
        without_region(parts)
        for unit in (1, 3):
            parts.cut(unit, patch(1, 0, width_m, 20_000))

    assert kinds(spoil) == []


def test_a_sharp_notch_between_two_units_is_no_gap():
    """Where the outlines of two units meet at an angle of 20 degrees the land outside stays outside."""
    notch = shapely.Polygon([(107.05, 30.005), (107.0482, 30.0), (107.0518, 30.0)])

    def spoil(parts):
        without_region(parts)
        for unit in (0, 1):
            parts.cut(unit, notch)

    assert kinds(spoil) == []
