"""Verdicts as files: GeoJSON, Excel, CSV and GeoParquet, one project a row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from yudi.core.errors import InputError, Where
from yudi.territory.screening import Screening
from yudi.territory.tables import COLUMNS, row_of, table_of

__all__ = ["SUFFIXES", "check_place", "write_results"]

SUFFIXES = (".geojson", ".xlsx", ".csv", ".parquet")


def write_results(screenings: Sequence[Screening], path: Path) -> None:
    """Write the table of verdicts in the format that the file's ending names.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`.
    """
    check_place(path)
    suffix = path.suffix.lower()
    rows = [row_of(screening) for screening in screenings]
    scratch = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".geojson":
            scratch.write_text(
                json.dumps(_collection(screenings, rows), ensure_ascii=False, indent=1), encoding="utf-8"
            )
        elif suffix == ".parquet":
            _write_parquet(screenings, rows, scratch)
        else:
            scratch = path.with_name(f".part-{path.name}")
            _write_sheet(screenings, rows, scratch)
        scratch.replace(path)
    except OSError as error:
        raise InputError(
            f"expected a place to write to, got {error.strerror}", where=Where(str(path)), hint="check the folder"
        ) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def check_place(path: Path) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`, and where a folder has the name or a file stands in for the folder.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"cannot write {path.suffix or 'a file without ending'}",
            where=Where(str(path)),
            hint=f"use {', '.join(SUFFIXES)}",
        )
    if path.is_dir() or any(above.exists() and not above.is_dir() for above in path.parents):
        raise InputError(
            "expected a place to write to, got a folder or a file that stands in for one",
            where=Where(str(path)),
            hint="check the folder",
        )


def _collection(screenings: Sequence[Screening], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "properties": row | _shown(item) | {_own(key): value for key, value in item.project.carried.items()},
            "geometry": json.loads(shapely.to_geojson(item.project.site)),
        }
        for item, row in zip(screenings, rows, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _shown(item: Screening) -> dict[str, Any]:
    label = any(edition.is_illustrative for edition in item.editions)
    return {
        "as_of": item.as_of.isoformat(),
        "editions": [edition.id for edition in item.editions],
        "illustrative": label,
    }


def _write_parquet(screenings: Sequence[Screening], rows: Sequence[dict[str, Any]], path: Path) -> None:
    sites = [item.project.site for item in screenings]
    kinds = sorted({site.geom_type for site in sites})
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": kinds}},
    }
    table = table_of(rows)
    for key in _carried(screenings):
        values = [item.project.carried.get(key) for item in screenings]
        table = table.append_column(_own(key), pa.array([None if value is None else str(value) for value in values]))
    table = table.append_column("geometry", pa.array([site.wkb for site in sites], pa.binary()))
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path, compression="zstd")


def _carried(screenings: Sequence[Screening]) -> list[str]:
    """Return the columns and properties that no fact is, in order of appearance: they go along."""
    return list(dict.fromkeys(key for item in screenings for key in item.project.carried))


def _own(key: str) -> str:
    """Return the name of a column that goes along; one that is called as ours gets a mark."""
    return f"{key}_given" if key in (*COLUMNS, "as_of", "edition", "editions", "illustrative", "geometry") else key


def _write_sheet(screenings: Sequence[Screening], rows: Sequence[dict[str, Any]], path: Path) -> None:
    from yudi.formats.sheets import write_table

    carried = _carried(screenings)
    headers = (*COLUMNS, "as_of", "edition", "illustrative", *(_own(key) for key in carried))
    cells = [
        [
            *(";".join(value) if isinstance(value, list) else value for value in row.values()),
            item.as_of.isoformat(),
            ";".join(edition.id[:12] for edition in item.editions),
            _shown(item)["illustrative"],
            *(_cell(item.project.carried.get(key)) for key in carried),
        ]
        for item, row in zip(screenings, rows, strict=True)
    ]
    write_table(path, headers, cells)


def _cell(value: Any) -> Any:
    return (
        value if value is None or isinstance(value, bool | int | float | str) else json.dumps(value, ensure_ascii=False)
    )
