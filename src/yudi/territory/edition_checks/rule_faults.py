"""What a check of rules finds in an edition, said of the units in which the clauses stand.

Rules of packs alone are checked with their packs (`yudi clauses check`); what they lean on is told once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey, counted
from yudi.territory.prose_effects import OTHER_TRADES
from yudi.territory.rule_books import book_of
from yudi.territory.rule_checks import check_book

__all__ = ["rule_faults"]

# Found here by other checks, which also say where in the scheme.
_ELSEWHERE = {"document_undeclared", "document_out_of_force", "layer_missing", "table_missing", "term_undefined"}
_TOLD = {"unverified"}  # infos that an office should know; others are about laws that say the same


def rule_faults(survey: Survey) -> Iterator[EditionFinding]:
    """Yield what `yudi clauses check` finds in the rules of the edition and no other check of it does."""
    yield from _terms(survey)
    rows: dict[str, list[int]] = {}
    for row, item in enumerate(survey.clauses):
        rows.setdefault(item.id, []).append(row)
    for found in check_book(book_of(survey.edition)):
        if found.kind in _ELSEWHERE or (found.severity == "info" and found.kind not in _TOLD):
            continue
        clauses = rows.get(found.where.field or "", [])
        units = survey.own_units(clauses)
        lists = np.unique(survey.list_of[clauses]) if clauses else np.zeros(0, np.int32)
        where = found.where
        if len(lists) == 1 and (file := survey.file(int(lists[0])).file):
            where = type(where)(file, None, _name(survey, clauses[0]))
        numbers: dict[str, float | str] = {"clause": found.where.field} if found.where.field else {}
        yield survey.finding(
            found.kind, found.severity, (found.text, found.cure), units=units, where=where, numbers=numbers
        )


def _terms(survey: Survey) -> Iterator[EditionFinding]:
    """Find terms that clauses name and that are defined nowhere: nothing is then presumed of a clause in words."""
    known = {item.key for item in survey.edition.rules.terms} | {OTHER_TRADES}
    naming: dict[str, list[int]] = {}
    for row, item in enumerate(survey.clauses):
        for key in item.terms if survey.counts_yet[row] else ():
            if key not in known:
                naming.setdefault(key, []).append(row)
    for key, rows in sorted(naming.items()):
        units = survey.own_units(rows)
        text = Words(
            f"{len(rows)} 条指明的术语 {key} 没有定义，是否涉及项目无从推定",
            f"the term {key} is named by {counted(len(rows), 'clause')} and not defined: whether they concern a project cannot be presumed",
        )
        cure = Words(
            "在 [[rules.terms]] 或规则包中定义", "define it under [[rules.terms]], or include a pack that does"
        )
        if close := near(key, known):
            cure = Words(f"是否为 {close[0]}？否则{cure.zh}", f"did you mean {close[0]}? Else {cure.en}")
        numbers: dict[str, float | str] = {"term": key, "clauses": len(rows)}
        yield survey.finding("term_undefined", "warning", (text, cure), units=units, numbers=numbers)


def _name(survey: Survey, row: int) -> str:
    """Return the id of a clause where it stands first."""
    return survey.edition.bindings.ids[int(survey.bindings_of(row)[0])]
