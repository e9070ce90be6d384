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
    "code_off_pattern": Words("编码不合规则", "codes off their pattern"),
    "class_against_code": Words("类别与编码不符", "class against code"),
    "area_against_code": Words("行政区划与编码不符", "area against code"),
    "area_unknown": Words("未知行政区划", "unknown areas"),
    "class_unknown": Words("未知类别", "unknown classes"),
    "subclass_unknown": Words("未知细类", "unknown subclasses"),
    "subclass_missing": Words("缺少细类", "missing subclasses"),
    "name_missing": Words("缺少名称", "missing names"),
    "names_absent": Words("全无名称", "no names at all"),
    "count_off": Words("单元数与公布不符", "numbers of units off what was published"),
    "area_off": Words("面积与公布不符", "areas off what was published"),
    "share_off": Words("占比与公布不符", "shares off what was published"),
    "total_not_sum": Words("公布合计不等于各项之和", "printed totals that are not the sum of their parts"),
    "unit_area_off": Words("单元面积与公布不符", "units' areas off the official ones"),
    "published_key_unknown": Words("公布表中的未知名称", "names in a published table that the map lacks"),
    "ring_crosses_itself": Words("已修复：自相交", "mended: rings that cross themselves"),
    "shells_overlap": Words("已修复：外环重叠", "mended: shells that overlap"),
    "hole_crosses_shell": Words("已修复：内环越界", "mended: holes outside their shell"),
    "shell_inside_shell": Words("已修复：外环套外环", "mended: shells inside shells"),
    "parts_dropped": Words("已略去：低维部分", "left out: parts of lower dimension"),
    "ring_touches_itself": Words("已改写：自相接", "rewritten: rings that touch themselves"),
    "shells_share_edge": Words("已合并：外环共边", "joined: shells that share an edge"),
    "ring_unclosed": Words("已闭合：未闭合环", "closed: rings left open"),
    "crs_assumed": Words("坐标参考系系假定", "reference system assumed"),
    "datum_shift": Words("已转换基准", "datum shifted"),
    "encoding_lies": Words("编码声明有误", "encoding mis-stated"),
    "encoding_guessed": Words("编码系推断", "encoding guessed"),
}
"""By kind; findings of a kind that is not here are listed under its key, after the others."""
