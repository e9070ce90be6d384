"""What the surfaces say of an answer, in one place: names of verdicts, labels, marks."""

from __future__ import annotations

from yudi.core.words import Words

__all__ = ["ILLUSTRATIVE"]

ILLUSTRATIVE = Words("示例数据，仅供演示", "Illustrative data, for demonstration only")
