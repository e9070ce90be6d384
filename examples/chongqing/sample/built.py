"""What people have built: parks, towns and what goes with them. All invented, about the places of GeoNames."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from .city import City
from .layers import Layer, layer
from .shapes import inner_circles, patch, pick, polygons, random_for
from .terrain import to_plane

__all__ = ["parcels", "parks", "receptors", "towns", "trunks"]

_Array = np.ndarray[Any, Any]
_CENTRAL = ("500103", "500104", "500105", "500106", "500107", "500108", "500109", "500112", "500113")
_MOVES = 30  # tries of a place off rivers and parks
_CHEMICAL, _BEHIND = 12, 3  # chemical parks, and those of them just behind the strip of the law
_KEPT_OFF_M = 1_400  # of chemical parks from the main river: beyond the kilometre of the law, with the map's accuracy


def parks(city: City) -> list[Layer]:
    """Return parks inside the key units for industry: chemical ones off the rivers, and heat networks in some."""
    random = random_for(city.seed, "parks")
    units = [index for index, unit in enumerate(city.units) if unit.subclass == "工业城镇"]
    middles, radii = inner_circles(city.plane[units])
    wet = shapely.union_all([river.line.buffer(river.width_m / 2 + 80) for river in city.waters.rivers])
    size = np.minimum(radii * 0.6, 2_100)
    chemical = _chemical(city, random, middles, size)
    for index, (middle, radius) in _behind_the_shore(city, units).items():
        middles[index], size[index] = middle, radius
        chemical.add(index)
    shapes, names, kinds, works = [], [], [], []
    for index, unit in enumerate(units):
        whole = patch(random, tuple(middles[index]), float(size[index])).intersection(city.plane[unit])
        whole = max(shapely.get_parts(whole.difference(wet)), key=lambda part: part.area)
        if index in chemical:
            whole = polygons(whole.difference(_large_rivers(city).buffer(_KEPT_OFF_M)))
        place = city.units[unit].name.split("—")[1].removesuffix("工业片区")
        shapes.append(polygons(whole))
        kinds.append("chemical" if index in chemical else "industrial")
        names.append(f"{place}示意{'化工园区' if index in chemical else '工业园区'}")
        works.append("yes" if index in chemical or random.random() < 0.8 else "no")
    plain = [shape for shape, kind in zip(shapes, kinds, strict=True) if kind == "industrial"]
    heat = [shape.buffer(150).intersection(city.outline) for shape in plain[::6]]
    heat_names = [f"示意集中供热区{number:02d}" for number in range(1, len(heat) + 1)]
    return [
        layer("parks", shapes, {"name_zh": names, "kind": kinds, "works": works}),
        layer("heat_networks", heat, {"name_zh": heat_names}),
    ]


def _large_rivers(city: City) -> BaseGeometry:
    return shapely.union_all([river.surface for river in city.waters.rivers if river.grade != "tributary"])


def _chemical(city: City, random: np.random.Generator, middles: _Array, size: _Array) -> set[int]:
    """Return which parks are chemical: some that lie off the large rivers and not too far from them."""
    away = shapely.distance(_large_rivers(city), shapely.points(middles))
    fits = np.nonzero((away - size * 1.25 > _KEPT_OFF_M) & (away < 14_000) & (size > 700))[0]
    return set(fits[pick(random, middles[fits], _CHEMICAL, 18_000)].tolist())


def _behind_the_shore(city: City, units: list[int]) -> dict[int, tuple[_Array, float]]:
    """Return the units with most room 1.7 to 3.4 km behind the main river's bank, and a middle and radius there."""
    main = shapely.union_all([river.surface for river in city.waters.rivers if river.grade == "main"])
    others = [river.surface for river in city.waters.rivers if river.grade == "important"]
    band = main.buffer(3_400).difference(main.buffer(1_700)).difference(shapely.union_all(others).buffer(1_700))
    pieces = [polygons(piece) for piece in shapely.intersection(band, city.plane[units])]
    roomy = [index for index, piece in enumerate(pieces) if piece.area > 2e6]
    if not roomy:
        return {}
    middles, radii = inner_circles(np.array([*(pieces[index] for index in roomy), None], dtype=object)[:-1])
    best = np.argsort(-radii, kind="stable")[:_BEHIND]
    return {roomy[at]: (middles[at], float(radii[at]) * 1.1) for at in best.tolist() if radii[at] > 500}


def towns(city: City) -> list[Layer]:
    """Return what lies round towns: no-burn zones, supply areas, dense areas, the main urban area."""
    random = random_for(city.seed, "towns")
    middles, sizes, names = _large_towns(city)
    patches = [patch(random, tuple(middle), float(size)) for middle, size in zip(middles, sizes, strict=True)]
    inside = [polygons(shape.intersection(city.outline)) for shape in patches]
    wide = [
        polygons(shape.buffer(float(size) * 0.35).intersection(city.outline))
        for shape, size in zip(patches, sizes, strict=True)
    ]
    dense = [polygons(shape.buffer(-float(size) * 0.4)) for shape, size in zip(inside, sizes, strict=True)]
    quiet, quiet_names = [], []
    for middle, size, name in zip(middles, sizes, names, strict=True):
        for number in range(1, 1 + min(int(size // 900), 4)):
            at = middle + random.uniform(-0.5, 0.5, 2) * size
            quiet.append(patch(random, tuple(at), float(random.uniform(120, 350))))
            quiet_names.append(f"{name}噪声敏感建筑物集中区域{number}（示意）")
    central = [shape for unit, shape in zip(city.units, city.plane, strict=True) if unit.district.code in _CENTRAL]
    urban = shapely.simplify(shapely.coverage_union_all(central), 60)
    return [
        layer("no_burn_zones", inside, {"name_zh": [f"{name}高污染燃料禁燃区（示意）" for name in names]}),
        layer("supply_areas", wide, {"name_zh": [f"{name}供水范围（示意）" for name in names]}),
        layer("livestock_ban_zones", wide, {"name_zh": [f"{name}畜禽禁养区（示意）" for name in names]}),
        layer("dense_areas", dense, {"name_zh": [f"{name}人口集中区（示意）" for name in names]}),
        layer("noise_sensitive", quiet, {"name_zh": quiet_names}),
        layer("main_urban", [urban] if central else [], {"name_zh": ["主城区（示意）"] * bool(central)}),
    ]


def _large_towns(city: City) -> tuple[_Array, _Array, list[str]]:
    """Return middle, radius and name of the three largest places of each district."""
    chosen = []
    for code in dict.fromkeys(unit.district.code for unit in city.units):
        chosen += [town for town in city.towns if town.district == code][:3]
    sizes = np.clip(np.sqrt(np.maximum([town.population for town in chosen], 6_000)) * 8.5, 700, 6_500)
    return to_plane(np.array([town.at for town in chosen])), sizes, [town.name_zh for town in chosen]


def receptors(city: City, taken: list[BaseGeometry]) -> Layer:
    """Return dwellings, schools, hospitals and care homes as points at the places, off rivers and off what is taken."""
    random, again = random_for(city.seed, "receptors"), random_for(city.seed, "receptors moved")
    tree = shapely.STRtree([*taken, *(river.surface.buffer(5) for river in city.waters.rivers)])
    middles = to_plane(np.array([town.at for town in city.towns]))
    points, names, kinds = [], [], []
    shapely.prepare(city.outline)
    for town, middle in zip(city.towns, middles, strict=True):
        wanted = ["dwelling", "dwelling", "school"] + ["hospital", "care_home"] * (town.population > 20_000)
        for kind in wanted:
            at = Point(middle + random.normal(0, 420, 2))
            for _ in range(_MOVES):
                if not len(tree.query(at, predicate="intersects")):
                    break
                at = Point(middle + again.normal(0, 600, 2))
            else:
                continue  # the whole place lies in a park or a river
            if city.outline.contains(at):
                points.append(at)
                kinds.append(kind)
                names.append(f"{town.name_zh}{_RECEPTOR[kind]}（示意）")
    return layer("receptors", points, {"name_zh": names, "kind": kinds})


_RECEPTOR = {"dwelling": "居民点", "school": "学校", "hospital": "医院", "care_home": "养老院"}


def parcels(city: City, made: Layer) -> Layer:
    """Return contaminated parcels by the parks of a layer."""
    random = random_for(city.seed, "parcels")
    shapes, states = [], []
    corners = shapely.get_coordinates(shapely.transform(shapely.point_on_surface(made.shapes), to_plane))
    for index in pick(random, corners, 36, 4_000):
        shapes.append(patch(random, tuple(corners[index]), float(random.uniform(60, 180))))
        states.append("registered" if random.random() < 0.6 else "open")
    names = [f"示意污染地块{number:02d}" for number in range(1, len(shapes) + 1)]
    return layer("contaminated_parcels", shapes, {"name_zh": names, "state": states})


def trunks(city: City) -> Layer:
    """Return trunk roads between the seats of neighbouring districts, 30 m wide."""
    seats: dict[str, Any] = {}
    for town in city.towns:
        seats.setdefault(town.district, town)
    middles = to_plane(np.array([town.at for town in seats.values()]))
    lines: list[BaseGeometry] = []
    for index, middle in enumerate(middles):
        order = np.argsort(np.hypot(*(middles - middle).T), kind="stable")[1:3]
        lines += [
            _winding_road(middle, middles[other], city.seed) for other in order if other > index or index not in order
        ]
    shapes = [polygons(line.buffer(15).intersection(city.outline)) for line in lines]
    return layer(
        "traffic_trunks", shapes, {"name_zh": [f"示意干线{number:02d}" for number in range(1, len(lines) + 1)]}
    )


def _winding_road(start: _Array, end: _Array, seed: int) -> BaseGeometry:
    steps = np.linspace(0, 1, 60)
    held = np.sin(np.pi * steps)
    random = np.random.default_rng([seed, int(abs(start).sum())])
    waves = sum(float(random.uniform(-900, 900)) * np.sin(np.pi * count * steps) for count in (1, 2, 3, 5))
    along = start + (end - start) * steps[:, None]
    across = np.array([start[1] - end[1], end[0] - start[0]])
    return shapely.linestrings(along + (held * waves / max(np.hypot(*across), 1.0))[:, None] * across)
