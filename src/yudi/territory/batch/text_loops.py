"""Texts copied by their numbers into a column, in compiled loops: several times as fast as Arrow takes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from yudi.core.jit import compiled

__all__ = ["copy_texts", "text_lengths"]

Array = Any


@compiled
def text_lengths(begins: Array, numbers: Array, ends: Array) -> None:
    """Write where each text of a column ends: ``ends[i + 1]``, of text number ``numbers[i]`` of a stock of texts."""
    done = np.int64(0)
    ends[0] = 0
    for at in range(len(numbers)):
        done += begins[numbers[at] + 1] - begins[numbers[at]]
        ends[at + 1] = done


@compiled
def copy_texts(stock: tuple[Array, Array], numbers: Array, ends: Array, out: Array) -> None:
    """Copy the texts of a stock (where they begin, letters) one behind the other, to where they end."""
    begins, letters = stock
    for at in range(len(numbers)):
        source, target = begins[numbers[at]], ends[at]
        for letter in range(ends[at + 1] - target):
            out[target + letter] = letters[source + letter]
