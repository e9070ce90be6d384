"""Projects whose place is a file of its own: boundary points, a drawing, KML, a map; given alone or named in `geometry`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from yudi.core.errors import InputError, Where, YudiError
from yudi.core.names import near
from yudi.formats.raw_projects import RawProject
from yudi.formats.sites.plots import Asked
from yudi.formats.sites.reading import read_sites
from yudi.formats.sites.understood import Site

__all__ = ["names_file", "projects_of", "with_site"]

_CORNERS = 1_000  # points with names that a project carries along
_KEYS = ("file", "crs", "layer", "plot", "angles", "unit", "shift", "holes")


def projects_of(found: list[Site | InputError], path: Path) -> list[RawProject]:
    """Return the sites of a file as projects; what else the file says of each stands among its facts."""
    alone = len(found) == 1
    if alone and isinstance(found[0], InputError):
        raise found[0]
    return [_project(item, path, None if alone else number) for number, item in enumerate(found, 1)]


def _project(item: Site | InputError, path: Path, number: int | None) -> RawProject:
    if isinstance(item, InputError):
        return RawProject(f"{path.stem}-{number}", item, {}, {}, item.where)
    name = item.name or (path.stem if number is None else f"{path.stem}-{number}")
    facts = {key: value for key, value in item.attributes.items() if key != "id"}
    name = str(item.attributes.get("id") or name)
    geometry = _with_source(item)
    given = {"id": name, "geometry": geometry, "facts": facts}
    return RawProject(name, geometry, facts, given, item.where, item, item.findings)


def _with_source(site: Site) -> dict[str, Any]:
    """Return the geometry in lon/lat with the file that it came from beside it."""
    source: dict[str, Any] = {
        "file": site.file,
        "crs": site.settled.crs.name,
        "plots": [plot.name for plot in site.plots],
    }
    if any(
        name for name, _, _ in site.corners[:_CORNERS]
    ):  # a report gives the points under the names that they came with
        source["corners"] = [[name, round(lon, 9), round(lat, 9)] for name, lon, lat in site.corners[:_CORNERS]]
    return {**site.geometry, "source": source}


def names_file(geometry: Any) -> bool:
    """Tell whether a geometry names a file instead of coordinates."""
    return isinstance(geometry, Mapping) and "file" in geometry


def with_site(raw: RawProject, folder: Path, extent: tuple[float, float, float, float] | None = None) -> RawProject:
    """Return a project whose `geometry` names a file with the site that this file holds.

    Parameters
    ----------
    raw : RawProject
        Its geometry is ``{"file": …, "crs": …}``.
    folder : Path
        Of the project file; the file named lies in it or below.
    extent : (west, south, east, north), optional
        As in :class:`yudi.formats.sites.plots.Asked`.

    Raises
    ------
    YudiError
        Where the file cannot be read; the message names it.
    """
    where = Where(raw.where.file, raw.where.row, "geometry")
    asked = _asked(raw.geometry, where, extent)
    path = _path(raw.geometry["file"], folder, where)
    if not path.is_file():
        message = f"expected the file {raw.geometry['file']!r} beside this one, got none"
        raise InputError(message, where=Where(where.file, where.row, "geometry.file"), hint="check its name and folder")
    found = read_sites(path, asked)
    (site,) = found
    if isinstance(site, YudiError):
        raise site
    geometry = _with_source(site)
    given = {**raw.given, "geometry": geometry}
    return RawProject(raw.id, geometry, raw.facts, given, raw.where, site, site.findings)


def _asked(geometry: Mapping[str, Any], where: Where, extent: tuple[float, float, float, float] | None) -> Asked:
    for key in geometry:
        if key not in _KEYS:
            close = near(str(key), _KEYS)
            hint = f"did you mean {close[0]}?" if close else f"beside file there may be {', '.join(_KEYS[1:])}"
            raise InputError(f"no key {key!r}", where=Where(where.file, where.row, f"geometry.{key}"), hint=hint)
    plots, shift = geometry.get("plot") or (), geometry.get("shift") or ()
    plots = (plots,) if isinstance(plots, str | int) else plots
    for key, value in (("plot", plots), ("shift", shift)):
        if not isinstance(value, list | tuple) or (key == "shift" and not all(_is_number(item) for item in value)):
            message = f"expected {'names' if key == 'plot' else 'numbers'}, got {value!r:.40}"
            raise InputError(message, where=Where(where.file, where.row, f"geometry.{key}"), hint="write a list")
    texts = {key: geometry.get(key) for key in ("crs", "layer", "angles", "unit")}
    for key, text in texts.items():
        if text is not None and not isinstance(text, str | int):
            field = Where(where.file, where.row, f"geometry.{key}")
            raise InputError(f"expected a text, got {text!r:.40}", where=field, hint="write it in quotation marks")
    return Asked(
        crs=str(texts["crs"] or ""),
        layer=str(texts["layer"] or ""),
        plots=tuple(map(str, plots)),
        grouping="together",
        angles=str(texts["angles"] or ""),
        unit=str(texts["unit"] or ""),
        shift=tuple(map(float, shift)),
        holes=geometry.get("holes") is True,
        extent=extent,
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _path(name: Any, folder: Path, where: Where) -> Path:
    """Return the file that a project names: relative, in the project's folder or below, nothing else."""
    here = Where(where.file, where.row, "geometry.file")
    hint = "put it into the folder of the project file, and name it as it lies there"
    if not isinstance(name, str) or not name.strip() or "\0" in name or len(name) > 500:
        raise InputError(f"expected the name of a file, got {name!r:.60}", where=here, hint=hint)
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    if posix.is_absolute() or windows.anchor or ".." in (*posix.parts, *windows.parts):
        raise InputError(f"expected a file in the project's folder or below, got {name!r}", where=here, hint=hint)
    try:
        path = (folder / name.replace("\\", "/")).resolve()
        path.relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(
            f"expected a file in the project's folder or below, got {name!r}", where=here, hint=hint
        ) from error
    return path
