"""What all cards share: style for light and dark pages, escaping, chips, tables, pictures, and a bound on the size.

A card asks nothing of any other host and runs nothing: maps are pictures within it. Whatever stands in the data is
escaped, and cut where it is long.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from yudi.core.words import Words
from yudi.territory.answer_marks import OUTCOME_MARKS, OUTCOME_WORDS, VERDICT_MARKS
from yudi.territory.answer_words import VERDICT_WORDS

__all__ = [
    "Html",
    "card",
    "chip",
    "dim",
    "folded",
    "listed",
    "outcome_chip",
    "picture",
    "table",
    "text",
    "verdict_chip",
]

TEXT_MAX = 400
"""Letters of one text that a card shows."""
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # of which XML has none
_COLOURS = {  # white letters on them have a contrast of at least 4.5 to 1
    "prohibited": "#b3261e",
    "conditional": "#8a5a00",
    "admissible": "#1e6b3a",
    "undetermined": "#6f3a8e",
    "prohibits": "#b3261e",
    "may_prohibit": "#6f3a8e",
    "conditions": "#8a5a00",
    "may_condition": "#8a5a00",
    "satisfied": "#1e6b3a",
}
# Letters keep the page's colour, grounds are a veil of grey: so a card suits a light page and a dark one.
_STYLE = """
.yudi{font:14px/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:920px;
 border:1px solid rgba(128,128,128,.35);border-radius:8px;padding:12px 16px;margin:4px 0;overflow-wrap:anywhere}
.yudi *{font:inherit}
.yudi .y-head{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline;margin-bottom:4px}
.yudi b,.yudi th,.yudi .y-h{font-weight:600}
.yudi .y-id{font-size:17px;font-weight:600}
.yudi .y-chip{display:inline-block;color:#fff;border-radius:4px;padding:0 7px;white-space:nowrap;font-size:13px;margin:1px 0}
.yudi .y-dim{opacity:.72;font-size:12.5px}
.yudi .y-cols{display:flex;flex-wrap:wrap;gap:10px 20px;align-items:flex-start}
.yudi .y-cols>*{flex:1 1 320px;min-width:0}
.yudi img{max-width:100%;height:auto;border-radius:4px;background:#fff;display:block}
.yudi table{border-collapse:collapse;margin:4px 0;width:100%;font-size:13px;background:none}
.yudi th,.yudi td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border:0;
 border-bottom:1px solid rgba(128,128,128,.25);background:none;white-space:normal;max-width:340px}
.yudi .y-n{text-align:right;font-variant-numeric:tabular-nums}
.yudi .y-h{margin:10px 0 2px}
.yudi ul,.yudi ol{margin:0;padding-left:20px}
.yudi li{margin:3px 0}
.yudi summary{cursor:pointer;opacity:.72;font-size:12.5px}
.yudi .y-wide{overflow-x:auto;overflow-wrap:break-word}
.yudi .y-wide table{width:auto;min-width:100%}
.yudi .y-text{min-width:170px}
.yudi .y-first th:first-child,.yudi .y-first td:first-child{min-width:220px}
""".strip()


class Html(str):
    """Text that is HTML already; anything else is escaped where it is put in."""

    __slots__ = ()


def text(value: Any, *, most: int = TEXT_MAX) -> Html:
    """Return a value as text of a page: escaped, and cut where it is long.

    Examples
    --------
    >>> text("<b>1 & 2</b>"), text(Html("<b>x</b>")), text("abcdef", most=4)
    ('&lt;b&gt;1 &amp; 2&lt;/b&gt;', '<b>x</b>', 'abc…')
    """
    if isinstance(value, Html):
        return value
    said = "" if value is None else str(value)
    return Html(escape(_clean(said if len(said) <= most else said[: most - 1] + "…")))


def card(parts: Iterable[str], lang: str) -> str:
    """Return a card of these parts, in its language."""
    inner = "".join(part for part in parts if part)
    return f'<div class="yudi" lang="{"zh-CN" if lang == "zh" else "en"}"><style>{_STYLE}</style>{inner}</div>'


def chip(label: str, kind: str) -> Html:
    """Return a label on the colour of a verdict or an outcome; of what has none, without ground."""
    colour = _COLOURS.get(kind)
    if colour is None:
        return dim(label)
    return Html(f'<span class="y-chip" style="background:{colour}">{text(label)}</span>')


def colour_of(kind: str) -> str:
    """Return the colour of a verdict or an outcome; grey for what has none."""
    return _COLOURS.get(kind, "#5d645d")


def verdict_chip(verdict: str, lang: str) -> Html:
    """Return the name of a verdict, with its mark, on its colour."""
    name = VERDICT_WORDS.get(verdict, Words(verdict, verdict))
    return chip(f"{VERDICT_MARKS.get(verdict, '')} {name.get(lang)}".strip(), verdict)


def outcome_chip(outcome: str, lang: str) -> Html:
    """Return what a clause comes to, with its mark, on its colour."""
    return chip(f"{OUTCOME_MARKS[outcome]} {OUTCOME_WORDS[outcome].get(lang)}", outcome)


def dim(value: Any) -> Html:
    """Return a text that stands back."""
    return Html(f'<span class="y-dim">{text(value)}</span>')


def table(
    heads: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    numbers: Sequence[int] = (),
    is_wide: bool = False,
    leads: bool = False,
) -> Html:
    """Return a table; cells are escaped unless they are HTML.

    Parameters
    ----------
    numbers : sequence of int
        Columns that stand to the right.
    is_wide : bool
        It may be wider than the card, and then moves sideways in it.
    leads : bool
        Its first column holds sentences.
    """
    kinds = [' class="y-n"' if index in numbers else "" for index in range(len(heads))]
    head = "".join(f"<th{kind}>{text(cell)}</th>" for kind, cell in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{text(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    top = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    whole = f"<table>{top}<tbody>{body}</tbody></table>"
    return Html(f'<div class="y-wide{" y-first" if leads else ""}">{whole}</div>' if is_wide else whole)


def listed(title: str, items: Sequence[Any], *, is_numbered: bool = False) -> Html:
    """Return a titled list; nothing for no items."""
    if not items:
        return Html("")
    tag = "ol" if is_numbered else "ul"
    head = f'<div class="y-h">{text(title)}</div>' if title else ""
    return Html(f"{head}<{tag}>{''.join(f'<li>{text(item)}</li>' for item in items)}</{tag}>")


def folded(title: str, inner: str) -> Html:
    """Return what a reader can unfold; nothing for nothing."""
    return Html(f"<details><summary>{text(title)}</summary>{inner}</details>" if inner else "")


def picture(svg: str, words: str) -> Html:
    """Return a drawing as a picture in the page, where nothing in it can run or reach out.

    Parameters
    ----------
    words : str
        What it shows, for who cannot see it.
    """
    data = base64.b64encode(_clean(svg).encode()).decode()
    return Html(f'<img alt="{escape(_clean(words))}" src="data:image/svg+xml;base64,{data}">')


def _clean(said: str) -> str:
    """Return a text with a mark for letters that a page, or a drawing in it, cannot hold."""
    return _UNWRITABLE.sub("\ufffd", said)
