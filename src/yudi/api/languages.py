"""In which language answers show themselves: as asked, else as the environment says; there is no setting for all."""

from __future__ import annotations

import os

from yudi.core.errors import InputError
from yudi.core.words import language_of

__all__ = ["language"]


def language(lang: str) -> str:
    """Return the language asked for, else that of the environment.

    Raises
    ------
    InputError
        For another than ``zh`` and ``en``.
    """
    if lang not in ("", "zh", "en"):
        raise InputError(f"unknown language {lang!r}", hint="zh or en")
    return lang or language_of(os.environ)
