"""Reports as PDF, laid out by Typst in this process with fonts that travel with the package."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from yudi.core.errors import UnavailableError
from yudi.core.words import Words
from yudi.formats.reports.model import Block, Figure, Heading, Paragraph, ReportContent, Row, Table, Text, Voice, brief

__all__ = ["FONTS", "missing_letters", "png_of", "write_pdf"]

FONTS = Path(str(files("yudi.formats.reports"))) / "fonts"
_TEMPLATE = "report.typ"
_PAGE = {"zh": ("第 ", " 页 / 共 ", " 页"), "en": ("Page ", " of ", ""), "both": ("第 ", " 页 / 共 ", " 页 pages")}
_NAME_MAX = 36  # letters of a name that stands beside the label on every page
_FEW_PAGES = 3
_PAGES = re.compile(rb"/Type\s*/Page\b")
_LONG_WORD = re.compile(r"[^\W\d_\u2e80-\uffef]{18}(?=\w)|[!-,.0-~]{18}(?=[!-,.0-~])")
_UNSEEN = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")


def write_pdf(content: ReportContent, path: Path) -> None:
    """Write a report as PDF; the same content gives the same bytes.

    Raises
    ------
    UnavailableError
        Where the extra ``report`` is not installed.
    """
    typst = typst_or_refusal()
    is_whole = not missing_letters(content)
    template = (Path(str(files("yudi.formats.reports"))) / _TEMPLATE).read_bytes()
    plain, made = _plain(content), b""
    shortest = 0
    for is_tight in (False, True):  # what nearly fits a page fewer is set to fit it, where that shows
        tried = typst.compile(
            template,
            font_paths=_fonts(with_system=not is_whole),
            format="pdf",
            sys_inputs={"data": json.dumps(plain | {"tight": is_tight}, ensure_ascii=False)},
            timestamp=int(datetime(content.day.year, content.day.month, content.day.day, tzinfo=UTC).timestamp()),
        )
        pages = len(_PAGES.findall(tried))
        if not is_tight or pages < shortest:
            made, shortest = tried, pages
        if not 1 < shortest <= _FEW_PAGES:
            break
    path.write_bytes(made)


def png_of(svg: str, *, width_mm: float, ppi: float = 220.0) -> bytes:
    """Return a map as PNG, drawn with the report's own fonts.

    Raises
    ------
    UnavailableError
        Where the extra ``report`` is not installed.
    """
    page = (
        b"#set page(width: auto, height: auto, margin: 0pt)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1mm)\n'
    )
    made = typst_or_refusal().compile(
        page,
        font_paths=_fonts(with_system=False),
        format="png",
        ppi=ppi,
        sys_inputs={"svg": svg, "width": f"{width_mm:g}"},
    )
    return bytes(made)


def typst_or_refusal() -> Any:
    """Return the module typst.

    Raises
    ------
    UnavailableError
        Where it is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise UnavailableError("a report needs the extra report", hint='pip install "yudi[report]"') from error
    return typst


@lru_cache(maxsize=2)
def _fonts(*, with_system: bool) -> Any:
    """Return the fonts, read once: those of the package, and the machine's only where letters are missing."""
    return typst_or_refusal().Fonts(
        include_system_fonts=with_system, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    record = json.loads((FONTS / "SOURCES.json").read_text(encoding="utf-8"))
    pairs = (part.split("-") for part in record["ranges"].split())
    return frozenset(code for pair in pairs for code in range(int(pair[0], 16), int(pair[-1], 16) + 1))


def missing_letters(content: ReportContent) -> str:
    """Return the letters of a report that its own fonts lack, in order of their codes."""
    found = {letter for text in content.texts() for letter in text}
    for block in content.blocks:
        if isinstance(block, Figure):
            found |= set(block.svg)
    return "".join(sorted(letter for letter in found if ord(letter) not in _letters() and letter not in _UNSEEN))


def _plain(content: ReportContent) -> dict[str, Any]:
    """Return the content as the template reads it."""
    voice = Voice(content.lang)
    missing = missing_letters(content)
    blocks = [_block(block) for block in content.shown("page")]
    if missing:
        said = Words(
            f"以下字符不在本报告自带字体内，由本机字体代替或显示为方框：{'　'.join(missing)}",
            f"Not in this report's own fonts, so shown in fonts of this machine or as boxes: {' '.join(missing)}",
        )
        blocks.append(_block(Paragraph(voice(said), "note")))
    return {
        "lang": content.lang,
        "day": [content.day.year, content.day.month, content.day.day],
        "title": _text(content.title),
        "project": brief(content.project.main, _NAME_MAX),
        "verdict": content.verdict,
        "mark": content.mark,
        "verdict_text": _text(content.verdict_text),
        "presumed_text": _text(content.presumed_text),
        "label": "  ".join(content.label.lines()),
        "header": f"{content.title.main} · {brief(content.project.main, _NAME_MAX)}",
        "footer": brief(content.number, 2 * _NAME_MAX),
        "page": _PAGE[content.lang],
        "meta": [[{"lines": " ".join(name.lines())}, _text(value)] for name, value in content.meta],
        "blocks": blocks,
        "fallback": [],
    }


def _text(text: Text) -> dict[str, str]:
    return {"main": breakable(text.main), "second": breakable(text.second)}


def breakable(text: str) -> str:
    """Return a text in which long words may be broken, so that they never leave the page.

    Examples
    --------
    >>> breakable("x" * 30).count("\u200b"), breakable("short words").count("\u200b")
    (1, 0)
    """
    return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", text)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": _text(block.text)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "style": block.style, "text": _text(block.text)}
    if isinstance(block, Table):
        columns = [{"title": _text(column.title), "width": column.width} for column in block.columns]
        rows = [_row(row) for row in block.rows]
        return {"kind": "table", "compact": block.is_compact, "columns": columns, "rows": rows}
    alt = " ".join(block.alt.lines())
    return {"kind": "figure", "svg": block.svg, "width": block.width_mm, "alt": alt}


def _row(row: Row) -> dict[str, Any]:
    cells = [[{"style": line.style, "text": _text(line.text)} for line in cell] for cell in row.cells]
    return {"band": row.is_band, "cells": cells}
