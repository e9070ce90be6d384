"""What a quota comes to for many rows: all that tells an amount and its headroom apart, as one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yudi.territory.batch.ranges import range_truths

__all__ = ["Amounts", "quota_kinds"]


class Amounts(NamedTuple):
    """Numbers that rows have, each known to its accuracy; NaN where nothing is known."""

    number: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def quota_kinds(amount: Amounts, rooms: Sequence[Amounts]) -> NDArray[np.int64]:
    """Return a number for each row; rows of one number are one to a quota.

    Its bits are all that the quota asks: whether the amount is below the least headroom and below the most that it can
    be, whether that is used up or may be, and what is not known or only known to an accuracy.
    """
    count = len(amount.number)
    unknown = [np.isnan(room.number) for room in rooms]
    least = _least([room.number - room.accuracy for room in rooms], count)
    most = _least([room.number + room.accuracy for room in rooms], count)
    with np.errstate(invalid="ignore"):
        is_used_up = np.zeros(count, bool)
        for room in rooms:
            is_used_up |= room.number + room.accuracy <= 0
        found: list[tuple[NDArray[Any], int]] = [
            (range_truths(amount.number, amount.accuracy, None, least), 2),
            (range_truths(amount.number, amount.accuracy, None, most), 2),
            (is_used_up, 1),
            (least > 0, 1),
            (np.isnan(amount.number), 1),
            *((each, 1) for each in unknown),
            *((room.accuracy > 0, 1) for room in rooms),
        ]
    kinds, bits = np.zeros(count, np.int64), 0
    for part, width in found:
        kinds |= part.astype(np.int64) << bits
        bits += width
    return kinds


def _least(values: Sequence[NDArray[np.float64]], count: int) -> NDArray[np.float64]:
    """Return the least of the numbers that are known, NaN where none is."""
    found = np.full(count, np.nan)
    for each in values:
        found = np.fmin(found, each)
    return found
