"""Which known name did a person probably mean (near misses are mistakes, not new words), letters that count, and order."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["distance", "letters", "natural", "near"]

_DIGITS = re.compile(r"(\d+)")


def letters(index: int, /) -> str:
    """Return the letters that count 0, 1 and so on as a, b … z, aa, ab ….

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(702)
    ('a', 'z', 'aa', 'aaa')
    """
    found, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(97 + rest) + found
    return found


def distance(left: str, right: str, /, *, limit: int = 3) -> int:
    """Return the number of inserted, dropped, changed or swapped characters, at most limit + 1.

    Examples
    --------
    >>> distance("indsutry", "industry"), distance("fuel", "use")
    (1, 3)
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return min(above[-1], limit + 1)


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that the name is probably a misspelling of, nearest first.

    Up to one slip in a name of four to six characters and two in longer ones; shorter names are
    too alike to judge.

    Examples
    --------
    >>> near("indsutry", ["industry", "activity"]), near("use", ["fuse"])
    (['industry'], [])
    """
    slips = 0 if len(name) < 4 else 1 if len(name) < 7 else 2
    lower = name.casefold()
    found = sorted((distance(lower, other.casefold(), limit=2), other) for other in set(known) if other != name)
    return [other for gap, other in found if gap <= slips]


def natural(name: str, /) -> tuple[tuple[int, int, str], ...]:
    """Return what puts names with numbers in the order of a reader.

    Examples
    --------
    >>> sorted(["space/10", "space/2"], key=natural)
    ['space/2', 'space/10']
    """
    parts = _DIGITS.split(name)
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part)
