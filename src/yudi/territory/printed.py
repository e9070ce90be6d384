"""Items of lists as they are printed: one number, one text, and the clauses that the reader made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yudi.core.names import letters
from yudi.territory.prose import Item, ReadCell, Said
from yudi.territory.prose_split import OUTER, Block
from yudi.territory.wording import folded

__all__ = ["Part", "Printed", "as_one", "part_data", "part_from", "printed_items"]


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
    """One printed item of a cell.

    Parameters
    ----------
    text : str
        The whole text without number, tag and last stop.
    items : tuple of Item
        Its items, without numbers.
    letters : tuple of str
        What follows the number in those of its items: nothing, or ``a``, ``b`` ….
    said : Said or None
        Of a numbered item what stands under the number, the same object for the same words.
    """

    number: str
    text: str
    items: tuple[Item, ...]
    letters: tuple[str, ...]
    said: Said | None = None


def printed_items(read: ReadCell) -> tuple[Printed, ...]:
    """Return the printed items of a cell, in order, with their whole text.

    The whole text holds what the items leave out: exceptions in sentences of their own, and a head on the same line.
    """
    if all(said.is_whole for _, _, said in read.numbered):
        return tuple(
            Printed(number, said.items[0].text, said.items, letters, said) for number, letters, said in read.numbered
        )
    if len(read.tree) > 1:
        return tuple(
            Printed(number, said.words or said.items[0].text, said.items, letters, said)
            for number, letters, said in read.numbered
        )
    items = [item for _, _, said in read.numbered for item in said.items]
    spans = _part_spans(read.text, read.tree[0], items)
    return tuple(
        Printed(one.number, _whole(read.text, span, item), (item,), one.letters)
        for one, span, item in zip(read.numbered, spans, items, strict=True)
    )


def as_one(read: ReadCell, printed: Sequence[Printed]) -> tuple[Printed, ...]:
    """Return the printed items of a row that is itself an item: one, unless its text has numbers of its own."""
    if len(printed) < 2 or read.has_numbers:
        return tuple(printed)
    items = tuple(item for one in printed for item in one.items)
    return (Printed("1", read.text.strip(OUTER), items, tuple(map(letters, range(len(items))))),)


def part_data(part: Part) -> dict[str, Any]:
    """Return a part as plain data that `part_from` reads back; what is empty is left out."""
    return {name: value for name, value in vars(part).items() if value or name in ("text", "effects")}


def part_from(data: Mapping[str, Any]) -> Part:
    """Return the part that plain data states."""
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    because = {"because": tuple((table, row) for table, row in data.get("because", ()))}
    return Part(**{"letter": "", **data, **lists, **because})


def _whole(cell: str, span: tuple[int, int] | None, item: Item) -> str:
    return item.text if span is None else cell[slice(*span)].strip(OUTER) or item.text


def _part_spans(cell: str, block: Block, items: Sequence[Item]) -> Sequence[tuple[int, int] | None]:
    """Return where each item of a cell without numbers stands: from its own words to the next one's, or to their head."""
    if not block.pieces:
        return [None] * len(items)
    starts = [piece.start for piece in block.pieces]
    plain = folded(cell)
    begins: list[int] = []
    said: list[int] = []
    at = 0
    for item in items:
        found = plain.find(folded(item.text), at)
        at = found if found >= 0 else at
        begins.append(max((start for start in starts if start <= at), default=starts[0]))
        at += len(item.text)
        said.append(at)
    spans = []
    for place in range(len(items)):
        is_last = place == len(begins) - 1
        end = block.pieces[-1].end if is_last else begins[place + 1]
        head = None if is_last else items[place + 1].head
        cut = cell.find(head, said[place], end) if head else -1
        spans.append((begins[place], end if cut < 0 else cut))
    return spans
