"""Which reference system could a map's coordinates be in, where its file does not say, or says what cannot be?

Coordinates give away degrees, belts whose number stands before the easting, and, where another map of the folder
lies in the same place, the belt without number. A datum they never give away: that is said beside every answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yudi.core.errors import InputError, Where, YudiError
from yudi.core.words import Words
from yudi.formats.crs import CHINA, parse_crs, to_lonlat
from yudi.formats.places import refuse_misplaced

__all__ = ["Placed", "SystemGuess", "guess_system", "is_exchanged", "placed"]

Box = tuple[float, float, float, float]
_WIDE, _NARROW = range(13, 24), range(25, 46)  # zone numbers of the belts of 6 and of 3 degrees over China
_NORTHINGS = (1_800_000.0, 6_000_000.0)
_SAMPLE = 200


@dataclass(frozen=True)
class Placed:
    """Shapes that were brought to lon/lat by a system: they, and the box around them in degrees."""

    geometry: np.ndarray[Any, Any]
    box: Box


@dataclass(frozen=True)
class SystemGuess:
    """A system that fits: what to write as ``crs``, why, how sure it is, and others that fit as well."""

    value: str
    ground: Words
    confidence: str
    rivals: tuple[str, ...] = ()


def placed(geometry: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], system: str, file: str) -> Placed:
    """Return the shapes in lon/lat, or refuse them as a build would.

    Raises
    ------
    InputError
        If the system is unknown, needs a shift, or does not fit the coordinates.
    """
    crs = parse_crs(system)
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    shapes = geometry[there]
    if not len(shapes):
        hint = "check that the whole file was copied"
        raise InputError("expected shapes, got features without geometry", where=Where(file), hint=hint)
    lonlat = to_lonlat(shapes, crs)
    refuse_misplaced(shapes, lonlat, crs, rows=rows[there], file=file)
    box = shapely.total_bounds(lonlat)
    if not np.isfinite(box).all():
        hint = "mend or remove these features"
        raise InputError("expected coordinates, got some that are no numbers", where=Where(file), hint=hint)
    return Placed(lonlat, (float(box[0]), float(box[1]), float(box[2]), float(box[3])))


def is_exchanged(geometry: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], system: str) -> bool:
    """Tell whether shapes that do not fit a system would with their coordinates exchanged."""
    shapes = np.array([shape for shape in geometry if shape is not None and not shape.is_empty], dtype=object)[:_SAMPLE]
    if not len(shapes):
        return False
    swapped = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return _tried(swapped, rows, system) is not None


def guess_system(
    geometry: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], others: Sequence[tuple[str, Box]], *, stated: str | None
) -> SystemGuess | None:
    """Return a system that fits the coordinates, None where none can be told.

    Parameters
    ----------
    others : sequence of (system, box)
        Of the folder's maps whose place is known, the box in degrees.
    stated : str or None
        What the file says, if it cannot be right: what is found then outweighs it.
    """
    shapes = np.array([shape for shape in geometry if shape is not None and not shape.is_empty], dtype=object)[:_SAMPLE]
    if not len(shapes):
        return None
    head = "force:" if stated else ""
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    if not np.isfinite([west, south, east, north]).all():
        return None
    near = _as_neighbours(shapes, rows, others, head)
    if near is not None:
        return near
    if abs(west) <= 180 and abs(east) <= 180 and abs(south) <= 90 and abs(north) <= 90:
        return _degrees((west, south, east, north), head)
    if _NORTHINGS[0] <= south <= north <= _NORTHINGS[1] and west // 1e6 == east // 1e6:
        zone = int(west // 1e6)
        if zone in _WIDE or zone in _NARROW:
            return _numbered(zone, head)
        if zone == 0:
            return _belt_by_neighbours(shapes, rows, others, head)
    return None


def _as_neighbours(shapes: Any, rows: Any, others: Sequence[tuple[str, Box]], head: str) -> SystemGuess | None:
    """Return the system of another map, if in it the shapes lie where that map lies."""
    for system, box in others:
        found = _tried(shapes, rows, system)
        if found is not None and _meets(found.box, box) and not parse_crs(system).is_geographic:
            ground = Words(
                f"同一文件夹的其他图层用 {system}，按它读正好落在同一处",
                f"other maps of the folder are in {system}, and in it this one lies where they do",
            )
            return SystemGuess(f"{head}{system}", ground, "medium")
    return None


def _degrees(box: Box, head: str) -> SystemGuess | None:
    inside = CHINA[0] <= box[0] and box[2] <= CHINA[2] and CHINA[1] <= box[1] and box[3] <= CHINA[3]
    exchanged = CHINA[0] <= box[1] and box[3] <= CHINA[2] and CHINA[1] <= box[0] and box[2] <= CHINA[3]
    if exchanged:
        return None
    if inside:
        ground = Words(
            "坐标是度，落在中国境内；度看不出基准，若是网络地图偏移坐标（GCJ-02、BD-09）会差数百米，请核对",
            "degrees within China; degrees do not show the datum, and in an offset system of web maps (GCJ-02, BD-09) "
            "they would be off by hundreds of metres: check",
        )
        return SystemGuess(f"{head}EPSG:4490", ground, "low", ("GCJ-02", "BD-09"))
    return SystemGuess(f"{head}EPSG:4326", Words("坐标是度", "the coordinates are degrees"), "low")


def _numbered(zone: int, head: str) -> SystemGuess:
    code = 4491 + zone - 13 if zone in _WIDE else 4513 + zone - 25
    degrees = 6 if zone in _WIDE else 3
    ground = Words(
        f"横坐标以带号 {zone} 开头（{degrees} 度带）；基准按 CGCS2000，若是西安80或北京54会差百米，请核对",
        f"the eastings begin with the zone number {zone} ({degrees}-degree belt); the datum is taken as CGCS2000, in "
        "Xi'an 1980 or Beijing 1954 it would be off by some 100 m: check",
    )
    return SystemGuess(f"{head}EPSG:{code}", ground, "medium")


def _belt_by_neighbours(shapes: Any, rows: Any, others: Sequence[tuple[str, Box]], head: str) -> SystemGuess | None:
    """Return the belt without number in which the shapes lie where the other maps do."""
    if not others:
        return None
    whole = np.array([box for _, box in others])
    middle = (whole[:, 0].min() + whole[:, 2].max()) / 2, (whole[:, 1].min() + whole[:, 3].max()) / 2
    tried = []
    for code in (*range(4502, 4513), *range(4534, 4555)):  # CGCS2000 belts without number, 6 and 3 degrees
        found = _tried(shapes, rows, f"EPSG:{code}")
        if found is not None and any(_meets(found.box, box) for _, box in others):
            gap = abs((found.box[0] + found.box[2]) / 2 - middle[0])
            tried.append((gap, -code))
    if not tried:
        return None
    codes = [-code for _, code in sorted(tried)]
    ground = Words(
        "横坐标不带带号；只有按此带读才与其他图层落在同一处；基准按 CGCS2000，请核对",
        "the eastings have no zone number; in this belt the shapes lie where the other maps do; the datum is taken as "
        "CGCS2000: check",
    )
    return SystemGuess(f"{head}EPSG:{codes[0]}", ground, "medium", tuple(f"EPSG:{code}" for code in codes[1:3]))


def _tried(shapes: Any, rows: Any, system: str) -> Placed | None:
    try:
        return placed(shapes, rows[: len(shapes)], system, "")
    except YudiError:
        return None


def _meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
