"""A change of a fact in words, Chinese and English, made from the vocabulary alone."""

from __future__ import annotations

from collections.abc import Sequence

from yudi.core.words import Words
from yudi.territory.facts import Fact, Value, Vocabulary

__all__ = ["said_change"]

_WHETHER = "是否"
_OTHERS = 3  # values that would do as well and are named


def said_change(key: str, before: Value | None, after: Sequence[Value], vocabulary: Vocabulary) -> Words:
    """Return a change as a short order: what it is now, what it is to be, and what would do as well.

    Parameters
    ----------
    before : Value or None
        What is stated, None for nothing.
    after : sequence of Value
        The new value, then others that no clause tells from it.
    """
    fact, label = vocabulary.fact(key), vocabulary.label(key)
    if fact is None:
        return Words(f"{label.zh}：{after[0].value}", f"{label.en}: {after[0].value}")
    if fact.type == "truth":
        claim = label.zh.replace(_WHETHER, "", 1)
        if after[0].value:
            return Words(f"落实：{claim}", f"make sure: {label.en}")
        return Words(f"排除：{claim}", f"rule out: {label.en}")
    if fact.type == "number":
        return _number(fact, label, before, after[0])
    new = _shown(after[0], fact, vocabulary)
    others = [_shown(value, fact, vocabulary) for value in after[1 : 1 + _OTHERS]]
    more = "等" if len(after) > 1 + _OTHERS else ""
    zh_or = f"（或{'、'.join(one.zh for one in others)}{more}）" if others else ""
    en_or = f" (or {', '.join(one.en for one in others)}{' …' if more else ''})" if others else ""
    if before is None:
        return Words(f"{label.zh}定为{new.zh}{zh_or}", f"{label.en}: {new.en}{en_or}")
    gone = _left_out(before, after[0])
    if gone:
        left = _shown(Value(gone), fact, vocabulary)
        return Words(f"{label.zh}去掉{left.zh}", f"leave out {left.en} ({label.en})")
    old = _shown(before, fact, vocabulary)
    return Words(f"{label.zh}由{old.zh}改为{new.zh}{zh_or}", f"{label.en}: {new.en} instead of {old.en}{en_or}")


def _number(fact: Fact, label: Words, before: Value | None, after: Value) -> Words:
    unit = f" {fact.unit}" if fact.unit else ""
    new = f"{after.value:,.10g}{unit}"
    if before is None:
        return Words(f"{label.zh}定为 {new}", f"{label.en}: {new}")
    zh, en = ("减至", "cut") if after.value < before.value else ("增至", "raise")
    old = f"{before.value:,.10g}"
    return Words(f"{label.zh}由 {old} {zh} {new}", f"{en} {label.en} from {old} to {new}")


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
