"""Is a project's own shape one that has a single reading: a GeoJSON geometry in lon/lat, judged strictly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding
from yudi.core.repair import even_odd, name_defect

__all__ = ["VERTICES_MAX", "read_site"]

VERTICES_MAX = 100_000

_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_XY = tuple[float, float]


@dataclass
class _Reader:
    """Walks the nested coordinates of one geometry and remembers where it is and what it noticed."""

    file: str | None
    bounds: tuple[float, float, float, float] | None
    max_vertices: int
    count: int = 0
    findings: dict[str, Finding] = field(default_factory=dict)

    def refuse(self, path: str, message: str, hint: str) -> InputError:
        return InputError(message, where=Where(self.file, None, path), hint=hint)

    def note(self, kind: str, path: str, message: str) -> None:
        self.findings.setdefault(kind, Finding(kind, message, Where(self.file, None, path)))

    def items(self, value: object, path: str, what: str) -> Sequence[Any]:
        if not isinstance(value, (list, tuple)):
            raise self.refuse(path, f"expected a list of {what}, got {_shown(value)}", "nest it as GeoJSON asks")
        if not value:
            raise self.refuse(path, f"expected a list of {what}, got an empty one", "give the geometry or leave it out")
        return value

    def position(self, value: object, path: str) -> _XY:
        self.count += 1
        if self.count > self.max_vertices:
            raise LimitError(
                f"expected at most {self.max_vertices} vertices, got more",
                where=Where(self.file, None, "geometry.coordinates"),
                hint="simplify the shape, or raise the limit",
            )
        if not isinstance(value, (list, tuple)) or len(value) < 2:
            raise self.refuse(path, f"expected a position [lon, lat], got {_shown(value)}", "nest it as GeoJSON asks")
        for number in value:
            if isinstance(number, bool) or not isinstance(number, Real):
                hint = "write numbers without quotes" if isinstance(number, str) else "nest it as GeoJSON asks"
                raise self.refuse(path, f"expected numbers [lon, lat], got {_shown(value)}", hint)
        if len(value) > 2:
            self.note("z_dropped", path, "heights and other numbers after longitude and latitude were left out")
        return self.checked(value, path)

    def checked(self, value: Sequence[float], path: str) -> _XY:
        try:
            lon, lat = float(value[0]), float(value[1])
        except OverflowError:
            lon = lat = math.inf
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise self.refuse(path, f"expected finite numbers [lon, lat], got {_shown(value)}", "give the position")
        if abs(lon) > 180 or abs(lat) > 90:
            if 90 < abs(lat) <= 180 and abs(lon) <= 90:
                raise self.exchanged(path, value)
            hint = 'degrees are read; for another system write "crs": "EPSG:…" inside geometry'
            raise self.refuse(path, f"expected longitude ±180 and latitude ±90, got {_shown(value)}", hint)
        return lon, lat

    def exchanged(self, path: str, value: object) -> InputError:
        message = f"latitude and longitude look exchanged: expected [lon, lat], got {_shown(value)}"
        return self.refuse(path, message, "write the longitude first")

    def positions(self, value: object, path: str, least: int) -> list[_XY]:
        found = [
            self.position(item, f"{path}[{index}]") for index, item in enumerate(self.items(value, path, "positions"))
        ]
        lean = [xy for index, xy in enumerate(found) if index == 0 or xy != found[index - 1]]
        if len(lean) < len(found):
            self.note("doubled_vertices", path, "doubled vertices were removed")
        if len(set(lean)) < least:
            message = f"expected at least {least} different positions, got {len(set(lean))}"
            raise self.refuse(path, message, "add the missing positions")
        return lean

    def ring(self, value: object, path: str) -> list[_XY]:
        found = self.positions(value, path, 3)
        if found[0] != found[-1]:
            self.note("ring_unclosed", path, "an unclosed ring was closed")
            found.append(found[0])
        return found

    def polygon(self, value: object, path: str) -> BaseGeometry:
        rings = [self.ring(item, f"{path}[{index}]") for index, item in enumerate(self.items(value, path, "rings"))]
        for index, ring in enumerate(rings):
            self.judge(shapely.Polygon(ring), f"{path}[{index}]")
        return self.judge(shapely.Polygon(rings[0], rings[1:]), path)

    def judge(self, shape: BaseGeometry, path: str) -> BaseGeometry:
        """Return a shape that has one reading; refuse it if there are two."""
        if shapely.is_valid(shape):
            return shape
        if shapely.convex_hull(shape).area == 0:
            raise self.refuse(path, "expected a shape with an area, got one without", "draw it again")
        reason = shapely.is_valid_reason(shape)
        place = reason.partition("[")[2].rstrip("]").replace(" ", ", ")
        defect, after = self.reading(shape, reason, path)
        if after is not None and not after.is_empty and defect in _HARMLESS:
            self.note(defect, path, _HARMLESS[defect])
            return after
        near = f" near [{place}]" if place else ""
        raise self.refuse(path, f"{_REFUSED[defect]}{near}: it has two readings", "draw the outline that is meant")

    def reading(self, shape: BaseGeometry, reason: str, path: str) -> tuple[str, BaseGeometry | None]:
        """Return what is wrong with a shape, and its even-odd reading where that may be the only one."""
        if len(shapely.get_rings(shape)) == 1 and not reason.startswith("Ring"):
            return "ring_crosses_itself", None
        try:
            after = even_odd(shape)
        except LimitError as error:
            raise LimitError(error.message, where=Where(self.file, None, path), hint=error.hint) from error
        return name_defect(shape, after), after


_HARMLESS = {
    "ring_touches_itself": "a ring that touches itself was rewritten without change of area",
    "shells_share_edge": "polygons that share an edge were joined without change of area",
}
_REFUSED = {
    "ring_touches_itself": "a ring runs twice along its line",
    "shells_share_edge": "two polygons of the same geometry are one",
    "ring_crosses_itself": "a ring crosses itself",
    "hole_crosses_shell": "a hole crosses its shell or another hole, or lies outside",
    "shell_inside_shell": "a polygon lies inside another one of the same geometry",
    "shells_overlap": "two polygons of the same geometry overlap",
}


def read_site(
    geometry: Mapping[str, Any] | None,
    *,
    file: str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    max_vertices: int = VERTICES_MAX,
) -> tuple[BaseGeometry, tuple[Finding, ...]]:
    """Return a project's shape, 2D and valid, and notes of what was repaired.

    Parameters
    ----------
    geometry : mapping
        GeoJSON geometry in lon/lat degrees: Point, LineString, Polygon or their Multi kinds.
    file : str, optional
        Name for messages.
    bounds : (west, south, east, north), optional
        Where the site should lie; a shape outside that would be inside with its coordinates exchanged is refused.
    max_vertices : int
        Greatest number of positions.

    Raises
    ------
    InputError
        If the geometry is missing, empty, wrongly nested, not finite, outside ±180/±90, exchanged, wider than 180°, or has
        two readings (a ring crosses itself, shells overlap or lie in one another); the field is the path to it.
    LimitError
        If it has too many vertices.

    Examples
    --------
    >>> shape, notes = read_site({"type": "Polygon", "coordinates": [[[106, 29], [107, 29], [107, 30]]]})
    >>> shape.is_valid, [note.kind for note in notes]
    (True, ['ring_unclosed'])
    """
    reader = _Reader(file, bounds, max_vertices)
    if not isinstance(geometry, Mapping):
        raise reader.refuse("geometry", f"expected a GeoJSON geometry, got {_shown(geometry)}", "give the site's shape")
    kind = geometry.get("type")
    if kind not in _TYPES:
        hint = "give the feature's geometry member" if kind in ("Feature", "FeatureCollection") else "use one of these"
        raise reader.refuse("geometry.type", f"expected one of {', '.join(_TYPES)}, got {_shown(kind)}", hint)
    if "coordinates" not in geometry:
        raise reader.refuse("geometry.coordinates", "expected coordinates, got none", "give the site's shape")
    shape = _BUILD[kind](reader, geometry["coordinates"], "geometry.coordinates")
    _hold_against_bounds(reader, shape)
    width = shape.bounds[2] - shape.bounds[0]
    if width > 180:  # no meridian tells which side is meant
        message = f"expected a shape that spans at most 180° of longitude, got {width:.6g}°"
        hint = "a site across the antimeridian is not read: give its parts on either side as projects of their own"
        raise reader.refuse("geometry.coordinates", message, hint)
    return shape, tuple(reader.findings.values())


def _hold_against_bounds(reader: _Reader, shape: BaseGeometry) -> None:
    if reader.bounds is None:
        return
    west, south, east, north = reader.bounds
    x1, y1, x2, y2 = shape.bounds
    apart = x2 < west or x1 > east or y2 < south or y1 > north
    if apart and west <= y1 and y2 <= east and south <= x1 and x2 <= north:
        raise reader.exchanged("geometry.coordinates", [round(x1, 6), round(y1, 6)])


def _point(reader: _Reader, value: object, path: str) -> BaseGeometry:
    return shapely.Point(reader.position(value, path))


def _multipoint(reader: _Reader, value: object, path: str) -> BaseGeometry:
    found = [
        reader.position(item, f"{path}[{index}]") for index, item in enumerate(reader.items(value, path, "positions"))
    ]
    distinct = list(dict.fromkeys(found))
    if len(distinct) < len(found):
        reader.note("doubled_vertices", path, "doubled points were removed")
    return shapely.MultiPoint(np.array(distinct))


def _line(reader: _Reader, value: object, path: str) -> BaseGeometry:
    return shapely.LineString(reader.positions(value, path, 2))


def _multiline(reader: _Reader, value: object, path: str) -> BaseGeometry:
    parts = reader.items(value, path, "lines")
    return shapely.MultiLineString([_line(reader, item, f"{path}[{index}]") for index, item in enumerate(parts)])


def _polygon(reader: _Reader, value: object, path: str) -> BaseGeometry:
    return reader.polygon(value, path)


def _multipolygon(reader: _Reader, value: object, path: str) -> BaseGeometry:
    parts = [
        reader.polygon(item, f"{path}[{index}]") for index, item in enumerate(reader.items(value, path, "polygons"))
    ]
    return reader.judge(shapely.MultiPolygon(list(shapely.get_parts(np.array(parts)))), path)


_BUILD = dict(zip(_TYPES, (_point, _multipoint, _line, _multiline, _polygon, _multipolygon), strict=True))


def _shown(value: object) -> str:
    """Return a short rendering of a value for a message, whatever its size or depth."""
    if value is None:
        return "nothing"
    if isinstance(value, (list, tuple)):
        inner = ", ".join("[…]" if isinstance(item, (list, tuple)) else _shown(item) for item in value[:4])
        return f"[{inner}{', …' if len(value) > 4 else ''}]"
    if isinstance(value, Real) and not isinstance(value, int):
        return f"{float(value):.10g}"
    if isinstance(value, Mapping):
        return "an object"
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**20 else "a huge number"
    return text if len(text) <= 60 else f"{text[:57]}…"
