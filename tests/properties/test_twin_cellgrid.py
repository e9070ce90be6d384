"""Compiled polygons answer as GEOS does, pair by pair, for shapes that touch, nest, coincide and lie far off."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.core.cellgrid import Twin, compile_grid

SIDE = 6  # a small lattice, so that shared vertices, edges and lines are the rule
PLACES = ((1.0, 0.0), (1e-9, 0.0), (1e-9, 0.5), (0.1, 107.123), (1e5, 4e6), (1.0, -3e8), (0.3, 1e3))


def moved(shapes, scale, offset):
    """Return shapes scaled and shifted, those that rounding spoilt left out."""
    there = shapely.transform(np.array(shapes, object), lambda vertices: vertices * scale + offset)
    return there[shapely.is_valid(there) & ~shapely.is_empty(there)]


@st.composite
def polygons(draw, count):
    """Return polygons with vertices mostly on a lattice: triangles, boxes, needles, rings, several parts."""
    found = []
    for _ in range(draw(st.integers(1, count))):
        kind = draw(st.sampled_from(("hull", "box", "ring", "parts", "needle", "bent")))
        x, y = draw(st.integers(0, SIDE - 3)), draw(st.integers(0, SIDE - 3))
        wide, high = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        if kind == "box":
            found.append(shapely.box(x, y, x + wide, y + high))
        elif kind == "ring":
            found.append(shapely.box(x, y, x + 3, y + 3).difference(shapely.box(x + 1, y + 1, x + 1 + wide / 3, y + 2)))
        elif kind == "parts":
            found.append(
                shapely.MultiPolygon([shapely.box(x, y, x + 1, y + 1), shapely.box(x + 1.5, y, x + 3, y + high)])
            )
        elif kind == "needle":
            found.append(
                shapely.Polygon(
                    [(x, y), (x + wide, y + high), (x + wide, y + high + draw(st.sampled_from((1e-3, 1e-9))))]
                )
            )
        else:
            number = st.integers(0, SIDE) if kind == "hull" else st.integers(0, 16 * SIDE).map(lambda n: n / 16 + 1 / 3)
            vertices = draw(st.lists(st.tuples(number, number), min_size=3, max_size=7))
            found.append(shapely.convex_hull(shapely.MultiPoint(vertices)))
    return [shape for shape in found if shape.geom_type in ("Polygon", "MultiPolygon")]


@st.composite
def lines(draw):
    """Return lines between points of the lattice and others."""
    number = st.integers(0, SIDE) | st.floats(-1, SIDE + 1).map(lambda value: round(value, 3))
    drawn = draw(st.lists(st.lists(st.tuples(number, number), min_size=2, max_size=5), min_size=1, max_size=6))
    return [shapely.LineString(vertices) for vertices in drawn if len(set(vertices)) > 1]


def same_pairs(one, other):
    """Hold that two answers name the same pairs in the same order."""
    assert list(zip(one.site.tolist(), one.feature.tolist(), strict=True)) == list(
        zip(other.site.tolist(), other.feature.tolist(), strict=True)
    )


@settings(max_examples=120)
@given(shapes=polygons(8), place=st.sampled_from(PLACES), seed=st.integers(0, 999))
def test_points_are_found_where_geos_finds_them(shapes, place, seed):
    """Vertices, places on edges, neighbours of both by one step of a float, corners of cells, and points anywhere."""
    features = moved(shapes, *place)
    grid = compile_grid(features)
    vertices = shapely.get_coordinates(features)
    random = np.random.default_rng(seed)
    share = random.uniform(0, 1, (max(len(vertices) - 1, 0), 1))
    frame = grid.grid.frame
    corners = np.array([frame.west, frame.south]) + frame.step * random.integers(0, 9, (20, 2)) / 4
    points = np.vstack(
        [
            vertices,
            np.nextafter(vertices, np.inf),
            np.nextafter(vertices, -np.inf),
            vertices[:-1] * (1 - share) + vertices[1:] * share,
            (vertices[:-1] + vertices[1:]) / 2,
            corners,
            random.uniform(-1, SIDE + 1, (60, 2)) * place[0] + place[1],
        ]
    )
    x, y = points.T

    same_pairs(grid.points(x, y), Twin(features).points(x, y))


@settings(max_examples=120)
@given(shapes=polygons(7), others=polygons(5), place=st.sampled_from(PLACES))
def test_overlaps_are_those_of_geos(shapes, others, place):
    """Sites from the same lattice as the features: pairs and what is within are equal, areas within rounding."""
    features, sites = moved(shapes, *place), moved([*others, *shapes[:2], shapely.box(-9, -9, 99, 99)], *place)
    one, other = compile_grid(features).overlaps(sites), Twin(features).overlaps(sites)
    ulp = np.spacing(abs(place[1]) + SIDE * place[0])
    long = shapely.length(sites[other.site]) + other.perimeter_inside

    same_pairs(one, other)
    assert one.is_within.tolist() == other.is_within.tolist()
    assert (np.abs(one.area - other.area) <= 1e-9 * other.area + 16 * ulp * long).all()
    assert (one.perimeter_inside >= other.perimeter_inside * (1 - 1e-9) - 256 * ulp).all()


@settings(max_examples=80)
@given(shapes=polygons(7), drawn=lines(), place=st.sampled_from(PLACES))
def test_lengths_are_those_of_geos(shapes, drawn, place):
    """Lines through vertices, along edges and anywhere: pairs and what is within are equal, lengths within rounding."""
    features = moved(shapes, *place)
    sites = moved([*drawn, *(shapely.boundary(shape) for shape in shapes[:2])], *place)
    one, other = compile_grid(features).lengths(sites), Twin(features).lengths(sites)
    ulp = np.spacing(abs(place[1]) + SIDE * place[0])

    same_pairs(one, other)
    assert one.is_within.tolist() == other.is_within.tolist()
    assert (np.abs(one.length - other.length) <= 1e-9 * other.length + 256 * ulp).all()
