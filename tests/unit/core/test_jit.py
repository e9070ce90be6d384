"""How loops are compiled."""

from __future__ import annotations

from yudi.core.jit import compiled


def test_without_a_place_for_machine_code_it_is_compiled_anew():
    """A loop whose machine code cannot be kept anywhere, as in a package that is read-only, runs all the same."""
    names = {}
    exec("def double(number):\n    return 2 * number", names)  # of no file, so numba has no place for it

    assert compiled(names["double"])(21) == 42
