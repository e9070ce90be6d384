"""What a printed number may be off by, and which units it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.checked_land import CELL, checked

from yudi.territory.land import Published, cell_table


def printed(*rows, by="area", unit="km2", totals=(), relative=0.005):
    """Return a function that lets the scheme print these cells alone: row, key, area, class, measure, value, half."""
    columns = {name: [] for name in CELL}
    for row, key, area, kind, measure, value, half in rows:
        for name, item in zip(CELL, (row, key, area, kind, measure, measure, value, half), strict=True):
            columns[name].append(item)
    table = Published("printed.csv", cell_table(columns), by, tuple(totals), unit, relative)
    return lambda parts: setattr(parts, "land", replace(parts.land, published=(table,)))


def kinds(spoil):
    """Return the kinds of what is found."""
    return [finding.kind for finding in checked(spoil)]


@pytest.mark.parametrize(
    ("whole", "found"),
    [(156.09, []), (156.10, []), (156.105, []), (156.11, ["total_not_sum"]), (156.0, ["total_not_sum"])],
)
def test_three_rounded_numbers_close_within_three_halves_of_their_digit(whole, found):
    """126.95 + 29.14 = 156.09, printed as 156.10 in a county's scheme: each number is off by 0.005 at most."""
    rows = [(2, "甲县", "甲县", kind, "area", value, 0.005) for kind, value in (("priority", 126.95), ("key", 29.14))]
    rows.append((2, "甲县", "甲县", "", "area", whole, 0.005))
    off_the_map = {"area_off"}

    assert [kind for kind in kinds(printed(*rows)) if kind not in off_the_map] == found


def test_a_sum_over_many_rows_may_be_off_by_more():
    """Ten areas printed to one digit may sum up to 0.55 beside their printed total, and no more."""
    rows = [(row, "甲县", "甲县", "", "area", 10.0, 0.05) for row in range(2, 12)]

    def total(value):
        return printed(*rows, (12, "合计", "", "", "area", value, 0.05), totals=["合计"])

    assert "total_not_sum" not in kinds(total(100.5))
    assert "total_not_sum" in kinds(total(100.6))


@pytest.mark.parametrize(("unit", "factor"), [("km2", 1.0), ("hm2", 100.0), ("m2", 1e6)])
def test_areas_are_compared_in_their_unit(unit, factor):
    """The two units of an area have 53.48 km² (2 x 26.74), also in hectares and square metres."""
    right = printed((2, "甲县", "甲县", "", "area", 53.48 * factor, 0.005 * factor), unit=unit)
    wrong = printed((2, "甲县", "甲县", "", "area", 54.0 * factor, 0.005 * factor), unit=unit)

    assert (kinds(right), kinds(wrong)) == ([], ["area_off"])


def test_an_area_is_found_by_code_by_either_name_and_by_the_beginning_of_a_code():
    """A city's code begins those of its districts, whose units are its own."""
    for key, count in (("990101", 2), ("甲县", 2), ("Jia", 2), ("9901", 4)):
        assert kinds(printed((2, key, key, "", "count", count, 0.0))) == [], key


def test_a_table_of_classes_is_about_the_whole_scheme():
    """Rows may be classes: two units each, half of the area each."""
    rows = [(2, "priority", "", "priority", "count", 2, 0.0), (3, "key", "", "key", "count", 2, 0.0)]
    shares = [(2, "priority", "", "priority", "share", 50.0, 0.05), (3, "key", "", "key", "share", 50.0, 0.05)]

    assert kinds(printed(*rows, *shares, by="class")) == []
    assert kinds(printed(*rows[:1], (3, "key", "", "key", "count", 3, 0.0), by="class")) == ["count_off"]
    assert kinds(printed((2, "priority", "", "priority", "share", 51.0, 0.05), *shares[1:], by="class")) == [
        "total_not_sum",
        "share_off",
    ]


def test_the_finding_states_its_tolerance_and_method():
    """Half of the last digit and the relative part stand in the words, the method among the numbers."""
    (found,) = checked(printed((2, "甲县", "甲县", "", "area", 54.0, 0.05)))

    assert "half of the last digit, 0.05, and 0.50%" in found.text.en
    assert "末位一半 0.05 + 0.50%" in found.text.zh
    assert found.numbers["tolerance"] == pytest.approx(0.05 + 0.005 * 54)
    assert "equal-area" in found.numbers["method"]
    assert (found.where.file, found.where.row, found.where.field) == ("printed.csv", 2, "area")


def test_a_total_says_nothing_of_areas_that_are_unknown():
    """Where a row is about no unit of the map, the printed total is held against its parts alone."""
    rows = [(2, "丙县", "丙县", "", "count", 3, 0.0), (3, "甲县", "甲县", "", "count", 2, 0.0)]
    total = (4, "合计", "", "", "count", 5, 0.0)

    assert kinds(printed(*rows, total, totals=["合计"])) == ["published_key_unknown"]
