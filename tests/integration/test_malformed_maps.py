"""Maps and workbooks with one thing wrong each, written here: what is said, and that nothing is left on disk."""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from support.maps import CODES, SHAPES, geojson, geoparquet, members, named, packed, shapefile, units

BELT = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True)
ZONED = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4524", always_xy=True)
XMLNS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Case:
    """One malformed file: who writes it, lines added to its entry, and what is expected of the answer."""

    name: str
    write: Callable[[Path], Path]
    message: str
    hint: str
    status: int = 2
    row: int | None = None
    field: str | None = None
    file: str | None = None
    entry: str = ""


def moved(step: pyproj.Transformer, *, swap: bool = False, add: float = 0.0):
    """Return a function that brings lon/lat to a projected system."""

    def move(xy):
        import numpy as np

        x, y = step.transform(*xy.T)
        return np.stack([y, x + add] if swap else [x + add, y], axis=1)

    return move


def without(part: str) -> Callable[[Path], Path]:
    """Write a Shapefile and take one part away."""

    def write(folder: Path) -> Path:
        path = shapefile(folder / "u.shp")
        path.with_suffix(f".{part}").unlink()
        return path

    return write


def cut(name: str, make: Callable[[Path], Path], part: str = "", keep: float = 0.5) -> Callable[[Path], Path]:
    """Write a file and cut it, or a part of it."""

    def write(folder: Path) -> Path:
        path = make(folder / name)
        target = path.with_suffix(f".{part}") if part else path
        data = target.read_bytes()
        target.write_bytes(data[: int(len(data) * keep)])
        return path

    return write


def raw(name: str, data: bytes) -> Callable[[Path], Path]:
    """Write bytes under a name."""

    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def foreign_text(folder: Path) -> Path:
    """Write a Shapefile whose names are text in no encoding."""
    path = shapefile(folder / "u.shp")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("涪陵".encode("gbk"), b"\xff\xff\xff\xff"))
    return path


def layers(folder: Path) -> Path:
    """Write a GeoPackage of two layers."""
    units(folder / "u.gpkg", layer="管控单元")
    return units(folder / "u.gpkg", layer="redline", append=True)


def archive(folder: Path, *stems: str) -> Path:
    """Write a zip archive with a Shapefile under each name."""
    path = shapefile(folder / "inner.shp")
    found = {name: data for stem in stems for name, data in members(path, stem).items()}
    for part in members(path, "inner"):
        (folder / part).unlink()
    return packed(folder / "u.zip", found)


def encrypted(folder: Path) -> Path:
    """Write an archive whose members are marked as encrypted."""
    path = archive(folder, "u")
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + place] |= 1
            start = data.find(mark, start + 4)
    path.write_bytes(data)
    return path


def bomb(folder: Path) -> Path:
    """Write an archive that says it unpacks to 12 GB."""
    path = archive(folder, "u", "v", "w")
    data = bytearray(path.read_bytes())
    start = data.find(b"PK\x01\x02")
    while start >= 0:
        data[start + 24 : start + 28] = struct.pack("<I", 0xFFFFFFF0)
        start = data.find(b"PK\x01\x02", start + 4)
    path.write_bytes(data)
    return path


def belt(name: str, crs: str, **how) -> Callable[[Path], Path]:
    """Write a Shapefile in a system, its coordinates wrong in a way that people know."""
    step = how.pop("step", BELT)
    return lambda folder: units(folder / name, crs=crs, move=moved(step, **how))


def plain_parquet(folder: Path) -> Path:
    """Write Parquet without geometry."""
    pq.write_table(pa.table({"CODE": list(CODES)}), folder / "u.parquet")
    return folder / "u.parquet"


def empty_gdb(folder: Path) -> Path:
    """Make a folder that is a FileGDB by its name only."""
    (folder / "u.gdb").mkdir()
    return folder / "u.gdb"


BOWTIE = shapely.Polygon([(107.35, 29.66), (107.36, 29.66), (107.35, 29.66)])
SPIKE = {"type": "Polygon", "coordinates": [[[107.35, 29.66], [107.36, 29.66], [107.37, 29.66], [107.35, 29.66]]]}
NAN = {"type": "Polygon", "coordinates": [[[107.35, float("nan")], [107.36, 29.66], [107.36, 29.67], [107.35, 29.66]]]}
SWAPPED = [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in SHAPES]
METRES = [shapely.transform(shape, moved(BELT)) for shape in SHAPES]
SHP, JSON = "u.shp", "u.geojson"

MAPS = [
    Case("no .shx", without("shx"), "expected u.shx beside it, got none", "copy the whole set"),
    Case("no .dbf", without("dbf"), "expected u.dbf beside it, got none", "copy the whole set"),
    Case("no .prj and no crs", without("prj"), "neither file nor scheme names one", "crs =", field="crs"),
    Case(".shp cut", cut(SHP, shapefile, "shp"), "expected a whole .shp file, but it says", "copy the whole set"),
    Case(".shx cut", cut(SHP, shapefile, "shx", 0.9), "expected a whole .shx file, but it says", "copy the whole set"),
    Case(".dbf cut", cut(SHP, shapefile, "dbf"), "expected a whole .dbf file, but it says", "copy the whole set"),
    Case(".shp empty", cut(SHP, shapefile, "", 0), "expected a map file, got an empty one", "give a .shp"),
    Case(".dbf empty", cut(SHP, shapefile, "dbf", 0), "expected a whole .dbf file, but it is empty", "copy the whole"),
    Case("text in no encoding", foreign_text, "got bytes ff ff ff ff", "state its encoding", row=1, field="NAME"),
    Case("no encoding", lambda f: shapefile(f / SHP), "name of an encoding", "GBK", entry='encoding = "gb9999"\n'),
    Case("empty GeoJSON", raw(JSON, b""), "got an empty one", "give a .shp"),
    Case("broken GeoJSON", raw(JSON, b'{"type":\n "Feat'), "got broken JSON at line 2", "save the file again"),
    Case("GeoJSON in GBK", raw(JSON, '{"a": "涪陵"}'.encode("gbk")), "expected UTF-8, got other bytes", "as UTF-8"),
    Case("no GeoJSON", raw(JSON, b'{"type": "Topology"}'), "expected a FeatureCollection, got 'Topology'", "GeoJSON"),
    Case(
        "no geometry", lambda f: geojson(f / JSON, shapes=(None, None)), "row 1: no geometry; row 2: no", "mend", row=1
    ),
    Case("NaN", lambda f: geojson(f / JSON, shapes=(SHAPES[0], NAN)), "row 2: a coordinate is NaN", "mend", row=2),
    Case("latitude first", lambda f: geojson(f / JSON, shapes=SWAPPED), "look exchanged", "x must be the long", row=1),
    Case(
        "metres in degrees", lambda f: geojson(f / JSON, shapes=METRES), "metres, not degrees", "state the ref", row=1
    ),
    Case("nothing left", lambda f: geojson(f / JSON, shapes=(SHAPES[0], SPIKE)), "nothing is left", "draw", row=2),
    Case("no features", lambda f: geojson(f / JSON, shapes=()), "got an empty layer", ""),
    Case("a code twice", lambda f: geojson(f / JSON, codes=CODES[:1] * 2), f"{CODES[0]} (u.geojson row 1, u", "a code"),
    Case("a code empty", lambda f: geojson(f / JSON, codes=(CODES[0], " ")), "got an empty cell", "its code", row=2),
    Case("a code null", lambda f: geojson(f / JSON, codes=(CODES[0], None)), "got an empty cell", "its code", row=2),
    Case(
        "crs without name", lambda f: geojson(f / JSON, crs={"type": "name"}), "a crs member with a name", "EPSG:4490"
    ),
    Case(
        "points",
        lambda f: geojson(f / JSON, shapes=[shape.centroid for shape in SHAPES]),
        "expected the polygons of units",
        "areas",
        row=1,
    ),
    Case("unknown crs", without("prj"), "got 'EPSG:999999'", "name it as", entry='crs = "EPSG:999999"\n', field="crs"),
    Case("heights only", without("prj"), "geographic or projected", "name it as", entry='crs = "EPSG:5737"\n'),
    Case("two systems", lambda f: units(f / SHP), "they differ by 1 m or more", "force:", entry='crs = "EPSG:4545"\n'),
    Case("Beijing 54", lambda f: units(f / SHP, crs="EPSG:2433"), "Beijing 1954", "give shift", field="crs"),
    Case("Xi'an 80", lambda f: units(f / SHP, crs="EPSG:2380"), "Xi'an 1980", "give shift", field="crs"),
    Case("GCJ and Beijing", lambda f: units(f / SHP, crs="EPSG:4214"), "differ", "force:", entry='crs = "GCJ-02"\n'),
    Case("shift of 4", belt(SHP, "EPSG:2433"), "3 or 7 numbers", "surveyor", entry="shift = [1, 2, 3, 4]\n"),
    Case("needless shift", lambda f: units(f / SHP), "expected no shift", "remove", entry="shift = [1, 2, 3]\n"),
    Case("zone lacking", belt(SHP, "EPSG:4524"), "eastings lack the number of the zone", "easting", row=1),
    Case("zone too many", belt(SHP, "EPSG:4545", add=36e6), "a zone number that should not be there", "easting", row=1),
    Case("northing first", belt(SHP, "EPSG:4545", swap=True), "northing look exchanged", "easting", row=1),
    Case("degrees in metres", lambda f: units(f / SHP, crs="EPSG:4545"), "degrees, not metres", "easting", row=1),
    Case("two layers", layers, "expected one layer, got 2: 'redline', '管控单元'", "name one"),
    Case("no such layer", layers, "named 'units', got", "name one", entry='layer = "units"\n'),
    Case("no layer there", lambda f: geojson(f / JSON), "has only one", "leave layer out", entry='layer = "x"\n'),
    Case("GeoPackage cut", cut("u.gpkg", units, "", 0.1), "a GeoPackage, but the file cannot be read", "save it again"),
    Case("no FileGDB", empty_gdb, "expected a FileGDB, but", "save it again"),
    Case("Parquet without geometry", plain_parquet, "got Parquet without geometry", "GeoParquet"),
    Case("Parquet cut", cut("u.parquet", geoparquet), "expected a Parquet file, but", "save it again"),
    Case("Parquet in points", lambda f: geoparquet(f / "u.parquet", encoding="point"), "encoded as WKB", "WKB"),
    Case("no archive", raw("u.zip", b"PK nonsense"), "expected a zip archive, but it is cut, damaged", "pack the map"),
    Case("archive cut", cut("u.zip", lambda path: archive(path.parent, "u")), "it is cut, damaged", "pack the map"),
    Case(
        "archive of other things", lambda f: packed(f / "u.zip", {"a.docx": b"x"}), "map data in the arch", "Shapefile"
    ),
    Case("archive of two maps", lambda f: archive(f, "甲", "乙"), "expected one map in the archive, got 2", "name one"),
    Case("archive with a password", encrypted, "but it is encrypted", "pack the map files again"),
    Case("archive too large", bomb, "expected at most 8589934592 (max_zip_bytes)", "split the file", status=4),
    Case("no map", raw("u.tif", b"II*\0"), "got one that ends in '.tif'", "give a .shp"),
]


@pytest.mark.parametrize("case", MAPS, ids=lambda case: case.name)
def test_a_map_with_a_fault_is_refused_and_leaves_nothing(case, yudi, example, listing, tmp_path, scratch, monkeypatch):
    """The build names file, feature and field, says what was expected and what to do, and the disk is as it was."""
    folder = example(tmp_path / "scheme")
    path = case.write(folder)
    named(folder, path, entry=case.entry)
    monkeypatch.chdir(folder)
    before = listing(tmp_path)
    ran = yudi("edition", "build", "scheme.toml", "--out", "../edition", "--json")
    error = ran.error

    assert (ran.status, error["kind"]) == (case.status, "limit" if case.status == 4 else "input")
    assert case.message in error["message"]
    assert case.hint in error["hint"]
    assert error["where"]["file"].startswith(case.file or path.name)
    assert case.row in (None, error["where"]["row"])
    assert case.field in (None, error["where"]["field"])
    assert ran.out == ""
    assert listing(tmp_path) == before


def book(folder: Path, *rows, sheets=("清单",)) -> Path:
    """Write a workbook with the same rows on every sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in sheets:
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(folder / "l.xlsx")
    return folder / "l.xlsx"


def far_cell(folder: Path) -> Path:
    """Write a workbook whose last cell stands in row 99,999,999."""
    path = book(folder, ["管控单元编码"])
    target = io.BytesIO()
    xml = f'<worksheet xmlns="{XMLNS}"><sheetData><row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml.encode() if name.endswith("sheet1.xml") else old.read(name))
    path.write_bytes(target.getvalue())
    return path


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD = ["管控单元编码", "空间布局约束"]
LISTS = [
    Case("a password", raw("l.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")), "a protected one", "password"),
    Case("an old workbook under a new name", raw("l.xlsx", OLE + bytes(600)), "got an old .xls file", "true ending"),
    Case("a workbook that is cut", cut("l.xlsx", lambda path: book(path.parent, HEAD)), "cut or damaged", "copy it"),
    Case(
        "an archive that is no workbook",
        lambda f: packed(f / "l.xlsx", {"other.txt": b"x"}),
        "another format",
        "as .xlsx",
    ),
    Case("an empty workbook", lambda f: book(f), "got only empty ones", "save the file again"),
    Case("no header", lambda f: book(f, ["甲", "乙"], ["丙", "丁"]), "expected a header row with any of", "add a head"),
    Case("no codes", lambda f: book(f, HEAD[1:], ["1. 禁止"]), "expected a column '管控单元编码'", "add that", row=1),
    Case(
        "codes twice",
        lambda f: book(f, [*HEAD, HEAD[0]], ["a", "b", "c"]),
        "got '管控单元编码' (A) and",
        "rename",
        row=1,
    ),
    Case("no such sheet", lambda f: book(f, HEAD), "expected a sheet '附表'", "name one", entry='sheet = "附表"\n'),
    Case(
        "no such sheets", lambda f: book(f, HEAD), "no sheet '附表'", "names", entry='sheets = { "附表" = "space" }\n'
    ),
    Case("a cell too far", far_cell, "expected at most 1,048,576 rows", "split the file", status=4),
    Case("too many columns", raw("l.csv", ("管控单元编码" + "," * 2100 + "x\n").encode()), "2,000 columns", "split", 4),
]


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case.name)
def test_a_list_with_a_fault_is_refused_and_leaves_nothing(
    case, yudi, example, listing, tmp_path, scratch, monkeypatch
):
    """Workbooks and large tables: file and row, what was expected, what to do, and the disk as it was."""
    folder = example(tmp_path / "scheme")
    path = case.write(folder)
    scheme = folder / "scheme.toml"
    text = scheme.read_text(encoding="utf-8").replace('"list.csv"\n', f'"{path.name}"\n{case.entry}')
    scheme.write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    before = listing(tmp_path)
    ran = yudi("edition", "build", "scheme.toml", "--out", "../edition", "--json")

    assert ran.status == case.status
    assert case.message in ran.error["message"]
    assert case.hint in ran.error["hint"]
    assert ran.error["where"]["file"] == path.name
    assert case.row in (None, ran.error["where"]["row"])
    assert listing(tmp_path) == before


def test_files_above_the_limits_are_refused_before_they_are_read(
    yudi, example, listing, tmp_path, scratch, monkeypatch
):
    """A rule file above 20 MB and a project above 200 MB end with the status of a limit."""
    folder = example(tmp_path / "scheme")
    monkeypatch.chdir(folder)
    assert yudi("edition", "build", "scheme.toml", "--out", "../edition").status == 0
    with (folder / "formalised.yaml").open("ab") as stream:
        stream.truncate(21 * 2**20)
    with (tmp_path / "p.json").open("wb") as stream:
        stream.truncate(201 * 2**20)
    rules = yudi("edition", "build", "scheme.toml", "--out", "../other", "--json")
    project = yudi("screen", "../p.json", "--edition", "../edition", "--json")

    assert (rules.status, rules.error["kind"], rules.error["where"]["file"]) == (4, "limit", "formalised.yaml")
    assert (project.status, project.error["kind"], project.error["where"]["file"]) == (4, "limit", "p.json")
    assert not (tmp_path / "other").exists()
    shutil.rmtree(folder)
