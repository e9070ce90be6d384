"""Projects as people bring them: JSON, YAML, GeoJSON, and tables with coordinates."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import shapely
import yaml

from yudi.core.errors import InputError, LimitError, NotFoundError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.site_geometry import read_site
from yudi.formats.crs import parse_crs, site_to_lonlat, to_lonlat
from yudi.formats.layers import Limits
from yudi.formats.plain_files import StrictLoader
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.projects import Project, read_facts

__all__ = ["RawProject", "facts_from", "is_table", "project_from", "read_projects"]

_BYTES = 200 * 2**20
_TEXTS = (".json", ".geojson")
_KEYS = ("id", "geometry", "facts", "name", "note")
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".parquet", ".geoparquet")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?")
_LON, _LAT, _WKT = (
    ("lon", "lng", "longitude", "x", "经度"),
    ("lat", "latitude", "y", "纬度"),
    ("wkt", "geometry", "geom"),
)


@dataclass(frozen=True)
class RawProject:
    """A project as it was written, before the vocabulary of an edition reads it.

    In place of a geometry stands the error of one that cannot be read, so that it stops no other of its file.
    """

    id: str
    geometry: Any
    facts: Mapping[str, Any]
    given: Mapping[str, Any]
    where: Where


def is_table(path: Path) -> bool:
    """Tell whether a file has one project a row."""
    return path.suffix.lower() in _TABLES


def read_projects(path: Path) -> list[RawProject]:
    """Return the projects of a file, in order.

    Raises
    ------
    NotFoundError, InputError, LimitError
        Where the file is missing, too large, or not what its ending says.
    """
    if not path.is_file():
        raise NotFoundError("no such project file", where=Where(str(path)), hint="check the path")
    if path.stat().st_size > _BYTES:
        raise LimitError(f"larger than {_BYTES} bytes", where=Where(path.name), hint="split the file")
    if is_table(path):
        return list(_rows(path))
    data = _load(path)
    if isinstance(data, Mapping) and data.get("type") == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise InputError(
                "expected a list of features", where=Where(path.name, None, "features"), hint="see GeoJSON, RFC 7946"
            )
        _refuse_outer_crs(data, Where(path.name))
        if not features:
            raise InputError("expected a project, got nothing", where=Where(path.name, None, "features"), hint=_form())
        return [_each(item, path, index) for index, item in enumerate(features, 1)]
    items = data if isinstance(data, list) else [data]
    if not items:
        raise InputError("expected a project, got nothing", where=Where(path.name), hint=_form())
    if len(items) == 1:
        return [_one(items[0], path, None, path.stem)]
    return [_each(item, path, index) for index, item in enumerate(items, 1)]


def project_from(raw: RawProject, vocabulary: Vocabulary, *, today: date | None = None) -> Project:
    """Return the project with its site in lon/lat and its facts checked.

    Raises
    ------
    InputError, LimitError
        Naming file, row and field; also for an answer that was given after today.
    """
    findings: tuple[Finding, ...] = ()
    if isinstance(raw.geometry, InputError):
        raise raw.geometry
    try:
        if isinstance(raw.geometry, Mapping):
            declared = raw.geometry.get("crs")
            plain, findings = site_to_lonlat(raw.geometry, _crs_name(declared, raw.where), file=raw.where.file)
            site, notes = read_site(plain, file=raw.where.file)
        else:
            site, notes = read_site(raw.geometry, file=raw.where.file)
    except InputError as error:
        raise InputError(error.message, where=_at(error.where, raw.where), hint=error.hint) from error
    facts, carried = facts_from(raw, vocabulary, today=today)
    return Project(raw.id, site, facts, carried, raw.given, (*findings, *notes))


def facts_from(
    raw: RawProject, vocabulary: Vocabulary, *, today: date | None = None
) -> tuple[dict[str, Value], dict[str, Any]]:
    """Return the checked facts of a project, also of one without a place, and what was carried along.

    Raises
    ------
    InputError
        Naming file, row and field; also for an answer that was given after today.
    """
    _refuse_outer_facts(raw, vocabulary)
    facts, carried = read_facts(raw.facts, vocabulary, raw.where)
    for key, value in facts.items():
        if today is not None and value.on is not None and value.on > today:
            where = Where(raw.where.file, raw.where.row, key)
            raise InputError(f"the date lies in the future, got {value.on}", where=where, hint="correct the date")
    return facts, carried


def _crs_name(declared: Any, where: Where) -> str | None:
    """Return the system that a person declared: a name, or GeoJSON's old form with properties.name."""
    if isinstance(declared, Mapping):
        inner = declared.get("properties")
        declared = inner.get("name") if isinstance(inner, Mapping) else None
        if declared is None:
            raise InputError(
                "expected the name of a reference system",
                where=Where(where.file, where.row, "geometry.crs"),
                hint='for example "crs": "EPSG:4490"',
            )
    return None if declared is None else str(declared)


def _at(inner: Where, outer: Where) -> Where:
    return Where(inner.file or outer.file, inner.row or outer.row, inner.field)


def _form() -> str:
    return 'write {"id": …, "geometry": GeoJSON in lon/lat, "facts": {…}}'


def _load(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("expected UTF-8 text", where=Where(path.name), hint="save the file as UTF-8") from error
    if not text.strip():
        raise InputError("expected a project, got an empty file", where=Where(path.name), hint=_form())
    suffix = path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        try:
            return yaml.load(text, Loader=StrictLoader)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            row = mark.line + 1 if mark is not None else None
            problem = getattr(error, "problem", None) or "it cannot be read"
            raise InputError(
                f"not YAML: {problem}", where=Where(path.name, row), hint="check indents and colons there"
            ) from error
    try:
        return json.loads(text, object_pairs_hook=partial(_once, path.name))
    except json.JSONDecodeError as error:
        if suffix not in _TEXTS and not text.lstrip().startswith(("{", "[")):
            raise InputError(
                f"expected a project file, got one that ends in {path.suffix!r}",
                where=Where(path.name),
                hint=f"use {', '.join((*_TEXTS, '.yaml', *_TABLES))}",
            ) from error
        raise InputError(f"not JSON: {error.msg}", where=Where(path.name, error.lineno), hint=_form()) from error
    except RecursionError as error:
        raise InputError("nested too deeply", where=Where(path.name), hint=_form()) from error
    except InputError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"not a number that can be read: {error}", where=Where(path.name), hint=_form()) from error


def _once(file: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; of a key that stands twice nobody could say which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InputError(f"the key {twice!r} stands twice", where=Where(file, None, twice), hint="keep one of the two")
    return found


def _refuse_outer_crs(item: Mapping[str, Any], where: Where) -> None:
    if item.get("crs") is not None:
        raise InputError(
            "crs belongs inside geometry",
            where=Where(where.file, where.row, "crs"),
            hint='write "geometry": {"crs": "EPSG:…", "type": …}',
        )


def _refuse_outer_facts(raw: RawProject, vocabulary: Vocabulary) -> None:
    """Refuse a fact that stands beside `facts`, where nobody would read it."""
    if raw.given.get("type") == "Feature":
        return
    for key in raw.given:
        if key not in (*_KEYS, *raw.facts) and vocabulary.fact(str(key)) is not None:
            raise InputError(
                f"the fact {key!r} belongs inside facts",
                where=Where(raw.where.file, raw.where.row, str(key)),
                hint='write "facts": {"' + str(key) + '": …}',
            )


def _each(item: Any, path: Path, row: int) -> RawProject:
    """Return one project of several."""
    name = f"{path.stem}-{row}"
    try:
        return _one(item, path, row, name)
    except InputError as error:
        return RawProject(name, error, {}, {}, Where(path.name, row))


def _one(item: Any, path: Path, row: int | None, name: str) -> RawProject:
    where = Where(path.name, row)
    if not isinstance(item, Mapping):
        raise InputError(f"expected a project, got {item!r:.60}", where=where, hint=_form())
    _refuse_outer_crs(item, where)
    if item.get("type") == "Feature":
        facts = item.get("properties") or {}
        if not isinstance(facts, Mapping):
            raise InputError(
                "expected properties to be a mapping", where=Where(path.name, row, "properties"), hint=_form()
            )
        own = {key: value for key, value in facts.items() if key != "id"}
        return RawProject(str(item.get("id") or facts.get("id") or name), item.get("geometry"), own, item, where)
    facts = item.get("facts") or {}
    if not isinstance(facts, Mapping):
        raise InputError("expected facts to be a mapping", where=Where(path.name, row, "facts"), hint=_form())
    for key in item:
        close = near(str(key), _KEYS) if key not in _KEYS else []
        if close:
            raise InputError(f"no key {key!r}", where=Where(path.name, row, str(key)), hint=f"did you mean {close[0]}?")
    return RawProject(str(item.get("id") or name), item.get("geometry"), facts, item, where)


def _rows(path: Path) -> Iterator[RawProject]:
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        yield from _parquet_rows(path)
        return
    from yudi.formats.sheets import read_sheets

    sheet = read_sheets(path)[0]
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
            or _cell_geometry(cells, places, header, Where(path.name, number)),
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


def _cell_geometry(cells: Sequence[Any], places: Mapping[str, int | None], header: Sequence[str], where: Where) -> Any:
    """Return a row's geometry, or what is wrong with it: one bad row stops no other."""
    try:
        if places["wkt"] is not None:
            return _wkt(cells[places["wkt"]], replace(where, field=header[places["wkt"]]))
        lon, lat = places["lon"], places["lat"]
        assert lon is not None, "checked with the header"
        assert lat is not None, "checked with the header"
        degrees = [_degrees(cells[place], replace(where, field=header[place])) for place in (lon, lat)]
    except InputError as error:
        return error
    return {"type": "Point", "coordinates": degrees}


def _degrees(cell: Any, where: Where) -> float:
    """Return a cell as a number; all cells of a text file are texts."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
    if _DECIMAL.fullmatch(text):
        return float(text)
    got = "an empty cell" if cell in (None, "") else repr(cell)
    hint = "write degrees with a decimal point, such as 107.4123"
    raise InputError(f"expected a number, got {got}", where=where, hint=hint)


def _wkt(text: Any, where: Where) -> Any:
    if text in (None, ""):
        raise InputError("expected a geometry as WKT, got an empty cell", where=where, hint="fill it in")
    try:
        return json.loads(shapely.to_geojson(shapely.from_wkt(str(text))))
    except (shapely.errors.GEOSException, ValueError) as error:
        message = f"expected a geometry as WKT, got {str(text)[:60]!r}"
        raise InputError(message, where=where, hint="for example POINT (107.4123 29.6812)") from error


def _parquet_rows(path: Path) -> Iterator[RawProject]:
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
