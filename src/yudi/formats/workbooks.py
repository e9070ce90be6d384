"""Excel files as sheets of plain cells; what could exhaust the machine is refused before it is unpacked.

The library that reads them takes memory by what a file says of itself and aborts its process when there is none,
so it runs in a second process with limits, and a hostile or damaged list cannot take a server down.
"""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import re
import subprocess
import sys
import zipfile
import zlib
from functools import lru_cache

import python_calamine as calamine

from yudi.core.errors import InputError, LimitError, UnavailableError, Where, YudiError
from yudi.core.findings import Finding
from yudi.formats.cells import Cell, Merged, Sheet, SheetLimits, plain_cell, rectangle

__all__ = ["answer_apart", "read_workbook"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
PROTECTED_OLD = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""In an .xls file the record FILEPASS after the first one (and perhaps WRITEPROTECT)."""
OTHER_FORMATS = {"xl/workbook.bin", "content.xml"}  # .xlsb and .ods, whose size would go unchecked
PARTS_MAX = 20_000
CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from yudi.formats.workbooks import answer_apart; answer_apart()"
)

ANY_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?(?:row|c)(?=[\s/>])")
TAG = re.compile(
    rb"<(?:[^\s<>/:]+:)?(row|c)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>&]*\"|'[^'<>&]*'))*)\s*(/?>(?:</(?:[^\s<>/:]+:)?c>)?)"
)
REFERENCE = re.compile(rb"\sr\s*=\s*.([^\"']*)")
POSITION = re.compile(rb"([A-Za-z]{0,7})(\d{1,10})")
SHARED_TEXT = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})\s*<")
END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")


def read_workbook(data: bytes, file: str, limits: SheetLimits, *, sheet: str | None = None) -> tuple[Sheet, ...]:
    """Return the worksheets of an .xlsx, .xlsm or .xls file, in its order; hidden ones with a finding.

    InputError for a file that is cut, damaged, protected by a password or of another format than its name says, and
    for a sheet name that it lacks; LimitError for more than the limits. Formulas give the value last saved.

    Examples
    --------
    >>> read_workbook(b"no workbook", "list.xlsx", SheetLimits())
    Traceback (most recent call last):
    yudi.core.errors.InputError: list.xlsx: expected an Excel file (.xlsx), got something else; save it as .xlsx again
    """
    _check_format(data, file)
    if data.startswith(ZIP):
        _check_package(data, file, limits)
    return _read_apart(data, file, limits, sheet)


def _read_guarded(data: bytes, file: str, limits: SheetLimits, sheet: str | None) -> tuple[Sheet, ...]:
    """Read a workbook, with the reader's failures as errors of ours."""
    try:
        return _read(data, file, limits, sheet)
    except calamine.PasswordError:
        raise _protected(file) from None
    except calamine.CalamineError as error:
        if PROTECTED_OLD.search(data):
            raise _protected(file) from None
        raise _damaged(file, str(error)) from None
    except BaseException as error:  # a panic of the reader derives from BaseException and has no importable name
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(file, "the reader gave up") from None


def _read_apart(data: bytes, file: str, limits: SheetLimits, sheet: str | None) -> tuple[Sheet, ...]:
    """Read in a process of its own: a damaged file can make the reader ask for memory until the process is aborted."""
    command = [sys.executable, "-I", "-c", CHILD, json.dumps(sys.path)]
    try:
        done = subprocess.run(
            command,
            input=pickle.dumps((data, file, limits, sheet), protocol=pickle.HIGHEST_PROTOCOL),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"expected a file that is read within {limits.seconds} seconds, got a longer one"
        raise LimitError(message, where=Where(file=file), hint="split the file, or raise the limit") from None
    except OSError as error:
        message = f"expected a second process to read Excel files in, got {error.strerror}"
        raise UnavailableError(message, where=Where(file=file), hint="save it as .csv") from error
    if done.returncode or not done.stdout:
        raise _damaged(file, "the reader gave up")
    answer = pickle.loads(done.stdout)
    if isinstance(answer, YudiError):
        raise answer
    assert isinstance(answer, tuple)
    return answer


def answer_apart() -> None:
    """Read the workbook that comes on standard input, and answer on standard output: what the second process does.

    Examples
    --------
    The parent sends ``(data, file, limits, sheet)`` pickled and gets the sheets, or the error, pickled.
    """
    data, file, limits, sheet = pickle.load(sys.stdin.buffer)
    with contextlib.suppress(ImportError):  # where there is no such limit, as on Windows, the time limit must do
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        if most in (resource.RLIM_INFINITY, -1) or most > limits.memory_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    answer: tuple[Sheet, ...] | YudiError
    try:
        answer = _read_guarded(data, file, limits, sheet)
    except YudiError as error:
        answer = error
    except MemoryError:
        message = f"expected a file that is read within {limits.memory_bytes:,} bytes of memory, got a larger one"
        answer = LimitError(message, where=Where(file=file), hint="split the file, or raise the limit")
    sys.stdout.buffer.write(pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL))


def _check_format(data: bytes, file: str) -> None:
    """Hold the first bytes against the ending of the name."""
    ending = file[file.rfind(".") :].lower()
    expected = OLE if ending == ".xls" else ZIP
    if data.startswith(expected):
        return
    if data.startswith(OLE) and ENCRYPTED in data:
        raise _protected(file)
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith((OLE, ZIP)):
        got = "an old .xls file" if data.startswith(OLE) else "an .xlsx file or another archive"
        hint = "give the file its true ending, or save it again in Excel"
    elif head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"mime-version")):
        got, hint = "a web page or XML text under that name", "open it in Excel and save it as .xlsx"
    else:
        got, hint = "something else", "save it as .xlsx again"
    raise InputError(f"expected an Excel file ({ending}), got {got}", where=Where(file=file), hint=hint)


def _check_package(data: bytes, file: str, limits: SheetLimits) -> None:
    """Unpack every part once, so that damage and what would exhaust memory are found before the reader meets them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > PARTS_MAX:
                message = f"expected at most {PARTS_MAX:,} parts, got {len(parts):,}"
                raise LimitError(message, where=Where(file=file), hint="save the file again in Excel")
            limits.check("unpacked_bytes", sum(part.file_size for part in parts), file)
            names = {part.filename.lower() for part in parts}
            if "xl/workbook.xml" not in names or names & OTHER_FORMATS:
                message = "expected an Excel file (.xlsx, .xlsm), got another format or archive"
                raise InputError(message, where=Where(file=file), hint="open it in Excel and save it as .xlsx")
            lengths = _text_lengths(package)
            for part in parts:
                _check_part(package.read(part), part.filename, lengths, file=file, limits=limits)
    except (InputError, LimitError):
        raise
    except BROKEN_ZIP as error:
        raise _damaged(file, str(error)) from error


def _text_lengths(package: zipfile.ZipFile) -> list[int]:
    """Return upper bounds of the lengths of the texts that cells share, by their index."""
    names = [name for name in package.namelist() if name.lower().endswith("sharedstrings.xml")]
    return [len(text) for name in names for text in END_OF_TEXT.split(package.read(name))]


def _check_part(xml: bytes, name: str, lengths: list[int], *, file: str, limits: SheetLimits) -> None:
    """Refuse a sheet whose used rectangle, or whose repeated texts, would not fit."""
    if b"\0" in xml:
        if not name.lower().endswith(".xml"):
            return
        message = f"expected the part {name!r} in UTF-8, got another encoding"
        raise InputError(message, where=Where(file=file), hint="save the file again in Excel")
    rows, columns, cells = _extent(xml, name, file)
    for limit, got in (("rows", rows), ("columns", columns), ("cells", rows * columns)):
        limits.check(limit, got, file)
    if cells * max(lengths, default=0) > limits.unpacked_bytes:
        total = sum(lengths[int(index)] for index in SHARED_TEXT.findall(xml) if int(index) < len(lengths))
        limits.check("unpacked_bytes", total, file)


def _extent(xml: bytes, name: str, file: str) -> tuple[int, int, int]:
    """Return rows and columns up to the last cell with content, and the cells, counting on where no place is written.

    The reader takes memory for the whole rectangle, so a place that could be read in two ways is refused.
    """
    row = column = rows = columns = count = 0
    tags = TAG.findall(xml)
    strange = len(tags) != len(ANY_TAG.findall(xml))
    for tag, attributes, end in tags:
        places = REFERENCE.findall(attributes)
        place = POSITION.fullmatch(places[0]) if len(places) == 1 else None
        strange = strange or (bool(places) and place is None)
        if tag == b"row":
            row, column = (int(place[2]) if place else row + 1), 0
            continue
        column = _column(place[1]) if place else column + 1
        row = int(place[2]) if place else row
        count += 1
        if end == b">":
            rows, columns = max(rows, row), max(columns, column)
    if strange:
        message = f"expected cells of {name!r} written as spreadsheet programs do, got otherwise"
        raise InputError(message, where=Where(file=file), hint="save the file again in Excel")
    return rows, columns, count


@lru_cache(maxsize=20_000)
def _column(letters: bytes) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _read(data: bytes, file: str, limits: SheetLimits, only: str | None) -> tuple[Sheet, ...]:
    workbook = calamine.load_workbook(io.BytesIO(data))
    kept = [meta for meta in workbook.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    limits.check("sheets", len(kept), file)
    if only is not None:
        named = [meta for meta in kept if meta.name.strip() == only.strip()]
        if not named:
            message = f"expected a sheet {only!r}, got {', '.join(repr(meta.name) for meta in kept)}"
            raise InputError(message, where=Where(file=file), hint="name one of these")
        kept = named
    sheets = []
    cells = letters = 0
    for meta in kept:
        source = workbook.get_sheet_by_name(meta.name)
        rows, columns = (0, 0) if source.end is None else (source.end[0] + 1, source.end[1] + 1)
        cells += rows * columns
        for limit, got in (("rows", rows), ("columns", columns), ("cells", cells)):
            limits.check(limit, got, file)
        found = [] if source.end is None else source.to_python(skip_empty_area=False)
        letters += sum(len(value) for row in found for value in row if isinstance(value, str))
        limits.check("unpacked_bytes", letters, file)
        values = [[plain_cell(value) for value in row] for row in found]
        merged = tuple(sorted((*first, *last) for first, last in source.merged_cell_ranges or ()))
        _fill(values, merged, file, limits)
        sheets.append(Sheet(file, meta.name, rectangle(values), merged, _hidden(meta, file)))
    if not any(sheet.cells for sheet in sheets):
        message = "expected cells with content, got only empty ones"
        raise InputError(message, where=Where(file=file), hint="save the file again with its values")
    return tuple(sheets)


def _hidden(meta: calamine.SheetMetadata, file: str) -> tuple[Finding, ...]:
    if meta.visible == calamine.SheetVisibleEnum.Visible:
        return ()
    return (
        Finding(
            "sheet_hidden",
            f"the sheet {meta.name!r} is hidden; it was read",
            Where(file=file),
            zh=f"工作表“{meta.name}”是隐藏的，已读取",
        ),
    )


def _fill(cells: list[list[Cell]], merged: tuple[Merged, ...], file: str, limits: SheetLimits) -> None:
    """Give every cell of a merged range the value of its first cell, as far as the sheet is used."""
    filled = 0
    for top, left, bottom, right in merged:
        if top >= len(cells) or left >= len(cells[top]) or cells[top][left] is None:
            continue
        bottom, right = min(bottom, len(cells) - 1), min(right, len(cells[top]) - 1)
        filled += (bottom - top + 1) * (right - left + 1)
        limits.check("cells", filled, file)
        for row in range(top, bottom + 1):
            cells[row][left : right + 1] = [cells[top][left]] * (right - left + 1)


def _protected(file: str) -> InputError:
    message = "expected a file without a password, got a protected one"
    return InputError(message, where=Where(file=file), hint="open it with its password and save it without")


def _damaged(file: str, reason: str) -> InputError:
    message = f"expected a whole Excel file, got one that is cut or damaged ({reason[:200]})"
    return InputError(message, where=Where(file=file), hint="copy it again from its source, or save it again in Excel")
