"""Three truth values, combined by Kleene's strong tables: false, unknown, true are 0, 1, 2.

The numbers are ordered so that "all" is the minimum, "any" the maximum and "not" the mirror; the same
three lines therefore serve one project and an array of a million.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

__all__ = ["F", "T", "Truth", "U", "all_of", "any_of", "invert", "truth"]


class Truth(IntEnum):
    """False, unknown or true."""

    F = 0
    U = 1
    T = 2


F, U, T = Truth.F, Truth.U, Truth.T


def all_of(values: Iterable[Truth]) -> Truth:
    """Return the Kleene conjunction; of nothing it is true.

    Examples
    --------
    >>> all_of([T, U]).name, all_of([U, F]).name, all_of([]).name
    ('U', 'F', 'T')
    """
    return min(values, default=T)


def any_of(values: Iterable[Truth]) -> Truth:
    """Return the Kleene disjunction; of nothing it is false.

    Examples
    --------
    >>> any_of([F, U]).name, any_of([U, T]).name, any_of([]).name
    ('U', 'T', 'F')
    """
    return max(values, default=F)


def invert(value: Truth) -> Truth:
    """Return the Kleene negation; unknown stays unknown.

    Examples
    --------
    >>> invert(T).name, invert(U).name
    ('F', 'U')
    """
    return Truth(2 - value)


def truth(value: bool | None) -> Truth:
    """Return the truth value of a plain answer, with None as unknown.

    Examples
    --------
    >>> truth(True).name, truth(None).name
    ('T', 'U')
    """
    return U if value is None else T if value else F
