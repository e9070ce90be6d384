"""A batch as arrays: sites and facts column by column, screened together; odd rows are read one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.core.errors import YudiError
from yudi.core.site_geometry import VERTICES_MAX
from yudi.engines.batches import Batch, Question, Refusal, Screened, screen_rows
from yudi.formats.project_files import place_of
from yudi.territory.batch.answers import BatchScreening
from yudi.territory.batch.columns import Column, FactColumns, read_columns
from yudi.territory.batch.ground import Ground
from yudi.territory.batch.places import PlaceTable
from yudi.territory.facts import Value
from yudi.territory.projects import carried_names, read_facts

__all__ = ["Desk"]

_KINDS = (0, 1, 3, 4, 5, 6)  # points, lines and polygons, and several of them
_FLAT = (pa.types.is_string, pa.types.is_large_string, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating)


class Desk:
    """What a process needs to screen batch after batch as arrays: what was worked out for one serves the next."""

    def __init__(self, question: Question, grounds: Sequence[Ground]) -> None:
        self._question = question
        self._grounds = tuple(grounds)
        self._screening = BatchScreening(question.editions, question.as_of)

    def takes(self, batch: Batch) -> bool:
        """Tell whether a batch is such that arrays serve it; in others rows have to say what is wrong with them."""
        if batch.ids is None:
            return False
        kinds = () if batch.columns is None else batch.columns.schema.types
        return all(any(is_kind(kind) for is_kind in _FLAT) for kind in kinds) and not self._is_wrong_beside(batch)

    def screen(self, batch: Batch) -> Screened:
        """Return the verdicts on a batch, row by row the same answer as for one project."""
        sites, wrong = self._sites(batch)
        rows = np.flatnonzero(~shapely.is_missing(sites))
        places = [ground.places(sites[rows]) for ground in self._grounds]
        if batch.is_region:
            is_there = _lie_somewhere(places)
            rows, places = rows[is_there], [table.of_sites(is_there) for table in places]
        there = sites[rows]
        found = self._screening.screened(self._facts(batch, rows), places, site_of=there.__getitem__)
        odd = dict(found.rejects)
        # What is wrong is said as for a single row, which is therefore read once more.
        again = screen_rows(self._question, [batch.raw(int(rows[row])) for row in odd])
        wrong |= dict(zip((int(rows[row]) for row in odd), again.refused, strict=True))
        kept = rows[found.rows]
        said = tuple(wrong[row] for row in sorted(wrong))
        return Screened(found.table, shapely.to_wkb(sites[kept]).tolist(), self._carried(batch, kept), said)

    def _beside(self, batch: Batch) -> Mapping[str, Value]:
        """Return the facts that are stated of every row."""
        return read_facts(batch.facts or {}, self._question.vocabulary)[0]

    def _is_wrong_beside(self, batch: Batch) -> bool:
        """Tell whether facts beside the file are wrong, or such as columns state too."""
        columns = () if batch.columns is None else batch.columns.column_names
        try:
            stated = self._beside(batch)
        except YudiError:
            return True
        if any(value.on is not None and value.on > self._question.today for value in stated.values()):
            return True
        own = read_columns({name: [] for name in columns}, self._question.vocabulary, []).columns
        return bool(set(columns) & set(batch.facts or ()) or set(own) & set(stated))

    def _facts(self, batch: Batch, rows: Any) -> FactColumns:
        assert batch.ids is not None, "asked of batches that arrays serve"
        question, chosen = self._question, pa.array(rows)
        table = pa.table({}) if batch.columns is None else batch.columns.take(chosen)
        raw = dict(zip(table.column_names, table.columns, strict=True))
        found = read_columns(raw, question.vocabulary, batch.ids.take(chosen), today=question.today)
        everywhere = np.zeros(len(rows), np.int32)
        beside = {key: Column((value,), everywhere) for key, value in self._beside(batch).items()}
        return replace(found, columns={**found.columns, **beside})

    def _carried(self, batch: Batch, rows: Any) -> dict[str, Sequence[Any]]:
        columns = {} if batch.columns is None else dict.fromkeys(batch.columns.column_names)
        names = carried_names({**columns, **(batch.facts or {})}, self._question.vocabulary)
        return {
            name: batch.columns.column(name).take(pa.array(rows)).to_pylist()
            if batch.columns is not None and name in columns
            else [(batch.facts or {}).get(name)] * len(rows)
            for name in names
        }

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
        & (shapely.get_num_coordinates(sites) <= VERTICES_MAX)
        & ((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90) & (east - west <= 180))
    )


def _lie_somewhere(places: Sequence[PlaceTable]) -> Any:
    """Tell the sites that lie in a unit of an edition, and not only touch it."""
    found = np.zeros(len(places[0]), bool)
    for table in places:
        found[table.site[~table.is_touch]] = True
    return found
