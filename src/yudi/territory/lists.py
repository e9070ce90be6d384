"""Rows of a list become clauses: formalised where the office has formalised the text, in words elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from yudi.core.dates import Period
from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.territory.clauses import Citation, Clause, in_words
from yudi.territory.expressions import written
from yudi.territory.formalised import Formal, Formalised
from yudi.territory.masks import Mask
from yudi.territory.predicates import All, FactIs, Node, PlaceTest
from yudi.territory.printed import Part, Printed, as_one, part_data, printed_items
from yudi.territory.prose import Item, Wording, read_numbered, text_key
from yudi.territory.wording import folded
from yudi.territory.zone_scopes import ZoneScopes

__all__ = ["Bound", "ItemBound", "ItemText", "ListRow", "ListSource", "Listed", "list_clauses", "silent_clause"]

_encoded = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class ListRow:
    """One cell of a list: whose, in which dimension ("" speaks for all), and its text.

    Parameters
    ----------
    label : str
        The dimension as the list has it.
    numbers : tuple of str
        Of a list with a row an item: the number printed beside the row, empty where there is none. Of a head with the
        rows below it, of which each begins with its place among them (1., 2. …): theirs too. None for a whole cell.
    """

    key: str
    dimension: str
    text: str
    where: Where = Where()
    label: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListSource:
    """What all rows of one list share."""

    level: str = "unit"
    citation: Citation = Citation()
    period: Period = Period(None, None)
    zone_layers: Mapping[str, str] = field(default_factory=dict)


class Bound(NamedTuple):
    """A clause in a unit, an area or a class (`key`), under an id; an empty key is the whole place."""

    key: str
    clause: int
    id: str


class ItemText(NamedTuple):
    """A printed item without its place: its text, the same with names hidden, its tags, and its parts as JSON."""

    text: str
    masked: str
    tags: tuple[str, ...]
    parts: str


class ItemBound(NamedTuple):
    """Where a printed item stands: for whom, in which dimension, under which number; and which text it is."""

    key: str
    dimension: str
    label: str
    number: str
    text: int


@dataclass(frozen=True)
class Listed:
    """Different clauses, once a text, and where each stands; printed items likewise, also those without a clause.

    Parameters
    ----------
    used : frozenset
        The places (`Formal.place`) of what an office has formalised and the list has.
    """

    clauses: tuple[Clause, ...] = ()
    bound: tuple[Bound, ...] = ()
    findings: tuple[Finding, ...] = ()
    used: frozenset[Any] = frozenset()
    texts: tuple[ItemText, ...] = ()
    items: tuple[ItemBound, ...] = ()


def list_clauses(
    rows: Sequence[ListRow],
    wording: Wording,
    formalised: Formalised,
    source: ListSource,
    *,
    mask: Mask | None = None,
    scopes: ZoneScopes | None = None,
) -> Listed:
    """Return the clauses of a list's rows; a text that stands in many units is read once.

    Parameters
    ----------
    mask : Mask
        Hides names of places; without it none is known.
    scopes : ZoneScopes
        Finds the layers that zones mean; without it none is known.

    Notes
    -----
    Ids are ``KEY/DIMENSION/NUMBER`` with the item's number in its cell, or of a list with a row an item the number
    that is printed there.
    """
    maker = _Maker(wording, formalised, source, mask or Mask(), scopes or ZoneScopes({}))
    for row in rows:
        maker.add(row)
    texts = tuple(maker.texts)
    return Listed(tuple(maker.made), tuple(maker.bound), (), frozenset(maker.used), texts, tuple(maker.items))


@dataclass(frozen=True)
class _Read:
    """What one text of a cell gives, whoever has it: the printed numbers, and what stands under each."""

    numbers: tuple[str, ...]
    kept: tuple[_Kept, ...]


class _Kept(NamedTuple):
    """A printed item without its place: the number of its text, and its clauses.

    A clause is what follows the item's number in its id, and which of the maker's `shapes` it is. Little is kept, since
    a province has tens of thousands of cells.
    """

    text: int
    clauses: tuple[tuple[str, int], ...]


class _Sample(NamedTuple):
    """The first item that asks for a clause of some shape: the item, what an office made of it, and an effect."""

    item: Item
    formal: Formal | None
    effect: str


@dataclass
class _Maker:
    """Gathers clauses and items of one list, row by row."""

    wording: Wording
    formalised: Formalised
    source: ListSource
    mask: Mask
    scopes: ZoneScopes
    made: list[Clause] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    items: list[ItemBound] = field(default_factory=list)
    texts: dict[ItemText, int] = field(default_factory=dict)
    used: set[Any] = field(default_factory=set)
    shapes: dict[Any, int] = field(default_factory=dict)
    samples: list[_Sample] = field(default_factory=list)
    clauses: dict[tuple[str, int], int] = field(default_factory=dict)
    cells: dict[tuple[str, bool], _Read] = field(default_factory=dict)
    kept: dict[Any, _Kept] = field(default_factory=dict)
    parts: dict[Any, str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, row: ListRow) -> None:
        """Bind what a row's text gives to the row's key and dimension."""
        is_item = len(row.numbers) == 1
        if (row.text, is_item) not in self.cells:
            self.cells[row.text, is_item] = self._read(row.text, is_item=is_item)
        read = self.cells[row.text, is_item]
        start = "".join(f"{part}/" for part in (row.key, row.dimension) if part)
        place = (row.key, row.dimension)
        for number, (text, clauses) in zip(self._numbers(row, read), read.kept, strict=True):
            number = self._unused(place, number, clauses)
            self.items.append(ItemBound(row.key, row.dimension, row.label, number, text))
            for ending, shape in clauses:
                at = self.clauses.get((row.dimension, shape))
                at = at if at is not None else self._clause(shape, row.dimension)
                self.bound.append(Bound(row.key, at, f"{start}{number}{ending}"))

    def _read(self, text: str, *, is_item: bool) -> _Read:
        read = read_numbered(text, self.wording)
        printed = printed_items(read)
        printed = as_one(read, printed) if is_item else printed
        return _Read(tuple(one.number for one in printed), tuple(map(self._kept, printed)))

    def _kept(self, printed: Printed) -> _Kept:
        """Return what a printed item gives, made once for the same words under whatever number."""
        key = (printed.said, printed.text, printed.letters)
        if printed.said is None or key not in self.kept:
            formal = [self.formalised.find(item, self.mask) for item in printed.items]
            if self.formalised.entries:
                found = (entry for item in printed.items for entry in self.formalised.matching(item, self.mask))
                self.used.update(entry.place for entry in found)
            made = _Kept(self._text(printed, formal), tuple(self._shapes(printed, formal)))
            if printed.said is None:
                return made
            self.kept[key] = made
        return self.kept[key]

    def _shapes(self, printed: Printed, formal: Sequence[Formal | None]) -> Iterator[tuple[str, int]]:
        """Yield the clauses of a printed item: one for each effect that was read, or the one that an office made."""
        for item, letter, entry in zip(printed.items, printed.letters, formal, strict=True):
            key, place = text_key(item.text), entry.place if entry else None
            for position, effect in enumerate(item.effects if entry is None else item.effects[:1]):
                shape = (key, effect, item.head, item.zone, item.terms, item.at_large, item.refers, place)
                if shape not in self.shapes:
                    self.shapes[shape] = len(self.samples)
                    self.samples.append(_Sample(item, entry, effect))
                yield f"{letter}.{position + 1}" if position else letter, self.shapes[shape]

    def _text(self, printed: Printed, formal: Sequence[Formal | None]) -> int:
        parts = []
        for item, letter, entry in zip(printed.items, printed.letters, formal, strict=True):
            said = (letter, item.text, item.effects, item.head, item.zone, item.exceptions, item.terms, item.at_large)
            key = (*said, item.because, entry.place if entry else None)
            if key not in self.parts:
                self.parts[key] = _encoded(part_data(self._part(item, letter, entry)))
            parts.append(self.parts[key])
        tags = tuple(dict.fromkeys(tag for item in printed.items for tag in item.tags))
        found = ItemText(printed.text, self.mask(printed.text), tags, f"[{', '.join(parts)}]")
        return self.texts.setdefault(found, len(self.texts))

    def _part(self, item: Item, letter: str, formal: Formal | None) -> Part:
        words = folded(item.text)
        for exception in item.exceptions:
            words = words.replace(folded(exception), "")
        hits = self.wording.acts.find(words, ("acts",))["acts"]
        acts = (words[hit.start : hit.end] for hit in hits if hit.row.kind == "act")
        return Part(
            letter,
            item.text,
            item.effects,
            item.terms,
            item.at_large,
            item.exceptions,
            item.zone or "",
            item.head or "",
            item.because,
            tuple(dict.fromkeys(acts)),
            self.mask(item.text),
            self.mask(item.head) if item.head else "",
            written(scope) if item.zone and (scope := self.scopes(item.zone)) else "",
            formal.clause.effect if formal else "",
        )

    def _numbers(self, row: ListRow, read: _Read) -> Iterator[str]:
        """Return the numbers under which a row's items are printed: the cell's own, or those beside the rows."""
        groups = read.numbers
        if not row.numbers:
            yield from groups
            return
        place = (row.key, row.dimension)
        first = self.counts.get(place, 0)
        self.counts[place] = first + len(row.numbers)
        if len(row.numbers) == 1 and not row.numbers[0] and self._has_own_number(row.text):
            yield from groups
            return
        printed = [number or str(first + at) for at, number in enumerate(row.numbers, start=1)]
        rows = [(0, group) if len(printed) == 1 else _row_of(group, len(printed)) for group in groups]
        alike = [at for at, _ in rows]
        for at, rest in rows:
            yield f"{printed[at]}.{rest}" if rest and alike.count(at) > 1 else printed[at]

    def _has_own_number(self, text: str) -> bool:
        hit = self.wording.number_at(folded(text.lstrip()), 0)
        return hit is not None and hit.row.cells["style"] != "tag"

    def _unused(self, place: tuple[str, str], wanted: str, clauses: Sequence[tuple[str, int]]) -> str:
        """Return a number not yet used at the place, neither alone nor with what follows it: a second 1 is 1_2."""
        used = self.numbers.setdefault(place, {})
        number = wanted
        while number in used or any(number + ending in used for ending, _ in clauses):
            used[wanted] = used.get(wanted, 1) + 1
            number = f"{wanted}_{used[wanted]}"
        used[number] = 1
        for ending, _ in clauses:
            used[number + ending] = 1
        return number

    def _clause(self, shape: int, dimension: str) -> int:
        """Make a clause of some shape in a dimension, and return which it is."""
        at = self.clauses[dimension, shape] = len(self.made)
        item, entry, effect = self.samples[shape]
        formal = entry.clause if entry else None
        self.made.append(_clause(item, effect, dimension, formal=formal, source=self.source))
        return at


def _row_of(group: str, count: int) -> tuple[int, str]:
    """Return which row below a head a number of the reader stands for, and the rest of the number."""
    own, _, rest = group.partition(".")
    own = own.partition("_")[0]
    at = int(own) if own.isdigit() else 0
    return (at, rest) if at < count else (0, group)


def silent_clause(source: ListSource, dimension: str = "") -> Clause:
    """Return the clause of a unit that the list has no row for, or no column: what it does not say is unknown."""
    question = f"list:{{unit}}/{dimension}" if dimension else "list:{unit}"
    text = Words("清单没有该单元的条目", "the list has no row for this unit")
    return Clause(
        f"silent {dimension}".strip(),
        "silent",
        dimension,
        source.level,
        subject=FactIs(question),
        text=text,
        citation=source.citation,
        period=source.period,
        silent_for=question,
        basis="template",
    )


def _clause(item: Item, effect: str, dimension: str, *, formal: Clause | None, source: ListSource) -> Clause:
    digest = hashlib.sha256(f"{dimension}|{effect}|{item.head}|{item.text}".encode()).hexdigest()[:12]
    text = Words(item.text if not item.head else f"{item.head}{item.text}")
    if formal is not None:
        return replace(
            formal,
            id=digest,
            text=text,
            dimension=dimension,
            level=source.level,
            citation=formal.citation if formal.citation != Citation() else source.citation,
            period=formal.period if formal.period != Period(None, None) else source.period,
        )
    base = Clause(
        digest,
        effect,
        dimension,
        source.level,
        scope=_zone(item.zone, source.zone_layers),
        # A requirement in words has a test in words too, which `in_words` makes.
        test=FactIs("meets:{id}") if effect in ("require", "quota") else All(),
        text=text,
        citation=source.citation,
        period=source.period,
        because=tuple(f"{table}:{row}" for table, row in item.because),
    )
    if effect == "note":
        return base
    if effect in item.refers:
        # What stands elsewhere may ban: no term tells whom it concerns, and no measure is known to meet it.
        return in_words(base, terms=(), is_at_large=False, test_is_changeable=False)
    return in_words(base, terms=item.terms, is_at_large=item.at_large)


def _zone(zone: str | None, layers: Mapping[str, str]) -> Node:
    if not zone:
        return All()
    layer = layers.get(zone)
    return PlaceTest("inside", layer) if layer else FactIs(f"zone:{zone}")
