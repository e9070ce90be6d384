"""Each clause of an answer with what was found for its parts: its value, its sentence, the facts and measures behind it.

What is said of a clause whatever the project is made once for an edition and copied into every answer; what was found
is made once for an answer and stands, as the same object, wherever a clause asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yudi.core.logic import F, T
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.clauses import Citation, filled
from yudi.territory.decisions import Decision, Part
from yudi.territory.edition import Edition
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import Judged, judge
from yudi.territory.place import Reading, place_key
from yudi.territory.predicates import All, FactIn, FactIs, FactRange, Leaf, PlaceTest, Quota, TermTest, leaves
from yudi.territory.screening import Screening
from yudi.territory.sentences import Speaker

__all__ = ["Explained", "cited", "speaker"]

_OUT_OF_FORCE = Words("此日不在有效期内", "out of force on this day")
_TOUCHED = Words("仅边界相接，未达重叠容差", "only touched: the overlap is below the tolerance")
_OTHERS = Words("此处另有单元作出规定", "other units here answer")


def speaker(edition: Edition) -> Speaker:
    """Return who turns the edition's predicates into sentences."""
    found: Speaker | None = edition.memory.get("speaker")
    if found is None:
        terms = {
            item.key: Words(item.label.get("zh") or item.key, item.label.get("en") or item.key)
            for item in edition.rules.terms
        }
        layers = {name: layer.title() for name, layer in edition.layers.items()}
        found = edition.memory["speaker"] = Speaker(edition.rules.vocabulary, terms, layers)
    return found


def cited(citation: Citation, edition: Edition) -> dict[str, Any]:
    """Return where a clause stands, as ``citation`` and, where its document is declared, with the title as ``source``."""
    document = edition.rules.documents.get(citation.document)
    return {
        "citation": {
            "document": document.title.get("zh") if document else citation.document,
            "number": document.number if document else "",
            "article": citation.article,
        },
        "source": document.title.as_data() if document else None,
    }


class _Said:
    """What is said of a clause where it stands, whatever the project."""

    def __init__(self, decision: Decision, edition: Edition) -> None:
        item, clause = decision.bare, decision.bare.clause
        self.head = {"id": item.id, "edition": edition.id, "effect": clause.effect}
        self.brief: dict[str, Any] = {
            "dimension": clause.dimension,
            "level": clause.level,
            "text": clause.text.as_data(),
            **cited(clause.citation, edition),
            **clause.checked(),
        }
        self.more: dict[str, Any] = {}
        if clause.dimension and (label := edition.dimensions.get(clause.dimension)):
            self.more["dimension_label"] = label.as_data()
        if clause.period.start:
            self.more["in_force"] = clause.period.start.isoformat()
        if clause.is_in_words:
            self.more["in_words"] = True
        if clause.factor is not None:
            self.more["factor"] = clause.factor
        if clause.body:
            self.more["body"] = clause.body.as_data()
        voice = speaker(edition)
        self.holds = {part.name: _of_clause(voice.sentence(part.tree), item) for part in decision.parts}
        self.fails = {part.name: _of_clause(_negated(part, voice), item) for part in decision.parts}
        self.within = {part.name for part in decision.parts if any(map(_is_distance, leaves(part.tree)))}


@dataclass
class Explained:
    """The clauses of an answer that stand in the whole place, or in one unit, as plain data."""

    screening: Screening
    edition: int
    unit: int | None
    _found: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._of = self.screening.editions[self.edition]
        self._group = self.screening.group(self.edition, self.unit)
        self._situation = self.screening.situation(self.edition, self.unit)

    def entry(self, item: Judged, codes: Sequence[str]) -> dict[str, Any]:
        """Return a clause with its reasons; of one that is not applicable the first part that is false."""
        decision = self._group.decision(item)
        said = self._said(decision)
        data: dict[str, Any] = dict(said.head)
        if codes:
            data["units"] = list(codes)
        data.update(_copied(said.brief))
        if item.cell == Cell.NOT_APPLICABLE:
            data["because"] = self._why_not(item, decision, said)
        else:
            data.update(_copied(said.more))
            data["because"] = self._because(item, decision, said)
        return data

    def _said(self, decision: Decision) -> _Said:
        found: _Said | None = decision.memory.get("said")
        if found is None:
            found = decision.memory["said"] = _Said(decision, self._of)
        return found

    def _because(self, item: Judged, decision: Decision, said: _Said) -> dict[str, Any]:
        """Say what was found for each part."""
        data: dict[str, Any] = {}
        for part in decision.parts:
            result = item.parts.get(part.name)
            if result is None or (part.name != "scope" and part.tree == _ALWAYS):
                continue
            value = result.state.value if part.name != "except" else type(result.state.value)(2 - result.state.value)
            data[part.name] = {"value": value.name, "text": dict(said.holds[part.name]), "found": self._behind(part)}
        return data

    def _behind(self, part: Part) -> list[dict[str, Any]]:
        """Return what was found for the leaves of a part."""
        behind = []
        for place in part.places:
            found = self._found.get(place)
            if found is None:
                found = self._found[place] = found_of(self._group.sheet.asked[place].leaf, self._situation)
            behind.append(found)
        return behind

    def _why_not(self, item: Judged, decision: Decision, said: _Said) -> dict[str, Any]:
        """Say which part is the first that is false."""
        if not item.in_force:
            period = item.clause.period
            days = {
                "in_force": period.start.isoformat() if period.start else None,
                "repealed": period.end.isoformat() if period.end else None,
            }
            return {"part": "period", "text": _OUT_OF_FORCE.as_data()} | days
        if item.touch:
            met = next(touch for touch in self.screening.places[item.edition].units if touch.index == item.unit)
            return {
                "part": "units",
                "text": _TOUCHED.as_data(),
                "unit": item.unit_code,
                "amount": round(met.amount, 2),
                "touches": True,
                "touches_forbidden": self._would_forbid(item),
            }
        for part in decision.parts:
            result = item.parts.get(part.name)
            if result is None or result.state.value != F or part.name == "test":
                continue
            found = self._behind(part)
            text = self._too_far(part) if part.name in said.within else None
            data: dict[str, Any] = {"part": part.name, "text": text or dict(said.fails[part.name]), "found": found}
            if any(one.get("touches") for one in found):
                data |= {"touches": True, "touches_forbidden": self._would_forbid(item)}
            return data
        return {"part": "units", "text": _OTHERS.as_data()}

    def _would_forbid(self, item: Judged) -> bool:
        """Tell whether a clause could forbid the project if what is only touched were lain in."""
        if item.clause.effect != "forbid":
            return False
        situation = replace(self._situation, clause_id=item.asked_as)

        def lain_in(test: PlaceTest, stated: Value | None) -> Reading:
            reading = situation.place(test, stated)
            return replace(reading, value=T) if reading.touches else reading

        parts, _, _ = judge(item.clause, replace(situation, place=lain_in))
        return all(part.state.value != F for part in parts.values())

    def _too_far(self, part: Part) -> dict[str, str] | None:
        """Say how far the first feature is that is beyond a distance."""
        for leaf in filter(_is_distance, leaves(part.tree)):
            assert isinstance(leaf, PlaceTest), "a distance is one"
            reading = self._situation.place(leaf, self._situation.facts.get(place_key(leaf)))
            if reading.value == F and reading.distance_m is not None:
                label = speaker(self._of).layers.get(leaf.layer) or Words(leaf.layer, leaf.layer)
                name = reading.feature
                zh = f"距{name and f'{name}·'}{label.get('zh')} {reading.distance_m:,.0f} m，精度 {reading.accuracy_m:g} m"
                en = f"{reading.distance_m:,.0f} m from {label.get('en')}{name and f' ({name})'}, good to {reading.accuracy_m:g} m"
                return {"zh": zh, "en": en}
        return None


_ALWAYS = All()


def _copied(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value.copy() if value.__class__ is dict else value for key, value in data.items()}


def _is_distance(leaf: Leaf) -> bool:
    return isinstance(leaf, PlaceTest) and leaf.kind == "within"


def _negated(part: Part, voice: Speaker) -> Words:
    """Say a false part in a sentence."""
    said = voice.sentence(part.tree)
    if part.name == "except":
        return Words(f"属于例外：{said.zh}", f"an exception: {said.en}")
    return Words(f"不符合：{said.zh}", f"does not hold: {said.en}")


def _of_clause(said: Words, item: Judged) -> dict[str, str]:
    """Put the clause's own id and unit into a sentence made for all units."""
    return {key: filled(text, item.asked_as, item.unit_code) for key, text in said.as_data().items()}


def found_of(leaf: Leaf, situation: Situation) -> dict[str, Any]:
    """Return the facts and measures behind a leaf."""
    if isinstance(leaf, PlaceTest):
        key = place_key(leaf)
        return {"fact": key, **_measured(situation.place(leaf, situation.facts.get(key)))}
    if isinstance(leaf, TermTest):
        table = situation.terms.get(leaf.term)
        asked = [part for tree in (table.certain, table.possible) for part in leaves(tree)] if table else []
        facts = {
            part.fact: _shown(situation.value(part.fact))
            for part in asked
            if isinstance(part, FactIn | FactIs | FactRange)
        }
        ground = {"adopted_by": table.adopted_by, "ground": table.ground} if table else {}
        answered = situation.facts.get(f"term:{leaf.term}")
        return {"term": leaf.term, "facts": facts, **{key: text for key, text in ground.items() if text}} | (
            {"answer": _shown(answered)} if answered else {}
        )
    if isinstance(leaf, Quota):
        keys = (leaf.amount, *leaf.headroom)
        return {"facts": {key: _shown(situation.value(key)) for key in keys}}
    return {"fact": leaf.fact, **_shown(situation.value(leaf.fact))}


def _shown(value: Value | None) -> dict[str, Any]:
    return {"value": None, "origin": "unknown"} if value is None else value.as_data()


def _measured(reading: Reading) -> dict[str, Any]:
    data: dict[str, Any] = {"value": reading.value.name, "origin": reading.origin}
    numbers = {"distance_m": reading.distance_m, "accuracy_m": reading.accuracy_m, "amount": reading.amount}
    data |= {key: round(number, 2) for key, number in numbers.items() if number is not None}
    if reading.share is not None:
        data["share"] = round(reading.share, 6)
    data |= {
        key: text
        for key, text in (
            ("feature", reading.feature),
            ("source", reading.source),
            ("method", reading.method),
            ("why", reading.why),
        )
        if text
    }
    if reading.touches:
        data["touches"] = True
    return data
