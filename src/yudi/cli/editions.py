"""`yudi edition …`: build editions and look at them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yudi.cli import edition_check
from yudi.cli.init import init
from yudi.cli.options import AS_IS, Json, Lang, day_of, language_of
from yudi.cli.progress import progress
from yudi.core.errors import InputError, Where

__all__ = ["edition_app"]

edition_app = typer.Typer(help="Build and look at editions: published versions of a scheme.", no_args_is_help=True)
edition_app.command("init", epilog=AS_IS + "Example: yudi edition init examples/vermont --out -")(init)


@edition_app.command(
    "build", epilog=AS_IS + "Example: yudi edition build examples/vermont/scheme.toml --out demo/vermont"
)
def build(
    scheme: Annotated[Path, typer.Argument(metavar="SCHEME.toml", help="What a bureau has, by role.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the edition.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace another edition that is there.")] = False,
    *,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Build an edition from maps and lists, and print its id; on failure the folder is as it was."""
    from yudi.cli.render import show_build
    from yudi.formats.collector import collector_paused
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    with progress() as tell:
        draft = read_scheme(scheme, tell=tell)
        with collector_paused():
            made = compiled(draft)
        edition = write_edition(made, out, replace_other=replace)
    show_build(edition, out, draft.remarks, as_json=as_json, lang=language_of(lang))


edition_app.command("check", epilog=edition_check.EPILOG)(edition_check.check)


@edition_app.command("show", epilog=AS_IS + "Example: yudi edition show demo/vermont")
def show_edition(
    folder: Annotated[Path, typer.Argument(metavar="DIR")], as_json: Json = False, lang: Lang = ""
) -> None:
    """Say what an edition is: name, days, layers, clauses, and what its build noticed."""
    from yudi.cli.render import show_edition as render
    from yudi.stores.archive import open_edition

    render(open_edition(folder), as_json=as_json, lang=language_of(lang))


@edition_app.command(
    "end",
    epilog=AS_IS + 'Example: yudi edition end demo/vermont --on 2026-12-31 --reason "superseded by the 2027 edition"',
)
def end(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="First day on which it no longer counts.")],
    reason: Annotated[str, typer.Option("--reason", help="Which document supersedes or repeals it.")],
    as_json: Json = False,
) -> None:
    """Record beside an edition that it is superseded or repealed; the edition itself stays as it is."""
    from yudi.cli.render import print_json
    from yudi.stores.archive import end_edition

    day = day_of(on, "--on")
    if not reason.strip():
        raise InputError("expected a reason, got none", where=Where(field="--reason"), hint="name the document")
    end_edition(folder, day, reason=reason)
    if as_json:
        print_json({"edition": str(folder), "ended_on": day.isoformat(), "reason": reason})
    else:
        typer.echo(f"{folder} counts until the day before {day}: {reason}")
