"""What the terminal shows of a comparison: the sites from the best on, then what makes the difference."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from yudi.cli.render import console_of
from yudi.cli.wrapping import lines_of, print_indented
from yudi.core.words import Words
from yudi.territory.answer_marks import OUTCOME_MARKS, OUTCOME_WORDS, VERDICT_MARKS
from yudi.territory.answer_words import (
    ILLUSTRATIVE,
    VERDICT_WORDS,
    article_words,
    fact_words,
    number_text,
    unverified_words,
    value_words,
)
from yudi.territory.cells import Cell
from yudi.territory.comparison import Comparison, Distance, Mark, Row
from yudi.territory.comparison_data import OUTCOMES, label_of, layer_label, tally, units_of
from yudi.territory.facts import Value
from yudi.territory.place import Reading
from yudi.territory.questions import questions
from yudi.territory.screening import Screening
from yudi.territory.verdict import cited

__all__ = ["show_comparison"]

_WIDTH, _WIDTH_MAX, _NARROW = 100, 140, 90
_NAMED, _NUMBERED = 6, 12  # sites that get a column with their name, with a number; more are listed by outcome
_ROWS, _DISTANCES = 12, 4  # rows that are shown without --all
_TEXT_MIN = 34  # of the column with a clause's words
_COLUMN_MAX, _MARK_WIDTH = 20, 10
_LISTED = 6  # values of a row that stand on a line each
_LINES = 2  # of a clause's words
_PIECES = re.compile(r"[^\s_/-]*[\s_/-]?")
_STYLES = {
    "prohibits": "bold red",
    "may_prohibit": "magenta",
    "conditions": "yellow",
    "may_condition": "yellow",
    "satisfied": "green",
    "note": "dim",
    "not_applicable": "dim",
    "absent": "dim",
    "prohibited": "bold red",
    "undetermined": "bold magenta",
    "conditional": "bold yellow",
    "admissible": "bold green",
}
_ABSENT, _EQUAL = "–", "="
_SAY = {
    "sites": Words("个选址比选", "sites compared"),
    "as_of": Words("基准日期", "as of"),
    "number": Words("号", "no."),
    "not_in_force": Words("此日没有现行有效的版本", "no edition asked is in force on this day"),
    "rank": Words("名次", "rank"),
    "site": Words("选址", "site"),
    "verdict": Words("结论", "verdict"),
    "presumed": Words("推定", "presumed"),
    "stops": Words("禁止", "stops"),
    "may_stop": Words("可能禁止", "may stop"),
    "conditions": Words("条件", "conditions"),
    "questions": Words("待问", "to ask"),
    "unit": Words("单元", "unit"),
    "facts": Words("不同的事实", "Facts that differ"),
    "distances": Words("起决定作用的距离（m）", "Distances that decide (m)"),
    "limit": Words("限", "limit"),
    "differs": Words("不同之处", "What differs"),
    "nothing": Words("各选址所适用的条款没有差别", "No clause comes to different things at these sites"),
    "common": Words("各选址相同", "The same at all sites"),
    "rest": Words("另有不同但不影响结论", "different too, without effect on the verdict"),
    "more": Words("另有", "and more:"),
    "all": Words("全部见 --all", "all with --all"),
    "absent": Words("该处单元无此条", "not asked in the units there"),
    "then": Words("已知 → 推定", "known → presumed"),
    "own": Words("自带事实", "states facts of its own"),
    "uncovered": Words("未覆盖", "not covered"),
    "equal": Words("（并列）", "="),
}


@dataclass(frozen=True)
class _Shown:
    """How one mark, fact or distance stands in a column: in words, and, of what has one, as its mark."""

    words: Text
    short: Text | None = None


def show_comparison(
    comparison: Comparison,
    lang: str,
    *,
    title: str = "",
    own: Mapping[str, Sequence[str]] = MappingProxyType({}),
    show_all: bool = False,
) -> None:
    """Print a comparison of sites.

    Parameters
    ----------
    title : str
        The project that is held against all sites.
    own : mapping of str to sequence of str
        Of sites that state facts of their own, these facts.
    show_all : bool
        Show every requirement, also those that are the same at all sites.
    """
    console = _console()
    _show_head(console, comparison, title, lang)
    colon = "：" if lang == "zh" else ": "
    for name, keys in own.items():
        labels = ("、" if lang == "zh" else ", ").join(
            label_of(key, comparison.screenings[0]).get(lang) for key in keys
        )
        console.print(Text(f"  {name}{colon}{_say('own', lang)}{colon}{labels}", style="dim"))
    console.print()
    _show_sites(console, comparison, lang)
    facts = [
        (
            Text(label_of(key, comparison.screenings[0]).get(lang)),
            [_value(key, value, comparison, lang) for value in row],
        )
        for key, row in comparison.differing_facts.items()
    ]
    _show_matrix(console, _say("facts", lang), facts, comparison)
    distances = comparison.distances if show_all else comparison.distances[:_DISTANCES]
    measured = [(_distance_label(row, comparison, lang), [_gap(one) for one in row.readings]) for row in distances]
    _show_matrix(console, _say("distances", lang), measured, comparison)
    _show_rows(console, comparison, lang, show_all=show_all)


def _show_head(console: Console, comparison: Comparison, title: str, lang: str) -> None:
    first = comparison.screenings[0]
    count = f"{len(comparison.columns)} {_say('sites', lang)}"
    console.print()
    console.print(Text(f"{title}{'：' if lang == 'zh' else ': '}{count}" if title else count, style="bold"))
    stated = {key: value for key, value in comparison.shared_facts.items() if ":" not in key}
    if stated:
        console.print(
            Text("  " + " · ".join(fact_words(key, value, first.editions).get(lang) for key, value in stated.items()))
        )
    names = ("；" if lang == "zh" else "; ").join(edition.name.get(lang) for edition in first.editions)
    console.print(Text(f"  {names} · {_say('as_of', lang)} {first.as_of}", style="dim"))
    if not any(first.in_force):
        console.print(Text(f"  {_say('not_in_force', lang)}", style="bold"))
    if any(edition.is_illustrative for edition in first.editions):
        console.print(Text(f"  {ILLUSTRATIVE.get(lang)}", style="bold"))


def _show_sites(console: Console, comparison: Comparison, lang: str) -> None:
    """Print the sites from the best on."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    is_numbered = len(comparison.columns) > _NAMED
    for name in (*(("number",) if is_numbered else ()), "rank", "site", "verdict", "presumed"):
        table.add_column(_say(name, lang), no_wrap=name != "site", overflow="fold")
    is_narrow = console.width < _NARROW
    for name in ("stops", "may_stop", "conditions", *(() if is_narrow else ("questions",))):
        table.add_column(_say(name, lang), justify="right", no_wrap=True)
    if not is_narrow:
        table.add_column(_say("unit", lang), no_wrap=True, overflow="ellipsis")
    numbers = {column.name: str(index) for index, column in enumerate(comparison.columns, 1)}
    for rank, columns in comparison.ranking:
        for column in columns:
            screening = column.screening
            table.add_row(
                *((numbers[column.name],) if is_numbered else ()),
                f"{rank}{_say('equal', lang) if len(columns) > 1 else ''}",
                Text(column.name),
                _verdict(screening.verdict, lang),
                _EQUAL
                if screening.presumed_verdict == screening.verdict
                else VERDICT_WORDS[screening.presumed_verdict].get(lang),
                *(str(count or _ABSENT) for count in (column.prohibits, column.may_prohibit, column.conditions)),
                *(() if is_narrow else (str(len(questions(screening)) or _ABSENT), Text(_units(screening, lang)))),
            )
    console.print(table)


def _units(screening: Screening, lang: str) -> str:
    found = units_of(screening)
    codes = [edition.unit_code(index) for edition, index, _ in found]
    said = ", ".join(codes[:1]) + (f" +{len(codes) - 1}" if len(codes) > 1 else "")
    if screening.uncovered_share:
        said = f"{said}{', ' if said else ''}{screening.uncovered_share:.0%} {_say('uncovered', lang)}"
    return said


def _show_rows(console: Console, comparison: Comparison, lang: str, *, show_all: bool) -> None:
    differing = comparison.differing if show_all else tuple(row for row in comparison.differing if row.bears)
    shown = differing if show_all else differing[:_ROWS]
    if not comparison.differing:
        console.print()
        console.print(Text(f"  {_say('nothing', lang)}", style="bold"))
    lines = [(_words(row, comparison, lang), [_mark(mark, lang) for mark in row.marks]) for row in shown]
    _show_matrix(console, _say("differs", lang), lines, comparison, legend=partial(_legend, shown, lang))
    if len(differing) > len(shown):
        console.print(Text(f"  {_more(len(differing) - len(shown), lang)} · {_say('all', lang)}", style="dim"))
    if rest := len(comparison.differing) - len(differing):
        said = f"另有 {rest} 条不同，但不影响结论" if lang == "zh" else f"{rest} {_say('rest', lang)}"
        console.print(Text(f"  {said} · {_say('all', lang)}", style="dim"))
    if show_all:
        lines = [
            (_words(row, comparison, lang), [_mark(mark, lang) for mark in row.marks]) for row in comparison.common
        ]
        _show_matrix(console, _say("common", lang), lines, comparison)
    elif comparison.common:
        counts = tally(comparison.common)
        said = " · ".join(f"{count} {OUTCOME_WORDS[key].get(lang)}" for key, count in counts.items())
        console.print()
        console.print(
            Text(f"  {_say('common', lang)}{'：' if lang == 'zh' else ': '}{said} · {_say('all', lang)}", style="dim")
        )


def _show_matrix(
    console: Console,
    title: str,
    rows: Sequence[tuple[Text, Sequence[_Shown]]],
    comparison: Comparison,
    *,
    legend: Callable[[bool], Text | None] = lambda _: None,
) -> None:
    """Print rows along the sites: a column a site, for many sites a narrow one, for very many a list by value."""
    if not rows:
        return
    console.print()
    count = len(comparison.columns)
    room = min(_COLUMN_MAX, (console.width - _TEXT_MIN) // count - 2)
    cells = [cell for _, line in rows for cell in line]
    longest = max(cell_len(cell.words.plain) for cell in cells)
    has_words = longest <= room or (count <= _NAMED and any(cell.short is None for cell in cells))
    if count > _NUMBERED or not (has_words or all(cell.short is not None for cell in cells)):
        _show_listed(console, title, rows)
        return
    heads = [str(index) if count > _NAMED else column.name for index, column in enumerate(comparison.columns, 1)]
    chosen = [[cell.words if has_words or cell.short is None else cell.short for cell in line] for _, line in rows]
    needed = max(cell_len(text.plain) for line in chosen for text in line)
    most = room if has_words else min(room, _MARK_WIDTH)
    widths = [max(min(needed, room), min(most, cell_len(head))) for head in heads]
    text_width = console.width - sum(widths) - 2 * count
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), width=console.width)
    table.add_column(f"  {title}", width=text_width, overflow="fold")
    for head, width in zip(heads, widths, strict=True):
        table.add_column(Text(_folded(head, width)), width=width, overflow="fold")
    for (label, _), line in zip(rows, chosen, strict=True):
        table.add_row(_indented(label, text_width), *line)
    console.print(table)
    if said := legend(has_words):
        print_indented(console, said, 2)


def _show_listed(console: Console, title: str, rows: Sequence[tuple[Text, Sequence[_Shown]]]) -> None:
    console.print(Text(f"  {title}", style="bold"))
    for label, cells in rows:
        console.print(_indented(label, console.width))
        at: dict[str, list[int]] = {}
        looks = {cell.words.plain: cell.words for cell in cells}
        for index, cell in enumerate(cells, 1):
            at.setdefault(cell.words.plain, []).append(index)
        groups = sorted(at.items(), key=lambda pair: len(pair[1]))
        said = [Text.assemble(looks[words], ": ", _runs(numbers)) for words, numbers in groups]
        for line in said if len(said) <= _LISTED else (Text(" · ").join(said),):
            console.print(Padding(line, (0, 0, 0, 6)))


def _runs(numbers: Sequence[int]) -> str:
    """Return numbers with what follows on each other drawn together: 1, 3–5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _indented(label: Text, width: int) -> Text:
    """Return a label's lines, the words in at most `_LINES`, behind a margin."""
    lines: list[Text] = []
    for number, part in enumerate(label.split("\n")):
        most = _LINES if number == 0 else 1
        wrapped = lines_of(part, width - 4)
        kept = wrapped[:most]
        if len(wrapped) > most:
            kept[-1].truncate(width - 5)
            kept[-1] = kept[-1][: len(kept[-1].plain.rstrip(" ·"))]
            kept[-1].append("…")
        lines += [Text.assemble("  ", one) for one in kept]
    return Text("\n").join(lines)


def _words(row: Row, comparison: Comparison, lang: str) -> Text:
    """Return a requirement's words, under them where it stands, and what it says elsewhere if that is different."""
    first, screening = row.strictest, comparison.screenings[0]
    item = first.clause
    words = item.text.get(lang) or first.ids[0]
    where = cited(item.citation, screening.editions[row.edition])
    title = where["source"][lang] if where["source"] else where["citation"]["document"]
    ids = sorted({name for mark in row.marks if mark is not None for name in mark.ids})
    parts = (title, article_words(where["citation"]["article"]).get(lang))
    said = " ".join(part for part in parts if part)
    said = " · ".join(part for part in (said, ids[0] if len(ids) == 1 and ids[0] != words else "") if part)
    found = Text(f"{words.replace(chr(10), ' ')}{unverified_words(item.checked()).get(lang)}")
    if said:
        found.append(f"\n{said}", style="dim")
    others = {mark.clause.text.get(lang) for mark in row.marks if mark is not None and mark.known >= Cell.NOTE}
    for other in sorted(others - {words, ""}):
        found.append(f"\n≠ {other}", style="dim")
    return found


def _mark(mark: Mark | None, lang: str) -> _Shown:
    if mark is None:
        return _Shown(Text(_ABSENT, style="dim"), Text(_ABSENT, style="dim"))
    known, presumed = OUTCOMES[mark.known], OUTCOMES[mark.presumed]
    style = _STYLES[known]
    words = Text(f"{OUTCOME_MARKS[known]} {OUTCOME_WORDS[known].get(lang)}", style=style)
    short = Text(OUTCOME_MARKS[known], style=style)
    if presumed != known:
        words.append(f" → {OUTCOME_MARKS[presumed]}", style=_STYLES[presumed])
        short.append(f"→{OUTCOME_MARKS[presumed]}", style=_STYLES[presumed])
    return _Shown(words, short)


def _legend(rows: Sequence[Row], lang: str, has_words: bool) -> Text:
    """Return what the marks mean, of those that stand there without words."""
    marks = [mark for row in rows for mark in row.marks]
    cells = {cell for mark in marks if mark is not None for cell in (mark.known, mark.presumed)}
    names = [OUTCOMES[cell] for cell in sorted(cells, reverse=True)]
    said = [] if has_words else [f"{OUTCOME_MARKS[name]} {OUTCOME_WORDS[name].get(lang)}" for name in names]
    if any(mark is None for mark in marks):
        said.append(f"{_ABSENT} {_say('absent', lang)}")
    if any(mark is not None and mark.known != mark.presumed for mark in marks):
        said.append(_say("then", lang))
    return Text("  ".join(said), style="dim")


def _value(key: str, value: Value | None, comparison: Comparison, lang: str) -> _Shown:
    said = value_words(key, value, comparison.screenings[0].editions).get(lang) if value is not None else _ABSENT
    return _Shown(Text(said))


def _distance_label(row: Distance, comparison: Comparison, lang: str) -> Text:
    limits = ("、" if lang == "zh" else ", ").join(number_text(limit) for limit in row.limits_m)
    said = f"{_say('limit', lang)} {limits}"
    label = Text(layer_label(row, comparison.screenings[0]).get(lang))
    return label.append(f"（{said}）" if lang == "zh" else f" ({said})", style="dim")


def _gap(reading: Reading) -> _Shown:
    if reading.distance_m is None:
        return _Shown(Text(_ABSENT, style="dim"))
    said = f"{reading.distance_m:,.0f}"
    return _Shown(Text(f"{said} ± {number_text(reading.accuracy_m or 0)}"))


def _verdict(verdict: str, lang: str) -> Text:
    return Text(f"{VERDICT_MARKS[verdict]} {VERDICT_WORDS[verdict].get(lang)}", style=_STYLES[verdict])


def _folded(name: str, width: int) -> str:
    """Return a name in at most three lines, broken behind a hyphen or a blank where one is."""
    lines = [""]
    for part in _PIECES.findall(name):
        rest = part
        if lines[-1] and cell_len(lines[-1] + part.rstrip()) > width:
            lines.append("")
        while cell_len(lines[-1] + rest.rstrip()) > width:
            cut = next(at for at in range(len(rest), 0, -1) if at == 1 or cell_len(rest[:at]) <= width)
            lines[-1], rest = rest[:cut], rest[cut:]
            lines.append("")
        lines[-1] += rest
    kept = [line.strip() for line in lines if line.strip()]
    return "\n".join(kept if len(kept) <= 3 else [*kept[:2], _within(kept[2] + "…", width)])


def _within(text: str, width: int) -> str:
    """Return the text, cut where it is wider on a screen; a Chinese letter is two wide."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _console() -> Console:
    if not sys.stdout.isatty():
        return Console(highlight=False, width=_WIDTH, soft_wrap=True)
    found = console_of()
    found.width = min(found.width, _WIDTH_MAX)
    return found


def _more(count: int, lang: str) -> str:
    return f"{_say('more', lang)} {count}{' 条' if lang == 'zh' else ''}"


def _say(key: str, lang: str) -> str:
    return _SAY[key].get(lang)
