"""What a clause would be with one of its words left out or turned round: cases that notice nothing hold too little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from yudi.territory.clauses import Clause
from yudi.territory.predicates import All, Any_, FactIn, Leaf, Node, Not, PlaceTest

__all__ = ["mutants"]

_TRUE, _FALSE = All(), Any_()
_PARTS = ("scope", "subject", "exceptions", "test")


def mutants(item: Clause) -> Iterator[tuple[str, Clause]]:
    """Yield the clause with one leaf always true, always false, or without one of its values, and what was done."""
    for name in _PARTS:
        tree = getattr(item, name)
        if tree is None or tree == All():
            continue
        for said, other in _of(tree):
            if name == "test" and other == All():
                continue  # a test that cannot fail is no test, and refused when the clause is made
            yield f"{name}: {said}", replace(item, **{name: other})


def _of(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, All | Any_):
        for row, part in enumerate(node.parts):
            for said, other in _of(part):
                yield said, type(node)((*node.parts[:row], other, *node.parts[row + 1 :]))
    elif isinstance(node, Not):
        for said, other in _of(node.part):
            yield said, Not(other)
    else:
        yield f"{node} always true", _TRUE
        yield f"{node} always false", _FALSE
        yield from _without(node)


def _without(leaf: Leaf) -> Iterator[tuple[str, Node]]:
    """Yield the leaf without one of its values."""
    if isinstance(leaf, FactIn) and len(leaf.values) > 1:
        for value in leaf.values:
            yield (
                f"{leaf.fact} without {value}",
                replace(leaf, values=tuple(one for one in leaf.values if one != value)),
            )
    if isinstance(leaf, PlaceTest):
        for row, asked in enumerate(leaf.where):
            for value in asked.values if len(asked.values) > 1 else ():
                fewer = replace(asked, values=tuple(one for one in asked.values if one != value))
                where = (*leaf.where[:row], fewer, *leaf.where[row + 1 :])
                yield f"{leaf.layer} {asked.field} without {value}", replace(leaf, where=where)
