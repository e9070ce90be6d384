"""How the loops of a cell grid are compiled: once, kept on disk where a disk can be written, free of the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["compiled", "inlined"]

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a loop that Python calls; the machine code is kept for the next process.

    Where neither the package's folder nor the user's cache can be written, it is compiled in every process anew.
    """
    try:
        return cast("Function", njit(function, cache=True, nogil=True, error_model="numpy"))
    except RuntimeError:  # no place for a cache
        return cast("Function", njit(function, nogil=True, error_model="numpy"))


def inlined(function: Function) -> Function:
    """Compile a function that compiled loops call: it becomes a part of their machine code."""
    return cast("Function", njit(function, nogil=True, error_model="numpy"))
