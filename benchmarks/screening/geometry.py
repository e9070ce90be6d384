"""Points and polygons against a national zoning: the product beside GEOS, SedonaDB, DuckDB and PostGIS, in one run.

Every engine answers in a process of its own, one after the other, round after round, and all answers of a question
must be equal pair by pair and area by area, or the run fails. Then the product alone: how its work grows with points
and with units, and with both cores.

    python world.py WORLD
    python geometry.py WORLD --engines yudi geos geos_clipped sedonadb duckdb postgis

Engines other than the product want: geopandas; sedonadb and geoarrow-pyarrow; duckdb and duckdb-extension-spatial of
the same version; psycopg and a PostgreSQL with PostGIS at --dsn. Writes `results/geometry.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import world

HERE = Path(__file__).resolve().parent
QUESTIONS = ("points", "overlaps")
GROWTH_POINTS = (360_000, 1_080_000, 3_600_000)
AREA_SHARE = 1e-9  # areas may differ by so much of themselves
AREA_LEAST = 1e-13  # square degrees, a square of 3 cm: rounding of coordinates near 100° over borders of some degrees
Rows = dict[str, dict[str, list[dict[str, Any]]]]


def asked(folder: Path, engine: str, question: str, *options: str) -> dict[str, Any]:
    """Return what one engine took, asked in a process of its own."""
    command = [sys.executable, str(HERE / "engines.py"), engine, question, str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine}, {question}: {done.stderr}")
    took: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(engine, question, *options, {key: took[key] for key in ("cpu_s", "wall_s")}, flush=True)
    return took


def compare(folder: Path, engine: str, question: str, first: str) -> float:
    """Return the greatest difference of areas between two engines' answers, as a share of what is allowed.

    Raises
    ------
    AssertionError
        If their pairs, or their areas, differ.
    """
    one, other = (np.load(folder / f"answer_{name}_{question}.npz") for name in (first, engine))
    assert np.array_equal(one["site"], other["site"]), (engine, question)
    assert np.array_equal(one["unit"], other["unit"]), (engine, question)
    if question == "points":
        return 0.0
    share = float((np.abs(one["area"] - other["area"]) / (AREA_SHARE * other["area"] + AREA_LEAST)).max())
    assert share <= 1, (engine, share)
    return share


def side_by_side(folder: Path, given: argparse.Namespace) -> tuple[Rows, dict[str, float]]:
    """Return what every engine took in every round, and how far areas were apart."""
    rows: Rows = {question: defaultdict(list) for question in QUESTIONS}
    apart: dict[str, float] = {}
    for turn in range(given.runs):
        for question in QUESTIONS:
            for engine in given.engines:
                if (engine in given.once and turn) or (engine == "geos_clipped" and question == "points"):
                    continue
                options = ["--dsn", given.dsn, *(["--single"] if engine in ("yudi", "geos") else [])]
                rows[question][engine].append(asked(folder, engine, question, *options))
                share = compare(folder, engine, question, given.engines[0])
                if question == "overlaps":
                    apart[engine] = max(apart.get(engine, 0.0), share)
    return rows, apart


def exponent(sizes: list[float], seconds: list[float]) -> float:
    """Return p of the power law ``seconds ~ sizes**p`` by least squares of logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def growth(folder: Path, runs: int) -> dict[str, Any]:
    """Return how the product's time grows with points, and its build with units."""
    by_points, by_units = [], []
    for count in GROWTH_POINTS:
        took = [asked(folder, "yudi", "points", "--points", str(count)) for _ in range(runs)]
        by_points.append(median(each["cpu_s"] for each in took))
    for share in world.SHARES:
        took = [asked(folder, "yudi", "points", "--units", f"units_{share}.parquet") for _ in range(runs)]
        by_units.append([median(each[key] for each in took) for key in ("build_cpu_s", "cpu_s")])
    units = [world.UNITS * share // 10 for share in world.SHARES]
    return {
        "points": {"count": list(GROWTH_POINTS), "cpu_s": by_points},
        "points_exponent": exponent(list(GROWTH_POINTS), by_points),
        "units": {"count": units, "build_cpu_s": [row[0] for row in by_units], "cpu_s": [row[1] for row in by_units]},
        "build_exponent": exponent(units, [row[0] for row in by_units]),
        "points_by_units_exponent": exponent(units, [row[1] for row in by_units]),
    }


def cores(folder: Path, runs: int) -> dict[str, Any]:
    """Return wall seconds of the product with one and with two threads, in turn."""
    walls: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs):
        for question in QUESTIONS:
            for threads in ("1", "2"):
                took = asked(folder, "yudi", question, "--threads", threads)
                walls[f"{question}_{threads}"].append(took["wall_s"])
    return dict(walls)


def machine() -> dict[str, Any]:
    """Return processor, cores and load; no names."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")), "")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[1], 1),
        "python": platform.python_version(),
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engines", nargs="+", default=["yudi", "geos", "geos_clipped", "sedonadb", "duckdb"])
    parser.add_argument("--once", nargs="*", default=[], help="slow engines, asked in the first round only")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dsn", default="host=127.0.0.1 port=5544 user=postgres dbname=postgres")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "geometry.json")
    given = parser.parse_args()
    counts = {"units": world.UNITS, "zones": world.ZONES, "points": world.POINTS, "sites": world.SITES}
    found: dict[str, Any] = {"seed": world.SEED, "world": counts, "machine": machine()}
    steps = {
        "engines": lambda: side_by_side(given.folder, given),
        "growth": lambda: growth(given.folder, given.runs),
        "cores": lambda: cores(given.folder, given.runs),
    }
    for name, step in steps.items():
        found[name] = step()
        if name == "engines":
            found[name], found["areas_apart"] = found[name]
        given.out.write_text(json.dumps(found, indent=1, default=dict) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
