"""Nothing grows past what a newcomer reads at one sitting; what does is listed with a reason."""

from __future__ import annotations

import ast
import io
import tokenize

FUNCTION_LINES, FILE_LINES, PUBLIC_NAMES, POSITIONAL = 60, 600, 15, 4
CEILINGS = {"function": FUNCTION_LINES, "file": FILE_LINES, "names": PUBLIC_NAMES, "positional": POSITIONAL}
# (measure, "path" or "path:function"): (its size today, why). The size may only fall, and then is lowered here.
EXCEPTIONS: dict[tuple[str, str], tuple[int, str]] = {}
# Compiled loops are called with positional arguments alone, and unpack no tuples where they are hottest.
COMPILED, COMPILED_POSITIONAL = {"compiled", "inlined", "allocating", "uncounted", "njit"}, 8
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def test_sizes_stay_below_their_ceilings(package, tests):
    """Functions, files, public names and positional parameters keep to the house style's ceilings."""
    over = {
        key: size
        for key, size in _measure(package, tests).items()
        if size > EXCEPTIONS.get(key, (CEILINGS[key[0]], ""))[0]
    }

    assert over == {}


def test_exceptions_only_shrink(package, tests):
    """An exception that is no longer needed goes, and one that has shrunk is lowered."""
    sizes = _measure(package, tests)
    loose = {
        key: sizes.get(key)
        for key, (size, _) in EXCEPTIONS.items()
        if sizes.get(key, 0) <= CEILINGS[key[0]] or sizes[key] < size
    }

    assert loose == {}


def test_every_exception_has_a_reason():
    """A ceiling is broken only with a sentence that says why."""
    assert [key for key, (_, reason) in EXCEPTIONS.items() if not reason.endswith(".")] == []


def test_public_names_are_declared(package):
    """A module that defines public functions, classes or values lists those it offers in __all__."""
    undeclared = [source.path for source in package if _defines_public(source.tree) and _declared(source.tree) is None]

    assert undeclared == []


def test_declared_names_exist(package):
    """What __all__ offers is defined or imported in the module, or made on demand by its __getattr__."""
    ghosts = [
        (source.path, name)
        for source in package
        if "__getattr__" not in (bound := _bound(source.tree))
        for name in _declared(source.tree) or ()
        if name not in bound
    ]

    assert ghosts == []


def _measure(package, tests) -> dict[tuple[str, str], int]:
    sizes: dict[tuple[str, str], int] = {}
    for source in [*package, *tests]:
        sizes["file", source.path] = len(source.text.splitlines())
        code = _code_lines(source.text)
        for name, node in _functions(source.tree):
            place = f"{source.path}:{name}"
            inside = set(range(node.lineno, node.end_lineno + 1)) - _docstring_lines(node)
            sizes["function", place] = len(code & inside)
            if not source.path.startswith("tests/"):
                arguments = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
                spared = COMPILED_POSITIONAL - POSITIONAL if _is_compiled(node) else 0
                sizes["positional", place] = len(arguments) - (arguments[:1] in (["self"], ["cls"])) - spared
    for source in package:
        sizes["names", source.path] = len(_declared(source.tree) or ())
    return sizes


def _is_compiled(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = (mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list)
    return any(getattr(mark, "attr", getattr(mark, "id", "")) in COMPILED for mark in marks)


def _functions(tree: ast.AST, prefix: str = ""):
    """Yield every function with its dotted name, those within functions and classes too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        name = (
            f"{prefix}{node.name}."
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            else prefix
        )
        yield from _functions(node, name)


def _code_lines(text: str) -> set[int]:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def _docstring_lines(node: ast.AST) -> set[int]:
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None:
        return set()
    return set(range(first.lineno, first.end_lineno + 1))


def _bound(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _defines_public(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        else:
            continue
        if any(not name.startswith("_") for name in names):
            return True
    return False


def _declared(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return list(ast.literal_eval(node.value))
    return None
