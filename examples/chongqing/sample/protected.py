"""Nature and water that clauses protect: redlines, reserves, scenic areas, wetlands, sources, habitats. All invented."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from .city import City
from .layers import Layer, layer
from .rivers import River
from .shapes import inner_circles, patch, pick, polygons, random_for, stretch

__all__ = ["habitats", "redline", "reserves", "scenic_areas", "sources", "wetlands"]

_Array = np.ndarray[Any, Any]
# Widths of river on which sources lie: an intake of a town, and of a village.
_CENTRAL, _DISPERSED = 45, 60


def redline(city: City) -> Layer:
    """Return the redline: what lies 120 m or more inside the priority units grown for it."""
    own = [(unit, shape) for unit, shape in zip(city.units, city.plane, strict=True) if unit.subclass == "生态保护红线"]
    shapes = [polygons(shapely.simplify(shape, 60).buffer(-120)) for _, shape in own]
    kept = [index for index, shape in enumerate(shapes) if not shape.is_empty]
    names = [f"{own[index][0].name.split('—')[1]}生态保护红线（示意）" for index in kept]
    return layer("redline", [shapes[index] for index in kept], {"name_zh": names})


def reserves(city: City) -> list[Layer]:
    """Return nature reserves with both their zonings, and with them the protected areas of all kinds."""
    random = random_for(city.seed, "reserves")
    units = [index for index, unit in enumerate(city.units) if unit.subclass == "生态保护红线"]
    middles, radii = inner_circles(city.plane[units])
    large = np.nonzero(radii > 2_000)[0]
    chosen = large[pick(random, middles[large], 22, 25_000)]
    shapes: list[BaseGeometry] = []
    names, zones, wholes = [], [], []
    for index in chosen.tolist():
        unit = city.units[units[index]]
        name = f"{unit.name.split('—')[1]}自然保护区（示意）"
        whole = patch(random, tuple(middles[index]), float(radii[index]) * 0.9).intersection(city.plane[units[index]])
        inner, middle = _rings(polygons(whole), float(radii[index]))
        parts = {"core": inner, "buffer": middle.difference(inner), "experimental": whole.difference(middle)}
        parts |= {"core_protection": middle, "general_control": whole.difference(middle)}
        for zone, part in parts.items():
            shapes.append(polygons(part))
            names.append(name)
            zones.append(zone)
        wholes.append(polygons(whole))
    areas = layer("reserves", shapes, {"name_zh": names, "zone": zones})
    parks = _nature_parks(city, random, [tuple(middles[index]) for index in chosen])
    kinds = ["nature_reserve"] * len(wholes) + ["nature_park"] * len(parks)
    every = [*names[::5], *(f"示意自然公园{number:02d}" for number in range(1, len(parks) + 1))]
    return [areas, layer("protected_areas", [*wholes, *parks], {"name_zh": every, "kind": kinds})]


def _rings(whole: BaseGeometry, radius: float) -> tuple[BaseGeometry, BaseGeometry]:
    return whole.buffer(-0.45 * radius), whole.buffer(-0.22 * radius)


def _nature_parks(city: City, random: np.random.Generator, taken: list[tuple[float, float]]) -> list[BaseGeometry]:
    units = [index for index, unit in enumerate(city.units) if unit.subclass == "一般生态空间"]
    middles, radii = inner_circles(city.plane[units])
    free = [
        i for i in range(len(units)) if radii[i] > 1_200 and all(np.hypot(*(middles[i] - at)) > 8_000 for at in taken)
    ]
    chosen = [free[i] for i in pick(random, middles[free], 24, 15_000)]
    return [patch(random, tuple(middles[i]), float(radii[i]) * 0.6) for i in chosen]


def scenic_areas(city: City) -> Layer:
    """Return scenic areas with a core and the rest."""
    random = random_for(city.seed, "scenic_areas")
    units = [index for index, unit in enumerate(city.units) if unit.subclass == "一般生态空间"]
    middles, radii = inner_circles(city.plane[units])
    large = np.nonzero(radii > 1_500)[0]
    shapes, names, zones = [], [], []
    for number, index in enumerate(large[pick(random, middles[large], 16, 25_000)].tolist(), start=1):
        whole = patch(random, tuple(middles[index]), float(radii[index]) * 0.85)
        core = whole.buffer(-0.35 * float(radii[index]))
        for zone, part in (("core", core), ("other", whole.difference(core))):
            shapes.append(polygons(part))
            names.append(f"示意风景名胜区{number:02d}")
            zones.append(zone)
    return layer("scenic_areas", shapes, {"name_zh": names, "zone": zones})


def wetlands(city: City) -> list[Layer]:
    """Return wetlands on river banks, and which of them are wetland parks."""
    random = random_for(city.seed, "wetlands")
    shapes, names, grades = [], [], []
    for number, (river, at) in enumerate(_on_rivers(city, random, 26, 14_000), start=1):
        strip = stretch(river.line, at - 1_800, at + 1_800, river.width_m / 2 + 350)
        shapes.append(polygons(strip.intersection(city.outline)))
        names.append(f"示意湿地{number:02d}")
        grades.append(("national", "provincial", "other", "other")[number % 4])
    parks = [index for index in range(len(shapes)) if index % 3 == 0]  # of all grades
    park_names = [f"{names[index]}公园" for index in parks]
    park_columns = {"name_zh": park_names, "grade": [grades[index] for index in parks]}
    return [
        layer("wetlands", shapes, {"name_zh": names, "grade": grades}),
        layer("wetland_parks", [shapes[index].buffer(-60) for index in parks], park_columns),
    ]


def habitats(city: City) -> list[Layer]:
    """Return stretches of river that fish need: germplasm reserves, key habitats, waters with special protection."""
    random = random_for(city.seed, "habitats")
    large = [river for river in city.waters.rivers if river.grade != "tributary"]
    stretches = _on_rivers(city, random, 18, 25_000, large)
    shapes = [
        stretch(river.line, at - 5_000, at + 5_000, river.width_m / 2).intersection(city.outline)
        for river, at in stretches
    ]
    shapes = [polygons(shape) for shape in shapes]
    layers = []
    for name, part in (("germplasm_reserves", 0), ("aquatic_habitats", 1), ("special_waters", 2)):
        own = shapes[part::3]
        layers.append(
            layer(name, own, {"name_zh": [f"示意保护水域{part + 1}{index:02d}" for index in range(1, len(own) + 1)]})
        )
    return layers


def sources(city: City) -> list[Layer]:
    """Return intakes on rivers, on small reservoirs and of wells, and the protection zones of the central ones."""
    random = random_for(city.seed, "sources")
    found: dict[str, list[Any]] = {key: [] for key in ("at", "name", "kind", "scale")}
    zones: dict[str, list[Any]] = {key: [] for key in ("shape", "name", "zone", "kind")}
    places = _on_rivers(city, random, _CENTRAL + _DISPERSED, 5_000)
    for number, (river, at) in enumerate(places, start=1):
        central = number <= _CENTRAL
        name = f"{river.name_zh}示意取水口{number:03d}"
        point = river.line.interpolate(at)
        _note(found, point, name, "river", "central" if central else "dispersed")
        if central:
            for zone, shape in _river_zones(river, at, with_quasi=number % 2 == 0):
                _add_zone(zones, shape.intersection(city.outline), name, zone, "surface")
        elif number % 3 == 0:
            range_ = stretch(river.line, at - 1_000, at + 100, river.width_m / 2 + 50)
            _add_zone(zones, range_.intersection(city.outline), name, "dispersed", "surface")
    for number, point in enumerate(_reservoirs(city, random), start=1):
        name = f"示意水库取水口{number:02d}"
        _note(found, point, name, "reservoir", "central" if number % 3 else "dispersed")
        if number % 3:
            lake = patch(random, (point.x, point.y), 450, long=2.0)
            for zone, shape in (
                ("class1", lake.buffer(200)),
                ("class2", lake.buffer(1_500).difference(lake.buffer(200))),
            ):
                _add_zone(zones, shape.intersection(city.outline), name, zone, "surface")
    for number, point in enumerate(_wells(city, random), start=1):
        _note(found, point, f"示意水井{number:02d}", "well", "central" if number % 4 == 0 else "dispersed")
        if number % 4 == 0:
            _add_zone(zones, point.buffer(100), f"示意水井{number:02d}", "class1", "groundwater")
            _add_zone(
                zones, point.buffer(900).difference(point.buffer(100)), f"示意水井{number:02d}", "class2", "groundwater"
            )
    columns = {"name_zh": zones["name"], "zone": zones["zone"], "kind": zones["kind"]}
    points = {"name_zh": found["name"], "kind": found["kind"], "scale": found["scale"]}
    return [layer("source_zones", zones["shape"], columns), layer("intakes", found["at"], points)]


def _note(found: dict[str, list[Any]], point: BaseGeometry, name: str, kind: str, scale: str) -> None:
    for key, value in (("at", point), ("name", name), ("kind", kind), ("scale", scale)):
        found[key].append(value)


def _add_zone(zones: dict[str, list[Any]], shape: BaseGeometry, name: str, zone: str, kind: str) -> None:
    if (part := polygons(shape)).is_empty:
        return
    for key, value in (("shape", part), ("name", name), ("zone", zone), ("kind", kind)):
        zones[key].append(value)


def _river_zones(river: River, at: float, *, with_quasi: bool) -> list[tuple[str, BaseGeometry]]:
    """Return the zones of an intake: 1 km up and 100 m down, then 2 km and 200 m, then 3 km, each with its banks."""
    half = river.width_m / 2
    first = stretch(river.line, at - 1_000, at + 100, half + 50)
    second = stretch(river.line, at - 3_000, at + 300, half + 200).difference(first)
    quasi = stretch(river.line, at - 6_000, at - 3_000, half + 200)
    return [("class1", first), ("class2", second)] + ([("quasi", quasi)] if with_quasi else [])


def _on_rivers(
    city: City, random: np.random.Generator, count: int, apart_m: float, rivers: list[River] | None = None
) -> list[tuple[River, float]]:
    """Return places on rivers inside the city: the river, and metres from its source."""
    asked = rivers or city.waters.rivers
    places = [np.arange(4_000, river.line.length - 2_000, 1_500).tolist() for river in asked]
    spots = [(river, at) for river, along in zip(asked, places, strict=True) for at in along]
    points = shapely.get_coordinates([river.line.interpolate(at) for river, at in spots])
    shapely.prepare(city.outline)
    inside = np.nonzero(shapely.contains_xy(city.outline, *points.T))[0]
    chosen = pick(random, points[inside], count, apart_m)
    return [spots[inside[index]] for index in chosen]


def _reservoirs(city: City, random: np.random.Generator) -> list[Point]:
    units = [i for i, unit in enumerate(city.units) if unit.kind == "general" or unit.subclass == "一般生态空间"]
    middles, radii = inner_circles(city.plane[units])
    roomy = np.nonzero(radii > 1_800)[0]
    return [Point(middles[roomy[index]]) for index in pick(random, middles[roomy], 30, 12_000)]


def _wells(city: City, random: np.random.Generator) -> list[Point]:
    units = [index for index, unit in enumerate(city.units) if unit.kind == "general"]
    middles, radii = inner_circles(city.plane[units])
    away = random.uniform(-0.7, 0.7, (len(units), 2)) * radii[:, None] / np.sqrt(2)
    return [Point(middles[index] + away[index]) for index in pick(random, middles, 32, 9_000)]
