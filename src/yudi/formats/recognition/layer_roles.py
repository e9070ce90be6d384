"""Which role does each layer play: units, zones or reference? By words of packs, forms of codes, and how shapes lie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import numpy as np
import shapely

from yudi.core.words import Words
from yudi.formats.recognition.dialect import Dialect, LayerWord
from yudi.formats.recognition.maps import SeenLayer

__all__ = ["JudgedLayer", "judge_layers"]

_ENOUGH = 4  # points from which a layer is taken for units where packs or lists speak
_FITS = 0.8  # share of values that shows a form of codes
_JOINS = 0.5  # share of a list's codes that shows that they mean a column
_SAMPLE = 3_000
_SAME = 0.5  # share of shapes on others from which two layers map the same thing
_YEAR = re.compile(r"(?<!\d)(20\d\d|19\d\d)(?!\d{4,})")


@dataclass(frozen=True)
class JudgedLayer:
    """A layer with its role.

    Parameters
    ----------
    role : str
        ``units``, ``zones``, ``reference``; ``rival`` of units that stand; ``unusable``.
    word : LayerWord or None
        The kind that a pack knows.
    grounds : tuple of Words
        Why this role.
    code : str
        Column that holds codes, "" where none does; ``code_ground`` says why.
    joined : float
        Share of the lists' codes that are among its codes.
    """

    seen: SeenLayer
    role: str
    word: LayerWord | None = None
    grounds: tuple[Words, ...] = ()
    code: str = ""
    code_ground: Words = Words()
    code_confidence: str = "medium"
    code_rivals: tuple[Words, ...] = ()
    joined: float = 0.0
    points: float = 0.0
    is_old: bool = False
    packs: frozenset[str] = field(default=frozenset())

    @property
    def stem(self) -> str:
        """The layer's name, else the file's without folder and ending."""
        name = self.seen.layer or self.seen.file
        return PurePosixPath(name).stem or name

    @property
    def codes(self) -> frozenset[str]:
        """The codes that were looked at."""
        column = self.seen.column(self.code)
        return frozenset(column.values) if column is not None else frozenset()

    @property
    def year(self) -> int:
        """The latest year that its name or its folders name, 0 for none."""
        return max((int(year) for year in _YEAR.findall(f"{self.seen.file} {self.seen.layer}")), default=0)


def judge_layers(
    layers: Sequence[SeenLayer], dialect: Dialect, listed: Mapping[str, frozenset[str]]
) -> list[JudgedLayer]:
    """Return the layers with their roles, in their order.

    Parameters
    ----------
    listed : mapping of file to codes
        What stands in the columns of sheets that may be codes of units.
    """
    judged = [_scored(one, dialect, listed) for one in layers]
    chosen = _units(judged)
    if not chosen:
        best = _by_shape(judged)
        chosen = {best} if best is not None else set()
    kept = _without_rivals([(at, judged[at]) for at in sorted(chosen)])
    found = []
    for at, one in enumerate(judged):
        if at in kept:
            found.append(replace(kept[at], role=kept[at].role))
        elif one.role == "candidate":
            found.append(replace(one, role="reference"))
        else:
            found.append(one)
    return found


def _scored(seen: SeenLayer, dialect: Dialect, listed: Mapping[str, frozenset[str]]) -> JudgedLayer:
    word, held = _word(seen, dialect)
    old = dialect.named("file:old", f"{PurePosixPath(seen.file).stem} {seen.layer}") or dialect.named(
        "file:old", PurePosixPath(seen.file).parent.as_posix()
    )
    base = JudgedLayer(seen, "reference", word, is_old=bool(old))
    if seen.problem and not seen.columns and not seen.needs:
        return replace(base, role="unusable")
    base = _coded(base, dialect, listed)
    grounds = []
    points = 0.0
    if word is not None:
        grounds.append(Words(f"名称含“{held}”", f"its name holds {held!r}"))
        points += 3 if word.role == "units" else -4
    unit_share, zone_share = (_form_share(base, dialect, kind) for kind in ("unit", "zone"))
    if unit_share >= _FITS:
        points += 4
        grounds.append(
            Words(
                f"{base.code} 的值有 {unit_share:.0%} 是管控单元编码的写法",
                f"{unit_share:.0%} of the values of {base.code} have the form of unit codes",
            )
        )
    if base.code and any(
        header.casefold() == base.code.casefold() for header in dialect.rules.columns.get("map_code", ())
    ):
        points += 2
    if base.joined >= _JOINS:
        points += 3
        grounds.append(
            Words(f"清单中 {base.joined:.0%} 的编码在此图层", f"{base.joined:.0%} of the lists' codes are in it")
        )
    is_zones = (word is not None and word.role == "zones") or (zone_share >= _FITS > unit_share)
    if zone_share >= _FITS > unit_share:
        points -= 4
        grounds.append(Words("编码是要素分区的写法", "its codes have the form of element zones"))
    role = "zones" if is_zones else "reference"
    if seen.shape == "polygon" and points >= _ENOUGH:
        role = "candidate"
    return replace(base, role=role, grounds=tuple(grounds), points=points)


def _word(seen: SeenLayer, dialect: Dialect) -> tuple[LayerWord | None, str]:
    """Return the kind of layer that the layer's name, else the file's, else a folder's names."""
    path = PurePosixPath(seen.file)
    for text in (PurePosixPath(seen.layer).stem, path.stem, *(part for part in reversed(path.parent.parts))):
        found = dialect.layer_of(text) if text else None
        if found is not None:
            return found
    return None, ""


def _form_share(judged: JudgedLayer, dialect: Dialect, kind: str) -> float:
    column = judged.seen.column(judged.code)
    return max((form.fits(column.values) for form in dialect.forms(kind)), default=0.0) if column else 0.0


def _coded(base: JudgedLayer, dialect: Dialect, listed: Mapping[str, frozenset[str]]) -> JudgedLayer:
    """Find the column of codes: one whose name packs know, whose values have a form, or stand in a list."""
    columns = [column for column in base.seen.columns if column.values and not column.is_prose]
    names = {name.casefold() for name in dialect.rules.columns.get("map_code", ())}
    everything = frozenset().union(*listed.values()) if listed else frozenset()
    tried: list[tuple[float, int, str, list[Words], float]] = []
    for at, column in enumerate(columns):
        reasons: list[Words] = []
        points = 0.0
        if column.name.strip().casefold() in names:
            points += 3
            reasons.append(Words("规则包认得此列名", "a pack knows this name"))
        elif dialect.is_header("zone_code", column.name):
            points += 1
            reasons.append(Words("规则包认得此列名", "a pack knows this name"))
        for kind, weight in (("unit", 4), ("zone", 3)):
            share = max((form.fits(column.values) for form in dialect.forms(kind)), default=0.0)
            if share >= _FITS:
                points += weight
                reasons.append(
                    Words(f"{share:.0%} 的值符合编码写法", f"{share:.0%} of its values have the form of codes")
                )
        joined, best = _join(column.values, listed, everything)
        if joined >= _JOINS:
            points += 3
            reasons.append(
                Words(f"{best} 中 {joined:.0%} 的编码在此列", f"{joined:.0%} of the codes in {best} stand in it")
            )
        if column.is_unique:
            points += 1
            reasons.append(Words("值不重复", "its values are unique"))
        elif points:
            reasons.append(_doubled(column.values, column.rows))
        if points > 1:
            tried.append((points, -at, column.name, reasons, joined))
    if not tried:
        return base
    tried.sort(reverse=True)
    points, _, name, reasons, joined = tried[0]
    rivals = tuple(
        Words(f"也可能是 {other}（{_said(why).zh}）", f"or {other} ({_said(why).en})")
        for weight, _, other, why, _ in tried[1:3]
        if weight >= max(points - 2, 3)
    )
    confidence = "high" if points >= 5 else "medium" if points >= 3 else "low"
    return replace(
        base, code=name, code_ground=_said(reasons), code_confidence=confidence, code_rivals=rivals, joined=joined
    )


def _join(values: Sequence[str], listed: Mapping[str, frozenset[str]], everything: frozenset[str]) -> tuple[float, str]:
    """Return the largest share of a list's codes that stand among the values, and its file."""
    mine = set(values)
    if not mine & everything:
        return 0.0, ""
    shares = [
        (len(mine & codes) / len(codes), file) for file, codes in listed.items() if len(codes) > 1 or len(mine) < 3
    ]
    return max(shares, default=(0.0, ""))


def _doubled(values: Sequence[str], rows: int) -> Words:
    count = rows - len(set(values))
    return Words(f"有 {count} 行重复或为空", f"{count} rows are doubled or empty")


def _said(reasons: Sequence[Words]) -> Words:
    return Words("，".join(one.zh for one in reasons), ", ".join(one.en for one in reasons))


def _units(judged: Sequence[JudgedLayer]) -> set[int]:
    return {at for at, one in enumerate(judged) if one.role == "candidate"}


def _by_shape(judged: list[JudgedLayer]) -> int | None:
    """Choose the layer that tiles a region with a unique column, where nothing else tells the units; note the ground."""
    found: list[tuple[float, int, JudgedLayer]] = []
    for at, one in enumerate(judged):
        if one.seen.shape != "polygon" or one.word is not None or one.role == "unusable":
            continue
        unique = [
            column for column in one.seen.columns if column.is_unique and not column.is_prose and not column.is_measure
        ]
        tiles = _tiling(one.seen)
        if not unique and not one.code:
            continue
        named = sorted(unique, key=lambda column: _code_like(column.name, column.values, column.is_number))
        ground = _tiling_ground(tiles)
        code = one.code or named[0].name
        rivals = tuple(Words(f"也可能是 {column.name}", f"or {column.name}") for column in named[1:3])
        why = (
            one.code_ground
            if one.code
            else Words(
                f"每行有值且不重复（{one.seen.looked} 行）",
                f"every row has a value of its own ({one.seen.looked} rows)",
            )
        )
        confidence = one.code_confidence if one.code else "low" if len(named) > 1 else "medium"
        found.append(
            (
                tiles[0] + min(one.seen.looked, 500) / 1000,
                -at,
                replace(
                    one,
                    code=code,
                    code_ground=why,
                    code_confidence=confidence,
                    code_rivals=one.code_rivals or rivals,
                    grounds=(ground,),
                ),
            )
        )
    if not found:
        return None
    found.sort(key=lambda one: one[:2], reverse=True)
    others = tuple(
        Words(f"也可能是 {other.seen.file}", f"or {other.seen.file}")
        for points, _, other in found[1:3]
        if points > found[0][0] - 0.3
    )
    at = -found[0][1]
    judged[at] = replace(found[0][2], grounds=(*found[0][2].grounds, *others))
    return at


def _code_like(name: str, values: Sequence[str], is_number: bool) -> tuple[int, int, int]:
    """Return how unlike a code a column is: codes are short, without blanks, and alike in length."""
    words = sum(" " in value for value in values[:50])
    lengths = {len(value) for value in values[:50]}
    says_so = re.search(r"code|id\b|_id|编码|代码|编号|BM$", name, re.IGNORECASE) is not None
    return (0 if says_so else 1, words, len(lengths) + (3 if is_number and not says_so else 0))


def _tiling(seen: SeenLayer) -> tuple[float, float, float]:
    """Return how much a layer tiles, the share of shapes that touch another, and of those whose middle lies in another."""
    shapes = _areas(seen)
    if len(shapes) < 2:
        return 0.1 * len(shapes), 0.0, 0.0
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="intersects")
    touching = len(np.unique(one[one != other])) / len(shapes)
    owner, holder = tree.query(shapely.point_on_surface(shapes), predicate="within")
    overlapping = len(np.unique(owner[owner != holder])) / len(shapes)
    return touching * (1 - overlapping), touching, overlapping


def _areas(seen: SeenLayer) -> np.ndarray:
    """Return the polygons of a layer whose place is known, mended as far as need be; none if that is beyond mending."""
    if seen.place is None:
        return np.empty(0, dtype=object)
    shapes = seen.place.geometry[:_SAMPLE]
    try:
        mended = shapely.make_valid(shapes[shapely.get_dimensions(shapes) == 2])
    except shapely.errors.GEOSException:
        return np.empty(0, dtype=object)
    kept: np.ndarray = mended[~shapely.is_empty(mended)]
    return kept


def _tiling_ground(tiles: tuple[float, float, float]) -> Words:
    return Words(
        f"{tiles[1]:.0%} 与邻者相接，{tiles[2]:.0%} 与别的重叠，且有不重复的编码列",
        f"{tiles[1]:.0%} touch a neighbour, {tiles[2]:.0%} overlap another, and a column has unique codes",
    )


def _without_rivals(candidates: list[tuple[int, JudgedLayer]]) -> dict[int, JudgedLayer]:
    """Keep the layers that together are the units; one that maps again what stands already is a rival."""
    order = sorted(
        candidates,
        key=lambda item: (
            -item[1].joined if item[1].joined else 0,
            item[1].is_old,
            -item[1].year,
            -item[1].points,
            item[0],
        ),
    )
    kept: list[tuple[int, JudgedLayer]] = []
    found: dict[int, JudgedLayer] = {}
    for at, one in order:
        against = next((other for _, other in kept if _same_land(one, other)), None)
        if against is None:
            kept.append((at, one))
            found[at] = replace(one, role="units")
        else:
            found[at] = replace(one, role="rival", grounds=(_rival_ground(against), *one.grounds))
    if len(found) > len(kept):
        for at, one in kept:
            beaten = [other for other in found.values() if other.role == "rival" and _same_land(other, one)]
            if beaten:
                why = [_winner_ground(one, other) for other in beaten[:2]]
                found[at] = replace(found[at], grounds=(*why, *one.grounds))
    return found


def _same_land(one: JudgedLayer, other: JudgedLayer) -> bool:
    if one.codes & other.codes:
        return True
    mine, theirs = _areas(one.seen), _areas(other.seen)
    if not len(mine) or not len(theirs):
        return False
    hits = shapely.STRtree(theirs).query(shapely.point_on_surface(mine), predicate="within")[0]
    return len(np.unique(hits)) > _SAME * len(mine)


def _rival_ground(other: JudgedLayer) -> Words:
    return Words(
        f"与 {other.seen.file} 画的是同一片地，只能取其一",
        f"it maps the same land as {other.seen.file}: only one of them can stand",
    )


def _winner_ground(one: JudgedLayer, other: JudgedLayer) -> Words:
    reasons: list[Words] = []
    if one.joined != other.joined:
        reasons.append(
            Words(
                f"清单编码对得上 {one.joined:.0%}，彼为 {other.joined:.0%}",
                f"{one.joined:.0%} of the lists' codes are in it, {other.joined:.0%} in the other",
            )
        )
    if other.is_old and not one.is_old:
        reasons.append(Words("彼名含旧版字样", "the other's name says that it is old"))
    if one.year != other.year:
        reasons.append(
            Words(
                f"年份 {one.year or '无'} 对 {other.year or '无'}",
                f"the years in the names are {one.year or 'none'} and {other.year or 'none'}",
            )
        )
    why = _said(reasons) if reasons else Words("二者分不出新旧，请核对", "nothing tells which is newer: check")
    return Words(f"取此而不取 {other.seen.file}：{why.zh}", f"taken rather than {other.seen.file}: {why.en}")
