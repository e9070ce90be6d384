"""A check of an edition as a workbook: a sheet with the counts, and one with a row and a coordinate for each finding."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from yudi.core.errors import LimitError, Where
from yudi.core.words import Words
from yudi.formats.findings.decisiveness_sheets import decisiveness_pages
from yudi.formats.table_files import UNWRITABLE, put_file, timeless
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.decisiveness import Decisiveness
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.summary import by_kind, check_data, counts

__all__ = ["COLUMNS", "write_workbook"]

COLUMNS: tuple[tuple[str, Words, float], ...] = (
    ("severity", Words("程度", "severity"), 10),
    ("kind", Words("类型", "kind"), 22),
    ("text", Words("发现", "finding"), 60),
    ("cure", Words("建议", "what to do"), 44),
    ("units", Words("单元编码", "unit codes"), 24),
    ("lon", Words("经度", "lon"), 12),
    ("lat", Words("纬度", "lat"), 12),
    ("area_m2", Words("面积（平方米）", "area, m²"), 14),
    ("width_m", Words("宽度（米）", "width, m"), 11),
    ("numbers", Words("其他数值", "other numbers"), 36),
    ("file", Words("文件", "file"), 18),
    ("row", Words("行", "row"), 8),
    ("field", Words("字段", "field"), 16),
    ("key", Words("类型键", "kind key"), 18),
)
"""Key, header and width in letters of each column of the sheet of findings."""

SEVERITY_WORDS = {
    "error": Words("错误", "error"),
    "warning": Words("警告", "warning"),
    "info": Words("提示", "info"),
}
_FILLS = {"error": "FDE2E0", "warning": "FFF2CC", "info": "E3F0FB"}
_ROWS_MAX = 1_000_000
_TEXT_MAX = 32_767  # letters in a cell of Excel
_SHEETS = (Words("汇总", "Summary"), Words("检查发现", "Findings"))


def write_workbook(
    found: Sequence[EditionFinding], edition: Edition, report: Decisiveness, path: Path, *, lang: str
) -> None:
    """Write findings to an .xlsx file, the same bytes for the same findings.

    Raises
    ------
    InputError
        Where there is no place to write to.
    LimitError
        For more findings than a sheet holds.
    """
    if len(found) > _ROWS_MAX:
        message = f"expected at most {_ROWS_MAX:,} findings, got {len(found):,}"
        raise LimitError(message, where=Where(str(path)), hint="write a .gpkg, or use --json")
    book = openpyxl.Workbook(write_only=True)
    _summary(book.create_sheet(_SHEETS[0].get(lang)), found, edition, report.as_of, lang=lang)
    _findings(book.create_sheet(_SHEETS[1].get(lang)), found, lang)
    decisiveness_pages(book, report, write=_cell, lang=lang)
    raw = io.BytesIO()
    book.save(raw)
    put_file(path, timeless(raw.getvalue()))


def _summary(page: Any, found: Sequence[EditionFinding], edition: Edition, as_of: date, *, lang: str) -> None:
    side = 0 if lang == "zh" else 1
    data = check_data((), edition, as_of)
    for column, width in zip("ABC", (38, 16, 16), strict=True):
        page.column_dimensions[column].width = width
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    rows: list[tuple[Any, ...]] = [
        (("版本", "edition")[side], edition.name.get(lang)),
        (("版本编号", "id")[side], edition.id),
        (("基准日期", "as of")[side], as_of.isoformat()),
        (("单元数", "units")[side], data["edition"]["units"]),
        (("条款数", "clauses")[side], data["edition"]["clauses"]),
        (("容差：不计的宽度（米）", "tolerance: width that is noise, m")[side], data["tolerance"]["noise_m"]),
        (("容差：细缝的宽度（米）", "tolerance: width of a sliver, m")[side], data["tolerance"]["sliver_m"]),
    ]
    if edition.is_illustrative:
        rows.insert(0, (("示例数据，仅供演示", "illustrative data, for demonstration only")[side], None))
    rows += [()]
    rows += [(SEVERITY_WORDS[key].get(lang), count) for key, count in counts(found).items()]
    for row in rows:
        page.append([_cell(page, value, wraps=False) for value in row])  # a long id runs on into empty cells
    page.append([])
    page.append(
        [_cell(page, word[side], bold=True) for word in (("类型", "kind"), ("条数", "count"), ("程度", "severity"))]
    )
    for group in by_kind(found):
        line = (group.title.get(lang), len(group.findings), SEVERITY_WORDS[group.severity].get(lang))
        page.append([_cell(page, value, fill=_FILLS[group.severity]) for value in line])


def _findings(page: Any, found: Sequence[EditionFinding], lang: str) -> None:
    page.freeze_panes = "C2"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    for number, (_, _, width) in enumerate(COLUMNS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(found) + 1}"
    page.append([_cell(page, title.get(lang), bold=True) for _, title, _ in COLUMNS])
    for group in by_kind(found):
        for finding in group.findings:
            row = _row(finding, group.title.get(lang), lang)
            fill = _FILLS[finding.severity]
            page.append([_cell(page, row[key], fill=fill if key == "severity" else "") for key, _, _ in COLUMNS])


def _row(finding: EditionFinding, title: str, lang: str) -> dict[str, Any]:
    data = finding.as_data()
    numbers = dict(data["numbers"])
    lon, lat = data["point"] or (None, None)
    return {
        "severity": SEVERITY_WORDS[finding.severity].get(lang),
        "kind": title,
        "text": finding.text.get(lang),
        "cure": finding.cure.get(lang),
        "units": "; ".join(finding.units),
        "lon": lon,
        "lat": lat,
        "area_m2": numbers.pop("area_m2", None),
        "width_m": numbers.pop("width_m", None),
        "numbers": "; ".join(f"{key} = {value}" for key, value in numbers.items()),
        **data["where"],
        "key": finding.kind,
    }


def _cell(page: Any, value: Any, *, bold: bool = False, fill: str = "", wraps: bool = True) -> Any:
    """Return a cell; text stays text, whatever a spreadsheet would take it for."""
    cell = WriteOnlyCell(page, value=None)
    if isinstance(value, str):
        cell.value, cell.data_type = UNWRITABLE.sub("\ufffd", value)[:_TEXT_MAX], "s"
        cell.alignment = Alignment(wrap_text=wraps, vertical="top")
    else:
        cell.value = value
        cell.alignment = Alignment(vertical="top", horizontal="left" if value is not None else None)
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    return cell
