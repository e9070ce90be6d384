"""Wrong calls and spoilt editions: exit status, message, next step, and every folder as it was."""

from __future__ import annotations

import json
import shutil

import pytest


@pytest.fixture(scope="module")
def built(example, tmp_path_factory):
    """Return a folder with the example's scheme, its edition and a project; not to be changed."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    folder = tmp_path_factory.mktemp("built")
    write_edition(compiled(read_scheme(example(folder / "scheme") / "scheme.toml")), folder / "edition")
    project = {"geometry": {"type": "Point", "coordinates": [107.4, 29.68]}, "facts": {"industry": "C2614"}}
    (folder / "p.json").write_text(json.dumps(project), encoding="utf-8")
    return folder


@pytest.fixture
def place(built, tmp_path, monkeypatch):
    """Return a copy of it, as the folder in which the command runs."""
    shutil.copytree(built, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


SCREEN = ("screen", "p.json", "--edition", "edition")
BUILD = ("edition", "build", "scheme/scheme.toml", "--out")
CALLS = {
    "no such command": (("edit",), 2, "No such command 'edit'", "--help"),
    "no such command of a group": (("edition", "make"), 2, "No such command 'make'", "yudi edition --help"),
    "no such option": ((*SCREEN, "--asof", "2024-01-01"), 2, "--as-of", "yudi screen --help"),
    "no edition named": (("screen", "p.json"), 2, "Missing option '--edition'", "yudi screen --help"),
    "no project named": (("screen", "--edition", "edition"), 2, "Missing argument 'PROJECT…'", "yudi screen --help"),
    "no folder to write": (("edition", "build", "scheme/scheme.toml"), 2, "Missing option '--out'", "--help"),
    "a day in words": ((*SCREEN, "--as-of", "today"), 2, "expected a day, got 'today'", "write YYYY-MM-DD"),
    "a day that is none": ((*SCREEN, "--as-of", "2024-02-30"), 2, "expected a day, got '2024-02-30'", "YYYY-MM-DD"),
    "a day in one go": ((*SCREEN, "--as-of", "20240101"), 2, "expected a day, got '20240101'", "YYYY-MM-DD"),
    "a language": ((*SCREEN, "--lang", "fr"), 2, "unknown language 'fr'", "zh or en"),
    "an ending": ((*SCREEN, "--out", "r.docx"), 2, "cannot write .docx", ".geojson, .xlsx, .csv, .parquet"),
    "a folder with other things": (
        (*SCREEN, "--out", "edition/layers/"),
        2,
        "holds something that no screening",
        "empty",
    ),
    "a file as folder": ((*SCREEN, "--out", "p.json/r.csv"), 2, "expected a place to write to", "check the folder"),
    "no project file": (("screen", "q.json", "--edition", "edition"), 3, "no such project file", "check the path"),
    "a folder as project": (("screen", "edition", "--edition", "edition"), 3, "no such project file", "check the path"),
    "no edition there": (("screen", "p.json", "--edition", "nowhere"), 3, "no edition is here", "yudi edition build"),
    "a scheme as edition": (("screen", "p.json", "--edition", "scheme"), 3, "no edition is here", "yudi edition build"),
    "no scheme": (("edition", "build", "nowhere.toml", "--out", "x"), 3, "expected a TOML file, got none", "check"),
    "a folder as scheme": (("edition", "build", "scheme", "--out", "x"), 3, "expected a TOML file, got none", "check"),
    "out is a file": ((*BUILD, "p.json"), 2, "expected a folder, got a file", "choose another --out"),
    "out lies below a file": ((*BUILD, "p.json/x"), 2, "expected a folder, got a file", "choose another --out"),
    "out holds other things": ((*BUILD, "scheme"), 2, "the folder holds something that is no edition", "another --out"),
    "out holds them, with replace": (
        (*BUILD, "scheme", "--replace"),
        2,
        "something that is no edition",
        "another --out",
    ),
    "no such clause": (("clauses", "show", "x", "-e", "edition"), 3, "no clause 'x'", "yudi clauses list"),
    "no rules to convert": (("clauses", "convert", "a.yaml", "b.xlsx"), 3, "expected a YAML file, got none", "check"),
    "ends on no day": (("edition", "end", "edition", "--on", "soon", "--reason", "x"), 2, "got 'soon'", "YYYY-MM-DD"),
    "ends too early": (("edition", "end", "edition", "--on", "2023-01-01", "--reason", "x"), 2, "counts from", "later"),
    "ends for no reason": (
        ("edition", "end", "edition", "--on", "2027-01-01", "--reason", " "),
        2,
        "reason",
        "document",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_call_says_what_and_leaves_everything(name, yudi, place, listing, tmp_path, scratch):
    """Status, one JSON error with a next step on standard error, nothing on standard output, every file as it was."""
    words, status, message, hint = CALLS[name]
    before = listing(tmp_path)
    ran = yudi(*words, "--json")

    assert (ran.status, ran.out) == (status, "")
    assert message in ran.error["message"]
    assert hint in ran.error["hint"]
    assert ran.error["kind"] == {2: ran.error["kind"], 3: "not_found"}[status]
    assert listing(tmp_path) == before


def edited(name, old=b"", new=b"", *, whole=None):
    """Return a function that edits a file of an edition."""

    def spoil(folder):
        path = folder / name
        if whole is None:
            assert old in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new) if whole is None else whole)

    return spoil


EDITIONS = {
    "rules edited": (
        edited("rules.json", b"yangtze", b"yangtse"),
        "is not the file that the edition was made with",
        "rules",
    ),
    "layer edited": (edited("layers/units.parquet", whole=b""), "is not the file that", "units.parquet"),
    "layer gone": (lambda folder: (folder / "layers" / "units.parquet").unlink(), "is not the file", "units.parquet"),
    "manifest edited": (edited("manifest.json", b"2024-01-01", b"2020-01-01"), "was edited", "manifest"),
    "manifest cut": (edited("manifest.json", whole=b'{"id": '), "cannot be read", "manifest"),
    "manifest of another form": (edited("manifest.json", whole=b"[]"), "cannot be read", "manifest"),
    "manifest without files": (edited("manifest.json", b'"files"', b'"filex"'), "was edited", "manifest"),
    "another format": (
        edited("manifest.json", b"edition/1", b"edition/9"),
        "expected the format yudi-edition/1",
        "mani",
    ),
    "state that is none": (edited("state.json", whole=b"{}"), "cannot be read", "state.json"),
    "state of no day": (edited("state.json", whole=b'{"ended_on": "soon", "reason": "x"}'), "cannot be read", "state"),
}


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_that_was_changed_is_not_used(name, yudi, place, listing, scratch):
    """Every command that opens it refuses it, names the file, and does not mend or change it."""
    spoil, message, file = EDITIONS[name]
    (place / "edition" / "state.json").write_text('{"ended_on": "2027-01-01", "reason": "x"}', encoding="utf-8")
    spoil(place / "edition")
    before = listing(place)
    for words in (SCREEN, ("edition", "show", "edition"), ("clauses", "list", "-e", "edition")):
        ran = yudi(*words, "--json")

        assert (ran.status, ran.out, ran.error["kind"]) == (2, "", "input")
        assert message in ran.error["message"]
        assert file in ran.error["where"]["file"]
        assert ran.error["hint"]
    assert listing(place) == before


def test_another_edition_is_replaced_only_when_asked(yudi, place, listing, scratch):
    """Without --replace the folder is as it was, with it the new edition stands there whole and alone."""
    before = listing(place / "edition")
    scheme = place / "scheme" / "scheme.toml"
    scheme.write_text(scheme.read_text(encoding="utf-8").replace("valid_from = 2024", "valid_from = 2025"), "utf-8")
    refused = yudi(*BUILD, "edition", "--json")
    unchanged = listing(place / "edition")
    done = yudi(*BUILD, "edition", "--replace", "--json")

    assert (refused.status, refused.error["kind"]) == (2, "state")
    assert "--replace" in refused.error["hint"]
    assert unchanged == before
    assert (done.status, done.data["id"]) == (
        0,
        json.loads((place / "edition" / "manifest.json").read_text("utf-8"))["id"],
    )
    assert sorted(listing(place / "edition")) == sorted(before)
    assert sorted(path.name for path in place.iterdir()) == ["edition", "p.json", "scheme"]


def test_a_failed_build_leaves_an_edition_that_is_there(yudi, place, listing, scratch):
    """Also with --replace: what cannot be built does not take away what was."""
    before = listing(place / "edition")
    (place / "scheme" / "list.csv").write_bytes(b"")

    assert yudi(*BUILD, "edition", "--replace").status == 2
    assert listing(place / "edition") == before


def test_an_edition_ends_once(yudi, place, listing, scratch):
    """What is recorded of its end is not changed by a second call."""
    first = yudi("edition", "end", "edition", "--on", "2027-01-01", "--reason", "superseded", "--json")
    before = listing(place)
    second = yudi("edition", "end", "edition", "--on", "2028-01-01", "--reason", "again", "--json")

    assert first.status == 0
    assert (second.status, second.error["kind"]) == (2, "state")
    assert "already" in second.error["message"]
    assert listing(place) == before
