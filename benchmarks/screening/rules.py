"""How fast the rules of a built edition answer millions of sites, once it is known where they lie.

Sites are drawn from a seed: each has one of the places that the edition's map knows (a unit, and for every place test
one of the codes that it can find), and facts: an industry of the whole table of codes, an activity, and others with a
chance each. Some rows of every run are screened one by one and must be the same. Give the folder of an edition:
`python benchmarks/screening/rules.py EDITION`; results go to `results/rules.json`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.stores.archive import open_edition
from yudi.territory.batch.answers import BatchScreening
from yudi.territory.batch.columns import FactColumns, read_columns
from yudi.territory.batch.places import PlaceTable, places_one_by_one
from yudi.territory.edition import Edition
from yudi.territory.facts import Fact
from yudi.territory.projects import Project
from yudi.territory.screening import screen
from yudi.territory.tables import row_of

HERE = Path(__file__).resolve().parent
SEED, DAY = 2026, date(2026, 11, 24)
SAMPLES = 400  # points of which it is found where they lie, as a stock of places
STATED = {"industry": 1.0, "activity": 1.0, "land_area_m2": 0.8, "water_use_m3_per_year": 0.6, "wastewater_to": 0.6}
FURTHER = {"fuel": 0.5, "emissions.COD": 0.5, "emissions.NOx": 0.4, "emissions.VOCs": 0.4, "hazardous_chemicals": 0.3}


def places(edition: Edition, random: np.random.Generator) -> tuple[list[Any], PlaceTable]:
    """Return points of the edition's units and where they lie."""
    units = edition.units.geometry
    chosen = random.choice(len(units), SAMPLES)
    sites = []
    for unit in chosen.tolist():
        west, south, east, north = units[unit].bounds
        point = shapely.Point(random.uniform(west, east), random.uniform(south, north))
        sites.append(point if units[unit].covers(point) else units[unit].representative_point())
    return sites, places_one_by_one(edition, sites)


def drawn(table: PlaceTable, rows: np.ndarray[Any, Any]) -> PlaceTable:
    """Return the table of rows that are drawn from one, also more than once."""
    counts = np.diff(table.first)[rows]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    pairs = np.repeat(table.first[rows] - first[:-1], counts) + np.arange(first[-1])
    return PlaceTable(
        table.tests,
        table.codes[rows],
        table.found,
        first,
        table.unit[pairs],
        table.is_touch[pairs],
        table.is_whole[pairs],
        table.part_codes[pairs],
        table.uncovered_share[rows],
    )


def cells(fact: Fact, edition: Edition, count: int, random: np.random.Generator) -> np.ndarray[Any, Any]:
    """Return a column of cells of a fact."""
    if fact.type == "number":
        return np.round(np.exp(random.uniform(0, 14, count)), 1)
    if fact.type == "truth":
        return random.random(count) < 0.5
    values = (
        sorted(edition.rules.vocabulary.systems[str(fact.system)].names) if fact.type == "code" else list(fact.choices)
    )
    return np.array(values, object)[random.integers(len(values), size=count)]


def columns(edition: Edition, count: int, random: np.random.Generator) -> dict[str, pa.Array]:
    """Return facts of so many rows as they stand in a table."""
    found = {}
    for key, share in (STATED | FURTHER).items():
        fact = edition.rules.vocabulary.fact(key)
        if fact is not None:
            is_stated = random.random(count) < share
            found[key] = pa.array(cells(fact, edition, count, random), mask=~is_stated)
    return found


def checked(edition: Edition, projects: FactColumns, answers: pa.Table, sites: list[Any]) -> None:
    """Hold rows against single screening.

    Raises
    ------
    AssertionError
        Where a row differs.
    """
    for row, site in enumerate(sites):
        project = Project(projects.ids[row].as_py(), site, projects.facts(row))
        assert answers.slice(row, 1).to_pylist() == [row_of(screen(project, [edition], as_of=DAY))], row


def measured(folder: Path, count: int, batch: int, *, is_encoded: bool) -> dict[str, Any]:
    """Return what so many rows took."""
    random = np.random.default_rng(SEED)
    clock = time.perf_counter()
    edition = open_edition(folder)
    opened = time.perf_counter() - clock
    sites, stock = places(edition, random)
    screening = BatchScreening([edition], DAY, is_encoded=is_encoded)
    took: dict[str, float] = {"read_cpu_s": 0.0, "rules_cpu_s": 0.0, "wall_s": 0.0}
    first: dict[str, Any] = {}
    verdicts: dict[str, int] = {}
    single = 0
    for begin in range(0, count, batch):
        size = min(batch, count - begin)
        rows = random.integers(SAMPLES, size=size)
        table, raw = drawn(stock, rows), columns(edition, size, random)
        names = pa.array([f"P{begin + row}" for row in range(size)])
        clock, busy = time.perf_counter(), time.process_time()
        projects = read_columns(raw, edition.rules.vocabulary, names)
        read = time.process_time()
        found = screening.screened(projects, [table])
        took["read_cpu_s"] += read - busy
        took["rules_cpu_s"] += time.process_time() - read
        took["wall_s"] += time.perf_counter() - clock
        single += found.single
        if not begin:
            first = {"rows": size, "cpu_s": round(time.process_time() - busy, 2), "combinations": screening.worked_out}
            first["table_mb"] = round(found.table.nbytes / 1e6, 1)
            checked(edition, projects, found.table, [sites[row] for row in rows[:100].tolist()])
        print(begin + size, {key: round(value, 2) for key, value in took.items()}, screening.worked_out, flush=True)
        for verdict in found.table["verdict"].value_counts().to_pylist():
            verdicts[verdict["values"]] = verdicts.get(verdict["values"], 0) + verdict["counts"]
        del found, projects, table, raw
        gc.collect()
    bound = edition.bindings
    return {
        "rows": count,
        "batch": batch,
        "encoded": is_encoded,
        "clauses": len(edition.rules.clauses),
        "clauses_of_the_whole_place": len(bound.of(-1)),
        "open_s": round(opened, 2),
        **{key: round(value, 2) for key, value in took.items()},
        "first_batch": first,
        "combinations": screening.worked_out,
        "screened_one_by_one": single,
        "verdicts": verdicts,
    }


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edition", type=Path, help="folder of a built edition")
    parser.add_argument("--rows", type=int, default=3_600_000)
    parser.add_argument("--batch", type=int, default=200_000)
    parser.add_argument("--encoded", action="store_true", help="leave the texts of lists in a dictionary")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "rules.json")
    asked = parser.parse_args()
    run = measured(asked.edition, asked.rows, asked.batch, is_encoded=asked.encoded)
    about = {
        "seed": SEED,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "numba", "pyarrow", "shapely")},
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    asked.out.write_text(json.dumps({**about, "run": run}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
