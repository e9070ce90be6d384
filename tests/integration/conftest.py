"""Runs the command line as a person does, in this process or in one of its own, and watches what is left on disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from yudi.cli.app import main


@dataclass(frozen=True)
class Ran:
    """What one call of the command line gave back."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Return standard output as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """Return the one error that standard error holds as JSON."""
        return json.loads(self.err)["error"]


@pytest.fixture
def yudi(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Return a function that calls the published command in this process."""

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["yudi", *map(str, words)])
        out, err, status = io.StringIO(), io.StringIO(), 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        return Ran(status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def yudi_process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Return a function that calls the command in a process of its own."""

    def run(*words: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "yudi", *map(str, words)]
        return subprocess.run(command, capture_output=True, check=False, timeout=120, **options)

    return run


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a temporary folder of our own that all of this process uses."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def example(root: Path) -> Callable[[Path], Path]:
    """Return a function that copies the worked example's scheme into a folder, and its packs' tables with it."""

    def copy(folder: Path) -> Path:
        shutil.copytree(root / "tests" / "data" / "example", folder)
        shutil.copytree(root / "packs" / "cn" / "wording", folder / "wording")
        shutil.copytree(root / "packs" / "cn" / "codes", folder / "pack" / "codes")
        for name, old, new in (
            ("scheme.toml", "../../../packs/cn/wording", "wording"),
            ("pack/pack.toml", "../../../../packs/cn/codes/gbt4754_2017.csv", "codes/gbt4754_2017.csv"),
        ):
            path = folder / name
            text = path.read_text(encoding="utf-8")
            assert old in text, f"{name} has changed"
            path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return copy


@pytest.fixture(scope="session")
def listing() -> Callable[[Path], dict[str, str]]:
    """Return a function that says what lies below a folder: every path, and for files the hash of the content."""

    def look(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in sorted(folder.rglob("*"))
        }

    return look
