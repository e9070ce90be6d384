"""What Spark may do to tasks: it ends them and tries them again, and no row is lost or twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.processes import below
from support.streams import built, geoparquet, mixed_rows, screened

from yudi.core.errors import InputError, UnavailableError
from yudi.engines.spark import spark_engine


def test_a_task_whose_process_is_killed_is_done_again_once(spark, tmp_path):
    """Python's workers are killed in the middle of their batches; all parts are those of a run without Spark."""
    folder = built(tmp_path / "edition")
    files = [geoparquet(mixed_rows(1_600), tmp_path / "t.parquet", group=300)]
    options = {"batch_rows": 200}
    screened(files, [folder], tmp_path / "local", **options)
    killed: list[int] = []
    killer = threading.Thread(target=kill_workers, args=(tmp_path / "out" / "_yudi", killed))
    killer.start()
    outcome = screened(files, [folder], tmp_path / "out", engine=spark_engine("local[2]"), **options)
    killer.join()
    found, whole = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("out", "local"))

    assert killed
    assert outcome.done + outcome.refused == 1_600
    assert found == whole
    assert pq.read_table(tmp_path / "out")["id"].to_pylist() == pq.read_table(tmp_path / "local")["id"].to_pylist()


def kill_workers(bench: Path, killed: list[int]) -> None:
    """Kill, twice, the processes that screen batches, once some of their parts are there."""
    for parts in (1, 3):
        until = time.monotonic() + 60
        while len(list(bench.glob("*.part"))) < parts and time.monotonic() < until:
            time.sleep(0.002)
        for pid in below(os.getpid()):
            if is_worker(pid):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)


def is_worker(pid: int) -> bool:
    """Tell whether a process is one of Spark's for Python that a daemon of Spark's started."""
    try:
        parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
        return all(b"pyspark.daemon" in Path(f"/proc/{one}/cmdline").read_bytes() for one in (pid, parent))
    except OSError:
        return False


def test_what_is_missing_is_said_with_the_next_step(monkeypatch):
    """Without Java or PySpark, and for a name that is no engine."""
    with pytest.raises(InputError, match=r"no engine 'dask'.*local\[\*\]"):
        spark_engine("dask")
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)
    with pytest.raises(UnavailableError, match=r"PySpark.*pip install"):
        spark_engine("local[*]")
    monkeypatch.setitem(__import__("sys").modules, "pyspark", __import__("types"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UnavailableError, match="Java 17"):
        spark_engine("spark://nowhere:7077")
