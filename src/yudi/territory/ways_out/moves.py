"""How far, and which way, must a whole site move to reach a target: the nearest place, proved by screening it.

The site keeps its shape and its size; it is shifted in the plane in which it is measured. The distance is given in
whole metres, rounded up, with a tenth of a metre to spare.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError
from yudi.core.logic import F
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.edition import Layer
from yudi.territory.place import Place, Reading
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import TARGETS, Candidate, reaches
from yudi.territory.ways_out.offsets import Offset, Search, best_verdict, nearest_offsets
from yudi.territory.ways_out.outlook import Outlook
from yudi.territory.ways_out.shifted_readings import Exact, Ground, shifted

__all__ = ["REACH_M", "moves", "moves_to", "on_site"]

REACH_M = 5_000.0
_SPARE_M = 0.1
_DECIMALS = 8  # of degrees: a millimetre
_PLACE_BOUND = ("distance:", "inside:", "zone:")  # what is stated of the old place says nothing of the new one
_NAMED = 3
_POINTS = (
    Words("北", "north"),
    Words("东北", "north-east"),
    Words("东", "east"),
    Words("东南", "south-east"),
    Words("南", "south"),
    Words("西南", "south-west"),
    Words("西", "west"),
    Words("西北", "north-west"),
)


def moves(screening: Screening, target: str, *, limit: int = 1, reach_m: float = REACH_M) -> list[Candidate]:
    """Return the nearest move of the whole site that reaches the target, none where there is none within reach.

    Parameters
    ----------
    limit : int
        With 0 nothing is searched; there is one nearest move, so that more give no more.
    reach_m : float
        Length of the longest move.

    Notes
    -----
    One search serves all targets; it is done once for a screening.
    """
    if limit < 1:
        return []
    key = ("moves", reach_m)
    if key not in screening.memory:
        screening.memory[key] = moves_to(screening, TARGETS, search=Search(reach_m))
    found: dict[str, Candidate] = screening.memory[key]
    return [found[target]] if target in found else []


def moves_to(screening: Screening, targets: Sequence[str], *, search: Search) -> dict[str, Candidate]:
    """Return, for each target that is missed and can be reached, the nearest move that reaches it.

    Parameters
    ----------
    search : Search
        The reach and what the search may take; it is told what it took.
    """
    bare = on_site(screening.project, screening.project.site)
    start = screening
    if bare.facts != screening.project.facts:
        # Where the maps alone already let it pass, they cannot say how far from what was measured is far enough.
        start = screen(bare, screening.editions, as_of=screening.as_of)
    asked = [target for target in targets if not reaches(start.presumed_verdict, target)]
    if search.reach_m <= 0 or not asked or not any(screening.in_force):
        return {}
    outlook = Outlook(bare, screening.editions, screening.as_of)
    ground = Ground(bare.site, screening.editions, in_force=screening.in_force, reach_m=search.reach_m)
    proofs = _Proofs(start, outlook, ground, search)
    nearest_offsets(outlook, ground, asked, search=search, prove=proofs.prove)
    return {target: proofs.candidate(target) for target in asked if target in proofs.best}


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


@dataclass
class _Proofs:
    """Places that were screened, and the nearest that reaches each target."""

    start: Screening
    outlook: Outlook
    ground: Ground
    search: Search
    best: dict[str, tuple[int, float, Screening]] = field(default_factory=dict)

    def prove(self, offset: Offset, target: str) -> tuple[float, str] | None:
        """Return length and verdict of a move in whole metres near the offset that reaches the target."""
        if not self._passes(offset.east_m, offset.north_m, target):
            return None
        least = math.ceil(self.search.length_m(offset) + _SPARE_M)
        exact = math.degrees(math.atan2(offset.east_m, offset.north_m)) % 360
        for distance_m in (least, least + 1):
            for decimals in (0, 1, 2, 3):
                bearing = round(exact, decimals) % 360
                if distance_m > self.ground.reach_m:
                    continue
                screening = self._screened(distance_m, bearing, target)
                if screening is not None and reaches(screening.presumed_verdict, target):
                    self._keep(distance_m, bearing, screening)
                    return distance_m, screening.presumed_verdict
        return None

    def _site(self, east_m: float, north_m: float) -> BaseGeometry:
        return rounded(self.ground.plane.to_lonlat(shifted(self.ground.site, east_m, north_m)))

    def _passes(self, east_m: float, north_m: float, target: str) -> bool:
        self.search.tries += 1
        exact = Exact(self.ground, east_m, north_m, self._site(east_m, north_m))
        return reaches(best_verdict(self.outlook, exact, (target,)), target)

    def _screened(self, distance_m: float, bearing: float, target: str) -> Screening | None:
        """Return the screening of the site moved so far, None where it is not worth one."""
        offset = _offset(distance_m, bearing)
        if not self._passes(*offset, target):
            return None
        self.search.screenings += 1
        try:
            project = on_site(self.outlook.project, self._site(*offset))
            return screen(project, self.start.editions, as_of=self.start.as_of)
        except InputError:  # a document says the opposite of what the project states there
            return None

    def _keep(self, distance_m: int, bearing: float, screening: Screening) -> None:
        for target in TARGETS:
            known = self.best.get(target)
            if reaches(screening.presumed_verdict, target) and (known is None or distance_m < known[0]):
                self.best[target] = (distance_m, bearing, screening)

    def candidate(self, target: str) -> Candidate:
        """Return the move in words."""
        distance_m, bearing, after = self.best[target]
        text, details = said(self.start, after, target)
        point = _POINTS[round(bearing / 45) % 8]
        zh = f"向{point.zh}移动 {distance_m:,} 米{text.zh}"
        en = f"move {distance_m:,} m to the {point.en}{text.en}"
        details |= {"distance_m": distance_m, "bearing_deg": bearing}
        return Candidate("move", after.project, Words(zh, en), (float(distance_m),), details, after)


def rounded(site: BaseGeometry) -> BaseGeometry:
    """Return a site in degrees as it is written: to a millimetre, unless it would cross itself then."""
    found = shapely.transform(site, lambda places: places.round(_DECIMALS))
    return found if shapely.is_valid(found) or not shapely.is_valid(site) else site


def _offset(distance_m: float, bearing_deg: float) -> tuple[float, float]:
    turn = math.radians(bearing_deg)
    return distance_m * math.sin(turn), distance_m * math.cos(turn)


def said(before: Screening, after: Screening, target: str) -> tuple[Words, dict[str, Any]]:
    """Return what a place is left and what is entered, as the end of a sentence and as plain data."""
    left: dict[str, Words] = {}
    entered: dict[str, Words] = {}
    for index, test, reading in _asked(before, target):
        now = after.places[index].read(test)
        layer = before.editions[index].layers.get(test.layer)
        if layer is None or now.value == reading.value:
            continue
        name = _named(layer, reading if reading.value > now.value else now)
        (left if reading.value > now.value else entered).setdefault(name.en, name)
    for index, place in enumerate(after.places):
        for unit in sorted(_units(place) - _units(before.places[index])):
            code = place.edition.unit_code(unit)
            names = place.edition.units.column("name")
            label = f"{code} {names[unit]}" if names and names[unit] and str(names[unit]) != code else code
            entered[code] = Words(label, label)
    zh = en = ""
    if left:
        zh += f"，离开{_joined([item.zh for item in left.values()], '、', '等')}"
        en += f", away from {_joined([item.en for item in left.values()], ', ', ' and others')}"
    if entered:
        zh += f"，进入{_joined([item.zh for item in entered.values()], '、', '等')}"
        en += f", into {_joined([item.en for item in entered.values()], ', ', ' and others')}"
    details = {
        "away_from": [item.as_data() for item in left.values()],
        "into": [item.as_data() for item in entered.values()],
    }
    return Words(zh, en), details


def _asked(screening: Screening, target: str) -> list[tuple[int, PlaceTest, Reading]]:
    """Return the place tests of the clauses that keep a project from a target, with what they find."""
    most = {"not_prohibited": Cell.MAY_PROHIBIT, "conditional": Cell.CONDITIONS, "admissible": Cell.SATISFIED}[target]
    found: dict[tuple[int, PlaceTest], Reading] = {}
    for item in screening.presumed:
        if item.cell > most:
            for tree in item.clause.trees:
                for leaf in leaves(tree):
                    if isinstance(leaf, PlaceTest):
                        found.setdefault((item.edition, leaf), screening.places[item.edition].read(leaf))
    return [(index, test, reading) for (index, test), reading in found.items()]


def _units(place: Place) -> set[int]:
    return {touch.index for touch in place.units if not touch.is_touch}


def _named(layer: Layer, reading: Reading) -> Words:
    title = layer.title()
    if not reading.feature or reading.value == F or reading.feature.startswith(f"{layer.name} "):
        return title
    return Words(f"{reading.feature}（{title.zh}）", f"{reading.feature} ({title.en})")


def _joined(items: Sequence[str], comma: str, more: str) -> str:
    return comma.join(items[:_NAMED]) + (more if len(items) > _NAMED else "")
