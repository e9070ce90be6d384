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
    gist,
    joined,
    label_of,
    reasons,
    shortened,
)
from yudi.formats.reports.model import Line, Row, Table, Text
from yudi.territory.answer_marks import OUTCOME_MARKS, OUTCOME_WORDS
from yudi.territory.answer_words import article_words, number_text, unverified_words

__all__ = ["clauses_table", "not_applicable_tables", "touched_table"]

_REASON = 46  # letters of a reason; the clause itself says the rest
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
        (Words("序号", "No."), 0.056),
        (Words("条文与出处", "Clause and source"), 0.345),
        (Words("研判", "Result"), 0.124),
        (Words("适用与否及理由", "Applies or not, and why"), 0.285),
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


def not_applicable_tables(asked: Asked) -> list[Table]:
    """Return the clauses that do not apply, by the first part that fails and why: in few words, and in full for a sheet.

    Who reviews looks whether one was overlooked: which article, what it is about, why it does not speak here. The words
    themselves are at hand in the workbook.
    """
    voice = asked.voice
    groups: dict[str, dict[tuple[str, str], list[Mapping[str, Any]]]] = {}
    for item in asked.data["clauses"]["not_applicable"]:
        because = item["because"]
        if not because.get("touches"):
            said = _reason(item, asked)
            groups.setdefault(because["part"], {}).setdefault((said.get("zh"), said.get("en")), []).append(item)
    brief, full = [], []
    for part in sorted(groups, key=lambda name: list(_PARTS).index(name) if name in _PARTS else len(_PARTS)):
        count = sum(len(items) for items in groups[part].values())
        title = _PARTS.get(part) or Words(part, part)
        told = Words(f"{count} 条", f"{count} clause{'s' if count > 1 else ''}")
        band = Row((cell(voice, title), cell(voice, told)), is_band=True)
        brief.append(band)
        full.append(band)
        for reason, items in sorted(groups[part].items(), key=lambda row: (-len(row[1]), row[0])):
            brief.append(Row((cell(voice, Words(*reason)), cell(voice, _citations(items, voice.lang)))))
            full += [_in_full(item, Words(*reason), asked) for item in items]
    if not brief:
        return []
    short = ((Words("为何不适用", "Why not"), 0.36), (Words("条款：条号与事由", "Clauses: number and subject"), 0.64))
    long = (
        (Words("为何不适用", "Why not"), 0.24),
        (Words("层级", "Level"), 0.07),
        (Words("管控维度", "Dimension"), 0.1),
        (Words("出处", "Source"), 0.2),
        (Words("条款编号", "Id"), 0.12),
        (Words("条文", "Words"), 0.4),
    )
    return [
        table(voice, "not_applicable", short, brief, is_compact=True, only="page"),
        table(voice, "not_applicable", long, full, is_compact=True, only="sheet"),
    ]


def _in_full(item: Mapping[str, Any], reason: Words, asked: Asked) -> Row:
    voice, mark = asked.voice, unverified_words(item)
    words = Words(**item["text"])
    return Row(
        (
            cell(voice, reason),
            cell(voice, label_of(item["level"])),
            cell(voice, dimension_words(asked, item["dimension"])),
            cell(voice, cited(item)),
            cell(voice, item["id"]),
            cell(voice, Words(words.get("zh") + mark.zh, words.get("en") + mark.en)),
        )
    )


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


def _citations(items: Iterable[Mapping[str, Any]], lang: str) -> Words:
    """Return clauses document by document, each by its article, or its id where a document counts none, and its subject.

    What is out of force is only counted by article. Of two languages the subject stands in the first, beside a reason in both.
    """
    found: dict[tuple[str, str], dict[tuple[str, str], list[Words]]] = {}
    for item in items:
        bare = dict(item, citation={**item["citation"], "article": "", "number": ""})
        title = cited(bare)
        article = item["citation"]["article"]
        said = article_words(article) if article and article[0].isdigit() else Words(item["id"], item["id"])
        mark = "*" if item.get("unverified") else ""
        about = gist(Words(**item["text"])) if item["because"]["part"] != "period" else Words()
        of_document = found.setdefault((title.get("zh"), title.get("en")), {})
        of_document.setdefault((said.get("zh") + mark, said.get("en") + mark), []).append(about)
    parts = []
    for (zh, en), articles in found.items():
        told = [_about(article, about, is_twice=lang == "both") for article, about in articles.items()]
        parts.append(
            Words(f"{zh}{'、'.join(one.zh for one in told)}", f"{en} {', '.join(one.en for one in told)}".strip())
        )
    return joined(parts, "；", "; ")


def _about(article: tuple[str, str], about: list[Words], *, is_twice: bool) -> Words:
    """Return an article with what its clauses are about, and how many it has."""
    count = f"×{len(about)}" if len(about) > 1 else ""
    said = joined(about, "；", "; ")
    if not said:
        return Words(article[0] + count, article[1] + count)
    return Words(f"{article[0]}{count}（{said.zh}）", f"{article[1]}{count}" + ("" if is_twice else f" ({said.en})"))
