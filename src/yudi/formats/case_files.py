"""The cases that a pack ships beside its clauses, from the YAML files that its pack.toml names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from yudi.core.errors import InputError, Where
from yudi.formats.plain_files import read_yaml
from yudi.formats.rule_files import named_paths
from yudi.formats.scheme_file import PackFile, read_toml
from yudi.territory.rule_cases import CaseEntry, case_entry

__all__ = ["read_cases"]


def read_cases(folder: Path) -> tuple[CaseEntry, ...]:
    """Return the cases of a pack's own clauses, without those of the packs that it includes.

    Raises
    ------
    InputError, NotFoundError
        Naming file, row and clause.
    """
    found = []
    for name in read_toml(folder / "pack.toml", PackFile).rules.case_files:
        for path in named_paths(folder, name):
            if path.suffix.lower() not in (".yaml", ".yml"):
                message = f"expected a file of cases, got one that ends in {path.suffix!r}"
                raise InputError(message, where=Where(path.name), hint="give it as .yaml")
            file = path.relative_to(folder).as_posix()
            found += [case_entry(data, replace(where, file=file)) for data, where in read_yaml(path)]
    return tuple(found)
