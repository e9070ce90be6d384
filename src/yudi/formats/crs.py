"""Which reference system do coordinates come in, and how do they become longitude and latitude?

Storage is lon/lat degrees (x = longitude). CGCS2000 and WGS 84 are treated as one system: both realise the ITRS
and differ by less than 1 m over China today, less than any zoning map resolves, so no shift is applied between
them. Beijing 1954 and Xi'an 1980 differ by up to 100 m and more, by an amount that depends on the place; they are
read only with shift parameters. GCJ-02 and BD-09 are converted when declared and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.formats.offsets import bd09_to_wgs84, gcj02_to_wgs84

__all__ = [
    "CHINA",
    "Crs",
    "area_of_use",
    "crs_title",
    "datum_of",
    "from_lonlat",
    "metres_per_unit",
    "parse_crs",
    "placed",
    "same_place",
    "site_to_lonlat",
    "to_lonlat",
    "transformer",
]

CHINA = (73.62, 16.7, 134.77, 53.56)  # area of use of EPSG:4490, west, south, east, north
_WORLD = (-180.0, -90.0, 180.0, 90.0)

_WEB = {
    "GCJ02": "GCJ-02",
    "GCJ": "GCJ-02",
    "火星坐标": "GCJ-02",
    "火星坐标系": "GCJ-02",
    "BD09": "BD-09",
    "BD09LL": "BD-09",
}
_NAMES = {"CGCS2000": "EPSG:4490", "国家2000": "EPSG:4490", "2000国家大地坐标系": "EPSG:4490", "WGS84": "EPSG:4326"}
_HINT = "name it as EPSG:4490, EPSG:4545, GCJ-02 …, or give its WKT"


@dataclass(frozen=True)
class Crs:
    """A reference system as declared.

    Parameters
    ----------
    name : str
        What messages call it: ``"EPSG:4545"``, ``"GCJ-02"``, or the name that its definition gives.
    definition : str
        What pyproj builds it from: an EPSG code or WKT; for GCJ-02 and BD-09 the same as ``name``.
    forced : bool
        Whether it was declared with ``force:`` and so outweighs what a file says.
    """

    name: str
    definition: str
    forced: bool = False

    @property
    def is_web(self) -> bool:
        """Whether it is one of the offset systems of Chinese web maps, GCJ-02 or BD-09."""
        return self.name in ("GCJ-02", "BD-09")

    @property
    def is_geographic(self) -> bool:
        """Whether its coordinates are degrees."""
        return self.is_web or bool(_pyproj(self.definition).is_geographic)


@lru_cache(maxsize=256)
def _pyproj(definition: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(definition)


def _geodetic(definition: str) -> tuple[pyproj.CRS, float, float]:
    """Return the geographic system under one, its semi-major axis in m and its inverse flattening."""
    found = _pyproj(definition).geodetic_crs
    assert found is not None  # parse_crs lets nothing else through
    assert found.ellipsoid is not None
    return found, float(found.ellipsoid.semi_major_metre), float(found.ellipsoid.inverse_flattening)


def parse_crs(text: str, *, where: Where | None = None) -> Crs:
    """Return the reference system that a text names.

    Parameters
    ----------
    text : str
        ``"EPSG:4545"``, ``"4545"``, a URN or URL of EPSG or OGC, ``"CGCS2000"``, ``"GCJ-02"``, ``"BD-09"``, WKT (also
        of Esri) or PROJJSON; ``"force:"`` in front outweighs what a file says.
    where : Where, optional
        Place for messages.

    Raises
    ------
    InputError
        If it names none, or one that has no place on the ground (vertical, local, geocentric).

    Examples
    --------
    >>> parse_crs("urn:ogc:def:crs:EPSG::4545").name, parse_crs("gcj02").name
    ('EPSG:4545', 'GCJ-02')
    """
    if not isinstance(text, str) or not text.strip():
        raise InputError("expected a reference system, got none", where=where, hint=_HINT)
    forced = text.strip().lower().startswith("force:")
    plain = text.strip()[6:].strip() if forced else text.strip()
    key = re.sub(r"[\s_-]", "", plain).upper()
    if key in _WEB:
        return Crs(_WEB[key], _WEB[key], forced)
    definition = _definition(plain, key)
    try:
        found = _pyproj(definition)
    except (pyproj.exceptions.CRSError, UnicodeError) as error:
        shown = plain if len(plain) <= 60 else f"{plain[:57]}…"
        raise InputError(f"expected a reference system, got {shown!r}", where=where, hint=_HINT) from error
    if found.is_compound:
        found = next(part for part in found.sub_crs_list if not part.is_vertical)
        definition = found.to_wkt()
    if found.is_bound and found.source_crs is not None:  # a shift that a definition carries is not trusted
        found = found.source_crs
        definition = found.to_wkt()
    if not (found.is_geographic or found.is_projected) or found.geodetic_crs is None:
        message = f"expected a geographic or projected reference system, got {found.name!r} ({found.type_name})"
        raise InputError(message, where=where, hint=_HINT)
    return Crs(_name(found), definition, forced)


def _definition(plain: str, key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    if re.search(r"CRS:?84$", key):
        return "OGC:CRS84"
    code = re.fullmatch(r"(?:EPSG:+|URN:OGC:DEF:CRS:EPSG:[\d.]*:|HTTPS?://.*/EPSG/[\d.]+/)?(\d{4,6})", key)
    return f"EPSG:{code[1]}" if code else plain


def _name(found: pyproj.CRS) -> str:
    authority = found.to_authority(min_confidence=70)
    return ":".join(authority) if authority else found.name


def datum_of(crs: Crs) -> str:
    """Return which family a reference system's datum belongs to.

    ``"global"`` (CGCS2000, WGS 84 and what names no datum of its own on their ellipsoids), ``"web"`` (GCJ-02, BD-09),
    ``"beijing54"`` (any on the ellipsoid of Krassowsky 1940), ``"xian80"`` (IAG 1975), or ``"other"``.

    Examples
    --------
    >>> [datum_of(parse_crs(code)) for code in ("4545", "2433", "4610", "4269")]
    ['global', 'beijing54', 'xian80', 'other']
    """
    if crs.is_web:
        return "web"
    geodetic, axis, flat = _geodetic(crs.definition)
    name = f"{geodetic.datum.name if geodetic.datum else ''} {geodetic.name}".lower()
    if abs(axis - 6378245) < 0.5 or "beijing" in name:
        return "beijing54"
    if (abs(axis - 6378140) < 0.5 and abs(flat - 298.257) < 0.001) or re.search(r"xi'?an", name):
        return "xian80"
    own = (
        "china",
        "cgcs",
        "2000国家",
        "wgs",
        "world geodetic",
        "unknown",
        "unnamed",
        "d_user",
        "itrf",
        "itrs",
        "not specified",
    )
    if abs(axis - 6378137) < 0.01 and abs(flat - 298.2572) < 0.0001 and any(word in name for word in own):
        return "global"
    return "other"


def crs_title(crs: Crs) -> str:
    """Return the name that the definition of a reference system gives it.

    Examples
    --------
    >>> crs_title(parse_crs("EPSG:4545"))
    'CGCS2000 / 3-degree Gauss-Kruger CM 108E'
    """
    title = crs.name if crs.is_web else _pyproj(crs.definition).name
    return crs.name if title.lower() in ("unknown", "unnamed") else title


def area_of_use(crs: Crs) -> tuple[float, float, float, float]:
    """Return the area of use as west, south, east, north in degrees; the world where none is recorded."""
    if crs.is_web:
        return CHINA
    found = _pyproj(crs.definition)
    if found.area_of_use is None:
        code = found.to_authority(min_confidence=70)
        found = _pyproj(":".join(code)) if code else found
    area = found.area_of_use
    if area is None and found.coordinate_operation is not None:
        return _around_meridian(found)
    if area is None or area.west > area.east:
        return _WORLD
    return (area.west, area.south, area.east, area.north)


def _around_meridian(found: pyproj.CRS) -> tuple[float, float, float, float]:
    """Return a belt of 6 degrees for a transverse Mercator projection of one's own, the world for all else."""
    operation = found.coordinate_operation
    assert operation is not None  # the caller looked
    if "Transverse Mercator" not in operation.method_name and "Gauss" not in operation.method_name:
        return _WORLD
    meridian = next((float(item.value) for item in operation.params if "longitude" in item.name.lower()), None)
    if meridian is None or not -177 <= meridian <= 177:
        return _WORLD
    in_china = CHINA[0] <= meridian <= CHINA[2] and "china" in _geodetic(found.to_wkt())[0].name.lower()
    south, north = (CHINA[1], CHINA[3]) if in_china else (-84.0, 84.0)
    return (meridian - 3.0, south, meridian + 3.0, north)


@lru_cache(maxsize=256)
def transformer(definition: str, shift: tuple[float, ...] = ()) -> tuple[pyproj.Transformer, ...]:
    """Return the steps from x, y (east, north) of a reference system to lon/lat degrees.

    Parameters
    ----------
    definition : str
        As in ``Crs.definition``.
    shift : 3 or 7 floats
        Helmert parameters to CGCS2000, position vector convention: dx, dy, dz in m, rx, ry, rz in arc-seconds, scale
        in ppm. Without them only the projection is undone, save for a datum of its own, where PROJ's best known
        operation to WGS 84 applies.
    """
    source = _pyproj(definition)
    geodetic, axis, flat = _geodetic(definition)
    undo = pyproj.Transformer.from_crs(source, geodetic, always_xy=True)
    if shift:
        return undo, pyproj.Transformer.from_pipeline(_helmert(axis, flat, shift))
    if datum_of(Crs("", definition)) == "other":
        return (pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True, allow_ballpark=False),)
    return (undo,)


def _helmert(axis: float, flat: float, shift: tuple[float, ...]) -> str:
    keys = ("x", "y", "z", "rx", "ry", "rz", "s")
    values = " ".join(f"+{key}={value!r}" for key, value in zip(keys, shift, strict=False))
    turn = " +convention=position_vector" if len(shift) == 7 else ""
    own = f"+a={axis!r} +rf={flat!r}"
    return (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart {own} +step +proj=helmert {values}{turn} "
        "+step +inv +proj=cart +a=6378137 +rf=298.257222101 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def metres_per_unit(crs: Crs) -> float:
    """Return the length of a projected system's unit in metres.

    Examples
    --------
    >>> metres_per_unit(parse_crs("EPSG:4545"))
    1.0
    """
    return float(_pyproj(crs.definition).axis_info[0].unit_conversion_factor or 1.0)


def to_lonlat(geometry: Any, crs: Crs, *, shift: Sequence[float] | None = None, where: Where | None = None) -> Any:
    """Return geometries in lon/lat degrees.

    Parameters
    ----------
    geometry : shapely geometry or object array of them
        x east, y north, in the units of ``crs``; missing ones stay missing.
    crs : Crs
        Their reference system.
    shift : 3 or 7 floats, optional
        Parameters to CGCS2000 as in :func:`transformer`; required for Beijing 1954 and Xi'an 1980.
    where : Where, optional
        Place for messages.

    Returns
    -------
    The same shape of input; a coordinate that the projection cannot undo becomes infinite.

    Raises
    ------
    InputError
        If the datum needs parameters that are not given, or parameters are given that it does not need.
    """
    steps = _steps(crs, _checked_shift(crs, shift, where), where)
    if not steps and np.max(shapely.get_coordinate_dimension(geometry), initial=0) <= 2:
        return geometry.copy() if isinstance(geometry, np.ndarray) else geometry

    def move(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        x, y = xy.T
        for step in steps:
            x, y = step(x, y)
        return np.stack([x, y], axis=1)

    return shapely.transform(geometry, move)


def from_lonlat(
    lonlat: np.ndarray[Any, Any], crs: Crs, *, shift: Sequence[float] | None = None
) -> np.ndarray[Any, Any]:
    """Return places in a projected system's own coordinates, x east, y north, in its units; the way back of `to_lonlat`.

    Parameters
    ----------
    lonlat : float array, shape (n, 2)
        Degrees.

    Raises
    ------
    InputError
        As `to_lonlat`.

    Examples
    --------
    >>> from_lonlat(np.array([[108.0, 30.0]]), parse_crs("EPSG:4545")).round(1).tolist()
    [[500000.0, 3320113.4]]
    """
    x, y = np.asarray(lonlat, dtype=float).T
    for step in reversed(transformer(crs.definition, _checked_shift(crs, shift, None))):
        x, y = step.transform(x, y, direction="INVERSE")
    return np.stack([x, y], axis=1)


def _steps(crs: Crs, shift: tuple[float, ...], where: Where | None) -> list[Any]:
    if crs.name == "GCJ-02":
        return [gcj02_to_wgs84]
    if crs.name == "BD-09":
        return [bd09_to_wgs84]
    try:
        steps = transformer(crs.definition, shift)
        return [step.transform for step in steps if not step.definition.startswith("proj=noop")]
    except pyproj.exceptions.ProjError as error:
        message = f"no known way from {crs.name} to CGCS2000 or WGS 84"
        raise InputError(message, where=where, hint="convert the file, or give 3 or 7 shift parameters") from error


def _checked_shift(crs: Crs, shift: Sequence[float] | None, where: Where | None) -> tuple[float, ...]:
    datum = datum_of(crs)
    if shift is None:
        if datum in ("beijing54", "xian80"):
            label = "Beijing 1954 (ellipsoid of Krassowsky 1940)" if datum == "beijing54" else "Xi'an 1980 (IAG 1975)"
            message = f"{crs.name} is on {label}: read without a shift it would be off by up to 100 m and more"
            hint = "give shift = 3 or 7 parameters to CGCS2000 for this area, or have the file converted"
            raise InputError(message, where=where, hint=hint)
        return ()
    if datum in ("global", "web"):
        message = f"expected no shift, for {crs.name} is read as it is, got {list(shift)}"
        raise InputError(message, where=where, hint="remove the shift, or correct the reference system")
    values = tuple(float(value) for value in shift)
    if len(values) not in (3, 7) or not np.isfinite(values).all():
        message = (
            f"expected a shift of 3 or 7 numbers (dx, dy, dz in m, rx, ry, rz in arc-seconds, ppm), got {list(shift)}"
        )
        raise InputError(message, where=where, hint="ask the surveyor of the area for them")
    return values


def same_place(geometry: np.ndarray[Any, Any], one: Crs, other: Crs) -> bool:
    """Return whether two systems put these shapes in the same place to 1 m, by up to 100 of their coordinates."""
    families = {datum_of(one), datum_of(other)}
    if len(families) > 1 and families & {"web", "beijing54", "xian80"}:
        return False
    points = shapely.get_coordinates(geometry)
    points = points[np.isfinite(points).all(axis=1)]
    sample = shapely.points(points[:: max(1, len(points) // 100)])
    null = (0.0, 0.0, 0.0)
    placed = []
    for crs in (one, other):
        shift = null if datum_of(crs) in ("beijing54", "xian80") else None
        placed.append(shapely.get_coordinates(to_lonlat(sample, crs, shift=shift)))
    with np.errstate(invalid="ignore"):
        apart = np.abs(placed[0] - placed[1])
    return bool((apart < 1e-5).all())


def site_to_lonlat(
    geometry: Mapping[str, Any], crs_text: str | None, *, file: str | None = None
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return a project's GeoJSON geometry in lon/lat degrees, and notes of how its coordinates were read.

    A person who declares a system may write its coordinates in either order: many systems, EPSG:4490 and the
    Gauss-Krüger belts among them, define latitude or northing first. The order that puts all coordinates into
    the system's area of use is taken; where both do, x (longitude, easting) comes first.

    Parameters
    ----------
    geometry : mapping
        GeoJSON geometry; what is no position is left as it is, for :func:`yudi.core.geometry.read_site` to refuse.
        ``shift`` beside its coordinates has the 3 or 7 parameters that a datum of its own needs.
    crs_text : str or None
        Declared system; None means longitude, latitude.
    file : str, optional
        Name for messages.

    Raises
    ------
    InputError
        If the system is unknown or needs a shift, or neither order puts the coordinates into its area of use.

    Examples
    --------
    >>> moved, notes = site_to_lonlat({"type": "Point", "coordinates": [29.5, 106.5]}, "EPSG:4490")
    >>> moved["coordinates"], notes[0].message
    ([106.5, 29.5], 'coordinates were read as latitude, longitude in EPSG:4490')
    """
    where = Where(file, None, "geometry.crs")
    plain = {key: value for key, value in geometry.items() if key not in ("crs", "shift")}
    shift = geometry.get("shift")
    if crs_text is None:
        return plain, ()
    crs = parse_crs(crs_text, where=where)
    positions: list[list[Any]] = []
    plain["coordinates"] = _collect(geometry.get("coordinates"), positions, 0)
    if not positions:
        return plain, ()
    xy = np.array([position[:2] for position in positions], dtype=float)
    lonlat, (x, y) = placed(xy, crs, where=where, shift=shift)
    for position, (lon, lat) in zip(positions, lonlat.tolist(), strict=True):
        position[:2] = [lon, lat]
    words = ("longitude", "latitude") if crs.is_geographic else ("easting", "northing")
    message = f"coordinates were read as {words[x]}, {words[y]} in {crs.name}"
    return plain, (Finding("crs_declared", message, where),)


def _collect(value: Any, positions: list[list[Any]], depth: int) -> Any:
    """Copy nested coordinates and remember each position of finite numbers, to be changed in place."""
    if not isinstance(value, (list, tuple)) or depth > 8:
        return value
    numbers = [type(item) in (int, float) and abs(item) < 1e15 for item in value[:2]]
    if len(numbers) == 2 and all(numbers):
        copy = list(value)
        positions.append(copy)
        return copy
    return [_collect(item, positions, depth + 1) for item in value]


def placed(
    xy: np.ndarray[Any, Any],
    crs: Crs,
    *,
    where: Where,
    shift: Sequence[float] | None = None,
    orders: Sequence[tuple[int, int]] = ((0, 1), (1, 0)),
) -> tuple[np.ndarray[Any, Any], tuple[int, int]]:
    """Return positions in lon/lat degrees, and which of their columns is x (longitude, easting) and which y.

    Parameters
    ----------
    xy : float array, shape (n, 2)
        In the units of ``crs``, in one of the orders.
    shift : 3 or 7 floats, optional
        As in :func:`to_lonlat`.
    orders : sequence of (int, int)
        Orders to try; the first that puts all positions into the system's area of use is taken.

    Raises
    ------
    InputError
        If none does.
    """
    area, margin = area_of_use(crs), 0.5 if crs.is_geographic else 3.0  # a neighbouring belt may be meant
    if crs.is_geographic and np.abs(xy).max(initial=0.0) > 360:
        orders = ()  # metres, which no order of degrees can be
    for order in orders:
        lonlat = shapely.get_coordinates(to_lonlat(shapely.points(xy[:, order]), crs, shift=shift, where=where))
        if area == _WORLD or _within(lonlat, area, margin):  # what the world cannot decide is longitude first
            return lonlat, order
    west, south, east, north = area
    either = ", in either order of axes" if len(orders) != 1 else ""
    message = (
        f"expected coordinates in the area of use of {crs.name} (longitude {west:g} to {east:g}, latitude {south:g} to "
        f"{north:g}){either}, got {xy[0].tolist()}"
    )
    raise InputError(message, where=where, hint="correct the coordinates, or name the system they are in")


def _within(lonlat: np.ndarray[Any, Any], area: tuple[float, float, float, float], margin: float) -> bool:
    west, south, east, north = area
    lon, lat = lonlat.T
    inside = (lon >= west - margin) & (lon <= east + margin) & (lat >= south - margin) & (lat <= north + margin)
    return bool(inside.all())
