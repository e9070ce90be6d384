"""How the layers of a map of findings look in QGIS: red, amber and blue by severity, what is concerned in outline."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

__all__ = ["style_of"]

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_RANKS = (
    ("error", "错误", "error", "214,39,40"),
    ("warning", "警告", "warning", "245,159,0"),
    ("info", "提示", "info", "31,119,180"),
)


def style_of(layer: str, lang: str) -> str:
    """Return the QGIS style (QML) of a layer of findings, or of the units concerned, with a legend in the language.

    Examples
    --------
    >>> style_of("findings_area", "en").count("<category ")
    3
    """
    if layer == "units":
        return _document(_single(), _labels("code"), _tips(lang, "code"))
    make = {"findings_area": _area, "findings_line": _line, "findings_point": _point}[layer]
    categories = "".join(
        f'<category render="true" symbol="{at}" value="{key}" label={quoteattr(zh if lang == "zh" else en)}/>'
        for at, (key, zh, en, _) in enumerate(_RANKS)
    )
    symbols = "".join(make(str(at), colour) for at, (*_, colour) in enumerate(_RANKS))
    renderer = (
        '<renderer-v2 type="categorizedSymbol" attr="severity" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )
    return _document(renderer, "", _tips(lang, f"text_{lang}"))


def _document(renderer: str, labels: str, tips: str) -> str:
    return (
        f'{_HEAD}<qgis version="3.22" styleCategories="Symbology|Labeling|MapTips" '
        f'labelsEnabled="{int(bool(labels))}">{renderer}{labels}{tips}</qgis>\n'
    )


def _tips(lang: str, field: str) -> str:
    """Say what a layer shows where the pointer rests, and in its list of features."""
    name = f"text_{lang}" if field.startswith("text") else field
    return f"<previewExpression>&quot;{name}&quot;</previewExpression><mapTip>[% &quot;{name}&quot; %]</mapTip>"


def _options(**values: str) -> str:
    items = "".join(f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in values.items())
    return f'<Option type="Map">{items}</Option>'


def _symbol(kind: str, name: str, layers: str) -> str:
    return f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layers}</symbol>'


def _layer(kind: str, **values: str) -> str:
    return f'<layer class="{kind}" enabled="1" locked="0" pass="0">{_options(**values)}</layer>'


def _area(name: str, colour: str) -> str:
    look = {"color": f"{colour},110", "outline_color": f"{colour},255", "outline_style": "solid", "style": "solid"}
    return _symbol("fill", name, _layer("SimpleFill", **look, outline_width="0.6", outline_width_unit="MM"))


def _line(name: str, colour: str) -> str:
    return _symbol("line", name, _layer("SimpleLine", line_color=f"{colour},255", line_width="0.9", line_style="solid"))


def _point(name: str, colour: str) -> str:
    look = {"color": f"{colour},255", "outline_color": "255,255,255,255", "name": "circle"}
    return _symbol("marker", name, _layer("SimpleMarker", **look, size="3", size_unit="MM", outline_width="0.3"))


def _single() -> str:
    look = {"color": "0,0,0,0", "outline_color": "90,90,90,255", "outline_style": "solid", "style": "no"}
    symbol = _symbol("fill", "0", _layer("SimpleFill", **look, outline_width="0.3", outline_width_unit="MM"))
    return f'<renderer-v2 type="singleSymbol" symbollevels="0"><symbols>{symbol}</symbols></renderer-v2>'


def _labels(field: str) -> str:
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName="{field}" fontSize="8" fontSizeUnit="Point" textColor="60,60,60,255" isExpression="0">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"/>'
        '</text-style><placement placement="1"/><rendering scaleVisibility="0"/></settings></labeling>'
    )
