"""`yudi codes` and `yudi facts`: what a project may say, and by which code."""

from __future__ import annotations

import pytest


def test_codes_are_found_with_their_path(yudi):
    """Words on standard output, one code a line, with the levels above it."""
    ran = yudi("codes", "search", "氨纶", "--system", "gbt4754", "--lang", "zh")
    first = ran.out.splitlines()[0]

    assert (ran.status, ran.err, first.split()[0]) == (0, "", "C2826")
    assert "C28 化学纤维制造业 › C282 合成纤维制造" in first


def test_codes_as_data(yudi):
    """One object a code, limited, with the reason."""
    ran = yudi("codes", "search", "C26", "--limit", "2", "--json")

    assert [(item["code"], item["why"]) for item in ran.data] == [("C26", "code"), ("C261", "code")]
    assert (ran.status, ran.err) == (0, "")


def test_what_is_only_near_is_said_to_be(yudi):
    """The answer is on standard output, the remark beside it."""
    ran = yudi("codes", "search", "水泥厂", "--lang", "en")

    assert (ran.status, "C3011" in ran.out, "near" in ran.err) == (0, True, True)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("codes", "search", "ΩΩΩΩ"), 3, "shorter word"),
        (("codes", "search", "电池", "--system", "isic"), 3, "gbt4754"),
        (("codes", "search", "电池", "--pack", "cnn"), 3, "cn"),
        (("facts", "show", "wastewter_to"), 3, "did you mean wastewater_to"),
        (("facts", "list", "--provider", "nobody"), 2, "person"),
        (("facts", "list", "--edition", "nowhere"), 3, "nowhere"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(yudi, words, status, told):
    """Not found or wrong, with the next step."""
    ran = yudi(*words)

    assert (ran.status, ran.out) == (status, "")
    assert told in ran.err


def test_the_vocabulary_is_listed(yudi):
    """Key, type with unit, provider, whether it can be changed, label."""
    ran = yudi("facts", "list", "--search", "water_use", "--lang", "en")

    assert ran.status == 0
    assert ran.out.splitlines()[0].split() == [
        "water_use_m3_per_year",
        "number",
        "m3/a",
        "project",
        "design",
        "water",
        "use",
    ]


def test_a_fact_is_shown_with_its_choices(yudi):
    """As words and as data."""
    said, data = yudi("facts", "show", "activity", "--lang", "zh"), yudi("facts", "show", "activity", "--json").data

    assert "new  新建" in said.out
    assert data["choices"]["relocate"] == {"zh": "搬迁", "en": "relocation"}


def test_a_member_of_a_family_is_shown_by_its_family(yudi):
    """``emissions.tin`` is one of ``emissions.*``."""
    ran = yudi("facts", "show", "emissions.tin", "--lang", "en")

    assert (ran.status, ran.out.split()[0]) == (0, "emissions.*")
