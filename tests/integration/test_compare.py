"""`yudi compare` as a person calls it: one project at several sites, several projects, and what goes wrong."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest

PROJECT = "examples/vermont/projects/duplex-village.json"
SITES = "examples/vermont/sites.csv"
ASKED = ("--as-of", "2026-11-24")


@pytest.fixture(scope="session")
def vermont(root, tmp_path_factory):
    """Return the folder of the edition of Vermont, built once."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    folder = tmp_path_factory.mktemp("compare") / "vermont"
    write_edition(compiled(read_scheme(root / "examples/vermont/scheme.toml")), folder)
    return folder


@pytest.fixture
def compare(yudi, vermont, monkeypatch, root):
    """Return a function that compares, at the repository's root."""
    monkeypatch.chdir(root)
    return lambda *words: yudi("compare", *words, "--edition", vermont, *ASKED)


def test_a_project_is_held_against_sites(compare):
    """Its own place is the first column; a site's own fact stands instead of the project's; the ban comes first."""
    data = compare(PROJECT, "--at", SITES, "--json").data

    assert [site["name"] for site in data["sites"]] == [
        *("duplex-village", "hyde-park-village", "morrisville", "wolcott-rural", "stowe-forest"),
    ]
    assert [site["rank"] for site in data["sites"]] == [1, 1, 3, 3, 5]
    assert data["differing_facts"] == [
        {"key": "lot_acres", "label": {"zh": "地块面积", "en": "lot size"}, "sites": [0.5, 0.5, 0.5, 5.0, 30.0]}
    ]
    assert [mark and mark["outcome"] for mark in data["differing"][0]["sites"]] == [
        *(None, None, "conditions", "conditions", "prohibits"),
    ]


def test_each_column_is_what_screen_says_of_the_site(compare, yudi, vermont, tmp_path):
    """The project that a column carries, screened alone, has the column's verdict and presumed verdict."""
    for site in compare(PROJECT, "--at", SITES, "--json").data["sites"]:
        path = tmp_path / f"{site['name']}.json"
        path.write_text(json.dumps(site["project"]), encoding="utf-8")
        alone = yudi("screen", path, "--edition", vermont, *ASKED, "--json").data

        assert (alone["verdict"], alone["presumed"]["verdict"]) == (site["verdict"], site["presumed"]["verdict"])


def test_several_projects_are_compared_as_they_are(compare):
    """Without sites each project is a column, and the facts in which they differ are named."""
    other = "examples/vermont/projects/triplex-forest-reserve.json"

    ran = compare(PROJECT, other)

    assert (ran.status, ran.err) == (0, "")
    assert "Facts that differ" in ran.out
    assert "lot size" in ran.out


@pytest.mark.parametrize(("lang", "words"), [("en", "What differs"), ("zh", "不同之处")])
def test_the_terminal_shows_what_differs(compare, lang, words):
    """In either language no line is wider than 100 letters."""
    from rich.cells import cell_len

    ran = compare(PROJECT, "--at", SITES, "--lang", lang)

    assert words in ran.out
    assert max(cell_len(line) for line in ran.out.splitlines()) <= 100


@pytest.mark.parametrize("count", [2, 3, 6, 7, 12, 13, 40])
def test_any_number_of_sites_fits_a_screen(compare, tmp_path, count):
    """Up to six sites have columns with names, up to twelve with numbers, more are listed by outcome."""
    from rich.cells import cell_len

    path = tmp_path / "sites.csv"
    places = [(-72.6167, 44.594), (-72.8024, 44.4862), (-72.5983, 44.563)]
    rows = [f"site-with-a-long-name-{index},{lon},{lat}" for index, (lon, lat) in enumerate(places * 14)]
    path.write_text("\n".join(["id,lon,lat", *rows[: count - 1]]), encoding="utf-8")

    ran = compare(PROJECT, "--at", path)

    assert ran.status == 0
    assert max(cell_len(line) for line in ran.out.splitlines()) <= 110
    assert ("prohibits: " in ran.out) == (count > 12)


def test_a_project_without_a_place_is_compared_at_the_sites_only(compare, tmp_path):
    """A project that is only facts has no column of its own."""
    path = tmp_path / "plan.json"
    path.write_text('{"id": "plan", "facts": {"use": "2F", "lot_acres": 3}}', encoding="utf-8")

    data = compare(path, "--at", SITES, "--json").data

    assert [site["name"] for site in data["sites"]] == [
        *("hyde-park-village", "morrisville", "wolcott-rural", "stowe-forest"),
    ]


def test_one_bad_site_stops_no_other(compare, tmp_path):
    """A site off the globe is reported with its row, the others are compared, and the status says so."""
    path = tmp_path / "sites.csv"
    path.write_text("id,lon,lat\na,-72.6167,44.594\nb,-272,44.5\nc,-72.8024,44.4862\n", encoding="utf-8")

    ran = compare(PROJECT, "--at", path, "--json")

    assert ran.status == 2
    assert [site["name"] for site in ran.data["sites"]] == ["duplex-village", "a", "c"]
    assert ran.error["where"]["row"] == 3


def test_a_fact_that_a_site_says_again_is_not_its_own(compare, tmp_path):
    """Only what a site states otherwise than the project is said."""
    path = tmp_path / "sites.csv"
    path.write_text("id,lon,lat,lot_acres\na,-72.6167,44.594,0.5\nb,-72.8024,44.4862,7\n", encoding="utf-8")

    ran = compare(PROJECT, "--at", path)

    assert "b: states facts of its own: lot size" in ran.out
    assert "a: states" not in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((PROJECT,), "at least two sites"),
        ((PROJECT, PROJECT, "--at", SITES), "expected one project"),
        ((PROJECT, "--at", "nowhere.csv"), "no such project file"),
        ((PROJECT, "--at", SITES, "--out", "sites.pdf"), "cannot write .pdf"),
        ((PROJECT, "--at", SITES, "--out", "nowhere/sites.xlsx"), "a place to write to"),
    ],
)
def test_what_cannot_be_compared_says_what_to_do(compare, words, said):
    """A wrong call ends with what was expected, a hint, and nothing on standard output."""
    ran = compare(*words)

    assert ran.status in (2, 3)
    assert said in ran.err
    assert "hint: " in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_book_has_sites_and_clauses(compare, tmp_path, lang):
    """Two sheets with frozen headers; the first clause is the one that differs most, coloured, a column a site."""
    path = tmp_path / "sites.xlsx"

    ran = compare(PROJECT, "--at", SITES, "--out", path, "--lang", lang)
    sites, clauses = openpyxl.load_workbook(path).worksheets

    assert (ran.status, ran.out) == (0, "")
    assert (sites.freeze_panes, clauses.freeze_panes) == ("B3", "D3")
    assert [cell.value for cell in sites["A"]][2:4] == ["duplex-village", "hyde-park-village"]
    assert [cell.value for cell in clauses[2]][4:6] == ["duplex-village", "hyde-park-village"]
    assert clauses["I3"].value.splitlines()[0] == ("■ prohibits" if lang == "en" else "■ 禁止")
    assert clauses["I3"].fill.fgColor.rgb == "00FBD9D5"


def test_text_in_the_book_is_never_a_formula(compare, tmp_path):
    """A site that is called like a formula stays a text, and opens as one."""
    path, out = tmp_path / "sites.csv", tmp_path / "out.xlsx"
    path.write_text('id,lon,lat\n"=HYPERLINK(""x"")",-72.6167,44.594\nb,-72.8024,44.4862\n', encoding="utf-8")

    compare(PROJECT, "--at", path, "--out", out)
    book = openpyxl.load_workbook(out)

    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}


def test_csv_has_the_clauses(compare, tmp_path):
    """A row a clause, those that differ first, a column a site."""
    path = tmp_path / "sites.csv"

    compare(PROJECT, "--at", SITES, "--out", path, "--all")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert [row["differs"] for row in rows[:3]] == ["differs", "differs", "same"]
    assert rows[0]["stowe-forest"].startswith("■ prohibits")


def test_the_same_comparison_is_the_same_file(compare, tmp_path):
    """Written twice it is the same bytes."""
    paths = [tmp_path / f"{name}.xlsx" for name in "ab"]
    for path in paths:
        compare(PROJECT, "--at", SITES, "--out", path)

    assert paths[0].read_bytes() == paths[1].read_bytes()
