"""Reports as files: the ending of the name chooses PDF, Word, Excel or GeoJSON, all of one content."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from yudi.core.errors import InputError, Where
from yudi.formats.reports.model import ReportContent
from yudi.formats.results import check_place

__all__ = ["SUFFIXES", "check_report_place", "write_report"]

SUFFIXES = (".pdf", ".docx", ".xlsx", ".geojson")


def write_report(content: ReportContent, path: Path) -> None:
    """Write a report in the format that the file's ending names; on failure nothing is left behind.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`, or a place that cannot be written to.
    UnavailableError
        For PDF and Word where the extra ``report`` is not installed.
    """
    check_report_place(path)
    scratch = path.with_name(f".part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(content, scratch, path.suffix.lower())
        scratch.replace(path)
    except OSError as error:
        raise InputError(
            f"expected a place to write to, got {error.strerror}", where=Where(str(path)), hint="check the folder"
        ) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def _write(content: ReportContent, path: Path, suffix: str) -> None:
    # What a format needs is only imported where it is chosen: the plain install has neither Typst nor python-docx.
    if suffix == ".pdf":
        from yudi.formats.reports.pdf import write_pdf

        write_pdf(content, path)
    elif suffix == ".docx":
        from yudi.formats.reports.word import write_docx

        write_docx(content, path)
    elif suffix == ".xlsx":
        from yudi.formats.reports.excel import write_xlsx

        write_xlsx(content, path)
    else:
        from yudi.formats.reports.features import write_geojson

        write_geojson(content, path)


def check_report_place(path: Path) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    InputError
        For an ending that is none of `SUFFIXES`, and where a folder has the name or a file stands in for the folder.
    """
    check_place(path, SUFFIXES)
