"""Three invented districts on a real river, on which the sample of Chongqing is tried without the network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sample.city import City, city_of, read_river_lines
from sample.districts import District
from sample.naming import Town
from sample.outlines import area_m2
from sample.units import Quota
from shapely.geometry import Polygon

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "chongqing"
DATA = EXAMPLE / "data"
WEST, STEP, SOUTH, NORTH = 106.9, 0.4, 29.4, 30.1


def quotas(*pairs: tuple[int, float]) -> dict[str, Quota]:
    """Return quotas of (number of units, share of area) for priority, key and general."""
    return {kind: Quota(*pair) for kind, pair in zip(("priority", "key", "general"), pairs, strict=True)}


# The codes are those of districts thereabouts; borders and quotas are not theirs. The last counts among the central ones.
DISTRICTS = [
    District("500102", "500102", "甲区", quotas((8, 0.3), (5, 0.2), (4, 0.5)), published=True),
    District("500115", "500115", "乙区", quotas((6, 0.254), (7, 0.346), (3, 0.4)), published=True),
    District("500103", "500103", "丙区", quotas((5, 0.2), (6, 0.8), (0, 0.0)), published=False),
]


def shapes() -> dict[str, Polygon]:
    """Return the districts side by side, with borders that wind and share their points."""
    return {item.key: _strip(index) for index, item in enumerate(DISTRICTS)}


def _strip(index: int) -> Polygon:
    left, right = _border(index), _border(index + 1)
    return Polygon(np.concatenate([left, right[::-1]]))


def _border(index: int) -> np.ndarray:
    lat = np.linspace(SOUTH, NORTH, 80)
    lon = WEST + STEP * index + 0.02 * np.sin(40 * lat + index) + 0.01 * np.sin(171 * lat)
    return np.round(np.column_stack([lon, lat]), 7)


def towns() -> list[Town]:
    """Return eight places in each district, the largest first."""
    random = np.random.default_rng(5)
    found = []
    for index, item in enumerate(DISTRICTS):
        for number in range(8):
            at = (WEST + STEP * (index + random.uniform(0.15, 0.85)), random.uniform(SOUTH + 0.05, NORTH - 0.05))
            population = 300_000 if number == 0 else int(random.uniform(2_000, 60_000))
            found.append(
                Town(f"{item.name_zh[0]}镇{'一二三四五六七八'[number]}", f"town {number}", item.code, population, at)
            )
    return sorted(found, key=lambda town: -town.population)


def city(seed: int = 7) -> City:
    """Return units and waters of the invented districts."""
    return city_of(DISTRICTS, shapes(), read_river_lines(DATA), towns(), seed=seed)


def total_area(pieces: np.ndarray) -> float:
    """Return the area of shapes in m2 of the sample's plane."""
    return float(area_m2(np.asarray(pieces, dtype=object)).sum())
