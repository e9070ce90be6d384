"""What the system tells of processes that a test began."""

from __future__ import annotations

from pathlib import Path

__all__ = ["below"]


def below(pid: int) -> list[int]:
    """Return the processes that a process started, and theirs."""
    try:
        names = [path.name for path in Path(f"/proc/{pid}/task").iterdir()]
        found = [int(word) for name in names for word in Path(f"/proc/{pid}/task/{name}/children").read_text().split()]
    except OSError:
        return []
    return [*found, *(deeper for child in found for deeper in below(child))]
