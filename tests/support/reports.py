"""Reports of small editions: one clause of every outcome, two levels, and what stands in each format as plain text."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl

from support.editions import DAY, edition, layer, project, square
from yudi.formats.reports.content import report_content
from yudi.formats.reports.model import ReportContent
from yudi.territory.screening import Screening, screen
from yudi.territory.verdict import verdict_data

__all__ = ["CLAUSES", "bare", "content_of", "screened", "words_of"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = {"zh": "禁止燃煤", "en": "No coal."}
CLAUSES: Sequence[Mapping[str, Any]] = (
    {
        "id": "ban",
        "effect": "forbid",
        "level": "unit",
        "dimension": "space",
        "text": {"zh": "禁止新建化工项目", "en": "No new chemical works."},
        "subject": {"fact": "industry", "in": ["C26"]},
        "citation": {"document": "list", "article": "26(2)"},
    },
    {"id": "may-ban", "effect": "forbid", "level": "national", "text": {"zh": "另行判定", "en": "A person decides."}}
    | {"subject": {"fact": "asked", "is": True}, "citation": {"document": "law", "article": "7"}},
    {"id": "coal", "effect": "forbid", "level": "national", "text": _TEXT, "subject": {"fact": "fuel", "in": ["coal"]}},
    {
        "id": "line-it",
        "effect": "require",
        "level": "basin",
        "text": {"zh": "应防渗", "en": "Line it."},
        "test": {"fact": "lined", "is": True},
        "basis": "press",
    },
    {"id": "watch", "effect": "note", "text": {"zh": "加强监管", "en": "Watch it."}},
    {
        "id": "monitored",
        "effect": "require",
        "level": "national",
        "text": {"zh": "应监测", "en": "Monitor it."},
        "test": {"fact": "monitors", "is": True},
    },
    {
        "id": "not-here",
        "effect": "forbid",
        "text": {"zh": "湖边禁止", "en": "Not by the lake."},
        "scope": {"inside": {"layer": "lake"}},
        "citation": {"document": "law", "article": "8"},
    },
    {"id": "not-yet", "effect": "forbid", "text": {"zh": "以后", "en": "Later."}, "in_force": "2030-01-01"},
)
FACTS: Mapping[str, Any] = {"industry": "C2614", "activity": "new", "monitors": True}


def screened(
    facts: Mapping[str, Any] | None = None, *, clauses: Sequence[Mapping[str, Any]] = CLAUSES, site: Any = None
) -> Screening:
    """Return a site of 200 m in one unit, with a lake 2 km away, held against the clauses."""
    lake = layer("lake", [square(2_000, 0, 3_000, 1_000)], {"name": ["L"]}, role="reference", accuracy_m=5.0)
    asked = project(site if site is not None else square(0, 0, 200, 200), FACTS if facts is None else facts)
    return screen(asked, [edition(clauses, layers=[lake])], as_of=DAY)


def content_of(screening: Screening, lang: str = "zh", **more: Any) -> ReportContent:
    """Return the content of a screening's report; ``data`` changes parts of the answer."""
    data = verdict_data(screening) | more.pop("data", {})
    return report_content(screening, data, lang=lang, **more)


def bare(text: str) -> str:
    """Return a text without blanks and signs of no width: where lines and pages break is a matter of layout."""
    return re.sub(r"[\s\u200b\u00ad]", "", text)


def words_of(path: Path) -> str:
    """Return all text of a report's file, bare."""
    if path.suffix == ".pdf":
        run = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
        return bare(run.stdout.decode())
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            names = [
                name for name in archive.namelist() if re.fullmatch(r"word/(document|header\d|footer\d)\.xml", name)
            ]
            roots = [ElementTree.fromstring(archive.read(name)) for name in sorted(names)]
        return bare("".join(node.text or "" for root in roots for node in root.iter(f"{_W}t")))
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
        return bare("".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None))
    return bare(path.read_text(encoding="utf-8"))
