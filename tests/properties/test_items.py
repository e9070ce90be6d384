"""Laws of the items that an edition keeps: order does not matter, and one text has one effect, names hidden or not."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.editions import VOCABULARY, layer, square

from yudi.core.dates import Period
from yudi.core.words import Words
from yudi.territory.draft import Draft, compiled
from yudi.territory.edition import Edition, Rules
from yudi.territory.items import Items
from yudi.territory.lists import ListRow
from yudi.territory.proposals import proposals
from yudi.territory.prose import read_cell, wording
from yudi.territory.standing import SchemeList

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "wording"
WORDS = wording(
    {path.stem: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in TABLES.glob("*.csv")}
)
NAMES = ["东山镇", "大禁镇", "应城", "不得坡", "化工园区"]  # some hold words that decide
UNITS = layer(
    "units",
    [square(at * 100, 0, at * 100 + 100, 100) for at in range(5)],
    {"code": list("ABCDE"), "name": NAMES, "area": ["1", "1", "2", "2", "2"]},
)
MARKS = ["1.", "2.", "（1）", "【禁止类】", "【鼓励类】", "。", "；", "，", "\n"]
WORDS_OF_LISTS = [
    "禁止",
    "严禁",
    "应当",
    "加强",
    "原则上",
    "等量替代",
    "除…外",
    "下列行为：",
    "新建",
    "采砂",
    "化工项目",
    "造纸",
    "企业",
]
PIECES = [*MARKS, *WORDS_OF_LISTS, "园区内", "镇", "东山", *NAMES]
SHARED = ["禁止采砂", "1.禁止采砂。2.造纸", "【禁止类】造纸", "【鼓励类】造纸", "东山镇内禁止采砂", "大禁镇内禁止采砂"]
CELLS = st.one_of(st.sampled_from(SHARED), st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))
ROWS = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["", "space", "risk"]), CELLS),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[:2],
)
fast = settings(max_examples=60, deadline=None, derandomize=True)


def made(rows, *, is_long=False) -> Edition:
    """Return the edition that some cells of a list make."""
    listed = tuple(ListRow(*row, numbers=("",) if is_long else ()) for row in rows)
    entry = SchemeList("", listed, dimensions=("space", "risk"), silence={"": "none"})
    return compiled(
        Draft(Words("试"), Period(None, None), Rules(VOCABULARY), {"units": UNITS}, lists=(entry,), wording=WORDS)
    )


@fast
@given(ROWS)
def test_a_text_counts_the_units_in_which_it_stands(rows) -> None:
    """Every record says in how many units the same text, names hidden, has the same effects: counted here one by one."""
    records = list(Items(made(rows)).records())
    stands: dict[object, set[str]] = {}
    for record in records:
        key = record["masked"], tuple(clause["effect"] for clause in record["clauses"])
        stands.setdefault(key, set()).add(record["unit"])

    for record in records:
        key = record["masked"], tuple(clause["effect"] for clause in record["clauses"])
        assert record["units"] == len(stands[key])


@fast
@given(ROWS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_changes_no_record_and_no_proposal(rows, chance, is_long) -> None:
    """Items, how often they stand, and what is proposed for them are those of the list, however it is sorted."""
    mixed = list(rows)
    chance.shuffle(mixed)
    one, other = made(rows, is_long=is_long), made(mixed, is_long=is_long)

    def sorted_records(edition):
        return sorted(
            Items(edition).records(), key=lambda record: (record["unit"], record["dimension"], record["item"])
        )

    assert sorted_records(one) == sorted_records(other)
    assert proposals(one) == proposals(other)


@fast
@given(ROWS)
def test_texts_that_count_as_one_have_the_same_effects(rows) -> None:
    """Masked or not, texts of one group were read alike, and reading the masked text gives their effects again."""
    items = Items(made(rows))
    effects: dict[int, set[object]] = {}
    for text, parts in zip(items.texts, items.parts, strict=True):
        effects.setdefault(text["same"], set()).add(tuple(part.effects for part in parts))
    assert all(len(found) == 1 for found in effects.values())

    for parts in items.parts:
        for part in parts:
            alone = [item.effects for item in read_cell(part.text, WORDS)]
            assert alone == [item.effects for item in read_cell(part.masked, WORDS)]


@fast
@given(ROWS, st.booleans())
def test_an_item_s_text_holds_what_was_read_in_it(rows, is_long) -> None:
    """Every clause's words stand in the whole text of its item; numbers of one cell are unique; ids are the clauses'."""
    edition = made(rows, is_long=is_long)
    ids = set()
    for record in Items(edition).records():
        whole = re.sub(r"\s", "", record["text"])
        assert all(re.sub(r"\s", "", clause["text"]) in whole for clause in record["clauses"])
        ids.update(clause["id"] for clause in record["clauses"])
    numbers = [(record["unit"], record["dimension"], record["item"]) for record in Items(edition).records()]

    assert len(set(numbers)) == len(numbers)
    assert ids == edition.bindings.names
