"""GeoDataFrames in and out: index, system and shapes are kept, lists stay lists, and without GeoPandas it says so."""

from __future__ import annotations

import sys

import geopandas
import numpy as np
import pyarrow as pa
import pytest
import shapely
from support.editions import DAY, edition, layer, point, square

from yudi.api import OpenEdition
from yudi.core.errors import InputError, NotFoundError, UnavailableError
from yudi.territory.tables import COLUMNS

UNITS = layer("units", [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000)], {"name": ["west", "east"]})
BAN = {
    "id": "U1/space/1",
    "effect": "forbid",
    "units": {"codes": ["U1"]},
    "subject": {"fact": "industry", "in": ["C26"]},
}


@pytest.fixture
def opened():
    """Return an edition of two units, the western of which bans chemical works."""
    return OpenEdition(edition([BAN], units=UNITS))


@pytest.fixture
def frame():
    """Return three sites in a belt's metres, with an index and columns of their own; of one the industry is missing."""
    columns = {"industry": ["C2614", "C2614", None], "units": ["a", "b", "c"], "price": [1.5, np.nan, 3.0]}
    places = [point(-2_000, 0), point(2_000, 0), point(-1_000, 0)]
    found = geopandas.GeoDataFrame(columns, geometry=places, index=["w", "e", "x"], crs="EPSG:4326")
    return found.rename_geometry("site").to_crs("EPSG:4523")


def test_a_frame_comes_back_with_its_verdicts(opened, frame):
    """Index, system, shapes and own columns are kept; a column that is called as ours gets a mark."""
    found = opened.screen_table(frame, as_of=DAY)

    assert list(found["verdict"]) == ["prohibited", "admissible", "undetermined"]
    assert list(found.index) == list(frame.index)
    assert found.crs == frame.crs
    assert (found.geometry.name, found.geometry.equals(frame.geometry)) == ("site", True)
    assert list(found["units_given"]) == ["a", "b", "c"]
    assert set(COLUMNS) <= set(found.columns)


def test_lists_stay_lists(opened, frame):
    """Units and clauses of a row are lists of text, and the row is called by its index."""
    found = opened.screen_table(frame, as_of=DAY)

    assert (found.loc["w", "units"], found.loc["w", "applied"]) == (["U1"], ["U1/space/1"])
    assert list(found["id"]) == ["w", "e", "x"]


def test_a_frame_and_an_arrow_table_get_the_same_verdicts(opened, frame):
    """Both roads lead to the same rows."""
    here = frame.to_crs("EPSG:4326")
    table = pa.table(
        {"id": list(here.index), "industry": ["C2614", "C2614", None], "geometry": list(here.to_wkb()["site"])}
    )

    by_frame, by_table = opened.screen_table(frame, as_of=DAY), opened.screen_table(table, as_of=DAY)

    assert by_table.column("verdict").to_pylist() == list(by_frame["verdict"])
    assert by_table.column("needs").to_pylist() == list(by_frame["needs"])


def test_an_empty_frame_gives_an_empty_frame(opened, frame):
    """No rows are no error."""
    found = opened.screen_table(frame.iloc[:0], as_of=DAY)

    assert len(found) == 0
    assert set(COLUMNS) <= set(found.columns)


def test_a_row_without_a_shape_is_refused(opened, frame):
    """The row is named."""
    frame.loc["e", "site"] = None

    with pytest.raises(InputError) as told:
        opened.screen_table(frame, as_of=DAY)
    assert told.value.where.row == 2


def test_a_layer_is_a_frame(opened):
    """Units have code and name and lie in lon/lat."""
    found = opened.layer("units")

    assert list(found["code"]) == ["U1", "U2"]
    assert found.crs.to_epsg() == 4326
    assert [*found.geometry] == [*UNITS.geometry]


def test_a_layer_that_is_not_there_is_named(opened):
    """The error lists those that are."""
    with pytest.raises(NotFoundError, match="units"):
        opened.layer("rivers")


def test_without_geopandas_it_says_what_to_install(opened, monkeypatch):
    """Nothing else asks for GeoPandas."""
    monkeypatch.setitem(sys.modules, "geopandas", None)

    with pytest.raises(UnavailableError) as told:
        opened.layer("units")
    assert "yudi[notebook]" in told.value.hint


def test_sites_of_a_frame_are_compared(opened, frame):
    """One project at the rows of a frame, whose other columns are its facts."""
    sites = frame.drop(columns=["industry", "units", "price"])

    found = opened.compare({"facts": {"industry": "C2614"}}, sites, as_of=DAY)

    assert (found.best, [site["rank"] for site in found["sites"]]) == (["e"], [2, 1, 2])


@pytest.mark.parametrize(
    "sites",
    [
        [point(-2_000, 0), point(2_000, 0)],
        [
            shapely.geometry.mapping(point(-2_000, 0)),
            {"id": "2", "geometry": shapely.geometry.mapping(point(2_000, 0))},
        ],
        [tuple(point(-2_000, 0).coords[0]), tuple(point(2_000, 0).coords[0])],
    ],
    ids=["shapes", "data", "pairs"],
)
def test_sites_are_whatever_a_project_is_made_from(opened, sites):
    """Sites without a name are called by their number."""
    found = opened.compare({"facts": {"industry": "C2614"}}, sites, as_of=DAY)

    assert [site["name"] for site in found["sites"]] == ["1", "2"]
    assert found.best == ["2"]


def test_several_projects_are_compared_without_sites(opened, frame):
    """Rows of a frame are projects of their own."""
    found = opened.compare(frame.drop(columns=["units"]), as_of=DAY)

    assert found.best == ["e"]
    assert found.sites.column("name").to_pylist() == ["e", "x", "w"]
