"""Names of places that a scheme's maps know, hidden in texts."""

from __future__ import annotations

import pytest
from support.editions import layer, square
from support.lists import UNITS

from yudi.core.words import Words
from yudi.territory.masks import Mask, place_names

CLASSES = {
    "priority": Words("优先保护单元", "priority"),
    "key": Words("重点管控单元"),
    "general": Words("一般管控单元"),
}
SHAPES = [square(at * 100, 0, at * 100 + 100, 100) for at in range(4)]


def named(names, **more):
    """Return the names known from units that are called so."""
    columns = {"code": list(UNITS)[: len(names)], "name": list(names), **more}
    return place_names({"units": layer("units", SHAPES[: len(names)], columns)}, CLASSES)


def test_names_of_units_count_whole_and_in_parts_but_not_their_class():
    """A dash or a bracket parts a name, and the name of its class belongs to no place."""
    assert named(["甲县重点管控单元—东山园区（北片区）"]) == {
        "甲县重点管控单元—东山园区（北片区）",
        "甲县",
        "东山园区",
        "北片区",
    }


def test_an_area_is_called_what_all_its_units_begin_with():
    """Units of one area share its name; units of different areas share nothing."""
    found = named(["甲县东镇", "甲县西镇", "丁市南镇"], area=["990101", "990101", "990102"])

    assert found == {"甲县东镇", "甲县西镇", "丁市南镇", "甲县"}


def test_what_many_units_are_called_besides_their_place_is_no_name():
    """Three names with one end have a place before it; what ends like one other alone is left whole."""
    found = named(["大沥镇重点管控区", "狮山街道重点管控区", "丹灶镇重点管控区", "北滘一般管控区"])

    assert {"大沥镇", "狮山街道", "丹灶镇"} <= found
    assert "大沥" not in found  # 镇重点管控区 is the end of two only
    assert "北滘一般管" not in found


def test_features_of_other_layers_give_their_names():
    """Rivers and parks on the map are places too; a feature that is only called by its code gives none."""
    parks = layer("parks", SHAPES[:3], {"code": ["P1", "P2", "P3"], "name": ["白鹤公园", "P2", None]})

    assert place_names({"parks": parks}, CLASSES) == {"白鹤公园"}


@pytest.mark.parametrize("name", ["甲", "A1", "12", "3#", ""])
def test_what_is_too_short_to_be_told_from_other_text_is_no_name(name):
    """One letter, a mark or a number would hide more than places."""
    assert named([name]) == frozenset()


def test_the_longest_name_is_hidden_and_what_was_asked_before_does_not_matter():
    """大甲镇 is hidden as one name, with or without 甲镇 having been hidden first."""
    mask = Mask(frozenset(["甲镇", "大甲镇"]))
    first = [mask(text) for text in ("大甲镇禁止采砂", "甲镇禁止采砂")]
    again = [Mask(mask.names)(text) for text in ("甲镇禁止采砂", "大甲镇禁止采砂")]

    assert first == again == ["〇禁止采砂", "〇禁止采砂"]


def test_without_names_a_text_is_itself():
    """Where no map names anything nothing is hidden."""
    assert Mask()("甲镇禁止采砂") == "甲镇禁止采砂"
