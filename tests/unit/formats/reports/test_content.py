"""What a report says: the verdict, every clause once, who answers what, and nothing that the answer does not hold."""

from __future__ import annotations

import re

import pytest
from support.editions import DAY, edition, project, square
from support.reports import CLAUSES, content_of, screened

from yudi.core.dates import Period
from yudi.core.errors import InputError
from yudi.formats.reports.model import Heading, Paragraph, ReportContent, Table
from yudi.territory.edition import StatusTable
from yudi.territory.facts import Value
from yudi.territory.screening import screen
from yudi.territory.verdict import verdict_data


def table(content: ReportContent, key: str) -> Table:
    """Return a table by its key."""
    return next(block for block in content.blocks if isinstance(block, Table) and block.key == key)


def cells(block: Table, *, bands: bool = False) -> list[list[str]]:
    """Return the rows of a table as texts."""
    return [
        ["\n".join(part for line in cell for part in line.text.lines()) for cell in row.cells]
        for row in block.rows
        if row.is_band == bands
    ]


def section(content: ReportContent, key: str) -> list[str]:
    """Return the paragraphs of a section."""
    found, here = [], False
    for block in content.blocks:
        if isinstance(block, Heading):
            here = block.key == key
        elif here and isinstance(block, Paragraph):
            found += block.text.lines()
    return found


def test_every_clause_stands_once_in_play_or_as_not_applicable():
    """The clauses of the table, of the table of those that do not apply, and no others."""
    content = content_of(screened())
    shown = [re.search(r"· (.*)", row[1].splitlines()[-1])[1] for row in cells(table(content, "clauses"))]
    others = " ".join(row[1] for row in cells(table(content, "not_applicable")))

    assert sorted(shown) == ["ban", "coal", "line-it", "may-ban", "monitored", "watch"]
    assert "第8条" in others
    assert "not-yet" in others
    assert len(shown) + 2 == len(CLAUSES)


def test_clauses_are_in_the_order_of_levels_and_the_strictest_first():
    """National before basin before unit; within a level what may prohibit before what is satisfied."""
    content = content_of(screened(), lang="en")
    bands = [row[0] for row in cells(table(content, "clauses"), bands=True)]
    rows = cells(table(content, "clauses"))

    assert bands == ["national", "basin", "unit", "other"]
    assert [row[2] for row in rows] == [
        "? may prohibit",
        "◆ conditions",
        "+ satisfied",
        "◆ conditions",
        "■ prohibits",
        "i note",
    ]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "6"]


def test_the_opinion_names_verdict_unit_day_and_what_prohibits():
    """One paragraph: held against what, on which day, where, with which verdict, because of which clause."""
    opinion = section(content_of(screened()), "opinion")[0]

    assert "2026-03-19" in opinion
    assert "U1" in opinion
    assert "【禁止】：《list》第26条第2款（序号 5）共 1 条禁止" in opinion
    assert "共研判 8 条：禁止 1 条，附条件 2 条，可能禁止 1 条，已满足 1 条，提示 1 条，不适用 2 条" in opinion


def test_an_undetermined_opinion_says_what_is_presumed_and_what_to_answer_first():
    """Unknown is never a pass: the opinion names the open question."""
    opinion = section(content_of(screened({"industry": "I65", "monitors": True}), lang="en"), "opinion")[0]

    assert "the verdict is undetermined: facts are missing for 1 clause that may prohibit" in opinion
    assert "Answer first: asked." in opinion


def test_what_nobody_held_against_its_article_is_marked():
    """A clause from the press bears its mark, in the table and among the sources."""
    content = content_of(screened())
    row = next(row for row in cells(table(content, "clauses")) if "line-it" in row[1])

    assert "【未核实：据新闻报道，未见原文】" in row[1]


def test_questions_name_who_answers_and_the_clauses_that_wait():
    """A person's fact waits for a named person, and its clause is given by its number."""
    content = content_of(screened({"industry": "I65"}), lang="en")
    rows = {row[3].splitlines()[-1]: row for row in cells(table(content, "questions"))}

    assert rows["asked"][0] == "1★"
    assert rows["asked"][2] == "Decides the verdict\nwhether it is prohibited (1)"
    assert rows["asked"][3].splitlines()[0] == "a person entitled to judge (by name and date)"


def test_ways_out_not_asked_for_are_not_claimed_to_be_missing():
    """Nothing searched is said so; searched and nothing found is another sentence."""
    screening = screened()

    assert section(content_of(screening, lang="en"), "ways_out") == ["No way out was looked for."]
    assert section(content_of(screening, lang="en", ways_searched=True), "ways_out") == [
        "No way out was found within reach."
    ]


def test_a_way_out_that_reaches_several_aims_stands_once():
    """Kind, words, the best aim and what screening again gave, one row."""
    way = {
        "kind": "move",
        "text": {"zh": "向南移 151 m", "en": "move 151 m south"},
        "project": {},
        "verdict_after": "undetermined",
        "presumed_after": "conditional",
    }
    data = {"ways_out": [way | {"target": "not_prohibited"}, way | {"target": "conditional"}]}
    rows = cells(table(content_of(screened(), lang="en", data=data), "ways_out"))

    assert rows == [["1", "move", "move 151 m south", "conditional", "Undetermined (presumed conditional)"]]


def test_a_site_that_only_touches_what_forbids_is_flagged():
    """The clause does not apply, and the reader is told to check the border."""
    ban = {"id": "b", "effect": "forbid", "text": {"zh": "禁", "en": "no"}, "scope": {"inside": {"layer": "lake"}}}
    site = square(1_700, 0, 2_000.5, 200)  # half a metre deep in the lake at 2,000 m
    content = content_of(screened({}, clauses=[ban], site=site), lang="en")

    assert cells(table(content, "touched"))[0][2] == "Touches what forbids: check the border"


def test_both_languages_stand_one_beneath_the_other_and_alike_words_once():
    """Chinese first, English beneath; a code that is the same in both is not doubled."""
    content = content_of(screened(), lang="both")
    units = table(content, "units")

    assert content.verdict_text.lines() == ("禁止", "Prohibited")
    assert units.columns[0].title.lines() == ("管控单元编码", "Unit code")
    assert units.rows[0].cells[0][0].text.lines() == ("U1",)


def test_the_number_follows_from_the_content():
    """The same answer has the same number, another answer another; a number given is kept."""
    one, again, other = (content_of(screened(facts)) for facts in (None, None, {"industry": "I65"}))

    assert one.number == again.number != other.number
    assert re.fullmatch(r"YD-20260319-[0-9A-F]{8}", one.number)
    assert content_of(screened(), number="渝环评〔2026〕1号").number == "渝环评〔2026〕1号"


def test_a_language_that_is_none_is_refused():
    """zh, en or both."""
    with pytest.raises(InputError, match="fr"):
        content_of(screened(), lang="fr")


def test_a_site_outside_all_units_has_no_units_but_says_so():
    """The opinion says that no unit was met, and the table that nothing is covered."""
    content = content_of(screened(site=square(50_000, 50_000, 50_200, 50_200)), lang="en")

    assert "lies in no control unit" in section(content, "opinion")[0]
    assert cells(table(content, "units"))[-1][1] == "in no control unit"


def test_signs_that_steer_are_left_out_everywhere():
    """Control signs and those that turn the direction of writing reach no format."""
    screening = screened()
    content = content_of(screening, number="1\u202e\x07\ud8002")

    assert content.number == "1\ufffd2"
    assert not any(re.search("[\x00-\x08\u202a-\u202e]", text) for text in content.texts())


def test_shapes_are_the_site_and_its_parts_in_units():
    """What GeoJSON shows: the site as a whole, and one part a unit with its code."""
    content = content_of(screened())

    assert [shape.role for shape in content.shapes] == ["site", "unit", *["corner"] * 4]
    assert content.shapes[1].properties["code"] == "U1"


def test_counts_are_those_of_the_answer():
    """The opinion's numbers are the answer's."""
    screening = screened()
    data = verdict_data(screening)

    assert f"不适用 {len(data['clauses']['not_applicable'])} 条" in section(content_of(screening), "opinion")[0]


def test_questions_come_in_the_order_of_what_they_decide():
    """What decides the verdict, then what may prohibit, then what may add a condition, then how a condition is met."""
    clauses = [
        {
            "id": "c",
            "effect": "require",
            "test": {"fact": "lined", "is": True},
            "text": {"zh": "防渗", "en": "Line it."},
        },
        {"id": "p", "effect": "forbid", "subject": {"fact": "asked", "is": True}, "text": {"zh": "禁", "en": "No."}},
    ]
    rows = cells(table(content_of(screened({}, clauses=clauses), lang="en"), "questions"))

    assert [row[0] for row in rows] == ["1★", "2"]
    assert rows[1][2].startswith("whether")


def test_clauses_that_do_not_apply_are_short_on_the_page_and_whole_in_the_sheet():
    """The page has number and subject, the sheet one row a clause with its words."""
    blocks = [one for one in content_of(screened()).blocks if isinstance(one, Table) and one.key == "not_applicable"]
    page, sheet = blocks

    assert (page.only, sheet.only) == ("page", "sheet")
    assert "第8条（湖边禁止）" in " ".join(row[1] for row in cells(page))
    assert {row[5] for row in cells(sheet)} == {"湖边禁止", "以后"}


def test_corners_are_listed_with_even_precision():
    """Six digits of degrees, hundredths of seconds; a square has four corners."""
    rows = cells(table(content_of(screened()), "corners"))

    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert all(re.fullmatch(r"\d+\.\d{6}", row[3]) and re.fullmatch(r"\d+°\d\d′\d\d\.\d\d″E", row[1]) for row in rows)


def test_plane_coordinates_are_those_that_the_site_came_in():
    """X is north and Y east, as surveys have them; the centre of the belt lies at 500 km east."""
    from support.editions import project

    from yudi.formats.reports.asked import Asked
    from yudi.formats.reports.model import Voice
    from yudi.formats.reports.place_sections import corners_of

    screening = screened()
    given = {"geometry": {"crs": "EPSG:4545", "type": "Polygon"}}
    object.__setattr__(screening, "project", project(screening.project.site, {}))
    object.__setattr__(screening.project, "given", given)
    corner = corners_of(Asked(screening, verdict_data(screening), Voice("zh"))).listed[0]

    assert corner.east == pytest.approx(500_000 + (corner.lon - 108) * 96_486, rel=0.05)
    assert corner.north == pytest.approx(corner.lat * 110_850, rel=0.01)


def test_a_status_table_is_named_without_its_file():
    """A reader of a report has no file of the scheme; that a status table says so is told."""
    said = StatusTable("over", "all", {"": ((Period(None, None), Value(False, origin="table", source="over.csv")),)})
    clause = {"id": "cap", "effect": "require", "text": "capped", "test": {"not": {"fact": "over", "is": True}}}
    screening = screen(project(square(0, 0, 200, 200)), [edition([clause], status=[said])], as_of=DAY)
    why = cells(table(content_of(screening), "clauses"))[0][3]

    assert "（状况表）" in why
    assert "over.csv" not in why
