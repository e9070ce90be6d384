"""A small clean scheme, in memory: four units that tile a region, zones that tile it too, and what was published of them.

A check of it finds nothing. A test spoils one thing and looks for exactly that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import shapely

from support.editions import layer
from yudi.core.dates import Period
from yudi.core.findings import Finding
from yudi.core.measure import geodesic_area_m2
from yudi.core.words import Words
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition import Edition, Rules
from yudi.territory.edition_checks.codes import check_codes
from yudi.territory.edition_checks.coverage import check_coverage
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.mended import check_mended
from yudi.territory.edition_checks.totals import check_totals
from yudi.territory.land import CodeForm, Ground, Land, Published, cell_table

DAY = date(2026, 11, 24)
WEST, SOUTH, SIDE = 107.0, 30.0, 0.05
METRE_E, METRE_N = 1 / 96_486.0, 1 / 110_852.0  # degrees of a metre east and north at 30° N, to a thousandth
CLASSES = {"priority": Words("优先保护单元", "priority unit"), "key": Words("重点管控单元", "key unit")}
FORM = CodeForm(
    r"ZH(?P<area>\d{6})(?P<class>[123])\d{4}",
    {"1": "priority", "2": "key"},
    {"990101": Words("甲县", "Jia"), "990102": Words("乙县", "Yi")},
)
ZONE_FORM = CodeForm(r"YS(?P<area>\d{6})(?P<class>[12])2\d{5}", {"1": "priority", "2": "key"}, FORM.areas)
ACCURACY_M = 10.0
CELL = ("row", "key", "area", "class", "measure", "column", "value", "half")
LAND_CHECKS = (check_coverage, check_codes, check_totals, check_mended)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a rectangle given in sides of a unit, from the south-western corner of the region."""
    return shapely.box(WEST + west * SIDE, SOUTH + south * SIDE, WEST + east * SIDE, SOUTH + north * SIDE)


def patch(east: float, north: float, width_m: float, height_m: float) -> shapely.Polygon:
    """Return a rectangle of metres with its south-western corner given in sides of a unit."""
    x, y = WEST + east * SIDE, SOUTH + north * SIDE
    return shapely.box(x, y, x + width_m * METRE_E, y + height_m * METRE_N)


# By index: 0 south-west, 1 south-east, 2 north-west, 3 north-east.
SHAPES = (box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2))


@dataclass
class Parts:
    """What the clean scheme is made of; a test changes it before it is built."""

    shapes: list[Any] = field(default_factory=lambda: list(SHAPES))
    units: dict[str, list[Any]] = field(
        default_factory=lambda: {
            "code": ["ZH99010110001", "ZH99010120002", "ZH99010210001", "ZH99010220002"],
            "name": ["甲县林地", "甲县园区", "乙县林地", "乙县园区"],
            "class": ["priority", "key", "priority", "key"],
            "subclass": ["redline", "park", "redline", "town"],
            "area": ["990101", "990101", "990102", "990102"],
        }
    )
    region: list[Any] = field(default_factory=lambda: [box(0, 0, 2, 2)])
    zones: list[Any] = field(default_factory=lambda: [box(0, 0, 2, 1), box(0, 1, 2, 2)])
    zone_codes: list[str] = field(default_factory=lambda: ["YS9901011210001", "YS9901022210001"])
    over: dict[str, tuple[str, ...]] = field(default_factory=dict)
    land: Land = field(
        default_factory=lambda: Land("city", {"priority": ("redline",), "key": ("park", "town")}, published=(table(),))
    )
    findings: tuple[Finding, ...] = ()
    accuracy_m: float = ACCURACY_M

    def add_unit(self, shape: Any, **columns: str) -> None:
        """Add a unit; what is not given of it is as of the first."""
        self.shapes.append(shape)
        for name, values in self.units.items():
            values.append(columns.get(name, values[0]))

    def cut(self, unit: int, piece: Any) -> None:
        """Take a piece out of a unit."""
        self.shapes[unit] = shapely.difference(self.shapes[unit], piece)

    def join(self, unit: int, piece: Any) -> None:
        """Give a piece to a unit."""
        self.shapes[unit] = shapely.union(self.shapes[unit], piece)

    def built(self) -> Edition:
        """Return the edition."""
        columns = dict(self.units)
        columns.setdefault("published_area", [round(geodesic_area_m2(shape) / 1e6, 2) for shape in self.shapes])
        layers = {
            "units": layer("units", self.shapes, columns, accuracy_m=self.accuracy_m),
            "city": layer("city", self.region, role="reference", accuracy_m=self.accuracy_m),
            "water": layer(
                "water",
                self.zones,
                {"code": self.zone_codes},
                accuracy_m=self.accuracy_m,
                label=Words("水分区", "water"),
            ),
        }
        grounds = {"units": Ground(True, self.over, FORM, "km2", 0.005), "water": Ground(tiles=True, form=ZONE_FORM)}
        land = replace(self.land, layers={**grounds, **self.land.layers})
        draft = Draft(Words("试", "test"), Period(None, None), Rules(), layers, land=land, classes=CLASSES)
        return compiled(replace(draft, silence="none", findings=self.findings))


def table(
    counts: Mapping[str, Sequence[float]] | None = None,
    areas: Mapping[str, Sequence[float]] | None = None,
    shares: Mapping[str, Sequence[float]] | None = None,
) -> Published:
    """Return a printed table by area: priority, key and (but for shares) their total; what is not given is right."""
    size = round(geodesic_area_m2(SHAPES[0]) / 1e6, 2)
    counts = {"甲县": (1, 1, 2), "乙县": (1, 1, 2), "合计": (2, 2, 4)} | dict(counts or {})
    wide = {"甲县": (size, size, 2 * size), "乙县": (size, size, 2 * size)} | dict(areas or {})
    shares = {"甲县": (50.0, 50.0), "乙县": (50.0, 50.0)} | dict(shares or {})
    cells: dict[str, list[Any]] = {name: [] for name in CELL}
    for measure, rows, half in (("count", counts, 0.0), ("area", wide, 0.005), ("share", shares, 0.05)):
        for row, (key, values) in enumerate(rows.items(), 2):
            for kind, value in zip(("priority", "key", ""), values, strict=False):
                area = "" if key == "合计" else key
                for name, item in zip(
                    CELL, (row, key, area, kind, measure, f"{measure} {kind}", value, half), strict=True
                ):
                    cells[name].append(item)
    return Published("published.csv", cell_table(cells), totals=("合计",))


def checked(spoil: Callable[[Parts], Any] | None = None) -> tuple[EditionFinding, ...]:
    """Return what the checks of land find in the clean scheme after something in it was spoilt."""
    parts = Parts()
    if spoil is not None:
        spoil(parts)
    edition = parts.built()
    return tuple(finding for check in LAND_CHECKS for finding in check(edition, DAY))
