"""A predicate as a sentence, in Chinese and English, made from the data alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yudi.core.words import Words
from yudi.territory.facts import Vocabulary
from yudi.territory.predicates import (
    All,
    Any_,
    Condition,
    FactIn,
    FactIs,
    FactRange,
    Node,
    Not,
    PlaceTest,
    Quota,
    TermTest,
    leaves,
)

__all__ = ["Speaker", "facts_asked"]

_WHETHER = "是否"  # of a truth whose label holds it the labels are claims, in both languages
_JUDGED = {
    "concerns": ("涉及本项目（由人判断）", "it concerns the project (a person decides)"),
    "meets": ("项目满足此要求（由人判断）", "the project meets it (a person decides)"),
    "fulfils": ("项目符合此要求（由人判断）", "the project fulfils it (a person decides)"),
    "list": ("清单另有限制（由人判断）", "the list restricts it (a person decides)"),
    "zone": ("位于“…”（由人判断）", "lies in “…” (a person decides)"),
}


@dataclass(frozen=True)
class Speaker:
    """Turns trees into sentences with the labels of a vocabulary, of terms and of layers.

    Parameters
    ----------
    terms, layers : mapping of key to Words
        How terms and layers are called; a key without a label stands as it is.
    """

    vocabulary: Vocabulary
    terms: Mapping[str, Words] = field(default_factory=dict)
    layers: Mapping[str, Words] = field(default_factory=dict)

    def sentence(self, node: Node) -> Words:
        """Return the tree as a sentence without a full stop; what asks nothing is "always"."""
        if isinstance(node, All | Any_):
            return self._branch(node)
        if isinstance(node, Not):
            inner = self.sentence(node.part)
            if isinstance(node.part, All | Any_) and len(node.part.parts) > 1:
                return Words(f"并非（{inner.zh}）", f"not ({inner.en})")
            return Words(f"并非{inner.zh}", f"not: {inner.en}")
        if isinstance(node, PlaceTest):
            return self._place(node)
        if isinstance(node, TermTest):
            label = self.terms.get(node.term) or Words(node.term, node.term)
            return Words(f"属于“{label.get('zh')}”", f"counts as “{label.get('en')}”")
        if isinstance(node, Quota):
            return self._quota(node)
        return self._fact(node)

    def _branch(self, node: All | Any_) -> Words:
        parts = [self._part(part, node) for part in node.parts]
        if not parts:
            return Words("任何情况", "always") if isinstance(node, All) else Words("从不", "never")
        zh, en = ("，且", " and ") if isinstance(node, All) else ("，或", " or ")
        return Words(zh.join(part.zh for part in parts), en.join(part.en for part in parts))

    def _part(self, part: Node, parent: All | Any_) -> Words:
        said = self.sentence(part)
        mixed = isinstance(part, All | Any_) and type(part) is not type(parent) and len(part.parts) > 1
        return Words(f"（{said.zh}）", f"({said.en})") if mixed else said

    def _fact(self, node: FactIn | FactIs | FactRange) -> Words:
        label = self.vocabulary.label(node.fact)
        if isinstance(node, FactIs):
            if (said := self._judged(node)) is not None:
                return said
            if _WHETHER in label.zh:
                claimed = Words(label.zh.replace(_WHETHER, "", 1), label.en)
                return claimed if node.value else Words(f"并非：{claimed.zh}", f"not: {claimed.en}")
            return Words(
                f"{label.zh}为{'是' if node.value else '否'}", f"{label.en} is {'true' if node.value else 'false'}"
            )
        if isinstance(node, FactIn):
            values = [self._value(node.fact, value) for value in node.values]
            return Words(
                f"{label.zh}为{_listed([value.zh for value in values], '、', '或')}",
                f"{label.en} is {_listed([value.en for value in values], ', ', ' or ')}",
            )
        return self._range(node, label)

    def _judged(self, node: FactIs) -> Words | None:
        """Say a question that a person answers as what it claims."""
        head, _, name = node.fact.partition(":")
        if head not in _JUDGED or self.vocabulary.fact(node.fact) is None:
            return None
        zh, en = (text.replace("…", name) for text in _JUDGED[head])
        return Words(zh, en) if node.value else Words(f"并非：{zh}", f"not: {en}")

    def _value(self, key: str, value: str) -> Words:
        fact = self.vocabulary.fact(key)
        if fact is not None and fact.type == "code":
            system = self.vocabulary.systems[str(fact.system)]
            names = system.names.get(system.canonical(value), {})
            return Words(
                f"{value} {names.get('zh', '')}".strip(), f"{value} {names.get('en') or names.get('zh', '')}".strip()
            )
        label = fact.choice_labels.get(value) if fact is not None else None
        return Words(label.get("zh"), label.get("en")) if label else Words(value, value)

    def _range(self, node: FactRange, label: Words) -> Words:
        fact = self.vocabulary.fact(node.fact)
        unit = node.unit or (fact.unit if fact is not None else None) or ""
        low, high = _shown(node.low, unit), _shown(node.high, unit)
        if node.low is not None and node.low == node.high:
            return Words(f"{label.zh}等于 {low}", f"{label.en} equals {low}")
        said = []
        if isinstance(node.low if node.low is not None else node.high, date):
            signs = (("晚于", "不早于", "after", "from"), ("早于", "不晚于", "before", "until"))
        else:
            signs = (("大于", "不小于", "more than", "at least"), ("小于", "不大于", "less than", "at most"))
        for value, is_open, (zh_open, zh_closed, en_open, en_closed) in (
            (low, node.low_open, signs[0]),
            (high, node.high_open, signs[1]),
        ):
            if value:
                said.append(
                    Words(
                        f"{zh_open if is_open else zh_closed} {value}", f"{en_open if is_open else en_closed} {value}"
                    )
                )
        return Words(
            label.zh + "且".join(part.zh for part in said), f"{label.en} is " + " and ".join(part.en for part in said)
        )

    def _quota(self, node: Quota) -> Words:
        amount = self.vocabulary.label(node.amount)
        rooms = [self.vocabulary.label(key) for key in node.headroom]
        return Words(
            f"{amount.zh}不超过{'、'.join(room.zh for room in rooms)}",
            f"{amount.en} is at most {_listed([room.en for room in rooms], ', ', ' and ')}",
        )

    def _place(self, node: PlaceTest) -> Words:
        label = self.layers.get(node.layer) or Words(node.layer, node.layer)
        asked = Words(
            "、".join(_condition(item).zh for item in node.where), ", ".join(_condition(item).en for item in node.where)
        )
        zh = f"“{label.get('zh')}”" + (f"（{asked.zh}）" if asked else "")
        en = f"“{label.get('en')}”" + (f" ({asked.en})" if asked else "")
        if node.kind == "within":
            reach = _metres(node.distance_m or 0.0)
            return Words(f"位于{zh} {reach} 以内", f"within {reach} of {en}")
        if node.kind == "along":
            up, down, side = (_metres(value or 0.0) for value in (node.upstream_m, node.downstream_m, node.side_m))
            return Words(
                f"位于{zh}上游 {up}、下游 {down}、两岸各 {side}（限其汇水区内）",
                f"along the river from {up} upstream to {down} downstream of {en}, {side} to each side, within its catchment",
            )
        if node.kind == "overlaps":
            least = [f"{node.area_m2:g} m²"] if node.area_m2 is not None else []
            least += [f"{node.share:.4g} ({node.share:.1%})"] if node.share is not None else []
            if least:
                return Words(
                    f"与{zh}重叠不少于 {' 或 '.join(least)}", f"overlaps {en} by at least {' or '.join(least)}"
                )
            return Words(f"与{zh}重叠", f"overlaps {en}")
        return Words(f"位于{zh}内", f"inside {en}")


def facts_asked(*trees: Node | None) -> tuple[str, ...]:
    """Return the facts that the trees ask directly, in order of appearance; terms and places are not facts."""
    found: dict[str, None] = {}
    for tree in trees:
        for leaf in leaves(tree) if tree is not None else ():
            if isinstance(leaf, FactIn | FactIs | FactRange):
                found[leaf.fact] = None
            elif isinstance(leaf, Quota):
                found |= dict.fromkeys((leaf.amount, *leaf.headroom))
    return tuple(found)


def _listed(items: Sequence[str], comma: str, last: str) -> str:
    return items[0] if len(items) == 1 else comma.join(items[:-1]) + last + items[-1]


def _shown(value: float | date | None, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:,.12g} {unit}".strip()


def _metres(value: float) -> str:
    return f"{value:,.10g} m"


def _condition(condition: Condition) -> Words:
    if condition.values:
        values = "、".join(condition.values)
        return Words(f"{condition.field}：{values}", f"{condition.field}: {', '.join(condition.values)}")
    ends = [f"≥ {condition.low:g}"] if condition.low is not None else []
    ends += [f"≤ {condition.high:g}"] if condition.high is not None else []
    return Words(f"{condition.field} {'、'.join(ends)}", f"{condition.field} {', '.join(ends)}")
