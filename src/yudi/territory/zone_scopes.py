"""What a part of a unit, named in a list's words, is on the scheme's own maps: only where a layer is plainly known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yudi.core.errors import InputError
from yudi.core.quantities import convert
from yudi.territory.edition import Layer
from yudi.territory.predicates import Condition, Node, PlaceTest

__all__ = ["ZoneScopes"]

_SHORTEST = 2  # letters of a name; shorter ones end too many words
_UNIT_LETTERS = 3
_NUMERALS = "".join(chr(code) for code in range(0x4E00, 0xA000) if unicodedata.numeric(chr(code), None) is not None)
_NUMBER = re.compile(rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?|[〇{_NUMERALS}]{{1,9}})$")


@dataclass(frozen=True)
class ZoneScopes:
    """Finds the layer that a zone means, by labels of layers and names of features.

    Parameters
    ----------
    inside : tuple of str
        Words behind a place's name that mean within it; a zone that ends in none of them is not understood.
    """

    layers: Mapping[str, Layer]
    inside: tuple[str, ...] = ()
    _known: dict[str, Node | None] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, zone: str) -> Node | None:
        """Return the test that a zone such as 长江岸线一公里内 means, None where no layer is plainly meant."""
        if zone not in self._known:
            self._known[zone] = self._read(zone)
        return self._known[zone]

    def _read(self, zone: str) -> Node | None:
        ending = max((word for word in self.inside if zone.endswith(word)), key=len, default="")
        place = zone.removesuffix(ending).rstrip("的 ")
        if not ending or not place:
            return None
        place, distance_m = _parted(place)
        kind = "inside" if distance_m is None else "within"
        for layer in self._layers():
            for label in (layer.label.zh, layer.label.en):
                if len(label) >= _SHORTEST and place.endswith(label):
                    name = next((name for name in _names(layer) if name in place and name not in label), "")
                    if not name and place != label:
                        return None  # it names a part of the layer that the map does not know
                    where = (Condition("name", (name,)),) if name else ()
                    return PlaceTest(kind, layer.name, where, distance_m)
        for layer in self._layers():
            if name := next((name for name in _names(layer) if place.endswith(name)), ""):
                return PlaceTest(kind, layer.name, (Condition("name", (name,)),), distance_m)
        return None

    def _layers(self) -> Iterator[Layer]:
        """Yield the layers but the units, those with the longest labels first."""
        layers = (layer for layer in self.layers.values() if layer.role != "units")
        yield from sorted(layers, key=lambda layer: (-len(layer.label.zh), layer.name))


def _names(layer: Layer) -> list[str]:
    names = {str(name).strip() for name in layer.column("name") or () if name}
    return sorted((name for name in names if len(name) >= _SHORTEST), key=lambda name: (-len(name), name))


def _parted(place: str) -> tuple[str, float | None]:
    """Part a length in m from the end of a place: 岸线一公里 is 岸线 and 1000."""
    for size in range(min(_UNIT_LETTERS, len(place) - 1), 0, -1):
        before, unit = place[:-size].rstrip(), place[-size:]
        match = _NUMBER.search(before)
        number = _number(match[0]) if match else None
        if match is None or number is None:
            continue
        try:
            return before[: match.start()].rstrip(), convert(number, unit, "m")
        except InputError:
            continue
    return place, None


def _number(written: str) -> float | None:
    """Return a number in digits or numerals, None for nought: 一 is 1, 五百 is 500."""
    if written[0].isdigit() and written[0].isascii():
        return float(written)
    total, digit = 0.0, 0.0
    for character in written:
        value = unicodedata.numeric(character)
        if value >= 10:
            total, digit = total + (digit or 1) * value, 0.0
        else:
            digit = value
    return total + digit or None
