"""Which industry codes a pack's terms and usual rows speak of, code by code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from yudi.core.codes import CodeSystem
from yudi.core.logic import F, T, U
from yudi.formats.rule_files import RuleSet
from yudi.territory.evaluation import Situation, evaluate
from yudi.territory.facts import Vocabulary
from yudi.territory.place import Reading
from yudi.territory.predicates import All, Any_, FactIn, Node, Not, TermTest, leaves
from yudi.territory.projects import read_facts
from yudi.territory.terms import terms_on

__all__ = ["DAY", "answer_of", "classes", "codes_of", "named_codes", "nowhere", "stating"]

DAY = date(2026, 11, 24)


def classes(system: CodeSystem) -> tuple[str, ...]:
    """Return the codes below which there are none."""
    return tuple(code for code in system.names if len(system.descendants(code)) == 1)


def codes_of(node: Node, system: CodeSystem) -> frozenset[str]:
    """Return the classes for which the tree's tests of the industry can hold; all where it asks none."""
    if isinstance(node, FactIn) and node.fact == "industry":
        return frozenset(code for wide in node.values for code in system.descendants(wide)) & frozenset(classes(system))
    if isinstance(node, Any_):
        return frozenset().union(*(codes_of(part, system) for part in node.parts))
    if isinstance(node, All):
        parts = [codes_of(part, system) for part in node.parts]
        return frozenset(classes(system)).intersection(*parts)
    if isinstance(node, Not) and isinstance(node.part, FactIn) and node.part.fact == "industry":
        return frozenset(classes(system)) - codes_of(node.part, system)
    return frozenset(classes(system))


def named_codes(node: Node) -> Iterator[str]:
    """Yield the industry codes that a tree names."""
    for leaf in leaves(node):
        if isinstance(leaf, FactIn) and leaf.fact == "industry":
            yield from leaf.values


def nowhere(rules: RuleSet) -> Situation:
    """Return a situation without any place or fact, in which the terms of the day count."""
    vocabulary = Vocabulary(rules.facts, rules.systems)
    return Situation(vocabulary, {}, terms_on(rules.terms, DAY), lambda _: None, lambda *_: Reading(U))


def stating(situation: Situation, facts: Mapping[str, Any]) -> Situation:
    """Return the situation in which the project states these facts."""
    return replace(situation, facts=read_facts(facts, situation.vocabulary)[0])


def answer_of(term: str, situation: Situation) -> str:
    """Return ``in``, ``out``, ``may`` (a person decides) or ``if`` (other facts decide)."""
    found = evaluate(TermTest(term), situation)
    if found.state.value == T:
        return "in"
    return "out" if found.state.value == F else "may" if found.needs == (f"term:{term}",) else "if"
