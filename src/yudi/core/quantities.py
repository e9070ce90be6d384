"""How many of one unit is an amount of another, with units written as people write them.

The units are rows of ``units.csv`` beside this module, each with its exact factor; nothing is derived from a
prefix, so a spelling that is no row is refused and never guessed (``Mg`` is a tonne, ``mg`` is not).
"""

from __future__ import annotations

import csv
import difflib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import overload

import numpy as np
from numpy.typing import NDArray

from yudi.core.errors import InputError

__all__ = ["convert", "is_same_dimension", "parse_quantity"]

Powers = tuple[tuple[str, int], ...]

NUMBER = re.compile(r"[+-]?(?=\.?\d)(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+|[×*x]10\^[+-]?\d+)?")
BLANK_BEFORE_DIGIT = re.compile(r"[^\s×*x]\s+\d|\d\s+[.,]")
GROUPED = re.compile(r"\s*[+-]?\d{1,3}(?:\s\d{3})+(?![\d,])")
ATOM = re.compile(r"(?P<symbol>.*?[^\d^+-])\^?(?P<power>[+-]?\d)?")
TOO_LONG = 80  # characters; no unit is written longer, and a parser should not be fed a page


@overload
def convert(value: float, unit: str, to: str) -> float: ...
@overload
def convert(value: NDArray[np.float64], unit: str, to: str) -> NDArray[np.float64]: ...
def convert(value: float | NDArray[np.float64], unit: str, to: str) -> float | NDArray[np.float64]:
    """Return an amount (a number, or an array of any shape) of one unit in another; NaN stays NaN.

    Raises InputError for an unknown unit and for units that do not measure the same thing.

    Examples
    --------
    >>> convert(30, "t/a", "kg/d")
    82.1917808219178
    >>> convert(1.5, "公顷", "亩"), convert(2, "万吨/年", "t/a")
    (22.5, 20000.0)
    """
    have, want = _unit(unit), _unit(to)
    if have.powers != want.powers:
        like = [symbol for symbol, row in _table().units.items() if row.powers == want.powers]
        hint = f"give it in a unit of the same kind as {to!r}" + (f": {', '.join(like)}" if like else "")
        raise InputError(
            f"expected a unit that measures the same as {to!r} ({_in_words(want.powers)}),"
            f" got {unit!r} ({_in_words(have.powers)})",
            hint=hint,
        )
    ratio = have.factor / want.factor
    if isinstance(value, np.ndarray):
        return value * float(ratio)
    return float(value) * ratio.numerator / ratio.denominator if _is_small(ratio) else float(value) * float(ratio)


def is_same_dimension(a: str, b: str) -> bool:
    """Return whether two units measure the same thing, so that amounts convert; InputError if one is unknown.

    Examples
    --------
    >>> is_same_dimension("m3/d", "万立方米/年"), is_same_dimension("t", "m3")
    (True, False)
    """
    return _unit(a).powers == _unit(b).powers


def parse_quantity(text: str | float) -> tuple[float, str | None]:
    """Return the number and the unit (None where none is written) of an amount as a person writes it.

    The unit comes back in plain letters (``m³`` as ``m^3``). Commas may only group thousands. InputError for a
    decimal comma, a range, words around the number, a unit that is unknown, and a number that is not finite.

    Examples
    --------
    >>> parse_quantity("12.5 kg/d"), parse_quantity("2 万吨/年"), parse_quantity("1,200 m3"), parse_quantity("7")
    ((12.5, 'kg/d'), (2.0, '万吨/年'), (1200.0, 'm3'), (7.0, None))
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise InputError(f"expected a number with a unit, got {text!r}", hint="write it as in '12.5 kg/d'")
    if not isinstance(text, str):
        return _finite(float(text), str(text)), None
    plain = _plain(text)
    number = NUMBER.match(plain)
    digits = number.group() if number else ""
    rest = plain[len(digits) :]
    is_split = BLANK_BEFORE_DIGIT.search(unicodedata.normalize("NFKC", text)) and not GROUPED.match(text)
    if not digits or re.match(r"[\d.,~^-]", rest) or is_split:
        raise InputError(f"expected a number with a unit, got {text[:TOO_LONG]!r}", hint=_number_hint(plain))
    value = re.sub(r"[×*x]10\^", "e", digits.replace(",", ""))
    if rest:
        _unit(rest)
    return _finite(float(value), text), rest or None


@dataclass(frozen=True)
class _Unit:
    """A unit's exact factor to the base units, and the powers of the dimensions that it measures."""

    factor: Fraction
    powers: Powers


@dataclass(frozen=True)
class _Table:
    """The packaged table: units by symbol, symbols by every spelling, and the spellings of / and ·."""

    units: Mapping[str, _Unit]
    spellings: Mapping[str, str]
    operators: Mapping[str, str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    """Read the table of units that is part of the package (data of the program, not of the user)."""
    text = resources.files("yudi.core").joinpath("units.csv").read_text(encoding="utf-8")
    units: dict[str, _Unit] = {}
    spellings: dict[str, str] = {}
    operators: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        aliases = [_plain(alias) for alias in row["aliases"].split("|") if alias]
        if row["dimension"] == "operator":
            operators.update(dict.fromkeys(aliases, row["symbol"]))
            continue
        symbol = row["symbol"]
        units[symbol] = _Unit(Fraction(row["factor"]), _dimension(row["dimension"]))
        for spelling in {_plain(symbol), *aliases}:
            assert spelling not in spellings, f"units.csv: {spelling} is written twice"
            spellings[spelling] = symbol
    return _Table(units, spellings, operators)


def _dimension(text: str) -> Powers:
    """Read a dimension such as ``length3`` or ``energy/time``."""
    powers: Counter[str] = Counter()
    for place, part in enumerate(text.split("/")):
        name = part.rstrip("0123456789")
        powers[name] += (-1 if place else 1) * int(part[len(name) :] or 1)
    return _sorted_powers(powers)


def _sorted_powers(powers: Mapping[str, int]) -> Powers:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


@lru_cache(maxsize=4096)
def _unit(text: str) -> _Unit:
    """Read a unit expression: products and quotients of powers of spelled units, left to right."""
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"expected a unit, got {text!r}", hint="write it as in 'kg/d' or '万吨/年'")
    if len(text) > TOO_LONG:
        raise InputError(f"expected a unit, got {len(text)} characters", hint="write it as in 'kg/d'")
    plain, table = _plain(text), _table()
    if plain in table.spellings:
        return table.units[table.spellings[plain]]
    for spelling, operator in table.operators.items():
        plain = plain.replace(spelling, operator)
    factor, powers = _expression(plain, text)
    return _Unit(factor, _sorted_powers(powers))


def _expression(plain: str, whole: str) -> tuple[Fraction, Counter[str]]:
    """Multiply out the parts of an expression; brackets bind what a single / divides by, as in L/(人·d)."""
    factor, powers = Fraction(1), Counter[str]()
    for sign, part in _parts(plain, whole):
        inner = part[1:-1] if part[:1] == "(" and part[-1:] == ")" else None
        part_factor, part_powers = _expression(inner, whole) if inner else _atom(part, whole)
        factor *= part_factor**sign
        for name, power in part_powers.items():
            powers[name] += sign * power
    return factor, powers


def _parts(plain: str, whole: str) -> list[tuple[int, str]]:
    """Split at · and / outside brackets, each part with 1 or -1 (every / divides by the one part after it)."""
    parts, sign, depth, begin = [], 1, 0, 0
    for place, letter in enumerate(plain + "·"):
        depth += (letter == "(") - (letter == ")")
        if letter in "·/" and depth <= 0:
            parts.append((sign, plain[begin:place]))
            sign, begin = (-1 if letter == "/" else 1), place + 1
    if depth or any(not part for _, part in parts):
        raise InputError(f"expected a unit, got {whole!r}", hint="write it as in 'kg/d', 'm3' or 'L/(人·d)'")
    return parts


def _atom(part: str, whole: str) -> tuple[Fraction, Counter[str]]:
    """Return factor and powers of one spelled unit with its exponent."""
    table = _table()
    match = ATOM.fullmatch(part)
    symbol, power = (part, "1") if part in table.spellings or not match else match.group("symbol", "power")
    if symbol not in table.spellings:
        near = difflib.get_close_matches(part, table.spellings, n=5, cutoff=0.5)
        hint = f"near are {', '.join(near)}" if near else f"known are {', '.join(table.units)}"
        of_what = "" if part == _plain(whole) else f" in {whole!r}"
        raise InputError(f"expected a known unit, got {part!r}{of_what}", hint=f"{hint} (capitals matter)")
    unit, times = table.units[table.spellings[symbol]], int(power or 1)
    return unit.factor**times, Counter({name: count * times for name, count in unit.powers})


def _plain(text: str) -> str:
    """Return a text without blanks, in narrow letters, with raised digits written as ^2."""
    raised = re.sub(r"[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda match: "^" + unicodedata.normalize("NFKC", match.group()), text)
    narrow = unicodedata.normalize("NFKC", raised).replace("\u2212", "-")
    return "".join(narrow.split()).replace("\ufeff", "").replace("\u200b", "")


def _number_hint(plain: str) -> str:
    if re.match(r"[+-]?\d+,\d", plain):
        return "use a decimal point; a comma may only group thousands, as in 1,200"
    if re.match(r"[+-]?[\d.,]+[~-]", plain):
        return "give one number, not a range"
    return "write the number first, then its unit, as in '12.5 kg/d'"


def _finite(value: float, text: str) -> float:
    if not math.isfinite(value):
        raise InputError(f"expected a finite number, got {text[:TOO_LONG]!r}", hint="write it as in '12.5 kg/d'")
    return value


def _is_small(ratio: Fraction) -> bool:
    """Return whether both whole numbers of a ratio are exact as floats, so that 30 t/a gives no rounding dust."""
    return ratio.numerator < 2**53 and ratio.denominator < 2**53


def _in_words(powers: Powers) -> str:
    return " · ".join(name if power == 1 else f"{name}^{power}" for name, power in powers) or "no dimension"
