"""What an office has formalised, found by text, head and reading."""

from __future__ import annotations

import pytest

from yudi.core.errors import InputError, Where
from yudi.territory.formalised import formalisations
from yudi.territory.masks import Mask
from yudi.territory.prose import Item

TOWNS = Mask(frozenset(["东山镇", "西岭镇"]))


def item(text, effects=("forbid",), head=None):
    """Return an item as the reader gives it."""
    return Item("1", text, effects, (), (), False, (), None, head, (), ())


def made(*entries):
    """Return entries as formalised; each is a note of its own level, so that they can be told apart."""
    return formalisations([({"effect": "note", **entry}, Where("f.yaml", row)) for row, entry in enumerate(entries, 1)])


def test_the_own_text_comes_before_the_text_with_names_hidden():
    """One entry serves all towns, but for the town that has its own."""
    found = made({"text": "〇禁止采砂", "level": "city"}, {"text": "东山镇禁止采砂", "level": "unit"})

    assert found.find(item("东山镇禁止采砂"), TOWNS).clause.level == "unit"
    assert found.find(item("西岭镇禁止采砂"), TOWNS).clause.level == "city"
    assert found.find(item("南坪镇禁止采砂"), TOWNS) is None


def test_an_entry_with_a_head_or_a_reading_comes_before_one_without():
    """The narrower entry counts where it fits, the wider one elsewhere."""
    found = made(
        {"text": "采砂", "level": "city"},
        {"text": "采砂", "head": "禁止下列行为", "level": "unit"},
        {"text": "采砂", "read": ["consult"], "level": "county"},
    )

    assert found.find(item("采砂"), TOWNS).clause.level == "city"
    assert found.find(item("采砂", head="禁止下列行为"), TOWNS).clause.level == "unit"
    assert found.find(item("采砂", ("consult",)), TOWNS).clause.level == "county"


def test_an_empty_head_means_no_head():
    """It does not fit where the text stands under one."""
    found = made({"text": "采砂", "head": ""})

    assert found.find(item("采砂"), TOWNS)
    assert found.find(item("采砂", head="禁止下列行为"), TOWNS) is None


def test_all_that_fits_is_known_though_only_the_first_stands():
    """An entry that another one overrides everywhere is still no stale one."""
    found = made({"text": "采砂"}, {"text": "采砂", "read": "forbid"})

    assert [entry.read for entry in found.matching(item("采砂"), TOWNS)] == [frozenset(["forbid"]), frozenset()]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"text": "。"}], "expected the text that it replaces"),
        ([{"text": "采砂"}, {"text": "1.采砂；"}], "formalised twice"),
        ([{"text": "采砂", "read": "ban"}], "expected effects that the reader knows, got 'ban'"),
    ],
)
def test_what_cannot_be_found_or_stands_twice_is_refused(entries, said):
    """With the file and the row."""
    with pytest.raises(InputError, match=said) as error:
        made(*entries)

    assert error.value.where == Where("f.yaml", len(entries))
