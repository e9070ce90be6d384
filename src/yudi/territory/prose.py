"""What a cell of prose asks: its items, each with effect, subject, exceptions and place, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass

from yudi.territory.prose_keys import masked, text_key
from yudi.territory.prose_read import Draft, Head, Reader, is_empty
from yudi.territory.prose_split import OUTER, blocks, joined, segments
from yudi.territory.wording import Wording, folded, strictest, wording

__all__ = ["Item", "Wording", "masked", "read_cell", "strictest", "text_key", "wording"]

_ASKS = {"?", "？"}
_HANDS_SUBJECT_DOWN = ("require", "quota", "offset")


@dataclass(frozen=True)
class Item:
    """One clause-to-be of a cell of prose.

    Parameters
    ----------
    number : str
        Position in the cell, unique there: ``1``, ``3-1a``, ``1.2`` for (2) under 1, ``0`` for what stands before the
        first number.
    text : str
        The words, joined, without number, tag and last stop.
    effects : tuple of str
        What it does, in the order of its clauses; all of them hold, ``strictest`` gives the one to go by.
    subject_words, terms : tuple of str
        Words that name terms, and the terms' keys.
    at_large : bool
        Whether it speaks of projects at large.
    exceptions : tuple of str
        What it leaves out or permits, those of its head first.
    zone, head : str or None
        The named part of the unit that it speaks of, and the head or title that it stands under.
    tags : tuple of str
        What stood in 【】 before it.
    because : tuple of (str, int)
        Table and row, as a spreadsheet counts, of all that decided something.
    group : str
        The number without the letter: items of one printed number share it.
    refers : tuple of str
        Those of its effects that only point to another document or list, whatever it asks there.
    """

    number: str
    text: str
    effects: tuple[str, ...]
    subject_words: tuple[str, ...]
    terms: tuple[str, ...]
    at_large: bool
    exceptions: tuple[str, ...]
    zone: str | None
    head: str | None
    tags: tuple[str, ...]
    because: tuple[tuple[str, int], ...]
    group: str = ""
    refers: tuple[str, ...] = ()


def read_cell(text: str, wording: Wording) -> tuple[Item, ...]:
    """Read one cell into its items, in order; an empty cell, or one that says "nothing" by a word of the table, is ().

    Total: any text gives items, none raises. A ban is never lost: words that name an industry, an act or a project
    and no verb that the tables know are ``forbid``, and so are words of which the tables know none, or a mark alone.
    """
    cell = joined(text, wording)
    is_said = any(map(str.isalnum, cell))
    if is_empty(cell, wording) and (is_said or not _ASKS & set(cell)):
        return ()
    reader = Reader(cell, folded(cell), wording)
    tree = blocks(cell, segments(cell, wording))
    hold: dict[int, Head | None] = {}
    preamble: Head | None = None
    for index, block in enumerate(tree):
        inherited = hold.get(id(block.parent)) if block.parent else preamble
        has_below = bool(block.children) or (index == 0 and len(tree) > 1)
        is_followed = any(later.parent is block.parent for later in tree[index + 1 :])
        handed, turns = reader.read(block, inherited, has_below=has_below, is_followed=is_followed)
        hold[id(block.parent if turns and block.parent else block)] = handed
        if index == 0 or (turns and not block.parent):
            preamble = handed
    if not is_said or not any(block.pieces for block in tree):
        return (Item("1", cell.strip(), ("forbid",), (), (), False, (), None, None, (), (), "1"),)
    return _numbered(reader.finish(), cell, is_plain=len(tree) == 1)


def _numbered(drafts: list[Draft], cell: str, *, is_plain: bool) -> tuple[Item, ...]:
    """Give each draft its number: letters where several share one; a cell without numbers is counted part by part."""
    groups: dict[int, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(id(draft if is_plain else draft.block), []).append(draft)
    used: dict[str, int] = {}
    items: dict[int, Item] = {}
    for index, members in enumerate(groups.values(), start=1):
        group = _unused(str(index) if is_plain else members[0].block.number, used)
        for position, draft in enumerate(members):
            number = group if len(members) == 1 else _unused(group + _letters(position), used)
            items[id(draft)] = _item(draft, cell, number, group)
    return tuple(items[id(draft)] for draft in drafts)


def _unused(wanted: str, used: dict[str, int]) -> str:
    """Return a number not yet used, and count it: a second 1 is 1_2."""
    number = wanted
    while number in used:
        used[wanted] += 1
        number = f"{wanted}_{used[wanted]}"
    used[number] = 1
    return number


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _item(draft: Draft, cell: str, number: str, group: str) -> Item:
    own = draft.reading
    above = draft.head.reading if draft.head else None
    hands_subject = above is not None and strictest(draft.effects) in _HANDS_SUBJECT_DOWN
    readings = [above, own] if above is not None and hands_subject else [own]
    return Item(
        number=number,
        text=cell[draft.start : draft.end].strip(OUTER),
        effects=draft.effects,
        subject_words=tuple(dict.fromkeys(word for reading in readings for word in reading.subject_words)),
        terms=tuple(dict.fromkeys(term for reading in readings for term in reading.terms)),
        at_large=any(reading.at_large for reading in readings),
        exceptions=tuple(dict.fromkeys(draft.exceptions)),
        zone=own.zone or (above.zone if above else None),
        head=draft.head.text if draft.head else draft.title,
        tags=tuple(draft.block.tags),
        because=tuple(dict.fromkeys([*draft.because, *draft.block.because])),
        group=group,
        refers=tuple(effect for effect in own.refers if effect in draft.effects),
    )
