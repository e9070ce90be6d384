"""Times one screening with its full explanation and its JSON in a warm process: every sample project, and random ones.

    python benchmarks/screening/single.py --edition demo/edition --projects demo/chongqing/projects

Random projects are points, discs of 300 m, rectangles and lines of some kilometres near random units, each with a
trade and a few facts. While it times it checks that every answer is the one that a freshly opened edition gives.
A loaded machine makes milliseconds longer: the same run also times a fixed loop of 200,000 steps, and counts calls.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import math
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import yudi
from yudi.core.errors import InputError

DAY = "2026-11-24"
TRADES = ("C2614", "C3985", "I6513", "D4413", "D4415", "C1431", "A0313", "B0810", "C3011", "G5720", "F5265", "N7723")
STATED: Mapping[str, tuple[Any, ...]] = {
    "activity": ("new", "expand", "rebuild", None),
    "fuel": ("coal", "natural_gas", "heavy_oil", None),
    "wastewater_to": ("surface_water", "central_plant", "land", None),
    "emissions.COD": (1, 20, 400, None),
}


def main() -> int:
    """Run the command and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", type=Path, required=True)
    parser.add_argument("--projects", type=Path, help="folder with projects to time one by one")
    parser.add_argument("--random", type=int, default=200, help="random projects of every shape (200)")
    parser.add_argument("--runs", type=int, default=21, help="runs of each project (21)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "single.json")
    asked = parser.parse_args()
    edition, fresh = yudi.open_edition(asked.edition), yudi.open_edition(asked.edition)
    files = sorted(asked.projects.glob("*.json")) if asked.projects else []
    sample = {path.stem: timed(edition, fresh, path, asked.runs)["cpu_ms"] for path in files}
    drawn = projects(edition.data.units.geometry, asked.random, asked.seed)
    beats = [beat_ms() for _ in range(5)]
    rows = [row for item in drawn if (row := timed(edition, fresh, item, 3)) is not None]
    beat = statistics.median([*beats, *(beat_ms() for _ in range(5))])
    whole = spread([row["cpu_ms"] for row in rows])
    found = {
        "edition": {"id": edition.data.id, "clauses": edition.data.clause_count},
        "sample_cpu_ms": sample,
        "random_cpu_ms": {
            kind: spread([row["cpu_ms"] for row in rows if kind in ("all", row["shape"])])
            for kind in ("all", "point", "disc", "rectangle", "line")
        },
        "json_cpu_ms": spread([row["json_ms"] for row in rows]),
        "calls": spread([row["calls"] for row in rows]),
        "loop": {"cpu_ms": round(beat, 2), "p50_in_loops": round(whole["p50"] / beat, 3)},
        "seed": asked.seed,
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()},
        "versions": {
            "python": platform.python_version(),
            "shapely": shapely.__version__,
            "geos": shapely.geos_version_string,
            "numpy": np.__version__,
            "yudi": yudi.__version__,
        },
    }
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{json.dumps(found['sample_cpu_ms'])}\n{json.dumps(found['random_cpu_ms'])}\n")
    return 0


def projects(units: Any, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield random projects of every shape, each near a random unit."""
    chance = random.Random(seed)
    for number in range(count):
        place = units[chance.randrange(len(units))].representative_point()
        x, y = place.x + chance.uniform(-0.01, 0.01), place.y + chance.uniform(-0.01, 0.01)
        shape, geometry = list(shapes(x, y, chance).items())[number % 4]
        picked = {key: chance.choice(values) for key, values in STATED.items()}
        facts = {"industry": chance.choice(TRADES)} | {key: value for key, value in picked.items() if value is not None}
        yield {"id": shape, "geometry": shapely.geometry.mapping(geometry), "facts": facts}


def shapes(x: float, y: float, chance: random.Random) -> dict[str, Any]:
    """Return one site of every shape at a place: a disc has a radius of 300 m, a line is some kilometres long."""
    up = 300 / 111_000
    side = up / math.cos(math.radians(y))
    disc = shapely.transform(shapely.Point(0, 0).buffer(1.0), lambda xy: xy * (side, up) + (x, y))
    steps = [(x + step * chance.uniform(0.01, 0.03), y + chance.uniform(-0.02, 0.02)) for step in range(4)]
    return {
        "point": shapely.Point(x, y),
        "disc": disc,
        "rectangle": shapely.box(x, y, x + chance.uniform(0.001, 0.02), y + chance.uniform(0.001, 0.02)),
        "line": shapely.LineString(steps),
    }


def timed(edition: Any, fresh: Any, project: Any, runs: int) -> Any:
    """Return the median milliseconds of the processor for a project, warm; None where the project contradicts a rule."""
    try:
        expected = json.dumps(fresh.screen(project, as_of=DAY))
        edition.screen(project, as_of=DAY)
    except InputError:
        return None
    times, written = [], []
    for _ in range(runs):
        started = time.process_time()
        answer = edition.screen(project, as_of=DAY)
        explained = time.process_time()
        data = answer.as_json()
        times.append(1_000 * (time.process_time() - started))
        written.append(1_000 * (time.process_time() - explained))
        assert json.dumps(answer) == expected, project
        assert json.loads(data) == json.loads(expected), project
    counter = cProfile.Profile()
    counter.runcall(lambda: edition.screen(project, as_of=DAY).as_json())
    return {
        "cpu_ms": round(statistics.median(times), 2),
        "json_ms": round(statistics.median(written), 2),
        "calls": sum(entry.callcount for entry in counter.getstats()),
        "shape": answer["project"].get("id", ""),
    }


def beat_ms() -> float:
    """Return the milliseconds of the processor that a fixed loop takes now."""
    started, value = time.process_time(), 0
    for step in range(200_000):
        value = (value * 31 + step) % 1_000_003
    return 1_000 * (time.process_time() - started)


def spread(times: list[float]) -> dict[str, float]:
    """Return how many times there are, their median and the one that 99 of 100 are below."""
    ordered = sorted(times)
    return {
        "count": len(ordered),
        "p50": statistics.median(ordered),
        "p99": ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))],
    }


if __name__ == "__main__":
    raise SystemExit(main())
