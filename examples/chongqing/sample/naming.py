"""Codes, names and subclasses of the sample's units: the form is that of real ones, the content is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .districts import District
from .terrain import to_plane
from .units import CLASSES, Unit

__all__ = ["CLASS_ZH", "NamedUnit", "Town", "named"]

_Array = np.ndarray[Any, Any]
_DIGIT = {"priority": "1", "key": "2", "general": "3"}
CLASS_ZH = {"priority": "优先保护单元", "key": "重点管控单元", "general": "一般管控单元"}
_TAIL = {
    "生态保护红线": "山地",
    "一般生态空间": "林地",
    "水源保护": "河段",
    "工业城镇": "工业片区",
    "城镇生活": "城镇片区",
    "环境要素": "片区",
    "一般": "一带",
}


@dataclass(frozen=True)
class Town:
    """A place out of GeoNames: its name, district, population, lon/lat."""

    name_zh: str
    name_en: str
    district: str
    population: int
    at: tuple[float, float]


@dataclass(frozen=True)
class NamedUnit:
    """A unit with its code, name and subclass; the shape is in lon/lat degrees."""

    code: str
    name: str
    kind: str
    subclass: str
    district: District
    shape: BaseGeometry


def named(
    districts: Sequence[District], units: Sequence[Sequence[Unit]], towns: Sequence[Town], *, seed: int
) -> list[NamedUnit]:
    """Return all units with codes that count on within the six digits, so those of Wansheng after those of Qijiang."""
    serials: dict[tuple[str, str], int] = {}
    found: list[NamedUnit] = []
    for index, (district, own) in enumerate(zip(districts, units, strict=True)):
        random = np.random.default_rng([seed, 17, index])
        subclasses = _subclasses(own, random)
        names = _names(district, own, subclasses, [town for town in towns if town.district == district.code] or towns)
        for unit, subclass, name in zip(own, subclasses, names, strict=True):
            key = (district.code, unit.kind)
            serials[key] = serials.get(key, 0) + 1
            code = f"ZH{district.code}{_DIGIT[unit.kind]}{serials[key]:04d}"
            found.append(NamedUnit(code, name, unit.kind, subclass, district, unit.shape))
    return found


def _subclasses(units: Sequence[Unit], random: np.random.Generator) -> list[str]:
    found, keys = [], 0
    for unit in units:
        if unit.kind == "priority":
            choice = "生态保护红线" if random.random() < 0.6 else "一般生态空间"
            found.append("水源保护" if unit.ground == "river" else choice)
        elif unit.kind == "key":
            found.append(("城镇生活", "工业城镇", "工业城镇", "环境要素")[keys % 4])
            keys += 1
        else:
            found.append("一般")
    return found


def _names(district: District, units: Sequence[Unit], subclasses: list[str], towns: Sequence[Town]) -> list[str]:
    """Return names such as 涪陵区重点管控单元2—李渡工业片区, after the nearest place not yet used in the class."""
    at = to_plane(np.array([town.at for town in towns]))
    middles = shapely.get_coordinates(shapely.transform(shapely.point_on_surface([u.shape for u in units]), to_plane))
    names: list[str] = []
    for kind in CLASSES:
        used: set[str] = set()
        mine = [index for index, unit in enumerate(units) if unit.kind == kind]
        for number, index in enumerate(mine, start=1):
            order = np.argsort(np.hypot(*(at - middles[index]).T), kind="stable")
            near = [towns[place].name_zh for place in order]
            place = next((name for name in near if name not in used), near[0])
            used.add(place)
            names.append(f"{district.name_zh}{CLASS_ZH[kind]}{number}—{place}{_TAIL[subclasses[index]]}")
    return names
