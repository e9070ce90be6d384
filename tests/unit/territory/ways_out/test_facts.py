"""Which facts a project would have to change, on small editions."""

from __future__ import annotations

import pytest
from support.editions import DAY, edition, project, status

from yudi.territory.screening import screen
from yudi.territory.ways_out.facts import facts
from yudi.territory.ways_out.search import ways_out

COAL = {"id": "no-coal", "effect": "forbid", "subject": {"fact": "fuel", "in": ["coal"]}}
LINED = {
    "id": "lined",
    "effect": "require",
    "subject": {"fact": "industry", "in": ["C26"]},
    "test": {"fact": "lined", "is": True},
}
LOT = {"id": "lot", "effect": "forbid", "subject": {"fact": "lot", "is": True}}
WORDS = {
    "id": "words",
    "effect": "forbid",
    "basis": "words",
    "at_large": True,
    "subject": {"fact": "concerns:{id}", "is": True},
}


def screened(*clauses, stated=None, **more):
    return screen(project(facts=stated or {}), [edition(clauses, **more)], as_of=DAY)


def changed(screening, target, limit=3):
    """Return the changes of each candidate as fact and new value."""
    found = facts(screening, target, limit=limit, reach_m=0)
    return [{row["fact"]: row["to"] for row in one.details["facts"]} for one in found]


def test_one_fact_is_changed_where_one_is_enough():
    """Another fuel frees from a ban of coal; what else is stated stays."""
    screening = screened(COAL, stated={"fuel": "coal", "industry": "C2614"})
    candidate = facts(screening, "not_prohibited", limit=3, reach_m=0)[0]

    assert candidate.details["facts"] == [{"fact": "fuel", "from": "coal", "to": "gas"}]
    assert candidate.cost[:3] == (1, 1, 1)
    assert {key: value.as_data()["value"] for key, value in candidate.project.facts.items()} == {
        "fuel": "gas",
        "industry": "C2614",
    }


def test_clauses_that_share_a_fact_are_cured_at_once():
    """Both bans look at the load: the lower limit satisfies both."""
    clauses = [
        {"id": f"c{limit}", "effect": "forbid", "subject": {"fact": "load", "gt": limit}} for limit in (4.0, 9.0)
    ]

    assert changed(screened(*clauses, stated={"load": 12.0}), "not_prohibited") == [{"load": 4.0}]


def test_measures_go_before_design():
    """Where a lining does as well as another fuel, the lining is the cheaper."""
    either = COAL | {"except": {"fact": "lined", "is": True}}
    screening = screened(either, stated={"fuel": "coal", "lined": False})

    assert changed(screening, "not_prohibited") == [{"lined": True}, {"fuel": "gas"}]


def test_obligations_are_stated_as_done_to_be_admissible():
    """A measure that nobody stated is a condition; done, nothing is left."""
    screening = screened(LINED, stated={"industry": "C2614"})

    assert screening.presumed_verdict == "conditional"
    assert changed(screening, "admissible") == [{"lined": True}]


@pytest.mark.parametrize("clause", [LOT, WORDS], ids=["place-bound", "in-words"])
def test_what_cannot_be_changed_is_no_way(clause):
    """Neither the size of the lot, nor what a person is asked, is changed; the answer names the clause."""
    screening = screened(clause, COAL, stated={"lot": True, "fuel": "coal"})
    found = ways_out(screening)
    why = next(one for one in found.none if (one.target, one.kind) == ("not_prohibited", "facts"))

    assert screening.presumed_verdict == "prohibited"
    assert changed(screening, "not_prohibited") == []
    assert why.text.en == f"no changeable fact can move {clause['id']}"


def test_a_load_is_cut_to_the_headroom():
    """A cap that is exceeded by design is a condition; the amount that just fits leaves nothing."""
    cap = {"id": "cap", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room"]}}}
    screening = screened(cap, stated={"load": 60.0}, status=[status("room", 12.5)])

    assert changed(screening, "admissible") == [{"load": 12.5}]


def test_no_load_fits_where_nothing_is_left():
    """Headroom 0 prohibits as proposed, whatever the amount."""
    cap = {"id": "cap", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room"]}}}
    screening = screened(cap, stated={"load": 60.0}, status=[status("room", 0.0)])

    assert screening.presumed_verdict == "prohibited"
    assert changed(screening, "not_prohibited") == []


def test_what_follows_from_a_fact_follows_from_its_change():
    """A usual consequence of coal is presumed; without coal it is not, and the ban on it is gone too."""
    rows = [
        {"key": "a", "when": {"fact": "fuel", "in": ["coal"]}, "then": {"discharges": True}},
        {"key": "b", "when": {"fact": "fuel", "in": ["gas"]}, "then": {"discharges": False}},
    ]
    ban = {"id": "dry", "effect": "forbid", "subject": {"fact": "discharges", "is": True}}
    screening = screened(COAL, ban, stated={"fuel": "coal"}, inferences=rows)

    assert changed(screening, "not_prohibited")[0] == {"fuel": "gas"}


def test_a_rule_is_never_contradicted():
    """A document says that coal discharges: the fuel changes, or nothing; "does not discharge" alone would be refused."""
    rows = [
        {
            "key": "r",
            "kind": "rule",
            "document": "d",
            "when": {"fact": "fuel", "in": ["coal"]},
            "then": {"discharges": True},
        }
    ]
    ban = {"id": "dry", "effect": "forbid", "subject": {"fact": "discharges", "is": True}}
    screening = screened(ban, stated={"fuel": "coal"}, inferences=rows)
    found = changed(screening, "not_prohibited")

    assert {"discharges": False} not in found
    assert all(one.get("fuel") == "gas" for one in found)


def test_many_changes_are_found_one_after_the_other():
    """Six measures are asked by six clauses: more than are searched wholly, and each is needed."""
    keys = [f"emissions.X{row}" for row in range(6)]
    clauses = [{"id": key, "effect": "forbid", "subject": {"fact": key, "gt": 4}} for key in keys]
    screening = screened(*clauses, stated=dict.fromkeys(keys, 5.0))

    (found,) = changed(screening, "not_prohibited")

    assert set(found) == set(keys)
    assert all(0 < value <= 4 for value in found.values())


def test_a_target_that_is_reached_asks_for_nothing():
    """Who passes already gets no way and no apology."""
    screening = screened(COAL, stated={"fuel": "gas"})

    assert screening.presumed_verdict == "admissible"
    assert ways_out(screening).as_data() == {"ways_out": [], "no_way_out": []}
