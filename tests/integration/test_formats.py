"""Real formats end to end: whatever form the bureau's map and list come in, the edition says the same.

The plain edition is the worked example's own, from GeoJSON and CSV. Shapes agree within 1 m; FileGDB keeps
coordinates to 1e-9 degrees, projected files to a millimetre.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pyproj
import pytest
import shapely
from support.maps import CODES, NAMES, geojson, geoparquet, members, named, packed, shapefile, units

from yudi.formats.offsets import wgs84_to_bd09, wgs84_to_gcj02
from yudi.stores.archive import open_edition

METRE = 1e-5  # degrees, less than 1.2 m on any meridian and less than 1 m along this parallel
SHIFT = (15.5, -121.4, -78.2, 0.31, -0.22, 1.07, -2.4)  # invented, of the size that surveyors give
LIST = {
    "空间布局约束": "1.禁止引入不符合园区定位的项目。2.长江干流岸线一公里内禁止新建、扩建化工项目。",
    "污染物排放管控": "1.涉及挥发性有机物的工序应密闭收集处理。2.新增化学需氧量、氨氮实行等量替代。",
    "环境风险防控": "化工企业应设置事故应急池。",
    "资源利用效率": "无",
}


@pytest.fixture(scope="module")
def plain_scheme(example, tmp_path_factory):
    """Return the example's scheme, not to be changed."""
    return example(tmp_path_factory.mktemp("plain") / "scheme")


@pytest.fixture
def folder(plain_scheme, tmp_path):
    """Return a copy of the example's scheme without its map and list."""
    copy = shutil.copytree(plain_scheme, tmp_path / "scheme")
    (copy / "units.geojson").unlink()
    return copy


@pytest.fixture(scope="module")
def plain(plain_scheme, tmp_path_factory):
    """Return the example's edition as it is built from GeoJSON and CSV."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    out = tmp_path_factory.mktemp("edition") / "edition"
    write_edition(compiled(read_scheme(plain_scheme / "scheme.toml")), out)
    return open_edition(out)


@pytest.fixture
def built(yudi, folder, scratch):
    """Return a function that builds the folder's scheme and opens the edition."""

    def build():
        ran = yudi("edition", "build", folder / "scheme.toml", "--out", folder / "out", "--json")

        assert ran.status == 0, ran.err
        assert list(scratch.iterdir()) == []
        return open_edition(folder / "out")

    return build


def standing(edition) -> list[tuple[str, str, str, str]]:
    """Return which clause stands in which unit, under which id, with its text and effect; "" is the whole place."""
    codes, clauses, bindings = edition.units.column("code"), edition.rules.clauses, edition.bindings
    found = []
    for unit, clause, name in zip(bindings.unit.tolist(), bindings.clause.tolist(), bindings.ids, strict=True):
        item = clauses[clause]
        found.append((codes[unit] if unit >= 0 else "", name, item.text.zh, item.effect))
    return sorted(found)


def same(edition, plain, *, within: float = METRE) -> None:
    """Hold an edition to the plain one: units with code, name and class, clauses, and shapes within a distance."""
    order = [edition.units.column("code").index(code) for code in plain.units.column("code")]
    for column in ("code", "name", "class", "area"):
        assert [edition.units.column(column)[row] for row in order] == plain.units.column(column)
    assert standing(edition) == standing(plain)
    away = [
        shapely.hausdorff_distance(edition.units.geometry[row], shape)
        for row, shape in zip(order, plain.units.geometry, strict=True)
    ]
    assert max(away) <= within


def to(code: str):
    """Return what brings lon/lat of CGCS2000 into a projected system, easting first."""
    step = pyproj.Transformer.from_crs("EPSG:4490", code, always_xy=True)
    return lambda xy: np.stack(step.transform(*xy.T), axis=1)


MAPS = {
    "Shapefile in GBK, .cpg right": (lambda f: shapefile(f / "u.shp", cpg="GBK"), ""),
    "Shapefile in GBK, .cpg absent": (lambda f: shapefile(f / "u.shp"), ""),
    "Shapefile in GBK, .cpg lying": (lambda f: shapefile(f / "u.shp", cpg="UTF-8"), ""),
    "Shapefile in GBK, .cpg western": (lambda f: shapefile(f / "u.shp", cpg="ISO-8859-1"), ""),
    "Shapefile in UTF-8, .cpg right": (lambda f: shapefile(f / "u.shp", encoding="UTF-8", cpg="UTF-8"), ""),
    "Shapefile in UTF-8, .cpg absent": (lambda f: shapefile(f / "u.shp", encoding="UTF-8"), ""),
    "Shapefile in UTF-8, .cpg lying": (lambda f: shapefile(f / "u.shp", encoding="UTF-8", cpg="936"), ""),
    "Shapefile in a belt": (lambda f: shapefile(f / "u.shp", crs="EPSG:4545", move=to("EPSG:4545")), ""),
    "Shapefile in a belt with zone": (lambda f: shapefile(f / "u.shp", crs="EPSG:4524", move=to("EPSG:4524")), ""),
    "Shapefile of WGS 84": (lambda f: shapefile(f / "u.shp", crs="EPSG:4326"), ""),
    "Shapefile with a Chinese name": (lambda f: shapefile(f / "管控单元.shp"), ""),
    "GeoPackage": (lambda f: units(f / "u.gpkg", layer="管控单元"), ""),
    "GeoPackage in a belt": (lambda f: units(f / "u.gpkg", crs="EPSG:4546", move=to("EPSG:4546")), ""),
    "FileGDB": (lambda f: units(f / "u.gdb", layer="管控单元"), 'layer = "管控单元"\n'),
    "GeoParquet": (lambda f: geoparquet(f / "u.parquet"), ""),
    "GeoJSON of EPSG:4490": (
        lambda f: geojson(f / "u.geojson", crs={"type": "name", "properties": {"name": "EPSG:4490"}}),
        "",
    ),
}


@pytest.mark.parametrize("name", MAPS)
def test_every_kind_of_map_gives_the_same_edition(name, folder, built, plain):
    """Codes, names and classes to the letter, shapes within 1 m, and the clauses of every unit."""
    write, entry = MAPS[name]
    named(folder, write(folder), entry=entry)

    same(built(), plain)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("inside", ["管控单元", "成果/一张图/管控单元", "units"])
def test_an_archive_with_chinese_names_gives_the_same_edition(encoding, inside, folder, built, plain):
    """Names in GBK that nothing declares, as Chinese Windows writes them, and in UTF-8; in folders too."""
    path = shapefile(folder / "inner.shp")
    found = members(path, inside)
    for part in members(path, "inner"):
        (folder / part).unlink()
    named(folder, packed(folder / "单元.zip", found, encoding=encoding))

    same(built(), plain)


@pytest.mark.parametrize("crs", ["EPSG:4545", "EPSG:4524"])
def test_the_scheme_names_the_system_of_a_file_without_prj(crs, folder, built, plain):
    """A missing .prj is made good by the layer's crs, and reported."""
    path = shapefile(folder / "u.shp", crs=crs, move=to(crs))
    path.with_suffix(".prj").unlink()
    named(folder, path, entry=f'crs = "{crs}"\n')
    edition = built()

    same(edition, plain)
    assert "crs_assumed" in [finding.kind for finding in edition.findings]


@pytest.mark.parametrize("belts", [("4544", "4545", "4546"), ("4523", "4524", "4525")])
def test_one_scheme_spans_three_belts(belts, example, tmp_path, yudi, scratch):
    """Units in the belts of 105, 108 and 111 degrees, with and without zone numbers, become one layer."""
    folder = example(tmp_path / "scheme")
    codes = ("ZH50010220003", "ZH50010230001", "ZH50015220001")
    shapes = (
        shapely.box(106.0, 29.5, 106.5, 29.7),
        shapely.box(106.5, 29.5, 109.5, 29.7),
        shapely.box(109.5, 29.5, 110, 29.7),
    )
    scheme = folder / "scheme.toml"
    head, entry, tail = re.split(
        r"(\[\[layers\]\]\nname = \"units\".*?\n\n)", scheme.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    made = ""
    for row, belt in enumerate(belts):
        crs = f"EPSG:{belt}"
        shapefile(
            folder / f"{belt}.shp",
            rows=(row,),
            codes=codes,
            names=("甲", "乙", "丙"),
            shapes=shapes,
            crs=crs,
            move=to(crs),
        )
        made += entry.replace("units.geojson", f"{belt}.shp")
    scheme.write_text(head + made + tail, encoding="utf-8")
    ran = yudi("edition", "build", scheme, "--out", tmp_path / "edition", "--json")
    edition = open_edition(tmp_path / "edition")

    assert ran.status == 0, ran.err
    assert edition.units.column("code") == list(codes)
    for shape, found in zip(shapes, edition.units.geometry, strict=True):
        corners = shapely.points(shape.exterior.coords)  # between them an edge is straight in its belt, not in degrees
        assert shapely.distance(shapely.boundary(found), corners).max() < METRE
    site = tmp_path / "p.json"
    site.write_text(
        '{"geometry": {"type": "LineString", "coordinates": [[106.2, 29.6], [109.8, 29.6]]}}', encoding="utf-8"
    )
    touched = yudi("screen", site, "--edition", tmp_path / "edition", "--json").data["units"]
    assert [unit["code"] for unit in touched] == list(codes)


@pytest.mark.parametrize(("name", "offset"), [("GCJ-02", wgs84_to_gcj02), ("BD-09", wgs84_to_bd09)])
def test_the_offsets_of_web_maps_are_undone_when_declared(name, offset, folder, built, plain):
    """Coordinates of either offset system, named in the scheme, lie where they should, within 1 m."""
    path = shapefile(folder / "u.shp", crs=None, move=lambda xy: np.stack(offset(*xy.T), axis=1))
    path.with_suffix(".prj").unlink(missing_ok=True)
    named(folder, path, entry=f'crs = "{name}"\n')
    edition = built()

    same(edition, plain)
    assert "datum_shift" in [finding.kind for finding in edition.findings]


def test_beijing_54_is_read_with_seven_parameters(folder, built, plain):
    """The inverse of the stated Helmert shift, written as a Beijing 54 belt, comes back within 1 m."""
    keys = ("x", "y", "z", "rx", "ry", "rz", "s")
    helmert = " ".join(f"+{key}={value}" for key, value in zip(keys, SHIFT, strict=True))
    back = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=GRS80 "
        f"+step +inv +proj=helmert {helmert} +convention=position_vector +step +inv +proj=cart +ellps=krass "
        "+step +proj=tmerc +lat_0=0 +lon_0=108 +k=1 +x_0=500000 +y_0=0 +ellps=krass"
    )
    path = shapefile(folder / "u.shp", crs="EPSG:2433", move=lambda xy: np.stack(back.transform(*xy.T), axis=1))
    named(folder, path, entry=f"shift = [{', '.join(map(str, SHIFT))}]\n")

    same(built(), plain)


# --- lists --------------------------------------------------------------------------------------------------------


def relisted(folder: Path, name: str, entry: str = "", *, columns: str = "") -> None:
    """Let the scheme name another list, with further lines for its entry and further spellings of headers."""
    named(folder, geojson(folder / "units.geojson"))
    scheme = folder / "scheme.toml"
    text = scheme.read_text(encoding="utf-8").replace('path = "list.csv"\n', f'path = "{name}"\n{entry}')
    scheme.write_text(text.replace('name = ["名称"]\n', f'name = ["名称"]\n{columns}'), encoding="utf-8")


def workbook(path: Path, fill) -> None:
    """Save a workbook that a function fills."""
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)


def test_a_list_in_gbk_says_the_same(folder, built, plain):
    """CSV saved by Excel on Chinese Windows."""
    text = (folder / "list.csv").read_text(encoding="utf-8")
    (folder / "list.csv").write_bytes(text.replace("\n", "\r\n").encode("gbk"))
    relisted(folder, "list.csv")

    same(built(), plain)


def test_a_list_in_excel_with_titles_merged_cells_and_odd_headers_says_the_same(folder, built, plain):
    """Two title rows, a header that ends in a newline, blanks within it, a merged unit code, a note below."""

    def fill(book):
        page = book.active
        page.append(["某市生态环境准入清单"])
        page.merge_cells("A1:F1")
        page.append(["单位：某局"])
        page.append(["管控单元编码\n", "名 称", *(f"{header}\n" for header in LIST)])
        page.append([CODES[0], NAMES[0], *LIST.values()])

    workbook(folder / "l.xlsx", fill)
    relisted(folder, "l.xlsx")

    same(built(), plain)


def test_the_spellings_of_data_bases_are_taken_as_declared(folder, built, plain):
    """HJZHGKDYBM, KJBJYS and the odd PWWPFGK are names that the scheme gives to its columns and dimensions."""

    def fill(book):
        book.active.append(["HJZHGKDYBM", "HJZHGKDYMC", "KJBJYS", "PWWPFGK", "HJFXFK", "ZYKFXLYQ", "REMARK"])
        book.active.append([CODES[0], NAMES[0], *LIST.values(), "备注"])

    workbook(folder / "l.xlsx", fill)
    entry = 'columns = { code = "HJZHGKDYBM", name = "HJZHGKDYMC", space = "KJBJYS", emission = "PWWPFGK", '
    relisted(folder, "l.xlsx", f'{entry}risk = "HJFXFK", resource = "ZYKFXLYQ" }}\n')
    edition = built()

    same(edition, plain)
    assert any("REMARK" in finding.message for finding in edition.findings)


def test_one_row_an_item_says_the_same(folder, built, plain):
    """Columns for dimension, number and text; the unit's code is merged over its rows."""
    rows = [
        ("空间布局约束", 1, "禁止引入不符合园区定位的项目。"),
        ("空间布局约束", 2, "长江干流岸线一公里内禁止新建、扩建化工项目。"),
        ("污染物排放管控", 1, "涉及挥发性有机物的工序应密闭收集处理。"),
        ("污染物排放管控", 2, "新增化学需氧量、氨氮实行等量替代。"),
        ("环境风险防控", 1, "化工企业应设置事故应急池。"),
        ("资源利用效率", None, "无"),
    ]

    def fill(book):
        page = book.active
        page.append(["管控单元编码", "管控类别", "序号", "管控要求"])
        for row in rows:
            page.append([CODES[0], *row])
        page.merge_cells("A2:A7")

    workbook(folder / "l.xlsx", fill)
    relisted(folder, "l.xlsx", columns='dimension = ["管控类别"]\nnumber = ["序号"]\ntext = ["管控要求"]\n')

    same(built(), plain)


def test_one_sheet_a_dimension_says_the_same(folder, built, plain):
    """Every sheet is named in the scheme with what it speaks of; others are left alone."""

    def fill(book):
        book.active.title = "说明"
        book.active.append(["填表说明"])
        for header, text in LIST.items():
            page = book.create_sheet(header)
            page.append(["管控单元编码", "管控要求"])
            page.append([CODES[0], text])

    workbook(folder / "l.xlsx", fill)
    keys = ("space", "emission", "risk", "resource")
    sheets = ", ".join(f'"{header}" = "{key}"' for header, key in zip(LIST, keys, strict=True))
    relisted(folder, "l.xlsx", f"sheets = {{ {sheets} }}\n", columns='text = ["管控要求"]\n')

    same(built(), plain)


def test_one_sheet_a_level_keeps_what_each_level_says_apart(folder, built):
    """A city's sheet for all places and a district's by area code beside the units' own: one list each, of one file."""

    def fill(book):
        book.active.title = "单元"
        book.active.append(["管控单元编码", "空间布局约束"])
        book.active.append([CODES[0], "禁止引入不符合园区定位的项目。"])
        page = book.create_sheet("全市")
        page.append(["空间布局约束"])
        page.append(["禁止新建燃煤电厂。"])
        page = book.create_sheet("区县")
        page.append(["行政区代码", "空间布局约束"])
        page.append([500102, "禁止新建化工园区。"])

    workbook(folder / "l.xlsx", fill)
    other = '\n[[lists]]\nname = "{0}"\npath = "l.xlsx"\nsheet = "{0}"\nlevel = "{1}"\nkey = "{2}"\n{3}'
    more = other.format("全市", "city", "all", "") + other.format(
        "区县", "county", "area", 'columns = { area = "行政区代码" }\n'
    )
    relisted(folder, "l.xlsx", 'name = "单元"\nsheet = "单元"\n')
    with (folder / "scheme.toml").open("a", encoding="utf-8") as stream:
        stream.write(more)
    found = standing(built())
    texts = {(code, text) for code, _, text, _ in found}

    assert ("", "禁止新建燃煤电厂") in texts
    assert (CODES[0], "禁止引入不符合园区定位的项目") in texts
    assert {code for code, text in texts if text == "禁止新建化工园区"} == set(CODES)
    assert len({(code, name) for code, name, _, _ in found}) == len(found)
