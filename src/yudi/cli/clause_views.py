"""What the terminal shows of clauses: a list of them, and all about one, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from yudi.cli.render import article, console_of, illustrative, print_json, unverified
from yudi.cli.wrapping import print_indented
from yudi.core.words import Words
from yudi.territory.answer_words import LEVEL_WORDS
from yudi.territory.items import EFFECT_WORDS
from yudi.territory.rule_books import RuleBook, clause_page

__all__ = ["show_clauses", "show_one_clause"]

_STYLES = {"forbid": "red", "require": "yellow", "quota": "yellow", "offset": "yellow", "consult": "magenta"}
_LEVELS = {key: (said.zh, said.en) for key, said in LEVEL_WORDS.items()}
_SAY = {
    "id": ("编号", "id"),
    "effect": ("效力", "effect"),
    "units": ("单元", "units"),
    "words": ("条文与出处", "words, and where they stand"),
    "count": ("{} 条", "{} clauses"),
    "hidden": ("另有 {} 条来自所引用的规则包，用 --all 显示", "{} more of included packs; show them with --all"),
    "source": ("出处", "source"),
    "in_force": ("施行", "in force"),
    "document": ("文件施行", "document in force"),
    "scope": ("范围", "scope"),
    "subject": ("对象", "subject"),
    "except": ("例外", "except"),
    "test": ("要求", "test"),
    "facts": ("所问事实", "facts"),
    "terms": ("术语", "terms"),
    "layers": ("所用图层", "layers"),
    "cases": ("用例", "cases"),
    "body": ("机构", "body"),
    "factor": ("倍数", "factor"),
    "in": ("属于", "in"),
    "may": ("须判断", "may"),
    "absent": ("（缺）", "(not there)"),
    "since": ("自 {}", "from {}"),
    "until": ("{} 废止", "until {}"),
    "always": ("未注明施行日", "no day stated"),
    "all": ("不限维度", "all dimensions"),
    "no_cases": ("无", "none"),
    "needs": ("需要", "needs"),
    "because": ("因", "because of"),
}
_OUTCOMES = {
    "stops": ("禁止", "stops"),
    "conditions": ("附条件", "conditions"),
    "leaves_open": ("待定", "leaves open"),
    "meets": ("满足", "meets"),
    "notes": ("提示", "notes"),
    "spares": ("不涉及", "spares"),
}
_PROVIDERS = {
    "project": ("项目填报", "the project states it"),
    "place": ("由位置计算", "computed from the place"),
    "status": ("由状况表给出", "a table of the scheme gives it"),
    "person": ("由人判断", "a person answers"),
    None: ("无人提供", "nobody provides it"),
}


def show_clauses(
    rows: Sequence[Mapping[str, Any]], book: RuleBook, *, as_json: bool, lang: str, hidden: int = 0
) -> None:
    """Print clauses in a table: what each does and says, in which document, on which days, and in how many units.

    Parameters
    ----------
    hidden : int
        How many of included packs are not shown.
    """
    if as_json:
        print_json(list(rows))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_say("id", lang), no_wrap=True)
    table.add_column(_say("effect", lang), no_wrap=True)
    if book.is_edition:
        table.add_column(_say("units", lang), justify="right", no_wrap=True)
    table.add_column(_say("words", lang), overflow="fold")
    for row in rows:
        said = Text(f"{row['text'][lang]}{unverified(row, lang)}")  # brackets of words are no marks of style
        said.append(f"\n{_place(row, book, lang)}", style="dim")
        effect = Text(EFFECT_WORDS[row["effect"]].get(lang), style=_STYLES.get(row["effect"], ""))
        count = [str(row["units"] or "–")] if book.is_edition else []
        table.add_row(Text(str(row["id"])), effect, *count, said)
    if rows:
        console_of().print(table)
    counts = [_say("count", lang).format(len(rows))]
    counts += [_say("hidden", lang).format(hidden)] if hidden else []
    console_of().print(Text(" · ".join(counts), style="dim"))
    if book.is_illustrative:
        console_of().print(Text(illustrative(lang), style="bold"))


def show_one_clause(book: RuleBook, name: str, *, as_json: bool, lang: str) -> None:
    """Print a clause: its words, where they stand, what it asks as a sentence and of whom, and its cases.

    Raises
    ------
    NotFoundError
        If no clause has that id, neither by itself nor in a unit.
    """
    data = clause_page(book, name)
    if as_json:
        print_json(data)
        return
    console = console_of()
    console.print(Text.assemble((data["id"], "bold"), f"  ({EFFECT_WORDS[data['effect']].get(lang)})"))
    if book.is_illustrative:
        print_indented(console, illustrative(lang), 2)
    other = "en" if lang == "zh" else "zh"
    print_indented(console, f"{data['text'][lang]}{unverified(data, lang)}", 2)
    if data["text"][other] != data["text"][lang]:
        print_indented(console, data["text"][other], 2, style="dim")
    _field(console, "source", _source(data, lang), lang)
    _field(console, "in_force", f"{_days(data, lang)} · {_kind(data, book, lang)}", lang)
    if data["document"]:
        issuer = f" · {data['document']['issuer']}" if data["document"]["issuer"] else ""
        _field(console, "document", f"{_days(data['document'], lang)}{issuer}", lang)
    for key in ("scope", "subject", "except", "test"):
        if key in data["asks"]:
            _field(console, key, data["asks"][key][lang], lang)
    if data["body"]:
        _field(console, "body", data["body"][lang], lang)
    if data["factor"]:
        _field(console, "factor", f"{data['factor']:g}", lang)
    _show_asked(console, data, lang)
    if book.cases or data["cases"]:
        _show_cases(console, data["cases"], lang)


def _show_asked(console: Console, data: Mapping[str, Any], lang: str) -> None:
    """Print the facts with who provides them and their help, the terms with their rows, and the layers."""
    _head(console, "facts", lang, is_there=bool(data["facts_asked"]))
    for fact in data["facts_asked"]:
        unit = f" ({fact['unit']})" if fact.get("unit") else ""
        who = _PROVIDERS[fact["provider"]][_side(lang)]
        print_indented(console, f"{fact['key']}  {fact['label'][lang]}{unit} — {who}", 4)
        if fact.get("help"):
            print_indented(console, fact["help"][lang], 6, style="dim")
    _head(console, "terms", lang, is_there=bool(data["terms"]))
    for term in data["terms"]:
        days = f" · {_days(term, lang)}" if term["in_force"] or term["repealed"] else ""
        print_indented(console, f"{term['key']}  {term['label'][lang]}{days}", 4)
        for kind in ("in", "may"):
            for row in term[kind]:
                print_indented(console, f"{_say(kind, lang)}: {row[lang]}", 6, style="dim")
    _head(console, "layers", lang, is_there=bool(data["layers"]))
    for layer in data["layers"]:
        label = f"  {layer['label'][lang]}" if layer.get("label") else ""
        absent = f" {_say('absent', lang)}" if layer.get("is_there") is False else ""
        print_indented(console, f"{layer['name']}{label}{absent}", 4)


def _show_cases(console: Console, cases: Sequence[Mapping[str, Any]], lang: str) -> None:
    if not cases:
        _field(console, "cases", _say("no_cases", lang), lang)
        return
    _head(console, "cases", lang)
    for case in cases:
        what = _OUTCOMES[case["outcome"]][_side(lang)]
        tail = [f"{_say('needs', lang)} {', '.join(case['needs'])}"] if case.get("needs") else []
        if case.get("because"):
            tail.append(f"{_say('because', lang)} {_say(case['because'], lang)}")
        more = f"（{'；'.join(tail)}）" if lang == "zh" else f" ({'; '.join(tail)})"
        colon = "：" if lang == "zh" else ": "
        print_indented(console, f"{what}{colon}{case['text'][lang]}{more if tail else ''} · {case['on']}", 4)


def _source(data: Mapping[str, Any], lang: str) -> str:
    citation = data["citation"]
    title = data["source"][lang] if data["source"] else citation["document"]
    parts = (title, citation["number"], article(citation["article"], lang))
    return " ".join(part for part in parts if part) or "–"


def _kind(data: Mapping[str, Any], book: RuleBook, lang: str) -> str:
    label = book.dimensions.get(data["dimension"]) or Words(data["dimension"], data["dimension"])
    level = _LEVELS[data["level"]][_side(lang)] if data["level"] else ""
    return " · ".join(part for part in (label.get(lang) or _say("all", lang), level) if part)


def _place(data: Mapping[str, Any], book: RuleBook, lang: str) -> str:
    source = _source(data, lang)
    days = _days(data, lang) if data["in_force"] or data["repealed"] else ""
    return " · ".join(part for part in (source if source != "–" else "", _kind(data, book, lang), days) if part)


def _days(data: Mapping[str, Any], lang: str) -> str:
    said = [_say("since", lang).format(data["in_force"])] if data["in_force"] else []
    said += [_say("until", lang).format(data["repealed"])] if data["repealed"] else []
    return ("，" if lang == "zh" else " ").join(said) or _say("always", lang)


def _field(console: Console, key: str, text: str, lang: str) -> None:
    colon = "：" if lang == "zh" else ": "
    print_indented(console, f"{_say(key, lang)}{colon}{text}", 2)


def _head(console: Console, key: str, lang: str, *, is_there: bool = True) -> None:
    if is_there:
        console.print(Text(f"  {_say(key, lang)}", style="bold"))


def _say(key: str, lang: str) -> str:
    return _SAY[key][_side(lang)]


def _side(lang: str) -> int:
    return 0 if lang == "zh" else 1
