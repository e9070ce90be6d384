"""Small drawings of units, alone or under the sites that are compared; a picture within a card, of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import plane_at
from yudi.formats.cards.frame import colour_of
from yudi.territory.answer_marks import VERDICT_MARKS
from yudi.territory.edition import Edition

__all__ = ["Spot", "sites_picture", "units_picture"]

_WIDTH, _HEIGHT, _WIDE = 440, 330, 860  # of a drawing, in its own units
_BYTES = 120_000  # of a drawing; above it shapes are drawn coarser
_MARGIN_M = 1_500.0  # around sites, at least
_LABELS = 24  # sites that can be named before the names cover each other
_FILLS = ("#f6f0dd", "#efc3a4", "#86b49d", "#b9b3d9", "#dfdfdf", "#8fa8c4")  # as the classes stand on maps of sites
_FONT = "Noto Sans CJK SC,Source Han Sans SC,PingFang SC,Microsoft YaHei,sans-serif"


@dataclass(frozen=True)
class Spot:
    """A site on the drawing: its shape in lon/lat, its name, and the verdict that gives its colour and mark."""

    shape: BaseGeometry
    name: str
    verdict: str


def units_picture(edition: Edition) -> str:
    """Return the units of an edition as an SVG of at most some 100 kB: their shapes, by class."""
    shapes = edition.units.geometry
    bounds = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
    if np.isnan(bounds).any():
        return _svg([], [], (_WIDTH, _HEIGHT))
    plane = plane_at(float(bounds[0] + bounds[2]) / 2)
    flat = np.array([plane.to_plane(shape) for shape in shapes], dtype=object)
    return _drawn(edition, flat, shapely.total_bounds(flat), placed=[], size=(_WIDTH, _HEIGHT))


def sites_picture(edition: Edition, spots: Sequence[Spot]) -> str:
    """Return sites among the units around as an SVG, each with its name and the colour of its verdict."""
    bounds = shapely.total_bounds(np.array([spot.shape for spot in spots], dtype=object))
    plane = plane_at(float(bounds[0] + bounds[2]) / 2)
    placed = [(plane.to_plane(spot.shape), spot) for spot in spots]
    west, south, east, north = shapely.total_bounds(np.array([shape for shape, _ in placed], dtype=object))
    margin = max(_MARGIN_M, 0.15 * max(east - west, north - south))
    height = min(_HEIGHT, max(180.0, _WIDE * (north - south + 2 * margin) / (east - west + 2 * margin)))
    scale = min(_WIDE / (east - west + 2 * margin), height / (north - south + 2 * margin))
    x, y = (west + east) / 2, (south + north) / 2
    frame = np.array([x - _WIDE / 2 / scale, y - height / 2 / scale, x + _WIDE / 2 / scale, y + height / 2 / scale])
    corners = plane.to_lonlat(shapely.segmentize(shapely.box(*frame), max(frame[2] - frame[0], 1.0) / 8))
    shapes = edition.units.geometry.copy()
    near = np.zeros(len(shapes), dtype=bool)
    near[edition.units.tree.query(shapely.box(*corners.bounds))] = True
    flat = np.array(
        [plane.to_plane(shape) if is_near else shapely.Polygon() for shape, is_near in zip(shapes, near, strict=True)],
        dtype=object,
    )
    return _drawn(edition, shapely.clip_by_rect(flat, *frame), frame, placed=placed, size=(_WIDE, round(height)))


def _drawn(
    edition: Edition,
    flat: np.ndarray[Any, Any],
    bounds: np.ndarray[Any, Any],
    *,
    placed: Sequence[tuple[BaseGeometry, Spot]],
    size: tuple[int, int],
) -> str:
    """Return units and sites, in metres of a plane, drawn within the bounds."""
    known = list(edition.classes)
    kinds = [str(kind or "") for kind in edition.units.column("class") or [""] * len(flat)]
    west, south, east, north = (float(side) for side in bounds)
    room = 0 if placed else 10
    scale = min((size[0] - room) / max(east - west, 1.0), (size[1] - room) / max(north - south, 1.0))
    left, top = (size[0] - scale * (east - west)) / 2, (size[1] - scale * (north - south)) / 2

    def to_sheet(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(((points[:, 0] - west) * scale + left, (north - points[:, 1]) * scale + top))

    drawn = shapely.transform(flat, to_sheet)
    marks = [_mark(shapely.transform(shape, to_sheet), spot, len(placed) <= _LABELS) for shape, spot in placed]
    coarse = 0.4
    while True:
        paths: dict[str, list[str]] = {}
        for kind, shape in zip(kinds, shapely.simplify(drawn, coarse), strict=True):
            paths.setdefault(kind, []).append(_path(shape))
        fills = [
            (_FILLS[known.index(kind) % len(_FILLS)] if kind in known else "#f1f3f1", "".join(parts))
            for kind, parts in paths.items()
        ]
        svg = _svg(fills, marks, size)
        if len(svg) <= _BYTES or coarse > 50:
            return svg
        coarse *= 2


def _mark(shape: BaseGeometry, spot: Spot, is_named: bool) -> str:
    """Return a site as a dot, above its shape where that can be seen, with its name beside it."""
    colour, centre = colour_of(spot.verdict), shape.centroid
    outline = _path(shape)
    parts = [f'<path d="{outline}" fill="{colour}" fill-opacity=".5" stroke="{colour}"/>'] if outline else []
    x, y = centre.x, centre.y
    parts.append(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8.5" fill="{colour}" stroke="#fff" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11" fill="#fff">'
        f"{VERDICT_MARKS[spot.verdict]}</text>"
    )
    if is_named:
        name = escape(spot.name if len(spot.name) <= 16 else spot.name[:15] + "…")
        anchor, beside = ("end", x - 13) if x > _WIDE * 0.8 else ("start", x + 13)
        parts.append(
            f'<text x="{beside:.1f}" y="{y + 5:.1f}" text-anchor="{anchor}" font-size="14" fill="#1c2227" '
            f'stroke="#fff" stroke-width="3" paint-order="stroke" stroke-linejoin="round">{name}</text>'
        )
    return "".join(parts)


def _svg(fills: Sequence[tuple[str, str]], marks: Sequence[str], size: tuple[int, int]) -> str:
    width, height = size
    inner = "".join(
        f'<path fill="{fill}" stroke="#5d645d" stroke-width=".5" fill-rule="evenodd" d="{path}"/>'
        for fill, path in fills
        if path
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT}"><rect width="{width}" height="{height}" fill="#fff"/>{inner}{"".join(marks)}</svg>'
    )


def _path(shape: Any) -> str:
    """Return the rings of a shape; what is smaller than a dot is left out."""
    parts: list[str] = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon" or polygon.area < 0.2:
            continue
        rings = (polygon.exterior, *polygon.interiors)
        parts += ["M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings]
    return "".join(parts)
