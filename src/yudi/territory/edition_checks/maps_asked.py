"""Which maps clauses ask: layers and fields that the edition lacks, and layers that end too near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely

from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.edition import Layer
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Asked, Survey, counted, few
from yudi.territory.nearby import grown_bounds
from yudi.territory.predicates import PlaceTest
from yudi.territory.reaches import reach_m

__all__ = ["maps_asked"]


def maps_asked(survey: Survey) -> Iterator[EditionFinding]:
    """Find layers and fields that clauses ask and the edition lacks, and layers whose extent is too small for them."""
    by_layer: dict[str, list[Asked]] = {}
    for one in survey.asked:
        if isinstance(one.leaf, PlaceTest):
            for name in dict.fromkeys(_names(one.leaf)):
                by_layer.setdefault(name, []).append(one)
    for name, asking in sorted(by_layer.items(), key=lambda item: (-len(item[1]), item[0])):
        layer = survey.edition.layers.get(name)
        if layer is None:
            yield _missing(survey, name, asking)
            continue
        yield from _fields(survey, layer, asking)
        yield from _flow(survey, layer, asking)
        if layer.extent is not None:
            yield from _extent(survey, layer, asking)


def _names(test: PlaceTest) -> list[str]:
    return [name for name in (test.layer, test.rivers, test.catchments) if name]


def _missing(survey: Survey, name: str, asking: Sequence[Asked]) -> EditionFinding:
    count, ids = _said(survey, asking)
    close = near(name, survey.edition.layers)
    text = Words(
        f"{count.zh}所问图层 {name}，方案没有：{ids.zh}",
        f"the scheme lacks the layer {name}, which is asked by {count.en}: {ids.en}",
    )
    cure = Words("加入此图层；否则凡涉及处均为未知", "add the layer; without it all that it decides is unknown")
    if close:
        cure = Words(f"是否为 {close[0]}？否则{cure.zh}", f"did you mean {close[0]}? Else {cure.en}")
    return _finding(survey, "layer_missing", (text, cure), asking=asking, map=name)


def _fields(survey: Survey, layer: Layer, asking: Sequence[Asked]) -> Iterator[EditionFinding]:
    by_field: dict[str, list[Asked]] = {}
    for one in asking:
        if isinstance(one.leaf, PlaceTest) and one.leaf.layer == layer.name:
            for condition in one.leaf.where:
                by_field.setdefault(condition.field, []).append(one)
    for field, mine in sorted(by_field.items()):
        if layer.column(field) is not None:
            continue
        count, ids = _said(survey, mine)
        close = near(field, layer.columns.column_names)
        text = Words(
            f"{count.zh}所问图层 {layer.name} 的字段 {field}，该图层没有：{ids.zh}",
            f"the layer {layer.name} lacks the field {field}, which is asked by {count.en}: {ids.en}",
        )
        cure = Words(f"在该图层的 fields 中写入 {field}", f"name {field} under fields of the layer")
        if close:
            cure = Words(f"是否为 {close[0]}？否则{cure.zh}", f"did you mean {close[0]}? Else {cure.en}")
        yield _finding(survey, "field_missing", (text, cure), asking=mine, map=layer.name, field=field)


def _flow(survey: Survey, layer: Layer, asking: Sequence[Asked]) -> Iterator[EditionFinding]:
    """Find river lines along which clauses measure and of which nobody says that they run from source to mouth."""
    mine = [one for one in asking if isinstance(one.leaf, PlaceTest) and one.leaf.rivers == layer.name]
    if mine and not layer.has_flow:
        count, ids = _said(survey, mine)
        text = Words(
            f"{count.zh}沿河流量算，而图层 {layer.name} 未注明流向：{ids.zh}",
            f"the layer {layer.name} does not say which way its rivers flow, along which {count.en} must be measured: {ids.en}",
        )
        cure = Words(
            "线段自源头画向河口者，写 flow = true", "write flow = true where its lines are drawn from source to mouth"
        )
        yield _finding(survey, "flow_missing", (text, cure), asking=mine, map=layer.name)


def _extent(survey: Survey, layer: Layer, asking: Sequence[Asked]) -> Iterator[EditionFinding]:
    """Find units from which a clause looks farther than the layer is complete: there nothing is ever far enough."""
    reach = np.full(len(survey.edition.units.geometry), -1.0)
    for distance, clauses in _reaches(survey, asking).items():
        units = survey.units_of_all(clauses)
        reach[units] = np.maximum(reach[units], distance)
    units = np.flatnonzero(reach >= 0)
    boxes = shapely.box(*grown_bounds(shapely.bounds(survey.edition.units.geometry[units]), reach[units]).T)
    short = units[~shapely.covers(layer.extent, boxes)]
    if not len(short):
        return
    farthest = float(reach[short].max())
    text = Words(
        f"图层 {layer.name} 的完整范围，在 {len(short)} 个单元外不足条款所问的 {farthest:g} 米，近处没有也不能断定",
        f"the layer {layer.name} ends nearer than the {farthest:g} m that clauses ask beyond {counted(len(short), 'unit')}:"
        " there nobody can tell that nothing is near",
    )
    cure = Words(
        "扩大图层并改 extent；图层处处完整者删去 extent",
        "extend the layer and its extent; leave extent out where it is complete everywhere",
    )
    numbers: dict[str, float | str] = {"map": layer.name, "units": len(short), "distance_m": farthest}
    yield survey.finding("extent_short", "warning", (text, cure), units=short, numbers=numbers)


def _reaches(survey: Survey, asking: Sequence[Asked]) -> dict[float, list[int]]:
    """Return how far beyond a site clauses look in a layer, and which clauses do; those of terms count everywhere."""
    found: dict[float, list[int]] = {}
    everywhere = [row for row in range(len(survey.clauses)) if survey.counts_yet[row]]
    for one in asking:
        assert isinstance(one.leaf, PlaceTest), "only tests of the place were gathered"
        distance = reach_m(survey.edition, one.leaf)
        found.setdefault(distance, []).extend([one.clause] if one.clause >= 0 else everywhere)
    return found


def _said(survey: Survey, asking: Sequence[Asked]) -> tuple[Words, Words]:
    """Return how many clauses ask, and the first few by id; terms and inferences are named as such."""
    ids = list(dict.fromkeys(survey.clause_name(one.clause) for one in asking if one.clause >= 0))
    if not ids:
        return Words("术语或推断", "terms or rules of inference"), Words("–", "–")
    return Words(f"{len(ids)} 条", counted(len(ids), "clause")), few(ids)


def _finding(
    survey: Survey, kind: str, said: tuple[Words, Words], *, asking: Iterable[Asked], **names: str
) -> EditionFinding:
    clauses = {one.clause for one in asking if one.clause >= 0}
    units = survey.own_units(sorted(clauses))
    numbers: dict[str, float | str] = {**names, "clauses": len(clauses)}
    return survey.finding(kind, "warning", said, units=units, numbers=numbers)
