"""Which words mean what in a list: the tables that an office keeps, checked and made ready to search with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import add
from typing import NamedTuple

from yudi.core.errors import InputError, Where
from yudi.territory.patterns import opening, required

__all__ = ["EFFECTS", "Hit", "Lexicon", "Pattern", "Row", "Wording", "folded", "strictest", "wording"]

EFFECTS = ("forbid", "require", "quota", "offset", "consult", "note")
"""Effects that a text in words can have, the strictest first."""

_CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "effects": {
        "effect": EFFECTS,
        "kind": ("", "verb", "aim", "duty", "act", "exit", "refers", "soft", "permit", "same", "phrase", "hint"),
    },
    "heads": {"kind": ("head", "definition", "only", "title", "tag"), "effect": ("", *EFFECTS)},
    "zones": {"role": ("end", "start", "whole")},
    "exceptions": {"reach": ("", "back", "only")},
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
_TOGETHER = ("acts", "addressees", "at_large", "effects", "enumerations", "nouns", "terms", "zones")
_APART = ("exceptions", "heads", "numbering")
_OPEN = re.compile("")
_NEEDS_ITS_OWN = re.compile(r"\\[1-9]|\(\?[Pa-zA-Z(]")
_ALWAYS_PATTERNS = ("numbering", "heads", "exceptions", "enumerations")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}|\)\{")
_PATTERN_CHARACTERS_MAX = 400
_FEW_BEGINNINGS = 100
_MEMO_COUNT_MAX = 100_000
_MEMO_CHARACTERS_MAX = 500
_IDEOGRAPHS = range(0x4E00, 0x9FA6)
_TELLS_APART = re.compile(r"\\[1-9uUxN]|\(\?P|\(\?[a-zA-Z(]")
_RANGE = re.compile(r"(?=([^\[\]])-([^\[\]]))")
_WIDE = {
    code: code - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*span)
}
_PUNCTUATION = str.maketrans(",;:!?()．\u3000\t", "，；：！？（）.  ")
_FOLD = _WIDE | _PUNCTUATION
_UNFOLDED = re.compile(f"[{''.join(map(re.escape, map(chr, _FOLD)))}]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its table, its number as a spreadsheet shows it, and its cells.

    Notes
    -----
    What reading asks for again and again are attributes too; one whose column the table has not is blank.
    """

    table: str
    number: int
    cells: Mapping[str, str]
    because: tuple[str, int] = field(init=False, repr=False, compare=False)
    """Name of the table and number of the row, as an item cites them."""
    kind: str = field(init=False, repr=False, compare=False)
    effect: str = field(init=False, repr=False, compare=False)
    who: str = field(init=False, repr=False, compare=False)
    role: str = field(init=False, repr=False, compare=False)
    term: str = field(init=False, repr=False, compare=False)
    zone: str = field(init=False, repr=False, compare=False)
    precedence: int = field(init=False, repr=False, compare=False)
    """Of two rows that are as long, the one with the higher counts; 0 where the table has none."""

    def __post_init__(self) -> None:
        """Make the attributes of the cells."""
        object.__setattr__(self, "because", (self.table, self.number))
        for column in ("kind", "effect", "who", "role", "term", "zone"):
            object.__setattr__(self, column, self.cells.get(column, ""))
        precedence = self.cells.get("precedence", "")
        object.__setattr__(self, "precedence", int(precedence) if precedence.isdecimal() else 0)


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
    """One row written as a regular expression; a text holds a word of each set of ``needs`` wherever it is found."""

    regex: re.Pattern[str]
    row: Row
    needs: tuple[frozenset[str], ...]

    def find(self, text: str) -> list[Hit]:
        """Every place in a folded text where the pattern is found, left to right."""
        return [self.hit(match) for match in self.regex.finditer(text)]

    def hit(self, match: re.Match[str]) -> Hit:
        """What a match of the expression found."""
        span = match.span()
        inner = match.span(1) if self.regex.groups and match.start(1) >= 0 else span
        return Hit(*span, self.row, inner, True)


@dataclass(frozen=True)
class Gated:
    """Some patterns, and one expression that is found in every text in which one of them is."""

    patterns: tuple[Pattern, ...]
    gate: re.Pattern[str]

    def find(self, text: str) -> list[Hit]:
        """Every place in a folded text where one of the patterns is found, pattern by pattern."""
        if self.gate.search(text) is None:
            return []
        return [hit for pattern in self.patterns for hit in pattern.find(text)]


@dataclass(frozen=True)
class Numbering:
    """Patterns of numbers and tags, to be had by the character that stands where one may begin."""

    patterns: tuple[tuple[re.Pattern[str] | None, Pattern], ...]
    """Patterns in the order of the table, with an expression for the character that they begin with where it is plain."""
    _known: dict[str, tuple[Pattern, ...]] = field(default_factory=dict, repr=False, compare=False)

    def at(self, character: str) -> tuple[Pattern, ...]:
        """Patterns that may begin with a character; none at a text's end."""
        known = self._known.get(character)
        if known is None:
            known = tuple(one for begins, one in self.patterns if begins is None or begins.match(character))
            known = self._known[character] = known if character else ()
        return known


class Entry(NamedTuple):
    """What a character or a pair may begin: words, longest first, each with its rows, and words that patterns need.

    Each set of words that a pattern needs is one bit; ``sets`` has the bits of those that have a word of this beginning.
    """

    words: tuple[tuple[str, int, tuple[tuple[str, Row], ...]], ...]
    sets: int


@dataclass(frozen=True)
class Lexicon:
    """All rows that are looked up at once, by a first character or pair: plain words, and patterns with one in them."""

    pairs: Mapping[str, Entry]
    singles: Mapping[str, Entry]
    patterns: tuple[tuple[int, str, Pattern], ...]
    """Patterns with the bits of the sets that they need, and their table."""
    begins: re.Pattern[str] | None = None
    """Where the pairs begin with few characters, an expression for these."""

    def find(self, text: str, tables: Collection[str]) -> dict[str, list[Hit]]:
        """Per table asked for, in a folded text: the longest word at each place, single characters, then patterns."""
        found: dict[str, list[Hit]] = {table: [] for table in tables}
        met = 0
        make = tuple.__new__  # a hit without the call in between: this is the innermost loop of all
        for start, entry in self._begun(text):
            if entry is None:
                continue
            words, sets = entry
            if sets:
                met |= sets
            for word, size, rows in words:
                if size == 2 or text.startswith(word, start):
                    span = start, start + size
                    for table, row in rows:
                        hits = found.get(table)
                        if hits is not None and (not hits or hits[-1][0] != start):
                            hits.append(make(Hit, (*span, row, span, False)))
        alone = {}
        for character in self.singles.keys() & text if self.singles else ():
            words, sets = self.singles[character]
            met |= sets
            if words:
                alone[character] = words
        if alone:
            for start in [at for at, character in enumerate(text) if character in alone]:
                for _, _, rows in alone[text[start]]:
                    for table, row in rows:
                        if table in found:
                            found[table].append(Hit(start, start + 1, row, (start, start + 1)))
        for table, pattern in [(table, one) for needed, table, one in self.patterns if needed & met == needed]:
            if table in found:
                for match in pattern.regex.finditer(text):
                    found[table].append(pattern.hit(match))
        return found

    def _begun(self, text: str) -> Iterable[tuple[int, Entry | None]]:
        """Every place in a text with what the pair there may begin; of few beginnings only where one may be."""
        if self.begins is None:
            return enumerate(map(self.pairs.get, map(add, text, text[1:])))
        starts = (match.start() for match in self.begins.finditer(text))
        return [(start, self.pairs.get(text[start : start + 2])) for start in starts]


@dataclass(frozen=True)
class Wording:
    """The tables of words, ready to search with: plain words and most patterns together, others by table and kind."""

    lexicon: Lexicon
    acts: Lexicon
    """Words for acts alone."""
    numbering: Numbering
    gated: Mapping[tuple[str, str], Gated]
    empty: frozenset[str]
    alike: Mapping[int, int] = field(default_factory=dict, repr=False)
    """Characters, by number, that no row tells apart, each with one that stands for all of them."""
    memo: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)
    """What was read before, by text with ``alike``: lists repeat themselves; it changes no answer and is bounded."""

    @cached_property
    def _stand_in(self) -> re.Pattern[str]:
        return re.compile(f"[{''.join(map(chr, self.alike))}]" if self.alike else r"\b\B")

    def like(self, text: str) -> str:
        """Return the text with one character for all that no row tells apart; texts that share it are read alike."""
        return self._stand_in.sub(chr(next(iter(self.alike.values()), 0)), text)  # quicker than translating

    def known(self, key: Hashable) -> object:
        """Return what was kept under a key, None if nothing is."""
        return self.memo.get(key)

    def keep(self, key: Hashable, value: object, *, size: int) -> None:
        """Keep what was read in a text of some characters, unless it is long; when full, forget all and begin anew."""
        if size <= _MEMO_CHARACTERS_MAX:
            if len(self.memo) >= _MEMO_COUNT_MAX:
                self.memo.clear()
            self.memo[key] = value

    def may_find(self, text: str, table: str) -> bool:
        """Whether a pattern of one table may be found in a folded text, or in it with more characters hidden."""
        return self.gated[table, ""].gate.search(text) is not None

    def find_patterns(self, text: str, table: str) -> list[Hit]:
        """Every place in a folded text where a pattern of one table is found."""
        return self.gated[table, ""].find(text)

    def find(self, text: str, tables: Collection[str]) -> dict[str, list[Hit]]:
        """Per table asked for, every place in a folded text where one of its rows is found; they may overlap."""
        found = self.lexicon.find(text, tables)
        for table in _APART:
            if table in found:
                found[table] += [hit for key in self.gated if key[0] == table for hit in self.gated[key].find(text)]
        return found

    def number_at(self, text: str, position: int) -> Hit | None:
        """Return the longest number or tag that begins at this place; the earlier row where two are as long."""
        best: Pattern | None = None
        found: re.Match[str] | None = None
        for pattern in self.numbering.at(text[position : position + 1]):
            match = pattern.regex.match(text, position)
            if match is not None and (found is None or match.end() > found.end()):
                best, found = pattern, match
        return best.hit(found) if best is not None and found is not None else None

    def head_row(self, text: str, kinds: Collection[str]) -> Row | None:
        """Return the row of the table of heads, of some kinds, with the longest match; the earlier of two as long."""
        hits = [hit for kind in kinds if ("heads", kind) in self.gated for hit in self.gated["heads", kind].find(text)]
        return min(hits, key=lambda hit: (hit.start - hit.end, hit.row.number)).row if hits else None


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
            # A later row of one word takes the place of an earlier: an office's tables come behind those of its packs.
            known[:] = [*(other for other in known if other.table != row.table), row]
        else:
            patterns[row.table].append(_pattern(written, row))
    return Wording(
        lexicon=_lexicon(words, [pattern for table in _TOGETHER for pattern in patterns[table]]),
        acts=_lexicon(
            {word: acts for word in words if (acts := [row for row in words[word] if row.table == "acts"])}, []
        ),
        numbering=_numbering(patterns["numbering"]),
        gated=_gated(patterns),
        empty=frozenset(folded(row.cells["word"]).strip() for row in rows["empty"]),
        alike=_alike([row for found in rows.values() for row in found]),
    )


def folded(text: str) -> str:
    """Return the text with letters and digits narrow and punctuation wide, each character in its place.

    >>> folded("ＶＯＣｓ(1),2")
    'VOCs（1），2'
    """
    return text.translate(_FOLD) if _UNFOLDED.search(text) else text  # most texts hold none, and looking is quicker


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
    return Pattern(_compiled(written), row, required(written))


def _lexicon(words: Mapping[str, Sequence[Row]], patterns: Sequence[Pattern]) -> Lexicon:
    begun: dict[str, list[tuple[str, int, tuple[tuple[str, Row], ...]]]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-len(word), word)):
        begun[word[:2]].append((word, len(word), tuple((row.table, row) for row in words[word])))
    sets: dict[str, int] = defaultdict(int)
    bits: dict[frozenset[str], int] = {}
    for pattern in patterns:
        for words_needed in pattern.needs:
            bit = bits.setdefault(words_needed, 1 << len(bits))
            for word in words_needed:
                sets[word[:2]] |= bit
    entries = {token: Entry(tuple(begun[token]), sets[token]) for token in {*begun, *sets}}
    firsts = sorted({token[0] for token in entries if len(token) > 1})
    return Lexicon(
        {token: entry for token, entry in entries.items() if len(token) > 1},
        {token: entry for token, entry in entries.items() if len(token) == 1},
        tuple((sum({bits[needed] for needed in pattern.needs}), pattern.row.table, pattern) for pattern in patterns),
        re.compile(f"[{''.join(map(re.escape, firsts))}]") if 0 < len(firsts) <= _FEW_BEGINNINGS else None,
    )


def _numbering(patterns: Sequence[Pattern]) -> Numbering:
    begins = [opening(pattern.regex.pattern) for pattern in patterns]
    return Numbering(
        tuple((re.compile(first) if first else None, one) for first, one in zip(begins, patterns, strict=True))
    )


def _gated(patterns: Mapping[str, Sequence[Pattern]]) -> dict[tuple[str, str], Gated]:
    """Patterns that are looked for on their own, by table, and for heads by kind."""
    found: dict[tuple[str, str], Gated] = {
        ("exceptions", ""): Gated(tuple(patterns["exceptions"]), _gate_of_words(patterns["exceptions"])),
        ("numbering", ""): Gated(tuple(patterns["numbering"]), _gate_of_patterns(patterns["numbering"])),
    }
    for kind in {pattern.row.kind for pattern in patterns["heads"]}:
        heads = tuple(pattern for pattern in patterns["heads"] if pattern.row.kind == kind)
        found["heads", kind] = Gated(heads, _gate_of_words(heads))
    return found


def _gate_of_words(patterns: Sequence[Pattern]) -> re.Pattern[str]:
    if not all(pattern.needs for pattern in patterns):
        return _OPEN
    words = {word for pattern in patterns for word in pattern.needs[0]}
    return re.compile("|".join(map(re.escape, sorted(words))) or r"\b\B")


def _gate_of_patterns(patterns: Sequence[Pattern]) -> re.Pattern[str]:
    written = [pattern.regex.pattern for pattern in patterns]
    if any(map(_NEEDS_ITS_OWN.search, written)):
        return _OPEN
    return re.compile("|".join(f"(?:{text})" for text in written) or r"\b\B")


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
