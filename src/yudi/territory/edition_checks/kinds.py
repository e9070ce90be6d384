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
    "edition_ended": Words("版本已失效", "the edition has ended"),
    "edition_not_begun": Words("版本尚未生效", "the edition has not begun"),
    "never_in_force": Words("从不施行的条款", "clauses that are never in force"),
    "row_without_unit": Words("清单条目无对应单元", "rows of lists that name no unit"),
    "clause_without_unit": Words("条款所限单元不存在", "clauses bound to what is on no map"),
    "formalised_unused": Words("已结构化而清单所无的条文", "formalised texts in no list"),
    "scheme_silent": Words("方案未作任何规定", "the scheme says nothing"),
    "unit_without_row": Words("清单缺单元", "units without a row"),
    "dimension_silent": Words("未规定的维度", "dimensions without a column"),
    "days_without_list": Words("无清单施行的日期", "days without a list"),
    "cell_silent": Words("未规定的栏目", "cells that say nothing"),
    "ban_in_words": Words("未结构化的禁止性条款", "prohibitions in words"),
    "clause_in_words": Words("未结构化的其他条款", "other clauses in words"),
    "document_out_of_force": Words("所引文件不在施行期", "documents out of force"),
    "days_beyond_document": Words("施行期超出所引文件", "clauses in force beyond their document"),
    "document_undeclared": Words("所引文件未声明", "documents that are not declared"),
    "list_without_document": Words("清单无发布文件", "lists without a document"),
    "citation_missing": Words("无引用依据", "clauses without a citation"),
    "layer_missing": Words("所问图层缺失", "layers that are asked and missing"),
    "field_missing": Words("所问字段缺失", "fields that are asked and missing"),
    "flow_missing": Words("河流未注明流向", "rivers without a direction of flow"),
    "extent_short": Words("图层范围不足", "layers that end too near"),
    "table_missing": Words("所问状况表缺失", "status tables that are asked and missing"),
    "table_row_missing": Words("状况表缺行", "status tables that leave out units"),
    "table_row_without_unit": Words("状况表行无对应单元", "rows of status tables that name no unit"),
    "table_out_of_date": Words("状况表已过期", "status tables out of date"),
    "term_undefined": Words("术语未定义", "terms that are not defined"),
    "term_out_of_days": Words("术语在基准日期无释义", "terms without a table on the day"),
    "never_applies": Words("永不适用的条款", "clauses that can never apply"),
    "never_fails": Words("恒能满足的要求", "requirements that cannot fail"),
    "near_duplicate": Words("近似重复的条款", "clauses that say nearly the same"),
    "unverified": Words("未核实的条款", "unverified clauses"),
}
"""By kind; findings of a kind that is not here are listed under its key, after the others."""
