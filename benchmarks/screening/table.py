"""Print the tables of `results/geometry.json` as Markdown."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results" / "geometry.json"
NAMES = {
    "yudi": "Yudi",
    "geos": "GEOS (GeoPandas)",
    "geos_clipped": "GEOS, clipped by hand",
    "sedonadb": "SedonaDB",
    "duckdb": "DuckDB spatial",
    "postgis": "PostGIS",
}
QUESTIONS = {"points": "3.6 million points", "overlaps": "overlap areas of 100,000 polygons"}


def middle(runs: list[dict[str, Any]], key: str) -> float:
    """Return the median over runs."""
    return float(median(run[key] for run in runs))


def table(found: dict[str, Any]) -> str:
    """Return processor seconds of all engines as Markdown, and how many times the product's."""
    lines = ["| engine | " + " | ".join(f"{name}, CPU s | × | wall s | peak MiB" for name in QUESTIONS.values()) + " |"]
    lines.append("|---|" + "---|" * 4 * len(QUESTIONS))
    for engine, name in NAMES.items():
        cells = [name]
        for question in QUESTIONS:
            runs = found["engines"][question].get(engine)
            if not runs:
                cells += ["", "", "", ""]
                continue
            busy = middle(runs, "cpu_s")
            times = busy / middle(found["engines"][question]["yudi"], "cpu_s")
            cells += [f"{busy:.2f}", f"{times:.1f}", f"{middle(runs, 'wall_s'):.1f}", f"{middle(runs, 'peak_mib'):.0f}"]
        if any(cells[1:]):
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def facts(found: dict[str, Any]) -> str:
    """Return build, single points, growth and cores as a list in Markdown."""
    own, geos = found["engines"]["points"]["yudi"], found["engines"]["points"].get("geos")
    lines = [
        f"- build: {middle(own, 'build_cpu_s'):.1f} s, {middle(own, 'index_mib'):.0f} MiB",
        f"- one warm point: p50 {middle(own, 'single_p50_us'):.0f} µs, p99 {middle(own, 'single_p99_us'):.0f} µs",
    ]
    if geos:
        lines[-1] += f" (GEOS {middle(geos, 'single_p50_us'):.0f} and {middle(geos, 'single_p99_us'):.0f})"
    if "growth" in found:
        grown = found["growth"]
        lines.append(
            f"- growth: time ~ points^{grown['points_exponent']:.2f}, build ~ units^{grown['build_exponent']:.2f}"
        )
    for question in QUESTIONS if "cores" in found else ():
        one, two = (min(found["cores"][f"{question}_{threads}"]) for threads in (1, 2))
        lines.append(f"- both cores, {question}: {one / two:.2f} × the rate (best runs)")
    return "\n".join(lines)


if __name__ == "__main__":
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    print(table(results), facts(results), sep="\n\n")
