"""What checks of lists and rules look up: where each clause stands, which list it is of, and how large units are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.errors import Where
from yudi.core.measure import area_m2, equal_area_plane
from yudi.core.words import Words
from yudi.territory.clauses import Clause
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.items import Items
from yudi.territory.predicates import Leaf, leaves
from yudi.territory.printed import Part

__all__ = ["Asked", "Survey", "counted", "few", "shortened", "survey_of"]

_UNITS_DRAWN = 50  # of a finding about many units so many are drawn, and
_VERTICES_DRAWN = 20_000  # no more than so many vertices, but one unit at least
_NAMED, _LETTERS = 5, 24
_Units = np.ndarray[Any, Any]


class Asked(NamedTuple):
    """One thing that is asked, and by which clause (its index); -1 stands for terms and rules of inference."""

    leaf: Leaf
    clause: int


@dataclass(frozen=True)
class Survey:
    """An edition on a day, with what the checks ask of it more than once.

    Parameters
    ----------
    as_of : date
        The day on which the edition is checked.
    """

    edition: Edition
    as_of: date

    @cached_property
    def clauses(self) -> Sequence[Clause]:
        """All clauses, read."""
        return list(self.edition.rules.clauses)

    @cached_property
    def in_force(self) -> _Units:
        """Of each clause whether it is in force on the day."""
        return np.array([item.period.contains(self.as_of) for item in self.clauses], bool)

    @cached_property
    def counts_yet(self) -> _Units:
        """Of each clause whether it is in force on the day, or will be."""
        ends = (item.period.end for item in self.clauses)
        return np.array([end is None or end > self.as_of for end in ends], bool)

    @cached_property
    def _by_clause(self) -> tuple[_Units, _Units]:
        order = np.argsort(self.edition.bindings.clause, kind="stable")
        starts = np.searchsorted(self.edition.bindings.clause[order], np.arange(len(self.clauses) + 1))
        return order, starts

    def bindings_of(self, clause: int) -> _Units:
        """Return the rows of the bindings in which a clause stands."""
        order, starts = self._by_clause
        return order[starts[clause] : starts[clause + 1]]

    def clause_name(self, clause: int) -> str:
        """Return the id of a clause where it stands first: of a list's clause as people see it in a unit."""
        return self.edition.bindings.ids[int(self.bindings_of(clause)[0])]

    def units_of(self, clause: int) -> _Units:
        """Return the units in which a clause stands, as places among the units; of the whole place all."""
        return self.units_of_all((clause,))

    def units_of_all(self, clauses: Iterable[int]) -> _Units:
        """Return the units in which any of the clauses stands."""
        found = [self.bindings_of(clause) for clause in clauses if clause >= 0]
        units = np.unique(self.edition.bindings.unit[np.concatenate(found)]) if found else np.zeros(0, np.int64)
        if WHOLE_PLACE in units:
            return np.arange(len(self.edition.units.geometry))
        return units[units >= 0]

    @cached_property
    def is_of_units(self) -> _Units:
        """Of each clause whether it stands in units, and not in the whole place or nowhere."""
        found = np.zeros(len(self.clauses), bool)
        found[self.edition.bindings.clause[self.edition.bindings.unit >= 0]] = True
        return found

    @cached_property
    def lists(self) -> tuple[Mapping[str, str], ...]:
        """What the edition keeps of its lists."""
        return self.edition.items().lists

    @cached_property
    def _read(self) -> tuple[_Units, dict[int, Part]]:
        """Of each clause its list, and the part of a printed item that it was made of."""
        lists = np.full(len(self.clauses), -1, np.int32)
        parts: dict[int, Part] = {}
        if not self.lists:
            return lists, parts
        items, bindings = Items(self.edition), self.edition.bindings
        by_id = dict(zip(bindings.ids, bindings.clause.tolist(), strict=True))
        seen: set[tuple[int, int, str]] = set()
        for row in items.rows:
            key = (row["list"], row["text"], row["dimension"])
            if key in seen:
                continue
            for part in items.parts[row["text"]]:
                for position in range(len(part.clause_effects)):
                    clause = by_id.get(items.clause_id(row, part, position))
                    if clause is not None:
                        seen.add(key)
                        lists[clause] = row["list"]
                        parts[clause] = part
        return lists, parts

    @property
    def list_of(self) -> _Units:
        """Of each clause the list that it was read from, -1 for those of none."""
        return self._read[0]

    @property
    def parts(self) -> Mapping[int, Part]:
        """The part of a printed item of which a clause of a list was made."""
        return self._read[1]

    @cached_property
    def areas_m2(self) -> _Units:
        """Area of each unit."""
        areas: _Units = np.nan_to_num(area_m2(self.edition.units.geometry, equal_area_plane()))
        return areas

    def area_share(self, units: _Units) -> float:
        """Return the share of the units' whole area that some of them have."""
        whole = float(self.areas_m2.sum())
        return float(self.areas_m2[units].sum()) / whole if whole else 0.0

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """All that clauses ask on the day or later, and what terms and rules of inference ask; what is usual only presumes."""
        rules = self.edition.rules
        found = [
            Asked(leaf, row)
            for row, item in enumerate(self.clauses)
            if self.counts_yet[row]
            for tree in item.trees
            for leaf in leaves(tree)
        ]
        trees = [tree for term in rules.terms for tree in (term.certain, term.possible)]
        trees += [row.when for row in rules.inferences if row.kind == "rule"]
        return (*found, *(Asked(leaf, -1) for tree in trees for leaf in leaves(tree)))

    def classes(self, units: _Units) -> dict[str, int]:
        """Return how many of the units each class has, in the order in which classes are declared."""
        column = self.edition.units.column("class") or [""] * len(self.edition.units.geometry)
        names = [str(column[unit] or "") for unit in units.tolist()]
        order = dict.fromkeys([*self.edition.classes, *sorted(set(names))])
        return {name: names.count(name) for name in order if name in names}

    def classes_said(self, units: _Units) -> Words:
        """Return the number of units of each class in words; nothing where there are no classes."""
        counts = {name: count for name, count in self.classes(units).items() if name}
        labels = {name: self.edition.classes.get(name) or Words(name, name) for name in counts}
        zh = "、".join(f"{labels[name].get('zh')} {count}" for name, count in counts.items())
        en = ", ".join(f"{count} {labels[name].get('en')}" for name, count in counts.items())
        return Words(f"（{zh}）" if zh else "", f" ({en})" if en else "")

    def drawn(self, units: _Units) -> BaseGeometry | None:
        """Return where units lie, in lon/lat: of many the first few."""
        shapes = self.edition.units.geometry[units[:_UNITS_DRAWN]]
        if not len(shapes):
            return None
        ends = np.cumsum(shapely.get_num_coordinates(shapes))
        parts = shapely.get_parts(shapes[: max(1, int(np.searchsorted(ends, _VERTICES_DRAWN, side="right")))])
        polygons = parts[shapely.get_dimensions(parts) == 2]
        return shapely.multipolygons(polygons) if len(polygons) else shapely.geometrycollections(parts)

    def own_units(self, clauses: Iterable[int]) -> _Units:
        """Return the units of those of the clauses that stand in units; what speaks everywhere concerns none of them."""
        return self.units_of_all(clause for clause in clauses if clause >= 0 and self.is_of_units[clause])

    def codes(self, units: _Units) -> tuple[str, ...]:
        """Return the codes of units."""
        return tuple(self.edition.unit_code(unit) for unit in units.tolist())

    def finding(
        self,
        kind: str,
        severity: str,
        said: tuple[Words, Words],
        *,
        units: _Units | None = None,
        where: Where | None = None,
        numbers: Mapping[str, float | str] | None = None,
    ) -> EditionFinding:
        """Return a finding with the codes and the place of its units.

        Parameters
        ----------
        said : pair of Words
            What is found, and its cure.
        units : int array, optional
            Places among the units; none for what concerns no unit or all of them alike.
        """
        here = np.zeros(0, np.int64) if units is None else units
        place, codes = self.drawn(here), self.codes(here)
        return EditionFinding(kind, severity, said[0], said[1], codes, place, where or Where(), dict(numbers or {}))

    def list_named(self, number: int) -> Words:
        """Return how to call a list: by its name, or by its file where there are several."""
        entry = self.lists[number]
        name = entry["name"] or (entry["file"] if len(self.lists) > 1 else "")
        return Words(f"清单“{name}”", f"the list {name}") if name else Words("清单", "the list")

    def file(self, number: int) -> Where:
        """Return the file of a list; nowhere for -1."""
        return Where(self.lists[number]["file"] or None) if number >= 0 else Where()


def survey_of(edition: Edition, as_of: date) -> Survey:
    """Return the survey of an edition on a day, made once."""
    made: Survey = edition.memory.setdefault(("survey", as_of), Survey(edition, as_of))
    return made


def few(names: Sequence[str]) -> Words:
    """Return the first few names, and how many more there are.

    Examples
    --------
    >>> few(["a", "b", "c", "d", "e", "f", "g"]).en
    'a, b, c, d, e and 2 more'
    """
    rest = len(names) - _NAMED
    shown = names[:_NAMED]
    return Words(
        "、".join(shown) + (f" 等 {len(names)} 个" if rest > 0 else ""),
        ", ".join(shown) + (f" and {rest} more" if rest > 0 else ""),
    )


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number and its noun.

    Examples
    --------
    >>> counted(1, "clause"), counted(2, "clause")
    ('1 clause', '2 clauses')
    """
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def shortened(text: str) -> str:
    """Return the beginning of a long text, to know it by.

    Examples
    --------
    >>> shortened("a" * 30)
    'aaaaaaaaaaaaaaaaaaaaaaa…'
    """
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
