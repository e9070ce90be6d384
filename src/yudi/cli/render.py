"""What the terminal shows: verdicts, editions and clauses in words, Chinese or English; nothing depends on colour."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from yudi.core.errors import NotFoundError, Where
from yudi.core.findings import Finding
from yudi.territory.edition import Edition
from yudi.territory.facts import Value
from yudi.territory.predicates import All
from yudi.territory.screening import Screening
from yudi.territory.sentences import facts_asked
from yudi.territory.verdict import speaker, verdict_data

__all__ = ["print_json", "show_build", "show_clauses", "show_edition", "show_one_clause", "show_rows", "show_verdict"]

VERDICTS = {
    "prohibited": ("禁止", "Prohibited", "■", "bold red"),
    "conditional": ("有条件", "Conditional", "◆", "bold yellow"),
    "admissible": ("可准入", "Admissible", "●", "bold green"),
    "undetermined": ("无法判定", "Undetermined", "?", "bold magenta"),
}
_NOTICED = 240  # letters of a finding that a line shows
_SAY = {
    "presumed": ("推定", "Presumed"),
    "as_of": ("所问之日", "as of"),
    "because": ("依据", "Because"),
    "must": ("条件", "Conditions"),
    "may_prohibit": ("待答，可能禁止", "Open, may prohibit"),
    "may_condition": ("待答，可能附条件", "Open, may condition"),
    "satisfied": ("已满足", "satisfied"),
    "not_applicable": ("不适用", "not applicable"),
    "elsewhere": ("其他单元", "elsewhere"),
    "questions": ("先问", "Ask first"),
    "answered": ("已答复、已实测", "Answered and measured"),
    "assuming": ("推定所依据的通常回答", "Assuming the usual answers"),
    "uncovered": ("未覆盖", "not covered"),
    "illustrative": ("示例数据，仅供演示", "Illustrative data, for demonstration only"),
    "touched": ("仅边界相接", "touched only"),
    "ended": ("此日无有效版本", "its edition is not in force on this day"),
    "needs": ("需要", "needs"),
    "units": ("单元", "Units"),
    "notes": ("注", "Notes"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "more": ("另有", "and more:"),
}

_QUESTIONS = {
    "concerns": ("是否涉及本项目", "Does this concern the project"),
    "meets": ("是否满足", "Does the project meet this"),
    "fulfils": ("是否符合", "Does the project fulfil this"),
    "list": ("清单未作规定，是否另有限制", "Nothing is said of this; is it restricted all the same"),
}
_PLACES = {
    "distance": ("实测距离：", "Measured distance to"),
    "inside": ("是否位于", "Is the site inside"),
    "layer": ("缺少图层", "Missing layer"),
}


def print_json(data: Any) -> None:
    """Print data as JSON on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def show_verdict(screening: Screening, lang: str) -> None:
    """Print one verdict: what, why, what is open, what to ask."""
    data = verdict_data(screening)
    console = _console()
    say = _sayer(lang)
    zh, en, mark, style = VERDICTS[data["verdict"]]
    console.print()
    console.print(Text.assemble((f"{mark} {zh if lang == 'zh' else en}", style), (f"  {screening.project.id}", "bold")))
    names = "; ".join(edition.name.get(lang) for edition in screening.editions)
    stated = {key: value for key, value in screening.project.facts.items() if ":" not in key}
    _line(console, " · ".join(_fact(key, value, screening, lang) for key, value in stated.items()) or "–", 2)
    console.print(Text(f"  {names} · {say('as_of')} {data['as_of']}", style="dim"))
    if any(edition.is_illustrative for edition in screening.editions):
        console.print(Text(f"  {say('illustrative')}", style="bold"))
    if data["verdict"] == "undetermined":
        presumed = VERDICTS[data["presumed"]["verdict"]]
        console.print(Text(f"  {say('presumed')}: {presumed[0] if lang == 'zh' else presumed[1]}"))
    _show_units(console, data, lang)
    _show_answers(console, screening, lang)
    clauses = data["clauses"]
    prohibiting = [item for item in clauses["applied"] if item["outcome"] == "prohibits"]
    _show_group(console, say("because"), prohibiting, lang)
    _show_group(console, say("must"), [item for item in clauses["applied"] if item["outcome"] == "conditions"], lang)
    for may in ("prohibit", "condition"):
        _show_group(console, say(f"may_{may}"), [item for item in clauses["open"] if item["may"] == may], lang)
    counts = " · ".join(
        f"{clauses[key] if key == 'elsewhere' else len(clauses[key])} {say(key)}"
        for key in ("satisfied", "not_applicable", "elsewhere")
    )
    console.print(Text(f"  {counts}", style="dim"))
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
            shown = f"{shown:g} ± {value.accuracy:g}"
        who = ", ".join(str(part) for part in (value.by, value.source, value.on) if part)
        _line(console, f"{shown} — {_asked(key, screening, lang)} ({who})", 4)


def _show_units(console: Console, data: Mapping[str, Any], lang: str) -> None:
    say = _sayer(lang)
    for unit in data["units"]:
        name = unit.get("name", "")
        share = f" · {unit['share']:.0%}" if len(data["units"]) > 1 and unit["share"] < 1 else ""
        verdict = data["by_unit"].get(unit["code"])
        shown = (
            VERDICTS[verdict][0 if lang == "zh" else 1]
            if verdict
            else say("touched" if unit.get("touches") else "ended")
        )
        console.print(Text(f"  {unit['code']} {name if name != unit['code'] else ''}{share} — {shown}"))
    if data["uncovered_share"]:
        console.print(Text(f"  {data['uncovered_share']:.0%} {say('uncovered')}", style="bold"))
    for note in data["notes"]:
        console.print(Text(f"  {say('notes')}: {note['text']}"))


def _show_group(console: Console, title: str, items: Sequence[Mapping[str, Any]], lang: str, *, most: int = 8) -> None:
    if not items:
        return
    console.print(Text(f"  {title}", style="bold"))
    for item in items[:most]:
        words = item["text"][lang] or item["id"]
        _line(console, f"- {words}", 4)
        citation = item["citation"]
        title = item["source"][lang] if item["source"] else citation["document"]
        source = " ".join(part for part in (title, citation["number"], citation["article"]) if part)
        parts = [source, item["id"] if item["id"] != words else "", _why(item, lang)]
        _line(console, " · ".join(part for part in parts if part), 6, style="dim")
    if len(items) > most:
        console.print(Text(f"    {_sayer(lang)('more')} {len(items) - most}", style="dim"))


def _why(item: Mapping[str, Any], lang: str) -> str:
    """Say the numbers and facts that an entry rests on."""
    said = []
    for name in ("scope", "subject", "test"):
        for found in item["because"].get(name, {}).get("found", ()):
            if found.get("distance_m") is not None:
                said.append(f"{found['distance_m']:,.0f} m ± {found.get('accuracy_m', 0):g} m")
            elif "fact" in found and found.get("value") is not None and name != "scope":
                said.append(f"{found['fact']} = {found['value']}")
    asked = [key for key in item.get("needs", ()) if key.partition(":")[0] not in _QUESTIONS]
    if asked:
        said.append(f"{_sayer(lang)('needs')} {', '.join(asked[:3])}")
    return "; ".join(dict.fromkeys(said))


def _show_questions(console: Console, data: Mapping[str, Any], screening: Screening, lang: str) -> None:
    say = _sayer(lang)
    if data["questions"]:
        console.print(Text(f"  {say('questions')}", style="bold"))
        for number, key in enumerate(data["questions"], 1):
            _line(console, f"{number}. {_asked(key, screening, lang)}", 4)
            _line(console, key, 7, style="dim")
    assumed = data["presumed"]["assuming"]
    if assumed and data["verdict"] == "undetermined":
        console.print(Text(f"  {say('assuming')}", style="bold"))
        for key, value in list(assumed.items())[:6]:
            shown = say("yes") if value is True else say("no") if value is False else value
            _line(console, f"{shown} — {_asked(key, screening, lang)}", 4)


def _fact(key: str, value: Value, screening: Screening, lang: str) -> str:
    """Say a stated fact with its label, and a code or choice with its name."""
    for edition in screening.editions:
        vocabulary = edition.rules.vocabulary
        if (fact := vocabulary.fact(key)) is None:
            continue
        shown = value.value if isinstance(value.value, tuple) else (value.as_data()["value"],)
        words = [f"{item:g}" if isinstance(item, float) else str(item) for item in shown]
        if fact.type == "code":
            names = vocabulary.systems[str(fact.system)].names
            words = [f"{item} {names[item].get(lang) or names[item].get('zh', '')}".strip() for item in words]
        elif fact.type == "choice":
            words = [label.get(lang) if (label := fact.choice_labels.get(item)) else item for item in words]
        unit = f" {fact.unit}" if fact.unit else ""
        colon = "：" if lang == "zh" else ": "
        return f"{vocabulary.label(key).get(lang)}{colon}{', '.join(words)}{unit}"
    return f"{key} = {value.as_data()['value']}"


def _asked(key: str, screening: Screening, lang: str) -> str:
    """Say a question with the words of the clause, the name of the layer or the label of the fact that it is about."""
    head, _, rest = key.partition(":")
    zh = lang == "zh"
    if head in _QUESTIONS:
        words = next((item.clause.text.get(lang) for item in screening.known if item.asked_as == rest), rest)
        return f"{_QUESTIONS[head][0 if zh else 1]}: {words}"
    for edition in screening.editions:
        layer, bracket, where = rest.partition("[")
        if head in ("distance", "inside", "layer") and layer in edition.layers:
            title = edition.layers[layer].title().get(lang)
            return f"{_PLACES[head][0 if zh else 1]} {title}{f' [{where}' if bracket else ''}"
        if (fact := edition.rules.vocabulary.fact(key)) is not None and fact.label:
            unit = f" ({fact.unit})" if fact.unit else ""
            return f"{edition.rules.vocabulary.label(key).get(lang)}{unit}"
    return key


def _line(console: Console, text: str, indent: int, *, style: str = "") -> None:
    """Print a line that wraps under its own beginning on a screen, and stays one line in a pipe."""
    if console.soft_wrap:
        console.print(Text(" " * indent + text, style=style))
    else:
        console.print(Padding(Text(text, style=style), (0, 0, 0, indent)))


def show_rows(rows: Sequence[Mapping[str, Any]], lang: str) -> None:
    """Print a table of verdicts."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "verdict", "presumed", "units", "applied", "open"):
        table.add_column(name)
    for row in rows:
        zh, en, mark, _ = VERDICTS[row["verdict"]]
        presumed = VERDICTS[row["presumed"]]
        table.add_row(
            row["id"],
            f"{mark} {zh if lang == 'zh' else en}",
            presumed[0] if lang == "zh" else presumed[1],
            _short(row["units"]),
            _short(row["applied"]),
            _short(row["open"]),
        )
    _console().print(table)


def _short(names: Sequence[str]) -> str:
    return ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")


def show_build(edition: Edition, folder: Path, *, as_json: bool) -> None:
    """Print the id of an edition that was built, and on standard error what was noticed."""
    if as_json:
        print_json({"id": edition.id, "folder": str(folder), **_summary(edition)})
        return
    sys.stdout.write(f"{edition.id}\n")
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(
        Text(
            f"{edition.name.get('en')}: {len(edition.units.geometry)} units, {edition.clause_count} clauses in {folder}"
        )
    )
    for finding in edition.findings[:20]:
        console.print(Text(f"  noticed: {_noticed(finding)}", style="dim"))
    if len(edition.findings) > 20:
        console.print(Text(f"  and {len(edition.findings) - 20} more: yudi edition show {folder} --json", style="dim"))


def _noticed(finding: Finding) -> str:
    """Say a finding in one line; a long list of names is cut here and whole with --json."""
    place, said = str(finding.where), finding.message
    if len(said) > _NOTICED:
        said = f"{said[:_NOTICED].rpartition(', ')[0] or said[:_NOTICED]} … (all with --json)"
    return f"{place}: {said}" if place else said


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
    console = _console()
    console.print(Text(edition.name.get(lang), style="bold"))
    if edition.is_illustrative:
        console.print(Text(_sayer(lang)("illustrative"), style="bold"))
    console.print(Text(f"id         {edition.id}"))
    for title, key in (("published", edition.document), ("repeals", edition.repeals)):
        if key:
            document = edition.rules.documents.get(key)
            console.print(Text(f"{title:<10} {document.title.get(lang) if document else key}"))
    console.print(Text(f"in force   {edition.period.start or '–'} … {edition.period.end or ''}"))
    console.print(Text(f"units      {len(edition.units.geometry)}"))
    console.print(Text(f"clauses    {edition.clause_count}"))
    for name, layer in sorted(edition.layers.items()):
        console.print(
            Text(f"layer      {name}: {len(layer.geometry)} features, {layer.shape}, good to {layer.accuracy_m:g} m")
        )
    for finding in edition.findings:
        console.print(Text(f"noticed    {_noticed(finding)}", style="dim"))


def show_clauses(edition: Edition, search: str, *, as_json: bool, lang: str) -> None:
    """Print the different clauses, with the number of units in which each stands."""
    counts: dict[int, int] = {}
    for index in edition.bindings.clause.tolist():
        counts[index] = counts.get(index, 0) + 1
    rows = [
        {
            "id": item.id,
            "effect": item.effect,
            "dimension": item.dimension,
            "level": item.level,
            "units": counts.get(index, 0),
            "text": item.text.as_data(),
        }
        for index, item in enumerate(edition.rules.clauses)
        if search.casefold() in f"{item.id} {item.text.zh} {item.text.en}".casefold()
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "effect", "units", "words"):
        table.add_column(name, justify="right" if name == "units" else "left", no_wrap=name == "id")
    for row in rows:
        table.add_row(str(row["id"]), str(row["effect"]), str(row["units"] or "–"), row["text"][lang])  # type: ignore[index]
    _console().print(table)


def show_one_clause(edition: Edition, name: str, *, as_json: bool, lang: str) -> None:
    """Print a clause with what it asks as a sentence.

    Raises
    ------
    NotFoundError
        If no clause has that id, neither by itself nor in a unit.
    """
    by_unit = {bound: int(index) for bound, index in zip(edition.bindings.ids, edition.bindings.clause, strict=True)}
    index = next((i for i, item in enumerate(edition.rules.clauses) if item.id == name), by_unit.get(name))
    if index is None:
        raise NotFoundError(
            f"no clause {name!r}", where=Where(field="ID"), hint="list them with: yudi clauses list --edition DIR"
        )
    item = edition.rules.clauses[index]
    voice = speaker(edition)
    trees = {"scope": item.scope, "subject": item.subject, "except": item.exceptions, "test": item.test}
    said = {key: voice.sentence(tree) for key, tree in trees.items() if tree is not None and tree != All()}
    document = edition.rules.documents.get(item.citation.document)
    data = {
        "id": item.id,
        "effect": item.effect,
        "dimension": item.dimension,
        "level": item.level,
        "text": item.text.as_data(),
        "citation": {
            "document": document.title.get("zh") if document else item.citation.document,
            "article": item.citation.article,
        },
        "in_force": item.period.start,
        "repealed": item.period.end,
        "asks": {key: text.as_data() for key, text in said.items()},
        "facts": list(facts_asked(*trees.values())),
        "units": sorted({bound.partition("/")[0] for bound, row in by_unit.items() if row == index}),
    }
    if as_json:
        print_json(data)
        return
    console = _console()
    console.print(Text(f"{item.id}  ({item.effect})", style="bold"))
    console.print(Text(item.text.get(lang)))
    for key, text in said.items():
        console.print(Text(f"{key:<8} {text.get(lang)}"))
    console.print(Text(f"facts    {', '.join(data['facts']) or '–'}"))  # type: ignore[arg-type]


def _console() -> Console:
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _sayer(lang: str) -> Any:
    return lambda key: _SAY[key][0 if lang == "zh" else 1]
