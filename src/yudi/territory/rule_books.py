"""The rules of a pack or an edition as a book to look things up in: which clauses are there, and all about one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from yudi.core.dates import Period
from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.clauses import LEVELS, Clause
from yudi.territory.edition import Edition, Rules
from yudi.territory.facts import Vocabulary
from yudi.territory.predicates import All, Any_, FactIn, Node, PlaceTest, TermTest, leaves, plain
from yudi.territory.rule_cases import CaseEntry, asked_of
from yudi.territory.sentences import Speaker, facts_asked
from yudi.territory.terms import Term

__all__ = ["RuleBook", "book_of", "clause_page", "clause_rows"]

_CODES = 8  # of a term's codes a page names so many


@dataclass(frozen=True)
class RuleBook:
    """The rules of a pack with those that it includes, or of an edition.

    Parameters
    ----------
    name, title : str, Words
        The pack's name, or the edition's id.
    own : frozenset of (kind, key)
        The clauses, terms, inferences, facts and documents that are its own, not those of what it includes.
    places : mapping of (kind, key) to Where
        In which file and row each stands; empty for an edition.
    cases : tuple of CaseEntry
        All cases, with those of included packs.
    own_cases : frozenset of Where
        The places of those that are its own.
    named : frozenset of str
        Terms that tables of words name, so that lists in words use them.
    layers : mapping of name to Words, or None
        The layers that an edition has; a pack has none.
    units : mapping of clause id to tuple of str
        The units in which each stands, by code, and ``by_unit`` the clause of every id that it has there.
    period : Period
        The days on which an edition counts; of a pack all.
    """

    name: str
    title: Words
    rules: Rules
    own: frozenset[tuple[str, str]] = frozenset()
    places: Mapping[tuple[str, str], Where] = field(default_factory=dict)
    cases: tuple[CaseEntry, ...] = ()
    own_cases: frozenset[Where] = frozenset()
    dimensions: Mapping[str, Words] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    layers: Mapping[str, Words] | None = None
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_unit: Mapping[str, str] = field(default_factory=dict)
    is_illustrative: bool = False
    period: Period = Period()

    @property
    def is_edition(self) -> bool:
        """Tell whether it is an edition's, not a pack's."""
        return self.layers is not None

    def counts(self) -> dict[str, int]:
        """Return how many clauses, terms, inferences and cases are its own; an edition has no cases."""
        own = {kind: sum(key[0] == kind for key in self.own) for kind in ("clause", "term", "inference")}
        cases = sum(len(entry.cases) for entry in self.cases if entry.where in self.own_cases)
        counts = {f"{kind}s": count for kind, count in own.items()}
        return counts if self.is_edition else counts | {"cases": cases}

    def speaker(self) -> Speaker:
        """Return who turns its predicates into sentences."""
        terms = {
            item.key: Words(item.label.get("zh") or item.key, item.label.get("en") or item.key)
            for item in self.rules.terms
        }
        return Speaker(self.rules.vocabulary, terms, self.layers or {})


def book_of(edition: Edition) -> RuleBook:
    """Return the rules of an edition as a book; all of them are its own."""
    units: dict[str, list[str]] = {}
    by_unit: dict[str, str] = {}
    bindings, clauses = edition.bindings, tuple(edition.rules.clauses)
    for name, index, unit in zip(bindings.ids, bindings.clause.tolist(), bindings.unit.tolist(), strict=True):
        found = clauses[index].id
        by_unit[name] = found
        units.setdefault(found, []).append(edition.unit_code(unit) if unit >= 0 else "")
    rules = replace(edition.rules, clauses=clauses)
    own = {("clause", item.id) for item in rules.clauses} | {("inference", row.key) for row in rules.inferences}
    own |= {("term", item.key) for item in rules.terms} | {("document", key) for key in rules.documents}
    return RuleBook(
        edition.id,
        edition.name,
        rules,
        frozenset(own),
        dimensions=edition.dimensions,
        layers={name: layer.title() for name, layer in edition.layers.items()},
        units={name: tuple(codes) for name, codes in units.items()},
        by_unit=by_unit,
        is_illustrative=edition.is_illustrative,
        period=edition.period,
    )


def clause_rows(
    book: RuleBook,
    *,
    search: str = "",
    dimension: str = "",
    level: str = "",
    document: str = "",
    as_of: date | None = None,
) -> list[dict[str, Any]]:
    """Return the clauses in their order, as plain data, each in a few words.

    Parameters
    ----------
    search : str
        Words that must all stand in its id, its words or its document's title and number; letters' case is no matter.
    dimension, level, document : str
        Key or label of a dimension, a level, and a part of a document's id, title or number.
    as_of : date, optional
        Only those that are in force on the day.

    Raises
    ------
    InputError
        For a dimension or a level that does not exist.
    """
    key = _dimension(book, dimension) if dimension else ""
    if level and level not in LEVELS:
        raise _unknown("level", level, LEVELS, "--level")
    rows = []
    for item in book.rules.clauses:
        named = _document_words(book, item)
        text = f"{item.id} {item.text.zh} {item.text.en} {named}".casefold()
        if (
            all(word in text for word in search.casefold().split())
            and (not dimension or item.dimension == key)
            and (not level or item.level == level)
            and document.casefold() in f"{item.citation.document} {named}".casefold()
            and (as_of is None or item.period.contains(as_of))
        ):
            rows.append(_row(book, item))
    return rows


def clause_page(book: RuleBook, name: str) -> dict[str, Any]:
    """Return all about a clause as plain data: words, citation, days, what it asks, and its cases.

    Raises
    ------
    NotFoundError
        If no clause has that id, neither by itself nor in a unit.
    """
    known = {item.id: item for item in book.rules.clauses}
    item = known.get(name) or known.get(book.by_unit.get(name, ""))
    if item is None:
        where = "--edition DIR" if book.is_edition else book.name
        close = near(name, known)
        perhaps = f"did you mean {close[0]}? " if close else ""
        hint = f"{perhaps}list them with: yudi clauses list {where}".strip()
        raise NotFoundError(f"no clause {name!r}", where=Where(field="ID"), hint=hint)
    voice = book.speaker()
    trees = {"scope": item.scope, "subject": item.subject, "except": item.exceptions, "test": item.test}
    said = {key: voice.sentence(tree) for key, tree in trees.items() if tree is not None and tree != All()}
    place = book.places.get(("clause", item.id))
    return {
        **_row(book, item),
        "body": item.body.as_data() if item.body else None,
        "factor": item.factor,
        "document": _document_data(book, item),
        "asks": {key: text.as_data() for key, text in said.items()},
        "facts": list(facts_asked(*trees.values())),
        "facts_asked": [_fact_data(key, book.rules.vocabulary) for key in facts_asked(*trees.values())],
        "terms": [_term_data(term, voice) for term in _terms(book, item)],
        "layers": [_layer_data(layer, book) for layer in _layers(item)],
        "predicate": {key: plain(tree) for key, tree in trees.items() if tree is not None and tree != All()},
        "cases": list(_cases(book, item)),
        "place": {"file": place.file, "row": place.row} if place is not None else None,
        "units": sorted({code for code in book.units.get(item.id, ()) if code}),
    }


def _row(book: RuleBook, item: Clause) -> dict[str, Any]:
    document = book.rules.documents.get(item.citation.document)
    data: dict[str, Any] = {
        "id": item.id,
        "effect": item.effect,
        "dimension": item.dimension,
        "level": item.level,
        "text": item.text.as_data(),
        "citation": {
            "document": document.title.get("zh") if document else item.citation.document,
            "number": document.number if document else "",
            "article": item.citation.article,
        },
        "source": document.title.as_data() if document else None,
        **item.checked(),
        "in_force": item.period.start,
        "repealed": item.period.end,
    }
    if book.is_edition:
        data["units"] = len([code for code in book.units.get(item.id, ()) if code])
    if book.is_illustrative:
        data["illustrative"] = True
    return data


def _document_words(book: RuleBook, item: Clause) -> str:
    document = book.rules.documents.get(item.citation.document)
    if document is None:
        return item.citation.document
    return f"{document.title.zh} {document.title.en} {document.number}"


def _document_data(book: RuleBook, item: Clause) -> dict[str, Any] | None:
    document = book.rules.documents.get(item.citation.document)
    if document is None:
        return None
    return {
        "id": document.id,
        "title": document.title.as_data(),
        "number": document.number,
        "issuer": document.issuer,
        "in_force": document.period.start,
        "repealed": document.period.end,
    }


def _dimension(book: RuleBook, name: str) -> str:
    for key, label in book.dimensions.items():
        if name in (key, label.zh, label.en):
            return key
    used = {item.dimension for item in book.rules.clauses if item.dimension}
    if name in used:
        return name
    raise _unknown("dimension", name, sorted({*book.dimensions, *used}), "--dimension")


def _unknown(kind: str, name: str, known: Sequence[str], option: str) -> InputError:
    close = near(name, known)
    hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(known) or 'none'}"
    return InputError(f"unknown {kind} {name!r}", where=Where(field=option), hint=hint)


def _fact_data(key: str, vocabulary: Vocabulary) -> dict[str, Any]:
    fact = vocabulary.fact(key)
    if fact is None:
        return {"key": key, "label": Words(key, key).as_data(), "provider": None}
    return {
        "key": key,
        "label": vocabulary.label(key).as_data(),
        "type": fact.type,
        "unit": fact.unit,
        "provider": fact.provider,
        "changeable": fact.changeable,
        "help": fact.help.as_data() if fact.help else None,
    }


def _terms(book: RuleBook, item: Clause) -> Iterator[Term]:
    """Yield the tables of the terms that a clause asks, also those that follow one another, where their days meet its own."""
    asked = dict.fromkeys(leaf.term for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, TermTest))
    for key in (*asked, *(name for name in item.terms if name not in asked)):
        yield from (term for term in book.rules.terms if term.key == key and term.period.overlaps(item.period))


def _term_data(item: Term, voice: Speaker) -> dict[str, Any]:
    return {
        "key": item.key,
        "label": (item.label or Words(item.key, item.key)).as_data(),
        "in": [text.as_data() for text in _table_rows(item.certain, voice)],
        "may": [text.as_data() for text in _table_rows(item.possible, voice)],
        "ground": item.ground,
        "adopted_by": item.adopted_by,
        "in_force": item.period.start,
        "repealed": item.period.end,
    }


def _table_rows(tree: Node, voice: Speaker) -> Iterator[Words]:
    """Yield the rows of a term's table as sentences; of many codes only the first."""
    for part in tree.parts if isinstance(tree, Any_) else (tree,):
        if isinstance(part, FactIn) and len(part.values) > _CODES:
            said = voice.sentence(FactIn(part.fact, part.values[:_CODES]))
            more = len(part.values) - _CODES
            yield Words(f"{said.zh}，等共 {more + _CODES} 个", f"{said.en}, and {more} more")
        else:
            yield voice.sentence(part)


def _layers(item: Clause) -> dict[str, None]:
    found: dict[str, None] = {}
    for leaf in (leaf for tree in item.trees for leaf in leaves(tree)):
        if isinstance(leaf, PlaceTest):
            found |= dict.fromkeys(name for name in (leaf.layer, leaf.rivers, leaf.catchments) if name)
    return found


def _layer_data(name: str, book: RuleBook) -> dict[str, Any]:
    data: dict[str, Any] = {"name": name}
    if book.layers is not None:
        label = book.layers.get(name)
        data |= {"label": label.as_data() if label else None, "is_there": label is not None}
    return data


def _cases(book: RuleBook, item: Clause) -> Iterator[dict[str, Any]]:
    """Yield what the cases say of the clause, also those that stand with the clause that replaced it."""
    clauses = {one.id: one for one in book.rules.clauses}
    for entry in book.cases:
        named = (entry.clause, *entry.before, *entry.also)
        if item.id not in named or any(name not in clauses for name in named):
            continue
        for asked in asked_of(entry, clauses):
            if asked.clause == item.id:
                data: dict[str, Any] = {"outcome": asked.outcome, "text": asked.words.as_data(), "on": asked.day}
                data |= {"needs": sorted(asked.needs)} if asked.needs else {}
                data |= {"because": asked.because} if asked.because else {}
                yield data | {"source": entry.source}
