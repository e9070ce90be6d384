"""The same three questions answered by GEOS alone, one pair after the other: what a compiled grid must equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from yudi.core.cellgrid.answers import Array, Lengths, Overlaps, Pairs

__all__ = ["Twin"]


@dataclass(frozen=True, eq=False)
class Twin:
    """Polygons in a tree of boxes, with the calls of `CellGrid`.

    Parameters
    ----------
    shapes : object array of valid polygons and multipolygons
    """

    shapes: Array

    def points(self, x: Array, y: Array) -> Pairs:
        """Return which points lie in which features, borders included."""
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        site, feature = self._met(shapely.points(x[finite], y[finite]))
        return Pairs(finite[site], feature)

    def overlaps(self, sites: Array) -> Overlaps:
        """Return which polygons meet which features, and area and border of what they share."""
        site, feature = self._met(_finite(sites))
        inside = shapely.intersection(self.shapes[feature], sites[site])
        is_within = shapely.covers(self.shapes[feature], sites[site])
        return Overlaps(site, feature, shapely.area(inside), shapely.length(inside), is_within)

    def lengths(self, lines: Array) -> Lengths:
        """Return which lines meet which features, and how much of each lies inside."""
        site, feature = self._met(_finite(lines))
        inside = shapely.intersection(self.shapes[feature], lines[site])
        return Lengths(site, feature, shapely.length(inside), shapely.covers(self.shapes[feature], lines[site]))

    def _met(self, sites: Array) -> tuple[Array, Array]:
        site, feature = shapely.STRtree(self.shapes).query(sites, predicate="intersects")
        order = np.lexsort((feature, site))
        return site[order], feature[order].astype(np.int32)


def _finite(sites: Array) -> Array:
    """Return sites with None for those that have coordinates that are not finite."""
    vertices, site = shapely.get_coordinates(sites, return_index=True)
    kept = sites.copy()
    kept[site[~np.isfinite(vertices).all(axis=1)]] = None
    return kept
