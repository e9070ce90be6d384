"""Which discharge a cut elsewhere would have to make good, so that no condition of offset or cap is left.

A project then adds nothing: its amounts are stated net of the cut, with the cut as source. Only clauses that ask for
an offset or cap an amount may be met so; a ban of the discharge itself is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.predicates import FactRange, leaves
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import Candidate, reaches
from yudi.territory.ways_out.changes import with_facts
from yudi.territory.ways_out.facts import FactSearch, said_facts
from yudi.territory.ways_out.sayings import without_unit
from yudi.territory.ways_out.trials import Trials, trials_of

__all__ = ["offsets"]

_MADE_GOOD = ("offset", "quota")


@dataclass(frozen=True)
class _Cut:
    """An amount that a project adds, and the factor by which a cut elsewhere makes it good; None where none is told."""

    fact: str
    amount: float
    unit: str
    factor: float | None
    clauses: tuple[str, ...]

    @property
    def cut(self) -> float | None:
        """How much is cut elsewhere."""
        return None if self.factor is None else self.amount * self.factor

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = {"fact": self.fact, "amount": self.amount, "unit": self.unit, "clauses": list(self.clauses)}
        return told | ({"factor": self.factor, "cut": self.cut} if self.factor is not None else {})

    def source(self) -> str:
        """Return what stands as the source of the net amount."""
        cut = "a cut" if self.cut is None else f"a cut of {self.cut:,.10g} {self.unit}"
        return f"{self.amount:,.10g} {self.unit} less {cut} elsewhere"

    def said(self, vocabulary: Vocabulary) -> Words:
        """Return it in words."""
        label = without_unit(vocabulary.label(self.fact), self.unit)
        amount = f"{self.amount:,.10g} {self.unit}"
        if self.cut is None:
            return Words(f"{label.zh} {amount} 由他处削减替代", f"make good {amount} of {label.en} by a cut elsewhere")
        cut = f"{self.cut:,.10g} {self.unit}"
        return Words(
            f"{label.zh} {amount} 由他处削减 {cut} 替代（{self.factor:g} 倍）",
            f"make good {amount} of {label.en}: cut {cut} elsewhere (factor {self.factor:g})",
        )


def offsets(screening: Screening, target: str, *, limit: int, reach_m: float) -> list[Candidate]:  # noqa: ARG001 - the form of every finder
    """Return the project with its added amounts made good elsewhere, and the facts that cure what else is in the way."""
    trials = trials_of(screening)
    cuts = _cuts(trials, target)
    net = {cut.fact: Value(0.0, source=cut.source()) for cut in cuts}
    if not cuts or not _only_makes_good(trials, net):
        return []
    project = with_facts(screening.project, net, screening.editions)
    after = screen(project, screening.editions, as_of=screening.as_of, places=screening.places)
    said = [cut.said(trials.vocabulary(cut.fact)) for cut in cuts]
    details: dict[str, Any] = {"cuts": [cut.as_data() for cut in cuts]}
    if reaches(after.presumed_verdict, target):
        return [Candidate("offset", project, _joined(said), (len(cuts),), details)]
    found = []
    for also in FactSearch(trials_of(after), target).best(1):
        text, data = said_facts(trials_of(after), also)
        both = with_facts(project, also.values, screening.editions)
        cost = (len(cuts) + also.cost[0], *also.cost[1:])
        found.append(Candidate("offset", both, _joined([*said, text]), cost, {**details, "facts": data}))
    return found


def _cuts(trials: Trials, target: str) -> list[_Cut]:
    """Return the stated amounts above nothing for which the clauses in the way ask an offset."""
    asked: dict[str, list[tuple[str, float | None]]] = {}
    for row in trials.blocking(target, trials.today):
        item = trials.items[row]
        if item.clause.effect == "offset":
            for leaf in leaves(item.clause.subject):
                if isinstance(leaf, FactRange):
                    asked.setdefault(leaf.fact, []).append((item.id, item.clause.factor))
    found = []
    for key, clauses in asked.items():
        stated = trials.screening.project.facts.get(key)
        fact = trials.vocabulary(key).fact(key)
        if stated is None or fact is None or not fact.is_changeable or not isinstance(stated.value, float):
            continue
        factors = [factor for _, factor in clauses if factor is not None]
        names = tuple(dict.fromkeys(name for name, _ in clauses))
        if stated.value > 0:
            found.append(_Cut(key, stated.value, fact.unit or "", max(factors, default=None), names))
    return found


def _only_makes_good(trials: Trials, net: Mapping[str, Value]) -> bool:
    """Tell whether only clauses that ask for an offset or cap an amount get milder."""
    outcome = trials.outcome(net)
    milder = (row for row, cell in outcome.moved.items() if cell < trials.items[row].cell)
    return not outcome.broken and all(
        trials.items[row].clause.effect in _MADE_GOOD or trials.items[row].cell <= Cell.SATISFIED for row in milder
    )


def _joined(said: Sequence[Words]) -> Words:
    return Words("；".join(one.zh for one in said), "; ".join(one.en for one in said))
