"""`yudi clauses list` and `show` on packs: which clauses there are, and all about one."""

from __future__ import annotations

import pytest


@pytest.fixture
def pack(root):
    """Return the path of the small pack of tests/data/checked."""
    return str(root / "tests" / "data" / "checked")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["shore", "lining"]),
        (("--search", "防渗"), ["lining"]),
        (("--search", "river SHORE"), ["shore"]),  # words of the document's title and of the clause, in any case
        (("--dimension", "风险"), ["lining"]),
        (("--dimension", "space"), ["shore"]),
        (("--level", "law"), ["shore", "lining"]),
        (("--level", "city"), []),
        (("--document", "令2号"), ["shore", "lining"]),
        (("--document", "old-law"), []),
        (("--as-of", "2019-12-31"), []),
        (("--as-of", "2020-01-01"), ["shore", "lining"]),
    ],
)
def test_a_list_is_narrowed(options, expected, yudi, pack):
    """Each option leaves the clauses that it names, in their order."""
    assert [row["id"] for row in yudi("clauses", "list", pack, *options, "--json").data] == expected


def test_a_pack_lists_its_own_clauses_and_all_on_demand(yudi):
    """Those of an included pack are counted, and listed with --all."""
    own = yudi("clauses", "list", "chongqing", "--json").data
    both = yudi("clauses", "list", "chongqing", "--all", "--json").data
    included = yudi("clauses", "list", "cn", "--json").data
    said = yudi("clauses", "list", "chongqing", "--lang", "en").out

    assert len(both) == len(own) + len(included)
    assert f"{len(included)} more of included packs" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_says_what_stands_where(lang, yudi, pack):
    """Id, effect, words, document with article, dimension, level and days are all there."""
    said = "".join(yudi("clauses", "list", pack, "--lang", lang).out.split())
    expected = {
        "zh": ("shore", "禁止", "河流法", "令2号", "第26条第2款", "空间", "法律", "自2020-01-01", "2条"),
        "en": ("shore", "forbids", "RiverLaw", "26(2)", "space", "law", "from2020-01-01", "2clauses"),
    }

    assert [word for word in expected[lang] if word not in said] == []


def test_an_unverified_clause_is_marked_in_list_and_page(yudi):
    """The mark and what it rests on stand behind the words."""
    said = yudi("clauses", "list", "cn", "--search", "noise-26", "--lang", "zh").out
    page = yudi("clauses", "show", "noise-26", "cn", "--lang", "en").out

    assert "未核实" in said
    assert "[unverified: " in page


def test_a_page_says_all_about_a_clause(yudi, pack):
    """Words, document with its days, the predicate as a sentence, facts with help, terms with rows, layers, cases."""
    data = yudi("clauses", "show", "shore", pack, "--json").data

    assert data["text"]["en"] == "No new chemical works within one kilometre of the shore"
    assert (data["document"]["number"], data["document"]["in_force"]) == ("令2号", "2020-01-01")
    assert data["asks"]["scope"]["zh"] == "位于“shores” 1,000 m 以内"
    assert [(fact["key"], fact["provider"]) for fact in data["facts_asked"]] == [("activity", "project")]
    assert data["terms"][0]["in"] == [{"zh": "行业为A1 化工", "en": "trade is A1 chemicals"}]
    assert [layer["name"] for layer in data["layers"]] == ["shores"]
    assert [case["outcome"] for case in data["cases"]] == ["stops", "spares", "leaves_open"]
    assert data["place"] == {"file": "clauses.yaml", "row": 1}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_reads_in_both_languages(lang, yudi, pack):
    """Cases, providers and help are said in the language that is asked for."""
    said = yudi("clauses", "show", "lining", pack, "--lang", lang).out
    shore = yudi("clauses", "show", "shore", pack, "--lang", lang).out
    expected = {
        "zh": (("看图纸", "项目填报", "要求：", "附条件：a works without lining"), "禁止：离岸400米的新厂"),
        "en": (("see the drawings", "the project states it", "test: ", "meets: a lined works"), "stops: a new works"),
    }

    assert [word for word in expected[lang][0] if word not in said] == []
    assert expected[lang][1] in shore


def test_a_clause_of_an_included_pack_is_shown_with_its_cases(yudi):
    """A city's pack shows a clause of national law as its own pack does."""
    here = yudi("clauses", "show", "yangtze-26-2", "chongqing", "--json").data
    there = yudi("clauses", "show", "yangtze-26-2", "cn", "--json").data

    assert here == there
    assert len(here["cases"]) > 5


@pytest.mark.parametrize(
    ("words", "status", "message", "hint"),
    [
        (("list", "nowhere"), 3, "no pack is called 'nowhere'", "pack.toml"),
        (("show", "yangtze-26-22", "cn"), 3, "no clause", "did you mean yangtze-26-2?"),
        (("list", "cn", "--edition", "x"), 2, "got both", "packs"),
        (("list", "cn", "--dimension", "spce"), 2, "unknown dimension", "space"),
        (("list", "cn", "--level", "town"), 2, "unknown level", "city"),
        (("list", "cn", "--as-of", "soon"), 2, "got 'soon'", "YYYY-MM-DD"),
        (("list", "cn", "--words"), 2, "expected --edition with --words", "--edition"),
        (("check", "nowhere"), 3, "no pack is called 'nowhere'", "pack.toml"),
    ],
)
def test_a_wrong_call_says_what(words, status, message, hint, yudi):
    """The error names what is wrong and the next step; nothing is printed."""
    ran = yudi("clauses", *words, "--json")

    assert (ran.status, ran.out) == (status, "")
    assert message in ran.error["message"]
    assert hint in ran.error["hint"]
