"""Which share of each site lies in no unit of any edition."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from yudi.territory.batch.places import PlaceTable
from yudi.territory.edition import Edition
from yudi.territory.place import uncovered

__all__ = ["uncovered_shares"]


def uncovered_shares(
    editions: Sequence[Edition],
    in_force: Sequence[bool],
    places: Sequence[PlaceTable],
    *,
    site_of: Callable[[int], BaseGeometry],
) -> NDArray[np.float64]:
    """Return the share of each site that lies in no unit of any edition in force, as `screen` finds it.

    Only where several editions each hold a part of a site is it measured.
    """
    count = len(places[0]) if places else 0
    found = np.ones(count)
    tolerance = min((edition.tolerance for edition in editions), key=lambda item: item.depth_m)
    counting = [number for number, counts in enumerate(in_force) if counts]
    met = [np.diff(places[number].first) > 0 for number in counting]
    times = np.sum(met, axis=0) if met else np.zeros(count, int)
    is_left = np.zeros(count, bool)
    for number, is_met in zip(counting, met, strict=True):
        share = places[number].uncovered_share
        is_alike = editions[number].tolerance == tolerance
        is_whole = is_met & (share == 0) if is_alike else np.zeros(count, bool)
        is_alone = is_met & (times == 1)
        found[is_alone] = share[is_alone]
        found[is_whole] = 0.0
        is_left |= is_met & ~is_whole & ((times > 1) | (not is_alike))
    for number, is_met in zip(counting, met, strict=True):
        if editions[number].tolerance == tolerance:
            is_left &= ~(is_met & (places[number].uncovered_share == 0))
    for row in np.flatnonzero(is_left).tolist():
        covers = [
            editions[number].units.geometry[unit]
            for number in counting
            for unit in places[number].unit[places[number].first[row] : places[number].first[row + 1]].tolist()
        ]
        found[row] = uncovered(site_of(row), covers, tolerance)[0]
    return found
