"""Lists of text, one a row, as Arrow arrays made from numbers: no Python object a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["joined_lists", "list_column", "text_column"]

Lists = tuple[NDArray[Any], NDArray[Any]]


def list_column(first: NDArray[Any], numbers: NDArray[Any], texts: pa.Array) -> pa.Array:
    """Return lists of texts: of row i those of ``numbers[first[i]:first[i + 1]]``.

    Examples
    --------
    >>> list_column(np.array([0, 2, 2]), np.array([1, 0]), pa.array(["a", "b"])).to_pylist()
    [['b', 'a'], []]
    """
    return pa.ListArray.from_arrays(pa.array(first, pa.int32()), texts.take(pa.array(numbers, pa.int32())))


def text_column(numbers: NDArray[Any], texts: Sequence[str]) -> pa.Array:
    """Return the texts that numbers stand for."""
    return pa.array(list(texts), pa.string()).take(pa.array(numbers, pa.int32()))


def joined_lists(parts: Sequence[Lists]) -> Lists:
    """Return, row by row, the lists of the parts one behind the other.

    Parameters
    ----------
    parts : sequence of (first, values)
        Values of one row or more each; ``values[first[i]:first[i + 1]]`` are those of row i.

    Examples
    --------
    >>> joined_lists([(np.array([0, 1, 1]), np.array([7])), (np.array([0, 1, 3]), np.array([8, 9, 5]))])[1].tolist()
    [7, 8, 9, 5]
    """
    if len(parts) == 1:
        return parts[0]
    counts = [np.diff(first) for first, _ in parts]
    first = np.concatenate([[0], np.cumsum(np.sum(counts, axis=0))]).astype(np.int64)
    shape = (int(first[-1]), *parts[0][1].shape[1:])
    values = np.empty(shape, parts[0][1].dtype)
    begin = first[:-1].copy()
    for (own_first, own), count in zip(parts, counts, strict=True):
        moved = np.repeat(begin - own_first[:-1], count) + np.arange(int(own_first[0]), int(own_first[-1]))
        values[moved] = own[int(own_first[0]) : int(own_first[-1])]
        begin += count
    return first, values
