"""The printed items of an edition's lists: what the reader found in each, where it stands, and how often."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from yudi.core.words import Words
from yudi.territory.edition import Edition, ItemTable
from yudi.territory.lists import Listed
from yudi.territory.printed import Part, part_from
from yudi.territory.prose import text_key

__all__ = ["EFFECT_WORDS", "Items", "item_table"]

EFFECT_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "forbid": Words("禁止", "forbids"),
        "require": Words("要求", "requires"),
        "quota": Words("总量", "caps"),
        "offset": Words("替代", "offsets"),
        "consult": Words("论证", "consults"),
        "note": Words("说明", "notes"),
        "silent": Words("未规定", "is silent"),
        "defer": Words("从其他单元", "defers"),
    }
)
"""How people call what a clause does."""


def item_table(lists: Sequence[Mapping[str, str]], listed: Sequence[Listed]) -> ItemTable:
    """Return the printed items of several lists as one table; the same lists give the same table.

    Parameters
    ----------
    lists : sequence of mapping
        What `ItemTable` keeps of each list.
    """
    texts: dict[Any, int] = {}
    same: dict[Any, int] = {}
    alike: list[int] = []
    columns: dict[str, list[Any]] = {name: [] for name in ("list", "key", "dimension", "label", "number", "text")}
    for number, part in enumerate(listed):
        place = [texts.setdefault(text, len(texts)) for text in part.texts]
        for text in list(texts)[len(alike) :]:
            found = [part_from(data) for data in json.loads(text.parts)]
            shape = text_key(text.masked), tuple((text_key(one.masked_head), one.effects, one.formal) for one in found)
            alike.append(same.setdefault(shape, len(same)))
        columns["list"] += [number] * len(part.items)
        for name, values in zip(("key", "dimension", "label", "number"), zip(*part.items, strict=True), strict=False):
            columns[name] += values
        columns["text"] += [place[item.text] for item in part.items]
    kinds = {"list": pa.int32(), "text": pa.int32()}
    rows = pa.table({name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()})
    kept = {
        "text": pa.array([text.text for text in texts], pa.string()),
        "masked": pa.array([text.masked for text in texts], pa.string()),
        "same": pa.array(alike, pa.int32()),
        "tags": pa.array([list(text.tags) for text in texts], pa.list_(pa.string())),
        "parts": pa.array([text.parts for text in texts], pa.string()),
    }
    return ItemTable(pa.table(kept), rows, tuple(lists))


@dataclass(frozen=True)
class Items:
    """The items of an edition, to be listed and counted."""

    edition: Edition

    @cached_property
    def _table(self) -> ItemTable:
        return self.edition.items()

    @cached_property
    def parts(self) -> list[tuple[Part, ...]]:
        """The parts of each text."""
        if not len(self):
            return []
        return [tuple(map(part_from, json.loads(text))) for text in self._table.texts.column("parts").to_pylist()]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Where each printed item stands, in the order of the lists."""
        return list(self._table.rows.to_pylist())

    @cached_property
    def texts(self) -> list[dict[str, Any]]:
        """Each text with ``masked``, ``same`` and ``tags``."""
        return list(self._table.texts.drop_columns(["parts"]).to_pylist())

    def __len__(self) -> int:
        return int(self._table.rows.num_rows)

    def units(self, row: Mapping[str, Any]) -> Sequence[int]:
        """Return the units in which an item stands, as places among the units."""
        kind = self._table.lists[row["list"]]["key"] if row["key"] else "all"
        if kind == "all":
            return range(len(self.edition.units.geometry))
        if kind == "code":
            index = self.edition.unit_index.get(row["key"])
            return () if index is None else (index,)
        return self._by_column(kind).get(row["key"], ())

    @cached_property
    def counts(self) -> list[int]:
        """In how many units each text stands, names of places hidden; of `same` texts the same number."""
        groups = [text["same"] for text in self.texts]
        found = self._counted((groups[row["text"]], self.units(row)) for row in self.rows)
        return [found.get(group, 0) for group in groups]

    def _counted(self, stands: Iterable[tuple[int, Sequence[int]]]) -> dict[int, int]:
        """Return in how many different units each group stands."""
        groups_flat: list[int] = []
        units_flat: list[int] = []
        for group, units in stands:
            groups_flat += [group] * len(units)
            units_flat += units
        size = max(len(self.edition.units.geometry), 1)
        pairs = np.unique(np.array(groups_flat, np.int64) * size + np.array(units_flat, np.int64))
        groups, counts = np.unique(pairs // size, return_counts=True)
        return dict(zip(groups.tolist(), counts.tolist(), strict=True))

    def records(self, search: str = "") -> Iterator[dict[str, Any]]:
        """Yield one record for each printed item and key, in the order of the lists.

        Parameters
        ----------
        search : str
            Only items whose key, number or text holds this, small and capital letters alike.
        """
        wanted = search.casefold()
        for row in self.rows:
            text = self.texts[row["text"]]
            if wanted in f"{row['key']} {row['number']} {row['label']} {text['text']}".casefold():
                yield self._record(row, text)

    def _record(self, row: Mapping[str, Any], text: Mapping[str, Any]) -> dict[str, Any]:
        parts = self.parts[row["text"]]
        entry = self._table.lists[row["list"]]
        clauses = list(self._clauses(row, parts))
        dimension = self.edition.dimensions.get(row["dimension"])
        return {
            "unit": row["key"] or "all",
            "dimension": row["dimension"],
            "label": row["label"] or (dimension.get("zh") if dimension else ""),
            "item": row["number"],
            "text": text["text"],
            "effect": _unique(effect for part in parts for effect in part.clause_effects),
            "terms": _unique(term for part in parts for term in part.terms),
            "exceptions": _unique(words for part in parts for words in part.exceptions),
            "zone": "；".join(_unique(part.zone for part in parts if part.zone)) or None,
            "units": self.counts[row["text"]],
            "head": next((part.head for part in parts if part.head), None),
            "tags": text["tags"],
            "list": entry["name"] or entry["file"],
            "masked": text["masked"],
            "clauses": clauses,
        }

    def _clauses(self, row: Mapping[str, Any], parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
        """Yield the clauses of an item, with the ids that they have in the unit, of several in the first."""
        for part in parts:
            for position, effect in enumerate(part.clause_effects):
                name = self.clause_id(row, part, position)
                if not name:
                    return
                yield {
                    "id": name,
                    "text": part.text,
                    "effect": effect,
                    "because": [f"{table}:{line}" for table, line in part.because],
                    "formalised": bool(part.formal),
                }

    def clause_id(self, row: Mapping[str, Any], part: Part, position: int = 0) -> str:
        """Return the id of a part's clause in the unit, of several units in the first; empty where it stands in none."""
        entry = self._table.lists[row["list"]]
        if not row["key"] or entry["key"] == "all":
            start = entry["name"] or "list"
        else:
            units = self.units(row)
            if not len(units):
                return ""
            start = self.edition.unit_code(units[0]) + entry["part"]
        number = f"{row['number']}{part.letter}" + (f".{position + 1}" if position else "")
        return "/".join(word for word in (start, row["dimension"], number) if word)

    def _by_column(self, kind: str) -> Mapping[str, list[int]]:
        return self._columns.setdefault(kind, self._grouped(kind))

    @cached_property
    def _columns(self) -> dict[str, Mapping[str, list[int]]]:
        return {}

    def _grouped(self, kind: str) -> Mapping[str, list[int]]:
        if kind in self._columns:
            return self._columns[kind]
        found: dict[str, list[int]] = {}
        for index, value in enumerate(self.edition.units.column(kind) or ()):
            found.setdefault(str(value or ""), []).append(index)
        return found


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
