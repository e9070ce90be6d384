"""No text that stands in the data gets out of its place in a card, whatever letters it has."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from support.editions import DAY, edition, layer, point, square

from yudi.api import OpenEdition, project

TAGS = {
    *("div", "style", "span", "b", "br", "img", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "p"),
    *("details", "summary"),
}
letters = st.text(
    st.one_of(st.sampled_from("<>&\"'`=/;:-!{}[]()\\ \n"), st.characters(codec="utf-8")),
    max_size=30,
)


class Page(HTMLParser):
    """Notes tags and attributes, and that all tags are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError("no card has a comment")


@given(letters, letters, letters, st.sampled_from(["zh", "en"]))
def test_any_text_stays_text(name, words, unit, lang):
    """Names of projects and units, and words of clauses, bring no tag, attribute or address into any card."""
    clauses = [{"id": f"c{words}", "effect": "forbid", "text": words, "subject": {"fact": "asked", "is": True}}]
    units = layer("units", [square(-500, -500, 0, 500), square(0, -500, 500, 500)], {"name": [unit, unit]})
    opened = OpenEdition(edition(clauses, units=units)).in_language(lang)
    proposed = project(point(-100, 0), {words: unit} if words.strip() else {}, id=name).in_language(lang)

    pages = [
        opened._repr_html_(),
        proposed._repr_html_(),
        opened.screen(proposed, as_of=DAY)._repr_html_(),
        opened.compare(proposed, [point(100, 0)], as_of=DAY)._repr_html_(),
    ]

    for page in map(Page, pages):
        assert page.open == []
        assert page.tags <= TAGS
        assert set(page.attributes) <= {"class", "style", "lang", "alt", "src"}
        assert all(value.startswith("background:#") for value in page.attributes.get("style", []))
        for source in page.attributes.get("src", []):
            ElementTree.fromstring(base64.b64decode(source.removeprefix("data:image/svg+xml;base64,")))
