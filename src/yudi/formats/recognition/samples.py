"""The first features of a map that is too large to be read whole, and all of its table where that is cheap."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyogrio import list_layers, read_info
from pyogrio.raw import read_arrow

from yudi.formats.archives import packed_sets
from yudi.formats.geoparquet import read_geoparquet
from yudi.formats.layers import Limits, RawLayer, layer_from_wkb, plain_columns, quiet_gdal
from yudi.formats.recognition.folders import LookLimits

__all__ = ["Sample", "sample_of"]

_HEAD_BYTES = 4 * 2**20  # of a large GeoJSON
_LEAST = 50  # features that are looked at, however large each is


@dataclass(frozen=True)
class Sample:
    """A part of a layer.

    Parameters
    ----------
    raw : RawLayer
        Its first features.
    columns : pyarrow.Table
        Its table, of more features than these or of all.
    count : int
        Features of the layer, -1 where the file does not say.
    """

    raw: RawLayer
    columns: pa.Table
    count: int


def sample_of(path: Path, layer: str, size: int, limits: LookLimits) -> Sample:
    """Return a sample of a large layer; fewer features where each is large.

    Raises
    ------
    InputError, OSError, RuntimeError
        If it cannot be read.
    """
    ending = path.suffix.lower()
    if ending in (".geojson", ".json"):
        raw = _json_head(path, limits)
        return Sample(raw, raw.columns, -1)
    if ending in (".parquet", ".geoparquet"):
        with pq.ParquetFile(path) as source:
            count = source.metadata.num_rows
        raw = read_geoparquet(path, path.name, Limits(), first=_features(size, count, limits))
        return Sample(raw, raw.columns, count)
    return _with_gdal(path, layer, size, limits)


def _features(size: int, count: int, limits: LookLimits) -> int:
    """Return how many features to look at, so that they are no more bytes than a map that is read whole."""
    return max(min(limits.features, limits.whole_bytes * max(count, 1) // max(size, 1)), min(_LEAST, limits.features))


def _with_gdal(path: Path, layer: str, size: int, limits: LookLimits) -> Sample:
    source: Any = path
    inside: str | None = layer or None
    kind = path.suffix.lower()
    if kind == ".zip":
        name = layer or next(iter(packed_sets(path, path.name)))
        source, inside, kind = f"/vsizip/{path}/{name}", None, Path(name).suffix.lower()
    options = {"encoding": "ISO-8859-1"} if kind == ".shp" else {}
    with quiet_gdal():
        inside = inside or str(list_layers(source)[0][0])
        count = int(read_info(source, layer=inside)["features"])
        most = _features(size, count, limits)
        meta, table = read_arrow(source, layer=inside, max_features=most, **options)
        _, whole = read_arrow(source, layer=inside, max_features=limits.rows, read_geometry=False, **options)
    raw = layer_from_wkb(table, meta["geometry_name"] or "wkb_geometry", path.name)
    raw = replace(raw, crs=meta["crs"])
    return Sample(raw, plain_columns(_decoded(whole) if kind == ".shp" else whole, path.name), count)


def _decoded(table: pa.Table) -> pa.Table:
    """Return a Shapefile's table, read byte by byte, with text as what its bytes are: UTF-8, else GB 18030."""
    names = [_text(name) for name in table.column_names]
    columns = [
        pa.array([_text(value) for value in column.to_pylist()], pa.string())
        if pa.types.is_string(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, names=names)


def _text(value: str | None) -> str | None:
    if value is None or value.isascii():
        return value
    raw = value.encode("latin-1", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _json_head(path: Path, limits: LookLimits) -> RawLayer:
    """Return the first features of a GeoJSON, as far as its first megabytes go."""
    with path.open("rb") as stream:
        text = stream.read(_HEAD_BYTES).decode("utf-8", "ignore")
    decoder = json.JSONDecoder()
    at = text.find("[", max(text.find('"features"'), 0)) + 1
    features: list[dict[str, Any]] = []
    while at and len(features) < limits.features:
        at = next((place for place in range(at, min(at + 50, len(text))) if text[place] == "{"), -1)
        if at < 0:
            break
        try:
            item, at = decoder.raw_decode(text, at)
        except ValueError:
            break
        features.append(item)
    shapes = [shapely.geometry.shape(item["geometry"]) if item.get("geometry") else None for item in features]
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    rows = [item.get("properties") or {} for item in features]
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: pa.array([_scalar(row.get(name)) for row in rows]) for name in names})
    return RawLayer(geometry, np.arange(1, len(shapes) + 1), plain_columns(table, path.name), None, "OGC:CRS84")


def _scalar(value: Any) -> Any:
    return None if value is None else str(value)
