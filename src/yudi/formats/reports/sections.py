"""The parts of a report that say what was asked and what came of it: the opinion, and the project with its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from yudi.core.measure import area_m2, length_m, plane_at
from yudi.core.words import Words
from yudi.formats.reports.asked import Asked, cell, table
from yudi.formats.reports.clause_rows import cited, joined, unasked
from yudi.formats.reports.model import Block, Paragraph, Row, Table, brief
from yudi.formats.sites.angles import show_angle
from yudi.formats.sites.shown import MU_M2
from yudi.territory.answer_words import VERDICT_WORDS, asked_words, number_text, percents, value_words

__all__ = ["opinion", "project_table", "verdict_reason"]

_UNITS = 3  # units that the opinion names
_NAME_MAX = 60  # letters of the project's name in the opinion; the table below has it whole
_CITED = 3  # prohibiting clauses that the opinion names
_SHAPES = {0: Words("点", "points"), 1: Words("线", "line"), 2: Words("面", "polygon")}
_ORIGINS = {
    "stated": Words("建设单位陈述", "stated by the proponent"),
    "inferred": Words("依规定推断", "inferred by a rule"),
}


def opinion(asked: Asked) -> list[Block]:
    """Return the opinion in one paragraph, and what else a reader must know before trusting it."""
    data, voice = asked.data, asked.voice
    parts = [_where(asked), _verdict_sentence(asked), _counts(asked), _next(asked)]
    text = Words("".join(part.zh for part in parts), " ".join(part.en for part in parts if part.en))
    blocks: list[Block] = [Paragraph(voice(text), "opinion")]
    for note in data["notes"]:
        said = Words(**note["text"])
        blocks.append(Paragraph(voice(Words(f"注：{said.get('zh')}", f"Note: {said.get('en')}")), "note"))
    return blocks


def _where(asked: Asked) -> Words:
    data = asked.data
    names = Words(
        "、".join(e["name"]["zh"] for e in data["editions"]), ", ".join(e["name"]["en"] for e in data["editions"])
    )
    day = data["as_of"]
    name = brief(asked.screening.project.id, _NAME_MAX)
    units = [unit for unit in data["units"] if not unit.get("touches")]
    told = [f"{unit['code']} {unit.get('name', '')}".strip() for unit in units[:_UNITS]]
    more = len(units) - len(told)
    zh = f"经对照{names.zh}（基准日期 {day}），“{name}”"
    en = f"Held against {names.en} as of {day}, “{name}”"
    if not units:
        return Words(f"{zh}选址不在任何管控单元内。", f"{en} lies in no control unit.")
    tail = (f"等 {len(units)} 个管控单元", f" and {more} more") if more else ("", "")
    return Words(
        f"{zh}选址位于{'、'.join(told)}{tail[0]}。",
        f"{en} lies in control unit{'s' if len(units) > 1 else ''} {'; '.join(told)}{tail[1]}.",
    )


def _verdict_sentence(asked: Asked) -> Words:
    data = asked.data
    verdict = VERDICT_WORDS[data["verdict"]]
    reason = verdict_reason(asked)
    zh, en = (
        f"依已知事实，研判结论为【{verdict.zh}】：{reason.zh}。",
        f"As known, the verdict is {verdict.en.lower()}: {reason.en}.",
    )
    if data["verdict"] != "undetermined":
        return Words(zh, en)
    possible = [VERDICT_WORDS[key] for key in data["possible"]]
    zh_all, en_all = "、".join(one.zh for one in possible), ", ".join(one.en.lower() for one in possible)
    if data["presumed"]["verdict"] != data["verdict"]:
        presumed = VERDICT_WORDS[data["presumed"]["verdict"]]
        count = len(data["presumed"]["assuming"])
        zh += f"如 {count} 项通常回答成立，推定为【{presumed.zh}】；"
        en += f" If {_count(count, 'usual answer')} hold, it is presumed {presumed.en.lower()};"
    if possible:
        zh += f"可能结论：{zh_all}。"
        en += f" possible: {en_all}."
    return Words(zh, en)


def verdict_reason(asked: Asked) -> Words:
    """Return in a clause why the verdict is what it is."""
    groups, data = asked.groups, asked.data
    if not asked.is_in_force:
        return Words("此日没有现行有效的版本", "no edition is in force on this day")
    if found := groups["prohibits"]:
        numbers = asked.numbers
        named = joined([_numbered(item, numbers) for item in found[:_CITED]], "、", ", ")
        more = Words("等" if len(found) > _CITED else "", " and others" if len(found) > _CITED else "")
        verb = "s" if len(found) == 1 else ""
        return Words(
            f"{named.zh}{more.zh}共 {len(found)} 条禁止",
            f"{len(found)} clause{'' if verb else 's'} prohibit{verb} ({named.en}{more.en})",
        )
    if data["verdict"] == "undetermined":
        said = []
        if data["uncovered_share"]:
            share = percents([data["uncovered_share"]])[0]
            said.append(Words(f"选址 {share} 不在任何管控单元内", f"{share} of the site lies in no control unit"))
        if found := groups["may_prohibit"]:
            said.append(
                Words(
                    f"{len(found)} 条可能禁止的条款尚待事实",
                    f"facts are missing for {_count(len(found), 'clause')} that may prohibit",
                )
            )
        return joined(said, "，且", ", and ")
    if data["verdict"] == "conditional":
        fixed, may = len(groups["conditions"]), len(groups["may_condition"])
        said = [Words(f"须落实 {fixed} 项条件", f"{_count(fixed, 'condition')} must be met")] if fixed else []
        if may:
            said.append(Words(f"另有 {may} 条可能附条件", f"{_count(may, 'more clause')} may add conditions"))
        return joined(said, "，", ", ")
    return Words("未见禁止或附条件的条款", "no clause prohibits or adds conditions")


def _numbered(item: Mapping[str, Any], numbers: Mapping[tuple[str, str], int]) -> Words:
    """Return where a clause stands, with its number in the report."""
    source, number = cited(item), numbers[item["edition"], item["id"]]
    return Words(f"{source.zh}（序号 {number}）", f"{source.en}, no. {number}")


def _count(number: int, name: str) -> str:
    """Return a number of things in English: 1 clause, 2 clauses."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _counts(asked: Asked) -> Words:
    data, groups = asked.data, asked.groups
    clauses = data["clauses"]
    total = sum(len(items) for items in groups.values()) + len(clauses["not_applicable"])
    names = (
        ("prohibits", "禁止", "prohibiting"),
        ("conditions", "附条件", "adding conditions"),
        ("may_prohibit", "可能禁止", "may prohibit"),
        ("may_condition", "可能附条件", "may add conditions"),
        ("satisfied", "已满足", "satisfied"),
        ("note", "提示", "notes"),
    )
    zh = [f"{name} {len(groups[key])} 条" for key, name, _ in names if groups[key]]
    en = [f"{name} {len(groups[key])}" for key, _, name in names if groups[key]]
    zh.append(f"不适用 {len(clauses['not_applicable'])} 条")
    en.append(f"not applicable {len(clauses['not_applicable'])}")
    return Words(
        f"共研判 {total} 条：{'，'.join(zh)}；另有 {clauses['elsewhere']} 条属他处单元，未计入。",
        f"Clauses considered: {total} ({'; '.join(en)}); {clauses['elsewhere']} more belong to units elsewhere.",
    )


def _next(asked: Asked) -> Words:
    data = asked.data
    keys = data["questions"]
    if keys:
        said = joined([unasked(asked_words(key, asked.screening)) for key in keys[:_CITED]], "；", "; ")
        more = Words("等" if len(keys) > _CITED else "", " and others" if len(keys) > _CITED else "")
        return Words(f"须先答复：{said.zh}{more.zh}。", f"Answer first: {said.en}{more.en}.")
    if data["ways_out"]:
        count = len({(way["kind"], str(way["text"])) for way in data["ways_out"]})
        return Words(f"已找到出路 {count} 条，见“出路”。", f"Ways out found: {count}, see below.")
    return Words()


def project_table(asked: Asked, corners: int) -> Table:
    """Return what the project is: site, stated and inferred facts, answers and measurements, each with its source.

    Parameters
    ----------
    corners : int
        How many the site has.
    """
    voice, screening = asked.voice, asked.screening
    project = screening.project
    rows = [Row((cell(voice, Words("项目", "Project")), cell(voice, project.id, style="strong"), ()))]
    rows += [
        Row((cell(voice, label), cell(voice, value), cell(voice, more))) for label, value, more in _site(asked, corners)
    ]
    for key, value in project.facts.items():
        said = value_words(key, value, screening.editions)
        who = [str(part) for part in (value.by, value.source, value.on) if part]
        origin = Words("，".join(who), ", ".join(who)) if who else _ORIGINS["stated"]
        rows.append(Row((cell(voice, _label(asked, key)), cell(voice, said), cell(voice, origin))))
    stated = set(project.facts)
    for facts in screening.facts:
        for key, value in facts.items():
            if key not in stated and value.origin == "inferred":
                stated.add(key)
                head = _ORIGINS["inferred"]
                origin = Words(f"{head.zh}：{value.source}", f"{head.en}: {value.source}") if value.source else head
                said = value_words(key, value, screening.editions)
                rows.append(Row((cell(voice, _label(asked, key)), cell(voice, said), cell(voice, origin))))
    for key, given in sorted(project.carried.items()):
        rows.append(Row((cell(voice, key), cell(voice, str(given)), cell(voice, Words("未参与研判", "not used")))))
    columns = (
        (Words("项目数据", "Project data"), 0.22),
        (Words("内容", "Value"), 0.52),
        (Words("来源", "Source"), 0.26),
    )
    return table(voice, "project", columns, rows)


def _label(asked: Asked, key: str) -> Words:
    """Return how a fact is called beside its value, which has the unit."""
    for edition in asked.screening.editions:
        fact = edition.rules.vocabulary.fact(key)
        if fact is not None and fact.unit and ":" not in key:
            return edition.rules.vocabulary.label(key)
    return unasked(asked_words(key, asked.screening))


def _site(asked: Asked, corners: int) -> list[tuple[Words, Words, Words]]:
    site = asked.screening.project.site
    dimension = int(shapely.get_dimensions(site))
    plane = plane_at(float(site.centroid.x))
    count = int(shapely.get_num_geometries(site))
    if dimension == 2:
        area = float(area_m2(site, plane))
        size, mu = number_text(round(area, 1)), number_text(round(area / MU_M2, 2))
        told = Words(f"面积 {size} m²（{mu} 亩）", f"area {size} m² ({mu} mu)")
    elif dimension == 1:
        size = number_text(round(float(length_m(site, plane)), 1))
        told = Words(f"长度 {size} m", f"length {size} m")
    else:
        told = Words(f"{count} 个", _count(count, "point"))
    if dimension and count > 1:
        told = Words(f"{told.zh}，{count} 个部分", f"{told.en}, {count} parts")
    west, south, east, north = site.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    centre = [show_angle(lon, "lon"), show_angle(lat, "lat")]
    plain = f"{lon:.6f}°, {lat:.6f}°"
    kind = _SHAPES[dimension]
    head = Words("中心坐标", "Centre") if dimension or count > 1 else Words("坐标", "Coordinates")
    return [
        (
            Words("选址", "Site"),
            Words(f"{kind.zh}状，{told.zh}", f"{kind.en}, {told.en}" if dimension else told.en),
            Words(
                f"{corners} 个拐点" if dimension else "CGCS2000", _count(corners, "corner") if dimension else "CGCS2000"
            ),
        ),
        (
            head,
            Words(f"{'，'.join(centre)}（{plain}）", f"{', '.join(centre)} ({plain})"),
            Words("CGCS2000", "CGCS2000"),
        ),
    ]
