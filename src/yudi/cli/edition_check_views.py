"""What the terminal shows of a check of an edition: findings kind by kind, errors first, each with place and cure."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from rich.console import Console
from rich.text import Text

from yudi.cli.check_views import COUNT_WORDS, SEVERITY_WORDS
from yudi.cli.decisiveness_views import show_decisiveness
from yudi.cli.render import console_of, illustrative, print_json
from yudi.cli.wrapping import print_indented
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.decisiveness import Decisiveness
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.summary import KindGroup, by_kind, check_data, counts

__all__ = ["show_check"]


def show_check(
    found: Sequence[EditionFinding], edition: Edition, report: Decisiveness, *, as_json: bool, lang: str, most: int
) -> None:
    """Print what a check found, kind by kind, how far the lists decide, and how many findings there are of each severity.

    Parameters
    ----------
    report : Decisiveness
        How far the lists decide, on the day of the check.
    most : int
        How many findings of a kind are printed; 0 prints only the kinds.
    """
    if as_json:
        print_json(check_data(found, edition, report.as_of) | {"decisiveness": report.as_data()})
        return
    side = 0 if lang == "zh" else 1
    console = console_of()
    console.print(Text.assemble((edition.name.get(lang), "bold"), (f"  {edition.id[:12]}", "dim")))
    if edition.is_illustrative:
        console.print(Text(illustrative(lang), style="bold"))
    size = f"{len(edition.units.geometry)} 个单元、{edition.clause_count} 条条款 · 按 {report.as_of}"
    if side:
        size = f"{len(edition.units.geometry)} units, {edition.clause_count} clauses · as of {report.as_of}"
    console.print(Text(size, style="dim"))
    for group in by_kind(found):
        _show_group(console, group, lang, most)
    if most:
        show_decisiveness(console, report, lang)
    console.print()
    if not found:
        console.print(Text(("未发现问题", "no findings")[side], style="bold green"))
        return
    said = [COUNT_WORDS[key][side].format(count) for key, count in counts(found).items()]
    console.print(Text(" · ".join(said), style="bold"))


def _show_group(console: Console, group: KindGroup, lang: str, most: int) -> None:
    side = 0 if lang == "zh" else 1
    word, style = SEVERITY_WORDS[group.severity][side], SEVERITY_WORDS[group.severity][2]
    console.print()
    title = group.title.get(lang)
    count = f"（{len(group.findings)}）" if side == 0 else f" ({len(group.findings)})"
    colon = "：" if side == 0 else ": "
    head = Text.assemble((word, style), colon, (title, "bold"), count, (f"  [{group.kind}]", "dim"))
    console.print(head)
    shared = _shared_cure(group, lang)
    for finding in group.findings[:most]:
        print_indented(console, Text.assemble(_place(finding, lang), finding.text.get(lang)), 2)
        if not shared and finding.cure.get(lang):
            print_indented(console, _cure(finding.cure.get(lang), lang), 4)
    if shared and most:
        print_indented(console, _cure(shared, lang), 2)
    if most and len(group.findings) > most:
        left = len(group.findings) - most
        more = f"另有 {left} 条：--all、--json 或 --out" if side == 0 else f"and {left} more: --all, --json or --out"
        print_indented(console, more, 2, style="dim")


def _shared_cure(group: KindGroup, lang: str) -> str:
    """Return the cure of a group where it is the same for all its findings, so that it is said once."""
    cures = {finding.cure.get(lang) for finding in group.findings}
    return cures.pop() if len(cures) == 1 else ""


def _cure(text: str, lang: str) -> Text:
    return Text(f"{'建议：' if lang == 'zh' else 'hint: '}{text}", style="dim")


def _place(finding: EditionFinding, lang: str) -> Text:
    """Return where to look: file and row, or a point in lon/lat."""
    where = finding.where
    if str(where) and lang == "zh":
        parts = [where.file, None if where.row is None else f"第 {where.row} 行", where.field]
        return Text(f"{'，'.join(part for part in parts if part)}：")
    if str(where):
        return Text(f"{where}: ")
    if finding.place is None or finding.place.is_empty:
        return Text("")
    point = shapely.point_on_surface(finding.place)
    return Text(f"{point.x:.5f},{point.y:.5f}  ", style="cyan")
