"""Which stated answers and measurements no clause asks: a mistyped one must not be lost without a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yudi.core.names import near
from yudi.territory.clauses import filled
from yudi.territory.edition import Edition
from yudi.territory.judged import Judged
from yudi.territory.place import place_key
from yudi.territory.predicates import FactIn, FactIs, FactRange, PlaceTest, TermTest, leaves
from yudi.territory.projects import Project

__all__ = ["asked_by", "unasked"]

_HEADS = ("concerns", "meets", "fulfils", "excepted", "zone", "term", "list", "distance", "inside")


def asked_by(item: Judged) -> set[str]:
    """Return the questions and measurements that a clause asks at its place, answered or not."""
    clause = item.clause
    found = {f"term:{key}" for key in clause.terms}
    for tree in clause.trees:
        for leaf in leaves(tree):
            if isinstance(leaf, PlaceTest):
                found.add(place_key(leaf))
            elif isinstance(leaf, TermTest):
                found.add(f"term:{leaf.term}")
            elif isinstance(leaf, FactIn | FactIs | FactRange):
                found.add(filled(leaf.fact, item.asked_as, item.unit_code))
    return found


def unasked(project: Project, editions: Sequence[Edition], judged: Iterable[Judged]) -> dict[str, tuple[str, ...]]:
    """Return the stated answers and measurements that no clause at the place asks, with the questions meant perhaps.

    They change nothing, so that a mistyped answer leaves its clause open; one that names a clause elsewhere is no
    slip and has no suggestion.
    """
    stated = [key for key in project.facts if key.partition(":")[0] in _HEADS and ":" in key]
    if not stated:
        return {}
    asked: set[str] = set()
    for item in judged:
        asked |= asked_by(item)
    return {
        key: () if any(_is_known(key, edition) for edition in editions) else tuple(near(key, asked - set(stated))[:3])
        for key in stated
        if key not in asked
    }


def _is_known(key: str, edition: Edition) -> bool:
    """Tell whether a question names a clause, unit, term or layer of the edition, be it elsewhere."""
    head, _, rest = key.partition(":")
    name = rest.partition("@")[0]
    if head in ("distance", "inside"):
        return rest.partition("[")[0].partition("@")[0] in edition.layers
    if head == "term":
        return any(term.key == rest for term in edition.rules.terms)
    if head == "list":
        return name in edition.bindings.names or name.partition("/")[0] in edition.unit_index
    return name in edition.bindings.names if head != "zone" else False
