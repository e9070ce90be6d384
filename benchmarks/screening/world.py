"""A zoned country from a seed: units that share winding borders, zones that lie across them, points and sites round towns.

Units are the cells of a bent grid over a box as large as China; half of the sides have up to 32 segments and few have 8,192, so
that the median unit has about 200 vertices and some have thousands. Zones are blobs (a tenth with a hole) and bands along
rivers, and overlap. Most points and sites lie round 600 towns; some points lie exactly on vertices of units.
Run `python world.py FOLDER`; it writes Parquet with WKB geometry.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

Array = np.ndarray[Any, Any]
SEED = 20260607
WEST, SOUTH, EAST, NORTH = 73.0, 18.0, 135.0, 54.0
UNITS, ZONES, POINTS, SITES = 45_000, 8_500, 3_600_000, 100_000
SHARES = (1, 3, 10)  # tenths of the units, to see growth
LEVELS = np.arange(3, 14)  # a side has 2**level segments
LEVEL_SHARES = np.array([0.04, 0.18, 0.30, 0.27, 0.14, 0.045, 0.015, 0.004, 0.003, 0.002, 0.001])


def winding(random: np.random.Generator, count: int, level: int) -> Array:
    """Return profiles of midpoint displacement, shape (count, 2**level + 1), zero at both ends."""
    height = np.zeros((count, 2**level + 1))
    step, sway = 2**level, 0.22
    while step > 1:
        middle = (height[:, 0:-1:step] + height[:, step::step]) / 2
        height[:, step // 2 :: step] = middle + random.normal(0, sway, middle.shape)
        step, sway = step // 2, sway * 0.6
    return height


def sides(random: np.random.Generator, start: Array, end: Array) -> list[Array]:
    """Return winding lines between corners; so narrow near their ends that no two of them cross."""
    level = random.choice(LEVELS, len(start), p=LEVEL_SHARES / LEVEL_SHARES.sum())
    lines: list[Array] = [np.empty(0)] * len(start)
    for each in LEVELS:
        rows = np.flatnonzero(level == each)
        if not len(rows):
            continue
        along = np.linspace(0, 1, 2**each + 1)
        room = 0.33 * np.minimum(along, 1 - along)
        sway = room * np.tanh(winding(random, len(rows), int(each)) * 3)
        way = (end[rows] - start[rows])[:, None, :]
        across = np.stack([-way[..., 1], way[..., 0]], axis=-1)
        drawn = start[rows][:, None, :] + way * along[:, None] + across * sway[..., None]
        drawn[:, 0], drawn[:, -1] = start[rows], end[rows]
        for row, line in zip(rows.tolist(), drawn, strict=True):
            lines[row] = line
    return lines


def tessellation(random: np.random.Generator, count: int) -> Array:
    """Return about so many polygons that tile the box."""
    rows = round((count * (NORTH - SOUTH) / (EAST - WEST)) ** 0.5)
    columns = round(count / rows)
    corners = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0), indexing="ij"), axis=-1)
    jitter = random.uniform(-0.15, 0.15, corners.shape)
    jitter[[0, -1], :, 0] = jitter[:, [0, -1], 1] = 0
    corners = (corners + jitter) / (columns, rows) * (EAST - WEST, NORTH - SOUTH) + (WEST, SOUTH)
    level = sides(random, corners[:-1].reshape(-1, 2), corners[1:].reshape(-1, 2))
    upright = sides(random, corners[:, :-1].reshape(-1, 2), corners[:, 1:].reshape(-1, 2))
    units = []
    for i in range(columns):
        for j in range(rows):
            south, north = level[i * (rows + 1) + j], level[i * (rows + 1) + j + 1]
            west, east = upright[i * rows + j], upright[(i + 1) * rows + j]
            units.append(np.concatenate([south[:-1], east[:-1], north[:0:-1], west[::-1]]))
    ring = np.repeat(np.arange(len(units)), [len(unit) for unit in units])
    return shapely.polygons(shapely.linearrings(np.concatenate(units), indices=ring))


def around(random: np.random.Generator, towns: tuple[Array, Array, Array], count: int) -> Array:
    """Return places round towns, larger towns more often."""
    centre, weight, spread = towns
    town = random.choice(len(centre), count, p=weight / weight.sum())
    places = centre[town] + random.normal(0, 1, (count, 2)) * spread[town, None]
    return np.clip(places, (WEST + 1e-6, SOUTH + 1e-6), (EAST - 1e-6, NORTH - 1e-6))


def blobs(random: np.random.Generator, centre: Array, radius: Array, vertices: Array, holes: float) -> Array:
    """Return star-shaped polygons with rough rims, some with a hole."""
    made = []
    for place, size, count in zip(centre, radius, vertices.tolist(), strict=True):
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
        rough = winding(random, 1, int(np.ceil(np.log2(count))))[0][:count]
        rim = np.column_stack([np.cos(turn), np.sin(turn)]) * (size * np.exp(np.clip(rough, -1, 1)))[:, None]
        made.append(shapely.Polygon(place + rim, [place + 0.35 * rim[::-1]] if random.random() < holes else None))
    return np.array(made, object)


def zones(random: np.random.Generator, towns: tuple[Array, Array, Array], count: int) -> Array:
    """Return blobs, and bands along rivers."""
    bands = count * 5 // 17
    near = around(random, towns, (count - bands) // 8)
    far = random.uniform((WEST + 2, SOUTH + 2), (EAST - 2, NORTH - 2), (count - bands - len(near), 2))
    radius = np.clip(random.lognormal(-2.8, 0.8, count - bands), 0.01, 1)
    areas = blobs(random, np.vstack([near, far]), radius, random.integers(60, 900, count - bands), 0.1)
    rivers = []
    for _ in range(bands):
        length = int(np.clip(random.lognormal(4.6, 0.7), 20, 1500))
        course = random.uniform(0, 2 * np.pi) + np.cumsum(random.normal(0, 0.18, length))
        steps = np.column_stack([np.cos(course), np.sin(course)]).cumsum(0) * 0.012
        rivers.append(shapely.LineString(steps + random.uniform((WEST + 2, SOUTH + 2), (EAST - 2, NORTH - 2))))
    banks = shapely.buffer(np.array(rivers), random.uniform(0.002, 0.01, bands), quad_segs=4)
    return shapely.make_valid(np.concatenate([areas, banks]))


def save(path: Path, columns: dict[str, Array], geometry: Array) -> None:
    """Write a table with WKB geometry and the metadata of GeoParquet."""
    table = pa.table({**columns, "geometry": pa.array(shapely.to_wkb(geometry), pa.binary())})
    geo = (
        '{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":[]}}}'
    )
    pq.write_table(table.replace_schema_metadata({"geo": geo}), path, compression="zstd", row_group_size=200_000)


def make(folder: Path, seed: int = SEED) -> None:
    """Write units, points and sites into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    centre = random.uniform((WEST + 1, SOUTH + 1), (EAST - 1, NORTH - 1), (600, 2))
    towns = (centre, 1 / np.arange(1, 601) ** 0.8, random.uniform(0.05, 0.5, 600))
    units = np.empty(0, object)
    for share in SHARES:
        units = tessellation(random, UNITS * share // 10)
        everything = np.concatenate([units, zones(random, towns, ZONES * share // 10)])
        assert shapely.is_valid(everything).all()
        save(folder / f"units_{share}.parquet", {"unit": np.arange(len(everything), dtype=np.int32)}, everything)
    vertices = shapely.get_coordinates(units[random.choice(len(units), 400, replace=False)])
    scattered = random.uniform((WEST, SOUTH), (EAST, NORTH), (POINTS * 6 // 100, 2))
    points = np.vstack([around(random, towns, POINTS - len(scattered)), scattered])
    random.shuffle(points)
    points[random.choice(POINTS // 10, 2000, replace=False)] = vertices[random.choice(len(vertices), 2000)]
    number = np.arange(POINTS, dtype=np.int32)
    save(folder / "points.parquet", {"site": number, "x": points[:, 0], "y": points[:, 1]}, shapely.points(points))
    radius = np.clip(random.lognormal(np.log(0.003), 1, SITES), 0.0003, 0.08)
    sites = blobs(random, around(random, towns, SITES), radius, random.integers(5, 61, SITES), 0.0)
    sites = np.where(shapely.is_valid(sites), sites, shapely.convex_hull(sites))
    save(folder / "sites.parquet", {"site": np.arange(SITES, dtype=np.int32)}, sites)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    make(given.folder, given.seed)
