"""What a map file holds, layer by layer: shapes, columns, reference system, encoding, and what keeps it from use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from pyogrio import list_layers

from yudi.core.errors import InputError, Where, YudiError
from yudi.core.geometry import mend_layer
from yudi.core.words import Words
from yudi.formats.archives import packed_sets
from yudi.formats.crs import parse_crs, to_lonlat
from yudi.formats.layers import RawLayer, quiet_gdal
from yudi.formats.recognition.columns import SeenColumn, seen_column
from yudi.formats.recognition.folders import FoundFile, LookLimits
from yudi.formats.recognition.samples import sample_of
from yudi.formats.recognition.systems import Box, Placed, SystemGuess, guess_system, is_exchanged, placed
from yudi.formats.vectors import read_raw

__all__ = ["SeenLayer", "broken", "look_at_map", "problem_of", "settle_systems"]

_VERTICES = 2_000_000  # of a layer whose shapes are tried as a build would
_LONG = 200  # letters of a problem


@dataclass(frozen=True)
class SeenLayer:
    """One layer of a map file.

    Parameters
    ----------
    file : str
        The file's name from the folder.
    layer : str
        Its name inside a file of several, else "".
    count : int
        Features; -1 where only the first were read and the file does not say.
    looked, shapes : int
        Rows of its table, and shapes, that were read.
    shape : str
        ``polygon``, ``line``, ``point``, ``mixed`` or ``none``.
    stated : str or None
        Reference system of the file, its format's default included.
    system : SystemGuess or None
        Where that does not do: what fits the coordinates.
    place : Placed or None
        The shapes in lon/lat, if their place is known.
    encoding : str
        Of the text, where the format leaves it open.
    problem : Words
        Why a build would refuse it as it is, and what to do.
    needs : str
        What a person must do before it can be read: fill ``crs``, ``shift`` or ``extent``, or ``mend`` the file.
    """

    file: str
    layer: str = ""
    count: int = 0
    looked: int = 0
    shapes: int = 0
    shape: str = "none"
    columns: tuple[SeenColumn, ...] = ()
    stated: str | None = None
    system: SystemGuess | None = None
    place: Placed | None = None
    encoding: str = ""
    problem: Words = Words()
    needs: str = ""
    raw: RawLayer | None = None

    @property
    def box(self) -> Box | None:
        """Where it lies, in degrees."""
        return self.place.box if self.place is not None else None

    @property
    def is_sampled(self) -> bool:
        """Whether only a part of its table was read."""
        return self.count < 0 or self.looked < self.count

    def column(self, name: str) -> SeenColumn | None:
        """Return the column of that name."""
        return next((column for column in self.columns if column.name == name), None)


def look_at_map(found: FoundFile, limits: LookLimits) -> list[SeenLayer]:
    """Return the layers of a map file; one that cannot be read is there with its problem."""
    if found.problem:
        return [SeenLayer(found.name, problem=found.problem)]
    try:
        names = list(_layer_names(found))
    except YudiError as error:
        return [SeenLayer(found.name, problem=problem_of(error))]
    except Exception as error:
        return [SeenLayer(found.name, problem=broken(error))]
    return [_look(found, layer, size, limits) for layer, size in names]


def problem_of(error: YudiError) -> Words:
    """Return what an error says, in short, and its next step."""
    said = error.message if len(error.message) <= _LONG else f"{error.message[: _LONG - 2]} …"
    text = f"{said}; {error.hint}" if error.hint else said
    return Words(text, text)


def broken(error: Exception) -> Words:
    """Return what a failure that no reader foresaw says; one broken file must not keep the others from being seen."""
    text = " ".join(str(error).split())[:160]
    return Words(f"无法读取：{text}", f"cannot be read: {text}")


def _layer_names(found: FoundFile) -> Iterator[tuple[str, int]]:
    """Yield the layers of a file, "" for its only one, each with the bytes that it takes."""
    ending = found.path.suffix.lower()
    if ending == ".zip":
        sets = packed_sets(found.path, found.path.name)
        if not sets:
            raise InputError("no map data in the archive", where=Where(found.name), hint="unpack it")
        for name, size in sets.items():
            yield (name if len(sets) > 1 else ""), size
    elif ending in (".gpkg", ".gdb"):
        with quiet_gdal():
            listed = [str(row[0]) for row in list_layers(found.path) if row[1] is not None]
        if not listed:
            raise InputError("no layer with geometry", where=Where(found.name), hint="check the file")
        for name in listed:
            yield (name if len(listed) > 1 else ""), found.size
    else:
        yield "", found.size


def _look(found: FoundFile, layer: str, size: int, limits: LookLimits) -> SeenLayer:
    seen = SeenLayer(found.name, layer)
    try:
        if size <= limits.whole_bytes:
            raw, _ = read_raw(found.path, layer=layer or None)
            table, count = raw.columns, len(raw.rows)
        else:
            part = sample_of(found.path, layer, size, limits)
            raw, table, count = part.raw, part.columns, part.count
    except YudiError as error:
        return replace(seen, problem=problem_of(error))
    except Exception as error:
        return replace(seen, problem=broken(error))
    columns = tuple(seen_column(name, table.column(name).to_pylist()) for name in table.column_names)
    seen = replace(
        seen,
        count=count,
        looked=table.num_rows,
        shapes=len(raw.rows),
        shape=_shape(raw.geometry),
        columns=columns,
        encoding=raw.encoding or "",
        raw=raw,
    )
    if not len(raw.rows):
        said = Words("空图层：没有要素", "an empty layer, without features")
        return replace(seen, problem=said, needs="extent")
    return _located(seen, raw)


def _located(seen: SeenLayer, raw: RawLayer) -> SeenLayer:
    stated = raw.crs if raw.crs and raw.crs.strip() and "undefined" not in raw.crs.lower() else None
    system = stated or raw.default_crs
    if system is None:
        said = Words("文件没有写明坐标系（缺 .prj）", "the file names no reference system (no .prj)")
        return replace(seen, problem=said, needs="crs")
    try:
        located = replace(seen, stated=system, place=placed(raw.geometry, raw.rows, system, seen.file))
    except YudiError as error:
        if is_exchanged(raw.geometry, raw.rows, system):
            said = Words(
                "两个坐标写反了（纬度在前，或北坐标在前）：在 GIS 中对调 X、Y 后另存，再运行一次",
                "its two coordinates are exchanged (latitude or northing first): swap X and Y in a GIS, save, and run again",
            )
            return replace(seen, stated=system, problem=said, needs="mend")
        needs = "shift" if "shift" in error.message and error.hint and "shift" in error.hint else "crs"
        return replace(seen, stated=system, problem=problem_of(error), needs=needs)
    return replace(located, problem=_flawed(raw, system, seen))


def _flawed(raw: RawLayer, system: str, seen: SeenLayer) -> Words:
    """Return what a build would refuse of the shapes of a layer that was read whole, "" where it would take them."""
    if seen.shapes != seen.count or int(shapely.get_num_coordinates(raw.geometry).sum()) > _VERTICES:
        return Words()
    try:
        mend_layer(to_lonlat(raw.geometry, parse_crs(system)), raw.rows, seen.file)
    except YudiError as error:
        return problem_of(error)
    return Words()


def settle_systems(layers: list[SeenLayer]) -> list[SeenLayer]:
    """Return the layers, with a system for those whose file does not say one that fits, where it can be told."""
    known = [(_name(one.stated), one.box) for one in layers if one.box is not None and one.stated is not None]
    known = list(dict.fromkeys((name, box) for name, box in known if name))
    settled = []
    for one in layers:
        if one.needs == "crs" and one.raw is not None:
            is_wrong = one.stated is not None and one.raw.crs is not None
            guess = guess_system(one.raw.geometry, one.raw.rows, known, stated=one.stated if is_wrong else None)
            if guess is not None:
                shapes = placed(one.raw.geometry, one.raw.rows, guess.value.removeprefix("force:"), one.file)
                one = replace(one, system=guess, place=shapes, problem=Words(), needs="")
        settled.append(replace(one, raw=None))
    return settled


def _name(system: str | None) -> str:
    return parse_crs(system).name if system else ""


def _shape(geometry: np.ndarray) -> str:
    kinds = {int(kind) for kind in shapely.get_dimensions(geometry) if kind >= 0}
    return {(): "none", (0,): "point", (1,): "line", (2,): "polygon"}.get(tuple(sorted(kinds)), "mixed")
