"""Land within so far of features, as polygons that are surely inside and surely outside of it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from support.editions import drawn, line, point, square

from yudi.core.measure import gap_m, plane_at
from yudi.territory.batch.grown import grown


def _wiggle(seed: int):
    """Return a line of many shallow bends, as a digitised bank has."""
    draw = np.random.default_rng(seed)
    east = np.arange(0.0, 4_000.0, 15.0)
    return drawn(shapely.LineString(np.stack([east, draw.uniform(-8, 8, len(east))], axis=1)))


SHAPES = {
    "point": point(0, 0),
    "line": line((0, 0), (900, 50), (1_000, 800)),
    "wiggle": _wiggle(1),
    "square": square(0, 0, 500, 300),
    "ring": shapely.difference(square(0, 0, 3_000, 3_000), square(100, 100, 2_900, 2_900)),
    "wide": shapely.LineString([(106.2, 29.9), (107.6, 30.1)]),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("radius", [0.0, 3.0, 100.0, 1_000.0])
def test_what_surely_lies_so_near_does_and_what_is_left_out_does_not(name, radius):
    """Points around are measured one by one, in the plane of each, as a single site is."""
    shape = SHAPES[name]
    inner, outer = (grown(np.array([shape]), [radius], is_outer=flag) for flag in (False, True))
    west, south, east, north = shape.buffer(0.002 + radius / 70_000).bounds
    draw = np.random.default_rng(int(radius))
    borders = np.concatenate([shapely.get_coordinates(inner), shapely.get_coordinates(outer)])
    some = borders[draw.integers(0, len(borders), 150)] + draw.normal(0, 2e-6, (150, 2))
    around = np.concatenate([draw.uniform((west, south), (east, north), (150, 2)), some])
    for x, y in around:
        plane = plane_at(x)
        gap = gap_m(plane.to_plane(shapely.Point(x, y)), plane.to_plane(shape), plane)

        assert gap <= radius or not shapely.intersects_xy(inner, x, y).any()
        assert gap > radius or shapely.intersects_xy(outer, x, y).any()


def test_the_band_between_the_two_is_narrow():
    """Of a circle of a kilometre they differ by less than 4 % of the radius on each side, which is asked singly."""
    inner, outer = (grown(np.array([point(0, 0)]), [1_000.0], is_outer=flag)[0] for flag in (False, True))
    plane = plane_at(107.0)
    radii = [np.sqrt(shapely.area(plane.to_plane(shape)) / np.pi) for shape in (inner, outer)]

    assert 960 < radii[0] < 1_000 < radii[1] < 1_040


def test_a_negative_radius_leaves_nothing():
    """What is less accurate than the limit is surely near nowhere."""
    assert len(grown(np.array([square(0, 0, 10, 10)]), [-1.0], is_outer=True)) == 0
