"""The clauses of Chongqing on drawn land: ranges of drinking sources, parks, and the county to which four of them are bound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from shapely.geometry.base import BaseGeometry
from support.editions import edition, layer, line, point, project, square
from support.rule_cases import rules_of

from yudi.core.words import Words
from yudi.territory.clauses import clause_data
from yudi.territory.edition import Edition, Layer
from yudi.territory.facts import Vocabulary
from yudi.territory.predicates import TermTest, leaves
from yudi.territory.screening import screen
from yudi.territory.verdict import verdict_data

DAY = date(2026, 9, 1)
RULES = rules_of("chongqing")
VOCABULARY = Vocabulary(RULES.facts, RULES.systems)
CLAUSES = {item.id: item for item in RULES.clauses}
ANY = {"all": []}
# A river runs east through a catchment that ends 30 m north of it; a village takes water at (0, 0).
RIVER = layer(
    "river_lines",
    [line((-5_000, 0), (5_000, 0))],
    {"width": [0.0]},
    shape="centreline",
    width_field="width",
    has_flow=True,
)
BASIN = layer("basins", [square(-9_000, -9_000, 9_000, 30)])
ZONES = layer("source_zones", [square(-9_000, 8_000, 9_000, 9_000)], {"zone": ["class1"]})  # far from all sites


def intakes(kind: str) -> Layer:
    return layer("intakes", [point(0, 0)], {"kind": [kind], "scale": ["dispersed"]})


def land(names: Sequence[str], *layers: Layer, units: Layer | None = None) -> Edition:
    """Return an edition with some of the pack's clauses; whatever word they ask, every project counts as it."""
    chosen = [CLAUSES[name] for name in names]
    asked = {leaf.term for item in chosen for tree in item.trees for leaf in leaves(tree) if isinstance(leaf, TermTest)}
    terms = [{"key": key, "label": Words(key, key).as_data(), "in": [ANY]} for key in sorted(asked)]
    return edition(
        [clause_data(item) for item in chosen],
        layers=[RIVER, BASIN, ZONES, *layers],
        terms=terms,
        vocabulary=VOCABULARY,
        units=units,
    )


def verdict(ground: Edition, site: BaseGeometry, facts=None) -> dict:
    return verdict_data(screen(project(site, facts, VOCABULARY), [ground], as_of=DAY))


@pytest.mark.parametrize(
    ("east", "north", "expected"),
    [
        (-900, -40, "prohibited"),  # 1000 m up, 50 m to the side
        (-1_100, -40, "admissible"),
        (-900, -60, "admissible"),
        (90, -40, "prohibited"),  # 100 m down
        (110, -40, "admissible"),
        (-900, 20, "prohibited"),
        (-900, 40, "admissible"),  # within 50 m of the river, beyond its catchment
    ],
)
def test_a_village_s_river_intake_is_guarded_up_and_down_and_to_its_catchment(east, north, expected):
    """Article 17(3): 1000 m upstream, 100 m downstream, 50 m to each side, not beyond the catchment."""
    ground = land(["cq-water-18-2-store"], intakes("river"))

    assert verdict(ground, point(east, north), {"toxic_store": True})["verdict"] == expected


@pytest.mark.parametrize(("north", "expected"), [(-29, "prohibited"), (-31, "admissible")])
def test_a_well_is_guarded_thirty_metres_around(north, expected):
    """Article 17(3): 30 m around wells, cisterns and intakes of groundwater."""
    ground = land(["cq-water-18-2-store"], intakes("well"))

    assert verdict(ground, point(0, north), {"toxic_store": True})["verdict"] == expected


@pytest.mark.parametrize(
    ("north", "drains_away", "expected"),
    [(-190, False, "prohibited"), (-210, False, "admissible"), (190, True, "admissible"), (190, None, "undetermined")],
)
def test_a_reservoir_is_guarded_where_the_land_drains_to_it(north, drains_away, expected):
    """Article 17(3): 200 m around the intake, not beyond the catchment, which an official states where no map shows it."""
    ground = land(["cq-water-18-2-store"], intakes("reservoir"))
    facts = {"toxic_store": True} | ({} if drains_away is None else {"outside_catchment": drains_away})

    assert verdict(ground, point(0, north), facts)["verdict"] == expected


@pytest.mark.parametrize(
    ("west", "expected"),
    [(0, "admissible"), (-500, "prohibited"), (-2, "admissible"), (-2_000, "prohibited")],
)
def test_a_factory_lies_in_a_park_with_its_whole_site(west, expected):
    """Of a site of 1000 m that begins so far west of the park, 100, 50, 99.8 and 0 % lie in it; 99 % are asked."""
    park = layer("parks", [square(0, 0, 5_000, 5_000)], {"kind": ["industrial"]})
    site = square(west, 100, west + 1_000, 1_100)
    facts = {"activity": "new", "special_layout_need": False}

    assert verdict(land(["cq-pollution-cluster"], park), site, facts)["verdict"] == expected


def test_a_county_s_rules_stop_at_its_border():
    """In Xiushan (500241) its rule on the green strip prohibits; in the next county it is counted elsewhere."""
    units = layer(
        "units",
        [square(-9_000, -9_000, 0, 9_000), square(0, -9_000, 9_000, 9_000)],
        {"code": ["ZH50024110001", "ZH50024210001"], "area": ["500241", "500242"]},
    )
    strip = layer("green_buffers", [square(-9_000, -50, 9_000, 50)])
    ground = land(["cq-xiushan-33"], strip, units=units)
    facts = {"activity": "new", "green_strip_need": False}
    here, there = (verdict(ground, point(east, 0), facts) for east in (-1_000, 1_000))

    assert (here["verdict"], there["verdict"]) == ("prohibited", "admissible")
    assert there["clauses"]["elsewhere"] == 1


def test_what_only_the_press_says_is_marked_unverified():
    """A clause whose article nobody read says so where it applies."""
    shore = layer("rivers", [square(-5_000, 0, 5_000, 400)], {"name_zh": ["长江"]})
    found = verdict(land(["cq-pollution-shore"], shore), point(0, -500), {"activity": "new"})

    assert [(entry["id"], entry.get("unverified")) for entry in found["clauses"]["applied"]] == [
        ("cq-pollution-shore", True)
    ]
