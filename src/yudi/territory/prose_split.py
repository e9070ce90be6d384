"""How a cell of prose is laid out: broken lines joined, then numbers, tags, pieces of text and stops as spans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from yudi.territory.wording import Hit, Row, Wording, folded

__all__ = ["OUTER", "Block", "Piece", "Segment", "blocks", "joined", "segments"]

OUTER = "。；;，,、.:：!！?？ \n\t\u3000"
"""Marks and blanks that are no part of an item's words at its ends."""

_LINE_ENDS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_STOPS = "。！？；：\n"
_GAP = re.compile(r"(?<=[^\s，。；：])[ ]+(?=\S)")
_STOP = re.compile(f"[{_STOPS}]")
_ENCLOSED = re.compile(
    r"（[^（）\n]{0,200}）|《[^《》\n]{0,100}》|“[^“”\n]{0,200}”|【[^【】\n]{0,60}】|「[^「」\n]{0,200}」"
)
_RUNS_ON_AFTER = "，、（《“‘【—－-/"
_RUNS_ON_BEFORE = "，、。；：！？）》”’】%/"
_WIDE_RUNS = re.compile("[\u2e80-\U0010ffff]+")
_DIGITS_MAX = 6
_NUMERALS = re.compile(rf"[0-9]{{1,{_DIGITS_MAX}}}|[^\W0-9_]{{1,12}}|[^\w\s.\-]{{1}}")
_TAG = "tag"
_TITLE_CHARACTERS_MAX = 8
_DASH = "dash"


class Segment(NamedTuple):
    """One span of a joined text: a ``number``, a ``tag``, a ``text`` or a ``stop``; together they tile it."""

    kind: str
    start: int
    end: int
    row: Row | None = None
    value: str = ""


class Piece(NamedTuple):
    """A run of text and the stop that ends it (one of 。；： or a line end; empty at the end of an item)."""

    start: int
    end: int
    stop: str


@dataclass
class Block:
    """What stands under one number: its place in the tree, its tags and its pieces of text."""

    number: str
    parent: Block | None = None
    children: list[Block] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    because: list[tuple[str, int]] = field(default_factory=list)


def joined(text: str, wording: Wording) -> str:
    """Join the lines that typesetting broke; a line end stays where a sentence, an item or a short line ends.

    No character but blanks is lost or added. A line is short where the next word would still have fitted in.
    """
    lines = [line for line in (raw.strip() for raw in _LINE_ENDS.split(text)) if line]
    if not lines:
        return ""
    widths = [_width(line) for line in lines]
    widest = max(widths)
    parts = [lines[0]]
    for before, width, line in zip(lines, widths, lines[1:], strict=False):
        parts.append(_glue(before, line, wording, is_short=width + max(4, widest // 6) < widest))
        parts.append(line)
    return "".join(parts)


def segments(text: str, wording: Wording) -> list[Segment]:
    """Tile a joined text with numbers, tags, texts and stops, in order and without a gap.

    A number counts at the start of a line, and after a stop inside one if it is the first or the next of its style.
    Behind a blank alone, where the ends of lines were lost, it counts if it is the next, or a 1 that a 2 follows.
    """
    plain = folded(text)
    gaps = _gaps(plain, wording)
    stops = [*sorted([*_stop_positions(plain), *gaps]), len(plain)]
    out: list[Segment] = []
    last: dict[str, tuple[int, ...]] = {}
    position, is_line_start, is_opened = 0, True, False
    for stop in stops:
        if stop < position:
            continue
        if not is_opened:
            if wording.numbering.at(plain[position : position + 1]):
                position = _opening(plain, position, out, _Place(wording, last, is_line_start))
            is_opened = True
        if stop in gaps and (stop < position or not _goes_on(gaps, stop, last)):
            continue
        if position < stop:
            out.append(Segment("text", position, stop))
            position = stop
        end = _stop_end(plain, position)
        if end > position:
            out.append(Segment("stop", position, end))
        is_line_start = "\n" in plain[position:end]
        position, is_opened = end, False
    return out


def blocks(text: str, spans: list[Segment]) -> list[Block]:
    """Build the tree of numbered blocks from the tiles of a text; what stands before the first number is block 0."""
    plain = folded(text)
    found = [Block("0")]
    stack: list[tuple[str, Block]] = []
    counts: dict[tuple[int, str], int] = {}
    for index, span in enumerate(spans):
        if span.kind == "text":
            stop = plain[spans[index + 1].start : spans[index + 1].end] if index + 1 < len(spans) else ""
            found[-1].pieces.append(Piece(span.start, span.end, _stop_kind(stop)))
        elif span.kind == "number" or (span.kind == "tag" and not _opens_after_number(spans, index)):
            style = span.row.cells["style"] if span.row else _TAG
            found.append(_placed(style, span, stack, counts))
        if span.kind == "tag":
            found[-1].tags.append(span.value)
        if span.row is not None and span.kind != "stop":
            found[-1].because.append(span.row.because)
    return found


def _width(line: str) -> int:
    return len(line) + sum(map(len, _WIDE_RUNS.findall(line)))


def _glue(before: str, line: str, wording: Wording, *, is_short: bool) -> str:
    """Return what stands between two lines: a line end, a blank between two words in letters, or nothing."""
    ends, starts = folded(before[-1]), folded(line[0])
    if ends in _STOPS or wording.number_at(folded(line), 0):
        return "\n"
    if any(hit.start == 0 and hit.row.cells["reach"] == "back" for hit in wording.find_patterns(line, "exceptions")):
        return ""
    if folded(line[-1]) == "：" or _is_title(before, wording) or _is_title(line, wording):
        return "\n"
    runs_on = ends in _RUNS_ON_AFTER or starts in _RUNS_ON_BEFORE or (ends.isascii() and ends.isalnum())
    if is_short and not runs_on:
        return "\n"
    return " " if before[-1].isascii() and before[-1].isalpha() and line[0].isascii() and line[0].isalpha() else ""


def _is_title(line: str, wording: Wording) -> bool:
    """Whether a whole short line is a title that gives an effect."""
    row = wording.head_row(folded(line), ("title",)) if len(line) <= _TITLE_CHARACTERS_MAX else None
    return row is not None and bool(row.effect)


def _stop_positions(plain: str) -> list[int]:
    """Positions of the stops outside brackets and quotation marks; a colon between digits is none."""
    open_text = _ENCLOSED.sub(lambda match: "□" * len(match.group()), plain)
    found = []
    for match in _STOP.finditer(open_text):
        at = match.start()
        if open_text[at] == "：" and open_text[at - 1 : at].isdigit() and open_text[at + 1 : at + 2].isdigit():
            continue
        found.append(at)
    return found


def _gaps(plain: str, wording: Wording) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Return the blanks inside lines that stand before what looks like a number: its style and values."""
    found: dict[int, tuple[str, tuple[int, ...]]] = {}
    for match in _GAP.finditer(plain) if " " in plain else ():
        hit = wording.number_at(plain, match.end())
        values = tuple(_values(plain[slice(*hit.inner)])) if hit is not None else ()
        if hit is not None and values:
            found[match.start()] = hit.row.cells["style"], values
    return found


def _goes_on(gaps: Mapping[int, tuple[str, tuple[int, ...]]], at: int, last: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether a number behind a blank goes on a count, or is a 1 that a 2 follows."""
    style, values = gaps[at]
    before = last.get(style)
    if before is not None and len(before) == len(values) and values == (*before[:-1], before[-1] + 1):
        return True
    return values[-1] == 1 and any(place > at and gaps[place] == (style, (*values[:-1], 2)) for place in gaps)


def _stop_end(plain: str, position: int) -> int:
    """Return the end of a run of stops, blanks and stray commas after them."""
    end = position
    while end < len(plain) and (
        plain[end] in _STOPS or plain[end].isspace() or (end > position and plain[end] in "，、")
    ):
        end += 1
    return end


def _stop_kind(stop: str) -> str:
    """Return the first mark of a run of stops, ！ and ？ as 。; a full stop behind a ； counts for it."""
    marks = [mark for mark in stop if mark in _STOPS]
    if not marks:
        return ""
    if marks[0] == "；" and "。" in marks:
        return "。"
    return "。" if marks[0] in "！？" else marks[0]


class _Place(NamedTuple):
    wording: Wording
    last: dict[str, tuple[int, ...]]
    is_line_start: bool


def _opening(plain: str, position: int, out: list[Segment], place: _Place) -> int:
    """Put the numbers and tags that open a piece into ``out``; return where its text begins."""
    styles = set()
    while True:
        hit = place.wording.number_at(plain, position)
        style = hit.row.cells["style"] if hit else ""
        if hit is None or (style != _TAG and (style in styles or not _counts(plain, hit, place))):
            return position
        styles.add(style)
        value = plain[slice(*hit.inner)].strip()
        out.append(Segment("tag" if style == _TAG else "number", hit.start, hit.end, hit.row, value))
        if style != _TAG:
            place.last[style] = tuple(_values(value))
        position = _blanks(plain, hit.end, out)


def _blanks(plain: str, position: int, out: list[Segment]) -> int:
    end = position
    while end < len(plain) and plain[end].isspace():
        end += 1
    if end > position:
        out.append(Segment("stop", position, end))
    return end


def _counts(plain: str, number: Hit, place: _Place) -> bool:
    """Whether what looks like a number is one: at a line's start always, else if it begins or goes on a count."""
    if place.is_line_start:
        return True
    values = tuple(_values(plain[slice(*number.inner)]))
    if not values:
        return False
    last = place.last.get(number.row.cells["style"])
    if last is None or len(last) != len(values):
        return values[-1] == 1
    return values[-1] in (1, last[-1] + 1)


def _values(written: str) -> Iterator[int]:
    """Each numeral in a written number, in any script: 1-12 gives 1, 12; 二十三 gives 23."""
    parts = written.split("-")
    if written.isascii() and all(part.isdigit() and len(part) <= _DIGITS_MAX for part in parts):
        yield from map(int, parts)  # as most are written
        return
    for run in _NUMERALS.findall(written):
        if run.isascii() and run.isdigit():
            yield int(run)
            continue
        total, unit, is_numeral = 0, 0, False
        for character in run:
            value = int(unicodedata.numeric(character, -1))
            if value < 0:
                continue
            is_numeral = True
            if value >= 10 and len(run) > 1:
                total, unit = total + (unit or 1) * value, 0
            else:
                unit = value
        if is_numeral:
            yield total + unit


def _opens_after_number(spans: list[Segment], index: int) -> bool:
    """Whether a tag stands behind a number or another tag, so that it opens no block of its own."""
    before = index - 1
    while before >= 0 and spans[before].kind == "stop" and before > 0 and spans[before - 1].kind in ("number", "tag"):
        before -= 1
    return before >= 0 and spans[before].kind in ("number", "tag")


def _placed(style: str, span: Segment, stack: list[tuple[str, Block]], counts: dict[tuple[int, str], int]) -> Block:
    """Make the block of a number and put it beside the last one of its style, or under the one before it."""
    styles = [known for known, _ in stack]
    if style in styles:
        del stack[styles.index(style) :]
    parent = stack[-1][1] if stack else None
    key = (id(parent) if parent else 0, style)
    counts[key] = counts.get(key, 0) + 1
    values = list(_values(span.value)) if span.kind == "number" else []
    own = "-".join(str(value) for value in values) or str(counts[key])
    block = Block(own if parent is None or style == _DASH else f"{parent.number}.{own}", parent)
    if parent is not None:
        parent.children.append(block)
    stack.append((style, block))
    return block
