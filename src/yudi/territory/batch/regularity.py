"""Where an edition cannot be held against many rows at once: rare forms, for which rows go the way of single projects.

Names of facts with a clause's id or a unit's code in them are taken to be asked by that clause alone, and to be
answered only by what is usual of it. Where another clause, a term or an inference asks or gives the same name, or one
id stands for several clauses in words, that does not hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yudi.core.names import natural
from yudi.territory.batch.asked import Asks
from yudi.territory.batch.inference_groups import InferenceGroup
from yudi.territory.clauses import Clause, filled
from yudi.territory.edition import NOWHERE, WHOLE_PLACE, Edition
from yudi.territory.predicates import PlaceTest

__all__ = ["Regularity", "regularity"]

CONCERNS = "concerns:{id}"


@dataclass(frozen=True)
class Regularity:
    """Which units (`WHOLE_PLACE` for all) have rare forms, and which stated names make a row rare.

    Parameters
    ----------
    usual_keys : frozenset of str
        Names to which there is a usual answer.
    asked_plainly, asked_in_units
        Names that are asked but not by the clause that they are made for: anywhere, and in units.
    """

    rare_units: frozenset[int]
    filled_keys: frozenset[str]
    usual_keys: frozenset[str] = frozenset()
    asked_plainly: frozenset[str] = frozenset()
    asked_in_units: tuple[tuple[int, str], ...] = ()

    def beside(self, other: Regularity) -> frozenset[int]:
        """Return the units that are rare too where another edition is asked beside this one: it answers what these ask."""
        if self.asked_plainly & other.usual_keys:
            return frozenset({WHOLE_PLACE})
        return frozenset(unit for unit, key in self.asked_in_units if key in other.usual_keys)


def regularity(edition: Edition, asks: Sequence[Asks], elsewhere: Asks, groups: Sequence[InferenceGroup]) -> Regularity:
    """Return what is rare in an edition.

    Parameters
    ----------
    asks : sequence of Asks
        Of each clause of the edition.
    elsewhere : Asks
        What its terms and inferences ask.
    """
    clauses, bindings = edition.rules.clauses, edition.bindings
    rare: set[int] = set()
    keys: set[str] = set()
    usual: set[str] = set()
    foreign: list[tuple[int, str]] = []
    by_id: dict[str, list[int]] = defaultdict(list)
    for row, (unit, number) in enumerate(zip(bindings.unit.tolist(), bindings.clause.tolist(), strict=True)):
        if unit == NOWHERE:
            continue
        item, name = clauses[number], bindings.ids[row]
        code = edition.unit_code(unit) if unit != WHOLE_PLACE else ""
        by_id[name].append(row)
        own = {item.silent_for: True, CONCERNS: item.is_in_words}
        usual |= {filled(key, name, code) for key, is_own in own.items() if key and is_own}
        for pattern in asks[number].patterns:
            key = filled(pattern, name, code)
            keys.add(key)
            if not own.get(pattern):
                foreign.append((unit, key))
            if not _is_plain(pattern, key, edition):
                rare.add(WHOLE_PLACE)
    rare |= {unit for unit, key in foreign if key in usual}
    literal = {key for each in (*asks, elsewhere) for key in each.facts}
    given = {key for group in groups for key in group.gives}
    if elsewhere.patterns or literal & usual or (literal | given) & keys or _has_braces([*asks, elsewhere]):
        rare.add(WHOLE_PLACE)
    if any(item.silent_for == CONCERNS and item.is_in_words for item in clauses):
        rare.add(WHOLE_PLACE)
    rare |= _of_ids(edition, by_id)
    return Regularity(frozenset(rare), frozenset(keys | usual), frozenset(usual), frozenset(literal), tuple(foreign))


def _is_plain(pattern: str, key: str, edition: Edition) -> bool:
    """Tell whether a name is of a kind that its filling does not change, and that no table answers."""
    vocabulary = edition.rules.vocabulary
    fact = vocabulary.fact(pattern)
    return fact == vocabulary.fact(key) and (fact is None or fact.provider != "status")


def _has_braces(asks: Sequence[Asks]) -> bool:
    return any("{" in name for each in asks for name in (*each.facts, *_layers(each), *each.amounts))


def _layers(asks: Asks) -> list[str]:
    tests: Mapping[PlaceTest, None] = asks.tests
    return [name for test in tests for name in (test.layer, test.rivers, test.catchments) if name]


def _of_ids(edition: Edition, by_id: Mapping[str, Sequence[int]]) -> set[int]:
    """Return the units of ids that stand for several clauses in words, or whose place in the order is not their own."""
    clauses, bindings = edition.rules.clauses, edition.bindings
    places = {name: place for place, name in enumerate(edition.dimensions)}
    found: set[int] = set()
    orders: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for name, rows in by_id.items():
        numbers = {int(bindings.clause[row]) for row in rows}
        if len(numbers) > 1 and any(_answers(clauses[number]) for number in numbers):
            found |= {int(bindings.unit[row]) for row in rows}
        for number in numbers:
            place = places.get(clauses[number].dimension, len(places))
            orders[place, natural(name)].add(name)
    for names in orders.values():
        if len(names) > 1 and any(len(by_id[name]) > 1 for name in names):
            found |= {int(bindings.unit[row]) for name in names for row in by_id[name]}
    return found


def _answers(item: Clause) -> bool:
    return item.is_in_words or bool(item.silent_for)
