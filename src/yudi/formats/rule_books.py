"""A pack as a book of rules: its clauses with their cases, and in which file each of its entries stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.words import Words, words
from yudi.formats.plain_files import read_yaml
from yudi.formats.rule_files import merged, named_paths, pack_files, pack_folder, read_packs, shipped_packs
from yudi.formats.scheme_file import PackFile, read_toml
from yudi.territory.edition import Rules
from yudi.territory.facts import Vocabulary
from yudi.territory.rule_books import RuleBook
from yudi.territory.rule_cases import CaseEntry, case_entry

__all__ = ["read_book", "read_cases"]


def read_book(pack: str) -> RuleBook:
    """Return a pack as a book: one at that path, else one that Yudi ships; of "" all that Yudi ships.

    Its own clauses and those of the packs that it includes are told apart.

    Raises
    ------
    InputError, NotFoundError
        Naming file, row and field; for a pack that is not there, naming those that are shipped.
    """
    folder = _folder(pack) if pack else None
    names = [folder.name] if folder is not None else list(shipped_packs())
    beside = folder.parent if folder is not None else Path()
    sets = read_packs(names, beside)
    heads = pack_files(names, beside)
    own = sets[-1] if folder is not None else merged(sets)
    cases = {place: read_cases(place) for place in heads}
    rules = merged(sets)
    head = heads[folder].pack if folder in heads else None
    return RuleBook(
        folder.name if folder is not None else "",
        words(head.title) if head is not None else Words("全部规则包", "all packs"),
        Rules(Vocabulary(rules.facts, rules.systems), rules.clauses, rules.terms, rules.inferences, rules.documents),
        frozenset(own.places),
        rules.places,
        tuple(entry for place in heads for entry in cases[place]),
        frozenset(entry.where for place in heads if folder in (None, place) for entry in cases[place]),
        rules.dimensions,
        frozenset(row.get("term") or "" for row in rules.wording.get("terms", ())),
    )


def _folder(name: str) -> Path:
    try:
        return pack_folder(name, Path()).resolve()
    except NotFoundError as error:
        hint = f"{error.hint}; or name a folder that holds a pack.toml"
        raise NotFoundError(error.message, where=Where(field="PACK"), hint=hint) from error


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
