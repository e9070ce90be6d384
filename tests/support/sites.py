"""Sites in every form that people hand over, made from one set of corners; figures that follow from them by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyproj

Corners = Sequence[tuple[float, float]]
# Easting, northing in CGCS2000, 3-degree belt 36 (central meridian 108°E) without the belt's number: a square of 100 m with
# a square hole of 40 m, and a second plot of 100 m by 50 m. Areas in the plane: 10,000 − 1,600, and 5,000 m².
SQUARE: Corners = [(432000.0, 3280000.0), (432100.0, 3280000.0), (432100.0, 3280100.0), (432000.0, 3280100.0)]
HOLE: Corners = [(432030.0, 3280030.0), (432070.0, 3280030.0), (432070.0, 3280070.0), (432030.0, 3280070.0)]
BESIDE: Corners = [(432000.0, 3280200.0), (432100.0, 3280200.0), (432100.0, 3280250.0), (432000.0, 3280250.0)]
# At easting 432,050 the scale is 1 + (67,950 / 6,371,000)² / 2 = 1 + 5.69e-5 in each direction, so areas on the ground
# are smaller by 1.138e-4; 6,371 km instead of the ellipsoid's own radius there changes that by less than 1e-6.
GROUND = 1 - 2 * (67_950 / 6_371_000) ** 2 / 2

HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位=某局
数据产生日期=2025-06-15
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=36
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:4545", "EPSG:4490", always_xy=True)


def lonlat(corners: Corners) -> list[tuple[float, float]]:
    """Return corners in lon/lat degrees."""
    x, y = np.array(corners).T
    return list(zip(*(values.tolist() for values in _TO_DEGREES.transform(x, y)), strict=True))


def dms(degrees: float, letter: str = "", form: str = "{d}°{m:02d}′{s:010.7f}″{letter}") -> str:
    """Return an angle in degrees, minutes and seconds to 1e-7, some 3 micrometres on the ground."""
    total = round(degrees * 36_000_000_000)
    whole, rest = divmod(total, 36_000_000_000)
    minutes, seconds = divmod(rest, 600_000_000)
    return form.format(d=whole, m=minutes, s=seconds / 10_000_000, letter=letter)


def exchange_text(
    plots: Sequence[Sequence[Corners]] = ((SQUARE, HOLE), (BESIDE,)),
    *,
    head: str = HEAD,
    prefix: float = 36e6,
    areas: Sequence[str] = ("0.84", "0.5"),
    close: bool = True,
) -> str:
    """Return rings as a text in the ministry's exchange form; X is the northing."""
    lines = []
    for number, rings in enumerate(plots, 1):
        rows, index = [], 1
        for ring_number, ring in enumerate(rings, 1):
            names = [f"J{index + step}" for step in range(len(ring))]
            index += len(ring)
            closing = [(names[0], ring[0])] if close else []
            rows += [
                f"{name},{ring_number},{y:.3f},{x + prefix:.3f}"
                for name, (x, y) in [*zip(names, ring, strict=True), *closing]
            ]
        area = areas[number - 1] if number <= len(areas) else ""
        lines += [f"{len(rows)},{area},{number},地块{number},面,H-48-1,工业用地,,@", *rows]
    return head + "\n".join(lines) + "\n"


def table_text(corners: Corners = SQUARE, *, header: str = "点号,纵坐标X(m),横坐标Y(m)", prefix: float = 36e6) -> str:
    """Return corners as a table with northing before easting."""
    rows = [f"J{number},{y:.3f},{x + prefix:.3f}" for number, (x, y) in enumerate(corners, 1)]
    return "\n".join([*([header] if header else []), *rows]) + "\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder and return the first one's path."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder / next(iter(files))


def kml(
    plots: Sequence[Sequence[Corners]] = ((SQUARE, HOLE), (BESIDE,)), *, together: bool = True, altitude: str = "0"
) -> str:
    """Return rings as KML, one Placemark for all plots or one for each."""

    def ring(name: str, corners: Corners) -> str:
        places = " ".join(f"{lon:.10f},{lat:.10f},{altitude}" for lon, lat in lonlat([*corners, corners[0]]))
        return f"<{name}><LinearRing><coordinates>{places}</coordinates></LinearRing></{name}>"

    polygons = [
        "<Polygon>"
        + "".join(ring("innerBoundaryIs" if n else "outerBoundaryIs", r) for n, r in enumerate(rings))
        + "</Polygon>"
        for rings in plots
    ]
    if together:
        polygons = ["<MultiGeometry>" + "".join(polygons) + "</MultiGeometry>"]
    marks = "".join(
        f"<Placemark><name>地块{number}</name>{polygon}</Placemark>\n" for number, polygon in enumerate(polygons, 1)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return f"{head}<Folder><name>厂区</name>\n{marks}</Folder></Document></kml>\n"


def dxf(entities: Sequence[str], *, unit: str = "6", version: str = "AC1015", page: str = "ANSI_936") -> str:
    """Return a drawing of entities, each as lines of group codes and values."""
    head = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", version, "9", "$DWGCODEPAGE", "3", page]
    head += ["9", "$INSUNITS", "70", unit] if unit else []
    body = ["0", "ENDSEC", "0", "SECTION", "2", "ENTITIES", *entities, "0", "ENDSEC", "0", "EOF"]
    return "\n".join([*head, *body]) + "\n"


def polyline(
    corners: Corners,
    *,
    layer: str = "JZX",
    closed: bool = True,
    handle: str = "1F",
    bulges: Mapping[int, float] | None = None,
) -> str:
    """Return a lightweight polyline; a bulge of 1 after a vertex is half a circle to the next."""
    rows = ["0", "LWPOLYLINE", "5", handle, "8", layer, "90", str(len(corners)), "70", "1" if closed else "0"]
    for number, (x, y) in enumerate(corners):
        rows += ["10", f"{x:.4f}", "20", f"{y:.4f}"]
        if bulges and number in bulges:
            rows += ["42", str(bulges[number])]
    return "\n".join(rows)


def line(start: tuple[float, float], end: tuple[float, float], *, layer: str = "JZX", handle: str = "2F") -> str:
    """Return a line of a drawing."""
    values = ["10", start[0], "20", start[1], "11", end[0], "21", end[1]]
    return "\n".join(["0", "LINE", "5", handle, "8", layer, *map(str, values)])


def numbered(corners: Corners, belt: int = 36) -> list[tuple[float, float]]:
    """Return corners with the belt's number before their eastings."""
    return [(x + belt * 1e6, y) for x, y in corners]
