"""The lists: one row of prose per unit in four dimensions, as real lists are, with the dirt that they have.

Which sentences a unit has depends on its class and on what lies in it. Numbering, tags, broken lines and ways of saying
"nothing" differ from district to district, as if many hands had written them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import shapely
import yaml
from openpyxl import Workbook

from .city import City
from .layers import Layer
from .naming import CLASS_ZH

__all__ = ["CITY_HEADER", "DIMENSIONS", "HEADER", "Sentence", "city_rows", "read_sentences", "unit_rows", "workbook"]

DIMENSIONS = {"space": "空间布局约束", "emission": "污染物排放管控", "risk": "环境风险防控", "resource": "资源利用效率"}
# Header of the wide sheet; some of it with the line breaks and blanks that real ones have.
HEADER = [
    "环境管控单元编码",
    "环境管控单元名称",
    "管控单元分类",
    "区县",
    "空间布局约束\n",
    "污染物排放管控",
    " 环境风险防控",
    "资源利用效率",
]
CITY_HEADER = ["序号", "管控维度", "管控要求"]
_WITHOUT_ROW = 0.015  # of the units
_DAY = (2024, 1, 1, 0, 0, 0)
# What lies in a unit and is a tag of sentences: layer, and of which features.
_TAGS = {
    "yangtze": ("rivers", "grade", "main"),
    "river": ("rivers", "grade", "important"),
    "source": ("source_zones", "", ""),
    "reserve": ("reserves", "", ""),
    "scenic": ("scenic_areas", "", ""),
    "drawdown": ("reservoir_drawdown", "", ""),
    "karst": ("karst", "", ""),
    "farmland": ("farmland", "", ""),
    "no_burn": ("no_burn_zones", "", ""),
    "heat": ("heat_networks", "", ""),
    "supply": ("supply_areas", "", ""),
    "groundwater": ("groundwater_limits", "", ""),
    "park": ("parks", "", ""),
    "chemical": ("parks", "kind", "chemical"),
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of the list: for which units, how many of those have it, and what stands below it."""

    id: str
    dimension: str
    where: tuple[str, ...]
    share: float
    text: str
    items: tuple[str, ...] = ()


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of the file, in its order."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Sentence(**{**row, "where": tuple(row["where"]), "items": tuple(row.get("items", ()))}) for row in rows]


def unit_rows(city: City, layers: Mapping[str, Layer], sentences: Sequence[Sentence]) -> list[list[str]]:
    """Return a row per unit: code, name, class, district, four cells; a few units have none."""
    tags, parks = _tags(city, layers)
    rows: list[list[str]] = []
    for index, unit in enumerate(city.units):
        random = np.random.default_rng([city.seed, 29, index])
        if unit.kind != "priority" and random.random() < _WITHOUT_ROW * 2:
            continue
        hand = _hand(city.seed, unit.district.key)
        cells = []
        for dimension in DIMENSIONS:
            chosen = [item for item in sentences if item.dimension == dimension and tags[index] & set(item.where)]
            kept = [item for item in chosen if random.random() < item.share]
            cells.append(hand.cell(kept, parks[index], random))
        rows.append([unit.code, unit.name, CLASS_ZH[unit.kind], unit.district.name_zh, *cells])
    return rows


def city_rows(sentences: Sequence[Sentence]) -> list[list[str]]:
    """Return what is said of the whole city: number, dimension, text."""
    own = [item for item in sentences if "city" in item.where]
    return [[str(number), DIMENSIONS[item.dimension], item.text] for number, item in enumerate(own, start=1)]


def _tags(city: City, layers: Mapping[str, Layer]) -> tuple[list[set[str]], list[str]]:
    """Return the tags of each unit, and the name of its park or a word for it."""
    tree = shapely.STRtree([unit.shape for unit in city.units])
    tags = [{unit.subclass} for unit in city.units]
    parks = ["园区"] * len(city.units)
    for tag, (name, column, value) in _TAGS.items():
        made = layers[name]
        chosen = [i for i in range(len(made.shapes)) if not column or made.columns[column][i] == value]
        feature, unit = tree.query(made.shapes[chosen], predicate="intersects")
        for at, found in zip(feature.tolist(), unit.tolist(), strict=True):
            tags[found].add(tag)
            if tag == "park":
                parks[found] = made.columns["name_zh"][chosen[at]]
    return tags, parks


@dataclass(frozen=True)
class _Hand:
    """How one district writes: numbering, numbering below a head, tags, words for nothing, width of the column."""

    numbering: str
    below: str
    tagged: bool
    nothing: tuple[str, ...]
    width: int

    def cell(self, sentences: Sequence[Sentence], park: str, random: np.random.Generator) -> str:
        """Return the sentences as the text of a cell."""
        if not sentences:
            return self.nothing[int(random.integers(len(self.nothing)))]
        bare = len(sentences) == 1 and not sentences[0].items
        lines = []
        for number, item in enumerate(sentences, start=1):
            text = item.text.replace("{park}", park)
            tag = f"【{_tag(text)}】" if self.tagged else ""
            lines.append(tag + text if bare else self.numbering.format(number, _IDEOGRAPHS[number]) + tag + text)
            for below, part in enumerate(item.items, start=1):
                stop = "。" if below == len(item.items) else "；"
                lines.append(self.below.format(below, _IDEOGRAPHS[below]) + part + stop)
        is_copied = random.random() < 0.2  # out of a page, with its line ends
        return "\n".join(_broken(line, self.width) if is_copied else line for line in lines)


_IDEOGRAPHS = "〇一二三四五六七八九十"
_HANDS = (
    ("{0}.", "（{0}）"),
    ("{0}、", "（{0}）"),
    ("（{0}）", "{0}）"),
    ("{1}、", "（{1}）"),
    ("第{1}条 ", "（{1}）"),
    ("{0}.", "{0}）"),
)


def _hand(seed: int, district: str) -> _Hand:
    random = np.random.default_rng([seed, 31, *district.encode()])
    numbering, below = _HANDS[int(random.integers(len(_HANDS)))]
    nothing = (("无",), ("/",), ("无", "/"), ("", "无"), ("无相关要求",))[int(random.integers(5))]
    return _Hand(numbering, below, bool(random.random() < 0.25), nothing, int(random.integers(16, 30)))


def _tag(text: str) -> str:
    if re.search("禁止|严禁|不得(?!低于)|不再", text):
        return "禁止类"
    return "鼓励引导类" if re.match("推|加|引导|提高", text) else "综合类"


def _broken(line: str, width: int) -> str:
    """Return a line broken where a column of such a width ends; no line begins with a stop."""
    parts, rest = [], line
    while len(rest) > width:
        end = width
        while end < len(rest) and rest[end] in "，。；：、）”":
            end += 1
        parts.append(rest[:end])
        rest = rest[end:]
    return "\n".join([*parts, rest] if rest else parts)


def workbook(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return an Excel file with a title above the header, the same bytes each time."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:30]
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    written = BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _without_clock(content: bytes) -> bytes:
    """Return the file with one day for all that carries a time."""
    stamp = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    same = datetime(*_DAY).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            data = stamp.sub(same, data) if name == "docProps/core.xml" else data
            new.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
