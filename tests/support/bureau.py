"""Folders as bureaus have them, written by code: maps of squares in any system and format, lists in any layout."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyproj
import shapely
from pyogrio.raw import write

from yudi.territory.edition import Edition
from yudi.territory.items import Items

CODES = ("ZH99010110001", "ZH99010120002", "ZH99010120003", "ZH99010230004")
"""Four units of an invented city, one priority, two key, one general; the last in another county."""
NAMES = ("甲县优先保护单元—白鹤公园", "甲县重点管控单元—东山园区", "甲县重点管控单元—西岭园区", "乙县一般管控单元")
DIMENSIONS = ("空间布局约束", "污染物排放管控", "环境风险防控", "资源利用效率")
SENTENCES = (
    "1.禁止新建化工项目。2.禁止新建、扩建采石项目。",
    "新增化学需氧量实行等量替代。",
    "化工企业应当建设事故应急池。",
    "无",
)
Move = Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]


def squares(count: int = 4, *, west: float = 107.0, south: float = 30.0) -> list[Any]:
    """Return squares of 0.01 degrees side by side, lon/lat."""
    return [shapely.box(west + at * 0.01, south, west + (at + 1) * 0.01, south + 0.01) for at in range(count)]


def shifted(code: int) -> Move:
    """Return a function from lon/lat to east, north of an EPSG code."""
    there = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{code}", always_xy=True)
    return lambda xy: np.stack(there.transform(*xy.T), axis=1)


def write_map(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    *,
    shapes: Sequence[Any] | None = None,
    crs: str | None = "EPSG:4490",
    move: Move | None = None,
    **options: Any,
) -> Path:
    """Write a layer in the format of the name's ending; without shapes, squares in a row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = len(next(iter(columns.values())))
    given = list(shapes) if shapes is not None else squares(count)
    moved = np.array([shape if move is None else shapely.transform(shape, move) for shape in given], dtype=object)
    kind = {0: "Point", 1: "LineString", 2: "Polygon"}[int(shapely.get_dimensions(moved[0]))]
    if path.suffix == ".gdb":
        options.setdefault("driver", "OpenFileGDB")
        kind = f"Multi{kind}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = [np.array(list(column), dtype=object) for column in columns.values()]
        fields = np.array(list(columns), dtype=object)
        write(path, shapely.to_wkb(moved), values, fields, geometry_type=kind, crs=crs, **options)
    return path


def write_units(path: Path, *, rows: Sequence[int] = (0, 1, 2, 3), **options: Any) -> Path:
    """Write units with the columns HJGKDYBM and HJGKDYMC."""
    columns = {"HJGKDYBM": [CODES[row] for row in rows], "HJGKDYMC": [NAMES[row] for row in rows]}
    shapes = options.pop("shapes", None) or [squares()[row] for row in rows]
    return write_map(path, columns, shapes=shapes, **options)


def wide(
    rows: Sequence[int] = (0, 1, 2, 3), *, head: Sequence[str] = DIMENSIONS, code: str = "管控单元编码"
) -> list[list[str]]:
    """Return a wide list: the header, and a row for each unit."""
    return [[code, "管控单元名称", *head], *([CODES[row], NAMES[row], *SENTENCES] for row in rows)]


def write_book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, merged: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """Write an Excel file with these sheets, and ranges of them merged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for place in (merged or {}).get(name, ()):
            sheet.merge_cells(place)
    book.save(path)
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8") -> Path:
    """Write a text file with commas, every cell in quotation marks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows)
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def filled(path: Path, **values: str) -> Path:
    """Fill the lines that a person must fill, as a person does: take off the mark, write the value; change other lines."""
    given = {"name": '"试"', "valid_from": "2024-01-01", "accuracy_m": "50", **values}
    lines = path.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        key, is_assignment, _ = line.removeprefix("# ").partition(" = ")
        if is_assignment and key in given and (line.startswith("# ") or key in values):
            lines[at] = f"{key} = {given.pop(key)}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def differences(one: Edition, other: Edition) -> dict[str, Any]:
    """Return how two editions differ in units, layers, what lists say, clauses and tables; what is alike is left out."""
    return {
        name: (left, right)
        for name, left, right in (
            ("units", sorted(one.units.column("code") or ()), sorted(other.units.column("code") or ())),
            ("classes", sorted(one.units.column("class") or ()), sorted(other.units.column("class") or ())),
            ("layers", sorted(one.layers), sorted(other.layers)),
            ("roles", _roles(one), _roles(other)),
            ("lists", sum(1 for _ in Items(one).records()), sum(1 for _ in Items(other).records())),
            (
                "clauses",
                Counter(item.effect for item in one.rules.clauses),
                Counter(item.effect for item in other.rules.clauses),
            ),
            ("bound", one.clause_count, other.clause_count),
            (
                "status",
                sorted(table.fact for table in one.rules.status),
                sorted(table.fact for table in other.rules.status),
            ),
        )
        if left != right
    }


def _roles(edition: Edition) -> dict[str, str]:
    return {name: layer.role for name, layer in edition.layers.items()}
