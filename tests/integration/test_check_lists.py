"""`yudi edition check` of a scheme in files: what lists leave open, how far they decide, and how a clerk closes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.lists import EAST, FIELD, LAKE, WEST, scheme, wide

BAN, POND = "禁止新建化工项目", "企业应当建设事故应急池"
CELLS = {
    LAKE: [f"1.{BAN}。2.{POND}。"],
    EAST: [f"{BAN}。"],
    WEST: [f"1.{BAN}。2.西岭园区内禁止引入电镀项目。"],
    FIELD: ["无"],
}
ASKED = """
[[rules.documents]]
id = "list-2024"
title = { zh = "清单", en = "List" }

[[rules.terms]]
key = "chemical-project"
in = ["C26"]

[[rules.terms]]
key = "electroplating"
in = ["C336"]
"""
LIST = '\n[[lists]]\npath = "list.csv"\ndocument = "list-2024"\n'
FORMAL = """
- {{text: {ban}, effect: forbid, subject: {{term: chemical-project}}}}
- {{text: {pond}, effect: require, test: {{fact: "meets:{{id}}", is: true}}}}
- {{text: 〇园区内禁止引入电镀项目, effect: forbid, subject: {{term: electroplating}}}}
"""


@pytest.fixture
def checked(tmp_path: Path, yudi: Any) -> Any:
    """Return a function that builds a scheme in files and checks it, with further words of the command."""

    def check(*words: object, cells: Any = CELLS, top: str = "", lists: str = LIST) -> Any:
        (tmp_path / "scheme").mkdir(exist_ok=True)
        (tmp_path / "scheme" / "formal.yaml").write_text(FORMAL.format(ban=BAN, pond=POND), encoding="utf-8")
        path = scheme(tmp_path / "scheme", wide(cells), layers=ASKED, top=top, lists=lists)
        assert yudi("edition", "build", path, "--out", tmp_path / "ed", "--replace").status == 0
        return yudi("edition", "check", tmp_path / "ed", "--as-of", "2026-11-24", *words)

    return check


def kinds(data: Any) -> dict[str, int]:
    """Return how many findings there are of each kind."""
    return {group["kind"]: group["count"] for group in data["summary"]["kinds"]}


def test_a_list_in_words_is_told_with_what_to_formalise_first(checked: Any) -> None:
    """Four bans in words, of two texts; the one of three units comes first, and settles three of four."""
    data = checked("--json").data

    assert kinds(data) == {"ban_in_words": 1}
    told = data["decisiveness"]
    assert (told["prohibitions"], told["formalised"]) == (4, 0)
    assert [(row["text"], row["units"], row["share_after"]) for row in told["first"]] == [
        (BAN, 3, 0.75),
        ("西岭园区内禁止引入电镀项目", 1, 1.0),
        (POND, 1, 1.0),
    ]
    assert {row["key"]: row["share"] for row in told["units"]} == {LAKE: 0.0, EAST: 0.0, WEST: 0.0, FIELD: None}


def test_what_an_office_has_formalised_is_told_no_more(checked: Any) -> None:
    """With all three texts formalised, one of them for any place, nothing is found and every share is whole."""
    ran = checked("--lang", "zh", top='formalised = ["formal.yaml"]')

    assert ran.status == 0
    assert "未发现问题" in ran.out
    assert "禁止性条款 4 处中已结构化 4 处（100%）" in ran.out
    assert "先结构化" not in ran.out


def test_a_misspelt_code_is_an_error_with_its_row_and_what_was_meant(checked: Any) -> None:
    """The third row of the sheet names no unit: status 6, and the unit that it meant is without a row."""
    slip = f"{EAST[:-1]}7"
    cells = {slip if code == EAST else code: row for code, row in CELLS.items()}
    ran = checked("--lang", "en", cells=cells, top='formalised = ["formal.yaml"]')

    assert ran.status == 6
    assert f"list.csv, row 3, list: the list has a row for the unit code {slip}, which no unit has" in ran.out
    assert f"did you mean {EAST}?" in ran.out
    assert "has no row for 1 unit (1 key" in ran.out


def test_silence_that_means_freedom_is_told_no_more(checked: Any) -> None:
    """A unit without a row is told until the scheme says what it means."""
    cells = {code: row for code, row in CELLS.items() if code != FIELD}
    free = LIST + 'silence = "none"\n'

    assert kinds(checked("--json", cells=cells, top='formalised = ["formal.yaml"]').data) == {"unit_without_row": 1}
    assert kinds(checked("--json", cells=cells, top='formalised = ["formal.yaml"]', lists=free).data) == {}


def test_a_list_without_a_document_cites_its_own_file(checked: Any) -> None:
    """Until a document is named for it."""
    [told] = checked("--json", top='formalised = ["formal.yaml"]', lists='\n[[lists]]\npath = "list.csv"\n').data[
        "findings"
    ]

    assert (told["kind"], told["where"]["file"], told["numbers"]["document"]) == (
        "list_without_document",
        "list.csv",
        "list.csv",
    )


@pytest.mark.parametrize(
    ("lang", "titles"),
    [("zh", ["结构化程度", "各单元", "先结构化"]), ("en", ["Decisiveness", "Units", "Formalise first"])],
)
def test_the_workbook_has_the_shares_and_the_texts(checked: Any, tmp_path: Path, lang: str, titles: list[str]) -> None:
    """A row for each unit, and one for each text in the order in which to formalise them."""
    assert checked("--out", tmp_path / "check.xlsx", "--lang", lang).status == 0
    book = openpyxl.load_workbook(tmp_path / "check.xlsx")

    assert book.sheetnames[-3:] == titles
    assert [row[0].value for row in list(book[titles[1]])[1:]] == [LAKE, EAST, WEST, FIELD]
    first = [[cell.value for cell in row] for row in book[titles[2]]]
    assert first[1][:3] == [1, "禁止" if lang == "zh" else "forbids", BAN]
    assert len(first) == 4


def test_the_terminal_shows_shares_and_the_first_texts(checked: Any) -> None:
    """By list, dimension and class, in the language asked."""
    ran = checked("--lang", "en")

    assert "how far the lists decide  0 of 4 prohibitions are formalised (0%)" in ran.out
    assert "formalise first (3 of 3 texts)" in ran.out
    assert "75.0%" in ran.out
