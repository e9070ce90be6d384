"""A coast with units on land and at sea: both are asked, each by its own list, also of a site across the shoreline."""

from __future__ import annotations

import csv
import shutil

import pytest
from openpyxl import Workbook

from yudi.api import open_edition
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled

QUAY = [[123.05, 29.98], [123.06, 29.98], [123.06, 30.03], [123.05, 30.03], [123.05, 29.98]]


@pytest.fixture(scope="module")
def edition(root, tmp_path_factory):
    """Return the opened edition."""
    there = tmp_path_factory.mktemp("coast")
    scheme = shutil.copytree(root / "tests" / "data" / "coast", there / "coast")
    book = Workbook()
    book.remove(book.active)
    for name in ("land", "sea"):
        sheet = book.create_sheet(name)
        with (scheme / f"{name}.csv").open(encoding="utf-8") as file:
            for row in csv.reader(file):
                sheet.append(row)
    book.save(scheme / "list.xlsx")
    write_edition(compiled(read_scheme(scheme / "scheme.toml")), there / "edition")
    return open_edition(there / "edition")


@pytest.fixture
def screened(edition):
    """Return a function that screens a shape with facts."""
    return lambda geometry, **facts: edition.screen({"geometry": geometry, "facts": facts})


def point(lon, lat):
    """Return a point as GeoJSON."""
    return {"type": "Point", "coordinates": [lon, lat]}


def ids(answer, group):
    """Return the ids of the clauses of one group."""
    return {clause["id"] for clause in answer["clauses"][group]}


def test_a_quay_across_the_shoreline_is_asked_by_land_and_sea(screened):
    """Both units speak; reclaiming is banned by the sea's list alone, and the strictest stands."""
    answer = screened(
        {"type": "Polygon", "coordinates": [QUAY]},
        industry="G5532",
        activity="new",
        reclaims_land=True,
        national_project=False,
    )

    assert set(answer["by_unit"]) == {"HY99000020001", "ZH99010220001"}
    assert answer["by_unit"]["HY99000020001"] == answer["verdict"] == "prohibited"
    assert answer["by_unit"]["ZH99010220001"] != "prohibited"
    assert answer["uncovered_share"] == 0


def test_an_exception_of_the_sea_list_holds_at_sea(screened):
    """A great national project may reclaim there: the item's own words say so."""
    answer = screened(
        {"type": "Polygon", "coordinates": [QUAY]},
        industry="G5532",
        activity="new",
        reclaims_land=True,
        national_project=True,
    )

    assert answer["by_unit"]["HY99000020001"] != "prohibited"


def test_class_and_zone_of_the_sea_are_known(screened):
    """A ban in the priority zone of the sea, with the class from the sea unit's own code, stops a new outfall."""
    inside = screened(
        point(123.22, 29.97),
        industry="A0411",
        activity="new",
        reclaims_land=False,
        new_outfall=True,
        takes_natural_coast_m=0,
    )

    assert inside["verdict"] == "prohibited"
    assert ids(inside, "applied") == {"HY99000010001/space/2"}


def test_a_sea_unit_without_a_row_on_either_sheet_is_silent(screened):
    """One list of two sheets: what stands on the land's sheet is not missing on the sea's."""
    outer, land = (
        screened(point(123.05, 29.92), industry="A0411"),
        screened(point(123.05, 30.08), industry="C2614", activity="new"),
    )

    assert ids(outer, "open") == {"HY99000030001/silent"}
    assert not any(name.endswith("silent") for name in ids(land, "open"))


def test_beyond_the_outermost_unit_nothing_is_covered(screened):
    """The sea has an end: outside, the answer is unknown and not a pass."""
    answer = screened(point(123.05, 29.85), industry="A0411")

    assert (answer["verdict"], answer["uncovered_share"]) == ("undetermined", 1)


def test_an_empty_map_says_that_nothing_is_there(screened):
    """Inside its extent the distance is held to be greater; where 2 km reach past it, it is unknown."""
    middle = screened(point(123.05, 29.92), industry="A0411")["clauses"]
    edge = screened(point(123.299, 30.119), industry="C2614", activity="new")["clauses"]
    beyond = screened(point(123.05, 29.866), industry="A0411")["clauses"]

    assert "platform-2km" in {clause["id"] for clause in middle["not_applicable"]}
    assert "platform-2km" in {clause["id"] for clause in edge["not_applicable"]}
    assert "platform-2km" in {clause["id"] for clause in beyond["open"]}
