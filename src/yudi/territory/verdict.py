"""The answer as people and programs read it: verdict, reasons, questions, in the published form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yudi.core.logic import F
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.edition import Layer
from yudi.territory.explained import Explained, cited
from yudi.territory.judged import Judged, verdict_of
from yudi.territory.place import Touch
from yudi.territory.questions import questions
from yudi.territory.screening import Screening
from yudi.territory.site_words import said_of_site
from yudi.territory.ways_out.search import WaysOut

__all__ = ["assumed", "cited", "entries", "verdict_data"]

_AMOUNTS = ("count", "length_m", "area_m2")
_OUTCOMES = {Cell.PROHIBITS: "prohibits", Cell.CONDITIONS: "conditions"}
_MAY = {Cell.MAY_PROHIBIT: "prohibit", Cell.MAY_CONDITION: "condition"}


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
    chosen: list[tuple[Judged, tuple[str, ...]]] = []
    for group in found.values():
        if len(group) == 1:
            chosen.append((group[0], (group[0].unit_code,) if group[0].unit is not None else ()))
            continue
        strictest = max(group, key=lambda item: item.cell)
        codes = [item.unit_code for item in group if item.unit is not None and item.cell == strictest.cell]
        chosen.append((strictest, tuple(codes)))
    return sorted(chosen, key=lambda pair: pair[0].reading_order)


def _clauses(screening: Screening, show_all: bool) -> dict[str, Any]:
    groups: dict[str, Any] = {"applied": [], "satisfied": [], "open": [], "notes": [], "not_applicable": []}
    found = entries(screening)
    said: dict[tuple[int, int | None], Explained] = {}
    for item, codes in found:
        where = (item.edition, item.unit)
        if where not in said:
            said[where] = Explained(screening, *where)
        data = said[where].entry(item, codes)
        if item.cell == Cell.NOT_APPLICABLE:
            groups["not_applicable"].append(data)
        elif item.cell in _OUTCOMES:
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
    listed = {(row["layer"], row["name"]) for row in rows}
    for test, reading in place.measured():
        if reading.distance_m is not None and (test.layer, reading.feature) not in listed:
            listed.add((test.layer, reading.feature))
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
