"""The last word on what tests find: layers that end, layers that are missing, and sites that must be asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from yudi.core.logic import F, U
from yudi.territory.batch.compiled import Compiled
from yudi.territory.batch.contacts import ASKED
from yudi.territory.batch.exact import Exact, is_inside_extent
from yudi.territory.batch.joining import Kinds
from yudi.territory.place import Place

__all__ = ["LEFT", "Sites", "settle"]

LEFT = 254  # stands for a code that is not asked for


@dataclass(frozen=True)
class Sites:
    """Sites, or parts of sites.

    Parameters
    ----------
    bounds : float array (sites, 4)
    shapes : callable
        Gives the geometries of an int array of rows.
    wholes : object array or None
        The whole site of each part; None where the sites are whole.
    """

    bounds: Any
    shapes: Callable[[Any], Any]
    wholes: Any = None


def settle(kinds: Kinds, compiled: Compiled, codes: Any, *, sites: Sites, exact: Exact, is_met: Any = None) -> Any:
    """Put the last codes of sites, or of parts of sites, in place of those that are not final.

    Parameters
    ----------
    codes : uint8 array (sites, tests)
        F, U, T, `ASKED` or `LEFT`; is altered.
    is_met : bool array (sites, tests) or None
        The site meets an area of the test; None where a test that is met is never false.

    Returns
    -------
    bool array (sites, tests)
        The test was false but for the layer's end.
    """
    edition, tests = exact.edition, compiled.tests
    is_beyond = np.zeros(codes.shape, bool)
    lying: dict[int, list[int]] = {}
    for row, test in enumerate(tests):
        layer, column = edition.layers.get(test.layer), codes[:, row]
        if layer is None:
            column[column != LEFT] = kinds.code(row, (U, (f"layer:{test.layer}",)))
            continue
        if compiled.is_open[row]:
            column[column == F] = ASKED
        false = np.flatnonzero((column == F) & (layer.extent is not None))
        if len(false):
            inside, is_hairline = is_inside_extent(
                layer, lambda rows=false: sites.shapes(rows), sites.bounds[false], float(compiled.reach_m[row])
            )
            beyond = false[~inside]
            is_beyond[beyond, row] = True
            if len(beyond):
                column[beyond] = kinds.code(row, (U, (f"layer:{layer.name}",)))
            if is_met is not None and test.kind != "within":
                column[beyond[is_met[beyond, row]]] = ASKED
            column[false[is_hairline]] = ASKED
        chosen = np.flatnonzero(column == ASKED)
        if len(chosen) and test.kind in ("within", "along"):
            wholes = None if sites.wholes is None else sites.wholes[chosen]
            column[chosen] = [kinds.code(row, found) for found in exact.read(test, sites.shapes(chosen), wholes)]
        else:
            for site in chosen.tolist():
                lying.setdefault(site, []).append(row)
    _ask(kinds, tests, codes, lying, sites=sites, exact=exact)
    return is_beyond


def _ask(kinds: Kinds, tests: Any, codes: Any, lying: dict[int, list[int]], *, sites: Sites, exact: Exact) -> None:
    """Ask about sites one by one, each about all tests that are open."""
    for site, rows in lying.items():
        shape = sites.shapes(np.array([site]))[0]
        part = None if sites.wholes is None else shape
        place = Place(exact.edition, shape if sites.wholes is None else sites.wholes[site])
        for row in rows:
            reading = place.read(tests[row], None, part)
            codes[site, row] = kinds.code(row, (reading.value, reading.needs))
