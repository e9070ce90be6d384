"""The garbage collector runs again as it did before."""

from __future__ import annotations

import gc

import pytest

from yudi.formats.collector import collector_paused


def test_the_collector_runs_again_after_an_error() -> None:
    """It is put back whatever happens inside."""
    with pytest.raises(ZeroDivisionError), collector_paused():
        _ = 1 / gc.isenabled()  # it does not run here

    assert gc.isenabled()


def test_a_collector_that_stood_still_stays_so() -> None:
    """Whoever switched it off before keeps it off."""
    gc.disable()
    try:
        with collector_paused():
            pass

        assert not gc.isenabled()
    finally:
        gc.enable()
