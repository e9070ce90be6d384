"""What would make a project pass, and where else it could go: the best few ways for every target, each proved.

A way counts only if the changed project, screened again, reaches the target as presumed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, zip_longest
from typing import Any

from yudi.core.errors import InputError
from yudi.core.words import Words
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import KINDS, TARGETS, Candidate, reaches
from yudi.territory.ways_out.facts import facts
from yudi.territory.ways_out.moves import moves
from yudi.territory.ways_out.obstacles import no_way_text
from yudi.territory.ways_out.reductions import offsets
from yudi.territory.ways_out.trials import most_of
from yudi.territory.ways_out.trims import trims
from yudi.territory.ways_out.units import units_nearby

__all__ = ["FINDERS", "NoWay", "Way", "WaysOut", "targets_of", "ways_out"]

Finder = Callable[..., list[Candidate]]
FINDERS: dict[str, Finder] = {"facts": facts, "offset": offsets, "trim": trims, "move": moves, "unit": units_nearby}


@dataclass(frozen=True)
class Way:
    """A changed project that reaches a target: what changes, and what it then is."""

    target: str
    candidate: Candidate
    after: Screening

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self.candidate.kind

    def as_data(self) -> dict[str, Any]:
        """Return the way in the published form, with its whole project."""
        return {
            "kind": self.kind,
            "target": self.target,
            "text": self.candidate.text.as_data(),
            "project": dict(self.candidate.project.given),
            "verdict_after": self.after.verdict,
            "presumed_after": self.after.presumed_verdict,
            **self.candidate.details,
        }


@dataclass(frozen=True)
class NoWay:
    """A target that no way of a kind reaches, or of any kind where none is named, and why."""

    target: str
    kind: str
    text: Words

    def as_data(self) -> dict[str, Any]:
        """Return it in the published form."""
        kind = {"kind": self.kind} if self.kind else {}
        return {"target": self.target, **kind, "text": self.text.as_data()}


@dataclass(frozen=True)
class WaysOut:
    """The ways of one screening by target, of each the best first, and where there is none."""

    ways: tuple[Way, ...] = ()
    none: tuple[NoWay, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return ``ways_out`` and ``no_way_out`` in the published form."""
        return {
            "ways_out": [way.as_data() for way in self.ways],
            "no_way_out": [one.as_data() for one in self.none],
        }


def ways_out(screening: Screening, *, limit: int = 3, reach_m: float = 5000.0) -> WaysOut:
    """Return the best ways to every target that is milder than what is presumed, and where there is none.

    Parameters
    ----------
    limit : int
        Ways a target: the best of each kind first, then the second best.
    reach_m : float
        How far a project may be moved.
    """
    assert limit > 0, "who asks for no ways does not ask"
    ways: list[Way] = []
    none: list[NoWay] = []
    proofs: dict[str, Screening] = {}
    for target in targets_of(screening):
        search = partial(_proved, screening, target, limit=limit, reach_m=reach_m, proofs=proofs)
        proved = {kind: search(kind) for kind in KINDS}
        first = {kind: next(found, None) for kind, found in proved.items()}
        further = chain.from_iterable(zip_longest(*(proved[kind] for kind, way in first.items() if way is not None)))
        in_turn = chain(first.values(), further)
        ways += islice((way for way in in_turn if way is not None), limit)
        missing = [kind for kind, way in first.items() if way is None]
        missing += [""] if len(missing) == len(KINDS) else []
        none += [NoWay(target, kind, no_way_text(screening, target, kind, reach_m=reach_m)) for kind in missing]
    return WaysOut(tuple(ways), tuple(none))


def targets_of(screening: Screening) -> tuple[str, ...]:
    """Return the targets that the project does not reach as it is."""
    return tuple(target for target in TARGETS if not reaches(screening.presumed_verdict, target))


def _proved(
    screening: Screening, target: str, kind: str, *, limit: int, reach_m: float, proofs: dict[str, Screening]
) -> Iterator[Way]:
    """Yield the ways of a kind that screening again confirms, the cheapest first; each is proved when it is asked for."""
    candidates = FINDERS[kind](screening, target, limit=limit, reach_m=reach_m)
    for candidate in sorted(candidates, key=lambda one: one.cost):
        after = candidate.after or _again(screening, candidate.project, proofs)
        if (
            after is not None
            and reaches(after.presumed_verdict, target)
            and not _is_left_open(screening, after, target)
        ):
            yield Way(target, candidate, after)


def _is_left_open(before: Screening, after: Screening, target: str) -> bool:
    """Tell whether a clause that prohibited is only unknown now: nobody would know that the way leads out."""
    most = {(item.edition, item.id, item.unit): most_of(item, target) for item in before.presumed}
    return any(item.cell > most.get((item.edition, item.id, item.unit), item.cell) for item in after.presumed)


def _again(screening: Screening, project: Project, proofs: dict[str, Screening]) -> Screening | None:
    """Return the changed project screened, None where a rule refuses it; the same site is not measured again."""
    key = json.dumps(project.given, sort_keys=True, default=str)
    if key not in proofs:
        places = screening.places if project.site is screening.project.site else None
        try:
            proofs[key] = screen(project, screening.editions, as_of=screening.as_of, places=places)
        except InputError:
            return None
    return proofs[key]
