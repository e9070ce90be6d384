"""Tables with one project a row: CSV and Excel with coordinates or WKT, GeoParquet."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely

from yudi.core.errors import InputError, Where
from yudi.formats.cells import Sheet
from yudi.formats.crs import parse_crs, to_lonlat
from yudi.formats.layers import Limits
from yudi.formats.raw_projects import RawProject
from yudi.formats.sites.angles import read_angle
from yudi.formats.sites.plots import Asked

__all__ = ["parquet_projects", "sheet_projects"]

_DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?")
_SEXAGESIMAL = re.compile(r"[°º˚度′'″\":NSEWnsew东西南北]|\d[\s-]+\d")
_LON, _LAT, _WKT = (
    ("lon", "lng", "longitude", "x", "经度"),
    ("lat", "latitude", "y", "纬度"),
    ("wkt", "geometry", "geom"),
)


def sheet_projects(sheet: Sheet, path: Path, asked: Asked) -> Iterator[RawProject]:
    """Yield the projects of a sheet, one a row.

    Raises
    ------
    InputError
        Where the header names no place, or there are no rows.
    """
    header = [str(cell or "").strip() for cell in sheet.cells[0]]
    places = {kind: _column(header, names) for kind, names in (("lon", _LON), ("lat", _LAT), ("wkt", _WKT))}
    if places["wkt"] is None and (places["lon"] is None or places["lat"] is None):
        raise InputError(
            "expected columns lon and lat, or wkt",
            where=Where(path.name, 1),
            hint=f"the header has {', '.join(header[:12])}",
        )
    _refuse_doubled(header, path.name)
    taken = {index for index in places.values() if index is not None}
    if len(sheet.cells) < 2:
        raise InputError(
            "expected a project in each row, got a header only", where=Where(path.name, 1), hint="add rows"
        )
    for number, cells in enumerate(sheet.cells[1:], 2):
        if all(cell in (None, "") for cell in cells):
            continue
        facts = {
            name: cell
            for index, (name, cell) in enumerate(zip(header, cells, strict=False))
            if name and index not in taken and name != "id"
        }
        name = _id(cells[header.index("id")] if "id" in header else None, number - 1)
        yield RawProject(
            name,
            _beyond(cells, header, Where(path.name, number))
            or _cell_geometry(cells, places, header, Where(path.name, number), asked=asked),
            facts,
            {"id": name, "facts": _present(facts)},
            Where(path.name, number),
        )


def _beyond(cells: Sequence[Any], header: Sequence[str], where: Where) -> InputError | None:
    """Return what is wrong with a row that holds a value under no header: a comma too many shifts what follows."""
    for index, cell in enumerate(cells):
        if cell not in (None, "") and (index >= len(header) or not header[index]):
            return InputError(
                f"a value under no header: {cell!r}", where=where, hint="name the column, or quote a text with commas"
            )
    return None


def _present(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value not in (None, "")}


def _id(value: Any, number: int) -> str:
    if value in (None, ""):
        return str(number)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    lower = [name.casefold() for name in header]
    return next((lower.index(name) for name in names if name in lower), None)


def _refuse_doubled(header: Sequence[str], file: str) -> None:
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise InputError(
            f"expected each column once, got {', '.join(map(repr, doubled))} more than once",
            where=Where(file, 1, doubled[0]),
            hint="rename or remove one of them",
        )


def _cell_geometry(
    cells: Sequence[Any], places: Mapping[str, int | None], header: Sequence[str], where: Where, *, asked: Asked
) -> Any:
    """Return a row's geometry, or what is wrong with it: one bad row stops no other."""
    crs = {"crs": asked.crs} if asked.crs else {}
    try:
        if places["wkt"] is not None:
            return {**_wkt(cells[places["wkt"]], replace(where, field=header[places["wkt"]])), **crs}
        lon, lat = places["lon"], places["lat"]
        assert lon is not None, "checked with the header"
        assert lat is not None, "checked with the header"
        named = zip((lon, lat), ("lon", "lat"), strict=True)
        degrees = [
            _degrees(cells[place], replace(where, field=header[place]), axis, asked.angles) for place, axis in named
        ]
    except InputError as error:
        return error
    return {"type": "Point", "coordinates": degrees, **crs}


def _degrees(cell: Any, where: Where, axis: str, packed: str) -> float:
    """Return a cell as a number, also one of degrees, minutes and seconds; all cells of a text file are texts."""
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
    if not packed and isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    if not packed and _DECIMAL.fullmatch(text):
        return float(text)
    if cell in (None, "") or not (packed or _SEXAGESIMAL.search(text)):
        got = "an empty cell" if cell in (None, "") else repr(cell)
        hint = "write degrees with a decimal point, such as 107.4123"
        raise InputError(f"expected a number, got {got}", where=where, hint=hint)
    angle = read_angle(cell, where=where, packed=packed)
    if angle.axis and angle.axis != axis:
        message = f"expected a {'longitude' if axis == 'lon' else 'latitude'}, got {cell!r}"
        raise InputError(message, where=where, hint="exchange the two columns, or correct the letter for the side")
    return angle.degrees


def _wkt(text: Any, where: Where) -> Any:
    if text in (None, ""):
        raise InputError("expected a geometry as WKT, got an empty cell", where=where, hint="fill it in")
    try:
        return json.loads(shapely.to_geojson(shapely.from_wkt(str(text))))
    except (shapely.errors.GEOSException, ValueError) as error:
        message = f"expected a geometry as WKT, got {str(text)[:60]!r}"
        raise InputError(message, where=where, hint="for example POINT (107.4123 29.6812)") from error


def parquet_projects(path: Path) -> Iterator[RawProject]:
    """Yield the projects of a GeoParquet file, one a row; InputError where it names no reference system."""
    from yudi.formats.geoparquet import read_geoparquet

    limits = Limits()
    limits.hold("max_file_bytes", path.stat().st_size, path.name)
    table = read_geoparquet(path, path.name, limits)
    where = Where(path.name, None, "crs")
    stated = table.crs or table.default_crs
    if stated is None:
        raise InputError("expected a reference system, got none", where=where, hint="write the file with its system")
    geometry = to_lonlat(table.geometry, parse_crs(stated, where=where), where=where)
    names = [name for name in table.columns.column_names if name != "id"]
    columns = {name: table.columns.column(name).to_pylist() for name in names}
    ids = table.columns.column("id").to_pylist() if "id" in table.columns.column_names else [None] * len(table.rows)
    for index, row in enumerate(table.rows):
        shape = None if geometry[index] is None else json.loads(shapely.to_geojson(geometry[index]))
        facts = {name: columns[name][index] for name in names}
        name = _id(ids[index], int(row))
        yield RawProject(name, shape, facts, {"id": name, "facts": _present(facts)}, Where(path.name, int(row)))
