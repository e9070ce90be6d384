"""Where does a point of a Chinese web map really lie: GCJ-02 and BD-09 undone, array by array.

GCJ-02 adds a deterministic offset of some hundred metres to WGS 84 inside China; BD-09 adds a second one to GCJ-02.
No official text is public. The formulas are the ones long published and used on all sides, as in the projects
eviltransform (github.com/googollee/eviltransform) and coordtransform (github.com/wandergis/coordtransform);
for BD-09 the latter's, with waves of 3000π/180, since eviltransform's of π lie up to 10 m off. They are inverted by
fixed-point iteration to 1e-10 degrees, some 0.01 mm.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["bd09_to_wgs84", "gcj02_to_wgs84", "wgs84_to_bd09", "wgs84_to_gcj02"]

_Array = np.ndarray[Any, Any]
_AXIS, _ECCENTRICITY2 = 6378245.0, 0.00669342162296594323  # Krassowsky 1940, as the published formula has it
_TURN = np.pi * 3000 / 180


def wgs84_to_gcj02(lon: _Array, lat: _Array) -> tuple[_Array, _Array]:
    """Return GCJ-02 longitude and latitude of WGS 84 ones, in degrees.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02(np.array([116.404]), np.array([39.915]))
    >>> bool(0.005 < lon[0] - 116.404 < 0.007), bool(0.001 < lat[0] - 39.915 < 0.002)
    (True, True)
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    x, y = lon - 105.0, lat - 35.0
    root, wave = np.sqrt(np.abs(x)), (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    angle = np.radians(lat)
    magic = 1 - _ECCENTRICITY2 * np.sin(angle) ** 2
    d_lat = np.degrees(north * magic**1.5 / (_AXIS * (1 - _ECCENTRICITY2)))
    d_lon = np.degrees(east * np.sqrt(magic) / (_AXIS * np.cos(angle)))
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: _Array, lat: _Array) -> tuple[_Array, _Array]:
    """Return WGS 84 longitude and latitude of GCJ-02 ones, in degrees, to less than 0.01 m."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    true_lon, true_lat = lon, lat
    for _ in range(30):
        again_lon, again_lat = wgs84_to_gcj02(true_lon, true_lat)
        miss_lon, miss_lat = lon - again_lon, lat - again_lat
        true_lon, true_lat = true_lon + miss_lon, true_lat + miss_lat
        if not (np.abs(miss_lon) > 1e-10).any() and not (np.abs(miss_lat) > 1e-10).any():
            break
    return true_lon, true_lat


def wgs84_to_bd09(lon: _Array, lat: _Array) -> tuple[_Array, _Array]:
    """Return BD-09 longitude and latitude of WGS 84 ones, in degrees."""
    return _gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def _gcj02_to_bd09(lon: _Array, lat: _Array) -> tuple[_Array, _Array]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_wgs84(lon: _Array, lat: _Array) -> tuple[_Array, _Array]:
    """Return WGS 84 longitude and latitude of BD-09 ones, in degrees, to less than 0.01 m."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    mid_lon, mid_lat = lon - 0.0065, lat - 0.006
    for _ in range(30):
        again_lon, again_lat = _gcj02_to_bd09(mid_lon, mid_lat)
        miss_lon, miss_lat = lon - again_lon, lat - again_lat
        mid_lon, mid_lat = mid_lon + miss_lon, mid_lat + miss_lat
        if not (np.abs(miss_lon) > 1e-11).any() and not (np.abs(miss_lat) > 1e-11).any():
            break
    return gcj02_to_wgs84(mid_lon, mid_lat)
