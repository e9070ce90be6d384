"""Which of many numbers lie in a range: `range_truth` of single screening, for arrays."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from yudi.core.logic import F, T, U

__all__ = ["range_truths"]

_SAME = 1e-9  # relative; as in `yudi.territory.evaluation`, which the tests hold this against
Numbers: TypeAlias = NDArray[np.float64]
Ends: TypeAlias = float | Numbers | None


def range_truths(
    number: Numbers, accuracy: Numbers, low: Ends, high: Ends, *, low_open: bool = False, high_open: bool = False
) -> NDArray[np.uint8]:
    """Return the truth of each number, known to its accuracy, lying between two ends.

    Parameters
    ----------
    number, accuracy : float arrays (n)
        In the unit of the ends; accuracy is the half-width of the interval in which the number lies.
    low, high : float, float array (n), or None
        An absent end is open to infinity.

    Returns
    -------
    uint8 array (n)
        0 false, 1 unknown, 2 true; of a number that is NaN the truth means nothing.

    Examples
    --------
    >>> range_truths(np.array([1012.0, 999.5]), np.array([1.0, 1.0]), None, 1000.0).tolist()
    [0, 1]
    """
    least, most = (_snapped(value, low, high) for value in (number - accuracy, number + accuracy))
    found = np.full(len(number), int(T), np.uint8)
    if low is not None:
        is_out = (most <= low) if low_open else (most < low)
        is_in = (least > low) if low_open else (least >= low)
        found = np.minimum(found, _truths(is_out, is_in))
    if high is not None:
        is_out = (least >= high) if high_open else (least > high)
        is_in = (most < high) if high_open else (most <= high)
        found = np.minimum(found, _truths(is_out, is_in))
    return found


def _snapped(value: Numbers, low: Ends, high: Ends) -> Numbers:
    """Return the numbers with those that equal an end but for rounding set to it; the lower end comes first."""
    found = value
    for end in (high, low):
        if end is not None:
            with np.errstate(invalid="ignore"):
                is_same = np.abs(value - end) <= _SAME * np.abs(end)
            found = np.where(is_same, end, found)
    return found


def _truths(is_out: NDArray[Any], is_in: NDArray[Any]) -> NDArray[np.uint8]:
    return np.where(is_out, int(F), np.where(is_in, int(T), int(U))).astype(np.uint8)
