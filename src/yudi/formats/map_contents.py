"""What a map of a site shows: the units around, the layers that clauses asked about, the ways out; plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.edition import Edition, Layer
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.screening import Screening

__all__ = ["MapContents", "MapLayer", "MapUnits", "MapWay", "contents_at", "contents_of"]

_NEAR = 0.5  # how much it weighs that a layer is near, beside the cells of clauses (1 to 6)


@dataclass(frozen=True)
class MapUnits:
    """The units of an edition: shapes in lon/lat, with codes, names and the place of their class in the palette.

    Parameters
    ----------
    touched : frozenset of int
        The units that the site meets.
    class_names : tuple of Words
        Names of the classes, as the palette counts them.
    """

    shapes: np.ndarray[Any, Any]
    codes: Sequence[str]
    names: Sequence[str]
    classes: Sequence[int]
    class_names: tuple[Words, ...] = ()
    touched: frozenset[int] = frozenset()


@dataclass(frozen=True)
class MapLayer:
    """A layer worth drawing: its shapes in lon/lat, and whether distances were measured to it."""

    title: Words
    layer: Layer
    is_measured: bool
    weight: float
    reach_m: float = 0.0


@dataclass(frozen=True)
class MapWay:
    """Where a way out puts the site, with its number in the list."""

    number: int
    kind: str
    shape: BaseGeometry


@dataclass(frozen=True)
class MapContents:
    """All that a map shows; shapes in lon/lat.

    Parameters
    ----------
    layers : tuple of MapLayer
        What matters most comes first.
    source : Words
        The edition that the units come from; empty where there is none.
    corners : tuple of (str, float, float)
        Names and lon/lat degrees of the site's corners, to be written beside them.
    """

    site: BaseGeometry
    units: MapUnits | None = None
    layers: tuple[MapLayer, ...] = ()
    ways: tuple[MapWay, ...] = ()
    source: Words = Words()
    is_illustrative: bool = False
    note: Words = field(default_factory=Words)
    corners: tuple[tuple[str, float, float], ...] = ()


def contents_of(screening: Screening, ways: Iterable[Mapping[str, Any]] = ()) -> MapContents:
    """Return what the map of a screening shows.

    Parameters
    ----------
    ways : iterable of mapping
        Ways out as an answer lists them; those that put the site elsewhere are drawn under their numbers.
    """
    chosen = _edition_of(screening)
    edition = screening.editions[chosen]
    return MapContents(
        screening.project.site,
        _units(edition, [touch.index for touch in screening.places[chosen].units]),
        _layers(screening),
        _ways(screening.project.site, ways),
        edition.name,
        any(item.is_illustrative for item in screening.editions),
    )


def contents_at(site: BaseGeometry, edition: Edition, touched: Sequence[int]) -> MapContents:
    """Return what the map of a site shows that nothing was asked about: an edition's units, those met by their index."""
    return MapContents(site, _units(edition, touched), source=edition.name, is_illustrative=edition.is_illustrative)


def _edition_of(screening: Screening) -> int:
    """Return the edition whose units are drawn: in force, met by the site, and the finest."""

    def rank(index: int) -> tuple[bool, bool, int, int]:
        edition, place = screening.editions[index], screening.places[index]
        return screening.in_force[index], bool(place.units), len(edition.units.geometry), -index

    return max(range(len(screening.editions)), key=rank)


def _units(edition: Edition, touched: Sequence[int]) -> MapUnits:
    layer = edition.units
    count = len(layer.geometry)
    blank = [""] * count
    kinds = [str(kind or "") for kind in layer.column("class") or blank]
    known = list(edition.classes) + sorted(set(kinds) - set(edition.classes) - {""})
    places = {kind: place for place, kind in enumerate(known)}
    return MapUnits(
        layer.geometry,
        [str(code or "") for code in layer.column("code") or blank],
        [str(name or "") for name in layer.column("name") or blank],
        [places.get(kind, -1) for kind in kinds],
        tuple(edition.classes.get(kind) or Words(kind, kind) for kind in known),
        frozenset(touched),
    )


def _layers(screening: Screening) -> tuple[MapLayer, ...]:
    """Return the layers that clauses here ask about, the strictest clause first, and those that the site meets."""
    weights: dict[tuple[int, str], float] = {}
    measured: set[tuple[int, str]] = set()
    reaches: dict[tuple[int, str], float] = {}
    for item in screening.known:
        weight = float(item.cell) if item.cell > Cell.NOTE else 0.0
        for tree in (item.clause.scope, item.clause.exceptions):
            for leaf in leaves(tree) if tree is not None and weight else ():
                if isinstance(leaf, PlaceTest):
                    key = (item.edition, leaf.layer)
                    weights[key] = max(weights.get(key, 0.0), weight)
    for index, place in enumerate(screening.places):
        for test, reading in place.measured():
            key = (index, test.layer)
            if reading.distance_m is not None and test.distance_m is not None:
                measured.add(key)
                if reading.distance_m <= 5 * test.distance_m:
                    reaches[key] = min(reading.distance_m, reaches.get(key, reading.distance_m))
                    weights.setdefault(key, _NEAR)
        for name, layer in screening.editions[index].layers.items():
            if layer.role == "reference" and place.touches(layer):
                weights.setdefault((index, name), _NEAR)
    found: dict[str, MapLayer] = {}
    for (index, name), weight in sorted(weights.items(), key=lambda row: (-row[1], row[0])):
        asked = screening.editions[index].layers.get(name)
        if asked is not None and name not in found and asked.role != "units":
            key = (index, name)
            found[name] = MapLayer(asked.title(), asked, key in measured, weight, reaches.get(key, 0.0))
    return tuple(found.values())


def _ways(site: BaseGeometry, ways: Iterable[Mapping[str, Any]]) -> tuple[MapWay, ...]:
    """Return the ways that put the site elsewhere or leave a part of it out."""
    found = []
    for number, way in enumerate(ways, 1):
        geometry = (way.get("project") or {}).get("geometry")
        if not isinstance(geometry, Mapping) or geometry.get("crs") or geometry.get("type") is None:
            continue
        shape = shapely.geometry.shape(geometry)
        if not shape.is_empty and not shapely.equals(shape, site):
            found.append(MapWay(number, str(way.get("kind") or ""), shape))
    return tuple(found)
