"""What was understood of a file with sites: its sites in lon/lat, with all that a person needs to see before trusting them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.measure import area_m2, plane_at
from yudi.core.words import Words
from yudi.formats.sites.numbering import numbering_notes
from yudi.formats.sites.plots import Asked, Plot, SiteFile, StatedArea
from yudi.formats.sites.shapes import joined, shape_plot
from yudi.formats.sites.systems import Settled, settle

__all__ = ["PlotView", "Site", "sites_of"]

Box = tuple[float, float, float, float]
_DIFFERS = 0.01  # share by which an area that a file states may differ from the computed one
_UNITS = (
    (10_000.0, "ha"),
    (1.0, "m²"),
    (10_000.0 / 15, "mu"),
)  # tried where the file names none; the ministry's form means the first


@dataclass(frozen=True)
class PlotView:
    """One plot as it was understood.

    Parameters
    ----------
    kind : str
        ``"polygon"``, ``"line"`` or ``"point"``.
    parts, rings, holes, vertices : int
        Counts; vertices without the closing ones.
    area_m2 : float
        Computed in a plane at the place itself; 0 of lines and points.
    stated : StatedArea or None
        What the file says its area is.
    stated_m2 : float or None
        The same in m², in the unit that was stated or that fits.
    """

    name: str
    kind: str
    parts: int
    rings: int
    holes: int
    vertices: int
    area_m2: float
    stated: StatedArea | None = None
    stated_m2: float | None = None

    @property
    def differs(self) -> bool:
        """Whether the area stated differs from the computed one by more than 1 %."""
        return self.stated_m2 is not None and abs(self.stated_m2 - self.area_m2) > _DIFFERS * max(self.area_m2, 1e-9)


@dataclass(frozen=True)
class Site:
    """A site that a file holds.

    Parameters
    ----------
    name : str
        Of its only plot, or of the file.
    geometry : mapping
        GeoJSON in lon/lat degrees, valid.
    file : str
        Name of the file.
    format : Words
        What kind of file.
    settled : Settled
        Reference system and axes, with their ground.
    plots : tuple of PlotView
        What it consists of.
    plane_box : (west, south, east, north) or None
        In metres of the file's own system; None where that is in degrees.
    plane_area_m2 : float or None
        Area in that plane, as surveys compute it.
    attributes : mapping
        What else the file says, the same of all its plots.
    corners : sequence of (str, float, float)
        Names and lon/lat degrees of its vertices, where they have names.
    """

    name: str
    geometry: Mapping[str, Any]
    file: str
    format: Words
    settled: Settled
    plots: tuple[PlotView, ...]
    where: Where
    plane_box: Box | None = None
    plane_area_m2: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    corners: Sequence[tuple[str, float, float]] = ()


def sites_of(content: SiteFile, asked: Asked) -> list[Site | InputError]:
    """Return the sites of a drawing; where each plot is a site, one that cannot be read stops no other.

    Raises
    ------
    InputError, LimitError
        Where the reference system is not sure, a plot asked for is not there, or the one site cannot be read.
    """
    plots = _chosen(content, asked)
    settled = settle(replace(content, plots=plots), asked)
    holes = content.inner_are_holes or asked.holes
    grouping = asked.grouping or content.grouping
    if grouping == "together" or len(plots) == 1:
        return [_site(plots, content, settled, holes=holes)]
    found: list[Site | InputError] = []
    for plot in plots:
        try:
            found.append(_site((plot,), content, settled, holes=holes))
        except InputError as error:
            found.append(error)
    return found


def _chosen(content: SiteFile, asked: Asked) -> tuple[Plot, ...]:
    if not asked.plots:
        return content.plots
    names = {plot.name for plot in content.plots}
    absent = next((name for name in asked.plots if name not in names), None)
    if absent is not None:
        listing = ", ".join(map(repr, list(dict.fromkeys(plot.name for plot in content.plots))[:20]))
        message = f"expected a plot named {absent!r}, got {listing}"
        raise InputError(message, where=Where(content.file, None, "plot"), hint="name one of these")
    return tuple(plot for plot in content.plots if plot.name in asked.plots)


def _site(plots: Sequence[Plot], content: SiteFile, settled: Settled, *, holes: bool) -> Site:
    shaped = [shape_plot(plot, file=content.file, holes=holes) for plot in plots]
    clean = [item.plot for item in shaped]
    lonlat = [[[settled.lonlat(ring.points) for ring in part] for part in plot.parts] for plot in clean]
    geometry, notes = joined(clean, lonlat, file=content.file)
    views = tuple(_view(plot, places) for plot, places in zip(clean, lonlat, strict=True))
    findings = [*content.findings, *settled.findings, *(note for item in shaped for note in item.findings), *notes]
    findings += numbering_notes(plots, content.file)
    findings += _area_notes(views, clean, content.file)
    box, area = _in_plane(clean, settled)
    first = plots[0]
    single = len(plots) == 1
    return Site(
        name=first.name if single and first.name else content.file.rpartition(".")[0] or content.file,
        geometry=geometry,
        file=content.file,
        format=content.format,
        settled=settled,
        plots=views,
        where=first.where if single else Where(content.file),
        plane_box=box,
        plane_area_m2=area,
        attributes=_common([plot.attributes for plot in plots]),
        findings=_merged(findings),
        corners=tuple(_corners(clean, lonlat)),
    )


def _merged(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings with those that say the same once, at the first place."""
    counts: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding.kind, finding.message)
        first.setdefault(key, finding)
        counts[key] = counts.get(key, 0) + 1
    return tuple(
        finding
        if counts[key] == 1
        else replace(finding, message=f"{finding.message}; so in {counts[key] - 1} more places")
        for key, finding in first.items()
    )


def _common(attributes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what all plots say alike."""
    first, *others = attributes
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}


def _corners(plots: Sequence[Plot], lonlat: Sequence[Sequence[Sequence[Any]]]) -> Iterator[tuple[str, float, float]]:
    for plot, places in zip(plots, lonlat, strict=True):
        for part, moved in zip(plot.parts, places, strict=True):
            for ring, xy in zip(part, moved, strict=True):
                last = len(xy) - (plot.kind == "polygon")
                for name, (lon, lat) in zip(ring.names[:last], xy[:last].tolist(), strict=False):
                    yield name, lon, lat


def _view(plot: Plot, places: Sequence[Sequence[Any]]) -> PlotView:
    rings = [ring for part in plot.parts for ring in part]
    closing = len(rings) if plot.kind == "polygon" else 0
    area = 0.0
    if plot.kind == "polygon":
        shape = shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in places])
        area = float(area_m2(shape, plane_at(shape.centroid.x)))
    view = PlotView(
        name=plot.name,
        kind=plot.kind,
        parts=len(plot.parts),
        rings=len(rings),
        holes=len(rings) - len(plot.parts) if plot.kind == "polygon" else 0,
        vertices=sum(len(ring.points) for ring in rings) - closing,
        area_m2=area,
        stated=plot.area,
    )
    if plot.area is None or plot.area.number <= 0:
        return view
    return replace(view, stated_m2=_stated_m2(plot.area, area))


def _stated_m2(stated: StatedArea, area: float) -> float:
    if stated.unit_m2:
        return stated.number * stated.unit_m2
    each = [stated.number * factor for factor, _ in _UNITS]
    return next((value for value in each if abs(value - area) <= _DIFFERS * area), each[0])


def _area_notes(views: Sequence[PlotView], plots: Sequence[Plot], file: str) -> Iterator[Finding]:
    for view, plot in zip(views, plots, strict=True):
        if view.differs:
            assert view.stated is not None, "an area that differs was stated"
            assert view.stated_m2 is not None, "an area that differs was stated"
            as_m2 = f" ({view.stated_m2:,.2f} m²)" if view.stated.unit_m2 != 1 else ""
            off = f": {(view.stated_m2 - view.area_m2) / view.area_m2:+.1%}" if view.area_m2 else ""
            message = f"the file states an area of {view.stated.text}{as_m2}, computed are {view.area_m2:,.2f} m²{off}"
            yield Finding("area_differs", message, Where(file, plot.where.row, f"plot {view.name}"))


def _in_plane(plots: Sequence[Plot], settled: Settled) -> tuple[Box | None, float | None]:
    """Return bounding box and area in the file's own system, where that is a plane."""
    if settled.crs.is_geographic:
        return None, None
    rings = [
        (index, settled.in_system(ring.points))
        for plot in plots
        for part in plot.parts
        for index, ring in enumerate(part)
    ]
    every = np.concatenate([xy for _, xy in rings])
    low, high = every.min(axis=0), every.max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    if plots[0].kind != "polygon":
        return box, None
    return box, sum(float(shapely.Polygon(xy).area) * (-1 if index else 1) for index, xy in rings)
