"""How long a check of the land of a nation takes: 45,000 units of 100 vertices, made from a seed, with faults planted in them.

Units are the cells of a bent grid with winding borders that neighbours share point by point. Some get a hole and some
reach into a neighbour, by known areas; with `--noise` every unit draws its borders by itself, off by so many degrees.
The check must find as many gaps and overlaps as were planted, and their areas, while it is timed.
Run `python benchmarks/checking/land.py`; results go to `results/land.json`.
"""

from __future__ import annotations

import argparse
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

from yudi.core.dates import Period
from yudi.core.words import Words
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition import Edition, Layer, Rules
from yudi.territory.edition_checks.codes import check_codes
from yudi.territory.edition_checks.coverage import check_coverage
from yudi.territory.land import CodeForm, Ground, Land

HERE = Path(__file__).resolve().parent
Array = np.ndarray[Any, Any]
SEED, STEP, WEST, SOUTH = 2026, 0.05, 100.0, 22.0
SIDE_POINTS = 25  # of a border between two corners
HOLE, TONGUE = 0.002, 0.001  # degrees: side of a hole, height of a tongue that is one unit long
DAY = date(2026, 1, 1)


def borders(ends: tuple[Array, Array], random: np.random.Generator) -> Array:
    """Return winding lines between two arrays of corners, shape (…, SIDE_POINTS + 1, 2)."""
    start, end = ends
    along = np.linspace(0, 1, SIDE_POINTS + 1)
    sway = random.uniform(-0.04, 0.04, (*start.shape[:2], SIDE_POINTS + 1)) * np.sin(np.pi * along) ** 2
    step = (end - start)[..., None, :]
    across = np.stack([-step[..., 1], step[..., 0]], axis=-1)
    line: Array = start[..., None, :] + step * along[:, None] + across * sway[..., None]
    return line


def land(side: int, random: np.random.Generator, noise: float) -> Array:
    """Return side × side polygons that tile, lon/lat."""
    corners = np.stack(np.meshgrid(*[np.arange(side + 1.0)] * 2, indexing="ij"), axis=-1)
    corners += random.uniform(-0.2, 0.2, corners.shape)
    east, north = borders((corners[:-1], corners[1:]), random), borders((corners[:, :-1], corners[:, 1:]), random)
    rings = [
        np.concatenate([east[i, j][:-1], north[i + 1, j][:-1], east[i, j + 1][:0:-1], north[i, j][::-1]])
        for i in range(side)
        for j in range(side)
    ]
    points = np.round(np.stack(rings) * STEP + (WEST, SOUTH), 7)
    if noise:
        points += random.uniform(-noise, noise, points.shape)
        points[:, -1] = points[:, 0]
    made: Array = shapely.polygons(points)
    return made


def plant(units: Array, count: int, side: int, random: np.random.Generator) -> None:
    """Cut a hole into some units, and let as many others, no two of them near one another, reach into the next."""
    inner = [i * side + j for i in range(2, side - 2, 4) for j in range(2, side - 2, 4)]
    chosen = random.choice(inner, 2 * count, replace=False)
    for index in chosen[:count].tolist():
        x, y = shapely.get_coordinates(shapely.point_on_surface(units[index]))[0]
        units[index] = shapely.difference(units[index], shapely.box(x, y, x + HOLE, y + HOLE))
    for index in chosen[count:].tolist():
        x, y = shapely.get_coordinates(shapely.centroid(units[index]))[0]
        units[index] = shapely.union(units[index], shapely.box(x, y, x + STEP, y + TONGUE))


def edition(units: Array) -> Edition:
    """Return an edition of the units, with codes of a form."""
    codes = [f"ZH{100_000 + row // 900:06d}{row % 3 + 1}{row % 900:04d}" for row in range(len(units))]
    columns = pa.table(
        {"code": codes, "name": [f"unit {code}" for code in codes], "class": [code[8] for code in codes]}
    )
    form = CodeForm(r"ZH(?P<area>\d{6})(?P<class>[123])\d{4}", {key: key for key in "123"})
    layers = {"units": Layer("units", "units", units, columns, accuracy_m=10.0)}
    declared = Land(layers={"units": Ground(True, {}, form)})
    name = Words("臆造之地", "invented land")
    draft = Draft(name, Period(None, None), Rules(), layers, land=declared, silence="none")
    return compiled(draft)


def measured(side: int, faults: int, noise: float) -> dict[str, Any]:
    """Return what a check of such a land found and took.

    Raises
    ------
    AssertionError
        Where it did not find what was planted.
    """
    random = np.random.default_rng(SEED)
    units = land(side, random, noise)
    plant(units, faults, side, random)
    made = edition(units)
    took: dict[str, float] = {}
    kinds: dict[str, int] = {}
    for check in (check_coverage, check_codes):
        clock, busy = time.perf_counter(), time.process_time()
        for finding in check(made, DAY):
            kinds[finding.kind] = kinds.get(finding.kind, 0) + 1
        took[check.__name__] = round(time.perf_counter() - clock, 1)
        took[f"{check.__name__}_processor"] = round(time.process_time() - busy, 1)
    assert kinds.get("gap", 0) == faults, kinds
    assert kinds.get("overlap", 0) + kinds.get("overlap_sliver", 0) >= faults, kinds
    assert set(kinds) <= {"gap", "overlap", "overlap_sliver"}, kinds
    vertices = int(shapely.get_num_coordinates(units).sum())
    return {
        "units": len(units),
        "vertices": vertices,
        "noise_degrees": noise,
        "planted": faults,
        "found": kinds,
        **took,
    }


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=212, help="units along a side of the land (212)")
    parser.add_argument("--faults", type=int, default=200, help="holes, and as many tongues (200)")
    parser.add_argument("--noise", type=float, nargs="*", default=[0.0, 1e-9], help="degrees (0 and 1e-9)")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "land.json")
    asked = parser.parse_args()
    runs = [measured(asked.side, 0, 0.0), *(measured(asked.side, asked.faults, noise) for noise in asked.noise)]
    about = {
        "seed": SEED,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "shapely": version("shapely"),
        "geos": ".".join(map(str, shapely.geos_version)),
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    asked.out.write_text(json.dumps({**about, "runs": runs}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
