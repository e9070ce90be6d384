"""All checks of an edition's lists and rules: what they leave open, and what they ask that is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from yudi.territory.edition import Edition
from yudi.territory.edition_checks.days import days
from yudi.territory.edition_checks.decisiveness import left_in_words
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.lists_read import lists_read
from yudi.territory.edition_checks.maps_asked import maps_asked
from yudi.territory.edition_checks.rule_faults import rule_faults
from yudi.territory.edition_checks.silence import named_without_unit, silence
from yudi.territory.edition_checks.sources import sources
from yudi.territory.edition_checks.survey import Survey, survey_of
from yudi.territory.edition_checks.tables_asked import tables_asked

__all__ = ["check_lists_and_rules"]


def check_lists_and_rules(edition: Edition, as_of: date) -> Iterator[EditionFinding]:
    """Yield what is found in the lists and rules of an edition on a day."""
    survey = survey_of(edition, as_of)  # all checks share what they look up
    for check in _CHECKS:
        yield from check(survey)


_CHECKS: tuple[Callable[[Survey], Iterator[EditionFinding]], ...] = (
    days,
    named_without_unit,
    silence,
    lists_read,
    left_in_words,
    sources,
    maps_asked,
    tables_asked,
    rule_faults,
)
