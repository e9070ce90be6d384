"""What the build could not place when it read lists and columns: it was kept on the safe side, and somebody should look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey

__all__ = ["lists_read"]

_KINDS: Mapping[str, tuple[str, Words, Words]] = {
    "column_asks": (
        "warning",
        Words("清单有一栏没有角色而有要求，已作为不限维度的条文读入"),
        Words(
            "在 [[lists]] 的 columns 写明该栏是哪一维度", "say under columns of [[lists]] which dimension the column is"
        ),
    ),
    "dimension_unknown": (
        "warning",
        Words("清单所写维度不在方案的维度之列，其条文按不限维度读入"),
        Words("改正维度，或在 dimension_names 写明其别名", "correct the dimension, or name it under dimension_names"),
    ),
    "header_near": (
        "warning",
        Words("表头与某一已知表头仅差一二字，未予采用"),
        Words("改正表头，或在 columns 写明", "correct the header, or name it under columns"),
    ),
    "value_in_words": (
        "info",
        Words("应为模板所列的值或数字，实为文字，已作为文字条款"),
        Words(
            "改写为数值，或在模板的 values 写明该值", "write a number, or name the value under values of the template"
        ),
    ),
}


def lists_read(survey: Survey) -> Iterator[EditionFinding]:
    """Repeat what the build noticed of lists and columns, the same words about one file once."""
    groups: dict[tuple[str, str, str | None], list[Finding]] = {}
    for item in survey.edition.findings:
        if item.kind in _KINDS:
            groups.setdefault((item.kind, item.message, item.where.file), []).append(item)
    for (kind, message, _), items in groups.items():
        severity, said, cure = _KINDS[kind]
        times = Words(f"（{len(items)} 处）", f" ({len(items)} times)") if len(items) > 1 else Words()
        field = items[0].where.field
        text = Words(f"{said.zh}{times.zh}{f'：{field}' if field else ''}", f"{message}{times.en}")
        numbers: dict[str, float | str] = {"times": len(items)}
        yield survey.finding(kind, severity, (text, cure), where=items[0].where, numbers=numbers)
