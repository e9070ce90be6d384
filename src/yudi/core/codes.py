"""Which code is which, and whether one covers another, in any hierarchy of codes given as rows.

The system knows no standard: letters, levels and names are data. A code may be written in several ways
(``2614`` and ``C2614``); every method takes any of them and answers with the canonical one.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from yudi.core.errors import InputError, Where
from yudi.core.logic import F, T, Truth, U, any_of

__all__ = ["CodeSystem", "code_system"]


@dataclass(frozen=True)
class CodeSystem:
    """A hierarchy of codes that checks itself when made.

    Parameters
    ----------
    key : str
        Name of the system, for messages.
    names : mapping
        Labels ``{"zh": …, "en": …}`` by canonical code; its keys are the codes.
    parents : mapping
        The code right above each code, None (or absent) at the top.
    aliases : mapping
        Canonical code by every other spelling.
    words : mapping
        Codes by everyday words that their names do not hold; only a search uses them.

    Raises
    ------
    InputError
        For a parent or an alias's code that is unknown, a code above itself, a spelling that means two codes.
    """

    key: str
    names: Mapping[str, Mapping[str, str]]
    parents: Mapping[str, str | None]
    aliases: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _spellings: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _above: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _below: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.names:
            raise InputError(f"expected codes in the system {self.key!r}, got none", hint="give it at least one row")
        object.__setattr__(self, "_spellings", self._check_spellings())
        for word, codes in self.words.items():
            if missing := [code for code in codes if code not in self.names]:
                message = f"{word!r} stands for {missing[0]!r}, which {self.key} lacks"
                raise InputError(message, hint="correct the table of words")
        object.__setattr__(self, "_above", {code: tuple(self._walk_up(code)) for code in self.names})
        below: dict[str, set[str]] = {code: {code} for code in self.names}
        for code, above in self._above.items():
            for ancestor in above:
                below[ancestor].add(code)
        object.__setattr__(self, "_below", {code: frozenset(codes) for code, codes in below.items()})

    def __hash__(self) -> int:
        return hash((self.key, len(self.names)))

    def canonical(self, code: str) -> str:
        """Return the canonical code of any of its spellings; blanks, case and full-width letters do not matter.

        InputError for an unknown one, with the nearest codes in the hint.

        Examples
        --------
        >>> rows = [{"code": "C", "name_en": "making"}, {"code": "C26", "name_en": "chemicals", "aliases": "26"}]
        >>> system = code_system("industry", rows)
        >>> system.canonical("26"), system.canonical(" ｃ２６ ")
        ('C26', 'C26')
        """
        found = self._spellings.get(_plain(code)) if isinstance(code, str) else None
        if found is None:
            shown = code[:80] if isinstance(code, str) else code
            raise InputError(f"expected a code of {self.key}, got {shown!r}", hint=self._near(code))
        return found

    def named(self, name: str) -> tuple[str, ...]:
        """Return the codes whose name this is, exactly; of names on one chain only the widest.

        Examples
        --------
        >>> rows = [{"code": "C26", "name_zh": "化工"}, {"code": "C261", "name_zh": "化工"}, {"code": "D", "name_zh": "电"}]
        >>> code_system("industry", rows).named(" 化工 ")
        ('C26',)
        """
        codes = self._by_name.get(unicodedata.normalize("NFKC", name).strip(), ())
        return tuple(code for code in codes if not any(above in codes for above in self._above[code]))

    def means(self, text: str) -> bool:
        """Tell whether a text is a spelling or a name of a code."""
        return _plain(text) in self._spellings or bool(self.named(text))

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for code, labels in self.names.items():
            for label in labels.values():
                found.setdefault(unicodedata.normalize("NFKC", label).strip(), {})[code] = None
        return {label: tuple(codes) for label, codes in found.items() if label}

    def covers(self, wide: str, narrow: str) -> Truth:
        """Return T where wide is narrow or stands above it, U where it stands below (narrow may mean it), else F.

        Examples
        --------
        >>> system = code_system("industry", [{"code": "C"}, {"code": "C26"}, {"code": "C2614"}, {"code": "C27"}])
        >>> [system.covers("C26", other).name for other in ("C2614", "C26", "C", "C27")]
        ['T', 'T', 'U', 'F']
        """
        above, below = self.canonical(wide), self.canonical(narrow)
        if above == below or above in self._above[below]:
            return T
        return U if below in self._above[above] else F

    def covers_any(self, wides: Iterable[str], narrows: Iterable[str]) -> Truth:
        """Return whether any of the wide codes covers any of the narrow ones; of none it is F.

        Examples
        --------
        >>> system = code_system("industry", [{"code": "C"}, {"code": "C26"}, {"code": "C27"}])
        >>> system.covers_any(["C26"], ["C27", "C"]).name
        'U'
        """
        below, above = self._reach(tuple(wides))
        listed = [self.canonical(narrow) for narrow in narrows]
        return any_of(T if narrow in below else U if narrow in above else F for narrow in listed)

    def _reach(self, wides: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the codes that any of the wide ones covers, and those above them that may mean one of them."""
        found = self._reaches.get(wides)
        if found is None:
            codes = [self.canonical(wide) for wide in wides]
            below = frozenset().union(*(self._below[code] for code in codes))
            above = frozenset(ancestor for code in codes for ancestor in self._above[code]) - below
            found = self._reaches[wides] = (below, above)
        return found

    @cached_property
    def _reaches(self) -> dict[tuple[str, ...], tuple[frozenset[str], frozenset[str]]]:
        return {}  # filled by `_reach`: a rule asks the same long list of codes of every project

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the codes above a code, nearest first: those that may mean it.

        Examples
        --------
        >>> code_system("industry", [{"code": "C"}, {"code": "C26"}, {"code": "C2614"}]).ancestors("C2614")
        ('C26', 'C')
        """
        return self._above[self.canonical(code)]

    def descendants(self, code: str) -> frozenset[str]:
        """Return the code itself and all codes below it: those that it covers, to match whole columns against.

        Examples
        --------
        >>> sorted(code_system("industry", [{"code": "C"}, {"code": "C26"}, {"code": "D"}]).descendants("C"))
        ['C', 'C26']
        """
        return self._below[self.canonical(code)]

    def _check_spellings(self) -> dict[str, str]:
        """Collect every spelling, and refuse one that means two codes or leads nowhere."""
        spellings: dict[str, str] = {}
        for spelling, code in [*((code, code) for code in self.names), *self.aliases.items()]:
            plain = _plain(spelling)
            if not plain:
                raise InputError(f"expected a code of {self.key}, got an empty one", hint="fill it in")
            if code not in self.names:
                raise InputError(f"{spelling!r} stands for {code!r}, which {self.key} lacks", hint="add that code")
            if spellings.setdefault(plain, code) != code:
                message = f"{spelling!r} means both {spellings[plain]!r} and {code!r} in {self.key}"
                raise InputError(message, hint="keep each spelling for one code")
        return spellings

    def _walk_up(self, code: str) -> Iterator[str]:
        """Yield the codes above one, and refuse a parent that is unknown or that comes round again."""
        seen, current = {code}, self.parents.get(code)
        while current is not None:
            if current not in self.names:
                raise InputError(f"the parent {current!r} of {code!r} is no code of {self.key}", hint="add its row")
            if current in seen:
                raise InputError(f"{current!r} of {self.key} stands above itself", hint="mend the parents")
            seen.add(current)
            yield current
            current = self.parents.get(current)

    def near(self, code: str) -> tuple[str, ...]:
        """Return the codes whose spelling is near to a text: a lost zero, the code above, a slip of the pen.

        Examples
        --------
        >>> code_system("industry", [{"code": "C"}, {"code": "C26"}, {"code": "D"}]).near("C62")
        ('C', 'C26')
        """
        plain = _plain(code)
        above = _prefix(plain, self._spellings)
        alike = difflib.get_close_matches(plain[:40], self._spellings, n=5, cutoff=0.5)
        near = [*self._with_zero(plain), *([above] if above else []), *alike]
        return tuple(dict.fromkeys(self._spellings[spelling] for spelling in near))

    def _with_zero(self, plain: str) -> list[str]:
        return [spelling for spelling in ("0" + plain, "00" + plain) if spelling in self._spellings]

    def _near(self, code: object) -> str:
        shown = self.near(str(code))
        listed = ", ".join(" ".join(filter(None, [code, self._label(code)])) for code in shown)
        zero = "a leading zero may have been lost; " if self._with_zero(_plain(str(code))) else ""
        return f"{zero}near are {listed}" if listed else f"{self.key} has {len(self.names)} codes, none is near"

    def _label(self, code: str) -> str:
        names = self.names[code]
        return names.get("zh") or names.get("en") or ""


def code_system(key: str, rows: Iterable[Mapping[str, str]], words: Iterable[Mapping[str, str]] = ()) -> CodeSystem:
    """Return the code system that rows describe, as a reader of a table with one header row gives them.

    Columns: ``code``; ``parent`` (where empty: the longest proper prefix that is a code); ``name_zh``, ``name_en``;
    ``aliases``, separated by ``|``; ``full_code``, which then is canonical and the code an alias of it.
    Of the words: ``word`` and ``codes``, separated by ``|``.
    InputError, with the spreadsheet row, for a missing or doubled code, and for all that CodeSystem refuses.

    Examples
    --------
    >>> system = code_system("industry", [{"code": "A"}, {"code": "01", "full_code": "A01", "name_zh": "农业"}])
    >>> system.canonical("01"), system.ancestors("01"), system.names["A01"]["zh"]
    ('A01', ('A',), '农业')
    """
    names: dict[str, dict[str, str]] = {}
    stated: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        short, where = _plain(row.get("code") or ""), Where(row=number, field="code")
        code = _plain(row.get("full_code") or "") or short
        if not short or code in names:
            message = f"expected a code that no row before has, got {code!r}" if short else "expected a code, got none"
            raise InputError(message, where=where, hint=f"mend the table of {key}")
        names[code] = {tongue: label for tongue in ("zh", "en") if (label := (row.get(f"name_{tongue}") or "").strip())}
        stated[code] = _plain(row.get("parent") or "")
        for alias in [short, *(_plain(part) for part in (row.get("aliases") or "").split("|"))]:
            if alias and aliases.setdefault(alias, code) != code:
                message = f"{alias!r} already stands for {aliases[alias]!r}"
                raise InputError(message, where=where, hint="keep each spelling for one code")
    parents = {code: aliases.get(parent, parent) if parent else _prefix(code, names) for code, parent in stated.items()}
    spellings = {alias: code for alias, code in aliases.items() if alias != code}
    return CodeSystem(key, names, parents, spellings, _everyday(words, {**aliases, **{code: code for code in names}}))


def _everyday(rows: Iterable[Mapping[str, str]], spellings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        codes = [_plain(code) for code in (row.get("codes") or "").split("|")]
        found[(row.get("word") or "").strip()] = tuple(spellings.get(code, code) for code in codes if code)
    return found


def _prefix(code: str, codes: Mapping[str, object]) -> str | None:
    """Return the longest proper prefix of a code that is a code itself."""
    return next((code[:end] for end in range(len(code) - 1, 0, -1) if code[:end] in codes), None)


def _plain(code: str) -> str:
    """Return a code without blanks, in capitals and narrow letters."""
    return "".join(unicodedata.normalize("NFKC", code).upper().split())
