"""Batches on Spark: the editions travel once to each executor, which performs the very same work; the driver notes it.

A task leaves its part under a name of its own attempt, and only the receipt of an attempt that Spark counts is noted, so
that a task that failed, or ran twice, adds no row. Input and output lie where driver and executors all reach them.
"""

from __future__ import annotations

import atexit
import os
import pickle
import re
import secrets
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from yudi.core.errors import InputError, UnavailableError, Where, YudiError
from yudi.engines.jobs import Bench, Job, Receipt, Task

__all__ = ["is_master", "spark_engine"]

_LOCAL = re.compile(r"local(\[(\*|\d+)(,\d+)?\])?")
_ATTEMPTS = 4  # of a task; on one machine Spark would make only one
_WAVES = 8  # batches a core between two notes in the journal
_SCHEMA = pa.schema([("receipt", pa.binary())])


def is_master(name: str) -> bool:
    """Tell whether a name is one of a Spark master: ``local[2]``, ``spark://HOST:PORT``, ``yarn``, ``k8s://…``.

    Examples
    --------
    >>> is_master("local[*]"), is_master("spark://one:7077"), is_master("local")
    (True, True, False)
    """
    return (
        name == "yarn" or name.startswith(("spark://", "k8s://")) or (name != "local" and bool(_LOCAL.fullmatch(name)))
    )


def spark_engine(master: str) -> Callable[[Job, Iterator[Task], int], Iterator[Receipt]]:
    """Return the engine that performs tasks on a Spark master.

    Raises
    ------
    InputError
        For a name that is no master.
    UnavailableError
        Where PySpark or Java is missing; when it runs, where the master cannot be reached or gives up on a task.
    """
    if not is_master(master):
        hint = "local, local[*], or spark://HOST:PORT"
        raise InputError(f"no engine {master!r}", where=Where(field="--engine"), hint=hint)
    _check_installed()
    return partial(_receipts, master)


def _check_installed() -> None:
    try:
        import pyspark  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UnavailableError(
            "this engine needs PySpark, which is not installed", hint='pip install "yudi[spark]"'
        ) from error
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise UnavailableError(
            "this engine needs Java, which is not found", hint="install Java 17, and set JAVA_HOME or PATH"
        )


def _receipts(master: str, job: Job, tasks: Iterator[Task], _workers: int) -> Iterator[Receipt]:
    """Yield the receipts of tasks, wave by wave."""
    with _session(master) as session:
        context = session.sparkContext
        names = [_sent(context, folder) for folder in job.folders]
        sent = context.broadcast(pickle.dumps(replace(job, folders=tuple(Path(name) for name in names))))
        size = max(context.defaultParallelism, 1) * _WAVES
        while wave := list(islice(tasks, size)):
            for row in _collected(session, wave, partial(_perform, sent)):
                answer = pickle.loads(bytes(row[0]))
                if isinstance(answer, YudiError):
                    raise answer
                yield answer


def _collected(session: Any, wave: Sequence[Task], perform: Callable[..., Any]) -> list[Any]:
    """Return the rows that come of a wave, of which each task is a partition."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    rows = [(bytearray(pickle.dumps(task)),) for task in wave]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it speaks of versions of what is not used here
            frame = session.createDataFrame(session.sparkContext.parallelize(rows, len(rows)), "task binary")
            found: list[Any] = frame.mapInArrow(perform, "receipt binary").collect()
    except (Py4JError, PySparkException) as error:
        said = next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason")
        hint = "look into Spark's log, and give the same command again: what is done is kept"
        raise UnavailableError(f"Spark gave up on a batch: {said[:300]}", hint=hint) from error
    return found


def _perform(sent: Any, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Perform the tasks of a partition, on an executor."""
    from pyspark import TaskContext

    context = TaskContext.get()
    attempt = f"s{context.taskAttemptId()}" if context is not None else ""
    for batch in batches:
        for task in batch.column(0).to_pylist():
            answer: Receipt | YudiError
            try:
                answer = _bench(sent.value).perform(pickle.loads(task), attempt)
            except YudiError as error:
                answer = error
            yield pa.RecordBatch.from_arrays([pa.array([pickle.dumps(answer)], pa.binary())], schema=_SCHEMA)


@lru_cache(maxsize=1)
def _bench(data: bytes) -> Bench:
    """Return the bench of a job, the same for all tasks of this process."""
    from pyspark import SparkFiles

    job: Job = pickle.loads(data)
    return Bench(replace(job, folders=tuple(Path(SparkFiles.get(str(name))) for name in job.folders)))


def _sent(context: Any, folder: Path) -> str:
    """Send an edition to every executor, as one archive that is unpacked there; return the name of its folder."""
    name = f"yudi-{secrets.token_hex(8)}"
    scratch = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)  # an executor that joins later asks for it too
    archive = shutil.make_archive(f"{scratch}/{name}", "zip", folder)
    context.addArchive(f"{archive}#{name}")
    return name


@contextmanager
def _session(master: str) -> Iterator[Any]:
    """Give a session with the master; one that runs already in this process is used, and left running."""
    from pyspark.sql import SparkSession

    there = SparkSession.getActiveSession()
    if there is not None:
        yield there
        return
    local = _LOCAL.fullmatch(master)
    if local is not None:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        master = master if local[3] else f"local[{local[2] or 1},{_ATTEMPTS}]"
    builder = SparkSession.builder.master(master).appName("yudi")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            session = builder.getOrCreate()
    except Exception as error:
        said = str(error).strip().splitlines() or ["no reason"]
        raise UnavailableError(
            f"the Spark master {master} cannot be used: {said[0][:300]}", hint="check its address, and that it runs"
        ) from error
    try:
        yield session
    finally:
        session.stop()
