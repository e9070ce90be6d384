"""The parts of a report that lead on: open questions with who answers, ways out, and what all of it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yudi.core.dates import Period
from yudi.core.words import Words
from yudi.formats.reports.asked import Asked, cell, table
from yudi.formats.reports.clause_rows import joined, label_of
from yudi.formats.reports.model import Block, Line, Paragraph, Row, Table
from yudi.territory.answer_words import (
    VERDICT_WORDS,
    WAY_KINDS,
    WAY_TARGETS,
    asked_words,
    help_words,
    value_words,
)
from yudi.territory.facts import value_of
from yudi.territory.predicates import TermTest, leaves

__all__ = ["editions_table", "methods", "questions_table", "sources_table", "terms_tables", "ways", "ways_once"]

_GROUPS = ("applied", "open", "satisfied", "notes", "not_applicable")
_MERIDIAN = re.compile(r"central meridian ([\d.]+)°([EW])")

_BY_HEAD = {
    "layer": Words("方案编制单位（补充图层）", "who keeps the maps (the layer is missing)"),
    "list": Words("清单编制单位", "who keeps the list"),
    "distance": Words("测绘单位（实测并注明精度）", "a surveyor (measured, with its accuracy)"),
    "inside": Words("测绘单位（实测）", "a surveyor"),
}
_BY_PROVIDER = {
    "project": Words("建设单位", "the proponent"),
    "place": Words("测绘单位（实测并注明精度）", "a surveyor (measured, with its accuracy)"),
    "status": Words("主管部门（状况表）", "the authority that keeps the status table"),
    "person": Words("有权判定的单位或人员（署名并注明日期）", "a person entitled to judge (by name and date)"),
}


def questions_table(asked: Asked) -> Table | None:
    """Return what is not known and matters, by consequence: what decides the verdict, then prohibitions, then conditions."""
    voice, data, screening = asked.voice, asked.data, asked.screening
    asking = _asking(asked)
    first = list(data["questions"])
    ranked = sorted(
        (key for key in asking if key not in first),
        key=lambda key: (_rank(asking[key]), -sum(map(len, asking[key].values())), key),
    )
    assumed = data["presumed"]["assuming"]
    rows = []
    for number, key in enumerate((*first, *ranked), 1):
        said = [Line(voice(asked_words(key, screening)), "strong" if key in first else "")]
        if told := help_words(key, screening):
            said.append(Line(voice(told), "small"))
        usual = value_words(key, value_of(assumed[key]), screening.editions) if key in assumed else Words("–", "–")
        if isinstance(assumed.get(key), bool):
            usual = Words("是", "yes") if assumed[key] else Words("否", "no")
        rows.append(
            Row(
                (
                    cell(voice, f"{number}★" if key in first else str(number)),
                    tuple(said),
                    cell(voice, *_consequences(asking.get(key, {}), is_first=key in first)),
                    (*cell(voice, _who(key, asked)), Line(voice(key), "code")),
                    cell(voice, usual),
                )
            )
        )
    columns = (
        (Words("序号", "No."), 0.065),
        (Words("问题（★ 先答，一经答复即可能定论）", "Question (★ ask first: it can decide)"), 0.375),
        (Words("答复的后果（括注条款序号）", "What the answer decides (clauses)"), 0.25),
        (Words("由谁答复；项目文件中的键", "Who answers; key in the project file"), 0.2),
        (Words("通常回答", "Usual answer"), 0.11),
    )
    return table(voice, "questions", columns, rows) if rows else None


_DECIDES = {
    "may_prohibit": Words("是否禁止", "whether it is prohibited"),
    "may_condition": Words("是否附条件", "whether there is a condition"),
    "conditions": Words("条件是否成立、如何落实", "whether and how a condition is met"),
}


def _asking(asked: Asked) -> dict[str, dict[str, list[int]]]:
    """Return for what is not known the numbers of the clauses that wait for it, by what these come to."""
    found: dict[str, dict[str, list[int]]] = {}
    for group in _DECIDES:
        for item in asked.groups[group]:
            for key in item.get("needs", ()):
                found.setdefault(key, {}).setdefault(group, []).append(asked.numbers[item["edition"], item["id"]])
    return found


def _rank(groups: Mapping[str, Sequence[int]]) -> int:
    return min(list(_DECIDES).index(group) for group in groups)


def _consequences(groups: Mapping[str, Sequence[int]], *, is_first: bool) -> list[Words]:
    said = [Words("决定结论", "Decides the verdict")] if is_first else []
    for group, what in _DECIDES.items():
        if numbers := [str(number) for number in sorted(set(groups.get(group, ())))]:
            said.append(Words(f"{what.zh}（{'、'.join(numbers)}）", f"{what.en} ({', '.join(numbers)})"))
    return said


def _who(key: str, asked: Asked) -> Words:
    head = key.partition(":")[0]
    if head in _BY_HEAD:
        return _BY_HEAD[head]
    for edition in asked.screening.editions:
        if (fact := edition.rules.vocabulary.fact(key)) is not None:
            return _BY_PROVIDER[fact.provider]
    return _BY_PROVIDER["person"]


def ways(asked: Asked, *, searched: bool) -> list[Block]:
    """Return the ways out with what each leads to, or that none was found, or that none was looked for."""
    voice, data = asked.voice, asked.data
    found = ways_once(data)
    none = data.get("no_way_out") or []
    if not searched and not found:
        text = Words("本次未检索出路。", "No way out was looked for.")
        return [Paragraph(voice(text), "note")]
    if data["presumed"]["verdict"] == "admissible" and not found:
        text = Words("无需出路：推定为可准入。", "No way out is needed: presumed admissible.")
        if data["verdict"] == "undetermined":
            text = Words(
                "推定为可准入，故未检索出路；依已知事实仍无法判定，须先答复待答问题。",
                "Presumed admissible, so no way out was looked for; as known it is still undetermined: the open questions come first.",
            )
        return [Paragraph(voice(text), "note")]
    blocks: list[Block] = []
    if found:
        rows = [_way(number, way, asked) for number, way in enumerate(found, 1)]
        columns = (
            (Words("序号", "No."), 0.055),
            (Words("方式", "Kind"), 0.11),
            (Words("改变什么", "What changes"), 0.464),
            (Words("可达到", "Reaches"), 0.12),
            (Words("再次研判：结论（推定）", "Screened again: verdict (presumed)"), 0.25),
        )
        blocks.append(table(voice, "ways_out", columns, rows))
    elif not none:
        blocks.append(Paragraph(voice(Words("检索范围内未找到出路。", "No way out was found within reach.")), "note"))
    return [*blocks, *(Paragraph(voice(one), "note") for one in _no_ways(none))]


def _no_ways(none: Sequence[Mapping[str, Any]]) -> list[Words]:
    """Return by kind why no way reaches which aims; of all kinds together the reason says it all."""
    said: list[Words] = []
    found: dict[tuple[str, str, str], list[Words]] = {}
    for one in none:
        text, kind = Words(**one["text"]), one.get("kind", "")
        aim = WAY_TARGETS.get(one["target"]) or Words(one["target"], one["target"])
        if kind:
            found.setdefault((kind, text.get("zh"), text.get("en")), []).append(aim)
        else:
            said.append(text)
    for (kind, zh, en), aims in found.items():
        name, told = WAY_KINDS.get(kind) or Words(kind, kind), joined(aims, "、", ", ")
        said.append(Words(f"{name.zh}（{told.zh}）：{zh}", f"{name.en} ({told.en}): {en}"))
    return said


def ways_once(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the ways out of an answer, one that reaches several aims once, with all of them as ``targets``."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for way in data["ways_out"]:
        key = (way["kind"], str(way["text"]))
        held = found.setdefault(key, {**way, "targets": []})
        held["targets"].append(way["target"])
    return list(found.values())


def _way(number: int, way: Mapping[str, Any], asked: Asked) -> Row:
    voice = asked.voice
    kind = way["kind"]
    best = max(way["targets"], key=lambda target: list(WAY_TARGETS).index(target) if target in WAY_TARGETS else -1)
    after = VERDICT_WORDS[way["verdict_after"]]
    presumed = VERDICT_WORDS[way["presumed_after"]] if way.get("presumed_after") else after
    told = Words(f"{after.zh}（推定 {presumed.zh}）", f"{after.en} (presumed {presumed.en.lower()})")
    return Row(
        (
            cell(voice, str(number)),
            cell(voice, WAY_KINDS.get(kind) or Words(kind, kind)),
            cell(voice, Words(**way["text"])),
            cell(voice, WAY_TARGETS.get(best) or Words(best, best)),
            cell(voice, told),
        )
    )


def _days(period: Period) -> Words:
    start = Words(f"{period.start} 起", f"from {period.start}") if period.start else Words("未注明", "not stated")
    if period.end is None:
        return start
    return Words(f"{start.zh}，{period.end} 止", f"{start.en} until {period.end}")


def sources_table(asked: Asked) -> Table | None:
    """Return the documents behind the clauses: number, level, days in force, how many clauses, how many unverified."""
    voice = asked.voice
    counts: dict[tuple[str, str], list[int]] = {}
    documents: dict[tuple[str, str], tuple[Words, str, Words, Words]] = {}
    clauses = asked.data["clauses"]
    for group in _GROUPS:
        for item in clauses[group]:
            key = (item["citation"]["document"], item["citation"]["number"])
            told = counts.setdefault(key, [0, 0, 0])
            told[0] += group != "not_applicable"
            told[1] += group == "not_applicable"
            told[2] += bool(item.get("unverified"))
            title = Words(**item["source"]) if item["source"] else Words(key[0], key[0])
            documents.setdefault(key, (title, key[1], label_of(item["level"]), _document_days(asked, key)))
    rows = [
        Row(
            (
                cell(voice, Words(f"{title.zh} {number}".strip(), f"{title.get('en')} {number}".strip())),
                cell(voice, level),
                cell(voice, days),
                cell(voice, f"{counts[key][0]} / {counts[key][1]}"),
                cell(voice, str(counts[key][2]) if counts[key][2] else "–"),
            )
        )
        for key, (title, number, level, days) in sorted(documents.items(), key=lambda row: (-counts[row[0]][0], row[0]))
        if key[0]
    ]
    columns = (
        (Words("文件与文号", "Document and number"), 0.47),
        (Words("层级", "Level"), 0.07),
        (Words("有效期", "In force"), 0.25),
        (Words("研判/不适用", "In play/not"), 0.12),
        (Words("未核实", "Unverified"), 0.09),
    )
    return table(voice, "sources", columns, rows, is_compact=True) if rows else None


def _document_days(asked: Asked, key: tuple[str, str]) -> Words:
    for edition in asked.screening.editions:
        for document in edition.rules.documents.values():
            if document.title.get("zh") == key[0] and document.number == key[1]:
                is_own = document is edition.rules.documents.get(edition.document)
                return _days(edition.period if is_own and not document.period.start else document.period)
    return Words("–", "–")


def editions_table(asked: Asked) -> Table:
    """Return the editions asked: name, whole id, level, days in force, what publishes each, packs inside."""
    voice = asked.voice
    rows = []
    for edition, counts in zip(asked.screening.editions, asked.screening.in_force, strict=True):
        document = edition.rules.documents.get(edition.document)
        published = document.title if document is not None else Words(edition.document, edition.document)
        state = Words("有效", "in force") if counts else Words("此日无效", "not in force on this day")
        days = _days(edition.period)
        rows.append(
            Row(
                (
                    (*cell(voice, edition.name, style="strong"), Line(voice(edition.id), "code")),
                    cell(voice, label_of(edition.level) if edition.level else "–"),
                    cell(voice, Words(f"{days.zh}（{state.zh}）", f"{days.en} ({state.en})")),
                    (*cell(voice, published), *cell(voice, ", ".join(edition.packs), style="small")),
                )
            )
        )
    columns = (
        (Words("版本与编号（内容哈希）", "Edition and id (hash of its content)"), 0.5),
        (Words("层级", "Level"), 0.07),
        (Words("有效期", "In force"), 0.18),
        (Words("发布文件；所含规则包", "Published by; packs inside"), 0.25),
    )
    return table(voice, "editions", columns, rows, is_compact=True)


def terms_tables(asked: Asked) -> list[Table]:
    """Return the terms that clauses in play lean on, with who adopted each table, and for a sheet on what ground."""
    voice, screening = asked.voice, asked.screening
    in_play = {
        (index, key[1])
        for index, edition in enumerate(screening.editions)
        for key in asked.numbers
        if key[0] == edition.id
    }
    names: dict[tuple[int, str], None] = {}
    for item in screening.known:
        if (item.edition, item.id) in in_play:
            for tree in item.clause.trees:
                names |= {(item.edition, leaf.term): None for leaf in leaves(tree) if isinstance(leaf, TermTest)}
    rows: list[Row] = []
    by_adopter: dict[str, list[Words]] = {}
    for index, name in sorted(names):
        found = next((term for term in screening.editions[index].rules.terms if term.key == name), None)
        if found is not None:
            label = Words(found.label.get("zh") or name, found.label.get("en") or name)
            who, ground = found.adopted_by or "–", found.ground or "–"
            by_adopter.setdefault(str(who), []).append(label)
            rows.append(Row((cell(voice, label), cell(voice, who), cell(voice, ground))))
    brief = [Row((cell(voice, who), cell(voice, joined(labels, "、", "; ")))) for who, labels in by_adopter.items()]
    adopter = Words("采纳者", "Adopted by")
    short = (
        (adopter, 0.28),
        (Words("术语（依据见 Excel 报告）", "Terms (their grounds are in the Excel report)"), 0.72),
    )
    long = ((Words("术语", "Term"), 0.2), (adopter, 0.25), (Words("依据", "Ground"), 0.55))
    if not rows:
        return []
    return [
        table(voice, "terms", short, brief, is_compact=True, only="page"),
        table(voice, "terms", long, rows, is_compact=True, only="sheet"),
    ]


def methods(asked: Asked, day: date) -> list[Block]:
    """Return how areas and distances were measured, what is assumed, and what the report does not say."""
    voice, data = asked.voice, asked.data
    planes = sorted({unit["method"] for unit in data["units"]} | {place.method for place in asked.screening.places})
    depth = min(edition.tolerance.depth_m for edition in asked.screening.editions)
    share = min(edition.tolerance.share for edition in asked.screening.editions)
    named = "; ".join(planes)
    meridians = "、".join(f"{found[1]}°{found[2]}" for one in planes if (found := _MERIDIAN.search(one)))
    named_zh = f"横轴墨卡托投影，中央经线 {meridians}，CGCS2000" if meridians else named
    said = [
        Words(
            f"面积与距离：叠置按经纬度原坐标进行，在平面内量算（{named_zh}）；重叠浅于 {depth:g} m 或小于选址的 {share:.1%} 视为擦边。",
            f"Areas and distances: overlays in longitude and latitude, measured in a plane ({named}); an overlap less deep "
            f"than {depth:g} m, or below {share:.1%} of the site, is a touch.",
        ),
        Words(
            "结论分两种：依已知事实（未知不视为通过）与推定（通常回答成立时）；只有前者可据以签署。",
            "The verdict is given as known, where unknown is never a pass, and presumed, if the usual answers hold; "
            "only the first can be signed.",
        ),
        Words(f"基准日期 {day}：只有该日有效的条款计入。", f"As of {day}: only what is in force on that day counts."),
    ]
    clauses = data["clauses"]
    if any(item.get("unverified") for group in _GROUPS for item in clauses[group]):
        zh = "标“未核实”或 * 的条款尚未与原文逐字核对。"
        en = "Clauses marked unverified or * were not held against their whole article."
        said.append(Words(zh, en))
    return [Paragraph(voice(one), "note") for one in said]
