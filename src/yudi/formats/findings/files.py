"""A check of an edition as a file: Excel for a desk, GeoPackage for a map."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yudi.formats.findings.maps import write_map
from yudi.formats.findings.sheets import write_workbook
from yudi.formats.results import check_place
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.decisiveness import Decisiveness
from yudi.territory.edition_checks.findings import EditionFinding

__all__ = ["check_out", "write_check"]

_WRITERS = {".xlsx": write_workbook, ".gpkg": write_map}


def check_out(path: Path) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    InputError
        For an ending that is neither .xlsx nor .gpkg, and where a folder has the name or a file stands in for the folder.
    """
    check_place(path, tuple(_WRITERS))


def write_check(
    found: Sequence[EditionFinding], edition: Edition, report: Decisiveness, path: Path, *, lang: str
) -> None:
    """Write all findings to a file whose ending says which; it is whole or, on failure, as it was.

    A workbook also says how far the lists decide.

    Raises
    ------
    InputError
        Where there is no place to write to.
    """
    _WRITERS[path.suffix.lower()](found, edition, report, path, lang=lang)
