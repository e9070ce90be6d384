"""Imports run one way, and the pure rooms touch no files, network, clock, environment or chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator

DOMAINS = {"territory", "ledger", "cluster", "workshop", "cockpit"}
ADAPTERS = {"formats", "stores"}
SURFACES = {"cli", "web"}
PURE = {"core", "flows"} | DOMAINS
BELOW_FLOWS = {"core"} | DOMAINS
BELOW_ENGINES = BELOW_FLOWS | {"flows"} | ADAPTERS
BELOW_SURFACES = BELOW_ENGINES | {"engines"}
MAY_IMPORT = {
    "core": set(),
    **{domain: {"core"} for domain in DOMAINS},
    "flows": BELOW_FLOWS,
    **{adapter: BELOW_FLOWS | {"flows"} for adapter in ADAPTERS},
    "engines": BELOW_ENGINES,
    "api": BELOW_SURFACES,
    "web": BELOW_SURFACES | {"api"},
    "cli": BELOW_SURFACES | {"web", "api"},
}
IMPURE_MODULES = {
    *("os", "pathlib", "sys", "io", "shutil", "tempfile", "glob", "mmap", "subprocess", "importlib", "pkgutil"),
    *("socket", "ssl", "urllib", "http", "ftplib", "smtplib", "asyncio", "threading", "multiprocessing"),
    *("logging", "time", "random", "secrets", "uuid", "locale", "platform", "getpass"),
    *("sqlite3", "pyogrio", "openpyxl", "python_calamine", "typer", "rich", "geopandas", "pandas"),
}
IMPURE_CALLS = {"open", "input", "print", "exec", "eval", "breakpoint"}
CLOCKS = {"now", "utcnow", "today"}
# (module, what it does against the rule): why it may. May only shrink; an entry that is no longer needed fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("yudi.core.quantities", "importlib"): "The table of units is a constant of the package, kept as data beside it.",
}


def test_imports_run_one_way(package):
    """Each room imports only the rooms below it: core, domains, flows, adapters, engines, surfaces."""
    wrong = {
        (source.module, target)
        for source in package
        if (room := _room(source.module)) is not None
        for target in _imports(source)
        if (other := _room(target)) is not None and other != room and other not in MAY_IMPORT[room]
    }

    assert sorted(wrong - set(EXCEPTIONS)) == []


def test_every_room_is_known(package):
    """A new folder of the package gets its place in the order of imports."""
    rooms = {room for source in package if (room := _room(source.module)) is not None}

    assert rooms <= set(MAY_IMPORT)


def test_pure_rooms_import_nothing_impure(package):
    """Core, domains and flows import no module that reaches files, network, clock, environment or chance."""
    assert sorted(_impure_imports(package) - set(EXCEPTIONS)) == []


def test_pure_rooms_call_nothing_impure(package):
    """Core, domains and flows open nothing, print nothing, ask no clock, draw no chance, keep no global state."""
    assert sorted(_impure_acts(package) - set(EXCEPTIONS)) == []


def test_no_exception_is_left_over(package):
    """An exception that nothing needs any more is taken off the list."""
    needed = _impure_imports(package) | _impure_acts(package)
    needed |= {(source.module, target) for source in package for target in _imports(source)}

    assert sorted(set(EXCEPTIONS) - needed) == []


def _room(module: str) -> str | None:
    parts = module.split(".")
    # `yudi` itself and `yudi.__main__` are doors, not rooms.
    return parts[1] if len(parts) > 1 and parts[0] == "yudi" and not parts[1].startswith("_") else None


def _imports(source) -> Iterator[str]:
    """Yield the full name of all that a file imports, within functions too."""
    package = source.module if source.path.endswith("__init__.py") else source.module.rpartition(".")[0]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _pure(package) -> list:
    return [source for source in package if _room(source.module) in PURE]


def _impure_imports(package) -> set[tuple[str, str]]:
    return {
        (source.module, name)
        for source in _pure(package)
        for target in _imports(source)
        if (name := target.split(".")[0]) in IMPURE_MODULES
    }


def _impure_acts(package) -> set[tuple[str, str]]:
    acts = set()
    for source in _pure(package):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Global):
                acts.add((source.module, f"global {', '.join(node.names)}"))
            elif isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                last = name.rpartition(".")[2]
                if name in IMPURE_CALLS or (last in CLOCKS and "." in name) or ".random." in f".{name}":
                    acts.add((source.module, f"{name}()"))
    return acts
