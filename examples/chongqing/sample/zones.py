"""Zones for single elements: water, groundwater, air, soil, noise and resources. Invented out of the units.

A zone is what a district's units of one kind cover together, so zones and units share their borders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .city import City
from .layers import Layer
from .naming import NamedUnit

__all__ = ["ELEMENTS", "element_zones", "noise_zones"]

_Kind = tuple[str, str, str]  # class, subtype digit, what it is called
_GENERAL: _Kind = ("general", "1", "一般管控区")
_DIGIT = {"priority": "1", "key": "2", "general": "3"}
# The digit of an element in a zone's code; those of groundwater and noise are invented.
ELEMENTS = {"water": "2", "air": "3", "soil": "4", "resource": "5", "groundwater": "6", "noise": "7"}


def _water(unit: NamedUnit) -> _Kind:
    kinds: dict[str, _Kind] = {
        "水源保护": ("priority", "1", "水环境优先保护区"),
        "工业城镇": ("key", "1", "水环境工业污染重点管控区"),
        "城镇生活": ("key", "2", "水环境城镇生活污染重点管控区"),
        "环境要素": ("key", "3", "水环境农业污染重点管控区"),
    }
    return kinds.get(unit.subclass, _GENERAL)


def _air(unit: NamedUnit) -> _Kind:
    kinds: dict[str, _Kind] = {
        "生态保护红线": ("priority", "1", "大气环境优先保护区"),
        "工业城镇": ("key", "1", "大气环境高排放重点管控区"),
        "环境要素": ("key", "2", "大气环境弱扩散重点管控区"),
        "城镇生活": ("key", "3", "大气环境受体敏感重点管控区"),
    }
    return kinds.get(unit.subclass, _GENERAL)


def _soil(unit: NamedUnit) -> _Kind:
    if unit.kind == "general":
        return ("priority", "1", "农用地优先保护区")
    kinds: dict[str, _Kind] = {
        "环境要素": ("key", "1", "农用地污染风险重点管控区"),
        "工业城镇": ("key", "2", "建设用地污染风险重点管控区"),
    }
    return kinds.get(unit.subclass, _GENERAL)


def _groundwater(unit: NamedUnit) -> _Kind:
    kinds: dict[str, _Kind] = {
        "水源保护": ("priority", "1", "地下水优先保护区"),
        "工业城镇": ("key", "1", "地下水污染风险重点管控区"),
    }
    return kinds.get(unit.subclass, _GENERAL)


def _resource(unit: NamedUnit) -> _Kind:
    kinds: dict[str, _Kind] = {
        "水源保护": ("priority", "1", "生态用水补给区"),
        "城镇生活": ("key", "2", "土地资源重点管控区"),
        "工业城镇": ("key", "2", "土地资源重点管控区"),
    }
    return kinds.get(unit.subclass, _GENERAL)


_KINDS: dict[str, Callable[[NamedUnit], _Kind]] = {
    "water": _water,
    "air": _air,
    "soil": _soil,
    "groundwater": _groundwater,
    "resource": _resource,
}


def element_zones(city: City, element: str) -> Layer:
    """Return the zones of one element: one per district and kind, that cover the city together."""
    groups: dict[tuple[str, _Kind], list[NamedUnit]] = {}
    for unit in city.units:
        groups.setdefault((unit.district.key, _KINDS[element](unit)), []).append(unit)
    shapes, found = [], []
    for (_, kind), units in groups.items():
        shapes.append(shapely.coverage_union_all([unit.shape for unit in units]))
        found.append((units[0], kind))
    return _layer(element, shapes, found)


def noise_zones(city: City, towns: Layer, parks: Layer) -> Layer:
    """Return noise zones of towns (type 2) and of parks (type 3); outside them no type is set."""
    units = np.array([unit.shape for unit in city.units], dtype=object)
    tree = shapely.STRtree(units)
    shapes: list[BaseGeometry] = []
    found = []
    taken = shapely.union_all(parks.shapes)
    for made, kind in ((parks, ("key", "3", "3类声环境功能区")), (towns, ("general", "2", "2类声环境功能区"))):
        for shape in made.shapes:
            own = shape if made is parks else shape.difference(taken)
            if not own.is_empty:
                middle = shapely.point_on_surface(own)
                shapes.append(own)
                found.append((city.units[int(tree.nearest(middle))], kind))
    return _layer("noise", shapes, found)


def _layer(element: str, shapes: Sequence[BaseGeometry], found: Sequence[tuple[NamedUnit, _Kind]]) -> Layer:
    serials: dict[str, int] = {}
    codes, classes, names, kinds = [], [], [], []
    for unit, (kind, digit, title) in found:
        start = f"YS{unit.district.code}{_DIGIT[kind]}{ELEMENTS[element]}{digit}"
        serials[start] = serials.get(start, 0) + 1
        codes.append(f"{start}{serials[start]:04d}")
        classes.append(kind)
        kinds.append(title)
        names.append(f"{unit.district.name_zh}{title}{serials[start]}（示意）")
    columns = {"code": codes, "class": classes, "name_zh": names, "kind": kinds, "invented": [True] * len(codes)}
    return Layer(f"{element}_zones", np.array([*shapes, None], dtype=object)[:-1], columns)
