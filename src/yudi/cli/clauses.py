"""The commands about clauses: list, show, explain, and turn into another form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from yudi.cli.options import AS_IS, Json, Lang, language_of
from yudi.core.errors import InputError, LimitError, Where

__all__ = ["clauses_app"]

_TEXT_MAX = 100_000  # letters of a cell; Excel holds a third of that

clauses_app = typer.Typer(help="Look at clauses, and turn them between YAML and Excel.", no_args_is_help=True)


@clauses_app.command("list", epilog=AS_IS + "Example: yudi clauses list --edition demo/vermont --search lot")
def list_clauses(
    edition: Annotated[Path, typer.Option("--edition", "-e", help="Folder of an edition.")],
    *,
    search: Annotated[str, typer.Option("--search", help="Only clauses whose id or words hold this.")] = "",
    words: Annotated[
        bool, typer.Option("--words", help="List the items of its lists instead, as they are printed and were read.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="With --words: write the .xlsx in which an office formalises instead."),
    ] = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """List the different clauses of an edition, or the items of its lists, and in how many units each stands."""
    from yudi.cli.clause_views import show_clauses
    from yudi.cli.word_views import show_items, show_sheet
    from yudi.stores.archive import open_edition

    if out is not None:
        if not words:
            message = "expected --words with --out, got none"
            raise InputError(
                message, where=Where(field="--out"), hint="yudi clauses list --words --edition DIR --out FILE.xlsx"
            )
        show_sheet(open_edition(edition), search, out, as_json=as_json)
        return
    show = show_items if words else show_clauses
    show(open_edition(edition), search, as_json=as_json, lang=language_of(lang))


@clauses_app.command("show", epilog=AS_IS + "Example: yudi clauses show 10/1F/min-lot --edition demo/vermont")
def show_clause(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a clause, also as it stands in a unit.")],
    edition: Annotated[Path, typer.Option("--edition", "-e", help="Folder of an edition.")],
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Show one clause: its words, its citation, what it asks as a sentence, and the facts that it asks."""
    from yudi.cli.clause_views import show_one_clause
    from yudi.stores.archive import open_edition

    show_one_clause(open_edition(edition), name, as_json=as_json, lang=language_of(lang))


@clauses_app.command("explain", epilog=AS_IS + "Example: yudi clauses explain 禁止新建化工项目，技术改造除外。")
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One cell of prose; - reads it from standard input.")],
    *,
    pack: Annotated[
        list[str],
        typer.Option(
            "--pack", help="Pack by name, or a folder of wording tables; may be repeated, as a scheme adds its own."
        ),
    ] = ["cn"],  # noqa: B006 - Typer copies it
    scheme: Annotated[
        Path | None, typer.Option("--scheme", help="A scheme.toml: read with its packs' tables and its own instead.")
    ] = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say how a cell of prose is read: its items, and for each which row of which table made it.

    So a clerk can mend a table of words and see what changes.
    """
    from yudi.cli.explain_views import show_reading
    from yudi.formats.wording_files import read_wording, scheme_wording

    tables = scheme_wording(scheme) if scheme is not None else read_wording(pack, Path.cwd())
    show_reading(_text_of(text), tables, as_json=as_json, lang=language_of(lang))


def _text_of(text: str) -> str:
    if text == "-":
        text = sys.stdin.read(_TEXT_MAX + 1)
    if len(text) > _TEXT_MAX:
        message = f"expected at most {_TEXT_MAX:,} letters, got more"
        raise LimitError(message, where=Where(field="TEXT"), hint="give one cell at a time")
    return text


@clauses_app.command("convert", epilog=AS_IS + "Example: yudi clauses convert clauses.yaml clauses.xlsx")
def convert(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Clauses, terms or inferences in .yaml or .xlsx.")],
    target: Annotated[Path, typer.Argument(metavar="TO", help="The other form.")],
    as_json: Json = False,
) -> None:
    """Turn clauses, terms or inference tables from YAML into Excel or back, without loss of meaning.

    Comments of YAML and columns of remarks (note) are not carried over. A target that is there is replaced; on
    failure it is as it was.
    """
    from yudi.cli.render import print_json
    from yudi.formats.clause_sheets import convert_rules

    count, kind = convert_rules(source, target)
    if as_json:
        print_json({"kind": kind, "count": count, "file": str(target)})
    else:
        typer.echo(f"{count} {kind} in {target}")
