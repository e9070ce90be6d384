"""Terms and inference tables as plain data: dated, cited, read back the same."""

from __future__ import annotations

from datetime import date

import pytest

from yudi.core.errors import InputError
from yudi.territory.predicates import Any_, FactIn, FactRange
from yudi.territory.terms import inference, inference_data, term, term_data, terms_on

CHEMICAL = {
    "key": "chemical",
    "label": {"zh": "化工项目", "en": "chemical project"},
    "in": ["C26"],
    "may": ["C25", {"fact": "load", "gt": 5}],
    "adopted_by": "city bureau",
    "ground": "law, article 26",
    "in_force": "2021-03-01",
    "repealed": "2027-01-01",
    "names": ["化工项目", "化工企业"],
}


def test_codes_and_predicates_may_stand_side_by_side():
    """Codes are of the industry unless another fact is named."""
    found = term(CHEMICAL)

    assert found.certain == Any_((FactIn("industry", ("C26",)),))
    assert found.possible == Any_((FactIn("industry", ("C25",)), FactRange("load", low=5.0, low_open=True)))
    assert term({"key": "x", "fact": "fuel", "in": "coal"}).certain == Any_((FactIn("fuel", ("coal",)),))


def test_a_term_read_back_is_the_same():
    """Plain data and term are two forms of one thing."""
    found = term(CHEMICAL)

    assert term(term_data(found)) == found
    assert term(term_data(term({"key": "bare"}))) == term({"key": "bare"})


def test_the_table_of_the_day_counts():
    """Of two tables of one term the one in force on the day; between them none."""
    old = term({"key": "t", "in": ["C26"], "in_force": "2020-01-01", "repealed": "2022-01-01"})
    new = term({"key": "t", "in": ["C27"], "in_force": "2023-01-01"})
    counts = [
        terms_on([old, new], day).get("t")
        for day in (date(2021, 12, 31), date(2022, 1, 1), date(2023, 1, 1), date(2019, 1, 1))
    ]

    assert counts == [old, None, new, None]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"key": " "},
        {"key": "x", "inn": []},
        {"key": "x", "in": [{"fcat": "load"}]},
        {"key": "x", "in_force": "soon"},
    ],
)
def test_a_term_that_cannot_be_read_is_refused(data):
    """No key, a key that a term does not have, a predicate that is none, a day that is none."""
    with pytest.raises(InputError) as caught:
        term(data)

    assert caught.value.hint


RULE = {
    "key": "r",
    "when": {"fact": "industry", "in": ["C26"]},
    "then": {"discharges": True},
    "kind": "rule",
    "document": "HJ 1-2020",
    "ground": "table 3",
    "in_force": "2021-03-01",
}


def test_an_inference_read_back_is_the_same():
    """Plain data and row are two forms of one thing; without a kind it is usual."""
    assert inference(inference_data(inference(RULE))) == inference(RULE)
    assert inference({"key": "u", "when": {}, "then": {"lot": True}}).kind == "usual"


@pytest.mark.parametrize(
    "change",
    [{"document": ""}, {"kind": "law"}, {"then": {}}, {"then": "x"}, {"key": ""}, {"whn": 1}, {"when": {"fcat": 1}}],
)
def test_an_inference_that_cannot_be_read_is_refused(change):
    """A rule without a document, an unknown kind, nothing inferred, a misspelt key."""
    with pytest.raises(InputError) as caught:
        inference(RULE | change)

    assert caught.value.hint
