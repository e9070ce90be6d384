"""Items of lists as they are printed: one number, one text, and the clauses that the reader made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yudi.territory.prose import Item, Wording
from yudi.territory.prose_split import OUTER, Block, blocks, joined, segments
from yudi.territory.wording import folded

__all__ = ["Part", "Printed", "as_one", "letters", "part_data", "part_from", "printed_items"]


@dataclass(frozen=True)
class Part:
    """One clause-to-be of a printed item, as the reader found it.

    Parameters
    ----------
    letter : str
        What follows the item's number in the clause's id: nothing, ``a``, ``b`` …
    acts : tuple of str
        Words for acts in its text, outside its exceptions: 新建, 扩建 …
    masked, masked_head : str
        Text and head with the names of places hidden.
    scope : str
        Where the layer of its zone is plainly known, the test of the place as an expression.
    formal : str
        The effect that an office gave it; empty where it stands in words.
    """

    letter: str
    text: str
    effects: tuple[str, ...]
    terms: tuple[str, ...] = ()
    at_large: bool = False
    exceptions: tuple[str, ...] = ()
    zone: str = ""
    head: str = ""
    because: tuple[tuple[str, int], ...] = ()
    acts: tuple[str, ...] = ()
    masked: str = ""
    masked_head: str = ""
    scope: str = ""
    formal: str = ""

    @property
    def clause_effects(self) -> tuple[str, ...]:
        """Effects of the clauses that stand for it: one if it is formalised, else one for each effect that was read."""
        return (self.formal,) if self.formal else self.effects


@dataclass(frozen=True)
class Printed:
    """One printed item of a cell: the number, the whole text without number, tag and last stop, and its items."""

    number: str
    text: str
    items: tuple[Item, ...]


def printed_items(text: str, items: Sequence[Item], wording: Wording) -> tuple[Printed, ...]:
    """Gather what `read_cell` made of a cell into its printed items, in order, with their whole text.

    The whole text holds what the items leave out: exceptions in sentences of their own, and a head on the same line.
    """
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    if all(_is_whole(members) for members in groups.values()):
        return tuple(Printed(number, members[0].text, tuple(members)) for number, members in groups.items())
    cell = joined(text, wording)
    tree = blocks(cell, segments(cell, wording))
    spans = _part_spans(cell, tree[0], groups) if len(tree) == 1 else _block_spans(tree, groups)
    return tuple(
        Printed(number, _whole(cell, spans.get(number), members), tuple(members)) for number, members in groups.items()
    )


def as_one(text: str, printed: Sequence[Printed], wording: Wording) -> tuple[Printed, ...]:
    """Return the printed items of a row that is itself an item: one, unless its text has numbers of its own."""
    cell = joined(text, wording)
    if len(printed) < 2 or any(span.kind == "number" for span in segments(cell, wording)):
        return tuple(printed)
    items = [item for one in printed for item in one.items]
    lettered = tuple(replace(item, number=f"1{letters(at)}", group="1") for at, item in enumerate(items))
    return (Printed("1", cell.strip(OUTER), lettered),)


def letters(index: int) -> str:
    """Return the letters that count 0, 1 and so on as a, b … z, aa, ab ….

    >>> letters(0), letters(25), letters(26)
    ('a', 'z', 'aa')
    """
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def part_data(part: Part) -> dict[str, Any]:
    """Return a part as plain data that `part_from` reads back; what is empty is left out."""
    return {name: value for name, value in vars(part).items() if value or name in ("text", "effects")}


def part_from(data: Mapping[str, Any]) -> Part:
    """Return the part that plain data states."""
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    because = {"because": tuple((table, row) for table, row in data.get("because", ()))}
    return Part(**{"letter": "", **data, **lists, **because})


def _is_whole(members: Sequence[Item]) -> bool:
    """Whether the one item of a number holds all its words."""
    return len(members) == 1 and not members[0].exceptions and not members[0].head


def _whole(cell: str, span: tuple[int, int] | None, members: Sequence[Item]) -> str:
    if span is None:
        return "；".join(item.text for item in members)
    return cell[slice(*span)].strip(OUTER) or members[0].text


def _block_spans(tree: Sequence[Block], groups: Mapping[str, Sequence[Item]]) -> dict[str, tuple[int, int]]:
    """Return where the text of each numbered item stands, by its number; of a number met again by 1_2."""
    spans: dict[str, tuple[int, int]] = {}
    left = [block for block in tree if block.pieces]
    for number in groups:
        bare = number.partition("_")[0]
        at = next((index for index, block in enumerate(left) if block.number == bare), None)
        if at is not None:
            pieces = left.pop(at).pieces
            spans[number] = pieces[0].start, pieces[-1].end
    return spans


def _part_spans(cell: str, block: Block, groups: Mapping[str, Sequence[Item]]) -> dict[str, tuple[int, int]]:
    """Return where each item of a cell without numbers stands: from its own words to the next one's, or to their head."""
    if not block.pieces:
        return {}
    starts = [piece.start for piece in block.pieces]
    plain = folded(cell)
    begins: list[int] = []
    said: list[int] = []
    at = 0
    for members in groups.values():
        found = plain.find(folded(members[0].text), at)
        at = found if found >= 0 else at
        begins.append(max((start for start in starts if start <= at), default=starts[0]))
        at += len(members[0].text)
        said.append(at)
    heads = [members[0].head for members in groups.values()]
    spans = {}
    for place, number in enumerate(groups):
        is_last = place == len(begins) - 1
        end = block.pieces[-1].end if is_last else begins[place + 1]
        head = None if is_last else heads[place + 1]
        cut = cell.find(head, said[place], end) if head else -1
        spans[number] = begins[place], end if cut < 0 else cut
    return spans
