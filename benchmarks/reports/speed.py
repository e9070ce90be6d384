"""How long a report takes, warm and cold, for an ordinary project and for one of twenty pages and more.

    python benchmarks/reports/speed.py
    python benchmarks/reports/speed.py --edition demo/edition --project demo/chongqing/projects/battery-2km.json

Without an edition it compiles examples/riverside and reports two of its projects. Each format and language is written
once (cold: fonts are read, modules imported) and then `--runs` times; the median counts. Content and file are timed together,
screening is not. The pages of the PDF are counted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 24)
RIVERSIDE = ROOT / "examples/riverside"


def main() -> int:
    """Run the command; 0 if every report held what it must."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", type=Path)
    parser.add_argument("--project", type=Path, action="append")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "speed.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.edition or compile_riverside(Path(scratch) / "edition")
        named = [RIVERSIDE / f"projects/{name}.json" for name in ("software-office", "chemical-works")]
        rows = [
            row for project in asked.project or named for row in measured(folder, project, asked.runs, Path(scratch))
        ]
    versions = {name: version(name) for name in ("typst", "python-docx", "openpyxl", "shapely")}
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    result = {"runs": asked.runs, **machine, "python": platform.python_version(), "versions": versions, "reports": rows}
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    line = "{project:18} {lang:5} {format:8} pages {pages!s:5} cold {cold_s:6.2f} s  warm {warm_s:6.2f} s  cpu {warm_cpu_s:5.2f} s  {bytes:9,}"
    for row in rows:
        print(line.format(**row))
    return 0


def compile_riverside(folder: Path) -> Path:
    """Return the folder of the invented county, compiled."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    write_edition(compiled(read_scheme(RIVERSIDE / "scheme.toml")), folder)
    return folder


def measured(folder: Path, project: Path, runs: int, scratch: Path) -> list[dict[str, Any]]:
    """Return a row for every language and format of one project's report; content and file are timed together."""
    import yudi
    from yudi.formats.reports.content import report_content
    from yudi.formats.reports.files import SUFFIXES, write_report

    started = time.perf_counter()
    answer = yudi.open_edition(folder).screen(project, as_of=DAY)
    screened = time.perf_counter() - started
    rows = []
    for lang in ("zh", "en", "both"):
        for suffix in SUFFIXES:
            path = scratch / f"r{suffix}"
            times, busy = [], []
            for _ in range(runs + 1):
                started, began = time.perf_counter(), time.process_time()
                content = report_content(answer.screening, answer, lang=lang)
                write_report(content, path)
                times.append(time.perf_counter() - started)
                busy.append(time.process_time() - began)
            data = path.read_bytes()
            pages = len(re.findall(rb"/Type\s*/Page\b", data)) if suffix == ".pdf" else None
            if suffix == ".pdf" and not pages:
                raise SystemExit(f"error: {path}: no page found")
            rows.append(
                {
                    "project": answer.screening.project.id,
                    "clauses": sum(len(answer["clauses"][key]) for key in ("applied", "satisfied", "open", "notes")),
                    "not_applicable": len(answer["clauses"]["not_applicable"]),
                    "lang": lang,
                    "format": suffix[1:],
                    "pages": pages,
                    "bytes": len(data),
                    "screening_s": round(screened, 3),
                    "cold_s": round(times[0], 3),
                    "warm_s": round(statistics.median(times[1:]), 3),
                    "warm_cpu_s": round(statistics.median(busy[1:]), 3),
                }
            )
    return rows


if __name__ == "__main__":
    sys.exit(main())
