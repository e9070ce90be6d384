"""What leaves and trees come to: three values, ranges with accuracy, codes of several widths, terms, needs."""

from __future__ import annotations

from datetime import date

import pytest
from support.editions import VOCABULARY, project, signed

from yudi.core.logic import F, T, U
from yudi.territory.cells import State
from yudi.territory.evaluation import Situation, evaluate, range_truth
from yudi.territory.facts import Value
from yudi.territory.place import Reading
from yudi.territory.predicates import FactRange, parse
from yudi.territory.projects import read_facts
from yudi.territory.terms import term

CHEMICAL = term({"key": "chemical", "in": ["C26"], "may": ["C25", "C271"]})
BIG = term({"key": "big", "in": [{"fact": "load", "gt": 10}], "may": [{"fact": "load", "gt": 5}]})
# Outside a code list a measure decides, beside a fact that cannot be changed.
LEAKY = term({"key": "leaky", "in": [{"all": [{"fact": "lined", "is": False}, {"fact": "lot", "is": True}]}]})


def situation(facts=None, terms=(CHEMICAL, BIG, LEAKY), status=lambda key: None, place=None, **more) -> Situation:
    known, _ = read_facts(signed(facts or {}), VOCABULARY)
    return Situation(
        VOCABULARY,
        known,
        {item.key: item for item in terms},
        status,
        place or (lambda test, stated: Reading(U, ("layer:none",))),
        **more,
    )


def value(data, facts=None, **more):
    return evaluate(parse(data), situation(facts, **more)).state.value


@pytest.mark.parametrize(
    ("stated", "asked", "comes_to"),
    [
        ("C2614", ["C26"], T),  # the clause's code lies above the project's
        ("C26", ["C2614"], U),  # the project may be this one or another
        ("C26", ["C26"], T),
        ("C27", ["C26"], F),
        ("2614", ["C26"], T),  # one code, two spellings
        ("C2614", ["26"], T),
        ("I6513; C2614", ["C26"], T),  # of a list, any one triggers
        (["I6513", "C26"], ["C2614"], U),
        (["I6513", "A"], ["C26"], F),
        ("C26", ["C27", "C2614"], U),
        ("C", ["C26", "C27"], U),
    ],
)
def test_codes_cover_what_lies_below_them(stated, asked, comes_to):
    """A clause's wider code covers a project's narrower one, not the other way round."""
    assert value({"fact": "industry", "in": asked}, {"industry": stated}) == comes_to


@pytest.mark.parametrize(
    ("stated", "asked", "comes_to"),
    [
        (None, {"gt": 10}, U),
        (10, {"gt": 10}, F),
        (10, {"ge": 10}, T),
        (10, {"lt": 10}, F),
        (10, {"le": 10}, T),
        ({"value": 9, "accuracy": 2}, {"gt": 10}, U),
        ({"value": 13, "accuracy": 2}, {"gt": 10}, T),
        ({"value": 8, "accuracy": 2}, {"gt": 10}, F),
        ({"value": 8, "accuracy": 2}, {"ge": 10}, U),
        (7, {"between": [5, 10]}, T),
        ({"value": 5, "accuracy": 1}, {"between": [5, 10]}, U),
        (11, {"between": [5, 10]}, F),
        (5, {"eq": 5}, T),
        ({"value": 5, "accuracy": 1}, {"eq": 5}, U),
    ],
)
def test_ranges_count_the_accuracy(stated, asked, comes_to):
    """An interval inside the range is true, outside false, across an end unknown."""
    assert value({"fact": "load"} | asked, {} if stated is None else {"load": stated}) == comes_to


@pytest.mark.parametrize(("unit", "limit"), [("kg/d", 30), ("t/a", 10.95), ("kg/a", 10950)])
@pytest.mark.parametrize("stated", ["30 kg/d", "10.95 t/a", "10,950 kg/a"])
def test_units_of_limit_and_fact_may_differ(unit, limit, stated):
    """A limit converted between units equals the amount that it was converted from: 30 kg/d is 10.95 t a year."""
    inclusive, strict = (value({"fact": "load", key: limit, "unit": unit}, {"load": stated}) for key in ("le", "lt"))

    assert (inclusive, strict) == (T, F)


@pytest.mark.parametrize(
    ("asked", "comes_to"),
    [
        ({"after": "2020-01-01"}, T),
        ({"after": "2024-03-19"}, F),
        ({"from": "2024-03-19"}, T),
        ({"before": "2024-03-19"}, F),
        ({"until": "2024-03-19"}, T),
        ({"between": ["2024-01-01", "2024-12-31"]}, T),
    ],
)
def test_dates_are_ranges_too(asked, comes_to):
    """Before and after leave the day out, from and until count it."""
    assert value({"fact": "since"} | asked, {"since": date(2024, 3, 19)}) == comes_to


@pytest.mark.parametrize(("stated", "comes_to"), [(True, T), (False, F), ("是", T), ("否", F), (None, U)])
def test_a_truth_is_asked_both_ways(stated, comes_to):
    """Whether it is so and whether it is not so are each other's negation."""
    facts = {} if stated is None else {"lot": stated}

    assert value({"fact": "lot", "is": True}, facts) == comes_to
    assert value({"fact": "lot", "is": False}, facts) == 2 - comes_to


@pytest.mark.parametrize(
    ("stated", "comes_to"),
    [("C2614", T), ("C25", U), ("I6513", F), ("C27", U), ("C271", U), ("C", U), (None, U), (["I6513", "C261"], T)],
)
def test_a_term_has_three_answers(stated, comes_to):
    """In is true, may is a person's to decide, all else is out; a code too wide for the table is unknown."""
    assert value({"term": "chemical"}, {} if stated is None else {"industry": stated}) == comes_to


def test_a_term_says_what_would_settle_it():
    """A person where the table leaves it open; the finer fact where the stated one is too coarse or absent."""
    needs = [
        evaluate(parse({"term": "chemical"}), situation(facts)).needs
        for facts in ({"industry": "C25"}, {"industry": "C"}, {}, {"industry": "I"})
    ]

    assert needs == [("term:chemical",), ("industry",), ("industry",), ()]


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_decides_only_what_the_table_leaves_open(answer):
    """An answer counts for a code that may be meant, and moves neither what is in nor what is out."""
    asked = {"term": "chemical"}
    stated = [value(asked, {"industry": code, "term:chemical": answer}) for code in ("C25", "C26", "I6513")]

    assert stated == [T if answer else F, T, F]


def test_a_term_without_a_table_is_a_persons_to_decide():
    """On a day on which no table counts, the word alone is unknown."""
    unknown = evaluate(parse({"term": "chemical"}), situation({"industry": "C26"}, terms=()))

    assert unknown.state == State(U, True)
    assert unknown.needs == ("term:chemical",)
    assert value({"term": "chemical"}, {"term:chemical": True}, terms=()) == T


def test_a_term_over_facts_that_can_be_changed_can_be_changed():
    """What stands behind a term is what stands behind its table; a person's decision cannot be changed."""
    states = [
        evaluate(parse({"term": "big"}), situation({} if load is None else {"load": load})).state
        for load in (12, 7, 3, None)
    ]

    assert states == [State(T), State(U, True), State(F), State(U)]


def test_a_term_remembers_an_unknown_beside_what_fails():
    """Failing by a measure while a fact that cannot be changed is unknown stays open, as it does outside a term."""
    tree = {"all": [{"fact": "lined", "is": False}, {"fact": "lot", "is": True}]}
    inside, outside = (evaluate(parse(data), situation({"lined": True})) for data in ({"term": "leaky"}, tree))

    assert inside.state == outside.state == State(F, False, True)
    assert inside.needs == outside.needs == ("lot",)
    assert inside.reach >= outside.reach


def test_kleene_tables():
    """All is the least, any the greatest, not the mirror; of nothing all is true and any false."""
    facts = {"lot": True, "lined": False}
    leaf = {T: {"fact": "lot", "is": True}, F: {"fact": "lined", "is": True}, U: {"fact": "monitors", "is": True}}
    for one in leaf:
        assert value({"not": leaf[one]}, facts) == 2 - one
        for other in leaf:
            assert value({"all": [leaf[one], leaf[other]]}, facts) == min(one, other)
            assert value({"any": [leaf[one], leaf[other]]}, facts) == max(one, other)
    assert (value({"all": []}), value({"any": []})) == (T, F)


def test_needs_name_what_keeps_a_tree_from_being_known():
    """Only unknown parts of what is unknown are needed, each once, in order."""
    tree = {"all": [{"fact": "lot", "is": True}, {"fact": "lined", "is": True}, {"fact": "fuel", "in": ["gas"]}]}
    needs = [
        evaluate(parse(tree), situation(facts)).needs
        for facts in ({}, {"lined": True}, {"lot": False}, {"lot": True, "lined": True, "fuel": "gas"})
    ]

    assert needs == [("lot", "lined", "fuel"), ("lot", "fuel"), (), ()]


def test_names_of_facts_are_filled_in_with_clause_and_unit():
    """A clause that stands in many units asks one question in each."""
    asked = {"all": [{"fact": "concerns:{id}", "is": True}, {"fact": "list:{unit}", "is": True}]}
    found = evaluate(parse(asked), situation(clause_id="U1/space/1", unit_code="U1"))

    assert found.needs == ("concerns:U1/space/1", "list:U1")


def test_status_answers_what_the_project_cannot_state():
    """A fact of the status tables is read there; it is nothing that a design can change."""
    found = [
        evaluate(parse({"fact": "over", "is": True}), situation(status=lambda key, said=said: said)).state
        for said in (Value(True), None)
    ]

    assert found == [State(T, True), State(U, True)]


@pytest.mark.parametrize("says", [True, False])
def test_a_trial_is_the_truth_of_the_fact(says):
    """What an answer would change follows the fact, also where a clause asks for its opposite."""
    found = [
        evaluate(parse({"fact": "lot", "is": asked}), situation(trial={"lot": says})).state.value
        for asked in (True, False)
    ]

    assert found == ([T, F] if says else [F, T])


def test_range_truth_snaps_only_to_its_ends():
    """A relative difference of 1e-9 is none; a larger one is."""
    test = FactRange("x", high=1000.0, high_open=True)

    assert range_truth(1000.0 - 1e-7, 0.0, test) == F
    assert range_truth(1000.0 - 1e-5, 0.0, test) == T


def test_a_project_states_what_a_number_is_good_to():
    """A stated accuracy reaches the comparison in the fact's own unit."""
    facts = project(facts={"load": {"value": 30, "unit": "kg/d", "accuracy": 1}}).facts["load"]

    assert (facts.value, facts.accuracy) == (pytest.approx(10.95), pytest.approx(0.365))
