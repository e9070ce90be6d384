"""A file with sites of any kind that people have, read by what it is: one drawing, then its sites as understood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yudi.core.errors import InputError, NotFoundError, Where
from yudi.formats.cells import Sheet, SheetLimits
from yudi.formats.delimited import decoded, read_delimited
from yudi.formats.sites.drawing_exchange import read_dxf
from yudi.formats.sites.exchange_text import is_exchange_text, read_exchange_text
from yudi.formats.sites.kml import read_kml, unpacked_kmz
from yudi.formats.sites.map_layers import read_map_sites
from yudi.formats.sites.plots import Asked, SiteFile, SiteLimits
from yudi.formats.sites.point_tables import is_point_table, read_point_table
from yudi.formats.sites.understood import Site, sites_of

__all__ = ["ENDINGS", "TABLES", "is_site_file", "read_site_file", "read_sites", "table_sites"]

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls")
"""Endings of tables, which hold boundary points or one project a row."""
ENDINGS = (".txt", ".dat", ".dxf", ".kml", ".kmz", ".shp", ".gpkg", ".zip")
"""Endings of files that hold sites and nothing else."""
_ELSEWHERE = {
    ".dwg": "save it as DXF (R2000 to R2018), and give that",
    ".doc": "copy the table of points into Excel, and give that",
    ".docx": "copy the table of points into Excel, and give that",
    ".pdf": "copy the table of points into Excel, or ask for the drawing as DXF",
    ".mdb": "export it as a Shapefile or GeoPackage",
    ".rar": "pack it as .zip, or give the files themselves",
    ".7z": "pack it as .zip, or give the files themselves",
    ".ovkml": "export it as KML",
    ".ovobj": "export it as KML",
    ".wps": "copy the table of points into Excel, and give that",
    ".et": "save it as .xlsx",
}
_LIMITS = SiteLimits()


def is_site_file(path: Path) -> bool:
    """Tell by its ending whether a file holds sites and no facts, or is one that can be turned into such.

    Examples
    --------
    >>> is_site_file(Path("points.txt")), is_site_file(Path("works.json"))
    (True, False)
    """
    return path.suffix.lower() in (*ENDINGS, *_ELSEWHERE)


def read_sites(path: Path, asked: Asked | None = None, *, limits: SiteLimits = _LIMITS) -> list[Site | InputError]:
    """Return the sites of a file as they were understood.

    Where each plot is a site, the error of one that cannot be read stands in its place.

    Raises
    ------
    NotFoundError, InputError, LimitError
        Where the file is missing, of another kind, broken, too large, or its reference system is not sure.
    """
    asked = asked or Asked()
    return sites_of(read_site_file(path, asked, limits), asked)


def table_sites(sheets: Sequence[Sheet], path: Path, asked: Asked) -> list[Site | InputError] | None:
    """Return the sites of a table of boundary points, None of one with a project a row; errors as for :func:`read_sites`."""
    if not is_point_table(sheets):
        return None
    return sites_of(_table(sheets, path.name, asked, _LIMITS), asked)


def read_site_file(path: Path, asked: Asked, limits: SiteLimits = _LIMITS) -> SiteFile:
    """Return a file's plots in the file's own numbers; errors as for :func:`read_sites`."""
    file, ending = path.name, path.suffix.lower()
    where = Where(file)
    if not path.exists():
        raise NotFoundError("no such file", where=Where(str(path)), hint="check the path")
    if path.is_dir():
        raise InputError("expected a file with a site, got a folder", where=where, hint="give the file itself")
    if ending in _ELSEWHERE:
        raise InputError(
            f"expected a file with a site, got one that ends in {ending!r}", where=where, hint=_ELSEWHERE[ending]
        )
    limits.check("file_bytes", path.stat().st_size, file)
    if path.stat().st_size == 0:
        raise InputError("expected a site, got an empty file", where=where, hint="copy it again from its source")
    if ending in TABLES:
        from yudi.formats.sheets import read_sheets

        return _table(read_sheets(path), file, asked, limits)
    if ending in (".txt", ".dat"):
        return _text(path.read_bytes(), file, asked, limits)
    if ending == ".dxf":
        return read_dxf(path, limits, layer=asked.layer)
    if ending in (".kml", ".kmz"):
        data = path.read_bytes()
        if ending == ".kmz":
            data, file = unpacked_kmz(data, file, limits)
        return read_kml(data, file, limits, layer=asked.layer)
    if ending in ENDINGS:
        return read_map_sites(path, limits, layer=asked.layer)
    kinds = ", ".join((*ENDINGS, *TABLES))
    raise InputError(f"expected a file with a site, got one that ends in {ending!r}", where=where, hint=f"give {kinds}")


def _table(sheets: Sequence[Sheet], file: str, asked: Asked, limits: SiteLimits) -> SiteFile:
    return read_point_table(sheets, file, limits, packed=asked.angles, layer=asked.layer)


def _text(data: bytes, file: str, asked: Asked, limits: SiteLimits) -> SiteFile:
    """Return the plots of a text file: in the exchange form, or a plain table."""
    text, findings = decoded(data, file)
    if is_exchange_text(text):
        return read_exchange_text(text, file, limits, packed=asked.angles, findings=findings)
    sheet = _plain_table(text, file)
    return _table((Sheet(file, sheet.name, sheet.cells, (), (*findings, *sheet.findings)),), file, asked, limits)


def _plain_table(text: str, file: str) -> Sheet:
    """Return a text as a table, by its commas, semicolons or tabs, else by blanks."""
    plain = text.replace("，", ",").replace("；", ";").replace("\u3000", " ")
    lines = [line for line in plain.splitlines() if line.strip()]
    if sum(any(mark in line for mark in ",;\t") for line in lines) * 2 < len(lines):
        plain = "\n".join("\t".join(line.split()) for line in plain.splitlines())
    return read_delimited(plain.encode("utf-8"), file, SheetLimits())
