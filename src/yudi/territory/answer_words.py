"""What every surface says of an answer: verdicts, facts, questions, articles and marks, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from yudi.core.words import Words
from yudi.territory.edition import Edition
from yudi.territory.facts import Fact, Value
from yudi.territory.layer_words import feature_words, layer_of
from yudi.territory.screening import Screening

__all__ = [
    "ILLUSTRATIVE",
    "LEVEL_WORDS",
    "VERDICT_WORDS",
    "WAY_KINDS",
    "WAY_TARGETS",
    "article_words",
    "asked_words",
    "fact_words",
    "help_words",
    "number_text",
    "percents",
    "unverified_words",
    "value_words",
]

ILLUSTRATIVE = Words("示例数据，仅供演示", "Illustrative data, for demonstration only")
VERDICT_WORDS: Mapping[str, Words] = {
    "prohibited": Words("禁止", "Prohibited"),
    "conditional": Words("有条件", "Conditional"),
    "admissible": Words("可准入", "Admissible"),
    "undetermined": Words("无法判定", "Undetermined"),
}
LEVEL_WORDS: Mapping[str, Words] = {
    "law": Words("法律", "law"),
    "national": Words("国家", "national"),
    "basin": Words("流域", "basin"),
    "province": Words("省级", "province"),
    "city": Words("市级", "city"),
    "county": Words("区县级", "county"),
    "unit": Words("单元", "unit"),
}
WAY_KINDS: Mapping[str, Words] = {
    "facts": Words("改事实", "facts"),
    "offset": Words("替代", "offset"),
    "trim": Words("让出", "trim"),
    "move": Words("移址", "move"),
    "unit": Words("换单元", "unit"),
}
WAY_TARGETS: Mapping[str, Words] = {
    "not_prohibited": Words("不再被禁止", "no longer prohibited"),
    "conditional": Words("有条件", "conditional"),
    "admissible": Words("可准入", "admissible"),
}
_YES, _NO = Words("是", "yes"), Words("否", "no")
_BASES = {
    "read in part": Words("条文只核对了一部分", "only a part of the article was read"),
    "press": Words("据新闻报道，未见原文", "from press reports, the text was not read"),
    "recalled": Words("凭记忆，未见原文", "from memory, the text was not read"),
}
_ARTICLE = re.compile(r"(\d+)?(?:\((\d+)\))?(?:\[(\d+)\])?")
_QUESTIONS = {
    "concerns": Words("是否涉及本项目", "Does this concern the project"),
    "meets": Words("是否满足", "Does the project meet this"),
    "fulfils": Words("是否符合", "Does the project fulfil this"),
    "list": Words("清单未作规定，是否另有限制", "Nothing is said of this; is it restricted all the same"),
}
_PLACES = {
    "distance": Words("实测距离：", "Measured distance to"),
    "inside": Words("是否位于", "Is the site inside"),
    "layer": Words("缺少图层", "Missing layer"),
}


def asked_words(key: str, screening: Screening) -> Words:
    """Return a question with the words of the clause, the layer's name or the fact's label that it is about."""
    head, _, rest = key.partition(":")
    if head in _QUESTIONS:
        text = next((item.clause.text for item in screening.known if item.asked_as == rest), Words(rest, rest))
        asked = _QUESTIONS[head]
        return Words(f"{asked.zh}：{text.get('zh')}", f"{asked.en}: {text.get('en')}")
    for edition in screening.editions:
        if head == "term" and (term := next((one for one in edition.rules.terms if one.key == rest), None)) is not None:
            zh, en = term.label.get("zh") or rest, term.label.get("en") or rest
            return Words(f"是否属于“{zh}”？", f"Does it count as “{en}”?")
        if head in _PLACES and layer_of(key) in edition.layers:
            return _place(_PLACES[head], feature_words(key, edition.layers))
        if (fact := edition.rules.vocabulary.fact(key)) is not None and fact.label:
            label = edition.rules.vocabulary.label(key)
            if fact.type == "truth":
                return _with_mark(label)
            units = (f"（{fact.unit}）", f" ({fact.unit})") if fact.unit else ("", "")
            return Words(f"{label.get('zh')}{units[0]}", f"{label.get('en')}{units[1]}")
    if head in _PLACES:
        return _place(_PLACES[head], feature_words(key, {}))
    return Words(key, key)


def _place(asked: Words, title: Words) -> Words:
    """Return a question about a layer; in Chinese nothing stands between two words."""
    name = title.get("zh")
    apart = " " if name[:1].isascii() and not asked.zh.endswith("：") else ""
    return Words(f"{asked.zh}{apart}{name}", f"{asked.en} {title.get('en')}")


def _with_mark(label: Words) -> Words:
    """Return a label as a question: with one mark, whether or not an office wrote one, full-width in Chinese."""
    return Words(*(label.get(lang).rstrip("?？ ") + mark for lang, mark in (("zh", "？"), ("en", "?"))))


def help_words(key: str, screening: Screening) -> Words:
    """Return what a person should look at to answer, where a vocabulary says so."""
    facts = (edition.rules.vocabulary.fact(key) for edition in screening.editions)
    return next((fact.help for fact in facts if fact is not None and fact.help), Words())


def fact_words(key: str, value: Value, editions: Sequence[Edition]) -> Words:
    """Return a fact with its label, and a code or choice with its name."""
    for edition in editions:
        if edition.rules.vocabulary.fact(key) is not None:
            label = edition.rules.vocabulary.label(key)
            said = value_words(key, value, editions)
            return Words(f"{label.get('zh')}：{said.get('zh')}", f"{label.get('en')}: {said.get('en')}")
    plain = f"{key} = {value.as_data()['value']}"
    return Words(plain, plain)


def value_words(key: str, value: Value, editions: Sequence[Edition]) -> Words:
    """Return a value as a reader writes it: codes and choices with names, numbers with unit and accuracy."""
    for edition in editions:
        if (fact := edition.rules.vocabulary.fact(key)) is not None:
            shown = value.value if isinstance(value.value, tuple) else (value.as_data()["value"],)
            parts = [_part(item, fact, edition) for item in shown]
            unit = (f" ± {number_text(value.accuracy)}" if value.accuracy else "") + (
                f" {fact.unit}" if fact.unit else ""
            )
            stops = (("zh", "、"), ("en", ", "))
            return Words(*(stop.join(part.get(lang) for part in parts) + unit for lang, stop in stops))
    plain = number_text(value.as_data()["value"])
    return Words(plain, plain)


def _part(item: Any, fact: Fact, edition: Edition) -> Words:
    if isinstance(item, bool):
        return _YES if item else _NO
    text = number_text(item)
    if fact.type == "code":
        names = edition.rules.vocabulary.systems[str(fact.system)].names.get(text) or {}
        return Words(
            f"{text} {names.get('zh', '')}".strip(), f"{text} {names.get('en') or names.get('zh', '')}".strip()
        )
    if fact.type == "choice" and (label := fact.choice_labels.get(text)):
        return label
    return Words(text, text)


def article_words(article: str) -> Words:
    """Return an article as readers write it: 41(1)[2] is article 41, paragraph 1, item 2.

    Examples
    --------
    >>> article_words("41(1)[2]").zh, article_words("41(1)[2]").en, article_words("ZH1/space/1").zh
    ('第41条第1款第2项', '41(1)[2]', 'ZH1/space/1')
    >>> article_words("条号未查到 / article not found").zh
    '条号未查到'
    """
    if len(sides := article.split(" / ")) == 2 and not sides[0].isascii() and sides[1].isascii():
        return Words(*sides)  # a pack's own words for an article without a number, in both languages
    found = _ARTICLE.fullmatch(article)
    parts = zip(found.groups(), ("条", "款", "项"), strict=True) if found else ()
    return Words("".join(f"第{part}{name}" for part, name in parts if part) or article, article)


def unverified_words(item: Mapping[str, Any]) -> Words:
    """Return the mark of a clause that nobody held against its whole article: what it rests on; empty for others."""
    if not item.get("unverified"):
        return Words()
    said = _BASES[item["basis"]]
    return Words(f"【未核实：{said.zh}】", f" [unverified: {said.en}]")


def number_text(value: Any) -> str:
    """Return a number with its thousands apart; anything else as it is.

    Examples
    --------
    >>> number_text(1234567.5), number_text("C26")
    ('1,234,567.5', 'C26')
    """
    return f"{value:,.10g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def percents(shares: Sequence[float]) -> list[str]:
    """Return shares in percent; those that are a whole together add to 100.

    Examples
    --------
    >>> percents([1 / 3, 2 / 3]), percents([0.001])
    (['33%', '67%'], ['<1%'])
    """
    whole = [int(share * 100 + 1e-6) for share in shares]
    if abs(sum(shares) - 1) < 1e-3:
        most = sorted(range(len(shares)), key=lambda row: whole[row] - shares[row] * 100)
        for row in most[: 100 - sum(whole)]:
            whole[row] += 1
    else:
        whole = [round(share * 100) for share in shares]
    return [f"{part}%" if part or not share else "<1%" for part, share in zip(whole, shares, strict=True)]
