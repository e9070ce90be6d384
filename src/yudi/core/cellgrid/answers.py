"""What a grid answers: arrays of the same length, sorted by site and then by feature."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

__all__ = ["Lengths", "Overlaps", "Pairs"]

Array = np.ndarray[Any, Any]


class Pairs(NamedTuple):
    """Points and the features that they lie in, borders included.

    Parameters
    ----------
    site : int64 array
    feature : int32 array
    """

    site: Array
    feature: Array


class Overlaps(NamedTuple):
    """Polygons and the features that they meet, touches included.

    Parameters
    ----------
    site : int64 array
    feature : int32 array
    area : float64 array
        Of the overlap, in squared units of the plane; 0 for a touch.
    perimeter_inside : float64 array
        Length of the border of the overlap, or a little more: area / perimeter is less than half its depth.
    is_within : bool array
        The feature covers the whole site.
    """

    site: Array
    feature: Array
    area: Array
    perimeter_inside: Array
    is_within: Array


class Lengths(NamedTuple):
    """Lines and the features that they meet, touches included.

    Parameters
    ----------
    site : int64 array
    feature : int32 array
    length : float64 array
        Of the line inside, in units of the plane; 0 for a touch.
    is_within : bool array
        The feature covers the whole line.
    """

    site: Array
    feature: Array
    length: Array
    is_within: Array
