"""Boundary points in plain tables: text files and Excel sheets, with or without a header, several rings, plots and sheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.geometry import listed
from yudi.core.words import Words
from yudi.formats.cells import Cell, Sheet
from yudi.formats.sites.angles import Angle, read_angle
from yudi.formats.sites.plots import Plot, SiteFile, SiteLimits, StatedArea, StatedSystem
from yudi.formats.sites.point_rows import Point, lettered_order, rings_of
from yudi.formats.sites.spellings import area_in_text, header_role, system_in_text

__all__ = ["is_point_table", "read_point_table"]

_FORMAT = Words("界址点表", "table of boundary points")
_HEADER_ROWS = 30  # a header lies within them
_PAIRS = (("lon", "lat"), ("east", "north"), ("x", "y"))
_COORDINATES = {name for pair in _PAIRS for name in pair}
_PLAIN = {*_COORDINATES, "point", "number", "ring", "plot", "height"}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")
_SEXAGESIMAL = re.compile(r"度分秒|度\s*[.、/-]\s*分|\bdms\b|d+\.?mm\.?ss", re.IGNORECASE)
_HEIGHTS = 9_000.0  # metres above or below the sea that a height can be
_HINT = "name the columns X and Y, or 纵坐标 and 横坐标, or 经度 and 纬度, in a row above them"


@dataclass(frozen=True)
class _Columns:
    """Which column plays which role; ``first`` and ``second`` are the coordinates in the table's order.

    ``beside`` are further groups of the same columns to the right, in which the points go on.
    """

    first: int
    second: int
    axes: str
    point: int | None = None
    ring: int | None = None
    plot: int | None = None
    height: int | None = None
    header: int = -1
    titles: tuple[str, str] = ("X", "Y")
    unused: tuple[str, ...] = ()
    names_points: bool = False
    beside: tuple[_Columns, ...] = ()


@dataclass
class _Found:
    """What a sheet holds, plot by plot, while it is read."""

    plots: dict[str, list[Point]] = field(default_factory=dict)
    areas: dict[str, StatedArea] = field(default_factory=dict)
    texts: list[tuple[int, str]] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)


def is_point_table(sheets: Sequence[Sheet]) -> bool:
    """Tell whether sheets hold boundary points, one a row, and not one project a row.

    They do where a header names point numbers or rings beside the coordinates, or where nothing stands beside plane coordinates;
    an ``id`` or a column with another name speaks for projects.
    """
    for sheet in sheets:
        columns = _by_header(sheet)
        if columns is None:
            continue
        header = [str(cell) for cell in sheet.cells[columns.header] if cell is not None]
        if "id" in header:
            continue
        if columns.names_points:
            return True
        roles = [header_role(cell) for cell in header]
        return columns.axes not in ("lon lat", "lat lon") and set(roles) <= _PLAIN and _is_plane(sheet, columns)
    return False


def _is_plane(sheet: Sheet, columns: _Columns) -> bool:
    """Tell whether a coordinate is too large to be degrees."""
    for row in sheet.cells[columns.header + 1 :]:
        if (number := _number(row[columns.first])) is not None:
            return abs(number) > 360
    return False


def read_point_table(
    sheets: Sequence[Sheet], file: str, limits: SiteLimits, *, packed: str = "", layer: str = ""
) -> SiteFile:
    """Return the plots of a table of boundary points.

    Parameters
    ----------
    sheets : sequence of Sheet
        Of one file; those without coordinates are left out and reported.
    file : str
        Name for messages.
    packed : str
        As in :func:`yudi.formats.sites.angles.read_angle`.
    layer : str
        The only sheet to read.

    Raises
    ------
    InputError
        Where no column holds coordinates, or a cell of one cannot be read; row and field say where.
    LimitError
        For more than the limits.
    """
    wanted = [sheet for sheet in sheets if not layer or sheet.name.strip() == layer.strip()]
    if not wanted:
        names = ", ".join(repr(sheet.name) for sheet in sheets)
        raise InputError(
            f"expected a sheet {layer!r}, got {names}", where=Where(file, None, "layer"), hint="name one of these"
        )
    found: list[tuple[Sheet, _Columns, _Found]] = []
    empty: list[str] = []
    for sheet in wanted:
        columns = _columns(sheet) if sheet.cells else None
        if columns is None:
            empty.append(sheet.name)
        else:
            found.append((sheet, columns, _read(sheet, columns, packed, limits)))
            _refuse_plain(found[-1], packed)
    found = [item for item in found if item[2].plots]
    if not found:
        raise InputError("expected columns with coordinates, got none", where=Where(file), hint=_HINT)
    return _drawn(found, file, limits, empty)


def _refuse_plain(found: tuple[Sheet, _Columns, _Found], packed: str) -> None:
    """Refuse numbers without marks below a header that calls them degrees, minutes and seconds."""
    sheet, columns, one = found
    title = next((title for title in columns.titles if _SEXAGESIMAL.search(title)), "")
    point = next((point for run in one.plots.values() for point in run if point.first.style == "decimal"), None)
    if title and point is not None and not packed:
        message = f"the header says {title!r}, but the numbers carry no marks: degrees, minutes and seconds, or decimal degrees?"
        hint = "say --angles D.MMSS or DDMMSS; if they are decimal degrees, correct the header"
        raise InputError(message, where=Where(sheet.file, point.row, title), hint=hint)


def _drawn(
    found: Sequence[tuple[Sheet, _Columns, _Found]], file: str, limits: SiteLimits, empty: Sequence[str]
) -> SiteFile:
    points = [point for _, _, one in found for run in one.plots.values() for point in run]
    limits.check("vertices", len(points), file)
    limits.check("plots", sum(len(one.plots) for _, _, one in found), file)
    order = lettered_order(points, file)
    plots = []
    for sheet, _, one in found:
        for name, run in one.plots.items():
            label = " / ".join(filter(None, (sheet.name if len(found) > 1 else "", name))) or sheet.name
            rings = rings_of(run, label, file, kind="polygon", order=order)
            where = Where(file, run[0].row, f"plot {label}")
            plots.append(
                Plot(label, "polygon", tuple((ring,) for ring in rings), where, False, {}, one.areas.get(name))
            )
    axes = {columns.axes for _, columns, _ in found}
    if len(axes) > 1 and not order:
        message = (
            "expected sheets with the same kind of coordinates, got some in degrees and some not, or in another order"
        )
        raise InputError(message, where=Where(file), hint="read them one by one: --layer SHEET")
    system = _stated(found, file)
    sexagesimal = any(point.first.style != "decimal" for point in points)
    system = replace(system, axes="lon lat" if order else axes.pop(), unit="degree" if sexagesimal else "")
    system = replace(system, is_marked=sexagesimal)
    return SiteFile(
        file, _FORMAT, tuple(plots), system, inner_are_holes=True, findings=tuple(_noticed(found, file, empty))
    )


def _noticed(found: Sequence[tuple[Sheet, _Columns, _Found]], file: str, empty: Sequence[str]) -> Iterator[Finding]:
    for sheet, columns, one in found:
        yield from sheet.findings
        if one.skipped:
            message = f"what holds no point was left out: {listed(one.skipped)}" + (
                f" of {sheet.name!r}" if len(found) > 1 else ""
            )
            yield Finding("lines_skipped", message, Where(file, one.skipped[0]))
        if columns.unused:
            message = f"coordinates in other columns were not read: {', '.join(sorted(columns.unused))}"
            yield Finding("columns_unused", message, Where(file, columns.header + 1))
        if columns.height is not None:
            yield Finding("z_dropped", "heights were left out", Where(file, columns.header + 2))
    if empty:
        yield Finding(
            "sheets_skipped", f"sheets without coordinates were left out: {', '.join(map(repr, empty))}", Where(file)
        )


def _stated(found: Sequence[tuple[Sheet, _Columns, _Found]], file: str) -> StatedSystem:
    """Return what titles, headers and notes of the sheets say of the reference system; contradictions are refused."""
    stated = StatedSystem(default="EPSG:4490", where=Where(file))
    for _, _, one in found:
        for row, text in one.texts:
            told = system_in_text(text, Where(file, row))
            for name in ("datum", "belt", "width", "meridian", "unclear"):
                value, before = getattr(told, name), getattr(stated, name)
                if value and before and value != before and name != "unclear":
                    message = f"the reference system is stated twice: {before} and {value}"
                    raise InputError(message, where=Where(file, row), hint="keep the one of these coordinates")
                if value:
                    stated = replace(
                        stated, **{name: value}, where=stated.where if stated.where.row else Where(file, row)
                    )
    return stated


def _columns(sheet: Sheet) -> _Columns | None:
    return _by_header(sheet) or _by_numbers(sheet)


def _by_header(sheet: Sheet) -> _Columns | None:
    """Return the columns by the lowest row of the first that names a pair of coordinates."""
    for number, row in enumerate(sheet.cells[:_HEADER_ROWS]):
        roles: dict[str, list[int]] = {}
        for index, cell in enumerate(row):
            role = header_role(cell) if isinstance(cell, str) and len(cell) <= 40 else ""
            if role:
                roles.setdefault(role, []).append(index)
        pair = next((pair for pair in _PAIRS if all(name in roles for name in pair)), None)
        if pair is None:
            continue
        every = {**_roles_above(sheet, number), **roles}
        count = max(len(every[name]) for name in pair)
        _refuse_uneven(every, pair, sheet, number)
        groups = [
            _group(row, number, pair, {role: columns[index] for role, columns in every.items() if index < len(columns)})
            for index in range(count)
        ]
        return replace(groups[0], beside=tuple(groups[1:]))
    return None


def _refuse_uneven(every: Mapping[str, Sequence[int]], pair: tuple[str, str], sheet: Sheet, number: int) -> None:
    """Refuse groups of columns beside one another that are not the same, each with its numbers of points."""
    count = max(len(every[name]) for name in pair)
    if count == 1:
        return
    named = [role for role in ("point", "number") if len(every.get(role, ())) == count]
    if not named or any(len(every[role]) != count for role in pair):
        column = str(sheet.cells[number][every[pair[0]][0]])
        message = (
            f"expected one column of {column!r}, or groups of columns each with its numbers of points, got {count}"
        )
        hint = "put the points under one another in one pair of columns"
        raise InputError(message, where=Where(sheet.file, number + 1, column), hint=hint)


def _group(row: Sequence[Cell], number: int, pair: tuple[str, str], chosen: Mapping[str, int]) -> _Columns:
    """Return the columns of one group by their roles."""
    first, second = sorted((chosen[pair[0]], chosen[pair[1]]))
    order = [pair[0] if chosen[pair[0]] == index else pair[1] for index in (first, second)]
    return _Columns(
        first,
        second,
        "x y" if pair == ("x", "y") else " ".join(order),
        point=chosen.get("point", chosen.get("number")),
        ring=chosen.get("ring"),
        plot=chosen.get("plot"),
        height=chosen.get("height"),
        header=number,
        titles=(str(row[first]), str(row[second])),
        names_points="point" in chosen or "ring" in chosen,
        unused=tuple(str(row[chosen[name]]) for name in _COORDINATES - set(pair) if name in chosen),
    )


def _roles_above(sheet: Sheet, number: int) -> dict[str, list[int]]:
    """Return the roles that the row above a header gives to columns, for a header of two rows."""
    roles: dict[str, list[int]] = {}
    for index, cell in enumerate(sheet.cells[number - 1] if number else ()):
        if isinstance(cell, str) and (role := header_role(cell)):
            roles.setdefault(role, []).append(index)
    return roles


def _by_numbers(sheet: Sheet) -> _Columns | None:
    """Return the columns of a sheet without header, by what their numbers can be."""
    rows = [row for row in sheet.cells if sum(_is_angle(cell) for cell in row) >= 2]
    if len(rows) < 3:
        return None
    width = max(map(len, rows))
    numeric = [index for index in range(width) if all(_is_angle(row[index]) for row in rows)]
    large = [index for index in numeric if not _is_count([row[index] for row in rows])]
    counts = [index for index in numeric if index not in large]
    if len(large) == 3 and _are_heights([row[large[2]] for row in rows], [row[large[0]] for row in rows]):
        height: int | None = large.pop()
    else:
        height = None
    if len(large) != 2:
        return None
    before = [index for index in counts if index < large[0]]
    texts = [
        index for index in range(large[0]) if index not in numeric and any(isinstance(row[index], str) for row in rows)
    ]
    rising = [index for index in before if _steps(row[index] for row in rows) == {1.0}]
    point = next(iter([*texts, *rising]), None)
    ring = next((index for index in before if index not in (point, *rising)), None)
    return _Columns(large[0], large[1], "", point, ring, None, height)


def _is_count(cells: Sequence[Cell]) -> bool:
    """Tell whether cells number rows or rings: small whole numbers that never jump."""
    values = [_number(cell) for cell in cells]
    if any(value is None or not float(value).is_integer() or not 0 <= value < 100_000 for value in values):
        return False
    return all(step in (0, 1) or step < 0 for step in _steps(cells))


def _steps(cells: Iterable[Cell]) -> set[float]:
    """Return by how much numbers rise from row to row."""
    return set(np.diff(np.array([_number(cell) for cell in cells], float)).tolist())


def _are_heights(cells: Sequence[Cell], beside: Sequence[Cell]) -> bool:
    values, others = ([_number(cell) for cell in column] for column in (cells, beside))
    return all(value is not None and abs(value) < _HEIGHTS for value in values) and all(
        other is not None and abs(other) > 2 * _HEIGHTS for other in others
    )


def _number(cell: Any) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
    return float(text) if _NUMBER.fullmatch(text) else None


def _is_angle(cell: Any) -> bool:
    if _number(cell) is not None:
        return True
    if not isinstance(cell, str) or not any(letter.isdigit() for letter in cell) or len(cell) > 40:
        return False
    try:
        read_angle(cell)
    except InputError:
        return False
    return True


def _read(sheet: Sheet, columns: _Columns, packed: str, limits: SiteLimits) -> _Found:
    """Return the points of a sheet by plot, and the texts around them."""
    found, plot = _Found(), ""
    for number, row in enumerate(sheet.cells[: columns.header + 1], 1):
        texts = list(dict.fromkeys(cell for cell in row if isinstance(cell, str)))
        found.texts += [(number, text) for text in texts]
        plot = _title(columns, texts, plot) if len(texts) == 1 and number <= columns.header else plot
    for place, group in enumerate((columns, *columns.beside)):
        before = sum(map(len, found.plots.values()))
        _read_group(sheet, group, found, plot, packed=packed, is_first=place == 0)
        limits.check("vertices", sum(map(len, found.plots.values())), sheet.file)
        if place:
            _refuse_jump([point for run in found.plots.values() for point in run], before, sheet.file)
    return found


def _read_group(sheet: Sheet, columns: _Columns, found: _Found, plot: str, *, packed: str, is_first: bool) -> None:
    """Add the points of one group of columns to those found; titles and notes are read with the first."""
    after_gap = not is_first
    seen: set[str] = set()
    every = {
        index
        for group in (columns, *columns.beside)
        for index in (group.first, group.second, group.point, group.ring, group.plot, group.height)
    }
    header = sheet.cells[columns.header] if columns.header >= 0 else None
    for number, row in enumerate(sheet.cells[columns.header + 1 :], columns.header + 2):
        texts = list(dict.fromkeys(str(cell) for cell in row if cell is not None))
        if not texts or row == header or _holds_no_point(row, columns):
            after_gap = True
            if texts and row != header and is_first:
                plot = _note(texts, number, columns, found, plot=plot)
            continue
        for text in _beside(row, every) - seen:
            seen.add(text)
            found.texts.append((number, text))
        named = _text(row[columns.plot]) if columns.plot is not None else plot
        point = _point(row, number, columns, sheet.file, packed=packed, after_gap=after_gap)
        found.plots.setdefault(named or plot, []).append(point)
        after_gap = False


def _beside(row: Sequence[Cell], used: Collection[int | None]) -> set[str]:
    """Return the texts beside a point in columns that play no role; one may name its reference system."""
    return {cell for index, cell in enumerate(row) if isinstance(cell, str) and cell and index not in used}


def _note(texts: Sequence[str], number: int, columns: _Columns, found: _Found, *, plot: str) -> str:
    """Keep what a row without a point says; return the plot that begins after it."""
    found.texts += [(number, text) for text in texts]
    plot = _title(columns, texts, plot) if len(texts) <= 2 else plot
    area = next(filter(None, (area_in_text(text) for text in texts)), None)
    if area is not None:
        found.areas.setdefault(plot, area)
    if not header_role(texts[0]) and not _is_title(texts):
        found.skipped.append(number)
    return plot


def _refuse_jump(points: Sequence[Point], before: int, file: str) -> None:
    """Refuse a second group of columns whose numbers do not go on where the first one's end."""
    if not 0 < before < len(points):
        return
    last, point = points[before - 1], points[before]
    numbers = [int(found[1]) if (found := re.search(r"(\d{1,9})\D*$", one.name)) else None for one in (last, point)]
    if None in numbers or (numbers[1] != (numbers[0] or 0) + 1 and point.name != points[0].name):
        message = (
            f"the points beside do not go on with the next number: {last.name!r} in row {last.row}, then {point.name!r}"
        )
        raise InputError(
            message, where=Where(file, point.row), hint="put the points under one another in one pair of columns"
        )


def _is_title(texts: Sequence[str]) -> bool:
    return len(texts) == 1 and len(texts[0]) <= 40 and area_in_text(texts[0]) is None


def _title(columns: _Columns, texts: Sequence[str], plot: str) -> str:
    """Return the plot that a row with only a title begins, if it names one; notes after the last point name none."""
    text = re.split(r"[,，;；:：(（]|面积", texts[0])[0].strip()
    names_one = re.search(r"地块|宗地|区块|图斑|plot|parcel|\blot\b", text, re.IGNORECASE)
    return text[:60] if names_one and columns.plot is None else plot


def _holds_no_point(row: Sequence[Cell], columns: _Columns) -> bool:
    """Tell whether a row is a title, a note or a separator: no digit where coordinates stand, or one text all over."""
    cells = [row[columns.first], row[columns.second]]
    if all(cell is None for cell in cells):
        return True
    if isinstance(cells[0], str) and cells[0] == cells[1] and _number(cells[0]) is None:
        return True
    texts = [str(cell) for cell in cells if cell is not None]
    return len(texts) == len([cell for cell in cells if isinstance(cell, str)]) and not any(
        letter.isdigit() for text in texts for letter in text
    )


def _point(row: Sequence[Cell], number: int, columns: _Columns, file: str, *, packed: str, after_gap: bool) -> Point:
    name, ring = (_text(row[index]) if index is not None else "" for index in (columns.point, columns.ring))
    angles: list[Angle] = []
    for index, title in zip((columns.first, columns.second), columns.titles, strict=True):
        where = Where(file, number, title)
        cell = row[index]
        if cell is None:
            message = f"expected a coordinate, got an empty cell (point {name or number})"
            raise InputError(message, where=where, hint="fill it in, or remove the row")
        if not isinstance(cell, str | int | float) or isinstance(cell, bool):
            message = f"expected a coordinate, got {cell!s:.40}"
            raise InputError(message, where=where, hint="format the cells as text or numbers and enter it again")
        angles.append(read_angle(cell, where=where, packed=packed))
    high = columns.height is not None and row[columns.height] is not None
    return Point(name, ring, angles[0], angles[1], number, has_height=high, after_gap=after_gap)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unicodedata.normalize("NFKC", str(cell)).strip()
