"""What stands around a map: degrees at its frame, scale bar, north arrow, legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from yudi.core.measure import Plane
from yudi.formats.drawings import Frame, degrees_text, degrees_ticks, round_step, text_at, text_width, wrapped

__all__ = ["HALO", "MM", "Entry", "graticule", "legend", "legend_height", "north_arrow", "ratio_text", "scale_bar"]

MM = 20  # units of a drawing for a millimetre
HALO = ' stroke="#fff" stroke-width="9" stroke-linejoin="round" paint-order="stroke"'  # of writing that may cross lines
_INK, _GREY = "#1c2227", "#6d757a"
_TICK = 2.1 * MM  # size of the letters at the frame
_TEXT = 2.5 * MM
_LINE = 3.5 * MM
_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65)  # of a legend; smaller could not be read
_SWATCH = (7 * MM, 3 * MM)
_TICKS_MM = 27  # about one tick for so many millimetres


@dataclass(frozen=True)
class Entry:
    """A line of a legend: a swatch of 7 by 3 mm with its upper left corner at (0, 0), and words; a head has no swatch."""

    text: str
    swatch: str = ""
    is_head: bool = False
    is_small: bool = False


def graticule(frame: Frame, plane: Plane) -> list[str]:
    """Return thin lines of round degrees, and the degrees at the lower and left edge of the frame."""
    box = frame.box
    west, south, east, north = plane.to_lonlat(box).bounds
    x0, y0, x1, y1 = box.bounds
    across = max(2, round(frame.width / MM / _TICKS_MM))
    along = max(2, round(frame.height / MM / _TICKS_MM))
    lines, texts = [], []
    edge = np.linspace(0.0, 1.0, 9)
    for lon in degrees_ticks(west, east, across):
        flat = plane.to_plane(shapely.LineString([(lon, south + (north - south) * part) for part in edge]))
        if (cut := shapely.intersection(flat, box)).geom_type == "LineString" and not cut.is_empty:
            low, high = (frame.place(*cut.coords[end]) for end in (0, -1))
            lines.append(f"M{low[0]:.0f} {low[1]:.0f}L{high[0]:.0f} {high[1]:.0f}")
            if abs(cut.coords[0][1] - y0) < 1e-3 * (y1 - y0):
                texts.append(_below(low[0], frame, degrees_text(lon, "EW")))
    for lat in degrees_ticks(south, north, along):
        flat = plane.to_plane(shapely.LineString([(west + (east - west) * part, lat) for part in edge]))
        if (cut := shapely.intersection(flat, box)).geom_type == "LineString" and not cut.is_empty:
            points = [frame.place(x, y) for x, y in cut.coords]
            lines.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points))
            if abs(cut.coords[0][0] - x0) < 1e-3 * (x1 - x0):
                texts.append(_beside(points[0][1], frame, degrees_text(lat, "NS")))
    edge_line = (
        f'<rect x="{frame.left}" y="{frame.top}" width="{frame.width}" height="{frame.height}" fill="none" '
        f'stroke="{_INK}" stroke-width="6"/>'
    )
    return [
        f'<path d="{"".join(lines)}" fill="none" stroke="{_INK}" stroke-width="2" stroke-opacity=".28"/>',
        edge_line,
        *texts,
    ]


def _below(x: float, frame: Frame, text: str) -> str:
    half = text_width(text, _TICK) / 2
    y = frame.top + frame.height
    held = min(max(x, frame.left + half), frame.left + frame.width - half)
    return f'<path d="M{x:.0f} {y}v{MM}" stroke="{_INK}" stroke-width="4"/>' + text_at(
        held, y + 3.4 * MM, text, _TICK, anchor="middle"
    )


def _beside(y: float, frame: Frame, text: str) -> str:
    half = text_width(text, _TICK) / 2
    held = min(max(y, frame.top + half), frame.top + frame.height - half)
    x = frame.left - 1.6 * MM
    turned = f' transform="rotate(-90 {x:.0f} {held:.0f})"'
    return f'<path d="M{frame.left} {y:.0f}h-{MM}" stroke="{_INK}" stroke-width="4"/>' + text_at(
        x, held, text, _TICK, anchor="middle", more=turned
    )


def scale_bar(frame: Frame) -> str:
    """Return a scale bar of a round length in the lower left corner of the map."""
    length = round_step(0.3 * frame.width / frame.scale)
    wide = length * frame.scale
    x, y = frame.left + 3 * MM, frame.top + frame.height - 3 * MM
    high = 0.9 * MM
    told = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    half = f"{length / 2000:g}" if length >= 1000 else f"{length / 2:g}"
    pieces = [
        f'<rect x="{x - 1.5 * MM:.0f}" y="{y - 4.6 * MM:.0f}" width="{wide + 3 * MM + text_width(told, _TICK) / 2:.0f}" '
        f'height="{6.2 * MM:.0f}" fill="#fff" fill-opacity=".82"/>',
        f'<rect x="{x}" y="{y - high:.0f}" width="{wide:.0f}" height="{high:.0f}" fill="#fff" stroke="{_INK}" stroke-width="4"/>',
        f'<rect x="{x}" y="{y - high:.0f}" width="{wide / 2:.0f}" height="{high:.0f}" fill="{_INK}"/>',
    ]
    for at, text in ((0.0, "0"), (wide / 2, half), (wide, told)):
        pieces.append(text_at(x + at, y - 1.8 * MM, text, _TICK, anchor="middle"))
    return "".join(pieces)


def ratio_text(frame: Frame) -> str:
    """Return the scale of the map printed at its own size, such as ``1:50,000``."""
    return f"1:{1000 * MM / frame.scale:,.0f}"


def north_arrow(frame: Frame) -> str:
    """Return an arrow to the north for the upper right corner; the plane's north is true north to 0.1 degrees there."""
    x, y = frame.left + frame.width - 5 * MM, frame.top + 3 * MM
    return (
        f'<g transform="translate({x:.0f} {y:.0f})"><circle cx="0" cy="{3.4 * MM:.0f}" r="{4.3 * MM:.0f}" fill="#fff" '
        f'fill-opacity=".82"/><path d="M0 {1.6 * MM:.0f}L{1.5 * MM:.0f} {6.6 * MM:.0f}L0 {5.6 * MM:.0f}z" fill="{_INK}"/>'
        f'<path d="M0 {1.6 * MM:.0f}L-{1.5 * MM:.0f} {6.6 * MM:.0f}L0 {5.6 * MM:.0f}z" fill="#fff" stroke="{_INK}" '
        f'stroke-width="4" stroke-linejoin="round"/>'
        + text_at(0, 1.2 * MM, "N", 2.4 * MM, anchor="middle", more=' font-weight="bold"')
        + "</g>"
    )


def _laid_out(entries: Sequence[Entry], width: float) -> list[tuple[Entry, list[str], float]]:
    """Return each entry with its lines and height."""
    rows = []
    for entry in entries:
        indent = _SWATCH[0] + 1.6 * MM if entry.swatch else 0
        size = 2.1 * MM if entry.is_small else _TEXT
        lines = wrapped(entry.text, size, width - indent, most=5 if entry.is_small else 3)
        step = _LINE if not entry.is_small else 3.0 * MM
        rows.append((entry, lines, len(lines) * step + (0.9 * MM if entry.swatch or entry.is_head else 0.5 * MM)))
    return rows


def legend_height(entries: Sequence[Entry], width: float, columns: int = 1) -> int:
    """Return how high a legend of a width is, in units of the drawing."""
    rows = _laid_out(entries, (width - (columns - 1) * 3 * MM) / columns)
    return round(_split(rows, columns)[1])


def _split(rows: Sequence[tuple[Entry, list[str], float]], columns: int) -> tuple[list[int], float]:
    """Return the column of each row, and the height of the highest column."""
    total = sum(row[2] for row in rows)
    aim = total / columns + (2 * _LINE if columns > 1 else 0)
    placed, column, used, most = [], 0, 0.0, 0.0
    for _, _, high in rows:
        if used and used + high > aim and column < columns - 1:
            column, used = column + 1, 0.0
        used += high
        most = max(most, used)
        placed.append(column)
    return placed, most


def legend(
    entries: Sequence[Entry], corner: tuple[float, float], size: tuple[float, float], columns: int = 1
) -> list[str]:
    """Return the lines of a legend whose upper left corner is given, in units of the drawing.

    Parameters
    ----------
    size : (float, float)
        Width, and where the sheet ends below; a legend that would leave the sheet is drawn smaller.
    """
    width, low = size
    room = low - corner[1]
    scale = next(
        (part for part in _SCALES if legend_height(entries, width / part, columns) * part <= room), _SCALES[-1]
    )
    if scale == 1:
        return _lines(entries, corner, width, columns)
    moved = f'<g transform="translate({corner[0]:.0f} {corner[1]:.0f}) scale({scale:g})">'
    return [moved, *_lines(entries, (0.0, 0.0), width / scale, columns), "</g>"]


def _lines(entries: Sequence[Entry], corner: tuple[float, float], width: float, columns: int) -> list[str]:
    each = (width - (columns - 1) * 3 * MM) / columns
    rows = _laid_out(entries, each)
    placed, _ = _split(rows, columns)
    used = [corner[1]] * columns
    pieces = []
    for (entry, lines, high), column in zip(rows, placed, strict=True):
        x, y = corner[0] + column * (each + 3 * MM), used[column]
        step = 3.0 * MM if entry.is_small else _LINE
        size = 2.1 * MM if entry.is_small else _TEXT
        indent = 0.0
        if entry.swatch:
            pieces.append(f'<g transform="translate({x:.0f} {y + 0.2 * MM:.0f})">{entry.swatch}</g>')
            indent = _SWATCH[0] + 1.6 * MM
        more = ' font-weight="bold"' if entry.is_head else f' fill="{_GREY}"' if entry.is_small else ""
        for row, line in enumerate(lines):
            pieces.append(text_at(x + indent, y + row * step + 0.75 * step, line, size, more=more))
        used[column] += high
    return pieces
