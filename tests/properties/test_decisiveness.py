"""Laws of how far lists decide: counts agree whichever way they are summed, and what is promised comes true."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from support.fit_city import CODES, DAY, DIMENSIONS, draft, fit_list, formal

from yudi.territory.draft import compiled
from yudi.territory.edition_checks.decisiveness import Decisiveness, decisiveness
from yudi.territory.lists import ListRow

BANS = ("禁止采砂", "禁止网箱养鱼", "严禁新建码头", "禁止爆破")
OTHERS = ("企业应当设置围堰", "加强巡查", "新增氨氮实行等量替代", "原则上禁止旅游开发")
CELLS = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.sampled_from(sorted(DIMENSIONS)),
        st.lists(st.sampled_from(BANS + OTHERS), max_size=4),
    ),
    max_size=6,
    unique_by=lambda cell: cell[:2],
)
DONE = st.sets(st.sampled_from(BANS + OTHERS))


def report(cells, done) -> Decisiveness:
    """Return the report of the city with such cells, of which these sentences are formalised."""
    rows = [
        ListRow(code, dimension, "".join(f"{at}.{text}。" for at, text in enumerate(texts, 1)))
        for code, dimension, texts in cells
    ]
    entries = [{"text": text, "effect": "forbid" if text in BANS else "note"} for text in sorted(done)]
    city = replace(draft(), lists=(fit_list(rows),), formalised=formal(entries))
    return decisiveness(compiled(city), as_of=DAY)


@given(cells=CELLS, done=DONE)
def test_every_way_of_counting_comes_to_the_same(cells, done) -> None:
    """By list, dimension, class and unit the sums are the total, which is what a count by hand gives."""
    found = report(cells, done)
    said = [text for _, _, texts in cells for text in texts if text in BANS]

    assert (found.prohibitions, found.formalised) == (len(said), sum(text in done for text in said))
    for name in ("lists", "dimensions", "classes", "units"):
        table = getattr(found, name)
        assert sum(table.column("prohibitions").to_pylist()) == found.prohibitions
        assert sum(table.column("formalised").to_pylist()) == found.formalised


@settings(max_examples=25)
@given(cells=CELLS, done=DONE)
def test_formalising_the_first_text_gives_the_share_that_was_promised(cells, done) -> None:
    """And the texts behind it keep their order and their shares."""
    before = report(cells, done)
    rows = before.first.to_pylist()
    if rows and rows[0]["effect"] == "forbid":
        after = report(cells, {*done, rows[0]["text"]})

        assert round(after.share, 6) == rows[0]["share_after"]
        assert [row["text"] for row in after.first.to_pylist()] == [row["text"] for row in rows[1:]]


@settings(max_examples=25)
@given(cells=CELLS, done=DONE, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(cells, done, seed) -> None:
    """The same cells in another order give the same report, but for the example that a text is known by."""
    shuffled = list(cells)
    seed.shuffle(shuffled)
    one, other = report(cells, done).as_data(), report(shuffled, done).as_data()

    assert one == other
