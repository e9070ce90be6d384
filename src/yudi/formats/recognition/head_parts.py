"""The head of a proposed scheme: its name, packs, form of codes, extent; and the days and figures only a person knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import PurePosixPath

from yudi.core.words import Words
from yudi.formats.recognition.dialect import CodeForm, Dialect
from yudi.formats.recognition.layer_roles import JudgedLayer
from yudi.formats.recognition.list_parts import JudgedSheet
from yudi.formats.recognition.proposal import Decision, Open, Part

__all__ = ["HeadGrounds", "code_form", "head_parts"]

_DAY = re.compile(
    r"(?<!\d)20\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?|(?<!\d)20\d\d[-./_](?:1[0-2]|0?[1-9])(?:[-./_](?:3[01]|[12]\d|0?[1-9]))?(?!\d)"
)
_SHOWN = 4
Entry = Decision | Open


@dataclass(frozen=True)
class HeadGrounds:
    """What the head is proposed from: the folder's name, its files, and what was judged of them."""

    folder: str
    files: Sequence[str]
    layers: Sequence[JudgedLayer]
    sheets: Sequence[JudgedSheet]
    own_packs: Sequence[str] = ()
    own_have_words: bool = False
    used_packs: Mapping[str, Words] = field(default_factory=dict)


def head_parts(grounds: HeadGrounds, dialect: Dialect) -> list[Part]:
    """Return `[scheme]` and, where the units' codes have a known form, `[scheme.codes]`."""
    entries: list[Entry] = [_name(grounds, dialect), *_times(grounds), _accuracy()]
    entries.append(
        Open(
            "level",
            Words("由谁发布：province、city、county……", "who speaks: province, city, county …"),
            'level = "city"',
        )
    )
    entries += _packs(grounds, dialect)
    entries += _extent(grounds)
    entries += _region(grounds, dialect)
    entries += [
        Open("document", _document_why(grounds, dialect), 'document = "…"'),
        Open(
            "silence",
            Words(
                "清单没有写到的单元：默认 open（未知）；只有方案写明“未列即不限”才写 none",
                'what a list does not say: "open" (unknown) unless the scheme itself says that silence means freedom',
            ),
            'silence = "none"',
        ),
        Open(
            "illustrative",
            Words("数据若是虚构或简化的", "if the data are invented or simplified"),
            "illustrative = true",
        ),
    ]
    parts = [Part("[scheme]", tuple(entries))]
    form = code_form(grounds.layers, dialect)
    if form is not None:
        share = f"{form[1]:.0%}"
        ground = Words(
            f"{share} 的单元编码符合；由它得出区域和类别", f"{share} of the unit codes fit; area and class come from it"
        )
        confidence = "high" if form[1] >= 0.95 else "medium"
        pieces: list[Entry] = [Decision("pattern", form[0].pattern, ground, confidence)]
        if form[0].classes:
            said = Words("规则包：类别位的含义", "a pack: what the class digit means")
            pieces.append(Decision("classes", dict(form[0].classes), said))
        named = next((sheet for sheet in grounds.sheets if sheet.kind == "areas"), None)
        if named is not None:
            pieces.append(
                Decision(
                    "areas",
                    named.seen.file,
                    Words("列 code 与单元的区域代码对上", "its column code joins the units' areas"),
                )
            )
        parts.append(Part("[scheme.codes]", tuple(pieces)))
    return parts


def code_form(layers: Sequence[JudgedLayer], dialect: Dialect) -> tuple[CodeForm, float] | None:
    """Return the form that most of the units' codes have, and the share of them."""
    codes = [code for one in layers if one.role == "units" for code in one.codes]
    found = [(form.fits(codes), -at, form) for at, form in enumerate(dialect.forms("unit"))]
    best = max(found, key=lambda one: one[:2], default=None)
    return (best[2], best[0]) if best is not None and best[0] >= 0.5 else None


def _name(grounds: HeadGrounds, dialect: Dialect) -> Entry:
    candidates: list[tuple[str, Words]] = []
    for sheet in grounds.sheets:
        for title in sheet.seen.titles:
            word = dialect.named("file:title", title)
            place = title.partition(word)[0].strip(" ：:—-《") if word else ""
            place = re.sub(r"^.*?\d+\s*", "", place) if place[:3].isascii() else place
            if 1 < len(place) <= 20 and not _is_general(place, dialect):
                candidates.append(
                    (
                        place,
                        Words(
                            f"{sheet.seen.file} 的标题“{title[:40]}”", f"the title of {sheet.seen.file}, {title[:40]!r}"
                        ),
                    )
                )
    order = dialect.words.get("column:place", ())
    for one in grounds.layers:
        columns = sorted(
            one.seen.columns, key=lambda column: order.index(column.name) if column.name in order else len(order)
        )
        for column in columns if one.role == "units" else ():
            if dialect.is_header("place", column.name) and len(column.kinds) == 1 and column.is_full:
                said = Words(
                    f"{one.seen.file} 的 {column.name} 列都是它",
                    f"the column {column.name} of {one.seen.file} says so in every row",
                )
                candidates.append((column.kinds[0], said))
    if not candidates:
        why = Words("方案的名称，文件里没有写", "the scheme's name, which no file states")
        return Open("name", why, f'name = "{_plain(grounds.folder)}"', is_required=True)
    counts = Counter(name for name, _ in candidates)
    best = max(counts, key=lambda name: (counts[name], -[one for one, _ in candidates].index(name)))
    ground = next(said for name, said in candidates if name == best)
    equals = [name for name in counts if counts[name] == counts[best]]
    if len(equals) > 1:  # sheets of several counties, say: none of them is the whole
        met = equals[:_SHOWN]
        why = Words(f"方案的名称；见到的名称不一：{'、'.join(met)}", f"the scheme's name; names met: {', '.join(met)}")
        return Open("name", why, f'name = "{_plain(grounds.folder)}"', is_required=True)
    rivals = tuple(
        Words(f"也见 {name}（{said.zh}）", f"also {name} ({said.en})")
        for name, said in dict(candidates).items()
        if name != best
    )
    return Decision("name", best, ground, "medium", rivals[:2])


def _is_general(place: str, dialect: Dialect) -> bool:
    """Tell whether a title's head names no place but who is meant: all districts, the whole city."""
    return any(dialect.named(use, place) for use in dialect.words if use.startswith("file:level:"))


def _plain(folder: str) -> str:
    return PurePosixPath(folder).name.replace('"', "").replace("\\", "") or "…"


def _times(grounds: HeadGrounds) -> list[Entry]:
    found = [f"{day}（{place}）" for day, place in _days(grounds)]
    seen = "；见到的日期：" + "，".join(found[:_SHOWN]) if found else ""
    english = (
        "; days met in names: " + ", ".join(found[:_SHOWN]).replace("（", " (").replace("）", ")") if found else ""
    )
    why = Words(f"自哪一天起施行，以发布文件为准{seen}", f"first day on which it counts, as published{english}")
    return [Open("valid_from", why, "valid_from = 2024-01-01", is_required=True)]


def _days(grounds: HeadGrounds) -> Iterator[tuple[str, str]]:
    """Yield the days, months and years that names and titles hold, each once, with where."""
    seen: set[str] = set()
    texts = [(name, name) for name in (grounds.folder, *grounds.files)]
    texts += [(title, sheet.seen.file) for sheet in grounds.sheets for title in sheet.seen.titles]
    for text, place in texts:
        for match in _DAY.finditer(text):
            day = match.group(0).strip()
            if day not in seen:
                seen.add(day)
                yield day, place


def _accuracy() -> Open:
    why = Words(
        "图上的线与实地最多差几米：数据里没有，问制图单位（1:1 万约 10，1:5 万约 50）",
        "how far a mapped line may lie from the true one, in m: not in the data, ask who drew it (about 10 at 1:10,000, "
        "50 at 1:50,000)",
    )
    return Open("accuracy_m", why, "accuracy_m = 50", is_required=True)


def _packs(grounds: HeadGrounds, dialect: Dialect) -> list[Entry]:
    if grounds.own_packs:
        said = Words("文件夹里自带的规则包", "packs that lie in the folder")
        if grounds.own_have_words or not any(sheet.kind == "list" for sheet in grounds.sheets):
            return [Decision("packs", list(grounds.own_packs), said, "medium", own=tuple(grounds.own_packs))]
        lent = [dialect.bare.get(name, name) for name in grounds.used_packs][:1]
        names = [*lent, *grounds.own_packs]
        said = Words(
            f"{said.zh}；读清单用的词表来自 {'、'.join(lent)}",
            f"{said.en}; the words to read a list by are of {', '.join(lent)}",
        )
        return [Decision("packs", names, said, "medium", own=tuple(grounds.own_packs))]
    if not grounds.used_packs:
        if any(sheet.kind == "list" for sheet in grounds.sheets):
            why = Words("读清单要有词表", "to read a list, tables of words are needed")
            return [Open("packs", why, 'packs = ["…"]', is_required=True)]
        return []
    said = Words(
        "；".join(f"{name}：{why.zh}" for name, why in grounds.used_packs.items()),
        "; ".join(f"{name}: {why.en}" for name, why in grounds.used_packs.items()),
    )
    rivals = tuple(
        Words(
            f"只要词表、不要法条，写 {dialect.bare[name]}", f"{dialect.bare[name]} for the words without clauses of law"
        )
        for name in grounds.used_packs
        if name in dialect.bare
    )
    return [Decision("packs", list(grounds.used_packs), said, "medium", rivals)]


def _extent(grounds: HeadGrounds) -> list[Entry]:
    boxes = [one.seen.box for one in grounds.layers if one.role == "units" and one.seen.box is not None]
    if not boxes or any(one.seen.shapes != one.seen.count for one in grounds.layers if one.role == "units"):
        return []
    west, south = (floor(min(box[at] for box in boxes) * 10 - 1) / 10 for at in (0, 1))
    east, north = (ceil(max(box[at] for box in boxes) * 10 + 1) / 10 for at in (2, 3))
    box = [max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)]
    said = Words(
        "单元的外框放宽 0.1 度；用来发现经纬度写反",
        "around the units, 0.1 degrees wider; it finds exchanged coordinates",
    )
    return [Decision("extent", box, said)]


def _region(grounds: HeadGrounds, dialect: Dialect) -> list[Entry]:
    """Return a line for the layer of administrative areas, if there is one that packs know."""
    names = [one.word.name for one in grounds.layers if one.role == "reference" and one.word is not None]
    known = next((name for name in names if name in dialect.words.get("file:region", ())), "")
    if not known:
        return []
    why = Words(
        "单元是否应铺满此图层，供检查用", "if the units must cover this layer: edition check then holds them to it"
    )
    return [Open("region", why, f'region = "{known}"')]


def _document_why(grounds: HeadGrounds, dialect: Dialect) -> Words:
    patterns = [re.compile(form.pattern) for form in dialect.forms("document_number")]
    texts = [*grounds.files, *(title for sheet in grounds.sheets for title in sheet.seen.titles)]
    numbers = list(
        dict.fromkeys(match.group(0) for text in texts for form in patterns for match in form.finditer(text))
    )
    seen = (
        ("；见到的文号：" + "，".join(numbers[:_SHOWN]), "; numbers met: " + ", ".join(numbers[:_SHOWN]))
        if numbers
        else ("", "")
    )
    return Words(
        f"发布文件，先在 [[rules.documents]] 写 id、title、number{seen[0]}",
        f"the document that publishes it; declare it under [[rules.documents]] with id, title, number{seen[1]}",
    )
