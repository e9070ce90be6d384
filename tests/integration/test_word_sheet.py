"""An office's way from prose to decisive: list what was read, write the sheet, adopt rows, build again."""

from __future__ import annotations

import json

import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter
from support.lists import DIMENSIONS, EAST, FIELD, LAKE, LIST, WEST, scheme, wide, write_map

CHEMICAL = "甲湖岸线一公里内禁止新建、扩建化工项目"
PARK = {EAST: "东山园区内禁止引入电镀项目", WEST: "西岭园区内禁止引入电镀项目"}
OFFSET = "新增化学需氧量实行等量替代"
MIXED = "禁止新建造纸项目，企业应当建设事故应急池"
CELLS = {
    LAKE: [f"1.{CHEMICAL}。2.加强湿地保护。", OFFSET],
    EAST: [f"1.{PARK[EAST]}。2.{CHEMICAL}。", OFFSET, MIXED],
    WEST: [f"1.{PARK[WEST]}。2.禁止采砂，必要的河道疏浚除外。", OFFSET],
    FIELD: ["1.禁止新建、迁建造纸项目。", "无"],
}
LAYERS = """
[[layers]]
name = "lakes"
path = "lakes.geojson"
shape = "bank"
label = { zh = "湖岸线", en = "lakeshores" }
columns = { name = "NAME" }

[[rules.terms]]
key = "chemical-project"
in = ["C26"]

[[rules.terms]]
key = "electroplating"
in = ["C336"]

[[rules.terms]]
key = "paper"
in = ["C222"]
"""
SHEET = 'formalised = ["sheet.xlsx"]\n'


@pytest.fixture
def office(tmp_path, yudi):
    """Return an office: it builds, writes its sheet, changes rows of it, and asks."""
    write_map(tmp_path / "lakes.geojson", {"L1": "甲湖"}, west=107.05)
    return Office(tmp_path, yudi)


class Office:
    """A folder with a scheme, and the commands that its clerk types."""

    def __init__(self, folder, yudi):
        self.folder, self.yudi = folder, yudi
        self.write()

    def write(self, *, top="", cells=CELLS):
        scheme(self.folder, wide(cells), top=top, layers=LAYERS.replace("甲湖岸线", "湖岸线"), lists=LIST)

    def build(self, name="edition"):
        ran = self.yudi("edition", "build", self.folder / "scheme.toml", "--out", self.folder / name, "--replace")
        assert ran.status == 0, ran.err
        return ran

    def sheet(self, name="edition", out="sheet.xlsx"):
        ran = self.yudi("clauses", "list", "--words", "-e", self.folder / name, "--out", self.folder / out)
        assert ran.status == 0, ran.err
        return self.rows(out)

    def rows(self, out="sheet.xlsx"):
        page = openpyxl.load_workbook(self.folder / out).worksheets[0]
        header = [cell.value.split()[0] for cell in page[1]]
        return [dict(zip(header, row, strict=True)) for row in page.iter_rows(min_row=2, values_only=True)]

    def change(self, text, **cells):
        path = self.folder / "sheet.xlsx"
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        columns = {cell.value.split()[0]: cell.column for cell in page[1]}
        row = next(row for row in range(2, page.max_row + 1) if page.cell(row, columns["text_zh"]).value == text)
        for role, value in cells.items():
            page.cell(row, columns[role]).value = value
        book.save(path)
        return row

    def items(self, name="edition"):
        return self.yudi("clauses", "list", "--words", "-e", self.folder / name, "--json").data

    def states(self, name="edition"):
        return {clause["id"]: clause["formalised"] for item in self.items(name) for clause in item["clauses"]}


def test_the_sheet_has_a_row_a_text_the_most_frequent_first(office):
    """Texts that differ in the name of a park are one row with 〇; each says in how many units it stands, and where."""
    office.build()
    rows = office.sheet()

    assert [(row["text_zh"], row["units_count"]) for row in rows] == [
        (OFFSET, 3),
        ("〇园区内禁止引入电镀项目", 2),
        (CHEMICAL, 2),
        ("加强湿地保护", 1),
        ("禁止新建、迁建造纸项目", 1),
        (MIXED, 1),
        ("禁止采砂，必要的河道疏浚除外", 1),
    ]
    assert {row["example"] for row in rows if row["text_zh"] == CHEMICAL} == {f"{LAKE}/space/1"}
    assert {row["status"] for row in rows} == {"proposal 建议"}


def test_proposals_say_only_what_the_tables_give(office):
    """Scope from a layer that is known, subject from declared terms and choices, amounts from labels; nothing else."""
    office.build()
    rows = {row["text_zh"]: row for row in office.sheet()}

    assert [rows[CHEMICAL][name] for name in ("effect", "scope", "subject", "test")] == [
        "forbid",
        "within 1000 m of lakes [name = 甲湖]",
        "term chemical-project and activity in (new, expand, relocate)",
        None,
    ]
    assert [rows[OFFSET][name] for name in ("effect", "subject", "factor")] == ["offset", "emissions.COD > 0", None]
    assert rows["〇园区内禁止引入电镀项目"]["subject"] == "term electroplating"
    assert rows["禁止新建、迁建造纸项目"]["subject"] == "term paper"  # 迁建 is no choice of activity, so none is asked
    assert [rows["禁止采砂，必要的河道疏浚除外"][name] for name in ("subject", "exceptions_read")] == [
        "term mining",
        "必要的河道疏浚除外",
    ]
    assert "exceptions" in rows["禁止采砂，必要的河道疏浚除外"]["hint"]
    assert [rows["加强湿地保护"][name] for name in ("effect", "scope", "subject")] == ["note", None, None]


def test_an_unchanged_sheet_changes_nothing(office):
    """With all rows proposals the edition is the same, to the hash, and the build says how many are left."""
    before = office.build().out
    office.sheet()
    office.write(top=SHEET)
    after = office.build("again")

    assert after.out == before
    assert "7 rows are still proposals and change nothing; 0 are adopted" in after.err


def test_adopted_rows_become_formal_and_all_others_stay(office):
    """One masked row formalises the sentence of both parks; no other clause changes; a new sheet keeps the adoption."""
    office.build()
    before = office.states()
    office.sheet()
    office.change("〇园区内禁止引入电镀项目", status="adopted 采用", adopted_by="王五", adopted_on="2026-11-20")
    office.change(OFFSET, status="采用", factor=1.5)
    office.write(top=SHEET)
    office.build()
    after = office.states()

    changed = {f"{EAST}/space/1", f"{WEST}/space/1", *(f"{unit}/emission/1" for unit in (LAKE, EAST, WEST))}
    assert after == {name: name in changed for name in before}
    rows = {row["text_zh"]: row for row in office.sheet(out="new.xlsx")}
    assert [rows[OFFSET][name] for name in ("status", "factor", "subject")] == [
        "adopted 采用",
        1.5,
        "emissions.COD > 0",
    ]
    assert rows["〇园区内禁止引入电镀项目"]["adopted_by"] == "王五"
    assert str(rows["〇园区内禁止引入电镀项目"]["adopted_on"])[:10] == "2026-11-20"
    assert rows[CHEMICAL]["status"] == "proposal 建议"


def test_the_new_sheet_makes_the_same_edition_as_the_old_one(office):
    """A sheet written from a formalised edition says all that the one before it said."""
    office.build()
    office.sheet()
    office.change(CHEMICAL, status="adopted 采用", **{"except": "activity in (relocate)"}, article="3")
    office.write(top=SHEET)
    first = office.build().out
    office.sheet()

    assert office.build().out == first


def test_a_formalised_text_is_decided_and_asks_nobody(office, tmp_path):
    """A plating works in the east park is prohibited once the row is adopted; before, a person was asked."""
    project = tmp_path / "plating.json"
    site = {"type": "Point", "coordinates": [107.015, 30.005]}
    project.write_text(json.dumps({"id": "P", "geometry": site, "facts": {"industry": "C3360", "activity": "new"}}))
    office.build()
    ask = ("screen", project, "-e", office.folder / "edition", "--as-of", "2026-11-24", "--json")
    open_before = [item["id"] for item in office.yudi(*ask).data["clauses"]["open"]]
    office.sheet()
    office.change("〇园区内禁止引入电镀项目", status="adopted 采用")
    office.write(top=SHEET)
    office.build()
    answer = office.yudi(*ask).data

    assert f"{EAST}/space/1" in open_before
    assert answer["verdict"] == "prohibited"
    assert [item["id"] for item in answer["clauses"]["applied"]] == [f"{EAST}/space/1"]


def test_a_requirement_may_keep_its_test_in_words(office, tmp_path):
    """Adopted with meets:{id}, whom it means is decided and what it asks stays an obligation that a person confirms."""
    office.write(cells={EAST: ["", "", "化工企业应当建设事故应急池"]})
    office.build()
    office.sheet()
    office.change("化工企业应当建设事故应急池", status="adopted 采用")
    office.write(top=SHEET, cells={EAST: ["", "", "化工企业应当建设事故应急池"]})
    office.build()
    project = tmp_path / "works.json"
    for industry, group in (("C2614", "applied"), ("I6513", "not_applicable")):
        site = {"type": "Point", "coordinates": [107.015, 30.005]}
        project.write_text(json.dumps({"id": "P", "geometry": site, "facts": {"industry": industry}}))
        answer = office.yudi("screen", project, "-e", office.folder / "edition", "--json").data

        assert f"{EAST}/risk/1" in {item["id"] for item in answer["clauses"][group]}


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"effect": None}, "effect 效力", "expected the effect of a row that is adopted"),
        ({"subject": None}, "subject 对象", "expected the subject of a row that is adopted"),
        ({"effect": "require"}, "test 要求", "expected the test of what is adopted"),
        ({"status": "done"}, "status 状态", "expected proposal 建议, adopted 采用 or blank, got 'done'"),
        ({"subject": "term chemical-projekt"}, None, "chemical-projekt"),
    ],
)
def test_a_row_adopted_in_part_is_refused_with_its_cell(office, cells, field, said):
    """File, row and column are named, and what was expected."""
    office.build()
    office.sheet()
    row = office.change(CHEMICAL, **{"status": "adopted 采用", **cells})
    office.write(top=SHEET)
    ran = office.yudi("edition", "build", office.folder / "scheme.toml", "--out", office.folder / "e", "--json")

    assert ran.status == 2
    assert (ran.error["where"]["file"], ran.error["where"]["row"]) == ("sheet.xlsx", row)
    assert field is None or ran.error["where"]["field"] == field
    assert said in ran.error["message"]


def test_a_lost_status_adopts_nothing_and_own_columns_of_remarks_do_no_harm(office):
    """A clerk who empties the cell, or deletes the whole column, has adopted no row that came with what was read."""
    office.build()
    office.sheet()
    office.change(CHEMICAL, status=None, note="see minutes")
    office.write(top=SHEET)
    office.build()

    assert not any(office.states().values())
    path = office.folder / "sheet.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    page.delete_cols(next(cell.column for cell in page[1] if str(cell.value).startswith("status")))
    book.save(path)
    office.build()
    assert not any(office.states().values())


def test_the_same_words_under_another_tag_are_another_row(office):
    """Adopting what a tag made an aim never frees what another tag made a ban."""
    cells = {EAST: ["1.【鼓励类】节水器具。2.【禁止类】节水器具。"]}
    office.write(cells=cells)
    office.build()
    rows = office.sheet()
    effects = [(row["text_zh"], row["read"]) for row in rows]
    assert effects == [("节水器具", "forbid"), ("节水器具", "note")]
    path = office.folder / "sheet.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    column = next(cell.column for cell in page[1] if cell.value.startswith("status"))
    page.cell(3, column).value = "adopted 采用"
    book.save(path)
    office.write(top=SHEET, cells=cells)
    office.build()

    assert office.states() == {f"{EAST}/space/1": True, f"{EAST}/space/2": False}


def test_the_sheet_turns_into_yaml_that_makes_the_same_edition(office):
    """`yudi clauses convert` carries what is adopted, with the head and the reading that it is bound to."""
    office.build()
    office.sheet()
    office.change(CHEMICAL, status="adopted 采用")
    office.change(OFFSET, status="adopted 采用", factor=2)
    office.write(top=SHEET)
    first = office.build().out
    office.yudi("clauses", "convert", office.folder / "sheet.xlsx", office.folder / "sheet.yaml")
    office.write(top='formalised = ["sheet.yaml"]\n')
    entries = yaml.safe_load((office.folder / "sheet.yaml").read_text(encoding="utf-8"))

    assert [entry["read"] for entry in entries] == [["offset"], ["forbid"]]
    assert office.build().out == first


def test_the_sheet_survives_a_spreadsheet_and_looks_like_one(office):
    """Text cells are text, blank ones too; the header stays, choices are offered, and equal editions give equal bytes."""
    office.build()
    office.sheet()
    office.sheet(out="twin.xlsx")
    book = openpyxl.load_workbook(office.folder / "sheet.xlsx")
    page = book.worksheets[0]
    header = [cell.value.split()[0] for cell in page[1]]

    assert (office.folder / "sheet.xlsx").read_bytes() == (office.folder / "twin.xlsx").read_bytes()
    assert page.freeze_panes == "B2"
    assert len(book.worksheets) == 2
    for role in ("text_zh", "scope", "subject", "article"):
        assert page.cell(2, header.index(role) + 1).number_format == "@"
        assert page.cell(3, header.index(role) + 1).alignment.wrap_text
    assert page.cell(2, header.index("adopted_on") + 1).number_format == "yyyy-mm-dd"
    choices = {str(rule.sqref).partition("2:")[0]: rule.formula1 for rule in page.data_validations.dataValidation}
    assert "forbid" in choices[get_column_letter(header.index("effect") + 1)]
    assert "adopted 采用" in choices[get_column_letter(header.index("status") + 1)]


def test_a_text_that_looks_like_a_formula_stays_text(office):
    """A sentence that begins with = or - is kept, and read back as it was."""
    cells = {EAST: ["1.=1+1以上企业应当建设应急池。2.-5度以下禁止露天焚烧。"]}
    office.write(cells=cells)
    office.build()
    rows = office.sheet()
    assert {row["text_zh"] for row in rows} == {"=1+1以上企业应当建设应急池", "-5度以下禁止露天焚烧"}
    office.change("=1+1以上企业应当建设应急池", status="adopted 采用", effect="forbid", subject="all()")
    office.write(top=SHEET, cells=cells)
    office.build()

    assert office.states()[f"{EAST}/space/1"]


def test_out_needs_words_and_an_excel_file(office):
    """Without --words, or with another ending, nothing is written and the message says what to do."""
    office.build()
    plain = office.yudi("clauses", "list", "-e", office.folder / "edition", "--out", office.folder / "x.xlsx")
    other = office.yudi("clauses", "list", "--words", "-e", office.folder / "edition", "--out", office.folder / "x.csv")

    assert (plain.status, other.status) == (2, 2)
    assert "--words" in plain.err
    assert ".xlsx" in other.err
    assert not list(office.folder.glob("x.*"))


def test_a_text_in_other_dress_is_the_same_row(office):
    """Blanks, wide letters and marks at the ends make no second row, and the one row formalises both."""
    cells = {EAST: ["1.禁止新建VOCs排放项目；2.禁止采砂"], LAKE: ["禁止新建ＶＯＣｓ 排放项目。"]}
    office.write(cells=cells)
    office.build()
    rows = office.sheet()
    assert (rows[0]["text_zh"], rows[0]["units_count"]) == ("禁止新建VOCs排放项目", 2)
    office.change("禁止新建VOCs排放项目", status="adopted 采用", subject="emissions.VOCs > 0")
    office.write(top=SHEET, cells=cells)
    office.build()

    assert [name for name, formal in office.states().items() if formal] == [f"{EAST}/space/1", f"{LAKE}/space/1"]
    assert [item["units"] for item in office.items()] == [2, 1, 2]


def test_dimensions_are_told_and_not_read(office):
    """The sheet says in which dimensions a text stands; a text in two of them is one row."""
    office.write(cells={EAST: [CHEMICAL, CHEMICAL], LAKE: ["", CHEMICAL]})
    office.build()

    assert [row["dimensions"] for row in office.sheet()] == ["emission, space"]
    assert len(DIMENSIONS) == 4
