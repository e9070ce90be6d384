"""Legal words as three-answer tables, and tables that infer further facts from stated ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError, Where
from yudi.core.words import Words, words
from yudi.territory.predicates import Any_, FactIn, Node, parse, plain

__all__ = ["Inference", "Term", "inference", "inference_data", "term", "term_data", "terms_on"]


@dataclass(frozen=True)
class Term:
    """A legal word: ``certain`` rows are in, ``possible`` rows need a person, all else is out.

    Parameters
    ----------
    adopted_by, ground : str
        Who decided so, and on which text.
    period : Period
        Days on which this table counts; several tables of one key may follow one another.
    names : tuple of str
        The word as lists write it.
    """

    key: str
    certain: Node
    possible: Node = Any_()
    label: Words = Words()
    adopted_by: str = ""
    ground: str = ""
    period: Period = Period(None, None)
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inference:
    """A row that gives facts where a condition holds: ``rule`` makes them known, ``usual`` only presumes them.

    Parameters
    ----------
    document : str
        Id of the document that says so; a rule needs one.
    ground : str
        Why it is so: the place in the document, or the reasoning behind what is usual.
    """

    key: str
    when: Node
    then: Mapping[str, Any]
    kind: str = "usual"
    document: str = ""
    period: Period = Period(None, None)
    ground: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("rule", "usual"):
            raise InputError(
                f"inference {self.key!r}: kind must be rule or usual, got {self.kind!r}", hint="see concepts"
            )
        if self.kind == "rule" and not self.document:
            raise InputError(f"inference {self.key!r}: a rule needs the document that says so", hint="add document")


def terms_on(terms: Sequence[Term], day: date) -> dict[str, Term]:
    """Return, by key, the terms whose table counts on the day."""
    return {item.key: item for item in terms if item.period.contains(day)}


def term(data: Mapping[str, Any], where: Where | None = None) -> Term:
    """Return the term that plain data states; ``in`` and ``may`` are codes (of ``fact``) or predicates."""
    place = where or Where()
    key = str(data.get("key") or "").strip()
    here = Where(place.file, place.row, key or "key")
    if not key:
        raise InputError("a term needs a key", where=here, hint="for example chemical-project")
    allowed = ("key", "label", "fact", "in", "may", "adopted_by", "ground", "in_force", "repealed", "names")
    for name in data:
        if name not in allowed:
            raise InputError(f"a term has no key {name!r}", where=here, hint=f"keys: {', '.join(allowed)}")
    fact = str(data.get("fact") or "industry")
    try:
        return Term(
            key,
            _rows(data.get("in"), fact),
            _rows(data.get("may"), fact),
            words(data.get("label")),
            str(data.get("adopted_by") or ""),
            str(data.get("ground") or ""),
            _period(data),
            _names(data.get("names")),
        )
    except InputError as error:
        raise InputError(error.message, where=here, hint=error.hint) from error


def term_data(item: Term) -> dict[str, Any]:
    """Return the term as plain data that `term` reads back to the same term."""
    data: dict[str, Any] = {"key": item.key, "in": [plain(part) for part in _alternatives(item.certain)]}
    if may := [plain(part) for part in _alternatives(item.possible)]:
        data["may"] = may
    if item.label:
        data["label"] = {"zh": item.label.zh, "en": item.label.en}
    data |= {name: getattr(item, name) for name in ("adopted_by", "ground") if getattr(item, name)}
    return data | _period_data(item.period) | ({"names": list(item.names)} if item.names else {})


def inference(data: Mapping[str, Any], where: Where | None = None) -> Inference:
    """Return the inference row that plain data states."""
    place = where or Where()
    key = str(data.get("key") or "").strip()
    here = Where(place.file, place.row, key or "key")
    allowed = ("key", "when", "then", "kind", "document", "ground", "in_force", "repealed")
    for name in data:
        if name not in allowed:
            raise InputError(f"an inference has no key {name!r}", where=here, hint=f"keys: {', '.join(allowed)}")
    then = data.get("then")
    if not key or not isinstance(then, Mapping) or not then:
        raise InputError("an inference needs a key, when and then: {fact: value}", where=here, hint="see the guide")
    try:
        kind, document = str(data.get("kind") or "usual"), str(data.get("document") or "")
        ground = str(data.get("ground") or "")
        return Inference(key, parse(data.get("when")), dict(then), kind, document, _period(data), ground)
    except InputError as error:
        raise InputError(error.message, where=here, hint=error.hint) from error


def inference_data(item: Inference) -> dict[str, Any]:
    """Return the inference as plain data that `inference` reads back."""
    data = {"key": item.key, "when": plain(item.when), "then": dict(item.then), "kind": item.kind}
    data |= {name: getattr(item, name) for name in ("document", "ground") if getattr(item, name)}
    return data | _period_data(item.period)


def _names(data: Any) -> tuple[str, ...]:
    items = [] if not data else [data] if isinstance(data, str) else data
    return tuple(str(name) for name in items)


def _rows(data: Any, fact: str) -> Node:
    if not data:
        return Any_()
    items = data if isinstance(data, Sequence) and not isinstance(data, str) else [data]
    codes = tuple(str(item) for item in items if not isinstance(item, Mapping))
    trees = tuple(parse(item) for item in items if isinstance(item, Mapping))
    return Any_(((FactIn(fact, codes),) if codes else ()) + trees)


def _alternatives(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Any_) else (node,)


def _period(data: Mapping[str, Any]) -> Period:
    days = [parse_date(data[name]) if data.get(name) else None for name in ("in_force", "repealed")]
    return Period(days[0], days[1])


def _period_data(period: Period) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("in_force", period.start), ("repealed", period.end)) if day}
