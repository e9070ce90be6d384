"""A comparison as a card: the sites from the best on, then what makes the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yudi.core.words import Words
from yudi.formats.cards.frame import Html, card, dim, outcome_chip, picture, table, text, verdict_chip
from yudi.formats.cards.maps import Spot, sites_picture
from yudi.formats.cards.verdicts import edition_line
from yudi.territory.answer_marks import OUTCOME_WORDS
from yudi.territory.answer_words import asked_words, fact_words, number_text, value_words
from yudi.territory.comparison import Comparison, Mark, Row
from yudi.territory.comparison_data import OUTCOMES, label_of, layer_label, tally, units_of
from yudi.territory.questions import questions

__all__ = ["comparison_card"]

_SITES, _COLUMNS, _ROWS, _FACTS = 40, 8, 15, 12
_SAY = {
    "sites": Words("{} 个选址比选", "{} sites compared"),
    "not_in_force": Words("此日没有现行有效的版本", "no edition asked is in force on this day"),
    "map": Words("选址分布图，颜色为结论", "Map of the sites, coloured by verdict"),
    "rank": Words("名次", "rank"),
    "site": Words("选址", "site"),
    "verdict": Words("结论", "verdict"),
    "presumed": Words("推定", "presumed"),
    "stops": Words("禁止", "stops"),
    "may_stop": Words("可能禁止", "may stop"),
    "conditions": Words("条件", "conditions"),
    "ask": Words("先问", "ask first"),
    "unit": Words("单元", "unit"),
    "differs": Words("不同之处", "What differs"),
    "distance": Words("距离（m），限 {}", "distance (m), limit {}"),
    "more": Words("另有 {} 条", "{} more"),
    "more_sites": Words("另有 {} 个选址", "{} more sites"),
    "best": Words("只列前 {} 名的选址", "columns for the best {} only"),
    "common": Words("各选址相同", "The same at all sites"),
    "nothing": Words("各选址所适用的条款没有差别", "No clause comes to different things at these sites"),
    "uncovered": Words("未覆盖", "not covered"),
}


def comparison_card(comparison: Comparison, title: str, lang: str) -> str:
    """Return a comparison as HTML of bounded size: of many sites the best get columns.

    Parameters
    ----------
    title : str
        The project that is held against all sites; empty where each is a project of its own.
    """
    first = comparison.screenings[0]
    shared = [fact_words(key, value, first.editions).get(lang) for key, value in comparison.shared_facts.items()]
    count = _say("sites", lang).format(len(comparison.columns))
    head = f'<span class="y-id">{text(title)}</span><span>{text(count)}</span>' if title else text(count)
    order = [comparison.columns.index(column) for _, columns in comparison.ranking for column in columns]
    shown = sorted(order[:_COLUMNS])
    common = " · ".join(f"{number} {OUTCOME_WORDS[key].get(lang)}" for key, number in tally(comparison.common).items())
    return card(
        [
            f'<div class="y-head">{head}</div>',
            f"<div>{text(' · '.join(shared))}</div>" if shared else "",
            f"<div>{edition_line(first, lang)}</div>",
            "" if any(first.in_force) else f"<div><b>{text(_say('not_in_force', lang))}</b></div>",
            _map(comparison, lang),
            _sites(comparison, order, lang),
            _differences(comparison, shown, lang),
            f"<div>{dim(_say('common', lang) + ('：' if lang == 'zh' else ': ') + common)}</div>" if common else "",
        ],
        lang,
    )


def _map(comparison: Comparison, lang: str) -> Html:
    """Return the sites on the units of the edition that has the most of them."""
    first = comparison.screenings[0]
    edition = max(first.editions, key=lambda item: len(item.units.geometry))
    spots = [
        Spot(column.screening.project.site, column.name, column.screening.verdict) for column in comparison.columns
    ]
    return picture(sites_picture(edition, spots), _say("map", lang))


def _sites(comparison: Comparison, order: Sequence[int], lang: str) -> Html:
    ranks = [column.rank for column in comparison.columns]
    heads = [_say(key, lang) for key in ("rank", "site", "verdict", "presumed")]
    heads += [_say(key, lang) for key in ("stops", "may_stop", "conditions", "ask", "unit")]
    rows = []
    for index in order[:_SITES]:
        column = comparison.columns[index]
        screening = column.screening
        asked = [asked_words(key, screening).get(lang) for key in questions(screening)]
        more = f" +{len(asked) - 1}" if len(asked) > 1 else ""
        rows.append(
            [
                f"{column.rank}{'=' if ranks.count(column.rank) > 1 else ''}",
                Html(f"<b>{text(column.name, most=60)}</b>"),
                verdict_chip(screening.verdict, lang),
                verdict_chip(screening.presumed_verdict, lang)
                if screening.presumed_verdict != screening.verdict
                else "=",
                *(number or "–" for number in (column.prohibits, column.may_prohibit, column.conditions)),
                dim(asked[0] + more) if asked else "–",
                dim(_units(comparison, index, lang)),
            ]
        )
    if len(order) > _SITES:
        rows.append(["", dim(_say("more_sites", lang).format(len(order) - _SITES)), *[""] * 7])
    return table(heads, rows, numbers=(4, 5, 6), is_wide=True)


def _units(comparison: Comparison, index: int, lang: str) -> str:
    screening = comparison.screenings[index]
    found = units_of(screening)
    said = [f"{edition.unit_code(unit)}" for edition, unit, _ in found[:1]]
    said += [f"+{len(found) - 1}"] if len(found) > 1 else []
    if screening.uncovered_share:
        said.append(f"{screening.uncovered_share:.0%} {_say('uncovered', lang)}")
    return " ".join(said)


def _differences(comparison: Comparison, shown: Sequence[int], lang: str) -> Html:
    """Return facts, distances and requirements that differ, a column a site."""
    first = comparison.screenings[0]
    rows: list[list[Any]] = []
    for key, values in list(comparison.differing_facts.items())[:_FACTS]:
        said = [value_words(key, value, first.editions).get(lang) if value is not None else "–" for value in values]
        rows.append([label_of(key, first).get(lang), *(said[index] for index in shown)])
    for distance in comparison.distances[:4]:
        limits = ", ".join(number_text(limit) for limit in distance.limits_m)
        label = f"{text(layer_label(distance, first).get(lang))}<br>{dim(_say('distance', lang).format(limits))}"
        gaps = [reading.distance_m for reading in distance.readings]
        rows.append([Html(label), *("–" if (gap := gaps[at]) is None else f"{gap:,.0f}" for at in shown)])
    differing = [row for row in comparison.differing if row.bears]
    rows += [_line(row, shown, comparison, lang) for row in differing[:_ROWS]]
    if not rows:
        return Html(f"<p>{text(_say('nothing', lang))}</p>")
    names = [text(comparison.columns[index].name, most=40) for index in shown]
    more = [_say("more", lang).format(len(differing) - _ROWS)] if len(differing) > _ROWS else []
    more += [_say("best", lang).format(len(shown))] if len(shown) < len(comparison.columns) else []
    return Html(
        table([_say("differs", lang), *names], rows, is_wide=True, leads=True) + (dim(" · ".join(more)) if more else "")
    )


def _line(row: Row, shown: Sequence[int], comparison: Comparison, lang: str) -> list[Any]:
    edition = comparison.screenings[0].editions[row.edition]
    document = edition.rules.documents.get(row.clause.citation.document)
    source = document.title.get(lang) if document else row.clause.citation.document
    words = row.clause.text.get(lang) or row.strictest.ids[0]
    return [Html(f"{text(words, most=200)}<br>{dim(source)}"), *(_mark(row.marks[at], row, lang) for at in shown)]


def _mark(mark: Mark | None, row: Row, lang: str) -> Html:
    if mark is None:
        return dim("–")
    said = [outcome_chip(OUTCOMES[mark.known], lang)]
    if mark.presumed != mark.known:
        said.append(Html(f"{dim(_say('presumed', lang))} {outcome_chip(OUTCOMES[mark.presumed], lang)}"))
    if mark.clause.text != row.clause.text:
        said.append(dim(mark.clause.text.get(lang)))
    return Html("<br>".join(said))


def _say(key: str, lang: str) -> str:
    return _SAY[key].get(lang)
