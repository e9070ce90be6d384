"""What the commands share: options, and how a language and a day are read."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from yudi.core.errors import InputError, Where

__all__ = ["AS_IS", "AsOf", "Editions", "Json", "Lang", "Projects", "Ways", "day_of", "language_of"]

AS_IS = "\b\n"
"""Keeps a line of a help text whole, so that it can be copied."""
Json = Annotated[bool, typer.Option("--json", help="Print data instead of words.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of words: zh or en; default from the environment.")]
Projects = Annotated[
    list[Path],
    typer.Argument(
        metavar="PROJECT…", help="JSON, YAML or GeoJSON; a table; or a file with a site (see yudi site show)."
    ),
]
Editions = Annotated[
    list[Path], typer.Option("--edition", "-e", help="Folder of an edition; may be repeated, the strictest stands.")
]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Day on which the question is asked; today by default.")
]
Ways = Annotated[
    int,
    typer.Option("--ways-out", metavar="N", min=0, max=20, help="Look for the N best ways out to each better verdict."),
]


def day_of(text: str, option: str) -> date:
    """Return the day that an option states.

    Raises
    ------
    InputError
        For anything but YYYY-MM-DD.
    """
    try:
        return datetime.strptime(text if len(text) == 10 else "", "%Y-%m-%d").date()
    except ValueError as error:
        raise InputError(f"expected a day, got {text!r}", where=Where(field=option), hint="write YYYY-MM-DD") from error


def language_of(text: str) -> str:
    """Return the language that an option states, ``zh`` or ``en``, else that of the environment.

    Raises
    ------
    InputError
        For another language.
    """
    if text and text not in ("zh", "en"):
        raise InputError(f"unknown language {text!r}", where=Where(field="--lang"), hint="zh or en")
    set_by = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return text or ("zh" if set_by.startswith("zh") else "en")
