"""`yudi edition check` on files: what a scheme declares is read, findings come out in every form, the status says whether."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing

import openpyxl
import pyogrio
import pytest
import shapely

HEAD = """
[scheme]
name = {{ zh = "试", en = "test" }}
valid_from = 2024-01-01
accuracy_m = 10
silence = "none"
{head}

[scheme.codes]
pattern = 'U(?P<area>\\d\\d)(?P<class>[12])\\d'
classes = {{ 1 = "priority", 2 = "key" }}
areas = {areas}

[rules.classes]
priority = {{ zh = "优先", en = "priority" }}
key = {{ zh = "重点", en = "key" }}

[[layers]]
name = "units"
role = "units"
path = "units.geojson"
columns = {{ code = "code", name = "name", subclass = "kind", published_area = "km2" }}
{units}

{rest}
"""
SIDE, WEST, SOUTH = 0.05, 107.0, 30.0
UNITS = {"U0111": (0, 0), "U0121": (1, 0), "U0211": (0, 1), "U0221": (1, 1)}
# A square of 0.05 degrees has 26.73 km² at 30.025° N and 26.72 at 30.075°: cos φ x (111.3 km x 0.05)², ellipsoid apart.
KM2 = {0: 26.74, 1: 26.72}


def square(column, row, *, by=1.0):
    """Return a unit's square, or one that is so many times as wide."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + by * SIDE, south + SIDE)


@pytest.fixture
def build(tmp_path, yudi):
    """Return a function that writes a scheme of four units, changed as told, builds it, and gives the edition's folder."""

    def make(
        *, wide=1.0, names="甲乙丙丁", head="", areas='{ 01 = "甲县", 02 = "乙县" }', units="", rest="", files=None
    ):
        features = [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name, "kind": "a", "km2": str(KM2[at[1]])},
                "geometry": json.loads(shapely.to_geojson(square(*at, by=wide if code == "U0111" else 1.0))),
            }
            for (code, at), name in zip(UNITS.items(), names, strict=True)
        ]
        (tmp_path / "units.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": features}), "utf-8"
        )
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text, "utf-8")
        text = HEAD.format(head=head, areas=areas, units=units, rest=rest)
        (tmp_path / "scheme.toml").write_text(text, "utf-8")
        made = yudi("edition", "build", tmp_path / "scheme.toml", "--out", tmp_path / "edition", "--replace")
        return made if made.status else tmp_path / "edition"

    return make


@pytest.fixture
def land_kinds(yudi):
    """Return a function that checks an edition and gives the kinds of findings about land and its status."""

    def look(folder, *words):
        ran = yudi("edition", "check", folder, "--json", "--as-of", "2026-01-01", *words)
        return [item["kind"] for item in ran.data["findings"]], ran.status

    return look


def test_a_clean_scheme_is_found_fit(build, land_kinds, yudi):
    """Nothing is found, the words say so in both languages, and the status is 0."""
    folder = build()

    assert land_kinds(folder) == ([], 0)
    assert "no findings" in yudi("edition", "check", folder, "--lang", "en").out
    assert "未发现问题" in yudi("edition", "check", folder, "--lang", "zh").out


def test_an_error_gives_status_6(build, land_kinds):
    """A unit that reaches into its neighbour is an error."""
    assert land_kinds(build(wide=1.004)) == (["overlap"], 6)


def test_a_warning_alone_gives_status_0(build, land_kinds):
    """A missing name is told and stops nothing."""
    assert land_kinds(build(names=["甲", "", "丙", "丁"])) == (["name_missing"], 0)


def test_json_holds_counts_tolerances_and_places(build, yudi):
    """The data of a check names the edition and the day, counts by severity and kind, and places each finding."""
    folder = build(wide=1.004)

    data = yudi("edition", "check", folder, "--json", "--as-of", "2026-01-01").data
    (finding,) = data["findings"]

    assert (data["as_of"], len(data["edition"]["id"]), data["edition"]["units"]) == ("2026-01-01", 64, 4)
    assert data["tolerance"] == {"noise_m": 0.1, "sliver_m": 10.0}
    assert (data["summary"]["errors"], data["summary"]["warnings"], data["summary"]["infos"]) == (1, 0, 0)
    assert [(item["kind"], item["count"]) for item in data["summary"]["kinds"]] == [("overlap", 1)]
    assert finding["units"] == ["U0111", "U0121"]
    assert finding["point"] == pytest.approx([107.0501, 30.025], abs=1e-3)
    assert finding["numbers"]["width_m"] == pytest.approx(0.004 * 0.05 * 96_486, rel=0.01)
    assert set(finding["text"]) == set(finding["cure"]) == {"zh", "en"}


def test_declared_tolerances_are_kept_in_the_edition(build, land_kinds):
    """An overlap of 19 m is one, a sliver where slivers end at 30 m, and none where noise ends there."""
    sliver, noise = "[scheme.tolerance]\nsliver_m = 30", "[scheme.tolerance]\nnoise_m = 30"

    assert land_kinds(build(wide=1.004, head=sliver))[0] == ["overlap_sliver"]
    assert land_kinds(build(wide=1.004, head=noise))[0] == []


def test_a_region_is_a_layer_of_the_scheme(build, land_kinds):
    """What the units leave free of the region is found, and what lies beyond it."""
    region = shapely.box(WEST, SOUTH, WEST + 2.1 * SIDE, SOUTH + 1.9 * SIDE)
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(region))}
    files = {"city.geojson": json.dumps({"type": "FeatureCollection", "features": [feature]})}
    layer = '[[layers]]\nname = "city"\npath = "city.geojson"'

    kinds, status = land_kinds(build(head='region = "city"', rest=layer, files=files))

    assert (sorted(kinds), status) == (["beyond_region", "gap"], 6)


def test_a_region_that_is_no_layer_is_refused(build):
    """The name is looked up when the edition is built, and the message names the layers that there are."""
    ran = build(head='region = "cities"')

    assert ran.status == 2
    assert "scheme.region" in ran.err
    assert "'cities'" in ran.err
    assert "units" in ran.err


@pytest.mark.parametrize(
    "areas", ['["01", "02"]', '{ 01 = "甲县", 02 = { zh = "乙县" } }', '"areas.csv"'], ids=["list", "table", "file"]
)
def test_areas_are_a_list_a_table_or_a_file(areas, build, land_kinds):
    """However they are declared, an area that is not among them is found."""
    whole = {"areas.csv": "code,name_zh\n01,甲县\n02,乙县\n"}
    part = {"areas.csv": "code,name_zh\n01,甲县\n"}
    fewer = areas.replace(', "02"', "").replace(', 02 = { zh = "乙县" }', "")

    assert land_kinds(build(areas=areas, files=whole))[0] == []
    assert set(land_kinds(build(areas=fewer, files=part))[0]) == {"area_unknown"}


def test_subclasses_and_what_lies_over_are_declared(build, land_kinds):
    """A subclass that its class does not have is found; features of a subclass may lie over the others."""
    declared = '[rules.subclasses]\npriority = ["b"]\nkey = ["a"]'

    assert land_kinds(build(rest=declared))[0] == ["subclass_unknown"] * 2
    assert land_kinds(build(wide=1.004, units='over = { kind2 = "a" }\nfields = { kind2 = "kind" }'))[0] == []


def test_a_column_that_lies_over_must_be_there(build):
    """A column that the layer does not have is refused, and the message names those that it has."""
    ran = build(units='over = { overlay = "yes" }')

    assert ran.status == 2
    assert "no column 'overlay'" in ran.err
    assert "subclass" in ran.err


def test_a_scheme_may_name_the_form_of_codes_of_a_pack(build, land_kinds):
    """The pattern of a pack counts where the scheme names it; a name that there is not is refused with those near it."""
    folder = build(
        head='packs = ["cn-base"]',
        units='codes = { form = "control-unit" }',
    )
    ran = build(head='packs = ["cn-base"]', units='codes = { form = "control-units" }')

    assert land_kinds(folder)[0] == ["code_off_pattern"] * 4
    assert ran.status == 2
    assert "did you mean control-unit?" in ran.err


PUBLISHED = """[[published]]
path = "published.csv"
key = "区县"
counts = { priority = "优先", key = "重点", total = "合计" }
areas = { total = "面积" }
totals = ["全市"]
"""
TABLE = "区县,优先,重点,合计,面积\n甲县,1,1,2,53.48\n乙县,1,1,2,53.44\n全市,2,2,4,{}\n"


def test_published_tables_do_not_close_and_need_not(build, land_kinds):
    """106.92 printed as 106.93 is within two rounded terms and a total; 106.95 is not. Kaihua's 126.95 + 29.14 = 156.10 is."""
    published = {"rest": PUBLISHED}

    assert land_kinds(build(**published, files={"published.csv": TABLE.format("106.93")})) == ([], 0)
    assert land_kinds(build(**published, files={"published.csv": TABLE.format("106.95")})) == (["total_not_sum"], 6)


def test_a_printed_number_that_cannot_be_read_is_refused(build):
    """The message names file, row and header."""
    ran = build(rest=PUBLISHED, files={"published.csv": TABLE.format("about 107")})

    assert ran.status == 2
    assert "published.csv, row 4, 面积" in ran.err


def test_numbers_are_read_as_they_are_printed(build, land_kinds):
    """Full-width digits, thousands, percent signs and dashes are understood."""
    text = "区县,优先,重点,合计,面积\n甲县,１,1,2,53.48\n乙县,1,1,2,—\n全市,2,2,4,\n"

    assert land_kinds(build(rest=PUBLISHED, files={"published.csv": text})) == ([], 0)


def test_a_workbook_has_a_row_and_a_coordinate_for_each(build, yudi, tmp_path):
    """One sheet counts, the other has a row for each finding with point, codes, kind, sentence and cure."""
    folder, out = build(wide=1.004, names=["甲", "", "丙", "丁"]), tmp_path / "found.xlsx"

    ran = yudi("edition", "check", folder, "--out", out, "--lang", "en")
    book = openpyxl.load_workbook(out)
    head, *rows = [[cell.value for cell in row] for row in book["Findings"].iter_rows()]
    found = [dict(zip(head, row, strict=True)) for row in rows]

    assert (ran.status, book.sheetnames[:2]) == (6, ["Summary", "Findings"])
    assert [row["kind key"] for row in found] == ["overlap", "name_missing"]
    assert found[0]["unit codes"] == "U0111; U0121"
    assert all(107 < row["lon"] < 107.2 and 30 < row["lat"] < 30.2 for row in found)
    assert all(row["finding"] and row["what to do"] for row in found)
    assert "2 findings" in ran.err


def test_a_workbook_is_the_same_for_the_same_findings(build, yudi, tmp_path):
    """Written twice, it is the same bytes; so is the map."""
    folder = build(wide=1.004)
    for name in ("a.xlsx", "b.xlsx", "a.gpkg", "b.gpkg"):
        yudi("edition", "check", folder, "--out", tmp_path / name, "--as-of", "2026-01-01", "--lang", "zh")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_a_map_has_findings_by_shape_and_the_units_concerned(build, yudi, tmp_path):
    """Areas, points and the units named lie in layers of their own, in lon/lat, each with a style that is its default."""
    folder, out = build(wide=1.004, names=["甲", "", "丙", "丁"]), tmp_path / "found.gpkg"

    yudi("edition", "check", folder, "--out", out)
    layers = dict(pyogrio.list_layers(out))
    _, _, shapes, _ = pyogrio.raw.read(out, layer="findings_area")
    with closing(sqlite3.connect(out)) as base:
        styles = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))

    kinds = {"findings_area": "MultiPolygon", "findings_point": "Point", "units": "MultiPolygon", "layer_styles": None}
    assert layers == kinds
    assert shapely.from_wkb(shapes[0]).bounds == pytest.approx((107.05, 30.0, 107.0502, 30.05), abs=1e-6)
    assert pyogrio.read_info(out, layer="units")["features"] == 2
    assert set(styles) == {"findings_area", "findings_point", "units"}
    assert 'value="error"' in styles["findings_area"]
    assert "214,39,40" in styles["findings_area"]


@pytest.mark.needs("ogrinfo")
def test_other_programs_read_the_map(build, yudi, tmp_path):
    """GDAL's own program lists every layer with its features."""
    out = tmp_path / "found.gpkg"
    yudi("edition", "check", build(wide=1.004), "--out", out)

    told = subprocess.run(["ogrinfo", "-so", "-al", out], capture_output=True, text=True, check=True)

    assert "findings_area" in told.stdout
    assert "WGS 84" in told.stdout
    assert told.stderr == ""


def test_a_map_of_nothing_opens_too(build, yudi, tmp_path):
    """Without findings the file has an empty layer of areas."""
    out = tmp_path / "found.gpkg"
    yudi("edition", "check", build(), "--out", out)

    assert pyogrio.read_info(out, layer="findings_area")["features"] == 0


@pytest.mark.parametrize("name", ["found.pdf", "found", "folder.xlsx", "file/found.gpkg"])
def test_a_place_that_cannot_be_written_is_refused_at_once(name, build, yudi, tmp_path):
    """Another ending, a folder of that name, a file in place of a folder: status 2, and nothing is left."""
    folder = build()
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").write_text("")

    ran = yudi("edition", "check", folder, "--out", tmp_path / name)

    assert ran.status == 2
    assert not (tmp_path / name).is_file()


def test_an_edition_that_is_not_there_gives_status_3(yudi, tmp_path):
    """The message says how to build one."""
    ran = yudi("edition", "check", tmp_path / "nothing", "--json")

    assert (ran.status, ran.error["kind"]) == (3, "not_found")
