"""Does every place lie in one unit and only one? Gaps, overlaps, slivers, and what reaches beyond the region.

The units, and the layers of zones of which the scheme says that they tile, are each held to it by themselves. Without
a region of the scheme's own the land is what the outline of the units holds, so holes are gaps and bays are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.words import Words
from yudi.territory.edition import Edition, Layer
from yudi.territory.edition_checks.amounts import area_words, codes_words, width_words
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.tiling import (
    Pieces,
    channels,
    dirty,
    gaps,
    measured,
    neighbours,
    overlaps,
    pieces,
    union_of,
)

__all__ = ["check_coverage"]

_Array = np.ndarray[Any, Any]
_CHANNEL = 10  # times the width of a sliver: an open strip between two units that is wider may be somebody else's land
_NAMED = 12  # units of which a finding gives the codes
_WHOLE = 0.999  # of the smaller shape in an overlap: it lies inside the other one


@dataclass(frozen=True)
class _Ground:
    """The features of a layer that tile, in one order: shapes, codes, and how thin a piece must be to count less."""

    layer: Layer
    shapes: _Array
    codes: Sequence[str]
    noise_m: float
    sliver_m: float

    def numbers(self, pieces: Pieces, index: int) -> dict[str, float | str]:
        """Return what was measured of a piece."""
        return {
            "layer": self.layer.name,
            "area_m2": round(float(pieces.area_m2[index]), 3),
            "width_m": round(float(pieces.width_m[index]), 3),
            "parts": int(pieces.parts[index]),
            "sliver_m": self.sliver_m,
            "noise_m": self.noise_m,
        }


def check_coverage(edition: Edition, as_of: date) -> Iterator[EditionFinding]:  # noqa: ARG001 - as all checks
    """Find where the units, and the zones that should, do not cover the land once and only once.

    Kinds: ``gap``, ``gap_sliver``, ``overlap``, ``overlap_sliver``, ``beyond_region``, ``region_edge``,
    ``unit_sliver``, ``part_sliver``. The largest of each kind comes first.
    """
    region = _region(edition)
    for name, layer in sorted(edition.layers.items(), key=lambda item: item[0] != "units"):
        if not edition.land.ground(name).tiles:
            continue
        ground = _ground_of(edition, layer)
        if not len(ground.shapes):
            continue
        unlike = dirty(ground.shapes)
        covered = union_of(ground.shapes, unlike)
        yield from _gaps(ground, covered, region)
        yield from _overlaps(ground, unlike)
        if region is not None:
            yield from _beyond(ground, covered, region)
        else:
            region = covered if name == "units" and _has_zones(edition) else None
        if name == "units":
            yield from _slivers(ground)


def _has_zones(edition: Edition) -> bool:
    return any(edition.land.ground(name).tiles for name in edition.layers if name != "units")


def _region(edition: Edition) -> BaseGeometry | None:
    """Return the land that must be covered: the features of the layer that the scheme names."""
    layer = edition.layers.get(edition.land.region)
    if layer is None:
        return None
    shapes = layer.geometry[shapely.get_dimensions(layer.geometry) == 2]
    return union_of(shapes, dirty(shapes)) if len(shapes) else None


def _ground_of(edition: Edition, layer: Layer) -> _Ground:
    """Return the polygons of a layer that tile: not those of which the scheme says that they lie over the others."""
    tiles = shapely.get_dimensions(layer.geometry) == 2
    for column, values in edition.land.ground(layer.name).over.items():
        named = [str(value) in values for value in layer.column(column) or [""] * len(tiles)]
        tiles &= ~np.array(named, bool)
    rows = np.flatnonzero(tiles)
    codes = layer.column("code") or [""] * len(tiles)
    sliver = edition.land.sliver_m if edition.land.sliver_m is not None else layer.accuracy_m
    noise = edition.land.noise_m
    return _Ground(layer, layer.geometry[rows], [str(codes[row]) for row in rows.tolist()], noise, max(sliver, noise))


def _gaps(ground: _Ground, covered: BaseGeometry, region: BaseGeometry | None) -> Iterator[EditionFinding]:
    lacking = gaps(covered, region)
    if region is None:
        lacking = np.concatenate([lacking, _open_gaps(ground, covered)])
    found = pieces(lacking, noise_m=ground.noise_m, sliver_m=ground.sliver_m)
    at_edge = np.zeros(len(found.group), bool)
    if region is not None:
        at_edge = found.is_sliver & _touches_edge(found.geometry, region)
        yield from _edge(ground, found, at_edge, is_lacking=True)
    beside = _beside(found.geometry, ground)
    for index in _largest_first(found, ~at_edge):
        codes = beside[index]
        area, width = area_words(float(found.area_m2[index])), width_words(float(found.width_m[index]))
        between = codes_words(codes)
        place = Words(f"{between.zh} 旁" if codes else "", f" beside {between.en}" if codes else "")
        is_sliver = bool(found.is_sliver[index])
        kind = Words("缝隙" if is_sliver else "空缺", "a gap as thin as a sliver" if is_sliver else "a gap")
        said = Words(
            f"{_place_zh(ground)}{place.zh}有{kind.zh}，面积 {area.zh}，平均宽约 {width.zh}：其中不属于任何{_thing(ground).zh}",
            f"{_place_en(ground)}{kind.en} of {area.en}, {width.en} wide on average,{place.en}: what lies there is in no "
            f"{_thing(ground).en}",
        )
        cure = Words("补绘缺失的范围，或把相邻边界延伸到此", "draw what is missing, or extend a neighbour over it")
        if is_sliver:
            cure = Words(
                "把两侧边界捕捉到同一条线；若只是绘图误差，可在 scheme.tolerance.noise_m 中声明容差",
                "snap both borders to one line; if it is only the noise of drawing, state so as scheme.tolerance.noise_m",
            )
        yield _finding(ground, "gap_sliver" if is_sliver else "gap", (said, cure), codes, found=found, index=index)


def _open_gaps(ground: _Ground, covered: BaseGeometry) -> _Array:
    """Return strips between two features that run out to the outside, slivers and wider ones."""
    tree = shapely.STRtree(ground.shapes)
    narrow, wide = (channels(covered, tree, ground.sliver_m * times) for times in (1, _CHANNEL))
    if len(narrow) and len(wide):
        known = shapely.STRtree(narrow).query(wide, predicate="intersects")[0]
        wide = np.delete(wide, np.unique(known))
    return np.concatenate([narrow, wide])


def _overlaps(ground: _Ground, unlike: _Array) -> Iterator[EditionFinding]:
    first, second, common = overlaps(ground.shapes, unlike)
    found = pieces(common, noise_m=ground.noise_m, sliver_m=ground.sliver_m)
    one, other = first[found.group], second[found.group]
    sizes = np.minimum(shapely.area(ground.shapes[one]), shapely.area(ground.shapes[other]))
    share = shapely.area(found.geometry) / sizes if len(sizes) else sizes
    for index in _largest_first(found):
        codes = (ground.codes[one[index]], ground.codes[other[index]])
        area, width = area_words(float(found.area_m2[index])), width_words(float(found.width_m[index]))
        is_sliver, is_whole = bool(found.is_sliver[index]), bool(share[index] > _WHOLE)
        if is_whole and ground.shapes[one[index]].area > ground.shapes[other[index]].area:  # the inner one first
            codes = codes[::-1]
        how = Words("重叠", "overlap by")
        if is_whole:
            how = Words("几乎完全重叠（一个位于另一个之内）", "lie one inside the other, together over")
        said = Words(
            f"{_place_zh(ground)}{codes[0]} 与 {codes[1]} {how.zh}，面积 {area.zh}，平均宽约 {width.zh}：其中两份要求同时适用",
            f"{_place_en(ground)}{codes[0]} and {codes[1]} {how.en} {area.en}, {width.en} wide on average: both lists speak there",
        )
        cure = Words(
            "从其中一个单元中扣除重叠部分；若确属叠加区，请在图层的 over 中声明",
            "cut it out of one of them; where one is meant to lie over the other, say so under the layer's over",
        )
        if is_sliver:
            cure = Words(
                "把两侧边界捕捉到同一条线；若只是绘图误差，可在 scheme.tolerance.noise_m 中声明容差",
                "snap both borders to one line; if it is only the noise of drawing, state so as scheme.tolerance.noise_m",
            )
        yield _finding(
            ground, "overlap_sliver" if is_sliver else "overlap", (said, cure), codes, found=found, index=index
        )


def _beyond(ground: _Ground, covered: BaseGeometry, region: BaseGeometry) -> Iterator[EditionFinding]:
    found = pieces(gaps(region, covered), noise_m=ground.noise_m, sliver_m=ground.sliver_m)
    yield from _edge(ground, found, found.is_sliver, is_lacking=False)
    tree = shapely.STRtree(ground.shapes)
    for index in _largest_first(found, ~found.is_sliver):
        inside = tree.query(shapely.point_on_surface(found.geometry[index]), predicate="dwithin", distance=1e-7)
        codes = [ground.codes[row] for row in np.sort(inside).tolist()]
        area, width = area_words(float(found.area_m2[index])), width_words(float(found.width_m[index]))
        who = codes_words(codes)
        said = Words(
            f"{_place_zh(ground)}{who.zh} 超出方案范围，面积 {area.zh}，平均宽约 {width.zh}",
            f"{_place_en(ground)}{who.en} reaches beyond the scheme's region by {area.en}, {width.en} wide on average",
        )
        cure = Words("裁剪到范围边界，或更正范围图层", "clip it to the region, or mend the layer of the region")
        yield _finding(ground, "beyond_region", (said, cure), codes, found=found, index=index)


def _edge(ground: _Ground, found: Pieces, rows: _Array, *, is_lacking: bool) -> Iterator[EditionFinding]:
    """Report all slivers along the outline of the region as one: two maps of one line differ within their accuracy."""
    index = np.flatnonzero(rows)
    if not len(index):
        return
    area = area_words(float(found.area_m2[index].sum()))
    width = width_words(float(found.width_m[index].max()))
    what = Words("未到", "falls short of") if is_lacking else Words("略超", "runs past")
    said = Words(
        f"{_place_zh(ground)}外边界有 {len(index)} 处{what.zh}范围边界，共 {area.zh}，最宽约 {width.zh}",
        f"{_place_en(ground)}the outer border {what.en} the region's outline in {len(index)} places, {area.en} in all, "
        f"at most {width.en} wide on average",
    )
    cure = Words("把外边界捕捉到范围边界", "snap the outer border to the outline of the region")
    numbers: dict[str, float | str] = {
        "layer": ground.layer.name,
        "area_m2": round(float(found.area_m2[index].sum()), 3),
        "width_m": round(float(found.width_m[index].max()), 3),
        "parts": int(found.parts[index].sum()),
        "sliver_m": ground.sliver_m,
        "noise_m": ground.noise_m,
    }
    place = shapely.multipolygons(shapely.get_parts(found.geometry[index]))
    yield EditionFinding("region_edge", "warning", said, cure, (), place, numbers=numbers)


def _slivers(ground: _Ground) -> Iterator[EditionFinding]:
    """Find units, and parts of units, that are nowhere wider than the map is accurate."""
    parts, unit = shapely.get_parts(ground.shapes, return_index=True)
    area, width, is_thin = measured(parts, (ground.noise_m, ground.sliver_m))
    thin = is_thin[:, 1] & ~is_thin[:, 0]
    count, thin_count = np.bincount(unit), np.bincount(unit, weights=thin)
    for index in np.flatnonzero(thin_count).tolist():
        rows = np.flatnonzero(thin & (unit == index))
        is_whole = bool(thin_count[index] == count[index])
        said_area, said_width = area_words(float(area[rows].sum())), width_words(float(width[rows].max()))
        code = ground.codes[index]
        limit = width_words(ground.sliver_m)
        if is_whole:
            said = Words(
                f"单元 {code} 处处窄于 {limit.zh}（面积 {said_area.zh}），比地图精度还细",
                f"unit {code} is nowhere wider than {limit.en} ({said_area.en}), thinner than the map is accurate",
            )
        else:
            said = Words(
                f"单元 {code} 有 {len(rows)} 个碎片处处窄于 {limit.zh}（共 {said_area.zh}，平均宽至多约 {said_width.zh}）",
                f"unit {code} has {'a part' if len(rows) == 1 else f'{len(rows)} parts'} nowhere wider than {limit.en} "
                f"({said_area.en}, {said_width.en} wide on average{' at most' if len(rows) > 1 else ''})",
            )
        cure = Words(
            "核对是否为绘图残留；是则并入相邻单元", "see whether drawing left it behind; if so join it to a neighbour"
        )
        numbers: dict[str, float | str] = {
            "layer": ground.layer.name,
            "area_m2": round(float(area[rows].sum()), 3),
            "width_m": round(float(width[rows].max()), 3),
            "parts": len(rows),
            "sliver_m": ground.sliver_m,
        }
        place = parts[rows[0]] if len(rows) == 1 else shapely.multipolygons(parts[rows])
        kind = "unit_sliver" if is_whole else "part_sliver"
        yield EditionFinding(kind, "warning", said, cure, (code,), place, numbers=numbers)


def _finding(
    ground: _Ground, kind: str, said: tuple[Words, Words], codes: Sequence[str], *, found: Pieces, index: int
) -> EditionFinding:
    numbers = ground.numbers(found, index)
    return EditionFinding(kind, "error", *said, tuple(codes[:_NAMED]), found.geometry[index], numbers=numbers)


def _largest_first(found: Pieces, rows: _Array | None = None) -> list[int]:
    order = np.argsort(-found.area_m2, kind="stable")
    return [int(index) for index in order if rows is None or rows[index]]


def _touches_edge(shapes: _Array, region: BaseGeometry) -> _Array:
    edges = shapely.STRtree(shapely.get_parts(shapely.boundary(region)))
    touched = np.zeros(len(shapes), bool)
    touched[edges.query(shapes, predicate="dwithin", distance=1e-7)[0]] = True
    return touched


def _beside(shapes: _Array, ground: _Ground) -> list[list[str]]:
    """Return the codes of the features that each shape touches, in the layer's order."""
    found: list[list[str]] = [[] for _ in shapes]
    if not len(shapes):
        return found
    shape, feature = neighbours(shapes, shapely.STRtree(ground.shapes))
    for at, row in sorted(zip(shape.tolist(), feature.tolist(), strict=True)):
        found[at].append(ground.codes[row])
    return found


def _thing(ground: _Ground) -> Words:
    return Words("单元", "unit") if ground.layer.name == "units" else Words("分区", "zone")


def _place_zh(ground: _Ground) -> str:
    return "" if ground.layer.name == "units" else f"{ground.layer.title().zh}："


def _place_en(ground: _Ground) -> str:
    return "" if ground.layer.name == "units" else f"{ground.layer.title().en}: "
