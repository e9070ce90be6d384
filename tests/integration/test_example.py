"""The worked example of the semantics, carried over as it stands: one list, one project, and the short cases.

The list, the office's file and the pack are tests/data/example, the short cases tests/data/cases. Ways out belong to
a later step: `ways_out` is not looked at here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest
from pyproj import Geod

from yudi.api import ask, open_edition
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import write_edition
from yudi.territory.draft import compiled

DAY = date(2026, 11, 24)
BANK = 29.7  # the bank of tests/data/example runs along this parallel
GEOD = Geod(ellps="GRS80")
PARK, GENERAL = "ZH50010220003", "ZH50010230001"
RIDGE, PLATEAU = "ZH50010230011", "ZH50010230012"
CHEMICAL = {"industry": "C2614", "activity": "new"}
SPACE_1 = f"concerns:{PARK}/space/1"
DISTANCE = "distance:shorelines[river=yangtze]"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Return a function that builds a scheme file as a bureau does, and opens the edition."""

    def make(path):
        folder = tmp_path_factory.mktemp("edition") / "edition"
        write_edition(compiled(read_scheme(path)), folder)
        return open_edition(folder)

    return make


@pytest.fixture(scope="module")
def example(build, root):
    return build(root / "tests/data/example/scheme.toml")


@pytest.fixture(scope="module")
def cases(build, root):
    return build(root / "tests/data/cases/scheme.toml")


def south_of_bank(metres, lon=107.40, width=0.002):
    """Return a rectangle 100 m deep whose north side lies so many metres south of the bank, by geodesic."""
    north = GEOD.fwd(lon, BANK, 180, metres)[1]
    south = GEOD.fwd(lon, BANK, 180, metres + 100)[1]
    west, east = lon - width / 2, lon + width / 2
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def project(geometry, **facts):
    return {"id": "A", "geometry": geometry, "facts": facts}


def answered(value):
    """Return a person's answer with name and date."""
    return {"value": value, "by": "王五, 甲园区管委会", "date": "2026-11-20"}


def entries(answer, *groups):
    return {item["id"]: item for group in groups for item in answer["clauses"][group]}


def parts(answer):
    """Return (scope, subject, cell) of every clause that was judged."""
    return {
        item.id: (item.parts["scope"].state.value.name, item.parts["subject"].state.value.name, item.cell.name)
        for item in answer.screening.known
    }


# Project A


def test_every_clause_of_the_list_stands_in_its_cell(example):
    """The table of project A: scope, subject and cell of each clause; what says "无" makes none."""
    answer = ask(project(south_of_bank(1400), **CHEMICAL), (example,), as_of=DAY)

    assert parts(answer) == {
        "yangtze-26-2": ("F", "T", "NOT_APPLICABLE"),
        f"{PARK}/space/1": ("T", "U", "MAY_PROHIBIT"),
        f"{PARK}/space/2": ("F", "T", "NOT_APPLICABLE"),
        f"{PARK}/emission/1": ("T", "U", "MAY_CONDITION"),
        f"{PARK}/emission/2": ("T", "U", "MAY_CONDITION"),
        f"{PARK}/risk/1": ("T", "U", "MAY_CONDITION"),
    }


def test_open_clauses_say_what_they_need(example):
    """A clause in words needs a person, an offset the project's emissions; effects are those of the list's words."""
    opened = entries(ask(project(south_of_bank(1400), **CHEMICAL), (example,), as_of=DAY), "open")

    assert {name: (item["effect"], item["may"]) for name, item in opened.items()} == {
        f"{PARK}/space/1": ("forbid", "prohibit"),
        f"{PARK}/emission/1": ("require", "condition"),
        f"{PARK}/emission/2": ("offset", "condition"),
        f"{PARK}/risk/1": ("require", "condition"),
    }
    assert opened[f"{PARK}/space/1"]["needs"] == [SPACE_1]
    assert opened[f"{PARK}/emission/2"]["needs"] == ["emissions.COD", "emissions.NH3-N"]
    assert opened[f"{PARK}/emission/2"]["factor"] == 1.0
    assert [name for name, item in opened.items() if item.get("in_words")] == [
        f"{PARK}/space/1",
        f"{PARK}/emission/1",
        f"{PARK}/risk/1",
    ]


def test_what_does_not_apply_says_how_far_the_bank_is(example):
    """The clauses about the shoreline are not applicable for the distance: 1,400 m from the bank."""
    aside = entries(ask(project(south_of_bank(1400), **CHEMICAL), (example,), as_of=DAY), "not_applicable")

    assert sorted(aside) == [f"{PARK}/space/2", "yangtze-26-2"]
    for item in aside.values():
        assert item["because"]["part"] == "scope"
        assert item["because"]["text"]["en"].startswith("1,400 m from")
        assert "1,400 m" in item["because"]["text"]["zh"]


def test_the_answer_has_the_shape_of_the_example(example):
    """Verdict, possible, presumed with what it assumes, the one question, units, and nothing uncovered."""
    answer = ask(project(south_of_bank(1400), **CHEMICAL), (example,), as_of=DAY)

    told = {key: answer[key] for key in ("verdict", "possible", "presumed", "questions", "by_unit", "uncovered_share")}
    assert told == {
        "verdict": "undetermined",
        "possible": ["prohibited", "conditional", "admissible"],
        "presumed": {
            "verdict": "undetermined",
            "assuming": {f"concerns:{PARK}/emission/1": True, f"concerns:{PARK}/risk/1": True},
        },
        "questions": [SPACE_1],
        "by_unit": {PARK: "undetermined"},
        "uncovered_share": 0,
    }
    assert answer["as_of"] == "2026-11-24"
    assert answer["clauses"]["elsewhere"] == 1  # the silent clause of the other unit


@pytest.mark.parametrize(("fact", "verdict"), [(False, "conditional"), (True, "prohibited")])
def test_one_answer_decides(example, fact, verdict):
    """The park's office says whether the project is at odds with the park: no leaves conditions, yes prohibits."""
    facts = {**CHEMICAL, SPACE_1: answered(fact)}
    answer = ask(project(south_of_bank(1400), **facts), (example,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"], answer.questions) == (verdict, verdict, [])


def test_an_answer_is_kept_with_name_and_date(example):
    """Who answered and when stands beside the clause that the answer decides."""
    facts = {**CHEMICAL, SPACE_1: answered(True)}
    found = entries(ask(project(south_of_bank(1400), **facts), (example,), as_of=DAY), "applied")

    assert found[f"{PARK}/space/1"]["because"]["subject"]["found"] == [
        {"fact": SPACE_1, "value": True, "origin": "stated", "by": "王五, 甲园区管委会", "date": "2026-11-20"}
    ]


def test_a_formalised_sentence_is_asked_of_no_one(build, root, tmp_path):
    """The park that formalises "does not fit" as a term settles the sentence for every project."""
    term = "- {key: fits-park-A, in: [C26], label: {zh: 符合甲园区定位, en: fits park A}}\n"
    formal = "- {text: 禁止引入不符合园区定位的项目, effect: forbid, subject: {not: {term: fits-park-A}}}\n"
    scheme = copied(root, tmp_path, {"formalised.yaml": ("", formal), "pack/terms.yaml": ("", term)})
    edition = build(scheme)

    fits = ask(project(south_of_bank(1400), **CHEMICAL), (edition,), as_of=DAY)
    alien = ask(project(south_of_bank(1400), industry="I6513", activity="new"), (edition,), as_of=DAY)

    assert (fits.verdict, alien.verdict) == ("conditional", "prohibited")


def copied(root, folder, changes):
    """Return the scheme of a copy of the example in which texts are replaced, or lines put before a file."""
    for path in sorted((root / "tests/data/example").rglob("*")):
        if path.is_file():
            name = path.relative_to(root / "tests/data/example").as_posix()
            text = path.read_text(encoding="utf-8").replace("../../../../packs", str(root / "packs"))
            text = text.replace("../../../packs", str(root / "packs"))
            old, new = changes.get(name, ("", ""))
            assert old in text
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text.replace(old, new, 1) if old else new + text, encoding="utf-8")
    return folder / "scheme.toml"


def test_what_an_office_formalised_keeps_the_citation_of_its_list(example):
    """A text that an office has formalised is still the list's: it cites the list's document."""
    facts = {**CHEMICAL, "emissions.COD": 3}
    found = entries(ask(project(south_of_bank(900), **facts), (example,), as_of=DAY), "applied")

    assert {found[name]["citation"]["number"] for name in (f"{PARK}/space/2", f"{PARK}/emission/2")} == {
        "算例〔2024〕1号"
    }


# Other cases in short


def test_at_900_m_it_is_prohibited_by_law_and_list(example):
    """900 + 50 ≤ 1,000: the law's clause and the list's prohibit, each with its citation."""
    answer = ask(project(south_of_bank(900), **CHEMICAL), (example,), as_of=DAY)
    applied = entries(answer, "applied")

    assert (answer.verdict, answer["presumed"]["verdict"], answer["possible"]) == (
        "prohibited",
        "prohibited",
        ["prohibited"],
    )
    assert {name: item["outcome"] for name, item in applied.items()} == {
        "yangtze-26-2": "prohibits",
        f"{PARK}/space/2": "prohibits",
    }
    assert applied["yangtze-26-2"]["citation"] == {
        "document": "中华人民共和国长江保护法",
        "number": "",
        "article": "26(2)",
    }
    assert applied[f"{PARK}/space/2"]["citation"]["document"] == "算例准入清单"
    assert answer.questions == []


def test_at_980_m_the_map_cannot_tell(example):
    """Within 50 m of the limit the verdict is open, and the question is a measured distance to the bank."""
    answer = ask(project(south_of_bank(980), **CHEMICAL), (example,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"]) == ("undetermined", "undetermined")
    assert answer.questions == [DISTANCE]
    assert entries(answer, "open")["yangtze-26-2"]["may"] == "prohibit"


@pytest.mark.parametrize(
    ("metres", "accuracy", "truth"), [(1012, 1, "F"), (999, 1, "T"), (1000.5, 1, "U"), (1001, 1, "U"), (1001.1, 1, "F")]
)
def test_a_measured_distance_replaces_the_maps(example, metres, accuracy, truth):
    """A stated distance counts with its own accuracy: 1,012 ± 1 m is beyond the limit, 999 ± 1 m within."""
    measured = {"value": metres, "accuracy": accuracy, "source": "survey of 2026-11-01"}
    answer = ask(project(south_of_bank(980), **CHEMICAL, **{DISTANCE: measured}), (example,), as_of=DAY)

    assert parts(answer)["yangtze-26-2"][0] == parts(answer)[f"{PARK}/space/2"][0] == truth
    assert answer.verdict == {"F": "undetermined", "T": "prohibited", "U": "undetermined"}[truth]
    assert answer.questions == {"F": [SPACE_1], "T": [], "U": [DISTANCE]}[truth]


def test_software_is_not_asked_whether_it_is_a_chemical_works(example):
    """At the same place I6513 is out of the term: no question of distance, words that name terms usually spare it."""
    facts = {"industry": "I6513", "activity": "new"}
    answer = ask(project(south_of_bank(1400), **facts), (example,), as_of=DAY)
    after = ask(project(south_of_bank(1400), **facts, **{SPACE_1: answered(False)}), (example,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"]) == ("undetermined", "undetermined")
    assert answer.questions == [SPACE_1]
    assert parts(answer)["yangtze-26-2"][1:] == ("F", "NOT_APPLICABLE")
    assert parts(answer)[f"{PARK}/space/2"][1:] == ("F", "NOT_APPLICABLE")
    assert answer["presumed"]["assuming"] == {f"concerns:{PARK}/emission/1": False, f"concerns:{PARK}/risk/1": False}
    assert sorted(entries(after, "open")) == [f"{PARK}/emission/1", f"{PARK}/emission/2", f"{PARK}/risk/1"]
    assert (after.verdict, after["presumed"]["verdict"]) == ("conditional", "conditional")


def test_near_the_bank_software_is_not_asked_for_a_distance(example):
    """Where the map cannot tell the distance, a project that is out of the term is not asked to measure it."""
    answer = ask(project(south_of_bank(980), industry="I6513", activity="new"), (example,), as_of=DAY)

    assert answer.questions == [SPACE_1]


def test_a_unit_without_a_row_is_unknown_and_presumed_free(example):
    """No row makes one silent clause; presumed to add nothing, so presumed admissible."""
    answer = ask(project(south_of_bank(1400, lon=107.5), **CHEMICAL), (example,), as_of=DAY)
    silent = entries(answer, "open")

    assert (answer.verdict, answer["presumed"]["verdict"]) == ("undetermined", "admissible")
    assert {name: (item["effect"], item["needs"]) for name, item in silent.items()} == {
        f"{GENERAL}/silent": ("silent", [f"list:{GENERAL}"])
    }
    assert answer.questions == [f"list:{GENERAL}"]


def test_where_silence_means_freedom_a_unit_without_a_row_is_admissible(build, root, tmp_path):
    """With silence = "none" the same place has no silent clause and is admissible as known."""
    edition = build(copied(root, tmp_path, {"scheme.toml": ('silence = "open"', 'silence = "none"')}))
    answer = ask(project(south_of_bank(1400, lon=107.5), **CHEMICAL), (edition,), as_of=DAY)

    assert (answer.verdict, answer["possible"], answer["presumed"]["verdict"]) == (
        "admissible",
        ["admissible"],
        "admissible",
    )


def test_a_list_with_a_row_for_every_unit_is_never_silent(build, root, tmp_path):
    """Where no unit is without a row, no silent clause exists that could speak anywhere."""
    row = f"{GENERAL},涪陵区一般管控单元,无,无,无,无\n"
    header = "管控单元编码,名称,空间布局约束,污染物排放管控,环境风险防控,资源利用效率\n"
    edition = build(copied(root, tmp_path, {"list.csv": (header, header + row)}))
    answer = ask(project(south_of_bank(1400, lon=107.5), **CHEMICAL), (edition,), as_of=DAY)

    assert (answer.verdict, sorted(parts(answer))) == ("admissible", ["yangtze-26-2"])


def test_a_row_for_a_unit_that_is_not_on_the_map_speaks_nowhere(build, root, tmp_path):
    """Its items are reported at the build, and restrict no other unit."""
    row = "ZH50010220099,无此单元,禁止一切项目。,无,无,无\n"
    header = "管控单元编码,名称,空间布局约束,污染物排放管控,环境风险防控,资源利用效率\n"
    edition = build(copied(root, tmp_path, {"list.csv": (header, header + row)}))
    answer = ask(project(south_of_bank(1400, lon=107.5), **CHEMICAL), (edition,), as_of=DAY)

    assert sorted(parts(answer)) == [f"{GENERAL}/silent", "yangtze-26-2"]
    assert [str(finding.where) for finding in edition.data.findings if finding.kind == "list_names_no_unit"] == [
        "list.csv, row 2, list"
    ]


@pytest.mark.parametrize(
    ("stated", "verdict", "group"),
    [
        ({}, "conditional", "applied"),
        ({"double_wall": False}, "conditional", "applied"),
        ({"lined_pit": True}, "conditional", "applied"),
        ({"double_wall": False, "lined_pit": False, "leak_monitoring": False}, "conditional", "applied"),
        ({"double_wall": True}, "admissible", "satisfied"),
        ({"lined_pit": True, "leak_monitoring": True}, "admissible", "satisfied"),
    ],
)
def test_a_measure_that_is_not_stated_is_an_obligation(cases, stated, verdict, group):
    """A petrol station must have double walls, or a lined pit with leak monitoring; unstated is a condition."""
    there = {"type": "Point", "coordinates": [107.2, 29.77]}
    answer = ask(project(there, industry="F5265", activity="new", **stated), (cases,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"]) == (verdict, verdict)
    assert "petrol-tanks" in entries(answer, group)


def test_two_of_twelve_turbines_in_a_unit_that_forbids_them(cases):
    """The strictest unit stands, the other is shown as it is; parts of a multipoint are counted."""
    turbines = [[107.102 + 0.005 * index, 29.83] for index in range(12)]  # two west of 107.11, the units' border
    there = {"type": "MultiPoint", "coordinates": turbines}
    answer = ask(project(there, industry="D4415", activity="new"), (cases,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"]) == ("prohibited", "prohibited")
    assert answer["by_unit"] == {RIDGE: "prohibited", PLATEAU: "admissible"}
    assert {unit["code"]: (unit["count"], unit["share"]) for unit in answer["units"]} == {
        RIDGE: (2, pytest.approx(2 / 12, abs=1e-6)),
        PLATEAU: (10, pytest.approx(10 / 12, abs=1e-6)),
    }


PIPELINE = {"type": "LineString", "coordinates": [[107.005, 29.80], [107.2120, 29.80]]}


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ({}, "conditional"),
        ({"wastewater_to": "surface_water"}, "prohibited"),
        ({"wastewater_to": "central_plant"}, "admissible"),
    ],
)
def test_a_pipeline_through_a_class_2_source_zone(cases, stated, verdict):
    """Where the discharge is a question of design, unknown is a condition; stated as discharging it is prohibited."""
    answer = ask(project(PIPELINE, industry="G5720", activity="new", **stated), (cases,), as_of=DAY)
    outcomes = {name: item["outcome"] for name, item in entries(answer, "applied").items()}

    assert (answer.verdict, answer["presumed"]["verdict"]) == (verdict, verdict)
    assert (
        outcomes
        == {
            "conditional": {"code-320-1": "conditions"},
            "prohibited": {"code-320-1": "prohibits"},
            "admissible": {},
        }[verdict]
    )


def test_a_pipeline_is_measured_in_each_unit(cases):
    """The pipeline is 20 km long, and its lengths in the two units, by geodesic, add up to it."""
    answer = ask(project(PIPELINE, industry="G5720", activity="new"), (cases,), as_of=DAY)
    west, east = (GEOD.line_length([a, b], [29.80, 29.80]) for a, b in ((107.005, 107.11), (107.11, 107.212)))

    assert west + east == pytest.approx(20_000, rel=0.005)
    assert {unit["code"]: unit["length_m"] for unit in answer["units"]} == {
        RIDGE: pytest.approx(west, rel=1e-4),
        PLATEAU: pytest.approx(east, rel=1e-4),
    }


@pytest.mark.parametrize(
    ("day", "counts", "aside", "document", "article"),
    [
        (date(2026, 8, 14), "water-law-66", "code-320-1", "中华人民共和国水污染防治法", "66"),
        (date(2026, 8, 15), "code-320-1", "water-law-66", "中华人民共和国生态环境法典", "320(1)"),
    ],
)
def test_each_day_has_its_own_citation(cases, day, counts, aside, document, article):
    """The same words stand in the Law until 2026-08-14 and in the Code from 2026-08-15; the other is out of force."""
    there = {"type": "Point", "coordinates": [107.04, 29.80]}
    answer = ask(project(there, wastewater_to="surface_water", **CHEMICAL), (cases,), as_of=day)
    other = entries(answer, "not_applicable")[aside]

    assert answer.verdict == "prohibited"
    assert {name: item["citation"] for name, item in entries(answer, "applied").items()} == {
        counts: {"document": document, "number": "", "article": article}
    }
    assert (other["because"]["part"], other["because"]["text"]["en"]) == ("period", "out of force on this day")
    assert other["citation"]["document"] != document


@pytest.mark.parametrize(("metres", "verdict"), [(1400, "undetermined"), (900, "prohibited")])
def test_half_outside_the_edition(example, metres, verdict):
    """A site half outside is undetermined, and prohibited where its covered half is; the share says how much."""
    answer = ask(project(south_of_bank(metres, lon=107.35), **CHEMICAL), (example,), as_of=DAY)

    assert (answer.verdict, answer["presumed"]["verdict"]) == (verdict, verdict)
    assert answer["uncovered_share"] == pytest.approx(0.5, abs=1e-4)


def test_no_answer_makes_up_for_what_is_not_covered(example):
    """Half outside, with every question about the covered half answered, stays undetermined and asks nothing."""
    facts = {**CHEMICAL, SPACE_1: answered(False)}
    answer = ask(project(south_of_bank(1400, lon=107.35), **facts), (example,), as_of=DAY)

    assert (answer.verdict, answer.questions, answer["by_unit"]) == ("undetermined", [], {PARK: "conditional"})


def test_the_command_line_gives_the_same_answer(root, tmp_path, example):
    """`yudi edition build` and `yudi screen --json` print what the Python interface returns."""
    proposal = tmp_path / "a.json"
    proposal.write_text(json.dumps(project(south_of_bank(1400), **CHEMICAL)), encoding="utf-8")
    edition = tmp_path / "edition"

    def yudi(*words):
        ran = subprocess.run([sys.executable, "-m", "yudi", *map(str, words)], capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode()

    built = yudi("edition", "build", root / "tests/data/example/scheme.toml", "--out", edition)
    told = json.loads(yudi("screen", proposal, "--edition", edition, "--as-of", DAY, "--json"))

    assert built.strip() == example.data.id
    assert told == json.loads(json.dumps(ask(proposal, (example,), as_of=DAY)))
