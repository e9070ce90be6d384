"""Draws what a map shows onto its sheet: units, layers, ways out, the site, names; and says it in the legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.measure import Plane
from yudi.core.words import Words
from yudi.formats.drawings import Frame, path_of, round_step, text_at, wrapped
from yudi.formats.map_contents import MapContents, MapLayer, MapUnits
from yudi.formats.map_furniture import MM, Entry
from yudi.formats.map_labels import sound, unit_names
from yudi.formats.map_marks import corner_marks

__all__ = ["Drawing", "Sheet", "draw"]

# Told apart in grey too: lightness 95, 82, 69, 76, 88, 67 of 100. The order is the classes' own.
_FILLS = ("#f6f0dd", "#efc3a4", "#86b49d", "#b9b3d9", "#dfdfdf", "#8fa8c4")
_NO_CLASS = "#f1f3f1"
_SITE, _INK, _BORDER, _WAY = "#d7003a", "#1c2227", "#8b928b", "#0b3c8c"
_HATCHES = (("#7a1fa2", 45), ("#8a4b00", 135), ("#005f56", 0), ("#37474f", 90), ("#ad1457", 20))
_LAYERS = 6  # more could hardly be told apart
_CROWD, _CROWD_OF_SPECKS = 200, 50  # shapes of one layer that a map can show, and of specks
_MANY_UNITS = 12  # met by the site: then thinner borders
_SMALL = 4 * MM  # a site smaller than this on the map gets a ring, and an inset that shows its shape
_INSET = 26 * MM
_LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
_SAY = {
    "legend": Words("图例", "Legend"),
    "site": Words("选址", "Site"),
    "detail": Words("轮廓", "Outline"),
    "way": Words("出路（编号）：调整后的选址", "Way out (number): the site as changed"),
    "unit": Words("所涉管控单元边界", "Units that the site meets"),
    "no_class": Words("管控单元", "Units"),
}


@dataclass(frozen=True)
class Sheet:
    """The drawing while it is made: where metres lie, in which plane, in which language, how coarse."""

    frame: Frame
    plane: Plane
    lang: str
    coarse: float

    @property
    def ground(self) -> BaseGeometry:
        """The part of the sheet that the map fills, in units of the drawing."""
        frame = self.frame
        return shapely.box(frame.left, frame.top, frame.left + frame.width, frame.top + frame.height)

    def near(self, tree: shapely.STRtree) -> np.ndarray[Any, Any]:
        """Return which shapes of an index may be seen, in their order."""
        return np.sort(tree.query(self._view))

    @property
    def _view(self) -> BaseGeometry:
        return shapely.box(*self.plane.to_lonlat(self.frame.box.buffer(60 / self.frame.scale)).bounds)

    def cut(self, shapes: Sequence[BaseGeometry]) -> np.ndarray[Any, Any]:
        """Return lon/lat shapes in units of the drawing, cut to what is seen and simplified."""
        near = shapely.intersection(np.array([*shapes, None], dtype=object)[:-1], self._view)
        flat = shapely.intersection(self.plane.to_plane(near), self.frame.box.buffer(8 / self.frame.scale))
        return shapely.simplify(self.frame.on_sheet(flat), self.coarse)  # type: ignore[no-any-return]

    def whole(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a lon/lat shape in units of the drawing, as it is but for steps too small to see."""
        return shapely.simplify(self.frame.on_sheet(self.plane.to_plane(shape)), 1.0)

    def said(self, text: Words) -> str:
        """Return a text in the map's language or languages."""
        parts = [text.get(item) for item in _LANGUAGES[self.lang]]
        return " ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Drawing:
    """What was drawn: SVG, its definitions, what the legend says of it, and where nothing else may be written."""

    parts: list[str]
    entries: list[Entry]
    definitions: list[str]
    taken: list[BaseGeometry]


def draw(contents: MapContents, sheet: Sheet) -> Drawing:
    """Return the contents drawn, from the ground up."""
    frame = sheet.frame
    right, low = frame.left + frame.width, frame.top + frame.height
    taken = [  # scale bar and north arrow
        shapely.box(frame.left, low - 8 * MM, frame.left + 0.45 * frame.width, low),
        shapely.box(right - 10 * MM, frame.top, right, frame.top + 9 * MM),
    ]
    made = Drawing([], [Entry(sheet.said(_SAY["legend"]), is_head=True)], [], taken)
    made.parts.append(
        f'<rect x="{frame.left}" y="{frame.top}" width="{frame.width}" height="{frame.height}" fill="#fafafa"/>'
    )
    site = sheet.whole(contents.site)
    made.entries.append(Entry(sheet.said(_SAY["site"]), _site_swatch(site)))
    taken.append(_around(site).intersection(sheet.ground))
    seen = _draw_units(contents.units, sheet, made) if contents.units is not None else {}
    covered = sheet.ground
    if seen:
        covered = shapely.union_all(sound(list(seen.values()))).intersection(covered)
    _draw_layers(contents.layers, sheet, made, covered)
    if contents.units is not None:
        _draw_touched(contents.units, seen, sheet, made)
    made.parts.extend(_site(site))
    _draw_ways(contents, sheet, made, site)
    if contents.corners:
        places = shapely.multipoints([(lon, lat) for _, lon, lat in contents.corners])
        on_sheet = sheet.frame.on_sheet(sheet.plane.to_plane(places))
        written = taken[:2]  # the room around the site is what the names stand in
        made.parts.extend(corner_marks([name for name, _, _ in contents.corners], on_sheet, site, written))
        taken.extend(written[2:])
    inset = _inset(site, contents, sheet)
    if inset:
        taken.append(shapely.box(*_inset_box(frame)))
    if contents.units is not None:
        made.parts.extend(unit_names(contents.units, seen, site, ground=sheet.ground, taken=taken))
    made.parts.extend(inset)
    return made


def _around(site: BaseGeometry) -> BaseGeometry:
    """Return where names would hide a site: a box around a compact one, along a long one no more than its own strip."""
    box = shapely.box(*site.buffer(2.6 * MM).bounds)
    strip = site.buffer(1.2 * MM)
    return (
        box
        if strip.area > 0.5 * box.area or max(box.bounds[2] - box.bounds[0], box.bounds[3] - box.bounds[1]) < 15 * MM
        else strip
    )


def _draw_units(units: MapUnits, sheet: Sheet, made: Drawing) -> dict[int, BaseGeometry]:
    """Draw the units in the colours of their classes; return those that are seen."""
    rows = [int(row) for row in sheet.near(shapely.STRtree(units.shapes))]
    cut = sheet.cut([units.shapes[row] for row in rows])
    seen = {row: shape for row, shape in zip(rows, cut, strict=True) if shape is not None and shape.area > 0}
    by_class: dict[int, list[BaseGeometry]] = {}
    for row, shape in seen.items():
        by_class.setdefault(units.classes[row], []).append(shape)
    for place in sorted(by_class):
        fill = _FILLS[place % len(_FILLS)] if place >= 0 else _NO_CLASS
        path = "".join(path_of(shape) for shape in by_class[place])
        made.parts.append(
            f'<path fill="{fill}" fill-rule="evenodd" stroke="{_BORDER}" stroke-width="4" stroke-linejoin="round" d="{path}"/>'
        )
        text = units.class_names[place] if place >= 0 else _SAY["no_class"]
        made.entries.append(Entry(sheet.said(text), _box(fill, _BORDER, 4)))
    return seen


def _draw_touched(units: MapUnits, seen: Mapping[int, BaseGeometry], sheet: Sheet, made: Drawing) -> None:
    """Draw the borders of the units that the site meets again, over the layers."""
    path = "".join(path_of(seen[row]) for row in sorted(units.touched) if row in seen)
    if path:
        style = f'fill="none" stroke="{_INK}" stroke-linejoin="round"'
        width = 11 if len(units.touched) <= _MANY_UNITS else 7
        made.parts.append(f'<path {style} stroke-width="{width}" d="{path}"/>')
        made.entries.insert(
            2,
            Entry(sheet.said(_SAY["unit"]), f'<path {style} stroke-width="11" d="M6 6H{7 * MM - 6}V{3 * MM - 6}H6z"/>'),
        )


def _draw_layers(layers: Sequence[MapLayer], sheet: Sheet, made: Drawing, covered: BaseGeometry) -> None:
    """Draw the layers that matter most, as many as can be told apart; not those that fill or miss what is seen."""
    styles = _Styles()
    parts: list[str] = []
    for item in layers:
        rows = sheet.near(item.layer.tree)
        shapes = [shape for shape in sheet.cut([item.layer.geometry[row] for row in rows]) if not shape.is_empty]
        if not shapes or _are_too_many(shapes) or _fills(shapes, covered):
            continue
        if (style := styles.next(item, _is_long([item.layer.geometry[row] for row in rows]))) is None:
            continue
        parts.insert(0, _layer(shapes, style))  # what matters most lies on top
        kinds = {int(dimension) for dimension in shapely.get_dimensions(np.array(shapes, dtype=object))}
        made.entries.append(Entry(sheet.said(item.title), _swatch(max(kinds), style)))
    made.definitions.extend(styles.definitions)
    made.parts.extend(parts)


@dataclass(frozen=True)
class _Style:
    color: str
    fill: str
    line: str = 'stroke-width="5"'


class _Styles:
    """Hands out what layers are told apart by; when all are used up, no more layers are drawn."""

    def __init__(self) -> None:
        self.left = _LAYERS
        self.definitions: list[str] = []
        self._long = ["#2f6f9f", "#4f8f8b"]
        self._measured = ["#5d5f2e"]
        self._hatches = list(range(len(_HATCHES)))
        self._outlines = ["#3d5a73", "#6b4a3a", "#4a4a6a"]

    def next(self, item: MapLayer, is_long: bool) -> _Style | None:
        """Return a style: tints for what distances are measured to, hatches for what clauses ask, else outlines."""
        style = self._chosen(item, is_long) if self.left else None
        self.left -= style is not None
        return style

    def _chosen(self, item: MapLayer, is_long: bool) -> _Style | None:
        if item.is_measured and (tints := self._long if is_long else self._measured):
            color = tints.pop(0)
            return _Style(color, f'fill="{color}" fill-opacity=".42"')
        if item.weight < 1:
            color = self._outlines.pop(0) if self._outlines else ""
            return _Style(color, 'fill="none"', 'stroke-width="6" stroke-dasharray="22 9"') if color else None
        if not self._hatches:
            return None
        number = self._hatches.pop(0)
        self.definitions.append(_hatch(number))
        return _Style(_HATCHES[number][0], f'fill="url(#h{number})"')


def _are_too_many(shapes: Sequence[BaseGeometry]) -> bool:
    """Tell whether so many shapes, or so many specks, are seen that they would hide the map."""
    if len(shapes) <= _CROWD_OF_SPECKS:
        return False
    areas = sorted(shape.area for shape in shapes)
    return len(shapes) > _CROWD or areas[len(areas) // 2] < (1.5 * MM) ** 2


def _is_long(shapes: Sequence[BaseGeometry]) -> bool:
    """Tell whether shapes are long and thin, as waters and ways are."""
    around = sum(shapely.length(shape) for shape in shapes)
    return bool(around and sum(shape.area for shape in shapes) / around**2 * 12.6 < 0.3 / len(shapes))


def _fills(shapes: Sequence[BaseGeometry], covered: BaseGeometry) -> bool:
    """Tell whether shapes cover all that is seen of the units, so that drawing them would say nothing."""
    areas = [shape for shape in shapes if shapely.get_dimensions(shape) == 2]
    if sum(shape.area for shape in areas) < 0.97 * covered.area:
        return False
    joined = shapely.union_all(sound(areas)).intersection(covered)
    return bool(joined.area >= 0.97 * covered.area)


def _layer(shapes: Sequence[BaseGeometry], style: _Style) -> str:
    color = style.color
    areas = "".join(path_of(shape) for shape in shapes if shapely.get_dimensions(shape) == 2)
    lines = "".join(path_of(shape) for shape in shapes if shapely.get_dimensions(shape) == 1)
    points = [shape for shape in shapes if shapely.get_dimensions(shape) == 0]
    dots = "".join(
        f"M{int(x)} {int(y) - 17}l17 30 -34 0z" for x, y in shapely.get_coordinates(shapely.geometrycollections(points))
    )
    drawn = []
    if areas:
        drawn.append(f'<path {style.fill} fill-rule="evenodd" stroke="{color}" {style.line} d="{areas}"/>')
    if lines:
        drawn.append(f'<path fill="none" stroke="{color}" stroke-width="9" d="{lines}"/>')
    if dots:
        drawn.append(f'<path fill="{color}" stroke="#fff" stroke-width="4" d="{dots}"/>')
    return "".join(drawn)


def _hatch(number: int) -> str:
    color, turn = _HATCHES[number]
    return (
        f'<pattern id="h{number}" width="32" height="32" patternUnits="userSpaceOnUse" patternTransform="rotate({turn})">'
        f'<path d="M0 16H32" stroke="{color}" stroke-width="4" stroke-opacity=".7"/></pattern>'
    )


def _swatch(dimension: int, style: _Style) -> str:
    color = style.color
    if dimension == 2:
        return f'<path {style.fill} stroke="{color}" {style.line} d="M3 3H{7 * MM - 3}V{3 * MM - 3}H3z"/>'
    if dimension == 1:
        return f'<path fill="none" stroke="{color}" stroke-width="9" d="M0 {1.5 * MM:.0f}H{7 * MM}"/>'
    return f'<path fill="{color}" d="M{3.5 * MM:.0f} {1.5 * MM - 17:.0f}l17 30 -34 0z"/>'


def _box(fill: str, stroke: str, width: int) -> str:
    return f'<path fill="{fill}" stroke="{stroke}" stroke-width="{width}" d="M2 2H{7 * MM - 2}V{3 * MM - 2}H2z"/>'


def _draw_ways(contents: MapContents, sheet: Sheet, made: Drawing, site: BaseGeometry) -> None:
    """Draw where ways out put the site, with their numbers, and a line from here to there."""
    drawn = False
    for way in contents.ways:
        shape = sheet.whole(way.shape)
        if not shapely.intersects(shape, sheet.ground):
            continue
        drawn = True
        middle, here = shapely.point_on_surface(shape), shapely.point_on_surface(site)
        if not shapely.intersects(shape, site) and shapely.distance(middle, here) > 4 * MM:
            made.parts.append(
                f'<path d="M{here.x:.0f} {here.y:.0f}L{middle.x:.0f} {middle.y:.0f}" stroke="{_WAY}" stroke-width="6" '
                'stroke-dasharray="20 14"/>'
            )
        style = f'fill="{_WAY}" fill-opacity=".18" stroke="{_WAY}" stroke-width="9" stroke-dasharray="18 10"'
        if path := path_of(shape):
            made.parts.append(f'<path {style} d="{path}"/>')
        is_left = shapely.get_dimensions(shape) > 0 and shapely.intersects(shape, site)  # a part of the site stays
        x, y = (middle.x, middle.y) if is_left else _mark_of(shape, made.taken)
        made.parts.append(_number(x, y, way.number))
        made.taken.append(shapely.Point(x, y).buffer(2 * MM))
    if drawn:
        made.entries.insert(2, Entry(sheet.said(_SAY["way"]), _number(3.5 * MM, 1.5 * MM, None)))


def _mark_of(shape: BaseGeometry, taken: Sequence[BaseGeometry]) -> tuple[float, float]:
    """Return where the number of a way stands: at its upper right, or further where that is taken."""
    _, top, right, _ = shape.bounds
    for step in (1.6, 5.0, 8.4):
        x, y = right + step * MM * 0.7, top - step * MM * 0.7
        if not any(shapely.distance(shapely.Point(x, y), box) < MM for box in taken[2:]):
            return x, y
    return right + MM, top - MM


def _number(x: float, y: float, number: int | None) -> str:
    text = "n" if number is None else str(number)
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="29" fill="{_WAY}" stroke="#fff" stroke-width="5"/>' + text_at(
        x, y + 15, text, 42, anchor="middle", more=' fill="#fff" font-weight="bold"'
    )


def _site(site: BaseGeometry) -> list[str]:
    """Return the site in strong colour; one too small to be seen gets a ring."""
    dimension = shapely.get_dimensions(site)
    west, north, east, south = site.bounds
    parts = []
    if dimension == 0:
        for x, y in shapely.get_coordinates(site):
            parts.append(
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="19" fill="{_SITE}" stroke="#fff" stroke-width="7"/>'
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="23" fill="none" stroke="{_INK}" stroke-width="5"/>'
            )
        return parts
    path = path_of(site)
    if path:
        parts.append(f'<path fill="none" stroke="#fff" stroke-width="20" stroke-linejoin="round" d="{path}"/>')
        if dimension == 2:
            parts.append(
                f'<path fill="{_SITE}" fill-opacity=".62" fill-rule="evenodd" stroke="{_INK}" stroke-width="8" d="{path}"/>'
            )
        else:
            parts.append(f'<path fill="none" stroke="{_SITE}" stroke-width="12" stroke-linejoin="round" d="{path}"/>')
    if max(east - west, south - north) < _SMALL:
        x, y = (west + east) / 2, (north + south) / 2
        radius = max(1.7 * MM, 0.75 * max(east - west, south - north) + 0.6 * MM)
        parts.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="none" stroke="#fff" stroke-width="17"/>'
        )
        parts.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="none" stroke="{_SITE}" stroke-width="9"/>'
        )
        if not path:
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8" fill="{_SITE}"/>')
    return parts


def _site_swatch(site: BaseGeometry) -> str:
    dimension = shapely.get_dimensions(site)
    if dimension == 2:
        return f'<path fill="{_SITE}" fill-opacity=".62" stroke="{_INK}" stroke-width="8" d="M4 4H{7 * MM - 4}V{3 * MM - 4}H4z"/>'
    if dimension == 1:
        return f'<path stroke="{_SITE}" stroke-width="12" d="M0 {1.5 * MM:.0f}H{7 * MM}"/>'
    return f'<circle cx="{3.5 * MM:.0f}" cy="{1.5 * MM:.0f}" r="21" fill="{_SITE}" stroke="{_INK}" stroke-width="5"/>'


def _inset_box(frame: Frame) -> tuple[float, float, float, float]:
    right, low = frame.left + frame.width, frame.top + frame.height
    return right - _INSET, low - _INSET, right, low


def _inset(site: BaseGeometry, contents: MapContents, sheet: Sheet) -> list[str]:
    """Return a small map of the shape of a site that the map itself only shows as a speck."""
    frame = sheet.frame
    west, north, east, south = site.bounds
    if shapely.get_dimensions(site) == 0 or max(east - west, south - north) >= _SMALL:
        return []
    if frame.width < 2.4 * _INSET or frame.height < 1.8 * _INSET:
        return []
    left, top, _, _ = _inset_box(frame)
    flat = sheet.plane.to_plane(contents.site)
    x0, y0, x1, y1 = flat.bounds
    scale = 0.56 * _INSET / max(x1 - x0, y1 - y0, 1e-6)
    half = _INSET / 2 / scale
    inner = Frame((x0 + x1) / 2 - half, (y0 + y1) / 2 + half, scale, int(left), int(top), _INSET, _INSET)
    shape = shapely.simplify(inner.on_sheet(flat), 1.0)
    length = round_step(0.42 * _INSET / scale)
    wide = length * scale
    told = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    x, y = left + 1.5 * MM, top + _INSET - 1.6 * MM
    title = wrapped(sheet.said(_SAY["detail"]), 1.9 * MM, _INSET - 2 * MM, most=1)[0]
    return [
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{_INSET}" height="{_INSET}" fill="#fff" stroke="{_INK}" stroke-width="6"/>',
        *(_site(shape)[1:] if shapely.get_dimensions(shape) == 2 else _site(shape)),
        text_at(left + MM, top + 2.7 * MM, title, 1.9 * MM),
        f'<path d="M{x:.0f} {y - 12:.0f}V{y:.0f}H{x + wide:.0f}V{y - 12:.0f}" fill="none" stroke="{_INK}" stroke-width="5"/>',
        text_at(x + wide + 10, y, told, 1.9 * MM),
    ]
