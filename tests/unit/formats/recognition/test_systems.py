"""Which reference system coordinates give away, and what they cannot."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from support.bureau import shifted, squares

from yudi.core.errors import InputError
from yudi.formats.recognition.systems import guess_system, is_exchanged, placed

HERE = ("EPSG:4490", (106.9, 29.9, 107.2, 30.1))


def shapes(code=None):
    """Return two squares at 107 degrees east, in the plane of a code."""
    made = squares(2) if code is None else [shapely.transform(shape, shifted(code)) for shape in squares(2)]
    found = np.empty(2, dtype=object)
    found[:] = made
    return found


ROWS = np.array([1, 2])


@pytest.mark.parametrize(
    ("code", "expected"),
    [(4524, "EPSG:4524"), (4496, "EPSG:4496"), (4525, "EPSG:4525")],
)
def test_a_zone_number_names_the_belt(code, expected):
    """Belt 36 of 3 degrees is EPSG:4524, belt 18 of 6 degrees EPSG:4496 (EPSG registry); the neighbour is believed too."""
    guess = guess_system(shapes(code), ROWS, [], stated=None)

    assert (guess.value, guess.confidence) == (expected, "medium")


@pytest.mark.parametrize(("code", "expected"), [(4545, "EPSG:4545"), (4507, "EPSG:4544")])  # 105 degrees in both
def test_without_zone_number_the_neighbours_decide(code, expected):
    """Eastings of some 500 km fit every belt; with a map in degrees at the same place one is left first."""
    assert guess_system(shapes(code), ROWS, [], stated=None) is None
    assert guess_system(shapes(code), ROWS, [HERE], stated=None).value == expected


def test_another_map_in_the_same_plane_is_the_first_sign():
    """Where the folder's other map is in a plane and lies there, its system is taken over, whatever country it is of."""
    vermont = np.array([shapely.box(450_000, 220_000, 451_000, 221_000)], dtype=object)
    box = placed(vermont, np.array([1]), "EPSG:32145", "x").box
    guess = guess_system(vermont, np.array([1]), [("EPSG:32145", box)], stated=None)

    assert guess.value == "EPSG:32145"


def test_degrees_name_no_datum():
    """Degrees within China are proposed as CGCS2000 with little confidence, and the offset systems named beside it."""
    guess = guess_system(shapes(), ROWS, [], stated=None)

    assert (guess.value, guess.confidence, guess.rivals) == ("EPSG:4490", "low", ("GCJ-02", "BD-09"))


def test_degrees_elsewhere_are_wgs84():
    """Degrees outside of China are proposed as EPSG:4326."""
    vermont = np.array([shapely.box(-73, 44, -72, 45)], dtype=object)

    assert guess_system(vermont, np.array([1]), [], stated=None).value == "EPSG:4326"


def test_what_outweighs_the_file_is_forced():
    """Where the file says what cannot be, the proposal begins with force."""
    assert guess_system(shapes(4524), ROWS, [], stated="EPSG:4545").value == "force:EPSG:4524"


@pytest.mark.parametrize("box", [(29.9, 106.9, 30.1, 107.1), (float("inf"), 0, 1, 1), (5e9, 5e9, 6e9, 6e9)])
def test_what_fits_nothing_gives_nothing(box):
    """Exchanged degrees, endless and absurd coordinates give no system, rather than a wrong one."""
    with np.errstate(invalid="ignore"):
        shape = np.array([shapely.box(*box)], dtype=object)

    assert guess_system(shape, np.array([1]), [], stated=None) is None


def test_no_shapes_give_nothing():
    """A layer without geometry gives no system."""
    assert guess_system(np.array([None], dtype=object), np.array([1]), [], stated=None) is None


def test_exchanged_coordinates_are_told():
    """Shapes that fit their system when x and y are exchanged, and not as they are."""
    swapped = shapely.transform(shapes(), lambda xy: xy[:, ::-1])

    assert is_exchanged(swapped, ROWS, "EPSG:4490")
    with pytest.raises(InputError):
        placed(swapped, ROWS, "EPSG:4490", "x")
