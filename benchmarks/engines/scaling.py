"""Compares engines on the same rows: one process, two, Spark on one core and on two; every answer must be the same.

    python benchmarks/engines/scaling.py --edition demo/edition --rows 20000 --work /somewhere/with/room

Each engine is a command of its own, so that starting it counts; `start_s` is the same command on twenty rows. The runs are
paired: in each round every engine runs once, and medians are written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

import yudi

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "screening"))
from processes import below, resident, seconds
from soak import write_sites

ENGINES = {
    "one process": ("--workers", "1"),
    "two workers": ("--workers", "2"),
    "spark local[1]": ("--engine", "local[1]"),
    "spark local[2]": ("--engine", "local[2]"),
}


def main() -> int:
    """Run the command and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for input and output; both are removed")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--batch-rows", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "scaling.json")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    edition = yudi.open_edition(asked.edition)
    many, few = asked.work / "many.parquet", asked.work / "few.parquet"
    write_sites(edition, many, asked.rows, seed=asked.seed)
    write_sites(edition, few, 20, seed=asked.seed)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ENGINES}
    answers: set[str] = set()
    for _ in range(asked.rounds):
        for name, options in ENGINES.items():
            start, _ = timed(few, asked, options)
            whole, answer = timed(many, asked, options)
            answers.add(answer)
            runs[name].append({"start_s": start["wall_s"], **whole})
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end",
        "versions": {"python": platform.python_version(), "yudi": yudi.__version__, "pyarrow": pa.__version__},
        "asked": {"rows": asked.rows, "batch_rows": asked.batch_rows, "rounds": asked.rounds, "seed": asked.seed},
        "all_answers_are_the_same": len(answers) == 1,
        "engines": {name: medians(rows, asked.rows) for name, rows in runs.items()},
    }
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))
    shutil.rmtree(asked.work)
    return 0 if len(answers) == 1 else 1


def timed(table: Path, asked: argparse.Namespace, options: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Return wall, CPU and peak memory of a command with its processes, and the hash of its parts."""
    out = asked.work / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "yudi", "screen", str(table), "--edition", str(asked.edition), "--out", f"{out}/"]
    command += ["--as-of", "2026-11-24", "--batch-rows", str(asked.batch_rows), *options]
    cpu: dict[int, float] = {}
    peak = 0
    started = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        time.sleep(0.1)
        family = [process.pid, *below(process.pid)]
        cpu |= {pid: spent for pid in family if (spent := seconds(pid)) is not None}
        peak = max(peak, sum(map(resident, family)))
    wall = time.perf_counter() - started
    if process.returncode not in (0, 2):
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    digest = hashlib.sha256()
    for part in sorted(out.glob("part-*.parquet")):
        digest.update(part.read_bytes())
    return {"wall_s": wall, "cpu_s": sum(cpu.values()), "peak_mib": peak / 2**20}, digest.hexdigest()


def medians(rows: Sequence[dict[str, Any]], count: int) -> dict[str, float]:
    """Return the medians of rounds, and the rows a second that are left when starting is taken off."""
    found = {key: round(statistics.median(row[key] for row in rows), 2) for key in rows[0]}
    working = statistics.median(row["wall_s"] - row["start_s"] for row in rows)
    return found | {"rows_per_s_working": round(count / max(working, 1e-9))}


if __name__ == "__main__":
    sys.exit(main())
