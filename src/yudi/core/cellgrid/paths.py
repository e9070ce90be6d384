"""Polygons and lines as flat paths."""

from __future__ import annotations

import numpy as np
import shapely

from yudi.core.cellgrid.layout import Array, Paths
from yudi.core.errors import InputError, Where
from yudi.core.jit import uncounted

__all__ = ["lines_of", "rings_of"]

LINE, POLYGON, MULTILINE, MULTIPOLYGON = 1, 3, 5, 6


def rings_of(shapes: Array) -> Paths:
    """Return the rings of polygons, shells counter-clockwise and holes clockwise; None and empty shapes have none.

    Raises
    ------
    InputError
        If a shape is no polygon.
    """
    _refuse_others(shapes, (POLYGON, MULTIPOLYGON), "a polygon or multipolygon")
    if not shapely.get_num_interior_rings(shapes).any() and not (shapely.get_type_id(shapes) == MULTIPOLYGON).any():
        # A ring a shape, the common case of sites: four times faster than to ask GEOS for rings.
        first_vertex = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(shapes))))
        paths = Paths(shapely.get_coordinates(shapes).reshape(-1), first_vertex, np.arange(len(shapes) + 1))
        _turn_rings(paths.xy.reshape(-1, 2), first_vertex, np.ones(len(shapes), bool))
        return paths
    vertices, (first_vertex, first_ring, *more) = _ragged(shapes, shapely.Polygon())
    is_shell = np.zeros(len(first_vertex) - 1, bool)
    is_shell[first_ring[:-1][np.diff(first_ring) > 0]] = True
    first_path = first_ring[more[0]] if more else first_ring
    paths = Paths(vertices, first_vertex, first_path[: len(shapes) + 1])
    _turn_rings(vertices.reshape(-1, 2), first_vertex, is_shell)
    return paths


def lines_of(shapes: Array) -> Paths:
    """Return the parts of lines; None and empty shapes have none.

    Raises
    ------
    InputError
        If a shape is no line.
    """
    _refuse_others(shapes, (LINE, MULTILINE), "a line or multiline")
    vertices, (first_vertex, *more) = _ragged(shapes, shapely.LineString())
    first_path = more[0] if more else np.arange(len(first_vertex))
    return Paths(vertices, first_vertex, first_path[: len(shapes) + 1])


def _refuse_others(shapes: Array, kinds: tuple[int, int], wanted: str) -> None:
    kind = shapely.get_type_id(shapes)
    strange = np.flatnonzero((kind >= 0) & (kind != kinds[0]) & (kind != kinds[1]))
    if len(strange):
        row = int(strange[0])
        message = f"expected {wanted}, got a {shapes[row].geom_type}"
        raise InputError(message, where=Where(row=row + 1, field="geometry"), hint="take its parts of this kind")


def _ragged(shapes: Array, empty: object) -> tuple[Array, list[Array]]:
    """Return x and y of all vertices in turn, and firsts of paths, polygons and shapes as far as there are such."""
    filled = np.full(max(len(shapes), 1), empty, object)
    filled[: len(shapes)][~shapely.is_missing(shapes)] = shapes[~shapely.is_missing(shapes)]
    _, vertices, offsets = shapely.to_ragged_array(filled, include_z=False)
    return vertices.reshape(-1), [offset.astype(np.int64) for offset in offsets]


@uncounted
def _turn_rings(vertices: Array, first_vertex: Array, is_shell: Array) -> None:
    """Turn rings in place so that shells run counter-clockwise and holes clockwise."""
    for ring in range(len(is_shell)):
        begin, end = first_vertex[ring], first_vertex[ring + 1]
        twice_area = 0.0
        for vertex in range(begin + 1, end - 1):
            across, up = vertices[vertex, 0] - vertices[begin, 0], vertices[vertex, 1] - vertices[begin, 1]
            twice_area += across * (vertices[vertex + 1, 1] - vertices[begin, 1])
            twice_area -= up * (vertices[vertex + 1, 0] - vertices[begin, 0])
        if (twice_area > 0) == is_shell[ring]:
            continue
        for step in range((end - begin) // 2):
            for axis in range(2):
                value = vertices[begin + step, axis]
                vertices[begin + step, axis] = vertices[end - 1 - step, axis]
                vertices[end - 1 - step, axis] = value
