"""The whole city in order: districts, rivers, units; everything else of the sample is placed on this."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .districts import District
from .layers import read_features
from .naming import NamedUnit, Town, named
from .outlines import inner_edges, join_coverages
from .rivers import Waters, rivers_of, streams_of
from .terrain import to_plane
from .units import Quota, Unit, units_of

__all__ = ["City", "city_of", "read_river_lines", "read_towns"]

_Array = np.ndarray[Any, Any]
_Work = tuple[BaseGeometry, dict[str, Quota], _Array, BaseGeometry, int]


@dataclass(frozen=True)
class City:
    """Units and waters of the sample.

    Parameters
    ----------
    units : list of units, shapes in lon/lat degrees, neighbours with the same points
    waters : rivers in metres of the plane
    outline : polygon in metres of the plane, simplified to 60 m
    towns : places
    seed : int
    borders : district and its polygon in lon/lat degrees, as it was before it was cut into units
    """

    units: list[NamedUnit]
    waters: Waters
    outline: BaseGeometry
    towns: list[Town]
    seed: int
    borders: list[tuple[District, BaseGeometry]]

    @cached_property
    def plane(self) -> _Array:
        """Shapes of the units in metres of the plane."""
        return shapely.transform(np.array([unit.shape for unit in self.units], dtype=object), to_plane)


def city_of(
    districts: Sequence[District],
    shapes: dict[str, BaseGeometry],
    lines: Sequence[tuple[str, str, BaseGeometry]],
    towns: list[Town],
    *,
    seed: int,
    workers: int = 1,
) -> City:
    """Return units and waters of districts (shapes in lon/lat by key) with such river lines (lon/lat) and towns."""
    outline = shapely.union_all([shapely.transform(shapes[district.key], to_plane) for district in districts])
    known = rivers_of([(zh, en, shapely.transform(line, to_plane)) for zh, en, line in lines])
    waters = streams_of(outline.simplify(60), known, seed=seed)
    channels = shapely.multilinestrings([river.line for river in waters.rivers])
    work = []
    for district in districts:
        own = sorted((town for town in towns if town.district == district.code), key=lambda town: -town.population)
        places = np.array([town.at for town in own]).reshape(-1, 2)
        work.append((shapes[district.key], district.quotas, places, channels, seed))
    units = _all_units(work, workers)
    named_units = named(districts, _joined(shapes, units), towns, seed=seed)
    borders = [(district, shapes[district.key]) for district in districts]
    return City(named_units, waters, outline.simplify(60), towns, seed, borders)


def _all_units(work: list[_Work], workers: int) -> list[list[Unit]]:
    if workers < 2:
        return [_units(item) for item in work]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_units, work))


def _units(item: _Work) -> list[Unit]:
    shape, quotas, towns, channels, seed = item
    return units_of(shape, quotas, towns, channels, seed=seed)


def _joined(shapes: dict[str, BaseGeometry], units: list[list[Unit]]) -> list[list[Unit]]:
    borders = [*shapely.boundary(list(shapes.values())), inner_edges(np.array(list(shapes.values()), dtype=object))]
    every = np.array([unit.shape for own in units for unit in own], dtype=object)
    joined = iter(join_coverages(borders, every))
    return [[Unit(unit.kind, unit.ground, next(joined)) for unit in own] for own in units]


def read_towns(data: Path) -> list[Town]:
    """Return the places of GeoNames in the city that have a Chinese name, largest first."""
    towns = []
    for properties, point in read_features(data / "places_geonames.geojson"):
        name = _short_name(properties["names_zh"] or "")
        if name:
            at = (float(point.x), float(point.y))
            towns.append(Town(name, properties["name"], properties["district_code"], properties["population"], at))
    return sorted(towns, key=lambda town: (-town.population, town.name_en, town.at))


def _short_name(names: str) -> str:
    """Return the first of the names that is not that of a district, without 镇, 乡, 街道 at its end."""
    given = [name for name in names.split("|") if name and name[-1] not in "区县市"]
    short = [name.removesuffix("街道").removesuffix("镇").removesuffix("乡") for name in given]
    return next((name for name in short if 2 <= len(name) <= 4), "")


def read_river_lines(data: Path) -> list[tuple[str, str, BaseGeometry]]:
    """Return names and lines of rivers: those of Natural Earth, and of GSHHG those that it lacks."""
    first = [
        (item["name_zh"], item["name_en"], line) for item, line in read_features(data / "rivers_natural_earth.geojson")
    ]
    have = {name for name, _, _ in first}
    second = [(item["name_zh"], item["name_en"], line) for item, line in read_features(data / "rivers_gshhg.geojson")]
    return first + [item for item in second if item[0] not in have]
