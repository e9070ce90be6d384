"""Angles as people write them are read to the last digit, and what could mean two things is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sites import dms

from yudi.core.errors import InputError
from yudi.formats.sites.angles import plain_degrees, read_angle, show_angle

# 106° 33′ 15.2″ = 106 + 33/60 + 15.2/3600
DEGREES = 106 + 33 / 60 + 15.2 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "106°33′15.2″", "106°33'15.2\"", "106º33’15.2”", "106度33分15.2秒", "106-33-15.2", "106 33 15.2", "106:33:15.2",
        "东经106°33′15.2″", "106°33′15.2″E", "E106°33′15.2″", "E 106 33 15.2", "１０６°３３′１５．２″", "106° 33' 15.2''",
        "经度106°33′15.2″", "106˚33´15.2″ East",
    ],
)  # fmt: skip
def test_degrees_minutes_and_seconds_are_read_in_all_their_spellings(text):
    """Symbols, words, blanks, colons and hyphens give the same angle."""
    angle = read_angle(text)

    assert (angle.degrees, angle.style) == (pytest.approx(DEGREES, abs=1e-13), "seconds")


@pytest.mark.parametrize(
    ("text", "degrees", "axis"),
    [
        ("29°30.5′N", 29 + 30.5 / 60, "lat"),
        ("南纬12°30′", -12.5, "lat"),
        ("72 33.25 W", -(72 + 33.25 / 60), "lon"),
        ("-72-33-15", -(72 + 33 / 60 + 15 / 3600), ""),
        ("W72.5", -72.5, "lon"),
        ("106.5°", 106.5, ""),
        ("lat 29.5", 29.5, "lat"),
    ],
)
def test_sides_signs_and_decimal_minutes(text, degrees, axis):
    """A letter, a word or a sign gives the side; the smallest part may have decimals."""
    angle = read_angle(text)

    assert (angle.degrees, angle.axis) == (pytest.approx(degrees, abs=1e-13), axis)


@pytest.mark.parametrize(
    "text",
    [
        "106°65′1″", "106°33′60″", "106.5°3′", "106°33.5′2″", "-106°3′W", "东经E106", "106°N E", "abc", "", " ", "NaN", "inf",
        "1e3", "106°33′15,2″", "106 33-15", "106.33.15", "106°33′15″7", "°", "106°°33", "--106", None, True, [106],
    ],
)  # fmt: skip
def test_what_is_no_angle_is_refused(text):
    """Minutes of 60, fractions before a smaller part, two sides, and what has no reading."""
    with pytest.raises(InputError, match="expected an angle"):
        read_angle(text)


def test_packed_angles_are_read_only_when_declared():
    """1063315.2 and 106.33152 are degrees, minutes and seconds for who says so, and decimal numbers else."""
    assert read_angle("1063315.2", packed="DDMMSS").degrees == pytest.approx(DEGREES, abs=1e-12)
    assert read_angle("106.33152", packed="D.MMSS").degrees == pytest.approx(DEGREES, abs=1e-12)
    assert read_angle(106.33152, packed="D.MMSS").degrees == pytest.approx(DEGREES, abs=1e-9)
    assert read_angle("1063315.2").degrees == 1063315.2
    with pytest.raises(InputError, match="60 and more"):
        read_angle("1066015", packed="DDMMSS")


@given(
    st.floats(-179.99999, 179.99999), st.sampled_from(["{d}°{m:02d}′{s:010.7f}″", "{d}-{m}-{s:.7f}", "{d} {m} {s:.7f}"])
)
def test_an_angle_written_down_is_read_back(degrees, form):
    """Writing to 1e-7 seconds and reading gives the angle to half of that, 1.4e-11 degrees."""
    text = dms(abs(degrees), form=form)

    assert read_angle(text).degrees == pytest.approx(abs(degrees), abs=1.5e-11)


@given(
    st.text(max_size=30) | st.from_regex(r"[NSEW东西]?\d{1,3}[°度 -]\d{1,2}['分 ]?[\d.]*[\"秒NSEW]?", fullmatch=True)
)
def test_any_text_is_an_angle_or_refused(text):
    """No text raises anything but InputError, and an angle is finite."""
    try:
        angle = read_angle(text)
    except InputError:
        return

    assert abs(angle.degrees) < 1e16


def test_a_geometry_with_angles_becomes_numbers():
    """Letters decide the order, else longitude comes first; positions of numbers stay."""
    ring = [["106°30′", "29°30′"], ["106°36′", "29°30′"], ["106°36′", "29°36′"]]
    moved = plain_degrees({"type": "Polygon", "coordinates": [ring]})

    assert moved["coordinates"] == [[[106.5, 29.5], [106.6, 29.5], [106.6, 29.6]]]
    assert plain_degrees({"type": "Point", "coordinates": ["29°30′N", "106°30′E"]})["coordinates"] == [106.5, 29.5]
    assert plain_degrees({"type": "Point", "coordinates": [106.5, 29.5, 300]})["coordinates"] == [106.5, 29.5, 300]


@pytest.mark.parametrize(
    ("coordinates", "field"),
    [
        ([["106°30′", "29°30′"], [106.6, 29.5]], "geometry.coordinates[1]"),
        ([["106°30′", "29°30′"], ["106°36′10″", "29°30′10″"]], "geometry.coordinates[1]"),
        ([["106°30′N", "29°30′N"]], "geometry.coordinates[0]"),
        ([["106°30′", "abc"]], "geometry.coordinates[0]"),
    ],
)
def test_mixed_ways_of_writing_are_refused(coordinates, field):
    """Numbers among texts, minutes among seconds, and one axis twice, each by its path."""
    with pytest.raises(InputError) as error:
        plain_degrees({"type": "LineString", "coordinates": coordinates})

    assert error.value.where.field == field


def test_angles_are_shown_to_a_hundredth_of_a_second():
    """Rounding carries into minutes and degrees."""
    assert show_angle(DEGREES, "lon") == "106°33′15.20″E"
    assert show_angle(-0.99999999999, "lat") == "1°00′00.00″S"
