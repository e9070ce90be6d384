"""What the terminal shows: verdicts, editions and clauses in words, Chinese or English; nothing depends on colour."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from yudi.cli.wrapping import print_indented
from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.territory.answer_words import (
    ILLUSTRATIVE,
    VERDICT_WORDS,
    article_words,
    asked_words,
    fact_words,
    help_words,
    number_text,
    percents,
    unverified_words,
    value_words,
)
from yudi.territory.comparison_data import label_of
from yudi.territory.edition import Edition
from yudi.territory.facts import value_of
from yudi.territory.screening import Screening
from yudi.territory.verdict import verdict_data

__all__ = [
    "article",
    "console_of",
    "illustrative",
    "print_json",
    "print_rows",
    "show_build",
    "show_edition",
    "show_rows",
    "show_verdict",
    "unverified",
]

_MARKS = {
    "prohibited": ("■", "bold red"),
    "conditional": ("◆", "bold yellow"),
    "admissible": ("●", "bold green"),
    "undetermined": ("?", "bold magenta"),
}
VERDICTS = {key: (said.zh, said.en, *_MARKS[key]) for key, said in VERDICT_WORDS.items()}
_ALIKE = 2  # findings of a kind that a build shows
_REASON = 30  # letters of a reason that a row shows; with it a table fits a screen
_NOTICED = 240  # letters of a finding that a line shows
_SAY = {
    "presumed": ("推定", "Presumed"),
    "as_of": ("基准日期", "as of"),
    "because": ("依据", "Because"),
    "must": ("条件", "Conditions"),
    "may_prohibit": ("待答，可能禁止", "Open, may prohibit"),
    "may_condition": ("待答，可能附条件", "Open, may condition"),
    "satisfied": ("已满足", "satisfied"),
    "not_applicable": ("不适用", "not applicable"),
    "elsewhere": ("其他单元", "elsewhere"),
    "note_clauses": ("提示", "notes"),
    "all": ("全部条款见 --json", "all clauses with --json"),
    "defers": ("不涉及，由其他单元决定", "leaves the answer to the other units"),
    "no_question": (
        "选址有一部分不在任何管控单元内，回答问题也不能定论",
        "Part of the site lies in no unit, so no answer can decide",
    ),
    "questions": ("先问（一个回答即可能定论）", "Ask first (an answer can decide)"),
    "id": ("编号", "id"),
    "verdict": ("结论", "verdict"),
    "presumed_short": ("推定", "presumed"),
    "units_short": ("单元", "units"),
    "reason": ("理由", "reason"),
    "answered": ("已答复、已实测", "Answered and measured"),
    "assuming": ("推定所依据的通常回答", "Assuming the usual answers"),
    "uncovered": ("未覆盖", "not covered"),
    "touched": ("仅边界相接", "touched only"),
    "touches_ban": ("擦到禁止所及", "Touches what forbids"),
    "below": ("低于容差，不影响结论", "below the tolerance, so without effect"),
    "unit": ("单元", "unit"),
    "ended": ("此日无有效版本", "its edition is not in force on this day"),
    "needs": ("需要", "needs"),
    "units": ("单元", "Units"),
    "notes": ("注", "Notes"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "more": ("另有", "and more:"),
}

_SHOWN = {
    "id": Words("编号", "id"),
    "published": Words("依据", "published"),
    "repeals": Words("废止", "repeals"),
    "in_force": Words("有效期", "in force"),
    "units": Words("单元", "units"),
    "clauses": Words("条款", "clauses"),
    "layer": Words("图层", "layer"),
    "noticed": Words("提示", "noticed"),
}
_TITLE = 11  # columns of the titles of what an edition is
_SHAPES_ZH = {"surface": "面", "bank": "河岸", "centreline": "中心线", "edge": "边界"}
_IN_WORDS = ("concerns", "meets", "fulfils", "list")  # heads of questions that a clause's own words ask
_MEASURED, _STATES = ("inside", "distance", "zone"), {"T": "是", "F": "否", "U": "未知"}  # what a place test gives
_ORDER = {"prohibited": 0, "undetermined": 1, "conditional": 2, "admissible": 3}
_MANY, _FEW = 8, 3  # clauses of a group that an answer shows, in full and in brief
_NEEDS = 3  # facts that an open clause names
_UNITS = 12  # units that an answer names on the terminal; --json has them all


def print_json(data: Any) -> None:
    """Print data as JSON on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def print_rows(rows: Iterable[Any]) -> None:
    """Print rows as `print_json` prints a list of them, one by one, so that many need no memory."""
    mark = "["
    for row in rows:
        data = json.dumps(row, ensure_ascii=False, indent=2, default=str)
        sys.stdout.write(f"{mark}\n  " + data.replace("\n", "\n  "))
        mark = ","
    sys.stdout.write("[]\n" if mark == "[" else "\n]\n")


def show_verdict(screening: Screening, lang: str, *, brief: bool = False) -> None:
    """Print one verdict: what, why, what is open, what to ask; in brief what stops it, and what to ask."""
    data = verdict_data(screening)
    console = console_of()
    say = _sayer(lang)
    zh, en, mark, style = VERDICTS[data["verdict"]]
    console.print()
    console.print(Text.assemble((f"{mark} {zh if lang == 'zh' else en}", style), (f"  {screening.project.id}", "bold")))
    names = ("；" if lang == "zh" else "; ").join(edition.name.get(lang) for edition in screening.editions)
    stated = {key: value for key, value in screening.project.facts.items() if ":" not in key}
    print_indented(
        console,
        " · ".join(fact_words(key, value, screening.editions).get(lang) for key, value in stated.items()) or "–",
        2,
    )
    console.print(Text(f"  {names} · {say('as_of')} {data['as_of']}", style="dim"))
    if any(edition.is_illustrative for edition in screening.editions):
        console.print(Text(f"  {illustrative(lang)}", style="bold"))
    if data["verdict"] == "undetermined":
        presumed = VERDICTS[data["presumed"]["verdict"]]
        console.print(Text(f"  {say('presumed')}{_colon(lang)}{presumed[0] if lang == 'zh' else presumed[1]}"))
    _show_units(console, data, lang)
    _show_touches(console, data, screening, lang)
    _show_answers(console, screening, lang)
    clauses = data["clauses"]
    prohibiting = [item for item in clauses["applied"] if item["outcome"] == "prohibits"]
    _show_group(console, say("because"), prohibiting, screening, lang=lang)
    conditions = [item for item in clauses["applied"] if item["outcome"] == "conditions"]
    _show_group(console, say("must"), conditions, screening, lang=lang, most=_FEW if brief else _MANY)
    for may in ("prohibit",) if brief else ("prohibit", "condition"):
        items = [item for item in clauses["open"] if item["may"] == may]
        _show_group(console, say(f"may_{may}"), items, screening, lang=lang, most=_FEW if brief else _MANY)
    if any(screening.in_force):
        counts = [f"{len(clauses[key])} {say(key)}" for key in ("satisfied", "not_applicable")]
        counts.insert(1, f"{len(clauses['notes'])} {say('note_clauses')}")
        counts += [f"{clauses['elsewhere']} {say('elsewhere')}", say("all")]
        console.print(Text(f"  {' · '.join(counts)}", style="dim"))
    _show_questions(console, data, screening, lang)


def _show_answers(console: Console, screening: Screening, lang: str) -> None:
    """Print what persons answered and what was measured, with who and when."""
    answers = {key: value for key, value in screening.project.facts.items() if ":" in key}
    if answers:
        console.print(Text(f"  {_sayer(lang)('answered')}", style="bold"))
    for key, value in answers.items():
        shown = value.as_data()["value"]
        if isinstance(shown, bool):
            shown = _sayer(lang)("yes" if shown else "no")
        elif value.accuracy:
            shown = f"{number_text(shown)} ± {number_text(value.accuracy)}"
        else:
            shown = number_text(shown)
        who = ("，" if lang == "zh" else ", ").join(str(part) for part in (value.by, value.source, value.on) if part)
        print_indented(
            console, f"{shown} — {_asked(key, screening, lang)}" + (f"（{who}）" if lang == "zh" else f" ({who})"), 4
        )


def _show_units(console: Console, data: Mapping[str, Any], lang: str) -> None:
    say, side = _sayer(lang), 0 if lang == "zh" else 1
    is_in_force = any(edition["in_force"] for edition in data["editions"])
    uncovered = data["uncovered_share"]
    shares = percents([*(unit["share"] for unit in data["units"]), uncovered])
    rows = list(zip(data["units"] if is_in_force else (), shares, strict=False))
    rows.sort(key=lambda row: _ORDER.get(data["by_unit"].get(row[0]["code"], ""), 9))  # stable: the strictest first
    for unit, percent in rows[:_UNITS]:
        name = unit.get("name", "")
        share = f" · {percent}" if len(data["units"]) > 1 and unit["share"] < 1 else ""
        verdict = data["by_unit"].get(unit["code"])
        shown = VERDICTS[verdict][side] if verdict else say("touched" if unit.get("touches") else "ended")
        if unit.get("defers"):
            shown = say("defers")
        console.print(Text(f"  {unit['code']} {name if name != unit['code'] else ''}{share} — {shown}"))
    if len(rows) > _UNITS:
        console.print(Text(f"  {say('more')} {len(rows) - _UNITS}", style="dim"))
    if uncovered and is_in_force:
        console.print(Text(f"  {shares[-1]} {say('uncovered')}", style="bold"))
    for note in data["notes"]:
        console.print(Text(f"  {say('notes')}{_colon(lang)}{note['text'][lang]}"))


def _show_touches(console: Console, data: Mapping[str, Any], screening: Screening, lang: str) -> None:
    """Flag each zone or unit that is only touched and would forbid: its name, how much of the site lies in it, the clauses."""
    say = _sayer(lang)
    editions = {edition.id: edition for edition in screening.editions}
    kind = screening.project.site.geom_type
    unit = "m²" if "Polygon" in kind else "m" if "Line" in kind else ""
    found: dict[tuple[str, str], list[str]] = {}
    for item in data["clauses"]["not_applicable"]:
        because = item["because"]
        if not because.get("touches_forbidden"):
            continue
        layers = editions[item["edition"]].layers
        for met in because.get("found") or [because]:
            if not met.get("touches"):
                continue
            layer = met.get("fact", "").partition(":")[2].partition("[")[0]
            title = layers[layer].title().get(lang) if layer in layers else say("unit")
            name = " · ".join(part for part in (title, met.get("feature") or met.get("unit", "")) if part)
            ids = found.setdefault((name, f"{number_text(met['amount'])} {unit}".strip()), [])
            if item["id"] not in ids:
                ids.append(item["id"])
    for (name, amount), ids in found.items():
        below = f"（{say('below')}）" if lang == "zh" else f" ({say('below')})"
        print_indented(
            console, f"{say('touches_ban')}{_colon(lang)}{name} — {amount}{below} · {_short(ids)}", 2, style="bold"
        )


def _show_group(
    console: Console,
    title: str,
    items: Sequence[Mapping[str, Any]],
    screening: Screening,
    *,
    lang: str,
    most: int = _MANY,
) -> None:
    if not items:
        return
    console.print(Text(f"  {title}", style="bold"))
    for item in items[:most]:
        words = item["text"][lang] or item["id"]
        print_indented(console, f"- {words}{unverified(item, lang)}", 4)
        citation = item["citation"]
        title = item["source"][lang] if item["source"] else citation["document"]
        source = " ".join(part for part in (title, citation["number"], article(citation["article"], lang)) if part)
        parts = [source, item["id"] if item["id"] != words else "", *_why(item, screening, lang)]
        print_indented(console, " · ".join(part for part in parts if part), 6, style="dim")
    if len(items) > most:
        more = f"{_sayer(lang)('more')} {len(items) - most}{' 条' if lang == 'zh' else ''}"
        console.print(Text(f"    {more}", style="dim"))


def article(article: str, lang: str) -> str:
    """Return an article as readers of the language write it."""
    return article_words(article).get(lang)


def illustrative(lang: str) -> str:
    """Return the label of what is invented or simplified for demonstration."""
    return ILLUSTRATIVE.get(lang)


def unverified(item: Mapping[str, Any], lang: str) -> str:
    """Return the mark of a clause that nobody held against its whole article: what it rests on; "" for others."""
    return unverified_words(item).get(lang)


def _why(item: Mapping[str, Any], screening: Screening, lang: str) -> list[str]:
    """Say the numbers and facts that an entry rests on: by their labels in Chinese, in English as they are stated."""
    said = []
    for name in ("scope", "subject", "test"):
        for found in item["because"].get(name, {}).get("found", ()):
            if found.get("distance_m") is not None:
                said.append(f"{found['distance_m']:,.0f} m ± {number_text(found.get('accuracy_m', 0))} m")
            elif "fact" in found and found.get("value") is not None and name != "scope":
                said.append(_fact(found, screening, lang))
    asked = [key for key in item.get("needs", ()) if key.partition(":")[0] not in _IN_WORDS]
    if lang != "zh":
        needs = [f"{_SAY['needs'][1]} {', '.join(asked[:_NEEDS])}"] if asked else []
        return ["; ".join(dict.fromkeys([*said, *needs]))]
    names = "；".join(_asked(key, screening, lang).rstrip("？") for key in asked[:_NEEDS])
    more = f"；等 {len(asked)} 项" if len(asked) > _NEEDS else ""
    return ["；".join(dict.fromkeys(said)), f"{_SAY['needs'][0]}：{names}{more}" if asked else ""]


def _fact(found: Mapping[str, Any], screening: Screening, lang: str) -> str:
    key, value = found["fact"], found["value"]
    if lang != "zh":
        return f"{key} = {number_text(value)}"
    label = label_of(key, screening).zh if ":" not in key else _asked(key, screening, lang)
    label = label.rstrip("？? ")
    if key.partition(":")[0] in _MEASURED and value in _STATES:
        return f"{label}：{_STATES[value]}"
    return f"{label}：{_known(key, value, screening, lang)}"


def _show_questions(console: Console, data: Mapping[str, Any], screening: Screening, lang: str) -> None:
    say = _sayer(lang)
    if data["questions"]:
        console.print(Text(f"  {say('questions')}", style="bold"))
        for number, key in enumerate(data["questions"], 1):
            print_indented(console, f"{number}. {_asked(key, screening, lang)}", 4)
            if said := help_words(key, screening).get(lang):
                print_indented(console, said, 7)
            print_indented(console, key, 7, style="dim")
    elif data["verdict"] == "undetermined" and data["uncovered_share"] and any(screening.in_force):
        print_indented(console, say("no_question"), 2)
    assumed = data["presumed"]["assuming"]
    if assumed and data["verdict"] == "undetermined":
        console.print(Text(f"  {say('assuming')}", style="bold"))
        for key, value in list(assumed.items())[:6]:
            shown = (
                say("yes") if value is True else say("no") if value is False else _known(key, value, screening, lang)
            )
            print_indented(console, f"{shown} — {_asked(key, screening, lang)}", 4)


def _known(key: str, value: Any, screening: Screening, lang: str) -> str:
    return value_words(key, value_of(value), screening.editions).get(lang)


def _asked(key: str, screening: Screening, lang: str) -> str:
    return asked_words(key, screening).get(lang)


def show_rows(rows: Sequence[tuple[Mapping[str, Any], str]], lang: str) -> None:
    """Print a table of verdicts, each with its reason in words, and how many there are of each."""
    say, side = _sayer(lang), 0 if lang == "zh" else 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "verdict", "presumed_short", "units_short", "reason"):
        table.add_column(say(name), no_wrap=name != "id", overflow="ellipsis" if name == "reason" else "fold")
    for row, reason in rows:
        mark = VERDICTS[row["verdict"]][2]
        table.add_row(
            row["id"],
            f"{mark} {VERDICTS[row['verdict']][side]}",
            VERDICTS[row["presumed"]][side],
            _short(row["units"]),
            Text(_within(reason.replace("\n", " "), _REASON)),
        )
    console = console_of()
    console.print(table)
    tally = Counter(row["verdict"] for row, _ in rows)
    console.print(Text(" · ".join(f"{VERDICTS[key][side]} {tally[key]}" for key in VERDICTS if tally[key])))


def _within(text: str, width: int) -> str:
    """Return the text, cut where it is wider on a screen; a Chinese letter is two wide."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def _short(names: Sequence[str]) -> str:
    return ", ".join(names[:1]) + (f" +{len(names) - 1}" if len(names) > 1 else "")


def show_build(
    edition: Edition, folder: Path, remarks: Sequence[Finding] = (), *, as_json: bool, lang: str = "en"
) -> None:
    """Print the id of an edition that was built, and on standard error what was noticed."""
    if as_json:
        summary = _summary(edition)
        summary["findings"] += [finding.as_data() for finding in remarks]
        print_json({"id": edition.id, "folder": str(folder), **summary})
        return
    sys.stdout.write(f"{edition.id}\n")
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    counts = len(edition.units.geometry), edition.clause_count
    if lang == "zh":
        console.print(Text(f"{edition.name.get(lang)}：{counts[0]} 个单元、{counts[1]} 条条款，存于 {folder}"))
    else:
        console.print(Text(f"{edition.name.get(lang)}: {counts[0]} units, {counts[1]} clauses in {folder}"))
    by_kind: dict[str, list[Finding]] = {}
    for finding in (*remarks, *edition.findings):
        by_kind.setdefault(finding.kind, []).append(finding)
    for found in by_kind.values():
        for finding in found[:_ALIKE]:
            console.print(Text(f"  {_SHOWN['noticed'].get(lang)}{_colon(lang)}{_noticed(finding, lang)}", style="dim"))
        if len(found) > _ALIKE:
            rest = len(found) - _ALIKE
            more = Words(
                f"另有 {rest} 处同类，见 yudi edition show {folder}",
                f"and {rest} more of this kind: yudi edition show {folder}",
            )
            console.print(Text(f"  {more.get(lang)}", style="dim"))


def _noticed(finding: Finding, lang: str) -> str:
    """Say a finding in one line; a long list of names is cut here and whole with --json."""
    place, said = _place(finding.where, lang), finding.said.get(lang)
    if cell_len(said) > _NOTICED:
        stop = "、" if lang == "zh" else ", "
        short = _within(said, _NOTICED)
        said = f"{short.rpartition(stop)[0] or short} …{'（全部见 --json）' if lang == 'zh' else ' (all with --json)'}"
    return f"{place}{_colon(lang)}{said}" if place else said


def _place(where: Where, lang: str) -> str:
    if lang != "zh" or where.row is None:
        return str(where)
    field = "" if where.field == "geometry" else where.field or ""
    parts = [where.file or "", f"第 {where.row} 行", field]
    return "，".join(part for part in parts if part)


def _summary(edition: Edition) -> dict[str, Any]:
    return {
        "name": edition.name.as_data(),
        "level": edition.level,
        "valid_from": edition.period.start,
        "valid_to": edition.period.end,
        "illustrative": edition.is_illustrative,
        "units": len(edition.units.geometry),
        "clauses": edition.clause_count,
        "layers": {name: len(layer.geometry) for name, layer in sorted(edition.layers.items())},
        "packs": list(edition.packs),
        "document": edition.document,
        "repeals": edition.repeals,
        "findings": [finding.as_data() for finding in edition.findings],
    }


def show_edition(edition: Edition, *, as_json: bool, lang: str) -> None:
    """Print what an edition is."""
    if as_json:
        print_json({"id": edition.id, **_summary(edition)})
        return
    console = console_of()
    console.print(Text(edition.name.get(lang), style="bold"))
    if edition.is_illustrative:
        console.print(Text(illustrative(lang), style="bold"))
    for key, said in _shown_lines(edition, lang):
        title = _SHOWN[key].get(lang)
        line = f"{title}{' ' * max(_TITLE - cell_len(title), 1)}{said}"
        console.print(Text(line, style="dim" if key == "noticed" else ""))


def _shown_lines(edition: Edition, lang: str) -> Iterator[tuple[str, str]]:
    yield "id", edition.id
    for key, name in (("published", edition.document), ("repeals", edition.repeals)):
        if name:
            document = edition.rules.documents.get(name)
            yield key, document.title.get(lang) if document else name
    yield "in_force", f"{edition.period.start or '–'} … {edition.period.end or ''}".rstrip()
    yield "units", str(len(edition.units.geometry))
    yield "clauses", str(edition.clause_count)
    for name, layer in sorted(edition.layers.items()):
        count, good = len(layer.geometry), f"{layer.accuracy_m:g} m"
        if lang == "zh":
            title = layer.title().get(lang)
            label = name if title == name else f"{title}（{name}）"
            yield "layer", f"{label}：{count} 个要素，{_SHAPES_ZH.get(layer.shape, layer.shape)}，精度 {good}"
        else:
            yield "layer", f"{name}: {count} features, {layer.shape}, good to {good}"
    for finding in edition.findings:
        yield "noticed", _noticed(finding, lang)


def console_of() -> Console:
    """Return the terminal: lines wrap on a screen and stay whole in a pipe."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "


def _sayer(lang: str) -> Any:
    return lambda key: _SAY[key][0 if lang == "zh" else 1]
