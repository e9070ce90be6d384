"""Places of polygons and lines: which units they meet, and what tests find for them and their parts in units."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from yudi.territory.batch.compiled import Compiled
from yudi.territory.batch.contacts import ASKED, contacts_of, read_contacts
from yudi.territory.batch.exact import Exact
from yudi.territory.batch.joining import Kinds, Some
from yudi.territory.batch.meeting import Meetings, meetings_of, uncovered_shares
from yudi.territory.batch.settling import LEFT, Sites, settle
from yudi.territory.batch.sizes import Sizes, sizes_of
from yudi.territory.place import same_dimension

__all__ = ["spread_places"]


def spread_places(compiled: Compiled, exact: Exact, kinds: Kinds, *, rows: Any, sites: Any) -> Some:
    """Return the places of sites that are all polygons, or all lines, none of them wide.

    Parameters
    ----------
    rows : int array
        Row of each site in the table that is made.
    sites : object array
    """
    edition, tests = exact.edition, compiled.tests
    sizes = sizes_of(sites)
    pairs = meetings_of(edition, compiled, sites, sizes)
    found = contacts_of(compiled.areas, sites, sizes.dimension, compiled.area_holes)
    read = read_contacts(
        compiled.regions, tests, found, sizes=(sizes, sizes, np.arange(len(sites))), tolerance=edition.tolerance
    )
    codes, bounds = read.codes, shapely.bounds(sites)
    is_even = read.is_even
    for row, test in enumerate(tests):
        if test.kind == "along" and test.layer in edition.layers:
            is_near = exact.is_near(test, sites, bounds)
            codes[is_near, row], is_even[is_near, row] = ASKED, False
    is_beyond = settle(
        kinds, compiled, codes, sites=Sites(bounds, lambda chosen: sites[chosen]), exact=exact, is_met=read.is_met
    )
    is_even &= ~is_beyond
    if sizes.dimension == 1:
        # A line along a border lies in the area; a part of it, whose ends are rounded, may lie beside it.
        is_even[:] = False
    part_codes = codes[pairs.site]
    chosen = np.flatnonzero(~pairs.is_touch & ~pairs.is_whole & ~is_even[pairs.site].all(axis=1))
    if len(chosen):
        parts = _parts(pairs, chosen, sites, exact)
        part_codes[chosen] = _codes_of_parts(
            compiled,
            exact,
            kinds,
            whole=(sites, sizes),
            asked=(pairs, chosen, parts),
            known=(part_codes[chosen], is_even),
        )
    return Some(
        rows,
        codes,
        np.bincount(pairs.site, minlength=len(sites)),
        pairs.unit,
        pairs.is_touch,
        pairs.is_whole,
        part_codes,
        uncovered_shares(exact, compiled, sites, sizes=sizes, pairs=pairs),
    )


def _parts(pairs: Meetings, chosen: Any, sites: Any, exact: Exact) -> Any:
    """Return what of the sites lies in the units of pairs, made as `Place` makes it."""
    parts = pairs.part[chosen].copy()
    lacking = np.flatnonzero([part is None for part in parts])
    rows = chosen[lacking]
    meeting = shapely.intersection(sites[pairs.site[rows]], exact.edition.units.geometry[pairs.unit[rows]])
    dimension = int(shapely.get_dimensions(sites[0]))
    for row in np.flatnonzero(~np.isin(shapely.get_type_id(meeting), (1, 3))).tolist():
        meeting[row] = same_dimension(meeting[row], dimension)
    parts[lacking] = meeting
    return parts


def _codes_of_parts(
    compiled: Compiled,
    exact: Exact,
    kinds: Kinds,
    *,
    whole: tuple[Any, Sizes],
    asked: tuple[Meetings, Any, Any],
    known: tuple[Any, Any],
) -> Any:
    (sites, sizes), (pairs, chosen, parts), (codes, is_even) = whole, asked, known
    tests, site = compiled.tests, pairs.site[chosen]
    own = sizes_of(parts)
    found = contacts_of(compiled.areas, parts, sizes.dimension, compiled.area_holes)
    read = read_contacts(compiled.regions, tests, found, sizes=(own, sizes, site), tolerance=exact.edition.tolerance)
    part_codes = read.codes
    for row, test in enumerate(tests):
        if test.kind == "along":
            part_codes[:, row] = ASKED
    # An overlap with a part that is a touch by itself is held against the part.
    part_codes[read.is_met & pairs.is_odd[chosen][:, None]] = ASKED
    part_codes[is_even[site]] = LEFT
    places = Sites(shapely.bounds(parts), lambda rows: parts[rows], sites[site])
    settle(kinds, compiled, part_codes, sites=places, exact=exact, is_met=read.is_met)
    return np.where(part_codes == LEFT, codes, part_codes)
