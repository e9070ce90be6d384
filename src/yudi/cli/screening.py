"""Screens project files for the command line; what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from yudi.api import vocabulary_of
from yudi.core.errors import YudiError
from yudi.formats.project_files import RawProject, project_from, read_projects
from yudi.stores.archive import open_edition
from yudi.territory.projects import Project
from yudi.territory.screening import Screening
from yudi.territory.tables import screen_many

__all__ = ["screen_files"]


def screen_files(
    paths: Sequence[Path], folders: Sequence[Path], day: date, *, tell: Callable[[str, int, int], None]
) -> tuple[list[Screening], list[YudiError]]:
    """Return the screenings of all projects in the files, and the errors of those that could not be read."""
    editions = tuple(open_edition(folder) for folder in folders)
    vocabulary = vocabulary_of(editions)
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
        return project_from(raw, vocabulary)

    def count(done: int) -> None:
        tell("screen", done, len(raws))

    done, bad = screen_many([partial(make, raw) for raw in raws], editions, as_of=day, tell=count)
    if len(raws) == 1 and bad:
        raise bad[0]
    return done, [*wrong, *bad]
