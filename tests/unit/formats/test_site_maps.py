"""A map of a site: whatever the site is, a drawing that can be read, told apart and trusted."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
import shapely
from support.editions import DAY, edition, layer, line, point, project, square

from yudi.core.measure import plane_at
from yudi.formats.drawings import text_width
from yudi.formats.map_contents import MapContents, contents_of
from yudi.formats.site_maps import SIZE_MAX, drawn, map_of, map_of_site
from yudi.territory.screening import screen

TEXT = "{http://www.w3.org/2000/svg}text"
BAN = {
    "id": "near-river",
    "effect": "forbid",
    "text": {"zh": "距河岸一千米内禁止", "en": "Not within 1,000 m of the bank."},
    "scope": {"within": {"layer": "river", "distance_m": 1000}},
    "citation": {"document": "d"},
}


def held(site, names=("", "")):
    """Return a site between two units, a river 600 m north of it, screened."""
    ground = layer(
        "units",
        [square(-4_000, -4_000, 200, 4_000), square(200, -4_000, 4_000, 4_000)],
        {"code": ["U1", "U2"], "name": list(names), "class": ["b", "a"]},
    )
    river = layer("river", [square(-5_000, 600, 5_000, 800)], {"name": ["R"]}, role="reference", accuracy_m=10.0)
    return screen(project(site), [edition([BAN], units=ground, layers=[river])], as_of=DAY)


def texts(svg: str) -> list[str]:
    """Return the texts of a drawing."""
    return [node.text or "" for node in ElementTree.fromstring(svg).iter(TEXT)]


SITES = {
    "point": point(0, 0),
    "points": shapely.multipoints([point(0, 0), point(900, 300)]),
    "line": line((-3_000, -2_000), (3_000, 2_000)),
    "ten metres": square(0, 0, 10, 10),
    "ring with a hole": square(-500, -500, 500, 500).difference(square(-100, -100, 100, 100)),
    "hundred kilometres": square(-50_000, -50_000, 50_000, 50_000),
}


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_any_site_gives_a_small_drawing_with_scale_north_and_degrees(name, lang):
    """From 10 m to 100 km, point, line or polygon: well-formed, small, with a bar, N and degrees on both edges."""
    svg = map_of(held(SITES[name]), lang=lang)
    said = texts(svg)

    assert len(svg.encode()) <= SIZE_MAX
    assert "N" in said
    assert any(re.fullmatch(r"[\d.]+ k?m", text) for text in said)
    assert any(text.endswith("E") and "°" in text for text in said)
    assert any(text.endswith("N") and "°" in text for text in said)


def test_the_bar_is_as_long_as_it_says():
    """The bar's length on paper times the scale that the legend states is what the bar says."""
    svg = map_of(held(square(0, 0, 300, 300)), lang="en")
    ratio = float(next(text for text in texts(svg) if "1:" in text).partition("1:")[2].replace(",", ""))
    told = next(text for text in texts(svg) if re.fullmatch(r"[\d.]+ k?m", text))
    metres = float(told.split()[0]) * (1000 if told.endswith("km") else 1)
    bar = max(float(width) for width in re.findall(r'<rect x="\d+" y="\d+" width="(\d+)" height="18" fill="#fff"', svg))

    assert bar / 20 / 1000 * ratio == pytest.approx(metres, rel=0.01)


def test_the_site_lies_where_its_degrees_say():
    """A site whose middle is at a round degree is drawn where the line of that degree is."""
    site = shapely.box(106.99, 29.995, 107.01, 30.005)
    svg = map_of_site(site, lang="en")
    outline = re.search(r'fill-rule="evenodd" stroke="#1c2227" stroke-width="8" d="M(\d+) (\d+)l([-\d ]+)z"', svg)
    steps = [int(step) for step in outline[3].split()]
    x = [int(outline[1])]
    for step in steps[::2]:
        x.append(x[-1] + step)
    at = re.findall(r'<text x="(\d+)" y="\d+" font-size="42" text-anchor="middle">107°00′E', svg)

    assert float(at[0]) == pytest.approx((min(x) + max(x)) / 2, abs=2)


def test_the_legend_names_classes_layers_and_units_in_the_language():
    """What is drawn stands in the legend: the site, the classes, the river."""
    said = " ".join(texts(map_of(held(square(0, 0, 300, 300)), lang="zh")))

    assert "选址" in said
    assert "所涉管控单元" in said
    assert "river" in said


def test_names_are_data_and_never_markup():
    """A unit that is called like markup is written, not obeyed."""
    name = '<script>alert(1)</script>&"'
    svg = map_of(held(square(0, 0, 300, 300), names=(name, name)), lang="en")

    assert "<script>" not in svg
    assert any("script" in text for text in texts(svg))


def test_names_do_not_lie_over_one_another():
    """The boxes of codes and names in the map are apart from each other."""
    svg = map_of(held(square(0, 0, 60, 60), names=("一个很长的管控单元名称甲", "一个很长的管控单元名称乙")), lang="zh")
    boxes = []
    for node in ElementTree.fromstring(svg).iter(TEXT):
        if node.get("paint-order"):
            x, y, size = float(node.get("x")), float(node.get("y")), float(node.get("font-size"))
            half = text_width(node.text, size) / 2
            boxes.append(shapely.box(x - half, y - 0.8 * size, x + half, y + 0.1 * size))

    assert len(boxes) >= 4
    assert shapely.union_all(boxes).area == pytest.approx(sum(box.area for box in boxes))


def test_ways_out_stand_on_the_map_under_their_numbers():
    """A way that moves the site is drawn with its place in the list; one that only changes facts is not."""
    there = json.loads(shapely.to_geojson(square(1_000, -1_500, 1_300, -1_200)))
    ways = [{"kind": "facts", "project": {"facts": {}}}, {"kind": "move", "project": {"geometry": there}}]
    screening = held(square(0, 0, 300, 300))

    assert [way.number for way in contents_of(screening, ways).ways] == [2]
    assert "2" in texts(map_of(screening, lang="en", ways=ways))
    assert "2" not in texts(map_of(screening, lang="en"))


def test_the_illustrative_label_stands_in_the_map():
    """A map of invented data says so."""
    contents = MapContents(square(0, 0, 300, 300), is_illustrative=True)

    assert "示例数据，仅供演示" in texts(drawn(contents, lang="zh", width_mm=150, height_mm=100))


def test_many_corners_are_drawn_coarser_until_they_fit():
    """A site of 60,000 corners still gives a small drawing."""
    plane = plane_at(107.0)
    ring = shapely.Point(plane.to_plane(point(0, 0)).coords[0]).buffer(3_000, quad_segs=15_000)
    svg = map_of_site(plane.to_lonlat(ring), lang="en")

    assert len(svg.encode()) <= SIZE_MAX


def test_an_unknown_language_and_a_speck_of_paper_are_refused():
    """Only zh, en and both; at least 40 mm."""
    with pytest.raises(ValueError, match="zh, en or both"):
        map_of_site(point(0, 0), lang="fr")
    with pytest.raises(ValueError, match="40 mm"):
        map_of_site(point(0, 0), width_mm=20)


def test_the_same_screening_gives_the_same_bytes():
    """Nothing in the drawing depends on chance."""
    one, other = (map_of(held(square(0, 0, 300, 300)), lang="both") for _ in range(2))

    assert one == other


def test_units_that_a_long_site_meets_are_named_before_larger_ones_around():
    """Eight narrow units along a line of 80 km, wide ones on both sides: each code of the narrow ones is written."""
    met = [square(10_000 * place, -1_500, 10_000 * (place + 1), 1_500) for place in range(8)]
    around = [square(0, side * 21_500 - 20_000, 80_000, side * 21_500 + 20_000) for side in (-1, 1)]
    codes = [f"ZH5001012000{place}" for place in range(8)] + ["ZH50010130001", "ZH50010130002"]
    ground = layer("units", [*met, *around], {"code": codes, "name": [""] * 10, "class": ["a"] * 8 + ["b"] * 2})
    site = line((500, 0), (79_500, 0))
    said = texts(map_of(screen(project(site), [edition([BAN], units=ground)], as_of=DAY), width_mm=170, height_mm=92))

    assert set(codes[:8]) <= set(said)


def test_a_unit_of_specks_does_not_stop_the_map_of_a_long_site():
    """On a sheet of 100 km squares of 60 m shrink to points or lines; the unit's greater part is drawn."""
    specks = [square(900 * place, 3_000 + 700 * place, 900 * place + 60, 3_060 + 700 * place) for place in range(40)]
    unit = shapely.multipolygons([square(0, -2_000, 4_000, 2_000), *specks])
    ground = layer("units", [unit], {"code": ["U1"], "name": [""], "class": ["a"]})
    site = line((-50_000, 0), (50_000, 0))
    svg = map_of(screen(project(site), [edition([BAN], units=ground)], as_of=DAY), width_mm=170, height_mm=92)

    assert "U1" in texts(svg)


def test_a_legend_never_leaves_its_sheet():
    """Two languages and long names on a low sheet: the last line, where the map is from, stays above the lower edge."""
    from yudi.formats.map_furniture import Entry, legend

    entries = [Entry("生态环境准入清单 " * 4 + "admission list " * 4, "<g/>") for _ in range(10)]
    svg = "".join(legend(entries, (0, 0), (1000, 1600)))
    scale = float(re.search(r"scale\(([\d.]+)\)", svg)[1])

    assert max(float(y) for y in re.findall(r'<text x="\d+" y="(\d+)"', svg)) * scale <= 1600
