"""How loops are compiled: once, kept on disk where a disk can be written, free of the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.options import DefaultOptions

__all__ = ["allocating", "compiled", "inlined", "uncounted"]

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# References to arrays are counted atomically wherever a loop takes one out of a tuple, which doubles the time of a
# search. What allocates nothing and returns numbers alone needs no counting. The option is numba's own, hence the doubt.
NO_COUNTS: dict[str, Any] = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}


def compiled(function: Function, **options: Any) -> Function:
    """Compile a loop that Python calls; the machine code is kept for the next process.

    Where neither the package's folder nor the user's cache can be written, it is compiled in every process anew.
    """
    try:
        return cast("Function", njit(function, cache=True, **OPTIONS, **options))
    except RuntimeError:  # no place for a cache
        return cast("Function", njit(function, **OPTIONS, **options))


def uncounted(function: Function) -> Function:
    """Compile a loop that Python calls, that allocates nothing and returns numbers alone."""
    return compiled(function, **NO_COUNTS)


def inlined(function: Function) -> Function:
    """Compile a part of loops that allocates nothing and returns numbers alone."""
    return cast("Function", njit(function, forceinline=True, **OPTIONS, **NO_COUNTS))


def allocating(function: Function) -> Function:
    """Compile a part of loops that makes arrays."""
    return cast("Function", njit(function, **OPTIONS))
