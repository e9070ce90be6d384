"""A map of a site as SVG: the units around, what clauses asked about, scale, north, degrees and a legend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import Plane, distance_m, plane_at
from yudi.core.words import Words
from yudi.formats.drawings import Frame
from yudi.formats.map_contents import MapContents, contents_of
from yudi.formats.map_drawing import Drawing, Sheet, draw
from yudi.formats.map_furniture import MM, Entry, graticule, legend, legend_height, north_arrow, ratio_text, scale_bar
from yudi.formats.sites.angles import show_angle
from yudi.territory.answer_words import ILLUSTRATIVE
from yudi.territory.screening import Screening

__all__ = ["LANGUAGES", "drawn", "map_of", "map_of_site"]

LANGUAGES = ("zh", "en", "both")
SIZE_MAX = 280_000  # bytes; above it shapes are drawn coarser
_FONT = "Yudi Sans,Noto Sans CJK SC,Source Han Sans SC,PingFang SC,Microsoft YaHei,sans-serif"
_INK = "#1c2227"
_NEAREST_M, _FARTHEST_M = 400.0, 15_000.0  # what is seen around a small site, at least and at most
_WAYS_M = 12_000.0  # ways farther away than this are not brought onto the map
_RATIOS = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10)
_BESIDE_MM = 120  # from this width on the legend stands beside the map
_MARGIN = 5 * MM  # for degrees, left and below
_SAY = {
    "scale": Words("比例尺（按原尺寸）", "Scale at full size"),
    "centre": Words("选址中心", "Centre of the site"),
    "system": Words("经纬度", "Degrees"),
    "source": Words("图件来源", "Map from"),
}


def map_of(
    screening: Screening,
    *,
    lang: str = "zh",
    width_mm: float = 170,
    height_mm: float = 110,
    ways: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Return the map of a screening as SVG: site, units around, layers that clauses ask about, ways out.

    Parameters
    ----------
    lang : str
        One of `LANGUAGES`.
    ways : iterable of mapping
        Ways out as an answer lists them under ``ways_out``.
    """
    return drawn(contents_of(screening, ways), lang=lang, width_mm=width_mm, height_mm=height_mm)


def map_of_site(site: BaseGeometry, *, lang: str = "zh", width_mm: float = 120, height_mm: float = 90) -> str:
    """Return the map of a site alone, lon/lat, as SVG: its shape with scale, north and degrees."""
    return drawn(MapContents(site), lang=lang, width_mm=width_mm, height_mm=height_mm)


def drawn(contents: MapContents, *, lang: str, width_mm: float, height_mm: float) -> str:
    """Return a map as SVG of less than 300 kB; the same contents give the same bytes.

    Raises
    ------
    ValueError
        For a language that is none of `LANGUAGES`, or a sheet with a side of less than 40 mm.
    """
    if lang not in LANGUAGES or min(width_mm, height_mm) < 40:
        raise ValueError(f"expected zh, en or both and at least 40 mm, got {lang!r}, {width_mm} x {height_mm} mm")
    coarse = 1.5
    while True:
        text = _svg(contents, lang, (width_mm, height_mm), coarse)
        if len(text.encode()) <= SIZE_MAX or coarse > 100:
            return text
        coarse *= 2


def _svg(contents: MapContents, lang: str, size_mm: tuple[float, float], coarse: float) -> str:
    width, height = (round(side * MM) for side in size_mm)
    plane = plane_at(float(shapely.box(*contents.site.bounds).centroid.x))
    is_beside = size_mm[0] >= _BESIDE_MM
    panel = round(min(50 * MM, 0.32 * width)) if is_beside else width - 2 * MM
    columns = 1 if is_beside else max(1, panel // (40 * MM))
    room = (width - _MARGIN - (panel + 3 * MM if is_beside else MM // 4), height - _MARGIN)
    sheet, made = _made(contents, plane, room, lang=lang, coarse=coarse)
    used = 0
    while not is_beside:  # the legend takes what it needs from the map, which on a smaller frame may show other things
        needed = min(height // 2, legend_height(made.entries, panel, columns))
        if needed <= used:
            break
        used = needed
        sheet, made = _made(contents, plane, (room[0], room[1] - used - MM), lang=lang, coarse=coarse)
    frame = sheet.frame
    corner = (frame.left + frame.width + 3 * MM, frame.top)
    if not is_beside:
        corner = (MM, frame.top + frame.height + _MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_mm[0]:g}mm" height="{size_mm[1]:g}mm" '
        f'viewBox="0 0 {width} {height}" font-family="{_FONT}" fill="{_INK}">',
        f'<defs><clipPath id="map"><rect x="{frame.left}" y="{frame.top}" width="{frame.width}" '
        f'height="{frame.height}"/></clipPath>{"".join(made.definitions)}</defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<g clip-path="url(#map)">',
        *made.parts,
        "</g>",
        *graticule(frame, plane),
        scale_bar(frame),
        north_arrow(frame),
        *legend(made.entries, corner, (panel, height), columns),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _made(
    contents: MapContents, plane: Plane, room: tuple[int, int], *, lang: str, coarse: float
) -> tuple[Sheet, Drawing]:
    """Return the sheet and what is drawn on it, with the legend's last lines: where it all comes from."""
    sheet = Sheet(_frame(contents, plane, room), plane, lang, coarse)
    made = draw(contents, sheet)
    return sheet, replace(made, entries=[*made.entries, *_sources(contents, sheet)])


def _sources(contents: MapContents, sheet: Sheet) -> list[Entry]:
    west, south, east, north = contents.site.bounds
    centre = f"{show_angle((west + east) / 2, 'lon')} {show_angle((south + north) / 2, 'lat')}"
    entries = [Entry(sheet.said(ILLUSTRATIVE), is_head=True)] if contents.is_illustrative else []
    colon = "：" if sheet.lang == "zh" else ": "
    told = (("scale", ratio_text(sheet.frame)), ("centre", centre), ("system", "CGCS2000"))
    said = [f"{sheet.said(_SAY[key])}{colon}{value}" for key, value in told]
    if contents.source:
        tongues = ("zh", "en") if sheet.lang == "both" else (sheet.lang,)
        said += [
            _SAY["source"].get(one) + ("：" if one == "zh" else ": ") + contents.source.get(one) for one in tongues
        ]
    return entries + [Entry(text, is_small=True) for text in said]


def _frame(contents: MapContents, plane: Plane, room: tuple[int, int]) -> Frame:
    """Return a frame of a round scale around the site, with what matters near it."""
    width, height = room
    west, south, east, north = plane.to_plane(contents.site).bounds
    around = _around_m(contents, plane, max(east - west, north - south))
    bounds = [(west - around, south - around, east + around, north + around)]
    for way in contents.ways:
        if float(distance_m(way.shape, contents.site, plane)) <= _WAYS_M:
            margin = 0.3 * max(east - west, north - south) + 200.0
            bounds.append(shapely.box(*plane.to_plane(way.shape).bounds).buffer(margin).bounds)
    box = np.array(bounds)
    west, south = box[:, :2].min(axis=0)
    east, north = box[:, 2:].max(axis=0)
    wanted = MM * max((east - west) / width, (north - south) / height)  # m a mm
    power = 10.0 ** math.floor(math.log10(wanted))
    scale = MM / next(ratio * power for ratio in _RATIOS if ratio * power >= wanted * (1 - 1e-9))
    x, y = (west + east) / 2, (south + north) / 2
    return Frame(x - width / scale / 2, y + height / scale / 2, scale, _MARGIN, 0, width, height)


def _around_m(contents: MapContents, plane: Plane, size_m: float) -> float:
    """Return how much to show around the site: borders of its units, what distances were measured to, its own size."""
    seen = []
    if contents.units is not None:
        west, south, east, north = contents.site.bounds
        reach = 0.4 + max(east - west, north - south)
        box = shapely.box(west - reach, south - reach, east + reach, north + reach)
        for index in contents.units.touched:
            edge = shapely.intersection(shapely.boundary(contents.units.shapes[index]), box)
            if not edge.is_empty:
                seen.append(1.7 * float(distance_m(edge, contents.site, plane)))
    seen += [1.3 * layer.reach_m for layer in contents.layers if layer.is_measured and layer.weight >= 1]
    wanted = min(max(seen, default=0.0), _FARTHEST_M, 40 * max(size_m, 100.0))
    return max(0.35 * size_m, _NEAREST_M if contents.units is not None else 0.35 * size_m, wanted, 5.0)
