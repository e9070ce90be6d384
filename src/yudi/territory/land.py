"""What a scheme declares of its land, for checks to hold it to: how codes are built, what tiles, what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from yudi.core.words import Words, words

__all__ = ["MEASURES", "NOISE_M", "CodeForm", "Ground", "Land", "Published", "cell_table", "land_data", "land_from"]

MEASURES = ("count", "area", "share")
NOISE_M = 0.1
_CELLS = {
    "row": pa.int32(),
    "key": pa.string(),
    "area": pa.string(),
    "class": pa.string(),
    "measure": pa.string(),
    "column": pa.string(),
    "value": pa.float64(),
    "half": pa.float64(),
}


@dataclass(frozen=True)
class CodeForm:
    """How codes are built.

    Parameters
    ----------
    pattern : str
        Regular expression with the groups ``area`` and ``class``; empty where codes say nothing.
    classes : mapping
        From the pattern's class to the class's key.
    areas : mapping of area code to Words
        The areas that there are; empty where the scheme does not say.
    """

    pattern: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Ground:
    """How the features of a layer lie.

    Parameters
    ----------
    tiles : bool
        Together they cover the land, each place once.
    over : mapping of column to values
        Features that lie over the others and are left out of that.
    published_unit : str
        Unit of the column ``published_area``; empty where there is none.
    published_half : float
        Half of the last printed digit of that column, in its unit.
    """

    tiles: bool = False
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: CodeForm = CodeForm()
    published_unit: str = ""
    published_half: float = 0.0


@dataclass(frozen=True)
class Published:
    """A printed table of numbers of units, of their areas, or of their shares of the area.

    Parameters
    ----------
    cells : pyarrow Table
        One printed number a row: ``row`` of the file, ``key`` as printed, ``area`` and ``class`` that it is for (empty:
        of all), ``measure`` (one of `MEASURES`), ``column`` (its header), ``value`` (counts, `unit`, percent), ``half`` of its
        last printed digit.
    totals : tuple of str
        Keys of the rows that are the sum of the others.
    relative : float
        How far a computed area may be off, as a part of the printed one, for reasons other than rounding.
    """

    file: str
    cells: pa.Table
    by: str = "area"
    totals: tuple[str, ...] = ()
    unit: str = "km2"
    relative: float = 0.005
    document: str = ""


@dataclass(frozen=True)
class Land:
    """All that a scheme declares of its land.

    Parameters
    ----------
    region : str
        Layer whose features the units must cover; empty: what their own outline holds.
    subclasses : mapping of class to keys
        The subclasses that each class may have; a class without an entry may have any.
    layers : mapping of layer to Ground
        A layer without an entry does not tile; units do unless the scheme denies it.
    noise_m, sliver_m : float
        A gap or an overlap nowhere wider than the first is none; nowhere wider than the second it is a sliver.
        None: the accuracy of the layer.
    """

    region: str = ""
    subclasses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    layers: Mapping[str, Ground] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    noise_m: float = NOISE_M
    sliver_m: float | None = None

    def ground(self, layer: str) -> Ground:
        """Return how the features of a layer lie."""
        return self.layers.get(layer) or Ground(tiles=layer == "units")


def cell_table(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Return printed numbers as the table that `Published` keeps."""
    return pa.table({name: pa.array(list(columns.get(name, ())), kind) for name, kind in _CELLS.items()})


def land_data(land: Land) -> dict[str, Any]:
    """Return what a scheme declares as plain data that `land_from` reads back."""
    return {
        "region": land.region,
        "subclasses": {key: list(values) for key, values in land.subclasses.items()},
        "layers": {name: _ground_data(ground) for name, ground in land.layers.items()},
        "published": [_published_data(table) for table in land.published],
        "noise_m": land.noise_m,
        "sliver_m": land.sliver_m,
    }


def land_from(data: Mapping[str, Any]) -> Land:
    """Return what plain data from `land_data` states.

    Examples
    --------
    >>> land = Land(region="city", layers={"zones": Ground(tiles=True)})
    >>> land_from(land_data(land)) == land
    True
    """
    return Land(
        data["region"],
        {key: tuple(values) for key, values in data["subclasses"].items()},
        {name: _ground(item) for name, item in data["layers"].items()},
        tuple(_published(item) for item in data["published"]),
        data["noise_m"],
        data["sliver_m"],
    )


def _ground_data(ground: Ground) -> dict[str, Any]:
    form = ground.form
    return {
        "tiles": ground.tiles,
        "over": {key: list(values) for key, values in ground.over.items()},
        "pattern": form.pattern,
        "classes": dict(form.classes),
        "areas": {code: label.as_data() for code, label in form.areas.items()},
        "published_unit": ground.published_unit,
        "published_half": ground.published_half,
    }


def _ground(data: Mapping[str, Any]) -> Ground:
    areas = {code: words(label) for code, label in data["areas"].items()}
    return Ground(
        data["tiles"],
        {key: tuple(values) for key, values in data["over"].items()},
        CodeForm(data["pattern"], data["classes"], areas),
        data["published_unit"],
        data["published_half"],
    )


def _published_data(table: Published) -> dict[str, Any]:
    plain = {"file": table.file, "by": table.by, "unit": table.unit, "document": table.document}
    cells = {name: table.cells.column(name).to_pylist() for name in _CELLS}
    return {**plain, "cells": cells, "totals": list(table.totals), "relative": table.relative}


def _published(data: Mapping[str, Any]) -> Published:
    return Published(
        data["file"],
        cell_table(data["cells"]),
        data["by"],
        tuple(data["totals"]),
        data["unit"],
        data["relative"],
        data["document"],
    )
