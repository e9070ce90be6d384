"""Ids that several editions asked together have: where questions about them name the edition, and where that hangs on the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yudi.territory.batch.places import PlaceTable
from yudi.territory.edition import NOWHERE, WHOLE_PLACE, Edition

__all__ = ["SharedNames"]


class SharedNames:
    """Ids of several editions in force.

    An id that is bound to the whole place in all editions that have it is settled once; of others it hangs on the
    units that a row meets whether editions speak under one id, and such rows are rare.
    """

    def __init__(self, editions: Sequence[Edition]) -> None:
        self._editions = tuple(editions)
        self._settled: frozenset[str] = frozenset()
        self._names: tuple[str, ...] = ()
        if len(editions) > 1:
            self._compare()

    @property
    def in_doubt(self) -> frozenset[str]:
        """Ids of which it hangs on the row which editions speak; where one does, the others answer nothing to it."""
        return frozenset(self._names)

    def asked_as(self, number: int) -> dict[str, str]:
        """Return what the ids of an edition are called in questions, where that is not the id alone."""
        edition = self._editions[number]
        return {name: edition.own_name(name) for name in self._settled if name in edition.bindings.names}

    def rows_in_doubt(self, places: Sequence[PlaceTable], count: int) -> NDArray[np.bool_]:
        """Tell the rows in which several editions speak under an id of which that hangs on the row."""
        met = np.zeros((count, len(self._names)), np.int32)
        for edition, table in zip(self._editions, places, strict=True):
            there = self._bound(edition)
            own = np.broadcast_to(there[-1], met.shape).copy()
            np.logical_or.at(own, table.site, there[table.unit])
            met += own
        return np.asarray((met > 1).any(axis=1), bool)

    def _compare(self) -> None:
        there: dict[str, list[tuple[int, int]]] = defaultdict(list)
        common = self._common()
        for number, edition in enumerate(self._editions):
            for row, unit in enumerate(edition.bindings.unit.tolist()):
                if unit != NOWHERE and edition.bindings.ids[row] in common:
                    there[edition.bindings.ids[row]].append((number, row))
        settled, names = set(), []
        for name, rows in there.items():
            if len({id(self._editions[number]) for number, _ in rows}) < 2:
                continue
            bindings = [(self._editions[number], row) for number, row in rows]
            items = [edition.rules.clauses[int(edition.bindings.clause[row])] for edition, row in bindings]
            differs = len({(item.effect, item.text) for item in items}) > 1
            answers = any(item.is_in_words or item.silent_for for item in items)
            is_wide = all(int(edition.bindings.unit[row]) == WHOLE_PLACE for edition, row in bindings)
            if differs and is_wide:
                settled.add(name)
            elif differs or (answers and not is_wide):
                names.append(name)
        self._settled, self._names = frozenset(settled), tuple(names)

    def _common(self) -> frozenset[str]:
        seen: set[str] = set()
        common: set[str] = set()
        for edition in {id(edition): edition for edition in self._editions}.values():
            common |= seen & edition.bindings.names
            seen |= edition.bindings.names
        return frozenset(common)

    def _bound(self, edition: Edition) -> NDArray[np.bool_]:
        """Return which ids in doubt each unit has; the last row is the whole place's."""
        found = np.zeros((len(edition.units.geometry) + 1, len(self._names)), bool)
        places = {name: place for place, name in enumerate(self._names)}
        for row, unit in enumerate(edition.bindings.unit.tolist()):
            place = places.get(edition.bindings.ids[row])
            if place is not None and unit != NOWHERE:
                found[unit, place] = True  # the whole place, -1, is the last row
        return found
