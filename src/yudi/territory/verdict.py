"""The answer as people and programs read it: verdict, reasons, questions, in the published form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from yudi.core.logic import F, T
from yudi.core.names import natural
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.clauses import Citation, filled
from yudi.territory.edition import Edition, Layer
from yudi.territory.evaluation import Situation
from yudi.territory.facts import Value
from yudi.territory.judged import Judged, judge, verdict_of
from yudi.territory.place import Reading, Touch, place_key
from yudi.territory.predicates import All, FactIn, FactIs, FactRange, Leaf, Node, PlaceTest, Quota, TermTest, leaves
from yudi.territory.questions import questions
from yudi.territory.screening import Screening, judged_situation
from yudi.territory.sentences import Speaker
from yudi.territory.site_words import said_of_site
from yudi.territory.ways_out.search import WaysOut

__all__ = ["assumed", "cited", "entries", "speaker", "verdict_data"]

_AMOUNTS = ("count", "length_m", "area_m2")
_OUTCOMES = {Cell.PROHIBITS: "prohibits", Cell.CONDITIONS: "conditions"}
_MAY = {Cell.MAY_PROHIBIT: "prohibit", Cell.MAY_CONDITION: "condition"}
_PARTS = ("scope", "subject", "except", "test")


def verdict_data(screening: Screening, *, show_all: bool = False, ways: WaysOut | None = None) -> dict[str, Any]:
    """Return the answer as plain data, in the form that the command line, the interface and reports share.

    Parameters
    ----------
    show_all : bool
        List the clauses of units that the site does not touch, instead of only counting them.
    ways : WaysOut or None
        The ways out, where they were asked for.
    """
    clauses = _clauses(screening, show_all)
    return {
        "verdict": screening.verdict,
        "possible": list(screening.possible),
        "presumed": {"verdict": screening.presumed_verdict, "assuming": assumed(screening)},
        "as_of": screening.as_of.isoformat(),
        "editions": [
            {
                "id": edition.id,
                "name": edition.name.as_data(),
                "illustrative": edition.is_illustrative,
                "in_force": counts,
            }
            for edition, counts in zip(screening.editions, screening.in_force, strict=True)
        ],
        "project": dict(screening.project.given) or {"id": screening.project.id},
        "units": [item for place in range(len(screening.places)) for item in _units(screening, place)],
        "by_unit": _by_unit(screening),
        "uncovered_share": round(screening.uncovered_share, 6),
        "zones": [item for place in range(len(screening.places)) for item in _zones(screening, place)],
        "clauses": clauses,
        "questions": list(questions(screening)),
        **(ways or WaysOut()).as_data(),
        "notes": _notes(screening),
    }


def entries(screening: Screening) -> list[tuple[Judged, tuple[str, ...]]]:
    """Return one entry per edition and clause, its strictest cell, with the codes of the units that it speaks in.

    Ordered by edition, severity, the edition's order of dimensions, and id.
    """
    found: dict[tuple[int, str], list[Judged]] = {}
    for item in screening.known:
        found.setdefault((item.edition, item.id), []).append(item)
    chosen = []
    for group in found.values():
        strictest = max(group, key=lambda item: item.cell)
        codes = [
            screening.editions[item.edition].unit_code(item.unit)
            for item in group
            if item.unit is not None and item.cell == strictest.cell
        ]
        chosen.append((strictest, tuple(codes)))
    orders = [{name: place for place, name in enumerate(edition.dimensions)} for edition in screening.editions]

    def order(item: Judged) -> tuple[Any, ...]:
        places = orders[item.edition]
        return item.edition, -item.cell, places.get(item.clause.dimension, len(places)), natural(item.id)

    return sorted(chosen, key=lambda pair: order(pair[0]))


def speaker(edition: Edition) -> Speaker:
    """Return who turns the edition's predicates into sentences."""
    terms = {
        item.key: Words(item.label.get("zh") or item.key, item.label.get("en") or item.key)
        for item in edition.rules.terms
    }
    layers = {name: layer.title() for name, layer in edition.layers.items()}
    return Speaker(edition.rules.vocabulary, terms, layers)


def _clauses(screening: Screening, show_all: bool) -> dict[str, Any]:
    groups: dict[str, Any] = {"applied": [], "satisfied": [], "open": [], "notes": [], "not_applicable": []}
    found = entries(screening)
    voices = [speaker(edition) for edition in screening.editions]
    for item, codes in found:
        voice = voices[item.edition]
        if item.cell == Cell.NOT_APPLICABLE:
            because = _why_not(item, screening, voice)
            groups["not_applicable"].append(_entry(item, codes, screening, brief=True) | {"because": because})
            continue
        data = _entry(item, codes, screening) | {"because": _because(item, screening, voice)}
        if item.cell in _OUTCOMES:
            data["outcome"] = _OUTCOMES[item.cell]
            if item.needs:
                data["needs"] = list(item.needs)
            groups["applied"].append(data)
        elif item.cell in _MAY:
            groups["open"].append(data | {"may": _MAY[item.cell], "needs": list(item.needs)})
        else:
            groups["satisfied" if item.cell == Cell.SATISFIED else "notes"].append(data)
    here = {(item.edition, item.id) for item, _ in found}
    total = sum(edition.clause_count for edition in screening.editions)
    groups["elsewhere"] = total - len(here)
    if show_all:
        groups["elsewhere_list"] = sorted(
            [
                {"edition": edition.id, "id": name}
                for index, edition in enumerate(screening.editions)
                for name in dict.fromkeys(edition.bindings.ids)
                if (index, name) not in here
            ],
            key=lambda row: (row["edition"], row["id"]),
        )
    return groups


def _entry(item: Judged, codes: Sequence[str], screening: Screening, *, brief: bool = False) -> dict[str, Any]:
    clause, edition = item.clause, screening.editions[item.edition]
    data: dict[str, Any] = {"id": item.id, "edition": edition.id, "effect": clause.effect}
    if codes:
        data["units"] = list(codes)
    data |= {
        "dimension": clause.dimension,
        "level": clause.level,
        "text": clause.text.as_data(),
        **cited(clause.citation, edition),
    }
    data |= clause.checked()
    if brief:
        return data
    if clause.dimension and (label := edition.dimensions.get(clause.dimension)):
        data["dimension_label"] = label.as_data()
    if clause.period.start:
        data["in_force"] = clause.period.start.isoformat()
    if clause.is_in_words:
        data["in_words"] = True
    if clause.factor is not None:
        data["factor"] = clause.factor
    if clause.body:
        data["body"] = clause.body.as_data()
    return data


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


def _because(item: Judged, screening: Screening, voice: Speaker) -> dict[str, Any]:
    """Say what was found for each part: its value, its sentence, and the facts and measures behind it."""
    situation = judged_situation(screening, item)
    said: dict[str, Any] = {}
    for name, tree in _trees(item):
        result = item.parts.get(name)
        if result is None or tree is None or (tree == All() and name != "scope"):
            continue
        value = result.state.value if name != "except" else type(result.state.value)(2 - result.state.value)
        found = [_found(leaf, situation) for leaf in leaves(tree)]
        said[name] = {
            "value": value.name,
            "text": _of_clause(voice.sentence(tree).as_data(), item),
            "found": [one for one in found if one],
        }
    return said


def _trees(item: Judged) -> Iterable[tuple[str, Node | None]]:
    clause = item.clause
    return zip(_PARTS, (clause.scope, clause.subject, clause.exceptions, clause.test), strict=True)


def _found(leaf: Leaf, situation: Situation) -> dict[str, Any]:
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
    key = situation.key(leaf.fact)
    return {"fact": key, **_shown(situation.value(key))}


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


def _why_not(item: Judged, screening: Screening, voice: Speaker) -> dict[str, Any]:
    """Say which part is the first that is false."""
    if not item.in_force:
        period = item.clause.period
        days = {
            "in_force": period.start.isoformat() if period.start else None,
            "repealed": period.end.isoformat() if period.end else None,
        }
        return {"part": "period", "text": Words("此日不在有效期内", "out of force on this day").as_data()} | days
    if item.touch:
        text = Words("仅边界相接，未达重叠容差", "only touched: the overlap is below the tolerance")
        met = next(touch for touch in screening.places[item.edition].units if touch.index == item.unit)
        return {
            "part": "units",
            "text": text.as_data(),
            "unit": item.unit_code,
            "amount": round(met.amount, 2),
            "touches": True,
            "touches_forbidden": _would_forbid(item, judged_situation(screening, item)),
        }
    for name, tree in _trees(item):
        result = item.parts.get(name)
        if tree is None or result is None or result.state.value != F or name == "test":
            continue
        situation = judged_situation(screening, item)
        found = [one for leaf in leaves(tree) if (one := _found(leaf, situation))]
        data: dict[str, Any] = {
            "part": name,
            "text": _of_clause(_negated(name, tree, voice, situation), item),
            "found": found,
        }
        if any(one.get("touches") for one in found):
            data |= {"touches": True, "touches_forbidden": _would_forbid(item, situation)}
        return data
    text = Words("此处另有单元作出规定", "other units here answer")
    return {"part": "units", "text": text.as_data()}


def _would_forbid(item: Judged, situation: Situation) -> bool:
    """Tell whether a clause could forbid the project if what is only touched were lain in."""
    if item.clause.effect != "forbid":
        return False

    def lain_in(test: PlaceTest, stated: Value | None) -> Reading:
        reading = situation.place(test, stated)
        return replace(reading, value=T) if reading.touches else reading

    parts, _, _ = judge(item.clause, replace(situation, place=lain_in))
    return all(part.state.value != F for part in parts.values())


def _negated(name: str, tree: Node, voice: Speaker, situation: Situation) -> dict[str, str]:
    """Say the false part in a sentence; a distance says how far."""
    for leaf in leaves(tree):
        if isinstance(leaf, PlaceTest) and leaf.kind == "within":
            reading = situation.place(leaf, situation.facts.get(place_key(leaf)))
            if reading.value == F and reading.distance_m is not None:
                label = voice.layers.get(leaf.layer) or Words(leaf.layer, leaf.layer)
                name = reading.feature
                zh = f"距{name and f'{name}·'}{label.get('zh')} {reading.distance_m:,.0f} m，精度 {reading.accuracy_m:g} m"
                en = f"{reading.distance_m:,.0f} m from {label.get('en')}{name and f' ({name})'}, good to {reading.accuracy_m:g} m"
                return {"zh": zh, "en": en}
    said = voice.sentence(tree)
    if name == "except":
        return {"zh": f"属于例外：{said.zh}", "en": f"an exception: {said.en}"}
    return {"zh": f"不符合：{said.zh}", "en": f"does not hold: {said.en}"}


def _of_clause(text: dict[str, str], item: Judged) -> dict[str, str]:
    """Put the clause's own id and unit into a sentence made for all units."""
    return {key: filled(said, item.asked_as, item.unit_code) for key, said in text.items()}


def _units(screening: Screening, index: int) -> list[dict[str, Any]]:
    place, edition = screening.places[index], screening.editions[index]
    rows: list[dict[str, Any]] = []
    own: dict[int | None, list[Judged]] = {}
    for item in screening.known:
        if item.edition == index:
            own.setdefault(item.unit, []).append(item)
    for touch in place.units:
        data = {"code": edition.unit_code(touch.index), "edition": edition.id}
        for key in ("name", "class", "subclass"):
            column = edition.units.column(key)
            if column is not None and column[touch.index]:
                data[key] = column[touch.index]
        rows.append(
            data | _sized(touch, screening) | {"method": place.method} | ({"touches": True} if touch.is_touch else {})
        )
        if not touch.is_touch and _defers(own.get(touch.index, ())):
            rows[-1]["defers"] = True
    return rows


def _defers(own: Sequence[Judged]) -> bool:
    """Tell whether a unit says nothing of the project itself, and other units answer in its place."""
    answered = [
        item
        for item in own
        if item.clause.effect == "defer"
        and item.cell == Cell.NOT_APPLICABLE
        and item.parts
        and all(part.state.value != F for part in item.parts.values())
    ]
    return bool(answered) and all(item.cell <= Cell.NOTE for item in own)


def _sized(touch: Touch, screening: Screening) -> dict[str, Any]:
    name = _AMOUNTS[_dimension(screening)]
    return {name: round(touch.amount, 2) if name != "count" else int(touch.amount), "share": round(touch.share, 6)}


def _dimension(screening: Screening) -> int:
    kind = screening.project.site.geom_type
    return 2 if "Polygon" in kind else 1 if "Line" in kind else 0


def _zones(screening: Screening, index: int) -> list[dict[str, Any]]:
    place, edition = screening.places[index], screening.editions[index]
    rows = [
        _zone(layer, touch.index)
        | {"edition": edition.id, "share": round(touch.share, 6), "distance_m": 0.0, "touches": bool(touch.is_touch)}
        for name, layer in sorted(edition.layers.items())
        if name != "units"
        for touch in place.touches(layer)
    ]
    for test, reading in place.measured():
        is_listed = any(row["layer"] == test.layer and row["name"] == reading.feature for row in rows)
        if reading.distance_m is not None and not is_listed:
            rows.append(
                {"layer": test.layer, "code": "", "name": reading.feature, "edition": edition.id, "share": 0.0}
                | {"distance_m": round(reading.distance_m, 2), "touches": False}
            )
    return rows


def _zone(layer: Layer, index: int) -> dict[str, Any]:
    columns = {key: layer.column(key) for key in ("code", "name")}
    return {"layer": layer.name} | {key: str(column[index] or "") if column else "" for key, column in columns.items()}


def _by_unit(screening: Screening) -> dict[str, str]:
    wide = [item for item in screening.known if item.unit is None]
    found: dict[str, list[Judged]] = {}  # a code that several editions have is one unit to whom asks
    for index, (edition, place) in enumerate(zip(screening.editions, screening.places, strict=True)):
        if not screening.in_force[index]:
            continue
        for touch in place.units:
            if touch.is_touch:
                continue
            own = [item for item in screening.known if item.edition == index and item.unit == touch.index]
            found.setdefault(edition.unit_code(touch.index), []).extend(own)
    return {code: verdict_of([*wide, *own], True) for code, own in found.items()}


def assumed(screening: Screening) -> dict[str, Any]:
    """Return the usual answers that a clause in play asked for."""
    asked = {key for item in screening.known for key in item.needs}
    data = {key: value.as_data()["value"] for key, value in screening.assumed.items() if key in asked}
    return dict(sorted(data.items()))


def _notes(screening: Screening) -> list[dict[str, Any]]:
    """Return what else a reader should know."""
    day = screening.as_of
    notes = [(finding.kind, said_of_site(finding)) for finding in screening.project.findings]
    if not any(screening.in_force):
        said = Words(f"{day} 没有现行有效的版本", f"no edition asked is in force on {day}")
        notes.append(("no_edition_in_force", said))
    for edition, counts in zip(screening.editions, screening.in_force, strict=True):
        if not counts and any(screening.in_force):
            said = Words(
                f"{edition.name.get('zh')} 在 {day} 不在有效期内", f"{edition.name.get('en')} is not in force on {day}"
            )
            notes.append(("edition_not_in_force", said))
    for key in screening.project.facts:
        if key.partition(":")[2] in screening.shared:
            zh = f"{key}：几个版本有同编号的不同条款；请照问题里的写法写全"
            en = f"{key}: the editions have different clauses of this id; write the name as the question does"
            notes.append(("answer_names_no_edition", Words(zh, en)))
    for key, meant in screening.idle.items():
        if key.partition(":")[2] in screening.shared:
            continue  # said already, with how to name the clause
        zh = f"；是不是 {'、'.join(meant)}？" if meant else ""
        en = f"; did you mean {', '.join(meant)}?" if meant else ""
        notes.append(
            (
                "not_asked",
                Words(
                    f"此处没有条款问到 {key}，所以它不起作用{zh}",
                    f"no clause here asks {key}, so it changes nothing{en}",
                ),
            )
        )
    if carried := sorted(screening.project.carried):
        zh, en = f"未识别，原样带上：{'、'.join(carried)}", f"carried along, no known fact: {', '.join(carried)}"
        notes.append(("not_understood", Words(zh, en)))
    return [{"kind": kind, "text": text.as_data()} for kind, text in notes]
