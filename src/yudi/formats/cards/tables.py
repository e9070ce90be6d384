"""A project before it is asked about, and tables, as cards."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from shapely.geometry.base import BaseGeometry

from yudi.core.words import Words
from yudi.formats.cards.frame import Html, card, dim, picture, table, text, verdict_chip
from yudi.formats.site_maps import map_of_site
from yudi.territory.answer_words import VERDICT_WORDS

__all__ = ["project_card", "table_card"]

_FACTS, _ROWS, _COLUMNS, _ITEMS = 30, 20, 14, 4
_WORD, _SHORT, _TEXT = 26, 8, 160  # letters of an identifier, which does not wrap, and of a text that has no need to
_IDENTIFIER = re.compile(r"[!-~]+")
_SAY = {
    "rows": Words("{} 行 {} 列", "{} rows, {} columns"),
    "more": Words("另有 {} 行", "{} more rows"),
    "facts": Words("已说明的事实", "What is stated"),
    "none": Words("尚未说明任何事实", "nothing is stated yet"),
    "place": Words("尚无选址", "no place yet"),
    "map": Words("选址地图", "Map of the site"),
    "unread": Words("选址无法在此绘出：", "the place cannot be drawn here: "),
    "asked": Words("代入某一版本研判时才核对", "checked when an edition is asked"),
}


def project_card(name: str, site: BaseGeometry | str | None, facts: Mapping[str, Any], lang: str) -> str:
    """Return a project as HTML: its place on a map and what it states, not yet checked.

    Parameters
    ----------
    site : shapely geometry, str or None
        In lon/lat; or what keeps it from being drawn.
    """
    if isinstance(site, str):
        seen = text(_SAY["unread"].get(lang) + site)
    elif site is None:
        seen = dim(_SAY["place"].get(lang))
    else:
        seen = picture(map_of_site(site, lang=lang, width_mm=90, height_mm=70), f"{_SAY['map'].get(lang)}: {name}")
    rows = [[Html(f"<b>{text(key, most=80)}</b>"), _plain(value)] for key, value in islice(_flat(facts), _FACTS)]
    stated = table((_SAY["facts"].get(lang), ""), rows) if rows else dim(_SAY["none"].get(lang))
    return card(
        [
            f'<div class="y-head"><span class="y-id">{text(name)}</span>{dim(_SAY["asked"].get(lang))}</div>',
            f'<div class="y-cols"><div>{seen}</div><div>{stated}</div></div>',
        ],
        lang,
    )


def table_card(columns: Mapping[str, Sequence[Any]], count: int, lang: str) -> str:
    """Return the first rows of a table as HTML; verdicts have their colours, lists are joined, shapes named.

    Parameters
    ----------
    columns : mapping of str to sequence
        Columns by name, of at least the first rows.
    count : int
        Number of rows of the whole table.
    """
    names = list(columns)[:_COLUMNS]
    rows = [[_cell(columns[name][row], lang) for name in names] for row in range(min(count, _ROWS))]
    more = [dim(_SAY["more"].get(lang).format(count - _ROWS))] if count > _ROWS else []
    size = dim(_SAY["rows"].get(lang).format(f"{count:,}", len(columns)))
    return card([table(names, rows, is_wide=True), *(f"<div>{part}</div>" for part in (*more, size))], lang)


def _flat(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield facts with members of families by their whole names."""
    for key, value in facts.items():
        if isinstance(value, Mapping) and "value" not in value:
            yield from ((f"{key}.{inner}", item) for inner, item in value.items())
        else:
            yield str(key), value


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{item}" if key == "value" else f"{key}: {item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _cell(value: Any, lang: str) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bytes | BaseGeometry):
        return dim("WKB" if isinstance(value, bytes) else value.geom_type)
    if isinstance(value, str) and value in VERDICT_WORDS:
        return verdict_chip(value, lang)
    if isinstance(value, list | tuple):
        said = [str(item) for item in value[:_ITEMS]]
        more = [dim(f"+{len(value) - _ITEMS}")] if len(value) > _ITEMS else []
        return Html("<br>".join([*(text(item, most=80) for item in said), *more]))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str) and not _IDENTIFIER.fullmatch(value) and len(value) > _SHORT:
        return Html(f'<div class="y-text">{text(value, most=_TEXT)}</div>')
    return text(value, most=_WORD)
