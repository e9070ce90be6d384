"""A slip is told with the name that was meant, and a place to mend it."""

from __future__ import annotations

from dataclasses import replace

from support.fit_city import CODES, DAY, LAW, draft, fit_list, fit_rules, formal, table

from yudi.core.errors import Where
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition_checks.checks import check_edition
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.lists import ListRow


def found(city: Draft) -> dict[str, EditionFinding]:
    """Return what is found in a city, by kind."""
    return {one.kind: one for one in check_edition(compiled(city), as_of=DAY)}


def test_a_misspelt_code_is_told_with_the_unit_that_lost_its_row() -> None:
    """The row that names no unit and the unit without a row are seen together, in the file and row where it stands."""
    slip = f"{CODES[3][:-2]}91"
    rows = [replace(row, key=slip if row.key == CODES[3] else row.key) for row in fit_list().rows]
    told = found(replace(draft(), lists=(fit_list(rows),)))

    assert set(told) == {"row_without_unit", "unit_without_row"}
    assert told["row_without_unit"].cure.en.startswith(f"did you mean {CODES[3]}?")
    assert told["row_without_unit"].units == (CODES[3],)
    assert told["row_without_unit"].where == Where("list.xlsx", 5, "清单")
    assert told["row_without_unit"].numbers["items"] == 2  # two bans


def test_a_unit_whose_row_is_misspelt_is_free_nowhere() -> None:
    """Where silence is freedom, the unit is not told, but the row that speaks nowhere is an error all the same."""
    rows = [replace(row, key="ZH99010230104" if row.key == CODES[3] else row.key) for row in fit_list().rows]
    told = found(replace(draft(), lists=(fit_list(rows, silence={"": "none"}),)))

    assert {kind: one.severity for kind, one in told.items()} == {"row_without_unit": "error"}


def test_a_misspelt_layer_field_and_table_are_told_with_what_is_meant() -> None:
    """Each cure begins with the name that the scheme has."""
    asks = {"inside": {"layer": "rivrs", "where": {"grade": "main"}}}
    field = {"inside": {"layer": "rivers", "where": {"grde": "main"}}}
    more = {"effect": "forbid", "citation": "river-act", "in_force": "2022-01-01"}
    clauses = [LAW, {"id": "a", "scope": asks, **more}, {"id": "b", "scope": field, **more}]
    rooms = table("rom", dict.fromkeys(CODES, 1.0))
    told = found(replace(draft(), rules=fit_rules(clauses, status=(fit_rules().status[0], rooms))))

    meant = {kind: one.cure.en.partition("?")[0] for kind, one in told.items()}
    assert meant == {
        "layer_missing": "did you mean rivers",
        "field_missing": "did you mean grade",
        "table_missing": "did you mean rom",
    }


def test_many_rows_of_no_unit_are_told_together() -> None:
    """A wrong column gives one finding for all that come behind the first hundred."""
    rows = [replace(fit_list().rows[0], key=f"X{at:05}") for at in range(300)]
    city = replace(draft(), lists=(fit_list([*fit_list().rows, *rows]),))
    told = [one for one in check_edition(compiled(city), as_of=DAY) if one.kind == "row_without_unit"]

    assert len(told) == 101
    assert told[-1].numbers == {"rows": 200, "items": 400}


def test_a_clause_of_a_list_is_named_as_it_stands_in_a_unit() -> None:
    """Two sentences of one cell that ask the same: the digest of their words says nothing to a clerk."""
    same = {"effect": "forbid", "subject": {"fact": "tailings", "is": True}}
    rows = [ListRow(code, "space", "1.禁止采砂。2.不得采砂。") for code in CODES]
    entries = [{"text": text, **same} for text in ("禁止采砂", "不得采砂")]
    told = found(replace(draft(), lists=(fit_list(rows),), formalised=formal(entries)))

    assert set(told) == {"near_duplicate"}
    assert told["near_duplicate"].text.en.startswith(f"asks the same as {CODES[0]}/space/1, and")
    assert told["near_duplicate"].where == Where("list.xlsx", None, f"{CODES[0]}/space/2")
    assert told["near_duplicate"].units == CODES
