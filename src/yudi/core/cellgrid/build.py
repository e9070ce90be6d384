"""From polygons to a grid: how large its cells are, and which loops cut them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from yudi.core.cellgrid.cutting import (
    CellEdges,
    Ground,
    cut_cells,
    list_cell_edges,
    list_full_cells,
    weigh_cells,
)
from yudi.core.cellgrid.layout import Array, Frame, Grid
from yudi.core.cellgrid.paths import rings_of
from yudi.core.cellgrid.polygons import Polygons, Slabs, list_slab_edges
from yudi.core.errors import InputError, LimitError, Where

__all__ = ["build"]

CELL_EDGES, CELLS_MAX = 256, 1 << 22  # edges that a cell is meant for
SUBCELL_EDGES, SIDE_MAX = 8, 2048  # edges that a subcell is meant for
SUBCELLS_PER_EDGE, SUBCELLS_LEAST = 2, 1 << 22  # at most so many, or those that any grid may have
ENTRIES_PER_EDGE = 16  # at most so many entries of a cell, so that nested features do not multiply
SLAB_EDGES, SLABS_MAX = 8, 4096
NUMBERS_MAX = 2**31 - 1  # what the int32 arrays can count
FEATURES_MAX = 2**29 - 1  # two bits of an entry tell its state
ULPS = 64  # of the greatest coordinate: more than rounding moves anything


def build(shapes: Array) -> Grid:
    """Return the compiled arrays of valid polygons.

    Raises
    ------
    InputError
        If a shape is no polygon or has coordinates that are not finite.
    LimitError
        If there are more features, edges or entries than an int32 can count.
    """
    polygons = _polygons(shapes)
    box = shapely.bounds(shapes).reshape(-1, 4)
    frame = _frame(polygons, box)
    if not len(polygons.is_last):
        return _empty(frame, polygons)
    slabs = _slabs(polygons, box)
    edges = CellEdges(*_listed(frame, list_cell_edges, (frame, polygons)))
    ground = Ground(frame, polygons, box, slabs, edges)
    side = _sides(ground)
    counts, cuts, entries, runs = cut_cells(ground, side)
    _limit(max(entries, runs), "entries or runs")
    first_full, full = _listed(frame, list_full_cells, (ground,))
    return Grid(
        frame,
        polygons.xy,
        side,
        _firsts(side.astype(np.int64) ** 2),
        _firsts(counts),
        cuts.entry[:entries].copy(),
        np.append(cuts.first_run[:entries], np.int32(runs)),
        cuts.run_start[:runs].copy(),
        cuts.run_count[:runs].copy(),
        first_full.astype(np.int32),
        full,
    )


def _polygons(shapes: Array) -> Polygons:
    _limit(len(shapes) * (NUMBERS_MAX // FEATURES_MAX), "features")
    rings = rings_of(shapes)
    _limit(len(rings.xy) // 2, "vertices")
    first = rings.first_vertex[rings.first_path]
    feature = np.repeat(np.arange(len(shapes), dtype=np.int32), np.diff(first))
    if not np.isfinite(rings.xy).all():
        bad = int(np.isfinite(rings.xy).argmin()) // 2
        where = Where(row=int(feature[bad]) + 1, field="geometry")
        raise InputError("expected finite coordinates", where=where, hint="mend the shape or leave it out")
    is_last = np.zeros(len(rings.xy) // 2, bool)
    is_last[rings.first_vertex[1:][np.diff(rings.first_vertex) > 0] - 1] = True
    return Polygons(rings.xy, is_last, feature, first)


def _frame(polygons: Polygons, box: Array) -> Frame:
    """Return square cells over all shapes, fine enough for their edges and never so fine that rounding matters."""
    if not len(polygons.is_last):
        return Frame(0.0, 0.0, 1.0, 0.0, 0, 0, len(box))
    west, south = np.nanmin(box[:, :2], axis=0)
    east, north = np.nanmax(box[:, 2:], axis=0)
    width, height = east - west, north - south
    cells = min(max(len(polygons.is_last) / CELL_EDGES, 1), CELLS_MAX)
    noise = ULPS * float(np.spacing(max(abs(west), abs(south), abs(east), abs(north))))
    step = max(float(np.sqrt(width * height / cells)), max(width, height) / cells, 16 * noise)
    pad = noise + step * 1e-9
    west, south = west - 2 * pad, south - 2 * pad
    columns, rows = int((east + pad - west) / step) + 1, int((north + pad - south) / step) + 1
    return Frame(float(west), float(south), float(step), float(pad), columns, rows, len(box))


def _slabs(polygons: Polygons, box: Array) -> Slabs:
    vertices = np.diff(polygons.first_vertex)
    slabs = np.clip(vertices // SLAB_EDGES, 1, SLABS_MAX)
    with np.errstate(invalid="ignore"):
        height = np.where(vertices > 0, box[:, 3] - box[:, 1], 1.0)
    scale = slabs / np.maximum(height, np.finfo(float).tiny)
    made = Slabs(np.nan_to_num(box[:, 1]), scale, _firsts64(slabs), np.empty(0, np.int64), np.empty(0, np.int32))
    counts = np.zeros(int(slabs.sum()), np.int64)
    list_slab_edges(polygons, made, counts)
    made = made._replace(first_edge=_firsts64(counts), edge=np.empty(int(counts.sum()), np.int32))
    list_slab_edges(polygons, made, made.first_edge[:-1].copy())
    return made


def _listed(frame: Frame, loop: Any, arguments: tuple[Any, ...]) -> tuple[Array, Array]:
    """Return firsts and members of the list that a loop makes for every cell: it counts, then it writes."""
    counts = np.zeros(frame.columns * frame.rows, np.int64)
    loop(*arguments, counts, np.empty(0, np.int32))
    first = _firsts64(counts)
    _limit(int(first[-1]), "edges of cells")
    members = np.empty(int(first[-1]), np.int32)
    if len(members):
        loop(*arguments, first[:-1].copy(), members)
    return first, members


def _sides(ground: Ground) -> Array:
    """Return into how many subcells a side each cell is cut: finer where its edges lie close together."""
    frame, count = ground.frame, np.diff(ground.edges.first)
    covered, spread = np.zeros(len(count)), np.zeros(len(count))
    weigh_cells(ground, covered, spread)
    subcells = count / SUBCELL_EDGES / np.maximum(spread, 1e-12)
    subcells = np.minimum(subcells, ENTRIES_PER_EDGE * count / np.maximum(covered, 1e-12))
    finest = max(1.0, frame.step / (16 * frame.pad))
    most = min(float(SIDE_MAX), 2.0 ** np.floor(np.log2(finest)))
    side = np.minimum(np.exp2(np.ceil(np.log2(np.sqrt(np.maximum(subcells, 1))))), most)
    while (side**2).sum() > max(SUBCELLS_PER_EDGE * len(ground.polygons.is_last), SUBCELLS_LEAST) and most > 1:
        most /= 2
        side = np.minimum(side, most)
    cut: Array = side.astype(np.int32)
    return cut


def _empty(frame: Frame, polygons: Polygons) -> Grid:
    none, zero = np.empty(0, np.int32), np.zeros(1, np.int32)
    return Grid(frame, polygons.xy, none, zero, zero, none, zero, none, none, zero, none)


def _firsts64(counts: Array) -> Array:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _firsts(counts: Array) -> Array:
    first = _firsts64(counts)
    _limit(int(first[-1]), "subcells or entries")
    return first.astype(np.int32)


def _limit(count: int, what: str) -> None:
    if count > NUMBERS_MAX:
        raise LimitError(f"expected at most {NUMBERS_MAX} {what}, got {count}", hint="compile the shapes in parts")
