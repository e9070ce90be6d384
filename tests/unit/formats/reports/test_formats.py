"""PDF, Word, Excel and GeoJSON say the same, the same way every time, whatever a project is called."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pytest
from support.editions import square
from support.reports import bare, content_of, screened, words_of

from yudi.core.errors import InputError, UnavailableError
from yudi.formats.reports.files import SUFFIXES, check_report_place, write_report
from yudi.formats.reports.model import Figure, Heading
from yudi.formats.reports.pdf import FONTS, missing_letters

LANGUAGES = ("zh", "en", "both")
HOSTILE = '#eval("1") $x^2$ *b* _i_ @r <w:p/> &amp; `c` \\ 😀 שלום =1+1 ' + "W" * 120


@pytest.fixture(scope="module")
def hostile():
    """Return the content of a report whose project states hostile texts."""
    screening = screened()
    object.__setattr__(screening.project, "id", HOSTILE)
    object.__setattr__(screening.project, "carried", {"note": "=HYPERLINK(1)"})
    return content_of(screening, lang="both", number="#panic() *1*")


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx"])
def test_every_text_of_the_content_stands_in_every_format(lang, suffix, tmp_path):
    """All words of the one content come out of each file; in Excel sheets' names stand for headings, filters for counts, numbers are numbers."""
    content = content_of(screened(), lang=lang)
    write_report(content, tmp_path / f"r{suffix}")
    found = words_of(tmp_path / f"r{suffix}")
    blocks = [block for block in content.blocks if not isinstance(block, Figure)]
    left_out = [
        text for block in blocks if suffix == ".xlsx" and isinstance(block, Heading) for text in block.text.lines()
    ]
    left_out += [text for block in content.blocks if isinstance(block, Figure) for text in block.alt.lines()]
    counts = re.compile(r"\d+( 条| clauses?)|\d+\.\d+") if suffix == ".xlsx" else re.compile("(?!)")
    missing = [
        text
        for text in content.texts("sheet" if suffix == ".xlsx" else "page")
        if bare(text) not in found and text not in left_out and not counts.fullmatch(text)
    ]

    assert missing == []


@pytest.mark.needs("pdftotext", "soffice")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_libreoffice_opens_the_word_document_without_loss(lang, tmp_path):
    """Converted to PDF by another program, the document still holds every text of the content."""
    content = content_of(screened(), lang=lang)
    write_report(content, tmp_path / "r.docx")
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "r.docx")], capture_output=True, check=True)
    found = words_of(tmp_path / "r.pdf")
    alts = [text for block in content.blocks if isinstance(block, Figure) for text in block.alt.lines()]
    missing = [
        text
        for text in content.texts()
        if text not in alts
        and not all(bare(part) in found for part in text.split("★"))  # a star comes from another font
    ]

    assert missing == []


def test_geojson_has_the_opinion_and_the_shapes(tmp_path):
    """Verdict, number, opinion beside the features; the site and its part in the unit among them."""
    content = content_of(screened(), lang="both")
    write_report(content, tmp_path / "r.geojson")
    data = json.loads((tmp_path / "r.geojson").read_text(encoding="utf-8"))

    assert data["report"]["number"] == content.number
    assert data["report"]["verdict"] == "prohibited"
    assert len(data["report"]["opinion"]) == 2
    assert [feature["properties"]["role"] for feature in data["features"]] == ["site", "unit", *["corner"] * 4]
    assert data["features"][1]["properties"]["share"] == 1.0


def test_each_feature_of_a_map_says_what_it_belongs_to(tmp_path):
    """GDAL and QGIS read nothing but properties: number, day, edition and whether it is a sample; the opinion at the site."""
    content = content_of(screened(), lang="both")
    write_report(content, tmp_path / "r.geojson")
    properties = pyogrio.read_dataframe(tmp_path / "r.geojson").to_dict("records")
    name = " / ".join(content.meta[-1][1].lines())

    assert {one["report"] for one in properties} == {content.number}
    assert {str(one["as_of"])[:10] for one in properties} == {content.day.isoformat()}
    assert {one["edition"] for one in properties} == {name}
    assert {bool(one["illustrative"]) for one in properties} == {bool(content.label)}
    assert [isinstance(one["opinion"], str) for one in properties] == [True, *[False] * 5]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_content_gives_the_same_bytes(suffix, tmp_path):
    """No moment of writing and no chance goes into a file."""
    for name in ("one", "two"):
        write_report(content_of(screened(), lang="both"), tmp_path / f"{name}{suffix}")

    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@pytest.mark.needs("pdftotext")
def test_hostile_text_is_printed_and_not_obeyed(hostile, tmp_path):
    """Markup of Typst, XML and formulas come out as they went in; a word of 120 letters stays whole."""
    for suffix in (".pdf", ".docx", ".xlsx"):
        write_report(hostile, tmp_path / f"r{suffix}")
        found = words_of(tmp_path / f"r{suffix}")

        assert bare('#eval("1") $x^2$ *b* _i_ @r <w:p/> &amp; `c`') in found
        assert "W" * 120 in found
        assert "#panic()*1*" in found


def test_a_text_that_looks_like_a_formula_is_no_formula(hostile, tmp_path):
    """Excel shows =HYPERLINK(1) and does not follow it."""
    write_report(hostile, tmp_path / "r.xlsx")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes()))
        for row in sheet
        for cell in row
    ]
    given = [cell for cell in cells if cell.value == "=HYPERLINK(1)"]

    assert [cell.data_type for cell in given] == ["s"]


def test_letters_that_the_fonts_lack_are_named(hostile):
    """Emoji and Hebrew are not in the report's fonts, and the report says which letters those are."""
    assert set(missing_letters(hostile)) == set("😀שלום")
    assert missing_letters(content_of(screened())) == ""


def test_the_fonts_are_those_of_their_record():
    """Each font file has the hash and the number of letters that its record states, and its licence lies beside it."""
    import hashlib

    record = json.loads((FONTS / "SOURCES.json").read_text(encoding="utf-8"))
    found = {name: hashlib.sha256((FONTS / name).read_bytes()).hexdigest() for name in record["fonts"]}

    assert found == {name: entry["sha256"] for name, entry in record["fonts"].items()}
    assert sorted(path.name for path in FONTS.glob("*.otf")) == sorted(record["fonts"])
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_the_fonts_have_every_letter_of_gb_2312_and_of_units():
    """All 7,445 signs of GB 2312, and signs such as m², °, ′, ± and ①."""
    standard = "".join(
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)
    )
    record = json.loads((FONTS / "SOURCES.json").read_text(encoding="utf-8"))
    held = {
        chr(code)
        for part in record["ranges"].split()
        for code in range(int(part.split("-")[0], 16), int(part.split("-")[-1], 16) + 1)
    }

    assert len(standard) == 7445
    assert sorted(set(standard + "²³°′″±≤≥→①ÄéΩЖ—…·“”《》〔〕【】￥") - held) == []


def test_word_documents_have_styles_languages_heads_and_a_described_picture(tmp_path):
    """What Word needs to number, read aloud and break a document well is there as such, not painted on."""
    write_report(content_of(screened(), lang="both"), tmp_path / "r.docx")
    with zipfile.ZipFile(tmp_path / "r.docx") as archive:
        body, styles = (archive.read(f"word/{name}.xml").decode() for name in ("document", "styles"))
        footer = "".join(archive.read(name).decode() for name in archive.namelist() if "footer" in name)
        ElementTree.fromstring(body)

    assert body.count("<w:tblHeader/>") == body.count("<w:tbl>") > 3
    assert 'w:val="Heading1"' in body
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="zh-CN"' in styles
    assert 'descr="选址位置图' in body
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer


def test_a_sheet_has_a_head_that_stays_and_filters(tmp_path):
    """Clauses can be filtered by level and dimension, which the page shows as bands."""
    write_report(content_of(screened(), lang="en"), tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes()))["Clauses"]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G7"
    assert [cell.value for cell in sheet[1]][:3] == ["Level", "Dimension", "No."]
    assert [sheet.cell(row, 1).value for row in (2, 5, 6)] == ["national", "basin", "unit"]
    assert sheet.cell(2, 3).value == 1


@pytest.mark.parametrize(("suffix", "module"), [(".pdf", "typst"), (".docx", "docx")])
def test_without_the_extra_the_message_says_what_to_install(suffix, module, tmp_path, monkeypatch):
    """A plain install refuses with the command that helps, and leaves nothing behind."""
    monkeypatch.setitem(sys.modules, module, None)
    from yudi.formats.reports.pdf import _fonts

    _fonts.cache_clear()
    with pytest.raises(UnavailableError) as refusal:
        write_report(content_of(screened()), tmp_path / f"r{suffix}")

    assert refusal.value.hint == 'pip install "yudi[report]"'
    assert list(tmp_path.iterdir()) == []


def test_another_ending_a_folder_and_a_file_for_a_folder_are_refused(tmp_path):
    """Before any work is done."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "d.pdf").mkdir()
    for path, said in (
        ("r.txt", r"cannot write \.txt"),
        ("r", "without ending"),
        ("d.pdf", "a folder"),
        ("file/r.pdf", "a folder"),
    ):
        with pytest.raises(InputError, match=said):
            check_report_place(tmp_path / path)


def test_a_site_of_many_units_and_a_point_can_be_reported(tmp_path):
    """Whatever the site is, each format is written."""
    for site in (square(0, 0, 10, 10), square(-9_000, -9_000, 15_000, 9_000).boundary, square(0, 0, 1, 1).centroid):
        for suffix in SUFFIXES:
            write_report(content_of(screened(site=site)), tmp_path / f"r{suffix}")

            assert (tmp_path / f"r{suffix}").stat().st_size > 500
