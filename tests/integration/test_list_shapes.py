"""Lists in the shapes in which bureaus keep them: wide, one sheet a level, one row an item, and common requirements."""

from __future__ import annotations

from support.bureau import write_map
from support.lists import DIMENSIONS, EAST, FIELD, LAKE, WEST, built, items_of, scheme, wide

BAN, DUTY, AIM = "禁止新建化工项目", "企业应设置事故应急池", "加强农业面源治理"


def seen(edition, *names):
    """Return some keys of every record."""
    return [tuple(record[name] for name in names) for record in items_of(edition)]


def stands(edition):
    """Return the id of every clause that is no silence, with the unit in which it stands (-1: the whole place)."""
    bindings, clauses = edition.bindings, edition.rules.clauses
    pairs = zip(bindings.unit.tolist(), bindings.clause.tolist(), bindings.ids, strict=True)
    return sorted((name, unit) for unit, clause, name in pairs if clauses[clause].effect != "silent")


def test_a_wide_sheet_gives_every_item_with_its_number_and_whole_text(tmp_path):
    """Numbers, tags, heads and exceptions of a cell; notes are items too; the text keeps what clauses leave out."""
    cell = f"1-1.【产业/禁止类】{BAN}。\n1-2.禁止采砂。必要的河道疏浚可开展。\n1-3.{AIM}；{DUTY}。"
    edition = built(scheme(tmp_path, wide({EAST: [cell, "无", DUTY], LAKE: ["禁止下列行为：（1）采砂；（2）捕猎。"]})))

    assert seen(edition, "unit", "dimension", "item", "text", "effect") == [
        (EAST, "space", "1-1", BAN, ["forbid"]),
        (EAST, "space", "1-2", "禁止采砂。必要的河道疏浚可开展", ["forbid"]),
        (EAST, "space", "1-3", f"{AIM}；{DUTY}", ["note", "require"]),
        (EAST, "risk", "1", DUTY, ["require"]),
        (LAKE, "space", "1", "采砂", ["forbid"]),
        (LAKE, "space", "2", "捕猎", ["forbid"]),
    ]
    records = items_of(edition)
    assert records[0]["tags"] == ["产业/禁止类"]
    assert records[1]["exceptions"] == ["必要的河道疏浚可开展"]
    assert [clause["id"] for clause in records[2]["clauses"]] == [f"{EAST}/space/1-3a", f"{EAST}/space/1-3b"]
    assert {record["head"] for record in records[4:]} == {"禁止下列行为"}


def test_ids_of_records_are_the_ids_of_clauses(tmp_path):
    """Every clause of a record stands in the edition under its id, with its effect; and every clause has a record."""
    cell = f"一、{BAN}；{DUTY}。二、新增化学需氧量实行等量替代，且不得新建排污口。"
    edition = built(scheme(tmp_path, wide({EAST: [cell, AIM], WEST: [cell], LAKE: [DUTY, BAN, AIM, "/"]})))
    by_id = {
        name: edition.rules.clauses[int(row)]
        for name, row in zip(edition.bindings.ids, edition.bindings.clause, strict=True)
    }
    said = {clause["id"]: clause["effect"] for record in items_of(edition) for clause in record["clauses"]}

    assert said == {name: item.effect for name, item in by_id.items() if item.effect != "silent"}


def test_a_row_is_an_item_under_the_number_beside_it(tmp_path):
    """The item is the printed number, whatever its form; a row with several effects stays one item with clauses a, b."""
    rows = [
        ["管控单元编码", "条款号", "管控维度", "管控要求"],
        [EAST, "1.1", "空间布局约束", f"{BAN}"],
        [EAST, "1.2", "空间布局约束", f"2025年前完成整治；{DUTY}"],
        [EAST, "（3）", "空间布局约束", "禁止采砂。必要的疏浚除外"],
        [EAST, "KJ-4", "空间布局约束", AIM],
        [EAST, "2-1", "环境风险防控", DUTY],
        [WEST, "1.1", "空间布局约束", DUTY],
    ]
    edition = built(scheme(tmp_path, rows))

    assert seen(edition, "unit", "dimension", "item") == [
        (EAST, "space", "1.1"),
        (EAST, "space", "1.2"),
        (EAST, "space", "3"),
        (EAST, "space", "KJ-4"),
        (EAST, "risk", "2-1"),
        (WEST, "space", "1.1"),
    ]
    assert (f"{EAST}/space/1.2b", 1) in stands(edition)
    assert (f"{EAST}/space/KJ-4", 1) in stands(edition)


def test_rows_without_numbers_are_counted_and_never_run_together(tmp_path):
    """Rows without a stop at their end stay apart; a cell merged over rows says its text once."""
    rows = [
        ["管控单元编码", "管控要求"],
        [EAST, "禁止新建化工项目"],
        [EAST, "禁止新建造纸项目"],
        [EAST, "禁止新建造纸项目"],
    ]

    assert seen(built(scheme(tmp_path, rows)), "item", "text", "dimension") == [
        ("1", "禁止新建化工项目", ""),
        ("2", "禁止新建造纸项目", ""),
    ]


def test_one_row_with_a_whole_cell_keeps_the_numbers_of_the_cell(tmp_path):
    """A row per unit and dimension, each a cell: items are numbered as the cell does, and not by the row."""
    rows = [
        ["管控单元编码", "管控维度", "管控要求"],
        [EAST, "空间布局约束", f"1-1.{BAN}。1-2.{DUTY}。"],
        [EAST, "环境风险防控", f"{BAN}。{DUTY}。"],
    ]

    assert seen(built(scheme(tmp_path, rows)), "dimension", "item") == [
        ("space", "1-1"),
        ("space", "1-2"),
        ("risk", "1"),
        ("risk", "2"),
    ]


def test_a_head_row_governs_the_rows_below_it(tmp_path):
    """Rows under "the following is banned" are bans under that head and keep their numbers; the next chapter is free."""
    rows = [
        ["管控单元编码", "条款号", "管控要求"],
        [EAST, "1", "严禁下列行为："],
        [EAST, "1.1", "向水体倾倒垃圾"],
        [EAST, "1.2", "围湖造田"],
        [EAST, "2", AIM],
    ]

    assert seen(built(scheme(tmp_path, rows)), "item", "effect", "head") == [
        ("1.1", ["forbid"], "严禁下列行为"),
        ("1.2", ["forbid"], "严禁下列行为"),
        ("2", ["note"], None),
    ]


def test_one_sheet_a_level_speaks_for_city_district_and_unit(tmp_path):
    """Three sheets, for all, by area and by unit, become three lists; each says in how many units it stands."""
    sheets = {
        "市级": [["管控维度", "管控要求"], ["空间布局约束", "禁止新建燃煤锅炉"]],
        "区县": [["行政区划代码", "空间布局约束"], ["990101", "禁止新建造纸项目"], ["990102", AIM]],
        "单元": [["管控单元编码", "空间布局约束"], [EAST, BAN], [LAKE, DUTY], [WEST, BAN], [FIELD, "无"]],
    }
    lists = "".join(
        f'\n[[lists]]\nname = "{name}"\npath = "list.xlsx"\nsheet = "{sheet}"\nkey = "{key}"\nlevel = "{level}"\n'
        for name, sheet, key, level in (
            ("city", "市级", "all", "city"),
            ("county", "区县", "area", "county"),
            ("unit", "单元", "code", "unit"),
        )
    )
    edition = built(scheme(tmp_path, sheets, lists=lists))

    assert seen(edition, "list", "unit", "item", "units") == [
        ("city", "all", "1", 4),
        ("county", "990101", "1", 3),
        ("county", "990102", "1", 1),
        ("unit", EAST, "1", 2),
        ("unit", LAKE, "1", 1),
        ("unit", WEST, "1", 2),
    ]
    assert [clause["id"] for record in items_of(edition) for clause in record["clauses"]] == [
        "city/space/1",
        f"{LAKE}/county/space/1",
        f"{FIELD}/county/space/1",
        f"{EAST}/unit/space/1",
        f"{LAKE}/unit/space/1",
        f"{WEST}/unit/space/1",
    ]


def test_sheets_by_dimension_are_one_list(tmp_path):
    """Each sheet of one dimension; what a unit has in two sheets stands in two dimensions."""
    header = ["管控单元编码", "管控要求"]
    sheets = {"布局": [header, [EAST, BAN], [WEST, BAN]], "风险": [header, [EAST, DUTY]]}
    lists = '\n[[lists]]\npath = "list.xlsx"\nsheets = { "布局" = "space", "风险" = "risk" }\n'

    assert seen(built(scheme(tmp_path, sheets, lists=lists)), "unit", "dimension", "text", "units") == [
        (EAST, "space", BAN, 2),
        (WEST, "space", BAN, 2),
        (EAST, "risk", DUTY, 1),
    ]


def test_a_list_without_dimensions_speaks_for_all(tmp_path):
    """One column of text and no dimension: the clause has none, and no dimension is reported as missing."""
    edition = built(scheme(tmp_path, [["管控单元编码", "管控要求"], [EAST, BAN]]))

    assert seen(edition, "dimension", "label", "item") == [("", "", "1")]
    assert "dimension_without_column" not in {finding.kind for finding in edition.findings}


def test_a_column_of_common_requirements_speaks_for_all_dimensions(tmp_path):
    """What stands under 共性要求 is read whole, notes too, under its label, and is no column for a dimension."""
    rows = [["管控单元编码", *DIMENSIONS, "共性要求"], [EAST, BAN, "", "", "", f"1.{AIM}。2.{DUTY}。"]]
    edition = built(scheme(tmp_path, rows))

    assert seen(edition, "dimension", "label", "item", "effect") == [
        ("space", "空间布局约束", "1", ["forbid"]),
        ("", "共性要求", "1", ["note"]),
        ("", "共性要求", "2", ["require"]),
    ]
    assert {finding.kind for finding in edition.findings} == {"unit_without_row"}


def test_a_row_named_common_in_a_list_by_items_speaks_for_all_dimensions(tmp_path):
    """A dimension cell that says 共性要求 is known and needs no warning."""
    rows = [["管控单元编码", "管控维度", "管控要求"], [EAST, "共性要求", DUTY], [EAST, "空间布局约束", BAN]]
    edition = built(scheme(tmp_path, rows))

    assert seen(edition, "dimension", "label", "text") == [("", "共性要求", DUTY), ("space", "空间布局约束", BAN)]
    assert "dimension_unknown" not in {finding.kind for finding in edition.findings}


def test_a_row_for_all_units_holds_everywhere_and_makes_no_unit_speak(tmp_path):
    """A row whose code is 全市 or 共性要求 binds the whole place; units without a row of their own stay silent."""
    rows = [
        ["管控单元编码", "名称", *DIMENSIONS],
        ["全市", "", DUTY, "", "", ""],
        ["", "共性要求", "", "禁止采砂", "", ""],
    ]
    rows.append([EAST, "", BAN, "", "", ""])
    edition = built(scheme(tmp_path, rows))

    assert seen(edition, "unit", "dimension", "units") == [
        ("all", "space", 4),
        ("all", "emission", 4),
        (EAST, "space", 1),
    ]
    assert stands(edition) == [(f"{EAST}/space/1", 1), ("list/emission/1", -1), ("list/space/1", -1)]
    assert [finding.kind for finding in edition.findings] == ["unit_without_row"]


def test_a_row_with_a_code_on_no_map_is_listed_and_stands_nowhere(tmp_path):
    """Its items are shown, in no unit and without clauses; the build says so."""
    edition = built(scheme(tmp_path, wide({EAST: [BAN], "ZH99010120009": [DUTY]})))

    assert seen(edition, "unit", "units", "clauses")[1] == ("ZH99010120009", 0, [])
    assert "list_names_no_unit" in {finding.kind for finding in edition.findings}


def test_an_entry_that_only_one_of_two_lists_has_is_used(tmp_path):
    """What an office formalised is reported unused where no list has it, and not where one list lacks it."""
    (tmp_path / "f.yaml").write_text(f"- {{text: {BAN}, effect: forbid, subject: {{fact: activity, in: [new]}}}}\n")
    sheets = {"甲": wide({EAST: [BAN]}), "乙": wide({EAST: [DUTY]})}
    lists = "".join(f'\n[[lists]]\nname = "{name}"\npath = "list.xlsx"\nsheet = "{name}"\n' for name in sheets)
    edition = built(scheme(tmp_path, sheets, lists=lists, top='formalised = ["f.yaml"]\n'))

    assert "formalised_unused" not in {finding.kind for finding in edition.findings}


def test_files_of_one_name_are_one_list(tmp_path):
    """Of a list that is kept in a file for each county, a unit is without a row only if it stands in none of them."""
    sheets = {"甲": wide({EAST: [BAN], LAKE: [BAN]}), "乙": wide({FIELD: [DUTY]})}
    entry = '\n[[lists]]\nname = "{}"\npath = "list.xlsx"\nsheet = "{}"\n'
    apart = built(scheme(tmp_path / "apart", sheets, lists="".join(entry.format(name, name) for name in sheets)))
    one = built(scheme(tmp_path / "one", sheets, lists="".join(entry.format("units", name) for name in sheets)))
    without = {"unit_without_row"}

    assert [finding.kind for finding in apart.findings if finding.kind in without] == ["unit_without_row"] * 2
    assert [finding.message for finding in one.findings if finding.kind in without] == [
        f"without a row in the list, so what it asks there is unknown: {WEST}"
    ]
    assert [unit for unit, *_ in seen(one, "unit")] == [EAST, LAKE, FIELD]


def test_the_table_of_a_map_is_a_list(tmp_path):
    """A layer whose columns are dimensions is a list as it is; texts that fill a Shapefile's width are said to be cut."""
    columns = {"HJGKDYBM": [EAST, LAKE, FIELD, WEST], "KJBJYS": [BAN, "无", "严禁" * 63, DUTY], "HJFXFK": [DUTY] * 4}
    write_map(tmp_path / "table.shp", columns, encoding="GBK")
    edition = built(scheme(tmp_path, wide({}), lists='\n[[lists]]\npath = "table.shp"\n'))

    assert seen(edition, "unit", "dimension", "text")[:2] == [(EAST, "space", BAN), (EAST, "risk", DUTY)]
    assert "1 texts are as long" in next(one.message for one in edition.findings if one.kind == "texts_cut")


def test_a_column_of_classes_may_hold_their_labels(tmp_path):
    """Classes are told by key, by label and by other names of theirs, on the map and in a list that is kept by class."""
    lists = '\n[[lists]]\npath = "list.csv"\nkey = "class"\ncolumns = { class = "类别" }\n'
    path = scheme(tmp_path, [["类别", "空间布局约束"], ["重点管控", BAN]], lists=lists)
    columns = {"CODE": [EAST, LAKE, FIELD], "NAME": list("甲乙丙"), "KIND": ["重点管控单元", "优先保护", "general"]}
    write_map(tmp_path / "units.geojson", columns, crs="EPSG:4326")
    text = path.read_text(encoding="utf-8").replace('name = "NAME" }', 'name = "NAME", class = "KIND" }')
    path.write_text(text, encoding="utf-8")
    edition = built(path)

    assert list(edition.units.column("class")) == ["key", "priority", "general"]
    assert [unit for _, unit in stands(edition) if unit >= 0] == [0]


def test_codes_of_a_list_may_be_written_in_small_letters(tmp_path):
    """The clause speaks for the unit and has the map's own spelling in its id; nothing is silent and nothing is lost."""
    edition = built(scheme(tmp_path, wide({EAST.lower(): [BAN, DUTY], WEST: [DUTY], LAKE: [AIM]})))

    assert f"{EAST}/space/1" in {name for name, _ in stands(edition)}
    assert [row for row in seen(edition, "unit", "text") if row[1] == BAN] == [(EAST, BAN)]
    assert not {"list_names_no_unit"} & {finding.kind for finding in edition.findings}
