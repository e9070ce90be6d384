"""Dirty folders as bureaus have them, each with what must be recognised in it, and built after the open lines are filled."""

from __future__ import annotations

import shutil
import struct
import zipfile

import pytest
import shapely
from support.bureau import (
    CODES,
    DIMENSIONS,
    NAMES,
    differences,
    filled,
    shifted,
    squares,
    wide,
    write_book,
    write_csv,
    write_map,
    write_units,
)

from yudi.formats.recognition.dialect import read_dialect
from yudi.formats.recognition.folders import LookLimits
from yudi.formats.recognition.proposed import propose_scheme
from yudi.formats.recognition.toml_text import toml_text
from yudi.formats.rule_files import shipped_packs
from yudi.formats.schemes import read_scheme
from yudi.territory.draft import compiled

PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
LINE = shapely.LineString([(107.0, 30.0), (107.05, 30.01)])


@pytest.fixture(scope="module")
def dialect(tmp_path_factory):
    """Return the words of all packs that are shipped, read once."""
    return read_dialect(shipped_packs(), tmp_path_factory.mktemp("none"))


@pytest.fixture
def proposed(dialect):
    """Return a function that proposes a scheme for a folder, under limits."""
    return lambda folder, **limits: propose_scheme(folder, dialect, limits=LookLimits(**limits))


@pytest.fixture(scope="module")
def reference(dialect, tmp_path_factory):
    """Return the edition of a clean folder, which the dirty ones must equal."""
    folder = tmp_path_factory.mktemp("clean")
    write_units(folder / "units.geojson", crs=None)
    write_book(folder / "list.xlsx", {"list": wide()})
    return built(propose_scheme(folder, dialect), folder)


def built(proposal, folder, **values):
    """Write the proposal, fill its required lines, and build it."""
    path = folder / "scheme.toml"
    path.write_text(toml_text(proposal, "zh"), encoding="utf-8")
    return compiled(read_scheme(filled(path, packs='["cn-base"]', **values)))


def roles(proposal):
    """Return what became of each file or part of it."""
    return {(one.file, one.part) if one.part else one.file: one.role for one in proposal.files}


def value(proposal, key):
    """Return the value that is proposed for a key."""
    return next((one.value for name, part, one in proposal.decisions() if name == key and not part.is_off), None)


def problems(proposal):
    """Return the files that cannot be used, each with why in English."""
    return {one.file: one.said.en for one in proposal.files if one.is_problem}


def test_a_list_in_the_table_of_the_map(proposed, tmp_path):
    """Dialect 2 keeps the dimensions as columns of the map: one Shapefile is units and list, in GBK without .cpg."""
    path = tmp_path / "综合管控单元" / "HJZHGKDY.shp"
    columns = {
        "HJZHGKDYBM": CODES,
        "HJZHGKDYMC": NAMES,
        "ZHGKDYFL": ["优先保护单元", "重点管控单元", "重点管控单元", "一般管控单元"],
        "CITY": ["某市"] * 4,
        "KJBJYS": ["禁止新建化工项目。"] * 4,
        "PWWPFGK": ["新增化学需氧量实行等量替代。"] * 4,
        "HJFXFK": ["无"] * 4,
        "ZYKFXLYQ": ["无"] * 4,
    }
    write_map(path, columns, encoding="GBK")
    path.with_suffix(".cpg").unlink()
    proposal = proposed(tmp_path)
    edition = built(proposal, tmp_path)

    assert {one.role for one in proposal.files} == {"units", "list"}
    assert value(proposal, "scheme.name") == "某市"
    assert sorted(edition.units.column("class")) == ["general", "key", "key", "priority"]
    assert sum(clause.effect == "forbid" for clause in edition.rules.clauses) == 1


def test_merged_titles_and_line_breaks_above_dimensions_of_another_province(proposed, reference, tmp_path):
    """Guangdong's names, a line break in a header and two merged rows of titles need nothing; the title names the place."""
    write_units(tmp_path / "units.gpkg")
    head = ["区域布局管控\n", "污染物排放管控", "环境风险防控", "能源资源利用\n"]
    titles = [["某市环境管控单元准入清单", *[None] * 5], ["（2024年6月）", *[None] * 5]]
    name = "某市环境管控单元准入清单.xlsx"
    write_book(tmp_path / name, {"Sheet1": [*titles, *wide(head=head)]}, merged={"Sheet1": ["A1:F1", "A2:F2"]})
    proposal = proposed(tmp_path)
    days = next(one.why.en for key, _, one in proposal.open_points() if key == "scheme.valid_from")

    assert value(proposal, "scheme.name") == "某市"
    assert "2024年6月" in days
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_sheets_for_each_district_beside_one_of_notes(proposed, reference, tmp_path):
    """The sheets of districts are one list, Zhejiang's names are known, and the sheet of notes is not read."""
    write_units(tmp_path / "maps" / "管控单元.geojson", crs=None)
    head = ["空间布局引导", "污染物排放管控", "环境风险防控", "资源开发效率要求"]
    sheets = {"说明": [["本表由各县填报"]], "甲县": wide((0, 1, 2), head=head), "乙县": wide((3,), head=head), "空": []}
    write_book(tmp_path / "清单.xlsx", sheets)
    proposal = proposed(tmp_path)

    assert value(proposal, "lists.清单.sheets") == {"甲县": "", "乙县": ""}
    assert roles(proposal)["清单.xlsx", "说明"] == "notes"
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_text_in_gbk(proposed, reference, tmp_path):
    """A Shapefile without .cpg and a CSV in GBK are read as what they are."""
    write_units(tmp_path / "管控单元.shp", encoding="GBK")
    (tmp_path / "管控单元.cpg").unlink()
    write_csv(tmp_path / "清单.csv", wide(), encoding="gbk")

    assert differences(reference, built(proposed(tmp_path), tmp_path)) == {}


def test_zone_numbers_before_the_eastings_name_the_system(proposed, reference, tmp_path):
    """Without .prj, eastings of 36 million are of the 3-degree belt 36: EPSG:4524, and the datum is said to be unseen."""
    write_units(tmp_path / "管控单元.shp", crs="EPSG:4524", move=shifted(4524))
    (tmp_path / "管控单元.prj").unlink()
    write_book(tmp_path / "清单.xlsx", {"清单": wide()})
    proposal = proposed(tmp_path)
    crs = next(one for key, _, one in proposal.decisions() if key == "layers.units.crs")

    assert (crs.value, crs.confidence) == ("EPSG:4524", "medium")
    assert "Beijing 1954" in crs.ground.en
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_the_place_of_another_map_names_the_belt(proposed, reference, tmp_path):
    """Eastings without zone number fit many belts; the one in which the units lie at the river is proposed."""
    write_units(tmp_path / "管控单元.shp", crs="EPSG:4545", move=shifted(4545))
    (tmp_path / "管控单元.prj").unlink()
    write_map(tmp_path / "湖泊.geojson", {"NAME": ["甲湖"]}, shapes=squares(1), crs=None)
    write_book(tmp_path / "清单.xlsx", {"清单": wide()})
    proposal = proposed(tmp_path)
    edition = built(proposal, tmp_path)

    assert value(proposal, "layers.units.crs") == "EPSG:4545"
    assert set(edition.layers) == {"units", "lakes"}
    assert set(differences(reference, edition)) == {"layers", "roles"}


def test_a_system_that_nothing_tells_is_left_to_be_filled(proposed, tmp_path):
    """Eastings without zone number and without another map give no system; the build's error names the file and the key."""
    write_units(tmp_path / "管控单元.shp", crs="EPSG:4545", move=shifted(4545))
    (tmp_path / "管控单元.prj").unlink()
    proposal = proposed(tmp_path)
    required = [key for key, _, one in proposal.open_points() if one.is_required]
    with pytest.raises(ValueError, match="expected a reference system, but neither file nor scheme names one"):
        built(proposal, tmp_path)

    assert required == ["scheme.name", "scheme.valid_from", "scheme.accuracy_m", "layers.units.crs"]


def test_exchanged_axes_are_said(proposed, tmp_path):
    """Latitude first is no reference system: the map is named with what to do, and the build refuses it."""
    write_units(tmp_path / "管控单元.geojson", move=lambda xy: xy[:, ::-1], crs=None)
    write_book(tmp_path / "清单.xlsx", {"清单": wide()})
    proposal = proposed(tmp_path)
    with pytest.raises(ValueError, match="latitude and longitude look exchanged"):
        built(proposal, tmp_path)

    assert "swap X and Y" in problems(proposal)["管控单元.geojson"]
    assert roles(proposal)["管控单元.geojson"] == "units"


def test_two_editions_in_one_folder(proposed, tmp_path):
    """The later map and list stand, the earlier ones are left out as rivals, and both are said with the ground."""
    later = [*CODES[:3], "ZH99010230005"]
    write_units(tmp_path / "2020年" / "管控单元.shp")
    write_map(tmp_path / "2023年更新" / "管控单元.shp", {"HJGKDYBM": later, "HJGKDYMC": NAMES})
    write_book(tmp_path / "2020年" / "准入清单.xlsx", {"清单": wide()})
    rows = wide()
    rows[4][0] = later[3]
    write_book(tmp_path / "2023年更新" / "准入清单.xlsx", {"清单": rows})
    proposal = proposed(tmp_path)
    lists = {part.value("path"): part.is_off for part in proposal.parts if part.head == "[[lists]]"}
    ground = next(one.said.en for one in proposal.files if one.file == "2023年更新/管控单元.shp")
    edition = built(proposal, tmp_path)

    assert roles(proposal)["2020年/管控单元.shp"] == "rival"
    assert lists == {"2020年/准入清单.xlsx": True, "2023年更新/准入清单.xlsx": False}
    assert "taken rather than 2020年/管控单元.shp: the years in the names are 2023 and 2020" in ground
    assert sorted(edition.units.column("code")) == later


def test_units_in_an_archive_among_junk(proposed, reference, tmp_path):
    """A zipped Shapefile three folders deep is found; locks, thumbnails, map projects and documents are named as such."""
    write_units(tmp_path / "t" / "管控单元.shp")
    (tmp_path / "a" / "b").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "a" / "b" / "成果.zip", "w") as archive:
        for part in sorted((tmp_path / "t").iterdir()):
            archive.write(part, part.name)
    shutil.rmtree(tmp_path / "t")
    write_book(tmp_path / "a" / "清单.xlsx", {"清单": wide()})
    junk = {
        "~$清单.xlsx": "junk",
        "Thumbs.db": "junk",
        "图.mxd": "project",
        "图.qgz": "project",
        "说明.pdf": "document",
    }
    for name in junk:
        (tmp_path / "a" / name).write_bytes(b"x")
    proposal = proposed(tmp_path)

    assert {name: roles(proposal)[f"a/{name}"] for name in junk} == junk
    assert problems(proposal) == {}
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_broken_files_stop_nothing(proposed, reference, tmp_path):
    """Of ten files that cannot be read each is listed with why, and the scheme of the others is whole."""
    write_units(tmp_path / "管控单元.gpkg")
    write_book(tmp_path / "清单.xlsx", {"清单": wide()})
    bad = tmp_path / "bad"
    write_units(bad / "no_table.shp")
    (bad / "no_table.dbf").unlink()
    whole = write_units(bad / "cut.shp")
    whole.write_bytes(whole.read_bytes()[:-20])
    (bad / "zero.shp").write_bytes(b"")
    (bad / "zero.xlsx").write_bytes(b"")
    (bad / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(50))
    (bad / "lone.dbf").write_bytes(struct.pack("<I", 3) * 10)
    (bad / "locked.xlsx").write_bytes(PROTECTED)
    (bad / "web.xls").write_bytes(b"<html><table></table></html>")
    (bad / "cut.geojson").write_text('{"type": "FeatureCollection", "features": [', encoding="utf-8")
    (bad / "cut.gpkg").write_bytes((tmp_path / "管控单元.gpkg").read_bytes()[:5000])
    proposal = proposed(tmp_path)
    said = problems(proposal)

    assert sorted(said) == [
        f"bad/{name}"
        for name in (
            *("cut.geojson", "cut.gpkg", "cut.shp", "cut.zip", "locked.xlsx"),
            *("lone.dbf", "no_table.shp", "web.xls", "zero.shp", "zero.xlsx"),
        )
    ]
    assert all(said.values())
    assert "password" in said["bad/locked.xlsx"]
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_maps_and_lists_for_each_county(proposed, reference, tmp_path):
    """A map and a list for each county are one layer of units and one list: no unit counts as without a row."""
    for county, rows in (("甲县", (0, 1, 2)), ("乙县", (3,))):
        write_units(tmp_path / county / "管控单元.shp", rows=rows)
        write_book(tmp_path / county / "清单.xlsx", {"清单": wide(rows)})
    proposal = proposed(tmp_path)
    names = {part.value("name") for part in proposal.parts if part.head == "[[lists]]"}

    assert names == {"units"}
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_layers_of_a_file_geodatabase(proposed, tmp_path):
    """Units, water zones and rivers are told in one FileGDB, the city's sheet beside that of the units."""
    path = tmp_path / "成果.gdb"
    write_units(path, layer="ZHGKDY")
    zones = {"YSBM": ["YS9901012210001", "YS9901013210002"], "YSMC": ["甲", "乙"], "CLASS": ["重点", "一般"]}
    write_map(path, zones, layer="SHJGKFQ", append=True)
    write_map(path, {"NAME": ["甲河"], "DJ": ["干流"]}, shapes=[LINE], layer="河流", append=True)
    city = [["序号", "管控要求"], [1, "禁止新建化工项目。"], [2, "禁止露天焚烧。"]]
    write_book(tmp_path / "清单.xlsx", {"全市总体准入要求": city, "单元": wide()})
    proposal = proposed(tmp_path)
    edition = built(proposal, tmp_path)
    asked = [key for key, _, one in proposal.open_points() if key.startswith("layers.rivers") and not one.is_required]

    assert {name: layer.role for name, layer in edition.layers.items()} == {
        "units": "units",
        "water_zones": "zones",
        "rivers": "reference",
    }
    assert sorted(edition.layers["water_zones"].column("class")) == ["一般", "重点"]
    assert value(proposal, "lists.清单-全市总体准入要求.key") == "all"
    assert value(proposal, "lists.清单-全市总体准入要求.level") == "city"
    assert asked == ["layers.rivers.shape", "layers.rivers.fields.grade"]


def test_a_header_that_is_nearly_a_dimension_is_proposed_to_be_checked(proposed, reference, tmp_path):
    """A slip in a header would lose its bans: the column is proposed for the dimension, with little confidence."""
    write_units(tmp_path / "units.geojson", crs=None)
    write_book(tmp_path / "清单.xlsx", {"清单": wide(head=("空间布局约朿", *DIMENSIONS[1:]))})
    proposal = proposed(tmp_path)
    columns = next(one for key, _, one in proposal.decisions() if key == "lists.清单.columns")

    assert (columns.value, columns.confidence) == ({"space": "空间布局约朿"}, "low")
    assert differences(reference, built(proposal, tmp_path)) == {}


def test_tables_of_figures_and_of_status(proposed, tmp_path):
    """Printed numbers by class become a table to check against; a status table whose fact is unsure is left out and said."""
    write_units(tmp_path / "管控单元.gpkg")
    write_book(tmp_path / "清单.xlsx", {"清单": wide()})
    head = [["区县代码", "优先保护单元", None, "重点管控单元", None], [None, "个数", "面积", "个数", "面积"]]
    rows = [["990101", 1, 107.12, 2, 214.5], ["合计", 1, 107.12, 2, 214.5]]
    title = [["某市环境管控单元统计（面积：公顷）", *[None] * 4]]
    merged = ["A1:E1", "A2:A3", "B2:C2", "D2:E2"]
    write_book(tmp_path / "统计.xlsx", {"T": [*title, *head, *rows]}, merged={"T": merged})
    days = ["2024-03-01", "2025-03-01"]
    write_csv(tmp_path / "headroom_COD.csv", [["区县代码", "剩余指标", "起", "止"], ["990101", "120.5", *days]])
    write_csv(tmp_path / "达标.csv", [["区县代码", "上一年度未达标", "起", "止"], ["990101", "是", *days]])
    proposal = proposed(tmp_path)
    edition = built(proposal, tmp_path)

    assert value(proposal, "published.统计.xlsx.counts") == {
        "priority": "优先保护单元/个数",
        "key": "重点管控单元/个数",
    }
    assert value(proposal, "published.统计.xlsx.unit") == "hm2"
    assert value(proposal, "published.统计.xlsx.totals") == ["合计"]
    assert [table.fact for table in edition.rules.status] == ["headroom.COD"]
    assert "达标.csv" in " ".join(one.en for one in proposal.remarks)


def test_large_maps_are_looked_at_in_part_and_it_is_said(proposed, tmp_path):
    """Above the limit only the first shapes are read, and of GeoJSON rows, and it is said."""
    many = [f"ZH9901012{number:04d}" for number in range(300)]
    columns = {"HJGKDYBM": many, "HJGKDYMC": [f"单元{number}" for number in range(300)]}
    shapes = [
        shapely.box(107 + n % 20 * 0.01, 30 + n // 20 * 0.01, 107.01 + n % 20 * 0.01, 30.01 + n // 20 * 0.01)
        for n in range(300)
    ]
    for name in ("管控单元.shp", "管控单元.gpkg", "管控单元.geojson"):
        folder = tmp_path / name.replace(".", "_")
        write_map(folder / name, columns, shapes=shapes, crs="EPSG:4326" if name.endswith("geojson") else "EPSG:4490")
        proposal = proposed(folder, whole_bytes=1000, features=50)
        notes = " ".join(note.en for part in proposal.parts for note in part.notes if part.head == "[[layers]]")

        assert [one.role for one in proposal.files] == ["units"]
        assert "the first 50 looked at" in notes or "the shapes of the first 50 looked at" in notes
        assert value(proposal, "layers.units.columns.name") == "HJGKDYMC"


def test_more_files_than_the_limit_and_deeper_ones_are_said(proposed, tmp_path):
    """What lies beyond a limit is named, not silently left out."""
    write_units(tmp_path / "a.gpkg")
    for number in range(5):
        write_csv(tmp_path / "b" / f"{number}.csv", [["x", "y"], ["1", "2"]])
    (tmp_path / "c" / "d").mkdir(parents=True)
    proposal = proposed(tmp_path, files=4, depth=1)

    assert [one.role for one in proposal.files].count("beyond") == 1
    assert "only the first 4 files" in next(one.said.en for one in proposal.files if one.role == "beyond")


def test_layers_of_one_kind_from_two_years(proposed, tmp_path):
    """Of two redlines the later stands, the earlier is left out with the ground."""
    write_units(tmp_path / "管控单元.gpkg")
    for year in (2018, 2023):
        write_map(tmp_path / f"生态保护红线{year}.geojson", {"NAME": ["甲"]}, shapes=squares(1), crs=None)
    proposal = proposed(tmp_path)
    redlines = {part.value("path"): part.is_off for part in proposal.parts if part.value("name") == "redline"}

    assert redlines == {"生态保护红线2018.geojson": True, "生态保护红线2023.geojson": False}
