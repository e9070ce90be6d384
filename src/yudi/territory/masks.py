"""Which names of places stand in a list's texts, so that one text about many places counts as one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yudi.core.words import Words
from yudi.territory.edition import Layer
from yudi.territory.prose import Wording, masked

__all__ = ["Mask", "place_names"]

_PARTS = re.compile(r"[\s—－–\-·•/、，,（）()【】\[\]:：]+")
_SHORTEST = 2  # letters of a name; one letter stands everywhere
_LONGEST = 40
_SHORTEST_END = 3  # letters of an end that names share
_MANY, _MANY_SHARE = 3, 20  # names that share an end: three, and one in twenty
_SAYS_SOMETHING = re.compile(r"[^\W\d_a-zA-Z]{2}|[a-zA-Z]{4}")  # A1 or 3# is no name that could be told from other text


@dataclass(frozen=True)
class Mask:
    """Hides the names of places in texts; what words of the tables cover stays, so that no two effects become one.

    Parameters
    ----------
    names : frozenset of str
        As `place_names` gives them.
    """

    names: frozenset[str] = frozenset()
    wording: Wording | None = None
    _by_pair: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in self.names:
            self._by_pair.setdefault(name[:2], []).append(name)

    def __call__(self, text: str) -> str:
        """Return the text with the names that stand in it hidden, the same for the same text whatever came before."""
        if not self._by_pair:
            return text
        known = self._known.get(text)
        if known is None:
            pairs = {text[at : at + 2] for at in range(len(text) - 1)}
            there = [name for pair in pairs & self._by_pair.keys() for name in self._by_pair[pair] if name in text]
            known = self._known[text] = masked(text, there, wording=self.wording) if there else text
        return known


def place_names(layers: Mapping[str, Layer], classes: Mapping[str, Words]) -> frozenset[str]:
    """Return the names of places that the scheme's own maps know.

    They are the names of units and of the features of all layers, whole and in the parts that a dash or a bracket
    sets off, without the names of classes; of units also without what many of their names end in; and, of units of one
    area, what all their names begin with, which is the area's name.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> columns = pa.table({"code": ["1", "2"], "name": ["甲县重点单元—东园区", "甲县重点单元—西镇"], "area": ["9", "9"]})
    >>> layer = Layer("units", "units", np.empty(2, dtype=object), columns)
    >>> sorted(place_names({"units": layer}, {"key": Words("重点单元")}))
    ['东园区', '甲县', '甲县重点单元—东园区', '甲县重点单元—西镇', '西镇']
    """
    labels = sorted({side for label in classes.values() for side in (label.zh, label.en) if side}, key=len)
    names: set[str] = set()
    for layer in layers.values():
        if not (named := layer.column("name")):
            continue
        written = [str(name or "").strip() for name in named]
        codes = layer.column("code") or [""] * len(written)
        own = [name if name != code else "" for name, code in zip(written, codes, strict=True)]
        names.update(part for name in own for part in (name, *_parts(name, labels)))
        if layer.role == "units":
            areas = layer.column("area") or [""] * len(own)
            names.update(_area_names(zip(areas, own, strict=True), labels))
            names.update(_without_ends(own))
    return frozenset(name for name in names if _SHORTEST <= len(name) <= _LONGEST and _SAYS_SOMETHING.search(name))


def _parts(name: str, labels: Iterable[str]) -> list[str]:
    """Return the parts of a name without names of classes, which part it too."""
    for label in labels:
        name = name.replace(label, " ")
    return _PARTS.split(name)


def _without_ends(names: Iterable[str]) -> list[str]:
    """Return what stands before the ends that many names share: of 东山镇重点管控区 among others of that kind, 东山镇."""
    different = {name for name in names if name}
    ends = Counter(name[at:] for name in different for at in range(_SHORTEST, len(name) - _SHORTEST_END + 1))
    enough = max(_MANY, len(different) // _MANY_SHARE)
    return [
        name[:at]
        for name in different
        for at in range(_SHORTEST, len(name) - _SHORTEST_END + 1)
        if ends[name[at:]] >= enough
    ]


def _area_names(named: Iterable[tuple[str | None, str]], labels: Iterable[str]) -> list[str]:
    by_area: dict[str, set[str]] = defaultdict(set)
    for area, name in named:
        if area and name:
            by_area[area].add(name)
    shared = (_shared_start(min(names), max(names)) for names in by_area.values() if len(names) > 1)
    return [_parts(name, labels)[0] for name in shared]


def _shared_start(one: str, other: str) -> str:
    """Return what two texts begin with; of many, the first and the last in order share what all do."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:at]
