"""What the system tells of processes: memory, processor time, and which began which."""

from __future__ import annotations

import os
from pathlib import Path


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def below(pid: int) -> list[int]:
    """Return the processes that a process started, and theirs."""
    try:
        names = [path.name for path in Path(f"/proc/{pid}/task").iterdir()]
        found = [int(word) for name in names for word in Path(f"/proc/{pid}/task/{name}/children").read_text().split()]
    except OSError:
        return []
    return [*found, *(deeper for child in found for deeper in below(child))]


def seconds(pid: int) -> float | None:
    """Return the CPU seconds that a process has spent, None where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
