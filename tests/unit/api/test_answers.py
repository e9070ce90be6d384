"""What answers give beyond being data: tables, texts, and cards that run nothing and ask nothing of another host."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser

import pytest
from support.editions import DAY, edition, layer, point, project, square

from yudi.api import Comparison, OpenEdition, Verdict
from yudi.api import project as made_from
from yudi.api.showing import load_ipython_extension, table_html
from yudi.core.errors import InputError
from yudi.territory.comparison import compare
from yudi.territory.screening import screen

HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</style></div>"""
UNITS = layer("units", [square(-5_000, -5_000, 0, 5_000), square(0, -5_000, 5_000, 5_000)], {"name": [HOSTILE, "east"]})
CLAUSES = (
    {"id": "U1/space/1", "effect": "forbid", "units": {"codes": ["U1"]}, "text": HOSTILE, "subject": {"fact": "lot", "is": True}},
    {"id": "law", "effect": "forbid", "text": HOSTILE, "subject": {"fact": "asked", "is": True}},
)  # fmt: skip
TAGS = {
    *("div", "style", "span", "b", "br", "img", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "p"),
    *("details", "summary"),
}
ATTRIBUTES = {"class", "style", "lang", "alt", "src"}


class Tags(HTMLParser):
    """Notes the tags, attributes and texts of a page, and whether every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.sources, self.open, self.said = set(), set(), [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value for name, value in attrs if name == "src"]
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


@pytest.fixture
def opened():
    """Return an edition whose names and texts are hostile."""
    return OpenEdition(edition(CLAUSES, units=UNITS))


@pytest.fixture
def verdict(opened):
    """Return a verdict on a project whose name is hostile."""
    return opened.screen(made_from(point(-2_000, 0), {"lot": True, HOSTILE: HOSTILE}, id=HOSTILE), as_of=DAY)


def cards(opened, verdict):
    """Return every card by what it shows."""
    sites = [made_from(point(-2_000, 0), id=HOSTILE), made_from(point(2_000, 0), id="b")]
    return {
        "edition": opened._repr_html_(),
        "project": made_from(point(0, 0), {HOSTILE: HOSTILE}, id=HOSTILE)._repr_html_(),
        "verdict": verdict._repr_html_(),
        "comparison": opened.compare({"id": HOSTILE, "facts": {"lot": True}}, sites, as_of=DAY)._repr_html_(),
        "table": table_html(verdict.clauses),
    }


@pytest.mark.parametrize("kind", ["edition", "project", "verdict", "comparison", "table"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_in_a_card_runs_or_reaches_out(opened, lang, kind):
    """Hostile names are text; there are only known tags, no handlers, and pictures that are in the page."""
    own = opened.in_language(lang)
    verdict = own.screen(made_from(point(-2_000, 0), {"lot": True, HOSTILE: HOSTILE}, id=HOSTILE), as_of=DAY)
    page = cards(own, verdict)[kind]

    found = Tags(page)

    assert found.open == []
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    assert all(source.startswith("data:image/svg+xml;base64,") for source in found.sources)
    assert "http" not in page
    for source in found.sources:
        drawing = base64.b64decode(source.partition(",")[2]).decode()
        assert not re.search(r"<script|<image|href|onerror=|url\((?!#)|@import", drawing.replace("&lt;", ""))


def test_a_hostile_name_can_be_read(opened, verdict):
    """It is shown as it is written."""
    assert HOSTILE in "".join(Tags(verdict._repr_html_()).said)


@pytest.mark.parametrize("count", [1, 3_000])
def test_the_size_of_a_card_is_bounded(count):
    """An answer with thousands of clauses and long texts shows the first and stays below 200 kB."""
    many = [{"id": f"c{index}", "effect": "forbid", "text": f"{index} " + "long " * 400} for index in range(count)]
    opened = OpenEdition(edition(many))

    pages = cards(opened, opened.screen({"geometry": {"type": "Point", "coordinates": [107, 30]}}, as_of=DAY))

    assert max(map(len, pages.values())) < 200_000


def test_an_answer_is_written_as_json_at_once(verdict):
    """Read back it is what the answer is."""
    assert json.loads(verdict.as_json()) == json.loads(json.dumps(verdict))


def test_clauses_are_a_table(verdict):
    """One row a clause in the order of the answer, with lists in columns, as pandas takes them."""
    table = verdict.clauses

    assert table.column("id").to_pylist() == ["U1/space/1", "law"]
    assert table.column("outcome").to_pylist() == ["prohibits", "may_prohibit"]
    assert table.column("units").to_pylist() == [["U1"], []]
    assert list(table.to_pandas()["needs"].iloc[1]) == ["asked"]


def test_units_are_a_table(verdict):
    """One row a unit, with its share and its verdict."""
    assert verdict.units.to_pylist() == [
        {"code": "U1", "name": HOSTILE, "class": "", "share": 1.0, "verdict": "prohibited", "touches": False}
    ]


def test_a_language_is_the_answers_own(opened, verdict):
    """Asking for a language changes no other answer; an edition hands its language to its answers."""
    chinese = opened.in_language("zh")
    answer = chinese.screen(made_from(point(-2_000, 0), {"lot": True}, id="w"), as_of=DAY)

    assert repr(answer).startswith("■ 禁止  w")
    assert repr(answer.in_language("en")).startswith("■ Prohibited  w")
    assert (opened.lang, answer.lang) == ("", "zh")


def test_another_language_is_refused(opened):
    """There are two."""
    with pytest.raises(InputError, match="unknown language"):
        opened.in_language("fr")


def test_the_language_is_that_of_the_environment(opened, monkeypatch):
    """Where none is asked for, a Chinese locale gives Chinese."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert 'lang="zh-CN"' in opened._repr_html_()


def test_texts_are_short(opened, verdict):
    """What is printed without a page is a few lines: verdict, name, and what it rests on."""
    assert repr(verdict.in_language("en")).splitlines() == [f"■ Prohibited  {HOSTILE}", f"  - {HOSTILE}"]
    assert repr(opened.in_language("en")).endswith(" test>")


def test_a_comparison_gives_tables():
    """Sites from the best on; clauses with what they come to at each site."""
    made = edition(CLAUSES, units=UNITS)
    screenings = [screen(project(place, {"lot": True, "asked": False}), (made,), as_of=DAY) for place in (point(-99, 0), point(99, 0))]  # fmt: skip
    found = Comparison(compare(screenings, ["west", "east"]))

    assert found.best == ["east"]
    assert found.sites.column("name").to_pylist() == ["east", "west"]
    assert found.clauses.to_pylist()[0] == {
        "differs": True,
        "text_zh": HOSTILE,
        "text_en": HOSTILE,
        "west": "prohibits",
        "east": None,
    }


def test_a_comparison_is_written_as_a_file(opened, tmp_path):
    """The ending names the form."""
    found = opened.compare({"facts": {"lot": True}}, [point(-9, 0), point(9, 0)], as_of=DAY)

    found.write(tmp_path / "sites.xlsx")

    assert (tmp_path / "sites.xlsx").stat().st_size > 0


def test_an_extension_lets_tables_show_themselves():
    """It registers Arrow tables with the notebook that asked, and with no other."""
    taken = {}

    class Formatter:
        def for_type(self, kind, function):
            taken[kind.__name__] = function

    class Notebook:
        display_formatter = type("Display", (), {"formatters": {"text/html": Formatter()}})

    load_ipython_extension(Notebook)

    assert list(taken) == ["Table"]


def test_a_verdict_is_still_data(verdict):
    """It is a mapping as before, and can be made of a screening alone."""
    again = Verdict(verdict.screening)

    assert dict(again) == dict(verdict)
