"""Clause cases as a lawyer writes them: read from YAML, put to a clause without a map, compared with what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.editions import signed
from yudi.core.dates import parse_date
from yudi.core.logic import F, T, Truth, U, all_of
from yudi.formats.plain_files import StrictLoader
from yudi.formats.rule_files import RuleSet, merged, read_packs
from yudi.territory.cells import Cell
from yudi.territory.clauses import Clause
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.judged import SETTLED, Judged, judge
from yudi.territory.place import Reading, place_key
from yudi.territory.predicates import All, Any_, Condition, Leaf, PlaceTest, TermTest, leaves
from yudi.territory.projects import read_facts
from yudi.territory.terms import Term, terms_on

__all__ = ["OUTCOMES", "PACKS", "Asked", "Entry", "answer", "asked_of", "entries_of", "own_of", "rules_of"]

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "rules"
# Shipped packs, and one of rules of other places, which is there to be tried only.
FOLDERS = {path.name: path for root in ("packs", "tests/data/packs") for path in sorted((ROOT / root).iterdir())}
PACKS = tuple(name for name, path in FOLDERS.items() if any(path.glob("clauses/*.yaml")))
OUTCOMES = {
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
_FEATURE = {"inside", "distance_m", "accuracy_m", "share", "area_m2", "along"}


@dataclass(frozen=True)
class Entry:
    """The cases of one clause, of those that said so until the day before it began, and of those that say so beside it."""

    clause: str
    before: tuple[str, ...]
    source: str
    cases: tuple[Mapping[str, Any], ...]
    also: tuple[str, ...] = ()
    never_open: str = ""
    file: str = ""


@dataclass(frozen=True)
class Asked:
    """One question: a clause, a day, what is known, and what is expected to come out."""

    clause: str
    day: date
    words: str
    outcome: str
    given: Mapping[str, Any]
    needs: frozenset[str] | None = None
    because: str | None = None
    out_of_force: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.clause} {self.day} {self.outcome} {self.words}"


@cache
def rules_of(pack: str) -> RuleSet:
    """Return the rules of a pack, with those of the packs that it includes."""
    return merged(read_packs([pack], FOLDERS[pack].parent))


@cache
def own_of(pack: str) -> Mapping[str, Clause]:
    """Return the pack's own clauses by id, without those of the packs that it includes."""
    return {item.id: item for item in read_packs([pack], FOLDERS[pack].parent)[-1].clauses}


@cache
def _vocabulary(pack: str) -> Vocabulary:
    rules = rules_of(pack)
    return Vocabulary(rules.facts, rules.systems)


@cache
def entries_of(pack: str) -> tuple[Entry, ...]:
    """Return what the pack's case files say.

    Raises
    ------
    ValueError
        For a key that no case has, or a case without exactly one outcome.
    """
    found = []
    for path in sorted((CASES / pack).glob("*.yaml")):
        for data in yaml.load(path.read_text(encoding="utf-8"), Loader=StrictLoader) or ():
            _refuse(data, _ENTRY, f"{path.name} {data.get('clause')}")
            cases = tuple(
                _joined(data.get("given") or {}, one, str(data["clause"]))
                for case in data["cases"]
                for one in _each(case)
            )
            found.append(
                Entry(
                    str(data["clause"]),
                    _names(data.get("before")),
                    str(data["source"]),
                    cases,
                    _names(data.get("also")),
                    str(data.get("never_open") or ""),
                    path.name,
                )
            )
    return tuple(found)


def asked_of(entry: Entry, clauses: Mapping[str, Clause]) -> list[Asked]:
    """Return the questions of an entry: of a clause that replaced others each is asked on its first day and the day before."""
    period = clauses[entry.clause].period
    found = []
    asks = [leaf for name in (entry.clause, *entry.before, *entry.also) for leaf in _leaves(clauses[name])]
    for case in entry.cases:
        _refuse_unasked(case, asks, entry.clause)
        day = _day_of(case, clauses[entry.clause])
        found.append(_asked(entry.clause, day, case, entry.before))
        for name in entry.before if "on" not in case else ():
            assert period.start is not None, f"{entry.clause} replaced {name} and has no first day"
            found.append(_asked(name, period.start - timedelta(days=1), _that_day(case, name, entry), (entry.clause,)))
    found += [_asked(name, _day_of(case, clauses[name]), case, ()) for name in entry.also for case in entry.cases]
    return found


def _leaves(item: Clause) -> list[Leaf]:
    return [leaf for tree in item.trees for leaf in leaves(tree)]


def _refuse_unasked(case: Mapping[str, Any], asks: Sequence[Leaf], clause: str) -> None:
    """Refuse a case that names a term or layer that neither the clause nor its older or younger kin asks."""
    terms = {leaf.term for leaf in asks if isinstance(leaf, TermTest)}
    layers = {leaf.layer for leaf in asks if isinstance(leaf, PlaceTest)}
    for kind, named, known in (
        ("term", {*case["is"], *case["may_be"]}, terms),
        ("layer", set(case["place"]), layers),
    ):
        if unknown := named - known:
            raise ValueError(f"a case of {clause} names the {kind} {', '.join(unknown)}; it asks {', '.join(known)}")


def _day_of(case: Mapping[str, Any], item: Clause) -> date:
    return parse_date(case["on"]) if "on" in case else item.period.start or date(2026, 9, 1)


def answer(asked: Asked, pack: str, item: Clause) -> Judged:
    """Return what the clause says to the question."""
    situation = _situation(asked, pack, item)
    bare = Judged(0, item.id, item, None, Cell.NOT_APPLICABLE, SETTLED, {}, asked_as=item.id)
    if not item.period.contains(asked.day):
        return replace(bare, in_force=False)
    parts, found, outcomes = judge(item, situation)
    return replace(bare, cell=found, outcomes=outcomes, parts=parts)


def _refuse(data: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := set(data) - known:
        raise ValueError(f"{where}: unknown key {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")


def _each(case: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a case for each value that it lists: ``each: {facts.activity: [new, expand]}`` is two, of one word each."""
    if "each" not in case:
        yield case
        return
    ((name, values),) = case["each"].items()
    kind, _, key = name.partition(".")
    for value in values:
        one = {field: part for field, part in case.items() if field != "each"}
        words = {outcome: f"{case[outcome]}: {value}" for outcome in OUTCOMES if outcome in case}
        one[kind] = {**(case.get(kind) or {}), key: value} if key else [value]
        yield one | words


def _names(data: Any) -> tuple[str, ...]:
    return (data,) if isinstance(data, str) else tuple(data or ())


def _joined(given: Mapping[str, Any], case: Mapping[str, Any], clause: str) -> dict[str, Any]:
    """Return a case with what the entry gives, where the case does not say otherwise."""
    _refuse(case, _CASE, f"a case of {clause}")
    _refuse(given, set(_GIVEN), f"given of {clause}")
    _outcome(case, clause)
    joined = dict(case)
    for name in ("facts", "place", "status"):
        joined[name] = {**(given.get(name) or {}), **(case.get(name) or {})}
    for name in ("is", "may_be"):
        joined[name] = tuple(case.get(name, given.get(name) or ()))
    return joined


def _outcome(case: Mapping[str, Any], clause: str) -> str:
    named = [name for name in OUTCOMES if name in case]
    if len(named) != 1:
        raise ValueError(f"a case of {clause} says {named or 'nothing'}; expected one of {', '.join(OUTCOMES)}")
    asks = {"leaves_open": "needs", "spares": "because"}.get(named[0])
    if asks and asks not in case:
        raise ValueError(f"a case of {clause} that {named[0]} needs {asks!r}: {case[named[0]]}")
    return named[0]


def _that_day(case: Mapping[str, Any], name: str, entry: Entry) -> Mapping[str, Any]:
    """Return the case as the older clause answered it: alike, unless the case says otherwise."""
    other = case.get("day_before")
    if other is not None and set(other) <= set(entry.before):
        other = other.get(name)
    if other is None:
        return case
    _refuse(other, {*OUTCOMES, *_REASONS}, f"day_before of {entry.clause}")
    _outcome(other, entry.clause)
    return {key: value for key, value in case.items() if key not in {*OUTCOMES, *_REASONS}} | other


def _asked(clause: str, day: date, case: Mapping[str, Any], others: Sequence[str]) -> Asked:
    outcome = _outcome(case, clause)
    needs = frozenset(map(str, case["needs"])) if "needs" in case else None
    out = tuple(others) if "on" not in case else ()
    return Asked(clause, day, str(case[outcome]), outcome, case, needs, case.get("because"), out)


def _situation(asked: Asked, pack: str, item: Clause) -> Situation:
    vocabulary = _vocabulary(pack)
    facts = _read(asked.given["facts"], vocabulary)
    stated = {key: replace(fact, provider="project") for key, fact in vocabulary.facts.items()}
    status = _read(asked.given["status"], Vocabulary(stated, vocabulary.systems))
    terms = _terms(asked, pack, item)

    def place(test: PlaceTest, measured: Value | None) -> Reading:
        return _reading(test, asked.given["place"].get(test.layer))

    return Situation(vocabulary, facts, terms, status.get, place, item.id)


def _read(data: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Value]:
    stated = {key: value for key, value in data.items() if value != "unknown"}
    known, carried = read_facts(signed(stated, vocabulary), vocabulary)
    if carried:
        raise ValueError(f"no fact is called {', '.join(carried)}")
    return dict(known)


def _terms(asked: Asked, pack: str, item: Clause) -> dict[str, Term]:
    """Return the tables: what the case says the project counts as, else the pack's for a stated industry, else out."""
    asks = {leaf.term for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, TermTest)}
    shipped = terms_on(rules_of(pack).terms, asked.day) if "industry" in asked.given["facts"] else {}
    found = {key: shipped.get(key, Term(key, Any_())) for key in asks}
    found |= {key: Term(key, All()) for key in asked.given["is"] if key in asks}
    return found | {key: Term(key, Any_(), All()) for key in asked.given["may_be"] if key in asks}


def _reading(test: PlaceTest, layer: Any) -> Reading:
    """Return what a place test finds where a case says so: nothing there, the layer missing, or features with numbers."""
    if layer == "missing":
        return Reading(U, (f"layer:{test.layer}",))
    features = [] if layer in (None, "nothing") else layer if isinstance(layer, list) else [layer]
    features = [{"inside": True} if feature == "inside" else feature for feature in features]
    value = max((_met(test, feature) for feature in features), default=F)
    return Reading(value, (place_key(test),) if value == U else ())


def _met(test: PlaceTest, feature: Mapping[str, Any]) -> Truth:
    match = all_of(_matches(condition, feature) for condition in test.where)
    gap, accuracy = float(feature.get("distance_m", 0)), float(feature.get("accuracy_m", 0))
    is_inside = bool(feature.get("inside", gap == 0 and "along" not in feature))
    if test.kind == "within":
        assert test.distance_m is not None
        return min(match, T if gap + accuracy <= test.distance_m else F if gap - accuracy > test.distance_m else U)
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
