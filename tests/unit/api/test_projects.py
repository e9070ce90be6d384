"""A project in Python: what it is made from, how it changes, and that an edition reads it as it reads a file."""

from __future__ import annotations

import json

import geopandas
import pytest
import shapely
from support.editions import DAY, edition, square

from yudi.api import OpenEdition, Project, project
from yudi.core.errors import InputError

BAN = {"id": "ban", "effect": "forbid", "subject": {"fact": "industry", "in": ["C26"]}, "text": "no works"}
PLACE = (107.0, 30.0)
FACTS = {"industry": "C2614", "activity": "new"}
AS_DATA = {"id": "works", "geometry": {"type": "Point", "coordinates": list(PLACE)}, "facts": FACTS}
FEATURE = {"type": "Feature", "id": "works", "geometry": AS_DATA["geometry"], "properties": FACTS}


@pytest.mark.parametrize(
    "what",
    [
        PLACE,
        shapely.Point(PLACE),
        {"type": "Point", "coordinates": PLACE},
        geopandas.GeoSeries([shapely.Point(PLACE)], crs="EPSG:4326"),
        geopandas.GeoSeries([shapely.Point(PLACE)], crs="EPSG:4326").to_crs("EPSG:4523"),
    ],
    ids=["pair", "shape", "geojson", "series", "belt"],
)
def test_a_place_makes_a_project(what):
    """A pair, a shape, GeoJSON and a series in any system are the same place."""
    made = project(what, FACTS, id="works")

    assert made.site.distance(shapely.Point(PLACE)) < 1e-8
    assert (made.id, made.facts) == ("works", FACTS)


def test_a_file_data_and_a_feature_are_the_same_project(tmp_path):
    """What is written down in any form reads back to the same."""
    path = tmp_path / "works.json"
    path.write_text(json.dumps(AS_DATA), encoding="utf-8")

    for what in (path, str(path), AS_DATA, FEATURE, project(AS_DATA)):
        assert project(what).as_data() == AS_DATA


def test_facts_beside_stand_instead_of_those_of_the_data():
    """A fact is added or replaced; None takes one away; the project itself stays as it is."""
    first = project(AS_DATA)

    second = first.stating({"emissions.COD": 3}, activity=None)

    assert second.facts == {"industry": "C2614", "emissions.COD": 3}
    assert first.facts == FACTS


def test_a_project_moves():
    """At another place it keeps its facts and its name."""
    moved = project(AS_DATA).at((107.05, 30.01))

    assert moved.as_data() == {**AS_DATA, "geometry": {"type": "Point", "coordinates": [107.05, 30.01]}}


def test_an_answer_carries_who_gave_it_and_when():
    """What a person judged has name and day, as a project file must have it."""
    made = project(AS_DATA).answering("concerns:x", False, by="A. Person", on=DAY)

    assert made.facts["concerns:x"] == {"value": False, "by": "A. Person", "date": DAY.isoformat()}


def test_an_edition_screens_a_project_as_it_screens_its_data():
    """The verdict on the object is that on its data."""
    opened = OpenEdition(edition([BAN]))

    one, other = (opened.screen(what, as_of=DAY) for what in (project(AS_DATA), AS_DATA))

    assert one.verdict == "prohibited"
    assert one["clauses"] == other["clauses"]


def test_the_day_may_be_a_text():
    """A day is a date or YYYY-MM-DD; anything else is refused."""
    opened = OpenEdition(edition([BAN]))

    assert opened.screen(AS_DATA, as_of="2026-03-19")["as_of"] == "2026-03-19"
    with pytest.raises(InputError, match="expected a day"):
        opened.screen(AS_DATA, as_of="soon")


@pytest.mark.parametrize("what", [3, "nowhere.json", geopandas.GeoSeries([], crs="EPSG:4326"), ("a", "b")])
def test_what_is_no_project_is_refused(what):
    """A number, a missing file, an empty series and a pair of texts are told apart from places."""
    with pytest.raises((InputError, LookupError)):
        project(what)


def test_a_project_without_a_place_shows_itself():
    """Facts alone are shown, with the word that no place is there yet."""
    made = project(facts=FACTS)

    assert repr(made) == "<project project: no place, 2 facts>"
    assert "no place yet" in made.in_language("en")._repr_html_()


def test_a_place_that_cannot_be_read_is_told_and_not_raised():
    """A notebook shows what is wrong with the place instead of failing."""
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}

    assert "cannot be drawn" in project(crossed).in_language("en")._repr_html_()


def test_a_project_is_not_changed_by_its_place_as_shape():
    """A shape given in lon/lat comes back as the same shape."""
    shape = square(-50, -50, 50, 50)

    assert project(shape).site.equals(shape)
    assert isinstance(project(shape), Project)
