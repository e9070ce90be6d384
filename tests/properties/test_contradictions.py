"""What is called impossible is true of no project; drawn trees and projects, held against the evaluation."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from support.editions import VOCABULARY

from yudi.core.logic import F, T
from yudi.territory.contradictions import can_hold
from yudi.territory.evaluation import Situation, evaluate
from yudi.territory.facts import Value
from yudi.territory.place import Reading
from yudi.territory.predicates import All, Any_, FactIn, FactIs, FactRange, Not

ACTIVITIES = ("new", "expand", "rebuild", "relocate")
CODES = ("C", "C26", "C261", "C2614", "C27", "I65")
some = st.lists(st.sampled_from(ACTIVITIES), min_size=1, max_size=4, unique=True).map(tuple)
codes = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple)
numbers = st.integers(0, 4).map(float)


@st.composite
def ranges(draw):
    """Draw a range with one end or two, open or closed; in t/a, or the same in kg/a."""
    low, high = sorted((draw(numbers), draw(numbers)))
    ends = draw(st.sampled_from([(low, None), (None, high), (low, high)]))
    is_small = draw(st.booleans())
    scaled = [end if end is None or not is_small else end * 1000 for end in ends]
    opens = (draw(st.booleans()), draw(st.booleans()))
    return FactRange("load", scaled[0], scaled[1], *opens, "kg/a" if is_small else None)


leaf = st.one_of(
    st.builds(FactIn, st.just("activity"), some),
    st.builds(FactIn, st.just("industry"), codes),
    st.builds(FactIs, st.just("lined"), st.booleans()),
    ranges(),
)
tree = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Any_(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
project = st.fixed_dictionaries({"activity": some, "industry": codes, "lined": st.booleans(), "load": numbers})


def situation(facts):
    """Return what is known of a project that states these."""
    known = {key: Value(value) for key, value in facts.items()}
    return Situation(VOCABULARY, known, {}, lambda _: None, lambda *_: Reading(F))


@settings(max_examples=300)
@given(tree, tree, project)
def test_what_a_project_meets_is_not_called_impossible(first, second, facts):
    """Where one tree is true of a project and the other false, both claims can hold together."""
    here = situation(facts)
    met = evaluate(first, here).state.value == T and evaluate(second, here).state.value == F

    assert not met or can_hold([(first, True), (second, False)], VOCABULARY)


@settings(max_examples=100)
@given(tree)
def test_a_tree_and_its_opposite_exclude_one_another(drawn):
    """No project meets a tree of one leaf and its negation."""
    parts = [part for part in (drawn,) if not isinstance(part, All | Any_ | Not)]

    assert all(not can_hold([(part, True), (Not(part), True)], VOCABULARY) for part in parts)
