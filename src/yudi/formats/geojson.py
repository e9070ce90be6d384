"""Features of a GeoJSON file as shapes and columns, strict about form and open about what people's programs write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.geometry import listed, listed_zh, refuse_rows
from yudi.formats.layers import Limits, RawLayer, plain_columns

__all__ = ["read_geojson"]

_HINT = "save the file again as GeoJSON"


def read_geojson(path: Path, file: str, limits: Limits) -> RawLayer:
    """Return the features of a GeoJSON file, a lone feature or a lone geometry.

    Parameters
    ----------
    path : Path
        File on disk; UTF-8, with or without a mark.
    file : str
        Name for messages.
    limits : Limits
        Held on features.

    Raises
    ------
    InputError
        If it is not JSON in UTF-8, or not GeoJSON; geometry that cannot be read is listed by feature.
    """
    data = _load(path, file)
    features = _features(data, file)
    limits.hold("max_features", len(features), file)
    geometry, findings = _shapes(features, file)
    properties = [feature.get("properties") or {} for feature in features]
    bad = [index for index, item in enumerate(properties) if not isinstance(item, Mapping)]
    if bad:
        message = f"expected properties by name, got {type(properties[bad[0]]).__name__}"
        raise InputError(message, where=Where(file, bad[0] + 1, "properties"), hint=_HINT)
    names = list(dict.fromkeys(name for item in properties for name in item))
    columns = [_column([item.get(name) for item in properties]) for name in names]
    table = plain_columns(pa.table(columns, names=names), file)
    rows = np.arange(1, len(features) + 1)
    return RawLayer(geometry, rows, table, _stated(data, file), "OGC:CRS84", "UTF-8", findings)


def _load(path: Path, file: str) -> Any:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"expected UTF-8, got other bytes at byte {error.start + 1}"
        raise InputError(message, where=Where(file), hint="save the file again as UTF-8") from error
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        pass  # the slower reader knows NaN, which is no JSON but is found in files, and says where it stopped
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        place = f" at line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        message = (
            "expected GeoJSON, got an empty file" if not text.strip() else f"expected GeoJSON, got broken JSON{place}"
        )
        raise InputError(message, where=Where(file), hint=_HINT) from error


def _features(data: Any, file: str) -> list[Mapping[str, Any]]:
    kind = data.get("type") if isinstance(data, Mapping) else None
    if kind == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise InputError("expected a list of features", where=Where(file, None, "features"), hint=_HINT)
        for number, feature in enumerate(features, 1):
            if not isinstance(feature, Mapping):
                message = f"expected a feature, got {type(feature).__name__}"
                raise InputError(message, where=Where(file, number, "features"), hint=_HINT)
        return features
    if kind == "Feature":
        return [data]
    if isinstance(data, Mapping) and ("coordinates" in data or "geometries" in data):
        return [{"type": "Feature", "properties": {}, "geometry": data}]
    shown = repr(kind) if isinstance(data, Mapping) else type(data).__name__
    raise InputError(f"expected a FeatureCollection, got {shown}", where=Where(file, None, "type"), hint=_HINT)


def _stated(data: Mapping[str, Any], file: str) -> str | None:
    """Return what the crs member of the 2008 edition of GeoJSON says; in it, as in GDAL, x stays east."""
    crs = data.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name", properties.get("code")) if isinstance(properties, Mapping) else None
    if isinstance(crs, str):
        name = crs
    if not isinstance(name, (str, int)):
        message = "expected a crs member with a name"
        raise InputError(
            message, where=Where(file, None, "crs"), hint='write {"type": "name", "properties": {"name": "EPSG:4490"}}'
        )
    return str(name)


def _column(values: list[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(value is None or abs(value) < 2**63 for value in values):
        return pa.array(values, pa.int64())
    if (
        kinds <= {int, float}
        and float in kinds
        and all(value is None or abs(value) < 2**53 or isinstance(value, float) for value in values)
    ):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None else value.encode("utf-8", "replace").decode()
    return json.dumps(value, ensure_ascii=False)


def _shapes(features: list[Mapping[str, Any]], file: str) -> tuple[np.ndarray[Any, Any], tuple[Finding, ...]]:
    shapes = np.full(len(features), None, dtype=object)
    problems: list[tuple[int, str]] = []
    unclosed: list[int] = []
    for index, feature in enumerate(features):
        try:
            shapes[index], closed = _shape(feature.get("geometry"))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, shapely.errors.ShapelyError) as error:
            problems.append((index + 1, str(error) or "wrongly nested"))
            continue
        if closed:
            unclosed.append(index + 1)
    refuse_rows(problems, file, hint="mend or remove these features")
    if not unclosed:
        return shapes, ()
    message, zh = f"unclosed rings were closed in {listed(unclosed)}", f"{listed_zh(unclosed)}：环未闭合，已闭合"
    return shapes, (Finding("ring_unclosed", message, Where(file, unclosed[0], "geometry"), zh=zh),)


def _shape(geometry: Any) -> tuple[BaseGeometry | None, bool]:
    """Return a shape and whether a ring of it had to be closed."""
    if geometry is None:
        return None, False
    kind = geometry["type"]
    if kind == "GeometryCollection":
        parts = [_shape(part) for part in geometry["geometries"]]
        return shapely.GeometryCollection([part for part, _ in parts if part]), any(closed for _, closed in parts)
    depth = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
    if kind not in depth:
        raise ValueError(f"geometry of type {kind!r} is not read")
    coordinates = geometry["coordinates"]
    if not coordinates:
        return None, False
    if kind == "Polygon":
        return _polygon(coordinates)
    if kind == "MultiPolygon":
        polygons = [_polygon(part) for part in coordinates]
        return shapely.MultiPolygon([part for part, _ in polygons]), any(closed for _, closed in polygons)
    if kind == "MultiLineString":
        return shapely.MultiLineString([_positions(part) for part in coordinates]), False
    if kind == "Point":
        return shapely.Point(_positions([coordinates])[0]), False
    make = shapely.MultiPoint if kind == "MultiPoint" else shapely.LineString
    return make(_positions(coordinates)), False


def _polygon(rings: Any) -> tuple[BaseGeometry, bool]:
    closed, found = False, []
    for ring in rings:
        points = _positions(ring)
        if len(points) >= 3 and (points[0] != points[-1]).any():
            closed, points = True, np.vstack([points, points[:1]])
        if len(points) < 4:
            raise ValueError("a ring has fewer than 3 different positions")
        found.append(points)
    return shapely.Polygon(found[0], found[1:]), closed


def _positions(values: Any) -> np.ndarray[Any, Any]:
    """Return positions as an array of shape (n, 2); what is checked is checked for all at once."""
    if not isinstance(values, list) or set(map(type, values)) != {list} or min(map(len, values)) < 2:
        raise ValueError("expected a list of positions [x, y], wrongly nested")
    plain = values if set(map(len, values)) == {2} else [value[:2] for value in values]
    if not set(map(type, chain.from_iterable(plain))) <= {int, float}:
        raise ValueError("a coordinate is not a number")
    points = np.array(plain, dtype=float)
    if not np.isfinite(points).all():
        raise ValueError("a coordinate is NaN or infinite")
    return points
