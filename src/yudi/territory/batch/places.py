"""Where many sites lie in one edition, as arrays; and the plain way to find it, one site after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U
from yudi.territory.edition import Edition
from yudi.territory.place import Place, Reading, place_key, uncovered
from yudi.territory.predicates import Node, PlaceTest, leaves

__all__ = ["CODES", "PlaceTable", "codes_of", "distinct_tests", "places_one_by_one"]

CODES = (F, U, T)  # the first codes of every test: false, unknown for want of its own measurement, true
Found = tuple[Truth, tuple[str, ...]]


@dataclass(frozen=True)
class PlaceTable:
    """What an edition's map says of many sites; a pair is a site and a unit that it meets, touches included.

    Parameters
    ----------
    tests : tuple of PlaceTest
        The different tests of the edition, see `distinct_tests`.
    codes : uint8 array (sites, tests)
        What each test finds for the whole site: a row of `found[test]`.
    found : tuple of tuples of (Truth, needs), one a test
        What the codes stand for; begins with the three of `CODES`, whose unknown needs the test's own measurement.
    first : int64 array (sites + 1)
        Pairs of site i are ``first[i]:first[i + 1]``, in the order of the units layer.
    unit : int32 array (pairs)
    is_touch, is_whole : bool arrays (pairs)
        The overlap is a touch; the part in the unit is read as the whole site.
    part_codes : uint8 array (pairs, tests)
        As `codes`, for the part of the site in the unit.
    uncovered_share : float array (sites)
        Share of the site in no unit.
    """

    tests: tuple[PlaceTest, ...]
    codes: np.ndarray[Any, Any]
    found: tuple[tuple[Found, ...], ...]
    first: np.ndarray[Any, Any]
    unit: np.ndarray[Any, Any]
    is_touch: np.ndarray[Any, Any]
    is_whole: np.ndarray[Any, Any]
    part_codes: np.ndarray[Any, Any]
    uncovered_share: np.ndarray[Any, Any]

    def __len__(self) -> int:
        return len(self.first) - 1

    @cached_property
    def site(self) -> np.ndarray[Any, Any]:
        """The site of each pair."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def of_sites(self, chosen: np.ndarray[Any, Any]) -> PlaceTable:
        """Return the table of some of the sites (bool array)."""
        count = np.diff(self.first)
        pairs = chosen[self.site]
        return replace(
            self,
            codes=self.codes[chosen],
            first=np.concatenate([[0], np.cumsum(count[chosen])]),
            unit=self.unit[pairs],
            is_touch=self.is_touch[pairs],
            is_whole=self.is_whole[pairs],
            part_codes=self.part_codes[pairs],
            uncovered_share=self.uncovered_share[chosen],
        )


def distinct_tests(edition: Edition) -> tuple[PlaceTest, ...]:
    """Return the different place tests of an edition's clauses, terms and inferences, in order of appearance."""
    return tuple(
        dict.fromkeys(leaf for tree in _trees(edition) for leaf in leaves(tree) if isinstance(leaf, PlaceTest))
    )


def places_one_by_one(
    edition: Edition, sites: Sequence[BaseGeometry], tests: tuple[PlaceTest, ...] | None = None
) -> PlaceTable:
    """Return the table as `Place` finds it site by site: the reference that every faster way must equal.

    Parameters
    ----------
    sites : sequence of geometries, lon/lat
    tests : tuple of PlaceTest or None
        Those of the edition unless given.
    """
    tests = distinct_tests(edition) if tests is None else tests
    kinds: list[dict[Found, int]] = [{found: row for row, found in enumerate(codes_of(test))} for test in tests]
    codes, part_codes, pairs, shares, counts = [], [], [], [], [0]
    for site in sites:
        place = Place(edition, site)
        codes.append([_code(kinds[row], place.read(test)) for row, test in enumerate(tests)])
        for touch in place.units:
            pairs.append((touch.index, touch.is_touch, touch.is_whole))
            read = codes[-1] if touch.is_whole or touch.is_touch else None
            part_codes.append(
                read or [_code(kinds[row], place.read(test, None, touch.part)) for row, test in enumerate(tests)]
            )
        covers = [edition.units.geometry[touch.index] for touch in place.units]
        shares.append(uncovered(site, covers, edition.tolerance)[0])
        counts.append(len(pairs))
    return PlaceTable(
        tests,
        np.array(codes, np.uint8).reshape(len(codes), len(tests)),
        tuple(tuple(kind) for kind in kinds),
        np.array(counts, np.int64),
        np.array([unit for unit, _, _ in pairs], np.int32),
        np.array([is_touch for _, is_touch, _ in pairs], bool),
        np.array([is_whole for _, _, is_whole in pairs], bool),
        np.array(part_codes, np.uint8).reshape(len(pairs), len(tests)),
        np.array(shares, float),
    )


def codes_of(test: PlaceTest) -> tuple[Found, ...]:
    """Return what the first codes of a test stand for."""
    return tuple((value, (place_key(test),) if value == U else ()) for value in CODES)


def _code(kinds: dict[Found, int], reading: Reading) -> int:
    return kinds.setdefault((reading.value, reading.needs), len(kinds))


def _trees(edition: Edition) -> Iterable[Node]:
    for clause in edition.rules.clauses:
        yield from clause.trees
    for term in edition.rules.terms:
        yield from (term.certain, term.possible)
    for row in edition.rules.inferences:
        yield row.when
