"""What a column looks like by its values."""

from __future__ import annotations

import pytest

from yudi.formats.recognition.columns import seen_column


@pytest.mark.parametrize(
    ("values", "is_unique", "is_kinds", "is_prose"),
    [
        (["ZH1", "ZH2", "ZH3"], True, True, False),
        (["ZH1", "ZH1", "ZH3"], False, True, False),
        (["ZH1", None, "ZH3"], False, True, False),
        ([], False, False, False),
        ([None, " "], False, False, False),
        ([str(number) for number in range(40)], True, False, False),
        (["重点", "一般"] * 20, False, True, False),
        (["禁止新建、扩建化工项目。"] * 3, False, False, True),
        (["甲县重点管控单元—东山工业集中区及周边"] * 3, False, True, False),
    ],
)
def test_values_tell_what_a_column_is(values, is_unique, is_kinds, is_prose):
    """Codes differ in every row, kinds repeat, sentences have stops; a column without values is none of them."""
    column = seen_column("X", values)

    assert (column.is_unique, column.is_kinds, column.is_prose) == (is_unique, is_kinds, is_prose)


def test_whole_numbers_are_compared_without_a_point():
    """500102.0, as Excel has it, is the code 500102; wide letters are narrow."""
    assert seen_column("X", [500102.0, 500103]).values == ("500102", "500103")
    assert seen_column("X", ["ＺＨ１"]).values == ("ZH1",)


def test_measures_are_no_codes():
    """A column with decimals is a measure, one of whole numbers may be a code."""
    assert seen_column("X", [1.5, 2.25]).is_measure
    assert not seen_column("X", [1.0, 2.0]).is_measure


@pytest.mark.parametrize("name", ["OBJECTID", "FID", "Shape_Leng", "SHAPE_Area", "GlobalID", "ID"])
def test_columns_that_programs_make_are_technical(name):
    """Row numbers and measures of shapes are no fields that a clause asks."""
    assert seen_column(name, [1]).is_technical


def test_shares_count_different_values_once():
    """Of a, a, b the half is among a."""
    assert seen_column("X", ["a", "a", "b"]).share_in({"a"}) == 0.5
