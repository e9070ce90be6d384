"""Map files with bytes changed or cut off: only our own errors come out, and nothing stays on disk."""

from __future__ import annotations

import json
import random
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyogrio.raw import write

from yudi.core.errors import YudiError
from yudi.formats.vectors import Limits, read_vectors

SEED = 20260815
SECONDS = 2.0  # for each kind of file
KINDS = ("shp", "shx", "dbf", "gpkg", "gdb", "geojson", "parquet", "zip")
SQUARES = [shapely.box(106 + i / 10, 29, 106.1 + i / 10, 29.1) for i in range(3)]
LIMITS = Limits(max_file_bytes=10**7, max_features=10**5, max_vertices=10**6, max_zip_bytes=10**7)


def write_all(folder: Path) -> None:
    """Write the same three squares in every format."""
    values = [np.array(["重庆", "涪陵", "万州"], dtype=object), np.array([1.0, 2.0, 3.0])]
    blobs = shapely.to_wkb(np.array(SQUARES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("a.shp", "a.gpkg", "a.gdb", "a.geojson"):
            options = {"encoding": "GBK"} if name == "a.shp" else {"driver": "OpenFileGDB"} if name == "a.gdb" else {}
            write(
                folder / name,
                blobs,
                values,
                np.array(["name", "n"]),
                geometry_type="Polygon",
                crs="EPSG:4490",
                **options,
            )
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    table = pa.table({"g": blobs.tolist(), "name": values[0].tolist()}).replace_schema_metadata(
        {"geo": json.dumps(geo)}
    )
    pq.write_table(table, folder / "a.parquet")
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(folder / f"a.{part}", f"单元.{part}")


def damaged(raw: bytes, rng: random.Random) -> bytes:
    """Cut, flip, overwrite, repeat or leave out some bytes."""
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 1, 2, 8))):
        place = rng.randrange(len(data)) if data else 0
        match rng.randrange(5):
            case 0:
                del data[place:]
            case 1 if data:
                data[place] ^= 1 << rng.randrange(8)
            case 2 if data:
                data[place : place + 4] = rng.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\0\0\xf8\x7f"))
            case 3:
                data[place:place] = data[place : place + rng.randrange(40)]
            case 4:
                del data[place : place + rng.randrange(1, 40)]
    return bytes(data)


def trouble(path: Path) -> str:
    """Read a file and return nothing if it gives a sound table, "refused" if a sound error, else what is wrong."""
    try:
        table = read_vectors(path, limits=LIMITS)
    except YudiError as error:
        return "refused" if error.hint and error.where.file else f"no hint or file: {error}"
    if not shapely.is_valid(table.geometry).all():
        return "invalid shapes"
    return "" if len(table.geometry) == len(table.rows) == table.columns.num_rows else "rows differ"


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_give_only_our_own_errors(tmp_path, tmp_path_factory, monkeypatch, capfd, kind):
    """Whatever the damage: a table of valid shapes or a YudiError with place and hint, no log, no file left."""
    write_all(tmp_path)
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    target = tmp_path / ("a.shp" if kind in ("shx", "dbf") else f"a.{kind}")
    parts = sorted(target.iterdir()) if target.is_dir() else [tmp_path / f"a.{kind}"]
    whole = {part: part.read_bytes() for part in parts}
    before = sorted(tmp_path.rglob("*"))
    rng, stop, count, refused = random.Random(SEED), time.monotonic() + SECONDS, 0, 0
    while count < 20 or (time.monotonic() < stop and count < 2000):
        part = rng.choice([part for part in parts if whole[part]])
        part.write_bytes(damaged(whole[part], rng))
        problem = trouble(target)
        part.write_bytes(whole[part])
        assert problem in ("", "refused"), f"{kind}, seed {SEED}, damage {count}: {problem}"
        refused += problem == "refused"
        count += 1

    assert refused
    assert sorted(tmp_path.rglob("*")) == before
    assert list(scratch.iterdir()) == []
    assert capfd.readouterr() == ("", "")
