"""The features of an edition's layers around a place: which are meant, which are met, and how far they are.

What does not depend on the place is kept with the opened edition: one index of all layers, which features a test
means, and features in the planes in which distances from them were measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U, all_of
from yudi.core.measure import Plane, gap_m
from yudi.territory.edition import Edition, Layer
from yudi.territory.predicates import Condition

__all__ = ["Near", "features_met", "grown_bounds", "grown_box", "is_inside", "matches", "meant_by"]

_DEGREE_M = 110_000.0  # less than any degree of latitude is long
_SURE = 1.01  # more than a plane, or a degree taken as that long, can be wrong within the reach of a search
_VERTICES_MAX = 4_000_000  # of features kept in planes, then begun anew: 64 MB


class _Borders:
    """All features, prepared so that a site is not held against every vertex of theirs.

    What GEOS prepares it goes on preparing while it is asked: it is done on copies that one thread has to itself while
    it asks. They are as many as the features for each thread that asks at once, made when they are asked for.
    """

    def __init__(self, shapes: NDArray[Any], layer: NDArray[Any]) -> None:
        self._shapes = shapes
        self._starts = np.searchsorted(layer, np.arange(int(layer.max(initial=0)) + 1))
        self._idle: list[NDArray[Any]] = []  # copies that no thread has now

    def meet(self, rows: NDArray[Any], site: BaseGeometry) -> NDArray[np.bool_]:
        """Return which features meet the site."""
        found: NDArray[np.bool_] = self._asked(shapely.intersects, rows, site)
        return found

    def cover(self, layer: int, row: int, site: BaseGeometry) -> bool:
        """Tell whether a feature covers the site."""
        return bool(self._asked(shapely.covers, self._starts[[layer]] + row, site)[0])

    def _asked(self, predicate: Callable[..., Any], rows: NDArray[Any], site: BaseGeometry) -> Any:
        try:
            copies = self._idle.pop()
        except IndexError:
            copies = np.full(len(self._shapes), None, dtype=object)
        new = rows[[shape is None for shape in copies[rows]]]
        if len(new):
            made = shapely.from_wkb(shapely.to_wkb(self._shapes[new]))
            shapely.prepare(made)
            copies[new] = made
        found = predicate(copies[rows], site)
        self._idle.append(copies)
        return found


class _Index(NamedTuple):
    """The boxes of all features of all layers, with the layer and the row of each."""

    tree: shapely.STRtree
    layer: NDArray[Any]
    row: NDArray[Any]
    names: tuple[str, ...]
    borders: _Borders


def features_met(edition: Edition, site: BaseGeometry) -> dict[str, list[int]]:
    """Return the rows of the features that a site (lon/lat) meets, touching included, by layer and in order."""
    index = _index_of(edition)
    hits = np.sort(index.tree.query(site))
    hits = hits[index.borders.meet(hits, site)]
    found: dict[str, list[int]] = {}
    for layer, row in zip(index.layer[hits].tolist(), index.row[hits].tolist(), strict=True):
        found.setdefault(index.names[layer], []).append(row)
    return found


def is_inside(edition: Edition, layer: Layer, row: int, site: BaseGeometry) -> bool:
    """Tell whether a feature of a layer covers a site, its border included; both in lon/lat."""
    index = _index_of(edition)
    return index.borders.cover(index.names.index(layer.name), row, site)


def _index_of(edition: Edition) -> _Index:
    index: _Index | None = edition.memory.get("index")
    return index if index is not None else edition.memory.setdefault("index", _index(edition))


def _index(edition: Edition) -> _Index:
    names, shapes = tuple(edition.layers), [layer.geometry for layer in edition.layers.values()]
    layer = np.repeat(np.arange(len(names)), [len(each) for each in shapes])
    row = np.concatenate([np.arange(len(each)) for each in shapes])
    every = np.concatenate(shapes)
    return _Index(shapely.STRtree(every), layer, row, names, _Borders(every, layer))


class Meant(NamedTuple):
    """Of each feature of a layer whether a test means it, also as uint8 numbers, and whether it may."""

    truth: Sequence[Truth]
    code: NDArray[np.uint8]
    may: NDArray[np.bool_]


def meant_by(layer: Layer, where: tuple[Condition, ...]) -> Meant:
    """Return which features of a layer are meant, worked out once."""
    found: Meant | None = layer.memory.get(("meant", where))
    if found is None:
        truth = [matches(layer, row, where) for row in range(len(layer.geometry))]
        code = np.array(truth, np.uint8)
        found = layer.memory["meant", where] = Meant(truth, code, code != F)
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
    up = reach_m / _DEGREE_M
    side = up / max(0.05, math.cos(math.radians(max(abs(south), abs(north)))))
    return shapely.box(west - side, south - up, east + side, north + up)


def grown_bounds(bounds: NDArray[Any], reach_m: float | NDArray[Any]) -> NDArray[Any]:
    """Return the bounds of what `grown_box` gives for many sites, but for the last digit of a cosine.

    Parameters
    ----------
    bounds : float array (sites, 4)
    reach_m : float or float array (sites)
    """
    west, south, east, north = bounds.T
    up = reach_m / _DEGREE_M
    side = up / np.maximum(0.05, np.cos(np.radians(np.maximum(np.abs(south), np.abs(north)))))
    grown: NDArray[Any] = np.stack([west - side, south - up, east + side, north + up], axis=1)
    return grown


class Near:
    """A place, or a strip of it, in the plane in which distances from it are good; each is measured once.

    Parameters
    ----------
    plane : Plane
        See `yudi.core.measure.strips`.
    lonlat : shapely geometry
        The place.
    """

    def __init__(self, plane: Plane, lonlat: BaseGeometry, edition: Edition) -> None:
        self.plane = plane
        self._lonlat = lonlat
        self._edition = edition
        self._flat = plane.to_plane(lonlat)
        self._hits: dict[tuple[str, float], NDArray[Any]] = {}
        self._measured: dict[tuple[str, int], float] = {}
        self._exact: dict[tuple[str, int], float] = {}

    def around(self, layer: Layer, reach_m: float) -> NDArray[Any]:
        """Return the rows of the features whose boxes lie within so far, or a little more."""
        key = (layer.name, reach_m)
        if key not in self._hits:
            self._hits[key] = layer.tree.query(grown_box(self._lonlat, reach_m))
        return self._hits[key]

    def gaps(self, layer: Layer, rows: NDArray[Any], matters_m: float) -> list[tuple[int, float]]:
        """Return how far features are, in m: those that can be the nearest, or at most as far as what matters."""
        if not len(rows):
            return []
        least = self._least(layer.boxes[rows])
        gaps = self._in_plane(layer, rows[least <= least.min()])
        limit = max(min(gaps.values()), matters_m) * _SURE
        gaps = self._in_plane(layer, rows[least <= limit])
        limit = max(min(gaps.values()), matters_m) * _SURE
        return [(row, self._gap(layer, row, gap)) for row, gap in gaps.items() if gap <= limit]

    def _in_plane(self, layer: Layer, rows: NDArray[Any]) -> dict[int, float]:
        """Return the distances in the plane, far ones not as good as they should be."""
        wanted = rows.tolist()
        todo = [row for row in wanted if (layer.name, row) not in self._measured]
        if todo:
            found = shapely.distance(self._flat, in_plane(self._edition, layer, todo, self.plane))
            self._measured.update({(layer.name, row): gap for row, gap in zip(todo, found.tolist(), strict=True)})
        return {row: self._measured[layer.name, row] for row in wanted}

    def _gap(self, layer: Layer, row: int, known: float) -> float:
        key = (layer.name, row)
        if key not in self._exact:
            shape = in_plane(self._edition, layer, [row], self.plane)[0]
            self._exact[key] = gap_m(self._flat, shape, self.plane, known)
        return self._exact[key]

    def _least(self, boxes: NDArray[Any]) -> NDArray[Any]:
        """Return the least that the distances to features in boxes of lon/lat can be, in m."""
        west, south, east, north = self._lonlat.bounds
        up = np.maximum(0.0, np.maximum(boxes[:, 1] - north, south - boxes[:, 3]))
        side = np.maximum(0.0, np.maximum(boxes[:, 0] - east, west - boxes[:, 2]))
        highest = math.radians(min(90.0, max(abs(south), abs(north), np.abs(boxes[:, 1::2]).max())))
        least: NDArray[Any] = np.hypot(up, side * math.cos(highest)) * (_DEGREE_M / _SURE)
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
