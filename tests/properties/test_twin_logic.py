"""Trees of facts against a brute-force twin that fills in every unknown fact in every way."""

from __future__ import annotations

from itertools import compress, product

from hypothesis import given
from hypothesis import strategies as st
from support.editions import VOCABULARY

from yudi.core.logic import F, T, Truth, U
from yudi.territory.cells import EFFECTS, Cell, Outcome, cell, outcome
from yudi.territory.evaluation import Situation, evaluate
from yudi.territory.facts import Value
from yudi.territory.place import Reading
from yudi.territory.predicates import All, Any_, FactIs, Node, Not, leaves
from yudi.territory.predicates import Node as Tree

# Two facts that cannot be changed, two that can; each leaf asks one, so a tree of five repeats some.
NAMES = ("lot", "asked", "discharges", "lined")
facts = st.dictionaries(st.sampled_from(NAMES), st.booleans())
leaf = st.builds(FactIs, st.sampled_from(NAMES), st.booleans())


@st.composite
def trees(draw: st.DrawFn, most: int = 5, names: tuple[str, ...] = NAMES) -> Tree:
    """Draw a tree of at most so many leaves."""
    if most == 1 or draw(st.integers(0, 3)) == 0:
        return draw(st.builds(FactIs, st.sampled_from(names), st.booleans()))
    if draw(st.integers(0, 4)) == 0:
        return Not(draw(trees(most, names)))
    left = draw(st.integers(1, most - 1))
    parts = (draw(trees(left, names)), draw(trees(most - left, names)))
    return draw(st.sampled_from((All, Any_)))(parts)


def situation(known: dict[str, bool]) -> Situation:
    values = {key: Value(value) for key, value in known.items()}
    return Situation(VOCABULARY, values, {}, lambda key: None, lambda test, stated: Reading(U))


def holds(tree: Node, known: dict[str, bool]) -> bool:
    """Two-valued logic in its own words: what the tree says once every fact is known."""
    if isinstance(tree, All):
        return all(holds(part, known) for part in tree.parts)
    if isinstance(tree, Any_):
        return any(holds(part, known) for part in tree.parts)
    return not holds(tree.part, known) if isinstance(tree, Not) else known[tree.fact] == tree.value


def completions(known: dict[str, bool]) -> list[dict[str, bool]]:
    unknown = [name for name in NAMES if name not in known]
    return [known | dict(zip(unknown, values, strict=True)) for values in product((False, True), repeat=len(unknown))]


@given(trees(), facts)
def test_a_known_value_is_what_every_completion_gives(tree, known):
    """What evaluation calls true or false stays so, however the unknown turns out."""
    value = evaluate(tree, situation(known)).state.value
    ends = {holds(tree, full) for full in completions(known)}

    assert value == U or ends == {value == T}


@given(st.permutations(NAMES), st.data(), facts)
def test_a_tree_that_asks_each_fact_once_is_unknown_only_where_both_ends_are_open(names, data, known):
    """Without a repeated fact Kleene's tables are exact: unknown means that some completion gives either."""
    tree = data.draw(once(tuple(names)))
    value = evaluate(tree, situation(known)).state.value
    ends = {holds(tree, full) for full in completions(known)}

    assert ends == ({True, False} if value == U else {value == T})


@st.composite
def once(draw: st.DrawFn, names: tuple[str, ...]) -> Tree:
    """Draw a tree in which every fact stands once."""
    if len(names) == 1:
        found = FactIs(names[0], draw(st.booleans()))
    else:
        cut = draw(st.integers(1, len(names) - 1))
        found = draw(st.sampled_from((All, Any_)))((draw(once(names[:cut])), draw(once(names[cut:]))))
    return Not(found) if draw(st.booleans()) else found


@given(trees(), facts)
def test_reach_holds_the_state_of_every_completion(tree, known):
    """No state that some completion, whole or partial, comes to is missing from what is called reachable."""
    reach = evaluate(tree, situation(known)).reach
    ends = [
        evaluate(tree, situation({name: value for name, value in full.items() if name in stated})).state
        for full in completions(known)
        for stated in subsets(known)
    ]

    assert set(ends) <= reach


def subsets(known: dict[str, bool]) -> list[set[str]]:
    """Every set of facts that may be stated once those that are known are."""
    unknown = [name for name in NAMES if name not in known]
    return [{*known, *compress(unknown, kept)} for kept in product((False, True), repeat=len(unknown))]


@given(trees(), facts)
def test_needs_are_unknown_facts_and_answering_them_all_settles_the_tree(tree, known):
    """Asked is only what the tree asks and nobody stated; with the answers the tree is known."""
    found = evaluate(tree, situation(known))
    asked = {item.fact for item in leaves(tree)}

    assert set(found.needs) <= asked - set(known)
    assert bool(found.needs) == (found.state.value == U or found.state.is_open)
    for full in completions(known):
        answered = known | {key: full[key] for key in found.needs}
        assert evaluate(tree, situation(answered)).state.value != U or found.state.value != U


@given(trees(), facts)
def test_double_negation_and_de_morgan(tree, known):
    """Not not is nothing, and "not all" is "any not", for value, kind, reach and needs alike."""
    here = situation(known)
    parts = tree.parts if isinstance(tree, All | Any_) else (tree,)
    other = Any_ if not isinstance(tree, Any_) else All

    assert evaluate(Not(Not(tree)), here) == evaluate(tree, here)
    if isinstance(tree, All | Any_):
        assert evaluate(Not(tree), here) == evaluate(other(tuple(Not(part) for part in parts)), here)


def what_stands_behind(tree: Node, known: dict[str, bool]) -> set[str]:
    """The facts that make the tree fail, or keep it from being known, each looked at in the plain sense of the page."""
    value = evaluate(tree, situation(known)).state.value
    if isinstance(tree, Not):
        return what_stands_behind(tree.part, known)
    if isinstance(tree, All | Any_):
        alike = [part for part in tree.parts if evaluate(part, situation(known)).state.value == value]
        return {name for part in alike for name in what_stands_behind(part, known)}
    return {tree.fact}


@given(trees(), facts)
def test_changeable_means_every_fact_that_stands_behind_the_value(tree, known):
    """A part is hard just where one of the facts behind its value is neither design nor measure."""
    state = evaluate(tree, situation(known)).state
    behind = what_stands_behind(tree, known)

    assert state.is_hard == any(not VOCABULARY.fact(name).is_changeable for name in behind)


@given(st.sampled_from(EFFECTS), trees(3), trees(2), facts)
def test_outcomes_miss_no_completion(effect, applies, test, known):
    """What the unknown leaves open of a clause holds what the clause does once everything is known."""
    here = situation(known)
    a, r = evaluate(applies, here), evaluate(test, here)
    open_outcomes = outcome(effect, a.reach, r.reach)
    for full in completions(known):
        ended = cell(effect, evaluate(applies, situation(full)).state, evaluate(test, situation(full)).state)
        if ended == Cell.MAY_PROHIBIT:
            assert effect in ("silent", "defer")
            continue
        assert Outcome(max(0, min(2, (ended - 2) // 2))) in open_outcomes, (ended, open_outcomes)


@given(st.sampled_from(EFFECTS), trees(3), trees(2), facts)
def test_a_cell_that_is_settled_stays(effect, applies, test, known):
    """With A known, and R known with no unknown beside it, no further fact moves a clause."""
    a, r = (evaluate(tree, situation(known)).state for tree in (applies, test))
    if a.value == U or (effect in ("require", "quota") and a.value == T and (r.value == U or r.is_open)):
        return
    for full in completions(known):
        then = cell(effect, *(evaluate(tree, situation(full)).state for tree in (applies, test)))

        assert then == cell(effect, a, r)


def test_outcome_of_a_cell_is_counted_as_written():
    """The arithmetic above takes not applicable, note and satisfied for nothing, and the rest by its kind."""
    kinds = [Outcome(max(0, min(2, (found - 2) // 2))) for found in (0, 1, 2, 4, 6)]

    assert kinds == [Outcome.NOTHING, Outcome.NOTHING, Outcome.NOTHING, Outcome.CONDITIONS, Outcome.PROHIBITS]
    assert tuple(Truth) == (F, U, T)
