"""Names the corners of a site on its map, so that the order of the points can be held against the list they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.formats.drawings import text_at, text_width
from yudi.formats.map_furniture import HALO, MM

__all__ = ["corner_marks"]

_SIZE = 2.0 * MM
_MOST = 80  # corners with names that a map can show
_LEAST = 15 * MM  # a site that is smaller on the map has no room for names


def corner_marks(
    names: Sequence[str], places: BaseGeometry, site: BaseGeometry, taken: list[BaseGeometry]
) -> list[str]:
    """Return dots at the corners of a site and, outside of it, their names as far as there is room.

    Parameters
    ----------
    names : sequence of str
        One for each of the places.
    places, site : shapely geometry
        Points, and the site, in units of the drawing.
    taken : list of shapely geometry
        Where nothing else may be written; the names are added.
    """
    west, north, east, south = site.bounds
    if not names or max(east - west, south - north) < _LEAST:
        return []
    points = shapely.get_coordinates(places)
    parts = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{0.45 * MM:g}" fill="#1c2227"/>' for x, y in points]
    if len(names) > _MOST:
        return parts
    middle = np.array([(west + east) / 2, (north + south) / 2])
    for name, (x, y) in zip(names, points, strict=True):
        spot = _spot(name, (float(x), float(y)), site, middle=middle, taken=taken)
        if spot is not None:
            taken.append(spot)
            left, _, _, low = spot.bounds
            parts.append(text_at(left, low - 0.25 * _SIZE, name, _SIZE, more=HALO))
    return parts


def _spot(
    name: str,
    point: tuple[float, float],
    site: BaseGeometry,
    *,
    middle: np.ndarray[Any, Any],
    taken: list[BaseGeometry],
) -> BaseGeometry | None:
    """Return the box for a name beside its corner that covers least of the site and nothing that is written, if any."""
    wide, high, gap = text_width(name, _SIZE), _SIZE, 0.9 * MM
    x, y = point
    away = np.sign(np.array([x, y]) - middle)
    found = []
    for side, level in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        left = x + gap if side > 0 else x - gap - wide
        top = y + 0.3 * gap if level > 0 else y - 0.3 * gap - high
        box = shapely.box(left, top, left + wide, top + high)
        if not any(box.intersects(other) for other in taken):
            outward = int(side == away[0]) + int(level == away[1])
            found.append((box.intersection(site).area, -outward, box))
    return min(found, key=lambda item: item[:2])[2] if found else None
