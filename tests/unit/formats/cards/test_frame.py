"""What all cards share: escaping, cutting, and colours that can be read."""

from __future__ import annotations

import re

import pytest

from yudi.formats.cards.frame import Html, card, chip, colour_of, folded, listed, table, text, verdict_chip
from yudi.territory.answer_marks import OUTCOME_MARKS, VERDICT_MARKS


def contrast_with_white(colour: str) -> float:
    """Return the contrast of white letters on a colour, by the formula of WCAG 2.1, 1.4.3."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize(
    "kind", [*VERDICT_MARKS, "prohibits", "may_prohibit", "conditions", "may_condition", "satisfied"]
)
def test_chips_can_be_read(kind):
    """White letters on each colour have a contrast of at least 4.5 to 1, as WCAG asks of text."""
    assert contrast_with_white(colour_of(kind)) >= 4.5


def test_a_chip_does_not_depend_on_its_colour():
    """A verdict has a mark and its name; no two have the same mark."""
    assert "■ Prohibited" in verdict_chip("prohibited", "en")
    assert len(set(VERDICT_MARKS.values())) == len(VERDICT_MARKS)
    assert len(set(OUTCOME_MARKS.values())) == len(OUTCOME_MARKS)


def test_what_has_no_colour_stands_back():
    """A note is dim text without ground."""
    assert chip("i note", "note") == '<span class="y-dim">i note</span>'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (3, "3"),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
        ("<i>", "&lt;i&gt;"),
        (Html("<i>"), "<i>"),
        ('"', "&quot;"),
    ],
)
def test_text_is_escaped_once(value, said):
    """Anything is text unless it is HTML already."""
    assert text(value) == said


def test_tables_escape_heads_and_cells():
    """Neither a column's name nor a cell brings tags in."""
    page = table(["<a>"], [["<b>"]])

    assert set(re.findall(r"<(\w+)", page)) == {"table", "thead", "tbody", "tr", "th", "td"}


def test_nothing_gives_nothing():
    """A list without items, and what would unfold nothing, leave no trace."""
    assert (listed("title", []), folded("more", "")) == ("", "")


def test_letters_keep_the_colour_of_the_page():
    """The style sets no colour of letters but that on chips, so a card suits light and dark pages."""
    style = re.search(r"<style>(.*?)</style>", card([], "en"), re.DOTALL)[1]

    assert re.findall(r"[{;]color:([^;}]+)", style.replace("\n", "")) == ["#fff"]
