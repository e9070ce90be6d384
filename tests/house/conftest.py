"""The package's and the tests' sources, parsed once for all house tests."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its module's name, its text and its tree."""

    path: str
    module: str
    text: str
    tree: ast.Module


def _read(folder: str) -> list[Source]:
    sources = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        module = name.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        sources.append(Source(name, module, text, ast.parse(text, filename=name)))
    assert sources, f"no Python files below {folder}"
    return sources


@pytest.fixture(scope="session")
def package() -> list[Source]:
    """Return the sources of the package."""
    return _read("src/yudi")


@pytest.fixture(scope="session")
def tests() -> list[Source]:
    """Return the sources of the tests."""
    return _read("tests")
