"""Small editions and projects made in memory, drawn in metres east and north of one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.codes import CodeSystem, code_system
from yudi.core.dates import Period
from yudi.core.measure import plane_at
from yudi.core.words import Words
from yudi.territory.clauses import clause
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition import Edition, Layer, Rules, StatusTable, Tolerance
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.projects import Project, read_facts
from yudi.territory.terms import inference, term

DAY = date(2026, 3, 19)
LON, LAT = 107.0, 30.0  # where (0, 0) of every drawing lies; the central meridian of the plane there

# Codes of GB/T 4754-2017 in spelling only; the names are not quoted.
INDUSTRY: CodeSystem = code_system(
    "industry",
    [
        {"code": code, "aliases": code[1:] if len(code) > 1 else ""}
        for code in ("A", "C", "C25", "C26", "C261", "C2614", "C27", "C271", "I", "I65", "I651", "I6513")
    ],
)
FACTS = (
    Fact("industry", "code", system="industry"),
    Fact("activity", "choice", choices=("new", "expand", "rebuild", "relocate")),
    Fact("lot", "truth"),
    Fact("area", "number", unit="m2"),
    Fact("since", "date"),
    Fact("fuel", "choice", changeable="design", choices=("coal", "gas")),
    Fact("discharges", "truth", changeable="design"),
    Fact("load", "number", changeable="design", unit="t/a"),
    Fact("lined", "truth", changeable="measure"),
    Fact("monitors", "truth", changeable="measure"),
    Fact("emissions.*", "number", changeable="design", unit="t/a"),
    Fact("asked", "truth", provider="person"),
    Fact("over", "truth", provider="status"),
    Fact("room", "number", provider="status", unit="t/a"),
    Fact("room.area", "number", provider="status", unit="t/a"),
)
VOCABULARY = Vocabulary({fact.key: fact for fact in FACTS}, {"industry": INDUSTRY})


def drawn(shape: BaseGeometry, lon: float = LON, lat: float = LAT) -> BaseGeometry:
    """Return a shape given in metres east and north of a place in lon/lat degrees; its edges stay straight to 1 mm."""
    plane = plane_at(lon)
    x, y = plane.to_plane(shapely.Point(lon, lat)).coords[0]
    return plane.to_lonlat(shapely.transform(shapely.segmentize(shape, 250.0), lambda xy: xy + np.array([x, y])))


def square(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a rectangle given in metres east and north of the place, in lon/lat degrees."""
    return drawn(shapely.box(west, south, east, north))


def point(east: float, north: float) -> BaseGeometry:
    """Return a point given in metres east and north of the place, in lon/lat degrees."""
    return drawn(shapely.Point(east, north))


def line(*places: tuple[float, float]) -> BaseGeometry:
    """Return a line through places in metres east and north, in lon/lat degrees."""
    return drawn(shapely.LineString(places))


def layer(name: str, shapes: Sequence[BaseGeometry], columns: Mapping[str, Sequence[Any]] | None = None, **more: Any):
    """Return a layer; codes are made up where none are given."""
    given = dict(columns or {})
    given.setdefault("code", [f"{name[0].upper()}{index + 1}" for index in range(len(shapes))])
    role = more.pop("role", "units" if name == "units" else "zones")
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = list(shapes)
    table = pa.table({key: pa.array(list(values)) for key, values in given.items()})
    return Layer(name, role, geometry, table, **more)


def edition(
    clauses: Sequence[Mapping[str, Any]] = (),
    *,
    units: Layer | None = None,
    layers: Sequence[Layer] = (),
    terms: Sequence[Mapping[str, Any]] = (),
    inferences: Sequence[Mapping[str, Any]] = (),
    status: Sequence[StatusTable] = (),
    vocabulary: Vocabulary = VOCABULARY,
    period: Period = Period(None, None),
    tolerance: Tolerance = Tolerance(),
) -> Edition:
    """Return an edition of plain clauses; without units one square of 20 km, code U1, lies under everything."""
    ground = units or layer("units", [square(-10_000, -10_000, 10_000, 10_000)])
    rules = Rules(
        vocabulary,
        tuple(clause(item) for item in clauses),
        tuple(term(item) for item in terms),
        tuple(inference(item) for item in inferences),
        status=tuple(status),
    )
    by_name = {item.name: item for item in (ground, *layers)}
    return compiled(Draft(Words("试", "test"), period, rules, by_name, tolerance=tolerance))


def status(fact: str, rows: Mapping[str, Any] | Any, by: str = "all") -> StatusTable:
    """Return a status table without dates: one value for all, or one a code."""
    values = rows if isinstance(rows, Mapping) else {"": rows}
    return StatusTable(
        fact, by, {key: ((Period(None, None), Value(value, origin="table")),) for key, value in values.items()}
    )


def project(
    site: BaseGeometry | None = None, facts: Mapping[str, Any] | None = None, vocabulary: Vocabulary = VOCABULARY
) -> Project:
    """Return a project with facts read as a person writes them; without a site it stands at the place itself."""
    known, carried = read_facts(signed(facts or {}, vocabulary), vocabulary)
    return Project("P", site if site is not None else point(0, 0), known, carried)


def signed(facts: Mapping[str, Any], vocabulary: Vocabulary = VOCABULARY) -> dict[str, Any]:
    """Return facts with a name and a day, or a source, where a person or a measurement must carry them."""
    found: dict[str, Any] = {}
    for key, value in facts.items():
        fact = vocabulary.fact(key)
        parts = dict(value) if isinstance(value, Mapping) else {"value": value}
        if fact is not None and fact.provider == "person":
            found[key] = {"by": "A. Person", "date": "2026-01-02"} | parts
        elif fact is not None and fact.provider == "place":
            found[key] = {"source": "survey of 2026-01-02"} | parts
        else:
            found[key] = value
    return found
