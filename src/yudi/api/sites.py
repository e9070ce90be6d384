"""Which projects are compared: one at several places, or several as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yudi.core.errors import InputError, LimitError, YudiError
from yudi.formats.project_files import RawProject, facts_from, project_from
from yudi.territory.comparison import Comparison, at_site, compare
from yudi.territory.edition import Edition
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.screening import Screening, screen

__all__ = ["SITES_MAX", "Compared", "compare_sites"]

SITES_MAX = 500
"""Sites that one comparison takes; a table of verdicts shows more."""


@dataclass(frozen=True)
class Compared:
    """A comparison, and what was wrong with the sites that could not be read.

    Parameters
    ----------
    title : str
        The project that is held against all sites; empty where each is a project of its own.
    own : mapping of str to tuple of str
        Of sites that state other facts than the project, these facts.
    """

    comparison: Comparison
    title: str = ""
    wrong: tuple[YudiError, ...] = ()
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def compare_sites(
    projects: Sequence[RawProject],
    places: Sequence[RawProject],
    editions: Sequence[Edition],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    today: date,
    tell: Callable[[int, int], None] = lambda *_: None,
) -> Compared:
    """Return one project at several places, its own first; or, without places, several projects as they are.

    What is wrong with one site stops no other.

    Parameters
    ----------
    tell : callable
        Is told how many sites of how many are done.

    Raises
    ------
    InputError
        For several projects with places, and where fewer than two sites are left to compare.
    LimitError
        For more than `SITES_MAX` sites.
    """
    if places and len(projects) != 1:
        raise InputError(
            f"expected one project for these sites, got {len(projects)}",
            hint="compare one project at several sites, or several projects without sites",
        )
    base = projects[0] if places else None
    raws = [*(raw for raw in projects if raw.geometry is not None or base is None), *places]
    if len(raws) > SITES_MAX:
        raise LimitError(
            f"expected at most {SITES_MAX} sites, got {len(raws)}", hint="screen them as a table, and compare the best"
        )
    facts, carried = facts_from(base, vocabulary, today=today) if base is not None else ({}, {})
    done: list[Screening] = []
    wrong: list[YudiError] = []
    own: dict[str, tuple[str, ...]] = {}
    for number, raw in enumerate(raws, 1):
        try:
            site = project_from(raw, vocabulary, today=today)
            if base is not None and raw is not base:
                stated = tuple(key for key, value in site.facts.items() if not _is_same(value, facts.get(key)))
                if stated:
                    own[site.id] = stated
                site = at_site(site, vocabulary, facts, carried)
            done.append(screen(site, editions, as_of=as_of))
        except YudiError as error:
            wrong.append(error)
        tell(number, len(raws))
    if len(done) < 2:
        raise (
            wrong[0]
            if wrong
            else InputError(
                f"expected at least two sites to compare, got {len(done)}",
                hint="give a file of sites, or several projects",
            )
        )
    return Compared(compare(done), base.id if base is not None else "", tuple(wrong), own)


def _is_same(one: Value, other: Value | None) -> bool:
    return other is not None and (one.value, one.accuracy) == (other.value, other.accuracy)
