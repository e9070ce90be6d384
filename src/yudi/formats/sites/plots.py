"""What every reader of site files hands over, before the reference system is settled and rings are judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from yudi.core.errors import InputError, LimitError, Where
from yudi.core.findings import Finding
from yudi.core.words import Words

__all__ = ["Asked", "Plot", "Ring", "SiteFile", "SiteLimits", "StatedArea", "StatedSystem"]

Kind = Literal["polygon", "line", "point"]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class SiteLimits:
    """How large a file with sites may be: bytes, also unpacked; vertices and plots together."""

    file_bytes: int = 50 * 2**20
    unpacked_bytes: int = 200 * 2**20
    vertices: int = 200_000
    plots: int = 10_000

    def check(self, name: str, got: int, file: str) -> None:
        """Raise LimitError where a count or size is above the limit of that name."""
        allowed: int = getattr(self, name)
        if got > allowed:
            message = f"expected at most {allowed:,} {name.replace('_', ' ')}, got {got:,}"
            raise LimitError(message, where=Where(file), hint="split the file, or simplify the outline")


@dataclass(frozen=True)
class Asked:
    """What the person who gives a file says about it.

    Parameters
    ----------
    crs : str
        Reference system, by its name or EPSG code; ``force:`` outweighs what the file says.
    layer : str
        Layer, sheet or folder to read, where there are several.
    plots : tuple of str
        Names of the plots to read; all where it is empty.
    grouping : str
        ``"together"`` (all plots are one site) or ``"each"``; empty for what the format usually means.
    angles : str
        ``"DDMMSS"`` or ``"D.MMSS"`` where numbers are packed.
    unit : str
        ``"m"`` or ``"mm"`` where a drawing's own word for it is missing or wrong.
    shift : tuple of float
        3 or 7 parameters to CGCS2000.
    holes : bool
        Whether closed lines inside others are holes, where the format does not say.
    extent : (west, south, east, north), optional
        Where the editions asked lie, in degrees; only lists what may have been meant.
    """

    crs: str = ""
    layer: str = ""
    plots: tuple[str, ...] = ()
    grouping: str = ""
    angles: str = ""
    unit: str = ""
    shift: tuple[float, ...] = ()
    holes: bool = False
    extent: Extent | None = None

    def __post_init__(self) -> None:
        for name, allowed in (
            ("grouping", ("", "together", "each")),
            ("angles", ("", "DDMMSS", "D.MMSS")),
            ("unit", ("", "m", "mm")),
        ):
            if getattr(self, name) not in allowed:
                message = f"expected {' or '.join(filter(None, allowed))}, got {getattr(self, name)!r}"
                raise InputError(message, where=Where(field=name), hint="use one of these")


@dataclass(frozen=True)
class StatedArea:
    """An area that a file states: its number, and m² of one of its unit (0 where the file names none)."""

    number: float
    unit_m2: float = 0.0
    text: str = ""


@dataclass(frozen=True)
class StatedSystem:
    """What a file says of its reference system, each part empty where it says nothing.

    Parameters
    ----------
    crs : str
        A whole definition: EPSG code, WKT.
    default : str
        What the format means where nobody says anything.
    datum : str
        ``"cgcs2000"``, ``"wgs84"``, ``"xian80"``, ``"beijing54"``, ``"gcj02"``, ``"bd09"``.
    belt, width, meridian : int or float, optional
        Number of the belt, its width in degrees, its central meridian.
    unit : str
        ``"m"``, ``"mm"`` or ``"degree"``.
    axes : str
        What the two columns are: ``"lon lat"``, ``"lat lon"``, ``"east north"``, ``"north east"``, ``"x y"`` where X and Y may
        mean either, ``""`` where nothing says it.
    parameters : tuple of float
        Of a transformation, as the file has them.
    unclear : str
        Words of the file about its system that datum and belt do not cover.
    is_marked : bool
        Whether its angles carry marks of minutes or seconds, or were said to be packed.
    where : Where
        Place in the file.
    """

    crs: str = ""
    default: str = ""
    datum: str = ""
    belt: int | None = None
    width: int | None = None
    meridian: float | None = None
    unit: str = ""
    axes: str = ""
    parameters: tuple[float, ...] = ()
    unclear: str = ""
    is_marked: bool = False
    where: Where = Where()


@dataclass(frozen=True)
class Ring:
    """A run of vertices as a file has them.

    Parameters
    ----------
    points : float array, shape (n, 2)
        The two columns in the file's order and units; degrees where angles were written.
    rows : int array, shape (n,)
        Row of each vertex in its file; 0 where the format has none.
    names : tuple of str
        Names of the vertices, as many, or none.
    label : str
        What messages call it.
    """

    points: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]
    names: tuple[str, ...] = ()
    label: str = ""

    def kept(self, mask: np.ndarray[Any, Any]) -> Ring:
        """Return the ring with only the vertices of a mask."""
        names = tuple(name for name, keep in zip(self.names, mask, strict=True) if keep) if self.names else ()
        return replace(self, points=self.points[mask], rows=self.rows[mask], names=names)

    def row(self, index: int) -> int | None:
        """Return the row of a vertex, None where the format has none."""
        return int(self.rows[index]) or None


@dataclass(frozen=True)
class Plot:
    """One plot, layer or placemark as it is drawn.

    Parameters
    ----------
    kind : str
        ``"polygon"``, ``"line"`` or ``"point"``.
    parts : tuple of tuples of Ring
        Of polygons the shell and its holes; of lines and points one ring each.
    is_nested : bool
        Whether ``parts`` says which ring is a hole of which; else every part is one ring, and where they lie decides.
    attributes : mapping
        What else the file says of it.
    """

    name: str
    kind: Kind
    parts: tuple[tuple[Ring, ...], ...]
    where: Where
    is_nested: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)
    area: StatedArea | None = None

    def rings(self) -> Iterator[Ring]:
        """Yield all rings, part by part."""
        for part in self.parts:
            yield from part


@dataclass(frozen=True)
class SiteFile:
    """A file with sites, read but not yet placed on the ground.

    Parameters
    ----------
    format : Words
        What kind of file it is.
    grouping : str
        Whether its plots usually are one site (``"together"``) or one each (``"each"``).
    inner_are_holes : bool
        Whether by the format's own rule a ring inside another one of its plot is a hole.
    """

    file: str
    format: Words
    plots: tuple[Plot, ...]
    system: StatedSystem
    grouping: str = "together"
    inner_are_holes: bool = False
    findings: tuple[Finding, ...] = ()
