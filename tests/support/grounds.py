"""Small schemes drawn at random around a site of any kind, and the grid of shifts that a search is held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from support.editions import DAY, drawn, edition, layer, project, status
from yudi.core.logic import F, T, U
from yudi.core.measure import plane_at
from yudi.territory.cells import Cell
from yudi.territory.edition import Edition
from yudi.territory.judged import Judged, judge
from yudi.territory.place import Reading
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, judged_situation, screen
from yudi.territory.ways_out.candidates import TARGETS, reaches
from yudi.territory.ways_out.ground import shifted
from yudi.territory.ways_out.proofs import on_site

__all__ = ["grid_best", "ground", "shifts", "sure_verdict"]

_NAMES = ("a", "b", "c")


def ground(seed: int) -> tuple[Edition, Project]:
    """Return an edition of up to six units, three layers and up to five clauses, and a project in its middle."""
    draw = np.random.default_rng(seed)
    shapes = _units(draw)
    columns = {
        "code": [f"U{row}" for row in range(len(shapes))],
        "area": [str(draw.integers(0, 2)) for _ in shapes],
    }
    units = layer("units", [drawn(shape) for shape in shapes], columns)
    layers = [_layer(draw, name) for name in _NAMES]
    clauses = [_clause(draw, number, len(shapes)) for number in range(draw.integers(2, 6))]
    over = {"0": True, "1": bool(draw.integers(0, 2))}
    tables = [status("over", over, by="area")] if draw.random() < 0.5 else []
    scheme = edition(clauses, units=units, layers=layers, status=tables)
    return scheme, project(drawn(_site(draw)), {"activity": "new"})


def shifts(reach_m: float, step_m: float) -> list[tuple[float, float]]:
    """Return the shifts of a square grid within a reach, the shortest first, without that of no length."""
    count = int(reach_m / step_m)
    steps = [step_m * number for number in range(-count, count + 1)]
    found = [(east, north) for east in steps for north in steps if 0 < math.hypot(east, north) <= reach_m]
    return sorted(found, key=lambda shift: math.hypot(*shift))


def grid_best(screening: Screening, offsets: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Return, for each target that is missed, the length of the first shift at which a screening reaches it."""
    plane = plane_at(screening.project.site.centroid.x)
    flat = plane.to_plane(screening.project.site)
    left = [target for target in TARGETS if not reaches(screening.presumed_verdict, target)]
    best: dict[str, float] = {}
    for east, north in offsets:
        if not left:
            break
        moved = on_site(screening.project, plane.to_lonlat(shifted(flat, east, north)), screening.editions)
        verdict = sure_verdict(screen(moved, screening.editions, as_of=DAY))
        best |= {target: math.hypot(east, north) for target in left if reaches(verdict, target)}
        left = [target for target in left if target not in best]
    return best


def sure_verdict(screening: Screening) -> str:
    """Return what is presumed, but prohibited where a reading that the map leaves open would make it so."""
    for item in screening.presumed:
        if item.cell == Cell.MAY_PROHIBIT and _may_turn_out(screening, item):
            return "prohibited"
    return screening.presumed_verdict


def _may_turn_out(screening: Screening, item: Judged) -> bool:
    edition, place = screening.editions[item.edition], screening.places[item.edition]
    touch = next((touch for touch in place.units if touch.index == item.unit), None)
    part = None if touch is None or touch.share >= 1 else touch.part
    asked = {leaf for tree in item.clause.trees for leaf in leaves(tree) if isinstance(leaf, PlaceTest)}
    found = {test: place.read(test, None, part) for test in asked}
    open_tests = [test for test in asked if found[test].value == U and test.layer in edition.layers]
    here = judged_situation(screening, item)
    here = replace(here, facts={**here.facts, **screening.assumed})
    for values in product((F, T), repeat=len(open_tests)):
        readings = {**found, **{test: Reading(value) for test, value in zip(open_tests, values, strict=True)}}
        told = replace(here, place=lambda test, _, readings=readings: readings[test])
        if judge(item.clause, told)[1] == Cell.PROHIBITS:
            return True
    return False


def _somewhere(draw: np.random.Generator, most: int = 300) -> tuple[float, float]:
    return float(draw.integers(-most, most)), float(draw.integers(-most, most))


def _units(draw: np.random.Generator) -> list[BaseGeometry]:
    """Draw cells around random places; one may be missing, another may lie over them."""
    box = shapely.box(-600, -600, 600, 600)
    count = int(draw.integers(1, 6))
    if count == 1:
        return [box]
    seeds = shapely.MultiPoint([_somewhere(draw, 250) for _ in range(count)])
    cells = [cell.intersection(box) for cell in shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=box))]
    if draw.random() < 0.3 and len(cells) > 2:
        cells = cells[1:]
    if draw.random() < 0.2:
        cells.append(shapely.box(-100, -100, 120, 90))
    return [cell for cell in cells if cell.area > 1]


def _layer(draw: np.random.Generator, name: str) -> Any:
    kind, count = draw.integers(0, 5), int(draw.integers(1, 4))
    more: dict[str, Any] = {"role": "reference", "accuracy_m": float(draw.choice([0, 5, 20]))}
    columns: dict[str, list[Any]] = {"kind": [str(draw.choice(["x", "y", ""])) for _ in range(count)]}
    if kind == 4:
        shapes = [_river(draw) for _ in range(count)]
        more |= {"shape": "centreline", "width_field": "w"}
        columns["w"] = [float(draw.integers(0, 60)) if draw.random() < 0.8 else None for _ in range(count)]
    elif kind == 3:
        shapes = [shapely.Point(_somewhere(draw)) for _ in range(count)]
    else:
        shapes = [_area(draw) for _ in range(count)]
    if draw.random() < 0.15:
        more["extent"] = drawn(shapely.box(-350, -350, float(draw.integers(100, 500)), 400))
    return layer(name, [drawn(shape) for shape in shapes], columns, **more)


def _river(draw: np.random.Generator) -> BaseGeometry:
    return shapely.LineString([(_somewhere(draw)[0], north) for north in (-500, 0, 500)])


def _area(draw: np.random.Generator) -> BaseGeometry:
    """Draw a rectangle, or a convex shape that may have a hole or a bite."""
    x, y = _somewhere(draw)
    kind = draw.integers(0, 3)
    rectangle = shapely.box(x, y, x + int(draw.integers(5, 250)), y + int(draw.integers(5, 250)))
    if kind == 0:
        return rectangle
    around = [(x + draw.uniform(-160, 160), y + draw.uniform(-160, 160)) for _ in range(6)]
    shape = shapely.MultiPoint(around).convex_hull
    if kind == 2:
        shape = shape.difference(shapely.Point(x, y).buffer(int(draw.integers(5, 80)), quad_segs=4))
    return shape if shape.area > 10 else rectangle


def _site(draw: np.random.Generator) -> BaseGeometry:
    """Draw a point or several, a line, or a surface: small, large, narrow, or in two parts."""
    x, y = _somewhere(draw, 80)
    kind = draw.integers(0, 7)
    if kind == 0:
        return shapely.Point(x, y)
    if kind == 1:
        return shapely.MultiPoint(
            [(x, y), (x + _somewhere(draw, 90)[0], y + 40), (x - 60, y + _somewhere(draw, 90)[1])]
        )
    if kind == 2:
        bends = [(x + _somewhere(draw, 150)[0], y + north) for north in (80, 160)]
        return shapely.LineString([(x, y), *bends])
    if kind == 3:
        return shapely.union_all(
            [shapely.box(x, y, x + 40, y + 30), shapely.box(x + 90, y + 60, x + 90 + int(draw.integers(3, 60)), y + 95)]
        )
    if kind == 4:
        return shapely.box(x, y, x + int(draw.integers(100, 400)), y + int(draw.integers(100, 400)))
    if kind == 5:
        return shapely.box(x, y, x + int(draw.integers(2, 9)), y + int(draw.integers(2, 150)))
    around = [(x + draw.uniform(-60, 60), y + draw.uniform(-60, 60)) for _ in range(5)]
    shape = shapely.MultiPoint(around).convex_hull
    return shape if shape.area > 10 else shapely.box(x, y, x + 20, y + 20)


def _test(draw: np.random.Generator) -> dict[str, Any]:
    inner: dict[str, Any] = {"layer": str(draw.choice(_NAMES))}
    if draw.random() < 0.4:
        inner["where"] = {"kind": "x"}
    kind = draw.integers(0, 5)
    if kind < 2:
        return {"inside": inner}
    if kind < 4:
        return {"within": {**inner, "distance_m": float(draw.integers(0, 120))}}
    if draw.random() < 0.6:
        return {"overlaps": {**inner, "share": float(draw.choice([0.01, 0.5, 0.99, 1.0]))}}
    return {"overlaps": {**inner, "area_m2": float(draw.integers(10, 4000))}}


def _scope(draw: np.random.Generator) -> dict[str, Any]:
    kind = draw.integers(0, 6)
    if kind < 3:
        return _test(draw)
    if kind < 5:
        return {"all" if kind == 3 else "any": [_test(draw), _test(draw)]}
    return {"not": _test(draw)}


def _clause(draw: np.random.Generator, number: int, units: int) -> dict[str, Any]:
    effect = str(draw.choice(["forbid", "forbid", "forbid", "require", "offset", "require"]))
    found: dict[str, Any] = {"id": f"c{number}", "effect": effect}
    if draw.random() < 0.9:
        found["scope"] = _scope(draw)
    if effect == "require":
        found["test"] = _test(draw) if draw.random() < 0.7 else {"fact": "lined", "is": True}
    if effect == "offset":
        found["factor"] = 1.0
    about = draw.random()
    if about < 0.15:
        found["subject"] = {"fact": "over", "is": True}
    elif about < 0.25:
        found["subject"] = {"fact": "asked", "is": True}
    elif about < 0.3:
        found["except"] = _test(draw)
    if draw.random() < 0.4:
        found["units"] = {"codes": [f"U{int(draw.integers(0, units))}"]}
    return found
