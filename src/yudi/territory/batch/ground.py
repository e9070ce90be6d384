"""Where many sites lie in an edition, found from compiled areas; equal to `places_one_by_one` in every array."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from yudi.core.logic import F, T, U
from yudi.territory.batch.compiled import Compiled
from yudi.territory.batch.contacts import ASKED
from yudi.territory.batch.exact import Exact
from yudi.territory.batch.joining import Kinds, Some, joined, of_table
from yudi.territory.batch.places import PlaceTable, distinct_tests, places_one_by_one
from yudi.territory.batch.regions import ASK, MAY, NEAR_MAY, NEAR_SURE, SURE
from yudi.territory.batch.settling import Sites, settle
from yudi.territory.batch.sizes import sizes_of
from yudi.territory.batch.spread import spread_places
from yudi.territory.edition import Edition
from yudi.territory.predicates import PlaceTest

__all__ = ["Ground"]

_BATCH = 16_384  # sites whose tables are made at once


@dataclass(frozen=True)
class Ground:
    """An edition's map made ready, which says where sites lie.

    Parameters
    ----------
    edition : Edition
    compiled : Compiled or None
        Without it every site is read by itself.
    """

    edition: Edition
    compiled: Compiled | None

    @cached_property
    def tests(self) -> tuple[PlaceTest, ...]:
        """The tests that are answered."""
        return distinct_tests(self.edition) if self.compiled is None else self.compiled.tests

    @cached_property
    def exact(self) -> Exact:
        """Reads what areas cannot decide."""
        return Exact(self.edition)

    def places(self, sites: Any) -> PlaceTable:
        """Return the table of sites: points, lines, polygons in lon/lat, also of several parts, in any mixture.

        Parameters
        ----------
        sites : object array (or sequence) of geometries
        """
        shapes = np.empty(len(sites), object)
        shapes[:] = list(sites)
        kinds, found = Kinds(self.tests), []
        is_left = np.ones(len(shapes), bool)
        if self.compiled is not None:
            compiled = self.compiled
            kind = np.where(shapely.is_empty(shapes), -1, shapely.get_type_id(shapes))
            rows = np.flatnonzero(kind == 0)
            x, y = shapely.get_x(shapes), shapely.get_y(shapes)
            found += [self._points(compiled, kinds, part, x=x[part], y=y[part]) for part in _batches(rows)]
            is_left[rows] = False
            for kind_of in ((3, 6), (1, 5)):
                rows = np.flatnonzero(np.isin(kind, kind_of))
                rows = rows[~sizes_of(shapes[rows]).is_wide]
                is_left[rows] = False
                found += [
                    spread_places(compiled, self.exact, kinds, rows=part, sites=shapes[part]) for part in _batches(rows)
                ]
        rows = np.flatnonzero(is_left)
        found.append(of_table(kinds, rows, places_one_by_one(self.edition, shapes[rows].tolist(), self.tests)))
        return joined(self.tests, kinds, found)

    def _points(self, compiled: Compiled, kinds: Kinds, rows: Any, *, x: Any, y: Any) -> Some:
        site, unit = compiled.units.points(x, y)
        count = np.bincount(site, minlength=len(x))
        seen = _seen(compiled, len(x), *compiled.areas.points(x, y))
        codes = np.empty_like(seen)
        for row, test in enumerate(self.tests):
            codes[:, row] = _OF_POINT[_least(test)][seen[:, row]]
        bounds = np.stack([x, y, x, y], axis=1)
        settle(
            kinds,
            compiled,
            codes,
            sites=Sites(bounds, lambda chosen: shapely.points(x[chosen], y[chosen])),
            exact=self.exact,
        )
        return Some(
            rows,
            codes,
            count,
            unit,
            np.zeros(len(unit), bool),
            np.ones(len(unit), bool),
            codes[site],
            self._uncovered(x, y, (site, unit, count)),
        )

    def _uncovered(self, x: Any, y: Any, pairs: tuple[Any, Any, Any]) -> Any:
        site, unit, count = pairs
        share = (count == 0).astype(float)
        # A union of units may lose a point on their borders to rounding.
        several = np.flatnonzero(count > 1)
        first = np.searchsorted(site, several)
        groups: dict[bytes, list[int]] = {}
        for row, begin in zip(several.tolist(), first.tolist(), strict=True):
            groups.setdefault(unit[begin : begin + count[row]].tobytes(), []).append(row)
        for key, rows in groups.items():
            cover = self.exact.cover(np.frombuffer(key, unit.dtype))
            share[rows] = ~shapely.is_empty(shapely.difference(shapely.points(x[rows], y[rows]), cover))
        return share


def _batches(rows: Any) -> list[Any]:
    return [rows[first : first + _BATCH] for first in range(0, len(rows), _BATCH)]


def _seen(compiled: Compiled, count: int, site: Any, area: Any) -> Any:
    """Return what all areas that points lie in say together: bits, (points, tests)."""
    regions = compiled.regions
    seen = np.zeros((count, len(compiled.tests)), np.uint8)
    row, of = regions.rows_of(area)
    at = site[of] * len(compiled.tests) + regions.test[row]
    np.bitwise_or.at(seen.reshape(-1), at, regions.meaning[row])
    return seen


def _least(test: PlaceTest) -> int:
    """Return the code of a point that surely lies in what the test means."""
    if test.kind != "overlaps" or (test.area_m2 is None and test.share is None):
        return T
    if test.share is None:
        return U  # how much land a point takes is not drawn
    return T if test.share <= 1 else ASKED


def _of_point(seen: int, least: int) -> int:
    """Return the code of a point for what all areas that it lies in say; `least` is that of surely being there."""
    if seen & SURE:
        return least
    if seen & (ASK | NEAR_SURE):
        return ASKED
    if seen & MAY:
        return U if least != ASKED else ASKED
    return ASKED if seen & NEAR_MAY else F


_OF_POINT = {least: np.array([_of_point(seen, least) for seen in range(32)], np.uint8) for least in (T, U, ASKED)}
