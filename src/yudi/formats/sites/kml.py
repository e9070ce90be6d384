"""Sites in KML and KMZ: every Placemark with its polygons, lines or points; nothing outside the file is ever fetched."""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import numpy as np

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.formats.delimited import decoded
from yudi.formats.sites.plots import Kind, Plot, Ring, SiteFile, SiteLimits, StatedSystem
from yudi.formats.sites.spellings import datums_in_text

__all__ = ["read_kml", "unpacked_kmz"]

_FORMAT = Words("KML", "KML")
_SHAPES: dict[str, Kind] = {"LinearRing": "polygon", "LineString": "line", "Point": "point"}
_ELSEWHERE = {
    "NetworkLink": "links_skipped", "GroundOverlay": "parts_skipped", "ScreenOverlay": "parts_skipped",
    "PhotoOverlay": "parts_skipped", "Model": "parts_skipped", "Track": "parts_skipped", "MultiTrack": "parts_skipped",
}  # fmt: skip
_DEPTH = 100
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
    struct.error, IndexError,
)  # fmt: skip
_AGAIN = "save it again in the program that wrote it"


@dataclass
class _Mark:
    """One Placemark while it is read."""

    row: int
    folder: str
    name: str = ""
    shapes: list[tuple[str, bool, str, int]] = field(default_factory=list)  # kind, is a hole, coordinates, row
    polygon: int = 0
    polygons: list[int] = field(default_factory=list)  # which polygon each ring of `shapes` belongs to
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class _State:
    """Where the parser is."""

    file: str
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    mark: _Mark | None = None
    marks: list[_Mark] = field(default_factory=list)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    key: str = ""
    unclear: tuple[str, int] | None = None  # the first name or description with another datum than KML's, and its row


def read_kml(data: bytes, file: str, limits: SiteLimits, *, layer: str = "") -> SiteFile:
    """Return the placemarks of a KML file.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Name for messages.
    layer : str
        Name of the only folder to read.

    Raises
    ------
    InputError
        For what is no XML or has a document type, for coordinates that cannot be read, and for a file without any place.
    LimitError
        For more than the limits.
    """
    text, findings = decoded(data, file)
    state = _State(file)
    _parse(text, state)
    marks = [mark for mark in state.marks if not layer or layer in mark.folder.split("/")]
    if layer and not marks:
        names = sorted({name for mark in state.marks for name in mark.folder.split("/") if name})
        message = f"expected a folder named {layer!r}, got {', '.join(map(repr, names)) or 'none'}"
        raise InputError(message, where=Where(file, None, "layer"), hint="name one of these, or leave layer out")
    kept = [mark for mark in marks if mark.shapes]
    if not kept:
        hint = "draw the site as a polygon, and save that as KML"
        raise InputError("expected a Placemark with a polygon, line or point, got none", where=Where(file), hint=hint)
    limits.check("plots", len(kept), file)
    notes: dict[str, Finding] = {}
    count = 0
    plots = []
    for number, mark in enumerate(kept, 1):
        plots.append(_plot(mark, number, file, limits, notes=notes, before=count))
        count += sum(len(ring.points) for ring in plots[-1].rings())
    found = (*findings, *notes.values(), *_skipped(state))
    system = _system(state)
    return SiteFile(file, _FORMAT, tuple(plots), system, grouping="each", findings=found)


def _system(state: _State) -> StatedSystem:
    """Return WGS 84, as KML has it; where the file's words name another datum, they and the format contradict each other."""
    if state.unclear is not None:
        text, row = state.unclear
        return StatedSystem(unclear=" ".join(text.split())[:60], axes="fixed", where=Where(state.file, row))
    return StatedSystem(crs="OGC:CRS84", axes="fixed", where=Where(state.file))


def _skipped(state: _State) -> Iterator[Finding]:
    says = {
        "links_skipped": "what the file links to was not read",
        "parts_skipped": "pictures, models and tracks are no sites and were left out",
    }
    for kind, rows in state.skipped.items():
        yield Finding(kind, says[kind], Where(state.file, rows[0]))


def _parse(text: str, state: _State) -> None:
    """Run the parser; a document type is refused before any entity of it could grow or be fetched."""
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        where = Where(state.file, parser.CurrentLineNumber)
        raise InputError(
            "expected KML without a document type", where=where, hint="remove the DOCTYPE and its entities"
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        _start(state, name.rpartition(" ")[2], attributes, parser.CurrentLineNumber)

    def end(name: str) -> None:
        _end(state, name.rpartition(" ")[2], parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = state.text.append
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        message = f"expected KML, got XML that cannot be read: {expat.ErrorString(error.code)}"
        raise InputError(message, where=Where(state.file, error.lineno), hint=_AGAIN) from error


def _start(state: _State, name: str, attributes: dict[str, str], row: int) -> None:
    if not state.path and name not in ("kml", "Document", "Folder", "Placemark"):
        message = f"expected KML, got XML that begins with {name[:40]!r}"
        raise InputError(message, where=Where(state.file, row), hint="export the site as KML")
    state.path.append(name)
    if len(state.path) > _DEPTH:
        raise InputError("expected KML, got XML nested too deeply", where=Where(state.file, row), hint=_AGAIN)
    state.text.clear()
    if name in ("Folder", "Document"):
        state.folders.append("")
    elif name == "Placemark":
        state.mark = _Mark(row, "/".join(filter(None, state.folders)))
    elif name in _ELSEWHERE:
        state.skipped.setdefault(_ELSEWHERE[name], []).append(row)
    elif state.mark is not None and name == "Polygon":
        state.mark.polygon += 1
    elif name in ("Data", "SimpleData"):
        state.key = attributes.get("name", "")


def _end(state: _State, name: str, row: int) -> None:
    text = "".join(state.text)
    state.text.clear()
    above = state.path[-2] if len(state.path) > 1 else ""
    mark = state.mark
    is_said = name in ("name", "description", "Snippet", "value", "SimpleData") or above == "ExtendedData"
    if is_said and state.unclear is None and not datums_in_text(text) <= {"wgs84", "cgcs2000"}:
        state.unclear = (text, row)
    if name == "name" and above in ("Folder", "Document"):
        state.folders[-1] = text.strip().replace("/", "／")
    elif name in ("Folder", "Document"):
        state.folders.pop()
    elif mark is not None:
        if name == "Placemark":
            state.marks.append(mark)
            state.mark = None
        elif name == "name" and above == "Placemark":
            mark.name = text.strip()
        elif name == "coordinates" and above in _SHAPES:
            is_polygon = "Polygon" in state.path
            kind = _SHAPES[above] if is_polygon or above != "LinearRing" else "line"
            mark.shapes.append((kind, "innerBoundaryIs" in state.path, text, row - text.count("\n")))
            mark.polygons.append(mark.polygon)
        elif ((name == "value" and above == "Data") or name == "SimpleData") and state.key and text.strip():
            mark.attributes[state.key] = text.strip()
    state.path.pop()


def _plot(mark: _Mark, number: int, file: str, limits: SiteLimits, *, notes: dict[str, Finding], before: int) -> Plot:
    label = mark.name or f"Placemark {number}"
    where = Where(file, mark.row, label)
    kinds = {kind for kind, *_ in mark.shapes}
    if kinds > {"point"} and len(kinds) == 2:  # a point beside what it labels, as some programs write it
        notes.setdefault("parts_skipped", Finding("parts_skipped", "points that label a shape were left out", where))
        kinds = kinds - {"point"}
    if len(kinds) > 1:
        message = f"expected polygons, lines or points in one Placemark, got {' and '.join(sorted(kinds))}"
        raise InputError(message, where=where, hint="make a Placemark of each")
    (kind,) = kinds
    parts: dict[int, list[Ring]] = {}
    count = before
    for index, ((one, is_hole, text, row), polygon) in enumerate(zip(mark.shapes, mark.polygons, strict=True)):
        if one != kind:
            continue
        points, high = _points(text, Where(file, row, label), limits, count)
        count += len(points)
        if high:
            notes.setdefault("z_dropped", Finding("z_dropped", "altitudes were left out", Where(file, row, label)))
        ring = Ring(points, np.full(len(points), row), (), label)
        key = polygon if kind == "polygon" else -index
        rings = parts.setdefault(key, [])
        if kind == "polygon" and bool(rings) != is_hole:
            message = "expected a polygon's outer boundary first and once, got otherwise"
            raise InputError(message, where=Where(file, row, label), hint=_AGAIN)
        rings.append(ring)
    attributes = {key: value for key, value in mark.attributes.items() if key}
    return Plot(label, kind, tuple(tuple(rings) for rings in parts.values()), where, True, attributes)  # type: ignore[arg-type]


def _points(text: str, where: Where, limits: SiteLimits, before: int) -> tuple[Any, bool]:
    """Return the positions of a text of coordinates, and whether one has an altitude other than 0."""
    tuples = re.sub(r"\s*,\s*", ",", text.strip()).split()
    limits.check("vertices", before + len(tuples), where.file or "")
    values: list[tuple[float, float]] = []
    high = False
    for item in tuples:
        numbers = [_number(part, where) for part in item.rstrip(",").split(",")]
        if len(numbers) not in (2, 3):
            message = f"expected longitude,latitude or longitude,latitude,altitude, got {item[:60]!r}"
            raise InputError(message, where=where, hint=_AGAIN)
        high = high or numbers[2:] not in ([], [0.0])
        values.append((numbers[0], numbers[1]))
    if not values:
        raise InputError("expected coordinates, got none", where=where, hint="draw the shape again")
    return np.array(values, float), high


def _number(text: str, where: Where) -> float:
    try:
        number = float(text) if len(text) <= 60 and text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"expected a number of degrees, got {text[:40]!r}", where=where, hint=_AGAIN)
    return number


def unpacked_kmz(data: bytes, file: str, limits: SiteLimits) -> tuple[bytes, str]:
    """Return the KML of a KMZ archive and its name for messages; of several the one named doc.kml.

    Raises
    ------
    InputError
        If it is no archive, is cut or encrypted, or holds no KML, or several of which none is the main one.
    LimitError
        If it unpacks to more than the limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            chosen = _main(archive.infolist(), file)
            with archive.open(chosen) as source:
                content = source.read(limits.unpacked_bytes + 1)
    except _DAMAGE as error:
        if isinstance(error, InputError):
            raise
        text = "it is encrypted" if "encrypted" in str(error) else "it is cut, damaged or of another kind"
        raise InputError(f"expected a KMZ archive, but {text}", where=Where(file), hint=_AGAIN) from error
    limits.check("unpacked_bytes", len(content), file)
    return content, f"{file}/{chosen.filename}"


def _main(members: Sequence[zipfile.ZipInfo], file: str) -> zipfile.ZipInfo:
    found = [info for info in members if info.filename.lower().endswith(".kml") and "__MACOSX" not in info.filename]
    if not found:
        raise InputError("expected a KML file in the archive, got none", where=Where(file), hint=_AGAIN)
    main = [info for info in found if info.filename.lower() == "doc.kml"] or found
    if len(main) > 1:
        names = ", ".join(repr(info.filename) for info in main[:10])
        raise InputError(
            f"expected one KML file in the archive, got {names}", where=Where(file), hint="give the one meant"
        )
    return main[0]
