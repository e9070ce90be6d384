"""A Shapefile as bureaus hand it over: are its parts there and whole, and in which encoding is its text really?"""

from __future__ import annotations

import codecs
import re
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa

from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.formats.layers import Limits, RawLayer, plain_columns, read_with_gdal
from yudi.formats.scratch import scratch_folder

__all__ = ["read_shapefile"]

_HINT = "copy the whole set of .shp, .shx, .dbf, .prj (and .cpg) files together again"
_CODE_PAGES = {"936": "gb18030", "950": "cp950", "65001": "utf-8", "88591": "iso-8859-1", "OEM": None, "ANSI": None}


def read_shapefile(path: Path, file: str, limits: Limits, *, encoding: str | None = None) -> RawLayer:
    """Return the layer of a Shapefile, its text decoded by what its bytes show.

    Parameters
    ----------
    path : Path
        The .shp file; its companions lie beside it, upper or lower case.
    file : str
        Name for messages.
    limits : Limits
        Held on bytes and features.
    encoding : str, optional
        Declared encoding of the text, which outweighs the .cpg file; text that is UTF-8 is read as UTF-8 all the same.

    Raises
    ------
    InputError
        If a part is missing or cut, or text fits no encoding.
    """
    parts = _companions(path, file)
    limits.hold("max_file_bytes", sum(part.stat().st_size for part in parts.values()), file)
    _refuse_cut(parts, file)
    with _together(parts) as shp:
        raw = read_with_gdal(shp, file, limits, what="a Shapefile", encoding="ISO-8859-1")
    declared = parts["cpg"].read_bytes() if "cpg" in parts else b""
    stated = parts["prj"].read_bytes() if "prj" in parts else b""
    text = _Text(
        file, declared[:200].decode("ascii", "replace").strip(" \t\r\n\0\ufeff"), encoding, _widths(parts["dbf"])
    )
    columns, used, findings = text.decode(raw)
    crs = stated.decode("utf-8", "replace").strip(" \t\r\n\0\ufeff") or None
    return replace(raw, columns=columns, encoding=used, findings=raw.findings + findings, crs=crs)


def _companions(path: Path, file: str) -> dict[str, Path]:
    stem = path.name[: -len(path.suffix)].lower()
    parts: dict[str, Path] = {}
    for other in sorted(path.parent.iterdir(), key=lambda other: (other.stem != path.stem, other.name)):
        name, dot, extension = other.name.rpartition(".")
        if dot and name.lower() == stem and other.is_file():
            parts.setdefault(extension.lower(), other)
    parts["shp"] = path
    for extension in ("shx", "dbf"):
        if extension not in parts:
            message = f"expected {PurePosixPath(file).stem}.{extension} beside it, got none"
            raise InputError(message, where=Where(file), hint=_HINT)
    return parts


def _refuse_cut(parts: dict[str, Path], file: str) -> None:
    """Hold the lengths that the parts' heads state against what is there, for GDAL reads on over a cut."""
    counts: dict[str, int] = {}
    for extension in ("shp", "shx"):
        size = parts[extension].stat().st_size
        head = _head(parts[extension], 100)
        if len(head) < 100 or struct.unpack(">i", head[:4])[0] != 9994:
            raise _cut(file, extension, "it is empty, cut or no Shapefile")
        stated = struct.unpack(">i", head[24:28])[0] * 2
        if stated > size:
            raise _cut(file, extension, f"it says {stated} bytes and has {size}")
        counts[extension] = (stated - 100) // 8
        if struct.unpack("<i", head[32:36])[0] == 31:
            hint = "export it as polygons"
            raise InputError("expected points, lines or polygons, got multipatches", where=Where(file), hint=hint)
    size, head = parts["dbf"].stat().st_size, _head(parts["dbf"], 32)
    if len(head) < 32:
        raise _cut(file, "dbf", "it is empty or cut")
    count, start, width = struct.unpack("<IHH", head[4:12])
    if start < 33 or width < 1 or start + count * width > size:
        raise _cut(file, "dbf", f"it says {start + count * width} bytes and has {size}")
    if count != counts["shx"]:
        raise _cut(file, "dbf", f"it has {count} rows, but there are {counts['shx']} shapes")


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _cut(file: str, extension: str, what: str) -> InputError:
    return InputError(f"expected a whole .{extension} file, but {what}", where=Where(file), hint=_HINT)


@contextmanager
def _together(parts: dict[str, Path]) -> Iterator[Path]:
    """Give where GDAL finds the parts: where they are, or copied under one name if their cases differ."""
    plain = {extension: parts[extension] for extension in ("shp", "shx", "dbf")}
    shp = parts["shp"]
    if all(part == shp.with_suffix(f".{extension}") for extension, part in plain.items()):
        yield shp
        return
    with scratch_folder() as scratch:
        for extension, part in plain.items():
            shutil.copyfile(part, scratch / f"layer.{extension}")
        yield scratch / "layer.shp"


def _widths(dbf: Path) -> list[int]:
    """Return the widths of a .dbf file's fields in bytes."""
    head = _head(dbf, 32)
    start = struct.unpack("<H", head[8:10])[0]
    fields = _head(dbf, start)[32:]
    widths = []
    for place in range(0, len(fields) - 31, 32):
        if fields[place] == 0x0D:
            break
        widths.append(fields[place + 16])
    return widths


@dataclass(frozen=True)
class _Text:
    """All text of one .dbf file, and what is declared of its encoding."""

    file: str
    cpg: str
    argument: str | None
    widths: list[int]

    def decode(self, raw: RawLayer) -> tuple[pa.Table, str, tuple[Finding, ...]]:
        names = [name.encode("latin-1", "replace") for name in raw.columns.column_names]
        values = {
            index: [None if value is None else value.encode("latin-1", "replace") for value in column.to_pylist()]
            for index, column in enumerate(raw.columns.columns)
            if pa.types.is_string(column.type)
        }
        foreign = {name for name in names if not name.isascii()}
        for column in values.values():
            foreign.update(value for value in column if value is not None and not value.isascii())
        declared = self._codec(self.cpg, "cpg")
        used, lies = self._choose(sorted(foreign), declared)
        columns = list(raw.columns.columns)
        for index, column in values.items():
            name = names[index].decode(used, "replace")
            width = self.widths[index] if index < len(self.widths) else 0
            columns[index] = pa.chunked_array([self._column(column, used, raw.rows, name=name, width=width)])
        texts = [self._name(name, used) for name in names]
        findings: tuple[Finding, ...] = ()
        if lies:
            shown = self.argument if declared is None and not self.cpg else self.cpg
            message = f"the text is declared as {shown}, but its bytes are {used.upper()}; read as {used.upper()}"
            zh = f"文件声明的编码为 {shown}，内容却是 {used.upper()}，已按 {used.upper()} 读取"
            findings = (Finding("encoding_lies", message, Where(self.file, None, "encoding"), zh=zh),)
        return plain_columns(pa.table(columns, names=texts), self.file), used.upper(), findings

    def _choose(self, foreign: list[bytes], declared: str | None) -> tuple[str, bool]:
        """Return the encoding that the bytes show, and whether a declaration says otherwise."""
        argument = self._codec(self.argument, "encoding")
        first = argument or declared
        if not foreign:
            return first or "utf-8", False
        sound = [value for value in foreign if _fits([value], "utf-8")]
        if 2 * len(sound) > len(foreign) and (_has_wide(sound) or first in (None, "utf-8")):
            return "utf-8", first not in (None, "utf-8")  # a lone broken value is refused later, with its row
        for codec in dict.fromkeys([argument, declared, "gb18030"]):
            if codec is None or codec == "utf-8" or not _fits(foreign, codec):
                continue
            if codec != argument and _is_single_byte(codec) and all(_PAIRS.fullmatch(value) for value in foreign):
                continue  # Chinese text under a Western label: every run of high bytes pairs up as GB 2312
            return codec, first is not None and codec != first
        return "gb18030", first not in (None, "gb18030")

    def _codec(self, label: str | None, field: str) -> str | None:
        if not label:
            return None
        key = re.sub(r"^(CP|ANSI|WINDOWS|OEM|LDID/|MS)?[\s_-]*", "", label.strip().upper()) or label.strip().upper()
        if key in _CODE_PAGES:
            return _CODE_PAGES[key]
        for name in (label.strip(), f"cp{key}", key):
            try:
                found = codecs.lookup(name).name
            except (LookupError, ValueError):
                continue
            return "gb18030" if found in ("gbk", "gb2312") else found
        if field == "encoding":
            message = f"expected the name of an encoding, got {label!r}"
            raise InputError(message, where=Where(self.file, None, field), hint="write UTF-8, GBK or GB18030")
        return None

    def _column(
        self, values: list[bytes | None], codec: str, rows: np.ndarray[Any, Any], *, name: str, width: int
    ) -> pa.Array:
        texts: list[str | None] = []
        for row, value in zip(rows, values, strict=True):
            try:
                texts.append(None if value is None else _decoded(value, codec, width))
            except UnicodeDecodeError as error:
                got = error.object[error.start : error.start + 4].hex(" ")
                message = f"expected text in UTF-8 or {codec.upper()}, got bytes {got}"
                hint = "save the table again as UTF-8, or state its encoding"
                raise InputError(message, where=Where(self.file, int(row), name), hint=hint) from error
        return pa.array(texts, pa.string())

    def _name(self, name: bytes, codec: str) -> str:
        try:
            return _decoded(name, codec, len(name))
        except UnicodeDecodeError as error:
            message = f"expected field names in UTF-8 or {codec.upper()}, got bytes {name.hex(' ')}"
            hint = "save the table again as UTF-8, or state its encoding"
            raise InputError(message, where=Where(self.file, None, name.decode(codec, "replace")), hint=hint) from error


_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")


def _decoded(value: bytes, codec: str, width: int) -> str:
    """Decode strictly, but leave out a last character that the field's width cut in two."""
    decoder = codecs.getincrementaldecoder(codec)()
    text = decoder.decode(value)
    pending = decoder.getstate()[0]
    if pending and len(value) < width:
        raise UnicodeDecodeError(codec, value, len(value) - len(pending), len(value), "cut")
    return text


def _fits(values: list[bytes], codec: str) -> bool:
    try:
        for value in values:
            _decoded(value, codec, len(value))
    except UnicodeDecodeError:
        return False
    return True


def _has_wide(values: list[bytes]) -> bool:
    """Return whether UTF-8 text has characters of three bytes or more, which GBK text hardly ever imitates."""
    return any(ord(sign) > 0x7FF for value in values for sign in value.decode("utf-8", "ignore"))


def _is_single_byte(codec: str) -> bool:
    try:
        return len("é".encode(codec, "replace")) == 1 and codec.startswith(("iso8859", "cp12", "latin", "cp43", "cp85"))
    except LookupError:
        return False
