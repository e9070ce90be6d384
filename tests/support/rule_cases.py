"""Packs and their cases as tests put them to clauses: those that are shipped, and one of other places."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from yudi.formats.rule_books import read_cases
from yudi.formats.rule_files import RuleSet, merged, read_packs
from yudi.territory.clauses import Clause
from yudi.territory.facts import Vocabulary
from yudi.territory.judged import Judged
from yudi.territory.rule_cases import Asked, CaseEntry
from yudi.territory.rule_cases import answer as _answer

__all__ = ["PACKS", "ROOT", "answer", "entries_of", "own_of", "rules_of"]

ROOT = Path(__file__).resolve().parents[2]
# Shipped packs, and one of rules of other places, which is there to be tried only.
FOLDERS = {path.name: path for root in ("packs", "tests/data/packs") for path in sorted((ROOT / root).iterdir())}
PACKS = tuple(name for name, path in FOLDERS.items() if any(path.glob("clauses/*.yaml")))


@cache
def rules_of(pack: str) -> RuleSet:
    """Return the rules of a pack, with those of the packs that it includes."""
    return merged(read_packs([pack], FOLDERS[pack].parent))


@cache
def own_of(pack: str) -> Mapping[str, Clause]:
    """Return the pack's own clauses by id, without those of the packs that it includes."""
    return {item.id: item for item in read_packs([pack], FOLDERS[pack].parent)[-1].clauses}


@cache
def entries_of(pack: str) -> tuple[CaseEntry, ...]:
    """Return what the pack's case files say."""
    return read_cases(FOLDERS[pack])


@cache
def _vocabulary(pack: str) -> Vocabulary:
    rules = rules_of(pack)
    return Vocabulary(rules.facts, rules.systems)


def answer(asked: Asked, pack: str, item: Clause) -> Judged:
    """Return what the clause says to the question, with the words and facts of the pack."""
    return _answer(asked, item, _vocabulary(pack), rules_of(pack).terms)
