"""Ways out through the published interfaces: the short cases of the semantics, the command line, and Python."""

from __future__ import annotations

import json
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


@pytest.fixture(scope="module")
def pipeline(cases, tmp_path_factory):
    """The answer to the pipeline, written as a feature whose facts stand under their labels."""
    facts = {"行业": "G5720", "activity": "new", "废水去向": "surface_water", "owner": "Li"}
    feature = {"type": "Feature", "id": "A", "geometry": PIPELINE["geometry"], "properties": facts}
    path = tmp_path_factory.mktemp("projects") / "a.geojson"
    path.write_text(json.dumps(feature), encoding="utf-8")
    return cases.screen(path, as_of=DAY, ways_out=3)


def test_a_pipeline_that_discharges_in_a_source_zone_leads_its_water_elsewhere(cases, pipeline):
    """The discharge is of its design, so one fact changes; nothing is changed that is not of the design."""
    way = next(way for way in pipeline["ways_out"] if way["kind"] == "facts")
    to = way["facts"][0]["to"]
    again = ask({**PIPELINE, "facts": {**PIPELINE["facts"], "wastewater_to": to}}, (cases,), as_of=DAY)

    assert [(row["fact"], row["from"]) for row in way["facts"]] == [("wastewater_to", "surface_water")]
    assert (way["verdict_after"], way["presumed_after"]) == ("admissible", "admissible")
    assert (again.verdict, again["presumed"]["verdict"]) == ("admissible", "admissible")


def test_a_feature_stays_a_feature_and_keeps_its_labels(pipeline):
    """A fact under its label is changed where it stands; what is no fact is carried along."""
    way = next(way for way in pipeline["ways_out"] if way["kind"] == "facts")
    before = pipeline["project"]

    assert way["project"] == {**before, "properties": {**before["properties"], "废水去向": way["facts"][0]["to"]}}


def test_a_pipeline_is_not_cut_where_it_crosses_the_zone(pipeline):
    """The zone lies in its midst, from 107.03 to 107.05: two pieces would remain, so it is told to take another way."""
    said = {one["text"]["zh"] for one in pipeline["no_way_out"] if one.get("kind") == "trim"}

    assert not [way for way in pipeline["ways_out"] if way["kind"] == "trim"]
    assert said == {"让出任何一部分都会截断线路，需调整线路走向"}


def test_a_pipeline_that_ends_in_the_zone_is_shortened(cases):
    """From 107.03 to its end it lies in the zone: so much is left out, by geodesic, and one piece remains."""
    ends = {"type": "LineString", "coordinates": [[107.005, 29.80], [107.04, 29.80]]}
    answer = cases.screen({**PIPELINE, "geometry": ends}, as_of=DAY, ways_out=3)
    way = next(way for way in answer["ways_out"] if way["kind"] == "trim")

    assert way["length_m"] == pytest.approx(GEOD.line_length([107.03, 107.04], [29.80, 29.80]), abs=1)
    assert way["project"]["geometry"]["type"] == "LineString"


# Project A


BANK = 29.7  # the bank of tests/data/example runs along this parallel
DISTANCE = "distance:shorelines[river=yangtze]"


@pytest.fixture(scope="module")
def shore(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("edition") / "edition"
    write_edition(compiled(read_scheme(root / "tests/data/example/scheme.toml")), folder)
    return folder


def south_of_bank(metres, lon=107.40, width=0.002):
    """Return a rectangle 100 m deep whose north side lies so many metres south of the bank, by geodesic."""
    north, south = (GEOD.fwd(lon, BANK, 180, away)[1] for away in (metres, metres + 100))
    west, east = lon - width / 2, lon + width / 2
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


A = project(south_of_bank(900), industry="C2614", activity="new")


def test_a_moves_151_m_away_from_the_bank(shore):
    """900 m and the map's 50 m are within 1,000 m; 151 m farther it is no longer prohibited, and not decided."""
    answer = open_edition(shore).screen(A, as_of=DAY, ways_out=3)
    way = next(way for way in answer["ways_out"] if way["kind"] == "move")

    assert (answer.verdict, answer["presumed"]["verdict"]) == ("prohibited", "prohibited")
    assert (way["target"], way["distance_m"]) == ("not_prohibited", 151)
    assert (way["verdict_after"], way["presumed_after"]) == ("undetermined", "undetermined")
    assert screened_again(way, open_edition(shore)) == ("undetermined", "undetermined")


def test_what_nothing_reaches_is_said(shore):
    """No fact of A's design helps: that is said for each target, with the clause that stands firm."""
    answer = open_edition(shore).screen(A, as_of=DAY, ways_out=3)
    facts = {one["target"]: one["text"] for one in answer["no_way_out"] if one.get("kind") == "facts"}

    assert set(facts) == {"not_prohibited", "conditional", "admissible"}
    assert "yangtze-26-2" in facts["not_prohibited"]["en"]
    assert "yangtze-26-2" in facts["not_prohibited"]["zh"]


# The command line


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(A), encoding="utf-8")
    return path


def test_ways_out_are_asked_for(yudi, shore, written):
    """Without the option there is none, and the terminal says how to ask; the data keeps its form."""
    told = yudi("screen", written, "--edition", shore, "--as-of", DAY.isoformat(), "--lang", "en")
    data = yudi("screen", written, "--edition", shore, "--as-of", DAY.isoformat(), "--json").data

    assert told.out.rstrip().endswith("Ways out: add --ways-out 3")
    assert (data["ways_out"], data["no_way_out"]) == ([], [])


@pytest.mark.parametrize(
    ("lang", "title", "line"),
    [("en", "Ways out", "move 151 m to the south"), ("zh", "出路", "向南移动 151 米")],
)
def test_the_terminal_has_a_line_for_each_way(yudi, shore, written, lang, title, line):
    """What changes, then what it is."""
    told = yudi("screen", written, "--edition", shore, "--as-of", DAY.isoformat(), "--ways-out", 2, "--lang", lang)
    lines = [text.strip() for text in told.out.splitlines()]
    ways = lines[lines.index(title) + 1 :]

    assert line in ways[0]
    assert "→ ?" in ways[0]
    # The unit beside it has no row in the list: there it is presumed to pass.
    assert "ZH50010230001" in " ".join(ways[1:])


def test_of_each_target_no_more_than_asked(yudi, shore, written):
    """The number is how many ways each target gets at most; each can be screened as it stands."""
    data = yudi("screen", written, "--edition", shore, "--as-of", DAY.isoformat(), "--ways-out", 1, "--json").data
    targets = [way["target"] for way in data["ways_out"]]
    written.write_text(json.dumps(data["ways_out"][0]["project"]), encoding="utf-8")
    again = yudi("screen", written, "--edition", shore, "--as-of", DAY.isoformat(), "--json").data

    assert len(targets) == len(set(targets)) > 0
    assert again["verdict"] == data["ways_out"][0]["verdict_after"]


def test_a_table_gets_no_ways_out(yudi, shore, tmp_path):
    """Each takes many screenings, and a row has no place for them: refused, with what to do instead."""
    table = tmp_path / "sites.csv"
    table.write_text("id,lon,lat\na,107.4,29.69\n", encoding="utf-8")
    ran = yudi("screen", table, "--edition", shore, "--ways-out", 3, "--json")

    assert (ran.status, ran.out) == (2, "")
    assert ran.error["where"]["field"] == "--ways-out"
    assert "JSON, YAML or GeoJSON" in ran.error["hint"]


def test_a_file_of_results_has_no_place_for_ways_out(yudi, shore, written, tmp_path):
    """Refused before anything is screened or written."""
    out = tmp_path / "out.xlsx"
    ran = yudi("screen", written, "--edition", shore, "--ways-out", 3, "--out", out)

    assert ran.status == 2
    assert not out.exists()


def test_several_projects_each_have_their_ways(yudi, shore, written, tmp_path):
    """A list of projects is a list of answers."""
    both = tmp_path / "both.json"
    far = {**A, "id": "far", "geometry": south_of_bank(1400)}
    both.write_text(json.dumps([A, far]), encoding="utf-8")
    data = yudi("screen", both, "--edition", shore, "--as-of", DAY.isoformat(), "--ways-out", 1, "--json").data

    assert [item["project"]["id"] for item in data] == ["A", "far"]
    assert "not_prohibited" in {way["target"] for way in data[0]["ways_out"]}
    assert "not_prohibited" not in {one["target"] for one in data[1]["ways_out"] + data[1]["no_way_out"]}
