"""The folder of the scheme: every map, the lists, the status tables, and the scheme.toml that names them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import shapely

from . import built, further, ground, lists, protected, zones
from .city import City
from .layers import Layer, read_features, write_layer
from .naming import CLASS_ZH
from .projects import projects_of
from .published import districts_layer, published_tables
from .status import status_tables
from .terrain import to_plane

__all__ = ["layers_of", "units_layer", "write_scheme"]

_HERE = Path(__file__).resolve().parent.parent
COPIED = ("scheme.toml", "formalised.yaml", "facts.yaml", "SOURCES.md")


def units_layer(city: City) -> Layer:
    """Return the units under the names of columns that such maps have."""
    units = city.units
    columns = {
        "HJGKDYBM": [unit.code for unit in units],
        "HJGKDYMC": [unit.name for unit in units],
        "class": [unit.kind for unit in units],
        "ZHGKDYFL": [CLASS_ZH[unit.kind] for unit in units],
        "subclass": [unit.subclass for unit in units],
        "COUNTY": [unit.district.name_zh for unit in units],
        "area_code": [unit.district.key for unit in units],
        "invented": ["borders and name" if unit.district.published else "borders, name and number" for unit in units],
    }
    return Layer("units", np.array([unit.shape for unit in units], dtype=object), columns)


def layers_of(city: City, data: Path) -> list[Layer]:
    """Return all layers of the scheme but the units."""
    parks, heat = built.parks(city)
    towns = built.towns(city)
    lakes = read_features(data / "lakes_gshhg.geojson")
    inside = [(item, shape) for item, shape in lakes if shapely.transform(shape, to_plane).intersects(city.outline)]
    taken = [*shapely.transform(parks.shapes, to_plane), *(shapely.transform(shape, to_plane) for _, shape in inside)]
    count = len(inside)
    # None is one of the important lakes that the guide of the Yangtze belt means, as far as is known.
    lake_names = {
        "name_zh": [item["name_zh"] for item, _ in inside],
        "grade": ["other"] * count,
        "invented": [False] * count,
    }
    return [
        *ground.river_layers(city),
        Layer("lakes", np.array([*(shape for _, shape in inside), None], dtype=object)[:-1], lake_names),
        *ground.basins(city),
        *ground.shores(city),
        protected.redline(city),
        *protected.reserves(city),
        protected.scenic_areas(city),
        *protected.wetlands(city),
        *protected.habitats(city),
        *protected.sources(city),
        parks,
        heat,
        *towns,
        built.receptors(city, taken),
        built.parcels(city, parks),
        built.trunks(city),
        *ground.farmland(city),
        *ground.karst(city),
        *ground.hazards(city),
        ground.groundwater(city),
        *(zones.element_zones(city, element) for element in ("water", "groundwater", "air", "soil", "resource")),
        zones.noise_zones(city, towns[0], parks),
        further.function_zones(city),
        further.air_regions(towns[-1]),
        further.scarce_areas(city),
        further.water_function_zones(city),
        *further.water_works(city, taken),
        further.green_buffers(city),
    ]


def write_scheme(folder: Path, city: City, data: Path) -> list[Path]:
    """Write the whole scheme into a folder and return the files written."""
    maps = folder / "maps"
    maps.mkdir(parents=True, exist_ok=True)
    made = {item.name: item for item in layers_of(city, data)}
    files = [write_layer(maps, item) for item in (units_layer(city), districts_layer(city), *made.values())]
    sentences = lists.read_sentences(data / "sentences.yaml")
    rows = lists.unit_rows(city, made, sentences)
    files.append(_write(folder / "list.xlsx", lists.workbook("环境管控单元准入清单（示意）", lists.HEADER, rows)))
    whole = lists.workbook("全市共性要求（示意）", lists.CITY_HEADER, lists.city_rows(sentences))
    files.append(_write(folder / "city.xlsx", whole))
    tables = {**status_tables(city), **published_tables(city, data)}
    files += [_write(folder / f"{name}.csv", text) for name, text in tables.items()]
    (folder / "projects").mkdir(exist_ok=True)
    for name, project in projects_of(city, made).items():
        text = json.dumps(project, ensure_ascii=False, indent=1) + "\n"
        files.append(_write(folder / "projects" / f"{name}.json", text.encode()))
    files += [Path(shutil.copyfile(_HERE / name, folder / name)) for name in COPIED]
    return files


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
