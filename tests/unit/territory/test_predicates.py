"""Predicates as plain data: read, refused with the nearest form, written back the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yudi.core.errors import InputError
from yudi.territory.predicates import (
    All,
    Any_,
    Condition,
    FactIn,
    FactIs,
    FactRange,
    Not,
    PlaceTest,
    Quota,
    TermTest,
    leaves,
    parse,
    plain,
)

FORMS = [
    ({}, All()),
    (None, All()),
    ({"fact": "x", "in": ["a", "b"]}, FactIn("x", ("a", "b"))),
    ({"fact": "x", "in": "a"}, FactIn("x", ("a",))),
    ({"fact": "x", "in": [26]}, FactIn("x", ("26",))),
    ({"fact": "x", "eq": "a"}, FactIn("x", ("a",))),
    ({"fact": "x", "is": True}, FactIs("x", True)),
    ({"fact": "x", "is": False}, FactIs("x", False)),
    ({"fact": "x", "gt": 1}, FactRange("x", 1.0, None, low_open=True)),
    ({"fact": "x", "ge": 1, "lt": 3, "unit": "t/a"}, FactRange("x", 1.0, 3.0, high_open=True, unit="t/a")),
    ({"fact": "x", "le": 0}, FactRange("x", None, 0.0)),
    ({"fact": "x", "eq": 2}, FactRange("x", 2.0, 2.0)),
    ({"fact": "x", "between": [1, 3]}, FactRange("x", 1.0, 3.0)),
    ({"fact": "x", "after": "2024-03-19"}, FactRange("x", date(2024, 3, 19), None, low_open=True)),
    (
        {"fact": "x", "from": "2024-03-19", "before": "2025-01-01"},
        FactRange("x", date(2024, 3, 19), date(2025, 1, 1), high_open=True),
    ),
    ({"fact": "x", "between": ["2024-03-19", "2024-12-31"]}, FactRange("x", date(2024, 3, 19), date(2024, 12, 31))),
    ({"term": "t"}, TermTest("t")),
    ({"not": {"term": "t"}}, Not(TermTest("t"))),
    ({"all": []}, All()),
    ({"any": [{"term": "t"}, {"all": [{"term": "u"}]}]}, Any_((TermTest("t"), All((TermTest("u"),))))),
    ({"quota": {"amount": "a", "headroom": ["h", "k"]}}, Quota("a", ("h", "k"))),
    ({"inside": "zone"}, PlaceTest("inside", "zone")),
    (
        {"inside": {"layer": "zone", "where": {"b": 1, "a": ["x"]}}},
        PlaceTest("inside", "zone", (Condition("a", ("x",)), Condition("b", ("1",)))),
    ),
    (
        {"overlaps": {"layer": "zone", "where": {"a": {"ge": 1}}, "area_m2": 5}},
        PlaceTest("overlaps", "zone", (Condition("a", (), 1.0),), area_m2=5.0),
    ),
    ({"within": {"layer": "bank", "distance_m": 1000}}, PlaceTest("within", "bank", distance_m=1000.0)),
    (
        {"along": {"layer": "i", "upstream_m": 1, "downstream_m": 2, "side_m": 3, "rivers": "r", "catchments": "c"}},
        PlaceTest("along", "i", upstream_m=1.0, downstream_m=2.0, side_m=3.0, rivers="r", catchments="c"),
    ),
]


@pytest.mark.parametrize(("data", "tree"), FORMS)
def test_every_form_is_read_as_it_says(data, tree):
    """Plain data becomes the tree that it describes."""
    assert parse(data) == tree


@pytest.mark.parametrize("tree", [tree for _, tree in FORMS])
def test_every_tree_is_written_and_read_back_the_same(tree):
    """Writing loses nothing."""
    assert parse(plain(tree)) == tree


@pytest.mark.parametrize(
    "data",
    [
        "x",
        [],
        {"fcat": "x"},
        {"fact": "x"},
        {"fact": "x", "gt": "much"},
        {"fact": "x", "gt": True},
        {"fact": "x", "is": "yes"},
        {"fact": "x", "between": [1]},
        {"fact": "x", "between": [3, 1]},
        {"fact": "x", "between": [1, "2024-01-01"]},
        {"fact": "x", "gt": 3, "lt": 1},
        {"fact": "x", "after": "soon"},
        {"fact": "x", "in": ["a"], "inn": 1},
        {"all": {"term": "t"}},
        {"any": "t"},
        {"not": {"trem": "t"}},
        {"term": "t", "unit": "m"},
        {"inside": {"where": {"a": 1}}},
        {"inside": {"layer": "z", "distance_m": 5}},
        {"within": {"layer": "z"}},
        {"within": {"layer": "z", "distance_m": -5}},
        {"within": {"layer": "z", "distance_m": "1 km"}},
        {"along": {"layer": "z", "upstream_m": 5}},
        {"inside": {"layer": "z", "where": ["a"]}},
        {"inside": {"layer": "z", "where": {"a": {"gt": 1}}}},
        {"quota": {"amount": "a"}},
        {"quota": "a"},
    ],
)
def test_what_is_no_predicate_is_refused_with_a_next_step(data):
    """A misspelt key, a range that holds nothing, a number in words: never an empty condition that all things meet."""
    with pytest.raises(InputError) as caught:
        parse(data)

    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        {"fact": "x", "in": ["a"], "gt": 3},
        {"fact": "x", "is": True, "lt": 3},
        {"fact": "x", "eq": 3, "gt": 1},
        {"fact": "x", "eq": "a", "gt": 1},
        {"fact": "x", "between": [1, 3], "gt": 2},
        {"fact": "x", "gt": 1, "ge": 2},
        {"fact": "x", "in": []},
        {"fact": "x", "between": 13},
        {"all": [], "any": []},
        {"inside": {"layer": "z", "where": {"a": {}}}},
        {"inside": {"layer": "z", "where": {"a": []}}},
        {"within": {"layer": "z", "distance_m": float("nan")}},
        {"fact": "x", "gt": float("nan")},
    ],
)
def test_two_comparisons_where_one_would_be_dropped_are_refused(data):
    """Nothing that a clause asks is silently left out, and nothing that can never hold is taken for a condition."""
    with pytest.raises(InputError):
        parse(data)


def test_leaves_come_from_left_to_right():
    """Every leaf once for every time that it stands there."""
    tree = parse({"all": [{"term": "a"}, {"not": {"any": [{"term": "b"}, {"term": "a"}]}}]})

    assert [leaf.term for leaf in leaves(tree)] == ["a", "b", "a"]


name = st.text("abcxyz._:{}业", min_size=1, max_size=6).filter(str.strip)
number = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
where = st.dictionaries(
    name,
    st.one_of(st.lists(name, min_size=1, max_size=2), st.fixed_dictionaries({"ge": number}, optional={"le": number})),
    max_size=2,
)
leaf = st.one_of(
    st.fixed_dictionaries({"term": name}),
    st.fixed_dictionaries({"fact": name, "in": st.lists(name, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"fact": name, "is": st.booleans()}),
    st.fixed_dictionaries({"fact": name, "gt": number}, optional={"unit": name}),
    st.fixed_dictionaries({"fact": name, "until": st.dates().map(str)}),
    st.fixed_dictionaries({"inside": st.fixed_dictionaries({"layer": name, "where": where})}),
    st.fixed_dictionaries({"within": st.fixed_dictionaries({"layer": name, "distance_m": st.floats(0, 1e5)})}),
)
tree = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


@given(tree)
def test_any_tree_survives_being_written(data):
    """Written and read, and written again, it is the same tree and the same text."""
    first = parse(data)

    assert parse(plain(first)) == first
    assert plain(parse(plain(first))) == plain(first)
