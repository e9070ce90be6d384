"""Numbers sorted by arrays, and values sorted into classes, are told apart just as leaves tell them apart alone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from support.editions import INDUSTRY, VOCABULARY

from yudi.territory.batch.classes import FactClasses, no_reading
from yudi.territory.batch.columns import read_columns
from yudi.territory.batch.ranges import range_truths
from yudi.territory.evaluation import Situation, evaluate, range_truth
from yudi.territory.facts import Value
from yudi.territory.predicates import FactIn, FactRange

ends = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 10.0, 0.1 + 0.2, 1e9]), st.floats(-1e6, 1e6))
numbers = st.one_of(st.sampled_from([0.0, 1.0, 10.0, 0.3, 1e9 + 0.5, 1.0 + 1e-10]), st.floats(-1e6, 1e6))


@given(
    st.lists(st.tuples(numbers, st.sampled_from([0.0, 0.5, 1e-10, 3.0])), min_size=1),
    ends,
    ends,
    st.booleans(),
    st.booleans(),
)
def test_ranges_by_arrays_are_ranges_one_by_one(pairs, low, high, low_open, high_open):
    """The same truth for every number, at the ends, within rounding of them and across them."""
    number, accuracy = (np.array(part) for part in zip(*pairs, strict=True))
    found = range_truths(number, accuracy, low, high, low_open=low_open, high_open=high_open)
    leaf = FactRange("x", low, high, low_open, high_open)

    assert found.tolist() == [int(range_truth(one, spread, leaf)) for one, spread in pairs]


def test_codes_of_one_class_are_one_to_all_leaves():
    """Two codes share a class just where every leaf finds the same of both."""
    asked = (FactIn("industry", ("C26", "I")), FactIn("industry", ("C2614",)), FactIn("industry", ("C27",)))
    classes = FactClasses("industry", asked, VOCABULARY)
    truths = {}
    for code in INDUSTRY.names:
        here = Situation(VOCABULARY, {"industry": Value((code,))}, {}, lambda _: None, no_reading)
        truths[code] = tuple(evaluate(leaf, here).state.value for leaf in asked)

    assert {(one, other) for one in truths for other in truths if truths[one] == truths[other]} == {
        (one, other) for one in truths for other in truths if classes.of(Value((one,))) == classes.of(Value((other,)))
    }


def test_plain_numbers_have_the_classes_of_their_values():
    """A column of numbers, with cells left empty, is sorted as each value alone."""
    asked = (FactRange("area", 20.0, 70.0), FactRange("area", low=0.007, unit="ha", low_open=True))
    classes = FactClasses("area", asked, VOCABULARY)
    cells = [20.0, None, 70.0, 71.0, 19.9, 70.0000000001, 1e6]
    column = read_columns({"area": pa.array(cells)}, VOCABULARY, ["x"] * 7).columns["area"]

    assert classes.of_column(column).tolist() == [
        classes.of(Value(cell) if cell is not None else None) for cell in cells
    ]


def test_cells_of_a_table_are_read_as_those_of_one_project():
    """Labels, near misses, twice stated facts and cells that say nothing, each with the words of a single reading."""
    table = {"area": pa.array(["12", "1 ha", "/", "x"]), "lot": [True, None, "no", "?"], "area_given": [1, 2, 3, 4]}
    found = read_columns(table, VOCABULARY, list("abcd"))
    missed = read_columns({"indsutry": [None, "C26"]}, VOCABULARY, list("ab"))

    assert [found.facts(row) for row in range(3)] == [
        {"area": Value(12.0), "lot": Value(True)},
        {"area": Value(10_000.0)},
        {"lot": Value(False)},
    ]
    assert [(row, error.where.field) for row, error in found.rejects] == [(3, "area")]
    assert [error.message for _, error in missed.rejects] == ["no fact is called 'indsutry'"] * 2
