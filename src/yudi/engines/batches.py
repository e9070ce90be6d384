"""A batch of rows, and the one call that screens it: every engine calls this, and nothing else decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yudi.core.errors import YudiError
from yudi.formats.project_files import RawProject, project_from
from yudi.territory.edition import Edition
from yudi.territory.facts import Vocabulary
from yudi.territory.projects import Project
from yudi.territory.tables import row_of, screen_many, table_of

if TYPE_CHECKING:
    from yudi.engines.arrays import Desk

__all__ = ["Batch", "Question", "Refusal", "Screened", "screen_batch", "screen_rows"]

_FEW = 500  # fewer rows are answered sooner than compiled loops are loaded


@dataclass(frozen=True)
class Question:
    """What is asked of every batch of a run.

    Parameters
    ----------
    as_of : date
        Day on which the question is asked.
    today : date
        Day on which the run was begun: no answer of a person may be later.
    folders : tuple of Path
        Of the editions, where their maps may be kept ready; none of editions that are in no folder.
    """

    editions: tuple[Edition, ...]
    vocabulary: Vocabulary
    as_of: date
    today: date
    folders: tuple[Path | None, ...] = ()

    @cached_property
    def desk(self) -> Desk:
        """Return what screens batches as arrays, made ready once."""
        # Compiled loops take a second to load, which one project does not need.
        from yudi.engines.arrays import Desk
        from yudi.stores.compiled_maps import ground_of

        folders = self.folders or (None,) * len(self.editions)
        return Desk(self, [ground_of(*pair) for pair in zip(self.editions, folders, strict=True)])


@dataclass(frozen=True)
class Batch:
    """Rows of one file that are screened together.

    Parameters
    ----------
    file : str
        Name for messages.
    count : int
        Number of rows.
    raw : callable
        Gives the project of a row, by its place in the batch from 0; None of an empty row.
    columns : pyarrow.Table or None
        The same rows as columns under the names of the file, without id and place; None where rows differ in kind.
    shapes : object array of shapely geometries in lon/lat or None
        Where the file holds them as such; None in it where a row's geometry cannot be read.
    facts : mapping
        What is stated beside the file, of every row.
    ids : pyarrow string Array or None
        Names of the rows, where there are `columns` or `shapes`.
    is_region : bool
        The rows are places of a region: those that lie in no unit are left out.
    """

    file: str
    count: int
    raw: Callable[[int], RawProject | None]
    columns: pa.Table | None = None
    shapes: np.ndarray[Any, Any] | None = None
    facts: Mapping[str, Any] | None = None
    ids: pa.Array | None = None
    is_region: bool = False


@dataclass(frozen=True)
class Refusal:
    """A row that could not be screened: where it stands, and what is wrong."""

    id: str
    error: YudiError


@dataclass(frozen=True)
class Screened:
    """What came of a batch; all rows that were answered, in their order.

    Parameters
    ----------
    verdicts : pyarrow.Table
        The published columns of `yudi.territory.tables`.
    sites : sequence of bytes
        Well-known binary, lon/lat.
    carried : mapping of name to values
        Columns that no fact is.
    refused : tuple of Refusal
        The other rows.
    """

    verdicts: pa.Table
    sites: Sequence[bytes]
    carried: Mapping[str, Sequence[Any]]
    refused: tuple[Refusal, ...]

    def in_units(self) -> Screened:
        """Return the rows that lie in a unit."""
        rows = np.flatnonzero(np.asarray(pc.list_value_length(self.verdicts.column("units")))).tolist()
        carried = {name: [values[row] for row in rows] for name, values in self.carried.items()}
        return Screened(self.verdicts.take(pa.array(rows)), [self.sites[row] for row in rows], carried, self.refused)


def screen_batch(question: Question, batch: Batch) -> Screened:
    """Return the verdicts on a batch, row by row the same answer as for one project; a bad row stops no other."""
    # Several editions that bear on one another are asked row by row: as arrays they are not proved equal yet.
    is_alone = len(question.editions) == 1
    if is_alone and batch.ids is not None and batch.count >= _FEW and question.desk.takes(batch):
        return question.desk.screen(batch)
    found = screen_rows(question, [batch.raw(index) for index in range(batch.count)])
    return found.in_units() if batch.is_region else found


def screen_rows(question: Question, rows: Sequence[RawProject | None]) -> Screened:
    """Return the verdicts on rows, screened one by one; empty rows are left out."""
    raws = [raw for raw in rows if raw is not None]
    found: list[dict[str, Any]] = []
    carried: list[Mapping[str, Any]] = []
    sites: list[bytes] = []
    refused: list[Refusal] = []
    makers = (partial(_made, raw, question) for raw in raws)
    for raw, answer in zip(raws, screen_many(makers, question.editions, as_of=question.as_of), strict=True):
        if isinstance(answer, YudiError):
            refused.append(Refusal(raw.id, answer))
            continue
        found.append(row_of(answer))
        sites.append(answer.project.site.wkb)
        carried.append(answer.project.carried)
    names = dict.fromkeys(name for row in carried for name in row)
    return Screened(
        table_of(found), sites, {name: [row.get(name) for row in carried] for name in names}, tuple(refused)
    )


def _made(raw: RawProject, question: Question) -> Project:
    return project_from(raw, question.vocabulary, today=question.today)
