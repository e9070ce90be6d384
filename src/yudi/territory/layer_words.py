"""What people call the features of a layer that a test of place means: their names, else what they have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yudi.core.words import Words
from yudi.territory.edition import Layer

__all__ = ["feature_words", "layer_of"]

_NAMED = 3  # features that are named one by one; of more it is said what they have in common
_CONDITION = re.compile(r"([^,=≤]+)=([^=≤]+?)(?=,[^,=≤]+[=≤]|,[^,]*≤|$)")
_PARTS = re.compile(r"[^\[@]*(?:\[(.*)\])?(?:@([\d.]+)/([\d.]+)/([\d.]+))?")


def layer_of(key: str) -> str:
    """Return the layer that a question about a place names.

    Examples
    --------
    >>> layer_of("distance:rivers[grade=main]"), layer_of("inside:intakes@1000/100/50"), layer_of("layer:parks")
    ('rivers', 'intakes', 'parks')
    """
    return key.partition(":")[2].partition("[")[0].partition("@")[0]


def feature_words(key: str, layers: Mapping[str, Layer]) -> Words:
    """Return which features a question about a place means, such as ``distance:rivers[grade=main]``.

    The layer is called by its label. Behind it in brackets stand the names of the features that meet the condition where
    these are few, nothing where all meet it, else the condition; and how far an area reaches along a river.
    """
    name = layer_of(key)
    layer = layers.get(name)
    title = layer.title() if layer is not None else Words(name, name)
    found = _PARTS.fullmatch(key.partition(":")[2])
    if found is None:
        return title
    asked, *reach = found.groups()
    said = [_which(asked, layer)] if asked else []
    if all(reach):
        up, down, side = (f"{float(length):,g} m" for length in reach)
        said.append(
            Words(f"上游 {up}、下游 {down}、两侧各 {side}", f"{up} upstream, {down} downstream, {side} to each side")
        )
    said = [one for one in said if one]
    zh, en = "；".join(one.zh for one in said), "; ".join(one.en for one in said)
    return Words(
        f"{title.get('zh')}（{zh}）" if zh else title.get("zh"), f"{title.get('en')} ({en})" if en else title.get("en")
    )


def _which(asked: str, layer: Layer | None) -> Words:
    """Return the names of the few features that meet a condition, nothing where all do, else the condition."""
    conditions = [(field, values.split("|")) for field, values in _CONDITION.findall(asked)]
    plain = Words(
        "，".join(f"{field}：{'、'.join(values)}" for field, values in conditions),
        ", ".join(f"{field}: {', '.join(values)}" for field, values in conditions),
    )
    if ",".join(f"{field}={'|'.join(values)}" for field, values in conditions) != asked:
        return Words(asked, asked)  # a number between two ends, or a text that holds a comma
    if layer is None or not len(layer.geometry):
        return plain
    columns = [(layer.column(field), set(values)) for field, values in conditions]
    if any(column is None for column, _ in columns):
        return plain
    rows = [
        row
        for row in range(len(layer.geometry))
        if all(column is not None and str(column[row]) in values for column, values in columns)
    ]
    if len(rows) == len(layer.geometry):
        return Words()
    names = layer.column("name") or []
    called = dict.fromkeys(str(names[row] or "") for row in rows) if names else {}
    if called and len(called) <= _NAMED and all(_is_own(one, layer) for one in called):
        return Words("、".join(called), ", ".join(called))
    return plain


def _is_own(name: str, layer: Layer) -> bool:
    """Tell whether a feature has a name of its own; others are called as their layer is, with a number."""
    return bool(name) and name.rpartition(" ")[0] != layer.name
