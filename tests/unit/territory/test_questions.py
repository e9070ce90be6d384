"""The fewest facts whose answers would make the verdict decisive."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from support.editions import DAY, VOCABULARY, edition, layer, point, project, square, status

from yudi.territory.answers import options
from yudi.territory.predicates import parse
from yudi.territory.questions import questions
from yudi.territory.screening import screen


def asked(clauses, facts=None, *, site=None, **more):
    return screen(project(site, facts or {}), [edition(clauses, **more)], as_of=DAY)


def forbid(name, *parts, effect="forbid", **more):
    return {"id": name, "effect": effect, "subject": {"all": list(parts)}} | more


def words(name, **more):
    return forbid(name, {"fact": "concerns:{id}", "is": True}, basis="words", **more)


LOT, ASKED = {"fact": "lot", "is": True}, {"fact": "asked", "is": True}


@pytest.mark.parametrize(
    ("clauses", "facts"),
    [
        ([forbid("a", LOT)], {"lot": False}),
        ([forbid("a", LOT)], {"lot": True}),
        ([forbid("a", {"fact": "discharges", "is": True})], {}),
        ([forbid("a", LOT, effect="offset")], {}),  # what may condition is decisive as it is
    ],
)
def test_a_decisive_verdict_asks_nothing(clauses, facts):
    """Admissible, prohibited and conditional need no answer."""
    assert questions(asked(clauses, facts)) == ()


def test_one_fact_that_settles_all_is_asked_alone():
    """Two bans that rest on one fact, beside facts of their own."""
    both = [forbid("a", LOT, ASKED), forbid("b", LOT, {"fact": "activity", "in": ["new"]})]

    assert questions(asked(both)) == ("lot",)


def test_one_answer_that_prohibits_is_decisive():
    """A single yes makes the verdict prohibited, so a single question can decide it."""
    found = asked([words("a"), words("b")])
    keys = questions(found)

    assert len(keys) == 1
    assert asked([words("a"), words("b")], {keys[0]: True}).verdict == "prohibited"


def test_usual_answers_are_asked_to_be_confirmed():
    """Where the presumed verdict is decisive, what it rests on is asked, and no more."""
    scheme = [words("a", terms=["chemical"]), words("b", terms=["chemical"]), forbid("c", LOT)]
    term = {"key": "chemical", "in": ["C26"]}
    found = asked(scheme, {"industry": "I6513", "lot": False}, terms=[term])

    assert (found.verdict, found.presumed_verdict) == ("undetermined", "admissible")
    assert set(questions(found)) == {"concerns:a", "concerns:b"}
    no = dict.fromkeys(questions(found), False)
    assert asked(scheme, {"industry": "I6513", "lot": False} | no, terms=[term]).verdict == "admissible"


def test_a_usual_ban_is_confirmed_by_one_answer():
    """Of two bans that usually concern the project one is enough to prohibit."""
    scheme = [words("a", at_large=True), words("b", at_large=True)]
    found = asked(scheme)

    assert found.presumed_verdict == "prohibited"
    assert len(questions(found)) == 1


def test_what_settles_most_comes_first():
    """Of two questions the one that settles two clauses comes before the one that settles one."""
    scheme = [
        words("a", terms=["chemical"]),
        forbid("b", {"fact": "asked", "is": False}, {"term": "chemical"}),
        forbid("c", {"fact": "asked", "is": False}, {"fact": "activity", "in": ["new"]}),
    ]
    usual = {
        "key": "u",
        "when": {"fact": "industry", "in": ["I"]},
        "then": {"asked": {"value": True, "by": "x", "date": "2026-01-01"}},
    }
    found = asked(
        scheme, {"industry": "I6513", "activity": "new"}, terms=[{"key": "chemical", "in": ["C26"]}], inferences=[usual]
    )

    assert set(questions(found)) == {"concerns:a", "asked"}


def test_what_a_project_can_say_is_asked_before_what_a_person_must_judge():
    """Either usual answer alone spares the project; the one that needs no signature is asked."""
    ban = forbid("a", ASKED, {"fact": "discharges", "is": True})
    usual = {"key": "u", "when": {}, "then": {"asked": False, "discharges": False}}
    found = asked([ban], inferences=[usual])

    assert (found.verdict, found.presumed_verdict) == ("undetermined", "admissible")
    assert questions(found) == ("discharges",)


def test_a_fact_asked_both_ways_is_not_taken_to_settle_both():
    """If it is so, one ban speaks; if it is not, the other: knowing it alone decides nothing."""
    both = [forbid("a", LOT, ASKED), forbid("b", {"fact": "lot", "is": False}, {"fact": "activity", "in": ["new"]})]

    assert len(questions(asked(both))) == 2


def test_a_number_is_not_taken_to_lie_on_two_sides():
    """Above 100 one ban speaks, at most 100 the other."""
    both = [
        forbid("a", {"fact": "area", "gt": 100}, ASKED),
        forbid("b", {"fact": "area", "le": 100}, {"fact": "activity", "in": ["new"]}),
    ]
    apart = [both[0], forbid("b", {"fact": "area", "lt": 50}, {"fact": "activity", "in": ["new"]})]

    assert len(questions(asked(both))) == 2
    assert questions(asked(apart)) == ("area",)  # between 50 and 100 neither speaks


def test_silence_is_a_question_to_who_keeps_the_list():
    """A unit without a row asks whether its list adds nothing."""
    silent = {
        "id": "s",
        "effect": "silent",
        "subject": {"fact": "list:{unit}", "is": True},
        "silent_for": "list:{unit}",
    }

    assert questions(asked([silent | {"units": {"codes": ["U1"]}}])) == ("list:U1",)


def test_a_distance_that_the_map_cannot_tell_is_asked():
    """Measure it: 20 m from the limit, the map is good to 50 m."""
    bank = layer("bank", [point(980, 0)], accuracy_m=50.0)
    ban = {"id": "a", "effect": "forbid", "scope": {"within": {"layer": "bank", "distance_m": 1_000}}}
    found = asked([ban], layers=[bank])
    measured = asked([ban], {"distance:bank": {"value": 1_012, "accuracy": 1}}, layers=[bank])

    assert (found.verdict, questions(found)) == ("undetermined", ("distance:bank",))
    assert measured.verdict == "admissible"


def test_a_missing_layer_and_an_unknown_headroom_are_asked_too():
    """Not every answer is the project's to give; the question names what is missing."""
    far = {"id": "a", "effect": "forbid", "scope": {"inside": {"layer": "wells"}}}
    quota = {"id": "q", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room"]}}}

    assert questions(asked([far])) == ("layer:wells",)
    assert questions(asked([quota], {"load": 3.0})) == ("room",)
    assert questions(asked([quota], {"load": 3.0}, status=[status("room", 4.0)])) == ()


def test_a_site_that_is_not_covered_asks_nothing():
    """No answer of a person brings a place into the edition."""
    assert questions(asked([forbid("a", LOT)], site=square(9_900, 0, 10_100, 50))) == ()


def test_many_open_sentences_are_searched_in_time():
    """Eighty sentences in words, above what is searched exactly: an answer comes within two seconds."""
    scheme = [words(f"w{index}") for index in range(80)]
    begin = perf_counter()
    keys = questions(asked(scheme))

    assert len(keys) == 1
    assert perf_counter() - begin < 5  # two on a quiet machine, room for a busy one


@pytest.mark.parametrize(
    ("trees", "key", "values"),
    [
        ([{"fact": "lot", "is": True}, {"fact": "lot", "is": False}], "lot", [False, True]),
        ([{"fact": "area", "gt": 4}, {"fact": "area", "le": 8}], "area", [3.0, 4.0, 6.0, 8.0, 9.0]),
        ([{"fact": "load", "gt": 365, "unit": "kg/d"}], "load", [132.225, 133.225, 134.225]),  # 365 * 365 kg a year
        ([{"fact": "since", "from": "2024-03-19"}], "since", [date(2024, 3, 18), date(2024, 3, 19), date(2024, 3, 20)]),
        (
            [{"fact": "industry", "in": ["26", "C25"]}, {"fact": "industry", "in": ["C26"]}],
            "industry",
            [("C26",), ("C25",), ()],
        ),
        ([{"fact": "activity", "in": ["new"]}], "activity", [("new",), ()]),
        ([{"within": {"layer": "x", "distance_m": 50}}], "distance:x", [49.0, 50.0, 51.0]),
        ([], "layer:x", [False, True]),
    ],
)
def test_answers_are_tried_that_make_a_difference(trees, key, values):
    """One for everything that the clauses can tell apart, in the fact's own unit and codes."""
    tried = [answer.value for answer in options([parse(tree) for tree in trees], key, VOCABULARY)]

    assert tried == (pytest.approx(values) if isinstance(values[0], float) else values)
