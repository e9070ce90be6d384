"""Every shipped clause answers its cases: what it stops or conditions, what it spares, what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from support.mutants import mutants
from support.rule_cases import PACKS, answer, entries_of, own_of, rules_of

from yudi.territory.clauses import BASES, LEVELS, Clause
from yudi.territory.facts import Vocabulary
from yudi.territory.predicates import FactIn, FactIs, FactRange, PlaceTest, Quota, leaves
from yudi.territory.rule_cases import Asked, asked_of, told_otherwise

ACTS = ("stops", "conditions", "notes")
FREES = ("spares", "meets")


def _questions() -> Iterator[object]:
    for pack in PACKS:
        clauses = {item.id: item for item in rules_of(pack).clauses}
        for entry in entries_of(pack):
            if entry.clause not in clauses:
                continue  # said by its own test
            for asked in asked_of(entry, clauses):
                yield pytest.param(
                    pack, asked, id=f"{asked.clause}-{asked.day}-{asked.outcome}-{asked.words.get('en')[:40]}"
                )


@pytest.mark.parametrize(("pack", "asked"), list(_questions()))
def test_a_clause_answers_its_case(pack: str, asked: Asked):
    """The clause comes to the outcome that the case states, for the reason that it states."""
    clauses = {item.id: item for item in rules_of(pack).clauses}
    judged = answer(asked, pack, clauses[asked.clause])
    states = {name: part.state.value.name for name, part in judged.parts.items()}

    assert told_otherwise(asked, judged) == "", f"{judged.cell.name}: {states}, needs {judged.needs}"
    assert [name for name in asked.out_of_force if clauses[name].period.contains(asked.day)] == []


@pytest.mark.parametrize("pack", PACKS)
def test_cases_hold_every_word_of_a_clause(pack: str):
    """No fact, term, layer or value can be left out of a clause, or turned round, without a case that notices."""
    clauses = own_of(pack)
    asked: dict[str, list[Asked]] = {}
    for entry in entries_of(pack):
        for one in asked_of(entry, clauses):
            asked.setdefault(one.clause, []).append(one)
    unheld = [
        f"{name}, {said}"
        for name, item in clauses.items()
        for said, other in mutants(item)
        if not any(told_otherwise(one, answer(one, pack, other)) for one in asked.get(name, ()))
    ]

    assert unheld == []


@pytest.mark.parametrize("pack", PACKS)
def test_no_clause_is_shipped_without_cases(pack: str):
    """Every clause has a case that it stops or conditions, one that it does not, and one left open where it can be."""
    clauses = own_of(pack)
    shown: dict[str, set[str]] = {name: set() for name in clauses}
    closed = set()
    for entry in entries_of(pack):
        for asked in asked_of(entry, clauses):
            shown[asked.clause].add(asked.outcome)
        closed |= {entry.clause, *entry.before, *entry.also} if entry.never_open else set()
    lacking = [
        f"{name}: nothing that {' or '.join(group)}"
        for name, seen in shown.items()
        for group in (ACTS, FREES, ("leaves_open",))
        if not seen & set(group) and not _needs_none(clauses[name], group, is_closed=name in closed)
    ]

    assert lacking == []


def _needs_none(item: Clause, group: tuple[str, ...], *, is_closed: bool) -> bool:
    """Tell whether a clause can have no such case: a note to all spares nobody, and nothing is open in it."""
    return group != ACTS and ((item.effect == "note" and not item.trees) or (group == ("leaves_open",) and is_closed))


@pytest.mark.parametrize("pack", PACKS)
def test_cases_name_clauses_that_are_there_and_their_source(pack: str):
    """No case speaks of a clause that the pack does not have, and each entry says where the rule stands."""
    clauses = own_of(pack)
    lost = [
        name for entry in entries_of(pack) for name in (entry.clause, *entry.before, *entry.also) if name not in clauses
    ]

    assert lost == []
    assert [entry.clause for entry in entries_of(pack) if not entry.source] == []


@pytest.mark.parametrize("pack", PACKS)
def test_clauses_say_all_that_a_reader_needs(pack: str):
    """A clause has words in both languages, a declared document, an article that was read, a level, a dimension and a known basis."""
    rules = rules_of(pack)
    known = {*rules.dimensions, ""}
    wrong = [
        name
        for name, item in own_of(pack).items()
        if not (item.text.zh and item.text.en and item.period.start)
        or not (item.citation.article or item.is_unverified)
        or item.text.zh == item.text.en
        or item.citation.document not in rules.documents
        or item.level not in LEVELS
        or item.dimension not in known
        or item.basis not in BASES
    ]

    assert wrong == []


def test_no_recalled_number_of_a_document_is_given(root):
    """A number that was recalled rather than read stands in a comment alone, for answers print numbers without a mark."""
    lines = [
        line
        for path in (root / "packs").glob("*/documents/*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]

    assert any("number recalled" in line for line in lines)
    assert [line for line in lines if line.strip().startswith("number:") and "recalled" in line] == []


def test_replacing_more_than_is_added_gives_no_factor_of_one():
    """减量替代 without a ratio has no factor; one that says how much has it."""
    factors = {name: item.factor for name, item in own_of("cn").items() if item.effect == "offset"}

    assert factors["twohigh-coal"] is None
    assert factors["totals-water-2"] == 2


@pytest.mark.parametrize("pack", PACKS)
def test_clauses_ask_only_facts_that_are_declared(pack: str):
    """Every fact that a clause asks is in the vocabulary with a label, and one that a person answers has help."""
    facts = rules_of(pack).facts
    families = {key[:-1] for key in facts if key.endswith("*")}
    asked = {
        key for item in own_of(pack).values() for tree in item.trees for leaf in leaves(tree) for key in _facts(leaf)
    }

    assert sorted(key for key in asked if key not in facts and not any(key.startswith(head) for head in families)) == []
    assert sorted(key for key, fact in facts.items() if not (fact.label.zh and fact.label.en)) == []
    persons = [key for key, fact in facts.items() if fact.provider == "person"]
    assert [key for key in persons if not (facts[key].help.zh and facts[key].help.en)] == []


def _facts(leaf) -> tuple[str, ...]:
    if isinstance(leaf, FactIn | FactIs | FactRange):
        return (leaf.fact,)
    return (leaf.amount, *leaf.headroom) if isinstance(leaf, Quota) else ()


@pytest.mark.parametrize("pack", PACKS)
def test_a_pair_of_old_and_new_law_meets_on_one_day(pack: str):
    """Where one clause replaced another, the older counts until the day on which the newer begins."""
    clauses = own_of(pack)
    apart = [
        (entry.clause, old)
        for entry in entries_of(pack)
        for old in entry.before
        if clauses[old].period.end != clauses[entry.clause].period.start
    ]

    assert apart == []


@pytest.mark.parametrize("pack", ["cn"])
def test_the_page_names_the_maps_that_clauses_ask(pack: str, root):
    """docs/concepts/clauses-of-law.md lists the layers, and of each the fields and values that clauses ask."""
    tests = [
        leaf
        for item in own_of(pack).values()
        for tree in item.trees
        for leaf in leaves(tree)
        if isinstance(leaf, PlaceTest)
    ]
    asked: dict[str, set[str]] = {leaf.layer: set() for leaf in tests}
    for leaf in tests:
        asked[leaf.layer] |= {word for part in leaf.where for word in (part.field, *part.values)}
    page = (root / "docs" / "concepts" / "clauses-of-law.md").read_text(encoding="utf-8")
    page = page.partition("## The maps that they ask")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|[^|]*\|$", page, re.MULTILINE)

    assert {name: set(re.findall(r"\w+", said)) for name, said in rows} == asked


@pytest.mark.parametrize("pack", ["cn"])
def test_the_page_names_the_tables_that_clauses_ask(pack: str, root):
    """docs/concepts/clauses-of-law.md lists the facts that a table of the scheme must say."""
    vocabulary = rules_of(pack)
    known = Vocabulary(vocabulary.facts, vocabulary.systems)
    asked = {
        key for item in own_of(pack).values() for tree in item.trees for leaf in leaves(tree) for key in _facts(leaf)
    }
    tables = {key for key in asked if (fact := known.fact(key)) is not None and fact.provider == "status"}
    page = (root / "docs" / "concepts" / "clauses-of-law.md").read_text(encoding="utf-8")
    section = page.partition("## The tables that they ask")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE)) == tables


def test_the_guide_names_the_packs_that_are_shipped(root):
    """docs/guides/scheme.md has a row for every folder of packs/."""
    page = (root / "docs" / "guides" / "scheme.md").read_text(encoding="utf-8")
    shipped = page.partition("### Packs that are shipped")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([\w-]+)` \|", shipped, re.MULTILINE)) == {
        path.parent.name for path in (root / "packs").glob("*/pack.toml")
    }
