"""What a check of an edition comes to: how many findings of each kind and severity, and all of them as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yudi.core.words import Words
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.kinds import KINDS
from yudi.territory.rule_checks import SEVERITIES

__all__ = ["KindGroup", "by_kind", "check_data", "counts"]


@dataclass(frozen=True)
class KindGroup:
    """The findings of one kind and severity, in the order in which the check gave them."""

    kind: str
    severity: str
    title: Words
    findings: tuple[EditionFinding, ...]


def by_kind(found: Sequence[EditionFinding]) -> list[KindGroup]:
    """Return findings in groups: errors before warnings before infos, then in the order of `KINDS`."""
    groups: dict[tuple[str, str], list[EditionFinding]] = {}
    for finding in found:
        groups.setdefault((finding.severity, finding.kind), []).append(finding)
    order = {kind: at for at, kind in enumerate(KINDS)}
    keys = sorted(groups, key=lambda key: (SEVERITIES.index(key[0]), order.get(key[1], len(order))))
    return [
        KindGroup(kind, grave, KINDS.get(kind, Words(kind, kind)), tuple(groups[grave, kind])) for grave, kind in keys
    ]


def counts(found: Sequence[EditionFinding]) -> dict[str, int]:
    """Return how many findings there are of each severity, none among them."""
    tally = Counter(finding.severity for finding in found)
    return {key: tally[key] for key in SEVERITIES}


def check_data(found: Sequence[EditionFinding], edition: Edition, as_of: date) -> dict[str, Any]:
    """Return a whole check as plain data: edition, day, tolerances, counts, findings."""
    land = edition.land
    sliver = land.sliver_m if land.sliver_m is not None else edition.units.accuracy_m
    kinds = [
        {"kind": group.kind, "severity": group.severity, "title": group.title.as_data(), "count": len(group.findings)}
        for group in by_kind(found)
    ]
    return {
        "edition": {
            "id": edition.id,
            "name": edition.name.as_data(),
            "illustrative": edition.is_illustrative,
            "units": len(edition.units.geometry),
            "clauses": edition.clause_count,
        },
        "as_of": as_of.isoformat(),
        "tolerance": {"noise_m": land.noise_m, "sliver_m": sliver},
        "summary": {**{f"{key}s": count for key, count in counts(found).items()}, "kinds": kinds},
        "findings": [finding.as_data() for finding in found],
    }
