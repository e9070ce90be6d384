"""Pieces of SVG drawings: paths of few bytes, widths of texts, round steps of scales and of degrees."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

__all__ = [
    "Frame",
    "clean",
    "degrees_text",
    "degrees_ticks",
    "path_of",
    "round_step",
    "text_at",
    "text_width",
    "wrapped",
]

# Steps of a graticule, in seconds of arc: what a reader of degrees, minutes and seconds takes as round.
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
_JOINERS = "\u200c\u200d"  # some scripts and composed emoji need them
_OPENING, _CLOSING = "（《“‘【〔「", "）》”’】〕」，。；：、！？"
_WIDE = "WFA"  # East Asian widths of letters that fill a square, in a Chinese font
_SLIM = "°′″±·×…–"  # ambiguous by the standard, narrow in fact
_NARROW = 0.56  # width of other letters, as a share of the size; a mean over a sans serif


@dataclass(frozen=True)
class Frame:
    """Where metres of a plane lie on a sheet.

    Parameters
    ----------
    west, north : float
        The plane's coordinates of the sheet's upper left corner, in m.
    scale : float
        Units of the drawing for a metre.
    left, top, width, height : int
        The part of the sheet that the map fills, in units of the drawing.
    """

    west: float
    north: float
    scale: float
    left: int
    top: int
    width: int
    height: int

    @property
    def box(self) -> BaseGeometry:
        """The rectangle that is seen, in the plane."""
        return shapely.box(
            self.west, self.north - self.height / self.scale, self.west + self.width / self.scale, self.north
        )

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the plane lies on the sheet."""
        return self.left + (x - self.west) * self.scale, self.top + (self.north - y) * self.scale

    def on_sheet(self, shape: Any) -> Any:
        """Return a shape of the plane, or an array of them, in whole units of the drawing."""
        origin, corner = np.array([self.west, self.north]), np.array([self.left, self.top])
        scale = np.array([self.scale, -self.scale])
        return shapely.transform(shape, lambda xy: np.round((xy - origin) * scale + corner))


def path_of(shape: BaseGeometry) -> str:
    """Return the SVG path of polygons and lines that are in whole units of the drawing; points draw nothing.

    Examples
    --------
    >>> path_of(shapely.box(0, 0, 10, 5))
    'M10 0l0 5 -10 0 0 -5z'
    """
    lines: list[tuple[BaseGeometry, str]] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            lines += [(ring, "z") for ring in (part.exterior, *part.interiors)]
        elif part.geom_type == "LineString":
            lines.append((part, ""))
        elif part.geom_type == "GeometryCollection":
            lines.append((part, "?"))
    return "".join(path_of(line) if end == "?" else _walked(line, end) for line, end in lines)


def _walked(line: BaseGeometry, end: str) -> str:
    points = shapely.get_coordinates(line).astype(int)
    steps = np.diff(points[:-1] if end else points, axis=0)
    walked = " ".join(f"{x} {y}" for x, y in steps[(steps != 0).any(axis=1)])
    return f"M{points[0][0]} {points[0][1]}l{walked}{end}" if walked else ""


def text_width(text: str, size: float) -> float:
    """Return about how wide a text of a size is; a Chinese letter is as wide as it is high.

    Examples
    --------
    >>> round(text_width("重点ab", 10), 1)
    31.2
    """
    return sum(size if _is_wide(letter) else size * _NARROW for letter in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in _WIDE and letter not in _SLIM


def wrapped(text: str, size: float, width: float, *, most: int = 2) -> list[str]:
    """Return a text in lines no wider than a width, cut with an ellipsis where it needs more lines than allowed.

    Latin words stay whole where they fit into a line.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if text_width(line + word, size) <= width or not line:
            line += word
        else:
            lines.append(line.rstrip())
            line = word.lstrip()
        while text_width(line, size) > width and len(line) > 1:
            fits = next(n for n in range(len(line) - 1, 0, -1) if text_width(line[:n], size) <= width or n == 1)
            lines.append(line[:fits])
            line = line[fits:]
    lines.append(line.rstrip())
    lines = [item for item in lines if item]
    if len(lines) > most:
        last = lines[most - 1]
        while last and text_width(last + "…", size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return lines


def _words(text: str) -> Iterable[str]:
    """Yield what a line may be broken between: a Chinese letter, or a Latin word with the space behind it.

    An opening bracket stays with what follows it, a closing one and a stop with what they follow.
    """
    held = ""
    for word in _pieces(text):
        if held and (word[0] in _CLOSING or held[-1] in _OPENING):
            held += word
        else:
            if held:
                yield held
            held = word
    if held:
        yield held


def _pieces(text: str) -> Iterable[str]:
    word = ""
    for letter in text:
        if _is_wide(letter):
            if word:
                yield word
            yield letter
            word = ""
        else:
            word += letter
            if letter in " -/":
                yield word
                word = ""
    if word:
        yield word


def text_at(x: float, y: float, text: str, size: float, *, anchor: str = "start", more: str = "") -> str:
    """Return an SVG text; what stands in it is data, never markup."""
    held = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:g}"{held}{more}>{escape(clean(text))}</text>'


def clean(text: str) -> str:
    r"""Return a text without what prints nothing and steers: control signs, and those that turn the direction of writing.

    Code points that are no letters, which no file may hold, become the sign for a letter that is lost; letters of private
    use stay.

    Examples
    --------
    >>> clean("a\x07b\u202ec\ufffe"), clean("tab\there")
    ('abc\ufffd', 'tab here')
    """
    return text if text.isprintable() else "".join(_cleaned(letter) for letter in text)


def _cleaned(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter == "\n" or letter in _JOINERS or kind == "Co" or letter.isprintable():
        return letter
    if letter.isspace():
        return " "
    return "\ufffd" if kind in ("Cs", "Cn") else ""


def round_step(most: float) -> float:
    """Return the greatest of 1, 2, 5 times a power of ten that is no more than a number.

    Examples
    --------
    >>> round_step(730), round_step(0.4)
    (500, 0.2)
    """
    power = 10.0 ** math.floor(math.log10(most))
    step = max(factor * power for factor in (1, 2, 5) if factor * power <= most * (1 + 1e-9))
    return int(step) if step >= 1 else step


def degrees_ticks(low: float, high: float, count: int) -> list[float]:
    """Return round degrees between two, as the steps of degrees, minutes and seconds have them, at most about a count.

    Examples
    --------
    >>> [degrees_text(tick, "EW") for tick in degrees_ticks(106.61, 106.72, 4)]
    ['106°38′E', '106°40′E', '106°42′E']
    """
    wanted = (high - low) * 3600 / count
    step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
    first = math.ceil(low * 3600 / step - 1e-9)
    last = math.floor(high * 3600 / step + 1e-9)
    return [number * step / 3600 for number in range(first, last + 1)]


def degrees_text(degrees: float, sides: str) -> str:
    """Return degrees with minutes, and seconds where they have some; ``sides`` are the letters of + and −.

    Examples
    --------
    >>> degrees_text(29.5, "NS"), degrees_text(-72.504167, "EW")
    ('29°30′N', '72°30′15″W')
    """
    tenths = round(abs(degrees) * 36000)
    whole, rest = divmod(tenths, 36000)
    minutes, rest = divmod(rest, 600)
    seconds = f"{rest / 10:04.1f}".removesuffix(".0") if rest % 10 else f"{rest // 10:02d}"
    said = f"{whole}°{minutes:02d}′" + (f"{seconds}″" if rest else "")
    return said + (sides[0] if degrees >= 0 else sides[1])
