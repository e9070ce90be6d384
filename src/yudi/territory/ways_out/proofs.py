"""A project at another place, measured there as a screening measures it, and screened where that promises to pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import reaches
from yudi.territory.ways_out.offsets import Offset, Search, best_verdict
from yudi.territory.ways_out.outlook import Outlook
from yudi.territory.ways_out.shifted_readings import Exact, Ground, shifted

__all__ = ["Prover", "on_site", "rounded", "start_of"]

_DECIMALS = 8  # of degrees: a millimetre
_PLACE_BOUND = ("distance:", "inside:", "zone:")  # what is stated of the old place says nothing of the new one


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
        self.outlook = outlook or Outlook(start.project, start.editions, start.as_of)
        half = search.half_m * 2**0.5 if search.half_m is not None else search.reach_m
        self.ground = Ground(base, start.editions, in_force=start.in_force, reach_m=half)

    def site(self, offset: Offset) -> BaseGeometry:
        """Return the site at an offset, in lon/lat."""
        flat = shifted(self.ground.site, offset.east_m, offset.north_m)
        return rounded(self.ground.plane.to_lonlat(flat))

    def passes(self, offset: Offset, target: str) -> bool:
        """Tell whether a screening there will in all likelihood reach the target."""
        self.search.tries += 1
        exact = Exact(self.ground, offset.east_m, offset.north_m, self.site(offset))
        return reaches(best_verdict(self.outlook, exact, (target,), home=self.search.home), target)

    def screened(self, offset: Offset, target: str) -> Screening | None:
        """Return the screening of the project there if it reaches the target."""
        if not self.passes(offset, target):
            return None
        self.search.screenings += 1
        try:
            moved = on_site(self.start.project, self.site(offset))
            found = screen(moved, self.start.editions, as_of=self.start.as_of)
        except InputError:  # a document says the opposite of what the project states there
            return None
        return found if reaches(found.presumed_verdict, target) else None


def start_of(screening: Screening) -> Screening:
    """Return the screening of the project without what is stated of its place alone.

    Where the maps alone let it pass already, they cannot say how far from what was measured is far enough.
    """
    bare = on_site(screening.project, screening.project.site)
    if bare.facts == screening.project.facts:
        return screening
    if "start" not in screening.memory:
        screening.memory["start"] = screen(bare, screening.editions, as_of=screening.as_of)
    start: Screening = screening.memory["start"]
    return start


def on_site(project: Project, site: BaseGeometry) -> Project:
    """Return the project on another site, without what was stated of the old one alone."""
    gone = [key for key in project.facts if key.startswith(_PLACE_BOUND)]
    facts = {key: value for key, value in project.facts.items() if key not in gone}
    given = dict(project.given) | {"geometry": json.loads(shapely.to_geojson(site))}
    name = "properties" if given.get("type") == "Feature" else "facts"
    if isinstance(given.get(name), Mapping):
        given[name] = {key: value for key, value in given[name].items() if str(key).strip() not in gone}
    else:
        given[name] = {key: value.as_data() for key, value in facts.items()}
    return replace(project, site=site, facts=facts, given={"id": project.id} | given)


def rounded(site: BaseGeometry) -> BaseGeometry:
    """Return a site in degrees as it is written: to a millimetre, unless it would cross itself then."""
    found = shapely.transform(site, lambda places: places.round(_DECIMALS))
    return found if shapely.is_valid(found) or not shapely.is_valid(site) else site
