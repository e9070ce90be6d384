"""What codes of units say of their class and area where that is not what stands beside them."""

from __future__ import annotations

import re

from yudi.territory.edition import Edition

__all__ = ["Said", "said_by_codes"]

Said = tuple[dict[int, str], dict[int, str]]
"""By row of a unit its class, and its area, as the code says it; only of those that the map says otherwise."""


def said_by_codes(edition: Edition) -> Said:
    """Return the class and the area that codes say of units of which the map says another.

    Only what the scheme declares counts: a class digit that means something, an area that there is.
    """
    layer, form = edition.units, edition.land.ground("units").form
    if not form.pattern:
        return {}, {}
    pattern = re.compile(form.pattern)
    count = len(layer.geometry)
    columns = {name: [str(value or "") for value in layer.column(name) or [""] * count] for name in ("class", "area")}
    classes: dict[int, str] = {}
    areas: dict[int, str] = {}
    for row, code in enumerate(layer.column("code") or ()):
        match = pattern.fullmatch(str(code or ""))
        if match is None:
            continue
        groups = match.groupdict()
        meant, area = form.classes.get(groups.get("class") or "", ""), groups.get("area") or ""
        if meant and columns["class"][row] != meant:
            classes[row] = meant
        beside = columns["area"][row]
        is_known = not form.areas or area in form.areas
        if area and beside and is_known and not (beside.startswith(area) or area.startswith(beside)):
            areas[row] = area
    return classes, areas
