"""What lies in a folder, by names and the heads of files."""

from __future__ import annotations

import pytest

from yudi.core.errors import InputError, NotFoundError
from yudi.formats.recognition.folders import LookLimits, files_of


def kinds(folder, **limits):
    """Return the kind of each file below a folder."""
    return {item.name: item.kind for item in files_of(folder, LookLimits(**limits))}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.gpkg", "map"),
        ("a.SHP", "map"),
        ("a.kml", "map"),
        ("a.xlsx", "sheet"),
        ("a.csv", "sheet"),
        ("a.yaml", "rules"),
        ("scheme.toml", "scheme"),
        ("a.qgz", "project"),
        ("a.docx", "document"),
        ("a.jpg", "picture"),
        ("~$a.xlsx", "junk"),
        (".~lock.a.csv#", "junk"),
        ("Thumbs.db", "junk"),
        ("a.gpkg-wal", "junk"),
        ("a.json", "other"),
        ("a.bin", "other"),
        ("无名", "other"),
    ],
)
def test_names_tell_kinds(tmp_path, name, kind):
    """Maps, sheets, rules, map projects, documents and what programs leave behind are told by their names."""
    (tmp_path / name).write_bytes(b"x")

    assert kinds(tmp_path) == {name: kind}


def test_a_json_is_a_map_if_it_has_features(tmp_path):
    """A GeoJSON is a map under any of its endings; a project that asks is none."""
    (tmp_path / "map.json").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    (tmp_path / "ask.json").write_text('{"geometry": {"type": "Point"}, "facts": {}}', encoding="utf-8")

    assert kinds(tmp_path) == {"ask.json": "other", "map.json": "map"}


def test_companions_of_a_shapefile_are_one_with_it(tmp_path):
    """Parts are not listed, whatever the case of their endings; a table whose Shapefile is away is, with the problem."""
    for name in ("a.shp", "a.DBF", "a.shx", "a.prj", "a.cpg", "a.shp.xml", "b.dbf", "b.prj"):
        (tmp_path / name).write_bytes(b"x")
    found = {item.name: (item.kind, bool(item.problem)) for item in files_of(tmp_path, LookLimits())}

    assert found == {"a.shp": ("map", False), "b.dbf": ("map", True), "b.prj": ("other", False)}


def test_folders_that_are_one_thing_are_not_entered(tmp_path):
    """A FileGDB, a pack and an edition are one each; hidden folders are passed over."""
    for name in (
        "a.gdb/t.gdbtable",
        "rules/pack.toml",
        "edition/manifest.json",
        "edition/layers/x.parquet",
        ".git/a.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    assert kinds(tmp_path) == {"a.gdb": "map", "edition": "edition", "rules": "pack"}


def test_links_to_folders_are_said_and_not_followed(tmp_path):
    """A link that leads round in a circle ends the walk nowhere."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)

    assert kinds(tmp_path) == {"a/up": "beyond"}


def test_limits_are_said(tmp_path):
    """What lies beyond the number of files, or too deep, is named."""
    for name in ("a.csv", "b.csv", "c/d/e.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    assert kinds(tmp_path, depth=1)["c/d"] == "beyond"
    assert kinds(tmp_path, files=1) == {"a.csv": "sheet", "b.csv": "beyond"}


def test_what_is_no_folder_is_refused(tmp_path):
    """A folder that is away is not found; a file is wrong input."""
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(NotFoundError):
        files_of(tmp_path / "b", LookLimits())
    with pytest.raises(InputError):
        files_of(tmp_path / "a", LookLimits())


def test_an_empty_folder_has_nothing(tmp_path):
    """Nothing lies in an empty folder."""
    assert files_of(tmp_path, LookLimits()) == []
