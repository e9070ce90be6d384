"""The districts of the sample with what was published of their units; what was not published is invented, and says so."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .grids import cells_at, grid_over, grow
from .outlines import cut
from .terrain import noise, to_plane
from .units import CLASSES, Quota

__all__ = ["District", "carve", "published_areas", "read_districts"]

WANSHENG_KM2 = 566.0  # of the former district, recalled
_WANSHENG = ("500110", "500110-WS", "万盛经开区")  # inside which district, its key here, its name
_WANSHENG_AT = (106.92, 28.96)


@dataclass(frozen=True)
class District:
    """An area with units of its own: its key, the six digits in its units' codes, name, quotas by class."""

    key: str
    code: str
    name_zh: str
    quotas: dict[str, Quota]
    published: bool


def read_districts(data: Path, *, seed: int) -> list[District]:
    """Return the 38 districts and Wansheng with their quotas; those without a published row get invented ones."""
    with (data / "control_units_2023.csv").open(encoding="utf-8") as file:
        published = {row["district"]: row for row in csv.DictReader(file)}
    with (data / "gbt2260_chongqing.csv").open(encoding="utf-8") as file:
        rows = [(row["code"], row["code"], row["name_zh"]) for row in csv.DictReader(file)]
    inside, key, name = _WANSHENG
    rows.insert([code for code, _, _ in rows].index(inside) + 1, (key, inside, name))
    districts = []
    for index, (own, code, name_zh) in enumerate(rows):
        row = published.get(name_zh)
        quotas = _quotas(row) if row else _invented(np.random.default_rng([seed, 5, index]))
        districts.append(District(own, code, name_zh, quotas, row is not None))
    return districts


def _quotas(row: dict[str, str]) -> dict[str, Quota]:
    """Return a published row; the shares are rounded and need not add up to 100, so they are brought to 1."""
    shares = {kind: float(row[f"{kind}_area_pct"]) for kind in CLASSES}
    total = sum(shares.values())
    return {kind: Quota(int(row[f"{kind}_units"]), shares[kind] / total) for kind in CLASSES}


def _invented(random: np.random.Generator) -> dict[str, Quota]:
    priority, key = round(float(random.uniform(0.42, 0.58)), 3), round(float(random.uniform(0.015, 0.07)), 3)
    counts = (int(random.integers(9, 15)), int(random.integers(3, 6)), int(random.integers(2, 5)))
    shares = (priority, key, 1 - priority - key)
    return {kind: Quota(count, share) for kind, count, share in zip(CLASSES, counts, shares, strict=True)}


def published_areas(data: Path) -> dict[str, float]:
    """Return the published area of each district, km2, by its code."""
    with (data / "gbt2260_chongqing.csv").open(encoding="utf-8") as file:
        return {row["code"]: float(row["area_km2_published"]) for row in csv.DictReader(file)}


def carve(shapes: dict[str, BaseGeometry], *, seed: int) -> dict[str, BaseGeometry]:
    """Return the shapes with Wansheng cut out of Qijiang: about its area, an invented border."""
    inside, key, _ = _WANSHENG
    whole = shapes[inside]
    grid = grid_over(shapely.transform(whole, to_plane), 16_000)
    x, y = grid.x, grid.y
    middle = to_plane(np.array([_WANSHENG_AT]))
    costs: Any = np.exp(1.8 * noise(x, y, seed + 3, grid.cell * 30, 3)).tolist()
    cells = int(WANSHENG_KM2 * 1e6 / grid.cell**2)
    owner, _ = grow(grid, grid.domain, [int(cells_at(grid, *middle.T)[0])], [costs], cells)
    labels = np.where(grid.domain, np.where(owner >= 0, 1, 0), -1)
    rest, part = cut(whole, grid, labels, 2)
    return {**shapes, inside: rest, key: part}
