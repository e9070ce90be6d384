"""Soaks the stream: millions of rows made on the fly, screened into a folder, memory of all its processes sampled.

    python benchmarks/screening/soak.py --edition demo/edition --millions 36 --work /somewhere/with/room
    python benchmarks/screening/soak.py --edition demo/edition --millions 36 --stream-only --work /somewhere/with/room
    python benchmarks/screening/soak.py --edition demo/edition --millions 0.02 --kills 5 --batch-rows 1000 --work …

Memory is flat if the later half of the run rises no further than the earlier: the peaks of both are written, and the slope
over the run. With `--kills` the run is killed (kill -9) so often, and goes on. With `--stream-only` every row gets the same
verdict without being judged, so that what is measured is reading, writing and noting alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from processes import below, resident

import yudi

STREAM_ONLY = """
import sys
import pyarrow as pa, shapely
from yudi.engines import jobs
from yudi.engines.batches import Screened
from yudi.territory.tables import table_of

ROW = {"verdict": "undetermined", "presumed": "undetermined", "possible": ["permitted"], "units": ["U1"], "applied": [],
       "open": ["c1", "c2"], "needs": ["industry"], "uncovered_share": 0.0, "assuming": [], "unverified": []}

def same_for_all(question, batch):
    table = table_of([{"id": "", **ROW}]).take(pa.array([0] * batch.count))
    table = table.set_column(0, "id", pa.array(map(str, range(batch.count)), pa.string()))
    return Screened(table, shapely.to_wkb(batch.shapes), {}, ())

jobs.screen_batch = same_for_all
from yudi.cli.app import main
main()
"""


def main() -> int:
    """Run the command and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for input and output; both are removed")
    parser.add_argument("--millions", type=float, default=36.0)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--batch-rows", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=0, help="how often the run is killed")
    parser.add_argument("--stream-only", action="store_true", help="judge nothing: the same verdict for all rows")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "soak.json")
    asked = parser.parse_args()
    if asked.stream_only and asked.workers != 1:
        parser.error("--stream-only takes one worker: others would judge in processes of their own")
    rows = round(asked.millions * 1_000_000)
    asked.work.mkdir(parents=True, exist_ok=True)
    table, out = asked.work / "soak.parquet", asked.work / "soak-verdicts"
    started = time.perf_counter()
    write_sites(yudi.open_edition(asked.edition), table, rows, seed=asked.seed)
    made = time.perf_counter() - started
    program = ["-c", STREAM_ONLY] if asked.stream_only else ["-m", "yudi"]
    command = [sys.executable, *program, "screen", str(table), "--edition", str(asked.edition), "--out", f"{out}/"]
    command += ["--as-of", "2026-11-24", "--batch-rows", str(asked.batch_rows), "--workers", str(asked.workers)]
    started = time.perf_counter()
    samples = list(watched(command, out / "_yudi" / "journal.jsonl", asked.kills, -(-rows // asked.batch_rows)))
    wall = time.perf_counter() - started
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {"python": platform.python_version(), "yudi": yudi.__version__, "pyarrow": pa.__version__},
        "asked": {key: str(value) for key, value in vars(asked).items() if key not in ("work", "out")},
        "rows": rows,
        "input_bytes": table.stat().st_size,
        "made_s": round(made, 1),
        "wall_s": round(wall, 1),
        "rows_per_s": round(rows / wall),
        **memory(samples),
        "every_row_once": all_once(out, rows),
        "output_bytes": sum(path.stat().st_size for path in out.iterdir()),
    }
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))
    table.unlink()
    shutil.rmtree(out)
    return 0 if found["every_row_once"] else 1


def write_sites(edition: yudi.OpenEdition, path: Path, rows: int, *, seed: int) -> None:
    """Write points clustered in the edition's land, with a few of its facts, group by group."""
    chance = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(edition.data.units.geometry).tolist()
    centres = chance.uniform((west, south), (east, north), (200, 2))
    facts = [
        fact
        for fact in edition.data.rules.vocabulary.facts.values()
        if fact.provider == "project" and fact.type in ("choice", "truth") and "*" not in fact.key
    ][:4]
    geo = {"encoding": "WKB", "geometry_types": ["Point"]}
    meta = {"geo": json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geo}})}
    writer: pq.ParquetWriter | None = None
    for first in range(0, rows, 250_000):
        count = min(250_000, rows - first)
        spread = ((east - west) / 40, (north - south) / 40)
        places = centres[chance.integers(0, len(centres), count)] + chance.normal(0, spread, (count, 2))
        columns: dict[str, Any] = {"id": pa.array(np.arange(first, first + count)).cast(pa.string())}
        for fact in facts:
            values = [*fact.choices, None] if fact.type == "choice" else [True, False, None]
            columns[fact.key] = pa.array(values).take(pa.array(chance.integers(0, len(values), count)))
        columns["geometry"] = pa.array(shapely.to_wkb(shapely.points(places)), pa.binary())
        table = pa.table(columns).replace_schema_metadata(meta)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None, "there are rows"
    writer.close()


def watched(command: list[str], journal: Path, kills: int, batches: int) -> Iterator[tuple[float, int]]:
    """Yield seconds and bytes in memory of a command and all its processes, until it ends; kill it so often before."""
    started = time.monotonic()
    for kill in range(kills + 1):
        process = subprocess.Popen(command)
        until = batches * (kill + 1) // (kills + 1)
        while process.poll() is None:
            time.sleep(0.2)
            yield time.monotonic() - started, sum(map(resident, [process.pid, *below(process.pid)]))
            if kill < kills and journal.is_file() and journal.read_bytes().count(b"\n") > until:
                process.kill()
                process.wait()
                break
        if process.returncode != -9 or kill == kills:
            break
    if process.returncode not in (0, 2):
        raise SystemExit(f"the run ended with status {process.returncode}")


def memory(samples: list[tuple[float, int]]) -> dict[str, Any]:
    """Return the peaks of memory in MiB in tenths of the run, and the slope over its later nine tenths."""
    seconds, bytes_ = (np.array(column, float) for column in zip(*samples, strict=True))
    tenths = np.array_split(bytes_ / 2**20, 10)
    later = seconds > seconds[-1] / 10
    slope = float(np.polyfit(seconds[later], bytes_[later] / 2**20, 1)[0] * 60) if later.sum() > 2 else 0.0
    return {
        "peak_mib": round(float(bytes_.max()) / 2**20),
        "peak_mib_by_tenth": [round(float(part.max())) for part in tenths if len(part)],
        "slope_mib_per_minute": round(slope, 2),
    }


def all_once(out: Path, rows: int) -> bool:
    """Tell whether every row is in the parts once, or among those refused."""
    refused = json.loads((out / "_run.json").read_text(encoding="utf-8"))["refused"]
    count = sum(pq.ParquetFile(path).metadata.num_rows for path in out.glob("part-*.parquet"))
    return bool(count + refused == rows)


if __name__ == "__main__":
    sys.exit(main())
