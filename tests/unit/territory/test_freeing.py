"""What frees a project needs all of it: several values, vague headroom, days and areas that no list speaks of."""

from datetime import date

import pytest
from support.editions import DAY, edition, layer, line, point, project, square

from yudi.core.dates import Period
from yudi.core.words import Words
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition import Rules, StatusTable
from yudi.territory.facts import Value
from yudi.territory.lists import ListRow, ListSource
from yudi.territory.screening import screen
from yudi.territory.standing import SchemeList
from yudi.territory.wording import wording

BAN = {"id": "ban", "effect": "forbid"}


def verdict(clauses, facts, **more):
    return screen(project(facts=facts), [edition(clauses, **more)], as_of=DAY).verdict


@pytest.mark.parametrize(
    ("codes", "comes_to"), [("C2614", "admissible"), (["C2614", "C25"], "prohibited"), ("C25", "prohibited")]
)
def test_one_code_that_is_excepted_does_not_excuse_another(codes, comes_to):
    """A ban except for C26 holds for a project that is C26 and C25."""
    ban = BAN | {"except": {"fact": "industry", "in": ["C26"]}}

    assert verdict([ban], {"industry": codes}) == comes_to


@pytest.mark.parametrize(("codes", "comes_to"), [("C2614", "admissible"), (["C2614", "C25"], "prohibited")])
def test_a_term_excuses_only_what_is_all_in_it(codes, comes_to):
    """The same where the exception is a term."""
    terms = [{"key": "paint", "in": ["C26"]}]

    assert verdict([BAN | {"except": {"term": "paint"}}], {"industry": codes}, terms=terms) == comes_to


def test_a_term_that_may_hold_for_each_code_is_left_to_a_person():
    """One code in and one that may be: freed is unknown, so the ban may hold."""
    terms = [{"key": "paint", "in": ["C26"], "may": ["C25"]}]

    assert verdict([BAN | {"except": {"term": "paint"}}], {"industry": ["C2614", "C25"]}, terms=terms) == "undetermined"


@pytest.mark.parametrize(("stated", "comes_to"), [(["new", "expand"], "prohibited"), ("new", "admissible")])
def test_a_negation_turns_any_into_all(stated, comes_to):
    """A ban on what is not new holds for what is new and an expansion."""
    assert verdict([BAN | {"subject": {"not": {"fact": "activity", "in": ["new"]}}}], {"activity": stated}) == comes_to


def test_a_test_wants_all_values():
    """Gas and coal do not satisfy a requirement of gas; the fuel is design, so it conditions."""
    gas = {"id": "gas", "effect": "require", "test": {"fact": "fuel", "in": ["gas"]}}

    assert verdict([gas], {"fuel": ["coal", "gas"]}) == "conditional"
    assert verdict([gas], {"fuel": "gas"}) == "admissible"


@pytest.mark.parametrize(
    ("load", "room", "accuracy", "comes_to"),
    [(1, 10, 5, "admissible"), (8, 10, 5, "undetermined"), (20, 10, 5, "conditional"), (1, 3, 5, "undetermined")],
)
def test_a_vague_headroom_is_an_interval(load, room, accuracy, comes_to):
    """Within 5 of 10: 1 is below 5, 20 above 15, 8 between; 3 within 5 may be none at all."""
    quota = {"id": "q", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room"]}}}
    rows = {"": ((Period(None, None), Value(float(room), float(accuracy), "table")),)}

    assert verdict([quota], {"load": load}, status=[StatusTable("room", "all", rows)]) == comes_to


def test_status_rows_of_one_value_and_other_accuracy_are_not_one():
    """10 within 0 in the one unit and within 5 in the other is not 10 within 0."""
    units = layer("units", [square(-1_000, -1_000, 0, 1_000), square(0, -1_000, 1_000, 1_000)])
    rows = {
        "U1": ((Period(None, None), Value(10.0, 0.0, "table")),),
        "U2": ((Period(None, None), Value(10.0, 5.0, "table")),),
    }
    room = {"id": "r", "effect": "require", "test": {"fact": "room", "ge": 8}}
    asked = edition([room], units=units, status=[StatusTable("room", "unit", rows)])
    site = project(line((-500, 0), (500, 0)))

    assert screen(site, [asked], as_of=DAY).verdict == "undetermined"


def lists(*items):
    tables = {name: [] for name in ("acts", "addressees", "at_large", "effects", "empty", "exceptions")}
    tables |= {name: [] for name in ("enumerations", "heads", "nouns", "numbering", "terms", "zones")}
    units = layer("units", [square(-10_000, -10_000, 10_000, 10_000)], {"code": ["U1"], "area": ["500102"]})
    draft = Draft(
        Words("试", "test"),
        Period(date(2024, 1, 1), None),
        Rules(),
        {"units": units},
        lists=items,
        wording=wording(tables),
    )
    return compiled(draft)


def listed(key, *, name="U1", period=Period(None, None)):
    return SchemeList("", (ListRow(name, "", ""),), ListSource(period=period), key)


@pytest.mark.parametrize(("day", "comes_to"), [(date(2026, 3, 1), "undetermined"), (date(2026, 6, 1), "admissible")])
def test_a_list_that_is_not_in_force_is_silence(day, comes_to):
    """Before its first day a list's empty row frees from nothing."""
    asked = lists(listed("code", period=Period(date(2026, 6, 1), None)))

    assert screen(project(point(0, 0)), [asked], as_of=day).verdict == comes_to


def test_two_lists_that_follow_one_another_leave_no_gap():
    """The old list until the day on which the new one begins: nothing is silent on any day."""
    first = date(2026, 6, 1)
    old, new = listed("code", period=Period(None, first)), listed("code", period=Period(first, None))
    asked = lists(old, new)

    assert [screen(project(point(0, 0)), [asked], as_of=day).verdict for day in (date(2026, 5, 31), first)] == [
        "admissible",
        "admissible",
    ]


@pytest.mark.parametrize(("area", "comes_to"), [("500102", "admissible"), ("500103", "undetermined")])
def test_a_list_by_area_is_silent_where_it_has_no_row(area, comes_to):
    """A row for another area says nothing of this one."""
    assert screen(project(point(0, 0)), [lists(listed("area", name=area))], as_of=DAY).verdict == comes_to
