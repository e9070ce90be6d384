"""Reports as GeoJSON: the site, its part in each unit and the ways out as features, the opinion beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely

from yudi.formats.reports.model import Paragraph, ReportContent

__all__ = ["write_geojson"]


def write_geojson(content: ReportContent, path: Path) -> None:
    """Write a report as a GeoJSON FeatureCollection in lon/lat with the opinion under ``report``.

    Programs for maps read the properties of features alone, so each says what it belongs to; the site has the opinion.
    """
    opinion = next((block.text for block in content.blocks if isinstance(block, Paragraph)), None)
    report: dict[str, Any] = {
        "title": list(content.title.lines()),
        "number": content.number,
        "as_of": content.day.isoformat(),
        "verdict": content.verdict,
        "verdict_text": list(content.verdict_text.lines()),
        "opinion": list(opinion.lines()) if opinion is not None else [],
        "illustrative": list(content.label.lines()),
        "meta": {name.main: list(value.lines()) for name, value in content.meta},
    }
    edition = " / ".join(content.meta[-1][1].lines())
    told = {
        "report": content.number,
        "as_of": content.day.isoformat(),
        "edition": edition,
        "illustrative": bool(content.label),
    }
    said = {"opinion": "\n".join(report["opinion"])}
    features = [
        {
            "type": "Feature",
            "properties": {
                "role": shape.role,
                **shape.properties,
                **told,
                **(said if shape.role == "site" else {}),
            },
            "geometry": None if shape.geometry.is_empty else json.loads(shapely.to_geojson(shape.geometry)),
        }
        for shape in content.shapes
    ]
    data = {"type": "FeatureCollection", "report": report, "features": features}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
