import csv
from importlib import resources

from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.core.errors import InputError
from yudi.core.quantities import convert, is_same_dimension, parse_quantity

ROWS = list(csv.DictReader(resources.files("yudi.core").joinpath("units.csv").read_text(encoding="utf-8").splitlines()))
SPELLINGS = [
    spelling
    for row in ROWS
    if row["dimension"] != "operator"
    for spelling in [row["symbol"], *row["aliases"].split("|")]
    if spelling
]
UNITS = st.sampled_from(SPELLINGS)
VALUES = st.floats(min_value=-1e9, max_value=1e9)
SMALL = settings(derandomize=True, max_examples=300, deadline=None)


def test_every_row_of_the_table_is_a_unit_that_converts_to_itself():
    """No row of the table is malformed, and every alias is reachable as written."""
    assert all(convert(7.0, spelling, spelling) == 7.0 for spelling in SPELLINGS)


@SMALL
@given(VALUES, UNITS, UNITS, UNITS, UNITS)
def test_converting_there_and_back_changes_nothing(value, a, b, c, d):
    """A round trip over any two quotients of the same dimension returns the amount."""
    one, other = f"{a}/{b}", f"{c}/{d}"
    if is_same_dimension(one, other):
        back = convert(convert(value, one, other), other, one)

        assert abs(back - value) <= 1e-12 * abs(value)


@SMALL
@given(UNITS, UNITS)
def test_a_quotient_measures_the_same_as_a_product_with_the_inverse(a, b):
    """a/b and a·b^-1 are one unit, except for spellings that cannot carry an exponent."""
    try:
        inverse = convert(1.0, f"{a}/{b}", f"{a}·{b}^-1")
    except InputError:
        return

    assert abs(inverse - 1) < 1e-12


@SMALL
@given(st.text(max_size=30) | st.text(alphabet="0123456789.,eE+-×^ kgtmd/·()²³吨年万", max_size=20))
def test_any_text_is_read_or_refused(text):
    """Junk gives an InputError and nothing else; what is read has a unit that is known."""
    try:
        _, unit = parse_quantity(text)
    except InputError:
        return

    assert unit is None or is_same_dimension(unit, unit)


@SMALL
@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False), UNITS.filter(lambda unit: not unit[0].isdigit()))
def test_a_written_amount_reads_back(value, unit):
    """What is written as number, blank and unit comes back with the same number."""
    assert parse_quantity(f"{value!r} {unit}")[0] == value
