"""How lines of words are broken on a screen."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from yudi.cli.wrapping import lines_of, print_indented


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("新建化工、造纸项目", 8, ["新建化", "工、造纸", "项目"]),
        ("不得建设（重污染）项目", 10, ["不得建设", "（重污染）", "项目"]),
        ("no new works here", 8, ["no new", "works", "here"]),
        ("见 water-40-1、water-40-2", 14, ["见", "water-40-1、", "water-40-2"]),
        ("a\n\nb", 8, ["a", "", "b"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("", 4, [""]),
    ],
)
def test_lines_are_broken_as_both_languages_are(text, width, lines):
    """Stops stay with what they close, opening brackets with what follows, words whole; what is too long is broken."""
    found = [line.plain for line in lines_of(Text(text), width)]

    assert found == lines
    assert all(cell_len(line) <= width for line in found)


def test_a_screen_wraps_behind_the_margin_and_a_pipe_does_not():
    """Every line of a screen begins with the margin; in a pipe a sentence is one line, to be searched."""
    shown = {}
    for soft in (False, True):
        out = io.StringIO()
        console = Console(file=out, width=30, soft_wrap=soft)
        print_indented(console, Text("禁止新建、扩建化工园区和化工项目，另有规定的除外"), 4)
        shown[soft] = out.getvalue().splitlines()

    assert shown[True] == ["    禁止新建、扩建化工园区和化工项目，另有规定的除外"]
    assert shown[False] == ["    禁止新建、扩建化工园区和化", "    工项目，另有规定的除外"]
