"""A scheme that leaves nothing open has no finding, and each planted fault gives exactly its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.editions import square
from support.fit_city import CODES, DAY, FORMAL, LAW, draft, fit_list, fit_rules, formal, table

from yudi.core.dates import Period
from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.territory.clauses import Citation, Document
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition_checks.checks import check_edition
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.facts import Value
from yudi.territory.lists import ListRow, ListSource
from yudi.territory.rule_checks import SEVERITIES
from yudi.territory.templates import Template

LAST = CODES[-1]
Plant = Callable[[Draft], Draft]


def test_a_scheme_that_leaves_nothing_open_has_no_finding() -> None:
    """All is formalised, cited, mapped, tabled and in force."""
    assert found(lambda city: city) == []


def listed(**more: Any) -> Plant:
    """Give the city another list."""
    return lambda city: replace(city, lists=(fit_list(**more),))


def ruled(*clauses: Any, **more: Any) -> Plant:
    """Give the city other rules; without clauses its law."""
    return lambda city: replace(city, rules=fit_rules(clauses or (LAW,), **more))


def also(**data: Any) -> Plant:
    """Give the city one more clause."""
    return ruled(LAW, {"id": "more", "effect": "forbid", "citation": "river-act", "in_force": "2022-01-01", **data})


def mapped(name: str, **more: Any) -> Plant:
    """Change a layer of the city."""
    return lambda city: replace(city, layers={**city.layers, name: replace(city.layers[name], **more)})


def without(name: str) -> Plant:
    """Take a layer from the city."""
    return lambda city: replace(city, layers={key: item for key, item in city.layers.items() if key != name})


def formalised(entries: Any) -> Plant:
    """Let the office have formalised these."""
    return lambda city: replace(city, formalised=formal(entries))


def tabled(*tables: Any) -> Plant:
    """Put tables in the place of those of the same fact; None takes one away."""
    kept = {item.fact: item for item in fit_rules().status}
    changed = {**kept, **dict(tables)}
    return ruled(status=tuple(item for item in changed.values() if item is not None))


def counted(start: date | None, end: date | None) -> Plant:
    """Let the edition count on other days."""
    return lambda city: replace(city, period=Period(start, end))


def act(start: date | None, end: date | None) -> Plant:
    """Let the law's document be in force on other days."""
    named = Document("river-act", Words("臆造的河流法", "Invented River Act"), period=Period(start, end))
    return ruled(documents={**fit_rules().documents, "river-act": named})


def rows(*, drop: tuple[str, ...] = (), add: tuple[tuple[str, str], ...] = ()) -> Plant:
    """Give the city's list other rows."""
    kept = [row for row in fit_list().rows if row.key not in drop]
    made = [ListRow(key, "space", text, replace(kept[0].where, row=90 + at)) for at, (key, text) in enumerate(add)]
    return listed(rows=[*kept, *made])


def noticed(kind: str, *, times: int = 1) -> Plant:
    """Let the build have noticed something of a list, in so many rows."""
    rows = [Finding(kind, "as the build says it", Where("list.xlsx", row, "水资源")) for row in range(2, 2 + times)]
    return lambda city: replace(city, findings=tuple(rows))


def undimensioned(city: Draft) -> Draft:
    """Let the scheme declare no dimensions and its list be repealed."""
    rows = [replace(row, dimension="") for row in fit_list().rows if row.dimension == "space"]
    over = ListSource(citation=Citation("list-2024"), period=Period(None, OUT))
    kept = (FORMAL[0], FORMAL[3])
    return replace(city, dimensions={}, lists=(fit_list(rows, source=over, dimensions=("",)),), formalised=formal(kept))


def silent_template(city: Draft) -> Draft:
    """Let a template find a cell that says nothing in one unit."""
    made = Template(
        "wind",
        "wind",
        dimension="space",
        values={"": {"effect": "silent", "text": "未提及风电"}, "yes": {}},
        citation=Citation("list-2024"),
    )
    return replace(city, templates=(made,), unit_columns={"wind": ["yes", "", "yes", "yes"]})


ROOMS = fit_rules().status[1]
SAID = {"subject": {"fact": "tailings", "is": True}}
OUT = date(2026, 7, 1)
PLANTED: dict[str, tuple[Plant, str, str, tuple[str, ...]]] = {
    "ended": (counted(date(2024, 1, 1), OUT), "edition_ended", "error", ()),
    "not begun": (counted(date(2027, 1, 1), None), "edition_not_begun", "warning", ()),
    "never in force": (
        also(units={"codes": [CODES[1]]}, in_force="2022-01-01", repealed="2023-01-01", **SAID),
        "never_in_force",
        "error",
        (CODES[1],),
    ),
    "strange row": (rows(add=((f"{CODES[0][:-1]}9", FORMAL[0]["text"]),)), "row_without_unit", "error", ()),
    "missing row": (rows(drop=(LAST,)), "unit_without_row", "warning", (LAST,)),
    "strange clause": (
        also(units={"codes": [CODES[0], "ZH00000000000"]}, **SAID),
        "clause_without_unit",
        "warning",
        (),
    ),
    "strange class": (also(units={"classes": ["genral", "key"]}, **SAID), "clause_without_unit", "warning", ()),
    "stale entry": (
        formalised([*FORMAL, {"text": "禁止采砂", "effect": "forbid"}]),
        "formalised_unused",
        "warning",
        (),
    ),
    "no column": (
        lambda city: replace(city, dimensions={**city.dimensions, "risk": Words("环境风险防控", "risk")}),
        "dimension_silent",
        "warning",
        CODES,
    ),
    "list repealed": (
        listed(source=ListSource(citation=Citation("list-2024"), period=Period(None, OUT)), dimensions=("",)),
        "days_without_list",
        "warning",
        CODES,
    ),
    "list repealed, without dimensions": (undimensioned, "days_without_list", "warning", CODES),
    "list begins late": (
        listed(
            source=ListSource(citation=Citation("list-2024"), period=Period(None, date(2028, 1, 1))), dimensions=("",)
        ),
        "days_without_list",
        "info",
        CODES,
    ),
    "empty cell": (silent_template, "cell_silent", "warning", (CODES[1],)),
    "nothing said": (
        lambda city: replace(city, lists=(), says_itself=False, formalised=formal([])),
        "scheme_silent",
        "error",
        CODES,
    ),
    "column that asks": (noticed("column_asks"), "column_asks", "warning", ()),
    "label of no dimension": (noticed("dimension_unknown", times=3), "dimension_unknown", "warning", ()),
    "header with a slip": (noticed("header_near"), "header_near", "warning", ()),
    "words for a number": (noticed("value_in_words"), "value_in_words", "info", ()),
    "ban in words": (formalised(FORMAL[1:]), "ban_in_words", "warning", CODES),
    "duty in words": (formalised((FORMAL[0], *FORMAL[2:])), "clause_in_words", "info", CODES[:3]),
    "act repealed": (act(date(2021, 3, 1), OUT), "document_out_of_force", "error", ()),
    "act to come": (act(date(2027, 3, 1), None), "document_out_of_force", "error", ()),
    "act ends later": (act(date(2021, 3, 1), date(2027, 7, 1)), "days_beyond_document", "warning", ()),
    "act began later": (act(date(2024, 7, 1), None), "days_beyond_document", "warning", ()),
    "misspelt act": (also(**{**SAID, "citation": "rivr-act"}), "document_undeclared", "warning", ()),
    "list without act": (
        listed(source=ListSource(citation=Citation("list.xlsx"))),
        "list_without_document",
        "warning",
        CODES,
    ),
    "no citation": (also(**{**SAID, "citation": None}), "citation_missing", "warning", ()),
    "no layer": (without("rivers"), "layer_missing", "warning", CODES),
    "no catchments": (without("basins"), "layer_missing", "warning", ()),
    "no field": (
        mapped("rivers", columns=draft().layers["rivers"].columns.rename_columns(["grad", "code"])),
        "field_missing",
        "warning",
        CODES,
    ),
    "no flow": (mapped("river_lines", has_flow=False), "flow_missing", "warning", ()),
    "near end": (mapped("rivers", extent=square(-5_000, -5_000, 20_500, 10_000)), "extent_short", "warning", (LAST,)),
    "no table": (tabled(("room", None)), "table_missing", "warning", (CODES[0],)),
    "row of a table": (
        tabled(("over", table("over", {"990101": False}, by="area"))),
        "table_row_missing",
        "warning",
        CODES[2:],
    ),
    "unknown row of a table": (
        tabled(("room", replace(ROOMS, rows={**ROOMS.rows, CODES[0]: ((Period(None, None), None),)}))),
        "table_row_missing",
        "warning",
        (CODES[0],),
    ),
    "strange row of a table": (
        tabled(("over", table("over", {"990101": False, "990102": True, "990103": True}, by="area"))),
        "table_row_without_unit",
        "warning",
        (),
    ),
    "last year's table": (
        tabled(("room", table("room", dict.fromkeys(CODES, 1.0), days=(date(2025, 1, 1), date(2026, 1, 1))))),
        "table_out_of_date",
        "warning",
        CODES,
    ),
    "a closed list of last year": (
        tabled(("over", table("over", {"990102": True}, by="area", days=(None, OUT), otherwise=Value(False)))),
        "table_out_of_date",
        "warning",
        CODES[2:],
    ),
    "undefined term": (also(terms=["tailings-pond"], **SAID), "term_undefined", "warning", ()),
    "contradiction": (
        also(subject={"all": [{"fact": "tailings", "is": True}, {"fact": "tailings", "is": False}]}),
        "never_applies",
        "error",
        (),
    ),
    "said twice": (
        also(id="river-9-2", **{key: LAW[key] for key in ("scope", "subject", "text")}),
        "near_duplicate",
        "warning",
        (),
    ),
    "term of other days": (
        ruled(terms=(replace(fit_rules().terms[0], period=Period(None, date(2020, 1, 1))),)),
        "term_out_of_days",
        "warning",
        CODES,
    ),
    "recalled": (also(basis="recalled", **SAID), "unverified", "info", ()),
}


def found(plant: Plant) -> list[EditionFinding]:
    """Return what is found in the city with a fault planted."""
    return list(check_edition(compiled(plant(draft())), as_of=DAY))


@pytest.mark.parametrize(("plant", "kind", "severity", "units"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_gives_exactly_its_own_finding(
    plant: Plant, kind: str, severity: str, units: tuple[str, ...]
) -> None:
    """One finding, of its kind, in the units concerned, with a sentence and a cure in both languages and a place."""
    [one] = found(plant)

    assert (one.kind, one.severity, one.units) == (kind, severity, units)
    assert all((one.text.zh, one.text.en, one.cure.zh, one.cure.en))
    assert (one.place is not None) is bool(units)
    assert one.severity in SEVERITIES
    assert one.as_data()["units"] == list(units)
