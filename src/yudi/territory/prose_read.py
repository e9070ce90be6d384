"""How the pieces of a cell become items: heads and tags hand down, sentences stand apart, bans are never lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from yudi.territory.prose_effects import DECISIVE, Reading, read_part
from yudi.territory.prose_split import OUTER, Block, Piece
from yudi.territory.wording import EFFECTS, Row, Wording, folded, strictest

__all__ = ["Draft", "Head", "Reader", "is_empty"]

_LEVELS_DOWN = 2
_HEADS = ("head", "definition", "only")
_TITLE_CHARACTERS_MAX = 24
_LINE_TITLE_CHARACTERS_MAX = 8


@dataclass(frozen=True)
class Head:
    """Words that govern what stands below them.

    Parameters
    ----------
    effect : str or None
        What they hand down; None where they only say where or of what.
    is_weak : bool
        True for a title or a tag, which only speaks where the words below have no verb of their own.
    is_permit : bool
        True for "only the following …": what stands below is left out of the ban in ``draft``.
    depth : int
        How many levels down the words are handed, from 1.
    start : int
        Where it stands in the cell; -1 for a tag.
    """

    text: str
    effect: str | None
    is_weak: bool = False
    is_permit: bool = False
    reading: Reading | None = None
    because: tuple[tuple[str, int], ...] = ()
    exceptions: tuple[str, ...] = ()
    depth: int = 1
    draft: Draft | None = None
    start: int = -1


@dataclass
class Draft:
    """An item before it has its number: a span of the cell, and what was read there."""

    block: Block
    start: int
    end: int
    reading: Reading
    effects: tuple[str, ...]
    because: list[tuple[str, int]]
    head: Head | None = None
    exceptions: list[str] = field(default_factory=list)
    title: str | None = None


@dataclass
class _Context:
    """What governs the piece at hand: a head, a title or tag, and whether the head's own sentence still runs."""

    strong: Head | None
    weak: Head | None
    is_strict: bool
    has_below: bool = False

    def take(self, head: Head) -> None:
        """Let a head govern from here on."""
        if head.is_weak:
            self.weak = head
        else:
            self.strong, self.is_strict = head, True

    def pass_stop(self, stop: str) -> None:
        """Behind a full stop a head governs only what has no verb of its own."""
        self.is_strict = self.is_strict and stop != "。"

    def governs(self, reading: Reading) -> Head | None:
        """Return the head that governs a piece, if one does."""
        return self.strong if self.is_strict or not reading.has_verb else None


@dataclass
class Reader:
    """Goes through the blocks of one cell in order and gathers drafts; ``plain`` is the cell folded."""

    cell: str
    plain: str
    wording: Wording
    drafts: list[Draft] = field(default_factory=list)
    heads: list[Draft] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def finish(self) -> list[Draft]:
        """All drafts in the order of the cell; a head under which nothing stands is one too, so that it is not lost."""
        lone = [draft for draft in self.heads if draft.start not in self.used]
        return sorted([*self.drafts, *lone], key=lambda draft: draft.start) if lone else self.drafts

    def read(
        self, block: Block, inherited: Head | None, *, has_below: bool, is_followed: bool = False
    ) -> tuple[Head | None, bool]:
        """Add the drafts of one block; return the head that it hands on, and whether to the blocks beside it.

        It hands it down to the blocks below it; a head at its end with none below governs those that follow it.
        """
        first = len(self.drafts)
        above = self._tag_head(block) or inherited
        is_weak = above is not None and above.is_weak
        context = _Context(None if is_weak else above, above if is_weak else None, above is not None and not is_weak)
        context.has_below = has_below
        handed: Head | None = None
        tagged = context.weak
        pieces = self._pieces(block)
        for index, piece in enumerate(pieces):
            is_last = index == len(pieces) - 1
            reading = read_part(self.plain[piece.start : piece.end].rstrip(OUTER), self.wording)
            head = self._head(block, piece, reading, is_open=is_last and has_below)
            if head is None and is_last and has_below:
                head = self._group_title(piece, reading, context.strong)
            is_turn = is_last and index > 0 and is_followed and not has_below
            if head is None or (is_last and not has_below and not is_turn):
                self._add(block, piece, reading, context)
                context.pass_stop(piece.stop)
                continue
            if not is_turn:
                head = self._under(head, inherited)
            draft = Draft(block, piece.start, piece.end, reading, (head.effect or "note",), list(head.because))
            draft.exceptions = list(head.exceptions)
            is_own = head.is_weak and piece.stop != "：" and set(reading.effects) & set(DECISIVE)
            if head.is_permit or is_own:
                draft.effects = (head.effect or "forbid",) if head.is_permit else reading.effects
                self.drafts.append(draft)
                head = replace(head, draft=draft)
            else:
                self.heads.append(draft)
            context.take(head)
            handed = head if is_last else None
            tagged = tagged if is_turn else context.weak
        self._keep_tagged_ban(first, tagged)
        return handed or self._deeper(above), handed is not None and not has_below

    def _pieces(self, block: Block) -> list[Piece]:
        """Put what a colon split together again, unless the words before it are a head; drop "nothing"."""
        out: list[Piece] = []
        for piece in block.pieces:
            if out and out[-1].stop == "：" and not self._is_head(out[-1]):
                piece = Piece(out.pop().start, piece.end, piece.stop)
            out.append(piece)
        return [piece for piece in out if not is_empty(self.plain[piece.start : piece.end], self.wording)]

    def _is_head(self, piece: Piece) -> bool:
        text = self.plain[piece.start : piece.end]
        is_line = "\n" in self.plain[piece.end : piece.end + 2]
        return is_line or self._row(text, *_HEADS) is not None or self._title(piece, is_open=False) is not None

    def _title(self, piece: Piece, *, is_open: bool) -> Row | None:
        """Return the row of a short title: right above numbers any; before a colon or alone on a line, with an effect."""
        text = self.plain[piece.start : piece.end]
        is_long = is_open or piece.stop == "："
        longest = _TITLE_CHARACTERS_MAX if is_long else _LINE_TITLE_CHARACTERS_MAX if piece.stop == "\n" else 0
        row = self._row(text, "title") if len(text) <= longest else None
        return row if row is not None and (row.effect or (is_open and piece.stop != "：")) else None

    def _head(self, block: Block, piece: Piece, reading: Reading, *, is_open: bool) -> Head | None:
        """Return what a piece hands down, if it is a head: it ends in a colon, or, right above numbers, says so."""
        if piece.stop not in ("：", "\n") and not is_open:
            return None
        text = self.plain[piece.start : piece.end]
        row = self._row(text, *_HEADS)
        title = self._title(piece, is_open=is_open) if row is None else None
        if title is None and piece.stop != "：" and not (is_open and row is not None):
            return None
        found = title or row
        before = self._before(block)
        named = self._row(text, "title") if row is not None else None
        own = [row.effect for row in (found, named) if row is not None and row.effect]
        # What sounds like an aim in a mere title is its name, and says nothing of what stands below it.
        said = reading.effects if title is None else tuple(e for e in reading.effects if e in DECISIVE)
        effect = strictest([*said, *own]) if said or own else ""
        if not effect and before is not None and (reading.repeats or _is_definition(found)):
            effect = strictest(before.effects)
        return Head(
            text=self.cell[piece.start : piece.end].strip(),
            effect=effect or None,
            is_weak=title is not None,
            is_permit=reading.permits or (found is not None and found.kind == "only"),
            reading=reading,
            because=(*reading.because, *([found.because] if found else [])),
            start=piece.start,
            exceptions=tuple(part for part in reading.exceptions if self._row(folded(part), *_HEADS) is None),
        )

    def _group_title(self, piece: Piece, reading: Reading, above: Head | None) -> Head | None:
        """Return the head above as what a short title between it and the numbers hands on."""
        if above is None or reading.has_verb or piece.end - piece.start > _TITLE_CHARACTERS_MAX:
            return None
        self.used.add(above.start)
        return replace(above, text=self.cell[piece.start : piece.end].strip(), reading=reading, start=piece.start)

    def _tag_head(self, block: Block) -> Head | None:
        rows = (self._tag_row(tag) for tag in block.tags)
        row = next((row for row in rows if row is not None), None)
        if row is None:
            return None
        return Head("、".join(block.tags), row.effect or None, is_weak=True, because=(row.because,))

    def _tag_row(self, tag: str) -> Row | None:
        known = self.wording.known(("tag", tag))
        if not isinstance(known, tuple):
            known = (self._row(folded(tag), "tag"),)
            self.wording.keep(("tag", tag), known, size=len(tag))
        row: Row | None = known[0]
        return row

    def _under(self, head: Head, above: Head | None) -> Head:
        """Give a head below another the other's effect where that is stricter or it has none."""
        if above is None or above.effect is None or above.depth >= _LEVELS_DOWN:
            return head
        self.used.add(above.start)
        if head.effect is None or (not above.is_weak and EFFECTS.index(above.effect) < EFFECTS.index(head.effect)):
            return replace(head, effect=above.effect, because=(*head.because, *above.because))
        return head

    def _deeper(self, head: Head | None) -> Head | None:
        if head is None or head.depth >= _LEVELS_DOWN:
            return None
        return replace(head, depth=head.depth + 1)

    def _add(self, block: Block, piece: Piece, reading: Reading, context: _Context) -> None:
        """Make one piece an item, a part of the item before it, or an exception."""
        head = context.governs(reading)
        self.used.update(used.start for used in (head, context.weak) if used is not None)
        said = self.cell[piece.start : piece.end].strip(OUTER)
        if head is not None and head.is_permit and head.draft is not None:
            head.draft.exceptions.append(said)
            if not set(reading.effects) & set(DECISIVE):
                return
        before = self._before(block)
        is_permission = head is None and (reading.permits or reading.is_exception)
        if is_permission and before is not None and {"forbid", "consult"} & set(before.effects):
            before.exceptions.append(said)
            return
        effects, because = self._effects(block, reading, head, context.weak)
        if effects == ("note",) and not reading.is_known and not context.has_below and not (head or context.weak):
            effects = ("forbid",)  # words of which no table knows one may say anything, but for a title
        draft = Draft(block, piece.start, piece.end, reading, effects, [*reading.because, *because], head)
        draft.title = context.weak.text if context.weak is not None and context.weak.start >= 0 else None
        draft.exceptions += head.exceptions if head is not None else ()
        draft.exceptions += reading.exceptions
        self.drafts.append(draft)

    def _effects(
        self, block: Block, reading: Reading, strong: Head | None, weak: Head | None
    ) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
        """Effects of a part from its own words, its head, or the rule that words without a verb are a ban."""
        if strong is not None and strong.effect is not None:
            is_stricter = EFFECTS.index(strong.effect) < EFFECTS.index(strictest(reading.effects))
            return ((strong.effect,) if is_stricter or not reading.effects else reading.effects), strong.because
        if reading.effects:
            return reading.effects, ()
        before = self._before(block)
        if reading.repeats and before is not None:
            return before.effects, reading.same_because
        if reading.alone is not None:
            return (reading.alone,), reading.same_because
        if weak is not None and weak.effect is not None:
            return (weak.effect,), weak.because
        if reading.names_act and not reading.permits and not reading.is_exception:
            return ("forbid",), reading.act_because
        if strong is not None and not reading.has_verb:
            return ("forbid",), strong.because  # listed under words that do not say for what: a person decides
        return ("note",), ()

    def _keep_tagged_ban(self, first: int, weak: Head | None) -> None:
        """Under a title or tag that says "banned", words that only sound like an aim are a ban, if none else is."""
        drafts = self.drafts[first:]
        if weak is None or weak.effect != "forbid" or any(set(draft.effects) & set(DECISIVE) for draft in drafts):
            return
        for draft in drafts:
            draft.effects = ("forbid",)
            draft.because += weak.because

    def _before(self, block: Block) -> Draft | None:
        return self.drafts[-1] if self.drafts and self.drafts[-1].block is block else None

    def _row(self, text: str, *kinds: str) -> Row | None:
        return self.wording.head_row(text, kinds)


def is_empty(text: str, wording: Wording) -> bool:
    """Whether a text says nothing: blank, or a word of the table of empty cells."""
    words = folded(text).strip()
    return not words.strip(OUTER) or words in wording.empty or words.strip(OUTER) in wording.empty


def _is_definition(row: Row | None) -> bool:
    return row is not None and row.kind == "definition"
