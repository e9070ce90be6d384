"""Gaps and overlaps of rectangles on a grid of squares are those that counting squares gives."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.territory.edition_checks.tiling import dirty, gaps, overlaps, union_of

SIZE = 6
STEP = 0.01  # degrees


@st.composite
def rectangles(draw):
    """Return rectangles in squares of the grid: west, south, east, north."""
    found = []
    for _ in range(draw(st.integers(1, 7))):
        west, south = draw(st.integers(0, SIZE - 1)), draw(st.integers(0, SIZE - 1))
        found.append((west, south, draw(st.integers(west + 1, SIZE)), draw(st.integers(south + 1, SIZE))))
    return found


def counted(boxes):
    """Return how many rectangles lie over each square of the grid."""
    cover = np.zeros((SIZE, SIZE), int)
    for west, south, east, north in boxes:
        cover[west:east, south:north] += 1
    return cover


def shapes_of(boxes):
    """Return the rectangles in degrees, somewhere off the round numbers."""
    return shapely.box(*(np.array(boxes, float) * STEP + 107.123).T)


@settings(max_examples=150)
@given(boxes=rectangles())
def test_what_lies_in_several_is_found_pair_by_pair(boxes):
    """Each pair has in common what both cover, and every pair that has anything in common is found once."""
    shapes = shapes_of(boxes)
    expected = {
        (one, other): int(((counted([boxes[one]]) + counted([boxes[other]])) == 2).sum())
        for other in range(len(boxes))
        for one in range(other)
    }

    first, second, common = overlaps(shapes, dirty(shapes))
    found = {
        pair: area
        for *pair, area in zip(first.tolist(), second.tolist(), shapely.area(common), strict=True)
        for pair in [tuple(pair)]
    }

    assert found == {pair: pytest.approx(area * STEP**2, rel=1e-4) for pair, area in expected.items() if area}


@settings(max_examples=150)
@given(boxes=rectangles())
def test_what_a_region_lacks_is_found(boxes):
    """Of the whole grid everything is lacking over which no rectangle lies."""
    shapes = shapes_of(boxes)
    region = shapely.box(107.123, 107.123, 107.123 + SIZE * STEP, 107.123 + SIZE * STEP)

    lacking = shapely.area(gaps(union_of(shapes, dirty(shapes)), region)).sum()

    assert lacking == pytest.approx((counted(boxes) == 0).sum() * STEP**2, rel=1e-4, abs=1e-9)


@settings(max_examples=150)
@given(boxes=rectangles())
def test_without_a_region_what_is_enclosed_is_lacking(boxes):
    """Squares from which no way leads out without crossing a rectangle or its corner are holes, and no others."""
    shapes = shapes_of(boxes)

    holes = shapely.area(gaps(union_of(shapes, dirty(shapes)))).sum()

    assert holes == pytest.approx(enclosed(counted(boxes) > 0) * STEP**2, rel=1e-4, abs=1e-9)


def enclosed(taken):
    """Return how many free squares cannot be left by their edges or between two rectangles that meet in a corner."""
    wide = np.zeros((SIZE + 2, SIZE + 2), bool)
    wide[1:-1, 1:-1] = taken
    seen = np.zeros_like(wide)
    stack = [(0, 0)]
    while stack:
        at = stack.pop()
        if not (0 <= at[0] < SIZE + 2 and 0 <= at[1] < SIZE + 2) or wide[at] or seen[at]:
            continue
        seen[at] = True
        stack += [(at[0] + dx, at[1] + dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    return int((~wide & ~seen).sum())


@st.composite
def stars(draw):
    """Return polygons with crooked corners anywhere in a degree, some of them twice or one inside another."""
    found = []
    for _ in range(draw(st.integers(2, 6))):
        x, y = draw(st.floats(0, 1)), draw(st.floats(0, 1))
        radii = draw(st.lists(st.floats(0.01, 0.5), min_size=3, max_size=9))
        angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False) + draw(st.floats(0, 1))
        ring = np.column_stack([x + radii * np.cos(angles), y + radii * np.sin(angles)])
        found.append(shapely.Polygon(ring))
    found += draw(st.lists(st.sampled_from(found), max_size=1))
    return np.array([shape for shape in found if shape.is_valid and shape.area > 1e-4], dtype=object)


@settings(max_examples=150)
@given(shapes=stars())
def test_overlaps_of_crooked_shapes_are_those_of_every_pair(shapes):
    """Whatever the shapes, a pair is found where their intersection has an area that is more than noise, and with it."""
    expected = {
        (one, other): shapes[one].intersection(shapes[other]).area
        for other in range(len(shapes))
        for one in range(other)
    }

    first, second, common = overlaps(shapes, dirty(shapes))
    pairs = zip(first.tolist(), second.tolist(), shapely.area(common).tolist(), strict=True)
    found = {(one, other): area for one, other, area in pairs}

    assert all(found.get(pair, 0) == pytest.approx(area, abs=1e-7) for pair, area in expected.items())
    assert set(found) <= set(expected)


@settings(max_examples=100)
@given(shapes=stars())
def test_what_is_covered_and_what_is_lacking_make_up_the_region(shapes):
    """Region = what it lacks + what shapes cover of it, and what reaches beyond is the rest of them."""
    if not len(shapes):
        return
    region = shapely.box(0.2, 0.2, 0.8, 0.8)
    covered = union_of(shapes, dirty(shapes))

    lacking, beyond = (shapely.area(part).sum() for part in (gaps(covered, region), gaps(region, covered)))

    assert lacking + covered.intersection(region).area == pytest.approx(region.area, abs=1e-7)
    assert beyond == pytest.approx(covered.area - covered.intersection(region).area, abs=1e-7)
