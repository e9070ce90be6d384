"""One site in every form comes out as one and the same; drawings, KML and maps that are not sure are refused."""

from __future__ import annotations

import io
import math
import re
import zipfile
from itertools import pairwise

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from pyogrio.raw import write as write_layer
from support.sites import (
    BESIDE,
    GROUND,
    HOLE,
    SQUARE,
    dms,
    dxf,
    exchange_text,
    kml,
    line,
    lonlat,
    numbered,
    polyline,
    write,
)

from yudi.core.errors import InputError, LimitError
from yudi.core.measure import area_m2, plane_at
from yudi.formats.sites.plots import Asked, SiteLimits
from yudi.formats.sites.reading import read_sites
from yudi.territory.site_words import CHECK

PLANE = shapely.MultiPolygon([shapely.Polygon(SQUARE, [HOLE]), shapely.Polygon(BESIDE)])
# What each form holds of a coordinate: 1e-10 degrees are 0.01 mm, 0.1 mm of a drawing 0.01 m² along 500 m of boundary at most.
TOLERANCE_M2 = 0.02


def shape_of(site):
    """Return a site's shape."""
    return shapely.geometry.shape(site.geometry)


def read(path, **asked):
    """Read the only site of a file."""
    (site,) = read_sites(path, Asked(**asked))
    if isinstance(site, InputError):
        raise site
    return site


def table(path):
    """Write the site as a workbook in degrees, minutes and seconds."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["地块", "圈号", "点号", "经度", "纬度"])
    for plot, ring, corners in (("甲", 1, SQUARE), ("甲", 2, HOLE), ("乙", 1, BESIDE)):
        for number, (lon, lat) in enumerate(lonlat(corners), 1):
            page.append([plot, ring, f"J{number}", dms(lon, "E"), dms(lat, "N")])
    book.save(path)
    return path, {}


def archive(path, members):
    """Write files of a folder into an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


def layer(path, shapes, *, crs="EPSG:4545", names=("甲",), driver=None):
    """Write shapes as a layer of a map file."""
    write_layer(
        path, geometry=shapely.to_wkb(np.array(shapes)), field_data=[np.array(names, object)], fields=["DKMC"], crs=crs,
        geometry_type="Unknown" if driver == "GPKG" else "MultiPolygon", driver=driver, encoding="UTF-8",
    )  # fmt: skip
    return path


def make(folder, form):
    """Write the site in a form; return the file and what is to say of it."""
    if form == "exchange":
        return write(folder, {"a.txt": exchange_text()}), {}
    if form == "excel":
        return table(folder / "a.xlsx")
    if form in ("kml", "kmz"):
        return (
            (write(folder, {"a.kml": kml()}), {})
            if form == "kml"
            else (archive(folder / "a.kmz", {"doc.kml": kml()}), {})
        )
    if form == "dxf":
        rings = [polyline(numbered(ring)) for ring in (SQUARE, HOLE, BESIDE)]
        return write(folder, {"a.dxf": dxf(rings)}), {"holes": True}
    if form == "lines":
        edges = [(ring[n - 1], ring[n]) for ring in map(numbered, (SQUARE, HOLE, BESIDE)) for n in range(len(ring))]
        turned = [line(b, a) if n % 3 else line(a, b) for n, (a, b) in enumerate(edges)]
        return write(folder, {"a.dxf": dxf(turned[::2] + turned[1::2])}), {"holes": True}
    if form == "millimetres":
        rings = [polyline([(x * 1000, y * 1000) for x, y in numbered(ring)]) for ring in (SQUARE, HOLE, BESIDE)]
        return write(folder, {"a.dxf": dxf(rings, unit="4")}), {"holes": True}
    if form == "gdal dxf":
        rings = [shapely.LineString([*numbered(ring), numbered(ring)[0]]) for ring in (SQUARE, HOLE, BESIDE)]
        blobs = shapely.to_wkb(np.array(rings))
        write_layer(
            folder / "a.dxf", geometry=blobs, field_data=[], fields=[], geometry_type="LineString", driver="DXF"
        )
        return folder / "a.dxf", {"holes": True}
    if form == "gdal kml":
        blobs = shapely.to_wkb(
            np.array(
                [
                    shapely.MultiPolygon(
                        [shapely.Polygon(lonlat(SQUARE), [lonlat(HOLE)]), shapely.Polygon(lonlat(BESIDE))]
                    )
                ]
            )
        )
        write_layer(
            folder / "a.kml",
            geometry=blobs,
            field_data=[],
            fields=[],
            geometry_type="MultiPolygon",
            driver="KML",
            crs="EPSG:4326",
        )
        return folder / "a.kml", {}
    if form == "geopackage":
        return layer(folder / "a.gpkg", [PLANE], driver="GPKG"), {}
    layer(folder / "a.shp", [PLANE])
    if form == "shapefile":
        return folder / "a.shp", {}
    return archive(folder / "b.zip", {f"地/{part.name}": part.read_bytes() for part in folder.glob("a.*")}), {}


FORMS = ["exchange", "excel", "kml", "kmz", "dxf", "lines", "millimetres", "gdal dxf", "gdal kml", "geopackage", "shapefile", "zip"]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore")
def test_one_site_is_the_same_in_every_form(tmp_path, form):
    """Two parts, one hole, 13,400 m² in the plane; where it lies differs by less than a millimetre from the truth."""
    path, asked = make(tmp_path, form)
    shape = shape_of(read(path, **asked))
    truth = shapely.MultiPolygon([shapely.Polygon(lonlat(SQUARE), [lonlat(HOLE)]), shapely.Polygon(lonlat(BESIDE))])
    plane = plane_at(107.3)

    assert (shapely.get_num_geometries(shape), sum(len(part.interiors) for part in shape.geoms)) == (2, 1)
    assert area_m2(shape, plane) == pytest.approx(13_400 * GROUND, abs=0.05)
    assert area_m2(shape, plane) == pytest.approx(area_m2(truth, plane), abs=TOLERANCE_M2)
    assert shapely.hausdorff_distance(plane.to_plane(shape), plane.to_plane(truth)) < 1e-3


def test_bulges_and_circles_have_the_area_of_arcs(tmp_path):
    """A square with half a circle on one side, and a circle: chords of half a degree lack 1.3e-5 of the arcs' area."""
    square = numbered(SQUARE)
    bulged = write(tmp_path, {"a.dxf": dxf([polyline(square, bulges={1: 1.0})])})
    x, y = square[0]
    circle = write(tmp_path, {"b.dxf": dxf([f"0\nCIRCLE\n5\n3F\n8\nC\n10\n{x}\n20\n{y}\n40\n100"])})
    half, whole = math.pi * 50**2 / 2, math.pi * 100**2

    assert read(bulged).plane_area_m2 == pytest.approx(10_000 + half, abs=2e-5 * half)
    assert read(circle).plane_area_m2 == pytest.approx(whole, rel=2e-5)
    assert {finding.kind for finding in read(circle).findings} == {"arcs_drawn", "datum_assumed"}


def test_old_polylines_arcs_between_lines_and_blocks(tmp_path):
    """A polyline of R12 with its vertices, lines and an arc that join to one ring, and a block put in place."""
    vertices = "".join(f"0\nVERTEX\n8\nA\n10\n{x}\n20\n{y}\n" for x, y in numbered(SQUARE))
    old = f"0\nPOLYLINE\n8\nA\n66\n1\n70\n1\n{vertices}0\nSEQEND"
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = numbered(SQUARE)
    arc = f"0\nARC\n8\nA\n10\n{x2}\n20\n{(y2 + y3) / 2}\n40\n50\n50\n270\n51\n90"
    sides = [
        line((x1, y1), (x2, y2), layer="A"),
        line((x3, y3), (x4, y4), layer="A"),
        line((x4, y4), (x1, y1), layer="A"),
    ]
    block = polyline([(0, 0), (100, 0), (100, 100), (0, 100)], layer="A")
    insert = f"0\nINSERT\n8\nA\n2\nPLOT\n10\n{x1}\n20\n{y1}"
    blocks = f"0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n8\n0\n2\nPLOT\n70\n0\n10\n0\n20\n0\n{block}\n0\nENDBLK\n8\n0"
    placed = dxf([insert]).replace(
        "0\nENDSEC\n0\nSECTION\n2\nENTITIES", f"{blocks}\n0\nENDSEC\n0\nSECTION\n2\nENTITIES", 1
    )

    assert read(write(tmp_path, {"a.dxf": dxf([old], version="AC1009")})).plane_area_m2 == pytest.approx(
        10_000, abs=1e-3
    )
    joined = read(write(tmp_path, {"b.dxf": dxf([arc, *sides])}))
    assert joined.plane_area_m2 == pytest.approx(10_000 + math.pi * 50**2 / 2, abs=0.1)
    assert read(write(tmp_path, {"c.dxf": placed})).plane_area_m2 == pytest.approx(10_000, abs=1e-3)


def test_the_layer_of_a_drawing_is_chosen_or_asked_for(tmp_path):
    """Several layers with lines are listed with what they hold, also in Chinese letters of the drawing's code page."""
    square, beside = (
        polyline(numbered(SQUARE), layer="用地红线"),
        polyline(numbered(BESIDE), layer="道路", closed=False),
    )
    text = "0\nTEXT\n8\n注记\n10\n1\n20\n1\n40\n1\n1\n说明"
    path = write(tmp_path, {"a.dxf": dxf([square, beside, text]).encode("gb18030")})

    with pytest.raises(InputError, match=r"got 2: '用地红线' \(1 closed\); '道路' \(1 open\)") as error:
        read(path)
    assert "--layer" in error.value.hint
    site = read(path, layer="用地红线")
    assert site.plane_area_m2 == pytest.approx(10_000, abs=1e-3)
    assert any("1 × text" in finding.message for finding in site.findings)
    with pytest.raises(InputError, match="on a layer '红线'"):
        read(path, layer="红线")


def test_an_open_line_is_a_line(tmp_path):
    """A pipeline: 100 m and 100 m in the plane."""
    site = read(write(tmp_path, {"a.dxf": dxf([polyline(numbered(SQUARE)[:3], closed=False)])}))

    assert (site.plots[0].kind, site.geometry["type"]) == ("line", "LineString")
    assert [finding.kind for finding in site.findings if finding.kind in CHECK] == ["line_open", "datum_assumed"]


def test_a_boundary_that_was_not_closed_is_noted(tmp_path):
    """Four corners whose last is far from the first look like a line: its missing side of 100 m is named."""
    site = read(write(tmp_path, {"a.dxf": dxf([polyline(numbered(SQUARE), closed=False)])}))
    (note,) = [finding for finding in site.findings if finding.kind == "line_open"]

    assert "100.000 are missing; if it is a boundary, close it" in note.message


BOUNDARY = polyline(numbered(SQUARE))
CROWD = [line(a, b) for a, b in pairwise(numbered(SQUARE))] + [line(numbered(SQUARE)[1], numbered(HOLE)[0])]


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        ([BOUNDARY, polyline(numbered(HOLE))], "a hole in the site, or only drawn there"),
        ([BOUNDARY, line(*numbered(BESIDE)[:2])], "1 that do and 1 that do not"),
        ([polyline([*numbered(SQUARE), (36432000.0, 3280002.0)], closed=False)], "nearly closes: .* 2.000 are missing"),
        (CROWD, "3 ends of lines meet"),
        ([polyline([numbered(SQUARE)[n] for n in (0, 2, 1, 3)])], "crosses itself"),
        (["0\nTEXT\n8\nT\n10\n1\n20\n1\n40\n1\n1\nabc"], "expected boundary lines, got text"),
        ([], "an empty drawing"),
        ([polyline(SQUARE)], "expected the belt"),
        ([polyline([(0, 0), (100.5, 0), (100.5, 80.25)])], "expected metres of a belt"),
    ],
)  # fmt: skip
def test_a_drawing_that_is_not_sure_is_refused(tmp_path, entities, words):
    """Holes or not, lines that do not close, crowds of ends, crossings, nothing drawn, no belt."""
    with pytest.raises(InputError, match=words) as error:
        read(write(tmp_path, {"a.dxf": dxf(entities)}))

    assert error.value.where.file == "a.dxf"
    assert error.value.hint


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"AutoCAD Binary DXF\r\n\x1a\0", "binary"),
        (b"AC1027\0\0\0", "DWG"),
        (b"hello", "another kind of file"),
        (dxf([BOUNDARY])[:-20].encode(), "its end is missing"),
        (dxf([BOUNDARY]).replace("\n10\n36432000.0000", "\n10\nabc", 1).encode(), "cannot be read|expected"),
    ],
)
def test_what_is_no_whole_drawing_is_refused(tmp_path, content, words):
    """Binary, DWG by another name, text, cut, a number that is none."""
    with pytest.raises(InputError, match=words):
        read(write(tmp_path, {"a.dxf": content}))


def test_a_unit_that_the_numbers_contradict_is_told(tmp_path):
    """Site plans in metres often say millimetres: only one of the two lies in a belt, and it is said."""
    site = read(write(tmp_path, {"a.dxf": dxf([BOUNDARY], unit="4")}))

    assert site.plane_area_m2 == pytest.approx(10_000, abs=1e-3)
    assert "unit_contradicted" in {finding.kind for finding in site.findings}
    unstated = write(tmp_path, {"b.dxf": dxf([polyline([(x * 1000, y * 1000) for x, y in numbered(SQUARE)])], unit="")})
    with pytest.raises(InputError, match="coordinates of a belt in mm"):
        read(unstated)
    assert read(unstated, unit="mm").plane_area_m2 == pytest.approx(10_000, abs=1e-3)


def test_placemarks_are_sites_or_one(tmp_path):
    """By themselves two placemarks are two sites; a project that names the file means both."""
    path = write(tmp_path, {"a.kml": kml(together=False, altitude="251.5")})
    first, second = read_sites(path)

    assert (first.name, second.name) == ("地块1", "地块2")
    assert shape_of(first).geom_type == "Polygon"
    assert "z_dropped" in {finding.kind for finding in first.findings}
    assert read(path, grouping="together").geometry["type"] == "MultiPolygon"
    assert read(path, plots=("地块2",)).name == "地块2"
    assert len(read_sites(path, Asked(layer="厂区"))) == 2


def placemark(content):
    """Return KML with one placemark."""
    return f'<kml xmlns="http://www.opengis.net/kml/2.2">\n<Placemark><name>甲</name>{content}</Placemark></kml>'


RING = "<LinearRing><coordinates>106.5,29.5 106.6,29.5 106.6,29.6 106.5,29.5</coordinates></LinearRing>"
OUTER = f"<outerBoundaryIs>{RING}</outerBoundaryIs>"
CROSSED = OUTER.replace("106.6,29.5 106.6,29.6", "106.6,29.6 106.6,29.5 106.5,29.6")
EXCHANGED = re.sub(r"([\d.]+),([\d.]+)", r"\2,\1", OUTER)
LINE = "<LineString><coordinates>1,1 2,2</coordinates></LineString>"


def test_facts_labels_lines_and_points_of_kml(tmp_path):
    """Data beside a shape are facts; a point that labels a polygon is left out; lines and points are sites too."""
    data = '<ExtendedData><Data name="industry"><value>C2614</value></Data></ExtendedData>'
    label = "<MultiGeometry><Point><coordinates>106.5,29.5</coordinates></Point>"
    site = read(write(tmp_path, {"a.kml": placemark(f"{data}{label}<Polygon>{OUTER}</Polygon></MultiGeometry>")}))

    assert (site.attributes, site.geometry["type"]) == ({"industry": "C2614"}, "Polygon")
    assert "parts_skipped" in {finding.kind for finding in site.findings}
    for kind, coordinates in (("Point", "106.5, 29.5, 0"), ("LineString", "106.5,29.5\n106.6,29.5")):
        text = placemark(f"<{kind}><coordinates>{coordinates}</coordinates></{kind}>")
        assert read(write(tmp_path, {"b.kml": text})).geometry["type"] == kind


@pytest.mark.parametrize(
    "words", ["厂区（GCJ-02）", "火星坐标系导出", "百度坐标 bd09", "西安80坐标", "由GCJ02转为WGS84", "bd-09"]
)
@pytest.mark.parametrize(
    "place", ["<name>{}</name>", "<description>{}</description>", "<description><![CDATA[<p>{}</p>]]></description>"]
)
def test_kml_whose_words_name_another_datum_is_refused_until_one_is_named(tmp_path, words, place):
    """KML is WGS 84 by its own rule, but not all programs keep it: where name or description say otherwise, one asks."""
    text = placemark(f"<Polygon>{OUTER}</Polygon>")
    said = [
        text.replace(
            "<name>甲</name>", f"<name>甲</name>{place.format(words)}".replace("<name>甲</name><name>", "<name>")
        )
    ]
    said.append(
        text.replace("<Placemark>", f"<Document>{place.format(words)}<Placemark>").replace(
            "</kml>", "</Document></kml>"
        )
    )
    for content in said:
        with pytest.raises(InputError, match=r"expected a reference system that is known.*--crs"):
            read(write(tmp_path, {"a.kml": content}))

    assert read(write(tmp_path, {"a.kml": said[0]}), crs="GCJ02").settled.crs.is_web
    assert not read(write(tmp_path, {"a.kml": said[0]}), crs="EPSG:4490").settled.crs.is_web


@pytest.mark.parametrize("words", ["百度大厦项目", "WGS84坐标", "厂区 CGCS2000", "高德置地"])
def test_kml_may_say_its_own_datum_and_names_of_firms(tmp_path, words):
    """What it says anyway changes nothing; a firm that also makes maps may own land."""
    text = placemark(f"<Polygon>{OUTER}</Polygon>").replace("甲", words)

    assert not read(write(tmp_path, {"a.kml": text})).settled.crs.is_web


def test_kml_in_gbk_is_read(tmp_path):
    """What the first line says of the encoding does not matter, the bytes show it."""
    text = '<?xml version="1.0" encoding="GB2312"?>' + placemark(f"<Polygon>{OUTER}</Polygon>")

    assert read(write(tmp_path, {"a.kml": text.encode("gb18030")})).name == "甲"


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        (placemark("<Polygon></Polygon>"), None, "expected a Placemark"),
        (placemark(f"<Polygon>{OUTER.replace('29.6 106.5,29.5', 'x')}</Polygon>"), 2, "expected a number of degrees"),
        (placemark(f"<Polygon>{OUTER.replace('106.6,29.6', '106.6,1e999')}</Polygon>"), 2, "expected a number of degrees"),
        (placemark(f"<Polygon>{OUTER.replace('106.6,29.6 106.5,29.5', '')}</Polygon>"), 2, "at least 3"),
        (placemark(f"<Polygon>{CROSSED}</Polygon>"), 2, "crosses itself"),
        (placemark(f"<Polygon>{EXCHANGED}</Polygon>"), 2, "exchanged|outside|metres"),
        (placemark(f"<Polygon>{OUTER}{OUTER}</Polygon>"), 2, "outer boundary first and once"),
        (placemark(f"<MultiGeometry><Polygon>{OUTER}</Polygon>{LINE}</MultiGeometry>"), 2, "make a Placemark of each"),
        ("<gpx></gpx>", 1, "begins with 'gpx'"),
        ("<kml><Placemark></kml>", 1, "cannot be read"),
        ("no xml", 1, "cannot be read"),
        ("<kml>" + "<Folder>" * 200 + "</Folder>" * 200 + "</kml>", 1, "nested too deeply"),
    ],
)  # fmt: skip
def test_kml_that_is_not_sure_is_refused(tmp_path, text, row, words):
    """Empty, numbers that are none, crossings, exchanged coordinates, mixed kinds, other and broken XML."""
    with pytest.raises(InputError, match=words) as error:
        read(write(tmp_path, {"a.kml": text}))

    assert (error.value.where.file, error.value.where.row) == ("a.kml", row)


def test_hostile_xml_is_refused_before_it_acts(tmp_path):
    """Entities that grow, entities that name a file or an address, and a document type at all."""
    secret = tmp_path / "secret"
    secret.write_text("106.5,29.5", encoding="utf-8")
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "106.5,29.5 "}">' for n in range(12))
    for inside in (bomb, f'<!ENTITY x SYSTEM "{secret.as_uri()}">', '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'):
        text = f"<!DOCTYPE kml [{inside}]>" + placemark("<Point><coordinates>&x;</coordinates></Point>")

        with pytest.raises(InputError, match="without a document type"):
            read(write(tmp_path, {"a.kml": text}))
    external = '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/kml.dtd">' + placemark(f"<Polygon>{OUTER}</Polygon>")
    with pytest.raises(InputError, match="without a document type"):
        read(write(tmp_path, {"a.kml": external}))


def test_links_are_not_followed_but_told(tmp_path):
    """What lies behind a link is not fetched, and is not silently missing either."""
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    text = f"<kml><Folder>{link}<Placemark><Polygon>{OUTER}</Polygon></Placemark></Folder></kml>"

    assert "links_skipped" in {finding.kind for finding in read(write(tmp_path, {"a.kml": text})).findings}


def test_archives_keep_to_their_limits(tmp_path):
    """An archive that unpacks to more than allowed, several files of which none is the main one, none, and a cut one."""
    stuffed = archive(tmp_path / "a.kmz", {"doc.kml": b" " * 2_000_000})
    with pytest.raises(LimitError, match="unpacked bytes"):
        read_sites(stuffed, limits=SiteLimits(unpacked_bytes=1_000_000))
    with pytest.raises(InputError, match="expected one KML file"):
        read(archive(tmp_path / "b.kmz", {"a.kml": kml(), "b.kml": kml()}))
    with pytest.raises(InputError, match="got none"):
        read(archive(tmp_path / "c.kmz", {"a.txt": "x"}))
    with pytest.raises(InputError, match="cut, damaged"):
        read(write(tmp_path, {"d.kmz": (tmp_path / "b.kmz").read_bytes()[:100]}))
    hole = io.BytesIO()
    with zipfile.ZipFile(hole, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.gpkg", b"\0" * 3_000_000)
    with pytest.raises(LimitError):
        read_sites(write(tmp_path, {"e.zip": hole.getvalue()}), limits=SiteLimits(unpacked_bytes=1_000_000))


def test_too_many_vertices_are_a_limit(tmp_path):
    """200,001 vertices in KML, DXF and a table."""
    angle = np.linspace(0, 2 * np.pi, 200_001)
    ring = np.stack([36_432_000 + 5_000 * np.cos(angle), 3_280_000 + 5_000 * np.sin(angle)], 1).tolist()
    many = " ".join(f"{106.5 + x / 1e9},{29.5 + y / 1e9}" for x, y in ring)
    coordinates = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{many}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    table = "点号,X,Y\n" + "\n".join(f"{n},{y},{x}" for n, (x, y) in enumerate(ring))

    for name, content in (("a.kml", placemark(coordinates)), ("a.dxf", dxf([polyline(ring)])), ("a.csv", table)):
        with pytest.raises(LimitError, match="at most 200,000 vertices"):
            read_sites(write(tmp_path, {name: content}))


@pytest.mark.filterwarnings("ignore")
def test_map_features_are_sites_of_their_own(tmp_path):
    """Each feature is a site with its name and columns; together they are one."""
    first, second = shapely.Polygon(SQUARE), shapely.Polygon(BESIDE)
    path = layer(tmp_path / "a.gpkg", [first, second], names=("甲", "乙"), driver="GPKG")
    sites = read_sites(path)

    assert [(site.name, site.attributes) for site in sites] == [("甲", {"DKMC": "甲"}), ("乙", {"DKMC": "乙"})]
    assert read(path, grouping="together").plane_area_m2 == pytest.approx(15_000, abs=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_a_map_whose_ring_crosses_itself_is_refused_not_mended(tmp_path):
    """In a layer of a scheme it would be mended; of a project nobody knows what is meant."""
    bow = shapely.Polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])
    path = layer(tmp_path / "a.shp", [shapely.Polygon(BESIDE), bow], names=("甲", "乙"))
    good, bad = read_sites(path)

    assert good.name == "甲"
    assert (bad.where.row, "crosses itself" in bad.message) == (2, True)


@pytest.mark.filterwarnings("ignore")
def test_a_map_without_a_system_asks_for_one(tmp_path):
    """A Shapefile without .prj: by its eastings, or by what is said beside it."""
    path = layer(tmp_path / "a.shp", [shapely.Polygon(SQUARE)])
    (tmp_path / "a.prj").unlink()

    with pytest.raises(InputError, match="belt 36"):
        read_sites(path, Asked(extent=(105, 28, 110, 32)))
    assert read(path, crs="EPSG:4545").settled.crs.name == "EPSG:4545"


def test_gdal_is_left_as_it_was(tmp_path):
    """The fine steps of arcs are not kept for other readers of the process."""
    before = pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE")
    read(write(tmp_path, {"a.dxf": dxf([BOUNDARY])}))

    assert pyogrio.get_gdal_config_option("OGR_ARC_STEPSIZE") == before
