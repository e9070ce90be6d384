"""What clauses cite: documents out of force or declared nowhere, and clauses that cite nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from yudi.core.dates import Period
from yudi.core.errors import Where
from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.clauses import Document
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey, counted, few

__all__ = ["sources"]


@dataclass(frozen=True)
class _Cited:
    """A document's name, the days on which it is cited, and who cites it: a clause (its index, else -1) or an inference."""

    document: str
    period: Period
    clause: int
    name: str


def sources(survey: Survey) -> Iterator[EditionFinding]:
    """Find clauses and inferences that cite a document out of force, one that is not declared, or none.

    Clauses that cite the same document are one finding. Days outside the edition's own do not matter.
    """
    cited: dict[str, list[_Cited]] = {}
    for one in _cited(survey):
        cited.setdefault(one.document, []).append(one)
    documents = survey.edition.rules.documents
    files = {entry["file"].rpartition("/")[2]: at for at, entry in enumerate(survey.lists)}
    for name, citing in sorted(cited.items()):
        if name in documents:
            yield from _of_days(survey, documents[name], citing)
        elif not name:
            yield _none(survey, citing)
        elif name in files:
            yield _file(survey, files[name], name, citing)
        else:
            yield _undeclared(survey, name, citing)


def _cited(survey: Survey) -> Iterator[_Cited]:
    for row, item in enumerate(survey.clauses):
        days = item.period.common(survey.edition.period)
        if item.effect != "silent" and days is not None:
            yield _Cited(item.citation.document, days, row, survey.clause_name(row))
    for rule in survey.edition.rules.inferences:
        days = rule.period.common(survey.edition.period)
        if days is not None and (rule.document or rule.kind == "rule"):
            yield _Cited(rule.document, days, -1, rule.key)


def _of_days(survey: Survey, document: Document, citing: Sequence[_Cited]) -> Iterator[EditionFinding]:
    """Compare a document's days with those of what cites it: on the day itself, and on all days."""
    days, title = document.period, document.title
    today = [one for one in citing if one.period.contains(survey.as_of)]
    if today and not days.contains(survey.as_of):
        is_over = days.end is not None and days.end <= survey.as_of
        so = Words(f"自 {days.start} 才施行", f"begins on {days.start}")
        so = Words(f"已于 {days.end} 失效", f"ended on {days.end}") if is_over else so
        text = Words(
            f"《{title.get('zh')}》{so.zh}，在 {survey.as_of} 仍有 {len(today)} 条引用它而施行：{_ids(today).zh}",
            f"{title.get('en')} {so.en}, and {counted(len(today), 'clause')} in force on {survey.as_of} cite it: {_ids(today).en}",
        )
        cure = Words(
            f"写 repealed: {days.end}，或改引后继文件" if is_over else f"写 in_force: {days.start}",
            f"write repealed: {days.end}, or cite what succeeded it" if is_over else f"write in_force: {days.start}",
        )
        yield _finding(survey, "document_out_of_force", "error", (text, cure), citing=today, document=document.id)
        told = set(today)
        citing = [one for one in citing if one not in told]
    beyond = [one for one in citing if not _lies_in(one.period, days)]
    if beyond:
        span = Words(f"{days.start or '…'} 至 {days.end or '…'}", f"{days.start or '…'} to {days.end or '…'}")
        text = Words(
            f"{len(beyond)} 条的施行日期超出《{title.get('zh')}》（{span.zh}）：{_ids(beyond).zh}",
            f"{title.get('en')} is in force from {span.en}, and {counted(len(beyond), 'clause')} on other days too: {_ids(beyond).en}",
        )
        cure = Words(
            "使条款的 in_force、repealed 与文件一致", "let in_force and repealed of the clauses follow the document's"
        )
        yield _finding(survey, "days_beyond_document", "warning", (text, cure), citing=beyond, document=document.id)


def _lies_in(period: Period, other: Period) -> bool:
    begins = other.start is None or (period.start is not None and period.start >= other.start)
    return begins and (other.end is None or (period.end is not None and period.end <= other.end))


def _none(survey: Survey, citing: Sequence[_Cited]) -> EditionFinding:
    text = Words(
        f"{len(citing)} 条没有引用依据：{_ids(citing).zh}",
        f"{counted(len(citing), 'clause')} without a citation: {_ids(citing).en}",
    )
    cure = Words("写明 citation 或 document", "name a citation, or a document of the list or template")
    return _finding(survey, "citation_missing", "warning", (text, cure), citing=citing, document="")


def _file(survey: Survey, number: int, name: str, citing: Sequence[_Cited]) -> EditionFinding:
    """Say of a list that its clauses cite its own file, since no document is named."""
    text = Words(
        f"清单没有声明发布文件，其 {len(citing)} 条只引用文件名 {name}",
        f"no document is declared for the list, so that {counted(len(citing), 'clause')} can cite only {name}",
    )
    cure = Words(
        "在 [[rules.documents]] 声明发布文件，在 [[lists]] 写 document",
        "declare it under [[rules.documents]] and name it as document in [[lists]]",
    )
    cure = _meant(name, survey, cure)
    where = survey.file(number)
    return _finding(survey, "list_without_document", "warning", (text, cure), citing=citing, document=name, where=where)


def _undeclared(survey: Survey, name: str, citing: Sequence[_Cited]) -> EditionFinding:
    text = Words(
        f"{len(citing)} 条引用的文件 {name} 没有声明：{_ids(citing).zh}",
        f"the document {name} is cited by {counted(len(citing), 'clause')} and not declared: {_ids(citing).en}",
    )
    cure = Words(
        "在 [[rules.documents]] 声明其名称、文号与日期",
        "declare it under [[rules.documents]], with title, number and days",
    )
    cure = _meant(name, survey, cure)
    return _finding(survey, "document_undeclared", "warning", (text, cure), citing=citing, document=name)


def _meant(name: str, survey: Survey, cure: Words) -> Words:
    close = near(name, survey.edition.rules.documents)
    return Words(f"是否为 {close[0]}？否则{cure.zh}", f"did you mean {close[0]}? Else {cure.en}") if close else cure


def _finding(
    survey: Survey,
    kind: str,
    severity: str,
    said: tuple[Words, Words],
    *,
    citing: Sequence[_Cited],
    document: str,
    where: Where | None = None,
) -> EditionFinding:
    """Return a finding with the units of those citing clauses that stand in units only."""
    rows = [one.clause for one in citing if one.clause >= 0]
    units = survey.own_units(rows)
    here = where or _list_file(survey, rows)
    numbers: dict[str, float | str] = {"clauses": len(citing), "document": document}
    return survey.finding(kind, severity, said, units=units, where=here, numbers=numbers)


def _list_file(survey: Survey, clauses: Sequence[int]) -> Where:
    """Return the file of the list that all the clauses are of."""
    numbers = np.unique(survey.list_of[list(clauses)])
    return survey.file(int(numbers[0])) if len(numbers) == 1 else Where()


def _ids(citing: Sequence[_Cited]) -> Words:
    return few(list(dict.fromkeys(one.name for one in citing)))
