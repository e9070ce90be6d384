"""Text files with separated columns of any length, record by record: read as `delimited` reads short ones whole."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from yudi.core.errors import InputError, Where
from yudi.formats.cells import Cell, SheetLimits, tidy
from yudi.formats.delimited import CONTROL, GUARDED, MARKS, MULTIBYTE, SAMPLE_LETTERS, separator_of, unreadable_row

__all__ = ["LongText", "Records", "long_text"]

_CHUNK = 8 * 2**20
_LIMITS = SheetLimits()
_HINT = "give the true encoding, or save the file as UTF-8"


@dataclass(frozen=True)
class LongText:
    """How a text file is read: its encoding, its separator, and where its records begin.

    Parameters
    ----------
    start : int
        Place of the first record, as :meth:`io.TextIOWrapper.tell` gives it.
    """

    path: Path
    encoding: str
    separator: str
    start: int


class Records:
    """The records of a text file from a place on, where one begins; iterating gives their cells.

    Iterating raises InputError for a quotation mark left open, and LimitError for too many columns or letters.

    Parameters
    ----------
    number : int
        Of the first of them, from 1; counts on while they are read.
    """

    def __init__(self, text: LongText, place: int, number: int) -> None:
        self.number = number
        self._file = text.path.name
        self._stream = TextIOWrapper(text.path.open("rb"), encoding=text.encoding, newline="")
        self._stream.seek(place)
        lines = iter(self._stream.readline, "")
        self._reader = csv.reader(lines, delimiter=text.separator, strict=True)

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[list[Cell]]:
        try:
            for fields in self._reader:
                _LIMITS.check("columns", len(fields), self._file)
                yield [tidy(field[1:] if GUARDED.match(field) else field) for field in fields]
                self.number += 1
        except csv.Error as error:
            raise unreadable_row(error, self._file, self.number) from error

    def place(self) -> int:
        """Return where the next record begins."""
        return self._stream.tell()

    def bytes_read(self) -> int:
        """Return about how much of the file was read."""
        return self._stream.buffer.tell()


def long_text(path: Path) -> LongText:
    """Return how a text file is read, after looking through all of it once, piece by piece.

    Raises
    ------
    InputError
        For bytes that are not text in the encoding marked or found, as :func:`yudi.formats.delimited.decoded`.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise InputError(
            "expected a list, got an empty file", where=Where(path.name), hint="copy it again from its source"
        )
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        message = "expected text with separated columns, got an Excel file or another binary one"
        raise InputError(message, where=Where(path.name), hint="give the file its true ending, such as .xlsx")
    encoding = _encoding(path, head)
    with TextIOWrapper(path.open("rb"), encoding=encoding, newline="") as stream:
        start = stream.tell()
        if stream.read(1) == "\ufeff":
            start = stream.tell()
        stream.seek(start)
        declared = re.fullmatch(r"sep=(.)\r?\n", stream.readline())
        start = stream.tell() if declared else start
        stream.seek(start)
        separator = declared[1] if declared else separator_of(stream.read(SAMPLE_LETTERS + 1))
    return LongText(path, encoding, separator, start)


def _encoding(path: Path, head: bytes) -> str:
    """Return the encoding marked or found, in which all of the file is text."""
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), None)
    zeros = (head[0:2000:2].count(0), head[1:2000:2].count(0))
    if encoding is None and max(zeros) > len(head[:2000]) // 8:
        encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if encoding is None and _is_utf8(path):
        return "utf-8"
    encoding = encoding or "gb18030"
    _check_letters(path, encoding)
    return encoding


def _is_utf8(path: Path) -> bool:
    """Return whether a file is text in UTF-8; refuse one that is cut, has a few broken letters or odd control ones."""
    reader = codecs.getincrementaldecoder("utf-8")()
    is_odd, row = False, 1
    try:
        for chunk, is_last in _chunks(path):
            is_odd = CONTROL.search(reader.decode(chunk, is_last)) is not None or is_odd
            row += chunk.count(b"\n")
    except UnicodeDecodeError as error:
        row += error.object.count(b"\n", 0, error.start)
        if _is_mostly_utf8(path):
            hint = "the file may be cut or pasted together; save it again"
            raise InputError("expected UTF-8, got a broken letter", where=Where(path.name, row), hint=hint) from None
        return False
    if is_odd:
        raise _odd_letters(path, "utf-8")
    return True


def _is_mostly_utf8(path: Path) -> bool:
    """Return whether a file has far more letters of several bytes in UTF-8 than broken ones."""
    reader = codecs.getincrementaldecoder("utf-8")(errors="replace")
    letters = broken = 0
    before = b""
    for chunk, is_last in _chunks(path):
        genuine = (before + chunk).count(b"\xef\xbf\xbd")
        broken += reader.decode(chunk, is_last).count("\ufffd") - genuine
        letters += len(MULTIBYTE.findall(chunk))
        before = chunk[-2:]
    return letters > 9 * broken


def _check_letters(path: Path, encoding: str) -> None:
    """Refuse bytes that are no text in an encoding."""
    reader = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk, is_last in _chunks(path):
            text = reader.decode(chunk, is_last)
            is_private = encoding == "gb18030" and any(unicodedata.category(one) in {"Co", "Cn"} for one in set(text))
            if is_private or CONTROL.search(text):
                raise _odd_letters(path, encoding)
    except UnicodeError as error:
        message = f"expected text in {encoding}, got bytes that are none ({str(error)[:120]})"
        raise InputError(message, where=Where(path.name), hint=_HINT) from error


def _odd_letters(path: Path, encoding: str) -> InputError:
    message = f"expected text, got letters that no text in {encoding} has"
    return InputError(message, where=Where(path.name), hint=_HINT)


def _chunks(path: Path) -> Iterator[tuple[bytes, bool]]:
    with path.open("rb") as stream:
        chunk: Any = stream.read(_CHUNK)
        while chunk:
            following = stream.read(_CHUNK)
            yield chunk, not following
            chunk = following
