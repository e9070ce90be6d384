"""Rows answered at once and one by one, to be held against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from yudi.core.errors import InputError
from yudi.territory.batch.answers import BatchScreening, Screened
from yudi.territory.batch.columns import read_columns
from yudi.territory.batch.places import places_one_by_one
from yudi.territory.edition import Edition
from yudi.territory.projects import Project, read_facts
from yudi.territory.screening import screen
from yudi.territory.tables import row_of

__all__ = ["screened_at_once", "unlike"]

Row = Mapping[str, Any]


def screened_at_once(
    sites: Sequence[BaseGeometry], rows: Sequence[Row], editions: Sequence[Edition], day: date, **more: Any
) -> Screened:
    """Return the answers of the batch."""
    names = dict.fromkeys(key for row in rows for key in row)
    columns = {key: [row.get(key) for row in rows] for key in names}
    projects = read_columns(columns, editions[0].rules.vocabulary, [f"P{row}" for row in range(len(rows))])
    places = [places_one_by_one(edition, sites) for edition in editions]
    screening = more.pop("screening", None) or BatchScreening(editions, day)
    return screening.screened(projects, places, site_of=lambda row: sites[row])


def unlike(
    sites: Sequence[BaseGeometry], rows: Sequence[Row], editions: Sequence[Edition], day: date, **more: Any
) -> list[tuple[int, Any, Any]]:
    """Return the rows whose answer, or whose error, is not that of a single screening: row, at once, alone."""
    found = screened_at_once(sites, rows, editions, day, **more)
    at_once: dict[int, Any] = {row: str(error) for row, error in found.rejects}
    at_once |= dict(zip(found.rows.tolist(), found.table.to_pylist(), strict=True))
    names = dict.fromkeys(key for row in rows for key in row)
    alone: dict[int, Any] = {}
    for number, (site, row) in enumerate(zip(sites, rows, strict=True)):
        try:
            facts, carried = read_facts({key: row.get(key) for key in names}, editions[0].rules.vocabulary)
            project = Project(f"P{number}", site, facts, carried)
            alone[number] = row_of(screen(project, editions, as_of=day))
        except InputError as error:
            alone[number] = str(error)
    return [(row, at_once.get(row), said) for row, said in alone.items() if at_once.get(row) != said]
