"""Changes of facts in words, Chinese and English, made from the vocabulary alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from yudi.core.words import Words
from yudi.territory.facts import Fact, Value, Vocabulary

__all__ = ["Change", "said_changes", "without_unit"]

_WHETHER = "是否"
_OTHERS = 3  # values that would do as well and are named


class Change(NamedTuple):
    """A fact stated otherwise: what is stated now, the new value, and others that no clause tells from it."""

    fact: str
    before: Value | None
    after: Sequence[Value]
    vocabulary: Vocabulary


def said_changes(changes: Sequence[Change]) -> Words:
    """Return changes as short orders: what to make sure, what to rule out, then one by one what is to be instead."""
    kinds = {True: ("落实：", "make sure: "), False: ("排除：", "rule out: ")}
    said: list[Words] = []
    for holds, (zh, en) in kinds.items():
        claims = [_claim(one) for one in changes if one.after[0].value is holds]
        if claims:
            zh_claims, en_claims = " / ".join(one.zh for one in claims), " / ".join(one.en for one in claims)
            said.append(Words(zh + zh_claims, en + en_claims))
    said += [_said(one) for one in changes if not isinstance(one.after[0].value, bool)]
    return Words("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _claim(change: Change) -> Words:
    label = change.vocabulary.label(change.fact)
    return Words(label.zh.replace(_WHETHER, "", 1), label.en)


def _said(change: Change) -> Words:
    vocabulary = change.vocabulary
    fact, label = vocabulary.fact(change.fact), vocabulary.label(change.fact)
    assert fact is not None, "only facts of the vocabulary are changed"
    before, after = change.before, change.after
    if fact.type == "number":
        return _number(fact, label, before, after[0])
    new = _shown(after[0], fact, vocabulary)
    others = [_shown(value, fact, vocabulary) for value in after[1 : 1 + _OTHERS]]
    is_cut = len(after) > 1 + _OTHERS
    zh_or = f"（或{'、'.join(one.zh for one in others)}{'等' if is_cut else ''}）" if others else ""
    en_or = f" (or {', '.join(one.en for one in others)}{' …' if is_cut else ''})" if others else ""
    if before is None:
        return Words(f"{label.zh}定为{new.zh}{zh_or}", f"{label.en}: {new.en}{en_or}")
    gone = _left_out(before, after[0])
    if gone:
        left = _shown(Value(gone), fact, vocabulary)
        return Words(f"{label.zh}去掉{left.zh}", f"leave out {left.en} ({label.en})")
    old = _shown(before, fact, vocabulary)
    return Words(f"{label.zh}由{old.zh}改为{new.zh}{zh_or}", f"{label.en}: {new.en} instead of {old.en}{en_or}")


def _number(fact: Fact, label: Words, before: Value | None, after: Value) -> Words:
    label = without_unit(label, fact.unit)
    if not after.value and before is None and fact.unit:
        return Words(f"{label.zh}为零", f"no {label.en}")
    unit = f" {fact.unit}" if fact.unit else ""
    new = f"{after.value:,.10g}{unit}"
    if before is None:
        return Words(f"{label.zh}定为 {new}", f"{label.en}: {new}")
    zh, en = ("减至", "cut") if after.value < before.value else ("增至", "raise")
    old = f"{before.value:,.10g}"
    return Words(f"{label.zh}由 {old} {zh} {new}", f"{en} {label.en} from {old} to {new}")


def without_unit(label: Words, unit: str | None) -> Words:
    """Return a label without its unit in brackets, which stands behind the number."""
    if not unit:
        return label
    in_brackets = re.compile(rf"\s*[（(]\s*{re.escape(unit)}\s*[）)]")
    return Words(in_brackets.sub("", label.zh), in_brackets.sub("", label.en))


def _left_out(before: Value, after: Value) -> tuple[str, ...]:
    """Return what of several values is left out, nothing where others come in."""
    old, new = before.value, after.value
    if not isinstance(old, tuple) or not isinstance(new, tuple) or not set(new) < set(old):
        return ()
    return tuple(item for item in old if item not in new)


def _shown(value: Value, fact: Fact, vocabulary: Vocabulary) -> Words:
    items = value.value if isinstance(value.value, tuple) else (value.as_data()["value"],)
    said = [_item(str(item), fact, vocabulary) for item in items]
    return Words("、".join(one.zh for one in said), ", ".join(one.en for one in said))


def _item(item: str, fact: Fact, vocabulary: Vocabulary) -> Words:
    if fact.type == "code":
        names = vocabulary.systems[str(fact.system)].names.get(item, {})
        zh = names.get("zh") or names.get("en") or ""
        return Words(f"{item} {zh}".strip(), f"{item} {names.get('en') or zh}".strip())
    label = fact.choice_labels.get(item)
    return Words(label.get("zh"), label.get("en")) if label else Words(item, item)
