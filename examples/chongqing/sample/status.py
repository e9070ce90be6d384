"""Status tables: what the authorities are said to know of districts, with dates. All invented."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .city import City
from .shapes import random_for

__all__ = ["csv_bytes", "status_tables"]

_POLLUTANTS = ("COD", "NH3-N", "VOCs", "NOx")
_BASE = {"COD": 900.0, "NH3-N": 60.0, "VOCs": 400.0, "NOx": 700.0}  # t/a left to a district, in the middle


def status_tables(city: City) -> dict[str, bytes]:
    """Return the tables by name, as CSV: targets missed, approvals suspended, headroom, water use."""
    random = random_for(city.seed, "status")
    districts = list(dict.fromkeys((unit.district.key, unit.district.name_zh) for unit in city.units))
    tables = {
        "water_target": _targets(random, districts, 0.15),
        "pm25_target": _targets(random, districts, 0.3),
        "suspended": _suspended(random, districts),
        "water_zones": _off_target(random, city),
        "water_near_limit": _near_limit(random, districts),
        "headroom_water_use": _headroom(random, districts, 4_000_000.0),
    }
    for pollutant in _POLLUTANTS:
        tables[f"headroom_{pollutant}"] = _headroom(random, districts, _BASE[pollutant])
    return {name: csv_bytes(rows) for name, rows in tables.items()}


def _targets(random: np.random.Generator, districts: list[tuple[str, str]], share: float) -> list[Sequence[object]]:
    """Return for each district and year whether the target of the year before was missed."""
    rows: list[Sequence[object]] = [("区县代码", "区县", "上一年度未达标", "起", "止")]
    for key, name in districts:
        for year in (2024, 2025, 2026):
            missed = "是" if random.random() < share else "否"
            rows.append((key, name, missed, f"{year}-03-01", f"{year + 1}-03-01"))
    return rows


def _suspended(random: np.random.Generator, districts: list[tuple[str, str]]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [("区县代码", "区县", "暂停审批", "起", "止")]
    for key, name in districts:
        if random.random() < 0.12:
            pollutant = ("NH3-N", "TP", "VOCs")[int(random.integers(3))]
            rows.append((key, name, pollutant, "2026-05-01", "2027-05-01"))
    return rows


def _near_limit(random: np.random.Generator, districts: list[tuple[str, str]]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [("区县代码", "区县", "接近控制指标", "起", "止")]
    near = random.random(len(districts)) < 0.1
    return rows + [
        (*item, "是", "2026-01-01", "2027-01-01") for item, is_near in zip(districts, near, strict=True) if is_near
    ]


def _off_target(random: np.random.Generator, city: City) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [("管控单元编码", "水功能区未达标", "起", "止")]
    off = random.random(len(city.units)) < 0.06
    found = [unit.code for unit, is_off in zip(city.units, off, strict=True) if is_off]
    return rows + [(code, "是", "2026-01-01", "2027-01-01") for code in found]


def _headroom(random: np.random.Generator, districts: list[tuple[str, str]], base: float) -> list[Sequence[object]]:
    """Return what each district may still give away; a few have nothing left."""
    rows: list[Sequence[object]] = [("区县代码", "区县", "剩余指标", "起", "止")]
    for key, name in districts:
        left = 0.0 if random.random() < 0.08 else round(base * float(random.uniform(0.1, 2.0)), 1)
        rows.append((key, name, left, "2026-01-01", "2027-01-01"))
    return rows


def csv_bytes(rows: list[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8 with the mark that spreadsheet programs put before it."""
    text = "\r\n".join(",".join(str(value) for value in row) for row in rows) + "\r\n"
    return text.encode("utf-8-sig")
