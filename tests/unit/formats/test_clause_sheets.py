import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from yudi.core.dates import Period
from yudi.core.errors import InputError, LimitError, NotFoundError
from yudi.core.words import Words
from yudi.formats.clause_sheets import convert_rules, read_clause_sheet
from yudi.formats.plain_files import read_yaml
from yudi.formats.rule_columns import KINDS, cell_list, cell_value
from yudi.territory.clauses import Citation, Clause, UnitScope, clause, clause_data
from yudi.territory.predicates import All, FactIn, FactIs, FactRange, Not, PlaceTest, TermTest
from yudi.territory.terms import inference, term, term_data

CLAUSES = """\
- id: law-26-2
  effect: forbid
  dimension: space
  level: basin
  scope: {within: {layer: shorelines, where: {river: yangtze}, distance_m: 1000}}
  subject: {all: [{term: chemical-project}, {fact: activity, in: [new, expand]}]}
  except: {fact: built, before: 2021-03-01}
  text: {zh: "一公里内，\\n不新建化工项目", en: "No new chemical project"}
  citation: {document: river-law, article: "26(2)"}
  in_force: 2021-03-01
  repealed: 2031-03-01
  units: {codes: [ZH1, "0012"], classes: [key], subclasses: park, areas: [500101]}
  terms: [chemical-project, "a, b"]
- id: "001"
  effect: offset
  factor: 1.5
  text: 两倍
  body: {en: bureau}
  at_large: true
  basis: words
  because: ["effects:12"]
  citation: river-law
- {id: gap, effect: silent, subject: {fact: "list:{unit}", is: true}, silent_for: "list:{unit}", except: {}}
- id: tank
  effect: require
  test: {any: [{fact: double_wall, is: true}, {not: {fact: capacity, gt: 5, unit: t}}]}
"""
TERMS = """\
- key: chemical-project
  label: {zh: 化工项目, en: chemical project}
  in: [C26, 2614, {all: [{fact: activity, in: [new]}, {fact: double_wall, is: false}]}]
  may: C25
  names: [化工, "甲、乙"]
  adopted_by: office
  ground: invented
  in_force: 2020-01-01
- {key: by-use, fact: use, may: [1F], in: {any: [{fact: a, is: true}, {fact: b, is: true}]}}
- {key: nothing-yet, in: [], label: 待定}
- {key: by-rule, in: [{fact: use, in: [2F]}, {fact: use, in: [3F]}], repealed: 2030-01-01}
"""
INFERENCES = """\
- key: roof
  when: {all: [{fact: use, in: [1F]}, {fact: floors, between: [1, 2]}]}
  then: {wastewater_to: none, tanks: 2, double_wall: true, code: "0012", industry: [C26, "2614"], built: 2020-01-01}
  kind: rule
  document: building-code
  ground: article 12
  in_force: 2020-01-01
- {key: any, when: {}, then: {share: 0.25}}
"""
SHEET = "xl/worksheets/sheet1.xml"
FILES = {"clauses": (CLAUSES, clause), "terms": (TERMS, term), "inferences": (INFERENCES, inference)}


def made(entries, make):
    """Return the typed objects of entries."""
    return [make(data) for data, _ in entries]


def written(path: Path, rows) -> Path:
    """Save a sheet as a person would make it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("kind", FILES)
def test_yaml_to_excel_and_back_means_the_same(tmp_path, kind):
    """Clauses, terms and inferences with every field survive both ways, and a second round changes no byte."""
    text, make = FILES[kind]
    first, sheet, back = tmp_path / "a.yaml", tmp_path / "a.xlsx", tmp_path / "b.yml"
    first.write_text(text, encoding="utf-8")
    count = len(yaml.safe_load(text))

    assert convert_rules(first, sheet) == (count, kind)
    assert convert_rules(sheet, back) == (count, kind)
    assert made(read_yaml(back), make) == made(read_yaml(first), make)
    assert made(read_clause_sheet(sheet), make) == made(read_yaml(first), make)

    again, twice = tmp_path / "c.xlsx", tmp_path / "c.yaml"
    convert_rules(back, again)
    convert_rules(again, twice)

    assert again.read_bytes() == sheet.read_bytes()
    assert twice.read_bytes() == back.read_bytes()


def test_yaml_is_written_to_be_read(tmp_path):
    """Blocks in the order of the columns, Chinese as it is, days as days, whole numbers without a point."""
    source, sheet, target = tmp_path / "a.yaml", tmp_path / "a.xlsx", tmp_path / "b.yaml"
    source.write_text(CLAUSES, encoding="utf-8")
    convert_rules(source, sheet)
    convert_rules(sheet, target)
    text = target.read_text(encoding="utf-8")

    assert text.startswith("- id: law-26-2\n  effect: forbid\n  dimension: space\n  level: basin\n")
    assert "      distance_m: 1000\n" in text
    assert "  in_force: 2021-03-01\n" in text
    assert "    before: 2021-03-01\n" in text
    assert "    zh: |-\n      一公里内，\n      不新建化工项目\n" in text
    assert "\n\n- id: '001'\n" in text
    assert "  text: 两倍\n" in text


def test_a_sheet_as_excel_saves_it_again_still_reads(tmp_path):
    """A title, headers with breaks, empty rows, days with midnight, numbers as floats, remarks and a help sheet."""
    path = tmp_path / "clauses.xlsx"
    rows = [
        ["2024 年条文", None, None, None, None, None, None, None],
        ["编号\n(id)", "效力 ", "层级", "text_zh\n条文", "生效日", "倍数", "单元编码", "对象", "备注", "序号"],
        [],
        [101.0, "Offset", "City", " 等量替代 ", datetime(2024, 3, 19), 2.0, 500101.0, "“use” = 1F", "问过张工", 1],
        [],
        ["b", "note", None, "提示", "2024年3月19日", "1.5", "ZH1、ZH2", None, None],
        [None, None, None, None, None, None, None, None, "以下待定"],
    ]
    book = openpyxl.load_workbook(written(path, rows))
    book.create_sheet("说明").append(["forbid", "禁止"])
    book.save(path)
    found = read_clause_sheet(path)

    assert [(where.file, where.row) for _, where in found] == [("clauses.xlsx", 4), ("clauses.xlsx", 6)]
    assert made(found, clause) == [
        Clause(
            "101",
            "offset",
            level="city",
            subject=FactIn("use", ("1F",)),
            units=UnitScope(("500101",)),
            text=Words("等量替代"),
            period=Period(date(2024, 3, 19), None),
            factor=2.0,
        ),
        Clause(
            "b",
            "note",
            units=UnitScope(("ZH1", "ZH2")),
            text=Words("提示"),
            period=Period(date(2024, 3, 19), None),
            factor=1.5,
        ),
    ]


def test_a_text_of_a_list_is_replaced_by_a_clause_without_id(tmp_path):
    """What formalises a text keeps that text as one string, with or without Excel between."""
    source, sheet, target = tmp_path / "a.yaml", tmp_path / "a.xlsx", tmp_path / "b.yaml"
    source.write_text("- {text: 禁止新建化工项目, effect: forbid, subject: {term: chemical}}\n", encoding="utf-8")
    convert_rules(source, sheet)
    convert_rules(sheet, target)
    entry = {"effect": "forbid", "text": "禁止新建化工项目", "subject": {"term": "chemical"}}

    assert [data for data, _ in read_clause_sheet(sheet)] == [entry]
    assert [data for data, _ in read_yaml(target)] == [entry]


HEAD = ["id", "effect", "text_zh", "in_force", "subject", "factor", "at_large"]
BAD_CELLS = [
    (["a", "forbid", None, None, "activity im (new)", None, None], "subject", "got 'im' at letter 10"),
    (["a", "forbid", None, "next year", None, None, None], "in_force", "expected a date, got 'next year'"),
    (["a", "forbid", None, datetime(2024, 3, 19, 12), None, None, None], "in_force", "expected a day, got 2024-03-19"),
    (["a", "forbid", None, 2024, None, None, None], "in_force", "expected a day, got 2024"),
    ([datetime(2026, 1, 2), "forbid", None, None, None, None, None], "id", "got the day 2026-01-02"),
    (["a", "forbid", True, None, None, None, None], "text_zh", "expected a text, got TRUE"),
    (["a", "offset", None, None, None, "1,5", None], "factor", "expected a number, got 1,5"),
    (["a", "offset", None, None, None, "nan", None], "factor", "expected a number, got nan"),
    (["a", "note", None, None, None, None, "maybe"], "at_large", "expected TRUE or FALSE, got maybe"),
]


@pytest.mark.parametrize(("row", "field", "message"), BAD_CELLS)
def test_a_bad_cell_is_named_by_file_row_and_column(tmp_path, row, field, message):
    """A person finds the cell at once."""
    path = written(tmp_path / "clauses.xlsx", [HEAD, ["ok", "note"], row])
    with pytest.raises(InputError) as caught:
        read_clause_sheet(path)

    assert (caught.value.where.file, caught.value.where.row, caught.value.where.field) == ("clauses.xlsx", 3, field)
    assert message in caught.value.message
    assert caught.value.hint


BAD_SHEETS = [
    ([["id", "effect", "sujbect"], ["a", "note", "term x"]], "got 'sujbect' with values from row 2", "subject 对象"),
    ([["id", "effect", "colour"], ["a", "note", "red"]], "got 'colour' with values from row 2", "备注 or note"),
    ([["name", "words"], ["a", "b"]], "expected a header row with the columns of one kind of rules", "guide"),
    ([["id", "effect", "key", "in"], ["a", "note", "k", "C26"]], "got clauses in 'Sheet' and terms in 'Sheet'", "own"),
    ([["when", "then"], ["a is true", "b = true"]], "expected a column", ""),
    ([["id", "effect", "效力"], ["a", "note", "note"]], "expected one column", ""),
    ([["effect", "text_zh", "text_en"], ["note", "甲", "a"]], "got texts in two languages", "id"),
]


@pytest.mark.parametrize(("rows", "message", "hint"), BAD_SHEETS)
def test_a_sheet_that_could_lose_something_is_refused(tmp_path, rows, message, hint):
    """Misspelled and unknown columns, mixed kinds and doubled columns are named, not passed over."""
    path = written(tmp_path / "rules.xlsx", rows)
    with pytest.raises(InputError) as caught:
        read_clause_sheet(path)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.where.file == "rules.xlsx"


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("#NAME?", "e", "expected a value, got an error such as #NAME?"),
        ("=1+1", "f", "expected a value, got a formula whose value was not saved"),
    ],
)
def test_a_cell_that_shows_no_value_is_not_taken_for_a_blank_one(tmp_path, value, kind, message):
    """An exception that a failed formula hides would widen its clause, so the cell is named."""
    path = written(tmp_path / "rules.xlsx", [["id", "effect", "except"], ["a", "forbid", "x"]])
    book = openpyxl.load_workbook(path)
    book.active["C2"].value, book.active["C2"].data_type = value, kind
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_clause_sheet(path)

    assert (caught.value.where.row, caught.value.where.field, caught.value.message) == (2, "C2", message)


def test_formulas_with_saved_values_are_read(tmp_path):
    """A formula counts by its value, and one that gives an empty text is blank."""
    path = tmp_path / "rules.xlsx"
    written(path, [["id", "effect", "except"], ["a", "note", "F"], ["b", "note", "E"]])
    parts = {}
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = re.sub(rb'<c r="C2"[^>]*>.*?</c>', b'<c r="C2" t="str"><f>T(D2)</f><v>term x</v></c>', parts[SHEET])
    parts[SHEET] = re.sub(rb'<c r="C3"[^>]*>.*?</c>', b'<c r="C3" t="str"><f>T(D3)</f><v></v></c>', sheet)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    entries = [data for data, _ in read_clause_sheet(path)]

    assert entries == [{"id": "a", "effect": "note", "except": {"term": "x"}}, {"id": "b", "effect": "note"}]


def test_two_sheets_of_rules_are_refused(tmp_path):
    """Rows are named by their number alone, so one file holds one sheet of rules."""
    path = written(tmp_path / "rules.xlsx", [["id", "effect"], ["a", "note"]])
    book = openpyxl.load_workbook(path)
    for row in (["id", "effect"], ["b", "note"]):
        (book["More"] if "More" in book.sheetnames else book.create_sheet("More")).append(row)
    book.save(path)

    with pytest.raises(InputError, match="clauses in 'Sheet' and clauses in 'More'"):
        read_clause_sheet(path)


BAD_FILES = [
    ("- {id: a, effect: note}\n- {key: k, in: [C26]}\n", 2, "expected clauses as in row 1, got terms"),
    ("- {id: a, effect: note, in: [C26]}\n", 1, "expected an entry with effect"),
    ("- {key: industry, type: code}\n", 1, "got the keys key, type"),
    ("- {id: a, effect: forbit}\n", 1, "unknown effect 'forbit'"),
    ("- {id: a, effect: note, sujbect: {term: x}}\n", 1, "no key 'sujbect'"),
    ("- {effect: note}\n", 1, "a clause needs an id"),
    ("[]\n", None, "expected at least one entry"),
    ("- {key: k, when: {term: x}, then: {emissions: {COD: 3}}}\n", 1, "emissions"),
    ('- {id: a, effect: note, text: "bell \\a"}\n', 1, "expected what the other form can hold"),
    ("- {id: a, effect: note, dimension: ' x'}\n", 1, "got ' x'"),
    ("- {id: a, effect: note, factor: .nan}\n", 1, "nan"),
]


@pytest.mark.parametrize(("text", "row", "message"), BAD_FILES)
def test_yaml_that_is_not_one_kind_or_cannot_be_kept_is_refused(tmp_path, text, row, message):
    """Mixed, unknown, wrong and unkeepable entries are named by row, and nothing is left on disk."""
    source, target = tmp_path / "rules.yaml", tmp_path / "rules.xlsx"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        convert_rules(source, target)

    assert message in caught.value.message
    assert (caught.value.where.file, caught.value.where.row) == ("rules.yaml", row)
    assert [path.name for path in tmp_path.iterdir()] == ["rules.yaml"]


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("a.yaml", "b.yml", "expected YAML and Excel"),
        ("a.xlsx", "b.xlsx", "expected YAML and Excel"),
        ("a.yaml", "b.xlsm", "expected a file name ending in .yaml, .yml, .xlsx, got 'b.xlsm'"),
        ("a.csv", "b.yaml", "expected a file name ending in .xlsx, .xlsm, .yaml, .yml, got 'a.csv'"),
        ("a.yaml", "none/b.xlsx", "expected a file name in a folder that is there"),
    ],
)
def test_other_forms_and_places_are_refused(tmp_path, source, target, message):
    """Only from YAML to Excel and back, into a folder that is there."""
    (tmp_path / "a.yaml").write_text(CLAUSES, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        convert_rules(tmp_path / source, tmp_path / target)

    assert message in caught.value.message


def test_a_missing_source_and_a_text_beyond_a_cell_are_refused(tmp_path):
    """Nothing is written of what is not there, or does not fit."""
    long = tmp_path / "long.yaml"
    long.write_text(f"- {{id: a, effect: note, text: {'长' * 40_000}}}\n", encoding="utf-8")

    with pytest.raises(NotFoundError):
        convert_rules(tmp_path / "none.yaml", tmp_path / "a.xlsx")
    with pytest.raises(LimitError):
        convert_rules(long, tmp_path / "a.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["long.yaml"]


def test_lists_in_a_cell_are_parted_as_people_part_them():
    """Commas of both widths, enumeration commas, semicolons and lines; quotes keep them in an item."""
    column = next(column for column in KINDS["terms"].columns if column.role == "names")

    assert cell_value("化工、石化，炼油; a b\n“丙、丁”\n", column) == ["化工", "石化", "炼油", "a b", "丙、丁"]
    with pytest.raises(InputError, match="expected items with commas between"):
        cell_value('"a" b', column)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_list_of_texts_is_read_back_from_its_cell(items):
    """Whatever the items hold, their cell reads as the same list."""
    column = next(column for column in KINDS["terms"].columns if column.role == "names")
    cell = cell_list(items)

    assert (cell_value(cell, column) if cell else []) == items


NAMES = st.text("ab甲、, \"'=-1.:{}", min_size=1, max_size=5).map(str.strip).filter(bool)
TREES = st.sampled_from(
    [
        All(),
        All((All(),)),
        TermTest("化工 项目"),
        Not(FactIs("concerns:{id}")),
        FactRange("built", date(2020, 1, 1), None, True),
        PlaceTest("overlaps", "=layer", area_m2=1e-9, share=1 / 3),
    ]
)
WORDS = st.builds(Words, st.one_of(st.just(""), NAMES), st.one_of(st.just(""), NAMES))
LISTS = st.lists(NAMES, max_size=2).map(tuple)
DAYS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2020, 1, 1)))
CLAUSE = st.builds(
    Clause,
    NAMES,
    st.sampled_from(["forbid", "consult", "note", "offset"]),
    NAMES,
    st.sampled_from(["law", "unit"]),
    TREES,
    TREES,
    st.one_of(st.none(), TREES.filter(lambda tree: tree != All())),
    TREES,
    units=st.builds(UnitScope, LISTS, LISTS, LISTS, LISTS),
    text=WORDS,
    citation=st.builds(Citation, NAMES, NAMES),
    period=st.builds(Period, DAYS, st.just(date(2025, 1, 1))),
    factor=st.one_of(st.none(), st.floats(0.1, 1e6)),
    body=WORDS,
    terms=LISTS,
    is_at_large=st.booleans(),
    basis=st.sampled_from(["read", "words", "recalled"]),
    silent_for=NAMES,
    because=LISTS,
)


@given(st.lists(CLAUSE, min_size=1, max_size=3))
@settings(derandomize=True, max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_any_clauses_survive_both_ways(tmp_path_factory, items):
    """Whatever stands in the fields, the clauses that come back are equal."""
    folder = tmp_path_factory.mktemp("both")
    first, sheet, back = folder / "a.yaml", folder / "a.xlsx", folder / "b.yaml"
    first.write_text(yaml.safe_dump([clause_data(item) for item in items], allow_unicode=True), encoding="utf-8")
    convert_rules(first, sheet)
    convert_rules(sheet, back)

    assert made(read_yaml(back), clause) == items


def test_terms_as_an_edition_keeps_them_survive(tmp_path):
    """The plain data of terms, all codes as predicates, converts as well as what a person writes."""
    items = made([(data, None) for data in yaml.safe_load(TERMS)], term)
    first, sheet = tmp_path / "a.yaml", tmp_path / "a.xlsx"
    first.write_text(yaml.safe_dump([term_data(item) for item in items]), encoding="utf-8")
    convert_rules(first, sheet)

    assert made(read_clause_sheet(sheet), term) == items
