"""What the kinds of findings are called, in the order in which a check lists them within one severity."""

from __future__ import annotations

from collections.abc import Mapping

from yudi.core.words import Words

__all__ = ["KINDS"]

KINDS: Mapping[str, Words] = {
    "gap": Words("空缺", "gaps"),
    "gap_sliver": Words("缝隙", "gaps as thin as slivers"),
    "overlap": Words("重叠", "overlaps"),
    "overlap_sliver": Words("细缝状重叠", "overlaps as thin as slivers"),
    "beyond_region": Words("超出方案范围", "beyond the region"),
    "region_edge": Words("外边界与方案范围不符", "outer border and region differ"),
    "unit_sliver": Words("狭窄单元", "units as thin as slivers"),
    "part_sliver": Words("单元碎片", "parts as thin as slivers"),
}
"""By kind; findings of a kind that is not here are listed under its key, after the others."""
