"""What angle does a text state: decimal degrees, degrees and minutes, or degrees, minutes and seconds?

Symbols, letters and words (106°33′15.2″E, 東経/东经, 度分秒), blanks, colons and hyphens between the parts are understood.
A text without a mark between its parts is a decimal number, unless a packed form was declared: then 1063315.2 or
106.33152 are degrees, minutes and seconds too, which nothing in the number itself shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yudi.core.errors import InputError, Where

__all__ = ["PACKED", "Angle", "plain_degrees", "read_angle", "show_angle"]

PACKED = ("DDMMSS", "D.MMSS")
"""Forms of a number that must be declared."""
_MARKS = str.maketrans(
    dict.fromkeys("º˚∘⁰度", "°") | dict.fromkeys("′'’‘`´ʹ＇分", "'") | dict.fromkeys('″"”“ʺ＂秒', '"')
)
_SIDES = (
    (re.compile(r"东经|東经|東経|(?<![A-Z])E(?:AST)?(?![A-Z])|(?<=\d)E$"), "lon", 1),
    (re.compile(r"西经|西経|(?<![A-Z])W(?:EST)?(?![A-Z])|(?<=\d)W$"), "lon", -1),
    (re.compile(r"北纬|北緯|(?<![A-Z])N(?:ORTH)?(?![A-Z])|(?<=\d)N$"), "lat", 1),
    (re.compile(r"南纬|南緯|(?<![A-Z])S(?:OUTH)?(?![A-Z])|(?<=\d)S$"), "lat", -1),
    (re.compile(r"[经経經]°|LON(?:GITUDE)?"), "lon", 0),  # names the axis only; 度 has become °
    (re.compile(r"[纬緯]°|LAT(?:ITUDE)?"), "lat", 0),
)
_SIMPLE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d*)?")
_PARTS = re.compile(
    r"""(?P<d>\d{1,3}(?:\.\d+)?)\s*(?:°|(?P<sep>[-:\s])\s*)\s*
        (?:(?P<m>\d{1,2}(?:\.\d*)?)\s*(?:'(?!')|(?(sep)(?P=sep)|[-:\s])|$)\s*
        (?:(?P<s>\d{1,2}(?:\.\d*)?)\s*(?:"|''|$))?)?""",
    re.VERBOSE,
)
_HINT = "write 106.554222, 106°33′15.2″ or 106-33-15.2"


@dataclass(frozen=True)
class Angle:
    """An angle as it was written.

    Parameters
    ----------
    degrees : float
        Negative west and south.
    axis : str
        ``"lon"`` or ``"lat"`` where a letter or a word says so, else empty.
    style : str
        ``"decimal"``, ``"minutes"`` or ``"seconds"``, by its smallest part; ``"packed"`` of a declared form.
    """

    degrees: float
    axis: str
    style: str


def read_angle(value: Any, *, where: Where | None = None, packed: str = "") -> Angle:
    """Return the angle that a number or a text states, in degrees.

    Parameters
    ----------
    value : str, int or float
        A cell or a number of a file.
    packed : str
        ``"DDMMSS"`` or ``"D.MMSS"`` where plain numbers hold minutes and seconds.

    Raises
    ------
    InputError
        For what is no angle, minutes or seconds of 60 and more, a fraction before a smaller part, or a sign and a
        letter that both name the side.

    Examples
    --------
    >>> read_angle("东经106°33′15.2″"), read_angle("72 33.25 W").degrees
    (Angle(degrees=106.55422222222222, axis='lon', style='seconds'), -72.55416666666666)
    >>> round(read_angle("1063315.2", packed="DDMMSS").degrees, 6)
    106.554222
    """
    if isinstance(value, str) and not packed and _SIMPLE.fullmatch(value):
        return Angle(float(value), "", "decimal")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _plain(f"{value:.10f}".rstrip("0").rstrip("."), "", packed, where)
    if not isinstance(value, str) or not value.strip():
        got = "nothing" if value in (None, "") else f"{value!r:.40}"
        raise InputError(f"expected an angle, got {got}", where=where, hint=_HINT)
    text = unicodedata.normalize("NFKC", value.translate(_MARKS)).translate(_MARKS).upper().strip()
    text, axis, side = _side(text, value, where)
    text = re.sub(r"[\s:,]+$|^[\s:,]+", "", text)
    number = _NUMBER.fullmatch(text.removesuffix("°").strip())
    if number:
        if side and text[0] in "+-":
            raise _unread(value, where, "both a sign and a side")
        return _signed(_plain(number[0], axis, "" if "°" in text else packed, where), side)
    sign = -1 if text.startswith("-") else 1
    if side and text[:1] in ("-", "+"):
        raise _unread(value, where, "both a sign and a side")
    parts = _PARTS.fullmatch(text.lstrip("+-").strip())
    if parts is None:
        raise _unread(value, where, "")
    return _signed(_composed(parts, axis, value, where), side or sign)


def _side(text: str, value: str, where: Where | None) -> tuple[str, str, int]:
    """Return the text without the words for its side, the axis they name and the sign they give."""
    axis, side = "", 0
    if re.search(r"\d[A-Z]+\d", text):
        raise _unread(value, where, "a letter within a number")
    for pattern, which, sign in _SIDES:
        text, count = pattern.subn(" ", text)
        if not count:
            continue
        if count > 1 or (axis and axis != which) or (sign and side):
            raise _unread(value, where, "two sides")
        axis, side = which, sign or side
    return text.strip(), axis, side


def _plain(text: str, axis: str, packed: str, where: Where | None) -> Angle:
    """Return the angle of a number without marks."""
    if not packed:
        return Angle(float(text), axis, "decimal")
    if packed not in PACKED:
        raise InputError(
            f"expected {' or '.join(PACKED)}, got {packed!r}", where=where, hint="correct the form of angles"
        )
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.lstrip("+"))
    whole, _, fraction = digits.partition(".")
    if packed == "D.MMSS":
        fraction = fraction.ljust(4, "0")
        degrees, minutes, seconds = whole, fraction[:2], f"{fraction[2:4]}.{fraction[4:]}0"
    else:
        if not 5 <= len(whole) <= 7:
            raise _unread(text, where, "not of the form DDMMSS")
        degrees, minutes, seconds = whole[:-4], whole[-4:-2], f"{whole[-2:]}.{fraction}0"
    if int(minutes) >= 60 or float(seconds) >= 60:
        raise _unread(text, where, "minutes or seconds of 60 and more")
    return Angle(sign * (int(degrees) + int(minutes) / 60 + float(seconds) / 3600), axis, "packed")


def _composed(parts: re.Match[str], axis: str, value: str, where: Where | None) -> Angle:
    degrees, minutes, seconds = parts["d"], parts["m"], parts["s"]
    if minutes is None:
        return Angle(float(degrees), axis, "decimal")
    if "." in degrees or (seconds is not None and "." in minutes):
        raise _unread(value, where, "a fraction before a smaller part")
    if float(minutes) >= 60 or float(seconds or 0) >= 60:
        raise _unread(value, where, "minutes or seconds of 60 and more")
    total = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return Angle(total, axis, "minutes" if seconds is None else "seconds")


def _signed(angle: Angle, side: int) -> Angle:
    return Angle(-angle.degrees, angle.axis, angle.style) if side < 0 else angle


def _unread(value: str, where: Where | None, why: str) -> InputError:
    shown = value if len(value) <= 40 else f"{value[:37]}…"
    return InputError(f"expected an angle, got {shown!r}{f': {why}' if why else ''}", where=where, hint=_HINT)


def plain_degrees(geometry: Mapping[str, Any], *, where: Where | None = None) -> dict[str, Any]:
    """Return a GeoJSON geometry whose positions are written as angles in texts with numbers in their place.

    Longitude comes first unless the texts say otherwise. Positions of numbers stay as they are.

    Raises
    ------
    InputError
        For a text that is no angle, texts and numbers or several styles in one geometry, or two angles of one axis.

    Examples
    --------
    >>> plain_degrees({"type": "Point", "coordinates": ["北纬29°30′", "东经106°30′"]})["coordinates"]
    [106.5, 29.5]
    """
    styles: dict[str, str] = {}
    packed = str(geometry.get("angles") or "")
    plain = {key: value for key, value in geometry.items() if key != "angles"}
    if "coordinates" not in plain:
        return plain
    plain["coordinates"] = _converted(plain["coordinates"], "geometry.coordinates", styles, how=(where, packed))
    if len(styles) > 1:
        (one, first), (other, second) = list(styles.items())[:2]
        message = f"expected one way of writing angles, got {one} at {first} and {other} at {second}"
        raise InputError(message, where=_field(where, second), hint="write all of them alike")
    return plain


def _converted(value: Any, path: str, styles: dict[str, str], *, how: tuple[Where | None, str], depth: int = 0) -> Any:
    if not isinstance(value, list | tuple) or depth > 8:
        return value
    head = value[:2]
    if len(head) == 2 and (_are_angles(head) or (how[1] and _are_numbers(head))):
        angles = [read_angle(item, where=_field(how[0], path), packed=how[1]) for item in head]
        for angle in angles:
            styles.setdefault(angle.style, path)
        axes = [angle.axis for angle in angles]
        if axes[0] and axes[0] == axes[1]:
            raise InputError(
                f"expected a longitude and a latitude, got two of {axes[0]}",
                where=_field(how[0], path),
                hint="correct the letter or word for the side",
            )
        exchanged = axes[0] == "lat" or axes[1] == "lon"
        degrees = [angle.degrees for angle in angles]
        return [*(degrees[::-1] if exchanged else degrees), *value[2:]]
    if _are_numbers(head):
        styles.setdefault("decimal", path)
        return value
    return [_converted(item, f"{path}[{index}]", styles, how=how, depth=depth + 1) for index, item in enumerate(value)]


def _are_angles(items: Sequence[Any]) -> bool:
    """Tell whether a position is written as angles; numbers in quotation marks are left to be refused."""
    texts = [item for item in items if isinstance(item, str)]
    return bool(texts) and not all(_NUMBER.fullmatch(text.strip()) for text in texts)


def _are_numbers(items: Sequence[Any]) -> bool:
    return len(items) == 2 and all(isinstance(item, int | float) and not isinstance(item, bool) for item in items)


def _field(where: Where | None, path: str) -> Where:
    return Where(where.file if where else None, where.row if where else None, path)


def show_angle(degrees: float, axis: str) -> str:
    """Return an angle in degrees, minutes and seconds to a hundredth, with the letter of its side.

    Examples
    --------
    >>> show_angle(106.55422222, "lon"), show_angle(-29.9999999999, "lat")
    ('106°33′15.20″E', '30°00′00.00″S')
    """
    hundredths = round(abs(degrees) * 360_000)
    minutes, seconds = divmod(hundredths, 6000)
    letter = ("E" if degrees >= 0 else "W") if axis == "lon" else ("N" if degrees >= 0 else "S")
    return f"{minutes // 60}°{minutes % 60:02d}′{seconds / 100:05.2f}″{letter}"
