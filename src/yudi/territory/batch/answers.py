"""Many projects held against editions at once: the published table, row by row what `screen` says of each.

Rows of rare form (see `regularity`) are screened one by one; how many is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError
from yudi.territory.batch.chunk_rows import ChunkRows, Stated, StatusSets
from yudi.territory.batch.chunks import LISTED, SAID, ChunkAnswers, answered, possible_lists, unit_lists
from yudi.territory.batch.columns import FactColumns, Rejects
from yudi.territory.batch.coverage import uncovered_shares
from yudi.territory.batch.places import PlaceTable
from yudi.territory.batch.row_lists import list_column, rows_of, stacked, text_column
from yudi.territory.batch.rule_arrays import RuleArrays
from yudi.territory.batch.rule_book import RuleBook
from yudi.territory.batch.shared_names import SharedNames
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.judged import VERDICTS
from yudi.territory.projects import Project
from yudi.territory.screening import screen
from yudi.territory.tables import COLUMNS, row_of, table_of

__all__ = ["BatchScreening", "Screened"]

_CHUNKS = (256, 2_048, 16_384)  # rows at once: few at first, while there is much to work out
SiteOf = Callable[[int], BaseGeometry]


@dataclass(frozen=True)
class Screened:
    """The answers of a batch.

    Parameters
    ----------
    table : pyarrow Table
        The published columns, a row for every project that could be answered.
    rows : int64 array
        Which row of the batch each row of the table is.
    rejects : Rejects
        Rows that could not be answered, and why.
    single : int
        Rows that were screened one by one.
    """

    table: pa.Table
    rows: NDArray[np.int64]
    rejects: Rejects
    single: int


def _no_site(row: int) -> BaseGeometry:
    raise InputError(f"the site of row {row} is needed, got none", hint="give site_of with the batch")


class BatchScreening:
    """Editions on a day, ready for batch after batch; what was worked out for one batch serves the next.

    To be used by one thread at a time.

    Parameters
    ----------
    is_encoded : bool
        Leave the texts of lists in a dictionary, which takes a fifth of the memory; the texts are the same.

    Raises
    ------
    InputError
        For an inference row that gives what no vocabulary knows.
    """

    def __init__(self, editions: Sequence[Edition], as_of: date, *, is_encoded: bool = False) -> None:
        self.editions = tuple(editions)
        self.is_encoded = is_encoded
        self.as_of = as_of
        self.in_force = tuple(edition.period.contains(as_of) for edition in editions)
        counting = [edition for edition, counts in zip(editions, self.in_force, strict=True) if counts]
        self.books = [RuleBook(edition, as_of) for edition in counting]
        self.shared = SharedNames(counting)
        self.arrays = RuleArrays(self.books, self.shared)
        self.sets = [StatusSets(book) for book in self.books]
        kinds = [book.regularity for book in self.books]
        self._rare_units = [
            own.rare_units.union(*(own.beside(other) for other in kinds if other is not own)) for own in kinds
        ]

    @property
    def worked_out(self) -> int:
        """How many combinations were worked out so far."""
        shelves = [shelf for book in self.books for shelf in (book.inferring, book.concerning, book.judging)]
        return sum(shelf.worked_out for shelf in shelves)

    def screened(
        self, projects: FactColumns, places: Sequence[PlaceTable], *, site_of: SiteOf | None = None
    ) -> Screened:
        """Return the answers of a batch.

        Parameters
        ----------
        projects : FactColumns
            The facts of every row.
        places : sequence of PlaceTable
            Where the rows' sites lie, one an edition.
        site_of : callable
            Gives the site of a row (lon/lat), which rows of rare form need.

        Raises
        ------
        InputError
            Where a row of rare form has no site.
        """
        site = site_of or _no_site
        is_single = self._rare_rows(projects, places)
        shares = uncovered_shares(self.editions, self.in_force, places, site_of=site)
        is_covered = (shares == 0) & any(self.in_force)
        stated = [_stated(book, projects) for book in self.books]
        counting = [table for table, counts in zip(places, self.in_force, strict=True) if counts]
        parts: list[ChunkAnswers] = []
        begin = 0
        while begin < len(projects):
            end = min(len(projects), begin + _CHUNKS[min(len(parts), len(_CHUNKS) - 1)])
            rows = [
                ChunkRows(book, own, table, begin, end, sets)
                for book, own, table, sets in zip(self.books, stated, counting, self.sets, strict=True)
            ]
            span = slice(begin, end)
            parts.append(answered(self.arrays, rows, begin, is_covered=is_covered[span], is_single=is_single[span]))
            begin = end
        errors = {row: error for part in parts for row, error in part.errors.items()} | dict(projects.rejects)
        singles = self._singles(projects, is_single, errors, site)
        is_left = ~is_single
        is_left[list(errors)] = False
        at_once = np.flatnonzero(is_left)
        table = self._table(parts, places, shares, at_once)
        table = table.add_column(0, "id", _chosen(projects.ids, at_once))
        if singles:
            both = np.concatenate([at_once, np.array(list(singles), np.int64)])
            further = table_of(list(singles.values())).cast(table.schema)
            table = pa.concat_tables([table, further]).combine_chunks().take(pa.array(np.argsort(both)))
            at_once = np.sort(both)
        return Screened(table, at_once, _rejects(errors), len(singles))

    def _singles(
        self, projects: FactColumns, is_single: NDArray[np.bool_], errors: dict[int, InputError], site: SiteOf
    ) -> dict[int, dict[str, object]]:
        """Return the answers of rows that are screened one by one; what is wrong with one is put to the errors."""
        found = {}
        for row in np.flatnonzero(is_single).tolist():
            if row not in errors:
                try:
                    found[row] = self._one(projects, row, site(row))
                except InputError as error:
                    errors[row] = error
        return found

    def _table(
        self,
        parts: Sequence[ChunkAnswers],
        places: Sequence[PlaceTable],
        shares: NDArray[np.float64],
        rows: NDArray[np.int64],
    ) -> pa.Table:
        """Return the published columns of some rows, but for their names."""
        numbers = {
            name: np.concatenate([np.empty(0, np.int64), *(getattr(part, name) for part in parts)]).astype(np.int64)
            for name in ("verdict", "presumed", "possible")
        }
        units, codes = unit_lists(list(zip(self.editions, places, strict=True)))
        stocks = {"needs": self.arrays.needs.texts, "assuming": self.arrays.texts.texts}
        lists = {
            name: (stacked([part.lists[name] for part in parts]), stocks.get(name, self.arrays.ids)) for name in LISTED
        }
        lists |= {"units": (units, codes), "possible": (possible_lists(numbers["possible"]), list(VERDICTS))}
        is_all = len(rows) == len(shares)
        columns = {
            name: list_column(each if is_all else rows_of(each, rows), texts, is_encoded=self.is_encoded)
            for name, (each, texts) in lists.items()
        }
        columns |= {name: text_column(numbers[name][rows], SAID) for name in ("verdict", "presumed")}
        columns["uncovered_share"] = pa.array(shares[rows], pa.float64())
        return pa.table({name: columns[name] for name in COLUMNS[1:]})

    def _rare_rows(self, projects: FactColumns, places: Sequence[PlaceTable]) -> NDArray[np.bool_]:
        """Tell the rows that have to be screened one by one."""
        count = len(projects)
        counting = [table for table, counts in zip(places, self.in_force, strict=True) if counts]
        found = self.shared.rows_in_doubt(counting, count)
        for book, table, rare_units in zip(self.books, counting, self._rare_units, strict=True):
            regularity = book.regularity
            if WHOLE_PLACE in rare_units:
                return np.ones(count, bool)
            if rare_units:
                is_met = np.isin(table.unit, list(rare_units))
                found[table.site[is_met]] = True
            for key, column in projects.columns.items():
                if key in regularity.filled_keys or key.rpartition("@")[0] in regularity.filled_keys:
                    found |= column.codes >= 0
        return found

    def _one(self, projects: FactColumns, row: int, site: BaseGeometry) -> dict[str, object]:
        project = Project(str(projects.ids[row].as_py()), site, projects.facts(row))
        return row_of(screen(project, self.editions, as_of=self.as_of))


def _chosen(ids: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    return ids if len(rows) == len(ids) else ids.take(pa.array(rows))


def _stated(book: RuleBook, projects: FactColumns) -> Stated:
    classes = {
        key: book.facts[key].of_column(column)
        for key, column in projects.columns.items()
        if key in book.facts and not book.is_status(key)
    }
    return Stated(projects.columns, classes)


def _rejects(errors: dict[int, InputError]) -> Rejects:
    rows = sorted(errors)
    numbers: dict[int, int] = {}
    kinds: list[InputError] = []
    codes = []
    for row in rows:
        error = errors[row]
        number = numbers.setdefault(id(error), len(kinds))
        if number == len(kinds):
            kinds.append(error)
        codes.append(number)
    return Rejects(np.array(rows, np.int64), np.array(codes, np.int32), tuple(kinds))
