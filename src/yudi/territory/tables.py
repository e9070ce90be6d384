"""Many projects at once: a table in, a table of verdicts out, row by row the same answer as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from yudi.core.errors import YudiError
from yudi.core.words import Words
from yudi.territory.cells import Cell
from yudi.territory.edition import Edition
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.verdict import assumed, entries

__all__ = ["COLUMNS", "reason_of", "row_of", "said", "screen_many", "table_of"]

COLUMNS = (
    *("id", "verdict", "presumed", "possible", "units", "applied", "open", "needs", "uncovered_share", "assuming"),
    "unverified",
)
_LISTS = (*COLUMNS[3:8], *COLUMNS[9:])


def screen_many(
    projects: Iterable[Callable[[], Project]],
    editions: Sequence[Edition],
    *,
    as_of: date,
    tell: Callable[[int], None] | None = None,
) -> Iterator[Screening | YudiError]:
    """Yield the screening of each project, or the error of one that could not be read; one stops no other.

    Parameters
    ----------
    projects : iterable of callables
        Each makes one project, or raises what is wrong with it.
    tell : callable
        Is told how many are done.
    """
    for index, make in enumerate(projects):
        try:
            found: Screening | YudiError = screen(make(), editions, as_of=as_of)
        except YudiError as error:
            found = error
        if tell is not None:
            tell(index + 1)
        yield found


def row_of(screening: Screening) -> dict[str, Any]:
    """Return one row of the table of verdicts: text, and lists of text."""
    found = [item for item, _ in entries(screening)]
    codes = [
        edition.unit_code(touch.index)
        for edition, place in zip(screening.editions, screening.places, strict=True)
        for touch in place.units
        if not touch.is_touch
    ]
    unsettled = [item for item in found if item.cell in (Cell.MAY_CONDITION, Cell.MAY_PROHIBIT)]
    return {
        "id": screening.project.id,
        "verdict": screening.verdict,
        "presumed": screening.presumed_verdict,
        "possible": list(screening.possible),
        "units": codes,
        "applied": [item.id for item in found if item.cell in (Cell.PROHIBITS, Cell.CONDITIONS)],
        "open": [item.id for item in unsettled],
        "needs": list(dict.fromkeys(key for item in unsettled for key in item.needs)),
        "uncovered_share": screening.uncovered_share,
        "assuming": [f"{key}={said(value)}" for key, value in assumed(screening).items()],
        "unverified": [item.id for item in found if item.cell >= Cell.MAY_CONDITION and item.clause.is_unverified],
    }


def reason_of(screening: Screening) -> Words:
    """Return in a few words what the verdict rests on: what the map or the days leave open, else the strictest clause."""
    if not any(screening.in_force):
        return Words("此日没有现行有效的版本", "no edition is in force on this day")
    found = [item for item, _ in entries(screening) if item.cell >= Cell.MAY_CONDITION]
    strictest = max(found, key=lambda item: item.cell, default=None)
    if screening.uncovered_share and (strictest is None or strictest.cell < Cell.MAY_PROHIBIT):
        share = f"{screening.uncovered_share:.0%}"
        return Words(f"选址 {share} 不在单元内", f"{share} lies in no unit")
    if strictest is None:
        return Words()
    text = strictest.clause.text
    said = Words(text.get("zh") or strictest.id, text.get("en") or strictest.id)
    return Words(f"【未核实】{said.zh}", f"[unverified] {said.en}") if strictest.clause.is_unverified else said


def said(value: Any) -> str:
    """Return how a cell says a value: true or false, several with commas between."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows of verdicts as an Arrow table with the published columns."""
    kinds = dict.fromkeys(_LISTS, pa.list_(pa.string())) | {"uncovered_share": pa.float64()}
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name, pa.string())) for name in COLUMNS}
    return pa.table(columns)
