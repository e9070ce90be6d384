"""Screens project files for the command line; what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from yudi.api import vocabulary_of
from yudi.core.errors import InputError, Where, YudiError
from yudi.formats.project_files import RawProject, project_from, read_projects
from yudi.stores.archive import open_edition
from yudi.territory.projects import Project
from yudi.territory.screening import Screening
from yudi.territory.tables import reason_of, row_of, screen_many
from yudi.territory.verdict import verdict_data
from yudi.territory.ways_out.search import ways_out

__all__ = ["refuse_ways", "screen_files", "shape_of"]

Kept = TypeVar("Kept")


def screen_files(
    paths: Sequence[Path],
    folders: Sequence[Path],
    day: date,
    *,
    keep: Callable[[Screening], Kept],
    tell: Callable[[str, int, int], None],
) -> tuple[list[Kept], list[YudiError]]:
    """Return what is kept of the screenings of all projects in the files, and the errors of those not read.

    Nothing else of a screening stays in memory, for a table may have many rows.
    """
    editions = tuple(open_edition(folder) for folder in folders)
    vocabulary = vocabulary_of(editions)
    today = date.today()
    raws: list[RawProject] = []
    wrong: list[YudiError] = []
    for path in paths:
        try:
            raws += read_projects(path)
        except YudiError as error:
            if len(paths) == 1:
                raise
            wrong.append(error)

    def make(raw: RawProject) -> Project:
        return project_from(raw, vocabulary, today=today)

    def count(done: int) -> None:
        tell("screen", done, len(raws))

    done: list[Kept] = []
    for found in screen_many((partial(make, raw) for raw in raws), editions, as_of=day, tell=count):
        if not isinstance(found, YudiError):
            done.append(keep(found))
        elif len(raws) == 1:
            raise found
        else:
            wrong.append(found)
    return done, wrong


def shape_of(*, ways: int, as_json: bool, show_all: bool, lang: str) -> Callable[[Screening, bool], Any]:
    """Return what keeps of a screening all that is printed: a row, data, or the screening with its ways out."""

    def shaped(item: Screening, in_rows: bool) -> Any:
        if in_rows:
            return row_of(item) if as_json else (row_of(item), reason_of(item).get(lang))
        found = ways_out(item, limit=ways) if ways else None
        return verdict_data(item, show_all=show_all, ways=found) if as_json else (item, found)

    return shaped


def refuse_ways(*, in_rows: bool, out: Path | None) -> None:
    """Refuse ways out where they have no place: a row of a table holds none, and each takes many screenings.

    Raises
    ------
    InputError
        For a table of projects, and for a file of results.
    """
    where = Where(field="--ways-out")
    if in_rows:
        hint = "write the project as JSON, YAML or GeoJSON and ask for it alone"
        raise InputError(
            "expected project files, got a table: its rows are answered without ways out", where=where, hint=hint
        )
    if out is not None:
        hint = "print them with --json, or on the terminal"
        raise InputError(f"a row of {out.name} has no place for ways out", where=where, hint=hint)
