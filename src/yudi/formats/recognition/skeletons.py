"""Skeletons of templates for schemes whose rules stand in the map's own table: columns and values, nothing decided."""

from __future__ import annotations

from collections.abc import Sequence

from yudi.core.words import Words
from yudi.formats.recognition.columns import SeenColumn
from yudi.formats.recognition.layer_roles import JudgedLayer
from yudi.formats.recognition.proposal import Decision, Part

__all__ = ["template_parts"]

_GROUPS = 2  # skeletons that are written
_LEAST = 2  # values that two columns share where they say the same kind of thing


def template_parts(judged: Sequence[JudgedLayer]) -> list[Part]:
    """Return a template, written as comment, for columns of the units that share a few values."""
    units = next((one for one in judged if one.role == "units"), None)
    if units is None:
        return []
    columns = [
        column
        for column in units.seen.columns
        if column.is_kinds and len(column.kinds) > 1 and not column.is_number and column.name != units.code
    ]
    groups: list[list[SeenColumn]] = []
    for column in columns:
        group = next((group for group in groups if _alike(group[0], column)), None)
        if group is None:
            groups.append([column])
        else:
            group.append(column)
    groups.sort(key=lambda group: -len(group))
    return [_template(group, place, units.seen.file) for place, group in enumerate(groups[:_GROUPS])]


def _alike(one: SeenColumn, other: SeenColumn) -> bool:
    shared = set(one.kinds) & set(other.kinds)
    return len(shared) >= _LEAST and len(shared) * 2 >= min(len(one.kinds), len(other.kinds))


def _template(group: Sequence[SeenColumn], place: int, file: str) -> Part:
    values = list(dict.fromkeys(kind for column in group for kind in column.kinds))
    note = Words(
        "没有清单；单元图层这些列的值或许就是要求。每个值起什么作用由人写：forbid、require、consult、silent，{} 为无要求",
        "there is no list; the values of these columns of the units may be the rules. What each value does is for a "
        "person to say: forbid, require, consult, silent, or {} for nothing",
    )
    entries = (
        Decision("id", f"{{name}}/rule{place + 1}"),
        Decision("column", "{name}"),
        Decision("each", [{"name": column.name} for column in group]),
        Decision("values", {value: {"effect": "…"} for value in values}),
    )
    return Part("[[templates]]", entries, (note,), file, is_off=True)
