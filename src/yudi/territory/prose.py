"""What a cell of prose asks: its items, each with effect, subject, exceptions and place, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from yudi.core.names import letters
from yudi.territory.prose_keys import masked, text_key
from yudi.territory.prose_read import Draft, Head, Reader, is_empty
from yudi.territory.prose_split import OUTER, Block, blocks, joined, segments
from yudi.territory.wording import Wording, folded, strictest, wording

__all__ = [
    "Item",
    "Numbered",
    "ReadCell",
    "Said",
    "Wording",
    "masked",
    "read_cell",
    "read_numbered",
    "strictest",
    "text_key",
    "wording",
]

_ASKS = {"?", "？"}
_ENDS_OF_HEADS = ("：", "\n")
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

    def numbered(self, number: str, group: str) -> Item:
        """Return the item under a number."""
        # A province has a hundred thousand, so they are copied in one step and not made anew field by field.
        made = object.__new__(Item)
        vars(made).update(vars(self), number=number, group=group)
        return made


class Said:
    """What stands under one number, whatever the number: two with the same words in the same layout are one object.

    Parameters
    ----------
    items : tuple of Item
        Its items, without numbers.
    words : str
        All its words, from the first to the last; empty in a cell without numbers.
    """

    def __init__(self, items: tuple[Item, ...], words: str) -> None:
        self.items = items
        self.words = words
        self.is_whole = len(items) == 1 and not items[0].exceptions and not items[0].head
        """Whether the one item holds all the words."""


class Numbered(NamedTuple):
    """What stands under one number of a cell, and the letters that follow the number in those of its items."""

    number: str
    letters: tuple[str, ...]
    said: Said


class ReadCell(NamedTuple):
    """A cell as it was read: its lines joined, its blocks, whether a number stands in it, and what is under each."""

    text: str
    tree: tuple[Block, ...]
    has_numbers: bool
    numbered: tuple[Numbered, ...]


def read_cell(text: str, wording: Wording) -> tuple[Item, ...]:
    """Read one cell into its items, in order; an empty cell, or one that says "nothing" by a word of the table, is ().

    Total: any text gives items, none raises. A ban is never lost: words that name an industry, an act or a project
    and no verb that the tables know are ``forbid``, and so are words of which the tables know none, or a mark alone.
    """
    return tuple(
        item.numbered(number + letters, number)
        for number, all_letters, said in read_numbered(text, wording).numbered
        for letters, item in zip(all_letters, said.items, strict=True)
    )


def read_numbered(text: str, wording: Wording) -> ReadCell:
    """Read one cell as `read_cell` does, and keep how it is laid out; what was read before is not read again."""
    cell = joined(text, wording)
    is_said = any(map(str.isalnum, cell))
    if is_empty(cell, wording) and (is_said or not _ASKS & set(cell)):
        return ReadCell(cell, (), False, ())
    spans = segments(cell, wording)
    tree = blocks(cell, spans)
    has_numbers = any(span.kind == "number" for span in spans)
    if not is_said or not any(block.pieces for block in tree):
        item = Item("", cell.strip(), ("forbid",), (), (), False, (), None, None, (), ())
        return ReadCell(cell, tuple(tree), has_numbers, (Numbered("1", ("",), Said((item,), "")),))
    groups = _plain(tree[0], cell, wording) if len(tree) == 1 else _grouped(tree, cell, wording)
    return ReadCell(cell, tuple(tree), has_numbers, _numbered(groups))


def _plain(block: Block, cell: str, wording: Wording) -> list[tuple[str, Said]]:
    """Read a cell without numbers, which is counted part by part."""
    reader = Reader(cell, folded(cell), wording)
    reader.read(block, None, has_below=False)
    return [(str(index), Said((_item(draft, cell),), "")) for index, draft in enumerate(reader.finish(), start=1)]


def _grouped(tree: list[Block], cell: str, wording: Wording) -> list[tuple[str, Said]]:
    """Read a cell's blocks in order, those that nothing above or below has to do with by themselves."""
    plain = folded(cell)
    reader = Reader(cell, plain, wording)
    alone: dict[int, Said] = {}
    hold: dict[int, Head | None] = {}
    preamble: Head | None = None
    last = {id(block.parent): index for index, block in enumerate(tree)}
    for index, block in enumerate(tree):
        inherited = hold.get(id(block.parent)) if block.parent else preamble
        has_below = bool(block.children) or index == 0
        is_followed = last[id(block.parent)] > index
        may_hand_on = has_below and bool(block.pieces or block.tags)
        if inherited is None and not may_hand_on and not (is_followed and _may_turn(block)):
            alone[id(block)] = _alone(block, cell, plain, wording)
            continue
        handed, turns = reader.read(block, inherited, has_below=has_below, is_followed=is_followed)
        hold[id(block.parent if turns and block.parent else block)] = handed
        if index == 0 or (turns and not block.parent):
            preamble = handed
    drafts: dict[int, list[Draft]] = {}
    for draft in reader.finish():
        drafts.setdefault(id(draft.block), []).append(draft)
    groups = []
    for block in tree:
        said = alone.get(id(block)) or _said(block, cell, drafts.get(id(block), []))
        if said.items:
            groups.append((block.number, said))
    return groups


def _may_turn(block: Block) -> bool:
    """Whether a block may end in a head for those that follow it: a piece behind others, before a colon or a line end."""
    return len(block.pieces) > 1 and block.pieces[-1].stop in _ENDS_OF_HEADS


def _alone(block: Block, cell: str, plain: str, wording: Wording) -> Said:
    """Return what a block says that nothing hands anything down to: the same, wherever it stands."""
    if not block.pieces:
        return Said((), "")
    start, end = block.pieces[0].start, block.pieces[-1].end
    layout = tuple((piece.start - start, piece.end - start, piece.stop) for piece in block.pieces)
    key = (cell[start:end], layout, tuple(block.tags), tuple(block.because))
    known = wording.known(key)
    if not isinstance(known, Said):
        reader = Reader(cell, plain, wording)
        reader.read(block, None, has_below=False)
        known = _said(block, cell, reader.finish())
        wording.keep(key, known, size=end - start)
    return known


def _said(block: Block, cell: str, drafts: list[Draft]) -> Said:
    if not drafts:
        return Said((), "")
    words = cell[block.pieces[0].start : block.pieces[-1].end].strip(OUTER)
    return Said(tuple(_item(draft, cell) for draft in drafts), words)


def _numbered(groups: list[tuple[str, Said]]) -> tuple[Numbered, ...]:
    """Give each group a number of its own, and letters where several items share one."""
    used: dict[str, int] = {}
    found = []
    for wanted, said in groups:
        number = _unused(wanted, used)
        count = len(said.items)
        endings = [_unused(number + letters(at), used)[len(number) :] for at in range(count)] if count > 1 else [""]
        found.append(Numbered(number, tuple(endings), said))
    return tuple(found)


def _unused(wanted: str, used: dict[str, int]) -> str:
    """Return a number not yet used, and count it: a second 1 is 1_2."""
    number = wanted
    while number in used:
        used[wanted] += 1
        number = f"{wanted}_{used[wanted]}"
    used[number] = 1
    return number


def _item(draft: Draft, cell: str) -> Item:
    own = draft.reading
    above = draft.head.reading if draft.head else None
    hands_subject = above is not None and strictest(draft.effects) in _HANDS_SUBJECT_DOWN
    readings = [above, own] if above is not None and hands_subject else [own]
    return Item(
        number="",
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
        refers=tuple(effect for effect in own.refers if effect in draft.effects),
    )
