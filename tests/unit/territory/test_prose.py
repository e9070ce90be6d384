"""What a cell of prose asks, on sentences of our own in the shapes that real lists have."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from yudi.territory.prose import Item, Wording, masked, read_cell, strictest, text_key, wording

TABLES = Path(__file__).parents[3] / "packs" / "cn" / "wording"


@pytest.fixture(scope="module")
def words() -> Wording:
    files = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in TABLES.glob("*.csv")}
    return wording({name: list(csv.DictReader(lines)) for name, lines in files.items()})


def test_the_cells_of_the_worked_example_read_as_it_says(words: Wording) -> None:
    """EXAMPLE.md: five items, their effects, and the terms that they name."""
    space = read_cell("1.禁止引入不符合园区定位的项目。2.长江干流岸线一公里内禁止新建、扩建化工项目。", words)
    emission = read_cell("1.涉及挥发性有机物的工序应密闭收集处理。2.新增化学需氧量、氨氮实行等量替代。", words)
    risk = read_cell("化工企业应设置事故应急池。", words)
    items = [*space, *emission, *risk]

    assert [(item.number, item.effects, item.terms, item.at_large) for item in items] == [
        ("1", ("forbid",), (), False),
        ("2", ("forbid",), ("chemical-project",), False),
        ("1", ("require",), ("voc",), False),
        ("2", ("offset",), (), False),
        ("1", ("require",), ("chemical-project",), False),
    ]
    assert items[1].text == "长江干流岸线一公里内禁止新建、扩建化工项目"
    assert read_cell("无", words) == ()
