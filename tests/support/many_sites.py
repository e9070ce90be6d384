"""Many sites at once, drawn over an edition where answers are hardest, and two tables of places held against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from yudi.territory.batch.places import PlaceTable
from yudi.territory.edition import Edition

__all__ = ["assert_same", "hard_sites"]

_ARRAYS = ("codes", "first", "unit", "is_touch", "is_whole", "part_codes", "uncovered_share")


def assert_same(found: PlaceTable, expected: PlaceTable) -> None:
    """Hold every array of two tables against each other, types and all."""
    assert found.tests == expected.tests
    for name in _ARRAYS:
        one, other = getattr(found, name), getattr(expected, name)
        assert (one.dtype, one.shape) == (other.dtype, other.shape), name
        assert (one == other).all(), (name, np.argwhere(one != other)[:5].tolist())
    assert found.found == expected.found


def hard_sites(edition: Edition, seed: int, count: int) -> list[Any]:
    """Return sites of all kinds over the layers: on vertices, along edges, features themselves, small and large."""
    draw = np.random.default_rng(seed)
    names = sorted(edition.layers)
    found = []
    for number in range(count):
        shapes = edition.layers[names[draw.integers(len(names))]].geometry
        shape = shapes[draw.integers(len(shapes))]
        corners = shapely.get_coordinates(shape)
        x, y = corners[draw.integers(len(corners))]
        size = float(draw.choice([2e-5, 5e-4, 3e-3, 2e-2]))
        found.append(_site(number % 9, (x, y), size, (shape, corners), draw))
    return [site for site in found if site.is_valid and not site.is_empty]


def _site(kind: int, at: Any, size: float, near: Any, draw: np.random.Generator) -> Any:
    (x, y), (shape, corners) = at, near
    aside = draw.uniform(-size, size, (8, 2)) + np.array([x, y])
    if kind == 0:
        return shapely.Point(x, y)
    if kind == 1:
        return shapely.Point(*aside[0])
    if kind == 2:
        return shapely.LineString([aside[0], (x, y), aside[1]])
    if kind == 3:  # along an edge
        begin = int(draw.integers(len(corners)))
        piece = corners[begin : begin + 3]
        return shapely.LineString(piece) if len(piece) > 1 else shapely.Point(*piece[0])
    if kind == 4:
        return shapely.MultiPoint(aside).convex_hull
    if kind == 5:
        return shapely.box(x, y, x + size, y + size)
    if kind == 6:
        hull = shapely.MultiPoint(aside).convex_hull
        return shapely.union_all([hull, shapely.box(x + 2 * size, y, x + 2.2 * size, y + size / 3)])
    if kind == 7:
        box = shapely.box(x - size, y - size, x + size, y + size)
        return box.difference(shapely.box(x - size / 2, y - size / 2, x + size / 3, y + size / 3))
    small = shapely.get_dimensions(shape) == 2 and len(corners) < 500
    return shape if small else shapely.MultiPoint(aside[:3])
