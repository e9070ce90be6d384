"""Which land lies along a river so far up and so far down from a point, within the point's catchment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from yudi.core.measure import Plane
from yudi.territory.edition import Layer
from yudi.territory.predicates import PlaceTest

__all__ = ["Along", "along_areas"]

_TO_RIVER_M = 500.0  # a point farther from every river than this is on none of them
_JOINT_M = 1.0  # ends of lines nearer than this are one node


class Along(NamedTuple):
    """An area in the plane; `is_whole` is false where the river's width is unknown, so that it may reach farther."""

    area: BaseGeometry
    is_whole: bool


class _Line(NamedTuple):
    line: BaseGeometry  # in the plane, from source to mouth
    half_width: float
    is_known: bool


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
    lines = _lines(rivers, here.buffer(max(up, down) + _TO_RIVER_M), plane)
    basins = catchments.geometry[catchments.tree.query(point.centroid, predicate="intersects")]
    if not lines or not len(basins):
        return None
    gaps = [shapely.distance(item.line, here) for item in lines]
    start = int(np.argmin(gaps))
    if gaps[start] > _TO_RIVER_M:
        return None
    at = shapely.line_locate_point(lines[start].line, here)
    pieces = _walk(lines, start, at, up, is_upstream=True) + _walk(lines, start, at, down, is_upstream=False)
    bands = [
        piece.buffer(side + lines[index].half_width, cap_style="flat") for index, piece in pieces if piece.length > 0
    ]
    joints = [
        shapely.Point(piece.coords[0]).buffer(side + lines[index].half_width)
        for index, piece in pieces[1:]
        if index != start
    ]
    ends = shapely.union_all(bands + joints)
    basin = plane.to_plane(shapely.union_all(basins))
    return Along(shapely.intersection(ends, basin), all(lines[index].is_known for index, _ in pieces))


def _lines(rivers: Layer, window: BaseGeometry, plane: Plane) -> list[_Line]:
    found = []
    for index in np.sort(rivers.tree.query(plane.to_lonlat(window))):
        width = rivers.width_m(int(index))
        flat = plane.to_plane(rivers.geometry[index])
        lines = [part for part in shapely.get_parts(flat) if part.geom_type == "LineString"]
        found += [_Line(part, (width or 0.0) / 2, width is not None) for part in lines]
    return found


def _walk(
    lines: list[_Line], start: int, at: float, budget: float, *, is_upstream: bool
) -> list[tuple[int, BaseGeometry]]:
    """Return (line, piece) for all that lies within the budget up or down the network, each line once."""
    found, seen, todo = [], {start}, [(start, at, budget)]
    while todo:
        index, position, left = todo.pop()
        line = lines[index].line
        if is_upstream:
            found.append((index, substring(line, max(0.0, position - left), position)))
            left, node, end = left - position, line.coords[0], -1
        else:
            found.append((index, substring(line, position, min(line.length, position + left))))
            left, node, end = left - (line.length - position), line.coords[-1], 0
        if left <= 0:
            continue
        for other, item in enumerate(lines):
            x, y = item.line.coords[end][:2]
            if other not in seen and np.hypot(x - node[0], y - node[1]) <= _JOINT_M:
                seen.add(other)
                todo.append((other, item.line.length if is_upstream else 0.0, left))
    return found
