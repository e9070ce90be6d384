"""A batch as its callers use it: what is refused, what goes one by one, what a second batch finds ready, what is imported."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from support.batch import screened_at_once, unlike
from support.editions import DAY, FACTS, edition, layer, point, signed, square, status

from yudi.core.dates import Period
from yudi.territory.batch.answers import BatchScreening
from yudi.territory.batch.columns import read_columns
from yudi.territory.facts import Vocabulary

CLAUSES: list[dict[str, Any]] = [
    {"id": "ban", "effect": "forbid", "subject": {"fact": "industry", "in": ["C26"]}},
    {
        "id": "words",
        "effect": "forbid",
        "basis": "words",
        "subject": {"fact": "concerns:{id}", "is": True},
        "at_large": True,
    },
    {"id": "cap", "effect": "quota", "test": {"quota": {"amount": "load", "headroom": ["room", "room.area"]}}},
]
RULE = {
    "key": "r",
    "kind": "rule",
    "document": "law",
    "when": {"fact": "industry", "in": ["C26"]},
    "then": {"lot": True},
}
MADE = edition(CLAUSES, inferences=[RULE], status=[status("room", 4.0), status("room.area", {"U1": 6.0}, by="unit")])


def test_a_batch_says_what_single_screening_says():
    """Each row has the verdict, the clauses, the needs and what is assumed of a project alone."""
    rows: list[dict[str, Any]] = [{"industry": "C2614"}, {"industry": "I65", "load": 3}, {"load": "5 t/a"}, {}]

    assert unlike([point(0, 0)] * 4, rows, [MADE], DAY) == []


def test_rows_that_cannot_be_read_or_contradict_a_rule_are_rejected():
    """They name the field as a single reading does; the others are answered, in order."""
    rows = [{"industry": "C999"}, {"industry": "C26", "lot": False}, {"industry": "I65"}, {"load": -1}]
    found = screened_at_once([point(0, 0)] * 4, rows, [MADE], DAY)

    assert [(row, error.where.field) for row, error in found.rejects] == [(0, "industry"), (1, "lot"), (3, "load")]
    assert (found.rows.tolist(), found.table["id"].to_pylist(), found.single) == ([2], ["P2"], 0)


def test_a_row_that_answers_for_one_clause_goes_one_by_one():
    """A stated answer to a clause's own question is rare; the count says how many rows had one."""
    rows = [signed({"concerns:words": True}), {}]
    found = screened_at_once([point(0, 0)] * 2, rows, [MADE], DAY)

    assert found.single == 1
    assert unlike([point(0, 0)] * 2, rows, [MADE], DAY) == []


def test_a_second_batch_works_nothing_out_again():
    """What was worked out for one batch serves the next."""
    screening = BatchScreening([MADE], DAY)
    rows = [{"industry": "C2614", "load": load} for load in (1.0, 4.0, 9.0)]
    screened_at_once([point(0, 0)] * 3, rows, [MADE], DAY, screening=screening)
    before = screening.worked_out
    screened_at_once([point(0, 0)] * 3, rows[::-1], [MADE], DAY, screening=screening)

    assert screening.worked_out == before > 0


def test_without_an_edition_in_force_all_is_undetermined():
    """On a day with no edition the whole of every site is uncovered."""
    never = replace(MADE, period=Period(None, date(2020, 1, 1)))

    assert unlike([point(0, 0)] * 2, [{}, {"industry": "C26"}], [never], DAY) == []
    assert unlike([point(0, 0)] * 2, [{}, {"industry": "C26"}], [never, MADE], DAY) == []


def test_an_edition_that_takes_a_name_for_several_clauses_is_screened_one_by_one():
    """Where a clause asks what another clause's words are about, nothing is assumed of classes."""
    odd = edition([*CLAUSES, {"id": "odd", "effect": "forbid", "subject": {"fact": "concerns:words", "is": True}}])
    found = screened_at_once([point(0, 0)], [{}], [odd], DAY)

    assert found.single == 1
    assert unlike([point(0, 0)], [{}], [odd], DAY) == []


def test_an_answer_that_another_edition_takes_as_usual_is_assumed():
    """A clause in words that is out of force still has its usual answer, under the name that the other edition asks."""
    words = CLAUSES[1] | {"scope": {"fact": "industry", "in": ["C26"]}}
    ended = edition([words | {"repealed": DAY.isoformat()}])
    asking = edition([{key: value for key, value in words.items() if key != "at_large"}])

    assert unlike([point(0, 0)], [{}], [ended, asking], DAY) == []


def test_an_edition_that_does_not_speak_at_a_place_answers_nothing_there():
    """What a clause of another unit would usually be answered is not assumed for an edition with the same id here."""
    units = layer("units", [square(-900, -900, 0, 900), square(0, -900, 900, 900)])
    elsewhere = edition([CLAUSES[1] | {"units": {"codes": ["U1"]}}], units=units)
    here = edition([{key: value for key, value in CLAUSES[1].items() if key != "at_large"}])

    assert unlike([point(100, 0), point(-100, 0)], [{}, {}], [elsewhere, here], DAY) == []


def test_units_that_defer_are_settled_as_alone():
    """Wholly in one other unit the other answers; cut by its border geometry decides, one by one."""
    units = layer("units", [square(-900, -900, 900, 900), square(-900, -900, 0, 900)])
    listed = [{"id": "d", "effect": "defer", "units": {"codes": ["U2"]}}, CLAUSES[0]]
    made = edition(listed, units=units)
    sites = [point(-100, 0), point(100, 0), square(-50, -50, 50, 50), square(-90, -90, -10, -10)]

    assert unlike(sites, [{}] * 4, [made], DAY) == []


@pytest.mark.parametrize("count", [0, 1, 300, 3_000])
def test_any_number_of_rows_is_answered(count):
    """Also none, and more than are taken at one time."""
    random = np.random.default_rng(2)
    loads = pa.array(np.round(random.uniform(0, 9, count), 2))
    projects = read_columns(
        {"load": loads},
        Vocabulary({item.key: item for item in FACTS}, MADE.rules.vocabulary.systems),
        [str(row) for row in range(count)],
    )
    from yudi.territory.batch.places import places_one_by_one

    places = places_one_by_one(MADE, [point(0, 0)] * count)
    found = [
        BatchScreening([MADE], DAY, is_encoded=is_encoded).screened(projects, [places]) for is_encoded in (False, True)
    ]

    assert found[0].table.to_pylist() == found[1].table.to_pylist()
    assert found[0].table.num_rows == count


def test_single_screening_imports_no_compiler():
    """Only a batch compiles loops; importing the package, or its single screening, does not load numba."""
    code = "import sys, yudi, yudi.territory.screening, yudi.territory.tables; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
