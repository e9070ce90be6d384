"""Small editions in folders, tables of sites of every kind and fault, and a run over them, for what streams files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from support.editions import edition, layer, line, point, square
from yudi.api.streams import order_of
from yudi.core.dates import Period
from yudi.engines.runs import Engine, Outcome, run
from yudi.formats.sites.plots import Asked
from yudi.stores.archive import write_edition

__all__ = ["DAY", "FORBIDS", "NEEDS", "built", "geoparquet", "mixed_rows", "screened", "sheet"]

DAY = date(2026, 3, 19)
FORBIDS = {"id": "forbids", "effect": "forbid", "subject": {"fact": "industry", "in": ["C26"]}}
NEEDS = {
    "id": "needs",
    "effect": "require",
    "subject": {"fact": "industry", "in": ["C25"]},
    "test": {"fact": "discharges", "is": False},
}


def built(folder: Path, *clauses: Any, start: date | None = None) -> Path:
    """Return the folder of an edition with two units side by side and these clauses."""
    units = layer("units", [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000)])
    asked = edition(clauses or (FORBIDS, NEEDS), units=units, period=Period(start, None))
    write_edition(asked, folder)
    return folder


def mixed_rows(count: int, *, faults: bool = True) -> pa.Table:
    """Return sites with facts and columns that go along: points, lines and areas, some off the map, some wrong."""
    chance = np.random.default_rng(count)
    shapes: list[Any] = []
    for east, north in chance.uniform(-5_500, 5_500, (count, 2)):
        kind = len(shapes) % 5
        here = (east, north, east + 400, north + 300)
        shapes.append(line(here[:2], here[2:]) if kind == 3 else square(*here) if kind == 4 else point(east, north))
    blobs = shapely.to_wkb(shapes).tolist()
    industry = chance.choice(["C2614", "C25", "A", "I6513"], count).tolist()
    if faults:
        blobs[3::17] = [b"\x01\x02"] * len(blobs[3::17])
        blobs[5::19] = [None] * len(blobs[5::19])
        industry[7::13] = ["X9"] * len(industry[7::13])
    return pa.table(
        {
            "id": [f"r{number}" for number in range(count)],
            "industry": industry,
            "discharges": [None, True, False] * (count // 3) + [None] * (count % 3),
            "owner": [f"甲 {number % 3}" for number in range(count)],
            "verdict": [number / 2 for number in range(count)],
            "geometry": pa.array(blobs, pa.binary()),
        }
    )


def geoparquet(table: pa.Table, path: Path, *, group: int = 64) -> Path:
    """Write a table with WKB in lon/lat as GeoParquet; return its path."""
    column = {"encoding": "WKB", "geometry_types": []}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path, row_group_size=group)
    return path


def sheet(rows: Sequence[Sequence[Any]], path: Path, encoding: str = "utf-8") -> Path:
    """Write rows as CSV; return its path."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def screened(
    files: Sequence[Path],
    folders: Sequence[Path],
    out: Path | str,
    *,
    engine: Engine | None = None,
    day: date | None = DAY,
    workers: int = 1,
    **options: Any,
) -> Outcome:
    """Return what came of a run; a folder where `out` has no ending."""
    asked = options.pop("asked", None) or Asked()
    facts = options.pop("facts", {})
    tell = options.pop("tell", None)
    order = order_of(
        files, folders, str(out), asked=lambda editions: asked, facts=facts, day=day, workers=workers, **options
    )
    return run(order, engine=engine, tell=tell)
