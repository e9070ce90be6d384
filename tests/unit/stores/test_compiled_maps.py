"""Maps made ready are kept beside large editions, shared, and never trusted where they may be wrong."""

from __future__ import annotations

import json
import mmap
import pickle

import numpy as np
import pytest
import shapely
from support.editions import edition, layer, square
from support.many_sites import assert_same, hard_sites

from yudi.stores import compiled_maps
from yudi.stores.archive import open_edition, write_edition
from yudi.territory.batch.places import places_one_by_one


@pytest.fixture(scope="module")
def made():
    """Return an edition of two units with a zone, whose borders have many vertices."""
    units = [square(-1_000, -1_000, 0, 1_000), square(0, -1_000, 1_000, 1_000)]
    units = [shapely.segmentize(unit, 4e-7) for unit in units]
    tests = [{"inside": {"layer": "zones"}}, {"within": {"layer": "zones", "distance_m": 100}}]
    clauses = [{"id": f"c{n}", "effect": "forbid", "scope": test} for n, test in enumerate(tests)]
    zones = layer("zones", [square(-100, -100, 200, 100)], accuracy_m=10.0)
    return edition(clauses, units=layer("units", units), layers=[zones])


@pytest.fixture
def folder(made, tmp_path):
    """Write it as a build does."""
    write_edition(made, tmp_path / "edition")
    return tmp_path / "edition"


def test_a_large_edition_keeps_its_map_and_answers_from_it_as_one_by_one(folder):
    """Arrays are memory-mapped, no layer is read to open them, and answers are those of single sites."""
    opened = open_edition(folder)
    kept = compiled_maps.open_compiled(folder, opened)

    assert kept is not None
    assert _is_mapped(kept.areas.arrays()["entry"])
    assert "geometry" not in opened.units.__dict__
    sites = hard_sites(opened, 3, 30)
    assert_same(compiled_maps.ground_of(opened, folder).places(sites), places_one_by_one(opened, sites))


def _is_mapped(array):
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, mmap.mmap)


def test_the_map_is_no_part_of_the_edition(folder, made, tmp_path):
    """Without it the edition opens, has the same id, and gets it back by the next build; twice is byte for byte once."""
    files = {path.name: path.read_bytes() for path in (folder / "compiled").iterdir()}
    for path in (folder / "compiled").iterdir():
        path.unlink()
    (folder / "compiled").rmdir()
    opened = open_edition(folder)

    assert compiled_maps.open_compiled(folder, opened) is None
    assert write_edition(made, folder).id == opened.id
    assert {path.name: path.read_bytes() for path in (folder / "compiled").iterdir()} == files


def _cut(folder):
    (folder / "compiled" / "areas-entry.npy").write_bytes(b"")


def _flipped(folder):
    path = folder / "compiled" / "units-entry.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _gone(folder):
    (folder / "compiled" / "says_test.npy").unlink()


def _of_another(folder):
    _said(folder, edition="another")


def _of_another_format(folder):
    _said(folder, format="yudi-compiled/0")


def _no_json(folder):
    (folder / "compiled" / "manifest.json").write_text("{", encoding="utf-8")


def _said(folder, **values):
    path = folder / "compiled" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


@pytest.mark.parametrize("spoil", [_cut, _flipped, _gone, _of_another, _of_another_format, _no_json])
def test_what_is_damaged_or_of_another_edition_is_made_anew_in_memory(folder, spoil):
    """Never a wrong answer: it is as if nothing were kept."""
    spoil(folder)
    opened = open_edition(folder)
    sites = hard_sites(opened, 4, 10)

    assert compiled_maps.open_compiled(folder, opened) is None
    assert_same(compiled_maps.ground_of(opened, folder).places(sites), places_one_by_one(opened, sites))


def test_a_build_repairs_a_damaged_map(folder, made):
    """Building the same edition again leaves it whole."""
    _flipped(folder)
    write_edition(made, folder)

    assert compiled_maps.open_compiled(folder, open_edition(folder)) is not None


def test_small_editions_keep_nothing(tmp_path):
    """Their maps are made ready in memory at once."""
    write_edition(edition([{"id": "c", "effect": "forbid"}]), tmp_path / "small")

    assert not (tmp_path / "small" / "compiled").exists()
    assert len(compiled_maps.ground_of(open_edition(tmp_path / "small")).places([shapely.Point(107, 30)])) == 1


def test_an_opened_edition_travels_to_other_processes(folder):
    """Whether its layers were read already or not."""
    opened = open_edition(folder)
    fresh = pickle.loads(pickle.dumps(opened.layers["zones"]))

    assert shapely.equals(fresh.geometry, opened.layers["zones"].geometry).all()
    assert fresh.columns.equals(opened.layers["zones"].columns)
    assert not hasattr(fresh, "no such thing")
