"""Sites in DXF drawings: closed polylines with their arcs, circles, and lines that join to rings, layer by layer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.raw import read

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.formats.layers import quiet_gdal
from yudi.formats.sites.plots import Kind, Plot, Ring, SiteFile, SiteLimits, StatedSystem

__all__ = ["read_dxf"]

_Array = np.ndarray[Any, Any]
_FORMAT = Words("DXF 图形", "DXF drawing")
_STEP = "0.5"  # degrees of arc that one chord spans; a circle's area is then short by 1.3e-5
_JOIN = 1e-4  # of the drawing's unit: ends of lines that are nearer are one
_FARTHEST = 1e12  # of the drawing's unit; no number that is larger places anything
_NEARLY = 0.05  # of its length: a line whose ends are nearer was meant to close
_UNITS = {"4": "mm", "6": "m"}  # of $INSUNITS, as far as they are common on site plans
_SAVE = "save it again as ASCII DXF, R2000 to R2018"
_LAYER = "name the layer of the boundary: --layer"
# What GDAL passes over without a word, though it may hold an area.
_UNREAD = re.compile(rb"\n\s*0\s*\r?\n\s*(REGION|MPOLYGON|ACAD_PROXY_ENTITY|3DSOLID|BODY)\s*\r?(?=\n)")
_CURVE = re.compile(rb"\n\s*0\s*\r?\n\s*(?:ARC|CIRCLE|ELLIPSE|SPLINE)\s*\r?\n")
_POLYLINE = re.compile(rb"\n\s*0\s*\r?\n\s*(?:LWPOLYLINE|VERTEX)\s*\r?\n(.*?)(?=\n\s*0\s*\r?\n)", re.DOTALL)
_BULGE = re.compile(rb"\n\s*42\s*\r?\n\s*-?[0.]*[1-9]")


@dataclass(frozen=True)
class _Item:
    """A line of the drawing: its vertices, layer and handle."""

    points: _Array
    layer: str
    handle: str

    @property
    def is_closed(self) -> bool:
        return len(self.points) > 3 and bool((self.points[0] == self.points[-1]).all())


def read_dxf(path: Path, limits: SiteLimits, *, layer: str = "") -> SiteFile:
    """Return the boundary lines of a drawing's layer.

    Texts, points, hatches and dimensions are left out and counted. Arcs are drawn as chords of half a degree.

    Parameters
    ----------
    layer : str
        Layer to read, where several have lines.

    Raises
    ------
    InputError
        If it is no whole ASCII DXF, has no lines, has lines in several layers of which none is named, or lines that neither
        close nor are one line.
    LimitError
        For more than the limits.
    """
    file = path.name
    head = _checked_head(path, file)
    items, others = _lines_of(path, file, limits)
    chosen, name = _chosen(items, others, layer, file)
    limits.check("vertices", sum(len(item.points) for item in chosen), file)
    rings, lines, notes = _joined(chosen, file)
    kind: Kind = "polygon" if rings else "line"
    if rings and lines:
        line = lines[0]
        message = f"expected lines that close, got {len(rings)} that do and {len(lines)} that do not: {_ends(line)}"
        hint = "close it, or move what is no boundary to another layer"
        raise InputError(message, where=_where(file, line), hint=hint)
    for line in lines:
        _refuse_nearly_closed(line, file)
    runs = rings or lines
    parts = tuple((Ring(item.points, np.zeros(len(item.points), int), (), _label(item)),) for item in runs)
    plot = Plot(name or path.stem, kind, parts, Where(file, None, f"layer {name}"), False)
    for kind, count in head["unread"].items():
        others[""][kind] += count
    findings = [*notes, *_left_out(others, file), *_open(lines, file)]
    if head["bulges"]:
        findings.append(Finding("arcs_drawn", "arcs were drawn as chords of half a degree each", Where(file)))
    system = StatedSystem(unit=_UNITS.get(head["unit"], ""), where=Where(file, None, "$INSUNITS"))
    return SiteFile(file, _FORMAT, (plot,), system, findings=tuple(findings))


def _checked_head(path: Path, file: str) -> dict[str, Any]:
    """Return the drawing's unit and whether it has arcs; refuse what is no whole ASCII DXF."""
    data = path.read_bytes()
    where = Where(file)
    if data.startswith(b"AutoCAD Binary DXF"):
        raise InputError("expected an ASCII DXF, got a binary one", where=where, hint=_SAVE)
    if re.match(rb"AC10\d\d", data) or b"\0" in data[:4096]:
        raise InputError(
            "expected a DXF, got a DWG or another binary file", where=where, hint="save it as DXF, and give that"
        )
    if not re.match(rb"(?:\xef\xbb\xbf)?(?:\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION\s*\r?\n", data):
        raise InputError("expected a DXF, got another kind of file", where=where, hint=_SAVE)
    if not re.search(rb"\n\s*0\s*\r?\n\s*EOF\s*$", data[-200:]):
        hint = "copy it again from its source, or save it again as DXF"
        raise InputError("expected a whole DXF, but its end is missing", where=where, hint=hint)
    unit = re.search(rb"\$INSUNITS\s*\r?\n\s*70\s*\r?\n\s*(\d+)", data[:200_000])
    unread = Counter(found.decode().lower().replace("_", " ") for found in _UNREAD.findall(data))
    return {"unit": unit[1].decode() if unit else "", "bulges": _has_arcs(data), "unread": unread}


def _has_arcs(data: bytes) -> bool:
    """Tell whether a drawing has arcs, circles or other curves, or polylines with a bulge."""
    if _CURVE.search(data):
        return True
    return any(_BULGE.search(found[1]) for found in _POLYLINE.finditer(data))


@contextmanager
def _fine_arcs() -> Iterator[None]:
    """Let GDAL draw arcs in fine steps for a while; it knows this only as a setting of the process."""
    before = pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE")
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": _STEP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": before})


def _lines_of(path: Path, file: str, limits: SiteLimits) -> tuple[list[_Item], dict[str, Counter[str]]]:
    """Return the lines of a drawing, and what else lies on its layers, counted by kind."""
    try:
        with quiet_gdal(), _fine_arcs():
            meta, _, blobs, fields = read(path, max_features=limits.plots * 10 + 1)
    except (OSError, RuntimeError, UnicodeError, ValueError) as error:
        message = "expected a DXF, but the file cannot be read as one"
        raise InputError(message, where=Where(file), hint=_SAVE) from error
    names = list(meta["fields"])
    limits.check("plots", len(blobs) // 10, file)
    layers, handles, texts, paper = (
        fields[names.index(name)] for name in ("Layer", "EntityHandle", "Text", "PaperSpace")
    )
    items: list[_Item] = []
    others: dict[str, Counter[str]] = defaultdict(Counter)
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are refused below
        shapes = shapely.from_wkb(blobs, on_invalid="ignore")
    for number, shape in enumerate(shapes):
        layer = str(layers[number] or "0")
        if shape is None or shape.is_empty or paper[number] == 1:
            others[layer]["on a layout" if paper[number] == 1 else "empty"] += 1
            continue
        if not (np.abs(shapely.get_coordinates(shape)) < _FARTHEST).all():
            where = Where(file, None, f"layer {layer}, entity {handles[number] or number + 1}")
            raise InputError("expected coordinates that are numbers", where=where, hint=_SAVE)
        for part in shapely.get_parts(shape):
            if part.geom_type == "LineString" and part.length > 0:
                items.append(_Item(shapely.get_coordinates(part), layer, str(handles[number] or "")))
            else:
                is_text = part.geom_type == "Point" and texts[number] not in (None, "")
                kind = "text" if is_text else "hatch" if "Polygon" in part.geom_type else part.geom_type.lower()
                others[layer][kind] += 1
    return items, others


def _chosen(items: Sequence[_Item], others: dict[str, Counter[str]], layer: str, file: str) -> tuple[list[_Item], str]:
    """Return the lines of the one layer to read, and its name."""
    found: dict[str, list[_Item]] = defaultdict(list)
    for item in items:
        found[item.layer].append(item)
    if layer:
        if layer not in found:
            listing = "; ".join(_layer_words(name, lines) for name, lines in sorted(found.items())) or "none with lines"
            message = f"expected lines on a layer {layer!r}, got {listing}"
            raise InputError(message, where=Where(file, None, "layer"), hint="name one of these")
        return found[layer], layer
    if not found:
        got = ", ".join(sorted({kind for kinds in others.values() for kind in kinds})) or "an empty drawing"
        hint = "draw the boundary as a closed polyline, and save the drawing as DXF"
        raise InputError(f"expected boundary lines, got {got}", where=Where(file), hint=hint)
    if len(found) > 1:
        listing = "; ".join(_layer_words(name, lines) for name, lines in sorted(found.items()))
        raise InputError(
            f"expected one layer with lines, got {len(found)}: {listing}", where=Where(file, None, "layer"), hint=_LAYER
        )
    (name,) = found
    return found[name], name


def _layer_words(name: str, lines: Sequence[_Item]) -> str:
    closed = sum(item.is_closed for item in lines)
    parts = [f"{closed} closed" if closed else "", f"{len(lines) - closed} open" if len(lines) > closed else ""]
    return f"{name!r} ({', '.join(filter(None, parts))})"


def _left_out(others: dict[str, Counter[str]], file: str) -> Iterator[Finding]:
    total: Counter[str] = Counter()
    for kinds in others.values():
        total.update(kinds)
    if total:
        words = ", ".join(f"{count} × {kind}" for kind, count in sorted(total.items()))
        yield Finding("entities_skipped", f"what is no boundary line was left out: {words}", Where(file))


def _open(lines: Sequence[_Item], file: str) -> Iterator[Finding]:
    """Note lines with corners that do not return to their beginning: a boundary that was not closed looks like them."""
    for line in lines:
        if len(line.points) > 2:
            message = f"a line of {len(line.points)} points does not close and was read as a line: {_ends(line)}"
            yield Finding("line_open", f"{message}; if it is a boundary, close it", _where(file, line))


def _joined(items: Sequence[_Item], file: str) -> tuple[list[_Item], list[_Item], list[Finding]]:
    """Return the rings that lines make, the lines that do not close, and notes of what was left out."""
    rings: dict[bytes, _Item] = {}
    open_lines: list[_Item] = []
    doubled: list[_Item] = []
    for item in items:
        key = shapely.normalize(shapely.Polygon(item.points) if item.is_closed else shapely.LineString(item.points)).wkb
        if key in rings:
            doubled.append(item)
            continue
        rings[key] = item
    unique = list(rings.values())
    open_lines = [item for item in unique if not item.is_closed]
    found = [item for item in unique if item.is_closed]
    closed, rest = _chains(open_lines, file)
    notes = []
    if doubled:
        message = f"what is drawn twice was read once ({len(doubled)})"
        notes.append(Finding("doubled_lines", message, _where(file, doubled[0])))
    return [*found, *closed], rest, notes


def _chains(lines: Sequence[_Item], file: str) -> tuple[list[_Item], list[_Item]]:
    """Join lines end to end; where three or more ends meet nobody can say which belong together."""
    ends: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, item in enumerate(lines):
        for point in (item.points[0], item.points[-1]):
            ends[_key(point)].append(index)
    for index, item in enumerate(lines):
        crowded = next((point for point in (item.points[0], item.points[-1]) if len(ends[_key(point)]) > 2), None)
        if crowded is not None:
            message = f"{len(ends[_key(crowded)])} ends of lines meet at ({crowded[0]:.3f}, {crowded[1]:.3f})"
            hint = "draw the boundary as one closed polyline, or move other lines to another layer"
            raise InputError(message, where=_where(file, lines[index]), hint=hint)
    left = dict(enumerate(lines))
    closed: list[_Item] = []
    rest: list[_Item] = []
    while left:
        chain = _chain(left, ends)
        (closed if chain.is_closed else rest).append(chain)
    return closed, rest


def _chain(left: dict[int, _Item], ends: dict[tuple[int, int], list[int]]) -> _Item:
    """Take a line and all that follow it in both directions out of those left."""
    first = next(iter(left))
    item = left.pop(first)
    points = item.points
    for _ in range(2):
        while _key(points[0]) != _key(points[-1]):
            following = next((index for index in ends[_key(points[-1])] if index in left), None)
            if following is None:
                break
            added = left.pop(following).points
            added = added if _key(added[0]) == _key(points[-1]) else added[::-1]
            points = np.concatenate([points, added[1:]])
        points = points[::-1]
    if len(points) > 3 and _key(points[0]) == _key(points[-1]):
        points = np.concatenate([points[:-1], points[:1]])
    return _Item(points, item.layer, item.handle)


def _key(point: _Array) -> tuple[int, int]:
    x, y = np.round(point / _JOIN)
    return int(x), int(y)


def _refuse_nearly_closed(line: _Item, file: str) -> None:
    length = float(np.hypot(*np.diff(line.points, axis=0).T).sum())
    gap = float(np.hypot(*(line.points[0] - line.points[-1])))
    if len(line.points) > 3 and gap < _NEARLY * length:
        message = f"a line nearly closes: {_ends(line)}"
        raise InputError(message, where=_where(file, line), hint="close it, if it is a boundary")


def _ends(line: _Item) -> str:
    (x1, y1), (x2, y2) = line.points[0], line.points[-1]
    gap = float(np.hypot(x1 - x2, y1 - y2))
    return f"between ({x1:.3f}, {y1:.3f}) and ({x2:.3f}, {y2:.3f}) {gap:.3f} are missing"


def _where(file: str, item: _Item) -> Where:
    return Where(file, None, _label(item))


def _label(item: _Item) -> str:
    return f"layer {item.layer}" + (f", entity {item.handle}" if item.handle else "")
