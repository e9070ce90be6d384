"""Places held against a ten-line twin that projects everything to planes of its own and intersects it there."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.editions import DAY, LAT, LON, drawn, edition, layer, project

from yudi.core.logic import F, T, U
from yudi.formats.crs import site_to_lonlat
from yudi.territory.place import Place, uncovered
from yudi.territory.predicates import PlaceTest
from yudi.territory.screening import screen
from yudi.territory.verdict import verdict_data

# Equal-area for areas, equidistant from the place for lengths and distances: neither is the product's plane.
AREAS = pyproj.Transformer.from_crs("EPSG:4326", f"+proj=laea +lat_0={LAT} +lon_0={LON} +ellps=GRS80", always_xy=True)
WAYS = pyproj.Transformer.from_crs("EPSG:4326", f"+proj=aeqd +lat_0={LAT} +lon_0={LON} +ellps=GRS80", always_xy=True)
SIDE = 2_000  # m, of the square that the units divide

metre = st.integers(-SIDE, SIDE)
places = st.tuples(metre, metre)


def flat(shape, way=WAYS):
    return shapely.transform(shapely.segmentize(shape, 0.001), way.transform, interleaved=False)


@st.composite
def units(draw: st.DrawFn):
    """Draw cells around random places that share their edges; one may have a hole, which may be a unit too."""
    seeds = draw(st.lists(places, min_size=2, max_size=7, unique=True))
    box = shapely.box(-SIDE, -SIDE, SIDE, SIDE)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box))
    cells = [cell for cell in (cell.intersection(box) for cell in cells) if cell.area > 1]
    x, y = draw(places)
    hole = shapely.box(x - 150, y - 150, x + 150, y + 150)
    holed = [cell.difference(hole) for cell in cells]
    cells = holed + ([hole.intersection(box)] if draw(st.booleans()) else [])
    return [cell for cell in (drawn(cell) for cell in cells) if not cell.is_empty]


@st.composite
def sites(draw: st.DrawFn, cells):
    """Draw points (also on vertices of units and in the middle of their edges), lines, polygons; one or several."""
    kind = draw(st.sampled_from(("point", "vertex", "points", "line", "polygon", "polygons")))
    if kind == "vertex":
        corners = shapely.get_coordinates(draw(st.sampled_from(cells)))
        return shapely.Point(corners[draw(st.integers(0, len(corners) - 1))])
    if kind == "point":
        return drawn(shapely.Point(draw(places)))
    if kind == "points":
        return drawn(shapely.MultiPoint(draw(st.lists(places, min_size=2, max_size=5, unique=True))))
    if kind == "line":
        return drawn(shapely.LineString(draw(st.lists(places, min_size=2, max_size=4, unique=True))))
    squares = [
        shapely.box(x, y, x + draw(st.integers(1, 900)), y + draw(st.integers(1, 900)))
        for x, y in draw(st.lists(places, min_size=1, max_size=1 if kind == "polygon" else 2, unique=True))
    ]
    return drawn(shapely.union_all(squares))


def measured(shape, dimension) -> float:
    if dimension == 2:
        return shapely.area(flat(shape, AREAS))
    return shapely.length(flat(shape)) if dimension == 1 else float(shapely.get_num_geometries(shape))


@given(st.data())
def test_units_amounts_and_shares_agree_with_the_twin(data):
    """Every unit with its part of the site, no other; below the tolerance it is only touched."""
    cells = data.draw(units())
    site = data.draw(sites(cells))
    dimension = int(shapely.get_dimensions(site))
    found = {touch.index: touch for touch in Place(edition(units=layer("units", cells)), site).units}
    whole = measured(site, dimension)
    for index, cell in enumerate(cells):
        part = shapely.intersection(cell, site)
        parts = [item for item in shapely.get_parts(part) if shapely.get_dimensions(item) == dimension]
        amount = measured(shapely.union_all(parts), dimension) if parts else 0.0
        # The planes differ by a thousandth of a percent, and by a millimetre along an edge that is straight in degrees.
        room = 0.01 + (0.001 * flat(shapely.union_all(parts)).length if parts else 0.0)
        assert (index in found) == shapely.intersects(cell, site)
        if index not in found:
            continue
        assert found[index].amount == pytest.approx(amount, rel=2e-5, abs=room * (dimension > 0))
        assert found[index].share == pytest.approx(amount / whole, rel=4e-5, abs=1e-6 + room / whole * (dimension > 0))
        is_touch = _is_touch(parts, site)
        if is_touch is not None and _is_larger(site) and not _is_joined(cells, site):
            assert found[index].is_touch == is_touch


def _is_touch(parts, site) -> bool | None:
    """Whether an overlap is below the tolerance for the site and each of its parts; None where it is close."""
    dimension = int(shapely.get_dimensions(site))
    if dimension == 0:
        return False
    answers = []
    for one in [site, *shapely.get_parts(site)]:
        inside = [part for part in parts if one.buffer(1e-9).covers(part)]  # an overlap lies in one part of a site
        share = measured(shapely.union_all(inside), dimension) / measured(one, dimension) if inside else 0.0
        depth = _depth(inside, dimension)
        if inside and min(abs(depth - 1.0), abs(share - 0.001) * 1_000) <= 0.01:
            return None
        answers.append(depth < 1.0 or share < 0.001)
    return all(answers)


def _is_joined(cells, site) -> bool:
    """Whether several units are small by their share alone, so that they count where they are not small together."""
    dimension = int(shapely.get_dimensions(site))
    whole = measured(site, dimension)
    shares = [measured(site.intersection(cell), dimension) / whole for cell in cells] if dimension else []
    return sum(0 < share < 0.001 for share in shares) > 1


def _depth(parts, dimension) -> float:
    """How deep the parts reach into the unit: width of the widest circle in them, or their length."""
    if not parts or dimension == 0:
        return 0.0
    shape = flat(shapely.union_all(parts))
    if dimension == 1:
        return float(shape.length)
    lines = (shapely.maximum_inscribed_circle(part, tolerance=1e-4) for part in shapely.get_parts(shape))
    return 2 * max(line.length for line in lines)


def _is_larger(site) -> bool:
    """Whether the site is larger than the tolerance; a smaller one is nowhere only touched."""
    return shapely.get_dimensions(site) < 2 or not flat(site).buffer(-3).is_empty


@given(st.data())
def test_uncovered_share_agrees_with_the_twin(data):
    """What lies in no unit: cells may be left out, and sites reach past the edge."""
    cells = data.draw(units())
    kept = cells[: max(1, len(cells) - data.draw(st.integers(0, 2)))]
    site = data.draw(sites(cells))
    dimension = int(shapely.get_dimensions(site))
    scheme = edition(units=layer("units", kept))
    share, _ = uncovered(site, kept, scheme.tolerance)
    left = shapely.difference(site, shapely.union_all(kept))
    parts = [
        part for part in shapely.get_parts(left) if not part.is_empty and shapely.get_dimensions(part) == dimension
    ]
    expected = measured(shapely.union_all(parts), dimension) / measured(site, dimension) if parts else 0.0
    is_small = _is_touch(parts, site)
    if dimension == 0:
        assert share == expected
    elif is_small or not parts:
        assert share == 0.0
    elif is_small is not None and expected > 0.0015:
        assert share == pytest.approx(expected, rel=1e-4)
    assert screen(project(site), [scheme], as_of=DAY).verdict == ("admissible" if share == 0 else "undetermined")


shapes = st.sampled_from(("surface", "bank", "centreline", "edge"))


@given(
    st.lists(
        st.tuples(st.lists(places, min_size=2, max_size=4, unique=True), st.sampled_from([None, 0.0, 40.0, 300.0])),
        min_size=1,
        max_size=3,
    ),
    shapes,
    st.sampled_from([0.0, 10.0, 50.0]),
    st.sampled_from([100.0, 700.0]),
    st.data(),
)
def test_distances_agree_with_the_twin(lines, shape, accuracy, limit, data):
    """Nearest point to nearest point, half of a known width off a centreline, three answers by the accuracy."""
    around = [drawn(shapely.box(-SIDE, -SIDE, SIDE, SIDE))]
    site = data.draw(sites(around))
    lay = [drawn(shapely.LineString(line)) for line, _ in lines]
    columns = {"width": [width for _, width in lines]}
    rivers = layer("rivers", lay, columns, shape=shape, width_field="width", accuracy_m=accuracy)
    test = PlaceTest("within", "rivers", distance_m=limit)
    reading = Place(edition(layers=[rivers]), site).read(test)
    values, gaps = [], []
    for line, (_, width) in zip(lay, lines, strict=True):
        gap = shapely.distance(flat(line), flat(site))
        if shape == "centreline":
            gap = max(0.0, gap - (width or 0.0) / 2)
        near = T if gap + accuracy <= limit else F if gap - accuracy > limit else U
        is_hidden = shape == "centreline" and width is None
        values.append(U if near == F and is_hidden else near)
        gaps.append(gap)
    assume(all(abs(abs(gap - limit) - accuracy) > 0.05 for gap in gaps))

    assert reading.value == max(values)
    # The feature that decides is the nearest of those with the strictest answer.
    assert reading.distance_m == pytest.approx(
        min(gap for gap, value in zip(gaps, values, strict=True) if value == max(values)), rel=1e-4, abs=0.02
    )


@given(st.data(), st.floats(-20, 20))
@settings(max_examples=25)
def test_the_same_picture_at_another_longitude_gives_the_same_answer(data, east):
    """Degrees of longitude are the same everywhere on a parallel, so nothing may move but the coordinates."""
    cells = data.draw(units())
    site = data.draw(sites(cells))
    listed = [
        {
            "id": "ban",
            "effect": "forbid",
            "units": {"codes": ["U1"]},
            "scope": {"within": {"layer": "well", "distance_m": 800}},
        }
    ]
    well = drawn(shapely.Point(data.draw(places)))
    step = round(east, 1)  # so that the central meridian, rounded to 0.1 degrees, moves as far

    def answer(by):
        moved = [shapely.transform(shape, lambda xy: xy + np.array([by, 0.0])) for shape in (site, well, *cells)]
        scheme = edition(listed, units=layer("units", moved[2:]), layers=[layer("well", moved[1:2], accuracy_m=20.0)])
        return verdict_data(screen(project(moved[0]), [scheme], as_of=DAY))

    here, there = answer(0.0), answer(step)
    assert (here["verdict"], here["by_unit"]) == (there["verdict"], there["by_unit"])
    for one, other in zip(here["units"], there["units"], strict=True):
        assert [other[key] for key in ("code", "share")] == [one["code"], pytest.approx(one["share"], abs=2e-5)]


@given(st.data(), st.sampled_from(["EPSG:4490", "EPSG:4326", "EPSG:4545", "EPSG:4524"]))
@settings(max_examples=40)
def test_a_site_is_the_same_in_whatever_reference_system_it_is_written(data, system):
    """In degrees of CGCS2000 or WGS 84, in a belt with and without its zone number: same units, areas to 1e-5."""
    cells = data.draw(units())
    site = data.draw(sites(cells))
    assume(
        site.geom_type != "Point" or not any(cell.touches(site) for cell in cells)
    )  # a border is no wider than a digit
    assume(
        all(
            shapely.distance(point, cell.boundary) > 1e-7
            for cell in cells
            for point in shapely.get_parts(site)
            if point.geom_type == "Point"
        )
    )
    to_system = pyproj.Transformer.from_crs("EPSG:4490", system, always_xy=True)
    written = shapely.geometry.mapping(shapely.transform(site, to_system.transform, interleaved=False))
    read = shapely.geometry.shape(site_to_lonlat(_listed(written), system)[0])
    listed = [{"id": "ban", "effect": "forbid", "units": {"codes": ["U1"]}}]
    scheme = edition(listed, units=layer("units", cells))
    one, other = (verdict_data(screen(project(shape), [scheme], as_of=DAY)) for shape in (site, read))

    assert (one["verdict"], one["by_unit"]) == (other["verdict"], other["by_unit"])
    sizes = [{row["code"]: row for row in answer["units"] if "touches" not in row} for answer in (one, other)]
    assert sizes[0].keys() == sizes[1].keys()
    for code, row in sizes[0].items():
        key = next(name for name in ("area_m2", "length_m", "count") if name in row)
        assert sizes[1][code][key] == pytest.approx(row[key], rel=1e-5, abs=0.02)


def _listed(data):
    return {"type": data["type"], "coordinates": _lists(data["coordinates"])}


def _lists(value):
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)
