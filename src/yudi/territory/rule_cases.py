"""Cases of a clause as a lawyer writes them: a project and a place in a few words, and what the clause says to them.

A case needs no map: it says what stands there. It is put to one clause on one day, and what comes out is held
against what the case says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from yudi.core.dates import parse_date
from yudi.core.errors import InputError, Where
from yudi.core.logic import F, T, Truth, U, all_of
from yudi.core.names import near
from yudi.core.words import Words, words
from yudi.territory.cells import Cell
from yudi.territory.clauses import Clause
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.judged import SETTLED, Judged, judge
from yudi.territory.place import Reading, place_key
from yudi.territory.predicates import All, Any_, Condition, Leaf, PlaceTest, TermTest, leaves
from yudi.territory.projects import read_facts
from yudi.territory.terms import Term, terms_on

__all__ = ["OUTCOMES", "Asked", "CaseEntry", "answer", "asked_of", "case_entry", "told_otherwise"]

OUTCOMES: Mapping[str, tuple[Cell, ...]] = {
    "stops": (Cell.PROHIBITS,),
    "conditions": (Cell.CONDITIONS,),
    "leaves_open": (Cell.MAY_PROHIBIT, Cell.MAY_CONDITION),
    "meets": (Cell.SATISFIED,),
    "notes": (Cell.NOTE,),
    "spares": (Cell.NOT_APPLICABLE,),
}
_REASONS = ("needs", "because")
_GIVEN = ("facts", "is", "may_be", "place", "status")
_CASE = {*OUTCOMES, *_REASONS, *_GIVEN, "on", "day_before", "each"}
_ENTRY = {"clause", "before", "also", "source", "given", "cases", "never_open"}
_NO_DAY = date(2026, 9, 1)  # on which a clause is asked that has always been in force


@dataclass(frozen=True)
class CaseEntry:
    """The cases of one clause.

    Parameters
    ----------
    clause : str
        Id of the clause.
    before : tuple of str
        Clauses that said so until the day before it began: each case is put to them on that day.
    also : tuple of str
        Clauses that say the same beside it.
    source : str
        Where the rule stands.
    cases : tuple of mapping
        Each with exactly one of `OUTCOMES`, and all that it gives.
    never_open : str
        Why nothing can be left open, where it cannot.
    """

    clause: str
    before: tuple[str, ...]
    source: str
    cases: tuple[Mapping[str, Any], ...]
    also: tuple[str, ...] = ()
    never_open: str = ""
    where: Where = Where()

    @property
    def file(self) -> str:
        """Return the name of the file in which it stands."""
        return self.where.file or ""


@dataclass(frozen=True)
class Asked:
    """One question: a clause, a day, what is known, and what is expected to come out.

    ``out_of_force`` are clauses that must not be in force on that day.
    """

    clause: str
    day: date
    words: Words
    outcome: str
    given: Mapping[str, Any]
    needs: frozenset[str] | None = None
    because: str | None = None
    out_of_force: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.clause} {self.day} {self.outcome} {self.words.get('en')}"


def case_entry(data: Mapping[str, Any], where: Where | None = None) -> CaseEntry:
    """Return the cases that an entry of a case file states.

    Raises
    ------
    InputError
        For a key that no case has, a clause or cases that are missing, or a case without exactly one outcome.
    """
    place = where or Where()
    name = str(data.get("clause") or "").strip()
    here = Where(place.file, place.row, name or "clause")
    _refuse(data, _ENTRY, here)
    given, cases = data.get("given") or {}, data.get("cases")
    if not name or not isinstance(cases, Sequence) or isinstance(cases, str) or not cases:
        raise InputError("cases need a clause and a list of cases", where=here, hint="for example clause: law-26-2")
    if not isinstance(given, Mapping) or any(not isinstance(case, Mapping) for case in cases):
        raise InputError("given and every case take the form key: value", where=here, hint="- {stops: a new works}")
    joined = tuple(_joined(given, one, here) for case in cases for one in _each(case, here))
    closed = str(data.get("never_open") or "")
    return CaseEntry(
        name, _names(data.get("before")), str(data.get("source") or ""), joined, _names(data.get("also")), closed, here
    )


def asked_of(entry: CaseEntry, clauses: Mapping[str, Clause]) -> list[Asked]:
    """Return the questions of an entry.

    Of a clause that replaced others each case is asked on its first day and, of the others, on the day before.

    Raises
    ------
    InputError
        For a clause that is not there, or a case that names a term or layer which the clause does not ask.
    """
    for name in (entry.clause, *entry.before, *entry.also):
        if name not in clauses:
            close = near(name, clauses)
            hint = f"did you mean {close[0]}?" if close else "name a clause of the pack"
            raise InputError(f"there is no clause {name!r}", where=entry.where, hint=hint)
    start = clauses[entry.clause].period.start
    asks = [leaf for name in (entry.clause, *entry.before, *entry.also) for leaf in _leaves(clauses[name])]
    found = []
    for case in entry.cases:
        _refuse_unasked(case, asks, entry.where)
        found.append(_asked(entry.clause, _day_of(case, clauses[entry.clause]), case, entry.before, where=entry.where))
        for name in entry.before if "on" not in case else ():
            if start is None:
                raise InputError(
                    f"{entry.clause!r} replaced {name!r} and has no first day", where=entry.where, hint="add in_force"
                )
            older = _that_day(case, name, entry)
            found.append(_asked(name, start - timedelta(days=1), older, (entry.clause,), where=entry.where))
    found += [
        _asked(name, _day_of(case, clauses[name]), case, (), where=entry.where)
        for name in entry.also
        for case in entry.cases
    ]
    return found


def answer(asked: Asked, item: Clause, vocabulary: Vocabulary, terms: Sequence[Term] = ()) -> Judged:
    """Return what the clause says to the question; of a term that the case does not name the table counts.

    Raises
    ------
    InputError
        For a fact that is not in the vocabulary, or a value that it cannot have.
    """
    bare = Judged(0, item.id, item, None, Cell.NOT_APPLICABLE, SETTLED, {}, asked_as=item.id)
    if not item.period.contains(asked.day):
        return replace(bare, in_force=False)
    parts, found, outcomes = judge(item, _situation(asked, item, vocabulary, terms))
    return replace(bare, cell=found, outcomes=outcomes, parts=parts)


def told_otherwise(asked: Asked, judged: Judged) -> str:
    """Say what a clause answers otherwise than its case says; "" where it answers so."""
    if not judged.in_force:
        return f"not in force on {asked.day}"
    if judged.cell not in OUTCOMES[asked.outcome]:
        return f"expected {asked.outcome}, got {judged.cell.name}"
    if asked.needs is not None and set(judged.needs) != asked.needs:
        return f"expected that it needs {sorted(asked.needs)}, got {sorted(judged.needs)}"
    first = next((name for name, part in judged.parts.items() if part.state.value == F), "")
    return f"expected that {asked.because} is false, got {first}" if asked.because not in (None, first) else ""


def _leaves(item: Clause) -> list[Leaf]:
    return [leaf for tree in item.trees for leaf in leaves(tree)]


def _refuse(data: Mapping[str, Any], known: Iterable[str], where: Where) -> None:
    names = sorted(known)
    if unknown := sorted(str(key) for key in data if key not in names):
        close = near(unknown[0], names)
        hint = f"did you mean {close[0]}?" if close else f"keys: {', '.join(names)}"
        raise InputError(f"a case has no key {unknown[0]!r}", where=where, hint=hint)


def _refuse_unasked(case: Mapping[str, Any], asks: Sequence[Leaf], where: Where) -> None:
    """Refuse a case that names a term or layer that neither the clause nor its older or younger kin asks."""
    terms = {leaf.term for leaf in asks if isinstance(leaf, TermTest)}
    layers = {leaf.layer for leaf in asks if isinstance(leaf, PlaceTest)}
    for kind, named, known in (
        ("term", {*case["is"], *case["may_be"]}, terms),
        ("layer", set(case["place"]), layers),
    ):
        if unknown := sorted(named - known):
            hint = f"it asks {', '.join(sorted(known)) or 'none'}"
            raise InputError(f"the clause does not ask the {kind} {unknown[0]!r}", where=where, hint=hint)


def _day_of(case: Mapping[str, Any], item: Clause) -> date:
    return parse_date(case["on"]) if "on" in case else item.period.start or _NO_DAY


def _each(case: Mapping[str, Any], where: Where) -> Iterator[Mapping[str, Any]]:
    """Yield a case for each value that it lists: ``each: {facts.activity: [new, expand]}`` is two, of one word each."""
    if "each" not in case:
        yield case
        return
    each = case["each"]
    if not isinstance(each, Mapping) or len(each) != 1 or not isinstance(next(iter(each.values())), Sequence):
        raise InputError("each takes one name with its values", where=where, hint="each: {facts.activity: [new]}")
    ((name, values),) = each.items()
    kind, _, key = str(name).partition(".")
    for value in values:
        one = {field: part for field, part in case.items() if field != "each"}
        said = {outcome: _with(words(case[outcome]), value) for outcome in OUTCOMES if outcome in case}
        one[kind] = {**(case.get(kind) or {}), key: value} if key else [value]
        yield one | said


def _with(text: Words, value: Any) -> Words:
    return Words(f"{text.zh}: {value}" if text.zh else "", f"{text.en}: {value}" if text.en else "")


def _names(data: Any) -> tuple[str, ...]:
    return (data,) if isinstance(data, str) else tuple(map(str, data or ()))


def _joined(given: Mapping[str, Any], case: Mapping[str, Any], where: Where) -> dict[str, Any]:
    """Return a case with what the entry gives, where the case does not say otherwise."""
    _refuse(case, _CASE, where)
    _refuse(given, _GIVEN, where)
    _outcome(case, where)
    joined = dict(case)
    for name in ("facts", "place", "status"):
        joined[name] = {**(given.get(name) or {}), **(case.get(name) or {})}
    for name in ("is", "may_be"):
        joined[name] = _names(case.get(name, given.get(name)))
    return joined


def _outcome(case: Mapping[str, Any], where: Where) -> str:
    named = [name for name in OUTCOMES if name in case]
    if len(named) != 1:
        raise InputError(
            f"expected one outcome in a case, got {', '.join(named) or 'none'}",
            where=where,
            hint=f"one of {', '.join(OUTCOMES)}",
        )
    asks = {"leaves_open": "needs", "spares": "because"}.get(named[0])
    if asks and asks not in case:
        said = words(case[named[0]]).get("en")
        raise InputError(f"a case that {named[0]} needs {asks!r}: {said}", where=where, hint="say what settles it")
    return named[0]


def _that_day(case: Mapping[str, Any], name: str, entry: CaseEntry) -> Mapping[str, Any]:
    """Return the case as the older clause answered it: alike, unless the case says otherwise."""
    other = case.get("day_before")
    if isinstance(other, Mapping) and set(other) <= set(entry.before):
        other = other.get(name)
    if not isinstance(other, Mapping):
        return case
    _refuse(other, {*OUTCOMES, *_REASONS}, entry.where)
    _outcome(other, entry.where)
    kept = {key: value for key, value in case.items() if key not in {*OUTCOMES, *_REASONS}}
    return {**kept, **other}


def _asked(clause: str, day: date, case: Mapping[str, Any], others: Sequence[str], *, where: Where) -> Asked:
    outcome = _outcome(case, where)
    needs = frozenset(map(str, case["needs"])) if "needs" in case else None
    out = tuple(others) if "on" not in case else ()
    return Asked(clause, day, words(case[outcome]), outcome, case, needs, case.get("because"), out)


def _situation(asked: Asked, item: Clause, vocabulary: Vocabulary, terms: Sequence[Term]) -> Situation:
    facts = _read(asked.given["facts"], vocabulary, asked.day)
    stated = {key: replace(fact, provider="project") for key, fact in vocabulary.facts.items()}
    status = _read(asked.given["status"], Vocabulary(stated, vocabulary.systems), asked.day)

    def place(test: PlaceTest, measured: Value | None) -> Reading:  # noqa: ARG001 - the signature is the situation's
        return _reading(test, asked.given["place"].get(test.layer))

    return Situation(vocabulary, facts, _tables(asked, item, terms), status.get, place, item.id)


def _read(data: Mapping[str, Any], vocabulary: Vocabulary, day: date) -> dict[str, Value]:
    """Return the facts of a case, signed where a person or a measurement must be."""
    signed: dict[str, Any] = {}
    for key, value in data.items():
        fact = vocabulary.fact(key)
        parts = dict(value) if isinstance(value, Mapping) else {"value": value}
        if value == "unknown":
            continue
        if fact is not None and fact.provider == "person":
            signed[key] = {"by": "case", "date": day.isoformat()} | parts
        else:
            signed[key] = {"source": "case"} | parts if fact is not None and fact.provider == "place" else value
    known, carried = read_facts(signed, vocabulary)
    if carried:
        raise InputError(f"no fact is called {', '.join(carried)}", hint="see: yudi facts list")
    return dict(known)


def _tables(asked: Asked, item: Clause, terms: Sequence[Term]) -> dict[str, Term]:
    """Return the tables: what the case says the project counts as, else the pack's for a stated industry, else out."""
    asks = {leaf.term for leaf in _leaves(item) if isinstance(leaf, TermTest)}
    shipped = terms_on(terms, asked.day) if "industry" in asked.given["facts"] else {}
    found = {key: shipped.get(key, Term(key, Any_())) for key in asks}
    found |= {key: Term(key, All()) for key in asked.given["is"] if key in asks}
    return found | {key: Term(key, Any_(), All()) for key in asked.given["may_be"] if key in asks}


def _reading(test: PlaceTest, layer: Any) -> Reading:
    """Return what a place test finds where a case says so: nothing there, the layer missing, or features with numbers."""
    if layer == "missing":
        return Reading(U, (f"layer:{test.layer}",))
    features = [] if layer in (None, "nothing") else layer if isinstance(layer, list) else [layer]
    features = [{"inside": True} if feature == "inside" else feature for feature in features]
    if wrong := [feature for feature in features if not isinstance(feature, Mapping)]:
        raise InputError(
            f"expected what stands in the layer {test.layer!r}, got {wrong[0]!r}",
            hint="inside, nothing, missing, or fields and numbers such as {grade: main, distance_m: 900}",
        )
    value = max((_met(test, feature) for feature in features), default=F)
    return Reading(value, (place_key(test),) if value == U else ())


def _met(test: PlaceTest, feature: Mapping[str, Any]) -> Truth:
    match = all_of(_matches(condition, feature) for condition in test.where)
    gap, accuracy = float(feature.get("distance_m", 0)), float(feature.get("accuracy_m", 0))
    is_inside = bool(feature.get("inside", gap == 0 and "along" not in feature))
    if test.kind == "within":
        limit = test.distance_m or 0.0
        return min(match, T if gap + accuracy <= limit else F if gap - accuracy > limit else U)
    if test.kind == "along":
        return min(match, _along(test, feature.get("along") or {}))
    least = [(test.share, feature.get("share", 1.0)), (test.area_m2, feature.get("area_m2", 0.0))]
    asked = [got >= limit for limit, got in least if limit is not None]
    return min(match, T if is_inside and (not asked or any(asked)) else F)


def _along(test: PlaceTest, at: Mapping[str, float]) -> Truth:
    """Tell whether a site so many metres up or down the river, and so far to the side, lies in the strip."""
    limits = {"upstream_m": test.upstream_m, "downstream_m": test.downstream_m}
    is_there = any(name in at and at[name] <= (limit or 0) for name, limit in limits.items())
    return T if is_there and at.get("side_m", 0) <= (test.side_m or 0) else F


def _matches(condition: Condition, feature: Mapping[str, Any]) -> Truth:
    value = feature.get(condition.field)
    if value is None:
        return U
    if condition.values:
        return T if str(value) in condition.values else F
    low = condition.low is None or float(value) >= condition.low
    return T if low and (condition.high is None or float(value) <= condition.high) else F
