"""How well cells of prose are read: items split, effects, bans lost, against labels made by hand.

    python benchmarks/wording/score.py LISTS.csv LABELS.csv [--pack packs/cn] [--show] [--json FILE]

LISTS has the columns unit_code, dimension_label and text. LABELS has none of the text: an item is named by its unit,
its dimension and the span of its words in the cell without blanks, so that lists that may not be carried can be used.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from yudi.formats.rule_files import read_pack
from yudi.territory.prose import Item, Wording, read_cell, strictest, wording

OUTER = "。；;，,、.:：!！?？"
SLACK = 3
"""Characters by which the ends of two spans of one item may differ: stops, brackets, what closes a number."""

PLAIN_VERBS = (
    ("forbid", "禁止|严禁|不得|不予|不再"),
    ("consult", "原则上|严格限制|严格控制|限制"),
    ("offset", "替代|置换"),
    ("quota", "总量|只减不增"),
    ("require", "应|须|需|必须|达到|执行|不低于"),
    ("note", "推进|加强|鼓励|推动|引导|完善"),
)
"""The peer: a table of verbs, of which the first that stands in the item decides."""


@dataclass(frozen=True)
class Label:
    """One item as a person reads it."""

    unit: str
    dimension: str
    item: str
    span: tuple[int, int]
    effects: tuple[str, ...]
    part: str


@dataclass(frozen=True)
class Found:
    """One item as the reader reads it."""

    number: str
    span: tuple[int, int]
    clauses: tuple[tuple[tuple[int, int], tuple[str, ...]], ...]
    head_start: int


@dataclass(frozen=True)
class Row:
    """A label held against what was found at its place, by the reader and by the peer."""

    label: Label
    text: str
    found: tuple[str, ...]
    plain: tuple[str, ...]
    is_split: bool


def bare(text: str) -> str:
    """Return the text without blanks and line ends."""
    return re.sub(r"\s+", "", text)


def found_items(text: str, tables: Wording) -> list[Found]:
    """Return the items of a cell, each once a printed number, with its span in the cell without blanks."""
    cell, cursor = bare(text), 0
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in read_cell(text, tables):
        groups[item.group].append(item)
    out = []
    for number, items in groups.items():
        starts, ends, clauses = [], [], []
        for item in items:
            at = cell.find(bare(item.text), cursor)
            at = at if at >= 0 else max(cell.find(bare(item.text)), 0)
            starts.append(at)
            ends.append(at + len(bare(item.text)))
            clauses.append(((starts[-1], ends[-1]), item.effects))
            cursor = at
            ends += [end + len(bare(part)) for part in item.exceptions if (end := cell.find(bare(part), at)) >= 0]
        first, head = min(starts), bare(items[0].head or "")
        before = cell[:first].rstrip(OUTER + "（(")
        head_start = len(before) - len(head) if head and before.endswith(head) else first
        out.append(Found(number, (first, max(ends)), tuple(clauses), head_start))
    return out


def read_labels(path: Path) -> list[Label]:
    """Return the labels of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Label(
                row["unit"],
                row["dimension"],
                row["item"],
                (int(row["start"]), int(row["end"])),
                tuple(row["effects"].split(";")),
                row["part"],
            )
            for row in csv.DictReader(file)
        ]


def read_lists(path: Path) -> dict[tuple[str, str], str]:
    """Return the cells of a file by unit and dimension."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(row["unit_code"], row["dimension_label"]): row["text"] for row in csv.DictReader(file)}


def plain_effects(text: str) -> tuple[str, ...]:
    """Return what the peer reads in an item: the effect of the verb that stands first."""
    hits = [(match.start(), effect) for effect, verbs in PLAIN_VERBS if (match := re.search(verbs, text)) is not None]
    return (min(hits)[1],) if hits else ("note",)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return the number of characters that two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def effects_within(span: tuple[int, int], items: Sequence[Found]) -> tuple[str, ...]:
    """Return the effects of the clauses that lie for the greater part in a span, or that hold it, in order."""
    clauses = [clause for item in items for clause in item.clauses]
    sizes = [(overlap(span, place), place[1] - place[0], effects) for place, effects in clauses]
    found = [effects for shared, size, effects in sizes if shared * 2 > min(size, span[1] - span[0])]
    return tuple(dict.fromkeys(effect for effects in found for effect in effects))


def is_same_span(label: Label, found: Found, cell: str) -> bool:
    """Whether two spans are one but for stops and a few characters at the ends; a head right before may count in."""
    if label.span[0] == found.head_start:
        found = replace(found, span=(found.head_start, found.span[1]))
    starts = cell[min(label.span[0], found.span[0]) : max(label.span[0], found.span[0])]
    ends = cell[min(label.span[1], found.span[1]) : max(label.span[1], found.span[1])]
    return all(len(part.strip(OUTER + "（）()")) <= SLACK for part in (starts, ends))


def judged(labels: Sequence[Label], cells: Mapping[tuple[str, str], str], tables: Wording) -> list[Row]:
    """Return one row a label: what was found at its place, and whether split and effects are right."""
    rows = []
    for place in dict.fromkeys((label.unit, label.dimension) for label in labels):
        here = [label for label in labels if (label.unit, label.dimension) == place]
        cell = bare(cells[place])
        items = found_items(cells[place], tables)
        for label in here:
            near = [item for item in items if overlap(label.span, item.span)]
            best = max(near, key=lambda item: overlap(label.span, item.span), default=None)
            inside = [item for item in near if overlap(label.span, item.span) * 2 > item.span[1] - item.span[0]]
            effects = effects_within(label.span, items)
            text = cell[slice(*label.span)]
            is_split = best is not None and len(inside) == 1 and is_same_span(label, best, cell)
            rows.append(Row(label, text, effects, plain_effects(text), is_split))
    return rows


def decisive(effects: Iterable[str]) -> tuple[str, ...]:
    """Return the effects that decide something."""
    return tuple(effect for effect in effects if effect != "note")


def direction(label: Sequence[str], found: Sequence[str]) -> str:
    """Say whether a wrong reading errs towards asking a person or towards a pass."""
    if set(label) == set(found):
        return "right"
    order = ("forbid", "consult", "quota", "offset", "require", "note")
    missed = [effect for effect in decisive(label) if effect not in found]
    if not missed:
        return "towards asking"
    # What is missed is held up by something as strict on the same words, or it is a way to a pass.
    worst = min(missed, key=order.index)
    return "towards asking" if order.index(strictest(found)) <= order.index(worst) else "towards a pass"


def summary(rows: Sequence[Row], reader: str) -> dict[str, object]:
    """Return the figures of one part of the labels."""
    count = len(rows)
    pairs = [(row.label.effects, getattr(row, reader)) for row in rows]
    bans = [(label, found) for label, found in pairs if "forbid" in label]
    return {
        "items": count,
        "split_right": round(sum(row.is_split for row in rows) / count, 4),
        "effects_right": round(sum(set(label) == set(found) for label, found in pairs) / count, 4),
        "effects_right_in_order": round(sum(tuple(label) == tuple(found) for label, found in pairs) / count, 4),
        "decisive_right": round(sum(set(decisive(label)) == set(decisive(found)) for label, found in pairs) / count, 4),
        "bans": len(bans),
        "bans_read_as_note": sum(not decisive(found) for _, found in bans),
        "bans_without_forbid": sum("forbid" not in found for _, found in bans),
        "directions": dict(Counter(direction(label, found) for label, found in pairs)),
    }


def main() -> None:
    """Score the reader and the peer on each part of the labels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--pack", type=Path, default=Path(__file__).parents[2] / "packs" / "cn")
    parser.add_argument("--part", help="only this part of the labels")
    parser.add_argument("--show", action="store_true", help="print every item that is read otherwise than labelled")
    parser.add_argument("--json", type=Path, help="write the figures here")
    asked = parser.parse_args()
    if not asked.lists.is_file():
        sys.exit(f"error: expected a list, found none at {asked.lists}")
    tables = wording(read_pack(asked.pack).wording)
    cells = read_lists(asked.lists)
    result: dict[str, object] = {"lists": asked.lists.name, "python": platform.python_version()}
    labels = read_labels(asked.labels)
    for part in dict.fromkeys(label.part for label in labels):
        if asked.part not in (None, part):
            continue
        rows = judged([label for label in labels if label.part == part], cells, tables)
        result[part] = {"reader": summary(rows, "found"), "plain": summary(rows, "plain")}
        for row in rows if asked.show else ():
            label = row.label
            if set(label.effects) != set(row.found) or not row.is_split:
                print(f"{label.unit} {label.dimension} {label.item}{'' if row.is_split else '  SPLIT'}")
                print(f"  label {label.effects}  found {row.found}  {direction(label.effects, row.found)}")
                print(f"  {row.text}")
    result["yudi"] = version("yudi")
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
