"""The sample of Chongqing, tried on three invented districts: units, waters, zones and lists are as its pages say.

The same is held on the real borders in test_sample_borders.py, where these can be fetched.
"""

from __future__ import annotations

import json
import re
from collections import Counter

import numpy as np
import pytest
import shapely
import yaml
from sample import folder as sample_folder
from sample.lists import read_sentences
from sample.projects import projects_of
from sample.terrain import to_lonlat, to_plane
from support import land

CENTIMETRE = 1e-7  # degrees, about: the grid on which all borders lie


@pytest.fixture(scope="module")
def city():
    """Return the invented city."""
    return land.city()


@pytest.fixture(scope="module")
def layers(city):
    """Return all its layers by name."""
    return {made.name: made for made in sample_folder.layers_of(city, land.DATA)}


@pytest.fixture(scope="module")
def written(city, tmp_path_factory):
    """Return the folder of its scheme."""
    there = tmp_path_factory.mktemp("scheme")
    sample_folder.write_scheme(there, city, land.DATA)
    return there


def shapes(city):
    """Return the units' polygons, lon/lat."""
    return np.array([unit.shape for unit in city.units], dtype=object)


def features(layer, **wanted):
    """Return a layer's shapes in metres, of the features with these values."""
    rows = range(len(layer.shapes))
    kept = [row for row in rows if all(layer.columns[key][row] == value for key, value in wanted.items())]
    return shapely.transform(layer.shapes[kept], to_plane)


def test_each_district_has_its_number_of_units(city):
    """Of every class there are exactly as many as the quota says."""
    counted = Counter((unit.district.key, unit.kind) for unit in city.units)
    asked = {(item.key, kind): quota.count for item in land.DISTRICTS for kind, quota in item.quotas.items()}

    assert {key: counted[key] for key in asked} == asked


def test_shares_of_area_come_near_the_quotas(city):
    """Each class has its share of its district to 0.1 percentage points."""
    off = {}
    for item in land.DISTRICTS:
        whole = land.total_area([land.shapes()[item.key]])
        for kind, quota in item.quotas.items():
            own = [unit.shape for unit in city.units if unit.district.key == item.key and unit.kind == kind]
            off[item.key, kind] = (land.total_area(own) / whole if own else 0.0) - quota.share

    assert max(map(abs, off.values())) < 0.001, off


def test_units_tile_the_city(city):
    """Neighbours have the same points, nothing overlaps, and no hole is left."""
    every = shapes(city)

    assert shapely.is_valid(every).all()
    assert shapely.coverage_is_valid(every)
    assert shapely.coverage_union_all(every).area == pytest.approx(
        sum(every_one.area for every_one in every), rel=1e-12
    )


def test_borders_of_districts_are_kept(city):
    """All units of a district together are the district, to a centimetre along its border."""
    for key, district in land.shapes().items():
        whole = shapely.coverage_union_all([unit.shape for unit in city.units if unit.district.key == key])

        assert shapely.hausdorff_distance(whole.boundary, district.boundary) < 2 * CENTIMETRE


def test_codes_are_well_formed_and_unlike(city):
    """A code is ZH, six digits, the class digit and a serial number."""
    digits = {"priority": "1", "key": "2", "general": "3"}
    codes = [unit.code for unit in city.units]

    assert len(set(codes)) == len(codes)
    assert all(unit.code[:9] == f"ZH{unit.district.code}{digits[unit.kind]}" for unit in city.units)


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    """Made twice, every file is the same, Excel files too."""
    again = sample_folder.write_scheme(tmp_path, land.city(), land.DATA)
    differing = [
        path.name for path in again if path.read_bytes() != (written / path.relative_to(tmp_path)).read_bytes()
    ]

    assert differing == []


def test_another_seed_gives_another_land(city):
    """The seed decides, not a default."""
    assert [unit.shape for unit in land.city(seed=8).units] != [unit.shape for unit in city.units]


def test_no_layer_is_empty(layers):
    """What clauses ask about is somewhere in the city."""
    assert [name for name, made in layers.items() if not len(made.shapes)] == []
    assert [name for name, made in layers.items() if shapely.is_empty(made.shapes).any()] == []


def test_layers_lie_in_the_city(city, layers):
    """Only rivers run on, and a real lake; all else keeps to the outline, which is drawn to 60 m."""
    outline = city.outline.buffer(200)
    outside = {}
    for name, made in layers.items():
        if name not in ("rivers", "river_lines", "lakes"):
            rest = shapely.difference(shapely.transform(made.shapes, to_plane), outline)
            if not shapely.is_empty(rest).all():
                outside[name] = float(shapely.area(rest).sum())

    assert outside == {}


def test_intakes_on_rivers_lie_on_rivers(layers):
    """A river intake is on a river's line to a metre, so that its stretch upstream can be found."""
    lines = shapely.union_all(features(layers["river_lines"]))
    intakes = features(layers["intakes"], kind="river")

    assert len(intakes) > 0
    assert shapely.distance(lines, intakes).max() < 1.0


def test_source_zones_lie_round_an_intake(layers):
    """Every zone belongs to an intake of its name, which lies in the class-1 zone."""
    intakes = dict(zip(layers["intakes"].columns["name_zh"], features(layers["intakes"]), strict=True))
    zones = layers["source_zones"]
    first = features(zones, zone="class1")
    names = [
        name for name, zone in zip(zones.columns["name_zh"], zones.columns["zone"], strict=True) if zone == "class1"
    ]

    assert set(zones.columns["name_zh"]) <= set(intakes)
    assert all(intakes[name].distance(shape) < 1 for name, shape in zip(names, first, strict=True))


def test_parks_lie_in_key_units(city, layers):
    """A park is inside one key unit, and a chemical one beyond the kilometre from large rivers."""
    key = shapely.union_all([shape for unit, shape in zip(city.units, city.plane, strict=True) if unit.kind == "key"])
    rivers = shapely.union_all([river.surface for river in city.waters.rivers if river.grade != "tributary"])
    chemical = features(layers["parks"], kind="chemical")

    assert shapely.covers(key.buffer(1), features(layers["parks"])).all()
    assert len(chemical) > 0
    assert shapely.distance(rivers, chemical).min() > 1_000


def test_nobody_lives_in_a_river_or_a_park(layers):
    """Receptors and water works stand on free ground."""
    taken = shapely.union_all([*features(layers["rivers"]), *features(layers["parks"])])
    shapely.prepare(taken)

    assert not shapely.intersects(taken, features(layers["receptors"])).any()
    assert not shapely.intersects(taken, features(layers["water_works"])).any()


def test_wetland_parks_are_of_all_grades(layers):
    """Clauses ask of the national ones."""
    assert {"national", "provincial"} <= set(layers["wetland_parks"].columns["grade"])


def test_streams_run_into_rivers(city):
    """Each river that names another ends on it."""
    rivers = {river.name_zh: river for river in city.waters.rivers}
    ends = [
        rivers[river.into].line.distance(shapely.Point(river.line.coords[-1]))
        for river in rivers.values()
        if river.into in rivers and river.grade == "tributary"
    ]

    assert len(ends) > 3
    assert max(ends) < 1.0


@pytest.mark.parametrize("element", ["water", "groundwater", "air", "soil", "resource"])
def test_zones_of_an_element_tile_the_city(city, layers, element):
    """Each place lies in one zone of each element, and zones have codes of their form."""
    made = layers[f"{element}_zones"]

    assert shapely.coverage_is_valid(made.shapes)
    assert land.total_area(made.shapes) == pytest.approx(land.total_area(shapes(city)), rel=1e-9)
    assert all(len(code) == 15 and code.startswith("YS") for code in made.columns["code"])


def test_projects_lie_where_their_names_say(city, layers):
    """The battery works stand 300 m and 2 km from the main river's bank in one unit, and one site is half outside."""
    made = {name: shape_of(project) for name, project in projects_of(city, layers).items()}
    main = shapely.union_all(features(layers["rivers"], grade="main"))
    units = {name: [unit.code for unit in city.units if shape_in(unit.shape, made[name])] for name in made}
    outside = made["half-outside"].difference(city.outline).area / made["half-outside"].area

    assert main.distance(made["battery-300m"]) == pytest.approx(300, abs=3)
    assert main.distance(made["battery-2km"]) == pytest.approx(2_000, abs=3)
    assert units["battery-300m"] == units["battery-2km"] != []
    assert 0.3 < outside < 0.7


def shape_of(project):
    """Return a project's site in metres."""
    return shapely.transform(shapely.from_geojson(json.dumps(project["geometry"])), to_plane)


def shape_in(unit, site):
    """Return whether a unit (lon/lat) holds a site (metres)."""
    return shapely.transform(unit, to_plane).contains(site)


def test_everything_invented_says_so(written):
    """Every feature has the attribute, and only what is taken from elsewhere denies it."""
    said = Counter()
    for path in (written / "maps").glob("*.geojson"):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            said[path.stem, bool(feature["properties"]["invented"])] += 1

    assert {name for name, invented in said if not invented} == {"districts", "lakes", "river_basins"}


def test_the_scheme_builds_and_says_that_it_is_illustrative(written, tmp_path, yudi):
    """The folder becomes an edition without an idle entry, and an answer in it carries the label."""
    built = yudi("edition", "build", written / "scheme.toml", "--out", tmp_path / "edition", "--json")
    at = shapely.get_coordinates(shapely.point_on_surface(shapely.from_geojson(_first_unit(written))))[0].tolist()
    project = tmp_path / "project.json"
    project.write_text(
        json.dumps(
            {"geometry": {"type": "Point", "coordinates": at}, "facts": {"industry": "I6513", "activity": "new"}}
        )
    )
    answer = yudi("screen", project, "--edition", tmp_path / "edition", "--json")

    assert built.status == 0, built.err
    assert [item["illustrative"] for item in answer.data["editions"]] == [True]


def test_a_check_finds_no_error_in_its_land(written, tmp_path, yudi):
    """Units cover the districts, zones cover the units, codes are as declared, and no printed number is off."""
    built = yudi("edition", "build", written / "scheme.toml", "--out", tmp_path / "edition", "--json")
    found = yudi("edition", "check", tmp_path / "edition", "--json").data["findings"]
    of_land = {"layer", "published"}

    assert built.status == 0, built.err
    assert [item for item in found if item["severity"] == "error" and of_land & set(item["numbers"])] == []


def _first_unit(written):
    units = json.loads((written / "maps" / "units.geojson").read_text(encoding="utf-8"))
    return json.dumps(units["features"][0]["geometry"])


def test_formalised_sentences_are_sentences_of_the_list():
    """What the office has formalised stands in the list, word for word, so that no entry is idle."""
    sentences = read_sentences(land.DATA / "sentences.yaml")
    texts = {text.rstrip("。") for item in sentences for text in (item.text, *item.items)}
    entries = yaml.safe_load((land.EXAMPLE / "formalised.yaml").read_text(encoding="utf-8"))

    assert [entry["text"] for entry in entries if entry["text"] not in texts] == []
    assert len(sentences) >= 60
    assert len(entries) < len(texts)


def test_a_move_is_new_where_it_moves_to():
    """What the office asks of new projects it asks of those that move in too, as the packs read 新建."""
    text = (land.EXAMPLE / "formalised.yaml").read_text(encoding="utf-8")
    asked = [acts.split(", ") for acts in re.findall(r"fact: activity, in: \[([^]]+)\]", text)]

    assert len(asked) >= 20
    assert [acts for acts in asked if "new" in acts and "relocate" not in acts] == []


def test_conversion_between_plane_and_degrees_returns():
    """Metres of the plane and degrees say the same place to about a millimetre, far below the grid of borders."""
    points = np.array([[105.3, 28.2], [107.8, 30.1], [110.2, 32.2]])

    assert np.abs(to_lonlat(to_plane(points)) - points).max() < 2e-8
