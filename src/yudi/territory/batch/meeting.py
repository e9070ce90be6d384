"""Which units polygons and lines meet, how, and how much of them lies in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yudi.territory.batch.compiled import Compiled
from yudi.territory.batch.contacts import contacts_of
from yudi.territory.batch.exact import Exact
from yudi.territory.batch.sizes import Contacts, Sizes
from yudi.territory.edition import Edition
from yudi.territory.place import Place, outside, same_dimension

__all__ = ["Meetings", "meetings_of", "uncovered_shares"]

_NEARLY = 1e-6  # of a site; whoever lies in a unit but for less is measured exactly


@dataclass(frozen=True, eq=False, repr=False)
class Meetings:
    """Pairs of sites and units that they meet, sorted by site and unit.

    Parameters
    ----------
    amount : float array
        In degrees.
    is_within : bool array
        The unit covers the site.
    part : object array
        What of the site lies in the unit, where it had to be made already.
    is_odd : bool array
        The pair was measured exactly.
    """

    site: Any
    unit: Any
    amount: Any
    is_within: Any
    is_touch: Any
    is_whole: Any
    part: Any
    is_odd: Any


def meetings_of(edition: Edition, compiled: Compiled, sites: Any, sizes: Sizes) -> Meetings:
    """Return the units that polygons, or lines, meet."""
    found = contacts_of(compiled.units, sites, sizes.dimension, compiled.unit_holes)
    is_real = sizes.is_real(found, edition.tolerance)
    is_touch = ~is_real & sizes.is_touch(found.site, found.amount, edition.tolerance)
    is_odd = _odd_sites(edition, found, sizes, is_real=is_real, is_touch=is_touch)[found.site]
    part = np.full(len(found.site), None, object)
    is_whole = found.is_within.copy()
    touching = np.flatnonzero(is_touch & ~is_odd)
    meeting = shapely.intersection(sites[found.site[touching]], edition.units.geometry[found.shape[touching]])
    is_whole[touching] = [same_dimension(item, sizes.dimension).is_empty for item in meeting]
    site = found.site
    for index in np.unique(site[is_odd]).tolist():
        # The grid and the tree of boxes find the same units in the same order.
        rows = slice(np.searchsorted(site, index), np.searchsorted(site, index, side="right"))
        touches = Place(edition, sites[index]).units
        is_touch[rows] = [touch.is_touch for touch in touches]
        is_whole[rows] = [touch.is_whole for touch in touches]
        part[rows] = [touch.part for touch in touches]
    return Meetings(site, found.shape, found.amount, found.is_within, is_touch, is_whole, part, is_odd)


def _odd_sites(edition: Edition, found: Contacts, sizes: Sizes, *, is_real: Any, is_touch: Any) -> Any:
    """Return the sites with an overlap of which it is not certain whether it is a touch."""
    count = len(sizes.amount)
    odd = np.zeros(count, bool)
    # A site of several parts is put together anew, which may lose a digit of its size.
    is_nearly = np.where(
        found.is_within, ~sizes.is_single[found.site], found.amount >= (1 - _NEARLY) * sizes.amount[found.site]
    )
    odd[found.site[~(is_real | is_touch) | is_nearly]] = True
    small = np.bincount(found.site, weights=np.where(is_touch, found.amount, 0.0), minlength=count)
    has_real = np.bincount(found.site[is_real], minlength=count) > 0
    has_any = np.bincount(found.site, minlength=count) > 0
    # Touches may be more than that together, and a site that only touches lies somewhere all the same.
    odd |= has_any & ~has_real
    odd |= (small > 0) & ~sizes.is_touch(np.arange(count), small, edition.tolerance)
    return odd


def uncovered_shares(exact: Exact, compiled: Compiled, sites: Any, *, sizes: Sizes, pairs: Meetings) -> Any:
    """Return how much of each site lies in none of its units."""
    count, tolerance = len(sites), exact.edition.tolerance
    share = (np.bincount(pairs.site, minlength=count) == 0).astype(float)
    is_within = np.bincount(pairs.site[pairs.is_within], minlength=count) > 0
    is_sure = (share == 1) | (is_within & (tolerance.share > _NEARLY) & sizes.is_single)
    if sizes.dimension == 2:
        rest = sizes.amount - np.bincount(
            pairs.site, weights=pairs.amount - compiled.unit_double[pairs.unit], minlength=count
        )
        # The area outside is a touch with room to spare, and so is the rounding of all these sums.
        is_sure |= sizes.is_touch(np.arange(count), 2 * np.maximum(0.0, rest) + _NEARLY * sizes.amount, tolerance)
    for index in np.flatnonzero(~is_sure).tolist():
        rows = slice(np.searchsorted(pairs.site, index), np.searchsorted(pairs.site, index, side="right"))
        share[index] = outside(sites[index], exact.cover(pairs.unit[rows]), tolerance)[0]
    return share
