"""What the terminal shows of a site: parts, area, place, reference system and its ground, and what was repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from yudi.cli.render import console_of
from yudi.cli.wrapping import print_indented
from yudi.core.findings import Finding
from yudi.territory.site_words import CHECK, said_of_site

__all__ = ["show_site_data"]

_SAY = {
    "format": ("格式", "Format"),
    "consists": ("组成", "Consists of"),
    "area": ("面积", "Area"),
    "length": ("长度", "Length"),
    "perimeter": ("周长", "Perimeter"),
    "system": ("坐标系", "Reference system"),
    "why": ("依据", "because"),
    "axes": ("坐标顺序", "Axes"),
    "from": ("西南角", "South-west"),
    "at": ("位置", "Place"),
    "to": ("东北角", "North-east"),
    "plane": ("平面坐标", "In the plane"),
    "plots": ("地块", "Plots"),
    "lies": ("所在管控单元", "Lies in"),
    "nowhere": ("不在该版本的任何管控单元内", "in no unit of the edition"),
    "repaired": ("已修复、已略去", "Repaired or left out"),
    "check": ("请核对", "Please check"),
    "stated": ("文件注明", "stated"),
    "agrees": ("相符", "agrees"),
    "differs": ("相差超过 1%", "differs by more than 1 %"),
    "plane_area": ("平面上", "in the plane"),
    "more": ("另有", "and more:"),
    "touched": ("仅边界相接", "touched only"),
    "lonlat": (
        "经度、纬度（CGCS2000，与 WGS 84 相差不到 1 米）",
        "longitude, latitude (CGCS2000, within 1 m of WGS 84)",
    ),
}
_SYSTEMS = (
    (r"^China Geodetic Coordinate System 2000", "2000 国家大地坐标系"),
    (r"^Xian 1980", "西安 80"),
    (r"^Beijing 1954", "北京 54"),
    (r" / (?:(\d)-degree )?Gauss-Kruger zone (\d+)$", r"，\1° 带第 \2 带"),
    (r" / (?:(\d)-degree )?Gauss-Kruger CM (\d+)E$", r"，\1° 带，中央经线 \2°"),
    ("，° 带", "，6° 带"),  # a width that is not named is the wide one
    (r", central meridian ", "，中央经线 "),
)
_PLOTS = 12  # plots and units that are listed


def show_site_data(data: Mapping[str, Any], lang: str) -> None:
    """Print one site as :func:`yudi.formats.sites.shown.site_data` gives it."""
    console = console_of()
    console.print()
    console.print(Text.assemble((str(data["id"]), "bold"), (f"  {data.get('file') or ''}", "dim")))
    for label, text in _lines(data, lang):
        head = Text(f"{label}{'：' if lang == 'zh' else ': '}", style="dim")
        line = Text.assemble(head, text)
        print_indented(console, line, 2)
    _show_list(console, _say("plots", lang), _plots(data, lang) if len(data.get("plots", ())) > 1 else [])
    if "units" in data:
        _show_list(console, _say("lies", lang), list(_units(data, lang)) or [_say("nowhere", lang)])
    _show_list(console, _say("check", lang), list(_notes(data, lang, checked=True)), style="bold yellow")
    _show_list(console, _say("repaired", lang), list(_notes(data, lang, checked=False)))


def _say(key: str, lang: str) -> str:
    return _SAY[key][0 if lang == "zh" else 1]


def _show_list(console: Any, title: str, items: list[str], *, style: str = "bold") -> None:
    if not items:
        return
    console.print(Text(f"  {title}", style=style))
    for item in items:
        print_indented(console, f"- {item}", 4)


def _lines(data: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    if data.get("format"):
        yield _say("format", lang), data["format"][lang]
    yield _say("consists", lang), _consists(data, lang)
    if data["kind"] == "polygon":
        yield _say("area", lang), _area(data, lang)
        yield _say("perimeter", lang), f"{data['perimeter_m']:,.2f} m"
    elif data["kind"] == "line":
        yield _say("length", lang), f"{data['length_m']:,.2f} m"
    crs = data["crs"]
    if crs["why"] is None:
        yield _say("system", lang), _say("lonlat", lang)
    else:
        yield _say("system", lang), _system(crs, lang)
        yield f"  {_say('why', lang)}", crs["why"][lang]
        if "axes" in data:
            yield _say("axes", lang), data["axes"][lang]
    west, south, east, north = data["bbox_dms"]
    box = (data.get("plane") or {}).get("bbox")
    if data["kind"] == "point" and data["vertices"] == 1:
        yield _say("at", lang), f"{west}  {south}"
        return
    for key, pair, place in (("from", (west, south), (0, 1)), ("to", (east, north), (2, 3))):
        plane = ""
        if box:
            names = ("东", "北") if lang == "zh" else ("E", "N")
            plane = f"   {names[0]} {box[place[0]]:,.3f}  {names[1]} {box[place[1]]:,.3f}"
        yield _say(key, lang), f"{pair[0]}  {pair[1]}{plane}"


def _system(crs: Mapping[str, Any], lang: str) -> str:
    """Return the name and the code of a reference system; in Chinese with the names of its datum and belt."""
    title, name = str(crs["title"]), str(crs["name"])
    if lang != "zh":
        return title if title == name else f"{title} ({name})"
    for english, chinese in _SYSTEMS:
        title = re.sub(english, chinese, title)
    return title if title == name else f"{title}（{name}）"


def _consists(data: Mapping[str, Any], lang: str) -> str:
    kind = data["kind"]
    if lang == "zh":
        name = {"polygon": "面", "line": "线", "point": "点"}[kind]
        said = [f"{data['parts']} {'条' if kind == 'line' else '个'}{name}"]
        if kind == "polygon":
            said += [f"{data['rings']} 圈" + (f"（其中内圈 {data['holes']}）" if data["holes"] else "")]
        return "，".join([*said, *([f"{data['vertices']} 个点"] if kind != "point" else [])])
    said = [_many(data["parts"], kind)]
    if kind == "polygon":
        said += [_many(data["rings"], "ring") + (f" ({_many(data['holes'], 'hole')})" if data["holes"] else "")]
    if kind != "point":
        said += [_many(data["vertices"], "vertex", "vertices")]
    return ", ".join(said)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _area(data: Mapping[str, Any], lang: str) -> str:
    text = _sizes(data["area_m2"], lang)
    plots = data.get("plots") or []
    if len(plots) == 1 and plots[0]["stated"]:
        text += f"；{_stated(plots[0]['stated'], lang)}" if lang == "zh" else f"; {_stated(plots[0]['stated'], lang)}"
    plane = (data.get("plane") or {}).get("area_m2")
    if plane is not None and abs(plane - data["area_m2"]) >= 0.005:
        text += (
            f"（{_say('plane_area', lang)} {plane:,.2f} m²）"
            if lang == "zh"
            else f" ({plane:,.2f} m² {_say('plane_area', lang)})"
        )
    return text


def _sizes(area: float, lang: str) -> str:
    mu, ha = area * 3 / 2000, area / 10_000
    if lang == "zh":
        return f"{area:,.2f} m²，合 {mu:,.3f} 亩、{ha:,.4f} 公顷"
    return f"{area:,.2f} m², {ha:,.4f} ha, {mu:,.3f} mu"


def _stated(stated: Mapping[str, Any], lang: str) -> str:
    verdict = _say("differs" if stated["differs"] else "agrees", lang)
    return f"{_say('stated', lang)} {stated['text']}{'，' if lang == 'zh' else ', '}{verdict}"


def _plots(data: Mapping[str, Any], lang: str) -> list[str]:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    found = []
    for plot in data["plots"][:_PLOTS]:
        said = [_consists({**plot}, lang)]
        if plot["kind"] == "polygon":
            said.append(f"{plot['area_m2']:,.2f} m²")
        if plot["stated"]:
            said.append(_stated(plot["stated"], lang))
        found.append(f"{plot['name']}{colon}{comma.join(said)}")
    if len(data["plots"]) > _PLOTS:
        found.append(f"{_say('more', lang)} {len(data['plots']) - _PLOTS}")
    return found


def _units(data: Mapping[str, Any], lang: str) -> Iterator[str]:
    for unit in data["units"][:_PLOTS]:
        label = (unit.get("class_label") or {}).get(lang, "")
        share = _say("touched", lang) if unit["touches"] else f"{unit['share']:.1%}"
        name = unit.get("name", "")
        if label:
            name += f"（{label}）" if lang == "zh" else f" ({label})"
        yield " ".join(part for part in (unit.get("code", ""), name, share) if part)
    if len(data["units"]) > _PLOTS:
        yield f"{_say('more', lang)} {len(data['units']) - _PLOTS}"


def _notes(data: Mapping[str, Any], lang: str, *, checked: bool) -> Iterator[str]:
    """Yield the findings that a person should look at, or all others, each with its place."""
    for note in data["notes"]:
        if (note["kind"] in CHECK) != checked:
            continue
        where = note["where"]
        place = [f"第 {where['row']} 行" if lang == "zh" else f"row {where['row']}"] if where["row"] else []
        field = str(where["field"] or "")
        if lang == "zh":
            place += [_field(field)] if _field(field) else []
        elif field and not field.startswith("geometry"):
            place.append(field)
        said = said_of_site(Finding(note["kind"], note["message"], zh=note.get("zh", ""))).get(lang)
        yield said + (f"（{'，'.join(place)}）" if lang == "zh" else f" ({', '.join(place)})") if place else said


def _field(field: str) -> str:
    """Return the place within a file in Chinese; names of a format's own parts say nothing to its reader."""
    if field.startswith(("geometry", "$")) or field == "crs":
        return ""
    for english, chinese in (("plot ", "地块 "), (", ring ", "，圈 "), ("layer ", "图层 "), (", entity ", "，图元 ")):
        field = field.replace(english, chinese)
    return field.replace("地块 地块", "地块")
