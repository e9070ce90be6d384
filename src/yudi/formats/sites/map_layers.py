"""Sites in map files: every feature of a Shapefile or GeoPackage, plain or zipped, as it is drawn, nothing mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yudi.core.errors import InputError, Where
from yudi.core.words import Words
from yudi.formats.layers import Limits, RawLayer
from yudi.formats.sites.plots import Kind, Plot, Ring, SiteFile, SiteLimits, StatedArea, StatedSystem
from yudi.formats.sites.spellings import meant
from yudi.formats.vectors import read_raw

__all__ = ["read_map_sites"]

_FORMATS = {".shp": Words("Shapefile", "Shapefile"), ".gpkg": Words("GeoPackage", "GeoPackage")}
_KINDS: dict[int, Kind] = {0: "point", 1: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}


def read_map_sites(path: Path, limits: SiteLimits, *, layer: str = "") -> SiteFile:
    """Return the features of a map file's layer.

    Parameters
    ----------
    layer : str
        Which layer, or which file of an archive, where there are several.

    Raises
    ------
    InputError
        If it cannot be read whole and sure, or a feature has no geometry or one of another kind.
    LimitError
        For more than the limits.
    """
    bounds = Limits(limits.file_bytes, limits.plots, limits.vertices, limits.unpacked_bytes)
    raw, file = read_raw(path, layer=layer or None, limits=bounds)
    bounds.hold("max_features", len(raw.rows), file)
    if not len(raw.rows):
        raise InputError(
            "expected features, got an empty layer", where=Where(file), hint="check that the whole file was copied"
        )
    absent = np.flatnonzero(shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry))
    if len(absent):
        row = int(raw.rows[absent[0]])
        message = f"expected a shape in every feature, got {len(absent)} without"
        raise InputError(message, where=Where(file, row, "geometry"), hint="remove these features, or draw them")
    limits.check("vertices", int(shapely.get_num_coordinates(raw.geometry).sum()), file)
    records = raw.columns.to_pylist() if raw.columns.num_columns else [{} for _ in raw.rows]
    plots = tuple(
        _plot(shape, int(row), record, file) for shape, row, record in zip(raw.geometry, raw.rows, records, strict=True)
    )
    ending = Path(file).suffix.lower()
    system = StatedSystem(crs=_stated(raw), axes="fixed", where=Where(file, None, "crs"))
    return SiteFile(
        file, _FORMATS.get(ending, Words("地图文件", "map file")), plots, system, grouping="each", findings=raw.findings
    )


def _stated(raw: RawLayer) -> str:
    stated = raw.crs or raw.default_crs or ""
    return "" if "undefined" in stated.lower() else stated


def _plot(shape: Any, row: int, record: dict[str, Any], file: str) -> Plot:
    kind = _KINDS.get(int(shapely.get_type_id(shape)))
    known = {
        role: value for key, value in record.items() if (role := meant("columns", key)) and value not in (None, "")
    }
    name = str(known.get("name") or f"feature {row}")
    where = Where(file, row, name)
    if kind is None:
        message = f"expected polygons, lines or points, got a {shape.geom_type}"
        raise InputError(message, where=where, hint="export the parts as layers of their own")
    parts = []
    for part in shapely.get_parts(shapely.force_2d(shape)):
        rings = [part.exterior, *part.interiors] if kind == "polygon" else [part]
        parts.append(tuple(_ring(shapely.get_coordinates(ring), row, name) for ring in rings))
    attributes = {key: value for key, value in record.items() if value not in (None, "")}
    return Plot(name, kind, tuple(parts), where, True, attributes, _area(known.get("area")))


def _ring(points: Any, row: int, name: str) -> Ring:
    return Ring(points, np.full(len(points), row), (), name)


def _area(value: Any) -> StatedArea | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return StatedArea(float(value), 0.0, f"{value:g}")
    return None
