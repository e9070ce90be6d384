"""Editions on disk: a folder that is written whole or not at all, and named by the hash of what is in it.

``manifest.json`` says what the edition is and holds the hash of every other file; the edition's id is the hash of
the manifest. ``layers/NAME.parquet`` are GeoParquet in lon/lat, ``rules.json`` holds
facts, terms, documents and status tables, ``clauses.parquet`` the clauses, ``bindings.parquet`` where each stands.
``items.parquet`` and ``item_rows.parquet`` hold the printed items of the lists, which are read only when asked for.
``state.json`` is no part of the content: it records how the edition ended. Nor is ``compiled/``, the map of a large
edition made ready for many sites, see `yudi.stores.compiled_maps`.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError, NotFoundError, StateError, Where
from yudi.stores.edition_data import clause_table, edition_from, layer_data, manifest_data, rules_data
from yudi.territory.edition import Edition, ItemTable, Layer

__all__ = ["FORMAT", "encoded", "end_edition", "open_edition", "write_edition"]

FORMAT = "yudi-edition/1"
_STATE = "state.json"
_ITEMS = ("items.parquet", "item_rows.parquet")
# Said where a folder that is no longer wanted waits for its builder to end, however it ends.
_CLEANER = """
import os, shutil, sys
sys.stdin.read()
scratch, folder = sys.argv[1:]
old = os.path.join(scratch, "old")
if os.path.lexists(old) and not os.path.lexists(folder):
    os.rename(old, folder)
shutil.rmtree(scratch, ignore_errors=True)
"""


def encoded(edition: Edition) -> tuple[str, dict[str, bytes]]:
    """Return the edition's id and its files; the same edition gives the same bytes on every machine."""
    files = {f"layers/{name}.parquet": _layer_bytes(layer) for name, layer in sorted(edition.layers.items())}
    files["rules.json"] = _json(rules_data(edition.rules))
    files["clauses.parquet"] = _table_bytes(clause_table(edition.rules.clauses))
    files["bindings.parquet"] = _table_bytes(
        pa.table(
            {
                "unit": pa.array(edition.bindings.unit, pa.int32()),
                "clause": pa.array(edition.bindings.clause, pa.int32()),
                "id": pa.array(list(edition.bindings.ids), pa.string()),
            }
        )
    )
    items = edition.items()
    if items.lists:
        files["items.parquet"] = _table_bytes(_with_lists(items))
        files["item_rows.parquet"] = _table_bytes(items.rows)
    manifest = {
        "format": FORMAT,
        **manifest_data(edition),
        "layers": {name: layer_data(layer) for name, layer in sorted(edition.layers.items())},
    }
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    name = hashlib.sha256(_json(manifest)).hexdigest()
    return name, {"manifest.json": _json({"id": name, **manifest}), **files}


def write_edition(edition: Edition, folder: Path, *, replace_other: bool = False) -> Edition:
    """Write the edition to a folder and return it with its id; on failure the folder is as it was.

    Raises
    ------
    StateError
        If the folder holds another edition and `replace_other` is false, or something that is no edition.
    """
    name, files = encoded(edition)
    named = replace(edition, id=name)
    from yudi.stores.compiled_maps import compiled_files, is_large, open_compiled  # only builds need it

    if any(above.exists() and not above.is_dir() for above in (folder, *folder.parents)):
        raise InputError("expected a folder, got a file", where=Where(str(folder)), hint="choose another --out")
    if folder.exists():
        there = _id_in(folder)
        if there == name and _is_whole(folder, files) and (not is_large(named) or open_compiled(folder, named)):
            return named
        if there is None and any(folder.iterdir()):
            raise StateError(
                "the folder holds something that is no edition", where=Where(str(folder)), hint="choose another --out"
            )
        if there not in (None, name) and not replace_other:
            raise StateError(
                f"the folder holds the edition {str(there)[:12]}",
                where=Where(str(folder)),
                hint="add --replace to replace it",
            )
    try:
        with _workshop(folder) as scratch:
            _exchange({**files, **compiled_files(named)}, folder, scratch)
    except OSError as error:
        raise InputError(
            f"expected a place to write to, got {error.strerror}", where=Where(str(folder)), hint="choose another --out"
        ) from error
    return named


def _exchange(files: Mapping[str, bytes], folder: Path, scratch: Path) -> None:
    """Write the files aside, then put them in the folder's place in one step."""
    for path, data in files.items():
        target = scratch / "new" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    if (folder / _STATE).is_file() and _id_in(folder) == _id_in(scratch / "new"):
        shutil.copyfile(folder / _STATE, scratch / "new" / _STATE)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(scratch / "old")
    (scratch / "new").rename(folder)


def open_edition(folder: Path | str) -> Edition:
    """Return the edition in a folder.

    Raises
    ------
    NotFoundError
        If there is none.
    InputError
        If a file is missing or is not what the manifest says: an edition is never edited.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    files = {}
    layers = {name: f"layers/{name}.parquet" for name in manifest["layers"]}
    if missing := {"rules.json", "clauses.parquet", "bindings.parquet", *layers.values()} - set(manifest["files"]):
        where = Where(str(folder / "manifest.json"), None, "files")
        raise InputError(f"names no {min(missing)}", where=where, hint="build the edition again, with this version")
    for name, digest in manifest["files"].items():
        if name not in _ITEMS:  # those are read, and held against the manifest, when they are asked for
            files[name] = _checked(folder / name, digest)
    tables = {name: partial(_read_layer, files[path]) for name, path in layers.items()}
    clauses, bindings = (
        pq.ParquetFile(io.BytesIO(files[f"{name}.parquet"]), pre_buffer=False).read(use_threads=False)
        for name in ("clauses", "bindings")
    )
    edition = edition_from(manifest, json.loads(files["rules.json"]), tables, clauses=clauses, bindings=bindings)
    if "items.parquet" in manifest["files"]:
        edition = replace(edition, items=partial(_read_items, folder, manifest["files"]))
    return replace(edition, period=_ended(edition.period, folder))


def _checked(path: Path, digest: str) -> bytes:
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError(
            "is not the file that the edition was made with", where=Where(str(path)), hint="build the edition again"
        )
    return data


def _with_lists(items: ItemTable) -> pa.Table:
    return items.texts.replace_schema_metadata({"lists": json.dumps(items.lists, ensure_ascii=False, sort_keys=True)})


def _read_items(folder: Path, digests: Mapping[str, str]) -> ItemTable:
    texts, rows = (
        pq.ParquetFile(io.BytesIO(_checked(folder / name, digests[name])), pre_buffer=False).read(use_threads=False)
        for name in _ITEMS
    )
    lists = json.loads(texts.schema.metadata[b"lists"])
    return ItemTable(texts.replace_schema_metadata(None), rows, tuple(lists))


def end_edition(folder: Path, day: date, *, reason: str) -> None:
    """Record beside the edition that it counts no longer from a day on: superseded or repealed.

    Raises
    ------
    StateError
        If it ended already, or never counted by that day.
    """
    edition = open_edition(folder)
    state = folder / _STATE
    if state.exists():
        raise StateError(
            "the edition has ended already", where=Where(str(state)), hint="what is recorded is not changed"
        )
    if edition.period.start is not None and day <= edition.period.start:
        raise StateError(
            f"the edition counts from {edition.period.start} only", where=Where(str(folder)), hint="give a later day"
        )
    scratch = state.with_suffix(".part")
    scratch.write_bytes(_json({"ended_on": day.isoformat(), "reason": reason}))
    scratch.replace(state)


def _ended(period: Period, folder: Path) -> Period:
    state = folder / _STATE
    if not state.is_file():
        return period
    try:
        day = parse_date(json.loads(state.read_text(encoding="utf-8"))["ended_on"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "the record of the edition's end cannot be read",
            where=Where(str(state)),
            hint='write {"ended_on": "YYYY-MM-DD", "reason": …}, or remove the file if it did not end',
        ) from error
    return Period(period.start, day if period.end is None else min(day, period.end))


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise NotFoundError(
            "no edition is here",
            where=Where(str(folder)),
            hint="build one with: yudi edition build SCHEME.toml --out DIR",
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        name = manifest.pop("id")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise InputError(
            "the manifest cannot be read", where=Where(str(path)), hint="build the edition again"
        ) from error
    if manifest.get("format") != FORMAT:
        raise InputError(
            f"expected the format {FORMAT}, got {manifest.get('format')!r}",
            where=Where(str(path)),
            hint="build the edition again",
        )
    if hashlib.sha256(_json(manifest)).hexdigest() != name:
        raise InputError("the manifest was edited", where=Where(str(path)), hint="build the edition again")
    return {"id": name, **manifest}


def _is_whole(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Tell whether the folder's files are still what they were written as."""
    try:
        return all((folder / path).read_bytes() == data for path, data in files.items())
    except OSError:
        return False


def _id_in(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Give a scratch folder on the target's disk that is gone afterwards, even where the builder is killed.

    A small process of its own waits for the end of its input, which comes however this process ends; where the old
    edition was just moved away and the new one not yet there, it moves the old one back.
    """
    beside = next(above for above in folder.absolute().parents if above.is_dir())
    scratch = beside / f".yudi-{secrets.token_hex(8)}"
    cleaner = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _CLEANER, str(scratch), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        scratch.mkdir()
        yield scratch
    finally:
        if (scratch / "old").exists() and not folder.exists():
            (scratch / "old").rename(folder)
        shutil.rmtree(scratch, ignore_errors=True)
        assert cleaner.stdin is not None, "asked for as a pipe"
        cleaner.stdin.close()
        cleaner.wait()


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def _layer_bytes(layer: Layer) -> bytes:
    """Return a layer as GeoParquet 1.1: WKB, lon/lat."""
    kinds = sorted({shapely.get_type_id(shape) for shape in layer.geometry})
    names = (
        "Point",
        "LineString",
        "LinearRing",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    )
    bounds = shapely.total_bounds(layer.geometry).tolist() if len(layer.geometry) else None
    column = {"encoding": "WKB", "geometry_types": [names[kind] for kind in kinds]} | (
        {"bbox": bounds} if bounds else {}
    )
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    wkb = pa.array(shapely.to_wkb(layer.geometry, byte_order=1).tolist(), pa.binary())
    table = layer.columns.append_column("geometry", wkb)
    return _table_bytes(table.replace_schema_metadata({"geo": json.dumps(geo, sort_keys=True)}))


def _table_bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6", write_statistics=True)
    return sink.getvalue()


def _read_layer(data: bytes) -> tuple[np.ndarray[Any, Any], pa.Table]:
    table = pq.ParquetFile(io.BytesIO(data), pre_buffer=False).read(use_threads=False)
    geometry = shapely.from_wkb(np.array(table.column("geometry").to_pylist(), dtype=object))
    return np.atleast_1d(geometry), table.drop_columns(["geometry"]).replace_schema_metadata(None)
