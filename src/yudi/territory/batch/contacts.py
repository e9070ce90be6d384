"""What place tests find for polygons and lines, from the areas that they meet and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yudi.core.logic import F, T, U
from yudi.territory.batch.regions import ASK, MAY, NEAR_MAY, NEAR_SURE, SURE, Regions
from yudi.territory.batch.sizes import Contacts, Sizes
from yudi.territory.edition import Tolerance
from yudi.territory.predicates import PlaceTest

__all__ = ["ASKED", "Read", "contacts_of", "holes_of", "read_contacts"]

ASKED = 255  # stands for a code that only asking the one site gives
_HAIR = 1e-9  # by which a share is no longer told from another


@dataclass(frozen=True, eq=False, repr=False)
class Read:
    """What tests find for sites, or parts of sites.

    Parameters
    ----------
    codes : uint8 array (sites, tests)
        F, U, T or `ASKED`.
    is_met : bool array (sites, tests)
        The site meets an area of the test.
    is_even : bool array (sites, tests)
        Every part of the site has the same code: all of it, or nothing, lies in each area of the test.
    """

    codes: Any
    is_met: Any
    is_even: Any


def contacts_of(grid: Any, sites: Any, dimension: int, holes: Any) -> Contacts:
    """Return the shapes of a grid that polygons or lines meet.

    Parameters
    ----------
    holes : int array
        Number of holes of every shape of the grid.
    """
    if dimension == 1:
        site, shape, length, is_within = grid.lengths(sites)
        return Contacts(site, shape, length, np.zeros(len(site)), is_within, np.zeros(len(site), int))
    site, shape, area, border, is_within = grid.overlaps(sites)
    return Contacts(site, shape, area, border, is_within, holes[shape] + holes_of(sites)[site])


def holes_of(polygons: Any) -> Any:
    """Return how many holes polygons and multipolygons have."""
    holes = np.maximum(0, shapely.get_num_interior_rings(polygons)).astype(np.int32)
    several = np.flatnonzero(shapely.get_type_id(polygons) != 3)
    if len(several):
        parts, of = shapely.get_parts(polygons[several], return_index=True)
        holes[several] = np.bincount(of, weights=shapely.get_num_interior_rings(parts), minlength=len(several))
    return holes


def read_contacts(
    regions: Regions,
    tests: Sequence[PlaceTest],
    found: Contacts,
    *,
    sizes: tuple[Sizes, Sizes, Any],
    tolerance: Tolerance,
) -> Read:
    """Return what tests find for sites that meet areas.

    Parameters
    ----------
    sizes : (Sizes, Sizes, int array)
        Of the sites, or parts of sites, that are read; of the whole sites; and which whole site each belongs to.
    """
    own, whole, whole_of = sizes
    count, width = len(own.amount), len(tests)
    kinds = _Kinds(tests)
    row, contact = regions.rows_of(found.shape)
    test = regions.test[row].astype(np.int64)
    kept = ~kinds.is_along[test]
    contact, test, meaning = contact[kept], test[kept], regions.meaning[row[kept]]
    key = found.site[contact] * width + test
    seen = np.zeros(count * width, np.uint8)
    np.bitwise_or.at(seen, key, meaning)
    is_partly = np.zeros(count * width, bool)
    is_partly[key[~found.is_within[contact]]] = True
    keys = np.flatnonzero(seen)
    codes = np.zeros(count * width, np.uint8)
    codes[keys] = _of_near(seen[keys])
    # Lying in areas is also a matter of how much.
    is_area = ~kinds.is_near[test]
    if is_area.any():
        contact, key, meaning, test = contact[is_area], key[is_area], meaning[is_area], test[is_area]
        keys = keys[~kinds.is_near[keys % width]]
        place = np.zeros(count * width, np.int64)
        place[keys] = np.arange(len(keys))
        real = whole.is_real(found, tolerance, whole_of[found.site])
        amount = np.where(found.is_within, own.amount[found.site], found.amount)
        lying = _Lying.of(len(keys), place[key], meaning, amount=amount[contact], real=real[contact])
        codes[keys] = _of_areas(
            kinds,
            keys % width,
            lying,
            seen=seen[keys],
            sizes=(own, whole, whole_of, keys // width),
            tolerance=tolerance,
        )
    shaped = codes.reshape(count, width)
    is_met = (seen != 0).reshape(count, width)
    is_even = ~is_partly.reshape(count, width) & (shaped != ASKED) & ~(is_met & kinds.has_least)
    return Read(shaped, is_met, is_even)


class _Kinds:
    """What is asked, one entry a test."""

    def __init__(self, tests: Sequence[PlaceTest]) -> None:
        self.is_near = np.array([test.kind == "within" for test in tests], bool)
        self.is_along = np.array([test.kind == "along" for test in tests], bool)
        self.share = np.array(
            [np.nan if test.share is None or test.kind == "inside" else test.share for test in tests], float
        )
        self.area_m2 = np.array(
            [np.nan if test.area_m2 is None or test.kind == "inside" else test.area_m2 for test in tests], float
        )
        self.has_least = ~np.isnan(self.share) | ~np.isnan(self.area_m2)


def _of_near(seen: Any) -> Any:
    """Return the codes of tests of distance: a touch is near enough."""
    asked = np.where(seen & (ASK | NEAR_SURE), ASKED, np.where(seen & MAY, U, np.where(seen & NEAR_MAY, ASKED, F)))
    return np.where(seen & SURE, T, asked).astype(np.uint8)


@dataclass(frozen=True)
class _Lying:
    """How sites lie in the areas of a test: those that are meant, and all that may be; one entry a site and test."""

    sure: tuple[Any, Any, Any]  # is one more than a touch, amount of all, amount of the largest; degrees
    all: tuple[Any, Any, Any]

    @classmethod
    def of(cls, count: int, place: Any, meaning: Any, *, amount: Any, real: Any) -> _Lying:
        is_sure = meaning == SURE

        def joined(chosen: Any) -> tuple[Any, Any, Any]:
            is_real = np.zeros(count, bool)
            is_real[place[chosen & real]] = True
            largest = np.zeros(count)
            np.maximum.at(largest, place[chosen], amount[chosen])
            return is_real, np.bincount(place[chosen], weights=amount[chosen], minlength=count), largest

        return cls(joined(is_sure), joined(np.ones(len(place), bool)))


def _of_areas(
    kinds: _Kinds,
    test: Any,
    lying: _Lying,
    *,
    seen: Any,
    sizes: tuple[Sizes, Sizes, Any, Any],
    tolerance: Tolerance,
) -> Any:
    """Return the codes of tests of lying in areas, from what is certain; what is not is asked."""
    own, whole, whole_of, item = sizes

    def enough(joined: tuple[Any, Any, Any]) -> Any:
        is_real, total, largest = joined
        is_touch = (total == 0) | whole.is_touch(whole_of[item], total, tolerance)
        code = np.where(is_real, T, np.where(is_touch, F, ASKED))
        has_least = kinds.has_least[test] & is_real
        if not has_least.any():
            return code
        share, area = kinds.share[test], kinds.area_m2[test]
        with np.errstate(invalid="ignore"):
            low, high = own.share(item, largest)[0], own.share(item, total)[1]
            is_whole = largest >= own.amount[item]
            is_enough = (low >= share) | (is_whole & (share <= 1 - _HAIR))
            is_short = ~(high >= share)
            if own.dimension == 2:
                is_enough |= largest * own.least[item] >= area
                is_short &= ~(total * own.most[item] >= area)
        by_least = np.where(is_enough, T, np.where(is_short, F, ASKED))
        if own.dimension == 1:  # how much land a line takes is not drawn
            by_least = np.where(is_short & ~np.isnan(area), U, by_least)
        return np.where(has_least, by_least, code)

    sure, all_ = enough(lying.sure), enough(lying.all)
    code = np.where(all_ == F, F, np.where(all_ == ASKED, ASKED, U))
    code = np.where(sure == T, T, np.where(sure == ASKED, ASKED, np.where(sure == U, U, code)))
    # A part of an area that a unit's border cuts in two counts as the whole of it does.
    is_part = (own is not whole) & ~np.isnan(kinds.area_m2[test]) & (code != T)
    return np.where(((seen & ASK) > 0) & (code != T) | is_part, ASKED, code).astype(np.uint8)
