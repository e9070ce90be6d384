"""What a site comes to, as plain data to show and to hand on: counts, area, perimeter, where it lies and how that is known."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.findings import Finding
from yudi.core.measure import area_m2, length_m, plane_at
from yudi.formats.crs import crs_title
from yudi.formats.sites.angles import show_angle
from yudi.formats.sites.understood import PlotView, Site

__all__ = ["MU_M2", "site_data"]

MU_M2 = 2000 / 3  # fifteen mu are a hectare
_CORNERS = 1_000  # vertices with names that are listed


def site_data(name: str, shape: BaseGeometry, findings: tuple[Finding, ...], site: Site | None) -> dict[str, Any]:
    """Return a site as plain data for JSON and views.

    Parameters
    ----------
    name : str
        The project's id.
    shape : shapely geometry
        In lon/lat degrees, valid.
    findings : tuple of Finding
        What was noticed and repaired.
    site : Site or None
        How its file was understood; None where it came as lon/lat.
    """
    west, south, east, north = shape.bounds
    plane = plane_at(shape.centroid.x)
    area = float(area_m2(shape, plane))
    dimension = int(shapely.get_dimensions(shape))
    rings = int(sum(1 + len(part.interiors) for part in shapely.get_parts(shape))) if dimension == 2 else 0
    parts = int(shapely.get_num_geometries(shape))
    data: dict[str, Any] = {
        "id": name,
        "kind": ("point", "line", "polygon")[dimension],
        "parts": parts,
        "rings": rings,
        "holes": rings - parts if rings else 0,
        "vertices": int(shapely.get_num_coordinates(shape)) - rings,
        "area_m2": area,
        "area_mu": area / MU_M2,
        "area_ha": area / 10_000,
        "length_m" if dimension == 1 else "perimeter_m": float(length_m(shape, plane)),
        "method": plane.name,
        "bbox": [west, south, east, north],
        "bbox_dms": [show_angle(value, axis) for value, axis in zip(shape.bounds, ("lon", "lat") * 2, strict=True)],
    }
    if site is not None:
        data |= _source(site)
    else:
        data["crs"] = {"name": "OGC:CRS84", "title": "longitude, latitude", "why": None}
    data["notes"] = [finding.as_data() for finding in findings]
    return data


def _source(site: Site) -> dict[str, Any]:
    settled = site.settled
    plane = None
    if site.plane_box is not None:
        plane = {"crs": settled.crs.name, "bbox": list(site.plane_box), "area_m2": site.plane_area_m2}
    corners = [{"name": name, "lon": lon, "lat": lat} for name, lon, lat in site.corners[:_CORNERS]]
    return {
        "file": site.file,
        "format": site.format.as_data(),
        "crs": {"name": settled.crs.name, "title": crs_title(settled.crs), "why": settled.why.as_data()},
        "axes": settled.axes.as_data(),
        "plane": plane,
        "plots": [_plot(view) for view in site.plots],
        "corners": corners if any(corner["name"] for corner in corners) else [],
    }


def _plot(view: PlotView) -> dict[str, Any]:
    stated = None
    if view.stated is not None and view.stated_m2 is not None:
        stated = {"text": view.stated.text, "area_m2": view.stated_m2, "differs": view.differs}
    return {
        "name": view.name,
        "kind": view.kind,
        "parts": view.parts,
        "rings": view.rings,
        "holes": view.holes,
        "vertices": view.vertices,
        "area_m2": view.area_m2,
        "stated": stated,
    }
