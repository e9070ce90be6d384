"""Which Gauss–Krüger belt do plane coordinates lie in, as far as the numbers and their file say?

Belts of 3 degrees are numbered 25 to 45 over China, those of 6 degrees 13 to 23, so that the number alone tells the
width; an easting of eight digits before the point begins with it. EPSG has each belt twice: with that number before
the easting, and, named by its central meridian, without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from yudi.formats.crs import Crs, parse_crs, transformer

__all__ = ["EASTINGS", "NORTHINGS", "Belt", "belt_numbers", "belts_within", "system_of"]

NORTHINGS = (1_600_000.0, 6_000_000.0)  # metres from the equator, of all land and sea of China
EASTINGS = (100_000.0, 900_000.0)  # metres without the number before them; a belt's own half width is 170 km at most
_WIDTHS = {3: range(25, 46), 6: range(13, 24)}
# (width, whether eastings carry the number): EPSG code of the first belt, the others follow one by one.
_CODES = {
    "cgcs2000": {(3, True): 4513, (3, False): 4534, (6, True): 4491, (6, False): 4502},
    "xian80": {(3, True): 2349, (3, False): 2370, (6, True): 2327, (6, False): 2338},
    "beijing54": {(3, True): 2401, (3, False): 2422, (6, True): 21413, (6, False): 21453},
}
_GEOGRAPHIC = {"cgcs2000": 4490, "xian80": 4610, "beijing54": 4214, "wgs84": 4326}


@dataclass(frozen=True)
class Belt:
    """A belt of 3 or 6 degrees by its number."""

    width: int
    number: int

    @property
    def meridian(self) -> int:
        """Its central meridian in degrees east."""
        return 3 * self.number if self.width == 3 else 6 * self.number - 3

    def __str__(self) -> str:
        return f"{self.width}° belt {self.number}"


def belt_numbers() -> dict[int, Belt]:
    """Return the belts over China by their numbers, which no two share."""
    return {number: Belt(width, number) for width, numbers in _WIDTHS.items() for number in numbers}


def system_of(datum: str, belt: Belt | None, *, carries: bool = False) -> Crs:
    """Return the reference system of a datum and a belt.

    Parameters
    ----------
    datum : str
        ``"cgcs2000"``, ``"wgs84"`` (read as CGCS2000 in a belt), ``"xian80"``, ``"beijing54"``, ``"gcj02"`` or ``"bd09"``.
    belt : Belt or None
        None for longitude and latitude.
    carries : bool
        Whether eastings begin with the belt's number.

    Examples
    --------
    >>> system_of("cgcs2000", Belt(3, 36)).name, system_of("cgcs2000", Belt(3, 36), carries=True).name
    ('EPSG:4545', 'EPSG:4524')
    """
    if datum in ("gcj02", "bd09"):
        return parse_crs(datum)
    if belt is None:
        return parse_crs(f"EPSG:{_GEOGRAPHIC[datum]}")
    codes = _CODES["cgcs2000" if datum == "wgs84" else datum]
    return parse_crs(f"EPSG:{codes[belt.width, carries] + belt.number - _WIDTHS[belt.width][0]}")


def belts_within(
    east: np.ndarray[Any, Any], north: np.ndarray[Any, Any], extent: tuple[float, float, float, float] | None
) -> Iterator[Belt]:
    """Yield the belts of 3 degrees that would put plane coordinates into an extent, from west to east.

    Parameters
    ----------
    east, north : float arrays
        Metres, eastings without a belt's number.
    extent : (west, south, east, north) or None
        Degrees; without one all belts are possible.

    Notes
    -----
    A belt of 6 degrees has the central meridian of some belt of 3 degrees and gives the same place.
    """
    middle = (float(east.min() + east.max()) / 2, float(north.min() + north.max()) / 2)
    for number in _WIDTHS[3]:
        belt = Belt(3, number)
        if extent is None:
            yield belt
            continue
        lon, lat = transformer(system_of("cgcs2000", belt).definition)[0].transform(*middle)
        if extent[0] <= lon <= extent[2] and extent[1] <= lat <= extent[3]:
            yield belt
