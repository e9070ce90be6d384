"""An edition as a card: what it is, where its units lie, what it holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from yudi.core.words import Words
from yudi.formats.cards.frame import Html, card, dim, folded, listed, picture, table, text
from yudi.formats.cards.maps import units_picture
from yudi.territory.answer_words import ILLUSTRATIVE
from yudi.territory.edition import Edition
from yudi.territory.items import EFFECT_WORDS

__all__ = ["edition_card"]

_CLAUSES = 5_000  # up to so many texts are counted by effect
_LAYERS, _LAYERS_MAX, _FINDINGS = 6, 40, 4
_SAY = {
    "force": Words("有效期", "in force"),
    "document": Words("发布文件", "published by"),
    "repeals": Words("废止", "repeals"),
    "units": Words("管控单元", "units"),
    "clauses": Words("条款", "clauses"),
    "texts": Words("条不同条文", "different texts"),
    "words": Words("其中文字条款（未结构化）", "of them in words, not formalised"),
    "packs": Words("规则包", "packs"),
    "layer": Words("图层", "layer"),
    "features": Words("要素数", "features"),
    "accuracy": Words("精度", "good to"),
    "noticed": Words("构建时注意到", "Noticed when it was built"),
    "more": Words("另有 {} 项", "{} more"),
    "map": Words("管控单元图", "Map of the units"),
}


def edition_card(edition: Edition, lang: str) -> str:
    """Return an edition as HTML of bounded size."""
    say = _sayer(lang)
    head = [Html(f'<span class="y-id">{text(edition.name.get(lang))}</span>'), dim(edition.id[:12])]
    if edition.is_illustrative:
        head.append(Html(f"<b>{text(ILLUSTRATIVE.get(lang))}</b>"))
    facts = [[say("force"), f"{edition.period.start or '–'} … {edition.period.end or ''}"]]
    for key, name in (("document", edition.document), ("repeals", edition.repeals)):
        if name:
            document = edition.rules.documents.get(name)
            facts.append([say(key), document.title.get(lang) if document else name])
    facts += [[say("units"), _classes(edition, lang)], [say("clauses"), _clauses(edition, lang)]]
    if edition.packs:
        facts.append([say("packs"), ", ".join(edition.packs)])
    findings = [
        dim(": ".join(part for part in (str(finding.where), finding.message) if part))
        for finding in edition.findings[:_FINDINGS]
    ]
    if len(edition.findings) > _FINDINGS:
        findings.append(dim(say("more").format(len(edition.findings) - _FINDINGS)))
    seen = picture(units_picture(edition), f"{say('map')}: {edition.name.get(lang)}")
    return card(
        [
            f'<div class="y-head">{"".join(head)}</div>',
            f'<div class="y-cols"><div>{seen}</div><div>{table(("", ""), facts)}{_layers(edition, lang)}</div></div>',
            listed(say("noticed"), findings),
        ],
        lang,
    )


def _classes(edition: Edition, lang: str) -> Html:
    column = edition.units.column("class") or []
    counts = Counter(str(kind or "") for kind in column)
    named = ((edition.classes.get(kind), kind, count) for kind, count in counts.most_common(8) if kind)
    said = [f"{label.get(lang) if label else kind} {count}" for label, kind, count in named]
    return Html(f"{len(edition.units.geometry):,}" + (f"<br>{dim(' · '.join(said))}" if said else ""))


def _clauses(edition: Edition, lang: str) -> Html:
    say, texts = _sayer(lang), edition.rules.clauses
    said = [f"{len(texts):,} {say('texts')}"]
    if len(texts) <= _CLAUSES:
        effects = Counter(item.effect for item in texts)
        said.append(" · ".join(f"{EFFECT_WORDS[effect].get(lang)} {count}" for effect, count in effects.most_common()))
        if in_words := sum(item.is_in_words for item in texts):
            said.append(f"{in_words:,} {say('words')}")
    return Html(f"{edition.clause_count:,}<br>" + "<br>".join(dim(part) for part in said if part))


def _layers(edition: Edition, lang: str) -> Html:
    say = _sayer(lang)
    found = [(name, layer) for name, layer in sorted(edition.layers.items()) if name != "units"]
    rows = [
        [Html(f"{text(layer.title().get(lang))}<br>{dim(name)}"), len(layer.geometry), f"{layer.accuracy_m:g} m"]
        for name, layer in found[:_LAYERS_MAX]
    ]
    heads = [say("layer"), say("features"), say("accuracy")]
    shown = table(heads, rows[:_LAYERS], numbers=(1, 2)) if rows else ""
    rest = table(heads, rows[_LAYERS:], numbers=(1, 2)) if rows[_LAYERS:] else ""
    return Html(shown + folded(say("more").format(len(found) - _LAYERS), rest))


def _sayer(lang: str) -> Any:
    return lambda key: _SAY[key].get(lang)
