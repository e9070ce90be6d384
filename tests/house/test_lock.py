"""The lockfiles name one hashed version of everything, and nothing of any one machine."""

from __future__ import annotations

import re
import tomllib

import pytest


@pytest.fixture(scope="module", params=["requirements.lock", "requirements-dev.lock"])
def lock(request, root) -> str:
    """Read one of the lockfiles."""
    return (root / request.param).read_text(encoding="utf-8")


def test_every_version_is_pinned_and_hashed(lock):
    """Each requirement is name==version with at least one sha256."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    pinned = r"[a-z0-9.-]+(?:\[[a-z0-9,-]+\])?==\S+ .*\\\n +--hash=sha256:[0-9a-f]{64}"
    loose = [entry for entry in entries if not re.match(pinned, entry)]

    assert loose == []


def test_no_address_is_named(lock):
    """A lockfile names neither an index nor a folder."""
    assert re.findall(r"\S*(?:://|@ |^-|--index|--find-links)\S*", lock, re.MULTILINE) == []


def test_the_lock_serves_what_the_project_asks(root):
    """Every requirement of pyproject.toml is locked, the development group in its own file."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    every = [
        *runtime,
        *project["dependency-groups"]["dev"],
        *(name for extra in project["project"].get("optional-dependencies", {}).values() for name in extra),
    ]

    assert _names(runtime) - _locked(root / "requirements.lock").keys() == set()
    assert _names(every) - _locked(root / "requirements-dev.lock").keys() == set()


def test_both_locks_agree(root):
    """What users and developers install is the same version."""
    users, developers = _locked(root / "requirements.lock"), _locked(root / "requirements-dev.lock")

    assert {name: developers.get(name) for name in users} == users


def _names(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-") for requirement in requirements}


def _locked(path) -> dict[str, list[str]]:
    locked: dict[str, list[str]] = {}
    lines = path.read_text(encoding="utf-8")
    for name, version in re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", lines, re.MULTILINE):
        locked.setdefault(name, []).append(version)
    return locked
