"""Text files with separated columns as sheets of plain cells, whatever encoding and separator they were saved with."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from pathlib import PurePath

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding
from yudi.formats.cells import Cell, Sheet, SheetLimits, rectangle, tidy

__all__ = ["GUARDED", "decoded", "read_delimited", "separator_of", "unreadable_row"]

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = ",;\t"
SAMPLE_LETTERS, SAMPLE_ROWS = 100_000, 200
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
"""A text that a writer kept from being run as a formula by one apostrophe before it."""


def read_delimited(data: bytes, file: str, limits: SheetLimits, *, encoding: str | None = None) -> Sheet:
    """Return a text file as a sheet of texts: UTF-8, UTF-16 or GB 18030; comma, semicolon or tab.

    The encoding is the one given, else that of the mark at the start, else UTF-8, else GB 18030 (with a finding).
    InputError for bytes that are not text in it, an encoding that is unknown, a quotation mark left open, and a file
    without any text; LimitError for more than the limits.

    Examples
    --------
    >>> read_delimited("编码;名称\\nZH1;甲\\n".encode("gb18030"), "list.csv", SheetLimits()).cells
    (('编码', '名称'), ('ZH1', '甲'))
    """
    text, findings = decoded(data, file, encoding)
    declared = re.match(r"sep=(.)\r?\n", text)
    text = text[declared.end() :] if declared else text
    separator = declared[1] if declared else separator_of(text)
    rows: list[list[Cell]] = []
    count = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for fields in reader:
            rows.append([tidy(field[1:] if GUARDED.match(field) else field) for field in fields])
            count += len(fields)
            for limit, got in (("rows", len(rows)), ("columns", len(fields)), ("cells", count)):
                limits.check(limit, got, file)
    except csv.Error as error:
        raise unreadable_row(error, file, len(rows) + 1) from error
    width = max(map(len, rows), default=0)
    limits.check("cells", width * len(rows), file)
    cells = rectangle(rows)
    if not cells:
        message = "expected text, got only blanks"
        raise InputError(message, where=Where(file=file), hint="save the list again")
    return Sheet(file, PurePath(file).stem, cells, (), findings)


def decoded(data: bytes, file: str, encoding: str | None = None) -> tuple[str, tuple[Finding, ...]]:
    """Return the text of the bytes and what was guessed about them.

    Raises
    ------
    InputError
        For bytes that are not text in the encoding given, marked or found.
    """
    where = Where(file=file)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        message = "expected text with separated columns, got an Excel file or another binary one"
        raise InputError(message, where=where, hint="give the file its true ending, such as .xlsx")
    marked = next((name for mark, name in MARKS if data.startswith(mark)), None)
    name = encoding or marked or _unmarked(data, file)
    findings: tuple[Finding, ...] = ()
    if encoding is None and name == "gb18030":
        findings = (
            Finding(
                "encoding_guessed",
                "the text is not UTF-8; it was read as GB 18030",
                where,
                zh="文字不是 UTF-8，按 GB 18030 读取",
            ),
        )
    try:
        text = codecs.decode(data, name)
    except LookupError:
        raise InputError(f"expected a known encoding, got {name!r}", where=where, hint="try utf-8 or gb18030") from None
    except ValueError as error:
        message = f"expected text in {name}, got bytes that are none ({str(error)[:120]})"
        raise InputError(message, where=where, hint="give the true encoding, or save the file as UTF-8") from error
    if not isinstance(text, str):
        raise InputError(f"expected a text encoding, got {name!r}", where=where, hint="try utf-8 or gb18030")
    text = text.removeprefix("\ufeff")
    is_private = name == "gb18030" and any(unicodedata.category(letter) in {"Co", "Cn"} for letter in set(text))
    if is_private or CONTROL.search(text):
        message = f"expected text, got letters that no text in {name} has"
        raise InputError(message, where=where, hint="give the true encoding, or save the file as UTF-8")
    return text, findings


def _unmarked(data: bytes, file: str) -> str:
    """Return the encoding of bytes without a mark; refuse UTF-8 that is cut or has a few broken letters."""
    zeros = (data[0:2000:2].count(0), data[1:2000:2].count(0))
    if max(zeros) > len(data[:2000]) // 8:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = data.decode("utf-8", errors="replace").count("\ufffd")
        if len(MULTIBYTE.findall(data)) > 9 * broken:
            row = data.count(b"\n", 0, error.start) + 1
            message = "expected UTF-8, got a broken letter"
            hint = "the file may be cut or pasted together; save it again"
            raise InputError(message, where=Where(file=file, row=row), hint=hint) from None
        return "gb18030"
    return "utf-8"


def separator_of(text: str) -> str:
    """Return the separator by which most of the first rows have the same number of columns, above one."""
    sample = text[:SAMPLE_LETTERS]
    if len(text) > SAMPLE_LETTERS:
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    """Return the share of rows that have the commonest width above one, and that width."""
    widths: list[int] = []
    try:
        for fields in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if any(field.strip() for field in fields):
                widths.append(len(fields))
            if len(widths) >= SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0, 0
    width, number = max(wide.items(), key=lambda item: (item[1], item[0]))
    return number / len(widths), width


def unreadable_row(error: csv.Error, file: str, row: int) -> InputError | LimitError:
    """Return the error for a row that cannot be taken apart."""
    where = Where(file=file, row=row)
    if "field limit" in str(error):
        message = f"expected fields of at most {csv.field_size_limit():,} letters, got a longer one"
        return LimitError(message, where=where, hint="look for a quotation mark that is not closed")
    message = f"expected every quotation mark closed, and doubled inside a text, got otherwise ({error})"
    return InputError(message, where=where, hint='write a quotation mark inside a text as ""')
