"""Which cells of an Excel file show no value though something stands in them: a formula that failed or was not saved."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from yudi.core.errors import InputError, Where

__all__ = ["refuse_lost_cells"]

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_KIND = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")


def refuse_lost_cells(path: Path) -> None:
    """Refuse an .xlsx file, read before, where a cell holds an error or a formula without its value.

    A reader shows such cells blank, and a blank cell asks nothing: a clause would lose its scope or its exception, a list a ban.
    A formula that gives an empty text is blank on purpose. InputError naming file, row and cell.
    """
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                for attributes, content in _CELL.findall(package.read(name)):
                    if what := _lost(attributes, content):
                        place = _PLACE.search(attributes)
                        column, row = (place[1].decode("ascii"), int(place[2])) if place else ("?", None)
                        where = Where(path.name, row, f"{column}{row or ''}")
                        hint = "correct the formula, or write the value itself (an apostrophe before = makes a text)"
                        raise InputError(f"expected a value, got {what}", where=where, hint=hint)


def _lost(attributes: bytes, content: bytes) -> str:
    """Return what stands in a cell that shows no value; empty where the cell is as it looks."""
    kind = _KIND.search(attributes)
    if kind is not None and kind[1] == b"e":
        return "an error such as #NAME?"
    is_text = kind is not None and kind[1] in (b"str", b"s", b"inlineStr")
    if _FORMULA.search(content) and not is_text and not _VALUE.search(content):
        return "a formula whose value was not saved"
    return ""
