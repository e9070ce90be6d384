"""What comparing sites says: which requirements differ, which site is best, which distances decide."""

from __future__ import annotations

import pytest
from support.editions import DAY, VOCABULARY, edition, layer, line, point, project, square

from yudi.core.errors import InputError
from yudi.territory.cells import Cell
from yudi.territory.comparison import at_site, compare
from yudi.territory.comparison_data import comparison_data
from yudi.territory.projects import Project, read_facts
from yudi.territory.screening import screen

BAN, DUTY = "no chemical works", "waste water goes to the plant"
CHEMICAL = {"fact": "industry", "in": ["C26"]}
# Two units side by side whose lists number the same ban differently; the first has a duty of its own.
UNITS = layer("units", [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000)])
CLAUSES = (
    {"id": "U1/space/1", "effect": "forbid", "units": {"codes": ["U1"]}, "text": BAN, "subject": CHEMICAL},
    {"id": "U2/space/3", "effect": "forbid", "units": {"codes": ["U2"]}, "text": f"{BAN}。", "subject": CHEMICAL},
    {"id": "U1/emission/1", "effect": "consult", "units": {"codes": ["U1"]}, "text": DUTY},
)
WEST, EAST = point(-2_000, 0), point(2_000, 0)
WORKS = {"industry": "C2614"}


def screened(place, facts, made):
    """Return the screening of a project at a place."""
    return screen(project(place, facts), (made,), as_of=DAY)


def test_the_same_text_in_two_units_is_one_row():
    """A ban that two lists number differently does not differ; a duty that one list has alone does."""
    made = edition(CLAUSES, units=UNITS)

    found = compare([screened(WEST, WORKS, made), screened(EAST, WORKS, made)])

    assert [row.clause.text.en for row in found.differing] == [DUTY]
    assert [mark and mark.ids for mark in found.differing[0].marks] == [("U1/emission/1",), None]
    assert [[mark.ids for mark in row.marks] for row in found.common] == [[("U1/space/1",), ("U2/space/3",)]]


def test_the_same_text_in_another_dimension_is_the_same():
    """Lists do not agree where a sentence belongs; that is no difference between sites."""
    moved = {**CLAUSES[1], "dimension": "risk"}
    made = edition([{**CLAUSES[0], "dimension": "space"}, moved], units=UNITS)

    assert compare([screened(WEST, WORKS, made), screened(EAST, WORKS, made)]).differing == ()


def test_a_site_in_two_units_has_both_entries_in_one_mark():
    """Where a site lies in both units the ban stands twice in its list and once in the comparison."""
    made = edition(CLAUSES, units=UNITS)

    found = compare([screened(line((-100, 0), (100, 0)), WORKS, made), screened(EAST, WORKS, made)])
    mark = found.common[0].marks[0]

    assert (mark.ids, mark.units, mark.known) == (("U1/space/1", "U2/space/3"), ("U1", "U2"), Cell.PROHIBITS)


def test_not_standing_there_and_not_applying_are_alike():
    """A ban that does not mean the project is no difference to a unit whose list does not have it."""
    made = edition(CLAUSES[:1], units=UNITS)

    found = compare([screened(WEST, {"industry": "I6513"}, made), screened(EAST, {"industry": "I6513"}, made)])

    assert found.differing == ()


def test_the_most_decisive_difference_comes_first():
    """A ban stands before a condition, whatever their ids."""
    ban = {"id": "z", "effect": "forbid", "units": {"codes": ["U2"]}, "text": "no works here"}
    made = edition([CLAUSES[2], ban], units=UNITS)

    found = compare([screened(WEST, WORKS, made), screened(EAST, WORKS, made)])

    assert [row.strictest.known for row in found.differing] == [Cell.PROHIBITS, Cell.CONDITIONS]


def test_sites_that_are_equal_share_a_rank():
    """Best is the mildest presumed verdict, then the fewest conditions; after two firsts comes a third."""
    made = edition(CLAUSES[2:], units=UNITS)
    places = (WEST, EAST, point(3_000, 0))

    found = compare([screened(place, WORKS, made) for place in places], ["a", "b", "c"])

    assert [(column.name, column.rank) for column in found.columns] == [("a", 3), ("b", 1), ("c", 1)]
    assert [(rank, [column.name for column in group]) for rank, group in found.ranking] == [(1, ["b", "c"]), (3, ["a"])]


def test_presumed_goes_before_known():
    """A site that is undetermined but presumed admissible is better than one that is conditional."""
    asked = {"id": "w", "effect": "forbid", "units": {"codes": ["U2"]}, "subject": {"fact": "lot", "is": True}}
    usual = {"key": "u", "kind": "usual", "when": CHEMICAL, "then": {"lot": False}}
    made = edition([CLAUSES[2], asked], units=UNITS, inferences=[usual])

    found = compare([screened(WEST, WORKS, made), screened(EAST, WORKS, made)], ["west", "east"])

    assert [(item.verdict, item.presumed_verdict) for item in found.screenings] == [
        ("conditional", "conditional"),
        ("undetermined", "admissible"),
    ]
    assert found.ranking[0][1][0].name == "east"


def test_a_site_off_the_map_comes_last_of_its_equals():
    """That nothing is asked where no list speaks is no merit: a site with an open ban goes before one outside."""
    asked = {"id": "w", "effect": "forbid", "subject": {"fact": "lot", "is": True}, "units": {"codes": ["U1", "U2"]}}
    made = edition([asked, CLAUSES[2]], units=UNITS)

    found = compare([screened(place, WORKS, made) for place in (point(20_000, 0), WEST)], ["outside", "west"])

    assert [item.verdict for item in found.screenings] == ["undetermined", "undetermined"]
    assert [column.name for _, group in found.ranking for column in group] == ["west", "outside"]


def test_a_distance_that_decides_somewhere_is_given_for_all_sites():
    """Of a ban within 1,000 m each site's distance is told; of one that is met nowhere it is not."""
    river = layer("river", [line((0, -4_000), (0, 4_000))], shape="bank", accuracy_m=50.0)
    far = layer("far", [line((-900_000, -4_000), (-900_000, 4_000))], shape="bank", accuracy_m=50.0)
    clauses = [
        {"id": name, "effect": "forbid", "subject": CHEMICAL, "scope": {"within": {"layer": name, "distance_m": 1_000}}}
        for name in ("river", "far")
    ]
    made = edition(clauses, layers=[river, far])

    found = compare([screened(point(500, 0), WORKS, made), screened(point(3_000, 0), WORKS, made)])

    assert [(row.key, row.limits_m) for row in found.distances] == [("distance:river", (1_000.0,))]
    assert [reading.distance_m for reading in found.distances[0].readings] == pytest.approx([500, 3_000], abs=0.5)


def test_a_distance_that_no_clause_about_the_project_asks_is_left_out():
    """Of a ban on chemical works the distance says nothing about an office."""
    river = layer("river", [line((0, -4_000), (0, 4_000))], shape="bank", accuracy_m=50.0)
    ban = {
        "id": "r",
        "effect": "forbid",
        "subject": CHEMICAL,
        "scope": {"within": {"layer": "river", "distance_m": 900}},
    }
    made = edition([ban], layers=[river])

    found = compare([screened(point(500, 0), {"industry": "I6513"}, made)] * 2)

    assert found.distances == ()


def test_a_layer_that_is_missing_gives_no_distance():
    """Where nothing can be measured at any site there is no row of distances."""
    ban = {"id": "r", "effect": "forbid", "scope": {"within": {"layer": "nowhere", "distance_m": 900}}}
    made = edition([ban])

    assert compare([screened(point(500, 0), WORKS, made)] * 2).distances == ()


def test_facts_that_differ_are_told_apart_from_those_that_do_not():
    """Of two projects the industry is shared and the area is not."""
    made = edition([], units=UNITS)

    found = compare([screened(WEST, {**WORKS, "area": 5}, made), screened(EAST, {**WORKS, "area": 7}, made)])

    assert list(found.shared_facts) == ["industry"]
    assert {key: [value.value for value in row] for key, row in found.differing_facts.items()} == {"area": [5.0, 7.0]}


def test_doubled_names_get_a_number():
    """Two sites of one name can be told apart."""
    made = edition([], units=UNITS)

    found = compare([screened(WEST, {}, made)] * 3)

    assert [column.name for column in found.columns] == ["P", "P (2)", "P (3)"]


@pytest.mark.parametrize("others", [[], ["another"]])
def test_what_cannot_be_compared_is_refused(others):
    """Nothing, and screenings of different editions, are no comparison."""
    one, other = (edition(clauses, units=UNITS) for clauses in (CLAUSES, CLAUSES[:1]))
    screenings = [screened(WEST, WORKS, one), screened(WEST, WORKS, other)] if others else []

    with pytest.raises(InputError):
        compare(screenings)


def test_a_site_states_facts_of_its_own():
    """At a site that knows its lot the site's fact stands instead of the project's; the rest is the project's."""
    facts, carried = read_facts({**WORKS, "area": 5, "owner": "Li"}, VOCABULARY)
    site = Project("s", EAST, read_facts({"area": 7}, VOCABULARY)[0])

    found = at_site(site, VOCABULARY, facts, carried)

    assert {key: value.value for key, value in found.facts.items()} == {"industry": ("C2614",), "area": 7.0}
    assert found.given["facts"] == {"industry": "C2614", "area": 7.0, "owner": "Li"}


def test_a_project_at_a_site_reads_back_to_the_same():
    """Judgements keep who gave them, measurements their source, numbers their accuracy."""
    raw = {
        "industry": ["C2614", "I6513"],
        "load": {"value": 12, "unit": "t/a", "accuracy": 0.5, "source": "design of 2026"},
        "concerns:x": {"value": False, "by": "A. Person", "date": "2026-01-02"},
        "distance:river": {"value": 1_012, "accuracy": 0, "source": "survey"},
    }
    facts, carried = read_facts(raw, VOCABULARY)

    found = at_site(Project("s", EAST), VOCABULARY, facts, carried)

    assert read_facts(found.given["facts"], VOCABULARY) == (facts, carried)


def test_data_lists_what_bears_on_a_verdict_and_counts_the_rest():
    """Without `show_all` a clause that applies nowhere is only counted."""
    made = edition([*CLAUSES, {"id": "n", "effect": "forbid", "subject": {"fact": "lot", "is": True}}], units=UNITS)
    facts = {**WORKS, "lot": False}
    found = compare([screened(WEST, facts, made), screened(EAST, facts, made)], ["west", "east"])

    brief, whole = comparison_data(found), comparison_data(found, show_all=True)

    assert [row["sites"][0]["outcome"] for row in brief["common"]] == ["prohibits"]
    assert brief["counts"]["common"] == {"prohibits": 1, "not_applicable": 1}
    assert [row["sites"][1]["outcome"] for row in whole["common"]] == ["prohibits", "not_applicable"]
    assert brief["differing"][0]["sites"] == [
        {"outcome": "conditions", "presumed": "conditions", "ids": ["U1/emission/1"], "units": ["U1"]},
        None,
    ]
