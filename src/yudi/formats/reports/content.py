"""The content of a report, made from a screening and its answer: what every format says, in the same words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import shapely

from yudi.core.errors import InputError, Where
from yudi.core.words import Words
from yudi.formats.drawings import clean
from yudi.formats.map_contents import contents_of
from yudi.formats.reports import answer_sections as leading
from yudi.formats.reports.asked import Asked
from yudi.formats.reports.clause_sections import clauses_table, not_applicable_tables, touched_table
from yudi.formats.reports.model import Block, Figure, Heading, Paragraph, ReportContent, Shape, Voice
from yudi.formats.reports.place_sections import Corners, corners_of, corners_section, units_table, zones_table
from yudi.formats.reports.sections import opinion, project_table
from yudi.formats.site_maps import map_of
from yudi.territory.answer_marks import VERDICT_MARKS
from yudi.territory.answer_words import ILLUSTRATIVE, VERDICT_WORDS
from yudi.territory.screening import Screening

__all__ = ["LANGUAGES", "report_content", "report_number"]

LANGUAGES = ("zh", "en", "both")
_MAP_MM, _SMALL_MAP_MM = (170.0, 92.0), (170.0, 56.0)
_FEW = 5  # clauses in play with which the whole answer fits a page, so that the map comes after them
_NUMERALS = "一二三四五六七八九十"
_TITLE = Words("生态环境分区管控准入研判报告", "Zoning Control Screening Report")


def report_content(
    screening: Screening, data: Mapping[str, Any], *, lang: str = "zh", number: str = "", ways_searched: bool = False
) -> ReportContent:
    """Return what a report of a screening says.

    Parameters
    ----------
    data : mapping
        The answer as `yudi.territory.verdict.verdict_data` gives it.
    lang : str
        One of `LANGUAGES`.
    number : str
        The report's number; made from the content where none is given.
    ways_searched : bool
        Whether ways out were looked for, so that none means that there is none.

    Raises
    ------
    InputError
        For another language.
    """
    if lang not in LANGUAGES:
        raise InputError(f"unknown language {lang!r}", where=Where(field="lang"), hint="zh, en or both")
    voice = Voice(lang)
    asked = Asked(screening, data, voice)
    corners = corners_of(asked)
    number = clean(number).replace("\n", " ") or report_number(data)
    differs = data["verdict"] != data["presumed"]["verdict"]
    presumed = VERDICT_WORDS[data["presumed"]["verdict"]]
    names = Words(
        "；".join(e["name"]["zh"] for e in data["editions"]), "; ".join(e["name"]["en"] for e in data["editions"])
    )
    illustrative = any(edition["illustrative"] for edition in data["editions"])
    return ReportContent(
        lang=lang,
        title=voice(_TITLE),
        project=voice(screening.project.id),
        number=number,
        day=screening.as_of,
        verdict=data["verdict"],
        mark=VERDICT_MARKS[data["verdict"]],
        verdict_text=voice(VERDICT_WORDS[data["verdict"]]),
        presumed_text=voice(Words(f"推定：{presumed.zh}", f"Presumed: {presumed.en.lower()}"))
        if differs
        else voice(""),
        label=voice(ILLUSTRATIVE) if illustrative else voice(""),
        meta=(
            (voice(Words("编号", "Number")), voice(number)),
            (voice(Words("基准日期", "As of")), voice(data["as_of"])),
            (voice(Words("版本", "Edition")), voice(names)),
        ),
        blocks=tuple(_blocks(asked, corners, ways_searched)),
        shapes=tuple(_shapes(asked, corners)),
    )


def report_number(data: Mapping[str, Any]) -> str:
    """Return a number made from the answer: its day, and eight letters of the hash of all that it says.

    The same question of the same editions on the same day has the same number.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return f"YD-{data['as_of'].replace('-', '')}-{hashlib.sha256(text.encode()).hexdigest()[:8].upper()}"


def _blocks(asked: Asked, corners: Corners, ways_searched: bool) -> list[Block]:
    data = asked.data
    in_play = sum(len(items) for items in asked.groups.values())
    figure = _map(asked, _MAP_MM if in_play > _FEW else _SMALL_MAP_MM)
    units: list[Block] = [project_table(asked, corners.count)]
    if data["units"] or data["uncovered_share"]:
        units.append(units_table(asked))
    here: list[Block] = [figure, *zones_table(asked), *corners_section(asked, corners)]
    others = ("not_applicable", Words("不适用条款", "Clauses that do not apply"), _others(asked))
    sections: list[tuple[str, Words, list[Block]]] = [
        ("opinion", Words("研判意见", "Opinion"), opinion(asked)),
        ("project", Words("项目与所涉管控单元", "Project and control units"), units),
        ("map", Words("选址位置", "Where the site lies"), here),
        ("clauses", Words("逐条研判", "Clause by clause"), _in_play(asked) if in_play else []),
    ]
    if not in_play:  # one section says it all
        sections[3] = ("not_applicable", sections[3][1], others[2])
    if in_play <= _FEW:
        sections[2], sections[3] = sections[3], sections[2]
    if (touched := touched_table(asked)) is not None:
        sections.append(("touched", Words("仅擦边、未适用的条款", "Touched only, so not applicable"), [touched]))
    if (questions := leading.questions_table(asked)) is not None:
        sections.append(("questions", Words("待答问题", "Open questions"), [questions]))
    if data["verdict"] != "admissible" or data["ways_out"]:  # else none is needed
        sections.append(("ways_out", Words("出路", "Ways out"), leading.ways(asked, searched=ways_searched)))
    if in_play:
        sections.append(others)
    sections.append(("sources", Words("依据与方法", "Sources and methods"), _sources(asked)))
    found: list[Block] = []
    for place, (key, title, blocks) in enumerate(sections):
        said = Words(f"{_NUMERALS[place]}、{title.zh}", f"{place + 1}  {title.en}")
        found += [Heading(asked.voice(said), key), *blocks]
    return found


def _in_play(asked: Asked) -> list[Block]:
    """Return the clauses in play, with what holds for all of them said once."""
    blocks: list[Block] = [clauses_table(asked)]
    if any(item.get("needs") for items in asked.groups.values() for item in items):
        zh = "凡列“取决于（未知）”者，须在设计文件中明确或按“待答问题”答复。"
        en = "What a row depends on and is not known is to be stated in the design, or answered as the open questions say."
        blocks.insert(0, _said(asked, zh, en, only="page"))
    return blocks


def _said(asked: Asked, zh: str, en: str, *, only: str = "") -> Paragraph:
    return Paragraph(asked.voice(Words(zh, en)), "note", only)


def _map(asked: Asked, size_mm: tuple[float, float]) -> Figure:
    width, height = size_mm
    svg = map_of(
        asked.screening, lang=asked.voice.lang, width_mm=width, height_mm=height, ways=leading.ways_once(asked.data)
    )
    names = "、".join(unit["code"] for unit in asked.data["units"]) or "–"
    alt = Words(
        f"选址位置图：选址与所涉管控单元（{names}），附比例尺、指北针、经纬度与图例。",
        f"Map of the site among its control units ({names.replace('、', ', ')}), with scale, north, degrees and legend.",
    )
    return Figure(svg, width, height, asked.voice(alt))


def _others(asked: Asked) -> list[Block]:
    none = ("", "") if any(asked.groups.values()) else ("没有须逐条研判的条款。", "No clause is in play. ")
    count, elsewhere = len(asked.data["clauses"]["not_applicable"]), asked.data["clauses"]["elsewhere"]
    tables = not_applicable_tables(asked)
    zh = f"{none[0]}{count} 条不适用"
    en = f"{none[1]}{count} clause{'' if count == 1 else 's'} do{'es' if count == 1 else ''} not apply"
    short = (
        "，按原因归并，列条号与事由，条文全文见 Excel 报告",
        ", by why: number and subject, the words in full are in the Excel report",
    )
    rest = (
        f"；另有 {elsewhere} 条属选址未涉及的单元，只计数。",
        f"; {elsewhere} more belong to units that the site does not meet and are only counted.",
    )
    if any(item.get("unverified") for item in asked.data["clauses"]["not_applicable"]) and tables:
        rest = (rest[0] + "标 * 者未核实。", rest[1] + " * unverified.")
    if not tables:
        return [_said(asked, zh + rest[0], en + rest[1])]
    return [
        _said(asked, zh + short[0] + rest[0], en + short[1] + rest[1], only="page"),
        *tables,
        _said(asked, zh + rest[0], en + rest[1], only="sheet"),
    ]


def _sources(asked: Asked) -> list[Block]:
    blocks: list[Block] = [leading.editions_table(asked)]
    if (found := leading.sources_table(asked)) is not None:
        blocks.append(found)
    return [*blocks, *leading.terms_tables(asked), *leading.methods(asked, asked.screening.as_of)]


def _shapes(asked: Asked, corners: Corners) -> list[Shape]:
    """Return the site, the part of it in each unit, and where ways out put it, with what stands of them in the tables."""
    data, screening = asked.data, asked.screening
    found = [Shape("site", screening.project.site, {"id": screening.project.id, "verdict": data["verdict"]})]
    units = iter(data["units"])
    for place in screening.places:
        for touch, unit in zip(place.units, units, strict=False):
            told = {key: value for key, value in unit.items() if key not in ("edition", "method")}
            found.append(Shape("unit", touch.part, told | {"verdict": data["by_unit"].get(unit["code"])}))
    for number, corner in enumerate(corners.listed, 1):
        told = {"number": number, "name": corner.name, "part": asked.voice(corner.ring).main or None}
        told |= {"longitude": round(corner.lon, 9), "latitude": round(corner.lat, 9)}
        if corner.east is not None and corner.north is not None:
            told |= {"east": round(corner.east, 3), "north": round(corner.north, 3)}
        found.append(Shape("corner", shapely.Point(corner.lon, corner.lat), told))
    once = leading.ways_once(data)
    for way in contents_of(screening, once).ways:
        held = once[way.number - 1]
        told = {"number": way.number, "kind": way.kind, "text": held["text"], "verdict": held["verdict_after"]}
        found.append(Shape("way_out", way.shape, told))
    return found
