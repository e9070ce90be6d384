"""The command line as people and programs use it: help that runs, data on standard output, one error shape, all forms."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import typer
from rich.cells import cell_len

from yudi.cli.app import app
from yudi.territory.answer_words import percents

AS_OF = ("--as-of", "2026-11-24")
COLUMNS = [
    *("id", "verdict", "presumed", "possible", "units", "applied", "open", "needs", "uncovered_share", "assuming"),
    "unverified",
]
SITES = {"chemical": (107.4, 29.695, "C2614"), "software": (107.4, 29.695, "I6513"), "outside": (110.0, 29.69, "C2614")}


def commands(group=None, words=()):
    """Yield every command's words and the command, groups too."""
    group = typer.main.get_command(app) if group is None else group
    yield words, group
    for name, inner in getattr(group, "commands", {}).items():
        yield from commands(inner, (*words, name))


COMMANDS = dict(commands())
LEAVES = [words for words, command in COMMANDS.items() if not hasattr(command, "commands")]


@pytest.fixture(scope="module")
def demo(root, example, tmp_path_factory, yudi_process):
    """Return a folder as a reader of the help has it: the examples, the demonstration edition and a rule file."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "examples").symlink_to(root / "examples")
    done = yudi_process("edition", "build", "examples/vermont/scheme.toml", "--out", "demo/vermont", cwd=folder)

    assert done.returncode == 0, done.stderr
    shutil.copyfile(root / "tests" / "data" / "example" / "pack" / "clauses.yaml", folder / "clauses.yaml")
    scheme = example(folder / "scheme")
    assert yudi_process("edition", "build", scheme / "scheme.toml", "--out", folder / "edition").returncode == 0
    return folder


@pytest.fixture
def place(demo, tmp_path, monkeypatch):
    """Return a copy of it with some projects, as the folder in which the command runs."""
    folder = shutil.copytree(demo, tmp_path / "work", symlinks=True)
    for name, (lon, lat, code) in SITES.items():
        project = {
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "facts": {"industry": code, "activity": "new"},
        }
        (folder / f"{name}.json").write_text(json.dumps(project), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words, yudi):
    """Help ends with 0, on standard output only, and says in a sentence what the command does."""
    ran = yudi(*words, "--help")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: {' '.join(('yudi', *words))} ")
    assert "." in ran.out


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_the_example_in_the_help_runs(words, yudi, place):
    """The line behind "Example:" stands whole, calls this command, and ends with 0; a check of real data finds errors."""
    found = re.search(r"^ *Example: (yudi .+)$", yudi(*words, "--help").out, re.MULTILINE)

    assert found, "no example"
    line = shlex.split(found[1])
    assert tuple(line[1 : 1 + len(words)]) == words
    if words == ("edition", "build"):
        shutil.rmtree("demo")
    ran = yudi(*line[1:])
    status = 6 if words == ("edition", "check") else 0
    assert (ran.status, ran.err if words != ("edition", "build") else "") == (status, "")


CALLS = [
    ("edition", "init", "scheme", "--out", "proposed.toml"),
    ("edition", "build", "scheme/scheme.toml", "--out", "new"),
    ("edition", "show", "edition"),
    ("edition", "check", "edition", *AS_OF),
    ("edition", "end", "edition", "--on", "2027-01-01", "--reason", "superseded"),
    ("screen", "chemical.json", "--edition", "edition", *AS_OF),
    ("screen", "chemical.json", "software.json", "--edition", "edition", *AS_OF),
    ("compare", "chemical.json", "software.json", "--edition", "edition", *AS_OF),
    ("report", "chemical.json", "--edition", "edition", "--out", "report.geojson", *AS_OF),
    ("site", "show", "chemical.json", "--edition", "edition"),
    ("site", "map", "chemical.json", "--edition", "edition", "--resolution", "6", "--out", "map.geojson", *AS_OF),
    ("clauses", "list", "--edition", "edition"),
    ("clauses", "check", "--edition", "edition"),
    ("clauses", "explain", "禁止新建化工项目"),
    ("clauses", "show", "yangtze-26-2", "--edition", "edition"),
    ("clauses", "convert", "clauses.yaml", "new.xlsx"),
    ("codes", "search", "电池"),
    ("facts", "list"),
    ("facts", "show", "activity", "--edition", "edition"),
]


def test_every_command_is_called_below():
    """No command escapes the tests of --json."""
    assert {tuple(words[: len(leaf)]) for leaf in LEAVES for words in CALLS if words[: len(leaf)] == leaf} == set(
        LEAVES
    )


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_json_is_all_that_is_on_standard_output(words, yudi, place):
    """With --json standard output is one JSON value and standard error is empty; without it no JSON is printed."""
    ran = yudi(*words, "--json")

    assert (ran.status, ran.err) == (0, "")
    assert isinstance(ran.data, dict | list)


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_words_are_for_people_in_either_language(words, yudi, place, monkeypatch):
    """Without --json there are words, in the language of the environment, and nothing on standard error but notices."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    ran = yudi(*words)

    assert ran.status == 0
    assert ran.out.strip()
    assert "\x1b" not in ran.out + ran.err
    with pytest.raises(ValueError, match=r"Expecting|Extra"):
        json.loads(ran.out)


def test_the_answer_has_the_published_form(yudi, place):
    """The keys that other programs rely on are there for one project; several files give a list in their order."""
    one = yudi("screen", "chemical.json", "--edition", "edition", *AS_OF, "--json").data
    several = yudi("screen", "software.json", "chemical.json", "--edition", "edition", *AS_OF, "--json").data

    assert {
        "verdict",
        "possible",
        "presumed",
        "as_of",
        "editions",
        "project",
        "units",
        "by_unit",
        "uncovered_share",
    } <= set(one)
    assert {"zones", "clauses", "questions", "ways_out"} <= set(one)
    assert set(one["clauses"]) >= {"applied", "satisfied", "open", "not_applicable", "elsewhere"}
    assert one["as_of"] == "2026-11-24"
    assert [item["project"]["facts"]["industry"] for item in several] == ["I6513", "C2614"]
    assert several[1] == one


def test_the_strictest_of_several_editions_stands_and_each_is_named(yudi, place):
    """Two editions can be asked at once."""
    both = yudi("screen", "chemical.json", "-e", "edition", "-e", "demo/vermont", *AS_OF, "--json").data

    assert len(both["editions"]) == 2
    assert {entry["edition"] for entry in both["clauses"]["open"]} <= {item["id"] for item in both["editions"]}


def test_an_edition_that_ended_leaves_the_answer_open_and_its_name_as_it_was(yudi, place, listing):
    """Until the day before it counts; from that day on the verdict is undetermined; its content is untouched."""
    before = listing(place / "edition")
    name = yudi("edition", "show", "edition", "--json").data["id"]
    ended = yudi("edition", "end", "edition", "--on", "2026-06-01", "--reason", "superseded", "--json")
    last = yudi("screen", "chemical.json", "--edition", "edition", "--as-of", "2026-05-31", "--json").data
    first = yudi("screen", "chemical.json", "--edition", "edition", "--as-of", "2026-06-01", "--json").data
    shown = yudi("edition", "show", "edition", "--json").data
    after = listing(place / "edition")

    assert ended.data == {"edition": "edition", "ended_on": "2026-06-01", "reason": "superseded"}
    assert last["verdict"] == "prohibited"
    assert first["verdict"] == "undetermined"
    assert first["editions"][0]["in_force"] is False
    assert (shown["id"], shown["valid_to"]) == (name, "2026-06-01")
    assert {key: value for key, value in after.items() if key != "state.json"} == before


def test_one_bad_file_stops_no_other(yudi, place):
    """The others are answered, the bad one is named on standard error, and the status is 2."""
    (place / "bad.json").write_text('{"facts": {}}', encoding="utf-8")
    ran = yudi("screen", "chemical.json", "bad.json", "gone.json", "software.json", "-e", "edition", *AS_OF, "--json")
    errors = [json.loads(line)["error"] for line in ran.err.splitlines()]

    assert ran.status == 2
    assert [item["verdict"] for item in ran.data] == ["prohibited", "undetermined"]
    assert {(error["where"]["file"], error["kind"]) for error in errors} == {
        ("bad.json", "input"),
        ("gone.json", "not_found"),
    }


def test_one_bad_row_of_a_table_stops_no_other(yudi, place):
    """The rows that can be read are answered, the others are named by their rows."""
    (place / "t.csv").write_text(
        "id,lon,lat,industry\na,107.4,29.68,C2614\nb,here,29.68,\nc,107.4,29.68,X\nd,107.4,29.68,C27\n"
    )
    ran = yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--json")
    errors = [json.loads(line)["error"] for line in ran.err.splitlines()]

    assert ran.status == 2
    assert [row["id"] for row in ran.data] == ["a", "d"]
    assert [(error["where"]["row"], error["where"]["field"]) for error in errors] == [(3, "lon"), (4, "industry")]


# --- tables in ----------------------------------------------------------------------------------------------------

HEAD = ["id", "lon", "lat", "industry", "activity"]
ROWS = [[name, lon, lat, code, "new"] for name, (lon, lat, code) in SITES.items()]


def as_csv(path: Path, *, encoding: str = "utf-8", separator: str = ",") -> None:
    """Write the sites as separated text."""
    text = "\n".join(separator.join(map(str, row)) for row in [HEAD, *ROWS])
    path.write_bytes((text + "\n").encode(encoding))


def as_chinese_csv(path: Path) -> None:
    """Write the sites as a Chinese office does: GBK, Chinese headers and words."""
    lines = ["id,经度,纬度,industry,activity", *(f"{row[0]},{row[1]},{row[2]},{row[3][1:]},新建" for row in ROWS)]
    path.write_bytes("\r\n".join(lines).encode("gbk"))


def as_wkt(path: Path) -> None:
    """Write the sites as text with WKT."""
    lines = ["id,wkt,industry,activity", *(f"{row[0]},POINT ({row[1]} {row[2]}),{row[3]},new" for row in ROWS)]
    path.write_text("\n".join(lines), encoding="utf-8")


def as_excel(path: Path) -> None:
    """Write the sites to a workbook; one code is a number, as Excel makes it."""
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in ROWS:
        book.active.append([*row[:3], 2614 if row[3] == "C2614" else row[3], row[4]])
    book.save(path)


def as_geoparquet(path: Path) -> None:
    """Write the sites as GeoParquet."""
    points = shapely.to_wkb(shapely.points(np.array([row[1:3] for row in ROWS], dtype=float))).tolist()
    table = pa.table(
        {"id": list(SITES), "industry": [row[3] for row in ROWS], "activity": ["new"] * 3, "geometry": points}
    )
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)


def as_geojson(path: Path) -> None:
    """Write the sites as a GeoJSON collection."""
    features = [
        {
            "type": "Feature",
            "id": name,
            "properties": {"industry": code, "activity": "new"},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for name, (lon, lat, code) in SITES.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


TABLES = {
    "t.csv": as_csv,
    "semicolons.csv": lambda path: as_csv(path, separator=";"),
    "mark.csv": lambda path: as_csv(path, encoding="utf-8-sig"),
    "wide.csv": lambda path: as_csv(path, encoding="utf-16"),
    "t.tsv": lambda path: as_csv(path, separator="\t"),
    "chinese.csv": as_chinese_csv,
    "wkt.csv": as_wkt,
    "t.xlsx": as_excel,
    "t.parquet": as_geoparquet,
    "t.geojson": as_geojson,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_kind_of_table_gives_the_answers_of_its_single_projects(name, yudi, place):
    """The verdicts of a table are those of the same projects one by one, in order."""
    TABLES[name](place / name)
    ran = yudi("screen", name, "--edition", "edition", *AS_OF, "--json")
    single = [yudi("screen", f"{site}.json", "--edition", "edition", *AS_OF, "--json").data for site in SITES]

    assert (ran.status, ran.err) == (0, "")
    assert [row["verdict"] for row in ran.data] == [item["verdict"] for item in single]
    if not name.endswith("geojson"):
        assert [list(row) for row in ran.data] == [COLUMNS] * 3
        assert [row["id"] for row in ran.data] == list(SITES)
        assert [row["applied"] for row in ran.data] == [
            [c["id"] for c in item["clauses"]["applied"]] for item in single
        ]


# --- tables out ---------------------------------------------------------------------------------------------------


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a written CSV."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def read_excel(path: Path) -> list[dict[str, str]]:
    """Return the rows of a written workbook."""
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def read_geojson(path: Path) -> list[dict[str, object]]:
    """Return the properties of a written collection."""
    return [item["properties"] for item in json.loads(path.read_text(encoding="utf-8"))["features"]]


READERS = {
    ".csv": read_csv,
    ".xlsx": read_excel,
    ".geojson": read_geojson,
    ".parquet": lambda path: pq.read_table(path).to_pylist(),
}


@pytest.mark.parametrize("ending", READERS)
def test_every_kind_of_result_holds_what_is_printed(ending, yudi, place, listing):
    """Read back, a file has the rows that --json prints; lists are joined by ; in CSV and Excel."""
    as_csv(place / "t.csv")
    rows = yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--json").data
    before = listing(place)
    ran = yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--out", f"result/r{ending}")
    after = listing(place)
    found = READERS[ending](place / "result" / f"r{ending}")

    assert (ran.status, ran.out) == (0, "")
    assert set(after) - set(before) == {"result", f"result/r{ending}"}
    assert len(found) == len(rows)
    for row, item in zip(found, rows, strict=True):
        for key in COLUMNS:
            said = ";".join(item[key]) if isinstance(item[key], list) and ending in (".csv", ".xlsx") else item[key]
            assert type(said)(row[key] or 0 if isinstance(said, float) else row[key] or said.__class__()) == said


def test_written_tables_have_geometry_that_other_programs_read(yudi, place):
    """GeoParquet and GeoJSON open in GDAL with the sites where they were."""
    from pyogrio.raw import read

    as_csv(place / "t.csv")
    assert yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--out", "r.geojson").status == 0
    assert yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--out", "r.parquet").status == 0
    points = shapely.from_wkb(read(place / "r.geojson")[2])
    table = pq.read_table(place / "r.parquet")

    assert shapely.get_coordinates(points).tolist() == [row[1:3] for row in ROWS]
    assert shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_pylist())).tolist() == [
        row[1:3] for row in ROWS
    ]
    assert json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]["encoding"] == "WKB"


# --- what people read ---------------------------------------------------------------------------------------------


def test_a_table_says_why_and_counts_its_verdicts(yudi, place):
    """A row off the map says how much of it; the table fits a screen and ends with a tally, in either language."""
    as_csv(place / "t.csv")
    shown = yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--lang", "zh").out.splitlines()

    assert shown[0].split() == ["编号", "结论", "推定", "单元", "理由"]
    assert "100%" in next(line for line in shown if line.startswith("outside"))
    assert "禁止 1" in shown[-1]
    assert max(map(cell_len, shown)) <= 80


def test_refused_and_doubled_projects_are_said(yudi, place):
    """What a file holds of how many, and which ids stand for several projects, on standard error."""
    (place / "t.csv").write_text("id,lon,lat,行业\na,107.4,29.68,C2614\na,107.4,29.68,未知\nc,107.4,29.68,X\n")
    ran = yudi("screen", "t.csv", "--edition", "edition", *AS_OF, "--out", "r.xlsx", "--lang", "zh")
    book = openpyxl.load_workbook(place / "r.xlsx")

    assert ran.status == 2
    assert ran.err.splitlines()[:2] == ["2 of 3 verdicts in r.xlsx; 1 refused", "note: several projects have the id a"]
    assert (book.sheetnames, book.active.freeze_panes) == (["研判结果"], "A2")
    assert [cell.value for cell in book.active[1]][: len(COLUMNS)] == COLUMNS


def test_an_answer_from_the_future_is_refused(yudi, place):
    """Nobody has given it yet."""
    project = json.loads((place / "chemical.json").read_text(encoding="utf-8"))
    project["facts"]["concerns:x"] = {"value": True, "by": "Li", "date": "9999-01-01"}
    (place / "late.json").write_text(json.dumps(project), encoding="utf-8")
    ran = yudi("screen", "late.json", "--edition", "edition", *AS_OF)

    assert ran.status == 2
    assert "concerns:x: the date lies in the future" in ran.err


def test_where_no_edition_is_in_force_only_that_is_said(yudi, place):
    """No share that is not covered, no units, no questions."""
    ran = yudi("screen", "chemical.json", "--edition", "edition", "--as-of", "1990-01-01", "--lang", "zh")

    assert "1990-01-01 没有现行有效的版本" in ran.out
    assert not re.search("未覆盖|单元|先问", ran.out)


def test_where_part_of_the_site_lies_in_no_unit_no_question_is_promised(yudi, place):
    """One line says that no answer can decide."""
    ran = yudi("screen", "outside.json", "--edition", "edition", *AS_OF, "--lang", "en")

    assert "100% not covered" in ran.out
    assert "no answer can decide" in ran.out


def test_a_unit_that_leaves_the_answer_to_others_shows_no_verdict(yudi, place):
    """An overlay that says nothing of use is marked in the data and said in words."""
    call = ("screen", "examples/vermont/projects/duplex-village.json", "--edition", "demo/vermont", *AS_OF)
    units = {unit["code"]: unit.get("defers") for unit in yudi(*call, "--json").data["units"]}

    assert units == {"608": True, "610": None}
    assert "Stowe Historic Overlay — leaves the answer to the other units" in yudi(*call, "--lang", "en").out


@pytest.mark.parametrize(
    ("shares", "shown"),
    [
        ([1 / 3, 1 / 3, 1 / 3], ["34%", "33%", "33%"]),
        ([0.006, 0.994], ["1%", "99%"]),
        ([0.002, 0.998], ["<1%", "100%"]),
        ([1.0, 1.0, 0.0], ["100%", "100%", "0%"]),
    ],
)
def test_shares_of_a_whole_add_to_a_hundred(shares, shown):
    """Units that lie on one another are no whole and are rounded one by one."""
    assert percents(shares) == shown


# --- streams ------------------------------------------------------------------------------------------------------


def test_real_processes_give_the_same_status_and_shape(place, yudi_process):
    """Status, standard output and standard error as a shell sees them."""
    good = yudi_process("screen", "chemical.json", "--edition", "edition", *AS_OF, "--json", cwd=place)
    bad = yudi_process("screen", "nowhere.json", "--edition", "edition", "--json", cwd=place)
    words = yudi_process("screen", "nowhere.json", "--edition", "edition", cwd=place)

    assert (good.returncode, good.stderr) == (0, b"")
    assert json.loads(good.stdout)["verdict"] == "prohibited"
    assert (bad.returncode, bad.stdout) == (3, b"")
    assert json.loads(bad.stderr)["error"]["kind"] == "not_found"
    assert words.stderr == b"error: nowhere.json: no such project file\nhint: check the path\n"


@pytest.mark.parametrize("extra", [(), ("--json",)])
def test_a_reader_that_goes_away_is_no_fault(extra, place):
    """As in `yudi … | head -1`: no traceback, no complaint, status 0."""
    command = [sys.executable, "-m", "yudi", "clauses", "list", "--edition", "demo/vermont", *extra]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")


def test_no_standard_input_is_needed(place, yudi_process):
    """It runs where standard input is closed, as under cron."""
    command = [sys.executable, "-m", "yudi", "edition", "build", "scheme/scheme.toml", "--out", "fresh"]
    closed = subprocess.run(
        ["sh", "-c", f"exec {shlex.join(command)} <&-"], cwd=place, capture_output=True, check=False
    )

    assert (closed.returncode, closed.stdout.strip().isalnum()) == (0, True), closed.stderr
    assert not list(place.glob(".yudi-*"))


@pytest.mark.parametrize("language", ["C", "C.UTF-8"])
def test_chinese_is_printed_under_any_locale(language, place, yudi_process):
    """Standard output is UTF-8 whatever the environment says."""
    environment = {**os.environ, "LC_ALL": language, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = yudi_process("screen", "chemical.json", "-e", "edition", "--lang", "zh", *AS_OF, cwd=place, env=environment)

    assert ran.returncode == 0
    assert "禁止" in ran.stdout.decode("utf-8")


def test_ctrl_c_ends_with_the_status_of_a_signal(place):
    """A screening that is stopped says so in a word and ends with 130, or by the signal where it came before ours."""
    with (place / "many.csv").open("w") as stream:
        stream.write("id,lon,lat,industry\n" + "".join(f"{row},107.4,29.68,C2614\n" for row in range(1_000_000)))
    command = [sys.executable, "-m", "yudi", "screen", "many.csv", "--edition", "edition", "--out", "r.csv"]
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=3)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)

    assert (process.returncode, said) == (130, b"stopped\n") or process.returncode == -signal.SIGINT
    assert out == b""
    assert not list(place.glob("*r.csv*"))


def test_chinese_speaks_of_facts_by_their_labels(yudi, place):
    """What a clause rests on and what it needs stand with the labels of facts, not with their keys; signs are full-width."""
    shown = yudi("screen", "chemical.json", "--edition", "edition", *AS_OF, "--lang", "zh").out
    why = [line.partition(" · ")[2] for line in shown.splitlines() if line.startswith("      ")]

    assert any("建设性质：新建" in said for said in why)
    assert not re.search(r"\w+ = |needs|需要 [a-z_]+|[^\x00-\x7f]: |[^\x00-\x7f]; ", shown)
