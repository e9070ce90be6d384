"""What the terminal shows of ways out: one line a way, with what changes and what it then is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from yudi.cli.render import VERDICTS, console_of
from yudi.cli.wrapping import print_indented
from yudi.territory.answer_words import WAY_KINDS, WAY_TARGETS
from yudi.territory.screening import Screening
from yudi.territory.ways_out.search import Way, WaysOut, targets_of

__all__ = ["show_ways"]

_KINDS = {key: (said.zh, said.en) for key, said in WAY_KINDS.items()}
_WORTH = ("facts", "trim", "move", "unit")  # kinds whose absence is worth a word
_TARGETS = {key: (said.zh, said.en) for key, said in WAY_TARGETS.items()}
_WIDEST = 300  # letters of a way that the terminal shows; a Chinese letter is two wide
_APART = re.compile(r"( / |；|; )")
_SAY = {
    "title": ("出路", "Ways out"),
    "hint": ("出路：加 --ways-out 3", "Ways out: add --ways-out 3"),
    "known": ("依已知事实", "as known"),
    "none": ("未找到：", "None found: "),
    "needless": ("无需出路：推定为可准入", "No way out is needed: presumed admissible"),
    "unsure": (
        "推定为可准入，故未检索出路；依已知事实仍无法判定，须先答复上列问题",
        "Presumed admissible, so no way out was looked for; as known it is still undetermined: the questions come first",
    ),
}


def show_ways(screening: Screening, ways: WaysOut | None, lang: str) -> None:
    """Print the ways out, each once at the best that it reaches, and the targets that nothing reaches.

    Where they were not asked for and the verdict is prohibited or undetermined, say how to ask.
    """
    console, side = console_of(), 0 if lang == "zh" else 1
    if ways is None:
        if screening.verdict in ("prohibited", "undetermined") and targets_of(screening) and any(screening.in_force):
            console.print(Text(f"  {_SAY['hint'][side]}", style="dim"))
        return
    if not targets_of(screening):
        key = "unsure" if screening.verdict == "undetermined" else "needless"
        print_indented(console, _SAY[key][side], 2)
        return
    console.print(Text(f"  {_SAY['title'][side]}", style="bold"))
    for way in _each_once(ways):
        print_indented(console, _said(way, side), 4)
    for text in _nowhere(ways, side):
        print_indented(console, text, 4, style="dim")


def _each_once(ways: WaysOut) -> Iterator[Way]:
    """Yield the ways, one that reaches several targets where it is met first."""
    seen: list[object] = []
    for way in ways.ways:
        if (project := way.candidate.project.given) not in seen:
            seen.append(project)
            yield way


def _said(way: Way, side: int) -> Text:
    """Return a way as one line: its kind, what changes, and what it then is."""
    zh, en, mark, style = VERDICTS[way.after.presumed_verdict]
    name = (zh, en)[side]
    if way.after.presumed_verdict == "undetermined":
        stop = ("，", ", ")[side]
        name = f"{name}{stop}{_TARGETS[way.target][side]}"
    known = ""
    if way.after.verdict != way.after.presumed_verdict:
        verdict = VERDICTS[way.after.verdict][side]
        known = f"（{_SAY['known'][side]}：{verdict}）" if side == 0 else f" ({_SAY['known'][side]}: {verdict.lower()})"
    text = _short(way.candidate.text.get("zh" if side == 0 else "en"), side)
    return Text.assemble(
        (f"{_KINDS[way.kind][side]}  ", "bold"), f"{text}  → ", (f"{mark} {name}", style), (known, "dim")
    )


def _short(text: str, side: int) -> str:
    """Return a long text cut between two of its changes; all of them are in the data."""
    if cell_len(text) <= _WIDEST:
        return text
    kept: list[str] = []
    size = 0
    for piece in (pieces := _APART.split(text)):
        size += cell_len(piece)
        if kept and size > _WIDEST:
            break
        kept.append(piece)
    more = len(pieces[::2]) - len(kept[::2])
    return f"{''.join(kept).rstrip('/；; ')} {(f'… 另有 {more} 项，见 --json', f'… and {more} more, see --json')[side]}"


def _nowhere(ways: WaysOut, side: int) -> Iterator[str]:
    """Yield one sentence for the targets that nothing reaches, with what keeps from the first: the others ask more."""
    lang = "zh" if side == 0 else "en"
    without = [one.target for one in ways.none if not one.kind]
    if without:
        why = [one.text.get(lang) for one in ways.none if one.target == without[0] and one.kind in _WORTH]
        names = ("、", ", ")[side].join(_TARGETS[target][side] for target in without)
        yield f"{_SAY['none'][side]}{names} — {('；', '; ')[side].join(why)}"
