"""What every reader of map files hands over before reference system and shape are judged, and the limits it keeps."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyogrio import list_layers, read_info
from pyogrio.raw import open_arrow, read

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding
from yudi.core.geometry import listed, listed_zh
from yudi.formats.wkb import geometry_from_wkb

__all__ = ["Limits", "RawLayer", "choose_layer", "layer_from_wkb", "quiet_gdal", "read_with_gdal", "unreadable"]


@dataclass(frozen=True)
class Limits:
    """How large a map file may be.

    Parameters
    ----------
    max_file_bytes : int
        Of a file, or of all that belongs to a data set.
    max_features, max_vertices : int
        Of one layer.
    max_zip_bytes : int
        Of an archive's members together, unpacked.
    """

    max_file_bytes: int = 4 * 2**30
    max_features: int = 5_000_000
    max_vertices: int = 200_000_000
    max_zip_bytes: int = 8 * 2**30

    def hold(self, name: str, value: int, file: str) -> None:
        """Raise LimitError if a value is above the limit of that name."""
        limit = getattr(self, name)
        if value > limit:
            message = f"expected at most {limit} ({name}), got {value}"
            raise LimitError(message, where=Where(file), hint="split the file, or raise the limit")


@dataclass(frozen=True)
class RawLayer:
    """One layer as its file holds it.

    Parameters
    ----------
    geometry : object array of shapely geometries or None
        x east, y north in the file's own reference system; rings closed.
    rows : int array
        Feature numbers from 1.
    columns : pyarrow.Table
        Attributes.
    crs : str or None
        What the file says of its reference system, None if nothing.
    default_crs : str or None
        What the format takes where neither the file nor the user says anything.
    """

    geometry: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]
    columns: pa.Table
    crs: str | None = None
    default_crs: str | None = None
    encoding: str | None = None
    findings: tuple[Finding, ...] = ()


@contextmanager
def quiet_gdal() -> Iterator[None]:
    """Keep GDAL's log lines and warnings away; what they mean is checked and said in our own words."""
    loggers = [logging.getLogger(name) for name in ("pyogrio._io", "pyogrio._env", "pyogrio._err", "pyogrio")]
    before = [logger.disabled for logger in loggers]
    try:
        for logger in loggers:
            logger.disabled = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def unreadable(file: str, what: str) -> InputError:
    """Return the error for a file that is empty, cut or of another kind than its name says."""
    hint = "open it in the program that wrote it and save it again"
    return InputError(f"expected {what}, but the file cannot be read as one", where=Where(file), hint=hint)


def choose_layer(names: list[str], wanted: str | None, file: str) -> str:
    """Return the layer to read: the one named, or the only one there is."""
    if not names:
        raise InputError("expected a layer with geometry, got none", where=Where(file), hint="check the file")
    listing = ", ".join(repr(name) for name in sorted(names))
    if wanted is None and len(names) > 1:
        message = f"expected one layer, got {len(names)}: {listing}"
        raise InputError(message, where=Where(file), hint="name one of them as layer")
    if wanted is not None and wanted not in names:
        message = f"expected a layer named {wanted!r}, got {listing}"
        raise InputError(message, where=Where(file), hint="name one of them as layer")
    return names[0] if wanted is None else wanted


def read_with_gdal(
    path: Path, file: str, limits: Limits, *, layer: str | None = None, what: str, **options: Any
) -> RawLayer:
    """Return a layer that GDAL reads, with geometry from WKB and fields as Arrow columns.

    Parameters
    ----------
    path : Path
        File or folder on disk.
    file : str
        Name for messages.
    limits : Limits
        Held before and after the features are read.
    layer : str, optional
        Which layer, where there are several.
    what : str
        The format in words, for messages.
    options
        Further options of ``pyogrio.raw.open_arrow``.

    Raises
    ------
    InputError
        If the file cannot be read, or layers must be named and are not.
    """
    try:
        with quiet_gdal():
            layers = list_layers(path)
            name = choose_layer([str(row[0]) for row in layers if row[1] is not None], layer, file)
            with open_arrow(path, layer=name, return_fids=True, use_pyarrow=True, **options) as (meta, reader):
                table = _all_batches(reader, limits, file)
            stated = read_info(path, layer=name)["features"] if what == "a FileGDB" else -1
    except (OSError, RuntimeError, UnicodeError, pa.ArrowException) as error:
        raise unreadable(file, what) from error
    if stated not in (-1, table.num_rows):  # GDAL reads what a cut table still holds, without a word
        message = f"expected {stated} features, as the file says, got {table.num_rows}"
        raise InputError(message, where=Where(file, None, name), hint="copy the whole folder again")
    column = meta["geometry_name"] or "wkb_geometry"
    try:
        found = layer_from_wkb(table, column, file)
    except NotImplementedError:
        found = layer_from_wkb(_straightened(path, name, table, column), column, file)
    fid = meta["fid_column"] or "OGC_FID"
    rows = np.arange(1, table.num_rows + 1)
    if fid in found.columns.column_names:
        ids = found.columns[fid].to_numpy()
        rows = ids.astype(int) + 1 if what == "a Shapefile" else rows
        found = replace(found, columns=found.columns.drop_columns([fid]))
    return replace(found, rows=rows, crs=meta["crs"], encoding=None)


def _all_batches(reader: pa.RecordBatchReader, limits: Limits, file: str) -> pa.Table:
    batches: list[pa.RecordBatch] = []
    count = 0
    for batch in reader:
        count += batch.num_rows
        limits.hold("max_features", count, file)
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


def _straightened(path: Path, layer: str, table: pa.Table, column: str) -> pa.Table:
    """Return the table with curves drawn as short straight lines, which GDAL does outside Arrow."""
    with quiet_gdal():
        blobs = read(path, layer=layer, columns=[])[2]
    return table.set_column(table.column_names.index(column), column, pa.array(blobs, pa.binary()))


def layer_from_wkb(table: pa.Table, column: str, file: str) -> RawLayer:
    """Return the layer of a table that holds WKB in a column; unclosed rings are closed and reported."""
    position = table.column_names.index(column)
    blobs = table.column(position).cast(pa.binary()).to_numpy(zero_copy_only=False)
    geometry, unclosed, failed = geometry_from_wkb(blobs)
    rows = np.arange(1, len(geometry) + 1)
    if failed.any():
        message = f"expected geometry, but it is cut or senseless in {listed(rows[failed])}"
        hint = "save the file again, or remove these features"
        raise InputError(message, where=Where(file, int(rows[failed][0]), "geometry"), hint=hint)
    findings: tuple[Finding, ...] = ()
    if unclosed.any():
        message = f"unclosed rings were closed in {listed(rows[unclosed])}"
        zh = f"{listed_zh(rows[unclosed])}：环未闭合，已闭合"
        findings = (Finding("ring_unclosed", message, Where(file, int(rows[unclosed][0]), "geometry"), zh=zh),)
    return RawLayer(geometry, rows, plain_columns(table.remove_column(position), file), findings=findings)


def plain_columns(table: pa.Table, file: str) -> pa.Table:
    """Return attributes as text, numbers and truth values only: dates as ISO text, names and texts trimmed, NaN empty."""
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise InputError(
            "expected text in UTF-8, got other bytes", where=Where(file), hint="save the file again as UTF-8"
        ) from error
    names = [name.strip() for name in table.column_names]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        message = f"expected each column once, got {', '.join(map(repr, doubled))} more than once (blanks apart)"
        raise InputError(message, where=Where(file, None, doubled[0]), hint="rename or remove one of them")
    columns = [_plain(column) for column in table.columns]
    return pa.table(columns, names=names)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _iso(column)
    if pa.types.is_floating(kind):
        return pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)  # some writers have no other empty cell
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind):
        return column
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_nested(kind):
        values = [None if value is None else _shown(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(values, pa.string())])
    return pc.utf8_trim_whitespace(column.cast(pa.string()))


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False, default=str)


def _iso(column: pa.ChunkedArray) -> pa.ChunkedArray:
    values = column.to_pylist()
    dates = [getattr(value, "date", lambda value=value: value)() if value is not None else None for value in values]
    midnight = all(
        not hasattr(value, "hour") or (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        for value in values
        if value is not None
    )
    texts = [None if value is None else value.isoformat() for value in (dates if midnight else values)]
    return pa.chunked_array([pa.array(texts, pa.string())])
