"""The laws of a comparison, on random lists of two units: what no order, and no numbering of the lists, may do."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.editions import DAY, edition, layer, line, point, project, square

from yudi.territory.comparison import Comparison, compare
from yudi.territory.comparison_data import comparison_data
from yudi.territory.screening import Screening, screen
from yudi.territory.verdict import entries

UNITS = layer(
    "units",
    [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000), square(5_000, -5_000, 9_000, 5_000)],
)
ZONE = layer("zone", [square(-5_000, 0, 5_000, 5_000)])
# A point in each unit and zone, on the border of two units, and a line through all three.
PLACES = {
    "a": point(-2_000, 1_000),
    "b": point(-2_000, -1_000),
    "c": point(2_000, 1_000),
    "d": point(0, -2_000),
    "e": point(6_000, 0),
    "f": line((-3_000, 500), (6_000, 500)),
    "g": point(20_000, 0),
}
SUBJECTS: list[dict[str, Any]] = [
    {"fact": "industry", "in": ["C26"]},
    {"fact": "fuel", "in": ["coal"]},
    {"fact": "lot", "is": True},
    {"fact": "concerns:{id}", "is": True},
]
TEXTS = ("no works", "no coal", "a wall", "ask the office")

facts = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from(["C2614", "I6513"]),
        "fuel": st.sampled_from(["coal", "gas"]),
        "lot": st.booleans(),
    },
)
clause = st.fixed_dictionaries(
    {
        "effect": st.sampled_from(["forbid", "consult", "note", "require"]),
        "subject": st.sampled_from(SUBJECTS),
        "text": st.sampled_from(TEXTS),
    },
    optional={"scope": st.just({"inside": {"layer": "zone"}}), "basis": st.sampled_from(["template", "words"])},
)


@st.composite
def listed(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw clauses of the lists of three units, numbered in each from 1, and of the whole place."""
    found = []
    for unit in ("U1", "U2", "U3", ""):
        for number, data in enumerate(draw(st.lists(clause, max_size=4)), 1):
            own = {"units": {"codes": [unit]}, "id": f"{unit}/space/{number}"} if unit else {"id": f"law-{number}"}
            test = {"test": {"fact": "lined", "is": True}} if data["effect"] == "require" else {}
            found.append({**data, **own, **test})
    return found


sites = st.lists(st.tuples(st.sampled_from(sorted(PLACES)), facts), min_size=2, max_size=4)


def screenings(clauses, asked) -> list[Screening]:
    made = edition(clauses, units=UNITS, layers=[ZONE])
    return [screen(project(PLACES[place], facts), [made], as_of=DAY) for place, facts in asked]


def rows_of(found: Comparison, order) -> list[Any]:
    """Return the rows with their marks in the order of the columns."""
    return [[row.marks[index] for index in order] for row in (*found.differing, *found.common)]


@given(listed(), sites, st.randoms(use_true_random=False))
def test_the_order_of_the_sites_permutes_the_columns(clauses, asked, random):
    """Sites in another order give the same rows in the same order, with their columns exchanged, and the same ranks."""
    done = screenings(clauses, asked)
    order = random.sample(range(len(done)), len(done))
    names = [f"site {index}" for index in range(len(done))]

    one = compare(done, names)
    other = compare([done[index] for index in order], [names[index] for index in order])

    assert rows_of(other, range(len(done))) == rows_of(one, order)
    assert len(one.differing) == len(other.differing)
    assert {column.name: column.rank for column in one.columns} == {
        column.name: column.rank for column in other.columns
    }
    assert [row.key for row in one.distances] == [row.key for row in other.distances]


@given(listed(), sites)
def test_a_site_does_not_differ_from_itself(clauses, asked):
    """The same site twice has no row that differs, and both have the first rank."""
    done = screenings(clauses, asked[:1])

    found = compare([done[0], done[0]])

    assert found.differing == ()
    assert [column.rank for column in found.columns] == [1, 1]


@given(listed(), sites)
def test_every_entry_stands_in_exactly_one_row(clauses, asked):
    """What each screening lists, the comparison lists once, under its own site."""
    done = screenings(clauses, asked)
    found = compare(done)

    for index, screening in enumerate(done):
        stands = Counter((row.edition, name) for row in found.rows if (mark := row.marks[index]) for name in mark.ids)

        assert stands == Counter((item.edition, item.id) for item, _ in entries(screening))


@given(listed(), sites)
def test_two_sites_without_a_row_that_differs_have_one_verdict(clauses, asked):
    """Where nothing differs and both are covered, the verdicts are the same; so what differs is all that matters."""
    one, other = screenings(clauses, (asked * 2)[:2])
    found = compare([one, other])

    assert found.differing or not (one.is_covered and other.is_covered) or one.verdict == other.verdict
    assert (
        found.differing or not (one.is_covered and other.is_covered) or one.presumed_verdict == other.presumed_verdict
    )


@given(listed(), sites)
def test_a_comparison_can_be_written_as_data(clauses, asked):
    """Every list along the sites has as many members as there are sites; every row is counted."""
    done = screenings(clauses, asked)
    found = compare(done)

    data = comparison_data(found, show_all=True)

    assert {len(row["sites"]) for key in ("differing", "common", "distances") for row in data[key]} <= {len(done)}
    assert sum(data["counts"]["differing"].values()) == len(data["differing"])
    assert sorted(name for rank in data["ranking"] for name in rank["sites"]) == sorted(
        site["name"] for site in data["sites"]
    )
