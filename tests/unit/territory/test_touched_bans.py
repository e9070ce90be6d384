"""Touching what forbids is flagged: which zone or unit, and how much of the site lies in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.editions import DAY, edition, layer, line, project, square

from yudi.cli.render import show_verdict
from yudi.territory.screening import screen
from yudi.territory.verdict import verdict_data

LAKE = layer("lakes", [square(0, 0, 100, 100)], {"name": ["甲湖"]})
BAN = {"id": "lake-1", "effect": "forbid", "text": "不得填湖", "scope": {"inside": "lakes"}}
OTHERS = BAN | {"id": "lake-2", "subject": {"fact": "activity", "in": ["expand"]}}
EDGE = square(-50, 10, 0.5, 60)  # reaches 0.5 m into the lake along 50 m: 25 m2
COAST = [square(-1_000, -1_000, 0, 1_000), square(0, -1_000, 1_000, 1_000)]


def screened(site, *clauses, **more):
    ground = replace(edition(clauses, layers=[LAKE], **more), id="e" * 64)
    return screen(project(site, {"activity": "new"}), [ground], as_of=DAY)


@pytest.mark.parametrize(("site", "amount"), [(EDGE, 25.0), (line((-50, 20), (0.5, 20)), 0.5)])
def test_a_touched_zone_that_forbids_is_given_with_its_true_overlap(site, amount):
    """Half a metre deep along 50 m is 25 m2, of a line 0.5 m: below the tolerance, but not nothing."""
    (entry,) = verdict_data(screened(site, BAN))["clauses"]["not_applicable"]
    (found,) = entry["because"]["found"]

    assert (entry["because"]["touches_forbidden"], found["touches"], found["feature"]) == (True, True, "甲湖")
    assert found["amount"] == pytest.approx(amount, rel=0.005)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "擦到禁止所及：lakes · 甲湖 — 25 m²（低于容差，不影响结论） · lake-1"),
        ("en", "Touches what forbids: lakes · 甲湖 — 25 m² (below the tolerance, so without effect) · lake-1"),
    ],
)
def test_the_terminal_flags_it(lang, said, capsys):
    """One line for a zone, with its layer, its name and the overlap; a ban that means others is none."""
    show_verdict(screened(EDGE, BAN, OTHERS), lang)
    lines = [text.strip() for text in capsys.readouterr().out.splitlines()]

    assert [text for text in lines if "甲湖" in text] == [said]


def test_a_ban_on_others_is_touched_without_a_flag():
    """What would not forbid this project if it lay inside is no ban that it touches."""
    (entry,) = verdict_data(screened(EDGE, OTHERS))["clauses"]["not_applicable"]

    assert (entry["because"]["touches"], entry["because"]["touches_forbidden"]) == (True, False)


def test_a_touched_unit_that_forbids_is_flagged_with_its_overlap(capsys):
    """A ban bound to the neighbouring unit, which the site enters by half a metre."""
    bound = {"id": "unit-1", "effect": "forbid", "text": "不得建设", "units": {"codes": ["U2"]}}
    screening = screened(EDGE, bound, units=layer("units", COAST))
    (entry,) = verdict_data(screening)["clauses"]["not_applicable"]
    show_verdict(screening, "en")

    assert (entry["because"]["unit"], entry["because"]["touches_forbidden"]) == ("U2", True)
    assert entry["because"]["amount"] == pytest.approx(25, rel=0.005)
    assert "Touches what forbids: unit · U2 — 25" in capsys.readouterr().out
