"""Do a layer's coordinates lie where its reference system is made for, or does something show how they went wrong?"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from yudi.core.geometry import looks_exchanged, refuse_rows
from yudi.formats.crs import Crs, area_of_use, transformer

__all__ = ["refuse_misplaced"]

_Array = np.ndarray[Any, Any]
_REACH = 15.0  # degrees beyond its area of use that a system is still believed; a province may lie in one belt
_BELT = 3.0  # degrees, the width of the narrower belts
_ZONES = range(13, 46)  # zone numbers of the 6-degree (13 to 23) and 3-degree (25 to 45) belts over China


def refuse_misplaced(geometry: _Array, lonlat: _Array, crs: Crs, *, rows: _Array, file: str) -> None:
    """Raise one InputError that lists the shapes whose coordinates cannot be what the system says.

    Parameters
    ----------
    geometry : object array of shapely geometries, shape (n,)
        As in the file, x east, y north.
    lonlat : object array of shapely geometries, shape (n,)
        The same in lon/lat degrees.
    crs : Crs
        Their reference system.
    rows : int array, shape (n,)
        Feature numbers for the message.
    file : str
        Name for the message.
    """
    box, placed = shapely.bounds(geometry), shapely.bounds(lonlat)
    west, south, east, north = area_of_use(crs)
    far = np.zeros(len(box), bool)
    text = np.full(len(box), f"outside the area of use of {crs.name}", dtype=object)
    with np.errstate(invalid="ignore"):
        if (east - west) < 360 or not crs.is_geographic:
            far |= (placed[:, 0] < west - _REACH) | (placed[:, 2] > east + _REACH)
            far |= (placed[:, 1] < south - _REACH) | (placed[:, 3] > north + _REACH)
        far |= np.isinf(placed).any(axis=1) & np.isfinite(box).all(axis=1)
        for wrong, why in (_signs_in_degrees if crs.is_geographic else _signs_in_plane)(box, placed, crs):
            text[wrong] = f"{why} for {crs.name}"
            far |= wrong
    problems = [(int(row), str(why)) for row, why in zip(rows[far], text[far], strict=True)]
    refuse_rows(problems, file, hint=_hint(crs))


def _hint(crs: Crs) -> str:
    if crs.is_geographic:
        return "x must be the longitude, in degrees: mend the file, or state the reference system it is really in"
    return (
        "x must be the easting, in the system's own zone: mend the file, or state the reference system it is really in"
    )


def _signs_in_degrees(box: _Array, placed: _Array, crs: Crs) -> list[tuple[_Array, str]]:
    west, south, east, north = area_of_use(crs)
    swapped = looks_exchanged(placed, (west - 1, south - 1, east + 1, north + 1))
    large: _Array = np.any(np.abs(box) > 360, axis=1)
    return [
        (large, "metres, not degrees,"),
        (swapped, "latitude and longitude look exchanged"),
    ]


def _signs_in_plane(box: _Array, placed: _Array, crs: Crs) -> list[tuple[_Array, str]]:
    """Try on each shape's middle what people do wrong, and see whether it would then lie in the area of use."""
    astray = ~_inside((placed[:, 0] + placed[:, 2]) / 2, (placed[:, 1] + placed[:, 3]) / 2, crs)
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    undo = transformer(crs.definition)[0].transform
    lacking = np.zeros(len(x), bool)
    for zone in _ZONES:
        lacking |= _inside(*undo(x + zone * 1e6, y), crs)
    carrying = np.isin(x // 1e6, _ZONES) & _inside(*undo(x % 1e6, y), crs)
    return [
        (astray & lacking & (x > 0) & (x < 1e6), "eastings lack the number of the zone"),
        (astray & carrying, "eastings begin with a zone number that should not be there"),
        (astray & (np.abs(box) <= 360).all(axis=1), "degrees, not metres,"),
        (astray & _inside(*undo(y, x), crs), "easting and northing look exchanged"),
    ]


def _inside(lon: _Array, lat: _Array, crs: Crs) -> _Array:
    west, south, east, north = area_of_use(crs)
    inside: _Array = (lon >= west - _BELT) & (lon <= east + _BELT) & (lat >= south - _BELT) & (lat <= north + _BELT)
    return inside
