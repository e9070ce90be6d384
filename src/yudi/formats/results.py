"""Verdicts as files: GeoJSON, Excel, CSV and GeoParquet, one project a row; written in parts that are joined in the end.

A part holds what came of one batch of rows, in a form that can be joined to the file without being read again (of Excel:
rows as JSON). A folder of GeoParquet is its parts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from yudi.core.errors import InputError, LimitError, Where
from yudi.formats.sheets import write_table
from yudi.formats.table_files import ROWS_MAX, csv_text
from yudi.territory.tables import COLUMNS

__all__ = ["SUFFIXES", "ResultForm", "check_place", "check_rows", "join_parts", "write_part"]

SUFFIXES = (".geojson", ".xlsx", ".csv", ".parquet")
_SHEETS = {"zh": "研判结果", "en": "Verdicts"}
_WIDTHS = {"verdict": 14, "presumed": 14, "possible": 24, "units": 28, "as_of": 12, "uncovered_share": 10}
_WIDE = ("applied", "open", "needs", "assuming", "unverified")
_MARK = "\ufeff"


@dataclass(frozen=True)
class ResultForm:
    """What all parts of a result share.

    Parameters
    ----------
    suffix : str
        One of `SUFFIXES`; ``.parquet`` also for a folder of parts.
    carried : tuple of str
        Columns and properties of the projects that no fact is, in order of appearance: they go along.
    as_of : str
        Day of the question, in ISO form.
    editions : tuple of str
        Their ids.
    lang : str
        Language in which a sheet is called.
    """

    suffix: str
    carried: tuple[str, ...]
    as_of: str
    editions: tuple[str, ...]
    is_illustrative: bool
    lang: str = "en"

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the columns of a sheet."""
        return (*COLUMNS, "as_of", "edition", "illustrative", *map(_own, self.carried))


def write_part(
    form: ResultForm,
    path: Path,
    verdicts: pa.Table,
    *,
    sites: Sequence[bytes] = (),
    carried: Mapping[str, Sequence[Any]] = MappingProxyType({}),
) -> None:
    """Write the verdicts on one batch as a part.

    Parameters
    ----------
    verdicts : pyarrow.Table
        With the columns of `yudi.territory.tables`.
    sites : sequence of bytes
        Well-known binary, lon/lat, one a row.
    carried : mapping of name to values
        One a row; a name of the form that is missing here has none.
    """
    if form.suffix == ".parquet":
        pq.write_table(_geo_table(form, verdicts, sites, carried), path, compression="zstd")
    elif form.suffix == ".geojson":
        path.write_text(_features(form, verdicts, sites, carried), encoding="utf-8")
    elif form.suffix == ".csv":
        path.write_bytes(csv_text(_cells(form, verdicts, carried), path.name).encode())
    else:
        lines = (json.dumps(cells, ensure_ascii=False) + "\n" for cells in _cells(form, verdicts, carried))
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(lines)


def join_parts(form: ResultForm, parts: Sequence[Path], path: Path) -> None:
    """Join parts, in their order, to the one file that they make; no more than one of them is in memory.

    Raises
    ------
    LimitError
        For more rows than a sheet of Excel holds.
    """
    if form.suffix == ".parquet":
        _join_parquet(form, parts, path)
    elif form.suffix == ".geojson":
        _join_features(parts, path)
    elif form.suffix == ".csv":
        with path.open("wb") as stream:
            stream.write((_MARK + csv_text([form.headers], path.name)).encode())
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, stream)
    else:
        widths = [40 if name in _WIDE else _WIDTHS.get(name, 18) for name in form.headers]
        write_table(path, form.headers, _lines(parts), sheet=_SHEETS[form.lang], widths=widths)


def check_place(path: Path, suffixes: Sequence[str] = SUFFIXES) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    InputError
        For an ending that is none of the suffixes, and where a folder has the name or a file stands in for the folder.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(
            f"cannot write {path.suffix or 'a file without ending'}",
            where=Where(str(path)),
            hint=f"use {', '.join(suffixes)}",
        )
    if path.is_dir() or any(above.exists() and not above.is_dir() for above in path.parents):
        raise InputError(
            "expected a place to write to, got a folder or a file that stands in for one",
            where=Where(str(path)),
            hint="check the folder",
        )


def check_rows(suffix: str, rows: int, file: str) -> None:
    """Refuse more rows than a file of that ending holds, before the work is done.

    Raises
    ------
    LimitError
        For Excel, which has 1,048,576 rows with the header.
    """
    if suffix == ".xlsx" and rows >= ROWS_MAX:
        message = f"expected at most {ROWS_MAX - 1:,} rows, which is what a sheet of Excel holds, got {rows:,}"
        raise LimitError(message, where=Where(file), hint="write .parquet or .csv")


def _features(
    form: ResultForm, verdicts: pa.Table, sites: Sequence[bytes], carried: Mapping[str, Sequence[Any]]
) -> str:
    """Return the features of a part as they stand in the file's list, without commas around them."""
    more = {"as_of": form.as_of, "editions": list(form.editions), "illustrative": form.is_illustrative}
    shapes = shapely.from_wkb(list(sites)) if len(sites) else []
    columns = {key: carried.get(key) or [None] * len(sites) for key in form.carried}
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "properties": {**row, **more} | {_own(key): values[index] for key, values in columns.items()},
            "geometry": json.loads(shapely.to_geojson(shapes[index])),
        }
        for index, row in enumerate(verdicts.to_pylist())
    ]
    text = json.dumps({"features": features}, ensure_ascii=False, indent=1, default=str)
    return text[text.index("[") + 1 : text.rindex("]")].strip("\n").rstrip()


def _join_features(parts: Sequence[Path], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{\n "type": "FeatureCollection",\n "features": [')
        has_some = False
        for part in parts:
            if part.stat().st_size:
                stream.write(",\n" if has_some else "\n")
                with part.open(encoding="utf-8") as source:
                    shutil.copyfileobj(source, stream)
                has_some = True
        stream.write("\n ]\n}" if has_some else "]\n}")


def _geo_table(
    form: ResultForm, verdicts: pa.Table, sites: Sequence[bytes], carried: Mapping[str, Sequence[Any]]
) -> pa.Table:
    table = verdicts
    for key in form.carried:
        values = carried.get(key) or [None] * table.num_rows
        texts = pa.array([None if value is None else str(value) for value in values], pa.string())
        table = table.append_column(_own(key), texts)
    table = table.append_column("geometry", pa.array(list(sites), pa.binary()))
    return table.replace_schema_metadata(_metadata(form, _kinds(sites)))


def _kinds(sites: Sequence[bytes]) -> list[str]:
    """Return the kinds of geometry, sorted; one site is read for each beginning that their bytes have."""
    heads = {site[:5]: site for site in sites}  # byte order and kind
    return sorted({shapely.from_wkb(site).geom_type for site in heads.values()})


def _metadata(form: ResultForm, kinds: Sequence[str]) -> dict[str, str]:
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": list(kinds)}},
    }
    asked = {"as_of": form.as_of, "editions": list(form.editions), "illustrative": form.is_illustrative}
    return {"geo": json.dumps(geo), "yudi": json.dumps(asked)}


def _join_parquet(form: ResultForm, parts: Sequence[Path], path: Path) -> None:
    """Copy parts as row groups into one file, whose metadata names the kinds of geometry of all."""
    schemas = [pq.read_schema(part) for part in parts]
    found = [json.loads(schema.metadata[b"geo"])["columns"]["geometry"]["geometry_types"] for schema in schemas]
    schema = schemas[0].with_metadata(_metadata(form, sorted({kind for kinds in found for kind in kinds})))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in parts:
            table = pq.read_table(part)
            if table.num_rows or len(parts) == 1:
                writer.write_table(table.replace_schema_metadata(schema.metadata))


def _cells(form: ResultForm, verdicts: pa.Table, carried: Mapping[str, Sequence[Any]]) -> Iterator[list[Any]]:
    """Yield the rows of a sheet."""
    edition = ";".join(name[:12] for name in form.editions)
    columns = [carried.get(key) for key in form.carried]
    for index, row in enumerate(verdicts.to_pylist()):
        yield [
            *(";".join(value) if isinstance(value, list) else value for value in row.values()),
            form.as_of,
            edition,
            form.is_illustrative,
            *(None if values is None else _cell(values[index]) for values in columns),
        ]


def _lines(parts: Sequence[Path]) -> Iterator[list[Any]]:
    for part in parts:
        with part.open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)


def _own(key: str) -> str:
    """Return the name of a column that goes along; one that is called as ours gets a mark."""
    return f"{key}_given" if key in (*COLUMNS, "as_of", "edition", "editions", "illustrative", "geometry") else key


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else json.dumps(value, ensure_ascii=False)
