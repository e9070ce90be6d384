"""How Python's garbage collector stands aside while a scheme is compiled, which makes much that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collection of reference cycles, for the whole process; afterwards it runs if it ran before.

    What nothing refers to is freed all the same, but for cycles. Compiling makes few of these and keeps nearly all else,
    so that looking for them again and again takes a tenth of its time (``benchmarks/README.md``).

    Examples
    --------
    >>> with collector_paused():
    ...     gc.isenabled()
    False
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()
