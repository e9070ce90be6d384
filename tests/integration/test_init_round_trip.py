"""A scheme written by hand, taken away and proposed anew: the editions are alike but for what is explained here.

What only a person knows is filled in as the hand-written scheme has it. Every difference that is left is named in the test.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from sample import folder as sample_folder
from support import land
from support.bureau import differences, filled, write_book

from yudi.formats.recognition.dialect import read_dialect
from yudi.formats.recognition.proposed import propose_scheme
from yudi.formats.recognition.toml_text import toml_text
from yudi.formats.rule_files import shipped_packs
from yudi.formats.schemes import read_scheme
from yudi.territory.draft import compiled


@pytest.fixture(scope="module")
def dialect(tmp_path_factory):
    """Return the words of all packs that are shipped, read once."""
    return read_dialect(shipped_packs(), tmp_path_factory.mktemp("none"))


def by_hand(folder):
    """Return the edition of the scheme that lies there, and take the scheme away."""
    edition = compiled(read_scheme(folder / "scheme.toml"))
    (folder / "scheme.toml").unlink()
    return edition


def proposed(folder, dialect, *, more="", **values):
    """Return the edition that the folder's proposal makes when it is filled, with further lines at its end."""
    path = folder / "scheme.toml"
    path.write_text(toml_text(propose_scheme(folder, dialect), "en"), encoding="utf-8")
    filled(path, **values)
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return compiled(read_scheme(path))


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return the folder of the sample on three invented districts, with its scheme."""
    folder = tmp_path_factory.mktemp("city")
    sample_folder.write_scheme(folder, land.city(), land.DATA)
    return folder


def test_the_sample_city_is_proposed_as_it_was_written(city, dialect):
    """Units, classes, all layers with their roles, lists, clauses and status tables come back without any change."""
    before = by_hand(city)
    after = proposed(city, dialect, valid_from="2024-01-01")

    assert len(before.layers) > 50
    assert differences(before, after) == {}


def test_what_the_sample_city_says_beyond_its_files_is_not_proposed(city, dialect):
    """Accuracies of single layers, extents of rivers and what holds beyond a table are a person's; no such value is made up."""
    proposal = propose_scheme(city, dialect)
    keys = {name.rpartition(".")[2] for name, _, _ in proposal.decisions() if not name.startswith("scheme.")}
    left = {name.rpartition(".")[2] for name, _, _ in proposal.open_points()}

    assert keys & {"accuracy_m", "extent", "otherwise", "silence", "document"} == set()
    assert {"accuracy_m", "otherwise", "silence", "document", "flow"} <= left


def test_the_worked_example(example, dialect, tmp_path):
    """Its own pack lies in the folder and has no words, so that those of cn-base are proposed beside it; all else is alike."""
    folder = example(tmp_path / "scheme")
    before = by_hand(folder)
    shutil.rmtree(folder / "wording")
    after = proposed(folder, dialect)

    assert after.packs == ("cn-base", "pack")
    assert differences(before, after) == {}


def test_a_coast_with_units_on_land_and_at_sea(root, dialect, tmp_path):
    """Two maps with columns of different names are one layer of units, sheets of land and sea one list."""
    # The empty map of platforms is left out until a person says for which extent it is empty; the clause about it stands
    # in the scheme itself, in no file.
    folder = tmp_path / "coast"
    shutil.copytree(root / "tests" / "data" / "coast", folder)
    texts = {name: (folder / f"{name}.csv").read_text(encoding="utf-8") for name in ("land", "sea")}
    sheets = {name: list(csv.reader(text.splitlines())) for name, text in texts.items()}
    write_book(folder / "list.xlsx", sheets)
    (folder / "land.csv").unlink()
    (folder / "sea.csv").unlink()
    before = by_hand(folder)
    after = proposed(folder, dialect, packs='["cn-base"]')
    found = differences(before, after)

    assert set(found) == {"layers", "roles", "clauses", "bound"}
    assert set(before.layers) - set(after.layers) == {"platforms"}
    assert {item.id for item in before.rules.clauses} - {item.id for item in after.rules.clauses} == {"platform-2km"}


def test_dated_tables(root, dialect, tmp_path):
    """All four status tables are told by the names of their files; there is no list, and no pack is needed."""
    # The hand-written scheme leaves out what the class digit means, so that its classes are called 2; the proposal has key.
    folder = tmp_path / "status"
    shutil.copytree(root / "tests" / "data" / "status", folder)
    before = by_hand(folder)
    after = proposed(folder, dialect, packs="[]")

    assert differences(before, after) == {"classes": (["2"] * 4, ["key"] * 4)}


def test_short_cases_whose_pack_lies_elsewhere(root, dialect, tmp_path):
    """The pack and the shorelines lie outside of the folder, where nothing is looked for: a person names them again."""
    # Then units and clauses are alike; the shorelines are missing, and the sources, for which no word is known, are a
    # reference layer.
    folder = tmp_path / "cases"
    shutil.copytree(root / "tests" / "data" / "cases", folder)
    shutil.copytree(root / "tests" / "data" / "example", tmp_path / "example")
    pack = tmp_path / "example" / "pack" / "pack.toml"
    codes = (root / "packs" / "cn" / "codes").as_posix()
    pack.write_text(pack.read_text(encoding="utf-8").replace("../../../../packs/cn/codes", codes), encoding="utf-8")
    before = by_hand(folder)
    after = proposed(folder, dialect, packs='["../example/pack"]')
    found = differences(before, after)

    assert set(found) == {"layers", "roles", "classes"}
    assert set(before.layers) - set(after.layers) == {"shorelines"}
    assert after.layers["sources"].role == "reference"


def test_a_county_abroad_without_a_pack(root, tmp_path):
    """Vermont's districts are told by shape alone: the same units, codes, names and types, and its rules left as a skeleton."""
    # Nothing says what the values of its columns do, so that no clause is made: the scheme says nothing yet, a finding.
    folder = tmp_path / "vermont"
    shutil.copytree(root / "examples" / "vermont", folder, ignore=shutil.ignore_patterns("projects", "*.md"))
    before = by_hand(folder)
    proposal = propose_scheme(folder, read_dialect([], folder))
    after = proposed(folder, read_dialect([], folder))
    found = differences(before, after)
    skeleton = next(part for part in proposal.parts if part.head == "[[templates]]")

    assert set(found) == {"clauses", "bound"}
    assert {"name": "1F Allowance"} in skeleton.value("each")
    assert {"Permitted", "Prohibited", "Public Hearing"} <= set(skeleton.value("values"))
    assert skeleton.is_off
    assert {finding.kind for finding in after.findings} >= {"scheme_says_nothing"}


def test_a_county_abroad_with_the_chinese_packs_at_hand(root, dialect, tmp_path):
    """Packs that nothing in the folder speaks for are not proposed, and change nothing."""
    shutil.copy(root / "examples" / "vermont" / "LCPC_Zoning.geojson", tmp_path)
    proposal = propose_scheme(tmp_path, dialect)

    assert [name for name, _, _ in proposal.decisions() if name in ("scheme.packs", "scheme.codes.pattern")] == []
    assert [one.role for one in proposal.files] == ["units"]


def test_a_proposal_is_the_same_twice(city, dialect):
    """The same folder gives the same text, to the letter."""
    first, second = (toml_text(propose_scheme(Path(city), dialect), "zh") for _ in range(2))

    assert first == second
