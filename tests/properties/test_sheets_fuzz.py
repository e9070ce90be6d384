import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from yudi.core.errors import YudiError
from yudi.formats.sheets import Sheet, SheetLimits, read_sheets, read_table, write_table

SEED = 20240319
SECONDS = 3.0  # of each kind of file at most
ROUNDS = 400
LIMITS = SheetLimits(file_bytes=2**20, unpacked_bytes=2**24, sheets=20, rows=5000, columns=200, cells=100_000)
ROLES = {"code": ["管控单元编码", "code"], "name": ["名称"], "area": ["面积"]}
SPLICES = [b"\0", b"\xff", b'"', b"<", b">", b"&", b"\n", b",", b";", b"\t", b"9" * 12, b"XFD1048576", b"-1"]
SPLICES += [b"<c", b"</c>", b"<row>", b's="99999"', b't="s"', b"1e999", b"PK\x01\x02", b"\xef\xbb\xbf", b"\xff\xfe"]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few changed, inserted, cut or doubled places."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(result) + 1)
        end = min(len(result), at + chance.choice((1, 1, 2, 8, 200)))
        kind = chance.randrange(5)
        if kind == 0:
            result[at:end] = chance.randbytes(end - at)
        elif kind == 1:
            result[at:at] = chance.choice(SPLICES)
        elif kind == 2:
            del result[at:end]
        elif kind == 3:
            result[at:end] = result[at:end] * 2
        else:
            result[at : at + 4] = chance.choice(SPLICES)
    return bytes(result)


def workbook() -> bytes:
    """Return a workbook with texts, numbers, a day, a merged range and a second sheet."""
    book = openpyxl.Workbook()
    for row in (["某市清单"], ["管控单元编码", "名称", "面积"], ["ZH1", "甲\n乙", 1.5], ["ZH2", True, 7]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.create_sheet("附表")["B2"] = 3
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def packages(chance: random.Random) -> Iterator[bytes]:
    """Yield workbooks of which a part was mutated, so that the archive around it is sound."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    while True:
        changed = chance.choice([name for name in parts if "theme" not in name])
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for name, data in parts.items():
                package.writestr(name, mutated(data, chance) if name == changed else data)
        yield target.getvalue()


def archives(chance: random.Random) -> Iterator[bytes]:
    """Yield workbooks whose packed bytes were mutated."""
    data = workbook()
    while True:
        yield mutated(data, chance)


def texts(chance: random.Random) -> Iterator[bytes]:
    """Yield lists in several encodings, mutated."""
    text = '某市清单,,\n管控单元编码,名称,面积\nZH1,"甲, ""乙""\n丙",1.5\nZH2,丁,\n'
    data = [text.encode(name) for name in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
    data += [text.replace(",", ";").encode(), text.replace(",", "\t").encode("gbk")]
    while True:
        yield mutated(chance.choice(data), chance)


@pytest.mark.parametrize(("name", "make"), [("list.xlsx", packages), ("list.xlsx", archives), ("list.csv", texts)])
def test_mutated_files_are_read_or_refused(tmp_path: Path, name: str, make: Callable[[random.Random], Iterator[bytes]]):
    """Whatever the bytes, the answer is sheets or an error of ours, and so it is for the table in them."""
    path, chance, end = tmp_path / name, random.Random(SEED), time.monotonic() + SECONDS
    read = refused = 0

    for _, data in zip(range(ROUNDS), make(chance), strict=False):
        path.write_bytes(data)
        try:
            for sheet in read_sheets(path, limits=LIMITS):
                assert isinstance(sheet, Sheet)
                read += 1
                read_table(sheet, ROLES)
        except YudiError as error:
            refused += bool(error.hint)
        if time.monotonic() > end:
            break

    assert read + refused, f"nothing was tried with seed {SEED}"


def test_random_tables_written_read_back_the_same(tmp_path: Path):
    """Any text, whole number and truth survives a workbook; any text survives a text file."""
    chance = random.Random(SEED)
    letters = "aZ9 =+-@'\"#,;\t\n编码。（）ｋ²𠮷_x000D_&<>"

    for _ in range(40):
        width = chance.randint(2, 5)
        rows = [
            ["".join(chance.choices(letters, k=chance.randint(0, 12))).strip() or None for _ in range(width)]
            for _ in range(chance.randint(1, 8))
        ]
        rows.append(["end"] * width)
        header = [f"h{number}" for number in range(width)]
        for name in ("table.csv", "table.xlsx"):
            write_table(tmp_path / name, header, rows)
            cells = read_sheets(tmp_path / name)[0].cells
            assert cells == (tuple(header), *map(tuple, rows)), name
