"""What map data lies in a zip archive, whatever its members' names are encoded in, and where to read it for a while."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812

from yudi.core.errors import InputError, Where
from yudi.formats.layers import Limits
from yudi.formats.scratch import scratch_folder

__all__ = ["packed_sets", "unpacked"]

_KINDS = (".shp", ".gpkg", ".geojson", ".json", ".parquet", ".geoparquet")
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    ZlibError,
    LZMAError,
    EOFError,
    IndexError,  # zipfile on a member without a name
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    struct.error,
)
_HINT = "pack the map files again into one zip archive"


def packed_sets(path: Path, file: str) -> dict[str, int]:
    """Return the map data sets that an archive holds, each with the bytes of its members unpacked.

    Raises
    ------
    InputError
        If it is no archive, is cut or encrypted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {_name(info): info for info in archive.infolist() if not info.is_dir()}
    except _DAMAGE as error:
        raise InputError("expected a zip archive, but it is cut or damaged", where=Where(file), hint=_HINT) from error
    sizes = {}
    for name in _data_sets(members):
        head = name if name.lower().endswith(".gdb") else name[: name.rindex(".")]
        sizes[name] = sum(info.file_size for member, info in members.items() if member.startswith(head))
    return sizes


@contextmanager
def unpacked(path: Path, file: str, limits: Limits, *, layer: str | None) -> Iterator[tuple[Path, str, str | None]]:
    """Unpack the one data set of an archive for as long as the context lasts.

    Parameters
    ----------
    path : Path
        The zip archive.
    file : str
        Name for messages.
    limits : Limits
        Held on the members' size, as stated and as really unpacked.
    layer : str, optional
        Name of the data set inside, or of a layer in the only one.

    Yields
    ------
    Path, str, str or None
        Where the data set lies, its name for messages, and the layer still to choose in it.

    Raises
    ------
    InputError
        If it is no archive, is cut or encrypted, or holds no data set or several without one being named.
    """
    with scratch_folder() as scratch:
        target, chosen, rest = _unpack(path, file, limits, layer=layer, scratch=scratch)
        yield target, f"{file}/{chosen}", rest


def _unpack(path: Path, file: str, limits: Limits, *, layer: str | None, scratch: Path) -> tuple[Path, str, str | None]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {_name(info): info for info in archive.infolist() if not info.is_dir()}
            limits.hold("max_zip_bytes", sum(info.file_size for info in members.values()), file)
            chosen, rest = _choose(_data_sets(members), layer, file)
            return _extract(archive, members, chosen, scratch, limits=limits, file=file), chosen, rest
    except _DAMAGE as error:
        text = "it is encrypted" if "encrypted" in str(error) else "it is cut, damaged or of another kind"
        raise InputError(f"expected a zip archive, but {text}", where=Where(file), hint=_HINT) from error


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name: UTF-8 where it is, else GB 18030, which Chinese Windows writes without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _data_sets(members: dict[str, zipfile.ZipInfo]) -> list[str]:
    found: list[str] = []
    for name in members:
        pieces = [piece for piece in name.replace("\\", "/").split("/") if piece]
        if not pieces or pieces[0] == "__MACOSX" or pieces[-1].startswith("._"):
            continue
        folder = next((place for place, piece in enumerate(pieces[:-1]) if piece.lower().endswith(".gdb")), None)
        if folder is not None:
            found.append("/".join(pieces[: folder + 1]))
        elif pieces[-1].lower().endswith(_KINDS):
            found.append(name)
    return sorted(set(found))


def _choose(names: list[str], layer: str | None, file: str) -> tuple[str, str | None]:
    """Return the data set to read and the layer still to choose in it."""
    if not names:
        hint = "pack a Shapefile with all its parts, a GeoPackage, a FileGDB or GeoJSON"
        raise InputError("expected map data in the archive, got none", where=Where(file), hint=hint)
    named = [name for name in names if layer in (name, _stem(name))]
    if len(named) == 1:
        return named[0], None
    if len(names) == 1:
        only = names[0]
        if layer is not None and not only.lower().endswith((".gpkg", ".gdb")):
            message = f"expected a layer named {layer!r}, got {_stem(only)!r}"
            raise InputError(message, where=Where(file), hint="name it, or leave layer out")
        return only, layer
    listing = ", ".join(repr(name) for name in names)
    what = "one map" if layer is None else f"a map named {layer!r}"
    message = f"expected {what} in the archive, got {len(names)}: {listing}"
    raise InputError(message, where=Where(file), hint="name one of them as layer")


def _stem(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _extract(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    chosen: str,
    scratch: Path,
    *,
    limits: Limits,
    file: str,
) -> Path:
    """Unpack under names of our own, so that no member's name reaches outside or meets a foreign file system."""
    whole = chosen.lower().endswith(".gdb")
    prefix = chosen if whole else chosen[: chosen.rindex(".")]
    target = scratch / ("layer.gdb" if whole else f"layer{chosen[chosen.rindex('.') :].lower()}")
    if whole:
        target.mkdir()
    left = limits.max_zip_bytes
    for name, info in members.items():
        tidy = name.replace("\\", "/").strip("/") if whole else name
        tail = tidy[len(prefix) :]
        if not tidy.lower().startswith(prefix.lower()) or not tail or "/" in tail.lstrip("/") or "\\" in tail:
            continue
        if whole != tail.startswith("/") or not (whole or (tail.startswith(".") and "." not in tail[1:])):
            continue
        place = target / tail[1:] if whole else scratch / f"layer{tail.lower()}"
        if place.name in (".", ".."):
            continue
        left -= _copy(archive, info, place, left)
        if left < 0:
            limits.hold("max_zip_bytes", limits.max_zip_bytes - left, file)
    return target


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, most: int) -> int:
    """Unpack one member, at most one block more than allowed; return its true size."""
    size = 0
    with archive.open(info) as source, place.open("wb") as sink:
        while size <= most and (block := source.read(1 << 20)):
            size += len(block)
            sink.write(block)
    return size
