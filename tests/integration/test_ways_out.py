"""Ways out through the published interfaces: the short cases of the semantics, the command line, and Python."""

from __future__ import annotations

from datetime import date

import pytest
from pyproj import Geod

from yudi.api import ask, open_edition
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled

DAY = date(2026, 11, 24)
GEOD = Geod(ellps="GRS80")
RIDGE = "ZH50010230011"


@pytest.fixture(scope="module")
def cases(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("edition") / "edition"
    write_edition(compiled(read_scheme(root / "tests/data/cases/scheme.toml")), folder)
    return open_edition(folder)


def project(geometry, **facts):
    return {"id": "A", "geometry": geometry, "facts": facts}


TURBINES = [[107.102 + 0.005 * index, 29.83] for index in range(12)]  # two west of 107.11, the units' border
WIND = project({"type": "MultiPoint", "coordinates": TURBINES}, industry="D4415", activity="new")
PIPELINE = project(
    {"type": "LineString", "coordinates": [[107.005, 29.80], [107.2120, 29.80]]},
    industry="G5720",
    activity="new",
    wastewater_to="surface_water",
)


def screened_again(way, edition):
    """Return the verdicts that the way's project gets as it stands."""
    again = ask(way["project"], (edition,), as_of=DAY)
    return again.verdict, again["presumed"]["verdict"]


def test_two_of_twelve_turbines_are_left_out(cases):
    """Two stand in a unit that forbids wind power; without these two the ten others pass."""
    answer = cases.screen(WIND, as_of=DAY, ways_out=3)
    ways = {way["target"]: way for way in answer["ways_out"] if way["kind"] == "trim"}

    assert set(ways) == {"not_prohibited", "conditional", "admissible"}
    way = ways["not_prohibited"]
    assert (way["count"], way["of"]) == (2, 12)
    assert way["text"]["en"] == "leave out 2 of 12 points, in unit ZH50010230011"
    assert way["project"]["geometry"]["coordinates"] == [pytest.approx(point, abs=1e-7) for point in TURBINES[2:]]
    assert (way["verdict_after"], way["presumed_after"]) == ("admissible", "admissible") == screened_again(way, cases)


def test_a_pipeline_that_discharges_in_a_source_zone_leads_its_water_elsewhere(cases):
    """The discharge is of its design, so one fact changes; nothing is changed that is not of the design."""
    answer = cases.screen(PIPELINE, as_of=DAY, ways_out=3)
    way = next(way for way in answer["ways_out"] if way["kind"] == "facts")

    assert [(row["fact"], row["from"]) for row in way["facts"]] == [("wastewater_to", "surface_water")]
    assert way["project"]["facts"] == {**PIPELINE["facts"], "wastewater_to": way["facts"][0]["to"]}
    assert way["project"]["geometry"] == PIPELINE["geometry"]
    assert (way["verdict_after"], way["presumed_after"]) == ("admissible", "admissible") == screened_again(way, cases)


def test_a_pipeline_may_leave_out_what_lies_in_the_zone(cases):
    """The zone reaches from 107.03 to 107.05: so much of the line is left out, by geodesic, and two pieces remain."""
    answer = cases.screen(PIPELINE, as_of=DAY, ways_out=3)
    way = next(way for way in answer["ways_out"] if way["kind"] == "trim")
    inside = GEOD.line_length([107.03, 107.05], [29.80, 29.80])

    assert way["length_m"] == pytest.approx(inside, abs=1)
    assert way["pieces"] == 2
    assert screened_again(way, cases) == (way["verdict_after"], way["presumed_after"])
