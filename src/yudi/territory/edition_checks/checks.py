"""Is an edition fit to be published? Every check in turn, errors first; nothing is read or asked of the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from yudi.territory.edition import Edition
from yudi.territory.edition_checks.codes import check_codes
from yudi.territory.edition_checks.coverage import check_coverage
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.lists_and_rules import check_lists_and_rules
from yudi.territory.edition_checks.mended import check_mended
from yudi.territory.edition_checks.totals import check_totals
from yudi.territory.rule_checks import SEVERITIES

__all__ = ["CHECKS", "Check", "check_edition"]

Tell = Callable[[str, int, int], None]
Check = Callable[[Edition, date], Iterator[EditionFinding]]
"""A check takes the edition and the as-of day, and gives what it finds, gravest of each kind first."""

CHECKS: tuple[Check, ...] = (
    # of land
    check_coverage,
    check_codes,
    check_totals,
    check_mended,
    # of lists and rules
    check_lists_and_rules,
)


def check_edition(edition: Edition, *, as_of: date, tell: Tell | None = None) -> tuple[EditionFinding, ...]:
    """Return what all checks find in an edition as it counts on a day: errors, then warnings, then infos.

    Parameters
    ----------
    as_of : date
        Day for which documents and clauses are held to be in force or not.
    tell : callable
        Is told which check runs, how many are done, and of how many.
    """
    found: list[EditionFinding] = []
    for done, check in enumerate(CHECKS):
        if tell is not None:
            tell(check.__name__.removeprefix("check_").replace("_", " "), done, len(CHECKS))
        found += check(edition, as_of)
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
