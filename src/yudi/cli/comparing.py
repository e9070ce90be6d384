"""`yudi compare`: one project at several sites, or several projects, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yudi.cli.errors import show
from yudi.cli.options import AS_IS, AsOf, Editions, Json, Lang, day_of, language_of
from yudi.cli.progress import progress
from yudi.core.errors import YudiError

if TYPE_CHECKING:
    from yudi.formats.project_files import RawProject

__all__ = ["EXAMPLE", "compare"]

EXAMPLE = AS_IS + (
    "Example: yudi compare examples/vermont/projects/duplex-village.json "
    "--at examples/vermont/sites.csv --edition demo/vermont --as-of 2026-11-24"
)


def compare(
    projects: Annotated[
        list[Path],
        typer.Argument(metavar="PROJECT…", help="The project; without --at several, which are compared as they are."),
    ],
    edition: Editions,
    *,
    at: Annotated[
        list[Path] | None,
        typer.Option("--at", metavar="FILE", help="Sites: any project file or table; may be repeated."),
    ] = None,
    as_of: AsOf = "",
    show_all: Annotated[
        bool, typer.Option("--all", help="List also what is the same at all sites, or sets no condition.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write an .xlsx, .csv or .json file instead.")] = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say at which of several sites a project fares best, and which clauses make the difference."""
    from yudi.api import vocabulary_of
    from yudi.api.sites import compare_sites
    from yudi.cli.comparison_views import show_comparison
    from yudi.cli.render import print_json
    from yudi.formats.comparison_files import check_ending, write_comparison
    from yudi.stores.archive import open_edition
    from yudi.territory.comparison_data import comparison_data

    day = day_of(as_of, "--as-of") if as_of else date.today()
    language = language_of(lang)
    if out is not None:
        check_ending(out)
    editions = tuple(open_edition(folder) for folder in edition)
    wrong: list[YudiError] = []

    with progress() as tell:
        compared = compare_sites(
            _read(projects, wrong),
            _read(at or [], wrong),
            editions,
            vocabulary_of(editions),
            as_of=day,
            today=date.today(),
            tell=lambda done, total: tell("screen", done, total),
        )
    wrong += compared.wrong
    if out is not None:
        write_comparison(compared.comparison, out, lang=language, show_all=show_all)
        typer.echo(f"{len(compared.comparison.columns)} sites in {out}", err=True)
    elif as_json:
        print_json(comparison_data(compared.comparison, show_all=show_all))
    else:
        show_comparison(compared.comparison, language, title=compared.title, own=compared.own, show_all=show_all)
    for error in wrong:
        show(error, as_json=as_json)
    if wrong:
        raise typer.Exit(2)


def _read(paths: Sequence[Path], wrong: list[YudiError]) -> list[RawProject]:
    """Return the projects of files, and add what is wrong with a file to the list, unless it is the only one."""
    from yudi.formats.project_files import read_projects

    found: list[RawProject] = []
    for path in paths:
        try:
            found += read_projects(path)
        except YudiError as error:
            if len(paths) == 1:
                raise
            wrong.append(error)
    return found
