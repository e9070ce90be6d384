"""Some rows answered: what every clause does to them is looked up, and folded into the published columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yudi.core.errors import InputError
from yudi.territory.batch.chunk_rows import ChunkRows
from yudi.territory.batch.loops import Asking, Folded, Met, fold, meet, settle_deferring, strictest_cells
from yudi.territory.batch.places import PlaceTable
from yudi.territory.batch.row_lists import Lists, joined_lists, rows_of
from yudi.territory.batch.rule_arrays import BookArrays, RuleArrays
from yudi.territory.batch.rule_book import Derived
from yudi.territory.cells import Cell
from yudi.territory.edition import Edition
from yudi.territory.judged import VERDICTS, verdict_at

__all__ = ["LISTED", "SAID", "ChunkAnswers", "answered", "possible_lists", "unit_lists"]

SAID = (*VERDICTS, "undetermined")
# What `verdict_at` says, by whether the place is covered and the strictest cell.
_OF_CELL = np.array(
    [[SAID.index(verdict_at(cell, is_covered)) for cell in Cell] for is_covered in (False, True)], np.int32
)
LISTED = ("applied", "open", "unverified", "needs", "assuming")  # in the order of the folded lists


@dataclass(frozen=True)
class ChunkAnswers:
    """The answers of some rows in numbers, and what was wrong with rows, by their place in the batch.

    Parameters
    ----------
    verdict, presumed : int arrays (rows)
        Of `SAID`.
    possible : int array (rows)
        A bit for each verdict, see `possible_lists`.
    lists : mapping of column to (first, numbers)
        Of clauses, needs or texts of `RuleArrays`.
    """

    verdict: NDArray[np.int32]
    presumed: NDArray[np.int32]
    possible: NDArray[np.int64]
    lists: Mapping[str, Lists]
    errors: dict[int, InputError]


def answered(
    arrays: RuleArrays,
    rows: Sequence[ChunkRows],
    begin: int,
    *,
    is_covered: NDArray[np.bool_],
    is_single: NDArray[np.bool_],
) -> ChunkAnswers:
    """Return the answers of some rows.

    Parameters
    ----------
    rows : sequence of ChunkRows
        The same rows in every edition in force.
    begin : int
        Place of the first row in the batch.
    is_single : bool array
        Rows that are screened one by one; those that turn out to be such are set.
    """
    presumed = np.zeros(len(is_covered), np.int64)
    known: list[Met] = []
    for each, own in zip(rows, arrays.books, strict=True):
        known.append(_met(each, own, 0, is_single))
        later = _met(each, own, 1, is_single)
        strictest_cells(own.rules(), later, presumed)
    folded = _folded(arrays, rows, known, is_covered)
    lists = {
        name: (folded.end[number], folded.values[number, : folded.end[number, -1]].copy())
        for number, name in enumerate(LISTED)
    }
    verdict, guess = (_OF_CELL[is_covered.astype(np.intp), cells] for cells in (folded.strictest, presumed))
    return ChunkAnswers(verdict, guess, folded.possible, lists, _opposed(rows, is_single, begin))


def possible_lists(bits: NDArray[np.int64]) -> Lists:
    """Return which of `VERDICTS` are possible, strictest first; a bit stands for each."""
    numbers = [[value for value in (2, 1, 0) if each >> value & 1] for each in range(8)]
    first = np.concatenate([[0], np.cumsum([len(each) for each in numbers])])
    return rows_of((first, np.array([value for each in numbers for value in each], np.int32)), bits)


def unit_lists(places: Sequence[tuple[Edition, PlaceTable]]) -> tuple[Lists, list[str]]:
    """Return the units of each row, touches left out, edition by edition; and the codes that their numbers stand for."""
    parts: list[Lists] = []
    codes: list[str] = []
    for edition, table in places:
        is_in = ~table.is_touch
        before = np.concatenate([[0], np.cumsum(is_in)])
        parts.append((before[table.first], table.unit[is_in] + np.int32(len(codes))))
        codes += [edition.unit_code(unit) for unit in range(len(edition.units.geometry))]
    return joined_lists(parts), codes


def _met(rows: ChunkRows, arrays: BookArrays, stage: int, is_single: NDArray[np.bool_]) -> Met:
    """Return the clauses that do something in a stage, those left to other units taken off."""
    shelf = rows.book.judging
    if rows.grow(shelf):
        is_single[:] = True
    first = np.zeros(len(rows) + 1, np.int64)
    if not shelf.tables or is_single.all():
        return Met(first, np.empty((0, 3), np.int32))
    chunk = rows.chunk(shelf)
    items = np.empty((arrays.bound_count(rows.unit[~rows.is_touch], len(rows)), 3), np.int32)
    is_done = False
    while not is_done:
        pending = shelf.pending()
        is_done = meet(Asking(shelf.packed(stage), chunk, arrays.bound()), pending, Met(first, items))
        settled = shelf.settle(pending, stage, chunk.rows, chunk.pairs)
    items = items[: first[-1]]
    waits = items[:, 1] <= -2
    if waits.any():
        items[waits, 1] = settled[-2 - items[waits, 1]]
    met = Met(first, items)
    settle_deferring(chunk, arrays.rules(), met, is_single)
    return met


def _folded(
    arrays: RuleArrays, rows: Sequence[ChunkRows], known: Sequence[Met], is_covered: NDArray[np.bool_]
) -> Folded:
    """Fold the clauses of all editions into the answer of each row."""
    count = len(is_covered)
    if not rows:
        return Folded(
            is_covered,
            np.zeros(count, np.int64),
            np.full(count, 7),
            np.zeros((5, count + 1), np.int64),
            np.empty((6, 0), np.int32),
        )
    rules = arrays.rules()
    moved = []
    for (first, items), (bound, entry) in zip(known, arrays.offsets(), strict=True):
        items[:, 0] += bound
        items[items[:, 1] >= 0, 1] += entry
        moved.append((first, items))
    first, items = joined_lists(moved)
    arrays.grow_assumed()
    assumed = np.zeros((count, max(1, len(arrays.columns))), np.int32)
    for place, (number, column) in enumerate(arrays.columns):
        assumed[:, place] = rows[number].assumed(column, arrays.texts)
    lengths = np.diff(rules.need_start)
    room = max(len(items), int(lengths[items[items[:, 1] >= 0, 1]].sum()))
    out = Folded(
        is_covered,
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros((5, count + 1), np.int64),
        np.empty((6, room), np.int32),
    )
    fold(rules, arrays.assumed(assumed), Met(first, items), out)
    return out


def _opposed(rows: Sequence[ChunkRows], is_single: NDArray[np.bool_], begin: int) -> dict[int, InputError]:
    """Return what is wrong with rows that state the opposite of a rule: of several editions the first one's error."""
    found: dict[int, InputError] = {}
    for each in rows:
        entries: Sequence[Derived] = each.book.inferring.entries
        is_wrong = np.array([bool(entry.error) for entry in entries] or [False])
        if not is_wrong.any():
            continue
        wrong = is_wrong[each.groups]
        for row in np.flatnonzero(wrong.any(axis=0) & ~is_single).tolist():
            if row + begin in found:
                continue
            groups = np.flatnonzero(wrong[:, row])
            if len(groups) > 1:  # the first of several is found by inferring all at once
                is_single[row] = True
                continue
            found[row + begin] = each.book.errors[entries[int(each.groups[groups[0], row])].error]
    return {row: error for row, error in found.items() if not is_single[row - begin]}
