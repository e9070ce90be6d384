"""Writes the worked example's units as bureaus hand them over: any format, any reference system, with its faults."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyogrio.raw import write

CODES = ("ZH50010220003", "ZH50010230001")
NAMES = ("涪陵区重点管控单元—甲园区", "涪陵区一般管控单元")
SHAPES = (shapely.box(107.35, 29.66, 107.45, 29.70), shapely.box(107.45, 29.66, 107.55, 29.70))
PARTS = ("shp", "shx", "dbf", "prj", "cpg")
Move = Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]


def units(
    path: Path,
    *,
    rows: Sequence[int] = (0, 1),
    codes: Sequence[str | None] = CODES,
    names: Sequence[str] = NAMES,
    shapes: Sequence[Any] = SHAPES,
    crs: str | None = "EPSG:4490",
    move: Move | None = None,
    **options: Any,
) -> Path:
    """Write the units to a Shapefile, GeoPackage or FileGDB, by the name's ending; `move` changes coordinates."""
    if path.suffix == ".gdb":
        options.setdefault("driver", "OpenFileGDB")
    moved = [shapes[row] if move is None else shapely.transform(shapes[row], move) for row in rows]
    blobs = shapely.to_wkb(np.array(moved, dtype=object))
    columns = [np.array([values[row] for row in rows], dtype=object) for values in (codes, names)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind = "MultiPolygon" if path.suffix == ".gdb" else options.pop("geometry_type", "Polygon")
        write(path, blobs, columns, np.array(["CODE", "NAME"]), geometry_type=kind, crs=crs, **options)
    return path


def shapefile(path: Path, *, encoding: str = "GBK", cpg: str | None = None, **options: Any) -> Path:
    """Write a Shapefile whose .cpg says what is asked, or is absent."""
    units(path, encoding=encoding, **options)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def geojson(path: Path, *, shapes: Sequence[Any] = SHAPES, codes: Sequence[Any] = CODES, **members: Any) -> Path:
    """Write GeoJSON; a mapping or None stands for a geometry as it is."""
    features = [
        {
            "type": "Feature",
            "properties": {"CODE": codes[row], "NAME": NAMES[row]},
            "geometry": shape if isinstance(shape, Mapping | None) else shapely.geometry.mapping(shape),
        }
        for row, shape in enumerate(shapes)
    ]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features, **members}, ensure_ascii=False), encoding="utf-8"
    )
    return path


def geoparquet(path: Path, **column: Any) -> Path:
    """Write GeoParquet; members of the geometry column's metadata can be added."""
    table = pa.table({"CODE": list(CODES), "NAME": list(NAMES), "geometry": shapely.to_wkb(np.array(SHAPES)).tolist()})
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", **column}}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def packed(path: Path, members: Mapping[str, bytes], *, encoding: str = "utf-8") -> Path:
    """Write a zip archive whose members' names are bytes of an encoding that nothing declares."""
    aliases = {}
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, data) in enumerate(members.items()):
            real = name.encode(encoding)
            alias = f"{number:03d}".ljust(len(real), "x").encode()
            aliases[alias] = real
            archive.writestr(alias.decode(), data)
    raw = path.read_bytes()
    for alias, real in aliases.items():
        raw = raw.replace(alias, real)
    path.write_bytes(raw)
    return path


def members(path: Path, name: str) -> dict[str, bytes]:
    """Return the parts of a Shapefile under another name."""
    parts = {part: path.with_suffix(f".{part}") for part in PARTS}
    return {f"{name}.{part}": place.read_bytes() for part, place in parts.items() if place.exists()}


def named(folder: Path, path: Path, *, entry: str = "") -> None:
    """Let the example's scheme name another map of units, with further lines for its entry."""
    scheme = folder / "scheme.toml"
    text = scheme.read_text(encoding="utf-8")
    old = 'path = "units.geojson"\n'
    assert old in text, "the example has changed"
    new = f'path = "{path.relative_to(folder).as_posix()}"\n{entry}'
    scheme.write_text(text.replace(old, new), encoding="utf-8")
