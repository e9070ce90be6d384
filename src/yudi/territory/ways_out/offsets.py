"""Which shift of a site is the shortest that reaches each target: branch and bound over squares of offsets.

A square is left as soon as no place in it can reach what is still asked; the others are parted, those nearest to where
the site lies now first. What is left at the end is proved by screening, by who calls.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

import numpy as np
import shapely

from yudi.territory.cells import Cell
from yudi.territory.judged import verdict_at
from yudi.territory.ways_out.candidates import reaches
from yudi.territory.ways_out.ground import LYING_IN, PROBES, Ground
from yudi.territory.ways_out.outlook import Outlook, Units
from yudi.territory.ways_out.overlaps import MEETS, OUT
from yudi.territory.ways_out.shifted_readings import Disc, read_together

__all__ = ["Home", "Offset", "Search", "best_verdict", "ceiling_of", "nearest_offsets"]

_SETS = 16  # sets of units that are judged one by one; with more of them a square is parted
_ORDER = ("admissible", "conditional", "undetermined", "prohibited")
_AT_ONCE = 32  # squares that are measured together
_JOINT_M, _JOINT_TRIES, _JOINT_DISCS = 100.0, 40, 1_500
_STRICT = {"not_prohibited": Cell.MAY_PROHIBIT, "conditional": Cell.CONDITIONS, "admissible": Cell.SATISFIED}


@dataclass(frozen=True)
class Offset:
    """A shift in metres east and north."""

    east_m: float
    north_m: float


@dataclass(frozen=True)
class Home:
    """A unit in which the whole site must lie, with those units that lie over it."""

    edition: int
    unit: int
    beside: frozenset[int] = frozenset()


@dataclass
class Search:
    """Where a search looks, what it may take, and what it took.

    Parameters
    ----------
    reach_m : float
        The longest way, from the start.
    start : Offset
        From where the length of a way counts.
    middle, half_m
        The square of offsets that is searched; without half its side it is as large as the reach.
    home : Home or None
        The unit in which the site must lie.
    leaf_m : float
        Half the side of squares that are not parted further.
    discs_max : int
        Squares that are looked at before the search gives up; then `is_whole` is false.
    tries_max : int
        Places that are measured as a screening measures them; who proves counts them.
    """

    reach_m: float
    start: Offset = Offset(0.0, 0.0)
    middle: Offset = Offset(0.0, 0.0)
    half_m: float | None = None
    home: Home | None = None
    leaf_m: float = 1.0
    discs_max: int = 5_000
    tries_max: int = 2_000
    discs: int = 0
    tries: int = 0
    screenings: int = 0
    is_whole: bool = True

    def length_m(self, offset: Offset) -> float:
        """Return how long the way to an offset is."""
        return math.hypot(offset.east_m - self.start.east_m, offset.north_m - self.start.north_m)


def best_verdict(
    outlook: Outlook,
    disc: Disc,
    targets: Sequence[str],
    *,
    home: Home | None = None,
    is_joint: bool = False,
) -> str:
    """Return the best verdict that a place within the disc may get; among those that miss the targets any of them.

    Parameters
    ----------
    home : Home or None
        The unit in which the whole site must lie.
    is_joint : bool
        Whether to look also at what is open together: slower, and the better bound.
    """
    ceiling = ceiling_of(targets)
    verdict = _bound_of(outlook.least, disc, home, ceiling)
    if not is_joint or not any(reaches(verdict, target) for target in targets):
        return verdict
    variants = disc.variants() or [disc]
    verdicts = [_bound_of(outlook.least_together, variant, home, ceiling) for variant in variants]
    return min(verdicts, key=_ORDER.index)


def ceiling_of(targets: Sequence[str]) -> Cell:
    """Return the strictest cell with which one of the targets is reached."""
    return max(_STRICT[target] for target in targets)


def _bound_of(least: Callable[..., Cell], disc: Disc, home: Home | None, ceiling: Cell) -> str:
    cover = disc.cover()
    if home is not None and cover >= MEETS:
        return "prohibited"  # a part of the site would lie in no unit
    sets = _unit_sets(disc, cover, home)
    if sets is None:
        return "admissible"
    level = Cell.PROHIBITS
    for units in sets:
        level = min(level, least(units, disc.span, ceiling=ceiling))
        if level <= Cell.SATISFIED:
            break
    return verdict_at(level, is_covered=cover < MEETS)


def _unit_sets(disc: Disc, cover: int, home: Home | None) -> list[Units] | None:
    """Return the sets of units in which a site of the disc may lie, None where there are too many."""
    options: list[list[tuple[int, ...]]] = []
    for index in range(len(disc.ground.editions)):
        if not disc.ground.in_force[index]:
            options.append([()])
            continue
        sure, maybe = disc.units(index)
        if home is not None and home.edition == index:
            if home.unit not in (*sure, *maybe) or any(unit not in home.beside | {home.unit} for unit in sure):
                return []
            sure = tuple({home.unit, *sure})
            maybe = tuple(unit for unit in maybe if unit in home.beside)
        if 2 ** len(maybe) > _SETS:
            return None
        options.append([tuple(sorted((*sure, *more))) for more in _subsets(maybe)])
    if math.prod(len(option) for option in options) > _SETS:
        return None
    found = list(product(*options))
    return [units for units in found if any(units)] if cover == OUT else found


def _subsets(items: Sequence[int]) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(items, count) for count in range(len(items) + 1)))


def nearest_offsets(
    outlook: Outlook,
    ground: Ground,
    targets: Sequence[str],
    *,
    search: Search,
    prove: Callable[[Offset, str], tuple[float, str] | None],
) -> None:
    """Offer offsets to a proof, nearest first, until for each target none can be nearer than the proved one.

    Parameters
    ----------
    prove : callable
        From an offset and a target to length and verdict of a proved way there, None where the proof fails.
    """
    best = dict.fromkeys(targets, math.inf)
    half = search.half_m if search.half_m is not None else search.reach_m
    root = Disc(ground, search.middle.east_m, search.middle.north_m, half * math.sqrt(2))
    todo: list[tuple[float, int, float, Disc]] = [(_bound(root, half, search), 0, half, root)]
    count = 0
    while todo:
        if not _open_targets(todo[0][0], best, search):
            return
        squares = [heapq.heappop(todo) for _ in range(min(_AT_ONCE, len(todo)))]
        lost = _outside_home([disc for *_, disc in squares], search.home)
        read_together([disc for *_, disc in squares if not (disc.is_read or disc in lost)])
        for bound, _, half, disc in squares:
            open_targets = _open_targets(bound, best, search)
            if not open_targets:
                break
            if search.discs >= search.discs_max or search.tries >= search.tries_max:
                search.is_whole = False
                return
            search.discs += 1
            if disc in lost:
                continue
            is_stuck = search.tries >= _JOINT_TRIES or search.discs >= _JOINT_DISCS
            is_joint = is_stuck and half <= _JOINT_M
            verdict = best_verdict(outlook, disc, open_targets, home=search.home, is_joint=is_joint)
            wanted = [target for target in open_targets if reaches(verdict, target)]
            if not wanted:
                continue
            if half <= search.leaf_m:
                _try(outlook, disc, half, wanted, search=search, prove=prove, best=best)
                continue
            for east, north in product((-half / 2, half / 2), repeat=2):
                count += 1
                child = Disc(ground, disc.east_m + east, disc.north_m + north, half / math.sqrt(2), parent=disc)
                heapq.heappush(todo, (_bound(child, half / 2, search), count, half / 2, child))


def _outside_home(discs: Sequence[Disc], home: Home | None) -> set[Disc]:
    """Return the discs where wherever the site lies more of it than a touch is outside the unit that must hold it."""
    if home is None:
        return set()
    ground = discs[0].ground
    sheet = ground.sheet(home.edition, "units", LYING_IN)
    shape = sheet.shapes[sheet.index == home.unit]
    if not len(shape):
        return set(discs)
    points, half = ground.probes(sheet.tolerance) if ground.dimension else (ground.parts, 0.0)
    points = points[:: max(1, len(points) // PROBES)]
    places = shapely.get_coordinates(points)[None, :] + np.array([[(disc.east_m, disc.north_m)] for disc in discs])
    reach = np.array([[disc.slack_m + half] for disc in discs])
    is_lost = ~shapely.dwithin(shape[0], shapely.points(places), reach)
    return {disc for disc, lost in zip(discs, is_lost.any(axis=1).tolist(), strict=True) if lost}


def _open_targets(bound: float, best: Mapping[str, float], search: Search) -> list[str]:
    """Return the targets for which a way so long would still be the shortest."""
    return [target for target, length in best.items() if bound < length - 1.0 and bound <= search.reach_m]


def _bound(disc: Disc, half: float, search: Search) -> float:
    """Return the length of the shortest way to a square."""
    east, north = abs(disc.east_m - search.start.east_m), abs(disc.north_m - search.start.north_m)
    return math.hypot(max(0.0, east - half), max(0.0, north - half))


def _try(
    outlook: Outlook,
    disc: Disc,
    half: float,
    targets: Sequence[str],
    *,
    search: Search,
    prove: Callable[[Offset, str], tuple[float, str] | None],
    best: dict[str, float],
) -> None:
    """Look at places of a square that is not parted further, the nearest first, and prove the first that passes."""
    pairs = product((-half, 0.0, half), repeat=2)
    offsets = sorted((Offset(disc.east_m + x, disc.north_m + y) for x, y in pairs), key=search.length_m)
    left = list(targets)
    for offset in (offsets[0], offsets[len(offsets) // 2], offsets[-1]):
        length = search.length_m(offset)
        left = [target for target in left if length < best[target] - 1.0]
        if not left or length > search.reach_m:
            return
        point = Disc(disc.ground, offset.east_m, offset.north_m, 0.0, parent=disc)
        verdict = best_verdict(outlook, point, left, home=search.home)
        for target in reversed([target for target in left if reaches(verdict, target)]):
            proved = prove(offset, target)
            if proved is not None:
                for other in best:
                    if reaches(proved[1], other):
                        best[other] = min(best[other], proved[0])
                left = [target for target in left if not reaches(proved[1], target)]
                break
