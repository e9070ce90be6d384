"""What a check of an edition says: how grave it is, one sentence, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import Where
from yudi.core.words import Words

__all__ = ["EditionFinding"]


@dataclass(frozen=True)
class EditionFinding:
    """One thing that a check found.

    Parameters
    ----------
    kind : str
        Stable key such as ``gap``.
    severity : str
        One of `yudi.territory.rule_checks.SEVERITIES`.
    text, cure : Words
        One sentence that says what is found, and what to do about it.
    units : tuple of str
        Codes of the units concerned.
    place : shapely geometry or None
        Where to mend, in lon/lat (x = longitude); None of what lies nowhere.
    where : Where
        File, row and field of the scheme, as far as the edition knows them.
    numbers : mapping of str to number or str
        What was measured, with its unit in the name (``area_m2``).
    """

    kind: str
    severity: str
    text: Words
    cure: Words
    units: tuple[str, ...] = ()
    place: BaseGeometry | None = None
    where: Where = Where()
    numbers: Mapping[str, float | str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return the finding as plain data; of its place a point on it and its box, in lon/lat."""
        where = {"file": self.where.file, "row": self.where.row, "field": self.where.field}
        data: dict[str, Any] = {"kind": self.kind, "severity": self.severity}
        data |= {"text": self.text.as_data(), "cure": self.cure.as_data(), "units": list(self.units)}
        data |= {"where": where, "numbers": dict(self.numbers), "point": None, "box": None}
        if self.place is not None and not self.place.is_empty:
            point = shapely.point_on_surface(self.place)
            data |= {"point": [round(point.x, 7), round(point.y, 7)], "box": [round(x, 7) for x in self.place.bounds]}
        return data
