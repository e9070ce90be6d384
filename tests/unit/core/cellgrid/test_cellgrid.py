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
PLACE = np.array([100.0, 30.0])
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


def test_what_a_line_runs_through_twice_counts_once(made):
    """A line that turns back on itself, or parts that lie on one another, have the length of the ground they cover."""
    back = shapely.LineString([(1.5, 0.5), (0.5, 0.5), (3, 0.5)])
    twice = shapely.MultiLineString([[(0.5, 1.5), (1.5, 1.5)], [(1, 1.5), (3, 1.5)]])

    assert found(made(TOUCHING[0]).lengths(objects(back, twice))) == [(0, 0, 1.5, False), (1, 0, 1.5, False)]


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


def test_far_corners_and_borders_of_cells_belong(made):
    """Corners of the outermost shapes, where the grid itself begins and ends, are inside; a step beyond is not."""
    corners = np.array([[0.0, 0.0], [1e3, 0.0], [0.0, 1e3], [1e3, 1e3]])
    beyond = np.array([[-1e-12, 0.0], [np.nextafter(1e3, 2e3), 0.0], [0.0, np.nextafter(1e3, 2e3)], [1e9, 1e9]])
    features = made(shapely.box(0, 0, 1e3, 1e3), shapely.box(1, 1, 2, 2))

    assert features.points(*corners.T).site.tolist() == [0, 1, 2, 3]
    assert features.points(*beyond.T).site.tolist() == []


def test_many_features_may_share_one_place():
    """A thousand nested squares, smaller than a billionth beside a far one: all are told, whatever room was guessed."""
    nested = [shapely.box(-size, -size, size, size) for size in np.arange(1, 1001) * 1e-12]
    grid = compile_grid(objects(*nested, shapely.box(99, 99, 100, 100)))
    answer = grid.points(np.zeros(300), np.zeros(300))

    assert np.array_equal(answer.site, np.repeat(np.arange(300), 1000))
    assert np.array_equal(answer.feature, np.tile(np.arange(1000), 300))
    assert grid.overlaps(objects(shapely.box(-1, -1, 1, 1))).feature.tolist() == list(range(1000))


def test_features_close_together_beside_one_far_off_are_cut_finely():
    """Ten thousand squares in a thousandth of the grid, which a far shape stretches: places name few of them each."""
    west, south = np.divmod(np.arange(10_000), 100)
    squares = shapely.box(west * 1e-3, south * 1e-3, (west + 1) * 1e-3, (south + 1) * 1e-3)
    grid = compile_grid(np.append(squares, shapely.box(50, 50, 51, 51)))
    answer = grid.points((west + 0.5) * 1e-3, (south + 0.5) * 1e-3)

    assert np.array_equal(answer.feature, np.arange(10_000))
    assert np.diff(grid.grid.first_entry).max() < 50


def country(random, count):
    """Return units that tile a square with winding borders, and zones across them."""
    side = round(count**0.5)
    lines = np.cumsum(random.uniform(0.5, 1.5, (2, side + 1)), axis=1)
    turn = np.linspace(0, 2 * np.pi, 40)
    units = [
        shapely.box(lines[0, i], lines[1, j], lines[0, i + 1], lines[1, j + 1])
        for i in range(side)
        for j in range(side)
    ]
    rims = random.uniform(0.3, 1.5, (count // 5, 1, 1)) * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    zones = shapely.polygons(
        rims * random.uniform(0.7, 1, (count // 5, 40, 1)) + random.uniform(0, side, (count // 5, 1, 2))
    )
    bent = shapely.transform(
        shapely.segmentize(np.array(units, object), 0.1), lambda at: at + 0.1 * np.sin(7 * at[:, ::-1]) + PLACE
    )
    return np.concatenate([bent, shapely.transform(shapely.make_valid(zones), lambda at: at + PLACE)])


@pytest.fixture(scope="module")
def seeded():
    """Return 5,000 units and 1,000 zones, compiled and as the twin, and the generator that made them."""
    random = np.random.default_rng(7)
    features = country(random, 5000)
    return compile_grid(features), Twin(features), random


def test_many_points_are_found_as_geos_finds_them(seeded):
    """300,000 clustered points, a hundredth on vertices, by batches and by two threads: the same pairs."""
    grid, twin, random = seeded
    towns = random.uniform(100, 170, (200, 2)) - [0, 70]
    points = towns[random.integers(0, 200, 300_000)] + random.normal(0, 0.5, (300_000, 2))
    points[:3000] = random.choice(shapely.get_coordinates(twin.shapes), 3000)
    x, y = points.T
    expected = twin.points(x, y)
    for answer in (grid.points(x, y), grid.points(x, y, threads=2), grid.points(list(x), y)):
        assert np.array_equal(answer.site, expected.site)
        assert np.array_equal(answer.feature, expected.feature)


def test_many_polygons_are_measured_as_geos_measures_them(seeded):
    """10,000 polygons, some of them the units themselves, by one thread and by two: same pairs, areas, insides."""
    grid, twin, random = seeded
    sites = shapely.buffer(shapely.points(random.uniform(100, 170, (9900, 2)) - [0, 70]), random.uniform(0.01, 1, 9900))
    sites = np.concatenate([sites, twin.shapes[:100]])
    expected = twin.overlaps(sites)
    for answer in (grid.overlaps(sites), grid.overlaps(sites, threads=2)):
        assert np.array_equal(answer.site, expected.site)
        assert np.array_equal(answer.feature, expected.feature)
        assert np.array_equal(answer.is_within, expected.is_within)
        assert np.allclose(answer.area, expected.area, rtol=1e-9, atol=1e-12)
        assert np.allclose(answer.perimeter_inside, expected.perimeter_inside, rtol=1e-9, atol=1e-9)
