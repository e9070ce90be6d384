"""What authorities know day by day, in tables of the edition: by unit, by area and for all, with dates and gaps.

The scheme is tests/data/status. Its rows: district 500102 is over its cap from 2025-07-01 until 2025-12-31; district
500103 is not, and not known from 2026-06-01; 500104 has no row. Headroom is 5 t/a in unit 1 (none from 2026-03-01),
20 in unit 2, 8 in unit 3, and 10 in the city until 2026-09-30. Unit 2 has a moratorium in March 2025.
"""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from yudi.api import ask, open_edition
from yudi.core.errors import InputError
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled

UNITS = ("ZH50010220001", "ZH50010220002", "ZH50010320001", "ZH50010420001")
CAP, QUOTA = "suspended-over-cap", "cod-cap"
QUIET = date(2025, 1, 1)  # no district over its cap, headroom everywhere but in the fourth unit


def built(scheme, folder):
    write_edition(compiled(read_scheme(scheme)), folder)
    return open_edition(folder)


@pytest.fixture(scope="module")
def edition(root, tmp_path_factory):
    return built(root / "tests/data/status/scheme.toml", tmp_path_factory.mktemp("status") / "edition")


@pytest.fixture
def changed(root, tmp_path):
    """Return a function that builds a copy of the scheme with some files replaced."""

    def make(**files):
        folder = tmp_path / "scheme"
        shutil.copytree(root / "tests/data/status", folder)
        for name, text in files.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return built(folder / "scheme.toml", tmp_path / "edition")

    return make


def asked(edition, day, *units, **facts):
    """Return the answer for a point in each of the units."""
    points = [[107.05 + 0.1 * UNITS.index(unit), 29.75] for unit in units]
    return ask({"geometry": {"type": "MultiPoint", "coordinates": points}, "facts": facts}, (edition,), as_of=day)


def cells(answer):
    return {(item.id, item.unit_code): item.cell.name for item in answer.screening.known}


@pytest.mark.parametrize(
    ("day", "cell"),
    [
        (date(2025, 6, 30), "NOT_APPLICABLE"),
        (date(2025, 7, 1), "PROHIBITS"),
        (date(2025, 12, 31), "PROHIBITS"),
        (date(2026, 1, 1), "NOT_APPLICABLE"),  # the later row has ended, the earlier goes on
    ],
)
def test_a_district_over_its_cap_suspends_approval_on_those_days(edition, day, cell):
    """From the first day of the row until the day before it ends, in every unit of the district."""
    answer = asked(edition, day, UNITS[0], UNITS[1], cod=1)

    assert (cells(answer)[CAP, UNITS[0]], cells(answer)[CAP, UNITS[1]]) == (cell, cell)
    assert answer.verdict == ("prohibited" if cell == "PROHIBITS" else "admissible")


def test_a_project_that_emits_nothing_is_not_suspended(edition):
    """The clause speaks of new emissions only."""
    assert asked(edition, date(2025, 8, 1), UNITS[0], cod=0).verdict == "admissible"


def test_each_unit_reads_its_own_districts_row(edition):
    """Across two districts the one over its cap prohibits, the other is shown as it is."""
    answer = asked(edition, date(2025, 8, 1), UNITS[1], UNITS[2], cod=1)

    assert answer.verdict == "prohibited"
    assert answer["by_unit"] == {UNITS[1]: "prohibited", UNITS[2]: "admissible"}


@pytest.mark.parametrize(
    ("unit", "day"),
    [(UNITS[3], QUIET), (UNITS[2], date(2026, 6, 1)), (UNITS[0], date(2024, 5, 31))],
    ids=["no row", "an empty value from that day", "before the first row"],
)
def test_where_the_table_says_nothing_the_cap_may_prohibit(changed, unit, day):
    """No row, an empty value and a day before all rows are unknown, never a pass; no usual answer is presumed."""
    edition = changed(
        over_cap="区县代码,是否超标,起,止\n500102,否,2024-06-01,\n500103,否,2024-06-01,\n500103,,2026-06-01,\n",
        unit_headroom="key,value\n" + "".join(f"{unit},90000\n" for unit in UNITS),
        city_headroom="value\n100\n",
    )
    answer = asked(edition, day, unit, cod=1)

    assert cells(answer)[CAP, unit] == "MAY_PROHIBIT"
    assert (answer.verdict, answer["presumed"]["verdict"]) == ("undetermined", "undetermined")
    assert answer.questions == ["over_cap"]


@pytest.mark.parametrize(
    ("day", "unit", "verdict"),
    [
        (date(2025, 2, 28), UNITS[1], "admissible"),
        (date(2025, 3, 1), UNITS[1], "prohibited"),
        (date(2025, 3, 31), UNITS[1], "prohibited"),
        (date(2025, 4, 1), UNITS[1], "admissible"),
        (date(2025, 3, 15), UNITS[0], "admissible"),
    ],
)
def test_a_closed_list_says_otherwise_for_all_that_it_does_not_name(edition, day, unit, verdict):
    """With `otherwise = false` a unit without a row on the day is known to have no moratorium."""
    assert asked(edition, day, unit, cod=0).verdict == verdict


def test_an_empty_value_in_a_closed_list_is_still_unknown(changed):
    """A row without a value says that it is not known; what holds otherwise does not fill it."""
    edition = changed(moratorium=f"key,value\n{UNITS[0]},\n")

    assert asked(edition, QUIET, UNITS[0], cod=0).verdict == "undetermined"
    assert asked(edition, QUIET, UNITS[1], cod=0).verdict == "admissible"


@pytest.mark.parametrize(
    ("unit", "facts", "cell", "verdict"),
    [
        (UNITS[0], {"cod": 5}, "SATISFIED", "admissible"),  # 5,000 kg/a in the table
        (UNITS[0], {"cod": 5.01}, "CONDITIONS", "conditional"),
        (UNITS[1], {"cod": 10}, "SATISFIED", "admissible"),  # 20 in the unit, but 10 in the city
        (UNITS[1], {"cod": 10.01}, "CONDITIONS", "conditional"),
        (UNITS[1], {"cod": {"value": 10_000, "unit": "kg/a"}}, "SATISFIED", "admissible"),
        (UNITS[1], {"cod": {"value": 10, "accuracy": 1}}, "CONDITIONS", "conditional"),
        (UNITS[0], {}, "MAY_CONDITION", "conditional"),
        (UNITS[0], {"cod": 0}, "NOT_APPLICABLE", "admissible"),
        (UNITS[3], {"cod": 1}, "MAY_PROHIBIT", "undetermined"),  # no row for the unit
    ],
)
def test_an_amount_is_held_against_the_headroom_at_both_levels(changed, unit, facts, cell, verdict):
    """The least headroom counts; too much is a condition, for the amount can be changed; unknown may prohibit."""
    edition = changed(over_cap="区县代码,是否超标\n500102,否\n500103,否\n500104,否\n")
    answer = asked(edition, QUIET, unit, **facts)

    assert cells(answer)[QUOTA, unit] == cell
    assert answer.verdict == verdict


@pytest.mark.parametrize(
    ("day", "facts", "cell"),
    [
        (date(2026, 2, 28), {"cod": 1}, "SATISFIED"),
        (date(2026, 3, 1), {"cod": 1}, "PROHIBITS"),
        (date(2026, 3, 1), {}, "MAY_PROHIBIT"),
        (date(2026, 10, 1), {"cod": 1}, "PROHIBITS"),  # the city's is unknown by then; none is left in the unit
    ],
)
def test_without_headroom_it_is_prohibited_as_proposed(edition, day, facts, cell):
    """Headroom 0 at one level prohibits whatever the other level has; an unknown amount leaves it open."""
    assert cells(asked(edition, day, UNITS[0], **facts))[QUOTA, UNITS[0]] == cell


def test_unknown_headroom_at_one_level_may_prohibit(edition):
    """From 2026-10-01 the city's headroom is unknown: the answer needs it, though the unit has room."""
    answer = asked(edition, date(2026, 10, 1), UNITS[1], cod=1)
    opened = {item["id"]: item for item in answer["clauses"]["open"]}

    assert (answer.verdict, opened[QUOTA]["may"], opened[QUOTA]["needs"]) == (
        "undetermined",
        "prohibit",
        ["city_headroom"],
    )


def test_the_answer_shows_the_tables_value_and_its_file(edition):
    """What a status table said stands beside the clause with its origin and source."""
    found = asked(edition, date(2025, 8, 1), UNITS[0], cod=1)["clauses"]["applied"][0]["because"]["subject"]["found"]

    assert {"fact": "over_cap", "value": True, "origin": "table", "source": "over_cap.csv"} in found


@pytest.mark.parametrize("fact", ["over_cap", "unit_headroom", "city_headroom", "moratorium"])
def test_a_project_cannot_state_what_the_tables_provide(edition, fact):
    """A project that states a fact of the status tables is refused, with the field and who can correct it."""
    with pytest.raises(InputError) as caught:
        asked(edition, QUIET, UNITS[0], **{fact: 5 if "headroom" in fact else False})

    assert caught.value.where.field == fact
    assert caught.value.message == "the edition's status tables provide this, a project cannot state it"
    assert "status table" in caught.value.hint


def test_a_row_for_no_unit_on_the_map_is_reported(edition):
    """A key that no unit has is read nowhere, so the build says which."""
    said = [finding.message for finding in edition.data.findings if finding.kind == "status_names_no_unit"]

    assert said == [
        "no unit 'ZH50010220099' is on the map; what the table says of moratorium there is read nowhere; did you mean "
        "ZH50010220001, ZH50010220002? There `otherwise` holds now"
    ]


@pytest.mark.parametrize(
    ("files", "file", "row", "field"),
    [
        ({"over_cap": "区县代码,是否超标\n500102,也许\n"}, "over_cap.csv", 2, "over_cap"),
        ({"unit_headroom": f"key,value\n{UNITS[0]},1\n{UNITS[1]},plenty\n"}, "unit_headroom.csv", 3, "unit_headroom"),
        ({"unit_headroom": f"key,value\n{UNITS[0]},1\n{UNITS[0]},2\n"}, "unit_headroom.csv", 3, "unit_headroom"),
        ({"city_headroom": "value,from\n10,2024-13-01\n"}, "city_headroom.csv", 2, "from"),
        ({"city_headroom": "value,from,until\n10,2024-02-01,2024-01-01\n"}, "city_headroom.csv", 2, "until"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row(changed, files, file, row, field):
    """A word where a truth or number is expected, two rows for one day, and impossible days name file, row, field."""
    with pytest.raises(InputError) as caught:
        changed(**files)

    assert (caught.value.where.file, caught.value.where.row, caught.value.where.field) == (file, row, field)
