"""Many projects at once: a table in, a table of verdicts out, row by row the same answer as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from yudi.core.errors import YudiError
from yudi.territory.cells import Cell
from yudi.territory.edition import Edition
from yudi.territory.projects import Project
from yudi.territory.screening import Screening, screen
from yudi.territory.verdict import entries

__all__ = ["COLUMNS", "row_of", "screen_many", "table_of"]

COLUMNS = ("id", "verdict", "presumed", "possible", "units", "applied", "open", "needs", "uncovered_share")
_LISTS = COLUMNS[3:8]


def screen_many(
    projects: Iterable[Callable[[], Project]],
    editions: Sequence[Edition],
    *,
    as_of: date,
    tell: Callable[[int], None] | None = None,
) -> tuple[list[Screening], list[YudiError]]:
    """Return the screenings of the projects and the errors of those that could not be read; one stops no other.

    Parameters
    ----------
    projects : iterable of callables
        Each makes one project, or raises what is wrong with it.
    tell : callable
        Is told how many are done.
    """
    done: list[Screening] = []
    wrong: list[YudiError] = []
    for index, make in enumerate(projects):
        try:
            done.append(screen(make(), editions, as_of=as_of))
        except YudiError as error:
            wrong.append(error)
        if tell is not None:
            tell(index + 1)
    return done, wrong


def row_of(screening: Screening) -> dict[str, Any]:
    """Return one row of the table of verdicts: text, and lists of text."""
    found = [item for item, _ in entries(screening)]
    codes = [
        str((edition.units.column("code") or [])[touch.index])
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
    }


def table_of(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return rows of verdicts as an Arrow table with the published columns."""
    kinds = dict.fromkeys(_LISTS, pa.list_(pa.string())) | {"uncovered_share": pa.float64()}
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name, pa.string())) for name in COLUMNS}
    return pa.table(columns)
