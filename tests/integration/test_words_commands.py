"""`yudi clauses list --words` and `yudi clauses explain`, as a clerk types them and as a program reads them."""

from __future__ import annotations

import io
import json
import shutil
import sys
from dataclasses import replace

import pytest
from support.lists import EAST, LAKE, WEST, built, scheme, wide

from yudi.api import open_edition
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled
from yudi.territory.edition import Edition

BAN, DUTY, AIM = "禁止新建化工项目，技术改造除外", "企业应设置事故应急池", "加强农业面源治理"
RECORD = {
    "unit",
    "dimension",
    "label",
    "item",
    "text",
    "effect",
    "terms",
    "exceptions",
    "zone",
    "units",
    "head",
    "tags",
    "list",
    "masked",
    "clauses",
}


@pytest.fixture
def edition(tmp_path):
    """Return the folder of an edition with three units' lists."""
    cells = {EAST: [f"1-1.【产业/禁止类】{BAN}。1-2.{AIM}。", "", DUTY], WEST: [f"1-1.{BAN}。"], LAKE: ["", "", DUTY]}
    folder = tmp_path / "edition"
    write_edition(built(scheme(tmp_path / "scheme", wide(cells))), folder)
    return folder


def test_every_item_is_a_record_with_what_was_read(edition, yudi):
    """Keys, values and the rows that made each clause, notes among them."""
    records = yudi("clauses", "list", "--words", "-e", edition, "--json").data
    first = records[0]

    assert {key for record in records for key in record} == RECORD
    assert [(item["unit"], item["item"], item["units"]) for item in records] == [
        (EAST, "1-1", 2),
        (EAST, "1-2", 1),
        (EAST, "1", 2),
        (WEST, "1-1", 2),
        (LAKE, "1", 2),
    ]
    assert (first["effect"], first["terms"], first["exceptions"]) == (
        ["forbid"],
        ["chemical-project"],
        ["技术改造除外"],
    )
    assert (first["tags"], first["label"], first["list"]) == (["产业/禁止类"], "空间布局约束", "list.csv")
    assert first["clauses"][0]["id"] == f"{EAST}/space/1-1"
    assert first["clauses"][0]["formalised"] is False
    assert "effects:2" in first["clauses"][0]["because"]
    assert [item["effect"] for item in records if item["text"] == AIM] == [["note"]]


def test_a_search_chooses_items_by_text_number_or_unit(edition, yudi):
    """Small and capital letters alike; nothing found is an empty list."""

    def found(word):
        return [
            item["unit"] for item in yudi("clauses", "list", "--words", "-e", edition, "--search", word, "--json").data
        ]

    assert found("应急池") == [EAST, LAKE]
    assert found("1-2") == [EAST]
    assert found(WEST.lower()) == [WEST]
    assert found("no such words") == []


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ["单元", "禁止", "已结构化：条文 0/2 (0%)", "3 条不同条文，5 处，其中说明性 1 处"]),
        ("en", ["units", "forbids", "3 texts in 5"]),
    ],
)
def test_the_terminal_shows_a_text_a_row_and_how_much_is_formalised(edition, yudi, lang, said):
    """The most frequent first, with counts and shares, in either language."""
    ran = yudi("clauses", "list", "--words", "-e", edition, "--lang", lang)
    rows = [line for line in ran.out.splitlines() if BAN in line or DUTY in line or AIM in line]

    assert [part for part in said if part not in ran.out] == []
    assert [row.split()[0] for row in rows] == ["2", "2", "1"]


def test_python_gives_the_records_of_the_command_line(edition, yudi):
    """`open_edition(…).items()` is `--words --json`."""
    assert open_edition(edition).items() == yudi("clauses", "list", "--words", "-e", edition, "--json").data


def test_an_edition_of_before_opens_and_says_that_it_keeps_no_items(tmp_path, yudi):
    """Without the files nothing breaks, the list is empty, and a note says what to do."""
    made = compiled(read_scheme(scheme(tmp_path / "scheme", wide({EAST: [BAN]}))))
    write_edition(replace(made, items=Edition.__dataclass_fields__["items"].default), tmp_path / "old")
    ran = yudi("clauses", "list", "--words", "-e", tmp_path / "old", "--json", "--lang", "en")

    assert not list((tmp_path / "old").glob("item*"))
    assert (ran.status, ran.data) == (0, [])
    assert "build it again" in ran.err
    assert yudi("clauses", "list", "-e", tmp_path / "old", "--json").data


@pytest.mark.parametrize("name", ["items.parquet", "item_rows.parquet"])
def test_items_that_were_changed_are_refused_when_they_are_read(edition, yudi, name):
    """They are part of the edition's name, though opening it does not read them."""
    path = edition / name
    path.write_bytes(path.read_bytes() + b" ")
    ran = yudi("clauses", "list", "--words", "-e", edition, "--json")

    assert yudi("clauses", "list", "-e", edition).status == 0
    assert (ran.status, ran.error["where"]["file"]) == (2, str(path))


def test_items_are_part_of_the_edition_s_name(tmp_path):
    """The manifest holds their hashes, and the same scheme gives the same bytes."""
    path = scheme(tmp_path / "scheme", wide({EAST: [BAN, AIM]}))
    one, two = (write_edition(built(path), tmp_path / name) for name in ("a", "b"))
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8"))

    assert one.id == two.id
    assert {"items.parquet", "item_rows.parquet"} <= set(manifest["files"])
    for name in ("items.parquet", "item_rows.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


# explain


def test_explain_says_which_row_of_which_table_made_each_item(yudi, root):
    """The row cited is the row of the file, with its pattern, effect, precedence and note."""
    ran = yudi("clauses", "explain", "1.严禁采砂。\n2.企业应设置事故应急池。", "--json")
    items = ran.data["items"]
    lines = (root / "packs/cn/wording/effects.csv").read_text(encoding="utf-8").splitlines()
    cited = next(row for row in items[0]["because"] if row["table"] == "effects.csv")

    assert [(item["item"], item["effects"]) for item in items] == [("1", ["forbid"]), ("2", ["require"])]
    assert lines[cited["row"] - 1] == ",".join(
        cited[name] for name in ("pattern", "effect", "precedence", "kind", "note")
    )
    assert ran.data["text"] == "1.严禁采砂。\n2.企业应设置事故应急池。"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ["禁止", "上位语", "例外", "术语", "effects.csv 第 2 行: 禁止 → forbid (90)"]),
        ("en", ["forbids", "under", "except", "effects.csv row 2: 禁止 → forbid (90)"]),
    ],
)
def test_explain_in_the_terminal_says_all_that_was_found(yudi, lang, said):
    """Head, exceptions, terms and rows, in either language and without a screen."""
    ran = yudi("clauses", "explain", f"禁止下列行为：\n1.新建化工项目，技术改造除外。\n2.{AIM}。", "--lang", lang)

    assert ran.status == 0
    assert [part for part in said if part not in ran.out] == []


def test_explain_reads_standard_input_and_says_when_nothing_is_asked(yudi, monkeypatch):
    """A dash takes the cell from a pipe; a word for nothing gives no item."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("无\n"))
    ran = yudi("clauses", "explain", "-", "--json")
    monkeypatch.setattr(sys, "stdin", io.StringIO("无\n"))

    assert ran.data["items"] == []
    assert "asks nothing" in yudi("clauses", "explain", "-", "--lang", "en").out


def test_a_row_added_to_a_table_changes_what_is_read_and_is_cited(yudi, root, tmp_path):
    """A clerk's own folder comes behind the pack, may hold one table alone, and is named beside its row."""
    folder = tmp_path / "words"
    folder.mkdir()
    row = "终年封育,forbid,90,verb,our own word"
    (folder / "effects.csv").write_text(f"pattern,effect,precedence,kind,note\n{row}\n", encoding="utf-8")
    text = "终年封育加强巡护"
    before = yudi("clauses", "explain", text, "--json").data["items"][0]
    after = yudi("clauses", "explain", text, "--pack", "cn", "--pack", folder, "--json").data["items"][0]

    assert (before["effects"], after["effects"]) == (["note"], ["forbid"])
    assert {(item["pack"], item["table"], item["row"]) for item in after["because"]} >= {
        (str(folder), "effects.csv", 2)
    }


def test_explain_reads_with_the_tables_of_a_scheme(yudi, tmp_path):
    """Those of its packs and its own, as its lists are read."""
    path = scheme(
        tmp_path, wide({EAST: [BAN]}), top="", lists='\n[[lists]]\npath = "list.csv"\n\n[rules]\nwording = "words"\n'
    )
    (tmp_path / "words").mkdir()
    row = "终年封育,forbid,90,verb,our own word"
    (tmp_path / "words/effects.csv").write_text(f"pattern,effect,precedence,kind,note\n{row}\n", encoding="utf-8")
    item = yudi("clauses", "explain", "终年封育加强巡护", "--scheme", path, "--json").data["items"][0]

    assert item["effects"] == ["forbid"]
    assert ("words", "effects.csv", 2) in {(row["pack"], row["table"], row["row"]) for row in item["because"]}
    assert yudi("clauses", "explain", BAN, "--scheme", tmp_path / "none.toml").status == 3


def test_a_whole_folder_of_tables_stands_alone(yudi, root, tmp_path):
    """A copy of the pack's tables, or of the pack, reads as the pack does."""
    shutil.copytree(root / "packs/cn/wording", tmp_path / "pack" / "wording")
    (tmp_path / "pack" / "pack.toml").write_text('[pack]\nname = "own"\n\n[rules]\nwording = "wording"\n')
    known = yudi("clauses", "explain", BAN, "--json").data["items"][0]["effects"]

    for place in (tmp_path / "pack" / "wording", tmp_path / "pack"):
        assert yudi("clauses", "explain", BAN, "--pack", place, "--json").data["items"][0]["effects"] == known


@pytest.mark.parametrize(("pack", "status"), [("nowhere", 3), (".", 3)])
def test_a_pack_that_is_not_there_is_named(yudi, tmp_path, monkeypatch, pack, status):
    """With what there is instead."""
    monkeypatch.chdir(tmp_path)
    ran = yudi("clauses", "explain", BAN, "--pack", pack)

    assert ran.status == status
    assert pack in ran.err


def test_a_table_with_a_mistake_names_file_and_row(yudi, root, tmp_path):
    """So that a clerk finds what to mend."""
    folder = tmp_path / "words"
    shutil.copytree(root / "packs/cn/wording", folder)
    with (folder / "terms.csv").open("a", encoding="utf-8") as table:
        table.write(",paper,\n")
    count = len((folder / "terms.csv").read_text(encoding="utf-8").splitlines())
    ran = yudi("clauses", "explain", BAN, "--pack", folder, "--json")

    assert ran.status == 2
    assert ran.error["where"] == {"file": "terms.csv", "row": count, "field": "word"}
