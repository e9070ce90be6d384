"""A clause of an answer as a row of a report: its words and source, what it comes to, why, and what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yudi.core.words import Words
from yudi.formats.reports.model import Cell, Line, Voice
from yudi.territory.answer_words import (
    LEVEL_WORDS,
    article_words,
    asked_words,
    number_text,
    unverified_words,
    value_words,
)
from yudi.territory.facts import value_of
from yudi.territory.items import EFFECT_WORDS
from yudi.territory.screening import Screening

__all__ = ["GROUPS", "action", "cited", "clause_cell", "gist", "joined", "label_of", "reasons", "shortened", "unasked"]

# The groups of clauses as a reader wants them: the strictest first.
GROUPS = ("prohibits", "may_prohibit", "conditions", "may_condition", "satisfied", "note")
_CONDITION_ZH = re.compile(r"”（[a-z_]+(?:：| [≥≤])[^（）]*）")
_CONDITION_EN = re.compile(r"([”\"]) \([a-z_]+(?::| [≥≤])[^()]*\)")
_GIST = 16  # letters that say what a clause is about
_LONG = 600  # letters of a predicate that a row shows; what is longer ends in an ellipsis
_NEEDS = 6  # missing facts that a row names; all stand among the questions
_DO = {
    "prohibits": Words(
        "按现方案不得建设；须另选址或改变方案", "Not as proposed: another site or another design is needed"
    ),
    "require": Words("落实", "See to it"),
    "quota": Words("落实总量指标来源", "Secure the share of the cap"),
    "offset": Words("落实替代来源", "Secure the offset"),
    "consult": Words("征求意见", "Consult"),
    "forbid": Words("设计中排除禁止情形", "Rule out by design what is forbidden"),
    "satisfied": Words("留存依据", "Keep the evidence"),
    "note": Words("知悉；属管理部门职责或导向", "For information: an authority's duty or an aim"),
    "silent": Words("向清单编制单位核实", "Ask who keeps the list"),
    "answer": Words("先答复未知事项，再研判", "Answer what is not known, then screen again"),
    "words": Words("按条文落实，写入环评文件", "Do as the clause says, and write it into the EIA"),
}
_ORIGINS = {
    "map": Words("图上量算", "measured on the map"),
    "table": Words("状况表", "status table"),
    "inferred": Words("依规定推断", "inferred by a rule"),
    "stated": Words("实测", "as surveyed"),
}


def joined(parts: Sequence[Words], zh: str = "；", en: str = "; ") -> Words:
    """Return texts as one, with a mark between them; doubled ones stand once."""
    return Words(
        zh.join(dict.fromkeys(part.get("zh") for part in parts if part)),
        en.join(dict.fromkeys(part.get("en") for part in parts if part)),
    )


def cited(item: Mapping[str, Any]) -> Words:
    """Return where a clause stands: title, number and article, or the title alone."""
    citation = item["citation"]
    article = article_words(citation["article"])
    title = Words(**item["source"]) if item["source"] else Words(citation["document"], citation["document"])
    said = []
    for lang, mark in (("zh", "《{}》"), ("en", "{}")):
        name = title.get(lang)
        name = mark.format(name) if name and not name.startswith("《") else name
        number = citation["number"]
        told = article.get(lang)
        if lang == "en" and told and told[0].isdigit():
            told = f"art.\u00a0{told}"
        number = (f"（{number}）" if lang == "zh" else f"({number})") if number else ""
        gap = "" if lang == "zh" else " "
        said.append(gap.join(part for part in (name, number, told) if part))
    return Words(*said)


def clause_cell(item: Mapping[str, Any], voice: Voice, editions: Mapping[str, str]) -> Cell:
    """Return the cell with the words of a clause, its source, what it does and its id.

    Parameters
    ----------
    editions : mapping of id to name
        Names of the editions, empty where only one was asked.
    """
    words = Words(**item["text"]) if item["text"]["zh"] or item["text"]["en"] else Words(item["id"], item["id"])
    mark = unverified_words(item)
    text = Words(words.get("zh") + mark.zh, words.get("en") + mark.en)
    parts = [item["id"]] + ([", ".join(item["units"])] if len(item.get("units", ())) > 1 else [])
    parts += [editions[item["edition"]]] if item["edition"] in editions else []
    effect = EFFECT_WORDS[item["effect"]]
    source = cited(item)
    lines = [Line(voice(text))]
    if source:
        lines.append(Line(voice(source), "source"))
    told = " · ".join(parts)
    name = " ".join(voice(effect).lines())
    lines.append(Line(voice(f"{name} · {told}"), "small"))
    return tuple(lines)


def label_of(key: str) -> Words:
    """Return how a level is called; what names none speaks for all."""
    return LEVEL_WORDS.get(key) or Words("其他", "other")


def reasons(item: Mapping[str, Any], screening: Screening) -> list[Words]:
    """Return why a clause comes to what it does: place, subject, exception, test, and what is not known."""
    said = [one for part in ("scope", "subject", "except", "test") for one in _part(part, item, screening)]
    needs = [unasked(asked_words(key, screening)) for key in item.get("needs", ())]
    if needs:
        few = joined(needs[:_NEEDS], "、", ", ")
        more = len(needs) - _NEEDS
        tail = Words(f"等 {len(needs)} 项", f" and {more} more") if more > 0 else Words()
        said.append(Words(f"取决于（未知）：{few.zh}{tail.zh}", f"Depends on (not known): {few.en}{tail.en}"))
    return list(dict.fromkeys(said)) or [Words("对所有项目适用", "Speaks of every project")]


def _part(name: str, item: Mapping[str, Any], screening: Screening) -> Iterator[Words]:
    """Yield what is said of one part of a clause."""
    part = item["because"].get(name)
    if part is None or (name == "scope" and not part["found"]):
        return
    text = Words(**part["text"])
    value = part["value"]
    if value == "U" and name != "except" and item.get("needs"):
        return  # what is not known is named at the end; what must be met stands under what is to be done
    heads = {
        ("except", "U"): Words("是否属例外未知：", "Whether it is an exception is not known: "),
        ("except", "F"): Words("不属例外：", "No exception: "),
        ("test", "T"): Words("已符合：", "Meets: "),
        ("test", "F"): Words("不符合：", "Does not meet: "),
        ("test", "U"): Words("须符合，尚不明：", "Must meet, not yet known: "),
    }
    if any(found.get("feature") for found in part["found"]):  # what was met is named, so that no condition is needed
        text = Words(_CONDITION_ZH.sub("”", text.get("zh")), _CONDITION_EN.sub(r"\1", text.get("en")))
    head, text = heads.get((name, value), Words()), shortened(text, _LONG)
    yield Words(f"{head.zh}{text.get('zh')}", f"{head.en}{text.get('en')}")
    for found in part["found"]:
        yield from _measured(found, screening)


def shortened(text: Words, most: int) -> Words:
    """Return a text cut to so many Chinese letters, and to three times as many Latin ones, with an ellipsis.

    Examples
    --------
    >>> shortened(Words("一二三四", "one two three four"), 3)
    Words(zh='一二…', en='one two…')
    """
    zh, en = text.get("zh"), text.get("en")
    if len(zh) > most:
        zh = zh[: most - 1] + "…"
    if len(en) > 3 * most:
        en = en[: 3 * most - 1].rpartition(" ")[0] + "…"
    return Words(zh, en)


def gist(text: Words) -> Words:
    """Return what a clause is about in few words: its beginning, up to a comma or stop where one is near.

    Examples
    --------
    >>> gist(Words("禁止在长江干支流岸线一公里范围内新建、扩建化工园区和化工项目", "No new chemical works, nor their extension"))
    Words(zh='禁止在长江干支流岸线一公里范围…', en='No new chemical works…')
    """
    zh, en = text.get("zh"), text.get("en")
    return Words(_begun(zh, _GIST, "，。；：、（"), _begun(en, 2 * _GIST + 4, ",.;: "))


def _begun(text: str, most: int, stops: str) -> str:
    if len(text) <= most:
        return text.rstrip("。.；;")
    head = text[: most - 1]
    stop = max(head.rfind(mark) for mark in stops if mark != " ")
    if stop < most // 2:
        stop = head.rfind(" ") if " " in stops else len(head)
    return (head[:stop] if stop > 0 else head) + "…"


def unasked(text: Words) -> Words:
    """Return a question without its mark, as it stands in a list."""
    return Words(text.zh.rstrip("？"), text.en.rstrip("?"))


def _measured(found: Mapping[str, Any], screening: Screening) -> Iterator[Words]:
    """Yield what was measured, or known from elsewhere than the project's own statement."""
    key = found.get("fact", "")
    layer = key.partition(":")[2].partition("[")[0].partition("@")[0]
    where = found.get("feature") or ""
    if where.rpartition(" ")[0] == layer:  # a shape without a name of its own is called as its layer is
        where = ""
    origin = _ORIGINS.get(found.get("origin", ""), Words())
    if found.get("distance_m") is not None:
        gap, good = number_text(round(found["distance_m"])), number_text(found.get("accuracy_m", 0))
        yield Words(
            f"距{where or '该处'} {gap} m ± {good} m（{origin.zh}）",
            f"{gap} m ± {good} m from {where or 'there'} ({origin.en})",
        )
    elif found.get("amount") is not None and found.get("value") != "F":
        share = found.get("share")
        told = f"{share:.1%}" if share is not None and share < 1 else "100%"
        yield Words(
            f"{where and where + '：'}占选址 {told}（{origin.zh}）",
            f"{where and where + ': '}{told} of the site ({origin.en})",
        )
    elif found.get("origin") in ("table", "inferred") and found.get("value") is not None:
        label = unasked(asked_words(key, screening))
        known = value_words(key, value_of(found["value"]), screening.editions)
        # Of a status table the source is the name of a file, which the data tells and no reader of a report has.
        source = f" {found['source']}" if found.get("source") and found["origin"] != "table" else ""
        yield Words(
            f"{label.zh}：{known.get('zh')}（{origin.zh}{source}）",
            f"{label.en}: {known.get('en')} ({origin.en}{source})",
        )


def action(item: Mapping[str, Any], group: str) -> list[Words]:
    """Return what is to be done about a clause."""
    if group in ("prohibits", "satisfied", "note"):
        return [_DO[group]]
    effect = item["effect"]
    if effect == "silent":
        return [_DO["silent"]]
    if group == "may_prohibit":
        return [_DO["answer"]]
    return [_obligation(item, effect)]


def _obligation(item: Mapping[str, Any], effect: str) -> Words:
    if item.get("in_words"):
        return _DO["words"]
    head = _DO.get(effect, _DO["words"])
    test = item["because"].get("test")
    if effect in ("require", "quota") and test is not None:
        text = shortened(Words(**test["text"]), _LONG)
        return Words(f"{head.zh}：{text.get('zh')}", f"{head.en}: {text.get('en')}")
    if effect == "offset" and item.get("factor") is not None:
        factor = number_text(item["factor"])
        return Words(f"{head.zh}，{factor} 倍", f"{head.en}, times {factor}")
    if effect == "consult" and item.get("body"):
        body = Words(**item["body"])
        return Words(f"{head.zh}：{body.get('zh')}", f"{head.en}: {body.get('en')}")
    return head
