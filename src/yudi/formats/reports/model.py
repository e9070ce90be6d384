"""What a report consists of: headings, paragraphs, tables and a map, each text in the report's language or languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from yudi.core.words import Words
from yudi.formats.drawings import clean, text_width, wrapped

__all__ = [
    "Block",
    "Cell",
    "Column",
    "Figure",
    "Heading",
    "Line",
    "Paragraph",
    "ReportContent",
    "Row",
    "Shape",
    "Table",
    "Text",
    "Voice",
    "brief",
]


# In Chinese fonts the round ones are as wide as a letter is high, which tears English words apart.
_STRAIGHT = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})


_UNIT = re.compile(r"(?<![\w.-])m([23])(?![\w-])")


def _raised(unit: re.Match[str]) -> str:
    return "m" + "²³"[int(unit[1]) - 2]


@dataclass(frozen=True)
class Text:
    """A text as it is printed, and beneath it the same in the second language, empty where there is none."""

    main: str
    second: str = ""

    def lines(self) -> tuple[str, ...]:
        """Return what is printed, first the main one."""
        return tuple(part for part in (self.main, self.second) if part)

    def __bool__(self) -> bool:
        return bool(self.main or self.second)


def brief(text: str, width: int) -> str:
    """Return a text in one line of so many Latin letters, a Chinese one counting as two, with an ellipsis where cut.

    Examples
    --------
    >>> brief("江北区重点管控单元", 9), brief("works", 9)
    ('江北区重…', 'works')
    """
    line = " ".join(text.split())
    return wrapped(line, 1.0, width * text_width("x", 1.0), most=1)[0] if line else ""


@dataclass(frozen=True)
class Voice:
    """Says words in the languages of a report: ``zh``, ``en``, or ``both`` with Chinese first."""

    lang: str

    def __call__(self, said: Words | str) -> Text:
        """Return a text; where both languages have the same words they stand once."""
        if isinstance(said, str):
            return Text(clean(said))
        zh, en = (_UNIT.sub(_raised, clean(said.get(lang))) for lang in ("zh", "en"))
        if en != zh:
            en = en.translate(_STRAIGHT)
        if self.lang != "both":
            return Text(en if self.lang == "en" else zh)
        return Text(zh, "" if en == zh else en)


@dataclass(frozen=True)
class Line:
    """A line of a cell: its text, and how it stands out (``strong``, ``small``, or a mark such as ``prohibits``)."""

    text: Text
    style: str = ""


Cell = tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """Cells of a table; a band is one cell over the whole width that heads the rows below it."""

    cells: tuple[Cell, ...]
    is_band: bool = False


@dataclass(frozen=True)
class Column:
    """Head of a column and its share of the width."""

    title: Text
    width: float


@dataclass(frozen=True)
class Table:
    """Rows under a head that repeats on every page; ``key`` names it for programs and sheets.

    Parameters
    ----------
    only : str
        ``page`` for what PDF and Word show in short, ``sheet`` for the same in full, which Excel shows in its place.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    is_compact: bool = False
    only: str = ""


@dataclass(frozen=True)
class Heading:
    """Title of a section, which ``key`` names for programs and sheets."""

    text: Text
    key: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; its style is ``body``, ``opinion``, ``note`` or ``signature``; ``only`` as of a table."""

    text: Text
    style: str = "body"
    only: str = ""


@dataclass(frozen=True)
class Figure:
    """The map as SVG, with what it shows in words."""

    svg: str = field(repr=False)
    width_mm: float
    height_mm: float
    alt: Text = Text("")


@dataclass(frozen=True)
class Shape:
    """A shape in lon/lat with what is said of it; its role is ``site``, ``unit`` (the part of the site there) or ``way_out``."""

    role: str
    geometry: BaseGeometry
    properties: Mapping[str, Any]


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True)
class ReportContent:
    """Everything that a report says, in order; each format only lays it out.

    Parameters
    ----------
    title, project : Text
        What it is, and of what.
    verdict : str
        Key of the verdict as known, with its sign as ``mark`` and its name as ``verdict_text``; ``presumed_text`` is empty where both are one.
    number : str
        The report's own number.
    day : date
        The day on which the question was asked.
    label : Text
        What stands on every page of a report from invented data; else empty.
    meta : tuple of (Text, Text)
        What stands under the title: number, day, editions.
    """

    lang: str
    title: Text
    project: Text
    number: str
    day: date
    verdict: str
    mark: str
    verdict_text: Text
    presumed_text: Text
    label: Text
    meta: tuple[tuple[Text, Text], ...]
    blocks: tuple[Block, ...]
    shapes: tuple[Shape, ...] = ()

    def shown(self, medium: str) -> tuple[Block, ...]:
        """Return what a medium shows: ``page`` or ``sheet``."""
        return tuple(block for block in self.blocks if getattr(block, "only", "") in ("", medium))

    def texts(self, medium: str = "page") -> Iterator[str]:
        """Yield every text that a reader of a medium sees, in the order of the page; of the map only its description."""
        head = (self.title, self.project, self.verdict_text, self.presumed_text, self.label)
        for text in (*head, *(part for pair in self.meta for part in pair)):
            yield from text.lines()
        for block in self.shown(medium):
            if isinstance(block, Table):
                for column in block.columns:
                    yield from column.title.lines()
                for row in block.rows:
                    for cell in row.cells:
                        for line in cell:
                            yield from line.text.lines()
            elif isinstance(block, Figure):
                yield from block.alt.lines()
            else:
                yield from block.text.lines()
