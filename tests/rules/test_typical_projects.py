"""Twenty typical projects of eighteen divisions, given industry, activity and place only: presumed says something.

The city is invented; the rules are those of the national pack. What is expected of each project was judged as a
consultant would, and stands beside it in tests/data/projects20/projects.yaml.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from support.city import SPOTS, city
from support.editions import point

from yudi.formats.rule_files import merged, read_packs
from yudi.territory.projects import Project, read_facts
from yudi.territory.questions import questions
from yudi.territory.screening import screen

ROOT = Path(__file__).parents[2]
PROJECTS = yaml.safe_load((ROOT / "tests/data/projects20/projects.yaml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 24)
QUESTIONS_MAX = 5


@pytest.fixture(scope="module")
def edition():
    return city(merged(read_packs(["cn"], ROOT / "packs")))


def screened(edition, row, spot=""):
    facts, _ = read_facts({key: row[key] for key in ("industry", "activity")}, edition.rules.vocabulary)
    return screen(Project(row["id"], point(*SPOTS[spot or row["place"]]), facts), [edition], as_of=DAY)


def test_the_projects_are_typical():
    """Twenty, of at least twelve divisions."""
    codes = [
        code
        for row in PROJECTS
        for code in ([row["industry"]] if isinstance(row["industry"], str) else row["industry"])
    ]

    assert len(PROJECTS) == 20
    assert len({code[:3] for code in codes}) >= 12


@pytest.mark.parametrize("row", PROJECTS, ids=lambda row: row["id"])
def test_what_is_presumed_of_a_typical_project(edition, row):
    """Decisive, as a consultant expects it, with at most five questions to confirm it."""
    found = screened(edition, row)

    assert found.presumed_verdict == row["presumed"]
    assert len(questions(found)) <= QUESTIONS_MAX


@pytest.mark.parametrize("row", PROJECTS, ids=lambda row: row["id"])
def test_what_is_presumed_of_it_near_the_main_river(edition, row):
    """300 m from the bank and outside every park: what is chemical is stopped, what is none is not."""
    found = screened(edition, row, "riverside")

    assert found.presumed_verdict == row.get("riverside", "conditional")
    assert len(questions(found)) <= QUESTIONS_MAX
