"""What the finders of ways give, before it is proved: a changed project, what changed in words, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yudi.core.words import Words
from yudi.territory.projects import Project
from yudi.territory.screening import Screening

__all__ = ["KINDS", "TARGETS", "Candidate", "reaches"]

TARGETS = ("not_prohibited", "conditional", "admissible")  # ever more is asked
KINDS = ("facts", "offset", "trim", "move", "unit")
_PASSES = {
    "not_prohibited": ("undetermined", "conditional", "admissible"),
    "conditional": ("conditional", "admissible"),
    "admissible": ("admissible",),
}


@dataclass(frozen=True)
class Candidate:
    """A way that may reach a target: the whole changed project, not screened again yet but by some finders.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    project : Project
        The whole project as changed; its ``given`` can be screened as it stands.
    text : Words
        What to change, in a sentence.
    cost : tuple of float
        Smaller is better, compared only within a kind.
    details : mapping
        Plain data: ``distance_m`` and ``bearing_deg`` of a move, ``facts`` of changed facts, ``area_m2`` left out …
    after : Screening or None
        The changed project screened, where the finder has proved it already.
    """

    kind: str
    project: Project
    text: Words
    cost: tuple[float, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    after: Screening | None = field(default=None, repr=False, compare=False)


def reaches(verdict: str, target: str) -> bool:
    """Tell whether a verdict is what a target asks, or better.

    Examples
    --------
    >>> reaches("undetermined", "not_prohibited"), reaches("undetermined", "conditional")
    (True, False)
    """
    return verdict in _PASSES[target]
