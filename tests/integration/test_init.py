"""`yudi edition init`: where it writes, what it leaves alone, what it prints, and how it refuses."""

from __future__ import annotations

import tomllib

import pytest
from support.bureau import CODES, filled, wide, write_book, write_units

_COUNTIES = {"甲县": (0, 1, 2), "乙县": (3,)}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a map of units and a list."""
    write_units(tmp_path / "bureau" / "管控单元.geojson", crs=None)
    write_book(tmp_path / "bureau" / "清单.xlsx", {"清单": wide()})
    return tmp_path / "bureau"


def test_the_scheme_is_written_into_the_folder(yudi, folder):
    """What was recognised is printed, the file is TOML, and its required lines are left to be filled."""
    ran = yudi("edition", "init", folder, "--lang", "en")
    written = tomllib.loads((folder / "scheme.toml").read_text(encoding="utf-8"))

    assert ran.status == 0
    assert "管控单元.geojson  features: 4" in ran.out
    assert written["layers"][0]["columns"] == {"code": "HJGKDYBM", "name": "HJGKDYMC"}
    assert written["lists"][0]["path"] == "清单.xlsx"
    assert {"name", "valid_from", "accuracy_m"} & set(written["scheme"]) == set()


def test_an_existing_file_is_left_as_it_is(yudi, folder):
    """Without --replace nothing is overwritten; with it the file is written anew."""
    (folder / "scheme.toml").write_text("mine", encoding="utf-8")
    ran = yudi("edition", "init", folder, "--json", "--out", folder / "scheme.toml")

    assert (ran.status, ran.error["kind"]) == (2, "input")
    assert "--replace" in ran.error["hint"]
    assert (folder / "scheme.toml").read_text(encoding="utf-8") == "mine"
    assert yudi("edition", "init", folder, "--replace").status == 0
    assert (folder / "scheme.toml").read_text(encoding="utf-8") != "mine"


def test_a_scheme_elsewhere_finds_the_files(yudi, folder, tmp_path):
    """Paths count from where the scheme is written, so that it builds there."""
    (tmp_path / "work").mkdir()
    target = tmp_path / "work" / "scheme.toml"
    yudi("edition", "init", folder, "--out", target)
    built = yudi("edition", "build", filled(target), "--out", tmp_path / "edition")

    assert tomllib.loads(target.read_text(encoding="utf-8"))["layers"][0]["path"] == "../bureau/管控单元.geojson"
    assert built.status == 0, built.err


def test_the_text_goes_to_standard_output(yudi, folder):
    """With --out - the scheme is printed and nothing is written."""
    ran = yudi("edition", "init", folder, "--out", "-", "--lang", "zh")

    assert tomllib.loads(ran.out)["layers"][0]["role"] == "units"
    assert "待填（必填）" in ran.out
    assert not (folder / "scheme.toml").exists()


def test_data_have_every_value_with_its_ground(yudi, folder):
    """With --json each value has key, value, ground in both languages and confidence; nothing is written."""
    data = yudi("edition", "init", folder, "--json").data
    code = next(one for one in data["proposed"] if one["key"] == "layers.units.columns.code")
    grounded = [one for one in data["proposed"] if one["key"].rpartition(".")[2] not in ("name", "role", "path")]

    assert (code["value"], code["confidence"]) == ("HJGKDYBM", "high")
    assert "100%" in code["ground"]["en"]
    assert [one["key"] for one in grounded if not one["ground"]["zh"]] == []
    assert [one["key"] for one in data["open"] if one["required"]] == [
        "scheme.name",
        "scheme.valid_from",
        "scheme.accuracy_m",
    ]
    assert tomllib.loads(data["toml"])["lists"]
    assert not (folder / "scheme.toml").exists()


def test_the_build_names_all_that_is_to_be_filled(yudi, folder, tmp_path):
    """Of a proposal as it stands the build names exactly the fields that only a person knows."""
    yudi("edition", "init", folder)
    ran = yudi("edition", "build", folder / "scheme.toml", "--out", tmp_path / "edition", "--json")

    assert (ran.status, ran.error["where"]["field"]) == (2, "scheme")
    assert ran.error["message"] == "expected the keys 'name', 'valid_from', 'accuracy_m', got none"
    assert not (tmp_path / "edition").exists()


def test_nothing_recognised_is_not_found(yudi, tmp_path):
    """A folder without a map or list gives status 3, says what lies there and why, and nothing is written."""
    (tmp_path / "a.pdf").write_bytes(b"x")
    (tmp_path / "b.xlsx").write_bytes(b"")
    ran = yudi("edition", "init", tmp_path, "--json", "--out", tmp_path / "scheme.toml")

    assert (ran.status, ran.error["kind"]) == (3, "not_found")
    assert "b.xlsx (an empty file (0 bytes))" in ran.error["message"]
    assert ".shp" in ran.error["hint"]
    assert not (tmp_path / "scheme.toml").exists()


@pytest.mark.parametrize(("name", "status"), [("absent", 3), ("file", 2)])
def test_what_is_no_folder_is_refused(yudi, tmp_path, name, status):
    """A folder that is not there is not found, a file is wrong input."""
    (tmp_path / "file").write_bytes(b"x")

    assert yudi("edition", "init", tmp_path / name).status == status


def test_an_unknown_pack_is_not_found(yudi, folder):
    """A pack that nobody has is named, with those that there are."""
    ran = yudi("edition", "init", folder, "--pack", "atlantis", "--json")

    assert (ran.status, "atlantis" in ran.error["message"]) == (3, True)


def test_without_packs_shapes_and_joins_tell_the_units(yudi, folder):
    """With --pack none the units are those that tile the land, and the list joins by its values."""
    data = yudi("edition", "init", folder, "--pack", "none", "--json").data
    found = {one["file"]: one["role"] for one in data["files"]}
    columns = next(one for one in data["proposed"] if one["key"] == "lists.清单.columns")

    assert found == {"管控单元.geojson": "units", "清单.xlsx": "list"}
    assert columns["value"]["code"] == "管控单元编码"
    assert columns["confidence"] == "low"
    assert "scheme.packs" in [one["key"] for one in data["open"] if one["required"]]


def test_the_folder_is_only_read(yudi, folder, listing):
    """But for the scheme, nothing in the folder changes."""
    before = listing(folder)
    yudi("edition", "init", folder)
    after = listing(folder)

    assert {name: value for name, value in after.items() if name != "scheme.toml"} == before


def test_a_folder_that_is_the_working_directory_is_named(yudi, folder, monkeypatch):
    """A dot is a folder as any other: the paths are plain."""
    monkeypatch.chdir(folder)
    ran = yudi("edition", "init", ".", "--out", "-")

    assert tomllib.loads(ran.out)["lists"][0]["path"] == "清单.xlsx"


def test_codes_that_the_map_lacks_are_said(yudi, tmp_path):
    """A list of another edition is told by the share of its codes that are on the map."""
    write_units(tmp_path / "管控单元.geojson", crs=None)
    rows = wide()
    for at, code in enumerate(("ZH88010110001", "ZH88010120002", "ZH88010120003"), start=1):
        rows[at][0] = code
    write_book(tmp_path / "清单.xlsx", {"清单": rows})
    data = yudi("edition", "init", tmp_path, "--json").data

    assert [one["en"] for one in data["remarks"] if "25%" in one["en"]]
    assert CODES[3] in rows[4][0]


def test_the_pack_asked_for_is_the_one_proposed(yudi, folder):
    """Who asks for the words without the law gets no law; the pack with clauses comes only by default."""
    asked = yudi("edition", "init", folder, "--pack", "cn-base", "--out", "-")
    plain = yudi("edition", "init", folder, "--out", "-")

    assert tomllib.loads(asked.out)["scheme"]["packs"] == ["cn-base"]
    assert tomllib.loads(plain.out)["scheme"]["packs"] == ["cn"]


def test_titles_that_name_several_counties_name_no_scheme(yudi, folder):
    """Sheets of two counties leave the scheme's name to a person, and show what was met."""
    title = [None] * 5
    sheets = {name: [[f"{name}生态环境准入清单", *title], *wide(rows)] for name, rows in _COUNTIES.items()}
    write_book(folder / "清单.xlsx", sheets, merged={name: ["A1:F1"] for name in sheets})
    ran = yudi("edition", "init", folder, "--lang", "en")

    assert "name" not in tomllib.loads((folder / "scheme.toml").read_text(encoding="utf-8"))["scheme"]
    assert "names met: 甲县, 乙县" in ran.out
