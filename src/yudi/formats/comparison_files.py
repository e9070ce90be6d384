"""A comparison of sites as a file: an Excel book to look at, CSV and JSON for other programs."""

from __future__ import annotations

import io
import json
import math
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from yudi.core.errors import InputError, Where
from yudi.core.words import Words
from yudi.formats.table_files import UNWRITABLE, put_file, timeless, write_table
from yudi.territory.answer_marks import OUTCOME_MARKS, OUTCOME_WORDS, VERDICT_MARKS
from yudi.territory.answer_words import (
    ILLUSTRATIVE,
    VERDICT_WORDS,
    article_words,
    asked_words,
    value_words,
)
from yudi.territory.comparison import Comparison, Mark, Row
from yudi.territory.comparison_data import OUTCOMES, comparison_data, label_of, layer_label, units_of
from yudi.territory.questions import questions
from yudi.territory.verdict import cited

__all__ = ["SUFFIXES", "check_ending", "write_comparison"]

SUFFIXES = (".xlsx", ".csv", ".json")
_LINE_POINTS, _LINES_MAX = 15.0, 20  # height of a row, by the lines of its longest cell
_TEXT_MAX = 32_000  # letters that a cell of Excel takes
_ABSENT = "–"
# Background and letters, dark enough on light to be read in print; the words in the cell say the same.
_COLOURS = {
    "prohibits": ("FBD9D5", "8C1D13"),
    "prohibited": ("FBD9D5", "8C1D13"),
    "may_prohibit": ("EEDFF5", "6A2C84"),
    "undetermined": ("EEDFF5", "6A2C84"),
    "conditions": ("FCEBC8", "7A5200"),
    "conditional": ("FCEBC8", "7A5200"),
    "may_condition": ("FFF7E3", "7A5200"),
    "satisfied": ("DDF0DF", "1E6130"),
    "admissible": ("DDF0DF", "1E6130"),
}
_GREY = "767676"
_SAY = {
    "sites": Words("选址比选", "Sites"),
    "clauses": Words("条款", "Clauses"),
    "site": Words("选址", "site"),
    "rank": Words("名次", "rank"),
    "verdict": Words("结论（依已知）", "verdict as known"),
    "presumed": Words("推定结论", "presumed"),
    "prohibits": Words("禁止的条款", "clauses that prohibit"),
    "may_prohibit": Words("可能禁止的条款", "clauses that may prohibit"),
    "conditions": Words("条件（推定）", "conditions (presumed)"),
    "questions": Words("待问", "to ask first"),
    "units": Words("所在单元", "units"),
    "uncovered": Words("未覆盖比例", "share not covered"),
    "fact": Words("事实：", "fact: "),
    "distance": Words("距离（m）：", "distance (m): "),
    "differs": Words("是否不同", "differs"),
    "dimension": Words("管控维度", "dimension"),
    "clause": Words("条款内容", "clause"),
    "source": Words("依据", "source"),
    "yes": Words("不同", "differs"),
    "no": Words("相同", "same"),
    "as_of": Words("基准日期", "as of"),
    "then": Words("推定", "presumed"),
}


def write_comparison(comparison: Comparison, path: Path, *, lang: str = "en", show_all: bool = False) -> None:
    """Write a comparison in the format that the file's ending names.

    An Excel book has a sheet of the sites and one of the clauses, those that differ first, with a column a site,
    colours and frozen headers; a CSV file has the clauses only; JSON is `comparison_data`.

    Parameters
    ----------
    show_all : bool
        Write also the requirements that neither prohibit nor set conditions at any site.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`, and where there is no place to write to.
    """
    check_ending(path)
    rows = [row for row in comparison.rows if show_all or row.bears]
    suffix = path.suffix.lower()
    if suffix == ".json":
        data = comparison_data(comparison, show_all=show_all)
        put_file(path, (json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n").encode())
    elif suffix == ".csv":
        head, cells = _clause_cells(comparison, rows, lang)
        write_table(path, [str(text) for text, _ in head], [[text for text, _ in line] for line in cells])
    else:
        put_file(path, _book(comparison, rows, lang))


def check_ending(path: Path) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`, and where a folder has the name or none is there to write into.
    """
    if path.suffix.lower() not in SUFFIXES:
        ending = path.suffix or "a file without ending"
        raise InputError(f"cannot write {ending}", where=Where(str(path)), hint=f"use {', '.join(SUFFIXES)}")
    if path.is_dir() or not path.parent.is_dir():
        raise InputError("expected a place to write to, got none", where=Where(str(path)), hint="check the folder")


_Cells = list[tuple[str | int | float | None, str]]  # what stands in a cell, and the name of its colour


def _book(comparison: Comparison, rows: Sequence[Row], lang: str) -> bytes:
    book = Workbook()
    first = comparison.screenings[0]
    title = " · ".join(
        (
            "; ".join(edition.name.get(lang) for edition in first.editions),
            f"{_say('as_of', lang)} {first.as_of}",
            *((ILLUSTRATIVE.get(lang),) if any(edition.is_illustrative for edition in first.editions) else ()),
        )
    )
    head, lines = _site_cells(comparison, lang)
    widths = [26, 7, 18, 18, *[12] * 3, 44, 34, 10]
    _fill(book.active, title, [head, *lines], widths)
    book.active.title = _say("sites", lang)
    head, lines = _clause_cells(comparison, rows, lang)
    _fill(book.create_sheet(_say("clauses", lang)), title, [head, *lines], [9, 14, 60, 34], frozen=3)
    raw = io.BytesIO()
    book.save(raw)
    return timeless(raw.getvalue())


def _fill(sheet: Any, title: str, lines: Sequence[_Cells], widths: Sequence[float], *, frozen: int = 1) -> None:
    """Fill a sheet: what was asked in the first line, headers in the second, both frozen with the first columns."""
    line = Side(style="thin", color="D9D9D9")
    sheet.append([None])
    _put(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(color=_GREY, italic=True)
    for row, cells in enumerate(lines, 2):
        for column, (value, colour) in enumerate(cells, 1):
            cell = sheet.cell(row, column)
            _put(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(bottom=line)
            if row == 2:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="EDEDED")
            elif colour in _COLOURS:
                ground, ink = _COLOURS[colour]
                cell.fill = PatternFill("solid", fgColor=ground)
                cell.font = Font(color=ink, bold=colour in ("prohibits", "prohibited"))
            elif colour:
                cell.font = Font(color=_GREY)
    wide = [widths[column] if column < len(widths) else 20 for column in range(len(lines[0]))]
    for column, width in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, cells in enumerate(lines, 2):
        most = max(_line_count(value, width) for (value, _), width in zip(cells, wide, strict=True))
        sheet.row_dimensions[row].height = _LINE_POINTS * min(most, _LINES_MAX) + 3
    sheet.freeze_panes = sheet.cell(3, frozen + 1)
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(lines[0]))}{len(lines) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"


def _line_count(value: Any, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese letter is two wide. Not every program works it out."""
    if not isinstance(value, str):
        return 1
    wide = [
        sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line) for line in value.split("\n")
    ]
    return sum(max(1, math.ceil(count / (width - 1))) for count in wide)


def _put(cell: Any, value: Any) -> None:
    """Put a value into a cell; text stays text, whatever it looks like."""
    if isinstance(value, str):
        cell.value = UNWRITABLE.sub("\ufffd", value)[:_TEXT_MAX]
        cell.data_type = "s"
    else:
        cell.value = value


def _site_cells(comparison: Comparison, lang: str) -> tuple[_Cells, list[_Cells]]:
    first = comparison.screenings[0]
    names = ("site", "rank", "verdict", "presumed", "prohibits", "may_prohibit", "conditions", "questions", "units")
    head: _Cells = [(_say(name, lang), "") for name in (*names, "uncovered")]
    head += [(_say("fact", lang) + label_of(key, first).get(lang), "") for key in comparison.differing_facts]
    for row in comparison.distances:
        limits = ", ".join(f"{limit:g}" for limit in row.limits_m)
        head.append((f"{_say('distance', lang)}{layer_label(row, first).get(lang)} (≤ {limits})", ""))
    lines: list[_Cells] = []
    for rank, columns in comparison.ranking:
        for column in columns:
            index, screening = comparison.columns.index(column), column.screening
            asked = "\n".join(asked_words(key, screening).get(lang) for key in questions(screening))
            line: _Cells = [(column.name, ""), (rank, "")]
            line += [(_verdict(key, lang), key) for key in (screening.verdict, screening.presumed_verdict)]
            line += [(count, "") for count in (column.prohibits, column.may_prohibit, column.conditions)]
            line += [(asked, ""), (_units(comparison, index), ""), (round(screening.uncovered_share, 4), "")]
            for key, values in comparison.differing_facts.items():
                value = values[index]
                line.append((value_words(key, value, screening.editions).get(lang) if value is not None else None, ""))
            for row in comparison.distances:
                reading = row.readings[index]
                line.append((None if reading.distance_m is None else round(reading.distance_m, 1), ""))
            lines.append(line)
    return head, lines


def _units(comparison: Comparison, index: int) -> str:
    said = []
    for edition, unit, share in units_of(comparison.screenings[index]):
        names = edition.units.column("name")
        name = str(names[unit] or "") if names is not None else ""
        code = edition.unit_code(unit)
        part = "" if share >= 1 else f" {share:.0%}"
        said.append(f"{code} {name if name != code else ''}".strip() + part)
    return "\n".join(said)


def _clause_cells(comparison: Comparison, rows: Sequence[Row], lang: str) -> tuple[_Cells, list[_Cells]]:
    head: _Cells = [(_say(name, lang), "") for name in ("differs", "dimension", "clause", "source")]
    head += [(column.name, "") for column in comparison.columns]
    lines = []
    for row in rows:
        edition = comparison.screenings[0].editions[row.edition]
        item = row.clause
        label = edition.dimensions.get(item.dimension)
        where = cited(item.citation, edition)
        title = where["source"][lang] if where["source"] else where["citation"]["document"]
        source = (title, where["citation"]["number"], article_words(where["citation"]["article"]).get(lang))
        ids = {name for mark in row.marks if mark is not None for name in mark.ids}
        one = f"\n{next(iter(ids))}" if len(ids) == 1 else ""
        line: _Cells = [
            (_say("yes" if row.differs else "no", lang), "" if row.differs else "grey"),
            (label.get(lang) if label else item.dimension, ""),
            (item.text.get(lang) or row.strictest.ids[0], ""),
            (" ".join(part for part in source if part) + one, "grey"),
        ]
        lines.append(line + [_mark(mark, row, lang, has_id=not one) for mark in row.marks])
    return head, lines


def _mark(mark: Mark | None, row: Row, lang: str, *, has_id: bool) -> tuple[str, str]:
    if mark is None:
        return _ABSENT, "grey"
    known, presumed = OUTCOMES[mark.known], OUTCOMES[mark.presumed]
    said = f"{OUTCOME_MARKS[known]} {OUTCOME_WORDS[known].get(lang)}"
    if presumed != known:
        said += f"\n{_say('then', lang)} {OUTCOME_MARKS[presumed]} {OUTCOME_WORDS[presumed].get(lang)}"
    if mark.clause.text != row.clause.text:
        said += f"\n{mark.clause.text.get(lang)}"
    if has_id:
        said += f"\n{', '.join(mark.ids)}"
    return said, known if known in _COLOURS else "grey"


def _verdict(verdict: str, lang: str) -> str:
    return f"{VERDICT_MARKS[verdict]} {VERDICT_WORDS[verdict].get(lang)}"


def _say(key: str, lang: str) -> str:
    return _SAY[key].get(lang)
