"""Is a pack or an edition well-formed? What nobody provides, what can never apply, what is out of force, what stands twice.

Every check is a function from a book of rules to findings; nothing is read or asked of the clock. An *error* makes an
answer wrong or a clause dead, a *warning* should be looked at, an *info* tells what the rules lean on.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yudi.core.dates import Period
from yudi.core.errors import InputError, Where, YudiError
from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.case_checks import CaseFault, case_faults
from yudi.territory.clauses import Clause, Document
from yudi.territory.contradictions import can_hold
from yudi.territory.draft import refuse_unknown
from yudi.territory.predicates import (
    FactIn,
    FactIs,
    FactRange,
    Leaf,
    Node,
    PlaceTest,
    Quota,
    TermTest,
    leaves,
)
from yudi.territory.projects import read_facts
from yudi.territory.prose_effects import OTHER_TRADES
from yudi.territory.rule_books import RuleBook

__all__ = ["SEVERITIES", "RuleFinding", "check_book", "unreadable"]

SEVERITIES = ("error", "warning", "info")
_NAMED = 8  # names that a finding lists before it only counts
_ALIKE = 0.86  # share of pairs of letters that two clauses have in common to count as nearly the same
_FROM_LISTS = ("words", "template")
_Asked = tuple[tuple[str, str], tuple[Node, ...], Period]


@dataclass(frozen=True)
class RuleFinding:
    """One thing that a check found.

    Parameters
    ----------
    kind : str
        Stable key such as ``never_applies``.
    severity : str
        One of `SEVERITIES`.
    text, cure : Words
        One sentence that says what is found, and what to do about it.
    where : Where
        File, row, and the clause's id, or kind and key of another entry.
    """

    kind: str
    severity: str
    text: Words
    where: Where
    cure: Words

    def as_data(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        place = {"file": self.where.file, "row": self.where.row, "field": self.where.field}
        said = {"text": self.text.as_data(), "where": place, "cure": self.cure.as_data()}
        return {"kind": self.kind, "severity": self.severity, **said}


def check_book(book: RuleBook) -> tuple[RuleFinding, ...]:
    """Return what is found in a book's own rules, errors first; those of packs that it includes are only looked up."""
    found = [finding for check in _CHECKS for finding in check(book)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def unreadable(error: YudiError) -> RuleFinding:
    """Return as a finding that rules cannot be read; what stands behind that place was not looked at."""
    text = Words(f"无法读取：{error.message}", f"cannot be read: {error.message}")
    return RuleFinding("unreadable", "error", text, error.where, Words(error.hint, error.hint))


def _doubled(book: RuleBook) -> Iterator[RuleFinding]:
    for name, count in Counter(item.id for item in book.rules.clauses).items():
        if count > 1 and ("clause", name) in book.own:
            text = Words(f"编号 {name} 用于 {count} 个条款", f"{count} clauses have the id {name}")
            yield _finding(
                book, ("clause", name), "id_doubled", text, cure=Words("另取编号", "give each an id of its own")
            )


def _names(book: RuleBook) -> Iterator[RuleFinding]:
    """Find facts and terms that are declared nowhere, and values that a fact cannot have."""
    terms = {item.key for item in book.rules.terms}
    for place, trees, _ in _asking(book):
        for leaf in dict.fromkeys(leaf for tree in trees for leaf in leaves(tree)):
            missing = [key for key in _facts(leaf) if book.rules.vocabulary.fact(key) is None]
            for key in missing:
                yield _unknown_fact(book, place, key)
            if isinstance(leaf, TermTest) and leaf.term not in terms:
                yield _unknown_term(book, place, leaf.term, terms)
            elif not missing:
                yield from _wrong_value(book, place, leaf)
    yield from _named_terms(book, terms)
    for row in book.rules.inferences:
        if ("inference", row.key) in book.own:
            yield from _wrong_then(book, row.key, row.then)


def _named_terms(book: RuleBook, terms: set[str]) -> Iterator[RuleFinding]:
    """Find terms that clauses in words name and that are defined nowhere: nothing is then presumed of such a clause."""
    naming: dict[str, list[str]] = {}
    for item in book.rules.clauses:
        asked = {leaf.term for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, TermTest)}
        for key in item.terms if ("clause", item.id) in book.own else ():
            if key not in terms | asked and key != OTHER_TRADES:
                naming.setdefault(key, []).append(item.id)
    for key, names in naming.items():
        if not book.is_edition:
            yield from (_unknown_term(book, ("clause", name), key, terms) for name in names)
            continue
        text = Words(
            f"{len(names)} 个文字条款所指术语 {key} 没有定义，无从推定：{_few(names).zh}",
            f"{len(names)} clauses in words name the term {key}, which is not defined, so that nothing is presumed: {_few(names).en}",
        )
        cure = _meant(key, sorted(terms), Words("在 terms 中定义", "define it under terms"))
        yield _finding(book, ("clause", names[0]), "term_undefined", text, cure=cure, severity="warning")


def _unknown_fact(book: RuleBook, place: tuple[str, str], key: str) -> RuleFinding:
    text = Words(
        f"所问事实 {key} 无人提供：词表中没有", f"asks the fact {key}, which no vocabulary has: nobody provides it"
    )
    cure = Words("在 facts 中声明，或改正名称", "declare it under facts, or correct its name")
    return _finding(book, place, "fact_unknown", text, cure=_meant(key, book.rules.vocabulary.facts, cure))


def _unknown_term(book: RuleBook, place: tuple[str, str], key: str, terms: set[str]) -> RuleFinding:
    text = Words(f"术语 {key} 没有定义", f"uses the term {key}, which is not defined")
    cure = Words("在 terms 中定义，或改正名称", "define it under terms, or correct its name")
    return _finding(book, place, "term_undefined", text, cure=_meant(key, sorted(terms), cure))


def _wrong_value(book: RuleBook, place: tuple[str, str], leaf: Leaf) -> Iterator[RuleFinding]:
    if isinstance(leaf, TermTest | PlaceTest):
        return
    try:
        refuse_unknown((leaf,), book.rules, Where())
    except InputError as error:
        text = Words(
            f"事实 {_facts(leaf)[0]} 没有所问的值：{error.message}",
            f"asks what the fact {_facts(leaf)[0]} cannot be: {error.message}",
        )
        yield _finding(book, place, "value_unknown", text, cure=Words(error.hint, error.hint))


def _wrong_then(book: RuleBook, name: str, then: Mapping[str, Any]) -> Iterator[RuleFinding]:
    for key, value in then.items():
        if book.rules.vocabulary.fact(key) is None:
            yield _unknown_fact(book, ("inference", name), key)
            continue
        try:
            read_facts({key: value}, book.rules.vocabulary, is_stated=False)
        except InputError as error:
            text = Words(
                f"推出的 {key} 取值有误：{error.message}", f"infers of {key} what it cannot be: {error.message}"
            )
            yield _finding(book, ("inference", name), "value_unknown", text, cure=Words(error.hint, error.hint))


def _term_days(book: RuleBook) -> Iterator[RuleFinding]:
    """Find terms that have no table on any day of what asks them."""
    for place, trees, period in _asking(book):
        for key in dict.fromkeys(_terms(trees)):
            tables = [item.period for item in book.rules.terms if item.key == key]
            if tables and not any(table.overlaps(period) for table in tables):
                text = Words(
                    f"术语 {key} 在其施行期间没有释义", f"the term {key} has no table on the days on which it counts"
                )
                cure = Words("补上当时的释义，或改正日期", "add the table of those days, or correct the days")
                yield _finding(book, place, "term_out_of_days", text, cure=cure, severity="warning")


def _never(book: RuleBook) -> Iterator[RuleFinding]:
    """Find clauses that no project at no place can meet, and requirements that cannot fail."""
    empty: dict[str, bool] = {}
    for item in book.rules.terms:
        is_empty = not any(can_hold([(tree, True)], book.rules.vocabulary) for tree in (item.certain, item.possible))
        empty[item.key] = empty.get(item.key, True) and is_empty
    for clause in _own_clauses(book):
        parts = [("scope", clause.scope, True), ("subject", clause.subject, True)]
        parts += [("except", clause.exceptions, False)] if clause.exceptions is not None else []
        alone = [name for name, tree, sign in parts if not can_hold([(tree, sign)], book.rules.vocabulary, empty)]
        claims = [(tree, sign) for _, tree, sign in parts]
        if alone or not can_hold(claims, book.rules.vocabulary, empty):
            named = ", ".join(alone) or ", ".join(name for name, _, _ in parts)
            text = Words(
                f"永远不会适用：{named} 自相矛盾或为空",
                f"can never apply: {named} {'is' if alone else 'are'} contradictory or empty",
            )
            cure = Words(
                "用 yudi clauses show 看其句子，改正条件", "read it as a sentence with yudi clauses show, and mend it"
            )
            yield _finding(book, ("clause", clause.id), "never_applies", text, cure=cure)
        elif clause.effect == "require" and not can_hold([(clause.test, False)], book.rules.vocabulary, empty):
            text = Words("要求恒能满足，不起作用", "its test cannot fail, so that it never does anything")
            cure = Words("改正 test", "mend its test")
            yield _finding(book, ("clause", clause.id), "never_fails", text, cure=cure)


def _documents(book: RuleBook) -> Iterator[RuleFinding]:
    """Find documents that are cited and not declared, and clauses that count while their document does not."""
    laws = [item for item in _own_clauses(book) if item.basis not in _FROM_LISTS]  # a list may cite its own file
    cited = [(("clause", item.id), item.citation.document, item.period) for item in laws]
    cited += [
        (("inference", row.key), row.document, row.period)
        for row in book.rules.inferences
        if ("inference", row.key) in book.own
    ]
    undeclared: dict[str, list[tuple[str, str]]] = {}
    for place, name, period in cited:
        document = book.rules.documents.get(name)
        if document is not None:
            days = period.common(book.period)  # what an edition says on other days than its own does not matter
            yield from _out_of_force(book, place, document, days) if days is not None else ()
        elif name:
            undeclared.setdefault(name, []).append(place)
    for name, places in undeclared.items():
        # Of an edition nobody knows the rows, and a list's clauses may all cite its own file.
        for group in [places] if book.is_edition else [[place] for place in places]:
            yield _undeclared(book, name, group)


def _undeclared(book: RuleBook, name: str, places: list[tuple[str, str]]) -> RuleFinding:
    text = Words(f"引用的文件 {name} 没有声明", f"cites the document {name}, which is not declared")
    if len(places) > 1:
        ids = _few([key for _, key in places])
        text = Words(
            f"{len(places)} 个条款引用的文件 {name} 没有声明：{ids.zh}",
            f"{len(places)} clauses cite the document {name}, which is not declared: {ids.en}",
        )
    cure = Words("在 documents 中声明其名称、文号与日期", "declare it under documents, with title, number and days")
    cure = _meant(name, sorted(book.rules.documents), cure)
    return _finding(book, places[0], "document_undeclared", text, cure=cure, severity="warning")


def _out_of_force(book: RuleBook, place: tuple[str, str], document: Document, period: Period) -> Iterator[RuleFinding]:
    kind, title, days = "document_out_of_force", document.title, document.period
    if days.end is not None and period.start is not None and period.start >= days.end:
        text = Words(
            f"永远不会适用：{period.start} 施行，而{title.get('zh')}已于 {days.end} 废止",
            f"can never rightly apply: it begins on {period.start}, and {title.get('en')} was repealed on {days.end}",
        )
        cure = Words("改正日期，或改引后继文件", "correct the days, or cite what succeeded it")
        yield _finding(book, place, kind, text, cure=cure)
        return
    if days.end is not None and (period.end is None or period.end > days.end):
        text = Words(
            f"{title.get('zh')}于 {days.end} 废止，此后条款仍然施行",
            f"counts on days on which {title.get('en')} is repealed, from {days.end}",
        )
        cure = Words(f"加 repealed: {days.end}", f"add repealed: {days.end}")
        yield _finding(book, place, kind, text, cure=cure)
    if days.start is not None and (period.start is None or period.start < days.start):
        text = Words(
            f"{title.get('zh')}于 {days.start} 才施行，此前条款已经施行",
            f"counts on days on which {title.get('en')} is not yet in force, before {days.start}",
        )
        cure = Words(f"写 in_force: {days.start}", f"write in_force: {days.start}")
        severity = "error" if place[0] == "clause" else "warning"
        yield _finding(book, place, kind, text, cure=cure, severity=severity)


def _duplicates(book: RuleBook) -> Iterator[RuleFinding]:
    """Find pairs of clauses that say nearly the same on a common day, unless they are declared to, or succeed one another."""
    beside = {frozenset((entry.clause, other)) for entry in book.cases for other in entry.also}
    said: dict[int, frozenset[str]] = {}
    for row, before in _candidates(book):
        item, other = book.rules.clauses[row], book.rules.clauses[before]
        names = (item.id, other.id)
        if not any(("clause", name) in book.own for name in names) or frozenset(names) in beside:
            continue
        if not item.period.overlaps(other.period) or _succeed(book, item, other):
            continue
        for at in (row, before):
            said[at] = said[at] if at in said else _pairs(book.rules.clauses[at])
        how = _likeness(item, other, said[row], said[before])
        if how is not None:
            yield _duplicate(book, item, other, how)


def _candidates(book: RuleBook) -> Iterator[tuple[int, int]]:
    """Yield pairs of clauses that could say the same of the same place: of lists only those that share a unit."""
    groups: dict[Any, list[int]] = {}
    for row, item in enumerate(book.rules.clauses):
        if item.basis not in _FROM_LISTS and item.effect not in ("silent", "note"):
            units = [code for code in book.units.get(item.id, ()) if code]
            for place in units or (item.units,):
                groups.setdefault((item.effect, item.dimension if units else "", place), []).append(row)
    pairs = {(row, before) for group in groups.values() for at, row in enumerate(group) for before in group[:at]}
    yield from sorted(pairs)


def _duplicate(book: RuleBook, item: Clause, other: Clause, how: Words) -> RuleFinding:
    is_same = item.citation.document == other.citation.document
    place, twin = (item, other) if ("clause", item.id) in book.own else (other, item)
    text = Words(f"与 {twin.id} {how.zh}，同日施行", f"{how.en} {twin.id}, and both count on the same days")
    cure = Words(
        "留其一；若确须并存，在用例中以 also 写明", "keep one; if both are meant, say so with also: in their cases"
    )
    severity = "warning" if is_same else "info"
    return _finding(book, ("clause", place.id), "near_duplicate", text, cure=cure, severity=severity)


def _likeness(item: Clause, other: Clause, pairs: frozenset[str], others: frozenset[str]) -> Words | None:
    if item.trees and _asks(item) == _asks(other):
        return Words("所问全同", "asks the same as")
    if item.citation == other.citation and item.citation.article:
        return None  # one article in parts, which ask different things
    if _numbers(item) != _numbers(other) or not pairs or not others:
        return None
    is_alike = 2 * len(pairs & others) >= _ALIKE * (len(pairs) + len(others))
    return Words("措辞几乎相同", "says nearly the same as") if is_alike else None


def _asks(item: Clause) -> tuple[Any, ...]:
    return (item.scope, item.subject, item.exceptions, item.test, item.factor, item.body)


def _pairs(item: Clause) -> frozenset[str]:
    plain = re.sub(r"\W", "", unicodedata.normalize("NFKC", item.text.get("zh")).casefold())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _numbers(item: Clause) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万]+", item.text.get("zh"))


def _succeed(book: RuleBook, item: Clause, other: Clause) -> bool:
    """Tell whether one cites the document that took over from the other's."""
    days = [book.rules.documents.get(one.citation.document) for one in (item, other)]
    if days[0] is None or days[1] is None:
        return False
    first, second = (document.period for document in days if document is not None)
    return any(
        end is not None and end == start for end, start in ((first.end, second.start), (second.end, first.start))
    )


def _unused(book: RuleBook) -> Iterator[RuleFinding]:
    """Find own terms that nothing asks and that have no name by which a list in words could."""
    used = set(_terms([tree for _, trees, _ in _asking(book, own_only=False) for tree in trees]))
    used |= book.named | {key for item in book.rules.clauses for key in item.terms}
    for key in dict.fromkeys(item.key for item in book.rules.terms if not item.names):
        if not book.is_edition and ("term", key) in book.own and key not in used:
            text = Words("已定义，但无处使用", "is defined, and nothing uses it")
            cure = Words("给它 names 供文字清单使用，或删去", "give it names for lists in words, or leave it out")
            yield _finding(book, ("term", key), "term_unused", text, cure=cure, severity="info")


def _cases(book: RuleBook) -> Iterator[RuleFinding]:
    """Run the cases of a pack; an edition carries none."""
    for fault in () if book.is_edition else case_faults(book):
        yield _case_finding(book, fault)


def _case_finding(book: RuleBook, fault: CaseFault) -> RuleFinding:
    if fault.where is None:
        return _finding(
            book, ("clause", fault.clause), fault.kind, fault.text, cure=fault.cure, severity=fault.severity
        )
    where = replace(fault.where, field=fault.clause)
    return RuleFinding(fault.kind, fault.severity, fault.text, where, fault.cure)


def _leans_on(book: RuleBook) -> Iterator[RuleFinding]:
    """Tell how many clauses are unverified, and which maps and tables the clauses ask."""
    clauses = _own_clauses(book)
    unsure = [item.id for item in clauses if item.is_unverified]
    if unsure:
        few = _few(unsure)
        text = Words(f"{len(unsure)} 个条款未核实：{few.zh}", f"{len(unsure)} clauses are unverified: {few.en}")
        cure = Words("对照条文核对后改 basis", "hold them against their articles, then change basis")
        yield _finding(book, None, "unverified", text, cure=cure, severity="info")
    asked = [leaf for item in clauses for tree in item.trees for leaf in leaves(tree)]
    layers = dict.fromkeys(
        name
        for leaf in asked
        if isinstance(leaf, PlaceTest)
        for name in (leaf.layer, leaf.rivers, leaf.catchments)
        if name
    )
    tables = dict.fromkeys(
        key
        for leaf in asked
        for key in _facts(leaf)
        if (fact := book.rules.vocabulary.fact(key)) and fact.provider == "status"
    )
    if book.layers is None:
        yield from _asked_of_schemes(book, "layers_asked", sorted(layers), Words("图层", "layers"))
        yield from _asked_of_schemes(book, "tables_asked", sorted(tables), Words("状况表", "status tables"))
        return
    given = {table.fact for table in book.rules.status}
    for kind, missing, what in (
        ("layer_missing", sorted(set(layers) - set(book.layers)), Words("图层", "layers")),
        ("table_missing", sorted(set(tables) - given), Words("状况表", "status tables")),
    ):
        if missing:
            text = Words(
                f"条款所问{what.zh}，此版本没有：{'、'.join(missing)}",
                f"clauses ask {what.en} that the edition lacks: {', '.join(missing)}",
            )
            cure = Words("补入方案；缺者按未知处理", "add them to the scheme; what lacks is unknown")
            yield _finding(book, None, kind, text, cure=cure, severity="warning")


def _asked_of_schemes(book: RuleBook, kind: str, names: list[str], what: Words) -> Iterator[RuleFinding]:
    if names:
        text = Words(f"条款所问{what.zh}：{'、'.join(names)}", f"clauses ask these {what.en}: {', '.join(names)}")
        cure = Words("使用此包的方案应提供", "a scheme that uses the pack should bring them")
        yield _finding(book, None, kind, text, cure=cure, severity="info")


def _own_clauses(book: RuleBook) -> list[Clause]:
    return [item for item in book.rules.clauses if ("clause", item.id) in book.own]


def _asking(book: RuleBook, *, own_only: bool = True) -> Iterator[_Asked]:
    """Yield all that asks something: kind and key, what it asks, and the days on which it does."""
    asked: list[_Asked] = [(("clause", item.id), item.trees, item.period) for item in book.rules.clauses]
    asked += [(("term", item.key), (item.certain, item.possible), item.period) for item in book.rules.terms]
    asked += [(("inference", row.key), (row.when,), row.period) for row in book.rules.inferences]
    yield from (one for one in asked if not own_only or one[0] in book.own)


def _facts(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf, FactIn | FactIs | FactRange):
        return (leaf.fact,)
    return (leaf.amount, *leaf.headroom) if isinstance(leaf, Quota) else ()


def _terms(trees: Any) -> Iterator[str]:
    for leaf in (leaf for tree in trees for leaf in leaves(tree)):
        if isinstance(leaf, TermTest):
            yield leaf.term
        elif isinstance(leaf, FactIs) and leaf.fact.startswith("term:"):
            yield leaf.fact.removeprefix("term:")


def _finding(
    book: RuleBook, place: tuple[str, str] | None, kind: str, text: Words, *, cure: Words, severity: str = "error"
) -> RuleFinding:
    where = Where()
    if place is not None:
        at = book.places.get(place) or Where()
        where = Where(at.file, at.row, place[1] if place[0] == "clause" else " ".join(place))
    return RuleFinding(kind, severity, text, where, cure)


def _meant(name: str, known: Any, cure: Words) -> Words:
    close = near(name, known)
    return Words(f"是否为 {close[0]}？{cure.zh}", f"did you mean {close[0]}? Else {cure.en}") if close else cure


def _few(names: list[str]) -> Words:
    """Return the first names of a list, and that there are more; how many in all stands before them."""
    zh, en = "、".join(names[:_NAMED]), ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return Words(f"{zh} 等", f"{en} and {more} more") if more > 0 else Words(zh, en)


_CHECKS: tuple[Callable[[RuleBook], Iterator[RuleFinding]], ...] = (
    _doubled,
    _names,
    _term_days,
    _never,
    _documents,
    _duplicates,
    _cases,
    _unused,
    _leans_on,
)
