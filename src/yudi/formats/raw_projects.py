"""A project as a file has it, before an edition's vocabulary reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.formats.sites.understood import Site

__all__ = ["RawProject"]


@dataclass(frozen=True)
class RawProject:
    """A project as it was written, before the vocabulary of an edition reads it.

    In place of a geometry stands the error of one that cannot be read, so that it stops no other of its file.

    Parameters
    ----------
    site : Site or None
        How its geometry was understood, where that came from a file with sites; the geometry then is in lon/lat.
    findings : tuple of Finding
        What was noticed of the geometry before.
    """

    id: str
    geometry: Any
    facts: Mapping[str, Any]
    given: Mapping[str, Any]
    where: Where
    site: Site | None = None
    findings: tuple[Finding, ...] = ()
