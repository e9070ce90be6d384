"""Everything public says what it is for, and every test says what it shows."""

from __future__ import annotations

import ast

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
STOPS = (".", "。", "?", "？")


def test_public_things_open_with_one_sentence(package):
    """Every public function, class and method has a docstring whose first line is a sentence."""
    poor = [
        f"{source.path}:{name}"
        for source in package
        for name, node in _public(source.tree)
        if not _first_line(node).endswith(STOPS)
    ]

    assert poor == []


def test_modules_say_what_they_answer(package):
    """Every module of the package opens with a docstring."""
    mute = [source.path for source in package if not ast.get_docstring(source.tree) and source.text.strip()]

    assert mute == []


def test_tests_state_a_behaviour(tests):
    """Every test function has a docstring of one sentence."""
    poor = [
        f"{source.path}:{node.name}"
        for source in tests
        for node in ast.walk(source.tree)
        if isinstance(node, FUNCTION) and node.name.startswith("test") and not _is_a_sentence(node)
    ]

    assert poor == []


def _public(tree: ast.AST, prefix: str = ""):
    """Yield public functions and classes with their dotted names; what lies within functions is private."""
    for node in tree.body:
        if not isinstance(node, FUNCTION | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not any(ast.unparse(decorator).endswith(("overload", ".setter")) for decorator in node.decorator_list):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{prefix}{node.name}.")


def _first_line(node: ast.AST) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0].rstrip()


def _is_a_sentence(node: ast.AST) -> bool:
    text = ast.get_docstring(node) or ""
    return text.endswith(STOPS) and "\n\n" not in text
