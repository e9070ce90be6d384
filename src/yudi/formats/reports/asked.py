"""What all parts of a report share: the screening with its answer, its clauses in the order of the report, the voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from yudi.core.words import Words
from yudi.formats.reports.clause_rows import GROUPS
from yudi.formats.reports.model import Cell, Column, Line, Row, Table, Voice
from yudi.territory.clauses import LEVELS
from yudi.territory.screening import Screening

__all__ = ["Asked", "cell", "table"]


class Asked:
    """A screening with its answer in plain data and the voice of the report, shared by all parts.

    Parameters
    ----------
    data : mapping
        The answer as `yudi.territory.verdict.verdict_data` gives it.
    """

    def __init__(self, screening: Screening, data: Mapping[str, Any], voice: Voice) -> None:
        self.screening = screening
        self.data = data
        self.voice = voice

    @cached_property
    def groups(self) -> dict[str, list[Mapping[str, Any]]]:
        """The clauses in play, by what they come to."""
        clauses = self.data["clauses"]
        return {
            "prohibits": [item for item in clauses["applied"] if item["outcome"] == "prohibits"],
            "may_prohibit": [item for item in clauses["open"] if item["may"] == "prohibit"],
            "conditions": [item for item in clauses["applied"] if item["outcome"] == "conditions"],
            "may_condition": [item for item in clauses["open"] if item["may"] == "condition"],
            "satisfied": clauses["satisfied"],
            "note": clauses["notes"],
        }

    @cached_property
    def ordered(self) -> list[tuple[str, str, str, Mapping[str, Any]]]:
        """The clauses in play as (level, dimension, group, clause), in the order of the report."""
        dimensions: dict[str, int] = {}
        for edition in self.screening.editions:
            for name in edition.dimensions:
                dimensions.setdefault(name, len(dimensions))
        rank = {level: place for place, level in enumerate(LEVELS)}
        rows = [(item["level"], item["dimension"], group, item) for group in GROUPS for item in self.groups[group]]
        return sorted(  # stable: within a dimension the strictest first
            rows, key=lambda row: (rank.get(row[0], len(rank)), dimensions.get(row[1], len(dimensions)))
        )

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        """The number of each clause in play in the report, by edition and id."""
        return {(item["edition"], item["id"]): number for number, (_, _, _, item) in enumerate(self.ordered, 1)}

    @property
    def is_in_force(self) -> bool:
        """Whether an edition asked counts on the day."""
        return any(edition["in_force"] for edition in self.data["editions"])


def cell(voice: Voice, *said: Words | str, style: str = "") -> Cell:
    """Return a cell of lines that all look alike; empty ones are left out."""
    return tuple(Line(voice(one), style) for one in said if one)


def table(voice: Voice, key: str, columns: Sequence[tuple[Words, float]], rows: Sequence[Row], **more: Any) -> Table:
    """Return a table whose columns have a title and a share of the width."""
    return Table(key, tuple(Column(voice(title), width) for title, width in columns), tuple(rows), **more)
