"""The commands about clauses: list, show, check, explain, and turn into another form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yudi.cli.options import AS_IS, Json, Lang, day_of, language_of
from yudi.core.errors import InputError, LimitError, NotFoundError, Where

if TYPE_CHECKING:
    from yudi.territory.rule_books import RuleBook
    from yudi.territory.rule_checks import RuleFinding

__all__ = ["clauses_app"]

_TEXT_MAX = 100_000  # letters of a cell; Excel holds a third of that

clauses_app = typer.Typer(
    help="Look at clauses, check them, and turn them between YAML and Excel.", no_args_is_help=True
)


Pack = Annotated[
    str,
    typer.Argument(
        metavar="PACK", help="A pack by name, or a folder with a pack.toml; without one all that Yudi ships."
    ),
]
EditionOf = Annotated[Path | None, typer.Option("--edition", "-e", help="Folder of an edition, instead of a pack.")]


@clauses_app.command("list", epilog=AS_IS + "Example: yudi clauses list cn --search 化工 --as-of 2026-08-15")
def list_clauses(
    pack: Pack = "",
    *,
    edition: EditionOf = None,
    search: Annotated[
        str, typer.Option("--search", help="Only clauses whose id, words or document hold all these words.")
    ] = "",
    dimension: Annotated[str, typer.Option("--dimension", help="Only of a dimension, by key or name.")] = "",
    level: Annotated[str, typer.Option("--level", help="Only of a level: law, national, basin, city, ….")] = "",
    document: Annotated[
        str, typer.Option("--document", help="Only of documents whose id, title or number holds this.")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Only clauses in force on the day.")] = "",
    show_all: Annotated[bool, typer.Option("--all", help="Also those of the packs that the pack includes.")] = False,
    words: Annotated[
        bool,
        typer.Option(
            "--words", help="List the items of an edition's lists instead, as they are printed and were read."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="With --words: write the .xlsx in which an office formalises instead."),
    ] = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """List the clauses of a pack or an edition, or the items of an edition's lists."""
    from yudi.cli.clause_views import show_clauses
    from yudi.territory.rule_books import clause_rows

    if words or out is not None:
        _list_words(edition, search, out, is_words=words, as_json=as_json, lang=lang)
        return
    day = day_of(as_of, "--as-of") if as_of else None
    book = _book(pack, edition)
    rows = clause_rows(book, search=search, dimension=dimension, level=level, document=document, as_of=day)
    shown = [row for row in rows if show_all or book.is_edition or ("clause", row["id"]) in book.own]
    show_clauses(shown, book, as_json=as_json, lang=language_of(lang), hidden=len(rows) - len(shown))


def _list_words(
    edition: Path | None, search: str, out: Path | None, *, is_words: bool, as_json: bool, lang: str
) -> None:
    from yudi.cli.word_views import show_items, show_sheet
    from yudi.stores.archive import open_edition

    usage = "yudi clauses list --words --edition DIR --out FILE.xlsx"
    if not is_words:
        raise InputError("expected --words with --out, got none", where=Where(field="--out"), hint=usage)
    if edition is None:
        raise InputError("expected --edition with --words, got none", where=Where(field="--edition"), hint=usage)
    if out is not None:
        show_sheet(open_edition(edition), search, out, as_json=as_json)
    else:
        show_items(open_edition(edition), search, as_json=as_json, lang=language_of(lang))


@clauses_app.command("show", epilog=AS_IS + "Example: yudi clauses show yangtze-26-2")
def show_clause(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a clause, also as it stands in a unit.")],
    pack: Pack = "",
    *,
    edition: EditionOf = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Show one clause: its words, its citation, what it asks as a sentence and of whom, and its cases."""
    from yudi.cli.clause_views import show_one_clause

    show_one_clause(_book(pack, edition), name, as_json=as_json, lang=language_of(lang))


@clauses_app.command("check", epilog=AS_IS + "Example: yudi clauses check cn")
def check(
    pack: Pack = "",
    *,
    edition: EditionOf = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Prove the rules of a pack or an edition well-formed, run a pack's cases, and say what to mend.

    The exit status is 6 where a finding is an error, else 0.
    """
    from yudi.cli.check_views import show_findings
    from yudi.cli.errors import FINDINGS
    from yudi.territory.rule_checks import check_book, unreadable

    language = language_of(lang)
    counts: dict[str, int] = {}
    found: tuple[RuleFinding, ...]
    try:
        book = _book(pack, edition)
    except (InputError, NotFoundError) as error:
        if edition is not None or error.where.field in ("PACK", "--edition"):
            raise
        found = (unreadable(error),)
    else:
        found = check_book(book)
        counts = book.counts()
    name = str(edition) if edition is not None else pack
    show_findings(found, counts, name, as_json=as_json, lang=language)
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(FINDINGS)


def _book(pack: str, edition: Path | None) -> RuleBook:
    """Return the rules that a command is about."""
    from yudi.formats.rule_books import read_book
    from yudi.stores.archive import open_edition
    from yudi.territory.rule_books import book_of

    if edition is None:
        return read_book(pack)
    if pack:
        message = "expected a pack or an edition, got both"
        raise InputError(message, where=Where(field="--edition"), hint="an edition holds the rules of its packs")
    return book_of(open_edition(edition))


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
