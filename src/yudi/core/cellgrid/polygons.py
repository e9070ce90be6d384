"""Polygons as flat vertices, and the test that tells while a grid is built where a point lies."""

from __future__ import annotations

from typing import NamedTuple

from yudi.core.cellgrid.layout import IN, OUT, UNSURE, Array
from yudi.core.cellgrid.locating import Point, orientation
from yudi.core.jit import inlined, uncounted

__all__ = ["Polygons", "Slabs", "inside", "list_slab_edges"]


class Polygons(NamedTuple):
    """Rings one after the other, each closed.

    Parameters
    ----------
    xy : float64 array (2 × vertices)
        x and y in turn.
    is_last : bool array (vertices)
        The vertex closes its ring, so no edge begins there.
    feature : int32 array (vertices)
    first_vertex : int64 array (features + 1)
    """

    xy: Array
    is_last: Array
    feature: Array
    first_vertex: Array


class Slabs(NamedTuple):
    """The edges of each feature by level slabs of equal height.

    Parameters
    ----------
    south, scale : float64 arrays (features)
        Lowest y, and slabs per unit of y.
    first_slab : int64 array (features + 1)
    first_edge : int64 array (slabs + 1)
    edge : int32 array
    """

    south: Array
    scale: Array
    first_slab: Array
    first_edge: Array
    edge: Array


@uncounted
def list_slab_edges(polygons: Polygons, slabs: Slabs, position: Array) -> None:
    """Move each slab's position on by its edges, and write them there where `slabs.edge` has room."""
    for feature in range(len(slabs.south)):
        for edge in range(polygons.first_vertex[feature], polygons.first_vertex[feature + 1] - 1):
            if polygons.is_last[edge]:
                continue
            ay, by = polygons.xy[2 * edge + 1], polygons.xy[2 * edge + 3]
            for slab in range(_slab(slabs, feature, min(ay, by)), _slab(slabs, feature, max(ay, by)) + 1):
                if len(slabs.edge):
                    slabs.edge[position[slab]] = edge
                position[slab] += 1


@inlined
def _slab(slabs: Slabs, feature: int, y: float) -> int:
    """Return the slab of a height; the higher of two never gets the lower slab, rounding or not."""
    first, end = slabs.first_slab[feature], slabs.first_slab[feature + 1]
    return int(max(first, min(end - 1, first + int((y - slabs.south[feature]) * slabs.scale[feature]))))


@inlined
def inside(polygons: Polygons, slabs: Slabs, feature: int, point: Point) -> int:
    """Return whether a point lies IN a feature or OUT of it, by the edges that a ray to the right crosses."""
    x, y = point
    slab = _slab(slabs, feature, y)
    state = OUT
    for index in range(slabs.first_edge[slab], slabs.first_edge[slab + 1]):
        edge = slabs.edge[index]
        ay, by = polygons.xy[2 * edge + 1], polygons.xy[2 * edge + 3]
        if (ay > y) == (by > y):
            continue
        ax, bx = polygons.xy[2 * edge], polygons.xy[2 * edge + 2]
        if ax > x and bx > x:
            state ^= IN
        elif ax >= x or bx >= x:
            side = orientation((ax, ay, bx, by), x, y)
            if side == UNSURE:
                return UNSURE
            if (side > 0) == (by > ay):
                state ^= IN
    return state
