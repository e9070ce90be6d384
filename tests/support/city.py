"""A small invented city for whole packs: one river, a town, two parks, hills; every layer that a pack asks is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from support.editions import layer, square, status
from yudi.core.dates import Period
from yudi.core.words import Words
from yudi.formats.rule_files import RuleSet
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition import Edition, Layer, Rules
from yudi.territory.facts import Vocabulary
from yudi.territory.predicates import PlaceTest, Quota, leaves

__all__ = ["SPOTS", "city"]

HALF = 15_000.0  # half the side of the city, in m
SPOTS: Mapping[str, tuple[float, float]] = {
    "town": (-8_000, -1_000),
    "industrial-park": (0, -3_000),
    "chemical-park": (6_000, -3_000),
    "hills": (-6_000, -11_000),
    "quarry-valley": (5_000, -11_000),
    "ridge": (0, 10_000),
    "riverside": (6_000, 3_700),
}
"""Places to put a project, in metres east and north of the middle."""

_ALL = (-HALF, -HALF, HALF, HALF)
_TOWN = (-10_000, -3_000, -6_000, 1_000)
# Layer, then shape and fields of each feature. The main river runs from west to east, its banks at 4,000 and 4,600 m.
_FEATURES: Mapping[str, Sequence[tuple[tuple[float, float, float, float], Mapping[str, str]]]] = {
    "rivers": [
        ((-HALF, 4_000, HALF, 4_600), {"grade": "main"}),
        ((-2_050, -HALF, -2_000, 4_000), {"grade": "tributary"}),
    ],
    "river_lines": [],
    "river_basins": [(_ALL, {"basin": "yangtze", "reach": "upper"})],
    "basins": [(_ALL, {})],
    "river_management_areas": [((-HALF, 3_950, HALF, 4_650), {})],
    "parks": [
        ((-1_500, -4_500, 2_000, -1_500), {"kind": "industrial", "works": "yes"}),
        ((4_500, -4_500, 8_000, -1_500), {"kind": "chemical", "works": "yes"}),
    ],
    "main_urban": [(_TOWN, {})],
    "supply_areas": [(_TOWN, {}), ((-1_500, -4_500, 8_000, -1_500), {})],
    "no_burn_zones": [(_TOWN, {})],
    "dense_areas": [((-10_000, -3_000, -8_500, 1_000), {})],
    "noise_sensitive": [((-10_000, -3_000, -9_000, 1_000), {})],
    "receptors": [
        ((-9_500, -2_000, -9_400, -1_900), {"kind": "school"}),
        ((-9_800, -500, -9_300, 0), {"kind": "dwelling"}),
    ],
    "source_zones": [
        ((-13_000, 3_500, -11_000, 4_800), {"zone": "class1", "kind": "surface"}),
        ((-14_500, 3_000, -13_000, 4_800), {"zone": "class2", "kind": "surface"}),
    ],
    "redline": [((-14_000, 8_000, -8_000, 14_000), {})],
    "reserves": [((-13_000, 10_000, -10_000, 13_000), {"zone": "core_protection"})],
    "protected_areas": [((-13_000, 10_000, -10_000, 13_000), {"kind": "nature_reserve"})],
    "farmland": [((9_000, -14_000, 14_000, -9_000), {})],
    "traffic_trunks": [((-7_000, -HALF, -6_950, 3_000), {})],
}
_STATUS: Mapping[str, Any] = {
    "suspended_for": ("none",),
    "water_target_missed": False,
    "pm25_target_missed": False,
    "water_zone_off_target": False,
    "groundwater_level_kept": True,
}
_HEADROOM = 1_000.0


def city(rules: RuleSet) -> Edition:
    """Return an edition of the rules at the city: every layer that they ask is complete, most of them empty.

    The list of the one unit says nothing and means nothing by it. Status tables stop nothing and have headroom.
    """
    asked = [leaf for item in rules.clauses for tree in item.trees for leaf in leaves(tree)]
    places = [leaf for leaf in asked if isinstance(leaf, PlaceTest)]
    names = {name for leaf in places for name in (leaf.layer, leaf.rivers, leaf.catchments) if name}
    fields = {name: {test.field for leaf in places if leaf.layer == name for test in leaf.where} for name in names}
    layers = {name: _layer(name, fields[name]) for name in sorted(names)}
    layers["units"] = layer("units", [square(*_ALL)], {"code": ["U1"], "name": ["U1"]})
    facts = [fact for fact in rules.facts.values() if fact.provider == "status"]
    room = {key for leaf in asked if isinstance(leaf, Quota) for key in leaf.headroom}
    stated = {fact.key: _STATUS.get(fact.key, _HEADROOM if fact.type == "number" else None) for fact in facts}
    tables = [status(key, value) for key, value in stated.items() if value is not None and not key.endswith("*")]
    tables += [status(key, _HEADROOM) for key in sorted(room - set(stated))]
    held = Rules(
        Vocabulary(rules.facts, rules.systems),
        rules.clauses,
        rules.terms,
        rules.inferences,
        rules.documents,
        tuple(tables),
    )
    name = Words("臆造的城", "invented city")
    return compiled(Draft(name, Period(None, None), held, layers, dimensions=rules.dimensions, silence="none"))


def _layer(name: str, fields: set[str]) -> Layer:
    features = _FEATURES.get(name, ())
    columns = {
        key: [own.get(key, "") for _, own in features]
        for key in sorted(fields | {key for _, own in features for key in own})
    }
    columns |= {"code": [f"{name}-{row}" for row in range(len(features))]}
    shapes = [square(*box) for box, _ in features]
    return layer(name, shapes, columns, role="reference", accuracy_m=10.0, extent=square(*_ALL))
