"""Does the edition count on the day, and is there a day on which each of its own clauses does?"""

from __future__ import annotations

from collections.abc import Iterator

from yudi.core.words import Words
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey, counted, few

__all__ = ["days"]


def days(survey: Survey) -> Iterator[EditionFinding]:
    """Find an edition that is not in force on the day, and clauses that are in force on none of its days."""
    yield from _edition(survey)
    yield from _clauses(survey)


def _edition(survey: Survey) -> Iterator[EditionFinding]:
    period, day = survey.edition.period, survey.as_of
    if period.contains(day):
        return
    if period.end is not None and period.end <= day:
        text = Words(
            f"此版本自 {period.end} 起不再有效（失效、被替代或废止），{day} 的研判一律无法判定",
            f"the edition counts no longer since {period.end} (ended, superseded or repealed): on {day} every verdict is undetermined",
        )
        cure = Words("使用后继版本", "use the edition that succeeded it")
        yield survey.finding("edition_ended", "error", (text, cure), numbers={"ended_on": period.end.isoformat()})
        return
    assert period.start is not None, "a day outside a period lies before its start or at or behind its end"
    text = Words(
        f"此版本自 {period.start} 才生效，{day} 的研判一律无法判定",
        f"the edition begins on {period.start}: on {day} every verdict is undetermined",
    )
    cure = Words(f"用 --as-of {period.start} 检查生效日的情形", f"check it as it will be with --as-of {period.start}")
    yield survey.finding("edition_not_begun", "warning", (text, cure), numbers={"begins_on": period.start.isoformat()})


def _clauses(survey: Survey) -> Iterator[EditionFinding]:
    """Find clauses of lists and units that never count; a law of a pack may well have ended before."""
    own = survey.is_of_units | (survey.list_of >= 0)
    never: dict[int, list[int]] = {}
    for row, item in enumerate(survey.clauses):
        if own[row] and not item.period.overlaps(survey.edition.period):
            never.setdefault(int(survey.list_of[row]), []).append(row)
    for number, rows in never.items():
        ids = few([survey.clause_name(row) for row in rows])
        text = Words(
            f"{len(rows)} 条的施行日期全在版本有效期之外，从不起作用：{ids.zh}",
            f"{counted(len(rows), 'clause')} in force on no day of the edition, and never counting: {ids.en}",
        )
        cure = Words(
            "改正清单或条款的 in_force、repealed", "correct in_force and repealed of the list or of the clauses"
        )
        units = survey.units_of_all(rows)
        numbers: dict[str, float | str] = {"clauses": len(rows)}
        where = survey.file(number)
        yield survey.finding("never_in_force", "error", (text, cure), units=units, where=where, numbers=numbers)
