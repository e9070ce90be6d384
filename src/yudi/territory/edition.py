"""One published version of a scheme: layers, clauses and where they are bound, ready to be asked. Nothing edits it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.dates import Period
from yudi.core.errors import InputError
from yudi.core.findings import Finding
from yudi.core.words import Words
from yudi.territory.clauses import Clause, Document
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.land import Land
from yudi.territory.terms import Inference, Term

__all__ = [
    "NOWHERE",
    "SHAPES",
    "WHOLE_PLACE",
    "Bindings",
    "Edition",
    "ItemTable",
    "Layer",
    "Rules",
    "StatusTable",
    "Tolerance",
]

WHOLE_PLACE, NOWHERE = -1, -2  # stand for a unit: speaks for the whole site; names units that do not exist
SHAPES = ("surface", "bank", "centreline", "edge")


@dataclass(frozen=True)
class Layer:
    """Features of one kind, in lon/lat (x = longitude), with the attributes that rules may ask.

    Parameters
    ----------
    name : str
        Key by which clauses name it; ``units`` is the layer of control units.
    role : str
        ``units``, ``zones`` or ``reference``.
    geometry : object array of shapely geometries
        One a feature, valid.
    columns : pyarrow Table
        One row a feature; ``code`` and ``name`` at least, further fields as the scheme declares them.
    shape : str
        What the shapes are, one of `SHAPES`.
    accuracy_m : float
        Half-width of the band in which the true line lies, in m.
    width_field : str
        Of a centreline: the field with the width in m.
    has_flow : bool
        Of river lines: digitised from source to mouth.
    extent : shapely geometry or None
        Where the layer is complete; None means wherever the edition is.
    """

    name: str
    role: str
    geometry: np.ndarray[Any, Any]
    columns: pa.Table
    label: Words = Words()
    shape: str = "surface"
    accuracy_m: float = 0.0
    element: str = ""
    width_field: str = ""
    has_flow: bool = False
    extent: BaseGeometry | None = None

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise InputError(f"layer {self.name!r}: unknown shape {self.shape!r}", hint=f"one of {', '.join(SHAPES)}")
        assert len(self.geometry) == self.columns.num_rows, "a geometry for every row"

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the features' boxes."""
        return shapely.STRtree(self.geometry)

    @cached_property
    def boxes(self) -> np.ndarray[Any, Any]:
        """West, south, east and north of each feature, shape (features, 4)."""
        boxes: np.ndarray[Any, Any] = shapely.bounds(self.geometry)
        return boxes

    @cached_property
    def extent_wkb(self) -> bytes:
        """The extent as a key; layers are mostly complete in the same place."""
        return self.extent.wkb if self.extent is not None else b""

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out of the layer once and is asked again, by key."""
        return {}

    @cached_property
    def _lists(self) -> dict[str, list[Any]]:
        return {}

    def column(self, field_name: str) -> list[Any] | None:
        """Return the values of a field, one a feature, or None where the layer has no such field."""
        if field_name not in self.columns.column_names:
            return None
        if field_name not in self._lists:
            self._lists[field_name] = self.columns.column(field_name).to_pylist()
        return self._lists[field_name]

    def width_m(self, index: int) -> float | None:
        """Return the width of a centreline, None where it is unknown; other shapes have no width to take off."""
        if self.shape != "centreline":
            return 0.0
        widths = self.column(self.width_field) if self.width_field else None
        try:
            width = float(widths[index]) if widths is not None else -1.0
        except (TypeError, ValueError):
            return None
        return width if width >= 0 else None

    @cached_property
    def widths_m(self) -> np.ndarray[Any, Any]:
        """The width of each feature, NaN where it is unknown."""
        widths = [self.width_m(index) for index in range(len(self.geometry))]
        return np.array([np.nan if width is None else width for width in widths], float)

    @cached_property
    def half_width_max_m(self) -> float:
        """Half of the greatest known width."""
        return float(np.nanmax(self.widths_m, initial=0.0)) / 2

    def title(self) -> Words:
        """Return how people call the layer."""
        return Words(self.label.get("zh") or self.name, self.label.get("en") or self.name)


@dataclass(frozen=True)
class Bindings:
    """Which clause stands where: parallel arrays sorted by unit, every clause at least once.

    Parameters
    ----------
    unit, clause : int arrays
        Index into the units, `WHOLE_PLACE` or `NOWHERE`; and into the edition's clauses.
    ids : sequence of str
        Id of the clause there.
    """

    unit: np.ndarray[Any, Any]
    clause: np.ndarray[Any, Any]
    ids: Sequence[str]

    def of(self, unit: int) -> range:
        """Return the rows of the unit, or of `WHOLE_PLACE`."""
        key = self.unit.dtype.type(unit)  # of another type numpy would copy the whole array first
        return range(int(np.searchsorted(self.unit, key)), int(np.searchsorted(self.unit, key, side="right")))

    @cached_property
    def names(self) -> frozenset[str]:
        """The different clause ids."""
        return frozenset(self.ids)


@dataclass(frozen=True)
class StatusTable:
    """A dated table of what the authorities know: one fact by unit code, area code or for all.

    Parameters
    ----------
    rows : mapping of key to a tuple of (Period, Value or None)
        Values over time; of overlapping periods the latest start counts, and None says that it is not known.
    otherwise : Value or None
        What holds for a key without a row: a closed list says so, else it is unknown.
    """

    fact: str
    by: str
    rows: Mapping[str, tuple[tuple[Period, Value | None], ...]]
    otherwise: Value | None = None

    def on(self, key: str, day: date) -> Value | None:
        """Return what holds for the key on the day, None where it is unknown."""
        valid = [(period, value) for period, value in self.rows.get(key, ()) if period.contains(day)]
        if not valid:
            return self.otherwise
        return max(valid, key=lambda row: row[0].start or date.min)[1]


@dataclass(frozen=True)
class Tolerance:
    """An overlap less deep than this, or a smaller share of the site, is a touch."""

    depth_m: float = 1.0
    share: float = 0.001


@dataclass(frozen=True)
class Rules:
    """The rule side of an edition: what can be asked, without any place."""

    vocabulary: Vocabulary = Vocabulary()
    clauses: Sequence[Clause] = ()
    terms: tuple[Term, ...] = ()
    inferences: tuple[Inference, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    status: tuple[StatusTable, ...] = ()


@dataclass(frozen=True)
class ItemTable:
    """The printed items of an edition's lists: once a text, and where each stands.

    Parameters
    ----------
    texts : pyarrow Table
        ``text``, ``masked`` (names of places hidden), ``same`` (equal where the text, names hidden, its heads and its
        effects are), ``tags``, and ``parts`` as JSON (`yudi.territory.printed.Part`).
    rows : pyarrow Table
        ``list``, ``key`` (unit, area or class; empty for all), ``dimension``, ``label``, ``number``, ``text`` (a row of texts).
    lists : tuple of mapping
        Of each list ``name``, ``key`` (what its keys name), and ``part`` (what stands in ids behind the unit's code).
    """

    texts: pa.Table
    rows: pa.Table
    lists: tuple[Mapping[str, str], ...] = ()


def _no_items() -> ItemTable:
    return ItemTable(pa.table({}), pa.table({}))


@dataclass(frozen=True)
class Edition:
    """A published scheme, immutable and named by the hash of its content.

    Parameters
    ----------
    layers : mapping of name to Layer
        ``units`` is always there.
    bindings : Bindings
        Where the clauses stand.
    period : Period
        Valid-from and valid-to, closed early by what is recorded beside the edition.
    classes, dimensions : mapping of key to Words
        Names of the classes of units and of the list's dimensions.
    document, repeals : str
        The document that publishes it, and the one that it repeals, by id.
    items : callable
        Gives the printed items of its lists, which are read only when they are asked for.
    land : Land
        What the scheme declares of its land, for `edition check`.
    """

    id: str
    name: Words
    rules: Rules
    layers: Mapping[str, Layer]
    bindings: Bindings
    level: str = ""
    period: Period = Period(None, None)
    is_illustrative: bool = False
    tolerance: Tolerance = Tolerance()
    classes: Mapping[str, Words] = field(default_factory=dict)
    dimensions: Mapping[str, Words] = field(default_factory=dict)
    packs: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    document: str = ""
    repeals: str = ""
    items: Callable[[], ItemTable] = _no_items
    land: Land = field(default_factory=Land)

    @property
    def units(self) -> Layer:
        """The layer of control units."""
        return self.layers["units"]

    def unit_code(self, index: int) -> str:
        """Return the code of a unit."""
        codes = self.units.column("code")
        return str(codes[index]) if codes is not None else ""

    def own_name(self, clause_id: str) -> str:
        """Return what a clause is called in questions where other editions have its id too."""
        return f"{clause_id}@{self.id[:8]}"

    @cached_property
    def unit_index(self) -> dict[str, int]:
        """Where each unit's code stands among the units."""
        return {str(code): row for row, code in enumerate(self.units.column("code") or ())}

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out of the edition once and is asked again, by key."""
        return {}

    @property
    def clause_count(self) -> int:
        """Number of clauses by id, wherever they stand."""
        return len(self.bindings.names)
