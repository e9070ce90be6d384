"""Runs that are stopped and go on: no row lost, none twice, whatever ends them, and nothing mixed with another run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from support.processes import below
from support.streams import DAY, FORBIDS, NEEDS, built, geoparquet, mixed_rows, screened, sheet

from yudi.core.errors import LimitError, StateError
from yudi.engines import journals, runs

AS_OF = ("--as-of", DAY.isoformat())


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a folder with an edition and a table of 300 sites, some with faults."""
    built(tmp_path / "edition")
    geoparquet(mixed_rows(300), tmp_path / "t.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name, without what says when the input was written."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def stopped(place: Path, out: str, *, parts: int, after: float, workers: int = 1) -> int:
    """Start a run, kill it with all its workers once so many batches are noted, and return how many were."""
    call = ("screen", "t.parquet", "-e", "edition", *AS_OF, "-o", out, "--batch-rows", "20", "--workers", str(workers))
    process = subprocess.Popen([sys.executable, "-m", "yudi", *call], cwd=place, stderr=subprocess.DEVNULL)
    bench = place / out / "_yudi" if out.endswith("/") else place / f".{out}.parts"
    while process.poll() is None and noted(bench) < parts:
        time.sleep(0.002)
    time.sleep(after)
    process.kill()
    process.wait()
    return noted(bench)


def noted(bench: Path) -> int:
    """Return how many batches a bench has noted."""
    path = bench / "journal.jsonl"
    return max(path.read_bytes().count(b"\n") - 1, 0) if path.is_file() else 0


def test_a_run_killed_at_many_moments_gives_the_bytes_of_one_that_was_not(place):
    """Each time the same command goes on; the parts and the rejects are the same files."""
    screened([place / "t.parquet"], [place / "edition"], "whole/", batch_rows=20)
    seen = [
        stopped(place, "out/", parts=parts, after=after, workers=1 + parts % 2)
        for parts, after in ((1, 0.0), (3, 0.004), (6, 0.013), (9, 0.001), (12, 0.02))
    ]
    outcome = screened([place / "t.parquet"], [place / "edition"], "out/", batch_rows=20)

    assert seen == sorted(seen)
    assert seen[0] >= 1
    assert outcome.kept >= 20 * min(seen[-1], 14)
    assert contents(place / "out") == contents(place / "whole")


class Crash(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("out", ["out/", "out.csv"])
def test_a_run_that_ends_before_any_step_to_disk_goes_on(out, place, monkeypatch):
    """It is ended before each renaming and each flush in turn, and goes on: the result is that of one that was not."""
    table = [place / "t.parquet"], [place / "edition"]
    screened(*table, f"whole{out[3:]}", batch_rows=100)
    whole = written(place / f"whole{out[3:]}")
    left, ended = 0, []

    def count_down(real):
        def step(*given, **options):
            nonlocal left
            left -= 1
            if left < 0:
                raise Crash
            return real(*given, **options)

        return step

    monkeypatch.setattr(Path, "replace", count_down(Path.replace))
    monkeypatch.setattr(os, "fsync", count_down(os.fsync))
    for before in range(200):
        left = before
        try:
            screened(*table, f"{before}{out}", batch_rows=100)
        except Crash:
            left = 10_000
            screened(*table, f"{before}{out}", batch_rows=100)
            ended.append(written(place / f"{before}{out}") == whole)
            continue
        break

    assert len(ended) > 20
    assert all(ended)
    assert not list(place.glob(".*.parts")) + list(place.glob("*/_yudi"))


def written(path: Path) -> dict[str, bytes]:
    """Return what a run wrote."""
    return contents(path) if path.is_dir() else {"": path.read_bytes()}


def test_ctrl_c_keeps_what_is_done_and_says_so(place):
    """The status is that of a signal, and the same command goes on."""
    geoparquet(mixed_rows(20_000, faults=False), place / "t.parquet", group=5_000)
    call = ("screen", "t.parquet", "-e", "edition", *AS_OF, "-o", "out.parquet", "--batch-rows", "40", "--workers", "2")
    process = subprocess.Popen([sys.executable, "-m", "yudi", *call], cwd=place, stderr=subprocess.PIPE, text=True)
    while noted(place / ".out.parquet.parts") < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]

    assert process.returncode == 130
    assert "rows are done and kept: the same command goes on there" in said
    assert said.endswith("stopped\n")
    assert not (place / "out.parquet").exists()
    assert noted(place / ".out.parquet.parts") >= 2


def test_another_run_is_not_mixed_with_one_that_was_stopped_or_has_ended(place):
    """Other input, edition, day or options are refused, saying which; --restart begins anew, and ends the old."""
    files, folders = [place / "t.parquet"], [place / "edition"]
    other = built(place / "other", NEEDS)
    screened(files, folders, "out/", batch_rows=100)
    again = screened(files, folders, "out/", batch_rows=100)
    with pytest.raises(StateError, match="other editions ended here"):
        screened(files, [other], "out/", batch_rows=100)
    with pytest.raises(StateError, match="other options"):
        screened(files, folders, "out/", batch_rows=50)
    with pytest.raises(StateError, match="another day"):
        screened(files, folders, "out/", batch_rows=100, day=None)
    geoparquet(mixed_rows(90, faults=False), place / "t.parquet")
    with pytest.raises(StateError, match=r"files that have changed.*--restart"):
        screened(files, folders, "out/", batch_rows=100)
    screened(files, folders, "out/", batch_rows=100, is_restart=True)

    assert (again.is_old, again.done + again.refused) == (True, 300)
    assert pq.read_table(place / "out").num_rows == 90
    assert sorted(contents(place / "out")) == ["_run.json", "part-000000.parquet"]


def test_a_run_without_a_day_keeps_the_day_on_which_it_began(place, monkeypatch):
    """It was stopped before midnight and goes on after: all rows are asked as of one day."""
    files, folders = [place / "t.parquet"], [place / "edition"]

    def stop(progress):
        raise Crash

    with pytest.raises(Crash):
        screened(files, folders, "out.parquet", batch_rows=100, day=None, tell=stop)
    journal = place / ".out.parquet.parts" / "journal.jsonl"
    first, *lines = journal.read_text(encoding="utf-8").splitlines()
    asked = json.loads(first)
    asked["asked"] |= {"as_of": "2026-01-31", "today": "2026-01-31"}
    journal.write_text("\n".join([json.dumps(asked), *lines]) + "\n", encoding="utf-8")
    outcome = screened(files, folders, "out.parquet", batch_rows=100, day=None)
    said = json.loads(pq.read_schema(place / "out.parquet").metadata[b"yudi"])

    assert outcome.kept == 100
    assert said["as_of"] == "2026-01-31"


def test_two_runs_do_not_write_in_one_place(place):
    """The second is told so."""
    bench = place / ".out.csv.parts"
    bench.mkdir()
    with journals.locked(bench), pytest.raises(StateError, match="another run is writing here"):
        screened([place / "t.parquet"], [place / "edition"], "out.csv")


def test_a_folder_with_anything_else_is_left_alone(place):
    """Nothing in it is touched, even with --restart."""
    (place / "mine").mkdir()
    (place / "mine" / "letter.txt").write_text("dear")
    for is_restart in (False, True):
        with pytest.raises(StateError, match="something that no screening wrote"):
            screened([place / "t.parquet"], [place / "edition"], "mine/", is_restart=is_restart)

    assert [path.name for path in (place / "mine").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("ending", [".geojson", ".xlsx", ".csv", ".parquet"])
def test_a_file_is_the_same_however_its_rows_were_batched(ending, place):
    """Batches of 7 rows on two workers, and one batch, give the same rows."""
    files, folders = [place / "t.parquet"], [place / "edition"]
    screened(files, folders, f"one{ending}")
    screened(files, folders, f"many{ending}", batch_rows=7, workers=2)

    if ending == ".parquet":
        assert pq.read_table(place / "one.parquet").equals(pq.read_table(place / "many.parquet"))
        assert pq.read_schema(place / "one.parquet").metadata == pq.read_schema(place / "many.parquet").metadata
    else:
        assert (place / f"one{ending}").read_bytes() == (place / f"many{ending}").read_bytes()
    assert (place / "one.rejects.csv").read_bytes() == (place / "many.rejects.csv").read_bytes()
    assert (place / "one.rejects.csv").read_bytes().startswith(b"\xef\xbb\xbffile,row,id,field,reason,hint\r\n")


def test_more_rows_than_excel_holds_are_refused_before_the_work(place, monkeypatch):
    """The limit is said, and nothing is left."""
    monkeypatch.setattr("yudi.formats.results.ROWS_MAX", 300)
    with pytest.raises(LimitError, match=r"at most 299 rows.*got 300.*\.parquet or \.csv"):
        screened([place / "t.parquet"], [place / "edition"], "out.xlsx")

    assert not list(place.glob("*out.xlsx*"))


def test_long_text_files_are_read_in_batches_as_short_ones_whole(place):
    """Line breaks within quotes, blank lines, short rows, a comma too many: numbers of rows and answers stay."""
    rows = [["id", "lon", "lat", "industry", "note"]]
    for number in range(40):
        rows.append([f"r{number}", 107.0 + number / 1000, 30.0, "C2614", f"two\nlines {number}"])
        if number % 9 == 0:
            rows += [[], [f"short{number}", 107.0, 30.0], ["long", 107.0, 30.0, "A", "x", "too much"]]
    sheet(rows, place / "t.csv")
    screened([place / "t.csv"], [place / "edition"], "one.csv")
    screened([place / "t.csv"], [place / "edition"], "many.csv", batch_rows=3, workers=2)
    refused = (place / "many.rejects.csv").read_text(encoding="utf-8-sig").splitlines()[1:]

    assert (place / "one.csv").read_bytes() == (place / "many.csv").read_bytes()
    assert [int(line.split(",")[1]) for line in refused] == [5, 17, 29, 41, 53]
    assert all("a value under no header: 'too much'" in line for line in refused)


def test_excel_files_go_in_and_dates_go_along(place):
    """A day in a column that no fact is arrives as text."""
    book = openpyxl.Workbook()
    for row in (["id", "lon", "lat", "asked on"], ["a", 107.0, 30.0, DAY], ["b", 107.01, 30.0, None]):
        book.active.append(row)
    book.save(place / "t.xlsx")
    for ending in (".csv", ".xlsx", ".geojson", ".parquet"):
        screened([place / "t.xlsx"], [place / "edition"], f"out{ending}")
    features = json.loads((place / "out.geojson").read_text(encoding="utf-8"))["features"]

    assert pq.read_table(place / "out.parquet")["asked on"].to_pylist() == ["2026-03-19", None]
    assert [item["properties"]["asked on"] for item in features] == ["2026-03-19", None]


def test_a_worker_that_is_ended_from_outside_is_said(place):
    """The run stops with the next step, keeps what is done, and goes on."""
    geoparquet(mixed_rows(4_000, faults=False), place / "t.parquet", group=1_000)
    call = ("screen", "t.parquet", "-e", "edition", *AS_OF, "-o", "out/", "--batch-rows", "100", "--workers", "2")
    process = subprocess.Popen([sys.executable, "-m", "yudi", *call], cwd=place, stderr=subprocess.PIPE, text=True)
    while noted(place / "out" / "_yudi") < 3:
        time.sleep(0.005)
    os.kill(below(process.pid)[0], signal.SIGKILL)
    said = process.communicate(timeout=60)[1]
    outcome = screened([place / "t.parquet"], [place / "edition"], "out/", batch_rows=100)

    assert process.returncode == 5
    assert "a worker ended by signal SIGKILL" in said
    assert outcome.kept >= 300
    assert pq.read_table(place / "out")["id"].to_pylist() == [f"r{number}" for number in range(4_000)]


def test_how_far_a_run_is_is_told_with_what_is_left(place):
    """Rows done rise to the total; of a text file the total is an estimate until its end."""
    sheet(
        [["id", "lon", "lat", "note"], *[[number, 107.0, 30.0, "long " * 200] for number in range(100)]],
        place / "t.csv",
    )
    told = {}
    for name in ("t.csv", "t.parquet"):
        told[name] = []
        screened([place / name], [place / "edition"], f"{name}.geojson", batch_rows=20, tell=told[name].append)

    assert [item.rows for item in told["t.csv"]] == [20, 40, 60, 80, 100]
    assert [item.is_sure for item in told["t.csv"]] == [False] * 4 + [True]
    assert all(80 <= item.total <= 125 for item in told["t.csv"])
    assert [item.total for item in told["t.parquet"]] == [300] * 15


def test_one_edition_may_speak_more_strictly_than_another_in_the_default_number_of_workers(place, monkeypatch):
    """Small inputs are done in one process, large ones on all cores."""
    order = runs.Order([], [], [], None, out=Path("o"), as_of=DAY, today=DAY)
    made = []
    for total in (10, 10_000_000):
        run = runs._Run(order, None, {0: type("Source", (), {"total": total})()}, wrong=[], asked={})
        made.append(run._workers())

    assert made == [1, len(os.sched_getaffinity(0))]


def test_forbidden_and_needed_are_told_apart(place):
    """The small edition that these tests use says something of every industry it names."""
    screened([place / "t.parquet"], [place / "edition"], "out.parquet")
    applied = pq.read_table(place / "out.parquet")["applied"].to_pylist()

    assert {name for names in applied for name in names} == {FORBIDS["id"], NEEDS["id"]}
