"""A clause that nobody held against its article counts, and says so wherever it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.editions import DAY, edition, point, project

from yudi.cli.clause_views import show_clauses, show_one_clause
from yudi.cli.render import show_verdict
from yudi.core.errors import InputError
from yudi.territory.clauses import BASES, clause, clause_data
from yudi.territory.rule_books import book_of, clause_rows
from yudi.territory.screening import screen
from yudi.territory.tables import reason_of, row_of
from yudi.territory.verdict import verdict_data

TEXT = {"zh": "不得建设", "en": "nothing is built"}
PRESS = {"id": "press-1", "effect": "forbid", "text": TEXT, "basis": "press"}
READ = {"id": "read-1", "effect": "consult", "text": TEXT, "body": "office"}


@pytest.mark.parametrize("basis", BASES)
def test_a_basis_is_read_back_as_it_was_written(basis):
    """Each of the words for how a clause was checked survives plain data."""
    item = clause(PRESS | {"basis": basis})

    assert clause(clause_data(item)) == item
    assert item.is_unverified is (basis in ("read in part", "press", "recalled"))


def test_a_basis_that_nobody_knows_is_refused():
    """A slip would make a clause look read that was not."""
    with pytest.raises(InputError, match="unknown basis 'pres'") as raised:
        clause(PRESS | {"basis": "pres"})

    assert raised.value.hint == "did you mean press?"


def test_an_answer_marks_what_is_unverified_whether_it_applies_or_not():
    """The mark and its ground stand beside the clause, and not beside one that was read."""
    asked = edition([PRESS, READ, PRESS | {"id": "old", "repealed": "2020-01-01"}])
    groups = verdict_data(screen(project(point(0, 0)), [asked], as_of=DAY))["clauses"]
    applied = {item["id"]: item for item in groups["applied"]}

    assert (applied["press-1"]["unverified"], applied["press-1"]["basis"]) == (True, "press")
    assert "unverified" not in applied["read-1"]
    assert [(item["id"], item["basis"]) for item in groups["not_applicable"]] == [("old", "press")]


def test_a_table_names_the_unverified_clauses_that_an_answer_rests_on():
    """The reason has a mark before its words, in either language."""
    screening = screen(project(point(0, 0)), [edition([PRESS, READ])], as_of=DAY)

    assert row_of(screening)["unverified"] == ["press-1"]
    assert reason_of(screening).as_data() == {"zh": "【未核实】不得建设", "en": "[unverified] nothing is built"}


@pytest.mark.parametrize(
    ("lang", "mark"),
    [("zh", "不得建设【未核实：据新闻报道，未见原文】"), ("en", "nothing is built [unverified: from press reports")],
)
def test_the_terminal_says_what_a_clause_rests_on(lang, mark, capsys):
    """The answer, the list of clauses and the view of one say it alike."""
    asked = replace(edition([PRESS]), id="e" * 64)
    screening = screen(project(point(0, 0)), [asked], as_of=date(2026, 3, 19))
    book = book_of(asked)

    for show in (
        lambda: show_verdict(screening, lang),
        lambda: show_clauses(clause_rows(book), book, as_json=False, lang=lang),
        lambda: show_one_clause(book, "press-1", as_json=False, lang=lang),
    ):
        show()

        assert mark in capsys.readouterr().out
