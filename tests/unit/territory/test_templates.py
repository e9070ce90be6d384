"""Clauses from columns: what a template refuses, so that no row is kept or dropped without a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from yudi.core.errors import InputError, Where
from yudi.territory.facts import Vocabulary
from yudi.territory.templates import Template, template_clauses

CODES = ("A", "B")
COLUMNS: Mapping[str, tuple[Any, ...]] = {"storage": ("no", "yes"), "zone": ("R", "C")}


def _made(template: Template) -> list[tuple[str, str]]:
    listed = template_clauses(
        template, CODES, COLUMNS, vocabulary=Vocabulary({}, {}), where=Where("scheme.toml", None, "templates.t")
    )
    return [(bound.key, listed.clauses[bound.clause].effect) for bound in listed.bound]


def _template(**more: Any) -> Template:
    return Template("t", "storage", **{"values": {"no": {"effect": "forbid"}, "yes": {}}, **more})


def test_a_value_makes_its_clause_in_the_rows_that_the_template_keeps() -> None:
    """Row A says no and stands in zone R."""
    assert _made(_template()) == [("A", "forbid")]
    assert _made(_template(when={"zone": ("R",)})) == [("A", "forbid")]
    assert _made(_template(when={"zone": ("C",)})) == []
    assert _made(_template(unless={"zone": ("R",)})) == []


@pytest.mark.parametrize("side", ["when", "unless"])
@pytest.mark.parametrize(("name", "hint"), [("zonee", "zone"), ("district", "columns: storage, zone")])
def test_a_column_that_is_not_there_is_refused_and_never_read_as_blank(side: str, name: str, hint: str) -> None:
    """A slip in ``when`` would drop every row, one in ``unless`` would keep them all."""
    with pytest.raises(InputError, match=f"'{name}'") as caught:
        _made(_template(**{side: {name: ("R",)}}))

    assert hint in (caught.value.hint or "")
    assert caught.value.where.field == "templates.t"


@pytest.mark.parametrize("key", ["except", "subject", "in_force", "scope", "efect"])
def test_a_value_that_says_what_nothing_reads_is_refused(key: str) -> None:
    """An exception given with a value would be lost; the message names the value and the key, found in rows or not."""
    with pytest.raises(InputError, match=f"'never'.*'{key}'") as caught:
        _made(_template(values={"no": {}, "never": {"effect": "forbid", key: "2024-01-01"}}))

    assert caught.value.hint
