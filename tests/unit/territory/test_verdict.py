"""The order in which an answer lists its clauses, and the columns that a table adds."""

from __future__ import annotations

from dataclasses import replace

from support.editions import DAY, edition, point, project

from yudi.core.words import Words
from yudi.territory.screening import screen
from yudi.territory.tables import COLUMNS, reason_of, row_of
from yudi.territory.verdict import verdict_data

DIMENSIONS = {"space": Words("空间", "space"), "emission": Words("排放", "emission")}


def ban(name: str, dimension: str) -> dict[str, object]:
    """Return a ban on everybody."""
    return {"id": name, "effect": "forbid", "dimension": dimension, "text": name}


def test_clauses_stand_in_the_order_of_dimensions_and_of_numbers():
    """space/2 before space/10, and space before emission though its letter comes later."""
    names = ["emission/1", "space/10", "space/2"]
    asked = replace(edition([ban(name, name.partition("/")[0]) for name in names]), dimensions=DIMENSIONS)
    screening = screen(project(point(0, 0)), [asked], as_of=DAY)

    assert [item["id"] for item in verdict_data(screening)["clauses"]["applied"]] == [
        "space/2",
        "space/10",
        "emission/1",
    ]
    assert reason_of(screening).get("zh") == "space/2"
    assert tuple(row_of(screening)) == COLUMNS
