"""Maps of any site: well-formed, small, with no name over another, wherever it lies and whatever units are called."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from support.editions import square

from yudi.core.words import Words
from yudi.formats.drawings import text_width
from yudi.formats.map_contents import MapContents, MapUnits
from yudi.formats.site_maps import LANGUAGES, SIZE_MAX, drawn

TEXT = "{http://www.w3.org/2000/svg}text"
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SIDES = st.floats(1.0, 40_000.0)


@st.composite
def contents(draw) -> MapContents:
    """Return a rectangle, line or point somewhere over four units in a square of 20 km."""
    wide, high = draw(SIDES), draw(SIDES)
    x, y = draw(st.floats(-9_000, 9_000)), draw(st.floats(-9_000, 9_000))
    box = square(x, y, x + wide, y + high)
    site = draw(st.sampled_from([box, box.boundary, box.centroid]))
    cut = draw(st.floats(-9_000, 9_000))
    shapes = [square(-10_000, -10_000, cut, cut), square(cut, -10_000, 10_000, cut)]
    shapes += [square(-10_000, cut, cut, 10_000), square(cut, cut, 10_000, 10_000)]
    held = np.empty(4, dtype=object)
    held[:] = shapes
    met = frozenset(int(row) for row in np.flatnonzero(shapely.intersects(held, site)))
    codes, names = ([draw(NAMES) for _ in shapes] for _ in range(2))
    units = MapUnits(held, codes, names, [0, 1, -1, 0], (Words("a", "a"), Words("b", "b")), met)
    return MapContents(site, units)


@given(contents(), st.sampled_from(LANGUAGES), st.sampled_from([(170, 92), (80, 80), (120, 60), (60, 120)]))
def test_any_map_is_well_formed_small_and_without_names_over_names(held, lang, size):
    """The drawing parses, keeps below its limit, and the boxes of its names do not overlap."""
    svg = drawn(held, lang=lang, width_mm=size[0], height_mm=size[1])
    root = ElementTree.fromstring(svg)
    boxes = []
    for node in root.iter(TEXT):
        if node.get("paint-order"):
            x, y, letters = float(node.get("x")), float(node.get("y")), float(node.get("font-size"))
            half = text_width(node.text or "", letters) / 2
            boxes.append(shapely.box(x - half, y - 0.7 * letters, x + half, y))
    together = shapely.union_all(boxes).area if boxes else 0.0

    assert len(svg.encode()) <= SIZE_MAX
    assert abs(together - sum(box.area for box in boxes)) < 1e-6 * max(1.0, together)
