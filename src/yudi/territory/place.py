"""Where a site lies in an edition: its units and zones, and what a clause's place test finds there.

Overlays are made in the stored lon/lat coordinates, so that shared edges stay shared; areas, lengths and
distances are measured in a transverse Mercator plane through the site, named in every result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U, all_of
from yudi.core.measure import Plane, area_m2, is_shallow, length_m, plane_at
from yudi.territory.edition import Edition, Layer, Tolerance
from yudi.territory.facts import Value
from yudi.territory.predicates import Condition, PlaceTest
from yudi.territory.reaches import TO_RIVER_M, Along, along_areas

__all__ = ["Place", "Reading", "Touch", "place_key", "uncovered"]

_SEARCH_M = (2_000.0, 16_000.0, 64_000.0)


@dataclass(frozen=True)
class Touch:
    """One unit or zone that the site meets.

    Parameters
    ----------
    index : int
        Feature in its layer.
    part : shapely geometry
        What of the site lies in it, lon/lat.
    amount : float
        Area in m2, length in m or number of points.
    share : float
        Of the site.
    is_touch : bool
        The overlap is below the tolerance: listed, without effect.
    """

    index: int
    part: BaseGeometry
    amount: float
    share: float
    is_touch: bool


@dataclass(frozen=True)
class Reading:
    """What a place test found: its truth, and the numbers behind it.

    ``needs`` names what would settle it where it is unknown; ``touches`` flags an overlap below the tolerance.
    """

    value: Truth
    needs: tuple[str, ...] = ()
    distance_m: float | None = None
    accuracy_m: float | None = None
    amount: float | None = None
    share: float | None = None
    feature: str = ""
    touches: bool = False
    origin: str = "map"
    source: str = ""
    method: str = ""
    why: str = ""


def place_key(test: PlaceTest) -> str:
    """Return the name under which a measurement can be stated, such as ``distance:shorelines[river=yangtze]``."""
    asked = ",".join(_condition_text(condition) for condition in test.where)
    head = "distance" if test.kind == "within" else "inside"
    suffix = ""
    if test.kind == "along":
        suffix = f"@{test.upstream_m:g}/{test.downstream_m:g}/{test.side_m:g}"
    return f"{head}:{test.layer}{f'[{asked}]' if asked else ''}{suffix}"


def uncovered(site: BaseGeometry, covers: Sequence[BaseGeometry], tolerance: Tolerance) -> tuple[float, BaseGeometry]:
    """Return the share of the site that lies in none of the shapes, and that part; below the tolerance it is 0."""
    rest = site.difference(shapely.union_all(list(covers))) if covers else site
    if rest.is_empty:
        return 0.0, rest
    if shapely.get_dimensions(site) == 0:
        return shapely.get_num_geometries(rest) / shapely.get_num_geometries(site), rest
    plane = plane_at(site.centroid.x)
    if covers and is_shallow(rest, site, plane, depth_m=tolerance.depth_m, share=tolerance.share):
        return 0.0, rest
    whole = _amount(site, plane)
    return min(1.0, _amount(rest, plane) / whole), rest


@dataclass(frozen=True)
class Place:
    """A site held against an edition; everything is measured once and remembered."""

    edition: Edition
    site: BaseGeometry
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    _readings: dict[tuple[PlaceTest, bytes | None], Reading] = field(default_factory=dict, repr=False)

    @cached_property
    def plane(self) -> Plane:
        """The plane in which areas and distances are measured."""
        return plane_at(float(self.site.centroid.x))

    @cached_property
    def amount(self) -> float:
        """Size of the site: m2, m or number of points."""
        return _amount(self.site, self.plane)

    @property
    def method(self) -> str:
        """Name of the plane."""
        return self.plane.name

    def touches(self, layer: Layer, part: BaseGeometry | None = None) -> tuple[Touch, ...]:
        """Return the features of the layer that the site (or a part of it) meets, in the layer's order."""
        key = ("touches", layer.name, part.wkb if part is not None else None)
        if key not in self._memory:
            self._memory[key] = tuple(self._meet(layer, part if part is not None else self.site))
        return self._memory[key]  # type: ignore[no-any-return]

    @cached_property
    def units(self) -> tuple[Touch, ...]:
        """The units that the site meets, touches included; a covered site always lies in at least one."""
        found = self.touches(self.edition.units)
        if not found or any(not touch.is_touch for touch in found):
            return found
        shapes = [self.edition.units.geometry[touch.index] for touch in found]
        is_outside = uncovered(self.site, shapes, self.edition.tolerance)[0] > 0
        return tuple(replace(touch, is_touch=is_outside or touch.amount <= 0) for touch in found)

    def _meet(self, layer: Layer, site: BaseGeometry) -> list[Touch]:
        found = []
        dimension = shapely.get_dimensions(site)
        for index in np.sort(layer.tree.query(site, predicate="intersects")):
            shape = layer.geometry[index]
            part = site if shapely.covers(shape, site) else _same_dimension(site.intersection(shape), dimension)
            if part.is_empty:
                found.append(Touch(int(index), part, 0.0, 0.0, True))
                continue
            amount = _amount(part, self.plane)
            tolerance = self.edition.tolerance
            shallow = is_shallow(part, self.site, self.plane, depth_m=tolerance.depth_m, share=tolerance.share)
            # What lies wholly in the feature is no touch, however small it is.
            is_touch = shallow and dimension > 0 and not part.equals(self.site)
            found.append(Touch(int(index), part, amount, min(1.0, amount / self.amount), is_touch))
        return found

    def read(self, test: PlaceTest, stated: Value | None = None, part: BaseGeometry | None = None) -> Reading:
        """Return what the test finds for the site, or for a part of it.

        Parameters
        ----------
        stated : Value or None
            A sourced measurement, which replaces the map's.
        """
        if stated is not None and test.kind == "within":
            return _stated_distance(test, stated)
        has_least = test.area_m2 is not None or test.share is not None
        if stated is not None and not (stated.value and has_least):
            value = T if stated.value else F
            return Reading(value, origin="stated", source=stated.source, why="stated")
        key = (test, part.wkb if part is not None else None)
        if key not in self._readings:
            self._readings[key] = self._measure(test, part if part is not None else self.site)
        found = self._readings[key]
        if stated is not None and found.value == U and place_key(test) in found.needs:
            # Lying there does not say how much of it does; it settles whether what the map shows is meant.
            return replace(found, value=T, needs=(), origin="stated", source=stated.source)
        return found

    def measured(self) -> list[tuple[PlaceTest, Reading]]:
        """Return the place tests that were made, with what each found."""
        return [(test, reading) for (test, _), reading in self._readings.items()]

    def _measure(self, test: PlaceTest, site: BaseGeometry) -> Reading:
        layer = self.edition.layers.get(test.layer)
        if layer is None:
            return Reading(U, (f"layer:{test.layer}",), why="no layer")
        if test.kind == "within":
            return self._distance(test, layer, site)
        if test.kind == "along":
            return self._along(test, layer, site)
        return self._overlap(test, layer, site)

    def _overlap(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> Reading:
        met = [(matches(layer, touch.index, test.where), touch) for touch in self.touches(layer, site)]
        met = [(match, touch) for match, touch in met if match != F]
        real = [(match, touch) for match, touch in met if not touch.is_touch]
        sure = _joined([touch.part for match, touch in real if match == T], self.plane)
        maybe = _joined([touch.part for _, touch in real], self.plane)
        value = self._enough(test, sure)
        if value == F and self._enough(test, maybe) != F:
            value = U
        if value == F and not _is_inside_extent(layer, site, 0.0):
            value = U
        names = [_name(layer, touch.index) for _, touch in real] or [_name(layer, touch.index) for _, touch in met]
        return Reading(
            value,
            () if value != U else (place_key(test),) if maybe else (f"layer:{layer.name}",),
            amount=maybe or sure,
            share=min(1.0, (maybe or sure) / self.amount),
            feature="、".join(dict.fromkeys(names)),
            touches=value == F and bool(met) and not real,
            method=self.method,
        )

    def _enough(self, test: PlaceTest, amount: float) -> Truth:
        if amount <= 0:
            return F
        if test.kind == "inside" or (test.area_m2 is None and test.share is None):
            return T
        by_share = test.share is not None and amount / self.amount >= test.share
        if test.area_m2 is None or by_share:
            return T if by_share else F
        if shapely.get_dimensions(self.site) < 2:
            return U  # how much land a line or a point takes is not drawn
        return T if amount >= test.area_m2 else F

    def _distance(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> Reading:
        assert test.distance_m is not None, "checked when the predicate was made"
        limit, accuracy = test.distance_m, layer.accuracy_m
        best: tuple[Truth, float, int] = (F, math.inf, -1)
        for match, index, gap, has_width in self._gaps(test, layer, site):
            near = T if gap + accuracy <= limit else U if gap - accuracy <= limit or not has_width else F
            value = min(match, near)
            if (value, -gap) > (best[0], -best[1]):
                best = (value, gap, index)
        value, gap, index = best
        needs: tuple[str, ...] = (place_key(test),) if value == U else ()
        if value == F and not _is_inside_extent(layer, site, limit + accuracy):
            value, needs = U, (f"layer:{layer.name}",)
        distance = None if math.isinf(gap) else gap
        name = _name(layer, index) if index >= 0 else ""
        return Reading(value, needs, distance, accuracy, feature=name, method=self.method)

    def _gaps(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> list[tuple[Truth, int, float, bool]]:
        """Return (match, feature, distance less half a known width, width is known) of the features around."""
        assert test.distance_m is not None
        flat = self.plane.to_plane(site)
        found: list[tuple[Truth, int, float, bool]] = []
        need = test.distance_m + layer.accuracy_m
        for reach in (need, *(step for step in _SEARCH_M if step > need)):
            found = []
            for index in layer.tree.query(_grown_box(site, reach + layer.half_width_max_m)):
                match = matches(layer, int(index), test.where)
                if match != F:
                    gap = float(shapely.distance(flat, self._flat(layer, int(index))))
                    width = layer.width_m(int(index))
                    found.append((match, int(index), max(0.0, gap - (width or 0.0) / 2), width is not None))
            if any(gap <= reach for _, _, gap, _ in found):
                break
        return found

    def _flat(self, layer: Layer, index: int) -> BaseGeometry:
        key = ("flat", layer.name, index)
        if key not in self._memory:
            self._memory[key] = self.plane.to_plane(layer.geometry[index])
        return self._memory[key]

    def _along(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> Reading:
        rivers = self.edition.layers.get(test.rivers or "")
        catchments = self.edition.layers.get(test.catchments or "")
        beside = TO_RIVER_M + (rivers.half_width_max_m if rivers is not None else 0.0)
        reach_m = max(test.upstream_m or 0.0, test.downstream_m or 0.0) + (test.side_m or 0.0) + beside
        window = _grown_box(site, reach_m + layer.accuracy_m)
        near = [(matches(layer, int(index), test.where), int(index)) for index in np.sort(layer.tree.query(window))]
        near = [(match, index) for match, index in near if match != F]
        missing = [
            f"layer:{name or kind}"
            for kind, name, found in (
                ("rivers", test.rivers, rivers is not None and rivers.has_flow),
                ("catchments", test.catchments, catchments is not None),
            )
            if not found
        ]
        if not near:
            value = F if _is_inside_extent(layer, site, reach_m) else U
            return Reading(value, () if value == F else (f"layer:{layer.name}",), why="none near", method=self.method)
        if missing or rivers is None or catchments is None:
            return Reading(U, tuple(missing), feature=_name(layer, near[0][1]), why="no flow direction or catchment")
        value, index = F, near[0][1]
        for match, feature in near:
            along = along_areas(layer.geometry[feature], test, rivers, catchments=catchments, plane=self.plane)
            found = min(match, _in_area(along, self.plane.to_plane(site), max(layer.accuracy_m, rivers.accuracy_m)))
            if found > value:
                value, index = found, feature
        needs = (place_key(test),) if value == U else ()
        return Reading(value, needs, accuracy_m=layer.accuracy_m, feature=_name(layer, index), method=self.method)


def matches(layer: Layer, index: int, where: tuple[Condition, ...]) -> Truth:
    """Return whether a feature is meant; an attribute that is empty or absent is unknown."""
    return all_of(_matches(layer, index, condition) for condition in where)


def _matches(layer: Layer, index: int, condition: Condition) -> Truth:
    column = layer.column(condition.field)
    value = column[index] if column is not None else None
    if value is None or value == "":
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


def _condition_text(condition: Condition) -> str:
    if condition.values:
        return f"{condition.field}={'|'.join(condition.values)}"
    low = "" if condition.low is None else f"{condition.low:g}≤"
    high = "" if condition.high is None else f"≤{condition.high:g}"
    return f"{low}{condition.field}{high}"


def _stated_distance(test: PlaceTest, stated: Value) -> Reading:
    assert test.distance_m is not None
    gap, accuracy = float(stated.value), stated.accuracy
    value = T if gap + accuracy <= test.distance_m else F if gap - accuracy > test.distance_m else U
    needs = (place_key(test),) if value == U else ()
    return Reading(value, needs, gap, accuracy, origin="stated", source=stated.source)


def _amount(geometry: BaseGeometry, plane: Plane) -> float:
    dimension = shapely.get_dimensions(geometry)
    if dimension == 2:
        return float(area_m2(geometry, plane))
    return float(length_m(geometry, plane)) if dimension == 1 else float(shapely.get_num_geometries(geometry))


def _joined(parts: Sequence[BaseGeometry], plane: Plane) -> float:
    if not parts:
        return 0.0
    return _amount(parts[0] if len(parts) == 1 else shapely.union_all(list(parts)), plane)


def _same_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == dimension]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]


def _grown_box(site: BaseGeometry, reach_m: float) -> BaseGeometry:
    west, south, east, north = site.bounds
    up = reach_m / 110_000.0
    side = up / max(0.05, math.cos(math.radians(max(abs(south), abs(north)))))
    return shapely.box(west - side, south - up, east + side, north + up)


def _is_inside_extent(layer: Layer, site: BaseGeometry, reach_m: float) -> bool:
    if layer.extent is None:
        return True
    return bool(layer.extent.covers(_grown_box(site, reach_m) if reach_m else site))


def _in_area(along: Along | None, site: BaseGeometry, accuracy: float) -> Truth:
    """Return whether the site lies in an area whose border is good to the accuracy; all in the plane."""
    if along is None:
        return U
    if shapely.intersects(along.area.buffer(-accuracy), site):
        return T
    is_near = not along.area.is_empty and shapely.distance(along.area, site) <= accuracy
    return U if is_near or not along.is_whole else F


def _name(layer: Layer, index: int) -> str:
    for field_name in ("name", "code"):
        column = layer.column(field_name)
        if column is not None and column[index]:
            return str(column[index])
    return f"{layer.name} {index + 1}"
