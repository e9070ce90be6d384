"""What every test may lean on: hypothesis' settings, the folder beside the repository, programs that may be missing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("YUDI_SHARED", ROOT.parent / "shared"))
STRICT = os.environ.get("YUDI_TEST_STRICT", "") == "1"
# A skip that begins so is for want of something that `make install` or `make test-deps` brings.
WANTED = ("wants ", "could not import")
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def machine_code_folder() -> Path:
    """Return a folder for compiled loops that no older source has written to.

    numba renews a loop's machine code when the loop's own file changes, not when one changes that it calls into.
    """
    texts = {path: path.read_bytes() for path in sorted((ROOT / "src/yudi").rglob("*.py"))}
    loops = [text for path, text in texts.items() if b"jit" in text or path.parent.name == "cellgrid"]
    digest = hashlib.sha256(b"".join(loops)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"yudi-machine-code-{digest}"


os.environ.setdefault("NUMBA_CACHE_DIR", str(machine_code_folder()))
settings.register_profile("yudi", derandomize=True, deadline=None, max_examples=50, print_blob=True)
settings.register_profile("long", derandomize=True, deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("yudi")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; an undeclared one is an error."""
    for line in (
        "shared: reads the folder ../shared (or YUDI_SHARED) and is deselected where that is absent",
        "needs(program, ...): runs these programs and is skipped where one is missing",
        "needs_locale(name, ...): runs under these locales and is skipped where one is missing",
    ):
        config.addinivalue_line("markers", line)


def pytest_report_header() -> list[str]:
    """Say what this run leaves out, and that it may not."""
    lines = [] if SHARED.is_dir() else ["shared: absent, so the tests that read it are deselected"]
    return [*lines, "strict: a test skipped for want of a program fails"] if STRICT else lines


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that read ../shared where there is none."""
    if SHARED.is_dir():
        return
    away = [item for item in items if _reads_shared(item)]
    if away:
        config.hook.pytest_deselected(items=away)
        items[:] = [item for item in items if not _reads_shared(item)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs or locales are missing, naming the command that brings them."""
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if shutil.which(program) is None:
                pytest.skip(f"wants {program}: make test-deps")
    for marker in item.iter_markers("needs_locale"):
        for name in marker.args:
            if not _has_locale(name):
                pytest.skip(f"wants the locale {name}: make test-deps")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under YUDI_TEST_STRICT=1, make a failure of a test skipped for want of what our commands install."""
    report = yield
    return _strictly(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Hold whole files that skip themselves to the same rule."""
    report = yield
    return _strictly(report)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared material; a test that takes it is deselected where it is absent."""
    return SHARED


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's folder."""
    return ROOT


def _reads_shared(item: pytest.Item) -> bool:
    return item.get_closest_marker("shared") is not None or "shared" in getattr(item, "fixturenames", ())


def _has_locale(name: str) -> bool:
    if shutil.which("locale") is None:
        return False
    asked = subprocess.run(["locale", "charmap"], env={**os.environ, "LC_ALL": name}, capture_output=True, check=False)
    return asked.stdout.decode("ascii", "replace").strip() == name.partition(".")[2]


def _strictly(report: Report) -> Report:
    if STRICT and report.skipped and not hasattr(report, "wasxfail") and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        if reason.startswith(WANTED):
            report.outcome = "failed"
            report.longrepr = f"skipped, though our commands install what it wants: {reason}"
    return report
