"""May this project go here, why, and under which clauses: the one question of the territory.

Every clause is judged in every place where it could speak; the strictest of its cells is its entry, the strictest
entry the verdict. What is unknown is never a pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from typing import Any

from yudi.territory.asked import unasked
from yudi.territory.cells import Cell
from yudi.territory.decisions import Decision, Group, Heard, Where, decisions_on, said_of
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import SETTLED, Judged, possible_of, verdict_of
from yudi.territory.place import Place, Reading, Touch, uncovered
from yudi.territory.predicates import PlaceTest
from yudi.territory.presumption import concern_usually, infer
from yudi.territory.projects import Project

__all__ = ["Here", "Screening", "judge_all", "judged_situation", "screen", "shared_ids", "status_in"]


@dataclass(frozen=True)
class Here:
    """One edition at one place on one day, with all that its clauses may ask there."""

    index: int
    edition: Edition
    place: Place
    day: date
    situation: Situation
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Screening:
    """A project held against editions on a day: everything that an answer is made from.

    Parameters
    ----------
    places : tuple of Place
        One an edition.
    known, presumed : tuple of Judged
        Every clause in every place, as known and with the usual answers.
    assumed : mapping of key to Value
        The usual answers.
    uncovered_share : float
        Share of the site in no unit of any edition.
    shared : frozenset of str
        Ids under which the editions have different clauses here.
    """

    project: Project
    editions: tuple[Edition, ...]
    as_of: date
    places: tuple[Place, ...]
    known: tuple[Judged, ...]
    presumed: tuple[Judged, ...]
    facts: tuple[Mapping[str, Value], ...]
    assumed: Mapping[str, Value]
    uncovered_share: float
    in_force: tuple[bool, ...]
    shared: frozenset[str] = frozenset()
    idle: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    _situations: dict[tuple[int, int | None], Situation] = field(default_factory=dict, repr=False)  # made once each
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # of who asks more of it, and again

    def situation(self, edition: int, unit: int | None) -> Situation:
        """Return the situation of an edition's clauses in the whole place or in a unit, as known."""
        if (edition, unit) not in self._situations:
            place = self.places[edition]
            here = _knowing(_here(edition, self.project, place, self.as_of), self.facts[edition])
            if unit is not None:
                here = _in_unit(here, next(touch for touch in place.units if touch.index == unit))
            self._situations[edition, unit] = here.situation
        return self._situations[edition, unit]

    def decision(self, item: Judged) -> Decision:
        """Return what a clause was judged by; it holds of any project."""
        return self.group(item.edition, item.unit).decision(item)

    def group(self, edition: int, unit: int | None) -> Group:
        """Return the clauses that stand in the whole place or in a unit, as an edition has them for any project."""
        return decisions_on(self.editions[edition], self.as_of).group(Where(edition, unit, self.shared))

    @cached_property
    def is_covered(self) -> bool:
        """Tell whether the whole place lies in editions that are in force."""
        return any(self.in_force) and self.uncovered_share == 0

    @cached_property
    def verdict(self) -> str:
        """The verdict as known."""
        return verdict_of(self.known, self.is_covered)

    @cached_property
    def presumed_verdict(self) -> str:
        """The verdict if the usual answers hold."""
        return verdict_of(self.presumed, self.is_covered)

    @cached_property
    def possible(self) -> tuple[str, ...]:
        """The decisive verdicts that the unknown leaves open, strictest first."""
        return possible_of(self.known, self.is_covered)


def screen(
    project: Project, editions: Sequence[Edition], *, as_of: date, places: Sequence[Place] | None = None
) -> Screening:
    """Return the project held against the editions on a day.

    Parameters
    ----------
    project : Project
        Site and facts; see `yudi.territory.projects`.
    editions : sequence of Edition
        All their lists speak; the strictest stands.
    as_of : date
        The day on which the question is asked.
    places : sequence of Place or None
        The same site held against the same editions before, so that nothing is measured again.

    Raises
    ------
    InputError
        Where the project states the opposite of what a rule infers.
    """
    in_force = tuple(edition.period.contains(as_of) for edition in editions)
    places = tuple(places) if places is not None else tuple(Place(edition, project.site) for edition in editions)
    known: list[Judged] = []
    presumed: list[Judged] = []
    facts: list[Mapping[str, Value]] = []
    assumed: dict[str, Value] = {}
    shared = shared_ids(
        [
            (edition, [touch.index for touch in place.units])
            for edition, place, counts in zip(editions, places, in_force, strict=True)
            if counts
        ]
    )
    for index, (edition, place, counts) in enumerate(zip(editions, places, in_force, strict=True)):
        if not counts:
            facts.append(dict(project.facts))
            continue
        here = replace(_here(index, project, place, as_of), shared=shared)
        shelf = decisions_on(edition, as_of)
        here = _knowing(here, infer(edition.rules.inferences, here.situation, as_of, kind="rule", reader=shelf))
        facts.append(here.situation.facts)
        heard: dict[int | None, Heard] = {}
        judged = judge_all(here, heard)
        known += judged
        guess = _knowing(here, infer(edition.rules.inferences, here.situation, as_of, kind="usual", reader=shelf))
        clauses = ((item.asked_as, item.clause, item.unit_code) for item in judged)
        concerned = concern_usually(clauses, guess.situation, told=shelf.told(guess.situation))
        guess = _knowing(here, {**guess.situation.facts, **concerned})
        presumed += judged if guess.situation.facts == here.situation.facts else judge_all(guess, heard, here)
        assumed |= {key: value for key, value in guess.situation.facts.items() if key not in here.situation.facts}
    share = _uncovered_share(
        project, [place for place, counts in zip(places, in_force, strict=True) if counts], editions
    )
    return Screening(
        project,
        tuple(editions),
        as_of,
        places,
        tuple(known),
        tuple(presumed),
        tuple(facts),
        assumed,
        share,
        in_force,
        shared,
        unasked(project, editions, known),
    )


def _uncovered_share(project: Project, places: Sequence[Place], editions: Sequence[Edition]) -> float:
    touches = [(place, touch) for place in places for touch in place.units]
    if any(touch.part is project.site for _, touch in touches):
        return 0.0
    covers = [place.edition.units.geometry[touch.index] for place, touch in touches]
    tolerance = min((edition.tolerance for edition in editions), key=lambda item: item.depth_m)
    return uncovered(project.site, covers, tolerance)[0]


def judge_all(here: Here, heard: dict[int | None, Heard], before: Here | None = None) -> list[Judged]:
    """Return every clause of the edition that speaks at the place, judged: site-wide ones and those of its units.

    Parameters
    ----------
    heard : dict by unit
        What the clauses came to there before; what they come to now is put in its place.
    before : Here or None
        What was known then; None where nothing was heard yet.
    """
    place = here.place
    facts = said_of(here.situation.facts)
    old = said_of(before.situation.facts) if before is not None else {}
    changed = [key for key in facts.keys() | old.keys() if facts.get(key) != old.get(key)] if before is not None else []
    found: list[Judged] = []
    answering: list[Touch] = []
    deferring: list[tuple[int, Judged, Touch]] = []
    for touch in (None, *place.units):
        unit = touch.index if touch is not None else None
        group = decisions_on(here.edition, here.day).group(Where(here.index, unit, here.shared))
        situation = here.situation if touch is None else _in_unit(here, touch).situation
        if touch is not None and touch.is_touch:
            heard[unit] = group.touched(here.day)
        elif before is None:
            heard[unit] = group.heard(situation, facts, here.day)
        else:
            heard[unit] = group.heard_again(heard[unit], situation, facts, changed=changed, day=here.day)
        judged = heard[unit].judged
        defers = [
            (len(found) + row, item, touch)
            for row, item in enumerate(judged)
            if touch is not None and item.clause.effect == "defer" and item.cell != Cell.NOT_APPLICABLE
        ]
        found += judged
        deferring += defers
        if touch is not None and not defers and not touch.is_touch:
            answering.append(touch)
    for position, item, touch in deferring:
        if _is_answered(touch, answering, place):
            found[position] = replace(item, cell=Cell.NOT_APPLICABLE, outcomes=SETTLED)
    return found


def judged_situation(screening: Screening, item: Judged) -> Situation:
    """Return the situation in which a clause was judged, as known."""
    return replace(screening.situation(item.edition, item.unit), clause_id=item.asked_as)


def shared_ids(places: Sequence[tuple[Edition, Sequence[int]]]) -> frozenset[str]:
    """Return the ids under which the editions have different clauses in the units, given as an edition's indices."""
    there: dict[str, list[tuple[Edition, int]]] = {}
    for edition, units in places if len(places) > 1 else ():
        bindings = edition.bindings
        for unit in (WHOLE_PLACE, *units):
            for row in bindings.of(unit):
                there.setdefault(bindings.ids[row], []).append((edition, int(bindings.clause[row])))
    shared = set()
    for name, found in there.items():
        if any(edition is not found[0][0] for edition, _ in found):  # a clause is only read where it must be
            clauses = [edition.rules.clauses[index] for edition, index in found]
            if len({(item.effect, item.text) for item in clauses}) > 1:
                shared.add(name)
    return frozenset(shared)


def _is_answered(touch: Touch, answering: Sequence[Touch], place: Place) -> bool:
    covers = [place.edition.units.geometry[other.index] for other in answering]
    return uncovered(touch.part, covers, place.edition.tolerance)[0] == 0 if covers else False


def _here(index: int, project: Project, place: Place, day: date) -> Here:
    edition = place.edition
    touched = [touch.index for touch in place.units if not touch.is_touch]
    status = cache(partial(status_in, edition, touched, day))
    terms = decisions_on(edition, day).terms
    situation = Situation(edition.rules.vocabulary, project.facts, terms, status, place.read)
    return Here(index, edition, place, day, situation)


def _knowing(here: Here, facts: Mapping[str, Value]) -> Here:
    return replace(here, situation=replace(here.situation, facts=facts))


def _in_unit(here: Here, touch: Touch) -> Here:
    def read(test: PlaceTest, stated: Value | None) -> Reading:
        return here.place.read(test, stated, touch.part)

    situation = replace(
        here.situation,
        status=cache(partial(status_in, here.edition, [touch.index], here.day)),
        place=here.situation.place if touch.is_whole else read,
        unit_code=here.edition.unit_code(touch.index),
    )
    return replace(here, situation=situation)


def status_in(edition: Edition, units: Sequence[int], day: date, key: str) -> Value | None:
    """Return what the status tables say of a fact in the units; where they differ, what is common to all."""
    for table in edition.rules.status:
        if table.fact != key:
            continue
        column = None if table.by == "all" else edition.units.column("code" if table.by == "unit" else "area")
        if column is None and table.by != "all":
            return None
        keys = [""] if column is None else [str(column[unit] or "") for unit in units]
        values = [table.on(name, day) for name in keys]
        known = [value for value in values if value is not None]
        return _common(known) if known and len(known) == len(values) else None
    return None


def _common(values: Sequence[Value]) -> Value | None:
    first = values[0]
    if all((value.value, value.accuracy) == (first.value, first.accuracy) for value in values):
        return first
    if all(isinstance(value.value, float) for value in values):
        low = min(value.value - value.accuracy for value in values)
        high = max(value.value + value.accuracy for value in values)
        return replace(first, value=(low + high) / 2, accuracy=(high - low) / 2)
    return None
