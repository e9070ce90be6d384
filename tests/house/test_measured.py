"""The page on how well lists are read shows what was measured."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- measured -->\n(.*)\n<!-- /measured -->", re.DOTALL)


def test_the_table_of_the_page_is_made_from_the_results() -> None:
    """Run `python benchmarks/wording/page.py` after measuring again, and put its table there."""
    page = (ROOT / "docs" / "concepts" / "reading-measured.md").read_text(encoding="utf-8")
    table = runpy.run_path(str(ROOT / "benchmarks" / "wording" / "page.py"))["table"]()
    found = BLOCK.search(page)

    assert found is not None
    assert found.group(1) == table


def test_the_carried_list_is_read_as_the_results_say() -> None:
    """The tables have not changed since the list of our own was measured: no ban more is lost."""
    score = runpy.run_path(str(ROOT / "benchmarks" / "wording" / "score.py"))
    own = ROOT / "benchmarks" / "wording" / "own"
    tables = score["wording"](score["read_pack"](ROOT / "packs" / "cn").wording)
    rows = score["judged"](score["read_labels"](own / "labels.csv"), score["read_lists"](own / "cells.csv"), tables)
    kept = score["json"].loads((ROOT / "benchmarks/wording/results/own.json").read_text(encoding="utf-8"))

    assert score["summary"](rows, "found") == kept["own"]["reader"]
