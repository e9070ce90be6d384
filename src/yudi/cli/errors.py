"""How the command line shows what went wrong: the table of exit statuses, and the one shape of an error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TextIO

from yudi.core.errors import YudiError

__all__ = ["EXIT_STATUS", "FINDINGS", "exit_status", "show"]

# Kinds of error, by what the caller can do, and the status that a shell sees. 0 is done, whatever the verdict.
EXIT_STATUS: Mapping[str, int] = MappingProxyType(
    {"error": 1, "input": 2, "state": 2, "not_found": 3, "limit": 4, "unavailable": 5}
)
# Not an error: a check did its work and found something that should be mended.
FINDINGS = 6


def exit_status(error: BaseException) -> int:
    """Return the exit status for an error; what Yudi did not raise on purpose is our own fault, 1.

    Examples
    --------
    >>> from yudi.core.errors import LimitError
    >>> exit_status(LimitError("too many rows")), exit_status(KeyError("x"))
    (4, 1)
    """
    return EXIT_STATUS[error.kind] if isinstance(error, YudiError) else EXIT_STATUS["error"]


def show(error: BaseException, *, as_json: bool = False, stream: TextIO | None = None) -> None:
    """Write an error to standard error: as ``error:`` and ``hint:`` lines, or as the one JSON shape.

    Parameters
    ----------
    error : BaseException
        What was caught; one that Yudi did not raise on purpose is shown as kind ``error``.
    as_json : bool
        Write ``{"error": {"kind", "message", "where": {"file", "row", "field"}, "hint"}}`` on one line.
    stream : text stream, optional
        Where to write instead of standard error.
    """
    known = error if isinstance(error, YudiError) else _own_fault(error)
    stream = stream or sys.stderr
    if as_json:
        stream.write(json.dumps({"error": known.as_data()}, ensure_ascii=False) + "\n")
        return
    place = str(known.where)
    stream.write(f"error: {place}: {known.message}\n" if place else f"error: {known.message}\n")
    if known.hint:
        stream.write(f"hint: {known.hint}\n")


def _own_fault(error: BaseException) -> YudiError:
    return YudiError(
        f"unexpected {type(error).__name__}: {error}",
        hint="this is a fault in Yudi, not in your input; please report it with the command and the files",
    )
