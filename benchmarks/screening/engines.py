"""The engines that are compared, each run in a process of its own: load, warm up, then the question with a clock on.

`python engines.py ENGINE QUESTION FOLDER` prints one JSON object and writes the answer beside the world. Questions:
`points` (which points lie in which features) and `overlaps` (which polygons meet which features, and the areas).
Answers are closed, as `ST_Intersects` is. Loading, and making indexes that stay, are not on the clock; trees that
GEOS or a database makes for one join are.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import processes
import pyarrow.parquet as pq
import shapely

Array = np.ndarray[Any, Any]
Answer = tuple[Array, ...]
POINTS_SQL = "SELECT p.site, u.unit FROM points p JOIN units u ON ST_Intersects(u.geometry, p.geometry)"
OVERLAPS_SQL = (
    "SELECT p.site, u.unit, ST_Area(ST_Intersection(u.geometry, p.geometry)) AS area "
    "FROM sites p JOIN units u ON ST_Intersects(u.geometry, p.geometry)"
)


def geometry(path: Path) -> Array:
    """Return the geometries of a file."""
    return np.asarray(shapely.from_wkb(pq.read_table(path, columns=["geometry"])["geometry"].to_numpy()), object)


def coordinates(folder: Path, count: int) -> tuple[Array, Array]:
    """Return x and y of the first points."""
    table = pq.read_table(folder / "points.parquet", columns=["x", "y"]).slice(0, count)
    return table["x"].to_numpy(), table["y"].to_numpy()


class Yudi:
    """The product; `build_s` is what compiling the features took."""

    packages = ("numba", "shapely", "numpy")

    def __init__(self, world: argparse.Namespace) -> None:
        from yudi.core.cellgrid import compile_grid

        compile_grid(shapely.box([0.0, 1.0], 0, 2, 2)).points(np.zeros(1), np.zeros(1))  # loads the machine code
        shapes = geometry(world.units)
        clock, busy = time.perf_counter(), time.process_time()
        self.grid = compile_grid(shapes)
        self.notes = {
            "build_wall_s": time.perf_counter() - clock,
            "build_cpu_s": time.process_time() - busy,
            "index_mib": sum(array.nbytes for array in self.grid.arrays().values()) / 2**20,
        }
        self.threads = world.threads
        if world.question == "overlaps":
            self.sites = geometry(world.folder / "sites.parquet")
            self.grid.overlaps(self.sites[:10])
        else:
            self.x, self.y = coordinates(world.folder, world.points)
            self.grid.points(self.x[:30_000], self.y[:30_000])

    def points(self) -> Answer:
        """Return which points lie in which features."""
        return tuple(self.grid.points(self.x, self.y, threads=self.threads))

    def overlaps(self) -> Answer:
        """Return which polygons meet which features, and the areas in common."""
        return tuple(self.grid.overlaps(self.sites, threads=self.threads)[:3])

    def one(self, row: int) -> Any:
        """Return the features of one point."""
        return self.grid.points(self.x[row : row + 1], self.y[row : row + 1])


class Geos:
    """GEOS by shapely, as GeoPandas' `sjoin` and `overlay` use it: a tree of the sites, prepared features as queries."""

    packages = ("shapely", "geopandas")

    def __init__(self, world: argparse.Namespace) -> None:
        self.units = geometry(world.units)
        self.notes: dict[str, float] = {}
        if world.question == "overlaps":
            self.sites = geometry(world.folder / "sites.parquet")
        else:
            self.sites = shapely.points(*coordinates(world.folder, world.points))
        self.tree = shapely.STRtree(self.units)

    def points(self) -> Answer:
        """Return which points lie in which features."""
        unit, site = shapely.STRtree(self.sites).query(self.units, predicate="intersects")
        return site, unit

    def overlaps(self) -> Answer:
        """Return which polygons meet which features, and the areas in common."""
        unit, site = shapely.STRtree(self.sites).query(self.units, predicate="intersects")
        return site, unit, shapely.area(shapely.intersection(self.units[unit], self.sites[site]))

    def one(self, row: int) -> Any:
        """Return the features of one point."""
        return self.tree.query(self.sites[row], predicate="intersects")


class GeosClipped(Geos):
    """GEOS by hand: areas of sites that a feature contains are their own, features are clipped before they are cut."""

    def overlaps(self) -> Answer:
        """Return which polygons meet which features, and the areas in common."""
        tree = shapely.STRtree(self.sites)
        unit, site = tree.query(self.units, predicate="intersects")
        held_unit, held_site = tree.query(self.units, predicate="contains_properly")
        held = np.sort(held_unit.astype(np.int64) * len(self.sites) + held_site)
        pair = unit.astype(np.int64) * len(self.sites) + site
        is_held = held[np.minimum(np.searchsorted(held, pair), len(held) - 1)] == pair
        area = np.empty(len(pair))
        area[is_held] = shapely.area(self.sites[site[is_held]])
        cut = np.flatnonzero(~is_held)
        boxes = np.add(shapely.bounds(self.sites[site[cut]]), (-1e-6, -1e-6, 1e-6, 1e-6))
        clipped = [shapely.clip_by_rect(unit, *box) for unit, box in zip(self.units[unit[cut]], boxes, strict=True)]
        area[cut] = shapely.area(shapely.intersection(np.array(clipped, object), self.sites[site[cut]]))
        return site, unit, area


class SedonaDB:
    """SedonaDB: SQL on one machine."""

    packages = ("sedonadb",)

    def __init__(self, world: argparse.Namespace) -> None:
        import sedonadb

        self.notes: dict[str, float] = {}
        self.context = sedonadb.connect()
        self.context.sql(f"SET datafusion.execution.target_partitions = {world.threads}").execute()
        self._load("units", world.units, 0)
        if world.question == "overlaps":
            self._load("sites", world.folder / "sites.parquet", 0)
        else:
            self._load("points", world.folder / "points.parquet", world.points)

    def _load(self, name: str, path: Path, count: int) -> None:
        self.context.read_parquet(str(path)).to_view("all_rows", overwrite=True)
        number = "unit" if name == "units" else "site"
        only = f" WHERE {number} < {count}" if count else ""
        rows = self.context.sql(f"SELECT {number}, geometry FROM all_rows{only}")
        rows.to_memtable().to_view(name, overwrite=True)

    def _asked(self, sql: str) -> Answer:
        table = self.context.sql(sql).to_arrow_table()
        return tuple(table[column].to_numpy() for column in range(table.num_columns))

    def points(self) -> Answer:
        """Return which points lie in which features."""
        return self._asked(POINTS_SQL)

    def overlaps(self) -> Answer:
        """Return which polygons meet which features, and the areas in common."""
        return self._asked(OVERLAPS_SQL)


class DuckDB:
    """DuckDB with its spatial extension, from the package `duckdb-extension-spatial` where that is installed."""

    packages = ("duckdb",)

    def __init__(self, world: argparse.Namespace) -> None:
        import duckdb

        self.notes: dict[str, float] = {}
        self.connection = duckdb.connect()
        self.connection.execute(f"LOAD '{self._extension()}'")
        self.connection.execute(f"SET threads={world.threads}")
        self._load("units", "unit", world.units, 0)
        if world.question == "overlaps":
            self._load("sites", "site", world.folder / "sites.parquet", 0)
        else:
            self._load("points", "site", world.folder / "points.parquet", world.points)

    @staticmethod
    def _extension() -> str:
        try:
            import duckdb_extension_spatial as spatial
        except ModuleNotFoundError:
            return "spatial"
        return str(next(Path(spatial.__file__).parent.glob("extensions/*/spatial.duckdb_extension")))

    def _load(self, name: str, number: str, path: Path, count: int) -> None:
        kind = self.connection.execute(f"SELECT typeof(geometry) FROM '{path}' LIMIT 1").fetchone()[0]
        shape = "geometry" if kind.startswith("GEOMETRY") else "ST_GeomFromWKB(geometry)"
        only = f" WHERE {number} < {count}" if count else ""
        self.connection.execute(
            f"CREATE TABLE {name} AS SELECT {number}, ({shape})::GEOMETRY AS geometry FROM '{path}'{only}"
        )

    def _asked(self, sql: str) -> Answer:
        return tuple(self.connection.execute(sql).fetchnumpy().values())

    def points(self) -> Answer:
        """Return which points lie in which features."""
        return self._asked(POINTS_SQL)

    def overlaps(self) -> Answer:
        """Return which polygons meet which features, and the areas in common."""
        return self._asked(OVERLAPS_SQL)


class PostGIS:
    """PostGIS at `--dsn`: GiST indexes, clustered and analysed; the answer comes by COPY."""

    packages = ("psycopg",)

    def __init__(self, world: argparse.Namespace) -> None:
        import psycopg

        self.connection = psycopg.connect(world.dsn, autocommit=True)
        self.backend = self.connection.info.backend_pid
        self._run("SET jit=off; SET work_mem='512MB'; SET enable_mergejoin=off")
        self._run(f"SET max_parallel_workers_per_gather={world.threads - 1}")
        self.notes = {"server_version": self.connection.info.server_version}
        self._load("units", "unit", geometry(world.units))
        if world.question == "overlaps":
            self._load("sites", "site", geometry(world.folder / "sites.parquet"))
        else:
            self._load("points", "site", shapely.points(*coordinates(world.folder, world.points)))

    def _run(self, sql: str) -> None:
        self.connection.execute(sql)

    def _load(self, name: str, number: str, shapes: Array) -> None:
        self._run(f"DROP TABLE IF EXISTS {name}; CREATE UNLOGGED TABLE {name} ({number} int, geometry geometry)")
        rows = zip(range(len(shapes)), shapely.to_wkb(shapes, hex=True), strict=True)
        with self.connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row, text in rows:
                copy.write(f"{row}\t{text}\n")
        self._run(
            f"CREATE INDEX {name}_g ON {name} USING gist(geometry); CLUSTER {name} USING {name}_g; ANALYZE {name}"
        )

    def _asked(self, sql: str) -> Answer:
        with self.connection.cursor().copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)") as copy:
            text = b"".join(copy)
        rows = np.array(text.replace(b"\n", b",").split(b",")[:-1]).reshape(-1, 2 + ("area" in sql)).T
        return (rows[0].astype(np.int64), rows[1].astype(np.int64), *(row.astype(float) for row in rows[2:]))

    def points(self) -> Answer:
        """Return which points lie in which features."""
        return self._asked(POINTS_SQL)

    def overlaps(self) -> Answer:
        """Return which polygons meet which features, and the areas in common."""
        return self._asked(OVERLAPS_SQL)


ENGINES: dict[str, Callable[[argparse.Namespace], Any]] = {
    "yudi": Yudi,
    "geos": Geos,
    "geos_clipped": GeosClipped,
    "sedonadb": SedonaDB,
    "duckdb": DuckDB,
    "postgis": PostGIS,
}


def busy_seconds(backend: int | None) -> float:
    """Return processor seconds of this process, its children, and a database's backend."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    if backend is not None:
        spent = processes.seconds(backend)
        assert spent is not None, "the database runs"
        seconds += spent
    return seconds


def peak_mib(backend: int | None) -> float:
    """Return the greatest memory of this process, and of a database's backend, since `forget_peak`."""
    status = [Path(f"/proc/{process}/status").read_text() for process in ("self", backend) if process]
    return sum(int(text.partition("VmHWM:")[2].split()[0]) for text in status) / 1024


def forget_peak(backend: int | None) -> None:
    """Begin to measure memory anew; the system keeps the greatest use until told."""
    for process in ("self", backend):
        if process:
            Path(f"/proc/{process}/clear_refs").write_text("5")


def measured(world: argparse.Namespace) -> dict[str, Any]:
    """Return what one engine took for one question; its answer is written beside the world, sorted."""
    kind = ENGINES[world.engine]
    engine = kind(world)
    backend = getattr(engine, "backend", None)
    forget_peak(backend)
    clock, busy = time.perf_counter(), busy_seconds(backend)
    answer = getattr(engine, world.question)()
    took = {
        "wall_s": time.perf_counter() - clock,
        "cpu_s": busy_seconds(backend) - busy,
        "peak_mib": peak_mib(backend),
        "pairs": len(answer[0]),
        **engine.notes,
    }
    order = np.lexsort((answer[1], answer[0]))
    names = ("site", "unit", "area")
    columns = {name: np.asarray(column)[order] for name, column in zip(names, answer, strict=False)}
    np.savez(world.folder / f"answer_{world.engine}_{world.question}.npz", **columns)
    if world.single and world.question == "points" and hasattr(engine, "one"):
        took |= single(engine.one, len(answer[0]))
    return took | {"versions": {name: version(name) for name in kind.packages}}  # type: ignore[attr-defined]


def single(one: Callable[[int], Any], seed: int, count: int = 5000) -> dict[str, float]:
    """Return p50 and p99 of one warm point, microseconds; each point is asked once before."""
    rows = np.random.default_rng(seed).integers(0, 100_000, count).tolist()
    for row in rows:
        one(row)
    took = np.empty(count)
    for index, row in enumerate(rows):
        clock = time.perf_counter_ns()
        one(row)
        took[index] = (time.perf_counter_ns() - clock) / 1e3
    return {"single_p50_us": float(np.percentile(took, 50)), "single_p99_us": float(np.percentile(took, 99))}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("question", choices=("points", "overlaps"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", default="units_10.parquet", type=str)
    parser.add_argument("--points", default=3_600_000, type=int)
    parser.add_argument("--threads", default=1, type=int)
    parser.add_argument("--single", action="store_true", help="time single points too")
    parser.add_argument("--dsn", default="host=127.0.0.1 port=5544 user=postgres dbname=postgres")
    asked = parser.parse_args()
    asked.units = asked.folder / asked.units
    print(json.dumps(measured(asked)))
