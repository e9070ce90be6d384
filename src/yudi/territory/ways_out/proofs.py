"""A project at another place, measured there as a screening measures it, and screened where that promises to pass."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError
from yudi.core.site_geometry import read_site
from yudi.territory.cells import Cell
from yudi.territory.edition import Edition
from yudi.territory.predicates import FactIn, FactIs, FactRange, PlaceTest, leaves
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import reaches
from yudi.territory.ways_out.changes import with_facts
from yudi.territory.ways_out.ground import Ground, shifted
from yudi.territory.ways_out.offsets import Offset, Search, best_verdict
from yudi.territory.ways_out.outlook import Outlook
from yudi.territory.ways_out.shifted_readings import Exact

__all__ = ["Prover", "on_site", "outlook_of", "said_of_place", "start_of"]

_DEGREES = 1e-7  # about 1 cm; what is moved is written no finer
_EDITIONS = 8  # of so many it is kept what their clauses ask together with the place
_ASKED: dict[str, frozenset[str]] = {}
_JUDGED_HERE = "zone:"  # questions that a person answers of where a site lies


class Prover:
    """Proves places of one search.

    Parameters
    ----------
    start : Screening
        Of the project where it lies now, without what is stated of that place alone.
    base : shapely geometry
        The site from which offsets count, in lon/lat.
    outlook : Outlook or None
        What is worked out of the clauses, where another search has it already.
    """

    def __init__(self, start: Screening, base: BaseGeometry, search: Search, outlook: Outlook | None = None) -> None:
        self.start, self.search = start, search
        self.outlook = outlook or outlook_of(start)
        self._last: tuple[Offset, str] | None = None
        half = search.half_m * 2**0.5 if search.half_m is not None else search.reach_m
        self.ground = Ground(base, start.editions, in_force=start.in_force, reach_m=half)

    def site(self, offset: Offset) -> BaseGeometry:
        """Return the site at an offset, in lon/lat."""
        return self.ground.plane.to_lonlat(shifted(self.ground.site, offset.east_m, offset.north_m))

    def passes(self, offset: Offset, target: str) -> bool:
        """Tell whether a screening there will in all likelihood reach the target."""
        if self._last is None or self._last[0] != offset:
            self.search.tries += 1
            exact = Exact(self.ground, offset.east_m, offset.north_m, self.site(offset))
            verdict = best_verdict(self.outlook, exact, ("not_prohibited",), home=self.search.home)
            self._last = (offset, verdict)
        return reaches(self._last[1], target)

    def screened(self, offset: Offset, target: str) -> Screening | None:
        """Return the screening of the project there if it reaches the target."""
        if not self.passes(offset, target):
            return None
        self.search.screenings += 1
        try:
            moved = on_site(self.start.project, self.site(offset), self.start.editions)
            found = screen(moved, self.start.editions, as_of=self.start.as_of)
        except InputError:  # a document says the opposite of what the project states there
            return None
        return found if reaches(found.presumed_verdict, target) else None


def outlook_of(start: Screening) -> Outlook:
    """Return what can be worked out of the clauses before any place is looked at; once for all searches."""
    if "outlook" not in start.memory:
        firm = {(item.edition, item.id, item.unit) for item in start.presumed if item.cell == Cell.PROHIBITS}
        start.memory["outlook"] = Outlook(start.project, start.editions, start.as_of, firm=firm)
    outlook: Outlook = start.memory["outlook"]
    return outlook


def start_of(screening: Screening) -> Screening:
    """Return the screening of the project without what is stated of its place alone.

    Where the maps alone let it pass already, they cannot say how far from what was measured is far enough.
    """
    gone = said_of_place(screening.project, screening.editions)
    if not gone:
        return screening
    if "start" not in screening.memory:
        bare = with_facts(screening.project, dict.fromkeys(gone), screening.editions)
        screening.memory["start"] = screen(bare, screening.editions, as_of=screening.as_of, places=screening.places)
    start: Screening = screening.memory["start"]
    return start


def on_site(project: Project, site: BaseGeometry, editions: tuple[Edition, ...]) -> Project:
    """Return the project on another site (lon/lat), without what was measured or judged of the old one alone.

    The site is that which its written form reads back to.
    """
    written = json.loads(shapely.to_geojson(shapely.set_precision(site, _DEGREES)))
    moved = with_facts(project, dict.fromkeys(said_of_place(project, editions)), editions)
    read, notes = read_site(written)
    return replace(moved, site=read, given={**moved.given, "geometry": written}, findings=(*project.findings, *notes))


def said_of_place(project: Project, editions: Sequence[Edition]) -> list[str]:
    """Return the stated facts that hold of the place alone: measurements, and what a person judged of it.

    Whether a person's answer is about the place is told by the clauses: one that asks it asks also where the site lies.
    """
    facts = [(key, edition.rules.vocabulary.fact(key)) for key in project.facts for edition in editions]
    measured = {key for key, fact in facts if fact is not None and fact.provider == "place"}
    judged = {key for key, fact in facts if fact is not None and fact.provider == "person"}
    judged = judged and {key for edition in editions for key in judged & _asked_with_place(edition)}
    return [key for key in project.facts if key in measured or key in judged or key.startswith(_JUDGED_HERE)]


def _asked_with_place(edition: Edition) -> frozenset[str]:
    """Return the facts that clauses ask together with a test of the place, worked out once for an edition."""
    if edition.id not in _ASKED:
        found: set[str] = set()
        for clause in edition.rules.clauses:
            every = [leaf for tree in clause.trees for leaf in leaves(tree)]
            if any(isinstance(leaf, PlaceTest) for leaf in every):
                found |= {leaf.fact for leaf in every if isinstance(leaf, FactIn | FactIs | FactRange)}
        if len(_ASKED) >= _EDITIONS:
            _ASKED.clear()
        _ASKED[edition.id] = frozenset(found)
    return _ASKED[edition.id]
