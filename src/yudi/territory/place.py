"""Where a site lies in an edition: its units and zones, and what a clause's place test finds there.

Overlays are made in the stored lon/lat coordinates, so that shared edges stay shared; areas, lengths and
distances are measured in a transverse Mercator plane through the site, named in every result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U
from yudi.core.measure import Plane, area_m2, is_shallow, length_m, plane_at, strips
from yudi.territory.edition import Edition, Layer, Tolerance
from yudi.territory.facts import Value
from yudi.territory.nearby import Near, features_met, grown_box, is_inside, matches, meant_by
from yudi.territory.predicates import Condition, PlaceTest
from yudi.territory.reaches import Along, along_areas, along_reach_m

__all__ = [
    "Place",
    "Reading",
    "Touch",
    "grown_box",
    "matches",
    "outside",
    "place_key",
    "same_dimension",
    "uncovered",
    "with_stated",
]

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
        Area in m2, length in m or number of points; 0 of a polygon over a point or line, which has no size there.
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

    @property
    def is_whole(self) -> bool:
        """Whether the part in it is read as the whole site."""
        return self.share >= 1 or bool(self.part.is_empty)


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


class _Gap(NamedTuple):
    """A feature around: is it meant, how far is it (less half of a known width), in which plane."""

    match: Truth
    feature: int
    gap_m: float
    has_width: bool
    method: str


class _Joined(NamedTuple):
    """What features come to together: m2, m or points; whether that is more than a touch; what it cannot say."""

    amount: float  # of a touch too
    is_real: bool
    is_unsized: bool  # a feature is met that has no size there: a point or line under a polygon
    has_no_area: bool  # the site is a line or points


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
    return outside(site, shapely.union_all(list(covers)) if covers else None, tolerance)


def outside(site: BaseGeometry, cover: BaseGeometry | None, tolerance: Tolerance) -> tuple[float, BaseGeometry]:
    """Return what `uncovered` does, for shapes that are put together already; None stands for no shape."""
    rest = site if cover is None else site.difference(cover)
    if rest.is_empty:
        return 0.0, rest
    if shapely.get_dimensions(site) == 0:
        return shapely.get_num_geometries(rest) / shapely.get_num_geometries(site), rest
    plane = plane_at(site.centroid.x)
    if cover is not None and is_shallow(rest, site, plane, depth_m=tolerance.depth_m, share=tolerance.share):
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
    _read: dict[tuple[int, int], tuple[PlaceTest, BaseGeometry | None, Reading]] = field(
        default_factory=dict, repr=False
    )

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
        if layer.name not in self._met(part if part is not None else self.site):
            return ()
        key = ("touches", layer.name, self._key(part))
        if key not in self._memory:
            self._memory[key] = tuple(self._meet(layer, part if part is not None else self.site))
        return self._memory[key]  # type: ignore[no-any-return]

    @cached_property
    def units(self) -> tuple[Touch, ...]:
        """The units that the site meets, touches included; a covered site always lies in at least one."""
        found = self._together(self.touches(self.edition.units))
        if not found or any(not touch.is_touch for touch in found):
            return found
        shapes = [self.edition.units.geometry[touch.index] for touch in found]
        is_outside = uncovered(self.site, shapes, self.edition.tolerance)[0] > 0
        return tuple(replace(touch, is_touch=is_outside or touch.amount <= 0) for touch in found)

    def _together(self, found: tuple[Touch, ...]) -> tuple[Touch, ...]:
        """Return touches without those that are only small by their share, if together they are not small."""
        depth_m = self.edition.tolerance.depth_m
        small = [touch for touch in found if touch.is_touch and touch.amount > 0]
        small = [
            touch for touch in small if not is_shallow(touch.part, self.site, self.plane, depth_m=depth_m, share=0)
        ]
        if not small or self._is_shallow(_union([touch.part for touch in small]), self.site):
            return found
        together = {touch.index for touch in small}
        return tuple(replace(touch, is_touch=touch.is_touch and touch.index not in together) for touch in found)

    def _meet(self, layer: Layer, site: BaseGeometry) -> list[Touch]:
        found = []
        dimension, is_single = shapely.get_dimensions(site), not hasattr(site, "geoms")
        for index in self._met(site)[layer.name]:
            shape = layer.geometry[index]
            meeting = site if is_inside(self.edition, layer, index, site) else site.intersection(shape)
            part = site if meeting is site and is_single else same_dimension(meeting, dimension)
            has_border = shapely.get_dimensions(shape) == 2  # the tolerance is for borders: points and lines have none
            if part.is_empty:
                found.append(Touch(int(index), part if has_border else meeting, 0.0, 0.0, has_border))
                continue
            amount = self.amount if part is self.site else _amount(part, self.plane)
            # What lies wholly in the feature is no touch, however small it is.
            is_touch = has_border and meeting is not site and self._is_shallow(part, site)
            found.append(Touch(int(index), part, amount, min(1.0, amount / self.amount), is_touch))
        return found

    def _key(self, part: BaseGeometry | None) -> bytes | None:
        """Return what names a part of the site, and None for all of it."""
        if part is None or part is self.site:
            return None
        found = self._memory.get(("key", id(part)))
        if found is None:
            found = self._memory["key", id(part)] = part, part.wkb  # while it is kept here no other has its id
        return found[1]  # type: ignore[no-any-return]

    def _met(self, site: BaseGeometry) -> dict[str, list[int]]:
        """Return the features that the site, or a part of it, meets in all layers, by layer and in order."""
        key = ("met", self._key(site))
        if key not in self._memory:
            self._memory[key] = features_met(self.edition, site)
        return self._memory[key]  # type: ignore[no-any-return]

    def _is_inside(self, layer: Layer, site: BaseGeometry, reach_m: float) -> bool:
        """Return whether all within so far of the site, or a part of it, lies where the layer is complete."""
        if layer.extent is None:
            return True
        key = ("inside", layer.extent_wkb, reach_m, self._key(site))
        if key not in self._memory:
            self._memory[key] = bool(layer.extent.covers(grown_box(site, reach_m) if reach_m else site))
        return self._memory[key]  # type: ignore[no-any-return]

    def _is_shallow(self, overlap: BaseGeometry, site: BaseGeometry) -> bool:
        """Return whether an overlap with the site, or a part of it, is below the tolerance.

        It is held against the whole site; against the part where that is as small itself and counts all the same.
        """
        tolerance = self.edition.tolerance

        def small(inside: BaseGeometry, whole: BaseGeometry) -> bool:
            return is_shallow(inside, whole, self.plane, depth_m=tolerance.depth_m, share=tolerance.share)

        if not small(overlap, self.site):
            return False
        return site is self.site or not small(site, self.site) or small(overlap, site)

    def read(self, test: PlaceTest, stated: Value | None = None, part: BaseGeometry | None = None) -> Reading:
        """Return what the test finds for the site, or for a part of it.

        Parameters
        ----------
        stated : Value or None
            A sourced measurement, which replaces the map's.
        """
        if stated is None:
            return self._found(test, part)
        return with_stated(test, stated, lambda: self._found(test, part))

    def _found(self, test: PlaceTest, part: BaseGeometry | None) -> Reading:
        """Return what the test finds on the map; equal tests are made once, and the same test is told by its id."""
        known = self._read.get((id(test), id(part)))
        if known is None:
            key = (test, self._key(part))
            if key not in self._readings:
                self._readings[key] = self._measure(test, part if part is not None else self.site)
            known = self._read[id(test), id(part)] = test, part, self._readings[key]
        return known[2]

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
        touches = self.touches(layer, None if site is self.site else site)
        truth = meant_by(layer, test.where).truth if touches else ()
        met = [(truth[touch.index], touch) for touch in touches if truth[touch.index] != F]
        if not met:
            return self._none(layer, site)
        whole = self.amount if site is self.site else _amount(site, self.plane)
        sure = self._joined([touch for match, touch in met if match == T], site)
        maybe = self._joined([touch for _, touch in met], site)
        value = _enough(test, sure, whole)
        if value == F and _enough(test, maybe, whole) != F:
            value = U
        if value == F and maybe.is_real and site is not self.site and test.area_m2 is not None and test.share is None:
            # An area that a unit's border cuts in two is one area all the same.
            value = self.read(test).value
        if value == F and not self._is_inside(layer, site, 0.0):
            value = U
        real = [touch for _, touch in met if not touch.is_touch] or [touch for _, touch in met]
        return Reading(
            value,
            () if value != U else (place_key(test),) if maybe.is_real else (f"layer:{layer.name}",),
            amount=maybe.amount,
            share=min(1.0, maybe.amount / whole),
            feature="、".join(dict.fromkeys(_name(layer, touch.index) for touch in real)),
            touches=value == F and bool(met) and not maybe.is_real,
            method=self.method,
        )

    def _none(self, layer: Layer, site: BaseGeometry) -> Reading:
        """Return that nothing is met of what is meant, where the layer is complete."""
        value = F if self._is_inside(layer, site, 0.0) else U
        needs = (f"layer:{layer.name}",) if value == U else ()
        return Reading(value, needs, amount=0.0, share=0.0, method=self.method)

    def _joined(self, touches: Sequence[Touch], site: BaseGeometry) -> _Joined:
        """Return what features come to together; the tolerance is for all of them, not for each."""
        parts = [touch.part for touch in touches if touch.amount > 0]
        overlap = _union(parts) if parts else None
        is_unsized = any(touch.amount <= 0 and not touch.is_touch for touch in touches)
        is_real = any(not touch.is_touch for touch in touches)
        is_real = is_real or (overlap is not None and not self._is_shallow(overlap, site))
        amount = _amount(overlap, self.plane) if overlap is not None else 0.0
        return _Joined(amount, is_real, is_unsized, bool(shapely.get_dimensions(site) < 2))

    def _distance(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> Reading:
        assert test.distance_m is not None, "checked when the predicate was made"
        limit, accuracy = test.distance_m, layer.accuracy_m
        value, best = F, _Gap(F, -1, math.inf, True, self.method)
        for found in self._gaps(test, layer, site):
            gap = found.gap_m
            near = T if gap + accuracy <= limit else U if gap - accuracy <= limit or not found.has_width else F
            near = min(found.match, near)
            if (near, -gap) > (value, -best.gap_m):
                value, best = near, found
        gap, index = best.gap_m, best.feature
        needs: tuple[str, ...] = (place_key(test),) if value == U else ()
        if value == F and not self._is_inside(layer, site, limit + accuracy):
            value, needs = U, (f"layer:{layer.name}",)
        distance = None if math.isinf(gap) else gap
        name = _name(layer, index) if index >= 0 else ""
        return Reading(value, needs, distance, accuracy, feature=name, method=best.method)

    def _gaps(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> list[_Gap]:
        """Return how far the features around are, without those that are too far to matter.

        The search widens until one is found, and on for those of unknown width, which may be as near as any.
        """
        assert test.distance_m is not None
        meant = meant_by(layer, test.where)
        found: dict[int, _Gap] = {}
        order: dict[int, int] = {}
        near: list[_Gap] = []
        need = test.distance_m + layer.accuracy_m
        is_line = layer.shape == "centreline"
        matters = math.inf if is_line else need  # what an unknown width takes off is not known
        for reach in (need, *(step for step in _SEARCH_M if step > need)):
            is_met = bool(near)
            for piece in self._pieces(site):
                hits = piece.around(layer, reach + layer.half_width_max_m)
                hits = hits[meant.may[hits]]
                order |= {row: len(order) + place for place, row in enumerate(hits.tolist()) if row not in order}
                if is_met:
                    hits = np.array([row for row in hits.tolist() if layer.width_m(row) is None], int)
                for index, gap in piece.gaps(layer, hits, matters):
                    width = layer.width_m(index)
                    gap = max(0.0, gap - (width or 0.0) / 2)
                    if index not in found or gap < found[index].gap_m:
                        found[index] = _Gap(meant.truth[index], index, gap, width is not None, piece.plane.name)
            near = [item for item in found.values() if item.gap_m <= reach]
            if near and (not is_line or not all(item.has_width for item in near)):
                break
            if any(item.match == T and item.gap_m + layer.accuracy_m <= test.distance_m for item in near):
                break
        return [found[row] for row in sorted(found, key=order.__getitem__)]  # of equals the one that was met first

    def _pieces(self, site: BaseGeometry) -> list[Near]:
        """Return the site, or a part of it, in the planes in which distances from it are measured."""
        key = ("pieces", self._key(site))
        if key not in self._memory:
            self._memory[key] = [Near(plane, piece, self.edition) for plane, piece in strips(site)]
        return self._memory[key]  # type: ignore[no-any-return]

    def _along(self, test: PlaceTest, layer: Layer, site: BaseGeometry) -> Reading:
        rivers = self.edition.layers.get(test.rivers or "")
        catchments = self.edition.layers.get(test.catchments or "")
        reach_m = along_reach_m(self.edition, test)
        window = grown_box(site, reach_m + layer.accuracy_m)
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
            value = F if self._is_inside(layer, site, reach_m) else U
            return Reading(value, () if value == F else (f"layer:{layer.name}",), why="none near", method=self.method)
        if missing or rivers is None or catchments is None:
            return Reading(U, tuple(missing), feature=_name(layer, near[0][1]), why="no flow direction or catchment")
        value, index = F, near[0][1]
        for match, feature in near:
            along = along_areas(layer.geometry[feature], test, rivers, catchments=catchments, plane=self.plane)
            found = min(match, _in_area(along, self.plane.to_plane(site), max(layer.accuracy_m, rivers.accuracy_m)))
            if found > value:
                value, index = found, feature
        needs: tuple[str, ...] = (place_key(test),) if value == U else ()
        short = [item for item in (layer, rivers, catchments) if not self._is_inside(item, site, reach_m)]
        if value == F and short:
            value, needs = U, tuple(dict.fromkeys(f"layer:{item.name}" for item in short))
        return Reading(value, needs, accuracy_m=layer.accuracy_m, feature=_name(layer, index), method=self.method)


def _condition_text(condition: Condition) -> str:
    if condition.values:
        return f"{condition.field}={'|'.join(condition.values)}"
    low = "" if condition.low is None else f"{condition.low:g}≤"
    high = "" if condition.high is None else f"≤{condition.high:g}"
    return f"{low}{condition.field}{high}"


def with_stated(test: PlaceTest, stated: Value, found: Callable[[], Reading]) -> Reading:
    """Return what a test finds where a measurement is stated.

    Parameters
    ----------
    found : callable
        Gives what the map says, which is asked only where that matters.
    """
    if test.kind == "within":
        return _stated_distance(test, stated)
    has_least = test.area_m2 is not None or test.share is not None
    if not (stated.value and has_least):
        value = T if stated.value else F
        return Reading(value, origin="stated", source=stated.source, why="stated")
    reading = found()
    if reading.value == U and place_key(test) in reading.needs:
        # Lying there does not say how much of it does; it settles whether what the map shows is meant.
        return replace(reading, value=T, needs=(), origin="stated", source=stated.source)
    return reading


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


def _union(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    return parts[0] if len(parts) == 1 else shapely.union_all(list(parts))


def _enough(test: PlaceTest, found: _Joined, whole: float) -> Truth:
    """Return whether what lies there is as much as the test asks."""
    if not found.is_real:
        return F
    if test.kind == "inside" or (test.area_m2 is None and test.share is None):
        return T
    if test.share is not None and found.amount / whole >= test.share:
        return T
    if test.area_m2 is not None and not found.has_no_area and found.amount >= test.area_m2:
        return T
    # How much land a line or a point takes is not drawn.
    return U if found.is_unsized or (test.area_m2 is not None and found.has_no_area) else F


def same_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return what of a geometry is of a dimension, put together."""
    parts = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == dimension]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]


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
