"""Tables of words by pack or folder, with the file and row of each, so that a reading can cite them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yudi.core.errors import NotFoundError, Where
from yudi.formats.plain_files import read_csv_rows
from yudi.formats.rule_files import pack_files
from yudi.formats.scheme_file import PackFile, SchemeFile, read_toml
from yudi.territory.prose import Wording, wording

__all__ = ["CitedRow", "WordingTables", "read_wording", "scheme_wording"]


@dataclass(frozen=True)
class CitedRow:
    """A row of a table of words: the folder's name, the file, the row as a spreadsheet shows it, and its cells."""

    folder: str
    file: str
    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class WordingTables:
    """The tables of one or several folders, joined and ready to read with."""

    wording: Wording
    rows: Mapping[str, tuple[CitedRow, ...]]

    def cited(self, table: str, number: int) -> CitedRow:
        """Return the row that a reading cites by the table's name and the row's number there, counted from 2."""
        return self.rows[table][number - 2]


def read_wording(names: Sequence[str], beside: Path) -> WordingTables:
    """Return the tables of words of packs and folders; those of a later one come after those of an earlier.

    Parameters
    ----------
    names : sequence of str
        Names of packs, or paths of folders that hold a pack or the tables themselves.
    beside : Path
        Folder from which paths count.

    Raises
    ------
    NotFoundError
        If there is no such pack or folder, or it holds no tables.
    InputError
        If a table is not as expected.
    """
    return _joined([(name, _tables(name, beside)) for name in names])


def scheme_wording(path: Path) -> WordingTables:
    """Return the tables with which the lists of a scheme are read: those of its packs, then its own.

    Raises
    ------
    NotFoundError, InputError
        As `read_wording`, and for a scheme that cannot be read.
    """
    scheme = read_toml(path, SchemeFile)
    named = [
        (folder.name, _of_pack(folder, pack)) for folder, pack in pack_files(scheme.scheme.packs, path.parent).items()
    ]
    if scheme.rules.wording:
        named.append((scheme.rules.wording, sorted((path.parent / scheme.rules.wording).glob("*.csv"))))
    if not any(tables for _, tables in named):
        where = Where(path.name, None, "rules.wording")
        hint = 'include the pack "cn", or name a folder of tables'
        raise NotFoundError("neither scheme nor packs name tables of words", where=where, hint=hint)
    return _joined(named)


def _joined(named: Sequence[tuple[str, Sequence[Path]]]) -> WordingTables:
    rows: dict[str, list[CitedRow]] = {}
    for name, tables in named:
        for path in tables:
            cited = [CitedRow(name, path.name, row, cells) for row, cells in enumerate(read_csv_rows(path), start=2)]
            rows.setdefault(path.stem, []).extend(cited)
    made = wording({table: [row.cells for row in cited] for table, cited in rows.items()})
    return WordingTables(made, {table: tuple(cited) for table, cited in rows.items()})


def _tables(name: str, beside: Path) -> list[Path]:
    """Return the tables of a pack with those that it includes, or of what lies at a path."""
    path = beside / name
    if any(path.glob("*.csv")) and not (path / "pack.toml").is_file():
        return sorted(path.glob("*.csv"))
    found = [table for folder, pack in pack_files([name], beside).items() for table in _of_pack(folder, pack)]
    if not found:
        hint = "name a pack that has some, such as cn, or their folder"
        raise NotFoundError(f"no tables of words in {name!r}", where=Where(field="--pack"), hint=hint)
    return found


def _of_pack(folder: Path, pack: PackFile) -> list[Path]:
    return sorted((folder / pack.rules.wording).glob("*.csv")) if pack.rules.wording else []
