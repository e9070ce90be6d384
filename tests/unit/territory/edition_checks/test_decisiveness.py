"""How far lists decide, counted by hand on the invented city, and what to formalise first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.fit_city import CODES, DAY, FORMAL, TOWNS, draft, fit_list, formal

from yudi.core.dates import Period
from yudi.territory.clauses import Citation
from yudi.territory.draft import compiled
from yudi.territory.edition_checks.decisiveness import Decisiveness, decisiveness, left_in_words
from yudi.territory.edition_checks.survey import Survey
from yudi.territory.lists import ListRow, ListSource


def report(kept: slice, **listed: object) -> Decisiveness:
    """Return the report of the city of which some sentences are formalised, with another list if one is given."""
    city = replace(draft(), formalised=formal(FORMAL[kept]))
    lists = (fit_list(**listed),) if listed else city.lists
    return decisiveness(compiled(replace(city, lists=lists)), as_of=DAY)


def test_all_is_formalised_where_nothing_stands_in_words() -> None:
    """Two bans stand in each of four units; a duty in three and a cap in one are the others."""
    found = report(slice(None))

    assert (found.prohibitions, found.formalised, found.share) == (8, 8, 1.0)
    assert found.first.num_rows == 0
    [row] = found.lists.to_pylist()
    assert (row["others"], row["others_formalised"]) == (4, 4)


def test_a_ban_in_words_counts_in_every_unit() -> None:
    """One of two bans is formalised: four of eight, and in each unit one of two."""
    found = report(slice(1, None))

    assert (found.prohibitions, found.formalised, found.share) == (8, 4, 0.5)
    units = found.units.to_pylist()
    assert [(row["key"], row["prohibitions"], row["formalised"], row["share"]) for row in units] == [
        (code, 2, 1, 0.5) for code in CODES
    ]
    assert {row["key"]: row["prohibitions"] for row in found.classes.to_pylist()} == {
        "priority": 2,
        "key": 4,
        "general": 2,
    }
    assert {row["key"]: row["share"] for row in found.dimensions.to_pylist()} == {"space": 0.5, "emission": None}


def test_what_forbids_in_most_units_comes_first() -> None:
    """Bans before duties, then by units; the share grows from text to text until all is formalised."""
    first = report(slice(0, 0)).first.to_pylist()

    assert [(row["effect"], row["units"]) for row in first] == [
        ("forbid", 4),
        ("forbid", 4),
        ("require", 3),
        ("require", 1),
    ]
    assert [row["share_after"] for row in first] == [0.5, 1.0, 1.0, 1.0]
    assert first[2]["text"] == FORMAL[1]["text"]
    assert first[3]["example"] == f"{CODES[0]}/emission/2"
    assert [row["rank"] for row in first] == [1, 2, 3, 4]


def test_a_text_that_stands_in_a_larger_area_comes_before_one_in_a_smaller() -> None:
    """Of two bans in one unit each the one of the larger unit is first, whatever its text."""
    city = draft()
    units = city.layers["units"]
    shapes = units.geometry.copy()
    shapes[1] = shapes[1].buffer(0.02)
    rows = [ListRow(CODES[0], "space", "禁止采砂。"), ListRow(CODES[1], "space", "禁止网箱养鱼。")]
    city = replace(city, lists=(fit_list(rows),), formalised=formal([]))
    found = decisiveness(
        compiled(replace(city, layers={**city.layers, "units": replace(units, geometry=shapes)})), as_of=DAY
    )

    assert found.first.column("text").to_pylist() == ["禁止网箱养鱼", "禁止采砂"]


def test_one_text_about_many_places_counts_once() -> None:
    """The names of units are hidden, so that two sentences that differ in them alone are one text in two units."""
    rows = [ListRow(code, "space", f"{town}禁止采砂。") for code, town in zip(CODES[:2], TOWNS, strict=False)]
    [row] = report(slice(0, 0), rows=rows).first.to_pylist()

    assert row["units"] == row["places"] == 2
    assert "〇" in row["text"]
    assert row["area_share"] == pytest.approx(0.5, abs=1e-3)  # two of four equal squares


def test_what_speaks_for_all_units_counts_once_in_the_whole_and_in_every_unit() -> None:
    """A list without keys says its ban of the whole place: one prohibition, which each unit's count shows."""
    found = report(slice(0, 0), rows=[ListRow("", "space", "禁止采砂。")], key="all", name="city")

    assert (found.prohibitions, found.formalised) == (1, 0)
    assert found.units.column("prohibitions").to_pylist() == [1, 1, 1, 1]
    assert [row["units"] for row in found.first.to_pylist()] == [4]


def test_a_list_that_is_out_of_force_does_not_count() -> None:
    """What is repealed decides nothing and need not be formalised."""
    over = ListSource(citation=Citation("list-2024"), period=Period(None, date(2025, 1, 1)))
    found = report(slice(0, 0), source=over)

    assert (found.prohibitions, found.share, found.first.num_rows) == (0, None, 0)


def test_the_share_never_rounds_up_to_the_whole() -> None:
    """One of 2,100 in words is 99.9%, not 100%."""
    cells = {code: "".join(f"{at}.禁止采砂。" for at in range(1, 701)) for code in CODES[:3]}
    cells[CODES[0]] = cells[CODES[0]].replace("700.禁止采砂", "700.禁止网箱养鱼")
    city = replace(
        draft(),
        lists=(fit_list([ListRow(code, "space", text) for code, text in cells.items()]),),
        formalised=formal([{"text": "禁止采砂", "effect": "forbid", "subject": {"fact": "tailings", "is": True}}]),
    )
    [one] = left_in_words(Survey(compiled(city), DAY))

    assert "2099 of 2100 prohibitions are formalised (99.9%); the other 1 (1 text in 1 unit)" in one.text.en


def test_the_report_is_plain_data() -> None:
    """All tables are lists of mappings, and the total is said."""
    data = report(slice(1, None)).as_data()

    assert (data["as_of"], data["prohibitions"], data["share"]) == ("2026-11-24", 8, 0.5)
    assert {name: len(data[name]) for name in ("lists", "dimensions", "classes", "units", "first")} == {
        "lists": 1,
        "dimensions": 2,
        "classes": 3,
        "units": 4,
        "first": 1,
    }
