"""What a column holds: how full it is, how its values repeat, and whether they are codes, names or measures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["SeenColumn", "plain_values", "seen_column"]

_FEW = 12  # different values, up to which a column tells kinds apart
_SHORT, _LONG = 20, 80  # letters; what is longer on average is prose, what is shorter a name
_STOP = re.compile(r"[。；;！？]|[.!?](?:\s|$)")  # ends a sentence
_TECHNICAL = re.compile(
    r"(?:object_?id|fid|gid|ogc_fid|id_?\d*|shape_?(?:le?ng(?:th)?|area)|st_.*|global_?id|rows)", re.IGNORECASE
)


@dataclass(frozen=True)
class SeenColumn:
    """A column of a map or a sheet, by the values that were looked at.

    Parameters
    ----------
    name : str
        As printed.
    values : tuple of str
        The filled ones, in order, as text in narrow letters; whole numbers without a point.
    rows : int
        How many rows were looked at.
    is_number : bool
        Every filled value is a number.
    """

    name: str
    values: tuple[str, ...]
    rows: int
    is_number: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The different values, most frequent first."""
        counts: dict[str, int] = {}
        for value in self.values:
            counts[value] = counts.get(value, 0) + 1
        return tuple(sorted(counts, key=lambda value: (-counts[value], value)))

    @property
    def is_full(self) -> bool:
        """Whether every row has a value."""
        return bool(self.rows) and len(self.values) == self.rows

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value and none stands twice."""
        return self.is_full and len(set(self.values)) == self.rows

    @property
    def is_kinds(self) -> bool:
        """Whether it tells a few kinds of rows apart."""
        count = len(set(self.values))
        return 1 <= count <= _FEW and (self.rows > 2 * count or self.rows <= _FEW) and not self.is_prose

    @property
    def letters(self) -> float:
        """Letters of a value on average; Chinese ones count twice, as they are wide and say as much."""
        return sum(map(_width, self.values)) / len(self.values) if self.values else 0.0

    @property
    def is_prose(self) -> bool:
        """Whether its values are sentences: long, or not short and with stops."""
        if self.is_number or self.letters <= _SHORT:
            return False
        stops = sum(_STOP.search(value) is not None for value in self.values)
        return self.letters > _LONG or stops * 3 >= len(self.values)

    @property
    def is_measure(self) -> bool:
        """Whether it holds numbers with decimals, which are no codes."""
        return self.is_number and any("." in value for value in self.values)

    @property
    def is_technical(self) -> bool:
        """Whether a program made it: row numbers, lengths and areas of shapes."""
        return _TECHNICAL.fullmatch(self.name.strip()) is not None

    def share_in(self, other: Iterable[str]) -> float:
        """Return the share of its different values that stand among others."""
        mine = set(self.values)
        return len(mine & set(other)) / len(mine) if mine else 0.0


def seen_column(name: str, values: Sequence[Any]) -> SeenColumn:
    """Return what a column of these values looks like.

    Examples
    --------
    >>> column = seen_column("CODE", ["ZH1", "ZH2 ", None, "ＺＨ３"])
    >>> column.values, column.is_unique, column.is_number
    (('ZH1', 'ZH2', 'ZH3'), False, False)
    """
    filled = [value for value in values if value is not None and str(value).strip()]
    is_number = bool(filled) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in filled)
    return SeenColumn(name, plain_values(filled), len(values), is_number)


def plain_values(values: Iterable[Any]) -> tuple[str, ...]:
    """Return values as they are compared: narrow letters, no blanks around, whole numbers without a point."""
    return tuple(_plain(value) for value in values)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()
