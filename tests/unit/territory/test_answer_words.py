"""How facts and questions are called, in both languages."""

from __future__ import annotations

import pytest
from support.editions import DAY, VOCABULARY, edition, point, project

from yudi.core.words import Words
from yudi.territory.answer_words import article_words, asked_words, value_words
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.screening import screen

LABELLED = (
    Fact("permit", "truth", label=Words("是否取得许可？", "Is it permitted?")),
    Fact("half", "truth", label=Words("是否取得许可?", "Is it permitted")),
    Fact("amount", "number", unit="t/a", label=Words("排放量", "emission")),
    Fact("way", "choice", choices=("a", "b"), choice_labels={"a": Words("甲", "first"), "b": Words("乙", "second")}),
)
FACTS = Vocabulary({**VOCABULARY.facts, **{fact.key: fact for fact in LABELLED}}, VOCABULARY.systems)


@pytest.fixture
def screening():
    """Return a screening by an edition that knows labelled facts."""
    return screen(project(point(0, 0)), [edition(vocabulary=FACTS)], as_of=DAY)


@pytest.mark.parametrize("key", ["permit", "half"])
def test_a_question_has_one_mark_whatever_its_label_ends_with(screening, key):
    """An office may write a mark behind a label, of either width: the question has one, full-width in Chinese."""
    said = asked_words(key, screening)

    assert said == Words("是否取得许可？", "Is it permitted?")


def test_chinese_has_full_width_signs(screening):
    """A unit stands in full-width brackets, what is asked behind a full-width colon, values behind an enumeration comma."""
    assert asked_words("amount", screening) == Words("排放量（t/a）", "emission (t/a)")
    assert asked_words("concerns:x", screening) == Words("是否涉及本项目：x", "Does this concern the project: x")
    assert asked_words("layer:parks", screening).zh == "缺少图层 parks"
    assert value_words("way", Value(("a", "b")), screening.editions) == Words("甲、乙", "first, second")


def test_an_article_that_a_pack_says_in_both_languages_is_said_in_one():
    """A slash between words of one language, or in a number, parts nothing."""
    assert article_words("未编号 / no number").en == "no number"
    assert article_words("A / B").zh == "A / B"
