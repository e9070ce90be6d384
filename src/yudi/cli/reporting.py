"""`yudi report`: a verdict on paper, as PDF, Word, Excel or GeoJSON."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from yudi.cli.options import AS_IS, AsOf, Editions, Ways, day_of, language_of
from yudi.core.errors import InputError, Where

__all__ = ["EXAMPLE", "report"]

EXAMPLE = AS_IS + (
    "Example: yudi report examples/vermont/projects/fourplex-hearing.json "
    "--edition demo/vermont --as-of 2026-11-24 --out fourplex.pdf"
)
_BOTH = "both"


def report(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="One project: JSON, YAML or GeoJSON.")],
    edition: Editions,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file: .pdf, .docx, .xlsx or .geojson.")],
    *,
    as_of: AsOf = "",
    number: Annotated[
        str, typer.Option("--number", metavar="TEXT", help="The report's number; made from its content by default.")
    ] = "",
    ways: Ways = 0,
    lang: Annotated[
        str,
        typer.Option("--lang", help="zh, en, or both (Chinese with English beneath); default from the environment."),
    ] = "",
) -> None:
    """Write an opinion on a project: verdict, units, every clause, questions, map and sources."""
    from yudi.api import ask, open_edition
    from yudi.formats.project_files import is_table
    from yudi.formats.reports.files import check_report_place

    day = day_of(as_of, "--as-of") if as_of else date.today()
    language = lang if lang == _BOTH else _language(lang)
    check_report_place(out)
    if is_table(project):
        hint = "write the project as JSON, YAML or GeoJSON"
        raise InputError("expected one project, got a table", where=Where(str(project)), hint=hint)
    answer = ask(project, [open_edition(folder) for folder in edition], as_of=day, ways_out=ways)
    answer.report(out, lang=language, number=number)
    typer.echo(f"{answer.verdict}: {out}", err=True)


def _language(lang: str) -> str:
    try:
        return language_of(lang)
    except InputError as error:
        raise InputError(error.message, where=Where(field="--lang"), hint="zh, en or both") from error
