"""Draw the units and rivers of a sample as SVG, for looking at it: no map of the country, only what is invented.

python examples/chongqing/picture.py demo/chongqing demo/chongqing.svg
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import shapely
from sample.layers import read_features
from sample.terrain import to_plane
from shapely.geometry.base import BaseGeometry

_Array = np.ndarray[Any, Any]
WIDTH = 2_400
COARSE_M = 600
FILLS = {"priority": ("#7fb58a", "#6aa87c", "#93c29b"), "key": ("#e39a7b", "#dd8a6b", "#eab093")}
FILLS["general"] = ("#efe6c8", "#e9deb8", "#f3ecd6")
LEGEND = (("priority", "优先保护单元 priority"), ("key", "重点管控单元 key"), ("general", "一般管控单元 general"))
TITLE = "示意 Illustrative · 重庆市生态环境分区管控（虚构）"
NOTE = "单元边界、河宽和溪流均为虚构；不是行政区划图。Borders of units, widths and streams are invented."


def main() -> int:
    """Read the maps of the folder given first, write the picture to the path given second."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    units = read_features(folder / "maps" / "units.geojson")
    rivers = np.array([shape for _, shape in read_features(folder / "maps" / "rivers.geojson")], dtype=object)
    kinds = [properties["class"] for properties, _ in units]
    shapes = shapely.transform(np.array([shape for _, shape in units], dtype=object), to_plane)
    out.write_text(drawing(shapely.coverage_simplify(shapes, COARSE_M), kinds, rivers), encoding="utf-8")
    return 0


def drawing(shapes: _Array, kinds: list[str], rivers: _Array) -> str:
    """Return the SVG of units (metres) with their classes, and of rivers (lon/lat)."""
    west, south, east, north = shapely.total_bounds(shapes)
    scale, margin = (WIDTH - 80) / (east - west), 40
    height = int((north - south) * scale) + 2 * margin
    frame = (west - margin / scale, north + margin / scale, scale)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">']
    lines.append('<rect width="100%" height="100%" fill="#f8f8f5"/>')
    for kind, fills in FILLS.items():
        for shade, fill in enumerate(fills):
            own = [shapes[i] for i in range(shade, len(kinds), 3) if kinds[i] == kind]
            path = "".join(_path(shape, frame) for shape in own)
            lines.append(f'<path fill="{fill}" fill-rule="evenodd" stroke="#fff" stroke-width="1.2" d="{path}"/>')
    city = shapely.coverage_union_all(shapes).buffer(1_500)
    water = shapely.intersection(shapely.simplify(shapely.transform(rivers, to_plane), 150), city)
    drawn = "".join(_path(shape, frame) for shape in water)
    lines.append(f'<path fill="#4a88bd" stroke="#4a88bd" stroke-width="1.5" d="{drawn}"/>')
    lines.append(f'<text x="48" y="88" font-size="48" fill="#333">{TITLE}</text>')
    for place, (kind, words) in enumerate(LEGEND):
        y = 144 + 52 * place
        lines.append(f'<rect x="48" y="{y}" width="52" height="32" fill="{FILLS[kind][0]}"/>')
        lines.append(f'<text x="116" y="{y + 26}" font-size="30" fill="#333">{words}</text>')
    lines.append(f'<text x="48" y="{height - 28}" font-size="26" fill="#666">{NOTE}</text></svg>\n')
    return "\n".join(lines)


def _path(shape: BaseGeometry, frame: tuple[float, float, float]) -> str:
    west, north, scale = frame
    parts = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = np.round((shapely.get_coordinates(ring) - (west, north)) * (scale, -scale)).astype(int)
        steps = np.diff(points[:-1], axis=0)
        walked = "".join(f"{x}{y:+d} " for x, y in steps[(steps != 0).any(axis=1)])
        if walked:  # a step to nowhere would end the whole path
            parts.append(f"M{points[0][0]} {points[0][1]}l{walked}z")
    return "".join(parts)


if __name__ == "__main__":
    sys.exit(main())
