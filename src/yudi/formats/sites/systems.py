"""In which reference system do a drawing's numbers stand, which column is which, and what says so?

What the file states counts, then what the numbers show (eastings that begin with their belt's number, northings that
no easting can be); nothing else is guessed. Plane coordinates without a belt are refused with the belts that would put
them where they are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.formats.crs import CHINA, Crs, area_of_use, datum_of, parse_crs, placed, to_lonlat
from yudi.formats.places import refuse_misplaced
from yudi.formats.sites.belts import EASTINGS, NORTHINGS, Belt, belt_numbers, belts_within, system_of
from yudi.formats.sites.plots import Asked, SiteFile, StatedSystem
from yudi.formats.sites.spellings import system_in_text

__all__ = ["Settled", "settle"]

_Array = np.ndarray[Any, Any]
_ORDERS = {"lon lat": ((0, 1),), "lat lon": ((1, 0),), "east north": ((0, 1),), "north east": ((1, 0),)}
_EITHER = ((0, 1), (1, 0))
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_NEXT = "add the belt to the file, or name the system: --crs, or crs beside the file in geometry"
_NAME_IT = (
    "name the system of these numbers: --crs, or crs beside the file in geometry; or have them converted to CGCS2000"
)
_MM = 0.001
_PACKED_LEAST = 3  # vertices, of which by chance 0.36⁶ or one file in 450 has only minutes and seconds below 60
_IN_ZH = {"yes": "是", "no": "否"}
_FAR = 2.0  # degrees from its central meridian that a belt of 3 degrees is not used for


@dataclass(frozen=True)
class Settled:
    """A reference system that was decided on, and the ground for it.

    Parameters
    ----------
    crs : Crs
        The system.
    order : (int, int)
        Which column is x (longitude, easting) and which y.
    scale : float
        From the file's unit to the system's.
    shift : tuple of float
        Parameters to CGCS2000 that were given.
    why, axes : Words
        What says which system it is, and which column is which.
    """

    crs: Crs
    order: tuple[int, int]
    why: Words
    axes: Words
    scale: float = 1.0
    shift: tuple[float, ...] = ()
    findings: tuple[Finding, ...] = ()

    def in_system(self, points: _Array) -> _Array:
        """Return x, y (east, north) in the system's own unit of points as the file has them, shape (n, 2)."""
        return np.asarray(points[:, self.order] * self.scale)

    def lonlat(self, points: _Array) -> _Array:
        """Return lon/lat degrees of points as the file has them, shape (n, 2)."""
        moved = to_lonlat(shapely.points(self.in_system(points)), self.crs, shift=self.shift or None)
        return np.asarray(shapely.get_coordinates(moved))


@dataclass(frozen=True)
class _Numbers:
    """All positions of a drawing, with their rows."""

    xy: _Array
    rows: _Array
    file: str

    def where(self, index: int = 0, field: str | None = None) -> Where:
        return Where(self.file, int(self.rows[index]) or None, field)


def settle(content: SiteFile, asked: Asked) -> Settled:
    """Return the reference system of a drawing, with the ground for it and what is odd about it.

    Raises
    ------
    InputError
        Where nothing says it, where two things say otherwise, where the numbers cannot be what is said, or where the datum
        needs parameters.
    """
    rings = [ring for plot in content.plots for ring in plot.rings()]
    numbers = _Numbers(
        np.concatenate([ring.points for ring in rings]), np.concatenate([ring.rows for ring in rings]), content.file
    )
    bad = np.flatnonzero(~np.isfinite(numbers.xy).all(axis=1))
    if len(bad):
        raise InputError("expected finite numbers", where=numbers.where(bad[0]), hint="correct the coordinates")
    system = content.system
    given = system_in_text(asked.crs.removeprefix("force:")) if asked.crs else None
    if given is not None and (given.belt or given.meridian):  # the belt by its number, which may stand before eastings
        if not asked.crs.startswith("force:"):
            _refuse_other_belt(system, given)
        system = replace(system, crs="", belt=given.belt, width=given.width, meridian=given.meridian)
        system = replace(system, datum=given.datum or system.datum or "cgcs2000")
        settled = _by_numbers(numbers, system, asked)
        return replace(settled, why=Words(f"按指定：{asked.crs}", f"as asked: {asked.crs}"))
    if asked.crs:
        return _declared(numbers, system, asked)
    if system.unclear and not system.crs:
        message = f"expected a reference system that is known, got {system.unclear!r}"
        raise InputError(message, where=replace(system.where, field="crs"), hint=_NAME_IT)
    if system.crs:
        return _defined(numbers, parse_crs(system.crs, where=system.where), system, asked)
    return _by_numbers(numbers, system, asked)


def _refuse_other_belt(system: StatedSystem, given: StatedSystem) -> None:
    if system.belt and given.belt and system.belt != given.belt:
        message = f"the file says belt {system.belt}, asked was belt {given.belt}"
        raise InputError(
            message, where=system.where, hint='correct one of them, or put "force:" before the one asked for'
        )


def _declared(numbers: _Numbers, system: StatedSystem, asked: Asked) -> Settled:
    """Return the system that was asked for, held against what the file says; a belt of a system unknown says nothing."""
    if system.unclear and not system.crs:
        system = replace(system, belt=None, width=None, meridian=None)
    where = Where(numbers.file, None, "crs")
    crs = parse_crs(asked.crs, where=where)
    settled = _defined(numbers, crs, system, asked)
    settled = replace(settled, why=Words(f"按指定：{crs.name}", f"as asked: {crs.name}"))
    if crs.forced or not (system.crs or system.datum or system.belt or system.meridian):
        return settled
    if not system.crs and not system.belt and not system.meridian:
        if system.datum and _family(system.datum) != datum_of(crs):
            raise _differs(where, f"datum {system.datum}", crs)
        return settled
    stated = (
        _defined(numbers, parse_crs(system.crs, where=system.where), system, asked)
        if system.crs
        else _by_numbers(numbers, system, asked)
    )
    with np.errstate(invalid="ignore"):
        apart = np.abs(stated.lonlat(numbers.xy) - settled.lonlat(numbers.xy)).max()
    if datum_of(stated.crs) != datum_of(crs) or not apart < 1e-5:
        raise _differs(where, stated.crs.name, crs)
    return settled


def _family(datum: str) -> str:
    return {"cgcs2000": "global", "wgs84": "global", "gcj02": "web", "bd09": "web"}.get(datum, datum)


def _differs(where: Where, stated: str, crs: Crs) -> InputError:
    message = f"the file says {stated}, asked was {crs.name}, and they differ"
    return InputError(message, where=where, hint=f'correct one of them, or ask for "force:{crs.name}"')


def _defined(numbers: _Numbers, crs: Crs, system: StatedSystem, asked: Asked) -> Settled:
    """Return a system that is named completely; the order of columns is the file's, or the one that fits."""
    unit = asked.unit or (system.unit if not crs.is_geographic else "")
    scale = _MM if unit == "mm" else 1.0
    where = Where(numbers.file, system.where.row, "crs")
    if system.axes == "fixed":
        points = shapely.points(numbers.xy * scale)
        lonlat = to_lonlat(points, crs, shift=asked.shift or None, where=where)
        refuse_misplaced(points, lonlat, crs, rows=numbers.rows, file=numbers.file)
        order = (0, 1)
    else:
        orders: Sequence[tuple[int, int]] = _ORDERS.get(system.axes, _EITHER)
        if len(orders) > 1 and area_of_use(crs) == _WORLD:
            orders = (_order_anywhere(numbers, crs),)
        try:
            _, order = placed(numbers.xy * scale, crs, where=where, shift=asked.shift or None, orders=orders)
        except InputError as error:
            raise InputError(error.message, where=error.where, hint=_better_hint(numbers, crs, scale, error)) from error
    why = Words(f"文件注明：{crs.name}", f"the file says {crs.name}")
    axes = _axes(order, crs.is_geographic, system.axes)
    notes = _shift_notes(crs, asked, where)
    if crs.is_geographic and system.axes != "fixed" and not (system.is_marked or asked.angles):
        notes += _packed_notes(numbers, asked, order)
    return Settled(crs, order, why, axes, scale, asked.shift, notes)


def _shift_notes(crs: Crs, asked: Asked, where: Where) -> tuple[Finding, ...]:
    if asked.shift:
        return (Finding("datum_shift", f"{crs.name} was brought to CGCS2000 by the parameters given", where),)
    if crs.is_web:
        return (Finding("datum_shift", f"{crs.name} was converted to WGS 84 by the published formula", where),)
    return ()


def _better_hint(numbers: _Numbers, crs: Crs, scale: float, error: InputError) -> str:
    """Name the twin of a belt that has, or lacks, the number before its eastings, where the numbers ask for it."""
    code = int(crs.name[5:]) if crs.name.startswith("EPSG:") and crs.name[5:].isdigit() else 0
    for belt in belt_numbers().values():
        pair = [system_of(_datum_key(crs), belt, carries=carries) for carries in (True, False)]
        if f"EPSG:{code}" in (pair[0].name, pair[1].name):
            for other in pair:
                try:
                    placed(numbers.xy * scale, other, where=Where(), shift=(0, 0, 0) if _needs_shift(other) else None)
                except InputError:
                    continue
                word = "carry" if other is pair[0] else "lack"
                return f"the eastings {word} the belt's number: name {other.name}"
    return error.hint


def _datum_key(crs: Crs) -> str:
    return {"xian80": "xian80", "beijing54": "beijing54"}.get(datum_of(crs), "cgcs2000")


def _needs_shift(crs: Crs) -> bool:
    return datum_of(crs) in ("xian80", "beijing54")


def _axes(order: tuple[int, int], is_geographic: bool, stated: str) -> Words:
    """Say which column is which, and what shows it."""
    zh = ("经度", "纬度") if is_geographic else ("东坐标", "北坐标")
    en = ("longitude", "latitude") if is_geographic else ("easting", "northing")
    first, second = order.index(0), order.index(1)
    ground = {
        "fixed": ("格式规定", "as the format has it"),
        "x y": ("按数值大小判定，表头只写 X、Y", "by their size; the header only says X and Y"),
        "": ("按数值大小判定", "by their size"),
    }.get(stated, ("按表头", "by the header"))
    return Words(
        f"{zh[first]}在前，{zh[second]}在后（{ground[0]}）", f"{en[first]} first, then {en[second]} ({ground[1]})"
    )


def _by_numbers(numbers: _Numbers, system: StatedSystem, asked: Asked) -> Settled:
    """Return the system of a file that names none completely."""
    where = Where(numbers.file, system.where.row, "crs")
    if system.unit == "degree" or system.axes in ("lon lat", "lat lon") or bool((np.abs(numbers.xy) <= 180).all()):
        return _in_degrees(numbers, system, asked)
    scale, order, findings = _columns(numbers, system, asked)
    east, north = (numbers.xy[:, order] * scale).T
    carries = bool(east.max() >= 1e6)
    belt, why = _belt(numbers, system, (east, north), asked=asked)
    datum = system.datum or "cgcs2000"
    if not system.datum:
        message = (
            "no datum is stated: CGCS2000 was taken, the one in official use since 2018-07-01; on Xi'an 1980 or Beijing 1954 "
            "the site would lie up to 100 m and more away"
        )
        findings.append(Finding("datum_assumed", message, where))
    if system.parameters and any(system.parameters) and not asked.shift:
        message = (
            "the file's parameters of a transformation were not applied: it does not say between which systems, and how"
        )
        findings.append(Finding("parameters_unused", message, where))
    own = None if isinstance(belt, Belt) else _own_meridian(belt, datum, where)
    crs = own or system_of(datum, belt if isinstance(belt, Belt) else None, carries=carries)
    off = np.abs(_from_meridian(east % 1e6 if carries else east, north)).max()
    if off > _FAR and isinstance(belt, Belt) and belt.width == 3:
        message = f"it lies {off:.1f}° from the central meridian of its {belt}, which is wide 1.5° on either side"
        findings.append(Finding("far_from_meridian", message, where))
    axes = _axes(order, False, system.axes)
    to_lonlat(shapely.points(numbers.xy[:1, order] * scale), crs, shift=asked.shift or None, where=where)  # or refuses
    findings += _shift_notes(crs, asked, where)
    return Settled(crs, order, why, axes, scale, asked.shift, tuple(findings))


def _from_meridian(east: _Array, north: _Array) -> _Array:
    """Return degrees of longitude from the central meridian, good to a tenth."""
    latitude = np.radians(north / 111_000)
    return np.asarray((east - 500_000) / (111_320 * np.cos(latitude)))


def _in_degrees(numbers: _Numbers, system: StatedSystem, asked: Asked) -> Settled:
    where = Where(numbers.file, system.where.row, "crs")
    if system.axes in ("north east", "east north") or (not system.default and not system.datum):
        message = f"expected metres of a belt, got numbers such as {numbers.xy[0].tolist()}"
        hint = "if they are degrees, name the columns longitude and latitude; if they are of a local system, have them converted"
        raise InputError(message, where=numbers.where(), hint=hint)
    if system.axes in ("x y", "") and system.unit != "degree" and _are_metres(numbers.xy):
        message = (
            f"expected metres of a belt, or degrees, got numbers such as {numbers.xy[0].tolist()}: a local system?"
        )
        hint = "have them converted; if they are degrees, name the columns longitude and latitude"
        raise InputError(message, where=numbers.where(), hint=hint)
    crs = system_of(system.datum, None) if system.datum else parse_crs(system.default)
    large = np.flatnonzero((np.abs(numbers.xy) > 180).any(axis=1))
    if len(large):
        got = numbers.xy[large[0]].tolist()
        hint = "if they are packed degrees, minutes and seconds, say so: --angles DDMMSS; correct the header if they are metres"
        raise InputError(f"expected degrees, got {got}", where=numbers.where(large[0]), hint=hint)
    if system.axes in _ORDERS:
        order = _ORDERS[system.axes][0]
        _refuse_exchanged(numbers, order)
        lonlat = to_lonlat(shapely.points(numbers.xy[:1, order]), crs, shift=asked.shift or None, where=where)
        assert lonlat is not None, "asked only for its refusal"
    else:
        orders = (_order_anywhere(numbers, crs),) if area_of_use(crs) == _WORLD else _EITHER
        _, order = placed(numbers.xy, crs, where=numbers.where(), shift=asked.shift or None, orders=orders)
    if system.datum:
        why = Words(f"文件注明 {crs.name}，数值为度", f"the file says {crs.name}, and the numbers are degrees")
    else:
        why = Words(
            "数值为度，未注明坐标系，按 CGCS2000（与 WGS 84 相差不到 1 米）",
            "degrees; no system is stated, so CGCS2000, within 1 m of WGS 84",
        )
    notes = _shift_notes(crs, asked, where)
    if not (system.is_marked or asked.angles):
        notes += _packed_notes(numbers, asked, order)
    return Settled(crs, order, why, _axes(order, True, system.axes), 1.0, asked.shift, notes)


def _order_anywhere(numbers: _Numbers, crs: Crs) -> tuple[int, int]:
    """Return the order of columns of a system that is used all over the world, where the numbers show it.

    In China no longitude can be a latitude; elsewhere an order counts where the other one has no latitude in it.
    """
    if crs.is_geographic:
        west, south, east, north = CHINA
        lows, highs = (west, south), (east, north)
        for low, high in ((lows, highs), ((-180, -90), (180, 90))):
            fit = [order for order in _EITHER if ((numbers.xy[:, order] >= low) & (numbers.xy[:, order] <= high)).all()]
            if len(fit) == 1:
                return fit[0]
        names = "longitude and latitude, or 经度 and 纬度"
    else:
        names = "easting and northing, or 东坐标 and 北坐标"
    message = f"expected columns whose order is known, got numbers such as {numbers.xy[0].tolist()} in {crs.name}"
    raise InputError(message, where=numbers.where(), hint=f"name the columns {names}")


def _packed_notes(numbers: _Numbers, asked: Asked, order: tuple[int, int]) -> tuple[Finding, ...]:
    """Warn where all decimal degrees could as well be degrees, minutes and seconds behind one point.

    Of fewer points than a polygon has chance would often allow it; they could be only where all end in whole seconds.
    """
    fraction = np.abs(numbers.xy) % 1
    minutes = np.floor(fraction * 100 + 1e-9)
    seconds = np.abs(fraction * 100 - minutes) * 100
    has_seconds = np.abs(numbers.xy * 100 - np.round(numbers.xy * 100)) > 1e-9
    is_whole = np.abs(numbers.xy * 10_000 - np.round(numbers.xy * 10_000)) < 1e-6
    if not (minutes < 60).all() or not (seconds < 60 - 1e-9).all() or not has_seconds.any():
        return ()
    if len(numbers.xy) < _PACKED_LEAST and not is_whole.all():
        return ()
    packed = np.trunc(numbers.xy) + np.sign(numbers.xy) * (minutes / 60 + seconds / 3600)
    message, zh = (
        "all numbers could also be degrees, minutes and seconds behind one point",
        "数值按十进制度读取，也可能是“度.分秒”的写法",
    )
    if asked.extent is not None:
        as_read, otherwise = (_within(xy[:, order], asked) for xy in (numbers.xy, packed))
        zh += f"（是否在所问版本的范围内：按十进制度为{_IN_ZH[as_read]}，按度分秒为{_IN_ZH[otherwise]}）"
        message += f" (in the area asked about as decimal degrees: {as_read}; as minutes and seconds: {otherwise})"
    return (
        Finding(
            "maybe_packed",
            f"{message}: if they are, say --angles D.MMSS",
            numbers.where(),
            zh=f"{zh}；若是请注明 --angles D.MMSS，否则位置会差数十公里",
        ),
    )


def _within(lonlat: _Array, asked: Asked) -> str:
    assert asked.extent is not None, "asked only where editions lie somewhere"
    west, south, east, north = asked.extent
    is_in = (lonlat >= (west, south)).all() and (lonlat <= (east, north)).all()
    return "yes" if is_in else "no"


def _are_metres(xy: _Array) -> bool:
    """Return whether numbers have no more than three decimals, as surveys have metres; degrees would be 100 m coarse."""
    return bool((np.abs(xy * 1000 - np.round(xy * 1000)) < 1e-6).all())


def _refuse_exchanged(numbers: _Numbers, order: tuple[int, int]) -> None:
    wrong = np.flatnonzero(np.abs(numbers.xy[:, order[1]]) > 90)
    if len(wrong):
        got = numbers.xy[wrong[0]].tolist()
        message = f"latitude and longitude look exchanged: the column of latitudes has {got[order[1]]:.10g}"
        raise InputError(message, where=numbers.where(wrong[0]), hint="exchange the two headers")


def _columns(numbers: _Numbers, system: StatedSystem, asked: Asked) -> tuple[float, tuple[int, int], list[Finding]]:
    """Return the scale to metres, which column is the easting and which the northing, and what is odd."""
    stated = asked.unit or system.unit or "m"
    findings: list[Finding] = []
    for unit in (stated, *({"m", "mm"} - {stated})):
        scale = _MM if unit == "mm" else 1.0
        order = _order(numbers.xy * scale)
        if order is None:
            continue
        if unit != stated and (asked.unit or not system.unit):
            message = f"expected {stated}, but the numbers, such as {numbers.xy[0].tolist()}, are coordinates of a belt in {unit}"
            raise InputError(message, where=numbers.where(), hint=f"say so: --unit {unit}")
        if unit != stated:
            message = f"the file says {stated}, but only as {unit} do the numbers lie in a belt; {unit} was taken"
            findings.append(Finding("unit_contradicted", message, system.where))
        if system.axes in _ORDERS and order not in _ORDERS[system.axes]:
            message = f"the columns look exchanged: the header says {system.axes.replace(' ', ', then ')}, the numbers are the reverse"
            raise InputError(message, where=numbers.where(), hint="exchange the two headers")
        return scale, order, findings
    raise _no_plane(numbers, 1.0 if stated == "m" else _MM)


def _order(xy: _Array) -> tuple[int, int] | None:
    """Return which column holds eastings and which northings, if all rows agree; no number can be both."""
    kinds = [_kinds(xy[:, column]) for column in (0, 1)]
    if (kinds[0] == "n").all() and (kinds[1] == "e").all():
        return (1, 0)
    if (kinds[0] == "e").all() and (kinds[1] == "n").all():
        return (0, 1)
    return None


def _kinds(values: _Array) -> _Array:
    number = np.floor(values / 1e6)
    rest = values - number * 1e6
    known = np.isin(number, [0, *belt_numbers()])
    easting = known & (rest >= EASTINGS[0]) & (rest <= EASTINGS[1])
    northing = (values >= NORTHINGS[0]) & (values <= NORTHINGS[1])
    return np.where(northing, "n", np.where(easting, "e", "-"))


def _no_plane(numbers: _Numbers, scale: float) -> InputError:
    """Return the error for numbers that are not eastings and northings of a belt in one order."""
    kinds = np.stack([_kinds(numbers.xy[:, column] * scale) for column in (0, 1)], axis=1)
    pairs = np.array(["".join(pair) for pair in kinds])
    good = np.isin(pairs, ["ne", "en"])
    if good.all():
        turned = int(np.flatnonzero(pairs != pairs[0])[0])
        message = f"easting and northing look exchanged in this row against the others: {numbers.xy[turned].tolist()}"
        return InputError(message, where=numbers.where(turned), hint="write all rows in one order")
    index = int(np.flatnonzero(~good)[0])
    message = (
        "expected a northing of 1,600,000 to 6,000,000 m and an easting of 100,000 to 900,000 m, with or without a belt's "
        f"number before it, got {numbers.xy[index].tolist()}"
    )
    hint = (
        "correct this row"
        if good.any()
        else "for a local system have the coordinates converted, or give its WKT as crs"
    )
    return InputError(message, where=numbers.where(index), hint=hint)


def _belt(
    numbers: _Numbers, system: StatedSystem, plane: tuple[_Array, _Array], *, asked: Asked
) -> tuple[Belt | float, Words]:
    """Return the belt, or a central meridian of its own, and what says so."""
    known = belt_numbers()
    stated = _stated_belt(system)
    east, north = plane
    if east.max() >= 1e6:
        prefixes = np.floor(east / 1e6).astype(int)
        other = np.flatnonzero(prefixes != prefixes[0])
        if len(other):
            message = f"eastings begin with belt {prefixes[0]} and here with {prefixes[other[0]]}"
            hint = "give all coordinates in one belt, or each belt in a file of its own"
            raise InputError(message, where=numbers.where(other[0]), hint=hint)
        if prefixes[0] not in known:
            message = f"expected an easting that begins with a belt's number, or without one, got {east[0]:.3f}"
            raise InputError(message, where=numbers.where(), hint="write all eastings alike")
        belt = known[int(prefixes[0])]
        if isinstance(stated, Belt) and stated != belt:
            message = f"the file says {stated}, but eastings begin with {belt.number}, which is {belt}"
            raise InputError(message, where=system.where, hint="correct one of them")
        if isinstance(stated, float) and stated != belt.meridian:
            message = f"the file says central meridian {stated:g}°, but eastings begin with {belt.number}, whose meridian is {belt.meridian}°"
            raise InputError(message, where=system.where, hint="correct one of them")
        zh = f"东坐标以 {belt.number} 开头，即 {belt.width}° 带第 {belt.number} 带"
        return belt, Words(zh, f"eastings begin with {belt.number}, the number of {belt}")
    if isinstance(stated, Belt):
        zh = f"文件注明{_belt_zh(stated)}"
        return stated, Words(zh, f"the file says {stated}")
    if isinstance(stated, float):
        return stated, Words(f"文件注明中央经线 {stated:g}°", f"the file says central meridian {stated:g}°")
    raise _which_belt(numbers, east, north, asked)


def _belt_zh(belt: Belt) -> str:
    return f" {belt.width}° 带第 {belt.number} 带"


def _stated_belt(system: StatedSystem) -> Belt | float | None:
    """Return the belt that the file states, its central meridian where that is not one of a belt's, or None."""
    known = belt_numbers()
    if system.belt is not None:
        belt = known.get(system.belt)
        if belt is None:
            message = f"expected a belt of 13 to 23 or 25 to 45, got {system.belt}"
            raise InputError(message, where=system.where, hint="correct the belt's number")
        if system.width and system.width != belt.width:
            message = f"belt {belt.number} is one of {belt.width}°, but the file says {system.width}°"
            raise InputError(message, where=system.where, hint="correct the width or the number of the belt")
        if system.meridian and system.meridian != belt.meridian:
            message = f"{belt} has the central meridian {belt.meridian}°, but the file says {system.meridian:g}°"
            raise InputError(message, where=system.where, hint="correct one of them")
        return belt
    if system.meridian is None:
        return None
    number = system.meridian / 3
    return known[int(number)] if number.is_integer() and int(number) in known else float(system.meridian)


def _own_meridian(meridian: float, datum: str, where: Where) -> Crs:
    if datum not in ("cgcs2000", "wgs84"):
        message = f"expected a belt of {datum}, got the central meridian {meridian:g}°"
        raise InputError(message, where=where, hint="give the system's WKT as crs")
    text = f"+proj=tmerc +lat_0=0 +lon_0={meridian!r} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"
    return replace(parse_crs(text), name=f"CGCS2000, central meridian {meridian:g}°")


def _which_belt(numbers: _Numbers, east: _Array, north: _Array, asked: Asked) -> InputError:
    found = list(belts_within(east, north, asked.extent))
    if asked.extent is None:
        text = "; in every belt of China they would lie somewhere"
    elif found:
        names = " or ".join(f"{belt} ({system_of('cgcs2000', belt).name}, {belt.meridian}°E)" for belt in found)
        text = f"; in the area asked about they would lie in {names}: which?"
    else:
        text = "; in no belt would they lie in the area asked about"
    message = f"expected the belt of these plane coordinates, got none{text}"
    return InputError(message, where=numbers.where(0, "crs"), hint=_NEXT)
