"""Does a `scheme.toml` say only what can be done, before any file that it names is read?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yudi.core.dates import Period
from yudi.core.errors import InputError, Where
from yudi.core.names import near
from yudi.formats.scheme_file import LayerEntry, PublishedEntry, SchemeFile
from yudi.territory.edition import SHAPES
from yudi.territory.land import MEASURES

__all__ = ["check_scheme"]

_ROLES = ("units", "zones", "reference")
_COLUMNS = ("code", "name", "class", "subclass", "area", "width", "published_area")
_BY = ("area", "class", "all")
_AREA_UNITS = ("m2", "hm2", "km2")
_GROUPS = ("area", "class", "serial")
_NAME = re.compile(r"\w(?:[\w. -]*\w)?")  # it becomes the name of a file
_ALIKE = ("role", "shape", "accuracy_m", "element", "flow", "extent", "label", "tiles", "over", "codes", "area_unit")


def check_scheme(scheme: SchemeFile, file: str) -> None:
    """Refuse values that no edition can be made with: names, roles, shapes, extents, days, patterns, numbers.

    Raises
    ------
    InputError
        Naming the field, with the values that are possible.
    """
    head = scheme.scheme
    place = _places(file)
    _period(head.valid_from, head.valid_to, place("scheme.valid_to"))
    _not_negative(head.accuracy_m, place("scheme.accuracy_m"))
    _not_negative(head.tolerance.depth_m, place("scheme.tolerance.depth_m"))
    _not_negative(head.tolerance.share, place("scheme.tolerance.share"))
    _not_negative(head.tolerance.noise_m, place("scheme.tolerance.noise_m"))
    _not_negative(head.tolerance.sliver_m, place("scheme.tolerance.sliver_m"))
    _extent(head.extent, place("scheme.extent"))
    _pattern(head.codes.pattern, place("scheme.codes.pattern"))
    first: dict[str, LayerEntry] = {}
    for entry in scheme.layers:
        _layer(entry, _places(file, f"layers.{entry.name}"))
        name = "units" if entry.role == "units" else entry.name  # units become one layer, whatever their names
        _alike(first.setdefault(name, entry), entry, place(f"layers.{entry.name}"))
    for item in scheme.lists:
        _period(item.in_force, item.repealed, place(f"lists.{item.path}.repealed"))
    for name, form in scheme.rules.codes.items():
        _pattern(form.pattern, place(f"rules.codes.{name}.pattern"))
    for table in scheme.published:
        _published(table, _places(file, f"published.{table.path}"))
    ids = [item.id for item in scheme.templates]
    for name in ids:
        if ids.count(name) > 1:
            raise InputError(
                "two templates have this id", where=place(f"templates.{name}"), hint="give each an id of its own"
            )


def _places(file: str, head: str = "") -> Callable[[str], Where]:
    return lambda field: Where(file, None, ".".join(part for part in (head, field) if part))


def _period(start: Any, end: Any, where: Where) -> None:
    try:
        Period(start, end)
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from error


def _not_negative(value: float | None, where: Where) -> None:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise InputError(
            f"expected a number of at least 0, got {value:g}", where=where, hint="in metres, or as a share"
        )


def _extent(box: Sequence[float] | None, where: Where) -> None:
    if box is None:
        return
    hint = "write [west, south, east, north] in degrees"
    if len(box) != 4:
        raise InputError(f"expected four numbers, got {len(box)}", where=where, hint=hint)
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(f"expected a box of longitudes and latitudes, got {list(box)}", where=where, hint=hint)


def _pattern(pattern: str, where: Where) -> None:
    hint = r"for example 'ZH(?P<area>\d{6})(?P<class>[123])\d{4}'"
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        raise InputError(f"expected a regular expression: {error}", where=where, hint=hint) from error
    for name in groups:
        if name not in _GROUPS:
            message = f"expected the groups {', '.join(_GROUPS)}, got {name!r}"
            raise InputError(message, where=where, hint=_meant(name, _GROUPS) or hint)


def _one_of(value: str, known: Sequence[str], where: Where) -> None:
    if value not in known:
        message = f"expected one of {', '.join(known)}, got {value!r}"
        raise InputError(message, where=where, hint=_meant(value, known) or "use one of these")


def _published(entry: PublishedEntry, place: Callable[[str], Where]) -> None:
    _one_of(entry.by, _BY, place("by"))
    _one_of(entry.unit, _AREA_UNITS, place("unit"))
    _not_negative(entry.relative, place("relative"))
    for measure, digits in entry.decimals.items():
        _one_of(measure, MEASURES, place("decimals"))
        _not_negative(digits, place(f"decimals.{measure}"))


def _layer(entry: LayerEntry, place: Callable[[str], Where]) -> None:
    _one_of(entry.role, _ROLES, place("role"))
    _one_of(entry.shape, SHAPES, place("shape"))
    _one_of(entry.area_unit, _AREA_UNITS, place("area_unit"))
    if entry.codes is not None:
        _pattern(entry.codes.pattern, place("codes.pattern"))
    if not _NAME.fullmatch(entry.name):
        message = f"expected a name of letters, digits, '_', '-' and '.', got {entry.name!r}"
        raise InputError(message, where=place("name"), hint="it becomes the name of a file of the edition")
    if entry.name == "units" and entry.role != "units":
        message = f"the name units is kept for the role units, got the role {entry.role!r}"
        raise InputError(message, where=place("role"), hint='write role = "units", or choose another name')
    _not_negative(entry.accuracy_m, place("accuracy_m"))
    _extent(entry.extent, place("extent"))
    for field, roles in (("columns", entry.columns), ("constants", entry.constants)):
        for role in roles:
            if role not in _COLUMNS:
                hint = _meant(role, _COLUMNS) or "other columns go under fields"
                raise InputError(
                    f"expected the roles {', '.join(_COLUMNS)}, got {role!r}", where=place(f"{field}.{role}"), hint=hint
                )


def _alike(first: LayerEntry, entry: LayerEntry, where: Where) -> None:
    """Hold entries that become one layer, those of one name or all units, to one meaning."""
    for field in _ALIKE:
        if getattr(first, field) == getattr(entry, field):
            continue
        if first.name != entry.name:
            message = f"the layers {first.name!r} and {entry.name!r} both hold units, but their {field} differs"
            raise InputError(message, where=where, hint="units are one layer: say the same of both")
        message = f"two layers have this name, but their {field} differs"
        raise InputError(message, where=where, hint="give them names of their own, or say the same of both")


def _meant(name: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    close = near(name, known)
    return f"did you mean {close[0]}?" if close else ""
