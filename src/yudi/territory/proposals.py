"""What an office formalises, text by text, with what the tables suggest for each: proposals, never decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from yudi.core.words import Words
from yudi.territory.clauses import Clause
from yudi.territory.edition import Edition, Rules
from yudi.territory.expressions import read
from yudi.territory.facts import Fact
from yudi.territory.items import EFFECT_WORDS, Items
from yudi.territory.predicates import All, Any_, FactIn, FactIs, FactRange, Node, TermTest, leaves
from yudi.territory.printed import Part
from yudi.territory.prose import strictest, text_key

__all__ = ["Proposal", "proposals"]


_ZONES = 3  # zones of a text about many places that its row names


@dataclass(frozen=True)
class Proposal:
    """One text of the lists, where it stands, how it was read, and a clause for it.

    Parameters
    ----------
    text, head : str
        Names of places hidden where several texts differ in them alone.
    units : int
        In how many units it stands.
    example : str
        Id of one of its clauses.
    dimensions : tuple of str
        In which it stands; empty text speaks for all.
    effect : str
        What an office made of it, else the strictest that was read.
    scope, subject, test : Node or None
        Likewise; None where nothing suggests one.
    formal : Clause or None
        The clause that an office has adopted.
    remark : Words
        What to look at before adopting it.
    """

    text: str
    head: str
    units: int
    example: str
    dimensions: tuple[str, ...]
    read: tuple[str, ...]
    terms: tuple[str, ...]
    exceptions: tuple[str, ...]
    zone: str
    effect: str
    scope: Node | None = None
    subject: Node | None = None
    test: Node | None = None
    formal: Clause | None = None
    remark: Words = Words()


def proposals(edition: Edition) -> list[Proposal]:
    """Return a proposal for each different text of an edition's lists, the most frequent first.

    Texts are one where they, their heads and what was read in them are the same, names of places hidden. The order
    of units does not matter.
    """
    items = Items(edition)
    groups: dict[Any, _Group] = {}
    for row in items.rows:
        for part in items.parts[row["text"]]:
            masked, head = part.masked or part.text, part.masked_head
            key = (text_key(masked), text_key(head), tuple(sorted(part.effects)), part.formal)
            group = groups.setdefault(key, _Group())
            group.add(part, row, items.units(row))
    suggest = _Suggestions(edition.rules)
    by_id = {name: int(clause) for name, clause in zip(edition.bindings.ids, edition.bindings.clause, strict=True)}
    found = []
    for group in groups.values():
        part, row = group.first()
        example = items.clause_id(row, part)
        formal = edition.rules.clauses[by_id[example]] if part.formal and example in by_id else None
        made = Proposal(
            group.shown("text", "masked"),
            group.shown("head", "masked_head"),
            len(group.units),
            example,
            tuple(sorted(group.dimensions)),
            part.effects,
            group.terms(),
            group.exceptions(),
            group.zones(),
            part.formal or strictest(part.effects),
            formal=formal,
        )
        found.append(_adopted(made, formal) if formal else suggest.fill(made, group.parts))
    return sorted(found, key=lambda one: (-one.units, one.text, one.head, one.read))


class _Group:
    """The parts that are one text, and where they stand."""

    def __init__(self) -> None:
        self.parts: dict[Part, None] = {}
        self.places: dict[str, tuple[Part, dict[str, Any]]] = {}
        self.units: set[int] = set()
        self.dimensions: set[str] = set()

    def add(self, part: Part, row: dict[str, Any], units: Sequence[int]) -> None:
        """Count one place where the text stands."""
        self.parts[part] = None
        self.places.setdefault(f"{row['key']}\0{row['dimension']}\0{row['number']}", (part, row))
        self.units.update(units)
        self.dimensions.add(row["dimension"])

    def first(self) -> tuple[Part, dict[str, Any]]:
        """Return the place that comes first by its key, whatever the order of the list."""
        return self.places[min(self.places)]

    def shown(self, name: str, masked: str) -> str:
        """Return what all parts say alike but for its dress, else the text with names hidden."""
        said = {getattr(part, name) for part in self.parts}
        if len(set(map(text_key, said))) > 1:
            said = {getattr(part, masked) for part in self.parts}
        return str(min(said))

    def zones(self) -> str:
        """Return the parts of units that the text is about, the first few where each place names its own."""
        named = sorted({part.zone for part in self.parts if part.zone})
        return "；".join([*named[:_ZONES], *(["…"] if len(named) > _ZONES else [])])

    def terms(self) -> tuple[str, ...]:
        """Return the terms of any of the parts."""
        return tuple(sorted({term for part in self.parts for term in part.terms}))

    def exceptions(self) -> tuple[str, ...]:
        """Return the exceptions of the parts; those about a place only of the first."""
        return self.first()[0].exceptions


@dataclass(frozen=True)
class _Suggestions:
    """What the vocabulary and the terms suggest for a text."""

    rules: Rules

    def fill(self, item: Proposal, parts: Sequence[Part] | Mapping[Part, None]) -> Proposal:
        """Return the proposal with scope, subject and test where all its parts suggest the same one."""
        if item.effect == "note":
            return item
        said = [(self._scope(part), self._subject(part, item.effect)) for part in parts]
        scope, subject = (found.pop() if len(found := set(one)) == 1 else None for one in zip(*said, strict=True))
        test: Node | None = None
        if item.effect in ("require", "quota"):
            test = FactIs("meets:{id}" if item.effect == "require" else "fulfils:{id}")
        return replace(item, scope=scope, subject=subject, test=test, remark=_remark(item, scope))

    def _scope(self, part: Part) -> Node | None:
        return read(part.scope) if part.scope else None

    def _subject(self, part: Part, effect: str) -> Node | None:
        """Return whom a text means: its pollutants, its terms, or all whom it names at large; None if unsure."""
        if effect in ("offset", "quota") and (members := self._members(part)):
            tests = tuple(FactRange(member, low=0.0, low_open=True) for member in members)
            return tests[0] if len(tests) == 1 else Any_(tests)
        declared = {item.key for item in self.rules.terms}
        if not set(part.terms) <= declared:
            return None  # a trade that no table knows would go free
        doings = self._doings(part)
        if part.terms:
            terms = tuple(TermTest(term) for term in part.terms)
            who = terms[0] if len(terms) == 1 else Any_(terms)
            return All((who, *doings)) if doings else who
        if not part.at_large:
            return None
        return doings[0] if doings else All()

    def _doings(self, part: Part) -> tuple[FactIn, ...]:
        """Return the test of what is done, if the text names nothing but choices of one fact: 新建、扩建.

        What the vocabulary counts as one of them is meant too.
        """
        for fact in self.rules.vocabulary.facts.values():
            if fact.type == "choice" and fact.provider == "project" and not fact.is_changeable:
                choices = _choices(fact)
                found = [choices[act] for act in part.acts if act in choices]
                if found and len(found) == len(part.acts):
                    meant = {*found, *(one for one, others in fact.counts_as.items() if {*others} & {*found})}
                    return (FactIn(fact.key, tuple(choice for choice in fact.choices if choice in meant)),)
        return ()

    def _members(self, part: Part) -> list[str]:
        """Return the amounts of families that the text names: by their label without the family's, or by their key."""
        return [key for key, names in self._amounts.items() if any(name in part.text for name in names)]

    @cached_property
    def _amounts(self) -> dict[str, list[str]]:
        """The known members of families of numbers, each with the names under which texts have it."""
        facts = self.rules.vocabulary.facts
        families = {key[:-1]: fact for key, fact in facts.items() if key.endswith(".*") and fact.type == "number"}
        asked = {str(getattr(leaf, "fact", "")) for tree in _trees(self.rules) for leaf in leaves(tree)}
        found: dict[str, list[str]] = {}
        for key in sorted(asked | set(facts)):
            family = families.get(key[: key.find(".") + 1])
            if family is None or family.provider != "project" or key.endswith("*"):
                continue
            member, sides = facts.get(key), ((family.label.zh, "zh"), (family.label.en, "en"))
            names = [getattr(member.label, side).replace(own, "").strip() for own, side in sides] if member else []
            found[key] = [name for name in (key.partition(".")[2], *names) if name]
        return found


def _trees(rules: Rules) -> list[Node]:
    """Return what terms, inferences and formalised clauses ask."""
    trees = [tree for item in rules.clauses if not item.is_in_words for tree in item.trees]
    trees += [tree for term in rules.terms for tree in (term.certain, term.possible)]
    return trees + [row.when for row in rules.inferences]


def _choices(fact: Fact) -> dict[str, str]:
    labels = {key: fact.choice_labels.get(key, Words()) for key in fact.choices}
    return {word: key for key, label in labels.items() for word in (label.zh, label.en) if word}


def _adopted(item: Proposal, formal: Clause) -> Proposal:
    return replace(item, scope=formal.scope, subject=formal.subject, test=formal.test)


def _remark(item: Proposal, scope: Node | None) -> Words:
    """Say what a person must look at: further effects, exceptions and places that the proposal does not hold."""
    said: list[tuple[str, str]] = []
    others = [effect for effect in dict.fromkeys(item.read) if effect != item.effect]
    if others:
        zh, en = ("、".join(EFFECT_WORDS[effect].zh for effect in others), ", ".join(others))
        said.append((f"还读出{zh}：采用后由本行一并取代", f"also read as {en}: adopting replaces them all"))
    if item.exceptions:
        said.append(
            (
                "有例外：写入“例外”栏，否则例外者也受约束",
                "it has exceptions: write them in except, or they are bound too",
            )
        )
    if item.zone and scope is None:
        said.append(
            (
                "所指区域没有对应图层：不填范围即全单元适用",
                "no layer for its zone: without a scope it holds in the whole unit",
            )
        )
    return Words("；".join(zh for zh, _ in said), "; ".join(en for _, en in said))
