"""Place tests turned into areas: whoever lies there meets the test, may meet it, or must be asked about singly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yudi.core.logic import F, T
from yudi.territory.batch.grown import grown
from yudi.territory.edition import Edition, Layer
from yudi.territory.nearby import meant_by
from yudi.territory.predicates import PlaceTest
from yudi.territory.reaches import along_reach_m

__all__ = ["ASK", "MAY", "NEAR_MAY", "NEAR_SURE", "SURE", "Regions", "regions_of"]

# What a region says of a test to a site in it, from the weakest to the strongest; each a bit.
NEAR_MAY = 1  # may lie so near that the test is unknown
MAY = 2  # features that may be meant, or so near that the test is unknown at least
NEAR_SURE = 4  # may lie so near that the test is true
ASK = 8  # must be asked about singly
SURE = 16  # features that are meant, or surely near enough
_HAIR_DEGREES = 1e-6  # by which features without an area are grown, so that whoever meets them is asked about


@dataclass(frozen=True, eq=False, repr=False)
class Regions:
    """What areas say of which tests; outside of all areas of a test it is false.

    Parameters
    ----------
    first : int64 array (areas + 1)
        What area i says are the rows ``first[i]:first[i + 1]``.
    test : int16 array (rows)
        Index of the test.
    meaning : uint8 array (rows)
        One of the bits above.
    """

    first: np.ndarray[Any, Any]
    test: np.ndarray[Any, Any]
    meaning: np.ndarray[Any, Any]

    def rows_of(self, area: Any) -> tuple[Any, Any]:
        """Return the rows of what areas (int array) say, and the place among the areas of each row's area."""
        begin = self.first[area]
        size = self.first[area + 1] - begin
        row = np.repeat(begin - (np.cumsum(size) - size), size) + np.arange(size.sum())
        return row, np.repeat(np.arange(len(size)), size)


def regions_of(edition: Edition, tests: Sequence[PlaceTest]) -> tuple[Regions, np.ndarray[Any, Any]]:
    """Return what the areas of an edition's tests say, and the areas: polygons in lon/lat."""
    shapes: list[Any] = []
    says: list[list[tuple[int, int]]] = []
    for name in dict.fromkeys(test.layer for test in tests):
        layer = edition.layers.get(name)
        if layer is None:
            continue
        asked = [(row, test, meant_by(layer, test.where).code) for row, test in enumerate(tests) if test.layer == name]
        inside = [(row, match) for row, test, match in asked if test.kind in ("inside", "overlaps")]
        found = list(_of_features(layer, inside))
        found += _near(layer, [(row, test, match) for row, test, match in asked if test.kind == "within"])
        found += [
            item for row, test, match in asked if test.kind == "along" for item in _along(edition, row, test, match)
        ]
        for parts, rows in found:
            shapes.extend(parts)
            says.extend([rows] * len(parts))
    flat = np.array([pair for rows in says for pair in rows], np.int64).reshape(-1, 2)
    first = np.concatenate([[0], np.cumsum([len(rows) for rows in says])]).astype(np.int64)
    kept = np.empty(len(shapes), object)
    kept[:] = shapes
    return Regions(first, flat[:, 0].astype(np.int16), flat[:, 1].astype(np.uint8)), kept


_Found = tuple[Any, list[tuple[int, int]]]  # areas, and the (test, meaning) of each of them


def _of_features(layer: Layer, tests: Sequence[tuple[int, Any]]) -> Iterable[_Found]:
    """Yield the features that some test of lying in them means or may mean."""
    for index, shape in enumerate(layer.geometry):
        rows = [(row, SURE if match[index] == T else MAY) for row, match in tests if match[index] != F]
        if rows and shapely.get_dimensions(shape) == 2:
            yield [shape], rows
        elif rows:
            yield shapely.get_parts(shapely.buffer(shape, _HAIR_DEGREES)), [(row, ASK) for row, _ in rows]


def _near(layer: Layer, tests: Sequence[tuple[int, PlaceTest, Any]]) -> list[_Found]:
    """Return the land that is or may be near enough; the same land for several tests once."""
    if not tests:
        return []
    half = np.where(np.isnan(layer.widths_m), 0.0, layer.widths_m / 2)
    asked: dict[tuple[bytes, float, bool], list[tuple[int, int]]] = {}
    for row, test, match in tests:
        assert test.distance_m is not None, "checked when the predicate was made"
        sure, may = test.distance_m - layer.accuracy_m, test.distance_m + layer.accuracy_m
        for chosen, reach, is_outer, meaning in (
            (match == T, sure, False, SURE),
            (match == T, sure, True, NEAR_SURE),
            (match != F, may, False, MAY),
            (match != F, may, True, NEAR_MAY),
        ):
            if reach >= 0 and chosen.any():
                asked.setdefault((chosen.tobytes(), reach, is_outer), []).append((row, meaning))
    found = []
    for (chosen_bytes, reach, is_outer), rows in asked.items():
        chosen = np.frombuffer(chosen_bytes, bool)
        found.append((grown(layer.geometry[chosen], reach + half[chosen], is_outer=is_outer), rows))
    return found


def _along(edition: Edition, row: int, test: PlaceTest, match: Any) -> Iterable[_Found]:
    """Yield boxes outside of which no site's surroundings hold the feature."""
    layer = edition.layers[test.layer]
    reach = along_reach_m(edition, test) + layer.accuracy_m
    for west, south, east, north in shapely.bounds(layer.geometry[(match != F)]).tolist():
        up = reach / 110_000.0 * 1.001 + 1e-9
        side = up / max(0.05, math.cos(math.radians(min(90.0, max(abs(south), abs(north)) + up))))
        yield [shapely.box(west - side, south - up, east + side, north + up)], [(row, ASK)]
