"""What a site that is shifted by any offset of a disc is to a feature: out, in, surely more than a touch, or open."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import part_of_dimension
from yudi.territory.edition import Tolerance
from yudi.territory.ways_out.ground import PROBES, ROOM, Ground, buffered, cut_to, shifted

__all__ = ["MEETS", "OPEN", "OUT", "SLACK", "SMALL", "WITHIN", "Placed"]

# By how much what is measured here may differ from what a screening measures: edges are straight in degrees there (1 cm
# at most), and the plane is another one where the site has moved on (a hundred-thousandth of what is measured).
_SLACK_M = 0.03
SLACK = 2e-5
_NARROW_M = 4.0  # discs of a smaller radius are measured by drawing features in and out
_ROUND = 1.09  # arcs of two chords a quarter lie nearer than drawn, by less than this
SMALL, OUT, OPEN, MEETS, WITHIN = range(-1, 4)  # what a disc of sites is to a feature; small: out by its share alone


class Placed:
    """All offsets within a radius of a middle, in m east and north.

    A distance changes by no more than the shift. An overlap that is left after a feature is drawn in by the radius is there
    wherever the site goes; one that is not there after the feature is drawn out is nowhere.
    """

    def __init__(self, ground: Ground, east_m: float, north_m: float, radius_m: float) -> None:
        self.ground, self.radius_m = ground, radius_m
        self.east_m, self.north_m = east_m, north_m

    @cached_property
    def site(self) -> BaseGeometry:
        """The site at the middle, in the plane."""
        return shifted(self.ground.site, self.east_m, self.north_m)

    @property
    def slack_m(self) -> float:
        """The radius with what a screening's measurements may differ by."""
        return self.radius_m + _SLACK_M + SLACK * self.ground.extent_m

    # Units and cover

    def relate(self, shape: BaseGeometry, edge: BaseGeometry, gap: float, tolerance: Tolerance) -> int:
        """Return what the disc is to a feature, given its border and how far it is from the site at the middle."""
        slack, site = self.slack_m, self.site
        if gap > slack:
            return OUT
        dimension = int(shapely.get_dimensions(shape))
        if dimension + self.ground.dimension < 2:
            return OPEN if gap <= 0 and not self.radius_m else OUT  # nobody aims at a line with a point
        if gap <= 0 and dimension == 2 and shapely.distance(edge, site) > slack:
            return WITHIN if shapely.covers(shape, site) else MEETS
        return self.relate_closely(shape, edge, gap, tolerance)

    def relate_closely(self, shape: BaseGeometry, edge: BaseGeometry, gap: float, tolerance: Tolerance) -> int:
        """Return what the disc is to a feature whose border the site may cross."""
        slack, site = self.slack_m, self.site
        is_surface = shapely.get_dimensions(shape) == 2
        if self.ground.dimension == 0:
            return self._relate_points(shape, slack)
        if self.radius_m > self.ground.extent_m:
            return OPEN
        if not is_surface:
            if self.ground.dimension == 2:
                return MEETS if shapely.intersects(buffered(self.site, -slack), shape) else OPEN
            return MEETS if gap <= 0 and self._crosses(shape) else OPEN
        if gap <= 0 and self._is_held(shape, edge, tolerance):
            return MEETS
        is_line = self.ground.dimension == 1 and self.radius_m < self.ground.extent_m / 4
        if gap <= 0 and is_line and self._crosses(self.ground.core(shape, tolerance)):
            return MEETS
        if self.radius_m > max(_NARROW_M, self.ground.extent_m / (PROBES if self.ground.dimension == 2 else 32)):
            return self._small(shape, tolerance)
        local = cut_to(shape, site, 2 * slack + 1)
        if gap <= 0 and self.is_real(site.intersection(buffered(local, -slack)), tolerance):
            return MEETS
        return self._touch(site.intersection(buffered(local, slack)), tolerance)

    def _is_held(self, shape: BaseGeometry, edge: BaseGeometry, tolerance: Tolerance) -> bool:
        """Return whether a feature holds enough of the site around one of its points, wherever it goes."""
        points, half = self.ground.probes(tolerance)
        if not len(points):
            return False
        here = shapely.transform(points, lambda places: places + np.array([self.east_m, self.north_m]))
        here = here[shapely.intersects(shape, here)]
        return bool(len(here)) and bool((shapely.distance(edge, here) > self.slack_m + half).any())

    def _small(self, shape: BaseGeometry, tolerance: Tolerance) -> int:
        """Return whether what lies in a feature stays below the share that counts, though the site moves on."""
        if len(self.ground.parts) > 1 or self.ground.dimension != 2:
            return OPEN
        overlap = self.site.intersection(cut_to(shape, self.site, 1.0)).area
        most = overlap + self.swept_m2
        return SMALL if most < tolerance.share * (1 - ROOM) * self.ground.sizes[0] else OPEN

    @property
    def swept_m2(self) -> float:
        """By how much an overlap of the site can change over the disc: no more than it sweeps by its leading side."""
        return float(self.ground.site.length) / 2 * self.slack_m

    def _crosses(self, line: BaseGeometry) -> bool:
        """Return whether a line, or a strip, parts the land so that a part of the site lies on both sides wherever it goes."""
        if not shapely.intersects(line, self.site):
            return False
        near = cut_to(line, self.site, 2 * self.slack_m)
        band = shapely.buffer(near, self.slack_m * _ROUND, quad_segs=2)
        parts = shapely.get_parts(self.site)
        is_cut = shapely.get_num_geometries(shapely.difference(parts, band)) > 1
        if not is_cut.any():
            return False
        west, south, east, north = self.site.bounds
        room = 2 * self.slack_m
        sides = shapely.get_parts(shapely.box(west - room, south - room, east + room, north + room).difference(band))
        return bool((shapely.intersects(sides[:, None], parts[is_cut][None, :]).sum(axis=0) > 1).any())

    def _relate_points(self, shape: BaseGeometry, slack: float) -> int:
        if len(self.ground.parts) > 1 and shapely.get_dimensions(shape) == 2:
            points = shapely.get_parts(self.site)
            inside = points[shapely.intersects(shape, points)]
            if len(inside) and (shapely.distance(shapely.boundary(shape), inside) > slack).any():
                return MEETS
        return OPEN

    def is_real(self, overlap: BaseGeometry, tolerance: Tolerance) -> bool:
        """Return whether an overlap, in the plane, is surely more than a touch."""
        inside = overlap if self.ground.dimension == 2 else part_of_dimension(overlap, self.ground.dimension)
        if inside.is_empty:
            return False
        wholes, thin = self.ground.sizes, self.ground.is_thin(tolerance.depth_m)
        if self._is_deep(inside, wholes[0], bool(thin[0]), tolerance):
            return True
        if len(self.ground.parts) == 1:
            return False
        return any(
            self._is_deep(piece, size, bool(is_thin), tolerance)
            for piece, size, is_thin in zip(self._pieces(inside), wholes[1:], thin[1:], strict=True)
            if not piece.is_empty
        )

    def _pieces(self, inside: BaseGeometry) -> list[BaseGeometry]:
        parts = shapely.get_parts(self.site)
        return [part_of_dimension(shapely.intersection(part, inside), self.ground.dimension) for part in parts]

    def _is_deep(self, inside: BaseGeometry, whole: float, is_thin: bool, tolerance: Tolerance) -> bool:
        size = inside.length if self.ground.dimension == 1 else inside.area
        if size < whole * tolerance.share * (1 + ROOM):
            return False
        depth = tolerance.depth_m * (1 + ROOM)
        if is_thin:
            return True
        return bool(size >= depth) if self.ground.dimension == 1 else not inside.buffer(-depth / 2).is_empty

    def _touch(self, overlap: BaseGeometry, tolerance: Tolerance) -> int:
        """Return whether an overlap is surely no more than a touch: by its depth, by its share, or not surely."""
        inside = part_of_dimension(overlap, self.ground.dimension)
        if inside.is_empty:
            return OUT
        depth = tolerance.depth_m * (1 - ROOM)
        is_shallow = inside.length < depth if self.ground.dimension == 1 else inside.buffer(-depth / 2).is_empty
        if is_shallow and not self.ground.is_thin(tolerance.depth_m).any():
            return OUT
        pieces = [inside, *(self._pieces(inside) if len(self.ground.parts) > 1 else ())]
        sizes = [piece.length if self.ground.dimension == 1 else piece.area for piece in pieces]
        share = tolerance.share * (1 - ROOM)
        return (
            SMALL if all(size < share * whole for size, whole in zip(sizes, self.ground.sizes, strict=False)) else OPEN
        )
