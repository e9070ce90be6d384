"""`yudi edition init`: propose a scheme from what lies in a folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from yudi.cli.options import Json, Lang, language_of
from yudi.cli.progress import progress
from yudi.core.errors import InputError, NotFoundError, Where

__all__ = ["init"]


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Maps and sheets, as a bureau has them.")],
    out: Annotated[
        str, typer.Option("--out", "-o", help="File to write instead of FOLDER/scheme.toml; - prints it.")
    ] = "",
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", help="Recognise by the words of these packs; all that are shipped by default, or none."),
    ] = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Propose a scheme.toml from what lies in a folder: each line with its ground, what cannot be known to be filled."""
    from yudi.cli.init_views import show_proposal
    from yudi.cli.render import print_json
    from yudi.formats.recognition.dialect import read_dialect
    from yudi.formats.recognition.proposed import propose_scheme
    from yudi.formats.recognition.toml_text import toml_text
    from yudi.formats.rule_files import shipped_packs

    language = language_of(lang)
    target = _target(folder, out, as_json=as_json)
    if target is not None:
        _refuse_there(target, replace)
    packs = shipped_packs() if pack is None else [name for name in pack if name != "none"]
    with progress() as tell:
        proposal = propose_scheme(folder, read_dialect(packs, folder), tell=tell)
    if target is not None:
        proposal = proposal.beside(_prefix(folder, target.parent))
    text = toml_text(proposal, language)
    if target is not None:
        _write(target, text)
    if as_json:
        print_json({"scheme": str(target) if target else None, **proposal.as_data(), "toml": text})
    elif target is None:
        sys.stdout.write(text)
    else:
        show_proposal(proposal, str(target), lang=language)


def _target(folder: Path, out: str, *, as_json: bool) -> Path | None:
    """Return the file to write, None to write none."""
    if out == "-" or (as_json and not out):
        return None
    return Path(out) if out else folder / "scheme.toml"


def _refuse_there(target: Path, replace: bool) -> None:
    if target.is_dir():
        raise InputError("expected a file, got a folder", where=Where(str(target)), hint="name a file, as scheme.toml")
    if target.exists() and not replace:
        hint = "keep it and write elsewhere with --out FILE or --out -, or overwrite it with --replace"
        raise InputError("a file is there already, and was left as it is", where=Where(str(target)), hint=hint)


def _prefix(folder: Path, beside: Path) -> str:
    """Return how the folder is reached from where the scheme lies: paths in a scheme count from there."""
    away = Path(os.path.relpath(folder.resolve(), beside.resolve())).as_posix()
    return "" if away == "." else f"{away}/"


def _write(target: Path, text: str) -> None:
    if not target.parent.is_dir():
        hint = "make the folder first"
        raise NotFoundError("expected a folder to write into, got none", where=Where(str(target.parent)), hint=hint)
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=Where(str(target)), hint="use --out") from error
