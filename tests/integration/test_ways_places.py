"""Moves and units on built schemes: the worked example, and a project that goes elsewhere as it stands."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest
from pyproj import Geod

from yudi.api import ask, open_edition
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled
from yudi.territory.ways_out.moves import moves
from yudi.territory.ways_out.proofs import on_site
from yudi.territory.ways_out.units import units_nearby

DAY = date(2026, 11, 24)
BANK = 29.7  # the bank of tests/data/example runs along this parallel
GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def example(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("edition") / "edition"
    write_edition(compiled(read_scheme(root / "tests/data/example/scheme.toml")), folder)
    return open_edition(folder)


def project_a(metres, **geometry):
    """Return project A, a rectangle whose north side lies so many metres south of the bank, by geodesic."""
    north, south = (GEOD.fwd(107.40, BANK, 180, far)[1] for far in (metres, metres + 100))
    ring = [[107.399, south], [107.401, south], [107.401, north], [107.399, north], [107.399, south]]
    shape = {"type": "Polygon", "coordinates": [ring], **geometry}
    return {"id": "A", "geometry": shape, "facts": {"industry": "C2614", "activity": "new"}}


def test_project_a_moves_151_metres_away_from_the_bank(example):
    """At 900 m, with a limit of 1,000 m and an accuracy of 50 m, 150 m are not enough; then it is undetermined."""
    answer = example.screen(project_a(900), as_of=DAY)
    (way,) = moves(answer.screening, "not_prohibited")

    assert answer.verdict == "prohibited"
    assert way.details["distance_m"] == 151
    assert way.details["bearing_deg"] == pytest.approx(180, abs=1)
    assert "away from" in way.text.en
    assert way.after.verdict == "undetermined"


def test_the_moved_project_can_be_screened_as_it_stands(example):
    """What was given comes back with another geometry alone, and gives the verdict that the way states."""
    given = project_a(900)
    (way,) = moves(example.screen(given, as_of=DAY).screening, "not_prohibited")
    again = ask(way.project.given, (example,), as_of=DAY)

    assert {key: value for key, value in way.project.given.items() if key != "geometry"} == {
        key: value for key, value in given.items() if key != "geometry"
    }
    assert (again.verdict, again["presumed"]["verdict"]) == (way.after.verdict, way.after.presumed_verdict)


def test_a_unit_is_given_with_its_code_its_name_and_a_place_in_it(example):
    """Every unit that is named is another one, and the project passes there as it is."""
    answer = example.screen(project_a(900), as_of=DAY)
    ways = units_nearby(answer.screening, "not_prohibited")

    assert ways
    assert {way.details["unit"] for way in ways}.isdisjoint(unit["code"] for unit in answer["units"])
    for way in ways:
        again = ask(way.project.given, (example,), as_of=DAY)

        assert again["presumed"]["verdict"] != "prohibited"
        assert way.details["unit"] in [unit["code"] for unit in again["units"]]
        assert way.details["unit"] in way.text.en


def test_what_a_person_said_of_the_old_place_does_not_go_along(tmp_path, root):
    """An answer that clauses ask together with the place is dropped by a move; one that they ask alone is kept."""
    folder = tmp_path / "scheme"
    shutil.copytree(root / "examples/riverside", folder)
    text = (folder / "scheme.toml").read_text(encoding="utf-8")
    (folder / "scheme.toml").write_text(text.replace('["cn-base"]', '["cn"]'), encoding="utf-8")
    write_edition(compiled(read_scheme(folder / "scheme.toml")), tmp_path / "edition")
    edition = open_edition(tmp_path / "edition")
    said = {"value": False, "by": "某局", "date": "2026-11-02"}
    given = json.loads((root / "examples/riverside/projects/chemical-works.json").read_text(encoding="utf-8"))
    given["facts"] |= {"harms_reserve": said, "sector_conditions_met": said}
    screening = edition.screen(given, as_of=DAY).screening
    moved = on_site(screening.project, screening.project.site, screening.editions)

    assert "harms_reserve" in screening.project.facts
    assert "harms_reserve" not in moved.facts
    assert "sector_conditions_met" in moved.facts
