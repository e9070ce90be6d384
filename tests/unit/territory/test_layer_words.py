"""How the features that a test of place means are called: nobody reads ``distance:rivers[grade=main]``."""

from __future__ import annotations

import pytest
from support.editions import layer, square

from yudi.core.words import Words
from yudi.territory.layer_words import feature_words, layer_of

SHAPES = [square(at, 0, at + 10, 10) for at in range(0, 60, 10)]
RIVERS = layer(
    "rivers",
    SHAPES,
    {
        "name": ["大河", "大河", "甲溪", "乙溪", "丙溪", "rivers 6"],
        "grade": ["main", "main", "side", "side", "side", "ditch"],
        "length": ["9", "9", "1", "1", "1", "1"],
    },
    label=Words("河流", "rivers"),
)


@pytest.mark.parametrize(
    ("where", "zh", "en"),
    [
        ("", "河流", "rivers"),
        ("[grade=main]", "河流（大河）", "rivers (大河)"),
        ("[grade=side]", "河流（甲溪、乙溪、丙溪）", "rivers (甲溪, 乙溪, 丙溪)"),
        ("[grade=main|side]", "河流（grade：main、side）", "rivers (grade: main, side)"),
        ("[grade=main|side|ditch]", "河流", "rivers"),
        ("[grade=ditch]", "河流（grade：ditch）", "rivers (grade: ditch)"),
        ("[grade=none]", "河流（grade：none）", "rivers (grade: none)"),
        ("[grade=main|side,length=9]", "河流（大河）", "rivers (大河)"),
        ("[depth=1]", "河流（depth：1）", "rivers (depth: 1)"),
        ("[3≤length]", "河流（3≤length）", "rivers (3≤length)"),
        (
            "[grade=main]@1000/100/50",
            "河流（大河；上游 1,000 m、下游 100 m、两侧各 50 m）",
            "rivers (大河; 1,000 m upstream, 100 m downstream, 50 m to each side)",
        ),
    ],
)
def test_few_features_are_named_and_of_more_the_condition_is_said(where, zh, en):
    """Names where up to three meet the condition and have their own, nothing where all do, else the condition."""
    assert feature_words(f"distance:rivers{where}", {"rivers": RIVERS}) == Words(zh, en)


def test_a_layer_that_is_not_there_is_called_by_its_key():
    """What an edition lacks has no label, and the condition stands as it was asked."""
    assert feature_words("inside:parks[kind=chemical]", {}) == Words(
        "parks（kind：chemical）", "parks (kind: chemical)"
    )
    assert layer_of("inside:parks[kind=chemical]") == "parks"
