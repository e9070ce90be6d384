"""Tables of words by pack or folder, with the file and row of each, so that a reading can cite them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yudi.core.errors import NotFoundError, Where
from yudi.formats.plain_files import read_csv_rows
from yudi.formats.rule_files import pack_files
from yudi.formats.scheme_file import SchemeFile, read_toml
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
    return _tables([(name, folder) for name in names for folder in _folders(name, beside)])


def scheme_wording(path: Path) -> WordingTables:
    """Return the tables with which the lists of a scheme are read: those of its packs, then its own.

    Raises
    ------
    NotFoundError, InputError
        As `read_wording`, and for a scheme that cannot be read.
    """
    scheme = read_toml(path, SchemeFile)
    packs = pack_files(scheme.scheme.packs, path.parent)
    named = [(folder.name, folder / pack.rules.wording) for folder, pack in packs.items() if pack.rules.wording]
    if scheme.rules.wording:
        named.append((scheme.rules.wording, path.parent / scheme.rules.wording))
    if not named:
        where = Where(path.name, None, "rules.wording")
        hint = 'include the pack "cn", or name a folder of tables'
        raise NotFoundError("neither scheme nor packs name tables of words", where=where, hint=hint)
    return _tables(named)


def _tables(folders: Sequence[tuple[str, Path]]) -> WordingTables:
    rows: dict[str, list[CitedRow]] = {}
    for name, folder in folders:
        for path in sorted(folder.glob("*.csv")):
            cited = [CitedRow(name, path.name, row, cells) for row, cells in enumerate(read_csv_rows(path), start=2)]
            rows.setdefault(path.stem, []).extend(cited)
    made = wording({table: [row.cells for row in cited] for table, cited in rows.items()})
    return WordingTables(made, {table: tuple(cited) for table, cited in rows.items()})


def _folders(name: str, beside: Path) -> list[Path]:
    """Return the folders with the tables of a pack and of those that it includes, or of what lies at a path."""
    path = beside / name
    if any(path.glob("*.csv")) and not (path / "pack.toml").is_file():
        return [path]
    packs = pack_files([name], beside)
    found = [folder / (pack.rules.wording or "wording") for folder, pack in packs.items()]
    found = [folder for folder in found if any(folder.glob("*.csv"))]
    if not found:
        hint = "name a pack that has some, such as cn, or their folder"
        raise NotFoundError(f"no tables of words in {name!r}", where=Where(field="--pack"), hint=hint)
    return found
