"""A verdict as a card: what it is, where, why, what is open, what to ask, and what would make it pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yudi.core.words import Words
from yudi.formats.cards.frame import Html, card, dim, folded, listed, picture, table, text, verdict_chip
from yudi.formats.site_maps import map_of
from yudi.territory.answer_words import (
    ILLUSTRATIVE,
    article_words,
    asked_words,
    fact_words,
    help_words,
    number_text,
    percents,
    unverified_words,
    value_words,
)
from yudi.territory.screening import Screening

__all__ = ["edition_line", "verdict_card"]

_FIRST, _MOST = 4, 30  # clauses of a group that stand open, and that can be unfolded
_UNITS, _WAYS = 8, 6
_MAP_MM = (116.0, 100.0)
_OWN = ("concerns", "meets", "fulfils", "list")  # questions that say a clause's own words again
_SAY = {
    "presumed": Words("推定", "presumed"),
    "as_of": Words("基准日期", "as of"),
    "prohibits": Words("禁止依据", "Because"),
    "conditions": Words("条件", "Conditions"),
    "prohibit": Words("待答，可能禁止", "Open, may prohibit"),
    "condition": Words("待答，可能附条件", "Open, may condition"),
    "questions": Words("先问（一个回答即可能定论）", "Ask first (an answer can decide)"),
    "assuming": Words("推定所依据的通常回答", "Assuming the usual answers"),
    "ways": Words("出路", "Ways out"),
    "unit": Words("单元", "unit"),
    "share": Words("占比", "share"),
    "verdict": Words("结论", "verdict"),
    "touched": Words("仅边界相接", "touched only"),
    "defers": Words("由其他单元决定", "leaves it to the others"),
    "uncovered": Words("未覆盖", "not covered"),
    "more": Words("另有 {} 条", "{} more"),
    "needs": Words("需要", "needs"),
    "satisfied": Words("已满足", "satisfied"),
    "notes": Words("提示", "notes"),
    "not_applicable": Words("不适用", "not applicable"),
    "elsewhere": Words("其他单元", "elsewhere"),
    "map": Words("选址地图", "Map of the site"),
    "note": Words("注", "Note"),
}


def verdict_card(screening: Screening, data: Mapping[str, Any], lang: str) -> str:
    """Return a verdict as HTML of bounded size.

    Parameters
    ----------
    data : mapping
        The verdict as `yudi.territory.verdict.verdict_data` returns it, with ways out where they were asked.
    lang : str
        ``zh`` or ``en``.
    """
    say = _sayer(lang)
    head = [verdict_chip(data["verdict"], lang), Html(f'<span class="y-id">{text(screening.project.id)}</span>')]
    if data["presumed"]["verdict"] != data["verdict"]:
        head.append(Html(f"{dim(say('presumed'))} {verdict_chip(data['presumed']['verdict'], lang)}"))
    facts = [
        fact_words(key, value, screening.editions).get(lang)
        for key, value in screening.project.facts.items()
        if ":" not in key
    ]
    bans, others = _reasons(data, screening, lang)
    seen = picture(_map(screening, data, lang), f"{say('map')}: {screening.project.id}")
    beside = Html(
        _units(data, lang) + listed("", [dim(f"{say('note')}: {note['text'][lang]}") for note in data["notes"]])
    )
    return card(
        [
            f'<div class="y-head">{"".join(head)}</div>',
            f"<div>{text(' · '.join(facts))}</div>" if facts else "",
            f"<div>{edition_line(screening, lang)}</div>",
            f'<div class="y-cols"><div>{seen}</div><div>{beside}{bans}{_asked(data, screening, lang)}{_ways(data, lang)}</div></div>',
            others,
            _assumed(data, screening, lang),
            f"<div>{dim(_counts(data, lang))}</div>",
        ],
        lang,
    )


def edition_line(screening: Screening, lang: str) -> Html:
    """Return which editions were asked, as of when, and whether they are illustrative."""
    names = "; ".join(edition.name.get(lang) for edition in screening.editions)
    line = dim(f"{names} · {_SAY['as_of'].get(lang)} {screening.as_of}")
    if any(edition.is_illustrative for edition in screening.editions):
        return Html(f"{line} · <b>{text(ILLUSTRATIVE.get(lang))}</b>")
    return line


def _map(screening: Screening, data: Mapping[str, Any], lang: str) -> str:
    width, height = _MAP_MM
    return map_of(screening, lang=lang, width_mm=width, height_mm=height, ways=_distinct(data))


def _units(data: Mapping[str, Any], lang: str) -> Html:
    say = _sayer(lang)
    shares = percents([*(unit["share"] for unit in data["units"]), data["uncovered_share"]])
    rows: list[list[Any]] = []
    for unit, share in list(zip(data["units"], shares, strict=False))[:_UNITS]:
        verdict = data["by_unit"].get(unit["code"])
        shown = verdict_chip(verdict, lang) if verdict else dim(say("touched" if unit.get("touches") else "defers"))
        name = unit.get("name", "")
        label = Html(f"{text(unit['code'])}<br>{dim(name)}" if name and name != unit["code"] else text(unit["code"]))
        rows.append([label, share, shown])
    if len(data["units"]) > _UNITS:
        rows.append([dim(say("more").format(len(data["units"]) - _UNITS)), "", ""])
    if data["uncovered_share"]:
        rows.append([say("uncovered"), shares[-1], ""])
    return table([say("unit"), say("share"), say("verdict")], rows, numbers=(1,)) if rows else Html("")


def _reasons(data: Mapping[str, Any], screening: Screening, lang: str) -> tuple[Html, Html]:
    """Return what prohibits, and what else was triggered or is open."""
    applied, unsettled = data["clauses"]["applied"], data["clauses"]["open"]
    groups = [
        ("prohibits", [item for item in applied if item["outcome"] == "prohibits"]),
        ("conditions", [item for item in applied if item["outcome"] == "conditions"]),
        ("prohibit", [item for item in unsettled if item["may"] == "prohibit"]),
        ("condition", [item for item in unsettled if item["may"] == "condition"]),
    ]
    said = [_group(_SAY[name].get(lang), items, screening, lang) for name, items in groups]
    return said[0], Html("".join(said[1:]))


def _group(title: str, items: Sequence[Mapping[str, Any]], screening: Screening, lang: str) -> Html:
    """Return a group of clauses, the first open, the others to unfold."""
    said = [_clause(item, screening, lang) for item in items[:_MOST]]
    rest = said[_FIRST:]
    more = _SAY["more"].get(lang).format(len(items) - _FIRST)
    beyond = [dim(_SAY["more"].get(lang).format(len(items) - _MOST))] if len(items) > _MOST else []
    return Html(listed(title, said[:_FIRST]) + (folded(more, listed("", [*rest, *beyond])) if rest else ""))


def _clause(item: Mapping[str, Any], screening: Screening, lang: str) -> Html:
    citation = item["citation"]
    title = item["source"][lang] if item["source"] else citation["document"]
    article = article_words(citation["article"]).get(lang)
    source = " ".join(part for part in (title, citation["number"], article) if part)
    under = " · ".join(part for part in (source, item["id"], _why(item, screening, lang)) if part)
    words = (item["text"][lang] or item["id"]) + unverified_words(item).get(lang)
    return Html(f"{text(words)}<br>{dim(under)}")


def _why(item: Mapping[str, Any], screening: Screening, lang: str) -> str:
    """Say the distances that an entry rests on, and what would settle it."""
    parts = [part for part in item["because"].values() if isinstance(part, Mapping)]
    said = [
        f"{found['distance_m']:,.0f} m ± {number_text(found.get('accuracy_m', 0))} m"
        for part in parts
        for found in part.get("found", ())
        if found.get("distance_m") is not None
    ]
    needs = [
        asked_words(key, screening).get(lang) for key in item.get("needs", ()) if key.partition(":")[0] not in _OWN
    ]
    if needs:
        said.append(f"{_SAY['needs'].get(lang)} {', '.join(needs[:3])}")
    return "; ".join(dict.fromkeys(said))


def _asked(data: Mapping[str, Any], screening: Screening, lang: str) -> Html:
    said = []
    for key in data["questions"]:
        more = help_words(key, screening).get(lang)
        lines = [text(asked_words(key, screening).get(lang)), *([dim(more)] if more else []), dim(key)]
        said.append(Html("<br>".join(lines)))
    return listed(_SAY["questions"].get(lang), said[:_MOST], is_numbered=True)


def _ways(data: Mapping[str, Any], lang: str) -> Html:
    """Return the ways out, each once, with what screening again gave; and which target no way reaches."""
    said = []
    for way in _distinct(data):
        after, presumed = way["verdict_after"], way.get("presumed_after") or way["verdict_after"]
        more = f" {dim(_SAY['presumed'].get(lang))} {verdict_chip(presumed, lang)}" if presumed != after else ""
        said.append(Html(f"{text(way['text'][lang])} → {verdict_chip(after, lang)}{more}"))
    none = [dim(one["text"][lang]) for one in data.get("no_way_out") or () if "kind" not in one]
    return Html(listed(_SAY["ways"].get(lang), said, is_numbered=True) + listed("", none))


def _distinct(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the first ways out, each once, though it may serve several targets."""
    found = {way["text"]["zh"]: way for way in reversed(data.get("ways_out") or ())}
    return list(reversed(found.values()))[:_WAYS]


def _assumed(data: Mapping[str, Any], screening: Screening, lang: str) -> Html:
    if data["verdict"] != "undetermined":
        return Html("")
    said = []
    for key in list(data["presumed"]["assuming"])[:_MOST]:
        value = value_words(key, screening.assumed[key], screening.editions).get(lang)
        said.append(Html(f"<b>{text(value)}</b> — {text(asked_words(key, screening).get(lang))}"))
    return folded(
        f"{_SAY['assuming'].get(lang)} ({len(data['presumed']['assuming'])})" if said else "", listed("", said)
    )


def _counts(data: Mapping[str, Any], lang: str) -> str:
    clauses = data["clauses"]
    counts = [f"{len(clauses[key])} {_SAY[key].get(lang)}" for key in ("satisfied", "notes", "not_applicable")]
    return " · ".join([*counts, f"{clauses['elsewhere']} {_SAY['elsewhere'].get(lang)}"])


def _sayer(lang: str) -> Any:
    return lambda key: _SAY[key].get(lang)
