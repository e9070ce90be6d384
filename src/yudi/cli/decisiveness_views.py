"""What the terminal shows of how far an edition's lists decide: shares by list, dimension and class, and what to do first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from yudi.territory.edition_checks.amounts import percent
from yudi.territory.edition_checks.decisiveness import Decisiveness
from yudi.territory.items import EFFECT_WORDS

__all__ = ["show_decisiveness"]

_FIRST = 10
_SAY = {
    "title": ("结构化程度", "how far the lists decide"),
    "total": ("禁止性条款 {} 处中已结构化 {} 处（{}）", "{1} of {0} prohibitions are formalised ({2})"),
    "lists": ("清单", "list"),
    "dimensions": ("维度", "dimension"),
    "classes": ("类别", "class"),
    "prohibitions": ("禁止", "bans"),
    "formalised": ("已结构化", "formal"),
    "share": ("占比", "share"),
    "others": ("其他条款", "others"),
    "first": ("先结构化（{} 种条文中的前 {} 种）", "formalise first ({1} of {0} texts)"),
    "units": ("单元", "units"),
    "area": ("面积", "area"),
    "effect": ("效力", "effect"),
    "after": ("此后达到", "share then"),
    "text": ("条文", "text"),
}
_STYLES = {"forbid": "red", "require": "yellow", "quota": "yellow", "offset": "yellow", "consult": "magenta"}


def show_decisiveness(console: Console, report: Decisiveness, lang: str) -> None:
    """Print the shares and the ten texts to formalise first; nothing of an edition that forbids nothing in its units."""
    if not report.prohibitions and not report.first.num_rows:
        return
    console.print()
    total = _say("total", lang).format(report.prohibitions, report.formalised, percent(report.share))
    console.print(Text.assemble((_say("title", lang), "bold"), f"  {total}" if report.prohibitions else ""))
    if not report.first.num_rows:
        return
    console.print(_shares(report, lang))
    rows = report.first.slice(0, _FIRST).to_pylist()
    console.print()
    console.print(Text(_say("first", lang).format(report.first.num_rows, len(rows)), style="bold"))
    console.print(_texts(rows, lang))


def _shares(report: Decisiveness, lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    table.add_column("", no_wrap=True)
    for key in ("prohibitions", "formalised", "share", "others", "formalised"):
        table.add_column(_say(key, lang), justify="right", no_wrap=True)
    for kind in ("lists", "dimensions", "classes"):
        for at, row in enumerate(getattr(report, kind).to_pylist()):
            counts = (
                row["prohibitions"],
                row["formalised"],
                percent(row["share"]),
                row["others"],
                row["others_formalised"],
            )
            table.add_row(Text(_say(kind, lang) if not at else "", style="dim"), row[f"name_{lang}"], *map(str, counts))
    return table


def _texts(rows: list[Mapping[str, Any]], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("", justify="right", no_wrap=True)
    for key in ("effect", "units", "area", "after"):
        table.add_column(_say(key, lang), justify="left" if key == "effect" else "right", no_wrap=True)
    table.add_column(_say("text", lang), overflow="fold")
    for row in rows:
        text = Text.assemble((f"{row['head']}：" if row["head"] else "", "dim"), row["text"])
        effect = Text(EFFECT_WORDS[row["effect"]].get(lang), style=_STYLES.get(row["effect"], ""))
        area = percent(row["area_share"])
        table.add_row(str(row["rank"]), effect, str(row["units"]), area, percent(row["share_after"]), text)
    return table


def _say(key: str, lang: str) -> str:
    return _SAY[key][0 if lang == "zh" else 1]
