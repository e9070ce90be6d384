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
from yudi.territory.decisions import Asked, Decision, Part, decisions_on
from yudi.territory.edition import Edition
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
        self._head = {"id": item.id, "edition": edition.id, "effect": clause.effect}
        self._brief: dict[str, Any] = {
            "dimension": clause.dimension,
            "level": clause.level,
            "text": clause.text.as_data(),
            **cited(clause.citation, edition),
            **clause.checked(),
        }
        more: dict[str, Any] = {}
        if clause.dimension and (label := edition.dimensions.get(clause.dimension)):
            more["dimension_label"] = label.as_data()
        if clause.period.start:
            more["in_force"] = clause.period.start.isoformat()
        if clause.is_in_words:
            more["in_words"] = True
        if clause.factor is not None:
            more["factor"] = clause.factor
        if clause.body:
            more["body"] = clause.body.as_data()
        voice = speaker(edition)
        self.holds = {part.name: _of_clause(voice.sentence(part.tree), item) for part in decision.parts}
        self.fails = {part.name: _of_clause(_negated(part, voice), item) for part in decision.parts}
        self.within = {part.name for part in decision.parts if any(map(_is_distance, leaves(part.tree)))}
        self.asked = [part for part in decision.parts if part.name == "scope" or part.tree != _ALWAYS]
        self._brief_whole, self._full = self._head | self._brief, self._head | self._brief | more
        self._brief_nested, self._full_nested = _nested(self._brief), _nested(self._full)
        period = clause.period
        days = {
            "in_force": period.start.isoformat() if period.start else None,
            "repealed": period.end.isoformat() if period.end else None,
        }
        self.period: dict[str, Any] = {"part": "period", "text": _OUT_OF_FORCE.as_data()} | days

    def said(self, codes: Sequence[str], *, in_brief: bool) -> dict[str, Any]:
        """Return what is said of the clause as a caller may change it."""
        whole = self._brief_whole if in_brief else self._full
        data: dict[str, Any] = {**self._head, "units": list(codes)} | whole if codes else whole.copy()
        for key in self._brief_nested if in_brief else self._full_nested:
            data[key] = data[key].copy()
        return data


@dataclass
class Explained:
    """The clauses of an answer that stand in the whole place, or in one unit, as plain data."""

    screening: Screening
    edition: int
    unit: int | None
    _found: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)
    _facts: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._of = self.screening.editions[self.edition]
        self._group = self.screening.group(self.edition, self.unit)
        self._situation = self.screening.situation(self.edition, self.unit)

    def entry(self, item: Judged, codes: Sequence[str]) -> dict[str, Any]:
        """Return a clause with its reasons; of one that is not applicable the first part that is false."""
        decision = self._group.decision(item)
        said = self._said(decision)
        is_out = item.cell == Cell.NOT_APPLICABLE
        data = said.said(codes, in_brief=is_out)
        data["because"] = self._why_not(item, decision, said) if is_out else self._because(item, said)
        return data

    def _said(self, decision: Decision) -> _Said:
        found: _Said | None = decision.memory.get("said")
        if found is None:
            found = decision.memory["said"] = _Said(decision, self._of)
        return found

    def _because(self, item: Judged, said: _Said) -> dict[str, Any]:
        """Say what was found for each part."""
        data: dict[str, Any] = {}
        for part in said.asked:
            result = item.parts.get(part.name)
            if result is None:
                continue
            value = result.state.value if part.name != "except" else type(result.state.value)(2 - result.state.value)
            data[part.name] = {"value": value.name, "text": said.holds[part.name].copy(), "found": self._behind(part)}
        return data

    def _behind(self, part: Part) -> list[dict[str, Any]]:
        """Return what was found for the leaves of a part."""
        known = self._found
        for place in part.places:
            if place not in known:
                known[place] = self._found_of(self._group.sheet.asked[place])
        return [known[place] for place in part.places]

    def _found_of(self, asked: Asked) -> dict[str, Any]:
        """Return the facts and measures behind a leaf."""
        leaf = asked.leaf
        if isinstance(leaf, PlaceTest):
            reading = self._situation.place(leaf, self._situation.facts.get(asked.measured))
            return {"fact": asked.measured, **_measured(reading)}
        if isinstance(leaf, TermTest):
            keys, ground = self._behind_term(leaf.term)
            data: dict[str, Any] = {"term": leaf.term, "facts": {key: self._shown(key) for key in keys}, **ground}
            if answered := self._situation.facts.get(f"term:{leaf.term}"):
                data["answer"] = answered.as_data()
            return data
        if isinstance(leaf, Quota):
            return {"facts": {key: self._shown(key) for key in (leaf.amount, *leaf.headroom)}}
        return {"fact": leaf.fact, **self._shown(leaf.fact)}

    def _behind_term(self, term: str) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the facts that a term asks, and who made its table of what, worked out once for an edition."""
        kept = decisions_on(self._of, self.screening.as_of).behind_terms
        if term not in kept:
            table = self._situation.terms.get(term)
            asked = [part for tree in (table.certain, table.possible) for part in leaves(tree)] if table else []
            keys = [part.fact for part in asked if isinstance(part, FactIn | FactIs | FactRange)]
            ground = {"adopted_by": table.adopted_by, "ground": table.ground} if table else {}
            kept[term] = tuple(dict.fromkeys(keys)), {key: text for key, text in ground.items() if text}
        return kept[term]

    def _shown(self, key: str) -> dict[str, Any]:
        """Return what is known of a fact, as a caller may change it."""
        found = self._facts.get(key)
        if found is None:
            value = self._situation.value(key)
            found = {"value": None, "origin": "unknown"} if value is None else value.as_data()
            self._facts[key] = found
        return found.copy()

    def _why_not(self, item: Judged, decision: Decision, said: _Said) -> dict[str, Any]:
        """Say which part is the first that is false."""
        if not item.in_force:
            return {**said.period, "text": said.period["text"].copy()}
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
            data: dict[str, Any] = {"part": part.name, "text": text or said.fails[part.name].copy(), "found": found}
            if any("touches" in one for one in found):
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


def _nested(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(key for key, value in data.items() if value.__class__ is dict)


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
