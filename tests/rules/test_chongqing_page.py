"""The page on the rules of Chongqing counts the clauses that are there, and names the maps that they ask."""

from __future__ import annotations

import re
from collections import Counter

from support.rule_cases import ROOT, own_of, rules_of

from yudi.territory.predicates import PlaceTest, leaves

PAGE = (ROOT / "docs" / "concepts" / "rules-of-chongqing.md").read_text(encoding="utf-8")


def _rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_page_counts_the_clauses_of_each_document():
    """Title, number of clauses and whether they are verified are those of the pack."""
    documents, clauses = rules_of("chongqing").documents, own_of("chongqing").values()
    counts = Counter(documents[item.citation.document].title.zh for item in clauses)
    unverified = {documents[item.citation.document].title.zh for item in clauses if item.is_unverified}
    said = {
        title.split(", in force")[0]: (int(count), "unverified" in basis) for title, count, basis in _rows("How sure")
    }

    assert said == {title: (count, title in unverified) for title, count in counts.items()}


def test_the_page_names_the_maps_that_clauses_ask():
    """Every layer that a clause of the pack asks is in the table, and no other, each with the fields asked."""
    asked: dict[str, set[str]] = {}
    for item in own_of("chongqing").values():
        for leaf in (leaf for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, PlaceTest)):
            asked.setdefault(leaf.layer, set()).update(
                value for part in leaf.where for value in (part.field, *part.values)
            )
            asked |= {name: set() for name in (leaf.rivers, leaf.catchments) if name}
    said = {name.strip("`"): set(re.findall(r"[^\s:;,]+", fields)) for name, fields, _ in _rows("The maps")}

    assert said == asked
