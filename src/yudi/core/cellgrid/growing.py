"""Room at the ends of arrays that compiled loops fill."""

from __future__ import annotations

import numpy as np

from yudi.core.cellgrid.layout import Array
from yudi.core.jit import allocating

__all__ = ["with_room"]


@allocating
def with_room(array: Array, count: int) -> Array:
    """Return an array that begins as the one given and has room for so many."""
    while len(array) < count:
        array = np.concatenate((array, np.empty_like(array)))
    return array
