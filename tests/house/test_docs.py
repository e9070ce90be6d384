"""Links in the documents lead somewhere, and the commands they show exist."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("http://", "https://", "mailto:", "#")


def test_links_resolve(root):
    """Every relative link of a Markdown file leads to a file or folder of the repository."""
    broken = [
        f"{page.relative_to(root)}: {link}"
        for page in _pages(root)
        for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
        if not link.startswith(ELSEWHERE) and not (page.parent / link.partition("#")[0]).exists()
    ]

    assert broken == []


def test_make_commands_exist(root):
    """Every `make …` line in a fenced block names a target of the Makefile."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    unknown = [
        f"{page}: {' '.join(words)}"
        for page, words in _commands(root, "make")
        for word in words[1:]
        if "=" not in word and not word.startswith("-") and word not in targets
    ]

    assert unknown == []


def test_yudi_commands_exist(root):
    """Every `yudi …` line in a fenced block names a command, and options that the command has."""
    unknown = [
        f"{page}: {' '.join(words)}" for page, words in _commands(root, "yudi") if not _is_known(words[1:], _program())
    ]

    assert unknown == []


def test_every_target_is_explained(root):
    """`make help` names every target that a person may call."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (help .*)$", text, re.MULTILINE)[1].split())
    explained = set(re.findall(r'^\t@echo "make ([a-z-]+) ', text, re.MULTILINE))

    assert targets - {"help"} == explained


def test_the_map_names_every_room(root):
    """docs/ARCHITECTURE.md has a row for every folder of the package that holds code."""
    rooms = {path.parent.name for path in (root / "src/yudi").glob("*/__init__.py")}
    mapped = re.findall(r"^\| `(\w+)`", (root / "docs/ARCHITECTURE.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert rooms - set(mapped) == set()


def _pages(root) -> list:
    """Return the Markdown files of the repository, not those of installed packages."""
    return [
        page
        for page in sorted(root.rglob("*.md"))
        if not any(part.startswith(".") or part == "node_modules" for part in page.relative_to(root).parts[:-1])
    ]


def _commands(root, program: str):
    """Yield the commands of one program that fenced blocks of the pages for users show, continued lines joined."""
    for page in _pages(root):
        name = page.relative_to(root).as_posix()
        if not name.startswith(("README", "CONTRIBUTING", "docs/")):
            continue
        for _, block in FENCE.findall(page.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                bare = line.strip().removeprefix("$ ")
                if re.match(rf"{program}(\s|$)", bare):
                    yield name, shlex.split(bare, comments=True)


def _program():
    """Return the command line as a tree of commands, or nothing before there is one."""
    if find_spec("yudi.cli.app") is None:
        return None
    import typer
    from yudi.cli.app import app

    return typer.main.get_command(app)


def _is_known(words: list[str], command) -> bool:
    while command is not None and hasattr(command, "commands"):
        if not words or words[0].startswith("-"):
            break
        command, words = command.commands.get(words[0]), words[1:]
        if command is None:
            return False
    if command is None:
        return True
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return all(word.partition("=")[0] in known | {"--help"} for word in words if word.startswith("--"))
