"""What only a person can say is asked as a question, with what to look at; a map that lacks is asked for as a map."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.editions import DAY, VOCABULARY, edition, point, project

from yudi.cli.render import show_verdict
from yudi.core.words import Words
from yudi.territory.facts import Fact, Vocabulary
from yudi.territory.screening import screen

PLAN = Fact(
    "against_plan",
    "truth",
    "person",
    label=Words("是否违反规划", "it is against the plan"),
    help=Words("对照批准的规划", "compare with the approved plan"),
)
KNOWN = Vocabulary({**VOCABULARY.facts, PLAN.key: PLAN}, VOCABULARY.systems)
BAN = {"id": "a", "effect": "forbid", "text": "x", "subject": {"fact": "against_plan", "is": True}}


@pytest.mark.parametrize(
    ("lang", "asked"),
    [
        ("zh", ["1. 是否违反规划？", "对照批准的规划", "against_plan"]),
        ("en", ["1. it is against the plan?", "compare with the approved plan", "against_plan"]),
    ],
)
def test_a_question_to_a_person_says_what_to_look_at(lang, asked, capsys):
    """Under the question stands the help of the fact, and under that the name under which to answer."""
    screening = screen(project(point(0, 0)), [replace(edition([BAN], vocabulary=KNOWN), id="e" * 64)], as_of=DAY)
    show_verdict(screening, lang)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]

    assert lines[lines.index(asked[0]) :][:3] == asked


@pytest.mark.parametrize(("lang", "asked"), [("zh", "1. 缺少图层 reserves"), ("en", "1. Missing layer reserves")])
def test_a_map_that_the_edition_lacks_is_named_as_one(lang, asked, capsys):
    """The question is for a map, not for a fact that a reader could state."""
    ban = {"id": "a", "effect": "forbid", "text": "x", "scope": {"inside": "reserves"}}
    show_verdict(screen(project(point(0, 0)), [replace(edition([ban]), id="e" * 64)], as_of=DAY), lang)

    assert asked in [line.strip() for line in capsys.readouterr().out.splitlines()]
