"""Times the search for ways out: every sample project, and random projects at random sites of the same edition.

    python benchmarks/ways/speed.py --edition demo/edition --projects demo/chongqing/projects

While it times it checks every way: its project, screened again as it stands, must reach the target.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely

import yudi
from yudi.territory.screening import Screening
from yudi.territory.ways_out.candidates import reaches
from yudi.territory.ways_out.search import FINDERS, targets_of, ways_out

DAY = date(2026, 11, 24)
TRADES = ("C2614", "C3985", "I6513", "D4413", "D4415", "C1431", "A0313", "B0810", "C3011", "G5720", "F5265", "N7723")
STATED: Mapping[str, tuple[Any, ...]] = {
    "fuel": ("coal", "natural_gas", "heavy_oil", None),
    "wastewater_to": ("surface_water", "central_plant", "land", None),
    "emissions.COD": (1, 20, 400, None),
    "hazardous_chemicals": (True, None),
    "waste_into_water": (True, None, None),
}


def main() -> int:
    """Run the command and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", type=Path, required=True)
    parser.add_argument("--projects", type=Path, required=True, help="folder with the sample's projects")
    parser.add_argument("--random", type=int, default=60, help="random projects (60)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--ways", type=int, default=3, help="ways a target (3)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "speed.json")
    asked = parser.parse_args()
    edition = yudi.open_edition(asked.edition)
    files = sorted(path for path in asked.projects.iterdir() if path.suffix in (".json", ".geojson", ".yaml"))
    edition.screen(files[0], as_of=DAY, ways_out=asked.ways)  # warm
    sample = [timed(edition, path, asked.ways) | {"project": path.name} for path in files]
    drawn = list(projects(edition, asked.random, asked.seed))
    rows = [timed(edition, item, asked.ways) | {"project": item["id"]} for item in drawn]
    found = {
        "edition": {
            "id": edition.data.id,
            "units": len(edition.data.units.geometry),
            "clauses": edition.data.clause_count,
        },
        "ways": asked.ways,
        "sample": summed(sample) | {"each": sample},
        "random": summed(rows) | {"seed": asked.seed, "slowest": sorted(rows, key=lambda row: -row["cpu_s"])[:5]},
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()},
        "versions": {"python": platform.python_version(), "shapely": shapely.__version__, "yudi": yudi.__version__},
    }
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    for name in ("sample", "random"):
        told = {key: value for key, value in found[name].items() if key not in ("each", "slowest")}
        sys.stdout.write(f"{name}: {json.dumps(told, ensure_ascii=False)}\n")
    return 0


def projects(edition: Any, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield random projects of all shapes, each near a random unit."""
    chance = random.Random(seed)
    shapes = edition.data.units.geometry
    for number in range(count):
        place = shapes[chance.randrange(len(shapes))].representative_point()
        x, y = place.x + chance.uniform(-0.01, 0.01), place.y + chance.uniform(-0.01, 0.01)
        size = chance.choice((0.001, 0.004, 0.01))
        geometry = chance.choice(
            (
                {"type": "Point", "coordinates": [x, y]},
                {"type": "LineString", "coordinates": [[x, y], [x + 5 * size, y + 3 * size]]},
                {"type": "MultiPoint", "coordinates": [[x + row * size, y + row % 3 * size] for row in range(8)]},
                shapely.geometry.mapping(shapely.box(x, y, x + size, y + size)),
            )
        )
        picked = {key: chance.choice(values) for key, values in STATED.items()}
        facts = {"industry": chance.choice(TRADES), "activity": chance.choice(("new", "expand", "rebuild"))}
        facts |= {key: value for key, value in picked.items() if value is not None}
        yield {"id": f"random-{number}", "geometry": geometry, "facts": facts}


def timed(edition: Any, project: Any, ways: int) -> dict[str, Any]:
    """Return how long the ways of a project take, in all and by kind, and how many there are, each checked."""
    screening: Screening = edition.screen(project, as_of=DAY).screening
    started, cpu = time.perf_counter(), time.process_time()
    found = ways_out(screening, limit=ways)
    row = {
        "presumed": screening.presumed_verdict,
        "s": round(time.perf_counter() - started, 4),
        "cpu_s": round(time.process_time() - cpu, 4),
        "kinds": dict(Counter(way.kind for way in found.ways)),
    }
    for way in found.ways:
        again = edition.screen(way.as_data()["project"], as_of=DAY)
        assert reaches(again["presumed"]["verdict"], way.target), (row, way.target, way.kind)
        assert again.verdict == way.after.verdict, (row, way.target, way.kind)
    fresh: Screening = edition.screen(project, as_of=DAY).screening
    for kind in FINDERS:
        cpu = time.process_time()
        for target in targets_of(fresh):
            FINDERS[kind](fresh, target, limit=ways, reach_m=5_000.0)
        row[f"{kind}_cpu_s"] = round(time.process_time() - cpu, 4)
    return row


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return median and worst of the seconds, by the clock, of the processor and by kind, and how many ways there were."""
    keys = [key for key in rows[0] if key == "s" or key.endswith("cpu_s")]
    times = {key: [row[key] for row in rows] for key in keys}
    kinds: Counter[str] = Counter()
    for row in rows:
        kinds.update(row["kinds"])
    return {
        "count": len(rows),
        "median": {key: round(statistics.median(values), 3) for key, values in times.items()},
        "worst": {key: round(max(values), 3) for key, values in times.items()},
        "above_1_s": sum(value > 1 for value in times["cpu_s"]),
        "found": dict(kinds),
    }


if __name__ == "__main__":
    raise SystemExit(main())
