"""Several editions asked together: their vocabularies as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yudi.core.codes import CodeSystem
from yudi.core.errors import InputError, Where
from yudi.territory.edition import Edition
from yudi.territory.facts import Fact, Vocabulary

__all__ = ["vocabulary_of"]


def vocabulary_of(editions: Sequence[Edition]) -> Vocabulary:
    """Return the vocabularies of the editions as one.

    Raises
    ------
    InputError
        Where two editions mean different things by one fact: a number would be read in the wrong unit.
    """
    if len(editions) == 1:
        return editions[0].rules.vocabulary
    facts: dict[str, Fact] = {}
    systems: dict[str, CodeSystem] = {}
    owners: dict[str, Edition] = {}
    for edition in editions:
        for key, fact in edition.rules.vocabulary.facts.items():
            known = facts.get(key, fact)
            if _meaning(known) != _meaning(fact):
                one, other = (item.name.get("en") or item.id[:12] for item in (owners[key], edition))
                raise InputError(
                    f"{one} and {other} mean different things by {key!r}: {_meaning(known)} and {_meaning(fact)}",
                    where=Where(field=key),
                    hint="ask these editions one by one",
                )
            owners.setdefault(key, edition)
            both = tuple(dict.fromkeys((*known.choices, *fact.choices)))
            facts[key] = replace(known, choices=both, choice_labels={**fact.choice_labels, **known.choice_labels})
        systems = {**edition.rules.vocabulary.systems, **systems}
    return Vocabulary(facts, systems)


def _meaning(fact: Fact) -> str:
    return ", ".join(part for part in (fact.type, fact.provider, fact.unit, fact.system) if part)
