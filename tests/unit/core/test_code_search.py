"""Codes are found by words, by everyday words and by how they begin; where none is, what is near is said to be so."""

import csv
from pathlib import Path

import pytest

from yudi.core.code_search import search_codes
from yudi.core.codes import code_system
from yudi.core.errors import InputError

CODES = Path(__file__).parents[3] / "packs" / "cn" / "codes"


@pytest.fixture(scope="module")
def industry():
    with (
        (CODES / "gbt4754_2017.csv").open(encoding="utf-8", newline="") as file,
        (CODES / "gbt4754_words.csv").open(encoding="utf-8", newline="") as words,
    ):
        return code_system("gbt4754", csv.DictReader(file), csv.DictReader(words))


@pytest.mark.parametrize(
    ("text", "first", "why"),
    [
        ("锂电", "C3841", "word"),  # an everyday word of the table
        ("氨纶纤维", "C2826", "name"),  # 氨纶纤维制造
        ("电池", "C384", "name"),  # the group before its classes
        ("C384", "C384", "code"),
        ("384", "C384", "code"),
        (" ｃ３８４ ", "C384", "code"),
        ("抽水蓄能", "D4413", "word"),
        ("制造业 电池", "C384", "above"),  # one word in the section's name, one in its own
        ("锂离子制造", "C3841", "near"),  # letters in their order, others between them
        ("水泥厂", "C301", "near"),
    ],
)
def test_the_best_code_comes_first(industry, text, first, why):
    """With the reason why it was found."""
    hits = search_codes(industry, text)

    assert (hits[0].code, hits[0].why) == (first, why)


def test_a_hit_has_its_path(industry):
    """From the section down to the class."""
    assert search_codes(industry, "氨纶纤维")[0].path == ("C", "C28", "C282", "C2826")


def test_the_beginning_of_a_code_finds_all_below_it(industry):
    """Group C384 has five classes."""
    assert [hit.code for hit in search_codes(industry, "c384")] == [
        "C384", "C3841", "C3842", "C3843", "C3844", "C3849",
    ]  # fmt: skip


def test_an_unknown_code_finds_the_nearest(industry):
    """As the message about it does."""
    hits = search_codes(industry, "C99999")

    assert {hit.why for hit in hits} == {"near"}
    assert "C399" in [hit.code for hit in hits]


@pytest.mark.parametrize("text", ["", "  ", "，"])
def test_nothing_finds_nothing(industry, text):
    """An empty text means no code."""
    assert search_codes(industry, text) == ()


def test_an_everyday_word_of_an_unknown_code_is_refused():
    """The table names codes that are there."""
    with pytest.raises(InputError, match="C9"):
        code_system("industry", [{"code": "C1"}], [{"word": "x", "codes": "C9"}])
