"""The engines that every contract test runs on."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.streams import screened

from yudi.engines.runs import Outcome


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Give one Spark session for all tests; its tasks are tried again, as on a cluster."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("wants java: make test-deps")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2,4]").appName("tests")
    for key, value in {"spark.ui.enabled": "false", "spark.log.level": "OFF", "spark.driver.memory": "512m"}.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(params=["one process", "two workers", "spark"])
def stream(request: pytest.FixtureRequest) -> Callable[..., Outcome]:
    """Return a function that screens files into a folder or file on one of the engines."""
    if request.param == "spark":
        from yudi.engines.spark import spark_engine

        request.getfixturevalue("spark")
        return lambda *given, **options: screened(*given, engine=spark_engine("local[2]"), **options)
    workers = 1 if request.param == "one process" else 2
    return lambda *given, **options: screened(*given, workers=workers, **options)
