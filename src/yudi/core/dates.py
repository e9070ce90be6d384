"""Which day a text or a cell means, and whether a day lies in a period; no form is guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yudi.core.errors import InputError

__all__ = ["Period", "parse_date"]

FORMS = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]"),
)
MIDNIGHT = re.compile(r"(?:T|\s+)0?0:00(?::00(?:\.0+)?)?$")
SERIAL_ZERO = date(1899, 12, 30)  # of the 1900 date system, for days after its invented 29 February 1900
SERIAL_MIN, SERIAL_MAX = 20_000, 80_000  # 1954-10-03 to 2119-01-11: a bare year such as 2024 is no serial


def parse_date(value: str | float | date) -> date:
    """Return the day that an ISO date, a Chinese, slashed or dotted date (year first) or a spreadsheet serial means.

    A time of midnight after the date is ignored. InputError for a date that the calendar lacks, for another order
    of day, month and year, and for a number outside 1954-10-03 to 2119-01-11 (a bare year is not a date).

    Examples
    --------
    >>> [str(parse_date(day)) for day in ("2024-03-19", "2024年3月19日", "2024/3/19", "2024.3.19", 45370)]
    ['2024-03-19', '2024-03-19', '2024-03-19', '2024-03-19', '2024-03-19']
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not SERIAL_MIN <= value < SERIAL_MAX:
        raise InputError(f"expected a date, got {value!r}", hint="write it as in 2024-03-19")
    return SERIAL_ZERO + timedelta(days=int(value))


def _from_text(text: str) -> date:
    plain = MIDNIGHT.sub("", unicodedata.normalize("NFKC", text).strip())
    tight = re.sub(r"\s*([年月日号])\s*", r"\1", plain)
    for form in FORMS:
        if match := form.fullmatch(tight):
            year, month, day = map(int, match.groups())
            try:
                return date(year, month, day)
            except ValueError:
                message = f"expected a day of the calendar, got {text!r}"
                raise InputError(message, hint="look up the month's length") from None
    raise InputError(f"expected a date, got {text[:80]!r}", hint="write year, month and day as in 2024-03-19")


@dataclass(frozen=True)
class Period:
    """The days from a start until before an end; None leaves that side open, an end at or before the start is refused.

    Examples
    --------
    >>> Period(date(2024, 3, 19), None).contains(date(2024, 3, 19))
    True
    """

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            message = f"expected an end after the start {self.start}, got {self.end}"
            raise InputError(message, hint="the end is the first day that no longer counts")

    def overlaps(self, other: Period) -> bool:
        """Return whether a day lies in both.

        Examples
        --------
        >>> Period(None, date(2024, 3, 19)).overlaps(Period(date(2024, 3, 19), None))
        False
        """
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        return not starts or not ends or max(starts) < min(ends)

    def common(self, other: Period) -> Period | None:
        """Return the days that lie in both, None where there is none.

        Examples
        --------
        >>> Period(date(2024, 1, 1), None).common(Period(None, date(2024, 3, 19)))
        Period(start=datetime.date(2024, 1, 1), end=datetime.date(2024, 3, 19))
        """
        if not self.overlaps(other):
            return None
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(starts, default=None), min(ends, default=None))

    def contains(self, day: date) -> bool:
        """Return whether start <= day < end.

        Examples
        --------
        >>> Period(None, date(2024, 3, 19)).contains(date(2024, 3, 19))
        False
        """
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)
