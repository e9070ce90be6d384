"""Laws of what a pattern needs: no text in which it is found is ever ruled out."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.territory.patterns import opening, required
from yudi.territory.prose import Item, read_cell, wording
from yudi.territory.wording import folded

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "wording"
ROWS = {path.stem: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in TABLES.glob("*.csv")}
WRITTEN = sorted({row["pattern"] for rows in ROWS.values() for row in rows if "pattern" in row})
FRESH, USED = wording(ROWS), wording(ROWS)
PATTERNS = [text for text in WRITTEN if re.escape(text) != text]
# Parts of which expressions are built, so that forms which the shipped tables do not use are met too.
ATOMS = st.sampled_from(
    ["甲", "乙丙", "[甲乙]", "[^甲]", r"\d", r"\.", ".", "(丁)", "(?:甲|戊己)", "(?=甲)", "(?<!乙)", "^", "$"]
)
REPEATS = st.sampled_from(["", "", "?", "{2}", "{0,2}", "{1,3}", "{1,2}?", "+", "*?"])
SEQUENCES = st.lists(st.tuples(ATOMS, REPEATS).map("".join), min_size=1, max_size=4).map("".join)
CHOICES = st.lists(SEQUENCES, min_size=1, max_size=3).map("|".join)
BUILT = st.one_of(CHOICES, st.tuples(SEQUENCES, CHOICES, REPEATS).map(lambda parts: "{}(?:{}){}".format(*parts)))
TEXTS = st.text(st.sampled_from("甲乙丙丁戊己.1"), max_size=12)
fast = settings(max_examples=150, deadline=None, derandomize=True)


def _is_ruled_out(pattern: str, text: str) -> bool:
    return any(not any(word in text for word in words) for words in required(pattern))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_made_from_a_shipped_pattern_holds_what_the_pattern_needs(pattern: str) -> None:
    """Whatever the expression matches has a word of each set."""

    @settings(max_examples=8, deadline=None, derandomize=True)
    @given(st.from_regex(pattern))
    def check(text: str) -> None:
        assert not _is_ruled_out(pattern, text)

    check()


@fast
@given(BUILT, TEXTS)
def test_a_text_in_which_an_expression_is_found_holds_what_it_needs(pattern: str, text: str) -> None:
    """The same of expressions built from all forms, on texts that a match is not made for."""
    try:
        found = re.search(pattern, text)
    except re.error:
        return

    assert found is None or not _is_ruled_out(pattern, text)


@pytest.mark.parametrize("pattern", [r"(?i)vocs", r"(?P<a>甲)(?P=a)", r"\u7532", r"(甲)?(?(1)乙|丙)"])
def test_of_a_pattern_with_rare_forms_nothing_is_said(pattern: str) -> None:
    """Flags, names called again, codes and conditions rule out no text."""
    assert required(pattern) == ()


@fast
@given(st.one_of(BUILT, st.sampled_from(PATTERNS)), TEXTS)
def test_what_a_pattern_matches_begins_as_its_opening_says(pattern: str, text: str) -> None:
    """Wherever the expression matches, the first character is one of those that its opening allows, if it has one."""
    begins = opening(pattern)
    try:
        starts = [match.start() for match in re.finditer(pattern, text) if match.group()]
    except re.error:
        return

    assert begins is None or all(re.match(begins, text[at:]) for at in starts)


def test_a_pattern_that_may_begin_in_several_ways_has_no_opening() -> None:
    """Nothing is said of alternatives, of what may be left out, of classes written oddly and of flags."""
    for pattern in (
        "甲|乙",
        "(甲|乙)丙",
        "(甲)?乙",
        "甲{0,2}乙",
        "甲?乙",
        "(?i)a",
        "(?:甲)乙",
        "甲[](]|乙[])]",
        "^甲",
        ".",
    ):
        assert opening(pattern) is None
    assert [opening(pattern) for pattern in ("甲+(?:乙|丙)", "(甲(乙|丙))丁", r"\.甲", "[甲-乙]")] == [
        "甲",
        "甲",
        r"\.",
        "[甲-乙]",
    ]


# 瑶, 珊 and 瑾 stand in no shipped table.
@fast
@given(
    st.lists(
        st.sampled_from(["瑶", "珊", "禁止", "除", "外", "新建", "化工", "湿地公园", "，", "内", "可建设", "。"]),
        max_size=14,
    )
)
def test_a_name_of_characters_of_no_table_reads_as_any_other(parts: list[str]) -> None:
    """Put 瑾 for them before and after reading: the items are the same, whatever was read before."""
    text = "".join(parts)
    FRESH.memo.clear()

    assert _names(read_cell(_one_name(text), FRESH)) == _names(read_cell(text, USED))


def _names(items: tuple[Item, ...]) -> list[str]:
    return [_one_name(item) for item in items]


def _one_name(said: object) -> str:
    return re.sub("[瑶珊]", "瑾", str(said))


def test_ideographs_that_a_range_tells_apart_are_not_taken_for_alike() -> None:
    """A row whose expression holds a range of some ideographs, or a match again, keeps all texts apart."""
    for pattern in ("禁[瑶-瑾]建", "禁(瑶)\\1建"):
        row = {"pattern": pattern, "effect": "forbid", "precedence": "90", "kind": "verb"}
        tables = wording({**ROWS, "effects": [*ROWS["effects"], row]})

        assert tables.alike == {}
    assert FRESH.alike[ord("瑶")] == FRESH.alike[ord("珊")]


def test_folding_a_text_with_nothing_to_fold_gives_it_back() -> None:
    """Wide letters and narrow marks are folded, all else stays."""
    assert folded("甲乙。") == "甲乙。"
    assert folded("Ａ,") == "A，"
