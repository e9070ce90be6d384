"""`yudi site map`: every hexagon of a region has the verdict that the project would have there by itself."""

from __future__ import annotations

import json
from datetime import date

import pyarrow.parquet as pq
import pytest
import shapely
from support.streams import DAY, built

from yudi.stores.archive import open_edition
from yudi.territory.projects import Project, read_facts
from yudi.territory.screening import screen
from yudi.territory.tables import row_of

pytest.importorskip("h3", reason="the extra siting is not installed")
AS_OF = ("--as-of", DAY.isoformat())
SHORE = {"id": "shore", "effect": "forbid", "scope": {"within": {"layer": "rivers", "distance_m": 1000}}}
FACTS = {"industry": "C26", "activity": "new"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a folder with an edition and a project that has no site."""
    built(tmp_path / "edition")
    (tmp_path / "works.json").write_text(json.dumps({"id": "works", "facts": FACTS}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_hexagon_has_the_verdict_of_the_project_there(yudi, place):
    """Each row is what screening the hexagon alone gives; only those that merely touch a unit are left out."""
    ran = yudi("site", "map", "works.json", "-e", "edition", "--resolution", "8", "-o", "map.parquet", *AS_OF)
    table = pq.read_table(place / "map.parquet")
    edition = open_edition(place / "edition")
    facts, _ = read_facts(FACTS, edition.rules.vocabulary)
    sites = shapely.from_wkb(table.column("geometry").to_pylist())
    alone = [
        row_of(screen(Project(name, site, facts), [edition], as_of=DAY))
        for name, site in zip(table.column("id").to_pylist(), sites, strict=True)
    ]

    region = shapely.union_all(edition.units.geometry)
    rest = shapely.difference(region, shapely.union_all(sites))

    assert ran.status == 0
    assert table.num_rows > 100
    assert [{key: row[key] for key in alone[0]} for row in table.to_pylist()] == alone
    assert rest.area < 0.001 * region.area


def test_workers_resolutions_and_formats_agree(yudi, place):
    """Two processes, and GeoJSON, give the same hexagons with the same verdicts."""
    said = []
    for out, workers in (("one.parquet", "1"), ("two.parquet", "2"), ("map.geojson", "1")):
        ran = yudi(
            *("site", "map", "works.json", "-e", "edition", "--resolution", "9", "--workers", workers),
            *("-o", out, "--json", *AS_OF),
        )
        said.append({**ran.data, "out": ""})
    one, two = (pq.read_table(place / name) for name in ("one.parquet", "two.parquet"))
    features = json.loads((place / "map.geojson").read_text(encoding="utf-8"))["features"]

    assert said[0] == said[1] == said[2]
    assert said[0]["hexagons"] == one.num_rows == sum(said[0]["verdicts"].values())
    assert one.equals(two)
    assert {item["id"]: item["properties"]["verdict"] for item in features} == dict(
        zip(one.column("id").to_pylist(), one.column("verdict").to_pylist(), strict=True)
    )


def test_what_is_said_of_the_projects_own_site_does_not_go_to_other_places(yudi, place):
    """A measured distance, which would free from the clause, holds of one place alone: the map is as without it."""
    built(place / "shore", SHORE)
    stated = {"value": 5_000, "accuracy": 1, "source": "survey 3"}
    (place / "measured.json").write_text(json.dumps({"id": "works", "facts": {**FACTS, "distance:rivers": stated}}))
    ran = [
        yudi("site", "map", name, "-e", "shore", "--resolution", "7", "-o", f"{name}.parquet", "--json", *AS_OF)
        for name in ("works.json", "measured.json")
    ]

    assert [(item.status, item.err) for item in ran] == [(0, "")] * 2
    one, other = (pq.read_table(place / f"{name}.parquet") for name in ("works.json", "measured.json"))
    assert one.equals(other)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("works.json", "--resolution", "13", "-o", "m.parquet"), "expected a resolution of 0 to 12, got 13"),
        (("works.json", "-o", "m.xlsx"), "cannot write .xlsx"),
        (("two.json", "-o", "m.parquet"), "expected one project, got 2"),
        (("none.json", "-o", "m.parquet"), "no such project file"),
        (("later.json", "-o", "m.parquet"), "the date lies in the future"),
        (("works.json", "-o", "m.parquet", "--fact", "activity=building"), "the fact 'activity' is stated"),
    ],
)
def test_wrong_calls_are_refused_with_what_was_expected(words, message, yudi, place):
    """Nothing is written then."""
    (place / "two.json").write_text(json.dumps([{"id": name, "facts": FACTS} for name in "ab"]))
    answer = {"asked": {"value": True, "by": "Li", "date": "2999-01-01"}}
    (place / "later.json").write_text(json.dumps({"id": "works", "facts": {**FACTS, **answer}}))
    ran = yudi("site", "map", *words, "-e", "edition", *AS_OF)

    assert ran.status in (2, 3)
    assert message in ran.err
    assert not list(place.glob("m.*"))


def test_the_day_counts(yudi, place):
    """Before the edition was in force there is no verdict but undetermined."""
    built(place / "later", start=date(2020, 1, 1))
    ran = yudi(
        *("site", "map", "works.json", "-e", "later", "--resolution", "6", "-o", "m.parquet", "--json"),
        *("--as-of", date(1990, 1, 1).isoformat()),
    )

    assert set(ran.data["verdicts"]) <= {"undetermined"}
