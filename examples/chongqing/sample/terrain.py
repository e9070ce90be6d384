"""What an invented land looks like: noise, and the parallel ridges of the fold belt as a field over the plane.

All fields are functions of metres east and north of the sample's middle and of a seed, with no state of their own, so
that they run on across the borders of districts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyproj import Transformer

__all__ = ["CENTRE", "elevation", "noise", "ridge", "to_lonlat", "to_plane"]

_Array = np.ndarray[Any, Any]

CENTRE = (107.8, 30.1)  # lon/lat, the middle of the city
# Equal in area, so that counting cells is measuring.
_PLANE = f"+proj=laea +lat_0={CENTRE[1]} +lon_0={CENTRE[0]} +ellps=GRS80 +units=m"
_FORTH = Transformer.from_crs("EPSG:4326", _PLANE, always_xy=True)
_PIVOT = (
    213_000.0,
    -212_000.0,
)  # the ridges are arcs about this point: NNE in the west, bending to the east in the north
_SPACING = 23_000.0  # metres from ridge to ridge


def to_plane(points: _Array) -> _Array:
    """Return metres east and north of lon/lat degrees, shape (n, 2)."""
    return np.column_stack(_FORTH.transform(points[:, 0], points[:, 1]))


def to_lonlat(points: _Array) -> _Array:
    """Return lon/lat degrees of metres east and north, shape (n, 2)."""
    return np.column_stack(_FORTH.transform(points[:, 0], points[:, 1], direction="INVERSE"))


def noise(x: _Array, y: _Array, seed: int, wavelength: float, octaves: int = 3) -> _Array:
    """Return smooth noise between about -1 and 1; each octave halves the wavelength (metres) and the height."""
    total, height = np.zeros_like(x), 0.0
    for octave in range(octaves):
        scale = wavelength / 2**octave
        total += _lattice(x / scale, y / scale, seed * 31 + octave) / 2**octave
        height += 1 / 2**octave
    return total / height


def _lattice(x: _Array, y: _Array, seed: int) -> _Array:
    left, low = np.floor(x), np.floor(y)
    u, v = _ease(x - left), _ease(y - low)
    i, j = left.astype(np.int64), low.astype(np.int64)
    bottom = _hash(i, j, seed) * (1 - u) + _hash(i + 1, j, seed) * u
    top = _hash(i, j + 1, seed) * (1 - u) + _hash(i + 1, j + 1, seed) * u
    return bottom * (1 - v) + top * v


def _ease(t: _Array) -> _Array:
    return t * t * t * (t * (t * 6 - 15) + 10)


def _hash(i: _Array, j: _Array, seed: int) -> _Array:
    """Return a number between -1 and 1 for each lattice point: the mixing of splitmix64, which is public domain."""
    mixed = i.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ j.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= np.uint64(seed * 0x165667B19E3779F9 % 2**64)
    for multiplier in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(multiplier)
    return (mixed >> np.uint64(11)).astype(float) / 2.0**52 - 1.0


def ridge(x: _Array, y: _Array, seed: int) -> _Array:
    """Return 1 on the crest of a ridge and nearly 0 in the valley between two."""
    radius = np.hypot(x - _PIVOT[0], y - _PIVOT[1])
    phase = radius / _SPACING + 0.32 * noise(x, y, seed, 60_000, 3)
    crest = np.exp(2.6 * (np.cos(2 * np.pi * phase) - 1))
    return crest * np.clip(0.75 + 0.6 * noise(x, y, seed + 1, 45_000, 2), 0.15, 1.0)


def elevation(x: _Array, y: _Array, seed: int) -> _Array:
    """Return invented height between about 0 and 1: ridges, rising to the east and the south, with hills."""
    rise = np.clip(x / 420_000 + 0.25 - np.clip(y, None, 0) / 500_000, 0, 0.8)
    hills = 0.5 + 0.5 * noise(x, y, seed + 2, 26_000, 4)
    return 0.55 * ridge(x, y, seed) + 0.25 * rise + 0.3 * hills
