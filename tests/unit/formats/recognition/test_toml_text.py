"""A proposal as text: it is TOML, what is left out and to be filled is comment, and lines fit a screen."""

from __future__ import annotations

import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yudi.core.words import Words
from yudi.formats.recognition.proposal import Decision, Open, Part, Proposal
from yudi.formats.recognition.toml_text import toml_text, toml_value

VALUES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",))) | st.integers(-(10**12), 10**12) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUES)
def test_every_value_is_read_back(value):
    """Texts with quotes, breaks and control signs, numbers, lists and tables come back from TOML as they were."""
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


def test_grounds_stand_beside_and_open_points_are_comments():
    """A value has its ground behind it or above it; an open point is a comment that becomes a line without its mark."""
    entries = (
        Decision("path", "a.shp"),
        Decision("crs", "EPSG:4545", Words("依据", "ground"), "low", (Words("也可能", "or another"),)),
        Decision("columns.code", "A", Words("列名", "by name")),
        Decision("columns.name", "B"),
        Open("shape", Words("看不出", "cannot be told"), 'shape = "bank"'),
    )
    text = toml_text(Proposal("f", (Part("[[layers]]", entries, (Words("面", "polygons"),)),)), "en")

    assert 'crs = "EPSG:4545"  # ground; or another; check' in text
    assert "# code ← A: by name" in text
    assert '# shape = "bank"  # TO FILL (optional): cannot be told' in text
    assert tomllib.loads(text) == {
        "layers": [{"path": "a.shp", "crs": "EPSG:4545", "columns": {"code": "A", "name": "B"}}]
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_left_out_is_comment(lang):
    """A table that is left out leaves no line behind that TOML reads."""
    part = Part(
        "[[layers]]", (Decision("path", "a.shp", Words("甲" * 90, "a " * 90)),), (Words("乙", "b"),), is_off=True
    )

    assert tomllib.loads(toml_text(Proposal("f", (part,)), lang)) == {}


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=400))
def test_comments_fit_a_screen_and_never_become_values(text):
    """Whatever a ground says, in narrow letters or wide, its lines are comments of at most 110 cells."""
    part = Part("", (), (Words(text, text),))
    lines = toml_text(Proposal("f", (part,)), "zh").splitlines()

    assert tomllib.loads("\n".join(lines)) == {}
    assert max(sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line) for line in lines) <= 110
