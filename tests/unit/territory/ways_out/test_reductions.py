"""Which discharge a cut elsewhere would make good."""

from __future__ import annotations

from support.editions import DAY, edition, project, status

from yudi.territory.screening import screen
from yudi.territory.ways_out.reductions import offsets

COD = "emissions.COD"
OFFSET = {"id": "twice", "effect": "offset", "factor": 2.0, "subject": {"fact": COD, "gt": 0}}
CAP = {"id": "cap", "effect": "quota", "test": {"quota": {"amount": COD, "headroom": ["room"]}}}


def found(*clauses, stated, target="admissible", **more):
    screening = screen(project(facts=stated), [edition(clauses, **more)], as_of=DAY)
    return screening, offsets(screening, target, limit=3, reach_m=0)


def test_the_cut_is_the_amount_times_the_factor():
    """30 t/a made good twice are 60 t/a; the project is stated net of it, with the cut as source."""
    screening, (one,) = found(OFFSET, stated={COD: 30})

    assert screening.presumed_verdict == "conditional"
    assert one.details["cuts"] == [
        {"fact": COD, "amount": 30, "unit": "t/a", "clauses": ["twice"], "factor": 2.0, "cut": 60}
    ]
    assert one.project.given["facts"][COD] == {
        "value": 0,
        "unit": "t/a",
        "source": "30 t/a less a cut of 60 t/a elsewhere",
    }
    assert screen(one.project, screening.editions, as_of=DAY).presumed_verdict == "admissible"


def test_a_cap_is_met_along_with_the_offset():
    """What is made good takes no headroom."""
    _, candidates = found(OFFSET, CAP, stated={COD: 30}, status=[status("room", 12.0)])

    assert len(candidates) == 1


def test_a_ban_of_the_discharge_is_not_made_good():
    """A clause that conditions the discharge itself is no offset; who discharges net of a cut discharges all the same."""
    dry = {"id": "dry", "effect": "require", "subject": {"fact": COD, "gt": 0}, "test": {"fact": "lined", "is": True}}

    assert found(OFFSET, dry, stated={COD: 30})[1] == []


def test_an_amount_that_nobody_stated_cannot_be_made_good():
    """Nobody knows how much to cut."""
    assert found(OFFSET, stated={})[1] == []


def test_an_offset_is_no_way_to_a_milder_target():
    """It is a condition, so that it keeps nobody from "conditional"."""
    ban = {"id": "lot", "effect": "forbid", "subject": {"fact": "lot", "is": True}}

    assert found(OFFSET, ban, stated={COD: 30, "lot": True}, target="not_prohibited")[1] == []


def test_facts_cure_what_else_is_in_the_way():
    """A measure that is asked besides is stated as done."""
    lined = {"id": "lined", "effect": "require", "test": {"fact": "lined", "is": True}}
    _, (one,) = found(OFFSET, lined, stated={COD: 30})

    assert one.details["facts"] == [{"fact": "lined", "from": None, "to": True}]
    assert one.text.en.startswith("make good 30 t/a of emissions COD: cut 60 t/a elsewhere (factor 2); make sure: ")
