"""Which shapes points, polygons and lines meet, by GEOS alone: slow, and the same answers as the compiled grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

__all__ = ["PlainGrid"]


@dataclass(frozen=True)
class PlainGrid:
    """Shapes with a tree of their boxes."""

    shapes: np.ndarray[Any, Any]

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the shapes' boxes."""
        return shapely.STRtree(self.shapes)

    def points(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return (point, shape) of every point in a shape or on its border, sorted."""
        point, shape = self.tree.query(shapely.points(x, y), predicate="intersects")
        order = np.lexsort((shape, point))
        return point[order], shape[order]

    def overlaps(self, polygons: Any) -> tuple[Any, Any, Any, Any, Any]:
        """Return (site, shape, area, perimeter inside, is within) of every polygon and shape that meet, sorted."""
        site, shape, meeting, is_within = self._meet(polygons)
        return site, shape, shapely.area(meeting), shapely.length(meeting), is_within

    def lengths(self, lines: Any) -> tuple[Any, Any, Any, Any]:
        """Return (site, shape, length, is within) of every line and shape that meet, sorted."""
        site, shape, meeting, is_within = self._meet(lines)
        return site, shape, shapely.length(meeting), is_within

    def _meet(self, sites: Any) -> tuple[Any, Any, Any, Any]:
        site, shape = self.tree.query(sites, predicate="intersects")
        order = np.lexsort((shape, site))
        site, shape = site[order], shape[order]
        shapely.prepare(self.shapes)
        meeting = shapely.intersection(sites[site], self.shapes[shape])
        return site, shape, meeting, shapely.covers(self.shapes[shape], sites[site])
