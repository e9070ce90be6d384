"""What place tests can find for a site that is shifted by any offset of a disc: surely so, surely not, or open.

A few measurements at the middle of a disc of offsets speak for all of them; a disc without extent gives a single place, all
but exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations, product
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.logic import F, T, Truth, U
from yudi.territory.place import Place, grown_box, uncovered
from yudi.territory.predicates import PlaceTest
from yudi.territory.ways_out.ground import LYING_IN, Ground, Sheet, buffered, cut_to, reach_along
from yudi.territory.ways_out.outlook import Asked, Span
from yudi.territory.ways_out.overlaps import MEETS, OPEN, OUT, SLACK, SMALL, WITHIN, Placed

__all__ = ["Disc", "Exact", "read_together"]

_WIDEST_M = 64_000.0  # how far a river of unknown width is looked for
_SAME_M = 0.2  # borders that lie nearer to each other than this are taken for one
_FEW = 200  # corners of a feature that it is not worth to cut
_TOGETHER = 5  # open features that are looked at together


@dataclass
class _Near:
    """Of a sheet the features that may matter to a disc: which, how far from the middle, and what the disc is to each."""

    rows: np.ndarray[Any, Any]
    gaps: np.ndarray[Any, Any]
    codes: np.ndarray[Any, Any] | None = None


class Disc(Placed):
    """All offsets within a radius of a middle, in m east and north; a part of a larger disc knows what that one knew."""

    def __init__(
        self, ground: Ground, east_m: float, north_m: float, radius_m: float, *, parent: Disc | None = None
    ) -> None:
        super().__init__(ground, east_m, north_m, radius_m)
        self._parent_near: dict[tuple[int, str, float], _Near] = parent._near if parent is not None else {}
        self._near: dict[tuple[int, str, float], _Near] = {}
        spans = parent._spans if parent is not None else {}
        self._spans: dict[Any, Span] = {key: span for key, span in spans.items() if span.low == span.high}
        self._lonlat: BaseGeometry | None = None
        self.is_read = parent is None
        self._rims: dict[Any, tuple[BaseGeometry, BaseGeometry]] = {}

    def units(self, edition: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the units in which the site surely lies, wherever it is in the disc, and those in which it may lie."""
        near, sheet = self._coded(edition, "units")
        assert near.codes is not None
        sure = sheet.index[near.rows[near.codes >= MEETS]].tolist()
        maybe = sheet.index[near.rows[near.codes == OPEN]].tolist()
        return tuple(sure), tuple(maybe)

    def is_within(self, edition: int, unit: int) -> bool:
        """Tell whether the whole site surely lies in the unit."""
        near, sheet = self._coded(edition, "units")
        return bool((near.codes[sheet.index[near.rows] == unit] == WITHIN).any())  # type: ignore[index]

    def cover(self) -> int:
        """Return what the disc is to the land in no unit: 0 surely covered, 1 open, more surely not covered."""
        key = "cover"
        if key not in self._spans:
            tolerance = min((edition.tolerance for edition in self.ground.editions), key=lambda item: item.depth_m)
            code = OUT
            outside = self.ground.outside
            if not outside.is_empty and (gap := shapely.distance(self.site, outside)) <= self.slack_m:
                code = self.relate(outside, shapely.boundary(outside), float(gap), tolerance)
            self._spans[key] = Span(T if code >= MEETS else F, F if code <= OUT else T)
        span = self._spans[key]
        return OUT if span.high == F else MEETS if span.low == T else OPEN

    # Tests

    def span(self, asked: Asked, unit: int | None = None) -> Span:
        """Return between which values the test's reading lies, for the whole site or for its part in a unit."""
        key = (asked, unit)
        found = self._spans.get(key)
        if found is None:
            found = self._spans[key] = self._read(asked, unit)
        return found

    def _read(self, asked: Asked, unit: int | None) -> Span:
        edition, test = asked.edition, asked.test
        if test.layer not in self.ground.editions[edition].layers:
            return Span(U, U)
        if unit is None:
            inner = outer = self.site
        else:
            whole = self.span(asked)
            if whole.high == F or (test.kind != "overlaps" and self.is_within(edition, unit)):
                return whole
            if self.radius_m > max(1.0, self.ground.extent_m):
                return Span(F, whole.high)
            inner, outer = self._rim(edition, unit)
        if test.kind == "within":
            return self._distance(edition, test, inner, outer)
        if test.kind == "along":
            return self._along(edition, test, inner, outer)
        return self._overlap(asked, inner, outer)

    def _rim(self, edition: int, unit: int) -> tuple[BaseGeometry, BaseGeometry]:
        """Return parts of the site, at the middle, between which its part in the unit lies wherever it goes."""
        if (edition, unit) not in self._rims:
            near, sheet = self._coded(edition, "units")
            row = near.rows[sheet.index[near.rows] == unit]
            if not len(row):
                nothing = shapely.Point()
                return nothing, nothing
            shape = cut_to(sheet.shapes[int(row[0])], self.site, 2 * self.slack_m + 1)
            drawn_in, drawn_out = buffered(shape, -self.slack_m), buffered(shape, self.slack_m)
            self._rims[edition, unit] = (self.site.intersection(drawn_in), self.site.intersection(drawn_out))
        return self._rims[edition, unit]

    def _distance(self, edition: int, test: PlaceTest, inner: BaseGeometry, outer: BaseGeometry) -> Span:
        layer = self.ground.editions[edition].layers[test.layer]
        assert test.distance_m is not None, "checked when the predicate was made"
        limit, accuracy = test.distance_m, layer.accuracy_m
        near, sheet = self._gaps(edition, test.layer, limit + accuracy)
        low, high = F, F
        match = sheet.matched(test)[near.rows]
        meant = np.flatnonzero((match > 0) & sheet.has_width[near.rows])
        if len(meant) and not outer.is_empty:
            rows, match = near.rows[meant], match[meant]
            nearest, farthest = near.gaps[meant], near.gaps[meant]
            if outer is not self.site:
                nearest = _far(sheet.shapes[rows], outer) - sheet.half_widths[rows]
                farthest = _far(sheet.shapes[rows], inner) - sheet.half_widths[rows]
            slack = self.slack_m + SLACK * limit
            low = _nearest(np.maximum(farthest, 0.0) + slack, match, limit, accuracy)
            high = _nearest(nearest - slack, match, limit, accuracy)
        if layer.shape == "centreline" and low < T:
            vague = self._unknown_width(edition, test, inner, outer)
            low, high = max(low, vague.low), max(high, vague.high)
        return self._complete(edition, test.layer, limit + accuracy, span=Span(low, high), parts=(inner, outer))

    def _unknown_width(self, edition: int, test: PlaceTest, inner: BaseGeometry, outer: BaseGeometry) -> Span:
        """Return what rivers of unknown width make of the test: however far their line is, they may be near enough."""
        near, sheet = self._gaps(edition, test.layer, _WIDEST_M)
        match = sheet.matched(test)[near.rows]
        is_meant = (match > 0) & ~sheet.has_width[near.rows]
        if not is_meant.any() or outer.is_empty:
            return Span(F, F)
        rows, match, gaps = near.rows[is_meant], match[is_meant], near.gaps[is_meant]
        is_sure = bool(gaps.min() + self.slack_m + SLACK * _WIDEST_M <= _WIDEST_M) and not inner.is_empty
        # Where the line itself is near enough, the river is whatever its width.
        limit, accuracy = float(test.distance_m or 0.0), sheet.layer.accuracy_m
        slack = self.slack_m + SLACK * limit
        nearest, farthest = (_far(sheet.shapes[rows], part) for part in (outer, inner))
        high = _nearest(nearest - slack, match, limit, accuracy)
        low = _nearest(farthest + slack, match, limit, accuracy)
        return Span(max(low, U if is_sure else F), max(high, U))

    def _overlap(self, asked: Asked, inner: BaseGeometry, outer: BaseGeometry) -> Span:
        edition, test = asked.edition, asked.test
        near, sheet = self._coded(edition, test.layer)
        assert near.codes is not None
        match = sheet.matched(test)[near.rows]
        keeps = (match > 0) & (near.codes > OUT)
        if outer is not self.site and keeps.any():
            keeps[keeps] = shapely.distance(sheet.shapes[near.rows[keeps]], outer) <= self.slack_m
        span = Span(F, F)
        if keeps.any():
            rows, codes, match = near.rows[keeps], near.codes[keeps], match[keeps]
            low = self._met(sheet, rows, codes, match=match, inner=inner)
            span = Span(low, Truth(int(match.max())))
            if test.kind == "overlaps" and (test.area_m2 is not None or test.share is not None):
                span = self._amounts(asked, sheet, rows=rows, codes=codes, span=span, parts=(inner, outer))
        return self._complete(edition, test.layer, 0.0, span=span, parts=(inner, outer))

    def _met(
        self,
        sheet: Sheet,
        rows: np.ndarray[Any, Any],
        codes: np.ndarray[Any, Any],
        *,
        match: np.ndarray[Any, Any],
        inner: BaseGeometry,
    ) -> Truth:
        """Return whether one of the features is surely met, by the site or by its part."""
        if inner is self.site:
            return Truth(int(match[codes >= MEETS].max(initial=0)))
        found = F
        for row, value in zip(rows.tolist(), match.tolist(), strict=True):
            if value <= found or inner.is_empty:
                continue
            shape = cut_to(sheet.shapes[row], inner, 2 * self.slack_m + 1)
            if shapely.get_dimensions(shape) < 2:
                is_met = self.ground.dimension == 2 and shapely.intersects(buffered(inner, -self.slack_m), shape)
            else:
                is_met = self.is_real(inner.intersection(buffered(shape, -self.slack_m)), sheet.tolerance)
            if is_met:
                found = Truth(value)
        return found

    def _amounts(
        self,
        asked: Asked,
        sheet: Sheet,
        *,
        rows: np.ndarray[Any, Any],
        codes: np.ndarray[Any, Any],
        span: Span,
        parts: tuple[BaseGeometry, BaseGeometry],
    ) -> Span:
        """Return the span of a test of how much lies in features, given that of whether any does."""
        test, (inner, outer) = asked.test, parts
        is_part = inner is not self.site
        if is_part and test.share is None:  # an area that a unit's border cuts in two is one area all the same
            whole = self.span(asked)
            return Span(whole.low if span.low > F else F, min(whole.high, max(span.high, U)))
        is_undrawn = bool((sheet.dimensions[rows] < 2).any())
        if self.ground.dimension == 0 and len(self.ground.parts) == 1 and not is_undrawn and (test.share or 2.0) <= 1.0:
            return span  # one point lies there with all of itself
        no_area = test.area_m2 is not None and self.ground.dimension < 2
        vague = U if is_undrawn or no_area else F  # how much land a line or a point takes is not drawn
        floor = Truth(min(span.low, vague))
        if self.radius_m > self.ground.extent_m or inner.is_empty:
            is_all = not is_part and (codes == WITHIN).any() and test.share is not None and test.share <= 1.0
            return Span(
                Truth(int(sheet.matched(test)[rows][codes == WITHIN].max())) if is_all else floor, max(span.high, vague)
            )
        is_sure = sheet.matched(test)[rows] == T
        least, maybe, most = self._lying_in(sheet, rows, is_sure, parts)
        sizes = self._size(inner), self._size(outer)
        dimension = self.ground.dimension
        if _is_enough(test, dimension, least, whole=sizes[1], room=1 - SLACK):
            return Span(T, span.high)
        # What may be meant and is enough leaves it open; what is not enough, whatever is meant, does not.
        low = Truth(max(floor, U)) if _is_enough(test, dimension, maybe, whole=sizes[1], room=1 - SLACK) else floor
        if not _is_enough(test, dimension, most, whole=sizes[0], room=1 + SLACK):
            return Span(low, max(low, min(vague, span.high)))
        return Span(low, max(span.high, vague))

    def _lying_in(
        self,
        sheet: Sheet,
        rows: np.ndarray[Any, Any],
        is_sure: np.ndarray[Any, Any],
        parts: tuple[BaseGeometry, BaseGeometry],
    ) -> tuple[float, float, float]:
        """Return how much lies at least in features that are surely meant, in all of them, and at most in all of them."""
        inner, outer = parts
        if self.ground.dimension == 2 and inner is self.site:
            whole = self._inside(sheet, rows, inner, 0.0)
            sure = whole if is_sure.all() else self._inside(sheet, rows[is_sure], inner, 0.0)
            return sure - self.swept_m2, whole - self.swept_m2, whole + self.swept_m2
        maybe = self._inside(sheet, rows, inner, -1.0)
        sure = maybe if is_sure.all() else self._inside(sheet, rows[is_sure], inner, -1.0)
        return sure, maybe, self._inside(sheet, rows, outer, 1.0)

    def _inside(self, sheet: Sheet, rows: np.ndarray[Any, Any], part: BaseGeometry, sign: float) -> float:
        """Return how much of a site or a part lies in features, drawn in (-1) or out (1) by the radius or not at all."""
        margin = 2 * self.slack_m + 1
        is_small = shapely.get_num_coordinates(sheet.shapes[rows]) <= _FEW
        shapes = [
            shape if small else cut_to(shape, part, margin)
            for shape, small in zip(sheet.shapes[rows], is_small.tolist(), strict=True)
        ]
        if self.ground.dimension == 0:
            slack = self.slack_m * sign
            shapes = [buffered(shape, slack) if shapely.get_dimensions(shape) == 2 else shape for shape in shapes]
        else:
            shapes = [shape for shape in shapes if shapely.get_dimensions(shape) == 2]
            shapes = [buffered(shape, sign * self.slack_m) for shape in shapes] if sign else shapes
        if not shapes:
            return 0.0
        return self._size(part.intersection(shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)))

    def _size(self, shape: BaseGeometry) -> float:
        """Return area, length or number of points of a part of the site; it has no more dimensions than the site."""
        if shape is self.site:
            return float(self.ground.sizes[0] if self.ground.dimension else len(self.ground.parts))
        if self.ground.dimension == 0:
            return float(shapely.get_num_coordinates(shape))
        return float(shape.length if self.ground.dimension == 1 else shape.area)

    def _along(self, edition: int, test: PlaceTest, inner: BaseGeometry, outer: BaseGeometry) -> Span:
        layers = self.ground.editions[edition].layers
        layer, rivers, catchments = layers[test.layer], layers.get(test.rivers or ""), layers.get(test.catchments or "")
        reach = reach_along(test, rivers)
        has_all = rivers is not None and rivers.has_flow and catchments is not None
        accuracy = max(layer.accuracy_m, rivers.accuracy_m) if rivers is not None else layer.accuracy_m
        low, high = F, F
        for match, place, area, is_whole in self.ground.along(edition, test):
            gap = float(shapely.distance(shapely.box(*self.site.bounds), place))
            if gap > 1.5 * (reach + layer.accuracy_m) + self.slack_m + 50.0:
                continue  # a box in degrees is a little wider at its corners
            is_near = gap < 0.98 * reach - self.slack_m - 50.0
            if area is None or not has_all:
                low, high = max(low, U if is_near else F), max(high, U)
                continue
            certain = area.buffer(-accuracy)
            if not certain.is_empty and shapely.distance(certain, outer) <= self.slack_m:
                high = max(high, match)
            if not inner.is_empty and shapely.intersects(buffered(certain, -self.slack_m), inner):
                low = max(low, match)
            if not is_whole or (not area.is_empty and shapely.distance(area, outer) <= accuracy + self.slack_m):
                high = max(high, min(match, U))
                is_sure = not is_whole and is_near
                is_sure = is_sure or (not inner.is_empty and shapely.distance(area, inner) <= accuracy - self.slack_m)
                low = max(low, min(match, U) if is_sure else F)
        span = Span(low, high)
        for name in dict.fromkeys(filter(None, (test.layer, test.rivers, test.catchments))):
            if name in layers:
                span = self._complete(edition, name, reach, span=span, parts=(inner, outer))
        return span

    def _complete(
        self, edition: int, name: str, reach_m: float, *, span: Span, parts: tuple[BaseGeometry, BaseGeometry]
    ) -> Span:
        """Return a span with what an incomplete layer makes of it: there nothing is surely not so."""
        extent = self.ground.editions[edition].layers[name].extent
        inner, outer = parts
        if extent is None or span.low > F or outer.is_empty:
            return span
        if reach_m:
            is_in = extent.covers(grown_box(self._lonlat_of(outer), reach_m + 1.05 * self.slack_m))
            lesser = reach_m - 1.05 * self.slack_m
            is_out = lesser > 0 and not inner.is_empty and not extent.covers(grown_box(self._lonlat_of(inner), lesser))
        else:
            flat = self.ground.extent(edition, name)
            is_in = flat.covers(outer) and shapely.distance(shapely.boundary(flat), outer) > self.slack_m
            local = buffered(cut_to(flat, self.site, 2 * self.slack_m + 1), self.slack_m)
            is_out = not inner.is_empty and not local.covers(inner)
        return span if is_in else Span(U if is_out else F, max(span.high, U))

    def _lonlat_of(self, part: BaseGeometry) -> BaseGeometry:
        if part is not self.site:
            return self.ground.plane.to_lonlat(part)
        if self._lonlat is None:
            self._lonlat = self.ground.plane.to_lonlat(self.site)
        return self._lonlat

    # What is open together

    def variants(self) -> list[Disc] | None:
        """Return the disc once for each way in which the features may be met that are open now; None if they are many.

        Features that lie one in the other around the site are not taken apart: who meets the inner one meets both. Of
        two that leave nothing between them one is met.
        """
        found: list[tuple[tuple[int, str], int, BaseGeometry]] = []
        for (edition, name, _), near in self._near.items():
            if near.codes is None:
                continue
            sheet = self.ground.sheet(edition, name, LYING_IN)
            for position in np.flatnonzero(near.codes == OPEN).tolist():
                shape = cut_to(sheet.shapes[near.rows[position]], self.site, self.slack_m + 1)
                found.append(((edition, name), position, shape))
        if not 0 < len(found) <= _TOGETHER:
            return None
        grown = [shape.buffer(_SAME_M) for _, _, shape in found]
        within = [
            (inner, outer)
            for inner, outer in permutations(range(len(found)), 2)
            if grown[outer].covers(found[inner][2])
        ]
        around = shapely.box(*self.site.bounds).buffer(self.slack_m, join_style="mitre")
        either = [
            (one, other)
            for one, other in combinations(range(len(found)), 2)
            if grown[one].union(grown[other]).covers(around)
        ]
        variants: list[Disc] = []
        for met in product((OUT, MEETS), repeat=len(found)):
            if any(met[inner] > met[outer] for inner, outer in within):
                continue
            if any(met[one] == met[other] == OUT for one, other in either):
                continue
            codes: dict[tuple[int, str], np.ndarray[Any, Any]] = {}
            for (key, position, _), code in zip(found, met, strict=True):
                if key not in codes:
                    codes[key] = np.array(self._near[(*key, LYING_IN)].codes)
                codes[key][position] = code
            variants.append(_Variant(self, codes))
        return variants

    # Features around

    def _gaps(self, edition: int, name: str, pad_m: float) -> tuple[_Near, Sheet]:
        key = (edition, name, pad_m)
        sheet = self.ground.sheet(*key)
        if key not in self._near:
            above = self._parent_near.get(key)
            rows = above.rows if above is not None else np.arange(len(sheet.index))
            gaps = shapely.distance(sheet.shapes[rows], self.site) - sheet.half_widths[rows]
            keeps = gaps <= max(0.0, pad_m) * (1 + SLACK) + self.slack_m
            self._near[key] = _Near(rows[keeps], gaps[keeps])
        return self._near[key], sheet

    def _coded(self, edition: int, name: str) -> tuple[_Near, Sheet]:
        near, sheet = self._gaps(edition, name, LYING_IN)
        if near.codes is None:
            above = self._parent_near.get((edition, name, LYING_IN))
            codes = np.full(len(near.rows), OPEN, dtype=np.int8)
            if above is not None and above.codes is not None:
                codes = above.codes[np.searchsorted(above.rows, near.rows)]
            edges = sheet.edges
            for place in np.flatnonzero((codes == OPEN) | (codes == MEETS)).tolist():
                row, gap = near.rows[place], float(near.gaps[place])
                found = self.relate(sheet.shapes[row], edges[row], gap, sheet.tolerance)
                codes[place] = max(MEETS, found) if codes[place] == MEETS else found
            near.codes = _without_small(codes)
        return near, sheet


def read_together(discs: Sequence[Disc]) -> None:
    """Find at once, for many discs of one ground, those features around that were looked at for their parents."""
    if not discs:
        return
    ground = discs[0].ground
    sites = np.full(len(discs), ground.site, dtype=object)
    offsets = np.array([(disc.east_m, disc.north_m) for disc in discs])
    moves = np.repeat(offsets, shapely.get_num_coordinates(sites), axis=0)
    sites = shapely.set_coordinates(sites, shapely.get_coordinates(sites) + moves)
    slacks = np.array([disc.slack_m for disc in discs])
    for disc, site in zip(discs, sites.tolist(), strict=True):
        disc.site, disc.is_read = site, True
    keys: dict[tuple[int, str, float], list[int]] = {}
    for number, disc in enumerate(discs):
        for key, near in disc._parent_near.items():
            if len(near.rows):
                keys.setdefault(key, []).append(number)
            else:
                disc._near[key] = near  # nothing is around a part of it either
    for key, members in keys.items():
        sheet = ground.sheet(*key)
        above = [discs[number]._parent_near[key] for number in members]
        owner = np.repeat(members, [len(near.rows) for near in above])
        rows = np.concatenate([near.rows for near in above])
        gaps = shapely.distance(sheet.shapes[rows], sites[owner]) - sheet.half_widths[rows]
        keeps = gaps <= max(0.0, key[2]) * (1 + SLACK) + slacks[owner]
        has_codes = key[2] == LYING_IN
        codes = np.concatenate([_codes_of(near) for near in above]) if has_codes else np.empty(0, dtype=np.int8)
        rows, gaps, owner, codes = rows[keeps], gaps[keeps], owner[keeps], codes[keeps] if has_codes else codes
        if has_codes:
            codes = _related(discs, sheet, rows=rows, gaps=gaps, owner=owner, codes=codes, sites=sites, slacks=slacks)
        has_small = has_codes and bool((codes == SMALL).any())
        starts = np.searchsorted(owner, members)
        ends = np.searchsorted(owner, members, side="right")
        for number, start, end in zip(members, starts.tolist(), ends.tolist(), strict=True):
            own = codes[start:end] if has_codes else None
            discs[number]._near[key] = _Near(rows[start:end], gaps[start:end], own)
            if has_small:
                discs[number]._near[key].codes = _without_small(codes[start:end])


def _codes_of(near: _Near) -> np.ndarray[Any, Any]:
    return near.codes if near.codes is not None else np.full(len(near.rows), OPEN, dtype=np.int8)


def _related(
    discs: Sequence[Disc],
    sheet: Sheet,
    *,
    rows: np.ndarray[Any, Any],
    gaps: np.ndarray[Any, Any],
    owner: np.ndarray[Any, Any],
    codes: np.ndarray[Any, Any],
    sites: np.ndarray[Any, Any],
    slacks: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """Return what discs are to features, pair by pair, given what their parents were to them."""
    codes = codes.copy()
    is_surface = sheet.dimensions[rows] == 2
    todo = np.flatnonzero(((codes == OPEN) | (codes == MEETS)) & (gaps <= 0) & is_surface)
    if len(todo):
        at, site = rows[todo], sites[owner[todo]]
        is_far = ~shapely.dwithin(sheet.edges[at], site, slacks[owner[todo]])
        todo, at, site = todo[is_far], at[is_far], site[is_far]
        codes[todo] = np.where(shapely.covers(sheet.shapes[at], site), WITHIN, MEETS)
    settled = np.zeros(len(rows), dtype=bool)
    settled[todo] = True
    for place in np.flatnonzero((codes == OPEN) & ~settled).tolist():
        disc, row, gap = discs[owner[place]], rows[place], float(gaps[place])
        if sheet.dimensions[row] + disc.ground.dimension < 2:
            codes[place] = OPEN if gap <= 0 and not disc.radius_m else OUT
        else:
            codes[place] = disc.relate_closely(sheet.shapes[row], sheet.edges[row], gap, sheet.tolerance)
    return codes


def _without_small(codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return codes in which a small overlap is none, but with others it may come to more."""
    is_small = codes == SMALL
    if not is_small.any():
        return codes
    return np.where(is_small, OPEN if is_small.sum() > 1 else OUT, codes)


class _Variant(Disc):
    """A disc in which some features that were open are taken to be met, the others not."""

    def __init__(self, disc: Disc, codes: dict[tuple[int, str], np.ndarray[Any, Any]]) -> None:
        super().__init__(disc.ground, disc.east_m, disc.north_m, disc.radius_m)
        self._spans = {key: span for key, span in disc._spans.items() if span.low == span.high}
        self._near = {key: replace(near) for key, near in disc._near.items()}
        for (edition, name), taken in codes.items():
            self._near[edition, name, LYING_IN].codes = taken


class Exact(Disc):
    """One place: what a disc without extent leaves open is measured there as a screening measures it."""

    def __init__(self, ground: Ground, east_m: float, north_m: float, site: BaseGeometry) -> None:
        super().__init__(ground, east_m, north_m, 0.0)
        self._lonlat = site
        self._places: dict[int, Place] = {}

    def _place(self, edition: int) -> Place:
        if edition not in self._places:
            self._places[edition] = Place(self.ground.editions[edition], self._lonlat)
        return self._places[edition]

    def units(self, edition: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the units in which the site lies; none is open."""
        sure, maybe = super().units(edition)
        if maybe:
            sure = tuple(touch.index for touch in self._place(edition).units if not touch.is_touch)
        return sure, ()

    def cover(self) -> int:
        """Return whether the site is covered."""
        code = super().cover()
        if code != OPEN:
            return code
        counting = [index for index, counts in enumerate(self.ground.in_force) if counts]
        covers = [
            self.ground.editions[index].units.geometry[touch.index]
            for index in counting
            for touch in self._place(index).units
        ]
        tolerance = min((edition.tolerance for edition in self.ground.editions), key=lambda item: item.depth_m)
        return MEETS if uncovered(self._lonlat, covers, tolerance)[0] > 0 else OUT

    def span(self, asked: Asked, unit: int | None = None) -> Span:
        """Return the test's reading."""
        found = super().span(asked, unit)
        if found.low == found.high:
            return found
        place = self._place(asked.edition)
        part = None if unit is None else next(touch.part for touch in place.units if touch.index == unit)
        value = place.read(asked.test, None, part).value
        return Span(value, value)


def _is_enough(test: PlaceTest, dimension: int, amount: float, *, whole: float, room: float) -> bool:
    if test.share is not None and whole > 0 and amount * room >= test.share * whole:
        return True
    return test.area_m2 is not None and dimension == 2 and amount * room >= test.area_m2


def _far(shapes: np.ndarray[Any, Any], part: BaseGeometry) -> np.ndarray[Any, Any]:
    """Return how far shapes are from a part, infinitely far where there is none."""
    gaps = np.asarray(shapely.distance(shapes, part))
    return np.where(np.isnan(gaps), np.inf, gaps)


def _nearest(gaps: np.ndarray[Any, Any], match: np.ndarray[Any, Any], limit: float, accuracy: float) -> Truth:
    near = np.where(gaps + accuracy <= limit, 2, np.where(gaps - accuracy <= limit, 1, 0))
    return Truth(int(np.minimum(near, match).max()))
