"""Tables of projects in memory, as batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.api.frames import raws_of_frame
from yudi.core.errors import InputError, Where
from yudi.engines.batches import Batch
from yudi.formats.raw_projects import RawProject

__all__ = ["batch_of"]

_PLACE = ("geometry", "wkt", "lon", "lat")


def batch_of(table: Any) -> Batch:
    """Return a GeoDataFrame, or an Arrow table with lon and lat, wkt, or geometry (WKB), as a batch; other columns are facts.

    Raises
    ------
    InputError
        For what is no table.
    """
    if hasattr(table, "to_wkb"):
        raws = raws_of_frame(table)
        return Batch("table", len(raws), raws.__getitem__)
    if not isinstance(table, pa.Table):
        hint = "give a pyarrow.Table or a geopandas.GeoDataFrame"
        raise InputError(f"expected a table of projects, got {type(table).__name__}", hint=hint)
    names = [name for name in table.column_names if name != "id" and name not in _PLACE]
    given = table.column("id").to_pylist() if "id" in table.column_names else [None] * table.num_rows
    ids = pa.array([str(name or number) for number, name in enumerate(given, 1)], pa.string())
    columns = table.select(names) if names else None
    return Batch("table", table.num_rows, lambda row: _raw(table, row), columns, _shapes(table), ids=ids)


def _raw(table: pa.Table, row: int) -> RawProject:
    """Return a row as a project."""
    facts = table.slice(row, 1).to_pylist()[0]
    name = str(facts.pop("id", None) or row + 1)
    if isinstance(blob := facts.pop("geometry", None), bytes):
        shape = shapely.from_wkb(blob)
    elif facts.get("wkt"):
        shape = shapely.from_wkt(facts.pop("wkt"))
    else:
        shape = shapely.Point(facts.pop("lon"), facts.pop("lat"))
    return RawProject(name, shapely.geometry.mapping(shape), facts, {"id": name}, Where("table", row + 1))


def _shapes(table: pa.Table) -> Any:
    """Return the shapes of rows, None where only reading the row tells; none at all where columns are mixed."""
    names = table.column_names
    if "geometry" in names and not {"wkt", "lon", "lat"} & set(names):
        column = table.column("geometry")
        if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            return shapely.from_wkb(column.to_numpy(zero_copy_only=False), on_invalid="ignore")
    if {"lon", "lat"} <= set(names) and not {"geometry", "wkt"} & set(names):
        lon, lat = (table.column(name) for name in ("lon", "lat"))
        if all(pa.types.is_floating(axis.type) and not axis.null_count for axis in (lon, lat)):
            points = shapely.points(lon.to_numpy(), lat.to_numpy())
            return np.where(np.isfinite(shapely.get_x(points)) & np.isfinite(shapely.get_y(points)), points, None)
    return None
