"""Every error has a kind, one shape and one exit status."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil

import pytest

import yudi
from yudi.cli import errors as surface
from yudi.core.errors import InputError, NotFoundError, Where, YudiError


def _all_errors() -> list[type[YudiError]]:
    for module in pkgutil.walk_packages(yudi.__path__, "yudi."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = [], [YudiError]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(found[-1].__subclasses__())
    return found


@pytest.mark.parametrize("error", _all_errors(), ids=lambda error: error.__name__)
def test_every_error_has_the_one_shape(error):
    """An error as data is kind, message, where (file, row, field) and hint, and nothing else."""
    data = error("expected a number", where=Where("plants.csv", 17, "load"), hint="use a decimal point").as_data()

    assert data == {
        "kind": error.kind,
        "message": "expected a number",
        "where": {"file": "plants.csv", "row": 17, "field": "load"},
        "hint": "use a decimal point",
    }


@pytest.mark.parametrize("error", _all_errors(), ids=lambda error: error.__name__)
def test_every_kind_has_an_exit_status(error):
    """The one table of the command line knows every kind of error."""
    assert surface.exit_status(error("x")) == surface.EXIT_STATUS[error.kind]


def test_exit_statuses_are_the_published_ones():
    """The statuses are those that the contract in docs/ARCHITECTURE.md names."""
    assert dict(surface.EXIT_STATUS) == {
        "error": 1,
        "input": 2,
        "state": 2,
        "not_found": 3,
        "limit": 4,
        "unavailable": 5,
    }
    assert surface.FINDINGS == 6


def test_kinds_are_told_apart():
    """No two of the errors named in yudi.core.errors share a kind."""
    kinds = [error.kind for error in [YudiError, *YudiError.__subclasses__()]]

    assert len(kinds) == len(set(kinds))


def test_an_error_is_also_the_builtin_that_python_would_raise():
    """Callers who know only Python's own errors catch ours too."""
    assert issubclass(InputError, ValueError)
    assert issubclass(NotFoundError, LookupError)


def test_an_error_is_shown_with_its_place_and_hint():
    """A person reads place, message and next step on two lines."""
    out = io.StringIO()
    surface.show(InputError("got '12,5'", where=Where("plants.csv", 17, "load"), hint="use a point"), stream=out)

    assert out.getvalue() == "error: plants.csv, row 17, load: got '12,5'\nhint: use a point\n"


def test_an_error_without_place_and_hint_is_one_line():
    """Nothing is printed for what an error does not say."""
    out = io.StringIO()
    surface.show(InputError("no project given"), stream=out)

    assert out.getvalue() == "error: no project given\n"


def test_a_program_reads_the_error_as_json():
    """With --json the error is one object below the key error, Chinese left readable."""
    out = io.StringIO()
    surface.show(NotFoundError("没有这个单元", hint="see `yudi edition show`"), as_json=True, stream=out)

    assert "没有这个单元" in out.getvalue()
    assert json.loads(out.getvalue()) == {
        "error": {
            "kind": "not_found",
            "message": "没有这个单元",
            "where": {"file": None, "row": None, "field": None},
            "hint": "see `yudi edition show`",
        }
    }


def test_a_fault_of_ours_is_shown_in_the_same_shape():
    """An exception that nobody meant is kind error, status 1, and asks for a report."""
    out = io.StringIO()
    surface.show(KeyError("code"), as_json=True, stream=out)
    error = json.loads(out.getvalue())["error"]

    assert surface.exit_status(KeyError("code")) == 1
    assert (error["kind"], error["message"]) == ("error", "unexpected KeyError: 'code'")
    assert "report" in error["hint"]
