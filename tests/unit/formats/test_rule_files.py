"""Packs may lean on packs: each counts once, behind what it includes."""

from __future__ import annotations

from pathlib import Path

import pytest

from yudi.core.errors import InputError, NotFoundError
from yudi.formats.rule_files import merged, read_packs


def _pack(folder: Path, name: str, *, includes: str = "", more: str = "", rules: str = "") -> None:
    (folder / name).mkdir(exist_ok=True)
    text = f'[pack]\nname = "{name}"\nincludes = [{includes}]\n{more}{rules}'
    (folder / name / "pack.toml").write_text(text, encoding="utf-8")


def _clause(name: str) -> str:
    return f'[[rules.clauses]]\nid = "{name}"\neffect = "note"\ntext = "{name}"\n'


def test_a_pack_brings_what_it_includes(tmp_path: Path):
    """What a pack leans on comes before it."""
    _pack(tmp_path, "words", rules=_clause("a"))
    _pack(tmp_path, "laws", includes='"words"', rules=_clause("b"))

    assert [item.id for item in merged(read_packs(["laws"], tmp_path)).clauses] == ["a", "b"]


def test_a_pack_named_twice_counts_once(tmp_path: Path):
    """A scheme may name a pack that another one includes: its clauses are there once."""
    _pack(tmp_path, "words", rules=_clause("a"))
    _pack(tmp_path, "laws", includes='"words"', rules=_clause("b"))
    _pack(tmp_path, "city", includes='"laws", "words"', rules=_clause("c"))

    assert [item.id for item in merged(read_packs(["laws", "words", "city"], tmp_path)).clauses] == ["a", "b", "c"]


def test_a_pack_may_include_another_without_its_clauses(tmp_path: Path):
    """Facts and documents come along, clauses do not, unless the scheme names that pack too, before or after."""
    document = '[[rules.documents]]\nid = "law"\n'
    _pack(tmp_path, "laws", rules=_clause("a") + document)
    _pack(tmp_path, "base", includes='"laws"', more="without_clauses = true\n", rules=_clause("b"))

    alone = merged(read_packs(["base"], tmp_path))
    assert [item.id for item in alone.clauses] == ["b"]
    assert set(alone.documents) == {"law"}
    assert [item.id for item in merged(read_packs(["base", "laws"], tmp_path)).clauses] == ["a", "b"]
    assert [item.id for item in merged(read_packs(["laws", "base"], tmp_path)).clauses] == ["a", "b"]


def test_packs_that_include_one_another_are_refused(tmp_path: Path):
    """A circle is named from end to end."""
    _pack(tmp_path, "one", includes='"two"')
    _pack(tmp_path, "two", includes='"one"')

    with pytest.raises(InputError, match="one → two → one"):
        read_packs(["one"], tmp_path)


def test_a_pack_that_includes_an_unknown_one_is_refused(tmp_path: Path):
    """The message names the packs that there are."""
    _pack(tmp_path, "one", includes='"tow"')

    with pytest.raises(NotFoundError, match="no pack is called 'tow'"):
        read_packs(["one"], tmp_path)
