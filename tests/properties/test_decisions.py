"""What an edition keeps of the projects that it was asked about never shows in an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.editions import DAY, edition, layer, project, square, status

from yudi.territory import decisions
from yudi.territory.cells import Cell
from yudi.territory.judged import judge
from yudi.territory.screening import judged_situation, screen
from yudi.territory.verdict import verdict_data

CHEMICAL = {"term": "chemical"}
CLAUSES: list[dict[str, Any]] = [
    {"id": "ban", "effect": "forbid", "scope": {"inside": {"layer": "zone"}}, "subject": CHEMICAL},
    {"id": "far", "effect": "forbid", "scope": {"within": {"layer": "zone", "distance_m": 400}}, "subject": CHEMICAL},
    {
        "id": "size",
        "effect": "require",
        "except": {"fact": "industry", "in": ["I"]},
        "test": {"fact": "area", "lt": 100},
    },
    {"id": "room", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room"]}}},
    {"id": "free", "effect": "consult", "except": {"all": [CHEMICAL, {"fact": "fuel", "in": ["gas"]}]}},
    {
        "id": "said",
        "effect": "forbid",
        "subject": {"fact": "concerns:{id}", "is": True},
        "basis": "words",
        "terms": ["chemical"],
        "units": {"codes": ["U1", "U2"]},
    },
    {
        "id": "mute",
        "effect": "silent",
        "subject": {"fact": "list:{unit}", "is": True},
        "silent_for": "list:{unit}",
        "units": {"codes": ["U2"]},
    },
]
TERMS = ({"key": "chemical", "in": ["C26"], "may": ["C25", {"fact": "load", "gt": 4.0}]},)
ROWS = ({"key": "usual-fuel", "when": {"fact": "industry", "in": ["C26"]}, "then": {"fuel": "coal"}},)


def scheme():
    """Two units side by side, a zone over a part of both; a table of headroom by unit."""
    units = layer("units", [square(-900, -900, 0, 900), square(0, -900, 900, 900)])
    zone = layer("zone", [square(-300, -300, 100, 100), square(600, 600, 700, 700)], accuracy_m=10.0)
    room = status("room", {"U1": 0.0, "U2": 5.0}, by="unit")
    return edition(CLAUSES, units=units, layers=[zone], terms=TERMS, inferences=ROWS, status=[room])


WARM = scheme()
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from(["C", "C26", "C2614", "C25", "I6513", ["C26", "I65"]]),
        "area": st.sampled_from([20.0, 100.0, 200.0]),
        "load": st.sampled_from([0.0, 3.0, 5.0, 8.0]),
        "fuel": st.sampled_from(["coal", "gas"]),
        "concerns:U1/said": st.booleans(),
        "concerns:said": st.booleans(),
        "list:U2": st.booleans(),
        "term:chemical": st.booleans(),
    },
)
SITES = st.builds(
    lambda x, y, size: square(x, y, x + size, y + size),
    st.integers(-850, 650),
    st.integers(-850, 650),
    st.sampled_from([1, 40, 200]),
)


@given(FACTS, SITES)
def test_a_clause_comes_to_what_judging_it_alone_says(facts, site):
    """Parts, cell and outcomes of every clause are those of the trees evaluated leaf by leaf."""
    screening = screen(project(site, facts), [WARM], as_of=DAY)

    for item in screening.known:
        if not item.touch:
            parts, cell, outcomes = judge(item.clause, judged_situation(screening, item))
            assert (item.parts, item.cell, item.outcomes) == (parts, cell, outcomes)


@given(FACTS, SITES)
def test_what_is_presumed_is_what_judging_it_alone_says(facts, site):
    """Clauses that no usual answer moves are not asked again, and come to what they would if they were."""
    screening = screen(project(site, facts), [WARM], as_of=DAY)

    for item in screening.presumed:
        if not item.touch:
            known = judged_situation(screening, item)
            guess = replace(known, facts={**known.facts, **screening.assumed})
            assert (item.parts, item.cell, item.outcomes) == judge(item.clause, guess)


@given(FACTS, SITES)
def test_an_edition_that_was_asked_before_answers_as_a_fresh_one(facts, site):
    """The whole answer, with its questions, is that of an edition that remembers nothing."""
    warm, fresh = (verdict_data(screen(project(site, facts), [each], as_of=DAY)) for each in (WARM, scheme()))

    assert warm == fresh


def test_memories_that_are_begun_anew_change_no_answer(monkeypatch):
    """With room for one value, one combination and one group every screening begins anew and says the same."""
    asked = [
        project(square(-50, y, 50, y + 60), {"industry": code}) for y in (-200, 200) for code in ("C26", "C25", "I")
    ]
    expected = [verdict_data(screen(one, [scheme()], as_of=DAY)) for one in asked]
    for name in ("_DAYS", "_GROUPS", "_VALUES", "_COMBINATIONS"):
        monkeypatch.setattr(decisions, name, 1)
    small = scheme()

    assert [verdict_data(screen(one, [small], as_of=DAY)) for one in asked * 2] == expected * 2


def test_an_answer_that_is_altered_alters_no_later_one():
    """What the edition keeps is copied into each answer."""
    one = project(square(-50, -50, 50, 50), {"industry": "C26"})
    first = verdict_data(screen(one, [WARM], as_of=DAY))
    for entry in (entry for group in first["clauses"].values() if isinstance(group, list) for entry in group):
        entry["text"]["zh"] = entry["citation"]["article"] = "altered"
        for part in entry["because"].values():
            if isinstance(part, dict):
                part.get("text", {}).clear()

    assert verdict_data(screen(one, [WARM], as_of=DAY)) == verdict_data(screen(one, [scheme()], as_of=DAY))


def test_threads_may_ask_one_edition_at_once():
    """Eight threads that begin with an edition nobody has asked answer as one after the other."""
    asked = [
        project(square(x, -50, x + 60, 50), {"industry": code, "load": load})
        for x in (-400, -30, 300)
        for code in ("C26", "C25", "I", "C")
        for load in (1.0, 6.0)
    ]
    expected = [verdict_data(screen(one, [scheme()], as_of=DAY)) for one in asked]
    shared = scheme()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: verdict_data(screen(one, [shared], as_of=DAY)), asked * 4))

    assert found == expected * 4


@pytest.mark.parametrize("code", ["C26", "I"])
def test_a_test_is_only_asked_where_its_clause_can_apply(code):
    """An office is excepted, and no size is asked of it."""
    screening = screen(project(square(-50, -50, 50, 50), {"industry": code}), [WARM], as_of=DAY)
    item = next(item for item in screening.known if item.id == "size")

    assert ("test" in item.parts) == (code != "I")
    assert (item.cell == Cell.NOT_APPLICABLE) == (code == "I")
