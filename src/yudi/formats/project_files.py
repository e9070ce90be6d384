"""Projects as people bring them: JSON, YAML, GeoJSON, and tables with coordinates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError, LimitError, NotFoundError, Where, YudiError
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.site_geometry import read_site
from yudi.formats.crs import site_to_lonlat
from yudi.formats.plain_files import StrictLoader
from yudi.formats.project_tables import parquet_projects, sheet_projects
from yudi.formats.raw_projects import RawProject
from yudi.formats.site_projects import names_file, projects_of, with_site
from yudi.formats.sites.angles import plain_degrees
from yudi.formats.sites.plots import Asked
from yudi.formats.sites.reading import is_site_file, read_sites, table_sites
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.projects import Project, read_facts

__all__ = [
    "PARQUET",
    "RawProject",
    "facts_from",
    "is_table",
    "place_of",
    "project_from",
    "read_projects",
    "with_facts",
]

_BYTES = 200 * 2**20
_TEXTS = (".json", ".geojson")
_KEYS = ("id", "geometry", "facts", "name", "note")
PARQUET = (".parquet", ".geoparquet")
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", *PARQUET)
_ASKED = Asked()


def is_table(path: Path) -> bool:
    """Tell whether a file has one project a row."""
    return path.suffix.lower() in _TABLES


def read_projects(path: Path, *, asked: Asked = _ASKED, facts: Mapping[str, Any] | None = None) -> list[RawProject]:
    """Return the projects of a file, in order.

    Parameters
    ----------
    asked : Asked
        What is said of coordinates that come from a file with a site, or whose table names no system.
    facts : mapping, optional
        Facts for every project beside those of the file.

    Raises
    ------
    NotFoundError, InputError, LimitError
        Where the file is missing, too large, or not what its ending says; where a fact is stated twice.
    """
    if not path.is_file():
        raise NotFoundError("no such project file", where=Where(str(path)), hint="check the path")
    if path.stat().st_size > _BYTES:
        raise LimitError(f"larger than {_BYTES} bytes", where=Where(path.name), hint="split the file")
    raws = [_sited(raw, path, asked) for raw in _read(path, asked)]
    return [with_facts(raw, facts) for raw in raws] if facts else raws


def _read(path: Path, asked: Asked) -> list[RawProject]:
    """Return what a file holds by its kind."""
    if is_site_file(path):
        return projects_of(read_sites(path, asked), path)
    if path.suffix.lower() in PARQUET:
        return list(parquet_projects(path))
    if is_table(path):
        from yudi.formats.sheets import read_sheets

        sheets = read_sheets(path)
        sites = table_sites(sheets, path, asked)
        return list(sheet_projects(sheets[0], path, asked)) if sites is None else projects_of(sites, path)
    return [_in_system(raw, asked.crs) for raw in _documents(path)]


def _in_system(raw: RawProject, crs: str) -> RawProject:
    """Return a project with the system asked for, where it states none beside its coordinates."""
    if not crs or not isinstance(raw.geometry, Mapping) or names_file(raw.geometry) or "crs" in raw.geometry:
        return raw
    geometry = {**raw.geometry, "crs": crs}
    return replace(raw, geometry=geometry, given={**raw.given, "geometry": geometry})


def _sited(raw: RawProject, path: Path, asked: Asked) -> RawProject:
    """Return a project with the site of the file that its geometry names, and with the system asked for."""
    if raw.site is not None or not isinstance(raw.geometry, Mapping):
        return raw
    if not names_file(raw.geometry):
        return raw
    try:
        return with_site(raw, path.parent, asked.extent)
    except YudiError as error:
        return replace(raw, geometry=error)


def with_facts(raw: RawProject, facts: Mapping[str, Any]) -> RawProject:
    """Return a project with further facts beside its own; one that states one of them itself is wrong then."""
    twice = next((key for key in facts if key in raw.facts and raw.facts[key] not in (None, "")), None)
    if twice is not None:
        error = InputError(
            f"the fact {twice!r} is stated in the file and beside it",
            where=Where(raw.where.file, raw.where.row, twice),
            hint="keep one of the two",
        )
        return replace(raw, geometry=error)
    both = {**raw.facts, **facts}
    return replace(raw, facts=both, given={**raw.given, "facts": both} if "facts" in raw.given else raw.given)


def _documents(path: Path) -> list[RawProject]:
    """Return the projects of a JSON, GeoJSON or YAML file."""
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


def place_of(raw: RawProject) -> tuple[BaseGeometry, tuple[Finding, ...]]:
    """Return the site of a project in lon/lat degrees, and what was noticed and repaired.

    Raises
    ------
    InputError, LimitError
        Naming file, row and field.
    """
    findings: tuple[Finding, ...] = ()
    if isinstance(raw.geometry, YudiError):
        raise raw.geometry
    if names_file(raw.geometry):
        hint = "write both into a file, and give that; or give the coordinates"
        raise InputError("only a project in a file may name a file", where=Where(field="geometry.file"), hint=hint)
    try:
        if isinstance(raw.geometry, Mapping):
            declared = raw.geometry.get("crs")
            written = plain_degrees(raw.geometry, where=raw.where)
            plain, findings = site_to_lonlat(written, _crs_name(declared, raw.where), file=raw.where.file)
            site, notes = read_site(plain, file=raw.where.file)
        else:
            site, notes = read_site(raw.geometry, file=raw.where.file)
    except InputError as error:
        raise InputError(error.message, where=_at(error.where, raw.where), hint=error.hint) from error
    return site, (*raw.findings, *findings, *notes)


def project_from(raw: RawProject, vocabulary: Vocabulary, *, today: date | None = None) -> Project:
    """Return the project with its site in lon/lat and its facts checked.

    Raises
    ------
    InputError, LimitError
        Naming file, row and field; also for an answer that was given after today.
    """
    site, findings = place_of(raw)
    facts, carried = facts_from(raw, vocabulary, today=today)
    return Project(raw.id, site, facts, carried, raw.given, findings)


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
