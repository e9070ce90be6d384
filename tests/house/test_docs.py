"""Links in the documents lead somewhere, the commands they show exist, and what they show to happen happens.

Pages for users are run in a folder of their own, from top to bottom: a block with ``file=NAME`` is written as that
file, a ``console`` block is typed in and its output compared, a ``python`` block is executed.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path

import pytest

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"^```(console|python|[\w+-]*[^\n`]*\bfile=(\S+))[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What differs from day to day and from version to version: the day asked about, and hashes.
CHANGING = [(re.compile(r"(as of|按) \d{4}-\d\d-\d\d"), r"\1 DAY"), (re.compile(r"\b[0-9a-f]{12,64}\b"), "…")]
ROOT = Path(__file__).resolve().parents[2]
RUNNABLE = [
    path.relative_to(ROOT).as_posix()
    for pattern in ("README*.md", "docs/tutorials/*.md", "docs/guides/*.md", "docs/zh/*.md")
    for path in sorted(ROOT.glob(pattern))
]
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


def test_the_exit_statuses_of_the_guide_are_the_programs(root):
    """docs/guides/screening.md has a row for every status that the command line gives, and for no other."""
    from yudi.cli.errors import EXIT_STATUS, FINDINGS

    text = (root / "docs/guides/screening.md").read_text(encoding="utf-8")
    told = {int(status) for status in re.findall(r"^\| (\d) \|", text, re.MULTILINE)}

    assert told == {0, *EXIT_STATUS.values(), FINDINGS}


def test_the_map_names_modules_that_are_there(root):
    """Every module that docs/ARCHITECTURE.md names in its tour of the rooms is a file of the package."""
    text = (root / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    tour = text[text.index("In `territory` a question") : text.index("Domains never import")]
    known = {path.stem for path in (root / "src/yudi").rglob("*.py")} | {"territory", "formats", "stores", "engines"}

    assert set(re.findall(r"`([a-z_]+)`", tour)) - known == set()


def test_the_guide_names_every_key_of_a_scheme(root):
    """The tables of docs/guides/scheme.md have the keys that scheme.toml and pack.toml know, section by section."""
    from yudi.formats import scheme_file as form

    sections = {
        "The whole file": form.SchemeFile,
        "[scheme]": form.SchemeHead,
        "[scheme.tolerance]": form.ToleranceEntry,
        "[scheme.codes]": form.CodeEntry,
        "[[layers]]": form.LayerEntry,
        "[[lists]]": form.ListEntry,
        "[lists.silence]": form.Silence,
        "[[status]]": form.StatusEntry,
        "[[templates]]": form.TemplateEntry,
        "[[published]]": form.PublishedEntry,
        "[rules]": form.RuleEntries,
        "[[rules.systems]]": form.SystemEntry,
        "pack.toml": form.PackFile,
        "[pack]": form.PackHead,
    }
    text = (root / "docs/guides/scheme.md").read_text(encoding="utf-8")
    parts = re.split(r"^##+ (.*)$", text, flags=re.MULTILINE)
    tables = {
        head.strip("`"): set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))
        for head, part in zip(parts[1::2], parts[2::2], strict=True)
    }

    assert {name: tables.get(name) for name in sections} == {
        name: set(struct.__struct_fields__) for name, struct in sections.items()
    }


@pytest.mark.parametrize("page", RUNNABLE)
def test_what_a_page_shows_happens(page, root, tmp_path, monkeypatch):
    """The files, commands and Python of a page, run from top to bottom, print what the page shows."""
    for name in ("examples", "packs"):
        (tmp_path / name).symlink_to(root / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    differences = []
    for kind, name, block in RUN.findall((root / page).read_text(encoding="utf-8")):
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(block, encoding="utf-8")
        elif kind == "python":
            differences += _missing(_printed_by(block), re.findall(r"print\(.*\)  # (.*)", block))
        else:
            differences += _differences(block, monkeypatch)

    assert differences == []


def _differences(block: str, monkeypatch) -> list[str]:
    """Type in the commands of a console block; return the shown lines that they did not print, in order."""
    found = []
    for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        recipe = _recipe(command)
        if recipe:
            runs = [_typed_in(words, monkeypatch) for words in recipe]
            status, printed = max(status for status, _ in runs), "".join(text for _, text in runs)
            wrong = _missing(printed, shown.splitlines())
            if (status != 0) != ("error:" in shown):
                wrong.append(f"exit status {status}")
            found += [f"{command}: {wrong}, but it printed\n{printed}"] if wrong else []
    return found


def _recipe(command: str) -> list[list[str]]:
    """Return the calls of `yudi` that a command makes: itself, or those of a target of the Makefile."""
    words = shlex.split(command, comments=True)
    if words[0] != "make":
        return [words] if words[0] == "yudi" else []
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    lines = re.search(rf"^{words[1]}:.*\n((?:\t.*\n)*)", text, re.MULTILINE)[1].splitlines()
    folder = re.search(r"^VERMONT := (.*)$", text, re.MULTILINE)[1]
    calls = [line.strip().replace("$(VERMONT)", folder).split() for line in lines]
    return [
        [
            "yudi",
            *(path for word in call[1:] for path in (sorted(map(str, Path().glob(word))) if "*" in word else [word])),
        ]
        for call in calls
        if call[0] == "$(BIN)/yudi"
    ]


def _typed_in(words: list[str], monkeypatch) -> tuple[int, str]:
    """Run the command line in this process; return its exit status and what it printed to either stream."""
    from yudi.cli.app import main

    monkeypatch.setattr(sys, "argv", words)
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(stream):
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), stream.getvalue()
    return 0, stream.getvalue()


def _printed_by(code: str) -> str:
    stream = io.StringIO()
    with redirect_stdout(stream):
        exec(compile(code, "page", "exec"), {})
    return stream.getvalue()


def _missing(printed: str, shown: list[str]) -> list[str]:
    """Return the shown lines that do not stand in what was printed, in their order; an ellipsis leaves lines out."""
    rest = [_steady(line) for line in printed.splitlines()]
    missing = []
    for line in (_steady(line) for line in shown):
        if line in ("", "…"):
            continue
        if line in rest:
            rest = rest[rest.index(line) + 1 :]
        else:
            missing.append(line)
    return missing


def _steady(line: str) -> str:
    for pattern, instead in CHANGING:
        line = pattern.sub(instead, line)
    return line.strip()


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
