"""Screens project files for the command line; what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from yudi.api import vocabulary_of
from yudi.core.errors import InputError, Where, YudiError
from yudi.formats.project_files import RawProject, is_table, project_from, read_projects
from yudi.stores.archive import open_edition
from yudi.territory.edition import Edition
from yudi.territory.projects import Project
from yudi.territory.screening import Screening
from yudi.territory.tables import reason_of, row_of, screen_many
from yudi.territory.verdict import verdict_data
from yudi.territory.ways_out.search import ways_out

__all__ = ["ReadFiles", "no_ways_in_file", "no_ways_in_rows", "read_files", "screen_files", "shape_of"]

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class ReadFiles:
    """Editions and projects that were read, and the errors of files that could not be.

    ``in_rows`` says whether some file has one project a row.
    """

    editions: tuple[Edition, ...]
    raws: tuple[RawProject, ...]
    wrong: tuple[YudiError, ...]
    in_rows: bool


def read_files(
    paths: Sequence[Path],
    folders: Sequence[Path],
    asked: Callable[..., Any],
    facts: Mapping[str, Any],
) -> ReadFiles:
    """Return the editions in the folders and the projects of the files.

    Parameters
    ----------
    asked : callable
        Takes ``editions`` and returns what is said of files with sites.
    facts : mapping
        Facts of every project beside its own.

    Raises
    ------
    YudiError
        If an edition, or the only file, cannot be read.
    """
    editions = tuple(open_edition(folder) for folder in folders)
    said = asked(editions=editions)
    raws: list[RawProject] = []
    wrong: list[YudiError] = []
    in_rows = False
    for path in paths:
        try:
            found = read_projects(path, asked=said, facts=facts)
        except YudiError as error:
            if len(paths) == 1:
                raise
            wrong.append(error)
            in_rows = in_rows or is_table(path)
            continue
        raws += found
        in_rows = in_rows or (is_table(path) and not any(raw.site for raw in found))
    return ReadFiles(editions, tuple(raws), tuple(wrong), in_rows)


def screen_files(
    read: ReadFiles,
    day: date,
    *,
    keep: Callable[[Screening], Kept],
    tell: Callable[[str, int, int], None],
) -> tuple[list[Kept], list[YudiError]]:
    """Return what is kept of the screenings of all projects, and the errors of those not read.

    Nothing else of a screening stays in memory, for a table may have many rows.
    """
    vocabulary = vocabulary_of(read.editions)
    today = date.today()
    wrong = list(read.wrong)

    def make(raw: RawProject) -> Project:
        return project_from(raw, vocabulary, today=today)

    def count(done: int) -> None:
        tell("screen", done, len(read.raws))

    done: list[Kept] = []
    for found in screen_many((partial(make, raw) for raw in read.raws), read.editions, as_of=day, tell=count):
        if not isinstance(found, YudiError):
            done.append(keep(found))
        elif len(read.raws) == 1:
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


def no_ways_in_rows() -> InputError:
    """Return the error for ways out of a table of projects: a row holds none, and each takes many screenings."""
    message = "expected project files, got a table: its rows are answered without ways out"
    hint = "write the project as JSON, YAML or GeoJSON and ask for it alone"
    return InputError(message, where=Where(field="--ways-out"), hint=hint)


def no_ways_in_file(out: Path) -> InputError:
    """Return the error for ways out in a file of results, whose rows have no place for them."""
    message, hint = f"a row of {out.name} has no place for ways out", "print them with --json, or on the terminal"
    return InputError(message, where=Where(field="--ways-out"), hint=hint)
