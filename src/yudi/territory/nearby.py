"""The features of an edition's layers around a place: which are meant, which are met, and how far they are.

What does not depend on the place is kept with the opened edition: one index of all layers, which features a test
means, and features in the planes in which distances from them were measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U, all_of
from yudi.core.measure import Plane, gap_m
from yudi.territory.edition import Edition, Layer
from yudi.territory.predicates import Condition

__all__ = ["Near", "features_met", "grown_box", "matches", "matching"]

_DEGREE_M = 110_000.0  # less than any degree of latitude is long
_SURE = 1.01  # more than a plane, or a degree taken as that long, can be wrong within the reach of a search
_VERTICES_MAX = 4_000_000  # of features kept in planes, then begun anew: 64 MB


class _Index(NamedTuple):
    """The boxes of all features of all layers, with the layer and the row of each."""

    tree: shapely.STRtree
    layer: NDArray[Any]
    row: NDArray[Any]
    names: tuple[str, ...]


def features_met(edition: Edition, site: BaseGeometry) -> dict[str, list[int]]:
    """Return the rows of the features that a site (lon/lat) meets, touching included, by layer and in order."""
    index: _Index | None = edition.memory.get("index")
    if index is None:
        index = edition.memory["index"] = _index(edition)
    hits = np.sort(index.tree.query(site, predicate="intersects"))
    found: dict[str, list[int]] = {}
    for layer, row in zip(index.layer[hits].tolist(), index.row[hits].tolist(), strict=True):
        found.setdefault(index.names[layer], []).append(row)
    return found


def _index(edition: Edition) -> _Index:
    names, shapes = tuple(edition.layers), [layer.geometry for layer in edition.layers.values()]
    layer = np.repeat(np.arange(len(names)), [len(each) for each in shapes])
    row = np.concatenate([np.arange(len(each)) for each in shapes])
    return _Index(shapely.STRtree(np.concatenate(shapes)), layer, row, names)


def matching(layer: Layer, where: tuple[Condition, ...]) -> Sequence[Truth]:
    """Return of each feature of a layer whether it is meant."""
    found: Sequence[Truth] | None = layer.memory.get(("matching", where))
    if found is None:
        found = layer.memory["matching", where] = [matches(layer, row, where) for row in range(len(layer.geometry))]
    return found


def matches(layer: Layer, index: int, where: tuple[Condition, ...]) -> Truth:
    """Return whether a feature is meant; an attribute that is empty or absent is unknown."""
    return all_of(_matches(layer, index, condition) for condition in where)


def _matches(layer: Layer, index: int, condition: Condition) -> Truth:
    column = layer.column(condition.field)
    value = column[index] if column is not None else None
    if value is None or str(value).strip() == "" or value != value:  # NaN is what differs from itself
        return U
    if condition.values:
        text = f"{value:g}" if isinstance(value, float) else str(value)
        return T if text in condition.values or str(value) in condition.values else F
    try:
        number = float(value)
    except (TypeError, ValueError):
        return U
    low = condition.low is None or number >= condition.low
    return T if low and (condition.high is None or number <= condition.high) else F


def grown_box(site: BaseGeometry, reach_m: float) -> BaseGeometry:
    """Return a box in lon/lat that holds all that lies within so far of a site, and a little more."""
    west, south, east, north = site.bounds
    up = reach_m / 110_000.0
    side = up / max(0.05, math.cos(math.radians(max(abs(south), abs(north)))))
    return shapely.box(west - side, south - up, east + side, north + up)


class Near:
    """A place, or a strip of it, in the plane in which distances from it are good.

    Parameters
    ----------
    plane : Plane
        See `yudi.core.measure.strips`.
    lonlat : shapely geometry
        The place.
    """

    def __init__(self, plane: Plane, lonlat: BaseGeometry, edition: Edition) -> None:
        self.plane = plane
        self.lonlat = lonlat
        self._edition = edition
        self._flat = plane.to_plane(lonlat)

    def gaps(self, layer: Layer, rows: Sequence[int], matters_m: float) -> list[float]:
        """Return how far features are, in m; exactly where that is the least, or at most what matters.

        Of any other the least that it can be, which is more than either.
        """
        if not rows:
            return []
        gaps = self._least(layer.boxes[rows])
        measured = np.zeros(len(rows), bool)
        limit = float(gaps.min())
        for _ in range(2):  # the nearest box, then all that may be nearer than what is in it
            self._measure(layer, rows, gaps, measured, gaps <= limit)
            limit = max(float(gaps[measured].min()), matters_m) * _SURE
        for place in np.flatnonzero(measured & (gaps <= limit)).tolist():
            shape = in_plane(self._edition, layer, [rows[place]], self.plane)[0]
            gaps[place] = gap_m(self._flat, shape, self.plane)
        found: list[float] = gaps.tolist()
        return found

    def _measure(
        self, layer: Layer, rows: Sequence[int], gaps: NDArray[Any], measured: NDArray[Any], wanted: NDArray[Any]
    ) -> None:
        todo = np.flatnonzero(wanted & ~measured)
        if len(todo):
            shapes = in_plane(self._edition, layer, [rows[place] for place in todo.tolist()], self.plane)
            gaps[todo] = shapely.distance(self._flat, shapes)
            measured[todo] = True

    def _least(self, boxes: NDArray[Any]) -> NDArray[Any]:
        """Return the least that the distances to features in boxes of lon/lat can be, in m."""
        west, south, east, north = self.lonlat.bounds
        up = np.maximum(0.0, np.maximum(boxes[:, 1] - north, south - boxes[:, 3]))
        side = np.maximum(0.0, np.maximum(boxes[:, 0] - east, west - boxes[:, 2]))
        highest = np.maximum(np.abs(boxes[:, [1, 3]]).max(axis=1), max(abs(south), abs(north)))
        least: NDArray[Any] = np.hypot(up, side * np.cos(np.radians(highest))) * (_DEGREE_M / _SURE)
        return least


def in_plane(edition: Edition, layer: Layer, rows: Sequence[int], plane: Plane) -> NDArray[Any]:
    """Return features of a layer in a plane."""
    kept: dict[tuple[str, str, int], BaseGeometry] = edition.memory.setdefault("in plane", {})
    size: list[int] = edition.memory.setdefault("vertices in plane", [0])
    found = [kept.get((layer.name, plane.name, row)) for row in rows]
    missing = [place for place, shape in enumerate(found) if shape is None]
    if missing:
        made = plane.to_plane(layer.geometry[[rows[place] for place in missing]])
        if size[0] > _VERTICES_MAX:
            kept.clear()
            size[0] = 0
        size[0] += int(shapely.get_num_coordinates(made).sum())
        for place, shape in zip(missing, made, strict=True):
            found[place] = kept[layer.name, plane.name, rows[place]] = shape
    return np.array(found, dtype=object)
