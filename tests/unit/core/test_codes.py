import csv
import pickle
from collections import Counter
from pathlib import Path

import pytest

from yudi.core.codes import CodeSystem, code_system
from yudi.core.errors import InputError
from yudi.core.logic import F, T, U

INDUSTRIES = Path(__file__).parents[3] / "packs" / "cn" / "codes" / "gbt4754_2017.csv"


@pytest.fixture(scope="module")
def industry():
    with INDUSTRIES.open(encoding="utf-8", newline="") as file:
        return code_system("gbt4754_2017", csv.DictReader(file))


def test_the_standard_is_there_in_full(industry):
    """GB/T 4754-2017 has 20 sections, 97 divisions, 473 groups and 1,381 classes."""
    levels = Counter(len(code) for code in industry.names)

    assert levels == {1: 20, 3: 97, 4: 473, 5: 1381}


def test_every_code_has_the_parent_one_level_above(industry):
    """Sections stand on top; all others hang under a code of the level right above."""
    above = {1: None, 3: 1, 4: 3, 5: 4}

    for code in industry.names:
        parents = industry.ancestors(code)
        assert (len(parents[0]) if parents else None) == above[len(code)]


@pytest.mark.parametrize("spelling", ["2614", "C2614", "c2614", " Ｃ２６１４ ", "C 2614"])
def test_spellings_of_one_code_are_one(industry, spelling):
    """Digits alone, case, blanks and wide letters do not matter."""
    assert industry.canonical(spelling) == "C2614"


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("C26", "C2614", T),
        ("26", "2614", T),
        ("C26", "C26", T),
        ("C", "C2614", T),
        ("C2614", "C26", U),
        ("C2614", "C", U),
        ("C26", "C27", F),
        ("C26", "C265", T),
        ("A01", "C26", F),
        ("C2614", "C2611", F),
    ],
)
def test_a_code_covers_what_lies_below_it_and_may_mean_it_above(industry, wide, narrow, expected):
    """SEMANTICS section 1: C26 covers C2614; a project's C26 against a clause's C2614 is unknown."""
    assert industry.covers(wide, narrow) is expected


def test_of_a_list_any_one_triggers(industry):
    """The strongest pair decides; of nothing, nothing triggers."""
    assert industry.covers_any(["D44", "C26"], ["I6513", "C2614"]) is T
    assert industry.covers_any(["C2614"], ["I65", "C26"]) is U
    assert industry.covers_any(["C2614"], []) is F


def test_descendants_are_all_that_a_code_covers(industry):
    """The set holds the code itself and equals a scan by covers."""
    expected = {code for code in industry.names if industry.covers("C26", code) is T}

    assert industry.descendants("26") == expected


def test_an_unknown_code_names_near_ones(industry):
    """The hint lists codes that look alike, with their names."""
    with pytest.raises(InputError, match="C2699") as caught:
        industry.canonical("C2699")

    assert "C26 化学原料" in caught.value.hint


def test_a_lost_leading_zero_is_suspected(industry):
    """A spreadsheet turns 0113 into 113, which no code of the standard is."""
    with pytest.raises(InputError, match="leading zero") as caught:
        industry.canonical("113")

    assert "A0113" in caught.value.hint


@pytest.mark.parametrize("code", ["", "  ", "X", "C26140", None, 2614])
def test_what_is_no_code_is_refused(industry, code):
    """Empty, unknown and not even text."""
    with pytest.raises(InputError):
        industry.canonical(code)


def test_a_system_survives_pickling(industry):
    """Screening in several processes sends the system along."""
    assert pickle.loads(pickle.dumps(industry)) == industry


def test_full_codes_become_canonical_and_short_parents_are_found():
    """Rows with digits, a full code and a parent in digits build the same hierarchy."""
    rows = [
        {"code": "C", "full_code": "C", "parent": ""},
        {"code": "26", "full_code": "C26", "parent": "C", "name_en": "chemicals"},
        {"code": "261", "full_code": "C261", "parent": "26"},
    ]

    system = code_system("industry", rows)

    assert system.ancestors("261") == ("C26", "C")
    assert system.names["C26"] == {"en": "chemicals"}


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([{"code": "A"}, {"code": "a"}], 3),
        ([{"code": "A"}, {"code": ""}], 3),
        ([{"code": "A", "aliases": "1|2"}, {"code": "B", "aliases": "2"}], 3),
        ([{"code": "A", "aliases": "B"}, {"code": "B"}], 3),
    ],
)
def test_doubled_and_missing_codes_are_refused_with_their_row(rows, row):
    """The spreadsheet row is named, the header being row 1."""
    with pytest.raises(InputError) as caught:
        code_system("industry", rows)

    assert caught.value.where.row == row


@pytest.mark.parametrize(
    ("names", "parents", "aliases"),
    [
        ({"A": {}}, {"A": "B"}, {}),
        ({"A": {}, "B": {}}, {"A": "B", "B": "A"}, {}),
        ({"A": {}}, {"A": "A"}, {}),
        ({"A": {}}, {}, {"1": "B"}),
        ({"A": {}, "B": {}}, {}, {"b": "A"}),
        ({"A": {}, "a": {}}, {}, {}),
        ({"": {}}, {}, {}),
        ({}, {}, {}),
    ],
)
def test_a_system_that_contradicts_itself_is_refused(names, parents, aliases):
    """Unknown parents, circles, aliases that lead nowhere and spellings of two codes."""
    with pytest.raises(InputError):
        CodeSystem("industry", names, parents, aliases)
