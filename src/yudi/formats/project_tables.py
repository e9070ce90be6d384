"""Tables with one project a row: CSV and Excel with coordinates or WKT, GeoParquet."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from yudi.core.errors import InputError, Where, YudiError
from yudi.formats.cells import Sheet
from yudi.formats.crs import parse_crs, to_lonlat
from yudi.formats.layers import Limits
from yudi.formats.raw_projects import RawProject
from yudi.formats.sites.angles import read_angle
from yudi.formats.sites.plots import Asked

__all__ = [
    "ParquetRows",
    "SheetForm",
    "in_lonlat",
    "no_rows",
    "parquet_projects",
    "row_names",
    "sheet_form",
    "sheet_projects",
]

_DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?")
_SEXAGESIMAL = re.compile(r"[°º˚度′'″\":NSEWnsew东西南北]|\d[\s-]+\d")
_LON, _LAT, _WKT = (
    ("lon", "lng", "longitude", "x", "经度"),
    ("lat", "latitude", "y", "纬度"),
    ("wkt", "geometry", "geom"),
)


@dataclass(frozen=True)
class SheetForm:
    """What the header of a table says: where a row's place stands, and what its other columns are called.

    Parameters
    ----------
    places : mapping
        Index of the columns ``lon``, ``lat`` and ``wkt``, None where there is none.
    """

    file: str
    header: tuple[str, ...]
    places: Mapping[str, int | None]
    asked: Asked

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Where the columns stand that say something of a project: all but its name and its place."""
        taken = set(self.places.values())
        return {name: index for index, name in enumerate(self.header) if name and name != "id" and index not in taken}

    @property
    def names(self) -> tuple[str, ...]:
        """Return what those columns are called."""
        return tuple(self.columns)

    @cached_property
    def id_at(self) -> int | None:
        """Where the column with the projects' names stands, None where there is none."""
        return self.header.index("id") if "id" in self.header else None

    def project(self, cells: Sequence[Any], number: int) -> RawProject | None:
        """Return the project of a row as long as the header at least, None of an empty one."""
        if all(cell in (None, "") for cell in cells):
            return None
        facts = {name: cells[index] for name, index in self.columns.items()}
        where = Where(self.file, number)
        name = _id(cells[self.id_at] if self.id_at is not None else None, number - 1)
        geometry = _beyond(cells, self.header, where) or _cell_geometry(
            cells, self.places, self.header, where, asked=self.asked
        )
        return RawProject(name, geometry, facts, {"id": name, "facts": _present(facts)}, where)


def sheet_form(header: Sequence[Any], file: str, asked: Asked) -> SheetForm:
    """Return what a header says.

    Raises
    ------
    InputError
        Where it names no place, or a column twice.
    """
    names = tuple(str(cell or "").strip() for cell in header)
    places = {kind: _column(names, known) for kind, known in (("lon", _LON), ("lat", _LAT), ("wkt", _WKT))}
    if places["wkt"] is None and (places["lon"] is None or places["lat"] is None):
        raise InputError(
            "expected columns lon and lat, or wkt",
            where=Where(file, 1),
            hint=f"the header has {', '.join(names[:12])}",
        )
    _refuse_doubled(names, file)
    return SheetForm(file, names, places, asked)


def no_rows(file: str) -> InputError:
    """Return the error for a table without rows."""
    return InputError("expected a project in each row, got a header only", where=Where(file, 1), hint="add rows")


def sheet_projects(sheet: Sheet, path: Path, asked: Asked) -> Iterator[RawProject]:
    """Yield the projects of a sheet, one a row.

    Raises
    ------
    InputError
        Where the header names no place, or there are no rows.
    """
    form = sheet_form(sheet.cells[0], path.name, asked)
    if len(sheet.cells) < 2:
        raise no_rows(path.name)
    for number, cells in enumerate(sheet.cells[1:], 2):
        found = form.project(cells, number)
        if found is not None:
            yield found


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


def row_names(values: Any, numbers: Any) -> pa.Array:
    """Return the names of rows (pyarrow strings): what stands in their column, else their numbers.

    Parameters
    ----------
    values : pyarrow Array, ChunkedArray or None
    numbers : int array
    """
    if values is None:
        return pa.array(numbers.astype(str))
    return pa.array([_id(value, number) for value, number in zip(values.to_pylist(), numbers.tolist(), strict=True)])


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
    geometry = in_lonlat(table.geometry, table.crs or table.default_crs, path.name)
    rows = ParquetRows(path.name, table.rows, geometry, table.columns)
    return (rows.project(index) for index in range(len(rows)))


def in_lonlat(geometry: Any, stated: str | None, file: str) -> Any:
    """Return geometries in lon/lat; InputError where no reference system is stated, or none that is known."""
    where = Where(file, None, "crs")
    if stated is None:
        raise InputError("expected a reference system, got none", where=where, hint="write the file with its system")
    return to_lonlat(geometry, parse_crs(stated, where=where), where=where)


class ParquetRows:
    """Rows of a GeoParquet file, each a project when it is asked for.

    Parameters
    ----------
    numbers : int array
        Numbers of the rows, from 1.
    geometry : object array of shapely geometries in lon/lat, or None
    columns : pyarrow.Table
        All other columns, plain.
    wrong : mapping of int to YudiError
        What is wrong with the geometry of some, by their place here.
    """

    def __init__(
        self, file: str, numbers: Any, geometry: Any, columns: Any, *, wrong: Mapping[int, YudiError] | None = None
    ) -> None:
        self.file, self.numbers, self.geometry, self.columns = file, numbers, geometry, columns
        self.wrong = wrong or {}

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def _values(self) -> dict[str, list[Any]]:
        return {name: self.columns.column(name).to_pylist() for name in self.columns.column_names}

    def project(self, index: int) -> RawProject:
        """Return the project of the row at a place here, from 0."""
        number, shape = int(self.numbers[index]), self.geometry[index]
        place = self.wrong.get(index) or (None if shape is None else json.loads(shapely.to_geojson(shape)))
        facts = {name: values[index] for name, values in self._values.items()}
        name = _id(facts.pop("id", None), number)
        return RawProject(name, place, facts, {"id": name, "facts": _present(facts)}, Where(self.file, number))
