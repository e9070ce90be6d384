"""Verdicts as files: GeoJSON, Excel, CSV and GeoParquet, one project a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError, Where
from yudi.territory.screening import Screening
from yudi.territory.tables import COLUMNS, row_of, table_of

__all__ = ["SUFFIXES", "Result", "check_place", "result_of", "write_results"]

SUFFIXES = (".geojson", ".xlsx", ".csv", ".parquet")
_SHEETS = {"zh": "研判结果", "en": "Verdicts"}
_WIDTHS = {"verdict": 14, "presumed": 14, "possible": 24, "units": 28, "as_of": 12, "uncovered_share": 10}
_WIDE = ("applied", "open", "needs", "assuming", "unverified")


@dataclass(frozen=True)
class Result:
    """What a file holds of one screening: little enough to keep it for many projects."""

    row: Mapping[str, Any]
    site: BaseGeometry
    carried: Mapping[str, Any]
    as_of: str
    editions: tuple[str, ...]
    is_illustrative: bool


def result_of(screening: Screening) -> Result:
    """Return what a file holds of a screening."""
    editions = screening.editions
    return Result(
        row_of(screening),
        screening.project.site,
        screening.project.carried,
        screening.as_of.isoformat(),
        tuple(edition.id for edition in editions),
        any(edition.is_illustrative for edition in editions),
    )


def write_results(results: Sequence[Result], path: Path, *, lang: str = "en") -> None:
    """Write the table of verdicts in the format that the file's ending names; a sheet is called in the language.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`.
    """
    check_place(path)
    suffix = path.suffix.lower()
    scratch = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".geojson":
            scratch.write_text(json.dumps(_collection(results), ensure_ascii=False, indent=1), encoding="utf-8")
        elif suffix == ".parquet":
            _write_parquet(results, scratch)
        else:
            scratch = path.with_name(f".part-{path.name}")
            _write_sheet(results, scratch, _SHEETS[lang])
        scratch.replace(path)
    except OSError as error:
        raise InputError(
            f"expected a place to write to, got {error.strerror}", where=Where(str(path)), hint="check the folder"
        ) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


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


def _collection(results: Sequence[Result]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": item.row["id"],
            "properties": {**item.row}
            | {"as_of": item.as_of, "editions": list(item.editions), "illustrative": item.is_illustrative}
            | {_own(key): value for key, value in item.carried.items()},
            "geometry": json.loads(shapely.to_geojson(item.site)),
        }
        for item in results
    ]
    return {"type": "FeatureCollection", "features": features}


def _write_parquet(results: Sequence[Result], path: Path) -> None:
    kinds = sorted({item.site.geom_type for item in results})
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": kinds}},
    }
    table = table_of([item.row for item in results])
    for key in _carried(results):
        values = [item.carried.get(key) for item in results]
        table = table.append_column(_own(key), pa.array([None if value is None else str(value) for value in values]))
    table = table.append_column("geometry", pa.array([item.site.wkb for item in results], pa.binary()))
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path, compression="zstd")


def _carried(results: Sequence[Result]) -> list[str]:
    """Return the columns and properties that no fact is, in order of appearance: they go along."""
    return list(dict.fromkeys(key for item in results for key in item.carried))


def _own(key: str) -> str:
    """Return the name of a column that goes along; one that is called as ours gets a mark."""
    return f"{key}_given" if key in (*COLUMNS, "as_of", "edition", "editions", "illustrative", "geometry") else key


def _write_sheet(results: Sequence[Result], path: Path, sheet: str) -> None:
    from yudi.formats.sheets import write_table

    carried = _carried(results)
    headers = (*COLUMNS, "as_of", "edition", "illustrative", *(_own(key) for key in carried))
    cells = [
        [
            *(";".join(value) if isinstance(value, list) else value for value in item.row.values()),
            item.as_of,
            ";".join(edition[:12] for edition in item.editions),
            item.is_illustrative,
            *(_cell(item.carried.get(key)) for key in carried),
        ]
        for item in results
    ]
    widths = [40 if name in _WIDE else _WIDTHS.get(name, 18) for name in headers]
    write_table(path, headers, cells, sheet=sheet, widths=widths)


def _cell(value: Any) -> Any:
    return (
        value if value is None or isinstance(value, bool | int | float | str) else json.dumps(value, ensure_ascii=False)
    )
