"""Facts with their values as a line that a person writes in a cell: ``wastewater_to = none; double_wall = true``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from yudi.core.errors import InputError
from yudi.territory.expression_tokens import Token, day_of, quoted, spelled, tokens, wrong

__all__ = ["assigned", "assignments"]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TRUTHS = {"true": True, "false": False}


def assignments(facts: Mapping[str, Any]) -> str:
    """Return facts and values as a line that `assigned` reads back; lists stand in brackets, texts as names do.

    InputError for a value that is no text, number, truth, day or list of these.

    Examples
    --------
    >>> assignments({"wastewater_to": "none", "capacity": 5, "industry": ["C2614", "2614"], "double_wall": True})
    'wastewater_to = none; capacity = 5; industry = (C2614, "2614"); double_wall = true'
    """
    return "; ".join(f"{spelled(str(fact))} = {_written(value, str(fact))}" for fact, value in facts.items())


def assigned(text: str) -> dict[str, Any]:
    """Return the facts and values that a line states; bare numbers, days, true and false are what they look like.

    Raises
    ------
    InputError
        With what was expected, what was got, at which letter, and the next step.

    Examples
    --------
    >>> assigned('wastewater_to = none; capacity = 5; industry = (C2614, "2614"); double_wall = true')
    {'wastewater_to': 'none', 'capacity': 5, 'industry': ['C2614', '2614'], 'double_wall': True}
    """
    pieces = tokens(text)
    facts: dict[str, Any] = {}
    position = 0
    while pieces[position].kind != "end":
        name = pieces[position]
        if name.kind not in ("quoted", "word"):
            raise wrong(text, name, "a fact", "write fact = value; fact = value")
        if name.text in facts:
            raise wrong(text, name, f"every fact once, {name.text} stood before", "leave one of the two out")
        if not _is_mark(pieces[position + 1], "="):
            raise wrong(text, pieces[position + 1], f"= behind {name.text!r}", "write fact = value; fact = value")
        facts[name.text], position = _value(text, pieces, position + 2)
        if _is_mark(pieces[position], ",", ";"):
            position += 1
        elif pieces[position].kind != "end":
            raise wrong(text, pieces[position], "; or the end", 'put a text with blanks in quotes: "…"')
    return facts


def _written(value: Any, fact: str) -> str:
    if isinstance(value, list | tuple):
        if any(isinstance(item, list | tuple) for item in value):
            raise InputError(f"fact {fact!r}: expected a list of values, got lists in it", hint="make it one list")
        return f"({', '.join(_written(item, fact) for item in value)})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and math.isfinite(value):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        is_plain = _plain(Token("word", value, 0)) == value
        return spelled(value, is_value=True) if is_plain else quoted(value)
    message = f"fact {fact!r}: expected a text, number, truth, day or list of these, got {value!r}"
    raise InputError(message, hint="keep this entry in YAML")


def _value(text: str, pieces: list[Token], position: int) -> tuple[Any, int]:
    if not _is_mark(pieces[position], "("):
        return _one(text, pieces[position]), position + 1
    found: list[Any] = []
    position += 1
    while not _is_mark(pieces[position], ")"):
        if found:
            if not _is_mark(pieces[position], ","):
                raise wrong(text, pieces[position], ", or )", 'put a text with blanks in quotes: "…"')
            position += 1
        found.append(_one(text, pieces[position]))
        position += 1
    return found, position + 1


def _one(text: str, token: Token) -> Any:
    if token.kind not in ("quoted", "word"):
        raise wrong(text, token, "a value", 'put a text with marks or blanks in quotes: "…"')
    return token.text if token.kind == "quoted" else _plain(token)


def _plain(token: Token) -> Any:
    """Return what a bare word is: a truth, a number, a day, else a text."""
    word = token.text
    if word.casefold() in _TRUTHS:
        return _TRUTHS[word.casefold()]
    if _NUMBER.fullmatch(word) and math.isfinite(float(word)):
        return int(word) if word.lstrip("+-").isdigit() else float(word)
    return day_of(token) or word


def _is_mark(token: Token, *marks: str) -> bool:
    return token.kind == "mark" and token.text in marks
