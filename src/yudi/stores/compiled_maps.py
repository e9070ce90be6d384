"""An edition's map made ready for many sites, kept beside the edition in ``compiled/`` as flat arrays.

It is no part of the edition: it can be made again from it at any time, and is where it is missing, of another format,
of another edition, or damaged. Arrays are memory-mapped, so that processes share them and opening reads no polygon.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yudi.core.cellgrid.grid import CellGrid
from yudi.core.errors import InputError, LimitError
from yudi.territory.batch.compiled import Compiled, compiled_map
from yudi.territory.batch.ground import Ground
from yudi.territory.batch.places import distinct_tests
from yudi.territory.batch.regions import Regions
from yudi.territory.edition import Edition
from yudi.territory.predicates import PlaceTest, parse, plain

__all__ = ["compiled_files", "ground_of", "is_large", "open_compiled"]

FORMAT = "yudi-compiled/1"  # to be raised with every change of what is made of an edition, of cell grids too
_FOLDER = "compiled"
_MANIFEST = f"{_FOLDER}/manifest.json"
_VERTICES_MIN = 100_000  # a smaller map is made ready in the time that it takes to look


def is_large(edition: Edition) -> bool:
    """Return whether an edition's map is worth keeping ready: it has many vertices."""
    names = {"units", *(test.layer for test in distinct_tests(edition))}
    shapes = [edition.layers[name].geometry for name in sorted(names & set(edition.layers))]
    return sum(int(shapely.get_num_coordinates(each).sum()) for each in shapes) >= _VERTICES_MIN


def compiled_files(edition: Edition) -> dict[str, bytes]:
    """Return the files of an edition's map made ready, by path in the edition's folder; none for a small one.

    Parameters
    ----------
    edition : Edition
        With its id.
    """
    if not is_large(edition):
        return {}
    try:
        made = compiled_map(edition)
    except LimitError:  # it is answered all the same, without
        return {}
    if made is None:
        return {}
    files = {f"{_FOLDER}/{name}.npy": _npy(array) for name, array in _arrays(made).items()}
    manifest = {
        "format": FORMAT,
        "edition": edition.id,
        "tests": [plain(test) for test in made.tests],
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    return {**files, _MANIFEST: (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()}


def open_compiled(folder: Path | str, edition: Edition) -> Compiled | None:
    """Return the map that is kept ready in an edition's folder, None where there is none that is whole and its own."""
    folder = Path(folder)
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT or manifest["edition"] != edition.id:
            return None
        tests = tuple(_test(data) for data in manifest["tests"])
        files: Mapping[str, str] = manifest["files"]
        with ThreadPoolExecutor() as pool:
            arrays = dict(pool.map(lambda item: _opened(folder, *item), files.items()))
        return _compiled(edition, tests, arrays)
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None


def ground_of(edition: Edition, folder: Path | str | None = None) -> Ground:
    """Return what says where many sites lie in an edition.

    Parameters
    ----------
    folder : Path or None
        The edition's folder, where its map may be kept ready; else it is made ready now.
    """
    kept = None if folder is None else open_compiled(folder, edition)
    return Ground(edition, compiled_map(edition) if kept is None else kept)


def _test(data: Any) -> PlaceTest:
    test = parse(data)
    if not isinstance(test, PlaceTest):
        raise ValueError(f"expected a place test, got {data!r}")
    return test


def _npy(array: Any) -> bytes:
    sink = io.BytesIO()
    np.save(sink, np.ascontiguousarray(array), allow_pickle=False)
    return sink.getvalue()


def _opened(folder: Path, name: str, digest: str) -> tuple[str, Any]:
    with (folder / name).open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != digest:
        raise ValueError(f"{name} is not the file that was written")
    return Path(name).stem, np.load(folder / name, mmap_mode="r", allow_pickle=False)


def _arrays(made: Compiled) -> dict[str, Any]:
    units, areas = made.units, made.areas
    assert isinstance(units, CellGrid), "compiled, not the twin"
    assert isinstance(areas, CellGrid), "compiled, not the twin"
    shapes = [shapely.to_wkb(shape, byte_order=1) for shape in areas.shapes]  # type: ignore[union-attr]
    return {
        **{f"units-{name}": array for name, array in units.arrays().items()},
        **{f"areas-{name}": array for name, array in areas.arrays().items()},
        "area_shapes": np.frombuffer(b"".join(shapes), np.uint8),
        "area_first": np.cumsum([0, *map(len, shapes)]).astype(np.int64),
        "says_first": made.regions.first,
        "says_test": made.regions.test,
        "says_meaning": made.regions.meaning,
        **{name: getattr(made, name) for name in _PLAIN},
    }


_PLAIN = ("unit_holes", "area_holes", "unit_double", "reach_m", "is_open")


def _compiled(edition: Edition, tests: tuple[PlaceTest, ...], arrays: Mapping[str, Any]) -> Compiled:
    shapes, first = arrays["area_shapes"], arrays["area_first"]

    def areas(rows: Any) -> Any:
        return shapely.from_wkb([shapes[first[row] : first[row + 1]].tobytes() for row in rows])

    def units(rows: Any) -> Any:
        return edition.units.geometry[rows]

    def grid(name: str, of: Any) -> CellGrid:
        own = {key.removeprefix(name): array for key, array in arrays.items() if key.startswith(name)}
        return CellGrid.from_arrays(own, of)

    regions = Regions(*(np.asarray(arrays[f"says_{name}"]) for name in ("first", "test", "meaning")))
    return Compiled(
        tests, regions, grid("units-", units), grid("areas-", areas), *(np.asarray(arrays[name]) for name in _PLAIN)
    )
