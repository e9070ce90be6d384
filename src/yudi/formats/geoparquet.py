"""A GeoParquet file as a layer, read with Arrow alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yudi.core.errors import InputError, Where
from yudi.formats.layers import Limits, RawLayer, layer_from_wkb, unreadable

__all__ = ["GeoHead", "geo_head", "read_geoparquet"]

_HINT = "write it with geopandas or GDAL as GeoParquet, encoding WKB"


def read_geoparquet(path: Path, file: str, limits: Limits, *, first: int | None = None) -> RawLayer:
    """Return the primary geometry and the other columns of a GeoParquet file.

    Parameters
    ----------
    path : Path
        File on disk.
    file : str
        Name for messages.
    limits : Limits
        Held on features.
    first : int, optional
        Read only so many features.

    Raises
    ------
    InputError
        If it is no Parquet file, has no ``geo`` metadata, or encodes geometry otherwise than as WKB.

    Notes
    -----
    Source: GeoParquet specification 1.1.0 (OGC): no ``crs`` member means OGC:CRS84, null means unknown.
    """
    try:
        with pq.ParquetFile(path) as source:
            limits.hold("max_features", source.metadata.num_rows, file)
            head = geo_head(source.schema_arrow, file)
            table = source.read() if first is None else pa.Table.from_batches([next(source.iter_batches(first))])
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise unreadable(file, "a Parquet file") from error
    try:
        layer = layer_from_wkb(table.drop_columns(list(head.others)), head.primary, file)
    except (pa.ArrowException, NotImplementedError, UnicodeError) as error:
        raise unreadable(file, "a GeoParquet file with WKB of points, straight lines and polygons") from error
    return RawLayer(layer.geometry, layer.rows, layer.columns, head.crs, head.default_crs, "UTF-8", layer.findings)


@dataclass(frozen=True)
class GeoHead:
    """What a GeoParquet file says of its geometry: the primary column, other columns of geometry, the system."""

    primary: str
    others: tuple[str, ...]
    crs: str | None
    default_crs: str | None


def geo_head(schema: pa.Schema, file: str) -> GeoHead:
    """Return what the metadata of a file's schema says.

    Raises
    ------
    InputError
        Without ``geo`` metadata, for an encoding other than WKB, and where the column is missing.
    """
    meta = (schema.metadata or {}).get(b"geo")
    primary, crs = _meta(meta, file)
    if primary not in schema.names:
        raise InputError(f"expected a column {primary!r}, got none", where=Where(file, None, primary), hint=_HINT)
    others = tuple(name for name in _geometries(meta) if name != primary and name in schema.names)
    default = "OGC:CRS84" if crs is _ABSENT else None
    stated = None if crs is _ABSENT or crs is None else crs if isinstance(crs, str) else json.dumps(crs)
    return GeoHead(primary, others, stated, default)


_ABSENT = object()


def _geometries(meta: bytes | None) -> list[str]:
    return list(json.loads(meta or b"{}").get("columns", {}))


def _meta(meta: bytes | None, file: str) -> tuple[str, Any]:
    """Return the primary column and its reference system."""
    if meta is None:
        raise InputError("expected GeoParquet, got Parquet without geometry", where=Where(file), hint=_HINT)
    try:
        geo = json.loads(meta)
        primary = geo["primary_column"]
        column = geo["columns"][primary]
        encoding = column["encoding"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("expected GeoParquet metadata, got a broken text", where=Where(file), hint=_HINT) from error
    if not isinstance(encoding, str) or encoding.upper() != "WKB":
        message = f"expected geometry encoded as WKB, got {encoding!r}"
        raise InputError(message, where=Where(file, None, str(primary)), hint=_HINT)
    return str(primary), column.get("crs", _ABSENT)
