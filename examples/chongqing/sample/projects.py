"""A few invented projects at places of the sample that show one answer each, found anew on every land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from .city import City
from .layers import Layer
from .terrain import to_lonlat, to_plane

__all__ = ["projects_of"]

_Array = np.ndarray[Any, Any]
_NEAR_M, _FAR_M = 300.0, 2_000.0
_BATTERY = {"industry": "C3985", "activity": "new", "products": "锂电池正极材料", "process_chemical": True}
# A site for the question "what does the river forbid" lies in nothing else that forbids.
_KEPT_OFF = (
    "source_zones",
    "wetlands",
    "reserves",
    "scenic_areas",
    "redline",
    "karst",
    "farmland",
    "dense_areas",
    "noise_sensitive",
    "hazard_areas",
    "groundwater_limits",
    "conservation_areas",
    "protected_areas",
    "special_waters",
    "cropland",
    "contaminated_parcels",
)


_SOFTWARE = {
    "industry": "I6513",
    "activity": "new",
    "water_source": "public_supply",
    "wastewater_to": "central_plant",
    "fuel": "electricity",
    "against_industrial_policy": {"value": False, "by": "示意：某区发展改革部门", "date": "2026-11-02"},
}


def projects_of(city: City, layers: Mapping[str, Layer]) -> dict[str, dict[str, Any]]:
    """Return projects by name: two battery works, a pumped-storage plant, a software park, a site half outside.

    A project for which this land has no place is left out.
    """
    taken = shapely.STRtree([shape for name in _KEPT_OFF for shape in _plane(layers[name])])
    sites: dict[str, tuple[BaseGeometry | None, dict[str, Any]]] = {}
    near, far = _by_the_river(city, layers, taken)
    sites["battery-300m"] = (near, _BATTERY)
    sites["battery-2km"] = (far, _BATTERY)
    sites["pumped-storage-redline"] = (_in_redline(layers), {"industry": "D4413", "activity": "new"})
    sites["software-park"] = (_software(city, taken), _SOFTWARE)
    sites["half-outside"] = (_half_outside(city, taken), {"industry": "I6513", "activity": "new"})
    return {name: _project(name, site, facts) for name, (site, facts) in sites.items() if site is not None}


def _plane(made: Layer) -> _Array:
    return shapely.transform(made.shapes, to_plane)


def _is_clear(site: BaseGeometry, taken: shapely.STRtree, away_m: float) -> bool:
    return not len(taken.query(site, predicate="dwithin", distance=away_m))


def _square(at: _Array, half_m: float) -> Polygon:
    return box(at[0] - half_m, at[1] - half_m * 0.7, at[0] + half_m, at[1] + half_m * 0.7)


def _by_the_river(
    city: City, layers: Mapping[str, Layer], taken: shapely.STRtree
) -> tuple[BaseGeometry | None, BaseGeometry | None]:
    """Return two sites in one key unit for industry, 300 m and 2 km from the main river's bank; the far one in a chemical park if possible."""
    main = shapely.union_all([river.surface for river in city.waters.rivers if river.grade == "main"])
    others = shapely.STRtree([river.line for river in city.waters.rivers if river.grade == "important"])
    made = layers["parks"]
    chemical = [index for index, kind in enumerate(made.columns["kind"]) if kind == "chemical"]
    parks = shapely.union_all(_plane(made)[chemical])
    best: tuple[float, BaseGeometry | None, BaseGeometry | None] = (-1.0, None, None)
    for unit, shape in zip(city.units, city.plane, strict=True):
        if unit.subclass != "工业城镇" or not main.dwithin(shape, _NEAR_M):
            continue
        near = _at_distance(shape, main, _NEAR_M, taken)
        far = _at_distance(shape, main, _FAR_M, taken, wanted=parks)
        if near is None or far is None or not _is_clear(far, others, 1_400):
            continue
        worth = 1.0 + float(parks.contains(far))
        if worth > best[0]:
            best = (worth, near, far)
    return best[1], best[2]


def _at_distance(
    shape: BaseGeometry, river: BaseGeometry, away_m: float, taken: shapely.STRtree, wanted: BaseGeometry | None = None
) -> BaseGeometry | None:
    """Return a site of 160 by 112 m in a shape whose nearest point lies that far from a river."""
    line = river.buffer(away_m + 80).boundary.intersection(shape)
    found = None
    for at in np.arange(0, line.length, 250.0):
        points = shapely.get_coordinates(line.interpolate(at))
        site = _moved(_square(points[0], 80), river, away_m) if len(points) else None
        if site is None or not shape.contains(site) or not _is_clear(site, taken, 60):
            continue
        if wanted is None or wanted.contains(site):
            return site
        found = found or site
    return found


def _moved(site: BaseGeometry, river: BaseGeometry, away_m: float) -> BaseGeometry | None:
    """Return the site pushed to or from the river until it lies that far away."""
    for _ in range(6):
        start, end = shapely.get_coordinates(shapely.shortest_line(river, site))
        length = float(np.hypot(*(end - start)))
        if length == 0 or abs(length - away_m) < 1:
            return site if length else None
        shift = (end - start) / length * (away_m - length)
        site = shapely.transform(site, lambda points, shift=shift: points + shift)
    return None


def _in_redline(layers: Mapping[str, Layer]) -> BaseGeometry | None:
    """Return a site in the middle of a large part of the redline where nothing else protects the land."""
    names = [name for name in _KEPT_OFF if name not in ("redline", "cropland")]
    others = shapely.STRtree([shape for name in names for shape in _plane(layers[name])])
    shapes = _plane(layers["redline"])
    for index in np.argsort(-shapely.area(shapes), kind="stable"):
        middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(shapes[index], tolerance=100))[0]
        site = _square(middle, 250)
        if shapes[index].contains(site) and _is_clear(site, others, 100):
            return site
    return None


def _software(city: City, taken: shapely.STRtree) -> BaseGeometry | None:
    rivers = shapely.STRtree([river.line for river in city.waters.rivers])
    for unit, shape in zip(city.units, city.plane, strict=True):
        if unit.subclass == "城镇生活":
            site = _square(shapely.get_coordinates(shapely.point_on_surface(shape))[0], 120)
            if shape.contains(site) and _is_clear(site, taken, 100) and _is_clear(site, rivers, 4_000):
                return site
    return None


def _half_outside(city: City, taken: shapely.STRtree) -> BaseGeometry | None:
    """Return a site across the outline whose inner half lies in general units alone."""
    border = max(shapely.get_parts(city.outline.boundary), key=lambda line: line.length)
    strict = shapely.STRtree(
        [shape for unit, shape in zip(city.units, city.plane, strict=True) if unit.kind != "general"]
    )
    for at in np.arange(0, border.length, 2_500.0):
        site = _square(shapely.get_coordinates(border.interpolate(at))[0], 400)
        share = site.intersection(city.outline).area / site.area
        if 0.4 < share < 0.6 and _is_clear(site, strict, 200) and _is_clear(site, taken, 50):
            return site
    return None


def _project(name: str, site: BaseGeometry, facts: dict[str, Any]) -> dict[str, Any]:
    turned = shapely.transform(site, lambda points: np.round(to_lonlat(points), 6))
    return {"id": name, "geometry": mapping(turned), "facts": facts}
