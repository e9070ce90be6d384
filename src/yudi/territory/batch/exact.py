"""What a place test finds for the few sites that areas cannot decide: as `Place` reads it, many sites at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U
from yudi.core.measure import GAP_M, STRIP_DEGREES, Plane, plane_at
from yudi.territory.batch.places import Found
from yudi.territory.edition import Edition, Layer
from yudi.territory.nearby import grown_bounds, grown_box, in_plane, meant_by
from yudi.territory.place import Place, place_key
from yudi.territory.predicates import PlaceTest
from yudi.territory.reaches import Along, along_areas, along_reach_m

__all__ = ["Exact", "is_inside_extent", "is_open"]

_HAIR = 1e-3  # by which a gap and the same in a plane of its own may differ, far more than they do
_TALL_DEGREES = 0.25  # whoever is taller reaches to where degrees are shorter
_COVERS_MAX = 1_000  # unions of units that are kept
_HAIRS = np.array([-1e-9, -1e-9, 1e-9, 1e-9])


@dataclass(frozen=True)
class Exact:
    """Exact readings in one edition; what was made for them is kept for the sites that come after.

    Parameters
    ----------
    edition : Edition
    memory : dict
        Of tests along rivers, what lies along them, and the boxes around.
    covers : dict
        Unions of units, by their rows.
    """

    edition: Edition
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    covers: dict[tuple[int, ...], BaseGeometry] = field(default_factory=dict, repr=False)

    def read(self, test: PlaceTest, sites: Any, wholes: Any = None) -> list[Found]:
        """Return what a test of distance, or along rivers, finds for sites or parts of sites.

        Parameters
        ----------
        sites : object array
        wholes : object array or None
            The whole site of each part.
        """
        layer = self.edition.layers[test.layer]
        wholes = sites if wholes is None else wholes
        is_near = test.kind == "within"
        found = self._within(test, layer, sites) if is_near else self._along(test, layer, sites, wholes)
        for row in [row for row, item in enumerate(found) if item is None]:
            part = sites[row] if sites is not wholes else None
            reading = Place(self.edition, wholes[row]).read(test, None, part)
            found[row] = (reading.value, reading.needs)
        return found  # type: ignore[return-value]

    def cover(self, units: Any) -> BaseGeometry:
        """Return what units, given by their rows, cover together."""
        key = tuple(units.tolist())
        found = self.covers.get(key)
        if found is None:
            if len(self.covers) >= _COVERS_MAX:
                self.covers.clear()
            found = self.covers[key] = shapely.union_all(list(self.edition.units.geometry[units]))
        return found

    def is_near(self, test: PlaceTest, sites: Any, bounds: Any) -> Any:
        """Return which sites may be so near to a feature of a test along rivers that its river must be followed."""
        layer = self.edition.layers[test.layer]
        match = meant_by(layer, test.where).code
        reach_m = along_reach_m(self.edition, test) + layer.accuracy_m
        key = ("along boxes", test)
        if key not in self.memory:
            boxes = layer.boxes[match != F]
            taller = np.array([0.0, -1.0, 0.0, 1.0]) * (_TALL_DEGREES + reach_m / 110_000.0)
            side = grown_bounds(boxes + taller, reach_m)[:, ::2]  # as for a site that is so much nearer to a pole
            up = grown_bounds(boxes, reach_m)[:, 1::2]
            hair = _HAIRS * 10
            boxes = np.stack([side[:, 0], up[:, 0], side[:, 1], up[:, 1]], axis=1) + hair
            self.memory[key] = shapely.STRtree(shapely.box(*boxes.T))
        maybe = np.zeros(len(sites), bool)
        maybe[self.memory[key].query(sites)[0]] = True  # of sites their boxes count
        maybe |= bounds[:, 3] - bounds[:, 1] > _TALL_DEGREES
        rows = np.flatnonzero(maybe)
        near = np.zeros(len(sites), bool)
        site, feature = layer.tree.query(shapely.box(*(grown_bounds(bounds[rows], reach_m) + _HAIRS).T))
        near[rows[site[match[feature] != F]]] = True
        return near

    def _planes(self, sites: Any) -> Iterable[tuple[Plane, Any]]:
        """Yield the planes of sites, and which sites each is for."""
        centres = shapely.get_x(shapely.centroid(sites))
        planes = [plane_at(x) for x in centres.tolist()]
        of: dict[Plane, list[int]] = {}
        for row, plane in enumerate(planes):
            of.setdefault(plane, []).append(row)
        for plane, rows in of.items():
            yield plane, np.array(rows)

    def _within(self, test: PlaceTest, layer: Layer, sites: Any) -> list[Found | None]:
        assert test.distance_m is not None, "checked when the predicate was made"
        limit, accuracy = test.distance_m, layer.accuracy_m
        match = meant_by(layer, test.where).code
        widths = layer.widths_m
        bounds = shapely.bounds(sites)
        # Where a width is not known, it matters how far the search went.
        is_single = (bounds[:, 2] - bounds[:, 0] > STRIP_DEGREES) | is_open(self.edition, test)
        value = np.zeros(len(sites), np.uint8)
        for plane, rows in self._planes(sites):
            boxes = np.array([grown_box(site, limit + accuracy + layer.half_width_max_m) for site in sites[rows]])
            site, feature = layer.tree.query(boxes)
            is_meant = match[feature] != F
            site, feature = site[is_meant], feature[is_meant]
            kept, at = np.unique(feature, return_inverse=True)
            flat = in_plane(self.edition, layer, kept.tolist(), plane)
            gap = shapely.distance(plane.to_plane(sites[rows])[site], flat[at])
            less = np.maximum(0.0, gap - widths[feature] / 2)
            near = np.where(less + accuracy <= limit, T, np.where(less - accuracy <= limit, U, F)).astype(np.uint8)
            site = rows[site]
            np.maximum.at(value, site, np.minimum(near, match[feature]))
            ends = np.minimum(np.abs(less + accuracy - limit), np.abs(less - accuracy - limit))
            is_single[site[(gap > GAP_M * (1 - _HAIR)) & (ends <= _HAIR * gap)]] = True
        inside, is_hairline = is_inside_extent(layer, sites, bounds, limit + accuracy)
        is_single |= is_hairline & (value == F)
        own, beyond = (U, (place_key(test),)), (U, (f"layer:{layer.name}",))
        kinds: list[Found] = [(F, ()), own, (T, ()), beyond]
        code = np.where((value == F) & ~inside, 3, value)
        return [None if single else kinds[item] for single, item in zip(is_single.tolist(), code.tolist(), strict=True)]

    def _along(self, test: PlaceTest, layer: Layer, sites: Any, wholes: Any) -> list[Found | None]:
        rivers = self.edition.layers.get(test.rivers or "")
        catchments = self.edition.layers.get(test.catchments or "")
        if rivers is None or catchments is None or not rivers.has_flow:
            return [None] * len(sites)
        reach_m = along_reach_m(self.edition, test)
        match = meant_by(layer, test.where).code
        site, feature = layer.tree.query(np.array([grown_box(item, reach_m + layer.accuracy_m) for item in sites]))
        is_meant = match[feature] != F
        site, feature = site[is_meant], feature[is_meant]
        value = np.zeros(len(sites), np.uint8)
        accuracy = max(layer.accuracy_m, rivers.accuracy_m)
        for plane, rows in self._planes(wholes):
            flat = np.full(len(sites), None, object)
            flat[rows] = plane.to_plane(sites[rows])
            is_here = np.isin(site, rows)
            for index in np.unique(feature[is_here]).tolist():
                key = ("along", test, index, plane)
                if key not in self.memory:
                    along = along_areas(layer.geometry[index], test, rivers, catchments=catchments, plane=plane)
                    self.memory[key] = (along, None if along is None else along.area.buffer(-accuracy))
                there = site[is_here & (feature == index)]
                along, core = self.memory[key]
                found = _in_area(along, core, flat[there], accuracy)
                np.maximum.at(value, there, np.minimum(found, match[index]))
        bounds = shapely.bounds(sites)
        kept: list[Found | None] = [(Truth(item), (place_key(test),) if item == U else ()) for item in value.tolist()]
        is_near = np.isin(np.arange(len(sites)), site)
        short: list[list[str]] = [[] for _ in sites]
        for item in (layer, rivers, catchments):
            inside, is_hairline = is_inside_extent(item, sites, bounds, reach_m)
            for row in np.flatnonzero((value == F) & (~inside | is_hairline) & (is_near | (item is layer))).tolist():
                short[row].append("" if is_hairline[row] else f"layer:{item.name}")
        for row, names in enumerate(short):
            if names:
                kept[row] = None if "" in names else (U, tuple(dict.fromkeys(names)))
        return kept


def _in_area(along: Along | None, core: BaseGeometry | None, flat: Any, accuracy: float) -> Any:
    """Return for sites in the plane what `Place` finds of one area whose border is good to the accuracy."""
    if along is None:
        return np.full(len(flat), U, np.uint8)
    is_near = np.zeros(len(flat), bool) if along.area.is_empty else shapely.distance(along.area, flat) <= accuracy
    return np.where(shapely.intersects(core, flat), T, np.where(is_near | (not along.is_whole), U, F)).astype(np.uint8)


def is_open(edition: Edition, test: PlaceTest) -> bool:
    """Return whether a feature that a test may mean is of unknown width, so that none is far from it for certain."""
    layer = edition.layers.get(test.layer)
    if test.kind != "within" or layer is None:
        return False
    return bool((np.isnan(layer.widths_m) & (meant_by(layer, test.where).code != F)).any())


def is_inside_extent(layer: Layer, sites: Any, bounds: Any, reach_m: float) -> tuple[Any, Any]:
    """Return whether all that lies within a reach of sites is in the extent of a layer, and where that is a hair's breadth.

    Parameters
    ----------
    sites : object array of geometries, or a function that gives it
        Asked for only where the extent is no box.
    bounds : float array (sites, 4)
    """
    if layer.extent is None:
        return np.ones(len(bounds), bool), np.zeros(len(bounds), bool)
    is_box = layer.extent.equals(shapely.box(*layer.extent.bounds))
    if not reach_m:
        if is_box:
            return _holds(layer.extent.bounds, bounds, 0.0), np.zeros(len(bounds), bool)
        shapely.prepare(layer.extent)
        return shapely.covers(layer.extent, sites() if callable(sites) else sites), np.zeros(len(bounds), bool)
    grown = grown_bounds(bounds, reach_m)
    if is_box:
        surely, maybe = (_holds(layer.extent.bounds, grown, hair) for hair in (-1e-9, 1e-9))
    else:
        shapely.prepare(layer.extent)
        surely, maybe = (shapely.covers(layer.extent, shapely.box(*(grown + hair).T)) for hair in (_HAIRS, -_HAIRS))
    return surely, maybe & ~surely


def _holds(extent: tuple[float, ...], bounds: Any, hair: float) -> Any:
    west, south, east, north = extent
    return (
        (bounds[:, 0] >= west - hair)
        & (bounds[:, 1] >= south - hair)
        & (bounds[:, 2] <= east + hair)
        & (bounds[:, 3] <= north + hair)
    )
