"""Shapefiles with their faults: encodings that lie, parts that are missing or cut, shapes that are not there."""

from __future__ import annotations

import shutil
import struct
import warnings
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from yudi.core.errors import InputError
from yudi.formats.vectors import read_vectors

NAMES = ["重庆市涪陵区", "优先保护单元"]
SQUARES = [shapely.box(106.0, 29.0, 106.1, 29.1), shapely.box(106.1, 29.0, 106.2, 29.1)]


def shapefile(
    folder: Path, stem: str = "units", *, encoding: str = "GBK", cpg: str = "", shapes=SQUARES, columns=None
) -> Path:
    """Write a Shapefile in EPSG:4490; cpg is the text of its .cpg file, nothing for none."""
    path = folder / f"{stem}.shp"
    columns = {"名称": NAMES[: len(shapes)]} if columns is None else columns
    values = [np.array(column, dtype=object) for column in columns.values()]
    blobs = shapely.to_wkb(np.array(shapes, dtype=object))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write(path, blobs, values, np.array(list(columns)), geometry_type="Polygon", crs="EPSG:4490", encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def refusal(path: Path, **options) -> InputError:
    """Return the error with which a file is refused; it names the file and a next step."""
    with pytest.raises(InputError) as caught:
        read_vectors(path, **options)
    assert caught.value.hint
    assert caught.value.where.file == path.name
    return caught.value


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("cpg", ["", "UTF-8", "GBK", "936", "ISO-8859-1", "ANSI 1252", "OEM", "65001", "???"])
def test_the_bytes_decide_the_encoding(tmp_path, encoding, cpg):
    """A .cpg that is right, absent, unknown or lying: field name and text come out right, a lie is reported."""
    table = read_vectors(shapefile(tmp_path, encoding=encoding, cpg=cpg))
    truth = {"GBK": {"GBK", "936"}, "UTF-8": {"UTF-8", "65001"}}[encoding] | {"", "OEM", "???"}

    assert table.columns.to_pylist() == [{"名称": name} for name in NAMES]
    assert table.encoding == {"GBK": "GB18030", "UTF-8": "UTF-8"}[encoding]
    assert [finding.kind for finding in table.findings] == ([] if cpg in truth else ["encoding_lies"])


def test_a_declared_encoding_is_used_where_the_bytes_leave_it_open(tmp_path):
    """Big5 text decodes as GB 18030 too, into other characters; the scheme knows better."""
    path = shapefile(tmp_path, encoding="GBK", columns={"name": ["xxxx", "yyyy"]})
    raw = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(raw.replace(b"xxxx", "臺灣".encode("big5")))

    assert read_vectors(path, encoding="big5").columns["name"].to_pylist() == ["臺灣", "yyyy"]


def test_western_text_stays_western(tmp_path):
    """Latin letters with accents, declared as such, are not taken for Chinese."""
    path = shapefile(tmp_path, encoding="ISO-8859-1", cpg="ISO-8859-1", columns={"name": ["Montpélier", "Orléans"]})

    assert read_vectors(path).columns["name"].to_pylist() == ["Montpélier", "Orléans"]


@pytest.mark.parametrize(("encoding", "cut"), [("UTF-8", "重庆市".encode()[:8]), ("GBK", "重庆市".encode("gbk")[:5])])
def test_a_character_cut_at_the_fields_width_is_left_out(tmp_path, encoding, cut):
    """Old programs cut by bytes; the rest of the text is sound."""
    columns = {"name": ["x" * len(cut), "y" * len(cut)]}
    path = shapefile(tmp_path, columns=columns)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    raw = raw.replace(b"x" * len(cut), cut)
    start, width = struct.unpack("<HH", raw[8:12])
    raw[32 + 16] = len(cut)  # the field's width, so that the text fills it
    rows = b"".join(raw[start + i * width :][: 1 + len(cut)] for i in range(2))
    raw[10:12] = struct.pack("<H", 1 + len(cut))
    dbf.write_bytes(bytes(raw[:start]) + rows + b"\x1a")

    assert read_vectors(path).columns["name"].to_pylist() == ["重庆", "y" * len(cut)], encoding


def test_bytes_of_no_encoding_are_refused_with_field_and_row(tmp_path):
    """Neither UTF-8 nor GB 18030 nor what is declared: the place is named."""
    path = shapefile(tmp_path, columns={"name": ["aaaa", "xxxx"]})
    raw = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(raw.replace(b"xxxx", b"\x81\x20\xff\xff"))
    error = refusal(path)

    assert (error.where.row, error.where.field) == (2, "name")
    assert "81" in error.message


def test_one_broken_value_does_not_turn_all_text_into_another_encoding(tmp_path):
    """Text that is UTF-8 but for one value would decode as GB 18030, into nonsense; the value is refused instead."""
    path = shapefile(
        tmp_path, encoding="UTF-8", shapes=[*SQUARES, *SQUARES], columns={"name": ["重庆", "涪陵", "万州", "xxxxxx"]}
    )
    raw = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(raw.replace(b"xxxxxx", b"\xe9\xbb\xff" + "江".encode()))
    error = refusal(path)

    assert (error.where.row, error.where.field) == (4, "name")


def test_companions_of_the_same_case_come_first(tmp_path):
    """Where a folder holds two sets that differ in case only, each keeps its own parts."""
    path, other = shapefile(tmp_path), shapefile(tmp_path, "UNITS", shapes=SQUARES[:1])

    assert len(read_vectors(path).rows) == 2
    assert len(read_vectors(other).rows) == 1


def test_an_unknown_declared_encoding_is_refused(tmp_path):
    """A scheme's mistake is not passed over."""
    assert "encoding" in refusal(shapefile(tmp_path), encoding="klingon").message


@pytest.mark.parametrize("part", ["shx", "dbf"])
def test_a_missing_part_is_named(tmp_path, part):
    """A Shapefile is a set of files."""
    path = shapefile(tmp_path)
    path.with_suffix(f".{part}").unlink()

    assert f"expected units.{part} beside it, got none" in refusal(path).message


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
@pytest.mark.parametrize("keep", [0, 20, 101, -9])
def test_a_cut_part_is_refused(tmp_path, part, keep):
    """Empty, without its head, or without its end."""
    path = shapefile(tmp_path)
    raw = path.with_suffix(f".{part}").read_bytes()
    path.with_suffix(f".{part}").write_bytes(raw[:keep])

    assert isinstance(refusal(path), InputError)


def test_rows_and_shapes_must_be_as_many(tmp_path):
    """A .dbf of another layer is noticed by its count."""
    path, other = shapefile(tmp_path), shapefile(tmp_path, "other", shapes=SQUARES[:1])
    shutil.copy(other.with_suffix(".dbf"), path.with_suffix(".dbf"))

    assert "1 rows, but there are 2 shapes" in refusal(path).message


def test_unclosed_rings_of_shapefiles_are_closed_and_reported(tmp_path):
    """The last position of the first ring is moved away from the first."""
    path = shapefile(tmp_path)
    raw = bytearray(path.read_bytes())
    last = 100 + 8 + 44 + 4 + 4 * 16
    raw[last : last + 16] = struct.pack("<dd", 106.05, 29.02)
    path.write_bytes(raw)
    table = read_vectors(path)

    assert [finding.kind for finding in table.findings] == ["ring_unclosed"]
    assert shapely.is_valid(table.geometry).all()


def test_null_shapes_of_a_shapefile_are_refused_with_their_rows(tmp_path):
    """A row of the table without a shape."""
    assert "row 2: no geometry" in refusal(shapefile(tmp_path, shapes=[SQUARES[0], None])).message


def test_a_deleted_row_of_a_shapefile_keeps_the_numbers_of_the_others(tmp_path):
    """Features are numbered as they stand in the file."""
    path = shapefile(tmp_path)
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    raw[struct.unpack("<H", raw[8:10])[0]] = ord("*")
    path.with_suffix(".dbf").write_bytes(raw)

    assert read_vectors(path).rows.tolist() == [2]
