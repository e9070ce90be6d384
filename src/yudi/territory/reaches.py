"""How far around a site tests of the place look, and which land lies along a river so far up and so far down from a point."""

from __future__ import annotations

import heapq
import math
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from yudi.core.measure import Plane
from yudi.territory.edition import Edition, Layer
from yudi.territory.predicates import PlaceTest

__all__ = ["TO_RIVER_M", "Along", "along_areas", "along_reach_m", "reach_m"]

TO_RIVER_M = 500.0  # a point farther from every river than this is on none of them
_XY = tuple[float, ...]
_JOINT_M = 1.0  # ends of lines nearer than this are one node


class Along(NamedTuple):
    """An area in the plane; `is_whole` is false where a width or a gap is unknown, so that it may reach farther."""

    area: BaseGeometry
    is_whole: bool


class _Line(NamedTuple):
    line: BaseGeometry  # in the plane, from source to mouth
    half_width: float
    is_known: bool


class _Piece(NamedTuple):
    row: int
    line: BaseGeometry
    way: list[_XY]  # from the place outward to the end of the piece
    half_width_min: float  # along the way


def reach_m(edition: Edition, test: PlaceTest) -> float:
    """Return how far around a site a layer must be complete for a test to be false."""
    if test.kind == "along":
        return along_reach_m(edition, test)
    layer = edition.layers.get(test.layer)
    if test.kind != "within" or layer is None:
        return 0.0
    return (test.distance_m or 0.0) + layer.accuracy_m


def along_reach_m(edition: Edition, test: PlaceTest) -> float:
    """Return how far around a site a test along rivers looks."""
    rivers = edition.layers.get(test.rivers or "")
    beside = TO_RIVER_M + (rivers.half_width_max_m if rivers is not None else 0.0)
    return max(test.upstream_m or 0.0, test.downstream_m or 0.0) + (test.side_m or 0.0) + beside


def along_areas(
    point: BaseGeometry, test: PlaceTest, rivers: Layer, *, catchments: Layer, plane: Plane
) -> Along | None:
    """Return the land along the river at a point, or None where no river or no catchment is known there.

    Parameters
    ----------
    point : shapely geometry
        Intake or the like, lon/lat.
    test : PlaceTest
        With upstream_m, downstream_m and side_m; all tributaries count upstream, and every arm downstream.
    rivers, catchments : Layer
        Lines digitised from source to mouth, and surfaces.
    """
    up, down, side = (test.upstream_m or 0.0, test.downstream_m or 0.0, test.side_m or 0.0)
    here = plane.to_plane(point).centroid
    lines = _lines(rivers, here.buffer(max(up, down) + TO_RIVER_M), plane)
    basins = catchments.geometry[catchments.tree.query(point.centroid, predicate="intersects")]
    if not lines or not len(basins):
        return None
    gaps = [shapely.distance(item.line, here) for item in lines]
    start = int(np.argmin(gaps))
    if gaps[start] > TO_RIVER_M:
        return None
    at = shapely.line_locate_point(lines[start].line, here)
    whole = lines[start]
    here_on = substring(whole.line, max(0.0, at - up), min(whole.line.length, at + down))
    found = [_Piece(start, here_on, list(here_on.coords), whole.half_width)]
    found += _walk(lines, (start, at), (up, down), is_upstream=True)
    found += _walk(lines, (start, at), (down, up), is_upstream=False)
    bands = []
    for item in found:
        bands.append(_band(item.line, side + lines[item.row].half_width))
        # Along the whole way, so that corners where one line runs on into another are not left open.
        bands.append(_band(_line(item.way), side + item.half_width_min))
    area = shapely.intersection(shapely.union_all(bands), plane.to_plane(shapely.union_all(basins)))
    is_whole = all(lines[item.row].is_known for item in found) and not _may_go_on(found, lines, rivers.accuracy_m)
    return Along(area, is_whole)


def _may_go_on(found: list[_Piece], lines: list[_Line], accuracy: float) -> bool:
    """Tell whether a line that was not followed ends so near that it may be the same river, drawn with a gap."""
    reached = shapely.union_all([item.line for item in found])
    followed = {item.row for item in found}
    gaps = [shapely.distance(item.line, reached) for row, item in enumerate(lines) if row not in followed]
    return any(_JOINT_M < gap <= accuracy for gap in gaps)


def _line(places: list[_XY]) -> BaseGeometry:
    return shapely.LineString(places) if len(places) > 1 else shapely.LineString()


def _band(line: BaseGeometry, half_width: float) -> BaseGeometry:
    return line.buffer(half_width, cap_style="flat") if line.length > 0 else shapely.Polygon()


def _lines(rivers: Layer, window: BaseGeometry, plane: Plane) -> list[_Line]:
    found = []
    for index in np.sort(rivers.tree.query(plane.to_lonlat(window))):
        width = rivers.width_m(int(index))
        flat = plane.to_plane(rivers.geometry[index])
        lines = [part for part in shapely.get_parts(flat) if part.geom_type == "LineString"]
        found += [_Line(part, (width or 0.0) / 2, width is not None) for part in lines]
    return found


def _walk(
    lines: list[_Line], place: tuple[int, float], budget: tuple[float, float], *, is_upstream: bool
) -> list[_Piece]:
    """Return all that lies within a budget up or down the network from a place (line, distance along it).

    Lines join where the end of one lies on another, be it at its end or anywhere along it. What is reached by
    several ways counts by the shortest. The second budget is the one of the other direction: every way begins with
    what lies there on the same line, so that a corner at the place itself is not left open.
    """
    (start, at), (ahead, back) = place, budget
    found: list[_Piece] = []
    seen: dict[int, list[tuple[float, float]]] = {}
    sign = -1.0 if is_upstream else 1.0  # against the line upstream, along it downstream
    behind = substring(lines[start].line, *((at + back, at) if is_upstream else (max(0.0, at - back), at)))
    todo: list[tuple[float, int, float, list[_XY], float]] = [(-ahead, start, at, list(behind.coords), math.inf)]
    while todo:
        negative, index, position, way, narrowest = heapq.heappop(todo)
        left, item = -negative, lines[index]
        known = seen.setdefault(index, [])
        if any(sign * (position - entry) >= 0 and rest - abs(position - entry) >= left for entry, rest in known):
            continue
        known.append((position, left))
        narrowest = min(narrowest, item.half_width)
        piece = substring(item.line, position, min(item.line.length, max(0.0, position + sign * left)))
        found.append(_Piece(index, piece, [*way, *piece.coords], narrowest))
        for other, entry, met in _onward(lines, index, position, is_upstream):
            if abs(met - position) < left:
                passed = [*way, *substring(item.line, position, met).coords]
                heapq.heappush(todo, (abs(met - position) - left, other, entry, passed, narrowest))
    return found


def _onward(lines: list[_Line], index: int, position: float, is_upstream: bool) -> list[tuple[int, float, float]]:
    """Return (line, where it is entered, where this one is left) of the lines that water comes from or runs into."""
    line = lines[index].line
    last, tip, mouth = (0.0, 0, -1) if is_upstream else (line.length, -1, 0)
    end = shapely.Point(line.coords[tip])
    mouths = np.array([shapely.Point(item.line.coords[mouth]) for item in lines])
    touching = np.flatnonzero(shapely.distance(np.array([item.line for item in lines]), end) <= _JOINT_M).tolist()
    found = [(other, float(shapely.line_locate_point(lines[other].line, end)), last) for other in touching]
    for other in np.flatnonzero(shapely.distance(line, mouths) <= _JOINT_M).tolist():
        met = float(shapely.line_locate_point(line, mouths[other]))
        if (position - met if is_upstream else met - position) >= 0:
            found.append((other, lines[other].line.length if is_upstream else 0.0, met))
    return [item for item in found if item[0] != index]
