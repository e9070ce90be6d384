"""From labelled cells to borders that are pleasant to look at: arcs between junctions, smoothed, then cut to shape.

Every border is drawn once and serves both sides, so there are neither gaps nor overlaps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .grids import Grid
from .terrain import to_lonlat, to_plane

__all__ = ["GRID", "area_m2", "cut", "inner_edges", "join_coverages"]

_Array = np.ndarray[Any, Any]
GRID = 1e-7  # degrees, about 1 cm
_CRUMB = 4  # cells: a smaller part of a label joins its surroundings
_ROUNDS = 6  # of smoothing: takes off the stairs of the cells and no more


def cut(shape: BaseGeometry, grid: Grid, labels: _Array, count: int) -> list[BaseGeometry]:
    """Return a shape (lon/lat) cut along the borders between labels, one polygon for each label below the count.

    A label of which no cell is left gives an empty polygon.
    """
    borders = shapely.transform(_smooth_arcs(grid, labels), to_lonlat)
    edges = shapely.union_all([shape.boundary, borders], grid_size=GRID)
    faces = np.array(shapely.polygonize([edges]).geoms, dtype=object)
    faces = faces[shapely.contains_properly(shapely.buffer(shape, GRID * 10), shapely.point_on_surface(faces))]
    faces = faces[shapely.intersects(shape, shapely.point_on_surface(faces))]
    winner = _without_crumbs(faces, _vote(faces, grid, labels, count), _CRUMB * grid.cell**2)
    winner = _adopt(faces, winner)
    return [shapely.union_all(faces[winner == label], grid_size=GRID) for label in range(count)]


def _smooth_arcs(grid: Grid, labels: _Array) -> BaseGeometry:
    """Return the borders between labels in metres: lines along cell edges, merged to arcs and smoothed."""
    table = labels.reshape(grid.rows, grid.columns)
    upright = (table[:, 1:] != table[:, :-1]) & (table[:, 1:] >= 0) & (table[:, :-1] >= 0)
    level = (table[1:] != table[:-1]) & (table[1:] >= 0) & (table[:-1] >= 0)
    row, column = np.nonzero(upright)
    stands = np.stack([np.column_stack([column + 1, row]), np.column_stack([column + 1, row + 1])], axis=1)
    row, column = np.nonzero(level)
    lies = np.stack([np.column_stack([column, row + 1]), np.column_stack([column + 1, row + 1])], axis=1)
    segments = shapely.linestrings(np.concatenate([stands, lies]).astype(float))
    merged = shapely.line_merge(shapely.multilinestrings(segments))
    arcs = [_smooth(shapely.get_coordinates(arc)) for arc in shapely.get_parts(merged)]
    scaled = [arc * grid.cell + (grid.west, grid.south) for arc in arcs]
    return shapely.multilinestrings([shapely.simplify(shapely.linestrings(arc), grid.cell * 0.06) for arc in scaled])


def _smooth(points: _Array) -> _Array:
    """Return an arc with each point drawn towards its neighbours; ends stay, and a ring is smoothed all round."""
    ring = len(points) > 4 and (points[0] == points[-1]).all()
    for _ in range(_ROUNDS):
        if ring:
            body = points[:-1]
            body = (np.roll(body, 1, axis=0) + 2 * body + np.roll(body, -1, axis=0)) / 4
            points = np.concatenate([body, body[:1]])
        elif len(points) > 2:
            inner = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
            points = np.concatenate([points[:1], inner, points[-1:]])
    return points


def _vote(faces: _Array, grid: Grid, labels: _Array, count: int) -> _Array:
    """Return for each face the label of most cells inside it, or -1 where it holds no cell."""
    cells = np.nonzero(grid.inside & (labels >= 0))[0]
    middles = shapely.points(to_lonlat(np.column_stack([grid.x[cells], grid.y[cells]])))
    face, cell = shapely.STRtree(middles).query(faces, predicate="contains")
    votes = np.zeros((len(faces), count), int)
    np.add.at(votes, (face, labels[cells[cell]]), 1)
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1)


def _without_crumbs(faces: _Array, winner: _Array, least_m2: float) -> _Array:
    """Return the winners without (-1) those of small faces, unless a label has no larger one."""
    areas, winner = area_m2(faces), winner.copy()
    largest = np.zeros(winner.max() + 1)
    np.maximum.at(largest, winner[winner >= 0], areas[winner >= 0])
    winner[(areas < least_m2) & (areas < largest[winner])] = -1
    return winner


def _adopt(faces: _Array, winner: _Array) -> _Array:
    """Return the winners with faces that have none given to the neighbour of the longest common border, or the nearest."""
    winner = winner.copy()
    tree, settled = shapely.STRtree(faces), np.nonzero(winner >= 0)[0]
    for face in np.nonzero(winner < 0)[0]:
        beside = [other for other in tree.query(faces[face], predicate="intersects") if winner[other] >= 0]
        if beside:
            shared = shapely.length(shapely.intersection(faces[face].boundary, faces[beside]))
            winner[face] = winner[beside[int(shared.argmax())]]
        else:
            winner[face] = winner[settled[int(shapely.distance(faces[face], faces[settled]).argmin())]]
    return winner


def join_coverages(borders: list[BaseGeometry], shapes: _Array) -> _Array:
    """Return the pieces of all districts with the same points on both sides of every border.

    Parameters
    ----------
    borders : lines, lon/lat degrees
        Of the districts, which meet exactly.
    shapes : object array of polygons, lon/lat degrees, shape (n,)
        The pieces that they were cut into. Where a cut meets the border of a district, the neighbour lacks the point.
    """
    edges = shapely.union_all([*borders, inner_edges(shapes)], grid_size=GRID)
    faces = np.array(shapely.polygonize([edges]).geoms, dtype=object)
    owner, face = shapely.STRtree(shapely.point_on_surface(faces)).query(shapes, predicate="contains")
    joined = shapes.copy()
    for index in range(len(shapes)):
        parts = faces[face[owner == index]]
        joined[index] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
        if not joined[index].is_valid:
            joined[index] = shapely.union_all(parts)
    return joined


def inner_edges(shapes: _Array) -> BaseGeometry:
    """Return the segments that two pieces share, so none of those on the borders of districts."""
    lines = shapely.get_parts(shapely.get_rings(shapely.get_parts(shapes)))
    points, ring = shapely.get_coordinates(lines, return_index=True)
    follows = ring[1:] == ring[:-1]
    whole = np.round(points / GRID).astype(np.int64)
    ends = np.concatenate([whole[:-1][follows], whole[1:][follows]], axis=1)
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    unique, times = np.unique(ends, axis=0, return_counts=True)
    return shapely.multilinestrings(shapely.linestrings((unique[times > 1] * GRID).reshape(-1, 2, 2)))


def area_m2(shapes: _Array) -> _Array:
    """Return areas of lon/lat shapes in the equal-area plane, vertex by vertex."""
    return shapely.area(shapely.transform(shapes, to_plane))
