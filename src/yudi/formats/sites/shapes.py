"""From the rings of a plot to a GeoJSON geometry with one reading: closed, without doubled vertices, holes in their shells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding
from yudi.core.site_geometry import read_site
from yudi.formats.sites.plots import Plot, Ring

__all__ = ["Shaped", "joined", "shape_plot"]

_Array = np.ndarray[Any, Any]
_GAP_M = 1e-4  # a closing point that differs by less is the first one again
_TYPES = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "MultiPoint"}


@dataclass(frozen=True)
class Shaped:
    """A plot with one reading.

    Parameters
    ----------
    plot : Plot
        Its rings cleaned and nested, in the file's own numbers; first the shell of each part.
    findings : tuple of Finding
        What was repaired.
    """

    plot: Plot
    findings: tuple[Finding, ...]


def shape_plot(plot: Plot, *, file: str, holes: bool = False) -> Shaped:
    """Return a plot with its rings closed and nested.

    Parameters
    ----------
    plot : Plot
        In the file's own numbers.
    file : str
        Name for messages.
    holes : bool
        Whether rings inside others are holes although nothing in the file says so.

    Raises
    ------
    InputError
        For a ring of fewer than three places, without area, or that crosses itself, and for a ring inside a hole.
    """
    notes: list[Finding] = []
    parts = [[_clean(ring, plot, file, notes) for ring in part] for part in plot.parts]
    if plot.kind != "polygon":
        return Shaped(replace(plot, parts=tuple(tuple(part) for part in parts)), tuple(notes))
    for part in parts:
        for ring in part:
            _judge_ring(ring, file)
    nested = parts if plot.is_nested else _nested([part[0] for part in parts], file, holes=holes)
    return Shaped(replace(plot, parts=tuple(tuple(part) for part in nested), is_nested=True), tuple(notes))


def _clean(ring: Ring, plot: Plot, file: str, notes: list[Finding]) -> Ring:
    """Drop doubled vertices and close a ring."""
    points = ring.points
    same = np.r_[False, (points[1:] == points[:-1]).all(axis=1)]
    if same.any() and plot.kind != "point":
        at = int(np.flatnonzero(same)[0])
        message = "a vertex stands twice in a row; one of the two was left out"
        notes.append(Finding("doubled_vertices", message, _at(file, ring, at)))
        ring = ring.kept(~same)
    least = {"polygon": 3, "line": 2, "point": 1}[plot.kind]
    distinct = len(np.unique(ring.points, axis=0))
    if distinct < least:
        message = f"expected at least {least} different places, got {distinct}"
        raise InputError(message, where=_at(file, ring, 0), hint="add the missing points, or remove this ring")
    if plot.kind != "polygon":
        if plot.kind == "line" and len(ring.points) > 3 and (ring.points[0] == ring.points[-1]).all():
            message = "a line ends where it begins; it was read as a line, without the area inside: draw a polygon if that is the site"
            notes.append(Finding("line_closes", message, _at(file, ring, 0)))
        return ring
    if not (ring.points[0] == ring.points[-1]).all():
        apart = float(np.hypot(*(ring.points[0] - ring.points[-1])))
        if apart < _GAP_M and len(ring.points) > 3 and _is_plane(ring):
            ring = ring.kept(np.arange(len(ring.points)) < len(ring.points) - 1)
        message = "a ring does not end where it begins; it was closed"
        notes.append(Finding("ring_unclosed", message, _at(file, ring, -1)))
        ring = replace(
            ring,
            points=np.concatenate([ring.points, ring.points[:1]]),
            rows=np.append(ring.rows, ring.rows[0]),
            names=(*ring.names, ring.names[0]) if ring.names else (),
        )
    return ring


def _is_plane(ring: Ring) -> bool:
    return bool(np.abs(ring.points).max() > 360)


def _at(file: str, ring: Ring, index: int) -> Where:
    return Where(file, ring.row(index), ring.label or None)


def _judge_ring(ring: Ring, file: str) -> None:
    """Refuse a ring that crosses itself, or that has no area, and name the edges that cross."""
    shape = shapely.Polygon(ring.points)
    if shapely.is_valid(shape):
        return
    if shapely.convex_hull(shape).area == 0:
        message = "expected a ring with an area, got points on one line"
        raise InputError(message, where=_at(file, ring, 0), hint="correct the points")
    crossing = _crossing(ring.points)
    if crossing is None:  # touches itself at a vertex, or runs along itself: the reading of the whole decides
        return
    one, other = crossing
    edges = " and ".join(f"{_name(ring, index)}–{_name(ring, index + 1)}" for index in (one, other))
    message = f"a ring crosses itself, between {edges}: it has two readings"
    hint = "put the points into the order in which the boundary runs, or correct the one that is astray"
    raise InputError(message, where=_at(file, ring, one), hint=hint)


def _name(ring: Ring, index: int) -> str:
    if ring.names and ring.names[index]:
        return ring.names[index]
    x, y = ring.points[index]
    return f"point {index % (len(ring.points) - 1) + 1} ({x:.10g}, {y:.10g})"


def _crossing(points: _Array) -> tuple[int, int] | None:
    """Return the first two edges of a closed ring whose inner points cross, None if there are none."""
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    tree = shapely.STRtree(edges)
    for start in range(0, len(edges), 5000):
        one, other = tree.query(edges[start : start + 5000], predicate="crosses")
        one = one + start
        if len(one):
            first = int(np.lexsort((other, one))[0])
            return int(min(one[first], other[first])), int(max(one[first], other[first]))
    return None


def _nested(rings: Sequence[Ring], file: str, *, holes: bool) -> list[list[Ring]]:
    """Return parts of a shell and its holes; by its form a table's further rings are holes where they lie inside."""
    if len(rings) == 1:
        return [[rings[0]]]
    shapes = shapely.polygons([shapely.linearrings(ring.points) for ring in rings])
    tree = shapely.STRtree(shapes)
    inner, outer = tree.query(shapely.point_on_surface(shapes), predicate="within")
    area = shapely.area(shapes)
    around = [
        [int(b) for a, b in zip(inner, outer, strict=True) if a == index and area[b] > area[index]]
        for index in range(len(rings))
    ]
    deep = next((index for index, found in enumerate(around) if len(found) > 1), None)
    if deep is not None:
        message = "a ring lies inside a ring that lies inside another one: it has two readings"
        raise InputError(
            message, where=_at(file, rings[deep], 0), hint="give the inner one as a plot of its own, or remove it"
        )
    inside = next((index for index, found in enumerate(around) if found), None)
    if inside is not None and not holes:
        message = "a closed line lies inside another one: a hole in the site, or only drawn there? It has two readings"
        hint = "say --holes if it is one, or read only the layer of the boundary: --layer"
        raise InputError(message, where=_at(file, rings[inside], 0), hint=hint)
    parts = {index: [ring] for index, ring in enumerate(rings) if not around[index]}
    for index, found in enumerate(around):
        if found:
            parts[found[0]].append(rings[index])
    return list(parts.values())


def joined(
    plots: Sequence[Plot], lonlat: Sequence[Sequence[Sequence[_Array]]], *, file: str
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return plots as one GeoJSON geometry in lon/lat that has one reading, and notes of what was rewritten.

    Parameters
    ----------
    plots : sequence of Plot
        Of one kind, nested.
    lonlat : nested sequence of float arrays, shape (n, 2)
        For each plot, part and ring its vertices in lon/lat degrees.

    Raises
    ------
    InputError, LimitError
        For plots of several kinds, or that overlap, or lie in one another.
    """
    kinds = sorted({plot.kind for plot in plots})
    if len(kinds) > 1:
        counts = " and ".join(f"{sum(plot.kind == kind for plot in plots)} × {kind}" for kind in kinds)
        odd = next(plot for plot in plots if plot.kind != plots[0].kind)
        hint = (
            "choose those that make the site: --plot NAME (may be repeated), or --layer; or read each as a site: --each"
        )
        raise InputError(f"expected plots of one kind for one site, got {counts}", where=odd.where, hint=hint)
    geometry = _geojson(kinds[0], lonlat)
    try:
        site, notes = read_site(geometry, file=file)
    except LimitError:
        raise
    except InputError as error:
        raise InputError(error.message, where=_blame(plots, error, file), hint=error.hint) from error
    return json.loads(shapely.to_geojson(site)), notes


def _geojson(kind: str, lonlat: Sequence[Sequence[Sequence[_Array]]]) -> dict[str, Any]:
    parts = [part for plot in lonlat for part in plot]
    if kind == "polygon":
        coordinates: list[Any] = [[ring.tolist() for ring in part] for part in parts]
    elif kind == "line":
        coordinates = [part[0].tolist() for part in parts]
    else:
        coordinates = [xy for part in parts for xy in part[0].tolist()]
    if len(coordinates) == 1:
        return {"type": _TYPES[kind].removeprefix("Multi"), "coordinates": coordinates[0]}
    return {"type": _TYPES[kind], "coordinates": coordinates}


def _blame(plots: Sequence[Plot], error: InputError, file: str) -> Where:
    """Return the place of the plot, and its ring, that an error of the whole geometry speaks of."""
    numbers = [int(text.rstrip("]")) for text in (error.where.field or "").split("[")[1:] if text.rstrip("]").isdigit()]
    owners = [(plot, part) for plot in plots for part in plot.parts]
    single = len(owners) == 1
    if not single and not numbers:
        return Where(file, None, plots[0].where.field if len(plots) == 1 else None)
    index, rest = (0, numbers) if single else (numbers[0], numbers[1:])
    plot, part = owners[min(index, len(owners) - 1)]
    ring = part[min(rest[0], len(part) - 1)] if rest else part[0]
    return Where(file, ring.row(0) or plot.where.row, ring.label or plot.where.field)
