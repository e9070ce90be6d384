"""The land under the city: farmland, karst, springs, hazards, groundwater, and the strips along rivers. All invented."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from .city import City
from .layers import Layer, layer
from .outlines import cut
from .rivers import basin_labels
from .shapes import inner_circles, patch, pick, polygons, random_for, stretch

__all__ = ["basins", "farmland", "groundwater", "hazards", "karst", "river_layers", "shores"]

_Array = np.ndarray[Any, Any]
_BEYOND_M = 15_000  # how far rivers run on outside the city


def river_layers(city: City) -> list[Layer]:
    """Return rivers as surfaces and as lines, as far as a little beyond the city."""
    west, south, east, north = city.outline.bounds
    box = (west - _BEYOND_M, south - _BEYOND_M, east + _BEYOND_M, north + _BEYOND_M)
    kept = [river for river in city.waters.rivers if not shapely.clip_by_rect(river.line, *box).is_empty]
    names = {
        "name_zh": [r.name_zh for r in kept],
        "name_en": [r.name_en for r in kept],
        "grade": [r.grade for r in kept],
    }
    surfaces = [polygons(shapely.clip_by_rect(river.surface, *box)) for river in kept]
    lines = [_longest(shapely.clip_by_rect(river.line, *box)) for river in kept]
    widths = {"width_m": [river.width_m for river in kept]}
    return [layer("rivers", surfaces, names), layer("river_lines", lines, {**names, **widths})]


def _longest(line: BaseGeometry) -> BaseGeometry:
    return max(shapely.get_parts(line), key=lambda part: part.length)


def basins(city: City) -> list[Layer]:
    """Return the catchments of the known rivers, which cover the city, and the one great basin."""
    labels, rivers = basin_labels(city.waters)
    outline = shapely.coverage_union_all([unit.shape for unit in city.units])
    pieces = cut(outline, city.waters.grid, labels, len(rivers))
    names = [f"{city.waters.rivers[index].name_zh}流域" for index in rivers]
    whole = Layer(
        "river_basins",
        np.array([outline], dtype=object),
        {"basin": ["yangtze"], "reach": ["upper"], "invented": [False]},
    )
    kept = [index for index, piece in enumerate(pieces) if not piece.is_empty]
    shapes = np.array([*(pieces[index] for index in kept), None], dtype=object)[:-1]
    columns = {"name_zh": [names[index] for index in kept], "invented": [True] * len(kept)}
    return [Layer("basins", shapes, columns), whole]


def shores(city: City) -> list[Layer]:
    """Return strips along rivers: management areas, shoreline functions, the drawdown zone, bans on digging sand."""
    strips, names, zones, names_of_zones, sand = [], [], [], [], []
    shore_parts: list[BaseGeometry] = []
    order = ("protection", "control", "reserved", "use")
    for river in city.waters.rivers:
        if not river.line.intersects(city.outline):
            continue
        strips.append(polygons(river.line.buffer(river.width_m / 2 + 30, cap_style="flat").intersection(city.outline)))
        names.append(f"{river.name_zh}管理范围（示意）")
        if river.grade == "tributary":
            continue
        bank = river.line.buffer(river.width_m / 2 + 120, cap_style="flat").difference(river.surface)
        for number, start in enumerate(np.arange(0, river.line.length, 15_000)):
            slab = stretch(river.line, float(start), float(start) + 15_000, 700)
            part = polygons(bank.intersection(slab).intersection(city.outline))
            if not part.is_empty:
                shore_parts.append(part)
                zones.append(order[number % 4])
                names_of_zones.append(f"{river.name_zh}岸线{number + 1:02d}（示意）")
                if number % 5 == 0:
                    sand.append(polygons(slab.intersection(river.surface).intersection(city.outline)))
    return [
        layer("river_management_areas", strips, {"name_zh": names}),
        layer("shoreline_zones", shore_parts, {"name_zh": names_of_zones, "zone": zones}),
        layer("sand_ban_areas", sand, {"name_zh": [f"示意禁采区{number:02d}" for number in range(1, len(sand) + 1)]}),
        _drawdown(city),
    ]


def _drawdown(city: City) -> Layer:
    """Return the drawdown zone: both banks of the main river, 60 m wide, below the middle of the city's west."""
    west, _, east, _ = city.outline.bounds
    main = [river for river in city.waters.rivers if river.grade == "main"]
    box = shapely.box(west + 0.3 * (east - west), -1e7, 1e7, 1e7)
    banks = [river.line.buffer(river.width_m / 2 + 60, cap_style="flat").difference(river.surface) for river in main]
    shapes = [polygons(bank.intersection(box).intersection(city.outline)) for bank in banks]
    kept = [shape for shape in shapes if not shape.is_empty]
    return layer("reservoir_drawdown", kept, {"name_zh": ["消落区（示意）"] * len(kept)})


def farmland(city: City) -> list[Layer]:
    """Return patches of permanent basic farmland in general units, and the cropland that they are part of."""
    random = random_for(city.seed, "farmland")
    wet = shapely.union_all([river.surface.buffer(60) for river in city.waters.rivers])
    shapely.prepare(wet)
    fields: list[BaseGeometry] = []
    for unit, shape in zip(city.units, city.plane, strict=True):
        if unit.kind != "general":
            continue
        west, south, east, north = shape.bounds
        wanted = int(np.clip(shape.area / 9e6, 2, 14))
        places = random.uniform((west, south), (east, north), (wanted * 2, 2))
        shapely.prepare(shape)
        for at in places[shapely.contains_xy(shape, *places.T)][:wanted]:
            size = float(random.uniform(250, 900))
            fields.append(
                patch(random, tuple(at), size, long=1.6, angle=float(random.uniform(0, 3))).intersection(shape)
            )
    dry = [polygons(field.difference(wet) if wet.intersects(field) else field) for field in fields]
    kept = [field for field in dry if not field.is_empty]
    wide = [polygons(field.buffer(90, quad_segs=2).intersection(city.outline)) for field in kept]
    return [
        layer("farmland", kept, {"name_zh": ["永久基本农田（示意）"] * len(kept)}),
        layer("cropland", wide, {"name_zh": ["耕地（示意）"] * len(kept)}),
    ]


def _in_ranges(city: City, kinds: tuple[str, ...]) -> tuple[_Array, _Array]:
    units = [index for index, unit in enumerate(city.units) if unit.subclass in kinds]
    return inner_circles(city.plane[units])


def karst(city: City) -> list[Layer]:
    """Return karst in the south-east and the north-east, and springs in it."""
    random = random_for(city.seed, "karst")
    middles, radii = _in_ranges(city, ("生态保护红线", "一般生态空间", "一般"))
    west, south, east, north = city.outline.bounds
    x, y = (middles[:, 0] - west) / (east - west), (middles[:, 1] - south) / (north - south)
    belongs = np.nonzero((x > 0.55) & ((y < 0.42) | (y > 0.62)) & (radii > 1_200))[0]
    belongs = belongs if len(belongs) else np.arange(len(radii))
    shapes, names, grades, sinkholes, springs = [], [], [], [], []
    for number, index in enumerate(belongs[pick(random, middles[belongs], 46, 9_000)].tolist(), start=1):
        whole = patch(random, tuple(middles[index]), float(radii[index]) * 1.2, long=1.9, angle=1.0)
        shapes.append(polygons(whole.intersection(city.outline)))
        names.append(f"示意岩溶区{number:02d}")
        grades.append("strong" if number % 2 else "moderate")
        sinkholes.append("many" if number % 3 == 0 else "few")
        if number % 2:
            springs.append(Point(middles[index] + random.uniform(-300, 300, 2)).buffer(60))
    spring_names = [f"示意泉域{number:02d}" for number in range(1, len(springs) + 1)]
    columns = {"name_zh": names, "grade": grades, "sinkholes": sinkholes}
    return [layer("karst", shapes, columns), layer("springs", springs, {"name_zh": spring_names})]


def hazards(city: City) -> list[Layer]:
    """Return areas of landslides, debris flows and erosion, and headwaters to be conserved."""
    random = random_for(city.seed, "hazards")
    middles, _radii = _in_ranges(city, ("一般生态空间", "一般", "水源保护"))
    kinds = ("landslide", "debris_flow", "erosion")
    shapes = [
        patch(
            random, tuple(middles[index]), float(random.uniform(250, 700)), long=2.2, angle=float(random.uniform(0, 3))
        )
        for index in pick(random, middles, 75, 6_000)
    ]
    names = [f"示意灾害易发区{number:02d}" for number in range(1, len(shapes) + 1)]
    high, sizes = _in_ranges(city, ("生态保护红线",))
    chosen = pick(random, high, 12, 30_000)
    heads = [polygons(patch(random, tuple(high[i]), float(sizes[i]) * 0.8).intersection(city.outline)) for i in chosen]
    head_names = [f"示意水源涵养区{number:02d}" for number in range(1, len(heads) + 1)]
    head_kinds = ["headwaters" if number % 3 == 0 else "water_conservation" for number in range(len(heads))]
    return [
        layer("hazard_areas", shapes, {"name_zh": names, "kind": [kinds[number % 3] for number in range(len(shapes))]}),
        layer("conservation_areas", heads, {"name_zh": head_names, "kind": head_kinds}),
    ]


def groundwater(city: City) -> Layer:
    """Return where groundwater may not be taken, or only a little, in and about large towns."""
    random = random_for(city.seed, "groundwater")
    middles, radii = _in_ranges(city, ("城镇生活", "工业城镇"))
    shapes, zones = [], []
    for number, index in enumerate(pick(random, middles, 18, 20_000)):
        whole = patch(random, tuple(middles[index]), float(np.clip(radii[index], 600, 3_000)))
        shapes.append(polygons(whole.intersection(city.outline)))
        zones.append(("forbidden", "restricted", "overexploited", "restricted")[number % 4])
    names = [f"示意地下水限制区{number:02d}" for number in range(1, len(shapes) + 1)]
    return layer("groundwater_limits", shapes, {"name_zh": names, "zone": zones})
