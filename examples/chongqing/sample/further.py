"""Layers of which a place has few: function zones, key air regions, scarce water, water works, green buffers. All invented."""

from __future__ import annotations

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from .city import City
from .layers import Layer, layer
from .shapes import inner_circles, patch, pick, polygons, random_for
from .terrain import to_plane

__all__ = ["air_regions", "function_zones", "green_buffers", "scarce_areas", "water_function_zones", "water_works"]

_GREEN = "500241"  # the district whose regulation speaks of a green strip along its river
_SIMPLE_M = 60
_STRIP_M = 50


def function_zones(city: City) -> Layer:
    """Return key ecological function zones: whole districts, those with the largest share of priority units."""
    shares: dict[str, float] = {}
    for code in dict.fromkeys(unit.district.code for unit in city.units):
        own = [index for index, unit in enumerate(city.units) if unit.district.code == code]
        areas = shapely.area(city.plane[own])
        kept = np.array([city.units[index].kind == "priority" for index in own])
        shares[code] = float(areas[kept].sum() / areas.sum())
    chosen = sorted(shares, key=lambda code: -shares[code])[: max(1, len(shares) // 6)]
    shapes = [polygons(shapely.simplify(_district(city, code), _SIMPLE_M)) for code in chosen]
    names = {unit.district.code: unit.district.name_zh for unit in city.units}
    return layer(
        "ecological_function_zones", shapes, {"name_zh": [f"{names[code]}重点生态功能区（示意）" for code in chosen]}
    )


def _district(city: City, code: str) -> BaseGeometry:
    return shapely.coverage_union_all(
        [shape for unit, shape in zip(city.units, city.plane, strict=True) if unit.district.code == code]
    )


def air_regions(urban: Layer) -> Layer:
    """Return the main urban area as a key air region of the city itself; of the nation's there is none."""
    count = len(urban.shapes)
    columns = {
        "name_zh": ["大气污染防治重点区域（示意）"] * count,
        "kind": ["provincial"] * count,
        "invented": [True] * count,
    }
    return Layer("air_regions", urban.shapes, columns)


def scarce_areas(city: City) -> Layer:
    """Return where water is short, and where ecology is fragile."""
    random = random_for(city.seed, "water_scarce_areas")
    units = [index for index, unit in enumerate(city.units) if unit.kind == "general"]
    middles, radii = inner_circles(city.plane[units])
    shapes, kinds = [], []
    for number, index in enumerate(pick(random, middles, 10, 30_000)):
        whole = patch(random, tuple(middles[index]), float(np.clip(radii[index], 800, 4_000)), long=1.5, angle=0.6)
        shapes.append(polygons(whole.intersection(city.outline)))
        kinds.append(("scarce", "fragile")[number % 2])
    names = [f"示意水资源{'紧缺区' if kind == 'scarce' else '生态脆弱区'}" for kind in kinds]
    return layer("water_scarce_areas", shapes, {"name_zh": names, "kind": kinds})


def water_works(city: City, built_on: list[BaseGeometry]) -> list[Layer]:
    """Return water works beside small towns, off what is built on already and off rivers, and their mains."""
    random = random_for(city.seed, "water_works")
    small = [town for town in city.towns if town.population < 60_000]
    middles = to_plane(np.array([town.at for town in small]).reshape(-1, 2))
    tree = shapely.STRtree([*built_on, *(river.surface for river in city.waters.rivers)])
    shapely.prepare(city.outline)
    works, mains, names, kinds = [], [], [], []
    for index in pick(random, middles, 90, 9_000):
        turn, away = float(random.uniform(0, 2 * np.pi)), float(random.uniform(700, 1_500))
        at = Point(middles[index] + away * np.array([np.cos(turn), np.sin(turn)]))
        walls = at.buffer(float(random.uniform(25, 60)), quad_segs=2)
        main = LineString([at, middles[index]])
        if city.outline.contains(main.buffer(100)) and not len(tree.query(walls, predicate="intersects")):
            works.append(walls)
            mains.append(polygons(main.buffer(0.3, cap_style="flat")))
            names.append(small[index].name_zh)
            kinds.append("scale" if len(names) % 3 == 0 else "small")
    return [
        layer("water_works", works, {"name_zh": [f"{name}水厂（示意）" for name in names], "kind": kinds}),
        layer("water_mains", mains, {"name_zh": [f"{name}供水干管（示意）" for name in names], "kind": kinds}),
    ]


def green_buffers(city: City) -> Layer:
    """Return green strips on both banks of the longest river of one district, or of the city that lacks it."""
    own = any(unit.district.code == _GREEN for unit in city.units)
    area = polygons(_district(city, _GREEN).buffer(0)).intersection(city.outline) if own else city.outline
    river = max(city.waters.rivers, key=lambda river: river.line.intersection(area).length)
    strip = river.line.buffer(river.width_m / 2 + _STRIP_M, cap_style="flat").difference(river.surface)
    shape = polygons(strip.intersection(area))
    return layer("green_buffers", [shape], {"name_zh": [f"{river.name_zh}绿化缓冲带（示意）"]})


def water_function_zones(city: City) -> Layer:
    """Return reaches of rivers kept as protection zones or reserved, by turns; most of the water is neither."""
    random = random_for(city.seed, "water_function_zones")
    shapes, names, kinds = [], [], []
    for river in sorted(city.waters.rivers, key=lambda river: -river.line.length)[:12]:
        start = float(random.uniform(0.1, 0.7))
        reach = shapely.ops.substring(river.line, start, start + 0.1, normalized=True)
        shape = polygons(reach.buffer(river.width_m / 2, cap_style="flat").intersection(city.outline))
        if not shape.is_empty:
            shapes.append(shape)
            kinds.append(("protection", "reserved")[len(kinds) % 2])
            names.append(f"{river.name_zh}{'保护区' if kinds[-1] == 'protection' else '保留区'}（示意）")
    return layer("water_function_zones", shapes, {"name_zh": names, "kind": kinds})
