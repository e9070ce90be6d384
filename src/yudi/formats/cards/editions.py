"""An edition as a card: what it is, where its units lie, what it holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import shapely

from yudi.core.measure import plane_at
from yudi.core.words import Words
from yudi.formats.cards.frame import Html, card, dim, folded, listed, picture, table, text
from yudi.territory.answer_words import ILLUSTRATIVE
from yudi.territory.edition import Edition
from yudi.territory.items import EFFECT_WORDS

__all__ = ["edition_card", "units_picture"]

_WIDTH, _HEIGHT = 440, 330  # of the drawing, in its own units
_BYTES = 120_000  # of the drawing; above it shapes are drawn coarser
_CLAUSES = 5_000  # up to so many texts are counted by effect
_LAYERS, _LAYERS_MAX, _FINDINGS = 6, 40, 4
_FILLS = ("#f6f0dd", "#efc3a4", "#86b49d", "#b9b3d9", "#dfdfdf", "#8fa8c4")  # as the classes stand on maps of sites
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


def units_picture(edition: Edition) -> str:
    """Return the units as an SVG of at most some 100 kB: their shapes, by class; blank where there are none."""
    shapes = edition.units.geometry
    known = list(edition.classes)
    kinds = [str(kind or "") for kind in edition.units.column("class") or [""] * len(shapes)]
    bounds = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
    if np.isnan(bounds).any():
        return _svg([])
    plane = plane_at(float(bounds[0] + bounds[2]) / 2)
    flat = [plane.to_plane(shape) for shape in shapes]
    west, south, east, north = shapely.total_bounds(np.array(flat, dtype=object))
    scale = min((_WIDTH - 10) / max(east - west, 1.0), (_HEIGHT - 10) / max(north - south, 1.0))
    left, top = (_WIDTH - scale * (east - west)) / 2, (_HEIGHT - scale * (north - south)) / 2

    def to_sheet(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(((points[:, 0] - west) * scale + left, (north - points[:, 1]) * scale + top))

    drawn = [shapely.transform(shape, to_sheet) for shape in flat]
    coarse = 0.4
    while True:
        paths: dict[str, list[str]] = {}
        for kind, shape in zip(kinds, drawn, strict=True):
            paths.setdefault(kind, []).append(_path(shapely.simplify(shape, coarse)))
        fills = [
            (_FILLS[known.index(kind) % len(_FILLS)] if kind in known else "#f1f3f1", "".join(parts))
            for kind, parts in paths.items()
        ]
        svg = _svg(fills)
        if len(svg) <= _BYTES or coarse > 50:
            return svg
        coarse *= 2


def _svg(fills: list[tuple[str, str]]) -> str:
    inner = "".join(
        f'<path fill="{fill}" stroke="#5d645d" stroke-width=".5" fill-rule="evenodd" d="{path}"/>'
        for fill, path in fills
        if path
    )
    ground = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{ground}{inner}</svg>'
    )


def _path(shape: Any) -> str:
    """Return the rings of a shape; what is smaller than a dot is left out."""
    parts = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon" or polygon.area < 0.2:
            continue
        rings = (polygon.exterior, *polygon.interiors)
        parts += ["M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings]
    return "".join(parts)


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
