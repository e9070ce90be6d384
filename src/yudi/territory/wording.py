"""Which words mean what in a list: the tables that an office keeps, checked and made ready to search with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yudi.core.errors import InputError, Where

__all__ = ["EFFECTS", "Hit", "Matcher", "Row", "Wording", "folded", "strictest", "wording"]

EFFECTS = ("forbid", "require", "quota", "offset", "consult", "note")
"""Effects that a text in words can have, the strictest first."""

_CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "effects": {"effect": EFFECTS, "kind": ("", "verb", "duty", "act", "soft", "permit", "same")},
    "heads": {"kind": ("head", "only", "title", "tag"), "effect": ("", *EFFECTS)},
    "zones": {"role": ("end", "start", "whole")},
    "exceptions": {"reach": ("", "back")},
    "addressees": {"who": ("project", "authority", "place")},
}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "acts": ("word",),
    "addressees": ("word", "who"),
    "at_large": ("pattern",),
    "effects": ("pattern", "effect", "precedence", "kind"),
    "empty": ("word",),
    "exceptions": ("pattern", "reach"),
    "heads": ("pattern", "kind", "effect"),
    "nouns": ("word",),
    "numbering": ("pattern", "style"),
    "terms": ("word", "term"),
    "zones": ("pattern", "role", "zone"),
}
_MAY_BE_BLANK = {"kind", "effect", "reach", "term", "zone"}
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


@dataclass(frozen=True)
class Hit:
    """Where in a text a row was found; ``inner`` is the span of the row's first group, else the whole."""

    start: int
    end: int
    row: Row
    inner: tuple[int, int]
    is_loose: bool = False


@dataclass(frozen=True)
class Matcher:
    """All rows of one table, ready to be looked for at once.

    Words are found at every place where one begins, the longest there; patterns are looked for one by one.
    """

    words: re.Pattern[str] | None
    row_of_word: Mapping[str, Row]
    patterns: tuple[tuple[re.Pattern[str], Row], ...]

    def find(self, text: str) -> list[Hit]:
        """Every place in a folded text where a row is found, in no given order; they may overlap."""
        hits = []
        if self.words is not None:
            for match in self.words.finditer(text):
                start, end = match.span(1)
                hits.append(Hit(start, end, self.row_of_word[text[start:end]], (start, end)))
        for pattern, row in self.patterns:
            for match in pattern.finditer(text):
                inner = match.span(1) if pattern.groups and match.start(1) >= 0 else match.span()
                hits.append(Hit(match.start(), match.end(), row, inner, True))
        return hits

    def at(self, text: str, position: int) -> Hit | None:
        """Return the longest row found that begins at this position; the earlier row where two are as long."""
        best: Hit | None = None
        for pattern, row in self.patterns:
            match = pattern.match(text, position)
            if match and (best is None or match.end() > best.end):
                inner = match.span(1) if pattern.groups and match.start(1) >= 0 else match.span()
                best = Hit(match.start(), match.end(), row, inner, True)
        return best


@dataclass(frozen=True)
class Wording:
    """The tables of words, one matcher each, and the words that say "nothing is asked"."""

    acts: Matcher
    addressees: Matcher
    at_large: Matcher
    effects: Matcher
    exceptions: Matcher
    heads: Matcher
    nouns: Matcher
    numbering: Matcher
    terms: Matcher
    zones: Matcher
    empty: frozenset[str]


def wording(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Wording:
    """Make the tables of words ready, from plain rows.

    Parameters
    ----------
    tables : mapping of table name to rows
        All of acts, addressees, at_large, effects, empty, exceptions, heads, nouns, numbering, terms and zones; a
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
    matchers = {
        name: _matcher(rows[name], every_is_pattern=name == "numbering") for name in _COLUMNS if name != "empty"
    }
    return Wording(**matchers, empty=frozenset(folded(row.cells["word"]).strip() for row in rows["empty"]))


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


def _matcher(rows: Sequence[Row], *, every_is_pattern: bool) -> Matcher:
    words: dict[str, Row] = {}
    patterns: list[tuple[re.Pattern[str], Row]] = []
    for row in rows:
        written = row.cells["word"] if "word" in row.cells else row.cells["pattern"]
        is_word = "word" in row.cells or re.escape(written) == written
        if is_word and not every_is_pattern:
            words.setdefault(folded(written), row)
        else:
            patterns.append((_compiled(written), row))
    return Matcher(_alternation(words), words, tuple(patterns))


def _alternation(words: Mapping[str, Row]) -> re.Pattern[str] | None:
    """Compile one look-ahead over all words, grouped by first character, the longest first."""
    if not words:
        return None
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    branches = [f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items()]
    return re.compile(f"(?=({'|'.join(branches)}))")
