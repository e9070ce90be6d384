"""Parts of a unit named in words, as tests of the place on the scheme's own maps."""

from __future__ import annotations

import pytest
from support.editions import layer, line, square

from yudi.core.words import Words
from yudi.territory.expressions import written
from yudi.territory.zone_scopes import ZoneScopes

LAYERS = {
    "units": layer("units", [square(0, 0, 9, 9)], {"code": ["U1"], "name": ["甲湖单元"]}),
    "shores": layer("shores", [line((0, 0), (9, 9))] * 2, {"name": ["甲湖", "乙河"]}, label=Words("岸线", "shores")),
    "lakeshores": layer("lakeshores", [line((0, 0), (9, 9))], {"name": ["甲湖"]}, label=Words("湖岸线", "lakeshores")),
    "parks": layer("parks", [square(0, 0, 9, 9)], {"name": ["白鹤公园"]}, label=Words("自然公园", "parks")),
}
SCOPES = ZoneScopes(LAYERS, ("内", "以内", "范围内"))


@pytest.mark.parametrize(
    ("zone", "scope"),
    [
        ("自然公园内", "inside parks"),
        ("自然公园范围内", "inside parks"),
        ("白鹤公园内", "inside parks [name = 白鹤公园]"),
        ("乙河岸线内", "inside shores [name = 乙河]"),
        ("乙河岸线一公里内", "within 1000 m of shores [name = 乙河]"),
        ("乙河岸线1.5km以内", "within 1500 m of shores [name = 乙河]"),
        ("甲湖岸线五百米范围内", "within 500 m of lakeshores [name = 甲湖]"),
        ("岸线一千五百米内", "within 1500 m of shores"),
        ("乙河50米内", "within 50 m of shores [name = 乙河]"),
    ],
)
def test_a_zone_whose_layer_is_known_is_a_test_of_the_place(zone, scope):
    """The longest label counts, a feature's name narrows it, and a length makes it a distance."""
    assert written(SCOPES(zone)) == scope


@pytest.mark.parametrize(
    "zone", ["自然公园外", "丙河岸线内", "丙河岸线一公里内", "干流内", "一公里内", "甲湖单元内", "内", "沿岸"]
)
def test_a_zone_that_the_maps_do_not_plainly_know_is_none(zone):
    """Outside, along, an unknown river, the unit itself or a length alone: a person decides."""
    assert SCOPES(zone) is None


def test_without_words_for_inside_nothing_is_understood():
    """They are data: a scheme without them gets no proposal."""
    assert ZoneScopes(LAYERS)("自然公园内") is None
