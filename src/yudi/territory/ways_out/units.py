"""In which of the units around would the project pass as it is, and where in them: the nearest ones, each proved."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import is_shallow, plane_at
from yudi.core.words import Words
from yudi.territory.edition import Layer
from yudi.territory.screening import Screening
from yudi.territory.ways_out.candidates import TARGETS, Candidate, reaches
from yudi.territory.ways_out.ground import shifted
from yudi.territory.ways_out.moves import REACH_M as MOVE_REACH_M
from yudi.territory.ways_out.offsets import Home, Offset, Search, ceiling_of, nearest_offsets
from yudi.territory.ways_out.outlook import ANY, Outlook
from yudi.territory.ways_out.proofs import Prover, outlook_of, start_of
from yudi.territory.ways_out.routes import compass_point, unit_label

__all__ = ["FARTHER", "no_unit_text", "units_nearby", "units_to"]

FARTHER = 10  # so many times as far as a move may go
_LOOKED_AT = 8  # units in which a place is looked for
_STOPPED = "units not all looked at"
_LEAVES, _LEAF_M = 100, (8.0, 40.0)  # a place is looked for in squares of a hundredth of the unit, within these bounds
_DISCS, _DISCS_FAR, _TRIES = 300, 1_200, 40
_NEAR_M = 2_500.0  # half the window around the nearest point of a unit that is searched before the whole unit


def units_nearby(
    screening: Screening, target: str, *, limit: int = 3, reach_m: float = MOVE_REACH_M
) -> list[Candidate]:
    """Return the nearest units, other than those where it lies, in which the whole project passes as it is.

    Parameters
    ----------
    limit : int
        Number of units.
    reach_m : float
        How far the project may be moved; another unit may be ten times as far.

    Notes
    -----
    One search serves all targets; it is done once for a screening. At most eight units are looked at:
    first around the point of each that is nearest, then, where that gave too few, in all of them.
    """
    if limit < 1:
        return []
    key = ("units", reach_m, limit)
    if key not in screening.memory:
        screening.memory[key] = units_to(screening, TARGETS, limit=limit, reach_m=reach_m * FARTHER)
    found: dict[str, list[Candidate]] = screening.memory[key]
    return found[target]


def no_unit_text(screening: Screening, target: str, reach_m: float) -> Words:
    """Return that no unit was found, within what; the reach is that of a move."""
    reach = f"{reach_m * FARTHER / 1000:,.10g} km"
    if target in screening.memory.get(_STOPPED, ()):
        return Words(
            f"{reach} 以内最近的 {_LOOKED_AT} 个可能的单元中，没有可照原样准入的位置",
            f"no place where it passes as it is in the {_LOOKED_AT} nearest units within {reach} that leave it open",
        )
    return Words(f"{reach} 以内没有可照原样准入的单元", f"no unit within {reach} where it passes as it is")


def units_to(
    screening: Screening, targets: Sequence[str], *, limit: int = 3, reach_m: float = FARTHER * MOVE_REACH_M
) -> dict[str, list[Candidate]]:
    """Return, for each target that is missed, the nearest units in which the project reaches it."""
    found: dict[str, list[Candidate]] = {target: [] for target in targets}
    start = start_of(screening)
    asked = [target for target in targets if not reaches(start.presumed_verdict, target)]
    if not asked or not any(start.in_force):
        return found
    outlook = outlook_of(start)
    asked = [target for target in asked if reaches(outlook.everywhere, target)]
    passed: list[tuple[Home, list[str]]] = []
    stopped: list[str] = []

    def missing(targets: Sequence[str]) -> list[str]:
        return [target for target in targets if len(found[target]) < limit]

    for edition, unit, nearest in _around(start, reach_m):
        if not missing(asked):
            break
        left = missing(asked)
        best = _best_in(outlook, edition, unit, targets=left)
        left = [target for target in left if reaches(best, target)]
        if left and len(passed) == _LOOKED_AT:
            stopped = left
            break
        if left:
            home = Home(edition, unit, _beside(start.editions[edition].units, unit))
            ways = _places(start, outlook, home, left, near=nearest, reach_m=reach_m)
            passed.append((home, [target for target in left if target not in ways]))
            for target, way in ways.items():
                found[target].append(way)
    # Then the rest of the same units, as long as something is missing.
    discs = _DISCS_FAR
    for home, targets in passed:
        left = missing(targets)
        if left and discs <= 0:
            stopped += [target for target in left if target not in stopped]
        elif left:
            search = Search(reach_m, discs_max=min(_DISCS, discs))
            for target, way in _places(start, outlook, home, left, reach_m=reach_m, told=search).items():
                found[target].append(way)
            discs -= search.discs
    screening.memory[_STOPPED] = tuple(stopped)
    return {target: sorted(some, key=lambda one: one.cost) for target, some in found.items()}


def _beside(units: Layer, unit: int) -> frozenset[int]:
    """Return the units that lie over a unit, or under it."""
    shape = units.geometry[unit]
    found = [units.tree.query(shape, predicate=name).tolist() for name in ("overlaps", "contains", "within")]
    return frozenset(row for rows in found for row in rows if row != unit)


def _best_in(outlook: Outlook, edition: int, unit: int, *, targets: Sequence[str]) -> str:
    """Return the best verdict that the clauses of a unit leave open somewhere in it, if it reaches one of the targets."""
    if len(outlook.sides) > 1:
        return "admissible"
    units = tuple((unit,) if index == edition else () for index in range(len(outlook.editions)))
    return outlook.best(units, lambda *_: ANY, ceiling=ceiling_of(targets))


def _around(start: Screening, reach_m: float) -> Iterator[tuple[int, int, BaseGeometry]]:
    """Yield the units around with their nearest point in the site's plane, the nearest unit first.

    Units in which the site lies are left out, and of a code that several editions have all but the first.
    """
    plane = plane_at(float(start.project.site.centroid.x))
    site = plane.to_plane(start.project.site)
    seen = {
        place.edition.unit_code(touch.index) for place in start.places for touch in place.units if not touch.is_touch
    }
    todo: list[tuple[float, bool, int, int]] = []
    for index, edition in enumerate(start.editions):
        if start.in_force[index]:
            gaps = _box_gaps(edition.units, start.project.site, reach_m)
            todo += [(gap, False, index, unit) for unit, gap in gaps]
    heapq.heapify(todo)
    shapes: dict[tuple[int, int], BaseGeometry] = {}
    while todo:
        gap, is_exact, index, unit = heapq.heappop(todo)
        code = start.editions[index].unit_code(unit)
        if code in seen or gap > reach_m:
            continue
        if is_exact:
            seen.add(code)
            yield (
                index,
                unit,
                shapely.points(shapely.get_coordinates(shapely.shortest_line(shapes[index, unit], site))[0]),
            )
            continue
        shape = shapes[index, unit] = plane.to_plane(start.editions[index].units.geometry[unit])
        heapq.heappush(todo, (float(shapely.distance(shape, site)), True, index, unit))


def _box_gaps(layer: Layer, site: BaseGeometry, reach_m: float) -> list[tuple[int, float]]:
    """Return units whose box may lie within reach, with a distance that is never too long."""
    west, south, east, north = site.bounds
    up = 1.02 * reach_m / 110_000.0
    side = up / max(0.05, math.cos(math.radians(max(abs(south), abs(north)) + up)))
    rows = layer.tree.query(shapely.box(west - side, south - up, east + side, north + up))
    boxes = shapely.bounds(layer.geometry[rows])
    scale = math.cos(math.radians(max(abs(south), abs(north)) + up)) * 110_000.0
    across = np.maximum(0.0, np.maximum(boxes[:, 0] - east, west - boxes[:, 2])) * scale
    along = np.maximum(0.0, np.maximum(boxes[:, 1] - north, south - boxes[:, 3])) * 110_000.0
    return list(zip(rows.tolist(), np.hypot(across, along).tolist(), strict=True))


def _places(
    start: Screening,
    outlook: Outlook,
    home: Home,
    targets: Sequence[str],
    *,
    reach_m: float,
    near: BaseGeometry | None = None,
    told: Search | None = None,
) -> dict[str, Candidate]:
    """Return, for each target, a place around a unit's nearest point, or anywhere in it, that reaches it."""
    plane = plane_at(float(start.project.site.centroid.x))
    site = plane.to_plane(start.project.site)
    west, south, east, north = plane.to_plane(start.editions[home.edition].units.geometry[home.unit]).bounds
    middle, half = shapely.Point((west + east) / 2, (south + north) / 2), max(east - west, north - south) / 2
    leaf = min(max(half / _LEAVES, _LEAF_M[0]), _LEAF_M[1])
    beside = _NEAR_M + max(site.bounds[2] - site.bounds[0], site.bounds[3] - site.bounds[1])
    if near is None and beside >= 2 * half:
        return {}  # all of the unit was looked at around its nearest point
    if near is not None and beside < 2 * half:
        middle, half = near, beside
    search = told or Search(reach_m, discs_max=_DISCS)
    search.reach_m, search.half_m, search.home = 1.5 * reach_m, half, home
    search.leaf_m, search.tries_max = leaf, _TRIES
    base = shifted(site, middle.x - site.centroid.x, middle.y - site.centroid.y)
    return _places_around(start, outlook, targets, base=plane.to_lonlat(base), search=search)


def _places_around(
    start: Screening, outlook: Outlook, targets: Sequence[str], *, base: BaseGeometry, search: Search
) -> dict[str, Candidate]:
    """Return, for each target, a place in the search's square around a base, nearest to where the site lies now."""
    home = search.home
    assert home is not None, "a unit is looked through"
    there = plane_at(float(base.centroid.x))
    here, middle = there.to_plane(start.project.site.centroid), there.to_plane(base.centroid)
    search.start = Offset(here.x - middle.x, here.y - middle.y)
    prover = Prover(start, base, search, outlook)
    proved: dict[str, tuple[float, Offset, Screening]] = {}

    def prove(offset: Offset, target: str) -> tuple[float, str] | None:
        after = prover.screened(offset, target)
        if after is None or not _is_inside(after, home):
            return None
        length = search.length_m(offset)
        for reached in targets:
            if reaches(after.presumed_verdict, reached) and (reached not in proved or length < proved[reached][0]):
                proved[reached] = (length, offset, after)
        return length, after.presumed_verdict

    nearest_offsets(outlook, prover.ground, targets, search=search, prove=prove)
    return {target: _said(search, home, proof) for target, proof in proved.items()}


def _is_inside(after: Screening, home: Home) -> bool:
    """Tell whether the whole site lies in a unit, but for a touch; it may lie in one that lies over it too."""
    place, site = after.places[home.edition], after.project.site
    outside = site.difference(place.edition.units.geometry[home.unit])
    tolerance = place.edition.tolerance
    is_touch = is_shallow(outside, site, place.plane, depth_m=tolerance.depth_m, share=tolerance.share)
    return outside.is_empty or is_touch


def _said(search: Search, home: Home, proof: tuple[float, Offset, Screening]) -> Candidate:
    length, offset, after = proof
    place = after.places[home.edition]
    label = unit_label(place, home.unit)
    east, north = offset.east_m - search.start.east_m, offset.north_m - search.start.north_m
    bearing = round(math.degrees(math.atan2(east, north)) % 360, 1) % 360
    point = compass_point(bearing)
    far_zh = f"{length / 1000:,.1f} 公里" if length >= 1000 else f"{length:,.0f} 米"
    far_en = f"{length / 1000:,.1f} km" if length >= 1000 else f"{length:,.0f} m"
    words = Words(
        f"选址调整至 {label}（现址{point.zh}方向 {far_zh}）", f"go to unit {label}, {far_en} to the {point.en}"
    )
    middle = after.project.site.centroid
    details = {
        "unit": place.edition.unit_code(home.unit),
        "distance_m": round(length),
        "bearing_deg": bearing,
        "lon": round(middle.x, 6),
        "lat": round(middle.y, 6),
    }
    return Candidate("unit", after.project, words, (length,), details, after)
