"""Which values of a fact are worth a try."""

from __future__ import annotations

from datetime import date

import pytest
from support.editions import FACTS, INDUSTRY, edition, project, status

from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.screening import screen
from yudi.territory.ways_out.trials import trials_of
from yudi.territory.ways_out.values import can_change

DAY = date(2026, 3, 19)
OWN = (
    Fact("fuel", "choice", changeable="design", choices=("coal", "oil", "gas", "none")),
    Fact("processes", "text", changeable="design"),
    Fact("trades", "code", changeable="design", system="industry"),
    Fact("start", "date", changeable="design"),
)
KNOWN = Vocabulary({fact.key: fact for fact in (*FACTS, *OWN)}, {"industry": INDUSTRY})


def offered(key, *subjects, facts=None, **more):
    """Return the groups of values that are offered for a fact that the subjects ask."""
    listed = [{"id": f"c{row}", "effect": "forbid", "subject": subject} for row, subject in enumerate(subjects)]
    held = edition(listed, vocabulary=KNOWN, **more)
    screening = screen(project(facts=facts, vocabulary=KNOWN), [held], as_of=DAY)
    return [[value.value for value in group] for group in trials_of(screening).options(key)]


def test_only_what_the_project_can_change_is_changed():
    """Not what it is, nor what a person, a status table or the place says; the measures of a sentence are a person's."""
    asked = ("fuel", "lined", "emissions.COD", "lot", "asked", "over", "meets:c1", "distance:banks", "unheard")

    assert [key for key in asked if can_change(key, KNOWN)] == ["fuel", "lined", "emissions.COD"]


def test_choices_that_no_clause_tells_apart_are_offered_together():
    """Coal is one thing, all that is not coal another; what is stated is no change."""
    assert offered("fuel", {"fact": "fuel", "in": ["coal"]}, facts={"fuel": "coal"}) == [
        [("oil",), ("gas",), ("none",)]
    ]


def test_what_is_usual_goes_first():
    """Of equals that which would be presumed if nothing was said is the least odd."""
    rows = [{"key": "u", "when": {"fact": "industry", "in": ["C26"]}, "then": {"fuel": "gas"}}]
    facts = {"fuel": "coal", "industry": "C2614"}

    assert offered("fuel", {"fact": "fuel", "in": ["coal"]}, facts=facts, inferences=rows)[0][0] == ("gas",)


def test_of_several_choices_some_may_be_left_out():
    """A part of what is stated goes before something else that would do as well."""
    groups = offered("fuel", {"fact": "fuel", "in": ["coal"]}, facts={"fuel": ["coal", "gas"]})

    assert groups[0] == [("coal",)]
    assert groups[1][0] == ("gas",)


@pytest.mark.parametrize("facts", [{}, {"load": 5.0}])
def test_numbers_are_those_at_and_between_the_ends(facts):
    """The ends themselves are offered whatever is stated, and something between them."""
    groups = offered("load", {"fact": "load", "gt": 4.0}, {"fact": "load", "le": 2.0}, facts=facts)
    found = [group[0] for group in groups]

    assert {2.0, 4.0} <= set(found)
    assert [value for value in found if 2 < value < 4]
    assert all(value >= 0 for value in found)
    assert facts.get("load") not in found


def test_a_number_below_an_open_end_is_a_round_one():
    """Below 35, which itself is too much, 34.9 is the nearest round number."""
    found = [group[0] for group in offered("load", {"fact": "load", "ge": 35.0}, facts={"load": 60.0})]

    assert pytest.approx(34.9) in found


def test_the_headroom_of_a_cap_is_an_amount_to_try():
    """An amount that just fits is the nearest to what is wanted."""
    listed = [{"id": "cap", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room"]}}}]
    held = edition(listed, status=[status("room", 12.5)])
    screening = screen(project(facts={"load": 60.0}), [held], as_of=DAY)
    found = [group[0].value for group in trials_of(screening).options("load")]

    assert 12.5 in found


def test_no_amount_is_proposed_to_be_nothing():
    """A project without its load is none; nor does it lose what it emits, but of a pollutant not stated it may have none."""
    asked = [{"fact": key, "gt": 0} for key in ("load", "emissions.COD")]
    stated = {"load": 60.0, "emissions.COD": 5.0}

    assert [0.0] not in offered("load", *asked, facts=stated)
    assert [0.0] not in offered("load", *asked)
    assert [0.0] not in offered("emissions.COD", *asked, facts=stated)
    assert [0.0] in offered("emissions.COD", *asked)


def test_processes_can_only_be_left_out():
    """Another word may mean the same process, so none is offered instead; the last one cannot be left out."""
    asked = {"fact": "processes", "in": ["plating"]}

    assert offered("processes", asked, facts={"processes": ["plating", "milling"]}) == [[("plating",)], [("milling",)]]
    assert offered("processes", asked, facts={"processes": ["plating"]}) == []


def test_codes_are_those_that_are_named():
    """A code of its design may be left out, or be one that a clause names."""
    groups = offered("trades", {"fact": "trades", "in": ["C25"]}, facts={"trades": ["C25", "C27"]})

    assert [group[0] for group in groups] == [("C25",), ("C27",)]


def test_days_are_those_around_an_end():
    """A day before, the day itself and a day after."""
    groups = offered("start", {"fact": "start", "before": "2026-06-01"}, facts={"start": "2026-01-01"})

    assert [group[0] for group in groups] == [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2)]


def test_what_a_rule_makes_of_a_fact_is_offered_though_no_clause_asks_it():
    """A project may have to state it so, if other changes make the rule hold."""
    rows = [
        {
            "key": "r",
            "when": {"fact": "fuel", "in": ["coal"]},
            "then": {"discharges": True},
            "kind": "rule",
            "document": "d",
        }
    ]

    assert offered("discharges", {"fact": "fuel", "in": ["gas"]}, facts={"discharges": False}, inferences=rows) == [
        [True]
    ]


def test_a_value_is_stated_anew():
    """What is offered carries no accuracy and no source of what it replaces."""
    held = edition([{"id": "c", "effect": "forbid", "subject": {"fact": "load", "gt": 4.0}}])
    screening = screen(project(facts={"load": {"value": 6.0, "accuracy": 1.0}}), [held], as_of=DAY)

    assert Value(4.0) in [group[0] for group in trials_of(screening).options("load")]
