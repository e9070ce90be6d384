"""How far, and which way, must a whole site move to reach a target: the nearest place, proved by screening it.

The site keeps its shape and its size; it is shifted in the plane in which it is measured. The distance is given in
whole metres, rounded up, with a tenth of a metre to spare.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from yudi.core.words import Words
from yudi.territory.screening import Screening
from yudi.territory.ways_out.candidates import TARGETS, Candidate, reaches
from yudi.territory.ways_out.offsets import Offset, Search, nearest_offsets
from yudi.territory.ways_out.proofs import Prover, start_of
from yudi.territory.ways_out.routes import compass_point, left_and_entered

__all__ = ["REACH_M", "moves", "moves_to", "no_move_text"]

REACH_M = 5_000.0
_SPARE_M = 0.1
_STOPPED = "moves not all looked at"
_DISCS = 6_000  # a few seconds at most; that not all was looked at is then said


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
        search = Search(reach_m, discs_max=_DISCS)
        screening.memory[key] = moves_to(screening, TARGETS, search=search)
        screening.memory[_STOPPED] = not search.is_whole
    found: dict[str, Candidate] = screening.memory[key]
    return [found[target]] if target in found else []


def no_move_text(screening: Screening, reach_m: float) -> Words:
    """Return that no place to move to was found, within what, and whether that was looked at to the end."""
    reach = f"{reach_m / 1000:,.10g} km"
    if screening.memory.get(_STOPPED):
        return Words(
            f"{reach} 以内未找到可移去的位置（未能全部查完）",
            f"found no place within {reach} to move to (not all of it was looked at)",
        )
    return Words(f"{reach} 以内没有可移去的位置", f"no place within {reach} to move to")


def moves_to(screening: Screening, targets: Sequence[str], *, search: Search) -> dict[str, Candidate]:
    """Return, for each target that is missed and can be reached, the nearest move that reaches it.

    Parameters
    ----------
    search : Search
        The reach and what the search may take; it is told what it took.
    """
    start = start_of(screening)
    asked = [target for target in targets if not reaches(start.presumed_verdict, target)]
    if search.reach_m <= 0 or not asked or not any(screening.in_force):
        return {}
    nearest = _Nearest(Prover(start, start.project.site, search))
    nearest_offsets(nearest.prover.outlook, nearest.prover.ground, asked, search=search, prove=nearest.prove)
    return {target: nearest.candidate(target) for target in asked if target in nearest.best}


class _Nearest:
    """The shortest proved move for each target."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.best: dict[str, tuple[int, float, Screening]] = {}

    def prove(self, offset: Offset, target: str) -> tuple[float, str] | None:
        """Return length and verdict of a move in whole metres near the offset that reaches the target."""
        if not self.prover.passes(offset, target):
            return None
        search = self.prover.search
        length = search.length_m(offset)
        exact = math.degrees(math.atan2(offset.east_m, offset.north_m)) % 360
        # The square in which the offset lies may begin so much nearer.
        nearest = math.ceil(max(0.0, length - 3 * search.leaf_m) + _SPARE_M)
        least = math.ceil(length + _SPARE_M)
        for distance_m in range(nearest, least + 2):
            for decimals in (0, 1, 2, 3) if distance_m >= least else (1,):
                bearing = round(exact, decimals) % 360
                if distance_m > search.reach_m or not self._is_beyond(distance_m, bearing, target):
                    continue
                screening = self.prover.screened(_offset(distance_m, bearing), target)
                if screening is not None:
                    self._keep(distance_m, bearing, screening)
                    return distance_m, screening.presumed_verdict
        return None

    def _is_beyond(self, distance_m: float, bearing: float, target: str) -> bool:
        """Tell whether so far is far enough with a little to spare."""
        offset, before = _offset(distance_m, bearing), _offset(distance_m - _SPARE_M, bearing)
        return self.prover.passes(before, target) and self.prover.passes(offset, target)

    def _keep(self, distance_m: int, bearing: float, screening: Screening) -> None:
        for target in TARGETS:
            known = self.best.get(target)
            if reaches(screening.presumed_verdict, target) and (known is None or distance_m < known[0]):
                self.best[target] = (distance_m, bearing, screening)

    def candidate(self, target: str) -> Candidate:
        """Return the move in words."""
        distance_m, bearing, after = self.best[target]
        text, details = left_and_entered(self.prover.start, after, target)
        point = compass_point(bearing)
        zh = f"向{point.zh}移动 {distance_m:,} 米{text.zh}"
        en = f"move {distance_m:,} m to the {point.en}{text.en}"
        details |= {"distance_m": distance_m, "bearing_deg": bearing}
        return Candidate("move", after.project, Words(zh, en), (float(distance_m),), details, after)


def _offset(distance_m: float, bearing_deg: float) -> Offset:
    turn = math.radians(bearing_deg)
    return Offset(distance_m * math.sin(turn), distance_m * math.cos(turn))
