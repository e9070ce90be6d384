"""Files with sites through the command line and Python: shown back, screened, refused with a place and a next step."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.sites import (
    BESIDE,
    GROUND,
    HEAD,
    SQUARE,
    dxf,
    exchange_text,
    kml,
    lonlat,
    numbered,
    polyline,
    table_text,
    write,
)

import yudi
from yudi.core.errors import InputError

DAY = ("--as-of", "2026-11-24")
FACTS = ("--fact", "industry=C2614", "--fact", "activity=new")
UNIT = "ZH50010220003"


@pytest.fixture(scope="module")
def edition(tmp_path_factory, root):
    """Build an edition of one unit around the site of the tests, and a clause that bans new chemical works near its river."""
    folder = tmp_path_factory.mktemp("edition")
    (west, south), (east, north) = lonlat([(430_000, 3_278_000), (434_000, 3_282_000)])
    box = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    unit = {
        "type": "Feature",
        "properties": {"CODE": UNIT, "NAME": "甲园区"},
        "geometry": {"type": "Polygon", "coordinates": [box]},
    }
    write(folder, {
        "units.geojson": json.dumps({"type": "FeatureCollection", "features": [unit]}),
        "scheme.toml": """
[scheme]
name = { zh = "示例", en = "Example" }
valid_from = 2024-01-01
accuracy_m = 50
silence = "none"
packs = ["cn-base"]
[[layers]]
name = "units"
role = "units"
path = "units.geojson"
columns = { code = "CODE", name = "NAME" }
[[rules.clauses]]
id = "no-chemicals"
effect = "forbid"
subject = { fact = "industry", in = ["C26"] }
text = { zh = "禁止化工", en = "no chemical works" }
""",
    })  # fmt: skip
    edition = yudi_build(folder)
    assert edition.is_dir()
    return edition


def yudi_build(folder):
    """Build the scheme of a folder."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    write_edition(compiled(read_scheme(folder / "scheme.toml")), folder / "edition")
    return folder / "edition"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_site_is_shown_back_as_words_data_map_and_geojson(here, yudi, edition):
    """Parts, area, system, units, repairs; the map is an SVG, and the GeoJSON holds what was understood."""
    write(here, {"works.txt": exchange_text(close=False)})
    ran = yudi("site", "show", "works.txt", "-e", edition, "--json", "--map", "works.svg", "--out", "works.geojson")

    assert (ran.status, ran.err) == (0, "")
    assert (ran.data["parts"], ran.data["holes"], ran.data["vertices"]) == (2, 1, 12)
    assert ran.data["area_m2"] == pytest.approx(13_400 * GROUND, abs=0.05)
    assert ran.data["area_mu"] == pytest.approx(ran.data["area_m2"] / 10_000 * 15)
    assert [unit["code"] for unit in ran.data["units"]] == [UNIT]
    assert ElementTree.parse(here / "works.svg").getroot().tag.endswith("svg")
    again = yudi("site", "show", "works.geojson", "--json").data
    assert again["area_m2"] == pytest.approx(ran.data["area_m2"], abs=1e-6)
    for lang, said in (("zh", "文件注明 0.84，相符"), ("en", "stated 0.84, agrees")):
        words = yudi("site", "show", "works.txt", "--lang", lang)
        assert said in words.out
        assert words.err == ""


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": exchange_text()}, ()),
        ({"a.csv": table_text(prefix=0)}, ("--crs", "EPSG:4545")),
        ({"a.kml": kml()}, ()),
        ({"a.dxf": dxf([polyline(numbered(SQUARE)), polyline(numbered(BESIDE), layer="X")])}, ("--layer", "JZX")),
    ],
    ids=["text", "table", "kml", "dxf"],
)  # fmt: skip
def test_a_file_with_a_site_is_screened_with_facts_beside_it(here, yudi, edition, files, words):
    """The verdict is that of the same site in a project file."""
    path = write(here, files)
    ran = yudi("screen", path.name, "-e", edition, *DAY, *FACTS, *words, "--json")

    assert (ran.status, ran.err) == (0, "")
    assert ran.data["verdict"] == "prohibited"
    assert ran.data["project"]["facts"] == {"industry": "C2614", "activity": "new"}
    assert ran.data["project"]["geometry"]["source"]["file"] == path.name


def test_a_project_may_name_the_file_of_its_place(here, yudi, edition):
    """In JSON, YAML and a GeoJSON feature; what is answered can be screened again as it stands."""
    write(here, {
        "maps/plots.txt": exchange_text(),
        "a.json": json.dumps({"geometry": {"file": "maps/plots.txt", "plot": "地块2"}, "facts": {"industry": "C2614"}}),
        "b.yaml": "geometry: {file: maps/plots.txt, plot: [地块2]}\nfacts: {industry: C2614}\n",
        "c.geojson": json.dumps({"type": "Feature", "geometry": {"file": "maps/plots.txt", "plot": "地块2"}, "properties": {"industry": "C2614"}}),
    })  # fmt: skip
    shown = yudi("site", "show", "a.json", "b.yaml", "c.geojson", "--json").data

    assert [round(item["area_m2"], 1) for item in shown] == [round(5_000 * GROUND, 1)] * 3
    opened = yudi_open(edition)
    first = opened.screen(here / "a.json", as_of=date(2026, 11, 24))
    again = opened.screen(first["project"], as_of=date(2026, 11, 24))
    assert (first.verdict, again.verdict, again["units"]) == ("prohibited", "prohibited", first["units"])


def yudi_open(folder):
    """Open an edition in Python."""
    return yudi.open_edition(folder)


@pytest.mark.parametrize(
    ("geometry", "field"),
    [
        ({"file": "../a.txt"}, "geometry.file"),
        ({"file": "/etc/passwd"}, "geometry.file"),
        ({"file": "C:\\a.txt"}, "geometry.file"),
        ({"file": "link/a.txt"}, "geometry.file"),
        ({"file": "a\0.txt"}, "geometry.file"),
        ({"file": ""}, "geometry.file"),
        ({"file": 7}, "geometry.file"),
        ({"file": "absent.txt"}, "geometry.file"),
        ({"file": "a.txt", "leyer": "x"}, "geometry.leyer"),
        ({"file": "a.txt", "type": "Point"}, "geometry.type"),
        ({"file": "a.txt", "shift": ["1"]}, "geometry.shift"),
        ({"file": "a.txt", "plot": "地块9"}, "plot"),
        ({"file": "a.txt", "crs": ["x"]}, "geometry.crs"),
        ({"file": "works.json"}, None),
    ],
)
def test_a_file_that_a_project_may_not_name_is_refused(here, yudi, geometry, field):
    """Outside its folder, by a link too; absent; with keys that mean nothing; another project."""
    folder = here / "projects"
    folder.mkdir()
    write(here, {"outside/a.txt": exchange_text()})
    (folder / "link").symlink_to(here / "outside")
    write(folder, {"works.json": json.dumps({"geometry": geometry, "facts": {}}), "a.txt": exchange_text()})
    ran = yudi("site", "show", "projects/works.json", "--json")

    assert ran.status == 2
    assert ran.error["where"]["field"] == field
    assert ran.error["hint"]


def test_data_that_a_program_hands_over_names_no_file(here, edition):
    """What comes over a wire must not make the machine read its own files."""
    write(here, {"a.txt": exchange_text()})

    with pytest.raises(InputError, match="only a project in a file may name a file"):
        yudi_open(edition).screen({"geometry": {"file": "a.txt"}, "facts": {"industry": "C2614"}})


def test_degrees_minutes_and_seconds_in_projects_and_tables_of_projects(here, yudi, edition):
    """In quotation marks in JSON, and in the cells of lon and lat; the wrong letter is the row's own error."""
    write(here, {
        "a.json": json.dumps({"geometry": {"type": "Point", "coordinates": ["107°17′54″E", "29°38′12″N"]}, "facts": {"industry": "C2614"}}),
        "b.csv": "id,lon,lat,industry\na,107°17′54″E,29°38′12″N,C2614\nb,29°38′12″N,107°17′54″E,C2614\nc,107-17-54,29.6,C2614\n",
    })  # fmt: skip
    point = yudi("site", "show", "a.json", "--json").data["bbox"][:2]

    assert point == pytest.approx([107 + 17 / 60 + 54 / 3600, 29 + 38 / 60 + 12 / 3600], abs=1e-12)
    ran = yudi("screen", "b.csv", "-e", edition, *DAY, "--json")
    assert (ran.status, [row["verdict"] for row in ran.data]) == (2, ["prohibited", "prohibited"])
    assert '"row": 3' in ran.err


def test_a_system_asked_for_holds_for_projects_that_state_none(here, yudi, edition):
    """The answer echoes it, so that what is echoed lies in the same place; one that is stated stays."""
    (x, y), (lon, lat) = SQUARE[0], lonlat(SQUARE)[0]
    geometry = {"type": "Point", "coordinates": [x, y]}
    write(here, {"a.json": json.dumps({"geometry": geometry, "facts": {"industry": "C2614"}})})
    data = yudi("screen", "a.json", "-e", edition, *DAY, "--crs", "EPSG:4545", "--json").data

    assert data["project"]["geometry"] == {**geometry, "crs": "EPSG:4545"}
    shown = yudi("site", "show", "a.json", "--crs", "EPSG:4545", "--json").data
    assert shown["bbox"][:2] == pytest.approx([lon, lat], abs=1e-12)
    assert shown["crs"]["name"] == "EPSG:4545"


def test_a_table_of_projects_is_still_one_project_a_row(here, yudi, edition):
    """An id and facts beside the coordinates, also under a number and X and Y in degrees."""
    write(here, {
        "a.csv": "id,x,y,industry\na,107.298,29.637,C2614\nb,107.2981,29.6371,I6513\n",
        "b.csv": "序号,经度,纬度,industry\n1,107.298,29.637,C2614\n2,107.2981,29.6371,I6513\n3,107.2982,29.6372,I6513\n",
    })  # fmt: skip

    assert [row["verdict"] for row in yudi("screen", "a.csv", "-e", edition, *DAY, "--json").data] == [
        "prohibited",
        "admissible",
    ]
    assert len(yudi("screen", "b.csv", "-e", edition, *DAY, "--json").data) == 3


def test_facts_beside_a_project_may_not_state_one_twice(here, yudi, edition):
    """Which of the two was meant nobody could say; nor what an option without a value means."""
    write(
        here,
        {
            "a.json": json.dumps(
                {"geometry": {"type": "Point", "coordinates": [107.298, 29.637]}, "facts": {"industry": "C2614"}}
            )
        },
    )
    both = yudi("screen", "a.json", "-e", edition, *DAY, "--fact", "industry=I6513", "--json")

    assert (both.status, both.error["where"]["field"]) == (2, "industry")
    for words in (("--fact", "industry"), ("--fact", "a=1", "--fact", "a=2"), ("--fact", "indsutry=C2614")):
        assert yudi("screen", "a.json", "-e", edition, *DAY, *words, "--json").status == 2


def test_several_placemarks_are_several_projects(here, yudi, edition):
    """One that cannot be read stops no other; together they are one project."""
    crossed = kml(((SQUARE,), ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]],), (BESIDE,)), together=False)
    write(here, {"a.kml": kml(together=False), "b.kml": crossed})
    ran = yudi("screen", "a.kml", "-e", edition, *DAY, *FACTS, "--json")

    assert [item["project"]["id"] for item in ran.data] == ["地块1", "地块2"]
    assert yudi("screen", "a.kml", "-e", edition, *DAY, *FACTS, "--together", "--json").data["project"]["id"] == "a"
    broken = yudi("screen", "b.kml", "-e", edition, *DAY, *FACTS, "--json")
    assert (broken.status, len(broken.data)) == (2, 2)
    assert "crosses itself" in broken.err


def test_candidates_are_those_of_the_editions_asked(here, yudi, edition):
    """Screening without a belt names the belts that would put the site into the edition, and the exit status is 2."""
    write(here, {"a.csv": table_text(prefix=0)})
    ran = yudi("screen", "a.csv", "-e", edition, *DAY, *FACTS, "--json")

    assert ran.status == 2
    assert "3° belt 36 (EPSG:4545, 108°E): which?" in ran.error["message"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--map", "a.png"), 2),
        (("--out", "a.shp"), 2),
        (("--map", "absent/a.svg"), 2),
        (("--shift", "1,x"), 2),
        (("--shift", "1,2"), 2),
        (("--angles", "DMS"), 2),
        (("--unit", "ft"), 2),
        (("--crs", "EPSG:1"), 2),
        (("--edition", "absent"), 3),
    ],
)
def test_wrong_calls_are_refused_and_leave_nothing(here, yudi, words, status):
    """Endings, folders, numbers, systems."""
    write(here, {"a.txt": exchange_text(head=HEAD.replace("2000国家大地坐标系", "1980西安坐标系"))})
    before = sorted(Path().iterdir())
    ran = yudi("site", "show", "a.txt", *words, "--json")

    assert (ran.status, sorted(Path().iterdir())) == (status, before)
    assert ran.error["message"]


def test_what_is_absent_or_a_folder_is_said(here, yudi):
    """Exit status 3 for a file that is not there, 4 for too large a file."""
    (here / "a.shp").mkdir()

    assert yudi("site", "show", "absent.txt").status == 3
    assert yudi("site", "show", "a.shp").status in (2, 3)


PLANE = (
    "点号,X,Y{more}\n1,3295600,{prefix}438000{rest}\n2,3295600,{prefix}438200{rest}\n3,3295800,{prefix}438200{rest}\n"
)
DEGREES = "点号,经度,纬度{more}\n1,107.3587,29.7778{rest}\n2,107.3607,29.7778{rest}\n3,107.3607,29.7796{rest}\n"


@pytest.mark.parametrize(
    "text",
    [
        "坐标系：高德地图\n" + DEGREES.format(more="", rest=""),
        "坐标拾取自腾讯地图\n" + DEGREES.format(more="", rest=""),
        "坐标系：重庆市独立坐标系\n" + PLANE.format(prefix=36, more="", rest=""),
        "坐标系统：某某二号系\n" + PLANE.format(prefix=36, more="", rest=""),
        "2000国家大地坐标系，中央子午线108°，投影面高程 800 米\n" + PLANE.format(prefix="", more="", rest=""),
        "UTM 投影，中央子午线105度，WGS84\n" + PLANE.format(prefix="", more="", rest=""),
        PLANE.format(prefix=36, more=",坐标系", rest=",西安80"),
        DEGREES.format(more=",坐标系", rest=",腾讯地图"),
        DEGREES.format(more="", rest="").replace("经度", "经度(度分秒)"),
    ],
)
def test_a_system_that_a_file_names_and_no_table_knows_is_not_read_as_another(here, yudi, text):
    """A map of the web, a local system, another projection: named in a title or beside the points, never CGCS2000."""
    write(here, {"a.csv": text})
    ran = yudi("site", "show", "a.csv", "--json")

    assert ran.status == 2
    assert ran.error["hint"]


def test_a_system_beside_each_point_is_read_and_one_asked_for_settles_what_is_unclear(here, yudi):
    """GCJ-02 in a column of its own; a map of the web whose numbers are said to be GCJ-02."""
    write(here, {"a.csv": DEGREES.format(more=",坐标系", rest=",GCJ02")})
    write(here, {"b.csv": "坐标系：高德地图\n" + DEGREES.format(more="", rest="")})
    write(
        here,
        {"c.csv": "UTM 投影，中央子午线105度\n" + PLANE.format(prefix="", more="", rest="").replace(",438", ",738")},
    )

    for words in (("a.csv",), ("b.csv", "--crs", "GCJ-02"), ("c.csv", "--crs", "EPSG:32648")):
        ran = yudi("site", "show", *words)
        assert ran.status == 0, ran
        assert words[-1].removesuffix(".csv") in ran.out or "GCJ-02" in ran.out


@pytest.mark.parametrize(
    ("old", "new"), [("高斯克吕格", "UTM"), ("2000国家大地坐标系", "2000国家大地坐标系（投影面高程1200米）")]
)
def test_an_exchange_form_in_another_projection_is_refused(here, yudi, old, new):
    """The belt's own projection is not taken where the form says another, or a raised plane."""
    text = exchange_text(head=HEAD if old in HEAD else HEAD + "\n投影类型=高斯克吕格")
    assert old in text
    write(here, {"a.txt": text.replace(old, new)})
    ran = yudi("site", "show", "a.txt", "--json")

    assert ran.status == 2
    assert new in ran.error["message"].replace("(", "（").replace(")", "）")


def test_a_closed_path_is_told_to_be_no_area_and_a_line_may_state_one(here, yudi):
    """A loop drawn as a path in KML is a line, and says so; a line in the exchange form that states an area is read."""
    loop = "107.36,29.78 107.37,29.78 107.37,29.79 107.36,29.78"
    kml = f"<Placemark><name>a</name><LineString><coordinates>{loop}</coordinates></LineString></Placemark>"
    write(here, {"a.kml": f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{kml}</Document></kml>'})
    write(here, {"b.txt": exchange_text().replace(",面,", ",线,")})

    assert "draw a polygon if that is the site" in yudi("site", "show", "a.kml").out
    assert yudi("site", "show", "b.txt").status == 0
