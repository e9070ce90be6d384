"""Which part of a site would have to be left out, so that what remains passes; perhaps with a few other facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError
from yudi.core.measure import area_m2, length_m, part_of_dimension
from yudi.core.words import Words
from yudi.territory.place import Place
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import Candidate, reaches
from yudi.territory.ways_out.changes import with_facts, with_part
from yudi.territory.ways_out.facts import FactSearch, said_facts
from yudi.territory.ways_out.parts import Part, cures, left_out, said_part
from yudi.territory.ways_out.trials import Trials, trials_of

__all__ = ["is_cut_only", "trims"]

_LEAST = 0.1  # of a site that must remain, else it is another project
_PIECE = 0.01  # of a site; a smaller piece that is cut off goes with what is left out
_CHOICES = 200  # sets of parts that are looked at
_CUT = "lines cut"
_JOINT_M = 0.05  # ends of a line that lie nearer to each other are joined
_AMOUNTS = ("count", "length_m", "area_m2")


def trims(screening: Screening, target: str, *, limit: int, reach_m: float) -> list[Candidate]:  # noqa: ARG001 - the form of every finder
    """Return projects that leave out a part of their site and may then reach the target, the smallest parts first.

    A line is only shortened at its ends: in pieces it leads nowhere. Where no part alone is enough, a part is left out
    for what no fact can cure and facts are changed for the rest.
    """
    search = _Search(screening, target)
    found = search.alone(limit) or search.with_facts()
    screening.memory[_CUT, target] = search.is_cut and not found
    return found


def is_cut_only(screening: Screening, target: str) -> bool:
    """Tell whether all that could be left out would cut a line into pieces."""
    return bool(screening.memory.get((_CUT, target)))


@dataclass(frozen=True)
class _Trimmed:
    """A site less some parts."""

    parts: frozenset[Part]
    site: BaseGeometry
    left: float
    pieces: int


@dataclass(frozen=True)
class _Search:
    screening: Screening
    target: str

    @cached_property
    def trials(self) -> Trials:
        return trials_of(self.screening)

    @cached_property
    def blocking(self) -> list[int]:
        """The clauses in the way; of a clause that speaks in several units each time."""
        return self.trials.blocking(self.target, self.trials.today)

    @cached_property
    def cures(self) -> dict[int, list[frozenset[Part]]]:
        """What could be left out for each clause in the way."""
        return {row: self._cures(row) for row in self.blocking}

    @cached_property
    def outside(self) -> frozenset[Part]:
        """What lies in no unit, where the target asks that all does."""
        is_asked = self.target != "not_prohibited" and self.screening.uncovered_share > 0
        return frozenset({Part(0)}) if is_asked else frozenset()

    def alone(self, limit: int) -> list[Candidate]:
        """Return trims without any other change."""
        if not self.blocking and not self.outside:
            return []
        return [self._candidate(one, self._project(one)) for one in self._smallest(self.blocking)[:limit]]

    def with_facts(self) -> list[Candidate]:
        """Return the smallest trim for what no fact can cure, with the facts that cure the rest."""
        firm = FactSearch(self.trials, self.target).incurable
        for one in self._smallest(firm)[:1] if firm or self.outside else ():
            project = self._project(one)
            try:
                after = screen(project, self.screening.editions, as_of=self.screening.as_of)
            except InputError:  # there a document says the opposite of what the project states
                continue
            if reaches(after.presumed_verdict, self.target):
                return [self._candidate(one, project)]
            trials = trials_of(after)
            for found in FactSearch(trials, self.target).best(1):
                text, data = said_facts(trials, found)
                both = with_facts(project, found.values, self.screening.editions)
                return [self._candidate(one, both, also=text, facts=data, cost=found.cost)]
        return []

    def _project(self, one: _Trimmed) -> Project:
        return with_part(self.screening.project, one.site, self.screening.editions)

    def _cures(self, row: int) -> list[frozenset[Part]]:
        item = self.trials.items[row]
        facts = self.trials.today.facts[item.edition]
        return cures(item, replace(self.trials.situations[row], facts=facts), most=self.trials.most(row, self.target))

    def _smallest(self, rows: Sequence[int]) -> list[_Trimmed]:
        """Return the sites that remain without what blocks, those that lose least first; no line in pieces."""
        found: dict[bytes, _Trimmed] = {}
        for parts in self._choices(rows):
            one = self._trimmed(parts)
            if one is not None and _is_cut(self.screening.project.site, one.site, self.screening.places[0]):
                self._seen_cut.append(parts)
            elif one is not None:
                found.setdefault(one.site.normalize().wkb, one)
        return sorted(found.values(), key=lambda one: (one.left, one.pieces))

    def _choices(self, rows: Sequence[int]) -> list[frozenset[Part]]:
        """Return sets of parts that hold a cure for each clause, none of them holding another."""
        sets: set[frozenset[Part]] = {self.outside}
        for row in sorted(rows, key=lambda row: len(self.cures[row])):
            kept = [one for one in sets if any(cure <= one for cure in self.cures[row])]
            sets = {*kept, *(one | cure for one in sets if one not in kept for cure in self.cures[row])}
            sets = {one for one in sets if not any(other < one for other in sets)}
            sets = set(sorted(sets, key=lambda one: (len(one), repr(sorted(one, key=repr))))[:_CHOICES])
        return [one for one in sets if one]

    def _trimmed(self, parts: frozenset[Part]) -> _Trimmed | None:
        """Return the site without the parts, None where too little is left or a part has no border."""
        site = self.screening.project.site
        areas = [self._area(part) for part in parts]
        if any(area is None for area in areas):
            return None
        rest = site.difference(shapely.union_all(areas))
        place = self.screening.places[0]
        rest = _whole_pieces(rest, place)
        if rest.is_empty:
            return None
        left = place.amount - _amount(rest, place)
        if left <= 0 or left > (1 - _LEAST) * place.amount:
            return None
        more = shapely.get_num_geometries(rest) - shapely.get_num_geometries(site)
        return _Trimmed(parts, rest, left, max(0, int(more)))

    @property
    def is_cut(self) -> bool:
        """Whether some trims were left out because they cut a line into pieces."""
        return bool(self._seen_cut)

    @cached_property
    def _seen_cut(self) -> list[frozenset[Part]]:
        return []

    @cached_property
    def _areas(self) -> dict[Part, BaseGeometry | None]:
        return {}

    def _area(self, part: Part) -> BaseGeometry | None:
        if part not in self._areas:
            places = self.screening.places
            in_none = part == Part(0)
            self._areas[part] = _in_no_unit(places) if in_none else left_out(part, places[part.edition])
        return self._areas[part]

    def _candidate(
        self,
        one: _Trimmed,
        project: Project,
        *,
        also: Words | None = None,
        facts: Sequence[Mapping[str, Any]] = (),
        cost: tuple[float, ...] = (0,),
    ) -> Candidate:
        place = self.screening.places[0]
        kind = int(shapely.get_dimensions(self.screening.project.site))
        share = one.left / place.amount
        said = [said_part(part, self.screening.places[part.edition]) for part in sorted(one.parts, key=repr)]
        said = list(dict.fromkeys(said))
        text = _said(one, place, kind, said)
        if also is not None:
            text = Words(f"{text.zh}；{also.zh}", f"{text.en}; {also.en}")
        left = int(one.left) if kind == 0 else round(one.left, 2)
        total = int(place.amount) if kind == 0 else round(place.amount, 2)
        details: dict[str, Any] = {
            _AMOUNTS[kind]: left,
            "of": total,
            "share": round(share, 6),
            "in": [item.as_data() for item in said],
        }
        if one.pieces:
            details["pieces"] = int(shapely.get_num_geometries(one.site))
        if facts:
            details["facts"] = list(facts)
        return Candidate("trim", project, text, (cost[0], share, *cost[1:]), details)


def _said(one: _Trimmed, place: Place, kind: int, said: Sequence[Words]) -> Words:
    zh_in, en_in = "、".join(item.zh for item in said), " and ".join(item.en for item in said)
    if kind == 0:
        count, total = f"{one.left:.0f}", f"{place.amount:.0f}"
        return Words(f"让出{zh_in}的 {count} 处（共 {total} 处）", f"leave out {count} of {total} points, {en_in}")
    size = f"{one.left:,.0f} {'m²' if kind == 2 else 'm'}"
    percent = f"{100 * one.left / place.amount:.2g}%"
    zh, en = f"让出{zh_in}的 {size}（{percent}）", f"leave out {size} ({percent}) {en_in}"
    if not one.pieces:
        return Words(zh, en)
    count = shapely.get_num_geometries(one.site)
    return Words(f"{zh}，余下 {count} 段" if kind == 1 else f"{zh}，余下 {count} 块", f"{en}, {count} pieces remain")


def _in_no_unit(places: Sequence[Place]) -> BaseGeometry:
    covers = [place.edition.units.geometry[touch.index] for place in places for touch in place.units]
    site = places[0].site
    return site.difference(shapely.union_all(covers)) if covers else site


def _whole_pieces(rest: BaseGeometry, place: Place) -> BaseGeometry:
    """Return what remains without pieces that are too small, or nowhere as deep as the tolerance: no valid site."""
    dimension = int(shapely.get_dimensions(place.site))
    rest = part_of_dimension(rest, dimension)
    if dimension == 0 or rest.is_empty:
        return rest
    pieces = shapely.get_parts(rest)
    depth_m = place.edition.tolerance.depth_m
    flat = place.plane.to_plane(pieces)
    sizes = shapely.area(flat) if dimension == 2 else shapely.length(flat)
    kept = sizes >= _PIECE * place.amount
    kept &= ~shapely.is_empty(shapely.buffer(flat, -depth_m / 2)) if dimension == 2 else sizes >= depth_m
    return part_of_dimension(shapely.union_all(pieces[kept]), dimension)


def _is_cut(site: BaseGeometry, rest: BaseGeometry, place: Place) -> bool:
    """Tell whether a line that was one, with all its branches, remains in several pieces."""
    if shapely.get_dimensions(site) != 1:
        return False
    lines = [shapely.buffer(place.plane.to_plane(one), _JOINT_M, cap_style="square") for one in (site, rest)]
    wholes, pieces = (shapely.get_parts(one) for one in lines)
    return bool((shapely.intersects(wholes[:, None], pieces[None, :]).sum(axis=1) > 1).any())


def _amount(geometry: BaseGeometry, place: Place) -> float:
    dimension = int(shapely.get_dimensions(geometry))
    if dimension == 0:
        return float(shapely.get_num_geometries(geometry))
    return float(area_m2(geometry, place.plane) if dimension == 2 else length_m(geometry, place.plane))
