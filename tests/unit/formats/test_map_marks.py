"""Corners of a site are named on its map where there is room, outside of the site, one name never over another."""

from __future__ import annotations

import re

import shapely

from yudi.formats.map_marks import corner_marks

SQUARE = shapely.box(1000, 1000, 2000, 2000)  # 1 mm is 10 units or more, so this is a site of some size on a sheet
CORNERS = [(1000, 1000), (2000, 1000), (2000, 2000), (1000, 2000)]


def marked(names, places=CORNERS, taken=()):
    """Return the marks of corners, and where their names stand."""
    held = list(taken)
    return corner_marks(names, shapely.multipoints(places), SQUARE, held), held


def test_names_stand_beside_their_corners_and_outside():
    """Four names, none of them over the square or over another."""
    parts, boxes = marked(["J1", "J2", "J3", "J4"])

    assert [re.sub("<.*?>", "", part) for part in parts if part.startswith("<text")] == ["J1", "J2", "J3", "J4"]
    assert all(box.intersection(SQUARE).area == 0 for box in boxes)
    assert shapely.union_all(boxes).area == sum(box.area for box in boxes)


def test_a_name_without_room_is_left_out_but_its_dot_stays():
    """Where all around is taken only the dot is drawn; of very many corners only dots."""
    parts, _ = marked(["J1"], CORNERS[:1], [shapely.box(0, 0, 3000, 3000)])

    assert [part[:7] for part in parts] == ["<circle"]
    many = [(1000 + step, 1000) for step in range(100)]
    assert {part[:7] for part in marked([f"J{step}" for step in range(100)], many)[0]} == {"<circle"}


def test_a_small_site_or_one_without_names_has_no_marks():
    """On a map of the surroundings the site is too small for names."""
    small = shapely.box(0, 0, 10, 10)

    assert corner_marks(["J1"], shapely.multipoints([(0, 0)]), small, []) == []
    assert corner_marks([], shapely.MultiPoint(), SQUARE, []) == []


def test_names_are_data_and_never_markup():
    """A name from a file cannot bring elements into the map."""
    parts, _ = marked(["<script>"], CORNERS[:1])

    assert "&lt;script&gt;" in parts[-1]
