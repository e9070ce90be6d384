"""Pages of the site that are made, not written: the first page, and the reference from docstrings, help texts and packs.

`make docs` runs this; the pages of docs/ themselves are read as they stand, with links that lead out of docs/ turned
into what they name, for the site holds no sources.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "core": ("The core", "Plain types, three truth values, units, codes, dates, errors. No files, network or clock.", ["core"]),
    "territory": ("The territory", "What may be where: editions, clauses, facts, screening. No files, network or clock.", ["territory"]),
    "adapters": ("Formats and stores", "How maps, sheets, packs and projects are read, and editions are kept.", ["formats", "stores"]),
}  # fmt: skip
FIRST = {"index.md": "README.md", "zh/index.md": "README.zh-CN.md"}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(\s*<?([^)\s>]+)>?\s*\)")
_FENCE = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)[^\n]*$)", re.MULTILINE | re.DOTALL)
_ATTRIBUTES = re.compile(r"^(```[\w+-]*)[^\n]*\bfile=(\S+)[^\n]*$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    made = {
        **{page: (ROOT / source).read_text(encoding="utf-8") for page, source in FIRST.items()},
        "reference/commands.md": _commands(),
        "reference/python.md": _python(),
        "reference/facts.md": _facts(),
        **{f"reference/{name}.md": _room(*room) for name, room in ROOMS.items()},
        **{
            f"notebooks/{path.stem}.md": _notebook(path, is_run=bool(config.extra.get("run_notebooks")))
            for path in sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
        },
    }
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Turn links to what the site has not into its name, and show of a file block which file it is."""
    there = {file.src_uri for file in files}
    folder = posixpath.dirname(FIRST.get(page.file.src_uri, f"docs/{page.file.src_uri}"))
    here = posixpath.dirname(page.file.src_uri)
    parts = _FENCE.split(markdown)
    parts[::2] = [_LINK.sub(lambda found: _link(found, folder, here, there), part) for part in parts[::2]]
    parts[1::2] = [_ATTRIBUTES.sub(r'\1 title="\2"', part) for part in parts[1::2]]
    return "".join(parts)


def _link(found: re.Match[str], folder: str, here: str, there: set[str]) -> str:
    mark, text, target = found.groups()
    path, hash_, anchor = target.partition("#")
    if not path or "://" in path or path.startswith("mailto:"):
        return found[0]
    inside = posixpath.normpath(posixpath.join(folder, path))
    sources = {source: page for page, source in FIRST.items()}
    name = sources.get(inside, inside.removeprefix("docs/"))
    if inside in sources or (inside.startswith("docs/") and name in there):
        return f"{mark}[{text}]({posixpath.relpath(name, here or '.')}{hash_}{anchor})"
    return f"{text} (`{inside}`)" if text != inside else f"`{inside}`"


def _room(title: str, said: str, folders: list[str]) -> str:
    lines = [f"# {title}", "", said, ""]
    for folder in folders:
        for path in sorted((ROOT / "src/yudi" / folder).rglob("*.py")):
            if path.name != "__init__.py" and not path.name.startswith("_"):
                module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
                lines += [f"::: {module}", ""]
    return "\n".join(lines)


def _python() -> str:
    import yudi

    lines = ["# Python", "", "What `import yudi` offers.", ""]
    homes = {name: getattr(yudi, name).__module__ for name in yudi.__all__}
    lines += [
        f"::: {home}.{name}\n    options:\n      heading_level: 2\n      inherited_members: true\n"
        for name, home in homes.items()
    ]
    return "\n".join(lines)


def _commands() -> str:
    """Return the reference of commands, from the program itself."""
    import typer.main

    from yudi.cli.app import app

    lines = ["# Commands", "", "Made from `yudi --help` and the help of each command.", ""]
    for words, command in _walk("yudi", typer.main.get_command(app)):
        lines += [f"## `{words}`", "", _prose(command.help or ""), ""]
        if shown := [param for param in command.params if param.name != "help" and not getattr(param, "hidden", False)]:
            lines += ["| argument or option | what it says |", "|---|---|"]
            lines += [f"| {_option(param)} | {_cell(getattr(param, 'help', '') or '')} |" for param in shown]
            lines += [""]
        example = (command.epilog or "").replace("\b", "").strip()
        if example.startswith("Example: "):
            lines += ["```sh", example.removeprefix("Example: "), "```", ""]
    return "\n".join(lines)


def _walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield each command with the words that call it; of a group its members, in their order."""
    if not hasattr(command, "commands"):
        yield words, command
        return
    if words == "yudi":
        yield words, command
    for name in command.list_commands(None):
        yield from _walk(f"{words} {name}", command.commands[name])


def _option(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or (param.name or '').upper()}`"
    value = "" if getattr(param, "is_flag", False) else f" {param.metavar or (param.name or '').upper()}"
    return ", ".join(f"`{name}{value}`" for name in param.opts)


def _prose(text: str) -> str:
    """Return a help text; its kept blocks as code."""
    parts = re.split(r"^\x08\n", text.strip(), flags=re.MULTILINE)
    kept = ["```sh\n" + re.sub(r"^  ", "", part.strip("\n"), flags=re.MULTILINE) + "\n```" for part in parts[1:]]
    return "\n\n".join([parts[0], *kept])


def _facts() -> str:
    """Return the vocabulary of the packs that are shipped, as a table."""
    from yudi.formats.rule_books import read_book

    vocabulary = read_book("cn").rules.vocabulary
    lines = [
        "# Facts that clauses ask",
        "",
        "The vocabulary of the pack `cn`; `yudi facts show KEY` says more of each.",
        "",
    ]
    lines += ["| key | 中文 | English | type | given by | can be changed by |", "|---|---|---|---|---|---|"]
    for key, fact in sorted(vocabulary.facts.items()):
        kind = " ".join(filter(None, (fact.type, fact.unit, fact.system)))
        cells = (f"`{key}`", fact.label.zh, fact.label.en, kind, fact.provider, fact.changeable)
        lines.append(f"| {' | '.join(_cell(cell or '') for cell in cells)} |")
    return "\n".join(lines)


def _notebook(path: Path, *, is_run: bool) -> str:
    """Return a notebook as a page; with what its cells print and draw, where it is run."""
    import nbformat

    book = nbformat.read(path, as_version=4)
    if is_run:
        from nbclient import NotebookClient

        NotebookClient(book, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    lines = [f"*This page is the notebook `docs/notebooks/{path.name}`.*", ""]
    for cell in book.cells:
        if cell.cell_type == "markdown":
            lines += [cell.source, ""]
        elif cell.cell_type == "code" and cell.source.strip():
            lines += ["```python", cell.source, "```", ""]
            lines += [text for output in cell.get("outputs", ()) for text in _shown(output)]
    # The first heading is the page's title, so it stands before the note.
    title = next((at for at, line in enumerate(lines) if line.startswith("# ")), None)
    if title is not None:
        head, _, rest = lines.pop(title).partition("\n")
        lines = [head, "", *lines[:title], rest, *lines[title:]]
    return "\n".join(lines)


def _shown(output: Any) -> list[str]:
    """Return what a cell gave, as a block of HTML or of plain text."""
    data = output.get("data", {})
    if "text/html" in data:
        blank_free = re.sub(r"\n\s*\n", "\n", data["text/html"])  # an empty line would end the block
        return [f'<div class="shown">\n{blank_free}\n</div>', ""]
    text = output.get("text") or data.get("text/plain", "")
    return ["```text", text.rstrip(), "```", ""] if text.strip() else []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
