"""Lines of words on a screen, broken as Chinese is: no line begins with a stop or ends with an opening bracket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

__all__ = ["lines_of", "print_indented"]

_OPENING, _CLOSING = r"（“‘《〈【「『〔(\[", r"，。、；：？！）”’》〉】」』〕…,.;:?!)\]"
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_UNIT = re.compile(rf"[{_OPENING}]*(?:[^\s{_WIDE}]+|\S)?[{_CLOSING}]*\s*")
_NARROWEST = 20


def lines_of(text: Text, width: int) -> list[Text]:
    """Return the lines of a text that are no wider than so many cells; a wide letter takes two.

    Latin words stay whole where they fit into a line, stops stay with what they close, opening brackets with what follows.
    """
    lines = []
    for part in text.split("\n", allow_blank=True):
        broken = part.divide(list(_breaks(part.plain, width)))
        for line in broken:
            line.rstrip()
        lines += list(broken)
    return lines


def print_indented(console: Console, text: Text | str, by: int, *, style: str = "") -> None:
    """Print a text, a plain one in a style, that wraps behind a margin on a screen and stays one line in a pipe."""
    text = Text(text, style=style) if isinstance(text, str) else text
    margin = " " * by
    if console.soft_wrap:
        console.print(Text.assemble(margin, text))
        return
    for line in lines_of(text, max(console.width - by, _NARROWEST)):
        console.print(Text.assemble(margin, line), no_wrap=True, overflow="ignore", crop=False)


def _breaks(plain: str, width: int) -> Iterator[int]:
    """Yield where a new line begins."""
    filled = 0
    for found in _UNIT.finditer(plain):
        unit = found[0]
        if filled and filled + cell_len(unit.rstrip()) > width:
            yield found.start()
            filled = 0
        if cell_len(unit.rstrip()) <= width:
            filled += cell_len(unit)
            continue
        for place, letter in enumerate(unit, found.start()):  # what no line holds is broken anywhere
            if filled and filled + cell_len(letter) > width:
                yield place
                filled = 0
            filled += cell_len(letter)
