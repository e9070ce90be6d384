from datetime import date, datetime

import pytest

from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-19",
        "2024年3月19日",
        "2024 年 03 月 19 日",
        "２０２４年３月１９日",
        "2024/3/19",
        "2024.3.19",
        "2024-3-19",
        " 2024-03-19 ",
        "2024-03-19 00:00:00",
        "2024/3/19 0:00",
        "2024-03-19T00:00:00",
        date(2024, 3, 19),
        datetime(2024, 3, 19, 5),
        45370,
        45370.25,
    ],  # DATE(2024,3,19) in a spreadsheet of the 1900 system is 45370
)
def test_every_form_of_a_day_is_read(value):
    """ISO, Chinese, slashed, dotted dates and serials mean the same day."""
    assert parse_date(value) == date(2024, 3, 19)


@pytest.mark.parametrize(
    "value",
    [
        "19.3.2024",
        "3/19/2024",
        "24-03-19",
        "2024-03",
        "2024",
        2024,
        20240319,
        "2023-02-29",
        "2024-13-01",
        "0000-01-01",
        "",
        "昨天",
        "2024-03/19",
        "2024-03-19 05:00",
        True,
        None,
        float("nan"),
        float("inf"),
        -1,
        "2024年3月19",
    ],
)
def test_what_is_no_certain_day_is_refused(value):
    """Other orders, bare years, days that the calendar lacks and junk are errors with a next step."""
    with pytest.raises(InputError) as caught:
        parse_date(value)

    assert caught.value.hint


def test_a_period_holds_its_start_but_not_its_end():
    """start <= day < end."""
    period = Period(date(2024, 1, 1), date(2024, 3, 1))

    assert [period.contains(date(*day)) for day in [(2023, 12, 31), (2024, 1, 1), (2024, 2, 29), (2024, 3, 1)]] == [
        False,
        True,
        True,
        False,
    ]


def test_an_open_side_holds_all_days():
    """None leaves a side open."""
    assert Period().contains(date.min)
    assert Period().contains(date.max)


@pytest.mark.parametrize("end", [date(2024, 1, 1), date(2023, 1, 1)])
def test_a_period_that_ends_before_it_holds_a_day_is_refused(end):
    """An end at or before the start is a mistake in the list."""
    with pytest.raises(InputError, match="2024-01-01"):
        Period(date(2024, 1, 1), end)
