"""A batch as arrays: sites and facts column by column, screened together; odd rows are read one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.core.errors import YudiError
from yudi.engines.batches import Batch, Question, Refusal, Screened, screen_rows
from yudi.formats.project_files import place_of
from yudi.territory.batch.answers import BatchScreening
from yudi.territory.batch.columns import read_columns
from yudi.territory.batch.ground import Ground
from yudi.territory.projects import carried_names

__all__ = ["Desk"]

_FEW = 64  # rows for which arrays do not pay
_KINDS = (0, 1, 3, 4, 5, 6)  # points, lines and polygons, and several of them
_VERTICES = 100_000  # as many as `read_site` takes
_FLAT = (pa.types.is_string, pa.types.is_large_string, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating)


class Desk:
    """What a process needs to screen batch after batch as arrays: what was worked out for one serves the next."""

    def __init__(self, question: Question, grounds: Sequence[Ground]) -> None:
        self._question = question
        self._grounds = tuple(grounds)
        self._screening = BatchScreening(question.editions, question.as_of)

    def takes(self, batch: Batch) -> bool:
        """Tell whether a batch is such that arrays serve it."""
        columns = batch.columns
        if columns is None or batch.ids is None or batch.count < _FEW:
            return False
        is_stated_twice = any(name in columns.column_names for name in batch.facts or ())
        return not is_stated_twice and all(any(is_kind(kind) for is_kind in _FLAT) for kind in columns.schema.types)

    def screen(self, batch: Batch) -> Screened:
        """Return the verdicts on a batch, row by row the same answer as for one project."""
        assert batch.columns is not None, "asked of batches that `takes` tells"
        assert batch.ids is not None, "asked of batches that `takes` tells"
        sites, wrong = self._sites(batch)
        rows = np.flatnonzero(~shapely.is_missing(sites))
        columns = batch.columns.take(pa.array(rows))
        facts = read_columns(
            {**dict(zip(columns.column_names, columns.columns, strict=True)), **_repeated(batch.facts, len(rows))},
            self._question.vocabulary,
            batch.ids.take(pa.array(rows)),
            today=self._question.today,
        )
        there = sites[rows]
        places = [ground.places(there) for ground in self._grounds]
        found = self._screening.screened(facts, places, site_of=there.__getitem__)
        odd = dict(found.rejects)
        # What is wrong is said as for a single row, which is therefore read once more.
        again = screen_rows(self._question, [batch.raw(int(rows[row])) for row in odd])
        kept = rows[found.rows]
        names = carried_names(dict.fromkeys(batch.columns.column_names), self._question.vocabulary)
        carried = {name: batch.columns.column(name).take(pa.array(kept)).to_pylist() for name in names}
        wrong |= dict(zip((int(rows[row]) for row in odd), again.refused, strict=True))
        return Screened(
            found.table, shapely.to_wkb(sites[kept]).tolist(), carried, tuple(wrong[row] for row in sorted(wrong))
        )

    def _sites(self, batch: Batch) -> tuple[Any, dict[int, Refusal]]:
        """Return the sites in lon/lat, None of empty and of wrong rows; and what is wrong with the latter."""
        sites = np.full(batch.count, None, object) if batch.shapes is None else batch.shapes.copy()
        odd = np.flatnonzero(~_are_plain(sites))
        sites[odd] = None
        wrong: dict[int, Refusal] = {}
        for row in odd.tolist():
            raw = batch.raw(row)
            if raw is None:
                continue
            try:
                sites[row] = place_of(raw)[0]
            except YudiError as error:
                wrong[row] = Refusal(raw.id, error)
        return sites, wrong


def _are_plain(sites: Any) -> Any:
    """Tell the sites that are taken as they are; others are read one by one, mended or refused."""
    west, south, east, north = shapely.bounds(sites).T
    return (
        np.isin(shapely.get_type_id(sites), _KINDS)
        & ~shapely.is_empty(sites)
        & ~shapely.has_z(sites)
        & shapely.is_valid(sites)
        & (shapely.get_num_coordinates(sites) <= _VERTICES)
        & ((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90) & (east - west <= 180))
    )


def _repeated(facts: Mapping[str, Any] | None, count: int) -> dict[str, Any]:
    """Return what is stated of every row as columns."""
    return {key: [value] * count for key, value in (facts or {}).items()}
