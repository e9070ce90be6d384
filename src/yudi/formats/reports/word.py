"""Reports as Word documents: real styles, heads that repeat, page numbers, the map as a picture with a description."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from yudi.core.errors import UnavailableError
from yudi.formats.reports.model import Cell, Figure, Heading, Line, Paragraph, ReportContent, Row, Table, Text, brief
from yudi.formats.reports.pdf import png_of
from yudi.formats.reports.zips import with_fixed_times

__all__ = ["write_docx"]

_SONG, _HEI, _LATIN, _LATIN_SANS = "宋体", "黑体", "Times New Roman", "Arial"
_FALLBACKS = {
    _SONG: ("SimSun, Noto Serif CJK SC, Source Han Serif SC, Songti SC", "roman"),
    _HEI: ("SimHei, Noto Sans CJK SC, Source Han Sans SC, Heiti SC", "swiss"),
    _LATIN: ("Liberation Serif, Noto Serif", "roman"),
    _LATIN_SANS: ("Liberation Sans, Noto Sans", "swiss"),
}
_WIDTH_TWIPS = 9638  # 170 mm, the width between the margins of A4
_COLORS = {
    "prohibits": "A4122A",
    "may_prohibit": "5A3D8A",
    "conditions": "8A5A00",
    "may_condition": "5A3D8A",
    "satisfied": "1F6B46",
    "note": "5B646A",
}
_VERDICTS = {
    "prohibited": ("A4122A", "FBECEE"),
    "conditional": ("8A5A00", "FDF3DF"),
    "admissible": ("1F6B46", "E8F4ED"),
    "undetermined": ("5A3D8A", "F1EDF8"),
}
_GREY = "5B646A"
_HEAVY = f'<w:rFonts w:ascii="{_LATIN_SANS}" w:hAnsi="{_LATIN_SANS}" w:eastAsia="{_HEI}"/>'
_CENTRED = '<w:spacing w:before="0" w:after="60"/><w:jc w:val="center"/>'
_EDGE = '<w:pBdr><w:{} w:val="single" w:sz="4" w:space="3" w:color="9AA3A8"/></w:pBdr>'
_TO_RIGHT = f'<w:tabs><w:tab w:val="right" w:pos="{_WIDTH_TWIPS}"/></w:tabs>'
# Base, paragraph and run of each style.
_LOOKS = {
    "Normal": ("", '<w:spacing w:after="60" w:line="276" w:lineRule="auto"/>', ""),
    "Title": ("", _CENTRED, f'{_HEAVY}<w:b/><w:spacing w:val="20"/><w:sz w:val="38"/><w:szCs w:val="38"/>'),
    "Subtitle": ("", _CENTRED, f'{_HEAVY}<w:color w:val="{_GREY}"/><w:sz w:val="22"/>'),
    "Heading 1": (
        "",
        '<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="100"/><w:outlineLvl w:val="0"/>',
        f'{_HEAVY}<w:b/><w:sz w:val="25"/><w:szCs w:val="25"/>',
    ),
    "Header": ("", _EDGE.format("bottom") + _TO_RIGHT, '<w:sz w:val="16"/>'),
    "Footer": ("", _EDGE.format("top") + _TO_RIGHT, '<w:sz w:val="16"/>'),
    "Yudi Opinion": (
        "Normal",
        '<w:spacing w:after="80" w:line="320" w:lineRule="auto"/>'
        '<w:ind w:firstLineChars="200" w:firstLine="420"/><w:jc w:val="both"/>',
        '<w:sz w:val="21"/>',
    ),
    "Yudi Opinion En": ("Normal", '<w:spacing w:after="80"/><w:jc w:val="both"/>', ""),
    "Yudi Note": ("Normal", '<w:spacing w:after="40" w:line="252" w:lineRule="auto"/>', '<w:sz w:val="18"/>'),
    "Yudi Cell": (
        "Normal",
        '<w:spacing w:before="0" w:after="20" w:line="240" w:lineRule="auto"/>',
        '<w:sz w:val="17"/>',
    ),
    "Yudi Gap": (
        "Normal",
        '<w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/>',
        '<w:sz w:val="10"/>',
    ),
}
_LONG = 560  # letters from which on a row may break over two pages
_NAME_MAX = 30  # letters of a name that stands beside the label on every page
_PROPERTY_MAX = 250  # letters that a property of a Word file can hold
_PAGE = {"zh": ("第 ", " 页 / 共 ", " 页"), "en": ("Page ", " of ", ""), "both": ("第 ", " 页 / 共 ", " 页 pages")}


def write_docx(content: ReportContent, path: Path) -> None:
    """Write a report as a Word document (OOXML).

    Raises
    ------
    UnavailableError
        Where the extra ``report`` is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise UnavailableError("a report needs the extra report", hint='pip install "yudi[report]"') from error
    document = docx.Document()
    _set_up(document, content)
    _head(document, content)
    blocks = content.shown("page")
    for block, after in zip(blocks, (*blocks[1:], None), strict=True):
        if isinstance(block, Heading):
            _append(document, _paragraph(_runs(block.text, sans=True, beside=True), style="Heading1"))
        elif isinstance(block, Paragraph):
            for xml in _prose(block, content.lang, is_led=isinstance(after, Table)):
                _append(document, xml)
        elif isinstance(block, Table):
            _append(document, _table(block))
            _append(document, _paragraph("", style="YudiGap"))
        else:
            _picture(document, block)
    made = io.BytesIO()
    document.save(made)
    path.write_bytes(with_fixed_times(made.getvalue(), content.day))


def _append(document: Any, xml: str) -> None:
    """Put an element before the section's own, which must stay the last one."""
    document.element.body.insert(len(document.element.body) - 1, _element(xml))


def _element(xml: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(re.sub(r"^<(w:\w+)", rf"<\1 {nsdecls('w')}", xml, count=1))


def _clean(text: str) -> str:
    return escape(text.replace("\ufffe", "").replace("\uffff", ""))


def _run(text: str, *, size: float = 0, bold: bool = False, color: str = "", sans: bool = False, lang: str = "") -> str:
    """Return a run of text; sizes in points, 0 for the paragraph's own."""
    look = _HEAVY if sans else ""
    look += "<w:b/>" if bold else ""
    look += f'<w:color w:val="{color}"/>' if color else ""
    look += f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>' if size else ""
    look += f'<w:lang w:val="{lang}"/>' if lang else ""
    parts = _clean(text).split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in parts)
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{inner}</w:r>"


def _break() -> str:
    return "<w:r><w:br/></w:r>"


def _runs(
    text: Text, *, size: float = 0, bold: bool = False, color: str = "", sans: bool = False, beside: bool = False
) -> str:
    """Return a text with its second language beneath, or beside it."""
    made = _run(text.main, size=size, bold=bold, color=color, sans=sans)
    if text.second:
        small = size * 0.88 if size else 0
        made += _run("  ") if beside else _break()
        made += _run(text.second, size=small, color=color or _GREY, sans=sans and bool(color), lang="en-US")
    return made


def _paragraph(runs: str, *, style: str = "", more: str = "") -> str:
    held = (f'<w:pStyle w:val="{style}"/>' if style else "") + more
    return f"<w:p>{f'<w:pPr>{held}</w:pPr>' if held else ''}{runs}</w:p>"


def _prose(block: Paragraph, lang: str, *, is_led: bool = False) -> list[str]:
    if block.style != "opinion":
        return [_paragraph(_runs(block.text, size=9), style="YudiNote", more="<w:keepNext/>" if is_led else "")]
    made = [_paragraph(_run(block.text.main), style="YudiOpinionEn" if lang == "en" else "YudiOpinion")]
    if block.text.second:
        made.append(_paragraph(_run(block.text.second, size=9, color=_GREY, lang="en-US"), style="YudiOpinionEn"))
    return made


def _head(document: Any, content: ReportContent) -> None:
    """Write what stands at the top of the first page: title, number, day, edition, verdict."""
    _append(document, _paragraph(_run(content.title.main), style="Title"))
    if content.title.second:
        _append(document, _paragraph(_run(content.title.second, lang="en-US"), style="Subtitle"))
    meta = ""
    for name, value in content.meta:
        meta += _run(" ".join(name.lines()) + " ", size=9, color=_GREY, sans=True)
        meta += _run(" ".join(value.lines()) + "    ", size=9)
    _append(document, _paragraph(meta, style="YudiNote"))
    strong, pale = _VERDICTS[content.verdict]
    runs = _run(f"{content.mark} {content.verdict_text.main} ", size=15, bold=True, color=strong, sans=True)
    runs += (
        _run(f"{content.verdict_text.second}  ", size=11, color=strong, sans=True, lang="en-US")
        if content.verdict_text.second
        else ""
    )
    if content.presumed_text:
        runs += _run("  " + "  ".join(content.presumed_text.lines()), size=10, sans=True)
    runs += "<w:r><w:tab/></w:r>" + _run(brief(content.project.main, _NAME_MAX), size=10, sans=True)
    more = (
        f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="{strong}"/></w:pBdr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{pale}"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{_WIDTH_TWIPS}"/></w:tabs><w:spacing w:before="120" w:after="120"/>'
    )
    _append(document, _paragraph(runs, more=more))


def _table(table: Table) -> str:
    size = 7.5 if table.is_compact else 8
    total = sum(column.width for column in table.columns)
    widths = [round(_WIDTH_TWIPS * column.width / total) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    heads = "".join(
        _cell(_paragraph(_runs(column.title, size=size, bold=True, sans=True), style="YudiCell"), width, fill="DDE3E4")
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
    rows += [_row(row, widths, size) for row in table.rows]
    edge = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="9AA3A8"/>'
    borders = "".join(edge.format(side) for side in ("top", "bottom", "insideH"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH_TWIPS}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="25" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
        f'<w:bottom w:w="15" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(row: Row, widths: list[int], size: float) -> str:
    if row.is_band:
        main = "  ·  ".join(" ".join(line.text.main for line in cell) for cell in row.cells)
        second = " · ".join(line.text.second for cell in row.cells for line in cell if line.text.second)
        runs = _runs(Text(main, second), size=size, bold=True, sans=True, beside=True)
        told = _paragraph(runs, style="YudiCell", more="<w:keepNext/>")
        return (
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(told, sum(widths), fill='EEF1F1', span=len(widths))}</w:tr>"
        )
    letters = max((sum(len(part) for line in cell for part in line.text.lines()) for cell in row.cells), default=0)
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if letters <= _LONG else ""
    cells = (_cell(_lines(cell, size), width) for cell, width in zip(row.cells, widths, strict=True))
    return f"<w:tr>{whole}{''.join(cells)}</w:tr>"


def _cell(inner: str, width: int, *, fill: str = "", span: int = 1) -> str:
    held = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    held += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    held += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f"<w:tc><w:tcPr>{held}</w:tcPr>{inner}</w:tc>"


def _lines(cell: Cell, size: float) -> str:
    return "".join(_paragraph(_line(line, size), style="YudiCell") for line in cell) or _paragraph("", style="YudiCell")


def _line(line: Line, size: float) -> str:
    if line.style in _COLORS:
        return _runs(line.text, size=size, bold=True, color=_COLORS[line.style], sans=True)
    if line.style in ("small", "code"):
        return _runs(line.text, size=size * 0.85, color=_GREY)
    if line.style in ("strong", "source"):
        return _runs(
            line.text, size=size if line.style == "strong" else size * 0.9, bold=line.style == "strong", sans=True
        )
    return _runs(line.text, size=size)


def _picture(document: Any, figure: Figure) -> None:
    from docx.shared import Mm

    paragraph = document.add_paragraph(style="Yudi Gap")
    picture = io.BytesIO(png_of(figure.svg, width_mm=figure.width_mm))
    shape = paragraph.add_run().add_picture(picture, width=Mm(figure.width_mm))
    shape._inline.docPr.set("descr", " ".join(figure.alt.lines()))  # python-docx has no name for it


def _set_up(document: Any, content: ReportContent) -> None:
    """Set page, fonts, styles, header, footer and what the file says of itself."""
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    _fonts(document, content.lang)
    _styles(document)
    name = f"{content.title.main} · {brief(content.project.main, _NAME_MAX)}"
    runs = _run(name, size=8, color=_GREY, sans=True) + "<w:r><w:tab/></w:r>"
    runs += _run("  ".join(content.label.lines()), size=8, bold=True, sans=True)
    _replace(section.header.paragraphs[0], _paragraph(runs, style="Header"))
    before, between, after = _PAGE[content.lang]
    runs = _run(brief(content.number, 2 * _NAME_MAX), size=8, color=_GREY, sans=True) + "<w:r><w:tab/></w:r>"
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        runs += _run(text, size=8, color=_GREY, sans=True) if text else ""
        runs += (
            f'<w:fldSimple w:instr="{field}">{_run("1", size=8, color=_GREY, sans=True)}</w:fldSimple>' if field else ""
        )
    _replace(section.footer.paragraphs[0], _paragraph(runs, style="Footer"))
    properties = document.core_properties
    properties.title, properties.subject = content.title.main, content.project.main[:_PROPERTY_MAX]
    properties.author = properties.last_modified_by = "Yudi"
    properties.comments = ""
    properties.language = "en-US" if content.lang == "en" else "zh-CN"
    properties.created = properties.modified = datetime(content.day.year, content.day.month, content.day.day)


def _replace(paragraph: Any, xml: str) -> None:
    paragraph._p.getparent().replace(paragraph._p, _element(xml))


def _fonts(document: Any, lang: str) -> None:
    """Name the fonts of both scripts and of the languages for the whole document, with what to take where one is absent."""
    default = document.styles.element.find(".//{*}docDefaults/{*}rPrDefault/{*}rPr")
    for child in list(default):
        default.remove(child)
    own = "en-US" if lang == "en" else "zh-CN"
    for xml in (
        f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{_SONG}" w:cs="{_LATIN}"/>',
        '<w:sz w:val="20"/>',
        '<w:szCs w:val="20"/>',
        f'<w:lang w:val="{own}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>',
    ):
        default.append(_element(xml))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="{"86" if name in (_SONG, _HEI) else "00"}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (other, family) in _FALLBACKS.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for part in document.part.package.iter_parts():
        if str(part.partname).endswith("fontTable.xml"):
            part._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()


def _styles(document: Any) -> None:
    """Define the styles, so that an office changes the look of all reports in one place."""
    from docx.enum.style import WD_STYLE_TYPE

    for name, (base, paragraph, run) in _LOOKS.items():
        own = name.startswith("Yudi")
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) if own else document.styles[name]
        if base:
            style.base_style = document.styles[base]
        element = style.element
        for tag in ("pPr", "rPr"):
            for child in element.findall(f"{{*}}{tag}"):
                element.remove(child)
        for tag, xml in (("pPr", paragraph), ("rPr", run)):
            element.append(_element(f"<w:{tag}>{xml}</w:{tag}>"))
