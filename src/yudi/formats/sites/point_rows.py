"""Rows of points become rings: by ring number, by return to their beginning, by numbering that begins again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from yudi.core.errors import InputError, Where
from yudi.formats.sites.angles import Angle
from yudi.formats.sites.plots import Kind, Ring

__all__ = ["Point", "lettered_order", "rings_of"]


@dataclass(frozen=True)
class Point:
    """One row of a table of boundary points.

    Parameters
    ----------
    name, ring : str
        Number of the point and of its ring, as written; empty where the table has none.
    first, second : Angle
        The two coordinates in the table's order; of plane ones the style is ``"decimal"``.
    row : int
        Row in the file.
    has_height : bool
        Whether a height was left out.
    after_gap : bool
        Whether an empty row or a title stands before it.
    """

    name: str
    ring: str
    first: Angle
    second: Angle
    row: int
    has_height: bool = False
    after_gap: bool = False


def rings_of(points: Sequence[Point], plot: str, file: str, *, kind: Kind, order: str = "") -> list[Ring]:
    """Return the rings that a plot's points make, in their order.

    Parameters
    ----------
    points : sequence of Point
        One or more.
    plot : str
        Name of the plot for messages.
    kind : str
        Lines and points are not cut where they return to their beginning.
    order : str
        As :func:`lettered_order` says; where latitude comes first, the rings have longitude first.

    Raises
    ------
    InputError
        For a closing point that lies elsewhere than the first.
    """
    runs: list[list[Point]] = []
    for point in points:
        if not runs or _begins(runs[-1], point, kind):
            runs.append([])
        runs[-1].append(point)
    rings = []
    for number, run in enumerate(runs, 1):
        label = f"plot {plot}" + (f", ring {run[0].ring or number}" if len(runs) > 1 else "")
        if kind == "polygon":
            _hold_closing(run, label, file)
        pairs = [(point.first.degrees, point.second.degrees) for point in run]
        xy = np.array(pairs, float)[:, ::-1] if order == "lat lon" else np.array(pairs, float)
        rings.append(Ring(xy, np.array([point.row for point in run]), tuple(point.name for point in run), label))
    return rings


def _begins(run: Sequence[Point], point: Point, kind: Kind) -> bool:
    """Tell whether a point begins a new ring after a run of points."""
    if kind != "polygon":
        return point.ring != run[-1].ring
    closed = len(run) > 3 and _place(run[0]) == _place(run[-1])
    if point.ring != run[-1].ring or closed:
        return not (
            closed and _place(point) == _place(run[0]) and point.ring == run[-1].ring
        )  # the closing point twice
    renumbered = bool(point.name) and point.name == run[0].name and _place(point) != _place(run[0])
    return point.after_gap and renumbered


def _place(point: Point) -> tuple[float, float]:
    return point.first.degrees, point.second.degrees


def lettered_order(points: Iterable[Point], file: str) -> str:
    """Return the order of axes that letters and words of the angles state: ``"lon lat"``, ``"lat lon"`` or none.

    Raises
    ------
    InputError
        For angles written in several ways, two of one axis in a row, or orders that change.
    """
    styles: dict[str, Point] = {}
    orders: dict[str, Point] = {}
    for point in points:
        for angle, name in ((point.first, "X"), (point.second, "Y")):
            if angle.style not in styles and styles:
                (one,) = styles.values()
                message = f"expected one way of writing angles, got {next(iter(styles))} in row {one.row} and {angle.style} here"
                raise InputError(message, where=Where(file, point.row, name), hint="write all of them alike")
            styles.setdefault(angle.style, point)
        axes = (point.first.axis, point.second.axis)
        if axes[0] and axes[0] == axes[1]:
            message = f"expected a longitude and a latitude, got two of {axes[0]}"
            raise InputError(message, where=Where(file, point.row), hint="correct the letter or word for the side")
        order = "lat lon" if axes[0] == "lat" or axes[1] == "lon" else "lon lat" if any(axes) else ""
        if order and orders and order not in orders:
            message = f"longitude and latitude are exchanged against row {next(iter(orders.values())).row}"
            raise InputError(message, where=Where(file, point.row), hint="write all rows in one order")
        if order:
            orders.setdefault(order, point)
    return next(iter(orders), "")


def _hold_closing(run: Sequence[Point], label: str, file: str) -> None:
    """Refuse a last point that has the first one's number but lies elsewhere."""
    first, last = run[0], run[-1]
    if len(run) > 3 and first.name and first.name == last.name and _place(first) != _place(last):
        message = f"the closing point {last.name} lies elsewhere than the first one in row {first.row}: {_place(last)}, not {_place(first)}"
        raise InputError(
            message,
            where=Where(file, last.row, label),
            hint="correct one of the two, or number the last point otherwise",
        )
