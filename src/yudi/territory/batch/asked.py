"""What trees ask, sorted by where the answer comes from; terms are looked into, for their leaves ask too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yudi.territory.place import place_key
from yudi.territory.predicates import FactIs, Leaf, Node, PlaceTest, Quota, TermTest, leaves
from yudi.territory.terms import Term

__all__ = ["Asks", "asks_of"]


@dataclass
class Asks:
    """What some trees ask.

    Parameters
    ----------
    facts : mapping of fact key to its leaves
        In order of appearance; a stated measurement stands under its key with the place test, a person's answer to a
        term as a test that it is so.
    tests, quotas : mappings without values
        Place tests and quotas, in order.
    patterns : mapping without values
        Keys with the clause's id or the unit's code to fill in.
    """

    facts: dict[str, dict[Leaf, None]] = field(default_factory=dict)
    tests: dict[PlaceTest, None] = field(default_factory=dict)
    quotas: dict[Quota, None] = field(default_factory=dict)
    patterns: dict[str, None] = field(default_factory=dict)

    @property
    def amounts(self) -> list[str]:
        """Keys of the facts that quotas ask."""
        return [key for quota in self.quotas for key in (quota.amount, *quota.headroom)]

    def add(self, other: Asks) -> None:
        """Add what other trees ask."""
        for key, asked in other.facts.items():
            self.facts.setdefault(key, {}).update(asked)
        self.tests |= other.tests
        self.quotas |= other.quotas
        self.patterns |= other.patterns


def asks_of(trees: Iterable[Node], terms: Mapping[str, Term]) -> Asks:
    """Return what the trees ask, with all that the terms ask which they name."""
    found = Asks()
    seen: set[str] = set()
    todo = list(trees)
    while todo:
        for leaf in leaves(todo.pop(0)):
            if isinstance(leaf, PlaceTest):
                found.tests[leaf] = None
                found.facts.setdefault(place_key(leaf), {})[leaf] = None
            elif isinstance(leaf, Quota):
                found.quotas[leaf] = None
            elif isinstance(leaf, TermTest):
                key = f"term:{leaf.term}"
                found.facts.setdefault(key, {})[FactIs(key)] = None
                if leaf.term in terms and leaf.term not in seen:
                    seen.add(leaf.term)
                    todo += [terms[leaf.term].certain, terms[leaf.term].possible]
            elif "{" in leaf.fact:
                found.patterns[leaf.fact] = None
            else:
                found.facts.setdefault(leaf.fact, {})[leaf] = None
    return found
