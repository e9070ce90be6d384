"""A map file of any kind that bureaus hand over, as one table of valid shapes in lon/lat with what was noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.findings import Finding
from yudi.core.geometry import Bounds, mend_layer
from yudi.formats.archives import unpacked
from yudi.formats.crs import Crs, datum_of, metres_per_unit, parse_crs, same_place, to_lonlat, transformer
from yudi.formats.geojson import read_geojson
from yudi.formats.geoparquet import read_geoparquet
from yudi.formats.layers import Limits, RawLayer, read_with_gdal
from yudi.formats.places import refuse_misplaced
from yudi.formats.shapefile import read_shapefile

__all__ = ["Limits", "VectorTable", "read_raw", "read_vectors"]

_HINT = "give a .shp, .zip, .gpkg, .gdb, .parquet or .geojson"
_DEFAULT_LIMITS = Limits()
_EDGE_M = 2_000.0  # a straight edge of a plane that is no longer leaves the straight line in degrees by 5 cm at 31° N


@dataclass(frozen=True)
class VectorTable:
    """One layer, ready to use.

    Parameters
    ----------
    geometry : object array of shapely geometries, shape (n,)
        Lon/lat degrees (x = longitude), 2D, valid.
    rows : int array, shape (n,)
        Feature numbers in the source, from 1.
    columns : pyarrow.Table
        Attributes; names and text trimmed, dates as ISO text.
    crs : str
        The reference system that was used and where it came from, such as ``"EPSG:4545 (from the file)"``.
    encoding : str or None
        Of the text, where the format leaves it open.
    findings : tuple of Finding
        What was noticed or mended.
    """

    geometry: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]
    columns: pa.Table
    crs: str
    encoding: str | None
    findings: tuple[Finding, ...]


def read_vectors(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    shift: Sequence[float] | None = None,
    bounds: Bounds | None = None,
    may_be_empty: bool = False,
    limits: Limits = _DEFAULT_LIMITS,
) -> VectorTable:
    """Read one layer of a Shapefile, GeoPackage, FileGDB, GeoParquet or GeoJSON, plain or zipped.

    Parameters
    ----------
    path : Path
        File, or the folder of a FileGDB.
    layer : str, optional
        Which layer, where there are several.
    crs : str, optional
        Reference system where the file names none; ``"force:…"`` outweighs what the file names.
    encoding : str, optional
        Of a Shapefile's text, where its bytes do not show it.
    shift : 3 or 7 floats, optional
        Helmert parameters to CGCS2000, for Beijing 1954 and Xi'an 1980.
    bounds : (west, south, east, north), optional
        Where the layer lies, in degrees; exchanged coordinates are then found wherever the system reaches.
    may_be_empty : bool
        Whether a layer without features is meant: nothing of the kind is there.
    limits : Limits
        Sizes above which a file is refused.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If it cannot be read whole and sure: message, file, row and field say why.
    LimitError
        If it is too large.
    """
    raw, file = read_raw(path, layer=layer, encoding=encoding, limits=limits)
    if not len(raw.rows) and not may_be_empty:
        hint = "check that the whole file was copied, or leave the layer out; give it an extent if nothing is there"
        raise InputError("expected features, got an empty layer", where=Where(file), hint=hint)
    return _settled(raw, file, crs, shift=shift, bounds=bounds, limits=limits)


def read_raw(
    path: Path, *, layer: str | None = None, encoding: str | None = None, limits: Limits = _DEFAULT_LIMITS
) -> tuple[RawLayer, str]:
    """Return one layer as its file holds it, before its reference system and shapes are judged; and its name.

    The parameters and errors are those of `read_vectors`.
    """
    path = Path(path)
    if not path.exists():
        raise NotFoundError("expected a map file, got none", where=Where(str(path)), hint="check the path")
    file = path.name
    if path.is_file():
        limits.hold("max_file_bytes", path.stat().st_size, file)
        if path.stat().st_size == 0:
            raise InputError("expected a map file, got an empty one", where=Where(file), hint=_HINT)
    if path.is_file() and path.suffix.lower() == ".zip":
        with unpacked(path, file, limits, layer=layer) as (inside, name, rest):
            return _read(inside, name, limits, layer=rest, encoding=encoding), name
    return _read(path, file, limits, layer=layer, encoding=encoding), file


def _read(path: Path, file: str, limits: Limits, *, layer: str | None, encoding: str | None) -> RawLayer:
    kind = path.suffix.lower()
    if path.is_dir() and kind == ".gdb":
        size = sum(part.stat().st_size for part in path.iterdir() if part.is_file())
        limits.hold("max_file_bytes", size, file)
        return read_with_gdal(path, file, limits, layer=layer, what="a FileGDB")
    if path.is_dir():
        raise InputError("expected a map file, got a folder", where=Where(file), hint=_HINT)
    if kind == ".gpkg":
        return read_with_gdal(path, file, limits, layer=layer, what="a GeoPackage", IMMUTABLE="YES")
    if layer is not None and layer != path.stem:
        message = f"expected a layer named {layer!r}, but this kind of file has only one, {path.stem!r}"
        raise InputError(message, where=Where(file), hint="leave layer out")
    if kind == ".shp":
        return read_shapefile(path, file, limits, encoding=encoding)
    if kind in (".parquet", ".geoparquet"):
        return read_geoparquet(path, file, limits)
    if kind in (".geojson", ".json"):
        return read_geojson(path, file, limits)
    raise InputError(f"expected a map file, got one that ends in {kind!r}", where=Where(file), hint=_HINT)


def _settled(
    raw: RawLayer,
    file: str,
    crs: str | None,
    *,
    shift: Sequence[float] | None,
    bounds: Bounds | None,
    limits: Limits,
) -> VectorTable:
    """Judge reference system and shapes of what a reader handed over."""
    limits.hold("max_vertices", int(shapely.get_num_coordinates(raw.geometry).sum()), file)
    where = Where(file, None, "crs")
    used, source, findings = _chosen(raw, crs, where)
    lonlat = to_lonlat(raw.geometry, used, shift=shift, where=where)
    refuse_misplaced(raw.geometry, lonlat, used, rows=raw.rows, file=file)
    findings += _shifted(used, shift, where)
    lonlat = _straight(raw.geometry, lonlat, used, shift)
    geometry, mended = mend_layer(lonlat, raw.rows, file, bounds=bounds)
    columns = raw.columns if raw.columns.num_columns else pa.table({"rows": raw.rows}).select([])
    return VectorTable(
        geometry, raw.rows, columns, f"{used.name} ({source})", raw.encoding, raw.findings + findings + mended
    )


def _straight(
    drawn: np.ndarray[Any, Any], lonlat: np.ndarray[Any, Any], crs: Crs, shift: Sequence[float] | None
) -> np.ndarray[Any, Any]:
    """Give long edges of a plane further vertices, so that they stay where they were drawn.

    A straight line in a Gauss-Krüger belt is none in degrees: over 10 km it would leave its place by 1 m, and two
    neighbours of which only one has a vertex there would overlap.
    """
    if crs.is_geographic:
        return lonlat
    longest = _EDGE_M / metres_per_unit(crs)
    points, owner = shapely.get_coordinates(drawn, return_index=True)
    with np.errstate(invalid="ignore"):
        long = (np.hypot(*np.diff(points, axis=0).T) > longest) & (np.diff(owner) == 0)
    endless = owner[~np.isfinite(points).all(axis=1)]
    rows = np.setdiff1d(owner[:-1][long], endless)
    if not len(rows):
        return lonlat
    straight = lonlat.copy()
    straight[rows] = to_lonlat(shapely.segmentize(drawn[rows], longest), crs, shift=shift)
    return straight


def _shifted(crs: Crs, shift: Sequence[float] | None, where: Where) -> tuple[Finding, ...]:
    """Say how a datum of its own was brought to WGS 84."""
    if shift is not None:
        message = f"{crs.name} was brought to CGCS2000 by the parameters that the scheme gives"
        zh = f"{crs.name} 已按方案所给参数转换到 CGCS2000"
    elif datum_of(crs) == "other":
        (step,) = transformer(crs.definition)
        accuracy = f"{step.accuracy:g} m" if step.accuracy is not None and step.accuracy >= 0 else "unknown"
        message = f"{crs.name} was brought to WGS 84 by: {step.description}; accuracy {accuracy}"
        zh = f"{crs.name} 已转换到 WGS 84：{step.description}；精度 {accuracy.replace('unknown', '未知')}"
    elif crs.is_web:
        message = f"{crs.name} was converted to WGS 84 by the published formula"
        zh = f"{crs.name} 已按公开的公式转换到 WGS 84"
    else:
        return ()
    return (Finding("datum_shift", message, where, zh=zh),)


def _chosen(raw: RawLayer, crs: str | None, where: Where) -> tuple[Crs, str, tuple[Finding, ...]]:
    """Return the reference system to use, where it comes from, and findings."""
    given = None if crs is None else parse_crs(crs, where=where)
    if given is not None and given.forced:
        return given, "forced by the scheme", ()
    undefined = raw.crs is None or raw.crs.lower().find("undefined") >= 0 or not raw.crs.strip()
    stated = None if undefined else parse_crs(str(raw.crs), where=where)
    if stated is None:
        if given is not None:
            message = f"the file names no reference system; {given.name} was assumed as the scheme says"
            return (
                given,
                "from the scheme",
                (Finding("crs_assumed", message, where, zh=f"文件未注明坐标参考系，按方案取 {given.name}"),),
            )
        if raw.default_crs is None:
            hint = 'add crs = "EPSG:…" to the scheme\'s layer, or the .prj file'
            raise InputError(
                "expected a reference system, but neither file nor scheme names one", where=where, hint=hint
            )
        return parse_crs(raw.default_crs), "the format's default", ()
    if given is not None and not same_place(raw.geometry, stated, given):
        message = f"the file says {stated.name}, the scheme says {given.name}, and they differ by 1 m or more"
        hint = f'remove one of them, or write crs = "force:{given.name}" in the scheme'
        raise InputError(message, where=where, hint=hint)
    return stated, "from the file", ()
