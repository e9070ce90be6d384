"""GeoDataFrames in and out; GeoPandas is an extra, and only asked for where a frame is wanted."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import shapely

from yudi.core.errors import UnavailableError, Where
from yudi.formats.raw_projects import RawProject
from yudi.territory.edition import Edition
from yudi.territory.tables import COLUMNS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["frame_with", "in_degrees", "layer_frame", "raws_of_frame"]

LONLAT = "EPSG:4326"


def layer_frame(edition: Edition, name: str) -> GeoDataFrame:
    """Return a layer as a GeoDataFrame in lon/lat, one row a feature, with its columns.

    Raises
    ------
    UnavailableError
        Where GeoPandas is not installed.
    """
    layer = edition.layers[name]
    geopandas = _geopandas()
    columns = layer.columns.drop_columns([key for key in layer.columns.column_names if key == "geometry"])
    return geopandas.GeoDataFrame(columns.to_pandas(), geometry=list(layer.geometry), crs=LONLAT)


def in_degrees(frame: Any) -> Any:
    """Return a frame in lon/lat; one that names no system is taken to be so."""
    return frame if frame.crs is None else frame.to_crs(LONLAT)


def frame_with(frame: Any, verdicts: pa.Table) -> Any:
    """Return a frame with the columns of verdicts behind its own, its index, system and shapes kept.

    Lists stay lists. A column of the frame that is called as one of ours gets ``_given`` behind its name, as in files;
    ``id`` is left to the frame where it has one.
    """
    names = {str(key): f"{key}_given" for key in frame.columns if key in COLUMNS and key != "id"}
    found = frame.rename(columns=names) if names else frame.copy()
    for key in verdicts.column_names:
        if key != "id" or "id" not in found.columns:
            values = verdicts.column(key).to_pylist()
            found[key] = _series(values, frame)
    return found


def raws_of_frame(frame: Any) -> list[RawProject]:
    """Return the rows of a GeoDataFrame as projects; they are called by the column ``id``, else by the index."""
    here = in_degrees(frame)
    shapes = list(here.geometry)
    others = here.drop(columns=[here.geometry.name])
    rows = others.to_dict("records")
    return [
        _raw(row, label, shape, number)
        for number, (row, label, shape) in enumerate(zip(rows, here.index, shapes, strict=True), 1)
    ]


def _raw(row: Mapping[Any, Any], label: Any, shape: Any, number: int) -> RawProject:
    facts = {str(key): _plain(value) for key, value in row.items()}
    facts = {key: value for key, value in facts.items() if value is not None}
    name = str(facts.pop("id", None) or label)
    place = None if shape is None else json.loads(shapely.to_geojson(shape))
    return RawProject(name, place, facts, {"id": name, "geometry": place, "facts": facts}, Where("table", number))


def _plain(value: Any) -> Any:
    """Return a cell as Python has it, None for what pandas takes for missing."""
    if hasattr(value, "tolist"):  # of numpy
        value = value.tolist()
    if (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in ("NAType", "NaTType")
    ):
        return None
    return value


def _series(values: list[Any], frame: Any) -> Any:
    import pandas

    return pandas.Series(values, index=frame.index, dtype=object if values and isinstance(values[0], list) else None)


def _geopandas() -> Any:
    try:
        import geopandas
    except ImportError as error:
        raise UnavailableError(
            "a GeoDataFrame needs GeoPandas, which is not installed", hint='pip install "yudi[notebook]"'
        ) from error
    return geopandas
