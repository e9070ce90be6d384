"""What is wrong with the shapes of a layer, and what can be mended: even-odd repair, and one list of all refusals.

Shapes are shapely geometries in lon/lat degrees (x = longitude). A scheme's layer is mended and every mending is
reported; a project's own shape is judged more strictly, by :func:`read_site`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding
from yudi.core.measure import geodesic_area_m2, part_of_dimension
from yudi.core.repair import even_odd, name_defect
from yudi.core.site_geometry import read_site

__all__ = ["Bounds", "listed", "listed_zh", "looks_exchanged", "mend_layer", "read_site", "refuse_rows"]

Bounds = tuple[float, float, float, float]

_SHOWN = 20
_WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)


def mend_layer(
    geometry: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], file: str, *, bounds: Bounds | None = None
) -> tuple[np.ndarray[Any, Any], tuple[Finding, ...]]:
    """Return a layer's shapes made 2D and valid, and what was mended.

    Parameters
    ----------
    geometry : object array of shapely geometries, shape (n,)
        Lon/lat degrees; may hold None.
    rows : int array, shape (n,)
        Feature numbers for messages, from 1.
    file : str
        Name for messages.
    bounds : (west, south, east, north), optional
        Where the layer is known to lie; a shape that is outside but would be inside with its coordinates exchanged
        is refused.

    Returns
    -------
    object array of shapely geometries, shape (n,), and findings

    Raises
    ------
    InputError
        One message that lists every row without geometry, with NaN or infinity, outside the system, wider than 180°,
        with latitude and longitude exchanged, or of which repair leaves nothing.
    LimitError
        If a shape is too tangled to be repaired in seconds.
    """
    _refuse_broken(geometry, rows, file, bounds)
    mended, findings = _flatten(geometry, rows, file)
    bad = np.flatnonzero(~shapely.is_valid(mended))
    for index in bad:
        row, before = int(rows[index]), mended[index]
        after, finding = _mend_one(before, row, file)
        mended[index] = after
        if finding is not None:
            findings.append(finding)
    gone = shapely.is_missing(mended) | shapely.is_empty(mended)
    lost = [(int(row), "nothing is left of the shape when it is repaired") for row in rows[gone]]
    refuse_rows(lost, file, hint="draw these shapes again, or remove them from the layer")
    return mended, tuple(findings)


def _refuse_broken(
    geometry: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], file: str, bounds: Bounds | None
) -> None:
    absent = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    endless = np.zeros(len(geometry), bool)
    endless[owner[~np.isfinite(points).all(axis=1)]] = True
    box = shapely.bounds(geometry)
    with np.errstate(invalid="ignore"):
        outside = ~absent & ~endless & ~_inside(box, _WORLD)
        swapped = ~absent & ~endless & looks_exchanged(box, bounds or _WORLD)
        wide = ~absent & ~endless & ~outside & (box[:, 2] - box[:, 0] > 180)
    curved = ~absent & (shapely.get_type_id(geometry) > 7)
    problems: list[tuple[int, str]] = []
    for mask, text in (
        (absent, "no geometry"),
        (endless, "a coordinate is NaN or infinite, or lies outside its reference system"),
        (outside & ~swapped, "a coordinate lies outside longitude ±180, latitude ±90"),
        (swapped, "latitude and longitude look exchanged"),
        (wide, "it spans more than 180° of longitude, as does what crosses the antimeridian: cut it there"),
        (curved, "a curve, which is not read"),
    ):
        problems += [(int(row), text) for row in rows[mask]]
    refuse_rows(sorted(problems), file, hint="mend or remove these features, or state the reference system they are in")


def _inside(box: np.ndarray[Any, Any], bounds: Bounds) -> np.ndarray[Any, Any]:
    west, south, east, north = bounds
    inside: np.ndarray[Any, Any] = (
        (box[:, 0] >= west) & (box[:, 1] >= south) & (box[:, 2] <= east) & (box[:, 3] <= north)
    )
    return inside


def looks_exchanged(box: np.ndarray[Any, Any], bounds: Bounds) -> np.ndarray[Any, Any]:
    """Return which boxes miss the bounds as they are but lie inside with x and y exchanged.

    Parameters
    ----------
    box : float array, shape (n, 4)
        x least, y least, x greatest, y greatest.
    bounds : (west, south, east, north)
        Where the shapes should lie.

    Examples
    --------
    >>> looks_exchanged(np.array([[29.5, 106.5, 29.6, 106.6], [106.5, 29.5, 106.6, 29.6]]), (105, 28, 111, 33))
    array([ True, False])
    """
    apart = (box[:, 2] < bounds[0]) | (box[:, 0] > bounds[2]) | (box[:, 3] < bounds[1]) | (box[:, 1] > bounds[3])
    exchanged: np.ndarray[Any, Any] = apart & _inside(box[:, [1, 0, 3, 2]], bounds)
    return exchanged


def refuse_rows(problems: Sequence[tuple[int, str]], file: str, *, hint: str) -> None:
    """Raise one InputError that lists (row, what is wrong) pairs, the first 20 in full; without any, do nothing."""
    if not problems:
        return
    shown = "; ".join(f"row {row}: {text}" for row, text in problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    count = "1 feature" if len(problems) == 1 else f"{len(problems)} features"
    message = f"expected usable geometry, but {count} cannot be used: {shown}{more}"
    raise InputError(message, where=Where(file, problems[0][0], "geometry"), hint=hint)


def _flatten(
    geometry: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], file: str
) -> tuple[np.ndarray[Any, Any], list[Finding]]:
    """Drop Z, doubled vertices and the lower-dimensional parts of collections; one finding for each kind."""
    findings: list[Finding] = []

    def note(kind: str, changed: np.ndarray[Any, Any], text: str, zh: str) -> None:
        if changed.any():
            message, said = f"{text} in {listed(rows[changed])}", f"{listed_zh(rows[changed])}：{zh}"
            findings.append(Finding(kind, message, Where(file, int(rows[changed][0]), "geometry"), zh=said))

    note("z_dropped", shapely.has_z(geometry), "heights were left out", "高程已略去")
    flat = np.array(shapely.force_2d(geometry), dtype=object)
    mixed = shapely.get_type_id(flat) == 7
    note(
        "parts_dropped",
        mixed,
        "of mixed collections only the parts of the highest dimension were kept",
        "混合几何只保留了最高维部分",
    )
    for index in np.flatnonzero(mixed):
        flat[index] = part_of_dimension(flat[index], int(shapely.get_dimensions(flat[index])))
    lean = shapely.remove_repeated_points(flat)
    doubled = shapely.get_num_coordinates(lean) < shapely.get_num_coordinates(flat)
    note("doubled_vertices", doubled, "doubled vertices were removed", "重复的顶点已去掉")
    return np.where(doubled, lean, flat), findings


def listed(rows: Sequence[int] | np.ndarray[Any, Any]) -> str:
    """Return row numbers as words, the first 20 of them.

    Examples
    --------
    >>> listed([3]), listed([3, 5])
    ('row 3', 'rows 3, 5')
    """
    shown = ", ".join(str(int(row)) for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}{more}"


def listed_zh(rows: Sequence[int] | np.ndarray[Any, Any]) -> str:
    """Return row numbers as Chinese words, the first 20 of them.

    Examples
    --------
    >>> listed_zh([3, 5])
    '第 3、5 行'
    """
    shown = "、".join(str(int(row)) for row in rows[:_SHOWN])
    return f"第 {shown} 行" + (f"等 {len(rows)} 行" if len(rows) > _SHOWN else "")


_STORY = {
    "ring_crosses_itself": "a ring crosses itself; repaired by even-odd",
    "ring_touches_itself": "a ring touches itself; rewritten without change of area",
    "shell_inside_shell": "a shell lies inside another shell of the feature; taken as a hole (even-odd)",
    "shells_overlap": "shells of the feature overlap; what lies in two of them was left out (even-odd)",
    "shells_share_edge": "shells of the feature share an edge; joined without change of area",
    "hole_crosses_shell": "a hole lies outside its shell, crosses it or another hole; repaired by even-odd",
}


_STORY_ZH = {
    "ring_crosses_itself": "环自相交，已按奇偶规则修复",
    "ring_touches_itself": "环与自身相接，已改写，面积不变",
    "shell_inside_shell": "外环位于同一要素的另一外环之内，已视为内环（奇偶规则）",
    "shells_overlap": "同一要素的外环相互重叠，重叠部分已略去（奇偶规则）",
    "shells_share_edge": "外环共边，已合并，面积不变",
    "hole_crosses_shell": "内环超出外环或与另一内环相交，已按奇偶规则修复",
}


def _mend_one(shape: BaseGeometry, row: int, file: str) -> tuple[BaseGeometry | None, Finding | None]:
    if int(shapely.get_dimensions(shape)) != 2:
        return None, None
    try:
        after = even_odd(shape)
    except LimitError as error:
        raise LimitError(error.message, where=Where(file, row, "geometry"), hint=error.hint) from error
    kind = name_defect(shape, after)
    area = f"area {geodesic_area_m2(shape):.1f} m² before, {geodesic_area_m2(after):.1f} m² after"
    zh = f"{_STORY_ZH[kind]}：面积原为 {geodesic_area_m2(shape):.1f} m²，现为 {geodesic_area_m2(after):.1f} m²"
    return after, Finding(kind, f"{_STORY[kind]}: {area}", Where(file, row, "geometry"), zh=zh)
