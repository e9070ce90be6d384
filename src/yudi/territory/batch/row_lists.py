"""Lists of text, one a row, as Arrow arrays made from numbers: no Python object a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yudi.core.errors import LimitError
from yudi.territory.batch.text_loops import copy_texts, text_lengths

__all__ = ["Lists", "joined_lists", "list_column", "rows_of", "stacked", "text_column"]

Lists = tuple[NDArray[Any], NDArray[Any]]


def list_column(lists: Lists, texts: Sequence[str], *, is_encoded: bool = False) -> pa.Array:
    """Return lists of texts: of row i those of ``numbers[first[i]:first[i + 1]]``.

    Parameters
    ----------
    lists : (first, numbers)
    is_encoded : bool
        Keep the numbers, with the texts as a dictionary beside them; else every text is written out.

    Examples
    --------
    >>> list_column((np.array([0, 2, 2]), np.array([1, 0])), ["a", "b"]).to_pylist()
    [['b', 'a'], []]
    """
    first, numbers = lists
    stock = pa.array(list(texts), pa.string())
    if not is_encoded:
        return pa.ListArray.from_arrays(pa.array(first, pa.int32()), _written_out(stock, numbers))
    values = pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), stock)
    return pa.ListArray.from_arrays(pa.array(first, pa.int32()), values)


def _written_out(stock: pa.Array, numbers: NDArray[Any]) -> pa.Array:
    """Return the texts that numbers stand for; faster than Arrow takes them."""
    if not len(stock) or not len(numbers):
        return pa.array([], pa.string())
    _, begins, letters = stock.buffers()
    ends = np.empty(len(numbers) + 1, np.int64)
    own = np.frombuffer(begins, np.int32)[: len(stock) + 1]
    text_lengths(own, numbers, ends)
    if ends[-1] > np.iinfo(np.int32).max:
        raise LimitError(
            f"the texts of a list column take {ends[-1]:,} bytes, more than a column holds", hint="take smaller batches"
        )
    out = np.empty(int(ends[-1]), np.uint8)
    copy_texts((own, np.frombuffer(letters, np.uint8)), numbers, ends, out)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(out))


def stacked(parts: Sequence[Lists]) -> Lists:
    """Return the lists of some rows, then those of further rows.

    Examples
    --------
    >>> stacked([(np.array([0, 1]), np.array([7])), (np.array([0, 2]), np.array([8, 9]))])[0].tolist()
    [0, 1, 3]
    """
    ends, done = [np.zeros(1, np.int64)], 0
    for first, _ in parts:
        ends.append(first[1:] + done)
        done += int(first[-1])
    return np.concatenate(ends), np.concatenate([np.empty(0, np.int32), *(values for _, values in parts)]).astype(
        np.int32
    )


def text_column(numbers: NDArray[Any], texts: Sequence[str]) -> pa.Array:
    """Return the texts that numbers stand for."""
    return _written_out(pa.array(list(texts), pa.string()), numbers)


def rows_of(lists: Lists, rows: NDArray[np.int64]) -> Lists:
    """Return the lists of some rows.

    Examples
    --------
    >>> rows_of((np.array([0, 1, 3]), np.array([7, 8, 9])), np.array([1]))[1].tolist()
    [8, 9]
    """
    first, values = lists
    counts = np.diff(first)[rows]
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    moved = np.repeat(first[:-1][rows] - ends[:-1], counts) + np.arange(ends[-1])
    return ends, values[moved]


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
