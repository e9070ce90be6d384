"""Do a pack's cases come out as they say, and has every clause of it some?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yudi.core.errors import InputError, Where
from yudi.core.words import Words
from yudi.territory.clauses import Clause
from yudi.territory.rule_books import RuleBook
from yudi.territory.rule_cases import Asked, CaseEntry, answer, asked_of, told_otherwise

__all__ = ["CaseFault", "case_faults"]

_ACTS = ("stops", "conditions", "notes")
_FREES = ("spares", "meets")
_GROUPS = {
    _ACTS: Words("禁止、附条件或提示的", "that it stops, conditions or notes"),
    _FREES: Words("不涉及或满足的", "that it spares, or that meets it"),
    ("leaves_open",): Words("待定的", "that it leaves open"),
}


@dataclass(frozen=True)
class CaseFault:
    """A case that comes out otherwise, cannot be put, or is missing; ``where`` is None for a clause that lacks one."""

    kind: str
    severity: str
    clause: str
    text: Words
    cure: Words
    where: Where | None = None


def case_faults(book: RuleBook) -> Iterator[CaseFault]:
    """Yield what is wrong with a book's own cases, and its own clauses that lack some."""
    clauses = {item.id: item for item in reversed(book.rules.clauses)}  # of a doubled id the first
    shown: dict[str, set[str]] = {item.id: set() for item in book.rules.clauses if ("clause", item.id) in book.own}
    closed: set[str] = set()
    for entry in book.cases:
        if entry.where not in book.own_cases:
            continue
        closed |= {entry.clause, *entry.before, *entry.also} if entry.never_open else set()
        try:
            questions = asked_of(entry, clauses)
        except InputError as error:
            yield _unable(entry, error)
            continue
        for asked in questions:
            shown.setdefault(asked.clause, set()).add(asked.outcome)
            yield from _wrong(book, entry, asked, clauses)
    for name, seen in shown.items():
        if ("clause", name) in book.own:
            yield from _lacking(clauses[name], seen, is_closed=name in closed)


def _wrong(book: RuleBook, entry: CaseEntry, asked: Asked, clauses: Mapping[str, Clause]) -> Iterator[CaseFault]:
    try:
        judged = answer(asked, clauses[asked.clause], book.rules.vocabulary, book.rules.terms)
    except (InputError, TypeError, ValueError) as error:
        yield _unable(entry, error)
        return
    said = told_otherwise(asked, judged)
    still = [name for name in asked.out_of_force if clauses[name].period.contains(asked.day)]
    if still:
        said = said or f"{', '.join(still)} is in force on {asked.day} too"
    if said:
        text = Words(
            f"用例“{asked.words.get('zh')}”（{asked.day}）不符：{said}",
            f"the case “{asked.words.get('en')}” ({asked.day}) comes out otherwise: {said}",
        )
        cure = Words("改正条款或用例", "mend the clause or the case")
        yield CaseFault("case_fails", "error", asked.clause, text, cure, entry.where)


def _unable(entry: CaseEntry, error: Exception) -> CaseFault:
    message, hint = (error.message, error.hint) if isinstance(error, InputError) else (str(error), "")
    text = Words(f"用例无法执行：{message}", f"a case cannot be put: {message}")
    cure = Words(hint, hint) if hint else Words("改正用例", "mend the case")
    return CaseFault("case_unreadable", "error", entry.clause, text, cure, entry.where)


def _lacking(item: Clause, seen: set[str], *, is_closed: bool) -> Iterator[CaseFault]:
    cure = Words("在 case_files 所列文件中补写用例", "write some in a file that case_files names")
    if not seen:
        yield CaseFault("no_cases", "warning", item.id, Words("没有用例", "has no cases"), cure)
        return
    is_bare = item.effect == "note" and not item.trees  # a note to all spares nobody, and leaves nothing open
    for group, said in _GROUPS.items():
        needs_none = group != _ACTS and (is_bare or (group == ("leaves_open",) and is_closed))
        if not seen & set(group) and not needs_none:
            text = Words(f"缺少{said.zh}用例", f"has no case {said.en}")
            yield CaseFault("cases_lack", "warning", item.id, text, cure)
