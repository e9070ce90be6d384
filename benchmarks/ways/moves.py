"""How long the nearest move and the nearest units take, for seeded sites of every kind over an edition.

    python benchmarks/ways/moves.py --edition demo/edition
    python benchmarks/ways/moves.py --edition demo/edition --sites 20 --grid 500

Sites are points, discs of 300 m, rectangles, convex shapes, lines of up to 20 km and groups of points, half of them in the
middle of units. Every way is screened again while it is timed (`search_cpu_s` is move and unit without these proofs), and
must reach its target. With `--grid` every shift of a grid of so many metres within the reach is screened too: none that
passes may be shorter than the move by more than 1.1 m.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

import yudi
from yudi.core.measure import plane_at
from yudi.territory.edition import Edition
from yudi.territory.projects import Project, read_facts
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out import proofs
from yudi.territory.ways_out.candidates import TARGETS, Candidate, reaches
from yudi.territory.ways_out.ground import shifted
from yudi.territory.ways_out.moves import moves_to
from yudi.territory.ways_out.offsets import Search
from yudi.territory.ways_out.proofs import on_site
from yudi.territory.ways_out.units import units_to

DAY = date(2026, 11, 24)
REACH_M = 5_000.0
ROUNDED_M = 1.1
TRADES = ("C2614", "C3985", "I6513", "D4413", "C3110", "A0313", "N7820", "C1712", "D4415", "B1011")


def main() -> int:
    """Run the command; 0 if every way was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", type=Path, required=True)
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grid", type=float, default=0.0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "moves.json")
    asked = parser.parse_args()
    edition = yudi.open_edition(asked.edition).data
    rows, wrong = [], 0
    for project in projects(edition, asked.sites, asked.seed):
        row, faults = measured(project, edition, asked.grid)
        wrong += faults
        if row:
            rows.append(row)
            print(row, flush=True)
    result = {
        "edition": edition.name.get("en"),
        "sites": asked.sites,
        "seed": asked.seed,
        "missed_a_target": len(rows),
        "grid_m": asked.grid,
        "wrong": wrong,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("shapely", "numpy", "pyproj")},
        "seconds": {name: summary([row[name] for row in rows]) for name in rows[0] if name.endswith("_s")},
        "discs": summary([row["discs"] for row in rows]),
        "moves_found": sum(bool(row["moves"]) for row in rows),
        "units_found": sum(any(row["units"].values()) for row in rows),
    }
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result["seconds"], indent=1))
    return 1 if wrong else 0


def summary(values: list[float]) -> dict[str, float]:
    """Return median, the values that 90 and 99 of a hundred stay below, and the greatest."""
    ordered = sorted(values)
    at = {
        name: ordered[min(len(ordered) - 1, int(part * len(ordered)))] for name, part in (("p90", 0.9), ("p99", 0.99))
    }
    return {
        name: round(value, 3)
        for name, value in ({"median": statistics.median(ordered)} | at | {"worst": ordered[-1]}).items()
    }


def projects(edition: Edition, count: int, seed: int) -> Iterator[Project]:
    """Yield projects whose middle lies in some unit, drawn from a seed."""
    draw = np.random.default_rng(seed)
    units = edition.units.geometry
    west, south, east, north = shapely.total_bounds(units)
    while count:
        if draw.random() < 0.5:
            inside = units[draw.integers(0, len(units))].representative_point()
            lon, lat = inside.x + draw.normal(0, 0.01), inside.y + draw.normal(0, 0.01)
        else:
            lon, lat = draw.uniform(west, east), draw.uniform(south, north)
        if not len(edition.units.tree.query(shapely.Point(lon, lat), predicate="intersects")):
            continue
        facts, _ = read_facts({"industry": str(draw.choice(TRADES)), "activity": "new"}, edition.rules.vocabulary)
        count -= 1
        yield Project("P", site(draw, lon, lat), facts, {}, {"id": "P"})


def site(draw: np.random.Generator, lon: float, lat: float) -> BaseGeometry:
    """Return a point, a rectangle, a line of some kilometres or up to 20, eight points, a convex shape, or a disc."""
    plane = plane_at(lon)
    x, y = plane.to_plane(shapely.Point(lon, lat)).coords[0]
    kind = draw.integers(0, 8)
    if kind == 0:
        shape = shapely.Point(x, y)
    elif kind < 3:
        shape = shapely.box(x, y, x + draw.uniform(30, 600), y + draw.uniform(30, 600))
    elif kind == 3:
        shape = shapely.LineString(
            [(x, y), *((x + draw.uniform(-far, far), y + draw.uniform(-far, far)) for far in (3e3, 6e3))]
        )
    elif kind == 6:
        shape = shapely.Point(x, y).buffer(300)
    elif kind == 7:
        shape = winding(draw, x, y)
    else:
        far, points = (800, 8) if kind == 4 else (300, 7)
        shape = shapely.MultiPoint([(x + draw.uniform(-far, far), y + draw.uniform(-far, far)) for _ in range(points)])
        shape = shape if kind == 4 else shape.convex_hull
    return plane.to_lonlat(shape)


def winding(draw: np.random.Generator, x: float, y: float) -> BaseGeometry:
    """Return a line of 4 to 20 km with some dozen bends, in a drawn direction."""
    count, length, turn = int(draw.integers(5, 60)), draw.uniform(4e3, 20e3), draw.uniform(0, 2 * math.pi)
    along = np.linspace(0, length, count)
    beside = np.cumsum(draw.normal(0, 0.3 * length / count, count))
    east, north = math.cos(turn), math.sin(turn)
    return shapely.LineString(np.column_stack([x + along * east - beside * north, y + along * north + beside * east]))


def proving() -> dict[str, float]:
    """Have every proof of a search counted, and return where its seconds of the processor are added up."""
    spent = {"s": 0.0}
    plain = proofs.screen

    def counted(*args: Any, **named: Any) -> Screening:
        busy = time.process_time()
        try:
            return plain(*args, **named)
        finally:
            spent["s"] += time.process_time() - busy

    proofs.screen = counted
    return spent


PROVING = proving()


def measured(project: Project, edition: Edition, grid_m: float) -> tuple[dict[str, Any], int]:
    """Return a row with times and what was found, and how many ways were wrong; no row where every target is met."""
    screening, screen_s, _ = timed(lambda: screen(project, (edition,), as_of=DAY))
    missed = [target for target in TARGETS if not reaches(screening.presumed_verdict, target)]
    if not missed:
        return {}, 0
    search = Search(REACH_M)
    PROVING["s"] = 0.0
    moves, move_s, move_clock_s = timed(lambda: moves_to(screening, missed, search=search))
    units, unit_s, unit_clock_s = timed(lambda: units_to(screening, missed))
    ways = [(target, way) for target, way in moves.items()]
    ways += [(target, way) for target, some in units.items() for way in some]
    faults = sum(not is_right(way, target, edition) for target, way in ways)
    if grid_m:
        faults += on_grid(screening, moves, grid_m)
    row = {
        "site": project.site.geom_type,
        "industry": project.facts["industry"].value[0],
        "presumed": screening.presumed_verdict,
        "screen_cpu_s": round(screen_s, 3),
        "move_cpu_s": round(move_s, 3),
        "move_clock_s": round(move_clock_s, 3),
        "unit_cpu_s": round(unit_s, 3),
        "unit_clock_s": round(unit_clock_s, 3),
        "search_cpu_s": round(move_s + unit_s - PROVING["s"], 3),
        "discs": search.discs,
        "is_whole": search.is_whole,
        "moves": {target: way.details["distance_m"] for target, way in moves.items()},
        "units": {target: [way.details["distance_m"] for way in some] for target, some in units.items()},
    }
    return row, faults


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what the work gives, with seconds of the processor and by the clock."""
    busy, clock = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - busy, time.perf_counter() - clock


def is_right(way: Candidate, target: str, edition: Edition) -> bool:
    """Tell whether a way's project, screened again, reaches its target."""
    return reaches(screen(way.project, (edition,), as_of=DAY).presumed_verdict, target)


def on_grid(screening: Screening, moves: dict[str, Candidate], step_m: float) -> int:
    """Return for how many targets a shift of the grid is shorter than the move, or there is one and no move."""
    plane = plane_at(float(screening.project.site.centroid.x))
    flat = plane.to_plane(screening.project.site)
    steps = np.arange(-REACH_M, REACH_M + step_m, step_m)
    wrong: set[str] = set()
    firm = {item.id for item in screening.presumed if item.cell.name == "PROHIBITS"}
    for east in steps.tolist():
        for north in steps.tolist():
            length = math.hypot(east, north)
            asked = [target for target in TARGETS if not reaches(screening.presumed_verdict, target)]
            asked = [one for one in asked if one not in moves or moves[one].details["distance_m"] > length + ROUNDED_M]
            if not asked or not 0 < length <= REACH_M:
                continue
            moved = on_site(screening.project, plane.to_lonlat(shifted(flat, east, north)), screening.editions)
            again = screen(moved, screening.editions, as_of=DAY)
            open_now = any(item.cell.name == "MAY_PROHIBIT" and item.id in firm for item in again.presumed)
            wrong |= {one for one in asked if reaches(again.presumed_verdict, one) and not open_now}
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
