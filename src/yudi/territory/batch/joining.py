"""Places of some of the sites put together to one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yudi.territory.batch.places import Found, PlaceTable, codes_of
from yudi.territory.predicates import PlaceTest

__all__ = ["Kinds", "Some", "joined", "of_table"]


class Kinds:
    """What the codes of every test stand for, as they are met."""

    def __init__(self, tests: Sequence[PlaceTest]) -> None:
        self.rows: list[dict[Found, int]] = [{found: row for row, found in enumerate(codes_of(test))} for test in tests]

    def code(self, test: int, found: Found) -> int:
        """Return the code of what a test found."""
        return self.rows[test].setdefault(found, len(self.rows[test]))


@dataclass(frozen=True)
class Some:
    """Places of some of the sites: as `PlaceTable`, with codes as they were first met.

    Parameters
    ----------
    row : int array (sites)
        Row of each site in the table of all.
    count : int array (sites)
        Number of pairs.
    """

    row: Any
    codes: Any
    count: Any
    unit: Any
    is_touch: Any
    is_whole: Any
    part_codes: Any
    uncovered_share: Any


def of_table(kinds: Kinds, rows: Any, table: PlaceTable) -> Some:
    """Return a table of some of the sites with the codes of all."""
    codes, part_codes = table.codes.copy(), table.part_codes.copy()
    for row, found in enumerate(table.found):
        here = np.array([kinds.code(row, item) for item in found], np.uint8)
        codes[:, row], part_codes[:, row] = here[table.codes[:, row]], here[table.part_codes[:, row]]
    return Some(
        rows,
        codes,
        np.diff(table.first),
        table.unit,
        table.is_touch,
        table.is_whole,
        part_codes,
        table.uncovered_share,
    )


def joined(tests: tuple[PlaceTest, ...], kinds: Kinds, found: Sequence[Some]) -> PlaceTable:
    """Return the table of all sites, in their order."""
    order = np.argsort(np.concatenate([some.row for some in found]), kind="stable")
    counts = np.concatenate([some.count for some in found])
    first = np.concatenate([[0], np.cumsum(counts[order])]).astype(np.int64)
    start = np.cumsum(counts) - counts
    pairs = np.repeat(start[order] - first[:-1], counts[order]) + np.arange(first[-1])

    def column(name: str, rows: Any) -> Any:
        return np.concatenate([getattr(some, name) for some in found])[rows]

    table = PlaceTable(
        tests,
        column("codes", order),
        tuple(tuple(kind) for kind in kinds.rows),
        first,
        column("unit", pairs).astype(np.int32),
        column("is_touch", pairs).astype(bool),
        column("is_whole", pairs).astype(bool),
        column("part_codes", pairs),
        column("uncovered_share", order).astype(float),
    )
    return _in_order(table)


def _in_order(table: PlaceTable) -> PlaceTable:
    """Number the further codes of every test as they appear, site by site and unit by unit."""
    found = []
    at_site = np.arange(len(table)) + table.first[:-1]
    at_pair = np.arange(len(table.unit)) + table.site + 1
    never = np.iinfo(np.int64).max
    for row, kinds in enumerate(table.found):
        if len(kinds) > 3:
            places = np.full(len(kinds), never)
            np.minimum.at(places, table.codes[:, row], at_site)
            np.minimum.at(places, table.part_codes[:, row], at_pair)
            further = [code for code in np.argsort(places, kind="stable").tolist() if code > 2 and places[code] < never]
            number = np.zeros(len(kinds), np.uint8)
            number[[0, 1, 2, *further]] = np.arange(3 + len(further))
            table.codes[:, row] = number[table.codes[:, row]]
            table.part_codes[:, row] = number[table.part_codes[:, row]]
            kinds = tuple(kinds[code] for code in (0, 1, 2, *further))
        found.append(kinds)
    return replace(table, found=tuple(found))
