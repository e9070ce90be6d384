"""How one district falls into control units: so many of each class, and so much of its area, as was published.

Priority units grow along ridges and rivers, key units around towns, general units take what is left. Each class takes
its cells in the order of their cost, so that its share is a number to be set, and is set again after the borders have
been smoothed until the share fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError

from .grids import Grid, cells_at, fill, grid_over, grow, islands
from .outlines import area_m2, cut
from .terrain import elevation, noise, ridge, to_plane

__all__ = ["CLASSES", "Quota", "Unit", "units_of"]

_Array = np.ndarray[Any, Any]
CLASSES = ("priority", "key", "general")
_CELLS = 16_000
_FIT = 0.0004  # how near a class's share must come, of the district
_ROUGH = 2.4  # how unevenly the ground lets regions through: the jaggedness of their borders
_SPECK = 0.03  # of the mean area of its class: what is smaller is no unit
_ENOUGH = 0.001
_ATTEMPTS = 6
# Of the way to the share that each round goes: less and less, where small parts joined swing it to and fro.
_STEPS = (1.0, 1.0, 1.0, 0.6, 0.6, 0.4, 0.4, 0.25, 0.25, 0.25)
_SMALL = 30  # cells: what is smaller and cut off joins its surroundings


@dataclass(frozen=True)
class Quota:
    """How many units a class has in a district, and which share of its area."""

    count: int
    share: float


@dataclass(frozen=True)
class Unit:
    """A unit as grown: its class, what it grew on (ridge, river, town, land), and its polygon in lon/lat degrees."""

    kind: str
    ground: str
    shape: BaseGeometry


@dataclass(frozen=True)
class _Land:
    """What the cells of a district are like: height ranked from 0 to 1, metres to the next river, roughness."""

    grid: Grid
    height: _Array
    river_m: _Array
    rough: _Array
    crest: _Array


@dataclass(frozen=True)
class _Growth:
    """A class as grown further than needed: owner and cost by cell, and what each of its seeds grew on."""

    owner: _Array
    order: _Array
    grounds: tuple[str, ...]


def units_of(
    shape: BaseGeometry, quotas: dict[str, Quota], towns: _Array, rivers: BaseGeometry, *, seed: int
) -> list[Unit]:
    """Return the units of one district, priority first, then key, then general.

    Parameters
    ----------
    shape : polygon, lon/lat degrees
    quotas : by class
        Shares of the area add up to 1; a class without units has none.
    towns : float array, shape (n, 2), lon/lat degrees
        Largest first: key units grow round them.
    rivers : lines, metres in the plane of the sample
    seed : int

    Raises
    ------
    InputError
        If no seed near this one gives so many units with such shares.
    """
    for attempt in range(_ATTEMPTS):  # rarely, a seed leaves a unit without a cell; the next one serves as well
        off, units = _one_try(shape, quotas, towns, rivers, seed=seed + attempt * 7_919)
        if units and off < _ENOUGH:
            return units
    raise InputError(
        f"expected units with shares within {_ENOUGH:.1%} of the quotas, got none in {_ATTEMPTS} tries",
        hint="choose another seed, or quotas that leave each unit some cells",
    )


def _one_try(
    shape: BaseGeometry, quotas: dict[str, Quota], towns: _Array, rivers: BaseGeometry, *, seed: int
) -> tuple[float, list[Unit]]:
    """Return the units of one seed and how far the worst share is off; no units where one has no area."""
    land = _land(shape, rivers, seed)
    total = int(land.grid.inside.sum())
    rest = "general" if quotas["general"].count else "key"
    counts = {kind: quotas[kind].share * total for kind in CLASSES if kind != rest and quotas[kind].count}
    growths = _grow_classes(land, quotas, counts, rest, towns, seed=seed)
    kinds = [(kind, ground) for kind, growth in growths.items() for ground in growth.grounds]
    if len(kinds) < sum(quota.count for quota in quotas.values()):
        return np.inf, []
    whole = float(area_m2(np.array([shape], dtype=object))[0])
    best: tuple[float, list[Unit]] = (np.inf, [])
    for step in _STEPS:
        shapes = cut(shape, land.grid, _labels(land.grid, growths, counts, rest), len(kinds))
        shares = _shares(shapes, growths, whole)
        off = max(abs(shares[kind] - quotas[kind].share) for kind in growths)
        if off < best[0] and not _has_specks(shapes, kinds):
            best = (off, [Unit(kind, ground, piece) for (kind, ground), piece in zip(kinds, shapes, strict=True)])
        if best[0] < _FIT:
            break
        for kind in counts:
            counts[kind] = max(counts[kind] + step * (quotas[kind].share - shares[kind]) * total, 1)
    return best


def _land(shape: BaseGeometry, rivers: BaseGeometry, seed: int) -> _Land:
    grid = grid_over(shapely.transform(shape, to_plane), _CELLS)
    x, y = grid.x, grid.y
    height = elevation(x, y, seed)
    ranks = np.zeros(height.size)
    ranks[np.argsort(height, kind="stable")] = np.arange(height.size) / height.size
    near = shapely.clip_by_rect(rivers, x.min() - 20_000, y.min() - 20_000, x.max() + 20_000, y.max() + 20_000)
    river_m = np.full(x.size, 60_000.0)
    if not near.is_empty:
        pieces = shapely.STRtree(_pieces(near))
        cells = shapely.points(x[grid.domain], y[grid.domain])
        river_m[grid.domain] = pieces.query_nearest(cells, all_matches=False, return_distance=True)[1]
    rough = noise(x, y, seed + 7, grid.cell * 20, 4)
    return _Land(grid, ranks, river_m, rough, ridge(x, y, seed))


def _pieces(lines: BaseGeometry) -> _Array:
    """Return the segments of lines: their nearest one is found faster than the nearest point of a long line."""
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    follows = line[1:] == line[:-1]
    return shapely.linestrings(np.stack([points[:-1][follows], points[1:][follows]], axis=1))


def _grow_classes(
    land: _Land, quotas: dict[str, Quota], counts: dict[str, float], rest: str, towns: _Array, *, seed: int
) -> dict[str, _Growth]:
    free = land.grid.domain.copy()
    growths: dict[str, _Growth] = {}
    for kind in CLASSES:
        if not quotas[kind].count:
            continue
        random = np.random.default_rng([seed, CLASSES.index(kind)])
        seeds, grounds = _SEEDS[kind](land, free, quotas[kind], towns)
        paces = random.uniform(0.65, 1.5, len(grounds))
        heart = 0.3 * np.sqrt(quotas[kind].share * land.grid.inside.sum() / quotas[kind].count)
        costs = [_cost(land, ground, seeds[index], (paces[index], heart)) for index, ground in enumerate(grounds)]
        room = int(land.grid.inside.sum()) if kind == rest else int(counts[kind] * 1.15) + 60
        owner, order = grow(land.grid, free, seeds, costs, room)
        if kind == rest:
            owner = fill(land.grid, owner, land.grid.domain)
            lost = land.grid.domain & (owner < 0)
            owner[lost] = _nearest(land.grid, np.nonzero(lost)[0], seeds)
        else:
            free &= ~_first(land.grid, order, counts[kind])
        growths[kind] = _Growth(owner, order, tuple(grounds))
    return growths


def _first(grid: Grid, order: _Array, count: float) -> _Array:
    """Return the cells taken first, so many of them inside; of a fraction of a cell, the nearer number."""
    taken = np.sort(order[grid.inside])
    wanted = min(max(round(count), 1), int(np.isfinite(taken).sum()))
    return order <= taken[wanted - 1]


def _nearest(grid: Grid, cells: _Array, seeds: list[int]) -> _Array:
    x, y = grid.x, grid.y
    away = np.hypot(x[cells][:, None] - x[seeds][None], y[cells][:, None] - y[seeds][None])
    return away.argmin(axis=1)


def _labels(grid: Grid, growths: dict[str, _Growth], counts: dict[str, float], rest: str) -> _Array:
    """Return the unit of each cell of the domain, numbered through the classes; -1 elsewhere."""
    labels, taken, first = np.full(grid.inside.size, -1), np.zeros(grid.inside.size, bool), 0
    for kind, growth in growths.items():
        mine = grid.domain & ~taken
        if kind != rest:
            mine &= _first(grid, growth.order, counts[kind])
        labels[mine] = first + growth.owner[mine]
        taken |= mine
        first += len(growth.grounds)
        if kind == rest:
            labels = _absorb(grid, labels, mine)
    return labels


def _absorb(grid: Grid, labels: _Array, mask: _Array) -> _Array:
    """Return the labels with small cut-off parts of the mask given to what lies around them."""
    parts = islands(grid, mask)
    sizes = np.bincount(parts[mask], minlength=mask.size) if mask.any() else np.zeros(mask.size, int)
    small = mask & (sizes[np.maximum(parts, 0)] < min(_SMALL, max(sizes.max() // 2, 1)))
    return fill(grid, np.where(small, -1, labels), grid.domain & (labels >= 0))


def _shares(shapes: list[BaseGeometry], growths: dict[str, _Growth], whole: float) -> dict[str, float]:
    areas, first, shares = area_m2(np.array(shapes, dtype=object)), 0, {}
    for kind, growth in growths.items():
        shares[kind] = float(areas[first : first + len(growth.grounds)].sum()) / whole
        first += len(growth.grounds)
    return shares


def _has_specks(shapes: list[BaseGeometry], kinds: list[tuple[str, str]]) -> bool:
    """Return whether a unit is nothing, or next to nothing beside the mean of its class."""
    areas, classes = area_m2(np.array(shapes, dtype=object)), np.array([kind for kind, _ in kinds])
    return any(
        (areas[classes == kind] < _SPECK * areas[classes == kind].mean()).any() for kind in set(classes.tolist())
    )


def _cost(land: _Land, ground: str, seed: int, start: tuple[float, float]) -> list[float]:
    """Return what a cell costs a region that grows on such ground from such a seed: little where it belongs."""
    if ground == "ridge":
        cost = np.exp(2.6 * (1 - land.height) - 2.2 * land.crest)
    elif ground == "river":
        cost = np.exp(np.minimum(land.river_m / 1_800, 4.0))
    elif ground == "town":
        cost = np.exp(2.4 * land.height + np.minimum(land.river_m / 15_000, 0.5))
    else:
        cost = np.exp(1.2 * land.crest)
    cost = cost * np.exp(_ROUGH * land.rough)
    # Wherever it begins, a region grows about as fast as the others, and has its heart first: none stays a speck.
    pace, heart = start
    away = np.hypot(*_offset(land.grid, np.arange(cost.size), seed))
    cost /= float(cost[(away < 7) & land.grid.domain].mean()) * pace
    return list(np.where(away < heart, cost.min() / 10, cost).tolist())


def _priority_seeds(land: _Land, free: _Array, quota: Quota, _: _Array) -> tuple[list[int], list[str]]:
    by_river = round(quota.count * 0.3) if (land.river_m[free] < 2_500).any() else 0
    river = _spaced(land, free & (land.river_m < 2_500), -land.river_m / 2_500 + land.rough, by_river, [])
    score = land.height + land.crest + 0.5 * land.rough
    crest = _spaced(land, free, score, quota.count - len(river), river)
    return river + crest, ["river"] * len(river) + ["ridge"] * len(crest)


def _key_seeds(land: _Land, free: _Array, quota: Quota, towns: _Array) -> tuple[list[int], list[str]]:
    away = 0.35 * np.sqrt(land.grid.inside.sum() / quota.count)
    seeds: list[int] = []
    for cell in cells_at(land.grid, *to_plane(towns).T) if len(towns) else ():
        clear = all(np.hypot(*_offset(land.grid, int(cell), other)) > away for other in seeds)
        if len(seeds) < (quota.count + 1) // 2 and free[cell] and land.grid.inside[cell] and clear:
            seeds.append(int(cell))
    score = -land.height - 0.7 * land.crest - np.minimum(land.river_m / 20_000, 1) + 0.4 * land.rough
    seeds += _spaced(land, free, score, quota.count - len(seeds), seeds)
    return seeds, ["town"] * len(seeds)


def _general_seeds(land: _Land, free: _Array, quota: Quota, _: _Array) -> tuple[list[int], list[str]]:
    parts = islands(land.grid, free & land.grid.inside)
    sizes = np.bincount(parts[parts >= 0], minlength=parts.size)
    roomy = (parts >= 0) & (sizes[np.maximum(parts, 0)] >= min(sizes.max() / 4, _SMALL * 4))
    return _spaced(land, roomy, land.rough - land.crest, quota.count, []), ["land"] * quota.count


_SEEDS = {"priority": _priority_seeds, "key": _key_seeds, "general": _general_seeds}


def _offset(grid: Grid, one: Any, other: int) -> tuple[Any, Any]:
    return one % grid.columns - other % grid.columns, one // grid.columns - other // grid.columns


def _spaced(land: _Land, allowed: _Array, score: _Array, count: int, taken: list[int]) -> list[int]:
    """Return so many cells of high score that keep apart from one another and from those taken, as far as possible."""
    grid = land.grid
    column, row = np.arange(grid.inside.size) % grid.columns, np.arange(grid.inside.size) // grid.columns
    apart = np.sqrt(grid.inside.sum() / max(count + len(taken), 1))
    value, chosen = np.where(allowed & grid.inside, score, -np.inf), list(taken)
    while len(chosen) < count + len(taken):
        clear = value.copy()
        for cell in chosen:
            clear[np.hypot(column - column[cell], row - row[cell]) < apart] = -np.inf
        best = int(clear.argmax())
        if np.isfinite(clear[best]):
            chosen.append(best)
        else:
            apart *= 0.8
        if apart < 0.3:
            break
    return chosen[len(taken) :]
