"""What was published, as tables beside the maps: districts, numbers of units, shares of area. `edition check` holds the map to them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .city import City
from .layers import Layer
from .naming import CLASS_ZH
from .status import csv_bytes

__all__ = ["districts_layer", "published_tables"]

_CARVED = "500110"  # Wansheng is cut out of it, so that its published area is no longer that of its units


def districts_layer(city: City) -> Layer:
    """Return the districts as they were before they were cut into units: the region that these must cover."""
    columns = {
        "code": [district.key for district, _ in city.borders],
        "invented": [district.key != district.code for district, _ in city.borders],
    }
    return Layer("districts", np.array([*(shape for _, shape in city.borders), None], dtype=object)[:-1], columns)


def published_tables(city: City, data: Path) -> dict[str, bytes]:
    """Return the tables by name, as CSV: codes of districts, units by class of each, areas in km2.

    Numbers of units and their shares are printed with a sum over the districts that are printed; those of other
    districts are invented and stand in no table.
    """
    districts = [district for district, _ in city.borders]
    codes: list[Sequence[object]] = [("code", "name_zh"), *((item.key, item.name_zh) for item in districts)]
    return {
        "districts": csv_bytes(codes),
        "published_units": csv_bytes(_units(data, {item.name_zh for item in districts})),
        "published_areas": csv_bytes(_areas(data, {(item.key, item.name_zh) for item in districts})),
    }


def _units(data: Path, names: set[str]) -> list[Sequence[object]]:
    with (data / "control_units_2023.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["district"] in names]
    counts = [f"{kind}_units" for kind in CLASS_ZH]
    header = ["区县"]
    for label in CLASS_ZH.values():
        header += [f"{label}数", f"{label}面积占比"]
    parts = ("units", "area_pct")
    printed = [[row["district"], *(row[f"{kind}_{part}"] for kind in CLASS_ZH for part in parts)] for row in rows]
    sums = [sum(int(row[count]) for row in rows) for count in counts]
    total = ["合计", *(cell for one in sums for cell in (one, ""))]
    return [header, *printed, *([total] if rows else [])]


def _areas(data: Path, named: set[tuple[str, str]]) -> list[Sequence[object]]:
    with (data / "gbt2260_chongqing.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if (row["code"], row["name_zh"]) in named and row["code"] != _CARVED
        ]
    return [("区县代码", "区县", "面积"), *((row["code"], row["name_zh"], row["area_km2_published"]) for row in rows)]
