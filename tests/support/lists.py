"""Small schemes with lists of our own sentences: squares on a map, a list as CSV or Excel, and a scheme that names them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from yudi.formats.schemes import read_scheme
from yudi.territory.draft import compiled
from yudi.territory.edition import Edition
from yudi.territory.items import Items

UNITS = {
    "ZH99010110001": "甲县优先保护单元—白鹤公园",
    "ZH99010120002": "甲县重点管控单元—东山园区",
    "ZH99010120003": "甲县重点管控单元—西岭园区",
    "ZH99010230004": "乙县一般管控单元",
}
LAKE, EAST, WEST, FIELD = UNITS
"""Codes of the four units, in the order of the map."""
DIMENSIONS = ("空间布局约束", "污染物排放管控", "环境风险防控", "资源利用效率")
HEAD = """{top}
[scheme]
name = {{ zh = "试", en = "test" }}
valid_from = 2024-01-01
accuracy_m = 50
packs = ["cn-base"]

[scheme.codes]
pattern = 'ZH(?P<area>\\d{{6}})(?P<class>[123])\\d{{4}}'
classes = {{ 1 = "priority", 2 = "key", 3 = "general" }}

[[layers]]
name = "units"
role = "units"
path = "units.geojson"
columns = {{ code = "CODE", name = "NAME" }}
"""
LIST = '\n[[lists]]\npath = "list.csv"\n'


def scheme(
    folder: Path,
    rows: Sequence[Sequence[Any]] | Mapping[str, Sequence[Sequence[Any]]],
    *,
    lists: str = LIST,
    top: str = "",
    units: Mapping[str, str] = UNITS,
    layers: str = "",
) -> Path:
    """Write a scheme with a list: rows of one CSV, or of the sheets of an Excel file; return its scheme.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    write_map(folder / "units.geojson", units)
    if isinstance(rows, Mapping):
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, cells in rows.items():
            sheet = book.create_sheet(name)
            for row in cells:
                sheet.append(list(row))
        book.save(folder / "list.xlsx")
    else:
        lines = (",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows)
        (folder / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = folder / "scheme.toml"
    path.write_text(HEAD.format(top=top) + layers + lists, encoding="utf-8")
    return path


def write_map(path: Path, named: Mapping[str, str], *, west: float = 107.0) -> None:
    """Write squares of 0.01 degrees in a row, each with its code and name."""
    features = []
    for at, (code, name) in enumerate(named.items()):
        left, right = west + at * 0.01, west + (at + 1) * 0.01
        ring = [[left, 30.0], [right, 30.0], [right, 30.01], [left, 30.01], [left, 30.0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"CODE": code, "NAME": name}, "geometry": shape})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def built(path: Path) -> Edition:
    """Return the edition that a scheme makes, without an id."""
    return compiled(read_scheme(path))


def items_of(edition: Edition) -> list[dict[str, Any]]:
    """Return the records of an edition's items."""
    return list(Items(edition).records())


def wide(cells: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return a wide sheet: a row a unit, a column a dimension; what is not given is empty."""
    return [["管控单元编码", *DIMENSIONS], *([code, *row, *[""] * (4 - len(row))] for code, row in cells.items())]
