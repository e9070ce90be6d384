"""The sheet in which an office formalises a list in words: one text a row, with proposals that a person adopts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from yudi.core.dates import parse_date
from yudi.core.errors import InputError, LimitError, Where
from yudi.core.words import Words
from yudi.formats.rule_columns import DESCRIPTIVE, KINDS, Column, cell_list, cell_number
from yudi.formats.table_files import UNWRITABLE, put_file, timeless
from yudi.territory.expressions import written
from yudi.territory.items import EFFECT_WORDS
from yudi.territory.predicates import All, Node
from yudi.territory.proposals import Proposal

__all__ = ["write_word_sheet"]

ROWS_MAX = 200_000  # texts; an office cannot read more, and Excel opens no larger sheet at ease
TEXT_MAX = 32_767  # letters of a cell of Excel
PROPOSAL, ADOPTED = "proposal 建议", "adopted 采用"
# Groups of columns, each with the colour of its header: what stands in the list, what was read, what the office says.
_GROUPS = (
    ("404E5C", ("text_zh", "head", "units_count", "example", "dimensions")),
    ("6B7A8F", ("read", "terms_read", "exceptions_read", "zone_read", "hint")),
    ("1F5F8B", ("effect", "scope", "subject", "except", "test", "factor", "body_zh")),
    ("2E7D5B", ("status", "adopted_by", "adopted_on", "document", "article", "in_force", "repealed", "note")),
)
_WIDTHS = {"text_zh": 52, "scope": 34, "subject": 34, "except": 24, "test": 24, "note": 20}
_ASKS = ("effect", "scope", "subject", "except", "test", "factor", "body_zh")
_LINE = Border(bottom=Side("hair", "C8CDD3"), right=Side("hair", "E3E6EA"))
_GUIDE = (
    ("这张表做什么", "What this sheet is for"),
    (
        "清单里的每一条不同条文占一行，出现单元最多的在前。把一行采用之后，它就不再逐项目询问，而由程序判定。",
        "Each different text of the list is one row, most frequent first. A row that is adopted is decided by the"
        " program and asked of nobody any more.",
    ),
    (
        "底色为浅黄的是程序按词表提出的建议，不是结论；请逐行核对、修改后，把状态改为“adopted 采用”，并写明采用者与日期。",
        "What stands on yellow is proposed from tables of words; it is no decision. Check and mend it row by row, then"
        " set the status to adopted, with who and when.",
    ),
    (
        "仍为“proposal 建议”的行不起作用，条文照旧按文字处理。",
        "Rows that stay a proposal change nothing: their text stays a clause in words.",
    ),
    (
        '保存后在 scheme.toml 写 formalised = ["本表.xlsx"]，重新生成版本。',
        'Save it, write formalised = ["this-sheet.xlsx"] in scheme.toml, and build the edition again.',
    ),
)
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "text_zh": (
        "条文原文，不要改动。〇 代表各单元不同的地名：采用后，凡只在地名上不同的条文一并生效",
        "The text; leave it as it is. 〇 stands for a name of a place: adopted, it holds for all texts that differ in it alone",
    ),
    "head": ("条文所属的上位语；空白表示没有", "The head that it stands under; blank if none"),
    "units_count": ("出现在多少个单元", "In how many units it stands"),
    "example": ("其中一处的条款编号", "One of its clauses"),
    "dimensions": ("所在维度；“*”为不分维度", "Its dimensions; * speaks for all"),
    "read": ("程序读出的效力，不要改动", "Effects that were read; leave them as they are"),
    "terms_read": ("读出的术语", "Terms that were read"),
    "exceptions_read": ("读出的例外", "Exceptions that were read"),
    "zone_read": ("读出的区域", "The part of the unit that was read"),
    "hint": ("采用前要看的事", "What to look at before adopting"),
    "effect": ("条款做什么", "What the clause does"),
    "scope": ("适用空间范围；空白为全单元", "What the place must be; blank is the whole unit"),
    "subject": ("适用对象；all() 为所有项目", "Whom it means; all() is every project"),
    "except": ("例外情形", "Who is left out"),
    "test": (
        "require、quota 要满足的条件；meets:{id} is true 表示交人判断",
        "What must hold, of require and quota; meets:{id} is true asks a person",
    ),
    "factor": ("offset 的替代倍数", "Of offset: times how much"),
    "body_zh": ("consult 由谁决定", "Of consult: who decides"),
    "status": ("建议或采用；空白等于建议", "Proposal or adopted; blank is still a proposal"),
    "adopted_by": ("谁采用的", "Who adopted it"),
    "adopted_on": ("采用日期", "When"),
    "document": ("另有依据时填文件编号，否则沿用清单的文件", "Another document than the list's, if there is one"),
    "article": ("依据的条款号", "Where in it"),
    "in_force": ("另有生效日时填", "Its own first day, if it has one"),
    "repealed": ("另有废止日时填", "Its own last day, if it has one"),
    "note": ("备注，不读取", "Remarks; not read"),
}


def write_word_sheet(path: Path, found: Sequence[Proposal], lists: Sequence[Mapping[str, str]] = ()) -> None:
    """Write the sheet, with a second one that explains it; the same proposals give the same bytes.

    Parameters
    ----------
    lists : sequence of mapping
        What the edition keeps of its lists: a clause cites its own document only where that is another.

    Raises
    ------
    InputError
        For another ending than .xlsx, or no place to write to.
    LimitError
        For more texts, or longer ones, than a sheet holds.
    """
    if path.suffix.lower() != ".xlsx":
        message = f"expected a file name ending in .xlsx, got {path.name!r}"
        raise InputError(message, where=Where(file=path.name), hint="change the ending")
    if len(found) > ROWS_MAX:
        message = f"expected at most {ROWS_MAX:,} texts, got {len(found):,}"
        raise LimitError(message, where=Where(file=path.name), hint="build an edition of fewer lists")
    columns = _columns()
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("条文 texts")
    _lay_out(page, columns, len(found))
    page.append([_header(page, column) for column in columns])
    for item in found:
        cells = _cells(item, lists)
        page.append([_cell(page, column, cells.get(column.role), path.name) for column in columns])
    _explain(book.create_sheet("说明 guide"), columns)
    raw = io.BytesIO()
    book.save(raw)
    put_file(path, timeless(raw.getvalue()))


def _columns() -> list[Column]:
    """Return the sheet's columns in order."""
    known = {column.role: column for column in (*KINDS["clauses"].columns, *DESCRIPTIVE)}
    known["note"] = Column("note", "备注")
    return [known[role] for _, roles in _GROUPS for role in roles]


def _cells(item: Proposal, lists: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return the cells of a row by role."""
    cells: dict[str, Any] = {
        "text_zh": item.text,
        "head": item.head,
        "units_count": item.units,
        "example": item.example,
        "dimensions": cell_list([dimension or "*" for dimension in item.dimensions]),
        "read": cell_list(item.read),
        "terms_read": cell_list(item.terms),
        "exceptions_read": "；".join(item.exceptions),
        "zone_read": item.zone,
        "hint": f"{item.remark.zh}\n{item.remark.en}" if item.remark else "",
        "effect": item.effect,
        "scope": _said(item.scope),
        "subject": "all()" if item.subject == All() else _said(item.subject),
        "test": _said(item.test),
        "status": ADOPTED if item.formal else PROPOSAL,
    }
    if item.formal is not None:
        formal = item.formal
        cells["except"] = "" if formal.exceptions is None else written(formal.exceptions)
        cells["factor"] = None if formal.factor is None else cell_number(formal.factor)
        cells["body_zh"] = formal.body.zh
        because = dict(line.partition(":")[::2] for line in formal.because)
        cells["adopted_by"] = because.get("adopted_by")
        cells["adopted_on"] = parse_date(because["adopted_on"]) if "adopted_on" in because else None
        cells["article"] = formal.citation.article
        if formal.citation.document not in {entry.get("document", "") for entry in lists}:
            cells["document"] = formal.citation.document
        days = {"in_force": formal.period.start, "repealed": formal.period.end}
        known = {(name, entry.get(name)) for entry in lists for name in days}
        cells |= {name: day for name, day in days.items() if day is not None and (name, day.isoformat()) not in known}
    return cells


def _said(node: Node | None) -> str:
    return "" if node is None or node == All() else written(node)


def _lay_out(page: Any, columns: Sequence[Column], count: int) -> None:
    """Set what a sheet has before its rows: panes, widths, choices, colours, and how it prints."""
    page.freeze_panes = "B2"
    last = max(count + 1, 2)
    letters = {column.role: get_column_letter(at) for at, column in enumerate(columns, start=1)}
    for column in columns:
        place = page.column_dimensions[letters[column.role]]
        place.width = _WIDTHS.get(column.role, column.width)
        place.number_format = "yyyy-mm-dd" if column.read == "day" else "General" if column.read == "number" else "@"
        place.alignment = Alignment(wrap_text=True, vertical="top")
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    for role, choices in (("effect", EFFECT_WORDS), ("status", (PROPOSAL, ADOPTED))):
        kept = [choice for choice in choices if choice not in ("silent", "defer")]
        rule = DataValidation("list", formula1=f'"{",".join(kept)}"', allow_blank=True, showErrorMessage=True)
        rule.error = f"请从列表中选择 choose one of: {', '.join(kept)}"
        rule.add(f"{letters[role]}2:{letters[role]}{last}")
        page.data_validations.append(rule)
    status = f"${letters['status']}2"
    area = f"{letters['effect']}2:{letters['adopted_on']}{last}"
    for words, colour in ((("proposal", "建议"), "FFF6D6"), (("adopted", "采用"), "E4F4E8")):
        found = ",".join(f'ISNUMBER(SEARCH("{word}",{status}))' for word in words)
        fill = PatternFill(bgColor=colour, fill_type="solid")
        page.conditional_formatting.add(area, FormulaRule(formula=[f"OR({found})"], fill=fill))
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 8  # A3
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"


def _header(page: Any, column: Column) -> WriteOnlyCell:
    colour = next(colour for colour, roles in _GROUPS if column.role in roles)
    cell = WriteOnlyCell(page, value=column.header)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=colour)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    cell.border = _LINE
    return cell


def _cell(page: Any, column: Column, value: Any, file: str) -> WriteOnlyCell:
    """Return a cell of a row: text stays text whatever it looks like, also what is typed into a blank one."""
    if isinstance(value, str):
        if len(value) > TEXT_MAX:
            message = f"expected at most {TEXT_MAX:,} letters in a cell, got {len(value):,}"
            raise LimitError(message, where=Where(file=file, field=column.header), hint="part the cell of the list")
        value = UNWRITABLE.sub("\ufffd", value) or None
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    is_text = column.read not in ("day", "number") or isinstance(value, str)
    cell.number_format = (
        "@" if is_text else "yyyy-mm-dd" if isinstance(value, date) or column.read == "day" else "General"
    )
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = _LINE
    if column.role not in _ASKS and column.role not in _GROUPS[3][1] and column.role != "text_zh":
        cell.font = Font(color="5A6470")
    return cell


def _explain(page: Any, columns: Sequence[Column]) -> None:
    """Write the sheet that explains the other one, in Chinese and English."""
    for letter, width in (("A", 26), ("B", 62), ("C", 74)):
        page.column_dimensions[letter].width = width
    for row in _guide_rows(columns):
        cells = []
        for at, text in enumerate(row):
            cell = WriteOnlyCell(page, value=text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=row[0].startswith("■") or at == 0)
            cells.append(cell)
        page.append(cells)


def _guide_rows(columns: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the guide; none holds two headers, so that it is not taken for a sheet of rules."""
    title, *steps = _GUIDE
    yield f"■ {title[0]}", title[0], title[1]
    for number, (zh, en) in enumerate(steps, start=1):
        yield str(number), zh, en
    yield "", "", ""
    yield "■ 各栏 columns", "", ""
    for column in columns:
        yield (column.header, *_COLUMNS[column.role])
    yield "", "", ""
    yield "■ 效力 effects", "", ""
    for key, label in EFFECT_WORDS.items():
        if key not in ("silent", "defer"):
            yield key, *_both(label)
    yield "", "", ""
    yield "■ 写法 notation", "", ""
    yield "subject", "term chemical-project and activity in (new, expand)", "docs/guides/clauses.md"
    yield "scope", "within 1 km of shorelines [river = main]", "docs/guides/clauses.md"
    yield "test", "double_wall is true", "docs/guides/clauses.md"


def _both(label: Words) -> tuple[str, str]:
    return label.zh, label.en
