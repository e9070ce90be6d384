"""Trees of conditions, as clauses have them, for hypothesis to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

__all__ = ["trees"]


def trees(leaves: Sequence[dict[str, Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    """Return what draws a leaf, or pairs and negations of trees with about so many leaves at most."""
    return st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.one_of(
            st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=2)),
            st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=2, max_size=2)),
            st.builds(lambda part: {"not": part}, inner),
        ),
        max_leaves=most,
    )
