"""Which columns a sheet of rules has, and what their cells hold: clauses, terms and inferences, one a row.

Lists stand in a cell with commas between, predicates as expressions, days as days; a blank cell says nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from yudi.core.dates import parse_date
from yudi.core.errors import InputError
from yudi.formats.cells import Cell
from yudi.territory.assignments import assigned
from yudi.territory.expressions import read
from yudi.territory.predicates import Any_, plain

__all__ = ["DESCRIPTIVE", "KINDS", "Column", "Kind", "cell_list", "cell_number", "cell_value"]


@dataclass(frozen=True)
class Column:
    """A column: its role, how it is headed, and how its cells are read.

    Parameters
    ----------
    role, zh : str
        Name in the notation of YAML, flat; and in Chinese. The header is both.
    read : str
        ``text``, ``word`` (small letters), ``list``, ``tree``, ``trees``, ``facts``, ``day``, ``number`` or ``truth``.
    is_rare : bool
        Written only where a row fills it.
    """

    role: str
    zh: str
    read: str = "text"
    width: float = 14
    is_rare: bool = False

    @property
    def header(self) -> str:
        """What is printed above the column."""
        return f"{self.role} {self.zh}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """Headers that name the column."""
        return (self.header, self.zh, f"{self.zh} {self.role}", self.role.replace("_", " "))


@dataclass(frozen=True)
class Kind:
    """A kind of rules: its columns, those that tell it from others, those that it needs, its sheet's name."""

    name: str
    columns: tuple[Column, ...]
    marks: tuple[str, ...]
    required: tuple[str, ...]
    sheet: str


_CLAUSES = (
    Column("id", "编号", width=20),
    Column("effect", "效力", "word", 10),
    Column("dimension", "维度", width=12),
    Column("level", "层级", "word", 10),
    Column("text_zh", "条文", width=44),
    Column("text_en", "英文条文", width=36),
    Column("document", "文件", width=20),
    Column("article", "条款", width=10),
    Column("in_force", "生效日", "day", 12),
    Column("repealed", "废止日", "day", 12),
    Column("units", "单元编码", "list", 20),
    Column("unit_classes", "单元类别", "list", 14),
    Column("unit_subclasses", "单元小类", "list", 14, is_rare=True),
    Column("unit_areas", "行政区代码", "list", 14, is_rare=True),
    Column("scope", "范围", "tree", 40),
    Column("subject", "对象", "tree", 40),
    Column("except", "例外", "tree", 30),
    Column("test", "要求", "tree", 30),
    Column("factor", "倍数", "number", 8),
    Column("body_zh", "机构", width=16),
    Column("body_en", "英文机构", width=16),
    Column("terms", "术语", "list", 20),
    Column("at_large", "泛指", "truth", 8),
    Column("basis", "依据", "word", 10),
    Column("silent_for", "沉默所问", is_rare=True),
    Column("because", "理由", "list", 20, is_rare=True),
    Column("head", "上位语", width=24, is_rare=True),
    Column("read", "读作", "list", 12, is_rare=True),
    Column("status", "状态", "word", 14, is_rare=True),
    Column("adopted_by", "采用者", width=14, is_rare=True),
    Column("adopted_on", "采用日", "day", 12, is_rare=True),
)
DESCRIPTIVE = (
    Column("units_count", "单元数", "number", 8),
    Column("example", "示例", width=26),
    Column("dimensions", "所在维度", width=12),
    Column("terms_read", "读出术语", width=16),
    Column("exceptions_read", "读出例外", width=24),
    Column("zone_read", "读出位置", width=18),
    Column("hint", "提示", width=28),
)
"""Columns of a sheet in which an office formalises that only tell about a text; they are passed over."""
_TERMS = (
    Column("key", "键", width=22),
    Column("label_zh", "名称", width=18),
    Column("label_en", "英文名称", width=22),
    Column("fact", "事实", width=12),
    Column("in", "属于", "list", 30),
    Column("in_if", "属于条件", "trees", 40),
    Column("may", "可能属于", "list", 30),
    Column("may_if", "可能属于条件", "trees", 40),
    Column("names", "别名", "list", 24),
    Column("adopted_by", "采用者", width=20),
    Column("ground", "依据", width=30),
    Column("in_force", "生效日", "day", 12),
    Column("repealed", "废止日", "day", 12),
)
_INFERENCES = (
    Column("key", "键", width=22),
    Column("when", "条件", "tree", 50),
    Column("then", "结论", "facts", 50),
    Column("kind", "性质", "word", 10),
    Column("document", "文件", width=24),
    Column("ground", "依据", width=30),
    Column("in_force", "生效日", "day", 12),
    Column("repealed", "废止日", "day", 12),
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "clauses": Kind("clauses", _CLAUSES, ("effect",), ("effect",), "条文"),
        "terms": Kind("terms", _TERMS, ("in", "in_if", "may", "may_if"), ("key",), "术语"),
        "inferences": Kind("inferences", _INFERENCES, ("when", "then"), ("key", "when", "then"), "推断"),
    }
)

_ITEM = re.compile(
    r"""\s*(?:"(?P<narrow>(?:[^"]|"")*)"|“(?P<wide>[^”]*)”|(?P<bare>[^,，、;；\n"“”]*))[^\S\n]*(?:[,，、;；\n]|\Z)"""
)
_PARTED = re.compile(r'[,，、;；\n"“”]|^\s|\s$|^$')
_DIGITS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_TRUTHS = {"true": True, "yes": True, "是": True, "√": True, "1": True}
_TRUTHS |= {"false": False, "no": False, "否": False, "0": False, "×": False}


def cell_value(cell: Cell, column: Column) -> Any:
    """Return what a cell says, in the notation of YAML; None for a blank one.

    Raises
    ------
    InputError
        With what was expected, what was got and the next step, without the place.

    Examples
    --------
    >>> cell_value("C26、2614", Column("in", "属于", "list")), cell_value("Forbid", Column("effect", "效力", "word"))
    (['C26', '2614'], 'forbid')
    """
    return None if cell is None else _READERS[column.read](cell)


def cell_list(values: Iterable[str]) -> str:
    """Return texts as one cell that reading as a list gives back; one that holds a comma or so stands in quotes.

    Examples
    --------
    >>> cell_list(["化工", "甲、乙"])
    '化工, "甲、乙"'
    """
    return ", ".join('"' + value.replace('"', '""') + '"' if _PARTED.search(value) else value for value in values)


def cell_number(number: float) -> float | str:
    """Return a number as a cell holds it: as text where the 15 digits of a spreadsheet would change it.

    Examples
    --------
    >>> cell_number(1.5), cell_number(1 / 3)
    (1.5, '0.3333333333333333')
    """
    if not math.isfinite(number):
        raise InputError(f"expected a finite number, got {number}", hint="correct it or leave it out")
    return number if float(f"{number:.15g}") == number else repr(number)


def _text(cell: Cell) -> str:
    if isinstance(cell, bool) or not isinstance(cell, date | str | int | float):
        raise InputError(f"expected a text, got {str(cell).upper()}", hint="type it anew")
    if isinstance(cell, date):
        message = f"expected a text, got the day {cell:%Y-%m-%d}; spreadsheets make days of texts such as 1-2"
        raise InputError(message, hint="format the cell as text and type it anew")
    return cell if isinstance(cell, str) else repr(cell) if isinstance(cell, float) else str(cell)


def _list(cell: Cell) -> list[str]:
    text = _text(cell)
    found: list[str] = []
    position = 0
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None:
            message = f"expected items with commas between, got {text[position:].strip()[:40]!r}"
            raise InputError(message, hint='write an item with a comma in quotes, and " within quotes twice')
        narrow, wide, bare = match["narrow"], match["wide"], match["bare"]
        if bare is None:
            found.append(wide if narrow is None else narrow.replace('""', '"'))
        elif bare.strip():
            found.append(bare.strip())
        position = match.end()
    return found


def _tree(cell: Cell) -> dict[str, Any]:
    return plain(read(_text(cell)))


def _trees(cell: Cell) -> list[dict[str, Any]]:
    node = read(_text(cell))
    return [plain(part) for part in (node.parts if isinstance(node, Any_) else (node,))]


def _facts(cell: Cell) -> dict[str, Any]:
    return assigned(_text(cell))


def _day(cell: Cell) -> date:
    if isinstance(cell, datetime) or not isinstance(cell, date | str):
        raise InputError(f"expected a day, got {cell}", hint="write it as in 2024-03-19")
    return parse_date(cell)


def _number(cell: Cell) -> float:
    number = cell
    if isinstance(cell, str) and _DIGITS.fullmatch(cell):
        number = float(cell)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise InputError(f"expected a number, got {cell!s}", hint="write digits and a decimal point alone")
    return float(number)


def _truth(cell: Cell) -> bool:
    truth = _TRUTHS.get(str(cell).casefold())
    if truth is None:
        raise InputError(f"expected TRUE or FALSE, got {cell!s}", hint="write TRUE, or leave the cell blank")
    return truth


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    "text": _text,
    "word": lambda cell: _text(cell).casefold(),
    "list": _list,
    "tree": _tree,
    "trees": _trees,
    "facts": _facts,
    "day": _day,
    "number": _number,
    "truth": _truth,
}
