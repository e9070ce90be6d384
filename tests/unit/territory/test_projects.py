"""What a project may state: units, people's answers, measurements, codes, and what is refused or carried."""

from __future__ import annotations

from datetime import date

import pytest
from support.editions import DAY, VOCABULARY, edition, point, project

from yudi.core.codes import code_system
from yudi.core.errors import InputError, Where
from yudi.core.words import Words
from yudi.territory.facts import Fact, Vocabulary
from yudi.territory.projects import read_facts
from yudi.territory.screening import screen


def value(key, stated):
    return read_facts({key: stated}, VOCABULARY)[0][key]


def refusal(raw) -> InputError:
    with pytest.raises(InputError) as caught:
        read_facts(raw, VOCABULARY, Where("projects.csv", 7))
    return caught.value


@pytest.mark.parametrize(
    ("stated", "tonnes"),
    [
        (12.5, 12.5),
        ("12.5", 12.5),
        ("12.5 t/a", 12.5),
        ("30 kg/d", 10.95),  # 30 kg * 365 d
        ({"value": 30, "unit": "kg/d"}, 10.95),
        ({"value": "30 kg/d"}, 10.95),
        ("1,200 kg/a", 1.2),
        ("2 万吨/年", 20_000),
        (0, 0.0),
    ],
)
def test_numbers_come_in_the_facts_own_unit(stated, tonnes):
    """Whatever unit of the same kind a person writes, the amount is that of t/a."""
    assert value("load", stated).value == pytest.approx(tonnes)


def test_an_accuracy_is_converted_with_its_number():
    """30 plus or minus 2 kg/d is 10.95 plus or minus 0.73 t/a."""
    found = value("load", {"value": 30, "unit": "kg/d", "accuracy": 2})

    assert (found.value, found.accuracy) == (pytest.approx(10.95), pytest.approx(0.73))


@pytest.mark.parametrize(
    "stated",
    [
        "12,5",
        "about 12",
        "12 m2",
        "12-15 t/a",
        True,
        "inf",
        {"value": 3, "accuracy": -1},
        {"value": 3, "accuracy": "good"},
        [3],
        1e400,
    ],
)
def test_a_number_that_cannot_be_read_is_refused_at_its_place(stated):
    """The message says file, row and field, and what to write."""
    error = refusal({"load": stated})

    assert (error.where.file, error.where.row, error.where.field) == ("projects.csv", 7, "load")
    assert error.hint


def test_a_unit_where_there_is_none_is_refused():
    """A number of another kind is never taken for one of ours."""
    assert "m2" in str(refusal({"area": "3 t/a"}))
    assert "t/a" in str(refusal({"load": {"value": 3, "unit": "m2"}}))


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        ("C2614", ("C2614",)),
        ("2614", ("C2614",)),
        (2614, ("C2614",)),
        (2614.0, ("C2614",)),  # as a spreadsheet gives it
        ("c2614 ", ("C2614",)),
        (["2614", "I6513"], ("C2614", "I6513")),
        ("2614; I6513", ("C2614", "I6513")),
        ("2614；I6513", ("C2614", "I6513")),
        ("2614、C2614", ("C2614",)),
    ],
)
def test_codes_come_as_text_number_or_list(stated, codes):
    """One code in two spellings is one code; several are kept in order."""
    assert value("industry", stated).value == codes


@pytest.mark.parametrize("stated", ["C9999", "chemical works", ["C26", "nope"], 26.5])
def test_an_unknown_code_is_refused(stated):
    """A code that the system lacks is an error and never silently out of every term."""
    assert refusal({"industry": stated}).where.field == "industry"


FUEL = code_system(
    "trade",
    [
        {"code": "F526", "name_zh": "汽车和燃料零售"},
        {"code": "F5265", "name_zh": "机动车燃油零售"},
        {"code": "F5266", "name_zh": "机动车燃气零售"},
        {"code": "H61", "name_zh": "住宿业"},
        {"code": "H611", "name_zh": "旅游住宿"},
    ],
    [{"word": "加油站", "codes": "F5265"}, {"word": "加气加油", "codes": "F5265|F5266"}],
)


@pytest.mark.parametrize(
    ("stated", "hint"),
    [
        ("加油站", "did you mean F5265 机动车燃油零售?"),
        ("燃油", "did you mean F5265 机动车燃油零售?"),
        ("加气加油", "trade has 5 codes, none is near"),
        ("机动车", "trade has 5 codes, none is near"),
        ("学校", "trade has 5 codes, none is near"),
    ],
)
def test_a_word_for_one_code_is_asked_back(stated, hint):
    """Where a search finds one code for a word the error names it; of several it names none."""
    vocabulary = Vocabulary({"trade": Fact("trade", "code", system="trade")}, {"trade": FUEL})
    with pytest.raises(InputError) as caught:
        read_facts({"trade": stated}, vocabulary)

    assert caught.value.hint == hint


@pytest.mark.parametrize("stated", ["built", ["new", "old"], 3])
def test_an_unknown_choice_is_refused_with_the_choices(stated):
    """The message lists what may be chosen."""
    assert "new, expand, rebuild, relocate" in str(refusal({"activity": stated}))


def test_choices_are_read_in_any_case():
    """NEW is new; several are a list."""
    assert value("activity", "NEW").value == ("new",)
    assert value("activity", "expand; rebuild").value == ("expand", "rebuild")


@pytest.mark.parametrize(
    ("stated", "is_so"),
    [(True, True), ("是", True), ("Yes", True), (1, True), (False, False), ("否", False), ("无", False), (0, False)],
)
def test_truths_are_read_in_both_languages(stated, is_so):
    """Yes and no, 是 and 否, true and false, 1 and 0."""
    assert value("lot", stated).value is is_so


@pytest.mark.parametrize("stated", ["maybe", 2, "不清楚", [True]])
def test_a_truth_that_is_neither_is_refused(stated):
    """Nothing but yes and no is one of them."""
    assert refusal({"lot": stated}).where.field == "lot"


def test_dates_are_read_as_people_write_them():
    """A date as text, and one that a reader has already made."""
    assert value("since", "2024年3月19日").value == value("since", date(2024, 3, 19)).value == date(2024, 3, 19)
    assert refusal({"since": "19.03.24"}).where.field == "since"


@pytest.mark.parametrize("blank", [None, "", "  ", [], float("nan"), {"value": None}, {"value": "", "unit": "t/a"}])
def test_a_blank_is_no_statement(blank):
    """An empty cell leaves the fact unknown."""
    assert read_facts({"load": blank, "industry": blank}, VOCABULARY) == ({}, {})


def test_members_of_a_family_may_be_nested_or_flat():
    """Emissions by pollutant, either way of writing."""
    nested, _ = read_facts({"emissions": {"COD": "30 kg/d", "NH3-N": 1}}, VOCABULARY)
    flat, _ = read_facts({"emissions.COD": 10.95, "emissions.NH3-N": "1 t/a"}, VOCABULARY)

    assert {key: item.value for key, item in nested.items()} == pytest.approx(
        {key: item.value for key, item in flat.items()}
    )


@pytest.mark.parametrize("name", ["indsutry", "Industry", "activty", "emission.COD", "loads"])
def test_a_near_miss_of_a_known_fact_is_refused(name):
    """A slip of the pen must not turn a fact into an unknown one."""
    error = refusal({name: "C26"})

    assert "did you mean" in error.hint
    assert error.where.field == name


@pytest.mark.parametrize("name", ["owner", "contact_person", "备注", "height_of_stack"])
def test_what_is_no_fact_is_carried(name):
    """Other columns come along and are reported."""
    assert read_facts({name: "x", "lot": True}, VOCABULARY)[1] == {name: "x"}


@pytest.mark.parametrize(
    "stated",
    [
        True,
        {"value": True},
        {"value": True, "by": "Park office"},
        {"value": True, "date": "2026-01-02"},
        {"value": True, "by": " ", "date": "2026-01-02"},
    ],
)
@pytest.mark.parametrize("key", ["asked", "concerns:U1/space/1", "term:chemical", "list:U1", "meets:U1/emission/1"])
def test_a_persons_answer_needs_a_name_and_a_day(key, stated):
    """Without both it is nobody's."""
    assert "who gave it and when" in str(refusal({key: stated}))


def test_a_persons_answer_keeps_name_and_day():
    """Answer, name and date come back with the answer."""
    found = value("concerns:U1/space/1", {"value": "否", "by": "Park office, Li", "date": "2026-01-02"})

    assert (found.value, found.by, found.on) == (False, "Park office, Li", date(2026, 1, 2))


@pytest.mark.parametrize(
    ("key", "stated"),
    [("distance:shorelines", {"value": 1_012, "accuracy": 1}), ("inside:zone", {"value": False})],
)
def test_a_measurement_needs_a_source(key, stated):
    """What replaces the map's must say where it comes from."""
    assert "source" in str(refusal({key: stated}))
    assert value(key, stated | {"source": "survey 12"}).source == "survey 12"


@pytest.mark.parametrize("stated", [{"value": 1_012}, {"value": -3, "accuracy": 1}, {"value": "near", "accuracy": 1}])
def test_a_measured_distance_needs_its_accuracy(stated):
    """A distance is a length of at least 0 that is good to something."""
    assert refusal({"distance:shorelines": stated | {"source": "survey"}}).where.field == "distance:shorelines"


def test_a_measurement_may_be_in_another_unit():
    """1.012 km plus or minus 1 m in km is 1 012 m."""
    found = value("distance:shorelines", {"value": 1.012, "accuracy": 0.001, "unit": "km", "source": "s"})

    assert (found.value, found.accuracy) == (pytest.approx(1_012), pytest.approx(1))


def test_what_the_status_tables_say_cannot_be_stated():
    """Whether a district is over its cap is not the project's to say."""
    assert "status tables" in str(refusal({"over": False}))


def test_an_unknown_part_of_a_statement_is_refused():
    """A misspelt unit key must not be dropped."""
    assert "'units'" in str(refusal({"load": {"value": 3, "units": "kg/d"}}))


# Inference tables: what a document says so is known, what is usual is only presumed.
RULE = {
    "key": "r",
    "kind": "rule",
    "document": "HJ 1-2020",
    "when": {"fact": "industry", "in": ["C26"]},
    "then": {"discharges": True},
}
USUAL = RULE | {"key": "u", "kind": "usual"}
BAN = {"id": "b", "effect": "forbid", "subject": {"fact": "discharges", "is": True}}


def answer(facts, *inferences, clauses=(BAN,)):
    return screen(project(point(0, 0), facts), [edition(clauses, inferences=inferences)], as_of=DAY)


def test_a_rule_makes_the_fact_known_and_marked():
    """The verdict rests on it, and it says which document it comes from."""
    found = answer({"industry": "C2614"}, RULE)

    assert (found.verdict, found.facts[0]["discharges"].origin, found.facts[0]["discharges"].source) == (
        "prohibited",
        "inferred",
        "HJ 1-2020",
    )


def test_stating_the_opposite_of_a_rule_names_the_document():
    """A project cannot contradict the document."""
    with pytest.raises(InputError, match=r"HJ 1-2020") as caught:
        answer({"industry": "C2614", "discharges": False}, RULE)

    assert caught.value.where.field == "discharges"


def test_stating_the_same_as_a_rule_is_no_contradiction():
    """It stays a statement."""
    assert answer({"industry": "C2614", "discharges": True}, RULE).facts[0]["discharges"].origin == "stated"


def test_a_rule_that_may_hold_gives_nothing():
    """Only what is certain makes known."""
    assert "discharges" not in answer({"industry": "C"}, RULE).facts[0]


def test_the_usual_is_only_presumed():
    """As known the clause is a condition, presumed it prohibits, and the assumption is named."""
    found = answer({"industry": "C2614"}, USUAL)

    assert (found.verdict, found.presumed_verdict) == ("conditional", "prohibited")
    assert {key: item.value for key, item in found.assumed.items()} == {"discharges": True}


def test_the_usual_answers_what_else_only_a_person_answers():
    """Nobody signs what is presumed, so no name and no day is asked of the table, as they are of a project."""
    usual = USUAL | {"then": {"asked": False}}
    found = answer({"industry": "C2614"}, usual, clauses=[BAN | {"subject": {"fact": "asked", "is": True}}])

    assert (found.verdict, found.presumed_verdict) == ("undetermined", "admissible")
    assert "who gave it" in str(refusal({"asked": False}))


def test_stating_the_opposite_of_the_usual_is_allowed():
    """It is no knowledge, so nothing contradicts."""
    assert answer({"industry": "C2614", "discharges": False}, USUAL).verdict == "admissible"


@pytest.mark.parametrize(
    ("stated", "is_refused"), [("C26", False), ("C2614", False), ("C27", True), (["C26", "C27"], True), ("C", False)]
)
def test_a_code_contradicts_a_rule_only_where_it_cannot_be_meant(stated, is_refused):
    """A wider or narrower code than the rule's is no opposite; one beside it is."""
    rule = RULE | {"when": {"fact": "lot", "is": True}, "then": {"industry": "C261"}}
    if is_refused:
        with pytest.raises(InputError, match="HJ 1-2020"):
            answer({"lot": True, "industry": stated}, rule)
    else:
        assert answer({"lot": True, "industry": stated}, rule).facts[0]["industry"].origin == "stated"


def test_tables_count_on_their_days():
    """Before it is in force a rule gives nothing."""
    later = RULE | {"in_force": "2027-01-01"}

    assert "discharges" not in answer({"industry": "C2614"}, later).facts[0]


def test_rules_feed_one_another_however_long_the_chain():
    """Twelve rules, each resting on the one before."""
    chain = [
        RULE
        | {"key": f"r{step}", "when": {"fact": f"emissions.s{step}", "gt": 0}, "then": {f"emissions.s{step + 1}": 1}}
        for step in range(12)
    ]

    assert answer({"emissions.s0": 1}, *reversed(chain)).facts[0]["emissions.s12"].value == 1


LABELLED = Vocabulary(
    {
        "industry": Fact("industry", "code", system="s", label=Words("行业", "industry")),
        "activity": Fact(
            "activity",
            "choice",
            choices=("new", "expand"),
            choice_labels={"new": Words("新建", "new"), "expand": Words("扩建", "expansion")},
            label=Words("建设性质", "activity"),
        ),
        "emissions.*": Fact("emissions.*", "number", unit="t/a", label=Words("排放量", "emission of")),
        "capacity": Fact("capacity", "number", label=Words("规模", "capacity")),
    },
    {
        "s": code_system(
            "s",
            [
                {"code": "C26", "name_zh": "化工、制药"},
                {"code": "C2641", "name_zh": "涂料制造"},
                {"code": "C27", "name_zh": "医药"},
                {"code": "C271", "name_zh": "医药"},
                {"code": "D1", "name_zh": "其他"},
                {"code": "E1", "name_zh": "其他"},
            ],
        )
    },
)


def test_a_fact_may_be_named_by_its_label_and_a_code_by_its_name():
    """As an office heads its columns; names on one chain are the widest of them."""
    facts, carried = read_facts(
        {" 行业 ": "涂料制造，化工、制药, 医药", "建设性质": "新建,扩建", "排放量": {"COD": 3}, "业主": "Li"}, LABELLED
    )

    assert {key: item.value for key, item in facts.items()} == {
        "industry": ("C2641", "C26", "C27"),
        "activity": ("new", "expand"),
        "emissions.COD": 3.0,
    }
    assert carried == {"业主": "Li"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"行业": "C26", "industry": "C27"}, "stated twice"),
        ({"排放量.COD": 1, "emissions": {"COD": 2}}, "stated twice"),
        ({"industry": "其他"}, "D1, E1"),
        ({"activity": "搬"}, "new 新建, expand 扩建"),
        ({"capacity": "2 万吨/年"}, "nothing can compare it"),
    ],
)
def test_what_could_mean_two_things_is_refused(raw, said):
    """The message lists what could be meant, or says why it cannot be used."""
    with pytest.raises(InputError, match=said):
        read_facts(raw, LABELLED)


@pytest.mark.parametrize("cell", ["未知", "Unknown", " / ", "-", "—", "N/A"])
def test_a_mark_for_not_knowing_states_nothing(cell):
    """It is neither a value nor an error, beside its label too."""
    assert read_facts({"industry": cell, "行业": "C26", "capacity": cell, "activity": [cell]}, LABELLED)[0].keys() == {
        "industry"
    }
