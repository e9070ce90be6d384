"""The words by which packs recognise: longest first, whole words of plain letters, and none without packs."""

from __future__ import annotations

import pytest

from yudi.formats.recognition.dialect import read_dialect, word_in
from yudi.formats.rule_files import shipped_packs


@pytest.fixture(scope="module")
def dialect(tmp_path_factory):
    """Return the words of all packs that are shipped."""
    return read_dialect(shipped_packs(), tmp_path_factory.mktemp("none"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("环境管控单元2023", "units"),
        ("ZHGKDY_500102", "units"),
        ("生态保护红线", "redline"),
        ("水环境分区", "water_zones"),
        ("水产种质资源保护区", "germplasm_reserves"),
        ("湿地公园", "wetland_parks"),
        ("重要湿地", "wetlands"),
        ("饮用水水源保护区_县级", "source_zones"),
        ("河流中心线", "river_lines"),
        ("rivers", "rivers"),
        ("river_lines", "river_lines"),
        ("地下水禁采区", "groundwater_limits"),
    ],
)
def test_the_longest_word_names_the_layer(dialect, text, name):
    """Of several words that a name holds the longest counts, so that a wetland park is no wetland."""
    assert dialect.layer_of(text)[0].name == name


@pytest.mark.parametrize("text", ["LCPC_Zoning", "functions", "driversx", ""])
def test_other_names_are_no_layers(dialect, text):
    """A word of plain letters counts only as a whole word."""
    assert dialect.layer_of(text) is None


@pytest.mark.parametrize(
    ("word", "text", "held"),
    [("units", "my_units-2", True), ("units", "subunits", False), ("红线", "生态红线图", True)],
)
def test_words_of_plain_letters_are_whole(word, text, held):
    """Chinese has no blanks between words, so that there a word counts anywhere."""
    assert word_in(word, text) is held


def test_layers_that_clauses_ask_have_words(dialect):
    """Every layer that a clause of the packs asks can be recognised by a word, under the name by which it is asked."""
    assert set(dialect.asked) - {item.name for item in dialect.layers} == set()


def test_every_code_form_is_a_pattern(dialect):
    """Unit codes of land and sea fit; an element zone's code is none."""
    (units,), (zones,) = dialect.forms("unit"), dialect.forms("zone")

    assert units.fits(["ZH50010220003", "HY99000010001"]) == 1.0
    assert units.fits(["YS5001022210001", "ZH5001022000"]) == 0.0
    assert zones.fits(["YS5001022210001"]) == 1.0
    assert units.fits([]) == 0.0


def test_without_packs_nothing_is_known(tmp_path):
    """No pack, no word."""
    nothing = read_dialect([], tmp_path)

    assert nothing.layer_of("环境管控单元") is None
    assert nothing.named("file:old", "旧") == ""
    assert nothing.forms("unit") == []
