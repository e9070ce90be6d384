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
