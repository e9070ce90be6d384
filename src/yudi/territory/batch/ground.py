"""Where many sites lie in an edition, found from compiled areas; equal to `places_one_by_one` in every array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, U
from yudi.territory.batch.exact import Exact, is_inside_extent
from yudi.territory.batch.places import Found, PlaceTable, codes_of, distinct_tests, places_one_by_one
from yudi.territory.batch.plain_grid import PlainGrid
from yudi.territory.batch.regions import (
    ASK,
    MAY,
    NEAR_MAY,
    NEAR_SURE,
    SURE,
    Regions,
    along_reach_m,
    regions_of,
)
from yudi.territory.edition import Edition
from yudi.territory.place import uncovered
from yudi.territory.predicates import PlaceTest

__all__ = ["Ground", "ground_of"]

_ASKED = 255  # stands for a code that only asking the one site gives


class Kinds:
    """What the codes of every test stand for, as they are met."""

    def __init__(self, tests: Sequence[PlaceTest]) -> None:
        self.rows: list[dict[Found, int]] = [{found: row for row, found in enumerate(codes_of(test))} for test in tests]

    def code(self, test: int, found: Found) -> int:
        """Return the code of what a test found."""
        return self.rows[test].setdefault(found, len(self.rows[test]))


@dataclass(frozen=True)
class Some:
    """Places of some of the sites, whose rows `row` are; as `PlaceTable`, with codes as they were first met."""

    row: Any
    codes: Any
    count: Any
    unit: Any
    is_touch: Any
    is_whole: Any
    part_codes: Any
    uncovered_share: Any


@dataclass(frozen=True)
class Ground:
    """An edition's map as compiled areas, which say where sites lie.

    Parameters
    ----------
    edition : Edition
    tests : tuple of PlaceTest
        Those that are answered.
    regions : Regions
        The areas of the tests.
    """

    edition: Edition
    tests: tuple[PlaceTest, ...]
    regions: Regions
    units_grid: Any
    regions_grid: Any
    asked: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

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
        kinds = Kinds(self.tests)
        is_point = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
        found = []
        if self._is_plain:
            is_point[:] = False
        else:
            rows = np.flatnonzero(is_point)
            found.append(self._points(kinds, rows, shapely.get_x(shapes[rows]), shapely.get_y(shapes[rows])))
        found.append(self._one_by_one(kinds, np.flatnonzero(~is_point), shapes))
        return self._table(kinds, len(shapes), found)

    def places_of_points(self, x: Any, y: Any) -> PlaceTable:
        """Return the table of points.

        Parameters
        ----------
        x, y : float arrays
            Degrees east and north.
        """
        if self._is_plain:
            return self.places(shapely.points(x, y))
        kinds = Kinds(self.tests)
        x, y = np.ascontiguousarray(x, float), np.ascontiguousarray(y, float)
        return self._table(kinds, len(x), [self._points(kinds, np.arange(len(x)), x, y)])

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the units are no areas, so that nothing is compiled of them."""
        return bool((shapely.get_dimensions(self.edition.units.geometry) != 2).any())

    def _points(self, kinds: Kinds, rows: Any, x: Any, y: Any) -> Some:
        site, unit = self.units_grid.points(x, y)
        count = np.bincount(site, minlength=len(x))
        seen = self._seen(len(x), *self.regions_grid.points(x, y))
        codes = np.stack([_OF_POINT[test.area_m2 is not None and test.share is None] for test in self.tests])[
            np.arange(len(self.tests)), seen
        ] if self.tests else seen
        bounds = np.stack([x, y, x, y], axis=1)
        self._finish(kinds, codes, bounds, lambda chosen: shapely.points(x[chosen], y[chosen]))
        return Some(
            rows,
            codes,
            count,
            unit.astype(np.int32),
            np.zeros(len(unit), bool),
            np.ones(len(unit), bool),
            codes[site],
            self._uncovered_points(x, y, site, unit, count),
        )

    def _seen(self, count: int, site: Any, region: Any) -> Any:
        """Return what all areas that sites lie in say together: bits, (sites, tests)."""
        seen = np.zeros((count, len(self.tests)), np.uint8)
        first = self.regions.first
        size = first[region + 1] - first[region]
        row = np.repeat(first[region] - (np.cumsum(size) - size), size) + np.arange(size.sum())
        at = np.repeat(site, size) * len(self.tests) + self.regions.test[row]
        np.bitwise_or.at(seen.reshape(-1), at, self.regions.meaning[row])
        return seen

    def _uncovered_points(self, x: Any, y: Any, site: Any, unit: Any, count: Any) -> Any:
        share = (count == 0).astype(float)
        # A union of units may lose a point on their borders to rounding.
        for row in np.flatnonzero(count > 1).tolist():
            units = unit[np.searchsorted(site, row) : np.searchsorted(site, row, side="right")]
            covers = [self.edition.units.geometry[index] for index in units]
            share[row] = uncovered(shapely.Point(x[row], y[row]), covers, self.edition.tolerance)[0]
        return share

    def _finish(self, kinds: Kinds, codes: Any, bounds: Any, shapes: Any) -> None:
        """Put into codes of whole sites what lies beyond a layer's extent, and what must be asked."""
        for row, test in enumerate(self.tests):
            layer = self.edition.layers.get(test.layer)
            column = codes[:, row]
            if layer is None:
                column[:] = kinds.code(row, (U, (f"layer:{test.layer}",)))
                continue
            if layer.extent is not None and (column == F).any():
                false = np.flatnonzero(column == F)
                inside, is_hairline = is_inside_extent(
                    layer, lambda rows=false: shapes(rows), bounds[false], self._reach_m(test)
                )
                if not inside.all():
                    column[false[~inside & ~is_hairline]] = kinds.code(row, (U, (f"layer:{layer.name}",)))
                    column[false[is_hairline]] = _ASKED
            chosen = np.flatnonzero(column == _ASKED)
            if len(chosen):
                found = self.exact.read(test, shapes(chosen))
                column[chosen] = [kinds.code(row, item) for item in found]

    def _reach_m(self, test: PlaceTest) -> float:
        if test.kind == "within":
            assert test.distance_m is not None, "checked when the predicate was made"
            return test.distance_m + self.edition.layers[test.layer].accuracy_m
        return along_reach_m(self.edition, test) if test.kind == "along" else 0.0

    def _one_by_one(self, kinds: Kinds, rows: Any, shapes: Any) -> Some:
        table = places_one_by_one(self.edition, shapes[rows].tolist(), self.tests)
        codes, part_codes = table.codes.copy(), table.part_codes.copy()
        for row, found in enumerate(table.found):
            codes_here = np.array([kinds.code(row, item) for item in found], np.uint8)
            codes[:, row] = codes_here[table.codes[:, row]]
            part_codes[:, row] = codes_here[table.part_codes[:, row]]
        return Some(
            rows,
            codes,
            np.diff(table.first),
            table.unit,
            table.is_touch,
            table.is_whole,
            part_codes,
            table.uncovered_share,
        )

    def _table(self, kinds: Kinds, count: int, found: Sequence[Some]) -> PlaceTable:
        row = np.concatenate([some.row for some in found])
        order = np.argsort(row, kind="stable")
        counts = np.concatenate([some.count for some in found])
        first = np.concatenate([[0], np.cumsum(counts[order])]).astype(np.int64)
        start = np.cumsum(counts) - counts
        pairs = np.repeat(start[order] - first[:-1], counts[order]) + np.arange(first[-1])

        def joined(name: str, rows: Any) -> Any:
            return np.concatenate([getattr(some, name) for some in found])[rows]

        table = PlaceTable(
            self.tests,
            joined("codes", order),
            tuple(tuple(kind) for kind in kinds.rows),
            first,
            joined("unit", pairs),
            joined("is_touch", pairs),
            joined("is_whole", pairs),
            joined("part_codes", pairs),
            joined("uncovered_share", order),
        )
        assert len(table) == count, "every site once"
        return _in_order(table)


def ground_of(edition: Edition, tests: tuple[PlaceTest, ...] | None = None) -> Ground:
    """Return the compiled areas of an edition, of its own tests unless others are given."""
    tests = distinct_tests(edition) if tests is None else tests
    regions = regions_of(edition, tests)
    return Ground(edition, tests, regions, PlainGrid(edition.units.geometry), PlainGrid(regions.shapes))


def _of_point(seen: int, least: int) -> int:
    """Return the code of a point for what all areas that it lies in say; `least` is the code of being surely there."""
    if seen & SURE:
        return least
    if seen & (ASK | NEAR_SURE):
        return _ASKED
    if seen & MAY:
        return U
    return _ASKED if seen & NEAR_MAY else F


# Whether a point is as much as an area asks for is unknown; whether a part of what is asked is there is not.
_OF_POINT = tuple(np.array([_of_point(seen, least) for seen in range(32)], np.uint8) for least in (T, U))


def _in_order(table: PlaceTable) -> PlaceTable:
    """Number the further codes of every test as they appear, site by site and unit by unit."""
    found = []
    at_site = np.arange(len(table)) + table.first[:-1]
    at_pair = np.arange(len(table.unit)) + np.repeat(np.arange(len(table)), np.diff(table.first)) + 1
    for row, kinds in enumerate(table.found):
        if len(kinds) == 3:
            found.append(kinds)
            continue
        places = np.full(len(kinds), np.iinfo(np.int64).max)
        np.minimum.at(places, table.codes[:, row], at_site)
        np.minimum.at(places, table.part_codes[:, row], at_pair)
        further = [int(code) for code in np.argsort(places, kind="stable") if code > 2]
        further = [code for code in further if places[code] < np.iinfo(np.int64).max]
        number = np.zeros(len(kinds), np.uint8)
        number[[0, 1, 2, *further]] = np.arange(3 + len(further))
        table.codes[:, row] = number[table.codes[:, row]]
        table.part_codes[:, row] = number[table.part_codes[:, row]]
        found.append(tuple(kinds[code] for code in (0, 1, 2, *further)))
    return PlaceTable(
        table.tests,
        table.codes,
        tuple(found),
        table.first,
        table.unit,
        table.is_touch,
        table.is_whole,
        table.part_codes,
        table.uncovered_share,
    )
