"""Boundary points in text and tables are read whole, with their rings, plots, belt and axes; what is not sure is refused."""

from __future__ import annotations

import openpyxl
import pytest
import shapely
from support.sites import BESIDE, GROUND, HEAD, HOLE, SQUARE, dms, exchange_text, lonlat, table_text, write

from yudi.core.errors import InputError, LimitError
from yudi.formats.sites.plots import Asked, SiteLimits
from yudi.formats.sites.reading import read_sites
from yudi.formats.sites.shown import site_data

SQUARE_M2, HOLE_M2, BESIDE_M2 = 10_000 * GROUND, 1_600 * GROUND, 5_000 * GROUND


def read(folder, files, **asked):
    """Write files and read the first one's only site."""
    (site,) = read_sites(write(folder, files), Asked(**asked))
    if isinstance(site, InputError):
        raise site
    return site


def area(site):
    """Return a site's area in m² as it is shown."""
    return site_data("a", shapely.geometry.shape(site.geometry), site.findings, site)["area_m2"]


def kinds(site):
    """Return the kinds of a site's findings."""
    return {finding.kind for finding in site.findings}


def test_the_exchange_form_is_read_with_plots_and_holes(tmp_path):
    """Two plots of which one has a hole: 8,400 and 5,000 m² in the plane, on the ground smaller by the belt's scale."""
    site = read(tmp_path, {"a.txt": exchange_text()})

    assert site.settled.crs.name == "EPSG:4524"
    assert site.plane_area_m2 == pytest.approx(13_400, abs=1e-6)
    assert area(site) == pytest.approx(SQUARE_M2 - HOLE_M2 + BESIDE_M2, abs=0.05)
    assert [(plot.name, plot.rings, plot.holes, plot.vertices, plot.differs) for plot in site.plots] == [
        ("地块1", 2, 1, 8, False),
        ("地块2", 1, 0, 4, False),
    ]
    assert site.plane_box == (36432000.0, 3280000.0, 36432100.0, 3280250.0)
    assert kinds(site) == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_letters_do_not_matter(tmp_path, encoding):
    """GBK, UTF-8 with and without mark, UTF-16; full-width commas, brackets and digits; Windows' line ends."""
    plain = exchange_text()
    wide = plain.replace(",", "，").replace("[", "【").replace("]", "】").replace("J1", "Ｊ１").replace("\n", "\r\n")
    site = read(tmp_path, {"a.txt": wide.encode(encoding)})

    assert site.plane_area_m2 == pytest.approx(13_400, abs=1e-6)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("0,0,D8-003,地块4,面,,,,@", "地块4"),
        ("0,0,330106104,横桥村,D8-003,地块4,面,,,,@", "地块4"),
        ("4,10000,地块001,某地,面,H-1,住宅用地,0101,,1,B,C,备注,@", "某地"),
        ("4,1.0公顷,,地块1,面,,,,@,", "地块1"),
        ("4,,7,,面,,,@", "7"),
        ("4,1,,,,,,,@", "1"),
    ],
)
def test_the_lines_of_plots_differ_from_office_to_office(tmp_path, line, name):
    """Counts and areas of 0, more fields before or behind, lines that end in a carriage return only."""
    points = "".join(f"J{n},1,{y},{x + 36e6}\r\n" for n, (x, y) in enumerate(SQUARE, 1))
    site = read(tmp_path, {"a.txt": f"[地块坐标]\r\n{line}\r{points}"})

    assert (site.plots[0].name, site.plots[0].differs, site.plane_area_m2) == (name, False, pytest.approx(10_000))


def test_an_open_ring_is_closed_and_noted(tmp_path):
    """The closing point may be left out, and a vertex may stand twice."""
    text = exchange_text(close=False).replace("8,0.84", "9,0.84")
    doubled = text.replace(
        "J2,1,3280000.000,36432100.000", "J2,1,3280000.000,36432100.000\nJ2,1,3280000.000,36432100.000"
    )
    site = read(tmp_path, {"a.txt": doubled})

    assert kinds(site) == {"ring_unclosed", "doubled_vertices"}
    assert site.plane_area_m2 == pytest.approx(13_400, abs=1e-6)


def test_the_belt_may_stand_in_the_head_alone(tmp_path):
    """Eastings without the belt's number lie in the belt that the head names."""
    site = read(tmp_path, {"a.txt": exchange_text(prefix=0)})

    assert site.settled.crs.name == "EPSG:4545"
    assert "belt 36" in site.settled.why.en
    assert area(site) == pytest.approx(13_400 * GROUND, abs=0.05)


def test_a_six_degree_belt_is_known_by_its_number(tmp_path):
    """Belt 18 of 6 degrees has the central meridian 105°; its system is EPSG:4507 without the number and 4496 with it."""
    head = HEAD.replace("几度分带=3", "几度分带=6").replace("带号=36", "带号=18")
    site = read(tmp_path, {"a.txt": exchange_text(head=head, prefix=0)})
    numbered = read(tmp_path, {"b.txt": exchange_text(head=head, prefix=18e6)})

    assert (site.settled.crs.name, numbered.settled.crs.name) == ("EPSG:4507", "EPSG:4496")


def test_exchanged_columns_are_told_by_their_size(tmp_path):
    """Where easting stands before northing, as many programs write it, the numbers show it, and it is said."""
    rows = "\n".join(f"{n},{x + 36e6},{y}" for n, (x, y) in enumerate(SQUARE, 1))
    site = read(tmp_path, {"a.csv": f"点号,X,Y\n{rows}\n"})

    assert site.settled.axes.en == "easting first, then northing (by their size; the header only says X and Y)"
    assert area(site) == pytest.approx(SQUARE_M2, abs=0.02)


@pytest.mark.parametrize(
    ("old", "new", "row", "words"),
    [
        ("带号=36", "带号=35", 9, "begin with 36"),
        ("带号=36", "带号=50", 9, "13 to 45"),
        ("几度分带=3", "几度分带=6", 9, "one of 3°"),
        ("2000国家大地坐标系", "1980西安坐标系", 9, "up to 100 m"),
        ("2000国家大地坐标系", "1954北京坐标系", 9, "up to 100 m"),
        ("2000国家大地坐标系", "某地独立坐标系", 5, "expected a reference system"),
        ("计量单位=米", "计量单位=尺", 8, "expected a unit"),
        ("10,0.84,1", "12,0.84,1", 13, "says 12 points, but 10 follow"),
        ("10,0.84,1", "10,abc,1", 13, "expected the plot's area"),
        ("J3,1,3280100.000", "J3,1,328O100.000", 16, "expected an angle"),
        ("J3,1,3280100.000", "J3,1,", 16, "expected an angle"),
        ("J3,1,3280100.000", "J3,1,9280100.000", 16, "expected a northing"),
        ("J3,1,3280100.000,36432100.000", "J3,1,36432100.000,3280100.000", 16, "exchanged in this row"),
        ("J3,1,3280100.000,36432100.000", "J3,1,3280100.000,35432100.000", 16, "here with 35"),
        ("J3,1,3280100.000,36432100.000", "J3,1", 16, "expected a point as"),
        ("J1,1,3280000.000,36432000.000\nJ5", "J1,1,3280001.000,36432000.000\nJ5", 18, "closing point J1"),
    ],
)
def test_a_planted_defect_is_refused_where_it_stands(tmp_path, old, new, row, words):
    """Each with file and row, whatever it is: head, count, area, number, belt, order of axes."""
    text = exchange_text()
    assert old in text, "the text has changed"
    path = write(tmp_path, {"a.txt": text.replace(old, new, 1)})

    with pytest.raises(InputError, match=words) as error:
        read_sites(path)

    assert (error.value.where.file, error.value.where.row) == ("a.txt", row)
    assert error.value.hint


def test_a_ring_that_crosses_itself_is_refused_by_the_names_of_its_points(tmp_path):
    """Two points in the wrong order: the edges that cross are named, with the row in which the first begins."""
    crossed = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]

    with pytest.raises(InputError, match="crosses itself, between J1–J2 and J3–J4") as error:
        read(tmp_path, {"a.csv": table_text(crossed)})

    assert (error.value.where.file, error.value.where.row) == ("a.csv", 2)


def test_a_plot_inside_another_has_two_readings(tmp_path):
    """Not by ring but by plot: a hole, or a plot twice? One site of both is refused, each by itself is read."""
    text = exchange_text(((SQUARE,), (HOLE,)), areas=("1", "0.16"))

    with pytest.raises(InputError, match="inside another"):
        read(tmp_path, {"a.txt": text})
    assert [site.name for site in read_sites(tmp_path / "a.txt", Asked(grouping="each"))] == ["地块1", "地块2"]
    assert area(read(tmp_path, {"a.txt": text}, plots=("地块2",))) == pytest.approx(HOLE_M2, abs=0.02)


def test_an_island_in_a_hole_has_two_readings(tmp_path):
    """A third ring inside the hole of the same plot is refused."""
    island = [(x * 0.5 + 216025, y * 0.5 + 1640025) for x, y in HOLE]

    with pytest.raises(InputError, match="two readings"):
        read(tmp_path, {"a.txt": exchange_text(((SQUARE, HOLE, island),), areas=())})


def test_a_further_ring_beside_the_first_is_a_part(tmp_path):
    """Rings of one plot that lie apart are parts of it."""
    site = read(tmp_path, {"a.txt": exchange_text(((SQUARE, BESIDE),), areas=())})

    assert (site.plots[0].parts, site.plots[0].holes) == (2, 0)
    assert site.plane_area_m2 == pytest.approx(15_000, abs=1e-6)


def test_rings_under_one_number_end_where_they_return(tmp_path):
    """Programs that give all rings of a plot the number 1 still close each."""
    text = exchange_text(((SQUARE, BESIDE),), areas=()).replace(",2,", ",1,")
    site = read(tmp_path, {"a.txt": text})

    assert site.plots[0].parts == 2


@pytest.mark.parametrize(
    ("stated", "differs"),
    [("0.84", False), ("8400", False), ("12.6亩", False), ("8400平方米", False), ("0.83", True), ("84", True)],
)
def test_a_stated_area_is_held_against_the_computed_one(tmp_path, stated, differs):
    """In hectares, m² or mu, as it says or fits; 8,400 m² are 0.84 ha and 12.6 mu; more than 1 % off is told."""
    site = read(tmp_path, {"a.txt": exchange_text(areas=(stated, ""))})

    assert site.plots[0].differs is differs
    assert ("area_differs" in kinds(site)) is differs


def test_plane_coordinates_without_a_belt_are_refused_with_the_candidates(tmp_path):
    """The square lies near 107.3°E in belt 36; in an area of 105° to 110° also belt 35 would put it (near 104.3° not)."""
    path = write(tmp_path, {"a.csv": table_text(prefix=0)})

    with pytest.raises(InputError, match=r"in 3° belt 36 \(EPSG:4545, 108°E\): which") as error:
        read_sites(path, Asked(extent=(105, 28, 110, 32)))
    assert error.value.where.field == "crs"
    with pytest.raises(InputError, match=r"belt 35 .* or .*belt 36"):
        read_sites(path, Asked(extent=(104, 28, 110, 32)))
    with pytest.raises(InputError, match="in no belt"):
        read_sites(path, Asked(extent=(120, 40, 122, 42)))


@pytest.mark.parametrize("crs", ["EPSG:4545", "3度带36带", "3° belt 36", "中央经线108度"])
def test_the_belt_may_be_named_beside_the_file(tmp_path, crs):
    """By its EPSG code, or in words."""
    site = read(tmp_path, {"a.csv": table_text(prefix=0)}, crs=crs)

    assert site.settled.crs.name == "EPSG:4545"
    assert site.settled.why.en == f"as asked: {crs}"


def test_a_system_beside_the_file_may_not_contradict_it(tmp_path):
    """Another belt, or another datum, than the file says is refused unless it is forced."""
    path = write(tmp_path, {"a.txt": exchange_text(prefix=0)})

    for crs in ("EPSG:4546", "3度带37带"):
        with pytest.raises(InputError, match="file says"):
            read_sites(path, Asked(crs=crs))
    (forced,) = read_sites(path, Asked(crs="force:EPSG:4546"))
    assert forced.settled.crs.name == "EPSG:4546"
    with pytest.raises(InputError, match="name EPSG:4545"):
        read_sites(path, Asked(crs="EPSG:4524"))


def test_an_old_datum_is_read_with_parameters(tmp_path):
    """With a shift the text of 1980 is read; the shift of 100 m along the axis to Greenwich moves it."""
    text = exchange_text(head=HEAD.replace("2000国家大地坐标系", "1980西安坐标系"))
    site = read(tmp_path, {"a.txt": text}, shift=(0.0, 0.0, 0.0))
    moved = read(tmp_path, {"a.txt": text}, shift=(0.0, 0.0, 100.0))

    assert site.settled.crs.name == "EPSG:2360"
    assert "datum_shift" in kinds(site)
    assert site.geometry != moved.geometry


def test_an_unstated_datum_is_told(tmp_path):
    """An easting with the belt's number says the belt, but not the datum."""
    site = read(tmp_path, {"a.csv": table_text()})
    titled = read(tmp_path, {"b.csv": "2000国家大地坐标系,,\n" + table_text()})

    assert "datum_assumed" in kinds(site)
    assert "datum_assumed" not in kinds(titled)


@pytest.mark.parametrize(
    "text",
    [
        table_text(header="序号,X,Y"),
        table_text(header=""),
        table_text().replace(",", "\t"),
        table_text().replace(",", " "),
        table_text(header="").replace(",", "  "),
        table_text(header="").replace(",", "，"),
        table_text(header="拐点编号,北坐标（米）,东坐标（米）"),
        "\n".join(f"{y},{x + 36e6}" for x, y in SQUARE),
        "\n".join(f"{n},,{x + 36e6},{y},251.3" for n, (x, y) in enumerate(SQUARE, 1)),
    ],
    ids=["number", "headless", "tabs", "blanks", "headless blanks", "wide", "words", "bare", "instrument"],
)
def test_plain_tables_are_read_however_they_are_set(tmp_path, text):
    """With or without header and numbers, separated by commas, tabs or blanks, in the order of instruments too."""
    site = read(tmp_path, {"a.txt": text})

    assert area(site) == pytest.approx(SQUARE_M2, abs=0.02)


def test_degrees_minutes_and_seconds_in_a_table(tmp_path):
    """The same square in degrees lies where it does in the plane, to the tenth of a millimetre that 1e-7″ hold."""
    rows = "\n".join(f"J{n},{dms(lon)},{dms(lat)}" for n, (lon, lat) in enumerate(lonlat(SQUARE), 1))
    site = read(tmp_path, {"a.csv": f"点号,经度,纬度\n{rows}\n"})

    assert area(site) == pytest.approx(SQUARE_M2, abs=0.02)
    assert site.settled.why.en.startswith("degrees; no system is stated")


def test_letters_give_the_order_of_angles(tmp_path):
    """Latitude before longitude, without a header, with N and E."""
    rows = "\n".join(f"{dms(lat, 'N')},{dms(lon, 'E')}" for lon, lat in lonlat(SQUARE))
    site = read(tmp_path, {"a.txt": rows})

    assert area(site) == pytest.approx(SQUARE_M2, abs=0.02)


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("点号,经度,纬度\n1,106°30′,29°30′\n2,106.6,29.5\n3,106.6,29.6\n", 3, "one way of writing"),
        ("点号,经度,纬度\n1,29.5,106.5\n2,29.6,106.5\n3,29.6,106.6\n", 2, "exchanged"),
        ("点号,经度,纬度\n1,1063015,293015\n2,1063515,293015\n3,1063515,293515\n", 2, "expected degrees"),
        ("点号,X,Y\n1,100.125,50.25\n2,120.5,50.25\n3,120.5,80.5\n", 2, "local system"),
        ("点号,纵坐标,横坐标\n1,29.50001,106.50001\n2,29.51111,106.5\n3,29.51111,106.6\n", 2, "expected metres"),
        ("点号,X,Y\n1,80123.456,62345.678\n2,80223.456,62345.678\n3,80223.4,62445.6\n", 2, "local system"),
        ("点号,横坐标,纵坐标\n1,3280000,36432000\n2,3280000,36432100\n3,3280100,36432100\n", 2, "look exchanged"),
        ("点号,X,Y\n1,3280000,36432000\n2,,36432100\n3,3280100,36432100\n", 3, "empty cell"),
        ("点号,X,Y\n1,3280000,36432000\n2,3280000,36432100\n", 2, "at least 3"),
        ("点号,X,Y\n1,3280000,36432000\n2,3280000,36432100\n3,3280000,36432200\n", 2, "with an area"),
        ("X,Y,X,Y\n1,1,2,3\n", 1, "expected one column"),
        ("点号,X,Y,点号,X\n1,1,2,3,4\n", 1, "expected one column"),
    ],
)
def test_a_table_that_is_not_sure_is_refused(tmp_path, text, row, words):
    """Mixed angles, exchanged columns, packed numbers, local systems, holes in the table, too few points."""
    path = write(tmp_path, {"a.csv": text})

    with pytest.raises(InputError, match=words) as error:
        read_sites(path)

    assert (error.value.where.file, error.value.where.row) == ("a.csv", row)


def test_the_order_of_degrees_is_shown_by_china_or_asked_for(tmp_path):
    """Latitude 45 and longitude 85 in the west of China: in WGS 84 too the order that lies there is taken; far away it is asked."""
    west = "点号,X,Y\n1,45.12341,85.43211\n2,45.22341,85.43211\n3,45.22341,85.53211\n"
    head = "WGS84坐标系,,\n"

    for files, asked in (({"a.csv": west}, ""), ({"b.csv": head + west}, ""), ({"c.csv": west}, "EPSG:4326")):
        assert read(tmp_path, files, crs=asked).geometry["coordinates"][0][0] == [85.43211, 45.12341]
    away = west.replace("85.", "8.")
    with pytest.raises(InputError, match="whose order is known"):
        read(tmp_path, {"d.csv": away}, crs="EPSG:4326")
    named = read(tmp_path, {"e.csv": away.replace("X,Y", "lat,lon")}, crs="EPSG:4326")
    assert named.geometry["coordinates"][0][0] == [8.43211, 45.12341]


def test_a_title_with_two_datums_is_refused_until_one_is_named(tmp_path):
    """Converted from one to the other: nobody can tell which of them the numbers are in; of two that agree within 1 m nobody need."""
    text = "西安80转换为2000国家大地坐标系,,\n" + table_text()
    with pytest.raises(InputError, match=r"西安80转换为2000国家大地坐标系.*--crs"):
        read(tmp_path, {"a.csv": text})
    named = read(tmp_path, {"a.csv": text}, crs="EPSG:4524")
    alike = read(tmp_path, {"b.csv": "CGCS2000（WGS84）,,\n" + table_text()})

    assert named.settled.crs.name == alike.settled.crs.name == "EPSG:4524"
    assert kinds(alike) == {"ring_unclosed"}


@pytest.mark.parametrize(
    ("names", "odd"),
    [
        (["J1", "J2", "J3", "J4"], set()),
        (["J3", "J4", "J1", "J2"], set()),
        (["4", "3", "2", "1"], set()),
        (["A", "B", "C", "D"], set()),
        (["101", "2077", "35", "900"], set()),
        (["J1", "J2", "J3", "J5"], {"numbers_skipped"}),
        (["J1", "J2", "J2", "J3"], {"numbers_repeated"}),
        (["J1", "J2", "J2", "J4"], {"numbers_skipped", "numbers_repeated"}),
        (["J1", "J3", "J2", "J4"], {"numbers_unordered"}),
    ],
)
@pytest.mark.parametrize("closing", [True, False])
def test_numbers_of_points_that_do_not_run_on_are_noted(tmp_path, names, odd, closing):
    """A ring may begin anywhere and run either way, with or without its closing point; what is no number is not judged."""
    rows = [f"{name},{y},{x + 36e6}" for name, (x, y) in zip(names, SQUARE, strict=True)]
    site = read(tmp_path, {"a.csv": "\n".join(["CGCS2000,,", "点号,纵坐标,横坐标", *rows, *rows[:closing]])})

    assert kinds(site) - {"ring_unclosed"} == odd


@pytest.mark.parametrize(
    ("extent", "said"),
    [
        (None, "behind one point: if"),
        ((106.2, 29.2, 106.4, 29.4), "decimal degrees: yes; as minutes and seconds: no"),
        ((106.5, 29.5, 106.6, 29.6), "decimal degrees: no; as minutes and seconds: yes"),
    ],
)
@pytest.mark.parametrize("head", ["点号,经度,纬度", "点号,东经,北纬"])
def test_packed_numbers_are_suspected_wherever_they_lie(tmp_path, extent, said, head):
    """106.3045 may be 106°30′45″; whole minutes have no seconds to show, and where the edition lies decides nothing."""
    text = f"{head}\n1,106.3045,29.30\n2,106.3200,29.30\n3,106.3200,29.3115\n"
    site = read(tmp_path, {"a.csv": text}, extent=extent)
    (note,) = [one for one in site.findings if one.kind == "maybe_packed"]

    assert said in note.message
    assert "--angles D.MMSS" in note.message


def test_degrees_that_a_form_names_may_be_packed_too(tmp_path):
    """The exchange form says only that its unit is the degree; marks of minutes leave nothing to suspect."""
    head = HEAD.replace("计量单位=米", "计量单位=度").replace("带号=36\n", "").replace("几度分带=3\n", "")
    places = ["29.3015,106.3045", "29.3015,106.3145", "29.3115,106.3145"]
    plain = head + "3,,1,地块1,面,,,,@\n" + "".join(f"J{n},1,{place}\n" for n, place in enumerate(places, 1))
    marked = plain.replace("29.3015", "29°30′15″").replace("29.3115", "29°31′15″")
    marked = marked.replace("106.3045", "106°30′45″").replace("106.3145", "106°31′45″")

    assert "maybe_packed" in kinds(read(tmp_path, {"a.txt": plain}))
    assert "maybe_packed" not in kinds(read(tmp_path, {"b.txt": marked}))


def test_packed_numbers_are_suspected(tmp_path):
    """Where no digits behind the points could not be minutes and seconds, a person is asked to look."""
    suspect = "点号,经度,纬度\n1,106.33152,29.30101\n2,106.33452,29.30101\n3,106.33452,29.30401\n4,106.33152,29.30401\n"
    plain = suspect.replace("106.33452", "106.33772")

    assert "maybe_packed" in kinds(read(tmp_path, {"a.csv": suspect}))
    assert "maybe_packed" not in kinds(read(tmp_path, {"b.csv": plain}))
    assert "maybe_packed" not in kinds(read(tmp_path, {"a.csv": suspect}, angles="D.MMSS"))


def test_packed_angles_in_a_table_when_declared(tmp_path):
    """DDMMSS is read as such only when asked for; a square of 1′ at 29.5°N is 1,848 m by 1,616 m."""
    text = "点号,经度,纬度\n1,1063000,293000\n2,1063100,293000\n3,1063100,293100\n4,1063000,293100\n"
    site = read(tmp_path, {"a.csv": text}, angles="DDMMSS")

    assert site.geometry["coordinates"][0][0] == [106.5, 29.5]
    assert area(site) == pytest.approx(1_847.6 * 1_616.6, rel=1e-3)


def workbook(path, sheets):
    """Write rows as sheets of a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_a_workbook_with_several_sheets_and_plots(tmp_path):
    """Each sheet with points gives plots; titles name them, empty rows and areas in notes are understood."""
    head = ["点号", "圈号", "X坐标", "Y坐标"]

    def rows(corners, ring=1):
        return [[f"J{n}", ring, y, x + 36e6] for n, (x, y) in enumerate(corners, 1)]

    first = [
        ["某项目界址点成果表（2000国家大地坐标系，3度带）"],
        head,
        *rows(SQUARE),
        *rows(HOLE, 2),
        ["面积：0.84公顷"],
    ]
    second = [["地块二"], head, *rows(BESIDE), [], ["制表：某人"]]
    path = workbook(tmp_path / "a.xlsx", {"地块一": first, "二": second, "说明": [["无"]]})
    (site,) = read_sites(path)

    assert site.plane_area_m2 == pytest.approx(13_400, abs=1e-6)
    assert [(plot.name, plot.holes) for plot in site.plots] == [("地块一", 1), ("二 / 地块二", 0)]
    assert (site.plots[0].stated.number, site.plots[0].differs) == (0.84, False)
    assert kinds(site) == {"ring_unclosed", "sheets_skipped", "lines_skipped"}
    (one,) = read_sites(path, Asked(layer="二"))
    assert one.plane_area_m2 == pytest.approx(5_000, abs=1e-6)


def test_plots_by_a_column_and_by_titles_between(tmp_path):
    """A column names the plots, or rows with a title part them."""
    column = "地块号,点号,X,Y\n" + "".join(
        f"{plot},J{n},{y},{x + 36e6}\n"
        for plot, ring in (("甲", SQUARE), ("乙", BESIDE))
        for n, (x, y) in enumerate(ring, 1)
    )
    titles = "地块甲,,\n" + table_text() + "地块乙,,\n" + table_text(BESIDE)

    assert [plot.name for plot in read(tmp_path, {"a.csv": column}).plots] == ["甲", "乙"]
    site = read(tmp_path, {"b.csv": titles})
    assert site.plane_area_m2 == pytest.approx(15_000, abs=1e-6)


def test_points_in_two_groups_of_columns(tmp_path):
    """As printed reports set them: the second group goes on with the next number, else it is refused."""
    (a, b, c, d) = [f"{y},{x + 36e6}" for x, y in SQUARE]
    head = "点号,X,Y,点号,X,Y\n"

    site = read(tmp_path, {"a.csv": f"{head}J1,{a},J3,{c}\nJ2,{b},J4,{d}\n,,,J1,{a}\n"})
    assert site.plane_area_m2 == pytest.approx(10_000)
    assert "ring_unclosed" not in kinds(site)
    with pytest.raises(InputError, match="do not go on with the next number") as error:
        read(tmp_path, {"b.csv": f"{head}J1,{a},J2,{b}\nJ3,{c},J4,{d}\n"})
    assert error.value.where.row == 2


def test_rings_parted_by_an_empty_row_that_begin_again(tmp_path):
    """Without ring numbers a ring begins after an empty row where the numbering begins again."""
    site = read(tmp_path, {"a.txt": table_text() + "\n" + table_text(BESIDE, header="")})

    assert site.plots[0].parts == 2


def test_limits_hold(tmp_path):
    """Too many vertices or plots are a limit, not a crash."""
    path = write(tmp_path, {"a.txt": exchange_text()})

    with pytest.raises(LimitError, match="at most 5 vertices"):
        read_sites(path, limits=SiteLimits(vertices=5))
    with pytest.raises(LimitError, match="at most 1 plots"):
        read_sites(path, limits=SiteLimits(plots=1))
    with pytest.raises(LimitError, match="at most 10 file bytes"):
        read_sites(path, limits=SiteLimits(file_bytes=10))


@pytest.mark.parametrize("name", ["a.dwg", "a.pdf", "a.docx", "a.rar"])
def test_other_formats_are_refused_with_the_next_step(tmp_path, name):
    """A drawing of AutoCAD's own, a print, a letter: what to do instead."""
    with pytest.raises(InputError) as error:
        read_sites(write(tmp_path, {name: b"AC1027"}))

    assert error.value.hint
