"""Single invented shapes: rounded patches, and stretches along a river. All in metres of the sample's plane."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

__all__ = ["inner_circles", "patch", "pick", "polygons", "random_for", "stretch"]

_Array = np.ndarray[Any, Any]


def random_for(seed: int, name: str) -> np.random.Generator:
    """Return the random numbers of one layer: a further layer changes no other."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def patch(
    random: np.random.Generator, at: tuple[float, float], radius: float, *, long: float = 1.0, angle: float = 0.0
) -> Polygon:
    """Return a rounded patch about a point: of a mean radius, so many times longer than wide, its long axis turned."""
    turn = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    wave = np.ones(turn.size)
    for count in (2, 3, 4, 5):
        wave += float(random.uniform(0.04, 0.30 / count)) * np.cos(count * turn + float(random.uniform(0, 2 * np.pi)))
    x, y = radius * wave * np.cos(turn) * np.sqrt(long), radius * wave * np.sin(turn) / np.sqrt(long)
    turned = np.column_stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)])
    return Polygon(turned + at)


def inner_circles(shapes: _Array) -> tuple[_Array, _Array]:
    """Return middle (n, 2) and radius (n,) of about the largest circle in each polygon."""
    there = np.asarray(shapes, dtype=object)
    fine = np.sqrt(shapely.area(there)) / 60
    lines = shapely.maximum_inscribed_circle(shapely.simplify(there, fine), tolerance=fine)
    return shapely.get_coordinates(shapely.get_point(lines, 0)), shapely.length(lines)


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return only what has an area: cutting leaves points and lines behind."""
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.area > 0]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def pick(random: np.random.Generator, points: _Array, count: int, apart_m: float) -> list[int]:
    """Return the indices of so many points, or fewer, that keep apart, in random order."""
    chosen: list[int] = []
    for index in random.permutation(len(points)).tolist():
        if len(chosen) == count:
            break
        if all(np.hypot(*(points[index] - points[other])) >= apart_m for other in chosen):
            chosen.append(index)
    return chosen


def stretch(line: BaseGeometry, start: float, end: float, half_width: float) -> BaseGeometry:
    """Return the strip along a river between two distances from its source, cut off straight."""
    piece = substring(line, max(start, 0.0), min(end, line.length))
    return piece.buffer(half_width, cap_style="flat")
