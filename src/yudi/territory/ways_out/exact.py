"""What place tests find for a site at one offset: measured as a screening measures it."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from yudi.territory.place import Place, uncovered
from yudi.territory.ways_out.ground import Ground
from yudi.territory.ways_out.outlook import Asked, Span
from yudi.territory.ways_out.shifted_readings import MEETS, OPEN, OUT, Disc

__all__ = ["Exact"]


class Exact(Disc):
    """One place: what a disc without extent leaves open is measured there as a screening measures it."""

    def __init__(self, ground: Ground, east_m: float, north_m: float, site: BaseGeometry) -> None:
        super().__init__(ground, east_m, north_m, 0.0)
        self._lonlat = site
        self._places: dict[int, Place] = {}

    def _place(self, edition: int) -> Place:
        if edition not in self._places:
            self._places[edition] = Place(self.ground.editions[edition], self._lonlat)
        return self._places[edition]

    def units(self, edition: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the units in which the site lies; none is open."""
        sure, maybe = super().units(edition)
        if maybe:
            sure = tuple(touch.index for touch in self._place(edition).units if not touch.is_touch)
        return sure, ()

    def cover(self) -> int:
        """Return whether the site is covered."""
        code = super().cover()
        if code != OPEN:
            return code
        counting = [index for index, counts in enumerate(self.ground.in_force) if counts]
        covers = [
            self.ground.editions[index].units.geometry[touch.index]
            for index in counting
            for touch in self._place(index).units
        ]
        tolerance = min((edition.tolerance for edition in self.ground.editions), key=lambda item: item.depth_m)
        return MEETS if uncovered(self._lonlat, covers, tolerance)[0] > 0 else OUT

    def span(self, asked: Asked, unit: int | None = None) -> Span:
        """Return the test's reading."""
        found = super().span(asked, unit)
        if found.low == found.high:
            return found
        place = self._place(asked.edition)
        part = None if unit is None else next(touch.part for touch in place.units if touch.index == unit)
        value = place.read(asked.test, None, part).value
        return Span(value, value)
