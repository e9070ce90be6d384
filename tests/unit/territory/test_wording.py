"""The tables of words: what is refused, and with which place and next step."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from yudi.core.errors import InputError
from yudi.territory.wording import wording

ROWS: Mapping[str, list[dict[str, str]]] = {
    "acts": [{"word": "新建", "kind": "act"}],
    "addressees": [{"word": "企业", "who": "project"}],
    "at_large": [{"pattern": "所有项目"}],
    "effects": [{"pattern": "禁止", "effect": "forbid", "precedence": "90", "kind": "verb"}],
    "empty": [{"word": "无"}],
    "enumerations": [{"pattern": "(.{1,9})等项目"}],
    "exceptions": [{"pattern": "除外", "reach": "back"}],
    "heads": [{"pattern": "下列", "kind": "head", "effect": ""}],
    "nouns": [{"word": "禁止类"}],
    "numbering": [{"pattern": "(\\d{1,2})、", "style": "arabic"}],
    "terms": [{"word": "化工", "term": "chemical-project"}],
    "zones": [{"pattern": "园区内", "role": "end", "zone": ""}],
}


def test_words_are_found_at_the_row_that_a_spreadsheet_shows() -> None:
    """The first row under the header is row 2."""
    hit = wording(ROWS).find("禁止新建", ("effects",))["effects"][0]

    assert (hit.start, hit.end, hit.row.because) == (0, 2, ("effects", 2))


BAD = [
    ("effects", {"pattern": "(", "effect": "forbid", "precedence": "1", "kind": ""}, "pattern"),
    ("effects", {"pattern": "禁.*", "effect": "forbid", "precedence": "1", "kind": ""}, "pattern"),
    ("effects", {"pattern": "禁.{0,}", "effect": "forbid", "precedence": "1", "kind": ""}, "pattern"),
    ("effects", {"pattern": "(?:禁.{0,9}){1,9}", "effect": "forbid", "precedence": "1", "kind": ""}, "pattern"),
    ("effects", {"pattern": "禁?", "effect": "forbid", "precedence": "1", "kind": ""}, "pattern"),
    ("effects", {"pattern": "禁", "effect": "ban", "precedence": "1", "kind": ""}, "effect"),
    ("effects", {"pattern": "禁", "effect": "forbid", "precedence": "high", "kind": ""}, "precedence"),
    ("effects", {"pattern": "禁", "effect": "forbid", "precedence": "1"}, "kind"),
    ("nouns", {"word": " "}, "word"),
    ("addressees", {"word": "镇", "who": "town"}, "who"),
]


@pytest.mark.parametrize(("table", "row", "field"), BAD)
def test_a_bad_row_is_refused_with_its_place(table: str, row: dict[str, str], field: str) -> None:
    """File, row and field are named, and what to do."""
    with pytest.raises(InputError) as caught:
        wording({**ROWS, table: [*ROWS[table], row]})

    assert (caught.value.where.file, caught.value.where.row, caught.value.where.field) == (f"{table}.csv", 3, field)
    assert caught.value.hint


def test_a_missing_or_unknown_table_is_refused() -> None:
    """The message names the table."""
    with pytest.raises(InputError, match=r"terms\.csv"):
        wording({name: rows for name, rows in ROWS.items() if name != "terms"})
    with pytest.raises(InputError, match="colours"):
        wording({**ROWS, "colours": []})
