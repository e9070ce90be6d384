"""`yudi edition check`: is an edition fit to be published?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from yudi.cli.options import AS_IS, AsOf, Json, Lang, day_of, language_of

__all__ = ["EPILOG", "check"]

_FEW, _MANY = 5, 500  # findings of a kind that are printed
EPILOG = AS_IS + "Example: yudi edition check demo/vermont --as-of 2026-11-24"


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an edition.")],
    *,
    as_of: AsOf = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write all findings: .xlsx (a row each) or .gpkg (a map to mend from)."),
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Print more findings of each kind, up to 500.")] = False,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say whether an edition is fit to be published: gaps, overlaps, codes, totals, lists.

    Exit status 6 if a finding is an error, 0 if there are only warnings or none.
    """
    from yudi.cli.edition_check_views import show_check
    from yudi.cli.errors import FINDINGS
    from yudi.cli.progress import progress
    from yudi.formats.findings.files import check_out, write_check
    from yudi.stores.archive import open_edition
    from yudi.territory.edition_checks.checks import check_edition
    from yudi.territory.edition_checks.decisiveness import decisiveness

    day = day_of(as_of, "--as-of") if as_of else date.today()
    language = language_of(lang)
    if out is not None:
        check_out(out)
    edition = open_edition(folder)
    with progress() as tell:
        found = check_edition(edition, as_of=day, tell=tell)
        report = decisiveness(edition, as_of=day)
    if out is not None:
        write_check(found, edition, report, out, lang=language)
    show_check(found, edition, report, as_json=as_json, lang=language, most=0 if out else _MANY if show_all else _FEW)
    if out is not None:
        typer.echo(f"{len(found)} findings in {out}", err=True)
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(FINDINGS)
