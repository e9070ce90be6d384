"""Defects of shapes: mended and reported in a layer, refused in a project where there are two readings."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from yudi.core.errors import InputError, LimitError
from yudi.core.geometry import mend_layer, read_site
from yudi.core.repair import even_odd

FIGURE_8 = [(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]


def mend(*shapes, **options):
    """Mend a layer of these shapes."""
    return mend_layer(np.array(shapes, dtype=object), np.arange(1, len(shapes) + 1), "units.shp", **options)


def refusal(geometry, **options):
    """Return the error with which a project's geometry is refused."""
    with pytest.raises(InputError) as caught:
        read_site(geometry, **options)
    return caught.value


def polygon(*rings):
    """Return a GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [[list(position) for position in ring] for ring in rings]}


def boxes(*bounds):
    """Return a GeoJSON multipolygon of boxes."""
    shape = shapely.MultiPolygon([shapely.box(*bound) for bound in bounds])
    return shapely.geometry.mapping(shape)


def test_a_valid_layer_is_left_as_it_is():
    """Nothing is changed and nothing reported."""
    shapes, findings = mend(shapely.box(106, 29, 107, 30), shapely.Point(106, 29))

    assert shapes[0].equals_exact(shapely.box(106, 29, 107, 30), 0)
    assert findings == ()


def test_a_figure_of_eight_becomes_its_two_lobes():
    """Both triangles of area 1 stay, and the finding gives the area before and after."""
    shapes, findings = mend(shapely.Polygon(FIGURE_8))

    assert shapes[0].area == pytest.approx(2.0)
    assert [finding.kind for finding in findings] == ["ring_crosses_itself"]
    assert "before" in findings[0].message
    assert findings[0].where.row == 1


def test_a_pentagram_loses_its_middle():
    """Even-odd leaves the five points: the star's outline less the pentagon within, both cut into triangles."""
    corners = [(math.sin(4 * math.pi * k / 5), math.cos(4 * math.pi * k / 5)) for k in range(5)]
    inner = math.cos(math.radians(72)) / math.cos(math.radians(36))  # circumradius of the pentagon in the middle
    outline = 10 * 0.5 * inner * math.sin(math.radians(36))
    middle = 5 * 0.5 * inner**2 * math.sin(math.radians(72))

    assert even_odd(shapely.Polygon(corners)).area == pytest.approx(outline - middle)


def test_a_shell_in_a_shell_is_a_hole():
    """Nested shells of one feature: 16 − 4."""
    shapes, findings = mend(shapely.MultiPolygon([shapely.box(0, 0, 4, 4), shapely.box(1, 1, 3, 3)]))

    assert shapes[0].area == 12
    assert [finding.kind for finding in findings] == ["shell_inside_shell"]


def test_a_shell_in_a_hole_is_an_island():
    """Three nested shells: 36 − 16 + 4."""
    nested = [shapely.box(0, 0, 6, 6), shapely.box(1, 1, 5, 5), shapely.box(2, 2, 4, 4)]

    assert mend(shapely.MultiPolygon(nested))[0][0].area == 24


def test_what_lies_in_two_overlapping_shells_is_outside():
    """Two boxes of 4 that share 1: 3 + 3."""
    shapes, findings = mend(shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]))

    assert shapes[0].area == 6
    assert [finding.kind for finding in findings] == ["shells_overlap"]


def test_shells_that_share_an_edge_are_joined_without_change_of_area():
    """Two boxes side by side have one reading."""
    shapes, findings = mend(shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))

    assert shapes[0].equals(shapely.box(0, 0, 2, 1))
    assert [finding.kind for finding in findings] == ["shells_share_edge"]


def test_a_ring_that_touches_itself_keeps_its_area():
    """A hole drawn as a loop of the shell, as some programs do, stays a hole."""
    ring = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 2), (2, 1), (0, 0)]
    shapes, findings = mend(shapely.Polygon(ring))

    assert shapes[0].is_valid
    assert shapes[0].area == pytest.approx(shapely.Polygon(ring).area)
    assert [finding.kind for finding in findings] == ["ring_touches_itself"]


def test_a_feature_with_two_faults_is_named_by_the_one_that_changes_its_area():
    """A ring that touches itself and a shell inside a shell, as in one district of Vermont's atlas: 16 − 1.5 − 1."""
    touching = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 2), (2, 1), (0, 0)])
    shapes, findings = mend(shapely.MultiPolygon([touching, shapely.box(2.5, 2.5, 3.5, 3.5)]))

    assert shapes[0].area == pytest.approx(16 - 1.5 - 1)
    assert [finding.kind for finding in findings] == ["shell_inside_shell"]


def test_a_hole_across_its_shell_is_repaired():
    """Shell of 16 and hole of 4 that share 2: 14 + 2."""
    shapes, findings = mend(shapely.Polygon(shapely.box(0, 0, 4, 4).exterior, [shapely.box(3, 1, 5, 3).exterior]))

    assert shapes[0].area == 16
    assert [finding.kind for finding in findings] == ["hole_crosses_shell"]


def test_a_shape_that_vanishes_is_refused():
    """A ring drawn twice around goes around nothing an odd number of times."""
    twice = shapely.Polygon([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])
    with pytest.raises(InputError, match=r"row 2: nothing is left") as caught:
        mend(shapely.box(0, 0, 1, 1), twice)

    assert caught.value.where.row == 2


def test_a_line_without_length_is_refused():
    """Two equal positions are no line."""
    with pytest.raises(InputError, match="row 1: nothing is left"):
        mend(shapely.LineString([(106, 29), (106, 29)]))


def test_doubled_vertices_and_heights_are_reported_once_for_the_layer():
    """One finding of each kind names the rows."""
    doubled = shapely.Polygon([(0, 0), (1, 0), (1, 0), (1, 1), (0, 0)])
    shapes, findings = mend(doubled, shapely.Point(1, 2, 3), doubled)

    assert shapely.get_num_coordinates(shapes).tolist() == [4, 1, 4]
    assert not shapely.has_z(shapes).any()
    assert {finding.kind: finding.message for finding in findings} == {
        "z_dropped": "heights were left out in row 2",
        "doubled_vertices": "doubled vertices were removed in rows 1, 3",
    }


def test_of_a_mixed_collection_the_highest_dimension_stays():
    """The polygon of a collection is kept, its point is left out and reported."""
    shapes, findings = mend(shapely.GeometryCollection([shapely.Point(5, 5), shapely.box(0, 0, 1, 1)]))

    assert shapes[0].geom_type == "Polygon"
    assert [finding.kind for finding in findings] == ["parts_dropped"]


def test_all_unusable_rows_are_listed_in_one_message():
    """Missing, empty, NaN, out of range and exchanged coordinates come together, each with its row."""
    with pytest.raises(InputError) as caught:
        mend(
            None, shapely.Polygon(), shapely.Point(math.nan, 29), shapely.Point(500000, 3200000), shapely.Point(29, 106)
        )
    text = str(caught.value)

    assert "5 features cannot be used" in text
    for row, words in enumerate(("no geometry", "no geometry", "NaN", "outside longitude", "look exchanged"), 1):
        assert f"row {row}: " in text
        assert words in text


def test_a_long_list_of_rows_is_cut_at_20():
    """The message stays short and says how many more there are."""
    with pytest.raises(InputError, match=r"row 20: no geometry; and 5 more"):
        mend(*[None] * 25)


def test_exchanged_coordinates_are_found_against_bounds():
    """Vermont exchanged is a possible place on earth; only the layer's bounds tell."""
    exchanged = shapely.Point(44.5, -72.6)

    assert mend(exchanged)[1] == ()
    with pytest.raises(InputError, match="look exchanged"):
        mend(exchanged, bounds=(-73.5, 42.7, -71.4, 45.1))


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        ({"type": "Point", "coordinates": [106.5, 29.5]}, "Point"),
        ({"type": "MultiPoint", "coordinates": [[106.5, 29.5], [106.6, 29.5]]}, "MultiPoint"),
        ({"type": "LineString", "coordinates": [[106.5, 29.5], [106.6, 29.5]]}, "LineString"),
        ({"type": "MultiLineString", "coordinates": [[[106.5, 29.5], [106.6, 29.5]]]}, "MultiLineString"),
        (polygon([(0, 0), (1, 0), (1, 1), (0, 0)]), "Polygon"),
        (boxes((0, 0, 1, 1), (2, 0, 3, 1)), "MultiPolygon"),
    ],
)
def test_every_plain_kind_of_site_is_read(geometry, kind):
    """Six kinds of geometry come through without notes."""
    shape, notes = read_site(geometry)

    assert shape.geom_type == kind
    assert notes == ()


def test_small_faults_of_a_site_are_repaired_and_noted():
    """An unclosed ring, doubled vertices and heights have one reading."""
    shape, notes = read_site(polygon([(0, 0, 5), (1, 0, 5), (1, 0, 5), (1, 1, 5)]))

    assert shape.equals(shapely.Polygon([(0, 0), (1, 0), (1, 1)]))
    assert {note.kind for note in notes} == {"ring_unclosed", "doubled_vertices", "z_dropped"}
    assert next(note for note in notes if note.kind == "ring_unclosed").where.field == "geometry.coordinates[0]"


def test_doubled_points_of_a_site_count_once():
    """Share and trim count parts, so a point given twice would count double."""
    shape, notes = read_site({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4], [1, 2]]})

    assert len(shape.geoms) == 2
    assert [note.kind for note in notes] == ["doubled_vertices"]


@pytest.mark.parametrize(
    ("geometry", "field", "words"),
    [
        (None, "geometry", "got nothing"),
        ("POINT (1 2)", "geometry", "expected a GeoJSON geometry"),
        ({"type": "Feature", "geometry": {}}, "geometry.type", "got 'Feature'"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry.type", "got 'GeometryCollection'"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "geometry.type", "expected one of"),
        ({"type": "Point"}, "geometry.coordinates", "got none"),
        ({"type": "Point", "coordinates": []}, "geometry.coordinates", "expected a position"),
        ({"type": "Point", "coordinates": ["106.5", "29.5"]}, "geometry.coordinates", "expected numbers"),
        ({"type": "Point", "coordinates": [True, 2]}, "geometry.coordinates", "expected numbers"),
        ({"type": "Point", "coordinates": [10**400, 2]}, "geometry.coordinates", "expected finite"),
        ({"type": "Point", "coordinates": [math.nan, 2]}, "geometry.coordinates", "expected finite"),
        ({"type": "Point", "coordinates": [500000, 3200000]}, "geometry.coordinates", "expected longitude ±180"),
        ({"type": "Point", "coordinates": [29.5, 106.5]}, "geometry.coordinates", "look exchanged"),
        ({"type": "Polygon", "coordinates": []}, "geometry.coordinates", "got an empty one"),
        ({"type": "Polygon", "coordinates": [[]]}, "geometry.coordinates[0]", "got an empty one"),
        (
            {"type": "MultiPolygon", "coordinates": polygon([(0, 0), (1, 0), (1, 1)])["coordinates"]},
            "geometry.coordinates[0][0][0]",
            "expected a position",
        ),
        (
            {"type": "Polygon", "coordinates": [[0, 0], [1, 0], [1, 1]]},
            "geometry.coordinates[0][0]",
            "expected a position",
        ),
        (polygon([(0, 0), (1, 0), (0, 0)]), "geometry.coordinates[0]", "at least 3 different positions"),
        (polygon([(0, 0), (1, 0), (2, 0)]), "geometry.coordinates[0]", "without"),
        (polygon([(0, 0), (1, 0), (1, "x")]), "geometry.coordinates[0][2]", "expected numbers"),
        ({"type": "LineString", "coordinates": [[1, 2], [1, 2]]}, "geometry.coordinates", "at least 2 different"),
        (polygon(FIGURE_8), "geometry.coordinates[0]", "a ring crosses itself near [1, 1]: it has two readings"),
        (boxes((0, 0, 4, 4), (1, 1, 3, 3)), "geometry.coordinates", "lies inside another one"),
        (boxes((0, 0, 2, 2), (1, 1, 3, 3)), "geometry.coordinates", "overlap"),
        (polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [(3, 1), (5, 1), (5, 3), (3, 3)]), "geometry.coordinates", "hole"),
    ],
)
def test_a_site_without_one_sure_reading_is_refused(geometry, field, words):
    """The message says what was expected and got, the field is the path to it, and there is a next step."""
    error = refusal(geometry)

    assert words in error.message
    assert error.hint
    assert error.where.field == field


def test_a_deeply_nested_site_is_refused_without_harm():
    """A thousand brackets are shown as one."""
    value: list = []
    for _ in range(1000):
        value = [value]

    assert "[[…]]" in refusal({"type": "Point", "coordinates": [value, value]}, file="a.json").message.replace(
        ", […]", ""
    )


def test_a_site_with_too_many_vertices_meets_a_limit():
    """The limit is named and stops the reading."""
    with pytest.raises(LimitError, match="at most 3 vertices"):
        read_site(polygon([(0, 0), (1, 0), (1, 1), (0, 0)]), max_vertices=3)


def test_polygons_of_a_site_that_share_an_edge_are_joined():
    """Side by side they have one reading; it is noted."""
    shape, notes = read_site(boxes((0, 0, 1, 1), (1, 0, 2, 1)))

    assert shape.area == 2
    assert [note.kind for note in notes] == ["shells_share_edge"]


def test_an_exchanged_site_is_found_against_bounds():
    """Where the edition's bounds are known, coordinates possible elsewhere on earth are refused."""
    error = refusal({"type": "Point", "coordinates": [44.5, -72.6]}, bounds=(-73.5, 42.7, -71.4, 45.1))

    assert "look exchanged" in error.message


ACROSS = [[179.9, 10.0], [-179.9, 10.0]]


def test_what_crosses_the_antimeridian_is_refused():
    """A line from 179.9° E to 179.9° W would run around the world; one of just 180° is read."""
    with pytest.raises(InputError) as site:
        read_site({"type": "LineString", "coordinates": ACROSS})
    with pytest.raises(InputError) as row:
        mend_layer(np.array([shapely.Point(0, 0), shapely.LineString(ACROSS)]), np.array([1, 2]), "a.gpkg")

    assert "expected a shape that spans at most 180° of longitude, got 359.8°" in site.value.message
    assert "row 2: it spans more than 180° of longitude" in row.value.message
    assert read_site({"type": "LineString", "coordinates": [[-90, 0], [90, 0]]})[0].length == 180
