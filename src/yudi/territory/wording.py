"""Which words mean what in a list: the tables that an office keeps, checked and made ready to search with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import NamedTuple

from yudi.core.errors import InputError, Where
from yudi.territory.patterns import required

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
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}|\)\{")
_PATTERN_CHARACTERS_MAX = 400
_IDEOGRAPHS = range(0x4E00, 0x9FA6)
_TELLS_APART = re.compile(r"\\[1-9uUxN]|\(\?P|\(\?[a-zA-Z(]")
_RANGE = re.compile(r"(?=([^\[\]])-([^\[\]]))")
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
    """One row written as a regular expression; of each set of ``needs`` a text must hold a token to match."""

    regex: re.Pattern[str]
    row: Row
    needs: tuple[frozenset[str], ...]

    def find(self, text: str) -> list[Hit]:
        """Every place in a folded text where the pattern is found, left to right."""
        return [self._hit(match) for match in self.regex.finditer(text)]

    def at(self, text: str, position: int) -> Hit | None:
        """Return the hit that begins at this position, if there is one."""
        match = self.regex.match(text, position)
        return self._hit(match) if match else None

    def _hit(self, match: re.Match[str]) -> Hit:
        start, end = match.span()
        inner = match.span(1) if self.regex.groups and match.start(1) >= 0 else (start, end)
        return Hit(start, end, self.row, inner, True)


def tokens(text: str) -> set[str]:
    """All characters and pairs of neighbours in a text: by them words and patterns are ruled out."""
    return {*text, *map(add, text, text[1:])}


def _first_token(word: str) -> str:
    return word[:2]


@dataclass(frozen=True)
class Lexicon:
    """All rows that are plain words, of all tables, looked up at once by their first two characters."""

    by_token: Mapping[str, tuple[tuple[str, tuple[Row, ...]], ...]]
    keys: frozenset[str]

    def find(self, text: str, present: set[str]) -> dict[str, list[Hit]]:
        """Per table, the longest word, and a single character, at each place of a folded text; they may overlap.

        ``present`` holds the text's tokens.
        """
        found: dict[str, list[Hit]] = {}
        places: list[tuple[bool, int, str]] = []
        for token in present & self.keys:
            at = text.find(token)
            while at >= 0:
                places.append((len(token) == 1, at, token))
                at = text.find(token, at + 1)
        places.sort()
        for is_single, start, token in places:
            for word, rows in self.by_token[token]:
                if not text.startswith(word, start):
                    continue
                end = start + len(word)
                for row in rows:
                    hits = found.setdefault(row.table, [])
                    if is_single or not hits or hits[-1].start != start:
                        hits.append(Hit(start, end, row, (start, end)))
        return found


@dataclass(frozen=True)
class Wording:
    """The tables of words, ready to search with: plain words together, patterns per table."""

    lexicon: Lexicon
    patterns: Mapping[str, tuple[Pattern, ...]]
    empty: frozenset[str]
    alike: Mapping[int, int] = field(default_factory=dict, repr=False)
    """Characters, by number, that no row tells apart, each with one that stands for all of them."""
    memo: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    """What was read before, by text with ``alike``: lists repeat themselves; it changes no answer and is bounded."""

    def find_patterns(self, text: str, table: str, present: set[str] | None = None) -> list[Hit]:
        """Every place in a folded text where a pattern of one table is found; ``present`` holds the text's tokens."""
        rules_out = (tokens(text) if present is None else present).isdisjoint
        return [
            hit
            for pattern in self.patterns[table]
            if not any(map(rules_out, pattern.needs))
            for hit in pattern.find(text)
        ]

    def find(self, text: str, tables: Collection[str]) -> dict[str, list[Hit]]:
        """Per table asked for, every place in a folded text where one of its rows is found; they may overlap."""
        present = tokens(text)
        words = self.lexicon.find(text, present)
        return {table: [*words.get(table, ()), *self.find_patterns(text, table, present)] for table in tables}

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
        rules_out = tokens(text).isdisjoint
        for pattern in self.patterns["heads"]:
            if pattern.row.cells["kind"] in kinds and not any(map(rules_out, pattern.needs)):
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
            patterns[row.table].append(_pattern(written, row))
    return Wording(
        lexicon=_lexicon(words),
        patterns={name: tuple(found) for name, found in patterns.items()},
        empty=frozenset(folded(row.cells["word"]).strip() for row in rows["empty"]),
        alike=_alike([row for found in rows.values() for row in found]),
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


def _pattern(written: str, row: Row) -> Pattern:
    needs = (frozenset(map(_first_token, words)) for words in required(written))
    return Pattern(_compiled(written), row, tuple(needs))


def _lexicon(words: Mapping[str, Sequence[Row]]) -> Lexicon:
    by_token: dict[str, list[tuple[str, tuple[Row, ...]]]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_token[_first_token(word)].append((word, tuple(words[word])))
    return Lexicon({token: tuple(entries) for token, entries in by_token.items()}, frozenset(by_token))


def _alike(rows: Sequence[Row]) -> dict[int, int]:
    """Ideographs that stand in no row, each with the first of them: names are made of these, and read the same.

    None where rows could tell them apart: by a range that holds some of them only, a number, or what was found before.
    """
    written = [row.cells.get("word") or row.cells["pattern"] for row in rows]
    written += [row.cells.get("zone", "") for row in rows]
    # A place that is the unit itself is known by its words, so these must not be open to any character.
    whole = [row.cells["pattern"] for row in rows if row.cells.get("role") == "whole"]
    if any(map(_TELLS_APART.search, written)) or any(re.escape(text) != text for text in whole):
        return {}
    ranges = {(ord(first), ord(last)) for text in written for first, last in _RANGE.findall(text)}
    if any(last >= _IDEOGRAPHS[0] and (first > _IDEOGRAPHS[0] or last < _IDEOGRAPHS[-1]) for first, last in ranges):
        return {}
    known = set("".join(written)) | set(folded("".join(written)))
    same = [code for code in _IDEOGRAPHS if chr(code) not in known and not chr(code).isnumeric()]
    return dict.fromkeys(same, same[0]) if same else {}
