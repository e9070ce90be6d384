from datetime import date

import pytest

from yudi.core.errors import InputError
from yudi.territory.assignments import assigned, assignments
from yudi.territory.expressions import read, written
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
    parse,
)

# An expression as a person may type it, the same in YAML, and the expression as it is written back.
FORMS = [
    ("activity in (new,expand)", {"fact": "activity", "in": ["new", "expand"]}, "activity in (new, expand)"),
    ("activity = new", {"fact": "activity", "eq": "new"}, "activity in (new)"),
    ("industry in (2614、C26)", {"fact": "industry", "in": ["2614", "C26"]}, "industry in (2614, C26)"),
    ("Double_wall Is TRUE", {"fact": "Double_wall", "is": True}, "Double_wall is true"),
    ("double_wall is false", {"fact": "double_wall", "is": False}, "double_wall is false"),
    ("emissions.COD>0 t/a", {"fact": "emissions.COD", "gt": 0, "unit": "t/a"}, "emissions.COD > 0 t/a"),
    ("capacity ≥ 5万吨/年", {"fact": "capacity", "ge": 5, "unit": "万吨/年"}, "capacity >= 5 万吨/年"),
    ("capacity < 0.5", {"fact": "capacity", "lt": 0.5}, "capacity < 0.5"),
    ("capacity <= -1e-7", {"fact": "capacity", "le": -1e-7}, "capacity <= -1e-07"),
    ("use = 1F", {"fact": "use", "eq": "1F"}, "use in (1F)"),
    ("depth = 3 m", {"fact": "depth", "eq": 3, "unit": "m"}, "depth = 3 m"),
    ("floors = 3", {"fact": "floors", "eq": 3}, "floors = 3"),
    ("floors between 2 and 5", {"fact": "floors", "between": [2, 5]}, "floors between 2 and 5"),
    ("2 < depth <= 5 m", {"fact": "depth", "gt": 2, "le": 5, "unit": "m"}, "2 < depth <= 5 m"),
    ("built from 2020-01-01", {"fact": "built", "from": "2020-01-01"}, "built from 2020-01-01"),
    ("built after 2020年1月1日", {"fact": "built", "after": date(2020, 1, 1)}, "built after 2020-01-01"),
    (
        "built from 2020/1/1 before 2021/1/1",
        {"fact": "built", "from": "2020-01-01", "before": "2021-01-01"},
        "built from 2020-01-01 before 2021-01-01",
    ),
    (
        "built between 2020-01-01 and 2020-12-31",
        {"fact": "built", "between": ["2020-01-01", "2020-12-31"]},
        "built from 2020-01-01 until 2020-12-31",
    ),
    ("term chemical-project", {"term": "chemical-project"}, "term chemical-project"),
    ("inside reserves", {"inside": "reserves"}, "inside reserves"),
    (
        "inside reserves[zone=core|buffer，grade>=2]",
        {"inside": {"layer": "reserves", "where": {"zone": ["core", "buffer"], "grade": {"ge": 2}}}},
        "inside reserves [grade >= 2, zone = core|buffer]",
    ),
    (
        "overlaps farmland share >= 10%",
        {"overlaps": {"layer": "farmland", "share": 0.1}},
        "overlaps farmland share >= 0.1",
    ),
    (
        "overlaps farmland share >= 0.1 or area >= 0.05 ha",
        {"overlaps": {"layer": "farmland", "share": 0.1, "area_m2": 500}},
        "overlaps farmland area >= 500 m2 or share >= 0.1",
    ),
    (
        "within 1 km of shorelines [river = yangtze]",
        {"within": {"layer": "shorelines", "where": {"river": "yangtze"}, "distance_m": 1000}},
        "within 1000 m of shorelines [river = yangtze]",
    ),
    (
        "along intakes upstream 1000 downstream 100 side 50 on rivers in catchments",
        {
            "along": {
                "layer": "intakes",
                "upstream_m": 1000,
                "downstream_m": 100,
                "side_m": 50,
                "rivers": "rivers",
                "catchments": "catchments",
            }
        },
        "along intakes upstream 1000 m downstream 100 m side 50 m on rivers in catchments",
    ),
    (
        "quota emissions.COD <= headroom.COD, headroom.city",
        {"quota": {"amount": "emissions.COD", "headroom": ["headroom.COD", "headroom.city"]}},
        "quota emissions.COD <= headroom.COD, headroom.city",
    ),
    ("not （a is true）", {"not": {"fact": "a", "is": True}}, "not a is true"),
    (
        "a is true and b is true or c is true",
        {
            "any": [
                {"all": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]},
                {"fact": "c", "is": True},
            ]
        },
        "(a is true and b is true) or c is true",
    ),
    (
        "not (a is true or b is true) and c is true",
        {"all": [{"not": {"any": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}}, {"fact": "c", "is": True}]},
        "not (a is true or b is true) and c is true",
    ),
    ("any()", {"any": []}, "any()"),
    ("all(term x)", {"all": [{"term": "x"}]}, "all(term x)"),
    ("any(term x; term y)", {"any": [{"term": "x"}, {"term": "y"}]}, "term x or term y"),
    ("", {}, "all()"),
    ('concerns:{id} is true and term "严控 项目"', None, 'concerns:{id} is true and term "严控 项目"'),
    ("“use type” in (“a、b”, 1F)", {"fact": "use type", "in": ["a、b", "1F"]}, '"use type" in ("a、b", 1F)'),
    ('"in" is true', {"fact": "in", "is": True}, '"in" is true'),
]

# An expression with a mistake, what the message says, and what the hint says.
MISTAKES = [
    ("activity im (new)", "got 'im' at letter 10: activity ▸im (new)", "did you mean in?"),
    ("a is true adn b is true", "expected and, or, or the end, got 'adn' at letter 11", "did you mean and?"),
    ("x > 0 adn y > 1", "got 'y' at letter 11", "'adn' was read as a unit; did you mean and?"),
    ("(a is true", "expected ), got the end at letter 11", "guide on clauses"),
    ('term "x', "expected a closing quote", "at the end of the name"),
    ("emissions.COD > viel", "expected a number, got 'viel' at letter 17", "10000"),
    ("emissions.COD > 1,000", "got ',' at letter 18", ""),
    ("activity != new", "got '!=' at letter 10", "write not (fact in (value))"),
    ("double_wall", "behind the fact 'double_wall', got the end", ""),
    ("double_wall is maybe", "expected true or false, got 'maybe'", ""),
    ("term in", "expected the name of a term, got 'in'", 'put the name in quotes: "in"'),
    ("built from 2020", "expected a day, got '2020'", "2024-03-19"),
    ("x between 5 and 2", "expected a range that holds something", "exchange 5.0 and 2.0"),
    ("x between 5 and 2020-01-01", "expected a number, got '2020-01-01'", ""),
    ("within 5 kg of rivers", "expected a number in m, got '5'", ""),
    ("within -5 m of rivers", "not negative", ""),
    ("within 5 m of rivers [a=1 b=2]", "expected , or ], got 'b'", "commas"),
    ("within 5 m of rivers [a=1, a=2]", "expected every field once", "a = a|b"),
    ("within 5 m of rivers [a>=2 km]", "a number without a unit", ""),
    ("overlaps farmland share >= 5 m", "a share such as 0.1 or 10%", ""),
    ("overlaps farmland share >= 0.1 or share >= 0.2", "expected share once", ""),
    ("along intakes upstream 5 side 5 downstream 5", "expected downstream, got 'side'", ""),
    ("activity in (new expand)", "expected , or ), got 'expand'", "quotes"),
    ("quota x >= y", "expected <=, got '>='", ""),
    ("any(term x, term y)", "expected ; or ), got ','", ""),
    ("(" * 70 + "a is true" + ")" * 70, "at most 60 brackets", "split the clause"),
    ("a is true and " * 2000, "expected at most 20,000 letters", "split the clause"),
]


@pytest.mark.parametrize(("typed", "data", "back"), FORMS)
def test_every_form_reads_as_its_yaml_and_has_one_writing(typed, data, back):
    """What a person types means what the YAML beside it means, and is written back in one way."""
    node = read(typed)

    assert data is None or node == parse(data)
    assert written(node) == back
    assert read(back) == node


@pytest.mark.parametrize(("typed", "message", "hint"), MISTAKES)
def test_a_mistake_is_named_with_its_place_and_a_next_step(typed, message, hint):
    """A message says what was expected, what was got, and at which letter."""
    with pytest.raises(InputError) as caught:
        read(typed)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.hint


def test_brackets_are_branches_of_their_own():
    """A bracket within an `and` stays one, so that every tree has a writing."""
    a, b, c = (FactIs(name) for name in "abc")

    assert read("(a is true and b is true) and c is true") == All((All((a, b)), c))
    assert read("a is true and b is true and c is true") == All((a, b, c))
    assert read("((a is true))") == a


def test_every_kind_of_node_is_written():
    """One tree with all leaves and branches, written by hand."""
    tree = Any_(
        (
            All((FactIn("activity", ("new",)), Not(TermTest("voc")))),
            Quota("emissions.COD", ("headroom.COD",)),
            FactRange("built", date(2020, 1, 1)),
            PlaceTest("inside", "reserves", (Condition("zone", ("core",)),)),
        )
    )
    expected = (
        "(activity in (new) and not term voc) or quota emissions.COD <= headroom.COD or built from 2020-01-01"
        " or inside reserves [zone = core]"
    )

    assert written(tree) == expected


@pytest.mark.parametrize("node", [FactRange("x"), FactRange("x", float("inf"))])
def test_what_no_rule_file_can_state_is_not_written(node):
    """A range without ends, or with an infinite one, is refused."""
    with pytest.raises(InputError):
        written(node)


def test_facts_with_values_are_read_and_written():
    """Bare words are what they look like; in quotes all are texts."""
    line = 'a = true; b = "true"; c = 5; d = "5"; e = 2020-01-01; f = (x, "y z"); "g h" = none; i = ()'
    facts = {
        "a": True,
        "b": "true",
        "c": 5,
        "d": "5",
        "e": date(2020, 1, 1),
        "f": ["x", "y z"],
        "g h": "none",
        "i": [],
    }

    assert assigned(line) == facts
    assert assignments(facts) == line
    assert assigned("a＝true，b=2") == {"a": True, "b": 2}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a", "expected = behind 'a', got the end"),
        ("a = ", "expected a value, got the end"),
        ("a = 5 t/a", "expected ; or the end, got 't/a'"),
        ("a = 1; a = 2", "expected every fact once"),
        ("= 5", "expected a fact, got '='"),
        ("a = (x y)", "expected , or ), got 'y'"),
    ],
)
def test_a_mistake_among_facts_is_named(line, message):
    """What cannot be read as fact = value is refused with its place."""
    with pytest.raises(InputError) as caught:
        assigned(line)

    assert message in caught.value.message


@pytest.mark.parametrize("value", [None, {"COD": 3}, [["x"]], float("nan")])
def test_a_value_that_no_cell_holds_is_refused(value):
    """Nested values stay in YAML."""
    with pytest.raises(InputError) as caught:
        assignments({"emissions": value})

    assert "emissions" in caught.value.message
