"""A check of an edition as a GeoPackage that opens in QGIS to mend from: findings by kind of shape, and what they concern.

Layers, as far as there are any: ``findings_area``, ``findings_line``, ``findings_point``, ``findings_elsewhere`` (those
that lie nowhere, a table), and ``units`` (the units and zones concerned). The table ``layer_styles`` holds a default style of each.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write

from yudi.formats.findings.styles import style_of
from yudi.formats.layers import quiet_gdal
from yudi.formats.scratch import scratch_folder
from yudi.formats.table_files import put_file
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.decisiveness import Decisiveness
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.summary import by_kind

__all__ = ["write_map"]

_LAYERS = (
    (2, "findings_area", "MultiPolygon"),
    (1, "findings_line", "MultiLineString"),
    (0, "findings_point", "Point"),
)
_NOWHERE, _CONCERNED = "findings_elsewhere", "units"
_CRS = "EPSG:4326"
_VERSION = "1.2"  # of the GeoPackage standard: read by programs of the last ten years without a warning
_STYLES = """
CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
 f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
 description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
_DAY = "1980-01-01T00:00:00.000Z"  # so that the same findings give the same file


def write_map(
    found: Sequence[EditionFinding], edition: Edition, report: Decisiveness, path: Path, *, lang: str
) -> None:
    """Write findings to a .gpkg file in lon/lat (EPSG:4326).

    Raises
    ------
    InputError
        Where there is no place to write to.
    """
    as_of = report.as_of
    rows = [finding for group in by_kind(found) for finding in group.findings]
    with scratch_folder() as folder, quiet_gdal():
        made = folder / "findings.gpkg"
        placed = _placed(rows)
        names = []
        for dimension, name, kind in _LAYERS:
            index = np.flatnonzero(placed == dimension)
            if not len(index) and (dimension != 2 or len(rows)):
                continue  # an empty layer only asks to be looked at; a file without findings has one all the same
            shapes = _as_kind([rows[at].place for at in index], kind)
            _write(made, name, _columns([rows[at] for at in index], as_of), shapes=shapes, kind=kind)
            names.append(name)
        if elsewhere := [rows[at] for at in np.flatnonzero(placed < 0)]:
            _write(made, _NOWHERE, _columns(elsewhere, as_of))
        columns, concerned = _concerned(rows, edition)
        _write(made, _CONCERNED, columns, shapes=_as_kind(concerned, "MultiPolygon"), kind="MultiPolygon")
        _add_styles(made, [*names, _CONCERNED], lang)
        put_file(path, made.read_bytes())


def _placed(rows: Sequence[EditionFinding]) -> np.ndarray[Any, Any]:
    """Return the dimension of each finding's place; -1 of what lies nowhere."""
    places = np.array([*(row.place for row in rows), None], dtype=object)[:-1]
    empty = shapely.is_missing(places) | shapely.is_empty(places)
    dimensions: np.ndarray[Any, Any] = np.where(empty, -1, shapely.get_dimensions(places))
    return dimensions


def _as_kind(shapes: Sequence[Any], kind: str) -> np.ndarray[Any, Any]:
    """Return shapes as one type: a layer of a GeoPackage holds one."""
    found = np.array([*shapes, None], dtype=object)[:-1]
    if kind == "Point":
        return np.atleast_1d(shapely.point_on_surface(found))
    single = {"MultiPolygon": 3, "MultiLineString": 1}[kind]
    for at in np.flatnonzero(shapely.get_type_id(found) == single):
        found[at] = shapely.multipolygons([found[at]]) if single == 3 else shapely.multilinestrings([found[at]])
    return found


def _columns(rows: Sequence[EditionFinding], as_of: date) -> dict[str, Any]:
    numbers = [dict(row.numbers) for row in rows]
    return {
        "kind": [row.kind for row in rows],
        "severity": [row.severity for row in rows],
        "text_zh": [row.text.get("zh") for row in rows],
        "text_en": [row.text.get("en") for row in rows],
        "cure_zh": [row.cure.get("zh") for row in rows],
        "cure_en": [row.cure.get("en") for row in rows],
        "units": [";".join(row.units) for row in rows],
        "area_m2": np.array([_float(item.get("area_m2")) for item in numbers], float),
        "width_m": np.array([_float(item.get("width_m")) for item in numbers], float),
        "numbers": [json.dumps(item, ensure_ascii=False) for item in numbers],
        "as_of": [as_of.isoformat()] * len(rows),
    }


def _float(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _concerned(rows: Sequence[EditionFinding], edition: Edition) -> tuple[dict[str, Any], list[Any]]:
    """Return the units that findings name, and the zones of findings about a layer of zones, each once."""
    severity: dict[tuple[str, str], str] = {}
    counts: dict[tuple[str, str], int] = {}
    for row in rows:  # errors first, so that the gravest stands
        for code in row.units:
            key = (str(row.numbers.get("layer", "units")), code)
            severity.setdefault(key, row.severity)
            counts[key] = counts.get(key, 0) + 1
    columns: dict[str, Any] = {name: [] for name in ("layer", "code", "name", "class", "severity", "findings")}
    shapes = []
    for name in sorted({layer for layer, _ in severity} & set(edition.layers)):
        layer = edition.layers[name]
        codes, names = layer.column("code") or [], layer.column("name") or []
        classes = layer.column("class") or [""] * len(codes)
        for at, code in enumerate(codes):
            key = (name, str(code))
            if key in severity and shapely.get_dimensions(layer.geometry[at]) == 2:
                cells: tuple[Any, ...] = (name, code, names[at] or "", classes[at] or "", severity[key], counts[key])
                for field, value in zip(columns, cells, strict=True):
                    columns[field].append(value)
                shapes.append(layer.geometry[at])
    return {**columns, "findings": np.array(columns["findings"], np.int32)}, shapes


def _write(
    path: Path,
    layer: str,
    columns: dict[str, Any],
    *,
    shapes: np.ndarray[Any, Any] | None = None,
    kind: str | None = None,
) -> None:
    fields = [
        column if isinstance(column, np.ndarray) else np.array([*column, ""], object)[:-1]
        for column in columns.values()
    ]
    write(
        path,
        geometry=None if shapes is None else np.array([*shapely.to_wkb(shapes), None], dtype=object)[:-1],
        field_data=fields,
        fields=np.array(list(columns), dtype=object),
        layer=layer,
        driver="GPKG",
        geometry_type=kind,
        crs=None if shapes is None else _CRS,
        encoding="UTF-8",
        dataset_options={"VERSION": _VERSION},
    )


def _add_styles(path: Path, layers: Sequence[str], lang: str) -> None:
    """Add the table in which QGIS looks for the style of a layer when it opens it."""
    with closing(sqlite3.connect(path)) as base, base:
        geometry = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        base.execute(_STYLES)
        for name in layers:
            row = ("", "", name, geometry[name], name, style_of(name, lang), "", 1, "", "", None, _DAY)
            base.execute(f"INSERT INTO layer_styles VALUES (NULL{', ?' * len(row)})", row)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (_DAY,),
        )
        base.execute("UPDATE gpkg_contents SET last_change = ?", (_DAY,))
