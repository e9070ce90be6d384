"""`yudi report` as a person calls it: files of four kinds, the refusals, and the same from Python."""

from __future__ import annotations

import json
import re

import pytest

import yudi as package

FILES = (".pdf", ".docx", ".xlsx", ".geojson")
PROJECT = "examples/riverside/projects/chemical-works.json"


@pytest.fixture(scope="module")
def riverside(root, tmp_path_factory):
    """Return the invented county, compiled."""
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    folder = tmp_path_factory.mktemp("riverside") / "edition"
    write_edition(compiled(read_scheme(root / "examples/riverside/scheme.toml")), folder)
    return folder


@pytest.mark.parametrize("suffix", FILES)
def test_the_ending_chooses_the_format(yudi, root, riverside, tmp_path, suffix):
    """Verdict, file and number are told in a line, and the status is 0 though prohibited."""
    out = tmp_path / f"r{suffix}"
    ran = yudi("report", root / PROJECT, "-e", riverside, "--as-of", "2026-11-24", "--lang", "both", "-o", out)

    assert (ran.status, ran.err) == (0, "")
    assert re.fullmatch(rf"■ (禁止：|Prohibited: ){out}( \(|（)YD-20261124-[0-9A-F]{{8}}[)）]\n", ran.out)
    assert out.stat().st_size > 500


def test_number_and_ways_out_go_into_the_report(yudi, root, riverside, tmp_path):
    """The number given stands in the report, and ways that move the site are features."""
    out = tmp_path / "r.geojson"
    words = ("--as-of", "2026-11-24", "--number", "示〔2026〕1号", "--ways-out", "2", "-o", out)
    ran = yudi("report", root / PROJECT, "-e", riverside, *words, "--json")
    data = json.loads(out.read_text(encoding="utf-8"))

    assert ran.data == {
        "file": str(out),
        "number": "示〔2026〕1号",
        "verdict": "prohibited",
        "presumed": "prohibited",
        "as_of": "2026-11-24",
    }
    assert data["report"]["number"] == "示〔2026〕1号"
    assert "way_out" in {feature["properties"]["role"] for feature in data["features"]}


def test_what_cannot_be_written_is_refused_before_the_work(yudi, root, riverside, tmp_path):
    """Another ending, another language, a project that is none: status 2 with a hint, and nothing written."""
    for words, hint in (
        ((root / PROJECT, "-o", tmp_path / "r.txt"), ".pdf, .docx, .xlsx, .geojson"),
        ((root / PROJECT, "-o", tmp_path / "r.pdf", "--lang", "fr"), "zh, en or both"),
        ((root / "examples/riverside/sites.csv", "-o", tmp_path / "r.pdf"), "a report is about one project"),
    ):
        ran = yudi("report", *words, "-e", riverside)

        assert ran.status == 2
        assert hint in ran.err
        assert list(tmp_path.iterdir()) == []


def test_without_the_extra_the_status_is_5(yudi, root, riverside, tmp_path, monkeypatch):
    """Something needed is unavailable, and the hint is the command that brings it."""
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)
    ran = yudi("report", root / PROJECT, "-e", riverside, "-o", tmp_path / "r.pdf")

    assert ran.status == 5
    assert 'pip install "yudi[report]"' in ran.err


def test_python_writes_the_same_bytes_as_the_command(yudi, root, riverside, tmp_path):
    """`edition.report` and `verdict.report` go the same way as the command line."""
    from datetime import date

    yudi("report", root / PROJECT, "-e", riverside, "--as-of", "2026-11-24", "--lang", "en", "-o", tmp_path / "a.pdf")
    edition = package.open_edition(riverside)
    answer = edition.report(root / PROJECT, tmp_path / "b.pdf", lang="en", as_of=date(2026, 11, 24))
    answer.report(tmp_path / "c.pdf", lang="en")

    assert answer.verdict == "prohibited"
    assert len({(tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf", "c.pdf")}) == 1


def test_a_site_from_a_file_of_its_own_is_reported_with_facts_beside_it(yudi, riverside, tmp_path):
    """A drawing has no facts: they are given with --fact."""
    ring = "107.35,29.77 107.36,29.77 107.36,29.78 107.35,29.78 107.35,29.77"
    (tmp_path / "site.kml").write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>一号地</name><Polygon><outerBoundaryIs><LinearRing>'
        f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>",
        encoding="utf-8",
    )
    facts = ("--fact", "industry=C2614", "--fact", "activity=new")
    ran = yudi("report", tmp_path / "site.kml", "-e", riverside, *facts, "--lang", "zh", "-o", tmp_path / "r.geojson")
    data = json.loads((tmp_path / "r.geojson").read_text(encoding="utf-8"))

    assert ran.status == 0
    assert data["features"][0]["properties"]["verdict"] == "prohibited"
