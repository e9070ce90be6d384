"""Some rows answered: what every clause does to them is looked up, and folded into the published columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yudi.core.errors import InputError
from yudi.territory.batch.chunk_rows import ChunkRows
from yudi.territory.batch.loops import Folded, fold, meet, settle_deferring, strictest_cells
from yudi.territory.batch.places import PlaceTable
from yudi.territory.batch.row_lists import joined_lists, list_column, text_column
from yudi.territory.batch.rule_arrays import BookArrays, RuleArrays
from yudi.territory.batch.rule_book import Derived
from yudi.territory.edition import Edition
from yudi.territory.judged import VERDICTS

__all__ = ["ChunkAnswers", "answered"]

_SAID = ("admissible", "conditional", "prohibited", "undetermined")
_OF_CELL = np.array([0, 0, 0, 1, 1, 3, 2], np.int32)  # as `verdict_at` says of a covered place
_PROHIBITED, _UNDETERMINED = 2, 3
Items = tuple[NDArray[np.int64], NDArray[np.int32]]


@dataclass(frozen=True)
class ChunkAnswers:
    """The published columns of some rows but for their names, and what was wrong with rows, by their place in the batch."""

    table: pa.Table
    errors: dict[int, InputError]


def answered(
    arrays: RuleArrays,
    rows: Sequence[ChunkRows],
    places: Sequence[tuple[Edition, PlaceTable]],
    span: tuple[int, int],
    *,
    shares: NDArray[np.float64],
    is_single: NDArray[np.bool_],
) -> ChunkAnswers:
    """Return the answers of the rows of a span.

    Parameters
    ----------
    rows : sequence of ChunkRows
        The same rows in every edition in force.
    shares : float array
        What of each site is in no unit.
    is_single : bool array
        Rows that are screened one by one; those that turn out to be such are set.
    """
    count = span[1] - span[0]
    is_covered = (shares == 0) & bool(rows)
    presumed = np.zeros(count, np.int64)
    known: list[Items] = []
    for each, own in zip(rows, arrays.books, strict=True):
        known.append(_met(each, own, 0, is_single))
        first, items = _met(each, own, 1, is_single)
        strictest_cells(own.rules(), first, items, presumed)
    folded = _folded(arrays, rows, known, is_covered)
    texts = pa.array(arrays.texts.texts, pa.string())
    ids, needs = pa.array(arrays.ids, pa.string()), pa.array(arrays.needs.texts, pa.string())
    first, codes, names = _units(places, span)
    columns = {
        "verdict": _verdicts(folded.strictest, is_covered),
        "presumed": _verdicts(presumed, is_covered),
        "possible": _possible(folded.possible),
        "units": list_column(first, codes, names),
        "applied": _listed(folded, 0, ids),
        "open": _listed(folded, 1, ids),
        "needs": _listed(folded, 3, needs),
        "uncovered_share": pa.array(shares, pa.float64()),
        "assuming": _listed(folded, 4, texts),
        "unverified": _listed(folded, 2, ids),
    }
    return ChunkAnswers(pa.table(columns), _opposed(rows, is_single, span[0]))


def _met(rows: ChunkRows, arrays: BookArrays, stage: int, is_single: NDArray[np.bool_]) -> Items:
    """Return the clauses that do something in a stage, those left to other units taken off."""
    shelf = rows.book.judging
    if rows.grow(shelf):
        is_single[:] = True
    first = np.zeros(len(rows) + 1, np.int64)
    if not shelf.tables or is_single.all():
        return first, np.empty((0, 3), np.int32)
    chunk = rows.chunk(shelf)
    items = np.empty((arrays.bound_count(rows.unit[~rows.is_touch], len(rows)), 3), np.int32)
    is_done = False
    while not is_done:
        pending = shelf.pending()
        is_done = meet(shelf.packed(stage), chunk, arrays.bound(), pending, first, items) == len(rows)
        settled = shelf.settle(pending, stage, chunk.rows, chunk.pairs)
    items = items[: first[-1]]
    waits = items[:, 1] <= -2
    if waits.any():
        items[waits, 1] = settled[-2 - items[waits, 1]]
    settle_deferring(chunk, arrays.rules(), first, items, is_single)
    return first, items


def _folded(
    arrays: RuleArrays, rows: Sequence[ChunkRows], known: Sequence[Items], is_covered: NDArray[np.bool_]
) -> Folded:
    """Fold the clauses of all editions into the answer of each row."""
    count = len(is_covered)
    rules = arrays.rules()
    moved = []
    for (first, items), (bound, entry) in zip(known, arrays.offsets(), strict=True):
        items[:, 0] += bound
        items[items[:, 1] >= 0, 1] += entry
        moved.append((first, items))
    first, items = joined_lists(moved) if moved else (np.zeros(count + 1, np.int64), np.empty((0, 3), np.int32))
    arrays.grow_assumed()
    assumed = np.zeros((count, max(1, len(arrays.columns))), np.int32)
    for place, (number, column) in enumerate(arrays.columns):
        assumed[:, place] = rows[number].assumed(column, arrays.texts)
    lengths = np.diff(rules.need_start)
    room = max(len(items), int(lengths[items[items[:, 1] >= 0, 1]].sum()))
    out = Folded(
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros((5, count + 1), np.int64),
        np.empty((6, room), np.int32),
    )
    fold(rules, arrays.assumed(assumed), first, items, is_covered, out)
    return out


def _listed(folded: Folded, number: int, texts: pa.Array) -> pa.Array:
    first = folded.end[number]
    return list_column(first, folded.values[number, : first[-1]], texts)


def _verdicts(strictest: NDArray[np.int64], is_covered: NDArray[np.bool_]) -> pa.Array:
    said = _OF_CELL[strictest]
    return text_column(np.where(is_covered | (said == _PROHIBITED), said, _UNDETERMINED), _SAID)


def _possible(bits: NDArray[np.int64]) -> pa.Array:
    """Return the verdicts that are possible, strictest first; a bit stands for each."""
    lists = [[VERDICTS[value] for value in (2, 1, 0) if bits >> value & 1] for bits in range(8)]
    return pa.array(lists, pa.list_(pa.string())).take(pa.array(bits, pa.int32()))


def _units(
    places: Sequence[tuple[Edition, PlaceTable]], span: tuple[int, int]
) -> tuple[NDArray[Any], NDArray[Any], pa.Array]:
    """Return the units of each row, touches left out, edition by edition: where lists begin, numbers, codes."""
    parts, codes = [], []
    for edition, table in places:
        first = table.first[span[0] : span[1] + 1]
        pairs = slice(int(first[0]), int(first[-1]))
        is_in = ~table.is_touch[pairs]
        before = np.concatenate([[0], np.cumsum(is_in)])
        parts.append((before[first - first[0]], table.unit[pairs][is_in] + np.int32(len(codes))))
        codes += [edition.unit_code(unit) for unit in range(len(edition.units.geometry))]
    first, numbers = joined_lists(parts)
    return first, numbers, pa.array(codes, pa.string())


def _opposed(rows: Sequence[ChunkRows], is_single: NDArray[np.bool_], begin: int) -> dict[int, InputError]:
    """Return what is wrong with rows that state the opposite of a rule: of several editions the first one's error."""
    found: dict[int, InputError] = {}
    for each in rows:
        entries: Sequence[Derived] = each.book.inferring.entries
        is_wrong = np.array([bool(entry.error) for entry in entries] or [False])
        if not is_wrong.any():
            continue
        wrong = is_wrong[each.groups]
        for row in np.flatnonzero(wrong.any(axis=1) & ~is_single).tolist():
            if row + begin in found:
                continue
            groups = np.flatnonzero(wrong[row])
            if len(groups) > 1:  # the first of several is found by inferring all at once
                is_single[row] = True
                continue
            found[row + begin] = each.book.errors[entries[int(each.groups[row, groups[0]])].error]
    return {row: error for row, error in found.items() if not is_single[row - begin]}
