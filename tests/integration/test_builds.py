"""A build is whole or not there: killed at any moment, stopped, or fed with bytes that nobody meant."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.maps import members, named, packed, shapefile

KILLS = 10
FUZZ_SECONDS = 8.0
GONE_SECONDS = 20.0


@pytest.fixture(scope="module")
def scheme(example, tmp_path_factory):
    """Return a scheme whose map lies in an archive and whose edition has many layers, so that each phase takes time."""
    folder = example(tmp_path_factory.mktemp("killed") / "scheme")
    inner = shapefile(folder / "inner.shp")
    named(folder, packed(folder / "甲.zip", members(inner, "单元"), encoding="gbk"))
    entry = '\n[[layers]]\nname = "copy{0}"\npath = "units.geojson"\ncolumns = {{ code = "CODE", name = "NAME" }}\n'
    with (folder / "scheme.toml").open("a", encoding="utf-8") as stream:
        stream.write("".join(entry.format(number) for number in range(16)))
    return folder / "scheme.toml"


@pytest.fixture(scope="module")
def duration(scheme, tmp_path_factory, yudi_process):
    """Return how long a whole build takes in a process of its own."""
    folder = tmp_path_factory.mktemp("whole")
    started = time.monotonic()
    done = yudi_process("edition", "build", scheme, "--out", folder / "edition")

    assert done.returncode == 0, done.stderr
    return time.monotonic() - started


def started(scheme: Path, out: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a build with a temporary folder of its own beside the target."""
    environment = {**os.environ, "TMPDIR": str(out.parent / "temporary")}
    command = [sys.executable, "-m", "yudi", "edition", "build", str(scheme), "--out", str(out), *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def settled(folder: Path, expected: set[str]) -> set[str]:
    """Return what lies in a folder once only what is expected does, or after a long wait."""
    end = time.monotonic() + GONE_SECONDS
    while time.monotonic() < end:
        found = {path.name for path in folder.iterdir()} | {
            f"temporary/{path.name}" for path in (folder / "temporary").iterdir()
        }
        if found <= expected:
            return found
        time.sleep(0.05)
    return found


def is_whole(folder: Path) -> bool:
    """Return whether an edition opens and every file is as its manifest says."""
    from yudi.stores.archive import open_edition

    return bool(open_edition(folder).id)


@pytest.mark.parametrize("part", range(2))
def test_a_build_that_is_killed_leaves_nothing(part, scheme, duration, tmp_path):
    """At moments spread over the whole build: no folder or a whole edition, no scratch beside it, none in TMPDIR."""
    (tmp_path / "temporary").mkdir()
    chance = random.Random(2024 + part)
    ends = []
    for number in range(KILLS // 2):
        out = tmp_path / "edition"
        process = started(scheme, out)
        time.sleep(duration * (0.3 + 0.75 * (number + chance.random()) / (KILLS // 2)))
        process.kill()
        process.communicate()
        found = settled(tmp_path, {"temporary", "edition"})

        assert found <= {"temporary", "edition"}
        ends.append("edition" in found)
        if out.exists():
            assert is_whole(out)
            shutil.rmtree(out)


def test_a_build_that_is_killed_while_it_writes_leaves_what_was(scheme, tmp_path, yudi_process, listing):
    """Killed as soon as its scratch folder is seen, and at moments after that: the old edition or the new one, whole."""
    (tmp_path / "temporary").mkdir()
    out = tmp_path / "edition"
    other = scheme.with_name("other.toml")
    other.write_text(scheme.read_text(encoding="utf-8").replace("valid_from = 2024", "valid_from = 2023"), "utf-8")
    assert yudi_process("edition", "build", other, "--out", out).returncode == 0
    before = listing(out)
    chance, kept = random.Random(7), 0
    for number in range(25):
        process = started(scheme, out, "--replace")
        while process.poll() is None and not any(tmp_path.glob(".yudi-*")):
            time.sleep(0.0005)
        time.sleep(number % 3 * 0.008 * chance.random())
        process.kill()
        process.communicate()

        assert settled(tmp_path, {"temporary", "edition"}) == {"temporary", "edition"}
        assert is_whole(out)
        kept += listing(out) == before
        if listing(out) != before:
            assert yudi_process("edition", "build", other, "--out", out, "--replace").returncode == 0
        if number >= 4 and kept > 1:
            break
    assert kept > 1


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_build_that_is_stopped_leaves_nothing(name, scheme, duration, tmp_path):
    """Ctrl-C and a request to end: nothing is left, and Ctrl-C says no more than that it stopped."""
    (tmp_path / "temporary").mkdir()
    for share in (0.6, 0.9):
        process = started(scheme, tmp_path / "edition")
        time.sleep(duration * share)
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=60)
        found = settled(tmp_path, {"temporary", "edition"})

        assert found <= {"temporary", "edition"}
        # Before the command itself begins, Python ends by the signal and says so in its own way.
        assert b"Traceback" not in said or process.returncode == -signal.SIGINT
        if "edition" in found:
            assert is_whole(tmp_path / "edition")
            shutil.rmtree(tmp_path / "edition")


def test_a_parent_folder_is_made_only_with_the_edition(yudi, example, tmp_path, scratch, monkeypatch):
    """A build that fails leaves no folder above the target either; one that succeeds makes them."""
    folder = example(tmp_path / "scheme")
    monkeypatch.chdir(tmp_path)
    good = (folder / "list.csv").read_bytes()
    (folder / "list.csv").write_bytes(b"")
    assert yudi("edition", "build", "scheme/scheme.toml", "--out", "a/b/edition").status == 2
    assert not (tmp_path / "a").exists()
    (folder / "list.csv").write_bytes(good)

    assert yudi("edition", "build", "scheme/scheme.toml", "--out", "a/b/edition").status == 0
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["edition"]


def test_a_damaged_edition_is_mended_by_building_it_again(yudi, example, tmp_path, scratch, monkeypatch, listing):
    """What the refusal advises works: the same build puts the files right, and keeps the record of its end."""
    example(tmp_path / "scheme")
    monkeypatch.chdir(tmp_path)
    build = ("edition", "build", "scheme/scheme.toml", "--out", "edition")
    assert yudi(*build).status == 0
    assert yudi("edition", "end", "edition", "--on", "2027-01-01", "--reason", "superseded").status == 0
    before = listing(tmp_path / "edition")
    (tmp_path / "edition" / "rules.json").write_bytes(b"{}")
    assert yudi("edition", "show", "edition").status == 2

    assert yudi(*build).status == 0
    assert listing(tmp_path / "edition") == before


def test_bytes_that_nobody_meant_give_only_clean_errors(yudi, example, tmp_path, scratch, monkeypatch, listing):
    """Files of a scheme with bytes changed, cut, doubled or swapped: a build or an error of the one shape, nothing left."""
    folder = example(tmp_path / "scheme")
    monkeypatch.chdir(folder)
    files = ["scheme.toml", "list.csv", "formalised.yaml", "units.geojson", "shorelines.geojson"]
    files += [f"pack/{name}" for name in ("pack.toml", "clauses.yaml", "terms.yaml", "facts.yaml", "documents.yaml")]
    plain = {name: (folder / name).read_bytes() for name in files}
    before = listing(tmp_path)
    chance, end, built, refused = random.Random(4490), time.monotonic() + FUZZ_SECONDS, 0, 0
    while time.monotonic() < end:
        name = chance.choice(files)
        (folder / name).write_bytes(mutated(plain[name], chance))
        ran = yudi("edition", "build", "scheme.toml", "--out", "../edition", "--json")
        if ran.status == 0:
            built += 1
            shutil.rmtree(tmp_path / "edition")
        else:
            refused += 1
            assert ran.status in (2, 3, 4), (name, ran.err, (folder / name).read_bytes())
            assert ran.error["hint"], ran.err
        (folder / name).write_bytes(plain[name])
        assert listing(tmp_path) == before
    assert built > 0
    assert refused > 0


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with one to four accidents."""
    raw = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(raw) or 1), chance.randint(1, 12)
        kind = chance.randrange(6)
        if kind == 0:
            raw[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del raw[place : place + length]
        elif kind == 2:
            raw[place:place] = raw[place : place + length]
        elif kind == 3:
            raw[place:place] = chance.choice([b"\x00", b"\xff", b"9" * 40, b"{", b"]", b'"', b"-", b"\n", b"*", b"&a "])
        elif kind == 4:
            other = chance.randrange(len(raw) or 1)
            raw[place : place + 4], raw[other : other + 4] = raw[other : other + 4], raw[place : place + 4]
        else:
            del raw[place:]
    return bytes(raw)


def test_what_a_build_noticed_is_said_in_the_language_asked(yudi, tmp_path):
    """In Chinese no English sentence is left; the edition is the same, and shows the same when it is opened."""
    from support.lists import EAST, scheme, wide

    path = scheme(tmp_path, wide({EAST: ["禁止采砂"], "ZH99999910001": ["禁止采砂"]}))
    zh = yudi("edition", "build", path, "--out", tmp_path / "zh", "--lang", "zh")
    en = yudi("edition", "build", path, "--out", tmp_path / "en", "--lang", "en")
    shown = yudi("edition", "show", tmp_path / "zh", "--lang", "zh").out

    assert zh.out == en.out
    assert "图上没有“ZH99999910001”，其条文不适用于任何地方" in zh.err
    assert "图上没有“ZH99999910001”，其条文不适用于任何地方" in shown
    assert "its items speak nowhere" in en.err
    assert not re.search("[a-z]+ [a-z]+", zh.err.replace(str(tmp_path), ""))
