"""The site of documents is built without a warning, has every page, and asks nothing of another host."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the site is built with the packages of the development lock")


@pytest.fixture(scope="module")
def site(root, tmp_path_factory) -> Path:
    """Build the site as `make docs` does; a warning is a failure."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(root / "src")}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_of_the_documents_is_in_the_menu(root, site):
    """Each Markdown file of docs/ is a page, and the menu leads to it."""
    menu = set(re.findall(r'href="([^"#]+\.html)"', (site / "index.html").read_text(encoding="utf-8")))
    pages = {path.relative_to(root / "docs").with_suffix(".html").as_posix() for path in (root / "docs").rglob("*.md")}

    assert pages - menu == set()


def test_every_command_is_explained(site):
    """The reference has each command with each of its options."""
    import typer.main

    from yudi.cli.app import app

    text = (site / "reference/commands.html").read_text(encoding="utf-8")
    missing = [
        f"{words} {option}"
        for words, command in _commands("yudi", typer.main.get_command(app))
        for option in ("", *(name for param in command.params for name in param.opts if name.startswith("-")))
        if f"<code>{words}</code>" not in text or (option and option != "--help" and f"<code>{option}" not in text)
    ]

    assert missing == []


def test_every_public_name_of_the_package_is_explained(root, site):
    """The reference has each name that a module of the inner rooms offers, from its docstring."""
    anchors = set()
    for page in (site / "reference").glob("*.html"):
        anchors |= set(re.findall(r'id="(yudi\.[^"]+)"', page.read_text(encoding="utf-8")))
    offered = {
        ".".join((*path.relative_to(root / "src").with_suffix("").parts, name))
        for room in ("core", "territory", "formats", "stores")
        for path in (root / "src/yudi" / room).rglob("*.py")
        for name in _offered(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert len(offered) > 200
    assert sorted(offered - anchors) == []


def test_the_pages_ask_nothing_of_another_host(site):
    """No script, style sheet, picture, frame or font comes from elsewhere."""
    asked = []
    for page in site.rglob("*.html"):
        loads = _Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        asked += [f"{page.relative_to(site)}: {address}" for address in loads.found]
    sheets = [
        f"{sheet.relative_to(site)}: {address}"
        for sheet in site.rglob("*.css")
        for address in re.findall(r"(?:@import\s+|url\()[\"']?(https?:[^\"')]+|//[^\"')]+)", sheet.read_text("utf-8"))
    ]

    assert asked + sheets == []


class _Loads(HTMLParser):
    """Collects the addresses that a browser loads of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        loaded = given.get("src") or (given.get("href") if tag == "link" and "canonical" not in str(given) else None)
        if loaded and re.match(r"(?:https?:)?//", loaded):
            self.found.append(f"{tag} {loaded}")


def _commands(words, command):
    if not hasattr(command, "commands"):
        return [(words, command)]
    return [
        pair for name in command.list_commands(None) for pair in _commands(f"{words} {name}", command.commands[name])
    ]


def _offered(tree: ast.Module) -> list[str]:
    """Return the functions and classes that a module offers; names of types and tables have no docstring."""
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return [
        name
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        for name in ast.literal_eval(node.value)
        if name in defined
    ]
