"""Writes codes and names of units onto a map: those that the site meets first, beside their unit where it is too small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.formats.drawings import text_at, text_width, wrapped
from yudi.formats.map_contents import MapUnits
from yudi.formats.map_furniture import HALO, MM

__all__ = ["sound", "unit_names"]

_LABELS = 16  # with those that the site meets; these alone may be more
_MET_LABELS = 48
_NAME = 2.1 * MM
_INK = "#1c2227"
_REACH_MM = (4, 6, 9, 12, 16, 20, 25, 30)  # how far beside its unit a code may stand
_TURNS = 24


def sound(shapes: Sequence[BaseGeometry]) -> np.ndarray[Any, Any]:
    """Return shapes that can be laid over others: parts too small for the sheet's whole units fall away."""
    return shapely.make_valid(np.array([*shapes, None], dtype=object)[:-1], method="structure", keep_collapsed=False)  # type: ignore[no-any-return]


def unit_names(
    units: MapUnits,
    seen: Mapping[int, BaseGeometry],
    site: BaseGeometry,
    *,
    ground: BaseGeometry,
    taken: list[BaseGeometry],
) -> list[str]:
    """Return codes and names where they fit, over nothing else.

    First those of all units that the site meets: in their unit, else their code beside it with a line that leads there.
    Others are written where room is left.

    Parameters
    ----------
    seen : mapping of int to shapely geometry
        The units on the sheet, in units of the drawing.
    taken : list of shapely geometry
        Where nothing may be written; the names are added.
    """
    inside = ground.buffer(-0.8 * MM)
    parts: list[str] = []
    beside: list[tuple[int, BaseGeometry]] = []
    met = sorted((row for row in seen if row in units.touched), key=lambda row: (-seen[row].area, row))
    for row in met[:_MET_LABELS]:
        shape = sound([seen[row]])[0].intersection(inside)
        if not (text := _within(units, row, shape, taken, is_met=True)):
            beside.append((row, shape))
        parts += text
    for row, shape in beside:
        parts += _led(units.codes[row] or units.names[row], shape, site, inside=inside, taken=taken)
    others = sorted((row for row in seen if row not in units.touched), key=lambda row: (-seen[row].area, row))
    for row in others[: 4 * _LABELS]:
        if len(parts) >= _LABELS:
            break
        shape = sound([seen[row]])[0].intersection(inside)
        if shape.area >= (6 * MM) ** 2:
            parts += _within(units, row, shape, taken, is_met=False)
    return parts


def _within(units: MapUnits, row: int, shape: BaseGeometry, taken: list[BaseGeometry], *, is_met: bool) -> list[str]:
    """Return the fullest writing that has room in its unit, as one text of SVG; none where nothing fits."""
    for lines in _writings(units.codes[row], units.names[row]):
        box = _room_for(lines, shape, taken, is_met=is_met)
        if box is not None:
            taken.append(box)
            return [_written(lines, box, is_met=is_met)]
    return []


def _led(
    text: str, shape: BaseGeometry, site: BaseGeometry, *, inside: BaseGeometry, taken: list[BaseGeometry]
) -> list[str]:
    """Return a code beside its unit, with a line from there to the site in the unit; none where there is no room."""
    met = shapely.intersection(shape, site)
    if not text or shape.is_empty:
        return []
    here = shapely.point_on_surface(shape if met.is_empty else met)
    wide, high = _size([text])
    turns = np.linspace(0.0, 2 * np.pi, _TURNS, endpoint=False)
    reach = np.repeat(np.array(_REACH_MM, dtype=float) * MM, _TURNS)
    turns = np.tile(turns, len(_REACH_MM))
    x, y = here.x + reach * np.cos(turns) + wide / 2 * np.cos(turns), here.y + reach * np.sin(turns)
    boxes = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    full = shapely.geometrycollections(taken)
    free = ~shapely.intersects(boxes, full) & shapely.covers(inside, boxes)
    between = [other for other in taken if not shapely.intersects(here, other)]
    for place in np.flatnonzero(free):
        box = boxes[place]
        end = shapely.shortest_line(here, box)
        if not any(shapely.intersects(end, other) for other in between):
            taken += [box, end.buffer(0.4 * MM)]
            (x0, y0), (x1, y1) = end.coords
            line = f'<path d="M{x0:.0f} {y0:.0f}L{x1:.0f} {y1:.0f}" stroke="{_INK}" stroke-width="3"/>'
            return [line + _written([text], box, is_met=True)]
    return []


def _writings(code: str, name: str) -> list[list[str]]:
    """Return what may be written of a unit, the fullest first."""
    if not name or name == code:
        return [[code]] if code else []
    long = _balanced(name, 32 * MM, 2)
    return [[code, *long], [code, *_balanced(name, 20 * MM, 3)], [code]] if code else [long]


def _balanced(text: str, width: float, most: int) -> list[str]:
    """Return a text in lines of about the same width, so that no letter stands alone in the last one."""
    count = max(1, -(-int(text_width(text, _NAME)) // int(width)))
    return wrapped(text, _NAME, min(width, text_width(text, _NAME) / min(count, most) + 1.2 * _NAME), most=most)


def _room_for(
    lines: Sequence[str], shape: BaseGeometry, taken: Sequence[BaseGeometry], *, is_met: bool
) -> BaseGeometry | None:
    """Return a free box for the lines in the shape, None where there is none."""
    wide, high = _size(lines)
    if shape.area < wide * high:
        return None
    west, north, east, south = shape.bounds
    centre, inner = shape.centroid, shapely.point_on_surface(shape)
    steps = np.arange(1, 8) / 8
    x, y = (side.ravel() for side in np.meshgrid(west + (east - west) * steps, north + (south - north) * steps))
    order = np.argsort((x - centre.x) ** 2 + (y - centre.y) ** 2, kind="stable")
    x, y = np.concatenate([[centre.x, inner.x], x[order]]), np.concatenate([[centre.y, inner.y], y[order]])
    boxes = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    boxes = boxes[~shapely.intersects(boxes, shapely.geometrycollections(list(taken)))]
    if not len(boxes):
        return None
    inside = np.round(shapely.area(shapely.intersection(boxes, shape)) / (wide * high), 2)
    best = int(np.argmax(inside))  # of equals the nearest to the middle
    return boxes[best] if inside[best] > (0.84 if is_met else 0.97) else None


def _size(lines: Sequence[str]) -> tuple[float, float]:
    """Return width and height of a box around lines."""
    return max(text_width(line, _NAME) for line in lines) + 0.8 * MM, len(lines) * 1.25 * _NAME + 0.4 * MM


def _written(lines: Sequence[str], box: BaseGeometry, *, is_met: bool) -> str:
    west, north, east, _ = box.bounds
    x = (west + east) / 2
    bold = ' font-weight="bold"'
    return "".join(
        text_at(
            x,
            north + 0.2 * MM + (row + 0.86) * 1.25 * _NAME,
            line,
            _NAME,
            anchor="middle",
            more=HALO + (bold if is_met else ""),
        )
        for row, line in enumerate(lines)
    )
