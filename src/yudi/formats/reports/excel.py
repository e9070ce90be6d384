"""Reports as Excel workbooks: one sheet for the opinion, one for each kind of table, each with a head that stays."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yudi.core.words import Words
from yudi.formats.drawings import text_width
from yudi.formats.reports.model import Cell, Heading, Paragraph, ReportContent, Table, Voice, brief
from yudi.formats.reports.zips import with_fixed_times

__all__ = ["SHEETS", "write_xlsx"]

# Sheets in their order; what a section holds goes to its sheet, but for tables with a sheet of their own.
SHEETS: Mapping[str, Words] = {
    "opinion": Words("研判意见", "Opinion"),
    "units": Words("管控单元", "Units"),
    "corners": Words("拐点坐标", "Corners"),
    "clauses": Words("逐条研判", "Clauses"),
    "questions": Words("待答问题", "Questions"),
    "ways_out": Words("出路", "Ways out"),
    "not_applicable": Words("不适用条款", "Not applicable"),
    "sources": Words("依据与方法", "Sources"),
}
_BY_SECTION = {"project": "opinion", "map": "corners", "touched": "not_applicable"}
_BY_TABLE = {"units": "units", "zones": "units", "corners": "corners"}
_BANDS = {
    "clauses": (Words("层级", "Level"), Words("管控维度", "Dimension")),
    "not_applicable": (Words("原因类别", "Kind"),),
}
_WIDTH = 140.0  # letters that a sheet's columns take together
_SIZE = 10  # of letters, in points
_NUMBER_MAX = 80  # letters of the report's number at the foot of a page
_CELL_MAX = 32_000  # letters that a cell of Excel holds, less a margin
_HEAD = PatternFill("solid", fgColor="DDE3E4")
_LEADING = 1.45  # height of a line to its letters: Chinese fonts of spreadsheet programs take up to so much
_LINE = Border(bottom=Side("thin", color="9AA3A8"))
_MARKS = {
    "prohibits": "A4122A",
    "may_prohibit": "5A3D8A",
    "conditions": "8A5A00",
    "may_condition": "5A3D8A",
    "satisfied": "1F6B46",
}
_TOP = Alignment(wrap_text=True, vertical="top", horizontal="left")


def write_xlsx(content: ReportContent, path: Path) -> None:
    """Write a report as an Excel workbook; every text is text, never a formula."""
    book = Workbook()
    book.remove(book.active)
    voice = Voice(content.lang)
    sheets = {key: _Sheet(book, _name(name, content.lang), voice) for key, name in SHEETS.items()}
    sheets["opinion"].head(content)
    section = "opinion"
    for block in content.shown("sheet"):
        if isinstance(block, Heading):
            section = block.key
            continue
        home = _BY_SECTION.get(section, section)
        if isinstance(block, Table):
            sheets[_BY_TABLE.get(block.key, home)].table(block)
        elif isinstance(block, Paragraph):
            sheets[home].line(block.text.lines())
    for sheet in sheets.values():
        sheet.finish(content)
    moment = datetime(content.day.year, content.day.month, content.day.day)
    book.properties.created = book.properties.modified = moment
    book.properties.title, book.properties.creator = content.title.main, "Yudi"
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(with_fixed_times(made.getvalue(), content.day))


def _name(name: Words, lang: str) -> str:
    return f"{name.zh} {name.en}" if lang == "both" else name.get(lang)


class _Sheet:
    """A sheet while it is filled from the top; the head of its first table stays in view and filters."""

    def __init__(self, book: Workbook, name: str, voice: Voice) -> None:
        self.book, self.name, self.voice = book, name, voice
        self.sheet: Worksheet = book.create_sheet(name)
        self.row = 0
        self.shares: list[float] = []
        self.has_table = False

    def head(self, content: ReportContent) -> None:
        """Write what stands at the top of the first page."""
        self.line(content.title.lines(), Font(bold=True, size=16))
        self.line(content.label.lines(), Font(bold=True))
        self.line(
            (f"{content.mark} {' '.join(content.verdict_text.lines())}", *content.presumed_text.lines()),
            Font(bold=True, size=13),
        )
        for name, value in content.meta:
            self.line((" ".join(name.lines()) + "  " + " ".join(value.lines()),))

    def line(self, lines: Sequence[str], font: Font | None = None) -> None:
        """Write a paragraph over the whole width."""
        if not lines:
            return
        self.row += 1
        self._put(self.row, 1, "\n".join(lines), font or Font(size=_SIZE))

    def table(self, table: Table) -> None:
        """Write a table; the words of a band become columns of the rows below it, so that they can be filtered."""
        groups = _BANDS.get(table.key, ())
        titles = [" ".join(self.voice(name).lines()) for name in groups]
        titles += [" ".join(column.title.lines()) for column in table.columns]
        self.row += 2 if self.row else 1
        for column, title in enumerate(titles, 1):
            cell = self._put(self.row, column, title, Font(bold=True, size=_SIZE))
            cell.fill = _HEAD
        top = self.row
        band: list[str] = []
        for row in table.rows:
            if row.is_band:
                band = [_text(cell) for cell in row.cells][: len(groups)]
                continue
            self.row += 1
            for column, text in enumerate(band, 1):
                self._put(self.row, column, text, Font(size=_SIZE)).border = _LINE
            for column, cell in enumerate(row.cells, len(groups) + 1):
                style = next((line.style for line in cell if line.style in _MARKS), "")
                font = Font(bold=True, color=_MARKS[style], size=_SIZE) if style else Font(size=_SIZE)
                held = self._put(self.row, column, _text(cell), font)
                held.border = _LINE
                if _style(cell) == "number":
                    decimals = _text(cell).partition(".")[2]
                    held.value, held.number_format = float(_text(cell)), f"0.{'0' * len(decimals)}" if decimals else "0"
        if not self.has_table:
            self.has_table = True
            self.shares = [0.09] * len(groups) + [column.width for column in table.columns]
            self.sheet.freeze_panes = f"A{top + 1}"
            self.sheet.print_title_rows = f"{top}:{top}"
            if self.name != self.book.sheetnames[0]:
                self.sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(titles))}{self.row}"

    def _put(self, row: int, column: int, text: str, font: Font) -> Any:
        cell = self.sheet.cell(row, column)
        clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:_CELL_MAX]
        if clean.isdecimal() and clean.isascii() and len(clean) < 8:
            cell.value = int(clean)
        else:
            cell.value = clean
            cell.data_type = "s"  # what begins with = is a text too
        cell.alignment, cell.font = _TOP, font
        return cell

    def finish(self, content: ReportContent) -> None:
        """Set widths, and how the sheet is printed; a sheet without a line goes."""
        if not self.row:
            self.book.remove(self.sheet)
            return
        sheet = self.sheet
        shares = self.shares or [1.0]
        widths = [max(7.0, _WIDTH * share) for share in shares]
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        self._fit(widths)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top = margins.bottom = 0.75
        margins.header = margins.footer = 0.35
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        if content.label:
            sheet.oddHeader.right.text = " ".join(content.label.lines())
        number = brief(content.number, _NUMBER_MAX).replace("&", "&&")  # a lone & steers Excel
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = number, "&P / &N"

    def _fit(self, widths: Sequence[float]) -> None:
        """Let paragraphs run over all columns, and make every row as high as its letters need: no program does it alone."""
        for row in range(1, self.row + 1):
            cells = [self.sheet.cell(row, column) for column in range(1, len(widths) + 1)]
            own = list(widths)
            if len(cells) > 1 and cells[0].value and all(cell.value is None for cell in cells[1:]):
                self.sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
                own = [sum(widths)]
            heights = [
                _height(str(cell.value or ""), cell.font.size or 11, width)
                for cell, width in zip(cells, own, strict=False)
            ]
            self.sheet.row_dimensions[row].height = min(max(heights), 409.0)  # Excel's own limit


def _height(text: str, size: float, width: float) -> float:
    """Return the height in points of a text in a column that is so many letters wide."""
    lines = sum(max(1, math.ceil(text_width(part, size / 5.6) / (width * 0.97))) for part in text.split("\n"))
    return lines * size * _LEADING + 3


def _style(cell: Cell) -> str:
    """Return how the first line of a cell stands out."""
    return cell[0].style if cell else ""


def _text(cell: Cell) -> str:
    return "\n".join(part for line in cell for part in line.text.lines())
