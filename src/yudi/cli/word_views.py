"""What the terminal shows of lists in words: their items, how each was read, and how much is formalised."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from yudi.cli.render import console_of, print_json, print_rows
from yudi.formats.word_sheets import write_word_sheet
from yudi.territory.edition import Edition
from yudi.territory.items import EFFECT_WORDS, Items
from yudi.territory.proposals import proposals

__all__ = ["show_items", "show_sheet"]

_STYLES = {"forbid": "red", "require": "yellow", "quota": "yellow", "offset": "yellow", "consult": "magenta"}
_SAY = {
    "units": ("单元", "units"),
    "effect": ("效力", "effect"),
    "state": ("结构化", "formal"),
    "text": ("条文", "text"),
    "under": ("上位语", "under"),
    "none": (
        "此版本没有清单条文：方案没有清单，或版本是由旧程序生成的（重新生成即可）",
        "no items: the scheme has no list, or an earlier version built the edition (build it again)",
    ),
}


def show_items(edition: Edition, search: str, *, as_json: bool, lang: str) -> None:
    """Print the items of an edition's lists: as data one record an item and unit, else one row a text.

    Texts that differ only in names of places are one row, with 〇 for the names.
    """
    items = Items(edition)
    side = 0 if lang == "zh" else 1
    if not len(items):
        sys.stderr.write(f"note: {_SAY['none'][side]}\n")
    records = items.records(search)
    if as_json:
        print_rows(records)
        return
    texts: dict[Any, dict[str, Any]] = {}
    counts: Counter[Any] = Counter()
    for record in records:
        key = (record["masked"], record["head"], *record["effect"], _state(record))
        texts.setdefault(key, record)
        counts[key] += 1
        if texts[key]["text"] != record["text"]:
            texts[key] = {**texts[key], "text": record["masked"]}
    ordered = sorted(texts, key=lambda key: (-texts[key]["units"], -counts[key], texts[key]["masked"]))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_SAY["units"][side], justify="right", no_wrap=True)
    table.add_column(_SAY["effect"][side], no_wrap=True)
    table.add_column(_SAY["state"][side], no_wrap=True)
    table.add_column(_SAY["text"][side], overflow="fold")
    for key in ordered:
        record = texts[key]
        table.add_row(str(record["units"]), _effects(record["effect"], lang), _state(record), _words(record))
    if ordered:
        console_of().print(table)
        _show_shares(texts, counts, lang)


def show_sheet(edition: Edition, search: str, out: Path, *, as_json: bool) -> None:
    """Write the sheet in which an office formalises, and say how many texts it has."""
    wanted = search.casefold()
    found = [item for item in proposals(edition) if wanted in f"{item.example} {item.head} {item.text}".casefold()]
    write_word_sheet(out, found, edition.items().lists)
    adopted = sum(item.formal is not None for item in found)
    if as_json:
        print_json({"file": str(out), "texts": len(found), "adopted": adopted, "proposals": len(found) - adopted})
    else:
        sys.stderr.write(f"{len(found)} texts in {out}, {adopted} of them adopted\n")


def _sum(counts: Mapping[Any, int], keys: Iterable[Any]) -> int:
    return sum(counts[key] for key in keys)


def _effects(effects: Iterable[str], lang: str) -> Text:
    parts = [(EFFECT_WORDS[effect].get(lang), _STYLES.get(effect, "")) for effect in effects]
    return Text(" ").join(Text(word, style=style) for word, style in parts)


def _state(record: Mapping[str, Any]) -> str:
    """Return how much of an item is formalised: a mark for all of it, half a one for some."""
    formal = [clause["formalised"] for clause in record["clauses"]]
    return "●" if formal and all(formal) else "◐" if any(formal) else ""


def _words(record: Mapping[str, Any]) -> Text:
    head = (f"{record['head']} ▸ ", "dim") if record["head"] and record["head"] not in record["text"] else ("", "")
    return Text.assemble(head, record["text"])


def _show_shares(texts: Mapping[Any, Mapping[str, Any]], counts: Mapping[Any, int], lang: str) -> None:
    """Say how many texts and items there are, of which effect, and how many are formalised."""
    console = console_of()
    tally: Counter[str] = Counter()
    for key, record in texts.items():
        tally.update(dict.fromkeys(record["effect"], counts[key]))
    said = [f"{EFFECT_WORDS[effect].get(lang)} {tally[effect]}" for effect in EFFECT_WORDS if tally[effect]]
    console.print(Text(" · ".join(said)))
    asking = [key for key, record in texts.items() if set(record["effect"]) != {"note"}]
    done = [key for key in asking if _state(texts[key]) == "●"]
    shares = []
    for part, whole in ((len(done), len(asking)), (_sum(counts, done), _sum(counts, asking))):
        shares.append(f"{part}/{whole} ({part / whole:.0%})" if whole else "0/0")
    items, notes = sum(counts.values()), sum(counts.values()) - _sum(counts, asking)
    if lang == "zh":
        console.print(Text(f"{len(texts)} 条不同条文，{items} 处，其中说明性 {notes} 处"))
        console.print(Text(f"已结构化：条文 {shares[0]}，处 {shares[1]}（不计说明性条文）"))
    else:
        console.print(Text(f"{len(texts)} texts in {items} places, {notes} of them notes"))
        console.print(Text(f"formalised: {shares[0]} texts, {shares[1]} places, notes apart"))
