"""What a check of rules finds in an edition, said of the units in which the clauses stand.

Rules of packs alone are checked with their packs (`yudi clauses check`); what they lean on is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey, counted
from yudi.territory.predicates import TermTest, leaves
from yudi.territory.prose_effects import OTHER_TRADES
from yudi.territory.rule_books import book_of
from yudi.territory.rule_checks import check_book
from yudi.territory.terms import terms_on

__all__ = ["rule_faults"]

# Found here by other checks, which also say where in the scheme.
_ELSEWHERE = {
    "document_undeclared",
    "document_out_of_force",
    "layer_missing",
    "table_missing",
    "term_undefined",
    "term_out_of_days",
}
_DIGEST = re.compile(r"\b[0-9a-f]{12}\b")
_TOLD = {"unverified"}  # infos that an office should know; others are about laws that say the same


def rule_faults(survey: Survey) -> Iterator[EditionFinding]:
    """Yield what `yudi clauses check` finds in the rules of the edition and no other check of it does."""
    yield from _terms(survey)
    rows: dict[str, list[int]] = {}
    for row, item in enumerate(survey.clauses):
        rows.setdefault(item.id, []).append(row)
    book = book_of(survey.edition)
    formal = tuple(item for item in survey.clauses if not item.is_in_words)  # what stands in words asks nothing amiss
    for found in check_book(replace(book, rules=replace(book.rules, clauses=formal))):
        if found.kind in _ELSEWHERE or (found.severity == "info" and found.kind not in _TOLD):
            continue
        clauses = rows.get(found.where.field or "", [])
        units = survey.own_units(clauses)
        lists = np.unique(survey.list_of[clauses]) if clauses else np.zeros(0, np.int32)
        where = found.where
        if len(lists) == 1 and (file := survey.file(int(lists[0])).file):
            where = type(where)(file, None, survey.clause_name(clauses[0]))
        said = (_named(survey, rows, found.text), found.cure)
        numbers: dict[str, float | str] = {"clause": found.where.field} if found.where.field else {}
        yield survey.finding(found.kind, found.severity, said, units=units, where=where, numbers=numbers)


def _terms(survey: Survey) -> Iterator[EditionFinding]:
    """Find terms that clauses name and that are defined nowhere, or not on the day."""
    defined = {item.key for item in survey.edition.rules.terms}
    today = set(terms_on(survey.edition.rules.terms, survey.as_of))
    naming: dict[str, list[int]] = {}
    for row, key in _asked_terms(survey):
        if key not in today and key != OTHER_TRADES:
            naming.setdefault(key, []).append(row)
    for key, rows in sorted(naming.items()):
        count = counted(len(rows), "clause")
        text = Words(
            f"{len(rows)} 条指明的术语 {key} 没有定义，是否涉及项目无从推定",
            f"the term {key} is named by {count} and not defined: whether they concern a project cannot be presumed",
        )
        cure = Words(
            "在 [rules] 的 terms 或规则包中定义", "define it under terms of [rules], or include a pack that does"
        )
        if close := near(key, defined):
            cure = Words(f"是否为 {close[0]}？否则{cure.zh}", f"did you mean {close[0]}? Else {cure.en}")
        if key in defined:
            text = Words(
                f"{len(rows)} 条指明的术语 {key} 在 {survey.as_of} 没有释义",
                f"the term {key} is named by {count} and has no table on {survey.as_of}",
            )
            cure = Words("补上当时的释义，或改正日期", "add the table of those days, or correct the days")
        kind = "term_out_of_days" if key in defined else "term_undefined"
        numbers: dict[str, float | str] = {"term": key, "clauses": len(rows)}
        yield survey.finding(kind, "warning", (text, cure), units=survey.own_units(rows), numbers=numbers)


def _named(survey: Survey, rows: Mapping[str, list[int]], text: Words) -> Words:
    """Return a sentence with the clauses of lists named as they stand in a unit, and not by the digest of their words."""

    def name(found: re.Match[str]) -> str:
        clauses = rows.get(found[0])
        return survey.clause_name(clauses[0]) if clauses else found[0]

    return Words(*(_DIGEST.sub(name, side) for side in (text.zh, text.en)))


def _asked_terms(survey: Survey) -> Iterator[tuple[int, str]]:
    """Yield each clause in force on the day with each term that it names or asks."""
    for row, item in enumerate(survey.clauses):
        if survey.in_force[row]:
            asked = [leaf.term for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, TermTest)]
            yield from ((row, key) for key in dict.fromkeys((*item.terms, *asked)))
