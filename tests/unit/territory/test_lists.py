"""Rows of a list as clauses: what a person is asked of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from yudi.formats.rule_files import read_pack
from yudi.territory.formalised import Formalised
from yudi.territory.lists import ListRow, ListSource, list_clauses
from yudi.territory.predicates import FactIs
from yudi.territory.prose import Wording, wording


@pytest.fixture(scope="module")
def words() -> Wording:
    """The tables of the shipped pack."""
    return wording(read_pack(Path(__file__).parents[3] / "packs" / "cn").wording)


def test_what_points_to_another_list_asks_a_person_who_reads_there(words: Wording) -> None:
    """A term named beside the pointer settles nothing, and no measure is known to meet what is not known."""
    row = ListRow("U1", "space", "新建化工项目按优先保护单元管控要求执行")
    [made] = list_clauses([row], words, Formalised(), ListSource()).clauses

    assert (made.effect, made.terms, made.is_at_large) == ("require", (), False)
    assert made.test == FactIs("fulfils:{id}")


def test_a_duty_that_says_itself_what_it_asks_can_be_met_by_a_measure(words: Wording) -> None:
    """Beside it, the same trade with a duty in words keeps its term and asks whether it is met."""
    row = ListRow("U1", "risk", "化工企业应设置事故应急池")
    [made] = list_clauses([row], words, Formalised(), ListSource()).clauses

    assert (made.effect, made.terms) == ("require", ("chemical-project",))
    assert made.test == FactIs("meets:{id}")
