"""Do the numbers of boundary points run on? A number left out or written twice may be a point lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.formats.sites.plots import Plot, Ring

__all__ = ["numbering_notes"]

_SHOWN = 5  # numbers that a note names
_NAME = re.compile(r"(\D*)(\d{1,9})")


def numbering_notes(plots: Sequence[Plot], file: str) -> Iterator[Finding]:
    """Yield what is odd about the numbers of points, ring by ring: left out, written twice, or in no order.

    The closing point may repeat the first one's number, a ring may begin anywhere and run either way. Names that are no
    numbers, or numbers of which more are left out than written, number no boundary and are not judged.
    """
    for plot in plots:
        for ring in plot.rings():
            lean = _lean(ring)
            if (found := _numbers(lean, closes=plot.kind == "polygon")) is not None:
                yield from _odd(*found, lean, Where(file, ring.row(0), ring.label or f"plot {plot.name}"))


def _lean(ring: Ring) -> Ring:
    """Return the ring without points that stand twice in a row, which are reported as such."""
    same = (ring.points[1:] == ring.points[:-1]).all(axis=1)
    if ring.names:
        same &= np.array([before == after for before, after in pairwise(ring.names)], bool)
    return ring.kept(np.concatenate([[True], ~same]))


def _numbers(ring: Ring, *, closes: bool) -> tuple[str, list[int]] | None:
    """Return the prefix of a ring's numbers and the numbers without the closing one; None where it has none."""
    found = [_NAME.fullmatch(name.strip()) for name in ring.names]
    if len(found) < 3 or any(one is None for one in found):
        return None
    parts = [(one[1], int(one[2])) for one in found if one is not None]
    if len({prefix for prefix, _ in parts}) > 1:
        return None
    numbers = [number for _, number in parts]
    is_closed = bool((ring.points[0] == ring.points[-1]).all())
    if closes and (numbers[0] == numbers[-1] or (is_closed and numbers[-1] not in range(numbers[0], max(numbers)))):
        numbers.pop()
    return parts[0][0], numbers


def _odd(prefix: str, numbers: Sequence[int], ring: Ring, where: Where) -> Iterator[Finding]:
    present = set(numbers)
    if max(present) - min(present) + 1 > 2 * len(present):
        return
    if missing := sorted(set(range(min(present), max(present) + 1)) - present):
        message = f"the points' numbers leave out {_named(prefix, missing)}: is a point missing?"
        zh = f"界址点编号缺 {_named(prefix, missing, '、')}，请核对是否漏点"
        yield Finding("numbers_skipped", message, where, zh=zh)
    if repeated := sorted({number for number in present if numbers.count(number) > 1}):
        row = next(index for index, number in enumerate(numbers) if number in numbers[:index])
        message = f"several points have the number {_named(prefix, repeated)}: is one of them too many, or misnumbered?"
        zh = f"界址点编号 {_named(prefix, repeated, '、')} 重复，请核对是否多点或编错"
        yield Finding("numbers_repeated", message, Where(where.file, ring.row(row), where.field), zh=zh)
    elif _turns(numbers) > 1:
        yield Finding("numbers_unordered", "the points do not stand in the order of their numbers", where)


def _turns(numbers: Sequence[int]) -> int:
    """Return how often a closed run of numbers steps against its direction; one that runs round does so once."""
    steps = [after > before for before, after in zip(numbers, [*numbers[1:], numbers[0]], strict=True)]
    return min(steps.count(True), steps.count(False))


def _named(prefix: str, numbers: Sequence[int], stop: str = ", ") -> str:
    shown = stop.join(f"{prefix}{number}" for number in numbers[:_SHOWN])
    more = f" 等 {len(numbers)} 个" if stop == "、" else f" and {len(numbers) - _SHOWN} more"
    return shown + (more if len(numbers) > _SHOWN else "")
