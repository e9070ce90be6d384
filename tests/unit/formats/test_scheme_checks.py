"""Whether a scheme's entries can become layers."""

from __future__ import annotations

import msgspec
import pytest

from yudi.core.errors import InputError
from yudi.formats.scheme_checks import check_scheme
from yudi.formats.scheme_file import SchemeFile


def scheme(*layers) -> SchemeFile:
    head = {"name": "x", "valid_from": "2026-01-01", "accuracy_m": 10}
    return msgspec.convert({"scheme": head, "layers": list(layers)}, SchemeFile)


NORTH = {"name": "north", "role": "units", "path": "n.gpkg"}
SOUTH = {"name": "south", "role": "units", "path": "s.gpkg"}


@pytest.mark.parametrize("more", [{"accuracy_m": 200}, {"shape": "edge"}, {"extent": [106, 29, 107, 30]}])
def test_units_from_several_files_are_one_layer(more):
    """What the second file says would be lost behind the first, so they must say the same."""
    with pytest.raises(InputError) as error:
        check_scheme(scheme(NORTH, SOUTH | more), "scheme.toml")

    (key,) = more
    assert error.value.message == f"the layers 'north' and 'south' both hold units, but their {key} differs"
    assert error.value.where.field == "layers.south"


def test_units_from_several_files_may_say_the_same():
    """Two halves of one map, and another layer that is drawn otherwise."""
    check_scheme(scheme(NORTH, SOUTH, {"name": "lakes", "path": "l.gpkg", "accuracy_m": 5}), "scheme.toml")
