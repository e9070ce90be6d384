"""Which files lie in a folder, and what kind each is by its name; nothing is read but the heads of a few."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.words import Words

__all__ = ["FoundFile", "LookLimits", "files_of"]

_MAPS = {".shp", ".gpkg", ".geojson", ".parquet", ".geoparquet", ".zip", ".kml", ".kmz", ".dxf", ".tab", ".mif", ".gml"}
_SHEETS = {".xlsx", ".xlsm", ".xls", ".csv", ".tsv"}
_OLD_SHEETS = {".et", ".ods", ".xlsb", ".numbers"}
_PROJECTS = {".qgz", ".qgs", ".mxd", ".aprx", ".lyr", ".lyrx", ".qml", ".sld", ".mpk", ".mpkx", ".wor"}
_DOCUMENTS = {".pdf", ".doc", ".docx", ".wps", ".ofd", ".ppt", ".pptx", ".odt", ".rtf"}
_PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".svg"}
_PARTS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".xml", ".idx", ".ain", ".aih", ".atx"}
_JUNK = re.compile(
    r"~\$.*|\.~lock.*|thumbs\.db|desktop\.ini|\.ds_store|.*\.(?:tmp|lock|bak|swp|temp)|~.*\.tmp", re.IGNORECASE
)
_SIDE = re.compile(r".*\.(?:gpkg|sqlite|db)-(?:wal|shm|journal)", re.IGNORECASE)
_GEOJSON = re.compile(
    rb'"type"\s*:\s*"(?:FeatureCollection|GeometryCollection|(?:Multi)?(?:Point|Polygon|LineString))"'
)
_HEAD = 4096  # bytes that tell a GeoJSON from another JSON


@dataclass(frozen=True)
class LookLimits:
    """How much of a folder is looked at; what lies beyond is said, never silently left out.

    Parameters
    ----------
    files, depth : int
        Number of files, and of folders below one another.
    whole_bytes : int
        A map up to this size is read whole; of a larger one the first features are.
    sheet_bytes : int
        A sheet above this size is not opened.
    features, rows : int
        Features of a large map, and rows of a sheet whose values are held against others.
    """

    files: int = 5_000
    depth: int = 10
    whole_bytes: int = 24 * 2**20
    sheet_bytes: int = 50 * 2**20
    features: int = 2_000
    rows: int = 20_000


@dataclass(frozen=True)
class FoundFile:
    """A file or data set below a folder.

    Parameters
    ----------
    path : Path
        Where it lies.
    name : str
        From the folder, with ``/``.
    kind : str
        ``map``, ``sheet``, ``rules``, ``pack``, ``scheme``, ``edition``, ``project`` (of a GIS or one that asks),
        ``document``, ``picture``, ``part`` (of a Shapefile), ``junk``, ``other`` or ``beyond`` (a limit).
    problem : Words
        Why it cannot be used, if that is plain already.
    """

    path: Path
    name: str
    kind: str
    problem: Words = Words()
    size: int = 0
    parts: tuple[str, ...] = field(default=())


def files_of(folder: Path, limits: LookLimits) -> list[FoundFile]:
    """Return what lies below a folder, in order of names; links to folders are not followed.

    Raises
    ------
    NotFoundError
        If there is no such folder.
    InputError
        If it is no folder.
    """
    if not folder.exists():
        raise NotFoundError("expected a folder, got none", where=Where(str(folder)), hint="check the path")
    if not folder.is_dir():
        hint = "give the folder in which maps and lists lie"
        raise InputError("expected a folder, got a file", where=Where(str(folder)), hint=hint)
    found: list[FoundFile] = []
    closed: list[OSError] = []
    for path in _walked(folder, limits, closed):
        name = path.relative_to(folder).as_posix()
        if len(found) >= limits.files:
            said = Words(f"只看前 {limits.files} 个文件", f"only the first {limits.files} files are looked at")
            found.append(FoundFile(path, name, "beyond", said))
            break
        found.append(_file(path, name))
    for error in closed:
        path = Path(str(error.filename))
        said = Words(f"打不开：{error.strerror}", f"cannot be entered: {error.strerror}")
        found.append(FoundFile(path, path.relative_to(folder).as_posix(), "beyond", said))
    return _without_parts(found)


def _walked(folder: Path, limits: LookLimits, closed: list[OSError]) -> Iterator[Path]:
    """Yield files, and folders that are one thing: a FileGDB, an edition, a pack; and those too deep to enter."""
    for root, folders, names in os.walk(folder, onerror=closed.append):
        here = Path(root)
        depth = len(here.relative_to(folder).parts)
        kept = []
        for name in sorted(folders):
            path = here / name
            if name.startswith(".") or name in ("__MACOSX", "__pycache__"):
                continue
            if path.is_symlink() or depth + 1 > limits.depth or _is_one(path):
                yield path
            else:
                kept.append(name)
        folders[:] = kept
        yield from (here / name for name in sorted(names))


def _is_one(path: Path) -> bool:
    return path.suffix.lower() == ".gdb" or (path / "pack.toml").is_file() or _is_edition(path)


def _is_edition(path: Path) -> bool:
    return (path / "manifest.json").is_file() and (path / "layers").is_dir()


def _file(path: Path, name: str) -> FoundFile:
    if path.is_dir():
        return _folder(path, name)
    ending = path.suffix.lower()
    if _JUNK.fullmatch(path.name) or _SIDE.fullmatch(path.name) or path.name.startswith("._"):
        return FoundFile(path, name, "junk")
    try:
        size = path.stat().st_size
    except OSError:
        return FoundFile(path, name, "other", Words("无法读取", "cannot be read"))
    kind = _kind(path, ending)
    if kind in ("map", "sheet") and not size:
        return FoundFile(path, name, kind, Words("空文件（0 字节）", "an empty file (0 bytes)"))
    if ending in _OLD_SHEETS:
        return FoundFile(path, name, "sheet", Words("另存为 .xlsx 后再试", "save it as .xlsx"), size)
    return FoundFile(path, name, kind, size=size)


def _folder(path: Path, name: str) -> FoundFile:
    if path.is_symlink():
        return FoundFile(path, name, "beyond", Words("指向文件夹的链接，未进入", "a link to a folder, not followed"))
    if path.suffix.lower() == ".gdb":
        size = sum(part.stat().st_size for part in path.iterdir() if part.is_file())
        return FoundFile(path, name, "map", size=size)
    if (path / "pack.toml").is_file():
        return FoundFile(path, name, "pack")
    if _is_edition(path):
        return FoundFile(path, name, "edition")
    return FoundFile(path, name, "beyond", Words("层级过深，未进入", "too deep, not entered"))


def _kind(path: Path, ending: str) -> str:
    if ending == ".json":
        return "map" if _is_geojson(path) else "other"
    if ending == ".toml":
        return "scheme" if path.name == "scheme.toml" else "other"
    kinds = (
        (_MAPS, "map"),
        (_SHEETS | _OLD_SHEETS, "sheet"),
        ({".yaml", ".yml"}, "rules"),
        (_PROJECTS, "project"),
        (_DOCUMENTS, "document"),
        (_PICTURES, "picture"),
        (_PARTS, "part"),
    )
    return next((kind for endings, kind in kinds if ending in endings), "other")


def _is_geojson(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return _GEOJSON.search(head) is not None and b'"facts"' not in head


def _without_parts(found: list[FoundFile]) -> list[FoundFile]:
    """Leave out the companions of Shapefiles; a table whose Shapefile is away stays, with the problem said."""
    stems = {item.path.with_suffix("").as_posix().lower() for item in found if item.path.suffix.lower() == ".shp"}
    kept = []
    for item in found:
        if item.kind == "part":
            stem = item.path.with_suffix("").as_posix().lower()
            if stem in stems or stem.removesuffix(".shp") in stems:
                continue
            if item.path.suffix.lower() != ".dbf":
                item = FoundFile(item.path, item.name, "other", size=item.size)
            else:
                said = Words("缺少同名的 .shp，只有属性表", "a table without the .shp of its name")
                item = FoundFile(item.path, item.name, "map", said, item.size)
        kept.append(item)
    return kept
