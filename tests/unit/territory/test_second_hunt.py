"""Further ways in which unknown was once a pass."""

import pytest
from support.editions import DAY, edition, layer, point, project, square

from yudi.territory.screening import screen

SPILLS = {"id": "b", "effect": "forbid", "subject": {"fact": "discharges", "is": True}}


def rule(key, code, value):
    return {
        "key": key,
        "when": {"fact": "industry", "in": [code]},
        "then": {"discharges": value},
        "kind": "rule",
        "document": "law",
    }


@pytest.mark.parametrize("rules", [("a",), ("a", "b"), ("b", "a")])
def test_a_rule_for_one_of_several_codes_does_not_free_the_others(rules):
    """A software office with a paint works is not known to discharge nothing, whatever the order of the rules."""
    both = {"a": rule("a", "I65", False), "b": rule("b", "C26", True)}
    asked = edition([SPILLS], inferences=[both[key] for key in rules])
    answer = screen(project(facts={"industry": ["I65", "C26"]}), [asked], as_of=DAY)

    assert answer.verdict == "conditional"  # whether it discharges is design: only without discharge
    assert "prohibited" in answer.possible


def test_a_clause_bound_to_two_units_says_which_is_not_there():
    """One of two codes is misspelt: the clause speaks in the other, and the build says so."""
    units = layer("units", [square(-1_000, -1_000, 0, 0), square(0, 0, 1_000, 1_000)])
    asked = edition([{"id": "ban", "effect": "forbid", "units": {"codes": ["U1", "U3"]}}], units=units)

    assert [finding.kind for finding in asked.findings] == ["clause_names_no_unit"]
    assert screen(project(point(-500, -500)), [asked], as_of=DAY).verdict == "prohibited"
