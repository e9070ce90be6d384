"""Where the rows of lists stand, by their keys."""

from __future__ import annotations

import pytest

from yudi.territory.lists import ListRow
from yudi.territory.standing import _spelled


@pytest.mark.parametrize(
    ("written", "known", "kept"),
    [
        (["zh1"], ["ZH1"], ["ZH1"]),
        (["ZH1", "zh2"], ["ZH1", "ZH2"], ["ZH1", "ZH2"]),
        (["zh1", "ZH1"], ["ZH1"], ["zh1", "ZH1"]),  # said twice: what is meant is for a person to say
        (["zH1"], ["ZH1", "zh1"], ["zH1"]),  # two units that differ in case alone
        (["zh1", "zh1"], ["ZH1"], ["ZH1", "ZH1"]),  # two cells of one row
        (["", "other"], ["ZH1"], ["", "other"]),
    ],
)
def test_keys_take_the_map_s_spelling_where_only_case_differs(written, known, kept):
    """Where several keys or units would be meant, all stays as it is written."""
    rows = tuple(ListRow(key, "", "text") for key in written)

    assert [row.key for row in _spelled(rows, known)] == kept
