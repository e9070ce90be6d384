"""What the terminal shows of one cell of prose: its items as they were read, and the rows that made them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from yudi.cli.render import console_of, print_json
from yudi.cli.wrapping import print_indented
from yudi.formats.wording_files import CitedRow, WordingTables
from yudi.territory.items import EFFECT_WORDS
from yudi.territory.prose import Item, read_cell
from yudi.territory.prose_split import joined

__all__ = ["show_reading"]

_STYLES = {"forbid": "bold red", "require": "bold yellow", "consult": "bold magenta", "note": "bold dim"}
_SAY = {
    "nothing": ("这一格没有要求（空白，或词表 empty.csv 所列的“无”）", "asks nothing: blank, or a word of empty.csv"),
    "head": ("上位语", "under"),
    "tags": ("标签", "tags"),
    "exceptions": ("例外", "except"),
    "zone": ("位置", "where"),
    "terms": ("术语", "terms"),
    "at_large": ("泛指", "at large"),
    "at_large_yes": ("泛指建设项目", "speaks of projects at large"),
    "because": ("依据", "because"),
    "row": ("第 {} 行", "row {}"),
    "no_rows": (
        "没有一行词表与之相符：词表都不认识的话，按禁止交人判断",
        "no row of any table: what no table knows is a ban that a person judges",
    ),
}
_WIDTH = 10
# What a row of each table comes to, besides its word or pattern.
_COMES_TO = {
    "terms": ("term",),
    "zones": ("role", "zone"),
    "heads": ("kind", "effect"),
    "acts": ("kind",),
    "addressees": ("who",),
    "numbering": ("style",),
    "exceptions": ("reach",),
}


def show_reading(text: str, tables: WordingTables, *, as_json: bool, lang: str) -> None:
    """Print how one cell of prose is read: the joined text, and each item with what the tables found in it."""
    cell = joined(text, tables.wording)
    items = read_cell(text, tables.wording)
    if as_json:
        print_json({"text": cell, "items": [_item_data(item, tables) for item in items]})
        return
    console = console_of()
    side = 0 if lang == "zh" else 1
    for line in cell.splitlines():
        console.print(Text(line, style="dim"))
    if not items:
        console.print(Text(_SAY["nothing"][side]))
    for item in items:
        _show_item(console, item, tables, lang=lang)


def _item_data(item: Item, tables: WordingTables) -> dict[str, Any]:
    return {
        "number": item.number,
        "item": item.group,
        "text": item.text,
        "effects": list(item.effects),
        "terms": list(item.terms),
        "subject_words": list(item.subject_words),
        "at_large": item.at_large,
        "exceptions": list(item.exceptions),
        "zone": item.zone,
        "head": item.head,
        "tags": list(item.tags),
        "because": [_row_data(tables.cited(*row)) for row in item.because],
    }


def _row_data(row: CitedRow) -> dict[str, Any]:
    return {
        "pack": row.folder,
        "table": row.file,
        "row": row.row,
        **{key: value for key, value in row.cells.items() if key},
    }


def _show_item(console: Console, item: Item, tables: WordingTables, *, lang: str) -> None:
    side = 0 if lang == "zh" else 1
    effects = [(EFFECT_WORDS[effect].get(lang), _STYLES.get(effect, "bold")) for effect in item.effects]
    title = Text(f"{item.number}  ", style="bold")
    title.append_text(Text(" + ").join(Text(word, style=style) for word, style in effects))
    title.append(f"  ({', '.join(item.effects)})", style="dim")
    console.print()
    console.print(title)
    print_indented(console, item.text, 3)
    for key, said in _found(item, side):
        label = _SAY[key][side]
        print_indented(console, Text.assemble((f"{label}{' ' * max(_WIDTH - _wide(label), 1)}", "dim"), said), 3)
    shown = _SAY["because"][side]
    if not item.because:
        print_indented(
            console, Text.assemble((f"{shown}{' ' * max(_WIDTH - _wide(shown), 1)}", "dim"), _SAY["no_rows"][side]), 3
        )
    for at, number in enumerate(item.because):
        label = shown if not at else ""
        row = _cited(tables.cited(*number), side, is_only=len({row.folder for row in _all(tables)}) < 2)
        print_indented(console, Text.assemble((f"{label}{' ' * max(_WIDTH - _wide(label), 1)}", "dim"), row), 3)


def _found(item: Item, side: int) -> Iterator[tuple[str, str]]:
    """Yield what was found besides the effect, as lines."""
    if item.head:
        yield "head", item.head
    if item.tags:
        yield "tags", "、".join(item.tags)
    for words in item.exceptions:
        yield "exceptions", words
    if item.zone:
        yield "zone", item.zone
    if item.terms:
        yield "terms", f"{', '.join(item.terms)} ← {'、'.join(item.subject_words)}"
    if item.at_large:
        yield "at_large", _SAY["at_large_yes"][side]


def _cited(row: CitedRow, side: int, *, is_only: bool) -> Text:
    """Say a row: file, number, pattern → what it comes to, and its note."""
    cells, table = row.cells, row.file.removesuffix(".csv")
    if table == "effects":
        comes_to = [f"{cells['effect']} ({cells['precedence']})", cells.get("kind") or ""]
    else:
        comes_to = [cells.get(name) or "" for name in _COMES_TO.get(table, ())]
    arrow = f" → {', '.join(word for word in comes_to if word)}" if any(comes_to) else ""
    file = row.file if is_only else f"{row.folder}/{row.file}"
    note = f"  {cells['note']}" if cells.get("note") else ""
    place = f"{file} {_SAY['row'][side].format(row.row)}: "
    return Text.assemble(place, (cells.get("word") or cells["pattern"], "bold"), arrow, (note, "dim"))


def _all(tables: WordingTables) -> Iterator[CitedRow]:
    return (row for rows in tables.rows.values() for row in rows[-1:])


def _wide(text: str) -> int:
    return Text(text).cell_len
