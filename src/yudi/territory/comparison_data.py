"""A comparison of sites as plain data, in the form that the command line and other programs share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.comparison import Column, Comparison, Distance, Mark, Row
from yudi.territory.edition import Edition
from yudi.territory.facts import Value
from yudi.territory.layer_words import feature_words
from yudi.territory.place import Reading
from yudi.territory.questions import questions
from yudi.territory.screening import Screening
from yudi.territory.verdict import assumed, cited

__all__ = ["OUTCOMES", "comparison_data", "label_of", "layer_label", "tally", "units_of"]

OUTCOMES = {
    Cell.PROHIBITS: "prohibits",
    Cell.MAY_PROHIBIT: "may_prohibit",
    Cell.CONDITIONS: "conditions",
    Cell.MAY_CONDITION: "may_condition",
    Cell.SATISFIED: "satisfied",
    Cell.NOTE: "note",
    Cell.NOT_APPLICABLE: "not_applicable",
}


def comparison_data(comparison: Comparison, *, show_all: bool = False) -> dict[str, Any]:
    """Return a comparison as plain data; lists that run along the sites keep the order of ``sites``.

    Parameters
    ----------
    show_all : bool
        List also the requirements that neither prohibit nor set conditions at any site, instead of counting them.
    """
    first = comparison.screenings[0]
    return {
        "as_of": first.as_of.isoformat(),
        "editions": [
            {
                "id": edition.id,
                "name": edition.name.as_data(),
                "illustrative": edition.is_illustrative,
                "in_force": counts,
            }
            for edition, counts in zip(first.editions, first.in_force, strict=True)
        ],
        "facts": {key: value.as_data()["value"] for key, value in comparison.shared_facts.items()},
        "differing_facts": [_fact(key, values, first) for key, values in comparison.differing_facts.items()],
        "sites": [_site(column) for column in comparison.columns],
        "ranking": [
            {"rank": rank, "sites": [column.name for column in columns]} for rank, columns in comparison.ranking
        ],
        "distances": [_distance(row, first) for row in comparison.distances],
        "differing": [_row(row, first) for row in comparison.differing if show_all or row.bears],
        "common": [_row(row, first) for row in comparison.common if show_all or row.bears],
        "counts": {"differing": tally(comparison.differing), "common": tally(comparison.common)},
    }


def tally(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many requirements come to each outcome, at the site where they are strictest; strictest first."""
    counts = Counter(row.strictest.known for row in rows)
    return {OUTCOMES[cell]: counts[cell] for cell in sorted(counts, reverse=True)}


def units_of(screening: Screening) -> list[tuple[Edition, int, float]]:
    """Return the units that a site lies in, with its share: edition, index of the unit, share; the largest first."""
    found = [
        (edition, touch.index, touch.share)
        for edition, place in zip(screening.editions, screening.places, strict=True)
        for touch in place.units
        if not touch.is_touch
    ]
    return sorted(found, key=lambda row: -row[2])


def label_of(key: str, screening: Screening) -> Words:
    """Return how people call a fact, from the first edition that knows it."""
    vocabularies = (edition.rules.vocabulary for edition in screening.editions)
    return next((vocabulary.label(key) for vocabulary in vocabularies if vocabulary.fact(key)), Words(key, key))


def layer_label(row: Distance, screening: Screening) -> Words:
    """Return what a distance is measured to: the layer's label, and in brackets which of its features."""
    return feature_words(row.key, screening.editions[row.edition].layers)


def _fact(key: str, values: Sequence[Value | None], screening: Screening) -> dict[str, Any]:
    shown = [None if value is None else value.as_data()["value"] for value in values]
    return {"key": key, "label": label_of(key, screening).as_data(), "sites": shown}


def _site(column: Column) -> dict[str, Any]:
    screening = column.screening
    return {
        "name": column.name,
        "rank": column.rank,
        "verdict": screening.verdict,
        "presumed": {"verdict": screening.presumed_verdict, "assuming": assumed(screening)},
        "possible": list(screening.possible),
        "units": [_unit(edition, index) | {"share": round(share, 6)} for edition, index, share in units_of(screening)],
        "uncovered_share": round(screening.uncovered_share, 6),
        "prohibits": column.prohibits,
        "may_prohibit": column.may_prohibit,
        "conditions": column.conditions,
        "questions": list(questions(screening)),
        "project": dict(screening.project.given) or {"id": screening.project.id},
    }


def _unit(edition: Edition, index: int) -> dict[str, Any]:
    columns = {key: edition.units.column(key) for key in ("name", "class")}
    named = {key: column[index] for key, column in columns.items() if column is not None and column[index]}
    return {"code": edition.unit_code(index), **named}


def _distance(row: Distance, screening: Screening) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": layer_label(row, screening).as_data(),
        "edition": screening.editions[row.edition].id,
        "limits_m": list(row.limits_m),
        "sites": [_reading(reading) for reading in row.readings],
    }


def _reading(reading: Reading) -> dict[str, Any] | None:
    if reading.distance_m is None:
        return None
    return {
        "distance_m": round(reading.distance_m, 2),
        "accuracy_m": reading.accuracy_m,
        "feature": reading.feature,
        "origin": reading.origin,
    }


def _row(row: Row, screening: Screening) -> dict[str, Any]:
    edition, item = screening.editions[row.edition], row.clause
    data = {
        "edition": edition.id,
        "effect": item.effect,
        "dimension": item.dimension,
        "level": item.level,
        "text": item.text.as_data(),
        **cited(item.citation, edition),
        **item.checked(),
    }
    if item.dimension and (label := edition.dimensions.get(item.dimension)):
        data["dimension_label"] = label.as_data()
    return data | {"sites": [_mark(mark, row) for mark in row.marks]}


def _mark(mark: Mark | None, row: Row) -> dict[str, Any] | None:
    if mark is None:
        return None
    data: dict[str, Any] = {
        "outcome": OUTCOMES[mark.known],
        "presumed": OUTCOMES[mark.presumed],
        "ids": list(mark.ids),
    }
    if mark.units:
        data["units"] = list(mark.units)
    if mark.needs:
        data["needs"] = list(mark.needs)
    if mark.part:
        data["false_part"] = mark.part
    if mark.clause.text != row.clause.text:
        data["text"] = mark.clause.text.as_data()
    return data
