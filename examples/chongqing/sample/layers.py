"""A layer of the sample: shapes with columns, and how it is written as GeoJSON, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .shapes import polygons
from .terrain import to_lonlat

__all__ = ["Layer", "layer", "read_features", "write_layer"]

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Layer:
    """Shapes in lon/lat degrees, and columns of one value per shape."""

    name: str
    shapes: _Array
    columns: Mapping[str, Sequence[Any]]


def layer(name: str, shapes: Sequence[BaseGeometry], columns: Mapping[str, Sequence[Any]]) -> Layer:
    """Return a layer of shapes given in metres of the sample's plane, rounded to 1e-6 degrees (0.1 m)."""
    there = np.array([*shapes, None], dtype=object)[:-1]
    turned = shapely.transform(there, lambda points: np.round(to_lonlat(points), 6))
    turned = shapely.remove_repeated_points(turned, 0)
    mended = [
        shape if shape.is_valid else polygons(shapely.set_precision(shapely.make_valid(shape), 1e-6))
        for shape in turned
    ]
    return Layer(name, np.array([*mended, None], dtype=object)[:-1], {**columns, "invented": [True] * len(there)})


def write_layer(folder: Path, made: Layer) -> Path:
    """Write a layer as GeoJSON with seven places after the point at most, and return where."""
    shapes = shapely.transform(made.shapes, lambda points: np.round(points, 7))
    lines = []
    for index, geometry in enumerate(shapely.to_geojson(shapes)):
        properties = {key: values[index] for key, values in made.columns.items()}
        text = json.dumps(properties, ensure_ascii=False)
        lines.append(f'{{"type": "Feature", "properties": {text}, "geometry": {geometry}}}')
    path = folder / f"{made.name}.geojson"
    head = f'{{"type": "FeatureCollection", "name": "{made.name}", "features": [\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return path


def read_features(path: Path) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Return properties and shape (lon/lat) of each feature of a GeoJSON file of the folder ``data``."""
    content = json.loads(path.read_text(encoding="utf-8"))
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in content["features"]])
    return [(feature["properties"], shape) for feature, shape in zip(content["features"], shapes, strict=True)]
