"""How far an edition's lists decide, as sheets: the shares, every unit, and the texts in the order to formalise them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from openpyxl.utils import get_column_letter

from yudi.core.words import Words
from yudi.territory.edition_checks.decisiveness import Decisiveness
from yudi.territory.items import EFFECT_WORDS

__all__ = ["decisiveness_pages"]

Write = Callable[..., Any]
_NAMES: dict[str, tuple[Words, float]] = {
    "of": (Words("分组", "by"), 12),
    "key": (Words("键", "key"), 22),
    "name": (Words("名称", "name"), 40),
    "prohibitions": (Words("禁止性条款", "prohibitions"), 14),
    "formalised": (Words("其中已结构化", "of them formalised"), 14),
    "share": (Words("占比", "share"), 10),
    "others": (Words("其他条款", "other clauses"), 14),
    "others_formalised": (Words("其中已结构化", "of them formalised"), 14),
    "rank": (Words("次序", "rank"), 8),
    "effect": (Words("效力", "effect"), 12),
    "text": (Words("条文", "text"), 70),
    "head": (Words("上位语", "head"), 30),
    "lists": (Words("清单", "lists"), 16),
    "dimensions": (Words("维度", "dimensions"), 16),
    "units": (Words("单元数", "units"), 10),
    "places": (Words("处数", "places"), 10),
    "area_share": (Words("占面积", "share of the area"), 12),
    "share_after": (Words("此后占比", "share then"), 12),
    "example": (Words("例：条款编号", "example: clause id"), 30),
}
_GROUPS = {
    "lists": Words("清单", "list"),
    "dimensions": Words("维度", "dimension"),
    "classes": Words("类别", "class"),
    "": Words("合计", "total"),
}
_SHARES = ("key", "name", "prohibitions", "formalised", "share", "others", "others_formalised")
_PAGES = (Words("结构化程度", "Decisiveness"), Words("各单元", "Units"), Words("先结构化", "Formalise first"))
_PERCENT = ("share", "area_share", "share_after")


def decisiveness_pages(book: Any, report: Decisiveness, *, write: Write, lang: str) -> None:
    """Add three sheets to a workbook that is being written.

    Parameters
    ----------
    write : callable
        Makes a cell of a page and a value, as ``write(page, value, bold=…)``.
    """
    page = _page(book, 0, ("of", *_SHARES), write=write, lang=lang)
    total = {"key": "", "name": "", "prohibitions": report.prohibitions, "formalised": report.formalised}
    _rows(
        page, [{"of": _GROUPS[""].get(lang), **total, "share": report.share}], ("of", *_SHARES), write=write, lang=lang
    )
    for kind in ("lists", "dimensions", "classes"):
        rows = [{"of": _GROUPS[kind].get(lang), **row} for row in _named(getattr(report, kind), lang)]
        _rows(page, rows, ("of", *_SHARES), write=write, lang=lang)
    _rows(_page(book, 1, _SHARES, write=write, lang=lang), _named(report.units, lang), _SHARES, write=write, lang=lang)
    columns = tuple(report.first.column_names)
    _rows(_page(book, 2, columns, write=write, lang=lang), report.first.to_pylist(), columns, write=write, lang=lang)


def _page(book: Any, number: int, columns: tuple[str, ...], *, write: Write, lang: str) -> Any:
    page = book.create_sheet(_PAGES[number].get(lang))
    page.freeze_panes = "A2"
    for at, name in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(at)].width = _NAMES[name][1]
    page.append([write(page, _NAMES[name][0].get(lang), bold=True) for name in columns])
    return page


def _named(table: pa.Table, lang: str) -> list[dict[str, Any]]:
    return [{**row, "name": row[f"name_{lang}"]} for row in table.to_pylist()]


def _rows(page: Any, rows: list[dict[str, Any]], columns: tuple[str, ...], *, write: Write, lang: str) -> None:
    for row in rows:
        cells = []
        for name in columns:
            value = row.get(name)
            cell = write(page, EFFECT_WORDS[str(value)].get(lang) if name == "effect" else value)
            if name in _PERCENT and value is not None:
                cell.number_format = "0.00%"
            cells.append(cell)
        page.append(cells)
