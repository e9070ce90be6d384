"""What a text must hold for a pattern to be found in it, so that most patterns need not be tried on most texts."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["opening", "required"]

_WORDS_MAX = 200
_CLASS_CHARACTERS_MAX = 40
_REPEAT = re.compile(r"\{(?=[\d,])(\d*)(,?)(\d*)\}")
_ZERO_WIDTH = "bBAZ"
_ANY_CHARACTER = "dDsSwW"
_ESCAPED = r"\\(?:[dDsSwW]|[^a-zA-Z0-9])"
_CLASS = rf"\[\^?(?:{_ESCAPED}|[^\[\]\\])+\]"
_OPENING = re.compile(rf"(\((?!\?))?({_CLASS}|{_ESCAPED}|[^\\\[\](){{}}.^$*+?|])(?![?*]|\{{[0,])")
_REST = re.compile(rf"{_CLASS}|\\.|.", re.DOTALL)
_Words = frozenset[str]


class _Unknown(Exception):  # noqa: N818 -- no error: the pattern is only not understood
    """Raised for a pattern of which nothing can be said."""


class _Part(NamedTuple):
    """What is known of a part of a pattern: the only words that it matches, if few, and those that it needs."""

    exact: _Words | None
    needs: tuple[_Words, ...] = ()


_EMPTY = _Part(frozenset([""]))
_ANY = _Part(None)


def required(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of words; every text in which the pattern is found holds at least one word of each set.

    Empty if nothing can be said, as for a pattern with flags. The set that most rarely is in a text, by its words'
    length and number, is the first.

    Examples
    --------
    >>> [sorted(words) for words in required("(?:严格)?执行.{1,9}(?:标准|限值)")]
    [['执行'], ['标准', '限值']]
    """
    try:
        part, end = _choice(pattern, 0)
    except _Unknown:
        return ()
    return tuple(sorted(_needed(part), key=_commonness)) if end == len(pattern) else ()


def opening(pattern: str) -> str | None:
    """An expression for the one character with which everything begins that the pattern matches; None if not plain.

    >>> opening(r"(\\d{1,3})[、.]"), opening("【水|气】"), opening("(甲|乙)丙")
    ('\\\\d', None, None)
    """
    found = _OPENING.match(pattern)
    if found is None:
        return None
    depth = 1 if found.group(1) else 0
    own = depth  # no other way to begin may stand beside it: in the pattern, nor in the group that it opens
    at = found.end()
    for part in _REST.finditer(pattern, found.end()):
        at = part.end()
        if part.group() == "[" or (part.group() == "|" and depth <= own):
            return None
        depth += {"(": 1, ")": -1}.get(part.group(), 0)
        if depth < own:
            own = depth
            if pattern[at : at + 1] in ("?", "*") or pattern[at : at + 2] in ("{0", "{,"):
                return None
    return found.group(2) if depth == 0 else None


def _commonness(words: _Words) -> tuple[bool, int, list[str]]:
    return min(map(len, words)) < 2, len(words), sorted(words)


def _needed(part: _Part) -> tuple[_Words, ...]:
    if part.exact is None:
        return part.needs
    if "" in part.exact:
        return ()
    return (frozenset(word for word in part.exact if not any(o != word and o in word for o in part.exact)),)


def _choice(pattern: str, at: int) -> tuple[_Part, int]:
    """Read alternatives up to a closing bracket or the end."""
    parts = []
    while True:
        part, at = _sequence(pattern, at)
        parts.append(part)
        if pattern[at : at + 1] != "|":
            break
        at += 1
    if len(parts) == 1:
        return parts[0], at
    exact = _union([part.exact for part in parts])
    if exact is not None:
        return _Part(exact), at
    needs = _union([min(_needed(part), key=_commonness, default=None) for part in parts])
    return _Part(None, (needs,) if needs else ()), at


def _union(sets: list[_Words | None]) -> _Words | None:
    """Join sets, if all are known and they are few together."""
    joined: set[str] = set()
    for words in sets:
        if words is None:
            return None
        joined |= words
    return frozenset(joined) if len(joined) <= _WORDS_MAX else None


def _sequence(pattern: str, at: int) -> tuple[_Part, int]:
    """Read parts one behind the other, joining words that stand side by side."""
    needs: list[_Words] = []
    run = _EMPTY
    is_exact = True
    while at < len(pattern) and pattern[at] not in "|)":
        part, at = _element(pattern, at)
        part, at = _repeated(part, pattern, at)
        together = _product(run.exact, part.exact)
        if together is not None:
            run = _Part(together)
            continue
        is_exact = False
        needs += _needed(run)
        run = _EMPTY if part.exact is None else part
        needs += part.needs if part.exact is None else ()
    if is_exact:
        return run, at
    return _Part(None, (*needs, *_needed(run))), at


def _product(one: _Words | None, other: _Words | None) -> _Words | None:
    if one is None or other is None or len(one) * len(other) > _WORDS_MAX:
        return None
    return frozenset(first + second for first in one for second in other)


def _element(pattern: str, at: int) -> tuple[_Part, int]:
    """Read one character, class or group."""
    character = pattern[at]
    if character == "(":
        return _group(pattern, at + 1)
    if character == "[":
        return _class(pattern, at + 1)
    if character == "\\":
        escaped = pattern[at + 1]
        if escaped in _ZERO_WIDTH:
            return _EMPTY, at + 2
        if escaped in _ANY_CHARACTER or escaped in "123456789":
            return _ANY, at + 2
        if escaped.isalnum():
            raise _Unknown
        return _Part(frozenset([escaped])), at + 2
    if character in "^$":
        return _EMPTY, at + 1
    return _ANY if character == "." else _Part(frozenset([character])), at + 1


def _group(pattern: str, at: int) -> tuple[_Part, int]:
    """Read a group; what stands in a look at what is before or behind is not needed, to be safe."""
    opening = re.match(r"\?(?::|=|!|<=|<!|P<\w+>)|(?!\?)", pattern[at:])
    if opening is None:
        raise _Unknown
    part, at = _choice(pattern, at + opening.end())
    if pattern[at : at + 1] != ")":
        raise _Unknown
    return _EMPTY if opening.group().endswith(("=", "!")) else part, at + 1


def _class(pattern: str, at: int) -> tuple[_Part, int]:
    """Read a class of characters, which is known if it only lists a few."""
    found: set[str] = set()
    is_known = pattern[at] != "^"
    at += not is_known
    begin = at
    while pattern[at] != "]" or at == begin:
        if pattern[at] == "\\":
            at += 1
            is_known = is_known and not pattern[at].isalnum()
        elif pattern[at] == "-" and at > begin and pattern[at + 1] != "]":
            is_known = False
        found.add(pattern[at])
        at += 1
    return _Part(frozenset(found)) if is_known and len(found) <= _CLASS_CHARACTERS_MAX else _ANY, at + 1


def _repeated(part: _Part, pattern: str, at: int) -> tuple[_Part, int]:
    """Read how often a part comes, and say what is known of it then."""
    least, most = 1, 1
    repeat = _REPEAT.match(pattern, at)
    if repeat:
        least = int(repeat.group(1) or 0)
        most = int(repeat.group(3) or 999) if repeat.group(2) else least
        at = repeat.end()
    elif pattern[at : at + 1] in ("?", "*", "+"):
        least, most = {"?": (0, 1), "*": (0, 999), "+": (1, 999)}[pattern[at]]
        at += 1
    else:
        return part, at
    at += pattern[at : at + 1] in ("?", "+")
    if least == most == 1:
        return part, at
    if least:
        return _Part(None, _needed(part)), at
    return _Part(part.exact | {""} if part.exact is not None and most == 1 else None), at
