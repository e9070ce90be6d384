"""The compiled loop that measures what of a polygon or a line lies in a feature, by the pieces of their edges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yudi.core.cellgrid.gathering import LOW, NONE, Candidates
from yudi.core.cellgrid.growing import with_room
from yudi.core.cellgrid.layout import IN, OUT, UNSURE, Array, Grid, Paths
from yudi.core.cellgrid.locating import Ends, Point, edge_ends, orientation, place
from yudi.core.jit import allocating, compiled, inlined

__all__ = ["measure"]

SLAB_EDGES, SLABS_MAX = 4, 1024


class Site(NamedTuple):
    """The edges of one site by level slabs.

    Parameters
    ----------
    paths : Paths
    first_path, end_path : int
    south, scale : float
        Lowest y, and slabs per unit of y.
    slabs : int
    first_edge : int64 array (slabs + 1)
    edge : int64 array
        First vertices of edges.
    """

    paths: Paths
    first_path: int
    end_path: int
    south: float
    scale: float
    slabs: int
    first_edge: Array
    edge: Array


class Near(NamedTuple):
    """The edges of a feature that come near a site: its runs, from `begin` until before `end`."""

    run: Array
    begin: int
    end: int
    is_closed: bool


class Crossings(NamedTuple):
    """Where the border of a feature crosses edges of a site.

    Parameters
    ----------
    edge : int64 array
    at : float64 array
        How far along the edge, from 0 to 1.
    on_feature : float64 array
        The same on the feature's edge at hand, sorted; scratch.
    """

    edge: Array
    at: Array
    on_feature: Array


class Sums(NamedTuple):
    """What was summed up of one candidate: twice its area, its border; sums that are not sure are not used."""

    twice_area: float
    length: float
    crossings: int
    is_met: bool
    is_sure: bool


@compiled
def measure(grid: Grid, paths: Paths, candidates: Candidates, is_closed: bool) -> tuple[Array, Array, Array]:
    """Return of each candidate a state, the area and the length inside.

    A state of OUT is none, IN one that meets, IN + 2 a site that lies within, UNSURE what rounding leaves open.
    The length is that of the overlap's border where paths are closed, else of the line inside.
    """
    count = len(candidates.site)
    state, area, length = np.zeros(count, np.int8), np.zeros(count), np.zeros(count)
    crossings = Crossings(np.empty(64, np.int64), np.empty(64), np.empty(64))
    before, site = -1, Site(paths, 0, 0, 0.0, 0.0, 1, np.zeros(2, np.int64), np.empty(0, np.int64))
    for index in range(count):
        if candidates.site[index] != before:
            before = candidates.site[index]
            site = _by_slabs(paths, before)
        near = Near(candidates.run, candidates.first_run[index], candidates.first_run[index + 1], is_closed)
        sums = _feature_pieces(grid, site, near, crossings)
        while sums.crossings > len(crossings.edge):
            crossings = _with_room(crossings, sums.crossings)
            sums = _feature_pieces(grid, site, near, crossings)
        is_within = False
        if sums.is_sure:
            feature = candidates.feature[index] if near.begin < near.end else NONE
            sums, is_within = _site_pieces(grid, site, feature, (crossings, sums))
        state[index] = UNSURE if not sums.is_sure else IN + 2 * is_within if sums.is_met else OUT
        area[index], length[index] = max(0.0, sums.twice_area / 2) if is_closed else 0.0, sums.length
    return state, area, length


@allocating
def _with_room(crossings: Crossings, count: int) -> Crossings:
    edge, at = with_room(crossings.edge, count), with_room(crossings.at, count)
    return Crossings(edge, at, with_room(crossings.on_feature, count))


@allocating
def _by_slabs(paths: Paths, row: int) -> Site:
    """Return the edges of a site by slabs; a site without edges has one empty slab."""
    first_path, end_path = paths.first_path[row], paths.first_path[row + 1]
    begin, end = paths.first_vertex[first_path], paths.first_vertex[end_path]
    south, north = _heights(paths, begin, end)
    slabs = max(1, min(SLABS_MAX, (end - begin) // SLAB_EDGES))
    scale = slabs / (north - south) if north > south else 0.0
    if not scale < np.inf:
        slabs, scale = 1, 0.0
    first_edge = np.zeros(slabs + 1, np.int64)
    made = Site(paths, first_path, end_path, south, scale, slabs, first_edge, np.empty(0, np.int64))
    _list_by_slabs(made, first_edge[1:])
    for slab in range(slabs):
        first_edge[slab + 1] += first_edge[slab]
    made = Site(paths, first_path, end_path, south, scale, slabs, first_edge, np.empty(first_edge[slabs], np.int64))
    _list_by_slabs(made, first_edge.copy())
    return made


@inlined
def _heights(paths: Paths, begin: int, end: int) -> tuple[float, float]:
    south, north = np.inf, -np.inf
    for vertex in range(begin, end):
        y = paths.xy[2 * vertex + 1]
        south, north = min(south, y), max(north, y)
    return south, north


@inlined
def _list_by_slabs(site: Site, position: Array) -> None:
    """Move each slab's position on by its edges, and write them there where `site.edge` has room."""
    for path in range(site.first_path, site.end_path):
        for edge in range(site.paths.first_vertex[path], site.paths.first_vertex[path + 1] - 1):
            _, ay, _, by = edge_ends(site.paths.xy, edge)
            for slab in range(_slab(site, min(ay, by)), _slab(site, max(ay, by)) + 1):
                if len(site.edge):
                    site.edge[position[slab]] = edge
                position[slab] += 1


@inlined
def _slab(site: Site, y: float) -> int:
    """Return the slab of a height, the lowest or highest one beyond the site."""
    return int(max(0.0, min((y - site.south) * site.scale, site.slabs - 1.0)))


@inlined
def _feature_pieces(grid: Grid, site: Site, near: Near, crossings: Crossings) -> Sums:
    """Find where edges of a feature cross the site, and sum up the pieces of them that lie in the site.

    Where the crossings may not find room, the sums name the room that is wanted.
    """
    origin = _origin(site)
    count, twice_area, length, is_met = 0, 0.0, 0.0, False
    for index in range(near.begin, near.end):
        state = UNSURE  # whether the edge's first vertex lies in the site; not asked yet
        for edge in range(near.run[index] >> 32, near.run[index] & LOW):
            if count + len(site.edge) > len(crossings.edge):
                return Sums(0.0, 0.0, count + len(site.edge), False, False)
            ends = edge_ends(grid.xy, edge)
            crossed = _cross(ends, site, crossings, count)
            if near.is_closed and state == UNSURE and crossed >= 0:
                state = _in_site(site, ends[0], ends[1])
            if crossed < 0 or (near.is_closed and state == UNSURE):
                return Sums(0.0, 0.0, 0, False, False)
            count += crossed
            if not near.is_closed or (state == OUT and crossed == 0):
                continue
            is_met = True
            at = 0.0
            for step in range(crossed + 1):
                until = crossings.on_feature[step] if step < crossed else 1.0
                if state == IN:
                    piece_area, piece_length = _piece(ends, origin, at, until)
                    twice_area += piece_area
                    length += piece_length
                at = until
                state ^= step < crossed
    return Sums(twice_area, length, count, is_met, True)


@inlined
def _origin(site: Site) -> Point:
    """Return the site's first vertex, near which products lose least."""
    vertex = site.paths.first_vertex[site.first_path]
    return site.paths.xy[2 * vertex], site.paths.xy[2 * vertex + 1]


@inlined
def _piece(ends: Ends, origin: Point, begin: float, end: float) -> tuple[float, float]:
    """Return twice the area between the origin and a piece of an edge, and the piece's length."""
    ax, ay, bx, by = ends
    dx, dy = bx - ax, by - ay
    px, py = ax - origin[0] + begin * dx, ay - origin[1] + begin * dy
    ex, ey = (end - begin) * dx, (end - begin) * dy
    return px * ey - py * ex, np.sqrt(ex * ex + ey * ey)


@inlined
def _in_site(site: Site, x: float, y: float) -> int:
    """Return whether a point lies IN a site or OUT of it, by the edges that a ray to the right crosses."""
    slab, state = _slab(site, y), OUT
    for index in range(site.first_edge[slab], site.first_edge[slab + 1]):
        edge = site.edge[index]
        ax, ay, bx, by = edge_ends(site.paths.xy, edge)
        if (ay > y) == (by > y) or max(ax, bx) < x:
            continue
        side = orientation((ax, ay, bx, by), x, y)
        if side == UNSURE:
            return UNSURE
        if (side > 0) == (by > ay):
            state ^= IN
    return state


@inlined
def _cross(ends: Ends, site: Site, crossings: Crossings, count: int) -> int:
    """Note where an edge of a feature crosses edges of the site; return how often, or -1 where they may touch."""
    ax, ay, bx, by = ends
    west, east, south, north = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
    low, high = _slab(site, south), _slab(site, north)
    crossed = 0
    for slab in range(low, high + 1):
        for index in range(site.first_edge[slab], site.first_edge[slab + 1]):
            other = site.edge[index]
            others = edge_ends(site.paths.xy, other)
            px, py, qx, qy = others
            if max(px, qx) < west or min(px, qx) > east or max(py, qy) < south or min(py, qy) > north:
                continue
            if slab > max(low, _slab(site, min(py, qy))):
                continue  # seen in an earlier slab
            side_p, side_q = orientation(ends, px, py), orientation(ends, qx, qy)
            if side_p == side_q and side_p != UNSURE:
                continue
            side_a, side_b = orientation(others, ax, ay), orientation(others, bx, by)
            if side_a == side_b and side_a != UNSURE:
                continue
            if side_p == UNSURE or side_q == UNSURE or side_a == UNSURE or side_b == UNSURE:
                return -1
            cross = (bx - ax) * (qy - py) - (by - ay) * (qx - px)
            at = ((px - ax) * (qy - py) - (py - ay) * (qx - px)) / cross
            crossings.edge[count + crossed] = other
            crossings.at[count + crossed] = ((px - ax) * (by - ay) - (py - ay) * (bx - ax)) / cross
            place_at = crossed
            while place_at > 0 and crossings.on_feature[place_at - 1] > at:
                crossings.on_feature[place_at] = crossings.on_feature[place_at - 1]
                place_at -= 1
            crossings.on_feature[place_at] = at
            crossed += 1
    return crossed


@inlined
def _site_pieces(grid: Grid, site: Site, feature: int, found: tuple[Crossings, Sums]) -> tuple[Sums, bool]:
    """Add the pieces of the site's edges that lie in the feature, and tell whether the feature covers the site.

    The feature NONE stands for one without edges near the site, which covers it.
    """
    crossings, sums = found
    _sort_crossings(crossings, sums.crossings)
    paths, origin = site.paths, _origin(site)
    twice_area, length, index = sums.twice_area, sums.length, 0
    is_met, is_within = sums.is_met or sums.crossings > 0, not sums.is_met and sums.crossings == 0
    for path in range(site.first_path, site.end_path):
        begin, end = paths.first_vertex[path], paths.first_vertex[path + 1]
        if begin == end:
            continue
        state = IN if feature == NONE else place(grid, feature, paths.xy[2 * begin], paths.xy[2 * begin + 1])
        if state == UNSURE:
            return Sums(0.0, 0.0, 0, False, False), False
        is_met, is_within = is_met or state == IN, is_within and state == IN
        for edge in range(begin, end - 1):
            ends = edge_ends(paths.xy, edge)
            at, is_through = 0.0, False
            while not is_through:
                is_through = index == sums.crossings or crossings.edge[index] != edge
                until = 1.0 if is_through else crossings.at[index]
                if state == IN:
                    piece_area, piece_length = _piece(ends, origin, at, until)
                    twice_area += piece_area
                    length += piece_length
                at = until
                state ^= not is_through
                index += not is_through
    return Sums(twice_area, length, sums.crossings, is_met, True), is_within


@inlined
def _sort_crossings(crossings: Crossings, count: int) -> None:
    """Sort by edge and place on it, by Shell's method with gaps ×2.25."""
    edges, at = crossings.edge, crossings.at
    gap = 1
    while gap < count // 2:
        gap = gap * 9 // 4 + 1
    while gap > 0:
        for index in range(gap, count):
            edge, share, to = edges[index], at[index], index
            while to >= gap and (edges[to - gap] > edge or (edges[to - gap] == edge and at[to - gap] > share)):
                edges[to], at[to] = edges[to - gap], at[to - gap]
                to -= gap
            edges[to], at[to] = edge, share
        gap = gap * 4 // 9
