"""The same input gives the same bytes: whatever the folder, time zone, language, hash seed, file times and umask."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from support.maps import members, named, packed, shapefile

SURROUNDINGS = {
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "a fixed hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "4490"},
    "the bare locale": {"LC_ALL": "C", "LANG": "C"},
    "another language": {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh"},
}


@pytest.fixture(scope="module")
def source(example, tmp_path_factory):
    """Return the example's scheme with its map in an archive with names in GBK."""
    folder = example(tmp_path_factory.mktemp("first") / "scheme")
    path = shapefile(folder / "inner.shp")
    named(folder, packed(folder / "单元.zip", members(path, "管控单元"), encoding="gbk"))
    for part in members(path, "inner"):
        (folder / part).unlink()
    return folder


@pytest.fixture(scope="module")
def plain(source, tmp_path_factory, yudi_process, listing):
    """Return the listing of its edition, and what the build printed."""
    folder = tmp_path_factory.mktemp("plain")
    done = yudi_process("edition", "build", source / "scheme.toml", "--out", folder / "edition")

    assert done.returncode == 0, done.stderr
    return listing(folder / "edition"), done.stdout


def test_the_printed_id_is_the_one_of_the_manifest(plain, source, tmp_path, yudi):
    """It is the only thing on standard output, and `edition show` says the same."""
    ran = yudi("edition", "build", source / "scheme.toml", "--out", tmp_path / "edition")
    manifest = json.loads((tmp_path / "edition" / "manifest.json").read_text(encoding="utf-8"))

    assert ran.out == f"{manifest['id']}\n"
    assert ran.out.encode() == plain[1]
    assert yudi("edition", "show", tmp_path / "edition", "--json").data["id"] == manifest["id"]


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_surroundings_change_nothing(name, source, plain, tmp_path, yudi_process, listing):
    """Every file of the edition has the same bytes, and the same id is printed."""
    environment = {**os.environ, **SURROUNDINGS[name]}
    done = yudi_process("edition", "build", source / "scheme.toml", "--out", tmp_path / "edition", env=environment)

    assert done.returncode == 0, done.stderr
    assert listing(tmp_path / "edition") == plain[0]
    assert done.stdout == plain[1]


@pytest.mark.needs_locale("zh_CN.GBK")
def test_a_chinese_locale_that_is_not_utf_8_changes_nothing(source, tmp_path, yudi_process, listing):
    """Under zh_CN.GBK, with Python's own switch to UTF-8 off; names on disk are ASCII, as no locale may differ there."""
    shutil.copytree(source, tmp_path / "scheme")
    (tmp_path / "scheme" / "单元.zip").rename(tmp_path / "scheme" / "units.zip")
    scheme = tmp_path / "scheme" / "scheme.toml"
    scheme.write_text(scheme.read_text(encoding="utf-8").replace("单元.zip", "units.zip"), encoding="utf-8")
    said = []
    for name in ("C.UTF-8", "zh_CN.GBK"):
        environment = {**os.environ, "LC_ALL": name, "PYTHONUTF8": "0"}
        done = yudi_process("edition", "build", scheme, "--out", tmp_path / name, env=environment)

        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert listing(tmp_path / "C.UTF-8") == listing(tmp_path / "zh_CN.GBK")
    assert said[0] == said[1]


def test_place_order_times_and_rights_of_files_change_nothing(source, plain, tmp_path, yudi, listing, monkeypatch):
    """A copy in another folder, made in another order, with other file times, read by relative paths, another umask."""
    copy = tmp_path / "方案 两" / "deep"
    for path in sorted(source.rglob("*"), reverse=True):
        if path.is_file():
            target = copy / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            os.utime(target, (1_000_000_000, 1_000_000_000))
    monkeypatch.chdir(copy.parent)
    mask = os.umask(0o077)
    try:
        ran = yudi("edition", "build", Path("deep") / "scheme.toml", "--out", "out")
    finally:
        os.umask(mask)

    assert ran.status == 0, ran.err
    assert listing(copy.parent / "out") == plain[0]


def test_a_build_onto_itself_does_nothing(source, plain, tmp_path, yudi, listing):
    """The folder is not touched, not even its times, and the id is printed again."""
    first = yudi("edition", "build", source / "scheme.toml", "--out", tmp_path / "edition")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "edition").rglob("*")}
    inode = (tmp_path / "edition").stat().st_ino
    again = yudi("edition", "build", source / "scheme.toml", "--out", tmp_path / "edition")

    assert (first.status, again.status, again.out) == (0, 0, first.out)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "edition").rglob("*")} == before
    assert (tmp_path / "edition").stat().st_ino == inode


def test_answers_and_tables_of_verdicts_are_the_same_bytes_too(source, tmp_path, yudi_process):
    """Two runs under other hash seeds and time zones print and write the same."""
    (tmp_path / "p.csv").write_text("id,lon,lat,industry\na,107.4,29.68,C2614\nb,107.5,29.68,I6513\n", encoding="utf-8")
    assert yudi_process("edition", "build", source / "scheme.toml", "--out", tmp_path / "edition").returncode == 0
    seen = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        words = ("screen", "p.csv", "--edition", "edition", "--as-of", "2026-11-24")
        said = yudi_process(*words, "--json", env=environment, cwd=tmp_path).stdout
        files = [tmp_path / f"{seed}{ending}" for ending in (".xlsx", ".parquet")]
        for path in files:
            assert yudi_process(*words, "--out", path, env=environment, cwd=tmp_path).returncode == 0
        seen.append([said, *(path.read_bytes() for path in files)])

    assert seen[0] == seen[1]
