import numpy as np
import pytest

from yudi.core.errors import InputError
from yudi.core.quantities import convert, is_same_dimension, parse_quantity


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (30, "t/a", "kg/d", 30 * 1000 / 365),  # a year of 365 d, as reports count
        (2, "万吨/年", "t/a", 20_000),
        (1, "ha", "亩", 15),
        (15, "亩", "公顷", 1),
        (3, "km²", "ha", 300),
        (1, "acre", "m2", 4046.8564224),
        (1, "ft2", "m2", 0.3048**2),
        (100, "mg/L", "g/m3", 100),
        (1, "t/a", "吨/月", 1 / 12),
        (1, "tce", "GJ", 29.3076),
        (1, "万千瓦时", "kWh", 10_000),
        (1, "kW·h", "kWh", 1),
        (1, "MW", "kWh/h", 1000),
        (120, "L/(人·d)", "L/人/d", 120),
        (5, "kg·d-1", "kg/d", 5),
        (1, "万立方米／日", "m³/d", 10_000),
        (1, "Mg", "t", 1),
        (0.3, "tce/万元", "kgce/万元", 300),
        (1, "gal", "L", 231 * 0.0254**3 * 1000),  # 231 cubic inches
        (50, "％", "‰", 500),
    ],
)
def test_amounts_convert_by_the_units_definitions(value, unit, to, expected):
    """A converted amount is the one that the definitions of both units give."""
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


def test_whole_factors_leave_no_rounding_dust():
    """Factors are kept as exact fractions, so simple conversions are exact."""
    assert convert(0.1, "t", "kg") == 100.0
    assert convert(22.5, "亩", "ha") == 1.5


def test_arrays_convert_element_by_element():
    """An array keeps its shape and its missing values."""
    result = convert(np.array([[1.0, np.nan], [2.0, 0.0]]), "t", "kg")

    np.testing.assert_array_equal(result, [[1000.0, np.nan], [2000.0, 0.0]])


def test_units_of_another_kind_are_refused_by_both_names():
    """Mass does not convert to volume; the message names both and what would do."""
    with pytest.raises(InputError, match=r"'m3'.*'t'") as caught:
        convert(1, "t", "m3")

    assert "L" in caught.value.hint


@pytest.mark.parametrize(
    ("a", "b"), [("t", "t/a"), ("m3", "Nm3"), ("%", "个"), ("kg/头", "kg"), ("dB", "%"), ("m", "m2")]
)
def test_alike_but_different_kinds_do_not_mix(a, b):
    """Rates, gas volumes, shares and things counted are kinds of their own."""
    assert not is_same_dimension(a, b)


@pytest.mark.parametrize("unit", ["kgg", "mJ", "t//a", "/a", "t/", "", "(t", "t)/a", "()", "m^", "12", "t·", "x" * 500])
def test_unknown_units_are_refused(unit):
    """What is no row of the table is never guessed, also where only a capital differs (mJ is not MJ)."""
    with pytest.raises(InputError) as caught:
        convert(1, unit, "kg")

    assert caught.value.hint


def test_unknown_unit_lists_near_ones():
    """The hint offers known spellings that look alike."""
    with pytest.raises(InputError) as caught:
        convert(1, "万吨标准", "tce")

    assert "万吨标准煤" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5 kg/d", (12.5, "kg/d")),
        ("30 t/a", (30.0, "t/a")),
        ("2 万吨/年", (2.0, "万吨/年")),
        ("1,200 m3", (1200.0, "m3")),
        ("1 200 m3", (1200.0, "m3")),
        ("１２．５ｋｇ／ｄ", (12.5, "kg/d")),
        ("-3", (-3.0, None)),
        (".5 t", (0.5, "t")),
        ("1.2×10⁴ m³", (12000.0, "m^3")),
        ("3e2 d", (300.0, "d")),
        ("60 dB(A)", (60.0, "dB(A)")),
        ("85%", (85.0, "%")),
        (7, (7.0, None)),
    ],
)
def test_amounts_are_read_as_people_write_them(text, expected):
    """Number and unit are found with and without blanks, in wide and narrow letters."""
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "12,5 t/a",
        "1.200,5",
        "1,2000",
        "30-40 t",
        "30~40 t",
        "约30吨",
        "",
        "t/a",
        "12.5.1",
        "12 5 kg",
        "1,20 m3",
        "nan",
        "inf",
        "1e999 t",
        "5 foo",
        "1.2×104 m3",
        True,
        None,
        float("nan"),
        "5 t 6",
    ],
)
def test_anything_but_one_number_is_refused(text):
    """Decimal commas, ranges, words, junk and numbers that are not finite are errors with a next step."""
    with pytest.raises(InputError) as caught:
        parse_quantity(text)

    assert caught.value.hint


def test_a_decimal_comma_is_explained():
    """The hint says to use a point."""
    with pytest.raises(InputError, match="decimal point"):
        parse_quantity("12,5 t/a")
