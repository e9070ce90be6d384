"""H3 cells of a region as polygons; the reference is H3's own polygon filling."""

import numpy as np
import pytest
import shapely

from yudi.core.errors import InputError
from yudi.formats.hexagons import FINEST, Hexagons, hexagons_below, parents_of

h3 = pytest.importorskip("h3.api.numpy_int", reason="the extra siting is not installed")

WORLD = (-180.0, -90.0, 180.0, 90.0)
SHAPES = {
    "a county": shapely.Point(107.4, 29.6).buffer(0.15, quad_segs=4),
    "two far apart": shapely.union(shapely.box(106.0, 29.0, 106.1, 29.1), shapely.box(108.0, 31.0, 108.05, 31.2)),
    "with a hole": shapely.Point(-72.6, 44.0).buffer(0.2).difference(shapely.Point(-72.6, 44.0).buffer(0.15)),
    "around a pentagon": shapely.Point(10.5, 64.7).buffer(0.3, quad_segs=3),
    "less than a cell": shapely.box(107.4, 29.6, 107.4001, 29.6001),
}


def _met(region, resolution):
    tree = shapely.STRtree([region])
    found = hexagons_below(parents_of(tree, resolution), resolution, WORLD)
    return found.cell[shapely.intersects(found.shape, region)]


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("resolution", [3, 5, 7])
def test_every_cell_that_meets_the_region_is_there_once(name, resolution):
    """H3's filling by overlap gives the same cells; it takes edges for straight in lon/lat as well."""
    region = SHAPES[name]
    expected = h3.h3shape_to_cells_experimental(
        h3.geo_to_h3shape(shapely.geometry.mapping(region)), resolution, "overlap"
    )

    found = _met(region, resolution)

    assert len(set(found.tolist())) == len(found)
    assert set(found.tolist()) == set(expected.tolist())


def test_cells_are_polygons_with_the_corners_that_h3_gives_them():
    """Longitude first, counter-clockwise or not as H3 has it; a pentagon has five corners."""
    pentagon = h3.get_pentagons(4)[0]
    batch = hexagons_below([pentagon], 4, WORLD)

    assert batch.cell.tolist() == [pentagon]
    assert shapely.get_coordinates(batch.shape[0])[:-1, ::-1].tolist() == [
        list(corner) for corner in h3.cell_to_boundary(pentagon)
    ]


def test_a_cell_across_the_antimeridian_is_one_piece():
    """Its corners go on past 180°, so that its area stays small."""
    cell = h3.latlng_to_cell(-17.0, 179.9999, 4)

    shape = hexagons_below([cell], 4, (-540.0, -90.0, 540.0, 90.0)).shape[0]

    assert shape.is_valid
    assert shape.area < 1.0


def test_cells_outside_of_the_box_are_left_out():
    """The box is that of the edition's units."""
    parent = h3.latlng_to_cell(29.6, 107.4, 3)

    near = hexagons_below([parent], 7, (107.39, 29.59, 107.41, 29.61))

    assert 0 < len(near) < len(hexagons_below([parent], 7, WORLD))


def test_a_region_without_shapes_has_no_cells():
    """The same as for an edition without units."""
    assert parents_of(shapely.STRtree([]), 7).tolist() == []


@pytest.mark.parametrize("resolution", [-1, FINEST + 1])
def test_a_resolution_that_no_map_is_good_to_is_refused(resolution):
    """With what was expected and sizes that help to choose."""
    with pytest.raises(InputError, match=f"expected a resolution of 0 to {FINEST}, got {resolution}"):
        parents_of(shapely.STRtree([]), resolution)


def test_names_are_those_of_h3():
    """Hexadecimal, fifteen digits."""
    cell = h3.latlng_to_cell(29.6, 107.4, 9)

    assert Hexagons(np.array([cell], np.uint64), np.array([None])).names() == [f"{cell:x}"]
