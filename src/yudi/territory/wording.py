"""Which words mean what in a list: the tables that an office keeps, checked and made ready to search with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import NamedTuple

from yudi.core.errors import InputError, Where

__all__ = ["EFFECTS", "Hit", "Lexicon", "Pattern", "Row", "Wording", "folded", "strictest", "wording"]

EFFECTS = ("forbid", "require", "quota", "offset", "consult", "note")
"""Effects that a text in words can have, the strictest first."""

_CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "effects": {
        "effect": EFFECTS,
        "kind": ("", "verb", "aim", "duty", "act", "exit", "refers", "soft", "permit", "same"),
    },
    "heads": {"kind": ("head", "only", "title", "tag"), "effect": ("", *EFFECTS)},
    "zones": {"role": ("end", "start", "whole")},
    "exceptions": {"reach": ("", "back")},
    "addressees": {"who": ("project", "authority", "place", "between")},
}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "acts": ("word", "kind"),
    "addressees": ("word", "who"),
    "at_large": ("pattern",),
    "effects": ("pattern", "effect", "precedence", "kind"),
    "empty": ("word",),
    "enumerations": ("pattern",),
    "exceptions": ("pattern", "reach"),
    "heads": ("pattern", "kind", "effect"),
    "nouns": ("word",),
    "numbering": ("pattern", "style"),
    "terms": ("word", "term"),
    "zones": ("pattern", "role", "zone"),
}
_MAY_BE_BLANK = {"kind", "effect", "reach", "term", "zone"}
_ALWAYS_PATTERNS = ("numbering", "heads", "exceptions", "enumerations")
_PLAIN_GROUP = re.compile(r"\(\?:([\w|]+)\)(?![?*+{])")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}|\)\{")
_PATTERN_CHARACTERS_MAX = 400
_WIDE = {
    code: code - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*span)
}
_PUNCTUATION = str.maketrans(",;:!?()．\u3000\t", "，；：！？（）.  ")
_FOLD = _WIDE | _PUNCTUATION


@dataclass(frozen=True)
class Row:
    """One row of a table: its table, its number as a spreadsheet shows it, and its cells."""

    table: str
    number: int
    cells: Mapping[str, str]

    @property
    def because(self) -> tuple[str, int]:
        """Name of the table and number of the row, as an item cites them."""
        return self.table, self.number


class Hit(NamedTuple):
    """Where in a text a row was found; ``inner`` is the span of the pattern's first group, else the whole.

    ``is_loose`` says that a pattern found it, whose span may hold more than its words.
    """

    start: int
    end: int
    row: Row
    inner: tuple[int, int]
    is_loose: bool = False


@dataclass(frozen=True)
class Pattern:
    """One row written as a regular expression; ``needs`` are words of which a text must hold one to match."""

    regex: re.Pattern[str]
    row: Row
    needs: tuple[str, ...]

    def find(self, text: str) -> list[Hit]:
        """Every place in a folded text where the pattern is found, left to right."""
        if self.needs and not any(word in text for word in self.needs):
            return []
        return [self._hit(match) for match in self.regex.finditer(text)]

    def at(self, text: str, position: int) -> Hit | None:
        """Return the hit that begins at this position, if there is one."""
        match = self.regex.match(text, position)
        return self._hit(match) if match else None

    def _hit(self, match: re.Match[str]) -> Hit:
        inner = match.span(1) if self.regex.groups and match.start(1) >= 0 else match.span()
        return Hit(match.start(), match.end(), self.row, inner, True)


@dataclass(frozen=True)
class Lexicon:
    """All rows that are plain words, of all tables, looked up at once by their first two characters."""

    by_pair: Mapping[str, tuple[tuple[str, tuple[Row, ...]], ...]]
    by_character: Mapping[str, tuple[Row, ...]]

    def find(self, text: str) -> dict[str, list[Hit]]:
        """Per table, the longest word, and a single character, at each place of a folded text; they may overlap."""
        found: dict[str, list[Hit]] = defaultdict(list)
        by_pair, by_character = self.by_pair, self.by_character
        for start, pair in enumerate(map(add, text, text[1:])):
            if pair not in by_pair:
                continue
            for word, rows in by_pair[pair]:
                if text.startswith(word, start):
                    end = start + len(word)
                    for row in rows:
                        hits = found[row.table]
                        if not hits or hits[-1].start != start:
                            hits.append(Hit(start, end, row, (start, end)))
        for start, character in enumerate(text):
            if character in by_character:
                for row in by_character[character]:
                    found[row.table].append(Hit(start, start + 1, row, (start, start + 1)))
        return found


@dataclass(frozen=True)
class Wording:
    """The tables of words, ready to search with: plain words together, patterns per table."""

    lexicon: Lexicon
    patterns: Mapping[str, tuple[Pattern, ...]]
    empty: frozenset[str]
    memo: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    """What was read before, by text: lists repeat themselves; it changes no answer and holds a bounded number."""

    def find_patterns(self, text: str, table: str) -> list[Hit]:
        """Every place in a folded text where a pattern of one table is found."""
        return [hit for pattern in self.patterns[table] for hit in pattern.find(text)]

    def find(self, text: str, tables: Collection[str]) -> dict[str, list[Hit]]:
        """Per table asked for, every place in a folded text where one of its rows is found; they may overlap."""
        words = self.lexicon.find(text)
        return {table: [*words.get(table, ()), *self.find_patterns(text, table)] for table in tables}

    def number_at(self, text: str, position: int) -> Hit | None:
        """Return the longest number or tag that begins at this place; the earlier row where two are as long."""
        best: Hit | None = None
        for pattern in self.patterns["numbering"]:
            hit = pattern.at(text, position)
            if hit and (best is None or hit.end > best.end):
                best = hit
        return best

    def head_row(self, text: str, kinds: Collection[str]) -> Row | None:
        """Return the row of the table of heads, of some kinds, with the longest match; the earlier of two as long."""
        best: tuple[int, Row] | None = None
        for pattern in self.patterns["heads"]:
            if pattern.row.cells["kind"] in kinds:
                for hit in pattern.find(text):
                    if best is None or hit.end - hit.start > best[0]:
                        best = hit.end - hit.start, pattern.row
        return best[1] if best else None


def wording(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Wording:
    """Make the tables of words ready, from plain rows.

    Parameters
    ----------
    tables : mapping of table name to rows
        All of acts, addressees, at_large, effects, empty, enumerations, exceptions, heads, nouns, numbering, terms and zones; a
        row is a mapping of column to text. The first row of a table is row 2, as in a spreadsheet with a header.

    Raises
    ------
    InputError
        If a table or column is missing or unknown, a cell that must say something is blank, an effect or kind is
        not known, or a pattern does not compile, can match nothing, or repeats without a bound.
    """
    for name in tables:
        if name not in _COLUMNS:
            raise InputError(f"expected a table of words, got '{name}'", hint=f"known are {', '.join(_COLUMNS)}")
    rows = {name: _checked_rows(name, tables) for name in _COLUMNS}
    words: dict[str, list[Row]] = {}
    patterns: dict[str, list[Pattern]] = {name: [] for name in _COLUMNS}
    for row in (row for name in _COLUMNS if name != "empty" for row in rows[name]):
        written = row.cells.get("word") or row.cells["pattern"]
        if "word" in row.cells or (re.escape(written) == written and row.table not in _ALWAYS_PATTERNS):
            known = words.setdefault(folded(written), [])
            if all(other.table != row.table for other in known):
                known.append(row)
        else:
            patterns[row.table].append(Pattern(_compiled(written), row, _needs(written)))
    return Wording(
        lexicon=_lexicon(words),
        patterns={name: tuple(found) for name, found in patterns.items()},
        empty=frozenset(folded(row.cells["word"]).strip() for row in rows["empty"]),
    )


def folded(text: str) -> str:
    """Return the text with letters and digits narrow and punctuation wide, each character in its place.

    >>> folded("ＶＯＣｓ(1),2")
    'VOCs（1），2'
    """
    return text.translate(_FOLD)


def strictest(effects: Sequence[str]) -> str:
    """Return the strictest of some effects; of none, ``note``.

    >>> strictest(("note", "require", "forbid"))
    'forbid'
    """
    return min(effects, key=EFFECTS.index, default="note")


def _checked_rows(name: str, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> list[Row]:
    if name not in tables:
        raise InputError(
            "expected this table of words, got none",
            where=Where(file=f"{name}.csv"),
            hint=f"add it with the columns {', '.join(_COLUMNS[name])}",
        )
    rows = []
    for number, cells in enumerate(tables[name], start=2):
        row = Row(name, number, {column: (cells.get(column) or "").strip() for column in _COLUMNS[name]})
        for column in _COLUMNS[name]:
            _check_cell(row, column, is_there=column in cells)
        rows.append(row)
    return rows


def _check_cell(row: Row, column: str, *, is_there: bool) -> None:
    value = row.cells[column]
    where = Where(file=f"{row.table}.csv", row=row.number, field=column)
    if not is_there:
        raise InputError("expected this column, got none", where=where, hint="add it to the header")
    if not value and column not in _MAY_BE_BLANK:
        raise InputError("expected some text, got a blank cell", where=where, hint="fill it or delete the row")
    choices = _CHOICES.get(row.table, {}).get(column)
    if choices is not None and value not in choices:
        known = ", ".join(choice or "(blank)" for choice in choices)
        raise InputError(f"expected one of {known}, got '{value}'", where=where, hint="use a known word")
    if column == "precedence" and not re.fullmatch(r"[0-9]{1,3}", value):
        raise InputError(f"expected a whole number 0-999, got '{value}'", where=where, hint="the higher wins")
    if column == "pattern":
        _compiled(value, where)


def _compiled(pattern: str, where: Where | None = None) -> re.Pattern[str]:
    if len(pattern) > _PATTERN_CHARACTERS_MAX or _UNBOUNDED.search(pattern):
        raise InputError(
            f"expected a pattern of at most {_PATTERN_CHARACTERS_MAX} characters whose repeats are bounded and not"
            f" nested, got '{pattern}'",
            where=where,
            hint="write .{0,12} instead of .*, and spell repeated groups out",
        )
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise InputError(
            f"expected a regular expression, got '{pattern}' ({error})",
            where=where,
            hint="mend it or escape it with \\",
        ) from None
    if compiled.match(""):
        raise InputError(
            f"expected a pattern that needs at least one character, got '{pattern}'",
            where=where,
            hint="drop what makes all of it optional",
        )
    return compiled


def _lexicon(words: Mapping[str, Sequence[Row]]) -> Lexicon:
    by_pair: dict[str, list[tuple[str, tuple[Row, ...]]]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if len(word) > 1:
            by_pair[word[:2]].append((word, tuple(words[word])))
    singles = {word: tuple(rows) for word, rows in words.items() if len(word) == 1}
    return Lexicon({pair: tuple(entries) for pair, entries in by_pair.items()}, singles)


def _needs(pattern: str) -> tuple[str, ...]:
    """Return words of which every match of a pattern holds one: the plainest group of alternatives at its top level."""
    depth, depths = 0, []
    for character in pattern:
        depth += {"(": 1, ")": -1}.get(character, 0)
        depths.append(depth)
    if any(character == "|" and depths[index] == 0 for index, character in enumerate(pattern)):
        return ()
    groups: list[list[str]] = [
        match.group(1).split("|") for match in _PLAIN_GROUP.finditer(pattern) if depths[match.start()] == 1
    ]
    plainest: list[str] = min(groups, key=len, default=[])
    return tuple(plainest)
