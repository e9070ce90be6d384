"""The words and marks of an expression, each with its place, and how a name or a number is spelled in it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from yudi.core.dates import parse_date
from yudi.core.errors import InputError

__all__ = ["KEYWORDS", "Token", "day_of", "number_of", "quoted", "spelled", "tokens", "wrong"]

KEYWORDS = frozenset(
    [
        *("all", "and", "any", "not", "or"),
        *("after", "before", "between", "false", "from", "in", "is", "term", "true", "until", "quota"),
        *("along", "area", "downstream", "inside", "of", "on", "overlaps", "share", "side", "upstream", "within"),
    ]
)
"""Words of the language, whatever their case; a name that is one of them stands in quotes."""

_NARROW = ("(", ")", "[", "]", ",", ";", "|", ">=", "<=", "!=", ">", "<", "=")
_WIDE = {"（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "，": ",", "、": ",", "；": ";", "｜": "|"}
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<", "＝": "="}
_MARKS = dict(zip(_NARROW, _NARROW, strict=True)) | _WIDE | _SIGNS
_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "”"}
_ENDS = frozenset("".join(_MARKS)) | frozenset(_QUOTES)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NO_UNIT = tuple("-+./年")  # behind digits they make a day or a code of them, no amount with a unit
_LETTERS_MAX = 20_000


@dataclass(frozen=True)
class Token:
    """A piece of an expression.

    Parameters
    ----------
    kind : str
        ``word``, ``quoted``, ``mark`` or ``end``.
    text : str
        What it says; of a quoted one what stands between the quotes.
    start : int
        Index of its first letter.
    """

    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The word of the language that it is, in small letters; empty if it is none."""
        return self.text.casefold() if self.kind == "word" and self.text.casefold() in KEYWORDS else ""


def tokens(text: str) -> list[Token]:
    """Return the pieces of an expression, the last one of the kind ``end``.

    Marks may be narrow or wide, as Chinese input methods write them. InputError where a quote does not end.

    Examples
    --------
    >>> [token.text for token in tokens("activity in （new，expand）")]
    ['activity', 'in', '(', 'new', ',', 'expand', ')', '']
    """
    if len(text) > _LETTERS_MAX:
        raise InputError(f"expected at most {_LETTERS_MAX:,} letters, got {len(text):,}", hint="split the clause")
    found: list[Token] = []
    position = 0
    while position < len(text):
        letter = text[position]
        if letter.isspace():
            position += 1
        elif letter in _QUOTES:
            token, position = _quoted_token(text, position)
            found.append(token)
        elif (mark := text[position : position + 2]) in _MARKS or (mark := letter) in _MARKS:
            found.append(Token("mark", _MARKS[mark], position))
            position += len(mark)
        else:
            end = position + 1
            while end < len(text) and not text[end].isspace() and not _ends_word(text, end):
                end += 1
            found.append(Token("word", text[position:end], position))
            position = end
    return [*found, Token("end", "", len(text))]


def spelled(name: str, *, is_value: bool = False) -> str:
    """Return a name as an expression holds it: in quotes where it would be taken for something else.

    A value of a list (`is_value`) is never taken for a number.

    Examples
    --------
    >>> spelled("emissions.NH3-N"), spelled("化工 项目"), spelled("2614"), spelled("in")
    ('emissions.NH3-N', '"化工 项目"', '"2614"', '"in"')
    >>> spelled("2614", is_value=True)
    '2614'
    """
    is_plain = name and not any(letter.isspace() or letter in _ENDS for letter in name)
    if is_plain and name.casefold() not in KEYWORDS and (is_value or _NUMBER.match(name) is None):
        return name
    return quoted(name)


def quoted(name: str) -> str:
    """Return a text in quotes, its own quotes doubled.

    Examples
    --------
    >>> quoted('the "old" works')
    '"the ""old"" works"'
    """
    return '"' + name.replace('"', '""') + '"'


def number_of(token: Token) -> tuple[float, str] | None:
    """Return the number that a word is or begins with and the unit glued to it; None where it is no number.

    Examples
    --------
    >>> number_of(Token("word", "5t/a", 0)), number_of(Token("word", "t/a", 0))
    ((5.0, 't/a'), None)
    """
    match = _NUMBER.match(token.text) if token.kind == "word" else None
    if match is None:
        return None
    number, rest = float(match.group()), token.text[match.end() :]
    return None if math.isinf(number) or rest[:1] in _NO_UNIT else (number, rest)


def day_of(token: Token) -> date | None:
    """Return the day that a word or quoted text is; None where it is none.

    Examples
    --------
    >>> day_of(Token("word", "2020年1月1日", 0)), day_of(Token("word", "2020", 0))
    (datetime.date(2020, 1, 1), None)
    """
    try:
        return parse_date(token.text)
    except InputError:
        return None


def wrong(text: str, token: Token, expected: str, hint: str = "") -> InputError:
    """Return the error that names what was expected, what was got, and its place in the expression.

    Examples
    --------
    >>> wrong("term >", Token("mark", ">", 5), "a name").message
    "expected a name, got '>' at letter 6: term ▸>"
    """
    got = "the end" if token.kind == "end" else repr(token.text)
    before, after = text[: token.start][-40:], text[token.start :][:40]
    shown = f"{'…' if token.start > 40 else ''}{before}▸{after}{'…' if len(text) > token.start + 40 else ''}"
    message = f"expected {expected}, got {got} at letter {token.start + 1}: {' '.join(shown.split())}"
    return InputError(message, hint=hint or "see the guide on clauses for the forms of an expression")


def _ends_word(text: str, position: int) -> bool:
    return text[position] in _ENDS and (text[position] != "!" or text[position + 1 : position + 2] == "=")


def _quoted_token(text: str, start: int) -> tuple[Token, int]:
    closing = _QUOTES[text[start]]
    parts: list[str] = []
    position = start + 1
    while (end := text.find(closing, position)) >= 0:
        parts.append(text[position:end])
        if text[end + 1 : end + 2] != closing:
            return Token("quoted", "".join(parts), start), end + 1
        parts.append(closing)
        position = end + 2
    raise wrong(
        text, Token("word", text[start : start + 12], start), "a closing quote", 'write " at the end of the name'
    )
