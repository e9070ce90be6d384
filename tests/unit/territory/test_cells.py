"""The table of effects, written out as the page on semantics has it, and the algebra of states beneath it."""

from __future__ import annotations

from itertools import product

import pytest
from support.editions import DAY, edition, point, project, status

from yudi.core.logic import F, T, Truth, U
from yudi.territory.cells import (
    EFFECTS,
    Cell,
    Outcome,
    State,
    all_states,
    any_states,
    cell,
    flip,
    outcome,
    reachable,
)
from yudi.territory.screening import screen

HARD, SOFT = True, False
# What stands behind a part: hard is a fact that the project cannot change.
APPLIES = {"F": State(F), "T": State(T), "U hard": State(U, HARD), "U soft": State(U, SOFT)}
TESTS = {
    "T": State(T),
    "F hard": State(F, HARD),
    "F soft": State(F, SOFT),
    "U hard": State(U, HARD),
    "U soft": State(U, SOFT),
    "F soft beside U hard": State(F, SOFT, True),
}
# SEMANTICS, section 2, row by row: A = F, A = T, A = U by what is not changeable, A = U by what is.
PLAIN = {
    "forbid": ("not applicable", "prohibits", "may prohibit", "conditions"),
    "offset": ("not applicable", "conditions", "may condition", "may condition"),
    "consult": ("not applicable", "conditions", "may condition", "may condition"),
    "silent": ("not applicable", "may prohibit", "may prohibit", "may prohibit"),
    "defer": ("not applicable", "may prohibit", "may prohibit", "may prohibit"),
    "note": ("not applicable", "note", "note", "note"),
}
REQUIRE = {
    "T": ("not applicable", "satisfied", "satisfied", "satisfied"),
    "F soft": ("not applicable", "conditions", "may condition", "may condition"),
    "U soft": ("not applicable", "conditions", "may condition", "may condition"),
    "F hard": ("not applicable", "prohibits", "may prohibit", "may prohibit"),
    "U hard": ("not applicable", "may prohibit", "may prohibit", "may prohibit"),
    "F soft beside U hard": ("not applicable", "may prohibit", "may prohibit", "may prohibit"),
}
CELLS = {
    "not applicable": Cell.NOT_APPLICABLE,
    "note": Cell.NOTE,
    "satisfied": Cell.SATISFIED,
    "may condition": Cell.MAY_CONDITION,
    "conditions": Cell.CONDITIONS,
    "may prohibit": Cell.MAY_PROHIBIT,
    "prohibits": Cell.PROHIBITS,
}
STATES = [State(value, is_hard, is_open) for value in Truth for is_hard in (False, True) for is_open in (False, True)]


def expected(effect: str, applies: str, test: str) -> str:
    row = REQUIRE[test] if effect in ("require", "quota") else PLAIN[effect]
    return row[list(APPLIES).index(applies)]


@pytest.mark.parametrize(("effect", "applies", "test"), list(product(EFFECTS, APPLIES, TESTS)))
def test_a_clause_does_what_the_table_says(effect, applies, test):
    """Every effect, with every state of A and of R, gives the cell that the page names."""
    assert cell(effect, APPLIES[applies], TESTS[test]) == CELLS[expected(effect, applies, test)]


def test_the_table_covers_every_effect():
    """No effect is left out of the table above."""
    assert set(EFFECTS) == {*PLAIN, "require", "quota"}


APPLYING = {
    "F": {"lot": False, "discharges": True},
    "T": {"lot": True, "discharges": True},
    "U hard": {"discharges": True},
    "U soft": {"lot": True},
}
SUBJECT = {"all": [{"fact": "lot", "is": True}, {"fact": "discharges", "is": True}]}
TESTING = {
    "T": ({"fact": "lined", "is": True}, {"lined": True}),
    "F hard": ({"fact": "activity", "in": ["expand"]}, {"activity": "new"}),
    "F soft": ({"fact": "lined", "is": True}, {"lined": False}),
    "U hard": ({"fact": "activity", "in": ["expand"]}, {}),
    "U soft": ({"fact": "lined", "is": True}, {}),
    "F soft beside U hard": (
        {"all": [{"fact": "lined", "is": True}, {"fact": "activity", "in": ["expand"]}]},
        {"lined": False},
    ),
}


@pytest.mark.parametrize(
    ("effect", "applies", "test"), list(product(("forbid", "require", "offset", "consult", "note"), APPLIES, TESTS))
)
def test_a_clause_asked_of_a_project_does_what_the_table_says(effect, applies, test):
    """The same table, reached by way of facts stated or left out."""
    asked, stated = TESTING[test]
    data = {"id": "c", "effect": effect, "subject": SUBJECT}
    found = screen(
        project(facts=APPLYING[applies] | stated),
        [edition([data | ({"test": asked} if effect == "require" else {})])],
        as_of=DAY,
    ).known

    assert [item.cell for item in found] == [CELLS[expected(effect, applies, test)]]


QUOTA = {"id": "q", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room", "room.area"]}}}
# (amount, headroom of the unit, headroom of the area) -> cell; None is not stated, or no table has it.
QUOTAS = [
    (3.0, 5.0, 4.0, "satisfied"),
    (4.0, 5.0, 4.0, "satisfied"),  # as much as there is, is not more
    (4.5, 5.0, 4.0, "conditions"),  # the load is design: less of it fits
    (None, 5.0, 4.0, "conditions"),  # an obligation to stay below
    (3.0, 0.0, 4.0, "prohibits"),  # nothing is left
    (3.0, 5.0, 0.0, "prohibits"),  # nothing is left at one level
    (None, 5.0, 0.0, "prohibits"),
    (3.0, 0.0, None, "prohibits"),  # nothing is left, whatever the other level has
    (3.0, -2.0, 4.0, "prohibits"),  # over its cap
    (3.0, None, 4.0, "may prohibit"),  # headroom is not known at every level
    (4.5, None, 4.0, "may prohibit"),  # changing the load may not be enough
    (None, None, None, "may prohibit"),
]


@pytest.mark.parametrize(("amount", "unit", "area", "says"), QUOTAS)
def test_a_quota_compares_with_the_least_headroom(amount, unit, area, says):
    """An amount must fit at every level; used up headroom prohibits, unknown headroom may."""
    tables = [status(key, value) for key, value in (("room", unit), ("room.area", area)) if value is not None]
    found = screen(
        project(facts={} if amount is None else {"load": amount}), [edition([QUOTA], status=tables)], as_of=DAY
    )

    assert found.known[0].cell == CELLS[says]


@pytest.mark.parametrize(("over", "says"), [(True, "prohibits"), (False, "satisfied"), (None, "may prohibit")])
def test_suspended_approval_prohibits_as_proposed(over, says):
    """A place over its cap, said by a status table, is nothing that a design can change."""
    suspended = {"id": "s", "effect": "require", "test": {"fact": "over", "is": False}}
    tables = [] if over is None else [status("over", over)]

    assert screen(project(), [edition([suspended], status=tables)], as_of=DAY).known[0].cell == CELLS[says]


@pytest.mark.parametrize(
    ("load", "subject", "says"),
    [
        (3.0, True, "satisfied"),
        (9.0, True, "may condition"),
        (None, True, "may condition"),
        (9.0, False, "not applicable"),
    ],
)
def test_a_quota_that_may_apply_may_condition(load, subject, says):
    """Where it is not known whether a quota applies, it does no more than it may."""
    data = QUOTA | {"subject": {"fact": "lot", "is": True}}
    facts = ({} if load is None else {"load": load}) | ({} if subject else {"lot": False})
    tables = [status("room", 5.0), status("room.area", 5.0)]

    assert screen(project(facts=facts), [edition([data], status=tables)], as_of=DAY).known[0].cell == CELLS[says]


def test_silence_is_open_until_a_person_answers():
    """A silent clause may prohibit, and is gone once the list is known to add nothing."""
    data = {
        "id": "U1/silent",
        "effect": "silent",
        "subject": {"fact": "list:U1", "is": True},
        "silent_for": "list:{unit}",
    }
    scheme = edition([data | {"units": {"codes": ["U1"]}}])
    silent, answered = (screen(project(point(0, 0), facts), [scheme], as_of=DAY) for facts in ({}, {"list:U1": False}))

    assert (silent.verdict, silent.presumed_verdict, silent.known[0].needs) == (
        "undetermined",
        "admissible",
        ("list:U1",),
    )
    assert (answered.verdict, answered.known[0].cell) == ("admissible", Cell.NOT_APPLICABLE)


def test_states_take_their_values_from_kleene():
    """Conjunction is the least value, disjunction the greatest, negation the mirror, whatever stands behind."""
    for one, other in product(STATES, STATES):
        assert all_states([one, other]).value == min(one.value, other.value)
        assert any_states([one, other]).value == max(one.value, other.value)
    assert [flip(State(value)).value for value in (F, U, T)] == [T, U, F]
    assert (all_states([]), any_states([])) == (State(T), State(F))


def test_states_do_not_depend_on_order_or_grouping():
    """A branch is the same in any order and however it is grouped, as far as a cell can tell."""
    plain = [State(value, is_hard) for value in Truth for is_hard in (False, True)]
    for one, two, three in product(plain, repeat=3):
        for combine in (all_states, any_states):
            assert combine([one, two, three]) == combine([three, one, two])
            assert combine([combine([one, two]), three]) == combine([one, combine([two, three])])


def test_negation_mirrors_the_algebra():
    """The state of "not all" is that of "any not"."""
    for one, two in product(STATES, STATES):
        assert flip(all_states([one, two])) == any_states([flip(one), flip(two)])


@pytest.mark.parametrize(
    ("parts", "is_hard", "is_open"),
    [
        ((State(F, SOFT), State(T, HARD)), False, False),  # what is true does not make it fail
        ((State(F, SOFT), State(U, SOFT)), False, False),
        ((State(F, SOFT), State(U, HARD)), False, True),  # the unknown decides whether changing is enough
        ((State(F, SOFT), State(F, HARD)), True, False),  # one of the failing facts cannot be changed
    ],
)
def test_what_stands_behind_a_failing_conjunction(parts, is_hard, is_open):
    """The failing parts count; an unknown that cannot be changed is remembered beside them."""
    assert all_states(parts) == State(F, is_hard, is_open)


def test_reachable_states_are_all_pairs():
    """A branch reaches whatever any pair of its parts' states makes."""
    one, other = frozenset({State(F), State(T)}), frozenset({State(T), State(U, HARD)})

    assert reachable([one, other], is_conjunction=True) == {all_states(pair) for pair in product(one, other)}
    assert reachable([], is_conjunction=True) == {State(T)}
    assert reachable([], is_conjunction=False) == {State(F)}


@pytest.mark.parametrize("effect", EFFECTS)
def test_outcomes_hold_what_every_known_end_leads_to(effect):
    """Of everything that can become known, each cell that is decisive gives an outcome; silence can be anything."""
    ends = frozenset(state for state in STATES if state.value != U)
    found = outcome(effect, ends, ends)

    assert (
        found
        == {
            "forbid": {Outcome.NOTHING, Outcome.PROHIBITS},
            "require": set(Outcome),
            "quota": set(Outcome),
            "offset": {Outcome.NOTHING, Outcome.CONDITIONS},
            "consult": {Outcome.NOTHING, Outcome.CONDITIONS},
            "silent": set(Outcome),
            "defer": set(Outcome),
            "note": {Outcome.NOTHING},
        }[effect]
    )
