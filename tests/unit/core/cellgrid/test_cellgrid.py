"""What compiled polygons answer, by shapes whose areas are counted by hand; the plain twin answers the same."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import shapely

from yudi.core.cellgrid import CellGrid, Twin, compile_grid
from yudi.core.errors import InputError

TOUCHING = [shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2), shapely.box(1, 1, 3, 3)]
RING = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
# An island of two parts, the second in the hole of the first.
ISLAND = shapely.MultiPolygon([RING, shapely.box(1.5, 1.5, 2.5, 2.5)])


@pytest.fixture(params=[compile_grid, Twin], ids=["compiled", "twin"])
def made(request):
    """Return a maker of either kind."""
    return lambda *shapes: request.param(objects(*shapes))


def objects(*shapes):
    """Return shapes as an object array."""
    array = np.empty(len(shapes), object)
    array[:] = shapes
    return array


def broken_polygon():
    """Return a polygon with a coordinate that is no number, of which GEOS warns."""
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(0, 0), (np.nan, 1), (1, 1)])


def found(answer):
    """Return an answer's rows as tuples of plain numbers."""
    return list(zip(*(column.tolist() for column in answer), strict=True))


def test_a_point_on_a_common_border_lies_in_both(made):
    """Features are closed: a shared corner belongs to all that meet there, and rows are sorted."""
    answer = made(*TOUCHING).points(np.array([2.0, 0.5, 2.0, 5.0]), np.array([1.0, 0.5, 0.0, 5.0]))

    assert found(answer) == [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (2, 1)]
    assert (answer.site.dtype, answer.feature.dtype) == (np.int64, np.int32)


def test_the_border_of_a_hole_belongs_and_its_inside_does_not(made):
    """A point in a hole is outside, one on its border inside, one in a part within the hole inside."""
    answer = made(ISLAND).points(np.array([1.2, 1.0, 2.0, 1.5, 4.0]), np.array([1.2, 2.0, 2.0, 2.0, 4.0]))

    assert found(answer) == [(1, 0), (2, 0), (3, 0), (4, 0)]


def test_points_that_are_not_finite_lie_nowhere(made):
    """NaN and infinity are no places, not even for a feature that covers all."""
    values = np.array([np.nan, np.inf, -np.inf, 0.5])

    assert found(made(shapely.box(-1e6, -1e6, 1e6, 1e6)).points(values, np.full(4, 0.5))) == [(3, 0)]
    assert found(made(shapely.box(-1e6, -1e6, 1e6, 1e6)).points(np.full(4, 0.5), values)) == [(3, 0)]


def test_missing_and_empty_features_meet_nothing(made):
    """Rows without a shape keep their number and are never named."""
    features = made(None, shapely.Polygon(), shapely.box(0, 0, 1, 1), shapely.MultiPolygon())

    assert found(features.points(np.array([0.5]), np.array([0.5]))) == [(0, 2)]
    assert found(features.overlaps(objects(None, shapely.box(0, 0, 1, 1), shapely.Polygon()))) == [
        (1, 2, 1.0, 4.0, True)
    ]


@pytest.mark.parametrize("shapes", [(), (None,), (shapely.Polygon(),)])
def test_a_grid_of_nothing_answers_nothing(made, shapes):
    """No feature, or only features without shape: every answer is empty."""
    features, none = made(*shapes), objects()

    assert found(features.points(np.array([0.0]), np.array([0.0]))) == []
    assert found(features.overlaps(objects(shapely.box(0, 0, 1, 1)))) == []
    assert found(features.lengths(objects(shapely.LineString([(0, 0), (1, 1)])))) == []
    assert found(features.points(np.empty(0), np.empty(0))) == []
    assert found(features.overlaps(none)) == found(features.lengths(none)) == []


def test_areas_are_those_of_the_parts_in_common(made):
    """A site of 2 × 2 over three boxes: its shares, the border of each, and a touch with no area."""
    answer = made(*TOUCHING).overlaps(objects(shapely.box(1.5, 0.5, 3.5, 2.5), shapely.box(4, 0, 5, 1)))

    assert found(answer) == [
        (0, 0, 0.75, 4.0, False),  # 0.5 × 1.5
        (0, 1, 2.25, 6.0, False),  # 1.5 × 1.5
        (0, 2, 2.25, 6.0, False),  # 1.5 × 1.5
        (1, 1, 0.0, 1.0, False),  # along an edge of length 1
    ]


def test_a_site_within_a_feature_is_told(made):
    """A site wholly inside is within, one that reaches into a hole is not, one over the hole alone meets nothing."""
    sites = objects(shapely.box(0.2, 0.2, 0.8, 0.7), shapely.box(0.5, 0.5, 3.5, 3.5), shapely.box(1.1, 1.1, 1.2, 1.2))
    answer = made(ISLAND).overlaps(sites)

    assert found(answer)[0] == (0, 0, pytest.approx(0.3), pytest.approx(2.2), True)
    assert found(answer)[1] == (1, 0, pytest.approx(9 - 4 + 1), pytest.approx(12 + 8 + 4), False)
    assert len(answer.site) == 2


def test_sites_have_holes_and_parts(made):
    """What lies in a hole of the site, or between its parts, is not in common."""
    site = shapely.MultiPolygon(
        [shapely.box(-2, -2, 6, 6).difference(shapely.box(-1, -1, 5, 5)), shapely.box(1, 1, 3, 4.5)]
    )
    answer = made(shapely.box(0, 0, 4, 4), shapely.box(10, 10, 11, 11)).overlaps(objects(site))

    assert found(answer) == [(0, 0, 6.0, 10.0, False)]  # 2 × 3 of the inner part


def test_a_feature_within_a_site_counts_whole(made):
    """A site over everything has each feature's whole area; a huge one too."""
    sites = objects(shapely.box(-1, -1, 9, 9), shapely.box(-1e7, -1e7, 1e7, 1e7))

    assert found(made(*TOUCHING).overlaps(sites)) == [
        (site, feature, 4.0, 8.0, False) for site in range(2) for feature in range(3)
    ]


def test_lines_are_measured_inside(made):
    """A line has its length in each feature; along a border it lies in both; one that ends at a border touches."""
    lines = objects(
        shapely.LineString([(0.5, 0.5), (3.5, 0.5)]),
        shapely.LineString([(2, 0), (2, 0.5)]),
        shapely.LineString([(-1, 0.5), (0, 0.5)]),
        shapely.MultiLineString([[(0.1, 0.1), (0.1, 0.6)], [(3, 0.5), (5, 0.5)]]),
    )

    assert found(made(*TOUCHING).lengths(lines)) == [
        (0, 0, 1.5, False),
        (0, 1, 1.5, False),
        (1, 0, 0.5, True),
        (1, 1, 0.5, True),
        (2, 0, 0.0, False),
        (3, 0, 0.5, False),
        (3, 1, 1.0, False),
    ]


def test_sites_that_are_not_finite_meet_nothing(made):
    """A polygon or line with NaN or infinity is left out, the others keep their numbers."""
    polygons = objects(broken_polygon(), shapely.box(0.5, 0.5, 1.5, 1))
    lines = objects(shapely.LineString([(0.5, 0.5), (np.inf, 1)]), shapely.LineString([(0.5, 0.5), (1, 0.5)]))

    assert found(made(TOUCHING[0]).overlaps(polygons)) == [(1, 0, 0.5, 3.0, True)]
    assert found(made(TOUCHING[0]).lengths(lines)) == [(1, 0, 0.5, True)]


def test_shapes_of_another_kind_are_refused():
    """A line among the features, or a point among the sites, is an error that names its row."""
    grid = compile_grid(objects(*TOUCHING))

    with pytest.raises(InputError, match="row 2, geometry: expected a polygon or multipolygon, got a LineString"):
        compile_grid(objects(shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])))
    with pytest.raises(InputError, match="row 1, geometry: expected a polygon or multipolygon, got a Point"):
        grid.overlaps(objects(shapely.Point(0, 0)))
    with pytest.raises(InputError, match="row 1, geometry: expected a line or multiline, got a Polygon"):
        grid.lengths(objects(shapely.box(0, 0, 1, 1)))
    with pytest.raises(InputError, match="row 1, geometry: expected finite coordinates"):
        compile_grid(objects(broken_polygon()))


def test_a_grid_is_kept_in_files_and_mapped(tmp_path):
    """Arrays written and memory-mapped read-only answer as the grid did; shapes are asked only where needed."""
    shapes = objects(*TOUCHING, ISLAND)
    grid = compile_grid(shapes)
    for name, array in grid.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.iterdir()}
    asked = []

    def wanted(rows):
        asked.extend(rows.tolist())
        return shapes[rows]

    mapped = CellGrid.from_arrays(arrays, wanted)
    x = np.array([0.25, 1.5, 2.0])

    assert found(mapped.points(x, x)) == found(grid.points(x, x))
    assert asked == []
    sites = objects(shapely.box(2, 0.5, 3, 1.5))
    assert found(mapped.overlaps(sites)) == found(grid.overlaps(sites))
    assert asked == [0, 1, 2, 3]  # the site touches them all
    assert found(CellGrid.from_arrays(arrays, list(shapes)).overlaps(sites)) == found(grid.overlaps(sites))


def test_nothing_compiled_is_loaded_before_the_first_question():
    """Importing the package, and the grid's own room, leaves the compiler out."""
    code = "import sys, yudi, yudi.api, yudi.cli.app, yudi.core.cellgrid; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
