"""Predicates as sentences in two languages, from labels alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yudi.core.codes import code_system
from yudi.core.words import Words
from yudi.territory.facts import Fact, Vocabulary
from yudi.territory.predicates import parse
from yudi.territory.sentences import Speaker, facts_asked

INDUSTRY = code_system("industry", [{"code": "C26", "name_zh": "化学", "name_en": "chemicals"}, {"code": "C27"}])
FACTS = (
    Fact("industry", "code", system="industry", label=Words("行业", "industry")),
    Fact(
        "activity",
        "choice",
        choices=("new", "expand"),
        choice_labels={"new": Words("新建", "new"), "expand": Words("扩建", "expansion")},
        label=Words("建设性质", "activity"),
    ),
    Fact("load", "number", unit="t/a", label=Words("负荷", "load")),
    Fact("room", "number", unit="t/a", label=Words("余量", "headroom")),
    Fact("lot", "truth", label=Words("空地", "empty lot")),
    Fact("lined", "truth", label=Words("是否有防渗", "it is lined")),
    Fact("since", "date", label=Words("日期", "day")),
    Fact("emissions.*", "number", unit="t/a", label=Words("排放量", "emission of")),
    Fact("bare", "truth"),
)
VOICE = Speaker(
    Vocabulary({fact.key: fact for fact in FACTS}, {"industry": INDUSTRY}),
    {"chemical": Words("化工项目", "chemical project")},
    {"bank": Words("岸线", "bank")},
)
SAID = [
    ({}, "任何情况", "always"),
    ({"any": []}, "从不", "never"),
    ({"term": "chemical"}, "属于“化工项目”", "counts as “chemical project”"),
    ({"term": "other"}, "属于“other”", "counts as “other”"),
    ({"fact": "industry", "in": ["C26", "C27"]}, "行业为C26 化学或C27", "industry is C26 chemicals or C27"),
    ({"fact": "activity", "in": ["new", "expand"]}, "建设性质为新建或扩建", "activity is new or expansion"),
    ({"fact": "lot", "is": False}, "空地为否", "empty lot is false"),
    ({"fact": "lined", "is": True}, "有防渗", "it is lined"),
    ({"fact": "lined", "is": False}, "并非：有防渗", "not: it is lined"),
    ({"fact": "bare", "is": True}, "bare为是", "bare is true"),
    ({"fact": "load", "gt": 10}, "负荷大于 10 t/a", "load is more than 10 t/a"),
    (
        {"fact": "load", "ge": 1, "le": 2000, "unit": "kg/d"},
        "负荷不小于 1 kg/d且不大于 2,000 kg/d",
        "load is at least 1 kg/d and at most 2,000 kg/d",
    ),
    ({"fact": "load", "eq": 0.1}, "负荷等于 0.1 t/a", "load equals 0.1 t/a"),
    ({"fact": "emissions.COD", "gt": 0}, "排放量 COD大于 0 t/a", "emission of COD is more than 0 t/a"),
    ({"fact": "since", "after": "2024-03-19"}, "日期晚于 2024-03-19", "day is after 2024-03-19"),
    ({"fact": "since", "until": "2024-03-19"}, "日期不晚于 2024-03-19", "day is until 2024-03-19"),
    ({"quota": {"amount": "load", "headroom": ["room"]}}, "负荷不超过余量", "load is at most headroom"),
    ({"within": {"layer": "bank", "distance_m": 1000}}, "位于“岸线” 1,000 m 以内", "within 1,000 m of “bank”"),
    (
        {"inside": {"layer": "zone", "where": {"kind": ["a", "b"]}}},
        "位于“zone”（kind：a、b）内",
        "inside “zone” (kind: a, b)",
    ),
    ({"overlaps": {"layer": "bank", "area_m2": 50}}, "与“岸线”重叠不少于 50 m²", "overlaps “bank” by at least 50 m²"),
    ({"not": {"fact": "lot", "is": True}}, "并非空地为是", "not: empty lot is true"),
    (
        {"all": [{"fact": "lot", "is": True}, {"any": [{"term": "chemical"}, {"fact": "load", "lt": 5}]}]},
        "空地为是，且（属于“化工项目”，或负荷小于 5 t/a）",
        "empty lot is true and (counts as “chemical project” or load is less than 5 t/a)",
    ),
]


@pytest.mark.parametrize(("data", "zh", "en"), SAID)
def test_a_predicate_is_said_in_both_languages(data, zh, en):
    """With the labels of facts, codes, choices, terms and layers; a key without a label stands as it is."""
    said = VOICE.sentence(parse(data))

    assert (said.zh, said.en) == (zh, en)


def test_an_area_along_a_river_is_said_whole():
    """Every number of the predicate stands in the sentence."""
    said = VOICE.sentence(parse({"along": {"layer": "bank", "upstream_m": 1000, "downstream_m": 200, "side_m": 50}}))

    assert all(text in side for side in (said.zh, said.en) for text in ("1,000 m", "200 m", "50 m"))


def test_facts_asked_are_those_of_all_trees_each_once():
    """Terms and places are not facts; a quota asks its amount and its headroom."""
    trees = [
        parse({"all": [{"fact": "lot", "is": True}, {"term": "chemical"}, {"fact": "load", "gt": 1}]}),
        None,
        parse({"quota": {"amount": "load", "headroom": ["room"]}}),
    ]

    assert facts_asked(*trees) == ("lot", "load", "room")


branch = st.recursive(
    st.sampled_from([data for data, _, _ in SAID if data and "any" not in data and "all" not in data]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)


@given(branch)
def test_brackets_close_and_mixed_branches_are_bracketed(data):
    """No sentence leaves open what "and" and "or" bind; both languages are said."""
    said = VOICE.sentence(parse(data))

    assert said.zh.count("（") == said.zh.count("）")
    assert said.en.count("(") == said.en.count(")")
    assert said.zh
    assert said.en
