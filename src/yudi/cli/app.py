"""The command line: parse, call, render. Data goes to standard output, all else to standard error."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import typer.core

from yudi.cli import comparing, reporting
from yudi.cli.clauses import clauses_app
from yudi.cli.editions import edition_app
from yudi.cli.errors import exit_status, show
from yudi.cli.options import AS_IS, AsOf, Editions, Json, Lang, Projects, Ways, day_of, language_of
from yudi.cli.progress import progress
from yudi.cli.sites import Crs, Each, Facts, Layer, asked_of, facts_of, site_app
from yudi.cli.streaming import (
    BatchRows,
    Engine,
    Out,
    Restart,
    StreamOptions,
    Workers,
    note_doubled,
    refuse_stream_options,
    stream_files,
)
from yudi.cli.vocabulary import codes_app, facts_app
from yudi.core.errors import InputError, YudiError

__all__ = ["app", "main"]

_HELP = """\
余地 Yudi — may this project go here, why, and under which clauses?

A folder of maps and lists becomes an edition; a project becomes a verdict that can be checked.
What is unknown is never a pass.

\b
  yudi edition build examples/vermont/scheme.toml --out vermont
  yudi screen examples/vermont/projects/duplex-village.json --edition vermont
"""
_STOPPED = 130  # of a command that Ctrl-C ended
_SEE = """\
\b
First steps   docs/tutorials/first-edition.md
scheme.toml   docs/guides/scheme.md
Exit status   0 done, whatever the verdict; 1 our own fault; 2 usage or input;
              3 not found; 4 a limit; 5 something needed is unavailable
"""


class _InOrder(typer.core.TyperGroup):
    """Lists the commands in the order in which a person needs them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Click's
        """Return the names of the commands."""
        return ["edition", "site", "screen", "compare", "report", "clauses", "codes", "facts"]


app = typer.Typer(
    cls=_InOrder,
    help=_HELP,
    epilog=_SEE,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(edition_app, name="edition")
app.add_typer(site_app, name="site")
app.add_typer(clauses_app, name="clauses")
app.add_typer(codes_app, name="codes")
app.add_typer(facts_app, name="facts")
app.command("compare", epilog=comparing.EXAMPLE)(comparing.compare)
app.command("report", epilog=reporting.EXAMPLE)(reporting.report)


def _version(asked: bool) -> None:
    if asked:
        from yudi import __version__

        typer.echo(f"yudi {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


def main() -> None:
    """Run the command line; every failure ends in one line that says where, what and what next."""
    as_json = "--json" in sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        # What typer.Exit carries comes back here, it is not raised.
        status = app(standalone_mode=False, prog_name="yudi")
        sys.stdout.flush()
    except YudiError as error:
        _end(error, as_json)
    except (typer.Abort, KeyboardInterrupt) as error:
        sys.stderr.write("stopped\n")
        raise SystemExit(_STOPPED) from error
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        # Nobody reads on. Without the usual end, in which Python would complain and threads of libraries may abort.
        os._exit(0)
    except Exception as error:
        if hasattr(error, "format_message"):  # a wrong call, as Click finds it
            context = getattr(error, "ctx", None)
            hint = f"see {context.command_path if context is not None else 'yudi'} --help"
            _end(InputError(error.format_message(), hint=hint), as_json)
        if os.environ.get("YUDI_TRACE"):
            raise
        _end(error, as_json)
    if status == _STOPPED:
        sys.stderr.write("stopped\n")
    if isinstance(status, int) and status:
        raise SystemExit(status)


def _end(error: BaseException, as_json: bool) -> NoReturn:
    show(error, as_json=as_json)
    raise SystemExit(exit_status(error))


@app.command(
    epilog=AS_IS
    + "Example: yudi screen examples/vermont/projects/duplex-village.json --edition demo/vermont --as-of 2026-11-24"
)
def screen(
    projects: Projects,
    edition: Editions,
    *,
    as_of: AsOf = "",
    fact: Facts = None,
    crs: Crs = "",
    layer: Layer = "",
    each: Each = None,
    out: Out = None,
    batch_rows: BatchRows = 0,
    workers: Workers = 0,
    engine: Engine = "local",
    restart: Restart = False,
    show_all: Annotated[
        bool, typer.Option("--all", help="List also the clauses of units that the site does not touch.")
    ] = False,
    brief: Annotated[
        bool, typer.Option("--brief", help="Only the verdict, what stops it, the first conditions, and what to ask.")
    ] = False,
    ways: Ways = 0,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say whether projects may go where they want to, why, and under which clauses."""
    from yudi.cli.render import print_json, show_rows, show_verdict
    from yudi.cli.screening import no_ways_in_file, no_ways_in_rows, read_files, screen_files, shape_of
    from yudi.cli.ways_views import show_ways
    from yudi.territory.screening import Screening

    day = day_of(as_of, "--as-of") if as_of else None
    lang = language_of(lang)
    asked = partial(asked_of, crs, layer, each=each)
    if out is not None:
        if ways:
            raise no_ways_in_file(Path(out))
        options = StreamOptions(out, batch_rows, workers, engine, restart)
        stream_files(projects, edition, options, asked=asked, facts=facts_of(fact), day=day, lang=lang, as_json=as_json)
        return
    refuse_stream_options(StreamOptions("", batch_rows, workers, engine, restart))
    ids: list[str] = []
    shaped = shape_of(ways=ways, as_json=as_json, show_all=show_all, lang=lang)

    def keep(item: Screening) -> Any:
        ids.append(item.project.id)
        return shaped(item, read.in_rows)

    with progress() as tell:
        read = read_files(projects, edition, asked, facts_of(fact))
        if ways and read.in_rows:
            raise no_ways_in_rows()
        done, wrong = screen_files(read, day or date.today(), keep=keep, tell=tell)
    if as_json:
        print_json(done[0] if len(done) == 1 and len(projects) == 1 and not read.in_rows and not wrong else done)
    elif read.in_rows:
        show_rows(done, lang)
    else:
        for item, found in done:
            show_verdict(item, lang, brief=brief)
            show_ways(item, found, lang)
    if not as_json:
        note_doubled([name for name, count in Counter(ids).items() if count > 1])
    _end_with(wrong, is_done=bool(done), as_json=as_json)


def _end_with(wrong: Sequence[YudiError], *, is_done: bool, as_json: bool) -> None:
    """Show what was refused, and end with its status if there is any."""
    for error in wrong:
        show(error, as_json=as_json)
    if wrong:
        raise typer.Exit(2 if is_done else max(map(exit_status, wrong)))
