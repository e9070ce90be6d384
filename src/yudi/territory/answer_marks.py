"""Signs beside the words for verdicts and for what clauses come to, so that nothing depends on colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from yudi.core.words import Words

__all__ = ["OUTCOME_MARKS", "OUTCOME_WORDS", "VERDICT_MARKS"]

VERDICT_MARKS: Mapping[str, str] = MappingProxyType(
    {"prohibited": "■", "conditional": "◆", "admissible": "●", "undetermined": "?"}
)
OUTCOME_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "prohibits": Words("禁止", "prohibits"),
        "may_prohibit": Words("可能禁止", "may prohibit"),
        "conditions": Words("附条件", "conditions"),
        "may_condition": Words("可能附条件", "may condition"),
        "satisfied": Words("已满足", "satisfied"),
        "note": Words("提示", "note"),
        "not_applicable": Words("不适用", "not applicable"),
    }
)
OUTCOME_MARKS: Mapping[str, str] = MappingProxyType(
    {
        "prohibits": "■",
        "may_prohibit": "?",
        "conditions": "◆",
        "may_condition": "◇",
        "satisfied": "+",
        "note": "i",
        "not_applicable": "·",
    }
)
