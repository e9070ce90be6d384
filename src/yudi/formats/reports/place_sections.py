"""The parts of a report that say where a site lies: units, element zones and layers, and the coordinates of its corners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import YudiError
from yudi.core.words import Words
from yudi.formats.crs import Crs, crs_title, from_lonlat, parse_crs
from yudi.formats.reports.asked import Asked, cell, table
from yudi.formats.reports.clause_rows import joined
from yudi.formats.reports.model import Block, Cell, Line, Paragraph, Row, Table
from yudi.formats.sites.angles import show_angle
from yudi.territory.answer_words import VERDICT_WORDS, number_text, percents
from yudi.territory.edition import Edition

__all__ = ["SHOWN", "Corner", "Corners", "corners_of", "corners_section", "units_table", "zones_table"]

SHOWN = 20  # corners that a page lists; a sheet and a map file list more
_LISTED = 10_000  # corners that a sheet and a map file list
_FEW_UNITS = 8  # units that are shown with much room
_ZONES = 8  # zones of a layer that a page names
_NEAR_M = 5_000.0  # farther features are measured too, but no reader looks for them
_DIGITS = 6  # of degrees: 0.1 m
_PLANE = 2  # digits of metres


@dataclass(frozen=True)
class Corner:
    """A corner of a site: its name or number, the ring it belongs to where there are several, degrees and plane metres."""

    ring: Words
    name: str
    lon: float
    lat: float
    east: float | None = None
    north: float | None = None


@dataclass(frozen=True)
class Corners:
    """How many corners a site has, the first 10,000 of them, and their plane system where they have plane metres."""

    count: int
    listed: Sequence[Corner]
    crs: Crs | None = None


def corners_of(asked: Asked) -> Corners:
    """Return the corners of a site, ring by ring, under the names that they came with, else numbered."""
    project = asked.screening.project
    found = list(_rings(project.site))
    points = np.concatenate([xy for _, xy in found])[:_LISTED]
    names = _names_of(project.given)
    crs = _system(project.given)
    plane = _in_plane(points, project.given, crs)
    places = [(ring, number) for ring, xy in found for number in range(1, len(xy) + 1)][:_LISTED]
    made = []
    for row, ((ring, number), (lon, lat)) in enumerate(zip(places, points.tolist(), strict=True)):
        name = names.get((round(lon, 7), round(lat, 7))) or str(number)
        east, north = plane[row].tolist() if plane is not None else (None, None)
        made.append(Corner(ring if len(found) > 1 else Words(), name, lon, lat, east, north))
    return Corners(sum(len(xy) for _, xy in found), made, crs if plane is not None else None)


def _rings(site: BaseGeometry) -> Iterator[tuple[Words, np.ndarray[Any, Any]]]:
    """Yield the corners of each ring or line without the closing one; points are one run."""
    if shapely.get_dimensions(site) == 0:
        yield Words(), shapely.get_coordinates(site)
        return
    for number, part in enumerate(shapely.get_parts(site), 1):
        label = Words(f"第 {number} 部分", f"part {number}")
        if part.geom_type != "Polygon":
            yield label, shapely.get_coordinates(part)
            continue
        yield label, shapely.get_coordinates(part.exterior)[:-1]
        for hole, ring in enumerate(part.interiors, 1):
            inner = Words(f"第 {number} 部分内圈 {hole}", f"part {number}, hole {hole}")
            yield inner, shapely.get_coordinates(ring)[:-1]


def _stated(given: Mapping[str, Any]) -> Mapping[str, Any]:
    geometry = given.get("geometry")
    return geometry if isinstance(geometry, Mapping) else {}


def _names_of(given: Mapping[str, Any]) -> dict[tuple[float, float], str]:
    """Return the names of corners that a file of boundary points had."""
    source = _stated(given).get("source")
    listed = source.get("corners", ()) if isinstance(source, Mapping) else ()
    return {(round(lon, 7), round(lat, 7)): name for name, lon, lat in reversed(listed) if name}


def _system(given: Mapping[str, Any]) -> Crs | None:
    """Return the plane system that a site came in, None where it came in degrees."""
    geometry = _stated(given)
    source = geometry.get("source")
    stated = source.get("crs") if isinstance(source, Mapping) else geometry.get("crs")
    if isinstance(stated, Mapping):
        stated = (stated.get("properties") or {}).get("name")
    try:
        crs = parse_crs(str(stated)) if stated else None
    except YudiError:
        return None
    return None if crs is None or crs.is_geographic else crs


def _in_plane(points: np.ndarray[Any, Any], given: Mapping[str, Any], crs: Crs | None) -> np.ndarray[Any, Any] | None:
    """Return east and north in the plane that a site came in, None where it came in degrees."""
    geometry = _stated(given)
    source = geometry.get("source")
    shift = (source if isinstance(source, Mapping) else geometry).get("shift")
    try:
        return None if crs is None else from_lonlat(points, crs, shift=shift or None)
    except YudiError:  # a datum of its own without the parameters that lead back to it
        return None


def corners_section(asked: Asked, corners: Corners) -> list[Block]:
    """Return the corners of a site with what their coordinates are good to; one point stands in the project's table."""
    count = corners.count
    if count < 2:
        return []
    zh, en = "经纬度至 0.000001°（约 0.1 m）、0.01″（约 0.3 m）", "degrees to 0.000001° (0.1 m) and 0.01″ (0.3 m)"
    if corners.crs:
        title = crs_title(corners.crs)
        zh += f"；平面坐标为送审文件所用 {title}，X 为北、Y 为东，至 0.01 m"
        en += f"; plane coordinates in the file's own {title}, X north, Y east, to 0.01 m"
    if count > SHOWN:
        zh += f"；共 {count} 点，本表列前 {SHOWN} 点，其余见同名 Excel、GeoJSON 报告"
        en += f"; {count} points, the first {SHOWN} here, the others in the Excel and GeoJSON report"
    note = Paragraph(asked.voice(Words(f"拐点坐标：CGCS2000，{zh}。", f"Corners: CGCS2000, {en}.")), "note")
    blocks: list[Block] = [note, _corner_table(asked, corners.listed[:SHOWN], "page" if count > SHOWN else "")]
    return [*blocks, _corner_table(asked, corners.listed, "sheet")] if count > SHOWN else blocks


def _corner_table(asked: Asked, corners: Sequence[Corner], only: str) -> Table:
    voice = asked.voice
    rings, plane = bool(corners[0].ring), corners[0].east is not None
    rows = []
    for corner in corners:
        cells: list[Cell] = [cell(voice, corner.ring)] if rings else []
        cells.append(cell(voice, corner.name))
        cells += [cell(voice, show_angle(corner.lon, "lon")), cell(voice, show_angle(corner.lat, "lat"))]
        cells += [_number(asked, value, _DIGITS) for value in (corner.lon, corner.lat)]
        if plane:
            cells += [_number(asked, value, _PLANE) for value in (corner.north, corner.east)]
        rows.append(Row(tuple(cells)))
    columns = [(Words("部分", "Part"), 0.14)] if rings else []
    columns += [(Words("点号", "Point"), 0.1), (Words("经度", "Longitude"), 0.2), (Words("纬度", "Latitude"), 0.2)]
    columns += [(Words("经度（°）", "Longitude (°)"), 0.16), (Words("纬度（°）", "Latitude (°)"), 0.16)]
    if plane:
        columns += [(Words("X 北（m）", "X north (m)"), 0.16), (Words("Y 东（m）", "Y east (m)"), 0.16)]
    return table(voice, "corners", columns, rows, is_compact=True, only=only)


def _number(asked: Asked, value: float | None, digits: int) -> Cell:
    return (Line(asked.voice(f"{value:.{digits}f}"), "number"),)


def units_table(asked: Asked) -> Table:
    """Return the units that the site meets: code, name, class, size in them, share, verdict there."""
    voice, data = asked.voice, asked.data
    editions = {edition.id: edition for edition in asked.screening.editions}
    shares = percents([*(unit["share"] for unit in data["units"]), data["uncovered_share"]])
    rows = []
    for unit, share in zip(data["units"], shares, strict=False):
        classes = editions[unit["edition"]].classes
        kind = unit.get("class", "")
        name = classes.get(kind) or Words(kind, kind)
        sub = unit.get("subclass", "")
        verdict = data["by_unit"].get(unit["code"])
        said = VERDICT_WORDS[verdict] if verdict else Words("–", "–")
        if unit.get("touches"):
            said = Words("仅擦边", "touched only")
        elif unit.get("defers"):
            said = Words("由其他单元决定", "left to the other units")
        rows.append(
            Row(
                (
                    cell(voice, unit["code"], style="strong"),
                    cell(voice, unit.get("name", "") if unit.get("name") != unit["code"] else ""),
                    cell(voice, Words(*(" · ".join(filter(None, (name.get(lang), sub))) for lang in ("zh", "en")))),
                    cell(voice, f"{_size(unit)} · {share}"),
                    cell(voice, said),
                )
            )
        )
    if data["uncovered_share"]:
        outside = Words("不在任何管控单元内", "in no control unit")
        rows.append(Row(((), cell(voice, outside, style="strong"), (), cell(voice, shares[-1]), cell(voice, "–"))))
    columns = (
        (Words("管控单元编码", "Unit code"), 0.17),
        (Words("名称", "Name"), 0.29),
        (Words("类别", "Class"), 0.24),
        (Words("选址在其中", "Of the site"), 0.17),
        (Words("单元内结论", "Verdict there"), 0.13),
    )
    return table(voice, "units", columns, rows, is_compact=len(rows) > _FEW_UNITS)


def _size(unit: Mapping[str, Any]) -> str:
    if "area_m2" in unit:
        return f"{number_text(round(unit['area_m2'], 1))} m²"
    return f"{number_text(round(unit['length_m'], 1))} m" if "length_m" in unit else str(unit.get("count", ""))


def zones_table(asked: Asked) -> list[Table]:
    """Return the element zones and layers that the site meets or that distances were measured to, in short and in full.

    What has neither code nor name says nothing and is left out. Where a page names all of them, there is one table.
    """
    voice, data = asked.voice, asked.data
    editions = {edition.id: edition for edition in asked.screening.editions}
    found: dict[tuple[str, str], list[tuple[float, Words]]] = {}
    for zone in data["zones"]:
        edition = editions[zone["edition"]]
        name = _name(zone, edition)
        if zone["distance_m"] > _NEAR_M or not name:
            continue
        layer = edition.layers.get(zone["layer"])
        title = layer.title() if layer is not None else Words(zone["layer"], zone["layer"])
        found.setdefault((title.get("zh"), title.get("en")), []).append(_met(zone, name, voice.lang))
    columns = (
        (Words("要素分区与参考图层", "Element zones and layers"), 0.28),
        (Words("选址所涉及 5 km 以内（括注占比或距离）", "Met, or within 5 km (share or distance)"), 0.72),
    )
    made = []
    for only in ("page", "sheet") if any(len(said) > _ZONES for said in found.values()) else ("",):
        rows = [
            Row((cell(voice, Words(*title)), cell(voice, _listed(said, len(said) if only == "sheet" else _ZONES))))
            for title, said in sorted(found.items())
        ]
        if rows:
            made.append(table(voice, "zones", columns, rows, is_compact=True, only=only))
    return made


def _name(zone: Mapping[str, Any], edition: Edition) -> str:
    """Return code and name of a zone; of an area whose map has no names the name that the scheme gives its code."""
    code, name = zone["code"], zone["name"]
    if code and name in ("", code):
        areas = (ground.form.areas.get(code) for ground in edition.land.layers.values())
        name = next((area.get("zh") for area in areas if area), "")
    return " ".join(part for part in (code, name) if part)


def _met(zone: Mapping[str, Any], name: str, lang: str) -> tuple[float, Words]:
    """Return how much of the site a zone has, less where it is only near, and the zone with that in words.

    A report in two languages says it once: names have one language, and numbers none.
    """
    share, gap = zone["share"], zone["distance_m"]
    if gap:
        far = number_text(round(gap))
        said = Words(f"距 {far} m", f"{far} m away" if lang != "both" else f"距 {far} m")
    elif zone["touches"]:
        said = Words("擦边", "touched") if lang != "both" else Words("擦边 touched", "擦边 touched")
    elif share >= 1 or not share:
        return 1.0, Words(name, name)
    else:
        said = Words(f"{share:.1%}", f"{share:.1%}")
    told = Words(f"{name}（{said.zh}）", f"{name} ({said.en})" if lang != "both" else f"{name}（{said.en}）")
    return share if not gap else -gap, told


def _listed(said: list[tuple[float, Words]], most: int) -> Words:
    """Return zones in a line, those with the greatest share first where not all are named."""
    kept = sorted(said, key=lambda item: -item[0])[:most] if len(said) > most else said
    text = joined([words for _, words in kept], "；", "; " if any(words.zh != words.en for _, words in kept) else "；")
    more = len(said) - len(kept)
    if not more:
        return text
    return Words(f"{text.zh}；另有 {more} 个，见 Excel 报告", f"{text.en}; {more} more, see the Excel report")
