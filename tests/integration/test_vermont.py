"""The first scheme, foreign and real, held against a plain reading of its table: every district, use and lot.

The plain reading knows nothing of Yudi: it takes the file's properties with `json`, finds the districts of a point by
counting crossings of rings (even-odd, so a shell within a shell is a hole), and applies the sentences of SOURCES.md.
Other regions of the atlas are read from the folder YUDI_VERMONT_ATLAS (``*_Zoning.geojson``) where it is set.
"""

from __future__ import annotations

import json
import os
import random
from copy import deepcopy
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from yudi.api import ask, open_edition
from yudi.core.errors import InputError
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled
from yudi.territory.projects import Project, read_facts
from yudi.territory.screening import screen
from yudi.territory.verdict import verdict_data

DAY = date(2026, 11, 24)
ATLAS = os.environ.get("YUDI_VERMONT_ATLAS", "")
UNSET = pytest.mark.skip(reason="YUDI_VERMONT_ATLAS names no folder with other regions, which are not shipped")
OTHERS = sorted(Path(ATLAS).glob("*_Zoning.geojson")) if ATLAS else []
USES = {  # use: the columns of its allowance and of its smallest lot
    "1F": ("1F Allowance", "1F Min Lot"),
    "2F": ("2F Allowance", "2F Min Lot Size"),
    "3F": ("3F Allowance", "3F Min Lot Size"),
    "4F": ("4F Allowance", "4F Min Lot Size"),
    "5F": ("5F Allowance", "5F Min Lot Size"),
    "ADU": ("ADU Allowance", "ADU Min Lot Size"),
    "PRD": ("PRD Allowance", "PRD Min Lot Size"),
    "AH": ("Affordable Housing Allowance", "Affordable Housing Min Lot Size"),
}
AMPLE = 10_000.0  # acres; no bylaw asks as much


# The plain reading


def reading(row, use, lot):
    """Return what one district says of one use: prohibits, unknown, silent, conditions; and whether it answers."""
    if text(row["District Type"]) == "Overlay not Affecting Use":
        return set(), False
    allowance, least = (text(row[column]) for column in USES[use])
    said = {
        "Prohibited": {"prohibits"},
        "Public Hearing": {"conditions"},
        "Allowed/Conditional": {"conditions"},
        "Not Mentioned": {"silent"},
        "": {"silent"},
        "Permitted": set(),
        "Overlay": set(),
    }[allowance]
    if least:
        said |= {"unknown"} if lot is None else {"prohibits"} if lot < float(least) else set()
    return said, allowance != "Overlay"


def expected(rows, use, lot, *, alone=None, presumed=False):
    """Return the verdict at a place in these districts; `alone` counts only what that one says."""
    if use is None:  # a ban that may concern the project may prohibit it, and so on
        each = {expected(rows, one, lot, alone=alone, presumed=presumed) for one in USES}
        if each & {"prohibited", "undetermined"}:
            return "undetermined"
        return "conditional" if "conditional" in each else "admissible"
    said = [reading(row, use, lot) for row in rows]
    speaking = said if alone is None else [said[alone]]
    everything = set().union(*(words for words, _ in speaking))
    is_left_open = not any(answers for _, answers in said) and any(not answers for _, answers in speaking)
    if "prohibits" in everything:
        return "prohibited"
    if "unknown" in everything or is_left_open or ("silent" in everything and not presumed):
        return "undetermined"
    return "conditional" if "conditions" in everything else "admissible"


def text(value):
    return "" if value is None else str(value).strip()


def crossings(ring, x, y):
    """Return whether a ray from the point to the east crosses the ring an odd number of times."""
    (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
    spans = (y1 > y) != (y2 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        return bool(np.count_nonzero(spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)) % 2)


def districts_at(features, x, y):
    """Return the indices of the features that cover the point, by the even-odd rule over all their rings."""
    return [index for index, rings in enumerate(features) if sum(crossings(ring, x, y) for ring in rings) % 2]


def rings_of(feature):
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    closed = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for polygon in polygons for ring in polygon]
    return [np.array(ring, dtype=float)[:, :2] for ring in closed]


def places(features, tries=20):
    """Return points in each district, the first and those in combinations of districts not seen before.

    They lie off every border (0.00001 degrees is about a metre); the seed is fixed.
    """
    rings = [rings_of(feature) for feature in features]
    lines = shapely.union_all([shapely.LineString(ring) for item in rings for ring in item])
    shapely.prepare(lines)
    rng, found, seen = random.Random(20261124), [], set()
    for index, own in enumerate(rings):
        (west, south), (east, north) = (pick(np.vstack(own), axis=0) for pick in (np.min, np.max))
        got = 0
        for _ in range(20_000):
            x, y = rng.uniform(west, east), rng.uniform(south, north)
            inside = sum(crossings(ring, x, y) for ring in own) % 2
            if inside and not shapely.dwithin(lines, shapely.Point(x, y), 1e-5):
                there = tuple(districts_at(rings, x, y))
                if not got or there not in seen:
                    found.append((index, x, y, there))
                seen.add(there)
                got += 1
                if got == tries:
                    break
        assert got, f"no point found in feature {index + 1}"
    return found


# Yudi, and the comparison


def scheme_of(root, folder, path=None, change=None):
    """Return the shipped scheme beside a map file, with nothing changed but the file's name."""
    words = (root / "examples/vermont/scheme.toml").read_text(encoding="utf-8")
    name = "LCPC_Zoning.geojson"
    source = json.loads((path or root / "examples/vermont" / name).read_text(encoding="utf-8"))
    if change is not None:
        change(source)
    (folder / "Other_Zoning.geojson").write_text(json.dumps(source), encoding="utf-8")
    assert words.count(f'"{name}"') == 1
    (folder / "scheme.toml").write_text(words.replace(f'"{name}"', '"Other_Zoning.geojson"'), encoding="utf-8")
    return folder / "scheme.toml", source["features"]


def built(scheme, folder):
    write_edition(compiled(read_scheme(scheme)), folder)
    return open_edition(folder)


def asked(edition, point, use, lot):
    facts, _ = read_facts({"use": use, "lot_acres": lot}, edition.data.rules.vocabulary)
    return screen(Project("p", shapely.Point(*point), facts), (edition.data,), as_of=DAY)


def differences(edition, features):
    """Return (cases asked, those where the verdict, the presumed one or that of a district is not as read)."""
    rows = [feature["properties"] for feature in features]
    count, wrong = 0, []
    for index, x, y, there in places(features):
        here, codes = [rows[i] for i in there], [str(rows[i]["OBJECTID"]) for i in there]
        for use in (*USES, None):
            least = text(rows[index][USES[use or "1F"][1]])
            exact = float(least) if least else 1.0
            for lot in (AMPLE, exact, exact * 0.99, None):
                answer = asked(edition, (x, y), use, lot)
                want = (expected(here, use, lot), expected(here, use, lot, presumed=True))
                got = (answer.verdict, answer.presumed_verdict)
                if lot in (AMPLE, exact * 0.99):  # half of the cases, for making the whole answer takes as long again
                    want += ({code: expected(here, use, lot, alone=i) for i, code in enumerate(codes)},)
                    got += (verdict_data(answer)["by_unit"],)
                count += 1
                if got != want:
                    wrong.append(((x, y), codes, use, lot, got, want))
    return count, wrong


@pytest.fixture(scope="module")
def vermont(root, tmp_path_factory):
    return built(root / "examples/vermont/scheme.toml", tmp_path_factory.mktemp("vermont") / "edition")


@pytest.fixture(scope="module")
def features(root):
    source = json.loads((root / "examples/vermont/LCPC_Zoning.geojson").read_text(encoding="utf-8"))
    return source["features"]


def test_every_district_use_and_lot_is_as_the_table_says(vermont, features):
    """Every district and combination of districts × 9 uses (one unstated) × 4 lots: verdict, presumed, by district."""
    count, wrong = differences(vermont, features)

    assert len(features) == 69
    assert count >= 69 * 9 * 4
    assert wrong == []


@pytest.mark.parametrize("path", OTHERS or [pytest.param(None, marks=UNSET)], ids=lambda path: path and path.stem)
def test_other_regions_build_by_the_file_name_alone(root, tmp_path, path):
    """A region of the atlas in YUDI_VERMONT_ATLAS, dirtier than ours, is as its own table says."""
    scheme, features = scheme_of(root, tmp_path, path)
    count, wrong = differences(built(scheme, tmp_path / "edition"), features)

    assert count >= len(features) * 9 * 4
    assert wrong == []


def test_a_dirty_region_is_as_its_table_says(root, tmp_path):
    """Nested shells, overlapping base districts, crossing and unclosed rings, odd cells: built, reported, and right."""
    scheme, features = scheme_of(root, tmp_path, change=soil)
    edition = built(scheme, tmp_path / "edition")
    count, wrong = differences(edition, features)

    assert count >= len(features) * 9 * 4
    assert wrong == []
    assert {(finding.where.row, finding.kind) for finding in edition.data.findings if finding.where.row} == {
        (1, "shell_inside_shell"),
        (3, "ring_crosses_itself"),
        (5, "ring_unclosed"),
        (5, "doubled_vertices"),
    }


def box(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


SHAPES = [
    # a shell, a shell inside it that is a hole, and an island in the hole
    [[box(0, 0, 10, 10)], [box(2, 2, 8, 8)], [box(4, 4, 6, 6)]],
    # a base district that overlaps the first
    [[box(7, 7, 14, 14)]],
    # a ring that crosses itself
    [[[[16, 0], [24, 8], [24, 0], [16, 6], [16, 0]]]],
    # an overlay over the first, and beyond all others
    [[box(-4, 4, 5, 9)]],
    # doubled vertices, and a ring that is not closed
    [[[[18, -2], [22, -2], [22, -2], [22, 12], [18, 12]]]],
    # an overlay that says nothing of use, over the crossing ring and beyond
    [[box(20, 4, 30, 12)]],
    # a district with a proper hole, under nothing
    [[box(0, 20, 10, 30), box(3, 23, 7, 27)]],
]
TYPES = ("Primarily Residential", "Nonresidential", "Overlay not Affecting Use", "Mixed with Residential ")


def soil(source):
    """Make a region of seven odd shapes, with every kind of cell in its table, out of the real file's form."""
    rng = random.Random(7)
    names = dict.fromkeys(source["features"][0]["properties"])
    kinds = [TYPES[0], TYPES[3], TYPES[1], TYPES[0], TYPES[0], TYPES[2], TYPES[3]]
    made = []
    for index, polygons in enumerate(SHAPES):
        row = {**names, "OBJECTID": 900 + index, "Jurisdiction District Name": f"District {index} "}
        row |= {"District Type": kinds[index], "Overlay District": "Yes" if index in (3, 5) else "No"}
        for allowance, least in USES.values():
            row[allowance] = rng.choice(
                ["Permitted", "Prohibited ", "Public Hearing", "Allowed/Conditional", "Not Mentioned", "Overlay", None]
            )
            row[least] = rng.choice([None, None, "0.125", " 2", 3, 0.5])
        if index == 3:
            row |= {allowance: "Overlay" for allowance, _ in USES.values()}
        shifted = [
            [[[-72.6 + x / 500, 44.4 + y / 500] for x, y in ring] for ring in polygon] for polygon in deepcopy(polygons)
        ]
        made.append(
            {"type": "Feature", "properties": row, "geometry": {"type": "MultiPolygon", "coordinates": shifted}}
        )
    source["features"] = made


def test_outside_every_district_is_undetermined(vermont):
    """Johnson has no district on the map: nothing is known there, for no use and no lot."""
    answer = asked(vermont, (-72.6804, 44.6356), "1F", AMPLE)

    assert (answer.verdict, answer.presumed_verdict, answer.uncovered_share) == ("undetermined", "undetermined", 1.0)


# Words where a number or a known value was expected


def set_first(**cells):
    """Return a change that puts cells into the row of Stowe's rural district 5 (OBJECTID 594)."""

    def change(source):
        row = next(item["properties"] for item in source["features"] if item["properties"]["OBJECTID"] == 594)
        assert set(cells) <= set(row)
        row |= cells

    return change


RURAL = {"type": "Point", "coordinates": [-72.781, 44.53]}


def verdict_at_rural(edition, **facts):
    return ask({"geometry": RURAL, "facts": facts}, (edition,), as_of=DAY)


def person(value):
    return {"value": value, "by": "zoning administrator", "date": "2026-11-20"}


@pytest.fixture(scope="module")
def worded(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("worded")
    cells = {"1F Min Lot": "1 acre per unit, see 3.5", "2F Allowance": "Permitted with site plan"}
    scheme, _ = scheme_of(root, folder, change=set_first(**cells, **{"3F Min Lot Size": "87120 ft2"}))
    return built(scheme, folder / "edition")


def test_words_in_a_column_are_reported(worded):
    """The build goes on, and names the row and the words of every cell that became a clause in words."""
    noticed = [finding for finding in worded.data.findings if finding.kind == "value_in_words"]

    assert sorted(finding.message.partition("got ")[2] for finding in noticed) == [
        "'1 acre per unit, see 3.5'; kept as a clause in words",
        "'Permitted with site plan'; kept as a clause in words",
    ]
    assert {finding.where.row for finding in noticed} == {31}  # the feature's place in the file, from 1


def test_words_for_a_smallest_lot_ask_a_person(worded):
    """However large the lot, a person says whether the words are met; a lot cannot be changed, so it may prohibit."""
    answer = verdict_at_rural(worded, use="1F", lot_acres=AMPLE)
    opened = {item["id"]: item for item in answer["clauses"]["open"]}

    assert (answer.verdict, answer["presumed"]["verdict"]) == ("undetermined", "undetermined")
    assert opened["594/1F/min-lot"]["may"] == "prohibit"
    assert opened["594/1F/min-lot"]["in_words"] is True
    assert "1 acre per unit, see 3.5" in opened["594/1F/min-lot"]["text"]["en"]
    assert set(opened["594/1F/min-lot"]["needs"]) == {"concerns:594/1F/min-lot", "fulfils:594/1F/min-lot"}


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"fulfils": True}, "admissible"),
        ({"concerns": False}, "admissible"),
        ({"concerns": True}, "undetermined"),
        ({"concerns": True, "fulfils": True}, "admissible"),
        ({"concerns": True, "fulfils": False}, "prohibited"),
        ({"fulfils": False}, "undetermined"),
    ],
)
def test_a_persons_answers_settle_the_words(worded, answers, verdict):
    """Answers by name and date decide as the table of effects says."""
    facts = {f"{key}:594/1F/min-lot": person(value) for key, value in answers.items()}

    assert verdict_at_rural(worded, use="1F", lot_acres=AMPLE, **facts).verdict == verdict


def test_words_for_one_use_leave_the_others_alone(worded):
    """Four dwellings on five acres still need a hearing only, as the column for four says."""
    assert verdict_at_rural(worded, use="4F", lot_acres=5).verdict == "conditional"


def test_an_allowance_that_no_one_named_is_a_ban_until_a_person_says_otherwise(worded):
    """ "Permitted with site plan" is no value of the template: a clause in words that may prohibit."""
    answer = verdict_at_rural(worded, use="2F", lot_acres=AMPLE)
    key = "concerns:594/2F/allowance"

    assert (answer.verdict, answer.questions) == ("undetermined", [key])
    assert verdict_at_rural(worded, use="2F", lot_acres=AMPLE, **{key: person(False)}).verdict == "admissible"
    assert verdict_at_rural(worded, use="2F", lot_acres=AMPLE, **{key: person(True)}).verdict == "prohibited"


def test_a_number_with_another_unit_is_converted(worded):
    """87,120 square feet are two acres (43,560 each)."""
    assert verdict_at_rural(worded, use="3F", lot_acres=1.99).verdict == "prohibited"
    assert verdict_at_rural(worded, use="3F", lot_acres=2).verdict == "conditional"


# What the file may not do, and what is not read


def test_a_doubled_code_is_refused(root, tmp_path):
    """Two districts with one OBJECTID are refused with both rows; no folder is left."""

    def double(source):
        source["features"][4]["properties"]["OBJECTID"] = source["features"][2]["properties"]["OBJECTID"]

    scheme, _ = scheme_of(root, tmp_path, change=double)
    with pytest.raises(InputError) as caught:
        built(scheme, tmp_path / "edition")

    assert "12 (Other_Zoning.geojson row 3, Other_Zoning.geojson row 5)" in caught.value.message
    assert not (tmp_path / "edition").exists()


def test_columns_without_a_role_are_reported(vermont, features):
    """All columns that the scheme does not name are unused, and each is named: `Bylaw Date` among them."""
    said = [finding for finding in vermont.data.findings if finding.kind == "columns_unused"]
    read = {"OBJECTID", "Jurisdiction District Name", "District Type", "Overlay District"}
    rest = [name for name in features[0]["properties"] if name not in read.union(*USES.values())]

    assert len(said) == 1
    assert said[0].message == f"{len(rest)} columns have no role: {', '.join(rest)}"
    assert "Bylaw Date" in rest


@pytest.mark.parametrize(
    ("name", "verdict", "presumed", "by_district"),
    [
        ("duplex-village", "admissible", "admissible", {"608": "admissible", "610": "admissible"}),
        ("house-small-lot", "prohibited", "prohibited", {"1444": "prohibited"}),
        ("house-lot-unstated", "undetermined", "undetermined", {"1298": "undetermined"}),
        ("triplex-forest-reserve", "prohibited", "prohibited", {"596": "prohibited", "603": "admissible"}),
        ("fourplex-hearing", "conditional", "conditional", {"253": "conditional"}),
        ("affordable-unmentioned", "undetermined", "admissible", {"1436": "undetermined"}),
        ("house-overlay-only", "undetermined", "undetermined", {"608": "undetermined", "609": "undetermined"}),
        ("triplex-two-districts", "prohibited", "prohibited", {"1436": "admissible", "1442": "prohibited"}),
    ],
)
def test_the_demonstration_tells_its_story(vermont, root, name, verdict, presumed, by_district):
    """Each of the shipped proposals has the verdict that its note tells, read off the table by hand."""
    answer = ask(root / f"examples/vermont/projects/{name}.json", (vermont,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"], answer["by_unit"]) == (verdict, presumed, by_district)
    assert answer["project"]["id"] == name


def test_every_proposal_of_the_demonstration_is_held(root):
    """No proposal is shipped that the test above does not know."""
    known = next(mark for mark in test_the_demonstration_tells_its_story.pytestmark if mark.name == "parametrize")

    assert sorted(path.stem for path in (root / "examples/vermont/projects").iterdir()) == sorted(
        case[0] for case in known.args[1]
    )
