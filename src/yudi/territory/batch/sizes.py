"""How large sites and their overlaps are at least and at most, told from degrees: enough to know most touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yudi.territory.edition import Tolerance

__all__ = ["Contacts", "Sizes", "sizes_of"]

_WIDE_DEGREES = 0.3
# In a plane through the middle of a site that wide, lengths differ from those on the ellipsoid by less than 1e-5;
# edges that are straight in lon/lat and parts rounded by overlays add less than the rest.
_SLACK = 1e-3
_RADIUS_M, _SQUARED_ECCENTRICITY = 6_378_137.0, 0.006694380023  # CGCS2000


@dataclass(frozen=True, eq=False, repr=False)
class Contacts:
    """Sites and the shapes that they meet, touches included; arrays of one length, sorted by site.

    Parameters
    ----------
    site, shape : int arrays
    amount : float array
        Area or length of the overlap in degrees.
    border : float array
        Length of the border of an overlapping area in degrees; 0 of lines.
    is_within : bool array
        The shape covers the whole site.
    holes : int array
        How many holes the overlap can have at most.
    """

    site: Any
    shape: Any
    amount: Any
    border: Any
    is_within: Any
    holes: Any


@dataclass(frozen=True, eq=False, repr=False)
class Sizes:
    """Areas or lengths of sites, arrays over sites.

    Parameters
    ----------
    dimension : int
        2 of polygons, 1 of lines.
    amount : float array
        In degrees.
    least, most : float arrays
        Metres (or m2) to a degree (or its square) in the site, at least and at most.
    is_single : bool array
        The site is of one part.
    is_wide : bool array
        The site is so wide that these figures are not good.
    """

    dimension: int
    amount: Any
    least: Any
    most: Any
    is_single: Any
    is_wide: Any

    def is_real(self, found: Contacts, tolerance: Tolerance, whole: Any = None) -> Any:
        """Return which overlaps surely are more than a touch.

        Parameters
        ----------
        whole : int array or None
            The site whose size counts, of each; itself unless given.
        """
        of = found.site if whole is None else whole
        least = found.amount * self.least[of]
        is_enough = least >= tolerance.share * self.amount[of] * self.most[of] * (1 + _SLACK)
        if self.dimension == 1:
            is_long = least >= tolerance.depth_m * (1 + _SLACK)
            return found.is_within | (is_enough & is_long & (found.amount > 0))
        # The land within d of the border of an area with h holes is less than border * d + pi * h * d * d (B. Sz.-Nagy,
        # Acta Sci. Math. 20, 1959, on parallel sets); an area of more than that with d = depth is deeper than half of it.
        depth = tolerance.depth_m
        strip = found.border * _DEGREE_M * depth + np.pi * (found.holes + 1) * depth * depth
        return found.is_within | (is_enough & (least > strip * (1 + _SLACK)) & (found.amount > 0))

    def is_touch(self, of: Any, amount: Any, tolerance: Tolerance) -> Any:
        """Return which amounts, each of a site, are surely no more than a touch."""
        most = amount * self.most[of]
        is_small = most < tolerance.share * self.amount[of] * self.least[of] * (1 - _SLACK)
        return is_small & self.is_single[of]

    def share(self, of: Any, amount: Any) -> tuple[Any, Any]:
        """Return the least and the greatest share that amounts, each of a site, can be of it."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = amount / self.amount[of]
            bend = self.most[of] / self.least[of] * (1 + _SLACK)
        return ratio / bend, ratio * bend


_DEGREE_M = 111_700.0  # more than a degree is anywhere, in any direction


def sizes_of(sites: Any) -> Sizes:
    """Return the sizes of polygons, or of lines, in lon/lat."""
    dimension = int(shapely.get_dimensions(sites[0])) if len(sites) else 2
    bounds = shapely.bounds(sites)
    west, south, east, north = bounds.T if len(sites) else np.zeros((4, 0))
    far = np.maximum(np.abs(south), np.abs(north))
    near = np.where((south <= 0) & (north >= 0), 0.0, np.minimum(np.abs(south), np.abs(north)))
    x_far, y_far = _degree_m(far)
    x_near, y_near = _degree_m(near)
    if dimension == 2:
        # Towards the poles a square degree shrinks.
        amount, least, most = shapely.area(sites), x_far * y_far, x_near * y_near
    else:
        amount = shapely.length(sites)
        least, most = np.minimum(x_far, y_near), np.maximum(x_near, y_far)
    is_wide = (east - west > _WIDE_DEGREES) | (far > 85.0)
    return Sizes(
        dimension,
        amount,
        least * (1 - _SLACK),
        most * (1 + _SLACK),
        shapely.get_num_geometries(sites) == 1,
        is_wide,
    )


def _degree_m(latitude: Any) -> tuple[Any, Any]:
    """Return how long a degree is along the parallel and along the meridian."""
    sine = np.sin(np.radians(latitude))
    curve = 1 - _SQUARED_ECCENTRICITY * sine * sine
    along = np.radians(_RADIUS_M) * np.cos(np.radians(latitude)) / np.sqrt(curve)
    return along, np.radians(_RADIUS_M) * (1 - _SQUARED_ECCENTRICITY) / curve**1.5
