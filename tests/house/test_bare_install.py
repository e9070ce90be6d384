"""The built wheel is complete, and starts with nothing installed beyond what it asks for."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

# Stands for a machine without the other packages: importing one of them fails as it would there.
BARE = """
import runpy, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r} in a bare install", name=name)
sys.meta_path.insert(0, Absent())
"""


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory) -> Path:
    """Build the wheel with the packages at hand, without network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory) -> Path:
    """Unpack the wheel as an installer would."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_holds_every_module_and_pack(root, wheel):
    """All of src/yudi and packs, and the licence, are in the wheel."""
    wanted = {
        path.relative_to(root / folder).as_posix() if folder == "src" else path.relative_to(root).as_posix()
        for folder in ("src", "packs")
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in str(path)
    }
    wanted = {name if name.startswith("yudi/") else f"yudi/{name}" for name in wanted}
    held = set(zipfile.ZipFile(wheel).namelist())

    assert wanted - held == set()
    assert any(name.startswith("yudi/packs/cn/") for name in held)
    assert any(name.endswith("/licenses/LICENSE") for name in held)


def test_the_wheel_holds_nothing_else(wheel):
    """No test, example or demonstration slips into the wheel."""
    strangers = [name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith(("yudi/", "yudi-"))]

    assert strangers == []


def test_a_bare_install_is_imported(unpacked):
    """The package is imported with only its own requirements installed."""
    done = _run_bare(unpacked, "import yudi; print(yudi.__file__)")

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(unpacked)


def test_a_bare_install_answers_on_the_command_line(unpacked):
    """`yudi --help` works with only the package's own requirements installed."""
    done = _run_bare(unpacked, "sys.argv = ['yudi', '--help']; runpy.run_module('yudi', run_name='__main__')")

    assert done.returncode == 0, done.stderr
    assert "edition" in done.stdout


def _run_bare(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    program = f"absent = {sorted(_absent())!r}\n{BARE}\n{code}"
    environment = {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], env=environment, capture_output=True, text=True, check=False
    )


def _absent() -> set[str]:
    """Return the top-level modules here that no requirement of the package, or of theirs, brings."""
    lock = (Path(__file__).resolve().parents[2] / "requirements.lock").read_text(encoding="utf-8")
    locked = {_key(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)} | {"yudi"}
    return {
        module
        for module, distributions in packages_distributions().items()
        if not any(_key(name) in locked for name in distributions)
    }


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
