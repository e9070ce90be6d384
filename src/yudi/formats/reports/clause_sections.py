"""The parts of a report that go through the clauses: those in play one by one, those only touched, those that do not apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from yudi.core.words import Words
from yudi.formats.reports.asked import Asked, cell, table
from yudi.formats.reports.clause_rows import (
    action,
    cited,
    clause_cell,
    joined,
    label_of,
    reasons,
    shortened,
)
from yudi.formats.reports.model import Line, Row, Table, Text
from yudi.territory.answer_marks import OUTCOME_MARKS, OUTCOME_WORDS
from yudi.territory.answer_words import article_words, number_text

__all__ = ["clauses_table", "not_applicable_table", "touched_table"]

_REASON = 46  # letters of a reason; the clause itself says the rest
_WORDS = 60  # letters of a clause that does not apply
_ANY = Words("不限维度", "all dimensions")
_PARTS = {
    "period": Words("此日不在有效期内", "Not in force on this day"),
    "scope": Words("选址不在其空间范围内", "The site is not where it speaks of"),
    "subject": Words("项目不属其适用对象", "The project is not what it speaks of"),
    "except": Words("属于例外", "An exception"),
    "units": Words("由其他单元规定", "Other units answer"),
}


def dimension_words(asked: Asked, key: str) -> Words:
    """Return how a dimension is called in the editions asked."""
    labels = (edition.dimensions.get(key) for edition in asked.screening.editions)
    return next((label for label in labels if label), None) or (Words(key, key) if key else _ANY)


def clauses_table(asked: Asked) -> Table:
    """Return the clauses in play, by level and dimension: words and source, what each comes to, why, what to do."""
    voice = asked.voice
    many = len(asked.data["editions"]) > 1
    lang = "en" if voice.lang == "en" else "zh"
    editions = {edition["id"]: edition["name"][lang] for edition in asked.data["editions"]} if many else {}
    ordered = asked.ordered
    counts = Counter((level, dimension) for level, dimension, _, _ in ordered)
    rows, last = [], None
    for number, (level, dimension, group, item) in enumerate(ordered, 1):
        if (level, dimension) != last:
            last = (level, dimension)
            here = counts[last]
            name, count = (
                dimension_words(asked, dimension),
                Words(f"{here} 条", f"{here} clause{'s' if here > 1 else ''}"),
            )
            rows.append(Row((cell(voice, label_of(level)), cell(voice, name), cell(voice, count)), is_band=True))
        rows.append(
            Row(
                (
                    cell(voice, str(number)),
                    clause_cell(item, voice, editions),
                    (Line(_marked(voice(OUTCOME_WORDS[group]), OUTCOME_MARKS[group]), group),),
                    cell(voice, *reasons(item, asked.screening)),
                    cell(voice, *action(item, group)),
                )
            )
        )
    columns = (
        (Words("序号", "No."), 0.055),
        (Words("条文与出处", "Clause and source"), 0.345),
        (Words("研判", "Result"), 0.12),
        (Words("适用与否及理由", "Applies or not, and why"), 0.29),
        (Words("落实要求", "To do"), 0.19),
    )
    return table(voice, "clauses", columns, rows)


def _marked(text: Text, mark: str) -> Text:
    """Return a text behind a sign, so that nothing depends on colour."""
    return Text(f"{mark} {text.main}", text.second)


def touched_table(asked: Asked) -> Table | None:
    """Return the clauses that would speak if what the site only touches were lain in; those that forbid come first."""
    voice = asked.voice
    found = [item for item in asked.data["clauses"]["not_applicable"] if item["because"].get("touches")]
    found.sort(key=lambda item: not item["because"].get("touches_forbidden"))
    rows = []
    for item in found:
        because = item["because"]
        amounts = [
            Words(f"{one.get('feature') or one.get('unit', '')} {number_text(one['amount'])}".strip())
            for one in because.get("found") or [because]
            if one.get("touches")
        ]
        bans = because.get("touches_forbidden")
        flag = (
            Words("擦到禁止所及，须核界", "Touches what forbids: check the border")
            if bans
            else Words("无影响", "No effect")
        )
        rows.append(
            Row(
                (
                    clause_cell(item, voice, {}),
                    cell(voice, joined(amounts, "、", ", ")),
                    (Line(voice(flag), "may_prohibit" if bans else ""),),
                )
            )
        )
    columns = (
        (Words("条文与出处", "Clause and source"), 0.56),
        (Words("擦边处与数量（低于容差）", "What is touched, and how much (below the tolerance)"), 0.24),
        (Words("提示", "Remark"), 0.2),
    )
    return table(voice, "touched", columns, rows) if rows else None


def not_applicable_table(asked: Asked) -> Table | None:
    """Return the clauses that do not apply, grouped by the first part that fails and why: each by its citation."""
    voice = asked.voice
    groups: dict[str, dict[tuple[str, str], list[Mapping[str, Any]]]] = {}
    for item in asked.data["clauses"]["not_applicable"]:
        because = item["because"]
        if not because.get("touches"):
            said = _reason(item, asked)
            groups.setdefault(because["part"], {}).setdefault((said.get("zh"), said.get("en")), []).append(item)
    rows = []
    for part in sorted(groups, key=lambda name: list(_PARTS).index(name) if name in _PARTS else len(_PARTS)):
        count = sum(len(items) for items in groups[part].values())
        title = _PARTS.get(part) or Words(part, part)
        told = Words(f"{count} 条", f"{count} clause{'s' if count > 1 else ''}")
        rows.append(Row((cell(voice, title), cell(voice, told)), is_band=True))
        for reason, items in sorted(groups[part].items(), key=lambda row: (-len(row[1]), row[0])):
            rows.append(Row((cell(voice, Words(*reason)), cell(voice, _citations(items)))))
    columns = ((Words("为何不适用", "Why not"), 0.42), (Words("条款", "Clauses"), 0.58))
    return table(voice, "not_applicable", columns, rows, is_compact=True) if rows else None


def _reason(item: Mapping[str, Any], asked: Asked) -> Words:
    """Return in a few words why a clause does not apply: the layers that the site is not in, else the part that fails."""
    because = item["because"]
    if because["part"] == "period":
        start, end = because.get("in_force"), because.get("repealed")
        said = [Words(f"{start} 起施行", f"in force from {start}")] if start else []
        said += [Words(f"{end} 起失效", f"no longer from {end}")] if end else []
        return joined(said, "，", ", ") or Words("–", "–")
    found = because.get("found") or ()
    keys = [one.get("fact", "").partition(":") for one in found]
    if because["part"] == "scope" and keys and all(head == "inside" for head, _, _ in keys):
        layers = next(edition.layers for edition in asked.screening.editions if edition.id == item["edition"])
        names = [rest.partition("[")[0].partition("@")[0] for _, _, rest in keys]
        titles = [layers[name].title() if name in layers else Words(name, name) for name in names]
        listed = joined(titles, "、", ", ")
        return Words(
            f"不在（或不同时在）：{listed.zh}" if len(titles) > 1 else f"不在：{listed.zh}", f"not in: {listed.en}"
        )
    text = Words(because["text"]["zh"].removeprefix("不符合："), because["text"]["en"].removeprefix("does not hold: "))
    return shortened(text, _REASON)


def _citations(items: Iterable[Mapping[str, Any]]) -> Words:
    """Return clauses document by document, each by its article, or its id where a document counts none, and its words."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for item in items:
        bare = dict(item, citation={**item["citation"], "article": "", "number": ""})
        title = cited(bare)
        article = item["citation"]["article"]
        said = article_words(article) if article and article[0].isdigit() else Words(item["id"], item["id"])
        mark = "*" if item.get("unverified") else ""
        text = shortened(Words(**item["text"]), _WORDS)
        whole = (f"{said.get('zh')}{mark}“{text.get('zh')}”", f"{said.get('en')}{mark} “{text.get('en')}”")
        found.setdefault((title.get("zh"), title.get("en")), []).append(whole)
    parts = []
    for (zh, en), articles in found.items():
        counted = Counter(articles)
        told = [(a + times(n), b + times(n)) for (a, b), n in counted.items()]
        parts.append(Words(f"{zh}{'、'.join(a for a, _ in told)}", f"{en} {', '.join(b for _, b in told)}".strip()))
    return joined(parts, "；", "; ")


def times(count: int) -> str:
    """Return how often a citation stands for a clause of its own, empty for once."""
    return f"×{count}" if count > 1 else ""
