"""A site in its plane with the features around it: flattened once, cut to what any shift of it can reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, Truth
from yudi.core.measure import plane_at
from yudi.territory.edition import Edition, Layer, Tolerance
from yudi.territory.place import matches
from yudi.territory.predicates import PlaceTest
from yudi.territory.reaches import TO_RIVER_M, along_areas

__all__ = ["LYING_IN", "PROBES", "ROOM", "Ground", "Sheet", "buffered", "cut_to", "reach_along", "shifted"]

LYING_IN = -1.0  # in place of a distance: for tests of lying in, to which a river is as wide as it is drawn
PROBES = 12  # points of a site at which it is tried whether a feature holds it
ROOM = 0.02  # relative to the tolerance; an overlap so near to it is open
_PLAIN_M = 5.0  # by how much the inside of a strip is made plainer
_CLEAR_M = 300.0  # of features beyond the window that edges made by cutting must stay away from sites


def shifted(site: BaseGeometry, east_m: float, north_m: float) -> BaseGeometry:
    """Return a geometry of the plane moved by an offset."""
    offset = np.array([east_m, north_m])
    return shapely.transform(site, lambda places: places + offset)


@dataclass(frozen=True)
class Sheet:
    """Features of a layer around, flattened and cut to a window, for tests that reach as far as `pad_m`."""

    layer: Layer
    pad_m: float
    index: np.ndarray[Any, Any]
    shapes: np.ndarray[Any, Any]
    half_widths: np.ndarray[Any, Any]
    has_width: np.ndarray[Any, Any]
    tolerance: Tolerance
    _matched: dict[Any, np.ndarray[Any, Any]] = field(default_factory=dict, repr=False)

    def matched(self, test: PlaceTest) -> np.ndarray[Any, Any]:
        """Return, as 0, 1 or 2, whether each feature is meant by the test."""
        if test.where not in self._matched:
            found = [int(matches(self.layer, int(index), test.where)) for index in self.index]
            self._matched[test.where] = np.array(found, dtype=np.int8)
        return self._matched[test.where]

    @cached_property
    def edges(self) -> np.ndarray[Any, Any]:
        """The borders of the features."""
        return np.asarray(shapely.boundary(self.shapes), dtype=object)

    @cached_property
    def dimensions(self) -> np.ndarray[Any, Any]:
        """0 of points, 1 of lines, 2 of surfaces."""
        return np.asarray(shapely.get_dimensions(self.shapes))


class Ground:
    """A site in its plane with the features around it, flattened once for all offsets up to a reach.

    Parameters
    ----------
    site : shapely geometry
        In lon/lat; offsets are from where it lies.
    in_force : sequence of bool
        Which editions count on the day; the others cover nothing.
    reach_m : float
        The longest offset that is asked.
    """

    def __init__(
        self, site: BaseGeometry, editions: Sequence[Edition], *, in_force: Sequence[bool], reach_m: float
    ) -> None:
        self.editions, self.in_force, self.reach_m = tuple(editions), tuple(in_force), reach_m
        self.plane = plane = plane_at(float(site.centroid.x))
        self.site = plane.to_plane(site)
        self.dimension = int(shapely.get_dimensions(site))
        self.parts = shapely.get_parts(self.site)
        west, south, east, north = self.site.bounds
        self.extent_m = math.hypot(east - west, north - south)
        self._sheets: dict[tuple[int, str, float], Sheet] = {}
        self._along: dict[tuple[int, PlaceTest], list[tuple[Truth, BaseGeometry, BaseGeometry | None, bool]]] = {}
        self._flats: dict[tuple[int, str], BaseGeometry] = {}
        self._probes: dict[Tolerance, tuple[np.ndarray[Any, Any], float]] = {}
        self._cores: dict[tuple[int, Tolerance], tuple[BaseGeometry, BaseGeometry]] = {}
        self._thin: dict[float, np.ndarray[Any, Any]] = {}

    def window(self, pad_m: float) -> BaseGeometry:
        """Return the box, in lon/lat, of all that lies within so far of any shifted site."""
        box = shapely.box(*self.site.bounds).buffer(self.reach_m + pad_m + _CLEAR_M, join_style="mitre")
        return shapely.box(*self.plane.to_lonlat(shapely.segmentize(box, 5_000.0)).bounds)

    def sheet(self, edition: int, name: str, pad_m: float) -> Sheet:
        """Return the features of a layer within so far of any shifted site."""
        key = (edition, name, pad_m)
        if key not in self._sheets:
            layer = self.editions[edition].layers[name]
            window = self.window(max(0.0, pad_m) + layer.half_width_max_m)
            index = np.sort(layer.tree.query(window))
            shapes = _cut(layer.geometry[index], window)
            is_there = ~shapely.is_empty(shapes)
            index = index[is_there]
            widths = [layer.width_m(int(row)) for row in index]
            flat = np.empty(len(index), dtype=object)
            flat[:] = self.plane.to_plane(shapes[is_there])
            shapely.prepare(flat)
            self._sheets[key] = Sheet(
                layer,
                pad_m,
                index,
                flat,
                np.array([(width or 0.0) / 2 if pad_m >= 0 else 0.0 for width in widths]),
                np.array([width is not None for width in widths], dtype=bool),
                self.editions[edition].tolerance,
            )
        return self._sheets[key]

    @cached_property
    def outside(self) -> BaseGeometry:
        """What around lies in no unit of any edition, in the plane."""
        window = self.window(0.0)
        covers = []
        for edition in (edition for edition, counts in zip(self.editions, self.in_force, strict=True) if counts):
            near = edition.units.geometry[edition.units.tree.query(window)]
            covers += [shape for shape in _cut(near, window) if not shape.is_empty]
        rest = window.difference(shapely.union_all(covers)) if covers else window
        return self.plane.to_plane(rest)

    def extent(self, edition: int, name: str) -> BaseGeometry:
        """Return where around a layer is complete, in the plane."""
        if (edition, name) not in self._flats:
            extent = self.editions[edition].layers[name].extent
            assert extent is not None, "asked where there is one"
            self._flats[edition, name] = self.plane.to_plane(extent.intersection(self.window(0.0)))
        return self._flats[edition, name]

    def along(self, edition: int, test: PlaceTest) -> list[tuple[Truth, BaseGeometry, BaseGeometry | None, bool]]:
        """Return of each feature around: is it meant, its place, the area along the river, is that area whole."""
        key = (edition, test)
        if key not in self._along:
            layers = self.editions[edition].layers
            layer = layers[test.layer]
            rivers, catchments = layers.get(test.rivers or ""), layers.get(test.catchments or "")
            found: list[tuple[Truth, BaseGeometry, BaseGeometry | None, bool]] = []
            for row in np.sort(layer.tree.query(self.window(reach_along(test, rivers) + layer.accuracy_m))).tolist():
                match = matches(layer, row, test.where)
                if match == F:
                    continue
                area = None
                if rivers is not None and rivers.has_flow and catchments is not None:
                    area = along_areas(layer.geometry[row], test, rivers, catchments=catchments, plane=self.plane)
                place = self.plane.to_plane(layer.geometry[row])
                found.append(
                    (match, place, area.area if area is not None else None, area is not None and area.is_whole)
                )
            self._along[key] = found
        return self._along[key]

    def is_thin(self, depth_m: float) -> np.ndarray[Any, Any]:
        """Return whether the site, and each of its parts, is nowhere as deep as the tolerance."""
        if depth_m not in self._thin:
            all_of_it = np.array([self.site, *self.parts], dtype=object)
            if self.dimension == 1:
                self._thin[depth_m] = shapely.length(all_of_it) < depth_m
            else:
                self._thin[depth_m] = shapely.is_empty(shapely.buffer(all_of_it, -depth_m / 2))
        return self._thin[depth_m]

    def probes(self, tolerance: Tolerance) -> tuple[np.ndarray[Any, Any], float]:
        """Return points in the site, and how far around them all must lie in a feature so that it is more than touched.

        A disc so large is deeper than the tolerance and no less than its share of the site; of a line a piece is as
        long. A narrow site has none.
        """
        if tolerance not in self._probes:
            self._probes[tolerance] = self._probed(tolerance)
        return self._probes[tolerance]

    def core(self, shape: BaseGeometry, tolerance: Tolerance) -> BaseGeometry:
        """Return what of a surface lies so far inside that a line which comes there has more than a touch behind it."""
        key = (id(shape), tolerance)
        if key not in self._cores:
            deep = max(tolerance.depth_m, tolerance.share * float(self.sizes[0])) * (1 + ROOM) / 2
            # Drawn in by as much as it is made plainer, so that it lies inside all the same.
            core = shapely.simplify(buffered(shape, -deep - _PLAIN_M), _PLAIN_M)
            shapely.prepare(core)
            self._cores[key] = (core, shape)  # the shape is kept, so that no other has its number
        return self._cores[key][0]

    def _probed(self, tolerance: Tolerance) -> tuple[np.ndarray[Any, Any], float]:
        depth, share = tolerance.depth_m * (1 + ROOM), tolerance.share * (1 + ROOM)
        whole = float(self.sizes[0])
        if self.dimension == 1:
            half = max(depth, share * whole) / 2
            lines = [part for part in self.parts if part.length > 2 * half]
            steps = np.linspace(0, 1, 4 * PROBES)
            found = [shapely.line_interpolate_point(part, half + steps * (part.length - 2 * half)) for part in lines]
        else:
            half = max(depth / 2, math.sqrt(share * whole / math.pi) * 1.01)
            rings = shapely.get_coordinates(shapely.buffer(self.site, -half, quad_segs=2))
            rings = rings[:: max(1, len(rings) // PROBES)]
            found = [shapely.points(rings)] if len(rings) else []
        return (np.concatenate(found) if found else np.empty(0, dtype=object)), half

    @cached_property
    def sizes(self) -> np.ndarray[Any, Any]:
        """Area or length of the site and of each of its parts."""
        measure = shapely.length if self.dimension == 1 else shapely.area
        return np.asarray(measure(np.array([self.site, *self.parts], dtype=object)))


def _cut(shapes: np.ndarray[Any, Any], window: BaseGeometry) -> np.ndarray[Any, Any]:
    """Return what of the shapes lies in a box, all in lon/lat."""
    is_inside = shapely.covered_by(shapes, window)
    found = shapes.copy()
    rest = np.flatnonzero(~is_inside)
    try:
        cut = shapely.clip_by_rect(shapes[rest], *window.bounds)
    except shapely.errors.GEOSException:  # it is quick, and at some corners fails
        cut = shapely.intersection(shapes[rest], window)
    bad = ~shapely.is_valid(cut)
    cut[bad] = shapely.intersection(shapes[rest][bad], window)
    found[rest] = cut
    return found


def reach_along(test: PlaceTest, rivers: Layer | None) -> float:
    """Return how far from a feature the area along its river may reach."""
    beside = TO_RIVER_M + (rivers.half_width_max_m if rivers is not None else 0.0)
    return max(test.upstream_m or 0.0, test.downstream_m or 0.0) + (test.side_m or 0.0) + beside


def cut_to(shape: BaseGeometry, site: BaseGeometry, margin_m: float) -> BaseGeometry:
    """Return what of a shape lies in a box around the site; all in the plane."""
    west, south, east, north = site.bounds
    box = (west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    try:
        cut = shapely.clip_by_rect(shape, *box)
    except shapely.errors.GEOSException:
        return shape.intersection(shapely.box(*box))
    return cut if shapely.is_valid(cut) else shape.intersection(shapely.box(*box))


def buffered(shape: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return a shape drawn out, or in where the distance is negative; rather too far than not far enough."""
    # Arcs are drawn as chords, which lie nearer to the shape by up to 0.5 %; drawn in they must lie farther.
    return shapely.buffer(shape, distance_m * 1.005, quad_segs=8)
