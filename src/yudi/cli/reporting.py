"""`yudi report`: a verdict on paper, as PDF, Word, Excel or GeoJSON."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from yudi.cli.options import AS_IS, AsOf, Editions, Json, Ways, day_of, language_of
from yudi.cli.sites import Crs, Facts, Layer, asked_of, facts_of
from yudi.core.errors import InputError, Where

__all__ = ["EXAMPLE", "report"]

EXAMPLE = AS_IS + (
    "Example: yudi report examples/vermont/projects/fourplex-hearing.json "
    "--edition demo/vermont --as-of 2026-11-24 --out fourplex.pdf"
)
_BOTH = "both"


def report(
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="One project: JSON, YAML, GeoJSON, or a file with its site.")
    ],
    edition: Editions,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file: .pdf, .docx, .xlsx or .geojson.")],
    *,
    as_of: AsOf = "",
    fact: Facts = None,
    crs: Crs = "",
    layer: Layer = "",
    number: Annotated[
        str, typer.Option("--number", metavar="TEXT", help="The report's number; made from its content by default.")
    ] = "",
    ways: Ways = 0,
    lang: Annotated[
        str,
        typer.Option("--lang", help="zh, en, or both (Chinese with English beneath); default from the environment."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Write an opinion on a project: verdict, units, every clause, questions, map and sources."""
    from yudi.api import vocabulary_of
    from yudi.cli.render import print_json
    from yudi.cli.screening import read_files
    from yudi.formats.project_files import project_from
    from yudi.formats.reports.content import report_content
    from yudi.formats.reports.files import check_report_place, write_report
    from yudi.territory.answer_words import VERDICT_WORDS
    from yudi.territory.screening import screen
    from yudi.territory.verdict import verdict_data
    from yudi.territory.ways_out.search import ways_out

    day = day_of(as_of, "--as-of") if as_of else date.today()
    language = lang if lang == _BOTH else _language(lang)
    check_report_place(out)
    read = read_files([project], edition, partial(asked_of, crs, layer, each=None), facts_of(fact))
    if len(read.raws) != 1:
        raise InputError(
            f"expected one project, got {len(read.raws)}",
            where=Where(str(project)),
            hint="a report is about one project: write it to a file of its own",
        )
    asked = project_from(read.raws[0], vocabulary_of(read.editions), today=date.today())
    found = screen(asked, read.editions, as_of=day)
    data = verdict_data(found, ways=ways_out(found, limit=ways) if ways else None)
    content = report_content(found, data, lang=language, number=number, ways_searched=bool(ways))
    write_report(content, out)
    if as_json:
        said = {"file": str(out), "number": content.number, "verdict": found.verdict}
        print_json(said | {"presumed": found.presumed_verdict, "as_of": data["as_of"]})
    else:
        tongue = _language("" if language == _BOTH else language)
        told, file, own = VERDICT_WORDS[found.verdict].get(tongue), str(out), content.number
        text = f"{told}：{file}（{own}）" if tongue == "zh" else f"{told}: {file} ({own})"
        typer.echo(f"{content.mark} {text}")


def _language(lang: str) -> str:
    try:
        return language_of(lang)
    except InputError as error:
        raise InputError(error.message, where=Where(field="--lang"), hint="zh, en or both") from error
