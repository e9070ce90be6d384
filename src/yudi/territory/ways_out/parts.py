"""Parts of a site that may be left out: what lies in a unit, in or outside the zones that a clause asks about, or in none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.edition import Layer
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import Judged, judge
from yudi.territory.place import Place, Reading, matches
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.reaches import TO_RIVER_M, along_areas

__all__ = ["Part", "cures", "left_out", "said_part"]

_MARGIN_M = 1.0  # beyond a distance, so that what is written to a centimetre still keeps it


class Part(NamedTuple):
    """What is left out: a unit, or what a place test asks (or all else), in one unit or in the whole site.

    Without unit and test it is what lies in no unit at all.
    """

    edition: int
    unit: int | None = None
    test: PlaceTest | None = None
    is_outside: bool = False


def cures(item: Judged, situation: Situation, *, most: Cell) -> list[frozenset[Part]]:
    """Return the smallest sets of parts without which a clause would come to no more than a cell.

    Parameters
    ----------
    situation : Situation
        Where the clause was judged, with the facts as presumed.
    """
    found = [frozenset({Part(item.edition, item.unit)})] if item.unit is not None else []
    tests = list(
        dict.fromkeys(leaf for tree in item.clause.trees for leaf in leaves(tree) if isinstance(leaf, PlaceTest))
    )
    for size in (1, 2):
        for chosen in combinations(tests, size):
            for sides in _sides(size):
                readings = dict(zip(chosen, sides, strict=True))
                if _comes_to(item, situation, readings) <= most:
                    parts = (Part(item.edition, item.unit, test, side == T) for test, side in readings.items())
                    found.append(frozenset(parts))
        if len(found) > (item.unit is not None):
            break
    return found


def _sides(size: int) -> Iterator[tuple[Truth, ...]]:
    if size == 1:
        yield from ((F,), (T,))
    else:
        yield (F, F)


def _comes_to(item: Judged, situation: Situation, readings: dict[PlaceTest, Truth]) -> Cell:
    """Return the cell if place tests came out as told."""

    def read(test: PlaceTest, stated: Value | None) -> Reading:
        return Reading(readings[test]) if test in readings else situation.place(test, stated)

    return judge(item.clause, replace(situation, place=read))[1]


@dataclass(frozen=True)
class _Ground:
    """The features of a layer around a site."""

    place: Place
    layer: Layer

    def near(self, reach_m: float) -> Sequence[int]:
        """Return the features whose boxes lie within a reach of the site."""
        plane = self.place.plane
        west, south, east, north = plane.to_plane(self.place.site).bounds
        grow = reach_m + _MARGIN_M
        box = plane.to_lonlat(shapely.box(west - grow, south - grow, east + grow, north + grow))
        return sorted(self.layer.tree.query(box).tolist())


def left_out(part: Part, place: Place) -> BaseGeometry | None:
    """Return the area (lon/lat) that lies in what a part names, around the site; None where it has no known border.

    Of distances the accuracy of the map is kept besides, for a place that the map cannot tell from one too near
    stays open.
    """
    units = place.edition.units
    unit = units.geometry[part.unit] if part.unit is not None else None
    if part.test is None:
        return unit
    layer = place.edition.layers.get(part.test.layer)
    if layer is None:
        return None
    area = _area(part.test, _Ground(place, layer), is_wide=not part.is_outside)
    if area is None:
        return None
    if part.is_outside:
        area = place.site.difference(area)
    return area if unit is None else area.intersection(unit)


def _area(test: PlaceTest, ground: _Ground, *, is_wide: bool) -> BaseGeometry | None:
    """Return where a test may be true (wide), or is surely true; None where no border can be drawn."""
    layer, plane = ground.layer, ground.place.plane
    shapes: list[BaseGeometry] = []
    if test.kind == "along":
        return _along_area(test, ground) if is_wide else None
    reach = (
        (test.distance_m or 0.0) + layer.accuracy_m + layer.half_width_max_m + _MARGIN_M
        if test.kind == "within"
        else 0.0
    )
    for index in ground.near(reach):
        if matches(layer, index, test.where) < (U if is_wide else T):
            continue
        shape = layer.geometry[index]
        if test.kind == "within":
            width = layer.width_m(index)
            if width is None and is_wide:
                return None  # a river of unknown width may be as near as any
            slack = layer.accuracy_m + _MARGIN_M
            distance = (test.distance_m or 0.0) + (width or 0.0) / 2 + (slack if is_wide else -slack)
            shape = plane.to_lonlat(plane.to_plane(shape).buffer(distance))
        shapes.append(shape)
    return shapely.union_all(shapes)


def _along_area(test: PlaceTest, ground: _Ground) -> BaseGeometry | None:
    layers, plane = ground.place.edition.layers, ground.place.plane
    rivers, catchments = layers.get(test.rivers or ""), layers.get(test.catchments or "")
    if rivers is None or catchments is None or not rivers.has_flow:
        return None
    reach = max(test.upstream_m or 0.0, test.downstream_m or 0.0) + (test.side_m or 0.0)
    slack = max(ground.layer.accuracy_m, rivers.accuracy_m) + _MARGIN_M
    shapes = []
    for index in ground.near(reach + TO_RIVER_M + rivers.half_width_max_m + ground.layer.accuracy_m):
        if matches(ground.layer, index, test.where) != F:
            along = along_areas(ground.layer.geometry[index], test, rivers, catchments=catchments, plane=plane)
            if along is None or not along.is_whole:
                return None
            shapes.append(plane.to_lonlat(along.area.buffer(slack)))
    return shapely.union_all(shapes)


def said_part(part: Part, place: Place) -> Words:
    """Return where a part lies, in words: "in …", "within … of …", "outside …"."""
    if part.test is None:
        if part.unit is None:
            return Words("管控单元之外", "in no unit")
        column = place.edition.units.column("name")
        name = str(column[part.unit] or "") if column is not None else ""
        code = place.edition.unit_code(part.unit)
        return Words(f"单元 {code}{f' {name}' if name and name != code else ''} 内", f"in unit {code}")
    layer = place.edition.layers[part.test.layer]
    label = layer.title()
    zh_label, en_label = f"“{label.get('zh')}”", label.get("en")
    if part.test.kind == "within":
        metres = f"{part.test.distance_m or 0.0:,.10g} m"
        if part.is_outside:
            return Words(f"{zh_label} {metres} 以外", f"farther than {metres} from {en_label}")
        return Words(f"{zh_label} {metres} 以内", f"within {metres} of {en_label}")
    if part.test.kind == "along":
        return Words(f"{zh_label}上下游沿岸", f"along the river at {en_label}")
    names = _feature_names(part.test, _Ground(place, layer))
    zh = f"{zh_label}（{'、'.join(names)}）" if names else zh_label
    en = f"{en_label} ({', '.join(names)})" if names else str(en_label)
    return Words(f"{zh}之外", f"outside {en}") if part.is_outside else Words(f"{zh}内", f"in {en}")


def _feature_names(test: PlaceTest, ground: _Ground) -> list[str]:
    """Return the names of the features that the site meets."""
    column = ground.layer.column("name")
    met = (touch.index for touch in ground.place.touches(ground.layer) if not touch.is_touch)
    names = [
        str(column[index])
        for index in met
        if column is not None and column[index] and matches(ground.layer, index, test.where) != F
    ]
    return list(dict.fromkeys(names))
