"""Map files as bureaus hand them over, written here with their faults, and what is made of them."""

from __future__ import annotations

import json
import sqlite3
import struct
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from pyogrio.raw import write
from support.maps import packed

from yudi.core.errors import InputError, LimitError, NotFoundError, YudiError
from yudi.formats.layers import plain_columns
from yudi.formats.vectors import Limits, read_vectors

NAMES = ["重庆市涪陵区", "优先保护单元"]
SQUARES = [shapely.box(106.0, 29.0, 106.1, 29.1), shapely.box(106.1, 29.0, 106.2, 29.1)]
PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def save(path: Path, shapes=SQUARES, *, columns=None, crs="EPSG:4490", **options) -> Path:
    """Write shapes and columns with GDAL, by the name's ending."""
    columns = {"名称": NAMES[: len(shapes)]} if columns is None else columns
    values = [
        column if isinstance(column, np.ndarray) else np.array(column, dtype=object) for column in columns.values()
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        blobs = shapely.to_wkb(np.array(shapes, dtype=object))
        kind = "MultiPolygon" if path.suffix == ".gdb" else "Unknown"
        write(path, blobs, values, np.array(list(columns)), geometry_type=kind, crs=crs, **options)
    return path


def shapefile(folder: Path, stem: str = "units", *, encoding: str = "GBK", cpg: str | None = "", **options) -> Path:
    """Write a Shapefile; cpg is the text of its .cpg file, nothing for none."""
    path = save(folder / f"{stem}.shp", encoding=encoding, **options)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def geojson(folder: Path, *geometries, name="units.geojson", **members) -> Path:
    """Write features with these geometries; a dict stands for itself, a shape for its mapping."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"U{i}"},
            "geometry": item if isinstance(item, dict | None) else shapely.geometry.mapping(item),
        }
        for i, item in enumerate(geometries)
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8")
    return path


def members(path: Path, name: str) -> dict[str, bytes]:
    """Return the parts of a Shapefile under another name."""
    return {
        f"{name}.{part}": path.with_suffix(f".{part}").read_bytes()
        for part in PARTS
        if path.with_suffix(f".{part}").exists()
    }


def refusal(path: Path, **options) -> YudiError:
    """Return the error with which a file is refused; it names the file and a next step."""
    with pytest.raises(YudiError) as caught:
        read_vectors(path, **options)
    assert caught.value.hint
    assert caught.value.where.file
    return caught.value


def kinds(table) -> list[str]:
    """Return the keys of a table's findings."""
    return [finding.kind for finding in table.findings]


def same_squares(table) -> bool:
    """Whether the two squares came through, to the 1e-9 degrees of FileGDB's grid."""
    return all(shape.hausdorff_distance(square) < 2e-9 for shape, square in zip(table.geometry, SQUARES, strict=True))


# --- every kind of file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["units.shp", "units.SHP", "units.gpkg", "units.geojson", "units.gdb"])
def test_every_kind_of_file_gives_the_same_shapes_and_names(tmp_path, name):
    """Shapefile, GeoPackage, GeoJSON and FileGDB come to one table, with rows from 1."""
    path = tmp_path / name
    if name == "units.SHP":
        low = shapefile(tmp_path)
        for part in ("shp", "shx", "dbf", "prj"):  # as a camera card or an old program names them, cases mixed
            low.with_suffix(f".{part}").rename(tmp_path / f"{'UNITS' if part == 'shx' else 'units'}.{part.upper()}")
    else:
        save(path, driver="OpenFileGDB" if name.endswith("gdb") else None)
    table = read_vectors(path)

    assert same_squares(table)
    assert table.columns.to_pylist() == [{"名称": name} for name in NAMES]
    assert table.rows.tolist() == [1, 2]
    assert table.findings == ()


def test_geoparquet_is_read_by_its_metadata(tmp_path):
    """The primary column is WKB, its system is PROJJSON; without one it is longitude, latitude."""
    crs = pyproj.CRS.from_epsg(4490).to_json_dict()
    table = pa.table({"名称": NAMES, "place": shapely.to_wkb(np.array(SQUARES)).tolist()})
    for column, label in (({"encoding": "WKB", "crs": crs}, "EPSG:4490"), ({"encoding": "WKB"}, "OGC:CRS84")):
        geo = {"version": "1.1.0", "primary_column": "place", "columns": {"place": column}}
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "units.parquet")
        read = read_vectors(tmp_path / "units.parquet")

        assert same_squares(read)
        assert read.columns.column_names == ["名称"]
        assert read.crs.startswith(label)


@pytest.mark.parametrize(
    "geo",
    [
        None,
        "{",
        "[]",
        '{"primary_column": "g", "columns": {}}',
        '{"primary_column": "g", "columns": {"g": {"encoding": "point"}}}',
    ],
)
def test_parquet_without_sound_geometry_metadata_is_refused(tmp_path, geo):
    """Plain Parquet, broken metadata, a missing column, another encoding than WKB."""
    table = pa.table({"g": [b""]}).replace_schema_metadata(None if geo is None else {"geo": geo})
    pq.write_table(table, tmp_path / "a.parquet")

    assert "expected" in refusal(tmp_path / "a.parquet").message


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    """No such path."""
    with pytest.raises(NotFoundError):
        read_vectors(tmp_path / "nowhere.shp")


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson", "a.parquet", "a.zip", "a.tif", "a"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\0" * 2000])
def test_an_empty_or_foreign_file_is_refused(tmp_path, name, content):
    """Whatever its name says."""
    (tmp_path / name).write_bytes(content)

    assert isinstance(refusal(tmp_path / name), InputError)


def test_a_folder_that_is_no_filegdb_is_refused(tmp_path):
    """A folder must end in .gdb and be one."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps.gdb").mkdir()

    assert "got a folder" in refusal(tmp_path / "maps").message
    assert "FileGDB" in refusal(tmp_path / "maps.gdb").message


def test_a_layer_without_features_is_refused(tmp_path):
    """An empty map says nothing; it is more likely a copy that failed."""
    assert "empty layer" in refusal(geojson(tmp_path)).message


def test_a_layer_may_be_empty_where_that_is_meant(tmp_path):
    """Of some things a place has none, and a map that says so is no failed copy."""
    table = read_vectors(geojson(tmp_path), may_be_empty=True)

    assert (len(table.rows), len(table.geometry)) == (0, 0)


def test_a_cut_filegdb_is_refused(tmp_path):
    """GDAL would read on with the rows that are left; the table's head says how many there were."""
    path = save(tmp_path / "a.gdb", driver="OpenFileGDB")
    table = max(path.glob("*.gdbtable"))
    table.write_bytes(table.read_bytes()[:-100])

    assert "expected 2 features" in refusal(path).message


@pytest.mark.parametrize("name", ["units.gpkg", "units.gdb"])
def test_of_several_layers_one_must_be_named(tmp_path, name):
    """The message lists them; a wrong name likewise."""
    path, driver = tmp_path / name, "OpenFileGDB" if name.endswith("gdb") else None
    save(path, layer="管控单元", driver=driver)
    save(path, SQUARES[:1], layer="redline", driver=driver, append=True)

    assert "'redline', '管控单元'" in refusal(path).message
    assert "'redline', '管控单元'" in refusal(path, layer="other").message
    assert same_squares(read_vectors(path, layer="管控单元"))


def test_a_table_without_geometry_is_no_layer(tmp_path):
    """Only the layer with shapes is offered."""
    path = save(tmp_path / "a.gpkg", layer="units")
    write(path, None, [np.array([1.0])], np.array(["n"]), layer="list", append=True, geometry_type=None, crs=None)

    assert same_squares(read_vectors(path))


# --- columns -----------------------------------------------------------------------------------------------------


def test_names_and_texts_are_trimmed_and_days_are_text(tmp_path):
    """Outer blanks go, inner ones stay; a day is ISO text, a moment keeps its time, which is UTC in a GeoPackage."""
    columns = {
        " 空间布局约束\n": ["  a  b ", None],
        "n": np.array([1.5, np.nan]),
        "k": np.array([1, 2], dtype="int32"),
        "day": np.array(["2024-03-06", "NaT"], dtype="datetime64[D]"),
        "moment": np.array(["2024-03-06T10:30:00", "2024-03-06T00:00:00"], dtype="datetime64[ms]"),
    }
    table = read_vectors(save(tmp_path / "a.gpkg", columns=columns))

    assert table.columns.to_pylist() == [
        {"空间布局约束": "a  b", "n": 1.5, "k": 1, "day": "2024-03-06", "moment": "2024-03-06T10:30:00+00:00"},
        {"空间布局约束": None, "n": None, "k": 2, "day": None, "moment": "2024-03-06T00:00:00+00:00"},
    ]


def test_columns_that_are_one_when_trimmed_are_refused(tmp_path):
    """Which of the two would be meant is not guessed."""
    error = refusal(save(tmp_path / "a.gpkg", columns={"code": ["a", "b"], "code ": ["c", "d"]}))

    assert error.where.field == "code"


def test_geojson_properties_keep_their_kind(tmp_path):
    """Numbers stay numbers, mixtures become text as written, missing ones are null, nested ones are JSON."""
    rows = [{"i": 1, "f": 1, "t": "0.125", "b": True, "o": {"a": [1]}}, {"i": None, "f": 2.5, "t": 0.25, "b": None}]
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(square)}
        for row, square in zip(rows, SQUARES, strict=True)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8-sig")

    assert read_vectors(path).columns.to_pylist() == [
        {"i": 1, "f": 1.0, "t": "0.125", "b": True, "o": '{"a": [1]}'},
        {"i": None, "f": 2.5, "t": "0.25", "b": None, "o": None},
    ]


# --- archives ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_archive_with_chinese_names_is_read(tmp_path, encoding):
    """Names in GBK or UTF-8 without a flag, in a folder; nothing is left behind."""
    parts = members(shapefile(tmp_path), "管控单元/单元")
    table = read_vectors(packed(tmp_path / "a.zip", {**parts, "__MACOSX/._单元.shp": b"x"}, encoding=encoding))

    assert same_squares(table)


def test_of_several_maps_in_an_archive_one_must_be_named(tmp_path):
    """By its name without ending, or by its whole path."""
    path = shapefile(tmp_path)
    archive = packed(tmp_path / "a.zip", {**members(path, "单元"), **members(path, "要素/水")}, encoding="gb18030")

    assert "'单元.shp', '要素/水.shp'" in refusal(archive).message
    assert same_squares(read_vectors(archive, layer="水"))
    assert same_squares(read_vectors(archive, layer="单元.shp"))


@pytest.mark.parametrize("name", ["a.gpkg", "a.gdb", "a.geojson"])
def test_other_kinds_are_read_from_archives(tmp_path, name):
    """A GeoPackage, a FileGDB folder and GeoJSON, zipped."""
    path = save(tmp_path / name, driver="OpenFileGDB" if name.endswith("gdb") else None)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    archive = packed(tmp_path / "a.zip", {f"data/{part.relative_to(tmp_path)}": part.read_bytes() for part in files})

    assert same_squares(read_vectors(archive))


def test_archives_that_hold_no_map_or_are_damaged_are_refused(tmp_path):
    """No map inside, a missing part inside, a cut archive, a member whose bytes were changed."""
    parts = members(shapefile(tmp_path), "units")
    good = packed(tmp_path / "good.zip", parts).read_bytes()
    (tmp_path / "cut.zip").write_bytes(good[: len(good) // 2])
    place = good.index(parts["units.dbf"])
    (tmp_path / "flipped.zip").write_bytes(good[:place] + b"\xff" + good[place + 1 :])

    assert "got none" in refusal(packed(tmp_path / "a.zip", {"readme.txt": b""})).message
    assert (
        "units.shx" in refusal(packed(tmp_path / "b.zip", {k: v for k, v in parts.items() if "shx" not in k})).message
    )
    assert "cut, damaged" in refusal(tmp_path / "cut.zip").message
    assert "cut, damaged" in refusal(tmp_path / "flipped.zip").message


def test_no_member_reaches_outside(tmp_path):
    """Names that climb are unpacked under a name of our own."""
    folder = tmp_path / "inner" / "folder"
    folder.mkdir(parents=True)
    archive = packed(folder / "a.zip", members(shapefile(folder), "../../escaped"))

    assert same_squares(read_vectors(archive))
    assert not list(tmp_path.rglob("escaped*"))


# --- limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["max_file_bytes", "max_features", "max_vertices"])
@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson"])
def test_every_limit_is_named_when_it_is_met(tmp_path, limit, name):
    """Two squares are more than one feature, one vertex, one byte."""
    path = save(tmp_path / name)
    with pytest.raises(LimitError, match=limit):
        read_vectors(path, limits=Limits(**{limit: 1}))


def test_what_an_archive_unpacks_to_is_limited(tmp_path):
    """What its directory states is held against the limit before anything is unpacked."""
    archive = packed(tmp_path / "a.zip", members(shapefile(tmp_path), "units"))

    with pytest.raises(LimitError, match="max_zip_bytes"):
        read_vectors(archive, limits=Limits(max_zip_bytes=300))


# --- reference systems -------------------------------------------------------------------------------------------


def test_without_a_system_the_schemes_is_assumed_and_reported(tmp_path):
    """No .prj: refused without, read with the scheme's."""
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    table = read_vectors(path, crs="EPSG:4490")

    assert refusal(path).where.field == "crs"
    assert table.crs == "EPSG:4490 (from the scheme)"
    assert kinds(table) == ["crs_assumed"]


@pytest.mark.parametrize("name", ["a.gpkg", "a.gdb"])
def test_a_database_with_an_undefined_system_names_none(tmp_path, name):
    """What GeoPackage calls undefined is no statement."""
    path = save(tmp_path / name, crs=None, driver="OpenFileGDB" if name.endswith("gdb") else None)

    assert refusal(path).where.field == "crs"
    assert kinds(read_vectors(path, crs="EPSG:4490")) == ["crs_assumed"]


def test_file_and_scheme_must_agree_on_the_place(tmp_path):
    """WGS 84 against CGCS2000 is one place; against a belt or GCJ-02 it is refused with both named, or forced."""
    path = shapefile(tmp_path, crs="EPSG:4326")
    error = refusal(path, crs="GCJ-02")
    forced = read_vectors(path, crs="force:GCJ-02")

    assert same_squares(read_vectors(path, crs="EPSG:4490"))
    assert "EPSG:4326" in error.message
    assert "GCJ-02" in error.message
    assert forced.crs == "GCJ-02 (forced by the scheme)"
    assert 300 < 111_000 * abs(forced.geometry[0].bounds[0] - 106) < 600  # the offset there is some 400 m


@pytest.mark.parametrize("code", ["EPSG:4545", "EPSG:4524", "EPSG:4507", "EPSG:32648"])
@pytest.mark.parametrize("ending", ["shp", "gpkg", "gdb", "geojson"])
def test_plane_coordinates_become_degrees(tmp_path, code, ending):
    """Belts with and without zone numbers and UTM, corners to a millimetre; edges stay straight where they were drawn."""
    there = pyproj.Transformer.from_crs(pyproj.CRS(code).geodetic_crs, code, always_xy=True)
    planes = [shapely.transform(square, lambda xy: np.stack(there.transform(*xy.T), 1)) for square in SQUARES]
    path = tmp_path / f"a.{ending}"
    if ending == "geojson":
        crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{code.replace(':', '::')}"}}
        geojson(tmp_path, *planes, name="a.geojson", crs=crs)
    else:
        save(path, planes, crs=code, driver="OpenFileGDB" if ending == "gdb" else None)
    table = read_vectors(path)

    assert table.crs == f"{code} (from the file)"
    for shape, square in zip(table.geometry, SQUARES, strict=True):
        corners = shapely.points(square.exterior.coords)
        assert shapely.distance(shape.boundary, corners).max() < 1e-8
        assert shape.hausdorff_distance(square) < 2e-5


def test_old_datums_are_refused_or_shifted(tmp_path):
    """Beijing 1954 in the .prj: a reason without parameters, a finding with them."""
    path = shapefile(tmp_path, crs="EPSG:4214")
    table = read_vectors(path, shift=(15.8, -154.4, -82.3))

    assert "Beijing 1954" in refusal(path).message
    assert kinds(table) == ["datum_shift"]
    assert 1e-4 < table.geometry[0].hausdorff_distance(SQUARES[0]) < 2e-3


@pytest.mark.parametrize(
    ("shape", "crs", "words"),
    [
        (shapely.Point(29.5, 106.5), "EPSG:4490", "latitude and longitude look exchanged"),
        (shapely.Point(40.0, 80.0), "EPSG:4490", "latitude and longitude look exchanged"),
        (shapely.Point(354_600, 3_264_000), "EPSG:4490", "metres, not degrees"),
        (shapely.Point(2.35, 48.85), "EPSG:4490", "outside the area of use"),
        (shapely.Point(3_264_000, 354_600), "EPSG:4545", "easting and northing look exchanged"),
        (
            shapely.Point(36_354_600, 3_264_000),
            "EPSG:4545",
            "eastings begin with a zone number that should not be there",
        ),
        (shapely.Point(354_600, 3_264_000), "EPSG:4524", "eastings lack the number of the zone"),
        (shapely.Point(106.5, 29.5), "EPSG:4545", "degrees, not metres"),
        (shapely.Point(1e30, 1e30), "EPSG:4545", "outside the area of use"),
    ],
)
def test_misplaced_coordinates_are_refused_with_what_they_show(tmp_path, shape, crs, words):
    """Every row is listed with the likely mistake."""
    error = refusal(save(tmp_path / "a.gpkg", [shape, shape], crs=crs))

    assert f"row 2: {words}" in error.message


def test_bounds_find_exchanged_coordinates_of_any_country(tmp_path):
    """WGS 84 reaches everywhere, so the scheme's bounds decide."""
    path = geojson(tmp_path, shapely.Point(44.5, -72.6))

    assert "exchanged" in refusal(path, bounds=(-73.5, 42.7, -71.4, 45.1)).message


def test_geojson_in_metres_without_a_system_is_refused(tmp_path):
    """The format's own default is degrees."""
    assert "metres, not degrees" in refusal(geojson(tmp_path, shapely.Point(354_600, 3_264_000))).message


# --- defects -----------------------------------------------------------------------------------------------------


def unclosed_blob(shape: shapely.Polygon) -> bytes:
    """Return WKB whose ring lacks its last position."""
    points = shapely.get_coordinates(shape)[:-1]
    return struct.pack("<BIII", 1, 3, 1, len(points)) + points.astype("<f8").tobytes()


def test_unclosed_rings_of_geojson_are_closed_and_reported(tmp_path):
    """One finding names the rows."""
    table = read_vectors(
        geojson(
            tmp_path,
            SQUARES[0],
            {"type": "Polygon", "coordinates": [[[106.1, 29], [106.2, 29], [106.2, 29.1], [106.1, 29.1]]]},
        )
    )

    assert same_squares(table)
    assert [(finding.kind, finding.where.row) for finding in table.findings] == [("ring_unclosed", 2)]


def test_unclosed_rings_of_geopackages_are_closed_and_reported(tmp_path):
    """WKB in the file as it should not be."""
    path = save(tmp_path / "a.gpkg", layer="a")
    with sqlite3.connect(path) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        head = b"GP\0\1" + struct.pack("<i", 4490)
        base.execute("UPDATE a SET geom = ? WHERE fid = 2", (head + unclosed_blob(SQUARES[1]),))
    base.close()
    table = read_vectors(path)

    assert same_squares(table)
    assert [(finding.kind, finding.where.row) for finding in table.findings] == [("ring_unclosed", 2)]
    assert [found.name for found in tmp_path.iterdir()] == ["a.gpkg"]


def test_unclosed_rings_of_geoparquet_are_closed_and_reported(tmp_path):
    """Also within a multipolygon with Z in ISO WKB."""
    points = np.c_[shapely.get_coordinates(SQUARES[1])[:-1], np.zeros(4)]
    polygon = struct.pack("<BIII", 1, 1003, 1, 4) + points.astype("<f8").tobytes()
    multi = struct.pack("<BII", 1, 1006, 1) + polygon
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    table = pa.table({"g": [unclosed_blob(SQUARES[0]), multi]}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "a.parquet")
    read = read_vectors(tmp_path / "a.parquet")

    assert same_squares(read)
    assert kinds(read) == ["ring_unclosed"]


def test_nested_shells_become_holes(tmp_path):
    """As in the zoning atlas of Vermont: a shell within a shell, with both areas reported."""
    shape = shapely.MultiPolygon([shapely.box(106, 29, 106.4, 29.4), shapely.box(106.1, 29.1, 106.3, 29.3)])
    table = read_vectors(geojson(tmp_path, shape))

    assert len(table.geometry[0].interiors) == 1
    assert kinds(table) == ["shell_inside_shell"]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[106, 29], [107, 29]]]},
        {"type": "Polygon", "coordinates": [[106, 29], [107, 29], [107, 30]]},
        {"type": "Point", "coordinates": ["106", "29"]},
        {"type": "Point", "coordinates": [106]},
        {"type": "Point", "coordinates": [float("nan"), 29]},
        {"type": "Point", "coordinates": [float("inf"), 29]},
        {"type": "Circle", "coordinates": [106, 29]},
        {"type": "Point"},
        {},
        {"type": "LineString", "coordinates": [[106, 29]]},
    ],
)
def test_a_feature_without_usable_geometry_is_refused_with_its_row(tmp_path, geometry):
    """Missing, empty, too short, wrongly nested, not numbers, not finite, of no known type."""
    error = refusal(geojson(tmp_path, SQUARES[0], geometry))

    assert error.where.row == 2
    assert "row 2: " in error.message


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "7",
        "null",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": [7]}',
        '{"a": 1}',
        "[" * 100_000,
        '{"type": "FeatureCollection", "features": [{"properties": 7, "geometry": null}]}',
        '{"type": "FeatureCollection", "features": [], "crs": 7}',
    ],
)
def test_json_that_is_no_geojson_is_refused(tmp_path, text):
    """Another document, a broken one, one nested without end."""
    (tmp_path / "a.geojson").write_text(text, encoding="utf-8")

    assert "expected" in refusal(tmp_path / "a.geojson").message


def test_curves_are_drawn_as_short_lines(tmp_path):
    """A circle of radius 0.1 degrees in a GeoPackage has the area π/100, to what the chords lose."""
    path = save(tmp_path / "a.gpkg", layer="a")
    arc = (
        struct.pack("<BII", 1, 8, 5)
        + np.array([[106.0, 29.0], [106.1, 29.1], [106.2, 29.0], [106.1, 28.9], [106.0, 29.0]]).astype("<f8").tobytes()
    )
    curve = struct.pack("<BII", 1, 10, 1) + arc
    with sqlite3.connect(path) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE a SET geom = ? WHERE fid = 2", (b"GP\0\1" + struct.pack("<i", 4490) + curve,))
    base.close()

    assert read_vectors(path).geometry[1].area == pytest.approx(np.pi / 100, rel=2e-3)


def test_long_edges_of_a_belt_stay_where_they_were_drawn(tmp_path):
    """A border 10 km long with a vertex on one side only stays one border: straight in degrees it would be off by 1 m."""
    east, north = 37_470_000, 3_400_000
    halves = [shapely.box(east + at * 5_000, north, east + (at + 1) * 5_000, north + 5_000) for at in (0, 1)]
    above = shapely.box(east, north + 5_000, east + 10_000, north + 10_000)
    columns = {"名称": ["甲", "乙", "丙"]}
    read = read_vectors(save(tmp_path / "units.gpkg", [*halves, above], columns=columns, crs="EPSG:4525")).geometry
    overlaps = shapely.area(shapely.intersection(read[:2], read[2])) * 111_000**2

    assert overlaps.sum() < 10_000 * 0.05
    assert shapely.get_num_coordinates(read).min() > 5


def test_a_number_that_is_none_is_an_empty_cell(tmp_path):
    """NaN in a column of numbers says as little as an empty cell, and is kept as one."""
    path = tmp_path / "a.gpkg"
    shapes = shapely.to_wkb(shapely.points([[106.0, 29.0], [106.1, 29.0]]))
    write(path, shapes, [np.array([np.nan, 2.5])], ["grade"], layer="a", geometry_type="Point", crs="EPSG:4490")
    plain = plain_columns(pa.table({"grade": pa.array([float("nan"), None, 2.5])}), "a.gpkg")

    assert read_vectors(path).columns.column("grade").to_pylist() == [None, 2.5]
    assert plain.column("grade").to_pylist() == [None, None, 2.5]
