"""Screens project files for the command line; what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from yudi.api import vocabulary_of
from yudi.core.errors import YudiError
from yudi.formats.project_files import RawProject, project_from, read_projects
from yudi.stores.archive import open_edition
from yudi.territory.projects import Project
from yudi.territory.screening import Screening
from yudi.territory.tables import screen_many

__all__ = ["screen_files"]

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
