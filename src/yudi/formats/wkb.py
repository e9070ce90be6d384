"""Geometry from well-known binary as files really hold it: unclosed rings are closed and counted, cut ones found."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["geometry_from_wkb"]

_DEEPEST = 8


def geometry_from_wkb(
    blobs: np.ndarray[Any, Any],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return shapes, which of them had an unclosed ring that was closed, and which cannot be read.

    Parameters
    ----------
    blobs : object array of bytes or None, shape (n,)
        WKB, ISO or extended, either byte order.

    Returns
    -------
    object array of shapely geometries, bool array, bool array, each of shape (n,)
        Missing input gives None; a curve is read as it is; what is cut or senseless gives None and True in the last.
    """
    with np.errstate(invalid="ignore"):  # NaN is looked for later
        shapes = np.array(shapely.from_wkb(blobs, on_invalid="ignore"), dtype=object).reshape(len(blobs))
    unclosed, unreadable = np.zeros(len(blobs), bool), np.zeros(len(blobs), bool)
    for index in np.flatnonzero(shapely.is_missing(shapes)):
        if blobs[index] is None:
            continue
        try:
            with np.errstate(invalid="ignore"):
                shapes[index], unclosed[index] = _read_slowly(blobs[index])
        except (struct.error, ValueError, MemoryError, shapely.errors.GEOSException):
            unreadable[index] = True
    return shapes, unclosed, unreadable


class _Cursor:
    """A place in a WKB blob, and whether an unclosed ring was met so far."""

    def __init__(self, blob: bytes) -> None:
        self.blob, self.place, self.unclosed = blob, 0, False

    def take(self, form: str) -> int:
        value: int = struct.unpack_from(form, self.blob, self.place)[0]
        self.place += struct.calcsize(form)
        return value

    def points(self, order: str, count: int, width: int) -> np.ndarray[Any, Any]:
        size = count * width * 8
        if size > len(self.blob) - self.place:
            raise ValueError("the geometry is cut")
        found = np.frombuffer(self.blob, f"{order}f8", count * width, self.place).reshape(count, width)
        self.place += size
        return found[:, :2].astype(float)


def _read_slowly(blob: bytes) -> tuple[BaseGeometry, bool]:
    cursor = _Cursor(bytes(blob))
    return _shape(cursor, 0), cursor.unclosed


def _shape(cursor: _Cursor, depth: int) -> BaseGeometry:
    order = "<" if cursor.take("B") else ">"
    code = cursor.take(f"{order}I")
    if code & 0x20000000:
        cursor.take(f"{order}I")  # the SRID of extended WKB
    width = 2 + bool(code & 0x80000000) + bool(code & 0x40000000) + (0, 1, 1, 2)[(code & 0xFFFFFFF) // 1000 % 4]
    kind = (code & 0xFFFFFFF) % 1000
    if kind == 1:
        return shapely.Point(cursor.points(order, 1, width)[0])
    count = cursor.take(f"{order}I")
    if kind == 2:
        return shapely.LineString(cursor.points(order, count, width))
    if count > len(cursor.blob) or depth > _DEEPEST:
        raise ValueError("the geometry is cut")
    if kind == 3:
        rings = [_ring(cursor, order, width) for _ in range(count)]
        return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()
    parts = [_shape(cursor, depth + 1) for _ in range(count)]
    make = {4: shapely.MultiPoint, 5: shapely.MultiLineString, 6: shapely.MultiPolygon, 7: shapely.GeometryCollection}
    if kind not in make:
        raise ValueError(f"geometry of kind {kind} is not read")
    shape: BaseGeometry = make[kind](parts)
    return shape


def _ring(cursor: _Cursor, order: str, width: int) -> np.ndarray[Any, Any]:
    points = cursor.points(order, cursor.take(f"{order}I"), width)
    if len(points) >= 3 and (points[0] != points[-1]).any():
        cursor.unclosed = True
        points = np.vstack([points, points[:1]])
    if len(points) < 4:
        raise ValueError("a ring has too few points")
    return points
