"""What keeps a project from a target where no way leads there, in words."""

from __future__ import annotations

from yudi.core.words import Words
from yudi.territory.judged import Judged
from yudi.territory.screening import Screening
from yudi.territory.ways_out.moves import no_move_text
from yudi.territory.ways_out.trials import MOST, trials_of
from yudi.territory.ways_out.trims import is_cut_only
from yudi.territory.ways_out.units import no_unit_text

__all__ = ["no_way_text", "obstacles"]

_TARGETS = {
    "not_prohibited": Words("不再被禁止", "no longer prohibited"),
    "conditional": Words("有条件", "conditional"),
    "admissible": Words("可准入", "admissible"),
}
_NAMED = 2  # obstacles that a sentence names


def no_way_text(screening: Screening, target: str, kind: str, *, reach_m: float) -> Words:
    """Return why no way of a kind reaches a target; of no kind, that there is none at all."""
    goal = _TARGETS[target]
    if kind == "":
        return Words(f"未找到出路：“{goal.zh}”", f"no way out was found: {goal.en}")
    if target != "not_prohibited" and not screening.is_covered and kind in ("facts", "offset"):
        return Words(
            "选址有一部分不在任何管控单元内，改变事实无济于事",
            "part of the site lies in no unit, whatever the facts are",
        )
    if kind == "facts":
        return _no_facts(screening, target)
    if kind == "trim" and is_cut_only(screening, target):
        return Words(
            "让出任何一部分都会截断线路，需调整线路走向", "leaving out a part would cut the line in pieces: re-route it"
        )
    if kind == "move":
        return no_move_text(screening, reach_m)
    return no_unit_text(screening, target, reach_m) if kind == "unit" else _PLAIN[kind]


def obstacles(screening: Screening, target: str) -> tuple[Judged, ...]:
    """Return the clauses that keep the project from a target, as presumed, the strictest first, each once."""
    found: dict[tuple[int, str], Judged] = {}
    for item in screening.presumed:
        if item.cell > MOST[target]:
            known = found.setdefault((item.edition, item.id), item)
            if item.cell > known.cell:
                found[item.edition, item.id] = item
    return tuple(sorted(found.values(), key=lambda item: -item.cell))


def _no_facts(screening: Screening, target: str) -> Words:
    trials = trials_of(screening)
    blocking = trials.blocking(target, trials.today)
    firm = [trials.items[row] for row in blocking if not any(trials.options(key) for key in trials.levers(row))]
    if not firm:
        return Words("可调整的事实怎样组合都不够", "no change of changeable facts is enough")
    firm.sort(key=lambda item: -item.cell)
    names = list(dict.fromkeys(item.id for item in firm))
    more = len(names) - _NAMED
    zh = f"等 {len(names)} 条" if more > 0 else ""
    en = f" and {more} more" if more > 0 else ""
    listed = names[:_NAMED]
    return Words(
        f"没有可调整的事实能改变：{'、'.join(listed)}{zh}", f"no changeable fact can move {', '.join(listed)}{en}"
    )


_PLAIN = {
    "offset": Words("没有他处削减能满足的条件", "no condition that a cut elsewhere would meet"),
    "trim": Words("没有可以让出的部分", "no part to leave out"),
}
