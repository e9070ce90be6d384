"""One project at every hexagon of a region: a source of batches like a file with a row for each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.core.errors import InputError, Where
from yudi.engines.batches import Batch
from yudi.engines.sources import Span
from yudi.formats.hexagons import cells_below, hexagons_below, parents_of
from yudi.formats.project_files import facts_from, read_projects, with_facts
from yudi.formats.raw_projects import RawProject
from yudi.formats.sites.plots import Asked
from yudi.territory.edition import Edition
from yudi.territory.facts import Vocabulary
from yudi.territory.projects import Project, restated
from yudi.territory.ways_out.proofs import said_of_place

__all__ = ["HexagonSource"]


class HexagonSource:
    """The hexagons of the editions' units, each with the facts of one project, without what it says of its own site.

    Parameters
    ----------
    path : Path
        File with the one project; its site does not count.
    resolution : int
        Of H3.
    today : date
        Day on which the run was begun: no answer of a person may be later.

    Raises
    ------
    YudiError
        Where the file does not hold one project, or its facts are wrong.
    """

    def __init__(
        self,
        path: Path,
        asked: Asked,
        facts: Mapping[str, Any],
        *,
        resolution: int,
        editions: Sequence[Edition],
        vocabulary: Vocabulary,
        today: date,
    ) -> None:
        self.file, self._resolution = path.name, resolution
        raws = read_projects(path, asked=asked)
        if len(raws) != 1:
            hint = "a map is of one kind of project: give its facts in a file of their own"
            raise InputError(f"expected one project, got {len(raws)}", where=Where(self.file), hint=hint)
        (raw,) = raws
        both = with_facts(raw, facts)
        if both.geometry is not raw.geometry:  # that is where a fact stated twice is told; its own site does not count
            raise both.geometry
        known, _ = facts_from(both, vocabulary, today=today)
        own = said_of_place(Project(raw.id, shapely.Point(), known), editions)
        self._facts = restated(both.facts, dict.fromkeys(own), vocabulary)
        shapes = np.concatenate([edition.units.geometry for edition in editions])
        self._bounds: tuple[float, float, float, float] = tuple(shapely.total_bounds(shapes).tolist())
        self._parents = parents_of(shapely.STRtree(shapes), resolution)
        self._below = cells_below(resolution)
        self.total: int | None = len(self._parents) * self._below

    def statements(self) -> Sequence[Mapping[str, Any]]:
        """Return what every row states."""
        return [self._facts]

    def spans(self, size: int) -> Iterator[Span]:
        """Yield the batches: the cells below some parents each, about so many."""
        step = max(1, size // self._below)
        count = len(self._parents)
        for first in range(0, count, step):
            last = min(first + step, count)
            yield Span(first * self._below, (last - first) * self._below, share=last / count)

    def read(self, span: Span) -> Batch:
        """Return the cells of a span, but those far from all units."""
        first, last = span.first // self._below, (span.first + span.count) // self._below
        found = hexagons_below(self._parents[first:last], self._resolution, self._bounds)
        names, shapes = found.names(), found.shape

        def raw(index: int) -> RawProject:
            geometry = json.loads(shapely.to_geojson(shapes[index]))
            given = {"id": names[index], "facts": dict(self._facts)}
            return RawProject(names[index], geometry, self._facts, given, Where(self.file, field=names[index]))

        return Batch(
            self.file,
            len(names),
            raw,
            shapes=shapes,
            facts=self._facts,
            ids=pa.array(names, pa.string()),
            is_region=True,
        )
