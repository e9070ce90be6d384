"""Boundary points in the exchange form of the natural-resources ministry: sections, plots, rings, points line by line."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.geometry import listed
from yudi.core.words import Words
from yudi.formats.sites.angles import Angle, read_angle
from yudi.formats.sites.plots import Kind, Plot, Ring, SiteFile, SiteLimits, StatedArea, StatedSystem
from yudi.formats.sites.point_rows import Point, lettered_order, rings_of
from yudi.formats.sites.spellings import area_in_text, meant, system_in_text

__all__ = ["is_exchange_text", "read_exchange_text"]

_SECTION = re.compile(r"\s*[\[【〔](?P<name>[^\]】〕]{1,20})[\]】〕]\s*(?P<rest>.*)")
_PROPERTY = re.compile(r"\s*(?P<key>[^=:]{1,20}?)\s*[=:]\s*(?P<value>.*?)\s*")
_FORMAT = Words("界址点交换文本", "boundary points in the ministry's exchange form")
_LINE = "write a point as number,ring,X,Y, and a plot as points,area,number,name,面,sheet,use,@"


def is_exchange_text(text: str) -> bool:
    """Tell whether a text has the section of plots that the form asks for, or a plot's line with its mark.

    Examples
    --------
    >>> is_exchange_text("[属性描述]\\n带号=36\\n[地块坐标]\\n"), is_exchange_text("J1,3280000,36500000")
    (True, False)
    """
    for line in text.splitlines()[:2000]:
        found = _SECTION.fullmatch(line)
        if found and meant("sections", found["name"]) == "plots":
            return True
        if unicodedata.normalize("NFKC", line).rstrip().rstrip(",;").endswith("@"):
            return True
    return False


@dataclass
class _Open:
    """A plot while its points are read."""

    fields: list[str]
    row: int
    points: list[Point] = field(default_factory=list)


def read_exchange_text(
    text: str, file: str, limits: SiteLimits, *, packed: str = "", findings: tuple[Finding, ...] = ()
) -> SiteFile:
    """Return the plots of a text in the exchange form.

    Parameters
    ----------
    text : str
        The whole file, decoded.
    file : str
        Name for messages.
    packed : str
        As in :func:`yudi.formats.sites.angles.read_angle`.
    findings : tuple of Finding
        What was noticed before.

    Raises
    ------
    InputError
        For a line that is neither property, plot nor point, a plot whose number of points is not that of its lines, and
        coordinates that cannot be read; row and field say where.
    LimitError
        For more than the limits.
    """
    properties: dict[str, tuple[str, int]] = {}
    plots: list[_Open] = []
    section = "properties"
    skipped: list[int] = []
    total = 0
    for row, line in _lines(text):
        head = _SECTION.fullmatch(line)
        if head and not _is_plot(_cells(line)):
            section, line = meant("sections", head["name"]) or "other", head["rest"]
            if not line:
                continue
        if section == "other" and not _is_plot(_cells(line)) and not _is_point(_cells(line)):
            skipped.append(row)
            continue
        pair = _PROPERTY.fullmatch(line)
        if section == "properties" and pair and "@" not in line:
            properties.setdefault(meant("properties", pair["key"]) or pair["key"], (pair["value"], row))
            continue
        cells = _cells(line)
        if _is_plot(cells):
            section = "plots"
            plots.append(_Open(cells[: cells.index("@")], row))
            limits.check("plots", len(plots), file)
            continue
        total += 1
        limits.check("vertices", total, file)
        if not plots:
            message = f"expected a plot's line that ends in @ before the points, got {line.strip()[:60]!r}"
            raise InputError(message, where=Where(file, row), hint=_LINE)
        plots[-1].points.append(_point(cells, Where(file, row), packed))
    if not plots:
        raise InputError("expected plots, got none", where=Where(file), hint=_LINE)
    order = lettered_order((point for opened in plots for point in opened.points), file)
    made = tuple(_plot(opened, number, file, order) for number, opened in enumerate(plots, 1))
    axes = "lon lat" if order else ""
    system = replace(_system(properties, file), unit=_unit(properties, plots, file), axes=axes)
    system = replace(system, is_marked=_is_marked(plots))
    return SiteFile(
        file, _FORMAT, made, system, inner_are_holes=True, findings=(*findings, *_left_out(plots, skipped, file))
    )


def _left_out(plots: Sequence[_Open], skipped: Sequence[int], file: str) -> Iterator[Finding]:
    if skipped:
        message = f"lines of sections that hold no plots were left out: {listed(skipped)}"
        yield Finding("lines_skipped", message, Where(file, skipped[0]))
    high = [point.row for opened in plots for point in opened.points if point.has_height]
    if high:
        yield Finding("z_dropped", "heights were left out", Where(file, high[0]))


def _is_plot(cells: Sequence[str]) -> bool:
    return "@" in cells


def _is_point(cells: Sequence[str]) -> bool:
    return len(cells) in (4, 5) and cells[1].isdigit() and any(letter.isdigit() for letter in cells[2] + cells[3])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield row and line in plain letters, without empty lines."""
    for row, line in enumerate(re.split(r"\r*\n|\r", text), 1):
        if not line.isascii():
            line = unicodedata.normalize("NFKC", line.replace("\ufeff", "")).replace("、", ",")
        plain = line.strip()
        if plain:
            yield row, plain


def _cells(line: str) -> list[str]:
    """Return the cells of a line: by commas, else by tabs and blanks."""
    cells = [cell.strip() for cell in (re.split(r"[,;]", line) if re.search(r"[,;]", line) else line.split())]
    while len(cells) > 1 and not cells[-1] and cells[-2] == "@":
        cells.pop()
    if cells[-1].endswith("@") and cells[-1] != "@":
        cells[-1:] = [cells[-1][:-1].strip(), "@"]
    return cells


def _point(cells: Sequence[str], where: Where, packed: str) -> Point:
    while len(cells) > 4 and not cells[-1]:
        cells = cells[:-1]
    if len(cells) not in (4, 5) or not cells[1].isdigit() or len(cells[1]) > 6:
        message = f"expected a point as number, ring, X, Y, got {','.join(cells)[:60]!r}"
        raise InputError(message, where=where, hint=_LINE)
    first = _read_number(cells[2], Where(where.file, where.row, "X"), packed)
    second = _read_number(cells[3], Where(where.file, where.row, "Y"), packed)
    return Point(cells[0], cells[1], first, second, where.row or 0, has_height=len(cells) == 5)


def _read_number(cell: str, where: Where, packed: str) -> Angle:
    """Return a coordinate of a text: a plain number, or an angle with marks."""
    angle = read_angle(cell, where=where, packed=packed)
    if not math.isfinite(angle.degrees):
        raise InputError(f"expected a finite number, got {cell[:40]!r}", where=where, hint="correct the number")
    return angle


def _plot(opened: _Open, number: int, file: str, order: str) -> Plot:
    cells, where = opened.fields, Where(file, opened.row)
    at, kind = _kind(cells)
    named = (at - 1, 3, 2) if at > 3 else (3, 2)  # some offices put fields of their own before the name
    name = next((cells[index] for index in named if index < len(cells) and index != at and cells[index]), "")
    label = name or str(number)
    if not opened.points:
        raise InputError(
            f"expected points of plot {label}, got none", where=where, hint="add its points, or remove its line"
        )
    rings = rings_of(opened.points, label, file, kind=kind, order=order)
    _hold_count(cells[0] if cells else "", rings, opened, where)
    area = _area(cells[1], where) if len(cells) > 1 and cells[1] else None
    return Plot(label, kind, tuple((ring,) for ring in rings), replace(where, field=f"plot {label}"), False, {}, area)


def _kind(cells: Sequence[str]) -> tuple[int, Kind]:
    """Return where a plot's line says what it is, -1 for nowhere, and what; a plot is an area where nothing is said."""
    kinds: dict[str, Kind] = {"polygon": "polygon", "line": "line", "point": "point"}
    for index in range(len(cells) - 1, 1, -1):
        if found := meant("kinds", cells[index]):
            return index, kinds[found]
    return -1, "polygon"


def _hold_count(stated: str, rings: Sequence[Ring], opened: _Open, where: Where) -> None:
    """Refuse a plot with another number of points than it says, for then lines are missing or strange."""
    if stated in ("", "0"):  # programs that do not count write 0
        return
    if not stated.isdigit() or len(stated) > 9:
        raise InputError(
            f"expected the number of points, got {stated[:40]!r}", where=replace(where, field="points"), hint=_LINE
        )
    got = len(opened.points)
    closings = sum(bool((ring.points[0] == ring.points[-1]).all()) and len(ring.points) > 1 for ring in rings)
    if not got - closings <= int(stated) <= got + len(rings) - closings:
        without = f" ({got - closings} without the closing ones)" if closings else ""
        message = f"the plot says {stated} points, but {got} follow{without}"
        hint = "copy the file again if lines are missing, or correct the number"
        raise InputError(message, where=replace(where, field="points"), hint=hint)


def _area(text: str, where: Where) -> StatedArea:
    found = area_in_text(text, is_alone=True)
    if found is None:
        message = f"expected the plot's area, got {text[:40]!r}"
        raise InputError(
            message, where=replace(where, field="area"), hint="write it as 1.2345, in hectares, or leave it empty"
        )
    return found


def _system(properties: dict[str, tuple[str, int]], file: str) -> StatedSystem:
    """Return what the properties say of the reference system."""

    def said(key: str) -> str:
        return properties.get(key, ("", 0))[0]

    row = next((properties[key][1] for key in ("belt", "datum", "meridian", "width") if said(key)), None)
    where = Where(file, row)
    found = system_in_text(said("datum"), where)
    if said("datum") and not found.datum and not said("datum").isspace():
        message = f"expected a reference system, got {said('datum')[:40]!r}"
        raise InputError(
            message, where=Where(file, properties["datum"][1], "坐标系"), hint="for example 2000国家大地坐标系"
        )
    projection = said("projection")
    is_gauss = not projection or re.search(
        r"高斯|克吕格|克里格|gauss|kr[uü]e?ger|g-?k|[/-]$", projection, re.IGNORECASE
    )
    parameters = tuple(float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", said("parameters")))
    return StatedSystem(
        default="EPSG:4490",
        datum=found.datum,
        unclear=found.unclear or ("" if is_gauss else f"投影类型={projection[:40]}"),
        belt=_whole(properties, "belt", file, (13, 45)),
        width=_whole(properties, "width", file, (3, 6)),
        meridian=_meridian(properties, file),
        parameters=parameters,
        where=where,
    )


def _whole(properties: dict[str, tuple[str, int]], key: str, file: str, between: tuple[int, int]) -> int | None:
    """Return a whole number of a property, None where it is empty."""
    text, row = properties.get(key, ("", 0))
    if not text or text in ("/", "-"):
        return None
    found = re.fullmatch(r"\D{0,4}(\d{1,2})(?:\.0*)?\D{0,4}", text)
    if not found or not between[0] <= int(found[1]) <= between[1]:
        message = f"expected a whole number of {between[0]} to {between[1]}, got {text[:40]!r}"
        raise InputError(message, where=Where(file, row, key), hint="correct it, or leave it empty")
    return int(found[1])


def _meridian(properties: dict[str, tuple[str, int]], file: str) -> float | None:
    text, row = properties.get("meridian", ("", 0))
    if not text:
        return None
    return read_angle(text, where=Where(file, row, "meridian")).degrees


def _unit(properties: dict[str, tuple[str, int]], plots: Sequence[_Open], file: str) -> str:
    """Return the unit; marks of degrees in the points outweigh a header that was left as it was."""
    text, row = properties.get("unit", ("", 0))
    if _is_marked(plots):
        return "degree"
    unit = meant("units", text)
    if text and not unit:
        raise InputError(
            f"expected a unit, got {text[:40]!r}", where=Where(file, row, "计量单位"), hint="write 米 or 度"
        )
    return unit


def _is_marked(plots: Sequence[_Open]) -> bool:
    styles = ("minutes", "seconds", "packed")
    return any(point.first.style in styles for opened in plots for point in opened.points)
