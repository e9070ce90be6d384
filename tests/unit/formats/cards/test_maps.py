"""Small drawings of units and sites: well-formed, bounded, with every site in sight."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from support.editions import drawn, edition, layer, line, point, square

from yudi.formats.cards.maps import Spot, sites_picture, units_picture

UNITS = layer("units", [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000)])


@pytest.mark.parametrize(
    "shapes",
    [
        [point(0, 0)],
        [point(0, 0), point(40_000, 100)],
        [square(-500, -500, 500, 500), line((0, 0), (3_000, 3_000)), point(90_000, 90_000)],
        [shapely.MultiPoint([point(0, 0), point(500, 500)])],
    ],
    ids=["one", "two", "kinds", "parts"],
)
def test_every_site_is_in_sight(shapes):
    """Each dot lies within the drawing, and its name and mark stand there."""
    svg = sites_picture(edition(units=UNITS), [Spot(shape, f"s{at}", "prohibited") for at, shape in enumerate(shapes)])

    root = ElementTree.fromstring(svg)
    width, height = (float(root.get(side)) for side in ("width", "height"))
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(dots) == len(shapes)
    assert all(0 <= x <= width and 0 <= y <= height for x, y in dots)
    assert {f"s{at}" for at in range(len(shapes))} | {"■"} <= set(root.itertext())


def test_names_are_left_out_where_there_are_too_many():
    """Of forty sites only the dots are drawn."""
    spots = [Spot(point(at * 100, 0), f"s{at}", "admissible") for at in range(40)]

    svg = sites_picture(edition(units=UNITS), spots)

    assert "s7" not in svg
    assert svg.count("<circle") == 40


def test_a_hostile_name_is_text():
    """A name brings no element in."""
    svg = sites_picture(edition(units=UNITS), [Spot(point(0, 0), "</text><script>", "conditional")])

    assert not list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}script"))


def test_a_city_of_many_ragged_units_stays_small():
    """Forty units with borders of ten thousand points each are drawn coarser, in less than 130 kB."""
    angle = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
    rough = 900 + 60 * np.sin(angle * 997)
    shapes = [
        drawn(shapely.Polygon(np.column_stack((rough * np.cos(angle) + at * 2_000, rough * np.sin(angle)))))
        for at in range(40)
    ]

    svg = units_picture(edition(units=layer("units", shapes)))

    assert 1_000 < len(svg) < 130_000


def test_units_are_drawn_by_class():
    """Units of the classes that an edition names have their colours; the drawing has one path a class."""
    made = edition(units=layer("units", [*UNITS.geometry], {"class": ["key", "key"]}))

    svg = units_picture(made)

    assert len(re.findall("<path", svg)) == 1
