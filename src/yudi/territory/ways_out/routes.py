"""A change of place in words: which way, what is left behind, and what is entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yudi.core.logic import F
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.edition import Layer
from yudi.territory.place import Place, Reading
from yudi.territory.predicates import PlaceTest, leaves
from yudi.territory.screening import Screening

__all__ = ["compass_point", "left_and_entered", "unit_label"]

_NAMED = 3
_POINTS = (
    Words("北", "north"),
    Words("东北", "north-east"),
    Words("东", "east"),
    Words("东南", "south-east"),
    Words("南", "south"),
    Words("西南", "south-west"),
    Words("西", "west"),
    Words("西北", "north-west"),
)


def compass_point(bearing_deg: float) -> Words:
    """Return the nearest of the eight points of the compass.

    Examples
    --------
    >>> compass_point(310).en, compass_point(359).en
    ('north-west', 'north')
    """
    return _POINTS[round(bearing_deg / 45) % 8]


def left_and_entered(before: Screening, after: Screening, target: str) -> tuple[Words, dict[str, Any]]:
    """Return what a place is left and what is entered, as the end of a sentence and as plain data."""
    left: dict[str, Words] = {}
    entered: dict[str, Words] = {}
    for index, test, reading in _asked(before, target):
        now = after.places[index].read(test)
        layer = before.editions[index].layers.get(test.layer)
        if layer is None or now.value == reading.value:
            continue
        name = _named(layer, reading if reading.value > now.value else now)
        (left if reading.value > now.value else entered).setdefault(name.en, name)
    for index, place in enumerate(after.places):
        for unit in sorted(_units(place) - _units(before.places[index])):
            label = unit_label(place, unit)
            entered[label] = Words(label, label)
    zh = en = ""
    if left:
        zh += f"，离开{_joined([item.zh for item in left.values()], '、', '等')}"
        en += f", away from {_joined([item.en for item in left.values()], ', ', ' and others')}"
    if entered:
        zh += f"，进入{_joined([item.zh for item in entered.values()], '、', '等')}"
        en += f", into {_joined([item.en for item in entered.values()], ', ', ' and others')}"
    details = {
        "away_from": [item.as_data() for item in left.values()],
        "into": [item.as_data() for item in entered.values()],
    }
    return Words(zh, en), details


def unit_label(place: Place, unit: int) -> str:
    """Return code and name of a unit."""
    code = place.edition.unit_code(unit)
    names = place.edition.units.column("name")
    return f"{code} {names[unit]}" if names and names[unit] and str(names[unit]) != code else code


def _asked(screening: Screening, target: str) -> list[tuple[int, PlaceTest, Reading]]:
    """Return the place tests of the clauses that keep a project from a target, with what they find."""
    most = {"not_prohibited": Cell.MAY_PROHIBIT, "conditional": Cell.CONDITIONS, "admissible": Cell.SATISFIED}[target]
    found: dict[tuple[int, PlaceTest], Reading] = {}
    for item in screening.presumed:
        if item.cell > most:
            for tree in item.clause.trees:
                for leaf in leaves(tree):
                    if isinstance(leaf, PlaceTest):
                        found.setdefault((item.edition, leaf), screening.places[item.edition].read(leaf))
    return [(index, test, reading) for (index, test), reading in found.items()]


def _units(place: Place) -> set[int]:
    return {touch.index for touch in place.units if not touch.is_touch}


def _named(layer: Layer, reading: Reading) -> Words:
    title = layer.title()
    if not reading.feature or reading.value == F or reading.feature.startswith(f"{layer.name} "):
        return title
    return Words(f"{reading.feature}（{title.zh}）", f"{reading.feature} ({title.en})")


def _joined(items: Sequence[str], comma: str, more: str) -> str:
    return comma.join(items[:_NAMED]) + (more if len(items) > _NAMED else "")
